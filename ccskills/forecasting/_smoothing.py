"""Holt and Winters' exponential smoothing of daily volumes: damped trend, one factor (or summand) for each weekday."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from .._checks import Floats
from .._grid import Ahead, Grid

__all__ = ["Smoothing", "smooth", "smoothed_ahead"]

# What is tried: how fast level, trend and weekday factors follow, and how much of the trend is left a day later.
LEVELS, TRENDS, SEASONS, DAMPINGS = (0.02, 0.05, 0.1, 0.2, 0.35), (0.0, 0.03, 0.1), (0.0, 0.03, 0.1, 0.2), (0.9, 0.98)
START_WEEKS, MEMORY_DAYS = 4, 240


@dataclass(frozen=True)
class Smoothing:
    """States after the last day, one row for each set of parameters."""

    level: Floats
    trend: Floats
    season: Floats
    """One column for each weekday, Monday to Sunday."""
    foreseen: Floats
    """One row for each set of parameters, one column for each day: what the day before foresaw."""


def smooth(
    volume: Floats, weekdays: Floats, parameters: Floats, level: float, season: Floats, *, multiplicative: bool = True
) -> Smoothing:
    """Run the recursions over the days for every row of parameters (level, trend, season, damping) at once.

    l = a (y / s) + (1 - a)(l' + p b'), b = t (l - l') + (1 - t) p b', s = g y / (l' + p b') + (1 - g) s'; with
    differences instead of ratios when additive. Closed days have no row: the states wait.
    """
    a, t, g, p = parameters.T
    levels, trends, seasons = np.full(a.size, level), np.zeros(a.size), np.tile(season, (a.size, 1))
    foreseen = np.empty((a.size, volume.size))
    for day, (y, w) in enumerate(zip(volume, weekdays, strict=True)):
        base, s = levels + p * trends, seasons[:, w].copy()
        if multiplicative:
            base = np.maximum(base, 1e-9)
            foreseen[:, day] = base * s
            levels_now = a * y / np.maximum(s, 1e-9) + (1 - a) * base
            seasons[:, w] = g * y / base + (1 - g) * s
        else:
            foreseen[:, day] = base + s
            levels_now = a * (y - s) + (1 - a) * base
            seasons[:, w] = g * (y - base) + (1 - g) * s
        trends = t * (levels_now - levels) + (1 - t) * p * trends
        levels = levels_now
    return Smoothing(levels, trends, seasons, foreseen)


def smoothed_ahead(grid: Grid, ahead: Ahead) -> Floats:
    """Daily volumes of the days ahead: additive or multiplicative, with the parameters that foresaw the past best."""
    volume, weekdays = np.nansum(grid.counts, axis=1)[-MEMORY_DAYS:], grid.weekdays[-MEMORY_DAYS:]
    parameters = np.array(list(product(LEVELS, TRENDS, SEASONS, DAMPINGS)))
    start = START_WEEKS * len(set(weekdays.tolist()))
    first = {w: float(volume[:start][weekdays[:start] == w].mean()) for w in set(weekdays[:start].tolist())}
    level = float(np.mean(list(first.values())))
    found: list[tuple[float, Floats]] = []
    for multiplicative in (True, False) if level > 0 else (False,):
        season = np.full(7, 1.0 if multiplicative else 0.0)
        for w, mean in first.items():
            season[w] = mean / level if multiplicative else mean - level
        run = smooth(volume, weekdays, parameters, level, season, multiplicative=multiplicative)
        off = np.abs(run.foreseen - volume)[:, start // 2 :].mean(axis=1)
        best = int(np.argmin(off))
        damping = parameters[best, 3]
        growth = damping * (1 - damping ** np.arange(1, ahead.days.size + 1)) / (1 - damping)
        base = np.maximum(run.level[best] + growth * run.trend[best], 0.0)
        factors = run.season[best, ahead.weekdays]
        found.append((float(off[best]), base * factors if multiplicative else np.maximum(base + factors, 0.0)))
    return min(found, key=lambda pair: pair[0])[1]
