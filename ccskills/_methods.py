"""The forecasting methods behind `forecasting`: each maps a grid and the days to come to counts by day and interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ._checks import Floats
from ._grid import Grid

__all__ = ["METHODS", "shares"]

WEEKS = 8
HALF_LIFE_DAYS = 40
# Every weekday is seen many times in the half-life and keeps its own level; the other effects are rare, so held back.
WEEKDAY_PENALTY, PENALTY = 0.1, 1.0
# First day of the month of each band: salaries, bills and rents move volume around the turn of the month.
BANDS = (1, 3, 6, 11, 16, 21, 26)


def _last_same_weekday(grid: Grid, weekday: int, weeks: int) -> Floats:
    """The counts of the last `weeks` days of that weekday."""
    return grid.counts[np.flatnonzero(grid.weekdays == weekday)[-weeks:]]


def seasonal_naive(grid: Grid, future: pd.DatetimeIndex) -> Floats:
    """Each interval as on the last same weekday."""
    return np.array([_last_same_weekday(grid, day.day_of_week, 1)[0] for day in future])


def weekday_median(grid: Grid, future: pd.DatetimeIndex) -> Floats:
    """Each interval as the median of the last eight same weekdays."""
    profile = {w: np.median(_last_same_weekday(grid, w, WEEKS), axis=0) for w in set(future.day_of_week)}
    return np.array([profile[day.day_of_week] for day in future])


def shares(grid: Grid, weekday: int, weeks: int = WEEKS) -> Floats:
    """Share of the day's volume by interval over the last `weeks` same weekdays; nan where closed, sums to 1."""
    total = _last_same_weekday(grid, weekday, weeks).sum(axis=0)
    volume = np.nansum(total)
    open_ = ~np.isnan(total)
    return np.asarray(np.where(open_, total / volume if volume > 0 else 1 / open_.sum(), np.nan))


def ridge_profile(grid: Grid, future: pd.DatetimeIndex) -> Floats:
    """A ridge on the log of the daily volume times the weekday profile.

    The ridge knows weekday, days of the month and the day after a closed day. Days weigh half as much every 40 days
    back, so that the level follows the trend.
    """
    volume = np.log(np.maximum(np.nansum(grid.counts, axis=1), 1.0))
    past = _features(grid.days, grid.days[:1], grid)
    age = np.asarray((grid.days[-1] - grid.days).days, dtype=np.float64)
    weight = 0.5 ** (age / HALF_LIFE_DAYS)
    level = float(weight @ volume / weight.sum())
    weighted = past * weight[:, None]
    penalty = np.where(np.arange(past.shape[1]) < 7, WEEKDAY_PENALTY, PENALTY)
    effects = np.linalg.solve(past.T @ weighted + np.diag(penalty), weighted.T @ (volume - level))
    daily = np.exp(level + _features(future, grid.days[-1:], grid) @ effects)
    profile = {w: shares(grid, w) for w in set(future.day_of_week)}
    return np.array([total * profile[day.day_of_week] for total, day in zip(daily, future, strict=True)])


def _features(days: pd.DatetimeIndex, before: pd.DatetimeIndex, grid: Grid) -> Floats:
    """One row per day: its weekday, its band of the month, and whether an open weekday was closed just before it."""
    open_weekdays = set(grid.days.day_of_week)
    previous = before.append(days[:-1])
    after = [
        any((last + pd.Timedelta(days=k)).day_of_week in open_weekdays for k in range(1, (day - last).days))
        for day, last in zip(days, previous, strict=True)
    ]
    weekday = np.asarray(days.day_of_week)[:, None] == np.arange(7)
    band = np.searchsorted(BANDS, np.asarray(days.day), side="right")[:, None] == np.arange(1, len(BANDS) + 1)
    return np.column_stack([weekday, band, np.array(after)]).astype(np.float64)


METHODS: dict[str, Callable[[Grid, pd.DatetimeIndex], Floats]] = {
    "seasonal_naive": seasonal_naive,
    "weekday_median": weekday_median,
    "ridge_profile": ridge_profile,
}
