"""Which lessons there are, and everything that is wrong in one of them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from grader import notebooks
from grader.errors import InputError, LessonError, Problem
from grader.lessons.cells import check_exercises
from grader.lessons.header import check_header
from grader.lessons.overviews import folder_of
from grader.lessons.shape import check_shape, shape_hints
from grader.lessons.sidecar import framework as known_framework
from grader.lessons.sidecar import sidecar
from grader.lessons.texts import check_texts
from grader.model import Framework, digest
from grader.notebooks import Notebook

__all__ = ["check", "find", "hints", "lessons_in", "line_of", "name_of", "read_lesson"]


def check(path: Path, framework: Framework | None = None) -> list[Problem]:
    """Everything that is wrong in the lesson ``<level>/<nn>-<slug>.md``; statements are those of ``framework``.

    The project's own framework is read when None is given; one that is broken raises :class:`RulesError`.
    """
    framework = framework or known_framework()
    try:
        lesson = read_lesson(path)
    except InputError as error:
        return [error.args[0]]
    problems = check_header(lesson, path.parents[1], framework)
    problems += check_texts(lesson)
    problems += check_exercises(lesson)
    problems += check_shape(lesson)
    return sorted(problems, key=lambda problem: problem.line)


def hints(path: Path) -> list[Problem]:
    """What a person should look at in a lesson without faults, although it may be right."""
    lesson = read_lesson(path)
    quiz = json.loads(sidecar(lesson, "en", solutions=False))["quiz"]
    return shape_hints(lesson, len(quiz["questions"]))


def line_of(path: Path, name: str) -> int:
    """The line of the cell that nbgrader, or else its own first line, calls ``name``; 1 when there is none."""
    for cell in read_lesson(path).cells:
        mark = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == (mark or cell.source.strip().partition("\n")[0]):
            return cell.line
    return 1


def find(source_folder: Path, name: str) -> list[Path]:
    """The lessons that a person means by ``supervisor/01-slug``, ``supervisor/01``, a level's folder or its number."""
    paths = lessons_in(source_folder)
    level = folder_of(int(name)) if name in [str(one.number) for one in known_framework().levels] else name.strip("/")
    name = level.removesuffix(".md")
    found = [path for path in paths if name in (path.parent.name, name_of(path), f"{path.parent.name}/{path.stem[:2]}")]
    if not found:
        there = ", ".join(name_of(path) for path in paths) or "none"
        raise LessonError(f"there is no lesson or level {name!r}; the lessons are: {there}")
    return found


def read_lesson(path: Path) -> Notebook:
    """The lesson in a file; :class:`InputError` with the place when it cannot be read."""
    # A command asks for the same lesson many times, and reading one takes a tenth of a second.
    return _read(path, digest(path.read_bytes()) if path.is_file() else "")


@lru_cache(maxsize=64)
def _read(path: Path, state: str) -> Notebook:
    return notebooks.read(path, path.parents[1])


def name_of(path: Path) -> str:
    """``supervisor/01-call-history-to-staffed-day`` of a lesson's file."""
    return f"{path.parent.name}/{path.stem}"


def lessons_in(folder: Path) -> list[Path]:
    """Every lesson's file in ``courses/source``; what JupyterLab keeps beside an edited one is none."""
    if not folder.is_dir():
        raise LessonError(f"the lessons are wanted in a folder, and {folder.name}/ is none; restore it or name another")
    return sorted(path for path in folder.glob("*/*.md") if not path.parent.name.startswith("."))
