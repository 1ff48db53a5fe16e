"""From proposed decisions to results, appeals and what they change: one sitting, told to its end.

Beyond 400 lines, since each test goes on from the one before: to hold the sitting and to mark it by program takes 15
of its 23 seconds (two busy cores), and a second file would pay them again and retell the decisions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from grader import certificates, certify, seats, upkeep
from grader.certify import Academy, Candidate, appeals, rating
from grader.demo.cast import CAST, practical_cells, written
from grader.errors import AcademyError, InputError, RuleBroken
from grader.model import Form, Slot

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
SITTING, NEAR, SURE, NEVER = "TL-1", "TL-1-01", "TL-1-02", "TL-1-03"
OFFICE, SECOND, JUDGE, MANAGER = "S1001 Zhao Min", "S1003 Sun Li", "S1005 He Yan", "S1009"
GOOD = CAST[0]


def near_answers(form: Form) -> dict[str, Any]:
    """Right answers worth the most points that stay below the cut, and an essay that people mark."""
    right = written(form, GOOD)
    chosen: dict[str, Any] = {}
    for slot in sorted((one for one in form.slots if one.question.kind != "text"), key=_points):
        if sum(_points(one) for one in form.slots if one.name in chosen) + _points(slot) < form.expected_points - 0.05:
            chosen[slot.name] = right[slot.name]
    return chosen | {one.name: "Listen first." for one in form.slots if one.question.kind == "text"}


def _points(slot: Slot) -> float:
    return slot.question.points


def sit(academy: Academy, seat: str) -> None:
    form = academy.form(SITTING, academy.seat(seat)["form"])
    folder = seats.find(academy.centre.room, seat)
    folder.start(NOW)
    every = {slot.name: slot for slot in form.slots}
    perfect = {name: certify.second_look.right_answer(slot) for name, slot in every.items() if name != "q24"}
    answers = near_answers(form) if seat == NEAR else perfect | {"q24": "先谈核实身份，再谈处理时长"}
    for slot, value in answers.items():
        folder.save(slot, value, NOW)
    notebook = json.loads(folder.practical()["practical.ipynb"])
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = practical_cells(GOOD).get(name, cell["source"])
    folder.hand_in(NOW + timedelta(minutes=5), "candidate", json.dumps(notebook).encode())


def mark(academy: Academy, marker: str, text: float, plan: float, *places: str) -> rating.Taken:
    """All of ``text`` points of an answer on its first criterion that can hold them, and so for the plan."""
    work, _ = rating.to_mark(academy, SITTING, marker)
    given = {}
    for one in work:
        if places and one.place not in places:
            continue
        left, criteria = text if one.slot == "q24" else plan, {}
        for criterion in one.rubric:
            criteria[criterion.id] = min(left, criterion.points)
            left -= criteria[criterion.id]
        given[one.place] = {"criteria": criteria, "note": ""}
    return rating.take(academy, SITTING, marker, given)


def decision(academy: Academy, seat: str) -> dict[str, Any]:
    (row,) = academy.store.rows("decisions", seat=seat)
    return row


def page(academy: Academy, seat: str) -> str:
    return (academy.centre.results / SITTING / f"{seat}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """A sitting of three: one near the cut, one sure, one who never came; marked by program, not yet by people."""
    with Academy(tmp_path_factory.mktemp("centre")) as opened:
        people = {f"A100{n}": {"name": f"Candidate {n}", "manager": MANAGER} for n in (1, 2, 3)}
        people |= {who: {"name": who} for who in ("S1001", "S1003", "S1005", MANAGER)}
        opened.store.append_all([("person.recorded", who, data) for who, data in people.items()], "hr")
        identity = {"name": {"en": "Test Centre", "zh": "测试中心"}, "url": "https://example.com/academy"}
        (opened.centre.root / "centre.json").write_text(json.dumps(identity), "utf-8")
        certify.schedule(
            opened, SITTING, 2, [Candidate("A1001", "en"), Candidate("A1002", "zh"), Candidate("A1003", "en")],
            opens_at=NOW, closes_at=NOW + timedelta(hours=2), minutes=120, purpose="demonstration", by=OFFICE,
            length=24,
        )  # fmt: skip
        for seat in (NEAR, SURE):
            sit(opened, seat)
        certify.close(opened, SITTING, OFFICE, NOW + timedelta(hours=3))
        certify.mark(opened, SITTING)
        yield opened


# The tests go on from each other, as the story of one sitting does.


def test_nothing_is_proposed_while_an_answer_waits_for_a_blind_marker(academy: Academy) -> None:
    mark(academy, "m1", 0, 6)

    with pytest.raises(RuleBroken, match=r"a blind marker is wanted for .*TL-1-01/p5.*; see academy exam rate TL-1"):
        certify.decide(academy, SITTING, OFFICE)

    mark(academy, "m2", 0, 6)


def test_a_score_just_below_its_cut_is_proposed_as_failed_and_waits_for_a_second_look(academy: Academy) -> None:
    proposed = {one.seat: one for one in certify.decide(academy, SITTING, OFFICE)}

    assert {seat: one.outcome for seat, one in proposed.items()} == {NEAR: "fail", SURE: "pass", NEVER: "absent"}
    near = proposed[NEAR]
    assert near.in_band and 0 < near.written_cut - near.written_points <= near.error
    assert [row["seat"] for row in certify.waiting_for_review(academy, SITTING)] == [NEAR]
    assert not proposed[NEVER].in_band and not proposed[SURE].in_band


def test_proposing_the_same_again_leaves_the_proposal_to_who_made_it(academy: Academy) -> None:
    certify.decide(academy, SITTING, JUDGE)

    assert {row["proposed_by"] for row in academy.store.rows("decisions")} == {OFFICE}


def test_a_seat_in_the_band_is_not_confirmed_before_the_second_look_and_the_others_can_be(academy: Academy) -> None:
    with pytest.raises(RuleBroken, match=r"seat TL-1-01 is within one error .* nobody has looked at its marks again"):
        certify.confirm(academy, SITTING, SECOND)

    assert certify.confirm(academy, SITTING, SECOND, [SURE]) == [SURE]
    assert academy.sitting(SITTING)["state"] == "marked"
    with pytest.raises(RuleBroken, match="is marked; this step wants it decided"):
        certify.issue(academy, SITTING, OFFICE)


@pytest.mark.parametrize(
    ("seat", "by", "finding", "says"),
    [
        (SURE, SECOND, "stands", "has no decision in the review band"),
        ("TL-1-09", SECOND, "stands", "there is no seat 'TL-1-09'"),
        (NEAR, SECOND, "fine", "finds that the marks stands or mend, got 'fine'"),
        (NEAR, SECOND, "mend", "a note is wanted"),
        (NEAR, "m1", "stands", "wants a second person, and m1 marked the seat"),
        (NEAR, "A1001 Candidate 1", "stands", "wants a second person, and A1001 Candidate 1 sat it"),
        (NEAR, MANAGER, "stands", "wants somebody impartial, and S1009 manages A1001"),
    ],
)
def test_a_second_look_that_is_none_is_refused(academy: Academy, seat: str, by: str, finding: str, says: str) -> None:
    with pytest.raises(AcademyError, match=says):
        certify.review(academy, seat, by, finding)


def test_a_mark_to_mend_holds_the_decision_until_somebody_looks_again(academy: Academy) -> None:
    certify.review(academy, NEAR, SECOND, "mend", "q03: the answer is right, the unit was missing")
    with pytest.raises(RuleBroken, match="somebody found a mark to mend"):
        certify.confirm(academy, SITTING, SECOND, [NEAR])

    certify.review(academy, NEAR, SECOND, "stands")

    assert decision(academy, NEAR)["finding"] == "stands"


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("S1001 赵敏", "wants a second person, and S1001 赵敏 proposed it"),  # the same person by another name
        ("M1", "wants a second person, and M1 marked the seat"),
        ("S1009", "wants somebody impartial, and S1009 manages A1001"),
        ("A1001", "wants a second person, and A1001 sat it"),
        ("coach", r"wants somebody impartial, and coach taught A1001 \(evening course\)"),
        ("friend", r"wants somebody impartial, and friend has a conflict of interest with A1001 \(related\)"),
    ],
)
def test_whoever_had_a_part_or_is_near_the_candidate_does_not_confirm(academy: Academy, by: str, says: str) -> None:
    academy.store.append("teaching.recorded", "A1001", {"trainer": "coach", "what": "evening course"}, "hr")
    academy.store.append("conflict.declared", "A1001", {"with": "friend", "reason": "related"}, "hr")

    with pytest.raises(RuleBroken, match=says):
        certify.confirm(academy, SITTING, by)


def test_a_mark_that_changes_after_its_seat_was_confirmed_stops_the_sitting_until_it_is_decided_anew(
    academy: Academy,
) -> None:
    (mark_of,) = academy.store.rows("marks", mark=f"{SURE}/q01")
    fact = {name: mark_of[name] for name in ("seat", "slot", "item", "item_version", "statement", "max_points")}
    academy.store.append("mark.given", f"{SURE}/q01", fact | {"points": 0.5, "note": ""}, "m1")

    with pytest.raises(RuleBroken, match="the marks of seat TL-1-02 changed since its decision was proposed"):
        certify.confirm(academy, SITTING, SECOND)

    certify.decide(academy, SITTING, OFFICE)
    assert decision(academy, SURE)["confirmed_by"] is None
    academy.store.append("mark.given", f"{SURE}/q01", fact | {"points": 1.0, "note": ""}, "m1")
    certify.decide(academy, SITTING, OFFICE)
    assert certify.confirm(academy, SITTING, SECOND, [SURE]) == [SURE]


def test_when_the_last_decision_is_confirmed_the_sitting_is_decided(academy: Academy) -> None:
    with pytest.raises(InputError, match="there is no seat 'TL-1-77'"):
        certify.confirm(academy, SITTING, SECOND, ["TL-1-77"])
    with pytest.raises(RuleBroken, match="is marked; this step wants it decided"):
        certify.publish(academy, SITTING, OFFICE)

    assert certify.confirm(academy, SITTING, SECOND) == [NEAR, NEVER]
    assert academy.sitting(SITTING)["state"] == "decided"
    with pytest.raises(RuleBroken, match="is decided; this step wants it marked"):
        certify.decide(academy, SITTING, OFFICE)
    with pytest.raises(RuleBroken, match="every decision of sitting TL-1 is confirmed already"):
        certify.confirm(academy, SITTING, SECOND)
    with pytest.raises(RuleBroken, match=f"{NEAR} is confirmed already"):
        certify.confirm(academy, SITTING, SECOND, [NEAR])


# --- results ---


def test_an_appeal_waits_for_the_published_result(academy: Academy) -> None:
    with pytest.raises(RuleBroken, match="the result of seat TL-1-01 is not published yet"):
        appeals.file(academy, NEAR, OFFICE, "marking", "My essay was marked too low.")


def test_every_candidate_gets_a_page_in_both_languages_with_the_own_result_and_no_key(academy: Academy) -> None:
    first = certify.issue(academy, SITTING, OFFICE).numbers

    paths = certify.publish(academy, SITTING, OFFICE)

    assert [path.stem for path in paths] == [NEAR, SURE, NEVER]
    near, sure, never = (page(academy, seat) for seat in (NEAR, SURE, NEVER))
    assert '<html lang="en">' in near and '<html lang="zh-CN">' in sure
    for words in ("Not passed.", "未通过。", "Candidate 1", "A second person", "复核评分"):
        assert words in near
    assert first[0] in sure and "Passed." in sure and "Absent." in never and "缺考。" in never
    assert (TODAY + timedelta(days=20)).isoformat() in near
    assert "Candidate 2" not in near and SURE not in near
    for slot in academy.form(SITTING, academy.seat(NEAR)["form"]).slots:
        assert slot.question.item_id not in near
        assert slot.question.stem.en not in near and slot.question.stem.zh not in near
    for marker in ("m1", "m2", "S1001", "S1003", "Sun Li"):
        assert not re.search(rf"\b{marker}\b", near)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*paths, paths[0].parent])


def test_publishing_again_moves_no_day(academy: Academy) -> None:
    before = academy.store.events("result.published")

    certify.publish(academy, SITTING, OFFICE, TODAY + timedelta(days=9))

    assert academy.store.events("result.published") == before
    assert (TODAY + timedelta(days=20)).isoformat() in page(academy, NEAR)


# --- appeals ---


@pytest.mark.parametrize(
    ("seat", "ground", "text", "day", "says"),
    [
        ("TL-1-09", "marking", "x", TODAY, "there is no seat 'TL-1-09'"),
        (NEAR, "cut", "too high", TODAY, "rests on one of the grounds procedure, disturbance, .*, got 'cut'"),
        (NEAR, "marking", "  ", TODAY, "says what happened"),
        (NEAR, "marking", "x", TODAY + timedelta(days=21), "the last day for an appeal of seat TL-1-01 was"),
    ],
)
def test_an_appeal_without_ground_or_out_of_time_is_refused(
    academy: Academy, seat: str, ground: str, text: str, day: date, says: str
) -> None:
    with pytest.raises(AcademyError, match=says):
        appeals.file(academy, seat, OFFICE, ground, text, day)

    assert academy.store.rows("appeals") == []


def test_an_appeal_in_time_gets_a_name_and_a_day_by_which_it_is_decided(academy: Academy) -> None:
    name = appeals.file(academy, NEAR, OFFICE, "marking", "My essay was marked too low.", TODAY + timedelta(days=20))

    (row,) = academy.store.rows("appeals")
    assert name == row["appeal"] == "TL-1-01-A1" and row["person"] == "A1001"
    assert row["decide_by"] == (TODAY + timedelta(days=50)).isoformat()
    with pytest.raises(RuleBroken, match="TL-1-01-A1 of seat TL-1-01 is still open"):
        appeals.file(academy, NEAR, OFFICE, "procedure", "And the room was loud.")


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (OFFICE, "proposed the decision that it is against"),
        (SECOND, "looked at its marks|confirmed the decision that it is against"),
        ("m1", "marked the seat"),
        ("A1001", "sat it"),
        (MANAGER, "manages A1001"),
    ],
)
def test_nobody_who_had_a_part_in_the_decision_decides_the_appeal(academy: Academy, by: str, says: str) -> None:
    for step in (
        lambda: appeals.order_remark(academy, "TL-1-01-A1", by),
        lambda: appeals.settle(academy, "TL-1-01-A1", by, "dismissed", "No."),
    ):
        with pytest.raises(RuleBroken, match=says):
            step()


@pytest.mark.parametrize(
    ("outcome", "reason", "says"),
    [
        ("won", "x", "an appeal is upheld or dismissed, got 'won'"),
        ("dismissed", " ", "wants its reason"),
        ("upheld", "She is right.", "have it marked again first"),
    ],
)
def test_an_appeal_is_settled_with_a_reason_and_after_marking_again(
    academy: Academy, outcome: str, reason: str, says: str
) -> None:
    with pytest.raises(AcademyError, match=says):
        appeals.settle(academy, "TL-1-01-A1", JUDGE, outcome, reason)
    with pytest.raises(InputError, match="there is no appeal 'TL-9-A1'; the registry knows TL-1-01-A1"):
        appeals.settle(academy, "TL-9-A1", JUDGE, "dismissed", "No.")


def test_another_marker_marks_again_and_a_changed_mark_is_no_dismissal(academy: Academy) -> None:
    with pytest.raises(InputError, match="has no marked answer q99"):
        appeals.order_remark(academy, "TL-1-01-A1", JUDGE, ["q99"])
    assert appeals.order_remark(academy, "TL-1-01-A1", JUDGE, ["q24"]) == ["q24"]
    with pytest.raises(RuleBroken, match="waits until another marker has marked q24"):
        appeals.settle(academy, "TL-1-01-A1", JUDGE, "upheld", "x")
    assert rating.to_mark(academy, SITTING, "m1")[0] == []

    mark(academy, "m3", 4, 6, f"{NEAR}/q24")

    with pytest.raises(RuleBroken, match="marking again changed q24 of seat TL-1-01"):
        appeals.settle(academy, "TL-1-01-A1", JUDGE, "dismissed", "No.")


def test_nothing_is_decided_anew_before_the_appeal_is_upheld(academy: Academy) -> None:
    with pytest.raises(RuleBroken, match="is decided; this step wants it marked"):
        certify.decide(academy, SITTING, OFFICE)


def test_an_upheld_appeal_opens_the_decision_of_its_seat_alone(academy: Academy) -> None:
    appeals.settle(academy, "TL-1-01-A1", JUDGE, "upheld", "A further marker gave the essay four points.")

    certify.publish(academy, SITTING, OFFICE)  # the other seats' pages; this one is left as it is
    assert "upheld" not in page(academy, NEAR)
    (proposed,) = certify.decide(academy, SITTING, OFFICE)

    assert (proposed.seat, proposed.outcome) == (NEAR, "pass")
    assert [row["seat"] for row in certify.waiting_for_review(academy, SITTING)] == [NEAR]
    with pytest.raises(RuleBroken, match=r"was upheld on .*; it is closed"):
        appeals.settle(academy, "TL-1-01-A1", JUDGE, "dismissed", "No.")


def test_a_mark_that_a_second_look_finds_wrong_after_an_appeal_is_mended_and_proposed_again(academy: Academy) -> None:
    form = academy.form(SITTING, academy.seat(NEAR)["form"])
    worth = {row["slot"]: row["points"] for row in academy.store.rows("marks", seat=NEAR)}
    slot = next(one.name for one in form.slots if worth[one.name] == 1 and one.question.kind == "choice")
    before = decision(academy, NEAR)["written_points"]
    with pytest.raises(RuleBroken, match="nobody found a mark of seat TL-1-01 to mend"):
        certify.mend(academy, NEAR, slot, "mender", "the key is wrong", 0)
    certify.review(academy, NEAR, "looker", "mend", f"{slot}: two options are right")

    for by, points, says in [
        (OFFICE, 0, "S1001 .*proposed it"),
        ("m3", 0, "m3 marked the seat"),
        ("mender", 9, "earns from 0 to 1 points, got 9"),
        ("mender", None, "earns from 0 to 1 points, got None"),
        ("mender", 1, "earns 1 already"),
    ]:
        with pytest.raises(AcademyError, match=says):
            certify.mend(academy, NEAR, slot, by, "the key is wrong", points)
    with pytest.raises(InputError, match="was marked by people and takes no points from here"):
        certify.mend(academy, NEAR, "q24", "mender", "a page was not read", 2)
    told = certify.mend(academy, NEAR, slot, "mender", "the key is wrong", 0)

    assert told == "propose its decision again (academy exam decide TL-1)"
    assert academy.store.events("mark.given", f"{NEAR}/{slot}")[-1].by == "mender"
    with pytest.raises(RuleBroken, match="changed since its decision was proposed"):
        certify.confirm(academy, SITTING, JUDGE)
    certify.decide(academy, SITTING, OFFICE)
    assert (decision(academy, NEAR)["written_points"], decision(academy, NEAR)["finding"]) == (before - 1, None)
    # It was right after all: somebody else looks, and somebody else mends it back.
    certify.review(academy, NEAR, "looker", "mend", f"{slot}: the key is right")
    with pytest.raises(RuleBroken, match="mender marked the seat"):
        certify.mend(academy, NEAR, slot, "mender", "the key is right", 1)
    certify.mend(academy, NEAR, slot, "mender-2", "the key is right", 1)
    certify.decide(academy, SITTING, OFFICE)
    assert (decision(academy, NEAR)["written_points"], decision(academy, NEAR)["outcome"]) == (before, "pass")


@pytest.mark.parametrize(
    ("by", "says"), [(SECOND, "looked at its marks"), (OFFICE, "proposed it"), ("m3", "marked the seat")]
)
def test_who_had_a_part_before_the_appeal_does_not_confirm_after_it(academy: Academy, by: str, says: str) -> None:
    if decision(academy, NEAR)["finding"] is None:
        certify.review(academy, NEAR, JUDGE, "stands")

    with pytest.raises(RuleBroken, match=says):
        certify.confirm(academy, SITTING, by)


def test_the_new_decision_is_confirmed_and_the_certificate_issued(academy: Academy) -> None:
    before = {row["seat"] for row in academy.store.rows("certificates")}

    assert certify.confirm(academy, SITTING, JUDGE) == [NEAR]
    (number,) = certify.issue(academy, SITTING, OFFICE).numbers
    certify.publish(academy, SITTING, OFFICE, TODAY + timedelta(days=30))

    assert before == {SURE} and academy.store.rows("certificates", number=number)[0]["seat"] == NEAR
    text = page(academy, NEAR)
    assert "Passed." in text and number in text and "A further marker gave the essay four points." in text
    assert (TODAY + timedelta(days=50)).isoformat() in text  # against the new decision one may appeal anew
    assert academy.seat(SURE)["published_on"] == TODAY.isoformat()


def test_an_appeal_that_changes_the_points_of_a_pass_replaces_its_certificate(academy: Academy) -> None:
    (old,) = (row["number"] for row in academy.store.rows("certificates", seat=SURE))
    name = appeals.file(academy, SURE, OFFICE, "marking", "两名评分人漏看了第二页")
    assert appeals.order_remark(academy, name, JUDGE)
    mark(academy, "m3", 4, 6)
    appeals.settle(academy, name, JUDGE, "upheld", "第三名评分人给分更高。")
    certify.decide(academy, SITTING, OFFICE)

    certify.confirm(academy, SITTING, JUDGE)
    (new,) = certify.issue(academy, SITTING, OFFICE).numbers

    states = {row["number"]: row["state"] for row in academy.store.rows("certificates", seat=SURE)}
    assert states == {old: "withdrawn", new: "active"} and new != old
    data = (academy.centre.certificates / f"{new}.json").read_bytes()
    assert certificates.verify(data, datetime.now(UTC), academy.issuer_did).ok
    assert certify.issue(academy, SITTING, OFFICE).numbers == ()


def test_a_certificate_that_was_withdrawn_for_another_reason_is_not_issued_again(academy: Academy) -> None:
    (number,) = (row["number"] for row in academy.store.rows("certificates", seat=NEAR))
    academy.store.append("certificate.withdrawn", number, {"reason": "somebody else sat for her"}, "office")

    assert certify.issue(academy, SITTING, OFFICE).numbers == ()


@pytest.mark.parametrize(
    ("by", "slot", "points", "note", "says"),
    [
        ("item-owner", "q77", 1, "x", "has no mark for 'q77'"),
        ("item-owner", "q24", 1, "x", "was marked by a person; have it marked again"),
        ("item-owner", "q02", 9, "x", "earns from 0 to 1 points, got 9"),
        ("item-owner", "q02", float("nan"), "x", "earns from 0 to 1 points, got nan"),
        ("item-owner", "q02", 0, " ", "want a note"),
        ("item-owner", "q02", 1, "x", "q02 earns 1 already; decide the appeal instead"),
        ("m1", "q02", 0, "x", "marked the seat"),
    ],
)
def test_points_beside_the_key_want_a_fault_of_the_question(
    academy: Academy, by: str, slot: str, points: float, note: str, says: str
) -> None:
    if not academy.store.rows("appeals", appeal="TL-1-02-A2"):
        certify.publish(academy, SITTING, OFFICE)
        appeals.file(academy, SURE, OFFICE, "question", "第一题的单位写错了")

    with pytest.raises(AcademyError, match=says):
        appeals.award(academy, "TL-1-02-A2", by, slot, points, note)


def test_a_fault_of_a_question_is_made_good_by_one_decided_by_another_and_confirmed(academy: Academy) -> None:
    before = decision(academy, SURE)["written_points"]

    appeals.award(academy, "TL-1-02-A2", "item-owner", "q02", 0, "two of its options are right")

    with pytest.raises(RuleBroken, match="item-owner marked the seat"):
        appeals.settle(academy, "TL-1-02-A2", "item-owner", "upheld", "x")
    with pytest.raises(RuleBroken, match="marking again changed q02"):
        appeals.settle(academy, "TL-1-02-A2", "judge-2", "dismissed", "x")
    appeals.settle(academy, "TL-1-02-A2", "judge-2", "upheld", "题目有误。")
    certify.decide(academy, SITTING, OFFICE)
    assert certify.confirm(academy, SITTING, "judge-2") == [SURE]
    assert decision(academy, SURE)["written_points"] == before - 1


def test_a_dismissed_appeal_leaves_the_decision_and_is_told_with_its_reason(academy: Academy) -> None:
    name = appeals.file(academy, NEVER, OFFICE, "procedure", "The train was late.")
    before = decision(academy, NEVER)

    appeals.settle(academy, name, JUDGE, "dismissed", "Coming late is not a fault of the room.")
    certify.publish(academy, SITTING, OFFICE)

    assert decision(academy, NEVER) == before
    assert "dismissed" in page(academy, NEVER) and "Coming late is not a fault of the room." in page(academy, NEVER)
    with pytest.raises(RuleBroken, match="on the ground 'procedure' was decided already for this decision"):
        appeals.file(academy, NEVER, OFFICE, "procedure", "The train was late, I say.")
    assert appeals.file(academy, NEVER, OFFICE, "accommodation", "No ramp.") == "TL-1-03-A2"


def test_the_registry_holds_the_whole_story(academy: Academy) -> None:
    assert academy.store.verify() == []
    outcomes = [(row["appeal"], row["outcome"]) for row in academy.store.rows("appeals")]
    assert outcomes == [
        ("TL-1-01-A1", "upheld"),
        ("TL-1-02-A1", "upheld"),
        ("TL-1-02-A2", "upheld"),
        ("TL-1-03-A1", "dismissed"),
        ("TL-1-03-A2", None),
    ]


def test_after_a_candidate_was_redacted_the_others_are_still_told_their_results(academy: Academy) -> None:
    person = academy.seat(NEVER)["person"]
    upkeep.redact(academy.centre, academy.store, person, "asked for it", OFFICE, TODAY, order="the owner of the centre")

    told = certify.publish(academy, SITTING, OFFICE)

    assert {path.stem for path in told} == {NEAR, SURE}
    assert not (academy.centre.results / SITTING / f"{NEVER}.html").exists()
