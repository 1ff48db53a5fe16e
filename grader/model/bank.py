"""Items and the questions drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.model.words import Bilingual

__all__ = [
    "CodeTask",
    "Criterion",
    "Item",
    "Option",
    "Question",
]


@dataclass(frozen=True)
class Option:
    """A choice, a step to order, or one side of a pair; ``id`` is its position in the source (``a``, ``b``, ...)."""

    id: str
    text: Bilingual
    right: bool = False
    reason: Bilingual | None = None


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric with the points that it can earn."""

    id: str
    text: Bilingual
    points: float


@dataclass(frozen=True)
class CodeTask:
    """What stands around a candidate's lines: the code that runs before them, and the tests that decide."""

    given: str
    """Shown on the paper; empty when the lines need nothing."""
    tests: tuple[str, ...]
    """Each an equal share of the points; never for an exam paper."""


@dataclass(frozen=True)
class Item:
    """An item of the bank: its header, and its text before numbers are drawn."""

    id: str
    version: int
    kind: str
    statement: str
    cognitive: str
    minutes: float
    use: str
    status: str
    difficulty: float
    variants: tuple[int, ...]
    enemies: tuple[str, ...]
    sources: tuple[str, ...]
    history: tuple[Mapping[str, Any], ...]
    case: str | None
    path: str
    """Path of the source, relative to the bank's folder."""
    source_digest: str
    body: Mapping[str, Any] = field(repr=False)
    """What ``bank.draw`` needs: parsed cells by language, and the draw code."""

    @property
    def domain(self) -> str:
        """The domain's code, e.g. ``FC`` of ``FC-2.1``."""
        return self.statement.split("-")[0]

    @property
    def level(self) -> int:
        """The level's number, e.g. 2 of ``FC-2.1``."""
        return int(self.statement.split("-")[1].split(".")[0])


@dataclass(frozen=True)
class Question:
    """An item drawn: concrete text, options and key. It holds the key, so it never leaves the exam office."""

    item_id: str
    item_version: int
    variant: int | None
    kind: str
    statement: str
    points: float
    stem: Bilingual
    options: tuple[Option, ...] = ()
    """Options of choice and multi; steps of order in their right order; left sides of match."""
    targets: tuple[Option, ...] = ()
    """Right sides of match, distractors last; empty for other kinds."""
    headings: tuple[Bilingual, Bilingual] | None = None
    """What stands above the two sides of a match."""
    key: Any = None
    """choice: an id; multi: a sorted tuple of ids; number: a float; order: tuple of ids; match: {left id: right id};
    code: lines that pass all tests."""
    tolerance: float | None = None
    """number: the largest absolute difference from the key that still earns the mark."""
    unit: Bilingual | None = None
    rubric: tuple[Criterion, ...] = ()
    code: CodeTask | None = None
    """code: what runs before the candidate's lines, and the tests after them."""
    reasons: Bilingual | None = None
    """Why the key is right, for the author's preview and for practice; never for an exam paper."""
