"""HR opens the page in a browser: it filters, sorts, changes its language, prints, and speaks to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from grader.reports import hr_page, overview
from grader.store import Store
from tests.grader import hr_registry

TODAY = date(2026, 11, 21)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def opened(page: Page, store: Any, file: Path) -> None:
    """Write the page of a registry and open it as a file."""
    file.write_text(hr_page(overview(store, hr_registry.framework(), hr_registry.scheme(), TODAY)), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")


@pytest.fixture
def hr(page: Page, tmp_path: Path) -> Iterator[Page]:
    """The page of the test registry, open; the ``page`` fixture fails the test on any error of the console."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with hr_registry.fill(tmp_path / "registry.db", "demonstration") as store:
        opened(page, store, tmp_path / "hr.html")
    yield page
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def many(page: Page, tmp_path: Path) -> Page:
    """The page of 3,000 people, each with two certificates."""
    store = Store(tmp_path / "many.db")
    facts = []
    for n in range(3000):
        person = f"A{n:05}"
        facts.append(
            ("person.recorded", person, {"name": f"Person {n:05}", "site": f"Site {n % 7}", "team": f"T{n % 90}"})
        )
        for level in (1, 2):
            data = {"person": person, "level": level, "seat": f"{n}-{level}", "purpose": "certification",
                    "issued_on": f"2024-{1 + n % 12:02}-01", "valid_until": f"2027-{1 + n % 12:02}-01"}  # fmt: skip
            facts.append(("certificate.issued", f"L{level}-{n:05}", data))
    store.append_all(facts, "office")
    opened(page, store, tmp_path / "many.html")
    store.close()
    return page


def people(page: Page, table: str = "matrix") -> list[str]:
    """Numbers of the people in the rows that can be seen, in their order."""
    return page.locator(f"#{table} tbody tr:visible th .small").all_inner_texts()


