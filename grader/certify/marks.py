"""After the exam: what was handed in is collected, marked by keys and by the judge, and by people in formgrader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .. import marking, seats
from ..errors import RuleBroken
from ..model import Form, Mark
from ..seats import HandedIn, SeatFolder
from . import work
from .conflicts import reasons
from .desk import Academy
from .handwork import ENGINE, blind_only, rated
from .qualified import check_qualified
from .roomlog import check_seal, standing
from .roomlog import facts as roomlog

if TYPE_CHECKING:
    from .. import autograde
    from ..autograde import Report, Watch
    from ..nbcourse import CellScore

__all__ = ["close", "mark", "take_manual_marks", "tested", "untaken"]

Fact = tuple[str, str, dict[str, Any]]


def close(academy: Academy, sitting: str, by: str, now: datetime | None = None) -> list[str]:
    """Collect what every seat handed in into nbgrader's ``submitted/``; returns the seats that handed in nothing.

    Raises :class:`RuleBroken` while a seat may still work.
    """
    academy.sitting(sitting, "scheduled")
    folders = {row["seat"]: seats.find(academy.centre.room, row["seat"]) for row in academy.seats(sitting)}
    moment = now or datetime.now(UTC)
    states = {seat: standing(folder, moment) for seat, folder in folders.items()}
    working = [seat for seat, state in states.items() if state.status in ("waiting", "open", "running", "paused")]
    if working:
        over = [seat for seat in working if states[seat].status == "running" and not states[seat].remaining_s]
        raise RuleBroken(
            f"the time of {', '.join(over)} is over, and only an open room hands in for them; open it for a moment"
            if over == working
            else f"sitting {sitting} cannot be closed while {', '.join(working)} may still work; wait for the clock"
        )
    # Every seat is read and proved before anything is written: one that is damaged leaves no half of a closed sitting.
    everything = {row["seat"]: _whole(academy, row["seat"], folders[row["seat"]]) for row in academy.seats(sitting)}
    facts: list[Fact] = roomlog(academy, sitting, folders)
    for row in academy.seats(sitting):
        handed = everything[row["seat"]]
        if handed is None:
            facts.append(("seat.handed-in", row["seat"], {"at": None, "how": "never", "digest": None}))
            continue
        _collect(academy, sitting, row, handed)
        kept = {name: handed.receipt[name] for name in ("at", "how", "digest", "answered")}
        facts.append(("seat.handed-in", row["seat"], kept))
    absent = [seat for seat, handed in everything.items() if handed is None]
    academy.store.append_all([*facts, ("sitting.closed", sitting, {"absent": absent})], by)
    return absent


def mark(academy: Academy, sitting: str, *, workers: int | None = None, watch: Watch | None = None) -> Report:
    """Mark what a program can mark: the written slots by their keys, the practicals in sandbox and judge.

    ``workers`` processes grade the practicals (as many as there are processors when None), ``watch`` is told how it
    goes. May be run again: a mark that did not change is not given twice, and one that a person gave stands.
    """
    from .. import autograde, nbcourse

    academy.sitting(sitting, "closed", "marked")
    credit = academy.scheme.marking.credit
    facts: list[Fact] = []
    with autograde.Engine() as engine:
        for row in _present(academy, sitting):
            handed = seats.find(academy.centre.room, row["seat"]).handed_in()
            assert handed is not None  # _present keeps those that handed in
            form = academy.form(sitting, row["form"])
            given = marking.mark_all(form, handed.answers, ENGINE, credit)
            given = [tested(one, form, handed.answers, engine) for one in given]
            by_program = {one.slot: one.points for one in given if one.points is not None}
            nbcourse.set_marks(academy.centre.course, row["person"], sitting, by_program)
            facts += [_mark_fact(row["seat"], one) for one in given if one.points is not None]
    report = autograde.batch(academy.centre.course, sitting, workers=workers, watch=watch)
    work.take_up(academy, sitting, ENGINE)
    facts += [*_gradebook_facts(academy, sitting, by_hand=False), *work.missing_marks(academy, sitting)]
    academy.store.append_all([*_changed(academy, facts, ENGINE), ("sitting.marked", sitting, {})], ENGINE)
    return report


def tested(mark: Mark, form: Form, answers: Mapping[str, Any], engine: autograde.Engine) -> Mark:
    """The mark, or for lines of code that wait for their tests what these say."""
    from .. import autograde

    slot = next(one for one in form.slots if one.name == mark.slot)
    if mark.points is not None or slot.question.code is None:
        return mark
    failed = autograde.failures(slot.question.code, str(answers[slot.name]), engine)
    return marking.mark_code(slot, failed.count(""), ENGINE)


def take_manual_marks(academy: Academy, sitting: str, marker: str) -> int:
    """Enter into the registry, as ``marker``'s, the marks given in formgrader since the last time; returns how many.

    Formgrader shows names and other people's marks: an answer that is marked blind is refused from there.
    """
    about = academy.sitting(sitting, "marked")
    facts = _changed(academy, _gradebook_facts(academy, sitting, by_hand=True), marker)
    if facts:
        check_qualified(academy, marker, "marker", about)
    blind = _blind_places(academy, sitting)
    for _, place, data in facts:
        if why := reasons(academy, marker, _person(academy, sitting, data["seat"]), about["opens_at"]):
            raise RuleBroken(f"{why[0]} and cannot mark {data['seat']}; let somebody else mark")
        if place in blind:
            raise RuleBroken(
                f"{place} is marked blind (academy exam rate), and its mark in formgrader does not count; "
                "clear it there"
            )
    academy.store.append_all(facts, marker)
    return len(facts)


def untaken(academy: Academy, sitting: str) -> list[str]:
    """Marks, as ``seat/slot``, that were given in formgrader and that the registry does not have."""
    blind = _blind_places(academy, sitting)
    facts = _changed(academy, _gradebook_facts(academy, sitting, by_hand=True), "")
    return [fact[1] for fact in facts if fact[1] not in blind]


def _blind_places(academy: Academy, sitting: str) -> set[str]:
    """Answers, as ``seat/slot``, whose marks come from blind markers only."""
    found = set(rated(academy, sitting))
    if blind_only(academy, sitting):
        cells = academy.practical_words(sitting).get("hand", {})
        for row in _present(academy, sitting):
            slots = academy.form(sitting, row["form"]).slots
            texts = [slot.name for slot in slots if slot.question.kind == "text"]
            found |= {f"{row['seat']}/{slot}" for slot in (*texts, *cells)}
    return found


def _whole(academy: Academy, seat: str, folder: SeatFolder) -> HandedIn | None:
    """What a seat handed in, when its record holds and it is the one that the office made; None when it did not."""
    handed = folder.handed_in()
    if handed is not None:
        if broken := folder.verify():
            raise RuleBroken(f"the journal of seat {seat} does not hold: {broken[0]} Keep it and ask the operator")
        check_seal(academy, seat, folder)
    return handed


def _collect(academy: Academy, sitting: str, row: dict[str, Any], handed: HandedIn) -> None:
    from .. import exams, nbcourse

    written = exams.written_answers(academy.form(sitting, row["form"]), handed.answers, row["language"])
    slots = [
        nbcourse.WrittenSlot(one.slot, one.points, by_hand=one.kind == "text", question=one.question, answer=one.answer)
        for one in written
    ]
    lines = (json.dumps({"slot": slot, "value": value}, ensure_ascii=False) for slot, value in handed.answers.items())
    files: dict[str, Any] = {
        "written.ipynb": nbcourse.submitted_written(slots),
        "answers.jsonl": "".join(f"{line}\n" for line in lines).encode(),
    }
    if handed.practical is not None:
        files["practical.ipynb"] = handed.practical
    nbcourse.submit(academy.centre.course, row["person"], sitting, files, seats.moment(handed.receipt["at"]))


def _present(academy: Academy, sitting: str) -> list[dict[str, Any]]:
    return [row for row in academy.seats(sitting) if row["handed_in_how"] in ("candidate", "clock")]


def _person(academy: Academy, sitting: str, seat: str) -> str:
    return next(str(row["person"]) for row in academy.seats(sitting) if row["seat"] == seat)


def _changed(academy: Academy, facts: list[Fact], marker: str) -> list[Fact]:
    """The facts that the registry does not have yet; a program never takes back what a person gave."""
    known = {row["mark"]: row for row in academy.store.rows("marks")}

    def new(mark: str, points: float) -> bool:
        if mark not in known:
            return True
        overruled = marker == ENGINE and known[mark]["marker"] != ENGINE
        return bool(known[mark]["points"] != points) and not overruled

    return [fact for fact in facts if new(fact[1], fact[2]["points"])]


def _gradebook_facts(academy: Academy, sitting: str, *, by_hand: bool) -> list[Fact]:
    """Marks that stand in the gradebook: those of people, or those of the practical's tests."""
    from .. import nbcourse

    level = int(academy.sitting(sitting)["level"])
    practical = academy.practical_words(sitting)
    facts = []
    for row in _present(academy, sitting):
        questions = {slot.name: slot.question for slot in academy.form(sitting, row["form"]).slots}
        for score in nbcourse.scores(academy.centre.course, sitting, row["person"]):
            _check_score(f"{row['seat']}/{score.cell}", score)
            # nbgrader asks a person again for every cell that is graded again, but an exam's answer cannot change.
            if (score.needs_person and score.manual is None) or (score.manual is not None) is not by_hand:
                continue
            question = questions.get(score.cell) if score.notebook == "written" else None
            if question is not None and not by_hand:
                continue  # the keys marked it already
            facts.append(
                _mark_fact(
                    row["seat"],
                    Mark(
                        slot=score.cell,
                        item_id=question.item_id if question else practical["id"],
                        item_version=question.item_version if question else practical["version"],
                        statement=question.statement if question else f"practical-{level}",
                        points=score.points,
                        max_points=score.max_points,
                        marker="",
                        note=score.comment or "",
                    ),
                )
            )
    return facts


def _check_score(mark: str, score: CellScore) -> None:
    """Refuse what formgrader lets a person enter and an exam does not know: extra credit, more than all points."""
    given = score.auto if score.manual is None else score.manual
    if abs(score.points - (given or 0)) > 1e-9 or not 0 <= score.points <= score.max_points:
        raise RuleBroken(
            f"{mark} has {score.points:g} of {score.max_points:g} points in formgrader, extra credit counted; "
            "an exam has none: enter the mark alone, from 0 to its points"
        )


def _mark_fact(seat: str, one: Mark) -> Fact:
    return (
        "mark.given",
        f"{seat}/{one.slot}",
        {
            "seat": seat,
            "slot": one.slot,
            "item": one.item_id,
            "item_version": one.item_version,
            "statement": one.statement,
            "points": one.points,
            "max_points": one.max_points,
            "note": one.note,
        },
    )
