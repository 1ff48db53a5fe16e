"""A test that cannot be judged across the wall is found with the lesson's own solutions, before anybody sits it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from grader import autograde, lessons
from grader import commands as command
from grader.commands import courses
from grader.sandbox import check_tools
from tests.grader import graded_course as course_of
from tests.grader import sample_lesson

LESSONS = Path(__file__).parents[2] / "courses" / "source"


def test_a_test_that_the_solution_cannot_pass_is_named_with_the_reason() -> None:
    cells = [
        course_of.cell("load", "import matplotlib.pyplot as plt\nfig = plt.figure()\nload = 40"),
        course_of.cell("t-fig", "assert fig.axes == []"),
        course_of.cell("t-empty", "# later"),
        course_of.cell("t-load", "assert load == 40"),
        course_of.cell("t-wrong", "assert load == 41, 'load: 41 is wanted'"),
    ]
    for cell in cells[1:]:
        cell["metadata"]["nbgrader"]["points"] = 2

    found = autograde.unjudgeable(course_of.notebook(cells))

    assert sorted(found) == ["t-empty", "t-fig", "t-wrong"]
    assert found["t-fig"].startswith("CannotCross: fig is of the kind 'Figure'")
    assert found["t-empty"] == "the test cell is empty: nothing was tested"
    assert found["t-wrong"] == "AssertionError: load: 41 is wanted"


def test_a_cell_outside_the_exercises_that_fails_is_named_by_its_first_line() -> None:
    notebook = course_of.notebook([course_of.cell("load", "load = 40"), course_of.cell("t-load", "assert load == 40")])
    notebook["cells"].append(
        {"cell_type": "code", "metadata": {}, "source": "table = load.frame\ntable", "outputs": []}
    )

    found = autograde.unjudgeable(notebook)

    assert found == {"table = load.frame": "AttributeError: 'int' object has no attribute 'frame'"}


def wordless(path: Path, language: str) -> list[tuple[str, Any]]:
    """The code cells of an edition with every text in them left empty, and what is written about each cell."""
    cells = [cell for cell in lessons.source(path, language)["cells"] if cell["cell_type"] == "code"]
    trees = [ast.parse("".join(cell["source"])) for cell in cells]
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return [(ast.dump(tree), cell["metadata"]) for tree, cell in zip(trees, cells, strict=True)]


# `academy courses check` proves the English edition behind the wall, and test_main runs that on all of them. What
# follows in Chinese from other texts, and what of it crosses to the tests, is proven for every lesson by its own file
# in tests/content: there the Chinese edition runs too, and what its tests ask for goes through the codec of the wall.
def test_the_code_of_every_chinese_edition_differs_in_its_texts_alone() -> None:
    paths = sorted(LESSONS.glob("*/*.md"))

    assert [path.name for path in paths if wordless(path, "zh") != wordless(path, "en")] == []
    assert len(paths) > 20


def test_the_tests_of_a_chinese_edition_can_be_judged() -> None:
    # tests/e2e/test_lesson_levels.py has four more of them graded, of the other levels, answered in a browser.
    (path,) = LESSONS.glob("senior-agent/01-*.md")

    assert autograde.unjudgeable(lessons.source(path, "zh")) == {}


def test_a_solution_that_fails_its_test_is_told_at_the_line_of_the_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    check_tools()
    wrong = sample_lesson.LESSON.replace("assert agents2 == math.ceil(20.4)", "assert agents2 == 22")
    sample_lesson.write(tmp_path, wrong)
    sample_lesson.write(tmp_path, wrong.replace("minutes: 60", "minutes: 0"), "supervisor/02-broken")
    monkeypatch.setattr(courses, "SOURCE", tmp_path)

    assert command.main(["courses", "check", "supervisor/01", "supervisor/02"]) == 1

    said = capsys.readouterr().err
    line = sample_lesson.line_of(wrong, "# Exercise 2: check")
    (fault,) = [row for row in said.split("\n") if "does not pass" in row]
    assert fault.startswith(f"supervisor/01-workload.md:{line}: the solution (en) does not pass 'e2': AssertionError: ")
    assert "supervisor/02-broken: its solutions are run against its tests when its other faults are mended" in said


def test_checking_lessons_without_bubblewrap_says_what_was_not_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    check_tools()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert command.main(["courses", "check"]) == 0
    assert "the tests of the lessons were not tried: bubblewrap is missing" in capsys.readouterr().err
