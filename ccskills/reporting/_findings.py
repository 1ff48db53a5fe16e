"""The findings of a report in sentences: result against target, change, and the likely reason when events tell one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .._text import Text
from ..performance import METRICS
from ._chart_base import language, listed, say
from ._data import BACK, STEP, Data, Measure
from ._results import reached, target_text

__all__ = ["findings"]

PERIOD = {
    "daily": Text("the same weekday a week before", "上周同日"),
    "weekly": Text("the week before", "上周"),
    "monthly": Text("the month before", "上月"),
}
RAISES = ("campaign", "outage", "makeup_workday")


def findings(data: Data, now: Mapping[str, Measure], before: Mapping[str, Measure]) -> tuple[str, ...]:
    """What changed and what was missed, each with its size."""
    found = [_volume(data)]
    for key, target in data.targets.items():
        if key in now and np.isfinite(now[key].value):
            found.append(_against_target(data, now[key], target, before.get(key)))
    return tuple(found)


def _volume(data: Data) -> str:
    total = float(data.rows["offered"].sum())
    past = float(data.before["offered"].sum()) if len(data.before) else 0.0
    if past <= 0:
        return say(Text("{:,.0f} contacts were offered.", "本期来电量{:,.0f}通。"), total)
    words = Text(
        "{0:,.0f} contacts were offered, {1:+.1%} against {2} ({3:,.0f})",
        "来电量{0:,.0f}通，较{2}（{3:,.0f}通）{1:+.1%}",
    )
    change = total / past - 1
    text = say(words, total, change, say(PERIOD[data.kind]), past)
    days = [pd.DatetimeIndex(rows.index).normalize().nunique() for rows in (data.rows, data.before)]
    if days[0] != days[1]:
        daily = Text("; per day {0:+.1%}, for it had {1} days and this one {2}", "；上期{1}天、本期{2}天，日均{0:+.1%}")
        change = (total / days[0]) / (past / days[1]) - 1
        text += say(daily, change, days[1], days[0])
    text += _reason(data, change)
    return text + say(Text(".", "。"))


def _reason(data: Data, change: float) -> str:
    """Events of this period or the one before that go with the direction of the change."""
    if data.events is None or data.events.empty or abs(change) < 0.02:
        return ""
    ours = _names(data, data.first, data.end, change > 0)
    start = data.first - BACK[data.kind]
    theirs = _names(data, start, start + STEP[data.kind], change < 0)
    parts = []
    if ours:
        parts.append(say(Text("{} in this period", "本期有{}"), listed(ours)))
    if theirs:
        parts.append(say(Text("{} in the one before", "上期有{}"), listed(theirs)))
    if not parts:
        return say(Text("; no event of the calendar explains it", "；日历上没有可解释的事件"))
    return say(Text("; likely reason: {}", "；可能原因：{}"), say(Text(" and ", "，")).join(parts))


def _names(data: Data, first: pd.Timestamp, end: pd.Timestamp, raising: bool) -> list[str]:
    """Names of the events from `first` to `end` that raise the volume, or of those that lower it."""
    events = data.events
    assert events is not None
    inside = (events["end"] >= first.tz_localize(None)) & (events["start"] < end.tz_localize(None))
    rows = events[inside & (events["kind"].isin(RAISES) == raising)]
    column = language() if language() in rows else "kind"
    return list(dict.fromkeys(str(name) for name in rows[column]))


def _against_target(data: Data, measure: Measure, target: object, past: Measure | None) -> str:
    metric = METRICS[measure.key]
    share = metric.unit == "share"
    value = f"{measure.value:.1%}" if share else f"{measure.value:,.4g}"
    met = reached(measure, target) >= 1 - 1e-12
    words = Text("{0} is {1} and meets the target ({2})", "{0}为{1}，达到目标（{2}）")
    if not met:
        words = Text("{0} is {1} and misses the target ({2})", "{0}为{1}，未达到目标（{2}）")
    name = say(metric.name)
    text = say(words, name[:1].upper() + name[1:], value, target_text(measure.key, target))
    if not met and measure.key == data.level and isinstance(target, (int, float)):
        lacking = int(np.ceil(float(target) * measure.denominator - measure.numerator - 1e-9))
        more = Text(
            "; {0:,} more of {1:,.0f} had to be answered within {2:g} s", "；{1:,.0f}通中还须再有{0:,}通在{2:g}秒内应答"
        )
        text += say(more, lacking, measure.denominator, data.within_s)
    if past is not None and np.isfinite(past.value):
        gap = measure.value - past.value
        if share:
            text += say(
                Text("; {0}: {1:.1%} ({2:+.1f} points)", "；{0}为{1:.1%}（{2:+.1f}个百分点）"),
                *(say(PERIOD[data.kind]), past.value, 100 * gap),
            )
        else:
            text += say(
                Text("; {0}: {1:,.4g} ({2:+,.4g})", "；{0}为{1:,.4g}（{2:+,.4g}）"),
                say(PERIOD[data.kind]),
                past.value,
                gap,
            )
    return text + say(Text(".", "。"))
