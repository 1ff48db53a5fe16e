"""Runs one program after the other, each in a fork of a process that has imported what they have in common."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["ForkServer"]

SERVER = """
import atexit, gc, importlib, json, os, runpy, signal, sys, tempfile


def live(words):
    # From its first line to its last words, as a process of its own.
    status = 1
    try:
        runpy.run_path(words[0], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(status)  # what was imported before is not taken apart: that costs more than most programs


for name in sys.argv[2:]:
    globals()[name] = importlib.import_module(name)
exec(sys.argv[1])
gc.collect()
gc.freeze()
nothing = os.open(os.devnull, os.O_RDONLY)
for line in sys.stdin:
    words, folder, most_s = json.loads(line)
    files = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(2)]
    pid = os.fork()
    if pid == 0:
        for number, source in enumerate((nothing, *(file.fileno() for file in files))):
            os.dup2(source, number)
        os.chdir(folder)
        signal.alarm(most_s)
        sys.argv[:], sys.path[0] = words, os.path.dirname(words[0])
        live(words)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    said = []
    for file in files:
        file.seek(0)
        said.append(file.read())
        file.close()
    print(json.dumps([status, *said]), flush=True)
"""


class ForkServer:
    """A process that has imported ``modules`` and run the line ``prepare``; close it, or use it in a ``with``.

    ``words`` are for Python itself, and ``env`` comes over the environment of this process.
    """

    def __init__(
        self,
        modules: Sequence[str],
        words: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        prepare: str = "",
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *words, "-c", SERVER, prepare, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def run(self, words: Sequence[str], folder: Path, most_s: int = 120) -> subprocess.CompletedProcess[str]:
        """Run a program, the first of the words, in a folder; after so many seconds it is ended by a signal."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([list(words), str(folder), most_s]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server of the forks has ended; what it said stands above"
        return subprocess.CompletedProcess(list(words), *json.loads(answer))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
