"""Any nbgrader course is graded by its own configuration; where marks differ from nbgrader's, they do so on purpose."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader import autograde
from grader.autograde import Report
from grader.errors import InputError
from tests.grader import graded_course as course_of
from tests.grader import nbgrader_itself

OWN_PLACES = """
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).parent / 'marks.db'}"
c.CourseDirectory.submitted_directory = "handed-in"
c.CourseDirectory.autograded_directory = "graded"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
c.CourseDirectory.ignore = ["*.tmp"]
c.Autograde.permissions = 640
c.Autograde.exclude_overwriting = {"hw": ["mine.csv", "helper.py"]}
c.LimitOutput.max_lines = 3
"""


@pytest.fixture(autouse=True)
def alembic(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls it by its bare name when it makes a gradebook."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))


def plain(root: Path, cells: list[dict[str, Any]], config: str = "", files: Mapping[str, bytes] | None = None) -> Path:
    """A course as plain nbgrader makes it, with ``hw`` released from these cells."""
    root.mkdir()
    (root / "nbgrader_config.py").write_text(f"from pathlib import Path\nc = get_config()\n{config}", "utf-8")
    source = root / "source" / "hw"
    source.mkdir(parents=True)
    (source / "work.ipynb").write_text(json.dumps(course_of.notebook(cells)), "utf-8")
    for name, data in (files or {}).items():
        (source / name).write_bytes(data)
    nbgrader_itself.generate(root, "hw")
    return root


def hand_in(folder: Path, release: Path, files: Mapping[str, bytes] | None = None, **answers: str) -> None:
    """Write the released notebook with these answers, and files beside it."""
    work = json.loads((release / "work.ipynb").read_text("utf-8"))
    for one in work["cells"]:
        one["source"] = answers.get(one["id"], "".join(one["source"]))
    folder.mkdir(parents=True)
    (folder / "work.ipynb").write_text(json.dumps(work), "utf-8")
    for name, data in (files or {}).items():
        (folder / name).write_bytes(data)


def graded(root: Path, *words: str) -> Report:
    return autograde.batch(root, "hw", workers=1, words=words)


def marks(root: Path, book: str = "gradebook.db") -> dict[str, tuple[float | None, bool]]:
    return {row[2]: (row[3], bool(row[6])) for row in course_of.rows(root, book)["grades"]}


def test_a_course_of_plain_nbgrader_gets_nbgraders_own_marks_where_its_configuration_says(tmp_path: Path) -> None:
    cells = [course_of.cell(name, text) for name, text in course_of.WORK.items()]
    cells[0]["source"] = "import numpy as np\n\ncalls = np.loadtxt('calls.csv')\nmine = np.loadtxt('mine.csv')"
    given = {"calls.csv": b"100\n120\n80\n", "mine.csv": b"0\n"}
    ours = plain(tmp_path / "ours", cells, OWN_PLACES, given)
    load = course_of.ANSWERS["load"] + "\nassert mine == 7\nprint('1\\n2\\n3\\n4')"
    answers = course_of.ANSWERS | {"load": load}
    beside = {"mine.csv": b"7\n", "calls.csv": b"1\n", "left.tmp": b"x", "timestamp.txt": b"2026-11-21 20:00:00 UTC"}
    hand_in(ours / "handed-in" / "hw" / "anna", ours / "release" / "hw", beside, **answers)
    hand_in(ours / "handed-in" / "hw" / "o'neil x", ours / "release" / "hw", {"mine.csv": b"7\n"}, load="load = 1")
    theirs = course_of.copied(ours, tmp_path / "theirs")

    report = graded(ours)
    nbgrader_itself.autograde(theirs, "hw", "*")

    assert [(row.student, row.score) for row in report.rows] == [("anna", 5.0), ("o'neil x", 0.0)]
    assert course_of.rows(ours, "marks.db") == course_of.rows(theirs, "marks.db")
    here, there = (course_of.tree(root, "graded") for root in (ours, theirs))
    assert [(name, mode) for name, (mode, _) in here.items()] == [(name, mode) for name, (mode, _) in there.items()]
    assert {name: one for name, one in here.items() if not name.endswith(".ipynb")} == {
        name: one for name, one in there.items() if not name.endswith(".ipynb")
    }
    assert here["graded/hw/anna/work.ipynb"][0] == 0o640 and "graded/hw/anna/left.tmp" not in here
    printed = json.loads(here["graded/hw/anna/work.ipynb"][1])["cells"][1]["outputs"][0]["text"]
    assert printed == ["load 40.0\n", "1\n", "... Output truncated ..."]
    assert not (ours / "gradebook.db").exists() and not (ours / "autograded").exists()


# --- where nbgrader is wrong ------------------------------------------------------------------------------------------

ODD = {
    "warn": ("import warnings\n\ndef warn():\n    warnings.warn('slow')\n    return 1", "assert warn() == 1", 2.0, 0.0),
    "empty": ("x = 1", "# nothing is tested", None, 2.0),
    "false": ("x = 1", "x == 2", 0.0, 2.0),
    "below": ("x = 1", "-1", None, 2.0),
    "magic": ("x = 1", "%time\nassert x == 1", None, 2.0),
    "prints": ("x = 1", "print('the key is 1')\nassert x == 1", 2.0, 2.0),
    "text": ("x = 1", "'well done'", 2.0, 2.0),
    "right": ("x = 1", "1.5", 1.5, 1.5),
    "wrong": ("x = 2", "assert x == 1", 0.0, 0.0),
}


def test_marks_differ_from_nbgraders_only_where_the_documentation_says(tmp_path: Path) -> None:
    cells = []
    for name, (answer, test, _, _) in ODD.items():
        solved = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        cells += [course_of.cell(name, solved), course_of.cell(f"t-{name}", test)]
        cells[-1]["metadata"]["nbgrader"]["points"] = 2
    root = plain(tmp_path / "odd", cells)
    answers = {name: answer for name, (answer, *_) in ODD.items()}
    hand_in(root / "submitted" / "anna" / "hw", root / "release" / "hw", **answers)

    (row,) = graded(root).rows
    ours = {name: marks(root)[f"t-{name}"] for name in ODD}
    shown = {one["id"]: one for one in json.loads((root / "autograded/anna/hw/work.ipynb").read_text())["cells"]}
    nbgrader_itself.autograde(root, "hw", "anna")
    theirs = {name: marks(root)[f"t-{name}"] for name in ODD}

    assert ours == {name: (mark, mark is None) for name, (_, _, mark, _) in ODD.items()}
    assert theirs == {name: (mark, False) for name, (_, _, _, mark) in ODD.items()}
    assert row.outcome == "needs a person" and row.cells["work/t-empty"] == "the test cell is empty: nothing was tested"
    assert set(row.cells) == {"work/t-empty", "work/t-below", "work/t-magic"}
    assert shown["t-prints"]["outputs"] == []


def test_a_test_that_gives_more_than_its_points_waits_for_a_person_and_spoils_nothing_else(tmp_path: Path) -> None:
    cells = [course_of.cell("load", "### BEGIN SOLUTION\nload = 1\n### END SOLUTION"), course_of.cell("t-load", "99")]
    cells.append(course_of.cell("t-peaks", "assert load == 1"))
    root = plain(tmp_path / "much", cells)
    hand_in(root / "submitted" / "anna" / "hw", root / "release" / "hw", load="load = 1")

    (row,) = graded(root).rows

    assert row.cells == {"work/t-load": "the test gives 99 of 2 points"}
    assert marks(root) == {"t-load": (None, True), "t-peaks": (3.0, False)}


def test_a_test_that_imports_a_file_of_the_candidates_waits_for_a_person(tmp_path: Path) -> None:
    cells = [course_of.cell("load", "### BEGIN SOLUTION\nload = 1\n### END SOLUTION")]
    cells.append(course_of.cell("t-load", "from helper import good\nassert good"))
    root = plain(tmp_path / "own", cells, OWN_PLACES, {"helper.py": b"good = False\n"})
    hand_in(
        root / "handed-in" / "hw" / "anna", root / "release" / "hw", {"helper.py": b"good = True\n"}, load="load = 1"
    )

    (row,) = graded(root).rows

    assert (
        row.outcome == "needs a person"
        and "imports helper, a file that candidates may change" in row.cells["work/t-load"]
    )


def test_a_notebook_of_another_language_is_left_to_a_person_with_the_reason(tmp_path: Path) -> None:
    cells = [
        course_of.cell("load", "### BEGIN SOLUTION\nload <- 1\n### END SOLUTION"),
        course_of.cell("t-load", "load == 1"),
    ]
    root = plain(tmp_path / "r", cells)
    hand_in(root / "submitted" / "anna" / "hw", root / "release" / "hw", load="load <- 1")
    course_of.run_sql(
        root, """UPDATE notebook SET kernelspec = '{"name": "ir", "language": "R", "display_name": "R"}'"""
    )

    (row,) = graded(root).rows

    assert (row.outcome, row.reason) == ("failed", "the notebook is written in R, and only Python can be graded")
    assert marks(root) == {"t-load": (None, True)}


# --- steps of the course's own ----------------------------------------------------------------------------------------

STEPS = """
def before(notebook, resources):
    from nbgrader.api import Gradebook
    with Gradebook(resources["nbgrader"]["db_url"]) as book:
        notebook.metadata["seen"] = book.find_assignment(resources["nbgrader"]["assignment"]).name
    return notebook, resources

