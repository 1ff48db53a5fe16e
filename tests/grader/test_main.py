"""The command as people type it: what it prints, with which exit status, and never a traceback."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader.commands import main
from grader.store import Store
from tests.grader.hr_payload import payload

ROSTER = """\
person,name,hired_on,language
A1001,Grace Lim,2024-01-15,en
A1002,陈晓敏,2024-02-15,zh
A1003,Late,2031-01-01,zh
"""


@pytest.fixture
def centre(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A centre with two people and a name."""
    folder = tmp_path / "centre"
    (tmp_path / "people.csv").write_text(ROSTER, "utf-8")
    words = ["hr", "import", str(tmp_path / "people.csv"), "--centre", str(folder), "--by", "zhou", "--skip-bad"]
    assert main(words) == 1
    (folder / "centre.json").write_text(
        json.dumps({"name": {"en": "Hall", "zh": "厅"}, "url": "https://example.com/a", "by": "zhou"}), "utf-8"
    )
    capsys.readouterr()
    return folder


def test_importing_again_changes_nothing_and_says_so(
    centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hr", "import", str(tmp_path / "people.csv"), "--centre", str(centre), "--skip-bad"]) == 1

    said = capsys.readouterr()
    assert said.out == "imported: 0 new, 0 changed, 2 as they were, 1 row left out\n"
    assert said.err == (
        "people.csv, row 4, column C (hired_on): a day until today is wanted, got 2031-01-01, which lies in the "
        "future; correct the date\n"
    )


def test_a_roster_with_fewer_columns_keeps_what_an_earlier_one_said(centre: Path, tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("person,name,team\nA1001,Grace Lim-Chen,B\n", "utf-8")

    assert main(["hr", "import", str(tmp_path / "short.csv"), "--centre", str(centre), "--rename", "A1001"]) == 0

    with Store(centre / "registry.db") as store:
        (row,) = store.rows("people", person="A1001")
    assert (row["name"], row["team"], row["hired_on"], row["language"]) == ("Grace Lim-Chen", "B", "2024-01-15", "en")


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--hours", "nan", "hours from 0 to 8784"),
        ("--hours", "1e12", "hours from 0 to 8784"),
        ("--opens", "0001-01-01", "a time such as 2026-11-21T09:00+08:00 is wanted"),
        ("--opens", "tomorrow", "a time such as 2026-11-21T09:00+08:00 is wanted"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_was_wanted(
    option: str, value: str, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001", "--minutes", "120"]
    with pytest.raises(SystemExit):
        main([*words, option, value])

    assert wanted in capsys.readouterr().err


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text(ROSTER, "utf-8")

    main(["hr", "import", str(tmp_path / "people.csv"), "--centre", str(tmp_path / "new"), "--dry-run", "--skip-bad"])

    assert capsys.readouterr().out.endswith("would be imported: 2 new, 0 changed, 0 as they were, 1 row left out\n")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["exam", "show", "TL-1"],
        ["exam", "close", "TL-1"],
        ["exam", "open"],
        ["hr", "report"],
        ["registry", "verify"],
        ["cert", "issuer"],
    ],
)
def test_a_mistyped_centre_is_refused_and_not_made(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--centre", str(tmp_path / "cetnre")]) == 2

    assert "is no centre (it has no registry.db)" in capsys.readouterr().err
    assert not (tmp_path / "cetnre").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["exam", "show", "TL-9"], "there is no sitting 'TL-9'; the registry knows none"),
        (["exam", "extra-time", "TL-9-01", "5", "--reason", "x"], "TL-9-01"),
        (
            [
                "exam",
                "schedule",
                "TL-1",
                "--level",
                "2",
                "--candidate",
                "A9",
                "--minutes",
                "100",
                "--purpose",
                "practice",
            ],
            "person 'A9' is not in the registry",
        ),
        (
            ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001:fr", "--minutes", "120"],
            "a candidate is written PERSON[:en|zh[:EXTRA_MIN]]",
        ),
        (
            ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001:zh:²", "--minutes", "120"],
            "a candidate is written PERSON[:en|zh[:EXTRA_MIN]]",
        ),
        (
            ["exam", "schedule", "TL-1", "--level", "3", "--candidate", "A1001", "--minutes", "60"],
            "no time is left for the written part: the practical takes 90 minutes, and the seat has 60; give --minutes",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    centre: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--centre", str(centre)]) == 2

    said = capsys.readouterr().err
    assert sentence in said and said.startswith("academy: ") and said.count("\n") == 1


def test_a_sitting_is_scheduled_with_the_languages_of_the_roster(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001", "--candidate", "A1002::10"]
    words += ["--minutes", "120", "--items", "24", "--purpose", "demonstration", "--centre", str(centre)]
    assert main(words) == 0

    first, second, invigilator, opening, made_of = capsys.readouterr().out.splitlines()
    assert made_of == "The questions are exam items."
    assert first.split()[0] == "TL-1-01" and first.endswith("Grace Lim  en")
    assert re.fullmatch("invigilator  [A-Z0-9]{4}-[A-Z0-9]{4}", invigilator)
    assert opening.startswith("The room is open from ")
    assert second.split()[0] == "TL-1-02" and second.endswith("陈晓敏  zh  +10 min")
    assert main(["exam", "show", "TL-1", "--centre", str(centre)]) == 0
    assert "TL-1-02  陈晓敏" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (
            ["--hours", "1"],
            "the room is open for 60 minutes and a seat has 120: nobody gets the whole time; give --hours",
        ),
        (
            ["--hours", "2", "--opens", "2031-06-01T09:00+00:00", "--arrange", "A1002:breaks=15"],
            "with extra time and breaks A1002 may work longer than the room is planned to be open: leave it open until",
        ),
        (["--hours", "3"], ""),
    ],
)
def test_a_window_that_is_too_short_is_told_when_the_sitting_is_scheduled(
    centre: Path, capsys: pytest.CaptureFixture[str], words: list[str], note: str
) -> None:
    whole = ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001", "--candidate", "A1002::10"]
    whole += ["--minutes", "120", "--items", "24", "--purpose", "demonstration", "--centre", str(centre), "--json"]
    assert main([*whole, *words]) == 0

    warnings = json.loads(capsys.readouterr().out)["warnings"]

    assert [sentence[: len(note)] for sentence in warnings] == ([note] if note else [])


def test_two_people_who_would_share_an_account_do_not_get_a_seat(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(centre / "registry.db") as store:
        store.append("person.recorded", "a1001", {"name": "Somebody else"}, "an older program")
    words = ["exam", "schedule", "TL-1", "--level", "2", "--candidate", "A1001", "--minutes", "120", "--items", "24"]

    assert main([*words, "--purpose", "practice", "--centre", str(centre)]) == 2

    assert "A1001 and a1001 differ in capital letters only and would share one account" in capsys.readouterr().err


def test_the_hr_report_is_written_where_it_says(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hr", "report", "--centre", str(centre), "--language", "zh"]) == 0

    page, workbook = map(Path, capsys.readouterr().out.splitlines())
    assert "Grace Lim" in payload(page.read_text("utf-8"))["name"] and workbook.read_bytes().startswith(b"PK")


def test_the_registry_says_that_it_holds_and_that_it_does_not(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["registry", "verify", "--centre", str(centre)]) == 0
    assert re.fullmatch(r"2 facts, the chain holds; head [0-9a-f]{64}\n", capsys.readouterr().out)

    with sqlite3.connect(centre / "registry.db") as thief:
        thief.execute("DROP TRIGGER events_are_never_changed")
        thief.execute("UPDATE events SET by = 'x' WHERE seq = 1")
    thief.close()

    assert main(["registry", "verify", "--centre", str(centre)]) == 1
    assert "event 1 (person.recorded A1001) was changed after it was written" in capsys.readouterr().out


def test_a_file_that_is_no_certificate_is_said_to_be_none(
    centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("{}")
    words = ["cert", "verify", str(tmp_path / "x.json"), "--language", "en", "--centre", str(centre)]

    assert main(words) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert main([*words[:2], str(tmp_path / "none.json"), *words[3:]]) == 2


def test_the_key_that_others_trust_is_printed_and_stays_the_same(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["cert", "issuer", "--centre", str(centre)])
    first = capsys.readouterr().out
    main(["cert", "issuer", "--centre", str(centre)])

    assert first.startswith("did:key:z6Mk") and capsys.readouterr().out == first


def test_a_reader_who_stops_reading_sees_no_traceback() -> None:
    command = f"{sys.executable} -m grader bank check | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)

    assert done.stderr == ""


def test_the_shipped_bank_and_lessons_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bank", "check"]) == 0
    assert main(["courses", "check"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "0 problems, 0 stale files"
    assert "not tried" not in said.err  # solutions of every lesson went through sandbox and judge, in English
