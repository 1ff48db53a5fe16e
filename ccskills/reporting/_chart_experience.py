"""Charts of customer experience: what matters against how well it is done, and NPS with its margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._checks import columns, numbers
from .._text import Text
from ._chart_base import BLACK, BLUE, GREEN, GREY, RED, chart, finish, listed, name_ticks, say
from ._fold import width_of

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["importance_performance_chart", "nps_chart", "place_names"]


def importance_performance_chart(drivers: pd.DataFrame, label: str | None = None) -> Figure:
    """What matters to customers against how well it is done: the corner "matters much, done badly" comes first.

    Parameters
    ----------
    drivers : DataFrame
        Indexed by driver with the columns `importance` and `performance`, in any unit.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, importance_performance_chart
    >>> drivers = pd.DataFrame({"importance": [0.6, 0.2, 0.4], "performance": [3.1, 4.4, 4.0]}, ["wait", "tone", "aid"])
    >>> describe(importance_performance_chart(drivers))
    'Importance and performance: improve first wait; keep up aid.'
    """
    columns("drivers", drivers, ["importance", "performance"])
    weight, done = numbers("importance", drivers["importance"]), numbers("performance", drivers["performance"])
    title = label or say(Text("Importance and performance", "重要度与表现"))
    figure, axes = chart(title, say(Text("importance", "重要度")), say(Text("performance", "表现")))
    middle = float(done.mean()), float(np.median(weight))
    axes.axvline(middle[0], color=GREY, linewidth=1)
    axes.axhline(middle[1], color=GREY, linewidth=1)
    first, keep = (done < middle[0]) & (weight >= middle[1]), (done >= middle[0]) & (weight >= middle[1])
    for mask, colour, marker in ((first, RED, "D"), (keep, GREEN, "s"), (~first & ~keep, BLUE, "o")):
        axes.plot(done[mask], weight[mask], marker, color=colour)
    axes.margins(0.18)
    place_names(axes, done, weight, [str(name) for name in drivers.index])
    corners: dict[str, Any] = {"transform": axes.transAxes, "color": GREY, "size": 9, "style": "normal"}
    for x, y, word in (
        (0.01, 0.985, Text("improve first", "优先改进")),
        (0.99, 0.985, Text("keep up", "继续保持")),
        (0.01, 0.015, Text("later", "暂缓")),
        (0.99, 0.015, Text("do not overdo", "不必过度")),
    ):
        sides: dict[str, Any] = {"ha": "left" if x < 0.5 else "right", "va": "bottom" if y < 0.5 else "top"}
        axes.text(x, y, say(word), **sides, **corners)
    lists = [listed(map(str, drivers.index[mask])) or say(Text("nothing", "无")) for mask in (first, keep)]
    return finish(figure, say(Text("{}: improve first {}; keep up {}.", "{}：优先改进{}；继续保持{}。"), title, *lists))


def place_names(axes: Any, x: Any, y: Any, names: list[str]) -> None:
    """Names beside points, each at the first of eight places where it covers no point and no other name."""
    low, high = np.array([*axes.get_xlim()]), np.array([*axes.get_ylim()])
    # In points of a chart of 8 x 4 inches: 500 wide, 220 high.
    spots = np.column_stack([(x - low[0]) / np.ptp(low) * 500, (y - high[0]) / np.ptp(high) * 220])
    taken = [(px - 5, py - 5, px + 5, py + 5) for px, py in spots]
    for at, name in enumerate(names):
        wide = 5.4 * width_of(name)
        choices = [
            (8, -4),
            (-8 - wide, -4),
            (-wide / 2, 8),
            (-wide / 2, -17),
            (8, 8),
            (8, -17),
            (-8 - wide, 8),
            (-8 - wide, -17),
        ]
        boxes = [
            (spots[at][0] + dx, spots[at][1] + dy, spots[at][0] + dx + wide, spots[at][1] + dy + 10)
            for dx, dy in choices
        ]
        costs = [_cost(box, taken[:at] + taken[at + 1 :]) for box in boxes]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        axes.annotate(name, (x[at], y[at]), xytext=choices[best], textcoords="offset points", size=9)


def _cost(box: tuple[float, ...], taken: Sequence[tuple[float, ...]]) -> float:
    """Area that a box covers of others or has outside the chart."""
    outside = max(0.0, -box[0]) + max(0.0, box[2] - 500) + max(0.0, -box[1]) + max(0.0, box[3] - 220)
    return 10 * outside + sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in taken
    )


def nps_chart(groups: pd.DataFrame, label: str | None = None) -> Figure:
    """Net promoter score of several groups or periods, with the margin that the number of answers supports.

    Parameters
    ----------
    groups : DataFrame
        Indexed by group with the columns `nps`, `lower` and `upper`, between -1 and 1 or between -100 and 100.
    label : str, optional
        Title, in the language of the session.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import describe, nps_chart
    >>> groups = pd.DataFrame({"nps": [30, 12], "lower": [19.2, 2], "upper": [40.8, 22]}, ["voice", "chat"])
    >>> describe(nps_chart(groups))
    'NPS with 95% margin: voice +30 (+19 to +41); chat +12 (+2 to +22).'
    """
    columns("groups", groups, ["nps", "lower", "upper"])
    score, low, high = (numbers(name, groups[name]) for name in ("nps", "lower", "upper"))
    if max(np.abs(part).max() for part in (score, low, high)) <= 1:
        score, low, high = 100 * score, 100 * low, 100 * high
    if (low > score).any() or (high < score).any():
        raise ValueError("nps must lie between lower and upper in every group, got one outside")
    title = label or say(Text("NPS with 95% margin", "净推荐值（NPS）及95%误差范围"))
    figure, axes = chart(title, say(Text("NPS", "净推荐值")))
    at = np.arange(score.size)
    axes.bar(at, score, 0.6, color=BLUE, alpha=0.65)
    axes.errorbar(at, score, [score - low, high - score], fmt="none", color=BLACK, capsize=5)
    axes.axhline(0, color=BLACK, linewidth=0.8)
    for place, value, top, base in zip(at, score, high, low, strict=True):
        up = value >= 0
        gap: dict[str, Any] = {"xytext": (0, 4 if up else -13), "textcoords": "offset points", "ha": "center"}
        axes.annotate(f"{value:+.0f}", (place, top if up else base), **gap)
    name_ticks(axes, list(groups.index), "x")
    axes.margins(y=0.15)
    part = Text("{} {:+.0f} ({:+.0f} to {:+.0f})", "{}{:+.0f}（{:+.0f}至{:+.0f}）")
    found = [say(part, name, *row) for name, row in zip(groups.index, np.column_stack([score, low, high]), strict=True)]
    return finish(figure, f"{title}{say(Text(': ', '：'))}{say(Text('; ', '；')).join(found)}{say(Text('.', '。'))}")
