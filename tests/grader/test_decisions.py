"""A decision follows from marks, cuts and the hurdles of the scheme; near the cut somebody looks again."""

from __future__ import annotations

from datetime import date
from math import comb

import pytest

from grader.decisions import error_at, propose
from grader.errors import RuleBroken
from grader.model import ComplianceRules, Decision, Mark

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
    with pytest.raises(RuleBroken, match="missing for q24; mark it blind"):
        propose("S-01", [mark("q01", 1), mark("q24", None, 4)], [], 1, 0, DAY)


def test_who_handed_in_nothing_is_absent_and_waits_for_no_mark() -> None:
    decision = propose("S-01", [mark("q24", None, 4)], [], 1, 0, DAY, present=False)

    assert (decision.outcome, decision.reasons) == ("absent", ("nothing was handed in",))


def test_domain_results_add_up_to_the_written_points() -> None:
    written = [mark("q01", 1), mark("q02", 0.5), mark("q03", 1, statement="QA-2.1")]

    assert propose("S-01", written, [], 1, 0, DAY).domains == {"FC": (1.5, 2.0), "QA": (1.0, 1.0)}


# --- the compliance set ---

RULES = ComplianceRules(("RK",), ("QA-1.2",), 3)


def form_with_compliance(points: list[float]) -> list[Mark]:
    held = [
        mark(f"q{n:02d}", got, 1, code)
        for n, (got, code) in enumerate(zip(points, ("RK-2.1", "RK-2.2", "QA-1.2"), strict=True))
    ]
    return [*held, *(mark(f"q{n}", 1, 1, "PM-2.1") for n in range(10, 17))]


@pytest.mark.parametrize(
    ("points", "outcome"),
    [
        ([1, 1, 0], "pass"),
        ([1, 0.8, 0], "pass"),  # on its cut: 6 of 10 is 1.8 of 3
        ([1, 0.7, 0], "fail"),
        ([0, 0, 0], "fail"),  # 7 of 10 points in all do not make up for it
    ],
)
def test_the_compliance_set_is_a_hurdle_with_its_share_of_the_cut(points: list[float], outcome: str) -> None:
    decision = propose("S-01", form_with_compliance(points), [], 6, 0, DAY, compliance=RULES)

    assert decision.outcome == outcome
    assert decision.compliance == (pytest.approx(sum(points)), 3, 1.8)
    assert (outcome == "pass") == (decision.reasons == ())


def test_a_form_with_too_few_compliance_questions_has_no_such_hurdle() -> None:
    decision = propose("S-01", form_with_compliance([0, 0, 0])[1:], [], 6, 0, DAY, compliance=RULES)

    assert (decision.outcome, decision.compliance) == ("pass", None)


# --- the review band ---


@pytest.mark.parametrize(("items", "right"), [(10, 5), (40, 30), (80, 50), (100, 61)])
def test_the_error_of_a_score_is_what_binomial_sampling_of_items_has(items: int, right: int) -> None:
    """The square of Lord's error, averaged over every score that somebody of true share p can get, is n p (1 - p)."""
    share = right / items
    chance = [comb(items, x) * share**x * (1 - share) ** (items - x) for x in range(items + 1)]

    squared = sum(p * error_at(x, items, items) ** 2 for x, p in enumerate(chance))

    assert squared == pytest.approx(items * share * (1 - share), rel=1e-9)
    assert error_at(3 * right, 3 * items, items) == pytest.approx(3 * error_at(right, items, items))


@pytest.mark.parametrize(("score", "items"), [(0, 40), (40, 40), (1, 1)])
def test_a_score_at_an_end_and_a_form_of_one_item_have_no_error_to_speak_of(score: float, items: int) -> None:
    assert error_at(score, 40, items) == 0


@pytest.mark.parametrize(
    ("points", "outcome", "in_band"),
    # Lord: 40 items, cut 24: sqrt(24 * 16 / 39) = 3.138
    [(20, "fail", False), (21, "fail", True), (24, "pass", True), (27, "pass", True), (28, "pass", False)],
)
def test_a_score_within_one_error_of_the_cut_is_to_be_looked_at_again(points: int, outcome: str, in_band: bool) -> None:
    written = [mark(f"q{n:02d}", float(n <= points)) for n in range(1, 41)]

    decision = propose("S-01", written, [], 24, 0, DAY, review_sem=1)

    assert (decision.outcome, decision.in_band) == (outcome, in_band)
    assert decision.error == pytest.approx(3.138, abs=5e-4)


def test_who_never_came_is_in_no_band_and_a_scheme_may_have_none() -> None:
    written = [mark(f"q{n:02d}", float(n <= 24)) for n in range(1, 41)]

    assert not propose("S-01", written, [], 24, 0, DAY, review_sem=1, present=False).in_band
    assert not propose("S-01", written, [], 24, 0, DAY, review_sem=0).in_band
