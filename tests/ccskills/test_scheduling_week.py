"""A week's tours cover what they claim, rest as the rules want, and reach the optimum of other methods."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ccskills.scheduling import Break, Contract, Shift, WeekPlan, WeekRules, design_week

MONDAY = "2026-01-05"
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def by_day(needs: list[int]) -> pd.Series:
    """One need for each day, from 08:00 to 16:00 in two intervals."""
    index = pd.date_range(MONDAY, periods=42, freq="4h", name="start")
    index = index[(index.hour >= 8) & (index.hour < 16)]
    return pd.Series([float(needs[time.day_of_week]) for time in index], index)


def days_only(days_on: int = 5, **rules: Any) -> WeekRules:
    """Rules for `by_day`: the shift is the whole day."""
    return WeekRules((Contract(shift=Shift("day", 8, breaks=()), days_on=days_on),), **rules)


def week(hours: tuple[int, int], needs: list[int], freq: str = "h") -> pd.Series:
    index = pd.date_range(MONDAY, "2026-01-12", freq=freq, inclusive="left")
    index = index[(index.hour >= hours[0]) & (index.hour < hours[1])].rename("start")
    return pd.Series(np.resize(np.array(needs, dtype=float), index.size), index)


def recounted(plan: WeekPlan) -> np.ndarray[Any, Any]:
    """Agents on the phone by interval, in a loop over segments; the end of the week goes on at its beginning."""
    index = plan.cover.index
    step = (index[1:] - index[:-1]).min()
    cover = np.zeros(index.size)
    for row in plan.segments[plan.segments["state"] == "phone"].itertuples():
        for weeks in (0, 1):
            start, end = row.start - weeks * pd.Timedelta("7D"), row.end - weeks * pd.Timedelta("7D")
            for at, time in enumerate(index):
                cover[at] += max((min(end, time + step) - max(start, time)) / step, 0.0)
    return cover


def shifts_of(plan: WeekPlan) -> pd.DataFrame:
    """Start and end of each position's day: segments that follow without a gap."""
    table = plan.segments.sort_values(["position", "start"])
    new = (table["start"] != table["end"].shift()) | (table["position"] != table["position"].shift())
    return table.groupby(new.cumsum()).agg({"position": "first", "start": "min", "end": "max"})


def test_the_post_office_needs_23_people() -> None:
    # Winston, Operations Research: Applications and Algorithms, 4th edition, section 3.5, example 7: five days in a
    # row, then two off; the linear program gives 67/3 people, the integer optimum is 23.
    plan = design_week(by_day([17, 13, 15, 19, 14, 16, 11]), days_only(days_off_together=True))

    assert plan.heads == 23
    assert plan.paid_hours == 23 * 40
    assert plan.bound >= 67 / 3 * 40 - 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7), st.integers(2, 6))
def test_with_any_days_off_the_workforce_is_the_larger_of_two_bounds(needs: list[int], days_on: int) -> None:
    assume(sum(needs))
    # Burns and Carter, Management Science 31(5), 1985: the peak, and the days of work divided by the days a person
    # works, suffice when days off may lie anywhere.
    expected = max(max(needs), math.ceil(sum(needs) / days_on))

    plan = design_week(by_day(needs), days_only(days_on))

    assert plan.heads == expected


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_no_count_of_people_on_patterns_with_two_days_off_together_is_smaller(needs: list[int]) -> None:
    patterns = np.array([[day not in (off, (off + 1) % 7) for day in range(7)] for off in range(7)])
    every = itertools.product(range(3), repeat=7)
    least = min(sum(heads) for heads in every if (np.array(heads) @ patterns >= needs).all())

    plan = design_week(by_day(needs), days_only(days_off_together=True))

    assert plan.heads == least


