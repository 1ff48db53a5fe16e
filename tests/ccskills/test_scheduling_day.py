"""A day's shifts cover what they claim, at the optimum that books and other programs find."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.scheduling import Break, Shift, design_day, place_breaks

DAY = "2026-01-05"


def series(values: list[float], start: str = "08:00", freq: str = "30min") -> pd.Series:
    index = pd.date_range(f"{DAY} {start}", periods=len(values), freq=freq, name="start")
    return pd.Series(values, index, dtype=float)


def counted(segments: pd.DataFrame, index: pd.DatetimeIndex, freq: str) -> list[float]:
    """Agents on the phone, minute by minute: another way to count than the library's."""
    cover = []
    for start in index:
        minutes = pd.date_range(start, start + pd.Timedelta(freq), freq="min", inclusive="left")
        phone = segments[segments["state"] == "phone"]
        there = [((phone["start"] <= minute) & (phone["end"] > minute)).sum() for minute in minutes]
        cover.append(float(np.mean(there)))
    return cover


def union_airways() -> tuple[pd.Series, pd.DataFrame, dict[str, float]]:
    # Hillier and Lieberman, Introduction to Operations Research, 10th edition, section 3.4, table 3.19 (from 6:00)
    need = series([48, 79, 65, 87, 64, 73, 82, 43, 52, 15, 15, 15], "06:00", "2h")
    first = {"1": 0, "2": 1, "3": 3, "4": 5, "5": 8}
    shifts = pd.DataFrame({name: [float(at <= row < at + 4) for row in range(12)] for name, at in first.items()})
    return need, shifts, {"1": 170, "2": 160, "3": 175, "4": 180, "5": 195}


def test_union_airways_has_the_printed_optimum() -> None:
    need, shifts, cost = union_airways()

    plan = design_day(need, shifts, cost=cost)

    # The printed answer: (x1, ..., x5) = (48, 31, 39, 43, 15), Z = 30,610
    assert plan.shifts.set_index("shift")["heads"].to_dict() == {"1": 48, "2": 31, "3": 39, "4": 43, "5": 15}
    assert plan.objective == pytest.approx(30610)
    assert plan.gap == 0


def test_the_optima_of_pyworkforce_are_found() -> None:
    # pyworkforce 0.5.1 with ortools 9.15: MinRequiredResources 54, MinAbsDifference 74 (both "OPTIMAL") for this day
    need = series([9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7], "00:00", "h")
    shifts = pd.DataFrame(
        {
            "Morning": [0] * 6 + [1] * 8 + [0] * 10,
            "Afternoon": [0] * 14 + [1] * 8 + [0] * 2,
            "Night": [1] * 6 + [0] * 16 + [1] * 2,
            "Mixed": [0] * 10 + [1] * 8 + [0] * 6,
        },
        dtype=float,
    )

    assert design_day(need, shifts, aim="heads").objective == 54
    assert design_day(need, shifts, aim="difference").objective == pytest.approx(74)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=5, max_size=5), st.integers(1, 4))
def test_no_count_of_heads_is_better_than_the_plan(need: list[int], budget: int) -> None:
    patterns = {"a": [1, 1, 1, 0, 0], "b": [0, 1, 1, 1, 0], "c": [0, 0, 1, 1, 1], "d": [1, 0, 0, 0, 1]}
    shifts = pd.DataFrame(patterns, dtype=float)
    every = [np.array(heads) for heads in itertools.product(range(4), repeat=4)]
    cover = [heads @ shifts.to_numpy().T - np.array(need) for heads in every]
    hours = shifts.sum().to_numpy() / 2

    plan = design_day(series([float(n) for n in need]), shifts)
    close = design_day(series([float(n) for n in need]), shifts, aim="difference")
    poor = design_day(series([float(n) for n in need]), shifts, max_heads=budget)

    assert plan.paid_hours == pytest.approx(
        min(float(hours @ heads) for heads, extra in zip(every, cover, strict=True) if (extra >= 0).all())
    )
    assert close.objective == pytest.approx(min(np.abs(extra).sum() for extra in cover) / 2, abs=1e-9)
    within = [extra for heads, extra in zip(every, cover, strict=True) if heads.sum() <= budget]
    assert poor.cover["under"].sum() == min(np.maximum(-extra, 0).sum() for extra in within)
    assert poor.heads <= budget


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=20, max_size=20))
def test_a_day_covers_what_it_claims(need: list[int]) -> None:
    kinds = [Shift("full", 9, (Break("tea", 15, 1, 2, True), Break("lunch", 60, 3, 5))), Shift("half", 4, ())]
    required = series([float(n) for n in need])

    plan = design_day(required, kinds)

    assert plan.cover["staffed"].to_numpy() == pytest.approx(
        counted(plan.segments, pd.DatetimeIndex(required.index), "30min")
    )
    assert (plan.cover["under"] < 1e-9).all()
    assert plan.bound <= plan.objective == pytest.approx(plan.paid_hours)
    lunch = plan.segments[plan.segments["state"] == "lunch"]
    assert len(lunch) == plan.shifts.loc[plan.shifts["shift"] == "full", "heads"].sum()
    assert ((lunch["end"] - lunch["start"]) == pd.Timedelta("1h")).all()


