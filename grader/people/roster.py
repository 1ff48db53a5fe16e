"""Roster files to people: Excel or CSV, headings in English or Chinese, every fault named by its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import RosterError
from ._cells import reader
from ._files import Page, letter, pages

__all__ = ["COLUMNS", "Fault", "Roster", "Row", "alike", "read_roster"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "person", "person id", "person no", "employee no", "employee id", "employee number", "staff no", "staff id",
        "staff number", "emp id", "emp no", "工号", "员工编号", "员工号", "员工工号", "人员编号", "职工号",
    ),
    "name": ("name", "full name", "employee name", "staff name", "姓名", "员工姓名", "名字"),
    "email": ("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "企业邮箱"),
    "site": ("site", "location", "centre", "center", "职场", "中心", "站点", "所在职场", "所属职场", "工作地点"),
    "team": ("team", "team name", "group", "班组", "团队", "小组", "组别", "所在班组",
        "所属班组", "所属团队", "班组名称"),
    "role": ("role", "post", "position", "job title", "岗位", "职务", "职位", "岗位名称", "现任岗位", "现岗位"),
    "job_level": ("job_level", "level", "grade", "职级", "等级", "级别", "岗位等级", "岗位级别", "岗位要求等级"),
    "manager": (
        "manager", "manager id", "manager no", "line manager", "reports to", "上级", "上级工号", "直属上级",
        "直接上级", "直属上级工号", "直接上级工号", "汇报对象", "汇报对象工号",
    ),
    "hired_on": ("hired_on", "hire date", "date of hire", "start date", "入职日期", "入职时间", "入司日期"),
    "language": ("language", "lang", "语言", "语种", "使用语言"),
}  # fmt: skip
"""Columns of a roster, each with the headings that are understood. ``person`` and ``name`` have to be there."""

_NEEDED = ("person", "name")
_LISTED = 20
"""Row numbers in one note."""
_NUMBERED = ("id", "no", "number", "工号", "编号")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: where it stands, what was wanted and what came."""

    file: str
    sheet: str
    """Empty for CSV."""
    row: int
    """As Excel numbers it."""
    column: str
    """The letter of the column, as Excel shows it; empty when the file does not have the column."""
    heading: str
    sentence: str

    @property
    def where(self) -> str:
        """File, sheet, row and column in words."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        column = f", column {self.column} ({self.heading})" if self.column else ""
        return f"{self.file}{sheet}, row {self.row}{column}"

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


@dataclass(frozen=True)
class Row:
    """A sound row: its number in the file, and the person as the registry writes people."""

    number: int
    person: Mapping[str, str]


@dataclass(frozen=True)
class Roster:
    """What a file says: rows that can be imported, and the faults of those that cannot."""

    file: str
    sheet: str
    columns: Mapping[str, tuple[str, str]]
    """Letter and heading of each column that was found."""
    rows: tuple[Row, ...]
    problems: tuple[Fault, ...]
    seen: frozenset[str]
    """Every staff number that could be read, also in rows with a fault."""
    notes: tuple[str, ...] = ()
    """What was passed over: columns that are not known, hidden sheets."""

    @property
    def people(self) -> tuple[Mapping[str, str], ...]:
        """The people of the sound rows."""
        return tuple(row.person for row in self.rows)

    def fault(self, row: int, column: str, sentence: str) -> Fault:
        """A fault in a row of this file."""
        return Fault(self.file, self.sheet, row, *self.columns.get(column, ("", "")), sentence)


def alike(number: str) -> str:
    """A staff number without what gets lost: capital letters, and zeros before a number."""
    return (number.lstrip("0") or "0") if number.isdigit() else number.casefold()


def read_roster(path: Path, today: date, sheet: str = "", digits: int = 0) -> Roster:
    """Read people from ``.xlsx`` or ``.csv``; a person has the fields of the columns that the file has.

    ``sheet`` chooses among several sheets with people; staff numbers of fewer than ``digits`` digits get back the zeros
    that Excel has cut (1 takes them as they stand, 0 refuses a file in which only some begin with zeros). Raises
    :class:`RosterError` when the file as a whole cannot be used; a fault of a row is among the ``problems``, and every
    fault of it is.
    """
    page, at, passed = _choose(path, pages(path), sheet)
    places, strange = _columns(path, page, at)
    names = {column: _heading(page.head[at][place]) for column, place in places.items()}
    letters = {column: (letter(place), names[column]) for column, place in places.items()}
    reading = _Reading(path.name, page, letters, places, today, digits)
    rows = tuple(row for row in list(reading.rows(page.read(), at)) if row.number not in reading.twice)
    if not digits:
        reading.check_zeros()
    notes = [f"sheet {name} is hidden and was not read" for name in passed]
    notes += [f"column {letter} ({heading}) is not known and was left out" for letter, heading in strange]
    if again := reading.again:
        more = f" and {len(again) - _LISTED} more" if len(again) > _LISTED else ""
        listed = ", ".join(map(str, again[:_LISTED])) + more
        notes.append(f"passed over, since an earlier row says the same of the same person: row {listed}")
    return Roster(path.name, page.name, letters, rows, tuple(reading.faults), frozenset(reading.numbers), tuple(notes))


class _First(NamedTuple):
    """Where a person stands first; ``person`` is None when that row has a fault."""

    row: int
    who: str
    person: Mapping[str, str] | None


def _said(person: Mapping[str, str]) -> Mapping[str, str]:
    """What a row says, the manager's number without what gets lost of it."""
    return {**person, "manager": alike(person.get("manager", ""))}


