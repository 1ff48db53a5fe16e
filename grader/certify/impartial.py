"""Nobody judges their own work, nor somebody near to them: one check for confirming, looking again and appeals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import RuleBroken
from . import conflicts
from .desk import Academy
from .qualified import check_qualified

__all__ = ["check_independent", "markers"]


def check_independent(
    academy: Academy, what: str, who: str, seat: Mapping[str, Any], involved: Mapping[str, Iterable[str]], todo: str
) -> None:
    """Refuse ``who`` for ``what`` on a row with ``person``: the candidate, who had a part in it, who is near to them.

    ``involved`` lists who had a part by what they did, e.g. ``{"marked the seat": ["S1002"]}``. Whoever judges is
    qualified to decide at the level; the row names its ``sitting``, or like a certificate ``level`` and ``purpose``.
    """
    sitting = academy.sitting(seat["sitting"]) if seat.get("sitting") else None
    judge = conflicts.identity(academy, who)
    for did, people in {"sat it": [seat["person"]], **involved}.items():
        if judge in {conflicts.identity(academy, one) for one in people}:
            raise RuleBroken(f"{what} wants a second person, and {who} {did}; {todo}")
    since = sitting["opens_at"] if sitting else None
    if reasons := conflicts.reasons(academy, who, seat["person"], since):
        raise RuleBroken(f"{what} wants somebody impartial, and {reasons[0]}; {todo}")
    check_qualified(academy, who, "decider", sitting or seat)


def markers(academy: Academy, seat: str) -> set[str]:
    """Everybody who ever gave a mark of the seat, blind, in an interview or in formgrader; programs are among them."""
    kinds = ("mark.given", "mark.blind", "mark.interview")
    return {event.by for kind in kinds for event in academy.store.events(kind, under=seat)}
