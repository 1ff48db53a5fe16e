"""A question at fault is made good for everybody who had it, not only for the one who appealed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader import certify, nbcourse
from grader.certify import Academy, appeals
from grader.certify.same_question import award_same, same_question
from grader.commands import main
from grader.errors import RuleBroken
from grader.nbcourse import WrittenSlot
from tests.grader.sat_form import SITTING, everybody, office_form, schedule, shown, sit

PEOPLE = ["A1", "A2", "A3", "A4", "A5", "A6"]
NEW = "FC-2.3-i"
"""The question whose second option, b, is right as well: A1, A2, A5 and A6 chose it."""
OFFICE, SECOND, OWNER, JUDGE = "S1001", "S1003", "S1006", "S1005"


def seat(number: int) -> str:
    return f"{SITTING}-{number:03d}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six people sat; five decisions are confirmed, the last one waits for somebody else."""
    folder = tmp_path_factory.mktemp("made") / "centre"
    with Academy(folder) as opened:
        facts = [("person.recorded", who, {"name": f"Name of {who}"}) for who in PEOPLE]
        facts += [("person.recorded", who, {"name": f"Name of {who}"}) for who in (OFFICE, SECOND, OWNER, JUDGE)]
        opened.store.append_all(facts, "hr")
        (opened.centre.root / "centre.json").write_text(
            json.dumps({"name": {"en": "Hall", "zh": "厅"}, "url": "https://example.com/a"}), "utf-8"
        )
        nbcourse.create(opened.centre.course, course_id="academy", exchange=opened.centre.exchange)
        form = office_form(opened)
        slots = [WrittenSlot(one.name, one.question.points, by_hand=False) for one in form.slots]
        nbcourse.publish(opened.centre.course, SITTING, {"written.ipynb": nbcourse.written_notebook(slots)})
        opened.write_office(SITTING, "practical.json", {"id": "p", "version": 1, "points": {}, "hand": {}})
        schedule(opened, form, PEOPLE)
        given = everybody(form, 6)
        (slot,) = [one.name for one in form.slots if one.question.item_id == NEW]
        for number, answers in enumerate(given, start=1):
            answers[slot] = shown(form, slot, "b" if number in (1, 2, 5, 6) else "a")
        sit(opened, form, given)
        certify.decide(opened, SITTING, OFFICE)
        for row in certify.waiting_for_review(opened, SITTING):
            certify.review(opened, row["seat"], SECOND, "stands")
        certify.confirm(opened, SITTING, SECOND, [seat(number) for number in range(1, 6)])
    return folder


@pytest.fixture
def academy(made: Path, tmp_path: Path) -> Iterator[Academy]:
    """A copy of that centre."""
    shutil.copytree(made, tmp_path / "centre")
    with Academy(tmp_path / "centre") as opened:
        yield opened


@pytest.fixture
def appeal(academy: Academy) -> str:
    """A1's appeal over the question, upheld."""
    certify.confirm(academy, SITTING, SECOND)
    certify.publish(academy, SITTING, OFFICE)
    name = appeals.file(academy, seat(1), OFFICE, "question", "b is right, too")
    appeals.award(academy, name, OWNER, slot_of(academy), 1, "b is a right answer as well")
    appeals.settle(academy, name, JUDGE, "upheld", "Two options are right.")
    return name


def slot_of(academy: Academy) -> str:
    (mark,) = academy.store.rows("marks", seat=seat(1), item=NEW)
    return str(mark["slot"])


def points(academy: Academy, number: int) -> float:
    (mark,) = academy.store.rows("marks", seat=seat(number), item=NEW)
    return float(mark["points"])


def test_the_others_who_had_the_question_are_found(academy: Academy, appeal: str) -> None:
    found = same_question(academy, appeal)

    assert [(one.seat, one.person, one.points, one.worth) for one in found] == [
        (seat(2), "A2", 0.0, 1.0),
        (seat(5), "A5", 0.0, 1.0),
        (seat(6), "A6", 0.0, 1.0),
    ]
    assert all(one.slot == slot_of(academy) and one.decided for one in found)
    assert appeals.others(academy, appeal) == 3


