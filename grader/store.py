"""The registry: one SQLite file of chained events, read through views; the only module that opens it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlite_utils

from ._views import VIEWS, view_text
from .errors import RegistryError
from .model import canonical, digest

__all__ = ["SCHEMA", "Event", "Store", "now"]

SCHEMA = 2
"""Version of the file's layout, kept in SQLite's own ``user_version``; raised when a view changes."""

_EMPTY = "0" * 64
_WAIT_S = 30

_TABLES = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data)),
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX events_kind_subject ON events (kind, subject, seq);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the registry is never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event of the registry is never deleted'); END;
"""


def now() -> str:
    """The present moment as the registry writes it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Event:
    """One fact: ``hash`` is the SHA-256 of all other fields, ``prev`` the hash of the event before it."""

    seq: int
    at: str
    by: str
    kind: str
    subject: str
    data: Mapping[str, Any]
    prev: str
    hash: str


def _hash(seq: int, at: str, by: str, kind: str, subject: str, data: str, prev: str) -> str:
    return digest({"seq": seq, "at": at, "by": by, "kind": kind, "subject": subject, "data": data, "prev": prev})


class Store:
    """The registry in one file.

    Facts are appended, never changed: triggers in the file refuse it, and :meth:`verify` shows it.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder, Store(pathlib.Path(folder) / "registry.db") as store:
    ...     store.append("person.recorded", "P001", {"name": "陈晓敏", "site": "Hefei"}, by="hr")
    ...     store.rows("people", person="P001")[0]["name"], store.verify()
    1
    ('陈晓敏', [])
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        # A new centre's folder is its owner's alone: it holds marks, keys and names.
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise RegistryError(
                f"{self.path} cannot be made ({error.strerror}); name a folder that you may write"
            ) from error
        try:
            # Autocommit: a transaction is opened by hand where one hash is read and the next written.
            self._connection = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            self._db = sqlite_utils.Database(self._connection)
            self._open()
        except sqlite3.OperationalError as error:
            raise RegistryError(
                f"{self.path} cannot be opened ({error}); work as the account that made the centre"
            ) from error
        except sqlite3.DatabaseError as error:
            raise RegistryError(
                f"{self.path.name} cannot be read as a registry ({error}); restore it from a backup"
            ) from error

    def _open(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise RegistryError(
                f"{self.path.name} has layout {version}, this program knows {SCHEMA}; use the newer program"
            )
        self._use_wal()
        self._connection.execute("PRAGMA synchronous=FULL")
        if version < SCHEMA:
            with self._writing():
                self._bring_up(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _use_wal(self) -> None:
        # SQLite does not wait by itself here when two processes open a new file at the same moment.
        until = time.monotonic() + _WAIT_S
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _bring_up(self, version: int) -> None:
        """Make an empty file a registry, or the views of an older one anew; the facts stay as they are."""
        if version == 0:
            for statement in _TABLES.replace("END;", "END\x00").replace(";\nCREATE", "\x00CREATE").split("\x00"):
                if statement.strip(" ;\n"):
                    self._connection.execute(statement)
        if version < SCHEMA:
            for (view,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
                self._connection.execute(f'DROP VIEW "{view}"')
            for view in VIEWS:
                self._connection.execute(view_text(view))
            self._connection.execute(f"PRAGMA user_version = {SCHEMA}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; every acknowledged event is on disk already."""
        self._connection.close()

    def append(self, kind: str, subject: str, data: Mapping[str, Any], by: str, at: str | None = None) -> int:
        """Append one fact and return its number; it is on disk when this returns."""
        return self.append_all([(kind, subject, data)], by, at)[0]

    def append_all(
        self, facts: Sequence[tuple[str, str, Mapping[str, Any]]], by: str, at: str | None = None
    ) -> list[int]:
        """Append several facts, all of them or none."""
        if not by.strip():
            raise RegistryError("a fact needs the person or part that states it, got an empty name")
        numbers = []
        with self._writing():
            last = self._connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
            seq, prev = last or (0, _EMPTY)
            for kind, subject, data in facts:
                seq += 1
                text = canonical(data)
                row = (seq, at or now(), by, kind, subject, text, prev)
                prev = _hash(*row)
                self._connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, prev))
                numbers.append(seq)
        return numbers

    def events(self, kind: str | None = None, subject: str | None = None, *, under: str | None = None) -> list[Event]:
        """The facts in their order, of one kind or about one subject if asked.

        ``under`` asks for every subject below one, e.g. ``TL-1-03`` for ``TL-1-03/q01`` and all its other marks.
        """
        wanted = {"kind": kind, "subject": subject}
        where = [f"{name} = :{name}" for name, value in wanted.items() if value is not None]
        if under is not None:
            where.append("subject > :low AND subject < :high")  # "0" is the character after "/"
            wanted |= {"low": f"{under}/", "high": f"{under}0"}
        rows = self._db.query(f"SELECT * FROM events WHERE {' AND '.join(where) or '1'} ORDER BY seq", wanted)
        return [Event(**{**row, "data": json.loads(row["data"])}) for row in rows]

    def rows(self, view: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of one of the views (people, sittings, seats, marks, decisions, ...), filtered by equality."""
        if view not in VIEWS:
            raise RegistryError(f"the registry has no view {view!r}; it has {', '.join(VIEWS)}")
        clause = " AND ".join(f"{name} = :{name}" for name in where) or "1"
        return list(self._db.query(f"SELECT * FROM {view} WHERE {clause}", where))

    def verify(self) -> list[str]:
        """Every break of the chain and every view that was changed, one sentence each; empty when all is whole.

        Facts that were cut off at the end leave a whole, shorter chain: only a copy kept elsewhere shows that.
        """
        kept = dict(self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
        broken = [
            f"the view {view} is not the one that this program reads by"
            for view in VIEWS
            if kept.get(view, "").strip() != view_text(view)
        ]
        prev, expected = _EMPTY, 1
        for row in self._db.query("SELECT * FROM events ORDER BY seq"):
            if row["seq"] != expected:
                broken.append(f"event {expected} is missing")
            if row["prev"] != prev:
                broken.append(f"event {row['seq']} does not follow the event before it")
            found = _hash(*(row[name] for name in ("seq", "at", "by", "kind", "subject", "data", "prev")))
            if row["hash"] != found:
                broken.append(f"event {row['seq']} ({row['kind']} {row['subject']}) was changed after it was written")
            prev, expected = row["hash"], row["seq"] + 1
        return broken
