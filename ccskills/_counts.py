"""Events out of opportunities, one row per unit: what rankings, funnels and comparisons start from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from ._checks import Floats, numbers, share

__all__ = ["counts", "wilson", "z_value"]


def counts(events: Any, opportunities: Any, least: int = 1) -> tuple[pd.Index, Floats, Floats]:
    """The names of the units, their events and their opportunities.

    >>> counts([3, 12], [10, 10])
    Traceback (most recent call last):
    ValueError: events must not exceed opportunities, got 12 of 10 at position 1
    """
    k = np.atleast_1d(_whole("events", numbers("events", events, least=0)))
    n = np.atleast_1d(_whole("opportunities", numbers("opportunities", opportunities, above=0)))
    if k.ndim != 1 or k.shape != n.shape:
        raise ValueError(f"events and opportunities must have one value per unit each, got {k.shape} and {n.shape}")
    if k.size < least:
        raise ValueError(f"events must hold at least {least} units, got {k.size}")
    if (k > n).any():
        at = int(np.argmax(k > n))
        raise ValueError(f"events must not exceed opportunities, got {k[at]:g} of {n[at]:g} at position {at}")
    if isinstance(events, pd.Series) and isinstance(opportunities, pd.Series):
        if not events.index.equals(opportunities.index):
            raise ValueError("events and opportunities must have the same units in the same order, got two indexes")
        return events.index.rename("unit"), k, n
    given = events if isinstance(events, pd.Series) else opportunities
    return (given.index if isinstance(given, pd.Series) else pd.RangeIndex(k.size)).rename("unit"), k, n


def _whole(name: str, array: Floats) -> Floats:
    """Refuse shares where counts are wanted."""
    broken = array != np.floor(array)
    if broken.any():
        raise ValueError(f"{name} must be whole counts, got {array.ravel()[int(np.argmax(broken.ravel()))]:g}")
    return array


def z_value(confidence: float) -> float:
    """The two-sided normal quantile of a confidence: 1.96 for 0.95."""
    return float(ndtri((1 + float(share("confidence", confidence, zero=False, one=False))) / 2))


def wilson(events: ArrayLike, opportunities: ArrayLike, z: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Wilson's limits of many shares at once, as `quality.wilson_interval` gives for one."""
    k, n = np.asarray(events, dtype=np.float64), np.asarray(opportunities, dtype=np.float64)
    p, scale = k / n, 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z / scale * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return np.where(k == 0, 0.0, centre - half), np.where(k == n, 1.0, centre + half)
