"""A damaged record stops only its own seat, and the exam office has a way on that loses nothing that can be read."""

from __future__ import annotations

import fcntl
import json
import os
import resource
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
from grader.model import canonical, digest
from grader.seats import SeatFolder, code_sha256, create, find, iso, mend

PAPER = json.loads((Path(__file__).parent / "papers" / "six_kinds.en.json").read_text(encoding="utf-8"))
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def new_seat(path: Path) -> SeatFolder:
    seat = {
        "seat": path.name, "sitting": "TL-2026-11", "candidate": {"id": "P014", "name": "Mei Tan"}, "language": "en",
        "minutes": 40, "opens_at": iso(at(0)), "closes_at": iso(at(60)), "code_sha256": code_sha256("K7QM-3XPD"),
        "form_digest": "0" * 64, "title": "Team leader",
    }  # fmt: skip
    return create(path, seat, {**PAPER, "seat": path.name}, {})


@pytest.fixture
def seat(tmp_path: Path) -> SeatFolder:
    """Four answers: q01, q03 twice, q06."""
    found = new_seat(tmp_path / "room" / "TL-2026-11" / "A001")
    found.start(at(0))
    for minute, (slot, value) in enumerate([("q01", "2"), ("q03", "30"), ("q06", "a plan"), ("q03", "31")], start=1):
        found.save(slot, value, at(minute))
    return found


def damage(seat: SeatFolder, line: int, change: Callable[[bytes], bytes]) -> None:
    """Change one line (1, 2, ...) of the journal."""
    journal = seat.path / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line - 1] = change(lines[line - 1])
    journal.write_bytes(b"".join(lines))


def append(file: Path, data: bytes) -> None:
    file.write_bytes(file.read_bytes() + data)


def flip(line: bytes) -> bytes:
    return line.replace(b'"event"', b'"evenT"')


def test_every_line_that_can_be_read_is_kept_and_the_seat_goes_on(seat: SeatFolder) -> None:
    damage(seat, 3, flip)
    with pytest.raises(RoomError, match="damaged at line 3"):
        SeatFolder(seat.path).state(at(5))
    whole = (seat.path / "journal.jsonl").read_bytes()

    (mended,) = mend(seat.path, "disk fault", "Zhao Min", at(6))

    assert (mended.journal, mended.kept, mended.lost) == ("journal.jsonl", 4, 1)
    assert (seat.path / mended.aside).read_bytes() == whole
    after = SeatFolder(seat.path)
    assert after.state(at(7)).answers == {"q01": "2", "q03": "31", "q06": "a plan"}
    assert after.state(at(7)).deadline == iso(at(40))
    assert "4 lines kept, 1 lost" in after.log()[-1]["text"] and after.log()[-1]["by"] == "Zhao Min"
    assert after.save("q02", ["1", "3"], at(8)).n == 6
    assert after.verify() == []


def test_the_receipt_says_in_both_languages_that_the_record_was_mended(seat: SeatFolder) -> None:
    damage(seat, 2, flip)
    mend(seat.path, "disk fault", "Zhao Min", at(6))

    receipt = SeatFolder(seat.path).hand_in(at(41), "clock", None, {"en": "No notebook.", "zh": "没有笔记本。"})

    assert receipt["how"] == "clock" and receipt["unanswered"] == ["q01", "q02", "q04", "q05"]
    assert receipt["note"]["en"].startswith("No notebook. The record of this seat was damaged; 1 lines")
    assert "其中1行无法读取" in receipt["note"]["zh"]
    assert SeatFolder(seat.path).verify() == []


def test_a_line_that_is_gone_counts_as_lost(seat: SeatFolder) -> None:
    damage(seat, 3, lambda line: b"")

    (mended,) = mend(seat.path, "disk fault", "Zhao Min", at(6))

    assert (mended.kept, mended.lost) == (4, 1)


def test_an_answer_lost_after_the_hand_in_leaves_what_was_handed_in_whole(seat: SeatFolder) -> None:
    receipt = seat.hand_in(at(10), "candidate", None)
    damage(seat, 5, flip)

    mend(seat.path, "disk fault", "Zhao Min", at(20))

    after = SeatFolder(seat.path)
    handed = after.handed_in()
    assert handed is not None and handed.receipt == receipt and handed.answers["q03"] == "31"
    assert after.verify() == []


