"""Retiring an item tells which sittings asked it, and where to look when that is not known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from grader.certify import Academy
from grader.commands import main
from tests.grader.sat_form import SITTING, everybody, office_form, schedule, sit

BANK = Path(__file__).parents[2] / "question_bank"
ITEM = "FC-2.3-i"
"""Stands on the form of `sat_form`."""


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    (folder / "cases").mkdir(parents=True)
    for name in ("framework.yml", "scheme.yml"):
        shutil.copy(BANK / name, folder)
    for name in ("i", "nobody-saw"):
        assert main(["bank", "new", "FC-2.3", "--name", name, "--by", "ann", "--bank", str(folder)]) == 0
    return folder


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy)
        schedule(academy, form, ["A1", "A2"])
        sit(academy, form, everybody(form, 2))
        schedule(academy, office_form(academy, folder="TL-next"), ["A3"], "TL-next")
    return tmp_path / "centre"


def retire(bank: Path, centre: Path, *words: str) -> int:
    return main(["bank", "review", *words, "--bank", str(bank), "--centre", str(centre), "--by", "wu.ping"])


def test_retiring_names_the_sittings_and_what_becomes_of_their_results(
    bank: Path, centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert retire(bank, centre, ITEM, "--to", "retired", "--note", "b is right, too") == 0

    state, past, running = capsys.readouterr().out.splitlines()
    assert state == f"{ITEM} is now in the state retired"
    assert past.startswith(f"sittings that asked it: {SITTING}; their results stay until an appeal")
    assert "`academy exam appeal same APPEAL`" in past
    assert running == "sittings not closed yet whose papers hold it: TL-next; tell the exam office"


def test_an_item_that_nobody_saw_concerns_no_result(
    bank: Path, centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retire(bank, centre, "FC-2.3-nobody-saw", "--to", "retired", "--note", "no use") == 0

    assert capsys.readouterr().out.endswith(f"no sitting of {centre} has asked it, so no result there rests on it\n")


def test_without_a_registry_the_item_is_retired_and_the_command_to_look_with_is_named(
    bank: Path, centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retire(bank, tmp_path / "none", ITEM, "--to", "retired", "--note", "b is right, too") == 0
    said = capsys.readouterr()
    assert f"{ITEM} is now in the state retired\nregistry and papers of {tmp_path / 'none'} cannot be" in said.out
    assert f"`academy bank review {ITEM} --centre DIR`" in said.out and not said.err

    assert retire(bank, centre, ITEM, "--json") == 0  # the command that was named

    assert json.loads(capsys.readouterr().out)["asked_in"] == {SITTING: "marked", "TL-next": "scheduled"}


def test_a_chinese_reader_is_told_the_same(
    bank: Path, centre: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    capsys.readouterr()
    assert retire(bank, centre, ITEM, "--to", "retired", "--note", "b也对") == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{ITEM}：已停用",
        f"考过这道题的场次：{SITTING}；成绩暂不变动，针对这道题的申诉成立之后，用`academy exam appeal same 申诉编号`"
        "找出其他答过这道题的人",
        "尚未收卷、试卷里有这道题的场次：TL-next；请告知考务",
    ]
