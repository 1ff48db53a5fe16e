"""axe-core finds nothing on any screen of the room, in both languages, wide and narrow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
READY = "!document.querySelector('[aria-busy=true]')"


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def nothing_found(axe: Axe, page: Page, screen: str) -> None:
    page.wait_for_function(READY)
    for width in (1280, 640):
        page.set_viewport_size({"width": width, "height": 800})
        found = axe.run(page, options=RULES).response["violations"]
        told = [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        assert told == [], (screen, width)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_screen_of_the_exam_breaks_a_rule(
    axe: Axe, page: Page, jupyter_server: Any, room_server: Any, language: str
) -> None:
    room_server.make_seat(jupyter_server.room, "A001", language, accommodations={"break_min": 10})
    room_server.make_sitting(jupyter_server.room)
    page.goto(f"{jupyter_server.url}?token={jupyter_server.token}")
    expect(page.locator(".seat-link")).to_have_count(1)
    if language == "zh":
        page.locator("#other").click()
    nothing_found(axe, page, "lobby")

    page.goto(f"{jupyter_server.url}/seats/A001")
    page.locator("#code").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).not_to_be_empty()
    nothing_found(axe, page, "access code")

    page.locator("#code").fill(room_server.CODE)
    page.keyboard.press("Enter")
    expect(page.locator("#honour")).to_be_visible()
    nothing_found(axe, page, "start")

    page.locator("#honour").check()
    page.locator("form.begin button").click()
    for number in range(1, 7):
        page.locator(f"#cells li:nth-child({number}) button").click()
        if number == 3:
            page.locator("input.number").fill("八成")
            expect(page.locator("#q03-hint")).not_to_be_empty()
            page.locator("#flag").click()
        nothing_found(axe, page, f"question {number}")

    page.locator("#hand-in-side").click()
    expect(page.locator("dialog")).to_be_visible()
    nothing_found(axe, page, "hand in?")
    page.locator("#stay").click()

    page.locator("#break").click()
    expect(page.locator("#paused")).to_be_visible()
    nothing_found(axe, page, "break")
    page.locator("#go-on").click()
    expect(page.locator("#question")).to_be_visible()

    with jupyter_server.client() as elsewhere:
        elsewhere.post("/api/seats/A001/enter", json={"code": room_server.CODE})
        elsewhere.post("/api/seats/A001/start", json={"page": "at the other computer"})
    page.locator("#cells li:nth-child(6) button").click()
    page.locator("textarea").fill("too late")
    expect(page.locator("#take-over")).to_be_visible()
    nothing_found(axe, page, "taken over")
    page.locator("#take-over").click()
    page.locator("#hand-in-side").click()
    page.locator("#hand-in-now").click()
    expect(page.locator(".receipt")).to_be_visible()
    nothing_found(axe, page, "receipt")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_screen_of_the_invigilator_breaks_a_rule(
    axe: Axe, page: Page, jupyter_server: Any, room_server: Any, language: str
) -> None:
    now = datetime.now(UTC)
    works, stands, done, hurt, _ = (room_server.make_seat(jupyter_server.room, f"A00{n}") for n in range(1, 6))
    for seat in (works, stands, done, hurt):
        seat.start(now)
    stands.pause("unwell", "Li Na", now)
    done.hand_in(now, "clock", None)
    (hurt.path / "journal.jsonl").write_bytes(b"{}\n{}\n")
    room_server.make_sitting(jupyter_server.room).incident("noise next door", "Li Na", now)
    page.goto(f"{jupyter_server.url}/invigilate/TL-2026-11?token={jupyter_server.token}")
    expect(page.locator("#code")).to_be_visible()
    if language == "zh":
        page.locator("#other").click()
        expect(page.locator("h1")).to_have_text("进入监考")
    nothing_found(axe, page, "code")

    page.locator("#name").fill("Zhao Min")
    page.locator("#code").fill(room_server.INVIGILATOR)
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(5)
    nothing_found(axe, page, "table")
    for width in (1024, 820, 640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width

    for act in ("extra-time", "incident"):
        page.locator(f"[data-seat='A001'] [data-act='{act}']").click()
        expect(page.locator("dialog")).to_be_visible()
        nothing_found(axe, page, act)
        page.keyboard.press("Escape")
