"""The figures of a month: what is in force, what came and went, who passed, who is ready."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ..ladder import add_months
from ..store import Store
from ._read import EPOCH, Whole
from .fewest import FEWEST
from .figures import Overview
from .readiness import STATES_OF, readiness

__all__ = ["MONTHS", "Month", "Passed", "last_day", "month_of"]

MONTHS = 12
_BUCKET, _BUCKETS = 30, 6
_SITES = 12
"""Sites in the table; the smaller ones stand together."""
_TAKEN = ("certificate.suspended", "certificate.withdrawn", "certificate.reduced")


@dataclass(frozen=True)
class Passed:
    """A group of candidates who sat: how many, and how many of them passed."""

    candidates: int
    passed: int

    @property
    def shown(self) -> bool:
        """Whether the group is large enough to be shown."""
        return self.candidates >= FEWEST


@dataclass(frozen=True)
class Month:
    """A month as the board reads it; lists by level have the lowest first."""

    first: date
    day: date
    """Up to the end of this day."""
    samples: bool
    """Everything comes from a demonstration or from practice."""
    people: int
    holders: int
    wanting: int
    """People whose job asks for a level that they do not hold."""
    sites: Sequence[tuple[str | None, Sequence[int]]]
    """Certificates in force by site and level, the largest site first; None gathers the small ones."""
    months: Sequence[tuple[date, int, int, int]]
    """First day of a month; certificates that began, that ended without one that follows, that were taken back."""
    ending: Sequence[tuple[int, int, Sequence[int]]]
    """From and to so many days ahead: certificates that end then, by level."""
    passed: Sequence[tuple[Passed, Passed]]
    """By level: in the month, and in twelve months."""
    ready: Sequence[tuple[int, Mapping[str, int]]] | None
    """By level aimed at: how many are ready, near, not yet; None where the scheme has no rules for it."""

    @property
    def in_force(self) -> Sequence[int]:
        """Certificates in force by level."""
        return [sum(column) for column in zip(*(row for _, row in self.sites), strict=True)] if self.sites else []


def last_day(first: date, today: date) -> date:
    """The last day that a report of the month looks at: its own, or today within it."""
    end = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return min(end, today)


def month_of(store: Store, shown: Overview, first: date) -> Month:
    """The figures of the month that begins on ``first``, from an overview of its last day."""
    papers, levels = shown.papers, len(shown.framework.levels)
    samples = bool(len(papers.sample)) and bool(papers.sample.all())
    counted = papers.sample == int(samples)
    force = counted & papers.holds
    months = [add_months(first, -back) for back in range(MONTHS - 1, -1, -1)]
    return Month(
        first, shown.today, samples, shown.people.present, len(set(papers.person[force].tolist())),
        len(shown.gaps(samples)),
        _sites(shown, force, levels), _months(store, shown, counted, months), _ending(shown, force, levels),
        _passed(shown, samples, first, levels), _ready(shown, levels),
    )  # fmt: skip


def _sites(shown: Overview, force: Any, levels: int) -> list[tuple[str | None, list[int]]]:
    found: dict[str, list[int]] = {}
    for person, level in zip(shown.papers.person[force].tolist(), shown.papers.level[force].tolist(), strict=True):
        row = found.setdefault(shown.people.site[person], [0] * levels)
        row[level - 1] += 1
    ranked = sorted(found.items(), key=lambda one: (-sum(one[1]), one[0]))
    if len(ranked) <= _SITES:
        return list(ranked)
    small = [sum(column) for column in zip(*(row for _, row in ranked[_SITES - 1 :]), strict=True)]
    return [*ranked[: _SITES - 1], (None, small)]


def _months(store: Store, shown: Overview, counted: Any, months: Sequence[date]) -> list[tuple[date, int, int, int]]:
    papers = shown.papers
    edges = [(month - EPOCH).days for month in [*months, add_months(months[-1], 1)]]
    edges[-1] = min(edges[-1], (shown.today - EPOCH).days + 1)
    began = np.histogram(papers.begins[counted], edges)[0]
    over = counted & papers.is_("grace", "lapsed") & ~papers.followed
    # The day after the last one is the day on which it is gone.
    ended = np.histogram(papers.ends[over] + 1, edges)[0]
    known = set(np.array(papers.number, object)[counted].tolist())
    marks = ", ".join(f"'{kind}'" for kind in _TAKEN)
    rows = store.ask(
        f"SELECT subject, coalesce(json_extract(data, '$.on'), substr(at, 1, 10)) FROM events WHERE kind IN ({marks})"
    )
    taken = np.array([(date.fromisoformat(on) - EPOCH).days for number, on in rows if number in known], np.int64)
    # numpy counts the upper edge of the last span as part of it.
    gone = np.histogram(taken[taken < edges[-1]], edges)[0]
    return [(month, int(a), int(b), int(c)) for month, a, b, c in zip(months, began, ended, gone, strict=True)]


def _ending(shown: Overview, force: Any, levels: int) -> list[tuple[int, int, list[int]]]:
    papers = shown.papers
    left = papers.ends - (shown.today - EPOCH).days
    rows = []
    for low in range(0, _BUCKET * _BUCKETS, _BUCKET):
        start = low + 1 if low else 0
        inside: Whole = papers.level[force & ~papers.followed & (left >= start) & (left <= low + _BUCKET)]
        rows.append((start, low + _BUCKET, np.bincount(inside, minlength=levels + 1)[1 : levels + 1].tolist()))
    return rows


def _passed(shown: Overview, samples: bool, first: date, levels: int) -> list[tuple[Passed, Passed]]:
    results = shown.results
    begin, year = (first - EPOCH).days, (add_months(first, 1 - MONTHS) - EPOCH).days
    counts: Counter[tuple[int, bool, str]] = Counter()
    rows = zip(results.level.tolist(), results.on.tolist(), results.outcome, results.sample.tolist(), strict=True)
    for level, on, outcome, sample in rows:
        if outcome != "absent" and on >= year and bool(sample) is samples:
            counts[level, on >= begin, outcome] += 1
    found = []
    for level in range(1, levels + 1):
        month = Passed(counts[level, True, "pass"] + counts[level, True, "fail"], counts[level, True, "pass"])
        before = counts[level, False, "pass"] + counts[level, False, "fail"]
        found.append((month, Passed(month.candidates + before, month.passed + counts[level, False, "pass"])))
    return found


def _ready(shown: Overview, levels: int) -> list[tuple[int, dict[str, int]]] | None:
    if shown.scheme.promotion is None:
        return None
    counts = Counter((one.target, one.state) for one in readiness(shown, shown.scheme.promotion))
    return [(level, {state: counts[level, state] for state in STATES_OF}) for level in range(1, levels + 1)]
