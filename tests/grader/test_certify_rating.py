"""Blind marking in a real sitting: who gets which answers, what is refused, what settles, and what is marked again.

Beyond 400 lines, since it is one sitting, marked step by step: to hold the sitting and to mark it by program takes 16
of its 27 seconds (two busy cores), and a second file would pay them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader import certify, nbcourse, seats
from grader.certify import Academy, Candidate, booklet, rating
from grader.certify.handwork import works
from grader.certify.marks import untaken
from grader.commands import main
from grader.errors import AcademyError, InputError, RuleBroken
from grader.model import Question
from grader.notebooks import render_html

NOW = datetime.now(UTC).replace(microsecond=0)
SITTING, MANAGER = "TL-1", "S2001"
WORDS = {"A1001": "Identity first: <b>once</b> & again {{about}}", "A1002": "先谈核实身份", "A1003": "先表扬"}
PLAN = {"A1001": "Goal: 10 of 10 by Friday", "A1002": "周五前10通做到10通", "A1003": "以后多加小心"}


def sit(academy: Academy, seat: str, person: str) -> None:
    folder = seats.find(academy.centre.room, seat)
    folder.start(NOW)
    if person in WORDS:
        folder.save("q24", WORDS[person], NOW)
    notebook = json.loads(folder.practical()["practical.ipynb"])
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "p5" and person in PLAN:
            cell["source"] = PLAN[person]
    folder.hand_in(NOW + timedelta(minutes=5), "candidate", json.dumps(notebook).encode())


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """Four candidates handed in; the fourth wrote nothing. Marked by program, no answer marked by a person."""
    with Academy(tmp_path_factory.mktemp("centre")) as opened:
        people = {person: {"name": f"Name of {person}", "manager": "S2009"} for person in ("A1001", "A1002", "A1004")}
        people["A1003"] = {"name": "Name of A1003", "manager": MANAGER}
        people[MANAGER] = {"name": "Lin Tao"}
        opened.store.append_all([("person.recorded", who, data) for who, data in people.items()], "hr")
        languages = {"A1001": "en", "A1002": "zh", "A1003": "zh", "A1004": "en"}
        cards = certify.schedule(
            opened, SITTING, 2, [Candidate(*one) for one in languages.items()], opens_at=NOW,
            closes_at=NOW + timedelta(hours=2), minutes=120, purpose="demonstration", by="office", length=24,
        )  # fmt: skip
        for card in cards:
            sit(opened, card.seat, card.person)
        certify.close(opened, SITTING, "office")
        certify.mark(opened, SITTING)
        yield opened


def page(academy: Academy, marker: str, language: str = "en") -> str:
    return booklet.booklet(academy, SITTING, marker, language).html


def names_in(html: str) -> list[str]:
    return re.findall(r'<article data-answer="(\w+)"', html)


def saved(academy: Academy, marker: str, points: Mapping[str, Mapping[str, float]]) -> bytes:
    """The file of marks as the page of ``marker`` saves it, for answers named ``seat/slot``."""
    about = json.loads(re.findall(r'id="about">(.+?)</script>', page(academy, marker))[0])
    name = booklet._tokens(academy, SITTING, marker)
    marks = [{"answer": name(place), "criteria": dict(given), "note": ""} for place, given in points.items()]
    return json.dumps({**about, "marks": marks}).encode()


def give(academy: Academy, marker: str, points: Mapping[str, Mapping[str, float]]) -> rating.Taken:
    data = saved(academy, marker, points)
    return rating.take(academy, SITTING, marker, booklet.read_marks(academy, SITTING, marker, data))


def text(*points: float) -> dict[str, float]:
    return dict(zip("abcd", points, strict=True))


def plan(*points: float) -> dict[str, float]:
    return dict(zip("abcdef", points, strict=True))


def standing(academy: Academy) -> dict[str, tuple[float | None, int]]:
    return {one.place: (one.standing.points, one.standing.wanted) for one in works(academy, SITTING)}


def written(academy: Academy) -> list[Question]:
    """The questions of the forms that are answered in words and were answered."""
    forms = [academy.form(SITTING, row["form"]) for row in academy.seats(SITTING) if row["person"] != "A1004"]
    return [slot.question for form in forms for slot in form.slots if slot.question.kind == "text"]


def mark_of(academy: Academy, place: str) -> dict[str, Any]:
    (row,) = academy.store.rows("marks", mark=place)
    return row


# The tests go on from each other, as the marking of one sitting does.


def test_each_answer_is_in_the_booklet_once_and_blank_ones_are_in_none(academy: Academy) -> None:
    made = booklet.booklet(academy, SITTING, "m1", "en")

    assert made.answers == len(set(names_in(made.html))) == 6
    assert sorted(standing(academy)) == [f"TL-1-0{seat}/{slot}" for seat in (1, 2, 3) for slot in ("p5", "q24")]
    assert {mark_of(academy, f"TL-1-04/{slot}")["points"] for slot in ("p5", "q24")} == {0}


def test_a_booklet_tells_neither_names_nor_seats_nor_forms_and_shows_answers_as_they_were_typed(
    academy: Academy,
) -> None:
    html = page(academy, "m1")

    for told in ("A1001", "A1002", "Name of", "TL-1-0", "TL-1-F"):
        assert told not in html
    assert "Identity first: &lt;b&gt;once&lt;/b&gt; &amp; again {{about}}" in html
    for words in (WORDS["A1002"], PLAN["A1003"], "发现", "interval_report.csv"):
        assert words in html
    for question in written(academy):
        assert any(render_html(question.rubric[0].text.say(language)) in html for language in ("en", "zh"))


def test_a_booklet_of_a_chinese_marker_is_in_chinese(academy: Academy) -> None:
    html = page(academy, "m1", "zh")

    assert '<html lang="zh-CN">' in html and "盲评评分册" in html and "Save the file" not in html


def test_a_booklet_is_the_same_when_it_is_made_again_and_each_marker_has_names_and_an_order_of_their_own(
    academy: Academy,
) -> None:
    mine, again, theirs = (names_in(page(academy, marker)) for marker in ("m1", " M1", "m2"))

    assert mine == again
    assert set(mine).isdisjoint(theirs)
    orders = set()
    for number in range(12):
        name = booklet._tokens(academy, SITTING, f"marker {number}")
        orders.add(tuple(sorted(("TL-1-02/q24", "TL-1-03/q24"), key=name)))
    assert len(orders) == 2


def test_who_manages_a_candidate_does_not_get_the_answers_and_who_sits_gets_none(academy: Academy) -> None:
    made = booklet.booklet(academy, SITTING, "S2001 Lin Tao", "en")

    assert (made.answers, made.withheld) == (4, 2)
    assert PLAN["A1003"] not in made.html
    with pytest.raises(RuleBroken, match="A1004 has a seat in sitting TL-1 and marks nobody in it"):
        page(academy, "A1004")
    with pytest.raises(RuleBroken, match="manages A1003: somebody else has to mark"):
        rating.take(academy, SITTING, MANAGER, {"TL-1-03/q24": {"criteria": text(1, 1, 1, 1)}})


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (text(1, 1, 1, 2), "criterion d takes 0 to 1 points in steps of 0.5, got 2"),
        (text(1, 1, 1, -0.5), "criterion d takes 0 to 1 points"),
        (text(1, 1, 1, 0.3), "in steps of 0.5, got 0.3"),
        ({"a": 1}, "each of the criteria a, b, c, d wants points, got them for a"),
        ({**text(1, 1, 1, 1), "e": 1}, "each of the criteria"),
        ({**text(1, 1, 1, 1), "d": True}, "got True"),
        ({**text(1, 1, 1, 1), "d": "1"}, "got 1"),
        ({**text(1, 1, 1, 1), "d": float("nan")}, "got nan"),
    ],
)
def test_points_that_the_rubric_does_not_know_are_refused_and_nothing_is_entered(
    academy: Academy, points: dict[str, float], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        give(academy, "m1", {"TL-1-01/q24": text(1, 1, 1, 1), "TL-1-02/q24": points})

    assert academy.store.events("mark.blind") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda file: file.replace(b'"m1"', b'"m2"'), "holds marks of m2 for sitting TL-1, not of m1 for TL-1"),
        (lambda file: file.replace(b'"TL-1"', b'"TL-2"'), "for sitting TL-2, not of m1"),
        (lambda file: file.replace(b'"answer": "', b'"answer": "f00'), "an answer f00"),
        (lambda file: file[:-3], "no file of marks"),
        (lambda file: b"\xff\xfe", "no file of marks"),
        (lambda file: b"[]", "no file of marks"),
        (lambda file: b"[" * 100_000, "no file of marks"),
        (lambda file: b'{"marker": "m1", "sitting": "TL-1", "marks": [{"answer": "x"}]}', "no file of marks"),
        (lambda file: file.replace(b"[{", b"[{}, {"), "no file of marks"),
    ],
)
def test_a_file_that_is_not_this_markers_is_refused(academy: Academy, change: Any, says: str) -> None:
    file = change(saved(academy, "m1", {"TL-1-01/q24": text(1, 1, 1, 1)}))

    with pytest.raises(InputError, match=says):
        booklet.read_marks(academy, SITTING, "m1", file)


def test_a_file_that_names_an_answer_twice_is_refused(academy: Academy) -> None:
    file = json.loads(saved(academy, "m1", {"TL-1-01/q24": text(1, 1, 1, 1)}))
    file["marks"] *= 2

    with pytest.raises(InputError, match="names an answer twice"):
        booklet.read_marks(academy, SITTING, "m1", json.dumps(file).encode())


def test_one_mark_settles_nothing_and_the_marker_does_not_see_the_answer_again(academy: Academy) -> None:
    done = give(
        academy,
        "m1",
        {
            "TL-1-01/q24": text(1, 1, 1, 0.5),
            "TL-1-02/q24": text(1, 1, 1, 1),
            "TL-1-02/p5": plan(1, 1, 1, 1, 1, 1),
            "TL-1-03/q24": text(0, 0, 0, 0),
        },
    )

    assert (len(done.taken), done.settled) == (4, ())
    assert set(names_in(page(academy, "m1"))) == {
        booklet._tokens(academy, SITTING, "m1")(f"TL-1-0{n}/p5") for n in (1, 3)
    }
    assert len(names_in(page(academy, "m2"))) == 6
    assert academy.store.rows("marks", mark="TL-1-01/q24") == []


def test_marks_that_come_twice_are_known_and_a_changed_one_is_refused(academy: Academy) -> None:
    assert give(academy, "M1", {"TL-1-01/q24": text(1, 1, 1, 0.5)}).known == ("TL-1-01/q24",)
    with pytest.raises(RuleBroken, match="TL-1-01/q24: m1 gave another mark for it before, and a mark stands"):
        give(academy, "m1", {"TL-1-01/q24": text(1, 1, 1, 1)})

    assert len(academy.store.events("mark.blind")) == 4


def test_two_near_marks_settle_on_their_mean_and_two_far_ones_want_a_third(academy: Academy) -> None:
    done = give(
        academy,
        "m2",
        {
            "TL-1-01/q24": text(1, 1, 1, 0),
            "TL-1-02/q24": text(1, 0.5, 1, 0),
            "TL-1-02/p5": plan(1, 1, 1, 1, 1, 0.5),
            "TL-1-03/q24": text(0, 0, 0.5, 0),
        },
    )

    assert set(done.settled) == {"TL-1-01/q24", "TL-1-02/p5", "TL-1-03/q24"}
    assert done.another == ("TL-1-02/q24",)
    row = mark_of(academy, "TL-1-01/q24")
    assert (row["points"], row["marker"]) == (3.25, "markers")
    assert row["note"] == "the markers gave 3.5 and 3: their mean"
    assert mark_of(academy, "TL-1-02/p5")["points"] == 5.75
    assert standing(academy)["TL-1-02/q24"] == (None, 1)


def test_only_a_third_marker_gets_the_answer_on_which_two_differ(academy: Academy) -> None:
    third = booklet._tokens(academy, SITTING, "m3")

    assert third("TL-1-02/q24") in names_in(page(academy, "m3"))
    assert third("TL-1-01/q24") not in names_in(page(academy, "m3"))
    assert not {booklet._tokens(academy, SITTING, who)("TL-1-02/q24") for who in ("m1", "m2")} & {
        *names_in(page(academy, "m1")),
        *names_in(page(academy, "m2")),
    }


def test_a_mark_for_an_answer_that_has_all_its_marks_comes_too_late_and_is_not_kept(academy: Academy) -> None:
    done = give(academy, "m3", {"TL-1-01/q24": text(0, 0, 0, 0)})

    assert (done.taken, done.late) == ((), ("TL-1-01/q24",))
    assert mark_of(academy, "TL-1-01/q24")["points"] == 3.25


def test_nothing_is_decided_while_an_answer_waits_for_a_marker(academy: Academy) -> None:
    assert rating.waiting(academy, SITTING) == ["TL-1-01/p5", "TL-1-02/q24", "TL-1-03/p5"]


def test_the_third_mark_settles_with_the_nearer_of_the_others(academy: Academy) -> None:
    done = give(academy, "m3", {"TL-1-02/q24": text(1, 1, 1, 0.5)})  # 3.5 beside 4 and 2.5

    assert done.settled == ("TL-1-02/q24",)
    assert mark_of(academy, "TL-1-02/q24")["points"] == 3.75


def test_marks_on_both_sides_of_the_cut_want_a_third_though_they_are_near(academy: Academy) -> None:
    # The practical's cut is 60 % of 16 points, 9.6; nobody who left tasks 1 to 4 empty comes near it, so the cut is
    # brought to what the plan alone can decide.
    about = academy.store.events("sitting.scheduled", SITTING)[-1].data
    academy.store.append("sitting.scheduled", SITTING, {**about, "cut_practical_percent": 25}, "office")  # 4 points
    for marker, last in (("m1", 0.0), ("m2", 0.5)):
        give(academy, marker, {"TL-1-01/p5": plan(1, 1, 1, 0.5, 0, last), "TL-1-03/p5": plan(1, 1, 1, 1, 1, last)})

    assert mark_of(academy, "TL-1-03/p5")["points"] == 5.25
    assert standing(academy)["TL-1-01/p5"] == (None, 1)  # 3.5 fails, 4 passes
    assert "on both sides of the cut" in next(
        one.standing.why for one in works(academy, SITTING) if one.place == "TL-1-01/p5"
    )
    give(academy, "m3", {"TL-1-01/p5": plan(1, 1, 1, 1, 0, 0)})
    assert mark_of(academy, "TL-1-01/p5")["points"] == 4
    assert rating.waiting(academy, SITTING) == []


@pytest.mark.parametrize(
    ("person", "notebook", "cell", "marker", "says"),
    [
        ("A1001", "written", "q24", "lin", "TL-1-01/q24 is marked blind"),
        ("A1003", "practical", "p1", MANAGER, "S2001 manages A1003 and cannot mark TL-1-03"),
    ],
)
def test_formgrader_is_no_way_round_blind_marking_or_a_conflict_of_interest(
    academy: Academy, person: str, notebook: str, cell: str, marker: str, says: str
) -> None:
    nbcourse.set_manual_score(academy.centre.course, SITTING, person, notebook, cell, 1)
    try:
        with pytest.raises(RuleBroken, match=says):
            certify.take_manual_marks(academy, SITTING, marker)
    finally:
        unset(academy, person, notebook, cell)

    assert mark_of(academy, "TL-1-01/q24")["points"] == 3.25


def unset(academy: Academy, person: str, notebook: str, cell: str) -> None:
    from grader.nbcourse._convert import gradebook

    with gradebook(academy.centre.course) as book:
        book.find_grade(cell, notebook, SITTING, person).manual_score = None
        book.db.commit()


def test_marking_by_program_again_leaves_settled_marks_alone(academy: Academy) -> None:
    before = len(academy.store.events("mark.given"))

    certify.mark(academy, SITTING)

    assert len(academy.store.events("mark.given")) == before


def test_how_far_markers_agree_is_told_by_question_and_by_marker(academy: Academy) -> None:
    found = rating.compare(academy, SITTING)

    assert (found.answers, found.settled, found.wanted) == (6, 6, 0)
    assert found.overall is not None and found.overall.answers == 6
    # q24: 3.5|3, 4|2.5, 0|0.5 and p5: 3.5|4, 6|5.5, 5|5.5 by m1|m2
    plan_ = "p5  Task 5 (6 points): coaching plan"
    items = {question.item_id for question in written(academy)}
    assert set(found.by_question) == {*items, plan_}
    assert "p5  第5题（6分）：辅导计划" in rating.compare(academy, SITTING, "zh").by_question
    assert found.by_question[plan_].within == 1
    texts = [found.by_question[item] for item in items]
    assert sum(one.within * one.answers for one in texts) == pytest.approx(2) and sum(one.answers for one in texts) == 3
    assert found.by_marker["m1"].lean == pytest.approx((0.5 + 1.5 - 0.5 - 0.5 + 0.5 - 0.5) / 6)
    assert found.by_marker["m2"].lean == pytest.approx(-found.by_marker["m1"].lean)


def test_an_answer_that_is_marked_again_goes_to_a_marker_who_has_not_seen_it_and_settles_anew(
    academy: Academy,
) -> None:
    rating.remark(academy, "TL-1-03", ["q24"], "office", "appeal 1")

    assert (
        rating.remarking(academy, "TL-1-03")
        == ["q24"]
        == [place.split("/")[1] for place in rating.waiting(academy, SITTING)]
    )
    assert names_in(page(academy, "m1")) == []
    assert booklet.booklet(academy, SITTING, MANAGER, "en").withheld == 1
    assert names_in(page(academy, "m3")) == [booklet._tokens(academy, SITTING, "m3")("TL-1-03/q24")]
    give(academy, "m3", {"TL-1-03/q24": text(1, 1, 0, 0)})  # 2 beside 0 and 0.5
    assert mark_of(academy, "TL-1-03/q24")["points"] == 1.25
    assert rating.remarking(academy, "TL-1-03") == []


def test_whoever_ordered_that_an_answer_is_marked_again_does_not_mark_it(academy: Academy) -> None:
    rating.remark(academy, "TL-1-03", ["q24"], "S1009 He Yan", "appeal 3")

    with pytest.raises(RuleBroken, match="S1009 He Yan ordered that this answer is marked again; somebody else has to"):
        page(academy, "S1009 He Yan")
    with pytest.raises(RuleBroken, match="TL-1-03/q24: S1009 he yan ordered that it is marked again"):
        rating.take(academy, SITTING, "S1009 he yan", {"TL-1-03/q24": {"criteria": text(1, 1, 0, 0), "note": ""}})
    give(academy, "m5", {"TL-1-03/q24": text(0, 1, 0, 0)})
    assert rating.remarking(academy, "TL-1-03") == []


def test_points_that_a_rubric_does_not_know_are_told_with_the_answer_but_not_with_its_seat(
    academy: Academy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rating.remark(academy, "TL-1-03", ["q24"], "office", "appeal 4")
    name = booklet._tokens(academy, SITTING, "m6")("TL-1-03/q24")
    marks: dict[str, Any] = {"booklet": 1, "sitting": SITTING, "marker": "m6"}
    marks |= {"marks": [{"answer": name, "criteria": {"a": 9, "b": 1, "c": 1, "d": 1}, "note": ""}]}
    (tmp_path / "marks.json").write_text(json.dumps(marks))
    words = ["--by", "m6", "--take", str(tmp_path / "marks.json"), "--centre", str(academy.centre.root)]

    assert main(["exam", "rate", SITTING, *words]) == 2

    said = capsys.readouterr().err
    assert said.startswith("academy: answer 1 in marks.json: criterion a takes 0 to 1 points") and "TL-1-03" not in said
    give(academy, "m6", {"TL-1-03/q24": text(0, 1, 0, 0)})


@pytest.mark.parametrize(
    ("seat", "slots", "says"),
    [
        ("TL-1-03", ["q01"], "q01 was not marked by a person's rubric"),
        ("TL-1-03", ["q77"], "seat TL-1-03 has no mark for 'q77'"),
        ("TL-1-03", [], "at least one answer"),
        ("TL-1-04", ["q24"], "TL-1-04/q24 was not marked by a person's rubric"),
        ("TL-9-01", ["q24"], "there is no seat 'TL-9-01'"),
    ],
)
def test_what_no_person_marked_is_not_marked_again(academy: Academy, seat: str, slots: list[str], says: str) -> None:
    with pytest.raises(AcademyError, match=says):
        rating.remark(academy, seat, slots, "office")

    assert rating.remarking(academy, "TL-1-03") == []
    assert (rating.remarkable(academy, "TL-1-03"), rating.remarkable(academy, "TL-1-04")) == (["q24", "p5"], [])


def test_the_registry_is_whole_after_all_this(academy: Academy) -> None:
    assert academy.store.verify() == []
    assert {event.by for event in academy.store.events("mark.blind")} == {"m1", "m2", "m3", "m5", "m6"}


def test_a_mark_that_two_commands_take_in_at_the_same_moment_counts_once(academy: Academy) -> None:
    event = academy.store.events("mark.blind", "TL-1-01/q24/m1")[0]
    academy.store.append("mark.blind", event.subject, event.data, "m1")

    assert [mark.marker for mark in works(academy, SITTING)[0].marks] == ["m1", "m2"]
    assert mark_of(academy, "TL-1-01/q24")["points"] == 3.25


def test_a_certificate_of_a_level_with_two_markers_wants_blind_marks_only(academy: Academy) -> None:
    about = academy.store.events("sitting.scheduled", SITTING)[-1].data
    academy.store.append("sitting.scheduled", SITTING, {**about, "purpose": "certification"}, "office")
    rating.remark(academy, "TL-1-02", ["p5"], "office", "appeal 2")
    assert rating.waiting(academy, SITTING) == ["TL-1-02/p5"]

    # Somebody without a staff number could be anybody, the same marker twice among them.
    with pytest.raises(RuleBroken, match="people whom the registry knows, and 'm4' is none"):
        page(academy, "m4")
    assert len(names_in(page(academy, "S2001 林涛"))) == 1

    # A whole blank answer earned 0 by program; a person's mark for it is an answer marked with the name in sight.
    nbcourse.set_manual_score(academy.centre.course, SITTING, "A1004", "written", "q24", 4)
    try:
        with pytest.raises(RuleBroken, match="TL-1-04/q24 is marked blind"):
            certify.take_manual_marks(academy, SITTING, "lin")
        assert "TL-1-04/q24" not in untaken(academy, SITTING)
    finally:
        unset(academy, "A1004", "written", "q24")
        academy.store.append("sitting.scheduled", SITTING, about, "office")


def test_the_command_tells_progress_and_agreement_in_a_table_and_in_json(
    academy: Academy, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["exam", "rate", SITTING, "--report", "--centre", str(academy.centre.root)]

    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5 of 6 answers settled, 1 mark still to be given"
    assert any(line.startswith("p5  Task 5 (6 points): coaching plan ") for line in lines) and any(
        line.startswith("m1 ") for line in lines
    )
    assert lines[-1] == "Below 30 answers these figures describe and prove nothing."
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["answers"], told["wanted"], told["overall"]["answers"]) == (6, 1, 6)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["TL-9", "--by", "m1"], "there is no sitting 'TL-9'"),
        (["TL-9", "--by", "m1", "--take", "{file}"], "the file holds marks of m1 for sitting TL-1, not of m1 for TL-9"),
        (["TL-1", "--by", "m1", "--take", "nowhere.json"], "nowhere.json cannot be read"),
        (["TL-1", "--by", " "], "--by names the person who does this, got an empty text"),
        (["TL-1", "--by", "m4", "--folder", "/dev/null/x"], "cannot be written"),
    ],
)
def test_what_the_command_cannot_do_is_said_in_one_sentence(
    academy: Academy, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], says: str
) -> None:
    (tmp_path / "marks.json").write_bytes(saved(academy, "m1", {}))
    words = [word.replace("{file}", str(tmp_path / "marks.json")) for word in words]

    assert main(["exam", "rate", *words, "--centre", str(academy.centre.root)]) == 2

    assert says in capsys.readouterr().err
    assert not (academy.centre.office / "TL-9").exists()
