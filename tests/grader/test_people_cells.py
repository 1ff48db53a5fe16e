"""Numbers, days, formulas and words of a roster are read as people see them, and every fault is named by its cell."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from grader.people import read_roster
from tests.grader.roster_files import TODAY, write_book, write_csv


def as_excel_writes_it(path: Path, ours: bytes, excels: bytes) -> None:
    """Change the first sheet of a workbook: xlsxwriter does not say that an empty result is a text, Excel does."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data.replace(ours, excels) if name == "xl/worksheets/sheet1.xml" else data)


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


def test_a_roster_without_a_column_says_nothing_of_it_and_an_empty_cell_means_chinese(tmp_path: Path) -> None:
    assert read_roster(write_csv(tmp_path, "person,name\nA01,Li Wei\n"), TODAY).people == (
        {"person": "A01", "name": "Li Wei"},
    )
    people = read_roster(write_csv(tmp_path, "person,name,language\nA01,Li Wei,\nA02,Ann,EN\n"), TODAY).people
    assert [person["language"] for person in people] == ["zh", "en"]
