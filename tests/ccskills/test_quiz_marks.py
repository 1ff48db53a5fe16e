"""Marks in practice are marks in the exam: numbers as people type them and answers of every kind, side by side."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccskills import quiz
from ccskills.quiz._marks import mark, read_number
from grader import marking
from grader.errors import InputError
from grader.model import Bilingual, Option, Question, Slot
from tests.ccskills.quiz_questions import AGENTS, CHOICE, MATCH, MULTI, NUMBER, ORDER, QUESTIONS

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
