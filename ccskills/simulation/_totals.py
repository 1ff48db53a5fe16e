"""From counts of replications to tables: means by interval, totals with confidence intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from .._checks import Floats
from ..performance import service_level
from ._queue import COUNTS

__all__ = ["confidence", "measures"]

SHARES = ("service_level", "occupancy", "abandonment")


def measures(counts: Mapping[str, Floats], rule: str) -> dict[str, Floats]:
    """COUNTS and the shares and times that follow from them, without a nan where nobody called or nobody answered."""
    offered, answered, abandoned = (counts[name] for name in ("offered", "answered", "abandoned"))
    found = {name: counts[name] for name in COUNTS[:6]}
    found["service_level"] = _level(counts, rule)
    some = np.where(answered > 0, answered, 1.0)
    found["asa_s"] = np.where(answered > 0, counts["wait_s"] / some, np.where(offered > 0, np.inf, 0.0))
    there = counts["present_s"]
    found["occupancy"] = np.minimum(counts["busy_s"] / np.where(there > 0, there, 1.0), 1.0)
    found["abandonment"] = abandoned / np.where(offered > 0, offered, 1.0)
    return found


def _level(counts: Mapping[str, Floats], rule: str) -> Floats:
    """Service level by the rule; 1 where nobody called, 0 where calls came but the rule counts none of them."""
    offered, answered = counts["offered"], counts["answered"]
    counted = (answered > 0) | ((offered > 0) & (rule in ("offered", "short_abandons_as_answered")))
    level = np.where(offered > 0, 0.0, 1.0)
    if counted.any():
        within, taken = counts["answered_within"][counted], answered[counted]
        short, lost = counts["abandoned_within"][counted], counts["abandoned"][counted]
        level[counted] = service_level(within, taken, short, lost, rule)
    return level


def confidence(runs: Sequence[Mapping[str, Floats]], rule: str) -> pd.DataFrame:
    """Measures of the summed counts with 95 and 99 % intervals, cut at what is possible.

    Quenouille and Tukey's jackknife: a share of summed counts is no mean over runs, so its spread is that of the
    pseudo-values that come from leaving out one run; for counts these are the runs themselves.
    """
    size = len(runs)
    table = {name: np.array([run[name] for run in runs]) for name in runs[0]}
    total = {name: values.sum(axis=0) for name, values in table.items()}
    whole = measures({name: np.atleast_1d(value) for name, value in total.items()}, rule)
    less = measures({name: np.maximum(total[name] - values, 0.0) for name, values in table.items()}, rule)
    rows = {}
    for name, (estimate,) in whole.items():
        one_less, estimate = (less[name] / (size - 1), estimate / size) if name in COUNTS else (less[name], estimate)
        top = 1.0 if name in SHARES else np.inf
        if not (np.isfinite(one_less).all() and np.isfinite(estimate)):
            rows[name] = [np.inf] * 5
            continue
        error = np.sqrt((size - 1) / size * ((one_less - one_less.mean()) ** 2).sum())
        half = error * stdtrit(size - 1, [0.975, 0.995])
        low, high = np.maximum(estimate - half, 0.0), np.minimum(estimate + half, top)
        rows[name] = [estimate, low[0], high[0], low[1], high[1]]
    names = ["mean", "lower_95", "upper_95", "lower_99", "upper_99"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("measure")
