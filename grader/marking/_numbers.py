"""Numbers as people type them, and the hint for one that is not read as it was meant."""

from __future__ import annotations

import re
import unicodedata

from ..errors import InputError
from ..model import Bilingual

__all__ = ["number_hint", "read_number"]

NUMBER = re.compile(r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+)")
PERCENT = ("%", "percent", "per cent")
CHINESE_DIGITS = re.compile("[零〇一二三四五六七八九十百千万亿两半成]")
CHINESE_ENDING = re.compile(r"[+-]?[\d.,]+ ?[十百千万亿成折半]+")
VAGUE = re.compile(
    r"[~≈<>≤≥]|\b(about|around|approx\w*|circa|nearly)\b|约|大概|左右|差不多|将近|以上|以下|多$", re.IGNORECASE
)
_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "。": "."})


def read_number(text: str, unit: Bilingual | None = None) -> float:
    """The number that a candidate typed: full-width digits, thousands marks, a percent sign and the question's own unit
    are understood; a percentage stays one, so ``80 %`` is 80 and never 0.8.

    Raises :class:`InputError` with a hint when it is no single number in digits.

    >>> read_number("１，２３４.5"), read_number("80 %"), read_number("17 人", Bilingual("agents", "人"))
    (1234.5, 80.0, 17.0)
    """
    found = _read(text, unit)
    if isinstance(found, Bilingual):
        raise InputError(f"{text.strip()!r} is not read as a number: {found.en}")
    return found


def number_hint(text: str, unit: str | None, language: str) -> str | None:
    """What to tell a candidate, while writing, about the form of a number; None when it is read as it stands.

    ``unit`` is the question's unit as the paper shows it. The hint knows no key: it is the same for right and wrong.

    >>> number_hint("八成", "%", "en")
    '“八成” is not read as a number: write it in digits, for example 80 for 八成 when percent are asked for.'
    >>> number_hint("0.8", "%", "zh")
    '“0.8”按0.8%读取，不是80%；如果您要答80%，请写80。'
    >>> number_hint("80 %", "%", "en") is None
    True
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    found = _read(text, Bilingual(unit, unit) if unit else None)
    if isinstance(found, Bilingual):
        said = Bilingual(f"“{typed}” is not read as a number: {found.en}.", f"“{typed}”不能读成数值：{found.zh}。")
        return said.say(language)
    if unit in PERCENT and 0 < abs(found) < 1 and not re.search("[%％]", typed):
        meant = f"{100 * found:g}"
        said = Bilingual(
            f"“{typed}” is read as {found:g} %, not as {meant} %; if you mean {meant} %, write {meant}.",
            f"“{typed}”按{found:g}%读取，不是{meant}%；如果您要答{meant}%，请写{meant}。",
        )
        return said.say(language)
    return None


def _read(text: str, unit: Bilingual | None) -> float | Bilingual:
    """The number, or why there is none."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).split())
    bare = _without_unit(plain, unit).rstrip(".")
    odd = any(unicodedata.category(letter) == "No" for letter in text)  # ², ½, ①: NFKC would make 52 of 5²
    if (found := NUMBER.fullmatch(bare.replace("- ", "-"))) and not odd:
        return float(found[1] + re.sub("[, ]", "", found[2]))
    return _hint(plain, unit)


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


def _hint(plain: str, unit: Bilingual | None) -> Bilingual:
    if VAGUE.search(plain):
        return Bilingual(
            "give one exact number, without about, 约 or 左右", "请写一个确切的数，不要写“约”“左右”之类的词"
        )
    if (CHINESE_DIGITS.search(plain) and not re.search(r"\d", plain)) or CHINESE_ENDING.fullmatch(plain):
        return Bilingual(
            "write it in digits, for example 80 for 八成 when percent are asked for",
            "请全部用阿拉伯数字写；例如题目问百分之几，八成就写80",
        )
    if re.fullmatch(r"[+-]?\d+,\d+", plain):
        return Bilingual(
            "a comma parts thousands (1,234); write decimals with a point (12.5)",
            "逗号只用来分隔千位（1,234）；小数请用小数点（12.5）",
        )
    if "/" in plain or "⁄" in plain:
        return Bilingual("write a fraction as a decimal number", "分数请写成小数")
    if len(re.findall(r"\d+(?:\.\d+)?", plain)) > 1:
        return Bilingual("give one number only", "只写一个数")
    asked = Bilingual("percent", "%")
    if unit:
        asked = Bilingual(unit.en if unit.en == unit.zh else f"{unit.en} or {unit.zh}", unit.zh)
    return Bilingual(
        f"write digits only, or with the unit of the question ({asked.en})",
        f"只写数字，最多再加题目所问的单位（{asked.zh}）",
    )
