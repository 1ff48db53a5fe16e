"""Traps that once gave a wrong figure in silence, a traceback from inside, or an answer after hours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from ccskills import experience, finance, forecasting, maturity, performance, process, quality, risk, staffing

ONE, OTHER = ["Li", "Wang", "Zhao"], ["Wang", "Li", "Zhao"]
NUMBERS, TRUTHS = pd.Series([3.0, 2.0, 1.0], ONE), pd.Series([True, False, True], OTHER)
WORDS, SCHEME = pd.Series(["a", "b", "a"], OTHER), performance.BonusScheme(1000)
DAYS = pd.date_range("2026-01-05 09:00", periods=70, freq="D")


@pytest.mark.parametrize(
    "call",
    [
        lambda: performance.forced_grades(NUMBERS, {"good": 0.5, "poor": 0.5}, within=WORDS),
        lambda: performance.incentive(NUMBERS, SCHEME, teams=WORDS),
        lambda: performance.incentive(NUMBERS, SCHEME, gate=TRUTHS),
        lambda: performance.distribution_check(pd.Series(["A", "B", "A"], ONE), WORDS),
        lambda: experience.rfm(NUMBERS, NUMBERS.set_axis(OTHER), NUMBERS),
        lambda: experience.retention_curve(NUMBERS, TRUTHS),
        lambda: experience.driver_importance(
            pd.DataFrame({"x": [1.0, 2, 3, 4]}), pd.Series([1.0, 2, 4, 3], [1, 0, 2, 3])
        ),
        lambda: staffing.estimate_patience(NUMBERS, TRUTHS),
        lambda: staffing.backlog(NUMBERS, NUMBERS.set_axis(OTHER), 600, 1),
    ],
)
def test_series_with_other_labels_are_never_joined_by_position(call: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="must have the same index, got two different ones"):
        call()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: finance.npv(8, [-1, 2]), "rate must be a share a period, at most 1, got 8; write 0.08"),
        (
            lambda: experience.customer_lifetime_value(100, 0.8, 12),
            "discount must be a share a period from 0 to 1, got 12; write 0.12",
        ),
        (
            lambda: performance.incentive([96, 88], SCHEME),
            "attainments must be 1 on target, at most 10, got 96; 96 % is 0.96",
        ),
        (
            lambda: performance.BonusScheme(1000, cap=150),
            "cap must be at most 10 times the bonus, got 150; 1.5 is 150 %",
        ),
        (
            lambda: process.time_study(pd.DataFrame({"step": ["a"], "observed_s": [30]}), 15),
            "allowance must be a share of the work time, at most 1, got 15; write 0.15",
        ),
        (
            lambda: forecasting.clean(
                pd.Series(1.0, DAYS),
                pd.DataFrame({"start": [DAYS[0]], "end": [DAYS[1]], "kind": "sale", "factor": 120}),
            ),
            "factor must be at most 20 times what is usual, got 120; 1.2 is 20 % more",
        ),
    ],
)
def test_a_percentage_where_a_share_belongs_is_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: process.time_study(pd.DataFrame({"step": ["a", None], "observed_s": [30, 40]})),
            "step must be named in every row, got none in 1",
        ),
        (
            lambda: process.readiness(
                pd.DataFrame({"team": ["A", None], "told": "2026-03-01", "passed": True}), "2026-03-09"
            ),
            "team must be named in every row, got none in 1",
        ),
        (
            lambda: process.readiness(pd.DataFrame({"team": ["A"], "told": [1], "passed": True}), "2026-03-09"),
            "effective and told must be days such as 2026-03-09, got '1'",
        ),
        (
            lambda: experience.nps_by(pd.DataFrame({"agent": [1, "1"], "nps": [9, 3]}), "agent"),
            "agent must hold one kind of label, got 1 and '1'",
        ),
        (
            lambda: forecasting.forecast(pd.Series(5.0, DAYS), 2, closed=[pd.Timestamp("2026-03-17", tz="UTC")]),
            "closed must hold dates without a time zone, got 2026-03-17 00:00:00+00:00",
        ),
    ],
)
def test_rows_and_days_that_would_be_lost_in_silence_are_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises((TypeError, ValueError)) as error:
        call()

    assert str(error.value) == sentence


def test_changing_a_result_changes_no_later_one() -> None:
    scores = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8]]
    values = np.array([49.6, 47.6, 49.9])

    table = quality.icc(scores)
    table.loc[0, "form"] = "changed"
    chart = quality.xmr_chart(values)
    values[0] = 0.0

    assert quality.icc(scores)["form"].iloc[0] == "ICC(1,1)"
    assert chart.values[0] == 49.6


@pytest.mark.parametrize("months", [12, 120, 360])
def test_the_rate_of_a_long_annuity_is_found(months: int) -> None:
    found = finance.irr([-100.0] + [120.0 / months] * months)

    # The present value of an annuity in closed form.
    assert found == pytest.approx(
        brentq(lambda i: (1 - (1 + i) ** -months) / i * 120 / months - 100, 1e-9, 1), rel=1e-8
    )


def test_a_history_whose_weeks_are_all_alike_can_be_backtested() -> None:
    weeks = pd.Series([100.0, 90, 80, 70, 60, 50, 40] * 10, DAYS)

    table = forecasting.backtest(weeks, ["seasonal_naive"], horizon_days=7, origins=2)

    assert table["wape"].tolist() == [0.0, 0.0] and table["mase"].isna().all()


def test_a_customer_who_always_stays_at_a_tiny_discount_has_a_finite_value() -> None:
    assert experience.margin_multiple(1.0, 1e-20) == pytest.approx(1e20)


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 60))
def test_the_value_of_the_first_periods_is_their_sum(retention: float, discount: float, periods: int) -> None:
    found = experience.customer_lifetime_value(100, retention, discount, periods=periods)

    assert found == pytest.approx(sum(100 * (retention / (1 + discount)) ** t for t in range(1, periods + 1)), abs=1e-9)


def test_a_free_control_that_avoids_nothing_is_not_infinitely_good() -> None:
    controls = pd.DataFrame({"loss_before": [5.0, 5, 5], "loss_after": [1.0, 5, 9], "cost": 0.0}, index=list("abc"))

    assert risk.treatment(controls)["per_cost"].to_dict() == {"a": np.inf, "b": 0.0, "c": -np.inf}


def test_a_confidence_next_to_one_still_has_limits() -> None:
    found = quality.wilson_interval(4, 5, confidence=1 - 2**-53)

    assert 0 < found.lower < 0.1 and 0.99 < found.upper < 1


def test_the_same_two_shares_have_the_same_limits_in_every_module() -> None:
    before, after = [5] * 48 + [1] * 32, [5] * 56 + [1] * 14

    by_process = process.compare_shares(48, 80, 56, 70)
    by_survey = experience.compare_periods(before, after)
    by_rank = performance.pairwise_comparison(pd.Series({"after": 56, "before": 48}), [70, 80], adjust=False).iloc[0]

    # Newcombe 1998, method 10, for 56 of 70 and 48 of 80.
    for found in (by_process, by_survey, by_rank):
        assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_raters_are_adjusted_as_least_squares_with_all_columns_says() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"person": rng.integers(0, 12, 80), "rater": rng.integers(0, 5, 80)})
    table["score"] = 80 + 3.0 * table["rater"] + rng.normal(0, 4, 80)
    design = np.hstack([np.eye(12)[table["person"]], np.eye(5)[table["rater"]]])
    solved = np.linalg.lstsq(design, table["score"].to_numpy(), rcond=None)[0][12:]

    found = performance.rater_adjustment(table)

    assert found.attrs["leniency"].to_numpy() == pytest.approx(solved - solved.mean())


def test_what_gaming_brings_is_what_one_changed_attainment_pays() -> None:
    scheme = performance.BonusScheme(1000, accelerator=2, team_weight=0.4)
    agents, teams = pd.DataFrame({"aht": [0.9, 1.0, 1.1, 0.7], "csat": [1.0, 0.95, 0.9, 1.2]}), list("aabb")
    weights, effects = {"aht": 0.6, "csat": 0.4}, {"aht": 0.2, "csat": -0.05}
    honest = agents["aht"] * 0.6 + agents["csat"] * 0.4

    found = performance.gaming_gain(agents, weights, effects, scheme, teams=teams)

    for row in range(4):
        gamed = honest.copy()
        gamed.iloc[row] += 0.6 * 0.2 - 0.4 * 0.05
        assert found["gamed"].iloc[row] == pytest.approx(
            performance.incentive(gamed, scheme, teams=teams)["payout"].iloc[row]
        )


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=7), st.integers(0, 30))
def test_projects_worth_billions_are_chosen_as_by_trying_all_sets(projects: list[tuple[int, int]], budget: int) -> None:
    scale = 1e12
    sets = [c for size in range(len(projects) + 1) for c in combinations(range(len(projects)), size)]
    best = max(sum(projects[at][1] for at in c) for c in sets if sum(projects[at][0] for at in c) <= budget)

    chosen = finance.choose_projects(
        list(map(str, range(len(projects)))), [c * scale for c, _ in projects], [v * scale for _, v in projects],
        budget * scale,
    )  # fmt: skip

    assert sum(projects[int(name)][1] for name in chosen) == best
    assert sum(projects[int(name)][0] for name in chosen) <= budget


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), min_size=2, max_size=12), st.integers(0, 3))
def test_level_staff_is_the_largest_need_of_any_window(week: list[tuple[int, int]], deadline: int) -> None:
    work, hours, size = [w for w, _ in week], [float(h) + 0.5 for _, h in week], len(week)
    need = max(
        sum(work[at] for at in range(first, last + 1) if at + deadline <= last) / sum(hours[first : last + 1])
        for first in range(size)
        for last in range(first, size)
    )

    found = staffing.back_office_required(work, 3600, deadline, hours=hours, whole=False)

    assert found == pytest.approx(need, abs=1e-9)


def test_large_tables_are_done_at_once() -> None:
    # Each of these took minutes or more memory than there is while it compared every row with every other.
    rng = np.random.default_rng(1)
    rows = 100_000

    staff = staffing.back_office_required(rng.poisson(5, rows), 600, 16, hours=0.5)
    curve = experience.retention_curve(rng.exponential(5, rows), rng.random(rows) < 0.5)
    gain = performance.gaming_gain(pd.DataFrame({"aht": rng.random(rows)}), {"aht": 1.0}, {"aht": 0.1}, SCHEME)

    assert (staff > 0, len(curve) > 40_000, len(gain)) == (True, True, rows)


def test_a_sheet_without_any_evidence_is_assessed() -> None:
    sheet = maturity.points("park").assign(level=4, evidence=np.nan)

    assert maturity.assess(sheet, "park").level == 2


def test_the_emergency_plan_is_checked_in_words_of_its_language() -> None:
    recovery = pd.DataFrame({"promised_min": [30, 30], "tested_min": [40, np.nan]}, index=["电话", "邮件"])
    plan = {"owner": "李文", "scenarios": 6, "first_hour": True, "deputies": False, "contacts_age_days": 10}
    plan |= {"drills": 2, "unannounced_drills": 1, "recovery": recovery, "message": True, "lessons_open": 0}

    found = risk.plan_check(plan, "zh")["found"]

    assert found[["first_hour", "deputies"]].tolist() == ["是", "否"]
    assert found["recovery"] == "电话：实测40分钟，承诺30分钟；邮件：从未测试"
