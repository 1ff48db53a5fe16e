"""What happened to an item: who wrote, read and approved it, what still counts, and who may not approve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from grader.model import LANGUAGES

__all__ = ["READING", "STATUSES", "approvals", "authors", "faults", "missing", "objection"]

STATUSES = ("draft", "review", "approved", "pilot", "live", "retired")
NEEDS_READERS = ("approved", "pilot", "live")
AUTHOR, READER = "author", "second reader"
READING = ("agreed", "differed", "unclear")
"""What a reader's own answer was to the key: the same, another one, or open, since the text can be read two ways."""
REPLACES = ("drafted", "imported", "revised")
"""An author's verdicts that replace the text which readers approved before; `reworded` keeps their approval."""

Lines = Sequence[Mapping[str, Any]]


def authors(history: Lines) -> frozenset[str]:
    """Everybody who wrote at the item."""
    return frozenset(str(line["by"]) for line in history if line.get("role") == AUTHOR)


def approvals(history: Lines, text: str | None = None) -> list[Mapping[str, Any]]:
    """The readers' approvals of the text as it stands now; with ``text``, its digest, none of another text."""
    kept: list[Mapping[str, Any]] = []
    for line in history:
        if line.get("role") == AUTHOR and line.get("verdict") in REPLACES:
            kept = []
        elif line.get("role") == AUTHOR and line.get("verdict") == "reworded":
            kept = [{name: value for name, value in one.items() if name != "text"} for one in kept]
        elif line.get("role") == READER and line.get("verdict") == "approve":
            kept.append(line)
    return [line for line in kept if text is None or line.get("text", text) == text]


def missing(history: Lines, text: str | None = None) -> str | None:
    """What an item lacks to be approved, or None: two readers who did not write it, one in each language.

    With ``text``, the digest of what is there now, an approval that was given to another text does not count.
    """
    kept = approvals(history, text)
    languages = {line.get("language") for line in kept}
    lacks = [language for language in LANGUAGES if language not in languages]
    if lacks:
        return f"a reader's approval of the {' and the '.join(lacks)} text"
    if len({line["by"] for line in kept}) < 2:
        return "the approval of a second reader who is another person than the first"
    return None


def objection(history: Lines, text: str) -> Mapping[str, Any] | None:
    """The reading that stands against approving ``text`` (a digest): whoever wrote it wanted another text.

    It is settled when an author's line follows and the text is another one.
    """
    written = False
    for line in reversed(history):
        written = written or line.get("role") == AUTHOR
        # Lines from before the digest was kept do not say which text they were about.
        asked = line.get("role") == READER and line.get("verdict") != "approve" and "text" in line
        if asked and (line["text"] == text or not written):
            return line
    return None


def faults(status: str, history: Any) -> Iterator[tuple[int | None, str]]:
    """Each fault of a history with the number of its line, or None when the status is at fault."""
    if not isinstance(history, list) or not history or not all(isinstance(line, dict) for line in history):
        example = "{date: 2026-11-21, by: lw, role: author, verdict: drafted}"
        yield None, f"`history` must be a list of lines such as {example}"
        return
    broken = False
    for number, line in enumerate(history):
        for sentence in _line(line, authors(history)):
            broken = True
            yield number, sentence
    lack = None if broken or status not in NEEDS_READERS else missing(history)
    if lack:
        yield (
            None,
            f"status {status} needs two lines of `history` with role: second reader and verdict: approve, one "
            f"with language: en and one with zh, by two people; until then the status is review; {lack} is missing",
        )


def _line(line: Mapping[str, Any], wrote: frozenset[str]) -> Iterator[str]:
    lacks = [name for name in ("date", "by", "role", "verdict") if not line.get(name)]
    if lacks:
        yield f"a line of `history` must hold date, by, role and verdict; {', '.join(lacks)} is missing"
        return
    if not _is_date(line["date"]):
        yield f"the date of a line of `history` must be written as 2026-11-21, got {line['date']!r}"
    if line.get("language") not in (None, *LANGUAGES):
        yield f"the `language` of a line of `history` must be en or zh, got {line['language']!r}"
    if line.get("key") not in (None, *READING):
        yield f"the `key` of a line of `history` must be one of {', '.join(READING)}, got {line['key']!r}"
    if line["role"] == READER and str(line["by"]) in wrote:
        yield f"{line['by']} wrote at this item and may not be its second reader; another person must read it"


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
