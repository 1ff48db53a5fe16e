"""Honest work gets nbgrader's own marks; what cannot be graded is said, and stops nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader import exams, nbcourse, notebooks
from grader.errors import GradingError, InputError, MissingToolError
from grader.sandbox import Limits, Sandbox
from tests.grader import in_process, nbgrader_itself
from tests.grader.homework import (
    BANK,
    ENGINE,
    FULL,
    HONEST,
    NOTHING,
    NOW,
    QUICK,
    filled,
    graded,
    marks,
    named,
    published,
    servers,
)

judges = pytest.fixture(servers, scope="module", autouse=True)
course = pytest.fixture(published, scope="module")


@pytest.mark.parametrize(
    ("student", "answers", "wanted"),
    [
        ("right", HONEST, FULL),
        ("half", {**HONEST, "load": "load = 39.0", "peaks": "peaks = {'07': 100, '08': 0, '09': 80}"}, None),
        ("stub", {}, NOTHING),
    ],
)
def test_honest_work_gets_the_marks_that_nbgrader_itself_gives(
    course: Path, student: str, answers: dict[str, str], wanted: dict[str, float] | None
) -> None:
    ours = graded(course, student, {"work.ipynb": filled(course, **answers)})

    nbgrader_itself.autograde(course, "hw", student)
    assert ours == marks(course, student)
    assert ours == (wanted or {"t-load": 0.0, "t-erlangs": 3.0, "t-peaks": 2.0})


def test_a_warning_on_stderr_costs_no_mark(course: Path) -> None:
    loud = "import warnings\n\n\ndef erlangs(calls, aht_s):\n    warnings.warn('slow')\n    return calls * aht_s / 1800"

    assert graded(course, "loud", {"work.ipynb": filled(course, **{**HONEST, "erlangs": loud})}) == FULL


def test_the_written_answer_waits_for_a_person(course: Path) -> None:
    nbcourse.submit(course, "writer", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)

    (outcome,) = in_process.autograde(course, "hw", ["writer"], limits=QUICK, engine=ENGINE)

    assert outcome.state == "needs a person"
    assert [score.needs_person for score in nbcourse.scores(course, "hw", "writer") if score.cell == "why"] == [True]


def test_a_failed_test_shows_its_sentence_and_a_passed_one_nothing(course: Path) -> None:
    graded(course, "shown", {"work.ipynb": filled(course, **{**HONEST, "load": "load = -1"})})

    work = json.loads((course / "autograded" / "shown" / "hw" / "work.ipynb").read_text("utf-8"))
    (failed,) = named(work, "t-load")["outputs"]
    assert (failed["ename"], failed["evalue"]) == ("AssertionError", "load: a number above 0 is wanted")
    assert named(work, "t-erlangs")["outputs"] == []
    assert named(work, "t-peaks")["outputs"][0]["data"] == {"text/plain": ["3.0"]}


def test_outputs_plots_and_tracebacks_of_the_candidate_are_kept(course: Path) -> None:
    plot = "import matplotlib.pyplot as plt\nprint('here')\nplt.plot([1, 2])\nplt.show()\n1 / 0"
    graded(course, "plots", {"work.ipynb": filled(course, load=plot)}, Limits(cell_s=20))

    work = json.loads((course / "autograded" / "plots" / "hw" / "work.ipynb").read_text("utf-8"))
    outputs = named(work, "load")["outputs"]
    assert [output["output_type"] for output in outputs] == ["stream", "display_data", "error"]
    assert "image/png" in outputs[1]["data"] and outputs[2]["ename"] == "ZeroDivisionError"


def test_each_candidate_is_judged_on_the_data_that_the_office_issued(course: Path) -> None:
    nbcourse.set_data(course, "own", "hw", {"calls.csv": b"1\n2\n3\n"})

    # 6 calls of 240 s in half an hour are 0.8 erlangs; the file that came with the submission says otherwise
    work = filled(course, **{**HONEST, "load": "load = float(calls.sum()) * 240 / 1800\nassert load == 0.8"})
    assert graded(course, "own", {"work.ipynb": work, "calls.csv": b"900\n"}) == FULL


@pytest.mark.parametrize(
    ("name", "by_hand", "points"),
    [("senior-agent", {"w1"}, 22), ("team-leader", {"p5"}, 16), ("supervisor", {"w1", "w2"}, 32)],
)
def test_a_shipped_practical_is_graded_behind_the_walls_in_chinese_against_its_english_source(
    course: Path, name: str, by_hand: set[str], points: float
) -> None:
    practical = exams.read_practical(BANK / "practicals" / f"{name}.md", BANK)
    chosen = {language: notebooks.choose(practical.source, language) for language in ("en", "zh")}
    editions = {language: json.loads(notebooks.to_bytes(notebook)) for language, notebook in chosen.items()}
    nbcourse.publish(course, name, {"practical.ipynb": editions["en"]})
    stub = nbcourse.released(editions["zh"])
    for student, work in (("leader", editions["zh"]), ("idle", stub)):
        data = exams.seat_data(practical, seed=len(student))
        nbcourse.set_data(course, student, name, data)
        nbcourse.submit(course, student, name, {"practical.ipynb": work, **data}, NOW)

    in_process.autograde(course, name, ["leader", "idle"], engine=ENGINE)

    scores = {student: nbcourse.scores(course, name, student) for student in ("leader", "idle")}
    assert all(score.auto == score.max_points for score in scores["leader"] if score.cell not in by_hand)
    assert {score.auto for score in scores["idle"]} == {0.0}
    assert sum(score.max_points for score in scores["idle"]) == points  # as the practical tells the candidate


@pytest.mark.parametrize(
    ("student", "content"),
    [("torn", b'{"cells": ['), ("empty", b""), ("text", b"hello"), ("list", b"[]"), ("old", b'{"nbformat": 2}')],
)
def test_an_unreadable_notebook_is_marked_so_and_stops_nobody(course: Path, student: str, content: bytes) -> None:
    nbcourse.submit(course, student, "hw", {"work.ipynb": content}, NOW)
    nbcourse.submit(course, f"{student}-next", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)

    first, second = in_process.autograde(course, "hw", [student, f"{student}-next"], limits=QUICK, engine=ENGINE)

    assert first.state == "failed" and first.reason
    assert {score.needs_person for score in nbcourse.scores(course, "hw", student)} == {True}
    assert second.state == "needs a person" and marks(course, f"{student}-next") == FULL


def test_links_in_a_submission_show_nothing_of_this_machine(course: Path) -> None:
    folder = nbcourse.submit(course, "links", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)
    (folder / "stolen.txt").symlink_to("/etc/passwd")
    (folder / "stolen").symlink_to("/etc")

    in_process.autograde(course, "hw", ["links"], limits=QUICK, engine=ENGINE)

    assert marks(course, "links") == FULL
    assert sorted(path.name for path in (course / "autograded" / "links" / "hw").iterdir()) == [
        "calls.csv",
        "timestamp.txt",
        "work.ipynb",
    ]


def test_a_notebook_that_is_a_link_is_not_graded(course: Path) -> None:
    folder = nbcourse.submit(course, "linked", "hw", {}, NOW)
    (folder / "work.ipynb").symlink_to(course / "source" / "hw" / "work.ipynb")

    (outcome,) = in_process.autograde(course, "hw", ["linked"], limits=QUICK, engine=ENGINE)

    assert outcome.state == "failed" and "symbolic link" in outcome.reason
    assert set(marks(course, "linked").values()) == {None}


def test_without_bubblewrap_nothing_is_graded_and_the_line_that_installs_it_is_said(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(course))

    with pytest.raises(MissingToolError, match=r"sudo apt-get install -y .* bubblewrap$"):
        in_process.autograde(course, "hw", ["right"])


def test_an_assignment_that_was_never_published_is_named(course: Path) -> None:
    with pytest.raises(InputError, match="'exam9' is not in the gradebook"):
        in_process.autograde(course, "exam9")


def test_a_server_that_ends_in_the_middle_costs_nobody_a_mark(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, ended = Sandbox.run, []

    def once(self: Sandbox, code: str) -> list[dict[str, Any]]:
        if "erlangs" in code and not ended:
            ended.append(code)
            raise GradingError("the sandbox server ended while the program ran: grade the submission again")
        return run(self, code)

    monkeypatch.setattr(Sandbox, "run", once)

    assert graded(course, "twice", {"work.ipynb": filled(course, **HONEST)}) == FULL and ended


def test_the_grader_stays_where_it_was_called(course: Path) -> None:
    before = Path.cwd()

    graded(course, "place", {"work.ipynb": filled(course, **HONEST)})

    assert Path.cwd() == before
