"""Before the exam: forms out of the bank, seats with their papers, extra time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .. import ladder, seats
from ..errors import InputError, RuleBroken
from ..model import Bilingual
from . import retakes, roomlog, workplan
from .desk import Academy
from .workdays import Window

if TYPE_CHECKING:
    from ..exams import Practical

__all__ = ["PURPOSES", "Candidate", "Plan", "SeatCard", "grant", "schedule"]

PURPOSES = {
    "certification": Bilingual("{level} examination", "{level}考试"),
    "practice": Bilingual("{level}: practice examination", "{level}模拟考试"),
    "demonstration": Bilingual("{level}: demonstration of the examination", "{level}考试演示"),
}


@dataclass(frozen=True)
class Candidate:
    """A person who is to sit, in which language, with extra time if it was granted beforehand."""

    person: str
    language: str | None = None
    """``en`` or ``zh``; None takes what the roster says, Chinese when it says nothing."""
    extra_min: int = 0
    reason: str = ""
    type_percent: int = 100
    """Size of the letters on the exam page."""
    break_min: int = 0
    """Minutes of breaks, in all, that the candidate may take without asking; the clock stands meanwhile."""


@dataclass(frozen=True)
class SeatCard:
    """What the exam office hands to a candidate: the number of the seat and its access code."""

    seat: str
    person: str
    name: str
    language: str
    code: str


@dataclass(frozen=True)
class Plan:
    """What all seats of a sitting have in common."""

    sitting: str
    level: int
    title: Bilingual
    minutes: int
    opens_at: str
    closes_at: str
    purpose: str
    practical: Practical
    window: Window | None
    """The working days of a work product."""


def schedule(
    academy: Academy,
    sitting: str,
    level: int,
    candidates: Sequence[Candidate],
    *,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    purpose: str,
    by: str,
    length: int | None = None,
    form_names: Sequence[str] = (),
    given_on: date | None = None,
) -> list[SeatCard]:
    """Make a seat with its form for every candidate, and return the cards with their access codes.

    The forms are those of the shelf that ``form_names`` names (forms or whole sets); without names a certification
    takes the fit ones of its level, and any other sitting assembles two of its own. ``length`` is the number of scored
    items of these; without it, what the scheme says. A shorter form than the scheme's is for ``practice`` and
    ``demonstration`` only. A work product's task is given out on the day ``given_on`` (of the written part when None),
    and its working days begin with the next one. :class:`RuleBroken` names a candidate who may not sit or a form that
    may not be used, :class:`InputError` what the bank lacks; nothing is scheduled then.
    """
    from . import allotment, seating  # the bank and nbgrader: only who schedules waits for them

    practical = academy.practical(level)
    days = workplan.window_of(academy, practical, given_on or opens_at.astimezone().date())
    _check_sitting(academy, sitting, purpose, opens_at, closes_at)
    _check_minutes(minutes, practical.minutes)
    _check_candidates(academy, level, candidates, purpose, opens_at)
    _check_certification(academy, level, purpose, length)
    written = minutes - practical.minutes
    taken = allotment.taken_from_shelf(academy, level, purpose, form_names, written, opens_at.date())
    plan = Plan(
        sitting, level, _title(academy, level, purpose), minutes, _iso(opens_at), _iso(closes_at), purpose, practical,
        days,
    )  # fmt: skip
    _claim(academy, sitting)
    try:
        return seating.make(academy, plan, candidates, taken, length, by)
    except BaseException:
        # Half a sitting helps nobody: the registry knows nothing of it yet, so its folders go too.
        course = academy.centre.course
        for folder in (*_folders(academy, sitting), course / "release" / sitting, *course.glob(f"data/*/{sitting}")):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _title(academy: Academy, level: int, purpose: str) -> Bilingual:
    words, name = PURPOSES[purpose], academy.framework.level(level).name
    return Bilingual(words.en.format(level=name.en), words.zh.format(level=name.zh))


def grant(academy: Academy, seat: str, extra_min: int, reason: str, by: str) -> None:
    """Give a seat extra time, with the reason; the room follows at the candidate's next look at the clock."""
    academy.seat(seat)  # refuses one that the registry does not know
    folder, now = seats.find(academy.centre.room, seat), datetime.now(UTC)
    if (status := roomlog.standing(folder, now).status) in ("missed", "handed-in"):
        raise RuleBroken(f"seat {seat} is {status}; extra time would change nothing")
    folder.grant(extra_min, reason, by, now)
    academy.store.append("seat.extra-time", seat, {"extra_min": extra_min, "reason": reason}, by)


