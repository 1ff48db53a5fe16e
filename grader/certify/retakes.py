"""Who has tried a level before, and when they may try again."""

from __future__ import annotations

from datetime import date
from typing import Any

from .. import ladder
from .desk import Academy

__all__ = ["failed_on", "may_retake"]


def may_retake(academy: Academy, person: str, level: int, on: date) -> list[str]:
    """Why this person may not sit for the level again on that day, one sentence each; empty when nothing is against it.

    Certification only: practice and demonstrations are no attempts, nor is a sitting to which the person never came.
    """
    if waiting := [row["seat"] for row in _tried(academy, person, level) if row["confirmed_by"] is None]:
        return [
            f"{person} has the seat {waiting[0]} for level {level}, and its decision is not confirmed yet; wait for it"
        ]
    rules, failed = academy.scheme.retake, failed_on(academy, person, level)
    first = ladder.retake_from(rules, failed)
    if first is None or on >= first:
        return []
    return [
        f"{person} did not pass level {level} on {max(failed)} and may sit again from {first} on: "
        f"{rules.wait_days} days between two sittings, at most {rules.attempts} in {rules.months} months (scheme.yml)"
    ]


def failed_on(academy: Academy, person: str, level: int) -> list[date]:
    """The days on which the person sat for the level and did not pass, since the last time that they passed."""
    tried = sorted(_tried(academy, person, level), key=lambda row: str(row["on"]))
    passed = max((row["on"] for row in tried if row["outcome"] == "pass"), default=date.min)
    return [row["on"] for row in tried if row["outcome"] == "fail" and row["on"] > passed]


def _tried(academy: Academy, person: str, level: int) -> list[dict[str, Any]]:
    """The certification seats of a person at a level to which they came: the day, and the decision as far as it is."""
    sittings = {row["sitting"]: row for row in academy.store.rows("sittings", level=level, purpose="certification")}
    decisions = {row["seat"]: row for row in academy.store.rows("decisions", person=person, level=level)}
    seats = academy.store.rows("seats", person=person)
    return [
        {
            "seat": seat["seat"],
            "on": date.fromisoformat(sittings[seat["sitting"]]["opens_at"][:10]),
            "outcome": decisions.get(seat["seat"], {}).get("outcome"),
            "confirmed_by": decisions.get(seat["seat"], {}).get("confirmed_by"),
        }
        for seat in seats
        if seat["sitting"] in sittings and seat["handed_in_how"] != "never"
    ]
