"""Processes are timed as the textbooks time them, and chance is not called improvement."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ccskills import process

# R. G. Newcombe 1998, table II, method 10: (hits and sample of the one, of the other), limits as printed.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("one", "other", "lower", "upper"), NEWCOMBE)
def test_limits_of_a_difference_of_shares_are_those_that_newcombe_printed(
    one: tuple[int, int], other: tuple[int, int], lower: float, upper: float
) -> None:
    found = process.compare_shares(*other, *one)

    assert found.lower == pytest.approx(lower, abs=5.1e-5)
    assert found.upper == pytest.approx(upper, abs=5.1e-5)


@settings(deadline=None, max_examples=60)
@given(
    before=st.lists(st.floats(1, 1e4), min_size=2, max_size=20, unique=True),
    after=st.lists(st.floats(1, 1e4), min_size=2, max_size=20, unique=True),
)
def test_means_are_compared_as_scipy_compares_them(before: list[float], after: list[float]) -> None:
    found = process.compare_means(before, after)

    other = stats.ttest_ind(after, before, equal_var=False)
    limits = other.confidence_interval(0.95)
    assert found.p_value == pytest.approx(other.pvalue, rel=1e-6, abs=1e-12)
    assert (found.lower, found.upper) == pytest.approx((limits.low, limits.high), rel=1e-6)


def test_the_verdict_follows_the_limits() -> None:
    better, worse, open_ = (
        process.compare_shares(*figures) for figures in ((10, 100, 40, 100), (40, 100, 10, 100), (4, 10, 5, 10))
    )

    assert better.verdict.en.startswith("higher") and worse.verdict.en.startswith("lower")
    assert open_.verdict.zh == "差异可能只是偶然，可延长观察或维持现状"
    assert open_.lower < 0 < open_.upper


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 500), k=st.integers(0, 500), m=st.integers(1, 500), j=st.integers(0, 500))
def test_limits_hold_the_difference_and_stay_possible(n: int, k: int, m: int, j: int) -> None:
    found = process.compare_shares(min(k, n), n, min(j, m), m)

    assert -1 <= found.lower <= found.difference <= found.upper <= 1
    assert 0 <= found.p_value <= 1


def test_a_step_is_observed_as_often_as_the_textbook_says() -> None:
    # J. Heizer, B. Render, Operations Management, supplement on work measurement: mean 3.00, s 1.0, 5 %, 95 %: 171.
    assert process.observations_needed(3.0, 1.0) == 171
    assert process.observations_needed(3.0, 0.0) == 1


def test_standard_time_rates_the_pace_and_adds_the_allowance() -> None:
    seen = pd.DataFrame(
        {"step": ["b", "a", "a"], "observed_s": [60, 100, 120], "rating": [1.0, 1.1, 0.9]}, index=[9, 9, 9]
    )

    found = process.time_study(seen, allowance=0.1)

    assert found.index.tolist() == ["b", "a"]
    assert found["mean_s"].to_dict() == {"b": 60, "a": 110}
    assert found["sd_s"].to_dict() == {"b": 0, "a": pytest.approx(np.sqrt(200))}
    assert found["standard_s"].to_dict() == {"b": pytest.approx(66), "a": pytest.approx(1.1 * (110 + 108) / 2)}
    assert found.attrs["total_standard_s"] == pytest.approx(66 + 119.9)


def test_three_steps_of_90_percent_leave_73_percent_right_the_first_time() -> None:
    steps = pd.DataFrame(
        {"work_s": 60, "wait_s": [0, 240, 1500], "first_pass": 0.9, "people": [1, 2, 3]}, index=list("abc")
    )

    found = process.flow(steps)

    assert found.first_time_right == pytest.approx(0.729)
    assert (found.lead_time_s, found.value_share) == (1920, 180 / 1920)
    assert (found.bottleneck, found.capacity_per_hour) == ("a", 60)


@pytest.mark.parametrize("cycle", process.CYCLES)
def test_a_project_moves_on_only_when_its_phase_is_complete(cycle: str) -> None:
    phases = process.CYCLES[cycle]
    record = {key: {entry: "answered" for entry in phase.asks} for key, phase in phases.items()}
    second = list(phases)[1]

    whole = process.project_gate(cycle, record)
    record[second][next(iter(record[second]))] = "  "
    broken = process.project_gate(cycle, record, "zh")

    assert set(whole["state"]) == {"done"}
    states = broken.groupby("phase", sort=False)["state"].agg(set).tolist()
    assert states[0] == {"done"} and "open" in states[1] and all(later == {"later"} for later in states[2:])
    assert broken["question"].str.contains("[\u4e00-\u9fff]").all()


def test_a_person_who_was_told_on_the_day_itself_was_told_too_late() -> None:
    people = pd.DataFrame({"team": ["A", "A"], "told": ["2026-03-08", "2026-03-09"], "passed": [True, True]})

    found = process.readiness(people, "2026-03-09", needed=0.6)

    assert found.loc["A"].to_dict() == {"people": 2, "told": 0.5, "passed": 0.5, "ready": False}
    assert process.readiness(people, "2026-03-09", needed=0.5)["ready"].all()


PEOPLE = pd.DataFrame({"team": ["A"], "told": ["2026-03-08"], "passed": [True]})


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: process.compare_shares(11, 10, 1, 10), "hits_before must be from 0 to 10, got 11"),
        (lambda: process.compare_means([1], [1, 2]), "before must hold at least two values, got 1"),
        (
            lambda: process.compare_means([1, 1], [2, 2]),
            "before or after must vary, got constant values in both: there is nothing to test",
        ),
        (
            lambda: process.time_study(pd.DataFrame({"step": ["a"], "observed_s": [0]})),
            "observed_s must be above 0, got 0 at position 0",
        ),
        (
            lambda: process.flow(pd.DataFrame({"work_s": [1]})),
            "steps must have the columns work_s, wait_s, first_pass, people, "
            "got no wait_s and no first_pass and no people",
        ),
        (lambda: process.project_gate("DMADV", {}), "cycle must be one of PDCA, DMAIC, got 'DMADV'"),
        (
            lambda: process.project_gate("PDCA", {"plan": {"budget": "x"}}),
            "entry of plan must be one of problem, baseline, goal, cause, owner, got 'budget'",
        ),
        (lambda: process.readiness(PEOPLE, None), "effective must be a day such as 2026-03-09, got None"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()


def test_days_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="effective and told must be days such as 2026-03-09"):
        process.readiness(PEOPLE.assign(told="soon"), "2026-03-09")
    with pytest.raises(TypeError, match="passed must be True or False in every row"):
        process.readiness(PEOPLE.assign(passed="yes"), "2026-03-09")
