"""The HR workbook: three sheets with filters, real dates and colours, in which nothing of the registry is a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ..certificates import BANDS, band
from ..model import Bilingual, Framework
from ..store import Store
from .figures import Overview, Person, overview
from .words import OUTCOMES, PURPOSES, STATES, WORDS

__all__ = ["hr_workbook"]

_GREEN, _AMBER, _RED = ("#E4F4EB", "#0F5132"), ("#FDF1D7", "#6B4500"), ("#FBE9E7", "#7D1F18")
_BLUE, _GREY, _WHITE = ("#E3EEFB", "#17447A"), ("#E6E9EB", "#343C43"), ("#FFFFFF", "#8A959E")
_COLOURS = {
    "held": _GREEN, "expiring": _AMBER, "passed": ("#DEF2F4", "#0B4E59"), "in-progress": _BLUE, "waiting": _BLUE,
    "scheduled": _BLUE, "failed": _RED, "absent": _RED, "expired": _GREY, "suspended": _GREY, "withdrawn": _GREY,
    "none": _WHITE,
}  # fmt: skip


def hr_workbook(store: Store, framework: Framework, today: date, path: Path) -> None:
    """Write the workbook to ``path``: Levels 等级矩阵, Results 成绩, Expiring 到期, in both languages.

    Text stays text, whatever it begins with, and is marked so that Excel keeps it text when a cell is edited.
    """
    shown = overview(store, framework, today)
    part = path.with_name(f".{path.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(part), options) as book:
        # The day of the report in the place of the clock: the same registry gives the same file.
        book.set_properties({"title": _both(WORDS["title"]), "created": datetime(today.year, today.month, today.day)})
        sheets = _Sheets(book)
        _levels(sheets, shown)
        _results(sheets, shown)
        _expiring(sheets, shown)
    part.replace(path)


def _both(text: Bilingual) -> str:
    return f"{text.en} {text.zh}"


class _Sheets:
    """One workbook with its formats, and the one way in which a cell is written."""

    def __init__(self, book: Any) -> None:
        self.book = book
        font = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
        self.head = book.add_format(
            {**font, "bold": True, "bg_color": "#0F4C5C", "font_color": "#FFFFFF", "text_wrap": True, "border": 1,
             "border_color": "#D9DFE4"}
        )  # fmt: skip
        self.text = book.add_format({**font, "quote_prefix": False})
        self.quoted = book.add_format({**font, "quote_prefix": True})
        self.number = book.add_format({**font, "num_format": "0.##"})
        self.day = book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"})
        self.note = book.add_format({**font, "italic": True, "font_color": "#5B6875"})
        self.colours = {
            state: book.add_format({"bg_color": fill, "font_color": ink}) for state, (fill, ink) in _COLOURS.items()
        }

    def sheet(
        self, name: str, today: date, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Any]]
    ) -> Any:
        """A sheet with a heading row, frozen panes, filters, and a page set up for printing."""
        sheet = self.book.add_worksheet(name)
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self.head)
        sheet.set_row(0, 34)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self.cell(sheet, line, column, value)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L{_both(WORDS['as_of']).format(day=today)}&R&P / &N")
        return sheet

    def cell(self, sheet: Any, line: int, column: int, value: Any) -> None:
        """Write one value by its type; text is never looked at."""
        if value is None or value == "":
            sheet.write_blank(line, column, None, self.text)
        elif isinstance(value, date):
            sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), self.day)
        elif isinstance(value, int | float):
            sheet.write_number(line, column, value, self.number)
        else:
            text = str(value)[:32_000]
            sheet.write_string(line, column, text, self.quoted if text[0] in "=+-@\t\r\n" else self.text)

    def colour(self, sheet: Any, area: tuple[int, int, int, int], rule: dict[str, Any], state: str) -> None:
        """A conditional format in the colours of a state."""
        sheet.conditional_format(*area, {**rule, "format": self.colours[state]})


def _who(person: Person) -> list[Any]:
    return [person.number, person.name, person.site, person.team, person.role, person.manager]


_WHO = ("number", "name", "site", "team", "role", "manager")
_WHO_WIDTHS = (11, 22, 14, 16, 16, 16)


def _levels(sheets: _Sheets, shown: Overview) -> None:
    levels = shown.framework.levels
    heads = [_both(WORDS[name]) for name in _WHO]
    for level in levels:
        heads += [f"{level.code} {level.name.en}\n{level.name.zh}", f"{level.code} {_both(WORDS['until'])}"]
    rows = []
    for person in shown.people:
        cells: list[Any] = []
        for holding in person.levels:
            sample = f" ({_both(WORDS['sample'])})" if holding.sample else ""
            ends = holding.day if holding.state in ("held", "expiring", "expired") else None
            cells += [None if holding.state == "none" else _both(STATES[holding.state]) + sample, ends]
        rows.append([*_who(person), *cells])
    widths = (*_WHO_WIDTHS, *(width for _ in levels for width in (21, 13)))
    sheet = sheets.sheet("Levels 等级矩阵", shown.today, heads, widths, rows)
    for index in range(len(levels)):
        column = len(_WHO) + 2 * index
        for state, text in STATES.items():
            if state != "none":
                rule = {"type": "text", "criteria": "begins with", "value": _both(text)}
                sheets.colour(sheet, (1, column, max(len(rows), 1), column), rule, state)


def _results(sheets: _Sheets, shown: Overview) -> None:
    domains = shown.framework.domains
    heads = [_both(WORDS[name]) for name in (*_WHO, "level", "sitting", "date", "outcome", "purpose")]
    for part in ("written", "practical"):
        heads += [f"{_both(WORDS[part])}\n{_both(WORDS[what])}" for what in ("points", "maximum", "cut")]
    heads += [f"{domain.name.en}\n{domain.name.zh}" for domain in domains]
    heads += [_both(WORDS["proposed"]), _both(WORDS["confirmed"])]
    rows = []
    for person in shown.people:
        for result in person.results:
            scores = [
                x for score in (result.written, result.practical) for x in (score.points, score.maximum, score.cut)
            ]
            bands = [band(*result.domains.get(domain.code, (0.0, 0.0))) for domain in domains]
            rows.append(
                [
                    *_who(person), _both(shown.framework.level(result.level).name), result.sitting, result.on,
                    _both(OUTCOMES[result.outcome]), _both(PURPOSES[result.purpose]), *scores,
                    *(_both(BANDS[place]) if place else None for place in bands),
                    result.proposed_by, result.confirmed_by,
                ]
            )  # fmt: skip
    widths = (*_WHO_WIDTHS, 22, 18, 12, 19, 22, *[11] * 6, *[17] * len(domains), 18, 18)
    sheet = sheets.sheet("Results 成绩", shown.today, heads, widths, rows)
    last, first = max(len(rows), 1), len(_WHO) + 11
    for state, outcome in (("held", "pass"), ("failed", "fail"), ("absent", "absent")):
        rule = {"type": "cell", "criteria": "==", "value": f'"{_both(OUTCOMES[outcome])}"'}
        sheets.colour(sheet, (1, len(_WHO) + 3, last, len(_WHO) + 3), rule, state)
    for state, text in zip(("failed", "expiring", "held"), BANDS[1:], strict=True):
        rule = {"type": "cell", "criteria": "==", "value": f'"{_both(text)}"'}
        sheets.colour(sheet, (1, first, last, first + len(domains) - 1), rule, state)


def _expiring(sheets: _Sheets, shown: Overview) -> None:
    names = ("days", "state", "level", "certificate", "issued", "until", "purpose")
    papers = [(person, paper) for person in shown.people for paper in person.certificates]
    papers.sort(key=lambda pair: (pair[1].valid_until, pair[0].number))
    rows = [
        [
            *_who(person), paper.days, _both(STATES["held" if paper.state == "active" else paper.state]),
            _both(shown.framework.level(paper.level).name), paper.number, paper.issued_on, paper.valid_until,
            _both(PURPOSES[paper.purpose]),
        ]
        for person, paper in papers
    ]  # fmt: skip
    heads = [_both(WORDS[name]) for name in (*_WHO, *names)]
    sheet = sheets.sheet("Expiring 到期", shown.today, heads, (*_WHO_WIDTHS, 12, 18, 22, 22, 13, 13, 22), rows)
    area = (1, len(_WHO), max(len(rows), 1), len(_WHO))
    # The first rule that fits wins: gone, 30 days, 90 days, 180 days, as the reminders go out.
    for limit, state in ((-1, "expired"), (30, "failed"), (90, "expiring"), (180, "expiring"), (10**6, "held")):
        low = {-1: -(10**6), 30: 0, 90: 31, 180: 91, 10**6: 181}[limit]
        sheets.colour(sheet, area, {"type": "cell", "criteria": "between", "minimum": low, "maximum": limit}, state)
