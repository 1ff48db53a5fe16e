"""A decision follows from marks and cuts, and never from one person alone."""

from __future__ import annotations

from datetime import date

import pytest

from grader.decisions import confirm, propose
from grader.errors import RuleBroken
from grader.model import Decision, Mark

DAY = date(2026, 11, 21)


def mark(slot: str, points: float | None, most: float = 1, statement: str = "FC-2.1") -> Mark:
    return Mark(slot, f"item-{slot}", 1, statement, points, most, "engine")


def decide(written: float, practical: float) -> Decision:
    return propose("S-01", [mark("q01", written, 10)], [mark("p1", practical, 10)], 6.4, 6, DAY)


@pytest.mark.parametrize(
    ("written", "practical", "outcome", "reasons"),
    [
        (6.4, 6, "pass", 0),  # on both cuts
        (6.3, 10, "fail", 1),  # the practical does not make up for the written part
        (10, 5.9, "fail", 1),
        (0, 0, "fail", 2),
    ],
)
def test_both_parts_have_to_reach_their_cut(written: float, practical: float, outcome: str, reasons: int) -> None:
    decision = decide(written, practical)

    assert decision.outcome == outcome
    assert len(decision.reasons) == reasons


def test_three_thirds_of_a_point_are_a_point() -> None:
    thirds = [mark(f"q0{number}", 1 / 3) for number in range(1, 4)]

    assert propose("S-01", thirds, [], 1.0, 0, DAY).outcome == "pass"


def test_a_missing_mark_stops_the_decision_and_is_named() -> None:
    with pytest.raises(RuleBroken, match="missing for q24; mark in formgrader"):
        propose("S-01", [mark("q01", 1), mark("q24", None, 4)], [], 1, 0, DAY)


def test_who_handed_in_nothing_is_absent_and_waits_for_no_mark() -> None:
    decision = propose("S-01", [mark("q24", None, 4)], [], 1, 0, DAY, present=False)

    assert (decision.outcome, decision.reasons) == ("absent", ("nothing was handed in",))


def test_domain_results_add_up_to_the_written_points() -> None:
    written = [mark("q01", 1), mark("q02", 0.5), mark("q03", 1, statement="QA-2.1")]

    assert propose("S-01", written, [], 1, 0, DAY).domains == {"FC": (1.5, 2.0), "QA": (1.0, 1.0)}


@pytest.mark.parametrize(
    ("confirmed_by", "words"), [("anna", "proposed it"), ("ben", "marked the seat"), ("P001", "sat it")]
)
def test_nobody_confirms_own_work(confirmed_by: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        confirm("S-01", "P001", "anna", confirmed_by, ["engine", "ben"])


def test_a_second_person_may_confirm() -> None:
    confirm("S-01", "P001", "anna", "cara", ["engine", "ben"])
