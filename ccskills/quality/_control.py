"""Control charts: is a change in a rate, a count or a measure more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from .._checks import Floats, choice, numbers, whole
from .._text import Text

__all__ = ["RULES", "ControlChart", "np_chart", "p_chart", "u_chart", "xmr_chart"]

RULES = {
    "limit": Text("one point beyond a control limit", "1个点超出控制限"),
    "two_of_three": Text(
        "two of three points in a row beyond two thirds of the way to the same limit",
        "连续3点中有2点落在中心线同侧2倍标准差以外",
    ),
    "four_of_five": Text(
        "four of five points in a row beyond one third of the way to the same limit",
        "连续5点中有4点落在中心线同侧1倍标准差以外",
    ),
    "run": Text("eight points in a row on the same side of the centre line", "连续8点落在中心线同一侧"),
    "trend": Text("six points in a row, each above (or each below) the one before", "连续6点持续上升或持续下降"),
}
"""Run rules that a chart can apply: the four of Western Electric and Nelson's trend."""

# Constants for moving ranges of two points: d2 and D4 of the standard tables (ASTM, Montgomery appendix VI).
D2 = 1.128
D4 = 3.267
# A point on its limit is within it; floats put it a hair beyond.
HAIR = 1e-9


@dataclass(frozen=True)
class ControlChart:
    """A control chart: the points, its three lines, and the points that chance does not explain."""

    kind: str
    """The chart: "p" shares, "np" counts of defectives, "u" errors per unit, "xmr" single values, "mr" their ranges."""
    index: pd.Index
    """Labels of the points."""
    values: Floats
    """What is drawn."""
    centre: Floats
    """Centre line at each point."""
    lower: Floats
    """Lower control limit at each point, never below what is possible."""
    upper: Floats
    """Upper control limit at each point, never above what is possible."""
    signals: pd.DataFrame
    """A row for each signal: position (from 0), label, rule, and the rule's meaning in the columns en and zh."""
    limits_from: tuple[Any, ...]
    """Labels of the base period: the points that the lines were computed from."""
    ranges: ControlChart | None = None
    """With "xmr", the chart of moving ranges, whose first point is at the second label."""


def p_chart(
    defectives: ArrayLike, sample: ArrayLike, base: Any = None, rules: Sequence[str] = ("limit", "run")
) -> ControlChart:
    """Control chart of a share, such as contacts with a critical error of those monitored.

    Limits p_bar +- 3 sqrt(p_bar (1 - p_bar) / n), cut at 0 and 1; p_bar = sum of defectives / sum of samples.

    Parameters
    ----------
    defectives : array or Series
        Contacts with the property in each period; the index of a Series labels the points.
    sample : number or array
        Contacts checked in each period; limits are wider where they are few.
    base : int or array of bool, optional
        Points that give the limits: the first so many, or those marked True; None takes all.
    rules : sequence of str, optional
        Rules that give signals: "limit", "two_of_three", "four_of_five", "run", "trend" (see `RULES`).

    Returns
    -------
    ControlChart

    Notes
    -----
    Each rule more finds changes sooner and cries wolf oftener: by chance alone a signal comes every 370 points with
    "limit", 153 with "limit" and "run", 92 with the four of Western Electric (Champ and Woodall, Technometrics 29,
    1987). With unequal samples the rules look at each point's distance from the centre in its own standard errors.
    They suppose that p_bar n is about 5 or more. Thousands of contacts a day make limits too narrow: then draw the
    daily shares on an `xmr_chart`.

    Examples
    --------
    >>> chart = p_chart([12, 15, 8, 10, 4, 7, 24], 50, base=6)
    >>> float(chart.centre[0]), float(chart.lower[0]), float(chart.upper[0])
    (0.187, 0.021, 0.352)
    >>> chart.signals[["label", "rule", "en"]].to_numpy().tolist()
    [[7, 'limit', 'one point beyond a control limit']]
    >>> p_chart([3, 51], 50)
    Traceback (most recent call last):
    ValueError: defectives must not exceed the sample, got 51 of 50 at position 1

    References
    ----------
    D. C. Montgomery, Introduction to statistical quality control, 6th ed., 2009, section 7.2. NIST/SEMATECH e-Handbook
    of Statistical Methods, 6.3.3.2.
    """
    index, counts, size = _counted("defectives", defectives, "sample", sample)
    _not_more(counts, size)
    chosen = _base(base, counts.size)
    mean = counts[chosen].sum() / size[chosen].sum()
    return _chart("p", index, counts / size, mean, np.sqrt(mean * (1 - mean) / size), chosen, rules, most=1.0)


