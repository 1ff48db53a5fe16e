"""The practice quiz without a browser: numbers as people type them, marks like the exam's, answers kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccskills import quiz
from ccskills._quizmarks import mark, read_number
from grader import marking
from grader.errors import InputError
from grader.model import Bilingual, Option, Question, Slot

STATIC = Path(quiz.__file__).parent / "quiz_static"
BOTH = {"en": "?", "zh": "？"}


def options(letters: str, reasons: bool = False) -> list[dict[str, Any]]:
    reason = {"en": "why", "zh": "为什么"}
    return [{"id": one, "html": {"en": one, "zh": one}, "reason_html": reason if reasons else None} for one in letters]


def question(name: str, kind: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": 1,
        "variant": None,
        "kind": kind,
        "statement": "QA-2.1",
        "statement_text": {"en": "Scores contacts", "zh": "给录音评分"},
        "stem_html": BOTH,
        "reason_html": {"en": "<p>so</p>", "zh": "<p>因此</p>"},
        **parts,
    }


AGENTS = {"en": "agents", "zh": "人"}
CHOICE = question("choice", "choice", options=options("badc", reasons=True), key="b")
MULTI = question("multi", "multi", options=options("ecadb"), key=["a", "c"], choose=2)
NUMBER = question("number", "number", key=17.0, tolerance=0.5, unit=AGENTS)
ORDER = question("order", "order", options=options("cadb"), key=["a", "b", "c", "d"])
MATCH = question("match", "match", options=options("abc"), targets=options("zwyx"), key={"a": "w", "b": "x", "c": "x"})
QUESTIONS = [CHOICE, MULTI, NUMBER, ORDER, MATCH]
RIGHT = {"choice": "b", "multi": ["c", "a"], "number": "17 人", "order": list("abcd"), "match": MATCH["key"]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team-leader.quiz.json"
    write(path)
    return path


def write(path: Path, questions: list[dict[str, Any]] | None = None, **changes: Any) -> None:
    title = {"en": "Team Leader: practice", "zh": "班组长练习"}
    document = {"quiz": 1, "title": title, "questions": QUESTIONS if questions is None else questions} | changes
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


# --- numbers and marks: the exam's rules ------------------------------------------------------------------------------

TYPED = [
    *(
        "80 %",
        "80%",
        "８０％",
        "80 percent",
        "1,234.5",
        "1，234.5",
        "１，２３４．５",
        "1 234.5",
        "12345678",
        "0.8",
        ".8",
    ),
    *(
        "12。5",
        "17.",
        "−3.2",
        "- 3",
        "+3",
        "  42  ",
        "007",
        "17 人",
        "17人",
        "人17",
        "17 agents",
        "17 agent",
        "17 Agents",
    ),
    *(
        "１７人",
        "17 %",
        "17 元",
        "约17",
        "大约17",
        "17左右",
        "about 17",
        "~17",
        ">= 17",
        "17以上",
        "八成",
        "十七",
        "12,5",
    ),
    *(
        "1,23,456",
        "1/3",
        "17-18",
        "17 或 18",
        "5²",
        "½",
        "①",
        "1e3",
        "nan",
        "inf",
        "--3",
        "",
        "agents",
        "%",
        "0x11",
        "٣",
    ),
]


def read_by_both(typed: str, unit: dict[str, str] | None) -> tuple[float | None, float | None]:
    """What practice and exam read; None: refused."""
    found: list[float | None] = []
    for read in (
        lambda: read_number(typed, list((unit or {}).values())),
        lambda: marking.read_number(typed, Bilingual(**unit) if unit else None),
    ):
        try:
            found.append(read())
        except (ValueError, InputError):
            found.append(None)
    return found[0], found[1]


@pytest.mark.parametrize("unit", [None, AGENTS, {"en": "%", "zh": "%"}, {"en": "yuan", "zh": "元"}], ids=str)
@pytest.mark.parametrize("typed", TYPED)
def test_a_typed_number_is_read_as_in_the_exam(typed: str, unit: dict[str, str] | None) -> None:
    practice, exam = read_by_both(typed, unit)

    assert practice == exam


@given(st.text(alphabet="0123456789０１７.,，。 -−+%％人agents元约", max_size=12), st.sampled_from([None, AGENTS]))
def test_anything_that_looks_like_a_number_is_read_as_in_the_exam(typed: str, unit: dict[str, str] | None) -> None:
    practice, exam = read_by_both(typed, unit)

    assert practice == exam


@pytest.mark.parametrize(("typed", "value"), [("１，２３４.5", 1234.5), ("80 %", 80), ("12。5", 12.5)])
def test_a_number_is_read_as_it_is_meant(typed: str, value: float) -> None:
    assert quiz.read_number(typed) == value


@pytest.mark.parametrize(
    ("typed", "en", "zh"),
    [
        ("约17", "one exact number", "确切"),
        ("八成", "in digits", "阿拉伯数字"),
        ("12,5", "A comma parts thousands", "逗号"),
        ("1/3", "decimal number", "小数"),
        ("17-18", "one number only", "只填一个数"),
        ("17 元", "(agents or 人)", "agents或人"),
    ],
)
def test_a_number_that_cannot_be_read_gets_a_hint_in_both_languages(typed: str, en: str, zh: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_number(typed, list(AGENTS.values()))

    assert en in str(refused.value)
    assert zh in refused.value.zh


def slot(asked: dict[str, Any]) -> Slot:
    """The same question as the exam holds it, its options shown in the order of the quiz."""

    def sides(name: str) -> tuple[Option, ...]:
        return tuple(Option(one["id"], Bilingual(one["id"], one["id"])) for one in asked.get(name, ()))

    key = tuple(asked["key"]) if isinstance(asked["key"], list) else asked["key"]
    unit = Bilingual(**asked["unit"]) if asked.get("unit") else None
    made = Question(
        "x", 1, None, asked["kind"], "QA-2.1", 1.0, Bilingual("?", "？"), sides("options"), sides("targets")
    )
    made = Question(**{**vars(made), "key": key, "tolerance": asked.get("tolerance"), "unit": unit})
    order = tuple(one["id"] for one in asked.get("options", ()))
    return Slot("q01", made, order, tuple(one["id"] for one in asked.get("targets", ())))


def as_shown(asked: dict[str, Any], value: Any) -> Any:
    """An answer by option ids as the exam's page sends it: by the numbers on the paper."""
    number = {one["id"]: str(place) for place, one in enumerate(asked.get("options", ()), start=1)}
    if asked["kind"] == "number":
        return value
    if asked["kind"] == "match":
        right = {one["id"]: str(place) for place, one in enumerate(asked["targets"], start=1)}
        return {number[left]: right[partner] for left, partner in value.items()}
    return number[value] if isinstance(value, str) else [number[one] for one in value]


