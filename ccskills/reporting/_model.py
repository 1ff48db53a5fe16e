"""What a report is: its sections, its checks, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .._text import Text

if TYPE_CHECKING:
    from ._chart_base import Figure

__all__ = ["EXCEL_FORMATS", "Report", "Section", "shown", "written"]

Kinds = Mapping[str, "str | tuple[str, ...]"]

FORMATS = {
    "text": "{}",
    "count": "{:,.0f}",
    "decimal": "{:,.1f}",
    "share": "{:.1%}",
    "change": "{:+.1%}",
    "points": "{:+.1f}",
    "seconds": "{:,.0f}",
    "money": "{:,.2f}",
    "gap": "{:+,.0f}",
    "clock": "{:%H:%M}",
    "date": "{:%Y-%m-%d}",
    "moment": "{:%Y-%m-%d %H:%M}",
}
EXCEL_FORMATS = {
    "text": "@",
    "count": "#,##0",
    "decimal": "#,##0.0",
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "points": "+0.0;-0.0;0.0",
    "seconds": "#,##0",
    "money": "#,##0.00",
    "gap": "+#,##0;-#,##0;0",
    "clock": "hh:mm",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
NOTHING = "–"


@dataclass(frozen=True)
class Section:
    """A part of a report: a heading, a sentence, a table and, where one helps, a chart."""

    key: str
    """Which section it is, the same in both languages."""
    heading: str
    """Its heading."""
    sentence: str
    """What the table shows and what to do about it."""
    table: pd.DataFrame
    """The table; its columns have the same names in both languages."""
    labels: Mapping[str, str]
    """Heading of each column in the language of the report."""
    kinds: Kinds
    """How each column is written ("count", "share", "seconds", ...): one word, or one per row."""
    chart: Figure | None = None
    """The chart, described by `describe`."""


@dataclass(frozen=True)
class Report:
    """A report with the proof that its numbers hold."""

    title: str
    """Kind of report, audience and, when given, the name of the centre."""
    kind: str
    """"daily", "weekly" or "monthly"."""
    audience: str
    """"team_leader", "supervisor", "manager" or "client"."""
    language: str
    """"en" or "zh"."""
    period: str
    """First and last day."""
    findings: tuple[str, ...]
    """What is worth knowing: result, target, change, and likely reason where events tell one."""
    sections: tuple[Section, ...]
    """Tables and charts."""
    checks: pd.DataFrame
    """Per check: `check`, `name`, `passed` and `finding`, a sentence that says what was compared or what is wrong."""
    definitions: pd.DataFrame
    """Per measure: `measure`, `formula`, `better` and `note`."""
    notes: tuple[str, ...]
    """What was left out, and why."""

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return bool(self.checks["passed"].all())

    def section(self, key: str) -> Section:
        """The section of this key, such as "summary"."""
        for section in self.sections:
            if section.key == key:
                return section
        raise ValueError(f"key must be one of {', '.join(part.key for part in self.sections)}, got {key!r}")

    def _repr_html_(self) -> str:
        """The report as a notebook shows it."""
        from ._html import page

        return page(self, whole=False)


def kind_of(section: Section, column: str, row: int) -> str:
    """How the value of a column in a row is written."""
    kind = section.kinds.get(column, "text")
    return kind if isinstance(kind, str) else kind[row]


def missing(value: Any) -> bool:
    """Whether a cell holds no value."""
    return value is None or value is pd.NaT or (isinstance(value, (float, np.floating)) and not np.isfinite(value))


def shown(value: Any, kind: str) -> str:
    """A value as it is printed; words stay words, and what is not there is a dash.

    >>> shown(0.8125, "share"), shown(float("nan"), "share"), shown("Total", "clock")
    ('81.2%', '–', 'Total')
    """
    if missing(value):
        return NOTHING
    if isinstance(value, str):
        return value
    text = FORMATS[kind].format(value)
    return text if text.strip("-+0.,%") else text.lstrip("-+")


def written(text: Text, language: str, *values: object) -> str:
    """The words in a language with values filled in."""
    words = text.say(language)
    return words.format(*values) if values else words
