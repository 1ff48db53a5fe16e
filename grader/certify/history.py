"""Where a certificate stands, what became of it so far and what comes next, in words of both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from .. import ladder
from ..store import Event
from . import measures, renewing
from .desk import Academy
from .history_words import COMING, LETTERS, MEASURES, MORE, OUTCOMES, PAST, WAITING

__all__ = ["History", "Waiting", "history", "waiting"]

SOON = 30
"""A suspension that ends within so many days is shown as waiting for somebody."""


@dataclass(frozen=True)
class History:
    """A certificate on a day: ``state`` is one of ``ladder.STATES``."""

    number: str
    person: str
    level: int
    on: date
    state: str
    past: tuple[str, ...]
    """What happened, a line each, oldest first."""
    coming: tuple[str, ...]
    """What comes next, and by when."""


@dataclass(frozen=True)
class Waiting:
    """Something about a certificate that waits for somebody."""

    number: str
    what: str
    by: date | None
    """The day by which it is to be done, if there is one."""


def history(academy: Academy, number: str, on: date | None = None, language: str = "en") -> History:
    """The history of a certificate up to a day, and what comes after it when nothing is done."""
    row, day = measures.certificate(academy, number), on or _today()
    events = [one for one in academy.store.events(subject=number, redacted=True) if _day(one) <= day.isoformat()]
    then = ladder.as_of(row, [(one.kind, one.data) for one in events], day)
    past = [line for one in events for line in _said(academy, one, language)]
    if renewed := _renewed(academy, row, day, language):
        past.append(renewed)
    else:
        then |= {"renewed_by": None, "renewed_from": None}
    state = ladder.state_of(then, day, academy.scheme.keeping)
    coming = (*_dates(academy, then, state, day, events, language), *_undone(academy, then, state, day, language))
    return History(number, row["person"], row["level"], day, state, tuple(past), coming)


def waiting(academy: Academy, on: date | None = None, language: str = "en") -> list[Waiting]:
    """Proposals without a second person, appeals without a decision and suspensions that end, most urgent first."""
    day, found = on or _today(), []
    for proposed in academy.store.events("certificate.measure-proposed"):
        if measures.pending(academy, proposed.subject) == proposed:
            what = WAITING["proposal"].say(language).format(**_values(academy, proposed, language))
            found.append(Waiting(proposed.subject, what, None))
    for filed in measures.open_appeals(academy):
        by = date.fromisoformat(filed.data["decide_by"])
        found.append(Waiting(filed.subject, WAITING["appeal"].say(language), by))
    for row in academy.store.rows("certificates", state="suspended"):
        last = academy.store.events("certificate.suspended", row["number"], redacted=True)[-1]
        until = date.fromisoformat(last.data["until"]) if "until" in last.data else None
        if until is None or (until - day).days <= SOON:
            found.append(Waiting(row["number"], WAITING["suspension"].say(language), until))
    return sorted(found, key=lambda one: (one.by or day, one.number))


# --- so far -----------------------------------------------------------------------------------------------------------


def _day(event: Event) -> str:
    """The day on which a fact took effect, or was written."""
    if event.kind == "certificate.issued":
        return str(event.data.get("renewed_on") or min(event.at[:10], event.data.get("issued_on", event.at)))
    return str(event.data.get("on") or event.at[:10])


def _said(academy: Academy, event: Event, language: str) -> Iterator[str]:
    """A fact as a line; a fact of another kind says nothing here."""
    if event.kind not in PAST:
        return
    words = PAST["redacted" if event.redacted else event.kind].say(language)
    said = " ".join(words.format(**_values(academy, event, language)).split())
    yield f"{_day(event)}  {''.join(one if one.isprintable() else '?' for one in said)}"


def _values(academy: Academy, event: Event, language: str) -> dict[str, Any]:
    """What the words of a fact are filled with."""
    data = event.data

    def more(name: str, *values: object) -> str:
        return MORE[name].say(language).format(*values)

    grounds = academy.scheme.keeping.grounds
    ground = grounds[data["ground"]].say(language) if data.get("ground") in grounds else data.get("ground")
    note, how = str(data.get("note", data.get("reason", ""))), str(data.get("how", ""))
    if event.kind == "certificate.withdrawn" and {"reason", "appeal"} <= data.keys():  # by `reopening` of a result
        note = more(note.partition(" ")[0], data["appeal"])
    names = [name for name in ("renews", "reduces", "restores", "hours", "to") if name in data]
    return {
        **data,
        "note": note,
        "how": more(how) if how in MORE else how,
        "by": event.by,
        "people": more("people", data["proposed_by"], event.by) if "proposed_by" in data else event.by,
        "ground": more("ground", ground) if ground else "",
        "measure": MEASURES[data["measure"]].say(language) if data.get("measure") in MEASURES else "",
        "outcome": OUTCOMES[data["outcome"]].say(language) if data.get("outcome") in OUTCOMES else "",
        "more": "".join(more(name, data[name]) for name in names),
        "letter": _letter(data, language) if event.kind == "notice.sent" and data else "",
    }


def _letter(data: Mapping[str, Any], language: str) -> str:
    kind = data["about"] if "days" not in data else "reminder" if data["days"] else "end"
    return LETTERS[kind].say(language).format(data.get("days"))


def _renewed(academy: Academy, row: Mapping[str, Any], day: date, language: str) -> str:
    """The line of the renewal, when it has been by that day."""
    for issued in academy.store.events("certificate.issued", row["renewed_by"]) if row["renewed_by"] else ():
        if _day(issued) <= day.isoformat():
            words = PAST["renewed"].say(language)
            told = words.format(by=issued.by, new=row["renewed_by"], begins=row["renewed_from"])
            return f"{_day(issued)}  {told}"
    return ""


# --- what comes -------------------------------------------------------------------------------------------------------


def _dates(
    academy: Academy, row: Mapping[str, Any], state: str, day: date, events: list[Event], language: str
) -> Iterator[str]:
    """The days that are to come, and those that were missed."""
    dates = ladder.dates_of(row, academy.scheme.keeping)
    renewable = _renewable(row, state)
    steps = [
        (dates.begins, "begins", state == "coming"),
        (dates.due, "due", renewable),
        (dates.ends, "ends", state in ("coming", "in force", "due", "suspended")),
        (dates.grace_ends, "grace", renewable),
    ]
    decided = [one.seq for one in events if one.kind == "measure.decided"]
    for event in events:
        if "appeal_until" in event.data and not any(seq > event.seq for seq in decided):
            steps.append((date.fromisoformat(event.data["appeal_until"]), "appeal", True))
        if event.kind == "certificate.suspended" and "until" in event.data:
            steps.append((date.fromisoformat(event.data["until"]), "suspension", state == "suspended"))
    appeals = [one for one in measures.open_appeals(academy) if one.subject == row["number"] and one in events]
    steps += [(date.fromisoformat(one.data["decide_by"]), "decision", True) for one in appeals]
    for when, what, wanted in sorted(set(steps)):  # two measures may be appealed until the same day
        late = when < day
        if wanted and (not late or what in ("suspension", "decision")):
            yield f"{when}  {COMING[what].say(language)}{COMING['overdue'].say(language) if late else ''}"


def _renewable(row: Mapping[str, Any], state: str) -> bool:
    return state in ("coming", "in force", "due", "grace") and not row["renewed_by"]


def _undone(academy: Academy, row: Mapping[str, Any], state: str, day: date, language: str) -> Iterator[str]:
    """What somebody has to do for it to go on."""
    waits = measures.pending(academy, row["number"])
    if waits is not None and _day(waits) <= day.isoformat():
        yield COMING["proposal"].say(language).format(**_values(academy, waits, language))
    if state in ("due", "grace") and _renewable(row, state):
        found = renewing.standing(academy, row["number"], day)
        todo = COMING["lacking" if found.against else "complete"].say(language).format(**row)
        figures = {"hours": found.tally.hours, "wanted": found.tally.wanted}
        yield COMING["renewal"].say(language).format(**figures, todo=todo)


def _today() -> date:
    return datetime.now(UTC).date()