def test_a_hand_in_whose_own_line_was_lost_is_known_by_its_receipt(seat: SeatFolder) -> None:
    receipt = seat.hand_in(at(10), "candidate", b"work")
    damage(seat, 6, flip)
    append(seat.path / "journal.jsonl", b"rubbish\n")  # so that the bad line is not the torn last one

    mend(seat.path, "disk fault", "Zhao Min", at(20))

    handed = SeatFolder(seat.path).handed_in()
    assert handed is not None and (handed.receipt, handed.practical) == (receipt, b"work")
    assert SeatFolder(seat.path).verify() == []


def test_changed_answers_show_after_mending_too(seat: SeatFolder) -> None:
    seat.hand_in(at(10), "candidate", None)
    damage(seat, 2, flip)
    mend(seat.path, "disk fault", "Zhao Min", at(20))
    answers = seat.path / "handed-in" / "answers.jsonl"
    answers.write_text(answers.read_text().replace('"31"', '"30"'))

    assert "the receipt does not belong to these answers" in SeatFolder(seat.path).verify()[0]


def test_a_damaged_log_of_the_invigilator_is_mended_too(seat: SeatFolder) -> None:
    seat.grant(5, "alarm", "Zhao Min", at(2))
    seat.incident("a phone rang", "Zhao Min", at(3))
    log = seat.path / "invigilation.jsonl"
    log.write_bytes(log.read_bytes().replace(b"a phone", b"A phone", 1))
    append(log, b"{}\n")
    with pytest.raises(RoomError, match="damaged at line 2 of invigilation"):
        SeatFolder(seat.path).state(at(5))

    (mended,) = mend(seat.path, "disk fault", "Zhao Min", at(6))

    assert (mended.journal, mended.kept, mended.lost) == ("invigilation.jsonl", 1, 2)
    assert SeatFolder(seat.path).state(at(7)).extra_min == 5


@pytest.mark.parametrize(
    "line",
    [
        {"n": 6, "event": "answer"},
        {"n": 6, "at": "2026-11-21T09:05:00Z", "event": "answer", "slot": ["q01"], "value": "1"},
        {"n": "six", "at": 7, "event": "start", "slot": None, "value": None},
    ],
)
def test_a_line_that_is_rightly_chained_but_means_nothing_is_damage_too(seat: SeatFolder, line: dict[str, Any]) -> None:
    journal = seat.path / "journal.jsonl"
    line["prev"] = json.loads(journal.read_bytes().splitlines()[-1])["hash"]
    line["hash"] = digest(line)
    append(journal, canonical(line).encode() + b"\n")
    with pytest.raises(RoomError, match="damaged at line 6"):
        SeatFolder(seat.path).state(at(5))

    (mended,) = mend(seat.path, "odd", "Zhao Min", at(6))

    assert (mended.kept, mended.lost) == (5, 1)
    assert SeatFolder(seat.path).verify() == []


@pytest.mark.parametrize("rubbish", [b'{"n": NaN}', b'{"n": "\\ud800"}', b"\xff\xfe"])
def test_rubbish_of_any_kind_is_a_sentence(seat: SeatFolder, rubbish: bytes) -> None:
    append(seat.path / "journal.jsonl", rubbish + b"\n" + rubbish + b"\n")

    with pytest.raises(RoomError, match="damaged at line 6"):
        SeatFolder(seat.path).state(at(5))
    assert mend(seat.path, "odd", "Zhao Min", at(6))[0].lost == 2


def test_a_second_damage_is_mended_beside_the_first(seat: SeatFolder) -> None:
    damage(seat, 2, flip)
    mend(seat.path, "disk fault", "Zhao Min", at(6))
    damage(seat, 3, flip)

    (mended,) = mend(seat.path, "disk fault again", "Zhao Min", at(7))

    assert mended.aside == "journal.damaged-2.jsonl"
    assert sorted(path.name for path in seat.path.glob("*damaged*")) == [
        "journal.damaged-1.jsonl", "journal.damaged-2.jsonl",
    ]  # fmt: skip


