"""Lunches and short breaks put into the shifts of a given day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .._checks import columns, number
from ._breaks import Groups, place, segments_of
from ._day import table_of
from ._model import Ints
from ._shifts import Break, Grid, Shift, grid, sequence

__all__ = ["place_breaks"]


def place_breaks(
    required: pd.Series, shifts: pd.DataFrame, breaks: Break | Sequence[Break], *, seconds: float = 10.0
) -> pd.DataFrame:
    """Lunches and short breaks of one day where they leave the least under-staffing.

    Parameters
    ----------
    required : Series
        Agents required in each interval of one day (at most 24 hours from the first).
    shifts : DataFrame
        One row per person: `agent_id`, `start`, `end`.
    breaks : Break or sequence of Break
        What everybody takes, in order of time; a shift too short for one goes without it.
    seconds : float, optional
        Stop the search after so long [s].

    Returns
    -------
    DataFrame
        A roster: `agent_id`, `start`, `end`, `state`, in order of agent and time.

    Notes
    -----
    Shifts start and end on intervals of `required`. Among places that are as good, those that leave some cover to
    spare where it is thinnest.

    Examples
    --------
    Two people cannot have lunch in the hour that needs both:

    >>> need = pd.Series([1, 1, 1, 2, 1, 1, 1, 1], pd.date_range("2026-01-05 08:00", periods=8, freq="h", name="start"))
    >>> day = pd.Timestamp("2026-01-05")
    >>> start, end = day + pd.Timedelta("8h"), day + pd.Timedelta("16h")
    >>> shifts = pd.DataFrame({"agent_id": ["Li", "Wang"], "start": start, "end": end})
    >>> plan = place_breaks(need, shifts, Break("lunch", 60, 3, 5))
    >>> plan.loc[plan["state"] == "lunch", "start"].dt.hour.tolist()
    [12, 13]
    """
    day = grid(required, days=1)
    table = columns("shifts", shifts, ["agent_id", "start", "end"])
    twice = table["agent_id"][table["agent_id"].duplicated()].tolist()
    if twice:
        raise ValueError(f"shifts must hold everybody once, got {twice[0]!r} twice")
    pauses = sequence("breaks", (breaks,) if isinstance(breaks, Break) else breaks, Break)
    wait = number("seconds", seconds, above=0)
    first, last = (_slots(day, table, name) for name in ("start", "end"))
    if (first >= last).any():
        raise ValueError("shifts must end after they start, got one that does not")
    lengths, kind = np.unique(last - first, return_inverse=True)
    kinds = tuple(_kind(int(length) * day.hours, pauses) for length in lengths)
    keys, group = np.unique(np.column_stack([kind, first]), axis=0, return_inverse=True)
    groups = Groups(kinds, keys[:, 0], keys[:, 1])
    options, taken = place(day, groups, np.bincount(group), seconds=wait)
    people = [np.flatnonzero(group == number_).tolist() for number_ in range(len(keys))]
    plan = table_of(day, segments_of(day, groups, options, taken, people))
    plan.insert(0, "agent_id", table["agent_id"].to_numpy()[plan.pop("position")])
    for name in ("start", "end"):
        plan[name] = pd.DatetimeIndex(plan[name]).tz_localize(day.index.tz)
    return plan.sort_values(["agent_id", "start"], ignore_index=True)


def _kind(hours: float, pauses: Sequence[Break]) -> Shift:
    """A shift of this length with the breaks that end inside it."""
    fit = tuple(rest for rest in pauses if rest.latest_h + rest.minutes / 60 < hours)
    return Shift(f"{hours:g} h", hours, fit)


def _slots(day: Grid, table: pd.DataFrame, name: str) -> Ints:
    """Starts or ends of shifts as intervals of the day."""
    if not pd.api.types.is_datetime64_any_dtype(table[name]):
        raise TypeError(f"{name} of shifts must be times (datetime64), got {table[name].dtype}")
    if table[name].dt.tz != day.index.tz:
        raise ValueError(f"shifts and required must be in one time zone, got {table[name].dt.tz} and {day.index.tz}")
    slot = (pd.DatetimeIndex(table[name]).tz_localize(None) - day.origin) / pd.Timedelta(minutes=day.interval_min)
    bad = (slot != np.floor(slot)) | (slot < 0) | (slot > day.need.size)
    if bad.any():
        raise ValueError(
            f"{name} of shifts must be on the intervals of required, at most 24 hours from {day.label(0)}, "
            f"got {table[name][bad].iloc[0]:%Y-%m-%d %H:%M}"
        )
    return np.asarray(slot, dtype=np.int64)
