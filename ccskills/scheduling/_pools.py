"""Breaks of a day counted by the interval in which they begin: whose break it is, is dealt out afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._breaks import Groups, Options
from ._model import Ints, Model
from ._shifts import Grid

__all__ = ["Pool", "add_pool", "deal", "moments_of", "pools_of"]


@dataclass(frozen=True)
class Pool:
    """Breaks of one length, with windows of one width: begun in order, none is too early or too late if any order is.

    Windows in order of opening also close in this order, so that it is enough to count (S. E. Bechtold and L. W.
    Jacobs, Implicit modeling of flexible break assignments in optimal shift scheduling, Management Science 36, 1990).
    """

    minutes: int
    width: int
    """Intervals from the first to the last at which a break may begin."""
    group: Ints
    """The group of each window, in order of opening."""
    rest: Ints
    """The number of the break in the shift of its group."""
    first: Ints
    """The interval at which each window opens."""

    @property
    def at(self) -> Ints:
        """Every interval at which one of the breaks may begin, and those between."""
        return np.arange(self.first[0], self.first[-1] + self.width + 1)


def pools_of(grid: Grid, groups: Groups) -> list[Pool]:
    """The pools of all breaks of all groups."""
    windows: dict[tuple[int, int], list[tuple[Ints, Ints, Ints]]] = {}
    for kind, shift in enumerate(groups.shifts):
        members = np.flatnonzero(groups.kind == kind)
        for number, rest in enumerate(shift.breaks):
            soonest = grid.slots(f"earliest_h of the break {rest.name}", rest.earliest_h)
            latest = grid.slots(f"latest_h of the break {rest.name}", rest.latest_h)
            window = (members, np.full(members.size, number), groups.slot[members] + soonest)
            windows.setdefault((rest.minutes, latest - soonest), []).append(window)
    pools = []
    for (minutes, width), parts in windows.items():
        group, which, opens = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.argsort(opens, kind="stable")
        if order.size:
            pools.append(Pool(minutes, width, group[order], which[order], opens[order]))
    return pools


def add_pool(model: Model, pool: Pool, heads: Ints) -> Ints:
    """Variables for the breaks begun at each interval, everybody's in their window; `heads` are those of the groups."""
    at = np.arange(pool.at.size)
    begun = model.variables(at.size, whole=True)
    # Whose window is open and who has not begun; at the end nobody. Who has begun before it was the last moment.
    waiting = model.variables(at.size, upper=np.where(at < at[-1], np.inf, 0.0))
    ahead = model.variables(at.size)
    opened, members = pool.first - pool.first[0], heads[pool.group]
    kept = [(at, waiting, 1.0), (at[1:], waiting[:-1], -1.0), (at, begun, 1.0), (opened, members, -1.0)]
    model.rows(at.size, kept, 0.0, 0.0)
    early = [(at, ahead, 1.0), (at[1:], ahead[:-1], -1.0), (at, begun, -1.0), (opened + pool.width, members, 1.0)]
    model.rows(at.size, early, 0.0, 0.0)
    return begun


def moments_of(pools: list[Pool]) -> Options:
    """The intervals of all pools as places for breaks of anybody."""
    at = np.concatenate([np.zeros(0, dtype=np.int64), *(pool.at for pool in pools)])
    minutes = np.repeat([pool.minutes for pool in pools], [pool.at.size for pool in pools]).astype(np.int64)
    anybody = np.zeros(at.size, dtype=np.int64)
    return Options(anybody, anybody, at, minutes)


def deal(pools: list[Pool], heads: Ints, begun: Ints) -> Options:
    """The break of everybody, one after the other: whose window opens first begins first."""
    none = np.zeros(0, dtype=np.int64)
    parts = [(none, none, none, none)]
    done = 0
    for pool in pools:
        people = heads[pool.group]
        at = np.repeat(pool.at, begun[done : done + pool.at.size])
        parts.append((pool.group.repeat(people), pool.rest.repeat(people), at, np.full(at.size, pool.minutes)))
        done += pool.at.size
    return Options(*(np.concatenate(column) for column in zip(*parts, strict=True)))
