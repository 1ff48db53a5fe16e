"""What nbgrader's own preprocessors leave open: changed flags, deleted test cells, cells no program can judge."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

__all__ = [
    "as_nodes",
    "cells_of",
    "flag_unjudged",
    "hide_tests",
    "language_of",
    "normalise",
    "order_of",
    "restore_missing",
]

_HIDDEN = {
    "en": "A test that is not shown did not pass: the answer is not right yet.",
    "zh": "有一项不公开的测试没有通过：答案还不对。",
}
_FEWEST_LETTERS = 8
"""How much of a sentence with values in it must be plain text to be known again."""
_CJK = re.compile(r"[\u4e00-\u9fff]")


def normalise(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Give every cell of the gradebook its own flags and points again, and take nbgrader's words from all others.

    nbgrader restores the text and the points of a test cell, but fails on one whose flags were changed, and believes a
    cell that calls itself graded. The text of a read-only Markdown cell is left as handed in: it carries no mark, and
    the gradebook holds one language only.
    """
    known, _ = _known(resources)
    for cell in notebook["cells"]:
        words = cell["metadata"].pop("nbgrader", None)
        name = words.get("grade_id") if isinstance(words, dict) else None
        flags = known.get(name) if isinstance(name, str) else None
        if flags is not None and not _prompt(flags):
            cell["metadata"]["nbgrader"] = as_nodes({**_only(flags), "grade_id": name}, type(notebook))
    return notebook, resources


def restore_missing(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Put deleted graded cells and read-only code back, each behind the cell before it in the trainer's version."""
    known, order = _known(resources)
    here = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    before = None
    for name in order:
        flags = known[name]
        given = flags["locked"] and flags["cell_type"] == "code"
        if name not in here and (flags["grade"] or flags["task"] or given):
            words = {"nbgrader": {**_only(flags), "grade_id": name}}
            cell = {"cell_type": flags["cell_type"], "source": flags["source"], "metadata": words}
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
            if notebook.get("nbformat_minor", 0) >= 5:  # the same every time it is graded
                cell["id"] = hashlib.sha256(f"restored {name}".encode()).hexdigest()[:16]
            at = here.index(before) + 1 if before in here else (0 if before is None else len(here))
            notebook["cells"].insert(at, as_nodes(cell, type(notebook)))
            here.insert(at, name)
        before = name if name in here else before
    for cell in notebook["cells"]:
        if not cell["metadata"].get("nbgrader", True):
            del cell["metadata"]["nbgrader"]  # what DeduplicateIds leaves of a copy
    return notebook, resources


def flag_unjudged(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Leave the cells to a person that the executor could not judge: nbgrader would read no output as full marks."""
    words = resources["nbgrader"]
    if resources.get("unjudged"):
        with Gradebook(words["db_url"]) as book:
            for cell in resources["unjudged"]:
                grade = book.find_grade(cell, words["notebook"], words["assignment"], words["student"])
                grade.auto_score, grade.needs_manual_grade = None, True
            book.db.commit()
    return notebook, resources


def hide_tests(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Take hidden tests and what they said out of the feedback; the autograded notebook keeps them for the trainer.

    A sentence of the open check stays, since the trainee has read it in the lesson too.
    """
    for cell in notebook["cells"]:
        lines = cell["source"].split("\n")
        if cell["cell_type"] != "code" or not any("BEGIN HIDDEN TESTS" in line for line in lines):
            continue
        kept, hidden = [], False
        for line in lines:
            hidden = hidden or "BEGIN HIDDEN TESTS" in line
            if not hidden:
                kept.append(line)
            hidden = hidden and "END HIDDEN TESTS" not in line
        cell["source"] = "\n".join(kept)
        errors = [output["evalue"] for output in cell["outputs"] if output["output_type"] == "error"]
        if errors:
            text = errors[0] if _said_openly(errors[0], cell["source"]) else _HIDDEN[language_of(notebook)]
            cell["outputs"] = [as_nodes({"output_type": "stream", "name": "stdout", "text": text}, type(notebook))]
    return notebook, resources


def language_of(notebook: Any) -> str:
    """The language that the notebook's first text is written in."""
    first = next((cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"), "")
    return "zh" if _CJK.search(first) else "en"


def _said_openly(sentence: str, source: str) -> bool:
    """Whether a text in the open part of a test cell reads like ``sentence``, values filled in."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    for node in nodes:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        texts = [part.value if isinstance(part, ast.Constant) else None for part in parts]
        letters = "".join(text for text in texts if isinstance(text, str))
        pattern = "".join(re.escape(text) if isinstance(text, str) else ".+" for text in texts)
        if len(letters) >= _FEWEST_LETTERS and re.fullmatch(pattern, sentence, re.DOTALL):
            return True
    return False


def as_nodes(value: Any, kind: type) -> Any:
    """``value`` with its dicts as nodes of ``kind``, which nbgrader reads by attribute."""
    if isinstance(value, Mapping):
        return kind({key: as_nodes(item, kind) for key, item in value.items()})
    return [as_nodes(item, kind) for item in value] if isinstance(value, list) else value


def cells_of(notebook: Any) -> dict[str, dict[str, Any]]:
    """What the gradebook knows of each cell of a notebook of its: its flags, its points, its text."""
    points = {cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)}
    graded, tasks = ({cell.name for cell in cells} for cells in (notebook.grade_cells, notebook.task_cells))
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: {
            "grade": cell.name in graded,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "locked": bool(cell.locked),
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "schema_version": 3,
            "source": cell.source,
            **({"points": points[cell.name]} if cell.name in points else {}),
        }
        for cell in notebook.source_cells
    }


def order_of(source: Path, known: Mapping[str, Any]) -> list[str]:
    """Names of the cells as they follow each other in the trainer's version, the file ``source``."""
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"] if source.is_file() else []
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return [name for name in names if name in known] + [name for name in known if name not in names]


def _known(resources: Any) -> tuple[Mapping[str, Any], Sequence[str]]:
    """Cells of the notebook and their order: brought along as data by a batch, else read where nbgrader keeps them."""
    words = resources["nbgrader"]
    if "plan" in words:
        return words["plan"].cells, words["plan"].order
    with Gradebook(words["db_url"]) as book:
        known = cells_of(book.find_notebook(words["notebook"], words["assignment"]))
    course = Path(resources["metadata"]["path"]).resolve().parents[2]
    return known, order_of(course / "source" / words["assignment"] / f"{words['notebook']}.ipynb", known)


def _only(flags: Mapping[str, Any]) -> dict[str, Any]:
    """The flags without what only the gradebook keeps."""
    return {key: value for key, value in flags.items() if key != "source"}


def _prompt(flags: Mapping[str, Any]) -> bool:
    """Whether the cell is a read-only text that carries no mark."""
    return flags["cell_type"] == "markdown" and not (flags["grade"] or flags["task"])
