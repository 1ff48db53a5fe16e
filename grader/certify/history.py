"""Where a certificate stands, what became of it so far and what comes next, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from .. import ladder
from ..store import Event
from . import measures, renewing
from .desk import Academy

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


def history(academy: Academy, number: str, on: date | None = None) -> History:
    """The history of a certificate up to a day, and what comes after it when nothing is done."""
    row, day = measures.certificate(academy, number), on or _today()
    events = [one for one in academy.store.events(subject=number, redacted=True) if _day(one) <= day.isoformat()]
    then = ladder.as_of(row, [(one.kind, one.data) for one in events], day)
    if row["renewed_by"] and not any(_renewed(academy, row, day)):
        then |= {"renewed_by": None, "renewed_from": None}
    state = ladder.state_of(then, day, academy.scheme.keeping)
    past = [line for one in events for line in _said(one)]
    past += _renewed(academy, row, day)
    coming = tuple(_coming(academy, then, state, day, events))
    return History(number, row["person"], row["level"], day, state, tuple(past), coming)


def waiting(academy: Academy, on: date | None = None) -> list[Waiting]:
    """Proposals without a second person, appeals without a decision and suspensions that end, most urgent first."""
    day, found = on or _today(), []
    for proposed in academy.store.events("certificate.measure-proposed"):
        if measures.pending(academy, proposed.subject) == proposed:
            what = f"{proposed.by} proposed to {proposed.data['measure']} it ({proposed.data['ground']})"
            found.append(Waiting(proposed.subject, f"{what}: academy cert confirm, or refuse", None))
    for filed in measures.open_appeals(academy):
        by = date.fromisoformat(filed.data["decide_by"])
        found.append(Waiting(filed.subject, "an appeal is to be decided: academy cert appeal decide", by))
    for row in academy.store.rows("certificates", state="suspended"):
        last = academy.store.events("certificate.suspended", row["number"])[-1]
        until = date.fromisoformat(last.data["until"])
        if (until - day).days <= SOON:
            found.append(Waiting(row["number"], "its suspension ends: academy cert reinstate, or withdraw", until))
    return sorted(found, key=lambda one: (one.by or day, one.number))


def _day(event: Event) -> str:
    """The day on which a fact took effect, or was written."""
    if event.kind == "certificate.issued":
        return str(event.data.get("renewed_on") or min(event.at[:10], event.data["issued_on"]))
    return str(event.data.get("on") or event.at[:10])


def _said(event: Event) -> Iterator[str]:
    """A fact as a line; a fact of another kind says nothing here."""
    data, kind = event.data, event.kind
    earlier = {"renews": "renewal of", "reduces": "reduced from", "restores": "in the place of"}
    text = {
        "certificate.issued": lambda: (
            f"issued by {event.by}, level {data['level']}, from {data['issued_on']} to {data['valid_until']}"
            + "".join(f", {said} {data[name]}" for name, said in earlier.items() if name in data)
            + (f" with {data['hours']:g} hours of credit" if "hours" in data else "")
        ),
        "certificate.measure-proposed": lambda: (
            f"{event.by} proposed to {data['measure']} it ({data['ground']}): {data['note']}"
        ),
        "certificate.measure-refused": lambda: (
            f"{event.by} turned down the proposal to {data['measure']} it: {data['reason']}"
        ),
        "certificate.suspended": lambda: f"suspended{_why(event)}; to be reinstated or withdrawn by {data['until']}",
        "certificate.reinstated": lambda: f"reinstated{_why(event)}",
        "certificate.withdrawn": lambda: f"withdrawn{_why(event)}",
        "certificate.reduced": lambda: f"reduced{_why(event)}; {data['to']} takes its place",
        "measure.appealed": lambda: f"the holder appealed: {data['text']}; to be decided by {data['decide_by']}",
        "measure.decided": lambda: (
            f"{event.by} decided the appeal: {data['outcome']}: {data['reason']}"
            + (f"; {data['to']} takes its place" if "to" in data else "")
        ),
        "notice.sent": lambda: f"letter sent to {data['to']} by {data['how']}: {_letter(data)}",
    }.get(kind)
    if text is not None:
        said = "(removed from the registry)" if event.redacted else " ".join(text().split())
        yield f"{_day(event)}  {''.join(one if one.isprintable() else '?' for one in said)}"


def _why(event: Event) -> str:
    """Who took a measure, on which ground, and what happened; a fact of an appeal against a result has a reason."""
    data = event.data
    people = f"{data['proposed_by']} and {event.by}" if "proposed_by" in data else event.by
    ground = f" ({data['ground']})" if "ground" in data else ""
    return f" by {people}{ground}: {data.get('note') or data.get('reason', '')}"


def _letter(data: Mapping[str, Any]) -> str:
    if "days" not in data:
        return str(data["about"])
    return f"reminder, {data['days']} days before its end" if data["days"] else "reminder on its last day or after it"


def _renewed(academy: Academy, row: Mapping[str, Any], day: date) -> list[str]:
    if not row["renewed_by"]:
        return []
    (issued,) = academy.store.events("certificate.issued", row["renewed_by"])
    if _day(issued) > day.isoformat():
        return []
    return [f"{_day(issued)}  renewed by {issued.by}: {row['renewed_by']} holds from {row['renewed_from']} on"]


def _coming(academy: Academy, row: Mapping[str, Any], state: str, day: date, events: list[Event]) -> Iterator[str]:
    rules = academy.scheme.keeping
    dates = ladder.dates_of(row, rules)
    renewable = state in ("coming", "in force", "due", "grace") and not row["renewed_by"]
    steps = [
        (dates.begins, "it begins", state == "coming"),
        (dates.due, "it may be renewed from this day on", renewable),
        (dates.ends, "its last day", state in ("coming", "in force", "due", "suspended")),
        (dates.grace_ends, "last day for a renewal without a new examination", renewable),
    ]
    for event in events:
        if "appeal_until" in event.data:
            steps.append(
                (date.fromisoformat(event.data["appeal_until"]), "last day for an appeal of the measure", True)
            )
        if event.kind == "certificate.suspended" and state == "suspended":
            steps.append((date.fromisoformat(event.data["until"]), "by then it is reinstated or withdrawn", True))
    appeals = [one for one in measures.open_appeals(academy) if one.subject == row["number"] and one in events]
    steps += [(date.fromisoformat(one.data["decide_by"]), "by then the appeal is decided", True) for one in appeals]
    for when, what, wanted in sorted(steps):
        if wanted and (when >= day or what.startswith("by then")):
            yield f"{when}  {what}{' (overdue)' if when < day else ''}"
    waits = measures.pending(academy, row["number"])
    if waits in events and waits is not None:
        yield f"waits for a second person: {waits.by} proposed to {waits.data['measure']} it"
    if state in ("due", "grace") and renewable:
        found = renewing.standing(academy, row["number"], day)
        lacks = "; ".join(found.against) or "nothing is missing: academy cert renew"
        yield f"renewal: {found.tally.hours:g} of {found.tally.wanted} hours; {lacks}"


def _today() -> date:
    return datetime.now(UTC).date()
