"""From call history to a forecast that has been measured: clean, profile, forecast, backtest, accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ._checks import Floats, numbers

__all__ = ["Accuracy", "accuracy"]


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
