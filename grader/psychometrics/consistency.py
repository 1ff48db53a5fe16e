"""Would the same people pass again, and do those who pass deserve it: Livingston and Lewis, from one sitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from typing import Any

import numpy as np
from scipy.special import betainc, betaincinv

from ..errors import InputError
from .answers import Floats
from .reliability import effective_length

__all__ = ["Consistency", "livingston_lewis"]

_NODES = 400


@dataclass(frozen=True)
class Consistency:
    """What a second sitting with a parallel form would be expected to show."""

    accuracy: float
    """Share of people on whom the sitting and their true score agree."""
    false_pass: float
    false_fail: float
    consistency: float
    """Share of people on whom two sittings would agree."""
    kappa: float
    """Consistency beyond what chance gives, 0 to 1."""
    passing: float
    """Share of people whom the model lets pass."""
    effective_length: float
    """Before rounding."""
    effective_cut: int
    model: str
    """``four-parameter`` or, where its bounds fall outside 0 to 1, ``two-parameter``."""
    lower: float
    """Least and largest true share, and the two shapes, of the true scores' beta distribution."""
    upper: float
    a: float
    b: float


def livingston_lewis(totals: Floats, most: float, cut: float, reliability: float) -> Consistency:
    """Decision accuracy and consistency at ``cut`` from one sitting; partial credit is allowed.

    The test is replaced by one of n right-or-wrong items (:func:`effective_length`), true scores by a beta
    distribution with the first four moments that binomial error leaves (the first two, on 0 to 1, when the four give
    bounds outside 0 to 1), observed scores by the binomial.

    **Rounding.** n is rounded to the nearest whole number, and so is the cut on its scale, n * cut / most; an exact
    half goes down, for the candidate. The moments use n as it is. The true score is compared with the cut as it is.

    References:
        S. A. Livingston, C. Lewis, *Journal of Educational Measurement* 32, 1995, 179-197. B. A. Hanson, *Method of
        moments estimates for the four-parameter beta compound binomial model*, ACT Research Report 91-5, 1991.
    """
    if not 0 < cut < most:
        raise InputError(f"the cut lies between 0 and {most:g} points, got {cut:g}")
    length = effective_length(float(totals.mean()), float(totals.var(ddof=1)), most, reliability)
    whole = ceil(length - 0.5)
    if whole < 2:
        raise InputError("the scores spread wider than binomial error allows; no consistency can be estimated")
    true = _true_scores(totals / most * length, length)
    share = cut / most
    passed_at = ceil(whole * share - 0.5)
    weights, passing, deserves = _integrate(true, share, lambda p: _tail(passed_at, whole, p))
    second = float(weights @ passing)
    agree = float(weights @ (passing**2 + (1 - passing) ** 2))
    chance = second**2 + (1 - second) ** 2
    return Consistency(
        accuracy=float(weights @ np.where(deserves, passing, 1 - passing)),
        false_pass=float(weights @ np.where(deserves, 0, passing)),
        false_fail=float(weights @ np.where(deserves, 1 - passing, 0)),
        consistency=agree,
        kappa=(agree - chance) / (1 - chance) if chance < 1 - 1e-12 else 0.0,
        passing=second,
        effective_length=length,
        effective_cut=passed_at,
        model=true.model,
        lower=true.lower,
        upper=true.upper,
        a=true.a,
        b=true.b,
    )


@dataclass(frozen=True)
class _Beta:
    model: str
    lower: float
    upper: float
    a: float
    b: float


def _true_scores(scores: Floats, length: float) -> _Beta:
    """The beta distribution of true shares whose binomial scores have the factorial moments of ``scores``.

    A factor of x (x - 1) (x - 2) ... below 0 counts as 0: on the scale of the effective length scores are not whole.
    """
    moments, product, divisor = [], np.ones_like(scores), 1.0
    for step in range(4):
        product, divisor = product * np.maximum(scores - step, 0), divisor * (length - step)
        moments.append(float(product.mean()) / divisor if abs(divisor) > 1e-9 else float("nan"))
    m1, m2, m3, m4 = moments
    variance = m2 - m1**2
    if not variance > 1e-9:
        raise InputError("the scores spread no wider than chance alone would spread them; true scores cannot be told")
    skew = (m3 - 3 * m1 * m2 + 2 * m1**3) / variance**1.5
    kurtosis = (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2
    four = _four(m1, variance, skew, kurtosis)
    return four if four is not None else _two(m1, variance)


def _four(mean: float, variance: float, skew: float, kurtosis: float) -> _Beta | None:
    """By moments; None where there is no such distribution within 0 and 1."""
    with np.errstate(all="ignore"):
        r = np.float64(6 * (kurtosis - skew**2 - 1)) / (6 + 3 * skew**2 - 2 * kurtosis)
        root = np.sqrt(1 - 24 * (r + 1) / ((r + 2) * (r + 3) * kurtosis - 3 * (r - 6) * (r + 1)))
        larger, smaller = float(r / 2 * (1 + root)), float(r / 2 * (1 - root))
    a, b = (larger, smaller) if skew < 0 else (smaller, larger)
    if not (np.isfinite([a, b]).all() and a > 0 and b > 0):
        return None
    width = sqrt(variance * (a + b + 1) / (a * b))
    lower, upper = mean - a * width, mean + b * width
    return _Beta("four-parameter", lower, upper, a, b) if 0 <= lower < upper <= 1 else None


def _two(mean: float, variance: float) -> _Beta:
    size = mean * (1 - mean) / variance - 1
    if not (0 < mean < 1 and size > 0):
        raise InputError("the scores do not fit a beta distribution; no consistency can be estimated")
    return _Beta("two-parameter", 0.0, 1.0, mean * size, (1 - mean) * size)


def _integrate(
    true: _Beta, share: float, of: Callable[[Floats], Floats]
) -> tuple[Floats, Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Weights over the true scores, ``of`` at them, and whether they reach ``share``; Gauss on either side of it."""
    scaled = min(1.0, max(0.0, (share - true.lower) / (true.upper - true.lower)))
    below = float(betainc(true.a, true.b, scaled))
    nodes, gauss = _gauss()
    left, right = below * (nodes + 1) / 2, below + (1 - below) * (nodes + 1) / 2
    at = true.lower + (true.upper - true.lower) * betaincinv(true.a, true.b, np.concatenate([left, right]))
    weights = np.concatenate([below * gauss / 2, (1 - below) * gauss / 2])
    return weights, of(np.clip(at, 0.0, 1.0)), np.arange(2 * _NODES) >= _NODES


@cache
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def _tail(least: int, trials: int, share: Floats) -> Floats:
    """The chance of ``least`` right answers or more."""
    if least <= 0:
        return np.ones_like(share)
    if least > trials:
        return np.zeros_like(share)
    chance: Floats = betainc(least, trials - least + 1, share)
    return chance
