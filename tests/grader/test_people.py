"""A roster is read whatever Excel made of it, and every fault is named by its cell."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import RosterError
from grader.people import read_roster

TODAY = date(2026, 11, 21)


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def write_book(folder: Path, *rows: list[Any], title: str = "Staff") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def as_excel_writes_it(path: Path, ours: bytes, excels: bytes) -> None:
    """Change the first sheet of a workbook: xlsxwriter does not say that an empty result is a text, Excel does."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data.replace(ours, excels) if name == "xl/worksheets/sheet1.xml" else data)


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


# --- what Excel makes of numbers, days and formulas -------------------------------------------------------------------


def test_numbers_stay_what_people_see(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "people.xlsx")
    sheet, zeros, letters = book.add_worksheet(), book.add_format({"num_format": "000000"}), book.add_format()
    letters.set_num_format('"E"0000')
    sheet.write_row(0, 0, ["person", "name", "manager", "hired_on"])
    sheet.write_row(1, 0, [10023.0, "Li Wei"])
    sheet.write(2, 0, 123, zeros)
    sheet.write_row(2, 1, ["Ann Lee", "10023.0", 45352])  # 45352 is the first of March 2024
    sheet.write(3, 0, 7, letters)
    sheet.write_row(3, 1, ["Bo Li", "000123", 20240301])
    sheet.write_string(4, 0, "00077")
    sheet.write_row(4, 1, ["Cai Yu", "Ｅ0007"])
    book.close()

    roster = read_roster(tmp_path / "people.xlsx", TODAY)

    assert [str(one) for one in roster.problems] == []
    assert [(one["person"], one["manager"], one["hired_on"]) for one in roster.people] == [
        ("10023", "", ""), ("000123", "10023", "2024-03-01"), ("E0007", "000123", "2024-03-01"),
        ("00077", "E0007", ""),
    ]  # fmt: skip


def test_a_number_too_long_for_excel_is_a_fault(tmp_path: Path) -> None:
    path = write_book(tmp_path, ["person", "name"], [110101199003071233, "Li Wei"])

    (problem,) = read_roster(path, TODAY).problems

    assert "Excel keeps 15 digits of a number; write it as text" in problem.sentence


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-01",
        "2024/3/1",
        "2024.3.1",
        "20240301",
        "2024年3月1日",
        "2024-03-01 00:00:00",
        "２０２４／３／１",
        "45352",
    ],
)
def test_a_date_is_kept_in_one_form(tmp_path: Path, day: str) -> None:
    roster = read_roster(write_csv(tmp_path, f"person,name,hired_on\nA01,Li Wei,{day}\n"), TODAY)

    assert roster.people[0]["hired_on"] == "2024-03-01"


def test_a_day_of_excel_is_one(tmp_path: Path) -> None:
    path = write_book(tmp_path, ["person", "name", "hire date"], ["A1", "Li Wei", datetime(2023, 5, 2, 9, 30)])

    assert read_roster(path, TODAY).people[0]["hired_on"] == "2023-05-02"


