"""A generated bank of any level: items of every kind for each domain, made without a file, a key for each."""

from __future__ import annotations

from typing import Any

from grader.centre import PROJECT
from grader.forms import blueprint
from grader.model import Bilingual, Criterion, Item, Option, Question
from grader.rules import load_framework, load_scheme

BANK = PROJECT / "question_bank"
FRAMEWORK = load_framework(BANK / "framework.yml")
SCHEME = load_scheme(BANK / "scheme.yml", FRAMEWORK)
KINDS = ("choice", "number", "choice", "multi", "choice", "order", "number", "choice", "match", "choice")


def question(name: str, kind: str, points: float) -> Question:
    said = Bilingual(f"{name}?", f"{name}？")
    options = tuple(Option(letter, Bilingual(letter, letter), right=letter in "ab") for letter in "abcd")
    parts: dict[str, Any] = {
        "choice": {"options": options, "key": "a"},
        "multi": {"options": options, "key": ("a", "b")},
        "number": {"key": 4.0, "tolerance": 0.5},
        "order": {"options": options, "key": ("a", "b", "c", "d")},
        "match": {"options": options[:2], "targets": options, "key": {"a": "a", "b": "b"}},
        "text": {"rubric": (Criterion("r1", said, 4.0),)},
    }[kind]
    return Question(name, 1, None, kind, name.rsplit("-", 1)[0], points, said, **parts)


def item(code: str, number: int, kind: str, cognitive: str) -> Item:
    name = f"{code}-i{number}"
    asked = question(name, kind, 4.0 if kind == "text" else 1.0)
    return Item(
        id=name, version=1, kind=kind, statement=code, cognitive=cognitive, minutes=1.5, use="exam", status="live",
        difficulty=0.5 + 0.05 * (number % 5), variants=(), enemies=(), sources=(), history=(), case=None, path="",
        source_digest="", body={"question": asked, "draw": None},
    )  # fmt: skip


def bank(level: int, length: int) -> dict[str, Item]:
    """A generated bank with three times the items of a form."""
    rules = SCHEME.level(level)
    mix = "".join(letter * round(rules.cognitive[letter] / 5) for letter in "RAE")
    items = []
    for code, count in blueprint(FRAMEWORK, rules, length).domains.items():
        items += [
            item(f"{code}-{level}.1", number, KINDS[number % 10], mix[(7 * number) % 20])
            for number in range(5 * count + 5)
        ]
    items += [item(f"QA-{level}.1", 900 + number, "text", "E") for number in range(4)]
    return {one.id: one for one in items}
