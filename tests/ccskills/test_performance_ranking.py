"""League tables, funnels and fair comparison say no more than the samples do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from ccskills.performance import funnel, mix_adjusted, pairwise_comparison, rank_with_uncertainty, shrink_rates

COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=3, max_size=8)


def ordered(rows: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [min(row) for row in rows], [max(row) for row in rows]


# Newcombe, Statistics in Medicine 17, 1998, table II: method 10 for 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10
@pytest.mark.parametrize(
    ("events", "opportunities", "lower", "upper"),
    [
        ([56, 48], [70, 80], 0.0524, 0.3339),
        ([9, 3], [10, 10], 0.1705, 0.8090),
        ([10, 0], [10, 10], 0.6075, 1.0000),
    ],
)
def test_the_difference_of_two_units_has_the_printed_interval(
    events: list[int], opportunities: list[int], lower: float, upper: float
) -> None:
    pair = pairwise_comparison(events, opportunities).iloc[0]

    assert (pair["lower"], pair["upper"]) == pytest.approx((lower, upper), abs=0.00005)
    assert pair["apart"]


def test_more_pairs_make_every_interval_wider_unless_told_not_to() -> None:
    all_pairs = pairwise_comparison([56, 48, 60], [70, 80, 90])
    chosen = pairwise_comparison([56, 48, 60], [70, 80, 90], adjust=False)

    assert (all_pairs["upper"] > chosen["upper"]).all()
    assert chosen.loc[0, "upper"] == pytest.approx(0.3339, abs=0.00005)


def test_the_beta_binomial_is_fitted_as_printed() -> None:
    # Boys in 6115 families of 12 children, Saxony (Geissler 1889). Wikipedia, Beta-binomial distribution, prints the
    # maximum likelihood as alpha 34.09558, beta 31.5715; the root of the score equations by mpmath 1.3 (30 digits,
    # findroot) is 34.1028576, 31.5782342, where the printed point misses by 0.02 %
    families = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]

    fitted = shrink_rates(np.repeat(np.arange(13), families), np.full(6115, 12)).attrs

    assert (fitted["alpha"], fitted["beta"]) == pytest.approx((34.1028576, 31.5782342), rel=1e-5)
    assert (fitted["alpha"], fitted["beta"]) == pytest.approx((34.09558, 31.5715), rel=3e-4)


def test_units_that_differ_less_than_chance_are_all_shrunk_to_the_pooled_rate() -> None:
    table = shrink_rates([50, 50, 50, 50], [100, 100, 100, 100])

    assert table["shrunk"].tolist() == pytest.approx([0.5] * 4, abs=1e-4)
    assert ((table["upper"] - table["lower"]) < 0.01).all()


@settings(deadline=None, max_examples=30)
@given(COUNTS)
def test_shrinking_never_leaves_the_range_of_the_rates(rows: list[tuple[int, int]]) -> None:
    events, opportunities = ordered(rows)
    assume(0 < sum(events) < sum(opportunities))

    table = shrink_rates(events, opportunities)

    slack = 1 / sum(table["opportunities"])
    assert table["shrunk"].between(table["rate"].min() - slack, table["rate"].max() + slack).all()
    assert table[["lower", "upper"]].stack().between(0, 1).all()
    assert (table["lower"] <= table["upper"]).all()


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_ranks_lie_between_one_and_the_number_of_units(rows: list[tuple[int, int]]) -> None:
    table = rank_with_uncertainty(*ordered(rows), draws=200)

    assert table[["rank", "rank_lower", "rank_upper"]].stack().between(1, len(rows)).all()
    assert (table["rank_lower"] <= table["rank_upper"]).all()
    assert table["best"].sum() == pytest.approx(1)
    assert table["rate"].is_monotonic_decreasing


def test_the_chance_to_be_first_of_two_is_the_integral_over_both_betas() -> None:
    # P(p1 > p2) for Beta(18.5, 2.5) and Beta(15.5, 5.5), by numerical integration instead of drawing
    grid = np.linspace(0, 1, 20001)
    exact = np.trapezoid(stats.beta(18.5, 2.5).pdf(grid) * stats.beta(15.5, 5.5).cdf(grid), grid)

    table = rank_with_uncertainty([18, 15], [20, 20], draws=100_000, seed=3)

    assert table.loc[0, "best"] == pytest.approx(exact, abs=0.005)


def test_large_samples_tell_units_apart_and_small_ones_do_not() -> None:
    few = rank_with_uncertainty([8, 7, 6, 5], [10] * 4)
    many = rank_with_uncertainty([8000, 7000, 6000, 5000], [10_000] * 4, language="zh")

    assert set(few["verdict"]) == {"cannot be told apart"}
    assert many["verdict"].tolist() == ["位于上半区"] * 2 + ["位于下半区"] * 2
    assert (many["rank_lower"] == many["rank_upper"]).all()


def test_turning_the_direction_round_turns_the_ranks_round() -> None:
    events, handled = [2, 9, 30], [100, 100, 100]

    good = rank_with_uncertainty(events, handled)["rank"].sort_index()
    bad = rank_with_uncertainty(events, handled, higher_is_better=False)["rank"].sort_index()

    assert (good + bad == 4).all()
    assert bad.loc[0] == 1


def test_shrinking_takes_the_newcomer_with_three_of_three_from_the_top() -> None:
    events, issues = [3, 180, 150, 140], [3, 200, 200, 200]

    assert rank_with_uncertainty(events, issues).index[0] == 0
    assert rank_with_uncertainty(events, issues, shrink=True).index[0] == 1


@pytest.mark.parametrize("target", [0.01, 0.05, 0.3, 0.85])
def test_a_unit_on_target_leaves_exact_limits_no_oftener_than_they_say(target: float) -> None:
    # The probability of all counts outside, summed from the binomial formula; one count more or less would be too many
    for n in (1, 4, 20, 75, 300):
        limits = funnel([0], [n], target).iloc[0]
        mass = [math.comb(n, k) * target**k * (1 - target) ** (n - k) for k in range(n + 1)]

        for label, tail in (("95", 0.025), ("998", 0.001)):
            above = [m for k, m in enumerate(mass) if k / n > limits[f"upper_{label}"]]
            below = [m for k, m in enumerate(mass) if k / n < limits[f"lower_{label}"]]
            assert sum(above) <= tail
            assert sum(below) <= tail
            if limits[f"upper_{label}"] > target:
                assert sum(above) + mass[round(limits[f"upper_{label}"] * n)] > tail


def test_score_limits_are_the_normal_ones() -> None:
    # 0.2 +- 1.96 and 3.09 standard errors of sqrt(0.2 x 0.8 / 100) = 0.04 (normal table: 3.0902)
    table = funnel([20], [100], 0.2, limits="score")

    assert table.iloc[0][["lower_95", "upper_95", "lower_998", "upper_998"]].tolist() == pytest.approx(
        [0.2 - 0.0784, 0.2 + 0.0784, 0.2 - 0.12361, 0.2 + 0.12361], abs=0.0001
    )


def test_about_one_unit_in_twenty_on_target_lies_outside_the_95_limits() -> None:
    rng = np.random.default_rng(1)
    size = rng.integers(50, 400, 4000)

    table = funnel(rng.binomial(size, 0.3), size, 0.3)

    outside = (table["rate"] < table["lower_95"]) | (table["rate"] > table["upper_95"])
    assert outside.mean() == pytest.approx(0.05, abs=0.012)
    assert (table["signal"] != "within").mean() < 0.006


def test_overdispersion_widens_the_funnel_by_the_root_of_phi() -> None:
    # z-scores made to be -3, -3, -3, 3, 3, 3 apart from rounding: phi = 9
    size = np.array([400] * 6)
    events = np.array([200 - 30] * 3 + [200 + 30] * 3)

    plain = funnel(events, size, 0.5, limits="score")
    wide = funnel(events, size, 0.5, limits="overdispersed")

    assert wide.attrs["phi"] == pytest.approx(9)
    assert (wide["upper_95"] - 0.5).tolist() == pytest.approx((3 * (plain["upper_95"] - 0.5)).tolist())
    assert funnel([200, 201, 199], [400] * 3, 0.5, limits="overdispersed").attrs["phi"] == 1


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.sampled_from(["exact", "score", "overdispersed"]))
def test_limits_are_nested_and_hold_the_target(rows: list[tuple[int, int]], limits: str) -> None:
    table = funnel(*ordered(rows), limits=limits)

    ladder = table[["lower_998", "lower_95", "upper_95", "upper_998"]].to_numpy()
    assert (np.diff(ladder, axis=1) >= -1e-9).all()
    assert ((ladder >= 0) & (ladder <= 1)).all()
    assert (ladder[:, 1] <= table.attrs["target"] + 1e-9).all()
    assert (ladder[:, 2] >= table.attrs["target"] - 1e-9).all()


STONES = pd.DataFrame(
    {
        "treatment": ["open", "open", "PN", "PN"],
        "stones": ["small", "large", "small", "large"],
        "success": [81, 192, 234, 55],
        "patients": [87, 263, 270, 80],
    }
)


def test_kidney_stones_show_the_paradox_with_the_printed_rates() -> None:
    # Charig et al., BMJ 292, 1986: open surgery 78 %, percutaneous nephrolithotomy 83 %; by size 93 and 73 %
    # against 87 and 69 %. At the common mix of 357 small and 343 large stones: 0.93 x 0.51 + 0.73 x 0.49 = 0.832
    # and 0.87 x 0.51 + 0.69 x 0.49 = 0.782 (Peters, Janzing, Schoelkopf, Elements of Causal Inference, 2017, chapter 6)
    fair = mix_adjusted(STONES, "treatment", "stones", "success", "patients")

    assert fair["crude"].to_dict() == pytest.approx({"open": 0.78, "PN": 0.83}, abs=0.005)
    assert fair["adjusted"].to_dict() == pytest.approx({"open": 0.832, "PN": 0.782}, abs=0.004)
    assert fair.attrs["simpson"] == [("PN", "open")]


def test_berkeley_admissions_at_the_common_mix_are_as_printed() -> None:
    # Freedman, Pisani, Purves, Statistics, 4th ed., chapter 2, table 2 (applicants, per cent admitted) and text:
    # weighted by all applicants, 39 % of the men and 43 % of the women
    men, men_in = [825, 560, 325, 417, 191, 373], [62, 63, 37, 33, 28, 6]
    women, women_in = [108, 25, 593, 375, 393, 341], [82, 68, 34, 35, 24, 7]
    table = pd.DataFrame(
        {
            "sex": ["men"] * 6 + ["women"] * 6,
            "major": list("ABCDEF") * 2,
            "admitted": np.append(np.array(men) * men_in, np.array(women) * women_in) / 100,
            "applied": men + women,
        }
    )

    fair = mix_adjusted(table, "sex", "major", "admitted", "applied")

    assert fair["crude"].to_dict() == pytest.approx({"men": 0.45, "women": 0.30}, abs=0.01)
    assert fair["adjusted"].to_dict() == pytest.approx({"men": 0.39, "women": 0.43}, abs=0.005)


def test_indirect_adjustment_is_observed_over_expected_times_the_standard() -> None:
    # By hand: the pooled rates are 315/357 and 247/343; open surgery would have 87 x 315/357 + 263 x 247/343 = 266.15
    # successes, has 273; the standard is 562/700
    fair = mix_adjusted(STONES, "treatment", "stones", "success", "patients", method="indirect")

    assert fair.loc["open", "ratio"] == pytest.approx(273 / (87 * 315 / 357 + 263 * 247 / 343))
    assert fair.loc["open", "adjusted"] == pytest.approx(fair.loc["open", "ratio"] * 562 / 700)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=6, max_size=6))
def test_groups_with_the_mix_of_the_standard_are_not_changed(rows: list[tuple[int, int]]) -> None:
    events, size = ordered(rows)
    table = pd.DataFrame({"team": list("aaabbb"), "kind": list("xyzxyz"), "good": events, "all": size[:3] * 2})
    table["good"] = table[["good", "all"]].min(axis=1)

    fair = mix_adjusted(table, "team", "kind", "good", "all")

    assert fair["adjusted"].tolist() == pytest.approx(fair["crude"].tolist())
    assert fair.attrs["simpson"] == []


def test_the_standard_may_be_one_group_or_a_mix_that_is_written_down() -> None:
    as_open = mix_adjusted(STONES, "treatment", "stones", "success", "patients", standard="open")
    written = mix_adjusted(STONES, "treatment", "stones", "success", "patients", standard={"small": 1.0, "large": 0.0})

    assert as_open.loc["open", "adjusted"] == pytest.approx(273 / 350)
    assert written["adjusted"].to_dict() == pytest.approx({"open": 81 / 87, "PN": 234 / 270})


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: funnel([3, 12], [10, 10]), "events must not exceed opportunities, got 12 of 10 at position 1"),
        (lambda: funnel([0.5], [10]), "events must be whole counts, got 0.5"),
        (lambda: funnel([], []), "events must hold at least one value, got none"),
        (lambda: funnel([1, 2], [10]), "events and opportunities must have one value per unit each, got (2,) and (1,)"),
        (lambda: funnel([1], [0]), "opportunities must be above 0, got 0 at position 0"),
        (lambda: funnel([1], [float("nan")]), "opportunities must be finite numbers, got nan at position 0"),
        (lambda: funnel([1], [9], 30), "target must be a share between 0 and 1, both excluded, got 30; write 0.3"),
        (
            lambda: shrink_rates([0, 0, 0], [5, 5, 9]),
            "events must be neither none nor all of the opportunities to tell how units differ, got 0 of 19",
        ),
        (lambda: rank_with_uncertainty([1], [9]), "events must hold at least 2 units, got 1"),
        (lambda: rank_with_uncertainty([1, 2], [9, 9], draws=5), "draws must be 100 or more, got 5"),
        (
            lambda: rank_with_uncertainty(pd.Series([1, 2], ["a", "b"]), pd.Series([9, 9], ["b", "a"])),
            "events and opportunities must have the same units in the same order, got two indexes",
        ),
        (
            lambda: mix_adjusted(STONES, "treatment", "size", "success", "patients"),
            "table must have the columns treatment, size, success, patients, got no size",
        ),
        (
            lambda: mix_adjusted(STONES, "treatment", "stones", "success", "patients", standard={"small": 1.0}),
            "standard must name every kind of work (large, small), got small",
        ),
        (
            lambda: mix_adjusted(
                STONES, "treatment", "stones", "success", "patients", standard={"small": 0.5, "large": 0.4}
            ),
            "standard must add up to 1, got 0.9",
        ),
        (
            lambda: mix_adjusted(STONES.assign(patients=0), "treatment", "stones", "success", "patients"),
            "every treatment must have a patients above 0, got 0 for PN",
        ),
    ],
)
def test_counts_that_cannot_be_ranked_are_refused_in_one_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence
