"""The grader's end of the warm server: it starts it, asks it for children, and starts it again when it is gone."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

from grader.errors import GradingError
from grader.sandbox._bubblewrap import start
from grader.sandbox._limits import Limits
from grader.sandbox._seccomp import program

__all__ = ["Alone", "Place", "SandboxServer", "hello"]

_START_S, _FORK_S = 120.0, 30.0


class Place(Protocol):
    """Where one candidate's program runs, and the line to it."""

    line: socket.socket

    def kill(self) -> None:
        """End the program and everything that it started."""

    def complaint(self) -> str:
        """What was said when it did not start."""

    def lost(self) -> bool:
        """Whether the engine, and not the candidate, is the reason that the line is dead."""

    def close(self) -> None:
        """Give everything back."""


class Alone:
    """A candidate's program in a bubblewrap of its own."""

    def __init__(self, limits: Limits) -> None:
        self._process, self.line = start("_inside.py", limits)

    def kill(self) -> None:
        """Kill bubblewrap, and with it every process inside."""
        _kill(self._process)

    def complaint(self) -> str:
        """What bubblewrap said."""
        return _said(self._process)

    def lost(self) -> bool:
        """Never: there is nothing that it shares."""
        return False

    def close(self) -> None:
        """Give everything back."""
        _put_away(self._process, self.line)


class _Child:
    """A candidate's program as a fork of the server: the first process of its namespace."""

    def __init__(self, line: socket.socket, handle: int, server: subprocess.Popen[bytes]) -> None:
        self.line, self._handle, self._server = line, handle, server

    def kill(self) -> None:
        """Kill the first process: the kernel ends all others of the namespace before it lets go of the handle."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        gone = select.poll()
        gone.register(self._handle, select.POLLIN)
        gone.poll(5000)

    def complaint(self) -> str:
        """Nothing: a child speaks on its line."""
        return ""

    def lost(self) -> bool:
        """Whether the server is gone, and the child with it."""
        return self._server.poll() is not None

    def close(self) -> None:
        """Give everything back."""
        self.line.close()
        os.close(self._handle)


class SandboxServer:
    """A warm sandbox: each :class:`Sandbox` that is given it is a fork, behind walls of its own.

    Close it, or use it in a ``with``. It starts at once and loads while the grader goes on. Make it in a thread that
    lives as long as the server, and in the process that uses it; sandboxes may then be made from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._cold: str | None = None
        self._ready = self._proven = self._closed = False
        self._launch()

    def __enter__(self) -> SandboxServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def cold(self) -> str | None:
        """Why this machine starts every sandbox cold, behind the same walls; None when it forks them.

        Raises GradingError when a server that was warm once does not start again.
        """
        with self._lock:
            if not self._ready and self._cold is None:
                self._settle()
            return self._cold

    def child(self) -> Place | None:
        """A new child, waiting for its first words, or None where the server is cold.

        A server that is gone or does not answer is started again, once.
        """
        why = "its server is closed"
        with self._lock:
            for _ in range(0 if self._closed else 2):
                if self.cold is not None:
                    return None
                try:
                    return self._fork()
                except (OSError, EOFError) as error:
                    why = str(error)
                    self._end()
                    self._launch()
        raise GradingError(f"no sandbox can be forked: {why}")

    def close(self) -> None:
        """End the server and every sandbox that lives in it."""
        with self._lock:
            self._closed = True
            self._end()

    def _launch(self) -> None:
        self._ready = False
        self._process, self._control = start("_forks.py", Limits(), forks=True)
        with suppress(OSError):  # a program that did not start is found out when it is asked
            self._control.send(program())

    def _settle(self) -> None:
        """Wait until the server is warm, and see whether it can put up every wall around a child."""
        try:
            self._control.settimeout(_START_S)
            message = b""
            with suppress(ConnectionError):
                message = self._control.recv(500)
            if message != b"ready":
                raise EOFError(message.decode(errors="replace") or _said(self._process))
            self._control.settimeout(_FORK_S)
            _try(self._fork())
            self._ready = self._proven = True
        except (OSError, EOFError, ValueError) as error:
            self._end()
            if self._proven:  # this machine can make one; something else is wrong with it for now
                self._launch()
                raise GradingError(f"the sandbox server does not start again: {error}") from error
            said = " ".join(str(error).split()) or type(error).__name__
            self._cold = f"no warm sandbox can be made here ({said}): each submission starts a cold one, in seconds"

    def _fork(self) -> _Child:
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
            message, handles, _, _ = socket.recv_fds(self._control, 500, 1)
            if not message:
                raise EOFError("the server has ended")
            if not handles:
                raise OSError(message.decode(errors="replace"))
            return _Child(ours, handles[0], self._process)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

    def _end(self) -> None:
        _kill(self._process)
        _put_away(self._process, self._control)


def hello(limits: Limits, files: dict[str, str] | None = None) -> dict[str, Any]:
    """The first words to a program: its files in base64, and what it may use."""
    disk = limits.disk_mb * 1_000_000
    return {"files": files or {}, "limits": limits.cells(), "kernel": limits.kernel(), "disk": disk}


def _try(child: _Child) -> None:
    """Let a child close itself in, and end it; raises OSError with its sentence when a wall could not be put up."""
    try:
        child.line.settimeout(_FORK_S)
        child.line.sendall(json.dumps(hello(Limits())).encode() + b"\n")
        reply = json.loads(child.line.recv(4000))
        if "ready" not in reply:
            raise OSError(str(reply.get("failed")))
    finally:
        child.kill()
        child.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _said(process: subprocess.Popen[bytes]) -> str:
    process.wait()
    return process.stderr.read(2000).decode(errors="replace").strip() if process.stderr else ""


def _put_away(process: subprocess.Popen[bytes], line: socket.socket) -> None:
    if process.stderr is not None:
        process.stderr.close()
    line.close()
