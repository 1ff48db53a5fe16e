"""A trainer looks at an item in both languages while writing it: the page follows the file."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from grader.authoring import Shelf
from grader.authoring.preview import serve
from grader.commands.zh import catalogue

BANK = Path(__file__).parents[2] / "question_bank"
ITEMS = {
    "choice": "CX-2.2-refund-and-goodwill-in-authority",
    "number": "FC-2.1-positions-under-occupancy-limit",
    "order": "FC-2.3-playbook-steps-in-order",
    "match": "RP-2.2-chart-for-each-question",
    "text": "QA-2.4-coaching-note-from-findings",
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path)
    (tmp_path / "cases").mkdir()
    for name in ("framework.yml", "scheme.yml"):
        shutil.copy(BANK / name, tmp_path)
    for item_id in ITEMS.values():
        made.path(item_id).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Shelf(BANK).path(item_id), made.path(item_id))
    return made


@pytest.fixture
def address(shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[str]:
    """The author's page; that of a second reader where a test asks for one without key."""
    with_key = getattr(request, "param", True)
    server, found = serve(shelf, list(ITEMS.values()), 0, catalogue().said, with_key=with_key)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_kind_is_shown_in_both_languages_and_the_page_follows_the_file(
    page: Page, address: str, shelf: Shelf
) -> None:
    page.goto(address)
    fields = {
        "choice": "input[type=radio]",
        "number": "input.number",
        "order": ".step",
        "match": "select",
        "text": "textarea",
    }
    for kind, item_id in ITEMS.items():
        page.select_option("#pick", item_id)
        expect(page.locator("#name")).to_have_text(item_id)
        for side in ("en", "zh-CN"):
            section = page.locator(f"section[lang={side}]")
            expect(section.locator(fields[kind]).first).to_be_visible()
            expect(section.locator(".office ul li").first).not_to_be_empty()
    path = shelf.path(ITEMS["text"])

    path.write_text(path.read_text("utf-8").replace("agent Tang Lin", "agent Tang Wei"), "utf-8")
    expect(page.locator("section[lang=en] .stem")).to_contain_text("agent Tang Wei")

    path.write_text(path.read_text("utf-8").replace("唐琳做完", "唐琳,做完"), "utf-8")
    expect(page.locator("#problems li").first).to_contain_text("half-width punctuation")

    path.write_text("broken", "utf-8")
    expect(page.locator("#problems li").first).to_contain_text("must begin with a header")


def test_the_frame_speaks_the_language_of_the_readers_browser_until_another_is_chosen(
    browser: Browser, address: str, shelf: Shelf
) -> None:
    path = shelf.path(ITEMS["choice"])
    path.write_text(path.read_text("utf-8").replace("status: approved", "status: done"), "utf-8")
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()

    page.goto(address)
    expect(page.locator("#problems li").first).to_contain_text(re.compile("`status`须为.*done"))
    page.select_option("#pick", ITEMS["number"])
    expect(page.locator("#facts")).to_contain_text("题型：数值")
    expect(page.locator("#facts")).not_to_contain_text(re.compile("[a-z]{5}"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.select_option("#speak", "en")
    expect(page.locator("#facts")).to_contain_text("kind number")
    expect(page.locator(".bar")).to_contain_text("Item")

    context.close()


@pytest.mark.parametrize("address", [False], indirect=True)
def test_a_second_reader_sees_the_questions_alone(page: Page, address: str) -> None:
    page.goto(address)
    for item_id in ITEMS.values():
        page.select_option("#pick", item_id)
        expect(page.locator("#name")).to_have_text(item_id)
        expect(page.locator("section .stem")).to_have_count(2)
        expect(page.locator(".office")).to_have_count(0)
        expect(page.locator("#facts")).not_to_contain_text("difficulty")

    page.select_option("#pick", ITEMS["order"])
    expect(page.locator("section[lang=en] .step").first).to_contain_text("End the special measures")  # the last step
