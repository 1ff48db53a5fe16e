"""Cost of a centre by its drivers, of an hour, a contact, a solved issue and a leaver; why cost left the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import broadcast, choice, collapse, columns, number, numbers, share
from .._guards import one_share
from .._text import Text

__all__ = [
    "DRIVERS",
    "AttritionCost",
    "Costs",
    "HourCost",
    "Variance",
    "allocate",
    "attrition_cost",
    "cost_model",
    "cost_per_contact",
    "cost_per_resolution",
    "hour_cost",
    "variance",
]

DRIVERS: dict[str, Text] = {
    "fixed": Text("does not move with volume: rent, platform, management", "不随业务量变化：房租、平台、管理"),
    "step": Text(
        "one for every so many agents, begun ones counted: team leaders, rooms",
        "每若干名座席增加一份，不足一份按一份：班组长、机房",
    ),
    "agent": Text("per agent on the payroll: seat, licence, insurance", "按在册座席：席位、许可、社保"),
    "hour": Text("per paid hour: wages", "按计薪工时：工资"),
    "contact": Text("per contact handled: telecom, postage", "按处理量：通信费、邮寄费"),
}
"""What makes a line of cost grow."""


@dataclass(frozen=True)
class Costs:
    """The cost of a period, line by line."""

    lines: pd.DataFrame
    """Per line: `driver`, `rate`, `quantity`, `amount`."""
    total: float
    fixed: float
    """Amount that stays when volume moves a little: drivers fixed and step."""
    variable: float
    """Amount that moves with agents, hours or contacts."""
    per_contact: float
    per_paid_hour: float


@dataclass(frozen=True)
class HourCost:
    """What an hour costs, from the payroll to the customer."""

    paid: float
    """Per paid hour, with employer's contributions."""
    available: float
    """Per hour present and ready: paid / (1 - shrinkage). One missed hour costs this much service."""
    handling: float
    """Per hour spent on customers: available / occupancy."""
    contact: float
    """Labour of one contact: handling x AHT / 3600."""


@dataclass(frozen=True)
class AttritionCost:
    """What it costs to replace one leaver, by part."""

    recruiting: float
    training: float
    ramp_up: float
    """Pay for work that newcomers do not yet deliver."""
    vacancy: float
    """Extra cost of the weeks without the person, such as overtime."""
    per_leaver: float
    total: float
    """For all leavers of the period."""


@dataclass(frozen=True)
class Variance:
    """Why cost differs from budget; the three parts add up to `total`."""

    volume: float
    """More or fewer contacts, at the budgeted hours and rate."""
    efficiency: float
    """More or fewer paid hours per contact, at the budgeted rate."""
    rate: float
    """A dearer or cheaper hour."""
    total: float
    """Actual - budget; above 0 is overspent."""


def cost_model(lines: pd.DataFrame, *, agents: float, paid_hours: float, contacts: float) -> Costs:
    """The cost of a period from lines that each grow with one driver.

    Parameters
    ----------
    lines : DataFrame
        Indexed by the name of the line; `driver` (one of `DRIVERS`), `rate` (amount per unit of the driver), and for
        the driver "step" `per` (agents that one unit serves).
    agents : float
        Agents on the payroll.
    paid_hours : float
        Paid hours of the period.
    contacts : float
        Contacts handled in the period.

    Returns
    -------
    Costs

    Examples
    --------
    >>> lines = pd.DataFrame(
    ...     {
    ...         "driver": ["fixed", "step", "hour", "contact"],
    ...         "rate": [90_000, 12_000, 45, 0.3],
    ...         "per": [None, 15, None, None],
    ...     },
    ...     index=["rent", "team leaders", "wages", "telecom"],
    ... )
    >>> month = cost_model(lines, agents=100, paid_hours=17_400, contacts=88_000)
    >>> month.lines["amount"].to_dict()
    {'rent': 90000.0, 'team leaders': 84000.0, 'wages': 783000.0, 'telecom': 26400.0}
    >>> month.total, round(month.per_contact, 2)
    (983400.0, 11.18)
    """
    table = columns("lines", lines, ["driver", "rate"])
    heads = number("agents", agents, least=0)
    quantities = {
        "fixed": 1.0,
        "agent": heads,
        "hour": number("paid_hours", paid_hours, above=0),
        "contact": number("contacts", contacts, above=0),
    }
    rows = {}
    for name, row in table.iterrows():
        driver = choice(f"driver of {name}", row["driver"], DRIVERS)
        rate = number(f"rate of {name}", row["rate"], least=0)
        if driver == "step":
            quantity = float(np.ceil(heads / number(f"per of {name}", row.get("per"), above=0)))
        else:
            quantity = quantities[driver]
        rows[name] = (driver, rate, quantity, rate * quantity)
    if len(rows) < len(table):
        raise ValueError(f"lines must have one row per name, got {table.index[table.index.duplicated()][0]} twice")
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["driver", "rate", "quantity", "amount"])
    total = float(found["amount"].sum())
    fixed = float(found.loc[found["driver"].isin(["fixed", "step"]), "amount"].sum())
    return Costs(found, total, fixed, total - fixed, total / quantities["contact"], total / quantities["hour"])


