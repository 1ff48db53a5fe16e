"""A form, a seat and a language become a paper and a seat folder; a paper and its answers become what markers read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import notebooks, seats
from ..model import LANGUAGES, Bilingual, Form, Option, Slot
from .practicals import Practical

__all__ = [
    "MAX_CHARS",
    "SeatPlan",
    "WrittenAnswer",
    "assign",
    "open_to_invigilators",
    "paper",
    "written_answers",
]

MAX_CHARS = 3000
"""The longest written answer, in characters."""
MAX_CODE_CHARS = 2000
"""The longest answer in code."""

# Read aloud over a phone without doubt: no 0 and O, no 1, I and L, no 5 and S, no 8 and B.
_CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXYZ234679"


@dataclass(frozen=True)
class SeatPlan:
    """Who sits where, in which language, for how long."""

    seat: str
    sitting: str
    candidate: str
    name: str
    language: str
    minutes: int
    opens_at: str
    closes_at: str
    title: Bilingual
    purpose: str
    """``demonstration``, ``practice`` or ``certification``."""
    accommodations: Mapping[str, float] = field(default_factory=dict)
    """Beside extra time: ``type_percent`` (size of the letters, 100 to 300), ``break_min`` (minutes of own breaks)."""
    work: Mapping[str, Any] | None = None
    """Of a work product: the task's id and version, its ``files``, and when it ``opens_at`` and ``ends_at``."""


@dataclass(frozen=True)
class WrittenAnswer:
    """One slot as a marker reads it, in Markdown: the question in the seat's language and what was answered."""

    slot: str
    kind: str
    points: float
    question: str
    answer: str


def paper(form: Form, plan: SeatPlan, practical: Practical | None) -> dict[str, Any]:
    """The paper of a seat: texts in its language, options in the order of the form, numbered 1, 2, ...; no key."""
    return {
        "paper": 1,
        "seat": plan.seat,
        "sitting": plan.sitting,
        "language": plan.language,
        "title": plan.title.say(plan.language),
        "candidate": {"id": plan.candidate, "name": plan.name},
        "minutes": plan.minutes,
        "purpose": plan.purpose,
        "questions": [_question(slot, plan.language) for slot in form.slots],
        # Said to everybody, so that nobody asks why the points of the result are fewer; never which ones they are.
        "trial": bool(form.pilot),
        "practical": practical and {"title": practical.title.say(plan.language), "minutes": practical.minutes},
    }


def assign(room: Path, form: Form, plan: SeatPlan, practical: Practical | None, files: Mapping[str, bytes]) -> str:
    """Make the seat's folder in the room and return the access code that is handed to the candidate.

    ``files`` is the practical as the candidate gets it: the released notebook and the seat's data.
    """
    code = _new_code()
    seat: dict[str, Any] = {
        "seat": plan.seat,
        "sitting": plan.sitting,
        "candidate": {"id": plan.candidate, "name": plan.name},
        "language": plan.language,
        "minutes": plan.minutes,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
        # The code itself stays with the exam office.
        "code_sha256": seats.code_sha256(code),
        "form_digest": form.digest,
        "title": plan.title.say(plan.language),
    }
    if plan.accommodations:
        seat["accommodations"] = dict(plan.accommodations)
    if plan.work:
        seat["work"] = dict(plan.work)
    seats.create(room / plan.sitting / plan.seat, seat, paper(form, plan, practical), files)
    return code


def open_to_invigilators(
    room: Path, sitting: str, title: Bilingual, opens_at: str, closes_at: str, purpose: str
) -> str:
    """Make the sitting's own paper in the room and return the access code that is handed to its invigilators."""
    code = _new_code()
    about = {
        "sitting": sitting,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "titles": {language: title.say(language) for language in LANGUAGES},
        "purpose": purpose,
        "code_sha256": seats.code_sha256(code),
    }
    seats.create_sitting(room / sitting, about)
    return code


def _new_code() -> str:
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def written_answers(form: Form, answers: Mapping[str, Any], language: str) -> list[WrittenAnswer]:
    """What a seat answered, slot by slot, as a person reads it; display numbers are turned back into texts."""
    return [
        WrittenAnswer(
            slot.name,
            slot.question.kind,
            slot.question.points,
            _question_text(slot, language),
            _answer_text(slot, answers.get(slot.name), language),
        )
        for slot in form.slots
    ]


def _question(slot: Slot, language: str) -> dict[str, Any]:
    question = slot.question
    shown: dict[str, Any] = {
        "slot": slot.name,
        "kind": question.kind,
        "points": question.points,
        "stem_html": notebooks.render_html(question.stem.say(language)),
    }
    if question.options:
        shown["options"] = _numbered(_in_order(question.options, slot.order), language)
    if question.targets:
        shown["targets"] = _numbered(_in_order(question.targets, slot.targets), language)
    if question.headings:
        shown["headings"] = [heading.say(language) for heading in question.headings]
    if question.kind == "multi":
        shown["choose"] = sum(option.right for option in question.options)
    if question.unit is not None:
        shown["unit"] = question.unit.say(language)
    if question.kind == "text":
        shown["max_chars"] = MAX_CHARS
    if question.code:
        shown |= {"max_chars": MAX_CODE_CHARS, "given": question.code.given}
    return shown


def _in_order(options: tuple[Option, ...], order: tuple[str, ...]) -> list[Option]:
    by_id = {option.id: option for option in options}
    return [by_id[name] for name in order] if order else list(options)


def _numbered(options: list[Option], language: str) -> list[dict[str, str]]:
    return [
        {"id": str(number), "html": notebooks.render_html(option.text.say(language))}
        for number, option in enumerate(options, start=1)
    ]


def _question_text(slot: Slot, language: str) -> str:
    question = slot.question
    shown = [question.stem.say(language)]
    for options, order in ((question.options, slot.order), (question.targets, slot.targets)):
        if options:
            lines = enumerate(_in_order(options, order), start=1)
            shown.append("\n".join(f"{number}. {_flat(option, language)}" for number, option in lines))
    if question.code and question.code.given:
        shown.append(_fenced(question.code.given))
    return "\n\n".join(shown)


def _fenced(code: str) -> str:
    """The code as a block of Markdown that it cannot end itself."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}python\n{code.strip()}\n{fence}"


def _answer_text(slot: Slot, value: Any, language: str) -> str:
    question = slot.question
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if question.kind in ("number", "text"):
        return str(value)
    if question.code:
        return _fenced(str(value))
    options = _in_order(question.options, slot.order)

    def say(number: str) -> str:
        return f"{number}. {_flat(options[int(number) - 1], language)}"

    if question.kind == "match":
        targets = _in_order(question.targets, slot.targets)
        return "\n".join(
            f"- {say(left)} → {_flat(targets[int(right) - 1], language)}" for left, right in sorted(value.items())
        )
    chosen = [value] if isinstance(value, str) else value
    return "\n".join(f"- {say(number)}" for number in chosen)


def _flat(option: Option, language: str) -> str:
    return " ".join(option.text.say(language).split())
