"""What a lesson says in a live notebook: a real IPython shell runs the cells of a learner, right and wrong ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import ccskills
from ccskills import lesson
from ccskills.lesson import _progress

NAME = "supervisor/01-workload"
BESIDE: dict[str, Any] = {
    "lesson": NAME,
    "language": "en",
    "title": "Workload",
    "level": 3,
    "minutes": 60,
    "needs": [],
    "statements": {"FC-3.3": "Works out positions"},
    "ccskills": ccskills.__version__,
    "names": {"lesson": "", "ours": "2. The data", "calls": "3. Cleaning"},
    "answers": {"agents": "e1", "level_c": "e2", "level_a": "e2"},
    "exercises": [
        {
            "id": "e1",
            "title": "Exercise 1: people",
            "checks": ["e1"],
            "hints": [{"text": "First.", "html": "<p>First.</p>"}, {"text": "Second.", "html": "<p>Second.</p>"}],
            "solution": "agents = 21",
        },
        {"id": "e2", "title": "Exercise 2: levels", "checks": ["e2a", "e2b"], "hints": []},
    ],
    "quiz": {
        "quiz": 1,
        "title": {"en": "Workload: practice", "zh": "话务负荷：练习"},
        "questions": [
            {
                "id": "FC-3.3-a", "version": 1, "variant": None, "kind": "choice", "statement": "FC-3.3", "key": "a",
                "statement_text": {"en": "Positions", "zh": "座席数"}, "stem_html": {"en": "How?", "zh": "怎么算？"},
                "options": [
                    {"id": "a", "html": {"en": "divide", "zh": "除"}, "reason_html": None},
                    {"id": "b", "html": {"en": "multiply", "zh": "乘"}, "reason_html": None},
                ],
            }
        ],
    },
}  # fmt: skip
CHECK = """
# Exercise 1: check  练习1：检查
assert agents is not None, {"en": "Exercise 1 has no answer yet.", "zh": "练习1还没有作答。"}[language]
assert agents != 30, {"en": "did you multiply by (1 + shrinkage)?", "zh": "是不是乘了（1＋缩减率）？"}[language]
lesson.passed("e1")
"""


class Notebook:
    """A shell in a folder, with what its cells published."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        self.shell: Any = InteractiveShell(config=config)
        self.said: list[dict[str, str]] = []
        self.shell.display_pub.publish = lambda data, *_, **__: self.said.append(data)

    def run(self, code: str) -> str:
        """Run a cell; what was said of it, as plain text."""
        self.said.clear()
        self.shell.run_cell(code)
        return "\n".join(one["text/plain"] for one in self.said)

    def open(self, language: str = "en", name: str = NAME) -> str:
        return self.run(f'from ccskills import lesson\nlanguage = "{language}"\nlesson.begin("{name}", language)')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(lesson._Here, "lesson", None)
    monkeypatch.setattr(lesson._Here, "lacks", lesson._NO_LESSON)
    monkeypatch.setattr(lesson._Here, "language", "en")
    monkeypatch.setattr(lesson._Here, "spoken", False)
    return tmp_path


@pytest.fixture
def notebook(folder: Path) -> Notebook:
    write(folder)
    return Notebook()


def write(folder: Path, name: str = "01-workload", **other: Any) -> None:
    (folder / f"{name}.lesson.json").write_text(json.dumps(BESIDE | other), "utf-8")


def progress() -> list[tuple[str, str]]:
    path = _progress.place()
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [(entry["event"], entry["check"]) for entry in map(json.loads, lines)]


# --- errors -----------------------------------------------------------------------------------------------------------

