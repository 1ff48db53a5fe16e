"""The words of the engine: frozen values that pass from one stage to the next, without any input or output."""

from __future__ import annotations

from grader.model.bank import CodeTask, Criterion, Item, Option, Question
from grader.model.exam import Blueprint, Cut, Decision, Form, FormPoint, Mark, ProofLine, Slot
from grader.model.framework import Cell, Domain, Framework, Level, Statement
from grader.model.promotion import PARTS, AppraisalRules, PromotionRules
from grader.model.scheme import (
    AppealRules,
    ComplianceRules,
    CreditRules,
    ExaminerRules,
    FormRules,
    KeepingRules,
    LevelRules,
    MarkingRules,
    Quality,
    RetakeRules,
    Scheme,
)
from grader.model.words import COGNITIVE, CREDIT, KINDS, LANGUAGES, Bilingual, canonical, digest

__all__ = [
    "COGNITIVE",
    "CREDIT",
    "KINDS",
    "LANGUAGES",
    "PARTS",
    "AppealRules",
    "AppraisalRules",
    "Bilingual",
    "Blueprint",
    "Cell",
    "CodeTask",
    "ComplianceRules",
    "CreditRules",
    "Criterion",
    "Cut",
    "Decision",
    "Domain",
    "ExaminerRules",
    "Form",
    "FormPoint",
    "FormRules",
    "Framework",
    "Item",
    "KeepingRules",
    "Level",
    "LevelRules",
    "Mark",
    "MarkingRules",
    "Option",
    "PromotionRules",
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
