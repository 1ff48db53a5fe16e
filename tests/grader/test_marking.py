"""Marks: what every answer earns, and which numbers people type are understood."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from grader.centre import PROJECT
from grader.errors import InputError
from grader.marking import STANDARD_CREDIT, mark, mark_all, number_hint, read_number
from grader.model import CREDIT, Bilingual, Criterion, Form, Option, Question, Slot
from grader.rules import load_framework, load_scheme

AGENTS = Bilingual("agents", "人")


def texts(letters: str, right: str = "") -> tuple[Option, ...]:
    return tuple(Option(letter, Bilingual(letter, letter), letter in right) for letter in letters)


def slot(kind: str, **parts) -> Slot:
    question = Question("XX-2.1-x", 1, None, kind, "XX-2.1", parts.pop("points", 1.0), Bilingual("?", "？"))
    order, targets = parts.pop("order", ()), parts.pop("targets_order", ())
    return Slot("q01", replace(question, **parts), order, targets)


CHOICE = slot("choice", options=texts("abcd", "b"), key="b", order=("c", "b", "a", "d"))
MULTI = slot("multi", options=texts("abcde", "ac"), key=("a", "c"), order=("e", "d", "c", "b", "a"))
NUMBER = slot("number", key=17.0, tolerance=0.5, unit=AGENTS)
ORDER = slot("order", options=texts("abcd"), key=("a", "b", "c", "d"), order=("d", "b", "a", "c"))
MATCH = slot(
    "match",
    options=texts("abc"),
    targets=texts("wxyz"),
    key={"a": "w", "b": "x", "c": "x"},
    order=("a", "b", "c"),
    targets_order=("z", "y", "x", "w"),
)
TEXT = slot("text", points=4.0, rubric=(Criterion("a", Bilingual("why", "为什么"), 4.0),))
KEYS = [
    (CHOICE, "2"),
    (MULTI, ["3", "5"]),
    (NUMBER, "17"),
    (ORDER, ["3", "2", "4", "1"]),
    (MATCH, {"1": "4", "2": "3", "3": "3"}),
]


@pytest.mark.parametrize(("place", "answer"), KEYS)
def test_the_key_earns_all_points_and_half_points_when_the_question_has_half_a_point(place, answer):
    half = replace(place, question=replace(place.question, points=0.5))

    assert (mark(place, answer).points, mark(half, answer).points) == (1.0, 0.5)


@pytest.mark.parametrize("place", [*(place for place, _ in KEYS), TEXT])
@pytest.mark.parametrize("blank", [None, "", "  ", [], {}])
def test_a_blank_answer_earns_nothing_and_says_so(place, blank):
    made = mark(place, blank)

    assert (made.points, made.note) == (0.0, "not answered")


def test_a_written_answer_waits_for_a_person():
    made = mark(TEXT, "因为没有核实身份")

    assert (made.points, made.max_points, made.note) == (None, 4.0, "waits for a person")


@pytest.mark.parametrize(
    ("ticks", "points"),
    [
        (["3"], 0.5),  # one right of two
        (["3", "5", "1"], 0.5),  # (2 - 1) / 2
        (["3", "1"], 0.0),  # (1 - 1) / 2
        (["1", "2", "4"], 0.0),  # never below 0
        (["1", "2", "3", "4", "5"], 0.0),  # ticking all: (2 - 3) / 2
        (["3", "3", "5"], 1.0),  # a tick twice is one tick
    ],
)
def test_multi_takes_wrong_ticks_from_right_ones(ticks, points):
    assert mark(MULTI, ticks).points == points


@given(st.permutations(["1", "2", "3", "4"]))
def test_order_earns_kendalls_tau_when_positive(answer):
    source = [ORDER.order[int(shown) - 1] for shown in answer]

    tau = kendalltau(
        [source.index(step) for step in "abcd"], [0, 1, 2, 3]
    ).statistic  # scipy as the other implementation
    assert mark(ORDER, answer).points == pytest.approx(max(0.0, tau), abs=1e-12)


@pytest.mark.parametrize(
    ("pairs", "points"),
    [({"1": "4"}, 1 / 3), ({"1": "3", "2": "3", "3": "3"}, 2 / 3), ({"1": "1", "2": "1", "3": "1"}, 0.0)],
)
def test_match_earns_the_share_of_right_pairs(pairs, points):
    assert mark(MATCH, pairs).points == pytest.approx(points)


@pytest.mark.parametrize(
    ("given_text", "points"),
    [("17.5", 1), ("16.5", 1), ("17.51", 0), ("16.49", 0), ("１７", 1), ("17 人", 1), ("17 agents", 1), ("十七", 0)],
)
def test_a_number_is_right_up_to_its_tolerance_and_no_further(given_text, points):
    assert mark(NUMBER, given_text).points == points


def test_the_edge_of_the_tolerance_is_not_lost_to_binary_rounding():
    # 0.3 - 0.1 > 0.2 in binary; on paper it is equal.
    assert mark(slot("number", key=0.3, tolerance=0.2), "0.1").points == 1


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("80 %", 80),
        ("80%", 80),
        ("８０％", 80),
        ("1,234.5", 1234.5),
        ("1，234.5", 1234.5),
        ("１，２３４．５", 1234.5),
        ("1 234.5", 1234.5),
        ("12345678", 12345678),
        ("0.8", 0.8),
        (".8", 0.8),
        ("12。5", 12.5),
        ("17.", 17),
        ("−3.2", -3.2),
        ("- 3", -3),
        ("+3", 3),
        ("  42  ", 42),
        ("007", 7),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["17 人", "17人", "17 agents", "17 agent", "17 Agents", "１７人"])
def test_the_unit_of_the_question_may_stand_with_the_number(typed):
    assert read_number(typed, AGENTS) == 17


@pytest.mark.parametrize(
    ("typed", "unit", "hint"),
    [
        ("约17", AGENTS, "one exact number"),
        ("17左右", AGENTS, "one exact number"),
        ("about 17", AGENTS, "one exact number"),
        ("~17", None, "one exact number"),
        (">= 17", None, "one exact number"),
        ("八成", None, "80 for 八成"),
        ("十七", AGENTS, "in digits"),
        ("17 人", None, "write digits only"),
        ("17 %", AGENTS, "agents or 人"),
        ("17 元", AGENTS, "agents or 人"),
        ("12,5", None, "a comma parts thousands"),
        ("1,23,456", None, "one number only"),
        ("1/3", None, "decimal number"),
        ("17-18", None, "one number only"),
        ("17 或 18", None, "one number only"),
        ("5²", None, "write digits only"),
        ("½", None, "decimal number"),
        ("1e3", None, "one number only"),
        ("nan", None, "write digits only"),
        ("inf", None, "write digits only"),
        ("--3", None, "write digits only"),
    ],
)
def test_what_is_no_single_number_is_refused_with_a_hint(typed, unit, hint):
    with pytest.raises(InputError) as refused:
        read_number(typed, unit)

    assert hint in str(refused.value)
    assert typed in str(refused.value)


def test_a_number_that_cannot_be_read_earns_nothing_and_the_note_says_why():
    made = mark(NUMBER, "约17")

    assert made.points == 0
    assert "without about, 约 or 左右" in made.note


@given(st.integers(-(10**12), 10**12), st.sampled_from(["", "%", " %", "％"]))
def test_thousands_marks_and_percent_signs_never_change_a_number(value, sign):
    assert read_number(f"{value:,}{sign}") == read_number(f"{value}") == value


@given(
    st.sampled_from([place for place, _ in KEYS]),
    st.none()
    | st.text()
    | st.integers()
    | st.booleans()
    | st.lists(st.sampled_from("0123456789x"))
    | st.dictionaries(st.sampled_from("012345"), st.sampled_from("012345") | st.none()),
)
def test_whatever_is_answered_the_mark_lies_between_nothing_and_all(place, answer):
    made = mark(place, answer)

    assert made.points is not None and 0 <= made.points <= made.max_points


def form() -> Form:
    places = tuple(replace(place, name=f"q{number:02d}") for number, (place, _) in enumerate(KEYS, start=1))
    return Form("F1", 2, 1, (*places, replace(TEXT, name="q06")), (), 0.0, "")


def test_a_whole_form_is_marked_slot_by_slot_and_a_missing_answer_is_zero():
    marks = mark_all(form(), {"q01": "2", "q03": "80", "q06": "because"}, marker="engine 1")

    assert [(one.slot, one.points) for one in marks] == [
        ("q01", 1.0),
        ("q02", 0.0),
        ("q03", 0.0),
        ("q04", 0.0),
        ("q05", 0.0),
        ("q06", None),
    ]
    assert {one.marker for one in marks} == {"engine 1"}
    assert marks[2].note == "read as 80.0"


def test_answers_to_another_form_are_refused():
    with pytest.raises(InputError, match="q01 to q06, the answers name q77 too"):
        mark_all(form(), {"q01": "2", "q77": "1"})


# --- partial credit by the scheme ---


@pytest.mark.parametrize(
    ("ticks", "points"),
    [
        (["3", "5"], 1.0),
        (["3"], 0.5),  # 4 of 5 options as the key has them; ticking none would have 3
        (["3", "5", "1"], 0.5),
        (["3", "1"], 0.0),
        (["1", "2", "3", "4", "5"], 0.0),
    ],
)
def test_multi_by_each_option_earns_nothing_for_ticking_none_or_all(ticks, points):
    made = mark(MULTI, ticks, credit={"multi": "each option"})

    assert made.points == points


@pytest.mark.parametrize(
    ("place", "key", "nearly"),
    [
        (CHOICE, "2", "1"),
        (MULTI, ["3", "5"], ["3"]),
        (ORDER, ["3", "2", "4", "1"], ["2", "3", "4", "1"]),
        (MATCH, {"1": "4", "2": "3", "3": "3"}, {"1": "4", "2": "3"}),
    ],
)
def test_without_partial_credit_only_the_whole_key_earns_points(place, key, nearly):
    whole = dict.fromkeys(CREDIT, "all or nothing")

    assert mark(place, key, credit=whole).points == 1
    assert mark(place, nearly, credit=whole).points == 0


def test_the_shipped_scheme_marks_by_the_standard_rules_as_practice_does():
    framework = load_framework(PROJECT / "question_bank" / "framework.yml")

    scheme = load_scheme(PROJECT / "question_bank" / "scheme.yml", framework)

    assert scheme.marking.credit == STANDARD_CREDIT


# --- hints while writing ---


@pytest.mark.parametrize("typed", ["80", "80 %", "８０％", "1,234.5", "-3", "", "  "])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_that_is_read_as_typed_gets_no_hint(typed, language):
    assert number_hint(typed, "%", language) is None


@pytest.mark.parametrize(
    ("typed", "unit", "en", "zh"),
    [
        ("八成", "%", "write it in digits", "八成就写80"),
        ("3成", "%", "write it in digits", "阿拉伯数字"),
        ("1.2万", "元", "write it in digits", "阿拉伯数字"),
        ("约17", "人", "one exact number", "不要写“约”“左右”"),
        ("12,5", None, "a comma parts thousands", "小数请用小数点"),
        ("1/3", None, "a fraction as a decimal number", "分数请写成小数"),
        ("17-18", None, "one number only", "只写一个数"),
        ("17 元", "人", "unit of the question (人)", "单位（人）"),
        ("0.8", "%", "is read as 0.8 %, not as 80 %", "按0.8%读取，不是80%"),
        ("-.125", "%", "not as -12.5 %", "不是-12.5%"),
    ],
)
def test_a_number_that_may_be_misread_gets_a_hint_in_the_candidates_language(typed, unit, en, zh):
    assert en in str(number_hint(typed, unit, "en"))
    assert zh in str(number_hint(typed, unit, "zh"))
    assert typed in str(number_hint(typed, unit, "zh"))


@pytest.mark.parametrize(("typed", "unit"), [("0.8", "人"), ("0.8 %", "%"), ("0", "%"), ("1", "%")])
def test_a_small_number_is_doubted_only_where_percent_are_asked_for_and_none_are_written(typed, unit):
    assert number_hint(typed, unit, "en") is None


@given(st.text(max_size=20), st.sampled_from([None, "%", "人"]), st.sampled_from(["en", "zh"]))
def test_whatever_is_typed_a_hint_is_one_sentence_or_nothing(typed, unit, language):
    hint = number_hint(typed, unit, language)

    assert hint is None or (hint[-1] in ".。" and "\n" not in hint)
