"""The list of events that planners keep: holidays, make-up workdays, campaigns, outages; past and to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import choice, number
from .._grid import moment_of, stamps

__all__ = ["AFTER", "HOLIDAY", "MAKEUP", "WEEKDAYS", "Event", "covered", "days_after", "read_events"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOLIDAY, MAKEUP, AFTER = "holiday", "makeup_workday", "after_holiday"
IMITATED = "Wed"
MOST = 20.0


@dataclass(frozen=True)
class Event:
    """One row of the events: from when to when (both inside) something was, or will be, not ordinary."""

    start: pd.Timestamp
    end: pd.Timestamp
    kind: str
    name: str
    """Name in English, "" when there is none."""
    zh: str
    factor: float | None
    """Volume as a multiple of what is usual, when the planner says it; None when the past has to tell."""
    imitates: int
    """The weekday that a make-up workday is like, 0 for Monday."""


def read_events(events: pd.DataFrame | None) -> list[Event]:
    """The rows of the table in order of time; refused when a column is missing or an event ends before it starts."""
    if events is None:
        return []
    if not isinstance(events, pd.DataFrame):
        raise TypeError(f"events must be a pandas DataFrame, got {type(events).__name__}")
    missing = [name for name in ("start", "end", "kind") if name not in events.columns]
    if missing:
        raise ValueError(f"events must have the columns start, end and kind, got no {' and no '.join(missing)}")
    found = [_event(row) for row in events.to_dict("records")]
    return sorted(found, key=lambda event: event.start)


def _event(row: dict[Any, Any]) -> Event:
    """One row, checked."""
    start, end, kind = moment_of(row["start"]), moment_of(row["end"]), row["kind"]
    if start is None or end is None:
        raise ValueError(f"events must start and end at times, got {row['start']!r} and {row['end']!r}")
    if not isinstance(kind, str) or not kind:
        raise ValueError(f"events must have a word as kind, got {kind!r} on {start:%Y-%m-%d}")
    if start.tzinfo is not None or end.tzinfo is not None:
        raise ValueError(f"events must have local times without a time zone, got {kind} from {start} to {end}")
    if not start <= end:
        raise ValueError(f"events must start before they end, got {kind} from {start} to {end}")
    if start == start.normalize() and end == end.normalize():
        # Written as dates: the last day is meant as a whole.
        end = end + pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
    factor = row.get("factor")
    given = factor is not None and not pd.isna(factor)
    weekday = row.get("weekday")
    imitates = IMITATED if weekday is None or pd.isna(weekday) else choice("weekday", weekday, WEEKDAYS)
    return Event(
        start,
        end,
        kind,
        _word(row.get("name", row.get("en"))),
        _word(row.get("zh")),
        _factor(factor) if given else None,
        WEEKDAYS.index(imitates),
    )


def _factor(value: Any) -> float:
    """The factor of an event; 120 is refused, which is meant as 1.2."""
    factor = number("factor", value, least=0)
    if factor > MOST:
        raise ValueError(f"factor must be at most {MOST:g} times what is usual, got {factor:g}; 1.2 is 20 % more")
    return factor


def _word(value: Any) -> str:
    """A cell as text, "" when it is empty."""
    return "" if value is None or pd.isna(value) else str(value)


def days_after(events: Sequence[Event]) -> list[Event]:
    """The day after each holiday, on which what was put off comes, as an event; unless it is in an event itself."""
    nights = {event.end.normalize() + pd.Timedelta(days=1) for event in events if event.kind == HOLIDAY}
    taken = [(event.start.normalize(), event.end.normalize()) for event in events]
    free = sorted(day for day in nights if not any(start <= day <= end for start, end in taken))
    last = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
    return [Event(day, day + last, AFTER, "", "", None, 0) for day in free]


def covered(event: Event, days: pd.DatetimeIndex, slots: pd.TimedeltaIndex) -> Any:
    """Which intervals start inside the event, by day and interval of the day."""
    inside = np.zeros((days.size, slots.size), dtype=bool)
    near = np.asarray((days >= event.start.normalize()) & (days <= event.end.normalize()))
    if near.any():
        at = stamps(days[near], slots)
        inside[near] = (at >= event.start.to_datetime64()) & (at <= event.end.to_datetime64())
    return inside
