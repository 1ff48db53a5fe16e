"""A trainer's whole loop in the terminal, with nbgrader's own fetch and submit on the trainee's side."""

from __future__ import annotations

import getpass
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader import lessons, nbcourse
from grader.centre import PROJECT
from grader.commands import courses, main

LESSON = PROJECT / "courses" / "source" / "supervisor" / "01-call-history-to-staffed-day.md"
NAME = "supervisor-01-call-history-to-staffed-day-en"
ME = getpass.getuser()
NOTE = "He Jing, it was not the forecast: people were missing."


class Trainee:
    """Somebody with a folder of their own, who fetches and submits as JupyterLab's assignment list does."""

    def __init__(self, home: Path, course: Path) -> None:
        self.home = home
        home.mkdir()
        config = f"c = get_config()\nload_subconfig({os.path.relpath(course / 'nbgrader_config.py', home)!r})\n"
        (home / "nbgrader_config.py").write_text(config + f"c.Exchange.cache = {str(home / 'cache')!r}\n")

    def nbgrader(self, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words], cwd=self.home, capture_output=True, text=True, check=False,
            env={**os.environ, "JUPYTER_CONFIG_DIR": str(self.home)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    @property
    def notebook(self) -> Path:
        return self.home / NAME / f"{LESSON.stem}.ipynb"

    def work(self, solved: dict[str, str]) -> None:
        """Fill in answer cells."""
        notebook = json.loads(self.notebook.read_text("utf-8"))
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = solved.get(name, cell["source"])
        self.notebook.write_text(json.dumps(notebook), "utf-8")


def answers() -> dict[str, str]:
    """The author's own answers, by cell."""
    cells = lessons.source(LESSON, "en")["cells"]
    found = {cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells}
    return {name: source for name, source in found.items() if name and name.endswith("-answer")}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return tmp_path / "course"


def academy(course: Path, step: str, *words: str) -> int:
    return main(["courses", step, "supervisor/01", "--language", "en", "--course", str(course), *words])


def standing(course: Path, capsys: pytest.CaptureFixture[str], student: str = ME) -> dict[str, Any]:
    capsys.readouterr()
    assert academy(course, "progress", "--json") == 0
    rows = json.loads(capsys.readouterr().out)[NAME]
    found: dict[str, Any] = next(row for row in rows if row["student"] == student)
    return found


def test_from_release_to_feedback(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert academy(course, "release") == 0
    nbcourse.add_students(course, [("S1002", "", "Lin"), (ME, "", "Trainee")])
    trainee = Trainee(tmp_path / "home", course)
    trainee.nbgrader("fetch_assignment", NAME)
    beside = trainee.notebook.with_name(f"{LESSON.stem}.lesson.json").read_text("utf-8")
    assert '"hints"' in beside and "solution" not in json.loads(beside)["exercises"][0]
    assert trainee.notebook.with_name(f"{LESSON.stem}-summary.html").is_file()
    assert standing(course, capsys)["state"] == "not handed in"

    right = answers()
    trainee.work({**right, "e5-answer": right["e5-answer"].replace("0.32", "0.30"), "note": NOTE})
    trainee.nbgrader("submit", NAME)
    assert standing(course, capsys)["state"] == "handed in"

    assert academy(course, "collect") == 0
    assert f"{NAME}: taken in from 1 trainee: {ME}" in capsys.readouterr().out
    assert standing(course, capsys)["state"] == "collected"

    assert academy(course, "autograde", "--workers", "1") == 0
    graded = standing(course, capsys)
    assert (graded["state"], graded["waiting"]) == ("waits for a marker", ["note"])
    assert (graded["score"], graded["max_score"]) == (12, 20)  # 14 of the exercises but the 2 of 5a
    assert standing(course, capsys, "S1002") | {"max_score": 0} == {
        "student": "S1002", "state": "not handed in", "handed_in": "", "score": None, "max_score": 0, "waiting": [],
        "on_roster": True,
    }  # fmt: skip

    assert academy(course, "feedback") == 0
    assert f"{NAME}: feedback for nobody; {ME} wait for a marker" in capsys.readouterr().out

    nbcourse.set_manual_score(course, NAME, ME, LESSON.stem, "note", 5, "Clear; say what the cheaper choice costs.")
    assert standing(course, capsys)["state"] == "marked"
    assert academy(course, "feedback") == 0
    assert standing(course, capsys)["state"] == "feedback given"
    stamp = course / "feedback" / ME / NAME / "timestamp.txt"
    now = stamp.read_text("utf-8")
    stamp.write_text("2026-01-01 08:00:00 UTC", "utf-8")  # as if this feedback were that of an earlier work
    assert standing(course, capsys)["state"] == "marked"
    stamp.write_text(now, "utf-8")
    trainee.nbgrader("fetch_feedback", NAME)
    (page,) = (trainee.home / NAME / "feedback").rglob("*.html")
    text = page.read_text("utf-8")
    assert "say what the cheaper choice costs" in text and NOTE in text and "17 / 20" in text
    shown = html.unescape(re.sub(r"<[^>]+>", "", text))
    assert [line for line in secrets() if line in shown] == []
    assert "HIDDEN TESTS" not in text and "Model answer" not in text


def secrets() -> set[str]:
    """Lines of hidden tests, which no page may show."""
    text = LESSON.read_text("utf-8")
    blocks = re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END", text, re.S)
    return {line.strip() for block in blocks for line in block.splitlines() if line.strip()}


def test_a_step_that_comes_too_early_says_what_comes_first(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert academy(course, "collect") == 2
    assert "holds no nbgrader_config.py: it is not a course folder" in capsys.readouterr().err

    nbcourse.create(course, course_id="academy", exchange=course.parent / "exchange")
    assert academy(course, "collect") == 2
    assert "is not released in" in capsys.readouterr().err

    academy(course, "release")
    assert academy(course, "autograde") == 0
    assert "nothing is collected yet; run `academy courses collect`" in capsys.readouterr().out


def test_what_is_no_lesson_is_one_sentence(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["courses", "release", "boss/01", "--course", str(course)]) == 2
    assert "there is no lesson or level 'boss/01'; the lessons are: " in capsys.readouterr().err
    assert not course.exists()


def test_a_second_submission_counts_as_handed_in_again(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    academy(course, "release")
    inbound = tmp_path / "exchange" / "academy" / "inbound"
    for number in (1, 2):
        folder = inbound / f"S1002+{NAME}+2026-11-2{number} 08:00:00 UTC+x"
        shutil.copytree(course / "release" / NAME, folder)
        (folder / "timestamp.txt").write_text(f"2026-11-2{number} 08:00:00.000000 UTC")
        if number == 1:
            academy(course, "collect")
            assert standing(course, capsys, "S1002")["state"] == "collected"

    found = standing(course, capsys, "S1002")

    assert (found["state"], found["handed_in"][:10]) == ("handed in", "2026-11-22")


def test_the_table_of_progress_is_for_eyes(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    academy(course, "release")
    nbcourse.add_students(course, [("S1002", "", "Lin")])
    capsys.readouterr()

    assert academy(course, "progress") == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == NAME
    assert re.fullmatch(r"  trainee  state\s+handed in at\s+points", lines[1])
    assert lines[2] == "  S1002    not handed in"


def test_a_login_that_only_looked_is_no_trainee_and_one_that_handed_in_is_not_on_the_roster(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    academy(course, "release")
    login = "li.wei@corp"  # as `academy start` enters whoever calls it
    nbcourse.add_students(course, [("S1002", "", "Lin"), ("li.wei-corp", "", login), ("root", "", "root")])
    inbound = nbcourse.exchange_of(course) / "academy" / "inbound"
    handed_in = inbound / f"li.wei-corp+{NAME}+2026-11-22 09:00:00 UTC"
    handed_in.mkdir(parents=True)
    (handed_in / "timestamp.txt").write_text("2026-11-22 09:00:00 UTC")
    capsys.readouterr()

    assert academy(course, "progress") == 0

    rows = [re.split(r"  +", line.strip()) for line in capsys.readouterr().out.splitlines()[2:]]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("S1002", "not handed in", "not handed in"), ("li.wei-corp", "handed in", "not on the roster")
    ]  # fmt: skip
    assert standing(course, capsys, "li.wei-corp")["on_roster"] is False


def test_what_waits_and_who_is_not_on_the_roster_are_both_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = {"student": "li", "state": "handed in", "handed_in": "", "score": 4, "max_score": 10, "waiting": ["note"]}
    monkeypatch.setattr(courses, "_released", lambda given: ["a-lesson"])
    monkeypatch.setattr(courses, "_standings", lambda course, name: [{**row, "on_roster": False}])
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")

    assert main(["courses", "progress", "supervisor/01", "--course", str(tmp_path)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("4/10     note  不在花名册上")
