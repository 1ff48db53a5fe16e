"""Rosters count as they claim; swaps and leave are refused for a reason that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.scheduling import (
    Contract,
    Shift,
    WeekRules,
    assign,
    cover_summary,
    design_week,
    leave,
    leave_capacity,
    over_under,
    roster,
    staffed,
    swap,
)


def rows(*shifts: tuple[Any, str, str]) -> pd.DataFrame:
    table = [(who, pd.Timestamp(start), pd.Timestamp(end), "phone") for who, start, end in shifts]
    return pd.DataFrame(table, columns=["agent_id", "start", "end", "state"])


PLAN = rows(
    ("Li", "2026-01-05 08:00", "2026-01-05 16:00"),
    ("Li", "2026-01-06 08:00", "2026-01-06 16:00"),
    ("Wang", "2026-01-05 13:00", "2026-01-05 21:00"),
    ("Wang", "2026-01-07 08:00", "2026-01-07 16:00"),
)


def test_half_an_interval_counts_as_half_an_agent() -> None:
    plan = rows(("Li", "2026-01-05 08:00", "2026-01-05 09:15"), ("Wang", "2026-01-05 08:50", "2026-01-05 10:00"))
    index = pd.date_range("2026-01-05 08:00", periods=4, freq="30min")

    # By hand: Li 30, 30, 15, 0 minutes; Wang 0, 10, 30, 30
    assert staffed(plan, index).tolist() == pytest.approx([1, 40 / 30, 45 / 30, 1])
    assert staffed(plan, index, ["lunch"]).tolist() == [0, 0, 0, 0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=12))
def test_agents_are_counted_as_minute_by_minute(segments: list[tuple[int, int]]) -> None:
    origin = pd.Timestamp("2026-01-05")
    table = pd.DataFrame(
        [
            (k, origin + pd.Timedelta(a, "min"), origin + pd.Timedelta(a + n, "min"))
            for k, (a, n) in enumerate(segments)
        ],
        columns=["agent_id", "start", "end"],
    ).assign(state="phone")
    minutes = [sum(a <= minute < a + n for a, n in segments) for minute in range(600)]

    counted = staffed(table, pd.date_range(origin, periods=20, freq="30min"))

    assert counted.tolist() == pytest.approx([sum(minutes[k : k + 30]) / 30 for k in range(0, 600, 30)])


def test_a_cover_in_five_figures() -> None:
    index = pd.date_range("2026-01-05 09:00", periods=4, freq="30min", name="start")
    summary = cover_summary(over_under(pd.Series([10, 17, 12, 8], index), pd.Series([12, 15, 9, 8], index)))

    # By hand: 2 x 0.5 h over, (2 + 3) x 0.5 h under, 47 x 0.5 h required, 2 of 4 intervals covered
    assert (summary.over_h, summary.under_h, summary.required_h, summary.covered) == (1.0, 2.5, 23.5, 0.5)
    assert (summary.worst, summary.worst_under) == (pd.Timestamp("2026-01-05 10:00"), 3)


def test_a_covered_plan_has_no_worst_interval() -> None:
    index = pd.date_range("2026-01-05 09:00", periods=2, freq="30min", name="start")
    summary = cover_summary(over_under(pd.Series([1, 2], index), pd.Series([1, 2], index)))

    assert summary.worst is None
    assert summary.covered == 1


def test_capacity_for_leave_is_the_least_surplus_of_each_day() -> None:
    index = pd.DatetimeIndex(["2026-01-05 09:00", "2026-01-05 09:30", "2026-01-06 09:00", "2026-01-06 09:30"])
    cover = over_under(pd.Series([5, 5, 5, 5.0], index), pd.Series([9, 7.5, 9, 4], index))

    assert leave_capacity(cover).tolist() == [2, 0]


def test_a_week_becomes_a_roster_of_names_and_weeks() -> None:
    index = pd.date_range("2026-01-05", periods=14, freq="12h", name="start")
    plan = design_week(pd.Series(1.0, index), WeekRules((Contract(shift=Shift("half", 12, breaks=())),), min_rest_h=12))
    people = pd.DataFrame(index=[f"N{k}" for k in range(plan.heads + 1)])
    given_to = assign(plan.tours, people).people["position"].dropna()

    named = roster(plan, given_to, weeks=2)

    assert set(named["agent_id"]) == set(given_to.index)
    assert len(named) == 2 * len(plan.segments)
    # The second week is covered as the first.
    assert staffed(named, pd.DatetimeIndex(index[1:])).ge(1).all()
    assert staffed(named, pd.DatetimeIndex(index + pd.Timedelta("7D"))).ge(1).all()
    assert roster(plan)["agent_id"].iloc[0] == "P001"


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (pd.Series([1, 1], ["a", "b"]), "people must hold each position from 1 to 2 once, got 2 positions"),
        (pd.Series([1], ["a"]), "people must hold each position from 1 to 2 once, got 1 positions"),
    ],
)
def test_names_that_do_not_fit_the_positions_are_refused(people: pd.Series, sentence: str) -> None:
    index = pd.date_range("2026-01-05 08:00", periods=2, freq="4h", name="start")
    rules = WeekRules((Contract(shift=Shift("day", 8, breaks=()), days_on=1),))

    with pytest.raises(ValueError) as error:
        roster(design_week(pd.Series(2.0, index), rules), people)
    assert str(error.value) == sentence


def test_a_swap_exchanges_what_both_work_and_swapping_back_restores() -> None:
    there = swap(PLAN, "Li", "Wang", "2026-01-05", min_rest_h=9)
    back = swap(there.roster, "Li", "Wang", "2026-01-05", min_rest_h=9)

    assert there.granted
    assert back.granted
    assert there.roster.loc[there.roster["agent_id"] == "Li", "start"].tolist() == [
        pd.Timestamp("2026-01-05 13:00"),
        pd.Timestamp("2026-01-06 08:00"),
    ]
    pd.testing.assert_frame_equal(back.roster, PLAN)


# The rest is between two days' work, as the laws have it: EU Directive 2003/88, article 3 (11 hours in every 24), with
# the pause inside the day in article 4.
SPLIT = rows(
    ("Li", "2026-01-05 08:00", "2026-01-05 12:00"),
    ("Li", "2026-01-05 16:30", "2026-01-05 20:00"),
    ("Li", "2026-01-06 08:00", "2026-01-06 12:00"),
    ("Li", "2026-01-06 16:30", "2026-01-06 20:00"),
    ("Wang", "2026-01-05 11:30", "2026-01-05 20:00"),
    ("Wang", "2026-01-06 09:00", "2026-01-06 17:00"),
)


def test_the_pause_inside_a_split_shift_is_no_rest_between_days() -> None:
    answer = swap(SPLIT, "Li", "Wang", "2026-01-05")

    assert answer.granted
    assert answer.roster.loc[answer.roster["agent_id"] == "Wang", "start"].dt.strftime("%d %H:%M").tolist() == [
        "05 08:00",
        "05 16:30",
        "06 09:00",
    ]


def test_the_rest_after_a_split_shift_still_counts() -> None:
    # Both end at 22:00 on the 5th: 10 hours before 08:00 of the 6th.
    late = SPLIT.assign(
        end=SPLIT["end"].where(SPLIT["end"] != pd.Timestamp("2026-01-05 20:00"), SPLIT["end"] + pd.Timedelta("2h"))
    )

    answer = swap(late, "Li", "Wang", "2026-01-06")

    assert answer.reason.en == "Wang would have 10 h of rest before 2026-01-06 08:00, 11 h are the least"


def test_a_second_shift_on_the_same_day_is_not_the_other_half_of_a_split_shift() -> None:
    plan = rows(
        ("Li", "2026-01-05 08:00", "2026-01-05 12:00"),
        ("Li", "2026-01-07 08:00", "2026-01-07 12:00"),
        ("Wang", "2026-01-07 16:30", "2026-01-07 20:00"),
        ("Zhao", "2026-01-07 12:00", "2026-01-07 20:00"),
    )

    later = swap(plan, "Li", "Wang", "2026-01-05", "2026-01-07")
    at_once = swap(plan, "Li", "Zhao", "2026-01-05", "2026-01-07")

    assert later.reason.en == "Li would have 4.5 h of rest before 2026-01-07 16:30, 11 h are the least"
    assert at_once.reason.en == "Li would have 0 h of rest before 2026-01-07 12:00, 11 h are the least"


def test_days_may_be_exchanged_and_shifts_given_away() -> None:
    days = swap(PLAN, "Li", "Wang", "2026-01-06", "2026-01-07")
    away = swap(PLAN, "Li", "Wang", "2026-01-06", min_rest_h=11)

    assert days.granted
    assert days.reason.en == "Li and Wang may swap"
    # 21:00 to 08:00 are 11 hours, just enough.
    assert away.granted
    assert (away.roster["agent_id"] == "Wang").sum() == 3


@pytest.mark.parametrize(
    ("who", "days", "options", "en", "zh"),
    [
        (
            ("Li", "Wang"),
            ("2026-01-05",),
            {"min_rest_h": 12},
            "Li would have 11 h of rest before 2026-01-06 08:00, 12 h are the least",
            "Li在2026-01-06 08:00上班前只有11小时休息，至少需要12小时",
        ),
        (
            ("Li", "Wang"),
            ("2026-01-05", "2026-01-07"),
            {},
            "Wang would be in two places at 2026-01-05 13:00",
            "Wang在2026-01-05 13:00会有两个班次重叠",
        ),
        (
            ("Li", "Wang"),
            ("2026-01-06",),
            {"max_week_h": 20},
            "Wang would work 24 h in the week of 2026-01-05, 20 h are the most",
            "Wang在2026-01-05这一周将工作24小时，最多20小时",
        ),
        (
            ("Li", "Wang"),
            ("2026-01-08",),
            {},
            "neither Li nor Wang has a shift to give",
            "Li和Wang在当天都没有班次可换",
        ),
    ],
)
def test_a_swap_is_refused_with_its_reason(
    who: tuple[str, str], days: tuple[str, ...], options: dict[str, Any], en: str, zh: str
) -> None:
    answer = swap(PLAN, *who, *days, **options)

    assert not answer.granted
    assert (answer.reason.en, answer.reason.zh) == (en, zh)
    pd.testing.assert_frame_equal(answer.roster, PLAN)


def test_the_only_one_with_a_skill_is_not_swapped_away() -> None:
    index = pd.date_range("2026-01-05 08:00", periods=4, freq="h", name="start")
    required = pd.DataFrame({"voice": 1.0, "cantonese": 1.0}, index=index)
    skills = {"Li": ["voice", "cantonese"], "Wang": ["voice"]}

    answer = swap(PLAN, "Li", "Wang", "2026-01-05", min_rest_h=9, skills=skills, required=required)

    assert answer.reason.en == "1 of 1 agents with the skill cantonese would be missing at 2026-01-05 08:00"
    assert swap(PLAN, "Li", "Wang", "2026-01-05", min_rest_h=9, skills=skills, required=required[["voice"]]).granted


def test_leave_is_granted_as_long_as_nobody_is_missing() -> None:
    index = pd.date_range("2026-01-05 08:00", periods=26, freq="30min", name="start")
    one = pd.Series(1.0, index)
    busy = one.where(one.index != pd.Timestamp("2026-01-05 14:00"), 2.0)

    refused = leave(PLAN, "Wang", "2026-01-05", busy)
    night = leave(PLAN, "Li", ["2026-01-06"], one)

    assert refused.reason.en == "without Wang 1 of 2 agents would be missing at 2026-01-05 14:00"
    assert refused.reason.zh == "Wang休假后，2026-01-05 14:00需要2名座席，将缺1名"
    assert night.granted
    assert len(night.roster) == 3


def test_leave_is_refused_when_the_places_of_the_day_are_taken() -> None:
    index = pd.date_range("2026-01-05 08:00", periods=4, freq="h", name="start")
    quota = leave_capacity(over_under(pd.Series(1.0, index), pd.Series(1.0, index)))

    full = leave(PLAN, "Li", "2026-01-05", pd.Series(0.0, index), quota=quota)
    idle = leave(PLAN, "Li", "2026-01-09", pd.Series(0.0, index))

    assert full.reason.en == "no place of leave is left on 2026-01-05"
    assert idle.reason.say("zh") == "Li在这些日期没有班次"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: swap(PLAN, "Li", "Zhao", "2026-01-05"), "roster must hold the people who ask, got no 'Zhao'"),
        (lambda: swap(PLAN, "Li", "Li", "2026-01-05"), "a and b must be two people, got 'Li' twice"),
        (lambda: swap(PLAN, "Li", "Wang", "soon"), "day must be a day such as \"2026-01-05\", got 'soon'"),
        (
            lambda: swap(PLAN, "Li", "Wang", "2026-01-05 08:00"),
            "day must be a day such as \"2026-01-05\", got '2026-01-05 08:00'",
        ),
        (
            lambda: staffed(rows(("Li", "2026-01-05 16:00", "2026-01-05 08:00")), pd.DatetimeIndex(["2026-01-05"] * 2)),
            "index must be in order of time without doubles, got intervals out of order or twice",
        ),
        (
            lambda: leave(rows(("Li", "2026-01-05 16:00", "2026-01-05 08:00")), "Li", "2026-01-05", pd.Series([1.0])),
            "roster must have segments that end after they start, got 2026-01-05 16:00:00 to 2026-01-05 08:00:00",
        ),
        (
            lambda: leave(PLAN, "Li", [], pd.Series([1.0], pd.DatetimeIndex(["2026-01-05"]))),
            "days must hold at least one day, got none",
        ),
    ],
)
def test_questions_that_make_no_sense_are_refused(call: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == sentence
