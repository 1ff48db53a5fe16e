"""Where a certificate stands on a day: one word, worked out from its facts and the scheme's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ..model import Bilingual, KeepingRules

__all__ = ["STATES", "Dates", "as_of", "dates_of", "in_force", "state_of"]

STATES: Mapping[str, Bilingual] = {
    "coming": Bilingual("not begun", "尚未生效"),
    "in force": Bilingual("in force", "有效"),
    "due": Bilingual("in force, due for renewal", "有效，可续证"),
    "grace": Bilingual("ended, may still be renewed", "已到期，宽限期内"),
    "lapsed": Bilingual("lapsed", "已失效"),
    "suspended": Bilingual("suspended", "已暂停"),
    "withdrawn": Bilingual("withdrawn", "已撤销"),
    "reduced": Bilingual("reduced to a lower level", "已降级"),
    "replaced": Bilingual("replaced by a newer one", "已由新证书接替"),
}
"""Every state of a certificate, in the words of both languages."""

_MEASURES = {
    "certificate.suspended": "suspended",
    "certificate.reinstated": "active",
    "certificate.withdrawn": "withdrawn",
    "certificate.reduced": "reduced",
}


def state_of(certificate: Mapping[str, Any], on: date, rules: KeepingRules) -> str:
    """One of :data:`STATES` for a certificate on a day.

    ``certificate`` has, as a row of the registry's view ``certificates`` has them, ``issued_on`` and ``valid_until``
    (ISO dates), ``state`` (active, suspended, withdrawn or reduced) and ``renewed_from``: the first day of the one that
    renews it, or None. The row tells what is so now; for an earlier day see :func:`as_of`.

    >>> rules = KeepingRules(180, 90, 10, {}, (180, 90, 30), 180, 20, {}, {})
    >>> row = {"issued_on": "2024-02-29", "valid_until": "2027-02-28", "state": "active", "renewed_from": None}
    >>> [state_of(row, date(2027, month, 28), rules) for month in (2, 3, 5, 6)]
    ['due', 'grace', 'grace', 'lapsed']
    """
    day, due_until, grace_until = _limits(on, rules.window_days, rules.grace_days)
    measure, ends, renewed = certificate["state"], certificate["valid_until"], certificate.get("renewed_from")
    if measure in ("withdrawn", "reduced"):
        return str(measure)
    if renewed and renewed <= day:
        return "replaced"
    if ends < grace_until:
        return "lapsed"
    if measure == "suspended":
        return "suspended"
    if certificate["issued_on"] > day:
        return "coming"
    if ends < day:
        return "grace"
    return "due" if ends <= due_until and not renewed else "in force"


@lru_cache(maxsize=16)
def _limits(on: date, window_days: int, grace_days: int) -> tuple[str, str, str]:
    """The day, the latest end that lies in the window, and the earliest one that is still in grace, as text."""
    return tuple(  # type: ignore[return-value]
        (on + timedelta(days=days)).isoformat() for days in (0, window_days, -grace_days)
    )


def in_force(state: str) -> bool:
    """Whether somebody whose certificate stands so holds the level."""
    return state in ("in force", "due")


@dataclass(frozen=True)
class Dates:
    """The days on which a certificate changes by itself, when nothing is done."""

    begins: date
    due: date
    """The first day on which it may be renewed."""
    ends: date
    """The last day on which it holds."""
    grace_ends: date
    """The last day on which it may still be renewed; after it only a new examination is left."""


def dates_of(certificate: Mapping[str, Any], rules: KeepingRules) -> Dates:
    """The days of a certificate, worked out from its first and last day and the rules of renewal."""
    begins, ends = (date.fromisoformat(certificate[name]) for name in ("issued_on", "valid_until"))
    due = max(begins, ends - timedelta(days=rules.window_days))
    return Dates(begins, due, ends, ends + timedelta(days=rules.grace_days))


def as_of(certificate: Mapping[str, Any], facts: Iterable[tuple[str, Mapping[str, Any]]], on: date) -> dict[str, Any]:
    """The row of a certificate as it stood at the end of a day: only measures of that day and before count.

    ``facts`` are kind and content of the facts about it in their order; a measure takes effect on its ``on``.
    """
    state = "active"
    for kind, content in facts:
        if kind in _MEASURES and content.get("on", "") <= on.isoformat():
            state = _MEASURES[kind]
    return {**certificate, "state": state}
