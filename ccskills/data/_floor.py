"""One day on the voice floor of the generated centre, call by call: the states of the agents follow from the calls."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from .._checks import Floats
from ._shifts import BREAK, CONTACT, LUNCH
from ._voice import PATIENCE_S, WITHIN_S

__all__ = ["Agent", "Queue", "go_home", "late", "queue_of", "run_floor", "segments"]

QUARTER_S, HALF_S = 900, 1800
OPEN_S = 43_200
LATE_SHARE, LONG_SHARE = 0.16, 0.15


@dataclass
class Agent:
    """One person's day: what is intended, and what was logged; times in seconds from 08:00."""

    intended: list[tuple[int, float, float]]
    speed: float
    log: list[tuple[int, float, float]] = field(default_factory=list)
    at: int = -1
    """Position in `intended`."""
    since: float = 0.0
    until: float = 0.0

    def next_contact(self, now: float) -> float | None:
        """Close what runs at `now`, live through what comes, and say when the person takes contacts again."""
        if self.at >= 0:
            self.log.append((CONTACT, self.since, now))
        while self.at + 1 < len(self.intended):
            self.at += 1
            state, start, end = self.intended[self.at]
            begin = max(start, now)
            if state == CONTACT and end - begin > 60:
                self.since, self.until = begin, np.inf if end >= OPEN_S else end
                return begin
            if state != CONTACT:
                now = begin + (end - start) if state in (BREAK, LUNCH) else max(end, begin + 30)
                self.log.append((state, begin, now))
        return None


@dataclass(frozen=True)
class Queue:
    """The answered and abandoned calls of a day before agents take them, in the order in which they leave the queue."""

    slot: Any
    start: Floats
    wait: Floats
    answered: Any


def segments(row: Any) -> list[tuple[int, float, float]]:
    """The runs of equal states in a person's quarters."""
    cuts = np.flatnonzero(np.diff(row)) + 1
    edges = [0, *cuts.tolist(), row.size]
    return [(int(row[a]), float(a * QUARTER_S), float(b * QUARTER_S)) for a, b in pairwise(edges) if row[a]]


