"""The pages that open first: what a trainee, and what a trainer, does next."""

from __future__ import annotations

import os
from pathlib import Path

from ..centre import PROJECT, Centre
from .centre import ITEMS, MINUTES, Desk

__all__ = ["trainee_page", "trainer_page"]

_PAGES = Path(__file__).with_name("pages")


def trainee_page(desk: Desk, language: str) -> str:
    """The trainee's first page, in Markdown."""
    lessons = "\n".join(f"- [{title}]({path})" for title, path in desk.lessons)
    return _page("trainee", language).format(
        lessons=lessons, quiz=desk.quiz, seat=desk.seat.seat, code=desk.seat.code, items=ITEMS, minutes=MINUTES
    )


def trainer_page(centre: Centre, language: str) -> str:
    """The trainer's first page, in Markdown; links are relative to the centre's folder."""

    def link(*parts: str) -> str:
        return Path(os.path.relpath(PROJECT.joinpath(*parts), centre.root)).as_posix()

    return _page("trainer", language).format(
        source=link("courses", "source"),
        items=link("question_bank", "items"),
        practicals=link("question_bank", "practicals"),
    )


def _page(name: str, language: str) -> str:
    return (_PAGES / f"{name}-{language}.md").read_text("utf-8")
