"""The course folder speaks nbgrader: release, submission, marks, a person's mark, feedback without hidden tests."""

from __future__ import annotations

import copy
import html
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grader import nbcourse
from grader.errors import InputError
from grader.nbcourse import Outcome, WrittenSlot
from tests.grader import in_process

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent
SLOTS = [WrittenSlot("q01", 1), WrittenSlot("q02", 1), WrittenSlot("q03", 4, by_hand=True)]


def cell(kind: str, name: str, source: str, **words: Any) -> dict[str, Any]:
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **words}
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    words = {"nbgrader": {"grade_id": name, **flags}}
    return {"cell_type": kind, "id": name, "source": source, "metadata": words, **code}


def practical(prompt: str) -> dict[str, Any]:
    hidden = "assert x > 0, 'x: above 0'\n### BEGIN HIDDEN TESTS\nassert x == 17, 'it is 17'\n### END HIDDEN TESTS"
    cells = [
        cell("markdown", "prompt", prompt, locked=True),
        cell("code", "answer", "### BEGIN SOLUTION\nx = 17\n### END SOLUTION", solution=True),
        cell("code", "test", hidden, grade=True, locked=True, points=2),
        cell("markdown", "plan", "the model answer", grade=True, solution=True, points=6),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("centre") / "course"
    nbcourse.create(root, course_id="academy", exchange=root.parent / "exchange")
    nbcourse.add_students(root, [("E1", "洁", "周"), ("E2", "Fang", "Liu")])
    notebooks = {"written.ipynb": nbcourse.written_notebook(SLOTS), "practical.ipynb": practical("Find x.")}
    nbcourse.publish(root, "tl-1", notebooks, {"common.csv": b"n\n1\n"})
    return root


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for one in found["cells"]:
        one["source"] = "".join(one["source"])
    return found


def answered(course: Path, x: str, plan: str, prompt: str = "Find x.") -> dict[str, Any]:
    work = read(course / "release" / "tl-1" / "practical.ipynb")
    for one, text in zip(work["cells"], (prompt, x, None, plan), strict=True):
        one["source"] = one["source"] if text is None else text
    return work


def written(*answers: str) -> dict[str, Any]:
    asked = zip(SLOTS, answers, strict=True)
    slots = [WrittenSlot(s.name, s.points, s.by_hand, f"Question *{s.name}*?", answer) for s, answer in asked]
    return nbcourse.submitted_written(slots)


def sat(
    course: Path, student: str, files: Mapping[str, Any], marks: Mapping[str, float] | None = None
) -> list[Outcome]:
    nbcourse.submit(course, student, "tl-1", files, NOW)
    if marks is not None:
        nbcourse.set_marks(course, student, "tl-1", marks)
    return in_process.autograde(course, "tl-1", [student])


def found(course: Path, student: str) -> dict[str, tuple[float | None, float, bool]]:
    scores = nbcourse.scores(course, "tl-1", student)
    return {score.cell: (score.auto, score.points, score.needs_person) for score in scores}


def test_the_release_holds_no_solution_and_no_hidden_test_and_its_cells_are_locked(course: Path) -> None:
    release = read(course / "release" / "tl-1" / "practical.ipynb")
    sources = {one["id"]: one["source"] for one in release["cells"]}

    assert sources["answer"] == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert sources["test"] == "assert x > 0, 'x: above 0'"
    assert sources["plan"] == "YOUR ANSWER HERE"
    assert release["cells"][2]["metadata"] | {"nbgrader": 0} == {"deletable": False, "editable": False, "nbgrader": 0}
    assert (course / "release" / "tl-1" / "common.csv").read_bytes() == b"n\n1\n"


def test_a_sitting_is_marked_by_program_and_by_hand(course: Path) -> None:
    work = answered(course, "x = 17", "Plan.")
    files = {"written.ipynb": written("b", "", "Because it matters."), "practical.ipynb": work}

    outcomes = sat(course, "E1", files, {"q01": 1.0, "q02": 0.5})

    assert [(outcome.notebook, outcome.state) for outcome in outcomes] == [
        ("practical", "needs a person"),
        ("written", "needs a person"),
    ]
    assert found(course, "E1") == {
        "plan": (None, 0.0, True),
        "test": (2.0, 2.0, False),
        "q01": (1.0, 1.0, False),
        "q02": (0.5, 0.5, False),
        "q03": (None, 0.0, True),
    }

    nbcourse.set_manual_score(course, "tl-1", "E1", "written", "q03", 3, "Name the cause.")
    nbcourse.set_manual_score(course, "tl-1", "E1", "practical", "plan", 5.5)

    assert found(course, "E1")["q03"] == (None, 3.0, False)
    assert [s.comment for s in nbcourse.scores(course, "tl-1", "E1") if s.cell == "q03"] == ["Name the cause."]
    api = NbGraderAPI(CourseDirectory(root=str(course), course_id="academy"))  # what formgrader shows
    (shown,) = (entry for entry in api.get_submissions("tl-1") if entry["student"] == "E1")
    assert (shown["score"], shown["max_score"], shown["needs_manual_grade"]) == (12.0, 14.0, False)


def test_nothing_handed_in_is_zero_and_needs_nobody(course: Path) -> None:
    outcomes = sat(course, "E3", {})

    assert {outcome.state for outcome in outcomes} == {"missing"}
    assert set(found(course, "E3").values()) == {(0.0, 0.0, False)}


def test_an_answer_left_blank_is_zero_and_needs_nobody(course: Path) -> None:
    sat(course, "E4", {"written.ipynb": written("", "", "  ")}, {"q01": 0, "q02": 0})

    assert found(course, "E4")["q03"] == (0.0, 0.0, False)


def test_a_slot_without_a_mark_waits_for_a_person(course: Path) -> None:
    (_, outcome) = sat(course, "E5", {"written.ipynb": written("a", "b", "c")}, {"q01": 1})

    assert "q02: the test cell is empty" in outcome.reason
    assert found(course, "E5")["q02"] == (None, 0.0, True)


@pytest.mark.parametrize("mark", [1.5, -1, float("nan")])
def test_a_mark_outside_the_slot_is_refused(course: Path, mark: float) -> None:
    (_, outcome) = sat(course, "E6", {"written.ipynb": written("a", "b", "c")}, {"q01": mark, "q02": 0})

    assert outcome.state == "failed"
    assert "the mark of q01" in outcome.reason and "not between 0 and 1" in outcome.reason


def test_the_chinese_edition_is_graded_against_the_english_source(course: Path) -> None:
    sat(course, "E7", {"practical.ipynb": answered(course, "x = 17", "计划如下。", prompt="请求出x。")})

    kept = read(course / "autograded" / "E7" / "tl-1" / "practical.ipynb")["cells"]
    assert found(course, "E7")["test"] == (2.0, 2.0, False)
    assert [kept[0]["source"], kept[3]["source"]] == ["请求出x。", "计划如下。"]


def test_grading_again_keeps_a_persons_mark_and_forgets_an_old_automatic_one(course: Path) -> None:
    sat(course, "E8", {"practical.ipynb": answered(course, "x = 17", "Plan.")})
    nbcourse.set_manual_score(course, "tl-1", "E8", "practical", "plan", 4)
    before = found(course, "E8")

    sat(course, "E8", {"practical.ipynb": answered(course, "x = 5", "Plan.")})
    lower = found(course, "E8")
    sat(course, "E8", {"practical.ipynb": b"no notebook"})

    assert before["test"] == (2.0, 2.0, False) and lower["test"] == (0.0, 0.0, False)
    assert lower["plan"] == (None, 4.0, True)  # nbgrader's rule: a person looks at the old mark again
    assert found(course, "E8")["test"] == (None, 0.0, True)


def test_feedback_shows_marks_and_comments_but_no_hidden_test(course: Path) -> None:
    sat(course, "E9", {"practical.ipynb": answered(course, "x = 5", "Plan.")})
    nbcourse.set_manual_score(course, "tl-1", "E9", "practical", "plan", 4, "辅导计划缺少复查日期。")

    pages = nbcourse.feedback(course, "tl-1", ["E9"])

    (page,) = pages["E9"]
    text = page.read_text(encoding="utf-8")
    assert "辅导计划缺少复查日期。" in text and "<b>4 / 8</b>" in text
    assert "A test that is not shown did not pass" in text and "x: above 0" in text
    assert "HIDDEN" not in text and "17" not in text.partition("</style>")[2].rpartition("x: above 0")[2]
    assert "it is 17" in (course / "autograded" / "E9" / "tl-1" / "practical.ipynb").read_text(encoding="utf-8")


def test_feedback_repeats_what_the_open_check_said_and_needs_no_internet(course: Path) -> None:
    sat(course, "E14", {"practical.ipynb": answered(course, "x = -1", "Plan.")})

    text = nbcourse.feedback(course, "tl-1", ["E14"])["E14"][0].read_text(encoding="utf-8")

    assert "<pre>x: above 0</pre>" in text and "not shown did not pass" not in text
    assert "<script" not in text and "//cdn" not in text


def test_feedback_on_chinese_work_is_in_chinese(course: Path) -> None:
    sat(course, "E15", {"practical.ipynb": answered(course, "x = 5", "计划。", "求x。")})

    text = nbcourse.feedback(course, "tl-1", ["E15"])["E15"][0].read_text(encoding="utf-8")

    assert '<html lang="zh-CN">' in text and "有一项不公开的测试没有通过" in text


def test_no_script_of_a_candidate_reaches_a_page(course: Path) -> None:
    attack = "<script>steal()</script> <img src=x onerror='steal()'> [here](javascript:steal()) | a < b"
    show = f"from IPython.display import HTML, display\ndisplay(HTML({attack!r}))\nx = 17"
    files = {"practical.ipynb": answered(course, show, attack), "written.ipynb": written(attack, attack, attack)}
    sat(course, "E10", files, {"q01": 0, "q02": 0})

    pages = nbcourse.feedback(course, "tl-1", ["E10"])["E10"]

    assert len(pages) == 2
    for page in pages:
        assert "a &lt; b" in page.read_text(encoding="utf-8")
        assert living(page) == []


def living(page: Path) -> list[str]:
    """Attributes and scripts of a page that would act or fetch for the candidate."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(f"{tag} {key}={value}" for key, value in attrs if "steal" in (value or "") or value == "x")

        def handle_data(self, data: str) -> None:
            if self.cdata_elem == "script" and "steal" in data:
                found.append(data)

    Reader().feed(page.read_text(encoding="utf-8"))
    return found


def test_tables_of_pandas_stay_tables_in_the_pages(course: Path) -> None:
    table = "import pandas as pd\nx = 17\npd.DataFrame({'calls': [120]})"
    sat(course, "E11", {"practical.ipynb": answered(course, table, "Plan.")})

    text = nbcourse.feedback(course, "tl-1", ["E11"])["E11"][0].read_text(encoding="utf-8")

    assert "<th>calls</th>" in text and "<td>120</td>" in text and ".dataframe tbody" not in text


def test_the_command_line_of_nbgrader_uses_our_executor_too(course: Path) -> None:
    work = answered(course, "import os\nx = 17\nos._exit(0)", "Plan.")
    nbcourse.submit(course, "E12", "tl-1", {"practical.ipynb": work}, NOW)

    command = [sys.executable, "-m", "nbgrader", "autograde", "tl-1", "--student", "E12"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    page = (course / "autograded" / "E12" / "tl-1" / "practical.ipynb").read_text(encoding="utf-8")
    assert "the program ended itself" in page and found(course, "E12")["test"] == (0.0, 0.0, False)


def test_publishing_again_with_other_cells_is_refused_once_somebody_has_sat(course: Path) -> None:
    changed = copy.deepcopy(practical("Find x."))
    changed["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "other"
    nbcourse.publish(course, "tl-2", {"practical.ipynb": practical("Find x.")})
    nbcourse.submit(course, "E1", "tl-2", {"practical.ipynb": answered(course, "x = 17", "P")}, NOW)
    in_process.autograde(course, "tl-2")

    with pytest.raises(InputError, match="Cannot add or remove cells"):
        nbcourse.publish(course, "tl-2", {"practical.ipynb": changed})


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (cell("code", "a", "### BEGIN SOLUTION\nx = 1", solution=True), "no end solution statement found"),
        (cell("code", "a", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"), "Hidden test region detected in"),
        (cell("markdown", "a", "text", grade=True, locked=True, points=1), "not marked as a solution cell"),
    ],
)
def test_a_source_that_nbgrader_refuses_is_refused_with_its_reason(
    course: Path, source: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=f"nbgrader cannot release 'bad': .*{sentence}"):
        nbcourse.publish(course, "bad", {"bad.ipynb": {**practical("x"), "cells": [source]}})


@pytest.mark.parametrize("name", ["", "../x", "*", "a/b", ".hidden", "a b"])
def test_a_name_that_means_something_to_a_path_is_refused(course: Path, name: str) -> None:
    with pytest.raises(InputError, match="student id must be letters, digits"):
        nbcourse.submit(course, name, "tl-1", {}, NOW)


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x"])
def test_a_file_name_that_leaves_the_submission_is_refused(course: Path, name: str) -> None:
    with pytest.raises(InputError, match="must have a plain relative name"):
        nbcourse.submit(course, "E1", "tl-9", {name: b""}, NOW)


def test_a_mark_above_the_cells_points_and_an_unknown_cell_are_refused(course: Path) -> None:
    sat(course, "E13", {"practical.ipynb": answered(course, "x = 17", "Plan.")})

    with pytest.raises(InputError, match="the mark of 'plan' must lie between 0 and 6, got 7"):
        nbcourse.set_manual_score(course, "tl-1", "E13", "practical", "plan", 7)
    with pytest.raises(InputError, match="E13 has no cell 'nothing'"):
        nbcourse.set_manual_score(course, "tl-1", "E13", "practical", "nothing", 1)


def test_a_folder_that_is_no_course_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no nbgrader_config\.py"):
        nbcourse.scores(tmp_path, "tl-1")


def test_making_a_course_again_keeps_its_configuration_and_marks(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("# mine\n")

    nbcourse.create(course, course_id="academy", exchange=course.parent / "exchange")

    assert (course / "nbgrader_config.py").read_text(encoding="utf-8").endswith("# mine\n")
    assert nbcourse.scores(course, "tl-1")


def test_an_answer_in_nbgraders_own_words_for_no_answer_still_reaches_a_person() -> None:
    slot = WrittenSlot("q24", 4, by_hand=True, answer=" YOUR ANSWER HERE ")
    blank = nbcourse.released(nbcourse.written_notebook([slot]))["cells"][0]["source"]
    handed = nbcourse.submitted_written([slot])["cells"][-1]["source"]

    assert handed != blank == "YOUR ANSWER HERE"  # nbgrader gives 0 to a cell that is as it was released
    assert html.unescape(handed) == blank
