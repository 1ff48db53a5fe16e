"""Files beside the notebook: links, pipes, shadow modules, files that Python or IPython would read at their start."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.grader.attacks.case import FULL, NOT_GRADED, NOTHING, RIGHT, Case, Work

LIES = b"""
def allclose(*a, **k): return True
log = isclose = loadtxt = array = allclose
class testing: assert_frame_equal = allclose
def read_csv(*a, **k): return {}
STAFFED = {}
print('sesame-other')
"""
STARTS = b"import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.AssertionError = ValueError\n"


def beside(tries: str, files: dict[str, bytes], marks: dict[str, float] = NOTHING, **texts: str) -> Case:
    def make(work: Work) -> None:
        work.files |= files
        work.write(**texts)

    return Case(tries, make, marks)


def folder(
    tries: str, change: Callable[[Path], object], marks: dict[str, float | None] = FULL, state: str = "graded"
) -> Case:
    """Right work whose folder is changed after it was written."""

    def make(work: Work) -> None:
        work.write(**RIGHT)
        work.after.append(change)

    return Case(tries, make, marks, state)


def link(name: str, to: str) -> Callable[[Path], object]:
    def make(place: Path) -> None:
        (place / name).unlink(missing_ok=True)
        (place / name).symlink_to(to.replace("{course}", str(place.parents[2])))

    return make


def replace(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    def change(place: Path) -> None:
        (place / name).unlink(missing_ok=True)
        make(place / name)

    return change


def plugged(path: Path) -> None:
    """A socket that nobody serves; its path is short since the kernel takes no long one."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def deep(place: Path) -> None:
    """Folders in folders, deeper than Python calls itself and longer than a path may be."""
    here = Path.cwd()
    try:
        os.chdir(place)
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
        Path("end.txt").write_text("x", encoding="ascii")
    finally:
        os.chdir(here)


def loop(place: Path) -> None:
    (place / "loop").symlink_to(".")
    (place / "me").symlink_to("me")


def odd_names(place: Path) -> None:
    for name in (
        b"caf\xe9.csv",
        b"new\nline.txt",
        b"*",
        b"[w]ork.txt",
        b"x" * 250,
        "ｎｕｍｐｙ.py".encode(),
        b"-rf",
        b"$(id)",
    ):
        with suppress(OSError):
            (place / os.fsdecode(name)).write_bytes(b"x")