class _Reading:
    """One pass over the rows of a page."""

    def __init__(
        self,
        file: str,
        page: Page,
        letters: Mapping[str, tuple[str, str]],
        places: Mapping[str, int],
        today: date,
        digits: int,
    ) -> None:
        self.file, self.page, self.letters, self.places, self.digits = file, page, letters, places, digits
        self.readers = {column: reader(column, today) for column in places}
        self.known: dict[str, dict[Any, str]] = {column: {} for column in places}
        self.faults: list[Fault] = []
        self.numbers: set[str] = set()
        self.first: dict[str, _First] = {}
        self.twice: set[int] = set()
        """Rows whose person comes again and otherwise: which of the two is right nobody knows."""
        self.again: list[int] = []
        """Rows that say once more what an earlier one says."""

    def rows(self, table: Sequence[Sequence[Any]], at: int) -> Iterator[Row]:
        """The sound rows below the headings."""
        merged = self.page.merged()
        for number, cells in enumerate(table[at + 1 :], start=at + 2):
            if not any(cell is not None and str(cell).strip() for cell in cells):
                continue
            raw = {column: cells[place] if place < len(cells) else None for column, place in self.places.items()}
            before = len(self.faults)
            if merged:
                self._fill(raw, table, number, merged)
            person = {column: self._read(column, cell, number) for column, cell in raw.items()}
            for column in self.places.keys() & {"person", "manager"}:
                if person[column].isdigit():
                    person[column] = person[column].zfill(self.digits)
            if self._check(person, number, before) and len(self.faults) == before:
                yield Row(number, person)

    def check_zeros(self) -> None:
        """Refuse a file in which zeros stand before some numbers and are cut from others."""
        digits = [(one.row, one.who) for one in self.first.values() if one.who.isdigit()]
        whole = [who for _, who in digits if who[0] == "0"]
        width = len(whole[0]) if whole else 0
        cut = [(row, who) for row, who in digits if who[0] != "0" and len(who) < width]
        if cut and all(len(who) == width for who in whole):
            row, who = cut[0]
            letter, heading = self.letters["person"]
            raise RosterError(
                f"{self.file}, column {letter} ({heading}): {len(whole)} numbers have {width} digits and begin with 0, "
                f"{len(cut)} have fewer digits, first {who} in row {row}; if Excel has cut the zeros, --digits {width} "
                "puts them back; --digits 1 takes the numbers as they stand"
            )

    def _fill(
        self, raw: dict[str, Any], table: Sequence[Sequence[Any]], number: int, merged: Mapping[tuple[int, int], int]
    ) -> None:
        """Give the cells under the top of a merged block its value; a person has cells of the own."""
        for column, place in self.places.items():
            top = merged.get((number, place + 1))
            if top is None:
                continue
            if column in _NEEDED:
                self._fault(
                    number, column, f"a cell for each person is wanted, got one merged since row {top}; part it"
                )
            raw[column] = table[top - 1][place] if place < len(table[top - 1]) else None

    def _read(self, column: str, cell: Any, number: int) -> str:
        """The cell as text; empty, and a fault is noted, when it cannot be."""
        known: dict[Any, str] = self.known[column]
        key = cell if type(cell) is str else (type(cell), cell)
        if key in known:
            return known[key]
        try:
            text = self.readers[column](cell)
        except (ValueError, OverflowError) as error:
            self._fault(number, column, str(error))
            return ""
        if column not in ("person", "email") and len(known) < 20_000:
            known[key] = text
        return text

    def _check(self, person: Mapping[str, str], number: int, before: int) -> bool:
        """Whether the row tells of a person of whom no row before did; ``before``: faults until this row."""
        who = person["person"]
        if not who:
            return False
        self.numbers.add(who)
        if person.get("manager") and alike(person["manager"]) == alike(who):
            todo = "write the manager's staff number or leave it empty"
            self._fault(number, "manager", f"another person is wanted, got {who} as own manager; {todo}")
        sound = len(self.faults) == before
        first = self.first.setdefault(alike(who), _First(number, who, person if sound else None))
        if first.row == number:
            return True
        if sound and first.who == who and first.person is not None and _said(first.person) == _said(person):
            self.again.append(number)
            return False
        same = "" if first.who == who else f" as {first.who}, and capital letters or zeros before make no other person"
        self._fault(number, "person", f"each person once is wanted, got {who}, in row {first.row} already{same}")
        if first.row not in self.twice:
            self._fault(first.row, "person", f"each person once is wanted, got {first.who}, in row {number} again")
        self.twice.add(first.row)
        return False

    def _fault(self, row: int, column: str, sentence: str) -> None:
        self.faults.append(Fault(self.file, self.page.name, row, *self.letters[column], sentence))


