"""What HR and the exam office read is what the registry says, and nothing in it is taken for markup or a formula."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from grader.reports import Overview, decision_table, decision_text
from grader.reports import overview as overview_of
from grader.reports.figures import CELLS
from grader.store import Store
from tests.grader.hr_registry import PEOPLE, decision, fill, framework, scheme

TODAY = date(2026, 11, 21)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fill(tmp_path / "registry.db") as opened:
        yield opened


@pytest.fixture
def shown(store: Store) -> Overview:
    return overview(store)


def overview(store: Store) -> Overview:
    return overview_of(store, framework(), scheme(), TODAY)


def state(shown: Overview, number: str, level: int) -> str:
    return CELLS[shown.cells.state[shown.people.place[number], level - 1]]


def ending(shown: Overview) -> list[tuple[str, int]]:
    """Numbers and days left of the certificates to renew."""
    return [
        (shown.papers.number[at], int(shown.papers.ends[at]) - (TODAY - date(1970, 1, 1)).days) for at in shown.ending()
    ]


# --- the figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "level", "expected"),
    [
        ("P001", 2, "in force"),
        ("P001", 1, "lapsed"),
        ("P002", 1, "due"),
        ("P003", 2, "failed"),
        ("P004", 2, "withdrawn"),
        ("P006", 2, "absent"),
        ("P007", 2, "passed"),
        ("P008", 3, "suspended"),
        ("P009", 2, "waiting"),
        ("P011", 2, "in-progress"),
        ("P012", 4, "due"),  # today is the last day on which it holds
        ("P014", 3, "scheduled"),
        ("P015", 5, "grace"),  # its last day was yesterday
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
    # L1-1 ended longer ago than the 90 days of grace, and so stands last.
    assert ending(shown) == [("L5-1", -1), ("L4-1", 0), ("L1-2", 24), ("L2-5", 42), ("L2-2", 160), ("L1-1", -174)]


@pytest.mark.parametrize("following", ["withdrawn", "sample"])
def test_what_ends_is_listed_when_what_followed_it_does_not_count(store: Store, following: str) -> None:
    purpose = "demonstration" if following == "sample" else "certification"
    data = {"person": "P002", "level": 1, "seat": "old", "purpose": purpose, "issued_on": "2026-06-01",
            "valid_until": "2029-06-01", "digest": "0" * 64}  # fmt: skip
    store.append("certificate.issued", "L1-9", data, "office")
    if following == "withdrawn":
        store.append("certificate.withdrawn", "L1-9", {"reason": "test"}, "office")

    assert ("L1-2", 24) in ending(overview(store))


def test_a_gap_is_a_role_whose_level_is_not_held(shown: Overview) -> None:
    people = shown.people
    found = {(people.number[person], int(people.wanted[person])) for person in shown.gaps()}

    # Roles in English and Chinese; P001, P002, P005, P010 and P012 hold the level of their role.
    assert found == {
        ("P003", 1), ("P004", 2), ("P006", 1), ("P007", 1), ("P008", 3), ("P009", 3), ("P011", 1), ("P014", 2),
        ("P015", 5),
    }  # fmt: skip


def test_a_person_missing_from_the_roster_is_shown_and_the_nameless_come_last(shown: Overview) -> None:
    assert len(shown.people) == len(PEOPLE) + 1
    assert shown.people.number[-2:] == ["P013", "P099"]


def test_managers_are_called_by_their_names(shown: Overview) -> None:
    managers = dict(zip(shown.people.number, shown.people.manager, strict=True))

    assert managers["P001"] == "李雯" and managers["P012"] == ""


def test_a_failed_renewal_does_not_take_away_what_is_held(store: Store) -> None:
    store.append("seat.assigned", "D-09", {"sitting": "S-DONE", "person": "P001"}, "office")
    store.append("decision.proposed", "D-09", decision("P001", "S-DONE", 2, "fail"), "office")
    store.append("decision.confirmed", "D-09", {}, "second", at="2026-11-01T09:00:00Z")

    shown = overview(store)

    assert state(shown, "P001", 2) == "in force"
    whose = shown.results.person == shown.people.place["P001"]
    assert [shown.results.outcome[at] for at in whose.nonzero()[0]] == ["fail", "pass"]


def test_a_fail_after_a_certificate_ended_is_the_newer_fact(store: Store) -> None:
    store.append(
        "sitting.scheduled", "S-L5", {"level": 5, "purpose": "certification", "opens_at": "2026-11-20T08:00:00Z"}, "o"
    )
    store.append("seat.assigned", "D-10", {"sitting": "S-L5", "person": "P015"}, "office")
    store.append("decision.proposed", "D-10", decision("P015", "S-L5", 5, "fail"), "office")
    store.append("decision.confirmed", "D-10", {}, "second", at="2026-11-20T09:00:00Z")

    assert state(overview(store), "P015", 5) == "failed"


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


def test_who_confirmed_is_told_with_the_name_of_the_roster_where_the_number_is_in_it(store: Store) -> None:
    (name,) = (row[1] for row in PEOPLE if row[0] == "P014")
    store.append("decision.confirmed", "D-05", {}, "p014")

    lines = decision_text(store, "S-DONE").split("\n")

    assert f"  P014 {name}" in lines[5]
    assert "second" in lines[1]


def test_a_name_with_a_line_break_or_an_escape_code_does_not_draw_on_the_terminal(store: Store) -> None:
    store.append("person.recorded", "P014", {"name": "A\n\x1b[31mB\u202e"}, "hr")

    lines = decision_text(store, "S-NEXT").split("\n")

    assert len(lines) == 3 and "A??[31mB?" in lines[1]
