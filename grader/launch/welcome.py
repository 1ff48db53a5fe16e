"""The pages that open first: what a trainee, and what a trainer, does next."""

from __future__ import annotations

import os
from pathlib import Path

from .. import notebooks
from ..centre import PROJECT, Centre
from ..notebooks import Notebook, NotebookCell
from .centre import HOME, ITEMS, MINUTES, Desk

__all__ = ["trainee_page", "trainer_page"]

_PAGES = Path(__file__).with_name("pages")


def trainee_page(desk: Desk, language: str) -> bytes:
    """The trainee's first page, in Markdown."""
    # Lessons stand below the home page of their level.
    places = (("- " if path.endswith(HOME) else "  - ", title, path) for title, path in desk.lessons)
    lessons = "\n".join(f"{mark}[{title}]({path})" for mark, title, path in places)
    return (
        _page("trainee", language)
        .format(lessons=lessons, quiz=desk.quiz, seat=desk.seat.seat, code=desk.seat.code, items=ITEMS, minutes=MINUTES)
        .encode()
    )


def trainer_page(centre: Centre, language: str) -> bytes:
    """The trainer's first page; links are relative to the centre's folder.

    A notebook, since a trainer's JupyterLab opens Markdown as a lesson and would ask for a kernel first.
    """

    def link(*parts: str) -> str:
        return Path(os.path.relpath(PROJECT.joinpath(*parts), centre.root)).as_posix()

    text = _page("trainer", language).format(
        source=link("courses", "source"),
        items=link("question_bank", "items"),
        practicals=link("question_bank", "practicals"),
    )
    header = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return notebooks.to_bytes(Notebook("trainer", header, {}, (NotebookCell("markdown", text.strip()),)))


def _page(name: str, language: str) -> str:
    return (_PAGES / f"{name}-{language}.md").read_text("utf-8")
