"""Before and after a change: the difference and how sure it is; `quality.sample_size_change` says how much to watch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr, stdtrit

from .._checks import numbers, whole
from .._counts import difference_limits
from .._guards import one_share
from .._text import Text
from ..quality._sampling import wilson_interval

__all__ = ["Difference", "compare_means", "compare_shares"]

VERDICTS = {
    "up": Text("higher after the change, beyond what chance explains", "改变后更高，超出偶然范围"),
    "down": Text("lower after the change, beyond what chance explains", "改变后更低，超出偶然范围"),
    "open": Text(
        "no difference that chance could not explain; observe longer or let it be",
        "差异可能只是偶然，可延长观察或维持现状",
    ),
}


@dataclass(frozen=True)
class Difference:
    """After minus before."""

    before: float
    after: float
    difference: float
    lower: float
    """Lower limit of the difference."""
    upper: float
    """Upper limit of the difference."""
    p_value: float
    """Probability of such a difference, or a wider one, if nothing had changed (two-sided)."""
    verdict: Text
    """What the limits say. A before-and-after comparison cannot tell the change from whatever else happened then."""


def _verdict(lower: float, upper: float) -> Text:
    return VERDICTS["up" if lower > 0 else "down" if upper < 0 else "open"]


def compare_shares(
    hits_before: int, sample_before: int, hits_after: int, sample_after: int, confidence: float = 0.95
) -> Difference:
    """Two shares, such as first-contact resolution before and after: difference with Newcombe's limits.

    Parameters
    ----------
    hits_before, sample_before : int
        Cases with the property, and all cases, before.
    hits_after, sample_after : int
        The same after the change.
    confidence : float, optional
        Share of such limits that hold the truth.

    Returns
    -------
    Difference
        The limits combine Wilson's for each share; `p_value` is that of the pooled z test.

    Examples
    --------
    >>> found = compare_shares(48, 80, 56, 70)
    >>> round(found.difference, 2), round(found.lower, 4), round(found.upper, 4), found.verdict.en[:6]
    (0.2, 0.0524, 0.3339, 'higher')

    References
    ----------
    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    1998, 873-890, method 10.
    """
    n0, n1 = whole("sample_before", sample_before), whole("sample_after", sample_after)
    k0 = whole("hits_before", hits_before, least=0, most=n0)
    k1 = whole("hits_after", hits_after, least=0, most=n1)
    old, new = wilson_interval(k0, n0, confidence), wilson_interval(k1, n1, confidence)
    ends = ((found.share, found.lower, found.upper) for found in (old, new))
    gap, lower, upper = (float(part) for part in difference_limits(*ends))
    pooled = (k0 + k1) / (n0 + n1)
    error = float(np.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1)))
    p = 1.0 if error == 0 else float(2 * ndtr(-abs(gap) / error))
    return Difference(old.share, new.share, gap, max(lower, -1.0), min(upper, 1.0), p, _verdict(lower, upper))


def compare_means(before: ArrayLike, after: ArrayLike, confidence: float = 0.95) -> Difference:
    """Two means, such as handle times before and after: difference with Welch's limits.

    Parameters
    ----------
    before, after : array
        Values of single cases; at least two each. Means of days or people are compared as such, with few values.
    confidence : float, optional
        Share of such limits that hold the truth.

    Returns
    -------
    Difference

    Examples
    --------
    >>> found = compare_means([310, 295, 330, 305, 300], [280, 290, 275, 285, 295])
    >>> found.difference, round(found.lower, 1), round(found.upper, 1), found.verdict.en[:5]
    (-23.0, -39.8, -6.2, 'lower')

    References
    ----------
    B. L. Welch, The generalization of Student's problem when several different population variances are involved,
    Biometrika 34, 1947, 28-35.
    """
    old, new = numbers("before", before).ravel(), numbers("after", after).ravel()
    for name, values in (("before", old), ("after", new)):
        if values.size < 2:
            raise ValueError(f"{name} must hold at least two values, got {values.size}")
    parts = [float(values.var(ddof=1)) / values.size for values in (old, new)]
    gap, error = float(new.mean() - old.mean()), float(np.sqrt(sum(parts)))
    if error == 0:
        raise ValueError("before or after must vary, got constant values in both: there is nothing to test")
    freedom = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, (old.size, new.size), strict=True))
    half = error * float(stdtrit(freedom, (1 + one_share("confidence", confidence, zero=False, one=False)) / 2))
    p = float(2 * stdtr(freedom, -abs(gap) / error))
    limits = (gap - half, gap + half)
    return Difference(float(old.mean()), float(new.mean()), gap, *limits, p, _verdict(*limits))
