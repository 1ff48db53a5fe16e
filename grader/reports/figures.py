"""The figures behind every HR report, as columns of the whole registry on one day; read from it and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ..ladder import STATES as CERTIFICATE_STATES
from ..ladder import in_force
from ..model import Framework, Scheme
from ..store import Store
from ._read import EPOCH, Issued, Whole, day_of, days_of, read, states_of
from .words import STATES

__all__ = ["ENDED_DAYS", "Cells", "Overview", "Papers", "People", "Results", "overview"]

ENDED_DAYS = 365
"""A certificate that ended without one that follows stays among those to renew for so many days."""
CELLS = tuple(STATES)
"""What a person's place on a level can be; a cell holds the place of its word in here."""


@dataclass(frozen=True)
class People:
    """Who has a place in the reports: by name, who has none last, and after all of them those who left."""

    number: list[str]
    name: list[str]
    site: list[str]
    team: list[str]
    role: list[str]
    manager: list[str]
    """Name of the manager, or the number when the roster has no such person."""
    hired_on: list[str]
    wanted: Whole
    """The level that the job asks for, 0 where none is known."""
    by_role: Whole
    """1 where the level is known by the name of the role only."""
    present: int
    """So many of them, the first ones, have not left."""

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where somebody stands in the columns."""
        return {number: at for at, number in enumerate(self.number)}


@dataclass(frozen=True)
class Papers:
    """Every certificate, by person, the one that holds longest first."""

    number: list[str]
    person: Whole
    """The holder's place among the people."""
    level: Whole
    state: Whole
    """Place in the states of :mod:`grader.ladder`."""
    sample: Whole
    begins: Whole
    ends: Whole

    def is_(self, *states: str) -> Any:
        """Which of them are in one of these states."""
        return np.isin(self.state, [list(CERTIFICATE_STATES).index(state) for state in states])

    @cached_property
    def holds(self) -> Any:
        """Which of them are in force."""
        return self.is_(*filter(in_force, CERTIFICATE_STATES))

    @cached_property
    def followed(self) -> Any:
        """Which of them have one that follows: same person, level and kind, longer, and neither taken back."""
        good = ~self.is_("withdrawn", "reduced", "suspended")
        key = (self.person * 10 + self.level) * 2 + self.sample
        last = np.zeros(int(key.max(initial=0)) + 1, np.int64)
        np.maximum.at(last, key[good], self.ends[good])
        return good & (self.ends < last[key])


@dataclass(frozen=True)
class Results:
    """Every confirmed decision, by person, the newest first."""

    seat: list[str]
    sitting: list[str]
    person: Whole
    level: Whole
    outcome: list[str]
    on: Whole
    purpose: list[str]
    points: list[tuple[float, float, float, float, float, float]]
    """Points, maximum and cut of the written part, then of the practical."""
    domains: list[str]
    """JSON: points and maximum by the code of the domain."""
    proposed_by: list[str]
    confirmed_by: list[str]

    @cached_property
    def sample(self) -> Whole:
        """Which of them certify nobody: practice and demonstrations."""
        return np.array([one != "certification" for one in self.purpose], np.int64)

    def marks(self, at: int) -> dict[str, list[float]]:
        """Points and maximum by the code of the domain; none of somebody who did not come."""
        came = self.outcome[at] != "absent"
        found: dict[str, list[float]] = json.loads(self.domains[at] or "{}") if came else {}
        return found


@dataclass(frozen=True)
class Cells:
    """Who stands where on each level, lowest first; an array each, a row for each person."""

    state: Whole
    """Place in :data:`CELLS`."""
    day: Whole
    """Last day of a certificate, day of a decision or of a sitting that is to come; 0 where there is none."""
    sample: Whole


