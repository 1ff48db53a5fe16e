"""What `academy start` lays out: sound lessons below the home page of their level; a broken one stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import lessons, nbcourse
from grader.centre import PROJECT
from grader.certify import Academy, SeatCard
from grader.commands import courses, main
from grader.launch import centre as desk
from grader.launch.welcome import trainee_page, trainer_page
from grader.notebooks import render_html
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
        laid_out, missing = desk._lay_out_lessons(academy, home, "zh")
        released = nbcourse.assignments(academy.centre.course)

    assert "supervisor/02-broken.md:6: `minutes` must be" in capsys.readouterr().err
    assert released == ["supervisor-01-workload-zh"]
    assert missing == ("supervisor/02-broken",)
    assert laid_out == (
        ("主管：学到哪里了", "supervisor-home.ipynb"),
        ("话务负荷", f"{NAME.replace('/', '-')}-zh/01-workload.ipynb"),
    )
    assert (home / laid_out[0][1]).is_file()
    folder = (home / laid_out[1][1]).parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "01-workload-summary.html", "01-workload.ipynb", "01-workload.lesson.json"
    ]  # fmt: skip
    assert "17 + 4" not in "".join(path.read_text("utf-8") for path in folder.iterdir())


def test_what_jupyterlab_keeps_beside_an_edited_lesson_is_no_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "courses" / "source"
    lesson = write(sources, LESSON)
    kept = lesson.parent / ".ipynb_checkpoints" / f"{lesson.stem}-checkpoint.md"
    kept.parent.mkdir()
    kept.write_text("the lesson as it was when the trainer began", "utf-8")
    monkeypatch.setattr(desk, "PROJECT", tmp_path)
    monkeypatch.setattr(courses, "SOURCE", sources)

    assert desk._sources() == [lesson]
    main(["courses", "check"])
    assert "checkpoint" not in "".join(capsys.readouterr())


def test_a_lesson_is_checked_again_only_when_it_or_what_it_is_made_by_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checked, check, project = [], lessons.check, tmp_path / "project"
    (project / "grader").mkdir(parents=True)
    program = project / "grader" / "lessons.py"
    program.write_text("one", "utf-8")
    source = write(tmp_path / "source", LESSON)
    monkeypatch.setattr(desk, "_sources", lambda: [source])
    monkeypatch.setattr(desk, "PROJECT", project)
    monkeypatch.setattr(lessons, "check", lambda path: checked.append(path) or check(path))

    def start(*languages: str) -> tuple[int, int]:
        """How many checks a start makes, and how many editions it releases."""
        before = len(checked)
        desk._offer_lessons(academy, languages)
        return len(checked) - before, capsys.readouterr().err.count("laying out")

    with Academy(tmp_path / "centre") as academy:
        nbcourse.create(academy.centre.course, course_id="academy", exchange=academy.centre.exchange)
        assert [start("zh"), start("zh")] == [(1, 1), (0, 0)]
        assert [start("en", "zh"), start("en", "zh")] == [(1, 1), (0, 0)]  # the other edition is still due

        program.write_text("two, and makes the same of it", "utf-8")
        assert [start("zh"), start("zh")] == [(1, 0), (0, 0)]

        source.write_text(source.read_text("utf-8").replace("17 + 4", "17 + 5"), "utf-8")
        assert [start("zh"), start("zh")] == [(1, 1), (0, 0)]

        source.write_text(LESSON.replace("minutes: 60", "minutes: many"), "utf-8")
        assert [start("zh"), start("zh")] == [(1, 0), (1, 0)]  # told at every start


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "./academy courses check supervisor/02-broken"), ("zh", "暂缺课程：supervisor/02-broken")],
)
def test_the_first_page_says_what_to_do_next_above_the_lessons_and_names_one_that_is_missing(
    tmp_path: Path, language: str, said: str
) -> None:
    places = (("Level", "supervisor-home.ipynb"), ("One", "one/01.ipynb"), ("Two", "two/02.ipynb"))
    seat = SeatCard("TL-practice-1-01", "me", "Me", language, "K7QM-3XPD")

    page = trainee_page(desk.Desk(tmp_path, places, ("supervisor/02-broken",), "practice/quiz.ipynb", seat), language)
    whole = trainee_page(desk.Desk(tmp_path, places, (), "practice/quiz.ipynb", seat), language).decode()

    html = render_html(page.decode())
    order = ["practice/quiz.ipynb", "/academy", "K7QM-3XPD", "supervisor-home.ipynb", "one/01.ipynb", "two/02.ipynb"]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert "**" not in html and html.count("<tr>") == 4 + 2
    assert said in page.decode() and "02-broken" not in whole


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_trainers_page_leads_to_folders_by_ways_of_the_server(language: str) -> None:
    page = trainer_page(PROJECT.parent, language, "/user/trainers").decode()

    # JupyterLab opens a relative link as a file and says that a folder is none.
    for folder in ("courses/source", "question_bank/items", "question_bank/practicals"):
        assert f"](/user/trainers/lab/tree/{PROJECT.name}/{folder})" in page
        assert (PROJECT / folder).is_dir()
