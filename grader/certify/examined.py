"""Whoever had a part in an examination, with the qualification that was recorded of them when they acted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import people
from ..people.examiners import Examiner
from ..store import Event
from .desk import Academy

__all__ = ["Part", "part", "qualifications"]


@dataclass(frozen=True)
class Part:
    """What somebody did: ``role`` is a word of ``people.examiners.ROLES``, ``seq`` that of the fact that tells it."""

    who: str
    role: str
    seq: int
    on: date


def part(fact: Event, role: str, who: str = "") -> Part:
    """The part that a fact tells of; ``who`` when somebody else entered it."""
    return Part(who or fact.by, role, fact.seq, date.fromisoformat(fact.at[:10]))


def qualifications(academy: Academy, parts: Iterable[Part], level: int) -> tuple[list[str], list[str]]:
    """The recorded qualification of everybody on the day of the part, and where it did not fit; a line each."""
    said: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for one in parts:
        head = f"{one.who}, {one.role} on {one.on}"
        fact = _recorded(academy, one)
        if fact is None:
            said[f"{head}: no qualification recorded"] = None
        elif fact.redacted:
            said[f"{head}: what was recorded was redacted"] = None
        else:
            found = _examiner(academy, one, fact.subject, fact.data)
            said[f"{head}: {_told(found)}"] = None
            if why := people.examiners.unfit(found, one.role, level, one.on):
                wrong[f"{head}: {why}"] = None
    return list(said), list(wrong)


def _recorded(academy: Academy, one: Part) -> Event | None:
    """The newest fact about the qualification of whoever acted, before the act."""
    number = people.tree.staff_number(academy.store, one.who)
    facts = academy.store.events("examiner.recorded", number, redacted=True) if number else []
    return next((fact for fact in reversed(facts) if fact.seq < one.seq), None)


def _examiner(academy: Academy, one: Part, number: str, data: Mapping[str, Any]) -> Examiner:
    about = [fact for fact in academy.store.events(subject=number) if fact.seq < one.seq]
    stays = [fact for fact in about if fact.kind in ("person.left", "person.returned")]
    left = stays[-1].data["on"] if stays and stays[-1].kind == "person.left" else None
    begins, ends = (date.fromisoformat(data[name]) for name in ("qualified_on", "valid_until"))
    return Examiner(
        number, "", tuple(data["roles"]), tuple(data["levels"]), tuple(data["domains"]), begins, ends,
        data["evidence"], date.fromisoformat(left) if left else None,
    )  # fmt: skip


def _told(found: Examiner) -> str:
    levels = ", ".join(f"L{level}" for level in found.levels)
    return (
        f"recorded as {', '.join(found.roles)} for {levels}, {', '.join(found.domains) or 'every domain'}, from "
        f"{found.qualified_on} to {found.valid_until} ({found.evidence})"
    )
