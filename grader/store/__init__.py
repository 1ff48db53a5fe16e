"""The registry: one SQLite file of chained events, read through views; the only module that opens it."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlite_utils

from ..errors import RegistryError
from ..model import canonical
from ._chain import EMPTY, REDACTED, breaks, link, new_salt, seal
from ._layout import INSERT, SCHEMA, bring_up, lay_views
from ._views import VIEWS, view_text

__all__ = ["SCHEMA", "VIEWS", "Event", "Store", "now"]

_WAIT_S = 30
_log = logging.getLogger(__name__)


def now() -> str:
    """The present moment as the registry writes it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Event:
    """One fact: ``hash`` is the SHA-256 of its other fields, ``prev`` the hash of the event before it.

    For ``data`` the hash takes ``sealed``, the SHA-256 of salt and data: what was redacted is gone, with ``data``
    empty, and the chain still holds.
    """

    seq: int
    at: str
    by: str
    kind: str
    subject: str
    data: Mapping[str, Any]
    sealed: str
    prev: str
    hash: str
    redacted: bool = False


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
        self._wrote = False
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
        version = self._version()
        if version > SCHEMA:
            raise RegistryError(
                f"{self.path.name} has layout {version}, this program knows {SCHEMA}; use the newer program"
            )
        self._use_wal()
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA secure_delete=ON")  # what is redacted leaves no trace in a free page
        if 0 < version < SCHEMA:
            self.copy(self.path.with_name(f"{self.path.stem}.layout-{version}.db"))
        if version < SCHEMA:
            with self._writing():
                bring_up(self._connection, self._version(), now())

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

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

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._begin()
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        self._wrote = True

    def _begin(self) -> None:
        """Become the one who writes; whoever waits longer than a second is told for what."""
        until, told = time.monotonic() + _WAIT_S, False
        self._connection.execute("PRAGMA busy_timeout = 1000")
        try:
            while True:
                try:
                    self._connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    if time.monotonic() > until:
                        raise RegistryError(
                            f"another program has been writing to {self.path.name} for {_WAIT_S} seconds; "
                            "let it end, or end it, and try again"
                        ) from error
                    if not told:
                        _log.warning(
                            "another program is writing to %s; waiting up to %d s for it", self.path.name, _WAIT_S
                        )
                        told = True
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {_WAIT_S * 1000}")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; every acknowledged event is on disk already.

        Whoever wrote leaves an anchor beside the file, the number and hash of the last fact: :meth:`verify` finds by it
        that facts were cut off at the end, and a copy of it that lies elsewhere proves it to others.
        """
        seq, head = self.head() if self._wrote else (0, EMPTY)
        self._wrote = False
        if seq:  # a new registry without any fact has nothing to anchor
            with self.anchors.open("a", encoding="utf-8") as file:
                file.write(canonical({"at": now(), "hash": head, "seq": seq}) + "\n")
        self._connection.close()

    @property
    def anchors(self) -> Path:
        """The file beside the registry that says, a line each time, how far it had come."""
        return self.path.with_name(f"{self.path.stem}.anchors.jsonl")

    def append(self, kind: str, subject: str, data: Mapping[str, Any], by: str, at: str | None = None) -> int:
        """Append one fact and return its number; it is on disk when this returns."""
        return self.append_all([(kind, subject, data)], by, at)[0]

    def append_all(
        self, facts: Sequence[tuple[str, str, Mapping[str, Any]]], by: str, at: str | None = None
    ) -> list[int]:
        """Append several facts, all of them or none."""
        if not by.strip():
            raise RegistryError("a fact needs the person or part that states it, got an empty name")
        with self._writing():
            return self._append(facts, by, at or now())

    def _append(self, facts: Sequence[tuple[str, str, Mapping[str, Any]]], by: str, at: str) -> list[int]:
        seq, prev = self.head()
        first = seq + 1
        for kind, subject, data in facts:
            seq += 1
            text, salt = canonical(data), new_salt()
            sealed = seal(salt, text)
            row = (seq, at, by, kind, subject, text, salt, sealed, prev)
            prev = link(seq, at, by, kind, subject, sealed, prev)
            self._connection.execute(INSERT, (*row, prev))
        return list(range(first, seq + 1))

    def redact(self, numbers: Collection[int], about: str, reason: str, by: str) -> int:
        """Remove the content of facts for good and append the fact that says so; returns that fact's number.

        The chain holds as before: seals and hashes stay. Copies of the file still have the content.
        Raises :class:`RegistryError` when a number is not that of a fact, or a fact may not be redacted.
        """
        if not by.strip() or not reason.strip():
            raise RegistryError("a redaction needs a person who orders it and a reason; give both")
        marks = ", ".join("?" * len(numbers))
        with self._writing():
            found = self._connection.execute(f"SELECT seq, kind FROM events WHERE seq IN ({marks})", (*numbers,))
            kinds = dict(found.fetchall())
            for number in numbers:
                if kinds.get(number, REDACTED) == REDACTED:
                    raise RegistryError(f"event {number} cannot be redacted: it is none, or says what was redacted")
            self._connection.execute(f"UPDATE events SET data = NULL, salt = NULL WHERE seq IN ({marks})", (*numbers,))
            fact = {"events": sorted(numbers), "reason": reason}
            (number,) = self._append([(REDACTED, about, fact)], by, now())
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds the old pages until then
        return number

    def copy(self, target: Path) -> None:
        """Write a copy of the whole file as it is at one moment, also while others write; never half of one."""
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        other = sqlite3.connect(part)
        try:
            self._connection.backup(other)
            other.execute("PRAGMA journal_mode=DELETE")
        finally:
            other.close()
        part.replace(target)

    def rebuild(self) -> None:
        """Make every view and index anew; no fact is touched."""
        with self._writing():
            lay_views(self._connection)
        self._connection.execute("REINDEX")

    def head(self) -> tuple[int, str]:
        """Number and hash of the last fact."""
        last = self._connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return last or (0, EMPTY)

    def events(
        self,
        kind: str | None = None,
        subject: str | None = None,
        *,
        under: str | None = None,
        redacted: bool = False,
    ) -> list[Event]:
        """The facts in their order, of one kind or about one subject if asked.

        ``under`` asks for every subject below one, e.g. ``TL-1-03`` for ``TL-1-03/q01`` and all its other marks. Facts
        whose content was redacted say nothing any more, as in the views; ``redacted`` asks for those too.
        """
        wanted = {"kind": kind, "subject": subject}
        where = [f"{name} = :{name}" for name, value in wanted.items() if value is not None]
        if not redacted:
            where.append("data IS NOT NULL")
        if under is not None:
            where.append("subject > :low AND subject < :high")  # "0" is the character after "/"
            wanted |= {"low": f"{under}/", "high": f"{under}0"}
        rows = self._db.query(f"SELECT * FROM events WHERE {' AND '.join(where) or '1'} ORDER BY seq", wanted)
        return [_event(row) for row in rows]

    def facts(self) -> list[dict[str, Any]]:
        """Every fact as it lies in the file, in their order: what the chain is made of."""
        return list(self._db.query("SELECT * FROM events ORDER BY seq"))

    def rows(self, view: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of one of the views (people, sittings, seats, marks, decisions, ...), filtered by equality."""
        if view not in VIEWS:
            raise RegistryError(f"the registry has no view {view!r}; it has {', '.join(VIEWS)}")
        clause = " AND ".join(f"{name} = :{name}" for name in where) or "1"
        return list(self._db.query(f"SELECT * FROM {view} WHERE {clause}", where))

    def ask(self, question: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the views and the table ``events``; it can change nothing."""
        self._connection.execute("PRAGMA query_only = ON")
        try:
            return self._connection.execute(question, values or {}).fetchall()
        finally:
            self._connection.execute("PRAGMA query_only = OFF")

    def verify(self) -> list[str]:
        """Every break of the chain, every view that was changed and every anchor that does not hold, a sentence each.

        Empty when all is whole.  Whoever cuts off the last facts and the last anchors with them is shown by a copy
        kept elsewhere only.
        """
        kept = dict(self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
        broken = [
            f"the view {view} is not the one that this program reads by"
            for view in VIEWS
            if kept.get(view, "").strip() != view_text(view)
        ]
        broken += breaks(self._db.query("SELECT * FROM events ORDER BY seq"))
        return broken + list(self._lost())

    def _lost(self) -> Iterator[str]:
        lines = self.anchors.read_text("utf-8").splitlines() if self.anchors.exists() else []
        for number, line in enumerate(lines, start=1):
            try:
                anchor = json.loads(line)
                seq, wanted, at = int(anchor["seq"]), anchor["hash"], anchor["at"]
            except (ValueError, KeyError, TypeError):
                yield f"{self.anchors.name}, line {number}: no anchor can be read; the line was changed or torn"
                continue
            found = self._connection.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
            if found is None:
                yield f"event {seq}, which stood here at {at}, is missing: the end of the registry was cut off"
            elif found[0] != wanted:
                yield f"event {seq} is not the one that stood here at {at}"


def _event(row: Mapping[str, Any]) -> Event:
    said = {name: row[name] for name in ("seq", "at", "by", "kind", "subject", "sealed", "prev", "hash")}
    return Event(**said, data=json.loads(row["data"] or "{}"), redacted=row["data"] is None)
