"""Charts of the plan: call history, forecast, service level by agents, and agents needed and planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import staffing
from .._checks import columns, numbers, timed
from .._text import Text
from ._chart_base import BLUE, GREEN, GREY, ORANGE, RED, chart, clock_ticks, finish, legend, percent, say, thousands
from ._figures import monthly, stamped, written

if TYPE_CHECKING:
    from ._chart_base import Axes, Figure

__all__ = ["day_plan_chart", "forecast_chart", "history_chart", "mark_events", "staffing_chart"]

EVENTS = {
    "holiday": (Text("holiday", "节假日"), ORANGE, ""),
    "makeup_workday": (Text("make-up workday", "调休上班"), GREEN, "//"),
    "campaign": (Text("campaign", "营销活动"), GREY, ".."),
    "outage": (Text("outage", "故障"), RED, "xx"),
}


def history_chart(history: pd.Series, events: pd.DataFrame | None = None) -> Figure:
    """Calls per day, with the events marked.

    Parameters
    ----------
    history : Series
        Counts on a DatetimeIndex.
    events : DataFrame, optional
        Columns `start`, `end`, `kind`, as in the `events` of `ccskills.data.centre`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.data import centre
    >>> from ccskills.reporting import describe, history_chart
    >>> ours = centre(days=28)
    >>> describe(history_chart(ours.intervals["offered"], ours.events))[:44]
    'Call history: 2,368 calls a day on average, '
    """
    timed("history", history)
    days = history.groupby(pd.DatetimeIndex(history.index).normalize()).sum()
    title = say(Text("Call history", "历史话务量"))
    figure, axes = chart(title, say(Text("Calls per day", "每日来电量")))
    axes.plot(days.index, days.to_numpy(), color=BLUE, linewidth=1)
    mark_events(axes, events)
    axes.set_ylim(bottom=0)
    thousands(axes)
    figure.autofmt_xdate()
    legend(axes)
    peak, low = days.idxmax(), days.idxmin()
    figures = (f"{days.mean():,.0f}", f"{days.max():,.0f}", f"{peak:%Y-%m-%d}", f"{days.min():,.0f}", f"{low:%Y-%m-%d}")
    words = Text(
        "{}: {} calls a day on average, most {} on {}, fewest {} on {}.",
        "{}：日均{}通，最多{}通（{}），最少{}通（{}）。",
    )
    return finish(figure, say(words, title, *figures))


def mark_events(axes: Axes, events: pd.DataFrame | None) -> None:
    """Whole days of holidays, make-up workdays, campaigns and outages as bands behind a chart of dates."""
    if events is None:
        return
    if not events.empty:
        columns("events", events, ["start", "end", "kind"])
    for kind, (word, colour, hatch) in EVENTS.items():
        rows = [] if events.empty else list(events[events["kind"] == kind].itertuples())
        for at, row in enumerate(rows):
            first, last = pd.Timestamp(row.start).normalize(), pd.Timestamp(row.end).normalize() + pd.Timedelta(days=1)
            style: dict[str, Any] = {"color": colour, "alpha": 0.35, "hatch": hatch, "linewidth": 0}
            axes.axvspan(first, last, label=say(word) if at == 0 else None, **style)


# What a row of a forecast stands for: one and several of it, what the rows are called, and calls of one row.
ROWS = {
    "interval": (Text("day", "天"), Text("intervals", "时段"), Text("Calls per interval", "每时段来电量")),
    "day": (Text("day", "天"), Text("days", "日子"), Text("Calls per day", "每日来电量")),
    "week": (Text("week", "周"), Text("weeks", "周"), Text("Calls per week", "每周来电量")),
    "month": (Text("month", "个月"), Text("months", "月份"), Text("Calls per month", "每月来电量")),
}


def forecast_chart(forecast: pd.DataFrame, actual: pd.Series | None = None, label: str | None = None) -> Figure:
    """A forecast with its range, and what came when it is known; closed hours take no room.

    Parameters
    ----------
    forecast : DataFrame
        Columns `mean`, `lower`, `upper` by interval, day, week or month, from `ccskills.forecasting.forecast` or your
        own; the index holds moments, or periods such as months.
    actual : Series, optional
        Counts; those of the forecast's intervals are drawn.
    label : str, optional
        What is foreseen, in the language of the session: the title, in place of that for calls.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> from ccskills.forecasting import forecast
    >>> from ccskills.reporting import describe, forecast_chart
    >>> describe(forecast_chart(forecast(half_hours(load("bank_calls")), 5)))[-25:]
    'calls foreseen in 5 days.'
    >>> months = pd.period_range("2027-01", periods=3, freq="M")
    >>> table = pd.DataFrame({"mean": [900, 850, 950], "lower": [800, 760, 850], "upper": [990, 940, 1050]}, months)
    >>> describe(forecast_chart(table, label="E-mails per month"))
    'E-mails per month: 2,700 foreseen in 3 months.'
    """
    if not isinstance(forecast, pd.DataFrame):
        raise TypeError(f"forecast must be a pandas DataFrame, got {type(forecast).__name__}")
    missing = [name for name in ("mean", "lower", "upper") if name not in forecast.columns]
    if missing:
        raise ValueError(f"forecast must have the columns mean, lower and upper, got no {' and no '.join(missing)}")
    if not isinstance(forecast.index, (pd.DatetimeIndex, pd.PeriodIndex)):
        raise TypeError(f"forecast must be indexed by moments or periods, got {type(forecast.index).__name__}")
    row = _row(forecast.index)
    forecast, actual = stamped(forecast), stamped(actual)
    title = label or say(Text("Forecast and what came", "预测与实际话务量"))
    figure, axes = chart(title, "" if label else say(ROWS[row][2]))
    at = np.arange(len(forecast))
    band = say(Text("range of the forecast", "预测区间"))
    axes.fill_between(at, forecast["lower"], forecast["upper"], color=BLUE, alpha=0.2, label=band)
    axes.plot(at, forecast["mean"], color=BLUE, label=say(Text("forecast", "预测")))
    came = None if actual is None else timed("actual", actual).reindex(forecast.index)
    if came is not None:
        word, size = say(Text("actual", "实际")), 4 if len(forecast) > 60 else 8
        axes.plot(at, came, color=RED, linestyle="none", marker=".", markersize=size, label=word)
    when = pd.DatetimeIndex(forecast.index)
    clock_ticks(axes, when)
    axes.set_ylim(bottom=0)
    thousands(axes)
    legend(axes)
    return finish(figure, title + _foreseen(forecast, came, row, counted=label is None))


def _row(index: pd.Index) -> str:
    """What a row stands for: an interval, a day, a week or a month."""
    when = pd.DatetimeIndex(index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index)
    if (when != when.normalize()).any() or when.has_duplicates:
        return "interval"
    if monthly(when) or (isinstance(index, pd.PeriodIndex) and index.freqstr.startswith("M")):
        return "month"
    return "week" if len(when) > 1 and (np.diff(when) % pd.Timedelta(days=7) == pd.Timedelta(0)).all() else "day"


def _foreseen(forecast: pd.DataFrame, came: pd.Series | None, row: str, counted: bool) -> str:
    """What was foreseen and what came, in words; what is `counted` are calls."""
    known = np.zeros(len(forecast), dtype=bool) if came is None else came.notna().to_numpy()
    told = forecast[known] if known.any() else forecast
    many, (one, rows, _) = pd.DatetimeIndex(told.index).normalize().nunique(), ROWS[row]
    facts = {
        "foreseen": written(told["mean"].sum(), 0) + (say(Text(" calls", "通")) if counted else ""),
        "time": say(Text(f"{many} {one.en}{'' if many == 1 else 's'}", f"{many}{one.zh}")),
    }
    if came is None or not known.any():
        return say(Text(": {foreseen} foreseen in {time}.", "：预测{foreseen}，共{time}。")).format(**facts)
    inside = ((came >= forecast["lower"]) & (came <= forecast["upper"]))[known].mean()
    words = Text(
        ": {foreseen} foreseen for the {time} known by now, {came} came; {inside:.0%} of the {rows} lie in the range.",
        "：已有实际数据的{rows}预测{foreseen}，共{time}，实际{came}；{inside:.0%}的{rows}落在区间内。",
    )
    came_in_all = written(came.sum(), 0) + (say(Text("", "通")) if counted else "")
    return say(words).format(**facts, came=came_in_all, inside=inside, rows=say(rows))


def staffing_chart(
    load: float,
    aht_s: float,
    service_level: float = 0.8,
    within_s: float = 20,
    patience_s: float | None = None,
) -> Figure:
    """Service level by number of agents, with the target and the fewest agents that reach it.

    Parameters
    ----------
    load : float
        Offered load [erlangs], above 0.
    aht_s : float
        Average handle time [s].
    service_level : float, optional
        Target as a share.
    within_s : float, optional
        Target wait [s].
    patience_s : float, optional
        Mean patience [s]; adds the curve of Erlang A, which then decides.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, staffing_chart
    >>> describe(staffing_chart(load=13.33, aht_s=240, patience_s=180))[:49]
    'Service level by number of agents: 16 agents reac'
    """
    numbers("load", load, above=0)
    needed = staffing.agents_required(load, aht_s, service_level, within_s, patience_s)
    most = staffing.agents_required(load, aht_s, max(service_level, 0.97), within_s)
    agents = np.arange(max(0, needed - max(5, round(0.25 * load))), max(most, needed + 2) + 1)
    plain = staffing.erlang_c(load, agents, aht_s, within_s).service_level
    title = say(Text("Service level by number of agents", "座席人数与服务水平"))
    figure, axes = chart(title, say(Text("Service level", "服务水平")), say(Text("Agents", "座席人数")))
    word = say(Text("nobody hangs up (Erlang C)", "客户不放弃（Erlang C）"))
    axes.plot(agents, plain, color=BLUE, marker="o", markersize=4, label=word)
    decisive = plain
    if patience_s is not None:
        decisive = staffing.erlang_a(load, agents, aht_s, patience_s, within_s).service_level
        style: dict[str, Any] = {"color": GREEN, "marker": "s", "markersize": 4, "linestyle": "--"}
        axes.plot(agents, decisive, label=say(Text("customers hang up (Erlang A)", "客户会放弃（Erlang A）")), **style)
    aim = say(Text("target {:.0%}", "目标{:.0%}"), service_level)
    axes.axhline(service_level, color=GREY, linestyle=":", label=aim)
    found, before = (float(decisive[agents == n][0]) if n >= agents[0] else 0.0 for n in (needed, needed - 1))
    axes.plot([needed], [found], color=RED, marker="D", markersize=9, linestyle="none", fillstyle="none")
    # Above and to the left of a point of the curve there is neither curve nor target.
    place: dict[str, Any] = {"xytext": (-7, 6), "textcoords": "offset points", "ha": "right", "color": RED}
    axes.annotate(str(needed), (needed, found), **place)
    axes.set_ylim(0, 1.02)
    percent(axes)
    axes.locator_params(axis="x", integer=True)
    legend(axes)
    words = Text(
        "{}: {} agents reach {} against a target of {}; one agent fewer reaches {}.",
        "{}：{}人可达{}，目标{}；少一人只有{}。",
    )
    return finish(figure, say(words, title, needed, *(f"{share:.1%}" for share in (found, service_level, before))))


def day_plan_chart(required: pd.Series, staffed: pd.Series, label: str | None = None) -> Figure:
    """Agents needed and agents planned through the day, with what is too many and too few.

    Parameters
    ----------
    required : Series
        Agents needed, on the start of each interval.
    staffed : Series
        Agents planned or present in the same intervals.
    label : str, optional
        What the second line is called in the legend and in the description; "planned" (排班) when nothing is said.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import day_plan_chart, describe
    >>> start = pd.date_range("2026-01-05 09:00", periods=3, freq="30min")
    >>> describe(day_plan_chart(pd.Series([10, 17, 12], start), pd.Series([12, 15, 12], start)))
    'Agents needed and planned: at most 17 needed and 15 planned; too few in 1 and too many in 1 of 3 intervals.'
    >>> describe(day_plan_chart(pd.Series([10, 17, 12], start), pd.Series([12, 15, 12], start), label="present"))
    'Agents needed and present: at most 17 needed and 15 present; too few in 1 and too many in 1 of 3 intervals.'
    """
    timed("required", required)
    timed("staffed", staffed)
    if not required.index.equals(staffed.index):
        raise ValueError("required and staffed must have the same index, got two different ones")
    need, have = required.to_numpy(dtype=float), staffed.to_numpy(dtype=float)
    edges = np.arange(need.size + 1)
    second = say(Text("planned", "排班")) if label is None else label
    heading = Text("Agents needed and planned", "需求人数与排班人数")
    title = say(heading) if label is None else say(Text("Agents needed and {}", "需求与{}"), label)
    figure, axes = chart(title, say(Text("Agents", "座席人数")))
    for word, colour, hatch, gap in (
        (Text("too many", "超出"), ORANGE, "..", np.maximum(have - need, 0)),
        (Text("too few", "不足"), RED, "//", np.minimum(have - need, 0)),
    ):
        axes.bar(edges[:-1] + 0.5, gap, 1.0, bottom=need, color=colour, alpha=0.4, hatch=hatch, label=say(word))
    axes.stairs(need, edges, baseline=None, color=BLUE, linewidth=2, label=say(Text("needed", "需求")))
    axes.stairs(have, edges, baseline=None, color="black", linestyle="--", linewidth=1.5, label=second)
    clock_ticks(axes, pd.DatetimeIndex(required.index))
    axes.set_ylim(0, 1.08 * max(need.max(), have.max(), 1))
    axes.locator_params("y", integer=True)
    legend(axes)
    words = Text(
        "{0}: at most {1} needed and {2} {3}; too few in {4} and too many in {5} of {6} intervals.",
        "{0}：需求最多{1}人，{3}最多{2}人；{4}个时段不足，{5}个时段超出，共{6}个时段。",
    )
    most = f"{need.max():.0f}", f"{have.max():.0f}", second
    return finish(figure, say(words, title, *most, (have < need).sum(), (have > need).sum(), need.size))
