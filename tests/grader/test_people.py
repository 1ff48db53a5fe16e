"""A roster goes in whole where it is good, and every bad row is named with its reason."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from grader.errors import RosterError
from grader.people import read_roster, without_twins

TODAY = date(2026, 11, 21)


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_roster_reads_the_same_from_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path, "工号,姓名,职场,入职日期,语言\nA01,陈晓敏,合肥,2024-03-01,中文\n", encoding)

    roster = read_roster(path, TODAY)

    assert roster.problems == ()
    assert roster.people == (
        {"person": "A01", "name": "陈晓敏", "site": "合肥", "hired_on": "2024-03-01", "language": "zh"},
    )


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_roster_whose_cells_are_parted_by_semicolons_or_tabs_reads_the_same(tmp_path: Path, delimiter: str) -> None:
    text = "person,name,team\nA01,李伟,North\n"

    roster = read_roster(write_csv(tmp_path, text.replace(",", delimiter)), TODAY)

    assert roster.people == ({"person": "A01", "name": "李伟", "team": "North"},)


def test_staff_numbers_that_differ_in_capital_letters_only_are_one_account(tmp_path: Path) -> None:
    roster = read_roster(write_csv(tmp_path, "person,name\nA01,Li Wei\na01,Chen Min\nB01,Wu Dan\n"), TODAY)

    assert [one["person"] for one in roster.people] == ["A01", "B01"]
    assert str(roster.problems[0]) == (
        "people.csv:3: person a01 stands in row 2 already as A01, and capital letters make no other account; "
        "keep one of the two"
    )
    left = without_twins(roster, ["a01", "B01"], "people.csv")
    assert [one["person"] for one in left.people] == ["B01"]
    assert str(left.problems[-1]) == (
        "people.csv, A01: the registry knows a01, and capital letters make no other account; write a01, or give "
        "somebody else another number"
    )


def test_an_excel_roster_keeps_numbers_and_dates_as_people_wrote_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Person ID", "Name", "Hire date", "Manager"])
    book.active.append([1007, "Li Wei", datetime(2023, 5, 2), None])
    book.save(tmp_path / "people.xlsx")

    roster = read_roster(tmp_path / "people.xlsx", TODAY)

    assert roster.problems == ()
    assert roster.people[0] == {
        "person": "1007", "name": "Li Wei", "hired_on": "2023-05-02", "manager": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",Li Wei,,2024-01-01", "person must be"),
        ("../x,Li Wei,,2024-01-01", "person must be"),
        ("A02,,,2024-01-01", "name is empty"),
        ("A02,Li Wei,A02,2024-01-01", "named as own manager"),
        ("A02,Li Wei,,2030-01-01", "lies in the future"),
        ("A02,Li Wei,,1 March", "hired_on must be a date such as 2024-03-01, got '1 March'"),
        (f"A02,{'x' * 300},,2024-01-01", "name has 300 characters"),
        ("A01,Li Wei,,2024-01-01", "stands in row 2 already"),
        ('A02,"Li\nWei",,2024-01-01', "name holds a line break or another control character"),
        ("A02,Li\x1b[2JWei,,2024-01-01", "name holds a line break or another control character"),
    ],
)
def test_a_bad_row_is_named_and_the_good_one_stands(tmp_path: Path, row: str, words: str) -> None:
    path = write_csv(tmp_path, f"person,name,manager,hired_on\nA01,Chen Xiaomin,,2024-03-01\n{row}\n")

    roster = read_roster(path, TODAY)

    assert [person["person"] for person in roster.people] == ["A01"]
    assert [problem.where for problem in roster.problems] == ["people.csv:3"]
    assert words in roster.problems[0].sentence


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("people.csv", b"a,b\n1,2\n", "row 1: a column headed person or"),
        ("people.csv", b"", "got an empty row"),
        ("people.csv", b"\xff\xfe\x00\xd8", "neither UTF-8 nor GB 18030"),
        ("people.xlsx", b"no zip", "cannot be read as an Excel workbook"),
        ("people.csv", b"person,name,Name\nA1,X,Y\n", "row 1: the column name stands twice, in name and Name"),
        ("people.csv", "person,工号,name\nA1,B2,X\n".encode(), "row 1: the column person stands twice"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(RosterError, match=words):
        read_roster(tmp_path / name, TODAY)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_is_damaged_inside_is_refused_in_a_sentence(tmp_path: Path, member: str) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "people.xlsx"
    book.active.append(["person", "name"])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w") as cut:
        for name in whole.namelist():
            data = whole.read(name)
            cut.writestr(name, data[: len(data) // 2] if name == member else data)

    with pytest.raises(RosterError, match=r"people\.xlsx cannot be read as an Excel workbook"):
        read_roster(path, TODAY)


def test_a_roster_without_a_column_says_nothing_of_it_and_an_empty_cell_means_chinese(tmp_path: Path) -> None:
    assert read_roster(write_csv(tmp_path, "person,name\nA01,Li Wei\n"), TODAY).people == (
        {"person": "A01", "name": "Li Wei"},
    )
    people = read_roster(write_csv(tmp_path, "person,name,language\nA01,Li Wei,\nA02,Ann,EN\n"), TODAY).people
    assert [person["language"] for person in people] == ["zh", "en"]


def test_a_date_is_kept_in_one_form(tmp_path: Path) -> None:
    roster = read_roster(write_csv(tmp_path, "person,name,hired_on\nA01,Li Wei,20240301\n"), TODAY)

    assert roster.people[0]["hired_on"] == "2024-03-01"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"none\.csv cannot be read"):
        read_roster(tmp_path / "none.csv", TODAY)
