"""The clock of the room hands in what was saved, whatever becomes of seats, disk and server meanwhile."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.room.room import Room
from grader.seats import SeatFolder, moment
from tests import room_server
from tests.grader.exam_room import logged_in, make_seat, message, own_seat, running, sit_down

server = pytest.fixture(running, scope="module")
client = pytest.fixture(logged_in)
number = pytest.fixture(own_seat)


def test_extra_time_that_the_office_grants_reaches_the_running_room(
    server: Any, client: httpx.Client, number: str
) -> None:
    before = moment(sit_down(client, number)["state"]["deadline"])

    SeatFolder(server.room / "TL-2026-11" / number).grant(10, "fire alarm", "office", datetime.now(UTC))

    state = client.get(f"/api/seats/{number}").json()["state"]
    assert moment(state["deadline"]) - before == timedelta(minutes=10)
    assert state["extra_min"] == 10


def test_the_clock_hands_in_by_itself_with_everything_that_was_saved(server: Any, client: httpx.Client) -> None:
    seat = make_seat(server.room, "ends-soon", closes_in_s=4)
    sit_down(client, "ends-soon")
    client.put("/api/seats/ends-soon/answers/q03", json={"value": "30"})
    (server.root / "exam" / "ends-soon" / "practical.ipynb").write_bytes(b"{}")
    # Extra time counts for the clock, too.
    seat.grant(2 / 60, "late keyboard", "office", datetime.now(UTC))
    closes = moment(seat.seat["closes_at"])

    while datetime.now(UTC) < closes + timedelta(seconds=1):
        time.sleep(0.1)
    assert client.put("/api/seats/ends-soon/answers/q01", json={"value": "2"}).status_code == 200
    for _ in range(60):
        if (seat.path / "handed-in").exists():
            break
        time.sleep(0.1)

    handed = seat.handed_in()
    assert handed is not None
    assert (handed.receipt["how"], handed.answers["q03"], handed.practical) == ("clock", "30", b"{}")
    assert moment(handed.receipt["at"]) == closes + timedelta(seconds=2)
    assert message(client.put("/api/seats/ends-soon/answers/q01", json={"value": "3"}), 409)
    assert client.post("/api/seats/ends-soon/hand-in").json() == handed.receipt


def test_a_room_that_was_down_at_the_end_hands_in_when_it_comes_back(tmp_path: Path) -> None:
    seat = make_seat(tmp_path / "room", "A001")
    first = Room(tmp_path / "room", tmp_path / "work")
    first.start(seat, datetime.now(UTC))
    first.save(first.seat("A001"), "q01", {"value": "2"}, datetime.now(UTC))

    later = datetime.now(UTC) + timedelta(hours=3)
    assert Room(tmp_path / "room", tmp_path / "work").tick(later) == ["A001"]

    handed = seat.handed_in()
    assert handed is not None
    assert (handed.receipt["how"], handed.answers["q01"]) == ("clock", "2")
    assert handed.receipt["at"] == seat.state(later).deadline


def test_one_damaged_seat_does_not_stop_the_clock_of_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in ("A001", "A002", "A003"):
        make_seat(tmp_path / "room", number)
    room = Room(tmp_path / "room", tmp_path / "work")
    for number in ("A001", "A003"):
        room.start(room.seat(number), datetime.now(UTC))
    with (room.seat("A001").path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"n": 7}\n')
    (room.seat("A002").path / "seat.json").write_text("{")

    again = Room(tmp_path / "room", tmp_path / "work")
    assert again.tick(datetime.now(UTC) + timedelta(hours=3)) == ["A003"]
    assert again.tick(datetime.now(UTC) + timedelta(hours=3)) == []
    assert [seat["status"] for seat in again.lobby(datetime.now(UTC))[0]["seats"]] == ["damaged", "handed-in"]
    assert caplog.text.count("line 2 of journal.jsonl in A001") == 1
    assert caplog.text.count("A002") == 1


@pytest.mark.parametrize("damage", ["{}", "[]", '{"seat": "A001"}', "7"])
def test_a_seat_file_that_is_json_but_no_seat_stops_neither_the_clock_nor_the_lobby(
    tmp_path: Path, damage: str
) -> None:
    for number in ("A001", "A002"):
        make_seat(tmp_path / "room", number)
    Room(tmp_path / "room", tmp_path / "work").start(SeatFolder(tmp_path / "room/TL-2026-11/A002"), datetime.now(UTC))
    (tmp_path / "room" / "TL-2026-11" / "A001" / "seat.json").write_text(damage)

    room = Room(tmp_path / "room", tmp_path / "work")
    assert room.tick(datetime.now(UTC) + timedelta(hours=3)) == ["A002"]
    assert [seat["seat"] for seat in room.lobby(datetime.now(UTC))[0]["seats"]] == ["A002"]


def test_a_seat_that_the_disk_refuses_at_the_end_is_handed_in_later_and_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    room = Room(tmp_path / "room", tmp_path / "work")
    for number in ("A001", "A002"):
        room.start(make_seat(tmp_path / "room", number), datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(hours=3)
    in_the_way = room.seat("A001").path / "handed-in.part"
    in_the_way.write_text("a file where a folder has to be")

    assert [room.tick(later), room.tick(later)] == [["A002"], []]
    assert caplog.text.count("A001: The room cannot save") == 1
    in_the_way.unlink()

    assert room.tick(later) == ["A001"]


def test_answers_survive_kill_9_of_the_server(tmp_path: Path) -> None:
    server = room_server.RoomServer(tmp_path / "home")
    seat = make_seat(server.room, "A001")
    try:
        server.start()
        with server.client() as client:
            sit_down(client, "A001")
            for turn in range(20):
                assert client.put("/api/seats/A001/answers/q06", json={"value": f"draft {turn}"}).status_code == 200
            server.kill()
            server.start()
            # The same browser, with the cookie from before.
            assert client.get("/api/seats/A001").json()["state"]["answers"] == {"q06": "draft 19"}
            assert client.put("/api/seats/A001/answers/q01", json={"value": "2"}).status_code == 200
    finally:
        server.stop()
    assert seat.verify() == []
