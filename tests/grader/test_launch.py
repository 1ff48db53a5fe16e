"""What `academy start` lays out: sound lessons below the home page of their level; a broken one stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import nbcourse
from grader.certify import Academy
from grader.launch import centre as desk
from tests.grader.sample_lesson import LESSON, NAME, write


def test_a_broken_lesson_is_named_and_the_others_are_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = write(tmp_path / "source", LESSON)
    broken = write(tmp_path / "source", LESSON.replace("minutes: 60", "minutes: many"), "supervisor/02-broken")
    monkeypatch.setattr(desk, "_sources", lambda: [sound, broken])
    home = tmp_path / "home"
    home.mkdir()

    with Academy(tmp_path / "centre") as academy:
        nbcourse.create(academy.centre.course, course_id="academy", exchange=academy.centre.exchange)
        desk._offer_lessons(academy, ["zh"])
        laid_out = desk._lay_out_lessons(academy, home, "zh")
        released = nbcourse.assignments(academy.centre.course)

    assert "supervisor/02-broken.md:6: `minutes` must be" in capsys.readouterr().err
    assert released == ["supervisor-01-workload-zh"]
    assert laid_out == [
        ("主管：学到哪里了", "supervisor-home.ipynb"),
        ("话务负荷", f"{NAME.replace('/', '-')}-zh/01-workload.ipynb"),
    ]
    assert (home / laid_out[0][1]).is_file()
    folder = (home / laid_out[1][1]).parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "01-workload-summary.html", "01-workload.ipynb", "01-workload.lesson.json"
    ]  # fmt: skip
    assert "17 + 4" not in "".join(path.read_text("utf-8") for path in folder.iterdir())