def test_each_gets_the_same_as_a_fact_of_its_own_and_the_decision_opens_again(academy: Academy, appeal: str) -> None:
    before = {row["seat"]: row["written_points"] for row in academy.store.rows("decisions")}

    done = award_same(academy, appeal, "S1007")

    assert [one.left for one in done] == ["", "", ""] and [points(academy, n) for n in range(1, 7)] == [1.0] * 6
    assert same_question(academy, appeal) == []
    rows = {row["appeal"]: row for row in academy.store.rows("appeals")}
    assert {name: row["outcome"] for name, row in rows.items()} == dict.fromkeys(
        [appeal, *(f"{seat(number)}-A1" for number in (2, 5, 6))], "upheld"
    )
    assert rows[f"{seat(2)}-A1"]["reason"] == "Two options are right."
    assert academy.store.events("mark.given", f"{seat(2)}/{slot_of(academy)}")[-1].by == "S1007"
    proposed = certify.decide(academy, SITTING, OFFICE)
    assert {one.seat: one.written_points for one in proposed} == {
        one: before[one] + 1 for one in (seat(1), seat(2), seat(5), seat(6))
    }
    with pytest.raises(RuleBroken, match="S1007 marked the seat"):
        certify.confirm(academy, SITTING, "S1007", [seat(2)])
    for row in certify.waiting_for_review(academy, SITTING):
        certify.review(academy, row["seat"], "S1008", "stands")
    assert len(certify.confirm(academy, SITTING, "S1008")) == 4
    certify.publish(academy, SITTING, OFFICE)
    own, others = ((academy.centre.results / SITTING / f"{seat(one)}.html").read_text("utf-8") for one in (1, 5))
    assert "Two options are right." in others and academy.store.verify() == []
    assert "Set right on" in others and "您不必再申诉" in others and "Appeal of" not in others
    assert "Appeal of" in own and "Set right on" not in own


def test_who_is_not_independent_leaves_that_seat_to_somebody_else(academy: Academy, appeal: str) -> None:
    academy.store.append("teaching.recorded", "A5", {"trainer": "S1007", "what": "the lessons in May"}, "hr")
    pending = appeals.file(academy, seat(6), OFFICE, "procedure", "the lamp flickered")

    done = {one.seat: one.left for one in award_same(academy, appeal, "S1007", "b is right as well")}

    assert done[seat(2)] == "" and "S1007 taught A5" in done[seat(5)] and f"appeal {pending} is open" in done[seat(6)]
    assert [one.seat for one in same_question(academy, appeal)] == [seat(5), seat(6)]
    assert next(one.left for one in award_same(academy, appeal, SECOND)).startswith(f"seat {seat(5)} wants a second")
    assert len(award_same(academy, appeal, "S1008")) == 2 and points(academy, 5) == 1 and points(academy, 6) == 0


def test_before_a_decision_is_confirmed_the_mark_alone_is_given(academy: Academy) -> None:
    # As if the sitting were decided: A6's own decision waits for somebody else to confirm it.
    academy.store.append("sitting.decided", SITTING, {}, OFFICE)
    certify.publish(academy, SITTING, OFFICE)
    name = appeals.file(academy, seat(1), OFFICE, "question", "b is right, too")
    appeals.award(academy, name, OWNER, slot_of(academy), 1, "b is a right answer as well")
    appeals.settle(academy, name, JUDGE, "upheld", "Two options are right.")

    (last,) = [one for one in award_same(academy, name, "S1007") if one.seat == seat(6)]

    assert not last.decided and points(academy, 6) == 1 and academy.store.rows("appeals", seat=seat(6)) == []


def test_only_an_upheld_appeal_that_gave_a_question_other_points_concerns_others(academy: Academy, appeal: str) -> None:
    other = appeals.file(academy, seat(3), OFFICE, "procedure", "the lamp flickered")

    unclear = appeals.file(academy, seat(4), OFFICE, "question", "I did not understand it")

    with pytest.raises(RuleBroken, match="is about a question; give its answer other points first"):
        appeals.settle(academy, unclear, JUDGE, "upheld", "It was unclear.")
    with pytest.raises(RuleBroken, match=f"the appeal {other} is open"):
        same_question(academy, other)
    appeals.settle(academy, other, JUDGE, "upheld", "It did.")
    with pytest.raises(RuleBroken, match="gave no question other points than its key"):
        same_question(academy, other)
    with pytest.raises(RuleBroken, match="TL-9-A1 is not known to the registry"):
        same_question(academy, "TL-9-A1")


def test_the_command_lists_awards_and_says_what_comes_next(
    academy: Academy, appeal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*words: str) -> str:
        assert main(["exam", "appeal", "same", appeal, *words, "--centre", str(academy.centre.root)]) == 0
        return capsys.readouterr().out

    listed = typed()
    assert listed.count("opens again") == 3 and f"academy exam appeal same {appeal} --award --by WHO" in listed
    told: dict[str, Any] = json.loads(typed("--award", "--by", "S1007", "--json"))
    assert [one["seat"] for one in told["seats"]] == [seat(2), seat(5), seat(6)]
    assert typed() == "Nobody else had this question and earned less on it.\n"