SPOKEN = [
    ("ours", ["The name ours is not known yet.", "Section “2. The data” makes it", "Take a fresh copy of the lesson"]),
    ("calls.head()", ["Section “3. Cleaning” makes it", "Line 1 of the cell:", "calls.head()"]),
    ("1 +\\\n agents", ["It is an answer of “Exercise 1: people”. Write agents = ..."]),
    (CHECK, ["The name agents is not known yet.", "answer cell of that exercise", "if the cell is gone"]),
    ("agent = 17\nagents", ["There is a name agent: is that what was meant?"]),
    ("level_c = 1\nlevel_a", ["Exercise 2: levels"]),
    ("yes", ["The name yes is not known yet.", "Text stands in quotation marks"]),
    ("# YOUR CODE HERE\nraise NotImplementedError()", ["This exercise has no answer yet.", "# YOUR CODE HERE"]),
    ("x = (1 + 2", ["A bracket or a quotation mark is opened and never closed."]),
    ("x = 1 + 2)", ["There is one ) too many"]),
    ("x = (1, 2]", ["The brackets do not match"]),
    ('x = "abc', ["A text has no closing quotation mark.", "Line 1 of the cell:"]),
    ("y = 1\nx = 3，4", ["The sign ， has no place in code", "Line 2 of the cell:", "x = 3，4"]),
    ("x = “abc”", ["The sign “ has no place in code"]),
    ("x = [1 2]", ["A comma is probably missing"]),
    ("x = 295s", ["A number is written without its unit"]),
    ("x = 0295", ["without a 0 in front"]),
    ("if True\n    x = 1", ["A colon is missing"]),
    ("x = 1\n  y = 2", ["The line begins with spaces"]),
    ("for x in [1]:\ny = 1", ["begin with four spaces"]),
    ("21 = agents", ["One name stands on the left of ="]),
    ("x = = 3", ["Something is missing or left over here"]),
    ("1 / 0", ["Here something is divided by 0.", "ZeroDivisionError: division by zero", "1 / 0"]),
    ("{}['x']", ["There is no column or entry of this name.", "KeyError: 'x'"]),
    ("import nowhere", ["The package nowhere is not installed here.", "pip install nowhere"]),
    ("from ccskills import staffing\nstaffing.erlangc", ["ccskills.staffing has no erlangc.", "There is erlang_c"]),
    ("from ccskills.staffing import magic", ["ccskills.staffing has no magic."]),
    ("from ccskills import staffing\nstaffing.erlang_c(-3, 2, 100)",
     ["A value does not fit.", "load must be 0 or more, got -3", "Line 2 of the cell:", "staffing.erlang_c(-3"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words"), SPOKEN, ids=[code[-30:] for code, _ in SPOKEN])
def test_an_error_is_told_in_plain_words_and_without_a_page_of_frames(
    code: str, words: list[str], notebook: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook.open()

    said = notebook.run(code)

    assert [word for word in words if word not in said] == [], said
    assert "Traceback" not in said + capsys.readouterr().out and len(said.splitlines()) <= 6


@pytest.mark.parametrize("code", [code for code, _ in SPOKEN], ids=[code[-30:] for code, _ in SPOKEN])
def test_every_error_is_told_in_chinese_too(code: str, notebook: Notebook) -> None:
    notebook.open("zh")

    said = notebook.run(code)

    for line in said.splitlines():
        assert re.search("[一-鿿]", line) or line.startswith("    "), said
    assert not re.search("[一-鿿][,;?!]", said)


def test_a_check_says_its_sentence_and_nothing_else_for_eyes_and_ears(notebook: Notebook) -> None:
    notebook.open()
    notebook.run("agents = 30")

    said = notebook.run(CHECK)

    assert said == "did you multiply by (1 + shrinkage)?"
    (page,) = notebook.said
    assert page["text/html"].startswith('<div role="alert" lang="en"')
    assert progress() == [("tried", "e1")]


@pytest.mark.parametrize(
    ("answer", "language", "says"),
    [
        (
            "'82.3%'",
            "en",
            "82.3% is text. Write the number alone: without quotation marks, without % or any other sign.",
        ),
        ("'八成'", "zh", "八成是文本。请只写数字：不加引号，不写百分号或别的符号。"),
        ("[21]", "en", "A number is wanted in an answer, and what stands there is a list."),
    ],
)
def test_an_answer_that_is_no_number_is_told_without_the_line_of_the_check(
    notebook: Notebook, answer: str, language: str, says: str
) -> None:
    notebook.open(language)
    notebook.run(f"agents = {answer}")

    assert notebook.run(CHECK.replace("assert", "float(agents)\nassert", 1)) == says


def test_what_a_learner_wrote_does_not_become_part_of_the_page(notebook: Notebook) -> None:
    notebook.open()

    notebook.run("raise ValueError('<script>alert(1)</script>')")

    assert "<script>" not in notebook.said[0]["text/html"]


def test_a_right_answer_gets_a_tick_that_is_kept(notebook: Notebook) -> None:
    notebook.open("zh")
    notebook.run("agents = 21")

    said = notebook.run(CHECK)

    assert said == "✓ 检查通过。Exercise 1: people"
    assert 'role="status" lang="zh-CN"' in notebook.said[0]["text/html"]
    assert progress() == [("passed", "e1")]


def alone(folder: Path, decides: str) -> Notebook:
    """The edition for self-study: its file holds the tests that decide."""
    first = BESIDE["exercises"][0] | {"tests": {"e1": decides}}
    write(folder, exercises=[first, BESIDE["exercises"][1]])
    return Notebook()


def test_the_tick_of_a_part_does_not_read_as_one_of_the_whole_exercise(notebook: Notebook) -> None:
    notebook.open()
    first = notebook.run('lesson.passed("e2a")')
    notebook.open("zh")

    assert first == "✓ Check passed, part 1 of 2. Exercise 2: levels"
    assert notebook.run('lesson.passed("e2b")') == "✓ 检查通过（第2部分，共2部分）。Exercise 2: levels"


def test_who_learns_alone_is_told_that_an_answer_of_the_right_form_is_wrong(folder: Path) -> None:
    notebook = alone(folder, "_right = 17 + 4\nassert agents == _right")
    notebook.open()
    notebook.run("agents = 20")

    wrong = notebook.run(CHECK)
    notebook.run("agents = 21")
    right = notebook.run(CHECK)

    assert wrong == (
        "The form is in order, but the answer is not right yet. "
        'In an empty cell, lesson.hint("e1") gives a hint, lesson.solution("e1") the worked solution.'
    )
    assert right == "✓ Right. Exercise 1: people"
    assert progress() == [("tried", "e1"), ("passed", "e1")]
    assert "_right" not in notebook.shell.user_ns


@pytest.mark.parametrize(
    ("decides", "says"),
    [
        ('assert agents == 21, {"en": "Round up.", "zh": "要向上取整。"}[language]', "要向上取整。"),
        ("assert agents.sum() == 21", "形式没有问题，但答案还不对。"),
    ],
)
def test_a_test_that_decides_says_its_own_sentence_and_never_breaks(decides: str, says: str, folder: Path) -> None:
    notebook = alone(folder, decides)
    notebook.open("zh")
    notebook.run("agents = 20")

    assert notebook.run(CHECK) == f'{says}在空单元格里写lesson.hint("e1")看提示，写lesson.solution("e1")看解答。'


def test_a_stub_that_was_never_filled_in_is_no_try(notebook: Notebook) -> None:
    notebook.open()
    notebook.run("agents = None")

    assert notebook.run(CHECK) == "Exercise 1 has no answer yet."
    assert progress() == []


def test_a_chart_carries_its_sentence_for_people_who_do_not_see_it(notebook: Notebook) -> None:
    notebook.open()
    figure = shown(notebook, "from ccskills import reporting\nreporting.staffing_chart(load=13.33, aht_s=240)")

    data, _ = notebook.shell.display_formatter.format(figure)

    assert re.search(r'<img alt="Service level by number of agents: 17 agents reach 81.1', data["text/html"])


def test_a_lesson_brings_the_look_of_its_outputs_and_says_nothing_by_it(notebook: Notebook) -> None:
    said = notebook.open()

    (look,) = notebook.said
    assert said == "" and "<style" in look["text/html"] and "word-break: normal" in look["text/html"]


def test_dates_and_times_of_a_table_stay_on_one_line(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
pd.DataFrame({"day": pd.to_datetime(["2026-08-31"]), "at": ["2026-08-31 09:30"], "parts": ["1-2-3"]})"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    kept = re.findall(r'<span style="white-space:nowrap">(.+?)</span>', data["text/html"])
    assert kept == ["2026-08-31", "2026-08-31 09:30"] and "<td>1-2-3</td>" in data["text/html"]


def test_words_of_a_table_stand_flush_left_and_figures_flush_right(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
rows = pd.MultiIndex.from_tuples([("合肥", "A1"), ("合肥", "A2")], names=["site", "agent"])
pd.DataFrame({"n": [12, 9], "cause": ["系统慢", "转接多"], "share": ["12.3%", "4 min"], "wait": ["no", "3 s"]}, rows)"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    left = re.findall(r'<t[dh] style="text-align: left">(.*?)</t[dh]>', data["text/html"])
    assert left == ["cause", "", "系统慢", "转接多"]


def test_large_figures_have_their_thousands_marked_and_names_have_not(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
calls = pd.array([None, 7, 1200], "Int64")
figures = {"cost": [1687000.5, -5321.25, float("nan")], "call_id": [101814, 101815, 101816], "year": [2025, 2026, 2027]}
pd.DataFrame({**figures, "calls": calls, "paid": [9, 1107090, -10000]})"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    rows = re.findall(r"<tr>\s*<th>\d</th>(.*?)</tr>", data["text/html"], re.S)
    assert [re.findall(r"<td>(.*?)</td>", row) for row in rows] == [
        ["1,687,000.50", "101814", "2025", "&lt;NA&gt;", "9"],
        ["-5,321.25", "101815", "2026", "7", "1,107,090"],
        ["NaN", "101816", "2027", "1,200", "-10,000"],
    ]


def test_figures_of_four_digits_alone_are_left_as_they_are(notebook: Notebook) -> None:
    notebook.open()
    frame = shown(notebook, "import pandas as pd\npd.DataFrame({'calls': [1200, 9999]})")

    data, _ = notebook.shell.display_formatter.format(frame)

    assert re.findall(r"<td>(.*?)</td>", data["text/html"]) == ["1200", "9999"]


def test_a_chinese_heading_stands_above_the_name_that_is_typed(notebook: Notebook) -> None:
    notebook.open()
    code = """import pandas as pd
causes = pd.Index(["休假leave"], name="原因cause")
pd.DataFrame({"话务量load": [1.5], "来电量": [2], "占比（%）share_pct": [3], "限值%limit_pct": [4]}, causes)"""
    frame = shown(notebook, code)

    data, _ = notebook.shell.display_formatter.format(frame)

    heads = re.findall(r"<th[^>]*>(.+?)</th>", data["text/html"])
    assert heads == [
        "话务量<br>load",
        "来电量",
        "占比（%）<br>share_pct",
        "限值%<br>limit_pct",
        "原因<br>cause",
        "休假leave",
    ]


def test_a_table_with_columns_left_out_stays_as_pandas_sets_it(notebook: Notebook) -> None:
    notebook.open()
    frame = shown(notebook, "import pandas as pd\npd.DataFrame({f'c{n}': ['word'] for n in range(60)})")

    with pd.option_context("display.max_columns", 20):
        data, _ = notebook.shell.display_formatter.format(frame)

    assert "..." in data["text/html"] and "text-align: left" not in data["text/html"].partition("<table")[2]


def test_a_table_that_pandas_writes_as_text_stays_text(notebook: Notebook) -> None:
    notebook.open()
    notebook.run("import pandas as pd\npd.set_option('display.notebook_repr_html', False)")
    try:
        data, _ = notebook.shell.display_formatter.format(shown(notebook, "pd.DataFrame({'a': [1]})"))
    finally:
        notebook.run("pd.reset_option('display.notebook_repr_html')")

    assert "text/html" not in data and "a" in data["text/plain"]


# --- hints, solutions, quiz -------------------------------------------------------------------------------------------


def shown(notebook: Notebook, code: str) -> Any:
    return notebook.shell.run_cell(code).result


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


def test_a_library_of_another_version_is_named_with_the_one_that_is_wanted(notebook: Notebook, folder: Path) -> None:
    write(folder, ccskills="9.1.0")

    opened = notebook.open()
    missing = notebook.run("from ccskills import staffing\nstaffing.magic(1)")
    imported = notebook.run("from ccskills.staffing import magic")
    argument = notebook.run("staffing.erlang_c(3, 4, 100, magic=1)")

    assert "made with version 9.1.0 of ccskills" in opened
    for said in (missing, imported, argument):
        assert f"wants version 9.1.0 of ccskills, and {ccskills.__version__} is installed: it has no magic." in said
        assert 'run `pip install "./ccskills-9.1.0-py3-none-any.whl"` in an empty cell' in said


def test_a_package_of_lessons_that_is_missing_is_brought_with_all_the_others(notebook: Notebook) -> None:
    notebook.open()

    said = notebook.run("raise ModuleNotFoundError(name='anywidget')")
    other = notebook.run("import seaborn_of_somebody")

    assert "The package anywidget is not installed here." in said
    assert 'Run `pip install "ccskills[lessons]"` in an empty cell and restart the notebook.' in said
    assert "Run `pip install seaborn_of_somebody` in an empty cell" in other


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
    assert "Forecasting & scheduling: 4 of the last 5 practice answers were right." in said
    assert "between 38 % and 96 % right" in said
    assert "Practise Forecasting & scheduling again: there 4 of your last 5 answers were right" in said


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
