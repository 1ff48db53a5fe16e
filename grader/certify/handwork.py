"""Answers that people mark: which there are in a sitting, the marks that each has, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from .. import marking
from ..marking import Standing
from ..model import Bilingual, Criterion, Form
from .desk import Academy
from .tasks import criteria_of
from .work import ready_parts

__all__ = [
    "ENGINE",
    "SETTLED",
    "Handwork",
    "Rated",
    "blind_only",
    "by_hand",
    "given_marks",
    "ordered",
    "rated",
    "works",
]

ENGINE = "engine"
"""Who gives the marks that no person gives."""
SETTLED = "markers"
"""Who gives the mark on which blind markers settled."""

Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Rated:
    """One marker's mark of an answer."""

    marker: str
    points: float
    criteria: Mapping[str, float]
    note: str


class Asked(NamedTuple):
    """The item that was asked."""

    id: str
    version: int
    variant: int | None
    statement: str


_UNMARKED = Standing(None, 0, "")


@dataclass(frozen=True)
class Handwork:
    """An answer that a person marks, the marks that it has, and where they stand."""

    seat: str
    person: str
    language: str
    part: str
    """``written`` or ``practical``."""
    slot: str
    item: Asked
    question: Bilingual
    sample: str
    rubric: tuple[Criterion, ...]
    files: bool = False
    """Whether it is a part of a work product, which lies in files and not in a notebook."""
    marks: tuple[Rated, ...] = ()
    standing: Standing = _UNMARKED

    @property
    def place(self) -> str:
        """The subject of its marks."""
        return f"{self.seat}/{self.slot}"

    @property
    def points(self) -> float:
        """The most that it can earn."""
        return sum(line.points for line in self.rubric)


def blind_only(academy: Academy, sitting: str) -> bool:
    """Whether people's marks count only when they are blind: where a certificate wants several markers."""
    row = academy.sitting(sitting)
    return bool(row["purpose"] == "certification" and academy.scheme.level(row["level"]).markers > 1)


def works(academy: Academy, sitting: str) -> list[Handwork]:
    """Every answer of a sitting that blind markers have marked or are to mark; blank ones earned 0 by program."""
    about = academy.sitting(sitting)
    blind, orders, forms = rated(academy, sitting), ordered(academy, sitting), _forms(academy, about)
    given = given_marks(academy, sitting)
    found: list[Handwork] = []
    for row in academy.seats(sitting):
        if row["handed_in_how"] not in ("candidate", "clock"):
            continue
        seat, mine = row["seat"], given.get(row["seat"], {})
        form, cut = forms[row["form"]]
        hand = [_with_marks(one, blind, mine) for one in by_hand(academy, about, row, form)]
        hand = [
            one for one in hand if one.slot not in mine or one.place in blind or one.place in orders or _came(one, mine)
        ]
        slots = {slot.name for slot in form.scored}
        for part in ("written", "practical"):
            these = [one for one in hand if one.part == part]
            others = {"written": slots, "practical": set(academy.practical_points(sitting))}[part]
            fixed = _fixed(others - {one.slot for one in these}, mine)
            again = {place.split("/")[1]: after for place, after in orders.items() if place.startswith(f"{seat}/")}
            bar = cut if part == "written" else _practical_cut(academy, about)
            found += _stand(academy, about, these, fixed, bar, again)
    return found


def by_hand(academy: Academy, about: Mapping[str, Any], row: Mapping[str, Any], form: Form) -> Iterator[Handwork]:
    """The answers of a seat that only a person can mark, blank ones too."""
    who = (row["seat"], row["person"], row["language"])
    for slot in form.slots:
        one = slot.question
        if one.kind == "text":
            item = Asked(one.item_id, one.item_version, one.variant, one.statement)
            yield Handwork(*who, "written", slot.name, item, one.stem, "", one.rubric)
    words = academy.practical_words(about["sitting"])
    files = "work" in words
    ready = ready_parts(academy, row["seat"]) if files else set(words.get("hand", {}))
    for cell, task in words.get("hand", {}).items():
        if cell in ready:
            item = Asked(words["id"], words["version"], None, f"practical-{about['level']}")
            question, rubric = Bilingual(**task["question"]), criteria_of(task)
            yield Handwork(*who, "practical", cell, item, question, task["sample"], rubric, files)


