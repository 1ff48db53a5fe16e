"""Dates as a calendar has them: whole months on, whole months between."""

from __future__ import annotations

import calendar
from datetime import date

__all__ = ["add_months", "months_between"]


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month when it has no such day.

    >>> add_months(date(2024, 2, 29), 36)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def months_between(first: date, second: date) -> int:
    """Whole months from ``first`` to ``second``.

    >>> months_between(date(2025, 11, 22), date(2026, 11, 21))
    11
    """
    months = (second.year - first.year) * 12 + second.month - first.month
    return months if second >= add_months(first, months) else months - 1
