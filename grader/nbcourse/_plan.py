"""An assignment and a submission as plain data: what grading needs when neither course folder nor gradebook is near."""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from nbgrader.utils import parse_utc

from grader.errors import GradingError

__all__ = [
    "Graded",
    "Handed",
    "NotebookPlan",
    "Plan",
    "Work",
    "digest",
    "files_of",
    "hidden_of",
    "make_work",
    "marks_of",
    "over",
    "read_handed",
]

_FILES_MB, _FILES, _DEPTH = 64, 10_000, 50

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class NotebookPlan:
    """One notebook of an assignment as the gradebook knows it."""

    name: str
    """Without ``.ipynb``."""
    kernelspec: Mapping[str, Any] | None
    cells: Mapping[str, Mapping[str, Any]]
    """Flags, points and text of each cell, hidden tests included."""
    order: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One version of an assignment: all that a submission is graded against."""

    assignment: str
    notebooks: Mapping[str, NotebookPlan]
    files: Files
    """The trainer's data files; everybody's work runs beside them."""
    own: frozenset[str]
    """Names among ``files`` that candidates may change (``Autograde.exclude_overwriting``)."""
    hidden: frozenset[str]
    """Names among ``files`` that were not released: for tests alone."""
    before: tuple[tuple[str, Mapping[str, Any]], ...]
    """Steps that sanitise, by name, with their settings; empty when the coordinator takes them itself."""
    after: tuple[tuple[str, Mapping[str, Any]], ...]
    """Steps between the executor and the gradebook."""
    limits: Mapping[str, float]
    """What the course says of time and memory; the rest is the sandbox's own."""
    grader: str
    """Version of the program that made the plan."""
    digest: str
    """Of all of the above, the course's configuration and its due date."""


@dataclass(frozen=True)
class Handed:
    """What one candidate handed in, with what the exam office keeps for them."""

    student: str
    notebooks: Files
    """By name without ``.ipynb``."""
    files: Files
    """Plain files beside the notebooks; links are left out."""
    data: Files
    """The candidate's own data files as the exam office issued them."""
    marks: Mapping[str, float]
    """Marks worked out elsewhere, by cell."""
    wrong: Mapping[str, str]
    """Notebooks that cannot be graded, and why."""
    submitted_at: Any
    """Time of handing in, UTC, or None."""
    digest: str


@dataclass(frozen=True)
class Work:
    """What the executor gets beside a sanitised notebook."""

    student: str
    assignment: str
    notebook: str
    files: Files
    """What lies beside the candidate's code."""
    trusted: Files
    """Files of the trainer and of the exam office: what tests may read."""
    own: frozenset[str]
    marks: Mapping[str, float]
    limits: Mapping[str, float]


@dataclass(frozen=True)
class Graded:
    """A graded notebook as data: what goes to disk, and what goes into the gradebook."""

    text: str
    scores: Mapping[str, float | None]
    """Automatic marks by cell; None waits for a person."""
    comments: Mapping[str, str | None]
    unjudged: Mapping[str, str]
    """Test cells that no program could judge, and why."""
    seconds: float


def make_work(
    words: Mapping[str, Any],
    files: Files,
    trusted: Files,
    issued: Files,
    own: frozenset[str],
    marks: Mapping[str, float],
    limits: Mapping[str, float],
    hidden: frozenset[str],
) -> Work:
    """The files of both walls: the trainer's go over the candidate's, but for those that candidates may change.

    What the exam office issued goes over everything; what was not released is for tests alone.
    """
    given = {**{name: data for name, data in trusted.items() if name not in own}, **issued}
    theirs = {**{name: data for name, data in trusted.items() if name in own}, **files}
    open_to_all = {name: data for name, data in given.items() if name not in hidden}
    shown = {name: data for name, data in over(theirs, given).items() if name not in given} | open_to_all
    return Work(words["student"], words["assignment"], words["notebook"], shown, given, own, marks, limits)


