"""Shifts for a day, tours for a week, names, swaps and leave; whether the plan covers and whether people keep to it."""

from __future__ import annotations

from ._adherence import Adherence, adherence, adherence_table, conformance
from ._assign import Assigned, assign
from ._cover import CoverSummary, cover_summary, leave_capacity, over_under, staffed
from ._day import DayPlan, design_day
from ._place import place_breaks
from ._roster import Decision, leave, roster, swap
from ._shifts import OFF, Break, Shift
from ._tours import Contract, WeekRules
from ._week import WeekPlan, design_week

__all__ = [
    "OFF",
    "Adherence",
    "Assigned",
    "Break",
    "Contract",
    "CoverSummary",
    "DayPlan",
    "Decision",
    "Shift",
    "WeekPlan",
    "WeekRules",
    "adherence",
    "adherence_table",
    "assign",
    "conformance",
    "cover_summary",
    "design_day",
    "design_week",
    "leave",
    "leave_capacity",
    "over_under",
    "place_breaks",
    "roster",
    "staffed",
    "swap",
]
