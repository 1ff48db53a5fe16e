"""Whether an investment pays: present value, internal rate of return, payback, sensitivity, choice of projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, number, numbers, whole
from .._guards import limited, listing, one_share, pair
from .._quiet import quiet

__all__ = [
    "BusinessCase",
    "Outlook",
    "business_case",
    "choose_projects",
    "irr",
    "npv",
    "outlook",
    "sensitivity",
]


@dataclass(frozen=True)
class BusinessCase:
    """An investment over its periods."""

    flows: pd.DataFrame
    """Per period, 0 is today: `benefit`, `cost`, `net`, `cumulative`, `discounted` (net in today's money)."""
    npv: float
    """Net present value: sum of `discounted`."""
    irr: float | None
    """Internal rate of return per period; None when there is none or more than one."""
    payback_periods: float | None
    """Periods until the cumulative net flow reaches 0 for good, in a straight line between periods; None: never."""
    discounted_payback_periods: float | None
    """The same in today's money."""


@dataclass(frozen=True)
class Outlook:
    """What a case may bring when its assumptions are ranges."""

    mean: float
    median: float
    low: float
    """5 % of the draws lie below."""
    high: float
    """5 % of the draws lie above."""
    loss_probability: float
    """Share of the draws below 0."""


def npv(rate: float, flows: ArrayLike) -> float:
    """Net present value: the flows in today's money, flow t divided by (1 + rate)^t.

    Parameters
    ----------
    rate : float
        Discount rate per period, above -1, at most 1.
    flows : array
        Net flows; the first is today's and is not discounted.

    Returns
    -------
    float

    Examples
    --------
    >>> npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000])
    3065.22
    """
    values = numbers("flows", flows).ravel()
    return float((values * _discounts(rate, values.size)).sum())


def _discounts(rate: float, size: int) -> Floats:
    """What 1 of each period is worth today; a rate of 8 is refused, which is meant as 0.08."""
    part = number("rate", rate, above=-1)
    if part > 1:
        raise ValueError(f"rate must be a share a period, at most 1, got {part:g}; write {part / 100:g}")
    with np.errstate(over="ignore", under="ignore"):
        found = (1 + part) ** -np.arange(float(size))
    if not np.isfinite(found).all():
        raise ValueError(f"rate must leave finite amounts over {size} periods, got {part:g}")
    return np.asarray(found)


def irr(flows: ArrayLike) -> float | None:
    """The rate at which the net present value is 0, when there is exactly one that Descartes' rule vouches for.

    Parameters
    ----------
    flows : array
        Net flows from today on.

    Returns
    -------
    float or None
        None when the flows change sign not once or more than once: then use the net present value.

    Examples
    --------
    >>> irr([-100, 39, 59, 55, 20])
    0.2809
    >>> irr([-100, 230, -132]) is None
    True
    """
    values = numbers("flows", flows).ravel()
    signs = np.sign(values[values != 0])
    if signs.size < 2 or (np.diff(signs) != 0).sum() != 1:
        return None
    # In x = 1 / (1 + rate) the polynomial has one positive root; between its ends the logarithm of x is halved.
    ends, periods = [-40.0, 40.0], np.arange(values.size)
    for _ in range(200):
        middle = sum(ends) / 2
        # Only the sign counts: divided by its largest power of x the sum cannot leave the floats.
        value = values @ np.exp(middle * periods - max(middle, 0.0) * periods[-1])
        ends[int(np.sign(value) != signs[0])] = middle
    return float(np.exp(-sum(ends) / 2) - 1)


def business_case(investment: float, benefits: ArrayLike, costs: ArrayLike = 0.0, rate: float = 0.08) -> BusinessCase:
    """An investment today against what it brings and costs in the periods to come.

    Parameters
    ----------
    investment : float
        Paid today.
    benefits : array
        What each following period brings; count only what will really be paid less or earned more.
    costs : number or array, optional
        Running cost of each following period.
    rate : float, optional
        Discount rate per period: yearly for years, monthly for months.

    Returns
    -------
    BusinessCase

    Examples
    --------
    >>> case = business_case(300_000, [120_000, 180_000, 180_000], costs=30_000, rate=0.10)
    >>> round(case.npv), case.payback_periods, round(case.irr, 3)
    (18482, 2.4, 0.132)
    """
    gains = np.atleast_1d(numbers("benefits", benefits, least=0)).ravel()
    spent = numbers("costs", costs, least=0)
    if spent.ndim and spent.size != gains.size:
        raise ValueError(f"benefits and costs must cover the same periods, got {gains.size} and {spent.size}")
    discounts = _discounts(rate, gains.size + 1)
    cost = np.concatenate([[number("investment", investment, above=0)], np.broadcast_to(spent, gains.shape)])
    benefit = np.concatenate([[0.0], gains])
    net = benefit - cost
    discounted = net * discounts
    table = {"benefit": benefit, "cost": cost, "net": net, "cumulative": net.cumsum(), "discounted": discounted}
    return BusinessCase(
        flows=pd.DataFrame(table, index=pd.RangeIndex(net.size, name="period")),
        npv=float(discounted.sum()),
        irr=irr(net),
        payback_periods=_payback(net),
        discounted_payback_periods=_payback(discounted),
    )


def _payback(net: Floats) -> float | None:
    """Where the cumulative flow crosses 0 for the last time, upwards."""
    total = net.cumsum()
    short = np.flatnonzero(total < 0)
    last = int(short[-1])
    return None if last == net.size - 1 else float(last + -total[last] / net[last + 1])


def sensitivity(
    value: Callable[..., float],
    base: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]] | float = 0.2,
) -> pd.DataFrame:
    """How far the value of a case moves when one assumption at a time goes to its low and its high end.

    Parameters
    ----------
    value : callable
        Called with the assumptions by name; gives the figure to watch, such as the net present value.
    base : mapping
        Name and expected value of each assumption.
    ranges : mapping or float, optional
        (low, high) by name for those that move, or one share by which all move down and up.

    Returns
    -------
    DataFrame
        One row per assumption, the one that matters most first: `parameter`, `low`, `high`, `npv_low`, `npv_high`
        (values of the case there) and `swing` (their distance). `attrs["base"]` is the value with nothing moved.

    Examples
    --------
    >>> def saving(calls, minutes, wage):
    ...     return business_case(200_000, [calls * minutes / 60 * wage] * 3).npv
    >>> base = {"calls": 60_000, "minutes": 2, "wage": 50}
    >>> table = sensitivity(saving, base, {"minutes": (0.5, 2.5), "wage": (45, 55)})
    >>> table["parameter"].tolist(), table["npv_low"].round(-3).tolist()
    (['minutes', 'wage'], [-136000.0, 32000.0])
    """
    if not isinstance(base, Mapping) or not base:
        raise TypeError(f"base must be a mapping of name to value with at least one name, got {base!r}")
    centre = {name: number(f"base of {name}", middle) for name, middle in base.items()}
    _called(value, centre)
    ends = ranges if isinstance(ranges, Mapping) else _around(centre, ranges)
    rows = []
    for name, span in ends.items():
        if name not in centre:
            raise ValueError(f"ranges must name assumptions of base ({', '.join(centre)}), got {name!r}")
        least, most = pair(f"ranges of {name}", span)
        if not least <= centre[name] <= most:
            raise ValueError(f"the range of {name} must hold its base {centre[name]:g}, got {least:g} to {most:g}")
        found = [_figure(value, {**centre, name: end}) for end in (least, most)]
        rows.append((name, least, most, *found, abs(found[1] - found[0])))
    table = pd.DataFrame(rows, columns=["parameter", "low", "high", "npv_low", "npv_high", "swing"])
    table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    table.attrs["base"] = _figure(value, centre)
    return table