def written_out(kinds: list[Shift], size: int) -> pd.DataFrame:
    """Every start of every kind, with every place of its break, as a ready pattern of hours."""
    patterns: dict[str, list[float]] = {}
    for kind in kinds:
        for start in range(size - int(kind.hours) + 1):
            there = [float(start <= at < start + kind.hours) for at in range(size)]
            places = [
                start + place for rest in kind.breaks for place in range(int(rest.earliest_h), int(rest.latest_h) + 1)
            ]
            for place in places or [size]:
                patterns[f"{kind.name} {start} {place}"] = [x * (at != place) for at, x in enumerate(there)]
    return pd.DataFrame(patterns)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=12, max_size=12), st.sampled_from(["hours", "heads", "difference"]))
def test_breaks_counted_by_the_hour_reach_the_optimum_of_all_patterns_written_out(need: list[int], aim: str) -> None:
    # Windows of one kind lie inside those of another.
    kinds = [Shift("long", 8, (Break("lunch", 60, 2, 5),)), Shift("short", 5, (Break("meal", 60, 2, 3),))]
    kinds.append(Shift("part", 3, ()))
    required = series([float(n) for n in need], freq="h")

    plan = design_day(required, kinds, aim=aim)

    assert plan.objective == pytest.approx(design_day(required, written_out(kinds, 12), aim=aim).objective, abs=1e-6)
    begun = plan.segments[plan.segments["state"].isin(["lunch", "meal"])].set_index("position")
    start = plan.segments.groupby("position")["start"].min()[begun.index]
    after = (begun["start"] - start) / pd.Timedelta("1h")
    assert after.between(2, np.where(begun["state"] == "lunch", 5, 3)).all()
    assert begun.index.is_unique
    assert len(begun) == plan.shifts.loc[plan.shifts["shift"] != "part", "heads"].sum()


def test_nobody_required_means_nobody_planned() -> None:
    plan = design_day(series([0.0] * 20), Shift())

    assert plan.heads == design_day(series([0.0, 0.0]), SHIFTS).heads == 0
    assert plan.segments.empty
    assert (plan.cover["staffed"] == 0).all()


def test_a_day_may_run_past_midnight_in_a_time_zone() -> None:
    need = series([2.0] * 8, "20:00", "h")
    need.index = pd.DatetimeIndex(need.index).tz_localize("Asia/Shanghai")

    plan = design_day(need, Shift("night", 8, breaks=()))

    assert plan.shifts[["heads", "start", "end"]].astype(str).to_numpy().tolist() == [
        ["2", "2026-01-05 20:00:00+08:00", "2026-01-06 04:00:00+08:00"]
    ]


def test_a_pattern_with_a_hole_has_a_break_there() -> None:
    plan = design_day(series([1, 0, 1], freq="h"), pd.DataFrame({"split": [1.0, 0.0, 1.0]}))

    assert plan.segments["state"].tolist() == ["phone", "break", "phone"]


SHIFTS = pd.DataFrame({"a": [1.0, 1.0], "b": [0.0, 1.0]})
ODD = series([1, 1, 1])[[True, False, True]]


