"""How long things last when some are still going on: the Kaplan-Meier curve with its limits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ._checks import Floats

__all__ = ["Curve", "kaplan_meier"]


class Curve(NamedTuple):
    """One value for each distinct time, in order."""

    times: Floats
    at_risk: Any
    """Still there just before."""
    ended: Any
    """Those that end at this time."""
    seen: Any
    """Those that were seen until this time and not longer, without an end."""
    survival: Floats
    standard_error: Floats
    """Greenwood's; 0 where the curve has come down to 0."""
    lower: Floats
    upper: Floats


def kaplan_meier(times: Floats, over: Any, z: float) -> Curve:
    """The curve of `times`, `over` where the end was seen; limits on the scale of log(-log S), `z` errors wide.

    They stay between 0 and 1: 1 and 1 before anything ended; 0 and the upper limit of the time before where nothing is
    left, since a curve at 0 has no error of its own.

    >>> curve = kaplan_meier(np.array([2.0, 5.0, 5.0, 1.0]), np.array([True, True, False, False]), 1.96)
    >>> curve.times.tolist(), curve.at_risk.tolist(), curve.survival.round(3).tolist()
    ([1.0, 2.0, 5.0], [4, 3, 2], [1.0, 0.667, 0.333])
    """
    moments, place = np.unique(times, return_inverse=True)
    done = np.bincount(place, minlength=moments.size)
    ended = np.bincount(place[over], minlength=moments.size)
    at_risk = times.size - np.cumsum(done) + done
    survival = np.cumprod(1 - ended / at_risk)
    alive = survival > 0
    greenwood = np.cumsum(ended / (at_risk * np.where(alive, at_risk - ended, 1.0)))
    inside = alive & (survival < 1)
    log_s = np.log(np.where(inside, survival, 0.5))
    spread = z * np.sqrt(greenwood) / -log_s
    lower, upper = (np.where(inside, np.exp(log_s * np.exp(side * spread)), survival) for side in (1, -1))
    if not alive[-1]:
        upper[-1] = upper[-2] if moments.size > 1 else 1.0
    error = np.where(alive, survival * np.sqrt(greenwood), 0.0)
    return Curve(moments, at_risk, ended, done - ended, survival, error, lower, upper)
