"""A level at one glance: its lessons, what is done, how ready the quizzes say one is, what comes next and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from .._text import Text
from ..quiz import Readiness, attempts, readiness
from ._note import LANG, Note
from ._progress import Done
from ._sidecar import Lesson

__all__ = ["overview"]

Progress = Mapping[str, Mapping[str, Done]]

_DOMAINS = {
    "FC": Text("Forecasting & scheduling", "话务预测与排班"),
    "QA": Text("Quality assurance", "质量保证"),
    "PM": Text("Performance management", "绩效管理"),
    "RP": Text("Reporting & analysis", "报表与分析"),
}
_HEADS = Text("lesson|minutes|exercises passed|practice questions answered", "课程|分钟|练习通过|已做练习题").say
_CELL = 'style="text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top"'


def overview(lessons: Sequence[Lesson], progress: Progress, said: Text | None, folder: Path, language: str) -> Note:
    """The table of the lessons of one level, and what follows from it."""
    answers = attempts(folder)
    taught = {code for one in lessons for code in one.statements}
    ready = readiness([entry for entry in answers if entry["statement"] in taught])
    heads = _HEADS(language).split("|")
    rows = [_row(one, progress, answers_to(answers, one)) for one in lessons]
    after = [_next(lessons, progress, ready).say(language), *(one.say(language) for one in _left(lessons, progress))]
    after += [_readiness(one).say(language) for one in ready] or [_UNTRIED.say(language)]
    after += [said.say(language)] if said else []
    return Note(_plain(heads, rows, after), _html(heads, rows, after, lessons, folder, language))


def answers_to(answers: Sequence[Mapping[str, object]], lesson: Lesson) -> int:
    """How many of the practice questions of a lesson's statements have been answered."""
    return min(
        lesson.questions, len({entry["question"] for entry in answers if entry["statement"] in lesson.statements})
    )


_UNTRIED = Text(
    "No practice question has been answered yet: the quiz at the end of each lesson says how ready you are.",
    "还没有做过练习题。每一课末尾都有练习，做了才知道掌握得怎样。",
)


def _passed(lesson: Lesson, progress: Progress) -> int:
    """Exercises all of whose checks passed."""
    done = progress.get(lesson.name, {})
    return sum(set(has["checks"]) <= done.get(name, Done()).passed for name, has in lesson.exercises.items())


def _row(lesson: Lesson, progress: Progress, answered: int) -> list[str]:
    total = len(lesson.exercises)
    passed = _passed(lesson, progress)
    tick = "✓ " if passed == total else ""
    return [lesson.title, f"{lesson.minutes}", f"{tick}{passed} / {total}", f"{answered} / {lesson.questions}"]


def _next(lessons: Sequence[Lesson], progress: Progress, ready: Sequence[Readiness]) -> Text:
    for lesson in lessons:
        passed, total = _passed(lesson, progress), len(lesson.exercises)
        if passed == total:
            continue
        if progress.get(lesson.name):
            return Text(
                f"Next: {lesson.title}. You have begun it: {passed} of {total} exercises have passed.",
                f"下一步：{lesson.title}。这一课已经开了头，{total}道练习通过了{passed}道。",
            )
        return Text(
            f"Next: {lesson.title}. It is the first one of this level you have not begun, {lesson.minutes} minutes.",
            f"下一步：{lesson.title}。这是本级第一门还没开始的课，约{lesson.minutes}分钟。",
        )
    weak = min(ready, key=lambda one: one.lower, default=None)
    if weak is None or weak.share == 1:
        return Text(
            "Next: every exercise of this level has passed. Go on with the practice questions, or with the next level.",
            "下一步：本级练习已全部通过。可以多做练习题，或者进入下一级。",
        )
    name = _DOMAINS.get(weak.domain, Text(weak.domain, weak.domain))
    return Text(
        f"Next: every exercise has passed. Practise {name.en} again, your weakest: right answers to "
        f"the latest questions, {weak.right} of {weak.answered}.",
        f"下一步：练习已全部通过。再做做{name.zh}的练习题：最近{weak.answered}题对了{weak.right}题，在各方面里最弱。",
    )


def _left(lessons: Sequence[Lesson], progress: Progress) -> list[Text]:
    minutes = sum(one.minutes for one in lessons if _passed(one, progress) < len(one.exercises))
    said = Text(f"Lessons still open take about {minutes} minutes.", f"未完成的课程约需{minutes}分钟。")
    return [said] if minutes else []


def _readiness(ready: Readiness) -> Text:
    name = _DOMAINS.get(ready.domain, Text(ready.domain, ready.domain))
    low, high = round(100 * ready.lower), round(100 * ready.upper)
    return Text(
        f"{name.en}: right answers to the latest practice questions, {ready.right} of {ready.answered}. From so few, "
        f"you would get between {low} % and {high} % right.",
        f"{name.zh}：最近{ready.answered}题对了{ready.right}题。题数有限，据此推断，正确率大致在{low}%到{high}%之间。",
    )


def _plain(heads: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str]) -> str:
    return "\n".join([" | ".join(row) for row in (heads, *rows)] + ["", *after])


def _html(
    heads: Sequence[str], rows: Sequence[Sequence[str]], after: Sequence[str], lessons: Sequence[Lesson], folder: Path,
    language: str,
) -> str:  # fmt: skip
    first = "".join(f'<th scope="col" {_CELL}>{escape(head)}</th>' for head in heads)
    body = ""
    for row, lesson in zip(rows, lessons, strict=True):
        cells = "".join(f"<td {_CELL}>{escape(cell)}</td>" for cell in row[1:])
        body += f'<tr><th scope="row" {_CELL}>{_link(lesson, folder)}</th>{cells}</tr>'
    paragraphs = "".join(
        f"<p><strong>{escape(one)}</strong></p>" if number == 0 else f"<p>{escape(one)}</p>"
        for number, one in enumerate(after)
    )
    table = f'<table style="border-collapse:collapse"><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div lang="{LANG[language]}">{table}{paragraphs}</div>'


def _link(lesson: Lesson, folder: Path) -> str:
    notebook = lesson.path.with_name(lesson.path.name.removesuffix(".lesson.json") + ".ipynb")
    if not notebook.is_file():
        return escape(lesson.title)
    return f'<a href="{quote(notebook.relative_to(folder).as_posix())}">{escape(lesson.title)}</a>'
