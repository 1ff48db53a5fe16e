"""How many people an interval, a day or a year needs, and what a given number delivers.

Load is in erlangs, times are in seconds, shares are between 0 and 1. Every function takes numbers, lists, arrays or
pandas columns, in shapes that go together, and gives plain numbers for plain numbers and arrays for arrays.
"""

from __future__ import annotations

from ._staffing_queues import Delivered, erlang_a, erlang_b, erlang_c, offered_load
from ._staffing_required import agents_required
from ._staffing_shrinkage import Shrinkage, agents_scheduled, shrinkage

__all__ = [
    "Delivered",
    "Shrinkage",
    "agents_required",
    "agents_scheduled",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "offered_load",
    "shrinkage",
]
