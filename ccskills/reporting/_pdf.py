"""A report as a PDF file on A4: text wrapped to the page, tables with a header on every page, page numbers."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from .._text import Text
from ._chart_base import Pages, describe, fonts, png
from ._fold import CHINESE
from ._html import CHECKS, DEFINITIONS, a_report, check_table, is_number, is_total, verdict
from ._model import Report, Section, kind_of, shown, written
from ._write import write_whole

__all__ = ["to_pdf"]

LEFT, TOP, BOTTOM = 18.0, 18.0, 277.0  # mm
WIDE = Pages.WIDTH - 2 * LEFT
BODY, SMALL, TABLE = 9.5, 8.0, 8.0  # points
LINE = 1.45 * 25.4 / 72  # mm of a line per point of its letters
PAD = 1.6
BLUE, GREY, PALE, WARM, CALM = "#0072B2", "#555555", "#EEF3F7", "#FDF1E9", "#EAF6F2"
# Chinese punctuation that may not begin a line.
CLOSING = "，。；：！？、）》」』】％%"


def to_pdf(report: Report, path: str | os.PathLike[str]) -> Path:
    """Write a report as a PDF file with its fonts inside; the same report gives the same bytes.

    Parameters
    ----------
    report : Report
        From `report`.
    path : str or Path
        File to write, ending in .pdf; it is replaced whole or not at all.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> from ccskills.reporting import to_pdf
    >>> to_pdf("report", "report.pdf")
    Traceback (most recent call last):
    TypeError: report must be a Report, got str
    """
    a_report(report)
    with fonts(report.language):
        return write_whole(
            path, ".pdf", lambda file: _Paper(report).write().save(file, f"{report.title} {report.period}")
        )


class _Paper:
    """Pages that are filled from top to bottom."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.pages = Pages()
        self.y = BOTTOM

    def write(self) -> Pages:
        """All pages of the report."""
        report = self.report
        self.turn()
        self.text(report.title, 17, colour=BLUE)
        self.text(report.period, 11, colour=GREY)
        sentence, lines = verdict(report)
        self.box([sentence, *lines], WARM if lines else CALM)
        self.heading(self.say(Text("Findings", "要点")))
        for words in (*report.findings, *report.notes):
            self.text(words, BODY, gap=1.5)
        for part in report.sections:
            self.section(part)
        self.words(Text("Definitions", "指标定义"), report.definitions, DEFINITIONS)
        self.words(Text("Checks", "校验"), check_table(report), CHECKS)
        self.number()
        return self.pages

    def say(self, text: Text, *values: object) -> str:
        """Words in the language of the report."""
        return written(text, self.report.language, *values)

    def turn(self) -> None:
        """A new page."""
        self.pages.add()
        self.y = TOP

    def room(self, height: float) -> None:
        """A new page unless this one has room."""
        if self.y + height > BOTTOM:
            self.turn()

    def text(self, words: str, size: float, *, gap: float = 2.5, colour: str = "#222222") -> None:
        """A paragraph."""
        for line in self.lines(words, size, WIDE):
            self.room(size * LINE)
            self.y += size * LINE
            self.pages.text(LEFT, self.y - 0.3 * size * LINE, line, size, colour=colour)
        self.y += gap

    def heading(self, words: str, follow: float = 25.0) -> None:
        """A heading that stays with what follows it."""
        self.room(10 + follow)
        self.y += 5
        self.pages.box(LEFT, self.y, WIDE, 0.4, BLUE)
        self.y += 1
        self.text(words, 13, gap=1.5)

    def box(self, paragraphs: list[str], fill: str) -> None:
        """Paragraphs on a coloured ground; a long list goes on on the next page."""
        for words in paragraphs:
            lines = self.lines(words, BODY, WIDE - 8)
            for line in lines:
                self.room(BODY * LINE + 1)
                self.pages.box(LEFT, self.y, WIDE, BODY * LINE + 0.9, fill)
                self.y += BODY * LINE + 0.8
                self.pages.text(LEFT + 4, self.y - 0.3 * BODY * LINE, line, BODY)
        self.y += 2

    def section(self, part: Section) -> None:
        """Heading, sentence, chart with its description, table."""
        self.heading(part.heading, follow=110 if part.chart is not None else 40)
        self.text(part.sentence, BODY)
        if part.chart is not None:
            wide, high = part.chart.get_size_inches()
            scale = min(0.8, 110 / (WIDE * high / wide))
            self.room(scale * WIDE * high / wide + 12)
            self.pages.image(LEFT, self.y, scale * WIDE, png(part.chart, self.report.language, dpi=200))
            self.y += scale * WIDE * high / wide + 1
            self.text(describe(part.chart), SMALL, gap=3, colour=GREY)
        names = list(part.table.columns)
        cells = [
            [shown(part.table[name].iloc[row], kind_of(part, name, row)) for name in names]
            for row in range(len(part.table))
        ]
        right = [is_number(part, name) for name in names]
        marked = {row for row in range(len(cells)) if is_total(part, row)}
        self.table([part.labels[name] for name in names], cells, right, marked)

    def words(self, name: Text, table: pd.DataFrame, labels: dict[str, Text]) -> None:
        """A table of words."""
        self.heading(self.say(name), follow=40)
        cells = [[str(cell) for cell in row] for row in table.itertuples(index=False)]
        self.table([self.say(labels[key]) for key in table.columns], cells, [False] * table.shape[1], set())

    def table(self, head: list[str], cells: list[list[str]], right: list[bool], marked: set[int]) -> None:
        """A table whose columns share the width of the page; its header stands again on every page."""
        widths = self.widths(head, cells)
        self.row(head, widths, right, fill=PALE)
        for at, row in enumerate(cells):
            high = (
                max(len(self.lines(cell, TABLE, wide)) for cell, wide in zip(row, widths, strict=True)) * TABLE * LINE
            )
            if self.y + high + 1 > BOTTOM:
                self.turn()
                self.row(head, widths, right, fill=PALE)
            self.row(row, widths, right, fill=PALE if at in marked else None)
        self.y += 3

    def widths(self, head: list[str], cells: list[list[str]]) -> list[float]:
        """Width of each column [mm]: what it needs, the widest ones cut until all fit the page."""
        needs = [max(self.pages.width(cell, TABLE) for cell in column) for column in zip(head, *cells, strict=True)]
        room = WIDE - 2 * PAD * len(needs)
        if sum(needs) <= room:
            spare = min((room - sum(needs)) / len(needs), 8.0)
            return [need + spare for need in needs]
        low, high = 0.0, max(needs)
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(min(need, middle) for need in needs) <= room else (low, middle)
        return [min(need, low) for need in needs]

    def row(self, cells: list[str], widths: list[float], right: list[bool], fill: str | None) -> None:
        """A row of a table."""
        folded = [self.lines(cell, TABLE, wide + 0.01) for cell, wide in zip(cells, widths, strict=True)]
        high = max(map(len, folded)) * TABLE * LINE + 0.5
        if fill is not None:
            self.pages.box(LEFT, self.y, sum(widths) + 2 * PAD * len(widths), high, fill)
        x = LEFT
        for lines, wide, side in zip(folded, widths, right, strict=True):
            for at, line in enumerate(lines, start=1):
                place = x + PAD + (wide if side else 0.0)
                self.pages.text(place, self.y + at * TABLE * LINE - 0.8, line, TABLE, right=side)
            x += wide + 2 * PAD
        self.y += high
        self.pages.box(LEFT, self.y - 0.1, sum(widths) + 2 * PAD * len(widths), 0.12, "#D0D0D0")

    def lines(self, words: str, size: float, wide: float) -> list[str]:
        """The words in lines that fit: broken between words, between Chinese characters, or anywhere if need be."""
        if self.pages.width(words, size) <= wide:
            return [words]
        found, line = [], ""
        for part in _parts(words):
            if self.pages.width((line + part).rstrip(), size) <= wide:
                line += part
                continue
            if line.strip():
                found.append(line.rstrip())
            line = part.lstrip()
            while line and self.pages.width(line.rstrip(), size) > wide and len(line) > 1:
                cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or self.pages.width(line[:n], size) <= wide)
                found.append(line[:cut])
                line = line[cut:]
        return [*found, line.rstrip()] if line.strip() else found

    def number(self) -> None:
        """The number on each page, when all are there."""
        count = len(self.pages.figures)
        every: list[Any] = self.pages.figures
        whole = f"{self.report.title} · {self.report.period}"
        first, *more = self.lines(whole, SMALL, WIDE - 25)
        words = f"{first} …" if more else first
        for at, figure in enumerate(every, start=1):
            self.pages.figures = [figure]
            self.pages.text(LEFT, 288, words, SMALL, colour=GREY)
            self.pages.text(LEFT + WIDE, 288, f"{at} / {count}", SMALL, right=True, colour=GREY)
        self.pages.figures = every


def _parts(words: str) -> list[str]:
    """What may stand at the end of a line: a word with its space, or a Chinese character with what closes it."""
    pattern = rf"{CHINESE.pattern}[{CLOSING}]*|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+[{CLOSING}]*\s*|\s+"
    return re.findall(pattern, words)
