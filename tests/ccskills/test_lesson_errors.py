"""What a lesson says of a learner's cell that breaks, and of an answer that a check finds right or wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ccskills
from tests.ccskills.lesson_notebook import BESIDE, CHECK, Notebook, fixtures, progress, write

folder, notebook = fixtures()


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


# --- packages that are missing or of another version ------------------------------------------------------------------


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
