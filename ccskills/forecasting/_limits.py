"""Trials on the past and what they tell of the future: the errors of forecasts made from earlier days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._checks import Floats
from .._grid import Ahead, Grid
from ._calendar import Event
from ._events import Foreseen, Learnt, ahead_of, foresee, learn
from ._methods import METHODS

__all__ = ["Errors", "Trial", "errors_of", "limits", "run_trials"]

# The errors of an origin weigh half as much for every five origins back.
HALF_LIFE_ORIGINS = 5.0
FEW = 5.0


@dataclass(frozen=True)
class Trial:
    """What a method foresaw from a past day, and what came; by day and interval, nan where closed."""

    start: int
    """Days that the method had seen."""
    actual: Floats
    foreseen: Foreseen

    @property
    def pairs(self) -> tuple[Floats, Floats]:
        """What came and what was foreseen in the open intervals, in order of time."""
        open_ = ~np.isnan(self.actual) & ~np.isnan(self.foreseen.mean)
        return self.actual[open_], self.foreseen.mean[open_]

    @property
    def wape(self) -> float:
        """Sum of |foreseen - actual| over the sum of actual, for a choice: nothing at all is no error.

        Of whole days where an interval brings few contacts: there a forecast of 0 has the lowest WAPE per interval.
        """
        actual, foreseen = self.pairs
        if actual.mean() < FEW:
            open_ = ~np.isnan(self.actual) & ~np.isnan(self.foreseen.mean)
            actual, foreseen = (np.where(open_, part, 0.0).sum(axis=1) for part in (self.actual, self.foreseen.mean))
        return float(np.abs(foreseen - actual).sum() / max(float(actual.sum()), 1.0))


@dataclass(frozen=True)
class Errors:
    """How far the trials were off, as variances relative to the square of the volume."""

    spread: float
    """What a single interval scatters beyond Poisson, all in all."""
    scaled: Floats
    """Error / its expected size of every interval of the trials, ascending; above 0 more came than was foreseen."""
    weight: Floats
    """Weight of each of them, adding up to 1."""
    days: float
    """How many independent days the weights are worth."""


def run_trials(
    grid: Grid, events: Sequence[Event], names: Iterable[str], starts: Sequence[int], days: int
) -> dict[str, list[Trial]]:
    """The methods from several past days on, the last origin first; each sees only what came before."""
    found: dict[str, list[Trial]] = {name: [] for name in names}
    for start in starts:
        learnt: Learnt = learn(grid.head(start), events)
        coming = grid.days[start : start + days]
        ahead = ahead_of(coming, events)
        ahead = Ahead(
            coming, np.where(np.isin(ahead.weekdays, learnt.grid.weekdays), ahead.weekdays, learnt.grid.weekdays[-1])
        )
        for name, trials in found.items():
            foreseen = foresee(learnt, METHODS[name], ahead, events, strict=False)
            trials.append(Trial(start, grid.counts[start : start + days], foreseen))
    return found


def errors_of(trials: Sequence[Trial]) -> Errors:
    """The errors of the trials on ordinary intervals; on all intervals when there are no ordinary ones."""
    parts = [_ordinary(trial) for trial in trials]
    if not any(use.any() for _, _, use in parts):
        parts = [(off, mean, ~np.isnan(off)) for off, mean, _ in parts]
    ages = np.array([0.5 ** (age / HALF_LIFE_ORIGINS) for age in range(len(parts))])
    off, mean = (np.concatenate([part[k][part[2]] for part in parts]) for k in (0, 1))
    weight = np.concatenate([np.full(int(part[2].sum()), age) for part, age in zip(parts, ages, strict=True)])
    spread = max(float(weight @ (off**2 - mean)) / max(float(weight @ mean**2), 1e-12), 0.0)
    scaled = off / _width(mean, spread)
    order = np.argsort(scaled)
    worth = _independent_days(trials, parts, ages, spread)
    return Errors(spread, scaled[order], weight[order] / weight.sum(), worth)


def _independent_days(trials: Sequence[Trial], parts: Sequence[Any], ages: Floats, spread: float) -> float:
    """How many independent days the trials are worth.

    A day that several trials foresaw counts once. Days of one trial share the error of its level: when their errors
    correlate by r, whether they lie between limits on both sides correlates by about the square of r.
    """
    by_day: dict[int, float] = {}
    cross, pairs, squares, count, longest = 0.0, 0.0, 0.0, 0.0, 1
    for trial, (off, mean, use), age in zip(trials, parts, ages, strict=True):
        scaled = np.where(use, off, 0.0) / _width(np.where(use, mean, 0.0), spread)
        number = use.sum(axis=1)
        for row in np.flatnonzero(number):
            by_day[trial.start + int(row)] = by_day.get(trial.start + int(row), 0.0) + age
        cross += age * float(scaled.sum() ** 2 - (scaled.sum(axis=1) ** 2).sum())
        pairs += age * float(number.sum() ** 2 - (number**2).sum())
        squares += age * float((scaled**2).sum())
        count += age * float(number.sum())
        longest = max(longest, int((number > 0).sum()))
    weight = np.array(list(by_day.values()))
    correlation = cross / pairs / max(squares / count, 1e-12) if pairs > 0 else 0.0
    shared = float(np.clip(correlation, 0.0, 1.0)) ** 2
    return float(weight.sum() ** 2 / (weight**2).sum()) / (1 + (longest - 1) * shared)


def _ordinary(trial: Trial) -> tuple[Floats, Floats, Any]:
    """Error, forecast, and which intervals were open and in no event."""
    off = trial.actual - trial.foreseen.mean
    return off, trial.foreseen.mean, ~np.isnan(off) & trial.foreseen.ordinary


def _width(mean: Floats, spread: Floats | float) -> Floats:
    """Expected size of an error: Poisson noise and an error that grows with the volume."""
    return np.asarray(np.sqrt(np.maximum(mean + spread * mean**2, 1.0)))


def quantiles(errors: Errors, coverage: float) -> tuple[float, float]:
    """The scaled errors between which `coverage` of the intervals lie, with the correction for a finite past.

    Of n independent errors the next stays below the k-th smallest with probability k / (n + 1). The intervals of one
    day share their error, so that n is the number of days (conformal prediction).
    """
    level = min(coverage * (errors.days + 1) / errors.days, 1.0)
    at = np.searchsorted(np.cumsum(errors.weight), [(1 - level) / 2, (1 + level) / 2])
    low, high = errors.scaled[np.minimum(at, errors.scaled.size - 1)]
    return min(float(low), 0.0), max(float(high), 0.0)


def limits(mean: Floats, event_sd: Floats, errors: Errors, coverage: float) -> tuple[Floats, Floats]:
    """Lower and upper limits of forecasts, wider where an event's factor is uncertain."""
    low, high = quantiles(errors, coverage)
    width = _width(mean, errors.spread + event_sd**2)
    return np.maximum(mean + low * width, 0.0), mean + high * width
