"""A bank that is nobody else's: the centre names its folder, and every step of an exam reads it there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from grader.centre import PROJECT
from grader.certify import Academy
from grader.certify.desk import RULES
from grader.errors import InputError


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank with the project's rules in a version of their own."""
    folder = tmp_path / "locked" / "bank"
    folder.mkdir(parents=True)
    for name in RULES:
        shutil.copy(PROJECT / "question_bank" / name, folder)
    rules = (folder / "scheme.yml").read_text("utf-8")
    (folder / "scheme.yml").write_text(re.sub(r"(?m)^version: .*$", 'version: "77"', rules), "utf-8")
    return folder


def centre(root: Path, bank: str) -> Path:
    root.mkdir()
    (root / "centre.json").write_text(json.dumps({"bank": bank}), "utf-8")
    return root


def test_a_centre_names_its_own_bank(tmp_path: Path, bank: Path) -> None:
    with Academy(centre(tmp_path / "mine", str(bank))) as academy:
        assert academy.scheme.version == "77"
    with Academy(centre(tmp_path / "beside", "../locked/bank")) as academy:
        assert academy.scheme.version == "77"


def test_without_a_name_the_bank_is_the_project_s(tmp_path: Path) -> None:
    with Academy(tmp_path / "new") as academy:
        assert academy.bank_folder == PROJECT / "question_bank"


def test_a_folder_that_is_no_bank_is_told(tmp_path: Path) -> None:
    root = centre(tmp_path / "mine", "nowhere")

    with pytest.raises(InputError, match=r"`bank` wants the folder of a question bank, and .*nowhere has no framework"):
        Academy(root)
