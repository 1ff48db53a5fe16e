"""What stands above the lessons: the home notebook of each level, and the syllabus statement by statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from grader.lessons.sidecar import framework
from grader.model import LANGUAGES, Bilingual
from grader.notebooks import Notebook, NotebookCell, to_bytes

__all__ = ["HOME", "folder_of", "home_notebook", "syllabus_list", "syllabus_page"]

HOME = "00-home"
"""The file name of a level's home notebook."""


def folder_of(level: int) -> str:
    """The folder of a level: ``team-leader``.

    >>> folder_of(5)
    'general-manager'
    """
    return re.sub(r"[^a-z0-9]+", "-", framework().level(level).name.en.lower())


def _short(level: int, language: str) -> str:
    """The level's name without the bracket that explains it."""
    return re.sub(r"\s*[(（].*", "", framework().level(level).name.say(language))


# --- the home notebook ------------------------------------------------------------------------------------------------

_INTRODUCTION = Bilingual(
    "# {level}: where you are\n\n"
    "Here you are **{role}** of a broadband hotline. All five levels tell the same centre and the same summer of 2026, "
    "each from another chair, from which one sees and decides other things.\n\n"
    "{count}, about {hours} hours, best taken in this order.\n\n{entries}\n\n"
    "Click into the grey box below and press **Shift+Enter**: it shows which exercises have passed, what your practice "
    "answers say, and what comes next. Press it again whenever you come back.",
    "# {level}：学到哪里了\n\n"
    "在这一级里，你是一家宽带服务热线的**{role}**。五个等级讲的是同一个中心、同一个2026年夏天，只是坐的位子不同，看到的、能拍板的事也就不同。\n\n"
    "{count}，约{hours}小时，建议按下面的顺序学。\n\n{entries}\n\n"
    "点一下下面的灰色框，再按**Shift+Enter**，就能看到哪些练习已经通过、练习题做得怎样、下一步学什么。每次回来都可以再按一次。",
)
_ROLES = {
    1: Bilingual("a senior agent in team V1", "V1班组资深座席"),
    2: Bilingual("the leader of team V1", "V1班组长"),
    3: Bilingual("the supervisor for planning, quality and reports", "负责排班、质检和报表的主管"),
    4: Bilingual("the operations manager of both sites", "两个职场的运营经理"),
    5: Bilingual("the general manager", "总经理"),
}
_COUNT = Bilingual("{} lesson|{} lessons", "{}课|{}课")
_ENTRY = Bilingual("1. **[{title}]({link})**, {minutes} minutes", "1. **[{title}]({link})**（{minutes}分钟）")
_AFTER = Bilingual(
    "## When something does not work\n\n"
    "- A name is not known: run the cells above it first, or choose *Run*, *Run All Above Selected Cell*.\n"
    "- Everything is mixed up: *Kernel*, *Restart Kernel and Run All Cells*.\n"
    '- Stuck in an exercise: write `lesson.hint("e1")` into an empty cell. After a try, `lesson.solution("e1")` shows '
    "a worked solution in the edition for self-study.\n"
    '- A word is new: `lesson.glossary("occupancy")`.\n'
    "- A page for the wall: the file that ends in `-summary.html` beside each lesson is made to be printed.",
    "## 遇到问题怎么办\n\n"
    "- 提示名称未定义：先运行上面的单元格，或者用菜单“运行”里的“运行选中单元格上方的所有单元格”。\n"
    "- 次序全乱了：菜单“运行”，选“重启内核和运行所有单元格”。\n"
    '- 练习做不出来：在空单元格里写`lesson.hint("e1")`看提示；'
    '自己试过之后，自学版可以用`lesson.solution("e1")`看解答。\n'
    '- 遇到生词：`lesson.glossary("占用率")`。\n'
    "- 想贴在墙上：每课旁边以`-summary.html`结尾的文件，可以直接打印。",
)


