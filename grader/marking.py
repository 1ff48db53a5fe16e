"""Answers and keys to marks: pure arithmetic, the same for every candidate; a written answer waits for a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import combinations

from .errors import InputError
from .model import Bilingual, Form, Mark, Question, Slot

__all__ = ["mark", "mark_all", "read_number"]

NUMBER = re.compile(r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+)")
PERCENT = ("%", "percent", "per cent")
CHINESE_DIGITS = re.compile("[零〇一二三四五六七八九十百千万亿两半成]")
VAGUE = re.compile(
    r"[~≈<>≤≥]|\b(about|around|approx\w*|circa|nearly)\b|约|大概|左右|差不多|将近|以上|以下|多$", re.IGNORECASE
)
SLACK = 1e-9
"""Relative width that keeps an answer right at the edge of the tolerance from failing by binary rounding."""


class _Unanswerable(Exception):
    """The answer does not fit its question; the sentence goes into the note of the mark."""


def mark(slot: Slot, value: object, marker: str = "engine") -> Mark:
    """What the answer ``value`` earns in ``slot``; options are named as on the paper (``"1"`` is the first one shown).

    - choice: all points for the right option.
    - number: all points when it differs from the key by at most the tolerance.
    - multi: (right ticks - wrong ticks) / number of right options, not below 0.
    - order: all points for the right order, else 2 c - 1, not below 0, where c is the share of pairs of steps that
      stand in their right order (Kendall's tau: 1 for the right order, about 0 for chance).
    - match: the share of left sides with their right partner.
    - text: ``points`` is None until a person has marked it.

    A blank answer earns 0 in every kind, and so does one that cannot be read; the note says which.
    """
    question = slot.question
    points: float | None
    if _blank(value):
        points, note = 0.0, "not answered"
    elif question.kind == "text":
        points, note = None, "waits for a person"
    else:
        try:
            share, note = _RULES[question.kind](slot, value)
            points = question.points * share
        except _Unanswerable as refused:
            points, note = 0.0, str(refused)
    return Mark(
        slot.name, question.item_id, question.item_version, question.statement, points, question.points, marker, note
    )


def mark_all(form: Form, answers: Mapping[str, object], marker: str = "engine") -> list[Mark]:
    """One mark for every slot of the form, in its order; a slot without an answer earns 0.

    Raises :class:`InputError` when there is an answer to a slot that the form does not have.
    """
    names = [slot.name for slot in form.slots]
    if strange := sorted(set(answers) - set(names)):
        raise InputError(
            f"form {form.id} has the slots {names[0]} to {names[-1]}, the answers name {', '.join(strange)} too; "
            "they belong to another form"
        )
    return [mark(slot, answers.get(slot.name), marker) for slot in form.slots]


def read_number(text: str, unit: Bilingual | None = None) -> float:
    """The number that a candidate typed: full-width digits, thousands marks, a percent sign and the question's own unit
    are understood; a percentage stays one, so ``80 %`` is 80 and never 0.8.

    Raises :class:`InputError` with a hint when it is no single number in digits.

    >>> read_number("１，２３４.5"), read_number("80 %"), read_number("17 人", Bilingual("agents", "人"))
    (1234.5, 80.0, 17.0)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).split())
    bare = _without_unit(plain, unit).rstrip(".")
    odd = any(unicodedata.category(letter) == "No" for letter in text)  # ², ½, ①: NFKC would make 52 of 5²
    if (found := NUMBER.fullmatch(bare.replace("- ", "-"))) and not odd:
        return float(found[1] + re.sub("[, ]", "", found[2]))
    raise InputError(f"{text.strip()!r} is not read as a number: {_hint(plain, unit)}")


_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "。": "."})


def _without_unit(plain: str, unit: Bilingual | None) -> str:
    """Strip the question's unit, before or after the number; percent signs only when the unit is percent or none."""
    units = [unit.en, unit.zh] if unit else []
    if not unit or any(word in PERCENT for word in units):
        units.extend(PERCENT)
    for word in units:
        plain_word = unicodedata.normalize("NFKC", word)
        for candidate in {plain_word, plain_word.removesuffix("s")}:
            if candidate and plain.casefold().endswith(candidate.casefold()):
                return plain[: -len(candidate)].strip()
            if candidate and plain.casefold().startswith(candidate.casefold()):
                return plain[len(candidate) :].strip()
    return plain


def _hint(plain: str, unit: Bilingual | None) -> str:
    if VAGUE.search(plain):
        return "give one exact number, without about, 约 or 左右"
    if CHINESE_DIGITS.search(plain) and not re.search(r"\d", plain):
        return "write it in digits, for example 80 for 八成 when percent are asked for"
    if re.fullmatch(r"[+-]?\d+,\d+", plain):
        return "a comma parts thousands (1,234); write decimals with a point (12.5)"
    if "/" in plain or "⁄" in plain:
        return "write a fraction as a decimal number"
    if len(re.findall(r"\d+(?:\.\d+)?", plain)) > 1:
        return "give one number only"
    asked = f"{unit.en} or {unit.zh}" if unit else "percent"
    return f"write digits only, or with the unit of the question ({asked})"


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


_RULES: Mapping[str, Callable[[Slot, object], tuple[float, str]]] = {
    "choice": _choice,
    "multi": _multi,
    "number": _number,
    "order": _order,
    "match": _match,
}
