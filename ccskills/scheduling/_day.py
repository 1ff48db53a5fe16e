"""Shifts for one day: how many agents start when, on which shift, with breaks where they hurt least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice, number, share, whole
from ._breaks import Groups, Options, Row, cover_entries, segments_of
from ._cover import over_under, present
from ._model import Clock, Ints, Model, Solved, cheapest, grain_of, steps
from ._pools import add_pool, deal, moments_of, pools_of
from ._shifts import PHONE, Grid, Shift, grid, sequence

__all__ = ["DayPlan", "design_day", "table_of"]

AIMS = ("hours", "heads", "difference")


@dataclass(frozen=True)
class DayPlan:
    """Shifts for one day."""

    shifts: pd.DataFrame
    """One row per shift in use, in order of start: `shift`, `start`, `end`, `heads`, `paid_h` of one head [h]."""
    segments: pd.DataFrame
    """What each position does: `position` (1 to `heads`), `start`, `end`, `state`."""
    cover: pd.DataFrame
    """As `over_under`: `required`, `staffed`, `difference`, `over`, `under` [agents] on the index of `required`."""
    heads: int
    """Agents in all."""
    paid_hours: float
    """Paid hours in all [h]."""
    objective: float
    """What was made small: paid hours or cost, heads, or agent-hours off the need (with `max_heads`: short of it)."""
    bound: float
    """What no plan can go below."""
    gap: float
    """(objective - bound) / objective: 0 when the plan is proved best."""


def design_day(
    required: pd.Series,
    shifts: Shift | Sequence[Shift] | pd.DataFrame,
    *,
    aim: str = "hours",
    max_heads: int | None = None,
    cost: Mapping[str, float] | None = None,
    seconds: float = 10.0,
) -> DayPlan:
    """How many agents start when on which shift, so that one day is covered with the least paid time.

    Shifts lie inside the opening hours. Integer program: heads by shift and start, breaks by place, solved by HiGHS.

    Parameters
    ----------
    required : Series
        Agents required in each interval of one day (at most 24 hours from the first).
    shifts : Shift, sequence of Shift, or DataFrame
        Kinds of shifts with their lengths, starts and break windows; or ready patterns: one column per shift, one row
        per interval, the share of the interval worked (1 at work, 0 not).
    aim : str, optional
        "hours": cover everything at the least paid hours; "heads": with the fewest agents; "difference": smallest sum
        of agents too many and too few, whatever they cost.
    max_heads : int, optional
        A budget of agents. The plan leaves as few agent-hours short as it can with them, then looks at `aim`.
    cost : mapping, optional
        Cost of one head by name of the shift, in your currency, in place of its paid hours (aim "hours").
    seconds : float, optional
        Stop the search after so long [s]; the best plan so far comes with its gap.

    Returns
    -------
    DayPlan

    Notes
    -----
    The same call gives the same plan, unless time ends the search. Breaks begin on an interval. Of a break shorter than
    the interval, its share of the interval is missing. Patterns have no breaks inside to be placed.

    Examples
    --------
    Eight hours of work and an hour of lunch, or four hours without:

    >>> index = pd.date_range("2026-01-05 08:00", periods=24, freq="30min", name="start")
    >>> need = pd.Series([4, 6, 9, 12, 14, 14, 13, 11, 9, 9, 10, 11, 12, 12, 11, 10, 9, 8, 7, 6, 5, 4, 4, 3], index)
    >>> plan = design_day(need, [Shift("full", 9), Shift("half", 4, breaks=())])
    >>> plan.paid_hours, float(plan.cover["under"].max()), plan.gap
    (120.0, 0.0, 0.0)
    >>> design_day(need, Shift("late", 9, starts=("09:00", "11:00")))
    Traceback (most recent call last):
    ValueError: required needs 4 agents at 2026-01-05 08:00, where none of the shifts can be

    References
    ----------
    G. B. Dantzig, A comment on Edie's "Traffic delays at toll booths", Operations Research 2(3), 1954.
    """
    choice("aim", aim, AIMS)
    budget = None if max_heads is None else whole("max_heads", max_heads)
    timer = Clock(number("seconds", seconds, above=0))
    day = grid(required, days=1)
    if isinstance(shifts, pd.DataFrame):
        return _patterns(day, shifts, aim, budget, cost, timer)
    kinds = sequence("shifts", (shifts,) if isinstance(shifts, Shift) else shifts, Shift)
    names = _named([kind.name for kind in kinds])
    places = [day.places(kind) for kind in kinds]
    kind = np.repeat(np.arange(len(kinds)), [place.size for place in places])
    groups = Groups(tuple(kinds), kind, np.concatenate(places))
    pools = pools_of(day, groups)
    model = Model()
    price = np.array(_prices(names, [kind.paid_h for kind in kinds], cost, aim))[kind]
    heads = model.variables(kind.size, whole=True)
    begun = np.concatenate([heads[:0], *(add_pool(model, pool, heads) for pool in pools)])
    entries = cover_entries(day, groups, moments_of(pools), (np.arange(kind.size), heads), begun)
    answer = _search(model, day, entries, heads, price, aim, budget, timer)
    counts, rests = (np.rint(answer.values[some]).astype(np.int64) for some in (heads, begun))
    return _plan(day, groups, deal(pools, counts, rests), answer, counts)


def _prices(names: list[str], paid: list[float], cost: Mapping[str, float] | None, aim: str) -> list[float]:
    """What one head of each shift adds to the objective."""
    if cost is None:
        return [float(aim == "heads") or hours for hours in paid]
    if aim != "hours" or not isinstance(cost, Mapping) or set(cost) != set(names):
        raise ValueError(f'cost must give one number for each of {", ".join(names)} with aim "hours", got {cost!r}')
    return [number(f"cost of {name}", cost[name], above=0) for name in names]


def _named(names: list[Any]) -> list[str]:
    """Names of shifts, each once."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"shifts must have different names, got {twice[0]!r} twice")
    return names


