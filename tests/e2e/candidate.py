"""A candidate at the exam page: finds all by the Tab key, enters the code, begins, and sees what is saved."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect

from grader.seats import SeatFolder

__all__ = ["NOT_SAVED", "answers", "begin", "enter", "next_question", "press", "saved", "tab_to"]

SAVED = {"en": re.compile(r"Saved \d\d:\d\d:\d\d"), "zh": re.compile(r"已保存 \d\d:\d\d:\d\d")}
NOT_SAVED = {"en": "Not saved – trying again", "zh": "未保存，正在重试"}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus: only what the keyboard reaches can be used."""
    for _ in range(80):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def enter(page: Page, server: Any, number: str, code: str) -> None:
    page.goto(f"{server.url}/seats/{number}?token={server.token}")
    expect(page.locator("#code")).to_be_visible()
    tab_to(page, "#code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def begin(page: Page) -> None:
    expect(page.locator("#honour")).to_be_visible()
    press(page, "#honour", "Space")
    press(page, "form.begin button")
    expect(page.locator("#question")).to_be_visible()


def next_question(page: Page, number: int) -> None:
    press(page, "#next")
    expect(page.locator("#question h1")).to_have_text(re.compile(rf"Question {number} of 6|第{number}题"))


def saved(page: Page, language: str = "en") -> None:
    expect(page.locator("#save")).to_have_text(SAVED[language], timeout=15_000)


def answers(seat: SeatFolder) -> dict[str, Any]:
    return SeatFolder(seat.path).state(datetime.now(UTC)).answers
