"""From call history to a forecast that has been measured: clean, profile, forecast, backtest, accuracy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from . import _grid, _methods
from ._checks import Floats, choice, numbers, share, whole
from ._cleaning import Cleaned, clean
from ._grid import Grid

__all__ = ["METHODS", "Accuracy", "Cleaned", "accuracy", "backtest", "clean", "forecast", "profile"]

METHODS = tuple(_methods.METHODS)
"""Names of the forecasting methods, from the simplest on."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TRAINING_WEEKS = 4
TRIALS = 10


@dataclass(frozen=True)
class Accuracy:
    """How far a forecast was from what came; shares, so 0.07 is 7 %."""

    wape: float
    """Sum of |forecast - actual| / sum of actual."""
    bias: float
    """Sum of (forecast - actual) / sum of actual; above 0 the forecast was too high."""
    mape: float | None
    """Mean of |forecast - actual| / actual; None when an actual is 0, where the MAPE does not exist."""
    mase: float | None = None
    """Mean of |forecast - actual| / mean seasonal step of the history; None when no history was given."""


def profile(history: pd.Series, weeks: int = 8) -> pd.DataFrame:
    """Share of the day's volume that comes in each interval, by weekday.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex.
    weeks : int, optional
        How many of the last same weekdays to add up.

    Returns
    -------
    DataFrame
        One row per interval (`HH:MM`), one column per open weekday (`Mon` to `Sun`); every column sums to 1.
        Intervals in which a weekday is closed are missing.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> shares = profile(half_hours(load("bank_calls")))
    >>> float(shares["Mon"].sum()), shares["Mon"].idxmax()
    (1.0, '10:00')
    """
    grid = _grid.read(history)
    whole("weeks", weeks, most=366)
    weekdays = sorted(set(grid.weekdays.tolist()))
    clock = [str(pd.Timestamp(0) + slot)[11:16] for slot in grid.slots]
    table = {WEEKDAYS[weekday]: _methods.shares(grid, weekday, weeks) for weekday in weekdays}
    return pd.DataFrame(table, index=pd.Index(clock, name="start"))


def forecast(
    history: pd.Series,
    horizon_days: int,
    method: str = "auto",
    *,
    coverage: float = 0.8,
    closed: Collection[Any] = (),
) -> pd.DataFrame:
    """Counts to expect in the intervals of the next open days.

    Weekdays and hours on which the history was closed stay closed. The methods: `seasonal_naive` repeats the last
    same weekday; `weekday_median` takes the median of the last eight; `ridge_profile` foresees the day's volume
    (weekday, days of the month, day after a closed day) and spreads it by the weekday's profile; `auto` takes the one
    with the lowest WAPE on the last weeks of the history, which are held out one after the other.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex without gaps in the open hours (see `clean`); at least five open weeks.
    horizon_days : int
        Open days to foresee.
    method : str, optional
        "auto" or one of `METHODS`.
    coverage : float, optional
        Share of the intervals whose actual shall lie between `lower` and `upper`.
    closed : collection of dates, optional
        Days to come on which the centre stays closed, such as public holidays.

    Returns
    -------
    DataFrame
        `mean`, `lower`, `upper` [counts per interval]; `attrs["method"]` names the method used.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> week = forecast(half_hours(load("bank_calls")), horizon_days=5)
    >>> week.attrs["method"], len(week), week.index[0].isoformat()
    ('ridge_profile', 140, '2003-10-27T07:00:00')
    """
    grid = _grid.read(history)
    whole("horizon_days", horizon_days, most=366)
    choice("method", method, ("auto", *METHODS))
    tails = float(share("coverage", coverage, zero=False, one=False))
    trials = _trials(grid, horizon_days)
    names = METHODS if method == "auto" else (method,)
    tried = {name: [_trial(grid, name, at, days) for at, days in trials] for name in names}
    chosen = min(names, key=lambda name: float(np.mean([accuracy(a, f).wape for a, f in tried[name]])))
    days = _grid.next_days(grid, horizon_days, closed)
    index, open_ = grid.index(days)
    mean = _methods.METHODS[chosen](grid, days)[open_]
    lower, upper = _limits(mean, tried[chosen], tails)
    table = pd.DataFrame({"mean": mean, "lower": lower, "upper": upper}, index=index)
    table.attrs["method"] = chosen
    return table


