"""What happened in the room goes into the registry when the sitting is closed: pauses, extra time, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import seats
from ..errors import RoomError, RuleBroken
from ..seats import SeatFolder
from .desk import Academy

__all__ = ["check_seal", "facts"]

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
                found.append((f"seat.{_KINDS[line['event']]}", seat, _words(line)))
    try:
        lines = seats.find_sitting(academy.centre.room, sitting).log()
    except RoomError:  # a sitting of a program that knew no invigilator's page
        lines = []
    return found + [("sitting.incident", sitting, _words(line)) for line in lines]


def _words(line: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: line[name] for name in ("at", "by", "source", "reason", "text") if name in line}
    return kept | ({"extra_min": line["minutes"]} if "minutes" in line else {})


def check_seal(academy: Academy, seat: str, folder: SeatFolder) -> None:
    """Refuse a seat whose paper, times or person are not those that the exam office wrote."""
    made = academy.store.events("seat.assigned", seat)[-1].data.get("sealed")
    if made is not None and folder.seal() != made:
        raise RuleBroken(
            f"seat {seat} is not the one that the exam office made (its paper, times or person were changed); "
            "keep its folder and ask the operator"
        )
