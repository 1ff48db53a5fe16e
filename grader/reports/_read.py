"""Reads the registry into columns: whole kinds of facts in one question each, no loop over facts in Python."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..ladder import STATES, as_of, state_of
from ..model import KeepingRules
from ..store import Store

__all__ = ["EPOCH", "Issued", "Whole", "day_of", "days_of", "issued", "read", "states_of"]

Whole: TypeAlias = NDArray[np.int64]
EPOCH = date(1970, 1, 1)

# One text for each column: SQLite puts them together several times faster than Python takes 500,000 rows.
# The plus keeps it from reading by the index: the facts lie in their order in the file.
_ISSUED = """
SELECT group_concat(subject, char(10)), group_concat(person, char(10)), group_concat(level, ''),
    group_concat(purpose <> 'certification', ''), group_concat(issued_on, ''), group_concat(valid_until, ''),
    group_concat(renews, char(10))
FROM (
    SELECT subject, coalesce(json_extract(data, '$.person'), '') AS person, json_extract(data, '$.level') AS level,
        json_extract(data, '$.purpose') AS purpose, json_extract(data, '$.issued_on') AS issued_on,
        json_extract(data, '$.valid_until') AS valid_until, coalesce(json_extract(data, '$.renews'), '') AS renews
    FROM events WHERE +kind = 'certificate.issued' AND data IS NOT NULL ORDER BY seq
)
"""
_MEASURES = """
SELECT subject, kind, coalesce(json_extract(data, '$.on'), '') FROM events
WHERE kind IN ('certificate.suspended', 'certificate.reinstated', 'certificate.withdrawn', 'certificate.reduced')
ORDER BY seq
"""
_PARTED = chr(31)
_PEOPLE = (
    "SELECT "
    + ", ".join(
        f"group_concat(replace(coalesce({name}, ''), char(31), ' '), char(31))"
        for name in ("person", "name", "site", "team", "role", "manager", "hired_on", "job_level", "left_on")
    )
    + " FROM people"
)
_STATES = ("active", "suspended", "withdrawn", "reduced")


@dataclass(frozen=True)
class Issued:
    """Columns of the certificates in the order in which they were issued; days count from 1 January 1970."""

    number: list[str]
    person: list[str]
    level: Whole
    sample: Whole
    begins: Whole
    ends: Whole
    measure: Whole
    """Place in active, suspended, withdrawn, reduced."""
    renewed_from: Whole
    """First day of the one that renews it; 0 where none does."""


def read(store: Store, day: date) -> tuple[Issued, list[tuple[str, ...]]]:
    """Every certificate, and who is or was in the roster: number, name, site, team, role, manager, hired, level, left.

    The two questions take most of the time of a report, and SQLite answers them on two processors at once.
    """
    with ThreadPoolExecutor(1) as beside:
        people = beside.submit(_people, store)
        found = issued(store, day)
        return found, people.result()


def _people(store: Store) -> list[tuple[str, ...]]:
    with Store(store.path) as other:  # a connection serves one thread
        ((first, *more),) = other.ask(_PEOPLE)
    if first is None:
        return []
    return list(zip(*(column.split(_PARTED) for column in (first, *more)), strict=True))


def issued(store: Store, day: date) -> Issued:
    """Every certificate, with the measures that took effect by ``day``.

    Of a number that was issued twice the newest fact counts, as in the registry's view.
    """
    ((numbers, people, levels, samples, begins, ends, renews),) = store.ask(_ISSUED)
    if numbers is None:
        none = np.zeros(0, np.int64)
        return Issued([], [], *([none] * 6))
    number, person = numbers.split("\n"), people.split("\n")
    measures, renewing = _measures(store, day), renews.strip("\n")
    place: dict[str, int] = {}
    if measures or renewing or len(set(number)) < len(number):
        place = {one: at for at, one in enumerate(number)}
    measure, renewed_from, first = (np.zeros(len(number), np.int64) for _ in range(3))
    first[:] = days_of(begins)
    for one, state in measures.items():
        if one in place:
            measure[place[one]] = _STATES.index(state)
    for at, one in enumerate(renews.split("\n")) if renewing else ():
        if one in place:
            renewed_from[place[one]] = first[at]
    columns: tuple[Whole, ...] = (_digits(levels), _digits(samples), first, days_of(ends), measure, renewed_from)
    if 0 < len(place) < len(number):
        kept = sorted(place.values())
        number, person = ([column[at] for at in kept] for column in (number, person))
        columns = tuple(column[kept] for column in columns)
    return Issued(number, person, *columns)


def _measures(store: Store, day: date) -> dict[str, str]:
    """The state that measures gave a certificate by that day; one without any is absent."""
    facts: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for number, kind, on in store.ask(_MEASURES):
        facts.setdefault(number, []).append((kind, {"on": on}))
    return {number: as_of({}, found, day)["state"] for number, found in facts.items()}


def states_of(found: Issued, day: date, rules: KeepingRules) -> Whole:
    """The state of each as its place in :data:`ladder.STATES`.

    :func:`ladder.state_of` is asked once for all that have the same days and measure: thousands of times, not 500,000.
    """
    alike = (found.begins << 20 | found.ends) << 22 | found.measure << 20 | found.renewed_from
    first, back = np.unique(alike, return_index=True, return_inverse=True)[1:]
    places = {state: place for place, state in enumerate(STATES)}
    said = [places[_state(found, int(at), day, rules)] for at in first]
    return np.array(said, np.int64)[back]


def _state(found: Issued, at: int, day: date, rules: KeepingRules) -> str:
    renewed = int(found.renewed_from[at])
    row = {
        "issued_on": day_of(found.begins[at]).isoformat(),
        "valid_until": day_of(found.ends[at]).isoformat(),
        "state": _STATES[found.measure[at]],
        "renewed_from": day_of(renewed).isoformat() if renewed else None,
    }
    return state_of(row, day, rules)


def days_of(text: str) -> Whole:
    """Dates of ten characters each, one after the other, as days."""
    digits = np.frombuffer(text.encode("ascii"), np.uint8).reshape(-1, 10).astype(np.int64) - ord("0")
    years = digits[:, :4] @ np.array([1000, 100, 10, 1])
    months = (years - 1970) * 12 + digits[:, 5] * 10 + digits[:, 6] - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(first + digits[:, 8] * 10 + digits[:, 9] - 1)


def day_of(days: int) -> date:
    """The date of a day.

    >>> day_of(20778)
    datetime.date(2026, 11, 21)
    """
    return date.fromordinal(EPOCH.toordinal() + int(days))


def _digits(text: str) -> Whole:
    return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - ord("0")