def hour_cost(
    monthly_pay: float,
    paid_hours: float,
    aht_s: float,
    on_cost: float = 0.0,
    shrinkage: float = 0.3,
    occupancy: float = 0.8,
) -> HourCost:
    """What an hour costs when it is paid, when it is worked and when it serves, and the labour in one contact.

    Parameters
    ----------
    monthly_pay : float
        Pay of an agent in a month.
    paid_hours : float
        Paid hours in that month.
    aht_s : float
        Average handle time [s].
    on_cost : float, optional
        Employer's contributions as a share of pay; may be above 1.
    shrinkage : float, optional
        Share of paid time not available, below 1.
    occupancy : float, optional
        Share of available time spent on contacts, above 0.

    Returns
    -------
    HourCost

    Examples
    --------
    >>> cost = hour_cost(6000, 174, aht_s=300, on_cost=0.35, shrinkage=0.3, occupancy=0.8)
    >>> round(cost.paid, 2), round(cost.available, 2), round(cost.contact, 2)
    (46.55, 66.5, 6.93)
    """
    paid = (
        number("monthly_pay", monthly_pay, least=0)
        * (1 + number("on_cost", on_cost, least=0))
        / number("paid_hours", paid_hours, above=0)
    )
    available = paid / (1 - one_share("shrinkage", shrinkage, one=False))
    handling = available / one_share("occupancy", occupancy, zero=False)
    return HourCost(paid, available, handling, handling * number("aht_s", aht_s, above=0) / 3600)


def cost_per_contact(cost: ArrayLike, contacts: ArrayLike) -> Any:
    """Fully loaded cost / contacts handled.

    Parameters
    ----------
    cost : number or array
        Cost of the period, with everything that is allocated to it.
    contacts : number or array
        Contacts handled in the same period.

    Returns
    -------
    float or array

    Examples
    --------
    >>> cost_per_contact([480_000, 90_000], [60_000, 15_000])
    array([8., 6.])
    >>> cost_per_contact(480_000, 0)
    Traceback (most recent call last):
    ValueError: contacts must be above 0, got 0
    """
    money, handled = broadcast(cost=numbers("cost", cost, least=0), contacts=numbers("contacts", contacts, above=0))
    return collapse(money / handled)


def cost_per_resolution(cost_per_contact: ArrayLike, resolution: ArrayLike) -> Any:
    """Cost per contact x contacts per solved issue, where every unsolved contact comes back until it is solved.

    Formula: cost per contact / resolution, since 1 / resolution contacts solve one issue when repeats are solved at the
    same rate and nobody gives up. A cheaper contact that solves less may be the dearer one.

    Parameters
    ----------
    cost_per_contact : number or array
        Cost of one contact.
    resolution : number or array
        Share of contacts that solve the issue, above 0.

    Returns
    -------
    float or array

    Examples
    --------
    Bot, chat and voice: the cheapest contact is not the cheapest solution.

    >>> cost_per_resolution([3.0, 6.0, 9.0], [0.25, 0.70, 0.80]).round(2)
    array([12.  ,  8.57, 11.25])
    """
    each, solved = broadcast(
        cost_per_contact=numbers("cost_per_contact", cost_per_contact, least=0),
        resolution=share("resolution", resolution, zero=False),
    )
    return collapse(each / solved)


