"""The roster of named people: made from a plan, changed by swaps and leave that rest, hours, skills and cover allow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import number, numbers, timed, whole
from .._text import Text
from ._adherence import segment_table
from ._cover import SEGMENT, present
from ._day import DayPlan
from ._shifts import PHONE
from ._week import WeekPlan

__all__ = ["Decision", "leave", "roster", "swap"]

Skills = Mapping[Any, Collection[str]]


@dataclass(frozen=True)
class Decision:
    """The answer to a wish for a swap or for leave."""

    granted: bool
    """Whether it may be."""
    reason: Text
    """Why, in both languages."""
    roster: pd.DataFrame
    """The roster that follows; the old one when it may not be."""


def roster(plan: WeekPlan | DayPlan, people: pd.Series | None = None, weeks: int = 1) -> pd.DataFrame:
    """The segments of a plan with names in place of positions.

    Parameters
    ----------
    plan : WeekPlan or DayPlan
        From `design_week` or `design_day`.
    people : Series, optional
        The `position` of each person, indexed by `agent_id`: `assign(...).people["position"].dropna()`; without it
        positions are named "P001", "P002" and so on.
    weeks : int, optional
        How often a week is repeated.

    Returns
    -------
    DataFrame
        `agent_id`, `start`, `end`, `state`, in order of agent and time.

    Examples
    --------
    >>> from ccskills.scheduling import Shift, design_day
    >>> index = pd.date_range("2026-01-05 08:00", periods=24, freq="30min", name="start")
    >>> plan = design_day(pd.Series(1.0, index), Shift("half", 4, breaks=()))
    >>> roster(plan, pd.Series([1, 2, 3], ["Wang", "Li", "Zhao"])).iloc[0].astype(str).to_dict()
    {'agent_id': 'Li', 'start': '2026-01-05 12:00:00', 'end': '2026-01-05 16:00:00', 'state': 'phone'}
    """
    if not isinstance(plan, (WeekPlan, DayPlan)):
        raise TypeError(f"plan must come from design_week or design_day, got {type(plan).__name__}")
    whole("weeks", weeks, most=1 if isinstance(plan, DayPlan) else 530)
    named = {position: f"P{position:03d}" for position in range(1, plan.heads + 1)}
    if people is not None:
        if not isinstance(people, pd.Series) or people.index.has_duplicates:
            raise TypeError("people must be a Series of positions with every agent_id once in its index")
        taken = numbers("people", people)
        if sorted(taken) != list(named):
            raise ValueError(f"people must hold each position from 1 to {plan.heads} once, got {people.size} positions")
        named = dict(zip(taken.astype(int).tolist(), people.index, strict=True))
    table = plan.segments.assign(agent_id=plan.segments["position"].map(named))[list(SEGMENT)]
    copies = []
    for week in range(weeks):
        later = pd.DateOffset(weeks=week)
        copies.append(table.assign(start=table["start"] + later, end=table["end"] + later) if week else table)
    return pd.concat(copies).sort_values(["agent_id", "start"], ignore_index=True)


def swap(
    roster: pd.DataFrame,
    a: Any,
    b: Any,
    day: str | pd.Timestamp,
    other_day: str | pd.Timestamp | None = None,
    *,
    min_rest_h: float = 11.0,
    max_week_h: float | None = None,
    skills: Skills | None = None,
    required: pd.DataFrame | None = None,
    working: Sequence[str] = (PHONE,),
) -> Decision:
    """Whether two people may exchange shifts: what `a` works on `day` against what `b` works on `other_day`.

    Parameters
    ----------
    roster : DataFrame
        `agent_id`, `start`, `end`, `state`, one row per segment.
    a, b : label
        The two, by `agent_id`. One of them may have nothing to give: then the other gives a shift away.
    day, other_day : str or Timestamp, optional
        The days on which the shifts start; `other_day` is `day` when not given.
    min_rest_h : float, optional
        Rest between two days' work of a person [h]; the pause inside a split shift is none.
    max_week_h : float, optional
        At most so many hours in the `working` states from Monday to Sunday [h].
    skills : mapping, optional
        Skills of each agent, by `agent_id`; needed with `required`.
    required : DataFrame, optional
        Agents required by interval, one column per skill; a swap may make no interval short, or shorter, in any.
    working : sequence of str, optional
        States that count as at work.

    Returns
    -------
    Decision

    Notes
    -----
    Whole shifts change hands, so heads in all stay as they are; cover can suffer only by skill.
    What a person was planned for on one day is one day's work, in one piece or split in two; the work of somebody
    else on top of it is another's, with rest between.

    Examples
    --------
    >>> def shift(agent, start, end):
    ...     return agent, pd.Timestamp(start), pd.Timestamp(end), "phone"
    >>> plan = pd.DataFrame(
    ...     [shift("Li", "2026-01-05 13:00", "2026-01-05 21:00"), shift("Wang", "2026-01-05 08:00", "2026-01-05 16:00"),
    ...      shift("Wang", "2026-01-06 07:00", "2026-01-06 15:00")],
    ...     columns=["agent_id", "start", "end", "state"])
    >>> answer = swap(plan, "Li", "Wang", "2026-01-05")
    >>> answer.granted, answer.reason.en
    (False, 'Wang would have 10 h of rest before 2026-01-06 07:00, 11 h are the least')
    >>> answer.reason.say("zh")
    'Wang在2026-01-06 07:00上班前只有10小时休息，至少需要11小时'

    A split shift is one day's work:

    >>> split = pd.DataFrame(
    ...     [shift("Li", "2026-01-05 08:00", "2026-01-05 12:00"), shift("Li", "2026-01-05 16:30", "2026-01-05 20:00"),
    ...      shift("Wang", "2026-01-05 11:30", "2026-01-05 20:00")], columns=["agent_id", "start", "end", "state"])
    >>> swap(split, "Li", "Wang", "2026-01-05").reason.en
    'Li and Wang may swap'
    """
    table = segment_table("roster", roster)
    days = [_day("day", day), _day("other_day", day if other_day is None else other_day)]
    _known(table, a, b)
    if a == b:
        raise ValueError(f"a and b must be two people, got {a!r} twice")
    rest = number("min_rest_h", min_rest_h, least=0)
    limit = None if max_week_h is None else number("max_week_h", max_week_h, above=0)
    starts = _shift_days(table)
    gives = [(table["agent_id"] == who) & (starts == when) for who, when in zip((a, b), days, strict=True)]
    if not gives[0].any() and not gives[1].any():
        return _no(roster, f"neither {a} nor {b} has a shift to give", f"{a}和{b}在当天都没有班次可换")
    works = pd.Series(list(zip(table["agent_id"], starts, strict=True)), table.index)
    new = table.copy()
    new.loc[gives[0], "agent_id"], new.loc[gives[1], "agent_id"] = b, a
    for who in (a, b):
        refusal = _rested(new, who, rest, gives[0] | gives[1], works) or _hours(new, who, limit, working)
        if refusal is not None:
            return Decision(False, refusal, roster)
    if required is not None:
        refusal = _skilled(table, new, skills, required, working)
        if refusal is not None:
            return Decision(False, refusal, roster)
    reason = Text(f"{a} and {b} may swap", f"{a}和{b}可以换班")
    return Decision(True, reason, _with(roster, new["agent_id"]))


def leave(
    roster: pd.DataFrame,
    person: Any,
    days: str | pd.Timestamp | Sequence[str | pd.Timestamp],
    required: pd.Series,
    *,
    quota: pd.Series | None = None,
    working: Sequence[str] = (PHONE,),
) -> Decision:
    """Whether a person may be away on some days without an interval going short.

    Parameters
    ----------
    roster : DataFrame
        `agent_id`, `start`, `end`, `state`, one row per segment.
    person : label
        Who asks, by `agent_id`.
    days : str, Timestamp or sequence of them
        Days of leave; shifts that start on them fall away.
    required : Series
        Agents required in each interval.
    quota : Series, optional
        Places left by day, as `leave_capacity` gives; a day without one is refused before cover is looked at.
    working : sequence of str, optional
        States that count as at work.

    Returns
    -------
    Decision
        Refused with the interval that would lack most.

    Examples
    --------
    >>> start, end = pd.Timestamp("2026-01-05 08:00"), pd.Timestamp("2026-01-05 12:00")
    >>> plan = pd.DataFrame({"agent_id": ["Li", "Wang"], "start": start, "end": end, "state": "phone"})
    >>> need = pd.Series([1, 2, 1, 1], pd.date_range(start, periods=4, freq="h", name="start"))
    >>> leave(plan, "Li", "2026-01-05", need).reason.en
    'without Li 1 of 2 agents would be missing at 2026-01-05 09:00'
    >>> leave(plan, "Li", "2026-01-05", need.clip(upper=1)).granted
    True
    """
    table = segment_table("roster", roster)
    need = numbers("required", timed("required", required), least=0)
    wanted = [days] if isinstance(days, (str, pd.Timestamp)) else list(days)
    if not wanted:
        raise ValueError("days must hold at least one day, got none")
    off = [_day("days", when) for when in wanted]
    _known(table, person)
    if quota is not None:
        places = timed("quota", quota)
        for when in off:
            if when not in places.index or places[when] < 1:
                return _no(roster, f"no place of leave is left on {when:%Y-%m-%d}", f"{when:%Y-%m-%d}的休假名额已满")
    mine = (table["agent_id"] == person) & _shift_days(table).isin(off)
    if not mine.any():
        return _no(roster, f"{person} does not work on these days", f"{person}在这些日期没有班次")
    index = pd.DatetimeIndex(required.index)
    before = present(table, index, working).to_numpy()
    after = present(table[~mine], index, working).to_numpy()
    short = np.where(after < before - 1e-9, need - after, 0.0)
    at = int(np.argmax(short))
    if short[at] > 1e-9:
        return _no(
            roster,
            f"without {person} {short[at]:g} of {need[at]:g} agents would be missing at {index[at]:%Y-%m-%d %H:%M}",
            f"{person}休假后，{index[at]:%Y-%m-%d %H:%M}需要{need[at]:g}名座席，将缺{short[at]:g}名",
        )
    reason = Text(f"{person} may be away: every interval stays covered", f"可以批准{person}休假：各时段人数仍满足需求")
    return Decision(True, reason, roster[~mine.to_numpy()].reset_index(drop=True))


def _day(name: str, value: Any) -> pd.Timestamp:
    """A calendar day."""
    try:
        when = pd.Timestamp(value)
    except (TypeError, ValueError):
        when = pd.NaT
    if when is pd.NaT or when != when.normalize():
        raise ValueError(f'{name} must be a day such as "2026-01-05", got {value!r}')
    return when.tz_localize(None)


def _known(table: pd.DataFrame, *people: Any) -> None:
    """Everybody is in the roster."""
    for person in people:
        if not (table["agent_id"] == person).any():
            raise ValueError(f"roster must hold the people who ask, got no {person!r}")


def _shift_days(table: pd.DataFrame) -> pd.Series:
    """The day on which the shift of each segment starts: segments that follow without a gap are one shift."""
    order = table.sort_values(["agent_id", "start"])
    begins = (order["start"] > order["end"].shift()) | (order["agent_id"] != order["agent_id"].shift())
    first = order["start"].where(begins).ffill()
    return first.dt.tz_localize(None).dt.normalize().reindex(table.index)


def _shifts_of(table: pd.DataFrame, who: Any) -> pd.DataFrame:
    """The segments of a person in order of time."""
    return table[table["agent_id"] == who].sort_values("start")


def _rested(table: pd.DataFrame, who: Any, rest: float, moved: pd.Series, works: pd.Series) -> Text | None:
    """What is wrong before or after the moved segments of a person: two things at once, or too little rest.

    `works` names the day's work that each segment was planned in: between its own segments no rest is asked.
    """
    mine = _shifts_of(table, who)
    gap = (mine["start"] - mine["end"].cummax().shift()).dt.total_seconds() / 3600
    other = works[mine.index] != works[mine.index].shift()
    touched = (moved[mine.index] | moved[mine.index].shift(fill_value=False)).to_numpy()
    for hours, start, rested in zip(gap[touched], mine["start"][touched], other[touched], strict=True):
        when = f"{start:%Y-%m-%d %H:%M}"
        if hours < 0:
            return Text(f"{who} would be in two places at {when}", f"{who}在{when}会有两个班次重叠")
        if rested and hours < rest:
            return Text(
                f"{who} would have {hours:g} h of rest before {when}, {rest:g} h are the least",
                f"{who}在{when}上班前只有{hours:g}小时休息，至少需要{rest:g}小时",
            )
    return None


def _hours(table: pd.DataFrame, who: Any, limit: float | None, working: Sequence[str]) -> Text | None:
    """Whether a week of a person has too many hours."""
    if limit is None:
        return None
    mine = _shifts_of(table, who)
    mine = mine[mine["state"].isin(list(working))]
    start = mine["start"].dt.tz_localize(None).dt.normalize()
    monday = start - pd.to_timedelta(start.dt.day_of_week, unit="D")
    hours = ((mine["end"] - mine["start"]).dt.total_seconds() / 3600).groupby(monday).sum()
    if hours.empty or hours.max() <= limit + 1e-9:
        return None
    return Text(
        f"{who} would work {hours.max():g} h in the week of {hours.idxmax():%Y-%m-%d}, {limit:g} h are the most",
        f"{who}在{hours.idxmax():%Y-%m-%d}这一周将工作{hours.max():g}小时，最多{limit:g}小时",
    )


def _skilled(
    old: pd.DataFrame, new: pd.DataFrame, skills: Skills | None, required: pd.DataFrame, working: Sequence[str]
) -> Text | None:
    """The interval and skill that a change makes short."""
    if skills is None or not isinstance(required, pd.DataFrame):
        raise TypeError("required must be a DataFrame with one column per skill, together with skills by agent")
    for skill in required.columns:
        need = numbers(f"required {skill}", timed(f"required {skill}", required[skill]), least=0)
        have = []
        for table in (old, new):
            able = table[[skill in skills.get(who, ()) for who in table["agent_id"]]]
            have.append(present(able, pd.DatetimeIndex(required.index), working).to_numpy())
        worse = np.where(have[1] < have[0] - 1e-9, need - have[1], 0.0)
        at = int(np.argmax(worse))
        if worse[at] > 1e-9:
            when = f"{required.index[at]:%Y-%m-%d %H:%M}"
            return Text(
                f"{worse[at]:g} of {need[at]:g} agents with the skill {skill} would be missing at {when}",
                f"{when}需要{need[at]:g}名具备{skill}技能的座席，将缺{worse[at]:g}名",
            )
    return None


def _no(roster: pd.DataFrame, en: str, zh: str) -> Decision:
    """A refusal."""
    return Decision(False, Text(en, zh), roster)


def _with(roster: pd.DataFrame, agents: pd.Series) -> pd.DataFrame:
    """The roster with other people in its rows, in order of agent and time."""
    return roster.assign(agent_id=agents.to_numpy()).sort_values(["agent_id", "start"], ignore_index=True)
