"""Invigilators over real HTTP: what they see and do, what they never see, and who is refused."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.errors import RoomError
from grader.room.clock import SteadyClock
from grader.room.room import Room
from grader.seats import SeatFolder, find_sitting, mend, moment, watch
from tests import room_server

SITTING = "/api/sittings/TL-2026-11"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = room_server.RoomServer(tmp_path_factory.mktemp("room"))
    room_server.make_sitting(running.room)
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def number(server: Any, request: pytest.FixtureRequest) -> str:
    """A seat of its own for each test, of a candidate who is working."""
    name = re.sub(r"\W", "-", request.node.name.removeprefix("test_"))[:60].strip("-")
    room_server.make_seat(server.room, name)
    return name


@pytest.fixture
def candidate(server: Any, number: str) -> Iterator[httpx.Client]:
    with server.client() as client:
        client.post(f"/api/seats/{number}/enter", json={"code": room_server.CODE})
        client.post(f"/api/seats/{number}/start", json={"page": "the page"})
        yield client


@pytest.fixture
def invigilator(server: Any) -> Iterator[httpx.Client]:
    with server.client() as client:
        reply = client.post(f"{SITTING}/enter", json={"code": room_server.INVIGILATOR.lower(), "name": "赵敏"})
        assert reply.status_code == 200, reply.text
        yield client


def do(client: httpx.Client, what: str, **words: Any) -> dict[str, Any]:
    reply = client.post(f"{SITTING}/{what}", json=words)
    assert reply.status_code == 200, reply.text
    done: dict[str, Any] = reply.json()
    return done


def refused(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    assert set(reply.json()) == {"message", "zh"} and reply.json()["zh"].endswith("。")
    return str(reply.json()["message"])


def row(view: dict[str, Any], number: str) -> dict[str, Any]:
    return next(seat for seat in view["seats"] if seat["seat"] == number)


def test_the_table_shows_who_works_what_is_saved_and_what_is_left(
    candidate: httpx.Client, invigilator: httpx.Client, number: str
) -> None:
    candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})

    view = invigilator.get(SITTING).json()

    assert (view["sitting"], view["state"], view["by"]) == ("TL-2026-11", "open", "赵敏")
    seat = row(view, number)
    assert (seat["name"], seat["status"], seat["on"]) == ("Mei Tan", "running", True)
    assert (seat["answered"], seat["questions"]) == (1, 6)
    assert 39 * 60 < seat["remaining_s"] <= 40 * 60
    assert abs(moment(seat["saved_at"]) - datetime.now(UTC)) < timedelta(seconds=10)


def test_no_answer_no_question_and_no_code_reaches_an_invigilator(
    candidate: httpx.Client, invigilator: httpx.Client, number: str
) -> None:
    candidate.put(f"/api/seats/{number}/answers/q06", json={"value": "my secret plan", "page": "the page"})

    text = invigilator.get(SITTING).text

    for secret in ("secret", "answers", "stem_html", "options", "code_sha256", "form_digest", "the page"):
        assert secret not in text
    assert refused(invigilator.get(f"/api/seats/{number}"), 403).startswith("Enter the access code")


def test_extra_time_pause_and_going_on_reach_the_candidate_with_name_and_reason_in_the_log(
    candidate: httpx.Client, invigilator: httpx.Client, server: Any, number: str
) -> None:
    before = moment(candidate.get(f"/api/seats/{number}/clock?page=the page").json()["deadline"])

    do(invigilator, "extra-time", seat=number, minutes=10, reason="fire door")
    do(invigilator, "pause", seat=number, reason="fire alarm")

    clock = candidate.get(f"/api/seats/{number}/clock?page=the page").json()
    assert (clock["status"], clock["extra_min"], clock["mine"]) == ("paused", 10, True)
    view = candidate.get(f"/api/seats/{number}?page=the page").json()
    assert view["paper"]["questions"] == []
    put = candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})
    assert "paused" in refused(put, 409)
    assert "paused" in refused(candidate.post(f"/api/seats/{number}/hand-in", json={"page": "the page"}), 409)

    view = do(invigilator, "resume", seat=number)
    put = candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})
    assert put.status_code == 200
    after = moment(candidate.get(f"/api/seats/{number}/clock?page=the page").json()["deadline"])
    assert timedelta(minutes=10) <= after - before < timedelta(minutes=10, seconds=15)
    mine = [(line["event"], line["by"], line["reason"]) for line in view["log"] if line["seat"] == number]
    assert mine == [("resume", "赵敏", ""), ("pause", "赵敏", "fire alarm"), ("extra-time", "赵敏", "fire door")]
    assert SeatFolder(server.room / "TL-2026-11" / number).verify() == []


def test_incidents_of_a_seat_and_of_the_room_are_kept(
    candidate: httpx.Client, invigilator: httpx.Client, server: Any, number: str
) -> None:
    do(invigilator, "incident", seat=number, reason="a phone rang at this seat")
    view = do(invigilator, "incident", seat=None, reason="隔壁施工噪声")

    assert row(view, number)["incidents"] == 1
    told = {(line["seat"], line["text"]) for line in view["log"] if line["event"] == "incident"}
    assert {(number, "a phone rang at this seat"), (None, "隔壁施工噪声")} <= told
    assert find_sitting(server.room, "TL-2026-11").log()[-1]["text"] == "隔壁施工噪声"


def test_the_whole_room_is_paused_and_goes_on_and_who_has_handed_in_is_left_alone(tmp_path: Path) -> None:
    server = room_server.RoomServer(tmp_path / "home")
    room_server.make_sitting(server.room)
    now = datetime.now(UTC)
    works, waits, done, stands = (room_server.make_seat(server.room, f"A00{n}") for n in (1, 2, 3, 4))
    for seat in (works, done, stands):
        seat.start(now)
    done.hand_in(now, "candidate", None)
    stands.pause("unwell", "Li Na", now)
    server.start()
    try:
        with server.client() as client:
            client.post(f"{SITTING}/enter", json={"code": room_server.INVIGILATOR, "name": "Zhao Min"})
            paused = do(client, "pause", reason="fire alarm")
            assert [seat["status"] for seat in paused["seats"]] == ["paused", "paused", "handed-in", "paused"]
            assert paused["left_out"] == []
            on = do(client, "resume")
            assert [seat["status"] for seat in on["seats"]] == ["running", "open", "handed-in", "running"]
            more = do(client, "extra-time", minutes=7, reason="fire alarm")
            assert [seat["extra_min"] for seat in more["seats"]] == [7, 7, 0, 7]
            assert refused(client.post(f"{SITTING}/pause", json={"reason": " "}), 400).startswith("Say why")
    finally:
        server.stop()
    assert [line["event"] for line in waits.log()] == ["pause", "resume", "extra-time"]
    assert [line["by"] for line in stands.log()] == ["Li Na", "Zhao Min", "Zhao Min"]


@pytest.mark.parametrize(
    ("what", "words", "status", "sentence"),
    [
        ("extra-time", {"minutes": 0, "reason": "x"}, 400, "between 0 and 1440"),
        ("extra-time", {"minutes": "ten", "reason": "x"}, 400, "a number of minutes"),
        ("extra-time", {"minutes": True, "reason": "x"}, 400, "a number of minutes"),
        ("extra-time", {"minutes": 5, "reason": ""}, 400, "Say why"),
        ("pause", {"reason": 7}, 400, "Say why"),
        ("incident", {"reason": "x" * 1001}, 400, "at most 1000"),
        ("resume", {}, 409, "is not paused"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence_and_not_done(
    invigilator: httpx.Client, server: Any, what: str, words: dict[str, Any], status: int, sentence: str
) -> None:
    if not (server.room / "TL-2026-11" / "senseless").exists():
        room_server.make_seat(server.room, "senseless")

    assert sentence in refused(invigilator.post(f"{SITTING}/{what}", json={"seat": "senseless", **words}), status)

    assert SeatFolder(server.room / "TL-2026-11" / "senseless").log() == []


def test_without_the_invigilators_code_nothing_is_shown_or_done(
    server: Any, candidate: httpx.Client, number: str
) -> None:
    assert "invigilator's code" in refused(candidate.get(SITTING), 403)
    assert "invigilator's code" in refused(candidate.post(f"{SITTING}/extra-time", json={"seat": number}), 403)
    with server.client() as client:
        for code, name, status in ((room_server.CODE, "Zhao", 403), (None, "Zhao", 403), ("x", " ", 400)):
            refused(client.post(f"{SITTING}/enter", json={"code": code, "name": name}), status)
        assert "academy-invigilator-TL-2026-11" not in client.cookies
        # The cookie of a seat, under the name of the invigilator's, opens nothing.
        client.cookies.set("academy-invigilator-TL-2026-11", candidate.cookies[f"academy-seat-{number}"])
        refused(client.get(SITTING), 403)
    with httpx.Client(base_url=server.url, trust_env=False) as stranger:
        assert "Log in" in refused(stranger.get(SITTING), 401)


def test_after_five_wrong_codes_an_invigilator_waits(tmp_path: Path) -> None:
    room = Room(tmp_path, tmp_path / "work")
    for _ in range(5):
        with pytest.raises(RoomError):
            room.try_code(("sitting/TL", "10.0.0.5"), False)
    with pytest.raises(RoomError, match="Too many wrong codes") as waits:
        room.try_code(("sitting/TL", "10.0.0.5"), True)
    assert waits.value.status == 429 and "秒后再试" in waits.value.zh


def test_an_invigilator_of_one_sitting_has_no_say_in_another(server: Any, invigilator: httpx.Client) -> None:
    other = server.room / "TL-other"
    if not other.exists():
        room_server.make_sitting(server.room, "TL-other")
        seat = room_server.make_seat(server.room, "B001")
        seat.path.rename(other / "B001")
        text = (other / "B001" / "seat.json").read_text().replace("TL-2026-11", "TL-other")
        (other / "B001" / "seat.json").write_text(text)

    assert "not one of sitting TL-2026-11" in refused(
        invigilator.post(f"{SITTING}/pause", json={"seat": "B001", "reason": "x"}), 404
    )
    refused(invigilator.get("/api/sittings/TL-other"), 403)
    assert "no sitting" in refused(invigilator.get("/api/sittings/nowhere"), 404)
    assert "no sitting" in refused(invigilator.get("/api/sittings/..%2Foffice"), 404)


def test_the_lobby_names_the_sittings_that_can_be_invigilated(server: Any, invigilator: httpx.Client) -> None:
    found = invigilator.get("/api/seats").json()["invigilate"]

    assert {"TL-2026-11"} <= {one["sitting"] for one in found}
    page = invigilator.get("/invigilate/TL-2026-11")
    assert page.status_code == 200 and 'data-sitting="TL-2026-11"' in page.text
    assert invigilator.get("/invigilate/nowhere").status_code == 404


def test_a_damaged_seat_is_a_row_of_its_own_and_mends_without_starting_the_room_again(
    server: Any, candidate: httpx.Client, invigilator: httpx.Client, number: str
) -> None:
    candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})
    folder = server.room / "TL-2026-11" / number
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"n": 7}\n')

    damaged = row(invigilator.get(SITTING).json(), number)
    assert damaged["status"] == "damaged" and "damaged at line 3" in damaged["problem"]
    put = candidate.put(f"/api/seats/{number}/answers/q02", json={"value": ["1"], "page": "the page"})
    assert "Call the invigilator" in refused(put, 500)
    do(invigilator, "incident", seat=number, reason="the page says: call the invigilator")

    mend(folder, "the disk was at fault", "Sun Li", datetime.now(UTC))

    candidate.post(f"/api/seats/{number}/start", json={"page": "the page"})
    put = candidate.put(f"/api/seats/{number}/answers/q02", json={"value": ["1", "3"], "page": "the page"})
    assert put.status_code == 200
    mended = row(invigilator.get(SITTING).json(), number)
    assert (mended["status"], mended["answered"], mended["incidents"]) == ("running", 2, 2)


def test_a_seat_whose_own_papers_are_damaged_is_a_row_too(tmp_path: Path) -> None:
    room_server.make_seat(tmp_path, "A001")
    room_server.make_seat(tmp_path, "A002")
    (tmp_path / "TL-2026-11" / "A001" / "paper.json").write_text("{")

    rows = watch(tmp_path, "TL-2026-11", datetime.now(UTC))

    assert [(one.seat, one.status, one.name) for one in rows] == [("A001", "damaged", ""), ("A002", "open", "Mei Tan")]
    assert "folder of seat A001 is damaged" in rows[0].problem


def test_a_page_that_was_taken_over_is_told_by_the_clock_and_by_its_next_save(
    server: Any, candidate: httpx.Client, number: str
) -> None:
    assert candidate.get(f"/api/seats/{number}?page=other").json()["elsewhere"] is True
    assert candidate.get(f"/api/seats/{number}?page=the page").json()["elsewhere"] is False

    candidate.post(f"/api/seats/{number}/start", json={"page": "other"})

    assert candidate.get(f"/api/seats/{number}/clock?page=the page").json()["mine"] is False
    put = candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})
    assert "another window" in refused(put, 409)
    assert candidate.get(f"/api/seats/{number}").json()["state"]["answers"] == {}


def test_a_page_that_was_closed_is_not_on_any_more_even_if_its_last_answer_comes_after_its_farewell(
    candidate: httpx.Client, number: str
) -> None:
    assert candidate.get(f"/api/seats/{number}?page=other").json()["elsewhere"] is True
    for page in ("somebody else's", "the page"):
        assert candidate.get(f"/api/seats/{number}?page=new").json()["elsewhere"] is True
        assert candidate.post(f"/api/seats/{number}/leave", json={"page": page}).status_code == 200

    put = candidate.put(f"/api/seats/{number}/answers/q01", json={"value": "2", "page": "the page"})

    assert put.status_code == 200
    assert candidate.get(f"/api/seats/{number}?page=new").json()["elsewhere"] is False
    candidate.get(f"/api/seats/{number}/clock?page=the page")  # the browser's Back brings it to life again
    assert candidate.get(f"/api/seats/{number}?page=new").json()["elsewhere"] is True


def test_a_number_that_cannot_be_read_comes_back_with_a_hint_and_no_key(candidate: httpx.Client, number: str) -> None:
    put = f"/api/seats/{number}/answers/q03"

    hint = candidate.put(put, json={"value": "八成", "page": "the page"}).json()["hint"]

    assert hint and "八成" in hint
    assert candidate.get(f"/api/seats/{number}").json()["hints"] == {"q03": hint}
    assert "hint" not in candidate.put(put, json={"value": "30", "page": "the page"}).json()
    assert candidate.get(f"/api/seats/{number}").json()["hints"] == {}


def test_a_body_of_fifty_megabytes_gets_a_sentence_and_the_room_serves_on(
    server: Any, candidate: httpx.Client, number: str
) -> None:
    body = b'{"value": "' + b"x" * 50_000_000 + b'"}'

    reply = candidate.put(f"/api/seats/{number}/answers/q06", content=body, timeout=60)

    assert refused(reply, 413) == "That is too long: at most 100000 bytes are taken at once."
    put = candidate.put(f"/api/seats/{number}/answers/q06", json={"value": "short", "page": "the page"})
    assert put.status_code == 200


# --- a clock that jumps ---


class Hands:
    """A computer's clock and its time since boot, both set by hand."""

    def __init__(self) -> None:
        self.wall, self.boot = datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp(), 1000.0

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.boot)

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.boot += seconds


