"""The shifts of one day and desk of the generated centre, and what everybody is to do in each quarter of an hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["BREAK", "CONTACT", "LUNCH", "STATES", "SYSTEM", "fill", "lines"]

STATES = ("off", "work", "leave", "absent", "break", "lunch", "training", "coaching", "meeting", "system_down")
CONTACT, BREAK, LUNCH, TRAINING, COACHING, MEETING, SYSTEM = 1, 4, 5, 6, 7, 8, 9
LONGEST, RELIEF = 17, 10  # half hours: a day that is too long; when somebody who has not come yet takes over
QUARTERS = {BREAK: 1, LUNCH: 2, TRAINING: 4, COACHING: 2, MEETING: 1, SYSTEM: 1}


def lines(scheduled: Any, count: int) -> Any:
    """Shifts of `count` people that add up to `scheduled` in every half hour, by person and half hour.

    Who has worked longest goes home first; who goes at noon may come back for the afternoon.
    """
    work = np.zeros((count, scheduled.size), dtype=bool)
    on = np.zeros(count, dtype=bool)
    worked, run, away, parts = np.zeros(count), np.zeros(count), np.full(count, 9.0), np.zeros(count)
    for slot, wanted in enumerate(np.minimum(scheduled, count).tolist()):
        change = int(wanted - on.sum())
        if change < 0:
            key = np.where(on, worked + 0.5 * run + 10 * (run >= 4), -99)
            out = np.argsort(-key, kind="stable")[:-change]
            on[out], run[out], away[out] = False, 0, 0
        elif change > 0:
            key = np.where(on, 999, worked + 6 * ((parts > 0) & (away < 3)) + 50 * (parts > 1))
            new = np.argsort(key, kind="stable")[:change]
            on[new] = True
            parts[new] += 1
        tired = np.flatnonzero(on & (run >= RELIEF) & (slot <= 16))
        fresh = np.flatnonzero(~on & (parts == 0))[: tired.size]
        gone = tired[: fresh.size]
        on[fresh], on[gone], run[gone], away[gone] = True, False, 0, 0
        parts[fresh] += 1
        work[:, slot] = on
        worked, run, away = worked + on, run + on, away + ~on
    _even(work)
    return work


def _even(work: Any) -> None:
    """Who has a very long day gives its end to somebody who has none, or a short one that ended well before."""
    for _ in range(len(work)):
        hours = work.sum(axis=1)
        longest = int(hours.argmax())
        own = np.flatnonzero(work[longest])
        over = np.array([min(max((own.size - short) // 2, 4), 9, own.size) for short in hours])
        tail = own[-over]
        last = np.where(hours > 0, work.shape[1] - work[:, ::-1].argmax(axis=1), -3)
        fits = (last + 3 <= tail) & (hours + over < own.size) & ((np.diff(work, axis=1).sum(axis=1) < 3) | (hours == 0))
        if (own.size <= LONGEST and hours.min() > 0) or not fits.any():
            break
        taker = int(np.where(fits, hours, np.inf).argmin())
        moved = own[own >= tail[taker]]
        work[taker, moved], work[longest, moved] = True, False


def place(work: Any, standing: Any, away: Any) -> Any:
    """Which line each person gets: those who are not there get lines of which enough people are away anyway."""
    count = len(work)
    line = np.full(count, -1)
    free = np.ones(count, dtype=bool)
    room = away.astype(float)
    for who in np.flatnonzero(standing > 1):
        spare = np.where(work, room, np.inf).min(axis=1)
        usual = -np.abs(work.sum(axis=1) - work.sum() / count)
        best = int(np.where(free, np.minimum(spare, 1) * 100 + usual, -np.inf).argmax())
        line[who], free[best] = best, False
        room -= work[best]
    line[line < 0] = np.flatnonzero(free)
    return line


@dataclass
class _Board:
    """The plan while it is filled: states by person and quarter, and people still to take away in each quarter."""

    state: Any
    short: Any
    budget: dict[int, float]
    since: Any
    had_lunch: Any

    def give(self, who: int, quarter: int, state: int) -> None:
        """Put a person into a state for as long as it lasts."""
        length = QUARTERS[state]
        self.state[who, quarter : quarter + length] = state
        self.short[quarter : quarter + length] -= 1
        self.since[who] = -length
        self.budget[BREAK if state == LUNCH else state] -= length
        self.had_lunch[who] |= state == LUNCH

    def choose(self, who: int, quarter: int, rest: int, run: int) -> int:
        """The state that is most behind its budget among those that fit the person and the quarter."""
        most = int(np.argmax(np.append(self.short[quarter : quarter + 4] < 1, True)))
        long_day = run >= 20 and not self.had_lunch[who] and (12 <= quarter < 24 or 36 <= quarter < 42)
        if long_day and min(rest, most) >= 2:
            return LUNCH
        fits = [state for state, length in QUARTERS.items() if state != LUNCH and length <= min(rest, most)]
        if self.since[who] >= 9 and self.budget[BREAK] > 0:
            return BREAK
        return max(fits, key=lambda state: self.budget[state])


def fill(rng: np.random.Generator, work: Any, standing: Any, staffed: Any, lost: Any) -> Any:
    """What each person does in each quarter, so that `staffed` are left for customers; `lost` are the day's hours.

    `lost` holds breaks, training, meetings and system faults [h].
    """
    away = work.sum(axis=0) - staffed
    work = work[place(work, standing, away)]
    state = np.repeat(np.where(work, np.where(standing > 1, standing, CONTACT)[:, None], 0), 2, axis=1).astype(np.int8)
    short = np.repeat(staffed, 2)
    short = (state == CONTACT).sum(axis=0) - short
    breaks, training, meetings, system = (float(hours) * 4 for hours in lost)
    budget = {BREAK: breaks, TRAINING: 0.6 * training, COACHING: 0.4 * training}
    budget |= {MEETING: meetings, SYSTEM: system}
    board = _Board(state, short, budget, rng.integers(0, 4, len(state)).astype(float), np.zeros(len(state), dtype=bool))
    ends = _ends(state > 0)
    lengths = (state > 0).sum(axis=1)
    for quarter in range(state.shape[1]):
        free = state[:, quarter] == CONTACT
        if board.short[quarter] > 0:
            rest = ends[:, quarter] - quarter
            eager = board.since + rng.random(len(state)) - 5 * (rest < 3) - 4 * (state[:, max(quarter - 1, 0)] == 0)
            order = np.argsort(np.where(free, -eager, np.inf), kind="stable")[: min(board.short[quarter], free.sum())]
            for who in order.tolist():
                board.give(who, quarter, board.choose(who, quarter, int(rest[who]), int(lengths[who])))
        board.since += 1
    return state


def _ends(on: Any) -> Any:
    """For each person and quarter the first quarter after it that is off."""
    ends = np.full((len(on), on.shape[1] + 1), on.shape[1])
    for quarter in range(on.shape[1] - 1, -1, -1):
        ends[:, quarter] = np.where(on[:, quarter], ends[:, quarter + 1], quarter)
    return ends[:, :-1]
