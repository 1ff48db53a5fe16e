"""What reading and proving items came to, kept from one run to the next under the digest of all that it rests on.

Nothing here has to be there: what cannot be read again is made again. The values are pickles, so they are read only
from a folder that nobody but its owner can enter or write.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import sqlite3
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["keep", "key", "recall"]

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("grader/bank", "grader/model", "grader/errors.py", "grader/notebooks.py", "ccskills")
"""The code by which items are read, drawn and proved."""
LIBRARIES = ("numpy", "scipy", "pandas", "jupytext", "nbformat", "markdown-it-py", "PyYAML")
MOST_BYTES = 300_000_000
OLD_S = 30 * 86_400.0
"""A file that no run has written for so long was made by other code and goes."""


def key(kind: str, *parts: str | bytes) -> str:
    """The name of a value: what it is, all that it was made from, and the code that made it."""
    digest = hashlib.sha256(_foundation())
    for part in (kind, *parts):
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def recall(keys: Iterable[str]) -> dict[str, Any]:
    """The values that were kept, by key; what is missing or cannot be read is left out."""
    found: dict[str, Any] = {}
    with contextlib.suppress(sqlite3.Error, OSError), closing(_opened()) as table:
        for name in keys:
            for (data,) in table.execute("select value from kept where key = ?", (name,)):
                with contextlib.suppress(Exception):  # a pickle may fail in any way; it is made again
                    found[name] = pickle.loads(data)
    return found


def keep(values: Mapping[str, Any]) -> None:
    """Keep values by key; where that cannot be done, the next run makes them again."""
    if not values:
        return
    rows = [(name, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)) for name, value in values.items()]
    with contextlib.suppress(sqlite3.Error, OSError), closing(_opened()) as table, table:
        table.executemany("insert or replace into kept values (?, ?)", rows)


def _opened() -> sqlite3.Connection:
    path = _folder() / f"bank-{_foundation().hex()[:16]}.db"
    if not path.exists():
        _sweep(path.parent)
    elif path.stat().st_size > MOST_BYTES:
        path.unlink()
    table = sqlite3.connect(path, timeout=10)
    try:
        table.execute("pragma journal_mode = wal")
        table.execute("pragma synchronous = off")
        table.execute("create table if not exists kept (key text primary key, value blob not null) without rowid")
    except sqlite3.Error as error:
        table.close()
        if not isinstance(error, sqlite3.OperationalError):  # no database any more; one that is only busy stays
            path.unlink(missing_ok=True)
        raise
    return table


def _folder() -> Path:
    """The user's own folder for such things; :class:`OSError` when somebody else could write there."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "academy"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
        raise PermissionError(f"{folder} is not only its owner's")
    return folder


def _sweep(folder: Path) -> None:
    for path in folder.glob("bank-*.db*"):
        if time.time() - path.stat().st_mtime > OLD_S:
            path.unlink(missing_ok=True)


@functools.cache
def _foundation() -> bytes:
    digest = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in _code():
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.digest()


def _code() -> Iterator[Path]:
    for name in CODE:
        path = PROJECT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else (path,)
