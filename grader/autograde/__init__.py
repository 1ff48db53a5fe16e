"""Submissions of any nbgrader course, graded behind walls: one in nbgrader's own run, or many at once."""

from __future__ import annotations

from typing import Any

from grader import nbcourse
from grader.autograde._batch import Report, Row, Watch, batch
from grader.autograde._grade import Engine, grade
from grader.autograde._lines import failures
from grader.autograde._proof import unjudgeable
from grader.autograde._show import Screen, check_writable, table, write_json

__all__ = [
    "Engine",
    "Report",
    "Row",
    "Screen",
    "Watch",
    "batch",
    "check_writable",
    "execute",
    "failures",
    "grade",
    "table",
    "unjudgeable",
    "write_json",
]


def execute(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """The preprocessor that a course names as its executor in ``nbgrader_config.py``."""
    return nbcourse.run_executor(grade, notebook, resources)
