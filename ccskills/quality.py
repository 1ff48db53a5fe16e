"""Statistics of quality monitoring: do the assessors agree, and how much does a sample say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from ._checks import numbers, share

__all__ = ["Agreement", "Interval", "cohen_kappa", "critical_error_accuracy", "wilson_interval"]


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree on the same contacts."""

    kappa: float
    """Cohen's kappa, (observed - chance) / (1 - chance): 1 is full agreement, 0 what chance gives."""
    observed: float
    """Share of contacts with the same mark."""
    chance: float
    """Share that would agree if both marked at random in their own proportions."""


@dataclass(frozen=True)
class Interval:
    """A share with the limits that the sample supports."""

    share: float
    lower: float
    upper: float


def cohen_kappa(first: Sequence[Any], second: Sequence[Any]) -> Agreement:
    """Agreement of two raters who marked the same contacts, corrected for chance (Cohen's kappa).

    Parameters
    ----------
    first : sequence
        Marks of the first rater, one per contact; numbers or words.
    second : sequence
        Marks of the second rater for the same contacts in the same order.

    Returns
    -------
    Agreement
        Report `observed` beside `kappa`: with very uneven marks kappa is low although nearly all marks agree.

    Examples
    --------
    60 contacts pass with both raters, 25 fail with both, 15 are split:

    >>> one = ["pass"] * 60 + ["pass"] * 10 + ["fail"] * 5 + ["fail"] * 25
    >>> two = ["pass"] * 60 + ["fail"] * 10 + ["pass"] * 5 + ["fail"] * 25
    >>> cohen_kappa(one, two)
    Agreement(kappa=0.659, observed=0.85, chance=0.56)
    >>> cohen_kappa(["pass"], ["pass", "fail"])
    Traceback (most recent call last):
    ValueError: first and second must mark the same contacts, got 1 and 2 marks

    References
    ----------
    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 1960, 37-46.
    """
    one, two = list(first), list(second)
    if len(one) != len(two):
        raise ValueError(f"first and second must mark the same contacts, got {len(one)} and {len(two)} marks")
    if not one:
        raise ValueError("first and second must hold at least one mark, got none")
    for name, marks in (("first", one), ("second", two)):
        for at, mark in enumerate(marks):
            if mark is None or mark != mark:
                raise ValueError(f"{name} must hold a mark for every contact, got {mark} at position {at}")
    kinds = {mark: at for at, mark in enumerate(dict.fromkeys(one + two))}
    if len(kinds) == 1:
        raise ValueError(f"the raters must use at least two different marks, got only {one[0]!r}: kappa does not exist")
    table = np.zeros((len(kinds), len(kinds)))
    np.add.at(table, ([kinds[mark] for mark in one], [kinds[mark] for mark in two]), 1 / len(one))
    observed, chance = float(np.trace(table)), float(table.sum(axis=1) @ table.sum(axis=0))
    return Agreement(kappa=(observed - chance) / (1 - chance), observed=observed, chance=chance)


def wilson_interval(hits: int, sample: int, confidence: float = 0.95) -> Interval:
    """The range of the true share that a sample supports (Wilson's score interval).

    Parameters
    ----------
    hits : int
        Contacts of the sample with the property, for example without a critical error.
    sample : int
        Contacts in the sample.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Interval

    Examples
    --------
    Five contacts a month can support coaching, not dismissal:

    >>> wilson_interval(4, 5)
    Interval(share=0.8, lower=0.376, upper=0.964)

    References
    ----------
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927, 209-212.
    """
    n = float(numbers("sample", sample, above=0))
    k = float(numbers("hits", hits, least=0))
    if k > n:
        raise ValueError(f"hits must not exceed the sample, got {k:g} of {n:g}")
    z = float(ndtri((1 + float(share("confidence", confidence, zero=False, one=False))) / 2))
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
    lower, upper = (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)
    return Interval(share=p, lower=max(lower, 0.0), upper=min(upper, 1.0))


def critical_error_accuracy(errors: ArrayLike, confidence: float = 0.95) -> Interval:
    """Contacts without a critical error of one class / contacts monitored, with its Wilson interval.

    Parameters
    ----------
    errors : array
        Critical errors of that class found in each monitored contact; one figure per class, never a blend.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Interval

    Examples
    --------
    >>> critical_error_accuracy([0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    Interval(share=0.9, lower=0.596, upper=0.982)
    """
    counts = numbers("errors", errors, least=0).ravel()
    return wilson_interval(int((counts == 0).sum()), counts.size, confidence)