def allocate(shared_cost: float, driver: Mapping[str, float]) -> dict[str, float]:
    """A shared cost spread over channels, teams or clients in proportion to a driver; the parts add up to the cost.

    Parameters
    ----------
    shared_cost : float
        What is to be spread.
    driver : mapping
        Name to quantity of the driver, such as handling hours; state it with every figure that rests on it.

    Returns
    -------
    dict

    Examples
    --------
    >>> allocate(90_000, {"voice": 6_000, "chat": 2_000, "email": 1_000})
    {'voice': 60000.0, 'chat': 20000.0, 'email': 10000.0}
    """
    money = number("shared_cost", shared_cost, least=0)
    if not isinstance(driver, Mapping) or not driver:
        raise TypeError(f"driver must be a mapping of name to quantity with at least one name, got {driver!r}")
    parts = {name: number(f"driver of {name}", part, least=0) for name, part in driver.items()}
    total = sum(parts.values())
    if total == 0:
        raise ValueError(f"driver must be above 0 for at least one name, got 0 for all {len(parts)}")
    return {name: money * part / total for name, part in parts.items()}


def attrition_cost(
    leavers: float,
    *,
    recruiting: float,
    training: float,
    monthly_cost: float,
    productivity: ArrayLike = (0.5, 0.75, 0.9),
    vacancy_weeks: float = 0.0,
    vacancy_premium: float = 0.5,
) -> AttritionCost:
    """What leavers cost: recruiting + training + the productivity that newcomers lack + the empty seat.

    Parameters
    ----------
    leavers : float
        People who left in the period and are replaced.
    recruiting : float
        Advertising, selection and onboarding of one newcomer.
    training : float
        Trainer, room and pay of the training of one newcomer.
    monthly_cost : float
        Full cost of one agent in a month.
    productivity : array, optional
        Share of full output in each month after training until it is reached.
    vacancy_weeks : float, optional
        Weeks in which the seat stays empty.
    vacancy_premium : float, optional
        What covering the seat costs above the pay that is saved, as a share of that pay (0.5: overtime at 150 %).

    Returns
    -------
    AttritionCost

    Examples
    --------
    >>> cost = attrition_cost(30, recruiting=3_000, training=9_000, monthly_cost=8_000, vacancy_weeks=6)
    >>> cost.ramp_up, round(cost.vacancy), round(cost.per_leaver), round(cost.total)
    (6800.0, 5538, 24338, 730154)
    """
    month = number("monthly_cost", monthly_cost, least=0)
    ramp = float((1 - share("productivity", productivity)).sum()) * month
    weeks = number("vacancy_weeks", vacancy_weeks, least=0)
    vacancy = weeks * 12 / 52 * month * number("vacancy_premium", vacancy_premium, least=0)
    hire, learn = number("recruiting", recruiting, least=0), number("training", training, least=0)
    each = hire + learn + ramp + vacancy
    return AttritionCost(hire, learn, ramp, vacancy, each, each * number("leavers", leavers, least=0))


def variance(
    budget_contacts: float,
    actual_contacts: float,
    *,
    budget_hours: float,
    actual_hours: float,
    budget_cost: float,
    actual_cost: float,
) -> Variance:
    """Labour cost against budget, split into volume, efficiency and rate.

    With V contacts, h paid hours per contact and r cost per paid hour: volume (Va - Vb) hb rb, efficiency
    Va (ha - hb) rb, rate Va ha (ra - rb). Fixed cost does not belong in here.

    Parameters
    ----------
    budget_contacts, actual_contacts : float
        Contacts handled.
    budget_hours, actual_hours : float
        Paid hours.
    budget_cost, actual_cost : float
        Labour cost.

    Returns
    -------
    Variance

    Examples
    --------
    A tenth more calls explain the whole overspending and hide that hours per call fell:

    >>> found = variance(
    ...     100_000, 110_000, budget_hours=20_000, actual_hours=21_450, budget_cost=900_000, actual_cost=976_000
    ... )
    >>> [round(part) for part in (found.volume, found.efficiency, found.rate, found.total)]
    [90000, -24750, 10750, 76000]
    """
    contacts = (
        number("budget_contacts", budget_contacts, above=0),
        number("actual_contacts", actual_contacts, above=0),
    )
    hours = (number("budget_hours", budget_hours, above=0), number("actual_hours", actual_hours, above=0))
    cost = (number("budget_cost", budget_cost, least=0), number("actual_cost", actual_cost, least=0))
    rate = cost[0] / hours[0]
    flexible = contacts[1] * hours[0] / contacts[0]
    return Variance(
        volume=(flexible - hours[0]) * rate,
        efficiency=(hours[1] - flexible) * rate,
        rate=cost[1] - hours[1] * rate,
        total=cost[1] - cost[0],
    )
