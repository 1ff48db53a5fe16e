"""`academy exam mark`: what was handed in is marked."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ._options import Nouns, known, step, tell

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the step."""
    mark = step(steps, "mark", "mark by program, and take over the marks given in formgrader", _mark)
    mark.add_argument(
        "--manual-only", action="store_true", help="only take over the marks given in formgrader, as --by's"
    )


def _mark(given: argparse.Namespace) -> int:
    from .. import certify, sandbox

    sandbox.check_tools()
    with certify.Academy(known(given.centre)) as academy:
        outcomes = [] if given.manual_only else certify.mark(academy, given.sitting)
        taken = certify.take_manual_marks(academy, given.sitting, given.by)
    lines = [f"{outcome.student:12} {outcome.notebook:10} {outcome.state:15} {outcome.reason}" for outcome in outcomes]
    lines.append(f"{taken} marks of {given.by} taken over from formgrader")
    tell(given, {"sitting": given.sitting, "outcomes": [asdict(one) for one in outcomes], "taken": taken}, lines)
    return 0
