"""Examiners: who may mark, judge, sit on a board or decide, at which levels, in which domains, and until when."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..errors import InputError
from ..store import Store

__all__ = ["ROLES", "Examiner", "examiner", "examiners", "fact", "unfit"]

ROLES: Mapping[str, str] = {
    "marker": "mark answers",
    "judge": "judge for a cut",
    "panel": "sit on the board of an interview",
    "decider": "decide",
}
"""What an examiner may be, each with what it does."""


@dataclass(frozen=True)
class Examiner:
    """What the registry says of an examiner."""

    person: str
    name: str
    roles: tuple[str, ...]
    levels: tuple[int, ...]
    domains: tuple[str, ...]
    """Codes of domains; empty for all."""
    qualified_on: date
    valid_until: date
    evidence: str
    left_on: date | None = None

    def days(self, today: date) -> int:
        """Days until the qualification or the employment ends; 0 on its last day, below 0 after it."""
        last = min(self.valid_until, self.left_on) if self.left_on else self.valid_until
        return (last - today).days

    def state(self, today: date) -> str:
        """``early`` before the first day, ``lapsed`` after the last one, ``left``, otherwise ``valid``."""
        if self.left_on and self.left_on < today:
            return "left"
        if self.valid_until < today:
            return "lapsed"
        return "early" if self.qualified_on > today else "valid"


def examiners(store: Store) -> list[Examiner]:
    """Every examiner of the registry, by staff number."""
    found = [_examiner(row, _person(store, row["person"])) for row in store.rows("examiners")]
    return sorted(found, key=lambda one: one.person)


def _person(store: Store, number: str) -> Mapping[str, Any]:
    rows = store.rows("people", person=number)
    return rows[0] if rows else {"name": "", "left_on": None}


def examiner(store: Store, person: str) -> Examiner | None:
    """The examiner with a staff number; None when nothing is recorded."""
    rows = store.rows("examiners", person=person)
    return _examiner(rows[0], _person(store, person)) if rows else None


def _examiner(row: Mapping[str, Any], person: Mapping[str, Any]) -> Examiner:
    return Examiner(
        person=row["person"],
        name=person["name"] or "",
        roles=tuple(json.loads(row["roles"])),
        levels=tuple(json.loads(row["levels"])),
        domains=tuple(json.loads(row["domains"])),
        qualified_on=date.fromisoformat(row["qualified_on"]),
        valid_until=date.fromisoformat(row["valid_until"]),
        evidence=row["evidence"],
        left_on=date.fromisoformat(person["left_on"]) if person["left_on"] else None,
    )


def fact(
    roles: Collection[str],
    levels: Collection[int],
    domains: Collection[str],
    qualified_on: date,
    valid_until: date,
    evidence: str,
) -> dict[str, Any]:
    """What the registry keeps of an examiner; :class:`InputError` says what cannot be."""
    if not roles or (strange := [role for role in roles if role not in ROLES]):
        raise InputError(f"roles of an examiner are {', '.join(ROLES)}, got {', '.join(strange) if roles else 'none'}")
    if not levels:
        raise InputError("an examiner examines at one level at least, from L1 to L5; got none")
    if valid_until < qualified_on:
        raise InputError(f"a qualification ends after it begins, got {qualified_on} to {valid_until}")
    if not evidence.strip():
        raise InputError("evidence of the qualification is wanted in words, e.g. the course and its certificate")
    return {
        "roles": [role for role in ROLES if role in roles],
        "levels": sorted(set(levels)),
        "domains": sorted(set(domains)),
        "qualified_on": qualified_on.isoformat(),
        "valid_until": valid_until.isoformat(),
        "evidence": evidence.strip(),
    }


def unfit(one: Examiner, role: str, level: int, today: date, domain: str = "") -> str:
    """Why an examiner may not do this, as a clause; empty when nothing stands against it."""
    match one.state(today):
        case "left":
            return f"{one.person} left on {one.left_on}"
        case "lapsed":
            return f"the qualification of {one.person} as examiner lapsed after {one.valid_until}"
        case "early":
            return f"{one.person} is qualified as examiner from {one.qualified_on} on"
    if role not in one.roles:
        return f"{one.person} is recorded as {' and '.join(one.roles)}, and not as {role}"
    if level not in one.levels:
        levels = ", ".join(f"L{number}" for number in one.levels)
        return f"{one.person} is an examiner for {levels}, and not for L{level}"
    if domain and one.domains and domain not in one.domains:
        return f"{one.person} is an examiner for the domains {', '.join(one.domains)}, and not for {domain}"
    return ""
