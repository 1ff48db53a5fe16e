"""Proofs that an item is fair: the same in both languages, sound for every draw, not to be guessed from its look."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from grader.bank import coding
from grader.bank.draws import NAME, Draw, drawn_values, filled, opened
from grader.errors import InputError, Problem
from grader.model import LANGUAGES, Bilingual, Item, Option, Question

__all__ = ["at", "numbers", "parts", "prove", "shown_length"]

DRAWS = range(1, 51)
CODE_DRAWS = 5
"""Draws, beside the reviewed ones, for which an item's own code is run."""
TWICE = 5
"""Every reviewed draw and every fifth of the others is drawn a second time, in reverse."""
SMALL = 12
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
LARGE = re.compile(rf"({NUMBER.pattern})\s*(million|billion|百万|千万|[万亿])")
LARGER = {"million": 10**6, "billion": 10**9, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
"""8 million is 800万: neither language has to write the noughts."""
MONTH = re.compile(
    rf"\b(?:{'|'.join(name for name in calendar.month_name[1:] if name != 'May')}"
    r"|May(?! (?:I|we|you|he|she|it|they)\b)|(?<=\d )May)\b"  # "May I put you on hold" speaks of no month
)
LENGTH = re.compile(r"\d+\s*(?:words?\b|个?汉?字)", re.IGNORECASE)
WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE_STYLE = (
    (
        re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;:?!()][\u3400-\u9fff]"),
        "half-width punctuation beside Chinese",
    ),
    (
        re.compile(r"[\u3400-\u9fff] [A-Za-z0-9]|[A-Za-z0-9%] [\u3400-\u9fff]"),
        "a space between Chinese and Latin or digits",
    ),
)
TEX = re.compile(r"\\[A-Za-z]{2,}|\\[()\[\]]|\$\$")
PLACEHOLDER = re.compile(r"\[\[.*?\]\]")
CATCH_ALL = re.compile(
    r"\b(all|none|both|neither) of the (above|these|others?)\b"
    r"|以上(都|皆|全|均)|(都|均|全)不(是|对|正确)|以上.{0,4}都不",
    re.IGNORECASE,
)
ABSOLUTE = re.compile(
    r"\b(always|never|in every case|in any case|under no circumstances|whatever happens)\b"
    r"|总是|从不|从来|永远|永不|绝对|一律|无论如何|任何情况下|毫无例外",
    re.IGNORECASE,
)
LONGER, LONGER_BY = 1.3, 8
"""So many times as long as the longest wrong option, and by so many characters, the right one is found by its look."""
HOW_MANY = {2: ("two", "两"), 3: ("three", "三"), 4: ("four", "四"), 5: ("five", "五")}


def prove(item: Item) -> list[Problem]:
    """Every promise of one item that does not hold; an empty list when all hold.

    Both languages agree in drawn names and in numbers; fifty draws and every reviewed variant run, give the same twice,
    stay finite, and keep all options apart; wrong options carry a reason; no catch-all or absolute words; the stem of a
    multi says how many to choose; Chinese is written with full-width punctuation.
    """
    problems = [*_prove_names(item), *_prove_wording(item), *_prove_reasons(item)]
    problems.extend(_prove_draws(item))
    return sorted(problems, key=lambda problem: problem.line)


# --- one item ---------------------------------------------------------------------------------------------------------


def parts(question: Question) -> Iterator[tuple[str, Bilingual]]:
    """Each text of a question with the name of its place."""
    yield "", question.stem
    for option in question.options:
        yield option.id, option.text
        if option.reason:
            yield f"{option.id} reason", option.reason
    for target in question.targets:
        yield f"target {target.id}", target.text
    for criterion in question.rubric:
        yield f"rubric {criterion.id}", criterion.text
    if question.reasons:
        yield "reason", question.reasons


def _prove_names(item: Item) -> Iterator[Problem]:
    for place, text in parts(item.body["question"]):
        english, chinese = (set(NAME.findall(text.say(language))) for language in LANGUAGES)
        if english != chinese:
            odd = ", ".join(f"{{{{{name}}}}}" for name in sorted(english ^ chinese))
            yield at(
                item, f"zh.{place}", f"{_named(place)}: {odd} stands in one language only; both need the same names"
            )
        elif (english or chinese) and item.body["draw"] is None:
            yield at(
                item,
                f"en.{place}",
                f"{_named(place)}: names in double braces need a cell tagged draw, and there is none",
            )


