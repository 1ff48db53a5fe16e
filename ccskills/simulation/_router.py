"""Several queues and groups of agents, call by call: who takes whom when skills differ."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np

from .._checks import Floats
from ._queue import NEVER

__all__ = ["AGENT_RULES", "ROUTING", "Routed", "Rules", "route"]

ROUTING = ("longest_wait", "priority", "service_level")
AGENT_RULES = ("longest_idle", "least_skilled")
HAIR_S = 1e-6  # a call that has waited for the overflow has done so in spite of rounding


@dataclass(frozen=True)
class Rules:
    """Who may take what: queues and groups by number."""

    routing: str
    agent_rule: str
    skills: list[list[int]]
    """Queues of each group."""
    backup: list[dict[int, float]]
    """Queues that each group takes only after a wait [s]."""
    factor: list[list[float]]
    """Handle time of each group by queue, as a multiple."""
    priority: list[int]
    target: list[float]
    within_s: list[float]


@dataclass(frozen=True)
class Routed:
    """Start (NEVER when not answered) and group of each call; the agents who stayed to finish, by group."""

    start: Floats
    group: Any
    stayed: list[list[tuple[float, float]]]


def route(rules: Rules, calls: list[tuple[float, int, float, float]], edges: Floats, agents: Any) -> Routed:
    """Calls (arrival, queue, handle time, end of patience) in order of arrival, `agents` by group and segment."""
    floor = _Floor(rules, calls)
    changes = deque(
        (float(moment), group, int(after - before))
        for segment, moment in enumerate(edges[1:-1], start=1)
        for group, (before, after) in enumerate(zip(agents[:, segment - 1], agents[:, segment], strict=True))
        if after != before
    )
    for group, count in enumerate(agents[:, 0]):
        floor.staff(float(edges[0]), group, int(count))
    coming = 0
    while True:
        arrival = calls[coming][0] if coming < len(calls) else NEVER
        event = floor.events[0][0] if floor.events else NEVER
        change = changes[0][0] if changes else NEVER
        if change <= arrival and change <= event and change < NEVER:
            floor.staff(*changes.popleft())
        elif event <= arrival and event < NEVER:
            floor.happen(*heappop(floor.events))
        elif arrival < NEVER:
            floor.arrive(coming)
            coming += 1
        else:
            return Routed(np.array(floor.start), np.array(floor.group, dtype=np.int64), floor.stayed)


class _Floor:
    """The floor at a moment: who waits in each queue, who is idle in each group, what will happen."""

    def __init__(self, rules: Rules, calls: list[tuple[float, int, float, float]]) -> None:
        groups, queues = range(len(rules.skills)), range(len(rules.priority))
        self.rules, self.calls = rules, calls
        self.waiting: list[deque[int]] = [deque() for _ in queues]
        self.idle: list[deque[float]] = [deque() for _ in groups]
        self.leaving: list[deque[float]] = [deque() for _ in groups]
        self.stayed: list[list[tuple[float, float]]] = [[] for _ in groups]
        self.start, self.group = [NEVER] * len(calls), [-1] * len(calls)
        self.events: list[tuple[float, int, int]] = []  # moment, group, call that may overflow or -1 for a free agent
        self.decided, self.quick = [0] * len(queues), [0] * len(queues)
        self.able = [[g for g in groups if q in rules.skills[g]] for q in queues]
        self.helpers = [[g for g in groups if q in rules.backup[g]] for q in queues]
        self.rank = self._urgency()

    def _urgency(self) -> Callable[[int], tuple[float, float]]:
        """How the first calls of the queues are ordered: the smallest is taken."""
        rules, calls = self.rules, self.calls
        if rules.routing == "priority":
            return lambda call: (rules.priority[calls[call][1]], calls[call][0])
        if rules.routing == "service_level":
            return lambda call: (self._ahead(calls[call][1]), calls[call][0])
        return lambda call: (0.0, calls[call][0])

    def _ahead(self, queue: int) -> float:
        """Service level so far less its target."""
        level = self.quick[queue] / self.decided[queue] if self.decided[queue] else 1.0
        return level - self.rules.target[queue]

    def staff(self, moment: float, group: int, delta: int) -> None:
        """Agents come, or leave as soon as they are free."""
        for _ in range(delta):
            self._free(moment, group)
        for _ in range(-delta):
            if self.idle[group]:
                self.idle[group].popleft()
            else:
                self.leaving[group].append(moment)

    def arrive(self, call: int) -> None:
        """A call goes to an idle agent with the skill, or waits."""
        moment, queue = self.calls[call][:2]
        ready = [group for group in self.able[queue] if self.idle[group]]
        if ready:
            self._take(moment, self._agent(ready), call)
            return
        self.waiting[queue].append(call)
        for group in self.helpers[queue]:
            heappush(self.events, (moment + self.rules.backup[group][queue], group, call))

    def _agent(self, ready: list[int]) -> int:
        """The group whose agent has been idle longest, among specialists first when the rule says so."""
        if self.rules.agent_rule == "least_skilled":
            return min(ready, key=lambda group: (len(self.rules.skills[group]), self.idle[group][0]))
        return min(ready, key=lambda group: self.idle[group][0])

    def happen(self, moment: float, group: int, call: int) -> None:
        """An agent has finished, or a call has waited long enough for a group that helps out."""
        if call < 0:
            if self.leaving[group]:
                self.stayed[group].append((self.leaving[group].popleft(), moment))
            else:
                self._free(moment, group)
        elif self.idle[group] and self.start[call] == NEVER and (found := self._next(moment, group)) >= 0:
            self._take(moment, group, found)

    def _free(self, moment: float, group: int) -> None:
        """A free agent takes the most urgent call that the skills allow, or is idle."""
        self.idle[group].append(moment)
        found = self._next(moment, group)
        if found >= 0:
            self._take(moment, group, found)

    def _next(self, moment: float, group: int) -> int:
        """The most urgent of the calls that wait first in a queue of the group; -1 when there is none."""
        firsts = [first for queue in self.rules.skills[group] if (first := self._first(queue, moment)) >= 0]
        for queue, after in self.rules.backup[group].items():
            first = self._first(queue, moment)
            if first >= 0 and moment - self.calls[first][0] >= after - HAIR_S:
                firsts.append(first)
        return min(firsts, key=self.rank) if firsts else -1

    def _first(self, queue: int, moment: float) -> int:
        """The call that waits longest in a queue and has not hung up; -1 when there is none."""
        line = self.waiting[queue]
        while line:
            if self.start[line[0]] == NEVER and moment <= self.calls[line[0]][3]:
                return line[0]
            self.decided[queue] += self.start[line[0]] == NEVER
            line.popleft()
        return -1

    def _take(self, moment: float, group: int, call: int) -> None:
        arrival, queue, handle, _ = self.calls[call]
        self.idle[group].popleft()
        self.start[call], self.group[call] = moment, group
        self.decided[queue] += 1
        self.quick[queue] += moment - arrival <= self.rules.within_s[queue]
        heappush(self.events, (moment + handle * self.rules.factor[group][queue], group, -1))
