"""Questions that are tried out: on top of the scored ones, marked for statistics, counted for nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..forms import Draft
from ..model import Item, ProofLine, digest
from .desk import Academy

__all__ = ["PILOT_POINTS", "choose", "proof_line"]

USABLE = ("approved", "pilot", "live")
PILOT_POINTS = 1
"""What a tried question is worth on the paper: the same as the scored ones around it, so that it does not stand out."""


def choose(
    academy: Academy, level: int, drafts: Sequence[Draft], minutes: float | None, uses: Mapping[str, int], seed: int
) -> list[tuple[Item, ...]]:
    """The items that each form tries out: as many as the scheme wants, the pool has and the time allows.

    The same number on every form of a set, since a slot is worth the same on all of them. A written answer is none
    (somebody would have to mark it), nor one of a case set. Whatever was tried least comes first, and the forms of a
    set share as few as can be.
    """
    wanted = academy.scheme.level(level).pilot
    pool = _pool(academy, level)
    tried = dict(uses)
    chosen: list[list[Item]] = []
    for number, draft in enumerate(drafts):
        order = sorted(pool, key=lambda item: (tried.get(item.id, 0), digest({"item": item.id, "seed": seed + number})))
        mine = _fitting(order, draft, wanted, minutes)
        for item in mine:
            tried[item.id] = tried.get(item.id, 0) + 1
        chosen.append(mine)
    least = min((len(mine) for mine in chosen), default=0)
    return [tuple(mine[:least]) for mine in chosen]


def proof_line(academy: Academy, level: int, chosen: Sequence[Item]) -> ProofLine:
    """What a form's proof says of the items that it tries out; their number binds no form."""
    wanted, pool = academy.scheme.level(level).pilot, len(_pool(academy, level))
    why = ""
    if len(chosen) < wanted:
        why = "the pool holds no pilot items" if not pool else "the pool and the time have no more"
    has = f"{len(chosen)}; {why}" if why else f"{len(chosen)}"
    return ProofLine("pilot items, not scored", f"up to {wanted}", has, True)


def _pool(academy: Academy, level: int) -> list[Item]:
    return [
        item
        for item in academy.items.values()
        if item.level == level
        and item.use == "pilot"
        and item.status in USABLE
        and item.kind != "text"
        and item.case is None
        and item.body["question"].points == PILOT_POINTS
    ]


def _fitting(order: Sequence[Item], draft: Draft, wanted: int, minutes: float | None) -> list[Item]:
    """The first of ``order`` that go together with the form: none gives another one away, and the time suffices."""
    found: list[Item] = []
    left = float("inf") if minutes is None else minutes - sum(item.minutes for item in draft.items)
    for item in order:
        if len(found) == wanted:
            break
        beside = (*draft.items, *found)
        if item.minutes <= left + 1e-9 and not any(one.id in item.enemies or item.id in one.enemies for one in beside):
            found.append(item)
            left -= item.minutes
    return found
