"""The exam office and the room's log: what is done to a seat on the day, and how it gets into the registry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .. import seats
from ..errors import RoomError, RuleBroken
from ..seats import Mended, SeatFolder, SeatState
from .desk import Academy

__all__ = ["check_seal", "facts", "incident", "mend", "pause", "resume", "standing"]

_KINDS = {
    "extra-time": "seat.extra-time",
    "pause": "seat.paused",
    "resume": "seat.resumed",
    "incident": "seat.incident",
}


def facts(academy: Academy, sitting: str, folders: Mapping[str, SeatFolder]) -> list[tuple[str, str, dict[str, Any]]]:
    """The room's log as facts: who did what, and when; extra time of the office is in the registry already."""
    found = []
    for seat, folder in folders.items():
        for line in folder.log():
            if (line["source"], line["event"]) != ("office", "extra-time"):
                found.append((_KINDS[line["event"]], seat, _words(line)))
    try:
        lines = seats.find_sitting(academy.centre.room, sitting).log()
    except RoomError:  # a sitting of a program that knew no invigilator's page
        lines = []
    return found + [("sitting.incident", sitting, _words(line)) for line in lines]


def _words(line: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: line[name] for name in ("at", "by", "source", "reason", "text") if name in line}
    return kept | ({"extra_min": line["minutes"]} if "minutes" in line else {})


def standing(folder: SeatFolder, now: datetime) -> SeatState:
    """Where a seat stands; a damaged record is told with the command that mends it."""
    try:
        return folder.state(now)
    except RoomError as error:
        seat = folder.path.name
        raise RuleBroken(f"{error} `academy exam mend {seat} --reason ...` keeps what can be read") from error


def check_seal(academy: Academy, seat: str, folder: SeatFolder) -> None:
    """Refuse a seat whose paper, times or person are not those that the exam office wrote."""
    made = academy.store.events("seat.assigned", seat)[-1].data.get("sealed")
    if made is not None and folder.seal() != made:
        raise RuleBroken(
            f"seat {seat} is not the one that the exam office made (its paper, times or person were changed); "
            "keep its folder and ask the operator"
        )


def pause(academy: Academy, seat: str, reason: str, by: str) -> None:
    """Stop the clock of a seat, with a reason."""
    _readable(academy, seat).pause(reason, by, datetime.now(UTC), "office")


def resume(academy: Academy, seat: str, by: str) -> str | None:
    """Let a paused seat go on; returns when it ends now."""
    return _readable(academy, seat).resume(by, datetime.now(UTC), "office").deadline


def incident(academy: Academy, seat: str, text: str, by: str) -> None:
    """Write down what happened at a seat."""
    _on_the_day(academy, seat).incident(text, by, datetime.now(UTC), "office")


def mend(academy: Academy, seat: str, reason: str, by: str) -> list[Mended]:
    """Let a seat whose record is damaged go on with everything that can be read; see :func:`grader.seats.mend`."""
    return seats.mend(_on_the_day(academy, seat).path, reason, by, datetime.now(UTC))


def _on_the_day(academy: Academy, seat: str) -> SeatFolder:
    """The seat's folder, while its sitting is not closed: later the log is in the registry already."""
    academy.sitting(academy.seat(seat)["sitting"], "scheduled")
    return seats.find(academy.centre.room, seat)


def _readable(academy: Academy, seat: str) -> SeatFolder:
    """The same folder, refused while its record is damaged."""
    folder = _on_the_day(academy, seat)
    standing(folder, datetime.now(UTC))
    return folder
