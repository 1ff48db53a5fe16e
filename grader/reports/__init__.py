"""From the registry to what HR and the exam office read: one page, one workbook, one table."""

from __future__ import annotations

from .page import hr_page
from .table import decision_table, decision_text, in_columns
from .workbook import hr_workbook
from .write import write

__all__ = ["decision_table", "decision_text", "hr_page", "hr_workbook", "in_columns", "write"]
