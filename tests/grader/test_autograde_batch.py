"""A batch leaves what nbgrader's own run leaves, resumes after anything, and says what became of everybody."""

from __future__ import annotations

import fcntl
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from grader import autograde, nbcourse
from grader.autograde import Report, Row, Screen, Watch
from grader.autograde._local import grade_here
from grader.errors import InputError, MissingToolError
from grader.sandbox import Limits
from tests.grader import graded_course as course_of
from tests.grader import in_process, nbgrader_itself

ROOT = Path(__file__).parent.parent.parent
LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def hand_in_everything(root: Path) -> None:
    course_of.hand_in(root, "honest")
    course_of.hand_in(root, "wrong", load="load = -1", peaks="peaks = {}", why="YOUR ANSWER HERE")
    course_of.hand_in(root, "half", peaks="peaks = {'07': 100, '08': 0, '09': 80}")
    course_of.hand_in(root, "late", late_min=5, files={"note.txt": b"sorry", "calls.csv": b"1\n"})
    course_of.hand_in(root, "deleted", without="t-load")
    course_of.hand_in(root, "crash", load="import os\nos._exit(0)")
    course_of.hand_in(root, "marked")
    (root / "submitted" / "half" / "hw" / "plan.ipynb").unlink()
    for student in ("late", "marked", "crash"):
        (root / "submitted" / student / "hw" / "timestamp.txt").chmod(0o600)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same course twice: graded by a batch, and by nbgrader's own run with the course's configuration."""
    ours = course_of.make(tmp_path_factory.mktemp("ours") / "course")
    with (ours / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(LATE)
    hand_in_everything(ours)
    course_of.run_sql(ours, f"UPDATE assignment SET duedate = '{course_of.DUE:%Y-%m-%d %H:%M:%S.%f}'")
    in_process.autograde(ours, "hw", ["marked"])
    nbcourse.set_manual_score(ours, "hw", "marked", "work", "t-load", 1.5)
    nbcourse.set_manual_score(ours, "hw", "marked", "work", "why", 3, "Name the cause.")
    course_of.run_sql(ours, "UPDATE grade SET extra_credit = 0.5 WHERE manual_score = 3")
    theirs = course_of.copied(ours, tmp_path_factory.mktemp("theirs") / "course")

    autograde.batch(ours, "hw", workers=2, force=True)
    nbgrader_itself.autograde(theirs, "hw", "*", autograde.execute)
    return ours, theirs


# --- as nbgrader does -------------------------------------------------------------------------------------------------


def test_the_files_on_disk_are_those_of_nbgraders_own_run(pair: tuple[Path, Path]) -> None:
    ours, theirs = map(course_of.tree, pair)

    assert len(ours) == 7 * 4 and "autograded/late/hw/note.txt" in ours
    assert ours == theirs


@pytest.mark.parametrize("table", ["students", "submissions", "notebooks", "grades", "comments"])
def test_the_gradebook_holds_the_rows_of_nbgraders_own_run(pair: tuple[Path, Path], table: str) -> None:
    ours, theirs = (course_of.rows(root)[table] for root in pair)

    assert ours and ours == theirs


def test_the_marks_are_the_ones_deserved(pair: tuple[Path, Path]) -> None:
    marks = {(row[0], row[2]): row[3] for row in course_of.rows(pair[0])["grades"]}

    assert [marks[student, "t-load"] for student in ("honest", "wrong", "deleted", "crash")] == [2, 0, 2, 0]
    assert [marks[student, "t-peaks"] for student in ("honest", "wrong", "half")] == [3, 0, 2]
    assert [marks[student, "why"] for student in ("honest", "wrong")] == [None, 0]
    penalties = {(row[0], row[1]): row[3] for row in course_of.rows(pair[0])["notebooks"]}
    assert penalties["late", "work"] == 5 and penalties["honest", "work"] is None


# --- resuming ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = course_of.make(tmp_path_factory.mktemp("fresh") / "course")
    for student in ("anna", "ben"):
        course_of.hand_in(root, student)
    return root


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    """A course of one's own where two have handed in."""
    return course_of.copied(fresh, tmp_path / "course")


class Told(Watch):
    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.graded: list[str] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def done(self, student: str, outcome: str, fresh: bool) -> None:
        self.graded += [student] * fresh


def graded_now(root: Path, *, force: bool = False, words: tuple[str, ...] = ()) -> list[str]:
    """Who is graded by a run; the engine is left out, since only the coordinator is asked."""
    told = Told()
    autograde.batch(root, "hw", workers=1, force=force, words=words, watch=told)
    return sorted(told.graded)


def test_what_is_graded_and_unchanged_is_left_alone(course: Path) -> None:
    assert graded_now(course) == ["anna", "ben"]
    before = course_of.tree(course)

    assert graded_now(course) == []
    assert course_of.tree(course) == before

    course_of.hand_in(course, "ben", load="load = 0.0")
    assert graded_now(course) == ["ben"]
    nbcourse.set_marks(course, "anna", "hw", {"t-load": 1.0})
    assert graded_now(course) == ["anna"]
    course_of.run_sql(course, "UPDATE grade SET auto_score = 9 WHERE auto_score = 1")
    assert graded_now(course) == ["anna"]
    (course / "autograded" / "ben" / "hw" / "work.ipynb").unlink()
    assert graded_now(course) == ["ben"]
    assert graded_now(course, words=("Execute.timeout=20",)) == ["anna", "ben"]
    assert graded_now(course, words=("Execute.timeout=20",), force=True) == ["anna", "ben"]


