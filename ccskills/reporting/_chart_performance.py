"""Charts of results: trend with events, scorecard and maturity."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._checks import choice, columns, number, numbers, timed
from .._text import Text
from ..performance import METRICS
from ._chart_base import (
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
    percent,
    say,
    tall,
    thousands,
)
from ._chart_plan import mark_events
from ._figures import decimals, monthly, stamped, written

if TYPE_CHECKING:
    from ._chart_base import Axes, Figure

__all__ = [
    "maturity_chart",
    "scorecard_chart",
    "trend_chart",
]

STATUS = {
    "met": (Text("met", "达标"), GREEN, ""),
    "near": (Text("near", "接近"), ORANGE, ".."),
    "missed": (Text("missed", "未达标"), RED, "//"),
}
SHOWN = (-0.5, 1.5)  # attainment beyond is cut there, with an arrow beside its figure
GATE = (Text("gate shut", "否决项生效"), RED, "xx")  # how a closed gate is drawn, whatever its attainment


def trend_chart(
    values: pd.Series,
    target: float | None = None,
    events: pd.DataFrame | None = None,
    label: str | None = None,
    shares: bool = False,
    lower_is_better: bool = False,
) -> Figure:
    """A measure over days, weeks or months, with its target and the events that explain it.

    Parameters
    ----------
    values : Series
        One value per period on a DatetimeIndex, or on a PeriodIndex such as months; months are written 2026-03.
    target : float, optional
        The target, in the unit of the values. 0 is a line to lie above or below, unless lower is better and no value
        lies below it.
    events : DataFrame, optional
        Columns `start`, `end`, `kind`, as in the `events` of `ccskills.data.centre`; those of the time are drawn.
    label : str, optional
        What the measure is, in the language of the session.
    shares : bool, optional
        The values are shares; write them as percentages.
    lower_is_better : bool, optional
        Values at or below the target keep it, as with abandonment; the description then names the highest value.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, trend_chart
    >>> days = pd.date_range("2026-01-05", periods=4)
    >>> describe(trend_chart(pd.Series([0.8, 0.7, 0.82, 0.85], days), 0.8, label="Service level", shares=True))
    'Service level: from 80.0% on 2026-01-05 to 85.0% on 2026-01-08, lowest 70.0% on 2026-01-06; 3 of 4 reach 80.0% or
    more.'
    >>> describe(trend_chart(pd.Series([30, 41, 28], days[:3]), 30, label="Wait [s]", lower_is_better=True))
    'Wait [s]: from 30 on 2026-01-05 to 28 on 2026-01-07, highest 41 on 2026-01-06; 2 of 3 stay at 30 or less.'
    """
    values = timed("values", stamped(values))
    found, when = numbers("values", values), pd.DatetimeIndex(values.index)
    goal = None if target is None else number("target", target)
    title = label or say(Text("Trend", "趋势"))
    figure, axes = chart(title)
    axes.plot(when, found, color=BLUE, marker="o", markersize=4 if found.size < 60 else 0, linewidth=1.2)
    if events is not None and not events.empty:
        inside = (events["end"] >= when[0]) & (events["start"] <= when[-1] + pd.Timedelta(days=1))
        limits = axes.get_xlim()
        mark_events(axes, events[inside])
        axes.set_xlim(*limits)
    even = decimals(found)
    sides = goal == 0 and not (lower_is_better and found.min() >= 0)
    if goal is not None:
        aim = f"{goal:.1%}" if shares else written(goal)
        line = say(Text("zero", "零线")) if sides else say(Text("target {}", "目标{}"), aim)
        axes.axhline(goal, color=GREY, linestyle=":", label=line)
    if shares:
        percent(axes)
    else:
        thousands(axes)
    axes.margins(y=0.12)
    _dates(axes, when)
    legend(axes)
    worst = int(found.argmax() if lower_is_better else found.argmin())
    words = Text("{}: from {} on {} to {} on {}, {} {} on {}", "{}：由{}（{}）到{}（{}），{}{}（{}）")
    date = "%Y-%m-%d"
    if monthly(when):
        words, date = Text(words.en.replace(" on ", " in "), words.zh), "%Y-%m"
    told = [f"{value:.1%}" if shares else written(value, even) for value in found]
    ends = [part for at in (0, -1, worst) for part in (told[at], f"{when[at]:{date}}")]
    extreme = say(Text("highest", "最高") if lower_is_better else Text("lowest", "最低"))
    said = say(words, title, *ends[:4], extreme, *ends[4:])
    if goal is None:
        return finish(figure, said + say(Text(".", "。")))
    if sides:
        both = Text("; above 0 in {0} and below 0 in {1} of {2}.", "；{2}个值中{0}个高于0，{1}个低于0。")
        return finish(figure, said + say(both, (found > 0).sum(), (found < 0).sum(), found.size))
    reach = Text("; {0} of {1} reach {2} or more.", "；{1}个值中{0}个不低于{2}。")
    keep = Text("; {0} of {1} stay at {2} or less.", "；{1}个值中{0}个不高于{2}。")
    kept = (found <= goal) if lower_is_better else (found >= goal)
    return finish(figure, said + say(keep if lower_is_better else reach, kept.sum(), found.size, aim))


def _dates(axes: Any, when: pd.DatetimeIndex) -> None:
    """About ten dates, each at a value and a tenth of the width from its neighbour; the year where it begins."""
    apart = 0.095 * (when[-1] - when[0])
    shown: list[pd.Timestamp] = []
    for day in when:
        if not shown or day - shown[-1] >= apart:
            shown.append(day)
    months = monthly(when)
    names = [f"{day:%Y-%m}" if months else f"{day:%m-%d}" for day in shown]
    if when[0].year != when[-1].year and not months:
        starts = [True, *(b.year != a.year for a, b in pairwise(shown))]
        names = [f"{name}\n{day.year}" if new else name for name, day, new in zip(names, shown, starts, strict=True)]
    axes.set_xticks(shown, names)


def scorecard_chart(scorecard: pd.DataFrame, label: str | None = None) -> Figure:
    """How far each measure reaches its target: bars of attainment, the target at 100%.

    Parameters
    ----------
    scorecard : DataFrame
        Columns `metric`, `attainment` and `status` ("met", "near", "missed"), from `ccskills.performance.scorecard`; a
        column `weight` is shown beside the name. A gate that holds the total down, by ``attrs["closed_gates"]``, is
        shown as shut, not as near.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Notes
    -----
    An attainment below 0 is drawn to the left of 0% and told as worse than where attainment begins: such a measure
    is farther off than one that earns nothing.

    Examples
    --------
    >>> from ccskills.reporting import describe, scorecard_chart
    >>> card = pd.DataFrame({"metric": ["A", "B"], "attainment": [1.02, 0.81], "status": ["met", "missed"]})
    >>> describe(scorecard_chart(card))
    'Attainment of targets: 1 of 2 met; missed: B (81.0%).'
    >>> from ccskills.performance import scorecard
    >>> results, targets = {"csat": 0.92, "compliance_critical_accuracy": 0.98}, {"csat": 0.9}
    >>> targets["compliance_critical_accuracy"] = 0.99
    >>> weights = {"csat": 1, "compliance_critical_accuracy": 0}
    >>> card = scorecard(results, targets, weights, gates={"compliance_critical_accuracy": 60})
    >>> describe(scorecard_chart(card, "Team V1"))
    'Team V1: 1 of 2 met; gate shut: compliance-critical accuracy (99.0%).'
    """
    columns("scorecard", scorecard, ["metric", "attainment", "status"])
    reached = numbers("attainment", scorecard["attainment"])
    for status in scorecard["status"]:
        choice("status", status, STATUS)
    names = [say(METRICS[name].name) if name in METRICS else str(name) for name in scorecard["metric"]]
    spoken = list(names)
    if "weight" in scorecard:
        names = [f"{name}{aside(f'{weight:.0%}')}" for name, weight in zip(names, scorecard["weight"], strict=True)]
    title = label or say(Text("Attainment of targets", "目标达成率"))
    figure, axes = chart(title, size=tall(len(names), 0.45))
    rows, shown = np.arange(len(names)), np.clip(reached, *SHOWN)
    status = scorecard["status"].where(~scorecard["metric"].isin(scorecard.attrs.get("closed_gates", ())), "gate")
    for name, (word, colour, hatch) in (STATUS | {"gate": GATE}).items():
        mask = (status == name).to_numpy()
        if mask.any():
            style: dict[str, Any] = {"color": colour, "alpha": 0.7, "hatch": hatch, "edgecolor": "white"}
            axes.barh(rows[mask], shown[mask], 0.6, label=say(word), **style)
    axes.axvline(1, color=BLACK, linestyle="--", linewidth=1, label=say(Text("target", "目标")))
    _attained(axes, rows, reached)
    name_ticks(axes, names)
    axes.invert_yaxis()
    axes.set_xlim(min(0.0, float(shown.min()) - 0.04), max(1.15, float(shown.max()) + 0.15))
    percent(axes, "x")
    legend(axes)
    said = say(Text("{0}: {1} of {2} met", "{0}：{2}项中{1}项达标"), title, (status == "met").sum(), len(names))
    told = [f"{name}{aside(f'{value:.1%}')}" for name, value in zip(spoken, reached, strict=True)]
    for kind, (word, _, _) in {"gate": GATE, "missed": STATUS["missed"], "near": STATUS["near"]}.items():
        if found := listed(part for part, one in zip(told, status, strict=True) if one == kind):
            said += f"{say(Text('; ', '；'))}{say(word)}{say(Text(': ', '：'))}{found}"
    if found := listed(part for part, value in zip(told, reached, strict=True) if value < 0):
        said += say(
            Text("; below 0%, worse than where attainment begins: {}", "；低于0%，比达成率的起点还差：{}"), found
        )
    none = Text("; none missed.", "；无未达标项。")
    return finish(figure, said + say(none if (status == "met").all() else Text(".", "。")))


def _attained(axes: Axes, rows: NDArray[np.int_], reached: NDArray[np.float64]) -> None:
    """The figure of each bar: behind it, and where the line of the target would cross it, behind that line."""
    if (reached < 0).any():
        axes.axvline(0, color=BLACK, linewidth=0.8)
    place: dict[str, Any] = {"va": "center", "size": 9, "bbox": {"color": "white", "pad": 0.8}}
    for row, value in zip(rows, reached, strict=True):
        cut = {value < SHOWN[0]: "← {:.1%}", value > SHOWN[1]: "{:.1%} →"}.get(True, "{:.1%}")
        end = min(max(value, 0.0), SHOWN[1])
        axes.text((1.0 if 0.88 < end < 1 else end) + 0.012, float(row), cut.format(value), **place)


def maturity_chart(levels: pd.DataFrame, target: float | None = None, label: str | None = None) -> Figure:
    """Maturity by clause or dimension as dots on the five levels, the weakest first.

    Parameters
    ----------
    levels : DataFrame
        Indexed by clause or dimension with the column `mean` (1 to 5) and, if known, `level`: the `clauses` or
        `dimensions` of `ccskills.maturity.assess`. Rows without a mean (they do not apply) are left out.
    target : float, optional
        The level aimed at.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, maturity_chart
    >>> describe(maturity_chart(pd.DataFrame({"mean": [3.4, 2.1]}, ["Planning", "Quality"]), target=3))
    'Maturity: lowest Quality (2.1), highest Planning (3.4); 1 of 2 below the target of 3.'
    """
    columns("levels", levels, ["mean"])
    table = levels.dropna(subset="mean").sort_values("mean", kind="stable")
    mean = numbers("mean", table["mean"], least=0)
    if (mean > 5).any():
        raise ValueError(f"mean must be at most 5, got {mean.max():g}")
    goal = None if target is None else number("target", target, least=1)
    title = label or say(Text("Maturity", "成熟度"))
    figure, axes = chart(title, x=say(Text("level", "等级")), size=tall(mean.size, 0.3))
    rows = np.arange(mean.size)
    axes.hlines(rows, 1, mean, color=GREY, linewidth=1.5, alpha=0.5)
    axes.plot(mean, rows, "o", color=BLUE, markersize=8, label=say(Text("mean of the points", "各项平均")))
    if "level" in table:
        axes.plot(
            table["level"], rows, "|", color=BLACK, markersize=14, markeredgewidth=2.5, label=say(Text("level", "等级"))
        )
    if goal is not None:
        axes.axvline(goal, color=RED, linestyle="--", label=say(Text("target {:g}", "目标{:g}"), goal))
    name_ticks(axes, list(table.index), width=32)
    axes.set_xticks(range(1, 6))
    axes.set_xlim(0.8, 5.2)
    axes.set_ylim(-0.6, mean.size - 0.4)
    legend(axes)
    said = say(
        Text("{}: lowest {} ({:.1f}), highest {} ({:.1f})", "{}：最低{}（{:.1f}），最高{}（{:.1f}）"),
        *(title, table.index[0], mean[0], table.index[-1], mean[-1]),
    )
    if goal is None:
        return finish(figure, said + say(Text(".", "。")))
    below = Text("; {0} of {1} below the target of {2:g}.", "；{1}项中{0}项低于目标{2:g}。")
    return finish(figure, said + say(below, (mean < goal).sum(), mean.size, goal))
