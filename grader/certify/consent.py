"""What a holder agreed to have shown in the public register: recorded with its day, and taken back as easily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from ..errors import InputError
from .desk import Academy

__all__ = ["SHOWS", "consents", "record_consent"]

SHOWS = ("name", "until", "file")
"""What can be agreed to beside number and level: the name, the last day, the SHA-256 of the signed file."""


def record_consent(
    academy: Academy, person: str, shows: Sequence[str] | None, how: str, by: str, on: date | None = None
) -> None:
    """Record what a person agreed to; ``shows`` None takes the consent back.  ``how`` says where it is written."""
    academy.person(person)
    today = datetime.now(UTC).date()
    if unknown := [word for word in shows or () if word not in SHOWS]:
        raise InputError(f"a register can show {', '.join(SHOWS)} beside number and level, got {unknown[0]!r}")
    if not how.strip():
        raise InputError("a consent wants to be provable: say where it is written, got an empty text")
    if (on or today) > today:
        raise InputError(f"a consent is of today or before, got {on}")
    fact = {
        "register": shows is not None,
        "shows": [word for word in SHOWS if word in (shows or ())],
        "on": (on or today).isoformat(),
        "how": how.strip(),
    }
    academy.store.append("consent.recorded", person, fact, by)


def consents(academy: Academy) -> Mapping[str, frozenset[str]]:
    """What each person who stands in the register agreed to; who took it back, or never agreed, is not in it."""
    found: dict[str, frozenset[str] | None] = {}
    for event in academy.store.events("consent.recorded"):
        # A consent whose record was redacted is none.
        agreed = bool(event.data.get("register"))
        found[event.subject] = frozenset(event.data["shows"]) if agreed else None
    return {person: shows for person, shows in found.items() if shows is not None}
