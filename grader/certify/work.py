"""Work products: handed in over weeks, late and missing ones said plainly, marked blind when the time is over.

What comes in is kept in the room's store of the seat (:mod:`grader.seats.work`), by the office or by the candidate. The
registry gets a fact for each file (``work.handed-in``) and for days given beyond the plan (``work.extended``). When the
time is over, a part of which nothing came in earns 0; the others are marked blind like any written answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .. import seats
from ..errors import InputError, RoomError, RuleBroken
from ..seats import HandedFile, WorkFolder
from . import workdays
from .desk import Academy

__all__ = [
    "WorkStanding",
    "extend",
    "hand_in",
    "missing_marks",
    "part_mark",
    "ready_parts",
    "standings",
    "take_up",
    "waiting",
    "work_words",
]

Fact = tuple[str, str, dict[str, Any]]


def work_words(academy: Academy, sitting: str) -> Mapping[str, Any] | None:
    """The task of a sitting whose practical is a work product, as it was set; None for any other sitting."""
    words: Mapping[str, Any] | None = academy.practical_words(sitting).get("work")
    return words


def _folder(academy: Academy, seat: str) -> WorkFolder:
    work = seats.find(academy.centre.room, seat).work()
    if work is None:
        raise RuleBroken(f"seat {seat} has no work product; its practical is done in the exam room")
    return work


# --- handing in -------------------------------------------------------------------------------------------------------


def hand_in(
    academy: Academy, seat: str, files: Sequence[tuple[str, bytes]], by: str, received: datetime | None = None
) -> list[tuple[HandedFile, bool]]:
    """Take in files of a seat, all that can be or none; each with whether it came late.

    ``received`` is when they reached the office, if that was earlier than now. A late file is kept and does not count.
    """
    row, now = academy.seat(seat), datetime.now(UTC)
    academy.sitting(row["sitting"], "scheduled", "closed", "marked")
    work = _folder(academy, seat)
    if received is not None and received > now:
        raise InputError(f"files received at {seats.iso(received)} are still to come; give a time before now")
    if not files:
        raise InputError(f"name the files to hand in: {', '.join(work.wanted)}")
    for name, data in files:
        _check_unmarked(academy, seat, work, work.look(name, data, received or now)[0])
    taken = [work.hand_in(name, data, by, now, received_at=received) for name, data in files]
    take_up(academy, row["sitting"], by)
    return [(one, work.late(one)) for one in taken]


def extend(academy: Academy, seat: str, days: int, reason: str, by: str) -> str:
    """Give a seat more working days for its work product, with a reason; returns the new end."""
    row = academy.seat(seat)
    academy.sitting(row["sitting"], "scheduled", "closed", "marked")
    work = _folder(academy, seat)
    if not 1 <= days <= 250:
        raise InputError(f"1 to 250 more working days can be given, got {days}")
    if not reason.strip():
        raise InputError("more days want a reason, which the registry keeps; got none")
    for name in work.wanted:
        _check_unmarked(academy, seat, work, name)
    ends_at = workdays.more_days(academy.centre.root, days, work.ends_at)
    work.extend(days, ends_at, reason.strip(), by, datetime.now(UTC))
    take_up(academy, row["sitting"], by)
    return ends_at


def _check_unmarked(academy: Academy, seat: str, work: WorkFolder, name: str) -> None:
    """Refuse to change what markers have before them."""
    part = next(one["part"] for one in work.plan["files"] if one["name"] == name)
    if academy.store.events("mark.blind", under=f"{seat}/{part}"):
        raise RuleBroken(f"{name} of seat {seat} is being marked; what the markers read is not changed any more")


def take_up(academy: Academy, sitting: str, by: str) -> None:
    """Enter into the registry what the seats' journals hold and it does not: the room keeps what candidates hand in."""
    if work_words(academy, sitting) is None:
        return
    known = {event.subject for kind in ("work.handed-in", "work.extended") for event in academy.store.events(kind)}
    facts: list[Fact] = []
    for row in academy.seats(sitting):
        work, seat = _folder(academy, row["seat"]), row["seat"]
        for one in work.every():
            words = {**vars(one), "seat": seat, "sitting": sitting}
            facts.append(("work.handed-in", f"{seat}/{one.n}", words))
        for line in work.extensions():
            words = {name: line[name] for name in ("days", "ends_at", "reason", "by", "at")}
            facts.append(("work.extended", f"{seat}/{line['n']}", {**words, "seat": seat, "sitting": sitting}))
    academy.store.append_all([fact for fact in facts if fact[1] not in known], by)


