"""Runs in the place of the sandbox's server and times every wall that a child puts up around itself."""

from __future__ import annotations

import gc
import json
import os
import resource
import socket
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

sys.path.append("/engine")
import _forks
import _nest
from pages import use_large_pages

ROUNDS = 40
NAMESPACES = {
    _nest._NEWNS: "mounts",
    _nest._NEWUSER: "users",
    _nest._NEWNET: "network",
    _nest._NEWIPC: "messages",
    _nest._NEWUTS: "host name",
}
TIMES: dict[str, float] = defaultdict(float)


def timed(label: Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its time added to the wall that it belongs to."""

    def run(*args: Any, **keywords: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **keywords)
        finally:
            TIMES[label(*args)] += time.perf_counter() - began

    return run


def watch() -> None:
    """Put a clock on every call of :meth:`Nest.close_in`, each namespace by itself."""
    call = _nest._call

    def one_by_one(name: str, *args: Any) -> None:
        if name != "unshare":
            timed(lambda *_: "rights and filter" if name != "mount" else "private folders", call)(name, *args)
            return
        for bit, wall in NAMESPACES.items():
            if args[0] & bit:
                timed(lambda *_, wall=wall: f"namespace of {wall}", call)("unshare", bit)

    _nest._call = one_by_one
    _nest.Nest._write = timed(lambda *_: "map of users, order of killing", _nest.Nest._write)
    _nest.fcntl.ioctl = timed(lambda *_: "loopback up", _nest.fcntl.ioctl)
    os.closerange = timed(lambda *_: "files of the server closed", os.closerange)
    resource.setrlimit = timed(lambda *_: "limits", resource.setrlimit)


def child(nest: _nest.Nest, number: int) -> None:
    """Close in, and say how long each wall took."""
    try:
        os.setsid()
        watch()
        began = time.perf_counter()
        nest.close_in(number, 50_000_000, {"RLIMIT_NPROC": 64, "RLIMIT_FSIZE": 50_000_000})
        TIMES["all walls"] = time.perf_counter() - began
        os.write(number, json.dumps(TIMES).encode())
    finally:
        os._exit(0)


def main() -> None:
    """Warm up as the server does, fork and time, and send the medians."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    nest_program = control.recv(1 << 16)
    cells = _forks.warm()
    nest = _nest.Nest(nest_program)
    gc.collect()
    gc.freeze()
    use_large_pages()
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        read, write = os.pipe()
        began = time.perf_counter()
        pid = nest.fork()
        if pid == 0:
            child(nest, write)
        found["fork, with a namespace of processes"].append(time.perf_counter() - began)
        os.close(write)
        with os.fdopen(read, "rb") as file:
            times = json.loads(file.read())
        began = time.perf_counter()
        os.waitpid(pid, 0)
        found["end"].append(time.perf_counter() - began)
        for wall, seconds in times.items():
            found[wall].append(seconds)
    del cells
    control.send(json.dumps({wall: statistics.median(seconds) for wall, seconds in found.items()}).encode())


if __name__ == "__main__":
    main()