def test_a_new_version_of_the_assignment_is_graded_again_and_a_mark_by_hand_is_not(course: Path) -> None:
    graded_now(course)
    nbcourse.set_manual_score(course, "hw", "ben", "work", "why", 4)
    assert graded_now(course) == []

    changed = course_of.WORK | {"t-load": "assert load > 1"}
    notebooks = {
        f"{name}.ipynb": course_of.notebook([course_of.cell(*one) for one in cells.items()])
        for name, cells in (("work", changed), ("plan", course_of.PLAN))
    }
    nbcourse.publish(course, "hw", notebooks, {"calls.csv": b"100\n120\n80\n"})

    assert graded_now(course) == ["anna", "ben"]


def test_a_killed_run_goes_on_and_leaves_no_half_written_mark(course: Path) -> None:
    for number in range(6):
        course_of.hand_in(course, f"s{number}")
    command = [sys.executable, "-m", "grader", "autograde", str(course), "hw", "--workers", "1"]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    notes = course / ".autograde" / "hw"
    until = time.monotonic() + 120
    while len(list(notes.glob("*.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.wait()

    done = sorted(path.stem for path in notes.glob("*.json"))
    assert 2 <= len(done) < 8
    assert psutil.wait_procs(children, timeout=10)[1] == []
    by_student: dict[str, set[float | None]] = {}
    for row in course_of.rows(course)["grades"]:
        if row[2].startswith("t-"):
            by_student.setdefault(row[0], set()).add(row[3])
    assert all(marks == {2.0, 3.0} for marks in by_student.values())  # a student is in the gradebook whole, or not
    for path in course.glob("autograded/*/hw/*.ipynb"):
        json.loads(path.read_text("utf-8"))

    report = autograde.batch(course, "hw", workers=1)
    assert report.fresh == 8 - len(done) and len(report.rows) == 8
    assert {row.score for row in report.rows} == {5.0}
    assert list(course.glob("autograded/*/.*")) == []


def test_the_next_run_removes_the_folder_of_a_coordinator_that_was_killed(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    kept = [f"academy-grading-{os.getpid()}-living", "another-program"]
    for name in [f"academy-grading-{ended.pid}-killed", *kept]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").touch()

    graded_now(course)

    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} >= set(kept)
    assert not (tmp_path / f"academy-grading-{ended.pid}-killed").exists()


def test_a_second_coordinator_says_that_it_waits_and_then_finds_the_work_done(course: Path) -> None:
    graded_now(course)
    told = Told()
    with (course / ".autograde" / "lock").open("a+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        second = threading.Thread(target=autograde.batch, args=(course, "hw"), kwargs={"workers": 1, "watch": told})
        second.start()
        until = time.monotonic() + 30
        while not told.sentences and time.monotonic() < until:
            time.sleep(0.02)
        waiting = second.is_alive()
    second.join(60)

    assert waiting and told.sentences == [f"process {os.getpid()} is grading this course; waiting until it is done"]
    assert told.graded == []


def test_a_worker_that_is_lost_loses_no_submission(course: Path) -> None:
    with nbcourse.Desk(course, "hw") as desk:
        todo = iter([desk.read(student) for student in ("anna", "ben")])
        graded = grade_here(desk.plan, Limits(), todo, 1, print)
        first = {}
        killer = threading.Timer(0.3, kill_workers)
        killer.start()
        for handed, results in graded:
            first[handed.student] = results
        killer.join()

    assert sorted(first) == ["anna", "ben"]
    assert all(isinstance(one, nbcourse.Graded) for results in first.values() for one in results.values())


def kill_workers() -> None:
    for child in psutil.Process().children():
        if any("grader.autograde._worker" in word for word in child.cmdline()):
            child.kill()


def test_nothing_is_left_running_and_no_file_behind(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(psutil.Process().children(recursive=True))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))

    graded_now(course)

    assert list((tmp_path / "tmp").iterdir()) == []
    left = set(psutil.Process().children(recursive=True)) - before
    assert [child for child in left if child.name().startswith(("bwrap", "python"))] == []


# --- what is said -----------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "autograde", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_ends_with_a_table_of_what_became_of_everybody(course: Path, tmp_path: Path) -> None:
    nbcourse.submit(course, "torn", "hw", {"work.ipynb": b"{", "plan.ipynb": b"{"}, course_of.DUE)

    done = run(course, "hw", "--json", tmp_path / "out.json", "--workers", "1")

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["student", "anna", "ben", "torn"]
    assert lines[1].startswith("anna     5 of 20  needs a person  plan/own: a person marks it; plan/task: a person")
    assert "failed" in lines[3] and "the notebook cannot be graded" in lines[3]
    assert lines[-1] == "3 submissions: 0 graded, 2 need a person, 1 failed"
    assert done.stderr.splitlines()[-1].startswith("3/3 done in ") and "\r" not in done.stderr
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [row["outcome"] for row in written["students"]] == ["needs a person", "needs a person", "failed"]
    assert written["students"][0]["cells"] == {
        "plan/own": "a person marks it",
        "plan/task": "a person marks it",
        "work/why": "a person marks it",
    }


def test_exit_status_0_says_that_everybody_is_graded(tmp_path: Path) -> None:
    root = tmp_path / "course"
    nbcourse.create(root, course_id="cc", exchange=tmp_path / "exchange")
    cells = [course_of.cell(name, course_of.WORK[name]) for name in ("peaks", "t-peaks")]
    nbcourse.publish(root, "hw", {"work.ipynb": course_of.notebook(cells)})
    nbcourse.submit(root, "anna", "hw", {"work.ipynb": course_of.filled(root, "work")}, course_of.DUE)

    done = run(root, "hw", "--workers", "1")

    assert (done.returncode, done.stdout.splitlines()[1].split()) == (0, ["anna", "3", "of", "3", "graded"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{tmp}/none", "hw"], "holds no nbgrader_config.py: it is not a course folder"),
        (["{course}", "hw9"], "assignment 'hw9' is not in the gradebook: publish it first"),
        (["{course}", "hw", "--student", "zoe"], "'zoe' handed in nothing for 'hw'"),
        (["{course}", "hw", "--student", "../anna"], "'../anna' handed in nothing for 'hw'"),
        (["{course}", "hw", "--workers", "0"], "--workers must be 1 or more, got 0"),
        (["{course}", "hw", "--config", "timeout"], "a setting is written Class.name=value"),
        (["{course}", "hw", "--config", "Execute.tiemout=3"], "nothing reads the setting Execute.tiemout"),
        (["{course}", "hw", "--config", "Limits.cell_s=-1"], "Limits.cell_s must be above 0, got -1"),
        (["{course}", "hw", "--config", "Limits.cell_s=x"], "Limits.cell_s must be a number, got 'x'"),
        (["{course}", "hw", "--config", "Execute.timeout=x"], "cannot be used"),
        (["{course}", "hw", "--json", "{course}"], "is no place for a file"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(
    pair: tuple[Path, Path], tmp_path: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from grader.commands import main

    filled = [word.format(course=pair[0], tmp=tmp_path) for word in words]

    assert main(["autograde", *filled]) == 2
    said = capsys.readouterr().err
    assert sentence in said and said.startswith("academy: ") and said.count("\n") == 1


@pytest.mark.parametrize("text", ["c = get_config(\n", "raise RuntimeError('no')\n", "import nothing_of_that_name\n"])
def test_a_configuration_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "nbgrader_config.py").write_text(text, "utf-8")

    with pytest.raises(InputError, match=r"nbgrader_config\.py cannot be read: \w+Error: .+") as caught:
        autograde.batch(tmp_path, "hw")

    assert "\n" not in str(caught.value)


def test_a_folder_without_gradebook_is_named_and_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")

    with pytest.raises(InputError, match="has no gradebook yet, so 'hw' is not in it"):
        autograde.batch(tmp_path, "hw")

    assert not (tmp_path / "gradebook.db").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(course: Path) -> None:
    (course / "autograded").rmdir()
    (course / "autograded").write_text("a file, not a folder")

    with pytest.raises(InputError, match=r"autograded.* cannot be used: "):
        autograde.batch(course, "hw", workers=1)


def test_without_bubblewrap_a_batch_does_not_begin(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(course))

    with pytest.raises(MissingToolError, match=r"install -y .* bubblewrap$"):
        autograde.batch(course, "hw", workers=1)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_moves_and_a_log_gets_plain_lines() -> None:
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        screen = Screen(stream)
        screen.begin(3)
        screen.done("anna", "graded", True)
        screen.done("ben", "failed", True)
        screen.done("cleo", "graded", False)

    shown = terminal.getvalue()
    assert shown.count("\n") == 1 and shown.count("\r\x1b[K") == 3
    assert "1/3 done, about 0 s left" in shown and shown.endswith("3/3 done in 0 s\n")
    assert log.getvalue().splitlines() == ["2/3 done, about 0 s left, ben failed", "3/3 done in 0 s"]


def test_the_table_names_cells_by_notebook_only_where_there_are_several() -> None:
    rows = (
        Row("anna", 3.5, 4.0, "needs a person", {"work/why": "a person marks it"}, "", 0.1),
        Row("bo", None, 4.0, "failed", {}, "no notebook", 0.1),
    )

    assert autograde.table(Report("hw", rows, 1, 0.2)).splitlines() == [
        "student  score     outcome",
        "anna     3.5 of 4  needs a person  why: a person marks it",
        "bo       -         failed          no notebook",
        "",
        "2 submissions: 0 graded, 1 needs a person, 1 failed; 1 was done before",
    ]