@dataclass(frozen=True)
class Overview:
    """Everything that the reports show, as of one day."""

    today: date
    framework: Framework
    scheme: Scheme
    people: People
    papers: Papers
    results: Results
    seats: tuple[tuple[int, int, str, int, bool], ...]
    """Open seats: person, level, state, day of the sitting, whether a sample."""
    appraisals: Mapping[tuple[int, str], Mapping[str, tuple[str, str]]]
    """By person and part: day and rating of the newest appraisal of each appraiser."""

    @cached_property
    def cells(self) -> Cells:
        """Who stands where; what counts most wins: in force, then under way, then what has been."""
        shape = len(self.people), len(self.framework.levels)
        cells = Cells(*(np.zeros(shape, np.int64) for _ in range(3)))
        cells.state[:] = CELLS.index("none")
        self._lay_results(cells)
        self._lay_papers(cells)
        for person, level, state, day, sample in self.seats:
            _lay(cells, [person], [level], CELLS.index(state), day, sample)
        papers = self.papers
        for real in (False, True):  # a sample is shown, as one, where no real certificate stands
            found = np.flatnonzero(papers.holds & ((papers.sample == 0) == real))[::-1]
            self._lay_paper(cells, found)
        return cells

    def _lay_results(self, cells: Cells) -> None:
        results = self.results
        outcome = np.array([CELLS.index(_OUTCOMES[one]) for one in results.outcome], np.int64)
        back = slice(None, None, -1)  # the newest last: of several values the last one stays
        _lay(cells, results.person[back], results.level[back], outcome[back], results.on[back], results.sample[back])

    def _lay_papers(self, cells: Cells) -> None:
        """The newest certificate that is not in force, unless a later examination was not passed."""
        papers = self.papers
        found = np.flatnonzero(~papers.holds)
        found = found[np.argsort(papers.begins[found], kind="stable")]
        newest = np.full(cells.state.shape, -1, np.int64)
        newest[papers.person[found], papers.level[found] - 1] = found
        found = newest[newest >= 0]
        before = (papers.person[found], papers.level[found] - 1)
        failed = np.isin(cells.state[before], [CELLS.index("failed"), CELLS.index("absent")])
        self._lay_paper(cells, found[~(failed & (cells.day[before] > papers.begins[found]))])

    def _lay_paper(self, cells: Cells, found: Whole) -> None:
        papers = self.papers
        state = _CELL_OF_STATE[papers.state[found]]
        _lay(cells, papers.person[found], papers.level[found], state, papers.ends[found], papers.sample[found])

    @cached_property
    def held(self) -> Any:
        """Which levels each person holds: a row for each person, true where a certificate is in force."""
        return np.isin(self.cells.state, [CELLS.index(state) for state in CERTIFICATE_STATES if in_force(state)])

    @cached_property
    def highest(self) -> Whole:
        """The highest level that each person holds, 0 for none; a sample counts for nothing."""
        levels = np.arange(1, len(self.framework.levels) + 1)
        return np.asarray((self.held * (self.cells.sample == 0) * levels).max(axis=1, initial=0))

    def ending(self) -> list[int]:
        """Certificates that can be renewed, soonest first, and after them those that lapsed within a year.

        One that another follows is none of them.
        """
        papers = self.papers
        day = _days(self.today)
        open_ = papers.is_("due") | (papers.is_("grace", "lapsed") & (papers.ends >= day - ENDED_DAYS))
        found = np.flatnonzero(open_ & ~papers.followed & (papers.person < self.people.present))
        order = np.lexsort((papers.person[found], papers.ends[found], papers.is_("lapsed")[found]))
        return [int(at) for at in found[order]]

    def gaps(self, samples: bool = False) -> list[int]:
        """People whose job asks for a level that they do not hold, nor a higher one; ``samples``: these count, too."""
        seen = np.arange(len(self.people)) < self.people.present
        missing = seen & (self.people.wanted > 0)
        held = self.held & (samples | (self.cells.sample == 0))
        for level in range(1, len(self.framework.levels) + 1):
            missing &= ~(held[:, level - 1] & (self.people.wanted <= level))
        return [int(at) for at in np.flatnonzero(missing)]

    def certificates(self, person: int) -> list[dict[str, Any]]:
        """Somebody's certificates as rows of the registry's view, as far as the entry rules look at them."""
        papers, rows = self.papers, []
        for at in range(*np.searchsorted(papers.person, [person, person + 1]).tolist()):
            state = list(CERTIFICATE_STATES)[papers.state[at]]
            rows.append(
                {
                    "number": papers.number[at],
                    "person": self.people.number[person],
                    "level": int(papers.level[at]),
                    "state": state if state in ("suspended", "withdrawn", "reduced") else "active",
                    "purpose": "practice" if papers.sample[at] else "certification",
                    "issued_on": day_of(papers.begins[at]).isoformat(),
                    "valid_until": day_of(papers.ends[at]).isoformat(),
                }
            )
        return rows

    def count(self, *states: str) -> tuple[int, int]:
        """People who have not left with a level in one of these states, and people who have it as a sample only."""
        present = self.people.present
        found = np.isin(self.cells.state[:present], [CELLS.index(state) for state in states])
        real = (found & (self.cells.sample[:present] == 0)).any(axis=1)
        return int(real.sum()), int((found.any(axis=1) & ~real).sum())

    @property
    def samples(self) -> bool:
        """Whether anything shown comes from a demonstration or from practice."""
        return bool(self.cells.sample.any() or self.results.sample.any())


_OUTCOMES = {"pass": "passed", "fail": "failed", "absent": "absent"}
_CELL_OF_STATE = np.array([CELLS.index(state) for state in CERTIFICATE_STATES], np.int64)


def _lay(cells: Cells, person: Any, level: Any, state: Any, day: Any, sample: Any) -> None:
    at = np.asarray(person, np.int64), np.asarray(level, np.int64) - 1
    cells.state[at], cells.day[at], cells.sample[at] = state, day, sample


