"""The board interview of a candidate: each member of the panel gives marks by the rubric, and their mean counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import marking
from ..errors import InputError, RuleBroken
from ..model import Bilingual, Criterion
from .conflicts import identity, reasons
from .desk import Academy
from .rating import check_marker
from .tasks import criteria_of
from .work import part_mark

__all__ = ["INTERVIEW", "PANEL", "Interviewed", "give", "interviewed", "not_held", "rubric", "waiting"]

PANEL = "panel"
"""Who gives the mark on which the members of a panel settled."""
INTERVIEW = "mark.interview"
"""The fact of one member's mark."""


@dataclass(frozen=True)
class Interviewed:
    """Where the interview of a seat stands."""

    seat: str
    person: str
    members: Mapping[str, float]
    """What each member of the panel gave, in all."""
    wanted: int
    points: float | None
    """The mark that counts: the members' mean, or 0 when it did not take place; None while marks are wanted."""
    apart: tuple[str, ...] = ()
    """Lines of the rubric on which members differ by more than the scheme allows."""


def interviewed(academy: Academy, sitting: str) -> list[Interviewed]:
    """The interviews of a sitting, seat by seat; none where the task asks for none, or where nobody came."""
    task = academy.practical_words(sitting).get("interview")
    if task is None:
        return []
    given = {row["mark"]: row["points"] for row in academy.store.rows("marks")}
    found = []
    for row in academy.seats(sitting):
        if row["handed_in_how"] not in ("candidate", "clock"):
            continue
        marks = [event.data for event in academy.store.events(INTERVIEW, under=f"{row['seat']}/{task['part']}")]
        lines = {line: [mark["criteria"][line] for mark in marks] for line in (marks[0]["criteria"] if marks else ())}
        limit = academy.scheme.marking.difference
        found.append(
            Interviewed(
                seat=row["seat"],
                person=row["person"],
                members={mark["member"]: mark["points"] for mark in marks},
                wanted=int(task["panel"]),
                points=given.get(f"{row['seat']}/{task['part']}"),
                apart=tuple(line for line, points in lines.items() if max(points) - min(points) > limit),
            )
        )
    return found


def waiting(academy: Academy, sitting: str) -> list[str]:
    """The interviews that want marks before anything can be decided, one clause each."""
    return [
        f"the interview of seat {one.seat} has {len(one.members)} of {one.wanted} marks "
        f"(academy exam interview {one.seat})"
        for one in interviewed(academy, sitting)
        if one.points is None
    ]


def give(academy: Academy, seat: str, member: str, criteria: Mapping[str, float], note: str = "") -> Interviewed:
    """Enter the mark of one member of the panel, line by line; with the last member's the mean counts.

    A member's mark stands. Nobody gives one who sat the exam, or is near the candidate.
    """
    row, task = _interview(academy, seat)
    check_marker(academy, row["sitting"], member, "panel")
    if why := reasons(academy, member, row["person"], academy.sitting(row["sitting"])["opens_at"]):
        raise RuleBroken(f"{why[0]} and cannot sit on the panel of seat {seat}; let somebody else")
    before = _one(academy, row)
    if before.points is not None:
        raise RuleBroken(f"the interview of seat {seat} has its mark already ({before.points:g} points)")
    if identity(academy, member) in {identity(academy, one) for one in before.members}:
        raise RuleBroken(f"{member} gave a mark for the interview of seat {seat} before, and a mark stands")
    lines = criteria_of(task)
    points = marking.rubric_points(lines, criteria, academy.scheme.marking.step)
    data = {
        "sitting": row["sitting"], "seat": seat, "slot": task["part"], "member": member, "criteria": dict(criteria),
        "points": points, "max_points": sum(line.points for line in lines), "note": note,
    }  # fmt: skip
    subject = f"{seat}/{task['part']}/{identity(academy, member)}"
    academy.store.append(INTERVIEW, subject, data, member)
    after = _one(academy, row)
    if len(after.members) >= after.wanted:
        mean = round(sum(after.members.values()) / len(after.members), 6)
        said = ", ".join(f"{points:g}" for points in after.members.values())
        _settle(academy, row, task, mean, f"the panel gave {said}: their mean", sorted(after.members))
    return _one(academy, row)


def not_held(academy: Academy, seat: str, reason: str, by: str) -> None:
    """Record that the interview did not take place, with the reason: it earns 0."""
    row, task = _interview(academy, seat)
    before = _one(academy, row)
    if before.points is not None or before.members:
        raise RuleBroken(f"the interview of seat {seat} has marks already, so it took place")
    if not reason.strip():
        raise InputError("an interview that did not take place wants the reason; got none")
    _settle(academy, row, task, 0.0, f"did not take place: {reason.strip()} (recorded by {by})", [by])


def rubric(academy: Academy, sitting: str) -> tuple[Bilingual, tuple[Criterion, ...]]:
    """The words and the rubric of the interview of a sitting."""
    task = academy.practical_words(sitting).get("interview")
    if task is None:
        raise RuleBroken(f"sitting {sitting} has no interview")
    return Bilingual(**task["question"]), criteria_of(task)


def _interview(academy: Academy, seat: str) -> tuple[dict[str, Any], Mapping[str, Any]]:
    row = academy.seat(seat)
    academy.sitting(row["sitting"], "marked")
    task = academy.practical_words(row["sitting"]).get("interview")
    if task is None:
        raise RuleBroken(f"sitting {row['sitting']} has no interview")
    if row["handed_in_how"] not in ("candidate", "clock"):
        raise RuleBroken(f"seat {seat} never sat the written part, so there is no interview to mark")
    return row, task


def _one(academy: Academy, row: Mapping[str, Any]) -> Interviewed:
    return next(one for one in interviewed(academy, row["sitting"]) if one.seat == row["seat"])


def _settle(
    academy: Academy, row: Mapping[str, Any], task: Mapping[str, Any], points: float, note: str, members: list[str]
) -> None:
    kind, subject, data = part_mark(row, academy.practical_words(row["sitting"]), task["part"], points, note)
    academy.store.append(kind, subject, {**data, "markers": members}, PANEL)
