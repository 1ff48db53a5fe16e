"""Work products from schedule to decision: files in time, late and missing, blind marks, an interview, the hurdle."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from grader import certify, seats
from grader.certify import Academy, Candidate, appeals, assembly, booklet, interview, rating, results, work, workdays
from grader.certify.handwork import works
from grader.errors import InputError
from tests.grader.generated_bank import FRAMEWORK, SCHEME, bank
from tests.grader.work_sitting import (
    FILES,
    NOW,
    after_the_exam,
    before_end,
    before_the_exam,
    days_ago,
    either,
    file,
    give,
    opened,
    refusal,
    sit,
)

academy = pytest.fixture(before_the_exam)
sat = pytest.fixture(after_the_exam)
level = pytest.fixture(either, params=[4, 5])


def test_a_sitting_goes_from_schedule_to_decision(sat: Academy, level: int, capsys: pytest.CaptureFixture[str]) -> None:
    came = before_end(sat)
    for seat in ("W-01", "W-02"):
        taken = work.hand_in(sat, seat, [file(name, f"work of {seat}") for name in FILES[level]], "office", came)
        assert [late for _, late in taken] == [False] * len(FILES[level])
    late = work.hand_in(sat, "W-03", [file(FILES[level][0])], "office")
    assert [late for _, late in late] == [True]
    certify.mark(sat, "W")

    # Two markers, blind; the third seat's parts have earned 0 for missing.
    parts = ["w1", "w2", "w3"] if level == 4 else ["w1"]
    places = [f"{seat}/{part}" for seat in ("W-01", "W-02") for part in parts]
    assert [one.place for one in works(sat, "W") if one.part == "practical"] == places
    good = {place: 3 if place.startswith("W-01") else 1.5 for place in places}
    for marker in ("S1", "S2"):
        give(sat, marker, good)
    assert not rating.waiting(sat, "W")
    if level == 5:
        assert "the interview of seat W-01 has 0 of 3 marks" in refusal(certify.decide, sat, "W", "office")
        for seat, points in (("W-01", 3), ("W-02", 2)):
            for member in ("S3", "S4", "S5"):
                interview.give(sat, seat, member, dict.fromkeys("abcde", points))
        interview.not_held(sat, "W-03", "did not come", "office")

    decisions = {one.seat: one for one in certify.decide(sat, "W", "office")}
    # 36 of 60 are needed: 3 of 4 on every line are 45, 1.5 (and 2 in the interview) are 22.5 and 25.
    told = {
        seat: (one.outcome, one.practical_points, one.practical_max, one.practical_cut)
        for seat, one in decisions.items()
    }
    weak = 22.5 if level == 4 else 25.0
    assert told == {"W-01": ("pass", 45, 60, 36), "W-02": ("fail", weak, 60, 36), "W-03": ("fail", 0, 60, 36)}
    for row in certify.waiting_for_review(sat, "W"):
        certify.review(sat, row["seat"], "S6", "stands")
    confirmed_by = "S3" if level == 4 else "S6"
    if level == 5:
        assert "S4 marked the seat" in refusal(certify.confirm, sat, "W", "S4")
    certify.confirm(sat, "W", "second" if level == 5 else confirmed_by)
    paths = results.publish(sat, "W", "office")
    page = paths[0].read_text("utf-8")
    assert len(paths) == 3 and "45 of 60" in page
    parts = {
        4: (
            "Capacity plan 15 of 20 points; Metric dictionary 15 of 20 points; Improvement charter 15 of 20",
            "产能规划15分",
        ),
        5: ("The plan 30 of 40 points; The board interview 15 of 20 points", "评审组面谈15分"),
    }[level]
    assert parts[0] in page and parts[1] in page.replace(" ", "")

    # An appeal sends one document to another marker; the nearer mark and the new one settle.
    name = appeals.file(sat, "W-02", "office", "marking", "my second sheet was not read")
    assert appeals.order_remark(sat, name, "S6" if level == 4 else "T1", ["w1"]) == ["w1"]
    assert "S1 gave another mark" in refusal(give, sat, "S1", {"W-02/w1": 3})
    give(sat, "T2", {"W-02/w1": 2})
    (mark,) = sat.store.rows("marks", mark="W-02/w1")
    assert mark["points"] == (35 if level == 5 else 17.5) / 2
    assert sat.store.verify() == []


def test_working_days_are_monday_to_friday_but_what_the_calendar_says(tmp_path: Path) -> None:
    plain = workdays.window(tmp_path, 5, date(2026, 12, 30))
    assert [str(day) for day in plain.days] == ["2026-12-31", "2027-01-01", "2027-01-04", "2027-01-05", "2027-01-06"]
    (tmp_path / workdays.CALENDAR).write_text('{"days_off": ["2027-01-01"], "working_days": ["2027-01-03"]}')
    ours = workdays.window(tmp_path, 5, date(2026, 12, 30))
    assert [str(day) for day in ours.days] == ["2026-12-31", "2027-01-03", "2027-01-04", "2027-01-05", "2027-01-06"]
    end = datetime.fromisoformat(ours.ends_at).astimezone()
    assert (end.date(), end.hour, end.minute) == (date(2027, 1, 7), 0, 0)
    assert datetime.fromisoformat(workdays.more_days(tmp_path, 2, ours.ends_at)).astimezone().date() == date(2027, 1, 9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "must hold"),
        ("{", "must hold"),
        ('{"days_off": ["New Year"]}', "must hold"),
        ('{"days_off": ["2027-01-01"], "working_days": ["2027-01-01"]}', "a day off and a working day"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_told_with_what_is_wanted(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / workdays.CALENDAR).write_text(text)

    with pytest.raises(InputError, match=says):
        workdays.window(tmp_path, 5, date(2026, 12, 30))


@pytest.mark.parametrize("level", [4])
def test_the_task_page_and_the_registry_state_the_days_that_count(academy: Academy) -> None:
    (fact,) = academy.store.events("sitting.scheduled", "W")
    days = fact.data["work"]["days"]
    assert len(days) == 20 and all(date.fromisoformat(day).weekday() < 5 for day in days)
    for language, words in (("en", "20 working days"), ("zh", "共20个工作日")):
        page = (academy.centre.office / "W" / f"task-{language}.html").read_text("utf-8")
        assert words in page and days[0] in page and days[-1] in page
        assert "capacity-plan.xlsx" in page and "What a full mark looks like" not in page and "满分示例" not in page
        assert ("Improvement charter" in page) is (language == "en")


def test_nothing_is_decided_while_the_window_is_open_and_nothing_is_marked(tmp_path: Path) -> None:
    with opened(tmp_path, 4, NOW.astimezone().date() - timedelta(days=1)) as academy:
        sit(academy)
        work.hand_in(academy, "W-01", [file(name) for name in FILES[4]], "office")

        assert [one for one in works(academy, "W") if one.part == "practical"] == []
        said = refusal(certify.decide, academy, "W", "office")
        assert all(f"the work product of seat W-0{n} may be handed in until" in said for n in (1, 2, 3))
        assert academy.store.rows("marks", mark="W-02/w1") == []


@pytest.mark.parametrize("level", [4])
def test_missing_parts_want_their_zero_before_anything_is_decided(academy: Academy) -> None:
    for row in academy.seats("W"):
        folder = seats.find(academy.centre.room, row["seat"])
        folder.start(NOW - timedelta(hours=1))
        folder.hand_in(NOW - timedelta(minutes=30), "candidate", None)
    certify.close(academy, "W", "office", NOW + timedelta(hours=2))
    work.hand_in(academy, "W-01", [file(name) for name in FILES[4]], "office", before_end(academy))

    assert work.waiting(academy, "W") == [
        f"seat {seat} has parts that were not handed in; run `academy exam mark W` again" for seat in ("W-02", "W-03")
    ]
    certify.mark(academy, "W")
    assert work.waiting(academy, "W") == []
    rows = [row for row in academy.store.rows("marks") if row["slot"].startswith("w")]
    assert sorted(row["mark"] for row in rows) == [f"{seat}/w{n}" for seat in ("W-02", "W-03") for n in (1, 2, 3)]
    assert {(row["points"], row["max_points"], row["marker"]) for row in rows} == {(0, 20, "engine")}
    assert all(row["note"].startswith("nothing was handed in by ") for row in rows)


def test_more_days_let_a_late_file_count_and_take_the_zero_back(sat: Academy, level: int) -> None:
    ends = before_end(sat, "W-03", 0)
    work.hand_in(sat, "W-03", [file(name) for name in FILES[level]], "office", ends + timedelta(hours=1))
    assert work.standings(sat, "W")[2].missing == tuple(name.partition(".")[0] for name in FILES[level])
    certify.mark(sat, "W")
    assert sat.store.rows("marks", mark="W-03/w1")[0]["points"] == 0

    work.extend(sat, "W-03", 1, "in hospital", "office")

    assert work.standings(sat, "W")[2].missing == ()
    assert "W-03/w1" in [one.place for one in works(sat, "W") if one.standing.wanted]
    parts = [f"W-03/{part}" for part in (("w1", "w2", "w3") if level == 4 else ("w1",))]
    for marker in ("S1", "S2"):
        give(sat, marker, dict.fromkeys(parts, 3.0))
    assert sat.store.rows("marks", mark="W-03/w1")[0]["points"] == (30 if level == 5 else 15)
    (fact,) = sat.store.events("work.extended")
    assert (fact.by, fact.data["reason"], fact.data["days"]) == ("office", "in hospital", 1)
    assert "is being marked" in refusal(work.extend, sat, "W-03", 1, "again", "office")
    assert "is being marked" in refusal(work.hand_in, sat, "W-03", [file(FILES[level][0])], "office")


@pytest.mark.parametrize("level", [4])
def test_a_booklet_has_rubric_and_files_and_tells_neither_names_nor_seats(sat: Academy) -> None:
    for seat, names in (("W-01", FILES[4]), ("W-02", FILES[4][:1])):
        work.hand_in(sat, seat, [file(name, f"plan {seat}") for name in names], "office", before_end(sat))
    certify.mark(sat, "W")

    made = booklet.booklet(sat, "W", "S1", "en")

    assert made.answers == 4  # three parts of the first seat, one of the second
    assert len(made.files) == 5 and all(
        re.fullmatch(r"files/[0-9a-f]{16}-[a-z-]+\.(pdf|xlsx)", name) for name in made.files
    )
    for name, data in made.files.items():
        assert f'href="{name}"' in made.html and data.startswith((b"%PDF", b"PK"))
    assert "Not handed in: capacity-notes" in made.html
    assert "Demand." in made.html and "需求" in made.html  # each in the language of its candidate
    for told in ("A1", "A2", "Name of", "W-01", "W-02"):
        assert told not in made.html and not any(told in name for name in made.files)


@pytest.mark.parametrize("level", [4])
def test_a_third_marker_is_called_by_a_line_on_which_two_lie_apart_and_not_by_the_sum(sat: Academy) -> None:
    work.hand_in(sat, "W-01", [file(name) for name in FILES[4]], "office", before_end(sat))
    certify.mark(sat, "W")
    one = {line: 3.0 for line in "abcde"}

    def marks(marker: str, **lines: dict[str, float]) -> rating.Taken:
        return rating.take(
            sat,
            "W",
            marker,
            {f"W-01/{part}": {"criteria": one | given, "note": ""} for part, given in lines.items()},
        )

    marks("S1", w1={}, w2={}, w3={})
    done = marks("S2", w1=dict.fromkeys("abcde", 2.0), w2={"b": 1.5}, w3={"c": 2.0})

    # Five points apart in all but one on each line: their mean. One and a half on one line: another marker.
    assert done.another == ("W-01/w2",) and set(done.settled) == {"W-01/w1", "W-01/w3"}
    assert sat.store.rows("marks", mark="W-01/w1")[0]["points"] == 12.5
    (apart,) = [one for one in works(sat, "W") if one.place == "W-01/w2"]
    assert (
        apart.standing.why == "the markers gave 15 and 13.5, more than 1 apart on a line of the rubric: another marks"
    )
    found = rating.compare(sat, "W")
    assert found.overall is not None and found.overall.answers == 15
    # 15 pairs of lines: five are 3 and 2, one 3 and 1.5, one 3 and 2; the others are equal.
    assert (round(found.overall.equal, 4), round(found.overall.within, 4)) == (round(8 / 15, 4), round(14 / 15, 4))
    assert [name for name, one in found.by_question.items() if one.within == 0] == [
        "w2 b  2. Metric dictionary (20 points)"
    ]
    marks("S3", w2={"b": 2.0})
    assert sat.store.rows("marks", mark="W-01/w2")[0]["points"] == 13.75  # of 15, 13.5 and 14: 14 with the nearer


@pytest.mark.parametrize("level", [5])
def test_who_may_sit_on_a_panel_and_what_a_member_gives(academy: Academy) -> None:
    full = dict.fromkeys("abcde", 4.0)
    assert "this step wants it marked" in refusal(interview.give, academy, "W-02", "S3", full)
    sit(academy)

    assert "S9 manages A2 and cannot sit on the panel" in refusal(interview.give, academy, "W-02", "S9", full)
    assert "A1 has a seat in sitting W" in refusal(interview.give, academy, "W-02", "A1", full)
    assert "takes 0 to 4 points in steps of 0.5, got 5" in refusal(
        interview.give, academy, "W-02", "S3", full | {"a": 5.0}
    )
    assert "each of the criteria a, b, c, d, e" in refusal(interview.give, academy, "W-02", "S3", {"a": 1.0})
    first = interview.give(academy, "W-02", "S3", full)
    assert (dict(first.members), first.points) == ({"S3": 20}, None)
    assert "S3 gave a mark for the interview of seat W-02 before" in refusal(
        interview.give, academy, "W-02", "S3", full
    )
    assert "has marks already, so it took place" in refusal(interview.not_held, academy, "W-02", "ill", "office")
    interview.give(academy, "W-02", "S4 Staff", dict.fromkeys("abcde", 3.0))
    done = interview.give(academy, "W-02", "S5", full | {"c": 2.0})
    assert done.points == round((20 + 15 + 18) / 3, 6) and done.apart == ("c",)
    assert "has its mark already" in refusal(interview.give, academy, "W-02", "S6", full)
    (mark,) = academy.store.rows("marks", mark="W-02/interview")
    assert (mark["marker"], mark["max_points"]) == ("panel", 20)
    assert len(academy.store.events("mark.interview")) == 3


def test_a_manager_is_certified_on_a_form_of_full_length_with_two_blind_markers(tmp_path: Path) -> None:
    with Academy(tmp_path) as academy:
        academy.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(4, SCHEME.level(4).scored))
        people = {"A1": {"name": "Chen Min", "hired_on": "2010-01-15"}}
        people |= {f"S{number}": {"name": f"Staff {number}"} for number in range(1, 5)}
        academy.store.append_all([("person.recorded", who, data) for who, data in people.items()], "hr")
        identity = {"name": {"en": "Test Centre", "zh": "测试中心"}, "url": "https://example.com/academy"}
        (academy.centre.root / "centre.json").write_text(json.dumps(identity), "utf-8")
        (form,) = assembly.assemble(academy, "OM-A", 4, 1, by="zhao")
        said = {"form": form.id, "cut": 45.0, "se": 1.2, "method": "modified Angoff", "panel": "P1"}
        academy.store.append("cut.set", form.digest, {**said, "judges": [f"J{n}" for n in range(10)]}, "office")
        certify.schedule(
            academy, "W", 4, [Candidate("A1", "zh")], opens_at=NOW - timedelta(hours=2),
            closes_at=NOW + timedelta(hours=1), minutes=140, purpose="certification", by="zhao",
            given_on=days_ago(1, 4),
        )  # fmt: skip
        work.hand_in(academy, "W-01", [file(name) for name in FILES[4]], "zhao", before_end(academy))
        sit(academy)

        assert "marks for a certificate are given by people whom the registry knows" in refusal(
            booklet.booklet, academy, "W", "somebody", "zh"
        )
        written = [one.place for one in works(academy, "W") if one.part == "written"]
        places = [*written, "W-01/w1", "W-01/w2", "W-01/w3"]
        for marker in ("S1", "S2"):
            give(academy, marker, dict.fromkeys(places, 3))
        (decision,) = certify.decide(academy, "W", "zhao")
        assert (decision.outcome, decision.practical_points, decision.practical_cut) == ("pass", 45, 36)
        if certify.waiting_for_review(academy, "W"):
            certify.review(academy, "W-01", "S4", "stands")
        certify.confirm(academy, "W", "S3")
        issued = certify.issue(academy, "W", "zhao")

        assert issued.refused == () and len(issued.numbers) == 1
        credential = (academy.centre.certificates / f"{issued.numbers[0]}.json").read_text("utf-8")
        assert "capacity plan, metric dictionary and improvement charter" in credential
