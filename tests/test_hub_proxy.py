"""The Hub's proxy: answers flow as they come, many wait at once, kernels keep their own form of message."""

from __future__ import annotations

import asyncio
import gzip
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tornado.httpclient import HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler, websocket_connect

from grader.centre import PROJECT


class Events(RequestHandler):
    """Two events, the second long after the first."""

    async def get(self) -> None:
        for event in ("spawning", "ready"):
            self.write(f"data: {event}\n\n")
            await self.flush()
            await asyncio.sleep(1.5)


class Stream(RequestHandler):
    """Pieces that fill every buffer between here and whoever asked, until nobody takes them any more."""

    gone = 0

    async def get(self) -> None:
        try:
            for _ in range(400):
                self.write(b"x" * 200_000)
                await self.flush()
                await asyncio.sleep(0.01)
        except StreamClosedError:
            Stream.gone += 1


class Late(RequestHandler):
    """A short answer, or none, when whoever asked has long gone."""

    async def get(self) -> None:
        await asyncio.sleep(1)
        self.write("late")

    async def delete(self) -> None:
        await asyncio.sleep(1)
        self.set_status(204)


class Slow(RequestHandler):
    """An answer that comes when forty wait for it."""

    waiting = 0

    async def get(self) -> None:
        Slow.waiting += 1
        while Slow.waiting < 40:
            await asyncio.sleep(0.05)
        self.write("done")


class Packed(RequestHandler):
    """What was sent comes back packed, with two cookies; or nothing at all."""

    def post(self) -> None:
        self.set_header("Content-Encoding", "gzip")
        self.add_header("Set-Cookie", "a=1")
        self.add_header("Set-Cookie", "b=2")
        self.set_status(201)
        self.write(gzip.compress(self.request.body))

    def delete(self) -> None:
        self.set_status(204)

    def get(self) -> None:
        self.redirect("/elsewhere")


class Kernel(WebSocketHandler):
    """Speaks the second of two forms, and says whether bytes came as bytes."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return subprotocols[-1] if subprotocols else None

    def on_message(self, message: str | bytes) -> None:
        self.write_message(message, binary=isinstance(message, bytes))


def _ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the proxy says, as the operator reads it."""
    return tmp_path_factory.mktemp("proxy") / "log"


@pytest.fixture(scope="module")
def proxy(log: Path) -> Iterator[tuple[int, int]]:
    """The proxy with one route; its port, and that of the server behind it."""
    port, api, behind = _ports(3)
    words = ["--port", str(port), "--ip", "127.0.0.1", "--api-port", str(api), "--api-ip", "127.0.0.1"]
    words += ["--default-target", f"http://127.0.0.1:{behind}"]
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, str(PROJECT / "deploy" / "proxy.py"), *words], stderr=said)
    end = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/_chp_healthz", trust_env=False)
            break
        except httpx.TransportError:
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.1)
    yield port, behind
    process.terminate()
    process.wait(timeout=20)


@asynccontextmanager
async def serving(port: int) -> AsyncIterator[None]:
    routes = [("/events", Events), ("/stream", Stream), ("/late", Late), ("/slow", Slow)]
    routes += [("/packed", Packed), ("/kernel", Kernel)]
    server = HTTPServer(Application(routes))
    server.listen(port, "127.0.0.1")
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


def through(proxy: tuple[int, int], ask: Callable[[httpx.AsyncClient, str], Awaitable[None]]) -> None:
    """Ask through the proxy while the server behind it runs."""

    async def both() -> None:
        async with serving(proxy[1]), httpx.AsyncClient(trust_env=False, timeout=30) as client:
            await ask(client, f"127.0.0.1:{proxy[0]}")

    # In a thread of its own: another test of this process may have left a browser, and with it a loop, in this one.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(both())).result()


def test_an_event_is_handed_on_before_the_next_one_comes(proxy: tuple[int, int]) -> None:
    async def ask(client: httpx.AsyncClient, host: str) -> None:
        seen = []
        async with client.stream("GET", f"http://{host}/events") as reply:
            async for line in reply.aiter_lines():
                if line:
                    seen.append((line, time.monotonic()))
        assert [line for line, _ in seen] == ["data: spawning", "data: ready"]
        assert seen[1][1] - seen[0][1] > 1

    through(proxy, ask)


def test_many_wait_at_once(proxy: tuple[int, int]) -> None:
    async def ask(client: httpx.AsyncClient, host: str) -> None:
        replies = await asyncio.gather(*(client.get(f"http://{host}/slow") for _ in range(40)))
        assert {reply.text for reply in replies} == {"done"}

    through(proxy, ask)


def test_a_browser_that_leaves_in_the_middle_leaves_no_traceback(proxy: tuple[int, int], log: Path) -> None:
    async def ask(client: httpx.AsyncClient, host: str) -> None:
        for path in ("stream", "stream", "events"):
            async with client.stream("GET", f"http://{host}/{path}") as reply:
                await anext(reply.aiter_bytes())
        for method in ("GET", "DELETE"):
            with pytest.raises(httpx.ReadTimeout):
                await client.request(method, f"http://{host}/late", timeout=0.3)
        end = time.monotonic() + 20
        while Stream.gone < 2:  # the server behind is told, too, and stops
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        await asyncio.sleep(3)  # the second event comes, and the late answers, and nobody is there
        assert (await client.get(f"http://{host}/late")).text == "late"

    through(proxy, ask)

    said = log.read_text("utf-8")
    assert "Traceback" not in said and "Error" not in said, said


def test_status_headers_and_packed_bodies_come_as_they_were_sent(proxy: tuple[int, int]) -> None:
    async def ask(client: httpx.AsyncClient, host: str) -> None:
        sent = b"work " * 20_000
        reply = await client.post(f"http://{host}/packed", content=sent)
        assert (reply.status_code, reply.content, reply.headers.get_list("set-cookie")) == (201, sent, ["a=1", "b=2"])
        assert (await client.delete(f"http://{host}/packed")).status_code == 204
        gone = await client.get(f"http://{host}/packed")
        assert (gone.status_code, gone.headers["location"]) == (302, "/elsewhere")

    through(proxy, ask)


def test_a_kernel_keeps_its_form_of_message_and_bytes_stay_bytes(proxy: tuple[int, int]) -> None:
    async def ask(client: httpx.AsyncClient, host: str) -> None:
        socket = await websocket_connect(HTTPRequest(f"ws://{host}/kernel"), subprotocols=["old", "v1.kernel"])
        assert socket.selected_subprotocol == "v1.kernel"
        for message in ("text", b"\x00\xff"):
            await socket.write_message(message, binary=isinstance(message, bytes))
            assert await socket.read_message() == message
        socket.close()

    through(proxy, ask)


def test_a_server_that_is_away_is_told(proxy: tuple[int, int]) -> None:
    assert httpx.get(f"http://127.0.0.1:{proxy[0]}/slow", trust_env=False).status_code == 503
