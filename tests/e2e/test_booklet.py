"""A marker's booklet in a real browser: marked by keyboard, kept, saved as a file, and taken in by the exam office."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from grader import certify, seats
from grader.certify import Academy, Candidate
from grader.commands import main

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Office:
    """A centre with two answers to mark, and what the command says."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def rate(self, *words: str) -> dict[str, object]:
        """`academy exam rate --json` with more words."""
        assert main(["exam", "rate", "TL-1", "--centre", str(self.root), "--json", *words]) == 0
        found: dict[str, object] = json.loads(self.capsys.readouterr().out)
        return found


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two answers wait for markers; each test marks as somebody else."""
    root = tmp_path_factory.mktemp("centre")
    with Academy(root) as academy:
        for person in ("A1001", "A1002"):
            academy.store.append("person.recorded", person, {"name": person}, "hr")
        cards = certify.schedule(
            academy, "TL-1", 2, [Candidate("A1001", "en"), Candidate("A1002", "zh")], opens_at=NOW,
            closes_at=NOW + timedelta(hours=2), minutes=120, purpose="demonstration", by="office", length=24,
        )  # fmt: skip
        for card, words in zip(cards, ("First the identity check.", "先谈核实身份。"), strict=True):
            folder = seats.find(academy.centre.room, card.seat)
            folder.start(NOW)
            folder.save("q24", words, NOW)
            folder.hand_in(NOW + timedelta(minutes=5), "candidate", None)
        certify.close(academy, "TL-1", "office")
        certify.mark(academy, "TL-1")
    return root


@pytest.fixture
def office(centre: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(centre, capsys)


def mark_by_keyboard(page: Page, answer: int, points: list[str]) -> None:
    """Choose points with the arrow keys; Tab goes from criterion to criterion."""
    lines = page.locator("article").nth(answer).locator("fieldset")
    lines.first.locator("input").first.focus()
    for line, wanted in enumerate(points):
        choices = ["0", "0.5", "1"]
        page.keyboard.press("Space")  # the first choice
        for _ in range(choices.index(wanted)):
            page.keyboard.press("ArrowRight")
        expect(lines.nth(line).locator("input:checked")).to_have_value(wanted)
        page.keyboard.press("Tab")


def test_a_marker_marks_by_keyboard_saves_the_file_and_the_office_takes_it_in(
    page: Page, office: Office, tmp_path: Path
) -> None:
    made = office.rate("--by", "m1", "--folder", str(tmp_path / "out"), "--language", "en")
    page.goto(f"file://{made['file']}")
    expect(page.get_by_text("0 of 2 marked")).to_be_visible()

    mark_by_keyboard(page, 0, ["1", "1", "0.5", "0"])
    page.keyboard.type("Ranks rightly, verifies nothing.")  # the note follows the last criterion
    expect(page.locator("article").first.locator(".sum")).to_have_text("2.5 of 4 points")
    page.reload()  # nothing is lost
    expect(page.get_by_text("1 of 2 marked")).to_be_visible()
    with page.expect_download() as first:
        page.get_by_role("button", name="Save the file of marks").click()
    expect(page.get_by_role("status")).to_have_text("Saved. Answers in the file: 1. Not marked yet: 1.")
    first.value.save_as(tmp_path / "marks.json")

    taken = office.rate("--by", "m1", "--take", str(tmp_path / "marks.json"))
    assert (len(taken["taken"]), taken["left"]) == (1, 1)  # type: ignore[arg-type]
    with Academy(office.root) as academy:
        (event,) = academy.store.events("mark.blind")
    assert (event.data["points"], event.data["note"]) == (2.5, "Ranks rightly, verifies nothing.")
    assert event.data["criteria"] == {"a": 1, "b": 1, "c": 0.5, "d": 0}


def test_a_saved_file_goes_on_in_another_browser_and_a_strange_one_is_refused(
    page: Page, office: Office, tmp_path: Path
) -> None:
    made = office.rate("--by", "m2", "--folder", str(tmp_path / "out"), "--language", "en")
    page.goto(f"file://{made['file']}")
    mark_by_keyboard(page, 1, ["0", "0.5", "1", "1"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file of marks").click()
    download.value.save_as(tmp_path / "marks.json")
    (tmp_path / "strange.json").write_text('{"marks": []}', "utf-8")
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_text("0 of 2 marked")).to_be_visible()

    page.get_by_label("Go on from a saved file").set_input_files(tmp_path / "strange.json")
    expect(page.get_by_role("status")).to_have_text("That file does not belong to this booklet.")
    page.get_by_label("Go on from a saved file").set_input_files(tmp_path / "marks.json")

    expect(page.get_by_text("1 of 2 marked")).to_be_visible()
    page.get_by_role("button", name="Next unmarked answer").click()
    expect(page.locator("article").first.locator("input").first).to_be_focused()


@pytest.mark.parametrize(("language", "title"), [("en", "Booklet for blind marking"), ("zh", "盲评评分册")])
def test_the_booklet_breaks_no_rule_of_access_in_either_language(
    page: Page, office: Office, tmp_path: Path, language: str, title: str
) -> None:
    made = office.rate("--by", "m2", "--folder", str(tmp_path / "out"), "--language", language)

    page.goto(f"file://{made['file']}")

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_the_booklet_fits_a_narrow_window(page: Page, office: Office, tmp_path: Path) -> None:
    made = office.rate("--by", "m2", "--folder", str(tmp_path / "out"), "--language", "zh")
    page.set_viewport_size({"width": 640, "height": 800})  # 200 % zoom of an ordinary window

    page.goto(f"file://{made['file']}")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
