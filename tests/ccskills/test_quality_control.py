"""Control charts, Pareto tables and capability against the handbooks' printed examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.quality import RULES, capability, np_chart, p_chart, pareto, u_chart, xmr_chart

# Montgomery, Introduction to statistical quality control, 6th ed., table 7.1: nonconforming orange juice cans in 30
# samples of 50; the same data as wafers in NIST/SEMATECH e-Handbook 6.3.3.2
CANS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6
]  # fmt: skip


def test_the_orange_juice_cans_have_montgomerys_limits_and_signals() -> None:
    # Montgomery, example 7.1: p_bar 0.2313, limits 0.0524 and 0.4102, samples 15 and 23 outside
    chart = p_chart(CANS, 50, rules=["limit"])

    assert [chart.centre[0], chart.lower[0], chart.upper[0]] == pytest.approx([0.2313, 0.0524, 0.4102], abs=5e-5)
    assert chart.signals["label"].tolist() == [15, 23]
    assert chart.limits_from == tuple(range(1, 31))


def test_without_the_explained_samples_the_limits_are_montgomerys_revised_ones() -> None:
    # Montgomery, example 7.1 continued: without samples 15 and 23 p_bar 0.2150, limits 0.0407 and 0.3893; now sample 21
    # exceeds the upper limit as well
    chart = p_chart(CANS, 50, base=[sample not in (15, 23) for sample in range(1, 31)], rules=["limit"])

    assert [chart.centre[0], chart.lower[0], chart.upper[0]] == pytest.approx([0.2150, 0.0407, 0.3893], abs=5e-5)
    assert chart.signals["label"].tolist() == [15, 21, 23]
    assert len(chart.limits_from) == 28


def test_counts_of_defectives_have_the_limits_of_shares_times_the_sample() -> None:
    # NIST/SEMATECH e-Handbook 6.3.3.2: p_bar 0.2313 of 50 -> 11.567; limits 50 times those of the shares
    shares, counts = p_chart(CANS, 50), np_chart(CANS, 50)

    assert counts.kind == "np"
    assert counts.centre[0] == pytest.approx(11.567, abs=5e-4)
    assert counts.upper == pytest.approx(50 * shares.upper)
    assert counts.lower == pytest.approx(50 * shares.lower)
    assert counts.signals.equals(shares.signals)


def test_purchase_orders_of_unequal_samples_have_montgomerys_limits() -> None:
    # Montgomery, table 7.4 (25 weeks of purchase orders): p_bar 0.096; for n = 100 the limits are 0.007 and 0.184, for
    # n = 80 the upper one is 0.194 (0.195 with more digits of p_bar); only sample 11 is outside
    sizes = [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100,
             90, 90]  # fmt: skip
    errors = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]

    chart = p_chart(errors, sizes, rules=["limit"])

    assert chart.centre[0] == pytest.approx(0.096, abs=5e-4)
    assert [chart.lower[0], chart.upper[0], chart.upper[1]] == pytest.approx([0.007, 0.184, 0.194], abs=6e-4)
    assert chart.signals["label"].tolist() == [11]


def test_dyed_cloth_has_montgomerys_limits() -> None:
    # Montgomery, example 7.4: u_bar 1.42; limits for 10, 8, 13, 9.5 and 12.5 units (table 7.11), which the
    # book computes from the rounded 1.42
    errors = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
    units = [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]

    chart = u_chart(errors, units)

    assert chart.centre[0] == pytest.approx(1.42, abs=0.005)
    assert chart.upper[[0, 1, 2, 4, 9]] == pytest.approx([2.55, 2.68, 2.41, 2.58, 2.43], abs=0.01)
    assert chart.lower[[0, 1, 2, 4, 9]] == pytest.approx([0.29, 0.16, 0.43, 0.26, 0.41], abs=0.01)
    assert chart.signals.empty


def test_defects_per_wafer_have_the_handbooks_limits_and_a_point_on_its_limit_is_no_signal() -> None:
    # NIST/SEMATECH e-Handbook 6.3.3.1: 25 wafers, 400 defects, c_bar 16, limits 4 and 28;
    # wafer 24 has 31, wafer 3 just 28
    defects = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]

    chart = u_chart(defects, 1, rules=["limit"])

    assert [chart.centre[0], chart.lower[0], chart.upper[0]] == pytest.approx([16, 4, 28])
    assert chart.signals["label"].tolist() == [24]


def test_flow_rates_have_the_handbooks_limits() -> None:
    # NIST/SEMATECH e-Handbook 6.3.2.2: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041
    chart = xmr_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])

    assert [chart.centre[0], chart.lower[0], chart.upper[0]] == pytest.approx([50.81, 45.8159, 55.8041], abs=5e-5)
    assert chart.ranges is not None
    assert chart.ranges.centre[0] == pytest.approx(1.8778, abs=5e-5)
    assert chart.signals.empty


def test_mortgage_costs_have_montgomerys_limits_for_values_and_ranges() -> None:
    # Montgomery, example 6.5 (table 6.6): mean 300.5, mean moving range 7.79, limits 279.78 and 321.22, ranges 25.45
    costs = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]

    chart = xmr_chart(costs)

    assert chart.centre[0] == pytest.approx(300.5)
    assert [chart.lower[0], chart.upper[0]] == pytest.approx([279.78, 321.22], abs=0.005)
    assert chart.ranges is not None
    assert chart.ranges.upper[0] == pytest.approx(25.45, abs=0.005)
    assert chart.ranges.lower[0] == 0


def test_concentrations_have_the_textbooks_limits() -> None:
    # Montgomery and Runger, Applied statistics and probability for engineers, 3rd ed., table 16-3 and p. 617: mean
    # 99.1, mean moving range 2.59, limits 92.21 and 105.99, no point out of control
    values = [102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1, 101.3, 98.7, 101.1, 98.4, 97.0, 96.7,
              100.3, 101.4, 97.2, 101.0]  # fmt: skip

    chart = xmr_chart(values, rules=["limit"])

    assert [chart.lower[0], chart.upper[0]] == pytest.approx([92.21, 105.99], abs=0.015)
    assert chart.ranges is not None
    assert chart.ranges.centre[0] == pytest.approx(2.59, abs=0.005)
    assert chart.signals.empty


def test_the_factors_are_wheelers() -> None:
    # Wheeler, Understanding variation, 2nd ed., p. 138: limits mean +- 2.66 mR, upper range limit 3.27 mR (3.268 in his
    # later books)
    chart = xmr_chart([10, 11, 10, 11, 10])

    assert (chart.upper[0] - chart.centre[0]) == pytest.approx(2.66, abs=0.005)
    assert chart.ranges is not None
    assert chart.ranges.upper[0] == pytest.approx(3.27, abs=0.005)


def test_later_points_are_held_against_the_base_period() -> None:
    # Montgomery, table 7.2: after the adjustment, samples 31 to 54, against 0.2150 of the first 30 without 15 and 23;
    # he finds a run below the centre line
    after = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5]
    base = [sample not in (15, 23) for sample in range(1, 31)] + [False] * 24

    chart = p_chart(CANS + after, 50, base=base)

    assert chart.centre[-1] == pytest.approx(0.2150, abs=5e-5)
    runs = chart.signals[(chart.signals["rule"] == "run") & (chart.signals["label"] > 33)]
    assert runs["label"].iloc[0] == 41  # the eighth sample after number 33, which lies above the centre


def test_labels_of_a_series_name_the_points() -> None:
    weeks = pd.Index(["w1", "w2", "w3", "w4"], name="week")

    chart = p_chart(pd.Series([2, 3, 2, 20], index=weeks), 50, base=3)

    assert chart.index.equals(weeks)
    assert chart.signals["label"].tolist() == ["w4"]
    assert chart.signals["position"].tolist() == [3]
    assert chart.limits_from == ("w1", "w2", "w3")
    assert chart.signals[["en", "zh"]].to_numpy().tolist() == [["one point beyond a control limit", "1个点超出控制限"]]


# Made so that mean and moving range are known: base 0 +- 1 alternates, mR 2, sigma 2 / 1.128 = 1.773
BASE = [-1.0, 1.0] * 4


@pytest.mark.parametrize(
    ("rule", "later", "positions"),
    [
        ("limit", [5.4, -5.4, 5.3], [8, 9]),
        ("two_of_three", [3.7, 0.0, 3.7, 0.0, 3.7, -3.7, -3.7], [10, 12, 14]),
        ("four_of_five", [1.9, 1.9, -1.0, 1.9, 1.9, 1.9], [12, 13]),
        ("run", [0.1] * 7 + [-0.1] + [0.1] * 8, [14, 23]),
        ("trend", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.4], [13]),
    ],
)
def test_each_rule_signals_where_its_pattern_is_complete(rule: str, later: list[float], positions: list[int]) -> None:
    chart = xmr_chart(BASE + later, base=8, rules=[rule])

    assert chart.signals["position"].tolist() == positions
    assert set(chart.signals["rule"]) == {rule}


@pytest.mark.parametrize(
    ("rules", "length"),
    [
        (("limit",), 370.40),
        (("limit", "run"), 152.73),
        (("limit", "two_of_three"), 225.44),
        (("limit", "two_of_three", "four_of_five", "run"), 91.75),
    ],
)
def test_chance_alone_signals_as_seldom_as_champ_and_woodall_say(rules: tuple[str, ...], length: float) -> None:
    # Champ and Woodall, Exact results for Shewhart control charts with supplementary runs rules, Technometrics 29,
    # 1987, table 1: average run length in control. 1,500 runs have a standard error of about 3 %.
    generator = np.random.default_rng(1987)
    base = [-1.128 / 2, 1.128 / 2] * 500  # mean 0, mean moving range 1.128, so that sigma is exactly 1
    firsts = []
    points = np.concatenate([base, generator.normal(size=int(1500 * length))])
    chart = xmr_chart(points, base=1000, rules=rules)
    signals = chart.signals["position"].to_numpy()
    start = 1000
    while (later := signals[signals >= start + 8]).size:
        firsts.append(later[0] - start - 8)
        start = later[0] + 1

    # The search starts anew after each signal with eight fresh points, a little later than the table's zero state.
    assert np.mean(firsts) + 8 == pytest.approx(length, rel=0.1)


COUNTS = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


@settings(deadline=None, max_examples=80)
@given(COUNTS)
def test_limits_of_shares_stay_between_0_and_1(points: list[tuple[int, int]]) -> None:
    chart = p_chart([hits for hits, _ in points], [size for _, size in points], rules=list(RULES))

    assert ((chart.lower >= 0) & (chart.lower <= chart.centre) & (chart.centre <= chart.upper)).all()
    assert (chart.upper <= 1).all()
    outside = (chart.values < chart.lower - 1e-9) | (chart.values > chart.upper + 1e-9)
    found = chart.signals.loc[chart.signals["rule"] == "limit", "position"].tolist()
    assert found == np.flatnonzero(outside).tolist()


def test_a_base_without_errors_calls_every_error_a_signal() -> None:
    chart = p_chart([0, 0, 0, 1, 0], 50, base=3)

    assert chart.upper.tolist() == [0.0] * 5
    assert chart.signals["position"].tolist() == [3]


# --- Pareto -------------------------------------------------------------------------------------------------------


def test_causes_come_from_the_most_to_the_least_frequent() -> None:
    # Counted by hand
    found = pareto(["tone", "hold", "tone", "data", "tone", "hold", "data", "script"])

    assert found.index.tolist() == ["tone", "hold", "data", "script"]
    assert found["count"].tolist() == [3, 2, 2, 1]
    assert found["cumulative"].tolist() == pytest.approx([3 / 8, 5 / 8, 7 / 8, 1])
    assert found.index.name == "cause"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 99)), min_size=1).filter(
        lambda x: sum(n for _, n in x)
    )
)
def test_the_shares_of_all_causes_make_one(entries: list[tuple[str, int]]) -> None:
    found = pareto([cause for cause, _ in entries], [count for _, count in entries])

    assert found["count"].is_monotonic_decreasing
    assert found["cumulative"].iloc[-1] == pytest.approx(1)
    assert found["count"].sum() == sum(count for _, count in entries)


# --- capability ---------------------------------------------------------------------------------------------------


def with_moments(mean: float, deviation: float, size: int) -> Any:
    """Values of exactly this mean and standard deviation, in a random order."""
    values = np.random.default_rng(3).normal(size=size)
    return mean + deviation * (values - values.mean()) / values.std(ddof=1)


def test_the_handbooks_process_has_its_indices() -> None:
    # NIST/SEMATECH e-Handbook 6.1.6: USL 20, LSL 8, mean 16, s 2: Cp 1.0, Cpk 0.6667 (with the overall deviation)
    found = capability(with_moments(16, 2, 50), lower=8, upper=20)

    assert found.pp == pytest.approx(1.0, abs=5e-5)
    assert found.ppk == pytest.approx(0.6667, abs=5e-5)


def test_the_interval_of_the_index_is_montgomerys() -> None:
    # Montgomery, eq. 8.21 for n = 20 and an index of 1.33: 1.33 [1 -+ 1.96 sqrt(1 / (9 20 1.33^2) + 1 / (2 19))]
    found = capability(with_moments(0, 1, 20), lower=-3.99, upper=9)

    half = 1.33 * 1.96 * np.sqrt(1 / (9 * 20 * 1.33**2) + 1 / (2 * 19))
    assert found.ppk == pytest.approx(1.33)
    assert [found.ppk_lower, found.ppk_upper] == pytest.approx([1.33 - half, 1.33 + half], abs=1e-4)


def test_the_share_outside_is_the_tables() -> None:
    # Montgomery, table 8.2: an index of 1.00 with two limits gives 2,700 per million outside, with one limit 1,350
    both = capability(with_moments(0, 1, 40), lower=-3, upper=3)
    one = capability(with_moments(0, 1, 40), upper=3)

    assert both.expected_outside * 1e6 == pytest.approx(2700, abs=0.5)
    assert one.expected_outside * 1e6 == pytest.approx(1350, abs=0.5)
    assert one.cp is None and one.pp is None and one.cpm is None


def test_a_mean_off_target_lowers_cpm() -> None:
    # Chan, Cheng and Spiring 1988: Cpm = (U - L) / (6 sqrt(s^2 + (mean - T)^2)) = 12 / (6 sqrt(4 + 4))
    found = capability(with_moments(16, 2, 50), lower=8, upper=20, target=14)

    assert found.cpm == pytest.approx(12 / (6 * np.sqrt(8)))


def test_both_intervals_cover_the_true_index() -> None:
    # True index 1 (limits at 3 deviations); 95 % of 400 trials is 380, standard error 4.4; the formula is approximate
    generator = np.random.default_rng(1990)
    hits = np.zeros(2)
    for _ in range(400):
        found = capability(generator.normal(size=60), upper=3)
        hits += [found.cpk_lower < 1 < found.cpk_upper, found.ppk_lower < 1 < found.ppk_upper]

    assert (hits >= 366).all() and (hits <= 396).all()


def test_a_process_that_changed_has_no_capability() -> None:
    values = np.tile([296.0, 304.0, 299.0, 301.0, 303.0, 297.0], 5)

    calm, shifted = capability(values, 270, 330), capability(np.r_[values, values + 25], 270, 360)

    assert calm.stable and calm.note.en.startswith("no signal")
    assert not shifted.stable
    assert shifted.note.say("zh") == "控制图出现异常信号：应先查明原因，此时的指数不能代表今后的过程"


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: p_chart([1, -1], 5), ValueError, "defectives must be 0 or more, got -1 at position 1"),
        (lambda: p_chart([1, 6], 5), ValueError, "defectives must not exceed the sample, got 6 of 5 at position 1"),
        (lambda: p_chart([1, 0.5], 5), ValueError, "defectives must be whole numbers, got a fraction"),
        (lambda: p_chart([1, 2], [5, 0]), ValueError, "sample must be above 0, got 0 at position 1"),
        (lambda: p_chart([1, 2], [5]), ValueError, "defectives and sample must be of one length, got 2 and 1"),
        (lambda: p_chart([], 5), ValueError, "defectives must hold at least one value, got none"),
        (lambda: p_chart(3, 5), ValueError, "defectives must be a list with a count per point, got shape ()"),
        (lambda: p_chart([1, 2], 5, base=3), ValueError, "base must be from 1 to 2, got 3"),
        (
            lambda: p_chart([1, 2], 5, base=[0, 1]),
            ValueError,
            "base must be a number of points or True or False for each of the 2 points",
        ),
        (lambda: p_chart([1, 2], 5, base=[False, False]), ValueError, "base must hold at least one point, got none"),
        (
            lambda: p_chart([1, 2], 5, rules="limit"),
            TypeError,
            "rules must be a list of rules, such as ('limit', 'run'), got 'limit'",
        ),
        (
            lambda: p_chart([1, 2], 5, rules=["nelson"]),
            ValueError,
            "rules must be one of limit, two_of_three, four_of_five, run, trend, got 'nelson'",
        ),
        (
            lambda: p_chart(pd.Series([1, 2]), pd.Series([5, 5], index=[1, 2])),
            ValueError,
            "defectives and sample must have the same index, got two different ones",
        ),
        (lambda: np_chart([1, 2], 2.5), TypeError, "sample must be a whole number, got 2.5"),
        (lambda: u_chart([1, 2], [1, -1]), ValueError, "units must be above 0, got -1 at position 1"),
        (lambda: xmr_chart([5]), ValueError, "values must be a list of at least two values, got shape (1,)"),
        (lambda: xmr_chart([5, float("nan")]), ValueError, "values must be finite numbers, got nan at position 1"),
        (
            lambda: xmr_chart([5, 6, 7], base=[True, False, True]),
            ValueError,
            "base must hold at least two neighbouring points, got none",
        ),
        (lambda: pareto([]), ValueError, "causes must hold at least one cause, got none"),
        (lambda: pareto("tone"), TypeError, "causes must be a list of causes, got 'tone'"),
        (lambda: pareto([["a"]]), TypeError, "causes must be words or numbers, got list \"['a']\""),
        (
            lambda: pareto(["a", None]),
            ValueError,
            "causes must name a cause for every entry, got None at position 1",
        ),
        (lambda: pareto(["a", "b"], [1]), ValueError, "causes and counts must be of one length, got 2 and 1"),
        (lambda: pareto(["a"], [0]), ValueError, "counts must hold at least one event, got only 0"),
        (lambda: capability([1, 2, 3]), ValueError, "give lower, upper or both, got neither"),
        (lambda: capability([1, 2, 3], 5, 5), ValueError, "lower must be below upper, got 5 and 5"),
        (lambda: capability([2, 2, 2], 1, 5), ValueError, "values must differ, got only 2: capability does not exist"),
        (
            lambda: capability([1, 2], 1, 5),
            ValueError,
            "values must be a list of at least three values, got shape (2,)",
        ),
    ],
)
def test_charts_of_nothing_are_refused(call: Any, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as error:
        call()

    assert str(error.value) == sentence
