"""The chain of facts: what seals each of them, and every break that is found in it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from ..model import digest

__all__ = ["EMPTY", "REDACTED", "breaks", "link", "new_salt", "seal"]

EMPTY = "0" * 64
"""What the first fact follows."""
REDACTED = "record.redacted"
"""The kind of fact that says which others have lost their content, by whom and why."""


def new_salt() -> str:
    """Random signs, so that nobody can guess a removed content and prove the guess by its seal."""
    return secrets.token_hex(16)


def seal(salt: str, text: str) -> str:
    """SHA-256 of a fact's content behind its salt: what stays when the content leaves."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def link(seq: int, at: str, by: str, kind: str, subject: str, sealed: str, prev: str) -> str:
    """The hash of a fact: of everything about it but its content, for which the seal stands."""
    return digest({"seq": seq, "at": at, "by": by, "kind": kind, "subject": subject, "sealed": sealed, "prev": prev})


def breaks(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every break of the chain, one sentence each; ``rows`` are all facts in their order."""
    prev, expected = EMPTY, 1
    empty: set[int] = set()
    redacted: set[int] = set()
    for row in rows:
        seq, sealed = row["seq"], row["data"] is None or seal(row["salt"] or "", row["data"]) == row["sealed"]
        if seq != expected:
            yield f"event {expected} is missing"
        if row["prev"] != prev:
            yield f"event {seq} does not follow the event before it"
        if not sealed or row["hash"] != _linked(row):
            yield f"event {seq} ({row['kind']} {row['subject']}) was changed after it was written"
        if row["data"] is None:
            empty.add(seq)
        elif row["kind"] == REDACTED and sealed:
            redacted.update(json.loads(row["data"])["events"])
        prev, expected = row["hash"], seq + 1
    for seq in sorted(empty - redacted):
        yield f"event {seq} has lost its content, and no fact says that it was redacted"


def _linked(row: Mapping[str, Any]) -> str:
    return link(*(row[name] for name in ("seq", "at", "by", "kind", "subject", "sealed", "prev")))
