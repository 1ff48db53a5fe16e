"""Whoever examines is qualified for it today: one check for marking, judging, the board, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from .. import people
from ..errors import RuleBroken
from .desk import Academy

__all__ = ["check_qualified", "unfit"]


def check_qualified(
    academy: Academy, who: str, role: str, about: Mapping[str, Any], domain: str = "", today: date | None = None
) -> None:
    """Refuse whose qualification does not hold for ``role`` (a word of ``people.examiners.ROLES``).

    ``about`` says the ``level`` and the ``purpose`` of what is examined. Whoever is recorded as an examiner is held to
    what is recorded. Who is not may act unless the scheme wants recorded examiners (``examiners: required``) and it is
    for certification.
    """
    if why := unfit(academy, who, role, about, domain, today):
        number = people.tree.staff_number(academy.store, who) or "PERSON"
        record = f"record the qualification (academy hr examiner {number} --role {role} --level L{about['level']} ...)"
        otherwise = "" if _left_on(academy, number, today or _today()) else f", or {record}"
        raise RuleBroken(f"{why}: let another examiner {people.examiners.ROLES[role]}{otherwise}")


def unfit(
    academy: Academy, who: str, role: str, about: Mapping[str, Any], domain: str = "", today: date | None = None
) -> str:
    """Why somebody may not examine, as a clause; empty when nothing stands against it."""
    day = today or _today()
    number = people.tree.staff_number(academy.store, who)
    if left := _left_on(academy, number, day):
        return f"{number} left on {left}"
    found = people.examiners.examiner(academy.store, number) if number else None
    if found is not None:
        return people.examiners.unfit(found, role, int(about["level"]), day, domain)
    if academy.scheme.examiners.required and about["purpose"] == "certification":
        return f"the scheme wants recorded examiners for a certification, and {who} is not recorded as {role}"
    return ""


def _left_on(academy: Academy, number: str, day: date) -> str:
    """The last day of somebody who has left before ``day``; empty for everybody else."""
    rows = academy.store.rows("people", person=number) if number else []
    left = str(rows[0]["left_on"] or "") if rows else ""
    return left if left < day.isoformat() else ""


def _today() -> date:
    return datetime.now(UTC).date()