def np_chart(
    defectives: ArrayLike, sample: int, base: Any = None, rules: Sequence[str] = ("limit", "run")
) -> ControlChart:
    """Control chart of a number of defectives in samples of one size: limits n p_bar +- 3 sqrt(n p_bar (1 - p_bar)).

    Parameters
    ----------
    defectives : array or Series
        Contacts with the property in each sample.
    sample : int
        Contacts checked in every sample; for samples of different size there is `p_chart`.
    base : int or array of bool, optional
        Points that give the limits: the first so many, or those marked True; None takes all.
    rules : sequence of str, optional
        Rules that give signals, as in `p_chart`.

    Returns
    -------
    ControlChart

    Examples
    --------
    >>> chart = np_chart([12, 15, 8, 10, 4, 7], 50)
    >>> float(chart.centre[0]), float(chart.upper[0])
    (9.33, 17.6)
    """
    size = whole("sample", sample)
    index, counts, _ = _counted("defectives", defectives, "sample", size)
    _not_more(counts, np.full(counts.size, float(size)))
    chosen = _base(base, counts.size)
    mean = counts[chosen].mean()
    error = np.full(counts.size, np.sqrt(mean * (1 - mean / size)))
    return _chart("np", index, counts, mean, error, chosen, rules, most=float(size))


def u_chart(
    errors: ArrayLike, units: ArrayLike, base: Any = None, rules: Sequence[str] = ("limit", "run")
) -> ControlChart:
    """Control chart of errors per unit where a unit can have several: limits u_bar +- 3 sqrt(u_bar / n).

    Parameters
    ----------
    errors : array or Series
        Errors (or complaints) counted in each period.
    units : number or array
        Where they could happen: contacts checked, or thousands of contacts handled. 1 everywhere gives a c chart.
    base : int or array of bool, optional
        Points that give the limits: the first so many, or those marked True; None takes all.
    rules : sequence of str, optional
        Rules that give signals, as in `p_chart`.

    Returns
    -------
    ControlChart

    Examples
    --------
    Complaints, and thousands of calls, in five weeks:

    >>> chart = u_chart([14, 12, 20, 11, 7], [10, 8, 13, 10, 9.5])
    >>> chart.upper.round(2)
    array([2.34, 2.46, 2.2 , 2.34, 2.36])

    References
    ----------
    D. C. Montgomery, Introduction to statistical quality control, 6th ed., 2009, section 7.3.
    """
    index, counts, size = _counted("errors", errors, "units", units)
    chosen = _base(base, counts.size)
    mean = counts[chosen].sum() / size[chosen].sum()
    return _chart("u", index, counts / size, mean, np.sqrt(mean / size), chosen, rules)


def xmr_chart(values: ArrayLike, base: Any = None, rules: Sequence[str] = ("limit", "run")) -> ControlChart:
    """Control chart of single values (X) with their moving ranges (mR): limits mean +- 2.66 mean moving range.

    Parameters
    ----------
    values : array or Series
        One value per period, such as the AHT of each day, in order of time.
    base : int or array of bool, optional
        Points that give the limits: the first so many, or those marked True; None takes all. At least two neighbours.
    rules : sequence of str, optional
        Rules that give signals on the values, as in `p_chart`; the ranges have their upper limit 3.267 x mean alone.

    Returns
    -------
    ControlChart
        With the chart of moving ranges as `ranges`.

    Notes
    -----
    Weekdays that differ, or a trend, widen or break the limits: chart what is left after the weekday profile.

    Examples
    --------
    >>> chart = xmr_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> float(chart.centre[0]), float(chart.lower[0]), float(chart.upper[0])
    (50.81, 45.816, 55.804)
    >>> float(chart.ranges.upper[0])
    6.13

    References
    ----------
    D. J. Wheeler, Understanding variation, 2nd ed., 2000. NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2.
    """
    series = numbers("values", values)
    if series.ndim != 1 or series.size < 2:
        raise ValueError(f"values must be a list of at least two values, got shape {series.shape}")
    chosen = _base(base, series.size)
    ranges = np.abs(np.diff(series))
    neighbours = chosen[1:] & chosen[:-1]
    if not neighbours.any():
        raise ValueError("base must hold at least two neighbouring points, got none")
    mean_range = float(ranges[neighbours].mean())
    index = _labels(values, series.size)
    error = np.full(series.size, mean_range / D2)
    below = np.full(ranges.size, mean_range * (D4 - 1) / 3)
    moving = _chart("mr", index[1:], ranges, mean_range, below, neighbours, ("limit",))
    return _chart(
        "xmr", index, series, float(series[chosen].mean()), error, chosen, rules, least=-np.inf, ranges=moving
    )


