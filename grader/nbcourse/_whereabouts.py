"""How far everybody has come with an assignment: handed in, collected, marked, given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange

from grader.centre import own_number
from grader.errors import InputError
from grader.nbcourse._convert import config_of, gradebook

__all__ = ["Whereabouts", "assignments", "whereabouts"]


@dataclass(frozen=True)
class Whereabouts:
    """Where one student stands in an assignment."""

    student: str
    state: str
    """``not handed in``, ``handed in`` (waits in the exchange), ``collected``, ``waits for a marker``, ``marked`` or
    ``feedback given``."""
    handed_in: str
    """When, as nbgrader wrote it down; empty when it was not."""
    score: float | None
    """None before it is graded."""
    max_score: float
    waiting: tuple[str, ...]
    """Cells that wait for a person."""
    is_login: bool
    """Whether nobody entered this student but `academy start`, under the login of whoever called it."""


def assignments(course: Path) -> list[str]:
    """What was released in a course, by name."""
    where = CourseDirectory(config=config_of(course))
    folder = Path(where.format_path(where.release_directory, ".", ".")).resolve()
    return sorted(path.name for path in folder.glob("[!.]*") if path.is_dir())


def whereabouts(course: Path, assignment: str) -> list[Whereabouts]:
    """Every student of the gradebook and everybody who has handed in, by name."""
    inbox = dict(_inbox(course, assignment))
    where = CourseDirectory(config=config_of(course))
    with gradebook(course) as book:
        try:
            row = book.find_assignment(assignment)
        except MissingEntry:
            raise InputError(f"assignment {assignment!r} is not in the gradebook: release it first") from None
        graded = {submission.student.id: submission for submission in row.submissions}
        names = {student.id: str(student.last_name or "") for student in book.students}
        known = set(names) | set(inbox) | set(graded)
        found = []
        for student in sorted(known):
            collected = _stamp(Path(where.format_path(where.submitted_directory, student, assignment)))
            newest = max(collected, inbox.get(student, ""))
            submission = graded.get(student) if collected and newest == collected else None
            waiting = _waiting(submission) if submission is not None else ()
            score = float(submission.score) if submission is not None else None
            page = Path(where.format_path(where.feedback_directory, student, assignment))
            given = any(page.glob("*.html")) and _stamp(page) == collected  # of this work, not of an earlier one
            state = _state(newest, collected, submission is not None, waiting, given)
            name = names.get(student, "")
            login = bool(name) and own_number(name) == student
            found.append(Whereabouts(student, state, newest, score, float(row.max_score), waiting, login))
    return found


def _stamp(folder: Path) -> str:
    """When the work in this folder was handed in, as nbgrader wrote it down; nothing where there is none."""
    stamp = folder / "timestamp.txt"
    return stamp.read_text("utf-8").strip() if stamp.is_file() else ""


def _state(newest: str, collected: str, graded: bool, waiting: tuple[str, ...], given: bool) -> str:
    if not newest:
        return "not handed in"
    if newest != collected:
        return "handed in"
    if not graded:
        return "collected"
    return "waits for a marker" if waiting else "feedback given" if given else "marked"


def _waiting(submission: object) -> tuple[str, ...]:
    notebooks = submission.notebooks  # type: ignore[attr-defined]
    return tuple(str(grade.name) for one in notebooks for grade in one.grades if grade.needs_manual_grade)


def _inbox(course: Path, assignment: str) -> Iterator[tuple[str, str]]:
    """Student and time of what lies in the exchange, oldest first: ``<student>+<assignment>+<time>...``."""
    config = config_of(course)
    where = CourseDirectory(config=config)
    root = Path(Exchange(coursedir=where, config=config).root)
    for path in sorted((root / where.course_id / "inbound").glob("*+*+*"), key=lambda path: path.name):
        student, name, *_ = path.name.split("+")
        stamp = path / "timestamp.txt"
        if name == assignment and stamp.is_file() and not path.is_symlink():
            yield student, stamp.read_text("utf-8", errors="replace").strip()
