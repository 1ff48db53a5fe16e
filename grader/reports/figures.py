"""The figures behind every HR report, each read from the registry's views and from nowhere else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..certificates import Score
from ..ladder import held_levels
from ..model import Framework
from ..store import Store

__all__ = ["EXPIRING_DAYS", "Certificate", "Holding", "Overview", "Person", "Result", "overview"]

EXPIRING_DAYS = 180
"""A certificate that ends within so many days is shown as one to renew; reminders go out 180, 90 and 30 days before."""


@dataclass(frozen=True)
class Certificate:
    """One certificate; ``days`` until its last day, negative when that has passed."""

    number: str
    level: int
    state: str
    """``active``, ``suspended``, ``withdrawn`` or ``expired``."""
    purpose: str
    issued_on: date
    valid_until: date
    days: int


@dataclass(frozen=True)
class Result:
    """One confirmed decision."""

    seat: str
    sitting: str
    level: int
    purpose: str
    outcome: str
    on: date
    written: Score
    practical: Score
    domains: Mapping[str, tuple[float, float]]
    proposed_by: str
    confirmed_by: str


@dataclass(frozen=True)
class Holding:
    """Where a person stands on one rung: ``state`` is a key of ``words.STATES``."""

    state: str
    day: date | None = None
    """Last day of a certificate, day of a decision, or day of a sitting that is to come."""
    days: int | None = None
    sample: bool = False


@dataclass(frozen=True)
class Person:
    """A person with a place in the matrix; ``levels`` has one holding for each level, lowest first."""

    number: str
    name: str
    site: str
    team: str
    role: str
    manager: str
    """Name of the manager, or the number when the roster has no such person."""
    levels: tuple[Holding, ...]
    certificates: tuple[Certificate, ...]
    results: tuple[Result, ...]
    """Newest first."""

    def holds(self, level: int) -> bool:
        """Whether a certificate of this level is in force."""
        return self.levels[level - 1].state in ("held", "expiring")


@dataclass(frozen=True)
class Overview:
    """Everything that the page and the workbook show, as of one day."""

    today: date
    framework: Framework
    people: tuple[Person, ...]

    def ending(self) -> list[tuple[Person, Certificate]]:
        """Certificates that end within :data:`EXPIRING_DAYS` or ended without one that follows, soonest first."""
        found = [
            (person, one)
            for person in self.people
            for one in person.certificates
            if one.state in ("active", "expired") and one.days <= EXPIRING_DAYS
            if not any(_follows(other, one) for other in person.certificates)
        ]
        return sorted(found, key=lambda pair: (pair[1].valid_until, pair[0].number))

    def gaps(self) -> list[tuple[Person, int]]:
        """People whose role is the name of a level for which they hold no certificate in force."""
        roles = {
            name.casefold(): level.number for level in self.framework.levels for name in (level.name.en, level.name.zh)
        }
        wanted = [(person, roles.get(person.role.strip().casefold())) for person in self.people]
        return [(person, level) for person, level in wanted if level is not None and not person.holds(level)]

    def count(self, *states: str) -> int:
        """People with at least one rung in one of these states."""
        return sum(any(holding.state in states for holding in person.levels) for person in self.people)

    @property
    def samples(self) -> bool:
        """Whether anything shown comes from a demonstration or from practice."""
        return any(holding.sample for person in self.people for holding in person.levels)


def overview(store: Store, framework: Framework, today: date) -> Overview:
    """Read the registry once; people in the order of their names, who has none last."""
    sittings: dict[str, Mapping[str, Any]] = {row["sitting"]: row for row in store.rows("sittings")}
    decisions = {row["seat"]: row for row in store.rows("decisions") if row["confirmed_by"] is not None}
    certificates = _by_person(store.rows("certificates"))
    seats = _by_person(store.rows("seats"))
    rows = {row["person"]: row for row in store.rows("people")}
    # Somebody with a seat or a certificate is shown even when the roster does not know the number (any more).
    numbers = sorted({*rows, *certificates, *seats}, key=lambda number: _order(rows.get(number, {}), number))
    people = []
    for number in numbers:
        results = [
            _result(decisions[seat["seat"]], sittings[seat["sitting"]])
            for seat in seats[number]
            if seat["seat"] in decisions and seat["sitting"] in sittings
        ]
        results.sort(key=lambda result: (result.on, result.seat), reverse=True)
        open_seats = [
            sittings[seat["sitting"]]
            for seat in seats[number]
            if seat["seat"] not in decisions and seat["sitting"] in sittings
        ]
        holdings = _holdings(certificates[number], results, open_seats, len(framework.levels), today)
        papers = [_certificate(row, today) for row in certificates[number]]
        manager = rows.get(number, {}).get("manager") or ""
        boss = rows.get(manager, {}).get("name") or manager
        people.append(_person(number, rows.get(number, {}), boss, holdings, papers, results))
    return Overview(today, framework, tuple(people))


def _follows(other: Certificate, one: Certificate) -> bool:
    """Whether ``other`` is a renewal of ``one``: of the same level and purpose, longer, and neither taken back."""
    alike = (other.level, other.purpose) == (one.level, one.purpose) and other.state in ("active", "expired")
    return alike and other.valid_until > one.valid_until


def _order(row: Mapping[str, Any], number: str) -> tuple[bool, str, str]:
    name = row.get("name") or ""
    return (not name, name.casefold(), number)


def _by_person(rows: Iterable[Mapping[str, Any]]) -> defaultdict[str, list[Mapping[str, Any]]]:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["person"]].append(row)
    return found


def _person(
    number: str,
    row: Mapping[str, Any],
    manager: str,
    holdings: tuple[Holding, ...],
    papers: list[Certificate],
    results: list[Result],
) -> Person:
    name, site, team, role = (row.get(key) or "" for key in ("name", "site", "team", "role"))
    newest = tuple(sorted(papers, key=lambda paper: (paper.valid_until, paper.number), reverse=True))
    return Person(number, name, site, team, role, manager, holdings, newest, tuple(results))


def _certificate(row: Mapping[str, Any], today: date) -> Certificate:
    until = date.fromisoformat(row["valid_until"])
    state = "expired" if row["state"] == "active" and until < today else row["state"]
    issued = date.fromisoformat(row["issued_on"])
    return Certificate(row["number"], row["level"], state, row["purpose"], issued, until, (until - today).days)


def _result(row: Mapping[str, Any], sitting: Mapping[str, Any]) -> Result:
    written, practical = (
        Score(*(float(row[f"{part}_{what}"]) for what in ("points", "max", "cut"))) for part in ("written", "practical")
    )
    domains = {code: (float(points), float(most)) for code, (points, most) in json.loads(row["domains"]).items()}
    return Result(
        row["seat"], row["sitting"], row["level"], sitting["purpose"], row["outcome"],
        date.fromisoformat(row["confirmed_at"][:10]), written, practical, domains,
        row["proposed_by"], row["confirmed_by"],
    )  # fmt: skip


def _holdings(
    certificates: list[Mapping[str, Any]],
    results: list[Result],
    sittings: list[Mapping[str, Any]],
    levels: int,
    today: date,
) -> tuple[Holding, ...]:
    # A sample is shown, as one, where no real certificate stands.
    held = held_levels(certificates, today, samples=True) | held_levels(certificates, today)
    return tuple(
        _holding(
            held.get(level),
            [row for row in certificates if row["level"] == level],
            [result for result in results if result.level == level],
            [row for row in sittings if row["level"] == level],
            today,
        )
        for level in range(1, levels + 1)
    )


def _holding(
    held: Mapping[str, Any] | None,
    certificates: list[Mapping[str, Any]],
    results: list[Result],
    sittings: list[Mapping[str, Any]],
    today: date,
) -> Holding:
    # What counts most stands first: a certificate in force, then what is under way, then what has been.
    if held is not None:
        paper = _certificate(held, today)
        state = "expiring" if paper.days <= EXPIRING_DAYS else "held"
        return Holding(state, paper.valid_until, paper.days, paper.purpose != "certification")
    if sittings:
        row = max(sittings, key=lambda sitting: sitting["opens_at"])
        state = {"scheduled": "scheduled", "opened": "in-progress"}.get(row["state"], "waiting")
        return Holding(state, date.fromisoformat(row["opens_at"][:10]), None, row["purpose"] != "certification")
    papers = sorted((_certificate(row, today) for row in certificates), key=lambda paper: paper.issued_on)
    newest = results[0] if results else None
    if papers and (newest is None or newest.outcome == "pass" or newest.on <= papers[-1].issued_on):
        paper = papers[-1]
        day = paper.valid_until if paper.state == "expired" else None
        return Holding(paper.state, day, paper.days, paper.purpose != "certification")
    if newest is not None:
        state = {"pass": "passed", "fail": "failed"}.get(newest.outcome, "absent")
        return Holding(state, newest.on, None, newest.purpose != "certification")
    return Holding("none")