def backtest(
    history: pd.Series, methods: Sequence[str] = METHODS, horizon_days: int = 20, origins: int = 5
) -> pd.DataFrame:
    """How the methods would have done: each forecasts from several past days what then came.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex without gaps in the open hours.
    methods : sequence of str, optional
        Names of `METHODS` to compare.
    horizon_days : int, optional
        Open days to foresee from each origin.
    origins : int, optional
        Number of origins, one open week apart, the last one `horizon_days` before the end.

    Returns
    -------
    DataFrame
        One row per method and origin: `method`, `origin` (last day that the method has seen), `wape`, `bias`, `mape`,
        `mase` per interval, `wape_day` for whole days. Average over the origins before choosing.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> table = backtest(half_hours(load("bank_calls")), ["seasonal_naive", "ridge_profile"])
    >>> table.groupby("method")["wape"].mean().round(3).to_dict()
    {'ridge_profile': 0.059, 'seasonal_naive': 0.088}
    """
    grid = _grid.read(history)
    whole("horizon_days", horizon_days, most=366)
    whole("origins", origins, most=366)
    week = len(set(grid.weekdays.tolist()))
    starts = [grid.days.size - horizon_days - week * k for k in range(origins)]
    if starts[-1] < TRAINING_WEEKS * week:
        need = TRAINING_WEEKS * week + horizon_days + week * (origins - 1)
        raise ValueError(
            f"history must hold at least {need} open days for {origins} origins of {horizon_days} days, "
            f"got {grid.days.size}"
        )
    rows: list[dict[str, Any]] = []
    for name in [methods] if isinstance(methods, str) else methods:
        choice("methods", name, METHODS)
        for start in reversed(starts):
            actual, mean = _trial(grid, name, start, horizon_days)
            found = accuracy(actual, mean, _open(grid.counts[:start]), _season(grid))
            foreseen = _day_sums(grid, start, mean)
            by_day = accuracy(_day_sums(grid, start, actual), foreseen)
            rows.append({"method": name, "origin": grid.days[start - 1], **vars(found), "wape_day": by_day.wape})
    return pd.DataFrame(rows)


def accuracy(
    actual: ArrayLike, forecast: ArrayLike | pd.DataFrame, history: ArrayLike | None = None, season: int = 1
) -> Accuracy:
    """WAPE, bias and MAPE of a forecast, and MASE when the history is given.

    Parameters
    ----------
    actual : Series, array or list
        What came [contacts], zero or more, not all zero.
    forecast : Series, array, list or the DataFrame of `forecast`
        What was foreseen for the same intervals; the column `mean` of a DataFrame.
    history : Series, array or list, optional
        The contacts that the forecast was made from; gives the MASE.
    season : int, optional
        Intervals in one season of the history, for the MASE: 1 compares with the interval before, the number of open
        intervals of a week compares with the week before.

    Returns
    -------
    Accuracy

    Examples
    --------
    The ten-call interval rules the MAPE and hardly moves the WAPE:

    >>> accuracy([10, 200, 230, 60], [15, 180, 240, 60])
    Accuracy(wape=0.07, bias=-0.01, mape=0.161, mase=None)
    >>> accuracy([10, 200], [10])
    Traceback (most recent call last):
    ValueError: actual and forecast must have the same length, got 2 and 1
    """
    if isinstance(forecast, pd.DataFrame):
        if "mean" not in forecast.columns:
            raise ValueError(f"forecast must have a column mean, got {', '.join(map(str, forecast.columns))}")
        forecast = forecast["mean"]
    if isinstance(actual, pd.Series) and isinstance(forecast, pd.Series) and len(actual) == len(forecast):
        apart = np.asarray(actual.index != forecast.index)
        if apart.any():
            at = int(np.argmax(apart))
            got = f"{actual.index[at]} and {forecast.index[at]} in row {at}"
            raise ValueError(f"actual and forecast must have the same index, got {got}")
    a, f = numbers("actual", actual, least=0).ravel(), numbers("forecast", forecast).ravel()
    if a.size != f.size:
        raise ValueError(f"actual and forecast must have the same length, got {a.size} and {f.size}")
    total = float(a.sum())
    if total == 0:
        raise ValueError(f"actual must hold at least one contact, got 0 in {a.size} intervals")
    off = f - a
    return Accuracy(
        wape=float(np.abs(off).sum() / total),
        bias=float(off.sum() / total),
        mape=float((np.abs(off) / a).mean()) if (a > 0).all() else None,
        mase=None if history is None else float(np.abs(off).mean() / _seasonal_step(history, season)),
    )