def _counted(name: str, counts: Any, size_name: str, sizes: Any) -> tuple[pd.Index, Floats, Floats]:
    """Labels, counts and sizes of the points, in one length."""
    found = numbers(name, counts, least=0)
    if found.ndim != 1:
        raise ValueError(f"{name} must be a list with a count per point, got shape {found.shape}")
    if (found != np.floor(found)).any():
        raise ValueError(f"{name} must be whole numbers, got a fraction")
    size = numbers(size_name, sizes, above=0)
    if size.ndim and size.shape != found.shape:
        raise ValueError(f"{name} and {size_name} must be of one length, got {found.size} and {size.size}")
    if isinstance(counts, pd.Series) and isinstance(sizes, pd.Series) and not counts.index.equals(sizes.index):
        raise ValueError(f"{name} and {size_name} must have the same index, got two different ones")
    return _labels(counts, found.size), found, np.broadcast_to(size, found.shape).astype(np.float64)


def _labels(values: Any, length: int) -> pd.Index:
    return values.index if isinstance(values, pd.Series) else pd.RangeIndex(1, length + 1)


def _not_more(counts: Floats, size: Floats) -> None:
    if (bad := counts > size).any():
        at = int(np.argmax(bad))
        raise ValueError(f"defectives must not exceed the sample, got {counts[at]:g} of {size[at]:g} at position {at}")


def _base(base: Any, length: int) -> NDArray[np.bool_]:
    """Which points give the limits."""
    if base is None:
        return np.ones(length, dtype=np.bool_)
    if not hasattr(base, "__len__") or isinstance(base, str):
        return np.arange(length) < whole("base", base, most=length)
    chosen = pd.Series(base).to_numpy() if isinstance(base, (list, tuple)) else np.asarray(base)
    if chosen.dtype != np.bool_ or chosen.shape != (length,):
        raise ValueError(f"base must be a number of points or True or False for each of the {length} points")
    if not chosen.any():
        raise ValueError("base must hold at least one point, got none")
    return chosen


def _chart(
    kind: str,
    index: pd.Index,
    values: Floats,
    mean: float,
    error: Floats,
    chosen: NDArray[np.bool_],
    rules: Sequence[str],
    least: float = 0.0,
    most: float = np.inf,
    ranges: ControlChart | None = None,
) -> ControlChart:
    """The chart from its centre and the standard error at each point."""
    centre = np.full(values.size, float(mean))
    away = values - centre
    away[np.abs(away) <= HAIR * max(abs(float(mean)), 1e-300)] = 0.0
    # No spread in the base period: any other value is beyond every limit.
    distance = np.where(away == 0, 0.0, np.copysign(np.inf, away))
    np.divide(away, error, out=distance, where=error > 0)
    return ControlChart(
        kind=kind,
        index=index,
        values=values.copy(),
        centre=centre,
        lower=np.clip(centre - 3 * error, least, most),
        upper=np.clip(centre + 3 * error, least, most),
        signals=_signals(distance, values, index, rules),
        limits_from=tuple(index[chosen]),
        ranges=ranges,
    )


def _signals(distance: Floats, values: Floats, index: pd.Index, rules: Sequence[str]) -> pd.DataFrame:
    """A row for each point at which a rule is broken; the point that completes the pattern."""
    if isinstance(rules, (str, bytes)) or not hasattr(rules, "__len__") or not len(rules):
        came = repr(rules) if isinstance(rules, (str, bytes)) or not hasattr(rules, "__len__") else "none"
        raise TypeError(f"rules must be a list of rules, such as ('limit', 'run'), got {came}")
    rows = []
    for rule in RULES:
        if rule in [choice("rules", chosen, RULES) for chosen in rules]:
            for at in np.flatnonzero(_broken(rule, distance, values)):
                rows.append((int(at), index[at], rule, RULES[rule].en, RULES[rule].zh))
    table = pd.DataFrame(rows, columns=["position", "label", "rule", "en", "zh"])
    return table.sort_values("position", kind="stable", ignore_index=True)


def _broken(rule: str, distance: Floats, values: Floats) -> NDArray[np.bool_]:
    if rule == "limit":
        return np.abs(distance) > 3 + HAIR
    if rule == "trend":
        steps = np.sign(np.diff(values, prepend=values[:1]))
        return _at_least(steps > 0, 5, 5) | _at_least(steps < 0, 5, 5)
    beyond, wanted, window = {"two_of_three": (2, 2, 3), "four_of_five": (1, 4, 5), "run": (0, 8, 8)}[rule]
    hair = HAIR if beyond else 0.0
    up, down = distance > beyond + hair, -distance > beyond + hair
    return (_at_least(up, wanted, window) & up) | (_at_least(down, wanted, window) & down)


def _at_least(hit: NDArray[np.bool_], wanted: int, window: int) -> NDArray[np.bool_]:
    """Points at which `wanted` of the last `window` points were hits."""
    total = np.concatenate([np.zeros(window, dtype=np.int64), np.cumsum(hit)])
    enough: NDArray[np.bool_] = total[window:] - total[:-window] >= wanted
    return enough
