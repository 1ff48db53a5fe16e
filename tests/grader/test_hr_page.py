"""The HR page holds what the registry says, asks nobody for anything, and takes no name for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.centre import Centre
from grader.certificates import check_wording
from grader.reports import Overview, hr_page, overview, write
from grader.reports.words import (
    ENTRY,
    FACTS,
    MONTHLY,
    OUTCOMES,
    PURPOSES,
    READY,
    SAMPLES,
    SPOKEN,
    STATES,
    TOLD,
    VALUES,
    WORDS,
)
from grader.store import Store
from grader.upkeep.traces import mentions, needles
from tests.grader.hr_payload import payload
from tests.grader.hr_registry import PEOPLE, fill, framework, scheme

TODAY = date(2026, 11, 21)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fill(tmp_path / "registry.db") as opened:
        yield opened


@pytest.fixture
def shown(store: Store) -> Overview:
    return overview(store, framework(), scheme(), TODAY)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    return tags


def test_every_tag_is_closed_and_no_name_stands_in_the_markup(shown: Overview) -> None:
    text = hr_page(shown)
    page = parsed(text)

    assert page.open == []
    assert [tag for tag, _ in page.tags].count("script") == 2 and "img" not in [tag for tag, _ in page.tags]
    assert not any(name in text for _, name, *_ in PEOPLE if name)


def test_the_block_of_data_has_everybody_with_names_as_they_are(shown: Overview) -> None:
    data = payload(hr_page(shown))

    assert dict(zip(data["number"], data["name"], strict=True)) == {
        **{number: name for number, name, *_ in PEOPLE}, "P099": ""
    }  # fmt: skip
    assert data["people"] == 16
    assert sorted(data["words"]["site"]) == sorted({row[2] for row in PEOPLE} | {""})


def test_states_days_and_certificates_in_the_data_are_those_of_the_overview(shown: Overview) -> None:
    data = payload(hr_page(shown))

    assert [state & 127 for state in data["cellState"]] == shown.cells.state.ravel().tolist()
    assert data["cellDay"] == shown.cells.day.ravel().tolist()
    assert data["paperNumber"] == shown.papers.number
    assert sum(data["papers"]) == len(shown.papers.number) == 11
    assert [data["paperNumber"][at] for at in data["ending"]] == ["L5-1", "L4-1", "L1-2", "L2-5", "L2-2", "L1-1"]
    assert data["today"] == "2026-11-21"


def test_the_bands_of_a_result_are_packed_two_bits_a_domain(shown: Overview) -> None:
    data = payload(hr_page(shown))
    places = {code: place for place, (code, *_) in enumerate(data["domains"])}

    # hr_registry.decision: FC 3 of 4 is strong, QA 3 of 5 solid, RK 0 of 1 developing.
    bands = {code: data["resultBands"][0] >> 2 * place & 3 for code, place in places.items()}
    assert {code: band for code, band in bands.items() if band} == {"FC": 3, "QA": 2, "RK": 1}


def test_somebody_who_left_is_not_on_the_page_and_keeps_the_certificate(store: Store) -> None:
    store.append("person.left", "P001", {"on": "2026-11-01"}, "hr")

    shown = overview(store, framework(), scheme(), TODAY)
    data = payload(hr_page(shown))

    assert "P001" not in data["number"] and data["people"] == 15
    assert "L2-1" not in data["paperNumber"] and "L2-1" in shown.papers.number
    assert "P001" not in [shown.people.number[at] for at in shown.gaps()]


def test_the_job_level_of_the_roster_counts_before_the_name_of_the_role(store: Store) -> None:
    store.append("person.recorded", "P001", {"name": "陈晓敏", "role": "Team Leader", "job_level": "L4"}, "hr")

    shown = overview(store, framework(), scheme(), TODAY)

    gaps = {shown.people.number[at]: int(shown.people.wanted[at]) for at in shown.gaps()}
    assert gaps["P001"] == 4


def test_a_higher_level_in_force_covers_the_one_of_the_job(store: Store) -> None:
    store.append("person.recorded", "P010", {"name": "李雯", "role": "Agent", "job_level": "L1"}, "hr")

    shown = overview(store, framework(), scheme(), TODAY)

    assert "P010" not in [shown.people.number[at] for at in shown.gaps()]  # holds L2 and L3


def test_the_page_asks_nobody_for_anything(shown: Overview) -> None:
    page = hr_page(shown)
    attributes = [
        value
        for _, pairs in parsed(page).tags
        for key, value in pairs.items()
        if key in ("src", "href", "action", "style")
    ]

    assert attributes == ["data:,"]
    assert "http:" not in page and "https:" not in page and "url(" not in page
    assert "default-src 'none'" in page


def test_every_text_of_the_page_is_there_in_both_languages(shown: Overview) -> None:
    for tag, pairs in parsed(hr_page(shown)).tags:
        for english, chinese in (("data-en", "data-zh"), ("data-label-en", "data-label-zh")):
            if english in pairs:
                assert pairs[english] and pairs.get(chinese), (tag, pairs)
                assert not re.search("[\u4e00-\u9fff]", str(pairs[english])), pairs


def test_the_page_opens_in_the_language_asked_for(shown: Overview) -> None:
    assert "等级与证书总览</h1>" in hr_page(shown, "zh")
    assert "Levels and certificates</h1>" in hr_page(shown, "en")


@pytest.mark.parametrize(
    "words", [ENTRY, FACTS, MONTHLY, OUTCOMES, PURPOSES, READY, SAMPLES, SPOKEN, STATES, TOLD, WORDS, *VALUES.values()]
)
def test_no_word_of_the_reports_is_blocked_or_missing(words: dict[str, object]) -> None:
    for text in words.values():
        en, zh = text.en, text.zh  # type: ignore[attr-defined]
        assert en and zh and not check_wording(en) and not check_wording(zh)
        assert not re.search("[\u4e00-\u9fff]", en)


def test_demonstration_data_is_called_that_and_real_data_is_not(shown: Overview, tmp_path: Path) -> None:
    with fill(tmp_path / "demo.db", "demonstration") as demo:
        assert "certify nobody" in hr_page(overview(demo, framework(), scheme(), TODAY))
    assert "certify nobody" not in hr_page(shown)


def tiles(page: str) -> dict[str, str]:
    """What the tiles say: words and figure."""
    (listed,) = re.findall(r'<ul class="counters">(.*?)</ul>', page)
    found = re.findall(r"<li[^>]*><b>([\d,]+)</b><span[^>]*>([^<]*)</span>(?:<small[^>]*>([^<]*)</small>)?", listed)
    return {words: f"{figure} {sample}".strip() for figure, words, sample in found}


def test_the_tiles_tell_samples_apart_and_a_sample_closes_no_gap(shown: Overview, tmp_path: Path) -> None:
    with fill(tmp_path / "demo.db", "demonstration") as demo:
        data = {"person": "P003", "level": 1, "seat": "s", "purpose": "certification", "issued_on": "2026-01-01",
                "valid_until": "2028-12-31"}  # fmt: skip
        demo.append("certificate.issued", "L1-9", data, "office")
        overviewed = overview(demo, framework(), scheme(), TODAY)

    # Counted by hand from hr_registry: P001, P002, P005, P010, P012 hold one; here P003 alone holds one in earnest.
    assert tiles(hr_page(shown))["hold a valid certificate"] == "5"
    found = tiles(hr_page(overviewed))
    assert found["hold a valid certificate"] == "1 and 5 by a sample only"
    assert found["to renew within 180 days"] == "0 and 4 by a sample only"
    # Everybody whose role is called like a level, for a sample is none; P003 is a senior agent and holds level 1.
    wanted = {"P001", "P002", "P004", "P005", "P006", "P007", "P008", "P009", "P010", "P011", "P012", "P014", "P015"}
    assert {overviewed.people.number[at] for at in overviewed.gaps()} == wanted


def test_an_empty_registry_gives_a_page_that_says_so(tmp_path: Path) -> None:
    with Store(tmp_path / "registry.db") as empty:
        page, _ = write(empty, framework(), scheme(), tmp_path / "reports", today=TODAY)

    data = payload(page.read_text("utf-8"))
    assert data["people"] == 0 and data["ending"] == []


def test_the_same_registry_gives_the_same_files(store: Store, tmp_path: Path) -> None:
    first, second = (write(store, framework(), scheme(), tmp_path / name, today=TODAY) for name in ("a", "b"))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["hr.html", "hr.xlsx"]


def test_who_looks_for_a_name_in_the_files_of_a_centre_finds_it_in_the_page(store: Store, tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    page, _ = write(store, framework(), scheme(), centre.reports, today=TODAY)

    assert page in [path for path, _ in mentions(centre, needles(["陈晓敏"]))]
    assert page not in [path for path, _ in mentions(centre, needles(["陈晓梅"]))]
