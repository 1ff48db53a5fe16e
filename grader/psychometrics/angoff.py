"""A panel's ratings to a cut score: modified Angoff, with the spread of the judges and the error of the cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ..errors import InputError

__all__ = ["AngoffCut", "JudgeFigures", "JudgedItem", "angoff"]

_WIDE = 0.15
"""Spread (standard deviation) of the judges on one item from which the panel talks about it again."""


@dataclass(frozen=True)
class JudgeFigures:
    """One judge beside the others."""

    judge: str
    cut: float
    """The cut that this judge's ratings alone would give, in points."""
    spread: float
    """Standard deviation of the judge's ratings: one near 0 told no item from another."""
    agreement: float | None
    """Correlation with the mean of the other judges over the items; None when one side told no item from another."""


@dataclass(frozen=True)
class JudgedItem:
    """One item in the eyes of the panel; ratings are shares."""

    item: str
    mean: float
    spread: float
    low: float
    high: float
    discuss: bool
    """Whether the judges lie so far apart that the panel should talk about the item."""


@dataclass(frozen=True)
class AngoffCut:
    """The cut in points with its error."""

    points: float
    se: float
    """Standard error: spread of the judges' cuts / sqrt(judges). Another panel of the same size on the same form would
    land within it two times in three."""
    judges: tuple[JudgeFigures, ...]
    items: tuple[JudgedItem, ...]


def angoff(ratings: Mapping[str, Mapping[str, float]], points: Mapping[str, float]) -> AngoffCut:
    """The panel's cut: the mean over judges of the points that each expects of somebody who just qualifies.

    ``ratings`` is judge to item to the share (0 to 1) of just-qualified candidates who answer it; for an item with
    partial credit, the mean share of its points that they earn. ``points`` is what each item can earn.

    References:
        W. H. Angoff, in R. L. Thorndike (ed.), *Educational Measurement*, 2nd ed., 1971, p. 514-515. R. L. Brennan,
        R. E. Lockwood, "A comparison of the Nedelsky and Angoff cutting score procedures using generalizability
        theory", *Applied Psychological Measurement* 4, 1980, 219-240.
    """
    if len(ratings) < 2:
        raise InputError(f"a cut with an error wants two judges or more, got {len(ratings)}")
    items = list(points)
    for judge, given in ratings.items():
        if set(given) != set(items):
            odd = sorted(set(given) ^ set(items))
            raise InputError(f"judge {judge} rates each item of the form once; look at {', '.join(odd)}")
        if not all(0 <= share <= 1 for share in given.values()):
            raise InputError(f"judge {judge} gives a rating that is no share from 0 to 1")
    grid = np.array([[given[item] for item in items] for given in ratings.values()], dtype=float)
    cuts = grid @ np.array([points[item] for item in items], dtype=float)
    judges = tuple(
        JudgeFigures(judge, float(cut), float(row.std(ddof=1)), _agreement(grid, number))
        for number, (judge, cut, row) in enumerate(zip(ratings, cuts, grid, strict=True))
    )
    spreads = grid.std(axis=0, ddof=1)
    judged = tuple(
        JudgedItem(item, float(row.mean()), float(spread), float(row.min()), float(row.max()), bool(spread > _WIDE))
        for item, row, spread in zip(items, grid.T, spreads, strict=True)
    )
    return AngoffCut(float(cuts.mean()), float(cuts.std(ddof=1)) / sqrt(len(cuts)), judges, judged)


def _agreement(grid: np.ndarray, number: int) -> float | None:
    own, others = grid[number], np.delete(grid, number, axis=0).mean(axis=0)
    if np.ptp(own) < 1e-12 or np.ptp(others) < 1e-12:
        return None
    return float(np.corrcoef(own, others)[0, 1])
