"""What a batch keeps in the course folder: a note for each submission that is done, and the lock of whoever grades."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from grader.errors import InputError
from grader.nbcourse._files import write
from grader.nbcourse._plan import digest

__all__ = ["grader_version", "locked", "note", "noted"]

_FOLDER = ".autograde"
_PACKAGES = ("nbgrader", "nbconvert", "nbformat", "ipython", "numpy", "pandas", "matplotlib", "scipy")


@contextmanager
def locked(course: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Nobody else grades this course; who comes second waits and is told. The lock falls with its process."""
    path = course / _FOLDER / "lock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise InputError(f"{path.parent} cannot be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            say(f"process {file.read() or '?'} is grading this course; waiting until it is done")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def note(course: Path, assignment: str, student: str, words: Mapping[str, Any] | None) -> None:
    """Note what was done, or, with None, that a submission is being done again."""
    path = _path(course, assignment, student)
    if words is None:
        path.unlink(missing_ok=True)
    else:
        write(path, json.dumps(words, ensure_ascii=False, indent=1).encode())


def noted(course: Path, assignment: str, student: str) -> dict[str, Any]:
    """What was noted; empty when there is nothing, or nothing that can be read."""
    try:
        found = json.loads(_path(course, assignment, student).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=1)
def grader_version() -> str:
    """A digest of the program that grades and of what it stands on: another version may judge otherwise."""
    root = Path(__file__).parents[1]
    parts = [root / name for name in ("autograde", "sandbox", "judge", "nbcourse")]
    files = [file for part in parts for file in (part.rglob("*.py") if part.is_dir() else [part.with_suffix(".py")])]
    packages = [f"{name} {version(name)}".encode() for name in _PACKAGES]
    return digest(*packages, *(path.read_bytes() for path in sorted([*files, root / "wire.py"])))


def _path(course: Path, assignment: str, student: str) -> Path:
    return course / _FOLDER / assignment / f"{student}.json"
