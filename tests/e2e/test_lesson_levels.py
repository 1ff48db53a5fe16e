"""One lesson of each other level as a trainee works it: fetched, answered, handed in, its feedback read; in Chinese."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grader import lessons
from grader.centre import PROJECT
from grader.notebooks import read
from tests.e2e.lab import SLOW_MS, Lesson, menu, open_feedback, open_lesson, run_all, submit, until

SOURCE = PROJECT / "courses" / "source"
LEVELS = ("senior-agent/02", "team-leader/01", "manager/01", "general-manager/03")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION\n?", re.DOTALL)
NOTE = "结论：先看数，再看人。下一步由我来做，星期五前给您答复。"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("levels") / "centre"


@pytest.fixture(scope="module")
def address(
    centre: Path, started: Callable[..., AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        with started(centre, "--language", "zh") as address:
            yield address


def of_lesson(begin: str) -> Path:
    (path,) = SOURCE.glob(f"{begin}-*.md")
    return path


def academy(*words: str) -> str:
    """The trainer's command, as typed in a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", "courses", *words],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(path: Path) -> dict[str, str]:
    """What the author would type into each answer cell."""
    cells = [cell for cell in lessons.source(path, "zh")["cells"] if "nbgrader" in cell["metadata"]]
    found = {cell["metadata"]["nbgrader"]["grade_id"]: SOLUTION.search("".join(cell["source"])) for cell in cells}
    return {name: solution[1] for name, solution in found.items() if solution and name.endswith("-answer")}


def welcomed(page: Page, title: str) -> None:
    """The welcome page is there, which comes to the front when JupyterLab is ready."""
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible(timeout=SLOW_MS)


def fetch(page: Page, home: Path, name: str, title: str) -> None:
    """The lesson comes from the exchange, through the Assignment List."""
    shutil.rmtree(home / name)
    page.reload()  # the list is read when the page is
    welcomed(page, title)
    menu(page, "Nbgrader", "Assignment List")
    row = page.locator("#released_assignments_list .list_item", has_text=name)
    row.locator("button, a").filter(has_text=re.compile(r"^\s*Fetch\s*$")).first.click(timeout=SLOW_MS)
    expect(page.locator("#fetched_assignments_list")).to_contain_text(name, timeout=SLOW_MS)


def checks(lesson: Lesson) -> list[str]:
    cells: list[dict[str, Any]] = json.loads(lesson.path.read_text("utf-8"))["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return [mark["grade_id"] for mark in marks if mark.get("grade") and not mark["solution"]]


@pytest.mark.parametrize("begin", LEVELS)
def test_a_trainee_fetches_works_and_hands_in_a_lesson_and_reads_its_feedback(
    begin: str, centre: Path, address: str, page: Page
) -> None:
    path = of_lesson(begin)
    name, home = lessons.assignment(path, "zh"), centre / "home" / "zh"
    title = read(path).header["lesson"]["title"]["zh"]
    page.goto(f"{address}&reset")  # without the tabs of the lesson before
    welcomed(page, title)
    fetch(page, home, name, title)
    page.goto(f"{address.partition('/lab')[0]}/lab/tree/{name}/{path.stem}.ipynb?reset")
    lesson = open_lesson(page, home / name / f"{path.stem}.ipynb")

    run_all(page)
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("还没有作答", timeout=SLOW_MS)
    for cell, text in answers(path).items():
        lesson.write(cell, text)
    run_all(page)
    for check in checks(lesson):
        expect(lesson.cell(check).get_by_role("status")).to_contain_text("✓ 检查通过", timeout=SLOW_MS)
    expect(page.locator(".ccq-card h2")).to_have_text(re.compile("第1题"), timeout=SLOW_MS)
    expect(page.locator(".jp-RenderedHTML img:not([alt]), .jp-RenderedHTML img[alt='']")).to_have_count(0)
    lesson.write_note(NOTE)
    lesson.save()
    until(lambda: NOTE in lesson.path.read_text("utf-8"), "the lesson is saved")
    submit(page, name)

    for step in ("collect", "autograde"):
        academy(step, begin, "--language", "zh", "--course", str(centre / "course"))
    assert "waits" in academy("progress", begin, "--language", "zh", "--course", str(centre / "course"))
    academy("feedback", begin, "--language", "zh", "--waiting", "--course", str(centre / "course"))
    open_feedback(page, name, path.stem)
    feedback = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    expect(feedback.locator("#note")).to_contain_text(NOTE, timeout=SLOW_MS)
    expect(feedback).not_to_contain_text("不公开的测试没有通过")
