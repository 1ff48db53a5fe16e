"""How long customers are ready to wait, from call records in which an answer ends the wait of most of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

from .._checks import Floats, broadcast, numbers
from .._counts import z_value
from .._guards import listing, one_share, same_rows
from .._survival import kaplan_meier

__all__ = ["Patience", "estimate_patience", "patience_curve"]


@dataclass(frozen=True)
class Patience:
    """Mean patience with its confidence interval."""

    mean_s: float
    """Mean patience [s]: sum of all waits / number of abandonments; what `erlang_a` takes."""
    lower_s: float
    """Lower confidence limit [s]."""
    upper_s: float
    """Upper confidence limit [s]."""
    contacts: int
    """Contacts in the records, answered or not."""
    abandoned: int
    """Contacts that hung up."""
    level: float
    """Confidence level."""


def estimate_patience(wait_s: ArrayLike, abandoned: ArrayLike, level: float = 0.95) -> Patience:
    """Mean patience from call records, answered calls counted as what they are: waits that were cut short.

    Formula: sum of all waits / number of abandonments, the maximum-likelihood estimate of an exponential patience
    under right censoring. The mean wait of those who hung up is always too low: it leaves out the patient ones.

    Parameters
    ----------
    wait_s : array
        Time in the queue of every contact [s], until the answer or until the customer hung up.
    abandoned : array of bool
        True where the customer hung up.
    level : float, optional
        Confidence level of the limits.

    Returns
    -------
    Patience

    Notes
    -----
    With d abandonments in T seconds of waiting the limits of the rate are chi2(alpha/2; 2d) / 2T and
    chi2(1 - alpha/2; 2d + 2) / 2T, exact for a count over a fixed time (Garwood); the mean is 1 / rate.
    A contact answered at once (wait 0) says nothing about patience and changes nothing. One that hung up after 0 s
    counts as an abandonment without waiting and lowers the estimate: leave out abandonments that are shorter than
    your short-abandon rule, together with the rule's seconds of every other wait, if you do not count them.
    Patience is not exponential where `patience_curve` on a log scale is not straight.

    Examples
    --------
    >>> records = estimate_patience([10, 20, 90, 0, 60], [False, True, True, False, False])
    >>> records.mean_s, round(records.lower_s, 1), round(records.upper_s, 1)
    (90.0, 24.9, 743.2)
    >>> estimate_patience([10, 20], [False, False])
    Traceback (most recent call last):
    ValueError: abandoned must hold at least one abandonment, got none in 2 contacts

    References
    ----------
    N. Gans, G. Koole, A. Mandelbaum, Telephone call centers: tutorial, review, and research prospects M&SOM 5 (2),
    2003. F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28, 1936, 437-442.
    """
    waits, left = _records(wait_s, abandoned)
    alpha = 1 - one_share("level", level, zero=False, one=False)
    count, total = int(left.sum()), float(waits.sum())
    if count == 0:
        raise ValueError(f"abandoned must hold at least one abandonment, got none in {waits.size} contacts")
    if total == 0:
        raise ValueError(f"wait_s must hold at least one wait above 0, got {waits.size} waits of 0")
    longest, shortest = chdtri(2 * count, 1 - alpha / 2), chdtri(2 * count + 2, alpha / 2)
    return Patience(total / count, float(2 * total / shortest), float(2 * total / longest), waits.size, count, level)


def patience_curve(wait_s: ArrayLike, abandoned: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Share of customers whose patience outlasts each wait: the Kaplan-Meier curve, which assumes no distribution.

    Formula: S(t) = product over waits u <= t with abandonments of (1 - abandoned at u / still waiting at u).

    Parameters
    ----------
    wait_s : array
        Time in the queue of every contact [s], until the answer or until the customer hung up.
    abandoned : array of bool
        True where the customer hung up.
    level : float, optional
        Confidence level of the limits.

    Returns
    -------
    DataFrame
        One row per distinct wait, indexed by `wait_s`: `at_risk` (still waiting just before), `abandoned`, `answered`,
        `survival`, `standard_error` (Greenwood) and the limits `lower` and `upper`, taken on the scale of
        log(-log S), so that they stay between 0 and 1. Where the curve has come down to 0 the error is 0 and the upper
        limit that of the row before.

    Examples
    --------
    >>> patience_curve([10, 20, 90, 0, 60], [False, True, True, False, False])[["at_risk", "abandoned", "survival"]]
            at_risk  abandoned  survival
    wait_s
    0.0           5          0      1.00
    10.0          4          0      1.00
    20.0          3          1      0.67
    60.0          2          0      0.67
    90.0          1          1      0.00

    References
    ----------
    E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, JASA 53, 1958, 457-481.
    """
    waits, left = _records(wait_s, abandoned)
    z = z_value(level, "level")
    curve = kaplan_meier(waits, left, z)
    return pd.DataFrame(
        {
            "at_risk": curve.at_risk,
            "abandoned": curve.ended,
            "answered": curve.seen,
            "survival": curve.survival,
            "standard_error": curve.standard_error,
            "lower": curve.lower,
            "upper": curve.upper,
        },
        index=pd.Index(curve.times, name="wait_s"),
    )


def _records(wait_s: ArrayLike, abandoned: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """One row of waits, and who hung up."""
    same_rows(wait_s=wait_s, abandoned=abandoned)
    waits = numbers("wait_s", wait_s, least=0)
    marks = listing("abandoned", abandoned) if waits.ndim else [abandoned]
    if not all(np.ndim(mark) == 0 for mark in marks):
        raise TypeError("abandoned must be True or False for every contact, got a list inside the list")
    flags: Any = np.asarray(marks)
    if flags.dtype != np.bool_ and not (flags.dtype.kind in "iuf" and np.isin(flags, (0, 1)).all()):
        raise TypeError("abandoned must be True or False for every contact, got other values")
    waits, left = broadcast(wait_s=np.atleast_1d(waits), abandoned=flags.astype(np.float64))
    return waits.ravel(), left.ravel() > 0
