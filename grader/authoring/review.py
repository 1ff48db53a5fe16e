"""The way of an item from draft to live: two readers who did not write it, each step with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from grader.authoring.shelf import Shelf, write_whole
from grader.bank import load_one, prove
from grader.bank.history import NEEDS_READERS, authors, missing, objection
from grader.bank.source import add_history, set_entry
from grader.errors import InputError, RuleBroken
from grader.model import Item, digest
from grader.notebooks import read

__all__ = ["NEXT", "VERDICTS", "Standing", "move", "read_by", "standings"]

VERDICTS = ("approve", "revise", "reject")
NEXT: Mapping[str, tuple[str, ...]] = {
    "draft": ("review", "retired"),
    "review": ("draft", "approved", "retired"),
    "approved": ("draft", "pilot", "live", "retired"),
    "pilot": ("draft", "live", "retired"),
    "live": ("draft", "retired"),
    "retired": (),
}
"""Where an item may go from each state; a retired item never comes back, it is written anew under another id."""
NEEDS_REASON = ("draft", "retired")


@dataclass(frozen=True)
class Standing:
    """Where an item stands and what it waits for."""

    id: str
    status: str
    since: str
    waits_for: str


def standings(items: Iterable[Item]) -> list[Standing]:
    """Each item's state, the date of its last line, and what is missing for the next state."""
    return [Standing(item.id, item.status, str(item.history[-1]["date"]), _waits_for(item)) for item in items]


def _waits_for(item: Item) -> str:
    if item.status == "draft":
        return "its author, to hand it in for review"
    if item.status == "review":
        last = item.history[-1]
        if last.get("verdict") in ("revise", "reject"):
            return f"its author: {last.get('note', last['verdict'])}"
        return missing(item.history, _text(item)) or "the state approved"
    return ""


def read_by(
    shelf: Shelf,
    item_id: str,
    *,
    by: str,
    language: str,
    verdict: str,
    key: str,
    note: str = "",
    on: date | None = None,
) -> Item:
    """Enter what a second reader says who answered the item in one language without its key.

    The item becomes approved when this was the last approval it lacked.  Raises :class:`RuleBroken` for a reader who
    wrote at the item, for an approval that the reader's own answer does not bear out, and for one of a text that
    somebody wants revised.
    """
    item = shelf.item(item_id)
    if by in authors(item.history):
        raise RuleBroken(f"{by} wrote at {item_id} and may not approve it; another person must read it")
    if item.status not in ("review", *NEEDS_READERS):
        raise RuleBroken(f"{item_id} is {item.status}; it is read in the state review (`--to review`)")
    if verdict == "approve" and key != "agreed":
        raise RuleBroken(
            f"an approval needs an answer that agreed with the key, {by}'s was {key}; say revise or reject"
        )
    if verdict != "approve" and not note:
        raise InputError(f"{verdict} needs a reason: add --note")
    if verdict == "approve":
        _settled(item)
    text = _text(item)
    entry = _entry(on, by, "second reader", verdict, note, language=language, key=key, text=text)
    status = item.status
    if verdict == "approve" and status == "review" and not missing([*item.history, entry], text):
        status = "approved"
    elif verdict != "approve":
        status = "review"
    return _change(shelf, item, entry, status)


def move(shelf: Shelf, item_id: str, to: str, *, by: str, note: str = "", on: date | None = None) -> Item:
    """Bring an item into another state, with who, when and why in its history.

    Raises :class:`RuleBroken` for a step that the way does not have, for a review of an item with open problems, and
    for an approval that lacks a reader.
    """
    item = shelf.item(item_id)
    if to not in NEXT[item.status]:
        ways = ", ".join(NEXT[item.status]) or "nowhere; write a new item under a new id"
        raise RuleBroken(f"{item_id} is {item.status} and cannot become {to}; from there it goes to {ways}")
    if to in NEEDS_REASON and not note:
        raise InputError(f"{to} needs a reason: add --note")
    if to == "review" and (problems := prove(item)):
        raise RuleBroken(
            f"{item_id} has {len(problems)} open problems and is not ready to be read; first: {problems[0]}"
        )
    if to in NEEDS_READERS:
        _settled(item)
        if lack := missing(item.history, _text(item)):
            raise RuleBroken(f"{item_id} cannot become {to}: {lack} is missing")
    if to == "live" and item.use == "pilot" and item.status != "pilot":
        raise RuleBroken(f"{item_id} is to be tried out (`use: pilot`); it goes to pilot before it goes live")
    role, verdict = ("author", "revised") if to == "draft" else ("bank", f"to {to}")
    if to == "review":
        role, verdict = "author", "submitted"
    return _change(shelf, item, _entry(on, by, role, verdict, note), to)


def _settled(item: Item) -> None:
    """Refuse to approve a text that a reader wants revised."""
    if found := objection(item.history, _text(item)):
        raise RuleBroken(
            f"{found['by']} wants {item.id} changed and it has not been: {found.get('note', found['verdict'])}; "
            "bring it to draft, change the text, and hand it in again"
        )


def _text(item: Item) -> str:
    """The digest of all that a reader judges; neither history nor version is part of it."""
    question = replace(item.body["question"], item_version=0)
    parts = (question, item.variants, *(item.body[name] for name in ("samples", "draw", "case")))
    return f"sha-{digest(repr(parts).encode())[:16]}"  # with letters first it is no number to a reader of YAML


def _entry(on: date | None, by: str, role: str, verdict: str, note: str, **more: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"date": (on or date.today()).isoformat(), "by": by, "role": role, **more}
    return entry | {"verdict": verdict} | ({"note": note} if note else {})


def _change(shelf: Shelf, item: Item, entry: Mapping[str, Any], status: str) -> Item:
    """Write the line and the state into the file; nothing else in it changes."""
    path = shelf.folder / item.path
    before = path.read_bytes()
    notebook = read(path, shelf.folder)
    last = notebook.lines[f"item.history.{len(item.history) - 1}"]
    text = add_history(_unix(before), last, entry)
    if status != item.status:
        text = set_entry(text, notebook.lines["item.status"], "status", status)
    write_whole(path, text)
    changed, problems = load_one(shelf.folder, path, shelf.framework)
    if changed is None or changed.body != {**item.body, "lines": changed.body["lines"]} or changed.status != status:
        _restore(path, before)
        said = (
            problems[0]
            if problems
            else f"the header of {item.id} is written in a way that cannot be changed line by line"
        )
        raise InputError(f"{said}; the file is as it was")
    return changed


def _unix(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _restore(path: Path, data: bytes) -> None:
    write_whole(path, data.decode())
