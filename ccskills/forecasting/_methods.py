"""The forecasting methods behind `forecasting`: each maps a grid and the days to come to counts by day and interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .._checks import Floats
from .._grid import Ahead, Grid
from ._smoothing import smoothed_ahead

__all__ = ["METHODS", "day_features", "pooled_shares", "shares", "spread_days"]

WEEKS = 8
HALF_LIFE_WEEKS = 3.0
# The ridge learns effects from about a year and its level from about two weeks.
EFFECT_HALF_LIFE_DAYS, LEVEL_HALF_LIFE_DAYS, LEVEL_PENALTY = 120.0, 8.0, 1.0
PROFILE_HALF_LIFE_DAYS = 56.0
# Every weekday is seen many times in the half-life and keeps its own level; the other effects are rare, so held back.
# The trend is a slope, which a long horizon multiplies: it is held back most.
PENALTIES = {"weekday": 0.1, "band": 1.0, "end": 3.0, "after": 0.3, "trend": 100.0, "level": 1e-6}
# First day of the month of each band: salaries, bills and rents move volume around the turn of the month.
BANDS = (1, 3, 6, 11, 16, 21, 26)
# Days before the end of the month: the last two, and the two before them.
ENDS = ((0, 1), (2, 3))


def _last_same_weekday(grid: Grid, weekday: int, weeks: int) -> Floats:
    """The counts of the last `weeks` days of that weekday."""
    return grid.counts[np.flatnonzero(grid.weekdays == weekday)[-weeks:]]


def seasonal_naive(grid: Grid, ahead: Ahead) -> Floats:
    """Each interval as on the last same weekday."""
    return np.array([_last_same_weekday(grid, weekday, 1)[0] for weekday in ahead.weekdays])


def weekday_median(grid: Grid, ahead: Ahead) -> Floats:
    """Each interval as the median of the last eight same weekdays."""
    typical = {w: np.median(_last_same_weekday(grid, w, WEEKS), axis=0) for w in set(ahead.weekdays.tolist())}
    return np.array([typical[weekday] for weekday in ahead.weekdays])


def weekday_weighted(grid: Grid, ahead: Ahead) -> Floats:
    """Each interval as the mean of all same weekdays, weighing half as much every three weeks back."""
    typical = {}
    for weekday in set(ahead.weekdays.tolist()):
        rows = grid.weekdays == weekday
        weight = 0.5 ** (grid.age_days[rows] / (7 * HALF_LIFE_WEEKS))
        typical[weekday] = weight @ grid.counts[rows] / weight.sum()
    return np.array([typical[weekday] for weekday in ahead.weekdays])


def holt_winters(grid: Grid, ahead: Ahead) -> Floats:
    """Holt and Winters' smoothing of the daily volume (damped trend, weekday factors) times the weekday profile."""
    return spread_days(grid, ahead, smoothed_ahead(grid, ahead))


def ridge_profile(grid: Grid, ahead: Ahead) -> Floats:
    """A ridge on the log of the daily volume times the weekday profile.

    The ridge knows weekday, days of the month, the day after a closed day and a trend; what its last days were above
    or below what it says moves the level.
    """
    volume = np.nansum(grid.counts, axis=1)
    log_volume = np.log(np.maximum(volume, 1.0))
    past, penalty = _features(Ahead(grid.days, grid.weekdays), grid.days[:1], grid)
    future, _ = _features(ahead, grid.days[-1:], grid)
    weight = 0.5 ** (grid.age_days / EFFECT_HALF_LIFE_DAYS)
    weighted = past * weight[:, None]
    effects = np.linalg.solve(past.T @ weighted + np.diag(penalty), weighted.T @ log_volume)
    fitted = past @ effects
    recent = 0.5 ** (grid.age_days / LEVEL_HALF_LIFE_DAYS)
    level = float(recent @ (log_volume - fitted) / (recent.sum() + LEVEL_PENALTY))
    # The exponential of a mean of logs is below the mean: scaled so that the past adds up.
    scale = float(weight @ volume / (weight @ np.exp(fitted)))
    return spread_days(grid, ahead, scale * np.exp(future @ effects + level))


def combination(grid: Grid, ahead: Ahead) -> Floats:
    """The mean of `ridge_profile`, `holt_winters` and `weekday_weighted`, whose errors partly cancel."""
    parts = [method(grid, ahead) for method in (ridge_profile, holt_winters, weekday_weighted)]
    return np.asarray(np.mean(parts, axis=0))


