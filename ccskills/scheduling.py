"""Whether the plan covers the need and whether people keep to it: over and under, adherence, conformance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ._checks import broadcast, numbers

__all__ = ["OFF", "adherence", "conformance", "over_under"]

OFF = "off"
"""The state of a minute that is neither scheduled nor worked."""


def adherence(scheduled: Sequence[str], actual: Sequence[str]) -> float:
    """Minutes in the right state / scheduled minutes: whether people do the planned thing at the planned time.

    Parameters
    ----------
    scheduled : sequence of str
        Planned state of each minute (or other equal slice) of the day: "phone", "break", "training", or "off".
    actual : sequence of str
        State of the same minutes as logged.

    Returns
    -------
    float
        Share of the scheduled minutes in which plan and log agree; minutes planned "off" do not count.

    Examples
    --------
    Starting a 60-minute shift 6 minutes late and leaving 6 minutes later costs adherence, not conformance:

    >>> plan = ["phone"] * 60 + ["off"] * 6
    >>> log = ["off"] * 6 + ["phone"] * 60
    >>> adherence(plan, log), conformance(plan, log)
    (0.9, 1.0)
    """
    plan, log = _states(scheduled, actual)
    due = plan != OFF
    return float((plan == log)[due].sum() / due.sum())


def conformance(scheduled: Sequence[str], actual: Sequence[str]) -> float:
    """Worked minutes / scheduled work minutes: whether people work as much as planned, at whatever time.

    Parameters
    ----------
    scheduled : sequence of str
        Planned state of each minute, "off" where nothing is planned.
    actual : sequence of str
        State of the same minutes as logged.

    Returns
    -------
    float
        Above 1 when more was worked than planned.

    Examples
    --------
    >>> conformance(["phone"] * 60 + ["off"] * 6, ["phone"] * 66)
    1.1
    """
    plan, log = _states(scheduled, actual)
    return float((log != OFF).sum() / (plan != OFF).sum())


def over_under(required: ArrayLike, staffed: ArrayLike) -> pd.DataFrame:
    """Where the plan has too many or too few people, interval by interval.

    Parameters
    ----------
    required : Series or array
        Agents needed in each interval.
    staffed : Series or array
        Agents planned or present in the same intervals.

    Returns
    -------
    DataFrame
        Columns `required`, `staffed`, `difference` (staffed - required), `over`, `under` [agents].

    Examples
    --------
    >>> over_under([10, 17, 12], [12, 15, 12])[["over", "under"]].sum().tolist()
    [2.0, 2.0]
    """
    if isinstance(required, pd.Series) and isinstance(staffed, pd.Series) and not required.index.equals(staffed.index):
        raise ValueError("required and staffed must have the same index, got two different ones")
    need, have = broadcast(
        required=numbers("required", required, least=0), staffed=numbers("staffed", staffed, least=0)
    )
    difference = np.atleast_1d(have - need)
    table = {
        "required": np.atleast_1d(need),
        "staffed": np.atleast_1d(have),
        "difference": difference,
        "over": np.maximum(difference, 0.0),
        "under": np.maximum(-difference, 0.0),
    }
    return pd.DataFrame(table, index=required.index if isinstance(required, pd.Series) else None)


def _states(scheduled: Sequence[str], actual: Sequence[str]) -> tuple[Any, Any]:
    """Both lists as arrays of the same length with at least one scheduled slice."""
    if isinstance(scheduled, str) or isinstance(actual, str):
        raise TypeError("scheduled and actual must be lists with one state for each minute, got a single word")
    plan, log = np.array(list(scheduled), dtype=object), np.array(list(actual), dtype=object)
    if plan.size != log.size:
        raise ValueError(f"scheduled and actual must cover the same minutes, got {plan.size} and {log.size}")
    if not (plan != OFF).any():
        raise ValueError(f'scheduled must hold at least one slice that is not "{OFF}", got {plan.size} slices')
    return plan, log