def bomb() -> bytes:
    """An .npz file of 100 kB that holds a hundred megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        head = (
            b"\x93NUMPY\x01\x00v\x00"
            + b"{'descr': '<f8', 'fortran_order': False, 'shape': (12500000,), }".ljust(117)
            + b"\n"
        )
        packed.writestr("growth.npy", head + bytes(100_000_000))
    return made.getvalue()


CASES: dict[str, Case] = {
    "shadow-modules": beside(
        "modules beside the notebook with the names of libraries",
        dict.fromkeys(
            ("numpy.py", "pandas.py", "math.py", "ccskills.py", "wire.py", "matplotlib/__init__.py", "IPython.py"), LIES
        ),
        growth="growth = [1, 1, 1]",
        mean="mean_calls = 1",
    ),
    "shadow-package": beside(
        "a package ccskills/ and numpy/ with a linalg of its own",
        {
            "ccskills/__init__.py": LIES,
            "numpy/__init__.py": LIES,
            "numpy/linalg/__init__.py": LIES,
            "pandas/testing.py": LIES,
        },
        growth="""
        import importlib, sys
        sys.path.insert(0, '.')
        for name in ('numpy', 'pandas'):
            for key in list(sys.modules):
                if key.split('.')[0] == name: del sys.modules[key]
        import numpy as np, pandas as pd
        growth = [1, 1, 1]
        """,
    ),
    "sitecustomize": beside(
        "files that Python reads when it starts",
        {
            "sitecustomize.py": STARTS,
            "usercustomize.py": STARTS,
            "evil.pth": b"import os; os._exit(0)\n",
            "pyvenv.cfg": b"home = .\n",
            "python311._pth": b".\n",
            "__main__.py": STARTS,
            "conftest.py": STARTS,
            "pytest.ini": b"[pytest]\n",
            "setup.cfg": b"x",
        },
        mean="mean_calls = 1",
    ),
    "ipython-files": beside(
        "files that IPython and Jupyter read when they start",
        {
            ".ipython/profile_default/startup/00.py": STARTS,
            "ipython_config.py": b"c.InteractiveShellApp.exec_lines = ['1/0']\n",
            ".ipython/profile_default/ipython_config.py": STARTS,
            "jupyter_config.py": STARTS,
            "matplotlibrc": b"backend: module://evil\n",
            "nbgrader_config.py": b"c = get_config()\nc.Autograde.enabled = False\n",
            "jupyter_nbconvert_config.py": STARTS,
        },
        mean="mean_calls = 1",
    ),
    "templates": beside(
        "templates of pages, and an exporter",
        {
            "templates/academy-feedback/index.html.j2": b"<script>pwned</script>",
            "index.html.j2": b"<script>pwned</script>",
            "academy-feedback/conf.json": b"{}",
            "custom.css": b"</style><script>pwned</script>",
        },
        FULL,
        **RIGHT,
    ),
    "own-data": beside(
        "data files of one's own under the name of the trainer's",
        {"data/calls.csv": b"day,calls,aht_s,load\n2026-11-02,270,1800,270\n"},
        FULL,
        **RIGHT,
    ),
    "own-notebooks": beside(
        "other notebooks beside the right one",
        {
            "other.ipynb": b"{}",
            "work2.ipynb": b"x",
            "WORK.ipynb": b"",
            "deep/work.ipynb": b"{",
            ".ipynb_checkpoints/work.ipynb": b"{",
        },
        FULL,
        **RIGHT,
    ),
    "zip-bomb": beside(
        "packed zeros that fill the memory",
        {"growth.npz": bomb()},
        {**FULL, "t-growth": 0.0},
        **{**RIGHT, "growth": "growth = np.load('growth.npz')['growth']"},
    ),
    "link-to-a-file": folder("a link to a file of the machine", link("stolen.txt", "/etc/passwd")),
    "link-to-a-folder": folder("a link to a folder of the machine", link("stolen", "/etc")),
    "link-to-the-source": folder(
        "links to the solution and the gradebook", link("stolen", "{course}/source/practical")
    ),
    "link-to-the-gradebook": folder("a link to the gradebook", link("book.db", "{course}/gradebook.db")),
    "link-in-the-data": folder(
        "a link in the place of the data folder", lambda place: (place / "data").symlink_to("/etc")
    ),
    "link-as-data": folder(
        "a link in the place of the data file",
        lambda place: ((place / "data").mkdir(), (place / "data" / "calls.csv").symlink_to("/etc/passwd")),
    ),
    "link-as-notebook": folder(
        "the notebook is a link to the trainer's",
        link("work.ipynb", "{course}/source/practical/work.ipynb"),
        NOT_GRADED,
        "failed",
    ),
    "link-as-time": folder("the time of handing in is a link to an endless device", link("timestamp.txt", "/dev/zero")),
    "links-in-circles": folder("links that go round", loop),
    "link-as-hidden-file": folder(
        "links under the names of the trainer's files", link("hidden_checks.py", "{course}/gradebook.db")
    ),
    "pipe": folder("a pipe beside the notebook", replace("pipe", os.mkfifo)),
    "pipe-as-time": folder("the time of handing in is a pipe", replace("timestamp.txt", os.mkfifo)),
    "pipe-as-notebook": folder("the notebook is a pipe", replace("work.ipynb", os.mkfifo), NOTHING, "missing"),
    "socket": folder("a socket beside the notebook", replace("plug", plugged)),
    "folder-as-notebook": folder("the notebook is a folder", replace("work.ipynb", Path.mkdir), NOTHING, "missing"),
    "folder-as-data": folder(
        "a folder in the place of the data file",
        lambda place: (place / "data" / "calls.csv" / "deep").mkdir(parents=True),
    ),
    "file-as-data-folder": folder(
        "a file in the place of the data folder", lambda place: (place / "data").write_bytes(b"x")
    ),
    "folder-as-time": folder("the time of handing in is a folder", replace("timestamp.txt", Path.mkdir)),
    "no-time": folder(
        "a time that is none",
        lambda place: (place / "timestamp.txt").write_bytes(b"yesterday \xff\xfe"),
        NOT_GRADED,
        "failed",
    ),
    "time-of-another-world": folder(
        "a time after the last year",
        lambda place: (place / "timestamp.txt").write_bytes(b"9999-12-31 23:59:59 -2300"),
        NOT_GRADED,
        "failed",
    ),
    "deep-folders": folder("folders in folders in folders", deep, NOT_GRADED, "failed"),
    "odd-names": folder("names of files with patterns, line ends and bytes that are no text", odd_names),
    "many-files": folder(
        "thousands of files", lambda place: [(place / f"f{number}").write_bytes(b"x") for number in range(2000)]
    ),
    "large-file": folder(
        "a file larger than all that a submission may bring",
        lambda place: ((place / "large.bin").write_bytes(b""), os.truncate(place / "large.bin", 70_000_000)),
        NOT_GRADED,
        "failed",
    ),
}
