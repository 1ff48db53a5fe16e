"""Puts the HR reports of a day into a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from ..model import LANGUAGES, Bilingual, Framework, Scheme
from ..store import Store
from .figures import overview
from .month import last_day, month_of
from .monthly import month_pdf
from .page import hr_page
from .workbook import hr_workbook

__all__ = ["write", "write_month"]


def write(
    store: Store,
    framework: Framework,
    scheme: Scheme,
    folder: Path,
    language: str = "en",
    today: date | None = None,
    only: str | None = None,
) -> list[Path]:
    """Write ``hr.html`` (both languages, opening in ``language``) and ``hr.xlsx``; a reader never sees half a file.

    ``only`` is ``page`` or ``workbook`` when one of them is wanted: the workbook of 100,000 people takes most of the
    time.
    """
    shown = overview(store, framework, scheme, today or datetime.now(UTC).date())
    folder.mkdir(parents=True, exist_ok=True)
    page, workbook = folder / "hr.html", folder / "hr.xlsx"
    if only != "workbook":
        part = folder / ".hr.html.part"
        part.write_text(hr_page(shown, language), "utf-8")
        part.replace(page)
    if only != "page":
        hr_workbook(shown, workbook)
    return [path for path, kind in ((page, "page"), (workbook, "workbook")) if only in (None, kind)]


def write_month(
    store: Store, framework: Framework, scheme: Scheme, issuer: Bilingual, folder: Path, first: date, today: date
) -> list[Path]:
    """Write ``hr-YYYY-MM-en.pdf`` and ``-zh.pdf``, the report of the month that begins on ``first``."""
    shown = overview(store, framework, scheme, last_day(first, today))
    found = month_of(store, shown, first)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in LANGUAGES:
        path = folder / f"hr-{first:%Y-%m}-{language}.pdf"
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(month_pdf(found, framework, issuer, language))
        part.replace(path)
        paths.append(path)
    return paths
