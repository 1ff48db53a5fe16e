"""An exam office with one frozen form and the seats that sat it, made of facts alone: no room is run, nobody marks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from grader import exams, forms, marking, seats
from grader.certify import Academy
from grader.exams import SeatPlan
from grader.model import Bilingual, Criterion, Form, Option, Question

FORM, SITTING = "F1", "TL-1"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def text(words: str) -> Bilingual:
    return Bilingual(words, f"题{words}")


def choice(number: int) -> Question:
    """Right is always a; the paper shows it somewhere."""
    options = tuple(Option(letter, text(f"{number}{letter}"), right=letter == "a") for letter in "abcd")
    return Question(
        f"FC-2.{number}-i", 1, None, "choice", f"FC-2.{number}", 1.0, text(f"choice {number}"), options, key="a"
    )


def questions(choices: int, key: float = 40.0, variant: int = 101) -> list[Question]:
    """So many choices, a multi, a calculation and a written answer of four points."""
    ticks = tuple(Option(letter, text(letter), right=letter in "ac") for letter in "abcd")
    rubric = (Criterion("r1", text("says why"), 2.0), Criterion("r2", text("gives an example"), 2.0))
    return [
        *(choice(number) for number in range(1, choices + 1)),
        Question("QA-2.1-multi", 2, None, "multi", "QA-2.1", 1.0, text("tick two"), ticks, key=("a", "c")),
        Question("FC-2.9-sum", 1, variant, "number", "FC-2.9", 1.0, text("how many"), key=key, tolerance=0.5),
        Question("PP-2.1-why", 1, None, "text", "PP-2.1", 4.0, text("why"), rubric=rubric),
    ]


def office_form(
    academy: Academy,
    choices: int = 7,
    form: str = FORM,
    folder: str = SITTING,
    *,
    key: float = 40.0,
    variant: int = 101,
) -> Form:
    """The form, sealed in the office; half the just-qualified candidates are expected to answer each item."""
    asked = questions(choices, key, variant)
    made = forms.freeze(form, 2, asked, {one.item_id: 0.5 for one in asked}, [], 7)
    academy.write_office(folder, f"{form}.json", forms.to_json(made))
    return made


def schedule(
    academy: Academy, form: Form, people: Sequence[str], sitting: str = SITTING, purpose: str = "practice"
) -> None:
    """The facts of a sitting in which everybody has this form."""
    moment = START.isoformat()
    facts: list[tuple[str, str, dict[str, Any]]] = [
        (
            "sitting.scheduled", sitting,
            {
                "level": 2, "purpose": purpose, "title_en": "T", "title_zh": "题", "opens_at": moment,
                "closes_at": (START + timedelta(hours=3)).isoformat(), "minutes": 60, "scheme": "1", "framework": "1",
                "forms": {form.id: {"digest": form.digest, "cut": form.expected_points}},
                "cut_method": "author's Angoff", "cut_practical_percent": 60,
            },
        )
    ]  # fmt: skip
    for number, person in enumerate(people, start=1):
        seat = {"sitting": sitting, "person": person, "form": form.id, "form_digest": form.digest}
        language = "zh" if number % 2 else "en"
        facts.append(("seat.assigned", f"{sitting}-{number:03d}", {**seat, "language": language, "minutes": 60}))
    academy.store.append_all(facts, "office")


def shown(form: Form, slot: str, wanted: str) -> str:
    """The number under which the paper shows an option of the source."""
    order = next(one.order for one in form.slots if one.name == slot)
    return str(order.index(wanted) + 1)


def answer(form: Form, ability: float, luck: random.Random) -> dict[str, Any]:
    """What somebody answers who gets an item with about this chance; wrong choices are b, wrong numbers 36."""
    given: dict[str, Any] = {}
    for slot in form.slots:
        knows, kind = luck.random() < ability, slot.question.kind
        if kind == "choice":
            given[slot.name] = shown(form, slot.name, "a" if knows else "b")
        elif kind == "multi":
            given[slot.name] = [shown(form, slot.name, letter) for letter in ("ac" if knows else "ab")]
        elif kind == "number":
            given[slot.name] = "40" if knows else "36"
        else:
            given[slot.name] = "because" if knows else ""
    return given


def sit(
    academy: Academy,
    form: Form,
    given: Sequence[dict[str, Any]],
    sitting: str = SITTING,
    *,
    room: bool = True,
    day: int = 0,
) -> None:
    """Hand in and mark: keys by the program, four points for any written answer; with ``room``, folders of the room."""
    facts: list[tuple[str, str, dict[str, Any]]] = []
    for number, answers in enumerate(given, start=1):
        seat = f"{sitting}-{number:03d}"
        if room:
            row = next(row for row in academy.seats(sitting) if row["seat"] == seat)
            handed_in(academy, form, seat, sitting, row["language"], answers)
        facts.append(
            (
                "seat.handed-in",
                seat,
                {"at": (START + timedelta(days=day)).isoformat(), "how": "candidate", "digest": "0", "answered": 1},
            )
        )
        for one in marking.mark_all(form, answers):
            points = one.max_points if one.points is None else one.points
            mark = {"seat": seat, "slot": one.slot, "item": one.item_id, "item_version": one.item_version}
            rest = {"statement": one.statement, "points": points, "max_points": one.max_points, "note": ""}
            facts.append(("mark.given", f"{seat}/{one.slot}", mark | rest))
    academy.store.append_all([*facts, ("sitting.closed", sitting, {}), ("sitting.marked", sitting, {})], "engine")


def handed_in(academy: Academy, form: Form, seat: str, sitting: str, language: str, answers: dict[str, Any]) -> None:
    """The room's folder of one seat that sat and handed in."""
    plan = SeatPlan(
        seat, sitting, seat, seat, language, 60, START.isoformat(), (START + timedelta(hours=3)).isoformat(),
        text("exam"), "practice",
    )  # fmt: skip
    exams.assign(academy.centre.room, form, plan, None, {})
    folder = seats.find(academy.centre.room, seat)
    folder.start(START)
    for slot, value in answers.items():
        if value not in ("", []):
            folder.save(slot, value, START + timedelta(minutes=1))
    folder.hand_in(START + timedelta(minutes=30), "candidate", None)


def everybody(form: Form, count: int, seed: int = 3) -> list[dict[str, Any]]:
    """Answers of so many people, from weak to strong."""
    luck = random.Random(seed)
    return [answer(form, 0.15 + 0.8 * number / max(1, count - 1), luck) for number in range(count)]
