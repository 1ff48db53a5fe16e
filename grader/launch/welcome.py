"""The pages that open first: what a trainee, and what a trainer, does next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from .. import notebooks
from ..centre import PROJECT
from ..notebooks import Notebook, NotebookCell
from .centre import HOME, ITEMS, MINUTES, Desk

__all__ = ["WELCOME", "learner_page", "trainee_page", "trainer_page"]

WELCOME = {"en": "Welcome.md", "zh": "欢迎.md"}
"""The file that a trainee's JupyterLab opens first."""
_PAGES = Path(__file__).with_name("pages")


def trainee_page(desk: Desk, language: str) -> bytes:
    """The trainee's first page, in Markdown: what to do next stands above the lessons."""
    return (
        _page("trainee", language)
        .format(
            lessons=_lessons(desk.lessons, language) + _missing(desk.missing, language),
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
    return _page("learner", language).format(lessons=_lessons(lessons, language), quizzes=_links(quizzes)).encode()


def _lessons(places: Sequence[tuple[str, str]], language: str) -> str:
    """A table: a level with its home page, and the lessons that follow it."""
    rows: list[tuple[tuple[str, str], list[tuple[str, str]]]] = []
    for place in places:
        if place[1].endswith(HOME):
            rows.append((place, []))
        else:
            rows[-1][1].append(place)
    heads = {"en": "| your level | its lessons |", "zh": "| 等级 | 课程 |"}[language]
    return "\n".join([heads, "|---|---|", *(f"| {_links([home])} | {_links(there)} |" for home, there in rows)])


def _links(places: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"[{title}]({path})" for title, path in places)


def _missing(names: Sequence[str], language: str) -> str:
    """What could not be made, and what to do about it; nothing when all is there."""
    if not names:
        return ""
    listed, commands = ", ".join(names), ", ".join(f"`./academy courses check {name}`" for name in names)
    if language == "en":
        return (
            f"\n\n**Not here: {listed}.** The file of the lesson has a fault; the other lessons are sound. Tell your "
            f"trainer: {commands} says what is wrong; once it is mended, the next `./academy start` brings the lesson."
        )
    listed, commands = listed.replace(", ", "、"), commands.replace(", ", "、")
    return (
        f"\n\n**暂缺课程：{listed}**。课程文件有错误，其余课程不受影响。请告诉培训师：运行{commands}可以看到错在哪里，"
        "改好后再次运行`./academy start`，这一课就会出现。"
    )


def trainer_page(root: Path, language: str, base: str = "") -> bytes:
    """The trainer's first page, for a server that shows ``root`` and stands at ``base``.

    A notebook, since a trainer's JupyterLab opens Markdown as a lesson and would ask for a kernel first.
    """

    def link(*parts: str) -> str:
        # A way of the server's: JupyterLab takes a relative link for a file, and these are folders.
        return f"{base}/lab/tree/{quote(PROJECT.joinpath(*parts).relative_to(root).as_posix())}"

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
