"""Which causes matter most, and whether a process can keep its limits: Pareto tables and process capability."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

from .._checks import number, numbers
from .._counts import z_value
from .._text import Text
from ._control import D2, ControlChart, xmr_chart

__all__ = ["Capability", "capability", "pareto"]

STABLE = Text(
    "no signal on the control chart: the indices describe the process",
    "控制图没有异常信号：指数可以代表该过程",
)
UNSTABLE = Text(
    "the control chart signals: find the causes first, the indices describe no process that will last",
    "控制图出现异常信号：应先查明原因，此时的指数不能代表今后的过程",
)


def pareto(causes: Sequence[Any], counts: ArrayLike | None = None) -> pd.DataFrame:
    """Causes from the most to the least frequent, with their cumulative share.

    Parameters
    ----------
    causes : sequence
        The cause of each event; or each cause once (or more), with its `counts`.
    counts : array, optional
        Events that each entry stands for, or any other weight, such as minutes lost or what they cost.

    Returns
    -------
    DataFrame
        Indexed by cause: count, share, cumulative (shares between 0 and 1). Of equal causes, the first comes first.
        ``attrs["summed"]`` is the name of the column that `counts` came from ("" for none) when there are `counts`.

    Examples
    --------
    >>> pareto(["policy", "billing", "login"], [20, 50, 30])
             count  share  cumulative
    cause
    billing   50.0    0.5         0.5
    login     30.0    0.3         0.8
    policy    20.0    0.2         1.0
    >>> pareto(["hold", "hold", "tone"])["count"].to_dict()
    {'hold': 2.0, 'tone': 1.0}
    >>> pareto(["hold"], [-1])
    Traceback (most recent call last):
    ValueError: counts must be 0 or more, got -1 at position 0
    """
    if isinstance(causes, (str, bytes)) or not hasattr(causes, "__iter__"):
        raise TypeError(f"causes must be a list of causes, got {causes!r}")
    names = list(causes)
    if not names:
        raise ValueError("causes must hold at least one cause, got none")
    odd = [name for name in names if not isinstance(name, Hashable) or isinstance(name, tuple)]
    if odd:
        raise TypeError(f"causes must be words or numbers, got {type(odd[0]).__name__} {str(odd[0])[:40]!r}")
    gone = [at for at, name in enumerate(names) if pd.isna(name) is True]
    if gone:
        raise ValueError(f"causes must name a cause for every entry, got {names[gone[0]]} at position {gone[0]}")
    weights = np.ones(len(names)) if counts is None else np.atleast_1d(numbers("counts", counts, least=0))
    if weights.shape != (len(names),):
        raise ValueError(f"causes and counts must be of one length, got {len(names)} and {weights.size}")
    if weights.sum() == 0:
        raise ValueError("counts must hold at least one event, got only 0")
    total = pd.Series(weights, index=pd.Index(names, name="cause")).groupby(level=0, sort=False).sum()
    total = total.sort_values(ascending=False, kind="stable")
    shares = total / total.sum()
    table = pd.DataFrame({"count": total, "share": shares, "cumulative": shares.cumsum().clip(upper=1.0)})
    if counts is not None:
        table.attrs["summed"] = str(getattr(counts, "name", None) or "")
    return table


@dataclass(frozen=True)
class Capability:
    """How a process fits between its limits."""

    cp: float | None
    """(upper - lower) / (6 x short-term deviation): what the process could do if centred; None with one limit."""
    cpk: float
    """Distance of the mean from the nearer limit / (3 x short-term deviation)."""
    cpk_lower: float
    """Lower limit of the confidence interval of `cpk`."""
    cpk_upper: float
    """Upper limit of the confidence interval of `cpk`."""
    pp: float | None
    """As `cp`, with the overall deviation: what the process did; None with one limit."""
    ppk: float
    """As `cpk`, with the overall deviation."""
    ppk_lower: float
    """Lower limit of the confidence interval of `ppk`."""
    ppk_upper: float
    """Upper limit of the confidence interval of `ppk`."""
    cpm: float | None
    """(upper - lower) / (6 x root mean square distance from the target); None without a target or with one limit."""
    mean: float
    """Mean of the values."""
    short_term_deviation: float
    """Standard deviation from neighbour to neighbour: mean moving range / 1.128."""
    overall_deviation: float
    """Standard deviation of all values."""
    expected_outside: float
    """Share outside the limits that a normal distribution with the overall deviation gives."""
    observed_outside: float
    """Share of the values that was outside."""
    stable: bool
    """True when the control chart of the values gives no signal."""
    note: Text
    """What `stable` means for the use of these figures, in both languages."""


def capability(
    values: ArrayLike,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
) -> Capability:
    """Whether a stable process keeps its limits: Cp, Cpk, Pp, Ppk and the share outside.

    Parameters
    ----------
    values : array or Series
        One value per period or contact, in order of time.
    lower : float, optional
        Lowest value that is allowed, in the unit of the values.
    upper : float, optional
        Highest value that is allowed; at least one of both is needed.
    target : float, optional
        Value that is wanted, for `cpm`.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Capability
        Read `note` first: a process that is not stable has no capability.

    Notes
    -----
    Limits here are what the customer or contract asks for, not control limits. Handle times of single contacts are
    skewed: compare `expected_outside` with `observed_outside`, or use daily means.

    Examples
    --------
    Daily AHT that should stay between 270 and 330 s:

    >>> days = [301, 296, 305, 299, 303, 298, 304, 300, 295, 302, 306, 297]
    >>> found = capability(days, lower=270, upper=330)
    >>> found.cp, found.cpk, found.stable
    (1.94, 1.91, True)
    >>> capability(days)
    Traceback (most recent call last):
    ValueError: give lower, upper or both, got neither

    References
    ----------
    D. C. Montgomery, Introduction to statistical quality control, 6th ed., 2009, section 8.3. NIST/SEMATECH e-Handbook
    of Statistical Methods, 6.1.6. A. F. Bissell, How reliable is your capability index?, Applied Statistics 39, 1990,
    331-340.
    """
    series = numbers("values", values)
    if series.ndim != 1 or series.size < 3:
        raise ValueError(f"values must be a list of at least three values, got shape {series.shape}")
    low, high = _limits(lower, upper)
    z = z_value(confidence)
    chart = xmr_chart(series)
    n, mean, overall = series.size, float(series.mean()), float(series.std(ddof=1))
    if overall == 0:
        raise ValueError(f"values must differ, got only {mean:g}: capability does not exist")
    short = float(np.abs(np.diff(series)).mean()) / D2
    wide = None if lower is None or upper is None else high - low
    cpk, ppk = _nearer(mean, short, low, high), _nearer(mean, overall, low, high)
    half_c, half_p = z * _error(cpk, n, _range_freedom(n)), z * _error(ppk, n, n - 1)
    wanted = None if target is None else number("target", target)
    around = None if wanted is None else float(np.sqrt(overall**2 + (mean - wanted) ** 2))
    stable = _quiet(chart)
    return Capability(
        cp=None if wide is None else wide / (6 * short),
        cpk=cpk,
        cpk_lower=cpk - half_c,
        cpk_upper=cpk + half_c,
        pp=None if wide is None else wide / (6 * overall),
        ppk=ppk,
        ppk_lower=ppk - half_p,
        ppk_upper=ppk + half_p,
        cpm=None if wide is None or around is None else wide / (6 * around),
        mean=mean,
        short_term_deviation=short,
        overall_deviation=overall,
        expected_outside=float(ndtr((low - mean) / overall) + ndtr((mean - high) / overall)),
        observed_outside=float(((series < low) | (series > high)).mean()),
        stable=stable,
        note=STABLE if stable else UNSTABLE,
    )


def _limits(lower: float | None, upper: float | None) -> tuple[float, float]:
    if lower is None and upper is None:
        raise ValueError("give lower, upper or both, got neither")
    low = -np.inf if lower is None else number("lower", lower)
    high = np.inf if upper is None else number("upper", upper)
    if low >= high:
        raise ValueError(f"lower must be below upper, got {low:g} and {high:g}")
    return low, high


def _nearer(mean: float, deviation: float, low: float, high: float) -> float:
    return min(mean - low, high - mean) / (3 * deviation)


def _error(index: float, n: int, freedom: float) -> float:
    """Bissell's standard error of Cpk, with the degrees of freedom of the deviation."""
    return float(np.sqrt(1 / (9 * n) + index**2 / (2 * freedom)))


def _range_freedom(n: int) -> float:
    """Degrees of freedom of a deviation from n - 1 moving ranges (Cryer and Ryan, J. Quality Technology 22, 1990)."""
    return (n - 1) ** 2 / (2 * (0.8264 * n - 1.082))


def _quiet(chart: ControlChart) -> bool:
    return chart.signals.empty and chart.ranges is not None and chart.ranges.signals.empty
