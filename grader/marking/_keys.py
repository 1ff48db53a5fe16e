"""Answers and keys to marks, by the rule of partial credit that the scheme names for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

from ..errors import InputError
from ..model import CREDIT, Form, Mark, Question, Slot
from ._numbers import read_number

__all__ = ["STANDARD_CREDIT", "mark", "mark_all", "mark_code"]

STANDARD_CREDIT: Mapping[str, str] = {kind: rules[0] for kind, rules in CREDIT.items()}
"""The rule of each kind that the shipped scheme names, and by which practice is marked."""

WAITS = {"text": "waits for a person", "code": "waits for its tests"}
"""Kinds that no key marks."""
SLACK = 1e-9
"""Relative width that keeps an answer right at the edge of the tolerance from failing by binary rounding."""


class _Unanswerable(Exception):
    """The answer does not fit its question; the sentence goes into the note of the mark."""


def mark(slot: Slot, value: object, marker: str = "engine", credit: Mapping[str, str] = STANDARD_CREDIT) -> Mark:
    """What the answer ``value`` earns in ``slot``; options are named as on the paper (``"1"`` is the first one shown).

    ``credit`` names the rule of each kind, as ``marking: credit:`` of ``scheme.yml`` does. The standard ones:

    - choice: all points for the right option.
    - number: all points when it differs from the key by at most the tolerance.
    - multi: (right ticks - wrong ticks) / number of right options, not below 0.
    - order: all points for the right order, else 2 c - 1, not below 0, where c is the share of pairs of steps that
      stand in their right order (Kendall's tau: 1 for the right order, about 0 for chance).
    - match: the share of left sides with their right partner.
    - text: ``points`` is None until a person has marked it.
    - code: the share of tests that the lines pass; ``points`` is None until they have run (:func:`mark_code`).

    ``all or nothing`` serves every kind: all points for the whole key, else none. ``each option`` of multi gives the
    share of options that are ticked or left as the key has it, above what ticking none or all of them would earn.
    A blank answer earns 0 in every kind, and so does one that cannot be read; the note says which.
    """
    question = slot.question
    points: float | None
    if _blank(value):
        points, note = 0.0, "not answered"
    elif question.kind in WAITS:
        points, note = None, WAITS[question.kind]
    else:
        try:
            share, note = _RULES[question.kind, credit[question.kind]](slot, value)
            points = question.points * share
        except _Unanswerable as refused:
            points, note = 0.0, str(refused)
    return Mark(
        slot.name, question.item_id, question.item_version, question.statement, points, question.points, marker, note
    )


def mark_code(slot: Slot, passed: int, marker: str = "engine") -> Mark:
    """What lines of code earn in ``slot`` that pass so many of its tests: an equal share of the points for each."""
    question = slot.question
    tests = len(question.code.tests) if question.code else 0
    if not 0 <= passed <= tests or not tests:
        raise InputError(f"{slot.name} has {tests} tests, and {passed} are said to be passed")
    return Mark(
        slot.name,
        question.item_id,
        question.item_version,
        question.statement,
        question.points * passed / tests,
        question.points,
        marker,
        f"{passed} of {tests} tests",
    )


def mark_all(
    form: Form, answers: Mapping[str, object], marker: str = "engine", credit: Mapping[str, str] = STANDARD_CREDIT
) -> list[Mark]:
    """One mark for every slot of the form, in its order; a slot without an answer earns 0.

    Raises :class:`InputError` when there is an answer to a slot that the form does not have.
    """
    names = [slot.name for slot in form.slots]
    if strange := sorted(set(answers) - set(names)):
        raise InputError(
            f"form {form.id} has the slots {names[0]} to {names[-1]}, the answers name {', '.join(strange)} too; "
            "they belong to another form"
        )
    return [mark(slot, answers.get(slot.name), marker, credit) for slot in form.slots]


def _blank(value: object) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _choice(slot: Slot, value: object) -> tuple[float, str]:
    return float(_source(slot, value) == slot.question.key), ""


def _multi(slot: Slot, value: object) -> tuple[float, str]:
    ticks = set(_sources(slot, value))
    key = set(slot.question.key)
    right, wrong = len(ticks & key), len(ticks - key)
    return max(0.0, (right - wrong) / len(key)), f"{right} right and {wrong} wrong of {len(key)}"


def _order(slot: Slot, value: object) -> tuple[float, str]:
    steps = _sources(slot, value)
    key: tuple[str, ...] = slot.question.key
    if sorted(steps) != sorted(key):
        raise _Unanswerable(f"the order must hold each of the {len(key)} steps once, got {len(steps)}")
    pairs = list(combinations(key, 2))
    kept = sum(steps.index(one) < steps.index(two) for one, two in pairs)
    return max(0.0, (2 * kept - len(pairs)) / len(pairs)), f"{kept} of {len(pairs)} pairs in order"


def _match(slot: Slot, value: object) -> tuple[float, str]:
    if not isinstance(value, Mapping):
        raise _Unanswerable(f"pairs of left and right sides were wanted, got {value!r}")
    key: Mapping[str, str] = slot.question.key
    rights = slot.targets or tuple(target.id for target in slot.question.targets)
    pairs = {_source(slot, left): _at(rights, right) for left, right in value.items()}
    right = sum(pairs.get(left) == target for left, target in key.items())
    return right / len(key), f"{right} of {len(key)} pairs right"


def _number(slot: Slot, value: object) -> tuple[float, str]:
    question: Question = slot.question
    try:
        given = read_number(str(value), question.unit)
    except InputError as error:
        raise _Unanswerable(str(error)) from None
    width = (question.tolerance or 0.0) + SLACK * max(1.0, abs(question.key))
    return float(abs(given - question.key) <= width), f"read as {given!r}"


def _source(slot: Slot, shown: object) -> str:
    """The option's id in the source for the number that the paper shows."""
    return _at(slot.order or tuple(option.id for option in slot.question.options), shown)


def _at(order: tuple[str, ...], shown: object) -> str:
    if isinstance(shown, str) and shown.isascii() and shown.isdigit() and 1 <= int(shown) <= len(order):
        return order[int(shown) - 1]
    raise _Unanswerable(f"the paper shows options 1 to {len(order)}, got {shown!r}")


def _sources(slot: Slot, value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _Unanswerable(f"a list of options was wanted, got {value!r}")
    return [_source(slot, shown) for shown in value]


def _each_option(slot: Slot, value: object) -> tuple[float, str]:
    ticks, key = set(_sources(slot, value)), set(slot.question.key)
    every = {option.id for option in slot.question.options}
    right = len(every - (ticks ^ key))
    blind = max(len(key), len(every) - len(key))  # what ticking all or none has right
    share = (right - blind) / (len(every) - blind) if right > blind else 0.0
    return share, f"{right} of {len(every)} options as the key has them"


def _whole(rule: Callable[[Slot, object], tuple[float, str]]) -> Callable[[Slot, object], tuple[float, str]]:
    """The same rule without partial credit."""

    def all_or_nothing(slot: Slot, value: object) -> tuple[float, str]:
        share, note = rule(slot, value)
        return float(share == 1.0), note

    return all_or_nothing


_RULES: Mapping[tuple[str, str], Callable[[Slot, object], tuple[float, str]]] = {
    ("choice", "all or nothing"): _choice,
    ("multi", "right minus wrong"): _multi,
    ("multi", "each option"): _each_option,
    ("multi", "all or nothing"): _whole(_multi),
    ("number", "within tolerance"): _number,
    ("order", "pairs in order"): _order,
    ("order", "all or nothing"): _whole(_order),
    ("match", "right pairs"): _match,
    ("match", "all or nothing"): _whole(_match),
}
