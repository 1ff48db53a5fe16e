"""The proof that every lesson gives: imported by the one test file of each lesson, which says which lesson it is.

A test file of a lesson, ``test_lesson_<level>_<nn>.py``, sets ``LESSON``; ``RIGHT``, answers worked out by hand for
checks that need no run of the notebook; and ``MISTAKES``, what people do wrong and what the check then says.
"""

import ast
import contextlib
import functools
import io
import json
import re
from pathlib import Path

import pytest

from ccskills import data
from grader import lessons
from grader.notebooks import choose, read
from tests.content.lesson_run import shared

__all__ = [
    "COURSES",
    "SOURCE",
    "code_cells",
    "judge",
    "missing",
    "one_centre",
    "pytest_generate_tests",
    "runs",
    "test_a_usual_mistake_earns_nothing_and_is_explained_where_that_gives_no_key_away",
    "test_an_answer_worked_out_by_hand_passes",
    "test_an_untouched_lesson_earns_nothing_and_says_in_its_language_what_to_do",
    "test_the_answers_of_the_author_earn_every_point_in_silence",
    "test_the_built_notebook_holds_no_answer",
    "test_the_checks_speak_the_language_of_the_edition",
    "test_the_lesson_holds_every_rule",
    "text_of",
    "told",
    "worked",
]

ROOT = Path(__file__).parents[2]
SOURCE, COURSES = ROOT / "courses" / "source", ROOT / "courses"
LANGUAGES = ("en", "zh")


def path_of(lesson):
    return SOURCE / f"{lesson}.md"


def code_cells(lesson, language="en"):
    return [cell for cell in choose(read(path_of(lesson)), language).cells if cell.kind == "code"]


def text_of(lesson, language="en"):
    """All that an edition says, in one line."""
    return " ".join(cell.source for cell in choose(read(path_of(lesson)), language).cells if cell.kind == "markdown")


def missing(lesson, sentences):
    """What of these the lesson does not say."""
    text = text_of(lesson)
    return [sentence for sentence in sentences if sentence not in text]


@functools.cache
def told(lesson):
    """The names that the cells make which are no part of an exercise."""
    return _run(cell for cell in code_cells(lesson) if not cell.metadata.get("nbgrader"))


@functools.cache
def worked(lesson):
    """The names that all cells but the checks make, with the answers of the author."""
    return _run(cell for cell in code_cells(lesson) if not cell.metadata.get("nbgrader", {}).get("grade"))


def _run(cells):
    scope = {}
    for cell in cells:
        body = ast.parse(cell.source).body
        if isinstance(body[-1], ast.Expr):  # what it would show
            body.pop()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.Module(body, []), "cell", "exec"), scope)
    return scope


def points(lesson):
    """The points of every check by its name."""
    graded = [cell.metadata.get("nbgrader", {}) for cell in code_cells(lesson)]
    return {mark["grade_id"]: mark["points"] for mark in graded if mark.get("grade")}


def pytest_generate_tests(metafunc):
    """Give the tests below what the file of a lesson says about it."""
    module = metafunc.module
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", LANGUAGES)
    if "check" in metafunc.fixturenames:
        metafunc.parametrize("check", module.RIGHT)
    if "mistake" in metafunc.fixturenames:
        metafunc.parametrize("mistake", module.MISTAKES, ids=lambda one: f"{one[0]} {one[1]}")


@pytest.fixture(scope="module", autouse=True)
def one_centre():
    """The generated centre is made once for all checks of a lesson, and each of them gets its own copy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(data, "centre", shared(data.centre))
        yield


@pytest.fixture(scope="module")
def runs(request, tmp_path_factory, lesson_server):
    """The lesson run from top to bottom, warnings being errors: answers and stubs, both languages."""
    folder, path = tmp_path_factory.mktemp("runs"), path_of(request.module.LESSON)
    for language in LANGUAGES:
        (folder / f"{language}-answers").write_text(json.dumps(lessons.source(path, language)), "utf-8")
        (folder / f"{language}-stubs").write_bytes(lessons.built(path, language))
    names = [f"{language}-{what}" for language in LANGUAGES for what in ("answers", "stubs")]
    done = lesson_server.run([str(Path(__file__).with_name("lesson_run.py")), *LANGUAGES], folder, most_s=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == "", done.stderr[-2000:]
    return {tuple(name.split("-")): json.loads((folder / f"{name}.run").read_text("utf-8")) for name in names}


def test_the_lesson_holds_every_rule(request):
    assert [str(problem) for problem in lessons.check(path_of(request.module.LESSON))] == []


def test_the_answers_of_the_author_earn_every_point_in_silence(language, runs, request):
    run = runs[language, "answers"]

    assert run["marks"] == points(request.module.LESSON)


def test_an_untouched_lesson_earns_nothing_and_says_in_its_language_what_to_do(language, runs, request):
    run, says = runs[language, "stubs"], {"en": "has no", "zh": "还没有作答"}[language]

    assert run["marks"] == dict.fromkeys(points(request.module.LESSON), 0)
    assert [text for text in run["texts"] if says not in text] == []


def test_the_checks_speak_the_language_of_the_edition(runs):
    for what in ("answers", "stubs"):
        assert not any(re.search("[一-鿿]", text) for text in runs["en", what]["texts"])
        assert all(re.search("[一-鿿]", text) for text in runs["zh", what]["texts"])


def test_the_built_notebook_holds_no_answer(language, request):
    lesson = request.module.LESSON
    notebook = json.loads((COURSES / language / f"{lesson}.ipynb").read_text("utf-8"))
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    secret = {
        line.strip()
        for cell in read(path_of(lesson)).cells
        for block in re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", cell.source, re.S)
        for line in block.splitlines()
        if line.strip()
    }

    assert len(secret) > 5
    assert [line for line in secret if line in text] == []
    assert not re.search("SOLUTION|HIDDEN|Model answer|参考答案", text)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])


@functools.cache
def checks(lesson):
    graded = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in code_cells(lesson)]
    return {mark["grade_id"]: source for mark, source in graded if mark.get("grade")}


def judge(lesson, name, hidden=True, **answers):
    """None when the check ``name`` lets the answers pass, else what it says; not ``hidden``: as learners run it."""
    code = checks(lesson)[name]
    if not hidden:
        code = code.partition("### BEGIN HIDDEN TESTS")[0]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"language": "en"} | answers)
    except AssertionError as error:
        return str(error) or "hidden"
    return None


def test_an_answer_worked_out_by_hand_passes(check, request):
    module = request.module

    assert judge(module.LESSON, check, **module.RIGHT[check]) is None


def test_a_usual_mistake_earns_nothing_and_is_explained_where_that_gives_no_key_away(mistake, request):
    module, (check, wrong, says) = request.module, mistake
    answers = module.RIGHT[check] | wrong

    assert says in judge(module.LESSON, check, **answers)
    assert (judge(module.LESSON, check, hidden=False, **answers) is None) == (says == "hidden")
