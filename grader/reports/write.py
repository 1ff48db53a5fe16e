"""Puts the HR reports of a day into a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from ..model import Framework, Scheme
from ..store import Store
from .figures import overview
from .page import hr_page
from .workbook import hr_workbook

__all__ = ["write"]


def write(
    store: Store, framework: Framework, scheme: Scheme, folder: Path, language: str = "en", today: date | None = None
) -> list[Path]:
    """Write ``hr.html`` (both languages, opening in ``language``) and ``hr.xlsx``; a reader never sees half a file."""
    shown = overview(store, framework, scheme, today or datetime.now(UTC).date())
    folder.mkdir(parents=True, exist_ok=True)
    page, workbook = folder / "hr.html", folder / "hr.xlsx"
    part = folder / ".hr.html.part"
    part.write_text(hr_page(shown, language), "utf-8")
    part.replace(page)
    hr_workbook(shown, workbook)
    return [page, workbook]
