"""Cleaning of a call history: what was not ordinary demand is replaced, and every replacement is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, number
from .._grid import Grid, check_index, expected_slots, spread, stamps
from .._text import Text
from ._calendar import Event, covered, read_events

__all__ = ["Cleaned", "clean", "typical_counts"]

NEIGHBOUR_WEEKS = 4
QUIET = 10.0
REASONS = {
    "gap": Text("no count for an interval that is usually open", "平时开放的时段缺数"),
    "zero": Text(
        "no calls where ten or more are typical: the line was down", "平时有10通以上的时段一通也没有：线路中断"
    ),
    "spike": Text("far above what is typical", "远高于典型值"),
    "dip": Text("far below what is typical", "远低于典型值"),
    "duplicate": Text("the interval came more than once", "同一时段重复出现"),
    "holiday": Text("holiday", "节假日"),
    "makeup_workday": Text("make-up workday", "调休上班"),
    "campaign": Text("campaign", "营销活动"),
    "outage": Text("outage", "故障"),
}


@dataclass(frozen=True)
class Cleaned:
    """A history without what was not ordinary demand, and the account of what was changed."""

    history: pd.Series
    """Counts, one for every open interval."""
    log: pd.DataFrame
    """One row per changed interval: `start`, `was` (missing when there was no count), `now`, `reason`, and the reason
    in words, `en` and `zh`."""


def clean(history: pd.Series, events: pd.DataFrame | None = None, *, spikes: float | None = None) -> Cleaned:
    """Replace events, false zeros, gaps and double counts by what is typical, and log every change.

    Replaced are the intervals of every event; zeros where ten or more are typical (the line was down, not the
    demand); missing counts and missing intervals of a day that was otherwise open; and, when asked for, spikes.
    Intervals that came more than once are kept once when the counts agree and replaced when they do not. Typical is
    the median of the same interval on the four same weekdays before and after, themselves without events. Days that
    are missing altogether stay missing: the centre was closed.

    Parameters
    ----------
    history : Series
        Counts on a DatetimeIndex of equal intervals; gaps, missing counts and double intervals are allowed.
    events : DataFrame, optional
        One row per event with `start`, `end` (both inside the event; written as dates, whole days) and `kind`, as in
        the `events` of `ccskills.data.centre`; names in `en` (or `name`) and `zh` are taken into the log.
    spikes : float, optional
        Replace counts further than so many standard deviations from what is typical; 6 finds gross errors and
        leaves busy days alone. Without it no count is replaced for its size.

    Returns
    -------
    Cleaned

    Examples
    --------
    >>> from ccskills.data import centre
    >>> ours = centre()
    >>> result = clean(ours.intervals["offered"], ours.events)
    >>> bool((result.log["reason"] == "outage").any()), int((result.history == 0).sum())
    (True, 0)
    >>> clean(ours.intervals["offered"], spikes=0)
    Traceback (most recent call last):
    ValueError: spikes must be above 0, got 0
    """
    listed = read_events(events)
    limit = None if spikes is None else number("spikes", spikes, above=0)
    groups = check_index(history, once=False).groupby(level=0)
    grid = spread(groups.first().rename(history.name))
    repeated = groups.size()[lambda size: size > 1].index
    unequal = _mark(grid, groups.nunique()[lambda kinds: kinds > 1].index)
    was = grid.counts.copy()
    was[_mark(grid, repeated)] = groups.sum(min_count=1)[repeated]
    reasons, names = _reasons(grid, listed)
    trusted = np.where((reasons == "") & ~unequal, grid.counts, np.nan)
    typical = typical_counts(grid, np.where(trusted == 0, np.nan, trusted))
    known = ~np.isnan(typical)
    reasons[known & (trusted == 0) & (typical >= QUIET)] = "zero"
    if limit is not None:
        width = limit * _scatter(trusted, typical) * np.sqrt(np.maximum(typical, 1.0))
        for reason, off in (("spike", trusted - typical), ("dip", typical - trusted)):
            reasons[known & (reasons == "") & (off > width)] = reason
    replaced = known & ((reasons != "") | unequal)
    reasons[_mark(grid, repeated) & (reasons == "")] = "duplicate"
    now = np.where(replaced, typical, grid.counts)
    return _result(grid, was, now, reasons, names, replaced | (reasons == "duplicate"))


def _mark(grid: Grid, starts: pd.Index) -> Any:
    """The intervals that start at one of the times, by day and interval of the day."""
    return np.isin(stamps(grid.days, grid.slots), starts.to_numpy())


def _reasons(grid: Grid, events: Sequence[Event]) -> tuple[Any, Any]:
    """Why an interval cannot be trusted, "" when it can; and the name of its event, None when it has none."""
    reasons = np.full(grid.counts.shape, "", dtype=object)
    names = np.full(grid.counts.shape, None, dtype=object)
    expected = expected_slots(grid)
    reasons[np.isnan(grid.counts) & expected] = "gap"
    for event in events:
        inside = covered(event, grid.days, grid.slots) & (expected | ~np.isnan(grid.counts))
        reasons[inside] = event.kind
        names[inside] = Text(event.name, event.zh or event.name) if event.name else None
    return reasons, names


def typical_counts(grid: Grid, trusted: Floats) -> Floats:
    """Median of the trusted counts of the same interval on the four same weekdays before and after each day."""
    typical = np.full(grid.counts.shape, np.nan)
    for weekday in set(grid.weekdays.tolist()):
        rows = np.flatnonzero(grid.weekdays == weekday)
        own = np.full((rows.size + 2 * NEIGHBOUR_WEEKS, grid.slots.size), np.nan)
        own[NEIGHBOUR_WEEKS:-NEIGHBOUR_WEEKS] = trusted[rows]
        shifts = [k for k in range(2 * NEIGHBOUR_WEEKS + 1) if k != NEIGHBOUR_WEEKS]
        # Sorted, the missing ones come last: the median is the mean of the two in the middle of those that are known.
        near = np.sort(np.stack([own[k : k + rows.size] for k in shifts]), axis=0)
        known = (~np.isnan(near)).sum(axis=0)[None]
        middle = [np.take_along_axis(near, np.maximum(known - 1 + odd, 0) // 2, axis=0)[0] for odd in (0, 1)]
        typical[rows] = (middle[0] + middle[1]) / 2
    return typical


def _scatter(trusted: Floats, typical: Floats) -> float:
    """How much ordinary counts scatter, as a multiple of the square root of the typical count."""
    off = (trusted - typical) / np.sqrt(np.maximum(typical, 1.0))
    seen = np.abs(off[~np.isnan(off)])
    return max(1.4826 * float(np.median(seen)), 1.0) if seen.size else 1.0


def _result(grid: Grid, was: Floats, now: Floats, reasons: Any, names: Any, changed: Any) -> Cleaned:
    """The cleaned table as a series, and its log."""
    at = stamps(grid.days, grid.slots)
    kept = ~np.isnan(now)
    index = pd.DatetimeIndex(at[kept], name="start")
    why = reasons[changed].astype(str)
    words = [name or REASONS.get(kind, Text(kind, kind)) for name, kind in zip(names[changed], why, strict=True)]
    log = pd.DataFrame(
        {
            "start": at[changed],
            "was": was[changed],
            "now": now[changed],
            "reason": why,
            "en": [word.en for word in words],
            "zh": [word.zh for word in words],
        }
    )
    return Cleaned(pd.Series(now[kept], index=index, name=grid.name), log)
