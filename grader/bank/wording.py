"""Hints on wording, which a person weighs: sentences that are hard to read, measures without a definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.bank.draws import NAME
from grader.bank.proofs import at
from grader.errors import Problem
from grader.model import Item

__all__ = ["grade", "hints", "longest_sentence", "reading", "undefined"]

MOST_WORDS = 45
"""Words of an English sentence from which it is hinted at."""
MOST_CHARACTERS = 90
"""Characters of a Chinese sentence from which it is hinted at."""
MOST_GRADE = 13.0
"""School years (Flesch and Kincaid) that an English stem may ask for."""
MEASURES = {
    "service level": ("service levels?", "服务水平"),
    "occupancy": ("occupancy", "占用率"),
    "shrinkage": ("shrinkage", "缩减率"),
    "adherence": ("(?:schedule )?adherence", "(?:排班)?遵从度"),
    "conformance": ("conformance", "工时符合度"),
    "average handle time": ("average handle times?|AHT", "平均处理时长|AHT"),
    "average speed of answer": ("average speed of answer|ASA", "平均应答速度|ASA"),
    "abandonment rate": ("abandonment rates?", "放弃率"),
    "first contact resolution": ("first[- ]contact resolution|resolution rates?|FCR", "首次解决率|解决率|FCR"),
    "net promoter score": ("net promoter scores?|NPS", "净推荐值|NPS"),
    "attrition": ("attrition(?: rates?)?", "流失率"),
    "forecast accuracy": ("forecast accuracy|MAPE|WAPE", "预测准确率|MAPE|WAPE"),
    "cost per contact": ("cost per contact", "单次联络成本"),
}
"""Measures of which several formulas are in use."""
SAID_EN = r"(?:[^.;\n]{0,60}?(?:=|\bmeans?\b|\bis the\b|\bis counted\b|\bcounts\b|\bdivided by\b)|\s*\()"
SAID_ZH = r"(?:[^。；\n]{0,24}?(?:=|＝|指|是指|等于|除以)|（)"
SENTENCE_EN = re.compile(r"(?<=[.!?;:])\s+|\n+")
SENTENCE_ZH = re.compile(r"[。！？；：]|\n+")
ROW = re.compile(r"^\s*\|.*$", re.M)


def hints(item: Item) -> list[Problem]:
    """What a person should look at; an item with hints may still be right."""
    return [*_reading(item), *(_definition(item, measure) for measure in undefined(item))]


def longest_sentence(text: str, language: str) -> str:
    """The longest sentence outside tables."""
    pieces = (SENTENCE_EN if language == "en" else SENTENCE_ZH).split(ROW.sub("", text))
    return max(pieces, key=lambda piece: _size(piece, language), default="")


def grade(text: str) -> float:
    """School years that an English text asks for: 0.39 words per sentence + 11.8 syllables per word - 15.59.

    Flesch and Kincaid (1975); syllables are counted as groups of vowels.

    >>> round(grade("The calls wait. The agents talk."), 2)
    -0.65
    """
    plain = NAME.sub("0", ROW.sub("", text))
    sentences = [piece for piece in SENTENCE_EN.split(plain) if re.search("[A-Za-z]", piece)]
    words = re.findall(r"[A-Za-z]+", plain)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def undefined(item: Item) -> list[str]:
    """Measures that a question with a computed key uses and nowhere defines, in one of the two languages."""
    if item.kind != "number":
        return []
    stem = item.body["question"].stem
    found = []
    for measure, (english, chinese) in MEASURES.items():
        for text, pattern, said in ((stem.en, rf"\b(?:{english})\b", SAID_EN), (stem.zh, f"(?:{chinese})", SAID_ZH)):
            plain = re.sub(r"[*_`]", "", text)
            if re.search(pattern, plain, re.I) and not re.search(f"{pattern}{said}", plain, re.I):
                found.append(measure)
                break
    return found


def _definition(item: Item, measure: str) -> Problem:
    return at(item, "en", f"{measure} has several formulas in use; say in both languages which one counts here")


def _reading(item: Item) -> Iterator[Problem]:
    stem = item.body["question"].stem
    for language, most, unit in (("en", MOST_WORDS, "words"), ("zh", MOST_CHARACTERS, "characters")):
        sentence = longest_sentence(stem.say(language), language)
        size = _size(sentence, language)
        if size > most:
            said = f"a sentence of {size} {unit} is hard to read ({sentence.strip()[:24]}...); cut it in two"
            yield at(item, language, said)
    if (years := grade(stem.en)) > MOST_GRADE:
        yield at(
            item,
            "en",
            f"the stem asks for {years:.0f} years of school, at most {MOST_GRADE:.0f} are wanted; use shorter words",
        )


def _size(text: str, language: str) -> int:
    plain = NAME.sub("0", text)
    return (
        len(re.findall(r"[A-Za-z0-9]+(?:['.,-][A-Za-z0-9]+)*", plain))
        if language == "en"
        else len(re.sub(r"\s", "", plain))
    )


def _syllables(word: str) -> int:
    silent = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, len(re.findall("[aeiouy]+", word.lower())) - silent)


def reading(item: Item) -> Mapping[str, float]:
    """What the report counts of an item: school years of the English stem, longest sentence in either language."""
    stem = item.body["question"].stem
    return {
        "grade": grade(stem.en),
        "words": _size(longest_sentence(stem.en, "en"), "en"),
        "characters": _size(longest_sentence(stem.zh, "zh"), "zh"),
    }
