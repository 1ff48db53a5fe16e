"""Files of a work product: taken and kept in every version, or refused in both languages with nothing taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from grader import seats
from grader.certify import Academy, booklet, work
from grader.errors import RoomError
from tests.grader.work_sitting import (
    FILES,
    after_the_exam,
    before_end,
    before_the_exam,
    either,
    file,
    pdf,
    refusal,
    xlsx,
)

academy = pytest.fixture(before_the_exam)
sat = pytest.fixture(after_the_exam)
level = pytest.fixture(either, params=[4, 5])


@pytest.mark.parametrize("level", [4])
@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("plan.xlsx", xlsx(), "The task asks for capacity-plan.xlsx, capacity-notes.pdf"),
        ("capacity-plan.pdf", pdf("x"), "The task asks for capacity-plan.xlsx"),
        ("capacity-plan.xlsx", pdf("x"), "is no Excel workbook, or it is locked"),
        ("capacity-plan.xlsx", xlsx(macro=True), "holds macros"),
        ("capacity-plan.xlsx", b"PK\x03\x04" + b"\0" * 50, "is no Excel workbook"),
        ("capacity-notes.pdf", b"%PDF-1.7 cut off", "is no whole PDF"),
        ("capacity-notes.pdf", b"", "is no whole PDF"),
        ("capacity-notes.pdf", pdf("/Encrypt 5 0 R"), "is locked; save it without a password"),
        ("capacity-notes.pdf", pdf("x" * 5_000_001), "has 5.0 MB, at most 5 MB are taken"),
    ],
)
def test_a_file_that_markers_could_not_use_is_refused_in_both_languages_and_nothing_is_taken(
    academy: Academy, name: str, data: bytes, says: str
) -> None:
    with pytest.raises(RoomError, match=re.escape(says)) as caught:
        work.hand_in(academy, "W-01", [file("improvement-charter.pdf"), (name, data)], "office", before_end(academy))

    assert re.search("[一-鿿]", caught.value.zh)
    assert academy.store.events("work.handed-in") == [] and work.standings(academy, "W")[0].counting == ()


@pytest.mark.parametrize("level", [4])
def test_every_version_is_kept_and_the_newest_in_time_counts(academy: Academy) -> None:
    first, second = file("capacity-notes.pdf", "first"), file("capacity-notes.pdf", "second")
    work.hand_in(academy, "W-01", [second], "office", before_end(academy, hours=2))
    work.hand_in(academy, "W-01", [first], "office", before_end(academy, hours=9))  # the mail of the day before
    work.hand_in(academy, "W-01", [file("capacity-notes.pdf", "late")], "office")

    folder = seats.find(academy.centre.room, "W-01").work()
    assert folder is not None
    assert folder.data(folder.counting()["capacity-notes"]) == second[1]
    assert [folder.data(one) for one in folder.every()] == [second[1], first[1], pdf("late")]
    facts = academy.store.events("work.handed-in")
    assert [fact.data["sha256"] for fact in facts] == [one.sha256 for one in folder.every()]
    assert facts[0].data["received_at"] < facts[0].data["recorded_at"] and facts[0].by == "office"


@pytest.mark.parametrize("level", [4])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("capacity-plan.xlsx", xlsx(author="Name of A1")),
        ("capacity-plan.xlsx", xlsx(words="by Name of A1")),
        ("capacity-notes.pdf", pdf("/Author (Name of A1)")),
        ("capacity-notes.pdf", pdf("/Author <FEFF" + "Name of A1".encode("utf-16-be").hex().upper() + ">")),
    ],
)
def test_a_file_that_names_its_candidate_is_taken_and_told(academy: Academy, name: str, data: bytes) -> None:
    ((one, _),) = work.hand_in(academy, "W-01", [(name, data)], "office", before_end(academy))
    ((other, _),) = work.hand_in(academy, "W-02", [(name, data)], "office", before_end(academy))

    assert (one.named, other.named) == (True, False)


@pytest.mark.parametrize("level", [4])
def test_a_kept_file_that_somebody_changed_is_told_and_never_marked(sat: Academy) -> None:
    work.hand_in(sat, "W-01", [file(name) for name in FILES[4]], "office", before_end(sat))
    (kept,) = (sat.centre.room / "W" / "W-01" / "work").glob("*improvement-charter.pdf")
    kept.write_bytes(pdf("better"))

    assert "is not what was handed in" in work.standings(sat, "W")[0].problems[0]
    assert "is not what was handed in" in refusal(booklet.booklet, sat, "W", "S1", "en")


@pytest.mark.parametrize("level", [4])
def test_a_journal_that_somebody_changed_is_told_and_stops_no_other_seat(academy: Academy) -> None:
    for seat in ("W-01", "W-02"):
        work.hand_in(academy, seat, [file(FILES[4][1])], "office", before_end(academy))
    journal = academy.centre.room / "W" / "W-01" / "work.jsonl"
    journal.write_text(journal.read_text().replace("capacity-notes", "improvement-charter"), "utf-8")

    broken, whole, _ = work.standings(academy, "W")

    assert "Restore W-01/work.jsonl from a backup" in broken.problems[0] and broken.counting == ()
    assert [one.name for one in whole.counting] == ["capacity-notes"] and whole.problems == ()


@pytest.mark.parametrize("level", [4])
def test_times_that_cannot_be_are_refused(academy: Academy) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    early = datetime.fromisoformat(academy.store.events("sitting.scheduled")[0].data["work"]["opens_at"])

    assert "are still to come" in refusal(work.hand_in, academy, "W-01", [file(FILES[4][0])], "office", later)
    assert "is handed in from" in refusal(
        work.hand_in, academy, "W-01", [file(FILES[4][0])], "office", early - timedelta(minutes=1)
    )
    assert "1 to 250 more working days" in refusal(work.extend, academy, "W-01", 0, "ill", "office")
    assert "want a reason" in refusal(work.extend, academy, "W-01", 1, " ", "office")
    assert "there is no seat" in refusal(work.hand_in, academy, "W-09", [], "office")
