"""From the registry to what HR and the exam office read: pages, workbooks, lists, the paper of a month."""

from __future__ import annotations

from .answers import as_csv, as_json, as_lines
from .figures import Overview, overview
from .history import history
from .lists import Listed, chosen, expiring, gaps, matrix, results
from .page import hr_page
from .readiness import ready
from .table import decision_table, decision_text, in_columns
from .workbook import hr_workbook
from .write import write, write_month

__all__ = [
    "Listed",
    "Overview",
    "as_csv",
    "as_json",
    "as_lines",
    "chosen",
    "decision_table",
    "decision_text",
    "expiring",
    "gaps",
    "history",
    "hr_page",
    "hr_workbook",
    "in_columns",
    "matrix",
    "overview",
    "ready",
    "results",
    "write",
    "write_month",
]
