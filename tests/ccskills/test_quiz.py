"""The practice quiz without a browser: answers that are kept, what the page may know, and files that are no quiz."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ccskills import quiz
from tests.ccskills.quiz_questions import CHOICE, MATCH, MULTI, NUMBER, ORDER, RIGHT, options, write

STATIC = Path(quiz.__file__).parent / "static"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team-leader.quiz.json"
    write(path)
    return path


# --- answers are kept -------------------------------------------------------------------------------------------------


def test_every_answer_is_there_again_when_the_cell_is_run_again(file: Path) -> None:
    first = quiz.Quiz(file)
    for name, value in RIGHT.items():
        assert first.answer(name, value) == 1.0

    again = quiz.Quiz(file)

    assert {name: answer["value"] for name, answer in again.answers.items()} == RIGHT
    assert again.progress == file.with_name("team-leader.progress.jsonl")


def test_a_line_torn_by_a_power_cut_costs_no_other_answer(file: Path) -> None:
    first = quiz.Quiz(file)
    first.answer("choice", "b")
    with first.progress.open("ab") as torn:
        torn.write(b'{"event": "answer", "question": "num')

    quiz.Quiz(file).answer("number", "17")

    assert set(quiz.Quiz(file).answers) == {"choice", "number"}
    assert [line["question"] for line in quiz.read_progress(first.progress)] == ["choice", "number"]


def test_questions_opened_again_are_asked_again_and_the_old_answers_stay_on_file(file: Path) -> None:
    first = quiz.Quiz(file)
    first.answer("choice", "a")
    first.answer("number", "17")
    first.again(["choice"])

    again = quiz.Quiz(file)

    assert set(again.answers) == {"number"}
    assert [line["event"] for line in quiz.read_progress(first.progress)] == ["answer", "answer", "again"]


@pytest.mark.parametrize("changed", [{"version": 2}, {"variant": 5}])
def test_an_answer_to_other_numbers_or_another_version_is_not_taken_for_this_one(
    file: Path, changed: dict[str, int]
) -> None:
    quiz.Quiz(file).answer("number", "17")
    write(file, [NUMBER | changed])

    assert quiz.Quiz(file).answers == {}


def test_lines_that_somebody_edited_are_left_out(file: Path) -> None:
    first = quiz.Quiz(file)
    first.answer("choice", "b")
    good = json.loads(first.progress.read_text("utf-8"))
    odd = [good | {"value": "zz"}, good | {"points": "many"}, {"event": "again"}, ["answer"], 7]
    first.progress.write_text(
        "\n".join([*map(json.dumps, odd), json.dumps(good), "\udc80"]), "utf-8", "surrogateescape"
    )

    assert quiz.Quiz(file).answers["choice"] == {"value": "b", "points": 1.0}


def test_a_folder_that_cannot_be_written_costs_the_keeping_and_not_the_practice(file: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    session = quiz.Quiz(file, progress=tmp_path / "taken")

    assert session.answer("choice", "b") == 1.0
    assert session.kept is False


# --- what the page gets -----------------------------------------------------------------------------------------------


def test_the_page_learns_a_key_and_its_reasons_only_when_the_question_is_answered(file: Path) -> None:
    page = quiz.show(file)

    for asked in page.questions:
        assert set(asked) <= {
            "id",
            "kind",
            "statement",
            "statement_text",
            "stem_html",
            "unit",
            "choose",
            "options",
            "targets",
        }
        assert all(set(option) == {"id", "html"} for option in asked.get("options", ()))
    assert page.results == {}
    page._handle_custom_msg({"do": "answer", "question": "choice", "value": "a"}, [])
    assert set(page.results) == {"choice"}
    assert page.results["choice"]["key"] == "b"
    assert page.results["choice"]["points"] == 0.0
    assert page.results["choice"]["reasons"]["a"]["zh"] == "为什么"


def test_the_page_is_told_why_an_answer_cannot_be_read_and_nothing_is_counted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = quiz.show(file)
    sent: list[Any] = []
    monkeypatch.setattr(page, "send", sent.append)

    page._handle_custom_msg({"do": "answer", "question": "number", "value": "约17"}, [])

    assert sent == [
        {"refused": {"en": "Give one exact number, without “about”.", "zh": "请填一个确切的数，不要写“约”“左右”。"}}
    ]
    assert page.results == {}


def test_practising_again_opens_only_questions_of_this_quiz(file: Path) -> None:
    page = quiz.show(file, language="zh")
    page._handle_custom_msg({"do": "answer", "question": "choice", "value": "a"}, [])
    page._handle_custom_msg({"do": "again", "questions": ["choice", "another"]}, [])

    assert page.results == {}
    assert quiz.read_progress(page.quiz.progress)[-1]["questions"] == ["choice"]


def test_the_words_of_the_page_are_the_same_in_both_languages_and_all_in_use() -> None:
    words = json.loads((STATIC / "words.json").read_text("utf-8"))
    script = "".join((STATIC / name).read_text("utf-8") for name in ("fields.js", "quiz.js"))

    def places(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert {name: places(text) for name, text in words["en"].items()} == {
        name: places(text) for name, text in words["zh"].items()
    }
    assert {
        name for name in words["en"] if not re.search(rf'(\bt(\(\))?\.{name}\b)|"{name}"|\b{name}:', script)
    } == set()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(theme: int) -> None:
    blocks = re.findall(r"\{\n((?:  --[\w-]+: #\w+;\n)+)", (STATIC / "quiz.css").read_text("utf-8"))
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[theme]))
    pairs = [
        *(
            (text, ground, 4.5)
            for text in ("ink", "soft")
            for ground in ("paper", "ground", "tint", "warn-tint", "bad-tint")
        ),
        *((text, ground, 4.5) for text in ("accent", "accent-deep") for ground in ("paper", "ground", "tint")),
        *((text, f"{text}-tint", 4.5) for text in ("warn", "bad")),
        *(("accent-deep", ground, 4.5) for ground in ("warn-tint", "bad-tint")),
        ("bad", "paper", 4.5),
        ("on-accent", "accent", 4.5),
        ("edge", "paper", 3.0),  # borders of fields, WCAG 1.4.11
    ]
    for text, ground, wanted in pairs:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= wanted, (text, ground)


# --- what cannot be shown ---------------------------------------------------------------------------------------------


def without(asked: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: part for name, part in asked.items() if name not in names}


BROKEN = [
    ([without(CHOICE, "id")], "Question 1 of q.quiz.json cannot be shown: it needs an `id`", "第1题无法显示"),
    ([CHOICE, CHOICE], "questions with different `id`", "各不相同"),
    ([CHOICE, NUMBER | {"kind": "code"}], "Question 2 of q.quiz.json", "第2题"),
    ([CHOICE | {"stem_html": {"en": "?"}}], "`stem_html` in both languages", "中英文题干"),
    ([without(CHOICE, "statement_text")], "`statement_text`", "能力条目"),
    ([NUMBER | {"key": True}], "a number as `key`", "数值key"),
    ([without(NUMBER, "tolerance")], "`tolerance`", "允许误差"),
    ([CHOICE | {"options": options("b")}], "two or more `options`", "选项options"),
    ([MATCH | {"targets": None}], "two or more `targets`", "选项targets"),
    ([CHOICE | {"key": "z"}], "a `key` that fits", "对得上"),
    ([MULTI | {"key": []}], "a `key` that fits", "对得上"),
    ([ORDER | {"key": ["a", "b"]}], "a `key` that fits", "对得上"),
    ([MATCH | {"key": {"a": "w"}}], "a `key` that fits", "对得上"),
    ([], "holds no questions", "没有题目"),
    ([7], "Question 1", "第1题"),
]


@pytest.mark.parametrize(("questions", "en", "zh"), BROKEN)
def test_a_broken_quiz_gives_one_sentence_in_the_language_of_the_cell(
    tmp_path: Path, questions: list[Any], en: str, zh: str
) -> None:
    file = tmp_path / "q.quiz.json"
    write(file, questions)

    english, chinese = quiz.show(file), quiz.show(file, language="zh")

    assert en in repr(english)
    assert zh in repr(chinese)
    assert "\n" not in repr(english)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"quiz": 1,\n"questions": [', "damaged at line 2"),
        (b"\xff\xfe\x00", "damaged at line 1"),
        (b"[]", 'it needs `"quiz": 1`'),
        (b'{"quiz": 2, "questions": []}', 'it needs `"quiz": 1`'),
        (b'{"quiz": 1, "questions": [1]}', "`title` in both languages"),
    ],
)
def test_a_file_that_is_no_quiz_gives_one_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    file = tmp_path / "q.quiz.json"
    file.write_bytes(data)

    assert sentence in repr(quiz.show(file))


def test_a_missing_quiz_names_those_that_are_there(file: Path) -> None:
    shown = quiz.show(file.with_name("teamleader.quiz.json"))

    assert repr(shown) == (
        "There is no quiz teamleader.quiz.json beside this notebook; the folder holds team-leader.quiz.json."
    )
    assert 'role="alert"' in shown._repr_html_()


def test_a_folder_in_the_place_of_a_quiz_and_an_unknown_language_give_one_sentence(tmp_path: Path, file: Path) -> None:
    assert "cannot be opened" in repr(quiz.show(tmp_path))
    assert repr(quiz.show(file, language="fr")) == "The language of a quiz is 'en' or 'zh', got 'fr'."


def test_importing_the_quiz_brings_in_no_notebook() -> None:
    code = (
        "import sys; from ccskills import quiz\n"
        "print([name for name in ('anywidget', 'ipywidgets', 'IPython') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert said.stdout.strip() == "[]"


def test_without_anywidget_the_cell_says_what_to_install(file: Path) -> None:
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        f"from ccskills import quiz; print(quiz.show({str(file)!r})); print(quiz.show({str(file)!r}, language='zh'))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    english, chinese = said.stdout.splitlines()
    assert "pip install anywidget" in english
    assert "pip install anywidget" in chinese
    assert "请运行" in chinese


def test_words_in_a_table_are_not_broken_letter_by_letter() -> None:
    rules = dict(re.findall(r"^(\.ccq-quiz[^{]*?) \{([^}]*)\}", (STATIC / "quiz.css").read_text("utf-8"), re.M))

    # CSS Text 3, 5.5: "anywhere" lets a column shrink to one letter, "normal" to the longest word only.
    assert "overflow-wrap: anywhere" in rules[".ccq-quiz"]
    assert "overflow-wrap: normal" in rules[".ccq-quiz table"] and "overflow-x: auto" in rules[".ccq-quiz .ccq-table"]


def test_the_chinese_of_the_library_speaks_to_the_learner_as_the_lessons_do() -> None:
    library = Path(quiz.__file__).parents[1]
    polite = [
        path.name
        for path in library.rglob("*")
        if path.suffix in (".py", ".json", ".js") and "您" in path.read_text("utf-8")
    ]

    assert polite == []