def after(notebook, resources):
    from nbgrader.api import Gradebook
    words = resources["nbgrader"]
    with Gradebook(words["db_url"]) as book:
        grade = book.find_grade("t-load", words["notebook"], words["assignment"], words["student"])
        notebook.metadata["mark"] = grade.auto_score
    return notebook, resources

def hook(assignment, student, notebooks):
    Path(__file__).with_name("hooked.txt").open("a").write(f"{assignment} {student}\\n")

from nbgrader.converters import Autograde
standard = Autograde()
c.Autograde.sanitize_preprocessors = [before, *standard.sanitize_preprocessors]
c.Autograde.autograde_preprocessors = [*standard.autograde_preprocessors, after]
c.Autograde.pre_convert_hook = hook
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    cells = [course_of.cell("load", "### BEGIN SOLUTION\nload = 1\n### END SOLUTION")]
    cells.append(course_of.cell("t-load", "assert load == 1"))
    root = plain(tmp_path / "two", cells)
    for student in ("anna", "ben"):
        hand_in(root / "submitted" / student / "hw", root / "release" / "hw", load=f"load = {len(student) - 3}")
    return root


def test_steps_and_hooks_of_the_courses_own_run_with_the_gradebook(two: Path) -> None:
    with (two / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(STEPS)

    report = graded(two)

    assert [row.score for row in report.rows] == [2.0, 0.0]
    found = {
        row.student: json.loads((two / "autograded" / row.student / "hw" / "work.ipynb").read_text())
        for row in report.rows
    }
    assert [(one["metadata"]["seen"], one["metadata"]["mark"]) for one in found.values()] == [("hw", 2.0), ("hw", 0.0)]
    assert (two / "hooked.txt").read_text() == "hw anna\nhw ben\n"


def test_a_second_step_that_runs_the_candidates_code_is_refused(two: Path) -> None:
    with (two / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(
            "from nbconvert.preprocessors import ExecutePreprocessor\nfrom nbgrader.converters import Autograde\n"
            "c.Autograde.autograde_preprocessors = [*Autograde().autograde_preprocessors, ExecutePreprocessor]\n"
        )

    with pytest.raises(InputError, match=r"runs submissions twice, the second time by .*ExecutePreprocessor"):
        graded(two)


def test_a_step_that_fails_costs_that_submission_only(two: Path) -> None:
    with (two / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(
            STEPS.replace(
                "def before(notebook, resources):",
                "def before(notebook, resources):\n    assert resources['nbgrader']['student'] == 'ben', 'not ben'",
            )
        )

    first, second = graded(two).rows

    assert (first.outcome, first.reason) == (
        "failed",
        "a step of the course's configuration failed: AssertionError: not ben",
    )
    assert second.outcome == "graded"


def test_a_setting_on_the_command_line_goes_over_the_courses_own(two: Path) -> None:
    with (two / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.Autograde.create_student = True\nc.Execute.timeout = 20\n")

    report = graded(two, "Autograde.create_student=False", "Limits.cell_s=9")

    assert [row.reason for row in report.rows] == [
        "no student with ID 'anna' is in the gradebook",
        "no student with ID 'ben' is in the gradebook",
    ]
