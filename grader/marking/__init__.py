"""Answers to marks: keys and their rules of partial credit, rubrics, and what blind markers add up to."""

from __future__ import annotations

from ._agreement import Agreement, DoubleMark, agreement, agreement_by_marker, agreement_by_question
from ._blind import Standing, settle
from ._keys import STANDARD_CREDIT, mark, mark_all, mark_code
from ._numbers import number_hint, read_number
from ._rubric import read_rubric, rubric_points, whole_rubric

__all__ = [
    "STANDARD_CREDIT",
    "Agreement",
    "DoubleMark",
    "Standing",
    "agreement",
    "agreement_by_marker",
    "agreement_by_question",
    "mark",
    "mark_all",
    "mark_code",
    "number_hint",
    "read_number",
    "read_rubric",
    "rubric_points",
    "settle",
    "whole_rubric",
]
