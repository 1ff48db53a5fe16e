"""Grades in the test's own process, one submission after the other: the same desk, steps and engine as a batch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from grader import nbcourse
from grader.autograde import Engine, grade
from grader.judge import JudgeServer
from grader.nbcourse import Desk, Outcome
from grader.sandbox import Limits, check_tools

Execute = Callable[[Any, Any], tuple[Any, Any]]


class ColdEngine(Engine):
    """An engine whose every sandbox starts cold, in a bubblewrap of its own; its judges are forks of one server."""

    def servers(self) -> tuple[None, JudgeServer]:
        """The server of judges alone."""
        self._warm = False
        _, judges = super().servers()
        return None, judges


def autograde(
    course: Path,
    assignment: str,
    students: list[str] | None = None,
    *,
    limits: Limits | None = None,
    execute: Execute | None = None,
    engine: Engine | None = None,
) -> list[Outcome]:
    """Grade the submissions of ``students``, or all; ``execute`` takes the place of our executor.

    An ``engine`` that is given goes on from call to call, as it does in a worker of a batch.
    """
    check_tools()
    with Desk(course, assignment) as desk, nullcontext(engine) if engine else Engine() as servers:

        def run(notebook: Any, resources: Any) -> tuple[Any, Any]:
            return nbcourse.run_executor(lambda found, work: grade(found, work, limits, servers), notebook, resources)

        return [
            outcome
            for student in desk.chosen(students)
            for handed in [desk.prepare(desk.read(student))]
            for outcome in desk.save(handed, nbcourse.grade_handed(desk.plan, handed, execute or run))
        ]
