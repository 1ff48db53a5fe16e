"""Blind marking by people: who has still to mark what, marks taken in, settled, ordered once more, and compared.

Every mark is a fact of its own (``mark.blind``); what they settle on is a ``mark.given`` like any other, by
``markers``. A mark stands: whoever erred is outvoted by another marker, never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import marking
from ..errors import InputError, RuleBroken
from ..marking import Agreement, DoubleMark
from .conflicts import identity, reasons
from .desk import Academy
from .handwork import ENGINE, SETTLED, Handwork, Rated, blind_only, by_hand, given_marks, ordered, rated, works
from .qualified import check_qualified, unfit

__all__ = [
    "Comparison",
    "Taken",
    "check_marker",
    "compare",
    "left_for",
    "remark",
    "remarkable",
    "remarking",
    "take",
    "to_mark",
    "waiting",
]

Fact = tuple[str, str, dict[str, Any]]


# --- what there is to mark --------------------------------------------------------------------------------------------


def to_mark(academy: Academy, sitting: str, marker: str) -> tuple[list[Handwork], int]:
    """What ``marker`` has still to mark, and how many other answers are withheld: this marker is near the candidate,
    has ordered the marking again, or is an examiner for other domains.
    """
    check_marker(academy, sitting, marker)
    about = academy.sitting(sitting)
    wanted = [one for one in works(academy, sitting) if one.standing.wanted and not _mine(academy, one, marker)]
    near = {one for one in {one.person for one in wanted} if reasons(academy, marker, one, about["opens_at"])}
    domains = {_domain(academy, one) for one in wanted}
    strange = {domain for domain in domains if unfit(academy, marker, "marker", about, domain)}
    mine = _ordered_by(academy, sitting, marker)
    if wanted and all(one.place in mine for one in wanted):
        raise RuleBroken(f"{marker} ordered that {_these(len(wanted))} marked again; somebody else has to mark")
    free = [
        one
        for one in wanted
        if one.person not in near and one.place not in mine and _domain(academy, one) not in strange
    ]
    return free, len(wanted) - len(free)


def left_for(academy: Academy, sitting: str, marker: str) -> int:
    """How many answers ``marker`` has still to mark."""
    try:
        return len(to_mark(academy, sitting, marker)[0])
    except RuleBroken:  # what is left is not for this marker
        return 0


def waiting(academy: Academy, sitting: str) -> list[str]:
    """Answers, as ``seat/slot``, that want a blind marker before anything can be decided."""
    every = works(academy, sitting)
    begun = blind_only(academy, sitting) or any(one.marks for one in every)
    return [one.place for one in every if (begun or one.files) and one.standing.points is None]


def check_marker(academy: Academy, sitting: str, marker: str, role: str = "marker") -> None:
    """Refuse who marks without a name, unknown for a certificate, unqualified, or with a seat in the same sitting."""
    about = academy.sitting(sitting, "marked", "decided")
    if not marker.strip():
        raise InputError("a mark needs the name of its marker; give it with --by")
    mine = identity(academy, marker)
    if blind_only(academy, sitting) and not academy.store.rows("people", person=marker.split()[0]):
        raise RuleBroken(
            f"marks for a certificate are given by people whom the registry knows, and {marker!r} is none; begin --by "
            "with the staff number, import the person first (academy hr import)"
        )
    if any(mine == identity(academy, row["person"]) for row in academy.seats(sitting)):
        raise RuleBroken(f"{marker} has a seat in sitting {sitting} and marks nobody in it; let somebody else mark")
    check_qualified(academy, marker, role, about)


def _domain(academy: Academy, work: Handwork) -> str:
    """The domain that an answer is about; empty for a part of a practical, which is about several."""
    code = work.item.statement.partition("-")[0]
    return code if code in {domain.code for domain in academy.framework.domains} else ""


def _ordered_by(academy: Academy, sitting: str, marker: str) -> set[str]:
    """Answers, as ``seat/slot``, that ``marker`` ordered to be marked again: nobody orders it and does it, too."""
    me, seats = identity(academy, marker), {row["seat"] for row in academy.seats(sitting)}
    orders = [event for event in academy.store.events("mark.remark") if event.subject in seats]
    return {
        f"{event.subject}/{slot}"
        for event in orders
        if identity(academy, event.by) == me
        for slot in event.data["slots"]
    }


def _these(count: int) -> str:
    return "this answer is" if count == 1 else f"these {count} answers are"


def _mine(academy: Academy, work: Handwork, marker: str) -> Rated | None:
    """The mark that ``marker`` gave already."""
    me = identity(academy, marker)
    return next((mark for mark in work.marks if identity(academy, mark.marker) == me), None)


# --- taking marks in --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What became of the marks that a marker handed in, as answers ``seat/slot``."""

    taken: tuple[str, ...]
    known: tuple[str, ...]
    """Marked so by this marker before."""
    late: tuple[str, ...]
    """Had all their marks by then; these are not kept."""
    settled: tuple[str, ...]
    """Have their mark now."""
    another: tuple[str, ...]
    """Want one more marker, because the first ones lie apart."""


