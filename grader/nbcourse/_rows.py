"""One submission in the gradebook: all of its rows or none, as nbgrader's own converter writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import parse_utc
from sqlalchemy import func, select

from grader.errors import GradingError
from grader.nbcourse._plan import Graded, Handed

__all__ = [
    "CellRow",
    "Layout",
    "by_student",
    "cell_rows",
    "find_or_make_student",
    "late_by_student",
    "layout_of",
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


@dataclass(frozen=True)
class Layout:
    """The rows of an assignment by their ids: what every submission of it points at."""

    assignment: str
    notebooks: Mapping[str, tuple[str, Sequence[str], Sequence[str]]]
    """Name, cells that take a mark and cells that take a comment, by notebook."""
    cells: Mapping[str, str]
    """Names of the cells."""


def layout_of(assignment: Assignment) -> Layout:
    """The layout of an assignment; every submission has these rows, with or without an answer."""
    notebooks, names = {}, {}
    for row in assignment.notebooks:
        marked, said = [*row.grade_cells, *row.task_cells], [*row.solution_cells, *row.task_cells]
        notebooks[row.id] = row.name, [cell.id for cell in marked], [cell.id for cell in said]
        names.update({cell.id: cell.name for cell in (*marked, *said)})
    return Layout(assignment.id, notebooks, names)


def write_rows(book: Any, layout: Layout, handed: Handed, results: Mapping[str, Graded | str], late: Any) -> None:
    """Write times, marks and comments; a notebook that is missing gets 0, one that failed waits for a person.

    ``late`` is nbgrader's step for penalties or None.
    """
    mine = {"assignment_id": layout.assignment, "student_id": handed.student}
    submission = book.db.query(SubmittedAssignment).filter_by(**mine).one_or_none()
    # Made with its marks and written once: nbgrader would write it empty, read it back and write it again.
    submission = submission or _new(layout, mine)
    if handed.submitted_at:
        submission.timestamp = parse_utc(handed.submitted_at)
    for notebook in submission.notebooks:
        result = results.get(layout.notebooks[notebook.notebook_id][0])
        if isinstance(result, Graded):
            _write_marks(notebook, result, layout.cells)
            continue
        for grade in notebook.grades:
            grade.auto_score = 0 if result is None else None
            grade.needs_manual_grade = result is not None
    book.db.add(submission)
    if late is not None:
        book.db.flush()
        for notebook in submission.notebooks:
            if isinstance(results.get(layout.notebooks[notebook.notebook_id][0]), Graded):
                _write_penalty(submission, notebook, handed.student, late)


def _new(layout: Layout, mine: Mapping[str, str]) -> SubmittedAssignment:
    """A submission with all of its rows, as nbgrader makes one."""
    submission = SubmittedAssignment(**mine)
    for notebook, (_, marked, said) in layout.notebooks.items():
        row = SubmittedNotebook(notebook_id=notebook, assignment=submission)
        row.grades = [Grade(cell_id=cell) for cell in marked]
        row.comments = [Comment(cell_id=cell) for cell in said]
    return submission


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
    if book.db.get(Student, student) is not None:
        return
    if not make:
        raise GradingError(f"no student with ID {student!r} is in the gradebook")
    book.db.add(Student(id=student))


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
