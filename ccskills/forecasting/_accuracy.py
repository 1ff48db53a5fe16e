"""How far a forecast was from what came: WAPE, bias, MAPE, MASE, in all and part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, choice, numbers, timed
from ._calendar import WEEKDAYS

__all__ = ["Accuracy", "accuracy", "accuracy_by"]

PARTS = ("granularity", "horizon", "day", "week", "month", "weekday", "hour")
PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}


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
    a, f = _aligned(actual, _mean(forecast))
    total = float(a.sum())
    off = f - a
    return Accuracy(
        wape=float(np.abs(off).sum() / total),
        bias=float(off.sum() / total),
        mape=float((np.abs(off) / a).mean()) if (a > 0).all() else None,
        mase=None if history is None else float(np.abs(off).mean() / _seasonal_step(history, season)),
    )


def accuracy_by(actual: pd.Series, forecast: pd.Series | pd.DataFrame, by: str = "granularity") -> pd.DataFrame:
    """Accuracy of a forecast by horizon, by granularity, or by part of the calendar.

    "granularity" adds the volumes up to intervals, days, weeks (Monday to Sunday) and months and compares the sums:
    errors of intervals cancel in a day, errors of days in a month. Every other part compares interval by interval and
    groups the errors: "horizon" by the day ahead, 1 for the first day of the forecast; "day", "week", "month";
    "weekday"; "hour" of the day.

    Parameters
    ----------
    actual : Series
        What came [contacts], on the starts of the intervals.
    forecast : Series or DataFrame
        What was foreseen for the same intervals; the column `mean` of a DataFrame.
    by : str, optional
        One of the words above.

    Returns
    -------
    DataFrame
        One row per part: `wape`, `bias`, `mape` (missing when an actual is 0), `n` [values compared]. Parts in which
        nothing came have no row.

    Examples
    --------
    >>> hours = pd.date_range("2026-03-02 09:00", periods=4, freq="h")
    >>> came, foreseen = pd.Series([10, 200, 230, 60], hours), pd.Series([15, 180, 240, 60], hours)
    >>> accuracy_by(came, foreseen).loc[["interval", "day"], ["wape", "bias", "n"]]
                 wape  bias  n
    granularity
    interval     0.07 -0.01  4
    day          0.01 -0.01  1
    >>> accuracy_by(came, foreseen, "hour")["wape"].round(3).tolist()
    [0.5, 0.1, 0.043, 0.0]
    >>> accuracy_by(came, foreseen, "quarter")
    Traceback (most recent call last):
    ValueError: by must be one of granularity, horizon, day, week, month, weekday, hour, got 'quarter'
    """
    choice("by", by, PARTS)
    came = timed("actual", actual)
    foreseen = timed("forecast", _mean(forecast))
    a, f = _aligned(came, foreseen)
    table = pd.DataFrame({"a": a, "f": f}, index=pd.DatetimeIndex(came.index).tz_localize(None))
    if by == "granularity":
        levels = {"interval": table} | {
            name: table.groupby(pd.DatetimeIndex(table.index).to_period(period)).sum()
            for name, period in PERIODS.items()
        }
        parts = list(levels.items())
    else:
        parts = list(table.groupby(_labels(pd.DatetimeIndex(table.index), by)))
        if by == "weekday":
            parts.sort(key=lambda part: WEEKDAYS.index(part[0]))
    rows = {label: _row(part) for label, part in parts if part["a"].sum() > 0}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(by)


def _labels(times: pd.DatetimeIndex, by: str) -> Any:
    """Which part each interval belongs to."""
    if by == "hour":
        return np.asarray(times.hour)
    if by == "weekday":
        return np.array(WEEKDAYS)[np.asarray(times.day_of_week)]
    days = times.normalize()
    if by == "horizon":
        return 1 + np.unique(days, return_inverse=True)[1]
    if by == "week":
        return days - pd.to_timedelta(days.day_of_week, unit="D")
    return days if by == "day" else days - pd.to_timedelta(days.day - 1, unit="D")


def _row(part: pd.DataFrame) -> dict[str, Any]:
    """The figures of one part."""
    found = accuracy(part["a"].to_numpy(), part["f"].to_numpy())
    return {"wape": found.wape, "bias": found.bias, "mape": found.mape, "n": len(part)}


def _mean(forecast: Any) -> Any:
    """The column `mean` of a forecast as a table; anything else as it came."""
    if not isinstance(forecast, pd.DataFrame):
        return forecast
    if "mean" not in forecast.columns:
        raise ValueError(f"forecast must have a column mean, got {', '.join(map(str, forecast.columns))}")
    return forecast["mean"]


def _aligned(actual: Any, forecast: Any) -> tuple[Floats, Floats]:
    """Both as arrays of the same length, in which something came; refused when their times are not the same."""
    if isinstance(actual, pd.Series) and isinstance(forecast, pd.Series) and len(actual) == len(forecast):
        apart = np.asarray(actual.index != forecast.index)
        if apart.any():
            at = int(np.argmax(apart))
            got = f"{actual.index[at]} and {forecast.index[at]} in row {at}"
            raise ValueError(f"actual and forecast must have the same index, got {got}")
    a, f = numbers("actual", actual, least=0).ravel(), numbers("forecast", forecast).ravel()
    if a.size != f.size:
        raise ValueError(f"actual and forecast must have the same length, got {a.size} and {f.size}")
    if float(a.sum()) == 0:
        raise ValueError(f"actual must hold at least one contact, got 0 in {a.size} intervals")
    return a, f


def _seasonal_step(history: Any, season: int) -> float:
    """Mean absolute difference of the history from itself one season before."""
    past: Floats = numbers("history", history, least=0).ravel()
    if isinstance(season, bool) or not isinstance(season, (int, np.integer)):
        raise TypeError(f"season must be a whole number, got {season!r}")
    if season < 1 or past.size <= season:
        raise ValueError(f"season must be from 1 to one less than the {past.size} intervals of history, got {season}")
    step = float(np.abs(past[season:] - past[:-season]).mean())
    if step == 0:
        raise ValueError("history must change from season to season for a MASE, got a constant")
    return step