# --- where it stands --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WorkStanding:
    """Where the work product of a seat stands."""

    seat: str
    person: str
    ends_at: str
    over: bool
    counting: tuple[HandedFile, ...]
    late: tuple[HandedFile, ...]
    """Files that came after the end, and of which none came in time."""
    missing: tuple[str, ...]
    """Names of files of which none came in time."""
    problems: tuple[str, ...]
    """What is wrong with the kept files."""


def standings(academy: Academy, sitting: str, now: datetime | None = None) -> list[WorkStanding]:
    """The work products of a sitting, seat by seat."""
    if work_words(academy, sitting) is None:
        raise RuleBroken(f"sitting {sitting} has no work products; its practical is done in the exam room")
    found = []
    for row in academy.seats(sitting):
        work = _folder(academy, row["seat"])
        try:
            counting = work.counting()
        except RoomError as error:
            found.append(_damaged(row, work, error))
            continue
        late = {one.name: one for one in work.every() if work.late(one) and one.name not in counting}
        found.append(
            WorkStanding(
                seat=row["seat"],
                person=row["person"],
                ends_at=work.ends_at,
                over=work.over(now or datetime.now(UTC)),
                counting=tuple(counting[name] for name in work.wanted if name in counting),
                late=tuple(late.values()),
                missing=tuple(name for name in work.wanted if name not in counting),
                problems=tuple(work.verify()),
            )
        )
    return found


def _damaged(row: Mapping[str, Any], work: WorkFolder, error: RoomError) -> WorkStanding:
    """A seat whose journal cannot be read: nothing is said of its files until it is restored."""
    problem = f"{error} Restore {row['seat']}/work.jsonl from a backup."
    return WorkStanding(row["seat"], row["person"], work.plan["ends_at"], False, (), (), work.wanted, (problem,))


def ready_parts(academy: Academy, seat: str) -> set[str]:
    """The parts of a seat's work product that markers can mark: its time is over, and something of them counts."""
    work = _folder(academy, seat)
    if not work.over(datetime.now(UTC)):
        return set()
    counting = work.counting()
    return {one["part"] for one in work.plan["files"] if one["name"] in counting}


def missing_marks(academy: Academy, sitting: str) -> list[Fact]:
    """Marks of 0 for the parts of which nothing came in time, of seats whose time is over."""
    words, facts = work_words(academy, sitting), []
    if words is None:
        return []
    task = academy.practical_words(sitting)
    for row in academy.seats(sitting):
        work, ready = _folder(academy, row["seat"]), ready_parts(academy, row["seat"])
        if row["handed_in_how"] not in ("candidate", "clock") or not work.over(datetime.now(UTC)):
            continue
        for part in dict.fromkeys(one["part"] for one in words["files"]):
            if part not in ready:
                note = f"nothing was handed in by {work.ends_at}"
                facts.append(part_mark(row, task, part, 0.0, note))
    return facts


def waiting(academy: Academy, sitting: str) -> list[str]:
    """What stands between a sitting and its decision because of its work products, one clause each."""
    if work_words(academy, sitting) is None:
        return []
    found = []
    given = {row["mark"] for row in academy.store.rows("marks")}
    for row in academy.seats(sitting):
        if row["handed_in_how"] not in ("candidate", "clock"):
            continue
        work, seat = _folder(academy, row["seat"]), row["seat"]
        if not work.over(datetime.now(UTC)):
            found.append(f"the work product of seat {seat} may be handed in until {work.ends_at}")
            continue
        parts = {one["part"] for one in work.plan["files"]} - ready_parts(academy, seat)
        if any(f"{seat}/{part}" not in given for part in parts):
            found.append(f"seat {seat} has parts that were not handed in; run `academy exam mark {sitting}` again")
    return found


def part_mark(row: Mapping[str, Any], task: Mapping[str, Any], part: str, points: float, note: str) -> Fact:
    """The mark of a part of the practical, as a fact."""
    data = {
        "seat": row["seat"], "slot": part, "item": task["id"], "item_version": task["version"],
        "statement": f"practical-{task['level']}", "points": points, "max_points": float(task["points"][part]),
        "note": note,
    }  # fmt: skip
    return ("mark.given", f"{row['seat']}/{part}", data)
