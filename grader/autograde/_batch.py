"""A whole assignment, many at a time: what is done is skipped, the rest is graded, one place writes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.autograde._cluster import grade_there
from grader.autograde._grade import limits_of
from grader.autograde._local import grade_here
from grader.autograde._worker import Results
from grader.errors import InputError
from grader.nbcourse import Desk, Handed, Outcome, Standing
from grader.sandbox import Limits, check_tools

__all__ = ["Report", "Row", "Watch", "batch"]

_LIMITS = frozenset(one.name for one in fields(Limits))


@dataclass(frozen=True)
class Row:
    """What became of one submission."""

    student: str
    score: float | None
    """None when something of it failed."""
    max_score: float
    outcome: str
    """``graded``, ``needs a person`` or ``failed``."""
    cells: Mapping[str, str]
    """Cells that wait for a person, as ``notebook/cell``, each with the reason."""
    reason: str
    """Why it failed, or what is missing."""
    seconds: float
    """Time of grading, 0 when an earlier run had done it."""


@dataclass(frozen=True)
class Report:
    """A batch: its submissions by student."""

    assignment: str
    rows: tuple[Row, ...]
    fresh: int
    """How many were graded now; the others were done."""
    seconds: float

    @property
    def all_graded(self) -> bool:
        """Whether nothing failed and nobody is waited for."""
        return all(row.outcome == "graded" for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The report as it is written to a file."""
        rows = [
            {one.name: getattr(row, one.name) for one in fields(Row)} | {"cells": dict(row.cells)} for row in self.rows
        ]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return {"assignment": self.assignment, "at": now, "seconds": round(self.seconds, 3), "students": rows}


class Watch:
    """Who is told how a batch goes; this one keeps silent."""

    def say(self, sentence: str) -> None:
        """Something that the person at the keyboard should know."""

    def begin(self, total: int) -> None:
        """So many submissions were handed in."""

    def done(self, student: str, outcome: str, fresh: bool) -> None:
        """One submission is done; ``fresh`` when it was graded now."""


def batch(
    course: Path,
    assignment: str,
    students: Sequence[str] | None = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    words: Sequence[str] = (),
    force: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Grade the submissions of an nbgrader course folder; those that are graded and unchanged are left alone.

    ``workers`` processes of this machine grade (as many as it has processors when None), or the Dask cluster of
    ``scheduler``. ``words`` are settings over the course's own, ``force`` grades again what is done. May be stopped at
    any time and called again. Raises :class:`InputError` for what cannot be asked.
    """
    if workers is not None and workers < 1:
        raise InputError(f"--workers must be 1 or more, got {workers}")
    began, watch = time.monotonic(), watch or Watch()
    with Desk(course, assignment, words, limits=_LIMITS, say=watch.say) as desk:
        limits = limits_of(desk.plan.limits)
        chosen = desk.chosen(students)
        watch.begin(len(chosen))
        run = _Run(desk, force, watch)
        todo = run.todo(chosen)
        if scheduler is None:
            check_tools()
            graded = grade_here(desk.plan, limits, todo, workers or len(os.sched_getaffinity(0)), watch.say)
        else:
            graded = grade_there(scheduler, desk.plan, limits, todo, watch.say)
        for handed, results in graded:
            run.save(handed, results)
        standings = desk.standings(chosen)
        rows = tuple(_row(student, run.outcomes[student], standings[student], desk) for student in chosen)
    return Report(assignment, rows, run.fresh, time.monotonic() - began)


class _Run:
    """The coordinator's part: it alone reads the course and writes."""

    def __init__(self, desk: Desk, force: bool, watch: Watch) -> None:
        self.desk, self.force, self.watch = desk, force, watch
        self.outcomes: dict[str, list[Outcome]] = {}
        self.fresh = 0

    def todo(self, students: Sequence[str]) -> Iterator[Handed]:
        """What is left to do, read when its turn comes: memory holds a few submissions, never all."""
        for student in students:
            handed = self.desk.read(student)
            earlier = None if self.force else self.desk.earlier(handed)
            if earlier is not None:
                self.outcomes[student] = earlier
                self.watch.done(student, _worst(earlier), False)
                continue
            handed = self.desk.prepare(handed)
            if set(handed.notebooks) <= set(handed.wrong):
                self.save(handed, {})  # nothing to run
            else:
                yield handed

    def save(self, handed: Handed, results: Results) -> None:
        self.outcomes[handed.student] = self.desk.save(handed, results)
        self.fresh += 1
        self.watch.done(handed.student, _worst(self.outcomes[handed.student]), True)


def _worst(outcomes: Sequence[Outcome]) -> str:
    states = {outcome.state for outcome in outcomes}
    return next((state for state in ("failed", "needs a person") if state in states), "graded")


def _row(student: str, outcomes: Sequence[Outcome], standing: Standing, desk: Desk) -> Row:
    unjudged = {f"{one.notebook}/{cell}": why for one in outcomes for cell, why in one.unjudged.items()}
    failed = [one for one in outcomes if one.state == "failed"]
    cells = {
        cell: unjudged.get(cell) or _why(desk, *cell.split("/", 1))
        for cell in standing.waiting
        if cell.split("/", 1)[0] not in {one.notebook for one in failed}
    }
    outcome = "failed" if failed else "needs a person" if cells else "graded"
    reason = "; ".join(one.reason for one in outcomes if one.state in ("failed", "missing"))
    score = None if failed else standing.score
    return Row(student, score, standing.max_score, outcome, cells, reason, sum(one.seconds for one in outcomes))


def _why(desk: Desk, notebook: str, cell: str) -> str:
    flags = desk.plan.notebooks[notebook].cells[cell]
    if flags["solution"] or flags["task"]:
        return "a person marks it"
    return "its mark was given by hand, and it was graded again since: look at it"
