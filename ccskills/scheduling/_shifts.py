"""What a shift is, where on the clock it fits, and the time grid that plans are made on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._checks import Floats, number, numbers, timed, whole
from ._model import Ints

__all__ = ["OFF", "PHONE", "Break", "Grid", "Shift", "clock", "grid", "minutes_of", "sequence"]

OFF = "off"
"""The state of a minute that is neither scheduled nor worked."""
PHONE = "phone"
"""The state of a scheduled minute in which an agent is there for contacts."""

# A centre that closes for less is one that stays open: shorter gaps are rows that got lost.
NIGHT_H = 4
DAY_MIN = 1440


@dataclass(frozen=True)
class Break:
    """A lunch or a short break: how long, and when it may begin."""

    name: str = "lunch"
    """Its state in a roster."""
    minutes: int = 60
    """Length [min]."""
    earliest_h: float = 3.0
    """It begins no sooner than this long after the start of the shift [h]."""
    latest_h: float = 5.0
    """It begins no later than this long after the start of the shift [h]."""
    paid: bool = False
    """Whether it counts as paid time."""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name in ("", OFF, PHONE):
            raise ValueError(f'name of a break must be a word other than "{OFF}" and "{PHONE}", got {self.name!r}')
        whole(f"minutes of the break {self.name}", self.minutes)
        number(f"earliest_h of the break {self.name}", self.earliest_h, above=0)
        number(f"latest_h of the break {self.name}", self.latest_h)
        if self.latest_h < self.earliest_h:
            raise ValueError(
                f"latest_h of the break {self.name} must be at least its earliest_h {self.earliest_h:g}, "
                f"got {self.latest_h:g}"
            )


@dataclass(frozen=True)
class Shift:
    """A kind of shift: how long, with which breaks, from which clock times.

    Examples
    --------
    >>> Shift().paid_h
    8.0
    >>> Shift("short", hours=4, breaks=(Break("lunch", 60, 3, 5),))
    Traceback (most recent call last):
    ValueError: breaks of the shift short must end inside its 4 hours, got lunch until hour 6
    """

    name: str = "day"
    """Its name in plans."""
    hours: float = 9.0
    """From start to end, breaks included [h]."""
    breaks: tuple[Break, ...] = (Break(),)
    """In order of time; the window of one must be over, break included, before the next one's opens."""
    starts: tuple[str, ...] | None = None
    """Clock times "HH:MM" at which it may start; None: wherever an interval starts."""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name of a shift must be a word, got {self.name!r}")
        number(f"hours of the shift {self.name}", self.hours, above=0)
        if self.hours > 24:
            raise ValueError(f"hours of the shift {self.name} must be at most 24, got {self.hours:g}")
        sequence(f"breaks of the shift {self.name}", self.breaks, Break, empty=True)
        if self.starts is not None:
            for text in sequence(f"starts of the shift {self.name}", self.starts, str):
                minutes_of(f"starts of the shift {self.name}", text)
        over, before = 0.0, ""
        for rest in self.breaks:
            if rest.earliest_h < over - 1e-9:
                raise ValueError(
                    f"breaks of the shift {self.name} must have windows one after the other, "
                    f"got {rest.name} from hour {rest.earliest_h:g} while {before} may last until hour {over:g}"
                )
            over, before = rest.latest_h + rest.minutes / 60, rest.name
        if over >= self.hours and self.breaks:
            raise ValueError(
                f"breaks of the shift {self.name} must end inside its {self.hours:g} hours, "
                f"got {before} until hour {over:g}"
            )

    @property
    def paid_h(self) -> float:
        """Paid time of one shift [h]: its length without unpaid breaks."""
        return self.hours - sum(rest.minutes for rest in self.breaks if not rest.paid) / 60


