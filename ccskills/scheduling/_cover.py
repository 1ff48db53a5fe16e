"""How many agents a roster gives each interval, and how that compares with the need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import broadcast, columns, numbers, timed
from ._model import Ints
from ._shifts import PHONE

__all__ = ["CoverSummary", "cover_summary", "leave_capacity", "micros", "over_under", "present", "staffed", "step_h"]

SEGMENT = ("agent_id", "start", "end", "state")


@dataclass(frozen=True)
class CoverSummary:
    """A cover table in five figures."""

    under_h: float
    """Agent-hours that are required and not staffed [h]."""
    over_h: float
    """Agent-hours that are staffed and not required [h]."""
    required_h: float
    """Agent-hours required [h]."""
    covered: float
    """Share of intervals in which nobody is missing."""
    worst: pd.Timestamp | None
    """The interval in which most agents are missing, the first of equals; None when nobody is missing anywhere."""
    worst_under: float
    """How many agents are missing there."""


def over_under(required: ArrayLike, staffed: ArrayLike) -> pd.DataFrame:
    """Where the plan has too many or too few people, interval by interval.

    Parameters
    ----------
    required : Series or array
        Agents needed in each interval.
    staffed : Series or array
        Agents planned or present in the same intervals.

    Returns
    -------
    DataFrame
        Columns `required`, `staffed`, `difference` (staffed - required), `over`, `under` [agents].

    Examples
    --------
    >>> over_under([10, 17, 12], [12, 15, 12])[["over", "under"]].sum().tolist()
    [2.0, 2.0]
    """
    if isinstance(required, pd.Series) and isinstance(staffed, pd.Series) and not required.index.equals(staffed.index):
        raise ValueError("required and staffed must have the same index, got two different ones")
    need, have = broadcast(
        required=numbers("required", required, least=0), staffed=numbers("staffed", staffed, least=0)
    )
    difference = np.atleast_1d(have - need)
    table = {
        "required": np.atleast_1d(need),
        "staffed": np.atleast_1d(have),
        "difference": difference,
        "over": np.maximum(difference, 0.0),
        "under": np.maximum(-difference, 0.0),
    }
    return pd.DataFrame(table, index=required.index if isinstance(required, pd.Series) else None)


def cover_summary(cover: pd.DataFrame) -> CoverSummary:
    """Over and under of a whole plan, and its worst interval.

    Parameters
    ----------
    cover : DataFrame
        Columns `required`, `staffed` [agents] on a DatetimeIndex of equal intervals, as `over_under` gives.

    Returns
    -------
    CoverSummary

    Examples
    --------
    >>> index = pd.date_range("2026-01-05 09:00", periods=3, freq="30min", name="start")
    >>> need, have = pd.Series([10, 17, 12], index), pd.Series([12, 15, 12], index)
    >>> summary = cover_summary(over_under(need, have))
    >>> summary.under_h, summary.over_h, summary.worst.isoformat(), summary.worst_under
    (1.0, 1.0, '2026-01-05T09:30:00', 2.0)
    >>> cover_summary(over_under([10], [12]))
    Traceback (most recent call last):
    TypeError: cover must have a DatetimeIndex of at least two intervals, got RangeIndex
    """
    table = columns("cover", cover, ["required", "staffed"])
    hours = step_h("cover", table.index)
    again = over_under(table["required"], table["staffed"])
    under = again["under"].to_numpy()
    at = int(np.argmax(under))
    return CoverSummary(
        under_h=float(under.sum() * hours),
        over_h=float(again["over"].sum() * hours),
        required_h=float(again["required"].sum() * hours),
        covered=float((under <= 1e-9).mean()),
        worst=again.index[at] if under[at] > 1e-9 else None,
        worst_under=float(under[at]),
    )


def staffed(roster: pd.DataFrame, index: pd.DatetimeIndex, working: Sequence[str] = (PHONE,)) -> pd.Series:
    """How many agents a roster has at work in each interval; who is there for half of it counts as half.

    Parameters
    ----------
    roster : DataFrame
        One row per segment: `agent_id`, `start`, `end`, `state`, as `roster` and `place_breaks` give.
    index : DatetimeIndex
        Starts of equal intervals, for example `required.index`.
    working : sequence of str, optional
        States that count as at work.

    Returns
    -------
    Series
        Agents on `index`.

    Examples
    --------
    >>> at = pd.Timestamp("2026-01-05 09:00")
    >>> rows = [("A1", at, at + pd.Timedelta(minutes=45), "phone"), ("A2", at, at + pd.Timedelta(minutes=60), "lunch")]
    >>> plan = pd.DataFrame(rows, columns=["agent_id", "start", "end", "state"])
    >>> staffed(plan, pd.date_range(at, periods=2, freq="30min")).tolist()
    [1.0, 0.5]
    """
    return present(columns("roster", roster, SEGMENT), index, working)


def present(table: pd.DataFrame, index: pd.DatetimeIndex, working: Sequence[str] = (PHONE,)) -> pd.Series:
    """As `staffed`, from a table that is known to be one and may have no rows."""
    length = round(step_h("index", index) * 3_600_000_000)
    here = table[table["state"].isin(list(working))]
    now = micros(pd.DatetimeIndex(index))
    first, last = (np.sort(micros(pd.DatetimeIndex(here[name])) - now[0]) for name in ("start", "end"))
    now = now - now[0]
    time = _time_since(first, now + length) - _time_since(first, now)
    time -= _time_since(last, now + length) - _time_since(last, now)
    return pd.Series(time / length, index=index, name="staffed")


def leave_capacity(cover: pd.DataFrame) -> pd.Series:
    """How many people who would be there all day may be away and leave no interval short, day by day.

    Parameters
    ----------
    cover : DataFrame
        Columns `required`, `staffed` [agents] on a DatetimeIndex, as `over_under` gives.

    Returns
    -------
    Series
        Whole places of leave on each day: the smallest surplus of the day, 0 when an interval is short already.

    Examples
    --------
    >>> index = pd.date_range("2026-01-05 09:00", periods=3, freq="30min", name="start")
    >>> leave_capacity(over_under(pd.Series([10, 17, 12], index), pd.Series([14, 19.5, 15], index))).to_dict()
    {Timestamp('2026-01-05 00:00:00'): 2}
    """
    table = columns("cover", cover, ["required", "staffed"])
    timed("cover", table["required"])
    spare = over_under(table["required"], table["staffed"])["difference"]
    day = pd.DatetimeIndex(table.index).normalize().rename("day")
    least = spare.groupby(day).min()
    return pd.Series(np.floor(np.maximum(least, 0.0) + 1e-9).astype(np.int64), index=least.index, name="places")


def step_h(name: str, index: object) -> float:
    """Length of the intervals of an index [h]: its smallest step."""
    if not isinstance(index, pd.DatetimeIndex) or index.size < 2:
        raise TypeError(f"{name} must have a DatetimeIndex of at least two intervals, got {type(index).__name__}")
    if not index.is_monotonic_increasing or index.has_duplicates:
        raise ValueError(f"{name} must be in order of time without doubles, got intervals out of order or twice")
    return float(np.diff(micros(index)).min() / 3_600_000_000)


def micros(times: pd.DatetimeIndex) -> Ints:
    """Microseconds since 1970, in whole numbers so that sums are exact."""
    plain = times.tz_convert("UTC").tz_localize(None) if times.tz is not None else times
    return np.asarray(plain.to_numpy().astype("datetime64[us]").astype(np.int64))


def _time_since(begins: Ints, now: Ints) -> Ints:
    """Sum over all beginnings of the time from it to each `now`; beginnings still to come count nothing."""
    count = np.searchsorted(begins, now)
    return np.asarray(count * now - np.concatenate([[0], np.cumsum(begins)])[count])
