"""The words of the engine: frozen values that pass from one stage to the next, without any input or output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "COGNITIVE",
    "KINDS",
    "LANGUAGES",
    "Bilingual",
    "Blueprint",
    "Cell",
    "Criterion",
    "Decision",
    "Domain",
    "Form",
    "Framework",
    "Item",
    "Level",
    "LevelRules",
    "Mark",
    "Option",
    "ProofLine",
    "Question",
    "Scheme",
    "Slot",
    "Statement",
    "canonical",
    "digest",
]

LANGUAGES = ("en", "zh")
KINDS = ("choice", "multi", "number", "order", "match", "text", "code")
COGNITIVE = ("R", "A", "E")


def canonical(value: Any) -> str:
    """The one way in which a value is written before it is hashed or signed: sorted keys, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": "班组长"})
    '{"a":"班组长","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical text of ``value`` (or of the bytes, if it is bytes)."""
    data = value if isinstance(value, bytes) else canonical(value).encode()
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Bilingual:
    """One text in both languages; every text that a learner sees is one of these."""

    en: str
    zh: str

    def say(self, language: str) -> str:
        """The text in ``language`` (``en`` or ``zh``)."""
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        return self.en if language == "en" else self.zh


# --- the framework and the scheme -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """A rung of the ladder, 1 senior agent to 5 general manager."""

    number: int
    code: str
    name: Bilingual


@dataclass(frozen=True)
class Statement:
    """One thing that a person of a level can do in a domain; ``code`` is never reused."""

    code: str
    text: Bilingual


@dataclass(frozen=True)
class Cell:
    """One domain at one level: its statements and where they come from."""

    code: str
    level: int
    statements: tuple[Statement, ...]
    seeds: tuple[str, ...]
    demoi: tuple[str, ...]


@dataclass(frozen=True)
class Domain:
    """A field of competence with its weight (percent of the scored exam) at each of the five levels."""

    code: str
    name: Bilingual
    core: bool
    weights: tuple[int, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Framework:
    """Levels, domains and statements, as read from ``question_bank/framework.yml``."""

    version: str
    levels: tuple[Level, ...]
    domains: tuple[Domain, ...]

    def statement(self, code: str) -> Statement:
        """The statement with this code; ``KeyError`` when there is none."""
        for domain in self.domains:
            for cell in domain.cells:
                for statement in cell.statements:
                    if statement.code == code:
                        return statement
        raise KeyError(code)

    def level(self, number: int) -> Level:
        """The level with this number, 1 to 5."""
        return self.levels[number - 1]


@dataclass(frozen=True)
class LevelRules:
    """The rules of one certificate: what its exam holds, who may sit for it, how long it lasts."""

    level: int
    scored: int
    pilot: int
    minutes: int
    cognitive: Mapping[str, int]
    """Percent of the scored items by cognitive level: R, A, E."""
    practical: Bilingual
    practical_minutes: int | None
    """Minutes of a supervised practical; ``None`` for a work product with ``practical_days``."""
    practical_days: int | None
    practical_cut_percent: float
    markers: int
    entry: Bilingual
    entry_previous_months: int | None
    """Months for which the level below has to be held; ``None`` where there is no level below."""
    entry_service_months: int
    """Months of service that open the exam without the level below."""
    validity_months: int
    renewal_hours: int
    cut_method: str


@dataclass(frozen=True)
class Scheme:
    """The rules of all five certificates, as read from ``question_bank/scheme.yml``."""

    version: str
    title: Bilingual
    certificate: Bilingual
    """What the paper calls itself, e.g. 能力评价证书."""
    levels: tuple[LevelRules, ...]
    blocked_words: tuple[str, ...] = ()
    """Words that no title, page or certificate may use, in any case: they claim an authority that we do not have."""

    def level(self, number: int) -> LevelRules:
        """The rules of the level with this number, 1 to 5."""
        return self.levels[number - 1]


# --- the bank ---------------------------------------------------------------------------------------------------------


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
    key: Any = None
    """choice: an id; multi: a sorted tuple of ids; number: a float; order: tuple of ids; match: {left id: right id}."""
    tolerance: float | None = None
    """number: the largest absolute difference from the key that still earns the mark."""
    unit: Bilingual | None = None
    rubric: tuple[Criterion, ...] = ()
    reasons: Bilingual | None = None
    """Why the key is right, for the author's preview and for practice; never for an exam paper."""


# --- exams ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blueprint:
    """What a form must hold: exact counts by domain, wanted counts by cognitive level."""

    level: int
    length: int
    domains: Mapping[str, int]
    cognitive: Mapping[str, int]


@dataclass(frozen=True)
class ProofLine:
    """One constraint of a form: what was wanted and what the form has."""

    constraint: str
    wanted: str
    has: str
    holds: bool


@dataclass(frozen=True)
class Slot:
    """A place on a form: a drawn question and the order in which its options are shown.

    A paper shows option ``n`` (1, 2, ...) where ``order[n - 1]`` is the option's id in the source, so that nothing on
    the paper tells the source order; ``targets`` does the same for the right sides of a match.
    """

    name: str
    question: Question
    order: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A frozen form with its proof; ``digest`` is the SHA-256 of everything else in it."""

    id: str
    level: int
    seed: int
    slots: tuple[Slot, ...]
    proof: tuple[ProofLine, ...]
    expected_points: float
    """Sum over slots of points times the item's difficulty: what a just-qualified candidate is expected to earn."""
    digest: str

    @property
    def max_points(self) -> float:
        """The most that the form can earn."""
        return sum(slot.question.points for slot in self.slots)


@dataclass(frozen=True)
class Mark:
    """What one answer earned, from whom, and why; ``points`` is None while a person has still to mark it."""

    slot: str
    item_id: str
    item_version: int
    statement: str
    points: float | None
    max_points: float
    marker: str
    note: str = ""


@dataclass(frozen=True)
class Decision:
    """The proposed or confirmed outcome of a seat."""

    seat: str
    outcome: str
    """``pass``, ``fail`` or ``absent``."""
    written_points: float
    written_max: float
    written_cut: float
    practical_points: float
    practical_max: float
    practical_cut: float
    domains: Mapping[str, tuple[float, float]]
    """Points and maximum by domain code."""
    reasons: tuple[str, ...]
    decided_on: date
