"""Cleaning of a call history: what was not ordinary demand is replaced, and every replacement is logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._checks import Floats
from ._grid import Grid, check_index, spread, typical_slots

__all__ = ["Cleaned", "clean"]

NEIGHBOUR_WEEKS = 4
QUIET = 10.0


@dataclass(frozen=True)
class Cleaned:
    """A history without what was not ordinary demand, and the account of what was changed."""

    history: pd.Series
    """Counts, one for every open interval."""
    log: pd.DataFrame
    """One row per changed interval: `start`, `was` (missing when there was no count), `now`, `reason`."""


def clean(history: pd.Series, events: pd.DataFrame | None = None) -> Cleaned:
    """Replace events, false zeros and gaps by what is typical of that weekday and interval, and log every change.

    Replaced are the intervals of every event; zeros where ten or more are typical (the line was down, not the
    demand); missing counts and missing intervals of a day that was otherwise open. Typical is the median of the four
    same weekdays before and after, themselves without events. Days that are missing altogether stay missing: the
    centre was closed.

    Parameters
    ----------
    history : Series
        Counts on a DatetimeIndex of equal intervals; gaps and missing counts are allowed.
    events : DataFrame, optional
        One row per event with `start`, `end` (both inside the event) and `kind`, as in the `events` of
        `ccskills.data.centre`.

    Returns
    -------
    Cleaned

    Examples
    --------
    >>> from ccskills.data import centre
    >>> ours = centre()
    >>> result = clean(ours.intervals["offered"], ours.events)
    >>> bool((result.log["reason"] == "outage").any()), int((result.history == 0).sum())
    (True, 0)
    """
    values = check_index(history)
    grid = spread(values)
    reasons = np.full(grid.counts.shape, "", dtype=object)
    expected = np.array([typical_slots(grid, day.day_of_week) for day in grid.days])
    reasons[np.isnan(grid.counts) & expected] = "gap"
    for start, end, kind in _events(events):
        stamps = grid.days.to_numpy()[:, None] + grid.slots.to_numpy()[None, :]
        inside = (stamps >= start.to_datetime64()) & (stamps <= end.to_datetime64())
        reasons[inside & (expected | ~np.isnan(grid.counts))] = kind
    trusted = np.where(reasons == "", grid.counts, np.nan)
    typical = _typical(grid, np.where(trusted == 0, np.nan, trusted))
    false_zero = (trusted == 0) & (typical >= QUIET)
    reasons[false_zero] = "zero"
    changed = (reasons != "") & ~np.isnan(typical)
    return _result(grid, np.where(changed, typical, grid.counts), reasons, changed)


def _events(events: pd.DataFrame | None) -> list[tuple[pd.Timestamp, pd.Timestamp, str]]:
    """The events as (start, end, kind), refused when a column is missing or an event ends before it starts."""
    if events is None:
        return []
    missing = [name for name in ("start", "end", "kind") if name not in events.columns]
    if missing:
        raise ValueError(f"events must have the columns start, end and kind, got no {' and no '.join(missing)}")
    rows = [
        (pd.Timestamp(a), pd.Timestamp(b), str(kind))
        for a, b, kind in zip(events["start"], events["end"], events["kind"], strict=True)
    ]
    for start, end, kind in rows:
        if not start <= end:
            raise ValueError(f"events must start before they end, got {kind} from {start} to {end}")
    return rows


def _typical(grid: Grid, trusted: Floats) -> Floats:
    """Median of the trusted counts of the same interval on the four same weekdays before and after each day."""
    typical = np.full(grid.counts.shape, np.nan)
    for weekday in set(grid.weekdays.tolist()):
        rows = np.flatnonzero(grid.weekdays == weekday)
        for at, row in enumerate(rows):
            near = np.r_[rows[max(at - NEIGHBOUR_WEEKS, 0) : at], rows[at + 1 : at + 1 + NEIGHBOUR_WEEKS]]
            counts = trusted[near]
            known = (~np.isnan(counts)).any(axis=0)
            typical[row, known] = np.nanmedian(counts[:, known], axis=0)
    return typical


def _result(grid: Grid, counts: Floats, reasons: Any, changed: Any) -> Cleaned:
    """The cleaned table as a series, and its log."""
    stamps = grid.days.to_numpy()[:, None] + grid.slots.to_numpy()[None, :]
    kept = ~np.isnan(counts)
    index = pd.DatetimeIndex(stamps[kept], name="start")
    log = pd.DataFrame(
        {
            "start": stamps[changed],
            "was": grid.counts[changed],
            "now": counts[changed],
            "reason": reasons[changed].astype(str),
        }
    )
    return Cleaned(pd.Series(counts[kept], index=index, name=grid.name), log)
