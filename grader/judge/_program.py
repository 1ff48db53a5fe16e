"""The judge's server as a program: it imports what tests need, and forks a fresh process for each submission.

The server hears no test and no value, so that nothing of a submission is in the memory of the next one's process.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import Any, NoReturn

from grader import wire
from grader.judge._bench import Bench, Reply, check, give
from grader.pages import use_large_pages

__all__: list[str] = []

_DIE_WITH_PARENT = 1
_libc = ctypes.CDLL(None)  # for prctl, which Python lacks


WARMING = (
    "import numpy as np\nimport pandas as pd",
    "assert table['a'].sum() == 3\nassert len(table) == 2 and list(table.columns) == ['a', 'b', 'c']",
    "assert table.loc[0, 'a'] == 1 and table['a'].iloc[1] == 2 and table.shape == (2, 3)",
    "assert abs(series['x'] - 0.1) < 1e-9 and series.idxmax() == 'y' and not series.isna().any()",
    "assert np.allclose(table['a'], [1, 2]) and np.isclose(series.mean(), 0.15)",
    "pd.testing.assert_frame_equal(table, table)\npd.testing.assert_series_equal(series, series)",
    "assert f(2) == 4",
    "assert table['a'].sum() == 4, 'wrong'",
)


def warm() -> None:
    """Import and use once what nearly every test needs: the first time of all this takes long."""
    import numpy as np
    import pandas as pd

    import_module("matplotlib.pyplot")  # the setup cell of a lesson imports it, and the judge repeats its imports
    table = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pd.date_range("2026-01-05", periods=2)})
    values = {"table": table, "series": pd.Series([0.1, 0.2], index=["x", "y"]), "f": np.square, "four": 4}

    def ask(question: Mapping[str, Any]) -> Reply:
        name = str(question.get("name", "four"))
        return {"value": wire.encode(values[name], lambda value: 0)} if name in values else {"missing": True}

    bench = Bench(ask)
    for test in WARMING:
        check(bench, test, 1.0)


def serve(control: socket.socket) -> None:
    """Fork for each line that the grader sends with a folder; bury each fork when the grader has ended it."""
    server, living = os.getpid(), set[int]()
    while True:
        text, numbers, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not text:
            break
        message = json.loads(text)
        if "bury" in message:
            living.discard(message["bury"])
            os.waitpid(message["bury"], 0)
            control.send(b"0")
            continue
        pid = os.fork()
        if pid == 0:
            control.close()
            live(socket.socket(fileno=numbers[0]), message["folder"], server)
        os.close(numbers[0])
        living.add(pid)
        control.send(str(pid).encode())
    for pid in living:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def live(line: socket.socket, folder: str, server: int) -> NoReturn:
    """A fork's whole life: judge one submission until the grader closes the line; what tests print goes nowhere."""
    try:
        os.setsid()
        _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)
        os.set_inheritable(line.fileno(), False)
        os.chdir(folder)
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        sys.modules["numpy.random"].seed()  # Python's own random state sees to itself
        sys.path.append(folder)  # helper modules of the trainer; nothing of the candidate lies here
        judge(line)
    finally:
        os._exit(0)


def judge(line: socket.socket) -> None:
    """Say that everything is there, then run what arrives on the line."""
    asks = line.makefile("rb")

    def send(message: Mapping[str, Any]) -> None:
        line.sendall(json.dumps(message).encode() + b"\n")

    def ask(question: Mapping[str, Any]) -> Reply:
        send({"ask": question})
        reply: Reply = json.loads(asks.readline())
        return reply

    bench = Bench(ask)
    send({})
    for text in asks:
        message = json.loads(text)
        if "give" in message:
            give(bench, message["give"])
            send({})
        else:
            send(asdict(check(bench, message["test"], message["points"])))


def main() -> None:
    """Warm up, then serve the grader until it closes the line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    warnings.simplefilter("ignore")  # a warning must not cost a mark
    warm()
    gc.collect()
    gc.freeze()  # what is here now is garbage in no fork: its pages stay shared
    use_large_pages()
    serve(control)


if __name__ == "__main__":
    main()
