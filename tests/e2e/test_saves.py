"""JupyterLab saves a notebook once at a time on a slow server, and still tells of a file that somebody else changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from grader.launch.config import write_shelf_config
from tests.e2e.lab import SLOW_MS, until

# Every answer about a file comes this much later: a save of three requests then takes three times as long. JupyterLab
# waits ten times as long as a save took before it saves by itself, and so does the test.
LATE_MS = 600
SLOWLY = """
const ask = window.fetch;
window.fetch = async (...words) => {
  const answer = await ask(...words);
  if (/[/]api[/]contents[/].*[.]ipynb/.test(words[0].url ?? String(words[0])))
    await new Promise((go) => setTimeout(go, %d));
  return answer;
};
"""


def notebook(text: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def source(work: Path) -> str:
    return "".join(json.loads(work.read_text("utf-8"))["cells"][0]["source"])


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A trainee's JupyterLab as the Hub's shelf configures it; its address, and a notebook in its folder."""
    home, folder, log = tmp_path / "home", tmp_path / "config", tmp_path / "log"
    home.mkdir()
    work = home / "work.ipynb"
    work.write_text(notebook("first"))
    write_shelf_config(folder, tmp_path / "exchange", "zh")
    words = ["--no-browser", "--allow-root", f"--ServerApp.root_dir={home}", "--ServerApp.port=0"]
    places = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("RUNTIME", "DATA")}
    places |= {f"JUPYTERLAB_{name}_DIR": str(tmp_path / name) for name in ("SETTINGS", "WORKSPACES")}
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            env=os.environ | places | {"JUPYTER_CONFIG_DIR": str(folder)},
        )  # fmt: skip
    pattern = re.compile(r"http://127\.0\.0\.1:\d+/lab\?token=\w+")
    try:
        until(lambda: pattern.search(log.read_text("utf-8")) is not None, "the server says where it is")
        (address,) = set(pattern.findall(log.read_text("utf-8")))
        yield address.replace("/lab?", "/lab/tree/work.ipynb?"), work
    finally:
        server.terminate()
        server.wait(30)


def open_slowly(page: Page, address: str, work: Path) -> Locator:
    """Open the notebook and wait for its cell, and for the first save, in which JupyterLab writes down the kernel."""
    page.add_init_script(SLOWLY % LATE_MS)
    page.goto(address)
    cell = page.locator(".jp-NotebookPanel:visible .jp-Cell").first
    expect(cell).to_contain_text("first", timeout=SLOW_MS)
    until(lambda: "kernelspec" in work.read_text("utf-8"), "JupyterLab writes down the kernel")
    page.wait_for_timeout(2 * LATE_MS)
    return cell


def write(page: Page, cell: Locator, text: str) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_ctrl_s_while_the_automatic_save_runs_asks_nothing_and_saves_the_last_word(
    lab: tuple[str, Path], page: Page
) -> None:
    address, work = lab
    cell = open_slowly(page, address, work)

    # The automatic save writes; listened for from before the typing on, since it may come at once.
    with page.expect_request(lambda one: one.method == "PUT" and "/api/contents/" in one.url, timeout=SLOW_MS):
        write(page, cell, "second")
    page.keyboard.insert_text(", third")
    for _ in range(5 * LATE_MS // 300):
        page.keyboard.press("Control+s")
        page.wait_for_timeout(300)

    expect(page.locator("dialog.jp-Dialog")).to_have_count(0)
    until(lambda: source(work) == "second, third", "the last word is saved")


def test_a_file_that_somebody_else_changed_is_told_once_and_kept(lab: tuple[str, Path], page: Page) -> None:
    address, work = lab
    cell = open_slowly(page, address, work)
    work.write_text(notebook("somebody else"))

    write(page, cell, "mine")
    for _ in range(5):
        page.keyboard.press("Control+s")
        page.wait_for_timeout(200)
    question = page.locator("dialog.jp-Dialog", has_text="文件已更改")
    expect(question).to_have_count(1, timeout=SLOW_MS)
    question.get_by_role("button", name="取消").click()

    expect(question).to_have_count(0)
    page.wait_for_timeout(2 * LATE_MS)
    expect(question).to_have_count(0)
    assert source(work) == "somebody else"
