"""The HR workbook: sheets with filters, real dates and colours, in which nothing of the registry is a formula."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ..certificates import BANDS
from ..model import Bilingual
from .figures import Overview
from .lists import Listed, Term, expiring, gaps, matrix, results
from .readiness import ready
from .words import OUTCOMES, READY, STATES, WORDS

__all__ = ["hr_workbook"]

_GREEN, _AMBER, _RED = ("#E4F4EB", "#0F5132"), ("#FDF1D7", "#6B4500"), ("#FBE9E7", "#7D1F18")
_BLUE, _GREY = ("#E3EEFB", "#17447A"), ("#E6E9EB", "#343C43")
_COLOURS = {
    "in force": _GREEN, "due": _AMBER, "passed": ("#DEF2F4", "#0B4E59"), "in-progress": _BLUE, "waiting": _BLUE,
    "scheduled": _BLUE, "failed": _RED, "absent": _RED, "grace": _AMBER, "lapsed": _GREY, "suspended": _GREY,
    "withdrawn": _GREY, "reduced": _GREY, "replaced": _GREY, "coming": _BLUE,
    "sample": ("#FFFFFF", "#A52A22"),
}  # fmt: skip
_WIDTHS = {
    "person": 12, "name": 24, "site": 18, "team": 20, "role": 18, "manager": 20, "days": 12, "certificate": 22,
    "level": 24, "target": 24, "job_level": 24, "result_level": 24, "developing": 30, "sitting": 18, "missing": 60,
}  # fmt: skip
_SHEETS = {
    "matrix": "Levels 等级矩阵", "gaps": "Gaps 缺口", "expiring": "Expiring 到期", "ready": "Ready 晋升",
    "results": "Results 成绩",
}  # fmt: skip
_SAMPLE = "（样本）"
"""What every cell of a sample says."""
MOST_ROWS = 1_048_575
"""Rows under the heading that a sheet of Excel takes."""


def hr_workbook(shown: Overview, path: Path) -> None:
    """Write the workbook in both languages to ``path``: levels, gaps, what expires, who is ready, results.

    Text stays text, whatever it begins with, and is marked so that Excel keeps it text when a cell is edited.
    """
    part = path.with_name(f".{path.name}.part")
    # Row by row onto the disk: 100,000 people need no more memory than ten.
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip

    def anybody(_: int) -> bool:
        return True

    with xlsxwriter.Workbook(str(part), options) as book:
        # The day of the report in the place of the clock: the same registry gives the same file.
        today = shown.today
        book.set_properties({"title": _both(WORDS["title"]), "created": datetime(today.year, today.month, today.day)})
        sheets = _Sheets(book, today)
        promotion = shown.scheme.promotion
        for listed in (
            matrix(shown, anybody, domains=False), gaps(shown, anybody), expiring(shown, anybody),
            *([ready(shown, promotion, anybody)] if promotion else []), results(shown, anybody),
        ):  # fmt: skip
            sheets.sheet(listed)
    part.replace(path)


def _both(text: Bilingual) -> str:
    return text.en if text.en == text.zh else f"{text.en} {text.zh}"


class _Sheets:
    """One workbook with its formats, and the one way in which a cell is written."""

    def __init__(self, book: Any, today: date) -> None:
        self.book, self.today = book, today
        font = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
        self.head = book.add_format(
            {**font, "bold": True, "bg_color": "#0F4C5C", "font_color": "#FFFFFF", "text_wrap": True, "border": 1,
             "border_color": "#D9DFE4"}
        )  # fmt: skip
        self.text = book.add_format({**font, "quote_prefix": False})
        self.quoted = book.add_format({**font, "quote_prefix": True})
        self.number = book.add_format({**font, "num_format": "0.##"})
        self.day = book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"})
        self.colours = {
            state: book.add_format({"bg_color": fill, "font_color": ink}) for state, (fill, ink) in _COLOURS.items()
        }
        self.terms: dict[Bilingual, str] = {}

    def sheet(self, listed: Listed) -> None:
        """A sheet with a heading row, frozen panes, filters, and a page set up for printing."""
        sheet = self.book.add_worksheet(_SHEETS[listed.name])
        for at, column in enumerate(listed.columns):
            sheet.set_column(at, at, _WIDTHS.get(column.name, 16))
        sheet.freeze_panes(1, 2)
        sheet.set_row(0, 34)
        for at, column in enumerate(listed.columns):
            sheet.write_string(0, at, f"{column.head.en}\n{column.head.zh}", self.head)
        last = self.rows(sheet, listed)
        sheet.autofilter(0, 0, max(last, 1), len(listed.columns) - 1)
        self.paint(sheet, listed, max(last, 1))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L{_both(WORDS['as_of']).format(day=self.today)}&R&P / &N")

    def rows(self, sheet: Any, listed: Listed) -> int:
        """Write the rows, and say how many there are."""
        text, number, day = sheet.write_string, sheet.write_number, sheet.write_datetime
        line = 0
        for line, row in enumerate(listed.rows, start=1):
            if line > MOST_ROWS:
                return MOST_ROWS
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, Term):
                    if value.code == "none" and listed.name == "matrix":
                        continue  # an empty cell says it, too
                    text(line, column, self.said(value.text), self.text)
                elif isinstance(value, str):
                    text(line, column, value[:32_000], self.quoted if value[0] in "=+-@\t\r\n" else self.text)
                elif isinstance(value, date):
                    day(line, column, datetime(value.year, value.month, value.day), self.day)
                else:
                    number(line, column, value, self.number)
        return line

    def said(self, text: Bilingual) -> str:
        """A word of ours in both languages."""
        if text not in self.terms:
            self.terms[text] = _both(text)
        return self.terms[text]

    def paint(self, sheet: Any, listed: Listed, last: int) -> None:
        """The colours of states, bands and days, as conditions on the cells."""
        names = [column.name for column in listed.columns]
        if listed.name == "ready":
            at = names.index("state")
            for code, state in (("ready", "in force"), ("near", "due")):
                self.colour(sheet, (1, at, last, at), _equal(READY[code]), state)
            for code, state in (("is_met", "in force"), ("is_below", "failed"), ("is_not-met", "failed")):
                self.colour(sheet, (1, at - 3, last, at - 1), _equal(READY[code]), state)
            return
        sample = {"type": "text", "criteria": "containing", "value": _SAMPLE}
        states = [at for at, name in enumerate(names) if name == "state" or (len(name) == 2 and name[0] == "L")]
        for at in states:
            self.colour(sheet, (1, at, last, at), sample, "sample")
            for state, text in STATES.items():
                if state in _COLOURS:
                    self.colour(sheet, (1, at, last, at), _equal(text), state)
        if "outcome" in names:
            at = names.index("outcome")
            for outcome, state in (("pass", "in force"), ("fail", "failed"), ("absent", "absent")):
                self.colour(sheet, (1, at, last, at), _equal(OUTCOMES[outcome]), state)
        if listed.name == "results":
            area = (1, names.index("confirmed_by") + 1, last, len(names) - 1)
            for text, state in zip(BANDS[1:], ("failed", "due", "in force"), strict=True):
                self.colour(sheet, area, _equal(text), state)
        if "days" in names:
            at = names.index("days")
            # The first rule that fits wins: gone, 30 days, 90 days, 180 days, as the reminders go out.
            for low, high, state in ((-(10**6), -1, "lapsed"), (0, 30, "failed"), (31, 180, "due")):
                rule = {"type": "cell", "criteria": "between", "minimum": low, "maximum": high}
                self.colour(sheet, (1, at, last, at), rule, state)

    def colour(self, sheet: Any, area: tuple[int, int, int, int], rule: dict[str, Any], state: str) -> None:
        """A conditional format in the colours of a state."""
        sheet.conditional_format(*area, {**rule, "format": self.colours[state]})


def _equal(text: Bilingual) -> dict[str, Any]:
    return {"type": "cell", "criteria": "==", "value": f'"{_both(text)}"'}
