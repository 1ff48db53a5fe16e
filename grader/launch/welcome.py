"""The pages that open first: what a trainee, and what a trainer, does next."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .. import notebooks
from ..centre import PROJECT, Centre
from ..notebooks import Notebook, NotebookCell
from .centre import HOME, ITEMS, MINUTES, Desk

__all__ = ["WELCOME", "learner_page", "trainee_page", "trainer_page"]

WELCOME = {"en": "Welcome.md", "zh": "欢迎.md"}
"""The file that a trainee's JupyterLab opens first."""
_PAGES = Path(__file__).with_name("pages")


def trainee_page(desk: Desk, language: str) -> bytes:
    """The trainee's first page, in Markdown."""
    return (
        _page("trainee", language)
        .format(
            lessons=_links(desk.lessons),
            quiz=desk.quiz,
            seat=desk.seat.seat,
            code=desk.seat.code,
            items=ITEMS,
            minutes=MINUTES,
        )
        .encode()
    )


def learner_page(lessons: Sequence[tuple[str, str]], quizzes: Sequence[tuple[str, str]], language: str) -> bytes:
    """The first page of a trainee of the learners' Hub, in Markdown; both are titles with their paths."""
    return _page("learner", language).format(lessons=_links(lessons), quizzes=_links(quizzes)).encode()


def _links(places: Sequence[tuple[str, str]]) -> str:
    """A list of links; lessons stand below the home page of their level."""
    home = any(path.endswith(HOME) for _, path in places)
    return "\n".join(
        f"{'  - ' if home and not path.endswith(HOME) else '- '}[{title}]({path})" for title, path in places
    )


def trainer_page(centre: Centre, language: str, base: str = "") -> bytes:
    """The trainer's first page; links are relative to the centre's folder, the server's own begin with ``base``.

    A notebook, since a trainer's JupyterLab opens Markdown as a lesson and would ask for a kernel first.
    """

    def link(*parts: str) -> str:
        return Path(os.path.relpath(PROJECT.joinpath(*parts), centre.root)).as_posix()

    text = _page("trainer", language).format(
        base=base,
        source=link("courses", "source"),
        items=link("question_bank", "items"),
        practicals=link("question_bank", "practicals"),
    )
    header = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return notebooks.to_bytes(Notebook("trainer", header, {}, (NotebookCell("markdown", text.strip()),)))


def _page(name: str, language: str) -> str:
    return (_PAGES / f"{name}-{language}.md").read_text("utf-8")
