"""`academy exam mark`: what was handed in is marked."""

from __future__ import annotations

import argparse

from ._options import Nouns, known, many, step, tell

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the step."""
    mark = step(steps, "mark", "mark by program, and take over the marks given in formgrader", _mark)
    mark.add_argument(
        "--manual-only", action="store_true", help="only take over the marks given in formgrader, as --by's"
    )


def _mark(given: argparse.Namespace) -> int:
    from .. import autograde, certify

    with certify.Academy(known(given.centre)) as academy:
        report = None if given.manual_only else certify.mark(academy, given.sitting, watch=autograde.Screen())
        taken = certify.take_manual_marks(academy, given.sitting, given.by)
    lines = [] if report is None else [autograde.table(report)]
    if taken or given.manual_only:
        lines.append(f"{many(taken, 'mark')} of {given.by} taken over from formgrader")
    graded = [] if report is None else report.as_json()["students"]
    tell(given, {"sitting": given.sitting, "students": graded, "taken": taken}, lines)
    return 0
