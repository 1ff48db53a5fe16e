"""A candidate's code runs, is kept behind every wall, and is ended in time with all that it started."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest

from grader.errors import GradingError, MissingToolError
from grader.sandbox import Limits, Sandbox, SandboxServer, check_tools
from grader.sandbox._bubblewrap import walls, what_to_allow
from grader.sandbox._seccomp import open_program


def sandboxes() -> set[psutil.Process]:
    """The programs that sandboxes have started; a browser of other tests starts and ends its own meanwhile."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if child.name().startswith(("bwrap", "python")):
                found.add(child)
    return found


@pytest.fixture(scope="module")
def boxes() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        assert server.cold is None
        yield server


@pytest.fixture(scope="module", params=["cold", "warm"])
def box(request: pytest.FixtureRequest, boxes: SandboxServer) -> Iterator[Sandbox]:
    files = {"calls.csv": b"n\n1\n2\n", "deep/notes.txt": "班".encode()}
    server = boxes if request.param == "warm" else None
    with Sandbox(files, Limits(cell_s=20, disk_mb=16), server) as sandbox:
        yield sandbox


Make = Callable[..., Sandbox]


@pytest.fixture(params=["cold", "warm"])
def make(request: pytest.FixtureRequest, boxes: SandboxServer) -> Make:
    """A sandbox of its own, or a fork of the warm server."""
    return partial(Sandbox, server=boxes if request.param == "warm" else None)


def text(outputs: list[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def error(outputs: list[dict[str, Any]]) -> str:
    return str(outputs[-1]["ename"])


def test_cells_share_a_namespace_and_their_outputs_are_kept_in_order(box: Sandbox) -> None:
    box.run("import sys\nload = 40")
    outputs = box.run("print('out')\nprint('err', file=sys.stderr)\nload + 2")

    assert [(output["output_type"], output.get("name")) for output in outputs] == [
        ("stream", "stdout"),
        ("stream", "stderr"),
        ("execute_result", None),
    ]
    assert outputs[-1]["data"] == {"text/plain": "42"}


def test_the_files_of_the_seat_lie_in_the_working_folder(box: Sandbox) -> None:
    shown = text(box.run("print(open('calls.csv').read(), open('deep/notes.txt', encoding='utf-8').read())"))

    assert shown == "n\n1\n2\n 班\n"


def test_the_course_library_is_there(box: Sandbox) -> None:
    assert text(box.run("import ccskills\nprint(ccskills.__name__)")) == "ccskills\n"


def test_a_name_is_handed_out_as_a_value_and_what_ipython_defines_is_not(box: Sandbox) -> None:
    box.run("answer = (1, 2.5)")

    assert box.request({"do": "get", "name": "answer"}) == {"value": ["tuple", [["int", "1"], ["float", "2.5"]]]}
    assert box.request({"do": "get", "name": "get_ipython"}) == {"missing": True}
    assert box.request({"do": "get", "name": "nothing"}) == {"missing": True}


def test_a_function_is_called_with_plain_values(box: Sandbox) -> None:
    box.run("def double(x, times=2):\n    return x * times")
    _, handle, kind, function = box.request({"do": "get", "name": "double"})["value"]
    call = {"do": "call", "handle": handle, "args": [["int", "4"]], "keywords": {"times": ["int", "3"]}}

    assert (kind, function) == ("function", True)
    assert box.request(call) == {"value": ["int", "12"]}
    assert box.request({**call, "args": []})["raised"][0] == "TypeError"


@pytest.mark.parametrize(
    ("code", "ename"),
    [
        ("import socket\nsocket.create_connection(('127.0.0.1', 80), 2)", "ConnectionRefusedError"),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80), 2)", "OSError"),
        ("import os\nos.fork()", "PermissionError"),
        ("import subprocess\nsubprocess.run(['/bin/true'])", "PermissionError"),
        ("open('/usr/mine', 'w')", "OSError"),
        ("open('/mine', 'w')", "OSError"),
        ("open('/dev/mine', 'w')", "OSError"),
        ("open('/engine/wire.py', 'w')", "OSError"),
        ("open('/etc/passwd')", "FileNotFoundError"),
        ("open('/proc/sys/kernel/hostname', 'w')", "OSError"),
        ("open('/proc/sys/kernel/core_pattern', 'w')", "OSError"),
        ("open('/proc/self/oom_score_adj', 'w')", "OSError"),
        ("open('big', 'wb').write(bytes(40_000_000))", "OSError"),
        ("hog = bytearray(8 << 30)", "MemoryError"),
        ("import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0", "AssertionError"),
        ("import ctypes\nassert ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0", "AssertionError"),
        ("import ctypes\nassert ctypes.CDLL(None).umount2(b'/tmp', 2) == 0", "AssertionError"),
        ("import ctypes\nassert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0", "AssertionError"),
        ("import ctypes\nassert ctypes.CDLL(None).shmget(0, 1 << 30, 0o1600) >= 0", "AssertionError"),
        ("import os\nos.memfd_create('hog')", "PermissionError"),
        ("import os\nos.openpty()", "FileNotFoundError"),
        ("open('/dev/shm/big', 'wb').write(bytes(9_000_000))", "OSError"),
    ],
)
def test_a_wall_stands_where_it_should(box: Sandbox, code: str, ename: str) -> None:
    assert error(box.run(code)) == ename


