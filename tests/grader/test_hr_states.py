"""The states that the reports read in columns are those of the ladder's one rule, certificate by certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.ladder import STATES, as_of, state_of
from grader.reports import overview
from grader.reports._read import day_of, days_of, issued, states_of
from grader.store import Store
from tests.grader.hr_registry import framework, scheme

TODAY = date(2026, 11, 21)
# number, first and last day, what it renews, measures with their day
FACTS: tuple[tuple[str, str, str, str | None, tuple[tuple[str, str], ...]], ...] = (
    ("A", "2026-01-01", "2028-12-31", None, ()),
    ("B", "2024-01-01", "2027-01-31", None, ()),
    ("C", "2023-10-01", "2026-10-31", None, ()),
    ("D", "2020-01-01", "2023-01-01", None, ()),
    ("E", "2027-02-01", "2030-01-31", "B2", ()),
    ("B2", "2024-02-01", "2027-01-31", None, ()),
    ("F", "2023-01-01", "2026-12-31", None, ()),
    ("F2", "2026-06-01", "2029-05-31", "F", ()),
    ("G", "2026-01-01", "2028-12-31", None, (("suspended", "2026-05-01"),)),
    ("H", "2026-01-01", "2028-12-31", None, (("suspended", "2026-05-01"), ("reinstated", "2026-06-01"))),
    ("I", "2026-01-01", "2028-12-31", None, (("withdrawn", "2026-05-01"),)),
    ("J", "2026-01-01", "2028-12-31", None, (("reduced", "2026-05-01"),)),
    ("K", "2020-01-01", "2023-01-01", None, (("suspended", "2022-05-01"),)),
    ("L", "2026-01-01", "2026-11-21", None, ()),
    ("M", "2026-11-22", "2029-11-21", None, ()),
    ("N", "2026-01-01", "2028-12-31", None, (("suspended", "2026-05-01"), ("withdrawn", "2026-07-01"))),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "registry.db") as opened:
        opened.append("person.recorded", "P1", {"person": "P1", "name": "Li"}, "hr")
        for number, begins, ends, renews, measures in FACTS:
            data: dict[str, Any] = {"person": "P1", "level": 2, "seat": number, "purpose": "certification",
                                    "issued_on": begins, "valid_until": ends}  # fmt: skip
            opened.append("certificate.issued", number, data | ({"renews": renews} if renews else {}), "office")
            for kind, on in measures:
                opened.append(f"certificate.{kind}", number, {"on": on, "ground": "conduct"}, "office")
        yield opened


@pytest.mark.parametrize("day", [TODAY, date(2026, 5, 15), date(2026, 6, 1), date(2023, 2, 1), date(2030, 1, 1)])
def test_every_state_read_in_columns_is_the_one_of_the_ladder(store: Store, day: date) -> None:
    rules = scheme().keeping
    expected = {}
    for row in store.rows("certificates"):
        facts = [
            (event.kind, event.data)
            for event in store.events(subject=row["number"])
            if event.kind.startswith("certificate.")
        ]
        expected[row["number"]] = state_of(as_of(row, facts, day), day, rules)

    found = issued(store, day)
    states = dict(zip(found.number, (list(STATES)[at] for at in states_of(found, day, rules)), strict=True))

    assert states == expected


def test_every_state_of_the_ladder_occurs_in_this_test(store: Store) -> None:
    found = issued(store, TODAY)

    assert {list(STATES)[at] for at in states_of(found, TODAY, scheme().keeping)} == set(STATES)


def test_a_number_issued_twice_counts_once_by_its_newest_fact(store: Store) -> None:
    data = {"person": "P1", "level": 3, "seat": "A", "purpose": "certification", "issued_on": "2026-02-01",
            "valid_until": "2029-01-31"}  # fmt: skip
    store.append("certificate.issued", "A", data, "office")

    shown = overview(store, framework(), scheme(), TODAY)

    assert sorted(shown.papers.number) == sorted(number for number, *_ in FACTS)
    at = shown.papers.number.index("A")
    assert (int(shown.papers.level[at]), day_of(shown.papers.ends[at])) == (3, date(2029, 1, 31))


def test_what_was_redacted_is_not_there(store: Store) -> None:
    (event,) = store.events("certificate.issued", "A")
    store.redact([event.seq], "P1", "asked for", "officer")

    assert "A" not in overview(store, framework(), scheme(), TODAY).papers.number


def test_days_are_counted_as_the_calendar_does() -> None:
    days = ["1970-01-01", "1999-12-31", "2000-02-29", "2026-11-21", "2100-03-01"]

    assert days_of("".join(days)).tolist() == [(date.fromisoformat(one) - date(1970, 1, 1)).days for one in days]
    assert [day_of(one).isoformat() for one in days_of("".join(days))] == days
    assert days_of("").dtype == np.int64
