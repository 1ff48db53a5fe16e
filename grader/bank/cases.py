"""Cases: the text that several items share, and its chart, drawn beforehand and kept as a picture beside it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank import kept
from grader.bank.body import read_texts
from grader.errors import InputError, Problem
from grader.model import LANGUAGES, Bilingual
from grader.notebooks import Notebook, NotebookCell, read

__all__ = ["MARK", "Case", "chart_code", "code_digest", "load_case", "load_cases", "picture"]

MARK = "](chart)"
"""Where the chart stands in the text of a case: ``![what it shows](chart)``."""
TAG = "chart"
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Case:
    """A usable case; ``charts`` holds its picture by language, ready for a page, or nothing."""

    text: Bilingual
    digest: str
    charts: dict[str, str] = field(default_factory=dict)


def load_cases(folder: Path, problems: list[Problem]) -> dict[str, Case]:
    """The cases of a bank by name; a broken one is a problem and stops no other."""
    paths = sorted((folder / "cases").glob("*.md"))
    return {path.stem: case for path in paths if (case := load_case(path, folder, problems))}


def load_case(path: Path, folder: Path, problems: list[Problem]) -> Case | None:
    """One case; None when it is not there or, with its problems, when it cannot be used."""
    if not path.is_file():
        return None
    data = path.read_bytes()
    name = kept.key("case", path.relative_to(folder).as_posix(), data)
    notebook: Notebook | None = kept.recall([name]).get(name)
    if notebook is None:
        try:
            notebook = read(path, folder)
        except InputError as error:
            problems.append(error.args[0])
            return None
        kept.keep({name: notebook})
    text, found = read_texts(notebook)
    charts = _charts(path, notebook, text, chart_code(notebook), found) if text else {}
    problems.extend(found)
    if not text or found:
        return None
    parts = [data, *(charts[key].encode() for key in sorted(charts))]
    return Case(text, hashlib.sha256(b"".join(parts)).hexdigest(), charts)


def chart_code(notebook: Notebook) -> NotebookCell | None:
    """The cell that draws the chart of a case."""
    return next((one for one in notebook.cells if one.kind == "code" and TAG in one.metadata.get("tags", [])), None)


def code_digest(code: str) -> str:
    """What a picture carries to say from which code it was drawn."""
    return hashlib.sha256(code.encode()).hexdigest()


def picture(case: Path, language: str) -> Path:
    """Where the picture of a case stands."""
    return case.with_name(f"{case.stem}.{language}.png")


def _charts(
    path: Path, notebook: Notebook, text: Bilingual, code: NotebookCell | None, problems: list[Problem]
) -> dict[str, str]:
    marked = [language for language in LANGUAGES if MARK in text.say(language)]
    line = code.line if code else 1

    def wrong(sentence: str) -> dict[str, str]:
        problems.append(Problem(notebook.where(line), sentence))
        return {}

    if not marked and code is None:
        return {}
    if code is None:
        return wrong("`![...](chart)` needs a code cell tagged chart that defines `def chart(language):`; add one")
    if len(marked) < len(LANGUAGES):
        return wrong("the chart must stand in the text of both languages, as `![what it shows](chart)`")
    charts = {}
    for language in LANGUAGES:
        file = picture(path, language)
        data = file.read_bytes() if file.is_file() else b""
        if code_digest(code.source).encode() not in data:
            return wrong(f"{file.name} is missing or older than its code; draw it with `academy bank charts`")
        if len(data) > MOST_BYTES:
            return wrong(
                f"{file.name} has {len(data) // 1000} kB, at most {MOST_BYTES // 1000} are wanted; simplify it"
            )
        charts[language] = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return charts
