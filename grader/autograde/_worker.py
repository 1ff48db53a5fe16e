"""A process that grades submissions: they come in as data over a line, results go back as data; it writes nothing.

The process opens no gradebook and no course folder, and ends with whoever started it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader import nbcourse
from grader.autograde._grade import Engine, grade
from grader.errors import AcademyError, GradingError
from grader.nbcourse import Graded, Handed, Plan
from grader.sandbox import Limits

__all__ = ["Results", "Worker"]

Results = Mapping[str, Graded | str]

_TEST_S = 60.0
"""The longest that the judge spends on one test cell."""
_PR_SET_PDEATHSIG = 1
_PLACE = "academy-grading-"
"""What the folder of a worker is called, before the number of the coordinator's process."""
_PROGRAM = "from grader.autograde._worker import main; main()"


class Worker:
    """The process with its line; it serves one submission after the other. Close it, or use it in a ``with``."""

    def __init__(self, plan: Plan, limits: Limits) -> None:
        self.plan, self.limits = plan, limits
        tests = sum(len(notebook.cells) for notebook in plan.notebooks.values())
        self._patience_s = limits.total_s * max(1, len(plan.notebooks)) + _TEST_S * tests + 60.0
        self._until = 0.0
        self._greeted = False
        self.cold: str | None = None
        """Why this machine starts every sandbox cold, once a submission is graded; None when it does not."""
        self._start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def fileno(self) -> int:
        """The line's number, to wait for an answer with others."""
        return self._line.fileno()

    @property
    def late(self) -> bool:
        """Whether it works longer than any submission may."""
        return time.monotonic() > self._until

    def send(self, handed: Handed) -> None:
        """Hand over a submission; :class:`EOFError` when the process is gone."""
        self._until = time.monotonic() + self._patience_s
        try:
            if not self._greeted:
                self._line.send((self.plan, self.limits, os.getpid()))
                self._greeted = True
            self._line.send(handed)
        except OSError as error:
            raise EOFError("the worker is gone") from error

    def receive(self) -> Results:
        """The results, when they are there; :class:`EOFError` when the process is gone, or too late."""
        try:
            if not self._line.poll(max(0.0, self._until - time.monotonic())):
                raise EOFError("the worker took too long")
            answer = self._line.recv()
        except OSError as error:
            raise EOFError("the worker is gone") from error
        if isinstance(answer, AcademyError):
            raise answer  # nothing can be graded here: bubblewrap is missing
        results: Results
        results, self.cold = answer
        return results

    def renew(self) -> None:
        """End the process, whatever it does, and start another."""
        self.close()
        self._start()

    def close(self) -> None:
        """End the process, and with it its servers."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._line.close()
        self._place.cleanup()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        _sweep()
        self._place = tempfile.TemporaryDirectory(
            prefix=f"{_PLACE}{os.getpid()}-"
        )  # a killed worker's files go with it
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-c", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": self._place.name},
                start_new_session=True,  # Ctrl-C is for the coordinator, which ends its workers
            )
        self._line, self._greeted = Connection(ours.detach()), False


def serve(line: Connection) -> None:
    """Grade what comes over the line until it closes."""
    plan, limits, parent = line.recv()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return  # it ended before it could take this process along
    nbcourse.trust_schemas()
    with Engine(warm=True) as engine:

        def run(notebook: Any, resources: Any) -> tuple[Any, Any]:
            return nbcourse.run_executor(lambda found, work: grade(found, work, limits, engine), notebook, resources)

        while True:
            handed: Handed = line.recv()
            try:
                line.send((nbcourse.grade_handed(plan, handed, run), _cold(engine)))
            except AcademyError as error:
                line.send(error)


def _sweep() -> None:
    """Remove the folders of this user's coordinators that were killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PLACE}*"):
        number = left.name.removeprefix(_PLACE).partition("-")[0]
        with suppress(OSError):
            if not left.is_symlink() and left.stat().st_uid == os.getuid() and not Path("/proc", number).exists():
                shutil.rmtree(left)


def _cold(engine: Engine) -> str | None:
    try:
        return engine.cold
    except GradingError:  # the server ended; the next submission starts another
        return None


def main() -> None:
    """The program: serve the line whose number is the only argument."""
    try:
        serve(Connection(int(sys.argv[1])))
    except (EOFError, ConnectionError):
        return
