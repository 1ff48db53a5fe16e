"""`academy start` as its two kinds of user meet it: real JupyterLab, real formgrader, a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from grader import certify, nbcourse, seats
from grader.certify import Academy, Candidate
from grader.demo.cast import CAST, practical_cells, written
from tests.e2e.lab import submit

SLOW_MS = 60_000
Started = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre where one candidate has sat, was marked by program, and waits for a person's marks."""
    root = tmp_path_factory.mktemp("start") / "centre"
    part = CAST[1]
    now = datetime.now(UTC).replace(microsecond=0)
    with Academy(root) as academy:
        academy.store.append("person.recorded", part.person, {"name": part.name}, "hr")
        (card,) = certify.schedule(
            academy, "TL-1", 2, [Candidate(part.person, "zh")], opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(hours=2), minutes=120, length=24, purpose="practice", by="office",
        )  # fmt: skip
        folder = seats.find(academy.centre.room, card.seat)
        folder.start(now)
        for slot, value in written(academy.form("TL-1", "TL-1-F1"), part).items():
            folder.save(slot, value, now)
        notebook = json.loads(folder.practical()["practical.ipynb"])
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = practical_cells(part).get(name, cell["source"])
        folder.hand_in(now, "candidate", json.dumps(notebook).encode())
        certify.close(academy, "TL-1", "office", now + timedelta(minutes=5))
        certify.mark(academy, "TL-1")
    return root


def manual_mark(centre: Path) -> float | None:
    """What stands in the gradebook as a person's mark for the written answer."""
    scores = nbcourse.scores(centre / "course", "TL-1", "A1002")
    return next(score.manual for score in scores if score.cell == "q24")


@pytest.fixture
def formgrader(browser: Browser) -> Iterator[Page]:
    """A page without the check for script errors: nbgrader's template wants MathJax from the internet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def test_a_trainer_marks_the_written_answer_in_formgrader_and_the_registry_takes_it_over(
    started: Started, centre: Path, formgrader: Page
) -> None:
    page = formgrader
    with started(centre, "--trainer", "--language", "en") as address:
        page.goto(address)
        expect(page.get_by_role("heading", name="Trainer")).to_be_visible(timeout=SLOW_MS)
        base = address.split("/lab")[0]

        page.goto(f"{base}/formgrader/gradebook/TL-1/written")
        page.get_by_role("link", name="Submission #1").click(timeout=SLOW_MS)
        expect(page.locator("body")).to_contain_text("先把两通录音的时间点放给她听", timeout=SLOW_MS)
        box = page.locator("input.score.needs_manual_grade").last  # the class comes with the marks
        box.fill("3")
        box.press("Tab")
        until = time.monotonic() + 30
        while manual_mark(centre) is None and time.monotonic() < until:
            time.sleep(0.3)

    assert manual_mark(centre) == 3
    with Academy(centre) as academy:
        assert certify.take_manual_marks(academy, "TL-1", "trainer") == 1
        (row,) = academy.store.rows("marks", marker="trainer")
        assert (row["slot"], row["points"], row["max_points"]) == ("q24", 3, 4)


def test_a_trainee_finds_lesson_quiz_and_exam_and_hands_in_the_lesson(
    started: Started, centre: Path, page: Page
) -> None:
    with started(centre, "--language", "zh") as address:
        page.goto(address)
        lesson = page.get_by_role("link", name="从历史话务到一天的人员配备", exact=True)
        expect(lesson).to_be_visible(timeout=SLOW_MS)
        expect(page.locator(".lm-MenuBar").get_by_text("文件", exact=True)).to_be_visible()  # a Chinese interface
        for first in ("班组长练习题", "进入考场", "班组长：学到哪里了", "总经理：学到哪里了"):  # without scrolling
            expect(page.get_by_role("link", name=first)).to_be_in_viewport(ratio=1)
        for foreign in ("Formgrader", "Create Assignment"):
            expect(page.get_by_text(foreign)).to_have_count(0)

        lesson.click()
        expect(page.get_by_role("heading", name="从历史话务到一天的人员配备")).to_be_visible(timeout=SLOW_MS)
        submit(page, "supervisor-01-call-history-to-staffed-day-zh")
        (submitted,) = (centre / "exchange" / "academy" / "inbound").iterdir()
        assert (submitted / "01-call-history-to-staffed-day.ipynb").exists()

        base = address.split("/lab")[0]
        page.goto(f"{base}/academy")
        expect(page.get_by_text("TL-practice-2-01")).to_be_visible()


def test_a_second_start_keeps_what_was_worked_on_and_the_seat(started: Started, centre: Path) -> None:
    (home,) = (centre / "home").iterdir()
    lesson = next(home.glob("supervisor-*/*.ipynb"))
    worked = lesson.read_text("utf-8").replace("# YOUR CODE HERE", "# my own work", 1)
    lesson.write_text(worked, "utf-8")
    seat = re.search(r"考位\*\*TL-practice-\S+?\*\*，入场码\*\*[0-9A-Z-]+\*\*", (home / "欢迎.md").read_text("utf-8"))
    assert seat is not None

    with started(centre, "--language", "zh"):
        assert lesson.read_text("utf-8") == worked
        assert seat[0] in (home / "欢迎.md").read_text("utf-8")