def _called(value: Any, assumptions: Mapping[str, Any]) -> None:
    """Refuse what cannot be called with the assumptions by name."""
    if not callable(value):
        raise TypeError(f"value must be a function of the assumptions, got a {type(value).__name__}")
    try:
        signature(value).bind(**dict.fromkeys(assumptions))
    except TypeError as error:
        raise TypeError(f"value must take the assumptions {', '.join(assumptions)} by name, got: {error}") from None


def _figure(value: Callable[..., float], assumptions: Mapping[str, float]) -> float:
    """The value of the case, one number."""
    return number("what value gives", value(**assumptions))


def _around(centre: Mapping[str, float], by: float) -> dict[str, tuple[float, float]]:
    """Each value less and plus a share of itself."""
    part = one_share("ranges", by, zero=False)
    return {name: (middle - part * abs(middle), middle + part * abs(middle)) for name, middle in centre.items()}


def outlook(
    value: Callable[..., float],
    ranges: Mapping[str, tuple[float, float, float]],
    draws: int = 2000,
    seed: int = 2026,
) -> Outlook:
    """What a case may bring when all its assumptions vary at once, each by a triangle of lowest, likeliest, highest.

    Parameters
    ----------
    value : callable
        Called with the assumptions by name, once per draw.
    ranges : mapping
        Name to (lowest, likeliest, highest).
    draws : int, optional
        Number of draws, 100 or more.
    seed : int, optional
        The same seed gives the same draws.

    Returns
    -------
    Outlook

    Examples
    --------
    >>> found = outlook(lambda saving: business_case(200_000, [saving] * 3).npv, {"saving": (40_000, 90_000, 110_000)})
    >>> round(found.loss_probability, 1)
    0.4
    """
    if not isinstance(ranges, Mapping) or not ranges:
        raise TypeError(f"ranges must be a mapping of name to (lowest, likeliest, highest), got {ranges!r}")
    _called(value, ranges)
    rng = np.random.default_rng(whole("seed", seed, least=0))
    size = limited("draws", draws, 100, 1_000_000)
    drawn = {}
    for name, ends in ranges.items():
        if len(listing(f"ranges of {name}", ends)) != 3:
            raise ValueError(f"ranges of {name} must be lowest, likeliest and highest, got {len(ends)} values")
        low, middle, high = (number(f"ranges of {name}", end) for end in ends)
        if not low <= middle <= high:
            raise ValueError(f"ranges of {name} must rise from lowest to highest, got {low:g}, {middle:g}, {high:g}")
        drawn[name] = rng.triangular(low, middle, high, size) if low < high else np.full(size, low)
    found = np.array([_figure(value, dict(zip(drawn, row, strict=True))) for row in zip(*drawn.values(), strict=True)])
    low, median, high = (float(q) for q in np.quantile(found, [0.05, 0.5, 0.95]))
    return Outlook(float(found.mean()), median, low, high, float((found < 0).mean()))


