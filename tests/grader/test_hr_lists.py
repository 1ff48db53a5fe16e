"""The lists of HR say one thing, be they a workbook, CSV, JSON or lines of a terminal; no cell of them is a formula."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grader.reports import Overview, as_lines, hr_workbook, matrix, overview
from grader.reports.figures import CELLS
from grader.reports.lists import Term
from grader.reports.words import STATES
from grader.store import Store
from tests.grader.hr_answers import TODAY, Run, appraise, fixtures, rows
from tests.grader.hr_registry import PEOPLE, fill, framework, scheme

store, shown, run = fixtures()


# --- the workbook ---


def cells(sheet: Any) -> list[dict[str, Any]]:
    heads = [str(cell.value).split("\n")[0] for cell in sheet[1]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def book(shown: Overview, tmp_path: Path) -> Any:
    hr_workbook(shown, tmp_path / "hr.xlsx")
    return openpyxl.load_workbook(tmp_path / "hr.xlsx")


def test_the_workbook_has_sheets_with_filters_frozen_heads_and_colours(book: Any) -> None:
    assert book.sheetnames == ["Levels 等级矩阵", "Gaps 缺口", "Expiring 到期", "Ready 晋升", "Results 成绩"]
    for sheet in book:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert len(sheet.conditional_formatting) > 0
        assert all(10 <= column.width <= 61 for column in sheet.column_dimensions.values())


def test_nothing_of_the_registry_is_a_formula(book: Any) -> None:
    found = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}

    assert "f" not in {cell.data_type for cell in found.values()}
    for _, name, *_ in PEOPLE:
        if name[:1] in ("=", "+", "-", "@"):
            # The mark that keeps Excel from reading it as a formula when the cell is edited.
            assert found[name].quotePrefix


def test_dates_are_dates_and_points_are_numbers(book: Any) -> None:
    levels = {row["Number"]: row for row in cells(book["Levels 等级矩阵"])}
    result = next(row for row in cells(book["Results 成绩"]) if row["Number"] == "P001")
    expiring = {row["Certificate"]: row for row in cells(book["Expiring 到期"])}

    assert levels["P001"]["L2 date"] == datetime(2029, 2, 28)
    assert levels["P001"]["L2 Team Leader"] == "in force 有效"
    assert levels["P003"]["L2 Team Leader"] == "not passed 未通过"
    assert (result["Decided on"], result["Written points"]) == (datetime(2026, 3, 2), 24.5)
    assert result["Forecasting & scheduling"] == "strong 突出"
    assert (expiring["L1-2"]["Days left"], expiring["L1-2"]["State"]) == (24, "renew soon 即将到期")
    assert (expiring["L5-1"]["Days left"], expiring["L5-1"]["State"]) == (-1, "ended, renewable 已到期，可续证")


def test_the_workbook_shows_the_states_of_the_overview(book: Any, shown: Overview) -> None:
    found = {row["Number"]: row for row in cells(book["Levels 等级矩阵"])}

    assert set(found) == set(shown.people.number)
    for at, number in enumerate(shown.people.number):
        for level in framework().levels:
            text = STATES[CELLS[shown.cells.state[at, level.number - 1]]]
            expected = None if text == STATES["none"] else f"{text.en} {text.zh}"
            assert found[number][f"{level.code} {level.name.en}"] == expected


def test_a_sample_is_called_one_in_the_workbook_and_in_every_list(tmp_path: Path) -> None:
    with fill(tmp_path / "demo.db", "demonstration") as demo:
        shown = overview(demo, framework(), scheme(), TODAY)
    hr_workbook(shown, tmp_path / "hr.xlsx")

    book = openpyxl.load_workbook(tmp_path / "hr.xlsx")
    levels = {row["Number"]: row for row in cells(book["Levels 等级矩阵"])}
    assert levels["P001"]["L2 Team Leader"] == "in force (sample) 有效（样本）"
    assert {row["Certificate"]: row["State"] for row in cells(book["Expiring 到期"])}["L5-1"] == (
        "ended, renewable (sample) 已到期，可续证（样本）"
    )
    text = "\n".join(as_lines(matrix(shown, lambda _: True), "zh", 0).shown)
    assert "有效（样本）" in text and "有效 " not in text
    (first,) = [row for row in matrix(shown, lambda _: True).rows if row[0] == "P001"]
    assert [value.code for value in first if isinstance(value, Term) and "sample" in value.code] == [
        "lapsed, sample", "in force, sample",
    ]  # fmt: skip


def test_the_history_says_no_code_in_chinese(run: Run, store: Store) -> None:
    appraise(run, "P004", "results", "sound", "P010")
    store.append("seat.handed-in", "D-01", {"at": None, "how": "candidate", "digest": None}, "office")
    credit = {
        "person": "P001",
        "category": "training",
        "hours": 7.5,
        "on": "2026-11-02",
        "what": "研讨",
        "evidence": "档案1",
    }
    store.append("credit.recorded", "P001/1", credit, "hr")
    store.append("credit.audited", "P001/1", {"person": "P001", "finding": "stands", "note": ""}, "hr2")

    said = "".join(run("history", who, "--language", "zh")[1] for who in ("P001", "P004"))

    for words in ("方式：考生交卷", "类别：参加课程与研讨", "结论：属实", "项目：业绩", "评级：合格"):
        assert words in said


def test_the_credits_of_a_person_are_listed_in_chinese(run: Run, store: Store) -> None:
    for number, category, hours in ((1, "training", 7.5), (2, "teaching", 40)):
        data = {
            "person": "P001",
            "category": category,
            "hours": hours,
            "on": "2026-11-02",
            "what": "研讨",
            "evidence": "1",
        }
        store.append("credit.recorded", f"P001/{number}", data, "hr")
    store.append("credit.refused", "P001/1", {"person": "P001", "reason": "未到场"}, "hr2")

    code, said = run("credit", "list", "P001", "--language", "zh")

    # Level 2 asks for 30 hours, of which teaching may give 40 %: 12.
    why = "授课、带教、阅卷、参加专家组最多计入30学时中的12学时"
    assert code == 0 and said.splitlines()[:4] == [
        "L2-1：已计入12学时，需要30学时",
        "  学时编号  日期        类别                          学时  计入  内容",
        "  P001/1    2026-11-02  参加课程与研讨                7.5   0     研讨（不予计入：未到场）",
        f"  P001/2    2026-11-02  授课、带教、阅卷、参加专家组  40    12    研讨（{why}）",
    ]
    assert not [word for word in ("hours", "credit", "count") if word in said]


def test_an_empty_registry_gives_sheets_with_headings_only(tmp_path: Path) -> None:
    with Store(tmp_path / "registry.db") as empty:
        hr_workbook(overview(empty, framework(), scheme(), TODAY), tmp_path / "hr.xlsx")

    assert {sheet.max_row for sheet in openpyxl.load_workbook(tmp_path / "hr.xlsx")} == {1}


# --- CSV, JSON, terminal ---


@pytest.mark.parametrize(
    ("words", "files"),
    [((), ["hr.html", "hr.xlsx"]), (("--only", "page"), ["hr.html"]), (("--only", "workbook"), ["hr.xlsx"])],
)
def test_the_report_writes_page_and_workbook_or_one_of_them(
    run: Run, tmp_path: Path, words: tuple[str, ...], files: list[str]
) -> None:
    code, said = run("report", *words)

    assert code == 0 and [Path(line).name for line in said.split()] == files
    assert sorted(path.name for path in (tmp_path / "centre" / "reports").iterdir()) == files


def test_csv_opens_in_excel_and_holds_no_formula(run: Run, tmp_path: Path) -> None:
    code, said = run("matrix", "--csv", str(tmp_path / "m.csv"), "--language", "zh")

    data = (tmp_path / "m.csv").read_bytes()
    assert code == 0 and "16行" in said
    assert data.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    found = {row["工号"]: row for row in csv.DictReader(data.decode("utf-8-sig").splitlines())}
    assert found["P003"]["姓名"] == "'=cmd|' /C calc'!A1" and found["P009"]["姓名"] == "'+86 Zhao"
    assert found["P001"]["L2 班组长"] == "有效"
    assert not [value for row in found.values() for value in row.values() if value[:1] in ("=", "+", "-", "@")]


def test_json_has_codes_and_names_as_they_are(run: Run) -> None:
    found = {row["person"]: row for row in rows(run, "matrix")}

    assert found["P003"]["name"] == "=cmd|' /C calc'!A1"
    assert (found["P001"]["L2"], found["P001"]["L2_day"]) == ("in force", "2029-02-28")
    assert (found["P001"]["FC"], found["P001"]["QA"], found["P001"]["RK"]) == ("3", "2", "1")


def test_filters_of_site_team_and_level(run: Run) -> None:
    assert {row["person"] for row in rows(run, "matrix", "--site", "Chengdu 成都")} == {"P004", "P005", "P006", "P007"}
    assert {row["person"] for row in rows(run, "matrix", "--team", "Inbound A")} == {"P001", "P002"}
    # Who holds level 3 in force, and whose job asks for it.
    assert {row["person"] for row in rows(run, "matrix", "--level", "3")} == {"P010", "P008", "P009"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("matrix", "--site", "Mars"), "nobody is of the site 'Mars'; the registry has e.g. Chengdu 成都"),
        (("matrix", "--level", "6"), "--level is a number from 1 to 5, got 6"),
        (("history", "X9"), "person 'X9' is not in the registry"),
        (("report", "--month", "2026-12"), "2026-12 has not begun; give a month that has"),
        (("gaps", "--csv", "/no/such/folder/x.csv"), "cannot be written (No such file or directory)"),
    ],
)
def test_bad_input_is_one_clear_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    code, said = run(*words)

    assert code == 2 and sentence in said and said.count("\n") == 1


def test_a_long_list_says_how_much_it_leaves_out(run: Run) -> None:
    code, said = run("matrix", "--rows", "5", "--language", "en")

    assert code == 0 and len(said.strip().split("\n")) == 7
    assert said.endswith("... and 11 more; --csv FILE or --json gives all\n")


def test_expiring_counts_the_days(run: Run) -> None:
    found = [(row["certificate"], row["days"]) for row in rows(run, "expiring", "--days", "30")]

    # Days counted by hand to 2026-11-21; 42 and 160 days are too many.
    assert found == [("L5-1", -1), ("L4-1", 0), ("L1-2", 24), ("L1-1", -174)]


# --- gaps ---


def test_a_gap_says_what_is_lacking_for_the_job(run: Run, store: Store) -> None:
    store.append(
        "person.recorded", "P003", {"name": "Wu", "role": "x", "job_level": "L2", "hired_on": "2020-01-01"}, "h"
    )

    found = {row["person"]: row for row in rows(run, "gaps")}["P003"]

    # P003 did not pass level 2 with RK 0 of 1; FC and QA were good; six years of service open the exam.
    assert (found["for"], found["target"], found["state"]) == ("job", "L2", "failed")
    assert (found["developing"], found["unseen"], found["entry"]) == ("RK", "no", "open")


def test_gaps_for_the_next_level_come_when_asked_for(run: Run) -> None:
    found = [
        (row["for"], row["target"], row["unseen"]) for row in rows(run, "gaps", "--next") if row["person"] == "P001"
    ]

    assert found == [("next", "L3", "yes")]  # P001 is a team leader and holds level 2
    assert [row for row in rows(run, "gaps") if row["person"] == "P001"] == []


def test_a_gap_never_says_that_somebody_may_sit_when_the_day_of_hire_is_unknown(run: Run) -> None:
    assert {row["entry"] for row in rows(run, "gaps")} == {"unknown"}


# --- history ---


def test_the_history_of_a_person_has_every_fact_in_its_order(run: Run) -> None:
    appraise(run, "P004", "results", "sound", "P010")

    found = [(row["date"], row["what"], row["about"]) for row in rows(run, "history", "P004")]

    assert [entry[1:] for entry in found] == [
        ("person.recorded", "P004"), ("certificate.issued", "L2-3"), ("certificate.withdrawn", "L2-3"),
        ("appraisal.recorded", "P004/1"),
    ]  # fmt: skip
    assert found[1][0] == "2025-01-01" and found[3][0] == "2026-10-01"


def test_the_history_tells_decisions_with_level_and_outcome(run: Run) -> None:
    found = [row for row in rows(run, "history", "P003") if row["what"].startswith("decision.")]

    assert [(row["what"], row["level"], row["said"]) for row in found] == [
        ("decision.proposed", "L2", "fail"), ("decision.confirmed", "L2", "fail"),
    ]  # fmt: skip


def test_every_row_of_the_matrix_fits_its_headings(shown: Overview) -> None:
    listed = matrix(shown, lambda _: True)

    assert {len(row) for row in listed.rows} == {len(listed.columns)}
