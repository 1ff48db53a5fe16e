"""Files of people that tests write, as CSV text or as a workbook, and the day on which they are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

TODAY = date(2026, 11, 21)


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def write_book(folder: Path, *rows: list[Any], title: str = "Staff") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"