def test_a_formula_counts_by_its_result_and_is_a_fault_without_one(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "people.xlsx")
    sheet = book.add_worksheet("Staff")
    sheet.write_row(0, 0, ["person", "name", "team", "site"])
    sheet.write_row(1, 0, ["A1", "Ann Lee"])
    sheet.write_formula(1, 2, '="Nor"&"th"', None, "North")
    sheet.write_formula(1, 3, '=IF(TRUE,"","x")', None, "")
    book.close()
    as_excel_writes_it(tmp_path / "people.xlsx", b'<c r="D2"><f>', b'<c r="D2" t="str"><f>')

    assert read_roster(tmp_path / "people.xlsx", TODAY).people == (
        {"person": "A1", "name": "Ann Lee", "site": "", "team": "North"},
    )
    path = write_book(tmp_path, ["person", "name"], ["A1", "=cmd|' /C calc'!A0"])  # openpyxl writes no results
    assert [str(one) for one in read_roster(path, TODAY).problems] == [
        "people.xlsx, sheet Staff, row 2, column B (name): a value is wanted, got a formula without a result "
        "(=cmd|' /C calc'!A0); open the file in Excel and save it, or write the value"
    ]


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",Li Wei,,2024-01-01", "column A (person): a staff number is wanted, got nothing"),
        ("../x,Li Wei,,2024-01-01", "a staff number of 1 to 40 letters, digits or any of - _ . is wanted, got '../x'"),
        ("1.23457E+11,Li Wei,,", "got 1.23457E+11: Excel has lost its digits; write it as text"),
        ("A02,,,2024-01-01", "column B (name): a name is wanted, got nothing; write the person's name"),
        ("A02,???,,", "a name is wanted, got '???'"),
        ("A02,王小明 😀,,", "a name as a certificate prints it is wanted, got the sign 😀; leave it out"),
        ("A02,=cmd|' /C calc'!A1,,", "which a spreadsheet would run as a formula; write it out"),
        ("A02,＋86 Zhao,,", "which a spreadsheet would run as a formula; write it out"),
        ("A02,#N/A,,", "a value is wanted, got Excel's error #N/A"),
        ("A02,Li Wei,A02,2024-01-01", "column C (manager): another person is wanted, got A02 as own manager"),
        ("A02,Li Wei,,2030-01-01", "a day until today is wanted, got 2030-01-01, which lies in the future"),
        ("A02,Li Wei,,1899-01-01", "a day since 1950-01-01 is wanted, got 1899-01-01"),
        ("A02,Li Wei,,1 March", "a date such as 2024-03-01 is wanted, the year first, got '1 March'"),
        ("A02,Li Wei,,03/04/2024", "a date such as 2024-03-01 is wanted, the year first, got '03/04/2024'"),
        ("A02,Li Wei,,2023-02-29", "a date such as 2024-03-01 is wanted, the year first, got '2023-02-29'"),
        (f"A02,{'x' * 300},,2024-01-01", "at most 100 characters are kept, got 300; shorten it"),
        ("123456789012345678,Li Wei,,x", "column D (hired_on): a date such as 2024-03-01 is wanted"),
        ('A02,"Li\nWei",,2024-01-01', "one line is wanted, got a line break or another control character"),
        ("A02,Li\x1b[2JWei,,2024-01-01", "one line is wanted, got a line break or another control character"),
        ("A02,Li\u202eWei,,", "characters that every computer shows are wanted, got U+202E"),
        ("A02,\ue863小明,,", "characters that every computer shows are wanted, got U+E863"),
    ],
)
def test_a_bad_row_is_named_and_the_good_one_stands(tmp_path: Path, row: str, words: str) -> None:
    path = write_csv(tmp_path, f"person,name,manager,hired_on\nA01,Chen Xiaomin,,2024-03-01\n{row}\n")

    roster = read_roster(path, TODAY)

    assert [person["person"] for person in roster.people] == ["A01"]
    (problem,) = roster.problems
    assert (problem.file, problem.sheet, problem.row) == ("people.csv", "", 3)
    assert words in str(problem)


def test_levels_and_languages_are_read_as_chinese_rosters_write_them(tmp_path: Path) -> None:
    rows = ["A1,李薇,一组,座席,Ｌ２,简体中文", "A2,王雪,二组,班组长,３级,普通话", "A3,Li,一组,座席,１,英文"]
    text = "\n".join(["工号,姓名,所属班组,现任岗位,职级,语言", *rows, ""])

    roster = read_roster(write_csv(tmp_path, text), TODAY)

    assert not roster.problems and not roster.notes
    assert [(one["job_level"], one["language"]) for one in roster.people] == [("L2", "zh"), ("L3", "zh"), ("L1", "en")]
    assert [one["team"] + one["role"] for one in roster.people] == ["一组座席", "二组班组长", "一组座席"]


