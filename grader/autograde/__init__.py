"""Submissions of any nbgrader course, graded behind walls: one in nbgrader's own run, or many at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import nbcourse
from grader.autograde._batch import Report, Row, Watch, batch
from grader.autograde._grade import Engine, grade
from grader.autograde._proof import unjudgeable
from grader.autograde._show import Screen, check_writable, table, write_json
from grader.nbcourse import Outcome
from grader.sandbox import Limits, check_tools

__all__ = [
    "Engine",
    "Report",
    "Row",
    "Screen",
    "Watch",
    "autograde",
    "batch",
    "check_writable",
    "execute",
    "grade",
    "table",
    "unjudgeable",
    "write_json",
]


def execute(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """The preprocessor that a course names as its executor in ``nbgrader_config.py``."""
    return nbcourse.run_executor(grade, notebook, resources)


def autograde(
    course: Path,
    assignment: str,
    students: list[str] | None = None,
    *,
    limits: Limits | None = None,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Grade submissions in this process, one after the other; see :func:`grader.nbcourse.autograde`."""
    check_tools()
    with Engine() as engine:

        def run(notebook: Any, resources: Any) -> tuple[Any, Any]:
            return nbcourse.run_executor(lambda found, work: grade(found, work, limits, engine), notebook, resources)

        return nbcourse.autograde(course, assignment, students, execute=run, progress=progress)
