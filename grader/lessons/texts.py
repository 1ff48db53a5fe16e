"""The texts of a lesson: both languages side by side, cell by cell, with the same headings and the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from grader.errors import Problem
from grader.model import LANGUAGES
from grader.notebooks import Notebook, NotebookCell, render_html

__all__ = ["HAN", "check_texts"]

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]")
SPACED = re.compile(r"[\u4e00-\u9fff] +[A-Za-z0-9]|[A-Za-z0-9%] +[\u4e00-\u9fff]")
HEADING = re.compile(r"^(#{1,6})\s", re.M)
QUOTED = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)\s]*\)|<[^>\n]*>", re.S)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAY = re.compile(rf"\b(\d{{1,2}} )?({'|'.join(MONTHS)})(?= \d)|(?<=\d )({'|'.join(MONTHS)})\b")
PUNCTUATION = re.compile(r"[^\w\s]")
_BOLD = "some bold text here keeps its **: let the punctuation follow the closing **"
NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def check_texts(lesson: Notebook) -> list[Problem]:
    """Where a language is missing, where the two say different numbers, where one stands in the other's place."""
    problems = []
    for cell in lesson.cells:
        problems += [Problem(lesson.where(line), sentence) for line, sentence in _check_cell(cell)]
    for run in _runs(lesson.cells):
        sides = {language: [cell for cell in run if cell.language == language] for language in LANGUAGES}
        if len(sides["en"]) != len(sides["zh"]):
            counted = f"there are {len(sides['en'])} en and {len(sides['zh'])} zh cells here"
            sentence = (
                f"every cell must have its other language after or before it, and {counted}; write the missing one"
            )
            problems.append(Problem(lesson.where(_alone(run).line), sentence))
            continue
        for english, chinese in zip(sides["en"], sides["zh"], strict=True):
            problems += _compare(lesson, english, chinese)
    return problems


def _runs(cells: Sequence[NotebookCell]) -> Iterator[list[NotebookCell]]:
    """Stretches of text cells, or of code cells, with a language, between the cells that both editions share."""
    run: list[NotebookCell] = []
    for cell in cells:
        if run and (cell.language is None or cell.kind != run[-1].kind):
            yield run
            run = []
        if cell.language is not None:
            run.append(cell)
    if run:
        yield run


def _alone(run: Sequence[NotebookCell]) -> NotebookCell:
    """The first cell of an uneven run that is followed by one of its own language; the last one when there is none."""
    return next((cell for cell, after in pairwise(run) if cell.language == after.language), run[-1])


def _check_cell(cell: NotebookCell) -> Iterator[tuple[int, str]]:
    """What is wrong in one cell on its own, with its line."""
    if cell.kind == "raw":
        yield cell.line, "a lesson has Markdown and code cells only, this one is raw; change it"
    if cell.kind != "markdown":
        return
    if cell.language is None:
        if not cell.metadata.get("nbgrader"):
            yield cell.line, 'a text cell must say its language, +++ {"lang": "en"} or "zh", and this one does not'
        return
    found = HAN.search(cell.source)
    if cell.language == "en" and found:
        line = cell.line + cell.source[: found.start()].count("\n")
        yield line, f"an English cell holds {found[0]!r}; say it in English"
    if cell.language == "zh" and not found:
        yield cell.line, "a Chinese cell holds no Chinese; translate it"
    if cell.language == "zh":
        yield from _check_chinese(cell)


def _check_chinese(cell: NotebookCell) -> Iterator[tuple[int, str]]:
    blanked = _blanked(cell.source)
    if "**" in render_html(blanked):
        yield cell.line, _BOLD
    for number, line in enumerate(blanked.split("\n")):
        if _wrong_bold(line):
            yield cell.line + number, _BOLD
        if found := HALF_WIDTH.search(line):
            yield cell.line + number, f"after Chinese stands full-width punctuation, got {found[0]!r}; write ，；：？！"
        if found := SPACED.search(line):
            yield cell.line + number, f"no space stands between Chinese and Latin letters or digits, got {found[0]!r}"


def _wrong_bold(line: str) -> bool:
    """Whether a ** of a line makes no pair: Markdown takes none with punctuation within and a word without."""
    for number, mark in enumerate(re.finditer(r"\*\*", line)):
        around = line[: mark.start()][-1:], line[mark.end() :][:1]
        without, within = around if number % 2 == 0 else around[::-1]
        if PUNCTUATION.fullmatch(within) and without.strip() and not PUNCTUATION.fullmatch(without):
            return True
    return False


def _compare(lesson: Notebook, english: NotebookCell, chinese: NotebookCell) -> list[Problem]:
    """Two cells that should say the same."""
    where, at = lesson.where(chinese.line), f"the English cell in line {english.line}"
    if english.kind != "markdown":
        return []
    problems = []
    texts = [_blanked(cell.source) for cell in (english, chinese)]
    levels = [[len(marks) for marks in HEADING.findall(text)] for text in texts]
    if levels[0] != levels[1]:
        sentence = f"{at} has headings of the levels {levels[0]}, its Chinese cell {levels[1]}; make them the same"
        problems.append(Problem(where, sentence))
    said = [_numbers(text) for text in texts]
    for number in sorted(said[0] ^ said[1]):
        if number in said[0]:
            sentence = f"both languages must give the same numbers: {number:g} is in {at}, not in its Chinese cell"
        else:
            sentence = f"both languages must give the same numbers: {number:g} is in the Chinese cell, not in {at}"
        problems.append(Problem(where, sentence))
    return problems


def _blanked(text: str) -> str:
    """The text without code, formulas, targets of links and HTML tags; lines stay where they are."""
    return QUOTED.sub(lambda found: "\n" * found[0].count("\n"), text)


def _numbers(text: str) -> set[float]:
    """Every number in digits; the English name of a month beside a number counts as its number."""
    said = {float(number.replace(",", "")) for number in NUMBER.findall(text)}
    for found in DAY.finditer(text):
        said.add(float(MONTHS.index(found[2] or found[3]) + 1))
    return said