def take(
    academy: Academy,
    sitting: str,
    marker: str,
    marks: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str] | None = None,
) -> Taken:
    """Enter a marker's marks, by ``seat/slot`` with ``criteria`` and ``note``: all that can be, or none at all.

    Raises :class:`InputError` for points that the rubric does not know and :class:`RuleBroken` for an answer that this
    marker may not mark; nothing is entered then. ``names`` is what an answer is called to its marker, who must not read
    whose it is.
    """
    check_marker(academy, sitting, marker)
    about, orders = academy.sitting(sitting), _ordered_by(academy, sitting, marker)
    every = {one.place: one for one in works(academy, sitting)}
    facts: list[Fact] = []
    known, late = [], []
    for place, given in marks.items():
        if place not in every:
            raise InputError(f"sitting {sitting} has no answer {place} that markers mark; get the booklet again")
        work, name = every[place], (names or {}).get(place, place)
        if place in orders:
            raise RuleBroken(f"{name}: {marker} ordered that it is marked again; somebody else has to mark it")
        if why := reasons(academy, marker, work.person, about["opens_at"]):
            raise RuleBroken(f"{why[0]}: somebody else has to mark that answer; nothing was taken")
        check_qualified(academy, marker, "marker", about, _domain(academy, work))
        try:
            points = marking.rubric_points(work.rubric, given["criteria"], academy.scheme.marking.step)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        if mine := _mine(academy, work, marker):
            if mine.points != points or dict(mine.criteria) != dict(given["criteria"]):
                raise RuleBroken(f"{name}: {marker} gave another mark for it before, and a mark stands")
            known.append(place)
        elif not work.standing.wanted:
            late.append(place)
        else:
            facts.append(_blind_fact(sitting, work, (marker, identity(academy, marker)), points, given))
    academy.store.append_all(facts, marker)
    settled, after = _settle(academy, sitting)
    taken = {f"{fact[2]['seat']}/{fact[2]['slot']}" for fact in facts}
    least = academy.scheme.level(academy.sitting(sitting)["level"]).markers
    another = [one.place for one in after if one.place in taken and one.standing.wanted and len(one.marks) >= least]
    return Taken(tuple(sorted(taken)), tuple(known), tuple(late), tuple(settled), tuple(another))


def _blind_fact(sitting: str, work: Handwork, who: tuple[str, str], points: float, given: Mapping[str, Any]) -> Fact:
    """The mark of a marker, who is known by the name as given and by one to compare by."""
    marker, same = who
    data = {
        "sitting": sitting,
        "seat": work.seat,
        "slot": work.slot,
        "marker": marker,
        "item": work.item.id,
        "item_version": work.item.version,
        "criteria": dict(given["criteria"]),
        "points": points,
        "max_points": work.points,
        "note": str(given.get("note", "")),
    }
    return ("mark.blind", f"{work.place}/{same}", data)


def _settle(academy: Academy, sitting: str) -> tuple[list[str], list[Handwork]]:
    """Give the mark of every answer whose markers settled and whose mark the registry does not have yet."""
    every, given = works(academy, sitting), given_marks(academy, sitting)
    facts: list[Fact] = []
    for work in every:
        row = given.get(work.seat, {}).get(work.slot)
        points = work.standing.points
        if points is None or (row and row["marker"] == SETTLED and row["points"] == points):
            continue
        data = {
            "seat": work.seat,
            "slot": work.slot,
            "item": work.item.id,
            "item_version": work.item.version,
            "statement": work.item.statement,
            "points": points,
            "max_points": work.points,
            "note": work.standing.why,
            "markers": [mark.marker for mark in work.marks],
        }
        facts.append(("mark.given", work.place, data))
    academy.store.append_all(facts, SETTLED)
    return [fact[1] for fact in facts], every


