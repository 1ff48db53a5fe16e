"""How many people an interval, a day or a year needs, and what a given number delivers.

Load is in erlangs, times are in seconds, shares are between 0 and 1. Every function takes numbers, lists, arrays or
pandas columns, in shapes that go together, and gives plain numbers for plain numbers and arrays for arrays.
"""

from __future__ import annotations

from ._backoffice import Backlog, back_office_required, backlog, idle_hours
from ._capacity import annual_attrition, capacity_plan, fte, monthly_attrition
from ._chat import ChatDelivered, chat_delivered, chat_required
from ._day import DeliveredDay, deliver
from ._patience import Patience, estimate_patience, patience_curve
from ._queues import Delivered, erlang_a, erlang_b, erlang_c, offered_load
from ._required import agents_required
from ._shrinkage import Shrinkage, agents_scheduled, shrinkage

__all__ = [
    "Backlog",
    "ChatDelivered",
    "Delivered",
    "DeliveredDay",
    "Patience",
    "Shrinkage",
    "agents_required",
    "agents_scheduled",
    "annual_attrition",
    "back_office_required",
    "backlog",
    "capacity_plan",
    "chat_delivered",
    "chat_required",
    "deliver",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "estimate_patience",
    "fte",
    "idle_hours",
    "monthly_attrition",
    "offered_load",
    "patience_curve",
    "shrinkage",
]
