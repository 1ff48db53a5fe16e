"""What customers are worth and who they are: lifetime value, RFM segments, retention curves, cohorts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, collapse, columns, numbers, share, whole
from .._counts import z_value
from .._guards import column_name, labels, limited, listing, same_rows, switch
from .._survival import kaplan_meier
from .._text import Text

__all__ = [
    "RFM_SEGMENTS",
    "cohort_table",
    "customer_lifetime_value",
    "margin_multiple",
    "retention_curve",
    "rfm",
    "value_by_segment",
]

RFM_SEGMENTS: dict[str, Text] = {
    "champions": Text("champions", "核心客户"),
    "loyal": Text("loyal", "忠诚客户"),
    "promising": Text("promising", "潜力客户"),
    "at_risk": Text("at risk", "流失预警客户"),
    "dormant": Text("dormant", "沉睡客户"),
}
"""Five segments from recency and the mean of frequency and value."""

# Shares of the highest score from which a score counts as high, and as top: 3 and 4.5 of 5.
HIGH, TOP = 0.6, 0.9
MOST_PERIODS = 1_000_000


def margin_multiple(retention: ArrayLike, discount: ArrayLike) -> Any:
    """How many yearly margins a customer is worth, r / (1 + i - r).

    Parameters
    ----------
    retention : number or array
        Share of the customers who stay from one period to the next, r.
    discount : number or array
        Discount rate of a period, i.

    Returns
    -------
    float or array
        Present value of all future margins / margin of a period; the first margin comes after one period and only from
        those who stay. Add 1 when it is paid at once.

    Examples
    --------
    >>> margin_multiple([0.60, 0.70, 0.80, 0.90], 0.12)
    array([1.15, 1.67, 2.5 , 4.09])
    >>> margin_multiple(1.0, 0.0)
    Traceback (most recent call last):
    ValueError: retention and discount must leave a finite value, got a retention of 1 with a discount of 0

    References
    ----------
    S. Gupta and D. R. Lehmann, Customers as assets, Journal of Interactive Marketing 17(1), 2003, 9-24.
    """
    r, i = broadcast(retention=share("retention", retention), discount=discount_rate(discount))
    if ((r == 1) & (i == 0)).any():
        raise ValueError("retention and discount must leave a finite value, got a retention of 1 with a discount of 0")
    # 1 - r + i, in this order: a discount too small to change 1 still counts where everybody stays.
    return collapse(np.asarray(r / ((1 - r) + i)))


def discount_rate(value: ArrayLike) -> Floats:
    """Discount rates of a period; 8 is refused, which is meant as 0.08."""
    rate = numbers("discount", value, least=0)
    if (rate > 1).any():
        high = float(rate.max())
        raise ValueError(f"discount must be a share a period from 0 to 1, got {high:g}; write {high / 100:g}")
    return rate


def customer_lifetime_value(
    margin: ArrayLike,
    retention: ArrayLike,
    discount: ArrayLike,
    *,
    periods: int | None = None,
    acquisition_cost: ArrayLike = 0.0,
    pays_at_once: bool = False,
) -> Any:
    """Present value of what a customer will bring - what it cost to win her.

    Formula: sum over t = 1, 2, ... of margin x r^t / (1 + i)^t - acquisition cost; without an end the sum is
    margin x r / (1 + i - r).

    Parameters
    ----------
    margin : number or array
        Margin per period: revenue - cost to serve [your currency].
    retention : number or array
        Share of the customers who stay from one period to the next, r.
    discount : number or array
        Discount rate of a period, i.
    periods : int, optional
        Only the first periods count; without end when left out.
    acquisition_cost : number or array, optional
        Cost to win the customer [your currency].
    pays_at_once : bool, optional
        Whether a first margin comes at once from everybody (t starts at 0).

    Returns
    -------
    float or array
        May be below 0: a customer who costs more to win than she brings.

    Notes
    -----
    Margin and retention stay the same for ever; in life retention rises with the years, so for old customers this is
    too low and for new ones too high.

    Examples
    --------
    One point of retention is worth more than one per cent of margin:

    >>> customer_lifetime_value(100, [0.80, 0.81], 0.12), customer_lifetime_value(101, 0.80, 0.12)
    (array([250. , 261.29]), 252.5)
    >>> customer_lifetime_value(100, 0.8, 0.12, periods=3, pays_at_once=True, acquisition_cost=120)
    138.89
    """
    m, r, i, cost = broadcast(
        margin=numbers("margin", margin),
        retention=share("retention", retention),
        discount=discount_rate(discount),
        acquisition_cost=numbers("acquisition_cost", acquisition_cost, least=0),
    )
    if periods is None:
        multiple = np.asarray(margin_multiple(r, i))
    else:
        multiple = _first_periods(r / (1 + i), limited("periods", periods, 1, MOST_PERIODS))
    return collapse(np.asarray(m * (multiple + switch("pays_at_once", pays_at_once)) - cost))


def _first_periods(ratio: Floats, periods: int) -> Floats:
    """ratio + ratio^2 + ... of the first periods, without adding them one by one."""
    open_ = (ratio > 0) & (ratio < 1)
    inside = np.where(open_, ratio, 0.5)
    found = inside * -np.expm1(periods * np.log(inside)) / (1 - inside)
    return np.where(open_, found, np.where(ratio > 0, float(periods), 0.0))


def value_by_segment(
    table: pd.DataFrame, segment: str, margin: str, stayed: str, discount: float, **options: Any
) -> pd.DataFrame:
    """Lifetime value of each segment from its mean margin and the share that stayed.

    Parameters
    ----------
    table : DataFrame
        One row per customer of the period.
    segment, margin, stayed : str
        Columns with the segment, the margin of the period [your currency] and True or False.
    discount : float
        Discount rate of the period.
    **options
        periods, acquisition_cost and pays_at_once as in `customer_lifetime_value`.

    Returns
    -------
    DataFrame
        Indexed by segment: customers, margin, retention, value (per customer), total, share (of the total).

    Examples
    --------
    >>> people = pd.DataFrame({"plan": ["home"] * 5 + ["office"] * 2, "margin": [90.0] * 5 + [300.0, 340.0],
    ...                        "stayed": [True, True, True, True, False, True, True]})
    >>> value_by_segment(people, "plan", "margin", "stayed", 0.1).round(2)
            customers  margin  retention   value    total  share
    plan
    home            5    90.0        0.8   240.0   1200.0   0.16
    office          2   320.0        1.0  3200.0   6400.0   0.84
    """
    column_name(segment=segment, margin=margin, stayed=stayed)
    frame = columns("table", table, [segment, margin, stayed])
    labels(frame, segment)
    if frame[segment].isna().any():
        raise ValueError(f"{segment} must be filled in every row, got an empty cell")
    if not all(isinstance(one, (bool, np.bool_)) for one in frame[stayed]):
        raise TypeError(f"{stayed} must hold True or False, got {frame[stayed].dtype}")
    told = {margin: numbers(margin, frame[margin]), stayed: frame[stayed].to_numpy(dtype=np.float64)}
    groups = frame[[segment]].assign(**told).groupby(segment, observed=True)
    result = pd.DataFrame(
        {"customers": groups.size(), "margin": groups[margin].mean(), "retention": groups[stayed].mean()}
    )
    result["value"] = customer_lifetime_value(result["margin"], result["retention"], discount, **options)
    result["total"] = result["customers"] * result["value"]
    whole_value = float(result["total"].sum())
    result["share"] = result["total"] / whole_value if whole_value else 0.0
    return result


def rfm(recency_days: Any, frequency: Any, monetary: Any, *, groups: int = 5, language: str = "en") -> pd.DataFrame:
    """Recency, frequency and value of each customer as scores from 1 to `groups`, and a segment.

    Parameters
    ----------
    recency_days : array or Series
        Days since the last purchase or contact, fewer is better [days].
    frequency : array or Series
        Purchases or contacts in the period.
    monetary : array or Series
        Revenue or margin in the period [your currency].
    groups : int, optional
        Number of scores, from 2 to 9.
    language : str, optional
        "en" or "zh", the language of the segment.

    Returns
    -------
    DataFrame
        One row per customer: recency, frequency, monetary (scores, high is good), code (as "545"), segment. Equal
        values get equal scores (by their mean rank), so groups need not be of the same size.

    Examples
    --------
    >>> scores = rfm([3, 200, 15, 90, 15], [12, 1, 4, 9, 1], [900, 40, 300, 800, 40])
    >>> scores[["code", "segment"]]
      code    segment
    0  555  champions
    1  122    dormant
    2  433      loyal
    3  244    at risk
    4  422  promising
    """
    same_rows(recency_days=recency_days, frequency=frequency, monetary=monetary)
    count, scores = whole("groups", groups, least=2, most=9), {}
    given = {"recency_days": recency_days, "frequency": frequency, "monetary": monetary}
    index = next((values.index for values in given.values() if isinstance(values, pd.Series)), None)
    size = np.atleast_1d(numbers("recency_days", recency_days)).size
    for name, values in given.items():
        series = np.atleast_1d(numbers(name, values, least=None if name == "monetary" else 0))
        if series.shape != (size,):
            raise ValueError(f"{name} must have one value per customer ({size}), got shape {series.shape}")
        rank = pd.Series(-series if name == "recency_days" else series).rank()
        scores[name.removesuffix("_days")] = np.minimum(
            np.floor((rank - 0.5) / size * count).astype(int) + 1, count
        ).to_numpy()
    table = pd.DataFrame(scores, index=index)
    table["code"] = (table["recency"] * 100 + table["frequency"] * 10 + table["monetary"]).astype(str)
    fresh, worth = table["recency"] / count, (table["frequency"] + table["monetary"]) / 2 / count
    words = np.select(
        [(fresh >= TOP) & (worth >= TOP), (fresh >= HIGH) & (worth >= HIGH), fresh >= HIGH, worth >= HIGH],
        ["champions", "loyal", "promising", "at_risk"],
        "dormant",
    )
    table["segment"] = [RFM_SEGMENTS[word].say(language) for word in words]
    return table


def retention_curve(periods: Any, left: Any, *, confidence: float = 0.95) -> pd.DataFrame:
    """Share of customers (or agents) still there after each period, when some have not left yet (Kaplan-Meier).

    Formula: product over the periods of (1 - left / at risk); limits by Greenwood on the log(-log) scale.

    Parameters
    ----------
    periods : array or Series
        How long each has been there, until leaving or until today [periods].
    left : array or Series of bool
        True for those who left, False for those who are still there.
    confidence : float, optional
        Share of such intervals that hold the true share at a period.

    Returns
    -------
    DataFrame
        Indexed by period at which somebody left: at_risk, left, retention, lower, upper. Where the curve has come down
        to 0 the upper limit is that of the row before.

    Examples
    --------
    Dividing leavers by all customers would give 3 of 6; two of the others are simply new:

    >>> retention_curve([2, 5, 5, 1, 8, 3], [True, True, False, False, True, False])[["at_risk", "left", "retention"]]
            at_risk  left  retention
    period
    2.0           5     1        0.8
    5.0           3     1        0.533
    8.0           1     1        0.0

    References
    ----------
    E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, JASA 53, 1958, 457-481.
    """
    same_rows(periods=periods, left=left)
    times = np.atleast_1d(numbers("periods", periods, least=0)).ravel()
    marks = listing("left", left)
    if len(marks) != times.size or not all(isinstance(mark, (bool, np.bool_)) for mark in marks):
        raise ValueError(f"left must have True or False for each of the {times.size} customers, got {str(marks)[:40]}")
    gone = np.array(marks, dtype=np.bool_)
    if not gone.any():
        raise ValueError("left must be True for at least one customer, got none: the curve would stay at 1")
    z = z_value(confidence)
    curve = kaplan_meier(times, gone, z)
    somebody = curve.ended > 0
    return pd.DataFrame(
        {
            "at_risk": curve.at_risk[somebody],
            "left": curve.ended[somebody],
            "retention": curve.survival[somebody],
            "lower": curve.lower[somebody],
            "upper": curve.upper[somebody],
        },
        index=pd.Index(curve.times[somebody], name="period"),
    )


def cohort_table(activity: pd.DataFrame, customer: str = "customer", day: str = "day") -> pd.DataFrame:
    """Share of each month's new customers who were active in the months after.

    Parameters
    ----------
    activity : DataFrame
        One row per purchase or contact.
    customer, day : str, optional
        Columns with the customer and the day.

    Returns
    -------
    DataFrame
        Indexed by cohort (month of the first activity): customers, then a column per month since, 0, 1, 2, ... with the
        share active. Months that have not come yet are empty (nan), months without activity are 0.

    Examples
    --------
    >>> log = pd.DataFrame({"customer": ["a", "b", "a", "c", "c"], "day": pd.to_datetime(
    ...     ["2026-01-05", "2026-01-20", "2026-02-10", "2026-02-11", "2026-03-01"])})
    >>> cohort_table(log)
             customers    0    1    2
    cohort
    2026-01          2  1.0  0.5  0.0
    2026-02          1  1.0  1.0  NaN
    """
    column_name(customer=customer, day=day)
    frame = columns("activity", activity, [customer, day])
    labels(frame, customer)
    if not pd.api.types.is_datetime64_any_dtype(frame[day]):
        raise TypeError(f"{day} must hold days (datetime64), got {frame[day].dtype}")
    if frame[[customer, day]].isna().to_numpy().any():
        raise ValueError("activity must be filled in every row, got an empty cell")
    month = frame[day].dt.year * 12 + frame[day].dt.month - 1
    first = month.groupby(frame[customer]).transform("min")
    last = int(month.max())
    pairs = pd.DataFrame({"cohort": first, "since": month - first, "customer": frame[customer]}).drop_duplicates()
    active = pairs.groupby(["cohort", "since"]).size().unstack(fill_value=0)
    active = active.reindex(columns=range(last - int(first.min()) + 1), fill_value=0)
    size = active[0]
    shares = active.div(size, axis=0)
    shares = shares.where(np.add.outer(active.index.to_numpy(), active.columns.to_numpy()) <= last)
    shares.insert(0, "customers", size)
    names = [f"{at // 12}-{at % 12 + 1:02d}" for at in shares.index.tolist()]
    return shares.set_axis(pd.Index(names, name="cohort")).rename_axis(columns=None)
