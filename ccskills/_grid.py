"""A call history as a table of days by intervals, so that open days and open hours are the history's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._checks import Floats

__all__ = ["Grid", "check_index", "next_days", "read", "spread", "typical_slots"]


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

    def head(self, days: int) -> Grid:
        """The first `days` days."""
        return Grid(self.days[:days], self.slots, self.counts[:days], self.name)

    def open_slots(self, weekday: int) -> Any:
        """Which intervals are open on that weekday."""
        return ~np.isnan(self.counts[np.flatnonzero(self.weekdays == weekday)[-1]])

    def index(self, days: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, Any]:
        """The open intervals of the days, in order, and the mask that picks them from a table of days by intervals."""
        mask = np.array([self.open_slots(day.day_of_week) for day in days])
        stamps = days.to_numpy()[:, None] + self.slots.to_numpy()[None, :]
        return pd.DatetimeIndex(stamps[mask], name="start"), mask


def check_index(history: pd.Series) -> pd.Series:
    """The history as floats in time order, refused when it is no Series of counts on times."""
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
    if again.any():
        raise ValueError(f"history must name every interval once, got {history.index[again][0]} twice")
    values = history.astype("float64").sort_index()
    if (values < 0).any():
        at = values.index[values < 0][0]
        raise ValueError(f"history must be 0 or more, got {values[at]:g} at {at}")
    return values


def read(history: pd.Series) -> Grid:
    """The history as a grid; refused when it has gaps, unequal steps, negative or missing counts."""
    values = check_index(history)
    if values.isna().any():
        at = values.index[values.isna()][0]
        raise ValueError(f"history must not have missing counts, got nan at {at}; clean it first")
    grid = spread(values)
    for row, day in enumerate(grid.days):
        open_, seen = typical_slots(grid, day.day_of_week), ~np.isnan(grid.counts[row])
        if (open_ != seen).any():
            got = f"{seen.sum()} instead of {open_.sum()} on {day:%Y-%m-%d}"
            raise ValueError(f"history must hold the same open intervals on every {day:%A}, got {got}; clean it first")
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


def typical_slots(grid: Grid, weekday: int) -> Any:
    """The intervals that are open on at least half of the days of that weekday."""
    return (~np.isnan(grid.counts[grid.weekdays == weekday])).mean(axis=0) >= 0.5


def next_days(grid: Grid, horizon: int, closed: Collection[Any] = ()) -> pd.DatetimeIndex:
    """The next open days: weekdays that were open in the last eight weeks of the history, without the closed days."""
    recent = grid.days[grid.days > grid.days[-1] - pd.Timedelta(weeks=8)]
    open_weekdays = set(recent.day_of_week)
    shut = {pd.Timestamp(day).normalize() for day in closed}
    found: list[pd.Timestamp] = []
    day = grid.days[-1]
    while len(found) < horizon:
        day = day + pd.DateOffset(days=1)
        if day.day_of_week in open_weekdays and day not in shut:
            found.append(day)
    return pd.DatetimeIndex(found)
