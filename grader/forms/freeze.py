"""Drawn questions with their proof become a sealed form, and back: order by seed, a digest over everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ..errors import InputError
from ..model import Bilingual, CodeTask, Criterion, Form, FormPoint, Option, ProofLine, Question, Slot, digest

__all__ = ["freeze", "from_json", "to_json"]


def freeze(
    form_id: str,
    level: int,
    questions: Sequence[Question],
    difficulties: Mapping[str, float],
    proof: Sequence[ProofLine],
    seed: int,
    *,
    cases: Mapping[str, str] | None = None,
    anchors: Sequence[str] = (),
    minutes: float = 0.0,
    information: Sequence[FormPoint] = (),
    pilot: Sequence[str] = (),
) -> Form:
    """Name the slots (``q01``, ...), shuffle questions and options by ``seed``, and seal the form with its digest.

    ``difficulties`` and ``cases`` (shared cases) are by item id. The items of a case stay together; written answers
    come last, so that a slot is worth the same on every form of a set. ``pilot`` names the items that are only tried
    out: they stand anywhere among the others.
    """
    rng, of_case = np.random.default_rng(seed), cases or {}
    shuffled = [questions[int(index)] for index in rng.permutation(len(questions))]
    first: dict[str, int] = {}
    for place, question in enumerate(shuffled):
        first.setdefault(of_case.get(question.item_id, question.item_id), place)
    shuffled.sort(key=lambda one: (one.kind == "text", first[of_case.get(one.item_id, one.item_id)]))
    slots = tuple(_slot(f"q{number:02d}", question, rng) for number, question in enumerate(shuffled, start=1))
    scored = [question for question in questions if question.item_id not in pilot]
    expected = round(sum(question.points * difficulties[question.item_id] for question in scored), 4)
    form = Form(
        form_id, level, seed, slots, tuple(proof), expected, "", tuple(anchors), minutes, tuple(information),
        tuple(sorted(pilot)),
    )  # fmt: skip
    return replace(form, digest=_digest_of(to_json(form)))


def to_json(form: Form) -> dict[str, Any]:
    """The form with its keys as plain JSON values; for the exam office only."""
    return asdict(form)


def from_json(data: Mapping[str, Any]) -> Form:
    """The form that :func:`to_json` gave; :class:`InputError` when anything in it was altered since it was frozen."""
    name = data.get("id", "without an id") if isinstance(data, Mapping) else "that is no JSON object"
    try:
        sealed, found = data["digest"], _digest_of(data)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"the form {name} cannot be read ({error}); take the copy of the exam office's backup"
        ) from None
    if sealed != found:
        raise InputError(
            f"the form {name} was altered after it was frozen: its digest is {found[:12]}..., sealed was "
            f"{str(sealed)[:12]}...; take the copy of the exam office's backup"
        )
    return Form(
        **{
            **data,
            "slots": tuple(_slot_from(slot) for slot in data["slots"]),
            "proof": tuple(ProofLine(**line) for line in data["proof"]),
            # Forms that were sealed before these were known are without them.
            "anchors": tuple(data.get("anchors", ())),
            "information": tuple(FormPoint(**point) for point in data.get("information", ())),
            "pilot": tuple(data.get("pilot", ())),
        }
    )


def _slot(name: str, question: Question, rng: np.random.Generator) -> Slot:
    ids = tuple(option.id for option in question.options)
    if question.kind == "match":
        return Slot(name, question, ids, _shuffled(tuple(target.id for target in question.targets), rng))
    order = _shuffled(ids, rng)
    while question.kind == "order" and len(ids) > 1 and order == question.key:  # never shown solved
        order = _shuffled(ids, rng)
    return Slot(name, question, order)


def _shuffled(ids: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(ids[int(index)] for index in rng.permutation(len(ids)))


def _digest_of(data: Mapping[str, Any]) -> str:
    return digest({name: value for name, value in data.items() if name != "digest"})


def _slot_from(data: Mapping[str, Any]) -> Slot:
    question = dict(data["question"])
    for name in ("stem", "unit", "reasons"):
        question[name] = _bilingual(question[name])
    if question.get("headings"):
        left, right = question["headings"]
        question["headings"] = (Bilingual(**left), Bilingual(**right))
    for name in ("options", "targets"):
        question[name] = tuple(
            Option(one["id"], Bilingual(**one["text"]), one["right"], _bilingual(one["reason"]))
            for one in question[name]
        )
    question["rubric"] = tuple(
        Criterion(line["id"], Bilingual(**line["text"]), line["points"]) for line in question["rubric"]
    )
    if question.get("code"):
        question["code"] = CodeTask(question["code"]["given"], tuple(question["code"]["tests"]))
    if isinstance(question["key"], list):
        question["key"] = tuple(question["key"])
    return Slot(data["name"], Question(**question), tuple(data["order"]), tuple(data["targets"]))


def _bilingual(data: Mapping[str, str] | None) -> Bilingual | None:
    return Bilingual(**data) if data else None