@dataclass(frozen=True)
class Grid:
    """Equal intervals from `origin` on, with what each needs; a week's grid is a ring."""

    origin: pd.Timestamp
    interval_min: int
    need: Floats
    open: NDArray[np.bool_]
    rows: Ints
    """The interval of each row of `required`."""
    index: pd.DatetimeIndex
    """The index of `required`."""
    ring: bool

    @property
    def hours(self) -> float:
        """Length of an interval [h]."""
        return self.interval_min / 60

    def slots(self, what: str, hours: float) -> int:
        """`hours` as a number of intervals."""
        count = hours / self.hours
        if abs(count - round(count)) > 1e-6:
            raise ValueError(f"{what} must be a multiple of the interval of {self.interval_min} min, got {hours:g} h")
        return round(count)

    def time(self, slot: Any) -> pd.DatetimeIndex:
        """The wall-clock start of intervals, those after the end of the week included."""
        return pd.DatetimeIndex(self.origin + pd.to_timedelta(np.atleast_1d(slot) * self.interval_min, unit="min"))

    def label(self, slot: int) -> str:
        """An interval as people read it."""
        return f"{self.time(slot)[0]:%Y-%m-%d %H:%M}"

    def wrap(self, slot: Ints) -> Ints:
        """Intervals after the end of the week as those at its beginning."""
        return np.asarray(slot % self.need.size if self.ring else slot)

    def places(self, shift: Shift) -> Ints:
        """The intervals at which a shift can start: allowed by its rules, and open from start to end."""
        length = self.slots(f"hours of the shift {shift.name}", shift.hours)
        first = np.arange(self.need.size)
        if not self.ring:
            first = first[: max(self.need.size - length + 1, 0)]
        fits = self.open[self.wrap(first[:, None] + np.arange(length))].all(axis=1)
        if shift.starts is not None:
            times = self.time(first)
            minute = np.asarray(times.hour * 60 + times.minute)
            fits &= np.isin(minute, [minutes_of("starts", text) for text in shift.starts])
        return first[fits]


def grid(required: pd.Series, *, days: int) -> Grid:
    """The grid of one day (days=1, at most 24 hours from its first interval) or of a week that repeats (days=7)."""
    need = numbers("required", timed("required", required), least=0)
    index = pd.DatetimeIndex(required.index)
    wall = index.tz_localize(None)
    if need.size < 2:
        raise ValueError("required must hold at least two intervals, got one")
    step = np.diff(wall.to_numpy()).astype("timedelta64[s]").astype(np.int64)
    if (step <= 0).any():
        raise ValueError(
            f"required must be in order of time without doubles, got {wall[1:][step <= 0][0]} twice or late"
        )
    length = int(step.min())
    if length % 60 or DAY_MIN * 60 % length:
        raise ValueError(f"required must have intervals of whole minutes that divide a day, got {length / 60:g} min")
    bad = (step != length) & ((step < NIGHT_H * 3600) | (step % length != 0))
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(
            f"required must have regular intervals of {length // 60} min while it is open, "
            f"got nothing between {wall[at]:%Y-%m-%d %H:%M} and {wall[at + 1]:%Y-%m-%d %H:%M}"
        )
    origin = wall[0] if days == 1 else wall[0].normalize()
    rows = np.asarray((wall - origin) // pd.Timedelta(seconds=length), dtype=np.int64)
    size = days * DAY_MIN * 60 // length
    if rows[-1] >= size:
        raise ValueError(
            f"required must cover {'one day of at most 24 hours' if days == 1 else 'at most 7 days'}, "
            f"got {wall[0]:%Y-%m-%d %H:%M} to {wall[-1]:%Y-%m-%d %H:%M}"
        )
    full, is_open = np.zeros(size), np.zeros(size, dtype=np.bool_)
    full[rows], is_open[rows] = need, True
    return Grid(origin, length // 60, full, is_open, rows, index, days == 7)


def minutes_of(name: str, text: object) -> int:
    """Minutes after midnight of a clock time "HH:MM"."""
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f'{name} must be clock times from "00:00" to "23:59", got {text!r}')
    return int(text[:2]) * 60 + int(text[3:])


def sequence(name: str, value: Any, kind: type, *, empty: bool = False) -> tuple[Any, ...]:
    """`value` as a tuple of things of one kind."""
    if not isinstance(value, (tuple, list)) or not all(isinstance(item, kind) for item in value):
        raise TypeError(f"{name} must be a tuple of {kind.__name__}, got {value!r}")
    if not value and not empty:
        raise ValueError(f"{name} must hold at least one {kind.__name__}, got none")
    return tuple(value)


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock time.

    >>> clock(8 * 60 + 30)
    '08:30'
    """
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
