"""Makes the pictures of the tutorials out of the running program: `.venv/bin/python docs/make_pictures.py`.

Every picture is the real page, in a window of a fixed size, once in each language. ``--only room`` makes one part,
``--demo FOLDER`` takes the papers out of a demo that was played before. Wanted beside what the tests want:
`poppler-utils`, which draws the certificate.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _studio import HEIGHT, LANGUAGES, PICTURES, WIDTH, Studio, save, take
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "e2e")]

from conftest import QUIET, _font_configuration, _started  # noqa: E402
from lab import SLOW_MS, Lesson, menu, ready  # noqa: E402

from grader import certify, demo, seats  # noqa: E402
from grader.authoring import Shelf  # noqa: E402
from grader.authoring.preview import serve  # noqa: E402
from grader.certify import Academy, Candidate, SeatCard, booklet  # noqa: E402
from grader.commands import main as academy  # noqa: E402
from grader.demo.browser import Browser as Desk  # noqa: E402
from grader.demo.cast import CAST, Part, written  # noqa: E402
from grader.demo.server import RoomServer  # noqa: E402
from grader.model import Form  # noqa: E402

SITTING = "TL-2026-12"
LESSON = "01-call-history-to-staffed-day"
ITEM = "QA-2.1-remark-that-serves-as-evidence"
# The line is back at 11:30, but not the calls that came too late: the mistake that the check explains.
TOO_SHORT = 'outage_start = "2026-04-15 10:00"\noutage_end = "2026-04-15 11:30"'
CHART_CELL, QUIZ_CELL = 9, "lesson.quiz()"
SAID = {
    "en": ("S1001 Zhao Min", "The fire door opened twice beside the seat", "Asked for a quiet minute", "Run"),
    "zh": ("S1001 赵敏", "考位旁的防火门两次打开", "考生身体不适，离座休息", "运行"),
}
"""The invigilator, why there is extra time and a pause, and JupyterLab's menu."""
STEPS = {
    "lesson-chart": ("1  Learn in JupyterLab", "1 在JupyterLab里学习"),
    "quiz": ("2  Practise, with reasons", "2 做练习，看讲解"),
    "exam-room": ("3  Sit the exam", "3 参加考试"),
    "booklet": ("4  Two people mark blind", "4 两人盲评"),
    "certificate": ("5  A signed certificate", "5 带签名的证书"),
    "hr": ("6  HR sees who holds which level", "6 人力资源看清谁持有哪个等级"),
}


# --- papers: what a demo leaves ---------------------------------------------------------------------------------------


