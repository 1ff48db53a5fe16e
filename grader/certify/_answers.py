"""Every answer that a form has had: read out of the registry and the room once, for statistics and for the panel."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from .. import marking, psychometrics, seats
from ..errors import AcademyError, InputError
from ..model import Form, Question, Slot
from ..psychometrics import Answers, OptionFigures
from .desk import Academy

__all__ = ["MARKED", "Sat", "answers_of", "label"]

MARKED = ("marked", "decided")
_SHOWN_NUMBERS = 5
"""Wrong numbers of a calculation that its table shows, the commonest first."""
_WITH_OPTIONS = ("choice", "multi", "number")


def label(question: Question) -> str:
    """``id@version``: answers to an older wording count for the older version."""
    return f"{question.item_id}@{question.item_version}"


def answers_of(academy: Academy, digest: str) -> Answers | None:
    """The answers to one form outside of demonstrations; None when nobody sat it."""
    return Sat(academy, demonstration=False, digest=digest).answers.get(digest)


class Sat:
    """The forms that were sat in marked sittings, with the answers to each."""

    def __init__(self, academy: Academy, *, demonstration: bool, digest: str | None = None) -> None:
        self.academy = academy
        self.left_out: list[str] = []
        """Seats that do not count: a mark is missing, or the person had sat the same form before."""
        self.forms: dict[str, Form] = {}
        self.answers: dict[str, Answers] = {}
        self.rows: dict[str, list[Mapping[str, Any]]] = {}
        """The registry's rows of the seats, in the order of the answers."""
        self._handed: dict[str, Mapping[str, Any] | None] = {}
        sittings = {
            row["sitting"]
            for row in academy.store.rows("sittings")
            if row["state"] in MARKED and (row["purpose"] == "demonstration") == demonstration
        }
        where = {} if digest is None else {"form_digest": digest}
        present = [
            row
            for row in academy.store.rows("seats", **where)
            if row["sitting"] in sittings and row["handed_in_how"] in ("candidate", "clock")
        ]
        present.sort(key=lambda row: (row["form_digest"], row["handed_in_at"]))
        marks = self._marks() if present else {}
        for form_digest, group in groupby(present, key=lambda row: str(row["form_digest"])):
            self._read(form_digest, list(group), marks)

    def _marks(self) -> dict[str, dict[str, float]]:
        marks: dict[str, dict[str, float]] = {}
        for mark in self.academy.store.rows("marks"):
            marks.setdefault(mark["seat"], {})[mark["slot"]] = mark["points"]
        return marks

    def _read(self, digest: str, group: Sequence[Mapping[str, Any]], marks: Mapping[str, Mapping[str, float]]) -> None:
        form = self.academy.form(group[0]["sitting"], group[0]["form"])
        names = [slot.name for slot in form.slots]
        kept: dict[str, Mapping[str, Any]] = {}
        for row in group:
            given = marks.get(row["seat"], {})
            if row["person"] in kept or any(given.get(name) is None for name in names):
                self.left_out.append(row["seat"])
            else:
                kept[row["person"]] = row
        if kept:
            self.forms[digest], self.rows[digest] = form, list(kept.values())
            self.answers[digest] = psychometrics.answers(
                [row["seat"] for row in kept.values()],
                [label(slot.question) for slot in form.slots],
                [slot.question.points for slot in form.slots],
                [[marks[row["seat"]][name] for name in names] for row in kept.values()],
                [label(slot.question) for slot in form.slots if slot.question.item_id in form.pilot],
            )

    def languages(self, item: str) -> dict[str, tuple[int, float]]:
        """Answers and facility of an item by language, over all forms."""
        shares: dict[str, list[float]] = {}
        for digest, group in self.answers.items():
            if item in group.items:
                column = group.items.index(item)
                for row, points in zip(self.rows[digest], group.points[:, column], strict=True):
                    shares.setdefault(row["language"], []).append(float(points / group.most[column]))
        return {language: (len(found), float(np.mean(found))) for language, found in sorted(shares.items())}

    def options(self, question: Question) -> list[OptionFigures]:
        """Who chose what, over all forms; the rest of a form counts by how far it lies from that form's mean.

        Of a calculation the commonest wrong numbers; nothing of other kinds, and of seats whose folder is gone.
        """
        if question.kind not in _WITH_OPTIONS:
            return []
        if question.kind == "number":
            return self._numbers(label(question))
        chosen: list[Collection[str]] = []
        rests: list[float] = []
        for slot, value, _, rest in self._given(label(question)):
            chosen.append(_ticks(value, slot))
            rests.append(rest)
        return psychometrics.option_table(chosen, {one.id: one.right for one in question.options}, np.array(rests))

    def _numbers(self, item: str) -> list[OptionFigures]:
        """The numbers that were given, variant by variant: each asks for another one."""
        variants: dict[int | None, list[tuple[list[str], bool, float]]] = {}
        for slot, value, full, rest in self._given(item):
            variants.setdefault(slot.question.variant, []).append((_number(value, slot), full, rest))
        rows: list[OptionFigures] = []
        for _, given in sorted(variants.items(), key=lambda pair: pair[0] or 0):
            right = {number: full for numbers, full, _ in given for number in numbers}
            rests = np.array([rest for *_, rest in given])
            rows += _commonest(psychometrics.option_table([numbers for numbers, *_ in given], right, rests))
        return rows

    def _given(self, item: str) -> Iterator[tuple[Slot, Any, bool, float]]:
        """Every answer to an item: the slot, what was handed in, whether it earned all, and the rest of the form."""
        for digest, group in self.answers.items():
            if item not in group.items:
                continue
            column = group.items.index(item)
            slot, rest = self.forms[digest].slots[column], group.rest(column)
            away = (rest - rest.mean()) / (rest.std() or 1.0)
            for row, seat in enumerate(self.rows[digest]):
                if (handed := self._handed_in(seat["seat"])) is not None:
                    full = bool(group.points[row, column] == group.most[column])
                    yield slot, handed.get(slot.name), full, float(away[row])

    def _handed_in(self, seat: str) -> Mapping[str, Any] | None:
        """The answers of a seat as they were handed in; None when the room's folder is gone or damaged."""
        if seat not in self._handed:
            try:
                work = seats.find(self.academy.centre.room, seat).handed_in()
                self._handed[seat] = work.answers if work else None
            except (AcademyError, OSError, ValueError):
                self._handed[seat] = None
        return self._handed[seat]


def _ticks(value: Any, slot: Slot) -> list[str]:
    """The options, as the source names them, that an answer by the numbers on the paper ticks."""
    order = slot.order or tuple(option.id for option in slot.question.options)
    shown = value if isinstance(value, list | tuple) else [value]
    return [
        order[int(number) - 1]
        for number in shown
        if isinstance(number, str) and number.isascii() and number.isdigit() and 1 <= int(number) <= len(order)
    ]


def _number(value: Any, slot: Slot) -> list[str]:
    """The number that was given, with the variant that asked for it; nothing for a blank or what is no number."""
    try:
        number = marking.read_number(str(value or ""), slot.question.unit)
    except InputError:
        return []
    return [f"{number:.6g}" if slot.question.variant is None else f"{number:.6g} (variant {slot.question.variant})"]


def _commonest(rows: Sequence[OptionFigures]) -> list[OptionFigures]:
    wrong = sorted((row for row in rows if not row.right and row.option != psychometrics.NO_ANSWER), key=_by_count)
    return [*(row for row in rows if row.right), *wrong[:_SHOWN_NUMBERS], *rows[-1:]]


def _by_count(row: OptionFigures) -> tuple[int, str]:
    return -row.chosen, row.option
