"""From the sources to what trainees open: notebooks, files beside them, home notebooks, pages of all headers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import nbcourse, notebooks
from grader.centre import PROJECT
from grader.errors import InputError, Problem
from grader.lessons.cells import kind
from grader.lessons.checking import check, lessons_in, name_of, read_lesson
from grader.lessons.glossary import page as glossary_page
from grader.lessons.glossary import terms_module
from grader.lessons.header import NAME, check_header
from grader.lessons.overviews import HOME, folder_of, home_notebook, syllabus_list, syllabus_page
from grader.lessons.sidecar import framework as known_framework
from grader.lessons.sidecar import sidecar
from grader.lessons.summary import summary
from grader.model import LANGUAGES, Bilingual
from grader.notebooks import Notebook, NotebookCell

__all__ = ["BuildResult", "assignment", "build", "built", "handout", "home", "pages", "release", "source", "stale"]

_MADE = (".ipynb", ".lesson.json", "-summary.html")
"""Endings of what is built of a lesson."""


@dataclass(frozen=True)
class BuildResult:
    """What a build did; names are relative to the target folder (``en/supervisor/01-...ipynb``)."""

    written: tuple[str, ...]
    """Files that are new or changed; one that is as it should be is not touched."""
    problems: tuple[Problem, ...]
    """What is wrong in lessons that were not built; the files of these stay as they were."""
    removed: tuple[str, ...] = ()
    """Files of lessons that are no more."""


def source(path: Path, language: str) -> dict[str, Any]:
    """The lesson as nbgrader's source notebook in one language, solutions and hidden tests in it."""
    chosen = notebooks.choose(read_lesson(path), language)
    cells = tuple(_named(cell, language) if kind(cell) == "test" else cell for cell in chosen.cells)
    made: dict[str, Any] = json.loads(notebooks.to_bytes(replace(chosen, cells=cells)))
    return made


def _named(cell: NotebookCell, language: str) -> NotebookCell:
    """A check of which the first line, all that is seen of it while it is folded, names it in one language only."""
    first, _, rest = cell.source.partition("\n")
    english, _, chinese = first.removeprefix("# ").partition("  ")
    name = chinese.strip() if language == "zh" else english
    return replace(cell, source=f"# {name}\n{rest}") if chinese else cell


def built(path: Path, language: str) -> bytes:
    """The lesson as a trainee gets it, canonical: without solutions, hidden tests, outputs and counters.

    nbgrader's marks on the cells stay, so that it can be submitted; :class:`InputError` when nbgrader refuses it.
    """
    return notebooks.to_bytes(_released(path, language))


def handout(path: Path, language: str) -> dict[str, bytes]:
    """The files that go out beside the notebook in a course that is marked: no worked solution is in them."""
    lesson = read_lesson(path)
    return {
        f"{path.stem}.lesson.json": sidecar(lesson, language, solutions=False),
        f"{path.stem}-summary.html": summary(lesson, language, _level_name(lesson)),
    }


def assignment(path: Path, language: str) -> str:
    """The name of a lesson in nbgrader.

    >>> assignment(Path("courses/source/supervisor/01-workload.md"), "zh")
    'supervisor-01-workload-zh'
    """
    return f"{path.parent.name}-{path.stem}-{language}"


def release(course: Path, path: Path, language: str) -> str:
    """Put a lesson into an nbgrader course and into its exchange, without worked solutions; returns its name there."""
    name = assignment(path, language)
    nbcourse.publish(course, name, {f"{path.stem}.ipynb": source(path, language)}, handout(path, language))
    nbcourse.offer(course, name)
    return name


def build(source_folder: Path, target_folder: Path, only: Collection[Path] | None = None) -> BuildResult:
    """Build every lesson of the source into ``en/`` and ``zh/`` of the target; a broken one stops itself only.

    With ``only`` these lessons are built and nothing that stands above lessons.
    """
    written, problems = [], []
    sound = {}
    for path in lessons_in(source_folder):
        if only is not None and path not in only:
            continue
        found = check(path)
        try:
            files = {} if found else _files(path)
        except InputError as error:
            found, files = [Problem(f"{name_of(path)}.md:1", str(error))], {}
        problems += found
        written += _write(target_folder, files)
        sound[path] = files
    if only is not None:
        return BuildResult(tuple(written), tuple(problems))
    written += _write(target_folder, _homes(source_folder))
    removed = _orphans(source_folder, target_folder)
    for name in removed:
        (target_folder / name).unlink()
    return BuildResult(tuple(written), tuple(problems), tuple(removed))


