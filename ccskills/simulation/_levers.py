"""What a floor manager can do within the day: each lever with its cost, limit, lead time and effect on the phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._checks import Floats
from .._text import Text

__all__ = ["LEVERS", "NAMES", "SWITCHES", "Lever", "Roster", "agents_on", "allowed", "costs", "spent", "within_limits"]


@dataclass(frozen=True)
class Lever:
    """One way to change the day; times in half hours, shares are of the largest shift."""

    name: str
    text: Text
    lead: int
    """Intervals between the decision and its effect."""
    length: int
    """Intervals that it lasts."""
    share_at_once: float
    share_a_day: float
    effect: float
    """Agents on the phones for each unit."""
    cost: float
    """For each unit, in your currency; less than 0: unpaid time saves, here for up to two hours."""


LEVERS = (
    Lever("overtime", Text("overtime (people, an hour each)", "加班（人数，每人一小时）"), 1, 2, 0.12, 0.5, 1.0, 60.0),
    Lever("early_leave", Text("early leave (people)", "提前下班（人数）"), 1, 4, 0.10, 0.2, -1.0, -50.0),
    Lever("move_break", Text("breaks moved by an hour (people)", "小休推迟一小时（人数）"), 0, 1, 1.0, 1.0, 1.0, 4.0),
    Lever("cancel_training", Text("training session cancelled", "取消培训（场）"), 1, 0, 0.0, 0.0, 1.0, 150.0),
    Lever("callback", Text("call backs offered for half an hour", "开启预约回拨半小时"), 0, 1, 0.0, 0.0, 0.0, 60.0),
    Lever("borrow", Text("people borrowed for two hours", "跨部门借调两小时（人数）"), 1, 4, 0.08, 0.24, 0.8, 90.0),
)
SWITCHES = ("cancel_training", "callback")  # levers that are on or off
NAMES = tuple(lever.name for lever in LEVERS)
OVERTIME, EARLY, BREAK, TRAINING, CALLBACK, BORROW = range(6)
BREAK_LATER = 2


@dataclass(frozen=True)
class Roster:
    """Who is planned for the day, and what the levers may cost."""

    scheduled: Any
    """People on shift by interval."""
    breaks: Any
    """Of these on a break."""
    sessions: tuple[tuple[int, int, int], ...]
    """Training: first interval, interval after the last, people."""
    budget: float

    @property
    def training(self) -> Any:
        """People in training by interval."""
        table = np.zeros(len(self.scheduled), dtype=np.int64)
        for start, end, people in self.sessions:
            table[start:end] += people
        return table

    def at_once(self) -> Any:
        """The most of each lever in one decision, by interval and lever."""
        size, peak = len(self.scheduled), int(max(self.scheduled))
        table = np.tile([max(1, round(lever.share_at_once * peak)) for lever in LEVERS], (size, 1))
        table[:, BREAK] = self.breaks
        for place, lever in enumerate(LEVERS):
            late = BREAK_LATER if place == BREAK else lever.lead
            table[size - late :, place] = 0
        last = max((start for start, _, _ in self.sessions), default=0)
        table[max(last, 0) :, TRAINING] = 0
        return table

    def a_day(self) -> Any:
        """The most of each lever in the whole day."""
        size, peak = len(self.scheduled), int(max(self.scheduled))
        table = np.array([max(1, round(lever.share_a_day * peak)) for lever in LEVERS])
        table[BREAK], table[TRAINING], table[CALLBACK] = sum(self.breaks), len(self.sessions), size
        return table


def agents_on(roster: Roster, absent: Any, plans: Any) -> Floats:
    """Agents on the phones by plan and interval; `plans` counts levers by plan, interval of decision and lever."""
    base = roster.scheduled - roster.breaks - roster.training - absent
    agents = np.tile(base.astype(np.float64), (len(plans), 1))
    size = base.size
    for place in (OVERTIME, EARLY, BORROW):
        lever = LEVERS[place]
        for i in range(size - lever.lead):
            begin = i + lever.lead
            agents[:, begin : begin + lever.length] += lever.effect * plans[:, i, place, None]
    agents += plans[:, :, BREAK]
    agents[:, BREAK_LATER:] -= plans[:, :-BREAK_LATER, BREAK]
    for (start, end, people), off in zip(roster.sessions, _cancelled(roster, plans)[0], strict=True):
        agents[:, start:end] += people * off[:, None]
    return np.asarray(np.maximum(agents, 0.0))


def _cancelled(roster: Roster, plans: Any) -> tuple[list[Any], Any]:
    """For each session, which plans cancel it (the next one that has not begun); and which plans cancel in vain."""
    off = [np.zeros(len(plans), dtype=bool) for _ in roster.sessions]
    vain = np.zeros(len(plans), dtype=bool)
    for i in np.flatnonzero(plans[:, :, TRAINING].any(axis=0)):
        wanted = plans[:, i, TRAINING] > 0
        for done, (start, _, _) in zip(off, roster.sessions, strict=True):
            if start >= i + LEVERS[TRAINING].lead:
                now = wanted & ~done
                done |= now
                wanted = wanted & ~now
        vain |= wanted
    return off, vain


def costs(plans: Any) -> Floats:
    """What the levers of each plan cost by interval and lever; who leaves early saves what is left of the day."""
    size = plans.shape[1]
    lever = LEVERS[EARLY]
    price = np.tile([lever.cost for lever in LEVERS], (size, 1))
    price[:, EARLY] *= np.clip(size - np.arange(size) - lever.lead, 0, lever.length) / lever.length
    return np.asarray(plans * price, dtype=np.float64)


def spent(plans: Any) -> Floats:
    """What each plan takes from the budget: savings do not fill it up."""
    return np.asarray(np.maximum(costs(plans), 0.0).sum(axis=(1, 2)))


def within_limits(roster: Roster, plans: Any) -> Any:
    """Which plans keep every limit but the budget."""
    fits = (plans >= 0).all(axis=(1, 2)) & (plans <= roster.at_once()).all(axis=(1, 2))
    fits &= (plans.sum(axis=1) <= roster.a_day()).all(axis=1)
    return fits & ~_cancelled(roster, plans)[1]


def allowed(roster: Roster, plans: Any) -> Any:
    """Which plans keep every limit and the budget."""
    return within_limits(roster, plans) & (spent(plans) <= roster.budget + 1e-9)
