"""Funnel plots: which units differ from the target by more than their sample explains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice
from .._counts import counts, z_value
from .._guards import one_share

__all__ = ["funnel"]

LIMITS = ("exact", "score", "overdispersed")
LEVELS = {"95": 0.95, "998": 0.998}
TAIL = 0.1


def funnel(events: Any, opportunities: Any, target: float | None = None, *, limits: str = "exact") -> pd.DataFrame:
    """Rates of units with the limits that a unit on target would keep by chance (Spiegelhalter's funnel).

    Score limits: target +- z sqrt(target (1 - target) / n). Exact limits: binomial quantiles, outside which a unit
    on target comes with at most the stated probability. Overdispersed limits: score limits x sqrt(phi), with phi the
    mean of the squared z-scores of the units, their tails pulled in to the 10 % and 90 % quantiles, and at least 1.

    Parameters
    ----------
    events : array or Series
        Events of each unit, whole counts; the index of a Series names the units.
    opportunities : array or Series
        Opportunities of the same units: contacts monitored, answers, contacts handled.
    target : float, optional
        Share that is expected, between 0 and 1; all events / all opportunities when left out.
    limits : str, optional
        "exact", "score" or "overdispersed" (when units differ for reasons beyond their control, such as their mix).

    Returns
    -------
    DataFrame
        Indexed by unit: events, opportunities, rate, lower_95, upper_95, lower_998, upper_998, signal ("above" or
        "below" the 99.8 % limits, else "within"). ``attrs`` has target, limits and phi (1 unless overdispersed).

    Notes
    -----
    One unit in 20 on target lies outside the 95 % limits, so only the 99.8 % limits give a signal: about one
    false alarm in 500. A signal asks for the cause; it is not the cause. The paper smooths the exact limits for the
    eye by interpolating between counts; here they stay whole counts, so that the probability holds.

    Examples
    --------
    Repeat contacts of four agents; only one is far enough from the others for her sample:

    >>> repeats = pd.Series({"Chen": 4, "Liu": 30, "Wang": 52, "Zhao": 18})
    >>> handled = pd.Series({"Chen": 12, "Liu": 180, "Wang": 170, "Zhao": 150})
    >>> funnel(repeats, handled)[["rate", "lower_998", "upper_998", "signal"]].round(3)
           rate  lower_998  upper_998  signal
    unit
    Chen  0.333      0.000      0.583  within
    Liu   0.167      0.117      0.300  within
    Wang  0.306      0.112      0.300   above
    Zhao  0.120      0.107      0.307  within
    >>> funnel([12], [10])
    Traceback (most recent call last):
    ValueError: events must not exceed opportunities, got 12 of 10 at position 0

    References
    ----------
    D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005,
    1185-1202.
    """
    choice("limits", limits, LIMITS)
    units, k, n = counts(events, opportunities)
    goal = float(k.sum() / n.sum()) if target is None else one_share("target", target, zero=False, one=False)
    phi = _overdispersion(k / n, n, goal) if limits == "overdispersed" else 1.0
    table = pd.DataFrame({"events": k.astype(int), "opportunities": n.astype(int), "rate": k / n}, index=units)
    for label, level in LEVELS.items():
        if limits == "exact":
            low, high = (_exact(n, goal, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
        else:
            half = z_value(level) * np.sqrt(phi * goal * (1 - goal) / n)
            low, high = goal - half, goal + half
        table[f"lower_{label}"], table[f"upper_{label}"] = np.clip(low, 0, 1), np.clip(high, 0, 1)
    table["signal"] = np.select(
        [table["rate"] > table["upper_998"], table["rate"] < table["lower_998"]], ["above", "below"], "within"
    )
    table.attrs.update({"target": goal, "limits": limits, "phi": phi})
    return table


def _exact(n: Floats, goal: float, tail: float) -> Floats:
    """The binomial quantile as a share of n, on its own side of the target."""
    from scipy.stats import binom

    if goal in (0.0, 1.0):
        return np.full_like(n, goal)
    limit = binom.ppf(tail, n, goal) / n
    return np.asarray(np.minimum(limit, goal) if tail < 0.5 else np.maximum(limit, goal))


def _overdispersion(rate: Floats, n: Floats, goal: float) -> float:
    """Phi from the z-scores with their tails pulled in."""
    if goal in (0.0, 1.0):
        return 1.0
    z = (rate - goal) / np.sqrt(goal * (1 - goal) / n)
    inner = np.clip(z, np.quantile(z, TAIL), np.quantile(z, 1 - TAIL))
    return max(1.0, float(np.mean(inner**2)))
