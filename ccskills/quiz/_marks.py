"""Marks for practice: what people type as a number, and what an answer to a question of each kind earns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

__all__ = ["Refused", "mark", "read_number"]

_NUMBER = re.compile(r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+)")
_PERCENT = ("%", "percent", "per cent")
_VAGUE = re.compile(r"[~≈<>≤≥]|\b(about|around|approx\w*|circa|nearly)\b|约|大概|左右|差不多|将近|以上|以下|多$", re.I)
_CHINESE_DIGITS = re.compile("[零〇一二三四五六七八九十百千万亿两半成]")
_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "。": "."})
_SLACK = 1e-9
"""Relative width that keeps an answer right at the edge of the tolerance from failing by binary rounding."""


class Refused(ValueError):
    """Something that cannot be used, said in one sentence in each language; its text is the English one."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def read_number(text: str, units: Sequence[str] = ()) -> float:
    """The number that a person typed, as the exam reads it.

    Full-width digits, thousands marks, a percent sign and the question's own unit are understood; a percentage stays
    one, so ``80 %`` is 80 and never 0.8.

    Parameters
    ----------
    text : str
        What was typed.
    units : sequence of str, optional
        The unit of the question in each language; it may stand before or after the number.

    Raises
    ------
    ValueError
        When it is no single number in digits; the sentence says how to write it.

    Examples
    --------
    >>> read_number("１，２３４.5"), read_number("80 %"), read_number("17人", ["agents", "人"])
    (1234.5, 80.0, 17.0)
    >>> read_number("about 17")
    Traceback (most recent call last):
    ...
    ccskills.quiz._marks.Refused: Give one exact number, without “about”.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).split())
    bare = _without_unit(plain, units).rstrip(".")
    odd = any(unicodedata.category(letter) == "No" for letter in text)  # ², ½, ①: NFKC would make 52 of 5²
    if (found := _NUMBER.fullmatch(bare.replace("- ", "-"))) and not odd:
        return float(found[1] + re.sub("[, ]", "", found[2]))
    raise _hint(plain, units)


def _without_unit(plain: str, units: Sequence[str]) -> str:
    """Strip the question's unit; percent signs only when the unit is percent or there is none."""
    percent = _PERCENT if not units or any(word in _PERCENT for word in units) else ()
    for word in (*units, *percent):
        word = unicodedata.normalize("NFKC", word)
        for one in {word, word.removesuffix("s")}:
            if one and plain.casefold().endswith(one.casefold()):
                return plain[: -len(one)].strip()
            if one and plain.casefold().startswith(one.casefold()):
                return plain[len(one) :].strip()
    return plain


def _hint(plain: str, units: Sequence[str]) -> Refused:
    if _VAGUE.search(plain):
        return Refused("Give one exact number, without “about”.", "请填一个确切的数，不要写“约”“左右”。")
    if _CHINESE_DIGITS.search(plain) and not re.search(r"\d", plain):
        return Refused("Write it in digits, for example 80.", "请用阿拉伯数字填写，例如：题目问百分数时，“八成”填80。")
    if re.fullmatch(r"[+-]?\d+,\d+", plain):
        return Refused(
            "A comma parts thousands (1,234); write decimals with a point (12.5).",
            "逗号只用来分隔千位（1,234），小数请用小数点（12.5）。",
        )
    if "/" in plain:
        return Refused("Write a fraction as a decimal number.", "分数请写成小数。")
    if len(re.findall(r"\d+(?:\.\d+)?", plain)) > 1:
        return Refused("Give one number only.", "只填一个数。")
    either = " or ".join(dict.fromkeys(units)) if units else "%"
    return Refused(
        f"Write digits only, or digits with the unit of the question ({either}).",
        f"请只填数字，或数字加题目的单位（{'或'.join(dict.fromkeys(units)) if units else '%'}）。",
    )


def mark(question: Mapping[str, Any], value: Any) -> float:
    """The share of the mark, 0 to 1, that the answer ``value`` earns; the rules are those of the exam.

    - choice: 1 for the right option; number: 1 when it differs from the key by at most the tolerance.
    - multi: (right ticks - wrong ticks) / number of right options, not below 0.
    - order: 2 c - 1, not below 0, where c is the share of pairs of steps that stand in their right order.
    - match: the share of left sides with their right partner.

    Raises :class:`Refused` when there is no answer yet, or none that can be read: the learner is asked again.
    """
    if value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip()):
        raise Refused("Give an answer first.", "请先作答。")
    return _RULES[question["kind"]](question, value)


def _choice(question: Mapping[str, Any], value: Any) -> float:
    return float(_known(question["options"], [value])[0] == question["key"])


def _multi(question: Mapping[str, Any], value: Any) -> float:
    ticks, key = set(_known(question["options"], value)), set(question["key"])
    return max(0.0, (len(ticks & key) - len(ticks - key)) / len(key))


def _number(question: Mapping[str, Any], value: Any) -> float:
    given = read_number(str(value), list((question.get("unit") or {}).values()))
    key, tolerance = float(question["key"]), float(question["tolerance"])
    return float(abs(given - key) <= tolerance + _SLACK * max(1.0, abs(key)))


def _order(question: Mapping[str, Any], value: Any) -> float:
    steps = _known(question["options"], value)
    key: list[str] = question["key"]
    if sorted(steps) != sorted(key):
        raise Refused("Every step must have its place.", "每一步都要排进去。")
    pairs = list(combinations(key, 2))
    kept = sum(steps.index(one) < steps.index(two) for one, two in pairs)
    return max(0.0, (2 * kept - len(pairs)) / len(pairs))


def _match(question: Mapping[str, Any], value: Any) -> float:
    if not isinstance(value, Mapping):
        raise _unknown(value)
    _known(question["options"], list(value))
    _known(question["targets"], list(value.values()))
    key: Mapping[str, str] = question["key"]
    right: int = sum(value.get(left) == partner for left, partner in key.items())
    return right / len(key)


def _known(options: Sequence[Mapping[str, Any]], value: Any) -> list[str]:
    """The answer as a list of option ids; refused when it names an option that the question does not have."""
    ids = [option["id"] for option in options]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one in ids for one in value):
        raise _unknown(value)
    return list(value)


def _unknown(value: Any) -> Refused:
    return Refused(
        f"This answer does not fit the question ({value!r}); run the cell again.",
        f"这个答案跟题目对不上（{value!r}），请重新运行单元格。",
    )


_RULES: Mapping[str, Callable[[Mapping[str, Any], Any], float]] = {
    "choice": _choice,
    "multi": _multi,
    "number": _number,
    "order": _order,
    "match": _match,
}
