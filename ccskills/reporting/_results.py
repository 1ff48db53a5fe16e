"""The sections of every report: results against targets, and the course of the period; words of all tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._text import Text
from ..performance import METRICS, attainment
from ._chart_base import listed, say
from ._chart_day import WEEKDAYS, simulation_day_chart
from ._chart_performance import scorecard_chart, trend_chart
from ._data import COUNTS, Data, Measure, by_group, level_counts
from ._model import Section, shown

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["LABELS", "TOTAL", "course", "reached", "section", "summary", "target_text"]

LABELS = {
    "measure": Text("Measure", "指标"),
    "value": Text("Value", "实际值"),
    "target": Text("Target", "目标值"),
    "gap": Text("Gap", "差距"),
    "status": Text("Result", "结果"),
    "previous": Text("Before", "上期"),
    "change": Text("Change", "变化"),
    "numerator": Text("Numerator", "分子"),
    "denominator": Text("Denominator", "分母"),
    "start": Text("Start", "开始"),
    "day": Text("Day", "日期"),
    "weekday": Text("Weekday", "星期"),
    "offered": Text("Offered", "来电量"),
    "answered": Text("Answered", "应答量"),
    "answered_within": Text("In time", "时限内应答"),
    "abandoned": Text("Abandoned", "放弃量"),
    "abandoned_within": Text("Abandoned early", "时限内放弃"),
    "service_level": Text("Service level", "服务水平"),
    "aht_s": Text("AHT [s]", "处理时长（秒）"),
    "staffed": Text("Present", "在岗"),
    "staffed_hours": Text("Hours present", "在岗工时"),
    "needed": Text("Needed", "需求"),
    "balance": Text("Over or under", "超缺"),
    "forecast": Text("Forecast", "预测"),
    "error": Text("Error", "误差"),
    "late": Text("Not in time", "未及时应答"),
    "share": Text("Share", "占比"),
    "cumulative": Text("Cumulative", "累计占比"),
    "category": Text("Category", "类别"),
    "hours": Text("Hours", "小时"),
    "calendar": Text("Calendar", "日历"),
    "level": Text("Level", "水平"),
    "before": Text("Before", "上期"),
    "now": Text("Now", "本期"),
}
TOTAL = Text("Total", "合计")


def section(
    key: str, heading: Text, sentence: str, table: pd.DataFrame, kinds: Mapping[str, Any], chart: Figure | None = None
) -> Section:
    """A section whose columns are labelled in the language of the session."""
    labels = {name: say(LABELS[name]) for name in table.columns}
    return Section(key, say(heading), sentence, table, labels, kinds, chart)


def metric_kind(key: str) -> str:
    """How the values of a metric are written."""
    return {"share": "share", "seconds": "seconds", "points": "decimal", "money": "money"}[METRICS[key].unit]


def target_text(key: str, target: Any) -> str:
    """A target with its direction."""
    form = "{:.1%}" if METRICS[key].unit == "share" else "{:,.4g}"
    if isinstance(target, (tuple, list)):
        return say(Text("{} – {}", "{}至{}"), *map(form.format, target))
    sign = "≤" if METRICS[key].direction == "down" else "≥"
    return say(Text("{} {}", "{}{}"), sign, form.format(target))


def reached(measure: Measure, target: Any) -> float:
    """Attainment of a target; 1 and more is met."""
    direction = METRICS[measure.key].direction
    return attainment(measure.value, target, direction if direction in ("up", "down") else "range")


def _change(key: str, value: float, before: float) -> str:
    """A change as it is read: points for shares, else the unit of the measure."""
    gap = value - before
    if not np.isfinite(gap):
        return "–"
    if METRICS[key].unit == "share":
        return say(Text("{} points", "{}个百分点"), shown(100 * gap, "points"))
    return shown(gap, "gap" if METRICS[key].unit == "seconds" else "points")


def summary(data: Data, now: Mapping[str, Measure], before: Mapping[str, Measure], client: bool = False) -> Section:
    """Every measure with target, gap and the period before, and the counts that it comes from."""
    rows, kinds, card = [], [], []
    for key, measure in now.items():
        known = np.isfinite(measure.value)
        past = before[key].value if key in before else np.nan
        target, status, gap = data.targets.get(key), say(Text("no target", "无目标")), "–"
        if target is not None and known:
            got = reached(measure, target)
            met = got >= 1 - 1e-12
            status = say(Text("met", "达标") if met else Text("missed", "未达标"))
            ends = target if isinstance(target, (tuple, list)) else (target, target)
            nearest = min(max(measure.value, ends[0]), ends[1])
            gap = _change(key, measure.value, nearest)
            card.append((say(METRICS[key].name), got, "met" if met else "missed"))
        goal = "–" if target is None else target_text(key, target)
        change = _change(key, measure.value, past)
        name = say(METRICS[key].name)
        rows.append((name, measure.value, goal, gap, status, past, change, measure.numerator, measure.denominator))
        kinds.append(metric_kind(key))
    names = ["measure", "value", "target", "gap", "status", "previous", "change", "numerator", "denominator"]
    table = pd.DataFrame(rows, columns=names)
    chart = None
    if len(card) > 1:
        chart = scorecard_chart(pd.DataFrame(card, columns=["metric", "attainment", "status"]))
    missed = [name for name, _, status in card if status == "missed"]
    if missed:
        words = Text(
            "Each measure beside its target and the period before. Missed: {}. Begin with the first of them, and "
            "agree on one action with an owner and a date.",
            "各指标与目标值及上期对照。未达标：{}。先从第一项入手，议定一项措施、负责人和完成日期。",
        )
        sentence = say(words, listed(missed))
    elif card:
        sentence = say(
            Text(
                "Each measure beside its target and the period before. All targets are met; keep what works.",
                "各指标与目标值及上期对照。目标均已达成，保持现有做法。",
            )
        )
    else:
        sentence = say(
            Text(
                "Each measure beside the period before. Agree on targets before anybody is judged by it.",
                "各指标与上期对照。没有目标值，议定目标之前不得据此考核。",
            )
        )
    wide = {"numerator": "count", "denominator": "count", "value": tuple(kinds), "previous": tuple(kinds)}
    if client:
        table = table.drop(columns=["numerator"])
    return section("summary", Text("Results", "结果一览"), sentence, table, wide, chart)


def course(data: Data, internal: bool) -> Section:
    """The day by interval, or the week or month by day."""
    daily = data.kind == "daily"
    starts = pd.DatetimeIndex(data.rows.index)
    table = by_group(data, starts if daily else starts.normalize())
    level = table["service_level"]
    out = table[["offered", "answered", "answered_within", "abandoned", "service_level", "aht_s"]].copy()
    if internal and data.staffed:
        if daily:
            out["staffed"] = table["staffed"]
        else:
            out["staffed_hours"] = table["staffed"] * data.interval_s / 3600
    total = {name: out[name].sum() for name in (*COUNTS, "staffed_hours") if name in out}
    top, bottom = (float(part.sum()) for part in level_counts(data.rows, data.rule))
    total["service_level"] = top / bottom if bottom > 0 else np.nan
    total["aht_s"] = table["busy_s"].sum() / table["answered"].sum() if table["answered"].sum() > 0 else np.nan
    first = "start" if daily else "day"
    out.insert(0, first, [pd.Timestamp(moment).tz_localize(None) for moment in table.index])
    if not daily:
        out.insert(1, "weekday", [say(WEEKDAYS[day.day_of_week]) for day in pd.DatetimeIndex(table.index)])
    last = {name: total.get(name, np.nan) for name in out.columns} | {first: say(TOTAL)}
    if not daily:
        last["weekday"] = ""
    out = out.astype({first: object}).reset_index(drop=True)
    out.loc[len(out)] = last
    kinds = {"start": "clock", "day": "date", "service_level": "share", "aht_s": "seconds", "staffed_hours": "decimal"}
    kinds |= {name: "count" for name in (*COUNTS, "staffed")}
    goal = data.targets.get(data.level)
    heading = Text("The day by interval", "分时段情况") if daily else Text("Day by day", "逐日情况")
    chart = _course_chart(data, table, level, goal, daily)
    return section("course", heading, _course_words(level, goal, daily), out, kinds, chart)


def _course_chart(data: Data, table: pd.DataFrame, level: pd.Series, goal: Any, daily: bool) -> Figure | None:
    known = level.where(level <= 1)
    if known.notna().sum() == 0:
        return None
    if daily and data.staffed:
        frame = table.assign(service_level=known)[["offered", "service_level", "staffed"]]
        return simulation_day_chart(frame, 0.8 if goal is None else goal)
    label = say(METRICS[data.level].name)
    when = pd.DatetimeIndex(known.dropna().index).tz_localize(None)
    events = None if daily else data.events
    return trend_chart(pd.Series(known.dropna().to_numpy(), when), goal, events, label, shares=True)


def _course_words(level: pd.Series, goal: Any, daily: bool) -> str:
    unit = say(Text("intervals", "个时段") if daily else Text("days", "天"))
    known = level.dropna()
    if goal is None:
        return say(
            Text(
                "Counts and service level; the total is recomputed from the counts. Look at the lowest first.",
                "各行数量与服务水平；合计由数量重算。先看最低的。",
            )
        )
    low = int((known < goal).sum())
    if low == 0:
        return say(
            Text(
                "Counts and service level; all {0} {1} reach {2:.0%}. Total: sum of counts over sum of counts.",
                "各行数量与服务水平；{0}{1}均达到{2:.0%}。合计由数量重算。",
            ),
            len(known),
            unit,
            goal,
        )
    return say(
        Text(
            "Counts and service level; {3} of {0} {1} stay below {2:.0%}. Look for what these have in common before "
            "acting on the average. Total: sum of counts over sum of counts.",
            "各行数量与服务水平；{0}{1}中有{3}{1}低于{2:.0%}。先找出它们的共同点，再谈平均数。合计由数量重算。",
        ),
        len(known),
        unit,
        goal,
        low,
    )