@pytest.mark.parametrize(
    ("required", "shifts", "options", "sentence"),
    [
        (series([1, -2]), SHIFTS, {}, "required must be 0 or more, got -2 at position 1"),
        (series([1]), SHIFTS, {}, "required must hold at least two intervals, got one"),
        (
            pd.concat([series([1, 1]), series([1], "09:15")]),
            Shift(),
            {},
            "required must have regular intervals of 30 min while it is open, got nothing between "
            "2026-01-05 08:30 and 2026-01-05 09:15",
        ),
        (
            series([1.0] * 60),
            Shift(),
            {},
            "required must cover one day of at most 24 hours, got 2026-01-05 08:00 to 2026-01-06 13:30",
        ),
        (
            series([1, 1, 1]),
            SHIFTS,
            {},
            "shifts must have one row for each of the 3 intervals and at least one column, got 2 rows and 2 columns",
        ),
        (series([1, 1]), SHIFTS * 80, {}, "shift a must be a share between 0 and 1, got 80 at position 0; write 0.8"),
        (series([1, 1]), SHIFTS * 0, {}, "shift a must work in at least one interval, got none"),
        (series([1, 1]), SHIFTS, {"aim": "cheap"}, "aim must be one of hours, heads, difference, got 'cheap'"),
        (series([1, 1]), SHIFTS, {"max_heads": 0}, "max_heads must be 1 or more, got 0"),
        (
            series([1, 1]),
            SHIFTS,
            {"cost": {"a": 2}},
            "cost must give one number for each of a, b with aim \"hours\", got {'a': 2}",
        ),
        (series([1, 1]), [Shift(), Shift()], {}, "shifts must have different names, got 'day' twice"),
        (series([1, 1]), [], {}, "shifts must hold at least one Shift, got none"),
        (
            series([1, 1]),
            Shift("odd", 0.75, breaks=()),
            {},
            "hours of the shift odd must be a multiple of the interval of 30 min, got 0.75 h",
        ),
        (
            series([2, 1]),
            SHIFTS[["b"]],
            {},
            "required needs 2 agents at 2026-01-05 08:00, where none of the shifts can be",
        ),
        (
            series([1.0, 3.0, 2.0], freq="h"),
            Shift("all day", 3, (Break("lunch", 60, 1, 1),)),
            {},
            "required cannot be covered: at best 3 agent-hours stay short, most at 2026-01-05 09:00, 3 of 3 agents",
        ),
    ],
)
def test_days_that_cannot_be_planned_are_refused(
    required: pd.Series, shifts: Any, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError) as error:
        design_day(required, shifts, **options)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Break("off"), 'name of a break must be a word other than "off" and "phone", got \'off\''),
        (
            lambda: Break(earliest_h=5, latest_h=3),
            "latest_h of the break lunch must be at least its earliest_h 5, got 3",
        ),
        (lambda: Break(minutes=0), "minutes of the break lunch must be 1 or more, got 0"),
        (lambda: Shift(hours=25), "hours of the shift day must be at most 24, got 25"),
        (
            lambda: Shift(starts=("8:00",)),
            'starts of the shift day must be clock times from "00:00" to "23:59", got \'8:00\'',
        ),
        (
            lambda: Shift(breaks=(Break(), Break("tea", 15, 5, 6, True))),
            "breaks of the shift day must have windows one after the other, got tea from hour 5 while lunch may last "
            "until hour 6",
        ),
        (lambda: Shift(hours=6), "breaks of the shift day must end inside its 6 hours, got lunch until hour 6"),
    ],
)
def test_shifts_that_contradict_themselves_are_refused(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value) == sentence


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=10, max_size=10), st.lists(st.integers(0, 2), min_size=1, max_size=3))
def test_no_places_of_lunch_leave_fewer_hours_short(need: list[int], first: list[int]) -> None:
    required = series([float(n) for n in need], freq="h")
    open_at = required.index[0]
    shifts = pd.DataFrame({"agent_id": range(len(first)), "start": [open_at + pd.Timedelta(hours=h) for h in first]})
    shifts["end"] = shifts["start"] + pd.Timedelta(hours=8)
    best = np.inf
    for places in itertools.product((2, 3, 4, 5), repeat=len(first)):
        staffed = np.zeros(10)
        for start, away in zip(first, places, strict=True):
            staffed[start : start + 8] += 1
            staffed[start + away] -= 1
        best = min(best, float(np.maximum(np.array(need) - staffed, 0).sum()))

    plan = place_breaks(required, shifts, Break("lunch", 60, 2, 5))

    short = np.maximum(np.array(need) - counted(plan, pd.DatetimeIndex(required.index), "1h"), 0).sum()
    assert short == pytest.approx(best)
    work = plan.groupby("agent_id").agg({"start": "min", "end": "max"})
    assert (work["end"] - work["start"] == pd.Timedelta("8h")).all()


def test_lunches_are_spread_where_cover_is_to_spare() -> None:
    start = pd.Timestamp(f"{DAY} 08:00")
    shifts = pd.DataFrame({"agent_id": range(6), "start": start, "end": start + pd.Timedelta("8h")})

    plan = place_breaks(series([5.0] * 8, freq="h"), shifts, Break("lunch", 60, 2, 4))

    # Six people, three hours: two an hour leave 4 of 5, all others leave an hour with fewer.
    assert plan[plan["state"] == "lunch"]["start"].value_counts().tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"agent_id": [1, 1]}, "shifts must hold everybody once, got 1 twice"),
        (
            {"start": [pd.Timestamp(f"{DAY} 08:10")] * 2},
            "start of shifts must be on the intervals of required, at most 24 hours from 2026-01-05 08:00, "
            "got 2026-01-05 08:10",
        ),
        ({"end": [pd.Timestamp(f"{DAY} 08:00")] * 2}, "shifts must end after they start, got one that does not"),
    ],
)
def test_shifts_that_cannot_have_breaks_are_refused(change: dict[str, Any], sentence: str) -> None:
    start = pd.Timestamp(f"{DAY} 08:00")
    shifts = pd.DataFrame({"agent_id": [1, 2], "start": start, "end": start + pd.Timedelta("8h")}).assign(**change)

    with pytest.raises(ValueError) as error:
        place_breaks(series([1.0] * 20), shifts, Break())
    assert str(error.value) == sentence
