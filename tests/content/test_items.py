"""Every item of the repository's bank proves itself: `pytest tests/content/test_items.py -k <id>` checks one."""

import functools
from pathlib import Path

import pytest

from grader.bank import Bank, check, load, prove
from grader.rules import load_framework

FOLDER = Path(__file__).parents[2] / "question_bank"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "items").rglob("*.md"))


@functools.cache
def bank() -> Bank:
    return load(FOLDER, load_framework(FOLDER / "framework.yml"))


def fail_with(problems):
    pytest.fail("\n".join(["", *(f"  question_bank/{problem}" for problem in problems)]), pytrace=False)


@pytest.fixture(params=FILES, ids=[Path(file).stem for file in FILES])
def item(request):
    if problems := [problem for problem in bank().problems if problem.where.startswith(f"{request.param}:")]:
        fail_with(problems)
    return bank().items[Path(request.param).stem]


def test_an_item_holds_every_promise(item):
    if problems := prove(item):
        fail_with(problems)


def test_the_bank_as_a_whole_gives_nothing_away():
    if problems := check(bank()):
        fail_with(problems)