def test_an_address_typed_in_full_width_is_the_address(tmp_path: Path) -> None:
    typed = ("li.wei＠example.com", "ｗａｎｇ．ｘｕｅ０１＠ｅｘａｍｐｌｅ．ｃｏｍ", "Bo.Li@example.com")
    text = "\n".join(["工号,姓名,邮箱", *(f"A{number},李薇,{one}" for number, one in enumerate(typed)), ""])

    roster = read_roster(write_csv(tmp_path, text), TODAY)

    assert not roster.problems
    assert [one["email"] for one in roster.people] == [
        "li.wei@example.com", "wang.xue01@example.com", "Bo.Li@example.com"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("job_level", "P7", "a level from L1 to L5 or nothing is wanted, got 'P7'"),
        ("email", "li.wei", "an address such as li.wei@example.com is wanted, got 'li.wei'"),
        ("language", "fr", "en or zh (英文, 中文) is wanted, got 'fr'"),
        ("team", "@SUM(1+1)", "which a spreadsheet would run as a formula"),
    ],
)
def test_a_value_of_another_column_is_named(tmp_path: Path, column: str, value: str, words: str) -> None:
    (problem,) = read_roster(write_csv(tmp_path, f"person,name,{column}\nA1,Li Wei,{value}\n"), TODAY).problems

    assert (problem.row, problem.column, problem.heading) == (2, "C", column)
    assert words in problem.sentence


def test_of_two_rows_with_one_number_neither_is_taken(tmp_path: Path) -> None:
    rows = "person,name\nA01,Li Wei\nB1,Ann Lee\na01,Bo Li\n007,Cai Yu\n7,Du Fu\n7,Du Fu\n"

    roster = read_roster(write_csv(tmp_path, rows), TODAY)

    assert [one["person"] for one in roster.people] == ["B1"]
    assert [(one.row, one.sentence.partition("got ")[2]) for one in roster.problems] == [
        (4, "a01, in row 2 already as A01, and capital letters or zeros before make no other person"),
        (2, "A01, in row 4 again"),
        (6, "7, in row 5 already as 007, and capital letters or zeros before make no other person"),
        (5, "007, in row 6 again"),
        (7, "7, in row 5 already as 007, and capital letters or zeros before make no other person"),
    ]


def test_the_number_of_a_manager_is_read_and_the_name_beside_it_is_not(tmp_path: Path) -> None:
    roster = read_roster(write_csv(tmp_path, "工号,姓名,直接上级,直接上级工号\nA1,李伟,林涛,S1\n"), TODAY)

    assert roster.people[0]["manager"] == "S1"
    assert roster.notes == ("column C (直接上级) is not known and was left out",)


def test_every_fault_of_a_row_is_named(tmp_path: Path) -> None:
    roster = read_roster(write_csv(tmp_path, "person,name,hired_on\nA1,,2031-01-01\n"), TODAY)

    assert [(one.row, one.column) for one in roster.problems] == [(2, "B"), (2, "C")]


def test_spaces_and_signs_that_nobody_sees_are_taken_out(tmp_path: Path) -> None:
    text = (
        "person,name,team,site\n\u200bA1\ufeff ,\u3000欧阳·阿依古丽\u00a0,Night  shift,—\nA2,O'Brien-Smith Jr.,无,n/a\n"
        "A3,王\u3000伟,呼入 一组,Hefei 合 肥\n"
    )

    people = read_roster(write_csv(tmp_path, text), TODAY).people

    assert people[0] == {"person": "A1", "name": "欧阳·阿依古丽", "site": "", "team": "Night shift"}
    assert people[1] == {"person": "A2", "name": "O'Brien-Smith Jr.", "site": "", "team": ""}
    assert people[2] == {"person": "A3", "name": "王伟", "site": "Hefei 合肥", "team": "呼入一组"}


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


def test_a_roster_without_a_column_says_nothing_of_it_and_an_empty_cell_means_chinese(tmp_path: Path) -> None:
    assert read_roster(write_csv(tmp_path, "person,name\nA01,Li Wei\n"), TODAY).people == (
        {"person": "A01", "name": "Li Wei"},
    )
    people = read_roster(write_csv(tmp_path, "person,name,language\nA01,Li Wei,\nA02,Ann,EN\n"), TODAY).people
    assert [person["language"] for person in people] == ["zh", "en"]


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
