"""A call history as a table of days by intervals, so that open days and open hours are the history's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ._checks import Floats
from ._guards import listing

__all__ = [
    "Ahead",
    "Grid",
    "check_index",
    "expected_slots",
    "moment_of",
    "next_days",
    "read",
    "regular",
    "spread",
    "stamps",
]


@dataclass(frozen=True)
class Ahead:
    """Days to foresee, and the weekday that each is like: its own, or the one that a make-up workday imitates."""

    days: pd.DatetimeIndex
    weekdays: Any

    @classmethod
    def plain(cls, days: pd.DatetimeIndex) -> Ahead:
        """Days that are like their own weekday."""
        return cls(days, np.asarray(days.day_of_week))


@dataclass(frozen=True)
class Grid:
    """Counts by day (rows) and interval of the day (columns); nan where the centre is closed on that weekday."""

    days: pd.DatetimeIndex
    slots: pd.TimedeltaIndex
    counts: Floats
    name: str

    @property
    def weekdays(self) -> Any:
        """0 for Monday to 6 for Sunday, one per day."""
        return np.asarray(self.days.day_of_week)

    @property
    def age_days(self) -> Floats:
        """How long before the last day each day was."""
        return np.asarray((self.days[-1] - self.days).days, dtype=np.float64)

    def head(self, days: int) -> Grid:
        """The first `days` days."""
        return Grid(self.days[:days], self.slots, self.counts[:days], self.name)

    def open_slots(self, weekday: int) -> Any:
        """Which intervals are open on that weekday."""
        return ~np.isnan(self.counts[np.flatnonzero(self.weekdays == weekday)[-1]])

    def index(self, ahead: Ahead) -> tuple[pd.DatetimeIndex, Any]:
        """The open intervals of the days, in order, and the mask that picks them from a table of days by intervals."""
        mask = np.array([self.open_slots(weekday) for weekday in ahead.weekdays])
        return pd.DatetimeIndex(stamps(ahead.days, self.slots)[mask], name="start"), mask


def check_index(history: pd.Series, *, once: bool = True) -> pd.Series:
    """The history as floats in time order, refused when it is no Series of counts on times, each named once."""
    if not isinstance(history, pd.Series):
        raise TypeError(f"history must be a pandas Series of counts on a DatetimeIndex, got {type(history).__name__}")
    if not isinstance(history.index, pd.DatetimeIndex):
        raise TypeError(f"history must have a DatetimeIndex, got {type(history.index).__name__}")
    if history.empty:
        raise ValueError("history must hold at least one interval, got none")
    if not pd.api.types.is_numeric_dtype(history.dtype) or pd.api.types.is_bool_dtype(history.dtype):
        raise TypeError(f"history must hold counts, got values of type {history.dtype}")
    if history.index.tz is not None:
        raise ValueError(
            f"history must have local times without a time zone, got {history.index.tz}; use history.tz_localize(None)"
        )
    if history.index.hasnans:
        raise ValueError("history must have a time for every count, got a missing one")
    again = history.index.duplicated()
    if once and again.any():
        raise ValueError(f"history must name every interval once, got {history.index[again][0]} twice")
    values = history.astype("float64").sort_index()
    if np.isinf(values).any():
        raise ValueError(f"history must hold finite counts, got inf at {values.index[np.isinf(values)][0]}")
    if (values < 0).any():
        at = values.index[values < 0][0]
        raise ValueError(f"history must be 0 or more, got {values[at]:g} at {at}")
    return values


def read(history: pd.Series) -> Grid:
    """The history as a grid; refused when it has unequal steps, negative or missing counts."""
    values = check_index(history)
    if values.isna().any():
        at = values.index[values.isna()][0]
        raise ValueError(f"history must not have missing counts, got nan at {at}; clean it first")
    return spread(values)


def regular(grid: Grid) -> Grid:
    """The grid itself; refused when days of one weekday were open in different intervals."""
    seen = ~np.isnan(grid.counts)
    expected = expected_slots(grid)
    apart = (seen != expected).any(axis=1)
    if apart.any():
        row = int(np.argmax(apart))
        got = f"{seen[row].sum()} instead of {expected[row].sum()} on {grid.days[row]:%Y-%m-%d}"
        weekday = f"{grid.days[row]:%A}"
        raise ValueError(f"history must hold the same open intervals on every {weekday}, got {got}; clean it first")
    return grid


def spread(values: pd.Series) -> Grid:
    """The counts by day and interval of the day, nan where there is none."""
    times = pd.DatetimeIndex(values.index)
    days = times.normalize()
    offsets = pd.TimedeltaIndex(times - days)
    slots = pd.TimedeltaIndex(np.unique(offsets))
    if slots.size > 1:
        steps = np.diff(slots.to_numpy())
        if (steps % steps.min() != np.timedelta64(0)).any() or slots.size > 1440:
            odd = slots[1 + int(np.argmax(steps % steps.min() != np.timedelta64(0)))]
            minutes = pd.Timedelta(steps.min()).total_seconds() / 60
            raise ValueError(
                f"history must lie on regular intervals, here {minutes:g} min apart, got an interval at {str(odd)[-8:]}"
            )
    unique = pd.DatetimeIndex(days.unique())
    counts = np.full((unique.size, slots.size), np.nan)
    counts[unique.get_indexer(days), slots.get_indexer(offsets)] = values.to_numpy()
    return Grid(unique, slots, counts, str(values.name or "calls"))


def stamps(days: pd.DatetimeIndex, slots: pd.TimedeltaIndex) -> Any:
    """The start of every interval, by day and interval of the day."""
    return days.to_numpy()[:, None] + slots.to_numpy()[None, :]


def expected_slots(grid: Grid) -> Any:
    """Which intervals should be open, by day: those that are open on at least half of the days of its weekday."""
    seen, weekdays = ~np.isnan(grid.counts), grid.weekdays
    typical = {weekday: seen[weekdays == weekday].mean(axis=0) >= 0.5 for weekday in set(weekdays.tolist())}
    return np.array([typical[weekday] for weekday in weekdays])


def _dates(closed: Collection[Any]) -> set[pd.Timestamp]:
    """The closed days; refused when they are not dates."""
    if isinstance(closed, str):
        raise TypeError(f"closed must be a collection of dates, got {closed!r}")
    found = set()
    for day in listing("closed", closed):
        moment = moment_of(day)
        if moment is None:
            raise ValueError(f"closed must hold dates, got {[str(one)[:40] for one in closed][:3]!r}")
        if moment.tzinfo is not None:
            raise ValueError(f"closed must hold dates without a time zone, got {day!s}")
        found.add(moment.normalize())
    return found


def moment_of(value: Any) -> pd.Timestamp | None:
    """A moment from a date or its text; None from anything else, such as a bare number."""
    if not isinstance(value, (str, date, np.datetime64)):
        return None
    try:
        moment = pd.Timestamp(value)
    except (TypeError, ValueError):
        return None
    return None if pd.isna(moment) else moment


def next_days(
    grid: Grid, last: pd.Timestamp, horizon: int, closed: Collection[Any], extra: Collection[pd.Timestamp]
) -> pd.DatetimeIndex:
    """Open days after the last: weekdays open in the last eight weeks and extra days, without the closed ones."""
    recent = grid.days[grid.days > grid.days[-1] - pd.Timedelta(weeks=8)]
    open_weekdays = set(recent.day_of_week)
    shut = _dates(closed)
    found: list[pd.Timestamp] = []
    day = last
    while len(found) < horizon:
        day = day + pd.Timedelta(days=1)
        if (day.day_of_week in open_weekdays or day in extra) and day not in shut:
            found.append(day)
    return pd.DatetimeIndex(found)
