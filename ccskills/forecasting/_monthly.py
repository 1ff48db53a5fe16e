"""Monthly volumes a year ahead, for the capacity plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, whole
from .._counts import z_value
from .._grid import Ahead, Grid, next_days, read
from ._calendar import read_events
from ._events import ahead_of, foresee, learn, opening_days
from ._methods import day_features, spread_days

__all__ = ["monthly"]

LEAST_WEEKS = 13
BLOCK_DAYS = 28
# Standard deviations of what is believed before the history speaks, in logarithms of the volume: weekday, part of the
# month (twice), day after a closed day, growth in a year, level; and the two waves of the year.
BELIEFS = {"weekday": 0.5, "band": 0.05, "end": 0.05, "after": 0.1, "growth": 0.10, "level": 10.0, "year": 0.10}
LEAST_DRIFT = 0.01


@dataclass(frozen=True)
class LongRange:
    """A regression of the logarithm of daily volumes that knows how sure it is."""

    effects: Floats
    covariance: Any
    level: float
    """What the last weeks were above the regression."""
    drift: float
    """How far the level wanders in a month, as a standard deviation of the logarithm."""
    noise: float
    """Variance of the mean of one day, counted for the days that resemble the day before."""
    scale: float
    """The exponential of a mean of logs is below the mean: what makes the past add up."""


def monthly(
    history: pd.Series,
    months: int = 12,
    *,
    events: pd.DataFrame | None = None,
    closed: Collection[Any] = (),
    coverage: float = 0.8,
) -> pd.DataFrame:
    """Volumes of the coming calendar months, for a capacity plan.

    log(volume of a day) = level + growth + wave of the year + weekday + part of the month, a regression in which every
    effect is held back by what is believed beforehand (growth: 10 % a year, either way, as a standard deviation). The
    level of the last four weeks goes on; how far it wanders in a month is learnt from the history.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex without gaps in the open hours; at least 13 open weeks. With less than two
        years, growth and season cannot be told apart and the limits say so.
    months : int, optional
        Calendar months to foresee, from the first one that the history has not begun.
    events : DataFrame, optional
        Events past and to come, as for `forecast`. Holidays that are not listed are foreseen as ordinary days.
    closed : collection of dates, optional
        Days to come on which the centre stays closed.
    coverage : float, optional
        Probability that a month's volume lies between `lower` and `upper`.

    Returns
    -------
    DataFrame
        One row per month: `month` (its first day), `days` (open days), `mean`, `lower`, `upper` [contacts].

    Examples
    --------
    >>> from ccskills.data import centre
    >>> ours = centre()
    >>> plan = monthly(ours.intervals["offered"], 3, events=centre(days=725).events)
    >>> plan["month"].dt.strftime("%Y-%m").tolist(), plan["days"].tolist()
    (['2026-09', '2026-10', '2026-11'], [30, 31, 30])
    >>> bool((plan["lower"] < plan["mean"]).all()), plan["mean"].idxmin()
    (True, 1)
    >>> monthly(ours.intervals["offered"], 48)
    Traceback (most recent call last):
    ValueError: months must be from 1 to 24, got 48
    """
    grid = read(history)
    whole("months", months, most=24)
    far = z_value(coverage, "coverage")
    listed = read_events(events)
    learnt = learn(grid, listed)
    need = LEAST_WEEKS * len(set(learnt.grid.weekdays.tolist()))
    if learnt.grid.days.size < need:
        raise ValueError(f"history must hold at least {need} open days (13 weeks), got {learnt.grid.days.size}")
    fit = _fit(learnt.grid)
    first = (grid.days[-1] + pd.offsets.MonthBegin(1)).normalize()
    end = first + pd.DateOffset(months=months)
    days = next_days(learnt.grid, grid.days[-1], (end - grid.days[-1]).days, closed, opening_days(listed))
    ahead = ahead_of(days[days < end], listed)
    found = foresee(learnt, lambda past, coming: _daily(fit, past, coming), ahead, listed, strict=True)
    features = _features(ahead, learnt.grid)
    rows = []
    for month in pd.date_range(first, periods=months, freq="MS"):
        use = np.asarray((ahead.days >= month) & (ahead.days < month + pd.DateOffset(months=1)))
        mean = float(np.nansum(found.mean[use]))
        by_event = float(np.nansum(found.mean[use] * found.event_sd[use])) / max(mean, 1e-9)
        wait = (month + pd.DateOffset(days=14) - grid.days[-1]).days / BLOCK_DAYS
        sd = float(np.sqrt(_variance(fit, features[use], wait) + by_event**2))
        chance = far * np.sqrt(mean) / max(mean, 1.0)
        width = float(np.hypot(far * sd, chance))
        rows.append((month, int(use.sum()), mean, mean * np.exp(-width), mean * np.exp(width)))
    return pd.DataFrame(rows, columns=["month", "days", "mean", "lower", "upper"])


def _features(ahead: Ahead, grid: Grid) -> Floats:
    """One row per day: what the ridge of `forecast` knows, with growth per year and the waves of the year."""
    before = grid.days[:1] if ahead.days[0] == grid.days[0] else grid.days[-1:]
    columns = day_features(ahead, before, grid)
    year = 2 * np.pi * np.asarray(ahead.days.day_of_year, dtype=np.float64) / 365.25
    growth = np.asarray((ahead.days - grid.days[-1]).days, dtype=np.float64)[:, None] / 365.25
    waves = [np.sin(year), np.cos(year), np.sin(2 * year), np.cos(2 * year)]
    parts = (columns["weekday"], columns["band"], columns["end"], columns["after"], growth, np.ones_like(growth))
    return np.column_stack([*parts, *waves])


def _fit(grid: Grid) -> LongRange:
    """The regression on the daily volumes of the history."""
    volume = np.nansum(grid.counts, axis=1)
    log_volume = np.log(np.maximum(volume, 1.0))
    past = _features(Ahead.plain(grid.days), grid)
    beliefs: Floats = np.repeat(list(BELIEFS.values()), (7, 7, 2, 1, 1, 1, 4)).astype(np.float64)
    beliefs[-2:] /= 2
    noise = float(np.var(log_volume)) * 0.1 + 1e-6
    for _ in range(5):
        covariance = np.linalg.inv(past.T @ past / noise + np.diag(1 / beliefs**2))
        effects = covariance @ (past.T @ log_volume) / noise
        off = log_volume - past @ effects
        alike = float(np.clip(off[1:] @ off[:-1] / max(float(off @ off), 1e-12), 0.0, 0.9))
        noise = max(float(off @ off) / off.size, 1e-6) * (1 + alike) / (1 - alike)
    blocks = off[off.size % BLOCK_DAYS :].reshape(-1, BLOCK_DAYS).mean(axis=1)
    wander = float((np.diff(blocks) ** 2).mean()) - 2 * noise / BLOCK_DAYS
    drift = float(np.sqrt(max(wander, LEAST_DRIFT**2)))
    gain = 3 * drift**2 / (3 * drift**2 + noise / BLOCK_DAYS)
    scale = float(volume.sum() / np.exp(past @ effects).sum())
    return LongRange(effects, covariance, gain * float(blocks[-1]), drift, noise, scale)


def _daily(fit: LongRange, grid: Grid, ahead: Ahead) -> Floats:
    """The regression as a method: volumes by day and interval."""
    return spread_days(grid, ahead, fit.scale * np.exp(_features(ahead, grid) @ fit.effects + fit.level))


def _variance(fit: LongRange, features: Floats, wait_months: float) -> float:
    """Variance of the logarithm of a month: of the effects, of the level until then, of its own days."""
    if not len(features):
        return 0.0
    mean = features.mean(axis=0)
    return float(mean @ fit.covariance @ mean) + fit.drift**2 * (1 + wait_months) + fit.noise / len(features)
