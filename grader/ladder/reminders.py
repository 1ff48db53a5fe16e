"""Which reminder of its end a certificate is due on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from ..model import KeepingRules
from .standing import state_of

__all__ = ["reminder_due"]


def reminder_due(certificate: Mapping[str, Any], sent: Collection[int], on: date, rules: KeepingRules) -> int | None:
    """The reminder to send on a day, by its days before the end (0: it ends, or has ended); None when none is due.

    ``sent`` are the days of the reminders that went out. Of several that were missed only the nearest to the end is
    due, and none that is further from it than one already sent. Nobody is reminded of a certificate that is renewed,
    suspended or gone.

    >>> rules = KeepingRules(180, 90, 10, {}, (180, 90, 30), 180, 20, {}, {})
    >>> row = {"issued_on": "2024-02-29", "valid_until": "2027-02-28", "state": "active", "renewed_from": None}
    >>> reminder_due(row, [180], date(2027, 2, 10), rules), reminder_due(row, [180, 30], date(2027, 2, 10), rules)
    (30, None)
    """
    if certificate.get("renewed_from") or state_of(certificate, on, rules) not in ("in force", "due", "grace"):
        return None
    left = (date.fromisoformat(certificate["valid_until"]) - on).days
    reached = min((days for days in (*rules.reminders_days, 0) if left <= days), default=None)
    return None if reached is None or any(days <= reached for days in sent) else reached
