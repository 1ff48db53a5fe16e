"""The ladder: who may sit, where a certificate stands, what renews it; rules applied to facts, no input or output."""

from __future__ import annotations

from ._dates import add_months, months_between
from .entry import entry_shown, held_levels, may_sit, retake_from
from .measures import MEASURES, against_measure
from .reminders import reminder_due
from .renewal import Counted, Credit, Tally, drawn, renewed_term, tally
from .standing import STATES, Dates, as_of, dates_of, in_force, state_of

__all__ = [
    "MEASURES",
    "STATES",
    "Counted",
    "Credit",
    "Dates",
    "Tally",
    "add_months",
    "against_measure",
    "as_of",
    "dates_of",
    "drawn",
    "entry_shown",
    "held_levels",
    "in_force",
    "may_sit",
    "months_between",
    "reminder_due",
    "renewed_term",
    "retake_from",
    "state_of",
    "tally",
]
