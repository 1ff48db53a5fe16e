"""Who may sit for a level: the entry rules of the scheme, and the wait after an exam that was not passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ..model import LevelRules, RetakeRules
from ._dates import add_months, months_between

__all__ = ["entry_shown", "held_levels", "may_sit", "retake_from"]


def held_levels(
    certificates: Sequence[Mapping[str, Any]], on: date, *, samples: bool = False
) -> dict[int, Mapping[str, Any]]:
    """For each level the certificate that is in force on that day (rows of the registry's view ``certificates``).

    Samples of a demonstration or of practice certify nobody; ``samples`` asks for them instead of the real ones.
    """
    held: dict[int, Mapping[str, Any]] = {}
    for row in certificates:
        wanted = (row["purpose"] != "certification") is samples and row["state"] == "active"
        in_force = row["issued_on"] <= on.isoformat() <= row["valid_until"]
        if wanted and in_force and row["valid_until"] >= held.get(row["level"], row)["valid_until"]:
            held[row["level"]] = row
    return held


def may_sit(
    rules: LevelRules, person: Mapping[str, Any], certificates: Sequence[Mapping[str, Any]], on: date
) -> list[str]:
    """Why this person may not sit for the level on that day, one sentence each; empty when the entry rules are met.

    Either road is enough: the level below held for ``entry_previous_months``, or ``entry_service_months`` of service.
    Training is no condition.
    """
    if entry_shown(rules, person, certificates, on):
        return []
    if not person.get("hired_on"):
        return [f"{person['person']} has no date of hire in the registry; import the roster with hired_on"]
    service = months_between(date.fromisoformat(person["hired_on"]), on)
    road = f", and holds no certificate of level {rules.level - 1} for long enough" if rules.level > 1 else ""
    return [
        f"{person['person']} has {service} months of service, {rules.entry_service_months} are wanted{road}; "
        "see the entry rules in scheme.yml"
    ]


def entry_shown(
    rules: LevelRules, person: Mapping[str, Any], certificates: Sequence[Mapping[str, Any]], on: date
) -> dict[str, Any] | None:
    """What shows that somebody meets the entry rules of a level on a day: the certificate below, or the service.

    ``since`` and ``months`` of it, and the months that are ``wanted``; None for who does not meet them.
    """
    below, wanted = held_levels(certificates, on).get(rules.level - 1), rules.entry_previous_months
    if below and wanted is not None:
        since = _held_since(below, certificates)
        if (months := months_between(since, on)) >= wanted:
            return {"certificate": below["number"], "since": since.isoformat(), "months": months, "wanted": wanted}
    if not person.get("hired_on"):
        return None
    months, wanted = months_between(date.fromisoformat(person["hired_on"]), on), rules.entry_service_months
    return {"since": person["hired_on"], "months": months, "wanted": wanted} if months >= wanted else None


def retake_from(rules: RetakeRules, failed_on: Sequence[date]) -> date | None:
    """The first day on which somebody who sat and did not pass on these days may sit again; None who never failed.

    ``wait_days`` after the last time, and so late that no span of ``months`` holds more than ``attempts`` sittings.

    >>> rules = RetakeRules(wait_days=30, attempts=2, months=12)
    >>> retake_from(rules, [date(2026, 3, 2)]), retake_from(rules, [date(2026, 3, 2), date(2026, 5, 4)])
    (datetime.date(2026, 4, 1), datetime.date(2027, 3, 2))
    """
    days = sorted(failed_on)
    if not days:
        return None
    first = days[-1] + timedelta(days=rules.wait_days)
    if len(days) >= rules.attempts:
        first = max(first, add_months(days[-rules.attempts], rules.months))
    return first


def _held_since(held: Mapping[str, Any], certificates: Sequence[Mapping[str, Any]]) -> date:
    """The first day of the certificates, following each other without a day between, of which ``held`` is last."""
    since = date.fromisoformat(held["issued_on"])
    alike = [row for row in certificates if all(row[name] == held[name] for name in ("level", "purpose", "state"))]
    for row in sorted(alike, key=lambda row: str(row["issued_on"]), reverse=True):
        begins, ends = (date.fromisoformat(row[name]) for name in ("issued_on", "valid_until"))
        if begins < since <= ends + timedelta(days=1):
            since = begins
    return since
