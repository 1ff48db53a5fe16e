"""The learning thread as people live it: lesson, exercises, submission, marking in formgrader, feedback; in Chinese."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.lab import SLOW_MS, open_feedback, open_lesson, ready, run_all, submit, until

LESSON = "01-call-history-to-staffed-day"
ASSIGNMENT = f"supervisor-{LESSON}-zh"
# What a learner types; the first stops when the line is back, which the check explains. 69 is one too many for
# 46 / 0.68 = 67.6: the check, which looks at the form, accepts it, the test that is not shown does not.
TOO_SHORT = 'outage_start = "2026-04-15 10:00"\noutage_end = "2026-04-15 11:30"'
ANSWERS = {
    "e1-answer": 'outage_start = "2026-04-15 10:00"\noutage_end = "2026-04-15 13:30"',
    "e2-answer": "wape_pct = 10.6\nbias_pct = 4.5",
    "e3-answer": 'best_method = "ridge_profile"\nbest_wape_pct = 5.4\nbest_bias_pct = 0.6',
    "e4-answer": "agents_1000 = 49\nlevel_c_pct = 0.0\nlevel_a_pct = 27.1",
    "e5-answer": 'rostered_1000 = 69\nworst_category = "leave"\nworst_hours = 12.7',
}
NOTE = "何经理：8月17日不怪预测，少的是人。9月7日10:00我申请排68人。"
COMMENT = "结论清楚；第4点请写明省着排的代价。"


@pytest.fixture
def formgrader(browser: Browser) -> Iterator[Page]:
    """A page without the check for script errors: nbgrader's template wants MathJax from the internet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


def learn(page: Page, address: str, path: Path) -> None:
    """Open the lesson from the welcome page, fail and pass its checks, play, write the note; JupyterLab saves."""
    page.goto(address)
    page.get_by_role("link", name="从历史话务到一天的人员配备", exact=True).click(timeout=SLOW_MS)
    lesson = open_lesson(page, path)

    lesson.write("e1-answer", TOO_SHORT)
    run_all(page)
    alert = lesson.cell("e1").get_by_role("alert")
    expect(alert).to_contain_text("线路一通你就收了。", timeout=SLOW_MS)
    expect(lesson.cell("e1")).not_to_contain_text(re.compile("Traceback|AssertionError"))
    expect(lesson.cell("e2")).not_to_contain_text("形式正确")  # an error stops there
    hint = page.locator("details", has_text="顺着").first
    hint.locator("summary").click()
    expect(hint.get_by_text("只要高于30，就还在事件之内")).to_be_visible()

    for name, text in ANSWERS.items():
        lesson.write(name, text)
    run_all(page)
    for name in ("e1", "e2", "e3a", "e3b", "e4a", "e4b", "e5a", "e5b"):
        expect(lesson.cell(name)).to_contain_text("形式正确", timeout=SLOW_MS)
        expect(lesson.cell(name).get_by_role("status")).to_contain_text(re.compile("✓ 检查通过.*。练习"))
    expect(page.locator(".ccq-card h2")).to_have_text(re.compile("第1题"))  # the practice quiz of the lesson

    chart = page.locator(".jp-RenderedHTML img").first
    expect(chart).to_have_attribute("alt", re.compile("^历史话务量：日均"))  # for people who do not see it
    expect(page.locator(".jp-RenderedImage")).to_have_count(0)

    slider = page.locator(".widget-slider", has_text="缩减率").get_by_role("slider")
    expect(page.get_by_text("缩减率30%时需排班62人")).to_be_visible()  # 43 / 0.70 = 61.4
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("缩减率31%时需排班63人")).to_be_visible()  # 43 / 0.69 = 62.3

    lesson.write_note(NOTE)
    until(lambda: NOTE in path.read_text("utf-8"), "the lesson saves itself")


def done(page: Page, what: str) -> None:
    """Formgrader says that it did it."""
    said = page.locator(".modal.in")
    expect(said).to_contain_text(what, timeout=SLOW_MS)
    said.get_by_text("OK", exact=True).click()
    expect(said).to_have_count(0)


