"""`academy exam`: an exam, step by step; the steps stand in the modules beside this one, by their part of the story."""

from __future__ import annotations

from . import (
    exam_appeal,
    exam_decisions,
    exam_forms,
    exam_marks,
    exam_rate,
    exam_room,
    exam_schedule,
    exam_seat,
    exam_statistics,
    exam_watch,
    exam_work,
)
from ._options import Nouns

__all__ = ["words"]

PARTS = (
    exam_forms, exam_schedule, exam_watch, exam_room, exam_seat, exam_marks, exam_work, exam_rate, exam_decisions,
    exam_appeal, exam_statistics,
)  # fmt: skip
"""The parts in the order of the story; `words` of each enters its steps."""


def words(nouns: Nouns) -> None:
    """Enter the steps of every part."""
    steps = nouns.add_parser("exam", help="an exam, step by step").add_subparsers(required=True, metavar="STEP")
    for part in PARTS:
        part.words(steps)
