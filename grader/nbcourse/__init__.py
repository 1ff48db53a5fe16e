"""The only module that speaks to nbgrader: a course folder, its releases, submissions, marks and feedback."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from grader.errors import GradingError, InputError
from grader.nbcourse._answers import answer_texts
from grader.nbcourse._cells import as_nodes
from grader.nbcourse._convert import CONFIG, config_of, convert, gradebook
from grader.nbcourse._desk import Desk, Outcome, Standing
from grader.nbcourse._exchange import collect, exchange_of, offer, return_feedback
from grader.nbcourse._files import check_name, notebook_bytes, replace_folder, write
from grader.nbcourse._forget import folders_of, forget
from grader.nbcourse._kept import grader_version
from grader.nbcourse._pipeline import EXECUTOR, limits_of
from grader.nbcourse._plan import Graded, Handed, Plan, Work, files_of, hidden_of, make_work, marks_of
from grader.nbcourse._release import released
from grader.nbcourse._steps import grade_handed, trust_schemas
from grader.nbcourse._whereabouts import Whereabouts, assignments, whereabouts
from grader.nbcourse._written import WrittenSlot, submitted_written, written_notebook

__all__ = [
    "CellScore",
    "Desk",
    "Graded",
    "Handed",
    "Outcome",
    "Plan",
    "Standing",
    "Whereabouts",
    "Work",
    "WrittenSlot",
    "add_students",
    "answer_texts",
    "assignments",
    "collect",
    "create",
    "exchange_of",
    "feedback",
    "folders_of",
    "forget",
    "grade_handed",
    "grader_version",
    "offer",
    "publish",
    "released",
    "return_feedback",
    "run_executor",
    "scores",
    "set_data",
    "set_manual_score",
    "set_marks",
    "submit",
    "submitted_written",
    "trust_schemas",
    "whereabouts",
    "written_notebook",
]

Notebook = Mapping[str, Any]
Executor = Callable[[Any, Work], Mapping[str, str]]


@dataclass(frozen=True)
class CellScore:
    """The marks of one graded cell as the gradebook holds them."""

    student: str
    notebook: str
    cell: str
    auto: float | None
    manual: float | None
    points: float
    """Manual mark if there is one, else the automatic one, else 0; extra credit added."""
    max_points: float
    needs_person: bool
    comment: str


# --- the course -------------------------------------------------------------------------------------------------------


def create(course: Path, *, course_id: str, exchange: Path, executor: str = EXECUTOR) -> None:
    """Make the course folder with its configuration and an empty gradebook; an existing configuration is kept.

    ``executor`` is the dotted name of the preprocessor that runs submissions in the place of nbgrader's ``Execute``.
    """
    check_name("course id", course_id)
    for folder in (*(course / step for step in ("source", "release", "submitted", "autograded", "feedback")), exchange):
        folder.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)  # nbgrader refuses an exchange that not everybody can write
    config = course / "nbgrader_config.py"
    if not config.exists():
        text = CONFIG.format(course_id=course_id, exchange=os.path.relpath(exchange, course), executor=executor)
        write(config, text.encode())
    with gradebook(course):
        pass


def add_students(course: Path, students: Iterable[tuple[str, str, str]]) -> None:
    """Enter students as (id, first name, last name); a known id is updated."""
    with gradebook(course) as book:
        for student, first, last in students:
            check_name("student id", student)
            book.update_or_create_student(student, first_name=first, last_name=last)


def publish(
    course: Path, assignment: str, notebooks: Mapping[str, Notebook | Path], files: Mapping[str, bytes] | None = None
) -> Path:
    """Put the source of ``assignment`` in place and generate its release; returns the release folder.

    ``notebooks`` maps a name (``practical.ipynb``) to an nbgrader source notebook or to its path; ``files`` are the
    data files that everybody gets. nbgrader copies them over a submitted file of the same name when it grades, so a
    file that differs between candidates must not be among them. :class:`InputError` when nbgrader refuses a notebook.
    """
    check_name("assignment", assignment)
    content = {name: n.read_bytes() if isinstance(n, Path) else notebook_bytes(n) for name, n in notebooks.items()}
    replace_folder(course / "source" / assignment, {**content, **(files or {})})
    log = convert(course, GenerateAssignment, assignment, ".")
    if log is not None:
        raise InputError(f"nbgrader cannot release {assignment!r}: {log}")
    return course / "release" / assignment


def submit(course: Path, student: str, assignment: str, files: Mapping[str, bytes | Notebook], at: datetime) -> Path:
    """Write a submission in nbgrader's layout with its time (UTC); an earlier one of the same student is replaced."""
    check_name("student id", student)
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f UTC").encode()
    content = {name: data if isinstance(data, bytes) else notebook_bytes(data) for name, data in files.items()}
    folder = course / "submitted" / student / assignment
    replace_folder(folder, {**content, "timestamp.txt": stamp})
    return folder


