"""Sample sizes, allocation, sampling plans and acceptance sampling against printed tables and by enumeration."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.quality import acceptance_probability, allocate, sample_size, sample_size_change, sampling_plan

# --- sizes --------------------------------------------------------------------------------------------------------


def test_the_standards_sample_sizes() -> None:
    # standard.md 5.5: 90 % within 5 points 139 contacts, within 3 points 385; 95 % within 2 points 457
    assert [sample_size(0.9, 0.05), sample_size(0.9, 0.03), sample_size(0.95, 0.02)] == [139, 385, 457]


# Krejcie and Morgan, Determining sample size for research activities, Educational and Psychological Measurement 30,
# 1970, table 1 (95 %, margin 5 points, share 0.5); the table rounds to the nearest, we round up
@pytest.mark.parametrize(
    ("population", "printed"),
    [(10, 10), (50, 44), (100, 80), (200, 132), (500, 217), (1000, 278), (5000, 357), (10_000, 370), (50_000, 381)],
)
def test_small_populations_need_less_as_krejcie_and_morgan_print(population: int, printed: int) -> None:
    assert sample_size(0.5, 0.05, population=population) - printed in (0, 1)


def test_the_size_to_find_a_change_is_that_of_r_and_statsmodels() -> None:
    # R, example of power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7 in each group; statsmodels 0.15.0,
    # power_proportions_2indep solved for the same: 76.707
    assert sample_size_change(0.50, 0.75, power=0.90) == 77


def test_the_size_to_find_a_change_finds_it_as_often_as_it_says() -> None:
    # Another method: simulate both samples and the two-sided z test with a pooled variance; standard error 0.004
    generator = np.random.default_rng(42)
    n = sample_size_change(0.9, 0.95, power=0.8)
    one, two = generator.binomial(n, 0.9, 10_000) / n, generator.binomial(n, 0.95, 10_000) / n
    pooled = (one + two) / 2

    found = np.abs(one - two) / np.sqrt(2 * pooled * (1 - pooled) / n) > 1.959964

    assert found.mean() == pytest.approx(0.8, abs=0.015)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.3), st.integers(1, 10_000))
def test_a_sample_exceeds_neither_its_population_nor_the_endless_one(
    share: float, margin: float, population: int
) -> None:
    found = sample_size(share, margin, population=population)

    assert 1 <= found <= population
    assert found <= sample_size(share, margin)


def test_single_sampling_plans_pass_as_montgomery_prints() -> None:
    # Montgomery, table 15.1: n = 89, c = 2
    shares = [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09]
    printed = [0.9897, 0.9397, 0.7366, 0.4985, 0.3042, 0.1721, 0.0919, 0.0468, 0.0230, 0.0109]

    assert acceptance_probability(shares, 89, 2) == pytest.approx(printed, abs=6e-5)
    assert acceptance_probability(0.0, 89, 2) == 1
    assert acceptance_probability(1.0, 89, 2) == 0


# --- allocation ---------------------------------------------------------------------------------------------------


def test_the_largest_remainders_get_what_is_left() -> None:
    # By hand: 21 x 0.53, 0.24, 0.23 = 11.13, 5.04, 4.83 -> 11, 5, 4 and one for the last
    assert allocate([53, 24, 23], 21).tolist() == [11, 5, 5]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=6).filter(sum), st.floats(0, 1))
def test_proportional_parts_add_up_and_keep_their_quota(sizes: list[int], part: float) -> None:
    total = max(1, round(part * sum(sizes)))

    found = allocate(sizes, total)

    assert found.sum() == total
    exact = total * np.array(sizes) / sum(sizes)
    assert (np.abs(found - exact) < 1).all()
    assert (found <= sizes).all()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([0.02, 0.1, 0.3, 0.5])), min_size=2, max_size=3), st.data()
)
def test_neymans_parts_have_the_least_variance_of_all(strata: list[tuple[int, float]], data: st.DataObject) -> None:
    sizes, shares = np.array([n for n, _ in strata]), np.array([p for _, p in strata])
    total = data.draw(st.integers(len(sizes), min(int(sizes.sum()), 20)))

    found = allocate(sizes, total, "neyman", shares)

    # Enumeration: variance of the weighted share, sum of N^2 p q / n, over every whole split
    def variance(parts: Any) -> float:
        return float((sizes**2 * shares * (1 - shares) / np.array(parts)).sum())

    splits = (p for p in product(*(range(1, min(n, total) + 1) for n in sizes)) if sum(p) == total)
    assert found.sum() == total
    assert variance(found) == pytest.approx(min(variance(p) for p in splits))


def test_strata_without_errors_still_fill_the_total() -> None:
    found = allocate([10, 5, 0], 12, "neyman", [0.0, 0.0, 0.5])

    assert found.sum() == 12
    assert found[2] == 0
    assert (found <= [10, 5, 0]).all()


# --- plans --------------------------------------------------------------------------------------------------------

CALLS = pd.DataFrame(
    {
        "contact_id": np.arange(1000),
        "agent_id": np.arange(1000) % 20,
        "channel": np.where(np.arange(1000) % 10 < 7, "voice", "chat"),
    }
)


def test_a_plan_draws_in_proportion_and_repeats_with_its_seed() -> None:
    plan = sampling_plan(CALLS, total=50, strata="channel", seed=3)

    assert plan["channel"].value_counts().to_dict() == {"voice": 35, "chat": 15}
    assert plan["contact_id"].is_monotonic_increasing and plan["contact_id"].is_unique
    assert plan["weight"].sum() == pytest.approx(1000)
    assert plan.equals(sampling_plan(CALLS, total=50, strata="channel", seed=3))
    assert not plan.equals(sampling_plan(CALLS, total=50, strata="channel", seed=4))
    assert "weight" not in CALLS


def test_a_risk_based_plan_listens_where_errors_are_likely_and_weights_put_it_right() -> None:
    shares = pd.Series({"voice": 0.02, "chat": 0.5})

    plan = sampling_plan(CALLS, total=60, strata="channel", method="neyman", error_shares=shares, seed=1)

    counts = plan["channel"].value_counts()
    # By hand: 700 x 0.14 = 98 against 300 x 0.5 = 150 -> 24 and 36
    assert counts.to_dict() == {"chat": 36, "voice": 24}
    assert plan.groupby("channel")["weight"].sum().to_dict() == pytest.approx({"chat": 300, "voice": 700})


def test_every_agent_gets_as_many_or_all_there_are() -> None:
    few = CALLS[(CALLS["agent_id"] != 7) | (CALLS["contact_id"] < 40)]

    plan = sampling_plan(few, per_agent=5, seed=9)

    counts = plan["agent_id"].value_counts()
    assert counts[7] == 2
    assert (counts.drop(7) == 5).all()


def test_every_contact_has_the_same_chance() -> None:
    small = CALLS.head(10)

    drawn = np.concatenate([sampling_plan(small, total=3, seed=seed)["contact_id"] for seed in range(600)])

    # 600 x 3 / 10 = 180 each, standard deviation 11
    assert (np.abs(np.bincount(drawn) - 180) < 45).all()


def test_several_columns_make_strata() -> None:
    plan = sampling_plan(CALLS, total=100, strata=["channel", "agent_id"], seed=0)

    assert len(plan) == 100
    assert plan["weight"].sum() <= 1000 + 1e-9


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (
            lambda: sample_size(0.9, 5),
            ValueError,
            "margin must be a share between 0 and 1, both excluded, got 5; write 0.05",
        ),
        (lambda: sample_size(0.9, 0.05, population=0), ValueError, "population must be 1 or more, got 0"),
        (
            lambda: sample_size_change(0.9, 1.0),
            ValueError,
            "after must be a share between 0 and 1, both excluded, got 1",
        ),
        (
            lambda: acceptance_probability(5, 89, 2),
            ValueError,
            "error_share must be a share between 0 and 1, got 5; write 0.05",
        ),
        (lambda: allocate([10, -1], 5), ValueError, "sizes must be 0 or more, got -1 at position 1"),
        (lambda: allocate([10, 0.5], 5), ValueError, "sizes must be whole numbers of contacts, got a fraction"),
        (lambda: allocate([0, 0], 5), ValueError, "sizes must hold at least one contact, got none"),
        (lambda: allocate([10, 5], 16), ValueError, "total must be from 1 to 15, got 16"),
        (lambda: allocate([10, 5], 5, "risk"), ValueError, "method must be one of proportional, neyman, got 'risk'"),
        (
            lambda: allocate([10, 5], 5, "neyman"),
            ValueError,
            "method 'neyman' needs error_shares, the error share expected in each stratum, got None",
        ),
        (
            lambda: allocate([10, 5], 1, "neyman", [0.1, 0.1]),
            ValueError,
            "total must be at least one contact for each of the 2 strata, got 1",
        ),
        (
            lambda: allocate([10, 5], 5, error_shares=[0.1, 0.1]),
            ValueError,
            "error_shares are for method 'neyman', got them with 'proportional'",
        ),
        (
            lambda: sampling_plan(CALLS, total=5, per_agent=1),
            ValueError,
            "give either total or per_agent, got both",
        ),
        (lambda: sampling_plan(CALLS, total=1001), ValueError, "total must be from 1 to 1000, got 1001"),
        (
            lambda: sampling_plan(CALLS, per_agent=1, strata="channel"),
            ValueError,
            "strata share out a total, got strata with per_agent",
        ),
        (
            lambda: sampling_plan(CALLS, total=5, strata="team"),
            ValueError,
            "contacts must have the columns team, got no team",
        ),
        (
            lambda: sampling_plan(CALLS.assign(channel=None), total=5, strata="channel"),
            ValueError,
            "contacts must have a channel in every row, got none in 1000",
        ),
        (
            lambda: sampling_plan(
                CALLS, total=5, strata="channel", method="neyman", error_shares=pd.Series({"voice": 0.1})
            ),
            ValueError,
            "error_shares must hold every stratum, got none for chat",
        ),
        (
            lambda: sampling_plan(CALLS, total=5, strata="channel", method="neyman", error_shares=[0.1, 0.1]),
            TypeError,
            "error_shares must be a pandas Series indexed by stratum, got list",
        ),
        (
            lambda: sampling_plan(CALLS.assign(weight=1), total=5),
            ValueError,
            "contacts must not have a column weight, which the plan adds, got one",
        ),
        (
            lambda: sampling_plan([1, 2], total=5),
            TypeError,
            "contacts must be a pandas DataFrame, got list",
        ),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused(call: Any, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as error:
        call()

    assert str(error.value) == sentence
