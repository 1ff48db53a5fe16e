"""League tables that say how much of a rank is chance: rank intervals, pairwise comparison, shrinkage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, whole
from .._counts import counts, difference_limits, wilson, z_value
from .._guards import limited, switch
from .._text import Text

__all__ = ["RANK_VERDICTS", "pairwise_comparison", "rank_with_uncertainty", "shrink_rates"]

RANK_VERDICTS: dict[str, Text] = {
    "upper": Text("in the upper half", "位于上半区"),
    "lower": Text("in the lower half", "位于下半区"),
    "open": Text("cannot be told apart", "无法区分高下"),
}
"""What a rank interval allows to say of a unit."""

# Bounds of the strength of the prior: from "units have nothing in common" to "units do not differ at all".
WEAKEST, STRONGEST = 1e-2, 1e7
MOST_DRAWS = 1_000_000
SEARCH = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000}


def shrink_rates(events: Any, opportunities: Any, confidence: float = 0.95) -> pd.DataFrame:
    """Rates pulled towards the mean of all units, the more the smaller the sample (empirical Bayes, beta-binomial).

    Formula: (events + alpha) / (opportunities + alpha + beta), with alpha and beta those under which all units
    together are most likely.

    Parameters
    ----------
    events, opportunities : array or Series
        Whole counts of each unit, at least three units; the index of a Series names them.
    confidence : float, optional
        Share of the distribution inside lower and upper.

    Returns
    -------
    DataFrame
        Indexed by unit: events, opportunities, rate, shrunk, lower, upper. ``attrs["alpha"]`` and ``attrs["beta"]``:
        their sum is the sample that the knowledge of the other units is worth. When the units differ no more than
        chance makes them, it is very large and all shrunk rates are about the same.

    Notes
    -----
    The limits take alpha and beta as known, so with few units they are too narrow.

    Examples
    --------
    A newcomer with 3 of 3 is not the best of the team:

    >>> solved = pd.Series({"newcomer": 3, "Liu": 172, "Wang": 130, "Zhao": 162, "Sun": 120})
    >>> issues = pd.Series({"newcomer": 3, "Liu": 200, "Wang": 200, "Zhao": 210, "Sun": 190})
    >>> shrink_rates(solved, issues)["shrunk"].round(2).to_dict()
    {'newcomer': 0.77, 'Liu': 0.85, 'Wang': 0.66, 'Zhao': 0.77, 'Sun': 0.64}
    """
    from scipy.special import betaincinv

    units, k, n = counts(events, opportunities, least=3)
    a, b = _prior(k, n)
    tail = (1 - _confidence(confidence)) / 2
    table = pd.DataFrame(
        {
            "events": k.astype(int),
            "opportunities": n.astype(int),
            "rate": k / n,
            "shrunk": (k + a) / (n + a + b),
            "lower": betaincinv(k + a, n - k + b, tail),
            "upper": betaincinv(k + a, n - k + b, 1 - tail),
        },
        index=units,
    )
    table.attrs.update({"alpha": a, "beta": b})
    return table


def _confidence(confidence: float) -> float:
    """The confidence, once it is known to be one."""
    z_value(confidence)
    return float(confidence)


def _prior(k: Floats, n: Floats) -> tuple[float, float]:
    """Alpha and beta of greatest likelihood, found over mean and strength."""
    from scipy.optimize import minimize
    from scipy.special import betaln, expit, logit

    def loss(point: Floats) -> float:
        mean, strength = float(expit(point[0])), float(np.exp(point[1]))
        a, b = mean * strength, (1 - mean) * strength
        return float(-(betaln(k + a, n - k + b) - betaln(a, b)).sum())

    if k.sum() in (0, n.sum()):
        raise ValueError(
            f"events must be neither none nor all of the opportunities to tell how units differ, got {k.sum():g} of "
            f"{n.sum():g}"
        )
    pooled = float((k.sum() + 0.5) / (n.sum() + 1))
    edges = [(float(logit(pooled)) - 6, float(logit(pooled)) + 6), (np.log(WEAKEST), np.log(STRONGEST))]
    starts = [[float(logit(pooled)), np.log(strength)] for strength in (10.0, 1000.0)]
    tries = [minimize(loss, start, bounds=edges, method="Nelder-Mead", options=SEARCH) for start in starts]
    best = min(tries, key=lambda found: float(found.fun)).x
    mean, strength = float(expit(best[0])), float(np.exp(best[1]))
    return mean * strength, (1 - mean) * strength


def rank_with_uncertainty(
    events: Any,
    opportunities: Any,
    *,
    higher_is_better: bool = True,
    shrink: bool = False,
    confidence: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
    language: str = "en",
) -> pd.DataFrame:
    """A league table with the interval of each rank, by simulation.

    The true rate of each unit is drawn from what its sample supports: a beta distribution with Jeffreys' prior, or with
    the prior that all units together support when `shrink` is True. Every draw ranks the units; the interval holds the
    middle share of the ranks.

    Parameters
    ----------
    events, opportunities : array or Series
        Whole counts of each unit, at least two (three with `shrink`); the index of a Series names them.
    higher_is_better : bool, optional
        True for satisfied answers, False for errors or complaints.
    shrink : bool, optional
        Whether the rates are pulled towards the mean first, see `shrink_rates`.
    confidence : float, optional
        Share of the draws inside the interval of a rank.
    draws : int, optional
        Number of draws, at least 100.
    seed : int, optional
        The same seed gives the same table.
    language : str, optional
        "en" or "zh", the language of the verdict.

    Returns
    -------
    DataFrame
        Indexed by unit, best first: events, opportunities, rate, estimate, rank (1 is best), rank_lower, rank_upper,
        best (share of the draws in which it is first), verdict (see `RANK_VERDICTS`).

    Examples
    --------
    Five agents with 20 monitored contacts each: no order holds.

    >>> passed = pd.Series({"Chen": 19, "Liu": 18, "Wang": 18, "Zhao": 17, "Sun": 15})
    >>> table = rank_with_uncertainty(passed, [20] * 5)
    >>> table[["rate", "rank", "rank_lower", "rank_upper", "verdict"]]
          rate  rank  rank_lower  rank_upper               verdict
    unit
    Chen  0.95     1           1           4  cannot be told apart
    Liu   0.90     2           1           5  cannot be told apart
    Wang  0.90     2           1           5  cannot be told apart
    Zhao  0.85     4           1           5  cannot be told apart
    Sun   0.75     5           2           5  cannot be told apart

    References
    ----------
    H. Goldstein and D. J. Spiegelhalter, League tables and their limitations: statistical issues in comparisons of
    institutional performance, JRSS A 159, 1996, 385-443.
    """
    shrunk, high_first = switch("shrink", shrink), switch("higher_is_better", higher_is_better)
    units, k, n = counts(events, opportunities, least=3 if shrunk else 2)
    a, b = _prior(k, n) if shrunk else (0.5, 0.5)
    tail = (1 - _confidence(confidence)) / 2
    rng = np.random.default_rng(whole("seed", seed, least=0))
    drawn = rng.beta(k + a, n - k + b, size=(limited("draws", draws, 100, MOST_DRAWS), k.size))
    sign = -1 if high_first else 1
    ranks = (sign * drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = (np.quantile(ranks, tail_, axis=0, method="inverted_cdf") for tail_ in (tail, 1 - tail))
    estimate = (k + a) / (n + a + b) if shrunk else k / n
    half = (k.size + 1) / 2
    verdict = np.select([high < half, low > half], ["upper", "lower"], "open")
    table = pd.DataFrame(
        {
            "events": k.astype(int),
            "opportunities": n.astype(int),
            "rate": k / n,
            "estimate": estimate,
            "rank": pd.Series(sign * estimate).rank(method="min").astype(int).array,
            "rank_lower": low.astype(int),
            "rank_upper": high.astype(int),
            "best": (ranks == 1).mean(axis=0),
            "verdict": [RANK_VERDICTS[word].say(language) for word in verdict],
        },
        index=units,
    )
    return table.sort_values("rank", kind="stable")


def pairwise_comparison(
    events: Any, opportunities: Any, *, confidence: float = 0.95, adjust: bool = True
) -> pd.DataFrame:
    """Every pair of units with the interval of its difference (Newcombe's score interval).

    Parameters
    ----------
    events, opportunities : array or Series
        Whole counts of each unit, at least two; the index of a Series names them.
    confidence : float, optional
        Share of such intervals that hold the true difference.
    adjust : bool, optional
        Whether the intervals are widened so that the confidence holds for all pairs together (Bonferroni); leave it on
        unless the pair was chosen before the figures were seen.

    Returns
    -------
    DataFrame
        One row per pair: first, second, difference (first - second), lower, upper, apart (True when the interval
        excludes 0). ``attrs["told_apart"]`` is the share of the pairs that are.

    Examples
    --------
    >>> pair = pairwise_comparison(pd.Series({"north": 56, "south": 48}), [70, 80])
    >>> pair.round(4)
       first second  difference   lower   upper  apart
    0  north  south         0.2  0.0524  0.3339   True

    References
    ----------
    R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    1998, 873-890, method 10.
    """
    units, k, n = counts(events, opportunities, least=2)
    one, two = np.triu_indices(k.size, 1)
    risk = 1 - _confidence(confidence)
    low, high = wilson(k, n, z_value(1 - risk / (one.size if switch("adjust", adjust) else 1)))
    rate = k / n
    ends = ((rate[at], low[at], high[at]) for at in (two, one))
    difference, lower, upper = difference_limits(*ends)
    table = pd.DataFrame(
        {
            "first": units[one],
            "second": units[two],
            "difference": difference,
            "lower": lower,
            "upper": upper,
        }
    )
    table["apart"] = (table["lower"] > 0) | (table["upper"] < 0)
    table.attrs["told_apart"] = float(table["apart"].mean())
    return table
