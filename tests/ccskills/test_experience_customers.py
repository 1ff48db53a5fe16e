"""Complaints, recovery, repeat contacts and what a customer is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.experience import (
    cohort_table,
    complaint_funnel,
    contacts_per_solved_issue,
    customer_lifetime_value,
    first_contact_resolution,
    margin_multiple,
    recovery_paradox,
    retention_curve,
    rfm,
    value_at_risk,
    value_by_segment,
)
from ccskills.quality import wilson_interval


def test_the_complaint_funnel_counts_each_step_of_the_one_before() -> None:
    table = complaint_funnel(1000, 300, 240, 180, 171, language="zh")

    assert table["of_previous"].tolist() == pytest.approx([1, 0.3, 0.8, 0.75, 0.95])
    assert table["of_all"].tolist() == pytest.approx([1, 0.3, 0.24, 0.18, 0.171])
    limits = wilson_interval(300, 1000)
    assert table.loc["complained", ["lower", "upper"]].tolist() == pytest.approx([limits.lower, limits.upper])
    assert table.attrs == pytest.approx({"recovery_rate": 0.6, "silent_rate": 0.7, "weakest": "complained"})
    assert table.loc["stayed", "name"] == "留存"


def test_a_step_after_nobody_says_nothing() -> None:
    table = complaint_funnel(10, 2, 0, 0, 0)

    assert table.loc["satisfied", ["lower", "upper"]].tolist() == [0, 1]


def test_the_paradox_needs_numbers_to_show() -> None:
    assert not recovery_paradox(46, 50, 880, 1000).clear
    shown = recovery_paradox(960, 1000, 880, 1000)
    # Newcombe's interval of 960/1000 - 880/1000 by statsmodels 0.15.0 confint_proportions_2indep(method="newcomb")
    assert (shown.lower, shown.upper) == pytest.approx((0.0566336185, 0.1040202380), abs=1e-9)
    assert shown.clear


FACTS: dict[str, Any] = {
    "customers": 10_000,
    "problem": 0.2,
    "complain": 0.25,
    "outcomes": {"satisfied": 0.6, "mollified": 0.3, "dissatisfied": 0.1},
    "stay": {"silent": 0.7, "satisfied": 0.95, "mollified": 0.8, "dissatisfied": 0.4},
    "stay_without_problem": 0.95,
    "customer_value": 500,
}


def test_value_at_risk_is_the_sum_over_the_paths_by_hand() -> None:
    # 2,000 with a problem: 1,500 silent x 0.25 = 375; 300 satisfied x 0; 150 mollified x 0.15 = 22.5;
    # 50 dissatisfied x 0.55 = 27.5; together 425 x 500
    found = value_at_risk(**FACTS)

    assert found.paths["lost"].tolist() == pytest.approx([375, 0, 22.5, 27.5])
    assert (found.customers_lost, found.value, found.per_problem) == pytest.approx((425, 212_500, 106.25))
    assert found.paths["customers"].sum() == pytest.approx(2000)


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_problems_never_cost_less(one: float, two: float) -> None:
    low, high = (value_at_risk(**FACTS | {"problem": p}).value for p in sorted((one, two)))

    assert low <= high + 1e-6


def test_an_issue_at_70_per_cent_takes_1_43_contacts() -> None:
    # standard.md 5.7; and by following 200,000 issues until they are solved
    waits = np.random.default_rng(1).geometric(0.7, 200_000)

    assert contacts_per_solved_issue(0.7) == pytest.approx(1.43, abs=0.005)
    assert contacts_per_solved_issue(0.7) == pytest.approx(waits.mean(), rel=0.005)


def test_contacts_within_the_window_are_one_issue_and_open_windows_are_left_out() -> None:
    days = ["2026-03-01", "2026-03-07", "2026-03-13", "2026-03-01", "2026-03-09", "2026-03-19", "2026-03-20"]
    log = pd.DataFrame({"customer": ["a", "a", "a", "b", "b", "c", "d"], "start": pd.to_datetime(days)})

    found = first_contact_resolution(log, window_days=7)

    # a: 1, 7 and 13 March are one chain of three; b: 8 days apart, two issues; c and d are still open on 20 March
    assert (found.issues, found.contacts, found.fcr) == (3, 5, pytest.approx(2 / 3))
    assert found.repeats.to_dict() == {1: 2, 3: 1}
    assert first_contact_resolution(log.sample(frac=1, random_state=2)).fcr == found.fcr


def test_another_reason_is_another_issue() -> None:
    log = pd.DataFrame(
        {
            "customer": ["a", "a", "z"],
            "why": ["bill", "fault", "bill"],
            "start": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-30"]),
        }
    )

    assert first_contact_resolution(log).fcr == 0
    assert first_contact_resolution(log, reason="why").fcr == 1


# S. Gupta and D. R. Lehmann, Customers as assets, Journal of Interactive Marketing 17(1), 2003: table of the margin
# multiple at discount rates of 10, 12, 14 and 16 %
PRINTED = {
    0.60: [1.20, 1.15, 1.11, 1.07],
    0.70: [1.75, 1.67, 1.59, 1.52],
    0.80: [2.67, 2.50, 2.35, 2.22],
    0.90: [4.50, 4.09, 3.75, 3.46],
}


@pytest.mark.parametrize("retention", list(PRINTED))
def test_the_margin_multiple_is_as_printed(retention: float) -> None:
    assert margin_multiple(retention, [0.10, 0.12, 0.14, 0.16]).round(2).tolist() == PRINTED[retention]


@settings(deadline=None, max_examples=60)
@given(st.floats(-50, 500), st.floats(0, 0.95), st.floats(0.02, 0.4), st.integers(1, 60))
def test_lifetime_value_is_the_sum_of_its_years(margin: float, r: float, i: float, periods: int) -> None:
    years = [margin * r**t / (1 + i) ** t for t in range(1, 2001)]

    assert customer_lifetime_value(margin, r, i) == pytest.approx(sum(years), rel=1e-6, abs=1e-6)
    assert customer_lifetime_value(margin, r, i, periods=periods) == pytest.approx(sum(years[:periods]), abs=1e-6)
    assert customer_lifetime_value(margin, r, i, pays_at_once=True, acquisition_cost=7) == pytest.approx(
        margin + sum(years) - 7, rel=1e-6, abs=1e-6
    )


def test_segments_have_the_value_of_their_own_margin_and_retention() -> None:
    table = pd.DataFrame(
        {
            "plan": ["a"] * 10 + ["b"] * 4,
            "margin": [100.0] * 10 + [50.0] * 4,
            "stayed": [True] * 8 + [False] * 2 + [True, False] * 2,
        }
    )

    found = value_by_segment(table, "plan", "margin", "stayed", 0.12)

    # 100 x 2.50 (printed above) and 50 x 0.5 / 0.62
    assert found["value"].to_dict() == pytest.approx({"a": 250, "b": 50 * 0.5 / 0.62})
    assert found["share"].sum() == pytest.approx(1)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=40))
def test_rfm_scores_keep_the_order_and_equal_customers_equal(rows: list[tuple[int, int, int]]) -> None:
    days, often, spent = (np.array(part) for part in zip(*rows, strict=True))

    scores = rfm(days, often, spent)

    for name, values in (("recency", -days), ("frequency", often), ("monetary", spent)):
        order = np.argsort(values, kind="stable")
        assert (np.diff(scores[name].to_numpy()[order]) >= 0).all()
        assert scores[name].groupby(values).nunique().max() == 1
    assert scores[["recency", "frequency", "monetary"]].stack().between(1, 5).all()


def test_a_hundred_different_customers_make_five_equal_groups() -> None:
    scores = rfm(pd.Series(range(100), index=range(500, 600)), range(100), range(100), language="zh")

    assert scores["frequency"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20)
    assert scores.loc[500, "code"] == "511"
    assert set(scores["segment"]) <= {"核心客户", "忠诚客户", "潜力客户", "流失预警客户", "沉睡客户"}


def test_the_retention_curve_of_the_6_mp_patients_is_as_printed() -> None:
    # Freireich et al. 1963, 6-MP group, in Kleinbaum and Klein, Survival Analysis, chapter 2: 0.857, 0.807,
    # 0.753, 0.690, 0.627, 0.538, 0.448; limits from lifelines 0.30.3, KaplanMeierFitter
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

    curve = retention_curve(weeks, np.array(relapse, dtype=bool))

    assert curve["retention"].round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.loc[6, ["lower", "upper"]].tolist() == pytest.approx([0.619718, 0.951552], abs=1e-6)
    assert curve.loc[23, ["lower", "upper"]].tolist() == pytest.approx([0.188052, 0.680143], abs=1e-6)


def test_where_nobody_is_left_the_upper_limit_is_that_of_the_time_before() -> None:
    curve = retention_curve([1, 2, 3, 4], [True, False, True, True])

    # S(3) = 3/4 x 1/2, Greenwood 1/12 + 1/2: S^exp(-1.959964 x sqrt(7/12) / log S) by hand
    before = 0.375 ** np.exp(1.959964 * np.sqrt(7 / 12) / np.log(0.375))
    assert curve["upper"].tolist()[1:] == pytest.approx([before, before], abs=1e-6)
    assert curve.loc[4, ["retention", "lower"]].tolist() == [0, 0]
    assert retention_curve([5], [True]).loc[5, ["lower", "upper"]].tolist() == [0, 1]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30))
def test_the_retention_curve_falls_and_without_open_ends_it_is_the_plain_share(rows: list[tuple[int, bool]]) -> None:
    times = np.array([row[0] for row in rows])
    left = np.array([row[1] for row in rows])
    left[0] = True

    curve = retention_curve(times, left)
    closed = retention_curve(times, np.ones(len(rows), dtype=bool))

    assert (np.diff(curve["retention"]) < 1e-12).all()
    assert (curve["lower"] <= curve["retention"] + 1e-12).all()
    assert (curve["upper"] >= curve["retention"] - 1e-12).all()
    assert closed["retention"].tolist() == pytest.approx([(times > moment).mean() for moment in closed.index])


def test_the_cohort_table_starts_at_one_and_is_empty_in_the_future() -> None:
    days = ["2025-11-03", "2025-11-20", "2025-12-01", "2025-12-24", "2026-01-02", "2026-02-05"]
    log = pd.DataFrame({"customer": list("abacbb"), "day": pd.to_datetime(days)})

    table = cohort_table(log)

    # November: a and b; a came back in December, b in January and February; December: c, never again
    assert table.index.tolist() == ["2025-11", "2025-12"]
    assert table.loc["2025-11"].tolist() == [2, 1.0, 0.5, 0.5, 0.5]
    assert table.loc["2025-12"].tolist()[:4] == [1, 1.0, 0.0, 0.0]
    assert np.isnan(table.loc["2025-12", 3])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: complaint_funnel(800, 240, 204, 210, 138), "satisfied must not exceed resolved, got 210 of 204"),
        (lambda: complaint_funnel(800, 0, 0, 0, 0), "complained must be 1 or more, got 0"),
        (lambda: recovery_paradox(51, 50, 880, 1000), "recovered_loyal must be from 0 to 50, got 51"),
        (
            lambda: value_at_risk(**FACTS | {"problem": 20}),
            "problem must be a share between 0 and 1, got 20; write 0.2",
        ),
        (
            lambda: value_at_risk(**FACTS | {"outcomes": {"satisfied": 0.6, "mollified": 0.3, "dissatisfied": 0.2}}),
            "outcomes must add up to 1, got 1.1",
        ),
        (lambda: contacts_per_solved_issue(0), "fcr must be a share between 0 and 1, 0 excluded, got 0"),
        (lambda: margin_multiple(90, 0.1), "retention must be a share between 0 and 1, got 90; write 0.9"),
        (lambda: rfm([1, 2], [1], [1, 2]), "frequency must have one value per customer (2), got shape (1,)"),
        (
            lambda: retention_curve([1, 2], [False, False]),
            "left must be True for at least one customer, got none: the curve would stay at 1",
        ),
        (
            lambda: first_contact_resolution(pd.DataFrame({"customer": [1], "start": pd.to_datetime(["2026-03-01"])})),
            "contacts must cover more than 7 days, so that some issues are closed, got none",
        ),
        (
            lambda: cohort_table(pd.DataFrame({"customer": [None], "day": pd.to_datetime(["2026-03-01"])})),
            "activity must be filled in every row, got an empty cell",
        ),
    ],
)
def test_customers_that_cannot_be_are_refused_in_one_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: cohort_table(pd.DataFrame({"customer": [1], "day": ["2026-03-01"]})),
            "day must hold days (datetime64), got str",
        ),
        (
            lambda: value_by_segment(pd.DataFrame({"s": [1], "m": [1], "k": [1]}), "s", "m", "k", 0.1),
            "k must hold True or False, got int64",
        ),
    ],
)
def test_columns_of_the_wrong_kind_are_a_type_error(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(TypeError) as error:
        call()

    assert str(error.value) == sentence
