"""`academy exam pause`, `resume`, `incident`, `mend`: what the office can do to one seat on the day."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ._options import Nouns, known, many, step, tell

__all__ = ["words"]

_SEAT = ("seat", "number of the seat, e.g. TL-2026-11-03")
_TOO = "The invigilator's page does the same."


def words(steps: Nouns) -> None:
    """Enter the steps."""
    stand = step(
        steps, "pause", "stop the clock of a seat", _pause, about=_SEAT,
        more="Nothing is shown and nothing can be written until the seat goes on; its end and the closing time for it "
        f"move by the length of the pause. {_TOO}",
    )  # fmt: skip
    stand.add_argument("--reason", required=True, help="why, as the registry will say")

    step(steps, "resume", "let a paused seat go on", _resume, about=_SEAT, more=_TOO)

    note = step(
        steps, "incident", "write down what happened at a seat", _incident, about=_SEAT,
        more=f"The note is kept for good, with name and time. {_TOO}",
    )  # fmt: skip
    note.add_argument("text", help="what happened")

    mended = step(
        steps, "mend", "let a seat whose record is damaged go on", _mend, about=_SEAT,
        more="Every line that can be read is kept, the damaged file is put aside, the incident and the receipt say "
        "what was lost. Other seats are not concerned, and the room may stay open.",
    )  # fmt: skip
    mended.add_argument("--reason", required=True, help="what happened, as the registry will say")


def _pause(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.roomlog.pause(academy, given.seat, given.reason, given.by)
    line = f"seat {given.seat} is paused, its clock stands: {given.reason}"
    tell(given, {"seat": given.seat, "status": "paused"}, [line])
    return 0


def _resume(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        deadline = certify.roomlog.resume(academy, given.seat, given.by)
    line = f"{given.seat} goes on" + (f" and ends at {deadline}" if deadline else "")
    tell(given, {"seat": given.seat, "deadline": deadline}, [line])
    return 0


def _incident(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.roomlog.incident(academy, given.seat, given.text, given.by)
    tell(given, {"seat": given.seat, "text": given.text}, [f"written down for {given.seat}: {given.text}"])
    return 0


def _mend(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        done = certify.roomlog.mend(academy, given.seat, given.reason, given.by)
    lines = (
        f"{one.journal}: {many(one.kept, 'line')} kept, {one.lost} lost; the damaged file is {one.aside}"
        for one in done
    )
    tell(given, {"seat": given.seat, "mended": [asdict(one) for one in done]}, lines)
    return 0
