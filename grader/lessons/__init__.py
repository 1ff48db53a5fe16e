"""Lessons: ``courses/source`` (one bilingual text each) to ``courses/en`` and ``courses/zh``, as trainees get them.

``check`` names every fault of a lesson with file and line; ``source`` is the nbgrader notebook of one language, with
its solutions and hidden tests; ``built`` is the same without them; ``build`` and ``stale`` do it for the whole folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from grader import nbcourse, notebooks, rules
from grader.centre import PROJECT
from grader.errors import InputError, LessonError, Problem
from grader.lessons.cells import check_exercises
from grader.lessons.header import NAME, check_header
from grader.lessons.texts import check_texts
from grader.model import LANGUAGES, Framework
from grader.notebooks import Notebook, NotebookCell

__all__ = ["BuildResult", "build", "built", "check", "source", "stale"]


@dataclass(frozen=True)
class BuildResult:
    """What a build did; names are relative to the target folder (``en/supervisor/01-...ipynb``)."""

    written: tuple[str, ...]
    """Notebooks that are new or changed; one that is as it should be is not touched."""
    problems: tuple[Problem, ...]
    """What is wrong in lessons that were not built; the notebooks of these stay as they were."""
    removed: tuple[str, ...] = ()
    """Notebooks of lessons that are no more."""


def check(path: Path, framework: Framework | None = None) -> list[Problem]:
    """Everything that is wrong in the lesson ``<level>/<nn>-<slug>.md``; statements are those of ``framework``.

    The project's own framework is read when None is given; one that is broken raises :class:`RulesError`.
    """
    try:
        lesson = _read(path)
    except InputError as error:
        return [error.args[0]]
    problems = check_header(lesson, path.parents[1], framework or _framework())
    problems += check_texts(lesson)
    problems += check_exercises(lesson)
    return sorted(problems, key=lambda problem: int(problem.where.rpartition(":")[2]))


def source(path: Path, language: str) -> dict[str, Any]:
    """The lesson as nbgrader's source notebook in one language, solutions and hidden tests in it."""
    made: dict[str, Any] = json.loads(notebooks.to_bytes(notebooks.choose(_read(path), language)))
    return made


def built(path: Path, language: str) -> bytes:
    """The lesson as a trainee gets it, canonical: without solutions, hidden tests, outputs and counters.

    nbgrader's marks on the cells stay, so that it can be submitted; :class:`InputError` when nbgrader refuses it.
    """
    return notebooks.to_bytes(_released(path, language))


def build(source_folder: Path, target_folder: Path) -> BuildResult:
    """Build every lesson of the source into ``en/`` and ``zh/`` of the target; a broken one stops itself only."""
    written, problems = [], []
    for path in _lessons(source_folder):
        found = check(path)
        try:
            made = {} if found else {language: _released(path, language) for language in LANGUAGES}
        except InputError as error:
            found = [Problem(f"{_name(path)}.md:1", str(error))]
        problems += found
        for language, notebook in ({} if found else made).items():
            name = f"{language}/{_name(path)}.ipynb"
            if _bytes(target_folder / name) != notebooks.to_bytes(notebook):
                notebooks.write(notebook, target_folder / name)
                written.append(name)
    removed = _orphans(source_folder, target_folder)
    for name in removed:
        (target_folder / name).unlink()
    return BuildResult(tuple(written), tuple(problems), tuple(removed))


def stale(source_folder: Path, target_folder: Path) -> list[str]:
    """Names in ``target_folder`` that are not what the sources build: missing, different, of a broken or no lesson."""
    names = []
    for path in _lessons(source_folder):
        sound = not check(path)
        for language in LANGUAGES:
            name = f"{language}/{_name(path)}.ipynb"
            if not sound or _bytes(target_folder / name) != built(path, language):
                names.append(name)
    return sorted(names + _orphans(source_folder, target_folder))


@cache
def _framework() -> Framework:
    return rules.load_framework(PROJECT / "question_bank" / "framework.yml")


def _read(path: Path) -> Notebook:
    return notebooks.read(path, path.parents[1])


def _name(path: Path) -> str:
    """``supervisor/01-call-history-to-staffed-day`` of a lesson's file."""
    return f"{path.parent.name}/{path.stem}"


def _lessons(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LessonError(f"the lessons are wanted in a folder, and {folder.name}/ is none; restore it or name another")
    return sorted(path for path in folder.glob("*/*.md") if not path.parent.name.startswith("."))


def _released(path: Path, language: str) -> Notebook:
    """nbgrader's released notebook, with Markdown and code of one language only."""
    made = nbcourse.released(source(path, language))
    cells = tuple(
        NotebookCell(cell["cell_type"], cell["source"], cell["metadata"], number)
        for number, cell in enumerate(made["cells"], start=1)
    )
    return Notebook(f"{_name(path)}.md", made["metadata"], {}, cells)


def _orphans(source_folder: Path, target_folder: Path) -> list[str]:
    """Built notebooks whose lesson is no more."""
    names = {_name(path) for path in _lessons(source_folder)}
    return [name for name in _built_names(target_folder) if name.partition("/")[2].removesuffix(".ipynb") not in names]


def _built_names(folder: Path) -> Iterator[str]:
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*/*.ipynb")):
            if NAME.fullmatch(path.stem) and not path.parent.name.startswith("."):
                yield path.relative_to(folder).as_posix()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
