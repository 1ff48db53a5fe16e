"""The room under load and killed under load, in small; benchmarks/room.py does the same with a thousand seats."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.room.roll import Roll
from grader.room.room import Room
from grader.seats import SeatFolder


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_room", Path(__file__).parents[2] / "benchmarks" / "room.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_room"] = module  # its annotations are looked up there
    spec.loader.exec_module(module)
    return module


bench = _load()


def apart(work: Callable[[], Any]) -> Any:
    """Do it in a thread of its own: the browser of other tests keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def test_under_load_every_answer_is_acknowledged_and_on_the_disk() -> None:
    found = apart(lambda: bench.load(seats=30, seconds=3.0, every_s=0.5))

    assert found["saved"] >= 30 * 5
    assert (found["refused"], found["lost"], found["broken"]) == (0, 0, 0), found["said"]


def test_a_room_killed_at_random_moments_under_load_has_every_acknowledged_answer() -> None:
    found = apart(lambda: bench.crash(kills=2, seats=20, every_s=0.1, least_s=0.3))

    assert found["saved"] > 20
    assert (found["refused"], found["lost"], found["broken"]) == (0, 0, 0), found["said"]


def test_the_measurement_notices_an_answer_that_is_gone_changed_or_on_another_line(tmp_path: Path) -> None:
    bench.make_seats(tmp_path, 1)
    folder = SeatFolder(tmp_path / bench.SITTING / f"{bench.SITTING}-0001")
    folder.start(datetime.now(UTC))
    saved = folder.save("q01", "one", datetime.now(UTC))
    candidate = bench.Candidate(None, folder.path.name)

    for acknowledged, missing in (
        ((saved.n, "q01", "one"), 0),
        ((saved.n + 1, "q02", "two"), 1),
        ((saved.n, "q01", "other"), 1),
        ((1, "q01", "one"), 1),
    ):
        candidate.acknowledged.append(acknowledged)
        assert len(candidate.lost(tmp_path, {})) == missing, acknowledged


def test_an_answer_is_acknowledged_only_after_the_disk_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.make_seats(tmp_path, 1)
    folder = SeatFolder(tmp_path / bench.SITTING / f"{bench.SITTING}-0001")
    folder.start(datetime.now(UTC))
    journal, steps = folder.path / "journal.jsonl", []
    sync = os.fsync

    def noted(fd: int) -> None:
        sync(fd)
        steps.append(
            (str(Path(f"/proc/self/fd/{fd}").readlink()), json.loads(journal.read_bytes().splitlines()[-1])["value"])
        )

    monkeypatch.setattr(os, "fsync", noted)

    folder.save("q01", "42", datetime.now(UTC))

    assert steps == [(str(journal), "42")]


def test_many_threads_on_one_seat_write_one_whole_journal(tmp_path: Path) -> None:
    bench.make_seats(tmp_path, 1)
    room = Room(tmp_path, tmp_path / "work")
    seat = room.seat(f"{bench.SITTING}-0001")
    room.start(seat, datetime.now(UTC))
    numbers: list[int] = []
    failed: list[BaseException] = []

    def write(mine: int) -> None:
        try:
            for turn in range(20):
                numbers.append(room.save(seat, "q01", {"value": f"{mine} {turn}"}, datetime.now(UTC))["n"])
                seat.state(datetime.now(UTC))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert sorted(numbers) == list(range(2, 162))  # the first line is the start
    assert SeatFolder(seat.path).verify() == []


def test_seats_that_come_and_go_are_seen_at_once(tmp_path: Path) -> None:
    roll = Roll(tmp_path)
    assert roll.folders() == []
    bench.make_seats(tmp_path, 2)
    assert [path.name for path in roll.folders()] == ["LOAD-0001", "LOAD-0002"]

    (tmp_path / "LOAD" / "LOAD-0001").rename(tmp_path / "away")

    assert [path.name for path in roll.folders()] == ["LOAD-0002"]


def test_one_slow_disk_keeps_nobody_else_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes 0.4 s for a line: of twelve seats that save at once, most wait for it at the same time."""
    waits = tmp_path / "waits"
    slow = tmp_path / "sitecustomize.py"
    slow.write_text(
        "import os, time\n_sync, _waits = os.fsync, os.environ.get('SLOW_DISK')\ndef fsync(fd):\n"
        "    began = time.monotonic()\n    time.sleep(0.4)\n    _sync(fd)\n"
        "    open(_waits, 'a').write(f'{began} {time.monotonic()}\\n')\n"
        "if _waits:\n    os.fsync = fsync\n"
    )
    bench.make_seats(tmp_path / "room", 12)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SLOW_DISK", str(waits))
    server = bench.Server(tmp_path)
    candidates = [bench.Candidate(server, f"LOAD-{number:04d}") for number in range(1, 13)]

    async def all_save() -> list[Any]:
        await bench.all_sit_down(candidates)
        waits.unlink()
        replies = await asyncio.gather(
            *(one.ask("PUT", "/answers/q01", {"value": "1", "page": one.seat}) for one in candidates)
        )
        await asyncio.gather(*(one.leave() for one in candidates))
        return replies

    server.start()
    try:
        replies = apart(lambda: asyncio.run(all_save()))
    finally:
        server.end(signal.SIGTERM)

    assert [status for status, _ in replies] == [200] * 12
    times = [[float(moment) for moment in line.split()] for line in waits.read_text().splitlines()]
    assert max(sum(began <= moment < ended for began, ended in times) for moment, _ in times) > 6
