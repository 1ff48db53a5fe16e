"""Closing a sitting in which one seat's answers are damaged: one sentence, nothing half done, and a way on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import seats
from grader.certify import Academy
from grader.commands import main
from tests.grader.sat_form import SITTING, handed_in, office_form, schedule

GOOD, BAD = f"{SITTING}-001", f"{SITTING}-002"
FILE = f"{SITTING}/{BAD}/handed-in/answers.jsonl"
# A line separator of Unicode, as text copied out of a word processor has it.
ESSAY = "First listen.\u2028Then answer."


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """Two seats that handed in; the registry knows neither of it as yet."""
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy, choices=3)
        schedule(academy, form, ["A1", "A2"])
        for seat, language in ((GOOD, "zh"), (BAD, "en")):
            handed_in(academy, form, seat, SITTING, language, {"q01": "1", "q06": ESSAY})
        return academy.centre.root


def answers(centre: Path) -> Path:
    return centre / "room" / FILE


def close(centre: Path) -> int:
    return main(["exam", "close", SITTING, "--by", "lin", "--centre", str(centre)])


def standing(centre: Path) -> tuple[object, list[Path]]:
    """The registry's head, and every file of the course."""
    with Academy(centre) as academy:
        return academy.store.head(), sorted((centre / "course").rglob("submitted/*"))


def no_slot(line: bytes) -> bytes:
    return line.replace(b'"slot"', b'"slit"')


def torn(line: bytes) -> bytes:
    return line[: len(line) // 2]


def no_text(line: bytes) -> bytes:
    return b"\xff\xfe" + line[2:]


def no_record(line: bytes) -> bytes:
    return b"[3]"


@pytest.mark.parametrize("bend", [no_slot, torn, no_text, no_record])
def test_a_damaged_line_is_named_with_the_way_on_and_nothing_is_half_done(
    bend: Callable[[bytes], bytes], centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = standing(centre)
    lines = answers(centre).read_bytes().split(b"\n")
    lines[2] = bend(lines[2])
    answers(centre).write_bytes(b"\n".join(lines))

    assert close(centre) == 2

    assert capsys.readouterr().err == (
        f"academy: What seat {BAD} handed in is damaged at line 3 of {FILE}. Until the sitting is closed `academy "
        f"exam mend {BAD} --reason ...` writes the file anew from the journal; later restore it from a backup.\n"
    )
    assert standing(centre) == before


def test_answers_that_are_gone_are_told_the_same_way(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = standing(centre)
    answers(centre).unlink()

    assert close(centre) == 2

    said = capsys.readouterr().err
    assert said.startswith(f"academy: What seat {BAD} handed in has lost its file {FILE}. ") and said.count("\n") == 1
    assert standing(centre) == before


def test_it_is_told_in_chinese_too(
    centre: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    answers(centre).write_bytes(b"{\n" + answers(centre).read_bytes())

    assert close(centre) == 2

    assert capsys.readouterr().err == (
        f"academy：考位{BAD}交卷的内容已损坏（{FILE}第1行）。收卷之前，运行`academy exam mend {BAD} --reason ...`，"
        "按作答记录重写这个文件；收卷之后，请从备份恢复。\n"
    )


@pytest.mark.parametrize("damage", [b"", b"\xff\n", b'{"slot":"q01","value":"4"}\n'])
def test_mended_answers_are_those_that_were_handed_in_and_the_sitting_closes(
    damage: bytes, centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = answers(centre).read_bytes()
    answers(centre).write_bytes(damage)

    mended = main(["exam", "mend", BAD, "--reason", "disk fault", "--by", "lin", "--centre", str(centre)])

    assert mended == 0
    assert capsys.readouterr().out == (
        "handed-in/answers.jsonl: 6 lines kept, 0 lost; the damaged file is answers.damaged-1.jsonl\n"
    )
    folder = seats.find(centre / "room", BAD)
    assert answers(centre).read_bytes() == whole
    assert (folder.path / "answers.damaged-1.jsonl").read_bytes() == damage
    assert "disk fault" in folder.log()[-1]["text"]
    assert close(centre) == 0
    assert capsys.readouterr().out == f"{SITTING} is closed; all handed in\n"
    for person in ("A1", "A2"):
        submitted = centre / "course" / "submitted" / person / SITTING / "answers.jsonl"
        kept = [json.loads(line) for line in submitted.read_text("utf-8").split("\n")[:-1]]
        assert {one["slot"]: one["value"] for one in kept}["q06"] == ESSAY


def test_answers_that_nothing_proves_are_left_alone(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(centre).write_bytes(b"")
    journal = answers(centre).parents[1] / "journal.jsonl"
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join(line for line in lines if b"First listen" not in line))

    mended = main(["exam", "mend", BAD, "--reason", "disk fault", "--by", "lin", "--centre", str(centre)])

    assert mended == 2
    assert "its journal does not hold the answers of the receipt either" in capsys.readouterr().err
    assert answers(centre).read_bytes() == b""
    # The journal was mended all the same, and the log of the seat says so.
    assert "The damaged journal.jsonl was mended" in seats.find(centre / "room", BAD).log()[-1]["text"]


def test_a_receipt_that_cannot_be_read_is_told_in_a_sentence(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(centre).with_name("receipt.json").write_bytes(b"{")

    assert close(centre) == 2

    assert "receipt.json: the receipt is not the one in the journal. Keep it and ask the operator" in (
        capsys.readouterr().err
    )