def set_marks(course: Path, student: str, assignment: str, marks: Mapping[str, float]) -> None:
    """Write marks that were worked out elsewhere, by cell, for the executor to enter; kept outside the submission."""
    check_name("student id", student)
    write(course / "marks" / student / f"{assignment}.json", json.dumps(dict(marks), indent=1).encode())


def set_data(course: Path, student: str, assignment: str, files: Mapping[str, bytes]) -> None:
    """Write the candidate's own data files as the exam office issued them: what both walls of grading read."""
    check_name("student id", student)
    replace_folder(course / "data" / student / assignment, files)


# --- grading ----------------------------------------------------------------------------------------------------------


def run_executor(executor: Executor, notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Call ``executor`` as a preprocessor of nbgrader would be called.

    The executor writes outputs into the notebook and returns the cells that it could not judge with the reason; these
    are left to a person. It raises :class:`GradingError` when nothing of the notebook can be graded.
    """
    work = resources["work"] if "work" in resources else _work(resources)
    resources["unjudged"] = dict(executor(notebook, work))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = as_nodes(cell["outputs"], type(notebook))
    return notebook, resources


def _work(resources: Any) -> Work:
    """What lies in the course folder for a notebook that nbgrader itself is grading."""
    words = resources["nbgrader"]
    folder = Path(resources["metadata"]["path"]).resolve()
    course = next(parent for parent in folder.parents if (parent / "nbgrader_config.py").is_file())
    student, assignment = words["student"], words["assignment"]
    config = config_of(course)
    where = CourseDirectory(config=config)
    handed_in = Path(where.format_path(where.submitted_directory, student, assignment))
    trusted = files_of(Path(where.format_path(where.source_directory, ".", assignment)), where.ignore)
    own = frozenset(Autograde(config=config, coursedir=where).exclude_overwriting.get(assignment, []))
    issued = files_of(course / "data" / student / assignment, [])
    marks = marks_of(course / "marks" / student / f"{assignment}.json")
    files = files_of(handed_in, where.ignore)
    hidden = hidden_of(Path(where.format_path(where.release_directory, ".", assignment)), trusted)
    return make_work(words, files, trusted, issued, own, marks, limits_of(config), hidden)


# --- marks and feedback -----------------------------------------------------------------------------------------------


def scores(course: Path, assignment: str, student: str | None = None) -> list[CellScore]:
    """Every graded cell of ``assignment`` in the gradebook, of one student or of all, sorted."""
    found = []
    with gradebook(course) as book:
        for submission in book.find_assignment(assignment).submissions:
            if student not in (None, submission.student.id):
                continue
            for notebook in submission.notebooks:
                comments = {comment.name: comment.comment or "" for comment in notebook.comments}
                for grade in notebook.grades:
                    marks = (grade.auto_score, grade.manual_score, float(grade.score), float(grade.max_score))
                    text = comments.get(grade.name, "")
                    where = (submission.student.id, notebook.name, grade.name)
                    found.append(CellScore(*where, *marks, bool(grade.needs_manual_grade), text))
    return sorted(found, key=lambda score: (score.student, score.notebook, score.cell))


def set_manual_score(
    course: Path, assignment: str, student: str, notebook: str, cell: str, points: float, comment: str | None = None
) -> None:
    """Enter a person's mark for one cell, as formgrader does; ``comment`` is for the candidate's feedback."""
    with gradebook(course) as book:
        try:
            grade = book.find_grade(cell, notebook, assignment, student)
            said = None if comment is None else book.find_comment(cell, notebook, assignment, student)
        except MissingEntry as error:
            what = "" if comment is None else " that takes a mark and a comment"
            raise InputError(f"{student} has no cell {cell!r}{what} in {notebook!r} of {assignment!r}") from error
        if not 0 <= points <= grade.max_score:
            raise InputError(f"the mark of {cell!r} must lie between 0 and {grade.max_score:g}, got {points:g}")
        grade.manual_score, grade.needs_manual_grade = points, False
        if said is not None:
            said.manual_comment = comment
        book.db.commit()


def feedback(course: Path, assignment: str, students: Sequence[str] | None = None) -> dict[str, list[Path]]:
    """Generate the feedback pages, without hidden tests; returns them by student.

    Raises :class:`GradingError` after the last one, with everybody whose page could not be made.
    """
    if students is None:
        students = sorted(path.parent.name for path in course.glob(f"autograded/*/{assignment}") if path.is_dir())
    pages, failed = {}, []
    for student in students:
        reason = convert(course, GenerateFeedback, assignment, student)
        if reason is not None:
            failed.append(f"no feedback for {student}: {reason}")
        pages[student] = sorted((course / "feedback" / student / assignment).glob("*.html"))
    if failed:
        raise GradingError("; ".join(failed))
    return pages
