"""Where lunches and short breaks of a plan go: variables for every place a break may begin, and people put to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._checks import Floats
from ._model import Ints, Model, OutOfTime
from ._shifts import PHONE, Grid, Shift

__all__ = ["Groups", "Options", "Row", "add_breaks", "cover_entries", "options_of", "place", "segments_of"]

# Cover is worth a little more below the first share of the need and a little up to the second: breaks are spread.
CUSHIONS = (0.90, 1.10)
CUSHION_WORTH = 0.01
GAP = 2e-4

Row = tuple[int, int, int, str]
"""A segment before it has a clock time: person, first minute, last minute (both after the origin), state."""


@dataclass(frozen=True)
class Groups:
    """People who start the same kind of shift at the same interval."""

    shifts: tuple[Shift, ...]
    kind: Ints
    """The shift of each group."""
    slot: Ints
    """The interval at which each group starts."""


@dataclass(frozen=True)
class Options:
    """Every place at which a break of a group may begin."""

    group: Ints
    rest: Ints
    """The number of the break in its shift."""
    at: Ints
    """The interval at which it begins."""
    minutes: Ints


def options_of(grid: Grid, groups: Groups) -> Options:
    """All places for all breaks of all groups."""
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    for kind, shift in enumerate(groups.shifts):
        members = np.flatnonzero(groups.kind == kind)
        for number, rest in enumerate(shift.breaks):
            first = grid.slots(f"earliest_h of the break {rest.name}", rest.earliest_h)
            last = grid.slots(f"latest_h of the break {rest.name}", rest.latest_h)
            step = np.arange(first, last + 1)
            at = (groups.slot[members][:, None] + step).ravel()
            group = np.repeat(members, step.size)
            parts.append((group, np.full(at.size, number), at, np.full(at.size, rest.minutes)))
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Options(none, none, none, none)
    group, which, at, minutes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Options(group, which, at, minutes)


def add_breaks(model: Model, options: Options, members: tuple[Ints, Ints], *, whole: bool) -> Ints:
    """Variables for the people at each option; everybody counted in `members` (group, variable) takes each break."""
    taken = model.variables(options.group.size, whole=whole)
    if not taken.size:
        return taken
    stride = int(options.rest.max()) + 1
    keys, row = np.unique(options.group * stride + options.rest, return_inverse=True)
    first = model.rows(keys.size, [(row, taken, 1.0)], 0.0, 0.0)[0]
    group, variable = members
    for number in range(stride):
        wanted = group * stride + number
        at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        has = keys[at] == wanted
        model.extend(first + at[has], variable[has], -1.0)
    return taken


def cover_entries(
    grid: Grid, groups: Groups, options: Options, members: tuple[Ints, Ints], taken: Ints
) -> list[tuple[Ints, Ints, Floats]]:
    """Staffed agents of each row of `required` as (row, variable, value): people there less people on a break."""
    row_of = np.full(grid.need.size, -1)
    row_of[grid.rows] = np.arange(grid.rows.size)
    group, variable = members
    entries = []
    for kind, shift in enumerate(groups.shifts):
        mine = groups.kind[group] == kind
        step = np.arange(grid.slots(f"hours of the shift {shift.name}", shift.hours))
        row = row_of[grid.wrap(groups.slot[group[mine]][:, None] + step)]
        entries.append((row.ravel(), np.repeat(variable[mine], step.size), np.ones(row.size)))
    for past in range(int(np.ceil(options.minutes.max(initial=0) / grid.interval_min))):
        share = np.clip(options.minutes / grid.interval_min - past, 0.0, 1.0)
        mine = share > 0
        entries.append((row_of[grid.wrap(options.at[mine] + past)], taken[mine], -share[mine]))
    return [(row[row >= 0], ids[row >= 0], value[row >= 0]) for row, ids, value in entries]


def place(
    grid: Grid, groups: Groups, heads: Ints, *, under: float = 1.0, over: float = 0.0, seconds: float = 5.0
) -> tuple[Options, Ints]:
    """The options of all breaks and how many of the `heads` take each, for the least under-staffing.

    Among places that are as good, those that leave some cover to spare where it is thinnest.
    """
    options = options_of(grid, groups)
    if not options.group.size:
        return options, options.group
    model = Model()
    members = (np.arange(heads.size), model.variables(heads.size, lower=heads, upper=heads))
    taken = add_breaks(model, options, members, whole=True)
    entries = cover_entries(grid, groups, options, members, taken)
    row, need = np.arange(grid.rows.size), grid.need[grid.rows]
    short = model.variables(row.size, under * grid.hours)
    spare = model.variables(row.size, over * grid.hours)
    model.rows(row.size, [*entries, (row, short, 1.0), (row, spare, -1.0)], need, need)
    for level in CUSHIONS:
        thin = model.variables(row.size, CUSHION_WORTH * under * grid.hours)
        model.rows(row.size, [*entries, (row, thin, 1.0)], need * level, np.inf)
    try:
        answer = model.solve(gap=GAP, seconds=seconds)
    except OutOfTime:
        answer = model.solve(relaxed=True)
    assert answer is not None
    return options, _rounded(options, answer.values[taken])


def _rounded(options: Options, taken: Floats) -> Ints:
    """Whole people nearest to fractions: what the running sum of each break's options rounds to, step by step."""
    stride = int(options.rest.max()) + 1
    result = np.zeros(taken.size, dtype=np.int64)
    keys = options.group * stride + options.rest
    for key in np.unique(keys):
        mine = np.flatnonzero(keys == key)
        result[mine] = np.diff(np.rint(np.cumsum(taken[mine]) + 1e-9), prepend=0)
    return result


def segments_of(grid: Grid, groups: Groups, options: Options, taken: Ints, people: list[list[int]]) -> list[Row]:
    """What each person of each group does from start to end of the shift."""
    begins: dict[tuple[int, int], list[int]] = {}
    for group, number, at, count in zip(options.group, options.rest, options.at, taken, strict=True):
        begins.setdefault((int(group), int(number)), []).extend([int(at) * grid.interval_min] * int(count))
    rows: list[Row] = []
    for group, members in enumerate(people):
        shift = groups.shifts[groups.kind[group]]
        start = int(groups.slot[group]) * grid.interval_min
        end = start + round(shift.hours * 60)
        for rank, person in enumerate(members):
            now = start
            for number, rest in enumerate(shift.breaks):
                away = begins[group, number][rank]
                rows += [(person, now, away, PHONE), (person, away, away + rest.minutes, rest.name)]
                now = away + rest.minutes
            rows.append((person, now, end, PHONE))
    return [row for row in rows if row[2] > row[1]]
