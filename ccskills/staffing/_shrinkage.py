"""Paid time that is not available, by category, and the people to schedule because of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, collapse, numbers, share
from .._counts import COUNTABLE
from .._guards import listing, switch

__all__ = ["HAIR", "Shrinkage", "agents_scheduled", "gross_up", "shrinkage"]

# Rounding guard: 14 / 0.7 is 20.000000000000004 in floats and must stay 20 people.
HAIR = 1e-9


@dataclass(frozen=True)
class Shrinkage:
    """Shares of paid time in which people are not available: floats, or arrays by interval or day."""

    total: Any
    """All categories together: what `agents_required` and `agents_scheduled` take."""
    planned: Any
    """Booked ahead: leave, training, meetings, breaks."""
    unplanned: Any
    """Known on the day only: sickness, lateness, faults."""
    shares: pd.DataFrame
    """Share of paid time of every category, a column each; one row, or a row per interval or day."""


def shrinkage(
    planned: Mapping[str, ArrayLike],
    unplanned: Mapping[str, ArrayLike] | None = None,
    *,
    paid_hours: ArrayLike | None = None,
    of_present: Collection[str] = (),
) -> Shrinkage:
    """Shrinkage by category: paid time not available / paid time.

    Shares of the same whole are added. A share that was measured on those who came to work (a break of 10 % of the
    time present) is not: with P the sum of the shares of paid time and Q the sum of the shares of time present,
    total = P + (1 - P) Q, which is 1 - (1 - P)(1 - Q).

    Parameters
    ----------
    planned : mapping of names to numbers or arrays
        Categories booked ahead: shares, or hours when `paid_hours` is given. An array holds a value per interval or
        day.
    unplanned : mapping of names to numbers or arrays, optional
        Categories known on the day only, in the same unit.
    paid_hours : number or array, optional
        Hours paid [h]: the categories are hours too and are divided by it. For a period, give sums, not the mean of
        daily shares.
    of_present : collection of names, optional
        Categories whose share is of the time of those who came to work; not with hours, which are all of paid time.

    Returns
    -------
    Shrinkage

    Examples
    --------
    >>> away = shrinkage({"leave": 0.08, "training": 0.04, "breaks": 0.10}, {"sickness": 0.04})
    >>> away.total, away.planned, away.unplanned
    (0.26, 0.22, 0.04)
    >>> site = shrinkage({"leave": 0.08, "training": 0.04, "breaks": 0.10}, {"sickness": 0.04}, of_present=["breaks"])
    >>> site.total
    0.244
    >>> site.shares.round(3)
       leave  training  breaks  sickness
    0   0.08      0.04   0.084      0.04
    >>> shrinkage({"leave": 32, "breaks": 40}, {"sickness": 8}, paid_hours=400).total
    0.2
    >>> shrinkage({"leave": 0.7}, {"sickness": 0.4})
    Traceback (most recent call last):
    ValueError: the categories together must be a share below 1 of paid time, got 1.1
    """
    if isinstance(of_present, str):
        raise TypeError(f"of_present must be a list of categories, got {of_present!r}")
    other = {} if unplanned is None else unplanned
    kinds = {"planned": _mapping("planned", planned), "unplanned": _mapping("unplanned", other)}
    present = listing("of_present", of_present)
    if not all(isinstance(name, str) for name in present):
        raise TypeError(f"of_present must be a list of categories, got {present!r}")
    names = [name for kind in kinds.values() for name in kind]
    if not names:
        raise ValueError("planned and unplanned must name at least one category, got none")
    if len(set(names)) < len(names):
        raise ValueError(f"a category must be planned or unplanned, got {_first_twice(names)!r} in both")
    if unknown := [name for name in present if name not in names]:
        raise ValueError(f"of_present must name categories, got {unknown[0]!r} beside {', '.join(names)}")
    if paid_hours is not None and present:
        raise ValueError("of_present goes with shares: hours are always divided by paid hours, got both")
    given = {name: value for kind in kinds.values() for name, value in kind.items()}
    stated = _shares(given, paid_hours)
    of_paid = sum((value for name, value in stated.items() if name not in present), np.zeros(()))
    shares = {name: value * (1 - of_paid) if name in present else value for name, value in stated.items()}
    total = sum(shares.values(), np.zeros(()))
    if (total >= 1).any() or (of_paid >= 1).any():
        worst = float(max(np.max(total), np.max(of_paid)))
        raise ValueError(f"the categories together must be a share below 1 of paid time, got {worst:g}")
    booked, late = (sum((shares[name] for name in kind), np.zeros(total.shape)) for kind in kinds.values())
    table = pd.DataFrame({name: np.atleast_1d(value) for name, value in shares.items()})
    return Shrinkage(collapse(total), collapse(np.asarray(booked)), collapse(np.asarray(late)), table)


def agents_scheduled(agents: ArrayLike, shrinkage: ArrayLike, whole: bool = True) -> Any:
    """People to schedule so that `agents` are available: agents / (1 - shrinkage).

    Parameters
    ----------
    agents : number or array
        Agents needed on the phones [agents].
    shrinkage : number or array
        Share of paid time in which people are not available, below 1; one number or one per interval.
    whole : bool, optional
        True: rounded up to whole people. False: fractional, to be summed over queues.

    Returns
    -------
    int, float or array
        People to schedule.

    Examples
    --------
    Multiplying by 1.30 would give 22.1 and leave the floor two people short:

    >>> agents_scheduled(17, 0.30)
    25
    >>> agents_scheduled([17, 17], [0.30, 0.15])
    array([25, 20])
    >>> agents_scheduled(17, 0.30, whole=False)
    24.286
    """
    n, s = broadcast(agents=numbers("agents", agents, least=0), shrinkage=share("shrinkage", shrinkage, one=False))
    return collapse(gross_up(n, s, switch("whole", whole)))


def gross_up(agents: Floats, shrinkage: Floats, whole: bool) -> Any:
    """agents / (1 - shrinkage) of checked arrays, rounded up to people when `whole`."""
    scheduled = agents / (1 - shrinkage)
    if whole and (scheduled > COUNTABLE).any():
        raise ValueError(f"agents must be people that can be counted, got {float(scheduled.max()):g}")
    return np.ceil(scheduled - HAIR * np.maximum(scheduled, 1)).astype(np.int64) if whole else np.asarray(scheduled)


def _mapping(name: str, value: object) -> Mapping[str, ArrayLike]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must map categories to shares or hours, got {type(value).__name__}")
    for category in value:
        if not isinstance(category, str) or category == "paid_hours":
            raise TypeError(f"{name} must have words for categories, paid_hours excluded, got {category!r}")
    return value


def _first_twice(names: list[str]) -> str:
    return next(name for place, name in enumerate(names) if name in names[:place])


def _shares(given: Mapping[str, ArrayLike], paid_hours: ArrayLike | None) -> dict[str, Floats]:
    """Every category as a share in one shape."""
    if paid_hours is None:
        arrays = {name: share(name, value) for name, value in given.items()}
        return dict(zip(arrays, broadcast(**arrays), strict=True))
    arrays = {name: numbers(name, value, least=0) for name, value in given.items()}
    paid, *hours = broadcast(**{"paid_hours": numbers("paid_hours", paid_hours, above=0), **arrays})
    return {name: value / paid for name, value in zip(arrays, hours, strict=True)}
