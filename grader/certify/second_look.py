"""What somebody sees who looks at the marks of a seat again: every question with its answer, its key and its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import seats
from ..errors import RuleBroken
from ..model import Form, Slot
from .desk import Academy

__all__ = ["Looked", "look", "right_answer"]


@dataclass(frozen=True)
class Looked:
    """One question of a seat with its key: for the exam office only."""

    slot: str
    item: str
    question: str
    answer: str
    key: str
    points: float | None
    max_points: float
    marker: str
    note: str


def look(academy: Academy, seat: str, language: str = "en") -> list[Looked]:
    """The written part of a seat that handed in, slot by slot, as a person reads it."""
    from .. import exams

    row = academy.seat(seat)
    handed = seats.find(academy.centre.room, seat).handed_in()
    if handed is None:
        raise RuleBroken(f"seat {seat} handed in nothing, so there is nothing to look at")
    form = academy.form(row["sitting"], row["form"])
    keys = {slot.name: right_answer(slot) for slot in form.slots}
    told = exams.written_answers(form, handed.answers, language)
    right = exams.written_answers(form, keys, language)
    marks: Mapping[str, Mapping[str, Any]] = {mark["slot"]: mark for mark in academy.store.rows("marks", seat=seat)}
    return [
        Looked(
            slot=slot.name,
            item=f"{slot.question.item_id}@{slot.question.item_version}",
            question=one.question,
            answer=one.answer,
            key=key.answer,
            points=marks.get(slot.name, {}).get("points"),
            max_points=slot.question.points,
            marker=marks.get(slot.name, {}).get("marker") or "",
            note=_note(form, slot, marks.get(slot.name, {}).get("note") or ""),
        )
        for slot, one, key in zip(form.slots, told, right, strict=True)
    ]


def _note(form: Form, slot: Slot, note: str) -> str:
    tried = "tried out, counts for nothing" if slot.question.item_id in form.pilot else ""
    return "; ".join(text for text in (note, tried) if text)


def right_answer(slot: Slot) -> Any:
    """The answer that earns all points, in the numbers that the paper shows; None where a person judges."""
    key = slot.question.key
    match slot.question.kind:
        case "text":
            return None
        case "number":
            return f"{key:.10g}"
        case "code":
            return key
        case "choice":
            return _shown(slot.order, key)
        case "match":
            return {_shown(slot.order, left): _shown(slot.targets, right) for left, right in key.items()}
        case _:
            return [_shown(slot.order, one) for one in key]


def _shown(order: tuple[str, ...], name: str) -> str:
    return str(order.index(name) + 1)
