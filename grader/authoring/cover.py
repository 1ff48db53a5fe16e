"""What the bank holds against what the framework and the scheme ask: statements, levels, kinds, pools, forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader import forms
from grader.bank.draws import NAME
from grader.errors import InputError
from grader.model import COGNITIVE, KINDS, Framework, Item, Scheme

__all__ = ["Cover", "LevelCover", "StatementCover", "cover", "with_numbers"]

READY = ("approved", "live")
EXAM, EXAM_LEADER, PRACTICE = 2, 4, 1
"""Exam items of a statement, of a Team Leader statement, and practice items of a statement that are wanted."""
LEADER = 2
NUMBERS_LEAST = 1 / 3
CASES_LEAST = 1 / 4
CASES_FROM = 3
"""From which level on so many items stand in case sets."""
COGNITIVE_SLACK = 0.10


@dataclass(frozen=True)
class StatementCover:
    """One statement: items ready for exams, for practice, in pilot, and on their way."""

    code: str
    exam: int
    practice: int
    pilot: int
    waiting: int
    wanted: int

    @property
    def full(self) -> bool:
        """Whether it has the exam and practice items that it needs."""
        return self.exam >= self.wanted and self.practice >= PRACTICE


@dataclass(frozen=True)
class LevelCover:
    """One level: its items by kind and cognitive level, its shares, and how many full forms they make."""

    level: int
    kinds: Mapping[str, int]
    cognitive: Mapping[str, int]
    exam: int
    numbers: float
    cases: float
    forms: int
    short: Mapping[str, int]
    """Exam items that one form lacks, by domain."""


@dataclass(frozen=True)
class Cover:
    """All statements and levels, and every hole in one sentence."""

    statements: Sequence[StatementCover]
    levels: Sequence[LevelCover]
    holes: Sequence[str]


def cover(framework: Framework, scheme: Scheme, items: Iterable[Item]) -> Cover:
    """Hold the items against every statement and against the blueprint of every level; retired items do not count."""
    held = [item for item in items if item.status != "retired"]
    by_statement: dict[str, list[Item]] = {}
    for item in held:
        by_statement.setdefault(item.statement, []).append(item)
    codes = [one.code for domain in framework.domains for cell in domain.cells for one in cell.statements]
    statements = [_statement(code, by_statement.get(code, [])) for code in codes]
    levels = [
        _level(framework, scheme, level.number, [item for item in held if item.level == level.number])
        for level in framework.levels
    ]
    return Cover(statements, levels, [*_statement_holes(statements), *_level_holes(scheme, levels)])


def with_numbers(item: Item) -> bool:
    """Whether the question gives figures to work with: it draws them, or two or more stand in its text."""
    stem = item.body["question"].stem.en
    return item.body["draw"] is not None or len(re.findall(r"\d+(?:[.,]\d+)*", NAME.sub("0", stem))) >= 2


def _statement(code: str, items: Sequence[Item]) -> StatementCover:
    ready = Counter(item.use for item in items if item.status in READY)
    pilot = sum(item.use == "pilot" or item.status == "pilot" for item in items)
    waiting = sum(item.status in ("draft", "review") for item in items)
    leader = code.split("-")[1].startswith(f"{LEADER}.")
    return StatementCover(code, ready["exam"], ready["practice"], pilot, waiting, EXAM_LEADER if leader else EXAM)


def _level(framework: Framework, scheme: Scheme, number: int, items: Sequence[Item]) -> LevelCover:
    exam = [item for item in items if item.use == "exam" and item.status in READY]
    have = Counter(item.domain for item in exam)
    rules = scheme.level(number)
    try:
        need = forms.blueprint(framework, rules, rules.scored).domains
    except InputError:
        need = {}
    return LevelCover(
        level=number,
        kinds=_counted(KINDS, (item.kind for item in items)),
        cognitive=_counted(COGNITIVE, (item.cognitive for item in exam)),
        exam=len(exam),
        numbers=_share(items, with_numbers),
        cases=_share(items, lambda item: item.case is not None),
        forms=min((have[domain] // count for domain, count in need.items()), default=0),
        short={domain: count - have[domain] for domain, count in need.items() if have[domain] < count},
    )


def _counted(names: Sequence[str], found: Iterable[str]) -> dict[str, int]:
    count = Counter(found)
    return {name: count[name] for name in names}


def _share(items: Sequence[Item], holds: Callable[[Item], bool]) -> float:
    return sum(holds(item) for item in items) / len(items) if items else 0.0


def _statement_holes(statements: Sequence[StatementCover]) -> list[str]:
    holes = []
    for one in statements:
        lacks = []
        if one.exam < one.wanted:
            lacks.append(f"{one.exam} of {one.wanted} exam items")
        if one.practice < PRACTICE:
            lacks.append(f"{one.practice} of {PRACTICE} practice items")
        if lacks:
            waiting = f", {one.waiting} wait for their readers" if one.waiting else ""
            holes.append(f"{one.code}: {' and '.join(lacks)}{waiting}")
    return holes


def _level_holes(scheme: Scheme, levels: Sequence[LevelCover]) -> list[str]:
    holes = []
    for one in levels:
        if one.short:
            said = ", ".join(f"{domain} {count}" for domain, count in one.short.items())
            holes.append(f"level {one.level}: no full form; exam items that it lacks by domain: {said}")
        for name, percent in scheme.level(one.level).cognitive.items():
            share = one.cognitive[name] / one.exam if one.exam else 0.0
            if one.exam and abs(share - percent / 100) > COGNITIVE_SLACK:
                holes.append(
                    f"level {one.level}: {share:.0%} of the exam items are {name}, the scheme wants {percent}%"
                )
        if sum(one.kinds.values()) and one.numbers < NUMBERS_LEAST:
            holes.append(
                f"level {one.level}: {one.numbers:.0%} of the items give figures to work with, a third is wanted"
            )
        if sum(one.kinds.values()) and one.level >= CASES_FROM and one.cases < CASES_LEAST:
            holes.append(f"level {one.level}: {one.cases:.0%} of the items stand in case sets, a quarter is wanted")
    return holes
