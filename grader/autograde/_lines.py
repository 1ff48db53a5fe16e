"""A candidate's lines of code, run in the sandbox against the tests of their question, which run in the judge."""

from __future__ import annotations

from typing import Any

from grader.autograde._grade import Engine, grade
from grader.errors import GradingError
from grader.model import CodeTask
from grader.nbcourse import Work
from grader.sandbox import Limits

__all__ = ["failures"]

_NOBODY = Work("", "", "", {}, {}, frozenset(), {}, {})


def failures(task: CodeTask, lines: str, engine: Engine | None = None) -> list[str]:
    """What each test of ``task`` says of the candidate's ``lines``: an empty text for one that they pass.

    The lines never meet a test: they run in the sandbox, the tests in the judge, as those of a notebook. Raises
    :class:`GradingError` when they cannot be run, and never gives a mark then.
    """
    cells = [_cell("answer", lines, solution=True), *(_test(number, test) for number, test in enumerate(task.tests))]
    if task.given:
        cells.insert(0, _cell("given", task.given, locked=True))
    notebook: dict[str, Any] = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    unjudged = grade(notebook, _NOBODY, Limits(), engine)
    if unjudged:
        raise GradingError(f"the tests cannot judge this answer: {next(iter(unjudged.values()))}")
    return [_said(cell) for cell in cells if cell["metadata"]["nbgrader"]["grade"]]


def _test(number: int, source: str) -> dict[str, Any]:
    return _cell(f"test-{number}", source, grade=True, locked=True, points=1)


def _cell(name: str, source: str, **flags: Any) -> dict[str, Any]:
    words = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": {**words, **flags}}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def _said(cell: dict[str, Any]) -> str:
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            return f"{output['ename']}: {output['evalue']}".rstrip(": ")
    return ""