def over(files: Files, given: Files) -> dict[str, bytes]:
    """``files`` with ``given`` over them; what lies where a given one has a folder, or below one, is left out."""
    folders = {str(folder) for name in given for folder in PurePath(name).parents}
    kept = {
        name: data
        for name, data in files.items()
        if name not in folders and not any(str(folder) in given for folder in PurePath(name).parents)
    }
    return {**kept, **given}


def hidden_of(released: Path, files: Files) -> frozenset[str]:
    """Names of the trainer's files that were not released: tests may read them, and no candidate's code."""
    return frozenset(name for name in files if released.is_dir() and not (released / name).is_file())


def files_of(folder: Path, ignore: list[str]) -> dict[str, bytes]:
    """Plain files below ``folder`` as nbgrader takes them along, by relative name; no notebook, no link."""
    found: dict[str, bytes] = {}
    size = 0
    for path in sorted(_plain_files(folder, [*ignore, "*.ipynb"])) if folder.is_dir() else []:
        size += path.stat().st_size
        if size > _FILES_MB * 1_000_000 or len(found) == _FILES:
            raise GradingError(f"the files beside the notebook are more than {_FILES}, or larger than {_FILES_MB} MB")
        found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def _plain_files(folder: Path, ignore: list[str]) -> Iterator[Path]:
    """Files below ``folder`` that are neither links nor ignored; a pattern is held against names, as nbgrader does."""
    folders = [(folder, 0)]
    while folders:
        here, depth = folders.pop()
        if depth > _DEPTH:
            raise GradingError(f"the folders beside the notebook lie in each other, more than {_DEPTH} deep")
        left_out = {name for pattern in ignore for name in glob.glob(pattern, root_dir=here)}  # noqa: PTH207
        for entry in os.scandir(here):
            if entry.name not in left_out and entry.is_dir(follow_symlinks=False):
                folders.append((Path(entry.path), depth + 1))
            elif entry.name not in left_out and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def marks_of(path: Path) -> dict[str, float]:
    """Marks worked out elsewhere, by cell; a file that is not there holds none."""
    if not path.is_file():
        return {}
    try:
        return {str(name): float(mark) for name, mark in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise GradingError(f"the marks in {path.name} of {path.parent.name} cannot be read: {error}") from error


def read_handed(student: str, folder: Path, names: list[str], ignore: list[str], data: Path, marks: Path) -> Handed:
    """Read one submission from its folder; what is wrong with it is noted, not raised."""
    notebooks: dict[str, bytes] = {}
    wrong: dict[str, str] = {}
    for name in names:
        path = folder / f"{name}.ipynb"
        if path.is_symlink():
            wrong[name] = f"{path.name} is a symbolic link, not a notebook"
        elif path.is_file() and path.stat().st_size > _FILES_MB * 1_000_000:
            wrong[name] = f"{path.name} is larger than {_FILES_MB} MB"
        elif path.is_file():
            notebooks[name] = path.read_bytes()
    files: dict[str, bytes] = {}
    issued: dict[str, bytes] = {}
    given: dict[str, float] = {}
    at = None
    try:
        files, issued, given = files_of(folder, ignore), files_of(data, []), marks_of(marks)
        at = _submitted_at(files.get("timestamp.txt", b""))
    except GradingError as error:
        wrong |= dict.fromkeys(notebooks, str(error))
    said = json.dumps([given, wrong, student], sort_keys=True).encode()
    key = digest(said, *_flat(notebooks), *_flat(files), *_flat(issued))
    return Handed(student, notebooks, files, issued, given, wrong, at, key)


def digest(*parts: bytes) -> str:
    """One name for all of the parts: nothing can move from one to the next unseen."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def _flat(files: Files) -> list[bytes]:
    flat = [str(len(files)).encode()]
    for name in sorted(files):
        flat += [os.fsencode(name), files[name]]
    return flat


def _submitted_at(text: bytes) -> Any:
    said = text.decode(errors="replace").strip()
    try:
        return parse_utc(said) if said else None
    except (ValueError, OverflowError) as error:
        raise GradingError(f"timestamp.txt says {said[:40]!r}, which is no time") from error
