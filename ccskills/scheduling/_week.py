"""Tours for a week: how many people work which days from which time, and when they have lunch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._checks import Floats, number
from ._breaks import Row, place, segments_of
from ._cover import over_under, present
from ._day import table_of
from ._model import Clock
from ._program import Person, Program, people_of, weekend_days
from ._shifts import Grid, grid
from ._tours import DAYS, WEEK, WeekRules, tours_of

__all__ = ["WeekPlan", "design_week"]

REPAIRS = 6
# However late it is, lunches get so much time: they are quick, and a plan is nothing without them.
LEAST_S = 3.0


@dataclass(frozen=True)
class WeekPlan:
    """Tours for a week that repeats."""

    tours: pd.DataFrame
    """One row per tour, index `tour`: `contract`, `days` ("Mon Tue ..."), `start` ("08:00", or one for each day on),
    `heads`, `paid_h` of one head [h], `weekend_days` on Saturday and Sunday."""
    segments: pd.DataFrame
    """What each position does: `position` (1 to `heads`, in the order of `tours`), `start`, `end`, `state`."""
    cover: pd.DataFrame
    """As `over_under`: `required`, `staffed`, `difference`, `over`, `under` [agents] on the index of `required`."""
    heads: int
    """People in all."""
    paid_hours: float
    """Paid hours in all [h]."""
    objective: float
    """Paid hours with the penalties of the rules [h]."""
    bound: float
    """What no plan can go below: the linear program in which people and breaks may be fractions, or what the search
    proved beyond it [h]."""
    gap: float
    """objective / bound - 1."""


def design_week(required: pd.Series, rules: WeekRules | None = None, *, seconds: float = 10.0) -> WeekPlan:
    """Tours that cover a week at the least paid hours: who works which days, from when, with lunch when.

    Two stages, both integer programs solved by HiGHS: first the number of people on each tour, with lunches and breaks
    as fractions; then lunches and breaks in whole people.

    Parameters
    ----------
    required : Series
        Agents required in each interval of at most 7 days; hours without rows are closed.
    rules : WeekRules, optional
        Contracts, rest, days off, penalties; by default five days of 9 hours with an hour of lunch.
    seconds : float, optional
        Stop the search after about so long [s]; the best plan so far comes with its gap.

    Returns
    -------
    WeekPlan

    Notes
    -----
    The week repeats: rest, days in a row and a shift that runs past the last midnight are counted across its end. A
    person starts inside one band of clock times, so that the rest between two days holds by the length of the shift.
    A band does not run across midnight. The same call gives the same plan, unless time ends the search. The search
    takes an answer within 1 % of the linear program; on the way to whole lunches a plan may grow by a person or two.
    Where time ends before every trace of under-staffing is mended, `cover` shows it.

    Examples
    --------
    >>> from ccskills.scheduling import Contract, Shift, WeekRules, design_week
    >>> index = pd.date_range("2026-01-05", periods=7 * 24, freq="h", name="start")
    >>> index = index[(index.hour >= 9) & (index.hour < 21)]
    >>> need = pd.Series([8.0 if time.day_of_week < 5 else 5.0 for time in index], index)
    >>> plan = design_week(need, WeekRules(max_days_in_row=5, weekend_off_share=0.3))
    >>> plan.heads, plan.paid_hours, float(plan.cover["under"].max())
    (20, 800.0, 0.0)
    >>> plan.tours.columns.tolist()
    ['contract', 'days', 'start', 'heads', 'paid_h', 'weekend_days']
    >>> design_week(need, WeekRules((Contract(shift=Shift(starts=("10:00", "12:00"))),)))
    Traceback (most recent call last):
    ValueError: required needs 8 agents at 2026-01-05 09:00, where none of the shifts can be

    References
    ----------
    L. W. Jacobs and M. J. Brusco, Overlapping start-time bands in implicit tour scheduling, Management Science 42(9),
    1996; S. E. Bechtold and L. W. Jacobs, Implicit modeling of flexible break assignments in optimal shift scheduling,
    Management Science 36(11), 1990.
    """
    rules = WeekRules() if rules is None else rules
    if not isinstance(rules, WeekRules):
        raise TypeError(f"rules must be WeekRules, got {type(rules).__name__}")
    timer = Clock(number("seconds", seconds, above=0))
    week = grid(required, days=WEEK)
    tours = tours_of(week, rules)
    if not tours.crews:
        raise ValueError(
            f"rules must allow a tour inside the opening hours, got none for {rules.contracts[0].days_on} days of "
            f"{rules.contracts[0].shift.hours:g} h with the contract {rules.contracts[0].name}"
        )
    program = Program(week, rules, tours)
    values, bound = program.best(timer)
    plan = _placed(program, values, bound, timer)
    if rules.under_penalty is not None:
        return plan
    # Breaks in whole people may leave a trace short: other days off for some, or else one person more, and again.
    for attempt in range(REPAIRS):
        short = plan.cover["under"].to_numpy() > 1e-9
        if not short.any():
            break
        slots = week.rows[short]
        per_day = week.need.size // WEEK
        spare = np.bincount(week.rows // per_day, plan.cover["over"], WEEK)
        days = sorted(range(WEEK), key=lambda day: (day not in slots // per_day, spare[day]))
        if attempt == 0:
            changed = program.mended(values, [*set(slots // per_day), int(np.argmax(spare))], 0.4 * timer.left())
        else:
            changed = program.grown(values, int(slots[0]), days)
        if changed is not values:
            values, plan = changed, _placed(program, changed, bound, timer)
    return plan


def _placed(program: Program, values: Floats, bound: float, timer: Clock) -> WeekPlan:
    """The plan that an answer stands for, with lunches and breaks."""
    week, rules, tours = program.week, program.rules, program.tours
    order = sorted(people_of(program, values))
    members: list[list[int]] = [[] for _ in tours.groups.slot]
    for position, (_, _, _, groups) in enumerate(order, start=1):
        for group in groups:
            members[group].append(position)
    counts = np.array([len(member) for member in members])
    wait = max(timer.left() / 2, LEAST_S)
    worth = 1.0 if rules.under_penalty is None else rules.under_penalty
    options, taken = place(week, tours.groups, counts, under=worth, over=rules.over_penalty, seconds=wait)
    rows = segments_of(week, tours.groups, options, taken, members)
    return _plan(week, rules, order, rows, bound)


def _plan(week: Grid, rules: WeekRules, order: list[Person], rows: list[Row], bound: float) -> WeekPlan:
    """The plan as tables, its cover counted from the segments."""
    table = []
    for (contract, text, days, _), heads in Counter(order).items():
        names = " ".join(DAYS[(week.origin.day_of_week + day) % WEEK] for day in days)
        kind = rules.contracts[contract]
        table.append((kind.name, names, text, heads, kind.paid_h, weekend_days(week, days)))
    tours = pd.DataFrame(table, columns=["contract", "days", "start", "heads", "paid_h", "weekend_days"])
    tours.index = pd.Index([f"T{number_:03d}" for number_ in range(1, len(table) + 1)], name="tour")
    segments = table_of(week, rows)
    cover = _cover(week, segments)
    paid = float((tours["heads"] * tours["paid_h"]).sum())
    off = cover["under"].sum() * (rules.under_penalty or 0.0) + cover["over"].sum() * rules.over_penalty
    objective = paid + float(off) * week.hours
    for name in ("start", "end"):
        segments[name] = pd.DatetimeIndex(segments[name]).tz_localize(week.index.tz)
    return WeekPlan(
        tours,
        segments,
        cover,
        int(tours["heads"].sum()),
        paid,
        objective,
        bound,
        max(objective / bound - 1, 0.0) if bound else 0.0,
    )


def _cover(week: Grid, segments: pd.DataFrame) -> pd.DataFrame:
    """Cover in every interval of the week; what runs past its end counts at its beginning."""
    times = week.time(week.rows)
    have = sum(present(segments, times + pd.Timedelta(days=days)).to_numpy() for days in (0, WEEK))
    return over_under(pd.Series(week.need[week.rows], week.index), pd.Series(have, week.index))
