"""The same measure of several teams, channels or periods, in small charts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._checks import choice, columns, numbers
from .._text import Text
from ._chart_base import APART, BLACK, BLUE, GREY, LINE, RED, few_bars, finish, legend, panels, percent, say, thousands
from ._figures import decimals, short_names, written
from ._fold import fold, longest_part, shortened, width_of

if TYPE_CHECKING:
    from ._chart_base import Axes, Figure

__all__ = ["comparison_chart"]

TIMES = 10  # each panel has its own scale when one is so many times another


def comparison_chart(
    table: pd.DataFrame,
    style: str = "bar",
    label: str | None = None,
    shares: bool = False,
    mean: bool = True,
) -> Figure:
    """The same measure of several teams, channels or periods, each in a small chart of its own.

    The charts have one scale, unless the largest value of one is less than a tenth of another's: then each has its own,
    and a line below says so. Shares keep one scale: they are of one unit.

    Parameters
    ----------
    table : DataFrame
        One column per panel (up to 12), one row per category or point in time.
    style : str, optional
        "bar" for categories, "line" for time; lines stand against the mean of all panels, dotted and named below.
    label : str, optional
        Title, in the language of the session.
    shares : bool, optional
        The values are shares; write them as percentages.
    mean : bool, optional
        Draw the mean of all panels through lines on one scale; leave it out when the panels show different measures.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.reporting import comparison_chart, describe
    >>> table = pd.DataFrame({"Team A": [0.82, 0.84], "Team B": [0.75, 0.79]}, ["May", "June"])
    >>> describe(comparison_chart(table, label="Service level", shares=True))
    'Service level: Team A (May 82.0%, June 84.0%); Team B (May 75.0%, June 79.0%).'
    """
    columns("table", table, [])
    choice("style", style, ["bar", "line"])
    if not 1 <= table.shape[1] <= 12:
        raise ValueError(f"table must have from 1 to 12 columns, got {table.shape[1]}")
    cells = np.column_stack([numbers(str(name), table[name]) for name in table.columns])
    names = short_names(table.index)
    wide = _columns(table.shape[1], names, style)
    deep = -(-table.shape[1] // wide)
    title = label or say(Text("Comparison", "对比"))
    size = (8.0, max(4.0, 1.9 * deep + 0.6))
    sizes = np.abs(cells).max(axis=0)
    own = not shares and bool((sizes[sizes > 0] < sizes.max() / TIMES).any())
    figure, grid = panels(title, table.shape[1], columns=wide, size=size, sharex=True, sharey=not own)
    told = _panel_figures(cells, shares)
    for place, axes in enumerate(grid):
        (_bars if style == "bar" else _line)(axes, cells[:, place], told[place], wide)
        if style == "line" and mean and not own:
            word = None if place else say(Text("mean of all", "总平均") if len(grid) > 1 else Text("mean", "平均"))
            axes.axhline(cells.mean(), color=RED, linestyle=":", linewidth=1, label=word)
        if len(grid) > 1:
            axes.set_title(fold(str(table.columns[place]), 60 // wide), size=10, linespacing=APART)
            axes.tick_params(labelbottom=True)
        (percent if shares else thousands)(axes)
    if len(grid) == 1:  # the one panel has the title of the whole
        grid[0].set_ylabel(fold(str(table.columns[0]), 36))
    if own:
        figure.supxlabel(say(Text("each panel has its own scale", "各小图刻度不同")), size=10, color=GREY)
    legend(grid[0])
    _name_rows(figure, names, wide, style)
    found = [_panel_words(table[name], cells[:, k], style, told[k]) for k, name in enumerate(table.columns)]
    return finish(figure, f"{title}{say(Text(': ', '：'))}{say(Text('; ', '；')).join(found)}{say(Text('.', '。'))}")


def _columns(count: int, names: Sequence[str], style: str) -> int:
    """How many panels stand side by side: fewer where the names below the bars need the room."""
    usual = 1 if count == 1 else 2 if count in (2, 4) else 3 if count < 7 else 4
    narrower = [wide for wide in range(usual, 0, -1) if count <= 4 * wide] if style == "bar" else []
    return next((wide for wide in narrower if _fit(names, wide)), usual)


def _room(across: int) -> int:
    """Latin letters below each of so many bars across the chart."""
    return max(5, 116 // max(across, 4) - (across > 9))


def _fit(names: Sequence[str], wide: int) -> bool:
    """Whether names can stand upright below the bars of so many panels, folded but not cut."""
    across = len(names) * wide
    return across <= 18 and (longest_part(names) <= _room(across) + 1 or _room(across) >= LINE)


def _bars(axes: Axes, values: NDArray[np.float64], told: list[str], wide: int) -> None:
    """One bar for each row of a panel, with its figure where there is room."""
    bars = axes.bar(np.arange(values.size), values, 0.75, color=BLUE, alpha=0.75)
    if values.min() < 0:
        axes.axhline(0, color=BLACK, linewidth=0.8)
    if values.size * wide <= 18:
        axes.bar_label(bars, told[:-1], padding=2, size=8)
        axes.margins(y=0.15)
    if wide == 1:
        few_bars(axes, values.size)
    if not values.any():
        axes.set_ylim(0, 1)


def _line(axes: Axes, values: NDArray[np.float64], told: list[str], wide: int) -> None:
    """A panel's values over time."""
    axes.plot(np.arange(values.size), values, color=BLUE, marker="o", markersize=3)


