"""`academy exam open`, `extra-time`, `close`: the day of the exam."""

from __future__ import annotations

import argparse

from ._options import Nouns, by, centre, known, server, step, tell

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    room = steps.add_parser(
        "open", help="open the exam room of a centre in JupyterLab, for candidates with their codes"
    )
    server(room)
    centre(room)
    room.set_defaults(run=_open)

    grant = steps.add_parser("extra-time", help="give a seat extra time")
    grant.add_argument("seat", help="number of the seat, e.g. TL-2026-11-03")
    grant.add_argument("minutes", type=int, help="how many more")
    grant.add_argument("--reason", required=True, help="why, as the registry will say")
    centre(grant)
    by(grant)
    grant.set_defaults(run=_extra_time)

    step(steps, "close", "collect what was handed in", _close)


def _open(given: argparse.Namespace) -> int:
    from .. import launch

    launch.open_room(known(given.centre), port=given.port, browser=not given.no_browser)
    return 0


def _extra_time(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.grant(academy, given.seat, given.minutes, given.reason, given.by)
    print(f"{given.seat} has {given.minutes} minutes more: {given.reason}")
    return 0


def _close(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        absent = certify.close(academy, given.sitting, given.by)
    line = f"{given.sitting} is closed; handed in nothing: {', '.join(absent) or 'nobody'}"
    tell(given, {"sitting": given.sitting, "absent": absent}, [line])
    return 0
