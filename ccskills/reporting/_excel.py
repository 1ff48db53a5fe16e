"""A report as an Excel workbook: an overview, a sheet per section, definitions and checks."""

from __future__ import annotations

import datetime
import os
import re
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from .._text import Text
from ._chart_base import describe, png
from ._fold import width_of
from ._html import CHECKS, DEFINITIONS, a_report, check_table, is_number, is_total, verdict
from ._model import EXCEL_FORMATS, NOTHING, Report, Section, kind_of, missing, shown
from ._write import write_whole

__all__ = ["to_excel"]

# A workbook says when it was made; ours says the same of every run, so that the same report gives the same bytes.
MADE = datetime.datetime(2000, 1, 1)
FONT = {"en": "Calibri", "zh": "Microsoft YaHei"}


def to_excel(report: Report, path: str | os.PathLike[str]) -> Path:
    """Write a report as an Excel workbook with true numbers, dates and formats.

    Needs the extra `excel`. Text is always written as text: a name that begins with = is no formula.

    Parameters
    ----------
    report : Report
        From `report`.
    path : str or Path
        File to write, ending in .xlsx; it is replaced whole or not at all.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> from ccskills.data import centre
    >>> from ccskills.reporting import report, to_excel
    >>> to_excel(report(centre(days=14).intervals), "report.csv")
    Traceback (most recent call last):
    ValueError: path must end in .xlsx, got 'report.csv'
    """
    a_report(report)
    if find_spec("xlsxwriter") is None:
        raise ValueError("to_excel needs the package xlsxwriter; run: pip install 'ccskills[excel]'")
    return write_whole(path, ".xlsx", lambda file: _fill(report, file))


class _Book:
    """A workbook with the styles of a report."""

    def __init__(self, file: BinaryIO, language: str) -> None:
        import xlsxwriter

        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": False,
        }
        self.book = xlsxwriter.Workbook(file, options)
        self.book.set_properties({"created": MADE})
        self.font = {"font_name": FONT[language], "font_size": 10, "valign": "top"}
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def style(self, **look: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format({**self.font, **look})
        return self._styles[key]

    def sheet(self, name: str) -> Any:
        """A new sheet; Excel takes 31 characters and not all of them, and each name once."""
        clean = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:28] or "Sheet"
        unique = next(one for one in (clean, *(f"{clean} {k}" for k in range(2, 99))) if one.lower() not in self._names)
        self._names.add(unique.lower())
        sheet = self.book.add_worksheet(unique)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def _fill(report: Report, file: BinaryIO) -> None:
    book = _Book(file, report.language)
    _overview(book, report)
    for part in report.sections:
        _section(book, part, report.language)
    _words(book, Text("Definitions", "指标定义"), report.definitions, DEFINITIONS, report.language)
    _words(book, Text("Checks", "校验"), check_table(report), CHECKS, report.language)
    book.book.close()


def _overview(book: _Book, report: Report) -> None:
    sheet = book.sheet(Text("Overview", "概览").say(report.language))
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, report.title, book.style(bold=True, font_size=16))
    sheet.write_string(1, 0, report.period, book.style(font_color="#555555"))
    sentence, lines = verdict(report)
    tone = {"bg_color": "#FDF1E9" if lines else "#EAF6F2", "text_wrap": True}
    for row, text in enumerate([sentence, *lines], start=3):
        sheet.write_string(row, 0, text, book.style(**tone, bold=row == 3))
    top = 4 + len(lines) + 1
    for row, text in enumerate([*report.findings, *report.notes], start=top):
        sheet.write_string(row, 0, text, book.style(text_wrap=True))


def _section(book: _Book, part: Section, language: str) -> None:
    """Heading and sentence, the table with a frozen header, and the chart to its right."""
    sheet = book.sheet(part.heading)
    sheet.write_string(0, 0, part.heading, book.style(bold=True, font_size=14))
    sheet.write_string(1, 0, part.sentence, book.style(font_color="#444444"))
    for column, name in enumerate(part.table.columns):
        right = is_number(part, name)
        look = {"bold": True, "bg_color": "#EEF3F7", "bottom": 2, "align": "right" if right else "left"}
        sheet.write_string(HEADER, column, part.labels[name], book.style(**look))
        widest = width_of(part.labels[name])
        for row in range(len(part.table)):
            kind = kind_of(part, name, row)
            value = part.table[name].iloc[row]
            line = {"bold": True, "top": 1} if is_total(part, row) else {}
            _cell(book, sheet, HEADER + 1 + row, column, value, kind, line | ({"align": "right"} if right else {}))
            widest = max(widest, width_of(shown(value, kind)))
        sheet.set_column(column, column, min(widest + 3, 60))
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.repeat_rows(HEADER)
    if part.chart is not None:
        data = BytesIO(png(part.chart, language))
        place = {"image_data": data, "description": describe(part.chart), "x_scale": 0.62, "y_scale": 0.62}
        sheet.insert_image(HEADER, len(part.table.columns) + 1, "chart.png", place)


HEADER = 3


def _cell(book: _Book, sheet: Any, row: int, column: int, value: Any, kind: str, look: dict[str, Any]) -> None:
    """One value by what it is; text never becomes a formula."""
    if missing(value):
        sheet.write_string(row, column, NOTHING, book.style(**look))
    elif isinstance(value, (pd.Timestamp, datetime.datetime)):
        moment = pd.Timestamp(value).tz_localize(None).to_pydatetime()
        style = book.style(**{"align": "left"} | look, num_format=EXCEL_FORMATS[kind])
        sheet.write_datetime(row, column, moment, style)
    elif isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        sheet.write_number(row, column, float(value), book.style(**look, num_format=EXCEL_FORMATS[kind]))
    else:
        sheet.write_string(row, column, str(value), book.style(**look))


def _words(book: _Book, name: Text, table: pd.DataFrame, labels: dict[str, Text], language: str) -> None:
    """A sheet of words: definitions or checks."""
    sheet = book.sheet(name.say(language))
    for column, key in enumerate(table.columns):
        sheet.write_string(0, column, labels[key].say(language), book.style(bold=True, bg_color="#EEF3F7", bottom=2))
        for row, value in enumerate(table[key], start=1):
            sheet.write_string(row, column, str(value), book.style(text_wrap=True))
        widest = max(width_of(str(value)) for value in table[key])
        sheet.set_column(column, column, min(widest + 3, 60))
    sheet.freeze_panes(1, 0)
