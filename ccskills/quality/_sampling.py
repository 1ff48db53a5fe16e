"""How much a sample of contacts says and how many to take: intervals, sample sizes, acceptance sampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtri

from .._checks import collapse, number, numbers, share, whole
from .._counts import sample_of, wilson, z_value
from .._guards import one_share

__all__ = [
    "Interval",
    "acceptance_probability",
    "critical_error_accuracy",
    "sample_size",
    "sample_size_change",
    "wilson_interval",
]


@dataclass(frozen=True)
class Interval:
    """A share with the limits that the sample supports."""

    share: float
    """Hits / sample."""
    lower: float
    """Lower limit of the confidence interval."""
    upper: float
    """Upper limit of the confidence interval."""


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
    n = number("sample", sample, above=0)
    k = number("hits", hits, least=0)
    for name, value in (("hits", k), ("sample", n)):
        if value % 1:
            raise ValueError(f"{name} must be a whole number of contacts, got {value:g}")
    if k > n:
        raise ValueError(f"hits must not exceed the sample, got {k:g} of {n:g}")
    lower, upper = wilson(k, n, z_value(confidence))
    return Interval(share=k / n, lower=float(lower), upper=float(upper))


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


def sample_size(share: float, margin: float, confidence: float = 0.95, population: int | None = None) -> int:
    """Contacts to monitor so that a rate is known within a margin, n = z^2 p (1 - p) / margin^2, rounded up.

    With a small population N of contacts, n0 / (1 + (n0 - 1) / N).

    Parameters
    ----------
    share : float
        The rate that is expected; 0.5 needs most.
    margin : float
        Half the width of the interval that is wanted, as a share: 0.05 for 5 points.
    confidence : float, optional
        Share of such intervals that hold the truth.
    population : int, optional
        Contacts that there are to sample from; None for many.

    Returns
    -------
    int
        Contacts, at random, for one figure: ten agents who each need a figure need ten times as many.

    Examples
    --------
    >>> sample_size(0.90, 0.05), sample_size(0.90, 0.03), sample_size(0.95, 0.02)
    (139, 385, 457)
    >>> sample_size(0.90, 0.05, population=300)
    95
    >>> sample_size(90, 0.05)
    Traceback (most recent call last):
    ValueError: share must be a share between 0 and 1, both excluded, got 90; write 0.9

    References
    ----------
    W. G. Cochran, Sampling techniques, 3rd ed., 1977, section 4.4.
    """
    p, half = _open_share("share", share), _open_share("margin", margin)
    endless = p * (1 - p) * (z_value(confidence) / half) * (z_value(confidence) / half)
    if population is None:
        return sample_of(endless, "margin")
    there = whole("population", population)
    # n0 / (1 + (n0 - 1) / N), with n0 below the line so that a tiny margin asks for everybody.
    return min(sample_of(1 / (1 / max(endless, 1e-300) + (1 - 1 / max(endless, 1.0)) / there), "margin"), there)


def _open_share(name: str, value: float) -> float:
    return one_share(name, value, zero=False, one=False)


def sample_size_change(before: float, after: float, power: float = 0.8, confidence: float = 0.95) -> int:
    """Contacts in each of two samples so that a change of a rate is found with the wanted power.

    n = [z_(1-a/2) sqrt(2 p (1 - p)) + z_power sqrt(p1 (1 - p1) + p2 (1 - p2))]^2 / (p1 - p2)^2, p the mean of both.

    Parameters
    ----------
    before : float
        Rate before the change.
    after : float
        Rate after it that is worth finding.
    power : float, optional
        Chance of finding the change if it is there.
    confidence : float, optional
        1 - the chance of finding a change where there is none (two-sided).

    Returns
    -------
    int
        Contacts before, and as many after.

    Examples
    --------
    From 90 % to 95 % of contacts without a critical error: a month of five contacts per agent will not show it.

    >>> sample_size_change(0.90, 0.95)
    435
    >>> sample_size_change(0.90, 0.90)
    Traceback (most recent call last):
    ValueError: before and after must differ, got 0.9 twice

    References
    ----------
    J. L. Fleiss, B. Levin, M. C. Paik, Statistical methods for rates and proportions, 3rd ed., 2003, section 4.2.
    """
    p1, p2 = _open_share("before", before), _open_share("after", after)
    if p1 == p2:
        raise ValueError(f"before and after must differ, got {p1:g} twice")
    mean = (p1 + p2) / 2
    spread = z_value(confidence) * np.sqrt(2 * mean * (1 - mean))
    found = float(ndtri(_open_share("power", power))) * np.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return sample_of(float((max(spread + found, 0.0) / (p1 - p2)) ** 2), "before and after")


def acceptance_probability(error_share: ArrayLike, sample: int, accept: int) -> Any:
    """Chance that a batch passes when at most `accept` contacts of the sample may have an error (an OC curve).

    Parameters
    ----------
    error_share : number or array
        True share of contacts with an error.
    sample : int
        Contacts checked in each batch.
    accept : int
        Acceptance number c: the batch passes with c errors or fewer.

    Returns
    -------
    float or array
        Binomial probability: for batches at least ten times as large as the sample.

    Examples
    --------
    A vendor whose real error rate is 5 % passes a check of 89 contacts with 2 errors allowed one time in six:

    >>> acceptance_probability([0.01, 0.02, 0.05], 89, 2).round(4)
    array([0.9397, 0.7366, 0.1721])
    >>> acceptance_probability(0.02, 5, 6)
    Traceback (most recent call last):
    ValueError: accept must be from 0 to 5, got 6

    References
    ----------
    D. C. Montgomery, Introduction to statistical quality control, 6th ed., 2009, section 15.2.
    """
    p = share("error_share", error_share)
    size = whole("sample", sample, most=10**9)
    most = whole("accept", accept, least=0, most=size)
    return collapse(np.asarray(bdtr(float(most), size, p)))