def _search(
    model: Model,
    day: Grid,
    entries: list[tuple[Ints, Ints, Floats]],
    heads: Ints,
    price: Floats,
    aim: str,
    budget: int | None,
    timer: Clock,
) -> Solved:
    """The best heads and breaks: with a budget first for the least under-staffing, then for the price."""
    row, need = np.arange(day.rows.size), day.need[day.rows]
    soft = budget is not None or aim == "difference"
    if not soft:
        _reachable(day, entries)
    short = model.variables(row.size, upper=np.inf if soft else 0.0)
    rows: list[tuple[Any, Any, Any]] = [*entries, (row, short, 1.0)]
    if aim == "difference":
        spare = model.variables(row.size)
        # How cover changes from one interval to the next: a shift has two numbers in these rows, not one for each
        # interval. That is nearly a network, in which fractions are few.
        change = np.diff(need, prepend=0.0)
        model.rows(row.size, steps(row.size, [*rows, (row, spare, -1.0)]), change, change)
    else:
        model.rows(row.size, rows, need, np.inf)
    away, paid = np.zeros(model.size), np.zeros(model.size)
    away[short] = day.hours
    paid[heads] = price
    step = day.hours * grain_of(need, *(value for _, _, value in entries))
    grain = grain_of(price)
    if aim == "difference":
        paid[:], grain = 0.0, step
        paid[short] = paid[spare] = day.hours
    first = None
    if budget is not None:
        model.rows(1, [(np.zeros(heads.size, dtype=np.int64), heads, 1.0)], 0.0, budget)
        first = cheapest(model, away, step, timer)
        if first is not None:
            model.rows(1, [(np.zeros(row.size, dtype=np.int64), short, day.hours)], 0.0, first.objective + 1e-7)
    answer = cheapest(model, paid, grain, timer)
    if first is not None and first.objective > 1e-6:
        return Solved((answer or first).values, first.objective, first.bound)
    if answer is not None:
        return answer
    free = model.solve(cost=away, most=np.full(model.size, np.inf), seconds=timer.left())
    raise ValueError(_why(day, np.zeros(row.size) if free is None else free.values[short]))


def _why(day: Grid, short: Floats) -> str:
    """What cannot be covered."""
    at = int(np.argmax(short))
    slot = day.rows[at]
    return (
        f"required cannot be covered: at best {short.sum() * day.hours:.4g} agent-hours stay short, most at "
        f"{day.label(slot)}, {short[at]:.4g} of {day.need[slot]:.4g} agents"
    )


def _reachable(day: Grid, entries: list[tuple[Ints, Ints, Floats]]) -> None:
    """Whether every interval that needs people can have somebody."""
    reach = np.zeros(day.rows.size, dtype=np.bool_)
    for row, _, value in entries:
        reach[row[value > 0]] = True
    alone = ~reach & (day.need[day.rows] > 0)
    if alone.any():
        at = day.rows[int(np.argmax(alone))]
        raise ValueError(f"required needs {day.need[at]:g} agents at {day.label(at)}, where none of the shifts can be")


def _plan(day: Grid, groups: Groups, breaks: Options, answer: Solved, counts: Ints) -> DayPlan:
    """The numbers of the solver as tables."""
    order = np.lexsort((groups.kind, groups.slot))
    people: list[list[int]] = [[] for _ in counts]
    filled = 0
    for group in order:
        people[group] = list(range(filled + 1, filled + 1 + int(counts[group])))
        filled += int(counts[group])
    rows = segments_of(day, groups, breaks, np.ones_like(breaks.at), people)
    used = [group for group in order if counts[group]]
    kinds = [groups.shifts[groups.kind[group]] for group in used]
    start = day.time(groups.slot[used])
    shifts = pd.DataFrame(
        {
            "shift": [kind.name for kind in kinds],
            "start": start,
            "end": start + pd.to_timedelta([kind.hours for kind in kinds], unit="h"),
            "heads": counts[used],
            "paid_h": [kind.paid_h for kind in kinds],
        }
    )
    return _finished(day, shifts, rows, answer)