# --- marking again ----------------------------------------------------------------------------------------------------


def remark(academy: Academy, seat: str, slots: Sequence[str], by: str, reason: str = "") -> None:
    """Order that another marker marks these answers of a seat once more, blind like the first ones.

    ``by`` is who orders it. Only answers that a person marked can be marked again: whoever doubts a key wants the item
    looked at, not the answer.
    """
    about = academy.sitting(_seat(academy, seat)["sitting"], "marked", "decided")
    given = given_marks(academy, about["sitting"]).get(seat, {})
    able, pending = remarkable(academy, seat), remarking(academy, seat)
    for slot in slots:
        if slot not in given:
            raise InputError(f"seat {seat} has no mark for {slot!r} that could be given again")
        if slot not in able:
            raise RuleBroken(f"{seat}/{slot} was not marked by a person's rubric; have the item looked at instead")
        if slot in pending:
            raise RuleBroken(f"{seat}/{slot} is being marked again already")
    if not slots:
        raise InputError(f"marking again wants at least one answer of seat {seat}")
    blind = rated(academy, about["sitting"])
    after = {slot: len(blind.get(f"{seat}/{slot}", ())) or 1 for slot in slots}
    academy.store.append("mark.remark", seat, {"slots": list(slots), "after": after, "reason": reason}, by)


def remarkable(academy: Academy, seat: str) -> list[str]:
    """The slots of a seat that people marked by a rubric: those that another marker can mark again."""
    row = _seat(academy, seat)
    about = academy.sitting(row["sitting"])
    given = given_marks(academy, row["sitting"]).get(seat, {})
    hand = by_hand(academy, about, row, academy.form(row["sitting"], row["form"]))
    return [work.slot for work in hand if work.slot in given and given[work.slot]["marker"] != ENGINE]


def remarking(academy: Academy, seat: str) -> list[str]:
    """The slots of a seat that are to be marked again and have not got their mark yet."""
    sitting = _seat(academy, seat)["sitting"]
    orders = ordered(academy, sitting)
    mine = [one for one in works(academy, sitting) if one.seat == seat and one.place in orders]
    return [one.slot for one in mine if one.standing.points is None]


def _named(work: Handwork, language: str) -> str:
    """A question in a table: an item by its id, a part of the practical by its heading."""
    heading = next((line.strip("#* ") for line in work.question.say(language).splitlines() if line.strip()), "")
    return f"{work.slot}  {heading}".strip() if work.part == "practical" else work.item.id


def _seat(academy: Academy, seat: str) -> dict[str, Any]:
    rows = academy.store.rows("seats", seat=seat)
    if not rows:
        raise InputError(f"there is no seat {seat!r} in the registry")
    return rows[0]


# --- agreement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """How far the first two markers of each answer agree, and what is still to be marked."""

    answers: int
    settled: int
    wanted: int
    """Marks that are still to be given."""
    overall: Agreement | None
    by_question: Mapping[str, Agreement]
    by_marker: Mapping[str, Agreement]


def _pairs(work: Handwork, one: Rated, two: Rated, language: str) -> list[DoubleMark]:
    """Two marks of an answer side by side; of a work product line by line, as they are held against each other."""
    both = (one.marker, two.marker)
    if not work.files:
        return [DoubleMark(_named(work, language), *both, (one.points, two.points))]
    heading = _named(work, language).removeprefix(work.slot)
    return [
        DoubleMark(f"{work.slot} {line}{heading}", *both, (one.criteria[line], two.criteria[line]))
        for line in sorted(one.criteria.keys() & two.criteria.keys())
    ]


def compare(academy: Academy, sitting: str, language: str = "en") -> Comparison:
    """Progress and agreement of the blind markers of a sitting, with the practical's headings in ``language``."""
    academy.sitting(sitting, "marked", "decided")
    limit = academy.scheme.marking.difference
    every, double = works(academy, sitting), []
    for work in every:
        if len(work.marks) > 1:
            one, two = sorted(work.marks[:2], key=lambda mark: mark.marker)
            double += _pairs(work, one, two, language)
    return Comparison(
        answers=len(every),
        settled=sum(one.standing.points is not None for one in every),
        wanted=sum(one.standing.wanted for one in every),
        overall=marking.agreement(double, limit) if double else None,
        by_question=marking.agreement_by_question(double, limit),
        by_marker=marking.agreement_by_marker(double, limit),
    )
