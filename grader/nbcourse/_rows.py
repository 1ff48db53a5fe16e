"""One submission in the gradebook: all of its rows or none, as nbgrader's own converter writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, MissingEntry, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import func, select

from grader.errors import GradingError
from grader.nbcourse._plan import Graded, Handed

__all__ = [
    "CellRow",
    "by_student",
    "cell_rows",
    "find_or_make_student",
    "late_by_student",
    "one_transaction",
    "points_by_student",
    "write_rows",
]

CellRow = tuple[str, str, str, float | None, bool]
"""Student, notebook, cell, automatic mark, whether a person is waited for."""


@contextmanager
def one_transaction(book: Any) -> Iterator[None]:
    """nbgrader commits after every cell; within this it commits once, at the end, or not at all."""
    commit = book.db.commit
    book.db.commit = book.db.flush
    try:
        yield
        commit()
    except BaseException:
        book.db.rollback()
        raise
    finally:
        del book.db.commit


def write_rows(
    book: Any, assignment: str, handed: Handed, results: Mapping[str, Graded | str], names: Mapping[str, str], late: Any
) -> None:
    """Write times, marks and comments; a notebook that is missing gets 0, one that failed waits for a person.

    ``names`` are the names of the assignment's cells by their id, ``late`` nbgrader's step for penalties or None.
    """
    when = {"timestamp": handed.submitted_at} if handed.submitted_at else {}
    submission = book.update_or_create_submission(assignment, handed.student, **when)
    for notebook in submission.notebooks:
        result = results.get(notebook.name)
        if isinstance(result, Graded):
            _write_marks(notebook, result, names)
            if late is not None:
                book.db.flush()
                _write_penalty(submission, notebook, handed.student, late)
            continue
        for grade in notebook.grades:
            grade.auto_score = 0 if result is None else None
            grade.needs_manual_grade = result is not None


def _write_marks(notebook: Any, result: Graded, names: Mapping[str, str]) -> None:
    for grade in notebook.grades:
        name = names[grade.cell_id]
        if name in result.scores:
            grade.auto_score = result.scores[name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        if names[comment.cell_id] in result.comments:
            comment.auto_comment = result.comments[names[comment.cell_id]]


def _write_penalty(submission: Any, notebook: Any, student: str, late: Any) -> None:
    notebook.late_submission_penalty = None
    if submission.total_seconds_late > 0:
        penalty = late.plugin_inst.late_submission_penalty(student, notebook.score, submission.total_seconds_late)
        if penalty is not None:
            notebook.late_submission_penalty = late._check_late_penalty(notebook, penalty)


def find_or_make_student(book: Any, student: str, make: bool) -> None:
    """nbgrader makes a student who is not in the gradebook, unless the course forbids it."""
    if make:
        book.update_or_create_student(student)
        return
    try:
        book.find_student(student)
    except MissingEntry as error:
        raise GradingError(f"no student with ID {student!r} is in the gradebook") from error


def cell_rows(book: Any, assignment: str, student: str | None = None) -> list[CellRow]:
    """What the gradebook holds of every cell of every submission, or of one student's, read at once."""
    wanted = (
        select(SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.auto_score, Grade.needs_manual_grade)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    rows = book.db.execute(wanted if student is None else wanted.where(SubmittedAssignment.student_id == student)).all()
    return [(str(s), str(n), str(c), auto, bool(person)) for s, n, c, auto, person in rows]


def by_student(rows: Sequence[CellRow]) -> dict[str, list[tuple[str, str, float | None, bool]]]:
    """The rows of every student, without the student."""
    found: dict[str, list[tuple[str, str, float | None, bool]]] = {}
    for student, notebook, cell, auto, person in rows:
        found.setdefault(student, []).append((notebook, cell, auto, person))
    return found


def late_by_student(book: Any, assignment: str) -> dict[str, str]:
    """The extension of every student who has one, as text."""
    rows = book.db.execute(
        select(SubmittedAssignment.student_id, SubmittedAssignment.extension)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, SubmittedAssignment.extension.is_not(None))
    ).all()
    return {str(student): str(extension) for student, extension in rows}


def points_by_student(book: Any, assignment: str) -> dict[str, float]:
    """The points of every student as formgrader shows them, late penalties taken off."""
    # Two questions: nbgrader's sum of marks would follow the second table of a joined one.
    mine = Assignment.name == assignment
    scores = select(SubmittedAssignment.student_id, SubmittedAssignment.score).join(
        Assignment, Assignment.id == SubmittedAssignment.assignment_id
    )
    penalties = (
        select(SubmittedAssignment.student_id, func.sum(SubmittedNotebook.late_submission_penalty))
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .group_by(SubmittedAssignment.student_id)
    )
    taken = {student: float(penalty or 0) for student, penalty in book.db.execute(penalties.where(mine)).all()}
    found = book.db.execute(scores.where(mine)).all()
    return {str(student): max(0.0, float(score) - taken.get(student, 0.0)) for student, score in found}
