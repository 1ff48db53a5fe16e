"""Readme and tutorials: links lead somewhere, commands parse, Chinese is written as Chinese, the tour is real."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from grader.commands import parser
from grader.demo.cast import CAST
from grader.model import LANGUAGES
from grader.reports import decision_text
from grader.rules import load_framework, load_scheme
from grader.store import Store

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CHINESE = [ROOT / "README.zh-CN.md", *sorted((ROOT / "docs" / "zh").glob("*.md"))]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
FRAMEWORK = load_framework(ROOT / "question_bank" / "framework.yml")
BLOCKED = load_scheme(ROOT / "question_bank" / "scheme.yml", FRAMEWORK).blocked_words
# Other words for what the glossary calls by one: 座席, 服务水平, 排班遵从度, 缩减率, 致命错误, 考位.
UNWANTED = ("坐席", "话务员", "客服代表", "服务级别", "服务等级", "遵时率", "损耗率", "严重错误", "客诉", "座位号")
MARKDOWN = MarkdownIt("commonmark").enable("table")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(pages: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=map(name, pages))


def prose(page: Path) -> str:
    """The page without code, addresses and generated parts."""
    text = re.sub(r"<!-- made:.*?<!-- end -->", "", page.read_text("utf-8"), flags=re.S)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`|\]\([^)\s]*\)", "``", text)


def anchors(page: Path) -> set[str]:
    """The names that a forge gives to headings: small letters, hyphens, no punctuation."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.S | re.M)
    heads = re.findall(r"^#{1,6} (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def academy_lines(page: Path) -> Iterator[str]:
    """Every command line that begins with ./academy; one between backticks may be the bare name of a command."""
    text = re.sub(r"<!-- made:.*?<!-- end -->", "", page.read_text("utf-8"), flags=re.S)
    for block in re.findall(r"^```\w*\n(.*?)^```$", text, re.S | re.M):
        for line in block.replace("\\\n", " ").split("\n"):
            if line.startswith("./academy"):
                yield line
    for line in re.findall(r"`(\./academy [^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)):
        bare = line.removesuffix(" ...")
        yield line if " -" in line else f"{bare} --help"


LINES = [(name(page), line) for page in PAGES for line in academy_lines(page)]


@each(PAGES)
def test_every_link_leads_to_a_page_and_a_heading_that_exist(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.S | re.M)
    broken = []
    for target in re.findall(r"(?<!`)\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        path, _, heading = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (heading and heading not in anchors(there)):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line[:60]}" for page, line in LINES])
def test_every_command_shown_is_one_that_the_program_understands(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    said = io.StringIO()
    try:
        with redirect_stderr(said), redirect_stdout(said):
            parser().parse_args(words)
    except SystemExit as end:
        assert end.code == 0, f"{page}: {line}\n{said.getvalue()}"


@each(PAGES)
def test_no_mark_of_markdown_is_left_over_on_the_page(page: Path) -> None:
    # Two stars beside Chinese punctuation are easily no emphasis at all.
    html = MARKDOWN.render(page.read_text("utf-8"))
    shown = re.sub(r"<(pre|code)[^>]*>.*?</\1>|<!--.*?-->", "", html, flags=re.S)

    assert re.findall(r".{0,20}\*\*.{0,20}", shown) == []


@each(CHINESE)
def test_chinese_is_punctuated_and_spaced_as_chinese(page: Path) -> None:
    text = prose(page)

    assert re.findall(r".{0,10}[\u4e00-\u9fff][,;:?!].{0,10}", text) == []
    assert re.findall(r".{0,10}[\u4e00-\u9fff] ?\(.{0,10}|.{0,10}\) ?[\u4e00-\u9fff].{0,10}", text) == []
    assert re.findall(r".{0,10}[\u4e00-\u9fff] +[A-Za-z0-9`].{0,10}", text) == []
    assert re.findall(r".{0,10}[A-Za-z0-9`] +[\u4e00-\u9fff].{0,10}", text) == []
    assert re.findall(r".{0,10}[\u4e00-\u9fff]\.(?:\s|$)", text) == []


@each(CHINESE)
def test_a_chinese_paragraph_is_one_line(page: Path) -> None:
    # A browser shows a line break inside a paragraph as a space, which Chinese does not have.
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef`]\n *[^\s|#\-\d`*].{0,10}", prose(page)) == []


@each(CHINESE)
def test_chinese_pages_use_the_words_of_the_glossary_and_claim_no_authority(page: Path) -> None:
    text = page.read_text("utf-8")

    assert [word for word in (*BLOCKED, *UNWANTED) if word in text] == []


def english_of(page: Path) -> Path:
    """The English page that a Chinese one says again."""
    return ROOT / "README.md" if page.name == "README.zh-CN.md" else ROOT / "docs" / page.name


@each(CHINESE)
def test_a_chinese_page_shows_the_code_of_its_english_page(page: Path) -> None:
    english = english_of(page)

    def code(path: Path) -> list[str]:
        blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", path.read_text("utf-8"), re.S | re.M)
        shown = [
            block for kind, block in blocks if kind in ("", "sh", "json")
        ]  # what is read, `text`, has its language
        return [re.sub(r"\s+#.*", "", block).replace("--language zh", "--language en") for block in shown]

    assert code(page) == code(english)
    for mark in ("## ", "### ", r"\|"):
        assert len(re.findall(f"^{mark}", prose(page), re.M)) == len(re.findall(f"^{mark}", prose(english), re.M))


@each(CHINESE)
def test_a_chinese_page_and_its_english_page_lead_to_each_other(page: Path) -> None:
    english = english_of(page)
    there, back = (
        re.findall(rf"^\[{language}\]\((.+)\)$", path.read_text("utf-8"), re.M)
        for path, language in ((english, "(?:简体)?中文"), (page, "English"))
    )

    assert [(english.parent / target).resolve() for target in there] == [page] * len(back)
    assert [(page.parent / target).resolve() for target in back] == [english] * len(there)


@each(CHINESE)
def test_a_chinese_page_leads_to_chinese_pages_where_there_are_any(page: Path) -> None:
    text = re.sub(r"^\[English\]\(.+\)$", "", page.read_text("utf-8"), flags=re.M)
    targets = {(page.parent / target).resolve() for target in re.findall(r"\]\(([^)\s#]+)", text)}

    assert sorted(map(name, targets & set(map(english_of, CHINESE)))) == []


@each(READMES)
def test_the_tour_of_the_readme_has_the_layout_of_the_demo(page: Path, tmp_path: Path) -> None:
    language = "zh" if page.name == "README.zh-CN.md" else "en"
    words = {"en": ("cut ", "pass", "fail", "absent"), "zh": ("合格线", "通过", "未通过", "缺考")}[language]
    with Store(tmp_path / "registry.db") as store:
        heads = re.split(r" {2,}", decision_text(store, "none", language))
    blocks = re.findall(r"```text\n(.*?)```", page.read_text("utf-8"), re.S)
    first, *rows = next(block for block in blocks if "TL-demo" in block).rstrip("\n").split("\n")
    cells = [re.split(r" {2,}", row) for row in rows]

    assert re.split(r" {2,}", first) == heads
    assert [row[:2] for row in cells] == [[f"TL-demo-{n:02d}", part.name] for n, part in enumerate(CAST, start=1)]
    score = rf"\d+(\.\d+)?/\d+ ?[(（]{words[0]}\d+(\.\d)?[)）]"
    for row, part in zip(cells, CAST, strict=True):
        assert re.fullmatch(score, row[2]) and re.fullmatch(score, row[3]), row
        assert row[4] == (words[3] if "never comes" in part.turn else row[4]) and row[4] in words[1:]
        assert len(row) == (8 if row[4] == words[1] else 6), row
        if row[4] == words[1]:
            assert re.fullmatch(r"L2-\d{6}-[0-9A-F]{8}", row[6]) and re.fullmatch(r"\d{4}-\d\d-\d\d", row[7])


def test_a_readme_is_short_and_names_folders_that_exist() -> None:
    for page in READMES:
        text = page.read_text("utf-8")
        rows = re.findall(r"^\| (`.+?) \|", text, re.M)
        folders = {folder for row in rows for folder in re.findall(r"`(\w+/)`", row)}

        assert len(text.splitlines()) <= 120
        assert {"courses/", "ccskills/", "question_bank/", "grader/", "tests/", "docs/"} == folders
        assert all((ROOT / folder).is_dir() for folder in folders)


def test_the_contributors_page_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) <= 60


def test_the_pages_for_every_role_exist_in_every_language() -> None:
    assert LANGUAGES == ("en", "zh")
    for role in ("trainee", "trainer", "hr", "examiner", "invigilator", "operator", "security", "forms"):
        assert (ROOT / "docs" / f"{role}.md").is_file() and (ROOT / "docs" / "zh" / f"{role}.md").is_file()


def test_the_decisions_are_numbered_without_a_gap_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))

    assert [record[:3] for record in records] == [f"{n:03d}" for n in range(1, len(records) + 1)]
    assert re.findall(r"\((\d{3}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")) == records
