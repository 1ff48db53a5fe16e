"""The year's people: from hours to full-time equivalents, through attrition, training and ramp-up, to a hiring plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import broadcast, choice, collapse, number, numbers, share, whole
from .._guards import limited, listing, one_share
from ._hiring import Workforce

__all__ = ["annual_attrition", "capacity_plan", "fte", "monthly_attrition"]

METHODS = ("sum", "cohort")
MOST_MONTHS, MOST_FTE = 120, 100_000.0


def fte(scheduled_hours: ArrayLike, hours_per_fte: ArrayLike) -> Any:
    """Full-time equivalents: scheduled hours / hours of one full-time person in the same period.

    Parameters
    ----------
    scheduled_hours : number or array
        Hours to schedule in the period, shrinkage included [h].
    hours_per_fte : number or array
        Paid hours of one full-time person in the period [h].

    Returns
    -------
    float or array
        FTE.

    Examples
    --------
    The chain from contacts to FTE: a day of three half hours, on 21 days of a month of 166 paid hours.

    >>> from ccskills.staffing import agents_required, offered_load
    >>> load = offered_load([100, 120, 80], aht_s=240)
    >>> scheduled = agents_required(load, aht_s=240, shrinkage=0.30)
    >>> scheduled
    array([25, 29, 20])
    >>> fte(scheduled.sum() * 0.5 * 21, hours_per_fte=166)
    4.681
    """
    hours, one = broadcast(
        scheduled_hours=numbers("scheduled_hours", scheduled_hours, least=0),
        hours_per_fte=numbers("hours_per_fte", hours_per_fte, above=0),
    )
    return collapse(hours / one)


def annual_attrition(monthly: ArrayLike, method: str = "sum") -> Any:
    """Attrition of twelve months at one monthly share.

    "sum" (12 m) is leavers of a year / mean headcount when leavers are replaced: what has to be hired. "cohort"
    (1 - (1 - m)^12) is how much of those who are here today will have left: what it does to experience.

    Parameters
    ----------
    monthly : number or array
        Leavers of a month / headcount at its start, as a share.
    method : {"sum", "cohort"}, optional
        Which of the two.

    Returns
    -------
    float or array
        Share a year; "sum" may be above 1.

    Examples
    --------
    >>> annual_attrition(0.03), annual_attrition(0.03, "cohort")
    (0.36, 0.306)
    """
    share_a_month = share("monthly", monthly)
    summed = choice("method", method, METHODS) == "sum"
    return collapse(np.asarray(12 * share_a_month if summed else 1 - (1 - share_a_month) ** 12))


def monthly_attrition(annual: ArrayLike, method: str = "sum") -> Any:
    """The monthly share behind an annual attrition: the inverse of `annual_attrition`.

    Parameters
    ----------
    annual : number or array
        Attrition of twelve months; by "sum" up to 12, by "cohort" up to 1.
    method : {"sum", "cohort"}, optional
        How the annual figure was made: leavers / mean headcount, or the share of one cohort that left.

    Returns
    -------
    float or array
        Share a month.

    Examples
    --------
    >>> monthly_attrition(0.36), monthly_attrition(0.306, "cohort")
    (0.03, 0.03)
    """
    if choice("method", method, METHODS) == "cohort":
        return collapse(np.asarray(1 - (1 - share("annual", annual)) ** (1 / 12)))
    a_year = numbers("annual", annual, least=0)
    if (a_year > 12).any():
        raise ValueError(f"annual must be a share up to 12 (everybody, every month), got {float(a_year.max()):g}")
    return collapse(np.asarray(a_year / 12))


def capacity_plan(
    required_fte: ArrayLike,
    start_headcount: float,
    attrition: ArrayLike = 0.03,
    training_months: int = 1,
    ramp: Sequence[float] = (0.5, 0.75),
    lead_months: int = 1,
    hires: ArrayLike | None = None,
    class_min: int = 1,
    class_max: int | None = None,
    overtime: ArrayLike = 0.0,
    recruiting_accuracy: float = 1.0,
) -> pd.DataFrame:
    """Month by month: people, leavers, hires, productive FTE and gap; with the fewest hire-months when hires are open.

    Every month starts with its leavers (attrition x opening headcount, new people like old ones) and its hiring class.
    A class is in training for `training_months`, then works at the shares of `ramp`, then at 1. Productive FTE with
    overtime must cover the requirement. Where no hiring can do that, because the first class comes too late or classes
    are too small, the sum of the shortages is made as small as possible (it weighs 10,000 hire-months per FTE and
    month); then the hire-months are: the sum over classes of people x months from their first to the end of the plan.

    Parameters
    ----------
    required_fte : array or Series
        Full-time equivalents needed on the job per month, shrinkage included; usually twelve. The index is kept.
    start_headcount : number
        People at the start, all fully productive [FTE].
    attrition : number or array, optional
        Share of the opening headcount that leaves, for all months or for each.
    training_months : int, optional
        Months in which a class does no contacts.
    ramp : list, optional
        Productivity in each month after training, as shares of an experienced agent; then 1.
    lead_months : int, optional
        Months from the decision to the first day: no class can start in the first `lead_months`.
    hires : array, optional
        Class sizes to project as they are. None: whole numbers that meet the requirement are found.
    class_min : int, optional
        Smallest class that is started, when hires are found.
    class_max : int, optional
        Largest class of a month, when hires are found. None: no limit.
    overtime : number or array, optional
        Most overtime, as a share of productive FTE; used only where needed.
    recruiting_accuracy : float, optional
        Share of the people hired who really start and stay the first month, above 0.

    Returns
    -------
    DataFrame
        Per month: `required`, `opening` headcount, `leavers`, `hires` (the class), `joined` (hires x accuracy),
        `headcount` after both, `training` and `ramping` (people in it), `productive` FTE, `overtime` FTE used, `gap`
        (productive + overtime - required: below 0 is a shortage) and `requisitions` (hires to ask for in this month).
        People are expected values, so they have decimals.

    Notes
    -----
    The requirement is met at any price: half-trained people of a huge class may cover one bad month. `class_max` says
    what recruiting and training can take.

    Examples
    --------
    >>> need = pd.Series([50, 50, 52, 54, 56, 56], index=pd.period_range("2026-01", periods=6, freq="M"))
    >>> plan = capacity_plan(need, start_headcount=53, attrition=0.03, overtime=0.05)
    >>> plan[["opening", "leavers", "hires", "productive", "overtime", "gap"]].round(1)
             opening  leavers  hires  productive  overtime  gap
    2026-01     53.0      1.6    0.0        51.4       0.0  1.4
    2026-02     51.4      1.5    3.0        49.9       0.1  0.0
    2026-03     52.9      1.6    6.0        49.8       2.2  0.0
    2026-04     57.3      1.7    2.0        51.9       2.1  0.0
    2026-05     57.6      1.7    0.0        53.5       2.5  0.0
    2026-06     55.8      1.7    0.0        53.7       2.3  0.0
    >>> capacity_plan([50, 50], start_headcount=53, attrition=3)
    Traceback (most recent call last):
    ValueError: attrition must be a share between 0 and 1, 1 excluded, got 3; write 0.03
    """
    need = np.atleast_1d(numbers("required_fte", required_fte, least=0))
    if need.ndim != 1:
        raise ValueError(f"required_fte must be one row of months, got {need.ndim} dimensions")
    _, leave, extra = broadcast(
        required_fte=need, attrition=share("attrition", attrition, one=False), overtime=share("overtime", overtime)
    )
    if need.size > MOST_MONTHS or (need > MOST_FTE).any():
        got = f"{need.size} months with up to {float(need.max()):g}"
        raise ValueError(f"required_fte must be at most {MOST_MONTHS} months of {MOST_FTE:,.0f} FTE, got {got}")
    training = limited("training_months", training_months, 0, MOST_MONTHS)
    lead = whole("lead_months", lead_months, least=0)
    smallest = whole("class_min", class_min)
    workforce = Workforce(
        need=need,
        start=number("start_headcount", start_headcount, least=0),
        leave=leave,
        training=training,
        skill=np.append(np.zeros(training), share("ramp", ramp) if listing("ramp", ramp) else []),
        overtime=extra,
        accuracy=one_share("recruiting_accuracy", recruiting_accuracy, zero=False),
    )
    if hires is None:
        largest = np.inf if class_max is None else whole("class_max", class_max, least=smallest)
        classes = workforce.plan(lead, smallest, largest)
    else:
        classes = np.atleast_1d(numbers("hires", hires, least=0))
        if classes.shape != need.shape:
            raise ValueError(f"hires must hold {need.size} months like required_fte, got {classes.size}")
    index = required_fte.index if isinstance(required_fte, pd.Series) else pd.RangeIndex(1, need.size + 1, name="month")
    return workforce.table(classes, lead).set_axis(index)
