"""A batch of hostile, broken and honest submissions: each gets the marks that it deserves, and nothing is left."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import autograde, nbcourse
from grader.sandbox import Limits
from tests.grader import in_process
from tests.grader.attacks import (
    assignment,
    broken,
    ending,
    folder,
    hunting,
    line,
    lying,
    metadata,
    patched,
    trainers_names,
    work_honest,
)
from tests.grader.attacks.case import FULL, Case, Work

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
LIMITS = Limits(cell_s=4.0, total_s=20.0, cpu_s=10, memory_mb=1500, disk_mb=64)
KINDS = (work_honest, patched, trainers_names, lying, hunting, folder, metadata, line, ending, broken)
CASES: dict[str, Case] = {name: case for kind in KINDS for name, case in kind.CASES.items()}
assert len(CASES) == sum(len(kind.CASES) for kind in KINDS), "two submissions of one name"
PAGES = (
    *("scripts-for-the-page", "title-text", "title-list", "title-number", "picture-pasted", "picture-script"),
    *("records-arguments", "frames", "hidden-file", "odd-outputs", "half-a-character", "solutions-anywhere"),
    *("long-errors", "half-right"),
)
NOTEBOOK_MB = 35
"""The largest graded notebook: what was handed in may have thirty, and what was printed comes on top."""


@dataclass(frozen=True)
class Run:
    """What a batch gave."""

    marks: Mapping[str, Mapping[str, float | None]]
    states: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Machine:
    """What a batch could leave behind on the machine and in the course."""

    processes: frozenset[str]
    mounts: tuple[str, ...]
    temporary: tuple[str, ...]
    files: frozenset[tuple[str, bytes]]
    """Everything that no batch may change, with its digest."""
    witness: tuple[tuple[Any, ...], ...]
    """The rows of a student who is not in the batch."""


@pytest.fixture(scope="module")
def course() -> Iterator[Path]:
    """A course in which a witness has marks already, one of them by hand."""
    top = Path(tempfile.mkdtemp(prefix="attacks-"))
    root = top / "course"
    nbcourse.create(root, course_id="cc", exchange=top / "exchange")
    files = {"data/calls.csv": assignment.DATA, assignment.HIDDEN: assignment.HIDDEN_FILE}
    nbcourse.publish(root, assignment.NAME, {"work.ipynb": assignment.source()}, files)
    (root / "release" / assignment.NAME / assignment.HIDDEN).unlink()
    submit(root, "witness", work_honest.CASES["half-right"])
    in_process.autograde(root, assignment.NAME, ["witness"], limits=LIMITS)
    nbcourse.set_manual_score(root, assignment.NAME, "witness", "work", "t-chart", 1.5)
    for student, case in CASES.items():
        submit(root, student, case)
    yield root
    subprocess.run(["rm", "-rf", str(top)], check=True)  # shutil goes no deeper than Python calls itself


def submit(course: Path, student: str, case: Case) -> None:
    released = (course / "release" / assignment.NAME / "work.ipynb").read_bytes()
    work = Work(json.loads(released), course)
    case.make(work)
    place = nbcourse.submit(course, student, assignment.NAME, work.content(), NOW)
    for change in work.after:
        change(place)


@pytest.fixture(scope="module")
def machines() -> list[Machine]:
    """The machine before and after the batches."""
    return []


@pytest.fixture(scope="module")
def runs(course: Path, machines: list[Machine]) -> Iterator[dict[str, Run]]:
    """The whole batch twice in a row, many at once; then one of each kind in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFICE_SECRET", "sesame-environment")
        patch.setenv("TMPDIR", str(course.parent / "temporary"))
        patch.setattr(tempfile, "tempdir", None)
        (course.parent / "temporary").mkdir()
        with orphans_come_here():
            machines.append(machine(course))
            found = {"first": at_once(course), "second": at_once(course), "here": one_by_one(course)}
            machines.append(machine(course))
    yield found


@contextmanager
def orphans_come_here() -> Iterator[None]:
    """Processes that lose their parent become children of this one, so that none of them can hide."""
    set_child_subreaper = 36
    libc = ctypes.CDLL(None)
    libc.prctl(set_child_subreaper, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(set_child_subreaper, 0, 0, 0, 0)


def at_once(course: Path) -> Run:
    words = [f"Limits.{name}={value}" for name, value in asdict(LIMITS).items()]
    report = autograde.batch(course, assignment.NAME, list(CASES), workers=2, words=words, force=True)
    states, reasons = ({row.student: getattr(row, name) for row in report.rows} for name in ("outcome", "reason"))
    return Run(marks(course), states, reasons)


def one_by_one(course: Path) -> Run:
    chosen = [name for kind in KINDS for name in list(kind.CASES)[:2]]
    outcomes = in_process.autograde(course, assignment.NAME, chosen, limits=LIMITS)
    states, reasons = ({one.student: getattr(one, name) for one in outcomes} for name in ("state", "reason"))
    return Run({name: found for name, found in marks(course).items() if name in chosen}, states, reasons)


def marks(course: Path) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for score in nbcourse.scores(course, assignment.NAME):
        found.setdefault(score.student, {})[score.cell] = score.auto
    return found


def machine(course: Path) -> Machine:
    names = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, ChildProcessError):
            if os.waitpid(child.pid, os.WNOHANG)[0] == 0:  # not a dead orphan, whose new parent has to bury it
                names.add(f"{child.pid} {child.name()}")
    mounts = tuple(sorted(Path("/proc/self/mountinfo").read_text("utf-8").splitlines()))
    temporary = tuple(sorted(path.name for path in (course.parent / "temporary").iterdir()))
    return Machine(frozenset(names), mounts, temporary, frozenset(fixed(course)), tuple(witness(course)))


