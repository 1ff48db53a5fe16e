"""Nothing that a candidate wrote is lost while pages, servers and logins fail around the exam page."""

from __future__ import annotations

import json
import time
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.candidate import NOT_SAVED, answers, begin, enter, next_question, press, saved, tab_to


def test_what_was_written_while_the_server_was_dead_is_sent_by_the_next_visit(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    press(page, "#cells li:nth-child(6) button")
    tab_to(page, "textarea")
    page.keyboard.type("before")
    saved(page)

    jupyter_server.kill()
    page.keyboard.type(" and after")
    expect(page.locator("#save")).to_have_text(NOT_SAVED["en"])
    address = page.url
    page.once(
        "dialog", lambda dialog: dialog.accept()
    )  # "leave this page?": the browser asks, since one answer is not saved
    page.goto("about:blank")
    jupyter_server.start()
    page.goto(address)

    expect(page.locator("#notice")).to_contain_text("what this computer had kept has been sent")
    saved(page)
    assert answers(seat) == {"q06": "before and after"}


def test_an_older_copy_on_this_computer_does_not_overwrite_a_newer_answer(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    address = page.url
    kept = json.dumps({"q03": {"value": "11", "at": (time.time() - 60) * 1000, "turn": 4}})
    page.evaluate("kept => localStorage.setItem('academy:TL-2026-11:A001', kept)", kept)
    # Meanwhile the candidate sat at another computer.
    with jupyter_server.client() as elsewhere:
        elsewhere.post("/api/seats/A001/enter", json={"code": room_server.CODE})
        elsewhere.post("/api/seats/A001/start", json={"page": "at the other computer"})
        elsewhere.put("/api/seats/A001/answers/q03", json={"value": "30", "page": "at the other computer"})

    page.goto(address)
    press(page, "#take-over")

    press(page, "#cells li:nth-child(3) button")
    expect(page.locator("input.number")).to_have_value("30")
    page.wait_for_timeout(700)
    assert answers(seat) == {"q03": "30"}


def test_a_room_restored_from_a_backup_gets_back_from_the_open_tab_what_the_backup_lacks(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    press(page, "input[type=radio]", "ArrowDown")
    saved(page)
    journal = seat.path / "journal.jsonl"
    backup = journal.read_bytes()
    next_question(page, 2)
    press(page, "input[value='3']", "Space")
    saved(page)

    jupyter_server.kill()
    journal.write_bytes(backup)
    jupyter_server.start()
    assert answers(seat) == {"q01": "2"}
    page.reload()

    expect(page.locator("#notice")).to_contain_text("what this computer had kept has been sent")
    saved(page)
    assert answers(seat) == {"q01": "2", "q02": ["3"]}
    assert seat.verify() == []
    press(page, "#cells li:nth-child(6) button")
    press(page, "#hand-in")
    press(page, "#hand-in-now")
    expect(page.locator(".receipt h1")).to_have_text("Handed in")
    kept = "Object.keys(sessionStorage).filter((name) => sessionStorage[name].includes('value'))"
    assert page.evaluate(kept) == []


def test_a_tab_that_was_closed_is_opened_again_without_a_question(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    tab = page.context.new_page()
    enter(tab, jupyter_server, "A001", room_server.CODE)
    begin(tab)
    press(tab, "input[type=radio]", "ArrowDown")
    saved(tab)
    address = tab.url
    tab.close(run_before_unload=True)

    page.goto(address)

    expect(page.locator("#notice")).to_contain_text("All your answers are back")
    press(page, "input[type=checkbox]", "Space")
    saved(page)
    assert answers(seat) == {"q01": "2", "q02": ["1"]}


def test_a_page_that_is_closed_in_the_middle_of_typing_still_saves(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    press(page, "#cells li:nth-child(3) button")
    tab_to(page, "input.number")
    page.keyboard.type("30")
    page.once("dialog", lambda dialog: dialog.accept())

    page.goto("about:blank")

    for _ in range(50):
        if answers(seat):
            break
        time.sleep(0.1)
    assert answers(seat) == {"q03": "30"}


def test_an_answer_refused_for_an_old_session_token_is_sent_again_with_a_new_one(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    page.evaluate("document.documentElement.dataset.xsrf = 'out of date'")

    press(page, "input[type=radio]", "ArrowDown")

    saved(page)
    assert answers(seat) == {"q01": "2"}


def test_a_seat_whose_cookie_is_gone_asks_for_the_code_and_then_sends_what_was_written(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001")
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    page.context.clear_cookies(name="academy-seat-A001")

    press(page, "input[type=radio]", "ArrowDown")
    expect(page.locator("#code")).to_be_visible()
    page.locator("#code").fill(room_server.CODE)
    page.keyboard.press("Enter")

    saved(page)
    assert answers(seat) == {"q01": "2"}


def test_a_page_that_was_left_open_shows_the_receipt_when_the_exam_was_handed_in_elsewhere(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    room_server.make_seat(jupyter_server.room, "A001", practical=False)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#take-over").click()
    expect(page.locator("h1")).to_have_text("Your exam goes on elsewhere", timeout=20_000)
    other.locator("#hand-in-side").click()
    other.get_by_role("button", name="Hand in now").click()
    expect(other.locator("h1")).to_have_text("Handed in")

    page.locator("#take-over").click()

    expect(page.locator("h1")).to_have_text("Handed in")
    expect(page.locator("#facts")).to_be_hidden()


def test_handing_in_waits_for_an_answer_that_is_on_its_way(page: Page, jupyter_server: Any, room_server: Any) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", practical=False)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)

    def late(route: Route) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/api/seats/A001/answers/*", late)
    press(page, "#cells li:nth-child(6) button")
    press(page, "#hand-in")
    page.keyboard.press("Escape")
    tab_to(page, "textarea")
    page.keyboard.type("the last word")
    press(page, "#hand-in")
    press(page, "#hand-in-now")
    page.keyboard.press("Enter")  # twice is once

    expect(page.locator(".receipt h1")).to_have_text("Handed in")
    handed = seat.handed_in()
    assert handed is not None
    assert handed.answers["q06"] == "the last word"


def test_while_the_server_is_dead_handing_in_says_what_is_missing_and_hands_in_nothing(
    page: Page, jupyter_server: Any, room_server: Any
) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", practical=False)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)
    jupyter_server.kill()
    press(page, "input[type=radio]", "ArrowDown")
    press(page, "#hand-in-side")
    press(page, "#hand-in-now")

    expect(page.locator("dialog .problem")).to_have_text(
        "One answer is not saved yet. Wait until the top of the page says “Saved”, then hand in."
    )
    expect(page.locator("#hand-in-now")).to_have_text("Hand in now")
    jupyter_server.start()
    saved(page)
    assert seat.handed_in() is None
    page.keyboard.press("Enter")
    expect(page.locator(".receipt h1")).to_have_text("Handed in")
    handed = seat.handed_in()
    assert handed is not None
    assert handed.answers["q01"] == "2"


def test_going_back_while_handing_in_waits_hands_in_nothing(page: Page, jupyter_server: Any, room_server: Any) -> None:
    seat = room_server.make_seat(jupyter_server.room, "A001", practical=False)
    enter(page, jupyter_server, "A001", room_server.CODE)
    begin(page)

    def late(route: Route) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/api/seats/A001/answers/*", late)
    press(page, "input[type=radio]", "ArrowDown")
    press(page, "#hand-in-side")
    press(page, "#hand-in-now")
    expect(page.locator("#hand-in-now")).to_have_text("Handing in …")
    page.keyboard.press("Escape")

    saved(page)
    page.wait_for_timeout(500)
    expect(page.locator("#question")).to_be_visible()
    assert seat.handed_in() is None
    assert answers(seat) == {"q01": "2"}
