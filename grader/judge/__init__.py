"""Runs the trainer's tests in a trusted process that asks the sandbox for values; it sees no file of the candidate."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GradingError
from grader.judge._bench import Ask, Reply, Verdict
from grader.judge._server import Fork, JudgeServer

__all__ = ["Judge", "JudgeServer", "Verdict"]


class Judge:
    """The process that holds the tests; close it, or use it in a ``with``.

    ``data`` is its working folder: the data files as the exam office issued them, never the candidate's. ``ask``
    carries its questions to the sandbox (``{"do": "get", "name": ...}``) and brings the replies. The process is a fork
    of ``server``, or of a server of its own.
    """

    def __init__(self, data: Path, ask: Ask, limit_s: float = 60.0, server: JudgeServer | None = None) -> None:
        self._data, self._ask, self._limit_s = data, ask, limit_s
        self._given: list[str] = []
        self._own = JudgeServer() if server is None else None
        self._server = server or self._own
        self._fork: Fork | None = None
        self._buffer = b""

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def give(self, source: str) -> None:
        """Define what a read-only cell of the trainer's imports and defines: the candidate cannot replace it."""
        self._given.append(source)
        if self._fork is not None:
            self._exchange({"give": source})

    def check(self, source: str, points: float) -> Verdict:
        """Run one test cell that is worth ``points``."""
        ready = self._fork is not None or self._start()
        reply = self._exchange({"test": source, "points": points}) if ready else None
        if reply is not None:
            return Verdict(**{key: reply[key] for key in ("state", "score", "ename", "sentence")})
        return Verdict("failed", None, "TimeoutError", "the test ran longer than the grader waits, or out of memory")

    def close(self) -> None:
        """End the process."""
        self._stop()
        if self._own is not None:
            self._own.close()

    def _start(self) -> bool:
        """Have a process that knows what was given so far; False when that is too much for it."""
        assert self._server is not None
        self._fork = self._server.fork(self._data)
        try:
            self._read(time.monotonic() + self._limit_s)
        except (OSError, EOFError) as error:
            self._stop()
            raise GradingError(f"the judge does not start: {error or type(error).__name__}") from error
        return all(self._exchange({"give": source}) is not None for source in self._given)

    def _stop(self) -> None:
        fork, self._fork, self._buffer = self._fork, None, b""
        if fork is not None:
            fork.end()

    def _exchange(self, message: Mapping[str, Any]) -> Reply | None:
        """Send one message and answer the questions of the process until its reply.

        None when the reply is late or the process gone: the candidate's values were too much for it. It is ended then,
        and the next test gets a fresh one.
        """
        until = time.monotonic() + self._limit_s
        question = message
        try:
            while True:
                self._write(question, until)
                reply = self._read(until)
                if "ask" not in reply:
                    return reply
                began = time.monotonic()
                question = self._ask(reply["ask"])
                until += time.monotonic() - began  # the sandbox has its own clock
        except (OSError, EOFError, RecursionError):
            self._stop()
            return None

    def _write(self, message: Mapping[str, Any], until: float) -> None:
        assert self._fork is not None
        self._fork.line.settimeout(max(0.1, until - time.monotonic()))
        self._fork.line.sendall(json.dumps(message).encode() + b"\n")

    def _read(self, until: float) -> Reply:
        assert self._fork is not None
        chunks = [self._buffer]
        while b"\n" not in chunks[-1]:
            self._fork.line.settimeout(max(0.001, until - time.monotonic()))
            chunk = self._fork.line.recv(1 << 20)
            if not chunk:
                raise EOFError
            chunks.append(chunk)
        line, _, self._buffer = b"".join(chunks).partition(b"\n")
        found: Reply = json.loads(line)
        return found
