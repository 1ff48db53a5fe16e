"""The file beside a built lesson: where each name comes from, hints, worked solutions, the practice quiz."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ccskills import __version__
from grader import bank, practice, rules
from grader.centre import PROJECT
from grader.lessons.cells import exercise_of, kind
from grader.model import LANGUAGES, Bilingual, Framework, Item
from grader.notebooks import Notebook, NotebookCell, choose, render_html

__all__ = ["DETAILS", "framework", "headings", "made_names", "plain", "sidecar"]

DETAILS = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>", re.S)
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.M)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.S | re.M)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.S)
COMMENT = re.compile(r"\s*# ")
HAN = re.compile("[\u4e00-\u9fff]")
COMMENTS = re.compile("(?P<code>.*?# )(?P<en>[^#\u4e00-\u9fff]+?)  (?P<zh>.*[\u4e00-\u9fff].*)")
SEED = 1
"""Of the drawn numbers and the order of practice questions."""


@cache
def framework() -> Framework:
    """The project's own framework."""
    return rules.load_framework(PROJECT / "question_bank" / "framework.yml")


@cache
def _items() -> Mapping[str, Item]:
    return practice.practice_items(bank.load(PROJECT / "question_bank", framework()).items)


def sidecar(lesson: Notebook, language: str, *, solutions: bool) -> bytes:
    """The file as canonical JSON; ``solutions``, and with them the tests that decide, are for self-study only."""
    told = lesson.header["lesson"]
    cells = choose(lesson, language).cells
    exercises = list(_exercises(cells, language, solutions))
    data = {
        "lesson": lesson.path.removesuffix(".md"),
        "language": language,
        "title": told["title"][language],
        "level": told["level"],
        "minutes": told["minutes"],
        "needs": told["needs"],
        "statements": {code: framework().statement(code).text.say(language) for code in told["statements"]},
        "ccskills": __version__,
        "names": _names(cells),
        "answers": _answers(cells),
        "exercises": exercises,
        "quiz": _quiz(lesson),
    }
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _quiz(lesson: Notebook) -> dict[str, Any]:
    """The practice items of the lesson's statements; both languages, since the quiz lets a learner change."""
    told = lesson.header["lesson"]
    asked = practice.questions(
        _items(), framework(), told["level"], statements=frozenset(told["statements"]), seed=SEED
    )
    title = Bilingual(f"{told['title']['en']}: practice", f"{told['title']['zh']}：练习")
    both = {language: title.say(language) for language in LANGUAGES}
    return {"quiz": 1, "title": both, "level": told["level"], "seed": SEED, "questions": asked}


# --- headings and names -----------------------------------------------------------------------------------------------


def headings(cells: Iterable[NotebookCell]) -> Iterator[tuple[NotebookCell, int, str]]:
    """Every heading with its cell and its level; a # in code is none."""
    for cell in cells:
        if cell.kind == "markdown":
            for marks, text in HEADING.findall(FENCED.sub("", cell.source)):
                yield cell, len(marks), plain(text)


def plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    return re.sub(r"[*`]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)).strip()


def _names(cells: Sequence[NotebookCell]) -> dict[str, str]:
    """What the cells of the lesson make, each with the heading of its section: "" above the first section."""
    section = ""
    found: dict[str, str] = {}
    for cell in cells:
        if cell.kind == "markdown":
            for _, level, text in headings([cell]):
                section = "" if level == 1 else text if level == 2 else section
        elif kind(cell) in (None, "read-only"):
            for name in made_names(cell.source):
                found.setdefault(name, section)
    return found


def _answers(cells: Sequence[NotebookCell]) -> dict[str, str]:
    """What the learner's cells make, each with its exercise: names of the stub, and those that a test asks for."""
    found: dict[str, str] = {}
    wanted = {name for cell in cells if kind(cell) == "test" for name in re.findall(r"\b[A-Za-z_]\w*", cell.source)}
    for cell in cells:
        if kind(cell) == "answer":
            stub = set(made_names(SOLUTION.sub("pass\n", cell.source)))
            for name in made_names(cell.source):
                if name in stub or name in wanted:
                    found.setdefault(name, exercise_of(cell))
    return found


def made_names(code: str) -> list[str]:
    """What a cell leaves behind: names that it assigns, imports or defines outside of functions and comprehensions."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    found: dict[str, None] = {}
    for node in _outside(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
        elif isinstance(node, ast.alias):
            found[(node.asname or node.name).partition(".")[0]] = None
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = None
    return list(found)


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    inner = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, inner):
            yield from _outside(child)


# --- exercises --------------------------------------------------------------------------------------------------------


def _exercises(cells: Sequence[NotebookCell], language: str, solutions: bool) -> Iterator[dict[str, Any]]:
    title, texts = "", ""
    for number, cell in enumerate(cells):
        if kind(cell) in ("test", "written"):
            texts = ""
        if cell.kind == "markdown":
            texts += "\n" + cell.source
            title = next((text for _, level, text in reversed(list(headings([cell]))) if level == 3), title)
        if kind(cell) != "answer":
            continue
        tests = {test.metadata["nbgrader"]["grade_id"]: _code(HIDDEN, test) for test in _tests(cells[number + 1 :])}
        made: dict[str, Any] = {
            "id": exercise_of(cell),
            "title": re.sub(r"\s*[(（][^)）]*[)）]", "", title, count=1),
            "checks": list(tests),
            "hints": [_hint(found[2]) for found in DETAILS.finditer(texts)],
        }
        if solutions:
            made |= {"solution": _one_language(_code(SOLUTION, cell), language), "tests": tests}
        texts = ""
        yield made


def _code(part: re.Pattern[str], cell: NotebookCell) -> str:
    """What stands between the marks of a cell."""
    return "\n".join(textwrap.dedent(found).strip() for found in part.findall(cell.source))


def _one_language(code: str, language: str) -> str:
    """Code with its comments in one language: ``# English  中文`` in a line, or English lines above Chinese ones."""
    kept: list[str] = []
    for line in code.split("\n"):
        if both := COMMENTS.fullmatch(line):
            kept.append(both["code"] + both[language])
        elif not (COMMENT.match(line) and HAN.search(line)):
            kept.append(line)
        elif language == "zh":
            while kept and COMMENT.match(kept[-1]) and not HAN.search(kept[-1]):
                kept.pop()
            kept.append(line)
    return "\n".join(kept)


def _hint(markdown: str) -> dict[str, str]:
    return {"text": markdown.strip(), "html": render_html(markdown.strip())}


def _tests(cells: Sequence[NotebookCell]) -> Iterator[NotebookCell]:
    for cell in cells:
        if kind(cell) == "answer":
            return
        if kind(cell) == "test":
            yield cell