def _prove_wording(item: Item) -> Iterator[Problem]:
    question: Question = item.body["question"]
    if not HAN.search(question.stem.zh) or HAN.search(question.stem.en):
        yield at(
            item, "zh", "the zh text must be Chinese and the en text without Chinese characters; are they exchanged?"
        )
    for place, text in parts(question):
        for language in LANGUAGES:
            if found := PLACEHOLDER.search(text.say(language)):
                yield at(
                    item, f"{language}.{place}", f"{_named(place)}: {found[0]!r} of the template is left; write it"
                )
            if found := TEX.search(text.say(language)):
                yield at(
                    item,
                    f"{language}.{place}",
                    f"{_named(place)}: the exam page shows no TeX ({found[0]}); write it in words or ×, ÷, √",
                )
        for pattern, fault in CHINESE_STYLE:
            plain = re.sub(r"[*_`]", "", NAME.sub("0", text.zh))
            if found := pattern.search(plain):
                yield at(
                    item,
                    f"zh.{place}",
                    f"{_named(place)}: {fault}, at {plain[max(0, found.start() - 6) : found.end() + 6]!r}",
                )
    if item.kind in ("choice", "multi"):
        yield from _prove_options(item, question)


def _prove_options(item: Item, question: Question) -> Iterator[Problem]:
    for language in LANGUAGES:
        absolute = {option.id: ABSOLUTE.search(option.text.say(language)) for option in question.options}
        right_too = any(absolute[option.id] for option in question.options if option.right)
        for option in question.options:
            text = option.text.say(language)
            if found := CATCH_ALL.search(text):
                yield at(
                    item,
                    f"{language}.{option.id}",
                    f"option {option.id}: {found[0]!r} is a catch-all; write a real option",
                )
            if (word := absolute[option.id]) and not right_too:
                yield at(
                    item,
                    f"{language}.{option.id}",
                    f"option {option.id}: {word[0]!r} stands in wrong options only and gives them away; tone it down",
                )
    if item.kind == "choice":
        yield from _prove_length(item, question)
    if item.kind == "multi":
        count = len(question.key)
        english, chinese = HOW_MANY[count]
        said = re.search(rf"\b({english}|{count})\b", question.stem.en, re.IGNORECASE)
        if not said or not re.search(rf"[{chinese}{count}{'二' if count == 2 else ''}]\s*[项个种条]", question.stem.zh):
            yield at(item, "en", f'the stem must say how many options are right: "Choose {english}" and 选{chinese}项')


def _prove_length(item: Item, question: Question) -> Iterator[Problem]:
    for language in LANGUAGES:
        length = {option.id: shown_length(option.text.say(language)) for option in question.options}
        right = length.pop(question.key)
        if (more := right - max(length.values())) >= LONGER_BY and right > LONGER * (right - more):
            yield at(
                item,
                f"{language}.{question.key}",
                f"option {question.key}: the right one is longer than every other one by {more} characters, which "
                "gives it away; shorten it or lengthen a wrong one",
            )


def shown_length(text: str) -> int:
    """Characters of an option as the candidate sees them; a drawn number counts as two."""
    return len(NAME.sub("00", text))


def _prove_reasons(item: Item) -> Iterator[Problem]:
    question: Question = item.body["question"]
    if item.kind in ("choice", "multi"):
        for option in question.options:
            if option.reason is None:
                yield at(
                    item, f"en.{option.id}", f"option {option.id} lacks its reason; nest a line below it that says why"
                )
    elif item.kind != "text" and question.reasons is None:
        yield at(
            item, "en", 'the worked answer is missing; add `+++ {"lang": "en", "part": "reason"}` and the same in zh'
        )


def _prove_draws(item: Item) -> list[Problem]:
    """The faults of single draws; a fault is named once, with the first seed that shows it."""
    if item.body["draw"] is None:
        return [at(item, place, sentence) for _, place, sentence in _all_faults(item.body["question"], None)]
    seeds = [*item.variants, *(seed for seed in DRAWS if seed not in item.variants)]
    once: Draw | None
    again: Draw | None
    try:
        once, again = opened(item), opened(item)
    except Exception:
        once = again = None  # the first draw below says what is wrong with the code
    moving = {place for place, text in parts(item.body["question"]) if NAME.search(text.en + text.zh)}
    found: dict[str, Problem] = {}
    reviewed: dict[str, int] = {}
    sound: dict[int, Mapping[str, Any]] = {}
    for seed in seeds:
        try:
            values = drawn_values(item, seed, once)
            question = filled(item, seed, values)
        except InputError as error:
            problem = error.args[0]
            found.setdefault(re.sub(r"variant \d+", "", problem.sentence)[:60], problem)
            if isinstance(error.__cause__, TimeoutError):
                break  # each other seed would take as long
            continue
        runs = (seed in item.variants or len(sound) < CODE_DRAWS) and not any(name.startswith("code") for name in found)
        for name, place, sentence in (_all_faults if runs else _drawn_faults)(question, moving if sound else None):
            found.setdefault(name, at(item, place, f"variant {seed}: {sentence}"))
        sound[seed] = values
        text = repr((question.stem, question.options, question.key))
        if seed in item.variants and reviewed.setdefault(text, seed) != seed:
            found.setdefault(
                "same", at(item, "draw", f"variants {reviewed[text]} and {seed} are the same question; drop one")
            )
    return [*found.values(), *_prove_twice(item, sound, again)]