def test_the_bound_is_that_of_a_linear_program_written_by_hand() -> None:
    need = week((8, 20), [3, 5, 8, 9, 7, 6, 8, 9, 8, 6, 5, 3, 4])
    # Every set of five days, every start, every place of lunch: the tour as a column with its own lunch on each day.
    columns, rows = [], {time: row for row, time in enumerate(need.index)}
    lunches = (3, 4, 5)
    link: list[tuple[int, int, int]] = []
    tours = [(days, start) for days in itertools.combinations(range(7), 5) for start in range(8, 12)]
    for number, (days, start) in enumerate(tours):
        column = np.zeros(need.size)
        for day in days:
            for hour in range(start, start + 9):
                column[rows[pd.Timestamp(MONDAY) + pd.Timedelta(days=day, hours=hour)]] = 1
            link.append((number, day, start))
        columns.append(column)
    away = [(day, start, lunch) for day in range(7) for start in range(8, 12) for lunch in lunches]
    for day, start, lunch in away:
        column = np.zeros(need.size)
        column[rows[pd.Timestamp(MONDAY) + pd.Timedelta(days=day, hours=start + lunch)]] = -1
        columns.append(column)
    taken = np.zeros((28, len(columns)))
    for number, day, start in link:
        taken[day * 4 + start - 8, number] = 1
    for at, (day, start, _) in enumerate(away):
        taken[day * 4 + start - 8, len(tours) + at] = -1
    cost = [40.0] * len(tours) + [0.0] * len(away)
    byhand = linprog(cost, A_ub=-np.array(columns).T, b_ub=-need.to_numpy(), A_eq=taken, b_eq=np.zeros(28))

    plan = design_week(need, WeekRules())

    assert byhand.fun - 1e-6 <= plan.bound <= plan.objective
    soft = design_week(need, WeekRules(under_penalty=1000.0))
    assert soft.bound >= byhand.fun - 1e-6
    assert plan.gap == pytest.approx(plan.objective / plan.bound - 1)


