"""Agreement of assessors on categories: Cohen's, weighted and Fleiss' kappa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from .._checks import Floats, choice, numbers
from .._counts import z_value
from .._guards import one_share, switch
from ._ratings import Objects, mark_list, mark_positions, rating_grid, same_kind

__all__ = ["Agreement", "cohen_kappa", "counts_of", "fleiss_kappa"]


@dataclass(frozen=True)
class Agreement:
    """How far raters agree on the same contacts."""

    kappa: float
    """Kappa, (observed - chance) / (1 - chance): 1 is full agreement, 0 what chance gives."""
    observed: float
    """Share of contacts (with several raters: of pairs of raters) with the same mark, weighted if so asked."""
    chance: float
    """Share that would agree if all marked at random in their own proportions."""
    standard_error: float
    """Large-sample standard error of kappa."""
    lower: float
    """Lower limit of the confidence interval of kappa."""
    upper: float
    """Upper limit of the confidence interval of kappa."""


def cohen_kappa(
    first: Sequence[Any],
    second: Sequence[Any],
    weights: str | None = None,
    order: Sequence[Any] | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Agreement of two raters who marked the same contacts, corrected for chance (Cohen's kappa).

    kappa = (P_o - P_e) / (1 - P_e). With weights, a mark next to the other rater's counts as part agreement:
    1 - d / d_max ("linear") or 1 - (d / d_max)^2 ("quadratic"), d the distance of the two marks on the scale.

    Parameters
    ----------
    first : sequence
        Marks of the first rater, one per contact; numbers or words.
    second : sequence
        Marks of the second rater for the same contacts in the same order.
    weights : str, optional
        "linear" or "quadratic" for marks on a scale; None (the default) counts only equal marks as agreement.
    order : sequence, optional
        All words of the scale from lowest to highest, needed when the marks are words and weights are given; neighbours
        are one step apart. Numbers are as far apart as their difference.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Agreement
        Report `observed` beside `kappa`: with very uneven marks kappa is low although nearly all marks agree.

    Examples
    --------
    60 contacts pass with both raters, 25 fail with both, 15 are split:

    >>> one = ["pass"] * 60 + ["pass"] * 10 + ["fail"] * 5 + ["fail"] * 25
    >>> two = ["pass"] * 60 + ["fail"] * 10 + ["pass"] * 5 + ["fail"] * 25
    >>> found = cohen_kappa(one, two)
    >>> found.kappa, found.observed, found.chance
    (0.659, 0.85, 0.56)
    >>> found.lower, found.upper
    (0.50, 0.82)
    >>> cohen_kappa([1, 2, 3, 3], [1, 3, 3, 2], weights="linear").kappa
    0.5
    >>> cohen_kappa(["pass"], ["pass", "fail"])
    Traceback (most recent call last):
    ValueError: first and second must mark the same contacts, got 1 and 2 marks

    References
    ----------
    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 1960, 37-46.
    J. L. Fleiss, J. Cohen, B. S. Everitt, Large sample standard errors of kappa and weighted kappa, Psychological
    Bulletin 72, 1969, 323-327.
    """
    one, two = mark_list("first", first), mark_list("second", second)
    if len(one) != len(two):
        raise ValueError(f"first and second must mark the same contacts, got {len(one)} and {len(two)} marks")
    both = one + two
    words = same_kind("the marks", both)
    if len(set(both)) == 1:
        raise ValueError(f"the raters must use at least two different marks, got only {one[0]!r}: kappa does not exist")
    kinds, positions = mark_positions(both, order, words and weights is not None)
    agree = _agreement_weights(positions, weights)
    at = {mark: place for place, mark in enumerate(kinds)}
    table = np.zeros((len(kinds), len(kinds)))
    np.add.at(table, ([at[mark] for mark in one], [at[mark] for mark in two]), 1 / len(one))
    return _kappa_of_table(table, agree, len(one), z_value(confidence))


def _agreement_weights(positions: Floats, weights: str | None) -> Floats:
    """How much each pair of marks counts as agreement, 1 on the diagonal."""
    if weights is None:
        return np.eye(positions.size)
    power = {"linear": 1, "quadratic": 2}[choice("weights", weights, ("linear", "quadratic"))]
    distance = np.abs(positions[:, None] - positions[None, :])
    agree: Floats = 1 - (distance / distance.max()) ** power
    return agree


