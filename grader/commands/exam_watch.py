"""`academy exam seats` and `academy exam watch`: the cards of a sitting, and its room as the invigilator sees it."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ._options import Nouns, known, step, tell

if TYPE_CHECKING:
    from ..seats import Watched

__all__ = ["words"]

_WORKING = {"waiting", "open", "running", "paused"}


def words(steps: Nouns) -> None:
    """Enter the two steps."""
    seats = step(
        steps, "seats", "the seats of a sitting: who, language, time, state", _seats, acts=False,
        more="With --codes also the access code of each seat and of the invigilator: for the cards that you hand out.",
    )  # fmt: skip
    seats.add_argument("--codes", action="store_true", help="print the access codes too")
    seats.add_argument(
        "--slips", action="store_true", help="write the admission slips too: a page to print and cut apart"
    )
    watch = step(
        steps, "watch", "the room's seats in the terminal, refreshed until all have handed in", _watch, acts=False,
        more="Shows who is on, the last save and the time left, never an answer. It ends by itself when nobody may "
        "work any more; Ctrl-C ends it before, and the room goes on. Into a file or a pipe it prints once.",
    )  # fmt: skip
    watch.add_argument(
        "--every", type=int, default=5, metavar="SECONDS", help="between two looks (default: %(default)s)"
    )
    watch.add_argument("--once", action="store_true", help="look once and end")


def _seats(given: argparse.Namespace) -> int:
    from .. import certify, reports, seats
    from ..certify import slips

    now = datetime.now(UTC)
    with certify.Academy(known(given.centre)) as academy:
        about = academy.sitting(given.sitting)
        cards = {card["seat"]: card for card in academy.read_office(given.sitting, "cards.json")}
        room = {one.seat: one for one in seats.watch(academy.centre.room, given.sitting, now)}
        rows = [
            {
                "seat": row["seat"],
                "person": row["person"],
                "name": academy.name(row["person"]),
                "form": row["form"],
                "language": row["language"],
                "minutes": row["minutes"],
                "extra_min": room[row["seat"]].extra_min if row["seat"] in room else row["extra_min"],
                "state": room[row["seat"]].status if row["seat"] in room else row["handed_in_how"],
            }
            | ({"code": cards[row["seat"]]["code"]} if given.codes else {})
            for row in academy.seats(given.sitting)
        ]
    document = {"sitting": about["sitting"], "state": about["state"], "seats": rows}
    heads = ["entry code" if name == "code" else name.replace("_", " ") for name in rows[0]] if rows else []
    window = [datetime.fromisoformat(about[name]).astimezone() for name in ("opens_at", "closes_at")]
    lines = [f"{about['sitting']}  {about['state']}  {window[0]:%Y-%m-%d %H:%M} to {window[1]:%Y-%m-%d %H:%M %Z}"]
    cells = ([f"{value:g}" if isinstance(value, float) else value for value in row.values()] for row in rows)
    lines += reports.in_columns([heads, *cells])
    if given.codes and (card := cards.get("invigilator")):
        document["invigilator"] = card["code"]
        lines.append(f"invigilator  {card['code']}")
    if given.slips:
        with certify.Academy(known(given.centre)) as academy:
            path = slips.slips(academy, given.sitting)
        document["slips"] = path
        lines.append(f"To print and cut apart, one slip for each candidate: {path}")
    tell(given, document, lines)
    return 0


def _watch(given: argparse.Namespace) -> int:
    from .. import certify, reports, seats

    with certify.Academy(known(given.centre)) as academy:
        state = academy.sitting(given.sitting)["state"]
        room = academy.centre.room
    once = given.once or given.json or state != "scheduled" or not sys.stdout.isatty()
    while True:
        now = datetime.now(UTC)
        rows = seats.watch(room, given.sitting, now)
        working = sum(row.status in _WORKING for row in rows)
        heads = ["seat", "name", "state", "answered", "last save", "left", "extra", "incidents", ""]
        lines = reports.in_columns([heads, *(_row(row) for row in rows)])
        lines.insert(
            0, f"{given.sitting}  {now.astimezone():%H:%M:%S %Z}  {working} of {len(rows)} seats may still work"
        )
        clear = "" if once else "\x1b[2J\x1b[H"
        print(clear, end="")
        tell(given, {"sitting": given.sitting, "at": now.isoformat(), "seats": [asdict(row) for row in rows]}, lines)
        if once or not working:
            return 0
        time.sleep(max(1, given.every))


def _row(seat: Watched) -> list[object]:
    left = f"{seat.remaining_s // 60}:{seat.remaining_s % 60:02d}" if seat.status in ("running", "paused") else ""
    saved = datetime.fromisoformat(seat.saved_at).astimezone().strftime("%H:%M:%S") if seat.saved_at else ""
    return [
        seat.seat,
        seat.name,
        seat.status,
        f"{seat.answered}/{seat.questions}",
        saved,
        left,
        f"{seat.extra_min:g}" if seat.extra_min else "",
        seat.incidents or "",
        seat.problem,
    ]