def _finished(day: Grid, shifts: pd.DataFrame, rows: list[Row], answer: Solved) -> DayPlan:
    """The plan with its cover counted from the segments."""
    segments = table_of(day, rows)
    have = present(segments, day.time(day.rows)).to_numpy()
    cover = over_under(pd.Series(day.need[day.rows], day.index), pd.Series(have, day.index))
    zone = day.index.tz
    for table in (shifts, segments):
        for name in ("start", "end"):
            table[name] = pd.DatetimeIndex(table[name]).tz_localize(zone)
    objective = abs(answer.objective)
    bound = min(max(answer.bound, 0.0), objective)
    return DayPlan(
        shifts=shifts,
        segments=segments,
        cover=cover,
        heads=int(shifts["heads"].sum()),
        paid_hours=float((shifts["heads"] * shifts["paid_h"]).sum()),
        objective=objective,
        bound=bound,
        gap=(objective - bound) / objective if objective - bound > 1e-9 else 0.0,
    )


def table_of(day: Grid, rows: list[Row]) -> pd.DataFrame:
    """Segments with clock times, in order of position and time."""
    rows = sorted(rows)
    minutes = np.array([row[1:3] for row in rows], dtype=np.int64).reshape(-1, 2)
    start, end = (pd.DatetimeIndex(day.origin + pd.to_timedelta(minutes[:, k], unit="min")) for k in (0, 1))
    return pd.DataFrame(
        {"position": [row[0] for row in rows], "start": start, "end": end, "state": [row[3] for row in rows]}
    )


def _patterns(
    day: Grid, patterns: pd.DataFrame, aim: str, budget: int | None, cost: Mapping[str, float] | None, timer: Clock
) -> DayPlan:
    """The plan from ready patterns."""
    names = _named([str(name) for name in patterns.columns])
    if patterns.shape[0] != day.rows.size or not names:
        raise ValueError(
            f"shifts must have one row for each of the {day.rows.size} intervals and at least one column, "
            f"got {patterns.shape[0]} rows and {patterns.shape[1]} columns"
        )
    works = _works(patterns, names)
    paid = works.sum(axis=0) * day.hours
    if (paid == 0).any():
        raise ValueError(f"shift {names[int(np.argmin(paid))]} must work in at least one interval, got none")
    model = Model()
    heads = model.variables(len(names), whole=True)
    row, column = np.nonzero(works)
    price = np.array(_prices(names, paid.tolist(), cost, aim))
    answer = _search(model, day, [(row, heads[column], works[row, column])], heads, price, aim, budget, timer)
    counts = np.rint(answer.values[heads]).astype(np.int64)
    first = np.argmax(works > 0, axis=0)
    used = [column for column in np.argsort(first, kind="stable") if counts[column]]
    rows: list[Row] = []
    ends = []
    for column in used:
        work = _worked(day, works[:, column])
        begun = rows[-1][0] + 1 if rows else 1
        rows += [(begun + k, *piece) for k in range(counts[column]) for piece in work]
        ends.append((work[0][0], work[-1][1]))
    start, end = (day.origin + pd.to_timedelta([pair[k] for pair in ends], unit="min") for k in (0, 1))
    table = {"shift": [names[column] for column in used], "start": start, "end": end}
    shifts = pd.DataFrame({**table, "heads": counts[used], "paid_h": paid[used]})
    return _finished(day, shifts, rows, answer)


def _works(patterns: pd.DataFrame, names: list[str]) -> Floats:
    """The patterns as numbers, a column for each shift; a wrong one is refused by its name."""
    try:
        return share("shifts", patterns)
    except (TypeError, ValueError):
        return np.column_stack([share(f"shift {name}", patterns.iloc[:, at]) for at, name in enumerate(names)])


def _worked(day: Grid, works: Floats) -> list[tuple[int, int, str]]:
    """A pattern as segments: at work, and a break wherever it stops and goes on."""
    pieces: list[tuple[int, int, str]] = []
    for slot, part in zip(day.rows, works, strict=True):
        start = int(slot) * day.interval_min
        end = start + round(float(part) * day.interval_min)
        if part and pieces and pieces[-1][1] == start:
            pieces[-1] = (pieces[-1][0], end, PHONE)
        elif part:
            pieces += [(pieces[-1][1], start, "break")] if pieces else []
            pieces.append((start, end, PHONE))
    return pieces
