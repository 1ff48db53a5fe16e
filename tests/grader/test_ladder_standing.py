"""Where a certificate stands on a day, what renews it and when its holder is reminded: dates worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.ladder import (
    MEASURES,
    STATES,
    Credit,
    add_months,
    against_measure,
    as_of,
    dates_of,
    drawn,
    in_force,
    reminder_due,
    renewed_term,
    state_of,
    tally,
)
from grader.rules import load_framework, load_scheme

BANK = Path(__file__).parents[2] / "question_bank"
SCHEME = load_scheme(BANK / "scheme.yml", load_framework(BANK / "framework.yml"))
RULES = replace(SCHEME.keeping, window_days=180, grace_days=90, reminders_days=(180, 90, 30))
LONG_AGO, EVER = date(2000, 1, 1), date(2100, 1, 1)


def row(
    issued: str = "2024-02-29", until: str = "2027-02-28", state: str = "active", renewed: str = ""
) -> dict[str, Any]:
    return {"issued_on": issued, "valid_until": until, "state": state, "renewed_from": renewed or None}


# --- the state on a day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-02-28", "coming"),
        ("2024-02-29", "in force"),
        ("2026-08-31", "in force"),  # 181 days before the end: 28+31+31+30+31+30 = 181
        ("2026-09-01", "due"),
        ("2027-02-28", "due"),  # the last day counts
        ("2027-03-01", "grace"),
        ("2027-05-29", "grace"),  # 31 of March, 30 of April, 29 of May: the ninetieth day
        ("2027-05-30", "lapsed"),
    ],
)
def test_a_certificate_goes_through_its_life_on_the_days_of_the_calendar(day: str, state: str) -> None:
    assert state_of(row(), date.fromisoformat(day), RULES) == state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2027-09-01", "in force"),
        ("2027-09-02", "due"),
        ("2028-02-29", "due"),
        ("2028-05-29", "grace"),
        ("2028-05-30", "lapsed"),
    ],
)
def test_an_end_on_a_leap_day_moves_the_window_by_a_day(day: str, state: str) -> None:
    # 29 + 31 + 31 + 30 + 31 + 28 days lie between 2 September 2027 and 29 February 2028: 180.
    assert state_of(row(until="2028-02-29"), date.fromisoformat(day), RULES) == state


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        ("2024-02-29", 12, "2025-02-28"),  # a year on there is no 29 February
        ("2024-02-29", 48, "2028-02-29"),  # four years on there is
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 36, "2029-12-31"),
    ],
)
def test_validity_in_months_and_in_years_ends_on_the_same_day_of_the_month_or_its_last(
    issued: str, months: int, until: str
) -> None:
    assert add_months(date.fromisoformat(issued), months).isoformat() == until


@pytest.mark.parametrize(
    ("certificate", "day", "state"),
    [
        (row(state="withdrawn"), "2025-01-01", "withdrawn"),
        (row(state="withdrawn"), "2030-01-01", "withdrawn"),
        (row(state="reduced"), "2025-01-01", "reduced"),
        (row(state="suspended"), "2025-01-01", "suspended"),
        (row(state="suspended"), "2027-05-29", "suspended"),
        (row(state="suspended"), "2027-05-30", "lapsed"),  # nothing is left that could be reinstated
        (row(renewed="2027-03-01"), "2027-02-28", "in force"),  # renewed, so it is due no more
        (row(renewed="2027-03-01"), "2027-03-01", "replaced"),
        (row(renewed="2027-04-20"), "2027-04-19", "grace"),  # renewed late: not certified before that
        (row(renewed="2027-04-20"), "2027-04-20", "replaced"),
    ],
)
def test_measures_and_renewals_decide_before_dates_do(certificate: dict[str, Any], day: str, state: str) -> None:
    assert state_of(certificate, date.fromisoformat(day), RULES) == state


def test_only_what_is_in_force_lets_somebody_hold_the_level() -> None:
    assert {state for state in STATES if in_force(state)} == {"in force", "due"}
    assert all(text.en and text.zh for text in STATES.values())


@settings(max_examples=100, deadline=None)
@given(
    issued=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    months=st.integers(12, 60),
    day=st.integers(-400, 2500),
    window=st.integers(1, 300),
    grace=st.integers(0, 300),
)
def test_the_state_changes_exactly_on_the_days_that_are_named(
    issued: date, months: int, day: int, window: int, grace: int
) -> None:
    rules = replace(RULES, window_days=window, grace_days=grace)
    certificate = row(issued.isoformat(), add_months(issued, months).isoformat())
    dates, on = dates_of(certificate, rules), issued + timedelta(days=day)

    state = state_of(certificate, on, rules)

    assert state == (
        "coming" if on < dates.begins
        else "in force" if on < dates.due
        else "due" if on <= dates.ends
        else "grace" if on <= dates.grace_ends
        else "lapsed"
    )  # fmt: skip


def test_a_day_of_the_past_is_seen_as_it_was() -> None:
    facts = [
        ("certificate.issued", {}),
        ("certificate.suspended", {"on": "2025-03-01"}),
        ("certificate.reinstated", {"on": "2025-04-01"}),
        ("certificate.withdrawn", {"on": "2025-06-01"}),
    ]
    today = row(state="withdrawn")

    seen = {
        day: state_of(as_of(today, facts, date.fromisoformat(day)), date.fromisoformat(day), RULES)
        for day in ("2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01", "2025-05-31", "2025-06-01")
    }

    assert list(seen.values()) == ["in force", "suspended", "suspended", "in force", "in force", "withdrawn"]


@pytest.mark.parametrize(
    ("measure", "possible"),
    [
        ("suspend", {"coming", "in force", "due", "grace"}),
        ("withdraw", set(STATES) - {"withdrawn", "reduced"}),
        ("reduce", {"in force", "due", "suspended"}),
        ("reinstate", {"suspended"}),
    ],
)
def test_each_measure_is_possible_from_its_states_only(measure: str, possible: set[str]) -> None:
    assert {state for state in STATES if against_measure(measure, state) is None} == possible
    assert set(MEASURES) == {"suspend", "withdraw", "reduce", "reinstate"}


# --- hours of credit --------------------------------------------------------------------------------------------------


def credit(number: int, category: str, hours: float, on: str = "2026-05-01", refused: str = "") -> Credit:
    return Credit(f"A1001/{number}", category, hours, date.fromisoformat(on), refused=refused)


def test_each_category_gives_no_more_than_its_share_of_the_hours() -> None:
    # Level 2 asks for 30 hours; training gives at most 60 % of them, 18, and writing 40 %, 12.
    found = tally(
        [credit(1, "training", 10), credit(2, "training", 10), credit(3, "writing", 20)], RULES, 2, 30, (LONG_AGO, EVER)
    )

    assert [(line.hours, line.why) for line in found.lines] == [
        (10, ""),
        (8, "training counts for at most 18 of the 30 hours"),
        (12, "writing counts for at most 12 of the 30 hours"),
    ]
    assert found.hours == 30 and found.missing == ()


def test_what_is_earned_first_is_counted_first_whatever_the_order_of_recording() -> None:
    late, early = credit(1, "training", 12, "2026-06-01"), credit(2, "training", 12, "2026-01-01")

    found = tally([late, early], RULES, 2, 30, (LONG_AGO, EVER))

    assert [(line.credit.name, line.hours) for line in found.lines] == [("A1001/2", 12), ("A1001/1", 6)]
    assert found.missing == ("12 hours are missing, 18 of 30 count",)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (credit(1, "training", 5, refused="it names another person"), "refused: it names another person"),
        (credit(1, "training", 5, "2024-02-28"), "earned on 2024-02-28, and this renewal counts from 2024-02-29 on"),
        (credit(1, "training", 5, "2027-01-02"), "earned on 2027-01-02, after 2027-01-01"),
        (credit(9, "training", 5), "counted for an earlier renewal"),
        (credit(1, "golf", 5), "the scheme has no category golf; it has training, practice, teaching, writing, essay"),
    ],
)  # fmt: skip
def test_a_credit_that_counts_for_nothing_says_why(one: Credit, why: str) -> None:
    found = tally([one], RULES, 1, 20, (date(2024, 2, 29), date(2027, 1, 1)), used=["A1001/9"])

    assert [(line.hours, line.why) for line in found.lines] == [(0, why)]
    assert found.missing == ("20 hours are missing, 0 of 20 count",)


def test_the_first_and_the_last_day_count() -> None:
    found = tally(
        [credit(1, "training", 1, "2024-02-29"), credit(2, "training", 1, "2027-01-01")], RULES, 1, 20,
        (date(2024, 2, 29), date(2027, 1, 1)),
    )  # fmt: skip

    assert found.hours == 2


@pytest.mark.parametrize(
    ("level", "missing"), [(4, ()), (5, ("essay: from level 5 on some of the hours come from it",))]
)
def test_the_highest_level_is_not_renewed_without_an_essay(level: int, missing: tuple[str, ...]) -> None:
    # 60 hours: at most 36 of training and 36 of practice.
    credits = [credit(1, "training", 30), credit(2, "practice", 30)]

    assert tally(credits, RULES, level, 60, (LONG_AGO, EVER)).missing == missing
    assert tally([*credits, credit(3, "essay", 1)], RULES, level, 60, (LONG_AGO, EVER)).missing == ()


def test_the_scheme_asks_for_the_hours_that_were_decided() -> None:
    # The table of the scheme's design, row "renewal credits": 20, 30, 45, 60, 60 hours.
    assert [level.renewal_hours for level in SCHEME.levels] == [20, 30, 45, 60, 60]


def test_the_lot_takes_its_share_and_takes_the_same_again() -> None:
    numbers = [f"L2-202611-{number:08X}" for number in range(10_000)]

    first = [drawn(number, "seed", 10) for number in numbers]

    assert first == [drawn(number, "seed", 10) for number in numbers]
    # Binomial with n = 10,000 and p = 0.1: standard deviation 30, five of them on either side.
    assert 850 < sum(first) < 1150
    assert first != [drawn(number, "another seed", 10) for number in numbers]
    assert all(drawn(number, "seed", 25) for number, taken in zip(numbers, first, strict=True) if taken)


@pytest.mark.parametrize(
    ("ends", "on", "term"),
    [
        ("2027-02-28", "2026-09-01", ("2027-03-01", "2030-02-28")),  # on the first day of the window
        ("2027-02-28", "2027-02-28", ("2027-03-01", "2030-02-28")),  # on the last day
        ("2027-02-28", "2027-03-01", ("2027-03-01", "2030-02-28")),  # on the day after: nothing between
        ("2027-02-28", "2027-05-29", ("2027-05-29", "2030-02-28")),  # at the end of grace: three months less
        ("2028-02-29", "2028-01-01", ("2028-03-01", "2031-02-28")),
        ("2027-12-31", "2027-12-01", ("2028-01-01", "2030-12-31")),
    ],
)
def test_a_renewal_counts_its_months_from_the_old_end_however_late_it_comes(
    ends: str, on: str, term: tuple[str, str]
) -> None:
    found = renewed_term(date.fromisoformat(ends), date.fromisoformat(on), 36)

    assert tuple(day.isoformat() for day in found) == term


# --- reminders --------------------------------------------------------------------------------------------------------


def test_a_holder_is_reminded_four_times_when_somebody_looks_every_day() -> None:
    sent: dict[int, str] = {}
    for number in range(500):
        day = date(2026, 7, 1) + timedelta(days=number)
        days = reminder_due(row(), list(sent), day, RULES)
        if days is not None:
            sent[days] = day.isoformat()

    # 90 days before 28 February 2027: 28 + 31 + 31 = 90, so 30 November; 30 days before: 29 January.
    assert sent == {180: "2026-09-01", 90: "2026-11-30", 30: "2027-01-29", 0: "2027-02-28"}


@pytest.mark.parametrize(
    ("day", "sent", "due"),
    [
        ("2026-08-31", [], None),
        ("2027-02-10", [], 30),  # three were missed: one letter makes it good
        ("2027-02-10", [180], 30),
        ("2027-02-10", [30], None),  # and the two before it are due no more
        ("2027-02-28", [30], 0),
        ("2027-05-29", [180, 90, 30], 0),  # the end itself is told as long as a renewal is possible
        ("2027-05-30", [180, 90, 30], None),
        ("2027-05-29", [0], None),
    ],
)
def test_a_missed_day_is_made_good_once(day: str, sent: list[int], due: int | None) -> None:
    assert reminder_due(row(), sent, date.fromisoformat(day), RULES) == due


@pytest.mark.parametrize(
    "gone", [row(state="withdrawn"), row(state="suspended"), row(state="reduced"), row(renewed="2027-03-01")]
)
def test_nobody_is_reminded_of_what_is_gone_suspended_or_renewed(gone: dict[str, Any]) -> None:
    assert reminder_due(gone, [], date(2027, 2, 10), RULES) is None
