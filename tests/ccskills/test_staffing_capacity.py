"""The year's capacity plan against a diary of single people, and its hires against all plans there are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.staffing import (
    agents_required,
    annual_attrition,
    capacity_plan,
    fte,
    monthly_attrition,
    offered_load,
)

RAMP = (0.5, 0.75)


def test_attrition_a_year_is_36_percent_by_sum_and_30_6_of_a_cohort() -> None:
    # standard.md 5.7
    assert annual_attrition(0.03) == pytest.approx(0.36)
    assert annual_attrition(0.03, "cohort") == pytest.approx(0.306, abs=0.0005)


@given(st.floats(0, 0.3))
@settings(deadline=None)
def test_monthly_and_annual_attrition_undo_each_other(monthly: float) -> None:
    for method in ("sum", "cohort"):
        assert monthly_attrition(annual_attrition(monthly, method), method) == pytest.approx(monthly, abs=1e-9)


def test_replaced_leavers_of_a_year_are_the_sum() -> None:
    # 100 people, 3 % leave a month, 3 are hired each month and work at once
    plan = capacity_plan([0] * 12, 100, attrition=0.03, training_months=0, ramp=(), lead_months=0, hires=[3] * 12)

    assert plan["leavers"].sum() == pytest.approx(36)
    assert plan["headcount"].iloc[-1] == pytest.approx(100)


def test_the_chain_from_calls_to_full_time_equivalents() -> None:
    # standard.md 5.3: 100 calls of 240 s need 17 positions, 25 scheduled at 30 % shrinkage; 24 half hours on 30 days
    scheduled = agents_required([offered_load(100, 240)] * 24, 240, shrinkage=0.30)

    assert fte(scheduled.sum() * 0.5 * 30, 160) == pytest.approx(25 * 12 * 30 / 160)


def diary(
    need: list[float], start: float, leave: float, classes: tuple[float, ...], training: int, overtime: float
) -> pd.DataFrame:
    """Every cohort followed by hand, month by month."""
    skill = [0.0] * training + list(RAMP)
    cohorts = [[start, 99]]
    rows = []
    for month, wanted in enumerate(need):
        for cohort in cohorts:
            cohort[0] *= 1 - leave
            cohort[1] += 1
        cohorts.append([classes[month], 0])
        productive = sum(n * (skill[int(age)] if age < len(skill) else 1.0) for n, age in cohorts)
        training_now = sum(n for n, age in cohorts if age < training)
        ramping = sum(n for n, age in cohorts if training <= age < len(skill))
        extra = min(max(wanted - productive, 0), overtime * productive)
        rows.append([sum(n for n, _ in cohorts), training_now, ramping, productive, extra, productive + extra - wanted])
    return pd.DataFrame(rows, columns=["headcount", "training", "ramping", "productive", "overtime", "gap"])


@given(
    need=st.lists(st.integers(0, 60), min_size=1, max_size=12),
    classes=st.lists(st.integers(0, 9), min_size=12, max_size=12),
    leave=st.floats(0, 0.2),
    training=st.integers(0, 3),
)
@settings(deadline=None, max_examples=60)
def test_given_hires_are_projected_as_a_diary_of_cohorts_says(
    need: list[float], classes: list[int], leave: float, training: int
) -> None:
    hires = tuple(classes[: len(need)])

    plan = capacity_plan(need, 30, leave, training, RAMP, hires=hires, overtime=0.1)

    truth = diary(need, 30, leave, hires, training, 0.1)
    for column in truth:
        assert plan[column].tolist() == pytest.approx(truth[column].tolist(), abs=2e-5)
    assert (plan["opening"] - plan["leavers"] + plan["joined"]).tolist() == pytest.approx(plan["headcount"].tolist())
    assert plan["opening"].tolist()[1:] == plan["headcount"].tolist()[:-1]


@pytest.mark.parametrize("seed", range(12))
def test_hires_found_are_the_best_of_all_plans_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    months, most, smallest, lead = 5, 4, int(rng.integers(1, 4)), int(rng.integers(0, 2))
    need = rng.integers(8, 16, months).astype(float).tolist()
    training, overtime = int(rng.integers(0, 2)), float(rng.choice([0.0, 0.1]))
    sizes = [0, *range(smallest, most + 1)]

    plan = capacity_plan(need, 11, 0.06, training, RAMP, lead, class_min=smallest, class_max=most, overtime=overtime)

    choices = product(*([[0]] * lead + [sizes] * (months - lead)))
    scores = []
    for classes in choices:
        short = -diary(need, 11, 0.06, classes, training, overtime)["gap"].clip(upper=0).sum()
        scores.append((round(short, 5), sum(n * (months - month) for month, n in enumerate(classes))))
    found = plan["hires"].to_numpy()
    assert (round(-plan["gap"].clip(upper=0).sum(), 5), found @ np.arange(months, 0, -1)) == pytest.approx(min(scores))
    assert set(found) <= set(sizes) and not found[:lead].any()


def test_a_class_is_asked_for_the_lead_time_before_it_starts() -> None:
    plan = capacity_plan([10] * 6, 10, 0.0, lead_months=2, hires=[0, 0, 3, 0, 4, 0])

    assert plan["requisitions"].tolist() == [3, 0, 4, 0, 0, 0]


def test_people_who_do_not_come_are_hired_on_top() -> None:
    # nobody leaves, no training: 12 are needed from month 2 on, 10 are there, 4 in 5 join -> 2 / 0.8 = 2.5 -> 3
    plan = capacity_plan([10, 12, 12], 10, 0.0, 0, (), recruiting_accuracy=0.8)

    assert plan["hires"].tolist() == [0, 3, 0]
    assert plan["joined"].tolist() == pytest.approx([0, 2.4, 0])


def test_a_year_that_needs_nobody_hires_nobody() -> None:
    plan = capacity_plan([20] * 12, 40, 0.03)

    assert plan["hires"].sum() == 0
    assert plan.index.tolist() == list(range(1, 13)) and plan.index.name == "month"
    assert not plan.isna().any().any()


def test_the_months_of_a_series_are_kept() -> None:
    need = pd.Series([10.0, 11.0], index=pd.period_range("2026-01", periods=2, freq="M"))

    assert capacity_plan(need, 12).index.equals(need.index)


@pytest.mark.parametrize(
    ("error", "call", "sentence"),
    [
        (
            ValueError,
            lambda: capacity_plan([10], 10, attrition=3),
            "attrition must be a share between 0 and 1, 1 excluded, got 3; write 0.03",
        ),
        (
            ValueError,
            lambda: capacity_plan([10, 10], 10, hires=[1]),
            "hires must hold 2 months like required_fte, got 1",
        ),
        (ValueError, lambda: capacity_plan([10], -1), "start_headcount must be 0 or more, got -1"),
        (ValueError, lambda: capacity_plan([10], 10, class_min=5, class_max=4), "class_max must be 5 or more, got 4"),
        (
            TypeError,
            lambda: capacity_plan([10], 10, training_months=1.5),  # type: ignore[arg-type]
            "training_months must be a whole number, got 1.5",
        ),
        (
            ValueError,
            lambda: capacity_plan([10], 10, ramp=(50, 75)),
            "ramp must be a share between 0 and 1, got 50 at position 0; write 0.5",
        ),
        (
            ValueError,
            lambda: capacity_plan([10, 10], 10, attrition=[0.1, 0.1, 0.1]),
            "required_fte and attrition must have shapes that go together, got (2,) and (3,)",
        ),
        (
            ValueError,
            lambda: capacity_plan([[10, 10]], 10),
            "required_fte must be one row of months, got 2 dimensions",
        ),
        (ValueError, lambda: annual_attrition(0.03, "mean"), "method must be one of sum, cohort, got 'mean'"),
        (
            ValueError,
            lambda: monthly_attrition(36),
            "annual must be a share up to 12 (everybody, every month), got 36",
        ),
        (ValueError, lambda: fte(100, 0), "hours_per_fte must be above 0, got 0"),
    ],
)
def test_plans_that_cannot_be_are_refused_in_one_sentence(error: type[Exception], call: object, sentence: str) -> None:
    with pytest.raises(error) as raised:
        call()  # type: ignore[operator]

    assert str(raised.value) == sentence