ANSWERS = st.one_of(
    st.tuples(st.just(CHOICE), st.sampled_from("abcd")),
    st.tuples(st.just(MULTI), st.lists(st.sampled_from("abcde"), min_size=1)),
    st.tuples(st.just(NUMBER), st.sampled_from(["17", "17.5", "16.49", "１７人", "17.5000000001", "18"])),
    st.tuples(st.just(ORDER), st.permutations("abcd").map(list)),
    st.tuples(st.just(MATCH), st.dictionaries(st.sampled_from("abc"), st.sampled_from("wxyz"), min_size=1)),
)


@given(ANSWERS)
def test_an_answer_earns_what_it_earns_in_the_exam(case: tuple[dict[str, Any], Any]) -> None:
    asked, value = case

    assert mark(asked, value) == pytest.approx(marking.mark(slot(asked), as_shown(asked, value)).points)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["kind"])
@pytest.mark.parametrize("blank", [None, "", "  ", [], {}])
def test_no_answer_is_asked_for_again_instead_of_marked(asked: dict[str, Any], blank: Any) -> None:
    with pytest.raises(ValueError, match="Give an answer first"):
        mark(asked, blank)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (CHOICE, "z"),
        (CHOICE, 1),
        (MULTI, "a"),
        (MULTI, ["a", "z"]),
        (ORDER, ["a", "b"]),
        (MATCH, ["a"]),
        (MATCH, {"a": "q"}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(asked: dict[str, Any], value: Any) -> None:
    with pytest.raises(ValueError):
        mark(asked, value)


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
    ([without(CHOICE, "statement_text")], "`statement_text`", "能力要点"),
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
