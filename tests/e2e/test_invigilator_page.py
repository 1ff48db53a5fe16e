"""An invigilator and a candidate in two browsers: pause, extra time, an incident, two windows, a break of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from grader.seats import SeatFolder


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A second browser: the invigilator's, or the candidate's other computer."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    errors: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def take_seat(page: Page, server: Any, number: str, code: str) -> None:
    page.goto(f"{server.url}/seats/{number}?token={server.token}")
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")


def begin(page: Page) -> None:
    page.locator("#honour").check()
    page.locator("form.begin button").click()
    expect(page.locator("#question")).to_be_visible()


def invigilate(page: Page, server: Any, code: str) -> None:
    page.goto(f"{server.url}/invigilate/TL-2026-11?token={server.token}")
    page.locator("#name").fill("Zhao Min")
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr").first).to_be_visible()


def answers(seat: SeatFolder) -> dict[str, Any]:
    return SeatFolder(seat.path).state(datetime.now(UTC)).answers


def test_an_invigilator_pauses_a_seat_with_the_keyboard_and_lets_it_go_on(
    page: Page, other: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", "zh")
    room_server.make_sitting(jupyter_server.room)
    take_seat(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    page.locator("input[value='2']").check()
    invigilate(other, jupyter_server, room_server.INVIGILATOR)
    row = other.locator("[data-seat='A001']")
    expect(row).to_contain_text("Working")
    expect(row).to_contain_text("page open")
    expect(row).to_contain_text("1 of 6", timeout=15_000)

    # A reason is wanted; Escape leads back to the button.
    row.locator("[data-act='pause']").press("Enter")
    expect(other.locator("#reason")).to_be_focused()
    other.locator("#ask-go").press("Enter")
    expect(other.locator("#ask-problem")).to_have_text("Write a reason.")
    other.keyboard.press("Escape")
    expect(row.locator("[data-act='pause']")).to_be_focused()
    other.keyboard.press("Enter")
    other.keyboard.type("fire alarm")
    other.locator("#ask-go").press("Enter")

    expect(row).to_contain_text("Paused")
    expect(row.locator("[data-act='resume']")).to_be_visible()
    expect(other.locator("#lines tr").first).to_contain_text("fire alarm")
    expect(page.locator("#paused h1")).to_have_text("考试已暂停", timeout=30_000)
    expect(page.locator("#question")).to_have_count(0)
    standing = page.locator(".standing").text_content()
    assert page.locator("body").text_content() and "fire alarm" not in (page.locator("body").text_content() or "")

    row.locator("[data-act='extra-time']").click()
    other.locator("#minutes").fill("７")
    other.locator("#reason").fill("fire alarm")
    other.locator("#ask-go").click()
    expect(row).to_contain_text("+7 min")
    row.locator("[data-act='resume']").click()
    other.locator("#ask-go").click()

    expect(page.locator("#question")).to_be_visible(timeout=30_000)
    expect(page.locator("input[value='2']")).to_be_checked()
    minutes = int((page.locator("#clock").text_content() or "0:0").split(":")[-2])
    assert standing is not None and minutes >= int(standing.split(":")[-2]) + 6
    assert [line["event"] for line in seat.log()] == ["pause", "extra-time", "resume"]


def test_two_windows_one_writes_and_the_other_says_so(
    page: Page, other: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    take_seat(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    page.locator("#cells li:nth-child(6) button").click()
    page.locator("textarea").fill("written at the first computer")
    expect(page.locator("#save")).to_have_text(re.compile("Saved"))

    take_seat(other, jupyter_server, "A001", room_server.CODE)
    expect(other.locator("h1")).to_have_text("Your exam is open elsewhere")
    other.locator("#take-over").click()
    expect(other.locator("#question")).to_be_visible()
    other.locator("#cells li:nth-child(6) button").click()
    expect(other.locator("textarea")).to_have_value("written at the first computer")

    # The first one learns it with its next answer, and keeps nothing back from the second.
    page.locator("textarea").fill("typed into the wrong window")
    expect(page.locator("h1")).to_have_text("Your exam goes on elsewhere", timeout=20_000)
    assert answers(seat) == {"q06": "written at the first computer"}

    # A reload is the same window: nobody is asked.
    other.reload()
    expect(other.locator("#question")).to_be_visible()

    # Back at the first: what was typed there last is newer, so it counts.
    page.locator("#take-over").click()
    expect(page.locator("#question")).to_be_visible()
    expect(page.locator("#save")).to_have_text(re.compile("Saved"))
    assert answers(seat) == {"q06": "typed into the wrong window"}


def test_larger_letters_own_breaks_and_the_receipt_as_a_file(page: Page, jupyter_server: Any, room_server: Any) -> None:
    rules = {"type_percent": 150, "break_min": 10}
    seat = room_server.make_seat(jupyter_server.room, "A001", accommodations=rules, practical=False)
    take_seat(page, jupyter_server, "A001", room_server.CODE)
    expect(page.locator("dl.facts")).to_contain_text("up to 10 minutes, taken as you like")
    begin(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(27)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("#break").click()
    expect(page.locator("#paused h1")).to_have_text("You are on a break")
    page.locator("#go-on").click()
    expect(page.locator("#question")).to_be_visible()
    assert [line["event"] for line in seat.log()] == ["pause", "resume"]

    # A number that cannot be read is said under its field.
    page.locator("#cells li:nth-child(3) button").click()
    page.locator("input.number").fill("eighty")
    expect(page.locator("#q03-hint")).to_contain_text("eighty")
    page.locator("input.number").fill("30")
    expect(page.locator("#q03-hint")).to_be_empty()

    page.locator("#hand-in-side").click()
    page.locator("#hand-in-now").click()
    with page.expect_download() as kept:
        page.locator("#keep").click()
    handed = seat.handed_in()
    assert handed is not None
    text = kept.value.path().read_text(encoding="utf-8")
    assert handed.receipt["digest"] in text and "Mei Tan" in text and "1 of 6" in text


def test_the_buttons_of_a_seat_stand_on_one_line_at_every_width(
    other: Page, jupyter_server: Any, room_server: Any
) -> None:
    room_server.make_seat(jupyter_server.room, "A001").start(datetime.now(UTC))
    room_server.make_sitting(jupyter_server.room)
    invigilate(other, jupyter_server, room_server.INVIGILATOR)

    for language in ("English", "中文"):
        for width in (1280, 1199, 1100, 1000):
            other.set_viewport_size({"width": width, "height": 800})
            tops = other.eval_on_selector_all(".act", "all => all.map((one) => one.getBoundingClientRect().top)")
            wide = other.evaluate("document.documentElement.scrollWidth")

            assert len(tops) == 3 and len(set(tops)) == 1, (language, width)
            assert wide <= width
        other.get_by_role("button", name="中文" if language == "English" else "English").click()
