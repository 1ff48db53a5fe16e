"""What a candidate gets: everything that is needed to answer, and nothing that tells the answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from grader import bank, exams, forms, rules, seats
from grader.errors import ItemError, RoomError
from grader.exams import SeatPlan
from grader.model import Bilingual, Form, Option, Question, Slot

BANK = Path(__file__).parents[2] / "question_bank"


def say(text: str, zh: str | None = None) -> Bilingual:
    return Bilingual(text, zh or f"{text}（中）")


def options(*names: str, right: str = "") -> tuple[Option, ...]:
    return tuple(
        Option(letter, say(name), letter in right, say(f"reason {letter}"))
        for letter, name in zip("abcdef", names, strict=False)
    )


SLOTS = (
    Slot(
        "q01",
        Question(
            "X-1", 1, None, "choice", "FC-2.1", 1, say("Which?"),
            options("one", "two", "three", right="b"), key="b", reasons=say("secret"),
        ),
        ("c", "a", "b"),
    ),
    Slot(
        "q02",
        Question(
            "X-2", 1, None, "multi", "FC-2.1", 1, say("Choose two."),
            options("red", "green", "blue", right="ac"), key=("a", "c"),
        ),
        ("b", "c", "a"),
    ),
    Slot(
        "q03",
        Question(
            "X-3", 1, 101, "number", "FC-2.1", 1, say("How many?"), key=17.0, tolerance=0.5, unit=say("agents", "人")
        ),
    ),
    Slot(
        "q04",
        Question("X-4", 1, None, "order", "FC-2.1", 1, say("Order"), options("first", "second"), key=("a", "b")),
        ("b", "a"),
    ),
    Slot(
        "q05",
        Question(
            "X-5", 1, None, "match", "FC-2.1", 1, say("Match"), options("left1", "left2"),
            targets=options("r1", "r2", "r3"), key={"a": "a", "b": "b"},
            headings=(say("Word", "术语"), say("Meaning", "含义")),
        ),
        ("b", "a"),
        ("c", "b", "a"),
    ),
    Slot("q06", Question("X-6", 1, None, "text", "QA-2.4", 4, say("Write."))),
)  # fmt: skip
FORM = Form("F1", 2, 7, SLOTS, (), 5.0, "digest-of-form")
PLAN = SeatPlan(
    "S-01",
    "S",
    "A1001",
    "陈晓敏",
    "zh",
    60,
    "2026-11-21T09:00:00Z",
    "2026-11-21T12:00:00Z",
    say("Exam", "考试"),
    "practice",
)


def words_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def test_a_paper_says_nothing_of_keys_reasons_items_or_the_order_in_the_source() -> None:
    paper = exams.paper(FORM, PLAN, None)

    for secret in ("X-1", "secret", "reason", "tolerance", "key", "right", "17.0", "statement", "rubric"):
        assert secret not in words_of(paper), secret
    assert [option["id"] for option in paper["questions"][0]["options"]] == ["1", "2", "3"]
    assert [option["html"] for option in paper["questions"][0]["options"]] == [
        "<p>three（中）</p>", "<p>one（中）</p>", "<p>two（中）</p>",
    ]  # fmt: skip


def test_a_paper_holds_one_language_only() -> None:
    assert "（中）" in words_of(exams.paper(FORM, PLAN, None)["questions"])
    english = SeatPlan(**{**vars(PLAN), "language": "en"})

    assert exams.paper(FORM, PLAN, None)["title"] == "考试"

    assert "（中）" not in words_of(exams.paper(FORM, english, None)["questions"])


def test_each_kind_of_question_carries_what_its_field_needs() -> None:
    _, multi, number, _, match, text = exams.paper(FORM, PLAN, None)["questions"]

    assert multi["choose"] == 2
    assert number["unit"] == "人"
    assert [target["id"] for target in match["targets"]] == ["1", "2", "3"]
    assert match["headings"] == ["术语", "含义"]
    assert text["max_chars"] == exams.MAX_CHARS


def test_the_headings_of_every_match_of_the_bank_reach_the_paper_and_survive_the_sealed_form() -> None:
    items = bank.load(BANK, rules.load_framework(BANK / "framework.yml")).items.values()
    matches = [bank.draw(item, None) for item in items if item.kind == "match" and not item.variants]
    assert len(matches) >= 2
    form = forms.freeze("F9", 2, matches, {one.item_id: 0.5 for one in matches}, (), 3)

    shown = exams.paper(forms.from_json(forms.to_json(form)), PLAN, None)["questions"]

    assert shown == exams.paper(form, PLAN, None)["questions"]
    for question in shown:
        assert len(question["headings"]) == 2 and all(question["headings"])


def test_what_is_arranged_for_a_seat_stands_in_its_folder_and_nonsense_is_refused(tmp_path: Path) -> None:
    arranged = SeatPlan(**{**vars(PLAN), "accommodations": {"type_percent": 150, "break_min": 10}})
    exams.assign(tmp_path, FORM, arranged, None, {})

    folder = seats.find(tmp_path, "S-01")
    assert folder.seat["accommodations"] == {"type_percent": 150, "break_min": 10}
    assert folder.state(seats.moment("2026-11-21T09:00:00Z")).break_left_s == 600

    for nonsense in ({"type_percent": 1000}, {"break_min": -5}, {"own_room": 1}, {"break_min": True}):
        plan = SeatPlan(**{**vars(PLAN), "seat": "S-02", "accommodations": nonsense})
        with pytest.raises(RoomError, match="Seat S-02 cannot have"):
            exams.assign(tmp_path, FORM, plan, None, {})


def test_the_invigilators_code_opens_the_sitting_and_the_room_keeps_only_its_hash(tmp_path: Path) -> None:
    code = exams.open_to_invigilators(tmp_path, "S", say("Exam", "考试"), PLAN.opens_at, PLAN.closes_at, "practice")

    sitting = seats.find_sitting(tmp_path, "S")
    assert sitting.opens_with(code.lower()) and not sitting.opens_with("AAAA-AAAA")
    assert code.replace("-", "") not in (tmp_path / "S" / "sitting.json").read_text()


def test_the_room_takes_the_paper_and_only_the_code_on_the_card_opens_the_seat(tmp_path: Path) -> None:
    code = exams.assign(tmp_path, FORM, PLAN, None, {"interval_report.csv": b"a,b\n"})

    folder = seats.find(tmp_path, "S-01")
    assert folder.opens_with(code) and folder.opens_with(code.lower().replace("-", " "))
    assert not folder.opens_with("AAAA-AAAA")
    assert code.replace("-", "") not in (tmp_path / "S" / "S-01" / "seat.json").read_text()


def test_a_marker_reads_what_the_candidate_saw_and_chose_in_words() -> None:
    answers = {"q01": "3", "q02": ["2", "3"], "q03": "１７", "q04": ["2", "1"], "q05": {"1": "2"}, "q06": "My *plan*"}

    read = {one.slot: one.answer for one in exams.written_answers(FORM, answers, "en")}

    assert read == {
        "q01": "- 3. two",
        "q02": "- 2. blue\n- 3. red",
        "q03": "１７",
        "q04": "- 2. first\n- 1. second",
        "q05": "- 1. left2 → r2",
        "q06": "My *plan*",
    }


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_an_empty_answer_reads_as_nothing(empty: Any) -> None:
    assert exams.written_answers(FORM, {"q01": empty}, "en")[0].answer == ""


def test_two_seats_have_their_own_data_and_one_seat_always_the_same() -> None:
    practical = exams.read_practical(BANK / "practicals" / "team-leader.md", BANK)

    first, again, other = (exams.seat_data(practical, seed) for seed in (1, 1, 2))

    assert first == again
    assert first["interval_report.csv"] != other["interval_report.csv"]
    assert all("seat-data" not in cell.metadata.get("tags", ()) for cell in practical.source.cells)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("practical:\n", "exercise:\n", 1), "the header wants `practical:` with id"),
        (lambda text: text.replace("minutes: 60", "minutes: long", 1), "`minutes` must be a whole number from 1"),
        (lambda text: text.replace("level: 2", 'level: "2"', 1), "`level` must be a whole number from 1"),
        (lambda text: text.replace("version: 1", "version:", 1), "`version` must be a whole number from 1"),
        (
            lambda text: text.replace("  title: {", "  title: 5\n  was: {", 1),
            "`title` must hold a text in en and one in zh",
        ),
        (lambda text: re.sub(r"grade_id: p1\b(?!-)", "grade_id: q01", text), "q01 is the name of a slot"),
        (
            lambda text: text.replace(
                "locked: true, task: false, grade_id: p1, points: 2}", "locked: true, task: false, grade_id: p1}"
            ),
            "a graded cell must have points above 0, got None",
        ),
        (
            lambda text: re.sub("nbgrader: {.*grade_id: p1, .*}", "nbgrader: yes", text),
            "`nbgrader` must hold the flags of the cell",
        ),
        (
            lambda text: text.replace(":tags: [seat-data]", ":tags: [other]"),
            "one code cell tagged seat-data is wanted, 0 found",
        ),
    ],
)
def test_a_broken_practical_is_named(tmp_path: Path, change: Any, words: str) -> None:
    text = (BANK / "practicals" / "team-leader.md").read_text("utf-8")
    (tmp_path / "broken.md").write_text(change(text), "utf-8")

    with pytest.raises(ItemError, match=words):
        exams.read_practical(tmp_path / "broken.md", tmp_path)


def test_a_draw_that_fails_is_named_with_its_seed(tmp_path: Path) -> None:
    text = (
        (BANK / "practicals" / "team-leader.md")
        .read_text("utf-8")
        .replace("def data(rng):", "def data(rng):\n    1 / 0")
    )
    (tmp_path / "broken.md").write_text(text, "utf-8")

    with pytest.raises(ItemError, match=r"broken\.md: data\(rng\) fails for seed 5: ZeroDivisionError"):
        exams.seat_data(exams.read_practical(tmp_path / "broken.md", tmp_path), 5)
