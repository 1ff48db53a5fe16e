"""A form, a seat and a language become what the candidate gets: paper, practical and seat folder, never a key."""

from __future__ import annotations

from .papers import MAX_CHARS, SeatPlan, WrittenAnswer, assign, open_to_invigilators, paper, written_answers
from .practicals import FORMATS, Interview, Practical, WorkFile, WorkProduct, read_practical, seat_data

__all__ = [
    "FORMATS",
    "MAX_CHARS",
    "Interview",
    "Practical",
    "SeatPlan",
    "WorkFile",
    "WorkProduct",
    "WrittenAnswer",
    "assign",
    "open_to_invigilators",
    "paper",
    "read_practical",
    "seat_data",
    "written_answers",
]
