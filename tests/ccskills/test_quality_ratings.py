"""One set of ratings for every measure: what other packages make of it, raters who all agree, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.quality import cohen_kappa, fleiss_kappa, icc, kendall_w, krippendorff_alpha

# numpy default_rng(5): integers(1, 6, (12, 4)); a third of rater 4's marks then missing
RANDOM = np.random.default_rng(5).integers(1, 6, (12, 4))


def test_random_marks_agree_with_other_packages() -> None:
    holes = RANDOM.astype(object)
    holes[::3, 3] = None

    one, two = RANDOM[:, 0], RANDOM[:, 1]
    # scikit-learn 1.9.1, cohen_kappa_score without weights, linear, quadratic
    assert cohen_kappa(one, two).kappa == pytest.approx(0.17241379310344818)
    assert cohen_kappa(one, two, weights="linear").kappa == pytest.approx(0.06557377049180324)
    assert cohen_kappa(one, two, weights="quadratic").kappa == pytest.approx(-0.07547169811320753)
    # statsmodels 0.15.0, fleiss_kappa(aggregate_raters(...)[0])
    assert fleiss_kappa(RANDOM).kappa == pytest.approx(0.017543859649122747)
    # krippendorff 0.9.0, alpha(reliability_data=transposed, level_of_measurement=...)
    assert krippendorff_alpha(holes, "nominal").alpha == pytest.approx(0.07857142857142863)
    assert krippendorff_alpha(holes, "ordinal").alpha == pytest.approx(-0.07310633933150523)
    assert krippendorff_alpha(holes, "interval").alpha == pytest.approx(-0.0697560975609759)
    assert krippendorff_alpha(holes, "ratio").alpha == pytest.approx(-0.031034745627235516)
    # pingouin 0.7.0, intraclass_corr; its limits are printed with two digits
    found = icc(RANDOM)
    assert found["icc"].tolist() == pytest.approx(
        [-0.087532, -0.106111, -0.099324, -0.474815, -0.622657, -0.565926], abs=5e-7
    )
    assert found["p"].tolist() == pytest.approx([0.749521, 0.782843, 0.782843] * 2, abs=5e-7)
    assert found["lower"].tolist() == pytest.approx([-0.22, -0.24, -0.23, -2.5, -3.6, -2.78], abs=0.005)
    assert found["upper"].tolist() == pytest.approx([0.21, 0.21, 0.2, 0.52, 0.51, 0.49], abs=0.005)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=20).filter(lambda marks: len(set(marks)) > 1), st.integers(2, 5)
)
def test_raters_who_all_agree_have_one_in_every_measure(marks: list[int], raters: int) -> None:
    rows = [[mark] * raters for mark in marks]

    assert fleiss_kappa(rows).kappa == pytest.approx(1)
    assert krippendorff_alpha(rows, "ordinal").alpha == pytest.approx(1)
    assert icc(rows)[["icc", "lower", "upper"]].to_numpy() == pytest.approx(1)
    assert kendall_w(rows).w == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: cohen_kappa("abc", "abd"), TypeError, "first must be a list of marks, one per contact, got 'abc'"),
        (lambda: cohen_kappa([1, "a"], [1, 2]), TypeError, "the marks must be all numbers or all words, got 1 and 'a'"),
        (
            lambda: cohen_kappa([1, 2], [1, pd.NaT]),
            ValueError,
            "second must hold a mark for every contact, got NaT at position 1",
        ),
        (
            lambda: cohen_kappa(["low", "high"], ["low", "low"], weights="linear"),
            ValueError,
            "marks that are words need order=[lowest, ..., highest], got the words high, low and no order",
        ),
        (
            lambda: cohen_kappa(["low", "high"], ["low", "mid"], weights="linear", order=["low", "high"]),
            ValueError,
            "order must name each mark once, got low, high for high, low, mid",
        ),
        (
            lambda: cohen_kappa([1, 2], [2, 1], weights="square"),
            ValueError,
            "weights must be one of linear, quadratic, got 'square'",
        ),
        (lambda: fleiss_kappa([[1], [2]]), ValueError, "ratings must have at least two raters (columns), got 1"),
        (lambda: fleiss_kappa([[1, 2]]), ValueError, "ratings must have at least two contacts (rows), got 1"),
        (
            lambda: fleiss_kappa([[1, 2], [1, None]]),
            ValueError,
            "ratings must hold a mark in every cell, got none in row 1, column 1",
        ),
        (
            lambda: fleiss_kappa([[1, 1], [1, 1]]),
            ValueError,
            "the raters must use at least two different marks, got only one: kappa does not exist",
        ),
        (
            lambda: fleiss_kappa([[2, 0], [2, 1]], counts=True),
            ValueError,
            "every contact must have the same number of raters, got 2 in row 0 and 3 in row 1",
        ),
        (
            lambda: fleiss_kappa([[-1, 3], [2, 0]], counts=True),
            ValueError,
            "ratings must be 0 or more, got -1 at position 0",
        ),
        (
            lambda: fleiss_kappa([[1, 2], [1, 2, 2]]),
            ValueError,
            "ratings must have as many marks in every row, got 2 and 3",
        ),
        (
            lambda: fleiss_kappa([1, 2, 3]),
            TypeError,
            "ratings must be a table with a row per contact and a column per rater",
        ),
        (
            lambda: krippendorff_alpha([[1, None], [None, 2]]),
            ValueError,
            "ratings must hold at least one contact with two marks, got none",
        ),
        (
            lambda: krippendorff_alpha([[1, 1], [1, 1]]),
            ValueError,
            "the raters must use at least two different marks, got only one: alpha does not exist",
        ),
        (
            lambda: krippendorff_alpha([[-1, 1], [1, 1]], "ratio"),
            ValueError,
            "level 'ratio' needs marks of 0 or more, got -1",
        ),
        (
            lambda: krippendorff_alpha([[1, 2]], "scale"),
            ValueError,
            "level must be one of nominal, ordinal, interval, ratio, got 'scale'",
        ),
        (lambda: icc([[1, 2, 3]]), ValueError, "ratings must have at least two contacts (rows), got 1"),
        (lambda: icc([[1], [2]]), ValueError, "ratings must have at least two raters (columns), got 1"),
        (lambda: icc([[5, 5], [5, 5]]), ValueError, "ratings must differ, got only 5: reliability does not exist"),
        (
            lambda: icc([[1, 2], [2, 1]]),
            ValueError,
            "the mean scores of the contacts must differ, got all the same: reliability does not exist",
        ),
        (lambda: icc([[1, np.nan], [2, 1]]), ValueError, "ratings must be finite numbers, got nan at position 1"),
        (
            lambda: kendall_w([[1, 2], [1, 2]]),
            ValueError,
            "at least one rater must rank the contacts differently, got only ties: W does not exist",
        ),
    ],
)
def test_ratings_that_say_nothing_are_refused(call: Any, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as error:
        call()

    assert str(error.value) == sentence