def _prove_twice(item: Item, sound: Mapping[int, Mapping[str, Any]], again: Draw | None) -> list[Problem]:
    """A seed gives the same values whatever was drawn before it: the code keeps nothing and asks ``rng`` only."""
    some = [seed for place, seed in enumerate(sound) if seed in item.variants or place % TWICE == 0]
    try:
        moved = [seed for seed in reversed(some) if drawn_values(item, seed, again) != sound[seed]]
    except InputError as error:
        return [error.args[0]]
    if not moved:
        return []
    return [at(item, "draw", f"variant {moved[-1]} draws other numbers the second time; use rng only")]


def _all_faults(question: Question, places: set[str] | None) -> Iterator[tuple[str, str, str]]:
    """The faults of a drawn question and those of its code, which takes long to run."""
    yield from _drawn_faults(question, places)
    if question.code:
        yield from ((f"code {sentence}", place, sentence) for place, sentence in coding.faults(question))


def _drawn_faults(question: Question, places: set[str] | None) -> Iterator[tuple[str, str, str]]:
    """Kind of fault, its place, and the sentence, for one drawn question; numbers of ``places`` only (None: of all)."""
    for place, text in parts(question):
        if places is not None and place not in places:
            continue
        english, chinese = (
            numbers(text.say(language), explains=place.startswith("rubric") or place.endswith("reason"))
            for language in LANGUAGES
        )
        if english != chinese:
            only = {"en": english - chinese, "zh": chinese - english}
            odd = "; ".join(_alone(language, count) for language, count in only.items() if count)
            yield (
                f"numbers {place}",
                f"zh.{place}",
                f"{_named(place)}: the languages differ in numbers ({odd}); write the same in both",
            )
    for options in (question.options, question.targets):
        for language in LANGUAGES:
            seen: dict[str, Option] = {}
            for option in options:
                other = seen.setdefault(_sameness(option.text.say(language)), option)
                if other is not option:
                    yield (
                        f"equal {other.id} {option.id}",
                        f"{language}.{option.id}",
                        f"{other.id} and {option.id} say the same, {option.text.say(language)!r}; make them differ",
                    )


def _alone(language: str, count: Counter[Decimal]) -> str:
    said = ", ".join(map(str, count.elements()))
    if language == "en":
        return f"en alone has {said}"
    return f"zh alone has {said}"


def numbers(text: str, explains: bool) -> Counter[Decimal]:
    """The numbers in digits, whatever their thousands marks and trailing zeros; not the wanted length of an answer.

    June counts as 6, since it is 6月 in Chinese.  In a text that ``explains`` (reason, rubric) small numbers do not
    count, since English writes them in words.
    """
    plain = MONTH.sub(
        lambda month: str(list(calendar.month_name).index(month[0])), LENGTH.sub("", text.translate(WIDE))
    )
    plain = LARGE.sub(lambda large: f"{Decimal(large[1].replace(',', '')) * LARGER[large[2]]:f}", plain)
    found = NUMBER.findall(plain)
    numbers = [Decimal(number.replace(",", "")).normalize() + 0 for number in found]
    return Counter(number for number in numbers if not explains or number > SMALL)


def _sameness(text: str) -> str:
    """Two options with the same sameness cannot be told apart: case, spaces and the writing of numbers do not count."""
    plain = NUMBER.sub(lambda found: str(Decimal(found[0].replace(",", "")).normalize()), text.translate(WIDE))
    return re.sub(r"[\s*_`]+", "", plain).casefold().rstrip(".。")


def _named(place: str) -> str:
    option, _, rest = place.partition(" ")
    if rest == "reason":
        return f"reason of option {option}"
    if option == "rubric":
        return f"rubric {rest}"
    if option == "target":
        return f"target {rest}"
    if place in ("", "reason"):
        return place or "stem"
    return f"option {place}"


def at(item: Item, place: str, sentence: str) -> Problem:
    """A problem at a place such as ``zh.b reason``, or at the nearest place with a known line."""
    lines: Mapping[str, int] = item.body["lines"]
    language, _, rest = place.partition(".")
    first = rest.split(" ")[0]
    return Problem(f"{item.path}:{lines.get(f'{language}.{first}', lines.get(language, 1))}", sentence)
