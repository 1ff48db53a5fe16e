"""A damaged record of one seat: what can be read is kept and goes on, what was lost is counted and set aside.

A line is readable when its own hash holds. The damaged file stays beside the new one under a name of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import canonical, digest
from grader.seats.folder import SeatFolder
from grader.seats.journal import Fold, Journal, sync_folder, write_new
from grader.seats.paper import iso
from grader.seats.sentences import refusal
from grader.seats.state import Answers, Invigilation

__all__ = ["Mended", "mend"]

Line = dict[str, Any]


@dataclass(frozen=True)
class Mended:
    """What was done to one file of a seat."""

    journal: str
    """``journal.jsonl``, ``invigilation.jsonl`` or ``handed-in/answers.jsonl``."""
    kept: int
    """Lines that are in the new file."""
    lost: int
    """Lines that could not be read, or are missing."""
    aside: str
    """The name of the damaged file, which is kept."""


def mend(path: Path, reason: str, by: str, now: datetime) -> list[Mended]:
    """Let a seat whose record is damaged go on with everything that can be read; the exam office's way on.

    Answers that were handed in and are damaged are written anew from the journal, when the receipt says that they are
    the same. The incident is written into the seat's log, and the receipt of the seat will say so in both languages.
    ``RoomError`` when nothing is damaged.
    """
    if not reason.strip() or not by.strip():
        raise refusal("reason")
    SeatFolder(path)  # a seat whose own papers are damaged cannot go on; they are in a backup
    folds: list[tuple[str, Callable[[], Any]]] = [("journal.jsonl", Answers), ("invigilation.jsonl", Invigilation)]
    done = [one for name, fold in folds if (one := _mend(path, Journal(path / name, fold), fold(), reason, by, now))]
    seat = SeatFolder(path)
    for one in done:
        _note(seat, one, reason, by, now)
    if (aside := seat.mend_answers()) is not None:
        done.append(Mended("handed-in/answers.jsonl", len(seat.slots), 0, aside))
        _note(seat, done[-1], reason, by, now)
    if not done:
        raise refusal("not damaged", seat=path.name)
    return done


def _note(seat: SeatFolder, one: Mended, reason: str, by: str, now: datetime) -> None:
    told = f"The damaged {one.journal} was mended: {one.kept} lines kept, {one.lost} lost ({one.aside}). {reason}"
    seat.incident(told, by, now, "office")


def _mend(seat: Path, journal: Journal[Any], fold: Fold, reason: str, by: str, now: datetime) -> Mended | None:
    if not journal.path.exists():
        return None
    with journal.locked():
        try:
            journal.read()
            return None
        except RoomError:
            damaged = journal.path.read_bytes()
        lines, lost = _readable(damaged, fold)
        kept = len(lines)
        number = 1 + len(list(seat.glob(f"{journal.path.stem}.damaged-*")))
        aside = f"{journal.path.stem}.damaged-{number}.jsonl"
        write_new(seat / aside, damaged)
        if journal.path.name == "journal.jsonl":
            lines += _ending(seat, lines, {"lost": lost, "file": aside, "sha256": digest(damaged)}, reason, by, now)
        part = seat / f".{journal.path.name}.part"
        part.unlink(missing_ok=True)
        write_new(part, _chained(lines))
        part.replace(journal.path)
        sync_folder(seat)
    return Mended(journal.path.name, kept, lost, aside)


def _readable(damaged: bytes, fold: Fold) -> tuple[list[Line], int]:
    """The lines whose own hash holds, in their order, and how many lines are not among them."""
    lines: list[Line] = []
    whole = damaged.split(b"\n")[:-1]
    for raw in whole:
        try:
            line = dict(json.loads(raw).items())
            told = line.pop("hash", None)
            if told == digest(line) and line["n"] > (lines[-1]["n"] if lines else 0):
                fold.apply(line)  # a line that means nothing is not readable either
                lines.append(line)
        except (ValueError, AttributeError, KeyError, TypeError):
            continue
    reached = max([len(whole), *(line["n"] for line in lines)])
    return lines, reached - len(lines)


def _ending(seat: Path, lines: list[Line], about: Line, reason: str, by: str, now: datetime) -> list[Line]:
    """The line that says what happened; and the hand-in again, when its line was lost but its folder is whole."""
    at = max(iso(now), lines[-1]["at"] if lines else "")
    note = {
        "en": f"The record of this seat was damaged; {about['lost']} lines of it could not be read. What could be read "
        "is handed in.",
        "zh": f"本考位的记录曾受损，其中{about['lost']}行无法读取；能够读取的内容均已提交。",
    }
    value = {**about, "reason": reason.strip(), "by": by.strip(), "note": note}
    found: list[Line] = [{"at": at, "event": "mended", "slot": None, "value": value}]
    receipt = seat / "handed-in" / "receipt.json"
    if receipt.exists() and all(line["event"] != "hand-in" for line in lines):
        found.append({"at": at, "event": "hand-in", "slot": None, "value": json.loads(receipt.read_bytes())})
    return found


def _chained(lines: list[Line]) -> bytes:
    """The lines as a journal of their own: numbered and chained anew."""
    text, prev = [], ""
    for number, line in enumerate(lines, start=1):
        line = {**{name: value for name, value in line.items() if name != "hash"}, "n": number, "prev": prev}
        prev = digest(line)
        text.append(canonical({**line, "hash": prev}) + "\n")
    return "".join(text).encode()
