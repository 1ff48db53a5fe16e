"""`academy exam open`, `extra-time`, `close`: the day of the exam."""

from __future__ import annotations

import argparse

from ..model import LANGUAGES
from ._options import Nouns, centre, known, many, server, step, tell

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    room = steps.add_parser(
        "open",
        help="open the exam room of a centre in JupyterLab, for candidates with their codes",
        description="Open the exam room some minutes before the time and leave it running until the last seat has "
        "handed in: its clock hands in for those who do not. It may be closed and opened again; no answer is lost.",
    )
    server(room)
    room.add_argument(
        "--language", choices=LANGUAGES, help="of JupyterLab's menus around the practical (default: that of most seats)"
    )
    centre(room)
    room.set_defaults(run=_open)

    grant = step(
        steps, "extra-time", "give a seat extra time", _extra_time,
        about=("seat", "number of the seat, e.g. TL-2026-11-03"),
        more="The candidate's page shows it within half a minute. The invigilator's page does the same.",
    )  # fmt: skip
    grant.add_argument("minutes", type=int, help="how many more")
    grant.add_argument("--reason", required=True, help="why, as the registry will say")

    step(steps, "close", "collect what was handed in", _close)


def _open(given: argparse.Namespace) -> int:
    from .. import launch

    launch.open_room(known(given.centre), language=given.language, port=given.port, browser=not given.no_browser)
    return 0


def _extra_time(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.grant(academy, given.seat, given.minutes, given.reason, given.by)
    line = f"seat {given.seat} has {many(given.minutes, 'minute')} more time: {given.reason}"
    tell(given, {"seat": given.seat, "minutes": given.minutes, "reason": given.reason}, [line])
    return 0


def _close(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        absent = certify.close(academy, given.sitting, given.by)
    line = f"{given.sitting} is closed; " + (f"nothing came from {', '.join(absent)}" if absent else "all handed in")
    tell(given, {"sitting": given.sitting, "absent": absent}, [line])
    return 0
