"""What a lesson gives a learner on the way: hints, solutions, the quiz, progress, the level at one glance, terms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccskills import lesson
from ccskills.lesson import _progress
from tests.ccskills.lesson_notebook import BESIDE, CHECK, NAME, Notebook, fixtures, progress, shown, write

folder, notebook = fixtures()


# --- hints, solutions, quiz -------------------------------------------------------------------------------------------


def test_hints_open_one_after_the_other(notebook: Notebook) -> None:
    notebook.open()

    said = [repr(shown(notebook, 'lesson.hint("e1")')) for _ in range(3)]

    assert said == ["Hint 1 of 2\nFirst.", "Hint 2 of 2\nSecond.", "Hint 1 of 2\nFirst."]
    assert "<p>Second.</p>" in shown(notebook, 'lesson.hint("e1")')._repr_html_()
    assert "has no hint" in repr(shown(notebook, 'lesson.hint("e2b")'))
    assert repr(shown(notebook, 'lesson.hint("e7")')) == "This lesson has no exercise 'e7'; it has e1, e2."


def test_a_worked_solution_wants_a_try_first(notebook: Notebook) -> None:
    notebook.open()
    before = repr(shown(notebook, 'lesson.solution("e1")'))
    notebook.run("agents = 30")
    notebook.run(CHECK)

    after = shown(notebook, 'lesson.solution("e1")')

    assert before.startswith("Try first") and "agents = 21" not in before
    assert repr(after) == "Worked solution: Exercise 1: people\n    agents = 21"
    assert "<code>agents = 21</code>" in after._repr_html_()


def test_a_worked_solution_can_be_had_at_once_when_one_insists(notebook: Notebook) -> None:
    notebook.open()

    assert "agents = 21" in repr(shown(notebook, 'lesson.solution("e1", anyway=True)'))


def test_an_edition_that_is_marked_holds_no_solution(notebook: Notebook) -> None:
    notebook.open()

    assert "holds no worked solutions" in repr(shown(notebook, 'lesson.solution("e2", anyway=True)'))


def test_the_quiz_is_that_of_the_lesson_and_keeps_its_answers_beside_it(notebook: Notebook, folder: Path) -> None:
    notebook.open("zh")

    page = shown(notebook, "lesson.quiz()")

    assert page.language == "zh"
    assert [one["id"] for one in page.questions] == ["FC-3.3-a"]
    assert page.quiz.answer("FC-3.3-a", "a") == 1
    assert (folder / "01-workload.progress.jsonl").exists()


def test_a_lesson_without_practice_questions_says_so(notebook: Notebook, folder: Path) -> None:
    write(folder, quiz=BESIDE["quiz"] | {"questions": []})
    notebook.open()

    assert repr(shown(notebook, "lesson.quiz()")) == "There are no practice questions for this lesson yet."


# --- a file that is not as it should be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "The file 01-workload.lesson.json belongs beside this notebook and is not there"),
        ("{", "The file 01-workload.lesson.json is damaged"),
        (json.dumps(BESIDE | {"exercises": 3}), "The file 01-workload.lesson.json is damaged"),
        (json.dumps(BESIDE | {"lesson": "manager/01-workload"}), "belongs to manager/01-workload, and this is superv"),
    ],
)
def test_a_missing_damaged_or_foreign_file_is_said_and_the_lesson_goes_on(
    content: str | None, says: str, notebook: Notebook, folder: Path
) -> None:
    path = folder / "01-workload.lesson.json"
    path.unlink()
    if content is not None:
        path.write_text(content, "utf-8")

    assert says in notebook.open()
    assert says in repr(shown(notebook, 'lesson.hint("e1")'))
    assert says in repr(shown(notebook, "lesson.quiz()"))
    assert "The name foo is not known yet." in notebook.run("foo")
    notebook.run("agents = 21")
    assert notebook.run(CHECK) == ""


def test_nothing_happens_where_submissions_are_graded(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    assert notebook.open() == ""
    notebook.run("agents = 21")
    assert notebook.run(CHECK) == ""
    assert shown(notebook, "lesson.quiz()") is None
    assert progress() == []


# --- progress ---------------------------------------------------------------------------------------------------------


def test_several_notebooks_write_at_once_and_nothing_is_lost(folder: Path) -> None:
    code = (
        "import sys\nfrom ccskills.lesson import _progress\n"
        "for n in range(40):\n    _progress.keep('passed', sys.argv[1], f'e{n}', f'e{n}')"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, f"lesson-{n}"]) for n in range(4)]
    assert [one.wait(60) for one in running] == [0] * 4

    done, trouble = _progress.recall()

    assert trouble is None
    assert {name: len(exercises) for name, exercises in done.items()} == {f"lesson-{n}": 40 for n in range(4)}


def test_a_broken_progress_file_is_set_aside_and_what_can_be_read_stays(folder: Path) -> None:
    _progress.keep("passed", NAME, "e1", "e1")
    path = _progress.place()
    broken = b"\xff\xfe nonsense\n" + path.read_bytes() + b'{"event": "passed"}\n' + path.read_bytes()
    path.write_bytes(broken)

    done, trouble = _progress.recall()
    again, silence = _progress.recall()

    assert done == again == {NAME: {"e1": _progress.Done(0, frozenset({"e1"}), 0)}}
    assert trouble is not None and "kept as progress.broken-1.jsonl; 2 good lines" in trouble.en
    assert silence is None
    assert path.with_name("progress.broken-1.jsonl").read_bytes() == broken


def test_a_line_torn_by_a_power_cut_is_left_out_in_silence(folder: Path) -> None:
    _progress.keep("passed", NAME, "e1", "e1")
    with _progress.place().open("ab") as file:
        file.write(b'{"event": "pas')

    assert _progress.recall() == ({NAME: {"e1": _progress.Done(0, frozenset({"e1"}), 0)}}, None)


def test_progress_that_cannot_be_kept_is_said_and_stops_nobody(notebook: Notebook, folder: Path) -> None:
    (folder / "data").write_text("a file where a folder is wanted")
    notebook.open()
    notebook.run("agents = 21")

    said = notebook.run(CHECK)

    assert said.startswith("✓ Check passed. Exercise 1: people\nYour progress cannot be kept in ")


@pytest.mark.parametrize("base", ["XDG_DATA_HOME", "HOME"])
def test_the_file_lies_where_the_system_keeps_data(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv(base, str(tmp_path))

    inside = {"XDG_DATA_HOME": tmp_path, "HOME": tmp_path / ".local" / "share"}[base]

    assert _progress.place() == inside / "ccskills" / "progress.jsonl"


# --- the level at one glance ------------------------------------------------------------------------------------------


@pytest.fixture
def level(folder: Path) -> Callable[..., str]:
    """A level of two lessons, the second in a folder of its own, as the assignment list lays it out."""
    write(folder)
    (folder / "01-workload.ipynb").write_text("{}")
    (folder / "supervisor-02-sample").mkdir()
    write(
        folder / "supervisor-02-sample", "02-sample", lesson="supervisor/02-sample", title="A fair sample", minutes=75
    )
    write(folder, "09-other", lesson="manager/09-other", level=4)

    def overview(*passed: tuple[str, str], html: bool = False) -> str:
        for name, check in passed:
            _progress.keep("passed", name, check[:2], check)
        said = lesson.home(3, "en")
        return said._repr_html_() if html else repr(said)

    return overview


def test_home_names_the_first_lesson_that_is_not_begun(level: Callable[..., str]) -> None:
    said = level()

    assert "Workload | 60 | 0 / 2 | 0 / 1\nA fair sample | 75 | 0 / 2 | 0 / 1" in said
    assert "Next: Workload. It is the first one of this level you have not begun, 60 minutes." in said
    assert "Lessons still open take about 135 minutes." in said


def test_an_exercise_with_two_checks_has_passed_when_both_have(level: Callable[..., str]) -> None:
    assert "Next: Workload. You have begun it: 1 of 2 exercises have passed." in level((NAME, "e1"), (NAME, "e2a"))

    said = level((NAME, "e2b"))

    assert "Workload | 60 | ✓ 2 / 2" in said
    assert "Next: A fair sample." in said and "about 75 minutes" in said


def test_readiness_comes_with_the_limits_that_so_few_answers_support(level: Callable[..., str], folder: Path) -> None:
    answer = {"at": "2026-11-22T08:00:00Z", "event": "answer", "question": "q", "statement": "FC-3.3", "value": "a"}
    lines = [json.dumps(answer | {"question": f"q{n}", "points": points}) for n, points in enumerate([1, 1, 1, 0, 1])]
    (folder / "01-workload.progress.jsonl").write_text("\n".join(lines) + "\n")
    everything = [(name, check) for name in (NAME, "supervisor/02-sample") for check in ("e1", "e2a", "e2b")]

    said = level(*everything)

    # Wilson at 95 %, 4 of 5: (0.8 + 0.384 ± 1.96 √(0.032 + 0.0384)) / 1.768 = 0.376 and 0.964
    assert "Forecasting & scheduling: right answers to the latest practice questions, 4 of 5." in said
    assert "between 38 % and 96 % right" in said
    assert "scheduling again, your weakest: right answers to the latest questions, 4 of 5." in said


def test_the_table_leads_to_the_notebooks_that_are_there(level: Callable[..., str]) -> None:
    page = level(html=True)

    assert '<a href="01-workload.ipynb">Workload</a>' in page
    assert '<th scope="row"' in page and "A fair sample</th>" in page  # its notebook is not there


def test_a_folder_without_lessons_says_so(folder: Path) -> None:
    assert repr(lesson.home(2, "zh")) == "这个文件夹里没有第2级的课程。"


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["average handle time", "AHT", "平均处理时长", "average handle time (AHT)", " aht "])
def test_a_term_is_found_by_each_of_its_spellings(term: str) -> None:
    assert repr(lesson.glossary(term, "en")).startswith("average handle time (AHT) · 平均处理时长（AHT）\n(talk + hold")
    assert repr(lesson.glossary(term, "zh")).startswith("平均处理时长（AHT） · average handle time (AHT)\n（通话＋保持")


def test_a_term_that_is_not_there_leads_to_its_neighbours() -> None:
    assert repr(lesson.glossary("shrink", "en")) == "The glossary has no “shrink”. Near it: shrinkage."


def test_importing_it_asks_for_no_notebook() -> None:
    heavy = "{'IPython', 'anywidget', 'ccskills.quality'}"
    code = f"import sys; from ccskills import lesson; print({heavy} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)

    assert done.stdout.strip() == "set()"


def test_before_the_first_cell_is_run_both_languages_say_so(notebook: Notebook) -> None:
    for call in ("hint('e1')", "solution('e1')", "quiz()"):
        said = repr(shown(notebook, f"from ccskills import lesson\nlesson.{call}"))

        assert said.splitlines() == [
            "No lesson is open here: run the first grey cells of the notebook, then this one again.",
            "这里还没有打开课程：请先运行笔记本最上面几个灰色单元格，再运行这一格。",
        ]


def test_a_chinese_word_is_explained_in_chinese_before_the_first_cell_is_run(notebook: Notebook) -> None:
    said = repr(shown(notebook, "from ccskills import lesson\nlesson.glossary('占用率')"))

    assert said.startswith("占用率 · occupancy\n处理时间÷")
