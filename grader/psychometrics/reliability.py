"""How far a score can be relied on: alpha (KR-20), its interval, and the standard error of measurement."""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import fdtri

from ..errors import InputError
from .answers import Floats

__all__ = ["alpha", "alpha_interval", "effective_length", "sem", "sem_at"]


def alpha(points: Floats) -> float | None:
    """Cronbach's alpha of a table of points; of right-or-wrong items it is KR-20. None when all totals are equal.

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of the totals)

    References:
        L. J. Cronbach, "Coefficient alpha and the internal structure of tests", *Psychometrika* 16, 1951, 297-334.
        G. F. Kuder, M. W. Richardson, "The theory of the estimation of test reliability", *Psychometrika* 2, 1937.
    """
    people, items = points.shape
    if people < 2 or items < 2:
        return None
    spread = float(points.sum(axis=1).var(ddof=1))
    if spread < 1e-12:
        return None
    return float(items / (items - 1) * (1 - points.var(axis=0, ddof=1).sum() / spread))


def alpha_interval(value: float, people: int, items: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of alpha by Feldt's F distribution with people - 1 and (people - 1)(items - 1) degrees of freedom.

    References:
        L. S. Feldt, "The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty",
        *Psychometrika* 30, 1965, 357-370.
    """
    if people < 2 or items < 2 or not value < 1:
        raise InputError(f"an interval wants two people, two items and alpha below 1, got {people}, {items}, {value:g}")
    upper, df = (1 + confidence) / 2, (people - 1, (people - 1) * (items - 1))
    return 1 - (1 - value) * float(fdtri(*df, upper)), 1 - (1 - value) * float(fdtri(*df, 1 - upper))


def sem(totals: Floats, reliability: float) -> float:
    """Standard error of measurement in points: the spread of the totals that is error, s * sqrt(1 - reliability)."""
    return float(totals.std(ddof=1)) * sqrt(max(0.0, 1 - reliability))


def effective_length(mean: float, variance: float, most: float, reliability: float) -> float:
    """Number of equally hard right-or-wrong items that would give a total of this mean, spread and reliability.

    n = (mean (most - mean) - reliability * variance) / (variance (1 - reliability))

    References:
        S. A. Livingston, C. Lewis, "Estimating the consistency and accuracy of classifications based on test scores",
        *Journal of Educational Measurement* 32, 1995, 179-197, formula 2.
    """
    if not 0 < reliability < 1:
        raise InputError(f"a reliability between 0 and 1 is needed, got {reliability:.3f}")
    if not variance > 0:
        raise InputError("all scores are equal, so nothing can be said about their error")
    return (mean * (most - mean) - reliability * variance) / (variance * (1 - reliability))


def sem_at(score: float, mean: float, variance: float, most: float, reliability: float) -> float:
    """Standard error of measurement, in points, of somebody whose true score is ``score``.

    The binomial error of a test of the :func:`effective_length`: most * sqrt(p (1 - p) / n) with p = score / most. It
    is largest in the middle and 0 at the ends; its square, averaged over the true scores, is the square of
    :func:`sem`.  It takes partial credit, where Lord's formula for right-or-wrong items does not apply.
    """
    share = score / most
    if not 0 <= share <= 1:
        raise InputError(f"a score between 0 and {most:g} is needed, got {score:g}")
    length = effective_length(mean, variance, most, reliability)
    return most * float(np.sqrt(share * (1 - share) / length))