def test_a_whole_record_is_left_alone_and_mending_wants_a_reason(seat: SeatFolder) -> None:
    before = (seat.path / "journal.jsonl").read_bytes()
    with pytest.raises(RoomError, match="nothing to mend"):
        mend(seat.path, "to be sure", "Zhao Min", at(6))
    with pytest.raises(RoomError, match="Say why"):
        mend(seat.path, " ", "Zhao Min", at(6))
    assert (seat.path / "journal.jsonl").read_bytes() == before


def test_a_writer_that_waited_while_the_record_was_mended_writes_into_the_new_one(seat: SeatFolder) -> None:
    damage(seat, 2, flip)
    script = (
        "import sys, datetime as d; from grader.seats import SeatFolder, moment\n"
        "seat = SeatFolder(sys.argv[1])\n"
        "with seat._journal.locked() as fd:\n"
        "    print(seat._append(fd, 'flag', 'q01', True, moment('2026-11-21T09:07:00Z')).n)\n"
    )
    journal = os.open(seat.path / "journal.jsonl", os.O_RDWR)
    fcntl.flock(journal, fcntl.LOCK_EX)  # the waiting writer opens the old file and waits here
    waiting = subprocess.Popen([sys.executable, "-c", script, str(seat.path)], stdout=subprocess.PIPE, text=True)
    held = Path(f"/proc/{waiting.pid}/fd")
    while not any(os.path.realpath(fd) == str(seat.path / "journal.jsonl") for fd in held.iterdir()):
        assert waiting.poll() is None
        time.sleep(0.02)
    time.sleep(0.2)
    new = seat.path / "new"
    new.write_bytes(b"")
    new.replace(seat.path / "journal.jsonl")
    os.close(journal)

    told, _ = waiting.communicate(timeout=30)

    assert told == "1\n"
    assert (seat.path / "journal.jsonl").read_text().count("\n") == 1


def test_a_full_disk_refuses_with_a_sentence_and_costs_no_earlier_answer(tmp_path: Path) -> None:
    seat = new_seat(tmp_path / "A001")
    seat.start(at(0))
    seat.save("q06", "kept", at(1))
    size = (seat.path / "journal.jsonl").stat().st_size
    script = (
        "import sys, signal, resource; from grader.seats import SeatFolder, moment\n"
        "from grader.errors import RoomError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 100}, {size + 100}))\n"
        "seat, now = SeatFolder(sys.argv[1]), moment('2026-11-21T09:02:00Z')\n"
        "for act in (lambda: seat.save('q06', 'x' * 900, now), lambda: seat.incident('y' * 990, 'Zhao', now),\n"
        "            lambda: seat.save('q01', '1', now)):\n"
        "    try:\n"
        "        act()\n"
        "    except RoomError as error:\n"
        "        print(error.status, error, error.zh)\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", script, str(seat.path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert len(told) == 3
    for line in told:
        assert line.startswith("507 The room cannot save (") and "考场暂时无法保存" in line
    after = SeatFolder(seat.path)
    assert after.state(at(3)).answers == {"q06": "kept"}
    assert after.save("q01", "1", at(3)).n == 3
    assert after.verify() == []
    assert resource.RLIMIT_FSIZE and signal.SIGXFSZ  # Linux


def test_a_forged_second_seat_of_the_same_number_is_refused(tmp_path: Path) -> None:
    new_seat(tmp_path / "TL-1" / "A001")
    new_seat(tmp_path / "TL-2" / "A001")

    with pytest.raises(RoomError, match="a seat A001 in TL-1 and TL-2; one of them is not real"):
        find(tmp_path, "A001")


def test_whatever_is_changed_in_a_seats_own_papers_changes_its_seal(tmp_path: Path) -> None:
    seat = new_seat(tmp_path / "A001")
    sealed = seat.seal()
    assert SeatFolder(seat.path).seal() == sealed

    for name, old, new in (("seat.json", '"minutes":40', '"minutes":90'), ("paper.json", "12 agents", "15 agents")):
        file = seat.path / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert SeatFolder(seat.path).seal() != sealed
        file.write_text(text, encoding="utf-8")
