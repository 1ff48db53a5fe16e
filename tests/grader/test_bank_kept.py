"""What is kept from reading and proving a bank: used while nothing has changed, never instead of what has."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from grader.bank import load, prove_all
from tests.grader.bank_texts import FRAMEWORK, put, text_of

CASE = '+++ {"lang": "en"}\n\nMonday, 40 calls.\n\n+++ {"lang": "zh"}\n\n周一，来电40通。\n'
CASE_HEAD = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bank = tmp_path / "bank"
    (bank / "items" / "fc" / "2").mkdir(parents=True)
    for kind in ("choice", "number"):
        put(bank, text_of(kind), f"FC-2.1-{kind}")
    return bank


def kept_files(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache").rglob("*.db"))


def file_of(folder: Path, kind: str) -> Path:
    return folder / "items" / "fc" / "2" / f"FC-2.1-{kind}.md"


def test_a_second_reading_gives_the_same_items(folder: Path) -> None:
    first = load(folder, FRAMEWORK)

    second = load(folder, FRAMEWORK)

    assert first.items == second.items and len(second.items) == 2
    assert len(kept_files(folder)) == 1


def test_an_item_is_proved_once_until_it_changes(folder: Path) -> None:
    log = folder.parent / "log"
    path = file_of(folder, "number")
    said = f"def draw(rng):\n    with open({str(log)!r}, 'a') as log:\n        log.write('x')"
    path.write_text(path.read_text("utf-8").replace("def draw(rng):", said), "utf-8")
    assert prove_all(load(folder, FRAMEWORK).items.values()) == []
    drawn = log.stat().st_size

    assert drawn > 50
    assert prove_all(load(folder, FRAMEWORK).items.values()) == []
    assert log.stat().st_size == drawn

    path.write_text(path.read_text("utf-8").replace("minutes: 2", "minutes: 3"), "utf-8")
    prove_all(load(folder, FRAMEWORK).items.values())
    assert log.stat().st_size == 2 * drawn


def test_what_was_wrong_is_said_again(folder: Path) -> None:
    path = file_of(folder, "choice")
    path.write_text(path.read_text("utf-8").replace("minutes: 2", "minutes: -2"), "utf-8")
    number = file_of(folder, "number")
    number.write_text(number.read_text("utf-8").replace("{{calls}}通", "来电"), "utf-8")

    first = load(folder, FRAMEWORK)
    unfair = prove_all(first.items.values())

    assert len(first.problems) == 1 and "minutes" in str(first.problems[0])
    assert unfair and load(folder, FRAMEWORK).problems == first.problems
    assert prove_all(load(folder, FRAMEWORK).items.values()) == unfair


def test_a_mended_file_is_read_afresh(folder: Path) -> None:
    path = file_of(folder, "choice")
    sound = path.read_text("utf-8")
    path.write_text(sound.replace("cognitive: A", "cognitive: X"), "utf-8")
    assert len(load(folder, FRAMEWORK).problems) == 1

    path.write_text(sound, "utf-8")

    assert load(folder, FRAMEWORK).problems == ()


def test_a_changed_case_changes_its_items(folder: Path) -> None:
    (folder / "cases").mkdir()
    case = folder / "cases" / "monday.md"
    case.write_text(CASE_HEAD + CASE, "utf-8")
    path = file_of(folder, "choice")
    path.write_text(path.read_text("utf-8").replace("enemies: []", "case: monday\n  enemies: []"), "utf-8")
    before = load(folder, FRAMEWORK).items[path.stem]

    case.write_text(CASE_HEAD + CASE.replace("40", "50"), "utf-8")
    after = load(folder, FRAMEWORK).items[path.stem]

    assert before.body["question"].stem.en.startswith("Monday, 40 calls.")
    assert after.body["question"].stem.en.startswith("Monday, 50 calls.")
    assert before.source_digest != after.source_digest

    case.unlink()
    assert "there is no usable case cases/monday.md" in str(load(folder, FRAMEWORK).problems[0])


def test_a_damaged_store_is_no_loss(folder: Path) -> None:
    load(folder, FRAMEWORK)
    store = kept_files(folder)[0]
    with sqlite3.connect(store) as table:
        table.execute("update kept set value = x'8004'")
    table.close()
    assert len(load(folder, FRAMEWORK).items) == 2

    store.write_bytes(b"no database at all" * 400)
    bank = load(folder, FRAMEWORK)

    assert len(bank.items) == 2 and prove_all(bank.items.values()) == []
    load(folder, FRAMEWORK)
    assert kept_files(folder)[0].read_bytes().startswith(b"SQLite format 3")


def test_a_store_that_others_can_write_is_not_believed(folder: Path) -> None:
    shared = folder.parent / "cache" / "academy"
    shared.mkdir(parents=True)
    shared.chmod(0o777)

    assert len(load(folder, FRAMEWORK).items) == 2
    assert kept_files(folder) == []


def test_many_items_are_proved_side_by_side_and_reported_in_their_order(folder: Path) -> None:
    for number in range(90):
        name = f"FC-2.1-choice-{number:02d}"
        text = text_of("choice", name)
        put(folder, text.replace("30 erlangs", "all of the above") if number % 10 == 3 else text, name)

    items = load(folder, FRAMEWORK).items
    found = prove_all(items.values(), workers=2)

    assert [problem.where.split(":")[0][-5:-3] for problem in found if "catch-all" in problem.sentence] == [
        f"{tens}3" for tens in range(9)
    ]
