"""Complaints: where customers are lost between the problem and staying, what recovery is worth, repeat contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import collapse, columns, number, share, whole
from .._counts import wilson, z_value
from .._guards import column_name, labels, limited, mapping, one_share
from .._text import Text
from ._survey_compare import Change, change_of

__all__ = [
    "COMPLAINT_STEPS",
    "Resolution",
    "ValueAtRisk",
    "complaint_funnel",
    "contacts_per_solved_issue",
    "first_contact_resolution",
    "recovery_paradox",
    "value_at_risk",
]

HAIR = 1e-9
MOST_DAYS = 3650
MOST_CUSTOMERS = 10**12

COMPLAINT_STEPS: dict[str, Text] = {
    "dissatisfied": Text("had a problem", "遇到问题"),
    "complained": Text("complained", "提出投诉"),
    "resolved": Text("complaint resolved", "投诉已解决"),
    "satisfied": Text("satisfied with the resolution", "对处理结果满意"),
    "stayed": Text("stayed", "留存"),
}
"""The steps of the complaint funnel, each a part of the one before."""

PATHS: dict[str, Text] = {
    "silent": Text("did not complain", "未投诉"),
    "satisfied": Text("complained, satisfied", "投诉后满意"),
    "mollified": Text("complained, mollified", "投诉后勉强接受"),
    "dissatisfied": Text("complained, dissatisfied", "投诉后不满意"),
}


@dataclass(frozen=True)
class ValueAtRisk:
    """What problems cost in customers and money."""

    paths: pd.DataFrame
    """Indexed by path (silent, satisfied, mollified, dissatisfied): name, customers, stay, lost, value."""
    customers_lost: float
    """Customers who leave because of the problem, beyond those who leave anyway."""
    value: float
    """customers_lost x customer_value [your currency]."""
    per_problem: float
    """Value lost per customer with a problem [your currency]."""


@dataclass(frozen=True)
class Resolution:
    """First contact resolution counted from the contact log."""

    fcr: float
    """Issues with one contact / issues."""
    contacts_per_issue: float
    """Contacts / issues."""
    issues: int
    """Issues whose window had closed when the log ended."""
    contacts: int
    """Contacts of these issues."""
    repeats: pd.Series
    """Issues by number of contacts."""


def complaint_funnel(
    dissatisfied: int,
    complained: int,
    resolved: int,
    satisfied: int,
    stayed: int,
    *,
    confidence: float = 0.95,
    language: str = "en",
) -> pd.DataFrame:
    """How many customers with a problem complain, are helped, are satisfied and stay.

    Parameters
    ----------
    dissatisfied, complained, resolved, satisfied, stayed : int
        Customers at each step, each a part of the one before.
    confidence : float, optional
        Share of such intervals that hold the true share (Wilson).
    language : str, optional
        "en" or "zh", the language of the names.

    Returns
    -------
    DataFrame
        Indexed by step: name, customers, of_previous, lower, upper (of of_previous), of_all. ``attrs["recovery_rate"]``
        is satisfied / complained, ``attrs["silent_rate"]`` the share with a problem who said nothing, and
        ``attrs["weakest"]`` the step that keeps the smallest share.

    Notes
    -----
    Those who had a problem are known from a survey only; complaints alone show the top of the iceberg.

    Examples
    --------
    >>> funnel = complaint_funnel(800, 240, 204, 150, 138)
    >>> funnel[["customers", "of_previous", "of_all"]].round(2)
                  customers  of_previous  of_all
    step
    dissatisfied        800         1.00    1.00
    complained          240         0.30    0.30
    resolved            204         0.85    0.26
    satisfied           150         0.74    0.19
    stayed              138         0.92    0.17
    >>> funnel.attrs
    {'recovery_rate': 0.625, 'silent_rate': 0.7, 'weakest': 'complained'}
    >>> complaint_funnel(800, 240, 250, 150, 138)
    Traceback (most recent call last):
    ValueError: resolved must not exceed complained, got 250 of 240
    """
    given = dict(zip(COMPLAINT_STEPS, (dissatisfied, complained, resolved, satisfied, stayed), strict=True))
    names = list(given)
    for at, (name, count) in enumerate(given.items()):
        limited(name, count, 1 if at < 2 else 0, MOST_CUSTOMERS)
        if at and count > given[names[at - 1]]:
            raise ValueError(f"{name} must not exceed {names[at - 1]}, got {count} of {given[names[at - 1]]}")
    people = np.array(list(given.values()), dtype=np.float64)
    before = np.maximum(np.concatenate([people[:1], people[:-1]]), 1.0)
    low, high = wilson(people, before, z_value(confidence))
    low[0], emptied = 1.0, np.concatenate([[False], people[:-1] == 0])
    low[emptied], high[emptied] = 0.0, 1.0
    table = pd.DataFrame(
        {
            "name": [text.say(language) for text in COMPLAINT_STEPS.values()],
            "customers": people.astype(int),
            "of_previous": people / before,
            "lower": low,
            "upper": high,
            "of_all": people / people[0],
        },
        index=pd.Index(names, name="step"),
    )
    table.attrs["recovery_rate"] = satisfied / complained
    table.attrs["silent_rate"] = 1 - complained / dissatisfied
    table.attrs["weakest"] = str(table["of_previous"].iloc[1:].idxmin())
    return table


def recovery_paradox(
    recovered_loyal: int, recovered: int, untroubled_loyal: int, untroubled: int, *, confidence: float = 0.95
) -> Change:
    """Are customers whose problem was made good more loyal than those who never had one?

    Parameters
    ----------
    recovered_loyal, recovered : int
        Customers with a problem and a satisfying recovery who stayed, and all of them.
    untroubled_loyal, untroubled : int
        Customers without a problem who stayed, and all of them.
    confidence : float, optional
        Share of such intervals that hold the true difference (Newcombe).

    Returns
    -------
    Change
        after - before is recovered - untroubled: the paradox shows only when `clear` is True and the difference is
        above 0. Even then preventing problems is cheaper: most of those with a problem never complain.

    Examples
    --------
    46 of 50 against 880 of 1,000 looks like the paradox and proves nothing:

    >>> recovery_paradox(46, 50, 880, 1000)
    Change(before=0.88, after=0.92, difference=0.04, lower=-0.07, upper=0.09, clear=False)
    """
    pairs = []
    for name, part, total in (
        ("untroubled", untroubled_loyal, untroubled),
        ("recovered", recovered_loyal, recovered),
    ):
        n = whole(name, total)
        k = whole(f"{name}_loyal", part, least=0, most=n)
        low, high = (float(end) for end in wilson(k, n, z_value(confidence)))
        pairs.append((k / n, low, high))
    return change_of(*pairs)


def value_at_risk(
    customers: float,
    problem: float,
    complain: float,
    outcomes: Mapping[str, float],
    stay: Mapping[str, float],
    stay_without_problem: float,
    customer_value: float,
    *,
    language: str = "en",
) -> ValueAtRisk:
    """Customers and money lost through problems, by what happened to them (market-at-risk model of TARP).

    Formula: for each path customers x (stay without problem - stay on that path) x customer value.

    Parameters
    ----------
    customers : float
        Customers of the period.
    problem : float
        Share of them with a problem.
    complain : float
        Share of those who tell the company.
    outcomes : mapping
        "satisfied", "mollified", "dissatisfied" -> share of the complainants; they add up to 1.
    stay : mapping
        "silent", "satisfied", "mollified", "dissatisfied" -> share that stays.
    stay_without_problem : float
        Share that stays without a problem.
    customer_value : float
        What a lost customer takes away, for example from `customer_lifetime_value` [your currency].
    language : str, optional
        "en" or "zh", the language of the names.

    Returns
    -------
    ValueAtRisk
        All shares are inputs that the centre has to measure; published ones are of other trades and other decades.
        A path whose customers stay oftener than those without a problem has a loss below 0.

    Examples
    --------
    Making it easier to complain keeps more customers than answering complaints faster:

    >>> facts = dict(customers=100_000, problem=0.2, stay_without_problem=0.95, customer_value=800,
    ...     outcomes={"satisfied": 0.5, "mollified": 0.3, "dissatisfied": 0.2},
    ...     stay={"silent": 0.70, "satisfied": 0.93, "mollified": 0.75, "dissatisfied": 0.40})
    >>> now = value_at_risk(complain=0.3, **facts)
    >>> now.paths[["customers", "lost"]].round(0)
                  customers    lost
    path
    silent          14000.0  3500.0
    satisfied        3000.0    60.0
    mollified        1800.0   360.0
    dissatisfied     1200.0   660.0
    >>> now.value, now.value - value_at_risk(complain=0.5, **facts).value
    (3664000.0, 224000.0)

    References
    ----------
    J. A. Goodman, Strategic customer service, 2009.
    """
    count = number("customers", customers, above=0)
    facts = {"problem": problem, "complain": complain, "stay_without_problem": stay_without_problem}
    had, told, base = (one_share(name, value) for name, value in facts.items())
    worth = number("customer_value", customer_value, least=0)
    ends = _shares("outcomes", outcomes, ("satisfied", "mollified", "dissatisfied"))
    stays = _shares("stay", stay, tuple(PATHS))
    if abs(sum(ends.values()) - 1) > HAIR:
        raise ValueError(f"outcomes must add up to 1, got {sum(ends.values()):g}")
    troubled = count * had
    people = {"silent": troubled * (1 - told)} | {path: troubled * told * part for path, part in ends.items()}
    table = pd.DataFrame(
        {
            "name": [text.say(language) for text in PATHS.values()],
            "customers": [people[path] for path in PATHS],
            "stay": [stays[path] for path in PATHS],
        },
        index=pd.Index(list(PATHS), name="path"),
    )
    table["lost"] = table["customers"] * (base - table["stay"])
    table["value"] = table["lost"] * worth
    lost = float(table["lost"].sum())
    return ValueAtRisk(table, lost, lost * worth, lost * worth / troubled if troubled else 0.0)


def _shares(name: str, given: Mapping[str, float], wanted: tuple[str, ...]) -> dict[str, float]:
    """Shares by the wanted names, no more and no fewer."""
    given = mapping(name, given)
    if set(given) != set(wanted):
        raise ValueError(f"{name} must name {', '.join(wanted)}, got {', '.join(map(str, given)) or 'none'}")
    return {key: one_share(f"{name} of {key}", given[key]) for key in wanted}


def contacts_per_solved_issue(fcr: ArrayLike) -> Any:
    """Contacts that an issue takes when each contact solves it with the same probability, 1 / FCR.

    Parameters
    ----------
    fcr : number or array
        First contact resolution, above 0.

    Returns
    -------
    float or array
        Times the cost per contact this is the cost per resolution.

    Examples
    --------
    >>> contacts_per_solved_issue([0.70, 0.80]).round(2)
    array([1.43, 1.25])
    >>> contacts_per_solved_issue(70)
    Traceback (most recent call last):
    ValueError: fcr must be a share between 0 and 1, 0 excluded, got 70; write 0.7
    """
    return collapse(np.asarray(1 / share("fcr", fcr, zero=False)))


def first_contact_resolution(
    contacts: pd.DataFrame,
    customer: str = "customer",
    start: str = "start",
    reason: str | None = None,
    *,
    window_days: float = 7,
) -> Resolution:
    """First contact resolution from the log: an issue is solved when the customer does not come back within the window.

    Contacts of one customer (and reason) belong to the same issue as long as each comes within the window after the
    one before. Issues whose window was still open at the end of the log are left out.

    Parameters
    ----------
    contacts : DataFrame
        One row per contact.
    customer, start : str, optional
        Columns with the customer and the moment of the contact.
    reason : str, optional
        Column with the contact reason; without it every contact of a customer counts as the same issue.
    window_days : float, optional
        Days in which another contact counts as a repeat.

    Returns
    -------
    Resolution
        An internal measure: customers who gave up or went elsewhere count as solved.

    Examples
    --------
    >>> log = pd.DataFrame({"customer": [1, 1, 2, 3, 3, 4], "start": pd.to_datetime([
    ...     "2026-03-01", "2026-03-03", "2026-03-02", "2026-03-02", "2026-03-20", "2026-03-30"])})
    >>> found = first_contact_resolution(log)
    >>> found.fcr, found.contacts_per_issue, found.issues
    (0.75, 1.25, 4)
    """
    keys = [customer] if reason is None else [customer, reason]
    column_name(customer=customer, start=start, reason=keys[-1])
    frame = columns("contacts", contacts, [*keys, start])[[*keys, start]]
    if (days := number("window_days", window_days, above=0)) > MOST_DAYS:
        raise ValueError(f"window_days must be at most {MOST_DAYS:,}, got {days:g}")
    window = pd.Timedelta(days=days)
    labels(frame, *keys)
    if not pd.api.types.is_datetime64_any_dtype(frame[start]):
        raise TypeError(f"{start} must hold moments (datetime64), got {frame[start].dtype}")
    if frame.isna().to_numpy().any():
        raise ValueError("contacts must be filled in every row, got an empty cell")
    log = frame.sort_values([*keys, start], kind="stable")
    new = ~log.duplicated(keys) | (log[start].diff() > window)
    issue = new.cumsum()
    last, size = log.groupby(issue)[start].max(), issue.groupby(issue).size()
    closed = size[(last + window <= log[start].max()).to_numpy()]
    if closed.empty:
        raise ValueError(
            f"contacts must cover more than {window_days:g} days, so that some issues are closed, got none"
        )
    return Resolution(
        float((closed == 1).mean()),
        float(closed.mean()),
        int(closed.size),
        int(closed.sum()),
        closed.value_counts().sort_index().rename("issues").rename_axis("contacts"),
    )
