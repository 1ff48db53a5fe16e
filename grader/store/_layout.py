"""The layout of the registry's file: its table, what guards it, and how an older file becomes one of today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import RegistryError
from ..model import canonical, digest
from ._chain import EMPTY, link, new_salt, seal
from ._views import VIEWS, view_text

__all__ = ["COLUMNS", "INSERT", "SCHEMA", "bring_up", "lay_views"]

SCHEMA = 3
"""Version of the file's layout, kept in SQLite's own ``user_version``; raised when a view or the table changes."""
COLUMNS = ("seq", "at", "by", "kind", "subject", "data", "salt", "sealed", "prev", "hash")
INSERT = f"INSERT INTO events VALUES ({', '.join('?' * len(COLUMNS))})"
_SEALED = 3
"""The first layout in which a fact is sealed by its salt; before, the hash was that of the content itself."""

_TABLE = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT CHECK (data IS NULL OR json_valid(data)),
    salt TEXT,
    sealed TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
)
"""
_KEPT = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in COLUMNS if name not in ("data", "salt"))
_GUARDS = (
    "CREATE INDEX events_kind_subject ON events (kind, subject, seq)",
    "CREATE INDEX events_kind_person ON events (kind, json_extract(data, '$.person')) WHERE data IS NOT NULL",
    "CREATE INDEX events_name ON events (json_extract(data, '$.name')) "
    "WHERE kind = 'person.recorded' AND data IS NOT NULL",
    "CREATE INDEX events_renews ON events (json_extract(data, '$.renews')) WHERE kind = 'certificate.issued'",
    "CREATE INDEX events_status_index ON events (json_extract(data, '$.status_index')) "
    "WHERE kind = 'certificate.issued'",
    # Content may leave, nothing may take its place.
    "CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events "
    f"WHEN NOT (NEW.data IS NULL AND NEW.salt IS NULL AND {_KEPT}) "
    "BEGIN SELECT RAISE(ABORT, 'an event of the registry is never changed'); END",
    "CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events "
    "BEGIN SELECT RAISE(ABORT, 'an event of the registry is never deleted'); END",
)


def bring_up(connection: sqlite3.Connection, version: int, at: str) -> None:
    """Make an empty file a registry, or an older one a registry of today; facts stay as they are.

    Raises :class:`RegistryError` when the chain of an older file is broken: that has to be looked at before its facts
    are sealed anew.
    """
    if version == 0:
        _lay_table(connection)
    elif version < _SEALED:
        _seal_anew(connection, version, at)
    if version < SCHEMA:
        lay_views(connection)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def lay_views(connection: sqlite3.Connection) -> None:
    """Make every view anew from what this program knows."""
    for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        connection.execute(f'DROP VIEW "{view}"')
    for view in VIEWS:
        connection.execute(view_text(view))


def _lay_table(connection: sqlite3.Connection) -> None:
    for statement in (_TABLE, *_GUARDS):
        connection.execute(statement)


def _seal_anew(connection: sqlite3.Connection, version: int, at: str) -> None:
    """Copy the facts into a sealed chain; a last fact names the head of the old one, which a backup still shows."""
    cursor = connection.execute("SELECT * FROM events ORDER BY seq")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    if broken := next(_old_breaks(rows), None):
        raise RegistryError(
            f"the registry has layout {version} and {broken}; restore it from a backup before it is brought up to date"
        )
    made = "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger')"
    for kind, name in connection.execute(made).fetchall():
        connection.execute(f'DROP {kind.upper()} "{name}"')
    connection.execute("DROP INDEX events_kind_subject")
    connection.execute("ALTER TABLE events RENAME TO older")
    _lay_table(connection)
    head = rows[-1]["hash"] if rows else EMPTY
    note = {"layout": version, "events": len(rows), "head": head}
    last = {"seq": len(rows) + 1, "at": at, "by": "academy", "kind": "registry.migrated", "subject": "registry"}
    prev = EMPTY
    for row in [*rows, last | {"data": canonical(note)}]:
        salt = new_salt()
        seq, at, by, kind, subject = (row[name] for name in ("seq", "at", "by", "kind", "subject"))
        sealed = seal(salt, row["data"])
        fact = (seq, at, by, kind, subject, row["data"], salt, sealed, prev)
        prev = link(seq, at, by, kind, subject, sealed, prev)
        connection.execute(INSERT, (*fact, prev))
    connection.execute("DROP TABLE older")


def _old_breaks(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Breaks of the chain as the layouts before this one made it."""
    prev = EMPTY
    for number, row in enumerate(rows, start=1):
        said: Mapping[str, Any] = {key: row[key] for key in ("seq", "at", "by", "kind", "subject", "data", "prev")}
        if row["seq"] != number or row["prev"] != prev or row["hash"] != digest(said):
            yield f"event {row['seq']} was changed or moved after it was written"
        prev = row["hash"]
