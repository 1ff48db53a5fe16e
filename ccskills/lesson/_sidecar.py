"""The file beside a built lesson, ``<nn>-<slug>.lesson.json``: sections, exercises with their hints, the quiz."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._text import Text

__all__ = ["ENDING", "Lesson", "beside", "read"]

ENDING = ".lesson.json"


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file tells it."""

    path: Path
    name: str
    """``supervisor/01-call-history-to-staffed-day``"""
    language: str
    title: str
    level: int
    minutes: int
    needs: tuple[str, ...]
    statements: Mapping[str, str]
    version: str
    """Of the library, when the lesson was built."""
    names: Mapping[str, str]
    """What the lesson's own cells make: the heading of the section that first gives each name, or ""."""
    answers: Mapping[str, str]
    """What the learner's cells make: the exercise of each name."""
    exercises: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By id: ``title``, ``checks``, ``hints`` and, in the edition for self-study, ``solution`` and ``tests``, which are
    the code that decides, by check."""
    questions: int = 0
    """How many questions the practice quiz holds."""

    def exercise(self, name: str) -> str | None:
        """The id of the exercise that is meant by its own name or by that of one of its checks."""
        return next((one for one, has in self.exercises.items() if name == one or name in has["checks"]), None)


def read(path: Path) -> Lesson | Text:
    """The lesson in ``path``, or the sentence that says why it cannot be used."""
    try:
        data = json.loads(path.read_text("utf-8"))
        exercises = {str(one["id"]): one for one in data["exercises"]}
        if not all(isinstance(one["checks"], list) and isinstance(one["hints"], list) for one in exercises.values()):
            raise TypeError
        return Lesson(
            path, str(data["lesson"]), str(data["language"]), str(data["title"]), int(data["level"]),
            int(data["minutes"]), tuple(data["needs"]), dict(data["statements"]), str(data["ccskills"]),
            dict(data["names"]), dict(data["answers"]), exercises, len(data["quiz"]["questions"]),
        )  # fmt: skip
    except FileNotFoundError:
        return Text(
            f"The file {path.name} belongs beside this notebook and is not there: hints, quiz and some advice are "
            "missing. Copy it out of the folder from which the notebook came.",
            f"这份笔记本旁边应有文件{path.name}，现在没有，所以提示、练习题和部分说明用不了。请从笔记本原来的文件夹里复制过来。",
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Text(
            f"The file {path.name} is damaged: put the original back. Hints and quiz do not work until then.",
            f"文件{path.name}已损坏，请换回原来的文件；在此之前，提示和练习题用不了。",
        )


def beside(folder: Path) -> Iterator[Lesson]:
    """Every lesson of a folder and of the folders in it that can be read, in the order of their names."""
    found = [*folder.glob(f"*{ENDING}"), *folder.glob(f"*/*{ENDING}")]
    for path in sorted(found, key=lambda path: (path.name, path.as_posix())):
        lesson = read(path)
        if isinstance(lesson, Lesson):
            yield lesson
