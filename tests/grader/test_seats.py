"""The seat's folder: nothing that was acknowledged is lost, nothing is accepted late, nothing changes unseen."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.errors import RoomError
from grader.seats import SeatFolder, code_sha256, create, find, iso, seats

PAPER = json.loads((Path(__file__).parent / "papers" / "six_kinds.en.json").read_text(encoding="utf-8"))
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANSWERS = {
    "q01": "2",
    "q02": ["1", "3"],
    "q03": "３0",
    "q04": ["2", "4", "1", "3"],
    "q05": {"1": "3", "2": "2"},
    "q06": "先请对方坐下。\nThen I ask.",
}


def at(minutes: float) -> datetime:
    """So many minutes after nine, when the fixture's window opens."""
    return NINE + timedelta(minutes=minutes)


def new_seat(path: Path, **changes: Any) -> SeatFolder:
    seat = {
        "seat": path.name,
        "sitting": "TL-2026-11",
        "candidate": {"id": "P014", "name": "Mei Tan"},
        "language": "en",
        "minutes": 40,
        "opens_at": iso(at(0)),
        "closes_at": iso(at(60)),
        "code_sha256": code_sha256("K7QM-3XPD"),
        "form_digest": "0" * 64,
        "title": "Team leader",
        **changes,
    }
    return create(path, seat, {**PAPER, "seat": path.name}, {"practical.ipynb": b"{}", "calls.csv": b"a,b\n"})


@pytest.fixture
def seat(tmp_path: Path) -> SeatFolder:
    return new_seat(tmp_path / "room" / "TL-2026-11" / "A001")


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


def test_a_clock_that_was_set_back_does_not_reorder_the_journal(seat: SeatFolder) -> None:
    seat.start(at(5))
    assert seat.save("q01", "1", at(4)).saved_at == iso(at(5))


def test_a_journal_cut_at_any_byte_of_its_last_line_keeps_every_line_before_it(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q06", "kept 保留", at(1))
    journal = seat.path / "journal.jsonl"
    before = journal.stat().st_size
    seat.save("q06", "torn 断电", at(2))
    whole = journal.read_bytes()

    for size in range(before, len(whole)):
        journal.write_bytes(whole[:size])
        after = SeatFolder(seat.path)
        assert after.state(at(3)).answers == {"q06": "kept 保留"}
        assert after.verify() == (
            [] if size == before else [f"{journal}: the last line is torn; it was never acknowledged."]
        )
        after.save("q01", "1", at(3))
        assert SeatFolder(seat.path).state(at(4)).answers == {"q06": "kept 保留", "q01": "1"}
        assert SeatFolder(seat.path).verify() == []


def test_a_hand_in_interrupted_before_its_folder_was_in_place_is_finished_by_the_next_reader(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))
    receipt = seat.hand_in(at(2), "candidate", b"work")
    # The moment between the journal line and the rename: the folder still has its first name.
    (seat.path / "handed-in").rename(seat.path / "handed-in.part")

    handed = SeatFolder(seat.path).handed_in()

    assert handed is not None
    assert (handed.receipt, handed.practical, handed.answers["q01"]) == (receipt, b"work", "2")
    assert (seat.path / "handed-in").is_dir()


def test_a_hand_in_interrupted_before_the_journal_line_never_happened(seat: SeatFolder) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))
    (seat.path / "handed-in.part").mkdir()
    (seat.path / "handed-in.part" / "answers.jsonl").write_text("half")

    assert SeatFolder(seat.path).handed_in() is None
    seat.save("q01", "3", at(2))
    seat.hand_in(at(3), "candidate", None)

    handed = seat.handed_in()
    assert handed is not None
    assert handed.answers["q01"] == "3"
    assert seat.verify() == []


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_of_the_journal_is_named(seat: SeatFolder, line: int) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))
    seat.save("q03", "30", at(2))
    journal = seat.path / "journal.jsonl"
    lines = journal.read_text().splitlines()
    lines[line] = lines[line].replace('"at":"2026-11-21T09:0', '"at":"2026-11-21T08:0')
    journal.write_text("\n".join(lines) + "\n")

    assert f"line {line + 1} of journal.jsonl" in SeatFolder(seat.path).verify()[0]
    with pytest.raises(RoomError, match="Call the invigilator"):
        SeatFolder(seat.path).save("q01", "1", at(3))
    assert journal.read_text() == "\n".join(lines) + "\n"