def _check_minutes(minutes: int, practical: int) -> None:
    if minutes <= practical:
        raise InputError(
            f"no time is left for the written part: the practical takes {practical} minutes, and the seat has "
            f"{minutes}; give --minutes more"
        )


def _check_sitting(academy: Academy, sitting: str, purpose: str, opens_at: datetime, closes_at: datetime) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", sitting):
        raise InputError(f"a sitting is named by letters, digits, - and _, got {sitting!r}")
    if academy.store.rows("sittings", sitting=sitting):
        raise RuleBroken(f"sitting {sitting} is scheduled already; choose another name")
    if purpose not in PURPOSES:
        raise InputError(f"purpose must be one of {', '.join(PURPOSES)}, got {purpose!r}")
    if closes_at <= opens_at:
        raise InputError(f"a sitting closes after it opens, got {_iso(opens_at)} to {_iso(closes_at)}")
    if closes_at <= datetime.now(UTC):
        raise InputError(f"a sitting that closes at {_iso(closes_at)} is over already; give a time to come")
    for folder in _folders(academy, sitting):
        if folder.exists():
            raise RuleBroken(
                f"{folder} is there already, of a lesson or of a sitting that the registry does not know; "
                "choose another name or move the folder away"
            )


def _claim(academy: Academy, sitting: str) -> None:
    """Of two people who schedule one sitting in the same moment, the one who makes its folder goes on."""
    folder = academy.centre.office / sitting
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise RuleBroken(f"somebody else schedules sitting {sitting} at this moment; choose another name") from None


def _folders(academy: Academy, sitting: str) -> tuple[Path, ...]:
    """Where a sitting's own papers lie: seats, forms, and the notebooks that nbgrader marks."""
    centre = academy.centre
    return (centre.room / sitting, centre.office / sitting, centre.course / "source" / sitting)


def _check_candidates(
    academy: Academy, level: int, candidates: Sequence[Candidate], purpose: str, opens_at: datetime
) -> None:
    if not candidates:
        raise InputError("a sitting needs at least one candidate, got none")
    names = [candidate.person for candidate in candidates]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{', '.join(twice)} would sit twice in one sitting; name every candidate once")
    for name in names:
        person = academy.person(name)
        if person["left_on"] and person["left_on"] < opens_at.astimezone().date().isoformat():
            raise RuleBroken(f"{name} left on {person['left_on']}, before the day of the sitting; take the name off it")
        if twins := [one["person"] for one in academy.store.rows("people") if _twins(one["person"], name)]:
            raise RuleBroken(
                f"{name} and {twins[0]} differ in capital letters only and would share one account; "
                "give one of them another staff number in the roster"
            )
        held = academy.store.rows("certificates", person=name)
        reasons = ladder.may_sit(academy.scheme.level(level), person, held, opens_at.date())
        reasons += retakes.may_retake(academy, name, level, opens_at.date())
        if purpose == "certification" and reasons:
            raise RuleBroken(reasons[0])


def _twins(one: str, other: str) -> bool:
    return one != other and one.casefold() == other.casefold()


def _check_certification(academy: Academy, level: int, purpose: str, length: int | None) -> None:
    if purpose != "certification":
        return
    wanted = academy.scheme.level(level).scored
    if length is not None and length < wanted:
        raise RuleBroken(
            f"a certification form of level {level} has {wanted} scored items, {length} were asked for; "
            "use --purpose practice or demonstration for a shorter one"
        )


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
