"""`academy courses enrol`: bad rosters change nothing; what everybody finds is made afresh and loses nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.commands import main


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("training") / "course"
    assert main(["courses", "release", "senior-agent/01", "--course", str(course)]) == 0
    return course


def enrol(course: Path, *words: str) -> int:
    return main(["courses", "enrol", *words, "--course", str(course), "--language", "zh"])


def test_accounts_are_staff_numbers_in_small_letters_and_stay(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("工号,姓名,语言\nA1001,陈晓敏,\nA1002,Grace Lim,English\n", "utf-8")
    second.write_text("工号,姓名,语言\nA1003,李建国,中文\n", "utf-8")

    assert enrol(course, str(first)) == 0
    assert enrol(course, str(second)) == 0
    assert enrol(course, "--accounts") == 0

    assert capsys.readouterr().out.endswith("a1001\na1002\na1003\n")
    told = json.loads((course.parent / "shelf" / "accounts.json").read_text("utf-8"))
    assert told == {"language": "zh", "accounts": {"a1001": "zh", "a1002": "en", "a1003": "zh"}}
    assert main(["courses", "progress", "senior-agent/01", "--course", str(course), "--json"]) == 0
    rows = next(iter(json.loads(capsys.readouterr().out).values()))
    assert [row["student"] for row in rows] == ["a1001", "a1002", "a1003"]
    assert all(row["on_roster"] for row in rows)


def test_accounts_of_a_folder_where_nobody_is_enrolled_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enrol(tmp_path / "elsewhere", "--accounts") == 2

    said = capsys.readouterr()
    assert said.out == "" and "nobody is enrolled in " in said.err and "name the right folder" in said.err
    assert not (tmp_path / "elsewhere").exists()


def test_a_roster_with_a_fault_enrols_nobody(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "people.csv"
    roster.write_text("工号,姓名\nB1001,陈晓敏\nB1002,\n", "utf-8")

    assert enrol(course, str(roster)) == 2

    said = capsys.readouterr().err
    assert "people.csv, row 3" in said
    assert "1 fault in" in said and "nobody was enrolled" in said
    shelf = course.parent / "shelf" / "accounts.json"
    assert not shelf.exists() or "b1001" not in shelf.read_text("utf-8")


def test_the_pages_lead_to_what_is_released_and_to_practice(course: Path) -> None:
    assert enrol(course) == 0

    for language, name in (("en", "Welcome.md"), ("zh", "欢迎.md")):
        home = course.parent / "shelf" / language / "home"
        text = (home / name).read_text("utf-8")
        assert f"senior-agent-01-my-shift-my-minutes-{language}/01-my-shift-my-minutes.ipynb" in text
        assert f"practice/senior-agent.{language}.ipynb" in text
        assert (home / "senior-agent-home.ipynb").is_file()
        assert (home / f"practice/senior-agent.{language}.ipynb").is_file()


def test_before_anything_is_released_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert enrol(tmp_path / "course") == 2

    assert "academy courses release" in capsys.readouterr().err
