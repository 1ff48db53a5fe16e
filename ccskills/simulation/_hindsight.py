"""What a plan of levers costs on a day, for many plans at once, and the best plan that knowledge of the day finds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from .._checks import Floats
from ._fluid import Flows, Rates, State, empty, work
from ._levers import BORROW, CALLBACK, EARLY, LEVERS, OVERTIME, agents_on, allowed, costs, spent, within_limits
from ._world import INTERVAL_MIN, RETRY_AFTER_S, RETRY_SHARE, TARGET, WITHIN_S, World

__all__ = ["LOST", "SHORT", "Costs", "best", "evaluate", "interval", "nothing", "service_cost"]

LOST = 10.0  # of a call that is abandoned, or of a call back that is promised and not made
SHORT = 4.0  # of a call that misses the target as far as the interval is under 80 %
STEPS = (-6, -3, -1, 1, 3, 6)
LEAST = 0.0004  # gain, as a share of the cost, for which another round is worth it
PAIRED = 14  # releases of money, and uses of it, that are tried with each other


@dataclass(frozen=True)
class Costs:
    """Costs of each plan."""

    service: Floats
    levers: Floats

    @property
    def total(self) -> Floats:
        """Both together."""
        return self.service + self.levers


def nothing(world: World, plans: int = 1) -> Any:
    """Plans without any decision."""
    return np.zeros((plans, world.calls.size, len(LEVERS)), dtype=np.int64)


def interval(world: World, i: int, agents: Floats, callback: Floats, state: State) -> tuple[State, Flows]:
    """One half hour; after the last one the doors are shut and the queue is worked off for half an hour at most."""
    rates = Rates(
        calls_s=world.calls[i] / (60 * INTERVAL_MIN),
        aht_s=world.aht_s[i],
        patience_s=world.patience_s,
        within_s=WITHIN_S,
        retry_share=RETRY_SHARE,
        retry_after_s=RETRY_AFTER_S,
    )
    state, flows = work(rates, agents, callback, state, INTERVAL_MIN)
    if i < world.calls.size - 1:
        return state, flows
    shut = Rates(0.0, world.aht_s[i], world.patience_s, WITHIN_S, 0.0, RETRY_AFTER_S)
    state, late = work(shut, agents, callback * 0, state._replace(again=state.again * 0), INTERVAL_MIN)
    more = {name: getattr(flows, name) + getattr(late, name) for name in ("answered", "abandoned", "wait_s")}
    return state, flows._replace(**more)


def service_cost(flows: Flows, state: State, last: bool) -> Floats:
    """What customers who were lost or kept waiting cost in an interval."""
    short = np.maximum(TARGET * flows.offered - flows.answered_within, 0.0)
    broken = state.promised if last else 0.0
    return np.asarray(LOST * (flows.abandoned + broken) + SHORT * short)


def evaluate(world: World, plans: Any) -> Costs:
    """What each plan costs; the same customers come whatever the plan."""
    agents = agents_on(world.roster, world.absent, plans)
    state, service, size = empty(len(plans)), np.zeros(len(plans)), world.calls.size
    for i in range(size):
        state, flows = interval(world, i, agents[:, i], plans[:, i, CALLBACK].astype(np.float64), state)
        service += service_cost(flows, state, last=i == size - 1)
    return Costs(service, costs(plans).sum(axis=(1, 2)))


def best(world: World, start: Any) -> Any:
    """The cheapest plan that a search from each plan in `start` finds; never dearer than any of these.

    A round tries every change of one lever in one interval and of a lever moved to the next interval or the one
    before; then the best of them together, and pairs and trios of which one frees the money that another takes. Rounds
    go on until none gains 0.04 %. It is a local search without a proof of the optimum.
    """
    found = np.array([_descend(world, plan) for plan in start])
    return found[int(np.argmin(evaluate(world, found).total))]


def _descend(world: World, plan: Any) -> Any:
    cost = float(evaluate(world, plan[None]).total[0])
    while True:
        changes = _changes(world, plan)
        gains = cost - evaluate(world, plan + changes).total
        takes = spent(plan + changes) - spent(plan[None])
        for look in (_together, _swaps):
            tried = look(world, plan, changes, gains, takes)
            totals = evaluate(world, tried).total if len(tried) else np.array([np.inf])
            if totals.min() < cost * (1 - LEAST):
                break
        else:
            return plan
        plan, cost = tried[int(np.argmin(totals))], float(totals.min())


def _changes(world: World, plan: Any) -> Any:
    """Every change of one lever in one interval, or from one interval to a neighbour, that keeps all but the budget."""
    size, levers = plan.shape
    most = world.roster.at_once()
    changes = []
    for i in range(size):
        for k in range(levers):
            now, top = plan[i, k], most[i, k]
            for value in sorted({0, top, *(now + step for step in STEPS)}):
                if value != now and 0 <= value <= top:
                    changes.append([(i, k, value - now)])
            if now and k in (OVERTIME, EARLY, CALLBACK, BORROW):
                changes += [[(i, k, -n), (j, k, n)] for j in (i - 1, i + 1) if 0 <= j < size for n in {1, now}]
    table = np.zeros((len(changes), size, levers), dtype=np.int64)
    for row, change in enumerate(changes):
        for i, k, step in change:
            table[row, i, k] += step
    return table[within_limits(world.roster, plan + table)]


def _together(world: World, plan: Any, changes: Any, gains: Floats, takes: Floats) -> Any:
    """Allowed plans with the promising changes together, by gain for the money and by gain, and with pairs."""
    rate = gains / np.maximum(takes, 1.0)
    good = np.flatnonzero(gains > 0.01)
    plans = []
    for order in (good[np.argsort(-rate[good])], good[np.argsort(-gains[good])]):
        plans += _greedy(world, plan, changes[order])
    free, use = _exchanges(gains, takes)
    plans += [plan + changes[a] + changes[b] for a in free for b in use]
    table = np.array(plans)
    return table[allowed(world.roster, table)]


def _swaps(world: World, plan: Any, changes: Any, gains: Floats, takes: Floats) -> Any:
    """Allowed plans in which one change pays for two, or two for one."""
    free, use = _exchanges(gains, takes)
    free, use = free[: PAIRED // 2], use[: PAIRED // 2]
    trios = [(a, b, c) for a in free for b, c in combinations(use, 2)]
    trios += [(a, b, c) for a, b in combinations(free, 2) for c in use]
    table = plan + np.array([changes[list(trio)].sum(axis=0) for trio in trios]).reshape(-1, *plan.shape)
    return table[allowed(world.roster, table)]


def _exchanges(gains: Floats, takes: Floats) -> tuple[list[int], list[int]]:
    """The changes that free money at the least loss for it, and those that gain most for what they take."""
    freeing, gaining = np.flatnonzero(takes < 0), np.flatnonzero(gains > 0.01)
    free = freeing[np.argsort(gains[freeing] / takes[freeing])]
    use = gaining[np.argsort(-gains[gaining] / np.maximum(takes[gaining], 1.0))]
    return free[:PAIRED].tolist(), use[:PAIRED].tolist()


def _greedy(world: World, plan: Any, changes: Any) -> list[Any]:
    """The plan with the first change, and with the first 2, 4, 8 ... that touch different decisions and are allowed."""
    bundles, touched, taken = [], np.zeros(plan.shape, dtype=bool), 0
    for change in changes:
        if (touched & (change != 0)).any() or not allowed(world.roster, (plan + change)[None])[0]:
            continue
        plan, touched, taken = plan + change, touched | (change != 0), taken + 1
        if taken & (taken - 1) == 0:
            bundles.append(plan)
    return [*bundles, plan]