def _kappa_of_table(table: Floats, agree: Floats, contacts: int, z: float) -> Agreement:
    """Kappa of a table of shares with the standard error of Fleiss, Cohen and Everitt."""
    rows, cols = table.sum(axis=1), table.sum(axis=0)
    observed, chance = float((table * agree).sum()), float(rows @ agree @ cols)
    kappa = (observed - chance) / (1 - chance)
    by_margin = (agree @ cols)[:, None] + (rows @ agree)[None, :]
    spread = float((table * (agree - by_margin * (1 - kappa)) ** 2).sum()) - (kappa - chance * (1 - kappa)) ** 2
    error = float(np.sqrt(max(spread, 0.0) / contacts)) / (1 - chance)
    return _agreement(kappa, observed, chance, error, z)


def _agreement(kappa: float, observed: float, chance: float, error: float, z: float) -> Agreement:
    return Agreement(kappa, observed, chance, error, max(kappa - z * error, -1.0), min(kappa + z * error, 1.0))


def fleiss_kappa(ratings: Any, counts: bool = False, confidence: float = 0.95) -> Agreement:
    """Agreement of several raters on categories, corrected for chance (Fleiss' kappa).

    Parameters
    ----------
    ratings : DataFrame or table
        One row per contact, one column per rater, each cell the mark (a number or a word). The raters of one contact
        need not be those of the next, but their number is the same.
    counts : bool, optional
        True when the columns are the possible marks instead, and each cell counts the raters who gave it.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Agreement
        The interval is for a sample of contacts and these raters (t distribution, Gwet's variance).

    Examples
    --------
    >>> fleiss_kappa([["pass", "pass", "pass"], ["fail", "fail", "fail"], ["pass", "pass", "fail"]]).kappa
    0.55
    >>> fleiss_kappa([[3, 0], [0, 3], [2, 1]], counts=True).kappa
    0.55
    >>> fleiss_kappa([["pass"], ["fail"]])
    Traceback (most recent call last):
    ValueError: ratings must have at least two raters (columns), got 1

    References
    ----------
    J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76, 1971, 378-382.
    K. L. Gwet, Large-sample variance of Fleiss generalized kappa, Educational and Psychological Measurement 81, 2021,
    781-790.
    """
    table = _given_counts(ratings) if switch("counts", counts) else counts_of(rating_grid("ratings", ratings))[0]
    contacts, raters = table.shape[0], float(table[0].sum())
    use = table.sum(axis=0) / table.sum()
    if (use == 1).any():
        raise ValueError("the raters must use at least two different marks, got only one: kappa does not exist")
    agree = ((table**2).sum(axis=1) - raters) / (raters * (raters - 1))
    observed, chance = float(agree.mean()), float(use @ use)
    kappa = (observed - chance) / (1 - chance)
    by_contact = (agree - chance - 2 * (1 - kappa) * (table @ use / raters - chance)) / (1 - chance)
    error = float(np.sqrt(((by_contact - kappa) ** 2).sum() / (contacts * (contacts - 1))))
    level = (1 + one_share("confidence", confidence, zero=False, one=False)) / 2
    return _agreement(kappa, observed, chance, error, float(stdtrit(contacts - 1, level)))


def counts_of(grid: Objects, order: Sequence[Any] | None = None, scaled: bool = False) -> tuple[Floats, Floats]:
    """How often each mark (column, in order of the scale) was given to each contact (row), and where the marks lie."""
    there = np.array([[mark is not None for mark in row] for row in grid])
    kinds, positions = mark_positions(list(grid[there]), order, scaled)
    at = {mark: place for place, mark in enumerate(kinds)}
    table = np.zeros((grid.shape[0], len(kinds)))
    np.add.at(table, (np.nonzero(there)[0], np.array([at[mark] for mark in grid[there]])), 1)
    return table, positions


def _given_counts(counts: Any) -> Floats:
    table = numbers("ratings", counts, least=0)
    if table.ndim != 2 or table.shape[1] < 2 or table.shape[0] < 2:
        raise ValueError(f"ratings must be a table of contacts by marks, at least two of each, got shape {table.shape}")
    if (table != np.floor(table)).any():
        raise ValueError("ratings must be whole numbers of raters when counts=True, got a fraction")
    raters = table.sum(axis=1)
    if (odd := raters != raters[0]).any():
        at = int(np.argmax(odd))
        raise ValueError(
            f"every contact must have the same number of raters, got {raters[0]:g} in row 0 and "
            f"{raters[at]:g} in row {at}"
        )
    if raters[0] < 2:
        raise ValueError(f"ratings must have at least two raters per contact, got {raters[0]:g}")
    return table
