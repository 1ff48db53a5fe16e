"""JupyterLab as the tests of lessons use it: menus, the open notebook, its cells by nbgrader's names."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

__all__ = ["SLOW_MS", "Lesson", "menu", "open_feedback", "open_lesson", "ready", "run_all", "submit", "until"]

SLOW_MS = 60_000


def until(fact: Callable[[], bool], what: str) -> None:
    """Wait for something that no page shows."""
    end = time.monotonic() + 30
    while not fact():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def menu(page: Page, bar: str, item: str) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=bar).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()


def ready(page: Page, name: str) -> None:
    """Wait until the notebook of this name lies in front and its own kernel, not that of the one before, is idle."""
    expect(page.locator("#jp-bottom-panel")).to_contain_text(name, timeout=SLOW_MS)
    front = page.locator(".jp-NotebookPanel:visible")
    expect(front.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle", timeout=SLOW_MS)


def run_all(page: Page) -> None:
    """Run the notebook in front; JupyterLab forgets an order that comes before the kernel has answered."""
    counted = page.locator(".jp-NotebookPanel:visible .jp-InputPrompt").filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(5):
        menu(page, "运行", "运行所有单元格")
        with suppress(AssertionError):
            expect(counted).not_to_have_count(0, timeout=5_000)
            return
    raise AssertionError("the notebook does not run")


class Lesson:
    """The lesson that is open in JupyterLab, its cells by the names that nbgrader knows them by."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        cells = json.loads(path.read_text("utf-8"))["cells"]
        names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
        self.places = {name: place for place, name in enumerate(names) if name}

    def cell(self, name: str) -> Locator:
        return self.page.locator(".jp-NotebookPanel:visible .jp-Notebook .jp-Cell").nth(self.places[name])

    def write(self, name: str, text: str) -> None:
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def write_note(self, text: str) -> None:
        self.cell("note").dblclick()
        self.write("note", text)
        self.page.keyboard.press("Shift+Enter")

    def save(self) -> None:
        self.page.keyboard.press("Control+s")


def open_lesson(page: Page, path: Path) -> Lesson:
    ready(page, path.name)
    return Lesson(page, path)


def submit(page: Page, assignment: str) -> None:
    """Hand in from the Assignment List, which shows the hour when it has it."""
    menu(page, "Nbgrader", "Assignment List")
    row = page.locator("#fetched_assignments_list .list_item", has_text=assignment)
    row.locator("button, a").filter(has_text=re.compile(r"^\s*Submit\s*$")).first.click(timeout=SLOW_MS)
    handed_in = page.locator("#submitted_assignments_list .list_item", has_text=assignment)
    expect(handed_in.first).to_contain_text(re.compile(r":\d\d UTC"), timeout=SLOW_MS)


def open_feedback(page: Page, assignment: str, notebook: str) -> None:
    """Take the feedback of an assignment from the Assignment List and open its page."""
    row = page.locator("#submitted_assignments_list .list_item", has_text=assignment).first
    row.locator("button, a").filter(has_text="Fetch Feedback").first.click(timeout=SLOW_MS)
    row.locator("a", has_text="view feedback").first.click(timeout=SLOW_MS)
    page.locator(".jp-DirListing-item", has_text=f"{notebook}.html").dblclick(timeout=SLOW_MS)
