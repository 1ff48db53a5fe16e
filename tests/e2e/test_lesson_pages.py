"""The pages beside lessons: a summary passes the check of accessibility and prints on one page of A4, either way up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from grader.centre import PROJECT

PAGES = sorted((PROJECT / "courses").glob("[ez][nh]/*/*-summary.html"))


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    """A small window without a network, which shows one summary after the other."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_summary_is_for_everybody_and_fits_on_one_page(path: Path, phone: Page) -> None:
    phone.goto(path.as_uri())

    found = Axe().run(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    sheets = [
        len(re.findall(rb"/Type\s*/Page\b(?!s)", phone.pdf(format="A4", landscape=landscape)))
        for landscape in (False, True)
    ]

    assert found.violations_count == 0, found.generate_report()
    assert wide <= 0  # nothing is cut off on a phone
    assert sheets[0] == 1 and sheets[1] <= 2
