"""The letters that are due to holders on a day: reminders of an end, and what became of a measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .. import ladder
from ..errors import InputError
from ..model import LANGUAGES
from ..store import Event
from . import measures, renewing
from .desk import Academy
from .letters import letter

__all__ = ["Notice", "due", "record"]

_TOLD = ("certificate.suspended", "certificate.withdrawn", "certificate.reduced", "certificate.reinstated")
_SENT, _DECIDED = "notice.sent", "measure.decided"
_COLUMNS = ("number", "person", "level", "purpose", "issued_on", "valid_until", "state", "renewed_from")
_ENDING = f"""
SELECT {", ".join(_COLUMNS)} FROM certificates
WHERE valid_until BETWEEN :first AND :last AND state = 'active'
"""
_NEAREST = """
SELECT subject, min(json_extract(data, '$.days')) FROM events
WHERE kind = 'notice.sent' AND json_extract(data, '$.days') IS NOT NULL GROUP BY subject
"""
"""Of each certificate the reminder nearest to its end that was sent: none further from it is due any more."""


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

    @property
    def ref(self) -> str:
        """The letter's own name: the certificate with the days of a reminder, or with the fact that it tells of."""
        return f"{self.number}/{f'#{self.fact}' if self.days is None else self.days}"


def due(academy: Academy, on: date) -> list[Notice]:
    """Every letter that is due on a day and was not recorded as sent; measures first, then what ends soonest.

    A day on which nobody looked is made good by the next one: each measure is told once, and of several reminders
    that were missed only the last.
    """
    return [*_measures(academy, on), *_reminders(academy, on)]


def record(academy: Academy, refs: Iterable[str], by: str, how: str, on: date) -> list[str]:
    """Record letters by their ``ref`` as sent on a day, so that none is due again; returns those that were new.

    Raises :class:`InputError` for a letter that the registry knows nothing of; then none is recorded.
    """
    facts = []
    for ref in dict.fromkeys(refs):
        number, about = _meant(academy, ref)
        if all(not about.items() <= one.data.items() for one in academy.store.events(_SENT, number)):
            person = measures.certificate(academy, number)["person"]
            about_person = next(iter(academy.store.rows("people", person=person)), {})
            to = about_person.get("email") or about_person.get("name") or person
            told = {"person": person, "on": on.isoformat(), "how": how.strip(), "to": to}
            facts.append((ref, (_SENT, number, told | about)))
    if facts:
        academy.store.append_all([fact for _, fact in facts], by)
    return [ref for ref, _ in facts]


def _meant(academy: Academy, ref: str) -> tuple[str, dict[str, Any]]:
    """The certificate of a letter, and what the letter is about."""
    number, _, what = ref.partition("/")
    row = measures.certificate(academy, number)
    if what.isdecimal() and len(what) < 5 and int(what) in (*academy.scheme.keeping.reminders_days, 0):
        return number, {"days": int(what)}
    for event in academy.store.events(subject=row["number"]) if what.startswith("#") else ():
        if event.kind in (*_TOLD, _DECIDED) and what == f"#{event.seq}":
            return number, {"about": _about(event), "fact": event.seq}
    raise InputError(f"there is no letter {ref!r}; give the file that academy hr reminders --csv wrote")


def _about(event: Event) -> str:
    return str(event.data["outcome"]) if event.kind == _DECIDED else event.kind.removeprefix("certificate.")


def _reminders(academy: Academy, on: date) -> Iterator[Notice]:
    rules = academy.scheme.keeping
    span = {
        "first": (on - timedelta(days=rules.grace_days)).isoformat(),
        "last": (on + timedelta(days=max(rules.reminders_days, default=0))).isoformat(),
    }
    sent = dict(academy.store.ask(_NEAREST))
    ending = [dict(zip(_COLUMNS, found, strict=True)) for found in academy.store.ask(_ENDING, span)]
    for row in sorted(ending, key=lambda row: (row["valid_until"], row["number"])):
        nearest = sent.get(row["number"])
        days = ladder.reminder_due(row, () if nearest is None else (nearest,), on, rules)
        if days is not None and not _longer(academy, row):
            yield _reminder(academy, row, days, on)


def _longer(academy: Academy, certificate: Mapping[str, Any]) -> bool:
    """Whether the holder has a longer one of the same level, which makes this end good."""
    held = academy.store.rows("certificates", person=certificate["person"], state="active")
    alike = [row for row in held if all(row[name] == certificate[name] for name in ("level", "purpose"))]
    return any(row["valid_until"] > certificate["valid_until"] for row in alike)


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
    about = _about(event)
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
