"""Files of people as they come: sheets of a workbook or CSV text, each as rows of cells that can be trusted."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import RosterError

__all__ = ["HEAD", "Page", "Unreadable", "letter", "pages"]

HEAD = 20
"""Rows at the top of a sheet among which the headings are looked for."""
_MOST = 1 << 30
"""Bytes that a workbook may hold unpacked: more is no list of people."""
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZEROS = re.compile(r'(?:"([^"]*)")?(0+)')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')

Cells = Sequence[Any]


@dataclass(frozen=True)
class Unreadable:
    """A cell that shows something in Excel and has no value for us."""

    why: str


@dataclass(frozen=True)
class Page:
    """A sheet, or a CSV file as a whole, whose ``name`` is empty."""

    name: str
    head: Sequence[Cells]
    """The first rows."""
    read: Callable[[], Sequence[Cells]]
    """All rows from the first one on."""
    hidden: bool = False
    merged: Callable[[], Mapping[tuple[int, int], int]] = field(default=dict)
    """Cells covered by one above, by row and column from 1: the row of the one that holds the value."""


def pages(path: Path) -> list[Page]:
    """The sheets of a workbook, or the one page of a CSV file; what it is the content says, not the name."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path} cannot be read ({error.strerror}); give the path of a .xlsx or .csv file") from error
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RosterError(f"{path.name} is protected by a password; open it in Excel, remove it and save again")
        raise RosterError(f"{path.name} is a workbook of the time before 2007 (.xls); save it in Excel as .xlsx")
    if data.startswith(b"PK\3\4") or path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path.name, data)
    if data[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise RosterError(f"{path.name} is a web page under another name; open it in Excel and save it as .xlsx")
    rows = _comma_separated(path.name, data)
    return [Page("", rows[:HEAD], lambda: rows)]


def letter(place: int) -> str:
    """The letters of the column at a place, counted from 0, as a spreadsheet shows them."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))


# --- workbooks --------------------------------------------------------------------------------------------------------


def _workbook(name: str, data: bytes) -> list[Page]:
    import openpyxl  # slow to import, and only a list of people that comes in wants it

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST:
                raise RosterError(f"{name} holds more than {_MOST >> 30} GB unpacked; keep the list of people alone")
            styles = parts.read("xl/styles.xml") if "xl/styles.xml" in parts.namelist() else b""
        padded = re.search(rb'formatCode="(?:&quot;[^"]*?&quot;)?0+"', styles) is not None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations that say nothing of people
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return [_sheet(name, data, book, number, padded) for number in range(len(book.worksheets))]
    except RosterError:
        raise
    except Exception as error:  # zip, XML and openpyxl each stumble over a damaged file in ways of their own
        raise _damaged(name) from error


def _damaged(name: str) -> RosterError:
    return RosterError(f"{name} cannot be read as an Excel workbook; save it again as .xlsx")


def _sheet(name: str, data: bytes, book: Any, number: int, padded: bool) -> Page:
    sheet = book.worksheets[number]
    sheet.reset_dimensions()  # some programs write a size that is not the sheet's
    careful = padded or _has(data, sheet, rb"<(?:\w+:)?f[ >/]")

    def read(last: int | None = None) -> Sequence[Cells]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if careful:
                    return list(_with_care(data, sheet, number, last))
                return list(sheet.iter_rows(max_row=last, values_only=True))
        except Exception as error:
            raise _damaged(name) from error

    return Page(sheet.title, read(HEAD), read, sheet.sheet_state != "visible", lambda: _covered(data, sheet))


def _with_care(data: bytes, sheet: Any, number: int, last: int | None) -> Iterator[Cells]:
    """Rows of a sheet with formulas, or with numbers that are shown with zeros before them."""
    import openpyxl

    raw = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[number]
    raw.reset_dimensions()
    written = raw.iter_rows(max_row=last)
    for cells, formulas in zip(sheet.iter_rows(max_row=last), written, strict=True):
        yield [_shown(cell, other) for cell, other in zip(cells, formulas, strict=True)]


def _shown(cell: Any, written: Any) -> Any:
    """A cell as Excel shows it: 123 in the format 00000 is 00123."""
    if written.data_type == "f" and cell.value is None and cell.data_type == "n":  # an empty text is a result
        return Unreadable(f"a formula without a result ({str(written.value)[:40]})")
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        zeros = _ZEROS.fullmatch(cell.number_format or "")
        if zeros and (zeros[1] or len(zeros[2]) > 1):
            return f"{zeros[1] or ''}{int(value):0{len(zeros[2])}d}"
    return value


def _has(data: bytes, sheet: Any, pattern: bytes) -> bool:
    """Whether the source of a sheet holds something."""
    before = b""
    for chunk in _source(data, sheet):
        if re.search(pattern, before + chunk):
            return True
        before = chunk[-20:]
    return False


def _covered(data: bytes, sheet: Any) -> Mapping[tuple[int, int], int]:
    """Cells under the top one of a merged block, in its first column: Excel shows that one's value for all of them."""
    from openpyxl.utils import column_index_from_string

    tail = b""
    for chunk in _source(data, sheet):
        tail = (tail + chunk) if b"<mergeCells" in tail else (tail[-20:] + chunk)
    found = {}
    for left, top, _, bottom in _MERGED.findall(tail[max(tail.find(b"<mergeCells"), 0) :]):
        column = column_index_from_string(left.decode())
        for row in range(int(top) + 1, min(int(bottom), int(top) + 100_000) + 1):
            found[row, column] = int(top)
    return found


def _source(data: bytes, sheet: Any) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts, parts.open(sheet._worksheet_path) as source:
        while chunk := source.read(1 << 20):
            yield chunk


# --- CSV --------------------------------------------------------------------------------------------------------------


def _comma_separated(name: str, data: bytes) -> list[list[str]]:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        said = re.match(r"sep=(.)\r?\n", text)
        text = text[said.end() :] if said else text
        first = text.partition("\n")[0]
        # Excel in some countries parts cells by semicolons.
        delimiter = said[1] if said else max(",;\t", key=first.count)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise RosterError(f"{name} cannot be read as CSV ({error}); save it again from Excel") from error
        return [[], *rows] if said else rows
    raise RosterError(f"{name} is neither UTF-8 nor GB 18030 text; save it as CSV UTF-8 or as .xlsx")


def _encodings(data: bytes) -> tuple[str, ...]:
    """Excel in China saves CSV as GBK; "Unicode text" is UTF-16, which its mark tells, or else its zero bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = data[:200]
    if b"\0" in start:
        return ("utf-16-be",) if start[0::2].count(0) > start[1::2].count(0) else ("utf-16-le",)
    return ("utf-8-sig", "gb18030")