@pytest.mark.parametrize("jump_s", [3600, -3600, 86_400 * 365, -5])
def test_a_clock_that_jumps_moves_no_seats_time(jump_s: float) -> None:
    hands = Hands()
    clock = hands.clock()
    hands.run(60)

    hands.wall += jump_s
    hands.run(30)

    assert clock.now() == datetime(2026, 11, 21, 9, 1, 30, tzinfo=UTC)
    assert clock.off_s == pytest.approx(jump_s)
    hands.wall -= jump_s  # somebody sets it right again
    clock.now()
    assert clock.off_s == 0


def test_the_slow_correction_of_a_healthy_clock_is_followed() -> None:
    hands = Hands()
    clock = hands.clock()
    for _ in range(100):
        hands.run(10)
        hands.wall += 0.5
        clock.now()

    assert clock.now().timestamp() == pytest.approx(hands.wall)
    assert clock.off_s == 0


def test_a_jump_ends_no_seat_and_the_invigilator_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from grader.room.invigilate import overview

    hands = Hands()
    hands.wall = time.time()
    room = Room(tmp_path, tmp_path / "work", steady=hands.clock())
    seat = room_server.make_seat(tmp_path, "A001")
    sitting = room_server.make_sitting(tmp_path)
    room.start(room.seat("A001"), room.now())

    hands.wall += 7200
    hands.run(2)

    assert room.tick(room.now()) == []
    view = overview(room, sitting, room.now())
    assert (view["clock_off_s"], view["seats"][0]["status"]) == (7200, "running")
    assert "was set by +7200 s" in caplog.text
    assert seat.state(room.now()).remaining_s > 39 * 60
    assert json.dumps(view)
