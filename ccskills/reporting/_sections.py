"""The sections that an audience may have beside results and course, each with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .._text import Text
from ..staffing import agents_required, offered_load
from ._chart_base import listed, say
from ._chart_day import WEEKDAYS, heat_map_chart, intraday_chart
from ._chart_money import waterfall_chart
from ._chart_performance import trend_chart
from ._chart_plan import day_plan_chart
from ._chart_quality import pareto_chart
from ._data import Data, between, by_group
from ._model import Section
from ._results import TOTAL, section

__all__ = ["SECTIONS"]

CATEGORIES = {
    "leave": Text("leave", "休假"),
    "sickness": Text("sickness", "病假缺勤"),
    "breaks": Text("breaks", "小休用餐"),
    "training": Text("training", "培训辅导"),
    "meetings": Text("meetings", "会议"),
    "system": Text("system", "系统登录"),
}


def worst(data: Data) -> Section | None:
    """Where the contacts were lost that were not answered in time."""
    starts = pd.DatetimeIndex(data.rows.index)
    names = starts.strftime("%H:%M" if data.kind == "daily" else "%H:00")
    late = (data.rows["offered"] - data.rows["answered_within"]).clip(lower=0).groupby(names.to_numpy()).sum()
    late = late[late > 0].sort_values(ascending=False, kind="stable")
    if late.empty:
        return None
    whole = float(late.sum())
    table = pd.DataFrame({"count": late, "share": late / whole, "cumulative": (late / whole).cumsum()})
    out = table.rename(columns={"count": "late"}).rename_axis("start").reset_index()
    part = float(late.head(3).sum() / whole)
    words = Text(
        "Contacts that were not answered within {0:g} s, by time: {1} make {2:.1%} of {3:,.0f}. Move breaks, coaching "
        "and back-office work out of these times first; it costs nothing.",
        "{0:g}秒内未应答的联络量按时间排列：{1}占{3:,.0f}通的{2:.1%}。先把小休、辅导和后台工作移出这些时间，无需增加成本。",
    )
    sentence = say(words, data.within_s, listed(map(str, late.index[:3])), part, whole)
    chart = pareto_chart(table, say(Text("Contacts not answered in time", "未及时应答的联络量")))
    kinds = {"late": "count", "share": "share", "cumulative": "share"}
    return section("worst", Text("Where service was lost", "服务水平失分时段"), sentence, out, kinds, chart)


def staffing(data: Data) -> Section | None:
    """Agents present against agents needed for the contacts that came."""
    goal = data.targets.get("service_level")
    if not data.staffed or goal is None or data.kind != "daily":
        return None
    table = by_group(data, pd.DatetimeIndex(data.rows.index))
    table = table[table["aht_s"].notna()]
    if table.empty:
        return None
    load = offered_load(table["offered"], table["aht_s"], data.interval_s / 60)
    need = pd.Series(agents_required(load, table["aht_s"], goal, data.within_s), table.index, dtype=float)
    gap = table["staffed"] - need
    out = pd.DataFrame({"needed": need, "staffed": table["staffed"], "balance": gap})
    out.insert(0, "start", [pd.Timestamp(moment).tz_localize(None) for moment in table.index])
    words = Text(
        "Agents present and agents needed (Erlang C, what really came, {0:.0%} within {1:g} s): too few in {2} and too "
        "many in {3} of {4} intervals, {5:.1f} agent hours short and {6:.1f} over. Move hours before asking for heads.",
        "在岗人数与需求人数（Erlang C，按实际来电，{1:g}秒内{0:.0%}）：{4}个时段中{2}个不足、{3}个超出，"
        "缺{5:.1f}工时、超{6:.1f}工时。先调班，再要人。",
    )
    hours = data.interval_s / 3600
    found = (
        (gap < 0).sum(),
        (gap > 0).sum(),
        len(gap),
        -gap.clip(upper=0).sum() * hours,
        gap.clip(lower=0).sum() * hours,
    )
    chart = day_plan_chart(need, table["staffed"].astype(float), say(Text("present", "在岗")))
    kinds = {"start": "clock", "needed": "count", "staffed": "count", "balance": "gap"}
    sentence = say(words, goal, data.within_s, *found)
    return section(
        "staffing", Text("Staff against need", "在岗与需求"), sentence, out.reset_index(drop=True), kinds, chart
    )


def forecast(data: Data) -> Section | None:
    """What was foreseen and what came."""
    if data.forecast is None:
        return None
    actual = data.rows["offered"].groupby(level=0).sum()
    both = actual.to_frame("offered").join(data.forecast.rename("forecast"), how="inner")
    whole = float(both["offered"].sum())
    if both.empty or whole <= 0:
        return None
    error = both["forecast"] - both["offered"]
    wape, bias = float(error.abs().sum() / whole), float(error.sum() / whole)
    daily = data.kind == "daily"
    chart = intraday_chart(both["forecast"], both["offered"].astype(float)) if daily else None
    shown = both if daily else both.groupby(pd.DatetimeIndex(both.index).normalize()).sum()
    out = shown[["forecast", "offered"]].assign(error=shown["forecast"] - shown["offered"])
    out.insert(0, "start" if daily else "day", [pd.Timestamp(moment).tz_localize(None) for moment in out.index])
    if not daily:
        label = say(Text("Forecast error by day", "每日预测误差"))
        rel = (out["error"] / out["offered"].where(out["offered"] > 0)).dropna()
        when = pd.DatetimeIndex(rel.index).tz_localize(None)
        chart = trend_chart(pd.Series(rel.to_numpy(), when), 0.0, data.events, label, shares=True)
    words = Text(
        "By interval WAPE is {:.1%} and bias {:+.1%} of {:,.0f} contacts. {}",
        "按时段WAPE为{:.1%}，偏差为{:+.1%}（实际{:,.0f}通）。{}",
    )
    advice = (
        Text(
            "The bias is more than a third of the error: correct the level first.",
            "偏差占误差三分之一以上：先修正总量水平。",
        )
        if abs(bias) > wape / 3
        else Text("The level is right; work on the shape of the day.", "总量水平准确，应改进日内分布。")
    )
    kinds = {"start": "clock", "day": "date", "forecast": "count", "offered": "count", "error": "gap"}
    sentence = say(words, wape, bias, whole, say(advice))
    return section("forecast", Text("Forecast", "预测准确性"), sentence, out.reset_index(drop=True), kinds, chart)


def pattern(data: Data) -> Section:
    """Contacts of weekday and hour."""
    starts = pd.DatetimeIndex(data.rows.index)
    days = data.rows["offered"].groupby(starts.normalize()).sum()
    weekday = pd.DatetimeIndex(days.index).day_of_week
    mean = days.groupby(weekday).mean()
    out = pd.DataFrame(
        {
            "weekday": [say(WEEKDAYS[day]) for day in mean.index],
            "offered": mean.to_numpy(),
            "share": (mean / mean.sum()).to_numpy(),
        }
    )
    words = Text(
        "Contacts of an average day by weekday; the chart shows the hours. {0} needs {1:.0%} more than {2}: plan days "
        "off and training accordingly.",
        "各星期日均联络量，图中为各小时。{0}比{2}多{1:.0%}：据此安排休息日和培训。",
    )
    high, low = say(WEEKDAYS[mean.idxmax()]), say(WEEKDAYS[mean.idxmin()])
    more = mean.max() / mean.min() - 1 if mean.min() > 0 else 0.0
    chart = heat_map_chart(data.rows["offered"])
    kinds = {"offered": "count", "share": "share"}
    return section("pattern", Text("Pattern of the week", "一周分布"), say(words, high, more, low), out, kinds, chart)


def change(data: Data) -> Section | None:
    """How much of the change of volume comes from the calendar, and which weekdays made the rest."""
    if data.before.empty:
        return None
    parts = []
    for rows in (data.before, data.rows):
        days = rows["offered"].groupby(pd.DatetimeIndex(rows.index).normalize()).sum()
        groups = days.groupby(pd.DatetimeIndex(days.index).day_of_week)
        parts.append(pd.DataFrame({"days": groups.size(), "offered": groups.sum().astype(float)}))
    then, now = (part.reindex(sorted({*parts[0].index, *parts[1].index}), fill_value=0.0) for part in parts)
    usual = then["offered"] / then["days"].where(then["days"] > 0, 1)
    calendar = (now["days"] - then["days"]) * usual
    level = now["offered"] - then["offered"] - calendar
    names = [say(WEEKDAYS[day]) for day in level.index]
    columns = {"weekday": names, "before": then["offered"], "now": now["offered"], "calendar": calendar, "level": level}
    out = pd.DataFrame(columns).reset_index(drop=True)
    out.loc[len(out)] = [say(TOTAL), *(float(out[name].sum()) for name in out.columns[1:])]
    steps = pd.Series(level.to_numpy(), names)
    if calendar.abs().sum() > 0:
        steps = pd.concat([pd.Series({say(Text("calendar", "日历")): float(calendar.sum())}), steps])
    title = say(Text("Contacts offered: what changed", "来电量变动分解"))
    ends = (say(Text("before", "上期")), say(Text("now", "本期")))
    chart = waterfall_chart(steps, float(then["offered"].sum()), title, ends)
    words = Text(
        "Contacts by weekday against the period before: {0:+,.0f} because the calendar has other days ({1:.0f} then, "
        "{2:.0f} now), {3:+,.0f} because days brought more or less. Of these {4} changed most ({5:+,.0f}): ask what "
        "was different on them.",
        "各星期来电量与上期对照：因天数不同（上期{1:.0f}天，本期{2:.0f}天）{0:+,.0f}通，因每天多来或少来{3:+,.0f}通；"
        "后者中变化最大的是{4}（{5:+,.0f}通）：查明这些日子有何不同。",
    )
    big = int(level.abs().to_numpy().argmax())
    counted = then["days"].sum(), now["days"].sum()
    found = calendar.sum() + 0.0, *counted, level.sum(), names[big], level.iloc[big]
    kinds = {"before": "count", "now": "count", "calendar": "gap", "level": "gap"}
    return section("change", Text("What changed the volume", "来电量变动"), say(words, *found), out, kinds, chart)


def shrinkage(data: Data) -> Section | None:
    """Where the paid hours went in which nobody could take contacts."""
    if data.shrinkage is None:
        return None
    part = between(data.shrinkage, data.first, data.end)
    if part.empty or part["paid"].sum() <= 0:
        return None
    paid = float(part["paid"].sum())
    hours = part.drop(columns="paid").sum().sort_values(ascending=False, kind="stable")
    names = [say(CATEGORIES[str(name)]) if name in CATEGORIES else str(name) for name in hours.index]
    out = pd.DataFrame({"category": names, "hours": hours.to_numpy(), "share": (hours / paid).to_numpy()})
    out.loc[len(out)] = [say(TOTAL), hours.sum(), hours.sum() / paid]
    whole = hours / hours.sum() if hours.sum() > 0 else hours
    causes = pd.DataFrame(
        {"count": hours.to_numpy(), "share": whole.to_numpy(), "cumulative": whole.cumsum().to_numpy()}, names
    )
    chart = pareto_chart(causes, say(Text("Hours not available", "不可用工时"))) if hours.sum() > 0 else None
    words = Text(
        "Paid hours in which people could not take contacts, as a share of {0:,.0f} paid hours: {1:.1%}. The "
        "largest is {2} with {3:.1%}; compare it with what was planned.",
        "计薪{0:,.0f}小时中不可用工时占{1:.1%}。最大一项是{2}（{3:.1%}），与计划对照。",
    )
    sentence = say(words, paid, hours.sum() / paid, names[0], hours.iloc[0] / paid)
    kinds = {"hours": "decimal", "share": "share"}
    return section("shrinkage", Text("Shrinkage", "缩减率"), sentence, out, kinds, chart)


Maker = Callable[[Data], "Section | None"]
SECTIONS: dict[str, tuple[Maker, str]] = {
    "staffing": (staffing, "targets['service_level']"),
    "forecast": (forecast, "forecast"),
    "worst": (worst, ""),
    "pattern": (pattern, ""),
    "change": (change, ""),
    "shrinkage": (shrinkage, "shrinkage"),
}
"""What a report may have beside results and course, with the argument that it needs."""
