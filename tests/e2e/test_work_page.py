"""A candidate hands in a work product in a browser: code, files, receipt, and what is refused, in both languages."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from grader import exams
from grader.centre import PROJECT
from grader.seats import iso

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PLAN = b"%PDF-1.7\nplan\n%%EOF\n"


def nothing_found(page: Page, screen: str) -> None:
    for width in (1280, 640):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options=RULES).response["violations"]
        told = [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        assert told == [], (screen, width)


@pytest.mark.parametrize(
    ("language", "handed", "missing", "refused"),
    [
        ("en", "Handed in", "Not handed in yet", "is no Excel workbook"),
        ("zh", "已提交", "尚未提交", "不是Excel工作簿"),
    ],
)
def test_files_are_handed_in_one_by_one_and_no_screen_breaks_a_rule(
    page: Page, jupyter_server: Any, room_server: Any, language: str, handed: str, missing: str, refused: str
) -> None:
    task = exams.read_practical(PROJECT / "question_bank" / "practicals" / "manager.md", PROJECT / "question_bank")
    assert task.work is not None
    now = datetime.now(UTC)
    work = {
        "task": task.id, "version": task.version, "opens_at": iso(now - timedelta(days=9)), "days": [],
        "ends_at": iso(now + timedelta(days=9)), "files": [asdict(one) for one in task.work.files],
    }  # fmt: skip
    room_server.make_seat(
        jupyter_server.room, "W001", language, practical=False, opens_in_s=-8e5, closes_in_s=-7e5, work=work
    )
    page.goto(f"{jupyter_server.url}/seats/W001/work?token={jupyter_server.token}")
    nothing_found(page, "code")
    page.locator("#code").fill(room_server.CODE)
    page.keyboard.press("Enter")
    expect(page.locator("input[type=file]")).to_have_count(4)
    nothing_found(page, "files")

    def send(name: str, file: str, data: bytes) -> None:
        field = page.locator(f"#f-{name}")
        field.set_input_files({"name": file, "mimeType": "application/pdf", "buffer": data})
        page.locator("form", has=field).locator("button").click()

    send("improvement-charter", "improvement-charter.pdf", PLAN)

    expect(page.get_by_text(hashlib.sha256(PLAN).hexdigest())).to_be_visible()
    expect(page.get_by_text(missing)).to_have_count(3)
    expect(page.get_by_text(handed, exact=True)).to_have_count(1)
    send("capacity-plan", "capacity-plan.xlsx", PLAN)
    expect(page.get_by_role("alert")).to_contain_text(refused)
    nothing_found(page, "refused")
