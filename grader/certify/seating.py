"""A sitting is made: its forms, the course that marks it, a seat with its paper for each candidate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from .. import decisions, exams, forms, ladder, nbcourse, notebooks, seats
from ..errors import InputError, RuleBroken
from ..exams import SeatPlan
from ..model import LANGUAGES, Form, digest
from ..nbcourse import WrittenSlot
from . import allotment, assembly, taskpage, workplan
from .cuts import METHOD, cut_of
from .desk import Academy
from .scheduling import Candidate, Plan, SeatCard
from .tasks import hand_tasks

__all__ = ["make"]

_FORMS = 2
"""Forms that a sitting makes for itself when it takes none from the shelf."""


def make(
    academy: Academy, plan: Plan, candidates: Sequence[Candidate], taken: Sequence[Form], length: int | None, by: str
) -> list[SeatCard]:
    """Make the sitting of a plan with the forms that were ``taken`` from the shelf, or with two of its own."""
    made = taken or _own_forms(academy, plan, length)
    given = allotment.allot(academy, [candidate.person for candidate in candidates], made, plan.purpose)
    for form in made:
        academy.write_office(plan.sitting, f"{form.id}.json", forms.to_json(form))
    _publish(academy, plan, made[0])
    cards = []
    facts = [] if taken else [assembly.fact_of(academy, form, plan.sitting, plan.purpose, False) for form in made]
    for number, (candidate, form) in enumerate(zip(candidates, given, strict=True), start=1):
        card, fact = _seat(academy, plan, f"{plan.sitting}-{number:02d}", candidate, form, by)
        cards.append(card)
        facts.append(fact)
    academy.write_office(plan.sitting, "practical.json", _practical_words(plan))
    if plan.window:
        for language in LANGUAGES:
            page = taskpage.task_page(plan.practical, plan.window, plan.title, language)
            academy.write_office(plan.sitting, f"task-{language}.html", page.encode())
    code = exams.open_to_invigilators(
        academy.centre.room, plan.sitting, plan.title, plan.opens_at, plan.closes_at, plan.purpose
    )
    invigilator = SeatCard("invigilator", "", "", "", code)
    academy.write_office(plan.sitting, "cards.json", [asdict(card) for card in (*cards, invigilator)])
    academy.store.append_all([("sitting.scheduled", plan.sitting, _sitting_facts(academy, plan, made)), *facts], by)
    return cards


def _own_forms(academy: Academy, plan: Plan, length: int | None) -> list[Form]:
    """Two parallel forms for this sitting alone; where the bank is small, they have items in common."""
    if any(event.data["set"] == plan.sitting for event in academy.store.events("form.assembled")):
        raise RuleBroken(f"there are forms of the name {plan.sitting} already; choose another name for the sitting")
    minutes = plan.minutes - plan.practical.minutes
    try:
        return assembly.draw_up(
            academy,
            [f"{plan.sitting}-F{number}" for number in range(1, _FORMS + 1)],
            plan.level,
            academy.scheme.level(plan.level).scored if length is None else length,
            minutes,
            seed=int(digest({"sitting": plan.sitting})[:8], 16),
            purpose=plan.purpose,
        )
    except InputError as error:
        raise InputError(f"--minutes leaves {minutes:g} minutes for the questions: {error}") from error


def _publish(academy: Academy, plan: Plan, form: Form) -> None:
    course = academy.centre.course
    nbcourse.create(course, course_id="academy", exchange=academy.centre.exchange)
    slots = [WrittenSlot(slot.name, slot.question.points, by_hand=slot.question.kind == "text") for slot in form.slots]
    notebooks_ = {"written.ipynb": nbcourse.written_notebook(slots)}
    if plan.window is None:
        notebooks_["practical.ipynb"] = _practical(plan, "en")
    nbcourse.publish(course, plan.sitting, notebooks_)


def _practical_words(plan: Plan) -> dict[str, Any]:
    """What marking and deciding need: the bank may have changed by then."""
    practical = plan.practical
    cells = (cell.metadata.get("nbgrader", {}) for cell in practical.source.cells)
    points = {str(words["grade_id"]): float(words["points"]) for words in cells if words.get("grade")}
    words: dict[str, Any] = {"id": practical.id, "version": practical.version, "level": practical.level}
    words |= {"points": points, "hand": hand_tasks(practical)}
    if practical.work and practical.work.interview:
        interview = practical.work.interview
        words["interview"] = {**asdict(interview), **words["hand"].pop(interview.part)}
    return words | ({"work": workplan.words(plan.practical, plan.window)} if plan.window else {})


def _practical(plan: Plan, language: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(notebooks.to_bytes(notebooks.choose(plan.practical.source, language)))
    return made


def _seat(
    academy: Academy, plan: Plan, seat: str, candidate: Candidate, form: Form, by: str
) -> tuple[SeatCard, tuple[str, str, dict[str, Any]]]:
    person = academy.person(candidate.person)
    language = candidate.language or person["language"] or "zh"
    seed = int(digest({"seat": seat, "form": form.digest})[:8], 16)
    work = workplan.words(plan.practical, plan.window) if plan.window else None
    data, files = ({}, {}) if work else _files(plan, language, seed)
    seat_plan = SeatPlan(
        seat, plan.sitting, candidate.person, person["name"], language, plan.minutes, plan.opens_at,
        plan.closes_at, plan.title, plan.purpose, _accommodations(candidate), work,
    )  # fmt: skip
    code = exams.assign(academy.centre.room, form, seat_plan, None if work else plan.practical, files)
    nbcourse.add_students(academy.centre.course, [(candidate.person, "", person["name"])])
    if data:
        nbcourse.set_data(academy.centre.course, candidate.person, plan.sitting, data)
    if candidate.extra_min:
        seats.find(academy.centre.room, seat).grant(candidate.extra_min, candidate.reason, by, datetime.now(UTC))
    fact = {
        "sealed": seats.find(academy.centre.room, seat).seal(),
        "accommodations": _accommodations(candidate),
        "sitting": plan.sitting,
        "person": candidate.person,
        "form": form.id,
        "form_digest": form.digest,
        "language": language,
        "minutes": plan.minutes,
        "extra_min": candidate.extra_min,
        "reason": candidate.reason,
        "practical": plan.practical.id,
        "practical_seed": seed,
    }
    if plan.purpose == "certification":
        held, day = academy.store.rows("certificates", person=candidate.person), plan.opens_at[:10]
        shown = ladder.entry_shown(academy.scheme.level(plan.level), person, held, date.fromisoformat(day))
        fact["entry"] = shown
    return SeatCard(seat, candidate.person, person["name"], language, code), ("seat.assigned", seat, fact)


def _files(plan: Plan, language: str, seed: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The seat's own data, and all that the candidate gets: the released notebook beside them."""
    data = exams.seat_data(plan.practical, seed)
    released = json.dumps(nbcourse.released(_practical(plan, language)), ensure_ascii=False).encode()
    return data, {"practical.ipynb": released, **data}


