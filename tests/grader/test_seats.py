"""The seat's folder: when it opens and ends, what answers it takes, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from grader.errors import RoomError
from grader.seats import SeatFolder, create, find, iso, seats
from tests.grader.seat_at_nine import ANSWERS, PAPER, at, first_seat, new_seat

seat = pytest.fixture(first_seat)


def test_a_seat_waits_then_opens_then_runs_then_is_handed_in(seat: SeatFolder) -> None:
    assert seat.state(at(-1)).status == "waiting"
    assert seat.state(at(0)).status == "open"

    assert seat.start(at(5)).status == "running"
    assert seat.state(at(6)).deadline == "2026-11-21T09:45:00Z"
    assert seat.state(at(6)).remaining_s == 39 * 60

    seat.hand_in(at(10), "candidate", None)
    after = seat.state(at(11))
    assert (after.status, after.how, after.handed_in_at) == ("handed-in", "candidate", "2026-11-21T09:10:00Z")


def test_a_seat_that_was_never_started_is_missed_after_the_window(seat: SeatFolder) -> None:
    assert seat.state(at(60)).status == "missed"
    with pytest.raises(RoomError, match="closed at 2026-11-21T10:00:00Z"):
        seat.start(at(60))
    with pytest.raises(RoomError, match="not started"):
        seat.hand_in(at(61), "clock", None)


def test_nobody_starts_before_the_window_opens(seat: SeatFolder) -> None:
    with pytest.raises(RoomError, match="opens at 2026-11-21T09:00:00Z"):
        seat.start(at(-0.1))


def test_a_late_start_ends_with_the_window(seat: SeatFolder) -> None:
    assert seat.start(at(50)).deadline == iso(at(60))


def test_extra_time_moves_the_deadline_past_the_window_and_adds_up(seat: SeatFolder) -> None:
    seat.start(at(50))

    seat.grant(5, "fire alarm", "invigilator", at(55))
    seat.grant(2.5, "second alarm", "invigilator", at(56))

    assert SeatFolder(seat.path).state(at(57)).deadline == "2026-11-21T10:07:30Z"
    assert seat.save("q01", "1", at(67)).saved_at == "2026-11-21T10:07:00Z"


def test_a_line_of_extra_time_that_is_half_written_does_not_count_yet(seat: SeatFolder) -> None:
    seat.grant(5, "fire alarm", "invigilator", at(1))
    log = seat.path / "invigilation.jsonl"
    log.write_bytes(log.read_bytes() + b'{"at":"2026-11-21T09:01:00Z","min')

    assert SeatFolder(seat.path).state(at(2)).extra_min == 5
    assert SeatFolder(seat.path).grant(4, "again", "invigilator", at(3)) == 9


@pytest.mark.parametrize(("extra", "reason"), [(0, "x"), (-5, "x"), (2000, "x"), (5, " ")])
def test_extra_time_without_sense_or_reason_is_refused(seat: SeatFolder, extra: float, reason: str) -> None:
    with pytest.raises(RoomError):
        seat.grant(extra, reason, "invigilator", at(1))


def test_every_kind_of_answer_comes_back_as_it_was_saved(seat: SeatFolder) -> None:
    seat.start(at(0))
    for number, (slot, value) in enumerate(ANSWERS.items(), start=2):
        assert seat.save(slot, value, at(1)).n == number
    seat.flag("q03", True, at(2))
    seat.flag("q04", True, at(2))
    seat.flag("q04", False, at(2))

    for folder in (seat, SeatFolder(seat.path)):
        state = folder.state(at(3))
        assert state.answers == ANSWERS
        assert state.flags == {"q03"}
        assert state.saved_at == "2026-11-21T09:01:00Z"


def test_a_cleared_answer_is_no_answer(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))
    seat.save("q01", None, at(2))

    assert seat.state(at(3)).answers == {}
    assert "q01" in seat.hand_in(at(4), "candidate", None)["unanswered"]


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("q01", "5"),
        ("q01", 2),
        ("q01", ["2"]),
        ("q02", ["1", "1"]),
        ("q02", [{"id": "1"}]),
        ("q03", 21),
        ("q03", "1" * 101),
        ("q04", ["1", "2"]),
        ("q05", {"1": "9"}),
        ("q05", {"9": "1"}),
        ("q05", [["1", "1"]]),
        ("q06", "x" * 1201),
        ("q06", "\ud800"),
    ],
)
def test_an_answer_that_cannot_belong_to_its_question_is_refused(seat: SeatFolder, slot: str, value: object) -> None:
    seat.start(at(0))
    with pytest.raises(RoomError, match=slot) as refused:
        seat.save(slot, value, at(1))
    assert refused.value.status == 400
    assert seat.state(at(1)).answers == {}


def test_answers_are_refused_before_the_start_after_the_end_and_after_the_hand_in(seat: SeatFolder) -> None:
    with pytest.raises(RoomError, match="not been started"):
        seat.save("q01", "1", at(1))
    seat.start(at(1))
    with pytest.raises(RoomError, match="no question q99"):
        seat.save("q99", "1", at(2))
    with pytest.raises(RoomError, match="time is over"):
        seat.save("q01", "1", at(41))
    seat.hand_in(at(3), "candidate", None)
    with pytest.raises(RoomError, match="handed in"):
        seat.save("q01", "1", at(4))
    with pytest.raises(RoomError, match="handed in"):
        seat.flag("q01", True, at(4))


def test_a_second_hand_in_returns_the_first_receipt_and_changes_nothing(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))

    first = seat.hand_in(at(5), "candidate", b"first")
    second = SeatFolder(seat.path).hand_in(at(9), "clock", b"second")

    assert first == second
    handed = seat.handed_in()
    assert handed is not None
    assert handed.practical == b"first"
    assert handed.answers == {"q01": "2", "q02": None, "q03": None, "q04": None, "q05": None, "q06": None}
    assert (first["answered"], first["unanswered"]) == (1, ["q02", "q03", "q04", "q05", "q06"])
    assert seat.verify() == []


def test_a_hand_in_after_the_deadline_is_the_clocks_and_counts_from_the_deadline(seat: SeatFolder) -> None:
    seat.start(at(0))

    receipt = seat.hand_in(at(47), "candidate", None)

    assert (receipt["how"], receipt["at"]) == ("clock", iso(at(40)))


def test_starting_again_notes_the_return_and_keeps_the_first_start(seat: SeatFolder) -> None:
    seat.start(at(1))
    seat.start(at(9))

    assert seat.state(at(9)).started_at == iso(at(1))
    events = [json.loads(line)["event"] for line in (seat.path / "journal.jsonl").read_text().splitlines()]
    assert events == ["start", "resume"]


def test_the_access_code_opens_however_it_is_typed_and_no_other_does(seat: SeatFolder) -> None:
    assert seat.opens_with(" k7qm 3xpd ")
    assert seat.opens_with("Ｋ７ＱＭ－３ＸＰＤ".replace("－", "-"))
    assert not seat.opens_with("K7QM-3XPE")
    assert not seat.opens_with("")


@pytest.mark.parametrize("name", ["key", "right", "tolerance", "rubric", "reasons", "item_id", "difficulty"])
def test_a_paper_that_carries_a_key_never_becomes_a_seat(tmp_path: Path, name: str) -> None:
    question = {**PAPER["questions"][0], name: "2"}
    seat = {**new_seat(tmp_path / "s" / "A001").seat, "seat": "A002"}
    for paper in (
        {**PAPER, "seat": "A002", "questions": [question]},
        {**PAPER, "seat": "A002", name: "2"},
        {
            **PAPER,
            "seat": "A002",
            "questions": [{**PAPER["questions"][0], "options": [{"id": "1", "html": "", name: 1}]}],
        },
    ):
        with pytest.raises(RoomError, match=name):
            create(tmp_path / "s" / "A002", seat, paper, {})
    assert not (tmp_path / "s" / "A002").exists()


def test_a_seat_is_written_once(seat: SeatFolder) -> None:
    with pytest.raises(RoomError, match="exists already"):
        create(seat.path, seat.seat, seat.paper, {})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"seat": "../A002"}, "named by letters"),
        ({"closes_at": "2026-11-21T08:00:00Z"}, "open before it closes"),
        ({"opens_at": "21 November"}, "Invalid isoformat"),
        ({"opens_at": "2026-11-21T09:00:00"}, "with its zone"),
        ({"minutes": 0}, "more than 0 minutes"),
        ({"language": "zh"}, "another seat or language"),
    ],
)
def test_a_seat_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RoomError, match=sentence):
        new_seat(tmp_path / "A001", **changes)


def test_a_practical_file_cannot_leave_its_folder(tmp_path: Path) -> None:
    seat = new_seat(tmp_path / "s" / "A001")
    with pytest.raises(RoomError, match="plain name"):
        create(tmp_path / "s" / "A002", {**seat.seat, "seat": "A002"}, {**PAPER, "seat": "A002"}, {"../x": b""})


def test_a_room_lists_its_seats_and_finds_each_by_number(tmp_path: Path) -> None:
    for sitting, number in (("SA-1", "B002"), ("SA-1", "B001"), ("TL-1", "A001")):
        new_seat(tmp_path / sitting / number)
    (tmp_path / "TL-1" / ".A009.part").mkdir()

    assert [one.path.name for one in seats(tmp_path)] == ["B001", "B002", "A001"]
    assert find(tmp_path, "A001").path == tmp_path / "TL-1" / "A001"
    for unknown in ("A002", "../TL-1/A001", "*", ""):
        with pytest.raises(RoomError, match="no seat") as refused:
            find(tmp_path, unknown)
        assert refused.value.status == 404


def test_a_save_does_not_read_the_journal_again(seat: SeatFolder) -> None:
    seat.start(at(0))
    for _ in range(3):
        seat.save("q06", "x" * 1000, at(1))
    journal = seat.path / "journal.jsonl"
    # Bytes that would be read if the file were replayed, written so that size and time stay as the seat knows them.
    known = journal.stat()
    data = journal.read_bytes()
    with journal.open("r+b") as file:
        file.write(data.replace(b"xxx", b"yyy"))
    os.utime(journal, ns=(known.st_atime_ns, known.st_mtime_ns))

    assert seat.save("q01", "1", at(2)).n == 5
