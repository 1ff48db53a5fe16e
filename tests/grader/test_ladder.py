"""The ladder's rules: who may sit for a level, and which certificate is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from grader.ladder import add_months, entry_shown, held_levels, may_sit, months_between, retake_from
from grader.model import Bilingual, LevelRules, RetakeRules

TODAY = date(2026, 11, 21)
NOTHING = Bilingual("", "")
TEAM_LEADER = LevelRules(2, 80, 8, 100, {}, NOTHING, 60, None, 60.0, 2, NOTHING, 0, 12, 36, 30, "modified Angoff")


def certificate(
    level: int, issued: str, until: str, state: str = "active", purpose: str = "certification"
) -> dict[str, Any]:
    row = {"number": f"{level}{issued}", "level": level, "issued_on": issued, "valid_until": until}
    return row | {"state": state, "purpose": purpose}


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # a leap year
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2026, 11, 21), 36, date(2029, 11, 21)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_months_are_added_as_the_calendar_has_them(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result
    assert months_between(day, result) == months


@pytest.mark.parametrize(
    ("hired_on", "certificates", "allowed"),
    [
        ("2025-11-21", [], True),  # twelve months to the day
        ("2025-11-22", [], False),
        ("2026-06-01", [certificate(1, "2026-11-20", "2029-11-20")], True),
        ("2026-06-01", [certificate(1, "2026-11-20", "2029-11-20", "withdrawn")], False),
        ("2026-06-01", [certificate(1, "2023-01-01", "2026-01-01")], False),  # expired
        ("2026-06-01", [certificate(3, "2026-01-01", "2029-01-01")], False),  # not the level below
        ("2026-06-01", [certificate(1, "2026-01-01", "2029-01-01", purpose="demonstration")], False),
        ("", [], False),
        ("", [certificate(1, "2026-01-01", "2029-01-01")], True),  # the level below alone is enough
    ],
)
def test_service_or_the_level_below_opens_the_team_leader_exam(
    hired_on: str, certificates: list[dict[str, Any]], allowed: bool
) -> None:
    reasons = may_sit(TEAM_LEADER, {"person": "P001", "hired_on": hired_on}, certificates, TODAY)

    assert (reasons == []) is allowed


@pytest.mark.parametrize(
    ("first", "allowed"),
    [
        (certificate(1, "2023-10-30", "2026-10-30"), True),  # renewed on its last day: held for three years
        (certificate(1, "2023-10-29", "2026-10-29"), True),  # renewed on the day after
        (certificate(1, "2023-10-28", "2026-10-28"), False),  # a day without one: counted from the renewal
        (certificate(1, "2023-10-30", "2026-10-30", "withdrawn"), False),
        (certificate(1, "2023-10-30", "2026-10-30", purpose="demonstration"), False),
    ],
)
def test_a_renewal_does_not_start_the_months_anew(first: dict[str, Any], allowed: bool) -> None:
    rules = replace(TEAM_LEADER, entry_previous_months=6, entry_service_months=60)
    renewed = certificate(1, "2026-10-30", "2029-10-30")

    reasons = may_sit(rules, {"person": "P001", "hired_on": "2023-01-01"}, [renewed, first], TODAY)

    assert (reasons == []) is allowed


@pytest.mark.parametrize(
    ("hired_on", "certificates", "shown"),
    [
        ("2024-03-01", [], {"since": "2024-03-01", "months": 32, "wanted": 12}),  # two years, eight months
        (
            "2024-03-01", [certificate(1, "2026-11-20", "2029-11-20")],
            {"certificate": "12026-11-20", "since": "2026-11-20", "months": 0, "wanted": 0},
        ),
        ("2026-06-01", [], None),
        ("", [], None),
    ],
)  # fmt: skip
def test_what_shows_that_somebody_may_sit_is_named(
    hired_on: str, certificates: list[dict[str, Any]], shown: dict[str, Any] | None
) -> None:
    assert entry_shown(TEAM_LEADER, {"person": "P001", "hired_on": hired_on}, certificates, TODAY) == shown


def test_at_the_lowest_level_no_level_below_is_asked_for() -> None:
    agent = replace(TEAM_LEADER, level=1, entry_previous_months=None, entry_service_months=3)

    assert may_sit(agent, {"person": "P001", "hired_on": "2026-11-01"}, [], TODAY) == [
        "P001 has 0 months of service, 3 are wanted; see the entry rules in scheme.yml"
    ]


def test_of_two_certificates_of_a_level_the_longer_one_counts() -> None:
    first, second = certificate(2, "2024-01-01", "2027-01-01"), certificate(2, "2026-01-01", "2029-01-01")

    assert held_levels([second, first], TODAY) == {2: second}


def test_samples_are_told_from_real_certificates_even_when_they_last_longer() -> None:
    real = certificate(2, "2026-01-01", "2029-01-01")
    sample = certificate(2, "2026-06-01", "2029-06-01", purpose="demonstration")

    assert held_levels([sample, real], TODAY) == {2: real}
    assert held_levels([sample, real], TODAY, samples=True) == {2: sample}


@pytest.mark.parametrize(
    ("failed_on", "first"),
    [
        ([], None),
        (["2026-03-02"], "2026-04-01"),  # thirty days
        (["2026-03-02", "2026-05-04"], "2026-06-03"),
        (
            ["2026-03-02", "2026-05-04", "2026-08-31"],
            "2028-03-02",
        ),  # the third within two years: the first must be over
        (["2024-03-02", "2026-05-04", "2026-08-31"], "2026-09-30"),  # long ago, it stops nobody
        (["2024-02-29", "2024-05-04", "2024-08-31"], "2026-02-28"),  # 2026 has no 29 February
    ],
)
def test_a_retake_waits_and_no_span_of_months_holds_more_than_the_attempts(
    failed_on: list[str], first: str | None
) -> None:
    rules = RetakeRules(wait_days=30, attempts=3, months=24)

    found = retake_from(rules, [date.fromisoformat(day) for day in reversed(failed_on)])

    assert found == (first and date.fromisoformat(first))
