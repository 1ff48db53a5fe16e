"""Events out of opportunities, one row per unit: what rankings, funnels and comparisons start from."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from ._checks import Floats, numbers
from ._guards import one_share

__all__ = ["COUNTABLE", "counts", "difference_limits", "sample_of", "wilson", "z_value"]


# Above this a float no longer holds every whole number.
COUNTABLE = 2.0**53
# Rounding guard: 138.00000000000003 contacts are 138.
HAIR = 1e-9


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
    """Refuse shares where counts are wanted, and what is more than can be counted."""
    if (array > COUNTABLE).any():
        raise ValueError(f"{name} must be whole counts up to {COUNTABLE:g}, got {float(array.max()):g}")
    broken = array != np.floor(array)
    if broken.any():
        raise ValueError(f"{name} must be whole counts, got {array.ravel()[int(np.argmax(broken.ravel()))]:g}")
    return array


def z_value(confidence: float, name: str = "confidence") -> float:
    """The two-sided normal quantile of a confidence: 1.96 for 0.95; from the upper tail, so that it stays finite."""
    return -float(ndtri((1 - one_share(name, confidence, zero=False, one=False)) / 2))


def sample_of(needed: float, cause: str) -> int:
    """`needed` rounded up, at least 1; refused, with its cause, when no such sample can be taken.

    >>> sample_of(float("inf"), "margin")
    Traceback (most recent call last):
    ValueError: margin must ask for a sample that can be taken, got one of inf
    """
    if not needed < COUNTABLE:
        raise ValueError(f"{cause} must ask for a sample that can be taken, got one of {needed:g}")
    return max(1, ceil(needed - HAIR))


def wilson(events: ArrayLike, opportunities: ArrayLike, z: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Wilson's limits of shares, many at once: those of every share in the library."""
    k, n = np.asarray(events, dtype=np.float64), np.asarray(opportunities, dtype=np.float64)
    p, scale = k / n, 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z / scale * np.sqrt((p * (1 - p) + z * z / (4 * n)) / n)
    return np.where(k == 0, 0.0, np.maximum(centre - half, 0.0)), np.where(k == n, 1.0, np.minimum(centre + half, 1.0))


def difference_limits(
    one: tuple[Any, Any, Any], two: tuple[Any, Any, Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Two - one with its limits by the square-and-add rule, each given as value, lower, upper; Newcombe's for shares.

    >>> before, after = (0.6, 0.4904, 0.7005), (0.8, 0.6912, 0.8773)
    >>> [float(part) for part in difference_limits(before, after)]
    [0.2, 0.0519, 0.3341]
    """
    gap = np.asarray(two[0] - one[0])
    return gap, gap - np.hypot(two[0] - two[1], one[2] - one[0]), gap + np.hypot(two[2] - two[0], one[0] - one[1])
