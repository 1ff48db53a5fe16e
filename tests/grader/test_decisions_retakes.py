"""Who did not pass waits, and does not try without end; practice and absence are no attempts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from grader.certify import Academy
from grader.certify.retakes import failed_on, may_retake


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        yield opened


def sat(
    academy: Academy,
    day: str,
    outcome: str | None,
    *,
    level: int = 2,
    purpose: str = "certification",
    how: str = "clock",
) -> str:
    """One sitting of A1001 at 23:30 UTC of a day; ``outcome`` None leaves it undecided."""
    seat = f"S{day}-01"
    facts = [
        ("sitting.scheduled", f"S{day}", {"level": level, "purpose": purpose, "opens_at": f"{day}T23:30:00Z"}),
        ("seat.assigned", seat, {"sitting": f"S{day}", "person": "A1001"}),
        ("seat.handed-in", seat, {"at": None, "how": how}),
    ]
    if outcome:
        facts.append(("decision.proposed", seat, {"person": "A1001", "level": level, "outcome": outcome}))
        facts.append(("decision.confirmed", seat, {"outcome": outcome}))
    academy.store.append_all(facts, "office")
    return seat


def test_who_never_sat_may_sit(academy: Academy) -> None:
    assert may_retake(academy, "A1001", 2, date(2026, 5, 1)) == []


def test_who_failed_waits_thirty_days_and_is_told_from_when_on(academy: Academy) -> None:
    sat(academy, "2026-05-01", "fail")

    (reason,) = may_retake(academy, "A1001", 2, date(2026, 5, 30))

    assert "did not pass level 2 on 2026-05-01 and may sit again from 2026-05-31 on" in reason
    assert may_retake(academy, "A1001", 2, date(2026, 5, 31)) == []
    assert may_retake(academy, "A1001", 3, date(2026, 5, 30)) == []


def test_a_fourth_sitting_waits_until_the_first_is_two_years_ago(academy: Academy) -> None:
    for day in ("2025-01-10", "2025-06-10", "2026-01-10"):
        sat(academy, day, "fail")

    assert "from 2027-01-10 on" in may_retake(academy, "A1001", 2, date(2026, 12, 1))[0]
    assert may_retake(academy, "A1001", 2, date(2027, 1, 10)) == []


@pytest.mark.parametrize(
    ("outcome", "changed"),
    [
        ("fail", {"purpose": "practice"}),
        ("fail", {"purpose": "demonstration"}),
        ("absent", {"how": "never"}),
        ("pass", {}),
    ],
)
def test_practice_absence_and_a_pass_are_no_failed_attempt(
    academy: Academy, outcome: str, changed: dict[str, str]
) -> None:
    sat(academy, "2026-05-01", outcome, **changed)  # type: ignore[arg-type]

    assert may_retake(academy, "A1001", 2, date(2026, 5, 2)) == []


def test_a_pass_ends_the_count(academy: Academy) -> None:
    for day, outcome in (
        ("2024-01-10", "fail"),
        ("2024-06-10", "fail"),
        ("2024-09-10", "pass"),
        ("2026-04-20", "fail"),
    ):
        sat(academy, day, outcome)

    assert failed_on(academy, "A1001", 2) == [date(2026, 4, 20)]


def test_nobody_sits_again_before_the_last_time_is_decided(academy: Academy) -> None:
    seat = sat(academy, "2026-05-01", None)

    (reason,) = may_retake(academy, "A1001", 2, date(2026, 12, 1))

    assert reason == f"A1001 has the seat {seat} for level 2, and its decision is not confirmed yet; wait for it"