def grade(page: Page, address: str) -> None:
    """Collect, autograde, mark the note, generate and release the feedback."""
    base, _, token = address.partition("/lab")[0], *address.rpartition("token=")[1:]
    page.goto(f"{base}/formgrader?token={token}")
    page.locator("tr", has_text=ASSIGNMENT).locator(".collect a").click(timeout=SLOW_MS)
    done(page, "Successfully collected")
    submissions = f"{base}/formgrader/manage_submissions/{ASSIGNMENT}"
    page.goto(submissions)
    page.locator("td.autograde a").click()
    done(page, "Successfully autograded")

    page.goto(f"{base}/formgrader/gradebook/{ASSIGNMENT}/{LESSON}")
    page.get_by_role("link", name="Submission #1").click()
    answer = page.locator(".nbgrader_cell", has_text=NOTE)
    rubric = page.locator("table", has_text="得分点")
    expect(rubric).to_contain_text("为什么用乘法会缺人")  # in view of the marker, above the answer
    at, below = rubric.bounding_box(), answer.bounding_box()
    assert at is not None and below is not None and at["y"] < below["y"] < at["y"] + 900
    # What these locators ask for comes with the marks and comments; before, nothing that is typed would be saved.
    score, comment = "input.score.needs_manual_grade", "textarea.comment[data-autosize-on]"
    for box, text, kept in ((score, "5", "/api/grade/"), (comment, COMMENT, "/api/comment/")):
        answer.locator(box).fill(text)
        with page.expect_response(re.compile(kept)):
            page.keyboard.press("Tab")

    page.goto(submissions)
    expect(page.locator("td.score")).to_contain_text("17 / 20")
    page.locator("td.generate-feedback a").click()
    done(page, "Successfully generated feedback")
    page.locator("td.release-feedback a").click()
    done(page, "Successfully released feedback")


def hidden(cells: list[dict[str, Any]]) -> set[str]:
    """The lines of solutions and hidden tests in the trainer's version."""
    source = "\n".join("".join(cell["source"]) for cell in cells)
    blocks = re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", source, re.DOTALL)
    typed = "\n".join(ANSWERS.values()).splitlines()
    return {line.strip() for block in blocks for line in block.splitlines()} - set(typed)


def look_where_one_is(page: Page, address: str) -> None:
    """The home page of the level: what has passed, and what is next."""
    page.goto(address)
    page.get_by_role("link", name="主管：学到哪里了").click(timeout=SLOW_MS)
    ready(page, "supervisor-home.ipynb")
    run_all(page)
    row = page.locator(".jp-OutputArea tr", has_text="从历史话务到一天的人员配备")
    expect(row).to_contain_text("✓ 5 / 5", timeout=SLOW_MS)
    expect(page.get_by_text(re.compile("下一步：谁偏严，谁手松了"))).to_be_visible()


def test_a_trainee_learns_hands_in_and_reads_the_feedback_of_a_trainer(
    started: Callable[..., AbstractContextManager[str]],
    tmp_path: Path,
    page: Page,
    formgrader: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre = tmp_path / "centre"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "://127.0.0.1" not in request.url else None)

    with started(centre, "--language", "zh") as address:
        learn(page, address, centre / "home" / "zh" / ASSIGNMENT / f"{LESSON}.ipynb")
        look_where_one_is(page, address)
        submit(page, ASSIGNMENT)
        handed_in = page.locator("#submitted_assignments_list").inner_text()
        assert handed_in.count("UTC") == 1  # nothing of another centre
        with started(centre, "--trainer", "--language", "zh") as trainer:
            grade(formgrader, trainer)

        open_feedback(page, ASSIGNMENT, LESSON)
        feedback = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
        expect(feedback.locator(".total")).to_contain_text("17 / 20", timeout=SLOW_MS)
        rows = feedback.locator(".result tr")
        expect(rows.filter(has_text="练习5第一问")).to_contain_text("0 / 2")
        expect(rows.filter(has_text="书面题")).to_contain_text(COMMENT)
        expect(rows.filter(has_text="书面题")).to_contain_text("5 / 6")
        expect(feedback.locator("#e5a")).to_contain_text("有一项不公开的测试没有通过")
        expect(feedback.locator("#note")).to_contain_text(NOTE)
        text = feedback.text_content() or ""
        page.goto("about:blank")  # else it misses the server that ends

    (source,) = (centre / "course" / "source" / ASSIGNMENT).glob("*.ipynb")
    secrets = hidden(json.loads(source.read_text("utf-8"))["cells"])
    assert len(secrets) > 20
    assert [line for line in secrets if line in text] == []
    assert "参考答案" not in text
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []
