"""The grader's end of the judge: a trusted server that has imported numpy and pandas, and forks of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from grader.errors import GradingError

__all__ = ["Fork", "JudgeServer"]

_START_S, _ANSWER_S = 120.0, 30.0


class Fork:
    """One submission's process; it leads a group, and is ended with it."""

    def __init__(self, server: JudgeServer, process: subprocess.Popen[bytes], line: socket.socket, number: int) -> None:
        self.line, self._number = line, number
        self._server, self._process = server, process

    def end(self) -> None:
        """Kill the process with all that it started."""
        self.line.close()
        self._server.end(self._process, self._number)


class JudgeServer:
    """A server for judges; close it, or use it in a ``with``.

    It starts at once and loads while the grader goes on. It runs no test and reads none: a fork hears them on a line of
    its own, so that nothing of one submission is there for the next. Make it in the process that uses it.
    """

    _process: subprocess.Popen[bytes]
    _control: socket.socket
    _answered: bool

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._launch()

    def __enter__(self) -> JudgeServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def fork(self, folder: Path) -> Fork:
        """A fresh process that works in ``folder``; a server that is gone or does not answer is started again."""
        with self._lock:
            for _ in range(0 if self._closed else 2):
                ours, theirs = socket.socketpair()
                try:
                    where = json.dumps({"folder": str(folder.resolve(strict=True))}).encode()
                    socket.send_fds(self._control, [where], [theirs.fileno()])
                    number = self._answer()
                    return Fork(self, self._process, ours, number)
                except (OSError, EOFError):
                    ours.close()
                    self._end()
                    self._launch()
                finally:
                    theirs.close()
        raise GradingError("no judge can be forked: its server is closed or does not answer")

    def end(self, process: subprocess.Popen[bytes], number: int) -> None:
        """Kill a fork and its group; the forks of a server that is gone are gone with it."""
        with self._lock:
            if process is not self._process or process.poll() is not None:
                return
            with suppress(ProcessLookupError):
                os.killpg(number, signal.SIGKILL)  # its number is its own until the server has buried it
            try:
                self._control.send(json.dumps({"bury": number}).encode())
                self._answer()
            except (OSError, EOFError):
                self._end()  # the next fork starts it again

    def close(self) -> None:
        """End the server and every fork."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()

    def _answer(self) -> int:
        self._control.settimeout(_ANSWER_S if self._answered else _START_S)
        message = self._control.recv(64)
        if not message:
            raise EOFError
        self._answered = True
        return int(message)

    def _launch(self) -> None:
        self._answered = False
        root = str(Path(__file__).resolve().parent.parent.parent)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MPL"))}
        environment |= {"PYTHONPATH": root, "MPLBACKEND": "agg"}
        environment |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", "grader.judge._program", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