def late(rng: np.random.Generator, plan: list[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """The plan as people keep it: one in six starts late, breaks run over, meetings nearly keep their time."""
    chance = rng.random((len(plan), 2))
    lasts = rng.exponential(1.0, (len(plan), 2))
    kept = []
    arrives = -1.0
    for (state, start, end), (first, second), (one, two) in zip(plan, chance.tolist(), lasts.tolist(), strict=True):
        if state == CONTACT and start > arrives:
            start = min(start + (60 + 420 * one if first < LATE_SHARE else 25 * one), end)
        if state in (BREAK, LUNCH):
            end += 45 * two + (240 * one if second < LONG_SHARE else 0.0)
        arrives = end
        kept.append((state, start, end))
    return kept


def queue_of(rng: np.random.Generator, counts: Any) -> Queue:
    """Calls with waits that give the day's counts, so that all waits over all who hung up are about 150 s.

    `counts` holds answered, answered within, abandoned and abandoned within 20 s by half hour.
    """
    answered, within, abandoned, soon = counts
    tail = _tail(counts)
    slots = np.arange(answered.size)
    slot = np.concatenate([np.repeat(slots, n) for n in (within, answered - within, soon, abandoned - soon)])
    kind = np.repeat(np.arange(4), [n.sum() for n in (within, answered - within, soon, abandoned - soon)])
    waited = rng.random(slot.size) < _waiting(counts)[slot]
    short = np.where(kind == 0, np.where(waited, rng.integers(1, 15, slot.size), 0), rng.integers(1, 21, slot.size))
    longer = WITHIN_S + np.ceil(rng.exponential(tail[slot]) + 0.001)
    wait = np.where(kind % 2 == 0, short, longer).astype(np.float64)
    # Those who wait come in the busy part of their half hour.
    busy = np.clip(2.5 * (1 - (within - soon) / np.maximum(answered + abandoned, 1)), 0.15, 1.0)
    begin = rng.random(answered.size) * (1 - busy)
    place = rng.random(slot.size)
    inside = np.where(wait > 0, begin[slot] + busy[slot] * place, place)
    start = HALF_S * slot + np.floor(inside * (HALF_S - 1))
    order = np.argsort(start + wait, kind="stable")
    return Queue(slot[order], start[order], wait[order], (kind < 2)[order])


def _waiting(counts: Any) -> Floats:
    """Share of those answered in time who waited at all, by half hour."""
    answered, within, _, _ = counts
    return np.asarray(np.clip(0.6 * (1 - within / np.maximum(answered, 1)) + 0.02, 0.0, 0.5))


def _tail(counts: Any) -> Floats:
    """Mean wait beyond 20 s by half hour: what is left of 150 s x abandoned, longer where more gave up."""
    answered, within, abandoned, soon = counts
    beyond = answered - within + abandoned - soon
    spent = 7.5 * (within * _waiting(counts)).sum() + WITHIN_S * beyond.sum() + 10.5 * soon.sum()
    usual = (abandoned - soon).sum() / max(beyond.sum(), 1)
    shape = (abandoned - soon + 8 * usual) / (beyond + 8)
    level = max(PATIENCE_S * abandoned.sum() - spent, 0.0) / max((shape * beyond).sum(), 1e-9)
    return np.asarray(np.maximum(level * shape, 3.0) - 0.5)


def run_floor(queue: Queue, work: Floats, agents: list[Agent], aht: Floats) -> tuple[Any, Floats, Floats, Floats]:
    """Every answered call goes to whoever has been free longest; gives agent (-1: abandoned), start, answer, handle."""
    size = queue.slot.size
    who = np.full(size, -1)
    total = np.bincount(queue.slot, np.where(queue.answered, work, 0.0), aht.size)
    mean = total / np.maximum(np.bincount(queue.slot, queue.answered, aht.size), 1)
    begun, handle = np.zeros(size), np.zeros(size)
    scale = aht / _pace(agents, aht.size) / np.where(mean > 0, mean, 1.0)
    free: list[tuple[float, int]] = []
    for position, agent in enumerate(agents):
        if (ready := agent.next_contact(0.0)) is not None:
            heapq.heappush(free, (ready, position))
    rows = np.flatnonzero(queue.answered)
    due = (queue.start + queue.wait).tolist()
    lengths = np.maximum(np.rint(work * scale[queue.slot]), 20).tolist()
    latest = ((queue.slot + 1) * HALF_S - 1 + queue.wait).tolist()
    busy: dict[int, int] = {}
    for row in rows.tolist():
        ready, position = _next_free(free, agents, due[row])
        if ready > latest[row]:
            ready, position = _hurry(free, (ready, position), busy, begun, handle, latest[row])
        begin = max(ready, due[row])
        lasts = float(max(round(lengths[row] * agents[position].speed), 15))
        who[row], handle[row], begun[row] = position, lasts, begin
        busy[position] = row
        heapq.heappush(free, (begin + lasts, position))
    for ready, position in free:
        go_home(agents[position], ready)
    return who, _starts(queue, begun), begun, handle


def go_home(agent: Agent, ready: float, overrun: float = 0.0) -> None:
    """Live through the rest of the day without another call."""
    now: float | None = ready
    while now is not None:
        now = agent.next_contact(max(now, min(agent.until, OPEN_S)) + overrun)


def _next_free(free: list[tuple[float, int]], agents: list[Agent], due: float) -> tuple[float, int]:
    """Who has been free longest when a call is due, or is free first after that; people at their break are passed."""
    while True:
        ready, position = heapq.heappop(free)
        agent = agents[position]
        if max(ready, due) < agent.until:
            return ready, position
        again = agent.next_contact(max(ready, agent.until))
        if again is not None:
            heapq.heappush(free, (again, position))


def _hurry(
    free: list[tuple[float, int]],
    first: tuple[float, int],
    busy: dict[int, int],
    begun: Floats,
    handle: Floats,
    now: float,
) -> tuple[float, int]:
    """Somebody ends a call sooner, as people do in a rush, so that the next is answered `now`."""
    heapq.heappush(free, first)
    for ready, position in sorted(free):
        row = busy.get(position)
        if row is not None and begun[row] + handle[row] == ready and now - begun[row] >= 30:
            free.remove((ready, position))
            heapq.heapify(free)
            handle[row] = now - begun[row]
            return now, position
    return heapq.heappop(free)


def _starts(queue: Queue, begun: Floats) -> Floats:
    """When each call came: inside its half hour; the rare one answered too late takes over a longer wait of another."""
    last = (queue.slot + 1) * HALF_S - 1.0
    wait = queue.wait.copy()
    for row in np.flatnonzero(queue.answered & (begun - wait > last)).tolist():
        need = begun[row] - last[row]
        same = queue.answered & (queue.slot == queue.slot[row])
        peers = np.append(np.flatnonzero(same & (begun - wait[row] <= last)), row)
        enough = peers[wait[peers] >= need]
        other = enough[np.argmin(wait[enough])] if enough.size else peers[np.argmax(wait[peers])]
        wait[row], wait[other] = wait[other], wait[row]
    return np.where(queue.answered, np.clip(begun - wait, queue.slot * HALF_S, last), queue.start)


def _pace(agents: list[Agent], slots: int) -> Floats:
    """Harmonic mean of the speed of those who take calls, by half hour: the fast take more of them."""
    rate, there = np.zeros(slots), np.zeros(slots)
    for agent in agents:
        for state, start, end in agent.intended:
            if state == CONTACT:
                part = slice(int(start // HALF_S), int(-(-end // HALF_S)))
                rate[part] += 1 / agent.speed
                there[part] += 1
    return np.asarray(np.where(rate > 0, there, 1.0) / np.where(rate > 0, rate, 1.0))