def home_notebook(
    level: int, lessons: Sequence[tuple[str, Mapping[str, Any]]], language: str, link: Callable[[str], str]
) -> bytes:
    """The notebook that opens a level; ``lessons`` are names and headers, ``link`` leads to a notebook."""
    minutes = sum(told["minutes"] for _, told in lessons)
    one, many = _COUNT.say(language).split("|")
    text = _INTRODUCTION.say(language).format(
        level=_short(level, language),
        role=_ROLES[level].say(language),
        count=(one if len(lessons) == 1 else many).format(len(lessons)),
        hours=f"{minutes / 60:.1f}".removesuffix(".0"),
        entries="\n".join(
            _ENTRY.say(language).format(title=told["title"][language], link=link(name), minutes=told["minutes"])
            for name, told in lessons
        ),
    )
    code = f'from ccskills import lesson\n\nlesson.home({level}, "{language}")'
    cells = (
        NotebookCell("markdown", text),
        NotebookCell("code", code),
        NotebookCell("markdown", _AFTER.say(language)),
    )
    header = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return to_bytes(Notebook(f"{folder_of(level)}/{HOME}", header, {}, cells))


# --- the syllabus -----------------------------------------------------------------------------------------------------

_LIST = """# The lessons of each level in the order in which they are taught.
# Written by `academy courses build` from the headers of the lessons.
levels:
"""


def syllabus_list(lessons: Mapping[str, Mapping[str, Any]]) -> str:
    """``courses/syllabus.yml``."""
    lines = []
    for level in sorted({told["level"] for told in lessons.values()}):
        lines += [f"  - level: {level}", f"    folder: {folder_of(level)}", "    lessons:"]
        for name, told in sorted(lessons.items()):
            if told["level"] == level:
                title = ", ".join(f'{language}: "{told["title"][language]}"' for language in LANGUAGES)
                lines += [f"      - slug: {name.partition('/')[2]}", f"        title: {{{title}}}"]
                lines += [
                    f"        minutes: {told['minutes']}",
                    f"        statements: [{', '.join(told['statements'])}]",
                ]
    return _LIST + "\n".join(lines) + "\n"


_SYLLABUS = Bilingual(
    "# Syllabus: where each statement is taught\n\n[中文](zh/syllabus.md)\n\n"
    "The four core domains at the five levels, statement by statement. Made by `academy courses build` from the "
    "headers "
    "of the lessons and `question_bank/framework.yml`.\n",
    "# 课程大纲：每条能力在哪一课讲\n\n[English](../syllabus.md)\n\n"
    "四个核心领域、五个等级，逐条列出。由`academy courses build`根据课程头部和`question_bank/framework.yml`生成。\n",
)
_ROWS = Bilingual(
    "| statement | what one can do | taught in |\n|---|---|---|", "| 能力条目 | 会做什么 | 在哪一课 |\n|---|---|---|"
)
_NOT_YET = Bilingual("not yet", "待编写")


def syllabus_page(lessons: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """``docs/syllabus.md`` or ``docs/zh/syllabus.md``."""
    up = {"en": "../", "zh": "../../"}[language]
    taught: dict[str, list[str]] = {}
    for name, told in sorted(lessons.items()):
        for code in told["statements"]:
            link = f"[{told['title'][language]}]({up}courses/{language}/{name}.ipynb)"
            taught.setdefault(code, []).append(link)
    lines = [_SYLLABUS.say(language)]
    for level in framework().levels:
        lines += [f"## {level.name.say(language)}", "", _ROWS.say(language)]
        for code, text in _core(level.number, language):
            lines.append(f"| {code} | {text} | {', '.join(taught.get(code, [_NOT_YET.say(language)]))} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _core(level: int, language: str) -> Iterable[tuple[str, str]]:
    for domain in framework().domains:
        for cell in domain.cells:
            if domain.core and cell.level == level:
                yield from ((one.code, one.text.say(language)) for one in cell.statements)
