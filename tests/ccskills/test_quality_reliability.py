"""Intraclass correlations of scores and Kendall's W of ranks as their authors print them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.quality import icc, kendall_w
from tests.ccskills.anxiety_marks import ANXIETY

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_the_six_forms_are_those_of_shrout_and_fleiss() -> None:
    # Shrout and Fleiss 1979, table 4: the coefficients. F, p and 95 % limits: pingouin 0.7.0 on the same data
    found = icc(SHROUT_FLEISS)

    assert found["form"].tolist() == ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]
    assert found["icc"].tolist() == pytest.approx([0.17, 0.29, 0.71, 0.44, 0.62, 0.91], abs=0.005)
    assert found["f"].tolist() == pytest.approx([1.794678, 11.027248, 11.027248] * 2, abs=5e-7)
    assert found["df1"].tolist() == [5] * 6
    assert found["df2"].tolist() == [18, 15, 15] * 2
    assert found["p"].tolist() == pytest.approx([0.164769, 0.000135, 0.000135] * 2, abs=5e-7)
    assert found["lower"].tolist() == pytest.approx([-0.13, 0.02, 0.34, -0.88, 0.07, 0.68], abs=0.005)
    assert found["upper"].tolist() == pytest.approx([0.72, 0.76, 0.95, 0.91, 0.93, 0.99], abs=0.005)


def test_the_anxiety_marks_agree_as_irr_prints() -> None:
    # icc(anxiety, "twoway", "agreement") of irr, printed by its port pyirr: ICC(A,1) 0.20, 95 % limits -0.039, 0.494
    found = icc(ANXIETY).set_index("form").loc["ICC(2,1)"]

    assert found["icc"] == pytest.approx(0.20, abs=0.005)
    assert [found["lower"], found["upper"]] == pytest.approx([-0.039, 0.494], abs=5e-4)


def test_the_intervals_cover_what_they_say() -> None:
    # True ICC(2,1) of contacts with variance 4, raters 1, error 1: 4 / 6; 95 % in 400 trials is 380, standard error 4.4
    generator = np.random.default_rng(20260104)
    hits = 0
    for _ in range(400):
        scores = 2 * generator.normal(size=(30, 1)) + generator.normal(size=(1, 8)) + generator.normal(size=(30, 8))
        row = icc(scores).iloc[1]
        hits += row["lower"] < 4 / 6 < row["upper"]

    assert 365 <= hits <= 395


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(2, 5))
def test_scale_and_order_of_raters_do_not_change_the_intraclass_correlations(seed: int, n: int, k: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(80, 10, (n, k))

    found, turned = icc(scores), icc(generator.permutation(5 + 0.1 * scores, axis=1))

    assert turned[["icc", "lower", "upper"]].to_numpy() == pytest.approx(
        found[["icc", "lower", "upper"]].to_numpy(), rel=1e-6, abs=1e-9
    )
    assert (found["lower"] <= found["icc"]).all() and (found["icc"] <= found["upper"]).all()
    assert (found["icc"] <= 1).all() and found["p"].between(0, 1).all()
    assert (found["icc"][[0, 2]] >= -1 / (k - 1) - 1e-12).all()


def test_raters_who_differ_by_a_constant_are_consistent_but_do_not_agree() -> None:
    found = icc([[70, 80], [80, 90], [90, 100]]).set_index("form")

    # By hand: MSB 200, MSJ 150, MSE 0, n 3, k 2: 200 / (200 + 2 x 150 / 3) = 2/3
    assert found.loc["ICC(3,1)", "icc"] == 1
    assert found.loc["ICC(2,1)", "icc"] == pytest.approx(2 / 3)
    assert np.isfinite(found[["icc", "lower", "upper", "p"]].to_numpy()).all()


def test_three_executives_rank_six_applicants_as_siegel_prints() -> None:
    # Siegel 1956, table 9.6 and p. 231: rank sums 8 14 11 11 11 8, s = 25.5, W = .16
    found = kendall_w([[1, 1, 6], [6, 5, 3], [3, 6, 2], [2, 4, 5], [5, 2, 4], [4, 3, 1]])

    assert found.w == pytest.approx(0.16, abs=0.005)


def test_concordance_with_ties_agrees_with_irr() -> None:
    # kendall(anxiety, TRUE) of irr, in the tests of its port pyirr: W 0.54, chi-square 30.8 on 19 df, p 0.0429
    found = kendall_w(ANXIETY)

    assert found.df == 19
    assert found.w == pytest.approx(0.54, abs=0.005)
    assert found.chi_square == pytest.approx(30.8, abs=0.05)
    assert found.p == pytest.approx(0.0429, abs=5e-5)
