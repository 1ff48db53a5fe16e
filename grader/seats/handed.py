"""What a seat hands in: written whole beside its place, valid by one line of the journal, then put into its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import canonical, digest
from grader.seats.journal import sync_folder, write_new
from grader.seats.sentences import refusal

__all__ = ["HandedIn", "faults", "mend", "prepare", "publish", "read"]


@dataclass(frozen=True)
class HandedIn:
    """What a seat handed in; ``answers`` holds a value (or None) for every slot of the paper."""

    receipt: dict[str, Any]
    answers: dict[str, Any]
    practical: bytes | None


def prepare(
    seat: Path, at: str, how: str, answers: Mapping[str, Any], practical: bytes | None, note: Mapping[str, str] | None
) -> dict[str, Any]:
    """Write everything that is handed in beside its place and return the receipt; only the journal line makes it valid.

    ``answers`` holds a value or None for every slot.
    """
    missing = [slot for slot, value in answers.items() if value is None]
    receipt: dict[str, Any] = {
        "seat": seat.name, "at": at, "how": how, "answered": len(answers) - len(missing),
        "unanswered": missing, "practical": _sha(practical), "note": dict(note) if note else None,
    }  # fmt: skip
    receipt["digest"] = _digest(receipt, answers)
    part = seat / "handed-in.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    write_new(part / "answers.jsonl", _lines(answers))
    if practical is not None:
        write_new(part / "practical.ipynb", practical)
    write_new(part / "receipt.json", canonical(receipt).encode())
    sync_folder(part)
    return receipt


def publish(seat: Path) -> None:
    """Put what was handed in into its place; after a crash between journal line and here, the next call does it."""
    place = seat / "handed-in"
    if not place.exists():
        try:
            (seat / "handed-in.part").replace(place)
        except FileNotFoundError:
            if not place.exists():  # else another process was a moment faster
                raise refusal("missing hand-in", seat=seat.name) from None
        sync_folder(seat)


def read(seat: Path, receipt: Mapping[str, Any]) -> HandedIn:
    """What lies in its place; ``RoomError`` with file and line where an answer cannot be read."""
    work = seat / "handed-in" / "practical.ipynb"
    return HandedIn(dict(receipt), _answers(seat), work.read_bytes() if work.exists() else None)


def _answers(seat: Path) -> dict[str, Any]:
    file = seat / "handed-in" / "answers.jsonl"
    shown = file.relative_to(seat.parent.parent)
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        raise refusal("missing answers", seat=seat.name, file=shown) from None
    answers = {}
    # Not splitlines: what a candidate wrote may hold a line separator of its own (U+2028).
    for number, raw in enumerate(lines[:-1] if lines[-1] == b"" else lines, start=1):
        try:
            line = json.loads(raw)
            answers[str(line["slot"])] = line["value"]
        except (ValueError, KeyError, TypeError):
            raise refusal("damaged answers", seat=seat.name, line=number, file=shown) from None
    return answers


def mend(seat: Path, receipt: Mapping[str, Any], answers: Mapping[str, Any]) -> str | None:
    """Write ``answers.jsonl`` anew from the answers of the journal when it does not fit the receipt.

    Returns the name under which the damaged file stays, None when nothing had to be mended; ``RoomError`` when the
    receipt does not belong to these answers either.
    """
    file = seat / "handed-in" / "answers.jsonl"
    with suppress(RoomError):
        if _digest(receipt, _answers(seat)) == receipt["digest"]:
            return None
    if _digest(receipt, answers) != receipt["digest"]:
        raise refusal("answers lost", seat=seat.name)
    aside = f"answers.damaged-{1 + len(list(seat.glob('answers.damaged-*')))}.jsonl"
    write_new(seat / aside, file.read_bytes() if file.exists() else b"")
    part = seat / ".answers.jsonl.part"
    part.unlink(missing_ok=True)
    write_new(part, _lines(answers))
    part.replace(file)
    sync_folder(file.parent)
    return aside


def faults(seat: Path, handed: HandedIn) -> list[str]:
    """Everything about what was handed in that does not fit its receipt, one sentence each."""
    place, found = seat / "handed-in", []
    if _sha(handed.practical) != handed.receipt["practical"]:
        found.append(f"{place}/practical.ipynb: the practical is not the one that was handed in.")
    if _receipt(place) != handed.receipt:
        found.append(f"{place}/receipt.json: the receipt is not the one in the journal.")
    if _digest(handed.receipt, handed.answers) != handed.receipt["digest"]:
        found.append(f"{place}/answers.jsonl: the receipt does not belong to these answers.")
    return found


def _receipt(place: Path) -> Any:
    """The receipt that lies beside the answers; None when it cannot be read."""
    try:
        return json.loads((place / "receipt.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _lines(answers: Mapping[str, Any]) -> bytes:
    return "".join(canonical({"slot": slot, "value": value}) + "\n" for slot, value in answers.items()).encode()


def _sha(data: bytes | None) -> str | None:
    return None if data is None else digest(data)


def _digest(receipt: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The hash that the candidate writes down: over the receipt, every answer and the practical."""
    return digest({**{name: value for name, value in receipt.items() if name != "digest"}, "answers": dict(answers)})
