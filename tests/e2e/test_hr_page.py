"""HR opens the page in a browser: it filters, sorts, changes its language, prints, and speaks to nobody."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Page, expect

from grader.reports import hr_page

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def registry() -> ModuleType:
    """tests/grader/hr_registry.py."""
    path = Path(__file__).parents[1] / "grader" / "hr_registry.py"
    spec = importlib.util.spec_from_file_location("hr_registry", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def hr(page: Page, registry: ModuleType, tmp_path: Path) -> Iterator[Page]:
    """The page of the test registry, open; the ``page`` fixture fails the test on any error of the console."""
    with registry.fill(tmp_path / "registry.db", "demonstration") as store:
        (tmp_path / "hr.html").write_text(hr_page(store, registry.framework(), TODAY), "utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "hr.html").as_uri())
    yield page
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def people(page: Page, table: str = "matrix") -> list[str]:
    """Numbers of the people in the rows that can be seen, in their order."""
    return page.locator(f"#{table} tbody tr:visible th .small").all_inner_texts()


def test_a_name_with_a_script_is_only_a_name(hr: Page) -> None:
    seen: list[str] = []
    hr.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    hr.reload()

    expect(hr.locator("#matrix").get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert seen == [] and hr.locator("body img").count() == 0


def test_the_search_and_the_selections_filter_every_table(hr: Page) -> None:
    assert len(people(hr)) == 16

    hr.get_by_label("Site", exact=True).select_option("Hefei 合肥")
    assert set(people(hr)) == {"P001", "P002", "P003", "P010", "P012", "P015"}
    assert people(hr, "results") == ["P003", "P001"]
    assert people(hr, "ending") == ["P001", "P015", "P012", "P002", "P010"]
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
    for word in ("renew soon", "expired", "Written", "All sites", "shown", "Certificates"):
        assert hr.get_by_text(word, exact=True).count() == 0, word

    hr.get_by_role("button", name="English").click()
    expect(hr.locator("h1")).to_have_text("Levels and certificates")


def test_states_are_words_and_not_only_colours(hr: Page) -> None:
    row = hr.locator("#matrix tbody tr", has_text="李雯")

    expect(row.locator("td").nth(4)).to_contain_text("renew soon")
    expect(row.locator("td").nth(4)).to_contain_text("until 2027-01-02")
    expect(row.locator("td").nth(5)).to_contain_text("held")
    expect(row.locator("td").nth(3).get_by_role("img", name="none")).to_be_visible()


def test_on_paper_the_whole_table_stands_and_the_controls_do_not(hr: Page) -> None:
    hr.emulate_media(media="print")

    expect(hr.get_by_role("searchbox")).to_be_hidden()
    box, table = hr.locator("#matrix").locator("..").bounding_box(), hr.locator("#matrix").bounding_box()
    assert box is not None and table is not None and box["height"] >= table["height"]
