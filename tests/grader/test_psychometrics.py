"""Item figures, reliability and decision consistency, held against published data and other programs."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binom

from grader import psychometrics as stats
from grader.errors import InputError
from tests.grader.quality_rules import QUALITY

# Law School Admission Test, sections 6 and 7: five items, 1,000 people. R. D. Bock, M. Lieberman, "Fitting a response
# model for n dichotomously scored items", Psychometrika 35, 1970, table 1: how many gave each pattern.
LSAT6 = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4, "01000": 1,
    "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29, "10010": 14, "10011": 81,
    "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56, "11010": 21, "11011": 173,
    "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip
LSAT7 = dict(
    zip(
        ("".join(bits) for bits in product("01", repeat=5)),
        (12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136,
         32, 308),
        strict=True,
    )
)  # fmt: skip
# Science Assessment Test, grade 12: 32 items, 600 people, number right: how many (D. Thissen's data in R mirt 1.45.1).
SAT12 = {
    4: 1, 5: 2, 6: 2, 7: 2, 8: 5, 9: 7, 10: 14, 11: 14, 12: 17, 13: 35, 14: 51, 15: 45, 16: 41, 17: 46, 18: 50, 19: 44,
    20: 44, 21: 20, 22: 35, 23: 31, 24: 18, 25: 18, 26: 18, 27: 19, 28: 7, 29: 7, 30: 3, 31: 1, 32: 3,
}  # fmt: skip
SAT12_ALPHA = 0.7978918611  # R psych 2.2.9, alpha(); cba() of R betafunctions 1.9.0 says the same
# Scores 14 to 60 of a generated test of 60 items: how many.
LONG = dict(
    zip(
        range(14, 61),
        (1, 1, 2, 3, 4, 6, 8, 11, 14, 18, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 60, 63, 66, 69, 72, 74, 75, 77, 78,
         78, 79, 78, 77, 76, 73, 71, 67, 63, 57, 51, 44, 36, 26, 17, 9, 3, 1),
        strict=True,
    )
)  # fmt: skip


def people(patterns: dict[str, int]) -> stats.Answers:
    """One row for each person of a table of patterns."""
    rows = [[float(bit) for bit in pattern] for pattern, count in patterns.items() for _ in range(count)]
    return stats.answers([f"s{number}" for number in range(len(rows))], list("abcde"), [1] * 5, rows)


def scores(counts: dict[int, int]) -> np.ndarray:
    return np.repeat(list(counts), list(counts.values())).astype(float)


# Alpha of LSAT 6 and without each item are printed, to four digits, in D. Rizopoulos, "ltm: an R package for latent
# variable modeling", Journal of Statistical Software 17(5), 2006.
# R psych 2.2.9, alpha(): raw_alpha, Feldt's interval, r.drop, alpha.drop$raw_alpha of each item; colMeans of R 4.2.2.
@pytest.mark.parametrize(
    ("patterns", "alpha", "interval", "facility", "discrimination", "without"),
    [
        (
            LSAT6, 0.2949971922, (0.2234737879, 0.3618025317), [0.924, 0.709, 0.553, 0.763, 0.87],
            [0.11283269, 0.15317812, 0.17277894, 0.1444281, 0.1215964],
            [0.27535621, 0.2375839, 0.21679946, 0.24593271, 0.26629441],
        ),
        (
            LSAT7, 0.4534087354, (0.3979563775, 0.5052031603), [0.828, 0.658, 0.772, 0.606, 0.843],
            [0.24573165, 0.24667358, 0.31317925, 0.22275125, 0.1747863],
            [0.39597497, 0.39383104, 0.34539122, 0.41460075, 0.4384621],
        ),
    ],
    ids=["LSAT6", "LSAT7"],
)  # fmt: skip
def test_published_sections_have_the_figures_that_another_program_gives(
    patterns: dict[str, int],
    alpha: float,
    interval: tuple[float, float],
    facility: list[float],
    discrimination: list[float],
    without: list[float],
) -> None:
    group = people(patterns)
    figures = stats.item_figures([group], QUALITY)

    assert stats.alpha(group.points) == pytest.approx(alpha, abs=1e-9)
    assert stats.alpha_interval(alpha, 1000, 5) == pytest.approx(interval, abs=1e-6)
    assert [figures[item].facility for item in "abcde"] == pytest.approx(facility, abs=1e-9)
    assert [figures[item].discrimination for item in "abcde"] == pytest.approx(discrimination, abs=1e-7)
    assert stats.alpha_without(group) == pytest.approx(without, abs=1e-7)


def test_items_with_partial_credit_and_unequal_points_have_the_figures_that_another_program_gives() -> None:
    rows = [[1, 1, 0.5, 3], [0, 1, 0.25, 2], [1, 0, 1, 4], [0, 0, 0, 1], [1, 1, 0.75, 2.5], [0, 1, 0.5, 1.5],
            [1, 0, 0.25, 3.5]]  # fmt: skip
    group = stats.answers(list("tuvwxyz"), list("abcd"), [1, 1, 1, 4], rows)
    figures = stats.item_figures([group], QUALITY)

    # R psych 2.2.9, alpha(): raw_alpha, r.drop, alpha.drop$raw_alpha.
    assert stats.alpha(group.points) == pytest.approx(0.547979798, abs=1e-9)
    assert [figures[item].discrimination for item in "abcd"] == pytest.approx(
        [0.7939914196, -0.1980295086, 0.7046325665, 0.5644633568], abs=1e-7
    )
    assert stats.alpha_without(group) == pytest.approx(
        [0.1489726027, 0.7748161765, 0.3711340206, 0.2937062937], abs=1e-7
    )


def test_kr20_of_right_or_wrong_items_is_alpha() -> None:
    group = people(LSAT7)
    share, total = group.points.mean(axis=0), group.totals

    # Kuder and Richardson 1937, formula 20, with the population's variance.
    kr20 = 5 / 4 * (1 - (share * (1 - share)).sum() / total.var())

    assert stats.alpha(group.points) == pytest.approx(kr20, abs=1e-12)


def test_the_standard_error_of_measurement_is_the_other_programs() -> None:
    # R 4.2.2: sd(total) * sqrt(1 - alpha) of SAT12.
    assert stats.sem(scores(SAT12), SAT12_ALPHA) == pytest.approx(2.271978992, abs=1e-9)


def test_the_error_at_a_score_averages_to_the_error_of_the_whole_and_is_near_that_of_lord_and_keats() -> None:
    totals = scores(SAT12)
    mean, variance = float(totals.mean()), float(totals.var(ddof=1))

    def at(score: float) -> float:
        return stats.sem_at(score, mean, variance, 32, SAT12_ALPHA)

    # True scores: this mean, and the reliable part of this variance. E[t (32 - t)] is all that the average needs.
    averaged = at(16) ** 2 / 256 * (mean * (32 - mean) - SAT12_ALPHA * variance)
    assert averaged == pytest.approx(stats.sem(totals, SAT12_ALPHA) ** 2, rel=1e-9)
    # J. A. Keats, Estimation of error variances of test scores, Psychometrika 22, 1957:
    # x (n - x) / (n - 1) * (1 - alpha) / (1 - KR-21).
    kr21 = 32 / 31 * (1 - mean * (32 - mean) / (32 * variance))
    for score in (10, 16, 20, 26):
        keats = np.sqrt(score * (32 - score) / 31 * (1 - SAT12_ALPHA) / (1 - kr21))
        assert at(score) == pytest.approx(keats, rel=0.02)
    assert at(0) == at(32) == 0


# R betafunctions 1.9.0, LL.CA(x, reliability, cut, 0, max): the cells of confusionmatrix (false negative, false
# positive), p and kappa of classification.consistency. Only cuts where its two roundings, floor and round, agree.
@pytest.mark.parametrize(
    ("counts", "most", "reliability", "cut", "accuracy", "false_fail", "consistency", "kappa"),
    [
        (SAT12, 32, SAT12_ALPHA, 8, 0.985525146, 0.01005190228, 0.9785472175, 0.3788951328),
        (SAT12, 32, SAT12_ALPHA, 16, 0.8722480517, 0.04952547265, 0.8297468035, 0.583318652),
        (SAT12, 32, SAT12_ALPHA, 18, 0.8530791915, 0.05315662879, 0.8024421593, 0.5973509998),
        (SAT12, 32, SAT12_ALPHA, 20, 0.855465901, 0.04820794939, 0.8033899732, 0.5938414113),
        (LONG, 60, 0.875, 38, 0.899140827963, 0.0392672325227, 0.861813961992, 0.696736923338),
        (LONG, 60, 0.875, 42, 0.894772345056, 0.0419221926453, 0.85392876938, 0.707726761306),
    ],
)
def test_accuracy_and_consistency_are_those_of_another_program(
    counts: dict[int, int],
    most: float,
    reliability: float,
    cut: float,
    accuracy: float,
    false_fail: float,
    consistency: float,
    kappa: float,
) -> None:
    found = stats.livingston_lewis(scores(counts), most, cut, reliability)

    assert found.accuracy == pytest.approx(accuracy, abs=1e-6)
    assert found.false_fail == pytest.approx(false_fail, abs=1e-6)
    assert found.accuracy + found.false_fail + found.false_pass == pytest.approx(1, abs=1e-12)
    assert found.consistency == pytest.approx(consistency, abs=1e-6)
    assert found.kappa == pytest.approx(kappa, abs=1e-5)


def test_the_true_scores_are_fitted_as_another_program_fits_them() -> None:
    four = stats.livingston_lewis(scores(LONG), 60, 42, 0.875)
    two = stats.livingston_lewis(scores(SAT12), 32, 20, SAT12_ALPHA)

    # R betafunctions 1.9.0, $parameters; on SAT12 its fail-safe leaves four parameters (u = 1.62) for two.
    assert four.model == "four-parameter" and two.model == "two-parameter"
    assert (four.a, four.b, four.lower, four.upper, four.effective_length) == pytest.approx(
        (2.56422201386, 1.84165823391, 0.292233728666, 0.955253934515, 70.190912866), abs=1e-7
    )
    assert (two.a, two.b, two.effective_length) == pytest.approx((6.456403395, 4.894475205, 44.70734299), abs=1e-7)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.05, 0.95), st.floats(1, 12), st.floats(1, 12), st.integers(20, 100))
def test_consistency_agrees_with_adding_up_all_pairs_of_scores(share: float, a: float, b: float, length: int) -> None:
    """A second derivation: the beta-binomial distribution of scores, with true scores integrated by scipy.quad."""
    grid = np.arange(length + 1)
    mass = [comb(length, k) * np.exp(_log_beta(k + a, length - k + b) - _log_beta(a, b)) for k in grid]
    counts = np.round(np.array(mass) * 200_000).astype(int)
    totals = np.repeat(grid, counts).astype(float)
    # The reliability that makes the effective length the length itself: KR-21.
    mean, variance = totals.mean(), totals.var(ddof=1)
    reliability = length / (length - 1) * (1 - mean * (length - mean) / (length * variance))
    cut = max(0.6, share * length)
    try:
        found = stats.livingston_lewis(totals, length, cut, reliability)
    except InputError:
        return  # a spread that the model refuses
    passed = found.effective_cut
    true = beta(found.a, found.b, loc=found.lower, scale=found.upper - found.lower)

    def twice(p: float) -> float:
        high = float(binom.sf(passed - 1, length, p))
        return float(true.pdf(p)) * (high**2 + (1 - high) ** 2)

    expected, _ = quad(twice, found.lower, found.upper, limit=400)
    assert round(found.effective_length) == length
    assert found.consistency == pytest.approx(expected, abs=2e-5)
    assert 0 <= found.kappa <= found.consistency <= found.accuracy + 1e-9 <= 1 + 1e-9


def _log_beta(a: float, b: float) -> float:
    from scipy.special import betaln

    return float(betaln(a, b))


@pytest.mark.parametrize(("slope", "items"), [(0.5, 80), (0.7, 60), (0.9, 60)])
def test_consistency_comes_near_that_of_two_real_sittings_under_an_item_response_model(
    slope: float, items: int
) -> None:
    """A third derivation, with another model of people: a two-parameter test by Lord and Wingersky's recursion.

    F. M. Lord, M. S. Wingersky, Applied Psychological Measurement 8, 1984, 453-461. What the model itself gives for two
    sittings of the same people is the truth here; alpha and the scores are all that the estimate sees.
    """
    ability = np.linspace(-5, 5, 201)
    weight = np.exp(-(ability**2) / 2)
    weight /= weight.sum()
    hardness = np.linspace(-2.2, 1.0, items)
    chance = 1 / (1 + np.exp(-1.7 * slope * (ability[:, None] - hardness)))
    given = np.ones((len(ability), 1))
    for column in chance.T:
        p = column[:, None]
        given = np.hstack([given * (1 - p), np.zeros((len(ability), 1))]) + np.hstack(
            [np.zeros((len(ability), 1)), given * p]
        )
    scores_of = weight @ given
    share = weight @ chance
    covariance = (chance - share).T @ (weight[:, None] * (chance - share))
    variances = share * (1 - share)
    spread = covariance.sum() - np.trace(covariance) + variances.sum()
    alpha = items / (items - 1) * (1 - variances.sum() / spread)
    counts = np.round(scores_of * 100_000).astype(int)
    totals = np.repeat(np.arange(items + 1), counts).astype(float)
    cut = round(0.6 * items)

    passes = given[:, cut:].sum(axis=1)
    truly = weight @ (passes**2 + (1 - passes) ** 2)
    found = stats.livingston_lewis(totals, items, cut, float(alpha))

    assert found.consistency == pytest.approx(truly, abs=0.005)
    assert found.passing == pytest.approx(weight @ passes, abs=0.012)


def test_a_half_on_the_effective_scale_goes_down_for_the_candidate() -> None:
    # SAT12: 45 items in effect; a cut of 16 of 32 is 22.5 of 45.
    assert stats.livingston_lewis(scores(SAT12), 32, 16, SAT12_ALPHA).effective_cut == 22
    assert stats.livingston_lewis(scores(SAT12), 32, 16.01, SAT12_ALPHA).effective_cut == 23


@pytest.mark.parametrize(
    ("totals", "cut", "reliability", "sentence"),
    [
        ([3.0, 4, 5], 0, 0.8, "the cut lies between 0 and 10 points, got 0"),
        ([3.0, 4, 5], 5, -0.2, "a reliability between 0 and 1 is needed, got -0.200"),
        ([3.0, 4, 5], 5, 1.0, "a reliability between 0 and 1 is needed, got 1.000"),
        ([4.0, 4, 4], 5, 0.5, "all scores are equal, so nothing can be said about their error"),
        (
            [0.0, 10, 10, 0],
            5,
            0.5,
            "the scores spread wider than binomial error allows; no consistency can be estimated",
        ),
    ],
)
def test_scores_that_tell_nothing_are_refused_in_a_sentence(
    totals: list[float], cut: float, reliability: float, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        stats.livingston_lewis(np.array(totals), 10, cut, reliability)

    assert str(caught.value) == sentence


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 20), min_size=2, max_size=60),
    st.floats(0.5, 19.5),
    st.floats(0.01, 0.99),
)
def test_whatever_the_scores_there_are_shares_or_a_sentence(totals: list[int], cut: float, reliability: float) -> None:
    try:
        found = stats.livingston_lewis(np.array(totals, dtype=float), 20, cut, reliability)
    except InputError as refused:
        assert str(refused)
        return
    for share in (found.accuracy, found.consistency, found.passing, found.false_pass, found.false_fail):
        assert -1e-9 <= share <= 1 + 1e-9
