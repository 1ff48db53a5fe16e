"""Moodle XML: every kind of question, texts in Markdown, rubric and sample answers as the marker's information."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element as New
from xml.etree.ElementTree import SubElement, indent, tostring

from grader.errors import Problem
from grader.exchange.carried import Carried, Choice, Read, Written
from grader.exchange.markup import left_out, markdown
from grader.exchange.safe_xml import Element, refuse, tree

__all__ = ["read", "write"]

TYPES = {
    "choice": "multichoice",
    "multi": "multichoice",
    "number": "numerical",
    "order": "ordering",
    "match": "matching",
    "text": "essay",
}
SCORED = re.compile(r"^- \((\d+(?:\.\d+)?)\) (.*)$", re.M)
SAMPLE = re.compile(r"^#### (\d+(?:\.\d+)?)$", re.M)


def write(questions: Sequence[Carried], language: str) -> Written:
    """All questions as one file."""
    quiz, left = New("quiz"), {}
    category = SubElement(quiz, "question", type="category")
    _text(SubElement(category, "category"), f"$course$/top/{language}")
    for one in questions:
        if lost := tuple(_lost(one)):
            left[one.name] = lost
        _question(quiz, one)
    indent(quiz, " ")
    return Written(b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="utf-8") + b"\n", left)


def _lost(one: Carried) -> Iterator[str]:
    if one.kind in ("order", "match") and any(choice.reason for choice in one.choices):
        yield "the reason of each entry"
    if one.kind == "multi":
        yield "the rule of credit: Moodle takes off its own share for a wrong tick and never goes below 0"
    if one.kind == "order":
        yield "the rule of credit of the house; Moodle's own for ordering is set"
    if one.rubric:
        yield "the rubric as lines with points; it stands in the marker's information as text"


def _question(quiz: New, one: Carried) -> None:
    made = SubElement(quiz, "question", type=TYPES[one.kind])
    _text(SubElement(made, "name"), one.name)
    _marked(SubElement(made, "questiontext"), one.stem)
    _marked(SubElement(made, "generalfeedback"), one.reason)
    for tag, said in (("defaultgrade", f"{one.points:g}"), ("penalty", "0"), ("hidden", "0"), ("idnumber", one.name)):
        SubElement(made, tag).text = said
    {
        "choice": _choices,
        "multi": _choices,
        "number": _number,
        "order": _order,
        "match": _match,
        "text": _essay,
    }[one.kind](made, one)
    tags = SubElement(made, "tags")
    for key, value in one.tags.items():
        _text(SubElement(tags, "tag"), f"{key} {value}")


def _choices(made: New, one: Carried) -> None:
    right = sum(choice.right for choice in one.choices)
    SubElement(made, "single").text = "true" if one.kind == "choice" else "false"
    SubElement(made, "shuffleanswers").text = "true"
    SubElement(made, "answernumbering").text = "abc"
    for choice in one.choices:
        share = 100 / right if choice.right else 0 if one.kind == "choice" else -100 / right
        answer = SubElement(made, "answer", fraction=f"{share:.5f}".rstrip("0").rstrip("."))
        _marked(answer, choice.text)
        _marked(SubElement(answer, "feedback"), choice.reason)


def _number(made: New, one: Carried) -> None:
    answer = SubElement(made, "answer", fraction="100", format="moodle_auto_format")
    _text(answer, repr(one.key))
    SubElement(answer, "tolerance").text = repr(one.tolerance)
    if one.unit:
        unit = SubElement(SubElement(made, "units"), "unit")
        SubElement(unit, "multiplier").text = "1"
        SubElement(unit, "unit_name").text = one.unit
        SubElement(made, "unitgradingtype").text = "0"
        SubElement(made, "showunits").text = "3"


def _order(made: New, one: Carried) -> None:
    for tag, said in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")):
        SubElement(made, tag).text = said
    for place, choice in enumerate(one.choices, start=1):
        _marked(SubElement(made, "answer", fraction=str(place)), choice.text)


def _match(made: New, one: Carried) -> None:
    SubElement(made, "shuffleanswers").text = "true"
    for left, right in one.pairs:
        pair = SubElement(made, "subquestion")
        _marked(pair, left)
        _text(SubElement(pair, "answer"), right)


def _essay(made: New, one: Carried) -> None:
    lines = "\n".join(f"- ({points:g}) {text}" for points, text in one.rubric)
    samples = "\n\n".join(f"#### {points:g}\n\n{text}" for points, text in one.samples)
    SubElement(made, "responseformat").text = "plain"
    _marked(SubElement(made, "graderinfo"), f"{lines}\n\n{samples}".strip())


def _text(parent: New, text: str) -> None:
    SubElement(parent, "text").text = text


def _marked(parent: New, text: str) -> None:
    parent.set("format", "markdown")
    _text(parent, text)


# --- reading ----------------------------------------------------------------------------------------------------------


def read(data: bytes, name: str) -> Read:
    """Every question of a Moodle XML file that an item can hold; the others are named.

    Raises :class:`InputError` when the file as a whole cannot be read.
    """
    root = tree(data, name)
    if root.tag != "quiz":
        refuse(name, root.line, f"a Moodle XML file has <quiz> outermost, this one has <{root.tag}>")
    questions: list[Carried] = []
    problems: list[Problem] = []
    for element in root.all("question"):
        kind = element.attributes.get("type", "")
        if kind == "category":
            continue
        try:
            one = _read_question(element, kind, len(questions) + 1)
            questions.append(one)
            html = " ".join(_said(part) for part in element.below(*MARKED) if not _is_plain(part))
            problems += left_out(html, one.name, f"{name}:{one.line}")
        except ValueError as error:
            problems.append(Problem(f"{name}:{element.line}", str(error)))
    return Read(tuple(questions), tuple(problems))


def _read_question(element: Element, kind: str, place: int) -> Carried:
    title = _said(element.first("name")) or f"question-{place}"
    number = element.first("idnumber")
    base = Carried(
        (number.text.strip() if number else "") or title,
        "text",
        _read_marked(element.first("questiontext")),
        reason=_read_marked(element.first("generalfeedback")),
        points=_float(element.first("defaultgrade"), 1.0),
        tags=_tags(element),
        line=element.line,
    )
    if not base.stem:
        raise ValueError(f"the question {title!r} has no text")
    reader = READERS.get(kind)
    if reader is None:
        raise ValueError(f"a question of type {kind!r} has no place in the bank; {', '.join(sorted(READERS))} have")
    return reader(element, base)


def _tags(element: Element) -> dict[str, str]:
    parent = element.first("tags")
    said = [_said(tag) for tag in parent.all("tag")] if parent else []
    return dict(([*one.split(" ", 1), ""])[:2] for one in said if one)


def _read_choices(element: Element, base: Carried) -> Carried:
    choices = []
    for answer in element.all("answer"):
        share = _share(answer)
        choices.append(Choice(_read_marked(answer), share > 0, _read_marked(answer.first("feedback"))))
    single = element.first("single")
    one = single.text.strip() != "false" if single else sum(choice.right for choice in choices) == 1
    if one and sum(_share(answer) == 100 for answer in element.all("answer")) != 1:
        raise ValueError(f"{base.name}: a choice must have exactly one answer worth 100 %")
    if one:
        choices = [
            replace(choice, right=_share(answer) == 100)
            for choice, answer in zip(choices, element.all("answer"), strict=True)
        ]
    return replace(base, kind="choice" if one else "multi", choices=tuple(choices))


def _read_number(element: Element, base: Carried) -> Carried:
    full = [answer for answer in element.all("answer") if _share(answer) == 100]
    if len(full) != 1:
        raise ValueError(f"{base.name}: a number must have exactly one answer worth 100 %, got {len(full)}")
    try:
        key = float(_said(full[0]))
    except ValueError:
        raise ValueError(f"{base.name}: the answer must be a number, got {_said(full[0])!r}") from None
    unit = next(element.below("unit_name"), None)
    tolerance = _float(full[0].first("tolerance"), 0.0)
    return replace(base, kind="number", key=key, tolerance=tolerance, unit=unit.text.strip() if unit else "")


def _read_order(element: Element, base: Carried) -> Carried:
    answers = sorted(element.all("answer"), key=_share)
    return replace(base, kind="order", choices=tuple(Choice(_read_marked(answer), True) for answer in answers))


def _read_match(element: Element, base: Carried) -> Carried:
    pairs = tuple((_read_marked(pair), _said(pair.first("answer"))) for pair in element.all("subquestion"))
    return replace(base, kind="match", pairs=pairs)


def _read_essay(element: Element, base: Carried) -> Carried:
    info = _read_marked(element.first("graderinfo"))
    lines, *samples = SAMPLE.split(info)
    rubric = tuple((float(points), text.strip()) for points, text in SCORED.findall(lines))
    told = tuple(
        (float(points), text.strip()) for points, text in zip(samples[::2], samples[1::2], strict=True) if text.strip()
    )
    return replace(base, rubric=rubric, samples=told)


MARKED = ("questiontext", "generalfeedback", "answer", "feedback", "subquestion", "graderinfo")
"""Where a question may hold HTML."""
READERS = {
    "multichoice": _read_choices,
    "numerical": _read_number,
    "ordering": _read_order,
    "matching": _read_match,
    "essay": _read_essay,
}


def _share(answer: Element) -> float:
    try:
        return float(answer.attributes.get("fraction", "0"))
    except ValueError:
        raise ValueError(f"the fraction of an answer must be a number, got {answer.attributes['fraction']!r}") from None


def _said(element: Element | None) -> str:
    text = element.first("text") if element else None
    return text.text.strip() if text else ""


def _read_marked(element: Element | None) -> str:
    said = _said(element)
    return said if element is None or _is_plain(element) else markdown(said)[0]


def _is_plain(element: Element) -> bool:
    return element.attributes.get("format") in ("markdown", "plain_text")


def _float(element: Element | None, other: float) -> float:
    try:
        return float(element.text) if element else other
    except ValueError:
        raise ValueError(f"<{element.tag if element else ''}> must hold a number") from None
