"""A learner practises in JupyterLab with the keyboard, in English and then in Chinese; answers outlive the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from grader import bank, practice, rules
from grader.model import Framework

BANK = Path(__file__).parents[2] / "question_bank"
# One item of each kind; the two that are exam items by now are made practice items in a bank of this test.
ITEMS = {
    "choice": "QA-2.1-remark-that-serves-as-evidence",
    "multi": "PM-2.3-measures-an-agent-controls",
    "number": "FC-2.1-agents-for-an-email-backlog",
    "order": "PP-2.1-coaching-cycle-in-order",
    "match": "RP-2.2-chart-for-each-question",
}
LEVEL = 2
KERNEL_MS = 30_000


@pytest.fixture(scope="module")
def framework() -> Framework:
    return rules.load_framework(BANK / "framework.yml")


@pytest.fixture
def items(tmp_path: Path, framework: Framework) -> dict[str, Any]:
    for name in ITEMS.values():
        (source,) = BANK.glob(f"items/*/{LEVEL}/{name}.md")
        copy = tmp_path / "bank" / source.relative_to(BANK)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text("utf-8").replace("use: exam", "use: practice"), "utf-8")
    loaded = bank.load(tmp_path / "bank", framework)
    assert loaded.problems == ()
    return dict(loaded.items)


def run_cell(page: Page, server: Any, notebook: str) -> None:
    """Open the notebook and run its code cell, as its first lines say."""
    page.goto(f"{server.origin}/lab/tree/practice/{notebook}?reset&token={server.token}")
    expect(page.locator("#jp-bottom-panel").get_by_text("| Idle")).to_be_visible(timeout=KERNEL_MS)
    for patience_ms in (KERNEL_MS / 4, KERNEL_MS):  # pressed too early, JupyterLab forgets it: "press it once more"
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        with suppress(TimeoutError):
            page.locator(".ccq-card h2").wait_for(timeout=patience_ms)
            return
    raise AssertionError("the quiz does not open")


def to_quiz(page: Page, key: str = "Shift+Tab") -> None:
    """Leave the code cell and walk into the quiz."""
    page.keyboard.press("Escape")
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.closest('.ccq-quiz') !== null"):
            return
    raise AssertionError("the keyboard never reaches the quiz")


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(40):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard never reaches {selector}")


def heading(page: Page, text: str) -> None:
    expect(page.locator(".ccq-card h2")).to_have_text(text)


def choose(page: Page, option: str, of: int) -> None:
    """Walk through the radio buttons with the arrow key."""
    tab_to(page, ".ccq-quiz input[type=radio]")
    page.keyboard.press("Space")
    for _ in range(of):
        if page.evaluate("document.activeElement.value") == option:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys never reach option {option}")


def tick(page: Page, options: list[str]) -> None:
    for option in options:
        tab_to(page, f".ccq-quiz input[value={option}]")
        page.keyboard.press("Space")
        page.keyboard.press("Shift+Tab")
        tab_to(page, ".ccq-quiz input[type=checkbox]")


def sort(page: Page, shown: list[str], wanted: list[str]) -> None:
    """Bring the steps into order with the arrows; the focus stays with the step that moves."""
    for place, step in enumerate(wanted):
        for at in range(shown.index(step), place, -1):
            button = page.locator(".ccq-step").nth(at).locator(".ccq-arrow").first
            button.focus()
            page.keyboard.press("Enter")
            shown.insert(at - 1, shown.pop(at))
            expect(page.locator(".ccq-step").nth(at - 1).locator(".ccq-arrow").first).to_be_focused()


def told(page: Page, verdict: str) -> None:
    """The feedback stands there, a screen reader hears it, and Enter goes on."""
    expect(page.locator(".ccq-said h3")).to_have_text(verdict)
    expect(page.locator(".ccq-heard-only")).to_contain_text(verdict)
    expect(page.locator(".ccq-next")).to_be_focused()


def answer(page: Page, question: dict[str, Any], *, well: bool) -> None:
    """Answer the question on the page, right or (choice, number) wrong, and send it with Enter."""
    key, kind = question["key"], question["kind"]
    if kind == "choice":
        others = [option["id"] for option in question["options"] if option["id"] != key]
        choose(page, key if well else others[0], len(question["options"]))
    elif kind == "multi":
        tick(page, key)
    elif kind == "number":
        tab_to(page, ".ccq-number")
        page.keyboard.type(f"{key:g}" if well else f"{key + 1:g}")
    elif kind == "order":
        sort(page, [option["id"] for option in question["options"]], list(key))
        tab_to(page, "button[type=submit]")
    else:
        for place, partner in enumerate(key.values()):
            page.locator(".ccq-pair select").nth(place).focus()
            targets = [target["id"] for target in question["targets"]]
            for _ in range(targets.index(partner) + 1):
                page.keyboard.press("ArrowDown")
        tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")


def test_a_learner_practises_by_keyboard_and_finds_every_answer_again(
    start_server: Callable[..., Any], page: Page, framework: Framework, items: dict[str, Any]
) -> None:
    server = start_server(lab=True)
    for language in ("en", "zh"):
        quiz, _ = practice.write(server.root, framework, items, LEVEL, language, seed=7)
    questions = json.loads(quiz.read_text("utf-8"))["questions"]
    weak = next(n for n, question in enumerate(questions) if question["kind"] in ("choice", "number"))
    page.set_viewport_size({"width": 1280, "height": 1400})

    run_cell(page, server, "team-leader.en.ipynb")
    to_quiz(page)
    page.locator(".ccq-card h2").focus()
    for number, question in enumerate(questions[:3], start=1):
        heading(page, f"Question {number} of 5")
        answer(page, question, well=number - 1 != weak)
        told(page, "Not right." if number - 1 == weak else "Right.")
        page.keyboard.press("Enter")
    heading(page, "Question 4 of 5")

    page.reload()  # the notebook was not even saved
    run_cell(page, server, "team-leader.en.ipynb")
    expect(page.locator(".ccq-notice")).to_have_text("Welcome back. Your 3 answers are all here.")
    heading(page, "Question 4 of 5")

    run_cell(page, server, "team-leader.zh.ipynb")  # another notebook, another kernel, the same quiz
    expect(page.locator(".ccq-notice")).to_have_text("欢迎回来，你之前的3个答案都在。")
    expect(page.locator(".ccq-quiz")).to_have_attribute("lang", "zh-CN")
    page.locator(".ccq-card h2").focus()
    for number, question in enumerate(questions[3:], start=4):
        heading(page, f"第{number}题（共5题）")
        answer(page, question, well=True)
        told(page, "答对了。")
        page.keyboard.press("Enter")
    expect(page.locator(".ccq-score")).to_have_text("共5题，答对4题")
    expect(page.locator(".ccq-statements li")).to_contain_text(questions[weak]["statement_text"]["zh"])

    lines = practice.attempts(server.root)
    assert [line["question"] for line in lines] == [question["id"] for question in questions]
    assert [line["points"] for line in lines] == [0.0 if n == weak else 1.0 for n in range(5)]
    assert practice.next_statements(lines) == [questions[weak]["statement"]]