def _seasonal_step(history: Any, season: int) -> float:
    """Mean absolute difference of the history from itself one season before."""
    past: Floats = numbers("history", history, least=0).ravel()
    if season < 1 or past.size <= season:
        raise ValueError(f"season must be from 1 to one less than the {past.size} intervals of history, got {season}")
    step = float(np.abs(past[season:] - past[:-season]).mean())
    if step == 0:
        raise ValueError("history must change from season to season for a MASE, got a constant")
    return step


def _open(counts: Floats) -> Floats:
    """The counts of the open intervals, in order."""
    return np.asarray(counts[~np.isnan(counts)])


def _season(grid: Grid) -> int:
    """Open intervals in one week."""
    return int(sum(grid.open_slots(weekday).sum() for weekday in set(grid.weekdays.tolist())))


def _day_sums(grid: Grid, start: int, values: Floats) -> Floats:
    """Values of open intervals from day `start` on, added up by day."""
    open_ = ~np.isnan(grid.counts[start:])
    days = np.repeat(np.arange(len(open_)), open_.sum(axis=1))[: values.size]
    return np.bincount(days, weights=values).astype(np.float64)


def _trials(grid: Grid, horizon: int) -> list[tuple[int, int]]:
    """Up to ten origins one open week apart, as (days seen, days to foresee), each with four weeks to learn from."""
    week = len(set(grid.weekdays.tolist()))
    least = TRAINING_WEEKS * week
    if grid.days.size < least + week:
        raise ValueError(f"history must hold at least {least + week} open days (five weeks), got {grid.days.size}")
    days = min(horizon, 4 * week, grid.days.size - least)
    starts = [grid.days.size - days - week * k for k in range(TRIALS)]
    return [(start, days) for start in starts if start >= least]


def _trial(grid: Grid, method: str, start: int, days: int) -> tuple[Floats, Floats]:
    """What came and what `method` foresaw in the open intervals of `days` days from day `start` on."""
    actual = grid.counts[start : start + days]
    foreseen = _methods.METHODS[method](grid.head(start), grid.days[start : start + days])
    open_ = ~np.isnan(actual)
    return actual[open_], foreseen[open_]


def _limits(mean: Floats, trials: list[tuple[Floats, Floats]], coverage: float) -> tuple[Floats, Floats]:
    """Limits from the errors of the trials: Poisson noise plus an error that grows with the volume, by quantiles."""
    actual, foreseen = (np.concatenate(part) for part in zip(*trials, strict=True))
    off = actual - foreseen
    spread = max(float((off**2 - foreseen).mean() / max(float((foreseen**2).mean()), 1e-12)), 0.0)
    scaled = off / np.sqrt(np.maximum(foreseen + spread * foreseen**2, 1.0))
    low, high = np.quantile(scaled, [(1 - coverage) / 2, (1 + coverage) / 2])
    width = np.sqrt(np.maximum(mean + spread * mean**2, 1.0))
    lower, upper = mean + min(low, 0.0) * width, mean + max(high, 0.0) * width
    return np.maximum(lower, 0.0), upper