def choose_projects(names: Sequence[str], cost: ArrayLike, value: ArrayLike, budget: float) -> list[str]:
    """The projects that together bring the most within the budget; each is done as a whole or not at all.

    Parameters
    ----------
    names : sequence of str
        One name per project.
    cost : array
        What each project takes from the budget.
    value : array
        Net present value of each project, already lowered for its risk.
    budget : float
        What may be spent.

    Returns
    -------
    list of str
        In the order given; those with a value of 0 or less are never chosen.

    Examples
    --------
    The project with the highest value per unit of cost is not in the best set:

    >>> choose_projects(["knowledge base", "bot", "scheduling"], [40, 60, 55], [60, 80, 76], 115)
    ['bot', 'scheduling']
    """
    from scipy.optimize import LinearConstraint, milp

    prices, worth = numbers("cost", cost, least=0).ravel(), numbers("value", value).ravel()
    given = listing("names", names)
    if not len(given) == prices.size == worth.size:
        got = f"{len(given)}, {prices.size} and {worth.size}"
        raise ValueError(f"names, cost and value must have one entry per project, got {got}")
    whole_budget = number("budget", budget, least=0)
    # The solver knows amounts to about 1e-6: in shares of the budget and of the best project they are all that near.
    gain = np.maximum(worth, 0.0)
    useful = (gain > 0) & (prices <= whole_budget)
    if not useful.any():
        return []
    limit = LinearConstraint((prices[useful] / max(whole_budget, 1e-300))[None, :], ub=1.0)
    scaled = gain[useful] / gain[useful].max()
    with quiet():
        found = milp(-scaled, constraints=limit, integrality=1, bounds=(0, 1), options={"mip_rel_gap": 0.0})
    chosen = np.zeros(len(given), dtype=bool)
    chosen[useful] = found.x > 0.5
    return [name for name, one in zip(given, chosen, strict=True) if one]
