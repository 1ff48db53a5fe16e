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
    "CREDIT",
    "KINDS",
    "LANGUAGES",
    "AppealRules",
    "Bilingual",
    "Blueprint",
    "Cell",
    "ComplianceRules",
    "Criterion",
    "Cut",
    "Decision",
    "Domain",
    "Form",
    "FormPoint",
    "FormRules",
    "Framework",
    "Item",
    "Level",
    "LevelRules",
    "Mark",
    "MarkingRules",
    "Option",
    "ProofLine",
    "Quality",
    "Question",
    "RetakeRules",
    "Scheme",
    "Slot",
    "Statement",
    "canonical",
    "digest",
]

LANGUAGES = ("en", "zh")
KINDS = ("choice", "multi", "number", "order", "match", "text", "code")
COGNITIVE = ("R", "A", "E")
CREDIT: Mapping[str, tuple[str, ...]] = {
    "choice": ("all or nothing",),
    "multi": ("right minus wrong", "each option", "all or nothing"),
    "number": ("within tolerance",),
    "order": ("pairs in order", "all or nothing"),
    "match": ("right pairs", "all or nothing"),
    "text": ("rubric",),
    "code": ("tests",),
}
"""The rules of partial credit that a scheme may name for each kind, the standard one first."""


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
class MarkingRules:
    """How answers become points, and what markers have to agree on."""

    credit: Mapping[str, str]
    """The rule of partial credit of each kind, one of :data:`CREDIT`."""
    step: float
    """The smallest part of a point that a marker may give."""
    difference: float
    """Points by which two blind markers of one answer may differ before a third one marks it."""
    kappa: float
    """Weighted kappa of two markers that is aimed at; below it they are asked to meet."""


@dataclass(frozen=True)
class Quality:
    """When a form is fit for certification, and which items a person looks at again."""

    alpha: float
    """Reliability (KR-20) that a written form reaches."""
    consistency: float
    """Share of people on whom two sittings would agree that a form reaches."""
    judges_least: int
    """Fewest and most judges of a panel that sets a cut."""
    judges_most: int
    facility_least: float
    """Mean share of its points that an item earns: below it is hard, above ``facility_most`` it is easy."""
    facility_most: float
    discrimination_least: float
    """Correlation of an item with the rest of its form from which it tells better candidates from weaker ones."""


@dataclass(frozen=True)
class ComplianceRules:
    """Which questions make the compliance set, and from how many of them on it has to reach a cut of its own."""

    domains: tuple[str, ...]
    statements: tuple[str, ...]
    items: int

    def holds(self, statement: str) -> bool:
        """Whether a question of this statement belongs to the set."""
        return statement in self.statements or statement.split("-")[0] in self.domains


@dataclass(frozen=True)
class RetakeRules:
    """When somebody who did not pass may sit again; a retake is always on a form that the person has not seen."""

    wait_days: int
    """Days between two sittings for the same level."""
    attempts: int
    """Most sittings for the same level in ``months``; a sitting to which the person never came is none."""
    months: int


@dataclass(frozen=True)
class AppealRules:
    """What an appeal may rest on, and its days."""

    days: int
    """Days from the day on which the result was published, in which an appeal may be filed."""
    decide_days: int
    """Days from the filing in which it is to be decided."""
    grounds: Mapping[str, Bilingual]
    """Grounds by their code, e.g. ``marking``."""


@dataclass(frozen=True)
class FormRules:
    """What holds for the forms of every level beside the blueprint."""

    kinds: Mapping[str, tuple[int, int]]
    """Fewest and most items by kind, in percent of the scored items."""
    texts: int
    """Written answers on each form: the same number, so that forms are worth the same."""
    anchor_percent: int
    """Items that all forms of a set have in common, in percent of the scored items."""
    overlap: int
    """Most items that two forms of a set may have in common beside the anchors."""
    uses: int
    """Most sittings in ``use_months`` in which an item may be used."""
    use_months: int


@dataclass(frozen=True)
class Scheme:
    """The rules of all five certificates, as read from ``question_bank/scheme.yml``."""

    version: str
    title: Bilingual
    certificate: Bilingual
    """What the paper calls itself, e.g. 能力评价证书."""
    levels: tuple[LevelRules, ...]
    marking: MarkingRules
    compliance: ComplianceRules
    review_sem: int
    """A written score so many standard errors of measurement around the cut is looked at again before it counts."""
    retake: RetakeRules
    appeal: AppealRules
    quality: Quality
    forms: FormRules
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
    headings: tuple[Bilingual, Bilingual] | None = None
    """What stands above the two sides of a match."""
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
class FormPoint:
    """What a form does at one place of the ability scale, on which the just-qualified candidate stands at 0."""

    theta: float
    """The place, in logits."""
    expected: float
    """Points that a candidate of this ability is expected to earn."""
    information: float
    """Fisher information of the form there; one over its root is the standard error of the ability."""


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
    anchors: tuple[str, ...] = ()
    """Ids of the items that all forms of its set have in common."""
    minutes: float = 0.0
    """What the authors think that its items take together."""
    information: tuple[FormPoint, ...] = ()
    """Expected score and information half a standard error below the cut, at the cut and half a one above it."""

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
class Cut:
    """The cut score of a form as a panel set it."""

    form_digest: str
    points: float
    se: float
    """Standard error of the cut, in points: how far another panel of this size would land from it."""
    method: str
    judges: tuple[str, ...]
    panel: str
    set_by: str
    at: str


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
    error: float = 0.0
    """Standard error of measurement of the written part at its cut, in points."""
    in_band: bool = False
    """The written score lies so near its cut that somebody has to look at its marks again before it counts."""
    compliance: tuple[float, float, float] | None = None
    """Points, maximum and cut of the compliance set; None on a form with too few questions of it."""
    cut_method: str = ""
