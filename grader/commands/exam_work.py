"""`academy exam work`, `hand-in`, `more-days`, `interview`: practicals that take weeks, and the board interview."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ._options import Nouns, known, language, moment, read, step, tell

if TYPE_CHECKING:
    from ..certify.interview import Interviewed
    from ..certify.work import WorkStanding
    from ..seats import HandedFile

__all__ = ["words"]

_SEAT = ("seat", "number of the seat, e.g. OM-2027-02-03")


def words(steps: Nouns) -> None:
    """Enter the steps."""
    step(
        steps, "work", "the work products of a sitting: what came, what is late, what is missing", _work, acts=False,
        more="For levels whose practical is done in working days. The task for the candidates lies beside it: "
        "office/SITTING/task-en.html and task-zh.html.",
    )  # fmt: skip
    hand_in = step(
        steps, "hand-in", "take in the files of a work product, and get the receipt", _hand_in, about=_SEAT,
        more="A file is known by its name, e.g. capacity-plan.xlsx. It may be handed in again until the end; every "
        "version is kept and the newest counts. A file that comes after the end is kept and does not count.",
    )  # fmt: skip
    hand_in.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the files as the candidate sent them")
    hand_in.add_argument(
        "--received", type=moment, default=None, metavar="TIME",
        help="when they reached the office, if that was earlier, e.g. 2026-12-18T17:40+08:00 (default: now)",
    )  # fmt: skip
    more = step(
        steps, "more-days", "give a seat more working days for its work product", _more_days, about=_SEAT,
        more="Also afterwards: a file that came late then counts, if it came by the new end.",
    )  # fmt: skip
    more.add_argument("days", type=int, help="how many working days more")
    more.add_argument("--reason", required=True, help="why, as the registry will say")
    interview = step(
        steps, "interview", "enter what a member of the panel gave for a board interview", _interview, about=_SEAT,
        more="Once for each member, who acts (--by). Without --points and --not-held it shows the rubric and where the "
        "interview stands. When all members of the panel have given their marks, their mean counts.",
        apart=True, reads=lambda given: given.points is None and given.not_held is None,
    )  # fmt: skip
    what = interview.add_mutually_exclusive_group()
    what.add_argument("--points", metavar="LINES", help="points of each line of the rubric, e.g. a=3,b=2.5,c=4,d=3,e=2")
    what.add_argument("--not-held", metavar="REASON", help="the interview did not take place: it earns 0")
    interview.add_argument("--note", default="", help="what supports the points (read in an appeal)")
    interview.add_argument("--language", choices=("en", "zh"), default=language(), help="of the rubric shown")


def _work(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import interview, work

    with certify.Academy(known(given.centre)) as academy:
        academy.sitting(given.sitting)
        rows = work.standings(academy, given.sitting)
        talks = interview.interviewed(academy, given.sitting)
    document = {
        "sitting": given.sitting,
        "seats": [asdict(row) for row in rows],
        "interviews": [asdict(talk) for talk in talks],
    }
    tell(given, document, [*_standing_lines(rows), *(_interview_line(talk) for talk in talks)])
    return 0


def _standing_lines(rows: list[WorkStanding]) -> Iterator[str]:
    for row in rows:
        said = "was" if row.over else "is"
        yield f"{row.seat}  {row.person}  the end {said} {_local(row.ends_at)}"
        for one in row.counting:
            named = "  NAMES THE CANDIDATE" if one.named else ""
            yield f"    in time   {one.name}.{one.format}  {_local(one.received_at)}  {one.bytes / 1000:.0f} kB{named}"
        for one in row.late:
            yield f"    LATE      {one.name}.{one.format}  {_local(one.received_at)}, does not count"
        late = {one.name for one in row.late}
        yield from (f"    missing   {name}" for name in row.missing if name not in late)
        yield from (f"    DAMAGED   {problem}" for problem in row.problems)


def _hand_in(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import work

    files = [(path.name, read(path)) for path in given.files]
    with certify.Academy(known(given.centre)) as academy:
        taken = work.hand_in(academy, given.seat, files, given.by, given.received)
        row = next(
            one for one in work.standings(academy, academy.seat(given.seat)["sitting"]) if one.seat == given.seat
        )
    document = {"seat": given.seat, "taken": [{**asdict(one), "late": late} for one, late in taken]}
    document |= {"ends_at": row.ends_at, "missing": list(row.missing)}
    tell(given, document, _receipt(given.seat, taken, row))
    return 0


def _receipt(seat: str, taken: list[tuple[HandedFile, bool]], row: WorkStanding) -> Iterator[str]:
    yield f"Receipt for seat {seat}; the end is {_local(row.ends_at)}"
    for one, late in taken:
        yield f"{one.name}.{one.format}  received {_local(one.received_at)}  {one.bytes} bytes"
        yield f"    sha256 {one.sha256}"
        if late:
            yield "    LATE: kept, and it does not count. With a good reason: academy exam more-days"
        if one.named:
            yield "    NAMES THE CANDIDATE, which markers would see: have the name taken out and hand it in again"
    yield f"Still missing: {', '.join(row.missing)}" if row.missing else "Nothing is missing."


def _more_days(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import work

    with certify.Academy(known(given.centre)) as academy:
        ends_at = work.extend(academy, given.seat, given.days, given.reason, given.by)
    line = f"{given.seat} may hand in until {_local(ends_at)}: {given.reason}"
    tell(given, {"seat": given.seat, "ends_at": ends_at, "days": given.days, "reason": given.reason}, [line])
    return 0


def _interview(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import interview

    with certify.Academy(known(given.centre)) as academy:
        sitting = academy.seat(given.seat)["sitting"]
        if given.not_held is not None:
            interview.not_held(academy, given.seat, given.not_held, given.by)
        elif given.points is not None:
            interview.give(academy, given.seat, given.by, _points(given.points), given.note)
        text, rubric = interview.rubric(academy, sitting)
        found = next((one for one in interview.interviewed(academy, sitting) if one.seat == given.seat), None)
    if found is None:
        raise InputError(f"seat {given.seat} has no interview: the written part is not closed, or nobody sat it")
    lines = [_interview_line(found)]
    if given.points is None and given.not_held is None:
        lines = [text.say(given.language), ""]
        lines += [f"{line.id}  0 to {line.points:g}  {line.text.say(given.language)}" for line in rubric]
        lines += ["", _interview_line(found)]
    elif found.apart:
        lines.append(f"The members lie far apart on {', '.join(found.apart)}: let them say why; their marks stand")
    tell(given, asdict(found), lines)
    return 0


def _interview_line(one: Interviewed) -> str:
    if one.points is not None:
        return f"{one.seat}  interview {one.points:g} points"
    return f"{one.seat}  interview: {len(one.members)} of {one.wanted} marks of the panel"


def _points(text: str) -> dict[str, float]:
    """``a=3,b=2.5`` as points by line."""
    found: dict[str, float] = {}
    for part in text.replace("，", ",").split(","):
        name, _, points = part.strip().partition("=")
        try:
            found[name.strip()] = float(points)
        except ValueError:
            raise InputError(f"points are written a=3,b=2.5,c=4, got {text!r}") from None
    return found


def _local(text: str) -> str:
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M %Z")
