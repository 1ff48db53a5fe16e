"""Roster files to people: Excel or CSV, headings in English or Chinese, every bad row named with its reason."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from .errors import Problem, RosterError

__all__ = ["COLUMNS", "Roster", "read_roster", "without_twins"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("person", "person id", "employee no", "工号", "员工编号"),
    "name": ("name", "姓名"),
    "email": ("email", "e-mail", "邮箱", "电子邮箱"),
    "site": ("site", "职场", "中心"),
    "team": ("team", "班组", "团队"),
    "role": ("role", "post", "岗位", "职务"),
    "manager": ("manager", "上级", "上级工号"),
    "hired_on": ("hired_on", "hire date", "入职日期"),
    "language": ("language", "语言"),
}
"""Columns of a roster, each with the headings that are understood. ``person`` and ``name`` have to be there."""

_LANGUAGES = {"": "zh", "zh": "zh", "中文": "zh", "chinese": "zh", "en": "en", "english": "en", "英文": "en"}
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_LONGEST = 100


@dataclass(frozen=True)
class Roster:
    """People that can be imported, and the rows that cannot, each with its reason."""

    people: tuple[Mapping[str, str], ...]
    problems: tuple[Problem, ...]


def read_roster(path: Path, today: date) -> Roster:
    """Read people from ``.xlsx`` or ``.csv``; a person has the fields of the columns that the file has.

    Raises :class:`RosterError` when the file as a whole cannot be used; a bad row is a problem, the others stand.
    """
    rows = _excel(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _comma_separated(path)
    table = iter(rows)
    headings = _headings(path, next(table, []))
    people: list[Mapping[str, str]] = []
    problems: list[Problem] = []
    seen: dict[str, tuple[int, str]] = {}
    for number, cells in enumerate(table, start=2):
        if not any(str(cell or "").strip() for cell in cells):
            continue
        row = {name: _text(cells[at]) if at < len(cells) else "" for name, at in headings.items()}
        wrong = list(_faults(row, today))
        if row["person"].casefold() in seen:
            first, spelt = seen[row["person"].casefold()]
            alike = "" if spelt == row["person"] else f" as {spelt}, and capital letters make no other account"
            wrong.append(f"person {row['person']} stands in row {first} already{alike}; keep one of the two")
        if wrong:
            problems.extend(Problem(f"{path.name}:{number}", sentence) for sentence in wrong)
            continue
        seen[row["person"].casefold()] = (number, row["person"])
        people.append(_settled(row))
    return Roster(tuple(people), tuple(problems))


def without_twins(roster: Roster, known: Iterable[str], file: str) -> Roster:
    """The roster without people whom a registry knows by other capital letters: they would share one account."""
    spelt = {person.casefold(): person for person in known}
    kept: list[Mapping[str, str]] = []
    problems = list(roster.problems)
    for one in roster.people:
        person = one["person"]
        name = spelt.get(person.casefold(), person)
        if name == person:
            kept.append(one)
            continue
        problems.append(
            Problem(
                f"{file}, {person}",
                f"the registry knows {name}, and capital letters make no other account; write {name}, or give somebody "
                "else another number",
            )
        )
    return Roster(tuple(kept), tuple(problems))


def _settled(row: Mapping[str, str]) -> Mapping[str, str]:
    """A sound row with its language and date in the one form that the registry has."""
    settled = dict(row)
    if "language" in row:
        settled["language"] = _LANGUAGES[row["language"].lower()]
    if row.get("hired_on"):
        settled["hired_on"] = date.fromisoformat(row["hired_on"]).isoformat()
    return settled


def _headings(path: Path, cells: Iterable[Any]) -> dict[str, int]:
    heads = [_text(cell) for cell in cells]
    headings: dict[str, int] = {}
    for column, aliases in COLUMNS.items():
        places = [at for at, head in enumerate(heads) if head.lower() in aliases]
        if len(places) > 1:
            both = " and ".join(heads[at] for at in places)
            raise RosterError(f"{path.name}, row 1: the column {column} stands twice, in {both}; keep one of them")
        if places:
            headings[column] = places[0]
    for column in ("person", "name"):
        if column not in headings:
            raise RosterError(
                f"{path.name}, row 1: a column headed {column} or {COLUMNS[column][-1]} is wanted, "
                f"got {', '.join(heads) or 'an empty row'}; name the columns in the first row"
            )
    return headings


def _faults(row: Mapping[str, str], today: date) -> Iterable[str]:
    if not _PERSON.fullmatch(row["person"]):
        yield f"person must be 1 to 40 letters, digits or any of - _ ., got {row['person'][:40]!r}; use a staff number"
    if not row["name"]:
        yield "name is empty; write the person's name"
    for column, value in row.items():
        if len(value) > _LONGEST:
            yield f"{column} has {len(value)} characters, at most {_LONGEST} are kept; shorten it"
        if any(unicodedata.category(character) == "Cc" for character in value):
            yield f"{column} holds a line break or another control character; write it on one line"
    if row.get("manager") and row["manager"] == row["person"]:
        yield f"{row['person']} is named as own manager; write the manager's staff number or leave it empty"
    if row.get("language", "").lower() not in _LANGUAGES:
        yield f"language must be en or zh, got {row['language'][:20]!r}"
    if row.get("hired_on"):
        try:
            hired = date.fromisoformat(row["hired_on"])
        except ValueError:
            yield f"hired_on must be a date such as 2024-03-01, got {row['hired_on'][:20]!r}"
        else:
            if hired > today:
                yield f"hired_on {hired} lies in the future; correct the date"


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _comma_separated(path: Path) -> list[list[str]]:
    data = _bytes(path)
    # Excel in China saves CSV as GBK; "Unicode text" is UTF-16, which its mark tells.
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        delimiter = max(",;\t", key=text.partition("\n")[0].count)  # Excel in some countries parts cells by semicolons.
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise RosterError(f"{path.name} cannot be read as CSV ({error}); save it again from Excel") from error
    raise RosterError(f"{path.name} is neither UTF-8 nor GB 18030 text; save it as CSV UTF-8 or as .xlsx")


def _excel(path: Path) -> list[list[Any]]:
    data = io.BytesIO(_bytes(path))
    try:
        with closing(openpyxl.load_workbook(data, read_only=True, data_only=True)) as book:
            return [list(cells) for cells in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # zip, XML and openpyxl each stumble over a damaged file in ways of their own
        raise RosterError(f"{path.name} cannot be read as an Excel workbook; save it again as .xlsx") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path} cannot be read ({error.strerror}); give the path of a .xlsx or .csv file") from error
