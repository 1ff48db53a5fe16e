"""Queues and groups of agents with different skills: what a simulation of several queues asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .._checks import number, share, whole
from ._model import agents_of, build, lengthen
from ._queue import Model
from ._router import Rules

__all__ = ["Group", "Queue", "make_models", "make_rules"]


@dataclass(frozen=True)
class Queue:
    """A queue of customers.

    >>> Queue("sales", calls=[40, 60], aht_s=240, patience_s=120, priority=1)
    Queue(name='sales', calls=[40, 60], aht_s=240, patience_s=120, priority=1, service_level=0.8, within_s=20)
    """

    name: str
    calls: Any
    """Expected calls by interval; a number, a list or a Series on a DatetimeIndex."""
    aht_s: Any
    """Mean handle time, by interval of arrival [s]."""
    patience_s: Any = None
    """Mean patience [s]; None: nobody hangs up."""
    priority: int = 1
    """1 is served first by routing="priority", then 2, and so on; a call that is being handled is never put aside."""
    service_level: float = 0.8
    """Target that routing="service_level" looks at, a share."""
    within_s: float = 20
    """Target wait [s]."""


@dataclass(frozen=True)
class Group:
    """A group of agents with the same skills.

    >>> Group("generalists", agents=6, skills=["sales", "service"], aht_factor={"service": 1.2}).skills
    ['sales', 'service']
    """

    name: str
    agents: Any
    """Whole agents, by interval."""
    skills: Sequence[str]
    """Names of the queues that the group takes at once."""
    backup: Mapping[str, float] = field(default_factory=dict)
    """Names of queues that it helps out, with the seconds that a call has waited before."""
    aht_factor: Mapping[str, float] = field(default_factory=dict)
    """Handle time of this group as a multiple of the queue's, by name of the queue; 1 where nothing is said."""


def make_rules(queues: Sequence[Queue], groups: Sequence[Group], routing: str, agent_rule: str) -> Rules:
    """The checked skills, by number."""
    for name, kind, given in (("queues", Queue, queues), ("groups", Group, groups)):
        if not isinstance(given, (list, tuple)):
            raise TypeError(f"{name} must be a list of {kind.__name__}, got {type(given).__name__}")
        for one in given:
            if not isinstance(one, kind):
                raise TypeError(f"{name} must be a list of {kind.__name__}, got a list with {type(one).__name__}")
        if not given:
            raise ValueError(f"{name} must hold at least one {kind.__name__}, got none")
        names = [one.name for one in given]
        if len(set(names)) < len(names):
            raise ValueError(f"{name} must have names of their own, got {', '.join(map(str, names))}")
    place = {queue.name: number for number, queue in enumerate(queues)}
    covered = set()
    for group in groups:
        covered |= _known(f"skills of {group.name}", group.skills, place)
        covered |= _known(f"backup of {group.name}", group.backup, place)
        _known(f"aht_factor of {group.name}", group.aht_factor, place)
    if missing := [name for name in place if name not in covered]:
        raise ValueError(f"groups must have the skills for every queue, got none for {', '.join(missing)}")
    return Rules(
        routing=routing,
        agent_rule=agent_rule,
        skills=[[place[name] for name in dict.fromkeys(group.skills)] for group in groups],
        backup=[_numbered(f"backup of {group.name}", group.backup, place, 0.0) for group in groups],
        factor=[_factors(group, place) for group in groups],
        priority=[whole(f"priority of {queue.name}", queue.priority) for queue in queues],
        target=[float(share(f"service_level of {queue.name}", queue.service_level)) for queue in queues],
        within_s=[number(f"within_s of {queue.name}", queue.within_s, least=0) for queue in queues],
    )


def _known(what: str, names: Iterable[str], place: Mapping[str, int]) -> set[str]:
    """The names, when each is that of a queue."""
    if isinstance(names, str):
        raise TypeError(f"{what} must be a list of names of queues, got {names!r}")
    for name in names:
        if name not in place:
            raise ValueError(f"{what} must be names of queues ({', '.join(place)}), got {name!r}")
    return set(names)


def _numbered(what: str, values: Mapping[str, float], place: Mapping[str, int], least: float) -> dict[int, float]:
    return {place[name]: number(f"{what} for {name}", value, least=least) for name, value in values.items()}


def _factors(group: Group, place: Mapping[str, int]) -> list[float]:
    """The pace of a group in every queue."""
    factors = [1.0] * len(place)
    for name, value in group.aht_factor.items():
        factors[place[name]] = number(f"aht_factor of {group.name} for {name}", value, above=0)
    return factors


def make_models(
    queues: Sequence[Queue],
    groups: Sequence[Group],
    interval_min: float,
    warm_up_min: float,
    scatter: Mapping[str, tuple[str, float]],
) -> tuple[list[Model], Any, pd.Index]:
    """A model for the customers of each queue, the agents by group and segment, the index of the intervals."""
    for name, (kind, _) in scatter.items():
        if kind == "given":
            raise ValueError(f"{name} must be exponential, lognormal or deterministic with several queues, got 'given'")
    agents = {f"agents of {group.name}": agents_of(f"agents of {group.name}", group.agents) for group in groups}
    lengths = [np.size(x) for queue in queues for x in (queue.calls, queue.aht_s, queue.patience_s)]
    size = max(*lengths, *(staff.size for staff in agents.values()))
    models: list[Model] = []
    index: pd.Index | None = None
    for queue in queues:
        try:
            model, found = build(
                queue.calls,
                queue.aht_s,
                0,
                queue.patience_s,
                queue.within_s,
                interval_min,
                handle=scatter["handle"],
                patience=scatter["patience"],
                warm_up_min=warm_up_min,
                size=size,
            )
        except (TypeError, ValueError) as error:
            raise type(error)(f"queue {queue.name}: {error}") from None
        models.append(model)
        index = found if index is None or isinstance(found, pd.DatetimeIndex) else index
    staff = np.array(lengthen(size, **agents)).astype(np.int64)
    return models, np.concatenate([staff[:, : models[0].warm], staff], axis=1), index
