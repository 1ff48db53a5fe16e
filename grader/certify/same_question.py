"""A question was found at fault: the others who had it in front of them are found, and are given the same.

Nobody has to appeal for it. Each gets a mark and, where the decision is confirmed already, an upheld appeal of the
office's own, each a fact by itself; then ``decide``, ``confirm``, ``issue`` and ``publish`` go on as after any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..errors import RuleBroken
from .desk import Academy
from .handwork import ENGINE
from .impartial import check_independent, markers
from .reopening import parts_in

__all__ = ["Same", "award_same", "same_question"]

Fact = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Same:
    """A seat that had the question too, and earned less on it than it is worth now."""

    seat: str
    sitting: str
    person: str
    slot: str
    points: float
    worth: float
    """What the appeal gave for it."""
    decided: bool
    """Its decision is confirmed, so that it has to be opened again."""
    left: str = ""
    """Why ``by`` could not give it, where it was left; empty otherwise."""


def same_question(academy: Academy, appeal: str) -> list[Same]:
    """Everybody beside the candidate of an upheld appeal who had a question with other points than its key's, and has
    fewer: the same item in the same version, in any sitting, where it counts.
    """
    worth = _worth(academy, _upheld(academy, appeal))
    decided = {row["seat"] for row in academy.store.rows("decisions") if row["confirmed_by"] is not None}
    rows = {row["seat"]: row for row in academy.store.rows("seats")}
    tried: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for mark in academy.store.rows("marks"):
        points = worth.get((mark["item"], mark["item_version"]))
        row = rows.get(mark["seat"])
        if points is None or row is None or mark["points"] >= points:
            continue
        where = (row["sitting"], row["form"])
        if where not in tried:
            tried[where] = frozenset(academy.form(*where).pilot)
        if mark["item"] not in tried[where]:
            name = (row["seat"], row["sitting"], row["person"], mark["slot"], mark["points"], points)
            found.append(Same(*name, row["seat"] in decided))
    return sorted(found, key=lambda one: (one.sitting, one.seat, one.slot))


def award_same(academy: Academy, appeal: str, by: str, reason: str = "", today: date | None = None) -> list[Same]:
    """Give everybody of :func:`same_question` what the appeal gave, with the same reason unless another is given.

    Returns all of them; a seat of which ``by`` had a part in the decision, or whose candidate is near, is left with the
    reason, and so is one with an appeal of its own that is open: somebody else awards those.
    """
    row, day = _upheld(academy, appeal), today or datetime.now(UTC).date()
    why = reason.strip() or str(row["reason"])
    done, facts = [], []
    for one in same_question(academy, appeal):
        if left := _hindrance(academy, one, by):
            done.append(replace(one, left=left))
            continue
        facts += _facts(academy, one, appeal, why, day)
        done.append(one)
    academy.store.append_all(facts, by)
    return done


def _upheld(academy: Academy, appeal: str) -> Mapping[str, Any]:
    rows = academy.store.rows("appeals", appeal=appeal)
    if not rows or rows[0]["outcome"] != "upheld":
        state = (rows[0]["outcome"] or "open") if rows else "not known to the registry"
        raise RuleBroken(f"the appeal {appeal} is {state}; others get the same after an appeal is upheld")
    if not _worth(academy, rows[0]):
        raise RuleBroken(f"the appeal {appeal} gave no question other points than its key (academy exam appeal award)")
    return rows[0]


def _worth(academy: Academy, appeal: Mapping[str, Any]) -> dict[tuple[str, int], float]:
    """What the appeal gave for a question that a program marks, by item and version."""
    found = {}
    for slot in json.loads(appeal["remarked"] or "[]"):
        events = academy.store.events("mark.given", f"{appeal['seat']}/{slot}")
        if events and events[0].by == ENGINE and events[-1].data["note"].startswith(f"appeal {appeal['appeal']}: "):
            last = events[-1].data
            found[last["item"], last["item_version"]] = float(last["points"])
    return found


def _hindrance(academy: Academy, one: Same, by: str) -> str:
    (row,) = academy.store.rows("seats", seat=one.seat)
    if pending := [held["appeal"] for held in academy.store.rows("appeals", seat=one.seat) if held["outcome"] is None]:
        return f"its appeal {pending[0]} is open; award it there"
    involved = {"marked the seat": markers(academy, one.seat), **(parts_in(academy, one.seat) if one.decided else {})}
    try:
        check_independent(academy, f"seat {one.seat}", by, row, involved, "let somebody else award it")
    except RuleBroken as error:
        return str(error)
    return ""


def _facts(academy: Academy, one: Same, appeal: str, why: str, day: date) -> list[Fact]:
    (mark,) = academy.store.rows("marks", mark=f"{one.seat}/{one.slot}")
    names = ("seat", "slot", "item", "item_version", "statement", "max_points")
    note = f"the same question as in the appeal {appeal}: {why}"
    given = {name: mark[name] for name in names} | {"points": one.worth, "note": note}
    facts: list[Fact] = [("mark.given", mark["mark"], given)]
    if not one.decided:
        return facts
    (decision,) = academy.store.rows("decisions", seat=one.seat)
    name = f"{one.seat}-A{len(academy.store.rows('appeals', seat=one.seat)) + 1}"
    filed = {
        "seat": one.seat,
        "person": one.person,
        "sitting": one.sitting,
        "proposal": decision["proposal"],
        "ground": "question",
        "text": f"Of the office: {note}",
        "filed_on": day.isoformat(),
        "decide_by": (day + timedelta(days=academy.scheme.appeal.decide_days)).isoformat(),
        "same_as": appeal,
    }
    upheld = {"seat": one.seat, "outcome": "upheld", "reason": why, "on": day.isoformat(), "same_as": appeal}
    return [
        ("appeal.filed", name, filed),
        ("appeal.remarking", name, {"seat": one.seat, "slots": [one.slot]}),
        *facts,
        ("appeal.decided", name, upheld),
    ]
