"""Answers to marks: keys and their rules of partial credit, rubrics, and what two blind markers add up to."""

from __future__ import annotations

from ._keys import STANDARD_CREDIT, mark, mark_all
from ._numbers import number_hint, read_number

__all__ = ["STANDARD_CREDIT", "mark", "mark_all", "number_hint", "read_number"]
