"""A roster is read from whatever file Excel made of it, and a file that is none is refused in a sentence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import RosterError
from grader.people import read_roster
from tests.grader.roster_files import TODAY, write_book, write_csv

# --- what a file may look like ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_chinese_roster_reads_the_same_from_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path, "工号,姓名,职场,入职日期,语言,职级\nA01,陈晓敏,合肥,2024-03-01,中文,一级\n", encoding)

    roster = read_roster(path, TODAY)

    assert roster.problems == ()
    assert roster.people == (
        {"person": "A01", "name": "陈晓敏", "site": "合肥", "job_level": "L1", "hired_on": "2024-03-01",
         "language": "zh"},
    )  # fmt: skip


@pytest.mark.parametrize("text", ["person;name;team\n", "person\tname\tteam\n", "sep=;\nperson;name;team\n"])
def test_a_roster_whose_cells_are_parted_by_semicolons_or_tabs_reads_the_same(tmp_path: Path, text: str) -> None:
    delimiter = "\t" if "\t" in text else ";"

    roster = read_roster(write_csv(tmp_path, text + delimiter.join(["A01", "李伟", "North"]) + "\n"), TODAY)

    assert roster.people == ({"person": "A01", "name": "李伟", "team": "North"},)


def test_headings_are_known_in_both_languages_and_common_spellings(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path, "Employee_No.,FULL NAME,入职日期（必填）,Line Manager,岗位等级,E-Mail *,星座\nA1,Li Wei,,,,,\n"
    )

    roster = read_roster(path, TODAY)

    assert list(roster.people[0]) == ["person", "name", "email", "job_level", "manager", "hired_on"]
    assert roster.notes == ("column G (星座) is not known and was left out",)


def test_a_heading_broken_into_lines_is_named_on_one_line(tmp_path: Path) -> None:
    path = write_book(
        tmp_path, ["工号", "姓名", "直属上级\n工号", "家庭\n住址"], ["A1", "陈晓敏", "韦文博", "合肥"], title="在职"
    )

    roster = read_roster(path, TODAY)

    assert "column C (直属上级 工号)" in str(roster.problems[0])
    assert roster.columns["manager"] == ("C", "直属上级 工号")
    assert roster.notes == ("column D (家庭 住址) is not known and was left out",)


def test_titles_blank_rows_and_a_hidden_sheet_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "旧花名册"
    book.active.append(["工号", "姓名"])
    book.active.append(["OLD1", "旧人"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("花名册")
    for row in (
        ["2026年11月花名册"],
        [],
        ["序号", "工号", "姓名"],
        [1, "A1", "陈晓敏"],
        [],
        [None, "  "],
        [2, "A2", "李伟"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    book.save(tmp_path / "people.xlsx")

    roster = read_roster(tmp_path / "people.xlsx", TODAY)

    assert roster.sheet == "花名册"
    assert [(row.number, row.person["person"]) for row in roster.rows] == [(4, "A1"), (7, "A2")]
    assert roster.notes == (
        "sheet 旧花名册 is hidden and was not read",
        "column A (序号) is not known and was left out",
    )
    assert read_roster(tmp_path / "people.xlsx", TODAY, "旧花名册").people[0]["person"] == "OLD1"


def test_people_in_two_sheets_want_a_choice(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Chengdu")):
        sheet.append(["person", "name"])
    book.active.title = "Hefei"
    book["Chengdu"].append(["C1", "Ann Lee"])
    book.save(tmp_path / "people.xlsx")

    with pytest.raises(RosterError, match="in several sheets, Hefei, Chengdu; choose one with --sheet"):
        read_roster(tmp_path / "people.xlsx", TODAY)
    assert read_roster(tmp_path / "people.xlsx", TODAY, "Chengdu").people[0]["person"] == "C1"
    with pytest.raises(RosterError, match=r"people\.xlsx has no sheet 'Wuhan'; it has Hefei, Chengdu"):
        read_roster(tmp_path / "people.xlsx", TODAY, "Wuhan")


def test_a_merged_cell_counts_for_every_row_that_it_covers_and_a_merged_number_is_a_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["person", "name", "team"], ["A1", "Ann Lee", "North"], ["A2", "Bo Li", None], ["A3", "Cai Yu", None]):
        book.active.append(row)
    book.active.merge_cells("C2:C3")
    book.active.merge_cells("B4:B5")
    book.active["A5"] = "A4"
    book.save(tmp_path / "people.xlsx")

    roster = read_roster(tmp_path / "people.xlsx", TODAY)

    assert [(one["person"], one["team"]) for one in roster.people] == [("A1", "North"), ("A2", "North"), ("A3", "")]
    assert [str(one) for one in roster.problems] == [
        "people.xlsx, sheet Sheet, row 5, column B (name): a cell for each person is wanted, got one merged since row "
        "4; part it"
    ]


# --- files that are none ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "people.csv",
            b"a,b\n1,2\n",
            "columns headed person or 工号, and name or 姓名, are wanted in the first rows, got a, b",
        ),
        ("people.csv", b"", "are wanted in the first rows, got nothing"),
        ("people.csv", b"\xff\xfe\x00\xd8", "neither UTF-8 nor GB 18030"),
        ("people.xlsx", b"no zip", "cannot be read as an Excel workbook"),
        ("people.csv", b"person,name,Name\nA1,X,Y\n", "row 1: the column name stands twice, in name and Name"),
        ("people.csv", "person,工号,name\nA1,B2,X\n".encode(), "row 1: the column person stands twice"),
        ("people.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, r"the time before 2007 \(\.xls\)"),
        ("people.xls", b"<html><table><tr><td>person</td></tr></table>", "is a web page under another name"),
        (
            "people.xlsx",
            bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password; open it in Excel, remove it",
        ),
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


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"none\.csv cannot be read"):
        read_roster(tmp_path / "none.csv", TODAY)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=8), junk=st.binary(max_size=30))
def test_whatever_stands_in_a_file_it_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], junk: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    text = "\n".join(["工号,姓名,上级,入职日期,职级", *(",".join(row) for row in rows)])
    path.write_bytes(text.encode("utf-8", "replace") + junk)

    try:
        roster = read_roster(path, TODAY)
    except RosterError as refused:
        assert "\n" not in str(refused)
        return

    numbers = [row.number for row in roster.rows]
    assert not set(numbers) & {problem.row for problem in roster.problems} and numbers == sorted(numbers)
    assert all(set(one["person"]) <= set(map(chr, range(33, 127))) and one["name"] for one in roster.people)
