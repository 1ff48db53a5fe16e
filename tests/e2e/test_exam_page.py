"""A candidate sits an exam in a real browser, with the keyboard alone, and every screen says what it should."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grader.seats import SeatFolder
from tests.e2e.candidate import NOT_SAVED, answers, begin, enter, next_question, press, saved, tab_to

FULL = {
    "q01": "2",
    "q02": ["1", "3"],
    "q03": "30",
    "q04": ["2", "4", "1", "3"],
    "q05": {"1": "3", "2": "2", "3": "1"},
    "q06": "I ask for ten quiet minutes.\nThen I listen.",
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_six_kinds_by_keyboard_alone_through_reload_and_kill_9_of_the_server(
    page: Page, jupyter_server: Any, room_server: Any, language: str
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", language)
    enter(page, jupyter_server, "A001", room_server.CODE.lower())
    begin(page)
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]

    # choice: the arrow keys move and choose, as radio buttons do everywhere
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    saved(page, language)
    next_question(page, 2)

    # multi: Space ticks
    press(page, "input[value='1']", "Space")
    press(page, "input[value='3']", "Space")
    press(page, "#previous")
    expect(page.locator("input[value='2']")).to_be_checked()
    next_question(page, 2)
    tab_to(page, "#flag")
    page.keyboard.press("Space")
    saved(page, language)

    # a reload in the middle
    page.reload()
    expect(page.locator("#notice")).to_contain_text({"en": "All your answers are back", "zh": "答案都在"}[language])
    size = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 420})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    told, asked = page.evaluate(
        "['#notice', '#question'].map((one) => document.querySelector(one).getBoundingClientRect())"
    )
    assert asked["top"] < 0 and told["bottom"] <= asked["top"]  # it went away with the page and hides nothing
    page.set_viewport_size(size or {"width": 1280, "height": 720})
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("#question h1")).to_have_text(re.compile("Question 3|第3题"))
    press(page, "#cells li:nth-child(2) button")
    expect(page.locator("input:checked")).to_have_count(2)
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    next_question(page, 3)

    # number: the server dies between two keys, and comes back
    tab_to(page, "input.number")
    page.keyboard.type("3")
    saved(page, language)
    jupyter_server.kill()
    page.keyboard.type("0")
    expect(page.locator("#save")).to_have_text(NOT_SAVED[language])
    next_question(page, 4)
    jupyter_server.start()
    saved(page, language)
    assert answers(seat)["q03"] == "30"

    # order: 1 2 3 4 -> 2 1 3 4 -> 2 1 4 3 -> 2 4 1 3
    press(page, "li:nth-child(2) .arrow:first-child")
    press(page, "li:nth-child(4) .arrow:first-child")
    expect(page.locator("li:nth-child(3) .arrow").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#polite")).to_contain_text({"en": "now 2 of 4", "zh": "现在是第2步"}[language])
    next_question(page, 5)

    # match: the arrow keys choose in each list
    for option, target in FULL["q05"].items():  # type: ignore[attr-defined]
        tab_to(page, f"#q05-{option}")
        for _ in range(int(target)):
            page.keyboard.press("ArrowDown")
    next_question(page, 6)

    # text: typed to the end while the page is thrown away in the middle of a word
    tab_to(page, "textarea")
    page.keyboard.type("I ask for ten quiet minutes.\nThen I lis")
    page.reload()
    press(page, "#cells li:nth-child(6) button")
    expect(page.locator("textarea")).to_have_value("I ask for ten quiet minutes.\nThen I lis")
    tab_to(page, "textarea")
    page.keyboard.press("Control+End")
    page.keyboard.type("ten.")
    saved(page, language)
    assert answers(seat) == FULL

    # hand in: the dialog names the flagged question, Escape leads back, then for good
    press(page, "#hand-in")
    expect(page.locator("dialog .jump button")).to_have_text(["2"])
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    press(page, "#hand-in")
    press(page, "#hand-in-now")

    expect(page.locator(".receipt h1")).to_have_text({"en": "Handed in", "zh": "已交卷"}[language])
    unchanged = {"en": "not changed since it was given out", "zh": "未作答，与发放时相同"}[language]
    expect(page.locator(".receipt")).to_contain_text(unchanged)  # nobody opened the notebook
    handed = SeatFolder(seat.path).handed_in()
    assert handed is not None
    assert handed.answers == FULL
    expect(page.locator(".receipt code")).to_have_text(handed.receipt["digest"])
    short = handed.receipt["digest"][:16]
    expect(page.locator(".receipt-code")).to_have_text(" ".join(short[at : at + 4] for at in range(0, 16, 4)))
    assert seat.verify() == []
    assert page.evaluate("localStorage.length") == 0
    # Coming back later shows the receipt again, and no question.
    page.reload()
    expect(page.locator(".receipt h1")).to_be_visible()


def test_extra_time_is_told_and_at_the_end_the_clock_hands_in_with_a_kind_page(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", closes_in_s=12, practical=False)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    expect(page.locator("#notice")).to_contain_text("1 minute left")
    expect(page.locator("#polite")).to_contain_text("1 minute left")
    page.set_viewport_size({"width": 640, "height": 400})  # 200 %: the bar has two rows
    page.evaluate("scrollTo(0, 500)")
    expect(page.locator("#notice")).to_be_in_viewport(ratio=1)
    top, bar = page.evaluate("['notice', 'bar'].map((id) => document.getElementById(id).getBoundingClientRect())")
    assert top["y"] >= bar["y"] + bar["height"]
    seat.grant(2 / 60, "late keyboard", "office", datetime.now(UTC))
    press(page, "#cells li:nth-child(3) button")
    tab_to(page, "input.number")
    page.keyboard.type("30")

    expect(page.locator(".receipt h1")).to_have_text("The time is over", timeout=30_000)

    expect(page.locator(".receipt")).to_contain_text("has been handed in for you")
    handed = seat.handed_in()
    assert handed is not None
    assert (handed.receipt["how"], handed.answers["q03"]) == ("clock", "30")


def test_a_wrong_code_is_told_and_the_seat_stays_closed(page: Page, jupyter_server: Any, room_server: Any) -> None:
    room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", "WRONG")

    expect(page.locator("#problem")).to_contain_text("not the access code of this seat")
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    page.locator("#code").fill(room_server.CODE)
    page.keyboard.press("Enter")
    expect(page.locator("#honour")).to_be_visible()


def test_starting_without_the_honour_statement_is_refused_with_a_sentence(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    expect(page.locator("#honour")).to_be_visible()

    press(page, "form.begin button")

    expect(page.locator("#problem")).to_have_text("Tick the statement first.")
    assert seat.state(datetime.now(UTC)).status == "open"


def test_the_lobby_leads_to_the_seat_in_both_languages(page: Page, jupyter_server: Any, room_server: Any) -> None:
    room_server.make_seat(jupyter_server.room, "A001")
    room_server.make_seat(jupyter_server.room, "A002", "zh")
    page.goto(f"{jupyter_server.url}?token={jupyter_server.token}")
    expect(page.locator("h1")).to_have_text("Which seat is yours?")
    press(page, "#other")
    expect(page.locator("h1")).to_have_text("请选择您的考位")
    expect(page.locator(".seat-link")).to_have_count(2)

    tab_to(page, "#seat")
    page.keyboard.type("a002")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("请入座")


def test_nothing_overflows_at_tablet_width_nor_at_200_percent_zoom(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    # 1280 wide at 200 % is 640 CSS pixels; 320 is what WCAG 1.4.10 asks for.
    for width in (1024, 768, 640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for number in range(1, 7):
            page.locator(f"#cells li:nth-child({number}) button").click()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, number)
            # No line of words is squeezed into a column of single letters, and no number of the overview is cut off.
            wide = page.evaluate(
                "[...document.querySelectorAll('.words, td')].filter((one) => one.textContent.trim().length > 8)"
                ".map((one) => one.clientWidth)"
            )
            assert min(wide, default=60) >= 60, (width, number, wide)
            assert page.evaluate("(({ scrollHeight: a, clientHeight: b }) => a <= b)(document.querySelector('#cells'))")


@pytest.mark.parametrize(
    ("language", "written", "told"),
    [
        ("en", "Two calls, at 10:30; one more by Friday's shift.", "9 words"),
        ("zh", "AHT是300秒，再听3通。", "已写8字（不计标点）"),
    ],
)
def test_a_written_answer_is_counted_as_its_question_counts(
    page: Page, jupyter_server: Any, room_server: Any, language: str, written: str, told: str
) -> None:
    room_server.make_seat(jupyter_server.room, "A001", language)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    page.locator("#cells li:nth-child(6) button").click()

    page.locator("textarea").fill(written)

    expect(page.locator("#q06-text-count")).to_have_text(told)


def test_every_field_and_button_has_a_name_and_a_visible_focus(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    for number in range(1, 7):
        page.locator(f"#cells li:nth-child({number}) button").press("Enter")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('body')"):
                break
            name, outline = page.evaluate(
                """() => {
                  const it = document.activeElement;
                  const frame = it.closest('label.option') || it;
                  const label = it.labels && it.labels[0];
                  const name = it.getAttribute('aria-label') || (label && label.textContent) || it.textContent;
                  return [name.trim(), getComputedStyle(frame).outlineStyle];
                }"""
            )
            assert name and outline == "solid", (number, name, outline)


def test_the_practical_opens_in_jupyterlab(page: Page, start_server: Callable[..., Any], room_server: Any) -> None:
    server = start_server("lab", lab=True)
    room_server.make_seat(server.room, "A001")
    enter(page, server, "A001", room_server.CODE)
    begin(page)

    with page.context.expect_page() as opened:
        press(page, "#practical")

    expect(opened.value.locator(".jp-NotebookPanel")).to_be_visible(timeout=60_000)
    assert "workspaces/A001" in opened.value.url  # and so no tab of another seat
    assert "practical.ipynb" in opened.value.url
