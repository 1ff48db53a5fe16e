"""The practical notebook in the room: laid out once, picked up at hand-in, and nothing else through it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.errors import RoomError
from grader.room.practical import lay_out, pick_up
from grader.room.room import Room
from tests.grader.exam_room import logged_in, make_seat, message, own_seat, running, sit_down

server = pytest.fixture(running, scope="module")
client = pytest.fixture(logged_in)
number = pytest.fixture(own_seat)


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