def papers(studio: Studio, language: str) -> None:
    """A result page, and the certificate that came with it."""
    seat = {"en": "TL-demo-01", "zh": "TL-demo-02"}[language]
    page = studio.page(language, width=840)
    page.goto((studio.demo / "results" / "TL-demo" / f"{seat}.html").as_uri())
    take(page, "result", language, page.locator(".profile:visible + p"))
    page.context.close()
    with Academy(studio.demo) as centre:
        person = next(row["person"] for row in centre.seats("TL-demo") if row["seat"] == seat)
        (number,) = (row["number"] for row in centre.store.rows("certificates", person=person))
    paper = centre.centre.certificates / f"{number}-{language}.pdf"
    shown = subprocess.run(
        ["pdftoppm", "-png", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", "-singlefile", str(paper)],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    save(shown, "certificate", language)


def report(studio: Studio, language: str) -> None:
    """The page for HR in a window where all five levels have room, and what it tells about one person."""
    with redirect_stdout(io.StringIO()):
        academy(["hr", "report", "--language", language, "--centre", str(studio.demo)])
    page = studio.page(language, 1900, width=1440)
    page.goto((studio.demo / "reports" / "hr.html").as_uri())
    page.locator("[data-speak]", has_text={"en": "English", "zh": "中文"}[language]).click()
    take(page, "hr", language, page.locator("section", has=page.locator("#matrix")).last)
    page.set_viewport_size({"width": 1440, "height": 960})
    page.locator("button.name", has_text={"en": "Grace Lim", "zh": "陈晓敏"}[language]).first.click()
    take(page, "hr-person", language)
    page.context.close()


# --- room: an examination with open seats -----------------------------------------------------------------------------


def room(studio: Studio, language: str) -> None:
    """The exam page, the invigilator's page, then a booklet of the same sitting."""
    now = datetime.now(UTC).replace(microsecond=0)
    with Academy(studio.work / f"room-{language}") as centre:
        for part in CAST:
            centre.store.append("person.recorded", part.person, {"name": part.name}, "hr")
        cards = certify.schedule(
            centre, SITTING, 2, [Candidate(part.person, language) for part in CAST[:8]],
            opens_at=now, closes_at=now + timedelta(hours=3), minutes=120, length=24,
            purpose="practice", by=SAID[language][0],
        )  # fmt: skip
        server = RoomServer(centre.centre)
        server.start()
        try:
            _sit(studio, centre, server, cards, language)
        finally:
            server.stop()
        for card in cards:
            seat = seats.find(centre.centre.room, card.seat)
            if seat.state(datetime.now(UTC)).status == "running":
                seat.hand_in(datetime.now(UTC), "clock", None)
        certify.close(centre, SITTING, SAID[language][0], now + timedelta(hours=4))
        certify.mark(centre, SITTING)
        made = booklet.booklet(centre, SITTING, {"en": "S1002 Lin Tao", "zh": "S1002 林涛"}[language], language)
    path = studio.work / f"booklet-{language}.html"
    path.write_text(made.html, "utf-8")
    page = studio.page(language, 1000)
    page.goto(path.as_uri())
    answer = page.locator("article").first
    for line in answer.locator("fieldset").all()[:2]:
        line.locator("input").last.check()
    page.locator("details[open]").evaluate_all("all => all.forEach(one => one.open = false)")
    answer.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 130)")
    take(page, "booklet", language)
    page.context.close()


def _sit(studio: Studio, centre: Academy, server: RoomServer, cards: list[SeatCard], language: str) -> None:
    answers = {
        row["seat"]: _answers(centre, centre.form(SITTING, row["form"]), part, language)
        for row, part in zip(centre.seats(SITTING), CAST, strict=False)
    }
    mine = cards[list(LANGUAGES).index(language)]
    others = [card for card in cards if card.seat != mine.seat][:6]
    desks = []
    for place, card in enumerate(others):
        desk = Desk(server.address, server.token, card.seat, card.code)
        desk.enter()
        given = list(answers[card.seat].items())
        for slot, value in given if place < 3 else given[: 4 * place - 3]:
            desk.answer(slot, value)
        desks.append(desk)
    page = _candidate(studio, server, mine, language)
    desks[0].hand_in()
    _watch(studio, server, centre, others, language)
    page.context.close()
    for desk in desks:
        desk.close()


def _answers(centre: Academy, form: Form, part: Part, language: str) -> dict[str, Any]:
    """What the demo's candidate answers, and to a written question what its item holds as a good answer."""
    answers = written(form, part)
    for slot in form.slots:
        if slot.question.kind == "text":
            answers[slot.name] = max(centre.items[slot.question.item_id].body["samples"][language])[1]
    return answers


def _candidate(studio: Studio, server: RoomServer, card: SeatCard, language: str) -> Page:
    """Somebody at the seat: some answers are given, one question is flagged."""
    page = studio.page(language, 900)
    page.goto(f"{server.address}/academy/seats/{card.seat}?token={server.token}")
    page.locator("#code").fill(card.code)
    page.keyboard.press("Enter")
    page.locator("#honour").check()
    take(page, "exam-start", language, page.locator("form.begin"))
    page.locator("form.begin button").click()
    expect(page.locator("#question")).to_be_visible()
    choices = page.locator("#question input[type=radio]")
    for place in range(1, 9):
        page.locator(f"#cells li:nth-child({place}) button").click()
        if choices.count():
            choices.nth(place % choices.count()).check()
        if choices.count() and place >= 4:
            break
    page.locator("#flag").click()
    expect(page.locator("#save")).to_contain_text(re.compile("Saved|已保存"))
    take(page, "exam-room", language, page.locator("#question"))
    return page


def _watch(studio: Studio, server: RoomServer, centre: Academy, cards: list[SeatCard], language: str) -> None:
    """The invigilator gives one seat a pause and lets it go on when the picture is taken."""
    name, why, pause, _ = SAID[language]
    code = centre.read_office(SITTING, "cards.json")[-1]["code"]
    certify.grant(centre, cards[3].seat, 10, why, name)
    page = studio.page(language, 1180)
    page.goto(f"{server.address}/academy/invigilate/{SITTING}?token={server.token}")
    page.locator("#name").fill(name)
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    row = page.locator(f"[data-seat='{cards[4].seat}']")
    row.locator("[data-act='pause']").click()
    page.locator("#reason").fill(pause)
    page.locator("#ask-go").click()
    expect(row.locator("[data-act='resume']")).to_be_visible()
    page.wait_for_timeout(6000)  # the page asks the room every five seconds
    page.locator("#notice button").click()
    take(page, "invigilator", language, page.locator("section.sheet").first)
    row.locator("[data-act='resume']").click()
    page.locator("#ask-go").click()
    expect(row.locator("[data-act='pause']")).to_be_visible()
    page.context.close()


# --- lab: lessons in JupyterLab ---------------------------------------------------------------------------------------


def lab(studio: Studio, language: str) -> None:
    """The welcome page, a chart of a lesson, a wrong answer with what is said to it, the quiz, the summary."""
    centre = studio.work / f"lab-{language}"
    os.environ["XDG_DATA_HOME"] = str(studio.work / f"data-{language}")
    (folder,) = (ROOT / "courses" / language).glob("supervisor")
    page = studio.page(language)
    with _started(centre, "--language", language) as address:
        page.goto(address)
        page.get_by_role("heading", level=1).first.wait_for()
        _without_sidebar(page)
        take(page, "welcome", language)
        name = f"supervisor-{LESSON}-{language}/{LESSON}.ipynb"
        _lesson(page, address, centre / "home" / language / name, language)
        page.goto("about:blank")
    page.goto((folder / f"{LESSON}-summary.html").as_uri())
    take(page, "summary", language, page.locator("p:visible").last)
    page.context.close()


def _lesson(page: Page, address: str, path: Path, language: str) -> None:
    page.goto(f"{address.partition('/lab')[0]}/lab/tree/{path.parent.name}/{path.name}?reset")
    # When an automatic save of a large lesson meets another, JupyterLab asks which is to stay: what is on the screen.
    asked = page.locator("dialog.jp-Dialog")
    page.add_locator_handler(asked, lambda: asked.locator(".jp-mod-warn").last.click())
    ready(page, path.name)
    _without_sidebar(page)
    lesson = Lesson(page, path)
    lesson.write("e1-answer", TOO_SHORT)
    words = {"en": "Run All Cells", "zh": "运行所有单元格"}[language]
    menu(page, SAID[language][3], words)
    alert = lesson.cell("e1").get_by_role("alert")
    alert.wait_for()
    page.locator(".jp-NotebookPanel:visible [data-status='idle']").first.wait_for()
    cells = page.locator(".jp-NotebookPanel:visible .jp-Notebook .jp-Cell")
    _at(cells.nth(CHART_CELL))
    take(page, "lesson-chart", language)
    _at(cells.nth(lesson.places["e1-answer"] - 1))
    take(page, "wrong-answer", language)
    quiz = cells.filter(has_text=QUIZ_CELL).last
    quiz.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.locator(".ccq-card h2").wait_for()
    choices = page.locator(".ccq-card input[type=radio]")
    for step in page.locator(".ccq-step-to").all():
        step.click()
        page.wait_for_timeout(300)
        if choices.count():
            break
    choices.first.check()
    page.locator(".ccq-card button[type=submit]").click()
    page.locator(".ccq-said h3").wait_for()
    page.set_viewport_size({"width": WIDTH, "height": 1250})
    _at(quiz)
    take(page, "quiz", language)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _without_sidebar(page: Page) -> None:
    """Fold the list of files, which says when each was written."""
    page.wait_for_timeout(2000)
    if page.locator("#jp-left-stack").is_visible():
        page.keyboard.press("Control+b")
    page.wait_for_timeout(500)


def _at(cell: Locator) -> None:
    """The top of the cell at the top of the window, and nothing chosen in it."""
    cell.scroll_into_view_if_needed()
    for _ in range(3):  # what comes into view grows, and moves what is below
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        cell.page.wait_for_timeout(1000)
    expect(cell.page.locator("#jp-bottom-panel")).not_to_contain_text(re.compile("Saving|保存"), timeout=SLOW_MS)


# --- bank and journey -------------------------------------------------------------------------------------------------


def bank(studio: Studio, language: str) -> None:
    """An item in both languages, as its author sees it."""
    server, address = serve(Shelf(ROOT / "question_bank"), [ITEM], 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page = studio.page(language)
    try:
        page.goto(address)
        expect(page.locator("#name")).to_have_text(ITEM)
        take(page, "bank-preview", language, page.locator("section.card").first)
    finally:
        page.context.close()
        server.shutdown()
        server.server_close()
        thread.join()


def journey(studio: Studio, language: str) -> None:
    """The way of a learner in six of the pictures."""
    tiles = []
    for name, words in STEPS.items():
        data = base64.b64encode((PICTURES / f"{name}-{language}.png").read_bytes()).decode()
        words_here = words[list(LANGUAGES).index(language)]
        tiles.append(f"<figure><img src='data:image/png;base64,{data}'><figcaption>{words_here}</figcaption></figure>")
    page = studio.page(language)
    page.set_content(
        "<style>body{margin:0;background:#fff;font:700 19px 'Noto Sans CJK SC',sans-serif;color:#0f3d3e}"
        "main{display:grid;grid-template-columns:repeat(3,1fr);gap:18px;padding:14px}figure{margin:0}"
        "img{width:100%;height:250px;object-fit:cover;object-position:top left;border:1px solid #b8c4c4}"
        f"figcaption{{padding-top:6px}}</style><main>{''.join(tiles)}</main>"
    )
    page.wait_for_timeout(500)
    save(page.locator("main").screenshot(), "journey", language)
    page.context.close()


PARTS: dict[str, Callable[[Studio, str], None]] = {
    "papers": papers,
    "report": report,
    "room": room,
    "bank": bank,
    "lab": lab,
    "journey": journey,
}


def main(words: list[str] | None = None) -> int:
    """Make all pictures, or one part of them."""
    wanted = argparse.ArgumentParser(description="Make the pictures of the tutorials.")
    wanted.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be given several times")
    wanted.add_argument("--demo", type=Path, help="folder of a demo that was played before")
    given = wanted.parse_args(words)
    chosen = given.only or list(PARTS)
    if shutil.which("pdftoppm") is None and "papers" in chosen:
        return print("pdftoppm draws the certificate: sudo apt-get install -y poppler-utils", file=sys.stderr) or 1
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, sync_playwright() as playwright:
        work = Path(folder)
        played: Any = given.demo or work / "demo"
        if not given.demo and {"papers", "report"} & set(chosen):
            demo.run(played)
        running = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=QUIET,
            env={**os.environ, "FONTCONFIG_FILE": str(_font_configuration(work))},
        )  # fmt: skip
        for part in chosen:
            for language in LANGUAGES:
                PARTS[part](Studio(running, work, played), language)
        running.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