def stale(source_folder: Path, target_folder: Path, only: Collection[Path] | None = None) -> list[str]:
    """Names in ``target_folder`` that are not what the sources build: missing, different, of a broken or no lesson."""
    names = []
    for path in lessons_in(source_folder):
        if only is not None and path not in only:
            continue
        if check(path):
            names += [f"{language}/{name_of(path)}.ipynb" for language in LANGUAGES]
        else:
            names += [name for name, made in _files(path).items() if _bytes(target_folder / name) != made]
    if only is not None:
        return sorted(names)
    names += [name for name, made in _homes(source_folder).items() if _bytes(target_folder / name) != made]
    return sorted(names + _orphans(source_folder, target_folder))


def home(level: int, language: str, names: Mapping[str, str]) -> bytes:
    """The home notebook of a level of the project, for lessons whose notebooks lie where ``names`` says."""
    told = _headers(PROJECT / "courses" / "source")
    return home_notebook(
        level,
        [(name, told[name]) for name in names if name in told],
        language,
        lambda name: names[name],
    )


def pages(root: Path = PROJECT) -> dict[str, bytes]:
    """What is made of all headers and of the glossary, by its path in the project."""
    told = _headers(root / "courses" / "source")
    return {
        "courses/syllabus.yml": syllabus_list(told).encode(),
        "docs/syllabus.md": syllabus_page(told, "en").encode(),
        "docs/zh/syllabus.md": syllabus_page(told, "zh").encode(),
        "docs/glossary.md": glossary_page("en").encode(),
        "docs/zh/glossary.md": glossary_page("zh").encode(),
        "ccskills/lesson/_terms.py": terms_module().encode(),
    }


def _files(path: Path) -> dict[str, bytes]:
    """Everything that is built of one lesson, by its name in the target folder."""
    lesson, made = read_lesson(path), {}
    for language in LANGUAGES:
        name = f"{language}/{name_of(path)}"
        made[f"{name}.ipynb"] = built(path, language)
        made[f"{name}.lesson.json"] = sidecar(lesson, language, solutions=True)
        made[f"{name}-summary.html"] = summary(lesson, language, _level_name(lesson))
    return made


def _homes(source_folder: Path) -> dict[str, bytes]:
    """The home notebook of every level that has a lesson."""
    told = _headers(source_folder)
    made = {}
    for level in sorted({one["level"] for one in told.values()}):
        mine = [(name, one) for name, one in sorted(told.items()) if one["level"] == level]
        for language in LANGUAGES:
            made[f"{language}/{folder_of(level)}/{HOME}.ipynb"] = home_notebook(
                level, mine, language, lambda name: f"{name.partition('/')[2]}.ipynb"
            )
    return made


def _headers(source_folder: Path) -> dict[str, Mapping[str, Any]]:
    """The header of every sound lesson; what stands above lessons says nothing of a broken one."""
    found = {}
    for path in lessons_in(source_folder):
        try:
            lesson = read_lesson(path)
        except InputError:
            continue
        if not check_header(lesson, path.parents[1], known_framework()):
            found[name_of(path)] = lesson.header["lesson"]
    return found


def _write(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    changed = [name for name, made in files.items() if _bytes(folder / name) != made]
    for name in changed:
        notebooks.replace_file(folder / name, files[name])
    return changed


def _level_name(lesson: Notebook) -> Bilingual:
    return known_framework().level(lesson.header["lesson"]["level"]).name


def _released(path: Path, language: str) -> Notebook:
    """nbgrader's released notebook, with Markdown and code of one language only."""
    made = nbcourse.released(source(path, language))
    cells = tuple(
        NotebookCell(cell["cell_type"], cell["source"], cell["metadata"], number)
        for number, cell in enumerate(made["cells"], start=1)
    )
    return Notebook(f"{name_of(path)}.md", made["metadata"], {}, cells)


def _orphans(source_folder: Path, target_folder: Path) -> list[str]:
    """What was built of a lesson or level that is no more."""
    names = {name_of(path) for path in lessons_in(source_folder)}
    names |= {f"{name.partition('/')[0]}/{HOME}" for name in names}
    return [name for name, lesson in _built_names(target_folder) if lesson not in names]


def _built_names(folder: Path) -> Iterator[tuple[str, str]]:
    """Every built file with the name of its lesson."""
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*/*")):
            ending = next((one for one in _MADE if path.name.endswith(one)), "")
            stem = path.name.removesuffix(ending)
            if ending and NAME.fullmatch(stem) and not path.parent.name.startswith("."):
                yield path.relative_to(folder).as_posix(), f"{path.parent.name}/{stem}"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