def _change_answers(seat: SeatFolder) -> None:
    file = seat.path / "handed-in" / "answers.jsonl"
    file.write_text(file.read_text().replace('"value":"2"', '"value":"3"'))


def _change_practical(seat: SeatFolder) -> None:
    (seat.path / "handed-in" / "practical.ipynb").write_bytes(b"better work")


def _change_receipt(seat: SeatFolder) -> None:
    file = seat.path / "handed-in" / "receipt.json"
    file.write_text(file.read_text().replace("09:05", "09:01"))


def _remove_the_hand_in(seat: SeatFolder) -> None:
    shutil.rmtree(seat.path / "handed-in")


@pytest.mark.parametrize("change", [_change_answers, _change_practical, _change_receipt, _remove_the_hand_in])
def test_whatever_is_changed_after_the_hand_in_shows(seat: SeatFolder, change: Callable[[SeatFolder], None]) -> None:
    seat.start(at(0))
    seat.save("q01", "2", at(1))
    seat.hand_in(at(5), "candidate", b"work")
    assert seat.verify() == []

    change(seat)

    assert SeatFolder(seat.path).verify() != []


WRITER = """
import sys
from datetime import UTC, datetime
from grader.seats import SeatFolder

seat = SeatFolder(sys.argv[1])
number = int(sys.argv[2])
while True:
    number += 1
    seat.save("q06", str(number), datetime.now(UTC))
    print(number, flush=True)
"""


def test_every_acknowledged_save_survives_kill_9_at_random_moments(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    seat = new_seat(
        tmp_path / "s" / "A001", opens_at=iso(now - timedelta(hours=1)), closes_at=iso(now + timedelta(hours=1))
    )
    seat.start(now)
    chance, acknowledged = random.Random(20261121), 0

    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(seat.path), str(acknowledged)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.15))
        os.kill(writer.pid, signal.SIGKILL)
        told = [first, *writer.stdout.readlines()]
        writer.stdout.close()
        writer.wait()
        acknowledged = int([line for line in told if line.endswith("\n")][-1])

        found = int(SeatFolder(seat.path).state(datetime.now(UTC)).answers["q06"])
        # One more than was told is possible: on the disk, but killed before it could say so.
        assert found in (acknowledged, acknowledged + 1)
        acknowledged = found

    assert acknowledged > 8
    assert seat.state(datetime.now(UTC)).answers["q06"] == str(acknowledged)
    seat.save("q01", "1", datetime.now(UTC))
    assert SeatFolder(seat.path).verify() == []


def test_two_processes_that_write_one_seat_keep_one_chain(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    seat = new_seat(
        tmp_path / "s" / "A001", opens_at=iso(now - timedelta(hours=1)), closes_at=iso(now + timedelta(hours=1))
    )
    seat.start(now)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(seat.path), "0"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = 0
    for writer in writers:
        assert writer.stdout is not None
        told += len([writer.stdout.readline() for _ in range(20)])
    for writer in writers:
        writer.kill()
        assert writer.stdout is not None
        told += len(writer.stdout.readlines())
        writer.stdout.close()
        writer.wait()

    after = SeatFolder(seat.path)
    after.save("q01", "1", datetime.now(UTC))
    assert after.verify() == []
    assert len((seat.path / "journal.jsonl").read_text().splitlines()) >= told + 2


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


@pytest.mark.parametrize("line", [b"7", b"[]", b"null", b'"x"'])
def test_a_line_that_is_json_but_no_object_is_named_as_damage(seat: SeatFolder, line: bytes) -> None:
    seat.start(at(1))
    journal = seat.path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + line + b"\n" + line + b"\n")

    with pytest.raises(RoomError, match=r"damaged at line 2 of journal\.jsonl"):
        SeatFolder(seat.path).state(at(2))