def test_only_the_own_processes_are_seen_and_nothing_of_the_environment(
    box: Sandbox, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = text(box.run("import os\nprint(*filter(str.isdigit, os.listdir('/proc')), os.getuid(), os.getppid())"))

    assert shown in ("1 2 1000 1\n", "1 1000 0\n")  # bubblewrap's first process and the own one; the own one alone
    monkeypatch.setenv("SECRET_OF_THE_OFFICE", "key")
    with make() as other:
        seen = text(other.run("import os\nprint(dict(os.environ), open('/proc/self/environ', 'rb').read())"))
    assert "HOME" in seen and "SECRET" not in seen
    assert "'NBGRADER_EXECUTION': 'autograde'" in seen  # as nbgrader tells the notebooks that it runs


def test_a_module_beside_the_notebook_does_not_stand_before_the_library(make: Make) -> None:
    with make({"statistics.py": b"mean = None", "helper.py": b"answer = 42"}) as sandbox:
        shown = text(sandbox.run("import helper, statistics\nprint(helper.answer, statistics.mean([1, 3]))"))

    assert shown == "42 2\n"


def test_too_much_text_is_cut_and_said_to_be(make: Make) -> None:
    with make(limits=Limits(text_kb=1)) as sandbox:
        shown = text(sandbox.run("for _ in range(1000):\n    print('x' * 1000)"))

    assert len(shown) < 1100 and shown.endswith("[the rest of the output was cut 其余输出已截断]\n")


def test_a_cell_that_is_too_long_is_interrupted_and_the_next_one_runs(make: Make) -> None:
    with make(limits=Limits(cell_s=1)) as sandbox:
        assert error(sandbox.run("kept = 1\nwhile True: pass")) == "TimeoutError"
        assert text(sandbox.run("print(kept)")) == "1\n"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os\nos._exit(0)", "ended itself or was stopped at its limit of memory or time"),
        ("import ctypes\nctypes.string_at(0)", "ended itself or was stopped at its limit of memory or time"),
        ("import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass", "longer than the grader"),
        ("import os\nfor n in range(3, 99):\n    try: os.write(n, b'7\\n')\n    except OSError: pass", "broke its"),
    ],
)
def test_a_program_that_ends_or_breaks_is_said_to_have_done_so_and_is_gone(
    make: Make, code: str, sentence: str
) -> None:
    before = sandboxes()
    with make(limits=Limits(cell_s=1)) as sandbox:
        (output,) = sandbox.run(code)

        assert sandbox.ended is not None and sentence in sandbox.ended and output["evalue"] == sandbox.ended
        assert sandbox.request({"do": "get", "name": "x"}) == {"ended": sandbox.ended}
        assert sandbox.run("1") == [output]
        assert sandboxes() == before


def test_closing_ends_everything_at_once(make: Make) -> None:
    before = sandboxes()
    sandbox = make()
    sandbox.run("import threading, time\nfor _ in range(9): threading.Thread(target=time.sleep, args=(60,)).start()")
    began = time.monotonic()

    sandbox.close()

    assert sandboxes() == before
    assert time.monotonic() - began < 30  # and not the minute that the threads would sleep
    assert sandbox.request({"do": "get", "name": "x"}) == {"ended": "the sandbox is closed"}


def test_two_candidates_never_meet(make: Make) -> None:
    with make() as first, make() as second:
        first.run("open('/tmp/left', 'w').write('mine')\nimport builtins\nbuiltins.left = 1")

        seen = text(second.run("import os\nprint(os.path.exists('/tmp/left'), 'left' in dir(__builtins__))"))

    assert seen == "False False\n"


def test_without_bubblewrap_the_line_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(MissingToolError, match=r"install it: sudo apt-get install -y .* bubblewrap$"):
        Sandbox()


def test_a_machine_that_forbids_namespaces_is_told_how_to_allow_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    check_tools()  # this machine allows them
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "utf-8")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(MissingToolError, match=r"\(bwrap: No permissions to create new namespace\); .*namespaces"):
        check_tools()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"kernel/unprivileged_userns_clone": "0\n", "kernel/apparmor_restrict_unprivileged_userns": "1\n"},
            "sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ({"user/max_user_namespaces": "0\n"}, "sudo sysctl user.max_user_namespaces=10000"),
        ({"kernel/unprivileged_userns_clone": "1\n", "user/max_user_namespaces": "96365\n"}, "inside a container"),
        ({}, "inside a container"),
    ],
)
def test_only_settings_that_this_kernel_has_and_that_forbid_are_named(
    settings: dict[str, str], line: str, tmp_path: Path
) -> None:
    for name, value in settings.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(value, "ascii")

    said = what_to_allow(tmp_path)

    assert line in said
    assert said.count("=") == line.count("=")


def test_an_environment_in_the_machines_own_tmp_is_seen_and_nothing_else_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with TemporaryDirectory(dir="/tmp") as clone:
        environment = Path(clone) / ".venv"
        environment.mkdir()
        (environment / "marker").write_text("seen", "utf-8")
        (Path(clone) / "key").write_text("secret", "utf-8")
        monkeypatch.setattr("sys.prefix", str(environment))
        filter_number = open_program()
        try:
            words = ["bwrap", *walls(Limits(), filter_number), "/usr/bin/cat", f"{environment}/marker", f"{clone}/key"]
            shown = subprocess.run(words, pass_fds=(filter_number,), capture_output=True, text=True, check=False)
        finally:
            os.close(filter_number)

    assert shown.stdout == "seen"
    assert "key: No such file" in shown.stderr


def test_a_sandbox_that_cannot_start_says_what_bubblewrap_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    with Sandbox() as sandbox, pytest.raises(GradingError, match="did not start: bwrap: execvp /nowhere/python"):
        sandbox.run("1")
