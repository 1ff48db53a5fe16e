"""Practice: only practice items, fair questions in both languages, and what a learner should do next."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ccskills.quiz import Quiz
from grader import bank, practice, rules
from grader.errors import InputError, RuleBroken
from grader.model import Framework, Item

BANK = Path(__file__).parents[2] / "question_bank"
LEVEL = 2


@pytest.fixture(scope="module")
def framework() -> Framework:
    return rules.load_framework(BANK / "framework.yml")


@pytest.fixture(scope="module")
def items(framework: Framework) -> dict[str, Item]:
    return {name: item for name, item in bank.load(BANK, framework).items.items() if item.level == LEVEL}


@pytest.fixture(scope="module")
def of_practice(items: dict[str, Item]) -> dict[str, Item]:
    return practice.practice_items(items)


def made_for_practice(items: dict[str, Item], kind: str) -> dict[str, Item]:
    """The items of a kind, as if their authors had meant them for practice."""
    return {name: replace(item, use="practice") for name, item in items.items() if item.kind == kind}


def entry(statement: str, points: float) -> dict[str, Any]:
    return {"statement": statement, "points": points}


@pytest.mark.parametrize("use", ["exam", "pilot"])
def test_a_quiz_refuses_exam_and_pilot_items_by_name(
    framework: Framework, of_practice: dict[str, Item], use: str
) -> None:
    name = min(of_practice)
    mixed = of_practice | {name: replace(of_practice[name], use=use)}

    with pytest.raises(RuleBroken, match=f"{name} is of use '{use}'"):
        practice.questions(mixed, framework, LEVEL, seed=1)


def test_a_whole_bank_written_for_a_learner_gives_away_no_exam_item(
    tmp_path: Path, framework: Framework, items: dict[str, Item]
) -> None:
    paths = practice.write(tmp_path, framework, items, LEVEL, "en", seed=1)

    written = "".join(path.read_text("utf-8") for path in paths)
    assert [name for name, item in items.items() if name in written and item.use != "practice"] == []
    assert [name for name, item in items.items() if name in written] == [
        name for name, item in items.items() if item.use == "practice"
    ]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_drafts_and_retired_items_are_not_practised(of_practice: dict[str, Item], status: str) -> None:
    name = min(of_practice)
    changed = of_practice | {name: replace(of_practice[name], status=status)}

    assert set(practice.practice_items(changed)) == set(of_practice) - {name}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_answer_that_the_bank_calls_right_earns_the_full_mark_in_the_quiz(
    tmp_path: Path, framework: Framework, of_practice: dict[str, Item], seed: int
) -> None:
    file, _ = practice.write(tmp_path, framework, of_practice, LEVEL, "zh", seed)
    session = Quiz(file)

    for name, asked in session.questions.items():
        drawn = bank.draw(of_practice[name], asked["variant"])
        right = f"{drawn.key:.10g}" if drawn.kind == "number" else drawn.key
        assert session.answer(name, right) == 1.0, name
    assert set(session.questions) == {name for name, item in of_practice.items() if item.level == LEVEL}


def test_the_same_seed_gives_the_same_quiz_and_another_seed_other_numbers(
    framework: Framework, of_practice: dict[str, Item]
) -> None:
    first, same, other = (practice.questions(of_practice, framework, LEVEL, seed=seed) for seed in (1, 1, 2))

    assert first == same
    drawn = {asked["id"]: asked["stem_html"] for asked in first if asked["variant"] is not None}
    assert drawn
    assert all(drawn[asked["id"]] != asked["stem_html"] for asked in other if asked["id"] in drawn)
    assert [asked["id"] for asked in first] != [asked["id"] for asked in other]


def test_every_question_says_all_in_both_languages(framework: Framework, of_practice: dict[str, Item]) -> None:
    for asked in practice.questions(of_practice, framework, LEVEL, seed=1):
        texts = [asked["stem_html"], asked["statement_text"]]
        texts += [option["html"] for side in ("options", "targets") for option in asked.get(side, ())]
        texts += [text for option in asked.get("options", ()) if (text := option["reason_html"])]
        assert all(set(text) == {"en", "zh"} and all(text.values()) for text in texts), asked["id"]
        assert asked["statement_text"]["en"] == framework.statement(asked["statement"]).text.en


def test_a_learner_is_told_why_of_every_question(framework: Framework, of_practice: dict[str, Item]) -> None:
    for asked in practice.questions(of_practice, framework, LEVEL, seed=1):
        assert asked["reason_html"] or all(option["reason_html"] for option in asked["options"]), asked["id"]


def test_the_steps_of_an_order_are_never_shown_in_their_right_order(
    framework: Framework, items: dict[str, Item]
) -> None:
    orders = made_for_practice(items, "order")
    assert orders
    for seed in range(200):
        for asked in practice.questions(orders, framework, seed=seed):
            assert [option["id"] for option in asked["options"]] != list(asked["key"])


def test_the_right_options_stand_in_every_place(framework: Framework, items: dict[str, Item]) -> None:
    item = {"x": next(iter(made_for_practice(items, "choice").values()))}
    places = set()
    for seed in range(60):
        (asked,) = practice.questions(item, framework, seed=seed)
        places.add([option["id"] for option in asked["options"]].index(asked["key"]))

    assert places == set(range(len(asked["options"])))


def test_level_and_statements_narrow_the_choice(framework: Framework, of_practice: dict[str, Item]) -> None:
    one = next(iter(of_practice.values())).statement

    narrowed = practice.questions(of_practice, framework, statements={one}, seed=1)

    assert {asked["statement"] for asked in narrowed} == {one}
    assert practice.questions(of_practice, framework, 5, seed=1) == []


def test_the_notebook_is_canonical_and_asks_for_the_quiz_beside_it(
    tmp_path: Path, framework: Framework, items: dict[str, Item]
) -> None:
    quiz, notebook = practice.write(tmp_path, framework, items, LEVEL, "zh", seed=1)

    read = json.loads(notebook.read_text("utf-8"))
    assert quiz == tmp_path / "practice" / "team-leader.quiz.json"
    assert notebook.name == "team-leader.zh.ipynb"
    assert notebook.read_bytes() == practice.quiz_notebook("班组长练习", quiz.name, "zh")
    assert read["cells"][0]["source"][0] == "# 班组长练习\n"
    assert 'quiz.show("team-leader.quiz.json", language="zh")' in read["cells"][1]["source"]
    assert read["cells"][1]["outputs"] == []


def test_writing_again_leaves_the_learners_answers_alone_and_no_scraps(
    tmp_path: Path, framework: Framework, items: dict[str, Item]
) -> None:
    quiz, _ = practice.write(tmp_path, framework, items, LEVEL, "en", seed=1)
    session = Quiz(quiz)
    choice = next(asked for asked in session.questions.values() if asked["kind"] == "choice")
    session.answer(choice["id"], choice["key"])

    practice.write(tmp_path, framework, items, LEVEL, "en", seed=1)

    assert Quiz(quiz).answers[choice["id"]]["points"] == 1.0
    assert sorted(path.name for path in quiz.parent.iterdir()) == [
        "team-leader.en.ipynb",
        "team-leader.progress.jsonl",
        "team-leader.quiz.json",
    ]


def test_a_level_without_practice_items_and_an_unknown_language_are_refused_before_anything_is_written(
    tmp_path: Path, framework: Framework, items: dict[str, Item]
) -> None:
    with pytest.raises(InputError, match=r"no practice items of level 5 \(.+\)"):
        practice.write(tmp_path, framework, items, 5, "en", seed=1)
    with pytest.raises(InputError, match="one of en, zh, got 'fr'"):
        practice.write(tmp_path, framework, items, LEVEL, "fr", seed=1)

    assert list(tmp_path.iterdir()) == []


def test_attempts_come_from_all_quizzes_of_a_learner_in_the_order_of_time(tmp_path: Path) -> None:
    lines = [
        ("b", {"at": "2026-11-21T10:00:00Z", "event": "answer", "question": "1", "value": "a", **entry("FC-2.1", 0)}),
        ("a", {"at": "2026-11-21T11:00:00Z", "event": "answer", "question": "2", "value": "a", **entry("QA-2.1", 1)}),
        ("b", {"at": "2026-11-21T12:00:00Z", "event": "again", "questions": ["1"]}),
        ("b", {"at": "2026-11-21T12:01:00Z", "event": "answer", "question": "1", "value": "b", **entry("FC-2.1", 1)}),
    ]
    (tmp_path / "practice").mkdir()
    for name, line in lines:
        with (tmp_path / "practice" / f"{name}.progress.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    assert [(one["question"], one["points"]) for one in practice.attempts(tmp_path)] == [("1", 0), ("2", 1), ("1", 1)]


def test_readiness_states_the_limits_that_the_last_twenty_answers_support() -> None:
    # 0 of 20: Wilson's limits 0 and 0.1611, R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3;
    # for no hits the formula is z^2 / (n + z^2) = 3.8415 / 23.8415.
    older = [entry("FC-2.1", 1.0)] * 30
    (found,) = practice.readiness([*older, *[entry("FC-2.1", 0.5)] * 20])

    assert (found.domain, found.right, found.answered, found.share) == ("FC", 0, 20, 0.0)
    assert found.lower == pytest.approx(0.0, abs=1e-9)
    assert found.upper == pytest.approx(0.1611, abs=5e-5)


def test_readiness_counts_each_domain_by_itself_and_only_full_marks() -> None:
    found = practice.readiness([entry("QA-2.1", 1.0), entry("FC-2.1", 0.5), entry("QA-2.3", 0.0), entry("QA-2.2", 1)])

    assert [(one.domain, one.right, one.answered) for one in found] == [("FC", 0, 1), ("QA", 2, 3)]
    assert practice.readiness([]) == []


def test_what_went_wrong_comes_next_then_what_was_never_tried() -> None:
    progress = [
        entry("FC-2.1", 0.0),  # mended below
        entry("PM-2.1", 0.5),
        entry("QA-2.1", 0.0),
        entry("RP-2.1", 0.0),
        entry("FC-2.1", 1.0),
        entry("QA-2.1", 0.0),
    ]

    statements = ["FC-2.1", "FC-2.2", "QA-2.1"]
    assert practice.next_statements(progress, statements) == ["RP-2.1", "QA-2.1", "PM-2.1", "FC-2.2"]
    assert practice.next_statements(progress, statements, most=2) == ["RP-2.1", "QA-2.1"]
    assert practice.next_statements([], statements) == statements
