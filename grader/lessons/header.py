"""The header of a lesson: title, level, minutes, statements and needs, every fault named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.errors import Problem
from grader.lessons.texts import HAN
from grader.model import LANGUAGES, Framework
from grader.notebooks import Notebook

__all__ = ["NAME", "check_header"]

NAME = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*")
"""The file name of a lesson without its ending: its place in the level, and its slug."""
ENTRIES = ("title", "level", "minutes", "statements", "needs")
SHORTEST_MIN, LONGEST_MIN = 15, 120

Wrong = Callable[[str, str], None]


def check_header(lesson: Notebook, folder: Path, framework: Framework) -> list[Problem]:
    """What is wrong in the header and in the file's place; ``folder`` holds the folders of the levels."""
    problems: list[Problem] = []

    def wrong(place: str, sentence: str) -> None:
        problems.append(Problem(lesson.where(place), sentence))

    kernel = lesson.header.get("kernelspec")
    if not isinstance(kernel, dict) or kernel.get("name") != "python3":
        line = "kernelspec: {name: python3, display_name: Python 3}"
        wrong("kernelspec", f"the header must hold `{line}`, else JupyterLab asks for a kernel; add it")
    given = lesson.header.get("lesson")
    if not isinstance(given, dict):
        wrong("lesson", f"the header must hold a `lesson:` entry with {', '.join(ENTRIES)}, and it does not; add it")
        return problems
    for name in ENTRIES:
        if name not in given:
            wrong("lesson", f"the entry `lesson` must hold `{name}`, and it does not; add it")
    for name in given:
        if name not in ENTRIES:
            wrong(f"lesson.{name}", f"`{name}` is no entry of a lesson; the entries are {', '.join(ENTRIES)}")
    _check_title(given, wrong)
    level = _check_level(given, lesson.path, framework, wrong)
    _check_minutes(given, wrong)
    _check_statements(given, level, framework, wrong)
    _check_needs(given, lesson.path.removesuffix(".md"), folder, wrong)
    return problems


def _check_title(given: Mapping[str, Any], wrong: Wrong) -> None:
    title = given.get("title", {language: "标题" if language == "zh" else "title" for language in LANGUAGES})
    if not isinstance(title, dict) or set(title) != set(LANGUAGES):
        wrong("lesson.title", f"`title` must hold the title as {{en: ..., zh: ...}}, got {title!r}")
        return
    for language, text in title.items():
        if not isinstance(text, str) or not text.strip():
            wrong(f"lesson.title.{language}", f"the title must be a text, got {text!r}; write it")
        elif bool(HAN.search(text)) != (language == "zh"):
            wanted = "Chinese" if language == "zh" else "English"
            wrong(f"lesson.title.{language}", f"the {language} title must be {wanted}, got {text!r}; translate it")


def _check_level(given: Mapping[str, Any], path: str, framework: Framework, wrong: Wrong) -> int | None:
    """The level's number, or None when it cannot be used."""
    level = given.get("level")
    numbers = [known.number for known in framework.levels]
    if not isinstance(level, int) or isinstance(level, bool) or level not in numbers:
        if "level" in given:
            wrong("lesson.level", f"`level` must be a whole number from 1 to {len(numbers)}, got {level!r}")
        return None
    name = framework.level(level).name.en
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower())
    home, _, file = path.partition("/")
    if home != wanted:
        wrong("lesson.level", f"a lesson of level {level} ({name}) stands in the folder {wanted}/, this one in {home}/")
    if not NAME.fullmatch(file.removesuffix(".md")):
        wrong("lesson", f"a lesson's file is named as 01-shift-basics.md, this one {file}; rename it")
    return level


def _check_minutes(given: Mapping[str, Any], wrong: Wrong) -> None:
    minutes = given.get("minutes", SHORTEST_MIN)
    whole = isinstance(minutes, int) and not isinstance(minutes, bool)
    if not whole or not SHORTEST_MIN <= minutes <= LONGEST_MIN:
        wanted = f"a whole number from {SHORTEST_MIN} to {LONGEST_MIN}"
        wrong("lesson.minutes", f"`minutes` must be {wanted}, got {minutes!r}; split a longer lesson")


def _check_statements(given: Mapping[str, Any], level: int | None, framework: Framework, wrong: Wrong) -> None:
    codes = given.get("statements", ["?"])
    if not isinstance(codes, list) or not codes:
        wrong("lesson.statements", f"`statements` must be a list such as [FC-3.1, FC-3.2], got {codes!r}")
        return
    levels = {
        statement.code: cell.level
        for domain in framework.domains
        for cell in domain.cells
        for statement in cell.statements
    }
    for number, code in enumerate(codes if "statements" in given else []):
        place = f"lesson.statements.{number}"
        if not isinstance(code, str) or code not in levels:
            wrong(place, f"a statement must be a code of framework.yml such as FC-3.1, and {code!r} is none; mend it")
        elif level is not None and levels[code] != level:
            wrong(
                place, f"a lesson of level {level} teaches statements of its level, {code} is of level {levels[code]}"
            )
        elif code in codes[:number]:
            wrong(place, f"each statement stands once, {code} stands twice; delete one")


def _check_needs(given: Mapping[str, Any], own: str, folder: Path, wrong: Wrong) -> None:
    needs = given.get("needs", [])
    if not isinstance(needs, list):
        wrong("lesson.needs", f"`needs` must be a list such as [team-leader/01-workload], or [], got {needs!r}")
        return
    for number, name in enumerate(needs):
        if name == own or not isinstance(name, str) or not (folder / f"{name}.md").is_file():
            todo = f"there is no other lesson {name!r}; name one as <level>/<nn>-<slug> or take it out"
            wrong(f"lesson.needs.{number}", f"a lesson that is needed first must exist, and {todo}")