def _features(ahead: Ahead, before: pd.DatetimeIndex, grid: Grid) -> tuple[Floats, Floats]:
    """One row per day: what `day_features` says, a trend and 1; and the penalty of each column."""
    columns = day_features(ahead, before, grid)
    trend = np.asarray((ahead.days - grid.days[-1]).days, dtype=np.float64)[:, None] / EFFECT_HALF_LIFE_DAYS
    columns |= {"trend": trend, "level": np.ones_like(trend)}
    penalty = np.concatenate([np.full(part.shape[1], PENALTIES[name]) for name, part in columns.items()])
    return np.column_stack(list(columns.values())), penalty


def day_features(ahead: Ahead, before: pd.DatetimeIndex, grid: Grid) -> dict[str, Floats]:
    """What the calendar says of each day, as columns of 0 and 1; `before` is the open day before the first."""
    days = ahead.days
    gaps = np.asarray((days - before.append(days[:-1])).days)
    open_weekdays = set(grid.weekdays.tolist())
    own = np.asarray(days.day_of_week)
    after = [any((w - k) % 7 in open_weekdays for k in range(1, gap)) for w, gap in zip(own, gaps, strict=True)]
    band = np.searchsorted(BANDS, np.asarray(days.day), side="right")[:, None] == np.arange(1, len(BANDS) + 1)
    to_end = np.asarray(days.days_in_month - days.day)
    columns = {
        "weekday": ahead.weekdays[:, None] == np.arange(7),
        "band": band,
        "end": np.column_stack([(to_end >= low) & (to_end <= high) for low, high in ENDS]),
        "after": np.array(after)[:, None],
    }
    return {name: column.astype(np.float64) for name, column in columns.items()}


def spread_days(grid: Grid, ahead: Ahead, daily: Floats) -> Floats:
    """Daily volumes over the intervals by the profile of each day's weekday."""
    profile = {weekday: pooled_shares(grid, weekday) for weekday in set(ahead.weekdays.tolist())}
    return np.array([total * profile[weekday] for total, weekday in zip(daily, ahead.weekdays, strict=True)])


def shares(grid: Grid, weekday: int, weeks: int = WEEKS) -> Floats:
    """Share of the day's volume by interval over the last `weeks` same weekdays; nan where closed, sums to 1."""
    total = _last_same_weekday(grid, weekday, weeks).sum(axis=0)
    volume = np.nansum(total)
    open_ = ~np.isnan(total)
    return np.asarray(np.where(open_, total / volume if volume > 0 else 1 / open_.sum(), np.nan))


def pooled_shares(grid: Grid, weekday: int) -> Floats:
    """Share of the day's volume by interval, with the help of the weekdays that look alike; nan where closed.

    Each weekday with the same hours counts by its precision: the Poisson noise of its own shares plus the square of
    its distance from the weekday asked for, as far as noise does not explain that distance.
    """
    weight = 0.5 ** (grid.age_days / PROFILE_HALF_LIFE_DAYS)
    open_ = grid.open_slots(weekday)
    own, own_noise = _weighted_shares(grid, weekday, weight)
    total, precision = np.zeros(open_.size), 0.0
    for other in set(grid.weekdays.tolist()):
        if (grid.open_slots(other) != open_).any():
            continue
        theirs, noise = _weighted_shares(grid, other, weight)
        apart = ((own - theirs) ** 2 / np.maximum((own + theirs) / 2, 1e-12)).sum()
        unlike = 0.0 if other == weekday else max(float(apart) - own_noise - noise, 0.0)
        total += theirs / (noise + unlike)
        precision += 1 / (noise + unlike)
    return np.where(open_, total / precision, np.nan)


def _weighted_shares(grid: Grid, weekday: int, weight: Floats) -> tuple[Floats, float]:
    """Weighted shares of a weekday, 0 where closed, and the chi-square distance that chance alone gives them."""
    rows = grid.weekdays == weekday
    by_slot = weight[rows] @ np.nan_to_num(grid.counts[rows])
    open_ = grid.open_slots(weekday)
    volume = np.nansum(grid.counts[rows], axis=1)
    counted = by_slot.sum() ** 2 / max(float(weight[rows] ** 2 @ volume), 1e-12)
    found = by_slot / by_slot.sum() if by_slot.sum() > 0 else open_ / open_.sum()
    return found, float(open_.sum() / max(counted, 1.0))


METHODS: dict[str, Callable[[Grid, Ahead], Floats]] = {
    "seasonal_naive": seasonal_naive,
    "weekday_median": weekday_median,
    "weekday_weighted": weekday_weighted,
    "holt_winters": holt_winters,
    "ridge_profile": ridge_profile,
    "combination": combination,
}
