"""How long a learner waits in JupyterLab for a lesson and its widget, beside a notebook with one plot and a slider."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _task import run

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ("senior-agent/01", "team-leader/01", "supervisor/01", "manager/01", "general-manager/01")
ROUNDS = 3
PLAIN = """import matplotlib.pyplot as plt
from ipywidgets import interact


@interact(x=(1, 20))
def draw(x=5):
    plt.plot(range(x))
    plt.show()"""


@contextmanager
def lab(centre: Path) -> Iterator[str]:
    """`academy start` on a new centre; yields the address that it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["start", "--no-browser", "--language", "en", "--centre", str(centre), "--port", str(port)]
    log = centre.parent / "lab.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "grader", *words], stdout=out, stderr=out, cwd=ROOT)
    try:
        while not (found := re.search(rf"http://127\.0\.0\.1:{port}/\S+token=\w+", log.read_text("utf-8"))):
            if process.poll() is not None:
                raise RuntimeError(log.read_text("utf-8")[-3000:])
            time.sleep(0.1)
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


def plain(path: Path) -> Path:
    """The notebook that ours are held against."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A plot and a slider"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": PLAIN, "execution_count": None, "outputs": []},
    ]
    header = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps({"cells": cells, "metadata": header, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def widget_cell(path: Path) -> int:
    """The place of the first cell that shows a widget."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    return next(
        place
        for place, (cell, text) in enumerate(zip(cells, sources, strict=True))
        if cell["cell_type"] == "code" and re.search(r"^(explore\.|@interact)", text, re.M)
    )


def seen(page: Any, base: str, home: Path, path: Path) -> dict[str, float]:
    """Seconds until the first heading stands, until all above the widget has run, until the widget is painted."""
    times, began = {}, time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        times[name] = time.perf_counter() - began
        began = time.perf_counter()

    front = page.locator(".jp-NotebookPanel:visible")
    state = front.locator(".jp-Notebook-ExecutionIndicator")
    page.goto(f"{base}/lab/tree/{path.relative_to(home).as_posix()}?reset")
    front.locator("h1").first.wait_for(timeout=60_000)
    lap("text")
    front.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)  # an order that comes before the kernel has answered is forgotten
    place = widget_cell(path)
    cell = front.locator(".jp-Notebook .jp-Cell").nth(place)
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-InputPrompt, .jp-Placeholder").first.click()
    began = time.perf_counter()
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Above Selected Cell$")).click()
    page.wait_for_function("e => e.dataset.status === 'busy'", arg=state.element_handle()) if place > 2 else None
    page.wait_for_function("e => e.dataset.status === 'idle'", arg=state.element_handle(), timeout=60_000)
    lap("above")
    cell.locator(".jp-InputPrompt, .jp-Placeholder").first.click()
    page.keyboard.press("Control+Enter")
    # The day to manage oneself shows a table first, the other widgets a picture.
    drawn = (f".jp-OutputArea-output {what}:visible" for what in ("img", "svg", ".ccskills-table"))
    cell.locator(", ".join(drawn)).first.wait_for(timeout=60_000)
    lap("widget")
    return times


def measured(small: bool) -> tuple[Callable[[], Any], float]:
    """All lessons and the plain notebook, each in a fresh page of a browser that knows JupyterLab already."""
    from playwright.sync_api import sync_playwright

    def work() -> dict[str, dict[str, float]]:
        found: dict[str, list[dict[str, float]]] = {}
        with tempfile.TemporaryDirectory(prefix="lessons-") as folder, sync_playwright() as playwright:
            os.environ["XDG_DATA_HOME"] = folder
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            with lab(Path(folder) / "centre") as address:
                home = Path(folder) / "centre" / "home" / "en"
                paths = {"a plot and a slider": plain(home / "plain.ipynb")}
                for lesson in LESSONS[:1] if small else LESSONS:
                    level, number = lesson.split("/")
                    paths[lesson] = next(home.glob(f"{level}-{number}-*/*.ipynb"))
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                first = context.new_page()
                first.goto(address)  # the login, and JupyterLab's own files
                first.locator("h1").first.wait_for(timeout=60_000)
                for _ in range(1 if small else ROUNDS):
                    for name, path in paths.items():
                        page = context.new_page()
                        found.setdefault(name, []).append(seen(page, address.partition("/lab")[0], home, path))
                        page.close()
            browser.close()
        return {
            name: {part: statistics.median(one[part] for one in runs) for part in runs[0]}
            for name, runs in found.items()
        }

    return work, 1.0


TASKS = {"ours lessons": measured}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    found = task("lessons", "ours lessons").found
    base = found["a plot and a slider"]
    rows: list[list[object]] = [
        [name, *(duration(one[part]) for part in ("text", "above", "widget")), f"{one['text'] / base['text']:.1f}"]
        for name, one in found.items()
    ]
    return (
        "One lesson of each level in JupyterLab and Chromium, medians of three. *Text*: from the address to the first "
        "heading; *above*: all cells above the first widget; *widget*: from Ctrl+Enter to its picture; *ratio*: text, "
        "against a notebook with a heading and one cell, a plot with a slider.\n\n"
        f"{table(['notebook', 'text', 'above', 'widget', 'ratio'], rows)}"
    )


if __name__ == "__main__":
    run(TASKS)
