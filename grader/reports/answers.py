"""A list as lines of a terminal, as CSV for Excel, or as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import IO, Any, NamedTuple

from .lists import Listed, Term, Value
from .table import in_columns
from .words import WORDS

__all__ = ["Lines", "as_csv", "as_json", "as_lines"]

_LEFT_OUT = ("site", "role", "manager")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Lines(NamedTuple):
    """What a terminal shows of a list, and how many rows it leaves out."""

    shown: list[str]
    more: int


def as_lines(listed: Listed, language: str, most: int) -> Lines:
    """The first ``most`` rows under their headings, in columns; 0 for all.

    Columns without any value are left out, and so is the posting: what the list is about has to find room.
    """
    rows = iter(listed.rows)
    taken = list(islice(rows, most) if most else rows)
    more = sum(1 for _ in rows)
    if not taken:
        return Lines([WORDS["no_rows"].say(language)], 0)
    kept = [
        at
        for at, column in enumerate(listed.columns)
        if column.name not in _LEFT_OUT and any(row[at] not in (None, "") for row in taken)
    ]
    heads = [listed.columns[at].head.say(language) for at in kept]
    return Lines(in_columns([heads, *([_say(row[at], language) for at in kept] for row in taken)]), more)


def as_csv(listed: Listed, language: str, file: IO[str]) -> int:
    """Write heading and rows; returns how many rows.

    A text that a spreadsheet would take for a formula gets an apostrophe before it; JSON has it as it is.
    """
    table = csv.writer(file)
    table.writerow([column.head.say(language) for column in listed.columns])
    count = 0
    for count, row in enumerate(listed.rows, start=1):  # noqa: B007
        table.writerow([_safe(value, language) for value in row])
    return count


def as_json(listed: Listed) -> Iterator[str]:
    """One document, line by line: what the list is, and its rows as objects with codes, not words."""
    names = [column.name for column in listed.columns]
    yield f'{{"list": {json.dumps(listed.name)}, "rows": ['
    before = ""
    for row in listed.rows:
        if before:
            yield f"{before},"
        before = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
    yield f"{before}]}}"


def _say(value: Value, language: str) -> str:
    if value is None:
        return ""
    return (
        value.text.say(language)
        if isinstance(value, Term)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _safe(value: Value, language: str) -> str:
    text = _say(value, language)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _plain(value: Value) -> Any:
    if isinstance(value, Term):
        return value.code
    return value.isoformat() if isinstance(value, date) else value