def _accommodations(candidate: Candidate) -> dict[str, float]:
    """What is arranged for a candidate beside extra time, without what everybody has."""
    asked = {"type_percent": candidate.type_percent, "break_min": candidate.break_min}
    return {name: value for name, value in asked.items() if value != {"type_percent": 100, "break_min": 0}[name]}


def _sitting_facts(academy: Academy, plan: Plan, made: Sequence[Form]) -> dict[str, Any]:
    cuts = {form.id: cut_of(academy, form.digest) for form in made}
    points = {name: cut.points for name, cut in cuts.items() if cut}
    said = {form.id: {"digest": form.digest, "cut": points.get(form.id, decisions.angoff_cut(form))} for form in made}
    return {
        "level": plan.level,
        "scheme": academy.scheme.version,
        "framework": academy.framework.version,
        "title_en": plan.title.en,
        "title_zh": plan.title.zh,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        "minutes": plan.minutes,
        "purpose": plan.purpose,
        "forms": said,
        "cut_method": METHOD if all(cuts.values()) else "author's Angoff",
        "cut_practical_percent": academy.scheme.level(plan.level).practical_cut_percent,
    } | (
        {"work": {name: workplan.words(plan.practical, plan.window)[name] for name in ("opens_at", "ends_at", "days")}}
        if plan.window
        else {}
    )
