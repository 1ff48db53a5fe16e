"""Agreement of any number of assessors at any level of measurement, marks missing or not: Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice, numbers, whole
from .._guards import limited, one_share
from ._agreement import counts_of
from ._ratings import rating_grid, same_kind

__all__ = ["Alpha", "krippendorff_alpha"]

LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha with what it was computed from."""

    alpha: float
    """1 - observed / expected disagreement: 1 is full agreement, 0 what chance gives, below 0 worse than chance."""
    observed_disagreement: float
    """Mean squared difference of marks for the same contact."""
    expected_disagreement: float
    """Mean squared difference of all marks, whichever contact they belong to."""
    contacts: int
    """Contacts with at least two marks; others say nothing about agreement."""
    marks: int
    """Marks on those contacts."""
    lower: float | None
    """Lower limit of the bootstrap interval; None without resamples."""
    upper: float | None
    """Upper limit of the bootstrap interval; None without resamples."""


def krippendorff_alpha(
    ratings: Any,
    level: str = "nominal",
    order: Sequence[Any] | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> Alpha:
    """Agreement of any number of raters at any level of measurement, some marks missing (Krippendorff's alpha).

    alpha = 1 - D_o / D_e, the disagreement within contacts over the disagreement among all marks.

    Parameters
    ----------
    ratings : DataFrame or table
        One row per contact, one column per rater; nan or None where a rater did not mark the contact.
    level : str, optional
        What differences mean: "nominal" (equal or not), "ordinal" (ranks), "interval" (differences, such as scores),
        "ratio" (relative differences of numbers from 0 up, such as durations).
    order : sequence, optional
        All words of the scale from lowest to highest, for ordinal marks that are words.
    resamples : int, optional
        Bootstrap samples of contacts for the interval; 0 gives none. 1,000 take well under a second.
    confidence : float, optional
        Share of such intervals that hold the truth.
    seed : int, optional
        Start of the random numbers of the bootstrap.

    Returns
    -------
    Alpha

    Notes
    -----
    Contacts with one mark are left out. Resamples in which all marks are the same say nothing and are left out too.

    Examples
    --------
    >>> marks = [[1, 1, None], [2, 2, 3], [3, 3, 3], [None, 1, 1]]
    >>> krippendorff_alpha(marks).alpha
    0.719
    >>> krippendorff_alpha(marks, level="interval").alpha
    0.888
    >>> krippendorff_alpha([["good", "bad"], ["bad", "bad"]], level="interval")
    Traceback (most recent call last):
    TypeError: level 'interval' needs marks that are numbers, got words such as 'good'

    References
    ----------
    K. Krippendorff, Computing Krippendorff's alpha-reliability, University of Pennsylvania, 2011.
    """
    choice("level", level, LEVELS)
    limited("resamples", resamples, 0, 1_000_000)
    whole("seed", seed, least=0)
    level_share = one_share("confidence", confidence, zero=False, one=False)
    table, positions = _tabled(ratings, level, order)
    if level == "ratio" and positions.min() < 0:
        raise ValueError(f"level 'ratio' needs marks of 0 or more, got {positions.min():g}")
    if np.count_nonzero(table.sum(axis=0)) == 1:
        raise ValueError("the raters must use at least two different marks, got only one: alpha does not exist")
    measure = _disagreements(table, positions, level)
    observed, expected = measure(np.ones(len(table)))
    lower, upper = _bootstrap(measure, len(table), resamples, level_share, seed) if resamples else (None, None)
    return Alpha(1 - observed / expected, observed, expected, len(table), int(table.sum()), lower, upper)


def _tabled(ratings: Any, level: str, order: Sequence[Any] | None) -> tuple[Floats, Floats]:
    """`counts_of` of the contacts with two marks or more."""
    scores = _scores(ratings) if order is None else None
    if scores is not None:
        scores = scores[(~np.isnan(scores)).sum(axis=1) > 1]
        if scores.size:
            there = ~np.isnan(scores)
            kinds, place = np.unique(scores[there], return_inverse=True)
            cells = np.bincount(np.nonzero(there)[0] * kinds.size + place, minlength=len(scores) * kinds.size)
            return cells.reshape(len(scores), kinds.size).astype(np.float64), numbers("the marks", kinds)
    grid = rating_grid("ratings", ratings, missing=True)
    grid = grid[[sum(mark is not None for mark in row) > 1 for row in grid]]
    if not grid.shape[0]:
        raise ValueError("ratings must hold at least one contact with two marks, got none")
    words = same_kind("ratings", [mark for row in grid for mark in row if mark is not None])
    if words and level in ("interval", "ratio"):
        word = next(mark for row in grid for mark in row if mark is not None)
        raise TypeError(f"level {level!r} needs marks that are numbers, got words such as {word!r}")
    return counts_of(grid, order, words and level == "ordinal")


def _scores(ratings: Any) -> Floats | None:
    """Ratings that are a table of plain numbers, nan where one is missing; None for all others."""
    if isinstance(ratings, pd.DataFrame) and all(getattr(kind, "kind", "O") in "iuf" for kind in ratings.dtypes):
        ratings = ratings.to_numpy(np.float64, na_value=np.nan)
    if isinstance(ratings, np.ndarray) and ratings.ndim == 2 and ratings.dtype.kind in "iuf" and ratings.shape[1] > 1:
        return np.asarray(ratings, dtype=np.float64)
    return None


def _disagreements(table: Floats, positions: Floats, level: str) -> Callable[[Floats], tuple[float, float]]:
    """What gives the observed and expected disagreement when each contact counts so many times.

    Squared differences of all pairs need no pairs: they sum to twice n sum(x^2) - sum(x)^2.
    """
    row, kind = np.nonzero(table)
    often, marks = table[row, kind], table.sum(axis=1)
    metric = _relative(positions) if level == "ratio" else None
    among = ((table @ metric) * table).sum(axis=1) if metric is not None else marks**2 - (table**2).sum(axis=1)
    first = kind[np.searchsorted(row, np.arange(len(table)))]

    def squares(at: Floats) -> Floats:
        """Within contacts: from the first mark on, so that equal marks give exactly 0."""
        far = at[kind] - at[first][row]
        once, twice = (np.bincount(row, often * some, minlength=len(table)) for some in (far, far * far))
        return np.asarray(2 * (marks * twice - once * once))

    if level == "interval":
        among = squares(positions)

    def measure(times: Floats) -> tuple[float, float]:
        used = times @ table
        total = used.sum()
        at = np.cumsum(used) - used / 2 if level == "ordinal" else positions
        apart: Any
        if metric is not None:
            apart = used @ metric @ used
        elif level == "nominal":
            apart = total**2 - used @ used
        else:
            apart = 2 * total * (used @ (at - used @ at / total) ** 2) if np.count_nonzero(used) > 1 else 0.0
        within = squares(at) if level == "ordinal" else among
        return float(times @ (within / (marks - 1)) / total), float(apart / (total * (total - 1)))

    return measure


def _relative(positions: Floats) -> Floats:
    """Squared difference of each pair of marks over their sum."""
    total = positions[:, None] + positions[None, :]
    difference = positions[:, None] - positions[None, :]
    shares: Floats = np.divide(difference, total, out=np.zeros_like(difference), where=total > 0) ** 2
    return shares


def _bootstrap(
    measure: Callable[[Floats], tuple[float, float]], n: int, resamples: int, confidence: float, seed: int
) -> tuple[float, float]:
    """Percentile interval of alpha over resamples of n contacts."""
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float64)
    pairs = [measure(times) for times in draws]
    alphas = [1 - observed / expected for observed, expected in pairs if expected > 0]
    if not alphas:
        raise ValueError("ratings must differ in more contacts for a bootstrap interval, got only equal marks")
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(alphas, [tail, 1 - tail])
    return float(lower), float(upper)
