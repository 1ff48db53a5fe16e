"""The letters that are due to holders on a day: reminders of an end, and what became of a measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .. import ladder
from ..model import LANGUAGES
from ..store import Event
from . import renewing
from .desk import Academy
from .letters import letter

__all__ = ["Notice", "due", "record"]

_TOLD = ("certificate.suspended", "certificate.withdrawn", "certificate.reduced", "certificate.reinstated")
_SENT, _DECIDED = "notice.sent", "measure.decided"


@dataclass(frozen=True)
class Notice:
    """A letter that somebody should get."""

    number: str
    person: str
    name: str
    email: str
    language: str
    about: str
    """``reminder``, or what became of a measure: suspended, withdrawn, reduced, reinstated, upheld, dismissed."""
    days: int | None
    """Of a reminder: the days before the end that it belongs to, 0 for the end itself."""
    fact: int | None
    """Of any other: the number of the fact that it tells of."""
    valid_until: date
    subject: str
    text: str


def due(academy: Academy, on: date) -> list[Notice]:
    """Every letter that is due on a day and was not recorded as sent; measures first, then what ends soonest.

    A day on which nobody looked is made good by the next one: each measure is told once, and of several reminders
    that were missed only the last.
    """
    return [*_measures(academy, on), *_reminders(academy, on)]


def record(academy: Academy, notices: Sequence[Notice], by: str, how: str, on: date) -> None:
    """Record letters as sent, so that none is due again."""
    facts = [
        (
            _SENT,
            one.number,
            {"person": one.person, "on": on.isoformat(), "how": how, "to": one.email or one.name}
            | ({"days": one.days} if one.days is not None else {"about": one.about, "fact": one.fact}),
        )
        for one in notices
    ]
    if facts:
        academy.store.append_all(facts, by)


def _reminders(academy: Academy, on: date) -> Iterator[Notice]:
    rules = academy.scheme.keeping
    furthest = max((*rules.reminders_days, 0))
    first = (on - timedelta(days=rules.grace_days)).isoformat()
    last = (on + timedelta(days=furthest)).isoformat()
    held: defaultdict[tuple[str, int, str], str] = defaultdict(str)
    ending = []
    for row in academy.store.rows("certificates", state="active"):
        alike = row["person"], row["level"], row["purpose"]
        held[alike] = max(held[alike], row["valid_until"])
        if first <= row["valid_until"] <= last:
            ending.append(row)
    for row in sorted(ending, key=lambda row: (row["valid_until"], row["number"])):
        if held[row["person"], row["level"], row["purpose"]] > row["valid_until"]:
            continue  # a longer one of the same level makes this end good
        sent = [one.data["days"] for one in academy.store.events(_SENT, row["number"]) if "days" in one.data]
        days = ladder.reminder_due(row, sent, on, rules)
        if days is not None:
            yield _reminder(academy, row, days, on)


def _reminder(academy: Academy, row: Mapping[str, Any], days: int, on: date) -> Notice:
    dates = ladder.dates_of(row, academy.scheme.keeping)
    kind = "ending" if on < dates.ends else "ends" if on == dates.ends else "ended"
    found = renewing.standing(academy, row["number"], on)
    more = {
        "due": dates.due,
        "grace_ends": dates.grace_ends,
        "wanted": found.tally.wanted,
        "hours": f"{found.tally.hours:g}",
        "missing": bool(found.tally.missing),
    }
    return _notice(academy, row, "reminder", kind, on, more, days=days)


def _measures(academy: Academy, on: date) -> Iterator[Notice]:
    events = [one for kind in (*_TOLD, _DECIDED) for one in academy.store.events(kind)]
    for event in sorted(events, key=lambda one: one.seq):
        # What an appeal did, its own letter tells, or the result page of the candidate.
        speaks = event.kind == _DECIDED or ("note" in event.data and "appeal" not in event.data)
        if speaks and event.data["on"] <= on.isoformat() and not _told(academy, event):
            yield _measure(academy, event, on)


def _told(academy: Academy, event: Event) -> bool:
    return any(one.data.get("fact") == event.seq for one in academy.store.events(_SENT, event.subject))


def _measure(academy: Academy, event: Event, on: date) -> Notice:
    (row,) = academy.store.rows("certificates", number=event.subject)
    about = str(event.data["outcome"]) if event.kind == _DECIDED else event.kind.removeprefix("certificate.")
    more: dict[str, object] = {
        name: date.fromisoformat(value) if name in ("on", "until", "appeal_until") else value
        for name, value in event.data.items()
    }
    if "ground" in event.data:
        more["ground"] = academy.scheme.keeping.grounds[event.data["ground"]]
    return _notice(academy, row, about, about, on, more, fact=event.seq)


def _notice(
    academy: Academy,
    row: Mapping[str, Any],
    about: str,
    kind: str,
    on: date,
    more: Mapping[str, object],
    *,
    days: int | None = None,
    fact: int | None = None,
) -> Notice:
    people = academy.store.rows("people", person=row["person"])
    person: Mapping[str, Any] = people[0] if people else {}
    language = person.get("language") if person.get("language") in LANGUAGES else "zh"
    name, ends = str(person.get("name") or row["person"]), date.fromisoformat(row["valid_until"])
    values = {
        "number": row["number"], "level": academy.framework.level(row["level"]).name, "ends": ends, "name": name,
        "issuer": academy.issuer.name, "today": on, **more,
    }  # fmt: skip
    subject, text = letter(kind, str(language), values)
    return Notice(
        row["number"], row["person"], name, str(person.get("email") or ""), str(language), about, days, fact, ends,
        subject, text,
    )  # fmt: skip