def overview(store: Store, framework: Framework, scheme: Scheme, today: date) -> Overview:
    """Read the registry as it stood at the end of a day; people are those of now."""
    found, roster = read(store, today)
    sittings = {row[0]: row for row in store.ask("SELECT sitting, purpose, opens_at, state, level FROM sittings")}
    decided = _decisions(store, today)
    seats = store.ask("SELECT seat, sitting, person FROM seats")
    people = _people(roster, framework, {*found.person, *(row[2] for row in seats)}, today)
    confirmed = {row[0] for row in decided}
    state = {"scheduled": "scheduled", "opened": "in-progress"}
    open_seats = sorted(
        (
            (people.place[person], sittings[sitting][4], state.get(sittings[sitting][3], "waiting"),
             _days(date.fromisoformat(sittings[sitting][2][:10])), sittings[sitting][1] != "certification")
            for seat, sitting, person in seats
            if seat not in confirmed and sitting in sittings
        ),
        key=lambda seat: seat[3],
    )  # fmt: skip
    return Overview(
        today, framework, scheme, people, _papers(found, states_of(found, today, scheme.keeping), people),
        _results(decided, sittings, people), tuple(open_seats), _appraisals(store, people, today),
    )  # fmt: skip


def _decisions(store: Store, today: date) -> list[tuple[Any, ...]]:
    return store.ask(
        "SELECT seat, sitting, person, level, outcome, substr(confirmed_at, 1, 10), written_points, written_max, "
        "written_cut, practical_points, practical_max, practical_cut, domains, proposed_by, confirmed_by "
        "FROM decisions WHERE confirmed_by IS NOT NULL AND confirmed_at < :end",
        {"end": (today + timedelta(days=1)).isoformat()},
    )


def _people(rows: list[tuple[str, ...]], framework: Framework, others: set[str], today: date) -> People:
    # Somebody with a seat or a certificate is shown even when the roster does not know the number (any more).
    rows += [(number, *[""] * 8) for number in others - {row[0] for row in rows} - {""}]
    gone = today.isoformat()
    left = {row[0] for row in rows if row[8] and row[8] <= gone}
    # One text to sort by, for 100,000 of them: who left last, who has no name before them, names as read aloud.
    keys = [f"{row[0] in left:d}{not row[1]:d}{row[1].casefold()}\0{row[0]}" for row in rows]
    order = sorted(range(len(rows)), key=keys.__getitem__)
    columns = [list(column) for column in zip(*(rows[at] for at in order), strict=True)] or [[] for _ in range(9)]
    number, name, site, team, role, manager, hired_on, job, _ = columns
    names = dict(zip(number, name, strict=True))
    levels = {level.code: level.number for level in framework.levels}
    roles = {name.casefold(): level.number for level in framework.levels for name in (level.name.en, level.name.zh)}
    by_job = np.array([levels.get(one, 0) for one in job], np.int64)
    by_name = {one: roles.get(one.strip().casefold(), 0) for one in set(role)}
    by_role = np.array([by_name[one] for one in role], np.int64)
    bosses = {one: names.get(one) or one for one in set(manager)}
    return People(
        number, name, site, team, role, [bosses[one] for one in manager], hired_on,
        np.where(by_job > 0, by_job, by_role), ((by_job == 0) & (by_role > 0)).astype(np.int64), len(rows) - len(left),
    )  # fmt: skip


def _papers(found: Issued, state: Whole, people: People) -> Papers:
    place = {"": -1, **people.place}
    person = np.fromiter(map(place.__getitem__, found.person), np.int64, len(found.person))
    order = np.lexsort((-found.begins, -found.ends, person))
    order = order[person[order] >= 0]
    number = np.array(found.number, object)[order].tolist()
    return Papers(
        number, person[order], found.level[order], state[order], found.sample[order], found.begins[order],
        found.ends[order],
    )  # fmt: skip


def _results(rows: list[tuple[Any, ...]], sittings: dict[str, tuple[Any, ...]], people: People) -> Results:
    rows = [row for row in rows if row[1] in sittings]
    rows.sort(key=lambda row: (row[5], row[0]), reverse=True)
    rows.sort(key=lambda row: people.place[row[2]])
    column = list(zip(*rows, strict=True)) if rows else [()] * 15
    return Results(
        list(column[0]), list(column[1]), np.array([people.place[one] for one in column[2]], np.int64),
        np.array(column[3], np.int64), list(column[4]), days_of("".join(column[5])),
        [sittings[one][1] for one in column[1]],
        list(zip(*column[6:12], strict=True)), list(column[12]), list(column[13]), list(column[14]),
    )  # fmt: skip


def _appraisals(store: Store, people: People, today: date) -> dict[tuple[int, str], dict[str, tuple[str, str]]]:
    fields = ", ".join(f"json_extract(data, '$.{name}')" for name in ("person", "part", "appraiser", "on", "rating"))
    rows = store.ask(
        f"SELECT {fields} FROM events WHERE kind = 'appraisal.recorded' AND data IS NOT NULL "
        "AND json_extract(data, '$.on') <= :today ORDER BY seq",
        {"today": today.isoformat()},
    )
    found: dict[tuple[int, str], dict[str, tuple[str, str]]] = {}
    for person, part, appraiser, on, rating in rows:
        if person in people.place:
            rated = found.setdefault((people.place[person], part), {})
            if on >= rated.get(appraiser, ("", ""))[0]:
                rated[appraiser] = (on, rating)
    return found


def _days(day: date) -> int:
    return (day - EPOCH).days
