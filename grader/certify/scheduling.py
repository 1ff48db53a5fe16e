"""Before the exam: forms out of the bank, seats with their papers, extra time."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .. import decisions, exams, forms, ladder, nbcourse, notebooks, seats
from ..errors import InputError, RuleBroken
from ..exams import Practical, SeatPlan
from ..model import LANGUAGES, Bilingual, Form, digest
from ..nbcourse import WrittenSlot
from . import allotment, assembly, retakes, roomlog, taskpage, workplan
from .desk import Academy
from .panel import METHOD, cut_of
from .tasks import hand_tasks
from .workdays import Window

__all__ = ["PURPOSES", "Candidate", "SeatCard", "grant", "schedule"]

PURPOSES = {
    "certification": Bilingual("{level} examination", "{level}考试"),
    "practice": Bilingual("{level}: practice examination", "{level}模拟考试"),
    "demonstration": Bilingual("{level}: demonstration of the examination", "{level}考试演示"),
}

_FORMS = 2
"""Forms that a sitting makes for itself when it takes none from the shelf."""


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
class _Plan:
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
    practical = academy.practical(level)
    days = workplan.window_of(academy, practical, given_on or opens_at.astimezone().date())
    _check_sitting(academy, sitting, purpose, minutes - practical.minutes, opens_at, closes_at)
    _check_candidates(academy, level, candidates, purpose, opens_at)
    _check_certification(academy, level, purpose, length)
    written = minutes - practical.minutes
    taken = allotment.taken_from_shelf(academy, level, purpose, form_names, written, opens_at.date())
    plan = _Plan(
        sitting, level, _title(academy, level, purpose), minutes, _iso(opens_at), _iso(closes_at), purpose, practical,
        days,
    )  # fmt: skip
    _claim(academy, sitting)
    try:
        return _make(academy, plan, candidates, taken, length, by)
    except BaseException:
        # Half a sitting helps nobody: the registry knows nothing of it yet, so its folders go too.
        course = academy.centre.course
        for folder in (*_folders(academy, sitting), course / "release" / sitting, *course.glob(f"data/*/{sitting}")):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _make(
    academy: Academy, plan: _Plan, candidates: Sequence[Candidate], taken: Sequence[Form], length: int | None, by: str
) -> list[SeatCard]:
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


def _check_sitting(
    academy: Academy, sitting: str, purpose: str, minutes: int, opens_at: datetime, closes_at: datetime
) -> None:
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
    if minutes <= 0:
        raise InputError(f"the practical alone takes {-minutes} minutes more than the seat has; give --minutes more")

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


def _own_forms(academy: Academy, plan: _Plan, length: int | None) -> list[Form]:
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
        raise InputError(f"{error}; --minutes leaves {minutes:g} minutes for the questions") from error


def _publish(academy: Academy, plan: _Plan, form: Form) -> None:
    course = academy.centre.course
    nbcourse.create(course, course_id="academy", exchange=academy.centre.exchange)
    slots = [WrittenSlot(slot.name, slot.question.points, by_hand=slot.question.kind == "text") for slot in form.slots]
    notebooks_ = {"written.ipynb": nbcourse.written_notebook(slots)}
    if plan.window is None:
        notebooks_["practical.ipynb"] = _practical(plan, "en")
    nbcourse.publish(course, plan.sitting, notebooks_)


def _practical_words(plan: _Plan) -> dict[str, Any]:
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


def _practical(plan: _Plan, language: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(notebooks.to_bytes(notebooks.choose(plan.practical.source, language)))
    return made


def _seat(
    academy: Academy, plan: _Plan, seat: str, candidate: Candidate, form: Form, by: str
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


def _files(plan: _Plan, language: str, seed: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The seat's own data, and all that the candidate gets: the released notebook beside them."""
    data = exams.seat_data(plan.practical, seed)
    released = json.dumps(nbcourse.released(_practical(plan, language)), ensure_ascii=False).encode()
    return data, {"practical.ipynb": released, **data}


def _accommodations(candidate: Candidate) -> dict[str, float]:
    """What is arranged for a candidate beside extra time, without what everybody has."""
    asked = {"type_percent": candidate.type_percent, "break_min": candidate.break_min}
    return {name: value for name, value in asked.items() if value != {"type_percent": 100, "break_min": 0}[name]}


def _sitting_facts(academy: Academy, plan: _Plan, made: Sequence[Form]) -> dict[str, Any]:
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


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
