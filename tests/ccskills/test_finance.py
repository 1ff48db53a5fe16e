"""Money adds up, agrees with the textbooks, and bad figures are refused."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from ccskills import finance

LINES = pd.DataFrame(
    {
        "driver": ["fixed", "step", "agent", "hour", "contact"],
        "rate": [100.0, 10.0, 2.0, 1.0, 0.5],
        "per": [None, 15, None, None, None],
    },
    index=["rent", "leaders", "licence", "wages", "telecom"],
)


def test_a_cost_model_counts_begun_teams_and_adds_up() -> None:
    found = finance.cost_model(LINES, agents=31, paid_hours=400, contacts=1000)

    assert found.lines["amount"].tolist() == [100, 30, 62, 400, 500]
    assert (found.fixed, found.variable, found.total) == (130, 962, 1092)
    assert (found.per_contact, found.per_paid_hour) == (1.092, 2.73)


def test_net_present_value_and_internal_rate_are_those_of_numpy_financial() -> None:
    # Examples printed in the documentation of numpy-financial 1.0: npv and irr.
    assert finance.npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]) == pytest.approx(3065.22267, abs=1e-5)
    assert finance.npv(0.281, [-100, 39, 59, 55, 20]) == pytest.approx(-0.00848, abs=5e-6)
    printed = {
        (-100, 39, 59, 55, 20): 0.28095,
        (-100, 0, 0, 74): -0.0955,
        (-100, 100, 0, -7): None,  # two changes of sign; numpy-financial prints -0.0833 and there is a second rate
        (-5, 10.5, 1, -8, 1): None,  # printed 0.0886, one of several
    }
    for flows, rate in printed.items():
        found = finance.irr(flows)
        assert found == rate if rate is None else found == pytest.approx(rate, abs=6e-5)


@settings(deadline=None, max_examples=60)
@given(
    investment=st.floats(1, 1e6),
    gains=st.lists(st.floats(0, 1e6), min_size=1, max_size=12).filter(lambda gains: sum(gains) > 1),
)
def test_at_the_internal_rate_the_present_value_is_nothing(investment: float, gains: list[float]) -> None:
    flows = [-investment, *gains]

    rate = finance.irr(flows)

    assert rate is not None
    in_today = [flow * (1 + rate) ** -t for t, flow in enumerate(flows)]
    assert sum(in_today) == pytest.approx(0, abs=1e-6 * sum(abs(flow) for flow in in_today))


def test_the_internal_rate_is_the_root_that_a_solver_finds() -> None:
    flows = np.array([-1000, 200, 300, 400, 250, 100.0])

    root = brentq(lambda rate: (flows / (1 + rate) ** np.arange(6)).sum(), -0.5, 1)

    assert finance.irr(flows) == pytest.approx(root, abs=1e-10)


def test_payback_is_when_the_money_is_back_for_good() -> None:
    steady = finance.business_case(100, [40, 40, 40], rate=0.0)
    relapse = finance.business_case(100, [120, 0, 50], costs=[0, 60, 0], rate=0.0)  # net 120, -60, 50
    never = finance.business_case(100, [10, 10], rate=0.05)

    assert steady.payback_periods == 2.5
    assert relapse.flows["cumulative"].tolist() == [-100, 20, -40, 10]
    assert relapse.payback_periods == pytest.approx(2.8)
    assert relapse.irr is None
    assert never.payback_periods is None and never.discounted_payback_periods is None
    assert never.npv == pytest.approx(-100 + 10 / 1.05 + 10 / 1.05**2)


def test_later_money_makes_the_discounted_payback_later() -> None:
    case = finance.business_case(1000, [400] * 5, rate=0.1)

    # Annuity by hand: 363.64, 330.58, 300.53, 273.21: after three periods 5.26 are missing of 273.21.
    assert case.payback_periods == 2.5
    assert case.discounted_payback_periods == pytest.approx(3 + 5.26 / 273.21, abs=1e-4)


AMOUNTS = st.floats(1, 1e6)


@settings(deadline=None, max_examples=60)
@given(figures=st.tuples(*[AMOUNTS] * 6))
def test_the_parts_of_a_variance_add_up(figures: tuple[float, ...]) -> None:
    names = ("budget_hours", "actual_hours", "budget_cost", "actual_cost")

    found = finance.variance(figures[0], figures[1], **dict(zip(names, figures[2:], strict=True)))

    assert found.volume + found.efficiency + found.rate == pytest.approx(found.total, abs=1e-6 * max(1e6, found.volume))


def test_each_part_of_a_variance_answers_its_own_question() -> None:
    base: dict[str, float] = {"budget_hours": 100, "actual_hours": 100, "budget_cost": 5000, "actual_cost": 5000}

    dearer = finance.variance(1000, 1000, **{**base, "actual_cost": 5500})
    slower = finance.variance(1000, 1000, **{**base, "actual_hours": 110, "actual_cost": 5500})
    busier = finance.variance(1000, 1100, **{**base, "actual_hours": 110, "actual_cost": 5500})

    for found, name in ((dearer, "rate"), (slower, "efficiency"), (busier, "volume")):
        parts = {part: round(getattr(found, part), 6) for part in ("volume", "efficiency", "rate")}
        assert parts == {"volume": 0, "efficiency": 0, "rate": 0, name: 500}


def test_a_solved_issue_costs_what_its_repeats_cost() -> None:
    # By the geometric series: 1 + 0.3 + 0.09 + ... contacts at a resolution of 70 %.
    series = sum(0.3**k for k in range(200))

    assert finance.cost_per_resolution(8, 0.7) == pytest.approx(8 * series)


def test_what_a_leaver_costs_is_the_sum_of_its_parts() -> None:
    found = finance.attrition_cost(
        2,
        recruiting=100,
        training=200,
        monthly_cost=1000,
        productivity=[0.5, 0.8],
        vacancy_weeks=13,
        vacancy_premium=0.5,
    )

    assert found.ramp_up == pytest.approx(700)
    assert found.vacancy == pytest.approx(1500)  # 13 weeks are three months
    assert found.total == pytest.approx(2 * (100 + 200 + 700 + 1500))


def test_a_vendor_that_asks_this_price_earns_its_margin() -> None:
    price = finance.vendor_price(40, 240, shrinkage=0.25, occupancy=0.8, overhead=0.5, margin=0.1)

    contacts = 0.75 * 0.8 * 3600 / 240  # in one paid hour
    earned, spent = contacts * price["per_contact"], 40 * 1.5
    assert (earned - spent) / earned == pytest.approx(0.1)
    assert price["per_staffed_hour"] * 0.75 == pytest.approx(earned)


def test_a_vendor_who_solves_less_is_paid_for_the_repeats_too() -> None:
    same = finance.compare_outsourcing(1000, own_fixed=0, own_per_contact=10, vendor_per_contact=9)
    less = finance.compare_outsourcing(
        1000, own_fixed=0, own_per_contact=10, vendor_per_contact=9, own_resolution=0.8, vendor_resolution=0.7
    )

    assert same["cheaper"].tolist() == ["vendor"]
    assert less["vendor"].tolist() == [pytest.approx(9 * 1000 * 0.8 / 0.7)]
    assert less["cheaper"].tolist() == ["own"]


def test_at_the_break_even_both_ways_cost_the_same() -> None:
    terms: dict[str, Any] = {
        "own_fixed": 250_000,
        "own_per_contact": 6,
        "vendor_per_contact": 9,
        "client_fixed": 30_000,
        "transition": 120_000,
        "vendor_resolution": 0.9,
    }
    at = finance.compare_outsourcing(1, **terms).attrs["break_even_contacts"]

    there = finance.compare_outsourcing(at, **terms)

    assert there["own"].item() == pytest.approx(there["vendor"].item())
    assert finance.compare_outsourcing(1, **terms, vendor_minimum=1e9).attrs["break_even_contacts"] is None


@settings(deadline=None, max_examples=40)
@given(
    projects=st.lists(st.tuples(st.integers(0, 30), st.integers(-5, 40)), min_size=1, max_size=8),
    budget=st.integers(0, 90),
)
def test_no_set_of_projects_within_the_budget_brings_more(projects: list[tuple[int, int]], budget: int) -> None:
    names = [str(at) for at in range(len(projects))]
    cost, value = (list(part) for part in zip(*projects, strict=True))

    chosen = finance.choose_projects(names, cost, value, budget)

    sets = itertools.chain.from_iterable(
        itertools.combinations(range(len(projects)), r) for r in range(len(projects) + 1)
    )
    best = max(sum(value[k] for k in some) for some in sets if sum(cost[k] for k in some) <= budget)
    assert sum(value[int(name)] for name in chosen) == best
    assert sum(cost[int(name)] for name in chosen) <= budget


def test_the_assumption_that_matters_most_stands_first() -> None:
    found = finance.sensitivity(lambda a, b: 3 * a + b, {"b": 10.0, "a": 10.0}, 0.1)

    assert found["parameter"].tolist() == ["a", "b"]
    assert found["swing"].tolist() == pytest.approx([6, 2])
    assert found.attrs["base"] == 40


def test_an_outlook_has_the_mean_of_its_triangles() -> None:
    found = finance.outlook(lambda a, b: a + b, {"a": (0, 3, 9), "b": (1, 1, 1)}, draws=20_000)

    # Mean of a triangle (l + m + h) / 3 = 4, variance (l2 + m2 + h2 - lm - lh - mh) / 18 = 3.5.
    assert found.mean == pytest.approx(5, abs=4 * np.sqrt(3.5 / 20_000))
    # Its 5 % quantile: sqrt(0.05 * (h - l) * (m - l)).
    assert found.low == pytest.approx(1 + np.sqrt(0.05 * 9 * 3), abs=0.1)
    assert found.loss_probability == 0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: finance.cost_per_contact(-1, 5), "cost must be 0 or more, got -1"),
        (
            lambda: finance.cost_per_resolution(5, 70),
            "resolution must be a share between 0 and 1, 0 excluded, got 70; write 0.7",
        ),
        (
            lambda: finance.cost_model(LINES.drop(columns="rate"), agents=1, paid_hours=1, contacts=1),
            "lines must have the columns driver, rate, got no rate",
        ),
        (
            lambda: finance.cost_model(LINES.assign(driver="calls"), agents=1, paid_hours=1, contacts=1),
            "driver of rent must be one of fixed, step, agent, hour, contact, got 'calls'",
        ),
        (
            lambda: finance.cost_model(LINES.assign(per=np.nan), agents=1, paid_hours=1, contacts=1),
            "per of leaders must be finite numbers, got nan",
        ),
        (
            lambda: finance.cost_model(pd.concat([LINES, LINES]), agents=1, paid_hours=1, contacts=1),
            "lines must have one row per name, got rent twice",
        ),
        (
            lambda: finance.allocate(5, {"a": 0, "b": 0}),
            "driver must be above 0 for at least one name, got 0 for all 2",
        ),
        (lambda: finance.business_case(0, [1]), "investment must be above 0, got 0"),
        (lambda: finance.business_case(9, [1, 2], [1]), "benefits and costs must cover the same periods, got 2 and 1"),
        (lambda: finance.npv(-1, [1, 2]), "rate must be above -1, got -1"),
        (
            lambda: finance.sensitivity(lambda a: a, {"a": 1}, {"b": (0, 2)}),
            "ranges must name assumptions of base (a), got 'b'",
        ),
        (
            lambda: finance.sensitivity(lambda a: a, {"a": 1}, {"a": (2, 3)}),
            "the range of a must hold its base 1, got 2 to 3",
        ),
        (
            lambda: finance.outlook(lambda a: a, {"a": (3, 2, 1)}),
            "ranges of a must rise from lowest to highest, got 3, 2, 1",
        ),
        (
            lambda: finance.choose_projects(["a"], [1, 2], [1, 2], 5),
            "names, cost and value must have one entry per project, got 1, 2 and 2",
        ),
        (
            lambda: finance.hour_cost(1, 1, 1, shrinkage=1),
            "shrinkage must be a share between 0 and 1, 1 excluded, got 1",
        ),
        (
            lambda: finance.vendor_price(1, 1, margin=12),
            "margin must be a share between 0 and 1, 1 excluded, got 12; write 0.12",
        ),
    ],
)
def test_bad_figures_are_refused_in_one_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()
