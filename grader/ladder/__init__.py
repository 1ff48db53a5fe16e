"""The ladder: who may sit, where a certificate stands, what renews it; rules applied to facts, no input or output."""

from __future__ import annotations

from ._dates import add_months, months_between
from .entry import held_levels, may_sit, retake_from
from .standing import STATES, Dates, as_of, dates_of, in_force, state_of

__all__ = [
    "STATES",
    "Dates",
    "add_months",
    "as_of",
    "dates_of",
    "held_levels",
    "in_force",
    "may_sit",
    "months_between",
    "retake_from",
    "state_of",
]
