"""Charts of money, change and risk: waterfall, cash flow, tornado and risk matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._checks import Floats, columns, number, numbers
from .._text import Text
from ..risk import BANDS
from ._chart_base import (
    APART,
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    aside,
    chart,
    finish,
    legend,
    listed,
    name_ticks,
    say,
    shades,
    tall,
    thousands,
)
from ._figures import decimals, written
from ._fold import fold

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["cash_flow_chart", "risk_matrix_chart", "tornado_chart", "waterfall_chart"]

# From calm to severe; told apart in grey print too.
SHADES = ("#E8F1F8", "#BFD9EC", "#F6D29A", "#E89A6B")


def waterfall_chart(
    changes: pd.Series, start: float, label: str | None = None, ends: tuple[str, str] | None = None
) -> Figure:
    """What lies between two figures: from the value before, or of one source, through each part, to the other.

    Parameters
    ----------
    changes : Series
        Change by driver, in the unit of `start`; they add up to the whole change.
    start : float
        The value before.
    label : str, optional
        Title, in the language of the session; "What drove the change" when nothing is said, or the two `ends`.
    ends : tuple of two str, optional
        Names of the first and the last bar; "before" and "now" when nothing is said.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, waterfall_chart
    >>> describe(waterfall_chart(pd.Series({"volume": 120.0, "wages": 60.0, "handle time": -45.0}), start=1000))
    'What drove the change: from 1,000 to 1,135 (+13.5%); volume +120, wages +60, handle time -45.'
    >>> describe(waterfall_chart(pd.Series({"more calls": -3.5, "recruits": 5.25}), start=-1.5, label="Surplus"))
    'Surplus: from -1.50 to 0.25; more calls -3.50, recruits +5.25.'
    >>> describe(waterfall_chart(pd.Series({"transferred": -42, "double": 8}), start=737, ends=("calls", "tickets")))
    'From calls to tickets: from 737 to 703 (-4.6%); transferred -42, double +8.'
    """
    if not isinstance(changes, pd.Series):
        raise TypeError(f"changes must be a pandas Series, got {type(changes).__name__}")
    steps, before = numbers("changes", changes), number("start", start)
    between = None if ends is None else say(Text("From {} to {}", "从{}到{}"), *ends)
    title = label or between or say(Text("What drove the change", "变动因素分解"))
    form = f"z,.{_decimals(before, steps)}f"
    first, last = ends or (say(Text("before", "变动前")), say(Text("now", "变动后")))
    figure, axes = chart(title)
    levels = before + np.concatenate([[0.0], np.cumsum(steps)])
    at = np.arange(steps.size + 2)
    axes.bar(at[[0, -1]], levels[[0, -1]], 0.7, color=BLUE, alpha=0.8)
    for up, colour, hatch, word in (
        (True, ORANGE, "", Text("more", "增加")),
        (False, GREEN, "//", Text("less", "减少")),
    ):
        mask = (steps >= 0) == up
        if mask.any():
            style: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "label": say(word)}
            axes.bar(at[1:-1][mask], steps[mask], 0.7, bottom=levels[:-1][mask], **style)
    axes.hlines(levels, at[:-1] + 0.35, at[1:] - 0.35, color=GREY, linewidth=0.8)
    if levels.min() < 0:
        axes.axhline(0, color=BLACK, linewidth=0.8)
        axes.use_sticky_edges = False
    tops = np.concatenate([levels[:1].clip(0), np.maximum(levels[:-1], levels[1:]), levels[-1:].clip(0)])
    changed = [f"{step:+{form}}" for step in steps]
    words = [f"{before:{form}}", *changed, f"{levels[-1]:{form}}"]
    for place, top, figures in zip(at, tops, words, strict=True):
        axes.annotate(figures, (place, top), xytext=(0, 3), textcoords="offset points", ha="center", size=9)
    lowest, highest = min(levels.min(), tops.min()), tops.max()
    reach = max(highest - lowest, 1e-9)
    if lowest > 0 and 1e-6 * highest < reach < 0.4 * highest:
        axes.set_ylim(lowest - 0.4 * reach, highest + 0.15 * reach)
        axes.set_ylabel(say(Text("axis does not start at 0", "纵轴不从0开始")))
    else:
        axes.margins(y=0.12)
    name_ticks(axes, [first, *changes.index, last], "x")
    thousands(axes)
    legend(axes)
    gap = say(Text(" ", ""))
    parts = listed(f"{name}{gap}{step}" for name, step in zip(changes.index, changed, strict=True))
    # A percentage of a value near zero, or across zero, says nothing.
    share = aside(f"{levels[-1] / before - 1:+.1%}") if before > 0.1 * levels[-1] >= 0 else ""
    said = Text("{}: from {} to {}{}; {}.", "{}：由{}到{}{}；{}。")
    return finish(figure, say(said, title, words[0], words[-1], share, parts))


def _decimals(start: float, steps: Floats) -> int:
    """As many decimals as show three digits of the largest value and one of the smallest step that matters.

    Whole numbers have none, and no value has more than five digits.
    """
    levels, sizes = start + np.concatenate([[0.0], np.cumsum(steps)]), np.abs(steps[steps != 0])
    if (np.abs(levels - np.rint(levels)) < 1e-9).all():
        return 0
    large = max(np.abs(levels).max(), sizes.max(initial=0))
    small = sizes[sizes >= 0.01 * sizes.max()].min() if sizes.size else large
    wanted = max(2 - np.floor(np.log10(large)), -np.floor(np.log10(small)))
    return int(np.clip(min(wanted, 4 - np.floor(np.log10(large))), 0, 6))


def cash_flow_chart(case: Any, label: str | None = None) -> Figure:
    """Net flow of each period of a business case, and what has come together by then.

    Parameters
    ----------
    case : BusinessCase
        From `ccskills.finance.business_case`, or its `flows`: `period` (a column or the index), `net`, `cumulative`.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import cash_flow_chart, describe
    >>> flows = pd.DataFrame({"period": [0, 1, 2], "net": [-100, 60, 70], "cumulative": [-100, -40, 30]})
    >>> describe(cash_flow_chart(flows))
    'Cash flow: 100 at most is tied up (period 0); the money is back in period 2; +30 after period 2.'
    """
    given = getattr(case, "flows", case)
    if isinstance(given, pd.DataFrame) and given.index.name == "period":
        given = given.reset_index()
    flows = columns("flows", given, ["period", "net", "cumulative"])
    net, total = numbers("net", flows["net"]), numbers("cumulative", flows["cumulative"])
    names = [str(period) for period in flows["period"]]
    title = label or say(Text("Cash flow", "现金流"))
    figure, axes = chart(title, x=say(Text("period", "期")))
    at = np.arange(net.size)
    for mask, colour, hatch, word in (
        (net >= 0, BLUE, "", Text("net inflow", "净流入")),
        (net < 0, ORANGE, "//", Text("net outflow", "净流出")),
    ):
        if mask.any():
            style: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "alpha": 0.7}
            axes.bar(at[mask], net[mask], 0.7, label=say(word), **style)
    axes.plot(at, total, color=BLACK, marker="o", markersize=4, label=say(Text("cumulative", "累计")))
    axes.axhline(0, color=BLACK, linewidth=0.8)
    back = np.flatnonzero((total >= 0) & (np.minimum.accumulate(total) < 0))
    if back.size:
        style = {"marker": "D", "markersize": 10, "fillstyle": "none", "linestyle": "none", "color": RED}
        axes.plot(at[back[0]], total[back[0]], label=say(Text("money is back", "收回投资")), **style)
    step = max(1, -(-net.size // 13))
    axes.set_xticks(at[::step], names[::step])
    thousands(axes)
    legend(axes)
    low = int(total.argmin())
    tied = Text("{}: {:,.0f} at most is tied up (period {}); ", "{}：最多占用资金{:,.0f}（第{}期）；")
    said = say(tied, title, max(0.0, -total[low]), names[low])
    if back.size:
        said += say(Text("the money is back in period {}; ", "第{}期收回投资；"), names[back[0]])
    else:
        said += say(
            Text("the money is not back in these periods; ", "期内未收回投资；") if total[-1] < 0 else Text("", "")
        )
    return finish(
        figure, said + say(Text("{1:+,.0f} after period {0}.", "第{0}期末累计{1:+,.0f}。"), names[-1], total[-1])
    )


def tornado_chart(
    sensitivity: pd.DataFrame, base: float | None = None, label: str | None = None, measure: str | None = None
) -> Figure:
    """Which assumption moves the net present value, or another measure, most.

    Parameters
    ----------
    sensitivity : DataFrame
        Columns `parameter`, `npv_low` and `npv_high`, from `ccskills.finance.sensitivity`; `low` and `high` are shown
        when they are there.
    base : float, optional
        Net present value of the case itself, or what the other measure is.
    label : str, optional
        Title, in the language of the session.
    measure : str, optional
        What the values are when they are no net present value, such as "cost a year", in the language of the session:
        the name of the axis, and of the chart when it has no `label`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, tornado_chart
    >>> table = pd.DataFrame({"parameter": ["wages", "calls"], "npv_low": [40, -20], "npv_high": [60, 120]})
    >>> describe(tornado_chart(table, base=50))
    'What moves the net present value: most calls (-20 to 120), least wages (40 to 60); with calls it can fall below 0.'
    >>> costs = table.assign(npv_low=[70, 10], npv_high=[90, 150])
    >>> describe(tornado_chart(costs, measure="cost a year"))
    'What moves the cost a year: most calls (10 to 150), least wages (70 to 90); it stays above 0.'
    """
    columns("sensitivity", sensitivity, ["parameter", "npv_low", "npv_high"])
    low, high = numbers("npv_low", sensitivity["npv_low"]), numbers("npv_high", sensitivity["npv_high"])
    order = np.argsort(np.abs(high - low), kind="stable")
    names = [str(name) for name in sensitivity["parameter"].iloc[order]]
    low, high = low[order], high[order]
    middle = float((low.mean() + high.mean()) / 2) if base is None else number("base", base)
    value = measure or say(Text("net present value", "净现值"))
    title = label or say(Text("What moves the {}", "{}敏感性"), value)
    figure, axes = chart(title, x=value, size=tall(len(names), 0.5))
    rows = np.arange(len(names))
    axes.barh(
        rows,
        low - middle,
        0.6,
        left=middle,
        color=ORANGE,
        hatch="//",
        edgecolor="white",
        label=say(Text("low value of the assumption", "假设取低值")),
    )
    axes.barh(
        rows, high - middle, 0.6, left=middle, color=BLUE, label=say(Text("high value of the assumption", "假设取高值"))
    )
    axes.axvline(middle, color=BLACK, linewidth=1)
    if min(low.min(), high.min()) < 0:
        axes.axvline(0, color=RED, linestyle="--", linewidth=1, label=say(Text("zero", "零")))
    if {"low", "high"} <= set(sensitivity.columns):
        ends = sensitivity.iloc[order]
        pairs = [
            (written(a), written(b))
            for a, b in zip(numbers("low", ends["low"]), numbers("high", ends["high"]), strict=True)
        ]
        names_shown = [f"{name}\n{low} … {high}" for name, (low, high) in zip(names, pairs, strict=True)]
        axes.set_yticks(
            rows,
            [fold(text.split("\n")[0], 26) + "\n" + text.split("\n")[1] for text in names_shown],
            size=9,
            linespacing=APART,
        )
    else:
        name_ticks(axes, names)
    thousands(axes, "x")
    legend(axes)
    span, even = say(Text("{} to {}", "{}至{}")), 0 if measure is None else decimals(low, high)
    ranges = [
        f"{name}{aside(span.format(written(a, even), written(b, even)))}"
        for name, a, b in zip(names, low, high, strict=True)
    ]
    said = say(Text("{}: most {}, least {}", "{}：影响最大为{}，最小为{}"), title, ranges[-1], ranges[0])
    risky = [name for name, a, b in zip(names, low, high, strict=True) if min(a, b) < 0]
    if not risky:
        return finish(figure, said + say(Text("; it stays above 0.", "；均保持为正。")))
    return finish(
        figure, said + say(Text("; with {} it can fall below 0.", "；{}可使其降到0以下。"), listed(risky[::-1]))
    )


def risk_matrix_chart(risks: pd.DataFrame, label: str | None = None) -> Figure:
    """Risks by likelihood and impact, each with its number; the list of names stands beside the matrix.

    Parameters
    ----------
    risks : DataFrame
        Columns `risk`, `likelihood` and `impact` (whole numbers from 1 to 5), from `ccskills.risk.matrix`.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, risk_matrix_chart
    >>> risks = pd.DataFrame({"risk": ["line down", "flu wave"], "likelihood": [2, 4], "impact": [5, 3]})
    >>> describe(risk_matrix_chart(risks))
    'Risk matrix: 2 risks; highest flu wave (4 × 3 = 12), line down (2 × 5 = 10).'
    """
    columns("risks", risks, ["risk", "likelihood", "impact"])
    often, bad = numbers("likelihood", risks["likelihood"]), numbers("impact", risks["impact"])
    for name, values in (("likelihood", often), ("impact", bad)):
        if not np.isin(values, range(1, 6)).all():
            wrong = values[~np.isin(values, range(1, 6))][0]
            raise ValueError(f"{name} must be a whole number from 1 to 5, got {wrong:g}")
    order = np.argsort(-often * bad, kind="stable")
    title = label or say(Text("Risk matrix", "风险矩阵"))
    many = len(order)
    figure, axes = chart(title, say(Text("likelihood", "可能性")), say(Text("impact", "影响")), size=tall(many, 0.24))
    grid = np.outer(range(1, 6), range(1, 6))
    bands = np.digitize(grid, [low for low, _ in BANDS.values()][1:])
    look: dict[str, Any] = {"cmap": shades(SHADES), "vmin": 0, "vmax": 3, "origin": "lower", "aspect": "auto"}
    axes.imshow(bands, extent=(0.5, 5.5, 0.5, 5.5), **look)
    axes.grid(False)
    axes.set_xticks(range(1, 6))
    axes.set_yticks(range(1, 6))
    for edge in np.arange(1.5, 5.5):
        axes.axhline(edge, color="white", linewidth=1.5)
        axes.axvline(edge, color="white", linewidth=1.5)
    cells: dict[tuple[float, float], list[str]] = {}
    for rank, at in enumerate(order, start=1):
        cells.setdefault((bad[at], often[at]), []).append(str(rank))
    for (x, y), ranks in cells.items():
        axes.text(x, y, fold(", ".join(ranks), 12), ha="center", va="center", color=BLACK, size=11)
    lines = [
        fold(f"{rank}  {risks['risk'].iloc[at]} ({often[at] * bad[at]:.0f})", 38)
        for rank, at in enumerate(order, start=1)
    ]
    beside: dict[str, Any] = {"transform": axes.transAxes, "va": "top", "size": 9, "linespacing": 1.35}
    axes.text(1.03, 1.0, "\n".join(lines), **beside)
    scores = [f"{often[at]:.0f} × {bad[at]:.0f} = {often[at] * bad[at]:.0f}" for at in order[:3]]
    top = [f"{risks['risk'].iloc[at]}{aside(score)}" for at, score in zip(order, scores, strict=False)]
    words = Text("{}: {} risks; highest {}.", "{}：共{}项风险；最高为{}。")
    return finish(figure, say(words, title, many, listed(top)))
