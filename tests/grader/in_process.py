"""Grades in the test's own process, one submission after the other: the same desk, steps and engine as a batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import nbcourse
from grader.autograde import Engine, grade
from grader.nbcourse import Desk, Outcome
from grader.sandbox import Limits, check_tools

Execute = Callable[[Any, Any], tuple[Any, Any]]


def autograde(
    course: Path,
    assignment: str,
    students: list[str] | None = None,
    *,
    limits: Limits | None = None,
    execute: Execute | None = None,
) -> list[Outcome]:
    """Grade the submissions of ``students``, or all; ``execute`` takes the place of our executor."""
    check_tools()
    with Engine() as engine, Desk(course, assignment) as desk:

        def run(notebook: Any, resources: Any) -> tuple[Any, Any]:
            return nbcourse.run_executor(lambda found, work: grade(found, work, limits, engine), notebook, resources)

        return [
            outcome
            for student in desk.chosen(students)
            for handed in [desk.prepare(desk.read(student))]
            for outcome in desk.save(handed, nbcourse.grade_handed(desk.plan, handed, execute or run))
        ]
