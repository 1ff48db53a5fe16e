"""A lesson in a notebook: plain words for errors, ticks, hints, worked solutions, the quiz, and how far one has come.

``begin`` stands in the first code cell and knows the lesson's file beside the notebook. Without a live notebook, and
where submissions are graded, everything here keeps silent and writes nothing.
"""

from __future__ import annotations

import builtins
import difflib
import linecache
import os
import re
from pathlib import Path
from types import TracebackType
from typing import Any

from .._checks import choice
from .._text import LANGUAGES, Text
from . import _home, _progress, _sidecar
from ._note import LOOK, Note, note, picture, publish, table
from ._sidecar import Lesson
from ._terms import TERMS
from ._words import explain, newer

__all__ = ["Note", "begin", "glossary", "hint", "home", "passed", "quiz", "solution"]

_GRADED = "NBGRADER_EXECUTION"
"""Set where submissions are run for marks."""
_NO_LESSON = Text(
    "No lesson is open here: run the first grey cells of the notebook, then this one again.",
    "这里还没有打开课程：请先运行笔记本最上面几个灰色单元格，再运行这一格。",
)


class _Here:
    """The lesson of this notebook; a kernel serves one."""

    lesson: Lesson | None = None
    language: str = "en"
    spoken: bool = False
    """Whether a cell has said in which language its reader is spoken to."""
    lacks: Text = _NO_LESSON
    """Why there is no lesson."""


def begin(name: str, language: str = "en") -> None:
    """Open a lesson in its notebook: from now on errors are told in plain words.

    Parameters
    ----------
    name : str
        The lesson, as ``supervisor/01-call-history-to-staffed-day``.
    language : str, optional
        ``"en"`` or ``"zh"``, in which everything is said.

    Examples
    --------
    Outside a notebook it does nothing:

    >>> begin("supervisor/01-call-history-to-staffed-day", "en")
    >>> begin("supervisor/01-call-history-to-staffed-day", "de")
    Traceback (most recent call last):
    ...
    ValueError: language must be one of en, zh, got 'de'
    """
    _Here.language = choice("language", language, LANGUAGES)
    shell = _shell()
    if shell is None:
        return
    _Here.spoken = True
    found = _sidecar.read(Path(f"{name.rpartition('/')[2]}{_sidecar.ENDING}"))
    if isinstance(found, Lesson) and found.name != name:
        found = Text(
            f"The file {found.path.name} beside this notebook belongs to {found.name}, and this is {name}: put the "
            "right one there. Hints and quiz do not work until then.",
            f"旁边的文件{found.path.name}属于{found.name}，而这里是{name}：请换成对应的文件；在此之前，提示和练习题用不了。",
        )
    _Here.lesson, _Here.lacks = (found, _NO_LESSON) if isinstance(found, Lesson) else (None, found)
    shell.set_custom_exc((Exception,), _told)
    # Not among the formatters: the first plot of a kernel throws those of figures out.
    shell.display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", picture)
    shell.display_formatter.formatters["text/html"].for_type_by_name("pandas", "DataFrame", table)
    publish(shell, Note("", LOOK))
    if _Here.lesson is None:
        publish(shell, note(language, [_Here.lacks.say(language)]))
    elif older := _older(_Here.lesson.version):
        publish(shell, note(language, [older.say(language)]))


