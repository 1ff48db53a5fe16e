"""Patience from call records, against a published survival table and simulated customers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.staffing import estimate_patience, patience_curve

# Freireich et al. 1963, weeks in remission under 6-MP (Kleinbaum and Klein, Survival Analysis, 3rd ed., table 1.1);
# False where the patient was still in remission when last seen.
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSED = [True] * 9 + [False] * 12


def test_the_curve_reproduces_the_printed_table_of_the_leukaemia_trial() -> None:
    # Kleinbaum and Klein, section 2: survival 0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482; Greenwood errors
    # as R's survival package prints them: 0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346
    curve = patience_curve(WEEKS, RELAPSED)

    steps = curve[curve["abandoned"] > 0]
    assert steps.index.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert steps["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert steps["survival"].tolist() == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=0.00005
    )
    assert steps["standard_error"].tolist() == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=0.00005
    )


def test_the_limits_are_those_of_another_implementation() -> None:
    # lifelines 0.30.3, KaplanMeierFitter().confidence_interval_
    curve = patience_curve(WEEKS, RELAPSED).loc[[6, 7, 10, 13, 16, 22, 23, 35]]

    assert curve["lower"].tolist() == pytest.approx(
        [0.619718, 0.563147, 0.503200, 0.431610, 0.367511, 0.267779, 0.188052, 0.188052], abs=5e-7
    )
    assert curve["upper"].tolist() == pytest.approx(
        [0.951552, 0.922809, 0.889362, 0.849066, 0.804912, 0.746791, 0.680143, 0.680143], abs=5e-7
    )


def test_the_mean_is_all_waiting_over_all_abandonments_with_exact_limits() -> None:
    # 359 weeks and 9 relapses: 359 / 9 = 39.9; scipy.stats.chi2 1.17.1: 718 / ppf(0.975, 20) and 718 / ppf(0.025, 18)
    found = estimate_patience(WEEKS, RELAPSED)

    assert found.mean_s == pytest.approx(359 / 9)
    assert (found.lower_s, found.upper_s) == pytest.approx((21.01282587, 87.23388901), rel=1e-8)
    assert (found.contacts, found.abandoned, found.level) == (21, 9, 0.95)


def test_customers_whose_patience_is_known_are_estimated_as_patient_as_they_are() -> None:
    rng = np.random.default_rng(3)
    patience, offered = rng.exponential(150, 40_000), rng.exponential(60, 40_000)

    found = estimate_patience(np.minimum(patience, offered), patience < offered)

    assert found.lower_s < 150 < found.upper_s
    assert found.mean_s == pytest.approx(150, rel=0.03)
    naive = np.minimum(patience, offered)[patience < offered].mean()
    assert naive < 50  # 1 / (1/150 + 1/60) = 42.9: what the mean wait of those who hung up says


def test_the_limits_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    kept = 0
    for _ in range(600):
        patience, offered = rng.exponential(100, 60), rng.exponential(40, 60)
        found = estimate_patience(np.minimum(patience, offered), patience < offered, level=0.9)
        kept += found.lower_s <= 100 <= found.upper_s

    assert kept / 600 >= 0.90


def test_contacts_answered_at_once_change_nothing() -> None:
    with_zeros = estimate_patience([*WEEKS, 0, 0, 0], [*RELAPSED, False, False, False])

    assert with_zeros.mean_s == estimate_patience(WEEKS, RELAPSED).mean_s


@given(
    st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=60),
)
@settings(deadline=None, max_examples=100)
def test_a_curve_falls_from_1_stays_inside_its_limits_and_counts_everybody(records: list[tuple[int, bool]]) -> None:
    curve = patience_curve([wait for wait, _ in records], [left for _, left in records])

    assert not curve.isna().any().any()
    assert (np.diff(np.append(1.0, curve["survival"])) <= 1e-15).all()
    assert (curve["lower"] <= curve["survival"] + 1e-12).all() and (curve["survival"] <= curve["upper"] + 1e-12).all()
    assert ((curve[["lower", "upper", "survival"]] >= 0) & (curve[["lower", "upper", "survival"]] <= 1)).all().all()
    assert curve["abandoned"].sum() + curve["answered"].sum() == len(records)


def test_without_censoring_the_curve_is_the_share_that_waited_longer() -> None:
    waits = [5, 8, 8, 13, 40]

    curve = patience_curve(waits, [True] * 5)

    assert curve["survival"].tolist() == pytest.approx([0.8, 0.4, 0.2, 0.0])


@pytest.mark.parametrize(
    ("error", "call", "sentence"),
    [
        (
            ValueError,
            lambda: estimate_patience([1, 2], [False, False]),
            "abandoned must hold at least one abandonment, got none in 2 contacts",
        ),
        (
            ValueError,
            lambda: estimate_patience([0, 0], [True, False]),
            "wait_s must hold at least one wait above 0, got 2 waits of 0",
        ),
        (
            ValueError,
            lambda: estimate_patience([1, -2], [True, False]),
            "wait_s must be 0 or more, got -2 at position 1",
        ),
        (
            ValueError,
            lambda: patience_curve([1, 2, 3], [True, False]),
            "wait_s and abandoned must have shapes that go together, got (3,) and (2,)",
        ),
        (
            ValueError,
            lambda: estimate_patience([1], [True], level=95),
            "level must be a share between 0 and 1, both excluded, got 95; write 0.95",
        ),
        (
            TypeError,
            lambda: estimate_patience([1, 2], ["yes", "no"]),
            "abandoned must be True or False for every contact, got other values",
        ),
    ],
)
def test_records_that_cannot_be_are_refused_in_one_sentence(
    error: type[Exception], call: object, sentence: str
) -> None:
    with pytest.raises(error) as raised:
        call()  # type: ignore[operator]

    assert str(raised.value) == sentence
