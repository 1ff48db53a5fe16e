"""What every trainee of the learners' Hub finds at login: pages, practice quizzes and settings, made once for all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from .. import bank, lessons, nbcourse, practice, rules
from ..centre import Centre
from ..errors import InputError
from ..model import LANGUAGES
from .centre import HOME, home_title
from .config import write_config, write_shelf_config
from .welcome import WELCOME, learner_page

__all__ = ["SHELF", "accounts", "enrol"]

SHELF = "shelf"
_SEED = 1
_ACCOUNTS = "accounts.json"


def enrol(course: Path, people: Iterable[tuple[str, str, str]], language: str, bank_folder: Path) -> dict[str, str]:
    """Enter trainees as (account, name, language), and lay out afresh what everybody finds; all accounts so far.

    What there is to learn is what the course has released. ``language`` is for accounts that no roster named, and for
    the trainers' page. Raises :class:`InputError` when nothing is released yet.
    """
    found = list(people)
    released = set(nbcourse.assignments(course)) if (course / "nbgrader_config.py").exists() else set()
    if not released:
        raise InputError(
            f"nothing is released in {course}; run `academy courses release LEVEL --course {course}` first"
        )
    shelf = course.parent / SHELF
    everybody = {**accounts(course), **{account: spoken for account, _, spoken in found}}
    nbcourse.add_students(course, [(account, "", name) for account, name, _ in found])
    for spoken in LANGUAGES:
        _fill(course, shelf, released, spoken, bank_folder)
    told = {"language": language, "accounts": dict(sorted(everybody.items()))}
    (shelf / _ACCOUNTS).write_text(json.dumps(told, indent=1), "utf-8")
    for spoken in LANGUAGES:
        write_config(Centre(course.parent), None, spoken, "/services/course")
    return everybody


def accounts(course: Path) -> dict[str, str]:
    """The language of every account that was enrolled so far."""
    try:
        told = json.loads((course.parent / SHELF / _ACCOUNTS).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return dict(told["accounts"])


def _fill(course: Path, shelf: Path, released: set[str], language: str, bank_folder: Path) -> None:
    """Write the folder of one language; the old one stays until the new one is whole."""
    framework = rules.load_framework(bank_folder / "framework.yml")
    items = bank.load(bank_folder, framework).items
    new, place = shelf / f".{language}.new", shelf / language
    shutil.rmtree(new, ignore_errors=True)
    home = new / "home"
    home.mkdir(parents=True)
    links = []
    levels = _lessons(course, released, language)
    for level, there in sorted(levels.items()):
        page = next(iter(there)).partition("/")[0] + HOME
        (home / page).write_bytes(lessons.home(level, language, {name: path for name, (_, path) in there.items()}))
        links += [(home_title(framework, level, language), page), *there.values()]
    quizzes = []
    for level in sorted(levels):
        _, quiz = practice.write(home, framework, items, level, language, _SEED)
        title = {"en": "{}: practice quiz", "zh": "{}练习题"}[language].format(
            framework.level(level).name.say(language)
        )
        quizzes.append((title, quiz.relative_to(home).as_posix()))
    (home / WELCOME[language]).write_bytes(learner_page(links, quizzes, language))
    write_shelf_config(new / "config", nbcourse.exchange_of(course), language)
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)


def _lessons(course: Path, released: set[str], language: str) -> dict[int, dict[str, tuple[str, str]]]:
    """By level: title and path of each lesson that is released in this language, under its name."""
    levels = dict[int, dict[str, tuple[str, str]]]()
    for name in sorted(released):
        for beside in (course / "release" / name).glob("*.lesson.json"):
            told = json.loads(beside.read_text("utf-8"))
            if name.endswith(f"-{language}"):
                path = f"{name}/{beside.name.removesuffix('.lesson.json')}.ipynb"
                levels.setdefault(told["level"], {})[told["lesson"]] = (told["title"], path)
    return levels
