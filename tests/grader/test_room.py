"""The exam room over real HTTP, on a real Jupyter server: what it gives, what it refuses, and what the clock does."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.errors import RoomError
from grader.room.practical import lay_out, pick_up
from grader.room.room import Room
from grader.seats import SeatFolder, moment

_spec = importlib.util.spec_from_file_location("room_server", Path(__file__).parents[1] / "room_server.py")
assert _spec is not None and _spec.loader is not None
room_server = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(room_server)

CODE = room_server.CODE
make_seat = room_server.make_seat
KEY_WORDS = {
    "key",
    "right",
    "correct",
    "tolerance",
    "rubric",
    "reason",
    "reasons",
    "sample",
    "answer_key",
    "difficulty",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = room_server.RoomServer(tmp_path_factory.mktemp("room"))
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def client(server: Any) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def number(server: Any, request: pytest.FixtureRequest) -> str:
    """A seat of its own for each test."""
    name = re.sub(r"\W", "-", request.node.name.removeprefix("test_"))[:60].strip("-")
    make_seat(server.room, name)
    return name


def sit_down(client: httpx.Client, number: str) -> dict[str, Any]:
    assert client.post(f"/api/seats/{number}/enter", json={"code": CODE}).status_code == 200
    view: dict[str, Any] = client.post(f"/api/seats/{number}/start").json()
    return view


def message(reply: httpx.Response, status: int) -> str:
    """The one sentence of a refusal."""
    assert reply.status_code == status, reply.text
    assert set(reply.json()) == {"message", "zh"} and reply.json()["zh"].endswith("。")
    sentence: str = reply.json()["message"]
    assert sentence.endswith(".") and "Traceback" not in sentence
    return sentence


def test_a_whole_exam_over_http_from_the_code_to_the_receipt(server: Any, client: httpx.Client, number: str) -> None:
    view = sit_down(client, number)
    assert [question["kind"] for question in view["paper"]["questions"]] == [
        "choice", "multi", "number", "order", "match", "text",
    ]  # fmt: skip

    saved = client.put(f"/api/seats/{number}/answers/q02", json={"value": ["1", "3"], "flag": True}).json()
    assert saved["n"] == 3
    back = client.get(f"/api/seats/{number}").json()["state"]
    assert (back["answers"], back["flags"]) == ({"q02": ["1", "3"]}, ["q02"])
    assert abs(moment(back["now"]) - datetime.now(UTC)) < timedelta(seconds=5)

    receipt = client.post(f"/api/seats/{number}/hand-in").json()
    assert (receipt["how"], receipt["answered"]) == ("candidate", 1)
    assert re.fullmatch("[0-9a-f]{64}", receipt["digest"])
    assert client.post(f"/api/seats/{number}/hand-in").json() == receipt
    assert client.get(f"/api/seats/{number}").json()["receipt"] == receipt
    seat = SeatFolder(server.room / "TL-2026-11" / number)
    handed = seat.handed_in()
    assert handed is not None and handed.practical == room_server.NOTEBOOK
    assert seat.verify() == []


def test_the_questions_are_on_the_paper_only_while_the_clock_runs(client: httpx.Client, number: str) -> None:
    client.post(f"/api/seats/{number}/enter", json={"code": CODE})
    before = client.get(f"/api/seats/{number}").json()
    assert (before["state"]["status"], before["paper"]["questions"], before["paper"]["count"]) == ("open", [], 6)

    assert len(client.post(f"/api/seats/{number}/start").json()["paper"]["questions"]) == 6

    client.post(f"/api/seats/{number}/hand-in")
    assert client.get(f"/api/seats/{number}").json()["paper"]["questions"] == []


def test_no_name_of_a_key_is_anywhere_in_what_the_room_sends(server: Any, client: httpx.Client, number: str) -> None:
    def names(part: Any) -> set[str]:
        if isinstance(part, dict):
            return set(part) | set().union(*map(names, part.values()))
        return set().union(*map(names, part)) if isinstance(part, list) else set()

    view = sit_down(client, number)
    found = names(view) | names(client.get("/api/seats").json())

    assert {"stem_html", "options"} <= found
    assert not found & KEY_WORDS


def test_without_logging_in_to_the_server_nothing_is_shown(server: Any, number: str) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as stranger:
        for path in ("", f"/seats/{number}"):
            assert "/login" in stranger.get(server.url + path).headers["Location"]
            assert "exam" not in stranger.get(server.url + path).text
        for path in ("", f"/{number}", f"/{number}/clock"):
            assert "Log in" in message(stranger.get(f"/api/seats{path}"), 401)
        assert stranger.post(f"/api/seats/{number}/enter", json={"code": CODE}).status_code == 403


def test_without_the_access_code_a_seat_is_closed(client: httpx.Client, number: str) -> None:
    for method, path in (
        ("GET", ""),
        ("POST", "/start"),
        ("PUT", "/answers/q01"),
        ("POST", "/hand-in"),
    ):
        reply = client.request(method, f"/api/seats/{number}{path}", json=None if method == "GET" else {"value": "1"})
        assert "access code" in message(reply, 403)


def test_an_unknown_seat_is_a_404_with_a_sentence(client: httpx.Client) -> None:
    assert message(client.get("/api/seats/Z999"), 404) == "There is no seat Z999 in this room."
    assert message(client.post("/api/seats/..%2F..%2Fx/enter", json={"code": CODE}), 404)
    page = client.get("/seats/Z999")
    assert page.status_code == 404 and "There is no seat Z999" in page.text and "<h1" in page.text


def test_after_five_wrong_codes_the_right_one_must_wait_too(client: httpx.Client, number: str) -> None:
    for _ in range(5):
        assert "not the access code" in message(client.post(f"/api/seats/{number}/enter", json={"code": "XXXX"}), 403)

    sentence = message(client.post(f"/api/seats/{number}/enter", json={"code": CODE}), 429)

    left = re.search(r"Wait (\d+) seconds", sentence)
    assert left is not None and 25 <= int(left[1]) <= 30


def test_after_the_wait_the_right_code_opens_the_seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_seat(tmp_path, "A001")
    room, clock = Room(tmp_path, tmp_path / "work"), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    for _ in range(5):
        with pytest.raises(RoomError, match="not the access code"):
            room.enter("A001", "wrong", "127.0.0.1")
    with pytest.raises(RoomError, match="Wait"):
        room.enter("A001", CODE, "127.0.0.1")
    assert room.enter("A001", CODE, "127.0.0.2").path.name == "A001"

    clock[0] += 30.0

    assert room.enter("A001", CODE, "127.0.0.1").path.name == "A001"


def test_the_cookie_of_one_seat_opens_no_other_seat(server: Any, client: httpx.Client, number: str) -> None:
    sit_down(client, number)
    client.put(f"/api/seats/{number}/answers/q06", json={"value": "my secret answer"})
    make_seat(server.room, f"{number}-n", code="OTHER-CODE")
    mine = client.cookies[f"academy-seat-{number}"]

    with server.client() as neighbour:
        neighbour.cookies.set(f"academy-seat-{number}-n", mine)
        for path in (number, f"{number}-n"):
            reply = neighbour.get(f"/api/seats/{path}")
            assert "access code" in message(reply, 403)
            assert "secret" not in reply.text
        neighbour.cookies.set(f"academy-seat-{number}", mine[:-1] + ("0" if mine[-1] != "0" else "1"))
        assert "access code" in message(neighbour.get(f"/api/seats/{number}"), 403)


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


def test_a_save_that_was_overtaken_by_a_newer_one_of_the_same_page_is_not_written_over_it(
    client: httpx.Client, number: str
) -> None:
    sit_down(client, number)
    put = f"/api/seats/{number}/answers/q06"
    client.put(put, json={"value": "new", "page": "p1", "turn": 2})

    late = client.put(put, json={"value": "old", "page": "p1", "turn": 1})

    assert late.status_code == 200 and late.json()["overtaken"] is True
    assert client.get(f"/api/seats/{number}").json()["state"]["answers"] == {"q06": "new"}
    client.put(put, json={"value": "other page", "page": "p2", "turn": 1})
    assert client.get(f"/api/seats/{number}").json()["state"]["answers"] == {"q06": "other page"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"value": 7}', 400),
        (b'{"value": "' + b"x" * 200_000 + b'"}', 413),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_with_a_sentence(
    server: Any, client: httpx.Client, body: bytes, status: int
) -> None:
    if not (server.room / "TL-2026-11" / "bodies").exists():
        make_seat(server.room, "bodies")
    sit_down(client, "bodies")
    assert message(client.put("/api/seats/bodies/answers/q01", content=body), status)


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


def test_pages_allow_no_script_of_their_own_and_stay_in_no_cache(
    server: Any, client: httpx.Client, number: str
) -> None:
    for path in ("", f"/seats/{number}", "/static/exam.css", f"/api/seats/{number}"):
        headers = client.get(server.url + path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
    for page in (client.get(server.url).text, client.get(f"/seats/{number}").text):
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", page)
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def test_the_static_folder_gives_only_its_own_files(client: httpx.Client) -> None:
    assert client.get("/static/exam.js").headers["Content-Type"].startswith("text/javascript")
    for name in ("exam.html", "..%2Froom.py", "nothing.js"):
        assert client.get(f"/static/{name}").status_code == 404


def test_the_lobby_names_seats_and_states_but_no_person(client: httpx.Client, number: str) -> None:
    reply = client.get("/api/seats")
    sitting = next(one for one in reply.json()["sittings"] if one["sitting"] == "TL-2026-11")
    assert {"seat": number, "status": "open"} in sitting["seats"]
    assert "Mei Tan" not in reply.text


def test_the_seats_cookie_is_out_of_reach_of_scripts_and_other_sites(client: httpx.Client, number: str) -> None:
    reply = client.post(f"/api/seats/{number}/enter", json={"code": CODE})
    cookie = next(line for line in reply.headers.get_list("set-cookie") if line.startswith("academy-seat-"))
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/academy" in cookie


def test_a_browser_session_must_show_the_xsrf_token(server: Any, number: str) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        page = browser.get(f"/seats/{number}", params={"token": server.token}).text
        token = re.search(r'data-xsrf="([^"]+)"', page)
        assert token is not None
        assert browser.post(f"/api/seats/{number}/enter", json={"code": CODE}).status_code == 403
        headers = {"X-XSRFToken": token[1]}
        assert browser.post(f"/api/seats/{number}/enter", json={"code": CODE}, headers=headers).status_code == 200


def test_the_practical_is_laid_out_once_and_never_overwritten(server: Any, client: httpx.Client, number: str) -> None:
    view = sit_down(client, number)
    folder = server.root / "exam" / number
    assert view["practical_url"] == f"/lab/workspaces/{number}/tree/exam/{number}/practical.ipynb"
    assert sorted(path.name for path in folder.iterdir()) == ["calls.csv", "practical.ipynb"]
    (folder / "practical.ipynb").write_bytes(b"my work")
    (folder / "calls.csv").unlink()

    client.post(f"/api/seats/{number}/start")

    assert (folder / "practical.ipynb").read_bytes() == b"my work"
    assert (folder / "calls.csv").exists()


def test_a_practical_that_is_too_large_can_be_mended_and_handed_in_again(
    server: Any, client: httpx.Client, number: str
) -> None:
    sit_down(client, number)
    work = server.root / "exam" / number / "practical.ipynb"
    work.write_bytes(b"x" * 10_000_001)

    assert "larger than 10 MB" in message(client.post(f"/api/seats/{number}/hand-in"), 413)
    work.write_bytes(b"x" * 10_000_000)

    assert client.post(f"/api/seats/{number}/hand-in").status_code == 200


def test_a_practical_that_is_gone_does_not_stop_the_hand_in_and_is_noted(
    server: Any, client: httpx.Client, number: str
) -> None:
    sit_down(client, number)
    (server.root / "exam" / number / "practical.ipynb").unlink()

    receipt = client.post(f"/api/seats/{number}/hand-in").json()

    assert (receipt["practical"], receipt["note"]) == (
        None, {"en": "The practical notebook was not there.", "zh": "没有找到实操题的笔记本。"},
    )  # fmt: skip


def test_the_view_tells_whether_the_practical_was_changed_at_all(server: Any, client: httpx.Client) -> None:
    """Opened, run and saved is not changed yet: JupyterLab adds metadata and outputs by itself."""
    given = {
        "cells": [{"cell_type": "code", "source": ["calls = ...\n", "calls"], "metadata": {}, "outputs": []}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    ran = {**given["cells"][0], "source": "calls = ...\ncalls", "outputs": [{"output_type": "stream", "text": "1"}]}  # type: ignore[index]
    worked = {**ran, "source": "calls = 54\ncalls"}
    found = {}
    for name, notebook in {
        "untouched": None,
        "opened": json.dumps(given | {"cells": [ran], "metadata": {"language_info": {}}}).encode(),
        "worked": json.dumps(given | {"cells": [worked]}).encode(),
        "broken": b"{",
        "nested": b"[" * 100_000,
    }.items():
        number = f"changed-{name}"
        seat = make_seat(server.room, number)
        (seat.path / "practical" / "practical.ipynb").write_text(json.dumps(given), "utf-8")
        assert sit_down(client, number)["practical_unchanged"] is False  # nothing is handed in yet
        if notebook is not None:
            (server.root / "exam" / number / "practical.ipynb").write_bytes(notebook)
        assert client.post(f"/api/seats/{number}/hand-in").json()["practical"]
        found[name] = client.get(f"/api/seats/{number}").json()["practical_unchanged"]

    assert found == {"untouched": True, "opened": True, "worked": False, "broken": False, "nested": False}


def test_the_clock_hands_in_the_answers_even_when_the_practical_cannot_be_taken(tmp_path: Path) -> None:
    seat = make_seat(tmp_path / "room", "A001")
    room = Room(tmp_path / "room", tmp_path / "work")
    room.start(room.seat("A001"), datetime.now(UTC))
    work = tmp_path / "work" / "A001" / "practical.ipynb"
    work.unlink()
    work.symlink_to("/etc/hostname")

    room.tick(datetime.now(UTC) + timedelta(hours=3))

    handed = seat.handed_in()
    assert handed is not None
    assert handed.practical is None and "not an ordinary file" in handed.receipt["note"]["en"]


def test_behind_a_hub_the_practical_lies_with_the_person_and_both_accounts_can_write_it(tmp_path: Path) -> None:
    seat = make_seat(tmp_path / "room", "A001", candidate={"id": "P014", "name": "Mei Tan"})
    room = Room(tmp_path / "room", tmp_path / "work", by_person=True)
    place = tmp_path / "work" / "p014"

    with pytest.raises(RoomError, match="cannot be put into") as refused:  # nobody has logged in yet
        room.start(room.seat("A001"), datetime.now(UTC))
    assert (refused.value.status, "实操题无法放入" in refused.value.zh) == (507, True)
    place.mkdir(parents=True, mode=0o2770)
    room.start(room.seat("A001"), datetime.now(UTC))

    assert (place / "A001").stat().st_mode & 0o777 == 0o777
    assert (place / "A001" / "practical.ipynb").stat().st_mode & 0o666 == 0o666
    (place / "A001" / "practical.ipynb").write_bytes(b"my work")
    room.hand_in(room.seat("A001"), datetime.now(UTC))
    handed = seat.handed_in()
    assert handed is not None and handed.practical == b"my work"


def test_a_link_in_the_place_of_the_seats_folder_opens_nothing_else(tmp_path: Path) -> None:
    """A candidate owns the folder above and may put there what it likes, e.g. a link to the room's own files."""
    aim = tmp_path / "aim"
    aim.mkdir(mode=0o700)
    (tmp_path / "place").symlink_to(aim)

    with pytest.raises(RoomError, match="not an ordinary folder"):
        lay_out({"practical.ipynb": b"{}"}, tmp_path / "place", shared=True)

    assert list(aim.iterdir()) == [] and aim.stat().st_mode & 0o777 == 0o700


def test_links_and_pipes_in_the_place_of_the_practical_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "practical.ipynb").write_text("a key")
    link, pipe, whole = tmp_path / "link", tmp_path / "pipe", tmp_path / "whole"
    for folder in (link, pipe):
        folder.mkdir()
    (link / "practical.ipynb").symlink_to(secret / "practical.ipynb")
    os.mkfifo(pipe / "practical.ipynb")
    whole.symlink_to(secret)

    for folder in (link, pipe, whole):
        with pytest.raises(RoomError, match="not an ordinary"):
            pick_up(folder)
    with pytest.raises(RoomError, match="not an ordinary"):
        lay_out({"practical.ipynb": b""}, whole)
    assert pick_up(tmp_path / "nothing") is None
    assert json.loads((secret / "practical.ipynb").read_text().join('""')) == "a key"
