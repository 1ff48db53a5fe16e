"""A fork of the warm server is as closed a room as a sandbox of its own, for an ordinary user too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grader.sandbox import Limits, Sandbox, SandboxServer, _bubblewrap
from tests.grader.warm_sandbox import alive, inside, said, warm_server

boxes = pytest.fixture(warm_server, scope="module")

NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
OWN = ("ipc", "mnt", "net", "pid", "user", "uts")
SEEN = f"import os\nprint(*(os.readlink('/proc/self/ns/' + name) for name in {OWN}))"
LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.fixture(scope="module")
def box(boxes: SandboxServer) -> Iterator[Sandbox]:
    with Sandbox(limits=Limits(cell_s=20), server=boxes) as sandbox:
        yield sandbox


def test_every_child_has_namespaces_of_its_own(boxes: SandboxServer) -> None:
    server = {str(Path(f"/proc/{inside(boxes).pid}/ns/{name}").readlink()) for name in NAMESPACES}
    with Sandbox(server=boxes) as first, Sandbox(server=boxes) as second:
        seen = [set(said(one, SEEN).split()) for one in (first, second)]

    assert len(seen[0]) == len(OWN)
    assert seen[0] & seen[1] == set() and (seen[0] | seen[1]) & server == set()


def test_a_child_has_no_rights_and_no_way_to_new_ones(box: Sandbox) -> None:
    status = dict(
        line.partition(":\t")[::2] for line in said(box, "print(open('/proc/self/status').read())").splitlines()
    )

    assert {status[f"Cap{name}"] for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Threads"]) == ("1", "2", "1")
    assert said(box, "import os\nprint(os.getresuid(), os.getresgid())") == "(1000, 1000, 1000) (1000, 1000, 1000)\n"


def test_a_child_sees_its_own_process_alone_and_may_be_ended_before_the_grader(box: Sandbox) -> None:
    assert said(box, "import os\nprint([n for n in os.listdir('/proc') if n.isdigit()])") == "['1']\n"
    assert said(box, "print(open('/proc/self/oom_score_adj').read())") == "1000\n\n"


def test_a_child_holds_nothing_of_the_servers_but_its_line(box: Sandbox) -> None:
    files = "import os\nfor n in range(4096):\n    try: print(os.readlink(f'/proc/self/fd/{n}').split(':')[0])\n"

    assert said(box, files + "    except OSError: pass").split() == ["/dev/null", "/dev/null", "/dev/null", "socket"]


def test_no_memory_is_shared_that_could_be_written(box: Sandbox) -> None:
    shared = "print([row for row in open('/proc/self/maps') if row.split()[1][1] == 'w' and row.split()[1][3] == 's'])"

    assert said(box, shared) == "[]\n"


def test_nothing_of_the_server_can_be_signalled_or_opened(boxes: SandboxServer, box: Sandbox) -> None:
    server = inside(boxes).pid

    hunted = said(
        box,
        "import os, signal\nfound = []\nfor pid in [-1, *range(2, 5000)]:\n"
        "    try: os.kill(pid, signal.SIGKILL); found.append(pid)\n    except ProcessLookupError: pass\n"
        "for pid in range(2, 5000):\n    try: os.pidfd_open(pid); found.append(pid)\n    except OSError: pass\n"
        "print(found)",
    )

    assert hunted == "[]\n"
    assert inside(boxes).pid == server and alive(boxes)


@pytest.mark.parametrize(
    "call",
    [
        "ptrace(16, 1, 0, 0)",
        "process_vm_readv(1, None, 0, None, 0, 0)",
        "unshare(0x10000000)",
        "unshare(0x00020000)",
        "setns(0, 0)",
        "umount2(b'/tmp', 2)",
        "umount2(b'/proc', 2)",
        "mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "mount(b'/', b'/tmp/work', None, 4096, None)",
        "pivot_root(b'/tmp', b'/tmp')",
        "chroot(b'/tmp')",
        "sethostname(b'x', 1)",
        "syscall(428, -100, b'/', 1)",  # open_tree
        "syscall(442, -100, b'/', 0, 0, 0)",  # mount_setattr
        "syscall(438, 3, 0, 0)",  # pidfd_getfd
        "syscall(425, 1, 0)",  # io_uring_setup
        "setuid(0)",
        "capset((ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(*[0xFFFFFFFF] * 6))",
        "prctl(23, 21, 0, 0, 0) - 1",  # CAP_SYS_ADMIN in the bounding set
    ],
)
def test_a_call_of_the_kernel_that_would_open_the_room_is_refused(box: Sandbox, call: str) -> None:
    tried = said(box, f"{LIBC}print(libc.{call}, ctypes.get_errno())")

    assert tried in ("-1 1\n", "-1 22\n", "-1 0\n")  # not permitted; no such user here; not in the set


def test_a_limit_cannot_be_raised_again(box: Sandbox) -> None:
    raised = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))"

    assert said(box, raised).startswith("ValueError: not allowed to raise maximum limit")


def test_only_the_private_folders_can_be_written_and_in_them_so_much_and_no_more(box: Sandbox) -> None:
    tried = (
        "import os\nopened = []\nfor top, folders, _ in os.walk('/'):\n"
        "    folders[:] = [f for f in folders if top != '/' or f not in ('proc', 'tmp')]\n"
        "    if 'site-packages' in top or top.startswith('/dev/shm'): continue\n"
        "    try: open(top + '/mine', 'w'); opened.append(top)\n    except OSError: pass\n"
        "print(opened)"
    )
    many = (
        "n = 0\ntry:\n    while n < 10**6: open(f'f{n}', 'w').close(); n += 1\n"
        "except OSError as error: print(error.errno, n < 30_000)"
    )

    assert said(box, tried) == "[]\n"
    assert said(box, many) == "28 True\n"  # no space left


def test_two_children_cannot_talk_to_each_other(boxes: SandboxServer) -> None:
    listen = (
        "import socket\na = socket.socket(socket.AF_UNIX); a.bind(chr(0) + 'meet'); a.listen()\n"
        "b = socket.socket(); b.bind(('127.0.0.1', 4711)); b.listen()"
    )
    call = (
        "import socket\nfor kind, name in ((socket.AF_UNIX, chr(0) + 'meet'), (socket.AF_INET, ('127.0.0.1', 4711))):\n"
        "    try: socket.socket(kind).connect(name); print('met')\n    except ConnectionRefusedError: print('nobody')"
    )
    with Sandbox(server=boxes) as first, Sandbox(server=boxes) as second:
        assert said(first, listen) == "" and said(first, call) == "met\nmet\n"

        assert said(second, call) == "nobody\nnobody\n"


def test_nothing_that_one_child_changes_is_there_for_the_next(boxes: SandboxServer) -> None:
    change = (
        "import builtins, numpy, pandas, sys, os\nbuiltins.abs = lambda x: 0\nnumpy.allclose = lambda *a: True\n"
        "pandas.DataFrame.sum = None\nsys.modules['json'] = None\nos.environ['LEFT'] = '1'\n"
        "get_ipython().ast_transformers.append(None)\nopen('/tmp/left', 'w')\nopen('/dev/shm/left', 'w')\nleft = 1"
    )
    look = (
        "import json, numpy, os, pandas\n"
        "print(abs(-1), numpy.allclose(1, 2), pandas.DataFrame({'a': [1]}).sum()['a'],\n"
        "    'LEFT' in os.environ, get_ipython().ast_transformers, os.path.exists('/tmp/left'),\n"
        "    os.listdir('/dev/shm'), 'left' in globals())"
    )
    with Sandbox(server=boxes) as first:
        first.run(change)
        with Sandbox(server=boxes) as meanwhile:
            beside = said(meanwhile, look)
    with Sandbox(server=boxes) as second:
        after = said(second, look)

    assert beside == after == "1 False 1 False [] False [] False\n"


def test_each_child_has_random_numbers_of_its_own(boxes: SandboxServer) -> None:
    draw = (
        "import random\nimport numpy as np\n"
        "print(random.random(), np.random.random(), np.random.default_rng().random())"
    )
    drawn: list[str] = []
    for _ in range(3):
        with Sandbox(server=boxes) as sandbox:
            drawn += said(sandbox, draw).split()

    assert len(set(drawn)) == 9


CELLS = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nprint(sorted(globals()))",
    "%who",
    "table = pd.DataFrame({'hour': range(3), 'calls': np.arange(3) * 1.5})\ntable",
    "plt.plot(table['hour'], table['calls'])\nplt.title('calls')\nplt.show()",
    "fig, axes = plt.subplots(1, 2)\naxes[0].bar(['a'], [1])\nplt.gcf().number",
    "table['none']",
    "import warnings\nwarnings.warn('slow')",
    "import sys\nprint(hasattr(sys, 'last_value'), get_ipython().execution_count, plt.get_fignums())",
    "_",
    "def broken(:",
)


def test_a_child_says_and_draws_what_a_cold_sandbox_does(boxes: SandboxServer) -> None:
    with Sandbox() as cold, Sandbox(server=boxes) as warm:
        for code in CELLS:
            assert without_pixels(warm.run(code)) == without_pixels(cold.run(code)), code


def without_pixels(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs with the first bytes of pictures only: a child cuts them out in another way, tested by itself."""
    for output in outputs:
        if "image/png" in output.get("data", {}):
            output["data"]["image/png"] = output["data"]["image/png"][:16]
    return outputs


