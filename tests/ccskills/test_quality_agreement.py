"""Kappa and alpha, the agreement of two raters and of many, as their authors print them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.quality import cohen_kappa, fleiss_kappa, krippendorff_alpha
from tests.ccskills.anxiety_marks import ANXIETY


def marks_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """The marks of two raters from their table of counts."""
    cells = [(row, column) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)]
    return [row for row, _ in cells], [column for _, column in cells]


# --- two raters ---------------------------------------------------------------------------------------------------


def test_cohens_own_example_has_his_kappa() -> None:
    # Cohen 1960, table 1: 200 cases in three categories, p_o 0.70, p_c 0.41, kappa 0.492
    found = cohen_kappa(*marks_of([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))

    assert [found.observed, found.chance] == pytest.approx([0.70, 0.41])
    assert found.kappa == pytest.approx(0.492, abs=5e-4)


def test_the_textbook_diagnoses_have_their_kappa() -> None:
    # Fleiss, Levin and Paik, Statistical methods for rates and proportions, 3rd ed., table 18.1: p_o .89, p_e .66,
    # kappa .68
    found = cohen_kappa(*marks_of([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))

    assert [found.observed, found.chance] == pytest.approx([0.89, 0.66])
    assert found.kappa == pytest.approx(0.68, abs=0.005)


@pytest.mark.parametrize(
    ("weights", "printed"), [(None, [0.4842, 0.1380, 0.2137, 0.7547]), ("linear", [0.4701, 0.1457, 0.1845, 0.7558])]
)
def test_simple_and_weighted_kappa_agree_with_the_sas_printout(weights: str | None, printed: list[float]) -> None:
    # SAS PROC FREQ printout (kappa, ASE, limits) kept in the tests of statsmodels 0.15.0, test_inter_rater.py
    found = cohen_kappa(*marks_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]]), weights=weights)

    assert [found.kappa, found.standard_error, found.lower, found.upper] == pytest.approx(printed, abs=5e-5)


def test_weighted_kappas_agree_with_irr() -> None:
    # irr, kappa2(anxiety[,2:3]) with "unweighted", "equal" and "squared", kept in the tests of statsmodels 0.15.0.
    # No 5 was given: irr counts steps between marks that were used, so that its 6 is the next after 4
    two, three = np.where(ANXIETY == 6, 5, ANXIETY)[:, 1:].T

    assert cohen_kappa(two, three).kappa == pytest.approx(-0.006289308)
    assert cohen_kappa(two, three, weights="linear").kappa == pytest.approx(0.1459075, abs=5e-8)
    assert cohen_kappa(two, three, weights="quadratic").kappa == pytest.approx(0.2520325, abs=5e-8)


def test_a_mark_that_nobody_gave_still_takes_its_room_on_the_scale() -> None:
    # scikit-learn 1.9.1, cohen_kappa_score with labels=[1, 2, 3, 4, 5, 6] of raters 2 and 3, who gave no 5
    found = cohen_kappa(ANXIETY[:, 1], ANXIETY[:, 2], weights="linear").kappa

    assert found == pytest.approx(0.12621359223300954)


def test_words_are_weighted_in_the_order_of_their_scale() -> None:
    scale = ["poor", "fair", "good", "excellent"]
    one, two = [0, 1, 2, 3, 1, 0, 2], [1, 1, 3, 3, 0, 0, 0]

    by_word = cohen_kappa([scale[x] for x in one], [scale[x] for x in two], weights="quadratic", order=scale)

    assert by_word == cohen_kappa(one, two, weights="quadratic")


def test_quadratic_kappa_is_the_intraclass_correlation_of_both_raters() -> None:
    # Fleiss and Cohen 1973: the equivalence of weighted kappa and the intraclass correlation coefficient, with n for
    # n - 1: kappa = 2 cov / (var1 + var2 + (mean1 - mean2)^2)
    one, two = ANXIETY[:, 0].astype(float), ANXIETY[:, 2].astype(float)
    by_moments = (
        2 * np.mean((one - one.mean()) * (two - two.mean())) / (one.var() + two.var() + (one.mean() - two.mean()) ** 2)
    )

    assert cohen_kappa(one, two, weights="quadratic").kappa == pytest.approx(by_moments)


MARKS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40).filter(
    lambda pairs: len({mark for pair in pairs for mark in pair}) > 1
)


@settings(deadline=None, max_examples=80)
@given(MARKS, st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_is_the_same_for_exchanged_raters_and_stays_between_its_bounds(
    pairs: list[tuple[int, int]], weights: str | None
) -> None:
    one, two = [a for a, _ in pairs], [b for _, b in pairs]

    found, turned = cohen_kappa(one, two, weights=weights), cohen_kappa(two, one, weights=weights)

    assert found.kappa == pytest.approx(turned.kappa, abs=1e-12)
    assert -1 - 1e-12 <= found.lower <= found.kappa + 1e-12 <= found.upper + 2e-12 <= 1 + 3e-12
    assert cohen_kappa(one + two, one + two, weights=weights).kappa == pytest.approx(1)


@settings(deadline=None, max_examples=50)
@given(MARKS, st.permutations(["good", "bad", "other", "none"]))
def test_names_of_categories_do_not_matter(pairs: list[tuple[int, int]], names: list[str]) -> None:
    one, two = [a for a, _ in pairs], [b for _, b in pairs]

    named = cohen_kappa([names[a] for a in one], [names[b] for b in two])

    assert named.kappa == pytest.approx(cohen_kappa(one, two).kappa, abs=1e-12)


# --- many raters --------------------------------------------------------------------------------------------------

# Six psychiatrists classify 30 patients (Fleiss 1971, table 1), as listed in the R package irr
DIAGNOSES = [
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555",
    "144444 124444 222333 144444 224445 333335 111455 111112 224444 133555",
    "555555 244444 224555 114444 144445 222224 111155 224444 133333 555555",
]
PATIENTS = [[int(mark) for mark in patient] for line in DIAGNOSES for patient in line.split()]


def test_fleiss_own_example_has_his_kappa() -> None:
    # Fleiss 1971: mean agreement 0.556, chance 0.220, kappa 0.430; irr, in the tests of statsmodels 0.15.0: 0.4302445
    found = fleiss_kappa(PATIENTS)

    assert found.kappa == pytest.approx(0.4302445, abs=5e-8)
    assert [found.observed, found.chance] == pytest.approx([0.556, 0.220], abs=5e-4)


def test_a_table_of_counts_and_the_marks_themselves_say_the_same() -> None:
    counts = [[patient.count(mark) for mark in range(1, 6)] for patient in PATIENTS]

    assert fleiss_kappa(counts, counts=True) == fleiss_kappa(PATIENTS)


def test_fourteen_raters_agree_as_in_the_encyclopaedia() -> None:
    # Wikipedia, "Fleiss' kappa", worked example: P_bar 0.378, P_e 0.213, kappa 0.210
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip

    found = fleiss_kappa(counts, counts=True)

    assert [found.kappa, found.observed, found.chance] == pytest.approx([0.210, 0.378, 0.213], abs=5e-4)


def test_the_standard_error_of_fleiss_kappa_is_that_of_the_jackknife() -> None:
    # Another method: leave one contact out at a time
    found = fleiss_kappa(PATIENTS)
    n = len(PATIENTS)
    without = np.array([fleiss_kappa(PATIENTS[:i] + PATIENTS[i + 1 :]).kappa for i in range(n)])

    jackknife = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())

    assert found.standard_error == pytest.approx(jackknife, rel=0.05)


# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [list(unit) for unit in zip(*OBSERVERS, strict=True)]


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_own_example_has_his_alphas(level: str, alpha: float) -> None:
    found = krippendorff_alpha(UNITS, level)

    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert (found.contacts, found.marks) == (11, 40)


def test_two_observers_without_gaps_have_the_printed_alphas() -> None:
    # Krippendorff 2011, section A (binary, alpha 0.095) and section B (nominal, alpha 0.692)
    binary = zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True)
    nominal = zip("aabbdcccedda", "babbbcccrddd".replace("r", "e"), strict=True)

    assert krippendorff_alpha([list(pair) for pair in binary]).alpha == pytest.approx(0.095, abs=5e-4)
    assert krippendorff_alpha([list(pair) for pair in nominal]).alpha == pytest.approx(0.692, abs=5e-4)


def test_missing_marks_may_be_none_or_nan_or_in_a_frame() -> None:
    frame = pd.DataFrame(UNITS, columns=["A", "B", "C", "D"])

    assert krippendorff_alpha(frame, "interval") == krippendorff_alpha(UNITS, "interval")


def test_ordered_words_have_the_alpha_of_their_places() -> None:
    scale = ["never", "seldom", "often", "usually", "always"]
    words = [[None if mark is None else scale[mark - 1] for mark in unit] for unit in UNITS]

    assert krippendorff_alpha(words, "ordinal", order=scale) == krippendorff_alpha(UNITS, "ordinal")


def test_the_bootstrap_interval_holds_alpha_and_repeats_with_its_seed() -> None:
    found = krippendorff_alpha(UNITS, "interval", resamples=300, seed=7)
    again = krippendorff_alpha(UNITS, "interval", resamples=300, seed=7)

    assert found == again
    assert found.lower is not None and found.upper is not None
    assert found.lower < found.alpha < found.upper <= 1


TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.lists(st.integers(1, 4), min_size=raters, max_size=raters), min_size=2, max_size=15)
)


@settings(deadline=None, max_examples=80)
@given(TABLES.filter(lambda rows: len({mark for row in rows for mark in row}) > 1), st.randoms())
def test_neither_order_nor_names_of_raters_change_the_agreement(rows: list[list[int]], random: Any) -> None:
    turned = [random.sample(row, len(row)) for row in rows]

    assert fleiss_kappa(turned).kappa == pytest.approx(fleiss_kappa(rows).kappa, abs=1e-12)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert krippendorff_alpha(turned, level).alpha == pytest.approx(
            krippendorff_alpha(rows, level).alpha, abs=1e-12
        )
        assert krippendorff_alpha(rows, level).alpha <= 1 + 1e-12
    names = {1: "w", 2: "z", 3: "x", 4: "y"}
    named = [[names[mark] for mark in row] for row in rows]
    assert krippendorff_alpha(named).alpha == pytest.approx(krippendorff_alpha(rows).alpha, abs=1e-12)
    stretched = [[3 * mark + 40 for mark in row] for row in rows]
    assert krippendorff_alpha(stretched, "interval").alpha == pytest.approx(krippendorff_alpha(rows, "interval").alpha)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_scores_with_decimals_is_its_definition_pair_by_pair(level: str) -> None:
    rng = np.random.default_rng(12)
    scores = (80 + rng.normal(0, 6, (40, 1)) + rng.normal(0, 4, (40, 4))).round(1)
    scores[rng.random(scores.shape) < 0.15] = np.nan
    units = [[float(mark) for mark in row if mark == mark] for row in scores]
    units = [unit for unit in units if len(unit) > 1]
    every = [mark for unit in units for mark in unit]

    def apart(one: float, other: float) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "ordinal":
            low, high = min(one, other), max(one, other)
            return (sum(low <= mark <= high for mark in every) - (every.count(low) + every.count(high)) / 2) ** 2
        return (one - other) ** 2 / (1 if level == "interval" else (one + other) ** 2)

    found = krippendorff_alpha(scores, level=level)

    observed = sum(sum(apart(a, b) for a in unit for b in unit) / (len(unit) - 1) for unit in units) / len(every)
    expected = sum(apart(a, b) for a in every for b in every) / (len(every) * (len(every) - 1))
    assert (found.observed_disagreement, found.expected_disagreement) == pytest.approx((observed, expected), rel=1e-10)
    assert krippendorff_alpha(scores.tolist(), level=level) == found


def test_raters_who_agree_leave_exactly_no_disagreement() -> None:
    scores = np.repeat([[0.1], [87.3], [1 / 3]], 3, axis=1)

    for level in ("nominal", "ordinal", "interval", "ratio"):
        found = krippendorff_alpha(scores, level=level)
        assert (found.alpha, found.observed_disagreement) == (1.0, 0.0)
