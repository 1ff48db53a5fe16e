"""Who has met which items: uses of an item by sittings, and what a person has seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from .. import ladder
from ..model import Form
from .desk import Academy

__all__ = ["asked_in", "items_of", "scored_of", "seen_by", "uses_of"]


def items_of(form: Form) -> frozenset[str]:
    """Ids of a form's items, pilot items among them."""
    return frozenset(slot.question.item_id for slot in form.slots)


def scored_of(form: Form) -> frozenset[str]:
    """Ids of the items that count: a pilot item that somebody has met before stands in no one's way."""
    return frozenset(slot.question.item_id for slot in form.scored)


def uses_of(academy: Academy, on: date, *, shelf: bool) -> dict[str, int]:
    """For each item the sittings of the last months (as the scheme says) in which it was used, whatever their purpose.

    ``shelf`` counts a form of the shelf that nobody has sat yet as one more: it is about to be used.
    """
    since = ladder.add_months(on, -academy.scheme.forms.use_months).isoformat()
    sittings = {row["sitting"] for row in academy.store.rows("sittings") if row["opens_at"] >= since}
    known = _assembled(academy)
    given = {(row["sitting"], row["form"], row["form_digest"]) for row in academy.store.rows("seats")}
    met = {
        (sitting, item)
        for sitting, form, seal in given
        if sitting in sittings
        for item in _items(academy, known, sitting, form, seal)
    }
    used = [item for _, item in met]
    if shelf:
        sat = {seal for _, _, seal in given}
        waiting = (event for event in academy.store.events("form.assembled") if event.data["shelf"])
        used += [item for event in waiting if event.data["digest"] not in sat for item in known[event.data["digest"]]]
    return Counter(used)


def asked_in(academy: Academy, item: str) -> dict[str, str]:
    """The sittings, of any purpose, that gave somebody a form with the item in any version, each with its state."""
    known = _assembled(academy)
    given = {(row["sitting"], row["form"], row["form_digest"]) for row in academy.store.rows("seats")}
    found = {sitting for sitting, form, seal in given if item in _items(academy, known, sitting, form, seal)}
    return {row["sitting"]: row["state"] for row in academy.store.rows("sittings") if row["sitting"] in found}


def seen_by(academy: Academy, person: str) -> dict[str, tuple[frozenset[str], str]]:
    """The forms that a person was given, by digest: their items, and the purpose of the sitting.

    A seat to which the person never came shows nothing to anybody.
    """
    known = _assembled(academy)
    purposes = {row["sitting"]: str(row["purpose"]) for row in academy.store.rows("sittings")}
    return {
        row["form_digest"]: (
            _items(academy, known, row["sitting"], row["form"], row["form_digest"]),
            purposes[row["sitting"]],
        )
        for row in academy.store.rows("seats", person=person)
        if row["handed_in_how"] != "never"
    }


def _assembled(academy: Academy) -> dict[str, frozenset[str]]:
    """Items of the forms that the registry knows by their assembly."""

    def told() -> Iterator[tuple[str, frozenset[str]]]:
        for event in academy.store.events("form.assembled"):
            yield event.data["digest"], frozenset(item["id"] for item in event.data["items"])

    return dict(told())


def _items(academy: Academy, known: dict[str, frozenset[str]], sitting: str, form: str, seal: str) -> frozenset[str]:
    """Items of a form that was given; one of an older centre is read from the office's papers."""
    if seal not in known:
        known[seal] = items_of(academy.form(sitting, form))
    return known[seal]
