"""The public register as a stranger sees it: by number or name, in both languages, on a telephone, asking nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from grader.certify import Academy, consent, register
from tests.grader.certificate_centre import hold
from tests.grader.certificate_facts import ISSUER

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PEOPLE = {"P017": "陈晓敏", "P018": "Maria del Carmen Fernández", "P019": "王芳"}
SHOWS = {"P017": ("name", "until", "file"), "P018": ("name",)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("register") / "centre"
    root.mkdir()
    name = {"en": ISSUER.name.en, "zh": ISSUER.name.zh}
    (root / "centre.json").write_text(json.dumps({"name": name, "url": ISSUER.url}), "utf-8")
    with Academy(root) as academy:
        hold(academy, "L2-202611-0A1B2C3D")
        issued = academy.store.events("certificate.issued")[0].data
        for place, (person, called) in enumerate(PEOPLE.items()):
            academy.store.append("person.recorded", person, {"name": called}, "S1001")
            if person != "P017":
                fact = {**issued, "person": person, "level": 4 + place % 2}
                academy.store.append("certificate.issued", f"L{4 + place % 2}-202611-1{place}1B2C3D", fact, "S1001")
            if person in SHOWS:
                consent.record_consent(academy, person, SHOWS[person], "form", "S1001")
        page, count = register.publish_register(academy, root / "public", "S1001")
    assert count == 2
    return page.as_uri()


def test_a_stranger_finds_a_certificate_by_number_or_name_in_both_languages(page: Page, address: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    rows = page.locator("tbody tr:visible")

    expect(rows).to_have_count(2)
    page.get_by_role("searchbox").fill("FERNÁNDEZ")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("General Manager")
    expect(rows).to_contain_text("not shown")
    expect(page.locator("#count")).to_have_text("1 / 2")
    page.get_by_role("searchbox").fill("王芳")
    expect(page.get_by_text("No certificate is found here.")).to_be_visible()
    page.get_by_label("中文").check()
    expect(page.get_by_text("此处没有查到证书。")).to_be_visible()
    page.get_by_role("searchbox").fill("0a1b2c3d")
    expect(rows).to_contain_text("班组长")
    expect(page.get_by_role("heading", name="证书公开登记簿")).to_be_visible()
    assert asked == [address] and said == []


def test_a_browser_that_speaks_chinese_opens_it_in_chinese(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)

    expect(page.get_by_label("中文")).to_be_checked()
    expect(page.get_by_role("heading", name="证书公开登记簿")).to_be_visible()
    page.get_by_label("English").check()
    expect(page.get_by_role("heading", name="Public register of certificates")).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["English", "中文"])
def test_the_register_breaks_no_rule_of_access(page: Page, address: str, language: str) -> None:
    page.goto(address)
    page.get_by_label(language).check()

    found = Axe().run(page, options=RULES)

    assert found.response["violations"] == [], found.generate_report()


def test_on_a_telephone_the_table_moves_and_the_page_does_not(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate("document.querySelector('.scroll').scrollWidth") > 375
    tallest = page.evaluate("Math.max(...[...document.querySelectorAll('tbody tr')].map(row => row.offsetHeight))")
    assert tallest < 120


def test_a_large_register_draws_what_is_asked_for(page: Page, tmp_path: Path) -> None:
    root = tmp_path / "centre"
    root.mkdir()
    name = {"en": ISSUER.name.en, "zh": ISSUER.name.zh}
    (root / "centre.json").write_text(json.dumps({"name": name, "url": ISSUER.url}), "utf-8")
    with Academy(root) as academy:
        hold(academy, "L2-202611-0A1B2C3D")
        issued = academy.store.events("certificate.issued")[0].data
        academy.store.append("person.recorded", "P017", {"name": "</script><b>陈晓敏"}, "S1001")
        more = [("certificate.issued", f"L2-202611-{number:08X}", issued) for number in range(5000)]
        academy.store.append_all(more, "S1001")
        consent.record_consent(academy, "P017", ["name"], "form", "S1001")
        found, count = register.publish_register(academy, root / "public", "S1001")
    rows = page.locator("tbody tr")

    page.goto(found.as_uri())

    assert count == 5001
    expect(rows).to_have_count(200)
    expect(page.locator("#count")).to_have_text("5001")
    page.get_by_role("searchbox").fill("L2-202611-00001387")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("</script><b>陈晓敏")
    expect(page.get_by_text("The first 200 are shown")).to_be_hidden()
    page.get_by_role("searchbox").fill("")
    expect(rows).to_have_count(200)
    expect(page.get_by_text("The first 200 are shown")).to_be_visible()
