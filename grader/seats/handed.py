"""What a seat hands in: written whole beside its place, valid by one line of the journal, then put into its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.model import canonical, digest
from grader.seats.journal import sync_folder, write_new
from grader.seats.sentences import refusal

__all__ = ["HandedIn", "faults", "prepare", "publish", "read"]


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
    lines = [canonical({"slot": slot, "value": value}) + "\n" for slot, value in answers.items()]
    write_new(part / "answers.jsonl", "".join(lines).encode())
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
    """What lies in its place."""
    place = seat / "handed-in"
    lines = (place / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    work = place / "practical.ipynb"
    answers = {line["slot"]: line["value"] for line in map(json.loads, lines)}
    return HandedIn(dict(receipt), answers, work.read_bytes() if work.exists() else None)


def faults(seat: Path, handed: HandedIn) -> list[str]:
    """Everything about what was handed in that does not fit its receipt, one sentence each."""
    place, found = seat / "handed-in", []
    if _sha(handed.practical) != handed.receipt["practical"]:
        found.append(f"{place}/practical.ipynb: the practical is not the one that was handed in.")
    if json.loads((place / "receipt.json").read_bytes()) != handed.receipt:
        found.append(f"{place}/receipt.json: the receipt is not the one in the journal.")
    if _digest(handed.receipt, handed.answers) != handed.receipt["digest"]:
        found.append(f"{place}/answers.jsonl: the receipt does not belong to these answers.")
    return found


def _sha(data: bytes | None) -> str | None:
    return None if data is None else digest(data)


def _digest(receipt: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The hash that the candidate writes down: over the receipt, every answer and the practical."""
    return digest({**{name: value for name, value in receipt.items() if name != "digest"}, "answers": dict(answers)})
