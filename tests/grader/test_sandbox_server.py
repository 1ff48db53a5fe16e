"""The warm server outlives whatever its forks do, is started again when it ends or hangs, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.errors import GradingError
from grader.sandbox import Limits, Sandbox, SandboxServer, _bubblewrap, _server
from tests.grader.warm_sandbox import alive, inside, said, warm_server

boxes = pytest.fixture(warm_server, scope="module")


def living(server: SandboxServer) -> list[psutil.Process]:
    return psutil.Process(server._process.pid).children(recursive=True)


@pytest.mark.parametrize(
    "code",
    [
        "hog = []\nwhile True: hog.append(bytearray(1 << 26))",
        "import os\nhog = []\ntry:\n    while True: hog.append(bytearray(1 << 26))\nexcept MemoryError: os._exit(1)",
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(60,)).start()",
        "import ctypes\nctypes.string_at(0)",
        "import resource, signal\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
        "import os, signal\nos.kill(0, signal.SIGKILL)\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(3)",
        "import sys\nsys._getframe(20).f_globals",
        "import gc, socket, os\nfor one in gc.get_objects():\n    if isinstance(one, socket.socket): one.close()",
    ],
)
def test_whatever_a_child_does_the_server_goes_on(boxes: SandboxServer, code: str) -> None:
    server = inside(boxes).pid
    with Sandbox(limits=Limits(cell_s=2, memory_mb=1024), server=boxes) as sandbox:
        sandbox.run(code)

    assert alive(boxes)
    assert inside(boxes).pid == server


def test_many_threads_may_ask_one_server_at_once(boxes: SandboxServer) -> None:
    def work(number: int) -> str:
        with Sandbox({"a.csv": str(number).encode()}, server=boxes) as sandbox:
            return said(sandbox, "print(open('a.csv').read())")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(12))) == [f"{number}\n" for number in range(12)]


def test_many_children_leave_no_process_and_no_memory_behind(boxes: SandboxServer) -> None:
    def memory() -> int:
        return int(inside(boxes).memory_info().rss)

    assert alive(boxes)
    processes = len(living(boxes))
    before, open_files = memory(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(40):
        with Sandbox({"a.csv": b"1\n"}, server=boxes) as sandbox:
            sandbox.run("kept = bytearray(10_000_000)")

    assert memory() - before < 2_000_000
    assert len(living(boxes)) == processes
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files


def test_a_server_that_ends_is_started_again_and_who_was_in_it_is_told(boxes: SandboxServer) -> None:
    with Sandbox(server=boxes) as sandbox:
        sandbox.run("1")
        everybody = living(boxes)
        inside(boxes).kill()
        assert psutil.wait_procs(everybody, timeout=10)[1] == []

        with pytest.raises(GradingError, match="the sandbox server ended while the program ran: grade the"):
            sandbox.run("1")
        assert sandbox.ended is not None and alive(boxes)


def test_a_server_that_hangs_is_found_out_and_started_again(
    boxes: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_server, "_FORK_S", 1.0)
    assert alive(boxes)
    with Sandbox(server=boxes) as sandbox, SandboxServer() as hanging:
        assert hanging.cold is None
        hung = inside(hanging)
        hung.suspend()

        assert alive(hanging)
        assert not hung.is_running() and said(sandbox, "print('unharmed')") == "unharmed\n"


def test_where_no_nested_namespaces_are_allowed_every_sandbox_starts_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        walls = _bubblewrap.walls

        def forbidding(*args: Any, **keywords: Any) -> list[str]:
            return ["--disable-userns", "--unshare-user", *walls(*args, **keywords)]

        patched.setattr(_bubblewrap, "walls", forbidding)
        server = SandboxServer()
        sentence = server.cold
    with server, Sandbox(server=server) as sandbox:
        seen = said(sandbox, "import os\nprint(os.getppid(), os.getuid())")

    assert sentence is not None and sentence.endswith(": each submission starts a cold one, in seconds")
    assert "(mount: Operation not permitted)" in sentence
    assert seen == "1 1000\n"  # the first process is bubblewrap's


def test_where_one_wall_cannot_be_put_up_no_child_reaches_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_server, "program", lambda: bytes(8))  # no filter that the kernel takes

    with SandboxServer() as server:
        assert "(prctl: Invalid argument)" in str(server.cold)
        with Sandbox(server=server) as sandbox:
            assert said(sandbox, "import os\nprint(os.getppid())") == "1\n"  # a sandbox of its own, with its filter
            assert "PermissionError" in said(sandbox, "os.fork()")


def test_a_server_that_does_not_start_says_what_bubblewrap_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    with SandboxServer() as server:
        assert "bwrap: execvp /nowhere/python" in str(server.cold)


def test_a_closed_server_forks_nothing_and_its_sandboxes_are_ended() -> None:
    with SandboxServer() as server:
        sandbox = Sandbox(server=server)
        sandbox.run("1")
        processes = living(server)

    assert psutil.wait_procs(processes, timeout=10)[1] == []
    with pytest.raises(GradingError, match="the sandbox server ended"):
        sandbox.run("1")
    sandbox.close()
    with pytest.raises(GradingError, match="its server is closed"):
        Sandbox(server=server)


def test_nothing_outlives_a_grader_that_is_killed() -> None:
    program = (
        "import os, time\nfrom grader.sandbox import Sandbox, SandboxServer\nserver = SandboxServer()\n"
        "box = Sandbox(server=server)\nbox.run('1')\nprint(server._process.pid, flush=True)\ntime.sleep(60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    bubblewrap = psutil.Process(int(grader.stdout.readline()))
    processes = [bubblewrap, *bubblewrap.children(recursive=True)]
    assert len(processes) == 4

    grader.send_signal(signal.SIGKILL)
    grader.communicate()

    gone, left = psutil.wait_procs(processes, timeout=10)
    assert len(gone) == 4 and left == []
