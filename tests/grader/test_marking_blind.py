"""What blind markers add up to, rubrics, and how far markers agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.certify.tasks import criteria_of, hand_tasks
from grader.errors import InputError
from grader.exams import Practical
from grader.marking import (
    DoubleMark,
    agreement,
    agreement_by_marker,
    agreement_by_question,
    read_rubric,
    rubric_points,
    settle,
    whole_rubric,
)
from grader.model import Bilingual, Criterion
from grader.notebooks import Notebook, NotebookCell

HALVES = st.integers(0, 8).map(lambda half: half / 2)


def points_of(marks: list[float], markers: int = 2, difference: float = 1) -> float | None:
    return settle({"q24": marks}, markers, difference)["q24"].points


# --- settling ---


@pytest.mark.parametrize(
    ("marks", "points"),
    [
        ([], None),
        ([3], None),
        ([3, 3], 3),
        ([2, 3], 2.5),  # exactly the limit apart
        ([2, 3.5], None),
        ([2, 3.5, 3], 3.25),
        ([2, 3.5, 2], 2),
        ([0, 4, 2], 2),  # as near to both: itself
        ([0, 4, 4, 1], 0.5),  # marked again after three: the newest and the nearest
        ([1, 4, 2.5, 3], 2.75),
    ],
)
def test_two_markers_settle_on_their_mean_and_others_with_the_nearest(marks: list[float], points: float | None) -> None:
    assert points_of(marks) == points


def test_one_marker_settles_alone_and_three_on_the_mean_of_all() -> None:
    assert points_of([3], markers=1) == 3
    assert points_of([1, 2], markers=3) is None
    assert points_of([1, 1.5, 2], markers=3) == 1.5
    assert points_of([1, 2, 2.5], markers=3) is None


@given(st.lists(HALVES, min_size=2, max_size=5))
def test_a_settled_mark_lies_between_the_lowest_and_the_highest(marks: list[float]) -> None:
    settled = points_of(marks)

    assert settled is None or min(marks) <= settled <= max(marks)
    assert (settled is None) == (len(marks) == 2 and max(marks) - min(marks) > 1)


@given(HALVES, HALVES)
def test_who_marked_first_does_not_matter(one: float, two: float) -> None:
    assert points_of([one, two]) == points_of([two, one])


def test_nothing_of_a_part_is_settled_before_every_answer_has_its_marks() -> None:
    found = settle({"q23": [4, 4], "q24": [3]}, 2, 1)

    assert [(one.points, one.wanted) for one in found.values()] == [(None, 0), (None, 1)]


@pytest.mark.parametrize(
    ("fixed", "wanted"),
    [
        (14.0, 0),  # 14 + 5 = 19 and 14 + 6 = 20: below 20.5 either way
        (14.5, 1),  # 19.5 fails, 20.5 reaches the cut
        (15.5, 0),  # 20.5 and more: passes either way
        (None, 0),  # a mark of the part is missing still
    ],
)
def test_marks_on_both_sides_of_the_cut_want_another_marker_only_where_they_differ(
    fixed: float | None, wanted: int
) -> None:
    found = settle({"q23": [2, 2], "q24": [3, 4]}, 2, 1, fixed=fixed, cut=20.5)

    assert (found["q23"].points, found["q23"].wanted) == (2, 0)
    assert found["q24"].wanted == wanted
    assert (found["q24"].points is None) is bool(wanted)


def test_the_sides_of_the_cut_are_looked_at_with_the_lowest_and_the_highest_of_all_answers() -> None:
    # Each marker's own total is 4: neither stands on another side. The lowest marks together make 3, the highest 5.
    found = settle({"q23": [2, 1.5], "q24": [2, 2.5]}, 2, 1, fixed=0.0, cut=4.0)

    assert [one.wanted for one in found.values()] == [1, 1]


def test_once_a_third_marker_has_marked_the_cut_asks_for_no_more() -> None:
    found = settle({"q24": [3, 4, 3.5]}, 2, 1, fixed=14.5, cut=18.25)

    assert (found["q24"].points, found["q24"].wanted) == (3.5, 0)


def test_an_answer_that_is_marked_again_waits_for_the_new_mark_and_settles_with_it() -> None:
    assert settle({"q24": [3, 3]}, 2, 1, again={"q24": 2})["q24"].wanted == 1
    assert settle({"q24": [3, 3, 1]}, 2, 1, again={"q24": 2})["q24"].points == 2
    assert settle({"q24": [3]}, 1, 1, again={"q24": 1})["q24"].wanted == 1
    assert settle({"q24": [3, 2]}, 1, 1, again={"q24": 1})["q24"].points == 2.5
    assert settle({"q24": [4, 1]}, 1, 1, again={"q24": 1})["q24"].wanted == 1  # too far apart for two


# --- rubrics ---

LINES = (Criterion("a", Bilingual("cause", "原因"), 2.0), Criterion("b", Bilingual("date", "日期"), 1.0))


def test_a_rubric_is_read_from_the_table_of_a_task_and_other_tables_are_none() -> None:
    other = "Look:\n\n| Calls | Share |\n|---|---|\n| many | all |\n\n"
    en = other + "| Points | For |\n|---:|---|\n| 2 | **Cause** |\n| 0.5 | date |\n"
    zh = "| 分值 | 得分点 |\n|---:|---|\n| 2 | **原因** |\n| 0.5 | 日期 |\n"

    assert read_rubric(en, zh) == (
        Criterion("a", Bilingual("**Cause**", "**原因**"), 2.0),
        Criterion("b", Bilingual("date", "日期"), 0.5),
    )
    assert read_rubric("no table", "没有表") == ()
    assert [line.points for line in whole_rubric(6)] == [6]


def test_a_rubric_whose_languages_differ_is_refused() -> None:
    with pytest.raises(InputError, match=r"got \[2.0\] in English and \[1.0\] in Chinese"):
        read_rubric("| 2 | cause |", "| 1 | 原因 |")


@pytest.mark.parametrize(("a", "b", "total"), [(0, 0, 0), (2, 1, 3), (1.5, 0.5, 2), (2.0, 0, 2)])
def test_points_of_the_criteria_add_up(a: float, b: float, total: float) -> None:
    assert rubric_points(LINES, {"a": a, "b": b}, 0.5) == total


def test_all_points_of_a_criterion_can_be_given_though_they_are_no_whole_steps() -> None:
    odd = (Criterion("a", Bilingual("cause", "原因"), 0.75),)

    assert rubric_points(odd, {"a": 0.75}, 0.5) == 0.75
    with pytest.raises(InputError, match=r"in steps of 0\.5, got 0\.25"):
        rubric_points(odd, {"a": 0.25}, 0.5)


@pytest.mark.parametrize("wrong", [2.5, -1, 0.25, None, "2", True, float("inf"), float("nan")])
def test_what_a_criterion_cannot_earn_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match=r"criterion a takes 0 to 2 points in steps of 0\.5"):
        rubric_points(LINES, {"a": wrong, "b": 1}, 0.5)


# --- agreement ---

FIRST = [0, 1, 2, 3, 4, 2, 3, 4, 1, 0, 2, 3]
SECOND = [0, 2, 2, 3, 3, 2, 4, 4, 1, 1, 1, 3]


def doubles(question: str = "x", markers: tuple[str, str] = ("m1", "m2")) -> list[DoubleMark]:
    pairs = zip(map(float, FIRST), map(float, SECOND), strict=True)
    return [DoubleMark(question, *markers, pair) for pair in pairs]


def test_agreement_of_two_markers_is_that_of_other_programs() -> None:
    found = agreement(doubles(), 1)

    # scikit-learn 1.9.1 cohen_kappa_score(weights="quadratic"); pingouin 0.7.0 intraclass_corr, ICC(A,1)
    assert found.kappa == pytest.approx(0.8706896551724138)
    assert found.icc == pytest.approx(0.880174, abs=1e-6)
    assert found.icc_form == "ICC(2,1)"
    assert (found.answers, found.equal, found.within) == (12, pytest.approx(7 / 12), 1)
    assert found.lean == pytest.approx((sum(FIRST) - sum(SECOND)) / 12)


def test_with_changing_markers_the_one_way_correlation_is_told() -> None:
    marks = doubles()
    marks[3] = DoubleMark("x", "m2", "m3", marks[3].points)

    found = agreement(marks, 1)

    assert found.icc_form == "ICC(1,1)"
    assert found.icc == pytest.approx(0.880694, abs=1e-6)  # pingouin 0.7.0, ICC(1,1)


@pytest.mark.parametrize(
    ("pairs", "kappa", "icc"),
    [
        ([(3, 3)], None, None),
        ([(3, 3), (3, 3)], None, None),
        ([(2, 3), (3, 2)], -1.0, None),  # both answers have the mean 2.5
        ([(2, 2), (3, 3)], 1.0, 1.0),
    ],
)
def test_what_cannot_be_computed_is_none_and_never_nan(
    pairs: list[tuple[float, float]], kappa: float | None, icc: float | None
) -> None:
    found = agreement([DoubleMark("x", "m1", "m2", pair) for pair in pairs], 1)

    assert (found.kappa, found.icc) == (kappa, icc)


@given(st.lists(st.tuples(HALVES, HALVES), min_size=1, max_size=12))
def test_whatever_was_given_the_figures_are_numbers_or_none(pairs: list[tuple[float, float]]) -> None:
    found = agreement([DoubleMark("x", "m1", "m2", pair) for pair in pairs], 1)

    assert found.kappa is None or -1 <= found.kappa <= 1
    assert found.icc is None or found.icc <= 1
    assert 0 <= found.equal <= found.within <= 1


def test_agreement_is_told_by_question_and_by_marker_with_the_sign_turned_for_the_second() -> None:
    marks = [*doubles("one"), *doubles("two", ("m2", "m3"))]

    by_question, by_marker = agreement_by_question(marks, 1), agreement_by_marker(marks, 1)

    assert {name: one.answers for name, one in by_question.items()} == {"one": 12, "two": 12}
    assert {name: one.answers for name, one in by_marker.items()} == {"m1": 12, "m2": 24, "m3": 12}
    lean = (sum(FIRST) - sum(SECOND)) / 12
    assert [by_marker[name].lean for name in ("m1", "m2", "m3")] == pytest.approx([lean, 0, -lean])


# --- the practical's written tasks ---


def practical(table: str, points: int) -> Practical:
    def cell(language: str) -> NotebookCell:
        return NotebookCell("markdown", f"## Plan\n\n{table}", {"lang": language}, 1)

    words = {"grade": True, "solution": True, "grade_id": "p1", "points": points}
    answer = NotebookCell("markdown", "A model answer", {"nbgrader": words}, 9)
    source = Notebook("practical.md", {}, {}, (cell("en"), cell("zh"), answer))
    return Practical("x", 2, 1, 10, Bilingual("x", "x"), source, "")


def test_the_rubric_of_a_practicals_task_is_kept_apart_from_its_text() -> None:
    task = hand_tasks(practical("| points | for |\n|---|---|\n| 2 | cause |\n| 1 | date |\n", 3))["p1"]

    assert task["question"] == {"en": "## Plan", "zh": "## Plan"}
    assert [(line.id, line.points) for line in criteria_of(task)] == [("a", 2), ("b", 1)]
    assert task["sample"] == "A model answer"


def test_a_table_of_numbers_is_not_taken_for_a_rubric_unless_it_adds_up() -> None:
    task = hand_tasks(practical("| calls | share |\n|---|---|\n| 30 | half |\n", 3))["p1"]

    assert "| 30 | half |" in task["question"]["en"]
    assert [(line.id, line.points) for line in criteria_of(task)] == [("a", 3)]
