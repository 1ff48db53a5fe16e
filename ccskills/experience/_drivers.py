"""Which drivers move satisfaction, and where to begin: importance by regression, importance against performance."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, columns, numbers
from .._text import Text

__all__ = ["QUADRANTS", "driver_importance", "importance_performance"]

MOST_DRIVERS = 12
LARGEST = 1e100

QUADRANTS: dict[str, Text] = {
    "improve_first": Text("improve first", "优先改进"),
    "keep_up": Text("keep up", "继续保持"),
    "later": Text("later", "暂缓"),
    "do_not_overdo": Text("do not overdo", "不必过度"),
}
"""The corners of the importance-performance grid."""


def driver_importance(drivers: pd.DataFrame, outcome: Any) -> pd.DataFrame:
    """How much of the variance of an outcome each driver accounts for, when drivers are correlated (Shapley, LMG).

    Formula: the importance of a driver is the rise of R2 when it is added, averaged over all orders in which the
    drivers can be added. The importances add up to R2.

    Parameters
    ----------
    drivers : DataFrame
        One row per answer, one column per driver; up to 12 drivers.
    outcome : array or Series
        Satisfaction in the same rows.

    Returns
    -------
    DataFrame
        Indexed by driver, most important first: correlation (with the outcome), beta (standardised regression
        coefficient), importance, share (importance / R2). ``attrs["r_squared"]`` and ``attrs["answers"]``.

    Notes
    -----
    Importance of a survey is association: whoever is pleased praises everything. With fewer than about 20 answers per
    driver the order is not safe.

    Examples
    --------
    Two drivers that measure nearly the same share what they explain, where beta gives it to one:

    >>> rng = np.random.default_rng(1)
    >>> solved = rng.normal(size=500)
    >>> answers = pd.DataFrame({"solved": solved, "knowledge": solved + rng.normal(0, 0.3, 500),
    ...                         "wait": rng.normal(size=500)})
    >>> table = driver_importance(answers, solved + 0.5 * answers["wait"] + rng.normal(size=500))
    >>> table[["beta", "importance"]].round(2)
               beta  importance
    driver
    solved     0.54        0.23
    knowledge  0.11        0.21
    wait       0.34        0.12
    >>> driver_importance(answers.assign(copy=answers["wait"]), solved)
    Traceback (most recent call last):
    ValueError: drivers must not follow from each other, got a column that the others give

    References
    ----------
    R. H. Lindeman, P. F. Merenda and R. Z. Gold, Introduction to bivariate and multivariate analysis, 1980;
    U. Groemping, Relative importance for linear regression in R: the package relaimpo, Journal of Statistical Software
    17(1), 2006.
    """
    names, matrix, with_outcome, rows = _correlations(drivers, outcome)
    explained = _explained(matrix, with_outcome)
    count = len(names)
    importance = np.zeros(count)
    for subset, before in explained.items():
        if len(subset) == count:
            continue
        weight = 1 / (count * comb(count - 1, len(subset)))
        for driver in set(range(count)) - set(subset):
            importance[driver] += weight * (explained[tuple(sorted((*subset, driver)))] - before)
    total = explained[tuple(range(count))]
    table = pd.DataFrame(
        {
            "correlation": with_outcome,
            "beta": np.linalg.solve(matrix, with_outcome),
            "importance": importance,
            "share": importance / total if total > 0 else np.zeros(count),
        },
        index=pd.Index(names, name="driver"),
    ).sort_values("importance", ascending=False, kind="stable")
    table.attrs.update({"r_squared": total, "answers": rows})
    return table


def _correlations(drivers: pd.DataFrame, outcome: Any) -> tuple[list[Any], Floats, Floats, int]:
    """Names, correlations among drivers, correlations with the outcome, number of answers."""
    frame = columns("drivers", drivers, [])
    if isinstance(outcome, pd.Series) and not outcome.index.equals(frame.index):
        raise ValueError("drivers and outcome must have the same index, got two different ones")
    names = list(frame.columns)
    if not 1 <= len(names) <= MOST_DRIVERS:
        raise ValueError(f"drivers must be from 1 to {MOST_DRIVERS} columns, got {len(names)}")
    values = np.column_stack([numbers(f"the driver {name}", frame[name]) for name in names])
    result = np.atleast_1d(numbers("outcome", outcome))
    if result.shape != (len(frame),):
        raise ValueError(f"outcome must have one value per row of drivers ({len(frame)}), got shape {result.shape}")
    if len(frame) < len(names) + 2:
        raise ValueError(f"drivers must have at least {len(names) + 2} rows for {len(names)} drivers, got {len(frame)}")
    for name, column in (*zip(names, values.T, strict=True), ("outcome", result)):
        if np.ptp(column) == 0:
            raise ValueError(f"{name} must vary, got {column[0]:g} in every row")
    if max(float(np.abs(values).max()), float(np.abs(result).max())) > LARGEST:
        raise ValueError(f"drivers and outcome must be scores, got values above {LARGEST:g}")
    joint = np.asarray(np.corrcoef(np.column_stack([values, result]), rowvar=False))
    if np.linalg.eigvalsh(joint[:-1, :-1])[0] < 1e-10:
        raise ValueError("drivers must not follow from each other, got a column that the others give")
    return names, joint[:-1, :-1], joint[:-1, -1], len(frame)


def _explained(matrix: Floats, with_outcome: Floats) -> dict[tuple[int, ...], float]:
    """R2 of every set of drivers, all sets of one size at once."""
    found: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, len(with_outcome) + 1):
        sets = np.array(list(combinations(range(len(with_outcome)), size)))
        inner = matrix[sets[:, :, None], sets[:, None, :]]
        right = with_outcome[sets]
        solved = np.linalg.solve(inner, right[:, :, None])[:, :, 0]
        found.update(zip(map(tuple, sets.tolist()), (right * solved).sum(axis=1).tolist(), strict=True))
    return found


def importance_performance(importance: pd.Series, performance: pd.Series, language: str = "en") -> pd.DataFrame:
    """Drivers in four corners: what matters and goes badly comes first.

    Parameters
    ----------
    importance : Series
        Importance by driver, in any unit, as from `driver_importance`.
    performance : Series
        Mean score of the same drivers.
    language : str, optional
        "en" or "zh", the language of the corner.

    Returns
    -------
    DataFrame
        Indexed by driver, most important first: importance, performance, quadrant (see `QUADRANTS`). A driver matters
        when it is at or above the median importance, and goes well when it is at or above the mean performance.

    Examples
    --------
    >>> importance_performance(
    ...     pd.Series({"solved": 0.32, "wait": 0.20, "tone": 0.12, "menu": 0.05}),
    ...     pd.Series({"solved": 3.6, "wait": 4.1, "tone": 4.6, "menu": 3.4}),
    ... )
            importance  performance       quadrant
    driver
    solved        0.32          3.6  improve first
    wait          0.20          4.1        keep up
    tone          0.12          4.6  do not overdo
    menu          0.05          3.4          later

    References
    ----------
    J. A. Martilla and J. C. James, Importance-performance analysis, Journal of Marketing 41(1), 1977, 77-79.
    """
    for name, series in (("importance", importance), ("performance", performance)):
        if not isinstance(series, pd.Series):
            raise TypeError(f"{name} must be a pandas Series by driver, got {type(series).__name__}")
    twice = not (importance.index.is_unique and performance.index.is_unique)
    if twice or set(importance.index) != set(performance.index):
        raise ValueError("importance and performance must name the same drivers once each, got different ones")
    weight = pd.Series(numbers("importance", importance), index=importance.index)
    done = pd.Series(numbers("performance", performance), index=performance.index).reindex(weight.index)
    matters, good = weight >= weight.median(), done >= done.mean()
    corner = np.select(
        [matters & ~good, matters & good, ~matters & good], ["improve_first", "keep_up", "do_not_overdo"], "later"
    )
    table = pd.DataFrame(
        {
            "importance": weight,
            "performance": done,
            "quadrant": [QUADRANTS[word].say(language) for word in corner],
        }
    ).rename_axis("driver")
    return table.sort_values("importance", ascending=False, kind="stable")
