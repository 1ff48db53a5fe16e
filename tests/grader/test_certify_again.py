"""Steps of an exam taken again, and marks that change late: no mark is lost, doubled or given to the wrong person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import certify, nbcourse, seats
from grader.centre import PROJECT
from grader.certify import Academy, Candidate
from grader.errors import AcademyError
from grader.nbcourse._convert import gradebook

NOW = datetime.now(UTC).replace(microsecond=0)
SITTING, SEAT, PERSON = "TL-1", "TL-1-01", "A1001"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """A sitting of one candidate who wrote a few lines and handed in no practical, marked once by program."""
    with Academy(tmp_path_factory.mktemp("centre")) as academy:
        academy.store.append("person.recorded", PERSON, {"name": "Chen Min", "hired_on": "2024-01-15"}, "hr")
        certify.schedule(
            academy, SITTING, 2, [Candidate(PERSON, "en")], opens_at=NOW, closes_at=NOW + timedelta(hours=2),
            minutes=120, purpose="demonstration", by="office", length=24,
        )  # fmt: skip
        folder = seats.find(academy.centre.room, SEAT)
        folder.start(NOW)
        text = next(question["slot"] for question in folder.paper["questions"] if question["kind"] == "text")
        folder.save(text, "Listen first.", NOW)
        folder.hand_in(NOW + timedelta(minutes=5), "candidate", None)
        certify.close(academy, SITTING, "office")
        certify.mark(academy, SITTING)
        yield academy


def give(academy: Academy, cell: str, points: float, notebook: str = "written") -> None:
    nbcourse.set_manual_score(academy.centre.course, SITTING, PERSON, notebook, cell, points)


def mark_of(academy: Academy, slot: str) -> tuple[float, str]:
    (row,) = academy.store.rows("marks", mark=f"{SEAT}/{slot}")
    return row["points"], row["marker"]


def test_marks_of_people_outlast_a_second_marking_by_program_and_keep_their_marker(handed_in: Academy) -> None:
    give(handed_in, "q24", 3)
    give(handed_in, "q01", 1)  # the key gave 0 for no answer; a person overrules it
    give(handed_in, "p1", 0.5, "practical")

    certify.mark(handed_in, SITTING)  # as `academy exam mark` does before it takes over
    assert certify.take_manual_marks(handed_in, SITTING, "lin") == 3
    certify.mark(handed_in, SITTING)
    assert certify.take_manual_marks(handed_in, SITTING, "zhao") == 0

    assert mark_of(handed_in, "q24") == (3, "lin")
    assert mark_of(handed_in, "q01") == (1, "lin")
    assert mark_of(handed_in, "p1") == (0.5, "lin")


def test_a_second_marking_by_program_that_finds_nothing_new_gives_no_mark_again(handed_in: Academy) -> None:
    before = len(handed_in.store.events("mark.given"))

    certify.mark(handed_in, SITTING)

    assert len(handed_in.store.events("mark.given")) == before


def test_a_mark_that_waits_in_formgrader_stops_the_decision(handed_in: Academy) -> None:
    give(handed_in, "q02", 1)

    with pytest.raises(AcademyError, match="TL-1-01/q02"):
        certify.decide(handed_in, SITTING, "office")

    certify.take_manual_marks(handed_in, SITTING, "lin")


def test_a_decision_whose_marks_changed_since_is_not_confirmed(handed_in: Academy) -> None:
    certify.decide(handed_in, SITTING, "office")
    give(handed_in, "q03", 1)
    certify.take_manual_marks(handed_in, SITTING, "lin")

    with pytest.raises(AcademyError, match="the marks of seat TL-1-01 changed since"):
        certify.confirm(handed_in, SITTING, "second")


def test_who_gave_a_mark_that_another_changed_is_no_second_person_either(handed_in: Academy) -> None:
    for points, marker in ((1, "first"), (0.5, "lin")):
        give(handed_in, "q05", points)
        certify.take_manual_marks(handed_in, SITTING, marker)
    certify.decide(handed_in, SITTING, "office")

    with pytest.raises(AcademyError, match="wants a second person, and first marked the seat"):
        certify.confirm(handed_in, SITTING, "first")


def test_a_comment_on_a_cell_that_takes_none_is_refused_and_gives_no_mark(handed_in: Academy) -> None:
    with pytest.raises(AcademyError, match="q06"):
        nbcourse.set_manual_score(handed_in.centre.course, SITTING, PERSON, "written", "q06", 1, "read twice")

    assert certify.take_manual_marks(handed_in, SITTING, "lin") == 0


@pytest.mark.parametrize(("cell", "notebook"), [("q04", "written"), ("p3", "practical")])
def test_extra_credit_in_formgrader_is_refused_and_not_taken_for_a_mark(
    handed_in: Academy, cell: str, notebook: str
) -> None:
    with gradebook(handed_in.centre.course) as book:
        book.find_grade(cell, notebook, SITTING, PERSON).extra_credit = 50
        book.db.commit()
    try:
        for step in (certify.mark, lambda *words: certify.take_manual_marks(*words, "lin")):
            with pytest.raises(AcademyError, match=f"{SEAT}/{cell}"):
                step(handed_in, SITTING)
    finally:
        with gradebook(handed_in.centre.course) as book:
            book.find_grade(cell, notebook, SITTING, PERSON).extra_credit = None
            book.db.commit()


def test_a_practical_that_the_bank_changes_after_scheduling_is_marked_as_it_was_set(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    shutil.copytree(PROJECT / "question_bank", bank)
    with Academy(tmp_path / "centre", bank) as academy:
        academy.store.append("person.recorded", PERSON, {"name": "Chen Min"}, "hr")
        certify.schedule(
            academy, SITTING, 2, [Candidate(PERSON)], opens_at=NOW, closes_at=NOW + timedelta(hours=1),
            minutes=120, purpose="practice", by="office", length=24,
        )  # fmt: skip
        seats.find(academy.centre.room, SEAT).start(NOW)
        seats.find(academy.centre.room, SEAT).hand_in(NOW, "candidate", None)
        certify.close(academy, SITTING, "office")
        path = bank / "practicals" / "team-leader.md"
        path.write_text(path.read_text("utf-8").replace("points: 2", "points: 20").replace("version: 1", "version: 2"))

    with Academy(tmp_path / "centre", bank) as academy:
        assert sum(academy.practical_points(SITTING).values()) == 16  # team-leader.md: 10 judged, 6 by hand
        certify.mark(academy, SITTING)
        marks = {row["slot"]: row for row in academy.store.rows("marks", seat=SEAT)}
        assert (marks["p1"]["item"], marks["p1"]["item_version"], marks["p1"]["max_points"]) == ("team-leader", 1, 2)
