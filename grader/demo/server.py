"""The demo's server: a real Jupyter Server with the exam room, in a process of its own that can be killed."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from ..centre import Centre
from ..errors import AcademyError

__all__ = ["RoomServer", "end_leftover"]

_STARTS_WITHIN_S = 60


class RoomServer:
    """Started, killed and started again on the same port and with the same secrets, as an operator would."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._folder = centre.root / "jupyter"
        self.token = secrets.token_urlsafe(24)
        self._port = _free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the room answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._centre.home.mkdir(parents=True, exist_ok=True)
        (self._folder / "jupyter_server_config.json").write_text(json.dumps(self._config()))
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(self._folder),
            "JUPYTER_DATA_DIR": str(self._folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._folder / "runtime"),
            "JUPYTER_NO_CONFIG": "",
        }
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server"],
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        _pid_file(self._centre).write_text(str(self._process.pid))
        self._wait()

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """End the process in order."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        _pid_file(self._centre).unlink(missing_ok=True)

    def _config(self) -> dict[str, object]:
        return {
            "ServerApp": {
                "ip": "127.0.0.1",
                "port": self._port,
                "port_retries": 0,
                "root_dir": str(self._centre.home),
                "open_browser": False,
                "allow_root": True,
                "terminals_enabled": False,
                # The room alone: candidates' notebooks are not run here.
                "jpserver_extensions": {"grader.room": True, "nbgrader.server_extensions.formgrader": False},
            },
            "IdentityProvider": {"token": self.token},
            "AcademyRoom": {"root": str(self._centre.room), "work": "exam"},
        }

    def _wait(self) -> None:
        until = time.monotonic() + _STARTS_WITHIN_S
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.address}/academy?token={self.token}", follow_redirects=True).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise AcademyError(f"the room's server does not answer; read {self._folder / 'server.log'}")


def end_leftover(centre: Centre) -> None:
    """End the server of a demo that was stopped half-way, and only that one."""
    try:
        pid = int(_pid_file(centre).read_text())
        words = Path(f"/proc/{pid}/environ").read_bytes()
        if f"JUPYTER_CONFIG_DIR={centre.root / 'jupyter'}".encode() in words:
            os.kill(pid, signal.SIGKILL)
    except (OSError, ValueError):
        pass


def _pid_file(centre: Centre) -> Path:
    return centre.root / "jupyter" / "server.pid"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
