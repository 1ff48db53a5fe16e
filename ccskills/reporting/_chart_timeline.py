"""The day of one or a few people as coloured strips: what was planned above what was logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._checks import columns
from .._text import Text
from ..scheduling import adherence_table
from ..scheduling._adherence import segment_table
from ._chart_base import BLACK, BLUE, GREEN, ORANGE, RED, aside, chart, finish, legend, listed, name_ticks, say
from ._fold import width_of

if TYPE_CHECKING:
    from ._chart_base import Axes, Figure

__all__ = ["timeline_chart"]

# The words, colours and hatches of the states that the library's own tables use; "off" is left white.
STATES = {
    "phone": (Text("phone", "接听"), BLUE, ""),
    "work": (Text("work", "工作"), BLUE, ""),
    "chat": (Text("chat", "在线"), "#56B4E9", ""),
    "email": (Text("email", "邮件"), "#56B4E9", "//"),
    "break": (Text("break", "小休"), ORANGE, ""),
    "lunch": (Text("lunch", "用餐"), "#F0E442", ""),
    "meeting": (Text("meeting", "会议"), GREEN, ""),
    "coaching": (Text("coaching", "辅导"), "#CC79A7", ""),
    "training": (Text("training", "培训"), GREEN, "//"),
    "system_down": (Text("system down", "系统故障"), RED, "//"),
    "absent": (Text("absent", "缺勤"), "#D9D9D9", "xx"),
    "leave": (Text("leave", "休假"), "#D9D9D9", ""),
}
OTHERS = ("#8C8C8C", "#B8A2CC", "#A6761D", "#9DBAD0")
DARK = {BLUE, GREEN, RED, "#8C8C8C", "#A6761D"}
SIDES = {"plan": Text("plan", "班表"), "log": Text("log", "记录")}
MOST_ROWS, MOST_H = 12, 36
Look = tuple[str, str, str]
"""Word, colour and hatch of a state."""
Strip = tuple[Any, str, pd.DataFrame]
"""Whose it is, "plan" or "log", and its segments."""


def timeline_chart(
    plan: pd.DataFrame,
    log: pd.DataFrame | None = None,
    label: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Figure:
    """The day of one or a few people as coloured strips, planned above logged.

    Parameters
    ----------
    plan : DataFrame
        Columns `start`, `end`, `state`, one row per segment of one day, and `agent_id` when there are several people.
    log : DataFrame, optional
        What was logged, in the same columns.
    label : str, optional
        Title, in the language of the session.
    names : mapping, optional
        Words for states, in the language of the session; common states have theirs, others stand as they are.

    Returns
    -------
    Figure

    Notes
    -----
    Time without a segment, and the state "off", stay white. The description counts the minutes of the plan in which
    the log says something else, as `ccskills.scheduling.adherence_table` does.

    Examples
    --------
    >>> from ccskills.reporting import describe, timeline_chart
    >>> def rows(*pieces):
    ...     table = pd.DataFrame(pieces, columns=["start", "end", "state"])
    ...     return table.assign(**{side: pd.to_datetime("2026-01-05 " + table[side]) for side in ("start", "end")})
    >>> plan = rows(("09:00", "10:30", "phone"), ("10:30", "10:45", "break"), ("10:45", "12:00", "phone"))
    >>> log = rows(("09:00", "10:40", "phone"), ("10:40", "10:55", "break"), ("10:55", "12:05", "phone"))
    >>> describe(timeline_chart(plan, log))
    'Plan and log of 2026-01-05: plan 09:00 to 12:00 (phone 165 min, break 15 min); log 09:00 to 12:05 (phone 170 min,
    break 15 min); they differ in 20 min of the plan, longest 10 min from 10:30 (plan break, log phone).'
    >>> timeline_chart(plan.assign(start=plan["end"]))
    Traceback (most recent call last):
    ValueError: plan must have segments that end after they start, got 2026-01-05 10:30:00 to 2026-01-05 10:30:00
    """
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(f"names must be a mapping from state to word, got {type(names).__name__}")
    tables = {"plan": _segments("plan", plan)} | ({} if log is None else {"log": _segments("log", log)})
    midnight = _one_day(tables)
    words = _words(tables, names or {})
    people = list(dict.fromkeys(who for table in tables.values() for who in table["agent_id"]))
    strips = [
        (who, side, part.sort_values("start", kind="stable"))
        for who in people
        for side, table in tables.items()
        if len(part := table[table["agent_id"] == who])
    ]
    if len(strips) > MOST_ROWS:
        raise ValueError(f"plan and log must make at most {MOST_ROWS} strips, got {len(strips)}: choose a few people")
    kind = Text("Plan of {}", "{}班表") if log is None else Text("Plan and log of {}", "{}班表与记录")
    title = label or say(kind, f"{midnight:%Y-%m-%d}")
    figure, axes = chart(title, size=(8.0, 1.5 + 0.62 * len(strips)))
    _draw(axes, strips, midnight, words)
    several = len(people) > 1
    told = []
    for who in people:
        mine = _told([strip for strip in strips if strip[0] == who], words, _apart(tables, who))
        told.append(say(Text("{}: {}", "{}：{}"), who, mine) if several else mine)
    sides = {side: say(word) for side, word in SIDES.items()}
    both = Text("{} {}", "{}{}") if log is not None else Text("{}", "{}")
    rows = [say(both, who, sides[side]) for who, side, _ in strips]
    _axes(axes, rows if several else [sides[side] for _, side, _ in strips], strips, midnight)
    legend(axes)
    return finish(figure, f"{title}{say(Text(': ', '：'))}{say(Text('; ', '；')).join(told)}{say(Text('.', '。'))}")


def _segments(name: str, value: Any) -> pd.DataFrame:
    """The segments at work or in a break, of one nameless person when no column names them."""
    table = columns(name, value, ["start", "end", "state"])
    table = segment_table(name, table if "agent_id" in table else table.assign(agent_id=""))
    table = table[table["state"] != "off"]
    if table.empty:
        raise ValueError(f'{name} must hold at least one segment that is not "off", got none')
    return table.assign(state=table["state"].astype(str))


def _one_day(tables: Mapping[str, pd.DataFrame]) -> pd.Timestamp:
    """The midnight before everything, in one time zone and of one day."""
    zones = {str(table["start"].dt.tz) for table in tables.values()}
    if len(zones) > 1:
        raise ValueError(f"plan and log must be in one time zone, got {' and '.join(sorted(zones))}")
    first, last = (
        pick(pick(table[name]) for table in tables.values()) for name, pick in (("start", min), ("end", max))
    )
    if last - first.normalize() > pd.Timedelta(hours=MOST_H):
        raise ValueError(f"plan and log must be of one day, got {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}")
    midnight: pd.Timestamp = first.normalize()
    return midnight


def _words(tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> dict[str, Look]:
    """Word, colour and hatch of each state, in the order of `STATES`, then of appearance."""
    seen = list(dict.fromkeys(state for table in tables.values() for state in table["state"]))
    known = [state for state in STATES if state in seen]
    other = [state for state in seen if state not in STATES]
    look = {state: (names.get(state, say(STATES[state][0])), *STATES[state][1:]) for state in known}
    spare = {state: (names.get(state, state), OTHERS[at % len(OTHERS)], "") for at, state in enumerate(other)}
    return look | spare


def _draw(axes: Axes, strips: list[Strip], midnight: pd.Timestamp, words: Mapping[str, Look]) -> None:
    """All pieces, state by state for the legend; where two overlap, the one that starts later lies on top."""
    table = pd.concat([part.assign(row=row) for row, (*_, part) in enumerate(strips)])
    left, right, rows = _hours(table["start"], midnight), _hours(table["end"], midnight), table["row"].to_numpy()
    room = 470 / (right.max() - left.min())  # points of an hour in a chart of 8 inches
    for state, (word, colour, hatch) in words.items():
        mask = (table["state"] == state).to_numpy()
        style: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.6}
        bars = axes.barh(rows[mask], (right - left)[mask], 0.72, left=left[mask], label=word, **style)
        for bar, start, end, row in zip(bars, left[mask], right[mask], rows[mask], strict=True):
            bar.set_zorder(2 + start / 100)
            if (end - start) * room > 4.8 * width_of(word) + 6:
                place: dict[str, Any] = {"ha": "center", "va": "center", "size": 8, "zorder": bar.get_zorder()}
                place |= {"color": "white" if colour in DARK else BLACK, "bbox": {"color": colour, "pad": 1.0}}
                axes.text((start + end) / 2, row, word, **place)


def _hours(times: pd.Series, midnight: pd.Timestamp) -> Any:
    """Hours since midnight."""
    return ((times - midnight).dt.total_seconds() / 3600).to_numpy()


def _axes(axes: Axes, rows: list[str], strips: list[Strip], midnight: pd.Timestamp) -> None:
    """Names of the rows, hours below, the first row on top."""
    first = int(min(_hours(part["start"], midnight).min() for *_, part in strips))
    last = int(np.ceil(max(_hours(part["end"], midnight).max() for *_, part in strips)))
    name_ticks(axes, rows)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.set_xlim(first - 0.02, last + 0.02)
    step = next(step for step in (1, 2, 3, 4) if (last - first) / step <= 13)
    at = np.arange(first, last + 1, step)
    axes.set_xticks(at, [f"{hour % 24:02d}:00" for hour in at])
    axes.grid(axis="y", visible=False)


def _apart(tables: Mapping[str, pd.DataFrame], who: Any) -> pd.DataFrame | None:
    """Where the log of a person differs from the plan, the longest first; None when one of them is missing."""
    mine = {side: table[table["agent_id"] == who] for side, table in tables.items()}
    if len(mine) < 2 or any(table.empty for table in mine.values()):
        return None
    return adherence_table(mine["plan"], mine["log"], away=()).deviations


def _told(strips: list[Strip], words: Mapping[str, Look], out: pd.DataFrame | None) -> str:
    """The strips of one person in words, and how far they differ."""
    parts = [_strip_words(say(SIDES[side]), part, words) for _, side, part in strips]
    if out is not None and out.empty:
        parts.append(say(Text("they agree throughout the plan", "记录与班表完全一致")))
    elif out is not None:
        worst = out.iloc[0]
        off = say(Text("off", "不在班"))
        states = [words[name][0] if name in words else off for name in (worst["scheduled"], worst["actual"])]
        apart = Text(
            "they differ in {} min of the plan, longest {} min from {} (plan {}, log {})",
            "与班表不一致共{}分钟，最长一段{}分钟，从{}起（班表{}，记录{}）",
        )
        minutes = [_minutes(value) for value in (out["minutes"].sum(), worst["minutes"])]
        parts.append(say(apart, *minutes, f"{worst['start']:%H:%M}", *states))
    return say(Text("; ", "；")).join(parts)


def _strip_words(side: str, part: pd.DataFrame, words: Mapping[str, Look]) -> str:
    """When somebody is there, and for how many minutes in each state."""
    ends = part["end"].cummax()
    begins = ~(part["start"] <= ends.shift())
    spans = [
        say(Text("{:%H:%M} to {:%H:%M}", "{:%H:%M}至{:%H:%M}"), block["start"].iloc[0], block["end"].max())
        for _, block in part.groupby(begins.cumsum())
    ]
    length = (part["end"] - part["start"]).dt.total_seconds().groupby(part["state"]).sum() / 60
    form = Text("{} {} min", "{}{}分钟")
    spent = [say(form, word, _minutes(length[state])) for state, (word, *_) in words.items() if state in length]
    return say(Text("{} {}{}", "{}{}{}"), side, say(Text(" and ", "、")).join(spans), aside(listed(spent)))


def _minutes(value: float) -> str:
    """Minutes with one decimal where there is one."""
    return f"{round(value, 1):,g}"
