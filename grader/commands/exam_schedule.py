"""`academy exam schedule`: forms and seats."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ..errors import InputError
from ._options import Nouns, day, hours, known, moment, step, tell

if TYPE_CHECKING:
    from ..certify import Candidate

__all__ = ["words"]

PURPOSES = ("certification", "practice", "demonstration")


def words(steps: Nouns) -> None:
    """Enter the step."""
    schedule = step(steps, "schedule", "give every candidate a seat with a form", _schedule)
    schedule.add_argument(
        "--level", type=int, choices=range(1, 6), required=True, help="1 senior agent to 5 general manager"
    )
    schedule.add_argument(
        "--candidate",
        action="append",
        required=True,
        metavar="PERSON[:LANGUAGE[:EXTRA_MIN]]",
        help="who sits, e.g. A1001, A1001:en or A1001:zh:15; once for each (default language: the roster's)",
    )
    schedule.add_argument(
        "--arrange",
        action="append",
        default=[],
        metavar="PERSON:WHAT=NUMBER",
        help="for a candidate's needs: type=150 (letters half as large again, up to 300) or breaks=10 (minutes of "
        "breaks to take freely, the clock stands), e.g. A1001:type=150; once for each",
    )
    schedule.add_argument(
        "--opens", type=moment, default=None, metavar="TIME", help="e.g. 2026-11-21T09:00+08:00 (default: now)"
    )
    schedule.add_argument("--hours", type=hours, default=4, help="how long the room stays open (default: %(default)s)")
    schedule.add_argument(
        "--minutes", type=int, required=True, help="working time of a seat, written part and practical"
    )
    schedule.add_argument("--items", type=int, default=None, help="scored items (default: what the scheme says)")
    schedule.add_argument(
        "--form",
        action="append",
        default=[],
        metavar="NAME",
        help="a form or set of the shelf; once for each (default: all that are fit for certification, else new)",
    )
    schedule.add_argument(
        "--task-given", type=day, default=None, metavar="DATE",
        help="of a work product: the day on which its task is given out, e.g. 2026-12-07; its working days begin with "
        "the next one (default: the day of the written part)",
    )  # fmt: skip
    schedule.add_argument("--purpose", choices=PURPOSES, default="certification", help="default: %(default)s")


def _schedule(given: argparse.Namespace) -> int:
    from .. import certify
    from ..certify import assembly
    from ..certify.timing import tight

    opens = given.opens or datetime.now(UTC)
    closes = opens + timedelta(hours=given.hours)
    candidates = _arranged([_candidate(text) for text in given.candidate], given.arrange)
    warnings = tight(opens, closes, given.minutes, candidates)
    with certify.Academy(known(given.centre)) as academy:
        cards = certify.schedule(
            academy,
            given.sitting,
            given.level,
            candidates,
            opens_at=opens,
            closes_at=closes,
            minutes=given.minutes,
            length=given.items,
            form_names=given.form,
            given_on=given.task_given,
            purpose=given.purpose,
            by=given.by,
        )
        invigilator = academy.read_office(given.sitting, "cards.json")[-1]
        questions = assembly.made_of(academy, given.sitting)
        (fact,) = academy.store.events("sitting.scheduled", given.sitting)
        tasks = academy.centre.office / given.sitting
    lines = [
        f"{card.seat}  {card.code}  {card.person}  {card.name}  {card.language}{_arrangements(one)}"
        for card, one in zip(cards, candidates, strict=True)
    ]
    lines.append(f"invigilator  {invigilator['code']}")
    window = [when.astimezone().strftime("%Y-%m-%d %H:%M %Z") for when in (opens, closes)]
    lines.append(f"The room is open from {window[0]} to {window[1]}, by this computer's time zone.")
    if work := fact.data.get("work"):
        ends = datetime.fromisoformat(work["ends_at"]).astimezone().strftime("%Y-%m-%d %H:%M %Z")
        lines += [
            f"Work product: {len(work['days'])} working days from {work['days'][0]} on, until {ends}.",
            f"Its task for the candidates: {tasks}/task-en.html and task-zh.html",
        ]
        if datetime.fromisoformat(work["ends_at"]) <= datetime.now(UTC):
            warnings.append("the working days are over already, so every file would be late; look at --task-given")
    lines += [f"The questions are {questions}."] if questions else []
    lines += [f"Note: {sentence}." for sentence in warnings]
    document = {
        "sitting": given.sitting,
        "cards": [*map(asdict, cards), invigilator],
        "questions": questions,
        "warnings": warnings,
    }
    document |= {"work": work} if work else {}
    tell(given, document, lines)
    return 0


def _arrangements(one: Candidate) -> str:
    """What a candidate has beside the others, for the eye of who scheduled it."""
    said = [
        f"+{one.extra_min} min" if one.extra_min else "",
        f"letters {one.type_percent} %" if one.type_percent != 100 else "",
        f"own breaks {one.break_min} min" if one.break_min else "",
    ]
    return "".join(f"  {text}" for text in said if text)


def _candidate(text: str) -> Candidate:
    from ..certify import Candidate

    found = re.fullmatch(r"([^:]+)(?::(en|zh)?(?::([0-9]{1,3}))?)?", text)
    if found is None:
        raise InputError(f"a candidate is written PERSON[:en|zh[:EXTRA_MIN]], e.g. A0017:zh:15, got {text!r}")
    person, language, extra = found.groups()
    return Candidate(person, language, int(extra or 0), "granted with the seat" if extra else "")


def _arranged(candidates: list[Candidate], texts: list[str]) -> list[Candidate]:
    """The candidates with what is arranged for some of them."""
    by_person = {candidate.person: candidate for candidate in candidates}
    for text in texts:
        found = re.fullmatch(r"([^:]+):(type|breaks)=([0-9]{1,3})", text)
        if found is None:
            raise InputError(f"--arrange is written PERSON:type=150 or PERSON:breaks=10, got {text!r}")
        person, what, number = found[1], found[2], int(found[3])
        if person not in by_person:
            raise InputError(f"--arrange names {person}, who is no candidate of this sitting")
        least, most = {"type": (100, 300), "breaks": (1, 240)}[what]
        if not least <= number <= most:
            raise InputError(f"{what} must lie between {least} and {most}, got {number} for {person}")
        known = by_person[person]
        by_person[person] = replace(known, type_percent=number) if what == "type" else replace(known, break_min=number)
    return [by_person[candidate.person] for candidate in candidates]