def rated(academy: Academy, sitting: str) -> dict[str, list[Rated]]:
    """The blind marks of a sitting by answer, in the order in which they came."""
    found: dict[str, list[Rated]] = {}
    seen: set[str] = set()
    for event in academy.store.events("mark.blind"):
        data = event.data
        # The subject names the marker: one taken in twice at the same moment counts once.
        if data["sitting"] == sitting and event.subject not in seen:
            seen.add(event.subject)
            mark = Rated(event.by, data["points"], data["criteria"], data["note"])
            found.setdefault(f"{data['seat']}/{data['slot']}", []).append(mark)
    return found


def ordered(academy: Academy, sitting: str) -> dict[str, int]:
    """Answers that were ordered to be marked again, with the number of marks that they had by then."""
    seats = {row["seat"] for row in academy.seats(sitting)}
    events = [event for event in academy.store.events("mark.remark") if event.subject in seats]
    return {f"{event.subject}/{slot}": after for event in events for slot, after in event.data["after"].items()}


def given_marks(academy: Academy, sitting: str) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The marks that count, by seat and slot."""
    seats = {row["seat"] for row in academy.seats(sitting)}
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in academy.store.rows("marks"):
        if row["seat"] in seats:
            found.setdefault(row["seat"], {})[row["slot"]] = row
    return found


def _came(work: Handwork, given: Rows) -> bool:
    """Whether a part of a work product came in after it had earned 0 for missing: more days were given since."""
    return work.files and given[work.slot]["marker"] == ENGINE


def _with_marks(work: Handwork, blind: Mapping[str, Sequence[Rated]], given: Rows) -> Handwork:
    """A mark that was given in formgrader is the first one, when the answer is marked again."""
    marks = tuple(blind.get(work.place, ()))
    row = given.get(work.slot)
    if not marks and row and row["marker"] not in (ENGINE, SETTLED):
        marks = (Rated(row["marker"], row["points"], {}, row["note"]),)
    return replace(work, marks=marks)


def _stand(
    academy: Academy,
    about: Mapping[str, Any],
    works: Sequence[Handwork],
    fixed: float | None,
    cut: float,
    again: Mapping[str, int],
) -> Iterator[Handwork]:
    rules = academy.scheme.marking
    standings = marking.settle(
        {work.slot: [mark.points for mark in work.marks] for work in works},
        academy.scheme.level(about["level"]).markers,
        rules.difference,
        fixed=fixed,
        cut=cut,
        again=again,
        apart={work.slot: _apart(work.marks) for work in works if work.files},
    )
    return (replace(work, standing=standings[work.slot]) for work in works)


def _apart(marks: Sequence[Rated]) -> float:
    """How far marks differ on the line of the rubric on which they differ most."""
    lines = marks[0].criteria if marks else ()
    return max(
        (max(points) - min(points) for points in ([mark.criteria[line] for mark in marks] for line in lines)),
        default=0.0,
    )


def _fixed(slots: set[str], given: Rows) -> float | None:
    """The points of slots that are not marked blind; None while one of them has no mark."""
    if not slots <= set(given):
        return None
    return float(sum(given[slot]["points"] for slot in slots))


def _forms(academy: Academy, about: Mapping[str, Any]) -> dict[str, tuple[Form, float]]:
    cuts = json.loads(about["forms"])
    return {name: (academy.form(about["sitting"], name), float(cuts[name]["cut"])) for name in cuts}


def _practical_cut(academy: Academy, about: Mapping[str, Any]) -> float:
    points = academy.practical_points(about["sitting"])
    return round(sum(points.values()) * float(about["cut_practical_percent"]) / 100, 6)
