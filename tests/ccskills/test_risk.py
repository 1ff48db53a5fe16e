"""Risks are put in order, losses agree with other methods, and a plan is not called good before it was tested."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccskills import risk

RISKS = pd.DataFrame({"risk": list("abcd"), "likelihood": [1, 5, 2, 4], "impact": [1, 5, 5, 4]})


def test_risks_stand_in_the_order_of_their_score_and_carry_their_band() -> None:
    found = risk.matrix(RISKS)

    assert found[["risk", "score", "band"]].values.tolist() == [
        ["b", 25, "extreme"],
        ["d", 16, "high"],
        ["c", 10, "high"],
        ["a", 1, "low"],
    ]


def test_every_possible_score_has_one_band_and_a_higher_score_never_a_milder_one() -> None:
    every = pd.DataFrame(
        [("x", a, b) for a in range(1, 6) for b in range(1, 6)], columns=["risk", "likelihood", "impact"]
    )

    found = risk.matrix(every).sort_values("score")

    rank = found["band"].map(list(risk.BANDS).index)
    assert rank.is_monotonic_increasing and set(found["band"]) == set(risk.BANDS)


def test_the_yearly_loss_is_that_of_the_compound_distribution_by_fourier_transform() -> None:
    often, median, bad = 2.0, 10_000.0, 60_000.0
    sigma = np.log(bad / median) / 1.6448536
    # Another method: the size of one event on a grid, its transform raised as exp(often (phi - 1)), and back.
    step, size = 500.0, 2**15
    from scipy.special import ndtr

    edges = np.maximum(np.arange(size + 1) - 0.5, 0) * step
    below = np.concatenate([[0.0], ndtr(np.log(np.maximum(edges[1:], 1e-9) / median) / sigma)])
    year = np.fft.ifft(np.exp(often * (np.fft.fft(np.diff(below)) - 1))).real
    grid = np.arange(size) * step
    mean = float(year @ grid)

    found = risk.annual_loss(often, median, bad, draws=100_000)

    assert found.mean == pytest.approx(mean, rel=0.01)
    assert found.sd == pytest.approx(np.sqrt(year @ grid**2 - mean**2), rel=0.05)
    assert found.none_probability == pytest.approx(np.exp(-2))
    for at in (0.5, 0.8, 0.9, 0.95):
        exact = grid[np.searchsorted(year.cumsum(), at)]
        assert found.quantiles[at] == pytest.approx(exact, rel=0.03), at


def test_the_same_seed_gives_the_same_years() -> None:
    one, two = (risk.annual_loss(1, 10, 100, draws=1000, seed=seed).quantiles for seed in (1, 1))
    other = risk.annual_loss(1, 10, 100, draws=1000, seed=2).quantiles

    assert one.equals(two) and not one.equals(other)


def test_a_control_without_cost_that_avoids_loss_is_worth_it() -> None:
    controls = pd.DataFrame({"loss_before": [10.0, 10], "loss_after": [4.0, 10], "cost": [0.0, 0]}, index=["a", "b"])

    found = risk.treatment(controls)

    assert found.loc["a", "per_cost"] == np.inf
    assert found["worth_it"].to_dict() == {"a": True, "b": False}


def plan(**changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "owner": "Li Wen",
        "scenarios": 5,
        "first_hour": True,
        "deputies": True,
        "contacts_age_days": 90,
        "drills": 2,
        "unannounced_drills": 1,
        "recovery": pd.DataFrame({"promised_min": [30], "tested_min": [30]}, index=["voice"]),
        "message": True,
        "lessons_open": 0,
    }
    return good | changes


def test_a_plan_that_has_everything_passes() -> None:
    assert risk.plan_check(plan())["ok"].all()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("owner", " "),
        ("scenarios", 4),
        ("first_hour", False),
        ("deputies", False),
        ("contacts_age_days", 91),
        ("drills", 1),
        ("unannounced_drills", 0),
        ("message", False),
        ("lessons_open", 1),
        ("recovery", pd.DataFrame({"promised_min": [30], "tested_min": [None]}, index=["voice"])),
        ("recovery", pd.DataFrame({"promised_min": [30], "tested_min": [31]}, index=["voice"])),
    ],
)
def test_each_missing_part_of_a_plan_is_found_alone(key: str, value: Any) -> None:
    found = risk.plan_check(plan(**{key: value}), "zh")

    assert found.index[~found["ok"]].tolist() == [key]
    assert found.loc[key, "check"] == risk.PLAN_CHECKS[key].zh


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: risk.matrix(RISKS.assign(impact=6)), "impact must be a whole number from 1 to 5, got 6 for a"),
        (
            lambda: risk.matrix(RISKS.assign(likelihood=0.5)),
            "likelihood must be a whole number from 1 to 5, got 0.5 for a",
        ),
        (
            lambda: risk.matrix(RISKS.drop(columns="impact")),
            "risks must have the columns risk, likelihood, impact, got no impact",
        ),
        (lambda: risk.expected_loss(-1, 5), "per_year must be 0 or more, got -1"),
        (lambda: risk.expected_loss(1, 5, 25), "exposure must be a share between 0 and 1, got 25; write 0.25"),
        (lambda: risk.annual_loss(1, 100, 100), "bad_loss must be above median_loss 100, got 100"),
        (lambda: risk.annual_loss(1, 1, 2, draws=10), "draws must be 1000 or more, got 10"),
        (
            lambda: risk.plan_check({}),
            f"plan must have the keys {', '.join(risk.PLAN_CHECKS)}, got no owner",
        ),
        (lambda: risk.plan_check(plan(drills=-1)), "drills must be 0 or more, got -1"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()


def test_a_yes_in_words_is_no_yes() -> None:
    with pytest.raises(TypeError, match="deputies must be True or False, got 'yes'"):
        risk.plan_check(plan(deputies="yes"))