# --- where the people stand -------------------------------------------------------------------------------------------


def _choose(path: Path, every: Sequence[Page], sheet: str) -> tuple[Page, int, list[str]]:
    """The sheet with the people, the place of its headings, and the hidden sheets that were passed over."""
    if sheet and sheet not in [page.name for page in every]:
        known = ", ".join(page.name for page in every if page.name) or "none"
        raise RosterError(f"{path.name} has no sheet {sheet!r}; it has {known}")
    chosen = [page for page in every if page.name == sheet] if sheet else [page for page in every if not page.hidden]
    found = [(page, at) for page in chosen if (at := _heading_row(page)) is not None]
    if len(found) > 1:
        names = ", ".join(page.name for page, _ in found)
        raise RosterError(f"{path.name} has people in several sheets, {names}; choose one with --sheet")
    if not found:
        page = next((page for page in chosen if any(map(any, page.head))), None)
        where = f", sheet {page.name}" if page and page.name else ""
        got = ", ".join(_words(next(filter(any, page.head)))) if page else "nothing"
        raise RosterError(
            f"{path.name}{where}: columns headed person or 工号, and name or 姓名, are wanted in the first rows, "
            f"got {got[:200]}; name the columns above the people"
        )
    return *found[0], [page.name for page in every if page.hidden and not sheet]


def _heading_row(page: Page) -> int | None:
    for at, cells in enumerate(page.head):
        met = {_plain(cell) for cell in cells if cell is not None}
        if all(met & _HEADINGS[column] for column in _NEEDED):
            return at
    return None


def _columns(path: Path, page: Page, at: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Where each column stands, and the letters and headings that nobody knows."""
    heads = [_plain(cell) for cell in page.head[at]]
    places: dict[str, int] = {}
    for column, headings in _HEADINGS.items():
        found = [place for place, head in enumerate(heads) if head in headings]
        if column == "manager" and len(found) > 1:  # the manager's name beside the number
            found = [place for place in found if heads[place].endswith(_NUMBERED)] or found
        if len(found) > 1:
            both = " and ".join(_heading(page.head[at][place]) for place in found)
            raise RosterError(f"{path.name}, row {at + 1}: the column {column} stands twice, in {both}; keep one")
        if found:
            places[column] = found[0]
    strange = [place for place, head in enumerate(heads) if head and place not in places.values()]
    return places, [(letter(place), _heading(page.head[at][place])) for place in strange]


def _heading(cell: Any) -> str:
    """A heading as answers name it: on one line, however it was broken in its cell."""
    return " ".join(line.strip() for line in str(cell).split("\n") if line.strip())[:40]


def _plain(heading: Any) -> str:
    """A heading without what people vary: capitals, spaces, hyphens, stars, what stands in brackets."""
    text = unicodedata.normalize("NFKC", str(heading if heading is not None else "")).casefold()
    return re.sub(r"\(.*?\)|\[.*?\]|[\s_\-*:.#]", "", text)


def _words(cells: Sequence[Any]) -> list[str]:
    return [str(cell).strip()[:40] for cell in cells if cell is not None and str(cell).strip()]


_HEADINGS = {column: {_plain(heading) for heading in headings} for column, headings in COLUMNS.items()}
