"""The report of a month counts what the registry says on its last day, and hides groups that would name somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Bilingual
from grader.reports import overview, write_month
from grader.reports.fewest import hide
from grader.reports.month import Month, last_day, month_of
from grader.reports.monthly import _content, month_pdf
from grader.store import Store
from tests.grader.hr_registry import decision, fill, framework, scheme

FIRST, TODAY = date(2026, 11, 1), date(2026, 11, 21)
ISSUER = Bilingual("Hefei Academy", "合肥培训学院")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fill(tmp_path / "registry.db") as opened:
        yield opened


def month(store: Store, first: date = FIRST, today: date = TODAY) -> Month:
    return month_of(store, overview(store, framework(), scheme(), last_day(first, today)), first)


def sat(store: Store, count: int, passed: int, level: int = 2, on: str = "2026-11-05") -> None:
    """So many people sit for a level and so many of them pass."""
    for n in range(count):
        seat = f"X{level}-{on}-{n}"
        store.append("seat.assigned", seat, {"sitting": "S-DONE", "person": f"X{n}"}, "office")
        outcome = "pass" if n < passed else "fail"
        store.append("decision.proposed", seat, decision(f"X{n}", "S-DONE", level, outcome), "office")
        store.append("decision.confirmed", seat, {}, "second", at=f"{on}T09:00:00Z")


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in parts for text in texts(part)]


def words(found: Month, language: str = "en") -> str:
    """Everything that the paper says."""
    return "\n".join(texts(_content(found, framework(), ISSUER, language)))


# Every figure below is counted by hand from hr_registry.CERTIFICATES and SEATS.


def test_in_force_by_site_and_level(store: Store) -> None:
    found = month(store)

    assert found.sites == [("Hefei 合肥", [1, 2, 1, 1, 0]), ("Chengdu 成都", [0, 1, 0, 0, 0])]
    assert (list(found.in_force), found.holders, found.people, found.wanting) == ([1, 3, 1, 1, 0], 5, 16, 9)


def test_what_came_and_went_in_twelve_months(store: Store) -> None:
    store.append("certificate.suspended", "L2-1", {"on": "2026-11-03", "ground": "conduct"}, "office")

    found = {f"{first:%Y-%m}": counts for first, *counts in month(store).months if any(counts)}

    # L3-2 and L4-1 began in January, L2-1 in March; L1-1 ended with May, L5-1 on 20 November.
    assert found == {"2026-01": [2, 0, 0], "2026-03": [1, 0, 0], "2026-06": [0, 1, 0], "2026-11": [0, 1, 1]}


def test_what_ends_in_180_days(store: Store) -> None:
    found = {(low, high): row for low, high, row in month(store).ending if any(row)}

    assert found == {(0, 30): [1, 0, 0, 1, 0], (31, 60): [0, 1, 0, 0, 0], (151, 180): [0, 1, 0, 0, 0]}


def test_a_past_month_is_told_as_it_ended(store: Store) -> None:
    found = month(store, date(2026, 5, 1))

    # On 31 May L1-1 had its last day and L5-1 was in force.
    assert found.day == date(2026, 5, 31)
    assert list(found.in_force) == [2, 3, 1, 1, 1]


def test_a_few_people_who_are_ready_are_no_figure_of_the_paper(store: Store) -> None:
    found = month(store)
    assert found.ready is not None
    few = replace(
        found, ready=[(2, {"ready": 1, "near": 0, "not-yet": 175}), (3, {"ready": 4, "near": 0, "not-yet": 0})]
    )

    (row,) = _content(few, framework(), ISSUER, "en")["ready"]

    assert row["said"] == "< 5 / 0 / 175"
    assert row["counts"] == [4, 0, 175]


def test_who_was_absent_did_not_sit(store: Store) -> None:
    group = month(store).passed[1]

    assert (group[0].candidates, group[1].candidates, group[1].passed) == (0, 3, 2)


def test_groups_under_five_are_not_shown_nor_can_they_be_worked_out_from_the_total(store: Store) -> None:
    sat(store, 8, 6, level=1, on="2026-11-04")
    sat(store, 8, 6)
    sat(store, 4, 1, level=3)

    content = _content(month(store), framework(), ISSUER, "en")

    assert content["passed"][:3] == [
        ["Senior Agent", "8", "75 %", "8", "75 %"],  # 6 of 8
        # 8 of 11 with those of March; 6 of 8 beside it would tell how the three of March did.
        ["Team Leader", "not shown", "–", "11", "73 %"],
        ["Supervisor", "< 5", "–", "< 5", "–"],
    ]
    assert content["passed_total"] == ["Total of the groups shown", "8", "75 %", "19", "74 %"]


def cells(content: dict[str, Any], table: str) -> dict[str, list[str]]:
    return {row["name"]: row["said"] for row in content[table]["rows"]}


def said(content: dict[str, Any], table: str) -> set[str]:
    return {text for row in cells(content, table).values() for text in row}


def test_a_number_of_a_few_people_is_shown_in_no_table_no_chart_and_no_total(store: Store) -> None:
    content = _content(month(store), framework(), ISSUER, "en")

    # In force: 1 2 1 1 0 and 0 1 0 0 0, six in all; what ends: single ones. All of it would be said of somebody.
    assert said(content, "sites") <= {"*", "0"}
    assert said(content, "ending") <= {"*", "0"}
    assert content["sites"]["total"] == ["Total of the groups shown", *"******"]
    assert {row["said"] for month in content["months"] for row in month["counts"]} == {"", "<5"}
    assert {row["height"] for month in content["months"] for row in month["counts"]} == {0, 4}
    assert dict((word, value) for value, word in content["tiles"]) == {
        "people": "16", "people with a certificate in force": "5", "certificates in force": "6",
        "without the level of their job": "9", "began this month": "0", "ended this month, not renewed": "< 5",
        "suspended, reduced or withdrawn this month": "0", "end in the next 180 days": "< 5",
    }  # fmt: skip


def test_a_lone_small_number_cannot_be_worked_out_from_the_sum_of_the_tile(store: Store) -> None:
    for site, level, count in (
        ("Wuhan", 1, 40),
        ("Wuhan", 2, 12),
        ("Wuhan", 3, 1),
        ("Xiamen", 1, 30),
        ("Xiamen", 2, 9),
    ):
        for n in range(count):
            person = f"{site}-{level}-{n}"
            store.append("person.recorded", person, {"name": "Y", "site": site}, "hr")
            data = {"person": person, "level": level, "seat": "s", "purpose": "certification",
                    "issued_on": "2026-01-01", "valid_until": "2028-12-31"}  # fmt: skip
            store.append("certificate.issued", f"Y-{person}", data, "office")

    content = _content(month(store), framework(), ISSUER, "en")

    # 98 in all: the six of hr_registry and the one of Wuhan are hidden, and seven hidden ones among six numbers would
    # tell five of them: the 9 of Xiamen is hidden with them.
    found = cells(content, "sites")
    assert found["Wuhan"] == ["40", "12", "*", "0", "0", "52"]
    assert found["Xiamen"] == ["30", "*", "0", "0", "0", "30"]
    assert found["Hefei 合肥"] == ["*", "*", "*", "*", "0", "*"]
    assert content["sites"]["total"] == ["Total of the groups shown", "70", "12", "*", "*", "0", "82"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=3))
def test_every_hidden_number_might_be_five_or_more_or_everything_is_hidden(rows: list[list[int]]) -> None:
    shown = hide(rows)
    hidden = [
        value
        for row, said in zip(rows, shown, strict=True)
        for value, cell in zip(row, said, strict=True)
        if cell is None
    ]

    assert not any(0 < cell < 5 for row in shown for cell in row if cell is not None)
    if hidden:
        # By trying: is there another table with the same sum and the same shown numbers in which the first one is 5?
        least = 0 if 0 in hidden else 1
        possible = sum(hidden) - 5 >= least * (len(hidden) - 1)
        assert possible or len(hidden) == 3 * len(rows)


def test_both_languages_are_whole_and_name_nobody(store: Store) -> None:
    english, chinese = (words(month(store), language) for language in ("en", "zh"))

    assert "Levels and certificates, November 2026" in english and "As of the end of 21 November 2026" in english
    assert "等级与证书月报（2026年11月）" in chinese and "合肥培训学院" in chinese
    for name in ("陈晓敏", "P001", "李雯", "Anna", "L2-1", "cmd"):
        assert name not in english and name not in chinese


def test_demonstration_figures_say_so_on_the_paper(tmp_path: Path) -> None:
    with fill(tmp_path / "demo.db", "demonstration") as demo:
        found = month(demo)

    assert found.samples and sum(found.in_force) == 6
    assert "certify nobody" in words(found)
    assert "people with a certificate in force, samples counted" in words(found)


def test_many_sites_are_gathered_under_the_largest(store: Store) -> None:
    for n in range(30):
        store.append("person.recorded", f"Y{n}", {"name": "Y", "site": f"Site {n:02}"}, "hr")
        data = {"person": f"Y{n}", "level": 1, "seat": "s", "purpose": "certification", "issued_on": "2026-01-01",
                "valid_until": "2028-12-31"}  # fmt: skip
        store.append("certificate.issued", f"Y-{n}", data, "office")

    found = month(store)

    assert len(found.sites) == 12 and found.sites[-1][0] is None
    assert sum(found.in_force) == 36


def test_the_files_of_a_month_are_written_whole_and_are_the_same_again(store: Store, tmp_path: Path) -> None:
    first, second = (
        write_month(store, framework(), scheme(), ISSUER, tmp_path / name, FIRST, TODAY) for name in ("a", "b")
    )

    assert [path.name for path in first] == ["hr-2026-11-en.pdf", "hr-2026-11-zh.pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [path.name for path in first]


def test_an_empty_registry_gives_a_report_too(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.db") as empty:
        found = month(empty)

    assert (found.people, sum(found.in_force), found.sites) == (0, 0, [])
    assert month_pdf(found, framework(), ISSUER, "en").startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_is_a4_upright(store: Store, language: str) -> None:
    document = month_pdf(month(store), framework(), ISSUER, language)

    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", document)
    assert set(boxes) == {(b"595.2756", b"841.8898")} and len(boxes) == 2


def test_a_site_is_text_and_never_markup(store: Store) -> None:
    name = "#panic() [x] *b* _i_ @ref"
    store.append("person.recorded", "P001", {"name": "A", "site": name}, "hr")

    found = month(store)

    assert name in [site for site, _ in found.sites]
    assert month_pdf(found, framework(), ISSUER, "en").startswith(b"%PDF")


def test_who_did_not_come_is_told_no_level_of_any_domain(store: Store) -> None:
    shown = overview(store, framework(), scheme(), TODAY)
    results = shown.results
    (absent,) = (at for at, outcome in enumerate(results.outcome) if outcome == "absent")

    assert shown.people.number[results.person[absent]] == "P006"
    assert results.marks(absent) == {}
    assert all(results.marks(at) for at in range(len(results.seat)) if at != absent)