TURNS = ("00:00", "04:00", "07:00", "12:00", "15:00", "20:00", "22:00")
CASES = {
    "plain": (week((8, 20), [4, 7, 9, 8, 6, 7, 8]), WeekRules()),
    "breaks": (
        week((8, 20), [4, 7, 9, 8, 6, 7, 8], "30min"),
        WeekRules(
            (Contract(shift=Shift(breaks=(Break("tea", 15, 1, 2, True), Break(), Break("rest", 15, 6.5, 7.5, True)))),)
        ),
    ),
    "band": (
        week((7, 21), [3, 6, 9, 5, 7, 4, 8]),
        WeekRules((Contract(start_band_h=4),), max_days_in_row=5, weekend_off_share=0.4),
    ),
    "night": (week((0, 24), [3, 2, 4, 6, 5]), WeekRules((Contract(shift=Shift("turn", 8, breaks=(), starts=TURNS)),))),
    "mixed": (
        week((8, 22), [4, 8, 6, 9, 5, 7]),
        WeekRules(
            (
                Contract("full", max_heads=12),
                Contract("part", Shift("four", 4, breaks=()), days_on=4, min_heads=3),
            ),
            weekend="whole",
            days_off_together=True,
        ),
    ),
    "poor": (week((8, 20), [4, 7, 9, 8]), WeekRules(max_heads=9, under_penalty=2.0, over_penalty=0.5)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_week_keeps_to_its_rules_and_covers_what_it_claims(name: str) -> None:
    need, rules = CASES[name]

    plan = design_week(need, rules)

    assert plan.cover["staffed"].to_numpy() == pytest.approx(recounted(plan))
    assert rules.under_penalty is not None or (plan.cover["under"] < 1e-9).all()
    assert plan.heads == plan.tours["heads"].sum() == plan.segments["position"].nunique()
    contracts = {contract.name: contract for contract in rules.contracts}
    position = 0
    shifts = shifts_of(plan)
    for tour in plan.tours.itertuples():
        contract = contracts[tour.contract]
        for _ in range(tour.heads):
            position += 1
            mine = shifts[shifts["position"] == position].sort_values("start")
            assert [NAMES[day] for day in mine["start"].dt.day_of_week] == tour.days.split()
            starts = [f"{start:%H:%M}" for start in mine["start"]]
            assert starts == (tour.start.split() if " " in tour.start else [tour.start] * len(mine))
            assert ((mine["end"] - mine["start"]) == pd.Timedelta(hours=contract.shift.hours)).all()
            # The next week begins as this one: the rest after the last shift counts too.
            following = [*mine["start"].iloc[1:], mine["start"].iloc[0] + pd.Timedelta("7D")]
            rest = [(start - end) / pd.Timedelta("1h") for start, end in zip(following, mine["end"], strict=True)]
            assert min(rest) >= rules.min_rest_h
            works = np.array([name in tour.days.split() for name in NAMES] * 2)
            assert max(len(list(run)) for on, run in itertools.groupby(works) if on) <= rules.max_days_in_row
            assert not rules.days_off_together or (works[:7] != np.roll(works[:7], 1)).sum() == 2
            assert rules.weekend == "any" or works[5] == works[6]
    off = plan.tours.loc[plan.tours["weekend_days"] == 0, "heads"].sum()
    assert off >= rules.weekend_off_share * plan.heads
    for contract in rules.contracts:
        heads = plan.tours.loc[plan.tours["contract"] == contract.name, "heads"].sum()
        assert contract.min_heads <= heads <= (contract.max_heads or 999)
    assert plan.heads <= (rules.max_heads or 999)


def test_nobody_of_a_week_is_in_two_places_or_idle() -> None:
    plan = design_week(*CASES["breaks"])

    table = plan.segments.sort_values(["position", "start"])
    same = table["position"].eq(table["position"].shift())
    assert (table["start"][same] >= table["end"].shift()[same]).all()
    assert set(table["state"]) == {"phone", "tea", "lunch", "rest"}
    taken = table.groupby(["state"])["start"].count()
    assert taken["tea"] == taken["lunch"] == taken["rest"] == 5 * plan.heads


def test_the_same_week_has_the_same_plan() -> None:
    first, second = (design_week(*CASES["mixed"]) for _ in range(2))

    pd.testing.assert_frame_equal(first.segments, second.segments)
    pd.testing.assert_frame_equal(first.tours, second.tours)


def test_a_week_may_begin_on_any_day_and_close_on_some() -> None:
    index = pd.date_range("2026-01-07", periods=5 * 24, freq="h", name="start")
    index = index[(index.hour >= 9) & (index.hour < 18)]

    plan = design_week(pd.Series(2.0, index), WeekRules((Contract(days_on=4),)))

    # Five days from Wednesday on, four worked by each: 3 people are 12 days of 9 hours, less lunch
    assert set(" ".join(plan.tours["days"]).split()) == {"Wed", "Thu", "Fri", "Sat", "Sun"}
    assert (plan.cover["under"] < 1e-9).all()


def test_a_week_in_a_time_zone_has_its_times_there() -> None:
    need = by_day([2] * 7)
    need.index = pd.DatetimeIndex(need.index).tz_localize("Asia/Shanghai")

    plan = design_week(need, days_only())

    assert str(plan.segments["start"].dt.tz) == "Asia/Shanghai"
    assert plan.cover.index.equals(need.index)


FLAT = by_day([2] * 7)


@pytest.mark.parametrize(
    ("required", "rules", "sentence"),
    [
        (-FLAT, days_only(), "required must be 0 or more, got -2 at position 0"),
        (
            pd.concat([FLAT, FLAT.set_axis(FLAT.index + pd.Timedelta("7D"))]),
            days_only(),
            "required must cover at most 7 days, got 2026-01-05 08:00 to 2026-01-18 12:00",
        ),
        (
            FLAT.iloc[::-1],
            days_only(),
            "required must be in order of time without doubles, got 2026-01-11 08:00:00 twice or late",
        ),
        (
            FLAT,
            WeekRules(),
            "hours of the shift day must be a multiple of the interval of 240 min, got 9 h",
        ),
        (
            week((9, 15), [1]),
            WeekRules(),
            "rules must allow a tour inside the opening hours, got none for 5 days of 9 h with the contract full-time",
        ),
        (
            week((8, 20), [1]),
            WeekRules((Contract(shift=Shift(starts=("09:00",))),)),
            "required needs 1 agents at 2026-01-05 08:00, where none of the shifts can be",
        ),
        (
            FLAT,
            days_only(max_heads=2),
            "required cannot be covered within the rules: at best 32 agent-hours of the week stay short, most at ",
        ),
    ],
)
def test_weeks_that_cannot_be_planned_are_refused(required: pd.Series, rules: WeekRules, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        design_week(required, rules)
    assert str(error.value).startswith(sentence)
    assert len(str(error.value)) == len(sentence) or sentence.endswith("at ")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: days_only(max_days_in_row=2),
            "days_on of the contract full-time must leave a week that the rules allow, got none with 5 days on, "
            "at most 2 in a row, days_off_together False and weekend 'any'",
        ),
        (
            lambda: days_only(6, weekend="off"),
            "days_on of the contract full-time must leave a week that the rules allow, got none with 6 days on, "
            "at most 6 in a row, days_off_together False and weekend 'off'",
        ),
        (
            lambda: WeekRules(min_rest_h=16),
            "min_rest_h must be at most 15 h, what a shift of 9 h leaves of 24, got 16",
        ),
        (lambda: WeekRules((Contract(), Contract())), "contracts must have different names, got full-time, full-time"),
        (
            lambda: WeekRules((Contract(min_heads=5),), max_heads=4),
            "max_heads must be at least the min_heads of the contracts 5, got 4",
        ),
        (lambda: Contract(max_heads=2, min_heads=3), "max_heads of the contract full-time must be 3 or more, got 2"),
        (
            lambda: WeekRules(weekend_off_share=50),
            "weekend_off_share must be a share between 0 and 1, got 50; write 0.5",
        ),
        (lambda: WeekRules(weekend="free"), "weekend must be one of any, whole, off, got 'free'"),
        (lambda: Contract(days_on=8), "days_on of the contract full-time must be from 1 to 7, got 8"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value) == sentence


def test_rules_are_rules() -> None:
    with pytest.raises(TypeError) as error:
        design_week(FLAT, {"days_on": 5})  # type: ignore[arg-type]
    assert str(error.value) == "rules must be WeekRules, got dict"


def test_without_time_to_search_the_fractions_are_rounded_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccskills.scheduling._program.Program._search", lambda *_: (None, True))

    plan = design_week(*CASES["breaks"])

    assert (plan.cover["under"] < 1e-9).all()
    assert plan.cover["staffed"].to_numpy() == pytest.approx(recounted(plan))
    assert plan.gap > 0
    assert design_week(*CASES["poor"]).heads <= 9
    with pytest.raises(ValueError) as error:
        design_week(*CASES["mixed"])
    assert str(error.value) == "seconds must allow the search to find a first plan, got no plan within the time"


def test_a_refused_week_says_how_many_hours_are_short() -> None:
    # One person for each of seven days of 8 hours, three people of two days each: one day stays alone.
    with pytest.raises(ValueError) as error:
        design_week(by_day([1] * 7), days_only(2, max_heads=3))
    assert str(error.value).startswith(
        "required cannot be covered within the rules: at best 8 agent-hours of the week stay short, most at 2026-01-"
    )
    assert str(error.value).endswith("08:00, 1 of 1 agents")


def test_rules_that_no_plan_keeps_are_refused() -> None:
    late = Contract("late", Shift("eve", 4, breaks=(), starts=("12:00",)), min_heads=3)
    busy = Contract("all week", Shift("day", 8, breaks=()), days_on=7, min_heads=3)

    with pytest.raises(ValueError) as error:
        design_week(by_day([1] * 7), WeekRules((late, busy), max_days_in_row=7, weekend_off_share=1.0))
    assert str(error.value) == (
        "rules must agree with each other, got min_heads, max_heads and weekend_off_share that no plan keeps"
    )
