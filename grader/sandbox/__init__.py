"""Runs a candidate's code behind walls and hands out plain values; never sees a key, a hidden test or the registry."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

from grader.errors import GradingError
from grader.sandbox._bubblewrap import check_namespaces
from grader.sandbox._limits import Limits
from grader.sandbox._outputs import Outputs
from grader.sandbox._server import Alone, Place, SandboxServer, hello

__all__ = ["Limits", "Sandbox", "SandboxServer", "check_tools"]


def check_tools() -> None:
    """Start a sandbox as a submission would; the error says what to install or to allow when that fails."""
    check_namespaces()
    with Sandbox() as sandbox:
        sandbox.run("1")


class Sandbox:
    """One candidate's process, from the first cell to the last; close it, or use it in a ``with``.

    ``files`` are put into its private working folder. With a ``server`` the process is a fork of it, ready in
    milliseconds; without one, or where the server is cold, it starts anew. Once ``ended`` holds a sentence, the process
    is gone and every later request is answered with it.
    """

    def __init__(
        self,
        files: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
        server: SandboxServer | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.ended: str | None = None
        self._outputs = Outputs(self.limits)
        self._ready = False
        self._buffer = b""
        self._place: Place = (server.child() if server is not None else None) or Alone(self.limits)
        self._deadline = time.monotonic() + self.limits.total_s
        self._hello = hello(
            self.limits, {name: base64.b64encode(data).decode() for name, data in (files or {}).items()}
        )

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(self, code: str) -> list[dict[str, Any]]:
        """Execute one cell; its outputs in the notebook format, checked and cut to the limits."""
        before = self.ended
        reply = self.request({"do": "run", "code": code})
        outputs = reply.get("outputs")
        if isinstance(outputs, list):
            return self._outputs.clean(outputs)
        sentence = before or self.ended or str(reply.get("refused", "the cell broke the program that runs it"))
        return [{"output_type": "error", "ename": "SandboxEnded", "evalue": sentence, "traceback": [sentence]}]

    def request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the process: ``{"do": "run" | "get" | "call", ...}``; ``{"ended": sentence}`` when it is gone."""
        if self.ended is None and not self._ready:
            self._begin()
        reply = self._exchange(request, self.limits.cell_s * 1.2 + 1.0) if self.ended is None else None
        return {"ended": self.ended} if reply is None else reply

    def close(self) -> None:
        """End the process and everything that it started."""
        self._end(self.ended or "the sandbox is closed")
        self._place.close()

    def _begin(self) -> None:
        """Send the files and limits; raises GradingError with what went wrong when the process did not start."""
        reply = self._exchange(self._hello, 60.0)
        self._ready = reply is not None and "ready" in reply
        if not self._ready:
            why = reply.get("failed") if reply is not None else self._place.complaint() or self.ended
            self._end(f"the sandbox did not start: {why}")
            raise GradingError(f"the sandbox did not start: {why}")

    def _exchange(self, message: Mapping[str, Any], wait_s: float) -> dict[str, Any] | None:
        """Send one line and wait for one; None, with ``ended`` set, when nothing sound comes back in time."""
        until = min(time.monotonic() + wait_s, self._deadline)
        try:
            self._place.line.settimeout(max(0.1, until - time.monotonic()))
            self._place.line.sendall(json.dumps(message).encode() + b"\n")
            reply = json.loads(self._read_line(until))
            if isinstance(reply, dict):
                return reply
            self._end("the program broke its line to the grader")
        except TimeoutError:
            self._end("the program ran longer than the grader waits")
        except (ConnectionError, EOFError):
            self._end("the program ended itself or was stopped at its limit of memory or time")
            if self._place.lost():
                self.ended = "the sandbox server ended while the program ran: grade the submission again"
                raise GradingError(self.ended) from None
        except (ValueError, RecursionError):
            self._end("the program broke its line to the grader")
        return None

    def _read_line(self, until: float) -> bytes:
        line = self._place.line
        chunks, size = [self._buffer], len(self._buffer)
        while b"\n" not in chunks[-1]:
            if size > self.limits.reply_mb * 1_000_000:
                raise ValueError("reply too long")
            line.settimeout(max(0.001, until - time.monotonic()))
            chunk = line.recv(1 << 20)
            if not chunk:
                raise EOFError
            chunks.append(chunk)
            size += len(chunk)
        text, _, self._buffer = b"".join(chunks).partition(b"\n")
        return text

    def _end(self, sentence: str) -> None:
        """Kill the process and all that it started; wait until the last of them has let go of the line."""
        self._place.kill()
        if self.ended is None:
            with suppress(OSError):
                self._place.line.settimeout(5.0)
                while self._place.line.recv(1 << 20):
                    pass
        self.ended = sentence
