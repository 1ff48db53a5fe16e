"""Charts of a running day: forecast against actual, a simulated day, adherence, and the pattern of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._checks import columns, numbers, share, timed
from .._text import Text
from ._chart_base import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    aside,
    chart,
    clock_ticks,
    finish,
    legend,
    name_ticks,
    panels,
    percent,
    say,
    tall,
    thousands,
)

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["adherence_chart", "heat_map_chart", "intraday_chart", "simulation_day_chart"]

WEEKDAYS = (
    *(Text("Mon", "周一"), Text("Tue", "周二"), Text("Wed", "周三"), Text("Thu", "周四")),
    *(Text("Fri", "周五"), Text("Sat", "周六"), Text("Sun", "周日")),
)


def intraday_chart(forecast: pd.Series, actual: pd.Series, reforecast: pd.Series | None = None) -> Figure:
    """The forecast of a day, what has come so far, and what the rest of the day is now expected to bring.

    Parameters
    ----------
    forecast : Series
        Contacts foreseen, on the start of each interval of the day.
    actual : Series
        Contacts that came, for the intervals that are over.
    reforecast : Series, optional
        Contacts now expected; the intervals after the last actual one are drawn.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, intraday_chart
    >>> start = pd.date_range("2026-01-05 09:00", periods=4, freq="30min")
    >>> plan = pd.Series([100, 120, 110, 90], start)
    >>> describe(intraday_chart(plan, pd.Series([110, 132], start[:2]), 1.1 * plan))
    'Forecast and actual of 2026-01-05: by 10:00, 242 contacts came and 220 were foreseen (+10.0%); the rest of the day
    is now expected to bring 220 instead of 200.'
    >>> intraday_chart(plan, pd.Series([110.0], start[:1] + pd.Timedelta(days=1)))
    Traceback (most recent call last):
    ValueError: actual must hold intervals of the forecast, got none of them
    """
    plan, came = numbers("forecast", timed("forecast", forecast), least=0), timed("actual", actual).dropna()
    known = np.asarray(forecast.index.isin(came.index))
    if not known.any():
        raise ValueError("actual must hold intervals of the forecast, got none of them")
    real = numbers("actual", came.reindex(forecast.index[known]), least=0)
    starts = pd.DatetimeIndex(forecast.index)
    at = np.arange(plan.size)
    title = say(Text("Forecast and actual of {}", "{}预测与实际"), f"{starts[0]:%Y-%m-%d}")
    figure, axes = chart(title, say(Text("Contacts per interval", "每时段联络量")))
    axes.plot(at, plan, color=BLUE, label=say(Text("forecast", "预测")))
    style: dict[str, Any] = {"color": RED, "marker": "o", "markersize": 4, "linestyle": "none"}
    axes.plot(at[known], real, label=say(Text("actual", "实际")), **style)
    last = int(np.flatnonzero(known)[-1])
    axes.axvline(last + 0.5, color=GREY, linestyle=":")
    later = at > last
    words = Text(
        "{0}: by {1}, {2:,.0f} contacts came and {3:,.0f} were foreseen ({4:+.1%})",
        "{0}：截至{1}，实际{2:,.0f}通，预测{3:,.0f}通（{4:+.1%}）",
    )
    foreseen = plan[known].sum()
    change = real.sum() / foreseen - 1 if foreseen > 0 else 0.0
    length = starts[1] - starts[0] if plan.size > 1 else pd.Timedelta(0)
    said = say(words, title, f"{starts[last] + length:%H:%M}", real.sum(), foreseen, change)
    if reforecast is not None and later.any():
        now = numbers("reforecast", timed("reforecast", reforecast).reindex(starts[later]), least=0)
        axes.plot(at[later], now, color=GREEN, linestyle="--", label=say(Text("reforecast", "修正预测")))
        rest = Text(
            "; the rest of the day is now expected to bring {:,.0f} instead of {:,.0f}.",
            "；其余时段修正预测{:,.0f}通，原预测{:,.0f}通。",
        )
        said += say(rest, now.sum(), plan[later].sum())
    else:
        said += say(Text(".", "。"))
    clock_ticks(axes, starts)
    axes.set_ylim(bottom=0)
    legend(axes)
    return finish(figure, said)


def simulation_day_chart(intervals: pd.DataFrame, target: float = 0.8) -> Figure:
    """Service level through a day above, contacts and staff below.

    Parameters
    ----------
    intervals : DataFrame
        Columns `offered`, `service_level` and `staffed` (or `agents`), one row per interval of one day, as the
        `intervals` of `ccskills.simulation`; an interval without contacts has no service level (nan): a gap.
    target : float, optional
        Target of the service level as a share.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, simulation_day_chart
    >>> start = pd.date_range("2026-01-05 09:00", periods=3, freq="30min")
    >>> day = pd.DataFrame({"offered": [90, 99, 80], "service_level": [0.9, 0.6, 0.85], "staffed": [15, 15, 14]}, start)
    >>> describe(simulation_day_chart(day))
    'Service level, contacts and staff (2026-01-05): below the target of 80% in 1 of 3 intervals, lowest 60.0% at
    09:30.'
    """
    staff = "agents" if isinstance(intervals, pd.DataFrame) and "agents" in intervals else "staffed"
    columns("intervals", intervals, ["offered", "service_level", staff])
    goal = float(share("target", target))
    starts, at = intervals.index, np.arange(len(intervals))
    known = intervals["service_level"].notna().to_numpy()
    if not known.any():
        raise ValueError("intervals must hold at least one service level, got none")
    level = np.full(at.size, np.nan)
    level[known] = share("service_level", intervals["service_level"][known])
    dated = isinstance(starts, pd.DatetimeIndex)
    names = [f"{moment:%H:%M}" for moment in starts] if dated else [str(name) for name in starts]
    title = say(Text("Service level, contacts and staff", "服务水平、联络量与在岗人数"))
    title += aside(f"{starts[0]:%Y-%m-%d}") if dated else ""
    figure, (upper, lower) = panels(title, 2, sharex=True, height_ratios=[3, 2])
    upper.plot(at, level, color=BLUE, marker="o", markersize=3, label=say(Text("service level", "服务水平")))
    low = known & (np.nan_to_num(level, nan=1.0) < goal)
    style: dict[str, Any] = {"color": RED, "marker": "v", "markersize": 6, "linestyle": "none"}
    upper.plot(at[low], level[low], label=say(Text("below target", "未达标")), **style)
    upper.axhline(goal, color=GREY, linestyle=":", label=say(Text("target {:.0%}", "目标{:.0%}"), goal))
    upper.set_ylim(0, 1.05)
    percent(upper)
    lower.bar(at, numbers("offered", intervals["offered"], least=0), 0.8, color=BLUE, alpha=0.35)
    lower.set_ylabel(say(Text("contacts", "联络量")), color=BLUE)
    lower.set_ylim(bottom=0)
    right = lower.twinx()
    right.step(at, numbers("staffed", intervals[staff], least=0), where="mid", color=BLACK)
    right.set_ylabel(say(Text("staff", "在岗人数")), color=BLACK)
    right.set_ylim(bottom=0)
    right.spines["top"].set_visible(False)
    step = max(1, -(-at.size // 12))
    lower.set_xticks(at[::step], names[::step])
    legend(upper)
    words = Text(
        "{0}: below the target of {1:.0%} in {2} of {3} intervals, lowest {4:.1%} at {5}.",
        "{0}：目标{1:.0%}，{3}个时段中{2}个未达标，最低{4:.1%}（{5}）。",
    )
    worst = int(np.nanargmin(level))
    return finish(figure, say(words, title, goal, low.sum(), known.sum(), level[worst], names[worst]))


def adherence_chart(people: pd.DataFrame, target: float = 0.9) -> Figure:
    """Adherence (was there when scheduled) and conformance (worked as much as scheduled) of each person.

    Parameters
    ----------
    people : DataFrame
        Columns `adherence` and `conformance` as shares, one row per person; conformance may exceed 1.
    target : float, optional
        Target of adherence as a share.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import adherence_chart, describe
    >>> people = pd.DataFrame({"adherence": [0.94, 0.81], "conformance": [0.99, 1.02]}, ["Li", "Wang"])
    >>> describe(adherence_chart(people))
    'Adherence and conformance: 1 of 2 people reach an adherence of 90%; lowest is Wang with 81.0% (conformance
    102.0%).'
    """
    columns("people", people, ["adherence", "conformance"])
    there, worked = share("adherence", people["adherence"]), numbers("conformance", people["conformance"], least=0)
    goal = float(share("target", target))
    order = np.argsort(-there, kind="stable")
    names, there, worked = [str(people.index[at]) for at in order], there[order], worked[order]
    rows = np.arange(len(names))[::-1]
    title = say(Text("Adherence and conformance", "排班遵从度与工时符合度"))
    figure, axes = chart(title, size=tall(len(names), 0.26))
    axes.hlines(rows, there, worked, color=GREY, linewidth=1, alpha=0.6)
    axes.plot(there, rows, "o", color=BLUE, label=say(Text("adherence", "排班遵从度")))
    axes.plot(worked, rows, "D", color=ORANGE, fillstyle="none", label=say(Text("conformance", "工时符合度")))
    aim = say(Text("target of adherence {:.0%}", "遵从度目标{:.0%}"), goal)
    axes.axvline(goal, color=GREY, linestyle=":", label=aim)
    name_ticks(axes, names[::-1])
    axes.set_ylim(-0.6, there.size - 0.4)
    percent(axes, "x")
    legend(axes)
    words = Text(
        "{0}: {1} of {2} people reach an adherence of {3:.0%}; lowest is {4} with {5:.1%} (conformance {6:.1%}).",
        "{0}：{2}人中{1}人排班遵从度达到{3:.0%}；最低为{4}，{5:.1%}（工时符合度{6:.1%}）。",
    )
    return finish(figure, say(words, title, (there >= goal).sum(), there.size, goal, names[-1], there[-1], worked[-1]))


def heat_map_chart(volume: pd.Series) -> Figure:
    """Average contacts per hour, by weekday and hour of the day.

    Parameters
    ----------
    volume : Series
        Contacts on the start of each interval; hours in which the centre is closed have no rows and stay white.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.data import centre
    >>> from ccskills.reporting import describe, heat_map_chart
    >>> describe(heat_map_chart(centre(days=56).intervals["offered"]))[:67]
    'Contacts by weekday and hour: most on Mon at 10:00 with 372 an hour'
    """
    values = numbers("volume", timed("volume", volume), least=0)
    starts = pd.DatetimeIndex(volume.index)
    hourly = pd.Series(values).groupby([starts.normalize(), starts.hour]).sum()
    hourly.index.names = ["day", "hour"]
    parts = hourly.reset_index(name="contacts")
    parts["weekday"] = pd.DatetimeIndex(parts["day"]).day_of_week
    table = parts.pivot_table(index="weekday", columns="hour", values="contacts", aggfunc="mean")
    table = table.reindex(range(int(table.index.max()) + 1)).reindex(
        columns=range(int(table.columns.min()), int(table.columns.max()) + 1)
    )
    title = say(Text("Contacts by weekday and hour", "按星期与小时的联络量"))
    figure, axes = chart(title)
    cells = table.to_numpy(dtype=float)
    image = axes.imshow(cells, aspect="auto", cmap="cividis", vmin=0)
    axes.grid(False)
    name_ticks(axes, [say(WEEKDAYS[day]) for day in table.index])
    axes.set_xticks(np.arange(cells.shape[1]), [f"{hour:02d}" for hour in table.columns])
    if cells.shape[1] <= 14:
        for row, column in np.argwhere(np.isfinite(cells)):
            dark = cells[row, column] < 0.6 * np.nanmax(cells)
            place: dict[str, Any] = {"ha": "center", "va": "center", "size": 8, "color": "white" if dark else "black"}
            axes.text(column, row, f"{cells[row, column]:.0f}", **place)
    axes.set_xlabel(say(Text("hour of the day", "小时")))
    bar = figure.colorbar(image, ax=axes, label=say(Text("contacts an hour", "每小时联络量")), pad=0.02)
    thousands(bar.ax)
    most, least = np.unravel_index(np.nanargmax(cells), cells.shape), np.unravel_index(np.nanargmin(cells), cells.shape)
    found = [
        part
        for row, column in (most, least)
        for part in (say(WEEKDAYS[table.index[row]]), f"{table.columns[column]:02d}:00", f"{cells[row, column]:,.0f}")
    ]
    words = Text(
        "{}: most on {} at {} with {} an hour on average, fewest on {} at {} with {}.",
        "{}：最多为{}{}，平均每小时{}通；最少为{}{}，{}通。",
    )
    return finish(figure, say(words, title, *found))
