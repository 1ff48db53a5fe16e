"""Several queues and groups of agents simulated call by call, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice
from ..performance import SERVICE_LEVEL_RULES
from ._centre import Group, Queue, make_models, make_rules
from ._model import seeds
from ._queue import COUNTS, Calls, Model, count, draw, streams
from ._router import AGENT_RULES, ROUTING, Rules, route
from ._totals import confidence, measures

__all__ = ["SimulatedSkills", "simulate_skills"]

GROUP_MEASURES = ["answered", "occupancy"]


@dataclass(frozen=True)
class SimulatedSkills:
    """Queues and groups of a simulated stretch of time."""

    queues: pd.DataFrame
    """By queue and measure (those of `Simulated.totals` but occupancy): mean and 95 and 99 % intervals."""
    groups: pd.DataFrame
    """By group and measure (answered, occupancy): mean and 95 and 99 % intervals."""
    intervals: pd.DataFrame
    """By queue and interval, mean over replications: the measures of `queues`."""
    group_intervals: pd.DataFrame
    """By group and interval: agents, answered, occupancy."""
    routes: pd.DataFrame
    """Calls answered by group (rows) and queue (columns), mean over replications."""
    rule: str
    """The rule of the service level."""


def simulate_skills(
    queues: Sequence[Queue],
    groups: Sequence[Group],
    routing: str = "longest_wait",
    agent_rule: str = "longest_idle",
    interval_min: float = 30,
    *,
    handle: str = "exponential",
    handle_cv: float = 1.0,
    patience: str = "exponential",
    patience_cv: float = 1.0,
    warm_up_min: float = 0,
    rule: str = "offered",
    replications: int = 20,
    seed: int = 2026,
) -> SimulatedSkills:
    """Queues served by groups with skills: an agent takes a call by `routing`, a call an idle agent by `agent_rule`.

    Inside a queue calls are taken in order of arrival. Time, staff, arrivals and chance work as in `simulate`; one
    queue and one group give the same calls.

    Parameters
    ----------
    queues : sequence of Queue
        At least one.
    groups : sequence of Group
        At least one; together they have the skills for every queue.
    routing : str, optional
        Which call a free agent takes: "longest_wait" (of all queues of the group), "priority" (`Queue.priority`, then
        the longest wait) or "service_level" (the queue that is most behind its target so far).
    agent_rule : str, optional
        Which idle agent a call goes to: "longest_idle" or "least_skilled" (the group with the fewest skills, so that
        those with many stay free, then the longest idle).
    interval_min : number, optional
        Length of an interval [min].
    handle, patience : str, optional
        "exponential", "lognormal" or "deterministic", for all queues.
    handle_cv, patience_cv : number, optional
        Coefficient of variation of "lognormal".
    warm_up_min : number, optional
        Time before the first interval that is simulated and not counted [min].
    rule : str, optional
        Rule of the service level, a name of `performance.SERVICE_LEVEL_RULES`.
    replications : int, optional
        Independent repetitions, 2 or more.
    seed : int, optional
        0 or more.

    Returns
    -------
    SimulatedSkills

    Notes
    -----
    The service level that routing="service_level" looks at is that of the replication so far; who hangs up behind
    others counts when it is found out.

    Examples
    --------
    Two queues of ten erlangs: 24 agents who can do both answer faster than twelve for each.

    >>> sales, service = Queue("sales", 75, 240), Queue("service", 75, 240)
    >>> apart = [Group("a", 12, ["sales"]), Group("b", 12, ["service"])]
    >>> both = [Group("a", 24, ["sales", "service"])]
    >>> for groups in (apart, both):
    ...     day = simulate_skills([sales, service], groups, interval_min=30, warm_up_min=60, replications=100, seed=1)
    ...     print(day.queues.loc[("sales", "service_level"), "mean"].round(2))
    0.65
    0.78
    >>> simulate_skills([sales, service], [Group("a", 12, ["sales"])])
    Traceback (most recent call last):
    ValueError: groups must have the skills for every queue, got none for service

    References
    ----------
    N. Gans, G. Koole, A. Mandelbaum, Telephone call centers: tutorial, review, and research prospects, M&SOM 5 (2),
    2003, 79-141, section 5 (skills-based routing).
    """
    choice("rule", rule, SERVICE_LEVEL_RULES)
    choice("routing", routing, ROUTING)
    choice("agent_rule", agent_rule, AGENT_RULES)
    rules = make_rules(queues, groups, routing, agent_rule)
    scatter = {"handle": (handle, handle_cv), "patience": (patience, patience_cv)}
    models, staff, index = make_models(queues, groups, interval_min, warm_up_min, scatter)
    runs = [_run(models, rules, staff, seed, replication) for replication in seeds(replications, seed)]
    names, crews = [queue.name for queue in queues], [group.name for group in groups]
    by_queue, by_group = [run[0] for run in runs], [run[1] for run in runs]
    group_intervals = _by_interval(by_group, crews, "group", rule, index)[GROUP_MEASURES]
    group_intervals.insert(0, "agents", staff[:, models[0].warm :].ravel())
    return SimulatedSkills(
        queues=_totals(by_queue, names, "queue", rule).drop("occupancy", level="measure"),
        groups=_totals(by_group, crews, "group", rule).loc[(slice(None), GROUP_MEASURES), :],
        intervals=_by_interval(by_queue, names, "queue", rule, index).drop(columns="occupancy"),
        group_intervals=group_intervals,
        routes=pd.DataFrame(
            np.mean([run[2] for run in runs], axis=0), pd.Index(crews, name="group"), pd.Index(names, name="queue")
        ),
        rule=rule,
    )


def _run(
    models: list[Model], rules: Rules, staff: Any, seed: int, replication: int
) -> tuple[list[dict[str, Floats]], list[dict[str, Floats]], Floats]:
    """One replication: counts by queue, counts by group, calls by group and queue."""
    drawn = [draw(model, streams(seed, replication, number)) for number, model in enumerate(models)]
    queue = np.repeat(np.arange(len(models)), [part[0].size for part in drawn])
    segment, arrival, handle, patience = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    order = np.argsort(arrival, kind="stable")
    queue, segment, arrival, handle, patience = (x[order] for x in (queue, segment, arrival, handle, patience))
    until = arrival + patience
    stream = list(zip(arrival.tolist(), queue.tolist(), handle.tolist(), until.tolist(), strict=True))
    done = route(rules, stream, models[0].edges, staff)
    answered = done.group >= 0
    # A group works at its own pace.
    handle[answered] *= np.array(rules.factor)[done.group[answered], queue[answered]]

    def tally(model: Model, chosen: Any, stayed: list[tuple[float, float]]) -> dict[str, Floats]:
        start, again = done.start[chosen], np.zeros(int(chosen.sum()), dtype=bool)
        mine = Calls(segment[chosen], arrival[chosen], start, handle[chosen], patience[chosen], again, stayed)
        return count(model, mine)

    warm, size = models[0].warm, len(models)
    by_queue = [tally(model, queue == number, []) for number, model in enumerate(models)]
    by_group = [
        tally(replace(models[0], agents=staff[number]), done.group == number, stayed)
        for number, stayed in enumerate(done.stayed)
    ]
    kept = answered & (segment >= warm)
    routes = np.bincount(done.group[kept] * size + queue[kept], minlength=len(staff) * size)
    return by_queue, by_group, np.asarray(routes.reshape(len(staff), size), dtype=np.float64)


def _totals(runs: Sequence[Sequence[Mapping[str, Floats]]], names: list[str], kind: str, rule: str) -> pd.DataFrame:
    """The totals of each queue or group, one below the other."""
    tables = []
    for number in range(len(names)):
        days = [{name: values.sum() for name, values in run[number].items()} for run in runs]
        tables.append(confidence(days, rule))
    return pd.concat(tables, keys=names, names=[kind, "measure"])


def _by_interval(
    runs: Sequence[Sequence[Mapping[str, Floats]]], names: list[str], kind: str, rule: str, index: pd.Index
) -> pd.DataFrame:
    """The intervals of each queue or group, one below the other."""
    tables = []
    for number in range(len(names)):
        summed = {name: np.sum([run[number][name] for run in runs], axis=0) for name in runs[0][number]}
        table = pd.DataFrame(measures(summed, rule), index=index)
        table[list(COUNTS[:6])] /= len(runs)
        tables.append(table)
    return pd.concat(tables, keys=names, names=[kind, index.name])
