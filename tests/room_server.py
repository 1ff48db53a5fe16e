"""A real Jupyter server with the exam room, and seats to sit on: shared by the room's tests and the browser tests."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from grader.seats import SeatFolder, code_sha256, create, create_sitting, iso

CODE = "K7QM-3XPD"
PAPERS = Path(__file__).parent / "grader" / "papers"
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def six_kinds(language: str) -> dict[str, Any]:
    """The hand-made paper with one question of each kind."""
    paper: dict[str, Any] = json.loads((PAPERS / f"six_kinds.{language}.json").read_text(encoding="utf-8"))
    return paper


def make_seat(
    room: Path,
    number: str,
    language: str = "en",
    *,
    code: str = CODE,
    closes_in_s: float = 3600,
    opens_in_s: float = -60,
    minutes: float = 40,
    practical: bool = True,
    **changes: Any,
) -> SeatFolder:
    """A seat of sitting TL-2026-11 that is open now."""
    now = datetime.now(UTC)
    paper = six_kinds(language) | {"seat": number, "minutes": minutes} | ({} if practical else {"practical": None})
    seat = {
        "seat": number,
        "sitting": "TL-2026-11",
        "candidate": paper["candidate"],
        "language": language,
        "minutes": minutes,
        "opens_at": iso(now + timedelta(seconds=opens_in_s)),
        "closes_at": iso(now + timedelta(seconds=closes_in_s)),
        "code_sha256": code_sha256(code),
        "form_digest": "0" * 64,
        "title": paper["title"],
    }
    files = {"practical.ipynb": NOTEBOOK, "calls.csv": b"half_hour,calls\n08:00,54\n"} if practical else {}
    return create(room / "TL-2026-11" / number, seat | changes, paper, files)


INVIGILATOR = "WATCH-ER24"


def make_sitting(room: Path, sitting: str = "TL-2026-11", *, opens_in_s: float = -60, closes_in_s: float = 3600) -> Any:
    """The paper of the sitting that lets invigilators in with INVIGILATOR."""
    now = datetime.now(UTC)
    about = {
        "sitting": sitting,
        "opens_at": iso(now + timedelta(seconds=opens_in_s)),
        "closes_at": iso(now + timedelta(seconds=closes_in_s)),
        "titles": {language: six_kinds(language)["title"] for language in ("en", "zh")},
        "code_sha256": code_sha256(INVIGILATOR),
    }
    return create_sitting(room / sitting, about)


class RoomServer:
    """One ``jupyter server`` process on a free port of the loopback, with folders of its own under ``home``."""

    def __init__(self, home: Path, *, lab: bool = False) -> None:
        self.home, self.lab = home, lab
        self.root, self.room = home / "root", home / "room"
        for folder in (self.root, self.room):
            folder.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.origin = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.origin}/academy"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again on the same port, and wait until it answers."""
        bin_folder = Path(sys.executable).parent
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        for name in ("config", "runtime", "data"):
            environment[f"JUPYTER_{name.upper()}_DIR"] = str(self.home / name)
        environment |= {"HOME": str(self.home), "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
        if not self.lab:
            environment["JUPYTER_NO_CONFIG"] = (
                "1"  # without the extensions of JupyterLab and nbgrader it starts in a second
            )
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(bin_folder / "jupyter-server"),
                    "--no-browser",
                    "--allow-root",
                    "--ServerApp.ip=127.0.0.1",
                    f"--ServerApp.port={self.port}",
                    "--ServerApp.port_retries=0",
                    f"--IdentityProvider.token={self.token}",
                    f"--ServerApp.root_dir={self.root}",
                    "--ServerApp.jpserver_extensions={'grader.room': True}",
                    f"--AcademyRoom.root={self.room}",
                    "--AcademyRoom.work=exam",
                ],
                cwd=self.home,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        assert self.process is not None
        # Without certificates, which http does not need: to load them takes longer than to ask.
        with httpx.Client(timeout=1, trust_env=False, verify=False) as client:
            for _ in range(600):
                try:
                    client.get(f"{self.origin}/api")
                    return
                except httpx.TransportError:
                    assert self.process.poll() is None, self.log()[-4000:]
                    time.sleep(0.1)
        raise AssertionError(f"The server did not answer within 60 seconds:\n{self.log()[-4000:]}")

    def log(self) -> str:
        """What the server wrote."""
        return (self.home / "server.log").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def client(self) -> httpx.Client:
        """A client that is logged in to the server, without any seat's code; close it after use."""
        headers = {"Authorization": f"token {self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=10, trust_env=False, verify=False)
