"""Work that need not be done at once: e-mails, forms and cases that are due by a deadline, not within seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from .._checks import Floats, broadcast, choice, collapse, number, numbers, share
from .._checks import whole as whole_number
from .._guards import one_share, same_rows, switch
from ._shrinkage import HAIR

__all__ = ["Backlog", "back_office_required", "backlog", "idle_hours"]

COUNTED = ("working", "elapsed")


@dataclass(frozen=True)
class Backlog:
    """What becomes of work that is done in the order in which it came."""

    intervals: pd.DataFrame
    """One row per interval: items `arrived` and `done` in it; `backlog` open at its end and `oldest`, the age of the
    oldest of them in intervals (0: none is left from before); `within`, the items of this interval that are done by
    their deadline, and `late`, those that are not; both are 0 where the deadline lies after the last interval."""
    within_deadline: float
    """Share of the items whose deadline has come that were done by it; 1 when no deadline has come."""
    done: float
    """Items done in all intervals."""
    left: float
    """Items open after the last interval."""


def back_office_required(
    arrivals: ArrayLike,
    handle_s: float,
    deadline: int,
    efficiency: float = 1.0,
    hours: ArrayLike = 1.0,
    counted: str = "working",
    level: bool = True,
    free_hours: ArrayLike = 0.0,
    whole: bool = True,
) -> Any:
    """Fewest people who finish all work by its deadline, with the same staff in every open interval or level by need.

    With C(i, j) the hours of work that arrive from interval i on and are due by j, and H(i, j) the open hours of one
    person in i..j, the level staff is the largest (C(i, j) - free hours) / (efficiency H(i, j)) over all windows
    i..j: less cannot do that window's work, and first come first served at that staff does all of it in time.

    Parameters
    ----------
    arrivals : array or Series
        Items that arrive in each interval, closed ones included.
    handle_s : number
        Time to handle one item [s].
    deadline : int
        Intervals after its own by whose end an item must be done; 0: in the interval in which it arrives.
    efficiency : number, optional
        Share of a person's open hours that goes into items, above 0.
    hours : number or array, optional
        Hours that one person works in each interval [h]; 0 where closed (0.5 for an open half hour, 7.5 for a day).
    counted : {"working", "elapsed"}, optional
        Whether the deadline counts open intervals only (an item that comes in a closed one starts with the next open
        one) or every interval on the clock.
    level : bool, optional
        True: one number of people for all open intervals. False: people per interval, as even as the deadlines allow
        (no plan in time has a lower peak, or a smaller sum of people squared over the open hours).
    free_hours : number or array, optional
        Hours that others give to this work in each interval, as `idle_hours` of voice agents [h]; with `level` only.
    whole : bool, optional
        True: whole people, rounded up. False: fractional people.

    Returns
    -------
    int or float, or a Series when not `level`
        People at work; for those to schedule, `agents_scheduled`.

    Notes
    -----
    Work of an interval is taken to be at hand from its start, so choose intervals that are short against the deadline.
    Work that is due after the last interval is not asked for: give arrivals for longer than you plan.

    Examples
    --------
    Five days of 7.5 hours, 10 minutes an item, 85 % efficient, an item may wait for the next day:

    >>> week = [900, 400, 350, 300, 250]
    >>> back_office_required(week, handle_s=600, deadline=1, efficiency=0.85, hours=7.5)
    12
    >>> back_office_required(week, handle_s=600, deadline=0, efficiency=0.85, hours=7.5)
    24
    >>> back_office_required(week, handle_s=600, deadline=1, hours=7.5, level=False, whole=False).round(2).tolist()
    [10.0, 10.0, 8.89, 7.78, 6.67]
    >>> back_office_required([5, 5], handle_s=600, deadline=0, hours=[1, 0], counted="elapsed")
    Traceback (most recent call last):
    ValueError: every deadline must leave an open interval, got none from interval 1 to 1
    """
    switch("whole", whole)
    plan = _plan(arrivals, handle_s, deadline, efficiency, hours, counted, free_hours)
    plan.refuse_impossible()
    if switch("level", level):
        people = plan.level()
        return int(np.ceil(people - HAIR * max(people, 1))) if whole else people
    if plan.free.any():
        raise ValueError("free_hours goes with level=True, got level=False")
    even = plan.even()
    rounded = np.ceil(even - HAIR * np.maximum(even, 1)).astype(np.int64) if whole else even
    return pd.Series(rounded, index=plan.index, name="people")


def backlog(
    arrivals: ArrayLike,
    staff: ArrayLike,
    handle_s: float,
    deadline: int,
    efficiency: float = 1.0,
    hours: ArrayLike = 1.0,
    counted: str = "working",
    free_hours: ArrayLike = 0.0,
) -> Backlog:
    """What given people get done, first come first served: backlog, its age, and the share done by the deadline.

    Parameters
    ----------
    arrivals : array or Series
        Items that arrive in each interval, closed ones included.
    staff : number or array
        People at work in each interval.
    handle_s : number
        Time to handle one item [s].
    deadline : int
        Intervals after its own by whose end an item must be done.
    efficiency : number, optional
        Share of a person's open hours that goes into items, above 0.
    hours : number or array, optional
        Hours that one person works in each interval [h]; 0 where closed.
    counted : {"working", "elapsed"}, optional
        Whether the deadline counts open intervals only or every interval on the clock.
    free_hours : number or array, optional
        Hours that others give to this work in each interval [h].

    Returns
    -------
    Backlog

    Examples
    --------
    >>> week = backlog([900, 400, 350, 300, 250], staff=14, handle_s=600, deadline=1, efficiency=0.85, hours=7.5)
    >>> week.intervals[["done", "backlog", "late"]].round(1)
        done  backlog  late
    0  535.5    364.5   0.0
    1  535.5    229.0   0.0
    2  535.5     43.5   0.0
    3  343.5      0.0   0.0
    4  250.0      0.0   0.0
    >>> backlog([900, 400], staff=7, handle_s=600, deadline=1, efficiency=0.85, hours=7.5).within_deadline
    0.595
    """
    plan = _plan(arrivals, handle_s, deadline, efficiency, hours, counted, free_hours)
    same_rows(arrivals=arrivals, staff=staff)
    people = _row("staff", numbers("staff", staff, least=0), plan.work.size)
    came = np.append(0.0, np.cumsum(plan.work))
    done = np.zeros(came.size)
    for step, able in enumerate(people * plan.hours + plan.free):
        done[step + 1] = min(came[step + 1], done[step] + able)
    item = plan.item_hours
    judged = plan.due < plan.work.size
    by_due = done[np.where(judged, plan.due, 0) + 1]
    within = np.where(judged, np.clip(by_due - came[:-1], 0.0, plan.work), 0.0)
    late = np.where(judged, plan.work - within, 0.0)
    first = np.searchsorted(came[1:], done[1:] + HAIR * np.maximum(done[1:], 1))
    place = np.arange(plan.work.size)
    table = pd.DataFrame(
        {
            "arrived": plan.work / item,
            "done": np.diff(done) / item,
            "backlog": (came - done)[1:] / item,
            "oldest": np.where(first <= place, place - first, 0),
            "within": within / item,
            "late": late / item,
        },
        index=plan.index,
    )
    asked = float(plan.work[judged].sum())
    kept = min(float(within.sum()) / asked, 1.0) if asked > 0 else 1.0
    return Backlog(table, kept, float(done[-1]) / item, float(came[-1] - done[-1]) / item)


def idle_hours(agents: ArrayLike, occupancy: ArrayLike, hours: ArrayLike = 0.5, usable: ArrayLike = 1.0) -> Any:
    """Hours that voice agents have left for other work, agents x (1 - occupancy) x hours x usable.

    Parameters
    ----------
    agents : number or array
        Agents on the phones.
    occupancy : number or array
        Their occupancy, from `erlang_c`, `erlang_a` or `deliver`.
    hours : number or array, optional
        Length of the interval [h].
    usable : number or array, optional
        Share of the idle time that can be used: waits between calls are short, so 1 holds only for work that can be
        put down at once.

    Returns
    -------
    float or array
        Hours for `free_hours` of `back_office_required` and `backlog` [h].

    Examples
    --------
    >>> idle_hours(17, occupancy=0.784, usable=0.5)
    0.918
    """
    n, busy, length, part = broadcast(
        agents=numbers("agents", agents, least=0),
        occupancy=share("occupancy", occupancy),
        hours=numbers("hours", hours, least=0),
        usable=share("usable", usable),
    )
    return collapse(n * (1 - busy) * length * part)


@dataclass(frozen=True)
class _Plan:
    """Checked input in hours of work, and the interval by whose end each interval's work is due."""

    index: pd.Index
    work: Floats
    hours: Floats
    free: Floats
    due: NDArray[np.int64]
    item_hours: float

    def refuse_impossible(self) -> None:
        """Refuse work that nobody may do before it is due."""
        capable = np.append(0.0, np.cumsum(self.hours))
        last = np.minimum(self.due, self.work.size - 1)
        stuck = (self.work > 0) & (self.due < self.work.size) & (capable[last + 1] - capable[:-1] <= 0)
        if stuck.any():
            first = int(np.argmax(stuck))
            raise ValueError(
                f"every deadline must leave an open interval, got none from interval {first} to {int(self.due[first])}"
            )

    def asked(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Cumulated from the start: hours that came, hours due by the end of each interval, one person's, free ones."""
        came = np.append(0.0, np.cumsum(self.work))
        due = came[np.searchsorted(self.due, np.arange(self.work.size), side="right")]
        return came, due, np.append(0.0, np.cumsum(self.hours)), np.append(0.0, np.cumsum(self.free))

    def level(self) -> float:
        """Largest need per open hour over all windows."""
        came, due, open_hours, free = self.asked()
        begun, owed = came[:-1] - free[:-1], due - free[1:]
        most = 0.0
        # At the right rate no window lacks work: the window that lacks most gives the next rate (Dinkelbach 1967).
        while True:
            spare = begun - most * open_hours[:-1]
            first = _first_of_least(spare)
            last = int(np.argmax(owed - most * open_hours[1:] - spare[first]))
            span = open_hours[last + 1] - open_hours[first[last]]
            rate = (owed[last] - begun[first[last]]) / span if span > 0 else 0.0
            if rate <= most * (1 + HAIR * 1e-3):
                return max(most, float(rate))
            most = float(rate)

    def even(self) -> Floats:
        """People per interval as even as can be: a string pulled taut between what came and what is due.

        The window with the largest need per open hour works at that rate; what is left before and after it is the
        same problem again, so the string is found corner by corner (Yao, Demers and Shenker, FOCS 1995).
        """
        came, due, open_hours, _ = self.asked()
        people = np.zeros(self.work.size)
        start, done = 0, 0.0
        while start < self.work.size:
            span = open_hours[start + 1 :] - open_hours[start]
            end, rate = _corner(came[start + 1 :], due[start:], span, done)
            people[start : start + end] = rate * (self.hours[start : start + end] > 0)
            done += rate * span[end - 1]
            start += end
        return people


def _first_of_least(values: Floats) -> NDArray[np.int64]:
    """For every place, where the least value up to it is."""
    least = np.minimum.accumulate(values)
    new = np.append(True, values[1:] < least[:-1])
    return np.maximum.accumulate(np.where(new, np.arange(values.size), 0))


def _corner(came: Floats, due: Floats, span: Floats, done: float) -> tuple[int, float]:
    """How far the taut string runs straight from here (in intervals), and its slope in people."""
    lowest, highest = (0.0, 0), (np.inf, 0)
    for step in np.flatnonzero(span > 0):
        floor, ceiling = (due[step] - done) / span[step], max((came[step] - done) / span[step], 0.0)
        if floor > highest[0]:
            return highest[1], highest[0]
        if floor >= lowest[0]:
            lowest = (float(floor), int(step) + 1)
        if ceiling < lowest[0]:
            return lowest[1], lowest[0]
        if ceiling <= highest[0]:
            highest = (float(ceiling), int(step) + 1)
    return (lowest[1], lowest[0]) if lowest[0] > 0 else (span.size, 0.0)


def _plan(
    arrivals: ArrayLike,
    handle_s: float,
    deadline: int,
    efficiency: float,
    hours: ArrayLike,
    counted: str,
    free_hours: ArrayLike,
) -> _Plan:
    """The checked input."""
    same_rows(arrivals=arrivals, hours=hours, free_hours=free_hours)
    items = np.atleast_1d(numbers("arrivals", arrivals, least=0))
    if items.ndim != 1:
        raise ValueError(f"arrivals must be one row of intervals, got {items.ndim} dimensions")
    each = number("handle_s", handle_s, above=0) / 3600
    able = _row("hours", numbers("hours", hours, least=0), items.size)
    if not able.any():
        raise ValueError("hours must be above 0 in at least one interval, got 0 in all")
    free = _row("free_hours", numbers("free_hours", free_hours, least=0), items.size)
    wait = whole_number("deadline", deadline, least=0)
    wait = min(wait, items.size)
    due = np.arange(items.size) + wait
    if choice("counted", counted, COUNTED) == "working":
        open_places = np.append(np.flatnonzero(able > 0), np.full(items.size + 1, items.size))
        due = open_places[np.minimum(np.cumsum(able > 0) - (able > 0) + wait, open_places.size - 1)]
    index = arrivals.index if isinstance(arrivals, pd.Series) else pd.RangeIndex(items.size)
    net = able * one_share("efficiency", efficiency, zero=False)
    return _Plan(index, items * each, net, free, due, each)


def _row(name: str, values: Floats, size: int) -> Floats:
    """One value per interval, from one for all or one for each."""
    if values.shape not in ((), (1,), (size,)):
        raise ValueError(f"{name} must be one number or {size}, one per interval, got {values.size}")
    return np.array(np.broadcast_to(values, (size,)))
