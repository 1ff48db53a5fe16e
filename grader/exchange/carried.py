"""One question in one language as an exchange file holds it, what of it a format leaves behind, and files of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.errors import Problem

__all__ = ["Carried", "Choice", "Read", "Written"]


@dataclass(frozen=True)
class Choice:
    """An option or a step; ``reason`` is what is said of it afterwards."""

    text: str
    right: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Carried:
    """A question in one language, all its texts in Markdown; what a kind does not have is empty."""

    name: str
    """The item's id; a drawn question has its seed behind a dot, ``FC-2.1-load.101``."""
    kind: str
    stem: str
    choices: tuple[Choice, ...] = ()
    """Options of choice and multi; steps of order in their right order."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Left and right sides of a match; an empty left side makes a distractor."""
    key: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    reason: str = ""
    rubric: tuple[tuple[float, str], ...] = ()
    samples: tuple[tuple[float, str], ...] = ()
    points: float = 1.0
    tags: Mapping[str, str] = field(default_factory=dict)
    """Entries of the header by name, e.g. ``statement`` and ``minutes``."""
    line: int = 1
    """Where it begins in the file that it was read from."""


@dataclass(frozen=True)
class Written:
    """A file to be written, and by question's name what the format could not carry."""

    data: bytes
    left: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Read:
    """The questions of a file and what was wrong with the others."""

    questions: tuple[Carried, ...]
    problems: tuple[Problem, ...]
