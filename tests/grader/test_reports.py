"""What HR and the exam office read is what the registry says, and nothing in it is taken for markup or a formula."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grader.certificates import check_wording
from grader.reports import decision_table, decision_text, hr_page, hr_workbook, write
from grader.reports.figures import Overview, overview
from grader.reports.words import OUTCOMES, PURPOSES, STATES, WORDS
from grader.store import Store
from tests.grader.hr_registry import PEOPLE, decision, fill, framework

TODAY = date(2026, 11, 21)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fill(tmp_path / "registry.db") as opened:
        yield opened


@pytest.fixture
def shown(store: Store) -> Overview:
    return overview(store, framework(), TODAY)


def state(shown: Overview, number: str, level: int) -> str:
    person = next(person for person in shown.people if person.number == number)
    return person.levels[level - 1].state


# --- the figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "level", "expected"),
    [
        ("P001", 2, "held"),
        ("P001", 1, "expired"),
        ("P002", 1, "expiring"),
        ("P003", 2, "failed"),
        ("P004", 2, "withdrawn"),
        ("P006", 2, "absent"),
        ("P007", 2, "passed"),
        ("P008", 3, "suspended"),
        ("P009", 2, "waiting"),
        ("P011", 2, "in-progress"),
        ("P012", 4, "expiring"),  # today is the last day on which it holds
        ("P014", 3, "scheduled"),
        ("P015", 5, "expired"),  # its last day was yesterday
        ("P099", 3, "scheduled"),
        ("P013", 1, "none"),
    ],
)
def test_every_cell_of_the_matrix_says_where_the_person_stands(
    shown: Overview, number: str, level: int, expected: str
) -> None:
    assert state(shown, number, level) == expected


def test_what_ends_is_listed_soonest_first_and_without_what_was_renewed_or_withdrawn(shown: Overview) -> None:
    # Counted by hand from hr_registry.CERTIFICATES: L2-4 was followed by L2-5, L2-3 withdrawn, L3-1 suspended.
    found = [(paper.number, paper.days) for _, paper in shown.ending()]

    assert found == [("L1-1", -174), ("L5-1", -1), ("L4-1", 0), ("L1-2", 24), ("L2-5", 42), ("L2-2", 160)]


@pytest.mark.parametrize("following", ["withdrawn", "sample"])
def test_what_ends_is_listed_when_what_followed_it_does_not_count(store: Store, following: str) -> None:
    purpose = "demonstration" if following == "sample" else "certification"
    data = {"person": "P002", "level": 1, "seat": "old", "purpose": purpose, "issued_on": "2026-06-01",
            "valid_until": "2029-06-01", "digest": "0" * 64}  # fmt: skip
    store.append("certificate.issued", "L1-9", data, "office")
    if following == "withdrawn":
        store.append("certificate.withdrawn", "L1-9", {"reason": "test"}, "office")

    assert ("L1-2", 24) in [(paper.number, paper.days) for _, paper in overview(store, framework(), TODAY).ending()]


def test_a_gap_is_a_role_whose_level_is_not_held(shown: Overview) -> None:
    found = {(person.number, level) for person, level in shown.gaps()}

    # Roles in English and Chinese; P001, P002, P005, P010 and P012 hold the level of their role.
    assert found == {
        ("P003", 1), ("P004", 2), ("P006", 1), ("P007", 1), ("P008", 3), ("P009", 3), ("P011", 1), ("P014", 2),
        ("P015", 5),
    }  # fmt: skip


def test_a_person_missing_from_the_roster_is_shown_and_the_nameless_come_last(shown: Overview) -> None:
    assert len(shown.people) == len(PEOPLE) + 1
    assert [person.number for person in shown.people][-2:] == ["P013", "P099"]


def test_managers_are_called_by_their_names(shown: Overview) -> None:
    managers = {person.number: person.manager for person in shown.people}

    assert managers["P001"] == "李雯" and managers["P012"] == ""


def test_a_failed_renewal_does_not_take_away_what_is_held(store: Store) -> None:
    store.append("seat.assigned", "D-09", {"sitting": "S-DONE", "person": "P001"}, "office")
    store.append("decision.proposed", "D-09", decision("P001", "S-DONE", 2, "fail"), "office")
    store.append("decision.confirmed", "D-09", {}, "second", at="2026-11-01T09:00:00Z")

    shown = overview(store, framework(), TODAY)

    assert state(shown, "P001", 2) == "held"
    person = next(person for person in shown.people if person.number == "P001")
    assert [result.outcome for result in person.results] == ["fail", "pass"]


def test_a_fail_after_a_certificate_ended_is_the_newer_fact(store: Store) -> None:
    store.append(
        "sitting.scheduled", "S-L5", {"level": 5, "purpose": "certification", "opens_at": "2026-11-20T08:00:00Z"}, "o"
    )
    store.append("seat.assigned", "D-10", {"sitting": "S-L5", "person": "P015"}, "office")
    store.append("decision.proposed", "D-10", decision("P015", "S-L5", 5, "fail"), "office")
    store.append("decision.confirmed", "D-10", {}, "second", at="2026-11-20T09:00:00Z")

    assert state(overview(store, framework(), TODAY), "P015", 5) == "failed"


# --- the page ---------------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    return tags


def test_every_tag_is_closed_and_names_are_text(store: Store) -> None:
    page = parsed(hr_page(store, framework(), TODAY))

    assert page.open == []
    assert [tag for tag, _ in page.tags].count("script") == 1 and "img" not in [tag for tag, _ in page.tags]
    for _, name, site, team, *_ in PEOPLE:
        assert {text for text in (name, site, team) if text} <= set(page.text)


def test_the_page_asks_nobody_for_anything(store: Store) -> None:
    page = hr_page(store, framework(), TODAY)
    attributes = [
        value
        for _, pairs in parsed(page).tags
        for key, value in pairs.items()
        if key in ("src", "href", "action", "style")
    ]

    assert attributes == ["data:,"]
    assert "http:" not in page and "https:" not in page and "url(" not in page
    assert "default-src 'none'" in page


def test_every_text_of_the_page_is_there_in_both_languages(store: Store) -> None:
    for tag, pairs in parsed(hr_page(store, framework(), TODAY)).tags:
        for english, chinese in (("data-en", "data-zh"), ("data-label-en", "data-label-zh")):
            if english in pairs:
                assert pairs[english] and pairs.get(chinese), (tag, pairs)
                assert not re.search("[\u4e00-\u9fff]", str(pairs[english])), pairs


def test_the_page_opens_in_the_language_asked_for(store: Store) -> None:
    assert "<h1" in hr_page(store, framework(), TODAY, "zh") and "等级与证书总览</h1>" in hr_page(
        store, framework(), TODAY, "zh"
    )
    assert "Levels and certificates</h1>" in hr_page(store, framework(), TODAY, "en")


def test_no_word_of_the_reports_is_blocked() -> None:
    texts = [*STATES.values(), *OUTCOMES.values(), *PURPOSES.values(), *WORDS.values()]

    assert [text for text in texts if check_wording(text.en) or check_wording(text.zh)] == []


def test_demonstration_data_is_called_that_and_real_data_is_not(store: Store, tmp_path: Path) -> None:
    with fill(tmp_path / "demo.db", "demonstration") as demo:
        assert 'class="notice"' in hr_page(demo, framework(), TODAY) and 'class="tag"' in hr_page(
            demo, framework(), TODAY
        )
    assert 'class="notice"' not in hr_page(store, framework(), TODAY)


def test_an_empty_registry_gives_a_page_and_a_workbook_that_say_so(tmp_path: Path) -> None:
    with Store(tmp_path / "registry.db") as empty:
        page, workbook = write(empty, framework(), tmp_path / "reports", today=TODAY)

    assert "No certificate ends within 180 days." in page.read_text("utf-8")
    assert [sheet.max_row for sheet in openpyxl.load_workbook(workbook)] == [1, 1, 1]


# --- the workbook -----------------------------------------------------------------------------------------------------


def cells(sheet: Any) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[1]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def book(store: Store, tmp_path: Path) -> Any:
    hr_workbook(store, framework(), TODAY, tmp_path / "hr.xlsx")
    return openpyxl.load_workbook(tmp_path / "hr.xlsx")


def test_the_workbook_has_three_sheets_with_filters_frozen_heads_and_colours(book: Any) -> None:
    assert book.sheetnames == ["Levels 等级矩阵", "Results 成绩", "Expiring 到期"]
    for sheet in book:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert len(sheet.conditional_formatting) > 0
        assert all(10 <= column.width <= 30 for column in sheet.column_dimensions.values())


def test_nothing_of_the_registry_is_a_formula(book: Any) -> None:
    found = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}

    assert "f" not in {cell.data_type for cell in found.values()}
    for _, name, *_ in PEOPLE:
        if name[:1] in ("=", "+", "-", "@"):
            # The mark that keeps Excel from reading it as a formula when the cell is edited.
            assert found[name].quotePrefix


def test_dates_are_dates_and_points_are_numbers(book: Any) -> None:
    levels = {row["Number 工号"]: row for row in cells(book["Levels 等级矩阵"])}
    result = next(row for row in cells(book["Results 成绩"]) if row["Number 工号"] == "P001")
    expiring = {row["Certificate 证书编号"]: row for row in cells(book["Expiring 到期"])}

    assert levels["P001"]["L2 Valid until 有效期至"] == datetime(2029, 2, 28)
    assert levels["P001"]["L2 Team Leader\n班组长"] == "held 有效"
    assert levels["P003"]["L2 Team Leader\n班组长"] == "not passed 未通过"
    assert levels["P013"]["L1 Senior Agent\n资深座席"] is None
    assert (result["Decided on 评定日期"], result["Written 笔试\npoints 得分"]) == (datetime(2026, 3, 2), 24.5)
    assert result["Forecasting & scheduling\n话务预测与排班"] == "strong 突出"
    assert (expiring["L1-2"]["Days left 剩余天数"], expiring["L1-2"]["State 状态"]) == (24, "held 有效")
    assert (expiring["L5-1"]["Days left 剩余天数"], expiring["L5-1"]["State 状态"]) == (-1, "expired 已过期")


def test_the_workbook_and_the_page_show_the_same_people_and_states(book: Any, shown: Overview) -> None:
    rows = {row["Number 工号"]: row for row in cells(book["Levels 等级矩阵"])}

    assert set(rows) == {person.number for person in shown.people}
    for person in shown.people:
        for level, holding in zip(shown.framework.levels, person.levels, strict=True):
            text = STATES[holding.state]
            expected = None if holding.state == "none" else f"{text.en} {text.zh}"
            assert rows[person.number][f"{level.code} {level.name.en}\n{level.name.zh}"] == expected


def test_the_same_registry_gives_the_same_files(store: Store, tmp_path: Path) -> None:
    first, second = (write(store, framework(), tmp_path / name, today=TODAY) for name in ("a", "b"))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["hr.html", "hr.xlsx"]


# --- the table of a sitting -------------------------------------------------------------------------------------------


def test_the_table_of_a_sitting_has_a_row_for_each_seat(store: Store) -> None:
    rows = {row["seat"]: row for row in decision_table(store, "S-DONE")}

    assert list(rows) == ["D-01", "D-02", "D-03", "D-04", "D-05"]
    assert (rows["D-01"]["outcome"], rows["D-01"]["certificate"], rows["D-01"]["valid_until"]) == (
        "pass",
        "L2-1",
        "2029-02-28",
    )
    assert (rows["D-02"]["written_points"], rows["D-02"]["written_cut"]) == (12, 20.4)
    assert (rows["D-04"]["outcome"], rows["D-04"]["certificate"]) == ("pass", None)
    assert decision_table(store, "S-NOW")[0]["outcome"] is None


def test_the_table_in_the_terminal_keeps_its_columns_under_chinese_names(store: Store) -> None:
    def place(line: str, word: str) -> int:
        return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line[: line.index(word)])

    lines = decision_text(store, "S-DONE").split("\n")

    assert {
        place(line, word) for line, word in zip(lines[1:], ("24.5/", "12/", "12/", "24.5/", "24.5/"), strict=True)
    } == {place(lines[0], "written")}
    assert "pass, proposed" in lines[5] and "通过，待确认" in decision_text(store, "S-DONE", "zh")


def test_a_name_with_a_line_break_or_an_escape_code_does_not_draw_on_the_terminal(store: Store) -> None:
    store.append("person.recorded", "P014", {"name": "A\n\x1b[31mB\u202e"}, "hr")

    lines = decision_text(store, "S-NEXT").split("\n")

    assert len(lines) == 3 and "A??[31mB?" in lines[1]
