"""Every item of the repository's bank proves itself: `pytest tests/content/test_items.py -k <id>` checks one."""

import functools
from pathlib import Path

import pytest

from grader.autograde import Engine, failures
from grader.bank import Bank, check, draw, load, prove
from grader.marking import mark
from grader.model import Item, Question, Slot
from grader.rules import load_framework

FOLDER = Path(__file__).parents[2] / "question_bank"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "items").rglob("*.md"))
BLANKS = (None, "", " ", [], {})


@functools.cache
def bank() -> Bank:
    return load(FOLDER, load_framework(FOLDER / "framework.yml"))


def fail_with(problems):
    pytest.fail("\n".join(["", *(f"  question_bank/{problem}" for problem in problems)]), pytrace=False)


@pytest.fixture(params=FILES, ids=[Path(file).stem for file in FILES])
def item(request) -> Item:
    if problems := [problem for problem in bank().problems if problem.where.startswith(f"{request.param}:")]:
        fail_with(problems)
    return bank().items[Path(request.param).stem]


def slots(item: Item) -> list[Slot]:
    """The item on a paper with everything shown in reverse, for each reviewed draw and some more."""
    seeds = [*item.variants, *range(1, 21)] if item.body["draw"] else [None]
    return [
        Slot("q01", question, ids(question.options)[::-1], ids(question.targets)[::-1])
        for question in (draw(item, seed) for seed in seeds)
    ]


def ids(options):
    return tuple(option.id for option in options)


def model_answer(slot: Slot):
    """What a candidate who knows the key would click or type; numbers as they are written on paper."""
    question: Question = slot.question
    shown = {source: str(place) for place, source in enumerate(slot.order, start=1)}
    if question.kind == "number":
        return f"{question.key:.4f}" if question.tolerance else f"{question.key:.10g}"
    if question.kind == "choice":
        return shown[question.key]
    if question.kind == "match":
        rights = {source: str(place) for place, source in enumerate(slot.targets, start=1)}
        return {shown[left]: rights[right] for left, right in question.key.items()}
    return [shown[source] for source in question.key]


def test_an_item_holds_every_promise(item):
    if problems := prove(item):
        fail_with(problems)


def test_the_model_answer_earns_all_points_and_a_blank_one_none(item):
    for slot in slots(item):
        if item.kind == "text":
            assert mark(slot, item.body["samples"]["zh"][0][1]).points is None, "a written answer waits for a person"
            assert sum(line.points for line in slot.question.rubric) == slot.question.points
        elif item.kind == "code":
            assert mark(slot, slot.question.key).points is None, "code waits for its tests"
        else:
            assert mark(slot, model_answer(slot)).points == slot.question.points, mark(slot, model_answer(slot)).note
        if item.kind == "choice":
            assert sum(mark(slot, str(place)).points for place in range(1, len(slot.order) + 1)) == 1
        assert [mark(slot, blank).points for blank in BLANKS] == [0] * len(BLANKS)


def test_questions_of_code_are_judged_behind_the_walls_as_their_authors_say():
    asked = [item for item in bank().items.values() if item.kind == "code"]
    with Engine(warm=True) as engine:
        for question in (draw(item, seed) for item in asked for seed in (item.variants or (None,))):
            none = [""] * len(question.code.tests)
            assert failures(question.code, question.key, engine) == none, question.item_id
            assert "" not in failures(question.code, "pass", engine), question.item_id
    assert asked


def test_the_bank_as_a_whole_gives_nothing_away():
    if problems := check(bank()):
        fail_with(problems)
