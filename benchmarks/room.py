"""The exam room under load on this machine: a thousand seats that save, and a room that is killed again and again.

``.venv/bin/python benchmarks/room.py load|crash [--seats N] [--seconds S] [--kills N]`` prints one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.seats import SeatFolder, code_sha256, create, iso  # noqa: E402

SEATS, SECONDS, EVERY_S, CLOCK_S = 1000, 60.0, 5.0, 15.0
KILLS, FEW = 200, 40
QUESTIONS, SITTING, CODE = 60, "LOAD", "K7QM-3XPD"
AT_ONCE = 20
"""How many sit down at the same moment: a classroom does not press the button in one millisecond."""


# --- the room ---------------------------------------------------------------------------------------------------------


def question(number: int) -> dict[str, Any]:
    """One question; every tenth is answered in writing."""
    about = {"slot": f"q{number:02d}", "points": 1, "stem_html": "<p>How many agents does this half-hour need?</p>" * 5}
    if number % 10 == 0:
        return {**about, "kind": "text", "max_chars": 3000}
    return {**about, "kind": "number", "unit": "agents"}


def make_seats(room: Path, seats: int) -> None:
    """Seats that are open now, each with a paper of sixty questions."""
    now = datetime.now(UTC)
    for number in range(1, seats + 1):
        name = f"{SITTING}-{number:04d}"
        shown = {
            "seat": name, "sitting": SITTING, "language": "en", "title": "Under load", "minutes": 240,
            "candidate": {"id": f"P{number:04d}", "name": f"Candidate {number}"},
        }  # fmt: skip
        seat = {
            **shown, "opens_at": iso(now - timedelta(minutes=1)), "closes_at": iso(now + timedelta(hours=4)),
            "code_sha256": code_sha256(CODE), "form_digest": "0" * 64,
        }  # fmt: skip
        questions = [question(one) for one in range(1, QUESTIONS + 1)]
        paper = {"paper": 1, **shown, "purpose": "practice", "practical": None, "questions": questions}
        create(room / SITTING / name, seat, paper, {})


class Server:
    """A Jupyter server with the exam room, as an operator starts it; killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.room, self.token = folder, folder / "room", secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = os.environ | {f"JUPYTER_{name}_DIR": str(self.folder) for name in ("CONFIG", "DATA", "RUNTIME")}
        words = [
            "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.folder}", "--ServerApp.jpserver_extensions={'grader.room': True}",
            f"--AcademyRoom.root={self.room}",
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server", *words],
                env=environment | {"JUPYTER_NO_CONFIG": "1"}, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise RuntimeError((self.folder / "server.log").read_text("utf-8")[-3000:])

    def used(self) -> tuple[float, float]:
        """Processor time [s] that it has used, and the memory that it holds [MB]."""
        assert self._process is not None
        process = psutil.Process(self._process.pid)
        spent = process.cpu_times()
        return spent.user + spent.system, process.memory_info().rss / 1e6

    def end(self, how: signal.Signals) -> None:
        """End it, in order or as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait()


# --- candidates -------------------------------------------------------------------------------------------------------


@dataclass
class Candidate:
    """A browser on a seat, over one connection that is kept open, with everything that the room acknowledged."""

    server: Server
    seat: str
    acknowledged: list[tuple[int, str, str]] = field(default_factory=list)
    """Number of the journal's line, slot, value."""
    waits: list[float] = field(default_factory=list)
    """Seconds from the moment when an answer was due to be sent until it was acknowledged."""
    refused: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    turn: int = 0
    _line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One request of the exam page; status and answer."""
        status, data = await self._send(method, f"/academy/api/seats/{self.seat}{path}", body)
        return status, json.loads(data or b"null")

    async def _send(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.server.port)
        reader, writer = self._line
        data = b"" if body is None else json.dumps(body).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = [
            f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", f"Content-Length: {len(data)}",
            f"Cookie: {cookies}", f"X-XSRFToken: {self.cookies.get('_xsrf', '')}",
        ]  # fmt: skip
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + data)
        top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, size = int(top.split()[1]), 0
        for name, value in (line.split(": ", 1) for line in top.split("\r\n")[1:] if ": " in line):
            if name.lower() == "content-length":
                size = int(value)
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.split(";")[0]
        return status, await reader.readexactly(size)

    async def sit_down(self) -> None:
        """Open the page as a browser does, enter with the code and start, or come back."""
        if not self.cookies:
            await self._send("GET", f"/academy/seats/{self.seat}?token={self.server.token}")
        for path, body in (("/enter", {"code": CODE}), ("/start", {"page": self.seat})):
            status, reply = await self.ask("POST", path, body)
            if status != 200:
                raise RuntimeError(f"{self.seat}{path}: {status} {reply}")

    async def save(self, due: float) -> None:
        """Send the next answer and note how it was taken."""
        self.turn += 1
        slot, value = f"q{(self.turn - 1) % QUESTIONS + 1:02d}", f"{self.seat} {self.turn}"
        status, reply = await self.ask("PUT", f"/answers/{slot}", {"value": value, "page": self.seat})
        if status == 200:
            self.waits.append(time.monotonic() - due)
            self.acknowledged.append((reply["n"], slot, value))
        else:
            self.refused.append(f"{status} {reply}")

    async def work(self, begin: float, end: float, every_s: float) -> None:
        """Save every so often, and look at the clock as the page does, until the end or until the room is gone."""
        due, look = begin + random.uniform(0, every_s), begin + random.uniform(0, CLOCK_S)
        try:
            while min(due, look) < end:
                await asyncio.sleep(max(0.0, min(due, look) - time.monotonic()))
                if look < due:
                    await self.ask("GET", f"/clock?page={self.seat}")
                    look += CLOCK_S
                else:
                    await self.save(due)
                    due += every_s
        except (OSError, asyncio.IncompleteReadError):
            await self.leave()

    async def leave(self) -> None:
        """Drop the connection."""
        if self._line is not None:
            (_, writer), self._line = self._line, None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def lost(self, room: Path, seen: dict[str, tuple[int, list[Any]]]) -> list[str]:
        """Every acknowledged answer that the journal on the disk does not have; forgets those that it has."""
        path = room / SITTING / self.seat / "journal.jsonl"
        at, lines = seen.setdefault(self.seat, (0, []))
        with path.open("rb") as file:
            file.seek(at)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        lines += [json.loads(line) for line in whole.splitlines()]
        seen[self.seat] = (at + len(whole), lines)
        gone = []
        for n, slot, value in self.acknowledged:
            line = lines[n - 1] if n <= len(lines) else {}
            if (line.get("n"), line.get("event"), line.get("slot"), line.get("value")) != (n, "answer", slot, value):
                gone.append(f"{self.seat}: line {n} should hold {slot} = {value!r}")
        self.acknowledged.clear()
        return gone


async def all_sit_down(candidates: Sequence[Candidate]) -> None:
    """Everybody enters, some at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(candidate: Candidate) -> None:
        async with places:
            await candidate.sit_down()

    await asyncio.gather(*map(one, candidates))


# --- what is measured -------------------------------------------------------------------------------------------------


def load(seats: int = SEATS, seconds: float = SECONDS, every_s: float = EVERY_S) -> dict[str, Any]:
    """Every seat saves an answer every ``every_s`` seconds; how long the acknowledgement took, and what was lost."""
    with tempfile.TemporaryDirectory(prefix="room-") as name:
        server = Server(Path(name))
        room = server.room
        make_seats(room, seats)
        candidates = [Candidate(server, f"{SITTING}-{number:04d}") for number in range(1, seats + 1)]
        server.start()
        try:
            spent = asyncio.run(_load(server, candidates, seconds, every_s))
        finally:
            server.end(signal.SIGTERM)
        waits = sorted(wait for one in candidates for wait in one.waits)
        lost = [line for one in candidates for line in one.lost(room, {})]
        broken = [line for one in candidates for line in SeatFolder(room / SITTING / one.seat).verify()]
        refused = [line for one in candidates for line in one.refused]
    return {
        "seats": seats, "seconds": seconds, "saved": len(waits), "refused": len(refused), "lost": len(lost),
        "broken": len(broken), "said": [*refused, *lost, *broken][:3], **spent,
        **{f"p{share:g}_ms": 1000 * waits[int(len(waits) * share / 100)] for share in (50, 95, 99, 99.9)},
        "most_ms": 1000 * waits[-1],
    }  # fmt: skip


async def _load(server: Server, candidates: Sequence[Candidate], seconds: float, every_s: float) -> dict[str, float]:
    began, (first, _) = time.monotonic(), server.used()
    await all_sit_down(candidates)
    gc.freeze()  # pauses of this program must not pass for pauses of the room
    begin, (second, _) = time.monotonic(), server.used()
    await asyncio.gather(*(one.work(begin, begin + seconds, every_s) for one in candidates))
    third, memory = server.used()
    await asyncio.gather(*(one.leave() for one in candidates))
    return {
        "sit_down_s": begin - began, "sit_down_cpu_s": second - first,
        "saving_cpu_s": third - second, "memory_mb": memory,
    }  # fmt: skip


def crash(
    kills: int = KILLS, seats: int = FEW, every_s: float = 0.2, least_s: float = 0.0, most_s: float = 1.0, seed: int = 5
) -> dict[str, Any]:
    """Kill the room at random moments under load; every answer that was acknowledged must be in the journals."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="room-") as name:
        server = Server(Path(name))
        room = server.room
        make_seats(room, seats)
        candidates = [Candidate(server, f"{SITTING}-{number:04d}") for number in range(1, seats + 1)]
        seen: dict[str, tuple[int, list[Any]]] = {}
        lost, saved, torn = [], 0, 0
        server.start()
        try:
            for _ in range(kills):
                asyncio.run(_until_killed(server, candidates, draw.uniform(least_s, most_s), every_s))
                saved += sum(len(one.acknowledged) for one in candidates)
                torn += sum(not _ends_whole(room, one.seat) for one in candidates)
                lost += [line for one in candidates for line in one.lost(room, seen)]
                server.start()
        finally:
            server.end(signal.SIGTERM)
        broken = [line for one in candidates for line in SeatFolder(room / SITTING / one.seat).verify()]
        refused = [line for one in candidates for line in one.refused]
    return {
        "kills": kills, "seats": seats, "saved": saved, "lost": len(lost), "torn": torn, "refused": len(refused),
        "broken": len(broken), "said": [*refused, *lost, *broken][:3],
    }  # fmt: skip


async def _until_killed(server: Server, candidates: Sequence[Candidate], after_s: float, every_s: float) -> None:
    await all_sit_down(candidates)
    begin = time.monotonic()
    work = asyncio.gather(*(one.work(begin, begin + 60, every_s) for one in candidates))
    await asyncio.sleep(after_s)
    server.end(signal.SIGKILL)
    await work


def _ends_whole(room: Path, seat: str) -> bool:
    data = (room / SITTING / seat / "journal.jsonl").read_bytes()
    return not data or data.endswith(b"\n")


def report() -> str:
    """The section of results.md."""
    from run import table

    loaded, killed = load(), crash()
    rows: list[list[object]] = [
        ["seats, each saving every 5 s", f"{loaded['seats']}"],
        ["answers acknowledged in 60 s", f"{loaded['saved']}"],
        ["lost, refused, journals broken", f"{loaded['lost']}, {loaded['refused']}, {loaded['broken']}"],
        *([f"acknowledged within, {share} of all", f"{loaded[key]:.0f} ms"] for share, key in _SHARES),
        ["longest", f"{loaded['most_ms']:.0f} ms"],
        [f"all entered, {AT_ONCE} at a time", f"{loaded['sit_down_s']:.0f} s"],
        ["of one core used while they saved", f"{100 * loaded['saving_cpu_s'] / loaded['seconds']:.0f} %"],
        ["memory of the room", f"{loaded['memory_mb']:.0f} MB"],
        ["kill -9 at random moments under load", f"{killed['kills']}"],
        ["answers acknowledged before a kill", f"{killed['saved']}"],
        ["of them lost, journals broken", f"{killed['lost']}, {killed['broken']}"],
    ]
    return (
        "One room (a Jupyter server of one process) and all its candidates on the same machine. The time runs from the "
        "moment when an answer was due to be sent; an answer is acknowledged when the disk has it.\n\n"
        f"{table(['what', 'found'], rows)}"
    )


_SHARES = (("50 %", "p50_ms"), ("95 %", "p95_ms"), ("99 %", "p99_ms"), ("99.9 %", "p99.9_ms"))


def main() -> None:
    """Run one of the two by hand."""
    words = argparse.ArgumentParser(description="The exam room under load.")
    words.add_argument("what", choices=["load", "crash"])
    words.add_argument("--seats", type=int)
    words.add_argument("--seconds", type=float, default=SECONDS)
    words.add_argument("--kills", type=int, default=KILLS)
    given = words.parse_args()
    found = (
        load(given.seats or SEATS, given.seconds) if given.what == "load" else crash(given.kills, given.seats or FEW)
    )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
