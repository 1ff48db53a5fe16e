"""The rest of today, foreseen again from what the morning brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from .._checks import columns, numbers, timed
from .._grid import Grid
from ._limits import HALF_LIFE_ORIGINS, Errors, Trial

__all__ = ["carry_over", "reforecast"]

# Days with an average morning that speak against any carrying over, beside the days of the trials.
DOUBTING_DAYS = 2.0


def carry_over(grid: Grid, trials: Sequence[Trial], errors: Errors) -> dict[str, tuple[float, float]]:
    """How much of the morning's error the rest of the day repeats, by the time of day at which the rest begins.

    For each time: the slope of the rest's relative error on the morning's over the ordinary days of the trials, and
    what the rest's intervals still scatter, in the manner of `Errors.spread`, once the slope is used.
    """
    days = [day for age, trial in enumerate(trials) for day in _days(trial, 0.5 ** (age / HALF_LIFE_ORIGINS))]
    if not days:
        return {}
    weight = np.array([day[0] for day in days])
    off, mean = (np.array([day[k] for day in days]) for k in (1, 2))
    found: dict[str, tuple[float, float]] = {}
    for cut in range(1, grid.slots.size):
        early, late = (np.maximum(part.sum(axis=1), 1e-9) for part in (mean[:, :cut], mean[:, cut:]))
        use = weight * ((early > 1e-6) & (late > 1e-6))
        x, y = off[:, :cut].sum(axis=1) / early, off[:, cut:].sum(axis=1) / late
        doubt = DOUBTING_DAYS * float(use @ x**2) / max(float(use.sum()), 1e-9)
        slope = float(np.clip(use @ (x * y) / max(float(use @ x**2) + doubt, 1e-12), 0.0, 1.5))
        again = mean[:, cut:] * np.maximum(1 + slope * x, 0.0)[:, None]
        left = off[:, cut:] + mean[:, cut:] - again
        squares = max(float(use @ (again**2).sum(axis=1)), 1e-12)
        spread = float(use @ (left**2 - again).sum(axis=1)) / squares
        found[_clock(grid.slots[cut])] = slope, float(np.clip(spread, 0.0, errors.spread))
    return found


def _days(trial: Trial, weight: float) -> list[tuple[float, Any, Any]]:
    """Weight, error and forecast of the trial's ordinary days, 0 where closed."""
    mean = trial.foreseen.mean
    off = trial.actual - mean
    quiet = trial.foreseen.ordinary.all(axis=1)
    return [
        (weight, np.nan_to_num(o), np.where(np.isnan(o), 0.0, m)) for o, m in zip(off[quiet], mean[quiet], strict=True)
    ]


def _clock(time_of_day: pd.Timedelta) -> str:
    """A time of day as HH:MM:SS."""
    return str(pd.Timestamp(0) + time_of_day)[11:19]


def reforecast(forecast: pd.DataFrame, actual_so_far: pd.Series) -> pd.DataFrame:
    """The forecast of today with the rest of the day scaled by what has come so far.

    factor = 1 + slope (came so far / foreseen so far - 1)

    The slope is what past days taught when the forecast was made: how much of the morning's error the rest of the day
    repeats. It is near 0 early in the day, when little has come and chance rules, and grows with the hours.

    Parameters
    ----------
    forecast : DataFrame
        The result of `forecast`, with its `attrs`; it may hold more days than today.
    actual_so_far : Series
        What came today [contacts], from the first interval of the day on without a gap.

    Returns
    -------
    DataFrame
        As the forecast. Intervals that are over hold what came in all three columns, the rest of today is scaled and
        its limits are drawn in, other days are unchanged. `attrs["factor"]` is the factor.

    Notes
    -----
    An outage is no slow morning: when the line was down, or a campaign has just begun, the morning says nothing of
    the afternoon, and the planned forecast is the better one.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> from ccskills.forecasting import forecast
    >>> calls = half_hours(load("bank_calls"))
    >>> plan = forecast(calls[:"2003-10-23"], horizon_days=1)
    >>> now = reforecast(plan, calls["2003-10-24 07:00":"2003-10-24 10:30"])
    >>> round(now.attrs["factor"], 2), float(now.loc["2003-10-24 10:30", "mean"]), int(calls["2003-10-24 10:30"])
    (0.99, 1618.0, 1618)
    >>> reforecast(plan, calls["2003-10-23"])
    Traceback (most recent call last):
    ValueError: actual_so_far must lie in the forecast, got 2003-10-23 07:00:00
    """
    columns("forecast", forecast, ["mean", "lower", "upper"])
    for name in ("mean", "lower", "upper"):
        numbers(f"{name} of forecast", forecast[name], least=0)
    known = forecast.attrs.get("intraday")
    if known is None:
        raise ValueError("forecast must be a result of forecasting.forecast with its attrs, got a table without them")
    came = numbers("actual_so_far", timed("actual_so_far", actual_so_far), least=0)
    today = _today(forecast, pd.DatetimeIndex(actual_so_far.index))
    forecast = forecast.astype(np.float64)
    result = forecast.copy()
    over, rest = today[: came.size], today[came.size :]
    result.loc[over] = came[:, None]
    result.attrs["factor"] = 1.0
    if rest.size and _clock(rest[0] - rest[0].normalize()) in known:
        slope, spread = known[_clock(rest[0] - rest[0].normalize())]
        plan = forecast.loc[rest]
        foreseen = float(forecast.loc[over, "mean"].sum())
        factor = max(1 + slope * (float(came.sum()) / foreseen - 1), 0.0) if foreseen > 0 else 1.0
        before, after = plan["mean"], factor * plan["mean"]
        size = np.maximum(after + spread * after**2, 1.0) / np.maximum(
            before + forecast.attrs["spread"] * before**2, 1.0
        )
        below, above = (before - plan["lower"]) * np.sqrt(size), (plan["upper"] - before) * np.sqrt(size)
        result.loc[rest] = np.column_stack([after, np.maximum(after - below, 0.0), after + above])
        result.attrs["factor"] = factor
    return result


def _today(forecast: pd.DataFrame, so_far: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The intervals of the forecast on the day of the actuals; refused when these do not begin that day."""
    outside = ~so_far.isin(forecast.index)
    if outside.any():
        raise ValueError(f"actual_so_far must lie in the forecast, got {so_far[outside][0]}")
    times = pd.DatetimeIndex(forecast.index)
    today = times[times.normalize() == so_far[0].normalize()]
    if not so_far.equals(today[: so_far.size]):
        got = f"{so_far.size} intervals from {so_far[0]} to {so_far[-1]}"
        raise ValueError(f"actual_so_far must hold the first intervals of one day in order, got {got}")
    return today
