"""A candidate hands in a work product over real HTTP: by code, file by file, with receipts, late and missing said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from grader.seats import SeatFolder, find, iso
from tests import room_server

PLAN = b"%PDF-1.7\nplan\n%%EOF\n"
FILES = [
    {"name": "charter", "part": "w1", "formats": ["pdf"], "megabytes": 1, "title": {"en": "Charter", "zh": "章程"}},
    {"name": "sums", "part": "w1", "formats": ["xlsx", "pdf"], "megabytes": 1, "title": {"en": "Sums", "zh": "计算表"}},
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = room_server.RoomServer(tmp_path_factory.mktemp("room"))
    running.start()
    try:
        yield running
    finally:
        running.stop()


def seat(server: Any, number: str, language: str = "en", ends_in: float = 5) -> SeatFolder:
    """A seat whose written part is over, and whose work product ends in so many days."""
    now = datetime.now(UTC)
    work = {
        "task": "manager", "version": 1, "opens_at": iso(now - timedelta(days=30)),
        "ends_at": iso(now + timedelta(days=ends_in)), "days": [], "files": FILES,
    }  # fmt: skip
    made: SeatFolder = room_server.make_seat(
        server.room, number, language, practical=False, opens_in_s=-8e5, closes_in_s=-7e5, work=work
    )
    return made


def enter(client: httpx.Client, number: str) -> httpx.Response:
    return form(client, number, data={"code": room_server.CODE.lower()})


def form(client: httpx.Client, number: str, **sent: Any) -> httpx.Response:
    """Send one of the page's forms as a browser does, with the token that stands in it."""
    page = client.get(f"/seats/{number}/work").text
    token = re.findall(r'name="_xsrf" value="([^"]+)"', page)[0]
    reply = client.post(f"/seats/{number}/work", **(sent | {"data": {"_xsrf": token, **sent.get("data", {})}}))
    return client.get(f"/seats/{number}/work") if reply.status_code == 303 else reply


def send(client: httpx.Client, number: str, name: str, data: bytes) -> httpx.Response:
    return form(client, number, files={"file": (name, data)})


@pytest.fixture
def client(server: Any) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def test_a_candidate_enters_by_code_hands_in_and_reads_the_receipt(server: Any, client: httpx.Client) -> None:
    seat(server, "W-01")
    assert "Enter with the access code" in client.get("/seats/W-01/work").text
    assert "Charter" in enter(client, "W-01").text

    reply = send(client, "W-01", "Charter.PDF", PLAN)
    assert reply.status_code == 200, server.log()[-3000:]
    page = reply.text

    assert hashlib.sha256(PLAN).hexdigest() in page and page.count("Handed in") == 1
    assert page.count("Not handed in yet") == 1
    work = find(server.room, "W-01").work()
    assert work is not None
    (one,) = work.every()
    assert (one.name, one.source, work.data(one), work.verify()) == ("charter", "candidate", PLAN, [])


def test_nothing_is_shown_or_taken_without_the_code(server: Any, client: httpx.Client) -> None:
    seat(server, "W-02")

    reply = form(client, "W-02", data={"code": "AAAA-AAAA"})
    assert reply.status_code == 403 and "That is not the access code of this seat" in reply.text
    reply = send(client, "W-02", "charter.pdf", PLAN)
    assert reply.status_code == 403 and "Enter the access code of this seat first" in reply.text
    assert "Charter" not in reply.text
    enter(client, "W-02")
    seat(server, "W-03")
    assert send(client, "W-03", "charter.pdf", PLAN).status_code == 403  # the code of one seat opens no other
    for number in ("W-02", "W-03"):
        work = find(server.room, number).work()
        assert work is not None and work.every() == []


@pytest.mark.parametrize(
    ("name", "data", "says", "zh"),
    [
        ("plan.pdf", PLAN, "The task asks for charter.pdf, sums.xlsx / .pdf", "本任务要求提交"),
        ("charter.pdf", b"MZ" + b"0" * 90, "is no whole PDF", "不是完整的PDF文件"),
        ("charter.pdf", PLAN + b" " * 1_000_000, "has 1.0 MB, at most 1 MB", "最多1MB"),
        ("../../sums.pdf", b"", "is no whole PDF", "不是完整的PDF文件"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_taken_is_said_on_the_page_in_the_language_of_the_seat(
    server: Any, client: httpx.Client, name: str, data: bytes, says: str, zh: str, language: str, request: Any
) -> None:
    number = "X-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    seat(server, number, language)
    enter(client, number)

    reply = send(client, number, name, data)

    assert reply.status_code == 400 and (says if language == "en" else zh) in reply.text
    work = find(server.room, number).work()
    assert work is not None and work.every() == []


def test_a_late_file_is_kept_and_said_to_be_late_in_chinese_too(server: Any, client: httpx.Client) -> None:
    seat(server, "W-04", "zh", ends_in=-1)
    assert "提交已截止" in enter(client, "W-04").text

    page = send(client, "W-04", "charter.pdf", PLAN).text

    assert "逾期，不计分" in page and hashlib.sha256(PLAN).hexdigest() in page
    work = find(server.room, "W-04").work()
    assert work is not None and work.counting() == {} and len(work.every()) == 1


def test_a_seat_without_a_work_product_says_so(server: Any, client: httpx.Client) -> None:
    room_server.make_seat(server.room, "W-05", practical=False)

    assert "Seat W-05 has no work product" in client.get("/seats/W-05/work").text


def test_a_name_in_a_file_or_in_its_name_cannot_break_the_page(server: Any, client: httpx.Client) -> None:
    seat(server, "W-07")
    enter(client, "W-07")

    reply = send(client, "W-07", "<script>alert(1)<b>.pdf", PLAN)

    assert reply.status_code == 400 and "<script>alert" not in reply.text and "&lt;script&gt;" in reply.text