def fixed(course: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the centre but what a batch is there to write, with its digest."""
    written = [course / name for name in ("autograded", "feedback", ".autograde")]
    places = [course.parent]
    while places:
        for path in places.pop().iterdir():
            inside = str(path.relative_to(course.parent))
            if path.is_dir() and not path.is_symlink():
                if path not in (*written, course.parent / "temporary") and inside.count("/") < 40:
                    places.append(path)
            elif path.is_file() and not path.is_symlink() and path.name != "gradebook.db":
                yield inside, hashlib.sha256(path.read_bytes()).digest()
            else:
                yield inside, b""


def witness(course: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        return book.execute(
            "select g.cell_id, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade from grade g"
            " join submitted_notebook n on n.id = g.notebook_id join submitted_assignment a on a.id = n.assignment_id"
            " where a.student_id = 'witness' order by g.cell_id"
        ).fetchall()


def outputs(course: Path, student: str) -> str:
    """All that the cells of a graded notebook have said, but for the trainer's tests."""
    path = course / "autograded" / student / assignment.NAME / "work.ipynb"
    cells = json.loads(path.read_bytes())["cells"] if path.is_file() else []
    tests = [cell["metadata"].get("nbgrader", {}).get("grade") for cell in cells]
    return json.dumps([cell.get("outputs") for cell, test in zip(cells, tests, strict=True) if not test])


def own_words(course: Path, student: str) -> str:
    """What a candidate wrote and handed in: it may be shown again."""
    place = course / "submitted" / student / assignment.NAME
    files = [path for level in ("*", "*/*") for path in place.glob(level) if path.is_file() and not path.is_symlink()]
    return "".join(path.read_text("utf-8", "replace") for path in files)


@pytest.mark.parametrize("student", CASES)
def test_a_submission_gets_the_marks_that_it_deserves_twice(runs: dict[str, Run], student: str) -> None:
    case = CASES[student]
    row = "graded" if case.state == "missing" else case.state  # a report's row says with how many marks

    for name, state in (("first", row), ("second", row), ("here", case.state)):
        run = runs[name]
        if student in run.states:
            assert (run.marks[student], run.states[student]) == (case.marks, state), (name, run.reasons[student])


def test_no_process_mount_or_file_is_left(runs: dict[str, Run], machines: list[Machine]) -> None:
    before, after = machines

    assert after.processes <= before.processes
    assert after.mounts == before.mounts
    assert after.temporary == before.temporary == ()
    assert sorted(after.files ^ before.files) == []


def test_the_gradebook_holds_the_marks_of_this_batch_and_nobody_elses_have_moved(
    course: Path, runs: dict[str, Run], machines: list[Machine]
) -> None:
    before, after = machines
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        students = {row[0] for row in book.execute("select id from student")}
        count = {name: book.execute(f"select count(*) from {name}").fetchone()[0] for name in ("assignment", "grade")}
        by_hand = book.execute("select count(*) from grade where manual_score is not null").fetchone()[0]
        extra = book.execute("select count(*) from grade where extra_credit is not null").fetchone()[0]
        most = book.execute("select sum(max_score) from grade_cells").fetchone()[0]

    assert after.witness == before.witness and len(before.witness) == len(FULL)
    assert students == {*CASES, "witness"}
    assert count == {"assignment": 1, "grade": len(students) * len(FULL)}
    assert (by_hand, extra, most) == (1, 0, sum(FULL.values()))


def test_graded_notebooks_are_of_a_bearable_size(course: Path, runs: dict[str, Run]) -> None:
    sizes = {path.parts[-3]: path.stat().st_size / 1e6 for path in course.glob("autograded/*/*/work.ipynb")}

    assert {student: size for student, size in sizes.items() if size > NOTEBOOK_MB} == {}
    assert sum(sizes.values()) < 4 * NOTEBOOK_MB


def test_no_output_shows_what_a_candidate_must_not_know(course: Path, runs: dict[str, Run]) -> None:
    shown = {}
    for student in CASES:
        said, own = outputs(course, student), own_words(course, student)
        shown[student] = [secret for secret in assignment.SECRETS if secret in said and secret not in own]

    assert {student: secrets for student, secrets in shown.items() if secrets} == {}


def test_pages_hold_no_hidden_test_no_file_of_the_machine_and_no_script(course: Path, runs: dict[str, Run]) -> None:
    pages = nbcourse.feedback(course, assignment.NAME, PAGES)

    for student, (path,) in pages.items():
        text, own = path.read_text("utf-8"), own_words(course, student)
        assert [secret for secret in assignment.SECRETS if secret in text and secret not in own] == [], student
        page = Page()
        page.feed(text)
        assert page.alive == [], student
        assert {child.suffix for child in path.parent.iterdir()} <= {".html", ".csv", ".py", ".txt", ""}, student


class Page(HTMLParser):
    """Finds what acts in a browser, or fetches something."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link", "svg", "math"):
            self.alive.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or re.match(r"(javascript|vbscript|https?|//|data:text|file)", text):
                self.alive.append(f"{tag} {name}={text[:50]}")
