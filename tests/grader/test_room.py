"""The exam room over real HTTP, on a real Jupyter server: what it gives and what it refuses."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.errors import RoomError
from grader.room.room import Room
from grader.seats import SeatFolder, moment
from tests import room_server
from tests.grader.exam_room import CODE, logged_in, make_seat, message, own_seat, running, sit_down

server = pytest.fixture(running, scope="module")
client = pytest.fixture(logged_in)
number = pytest.fixture(own_seat)

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
