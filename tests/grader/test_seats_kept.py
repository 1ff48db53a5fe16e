"""Nothing that a seat acknowledged is lost by a crash, a cut or a second writer, and no change goes unseen."""

from __future__ import annotations

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

import pytest

from grader.errors import RoomError
from grader.seats import SeatFolder, iso
from tests.grader.seat_at_nine import at, first_seat, new_seat

seat = pytest.fixture(first_seat)


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


@pytest.mark.parametrize("line", [b"7", b"[]", b"null", b'"x"'])
def test_a_line_that_is_json_but_no_object_is_named_as_damage(seat: SeatFolder, line: bytes) -> None:
    seat.start(at(1))
    journal = seat.path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + line + b"\n" + line + b"\n")

    with pytest.raises(RoomError, match=r"damaged at line 2 of journal\.jsonl"):
        SeatFolder(seat.path).state(at(2))
