"""Pages, workbooks and PDF files hold what the report holds, and nothing of them runs or breaks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib
import openpyxl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from ccskills import data, reporting
from ccskills.reporting import Report, report, to_excel, to_html, to_pdf
from ccskills.reporting._chart_base import fonts

LANGUAGES = ("en", "zh")
OURS = data.centre(days=28)
WRITERS: dict[str, Callable[[Any, Path], Path]] = {".html": to_html, ".xlsx": to_excel, ".pdf": to_pdf}
WICKED = '=HYPERLINK("http://x")<script>alert(1)</script>'


def made(language: str = "en", **options: object) -> Report:
    reporting.use_language(language)
    targets = {"service_level": 0.8, "abandonment": 0.05}
    arguments: dict[str, object] = {"kind": "weekly", "audience": "manager", "targets": targets, "events": OURS.events}
    return report(OURS.intervals, **(arguments | {"shrinkage": OURS.shrinkage} | options))  # type: ignore[arg-type]


@cache
def broken(language: str = "en") -> Report:
    reporting.use_language(language)
    targets = {"service_level": 0.8, "abandonment": 0.05}
    return report(OURS.intervals.drop(OURS.intervals.index[-5]), audience="client", targets=targets)


class Page(HTMLParser):
    """The tables, pictures and languages of a page; an open tag that nobody closes is an error."""

    EMPTY = frozenset({"meta", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.scopes: list[str | None] = []
        self.captions = 0
        self.images: list[dict[str, str | None]] = []
        self.languages: list[str | None] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.add(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)
        if "lang" in known:
            self.languages.append(known["lang"])
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            if tag == "th":
                self.scopes.append(known.get("scope"))
        elif tag == "caption":
            self.captions += 1
        elif tag == "img":
            self.images.append(known)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.tables[-1][-1][-1] += text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_readable_without_eyes(language: str, tmp_path: Path) -> None:
    found = made(language)

    page = Page(to_html(found, tmp_path / "report.html").read_text("utf-8"))

    assert page.open == []
    assert set(page.languages) == {"en" if language == "en" else "zh-CN"}
    assert len(page.tables) == page.captions == len(found.sections) + 2
    assert set(page.scopes) == {"col", "row"}
    charts = [part.chart for part in found.sections if part.chart is not None]
    assert [image["alt"] for image in page.images] == [reporting.describe(chart) for chart in charts]
    assert all(str(image["src"]).startswith("data:image/png;base64,iVBOR") for image in page.images)


def test_the_tables_of_the_page_hold_the_counts(tmp_path: Path) -> None:
    found = made()

    page = Page(to_html(found, tmp_path / "report.html").read_text("utf-8"))

    for part, table in zip(found.sections, page.tables, strict=False):
        assert table[0] == [part.labels[name] for name in part.table.columns]
        assert len(table) == 1 + len(part.table)
    course = found.section("course").table
    printed = [row[2] for row in page.tables[1][1:]]
    assert printed == [f"{value:,.0f}" for value in course["offered"]]


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(tmp_path: Path) -> None:
    text = to_html(made(name=WICKED), tmp_path / "report.html").read_text("utf-8")

    assert not re.search(r"(src|href)=\"(?!data:)", text) and "url(" not in text
    assert Page(text).tags & {"script", "link", "iframe"} == set()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_check_stands_before_the_numbers(language: str, tmp_path: Path) -> None:
    found = broken(language)

    text = to_html(found, tmp_path / "report.html").read_text("utf-8")

    alert = text.index('role="alert"')
    assert alert < text.index("<table") and found.checks["finding"][0] in text[alert : text.index("<table")]


def test_a_notebook_shows_the_report_without_a_page_around_it() -> None:
    text = made()._repr_html_()

    assert "<html" not in text and "<main" in text and Page(text).open == []


def cells(sheet: openpyxl.worksheet.worksheet.Worksheet, top: int, table: pd.DataFrame) -> list[list[object]]:
    return [[sheet.cell(top + row, 1 + at).value for at in range(table.shape[1])] for row in range(len(table))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_the_tables(language: str, tmp_path: Path) -> None:
    found = made(language)

    book = openpyxl.load_workbook(to_excel(found, tmp_path / "report.xlsx"))

    assert len(book.sheetnames) == len(found.sections) + 3
    for part, name in zip(found.sections, book.sheetnames[1:], strict=False):
        sheet = book[name]
        assert [sheet.cell(4, 1 + at).value for at in range(part.table.shape[1])] == list(part.labels.values())
        for got, wanted in zip(cells(sheet, 5, part.table), part.table.to_numpy(dtype=object).tolist(), strict=True):
            for one, other in zip(got, wanted, strict=True):
                if isinstance(other, (pd.Timestamp, datetime.datetime)):
                    assert one == other
                elif isinstance(other, str):
                    assert (one or "") == other
                elif pd.isna(other):
                    assert one == "–"
                else:
                    assert one == pytest.approx(other)
        assert sheet.freeze_panes == "B5"
        assert len(sheet._images) == (part.chart is not None)


def test_the_workbook_has_formats_definitions_and_checks(tmp_path: Path) -> None:
    found = made()

    book = openpyxl.load_workbook(to_excel(found, tmp_path / "report.xlsx"))

    course = book["Day by day"]
    formats = {course.cell(4, at).value: course.cell(5, at).number_format for at in range(1, 9)}
    assert formats["Service level"] == "0.0%" and formats["Day"] == "yyyy-mm-dd" and formats["Offered"] == "#,##0"
    checks = [row[2].value for row in book["Checks"].iter_rows(min_row=2)]
    assert checks == list(found.checks["finding"])
    formulas = [row[1].value for row in book["Definitions"].iter_rows(min_row=2)]
    assert formulas == list(found.definitions["formula"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_of_the_data_never_becomes_a_formula(start: str, tmp_path: Path) -> None:
    name = f"{start}1+1"
    hours = OURS.shrinkage.rename(columns={"leave": name})

    book = openpyxl.load_workbook(to_excel(made(shrinkage=hours), tmp_path / "report.xlsx"))

    found = [cell for row in book["Shrinkage"].iter_rows() for cell in row if cell.value == name]
    assert [cell.data_type for cell in found] == ["s"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_pages_numbers_and_its_fonts_inside(language: str, tmp_path: Path) -> None:
    content = to_pdf(made(language), tmp_path / "report.pdf").read_bytes()

    pages = len(re.findall(rb"/Type /Page\b", content))
    assert content.startswith(b"%PDF") and pages >= 4
    fonts = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", content))
    assert fonts == ({b"DejaVuSans"} if language == "en" else {b"NotoSansCJKsc-Regular"})
    assert re.search(rb"/FontFile[23]? \d+ 0 R", content)
    assert b"/Type3" not in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_pdf_leaves_the_page_or_its_margins(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Figure] = []
    monkeypatch.setattr(
        "ccskills.reporting._chart_base.Pages.save", lambda pages, file, title: seen.extend(pages.figures)
    )
    found = made(language, name="W" * 90, shrinkage=OURS.shrinkage.rename(columns={"leave": "休" * 60 + "x" * 200}))

    to_pdf(found, tmp_path / "report.pdf")

    # As in a PDF file, where letters are not rounded to pixels.
    fine = RendererAgg(10, 10, 1000)  # type: ignore[no-untyped-call]
    with fonts(language):
        for page in seen:
            page.dpi = 1000
            margin = 15 / 25.4 * page.dpi  # 15 of the 18 mm
            for text in page.texts:
                box = text.get_window_extent(fine)
                assert margin < box.x0 and box.x1 < page.bbox.width - margin and box.y0 > 0, text.get_text()


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_report_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    reports = [broken(), broken.__wrapped__()]

    first, second = (WRITERS[suffix](one, tmp_path / f"{k}{suffix}").read_bytes() for k, one in enumerate(reports))

    assert first == second


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_chinese_report_stays_chinese_when_the_session_goes_on_in_english(suffix: str, tmp_path: Path) -> None:
    found = broken("zh")
    before = WRITERS[suffix](found, tmp_path / f"a{suffix}").read_bytes()

    reporting.use_language("en")
    after = WRITERS[suffix](found, tmp_path / f"b{suffix}").read_bytes()

    assert before == after


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"report{suffix}"
    path.write_bytes(b"old")
    spoilt = replace(broken(), definitions=None)

    with pytest.raises(AttributeError):
        WRITERS[suffix](spoilt, path)

    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_place_where_no_file_can_be_is_said(suffix: str, tmp_path: Path) -> None:
    write, found = WRITERS[suffix], broken()
    (tmp_path / f"folder{suffix}").mkdir()

    for path, sentence in (
        (tmp_path / "no" / f"r{suffix}", f"path must lie in a folder that exists, got no folder '{tmp_path / 'no'}'"),
        (tmp_path / "report.txt", f"path must end in {suffix}, got 'report.txt'"),
        (tmp_path / f"folder{suffix}", f"path must be a file, got the folder '{tmp_path / f'folder{suffix}'}'"),
    ):
        with pytest.raises(ValueError) as caught:
            write(found, path)
        assert str(caught.value) == sentence
    with pytest.raises(TypeError, match="report must be a Report, got str"):
        write("report", tmp_path / f"r{suffix}")


def test_what_is_missing_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ccskills.reporting._excel.find_spec", lambda name: None)

    with pytest.raises(ValueError) as caught:
        to_excel(broken(), tmp_path / "report.xlsx")

    assert str(caught.value) == "to_excel needs the package xlsxwriter; run: pip install 'ccskills[excel]'"


def test_without_a_chinese_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccskills.reporting._chart_base.find_spec", lambda name: None)
    monkeypatch.setattr("matplotlib.font_manager.fontManager.ttflist", [])

    with pytest.raises(ValueError) as caught:
        reporting.use_language("zh")

    assert str(caught.value) == (
        "use_language('zh') needs a font with Chinese characters; run: pip install 'ccskills[zh]'"
    )
    assert reporting.describe(reporting.staffing_chart(13.3, 240)).startswith("Service level")


def test_writing_changes_no_setting(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)

    to_pdf(broken(), tmp_path / "report.pdf")

    assert dict(matplotlib.rcParams) == before
