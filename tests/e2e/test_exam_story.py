"""One exam from the seat to the appeal, as candidate, markers and exam office meet it, in browser and terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grader.certify import Academy
from grader.commands import main
from grader.demo.cast import CAST, practical_cells, written
from grader.model import Form
from grader.seats import SeatState, find

SITTING, SEAT, PERSON = "TL-1", "TL-1-01", "A1001"
OFFICE, SECOND, JUDGE = "S1001", "S1003", "S1005"
PART = CAST[0]


@dataclass
class Office:
    """The exam office at its terminal."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str, by: str = OFFICE) -> Any:
        """One step of `academy exam`, and what it answers."""
        given = ["exam", *words, "--by", by, "--centre", str(self.root), "--json"]
        code = main(given)
        told = self.capsys.readouterr()
        assert code == 0, f"{given}: {told.err}"
        return json.loads(told.out)

    def seat(self) -> SeatState:
        """What the room has on its disk."""
        return find(self.root / "room", SEAT).state(datetime.now(UTC))


def answer(page: Page, form: Form, wanted: dict[str, Any]) -> None:
    """Give answers on the exam page."""
    for number, slot in enumerate(form.slots, start=1):
        if slot.name not in wanted:
            continue
        page.locator(f"#cells li:nth-child({number}) button").click()
        value = wanted[slot.name]
        match slot.question.kind:
            case "choice" | "multi":
                for one in [value] if isinstance(value, str) else value:
                    page.locator(f"#question input[value='{one}']").check()
            case "match":
                for left, right in value.items():
                    page.locator(f"#{slot.name}-{left}").select_option(right)
            case "number":
                page.locator("input.number").fill(value)
            case "text":
                page.locator("textarea").fill(value)
        expect(page.locator("#save")).to_contain_text("Saved", timeout=15_000)


def work(folder: Path) -> None:
    """What the candidate does in the practical notebook, and saves."""
    path = folder / "practical.ipynb"
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = practical_cells(PART).get(name, cell["source"])
    path.write_text(json.dumps(notebook), "utf-8")


def mark(page: Page, office: Office, marker: str, folder: Path, points: str) -> dict[str, Any]:
    """Mark every line of every answer of a booklet with ``points``, save the file, and hand it to the office."""
    made = office.run("rate", SITTING, "--language", "en", "--folder", str(folder), by=marker)
    page.goto(f"file://{made['file']}")
    for line in page.locator("fieldset").all():
        line.locator(f"input[value='{points}']").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file of marks").click()
    download.value.save_as(folder / f"{marker}.json")
    taken: dict[str, Any] = office.run("rate", SITTING, "--take", str(folder / f"{marker}.json"), by=marker)
    return taken


def test_a_candidate_sits_is_interrupted_hands_in_is_marked_twice_appeals_and_is_marked_again(
    page: Page, jupyter_server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, office = jupyter_server, Office(jupyter_server.home, capsys)
    people = [PERSON, OFFICE, SECOND, JUDGE, "S2001", "S2002", "S2003", "S3001", "S3002"]
    with Academy(office.root) as academy:
        academy.store.append_all([("person.recorded", who, {"name": f"Name of {who}"}) for who in people], "hr")
    made = office.run(
        "schedule", SITTING, "--level", "2", "--candidate", f"{PERSON}:en", "--minutes", "120", "--items", "24",
        "--purpose", "demonstration",
    )  # fmt: skip
    code = next(card["code"] for card in made["cards"] if card["seat"] == SEAT)
    with Academy(office.root) as academy:
        form = academy.form(SITTING, academy.seats(SITTING)[0]["form"])
    wanted = {
        slot.name: sorted(value) if slot.question.kind == "multi" else value
        for slot, value in zip(form.slots, written(form, PART).values(), strict=True)
        if slot.question.kind != "order"
    }
    half = dict(list(wanted.items())[:12])

    # the seat, the power cut, the extra time
    page.goto(f"{server.url}/seats/{SEAT}?token={server.token}")
    page.locator("#code").fill(code)
    page.keyboard.press("Enter")
    page.locator("#honour").check()
    page.locator("form.begin button").click()
    answer(page, form, half)
    server.kill()
    server.start()
    page.reload()
    expect(page.locator("#notice")).to_contain_text("All your answers are back")
    assert office.seat().answers == half
    office.run("extra-time", SEAT, "15", "--reason", "the power went out")
    answer(page, form, {name: value for name, value in wanted.items() if name not in half})
    work(server.root / "exam" / SEAT)
    page.locator("#hand-in").click()
    page.locator("#hand-in-now").click()
    expect(page.locator(".receipt h1")).to_have_text("Handed in")
    assert (office.seat().answers, office.seat().extra_min) == (wanted, 15)

    # marked by program and by two people who know neither name nor each other
    office.run("close", SITTING)
    office.run("mark", SITTING)
    first = mark(page, office, "S2001", tmp_path, "0.5")
    second = mark(page, office, "S2002", tmp_path, "0.5")
    assert (len(first["taken"]), first["settled"]) == (2, [])
    assert set(second["settled"]) == {f"{SEAT}/q24", f"{SEAT}/p5"}

    # decided, published
    before = office.run("decide", SITTING)["decisions"][0]
    assert before["practical_points"] == 13  # 10 judged, 3 of 6 for the plan
    for near in office.run("review", SITTING)["waiting"]:
        office.run("review", SITTING, "--seat", near["seat"], "--finding", "stands", by=SECOND)
    assert office.run("confirm", SITTING, by=SECOND)["confirmed"] == [SEAT]
    office.run("results", SITTING)

    # the appeal: another marker, another decision, confirmed by people who had no part in the first one
    appeal = office.run("appeal", "file", SEAT, "--ground", "marking", "--text", "My plan has all six parts.")["appeal"]
    office.run("appeal", "remark", appeal, "--slot", "p5", by=JUDGE)
    assert office.run("rate", SITTING, "--folder", str(tmp_path), by="S2001")["answers"] == 0
    again = mark(page, office, "S2003", tmp_path, "1")
    assert again["settled"] == [f"{SEAT}/p5"]
    office.run("appeal", "decide", appeal, "--outcome", "upheld", "--reason", "The plan was marked again.", by=JUDGE)
    after = office.run("decide", SITTING, by="S3001")["decisions"][0]
    assert after["practical_points"] == 14.5  # 6 and the nearest of 3 and 3: 4.5
    for near in office.run("review", SITTING)["waiting"]:
        office.run("review", SITTING, "--seat", near["seat"], "--finding", "stands", by="S3002")
    assert office.run("confirm", SITTING, by="S3002")["confirmed"] == [SEAT]
    office.run("results", SITTING)
    with Academy(office.root) as academy:
        assert academy.store.verify() == []
        assert [event.by for event in academy.store.events("mark.blind")] == ["S2001"] * 2 + ["S2002"] * 2 + ["S2003"]