def _name_rows(figure: Figure, names: Sequence[str], wide: int, style: str) -> None:
    """The names of the rows below the panels: each bar keeps its own, turned where there is no room."""
    across, longest = len(names) * wide, max(width_of(name) for name in names)
    step, turn = 1, 0
    if style == "line":
        step = max(1, -(-across * longest // 70))
    elif _fit(names, wide):
        longest = longest_part(names)
        names = [fold(name, longest if longest == _room(across) + 1 else _room(across)) for name in names]
    elif across * longest > 116:
        step, turn = max(1, across // 48), 40 if across <= 30 else 90
        names = [shortened(name, 28) for name in names]
        rows = -(-len(figure.axes) // wide)
        figure.set_figheight(figure.get_figheight() + 0.0005 * turn * rows * min(longest, 28))
    look: dict[str, Any] = {"ha": "right", "rotation_mode": "anchor"} if turn == 40 else {"linespacing": APART}
    for axes in figure.axes:
        axes.set_xticks(np.arange(len(names))[::step], names[::step], size=8, rotation=turn, **look)


def _panel_figures(cells: NDArray[np.float64], shares: bool) -> list[list[str]]:
    """The cells of each panel as they are written, and behind them its mean.

    All panels have the same decimals; only one whose values are far smaller than others may have more of its own.
    """
    means, most = cells.mean(axis=0), np.abs(cells).max()
    if shares:
        return [[f"{value:.1%}" for value in (*column, mean)] for column, mean in zip(cells.T, means, strict=True)]
    even, found = decimals(cells), []
    for column, mean in zip(cells.T, means, strict=True):
        own = max(even, decimals(column)) if np.abs(column).max() < most / 20 else even
        # Counts are whole, their mean is not.
        found.append([*(written(value, own) for value in column), written(mean, own or decimals(means))])
    return found


def _panel_words(values: pd.Series, cells: NDArray[np.float64], style: str, told: list[str]) -> str:
    """What a panel shows, in words: each of a few bars, the ends of many, the mean and the last point of a line."""
    rows = short_names(values.index)
    if style == "line":
        return say(Text("{} on average {}, last {}", "{}平均{}，最后为{}"), values.name, told[-1], told[-2])
    if len(rows) <= 6:
        parts = [say(Text("{} {}", "{}：{}"), row, cell) for row, cell in zip(rows, told, strict=False)]
        return say(Text("{} ({})", "{}（{}）"), values.name, say(Text(", ", "，")).join(parts))
    low, high = int(cells.argmin()), int(cells.argmax())
    part = Text("{} from {} ({}) to {} ({})", "{}从{}（{}）到{}（{}）")
    return say(part, values.name, told[low], rows[low], told[high], rows[high])
