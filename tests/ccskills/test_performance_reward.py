"""Appraisals and incentives: what a quota does, who was graded mildly, what a bonus buys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from ccskills.performance import (
    BonusScheme,
    absolute_grades,
    distribution_check,
    forced_grades,
    gaming_gain,
    incentive,
    incentive_sensitivity,
    payout_share,
    rater_adjustment,
    simulate_incentive,
)

QUOTA = {"A": 0.2, "B": 0.7, "C": 0.1}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60, unique=True))
def test_a_quota_is_filled_to_the_person_and_no_better_score_gets_a_worse_grade(scores: list[int]) -> None:
    grades = forced_grades(scores, QUOTA)

    # With n people the first grade holds those with fewer than 0.2 n ahead of them: ceil(0.2 n)
    assert (grades == "A").sum() == -(-len(scores) // 5)
    best_first = grades.iloc[np.argsort(scores)[::-1]].tolist()
    assert best_first == sorted(best_first)


def test_equal_scores_get_the_same_better_grade() -> None:
    assert forced_grades([90, 90, 90, 80, 70], QUOTA).tolist() == ["A", "A", "A", "B", "B"]


def test_a_standard_may_give_everybody_the_best_grade_and_a_quota_may_not() -> None:
    scores = pd.Series([96, 97, 98, 99, 95], index=list("abcde"))

    assert set(absolute_grades(scores, {"A": 95, "B": 80})) == {"A"}
    assert forced_grades(scores, {"A": 0.2, "B": 0.8}).to_dict() == {"a": "B", "b": "B", "c": "B", "d": "A", "e": "B"}


def test_leniency_is_recovered_from_an_incomplete_design_and_the_order_of_rows_is_no_matter() -> None:
    # True scores and leniencies are put in; an additive model without noise must give them back
    truth, mild = {"p": 80.0, "q": 85.0, "r": 90.0, "s": 70.0}, {"x": 4.0, "y": -1.0, "z": -3.0}
    pairs = [("p", "x"), ("p", "y"), ("q", "y"), ("q", "z"), ("r", "z"), ("s", "x"), ("s", "x")]
    table = pd.DataFrame([(p, r, truth[p] + mild[r]) for p, r in pairs], columns=["person", "rater", "score"])

    fair = rater_adjustment(table.sample(frac=1, random_state=1))

    assert fair["adjusted"].to_dict() == pytest.approx(truth)
    assert fair.attrs["leniency"].to_dict() == pytest.approx(mild)


def test_centred_scores_have_the_same_mean_for_every_rater() -> None:
    table = pd.DataFrame({"person": list("abcd"), "rater": list("xxyy"), "score": [90.0, 80.0, 70.0, 60.0]})

    fair = rater_adjustment(table, method="centred")

    assert fair["adjusted"].tolist() == [80, 70, 80, 70]
    assert fair.attrs["leniency"].to_dict() == {"x": 10, "y": -10}


def test_the_chance_of_a_teams_grades_is_the_hypergeometric_one() -> None:
    # 6 A among 12 people, a team of 6 with 5 A: as far from 3 as 1 A, so 0, 1, 5 and 6 A count.
    # Hypergeometric: (1 + 36 + 36 + 1) / 924 = 0.0801
    grades = ["A"] * 5 + ["B"] + ["A"] + ["B"] * 5

    table = distribution_check(grades, ["x"] * 6 + ["y"] * 6, draws=4000)

    assert table["chance"].tolist() == pytest.approx([74 / 924] * 2, abs=0.015)
    assert not table["unusual"].any()


def test_the_payout_curve_is_flat_then_straight_then_faster_then_capped() -> None:
    scheme = BonusScheme(1000, threshold=0.8, at_threshold=0.4, accelerator=3, cap=1.6)

    # by hand: 0.9 is half-way from 0.4 to 1; 1.1 is 1 + 3 x 0.1; from 1.2 on the cap
    assert payout_share([0.0, 0.799, 0.8, 0.9, 1.0, 1.1, 1.2, 5.0], scheme).tolist() == pytest.approx(
        [0, 0, 0.4, 0.7, 1.0, 1.3, 1.6, 1.6]
    )


SCHEMES = st.builds(
    BonusScheme,
    bonus=st.floats(0, 5000),
    threshold=st.floats(0, 0.95),
    at_threshold=st.floats(0, 1),
    accelerator=st.floats(0, 5),
    cap=st.floats(1, 3),
    team_weight=st.floats(0, 1),
)


@settings(deadline=None, max_examples=80)
@given(SCHEMES, st.lists(st.floats(0, 3), min_size=2, max_size=8))
def test_more_attainment_never_pays_less_and_nobody_gets_more_than_the_cap(
    scheme: BonusScheme, attainments: list[float]
) -> None:
    paid = payout_share(sorted(attainments), scheme)
    result = incentive(attainments, scheme)

    assert (np.diff(paid) >= -1e-9).all()
    assert result["payout"].between(0, scheme.bonus * scheme.cap + 1e-9).all()
    assert result.attrs["cost"] == pytest.approx(result["payout"].sum())


def test_with_the_whole_weight_on_the_team_everybody_of_a_team_is_paid_the_same() -> None:
    result = incentive([0.7, 1.3, 0.9, 1.1, 1.0], BonusScheme(900, team_weight=1.0), teams=list("xxyyy"))

    assert result["payout"].tolist() == pytest.approx([900] * 5)


def test_the_expected_cost_is_the_integral_over_the_normal_curve() -> None:
    # All or nothing at the target, nobody capped: P(N(0.95, 0.1) >= 1) = 1 - Phi(0.5) = 0.3085 of 100 agents x 500
    scheme = BonusScheme(500, threshold=0.9999999, at_threshold=1.0, accelerator=0.0)

    risk = simulate_incentive([0.95] * 100, 0.1, scheme, periods=4000, gate_risk=0.1)

    assert risk.cost == pytest.approx(100 * 500 * 0.9 * (1 - ndtr(0.5)), rel=0.01)
    assert risk.cost_lower < risk.cost < risk.cost_upper
    assert risk.luck == pytest.approx(1, abs=0.001)


def test_without_noise_there_is_no_luck() -> None:
    risk = simulate_incentive(pd.Series({"a": 0.9, "b": 1.1}), 0.0, BonusScheme(1000))

    assert (risk.luck, risk.cost) == (0.0, incentive([0.9, 1.1], BonusScheme(1000)).attrs["cost"])
    assert risk.cost_lower == risk.cost_upper == risk.cost
    assert risk.agents.index.tolist() == ["a", "b"]


def test_cutting_calls_short_pays_when_handle_time_weighs_too_much_and_team_pay_dulls_it() -> None:
    agents = pd.DataFrame({"aht": [1.0, 1.0], "fcr": [1.0, 1.0]}, index=["a", "b"])
    effects = {"aht": 0.2, "fcr": -0.1}

    heavy = gaming_gain(agents, {"aht": 0.5, "fcr": 0.5}, effects, BonusScheme(1000))
    light = gaming_gain(agents, {"aht": 0.3, "fcr": 0.7}, effects, BonusScheme(1000))
    shared = gaming_gain(agents, {"aht": 0.5, "fcr": 0.5}, effects, BonusScheme(1000, team_weight=1.0))

    # 0.5 x 0.2 - 0.5 x 0.1 = +0.05 above target; 0.3 x 0.2 - 0.7 x 0.1 = -0.01 below it, where the slope is 2.5
    assert heavy["gain"].tolist() == pytest.approx([50, 50])
    assert light["gain"].tolist() == pytest.approx([-25, -25])
    assert shared["gain"].tolist() == pytest.approx([25, 25])
    assert (heavy.attrs["gainers"], light.attrs["gainers"]) == (1.0, 0.0)


def test_sensitivity_lists_the_widest_swing_first_and_leaves_the_scheme_alone() -> None:
    scheme = BonusScheme(1000)

    table = incentive_sensitivity([0.9, 1.2], scheme, {"cap": (1.0, 1.5), "bonus": (800, 1200)})

    assert table["parameter"].tolist() == ["bonus", "cap"]
    assert table.loc[0, "swing"] == pytest.approx(0.4 * table.attrs["cost"])
    assert scheme == BonusScheme(1000)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: forced_grades([1, 2], {"A": 0.5, "B": 0.4}), "shares must add up to 1, got 0.9"),
        (lambda: forced_grades([1, float("nan")], QUOTA), "scores must be finite numbers, got nan at position 1"),
        (
            lambda: forced_grades([1, 2], QUOTA, within=["x"]),
            "within must have one label per person (2), got shape (1,)",
        ),
        (lambda: absolute_grades([1], {"A": 80, "B": 90}), "cuts must fall from the best grade on, got 80, 90"),
        (
            lambda: distribution_check(["A", "B"], ["x", "x"]),
            "there must be two or more teams and grades, got 1 teams and 2 grades",
        ),
        (lambda: BonusScheme(1000, cap=0.5), "cap must be 1 or more, got 0.5"),
        (lambda: incentive([], BonusScheme(1000)), "attainment must hold at least one value, got none"),
        (
            lambda: incentive([1.0, 0.9], BonusScheme(1000), gate=[1, 0]),
            "gate must have True or False for each of the 2 agents, got [1, 0]",
        ),
        (
            lambda: simulate_incentive([1.0, 0.9, 1.1], [0.1, 0.2], BonusScheme(1000)),
            "spread must be one number or one for each of the 3 agents, got shape (2,)",
        ),
        (
            lambda: gaming_gain(pd.DataFrame({"aht": [1.0]}), {"aht": 0.9}, {}, BonusScheme(1000)),
            "weights must add up to 1, got 0.9",
        ),
        (
            lambda: incentive_sensitivity([1.0], BonusScheme(1000), {"mood": (0, 1)}),
            "changes must name attainment or a rule (bonus, threshold, at_threshold, accelerator, cap, team_weight), "
            "got mood",
        ),
    ],
)
def test_schemes_and_scores_that_cannot_be_are_refused_in_one_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence
