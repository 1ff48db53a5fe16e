"""A running exam room, somebody who is logged in to it, and a seat to sit down at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import room_server

__all__ = ["CODE", "logged_in", "make_seat", "message", "own_seat", "running", "sit_down"]


CODE = room_server.CODE
make_seat = room_server.make_seat


def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The fixture ``server`` of a module of tests."""
    server = room_server.RoomServer(tmp_path_factory.mktemp("room"))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def logged_in(server: Any) -> Iterator[httpx.Client]:
    """The fixture ``client``."""
    with server.client() as opened:
        yield opened


def own_seat(server: Any, request: pytest.FixtureRequest) -> str:
    """The fixture ``number``: a seat of its own for each test."""
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
