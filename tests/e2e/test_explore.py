"""Explorers in a real JupyterLab, with the keyboard: sentence and chart follow, a day is managed, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, TimeoutError, expect

KERNEL_MS = 60_000
CELL = "from ccskills import explore\nlanguage = {language!r}\nbox = explore.{name}(language)\nbox"


def open_notebook(page: Page, server: Any, names: dict[str, str]) -> None:
    """A notebook with an explorer in each cell, all of them run"""
    cells = [nbformat.v4.new_code_cell(CELL.format(name=name, language=language)) for name, language in names.items()]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), server.root / "explore.ipynb")
    page.goto(f"{server.origin}/lab/tree/explore.ipynb?reset&token={server.token}")
    expect(page.locator("#jp-bottom-panel").get_by_text("| Idle")).to_be_visible(timeout=KERNEL_MS)
    for patience_ms in (KERNEL_MS / 4, KERNEL_MS):  # pressed too early, JupyterLab forgets it
        page.locator(".jp-CodeCell .cm-content").first.click()
        for _ in names:
            page.keyboard.press("Shift+Enter")
        with suppress(TimeoutError):
            page.locator(".ccskills-says > [role=status]").nth(len(names) - 1).wait_for(timeout=patience_ms)
            break
    expect(page.locator(".ccskills-explorer")).to_have_count(len(names), timeout=KERNEL_MS)


def sentence(explorer: Locator) -> Locator:
    """What is read aloud: the element lives on while its words change."""
    return explorer.locator(".ccskills-says > [role=status][aria-live=polite]")


def pictures(explorer: Locator) -> list[str]:
    return [str(image.get_attribute("src")) for image in explorer.locator("img[alt]:not([alt=''])").all()]


def move(slider: Locator, key: str, times: int = 1) -> None:
    slider.focus()
    for _ in range(times):
        slider.press(key)


def test_sliders_marks_and_menus_move_sentence_and_chart_by_keyboard(
    start_server: Callable[..., Any], page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1400})
    open_notebook(page, start_server(lab=True), {"staffing": "en", "calibration": "zh", "control_chart": "en"})
    staffing, calibration, control = page.locator(".ccskills-explorer").all()

    before = pictures(staffing)
    expect(sentence(staffing)).to_contain_text("100 calls of 240 s are 13.3 erlangs. 17 agents answer 81.0%")
    move(staffing.get_by_role("slider", name="Shrinkage [%]"), "ArrowRight", 5)
    # 17 / 0.65 = 26.2
    expect(sentence(staffing)).to_contain_text("with 35% shrinkage 27 must be scheduled")
    move(staffing.get_by_role("slider", name="Calls in 30 min"), "Home")
    expect(sentence(staffing)).to_have_text("Without calls nobody is needed.")
    move(staffing.get_by_role("slider", name="Calls in 30 min"), "End")
    expect(sentence(staffing)).to_contain_text("600 calls of 240 s are 80.0 erlangs")
    expect(staffing.get_by_role("img", name=re.compile("^Service level by number of agents"))).to_be_visible()
    assert pictures(staffing) != before

    expect(calibration).to_have_attribute("lang", "zh-CN")
    expect(sentence(calibration)).to_contain_text("王强（-25，偏严）")
    mark = calibration.get_by_role("button", name=re.compile("^王强，联络1；"))
    expect(mark).to_have_attribute("aria-label", "王强，联络1；按下更改: 部分")
    mark.focus()
    page.keyboard.press("Enter")
    expect(sentence(calibration)).to_contain_text("王强（-30，偏严）")
    expect(mark).to_have_attribute("aria-label", "王强，联络1；按下更改: 不符")
    expect(mark).to_be_focused()
    calibration.get_by_role("combobox", name="起始评分").select_option(label="全部与基准一致")
    expect(sentence(calibration)).to_contain_text("与基准的Kappa均为1.00")

    expect(sentence(control)).to_contain_text("common causes only")
    move(control.get_by_role("slider", name="Shift of the process [points]"), "ArrowRight", 6)
    expect(sentence(control)).to_contain_text("The shift is found in week 22, week 8 after it began.")
    page.keyboard.press("Control+b")
    page.set_viewport_size({"width": 400, "height": 900})
    for explorer in (staffing, calibration, control):
        assert explorer.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_a_day_is_managed_by_fields_and_buttons_and_ends_with_its_debrief(
    start_server: Callable[..., Any], page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1400})
    open_notebook(page, start_server(lab=True), {"simulation_day": "en", "business_case": "zh"})
    day, case = page.locator(".ccskills-explorer").all()

    expect(sentence(day)).to_contain_text("It is 08:00, the day begins.")
    expect(sentence(day)).to_contain_text("News: roll call: 7 % of the people on shift are absent")
    breaks = day.get_by_role("spinbutton", name=re.compile("^breaks moved by an hour"))
    breaks.fill("2")
    breaks.press("Tab")
    onwards = day.get_by_role("button", name="Let half an hour pass")
    onwards.focus()
    page.keyboard.press("Enter")
    expect(sentence(day)).to_contain_text("It is 08:30. In the half hour 160 called, 181 were foreseen")
    expect(sentence(day)).to_contain_text("Left in the budget: 2,992.")  # 2 breaks at 4
    expect(breaks).to_have_value("0")
    day.get_by_role("checkbox", name=re.compile("^call backs offered")).check()
    for minute in range(9 * 60, 20 * 60, 30):
        onwards.click()
        expect(sentence(day)).to_contain_text(f"It is {minute // 60:02d}:{minute % 60:02d}. In the half hour")
        expect(onwards).to_be_enabled()
    expect(day.get_by_role("img", name=re.compile("^Service level, contacts and staff"))).to_be_visible()
    onwards.click()
    expect(sentence(day)).to_contain_text("Score: ", timeout=30_000)
    expect(sentence(day)).to_contain_text("What the best plan did:")
    expect(onwards).to_be_disabled()
    day.get_by_role("button", name="Start another day").click()
    expect(sentence(day)).to_contain_text("It is 08:00, the day begins.")

    expect(sentence(case)).to_contain_text("净现值（NPV）为+87千元；静态回收期2.0年")
    move(case.get_by_role("slider", name="每年收益（千元）"), "ArrowLeft", 8)
    expect(sentence(case)).to_contain_text("3年内未收回投资")
    expect(case.get_by_role("img", name=re.compile("^净现值敏感性"))).to_be_visible()