def passed(check: str) -> None:
    """Say with a tick that a check has passed, and keep the fact in the learner's progress file.

    In the edition for self-study the tests that decide run first: nobody else would ever tell that an answer of the
    right form is wrong.

    Parameters
    ----------
    check : str
        The name of the check as nbgrader knows it, e.g. ``"e3a"``; it stands at the end of what the learner sees of it.

    Raises
    ------
    AssertionError
        When a test that decides does not hold; the notebook tells its sentence.

    Examples
    --------
    Outside a notebook it does nothing:

    >>> passed("e1")
    """
    shell, lesson = _shell(), _Here.lesson
    if shell is None or lesson is None:
        return
    exercise = lesson.exercise(check)
    if exercise is None:
        return
    tests = lesson.exercises[exercise].get("tests", {}).get(check)
    if tests is not None:
        _decide(shell, lesson, exercise, tests)
    trouble = _progress.keep("passed", lesson.name, exercise, check)
    checks = lesson.exercises[exercise]["checks"]
    part = Text("", "")
    if len(checks) > 1 and check in checks:  # a tick of one part must not read as one of the whole exercise
        which = checks.index(check) + 1
        part = Text(f", part {which} of {len(checks)}", f"（第{which}部分，共{len(checks)}部分）")
    done = Text("Check passed", "检查通过") if tests is None else Text("Right", "答对了")
    title = lesson.exercises[exercise]["title"]
    said = Text(f"✓ {done.en}{part.en}. {title}", f"✓ {done.zh}{part.zh}。{title}")
    told = [said.say(_Here.language)] + ([trouble.say(_Here.language)] if trouble else [])
    publish(shell, note(_Here.language, told, role="status"))


def hint(exercise: str) -> Note:
    """The next hint of an exercise; called again, the one after it.

    Parameters
    ----------
    exercise : str
        Its name, e.g. ``"e2"``.

    Examples
    --------
    >>> hint("e2")
    No lesson is open here: run the first grey cells of the notebook, then this one again.
    这里还没有打开课程：请先运行笔记本最上面几个灰色单元格，再运行这一格。
    """
    asked = _asked(exercise)
    if isinstance(asked, Note):
        return asked
    lesson, name = asked
    language, hints = _Here.language, lesson.exercises[name]["hints"]
    done, _ = _progress.recall()
    number = done.get(lesson.name, {}).get(name, _progress.Done()).hints % max(1, len(hints))
    if not hints:
        return note(language, [Text("This exercise has no hint.", "这道练习没有提示。").say(language)])
    _progress.keep("hint", lesson.name, name, name)
    head = Text(f"Hint {number + 1} of {len(hints)}", f"提示{number + 1}（共{len(hints)}条）").say(language)
    said = note(language, [head], html=str(hints[number]["html"]))
    return Note(f"{head}\n{hints[number]['text']}", said.html)


def solution(exercise: str, anyway: bool = False) -> Note:
    """The worked solution of an exercise, once its check has been run; a course that is marked does not hold it.

    Parameters
    ----------
    exercise : str
        Its name, e.g. ``"e2"``.
    anyway : bool, optional
        Show it although the check has not been run yet.

    Examples
    --------
    >>> solution("e2")
    No lesson is open here: run the first grey cells of the notebook, then this one again.
    这里还没有打开课程：请先运行笔记本最上面几个灰色单元格，再运行这一格。
    """
    asked = _asked(exercise)
    if isinstance(asked, Note):
        return asked
    lesson, name = asked
    language, worked = _Here.language, lesson.exercises[name].get("solution")
    if worked is None:
        return note(language, [Text(
            "This edition holds no worked solutions: your trainer marks it, and the feedback says what was missing.",
            "这一版不附解答：作业由培训师评分，反馈里会说明差在哪里。",
        ).say(language)])  # fmt: skip
    done = _progress.recall()[0].get(lesson.name, {}).get(name, _progress.Done())
    if not anyway and not done.tried and not done.passed:
        return note(language, [Text(
            f'Try first: write an answer, run the check below it, then ask again. A hint: lesson.hint("{name}"). '
            f'To see the solution all the same: lesson.solution("{name}", anyway=True).',
            f'先自己试一次：写好答案，运行下面的检查，再来看解答。要提示，用lesson.hint("{name}")；'
            f'一定要先看，用lesson.solution("{name}", anyway=True)。',
        ).say(language)])  # fmt: skip
    _progress.keep("solution", lesson.name, name, name)
    title = lesson.exercises[name]["title"]
    head = Text(f"Worked solution: {title}", f"解答：{title}").say(language)
    return note(language, [head], role="status", code=str(worked))


def quiz() -> Any:
    """The practice quiz of the lesson, its answers kept beside the notebook.

    Examples
    --------
    >>> quiz()
    No lesson is open here: run the first grey cells of the notebook, then this one again.
    这里还没有打开课程：请先运行笔记本最上面几个灰色单元格，再运行这一格。
    """
    lesson = _Here.lesson
    if _GRADED in os.environ:
        return None
    if lesson is None or _shell() is None:
        return _closed(lesson)
    if not lesson.questions:
        said = Text("There are no practice questions for this lesson yet.", "这一课暂时还没有练习题。")
        return note(_Here.language, [said.say(_Here.language)])
    from ..quiz import show

    return show(lesson.path, _Here.language)


def home(level: int, language: str = "en") -> Note:
    """Where a learner stands in a level: lessons, exercises passed, readiness by the practice quizzes, what is next.

    Parameters
    ----------
    level : int
        1 to 5; its lessons are looked for in the notebook's folder and the folders in it.
    language : str, optional
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> home(3)
    There is no lesson of level 3 in this folder.
    """
    language = choice("language", language, LANGUAGES)
    _Here.language, _Here.spoken = language, _shell() is not None
    folder = Path.cwd()
    found = {one.name: one for one in _sidecar.beside(folder) if one.level == level and one.language == language}
    if not found:
        said = Text(f"There is no lesson of level {level} in this folder.", f"这个文件夹里没有第{level}级的课程。")
        return note(language, [said.say(language)])
    done, trouble = _progress.recall()
    return _home.overview([found[name] for name in sorted(found)], done, trouble, folder, language)


def glossary(term: str, language: str | None = None) -> Note:
    """What a term of the floor means, and what it is called in the other language.

    Parameters
    ----------
    term : str
        In English or Chinese, or its short form: ``"occupancy"``, ``"占用率"``, ``"AHT"``.
    language : str, optional
        ``"en"`` or ``"zh"``; that of the open lesson when it is not given.

    Examples
    --------
    >>> glossary("occupancy", "en")
    occupancy · 占用率
    handling time ÷ (handling + available time)
    >>> glossary("occupacy", "en")
    The glossary has no “occupacy”. Near it: occupancy, capacity.
    """
    asked_in = _Here.language if _Here.spoken or not re.search("[\u4e00-\u9fff]", str(term)) else "zh"
    language = choice("language", language or asked_in, LANGUAGES)
    wanted = " ".join(str(term).casefold().split())
    for one in TERMS:
        if wanted in _spellings(one.term):
            both = Text(f"{one.term.en} · {one.term.zh}", f"{one.term.zh} · {one.term.en}")
            return note(language, [both.say(language), one.meaning.say(language)])
    words = [one.term.say(side) for one in TERMS for side in LANGUAGES]
    near = [word for word in words if wanted and wanted in word.casefold()][:3]
    near = near or difflib.get_close_matches(str(term), words, n=3)
    said = Text(f"The glossary has no “{term}”.", f"术语表里没有“{term}”。").say(language)
    if near:
        said += Text(f" Near it: {', '.join(near)}.", f"相近的有：{'、'.join(near)}。").say(language)
    return note(language, [said])


def _spellings(term: Text) -> set[str]:
    """A term in both languages, with and without its short form, and the short form alone."""
    found = set()
    for text in (term.en.casefold(), term.zh.casefold()):
        short = re.search(r"[(（]([^)）]+)[)）]", text)
        plain = re.sub(r"\s*[(（][^)）]*[)）]", "", text)
        found |= {text, plain, *plain.split(", ")} | ({short[1]} if short else set())
    return found


def _decide(shell: Any, lesson: Lesson, exercise: str, tests: str) -> None:
    """Run the tests that decide on what the notebook holds, and leave nothing of theirs behind."""
    try:
        exec(compile(tests, f"<tests of {exercise}>", "exec"), dict(shell.user_ns))
    except Exception as error:  # whatever a wrong answer does to a test, it is not right
        own = str(error) if isinstance(error, AssertionError) else ""
        wrong = Text("The form is in order, but the answer is not right yet.", "形式没有问题，但答案还不对。")
        hinted = bool(lesson.exercises[exercise]["hints"])
        ways = Text(
            f'lesson.hint("{exercise}") gives a hint, ' * hinted + f'lesson.solution("{exercise}") the worked solution',
            f'写lesson.hint("{exercise}")看提示，' * hinted + f'写lesson.solution("{exercise}")看解答',
        )
        more = Text(f"In an empty cell, {ways.en}.", f"在空单元格里{ways.zh}。").say(_Here.language)
        gap = "" if _Here.language == "zh" else " "
        raise AssertionError(f"{own or wrong.say(_Here.language)}{gap}{more}") from None


def _shell() -> Any:
    """The live notebook; None in a plain program and where submissions are graded."""
    ask = getattr(builtins, "get_ipython", None)
    return None if ask is None or _GRADED in os.environ else ask()


def _closed(lesson: Lesson | None) -> Note:
    """That no lesson is open, in both languages as long as nobody has said which one is wanted."""
    lacks = _Here.lacks if lesson is None else _NO_LESSON
    return note(_Here.language, [lacks.say(_Here.language)] if _Here.spoken else [lacks.en, lacks.zh])


def _asked(exercise: str) -> tuple[Lesson, str] | Note:
    """The open lesson and the exercise that is meant, or why there is none."""
    lesson = _Here.lesson
    if lesson is None or _shell() is None:
        return _closed(lesson)
    name = lesson.exercise(exercise)
    if name is not None:
        return lesson, name
    there = list(lesson.exercises)
    said = Text(
        f"This lesson has no exercise {exercise!r}; it has {', '.join(there)}.",
        f"这一课没有练习{exercise!r}，只有{'、'.join(there)}。",
    )
    return note(_Here.language, [said.say(_Here.language)])


def _told(
    shell: Any, kind: type, error: BaseException, trace: TracebackType | None, tb_offset: int | None = None
) -> None:
    """What the notebook calls instead of printing a traceback."""
    lesson = _Here.lesson
    line, source = _own(shell, trace)
    check = re.search(r"lesson\.passed\([\"'](\w+)[\"']\)", source)
    own = None if check else line  # the line of a check is none of the learner's
    publish(shell, explain(error, own, lesson, _Here.language, list(shell.user_ns)))
    exercise = lesson.exercise(check[1]) if lesson and check else None
    if lesson and check and exercise and isinstance(error, AssertionError) and _answered(shell, lesson, exercise):
        _progress.keep("tried", lesson.name, exercise, check[1])


def _answered(shell: Any, lesson: Lesson, exercise: str) -> bool:
    """Whether an answer of the exercise holds something: the stub that was never filled in is no try."""
    names = [name for name, of in lesson.answers.items() if of == exercise]
    return any(shell.user_ns.get(name) is not None for name in names)


def _own(shell: Any, trace: TracebackType | None) -> tuple[tuple[int, str] | None, str]:
    """The innermost line that stands in a cell, with its number there, and the whole cell."""
    found: tuple[int, str] | None = None
    file = ""
    while trace is not None:
        if trace.tb_frame.f_globals is shell.user_ns or trace.tb_frame.f_globals is shell.user_global_ns:
            file = trace.tb_frame.f_code.co_filename
            found = trace.tb_lineno, linecache.getline(file, trace.tb_lineno).rstrip()
        trace = trace.tb_next
    return found, "".join(linecache.getlines(file)) if file else ""


def _older(version: str) -> Text | None:
    """A word when the installed library is older than the one that the lesson was made with."""
    from .. import __version__

    def parts(text: str) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", text)]

    if parts(__version__) >= parts(version):
        return None
    how = newer(version)
    return Text(
        f"This lesson was made with version {version} of ccskills, and {__version__} is installed. If something is "
        f"missing: {how.en}",
        f"这一课是用ccskills的{version}版做的，这里装的是{__version__}版。如果缺了什么，{how.zh}",
    )
