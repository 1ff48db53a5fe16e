"""Charts of quality: control chart, Pareto, funnel, distribution with limits, and the bias of assessors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._checks import columns, number, numbers, share
from .._text import Text
from ..quality import ControlChart
from ._chart_base import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    aside,
    chart,
    few_bars,
    finish,
    legend,
    listed,
    name_ticks,
    percent,
    say,
    tall,
    thousands,
)
from ._chart_experience import place_names
from ._figures import decimals, short_names, written

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["assessor_bias_chart", "control_chart", "funnel_chart", "histogram_chart", "pareto_chart"]

# What is measured when nothing is said, and the kind of chart.
CONTROL = {
    "p": (Text("Share of errors", "差错率"), Text("p chart", "p控制图")),
    "np": (Text("Contacts with errors", "差错件数"), Text("np chart", "np控制图")),
    "u": (Text("Errors per unit", "单位差错数"), Text("u chart", "u控制图")),
    "xmr": (Text("Single values", "单值"), Text("XmR chart", "XmR控制图")),
    "mr": (Text("Moving ranges", "移动极差"), Text("XmR chart", "XmR控制图")),
}

# What a Pareto chart adds up, by the last part of the column's name that the weights came from.
SUMMED = {
    **dict.fromkeys(("min", "minute", "minutes"), Text("minutes", "分钟")),
    **dict.fromkeys(("s", "sec", "second", "seconds"), Text("seconds", "秒")),
    **dict.fromkeys(("h", "hour", "hours"), Text("hours", "小时")),
    **dict.fromkeys(("point", "points"), Text("points", "分")),
    **dict.fromkeys(("cost", "costs"), Text("cost", "成本")),
    **dict.fromkeys(("call", "calls"), Text("calls", "来电")),
    **dict.fromkeys(("error", "errors"), Text("errors", "差错")),
    "yuan": Text("yuan", "元"),
}


def control_chart(chart_of: ControlChart, label: str | None = None, shares: bool = False) -> Figure:
    """A control chart with its limits, and every signal marked.

    Parameters
    ----------
    chart_of : ControlChart
        From the control charts of `ccskills.quality`.
    label : str, optional
        What the measure is, in the language of the session; the kind of the chart is added in brackets.
    shares : bool, optional
        The single values are shares; write them as percentages, as those of a p chart always are.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.quality import p_chart
    >>> from ccskills.reporting import control_chart, describe
    >>> found = p_chart([4, 5, 3, 6, 4, 14], [100] * 6)
    >>> describe(control_chart(found))
    'Share of errors (p chart): 6 points around a centre of 6.0%; signals at 6 (14.0%).'
    >>> describe(control_chart(found, "Calls not solved"))[:27]
    'Calls not solved (p chart):'
    """
    if not isinstance(chart_of, ControlChart):
        raise TypeError(f"chart_of must be a ControlChart of ccskills.quality, got {type(chart_of).__name__}")
    values = numbers("values", chart_of.values)
    centre, lower, upper = (
        np.broadcast_to(getattr(chart_of, name), values.shape) for name in ("centre", "lower", "upper")
    )
    shares = shares or chart_of.kind == "p"
    measure, kind = CONTROL[chart_of.kind]
    title = (label or say(measure)) + aside(say(kind))
    figure, axes = chart(title)
    at = np.arange(values.size)
    axes.plot(at, values, color=BLUE, marker="o", markersize=4, linewidth=1)
    edges = np.arange(values.size + 1) - 0.5
    axes.stairs(centre, edges, baseline=None, color=GREEN, label=say(Text("centre line", "中心线")))
    for limit, name in ((upper, say(Text("control limits", "控制限"))), (lower, None)):
        axes.stairs(limit, edges, baseline=None, color=GREY, linestyle="--", label=name)
    axes.set_xlim(edges[0], edges[-1] + (0.02 * values.size if values.size > 5 else 0))
    hit = np.unique(chart_of.signals["position"].to_numpy(dtype=int))
    style: dict[str, Any] = {"marker": "o", "markersize": 10, "fillstyle": "none", "linestyle": "none", "color": RED}
    axes.plot(hit, values[hit], label=say(Text("signal", "信号")) if hit.size else None, **style)
    step = max(1, -(-values.size // 12))
    shown = at[::step]
    names = short_names(chart_of.index)
    axes.set_xticks(shown, [names[place] for place in shown])
    if shares:
        percent(axes)
    axes.margins(y=0.12)
    legend(axes)
    digits = "{:.1%}" if shares else "{:,.0f}" if np.abs(values).max() >= 1000 else "{:.3g}"
    words = Text("{}: {} points around a centre of {}; ", "{}：{}个点，中心线{}；")
    said = say(words, title, values.size, digits.format(centre[-1]))
    if not hit.size:
        return finish(figure, said + say(Text("no signal: common causes only.", "没有信号，只有普通原因。")))
    found = [f"{names[place]}{aside(digits.format(values[place]))}" for place in hit[:6]]
    more = say(Text(" and {} more", "等，另有{}个"), hit.size - 6) if hit.size > 6 else ""
    return finish(figure, said + say(Text("signals at {}{}.", "信号出现在{}{}。"), listed(found), more))


def pareto_chart(causes: pd.DataFrame, label: str | None = None, counted: str | None = None) -> Figure:
    """Causes, or whatever else is counted by kind, by size, with the cumulative share.

    Parameters
    ----------
    causes : DataFrame
        Indexed by cause, largest first, with the columns `count`, `share` and `cumulative`, from
        `ccskills.quality.pareto`. Where that added up weights, the axis says their unit by their column's name, such as
        `lost_min`, or "total".
    label : str, optional
        Title of the chart, in the language of the session.
    counted : str, optional
        What the counts are, such as "points lost" or "minutes", in the language of the session: the name of the axis.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, pareto_chart
    >>> causes = pd.DataFrame(
    ...     {"count": [60, 30, 10], "share": [0.6, 0.3, 0.1], "cumulative": [0.6, 0.9, 1.0]}, ["bill", "line", "other"]
    ... )
    >>> describe(pareto_chart(causes))
    'Causes by size (Pareto): the 2 largest of 3 causes, bill, line, make 90.0% of 100.'
    >>> describe(pareto_chart(causes, "Where the points go", "points lost"))
    'Where the points go: the 2 largest of 3, bill, line, make 90.0% of 100 points lost.'
    """
    columns("causes", causes, ["count", "share", "cumulative"])
    counts, total = numbers("count", causes["count"], least=0), share("cumulative", causes["cumulative"].clip(upper=1))
    title = label or say(Text("Causes by size (Pareto)", "原因排列（帕累托图）"))
    figure, axes = chart(title, counted or say(_summed(causes)))
    at = np.arange(counts.size)
    few = int(np.searchsorted(total, 0.8 - 1e-9)) + 1
    colours = [BLUE if place < few else "#9DBAD0" for place in at]
    axes.bar(at, counts, 0.8, color=colours)
    name_ticks(axes, list(causes.index), "x")
    few_bars(axes, counts.size)
    thousands(axes)
    axes.set_ylim(0, 1.05 * counts.sum() if counts.max() > 0.25 * counts.sum() else 1.15 * counts.max())
    right = axes.twinx()
    right.plot(at, total, color=RED, marker="o", markersize=4, label=say(Text("cumulative share", "累计占比")))
    right.axhline(0.8, color=GREY, linestyle=":", label="80%")
    right.set_ylim(0, 1.05)
    right.spines["top"].set_visible(False)
    percent(right)
    legend(right)
    names = listed(map(str, causes.index[: min(few, 4)]))
    names += say(Text(" and others", "等")) if few > 4 else ""
    words = Text(
        "{0}: the {6} of {2} causes, {3}, {7} {4:.1%} of {5:,.0f}.",
        "{0}：{2}个原因中最大的{1}个（{3}）占{5:,.0f}的{4:.1%}。",
    )
    if counted is not None:
        words = Text(
            "{0}: the {6} of {2}, {3}, {7} {4:.1%} of {5:,.0f} {8}.",
            "{0}：{2}项中最大的{1}项（{3}）占{8}（共{5:,.0f}）的{4:.1%}。",
        )
    verb = ("largest", "makes") if few == 1 else (f"{few} largest", "make")
    told = say(words, title, few, counts.size, names, total[few - 1], counts.sum(), *verb, counted)
    return finish(figure, told)


def _summed(causes: pd.DataFrame) -> Text:
    """What the bars of a Pareto chart are: a count of rows, or a sum of minutes, points or whatever it was."""
    name = causes.attrs.get("summed")
    if name is None:
        return Text("count", "数量")
    return SUMMED.get(str(name).lower().split("_")[-1], Text("total", "合计"))


def funnel_chart(units: pd.DataFrame, label: str | None = None, counted: str | None = None) -> Figure:
    """Rates of teams or people against the number of their contacts, within the limits that chance alone explains.

    Parameters
    ----------
    units : DataFrame
        Indexed by unit with `events`, `opportunities`, `rate`, `lower_95`, `upper_95`, `lower_998`, `upper_998` and
        `signal` ("above", "below", "within"), from `ccskills.performance.funnel`.
    label : str, optional
        What the rate is, in the language of the session.
    counted : str, optional
        What the opportunities are, such as "answers to the survey", in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.performance import funnel
    >>> from ccskills.reporting import describe, funnel_chart
    >>> repeats = pd.Series({"Chen": 4, "Liu": 30, "Wang": 52, "Zhao": 18})
    >>> handled = pd.Series({"Chen": 12, "Liu": 180, "Wang": 170, "Zhao": 150})
    >>> describe(funnel_chart(funnel(repeats, handled)))
    'Rates and what chance explains: 4 units around 20.3%; outside the 99.8% limits: Wang (30.6%).'
    """
    limits = ["lower_95", "upper_95", "lower_998", "upper_998"]
    columns("units", units, ["events", "opportunities", "rate", *limits, "signal"])
    table = units.sort_values("opportunities", kind="stable")
    many, rate = numbers("opportunities", table["opportunities"], above=0), share("rate", table["rate"])
    title = label or say(Text("Rates and what chance explains", "比率与随机波动范围（漏斗图）"))
    figure, axes = chart(title, say(Text("rate", "比率")), counted or say(Text("number of contacts", "联络件数")))
    whole = float(numbers("events", table["events"], least=0).sum() / many.sum())
    mean = number("target", units.attrs.get("target", whole))
    axes.axhline(mean, color=GREEN, label=say(Text("overall {:.1%}", "总体{:.1%}"), mean))
    for low, high, style, name in (
        ("lower_95", "upper_95", ":", say(Text("95% limits", "95%界限"))),
        ("lower_998", "upper_998", "--", say(Text("99.8% limits", "99.8%界限"))),
    ):
        axes.plot(many, table[low], color=GREY, linestyle=style, label=name)
        axes.plot(many, table[high], color=GREY, linestyle=style)
    out = (table["signal"] != "within").to_numpy()
    axes.plot(many[~out], rate[~out], "o", color=BLUE, label=say(Text("within the limits", "界限以内")))
    if out.any():
        axes.plot(many[out], rate[out], "D", color=RED, label=say(Text("outside 99.8%", "超出99.8%界限")))
    axes.margins(x=0.08, y=0.12)
    place_names(axes, many[out], rate[out], [str(name) for name in table.index[out]])
    percent(axes)
    thousands(axes, "x")
    legend(axes)
    said = say(Text("{}: {} units around {:.1%}; ", "{}：{}个单位，总体{:.1%}；"), title, rate.size, mean)
    if not out.any():
        return finish(
            figure, said + say(Text("no difference that chance does not explain.", "差异均可由随机波动解释。"))
        )
    names = listed(f"{name}{aside(f'{share:.1%}')}" for name, share in table["rate"][out].items())
    return finish(figure, said + say(Text("outside the 99.8% limits: {}.", "超出99.8%界限：{}。"), names))


def histogram_chart(
    values: Any, lower: float | None = None, upper: float | None = None, label: str | None = None
) -> Figure:
    """How values spread, with their mean and the limits that they should keep.

    Parameters
    ----------
    values : array
        Numbers, such as handle times [s].
    lower : float, optional
        Least value allowed.
    upper : float, optional
        Greatest value allowed.
    label : str, optional
        What the values are, with their unit, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, histogram_chart
    >>> describe(histogram_chart([240, 260, 300, 310, 420], upper=400, label="Handle time [s]"))
    'Handle time [s]: 5 values, mean 306, median 300; 1 (20.0%) outside the limits.'
    """
    found = numbers("values", values).ravel()
    low = None if lower is None else number("lower", lower)
    high = None if upper is None else number("upper", upper)
    if low is not None and high is not None and low >= high:
        raise ValueError(f"lower must be below upper, got {low:g} and {high:g}")
    title = label or say(Text("Distribution", "分布"))
    figure, axes = chart(title, say(Text("number of values", "数量")), title)
    axes.set_title("")
    axes.hist(found, bins=_bins(found), color=BLUE, alpha=0.6, edgecolor="white")
    axes.locator_params("y", integer=True)
    if (found == np.rint(found)).all() and np.ptp(found) < 20:
        axes.locator_params("x", integer=True)
    middle = found.mean(), np.median(found)
    even = decimals(middle) if decimals(found) else None
    mean, median = (written(value, even) for value in middle)
    axes.axvline(found.mean(), color=BLACK, label=say(Text("mean {}", "平均{}"), mean))
    out = np.zeros(found.size, dtype=bool)
    for limit, sign, word in ((low, -1, Text("lower limit {}", "下限{}")), (high, 1, Text("upper limit {}", "上限{}"))):
        if limit is not None:
            axes.axvline(limit, color=RED, linestyle="--", label=say(word, written(limit)))
            out |= sign * (found - limit) > 0
    thousands(axes)
    legend(axes)
    words = Text("{}: {:,} values, mean {}, median {}", "{}：{:,}个值，平均{}，中位数{}")
    said = say(words, title, found.size, mean, median)
    if low is None and high is None:
        return finish(figure, said + say(Text(".", "。")))
    outside = Text("; {:,} ({:.1%}) outside the limits.", "；超出界限{:,}个（{:.1%}）。")
    return finish(figure, said + say(outside, out.sum(), out.mean()))


def _bins(values: Any) -> Any:
    """The number of bins; for whole numbers their edges, each bin as many of them as the others."""
    many = int(np.clip(np.sqrt(values.size) * 1.5, 5, 40))
    if (values != np.rint(values)).any():
        return many
    reach = np.ptp(values) + 1
    step = 1.0 if reach <= max(many, 20) else np.ceil(reach / many)
    return np.arange(values.min() - 0.5, values.max() + step, step)


def assessor_bias_chart(assessors: pd.DataFrame, tolerance: float = 5.0) -> Figure:
    """How much each assessor marks above or below the reference, with the range that the sample supports.

    Parameters
    ----------
    assessors : DataFrame
        Indexed by assessor with the columns `bias`, `lower` and `upper` [points].
    tolerance : float, optional
        Bias that is tolerated, in both directions [points].

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import assessor_bias_chart, describe
    >>> marks = pd.DataFrame({"bias": [1.0, -8.0], "lower": [-2, -11], "upper": [4, -5.5]}, ["Li", "Wang"])
    >>> describe(assessor_bias_chart(marks))
    'Bias of assessors: 1 of 2 within 5 points of the reference; surely beyond: Wang (-8.0).'
    """
    columns("assessors", assessors, ["bias", "lower", "upper"])
    limit = number("tolerance", tolerance, above=0)
    table = assessors.sort_values("bias", kind="stable")
    bias, low, high = (numbers(name, table[name]) for name in ("bias", "lower", "upper"))
    rows = np.arange(bias.size)
    title = say(Text("Bias of assessors", "质检员偏差"))
    figure, axes = chart(
        title,
        x=say(Text("marks above or below the reference [points]", "相对标准分的偏差（分）")),
        size=tall(bias.size),
    )
    word = say(Text("tolerated: {:g} points", "容许偏差{:g}分"), limit)
    axes.axvspan(-limit, limit, color=GREEN, alpha=0.12, label=word)
    axes.axvline(0, color=BLACK, linewidth=1)
    sure = (low > limit) | (high < -limit)
    mild = (np.abs(bias) > limit) & ~sure
    for mask, colour, marker, name in (
        (~sure & ~mild, BLUE, "o", Text("within", "容许范围内")),
        (mild, ORANGE, "s", Text("beyond, perhaps by chance", "超出，可能出于随机")),
        (sure, RED, "D", Text("surely beyond", "确定超出")),
    ):
        if mask.any():
            axes.hlines(rows[mask], low[mask], high[mask], color=colour)
            axes.plot(bias[mask], rows[mask], marker, color=colour, label=say(name))
    name_ticks(axes, list(table.index))
    axes.set_ylim(-0.6, bias.size - 0.4)
    legend(axes)
    words = Text("{0}: {1} of {2} within {3:g} points of the reference", "{0}：{2}人中{1}人在标准分{3:g}分以内")
    said = say(words, title, (np.abs(bias) <= limit).sum(), bias.size, limit)
    told = np.array([f"{name}{aside(f'{value:+.1f}')}" for name, value in zip(table.index, bias, strict=True)])
    for mask, words in (
        (sure, Text("; surely beyond: {}", "；确定超出：{}")),
        (mild, Text("; beyond, perhaps by chance: {}", "；超出，可能出于随机：{}")),
    ):
        said += say(words, listed(told[mask])) if mask.any() else ""
    return finish(figure, said + say(Text(".", "。")))