def nothing_found(page: Page, screen: str) -> None:
    """axe-core finds nothing to say about what can be seen."""
    found = Axe().run(page, options=RULES).response["violations"]
    told = [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"]]) for one in found]
    assert told == [], screen


def test_a_name_with_a_script_is_only_a_name(hr: Page) -> None:
    seen: list[str] = []
    hr.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    hr.reload()
    hr.wait_for_selector("html[data-ready]", state="attached")

    expect(hr.locator("#matrix").get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert seen == [] and hr.locator("body img").count() == 0


def test_the_search_and_the_selections_filter_every_table(hr: Page) -> None:
    assert len(people(hr)) == 16

    hr.get_by_label("Site", exact=True).select_option("Hefei 合肥")
    assert set(people(hr)) == {"P001", "P002", "P003", "P010", "P012", "P015"}
    assert people(hr, "results") == ["P003", "P001"]
    assert people(hr, "ending") == ["P015", "P012", "P002", "P010", "P001"]
    expect(hr.get_by_role("status")).to_have_text("6 shown")

    hr.get_by_label("Level", exact=True).select_option("2")
    assert set(people(hr)) == {"P001", "P010"}

    hr.get_by_role("searchbox").fill("陈晓")
    assert people(hr) == ["P001"]

    hr.get_by_role("button", name="Show all").click()
    expect(hr.get_by_role("status")).to_have_text("16 shown")

    hr.get_by_label("Team", exact=True).select_option("Night & <b>Weekend</b>")
    assert set(people(hr)) == {"P009", "P014"}

    hr.get_by_role("button", name="Show all").click()
    hr.get_by_label("Level", exact=True).select_option("none")
    assert {"P003", "P004", "P008", "P013"} <= set(people(hr)) and "P001" not in people(hr)


def test_a_search_for_nothing_known_shows_nobody(hr: Page) -> None:
    hr.get_by_role("searchbox").fill("no such person [.*")

    assert people(hr) == []
    expect(hr.get_by_role("status")).to_have_text("0 shown")


def test_a_column_sorts_both_ways_by_mouse_and_by_keyboard(hr: Page) -> None:
    days = hr.locator("#ending thead th", has_text="Days left")
    days.get_by_role("button").click()
    expect(days).to_have_attribute("aria-sort", "ascending")
    assert people(hr, "ending")[0] == "P001"

    days.get_by_role("button").press("Enter")
    expect(days).to_have_attribute("aria-sort", "descending")
    assert people(hr, "ending") == ["P005", "P010", "P002", "P012", "P015", "P001"]

    hr.locator("#matrix thead th", has_text="L2").get_by_role("button").press(" ")
    assert people(hr)[:3] == ["P001", "P010", "P005"], "held first, then what ends soonest"


def test_the_language_changes_everything_but_the_facts(hr: Page) -> None:
    expect(hr.locator("html")).to_have_attribute("lang", "en")
    before = people(hr)

    hr.get_by_role("button", name="中文").click()

    expect(hr.locator("h1")).to_have_text("等级与证书总览")
    expect(hr).to_have_title("等级与证书总览")
    expect(hr.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(hr.get_by_role("searchbox")).to_have_attribute("placeholder", "搜索姓名、工号、岗位")
    expect(hr.get_by_label("职场", exact=True)).to_be_visible()
    expect(hr.get_by_role("note")).to_have_count(0)
    assert hr.get_by_text("演示数据").is_visible()
    assert people(hr) == before
    for word in ("renew soon", "lapsed", "Written", "All sites", "shown", "Certificates"):
        assert hr.get_by_text(word, exact=True).count() == 0, word

    hr.get_by_role("button", name="English").click()
    expect(hr.locator("h1")).to_have_text("Levels and certificates")


def test_states_are_words_and_not_only_colours(hr: Page) -> None:
    row = hr.locator("#matrix tbody tr", has_text="李雯")

    expect(row.locator("td").nth(4)).to_contain_text("renew soon")
    expect(row.locator("td").nth(4)).to_contain_text("until 2027-01-02")
    expect(row.locator("td").nth(5)).to_contain_text("in force")
    expect(row.locator("td").nth(3).get_by_role("img", name="none")).to_be_visible()


def test_every_level_is_in_sight_at_1200_and_below_that_the_table_says_that_it_scrolls(hr: Page) -> None:
    box = hr.locator("#matrix").locator("..")
    fits = "box => box.scrollWidth - box.clientWidth"
    for language in ("English", "中文"):
        hr.get_by_role("button", name=language).click()
        for width in (1200, 1600):
            hr.set_viewport_size({"width": width, "height": 800})
            assert box.evaluate(fits) == 0
            expect(hr.locator("[data-wide=matrix]")).to_be_hidden()

    hr.set_viewport_size({"width": 1000, "height": 800})
    expect(hr.locator("[data-wide=matrix]")).to_have_text("右侧还有列，请左右滚动→")
    box.scroll_into_view_if_needed()
    before = hr.locator("#matrix thead th").first.bounding_box()
    box.evaluate("box => { box.scrollLeft = 9999; }")
    assert hr.locator("#matrix thead th").first.bounding_box() == before
    expect(hr.locator("#matrix thead th").last).to_be_in_viewport()


def test_what_ends_today_says_so(hr: Page) -> None:
    row = hr.locator("#ending tbody tr", has_text="P012")

    expect(row).to_contain_text("ends today")


def test_on_paper_the_whole_table_stands_and_the_controls_do_not(hr: Page) -> None:
    hr.emulate_media(media="print")

    expect(hr.get_by_role("searchbox")).to_be_hidden()
    box, table = hr.locator("#matrix").locator("..").bounding_box(), hr.locator("#matrix").bounding_box()
    assert box is not None and table is not None and box["height"] >= table["height"]


# --- one person ---


def test_a_name_opens_the_record_of_a_person_by_the_keyboard_and_escape_closes_it(hr: Page) -> None:
    name = hr.locator("#matrix").get_by_role("button", name="Open the record of 陈晓敏")
    name.focus()
    hr.keyboard.press("Enter")

    record = hr.get_by_role("dialog", name="陈晓敏 P001")
    expect(record).to_be_visible()
    expect(record.locator("table").first.locator("tbody tr")).to_have_count(2)
    expect(record.locator("table").first).to_contain_text("L2-1")
    expect(record.locator("table").first).to_contain_text("lapsed")
    expect(record.locator("table").nth(1)).to_contain_text("24.5 of 34")
    expect(record.locator(".wanted")).to_contain_text(
        "For the level of the job, Team Leader certificate of Team Leader (only a sample so far); developing: Risk"
    )
    expect(record.locator(".wanted")).to_contain_text("For the next level, Supervisor certificate of Supervisor")

    hr.keyboard.press("Escape")
    expect(record).to_be_hidden()
    expect(name).to_be_focused()


def test_the_record_follows_the_language(hr: Page) -> None:
    hr.get_by_role("button", name="中文").click()
    hr.locator("#matrix").get_by_role("button", name="查看李雯的记录").click()

    record = hr.get_by_role("dialog")
    expect(record.get_by_role("heading", name="证书")).to_be_visible()
    expect(record).to_contain_text("职场：Hefei 合肥")
    record.get_by_role("button", name="关闭").click()
    expect(record).to_be_hidden()


# --- many people ---


def test_of_many_people_only_the_rows_that_are_looked_at_are_drawn(many: Page) -> None:
    expect(many.get_by_role("status")).to_have_text("3,000 shown")
    expect(many.locator("#matrix")).to_have_attribute("aria-rowcount", "3001")
    assert many.locator("#matrix tbody tr").count() < 80

    region = many.locator("#matrix").locator("..")
    region.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(many.locator("#matrix").get_by_text("Person 02999")).to_be_visible()
    assert many.locator("#matrix tbody tr").count() < 80
    expect(many.locator("#matrix tbody tr[aria-rowindex='3001']")).to_contain_text("A02999")


def test_the_height_of_the_list_is_that_of_all_its_rows(many: Page) -> None:
    row, whole = many.evaluate(
        "() => [document.querySelector('#matrix tbody tr[aria-rowindex]').getBoundingClientRect().height,"
        " document.querySelector('#matrix').parentElement.scrollHeight]"
    )

    assert abs(whole - 3000 * row) < 0.01 * whole


def test_the_keyboard_walks_past_the_rows_that_were_drawn(many: Page) -> None:
    many.locator("#matrix tbody button.name").first.focus()
    for _ in range(60):
        many.keyboard.press("Tab")
        many.wait_for_timeout(10)

    assert many.evaluate("document.activeElement.closest('tr')?.getAttribute('aria-rowindex')") == "62"


def test_a_filter_and_a_sort_reach_rows_that_were_never_drawn(many: Page) -> None:
    many.get_by_role("searchbox").fill("A02")
    expect(many.get_by_role("status")).to_have_text("1,000 shown")

    many.locator("#matrix thead th").first.get_by_role("button").click()
    many.locator("#matrix thead th").first.get_by_role("button").click()
    expect(many.locator("#matrix tbody tr[aria-rowindex='2']")).to_contain_text("A02999")


def test_on_paper_a_long_list_says_where_it_stops(many: Page) -> None:
    many.emulate_media(media="print")

    expect(many.locator("#matrix tbody tr:not(.space)")).to_have_count(2000)
    expect(many.locator("[data-printed=matrix]")).to_have_text(
        "On paper: the first 2,000 of 3,000 rows. Filter before you print."
    )


# --- for everybody ---


@pytest.mark.parametrize("language", ["English", "中文"])
def test_axe_finds_nothing_on_any_screen(hr: Page, language: str) -> None:
    hr.get_by_role("button", name=language).click()
    for width in (1280, 640, 320):
        hr.set_viewport_size({"width": width, "height": 800})
        nothing_found(hr, f"page {width}")
    hr.locator("#matrix tbody button.name").first.click()
    nothing_found(hr, "record")
    hr.keyboard.press("Escape")
    hr.get_by_role("searchbox").fill("nobody at all")
    nothing_found(hr, "no rows")


def test_axe_finds_nothing_in_a_long_list(many: Page) -> None:
    nothing_found(many, "many")


def test_a_narrow_window_scrolls_in_one_direction_and_large_text_stays_whole(hr: Page) -> None:
    hr.set_viewport_size({"width": 320, "height": 640})
    assert hr.evaluate("document.documentElement.scrollWidth") == 320

    hr.set_viewport_size({"width": 1280, "height": 800})
    hr.evaluate("document.body.style.zoom = 2")
    assert hr.evaluate("document.documentElement.scrollWidth") <= 1280