def test_an_environment_in_the_machines_own_tmp_is_there_for_a_child_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory(dir="/tmp") as clone:
        environment = Path(clone) / "a folder" / ".venv"
        environment.mkdir(parents=True)
        (environment / "marker").write_text("seen", "utf-8")
        (Path(clone) / "key").write_text("secret", "utf-8")
        with monkeypatch.context() as patched:
            walls = _bubblewrap.walls
            bind = ["--ro-bind", str(environment), str(environment)]

            def another(*args: Any, **keywords: Any) -> list[str]:
                words = walls(*args, **keywords)
                return [*words[: words.index("--remount-ro")], *bind, *words[words.index("--remount-ro") :]]

            patched.setattr(_bubblewrap, "walls", another)
            server = SandboxServer()
        with server, Sandbox(server=server) as sandbox:
            assert said(sandbox, f"print(open({str(environment / 'marker')!r}).read())") == "seen\n"
            assert "FileNotFoundError" in said(sandbox, f"open({clone + '/key'!r})")
            assert "Read-only" in said(sandbox, f"open({str(environment / 'marker')!r}, 'w')")


ORDINARY = """
import os, sys
if os.getuid() == 0:
    os.setgroups([]), os.setgid(12345), os.setuid(12345)
from pathlib import Path
from grader.judge import Judge, JudgeServer
from grader.sandbox import Sandbox, SandboxServer
LIBC = "import ctypes, os\\nlibc = ctypes.CDLL(None)\\n"
with SandboxServer() as boxes, JudgeServer() as judges:
    for server in (boxes, None):
        with Sandbox({"a.csv": b"7"}, server=server) as box, Judge(Path("/"), box.request, server=judges) as judge:
            box.run("load = float(open('a.csv').read())\\nimport os\\nme = os.getuid(), os.getppid()")
            box.run(LIBC + "walls = [libc.unshare(0x10000000), libc.mount(b'/', b'/tmp', None, 4096, None)]")
            box.run("try: os.kill(-1, 9)\\nexcept OSError as error: alone = type(error).__name__")
            box.run("import threading\\nthreading.stack_size(1 << 15)\\nstop, n = threading.Event(), 0")
            box.run("while n < 5000: threading.Thread(target=stop.wait).start(); n += 1")
            box.run("stop.set()\\nfew = 100 < n < 600")
            print(boxes.cold, judge.check("assert load == 7", 1).state, end=" ")
            print(*(box.request({"do": "get", "name": name})["value"] for name in ("me", "walls", "alone", "few")))
"""


