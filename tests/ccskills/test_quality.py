"""Agreement and sample figures as the standard and the books print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccskills.quality import cohen_kappa, critical_error_accuracy, wilson_interval


def test_the_worked_calibration_gives_its_kappa() -> None:
    # standard.md 5.5: 60 both pass, 10 and 5 split, 25 both fail -> P_o 0.85, P_e 0.56, kappa 0.66
    one = ["pass"] * 60 + ["pass"] * 10 + ["fail"] * 5 + ["fail"] * 25
    two = ["pass"] * 60 + ["fail"] * 10 + ["pass"] * 5 + ["fail"] * 25

    found = cohen_kappa(one, two)

    assert [found.observed, found.chance] == pytest.approx([0.85, 0.56])
    assert found.kappa == pytest.approx(0.66, abs=0.005)


@given(st.lists(st.sampled_from("abc"), min_size=2).filter(lambda marks: len(set(marks)) > 1))
def test_full_agreement_has_kappa_one(marks: list[str]) -> None:
    assert cohen_kappa(marks, marks).kappa == pytest.approx(1.0)


# standard.md 5.5: 4 of 5 means 38-96 %; 9 of 10 means 60-98 %; 45 of 50 means 79-96 %
@pytest.mark.parametrize(
    ("hits", "sample", "lower", "upper"), [(4, 5, 0.38, 0.96), (9, 10, 0.60, 0.98), (45, 50, 0.79, 0.96)]
)
def test_small_samples_say_little(hits: int, sample: int, lower: float, upper: float) -> None:
    found = wilson_interval(hits, sample)

    assert [found.lower, found.upper] == pytest.approx([lower, upper], abs=0.005)


def test_wilson_intervals_agree_with_newcombe() -> None:
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998,
    # score method without continuity correction: 81/263 -> 0.2553 to 0.3662; 15/148 -> 0.0624 to 0.1605;
    # 0/20 -> 0.0000 to 0.1611; 1/29 -> 0.0061 to 0.1718
    for hits, sample, lower, upper in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson_interval(hits, sample)
        assert [found.lower, found.upper] == pytest.approx([lower, upper], abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(pair: tuple[int, int]) -> None:
    found = wilson_interval(*pair)

    assert 0 <= found.lower <= found.share <= found.upper <= 1


def test_a_contact_counts_once_however_many_errors_it_has() -> None:
    assert critical_error_accuracy([0, 3, 0, 1, 0]).share == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: cohen_kappa(["a"], ["a", "b"]), "first and second must mark the same contacts, got 1 and 2 marks"),
        (lambda: cohen_kappa([], []), "first and second must hold at least one mark, got none"),
        (
            lambda: cohen_kappa([1, float("nan")], [1, 0]),
            "first must hold a mark for every contact, got nan at position 1",
        ),
        (
            lambda: cohen_kappa([1, 1], [1, 1]),
            "the raters must use at least two different marks, got only 1: kappa does not exist",
        ),
        (lambda: wilson_interval(6, 5), "hits must not exceed the sample, got 6 of 5"),
        (
            lambda: wilson_interval(4, 5, 95),
            "confidence must be a share between 0 and 1, both excluded, got 95; write 0.95",
        ),
    ],
)
def test_marks_that_say_nothing_are_refused(call: object, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()  # type: ignore[operator]

    assert str(error.value) == sentence
