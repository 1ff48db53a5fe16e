"""The self-assessment counts only what can be shown, and its way up arrives."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills import maturity

# The clause list of the operation standard, and the spread of 170 points over it that the project's standard proposes.
CLAUSES = {
    **{"1.1": 6, "1.2": 5, "1.3": 5, "1.4": 7, "1.5": 6, "1.6": 7, "1.7": 5},
    **{"2.1.1": 6, "2.1.2": 8, "2.1.3": 9, "2.1.4": 7, "2.2.1": 6, "2.2.2": 7, "2.2.3": 5, "2.2.4": 7, "2.2.5": 4},
    **{"2.3": 6, "3.1": 6, "3.2": 7, "3.3": 9, "3.4": 6, "4.1.1": 4, "4.1.2": 6, "4.2.1": 4, "4.2.2": 4},
    **{"5.1": 4, "5.2": 4, "5.3": 4, "5.4": 3, "5.5": 3},
}


def rated(level: int = 3, evidence: str = "seen", key: str = "park") -> pd.DataFrame:
    return maturity.points(key).assign(level=level, evidence=evidence)


def test_the_operation_scheme_has_the_clauses_of_the_standard_and_170_points() -> None:
    found = {clause.id: len(clause.points) for clause in maturity.scheme().clauses}

    assert found == CLAUSES
    assert sum(found.values()) == 170


@pytest.mark.parametrize("key", maturity.SCHEMES)
def test_every_sentence_of_a_scheme_stands_once_and_in_both_languages(key: str) -> None:
    scheme = maturity.scheme(key)
    texts = [point.statement for clause in scheme.clauses for point in clause.points]
    shown = [point.evidence for clause in scheme.clauses for point in clause.points]

    assert len({text.en for text in texts}) == len({text.zh for text in texts}) == len(texts)
    assert {clause.dimension for clause in scheme.clauses} == set(scheme.dimensions)
    for text in [*texts, *shown, *(clause.name for clause in scheme.clauses), *scheme.dimensions.values()]:
        assert text.en.isascii() and text.en.strip(), text
        assert re.search("[\u4e00-\u9fff]", text.zh) and " " not in text.zh, text
    for text in texts:
        assert text.en.endswith(".") and text.zh.endswith("。"), text


def test_a_claim_without_evidence_counts_as_a_habit() -> None:
    found = maturity.assess(rated(5, ""), "park")

    assert found.level == 2
    assert set(found.points["counted"]) == {2}
    assert found.dimensions["unproved"].sum() == len(found.points)


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ([3, 3, 3, 3], 3),
        ([3, 3, 3, 2], 3),
        ([3, 3, 2, 2], 2),
        ([4, 4, 4, 4], 4),
        ([5, 5, 5, 1], 2),  # three excellent points do not carry one that is left to chance
        ([1, 1, 1, 5], 1),
        ([2, 2, 2, 5], 2),
    ],
)
def test_a_clause_stands_where_three_of_four_of_its_points_stand(levels: list[int], level: int) -> None:
    sheet = rated(3)
    sheet.loc["1.1-1":"1.1-4", "level"] = levels

    found = maturity.assess(sheet, "park")

    assert found.clauses.loc["1.1", "level"] == level
    assert found.clauses.loc["1.1", "mean"] == sum(levels) / 4


def test_a_point_that_does_not_apply_leaves_the_sums() -> None:
    sheet = rated(3)
    sheet.loc["1.1-1", ["level", "evidence"]] = [0, "one tenant only"]

    found = maturity.assess(sheet, "park")

    assert found.clauses.loc["1.1", "points"] == 3
    assert found.clauses.loc["1.1", "mean"] == 3
    assert found.level == 3


def test_one_weak_dimension_holds_the_whole_back() -> None:
    sheet = rated(4)
    sheet.loc[sheet.index.str.startswith("5."), "level"] = 2

    found = maturity.assess(sheet, "park")

    assert found.dimensions["level"].tolist() == [4, 4, 4, 4, 2]
    assert found.level == 3


LEVELS = st.lists(st.integers(1, 5), min_size=40, max_size=40)


@settings(deadline=None, max_examples=40)
@given(levels=LEVELS, goal=st.integers(1, 5), steps=st.integers(1, 60))
def test_who_walks_the_roadmap_arrives(levels: list[int], goal: int, steps: int) -> None:
    sheet = rated().assign(level=levels)
    start = maturity.assess(sheet, "park")

    plan = maturity.roadmap(start, goal, steps)

    for row in plan.itertuples():
        assert sheet.loc[row.point, "level"] == row.before
        sheet.loc[row.point, "level"] = row.after
    assert maturity.assess(sheet, "park").level >= goal
    assert plan.groupby("quarter").size().le(steps).all()
    assert not plan.duplicated(["quarter", "point"]).any()
    assert len(plan) == maturity.gaps(start, goal)["steps"].sum()
    assert not plan.groupby("quarter")["before"].max().lt(plan.groupby("quarter")["before"].min()).any()


def test_the_roadmap_asks_for_missing_evidence_first_and_in_one_step() -> None:
    sheet = rated(2)
    sheet.loc["3.1-2", ["level", "evidence"]] = [4, ""]

    plan = maturity.roadmap(maturity.assess(sheet, "park"), 3, 10)

    assert plan.iloc[0].to_dict() == {
        "quarter": 1,
        "point": "3.1-2",
        "clause": "3.1",
        "before": 2,
        "after": 3,
        "prove": True,
    }


def test_gaps_follow_the_target_of_the_clause_before_that_of_its_dimension() -> None:
    found = maturity.gaps(maturity.assess(rated(2), "park"), {"1": 3, "1.2": 5})

    assert found["gap"].to_dict() == {"1.2": 3, "1.1": 1}
    assert found["steps"].to_dict() == {"1.2": 12, "1.1": 4}


def test_assessors_who_differ_are_told_to_talk() -> None:
    one, two, three = rated(4), rated(3), rated(2, "not seen")

    both = maturity.combine([one, two, three], "park")

    assert both["level"].eq(3).all()
    assert both["settle"].all()
    assert both.loc["1.1-1", "evidence"] == "seen; not seen"


def test_the_best_level_is_reached_by_full_marks_only() -> None:
    assert maturity.assess(rated(5), "park").level == 5
    assert maturity.assess(rated(5, key="operation")).level == 5


def with_level(point: str, value: Any) -> pd.DataFrame:
    sheet = rated().astype({"level": object})
    sheet.loc[point, "level"] = value
    return sheet


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (with_level("2.1-1", 6), "level must be a whole number from 0 to 5, got 6 for 2.1-1"),
        (with_level("2.1-1", 2.5), "level must be a whole number from 0 to 5, got 2.5 for 2.1-1"),
        (
            with_level("2.1-1", np.nan),
            "level must be from 1 to 5, or 0 where a point does not apply, got none for 2.1-1",
        ),
        (with_level("2.1-1", -1), "level must be a whole number from 0 to 5, got -1 for 2.1-1"),
        (
            pd.concat([rated(), rated().head(1)]),
            "ratings must hold every point of the scheme park once, got twice 1.1-1",
        ),
        (rated().drop("5.2-4"), "ratings must hold every point of the scheme park once, got no 5.2-4"),
        (rated().drop(columns="evidence"), "ratings must have the columns level, evidence, got no evidence"),
        (rated(0, ""), "evidence must say why 1.1-1 does not apply, got nothing"),
        (rated(0), "level must be above 0 for at least one point, got 0 for all"),
    ],
)
def test_a_sheet_that_is_filled_in_wrongly_is_refused_with_its_point(sheet: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        maturity.assess(sheet, "park")


def test_targets_and_values_that_do_not_exist_are_refused() -> None:
    found = maturity.assess(rated(), "park")

    with pytest.raises(ValueError, match="target must be from 1 to 5, got 6"):
        maturity.gaps(found, 6)
    with pytest.raises(ValueError, match=r"target must be one of 1, 1\.1, .*, got '7'"):
        maturity.gaps(found, {"7": 3})
    with pytest.raises(ValueError, match=r"value must be one of 1, 1\.1, .*, got '9'"):
        maturity.roadmap(found, value={"9": 1})
    with pytest.raises(ValueError, match="ratings must hold the sheets of at least two assessors, got one"):
        maturity.combine([rated()], "park")
    with pytest.raises(ValueError, match="both assessments must follow one scheme, got park and operation"):
        maturity.progress(found, maturity.assess(rated(key="operation")))