def as_ordinary_user() -> list[str]:
    """Words that let another user read this environment, when only its owner can: root, who keeps it at home."""
    words = [sys.executable, "-c", ORDINARY]
    if os.getuid() != 0:
        return words
    needed = [Path(part).resolve() for part in (sys.prefix, sys.base_prefix, Path(__file__).parents[2])]
    opened: dict[Path, list[str]] = {}
    for folder in needed:
        shut = [part for part in reversed(folder.parents) if not part.stat().st_mode & 0o001]
        if shut:
            inside = [part for part in reversed(folder.parents) if part.is_relative_to(shut[0]) and part != shut[0]]
            opened.setdefault(shut[0], []).extend(w for d in inside for w in ("--perms", "0755", "--dir", str(d)))
            opened[shut[0]] += ["--ro-bind", str(folder), str(folder)]
    hidden = [word for top, binds in opened.items() for word in ("--perms", "0755", "--tmpfs", str(top), *binds)]
    return ["bwrap", "--dev-bind", "/", "/", *hidden, "--cap-add", "ALL", *words]


def test_the_walls_stand_for_an_ordinary_user_too() -> None:
    root = Path(__file__).parents[2]

    shown = subprocess.run(as_ordinary_user(), cwd=root, capture_output=True, text=True, check=False)

    warm, cold = (["tuple", [["int", "1000"], ["int", str(parent)]]] for parent in (0, 1))
    refused = "['list', [['int', '-1'], ['int', '-1']]] ['str', 'ProcessLookupError'] ['bool', True]"
    assert shown.stdout.splitlines() == [f"None passed {who} {refused}" for who in (warm, cold)], shown.stderr
