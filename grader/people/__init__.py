"""People: rosters read and held against the registry, who works under whom and when, examiners."""

from __future__ import annotations

from . import examiners, tree
from ._cells import day_in
from .changes import ALL, Change, Plan, check_rename, plan
from .roster import COLUMNS, Fault, Roster, Row, read_roster

__all__ = [
    "ALL",
    "COLUMNS",
    "Change",
    "Fault",
    "Plan",
    "Roster",
    "Row",
    "check_rename",
    "day_in",
    "examiners",
    "plan",
    "read_roster",
    "tree",
]
