"""The flight simulator: one day of a contact centre, managed half hour by half hour and judged in hindsight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import columns
from ._debrief import debrief
from ._desk import checked, clock, levers_left, so_far
from ._fluid import Flows, State, empty
from ._hindsight import interval, nothing
from ._levers import NAMES, SWITCHES, agents_on, spent
from ._score import Score, judge
from ._world import make

__all__ = ["Day", "Situation"]


@dataclass(frozen=True)
class Situation:
    """What the floor knows at a moment of the day, before the next half hour."""

    now: pd.Timestamp
    """Start of the next half hour; closing time when the day is over."""
    so_far: pd.DataFrame
    """Half hours that are over: forecast, offered, answered, answered_within, abandoned, callbacks (promised),
    waiting (at the end), service_level, abandonment, wait_s (mean over all), occupancy, agents (on the phones)."""
    ahead: pd.DataFrame
    """Half hours to come: forecast, scheduled, breaks, training, absent, levers (what was decided so far), agents."""
    levers: pd.DataFrame
    """By lever: name, most_now, left_today, cost (of one, in your currency), acts_after_min, lasts_min."""
    budget_left: float
    """What the levers may still cost today [your currency]."""
    waiting: int
    """Customers in the queue now."""
    news: tuple[str, ...]
    """What was announced so far, in order; what nobody announces has to be read from `so_far`."""


class Day:
    """A day on the floor of about 100 agents: look, decide, let half an hour pass, and see what it was worth.

    The plan is known, the day is not: volume off the forecast, people missing and, by level, slow systems, a campaign
    that nobody announced, a line that fails and then a rush. Each level and seed is one day; only decisions change
    what becomes of it.

    Parameters
    ----------
    seed : int, optional
        Which day, 0 or more.
    level : str, optional
        "calm" (close to plan), "normal" (one or two events) or "rough" (two or three, more calls, fewer people).
    forecast : array or Series, optional
        Expected calls by half hour, 6 or more; a Series on a DatetimeIndex gives the times. None: 9,000 calls from
        08:00 to 20:00.
    aht_s : number, optional
        Planned handle time, 30 or more [s].
    scheduled : number or array, optional
        People on shift by half hour; part of them rest, train or are absent. None: planned for 80 % in 20 s.
    patience_s : number, optional
        Mean patience, 30 or more [s].
    budget : number, optional
        The most that levers may cost in the day [your currency]; savings do not fill it up.

    Notes
    -----
    A call that is abandoned, or a call back that is promised and not made by closing, costs 10; a call that misses the
    target as far as its half hour is under 80 % in 20 s costs 4. 35 % of those who hang up call again after 20 min
    on average. The queue is a Gaussian approximation without chance of its own, so that decisions alone make the
    difference: the service level of a day is within 2 points of `simulate`, that of a half hour mostly within 4 and,
    while a long queue is worked off, up to 9 points above it.

    Examples
    --------
    >>> day = Day(seed=7)
    >>> day.situation().news
    ('roll call: 7 % of the people on shift are absent, 3 % were planned',)
    >>> row = day.step(move_break=2)
    >>> int(row["offered"]), int(row["answered"]), int(row["agents"])
    (160, 160, 49)
    >>> day.step(overtime=40)
    Traceback (most recent call last):
    ValueError: overtime must be from 0 to 13 at 08:30, got 40
    >>> while not day.over:
    ...     row = day.step()
    >>> score = day.score()
    >>> round(score.nothing), round(score.cost), score.points
    (15693, 15710, 0.0)
    """

    def __init__(
        self,
        seed: int = 7,
        level: str = "normal",
        *,
        forecast: ArrayLike | None = None,
        aht_s: float = 300,
        scheduled: ArrayLike | None = None,
        patience_s: float = 180,
        budget: float = 3000,
    ) -> None:
        self._world = make(seed, level, forecast, aht_s, scheduled, patience_s, budget)
        self._plan = nothing(self._world)[0]
        self._state, self._at = empty(1), 0
        self._passed: list[tuple[Flows, State, float]] = []
        self._judged: Score | None = None

    @classmethod
    def replay(cls, seed: int, log: pd.DataFrame, level: str = "normal", **plan: Any) -> Day:
        """The day again with the decisions of a `log`; `plan` is what the first `Day` was made with.

        >>> day = Day(seed=3)
        >>> while not day.over:
        ...     row = day.step(borrow=min(2, day.situation().levers.loc["borrow", "most_now"]))
        >>> Day.replay(3, day.log).log.equals(day.log)
        True
        """
        table = columns("log", log, NAMES)
        day = cls(seed, level, **plan)
        for row in table[list(NAMES)].to_dict("records"):
            day.step(**row)
        return day

    @property
    def over(self) -> bool:
        """Whether the centre has closed."""
        return self._at == self._world.calls.size

    @property
    def log(self) -> pd.DataFrame:
        """The decisions of each half hour that is over, with what was known before: it can be replayed."""
        past, decided = so_far(self._world, self._passed), self._plan[: self._at]
        table = pd.DataFrame(decided, index=past.index, columns=list(NAMES))
        table = table.astype(dict.fromkeys(SWITCHES, bool))
        offered = past["offered"].cumsum().shift(fill_value=0)
        within = past["answered_within"].cumsum().shift(fill_value=0)
        table["known_offered"] = offered
        table["known_service_level"] = np.where(offered > 0, within / np.maximum(offered, 1), 1.0)
        table["known_waiting"] = past["waiting"].shift(fill_value=0)
        return table

    def situation(self, language: str = "en") -> Situation:
        """What is known now, before the next half hour; `language` is that of the news and of the levers' names.

        >>> day = Day(seed=7)
        >>> day.situation().levers["most_now"].to_dict()
        {'overtime': 13, 'early_leave': 10, 'move_break': 3, 'cancel_training': 1, 'callback': 1, 'borrow': 8}
        """
        world, now = self._world, self._at
        roster, rest = world.roster, slice(self._at, None)
        bare = roster.scheduled - roster.breaks - roster.training - world.absent
        agents = agents_on(roster, world.absent, self._plan[None])[0]
        ahead = {
            "forecast": world.forecast,
            "scheduled": roster.scheduled,
            "breaks": roster.breaks,
            "training": roster.training,
            "absent": world.absent.astype(np.int64),
            "levers": agents - bare,
            "agents": agents,
        }
        table = pd.DataFrame({name: values[rest] for name, values in ahead.items()}, index=world.index[rest])
        return Situation(
            now=clock(world, now),
            so_far=so_far(world, self._passed),
            ahead=table,
            levers=levers_left(roster, self._plan, now, language),
            budget_left=roster.budget - float(spent(self._plan[None])[0]),
            waiting=round(float(self._state.waiting[0])),
            news=tuple(item.text.say(language) for item in world.surprises if item.known <= now),
        )

    def step(
        self,
        *,
        overtime: int = 0,
        early_leave: int = 0,
        move_break: int = 0,
        cancel_training: bool = False,
        callback: bool = False,
        borrow: int = 0,
    ) -> pd.Series:
        """Decide, and let half an hour pass.

        Parameters
        ----------
        overtime : int, optional
            People who work one hour more, from the next half hour on.
        early_leave : int, optional
            People who go home unpaid from the next half hour on, with two hours or what is left of the day to go.
        move_break : int, optional
            Breaks of this half hour that are taken an hour later: agents now, fewer then.
        cancel_training : bool, optional
            Cancel the next session that has not begun and does not begin now.
        callback : bool, optional
            Offer call backs in this half hour: 30 % of those who would wait accept; the dialler calls them when
            somebody is free.
        borrow : int, optional
            People from the back office for two hours from the next half hour on, at 80 % of an agent's pace.

        Returns
        -------
        Series
            The half hour that passed, a row of `Situation.so_far`.

        Examples
        --------
        A decision that is refused costs no time:

        >>> day = Day(seed=7)
        >>> day.step(cancel_training="yes")
        Traceback (most recent call last):
        TypeError: cancel_training must be True or False, got 'yes'
        >>> day.situation().now.strftime("%H:%M")
        '08:00'
        """
        if self.over:
            raise ValueError(
                f"the day is over since {clock(self._world, self._at):%H:%M}; make a new Day for another try"
            )
        wanted = (overtime, early_leave, move_break, cancel_training, callback, borrow)
        self._plan[self._at] = checked(self._world, self._plan, self._at, dict(zip(NAMES, wanted, strict=True)))
        agents = agents_on(self._world.roster, self._world.absent, self._plan[None])[:, self._at]
        callbacks = np.array([float(callback)])
        self._state, flows = interval(self._world, self._at, agents, callbacks, self._state)
        self._passed.append((flows, self._state, float(agents[0])))
        self._at += 1
        return so_far(self._world, self._passed).iloc[-1]

    def score(self) -> Score:
        """What the decisions of the day were worth, from doing nothing (0) to the best plan in hindsight (100).

        The best plan is searched with knowledge of the day, which takes a second or two; see `Score`.

        Examples
        --------
        >>> day = Day(seed=1, forecast=[60, 120, 160, 150, 120, 100, 80, 50])
        >>> row = day.step(overtime=3, move_break=1)
        >>> while not day.over:
        ...     row = day.step()
        >>> score = day.score()
        >>> round(score.nothing), round(score.cost), score.best < score.cost
        (4081, 3783, True)
        """
        if not self.over:
            size = self._world.calls.size
            raise ValueError(f"the day must be over before it is scored, got {self._at} of {size} half hours")
        if self._judged is None:
            self._judged = judge(self._world, self._plan)
        return self._judged

    def report(self, language: str = "en") -> str:
        """A debrief in words, "en" or "zh": the score, what the day brought, the three decisions that mattered most.

        Examples
        --------
        >>> day = Day(seed=1, forecast=[60, 120, 160, 150, 120, 100, 80, 50])
        >>> row = day.step(overtime=3, move_break=1)
        >>> while not day.over:
        ...     row = day.step()
        >>> print(day.report().split("\\n\\n")[2])
        Decisions that mattered most (undone one at a time):
        1. 08:00 overtime (people, an hour each) 3: it saved 419
        2. 08:00 breaks moved by an hour (people) 1: the day would have been 115 cheaper without it
        """
        return debrief(self._world, self.score(), self._plan, language)
