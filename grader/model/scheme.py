"""The rules of the certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.model.promotion import PromotionRules
from grader.model.words import Bilingual

__all__ = [
    "AppealRules",
    "ComplianceRules",
    "CreditRules",
    "FormRules",
    "KeepingRules",
    "LevelRules",
    "MarkingRules",
    "Quality",
    "RetakeRules",
    "Scheme",
]


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
class CreditRules:
    """A category of what counts for the renewal of a certificate."""

    name: Bilingual
    most_percent: int
    """Most of the hours of a renewal that may come from it."""
    from_level: int | None
    """The level from which on a renewal needs some of it; None where it is free."""


@dataclass(frozen=True)
class KeepingRules:
    """What becomes of certificates after they were issued, and how long records stay."""

    window_days: int
    """Days before its last day from which a certificate may be renewed."""
    grace_days: int
    """Days after its last day in which an expired certificate may still be renewed without a new examination."""
    audit_percent: int
    """Percent of the renewals whose evidence is looked at before they count."""
    credits: Mapping[str, CreditRules]
    """What counts, by code."""
    reminders_days: tuple[int, ...]
    """Days before the last day on which the holder is reminded, most first."""
    suspension_days: int
    """Most days for which a certificate may stay suspended."""
    appeal_days: int
    """Days in which a measure against a certificate may be appealed."""
    grounds: Mapping[str, Bilingual]
    """What a measure against a certificate may rest on, by code."""
    retention_months: Mapping[str, int]
    """Months for which a class of records stays: identity, answers, certificates."""


@dataclass(frozen=True)
class ExaminerRules:
    """Whether examiners have to stand in the registry, and when their end is told."""

    required: bool = False
    """In sittings for certification only recorded examiners act; otherwise somebody who is not recorded may, too."""
    remind_days: int = 90
    """Days before the end of a qualification from which it is told."""


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
    keeping: KeepingRules
    blocked_words: tuple[str, ...] = ()
    """Words that no title, page or certificate may use, in any case: they claim an authority that we do not have."""
    examiners: ExaminerRules = ExaminerRules()
    promotion: PromotionRules | None = None
    """None where the scheme says nothing of promotions."""

    def level(self, number: int) -> LevelRules:
        """The rules of the level with this number, 1 to 5."""
        return self.levels[number - 1]
