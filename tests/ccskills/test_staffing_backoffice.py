"""Back-office work: the closed form against linear programmes, and the backlog against a queue of single items."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from ccskills.staffing import back_office_required, backlog, erlang_c, idle_hours, offered_load

HANDLE_S = 720.0
EFFICIENCY = 0.8

weeks = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0.0, 0.5, 1.0, 1.0])), min_size=2, max_size=10)


def due(hours: list[float], deadline: int, counted: str) -> list[int]:
    """The interval by whose end each interval's work is due, counted on the fingers."""
    found = []
    for here in range(len(hours)):
        if counted == "elapsed":
            found.append(here + deadline)
            continue
        open_ones = [place for place in range(here, len(hours)) if hours[place] > 0]
        found.append(open_ones[deadline] if len(open_ones) > deadline else len(hours))
    return found


def programme(arrivals: list[int], hours: list[float], by: list[int], free: list[float]) -> Any:
    """Pairs (came, done), and the limits A x <= b on hours of work per pair and, last, the people."""
    pairs = [(i, j) for i in range(len(hours)) for j in range(i, len(hours))]
    left, right = [], []
    for j, able in enumerate(hours):
        left.append([float(pair[1] == j) for pair in pairs] + [-able * EFFICIENCY])
        right.append(free[j])
    for i, items in enumerate(arrivals):
        work = items * HANDLE_S / 3600
        left.append([float(pair[0] == i) for pair in pairs] + [0.0])
        right.append(work)
        if by[i] < len(hours):
            left.append([-float(pair[0] == i and pair[1] <= by[i]) for pair in pairs] + [0.0])
            right.append(-work)
    return pairs, np.array(left), np.array(right)


@given(week=weeks, deadline=st.integers(0, 3), counted=st.sampled_from(["working", "elapsed"]), lent=st.booleans())
@settings(deadline=None, max_examples=80)
def test_level_staff_is_what_a_linear_programme_finds(
    week: list[tuple[int, float]], deadline: int, counted: str, lent: bool
) -> None:
    arrivals, hours = [items for items, _ in week], [able for _, able in week]
    assume(any(hours))
    by = due(hours, deadline, counted)
    assume(all(last >= len(hours) or sum(hours[first : last + 1]) > 0 for first, last in enumerate(by)))
    free = [0.3 * lent] * len(hours)
    pairs, left, right = programme(arrivals, hours, by, free)

    people = back_office_required(
        arrivals, HANDLE_S, deadline, EFFICIENCY, hours, counted, free_hours=free, whole=False
    )

    best = linprog(np.append(np.zeros(len(pairs)), 1.0), A_ub=left, b_ub=right)
    assert people == pytest.approx(best.fun, abs=1e-7)
    done = backlog(arrivals, people * (1 + 1e-9), HANDLE_S, deadline, EFFICIENCY, hours, counted, free)
    assert done.within_deadline == pytest.approx(1, abs=1e-9)


@given(week=weeks, deadline=st.integers(0, 3))
@settings(deadline=None, max_examples=40)
def test_even_staff_keeps_every_deadline_has_the_lowest_peak_and_wastes_nothing(
    week: list[tuple[int, float]], deadline: int
) -> None:
    arrivals, hours = [items for items, _ in week], [able for _, able in week]
    assume(any(hours))
    by = due(hours, deadline, "working")

    even = back_office_required(arrivals, HANDLE_S, deadline, EFFICIENCY, hours, level=False, whole=False)

    asked = sum(items * HANDLE_S / 3600 for items, last in zip(arrivals, by, strict=True) if last < len(hours))
    assert even.max() == pytest.approx(
        back_office_required(arrivals, HANDLE_S, deadline, EFFICIENCY, hours, whole=False), abs=1e-9
    )
    assert (even * hours).sum() * EFFICIENCY == pytest.approx(asked, abs=1e-9)
    done = backlog(arrivals, even * (1 + 1e-9), HANDLE_S, deadline, EFFICIENCY, hours)
    assert done.within_deadline == pytest.approx(1, abs=1e-9)


def test_no_plan_in_time_is_more_even() -> None:
    arrivals, hours, deadline = [30, 2, 5, 28, 0, 14, 3], [1.0, 1.0, 0.0, 0.5, 1.0, 1.0, 1.0], 1
    by = due(hours, deadline, "working")
    pairs, left, right = programme(arrivals, hours, by, [0.0] * len(hours))
    able = np.array([hours[j] for _, j in pairs]) > 0
    use, limits = left[len(hours) :, :-1][:, able], right[len(hours) :]
    into = np.array([[float(pair[1] == j) for pair in pairs] for j in range(len(hours))])[:, able]
    capacity = np.where(np.array(hours) > 0, hours, np.inf) * EFFICIENCY

    even = back_office_required(arrivals, HANDLE_S, deadline, EFFICIENCY, hours, level=False, whole=False)

    best = minimize(
        lambda x: float(((into @ x) ** 2 / capacity).sum()),
        np.zeros(int(able.sum())),
        jac=lambda x: 2 * into.T @ (into @ x / capacity),
        constraints=[{"type": "ineq", "fun": lambda x: limits - use @ x, "jac": lambda x: -use}],
        bounds=[(0, None)] * int(able.sum()),
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert (even**2 * np.array(hours) * EFFICIENCY).sum() == pytest.approx(best.fun, rel=1e-5)


def test_one_day_more_time_spreads_the_monday_mail() -> None:
    # 900 items of 1/6 h are 150 h; one person does 7.5 h x 0.85 = 6.375 h: 23.5 in one day, 11.8 over two
    week = [900, 400, 350, 300, 250]

    assert back_office_required(week, 600, deadline=0, efficiency=0.85, hours=7.5) == 24
    assert back_office_required(week, 600, deadline=1, efficiency=0.85, hours=7.5) == 12
    assert back_office_required(week, 600, 0, 0.85, 7.5, whole=False) == pytest.approx(150 / 6.375)


def test_a_night_and_a_weekend_count_as_the_deadline_says() -> None:
    # 10 items of an hour on Friday, on Saturday closed and on Monday; one working day: Friday's may wait for Monday
    arrivals, hours = [10, 10, 0, 0], [8, 0, 8, 8]

    working = back_office_required(arrivals, 3600, 1, hours=hours, whole=False)
    elapsed = back_office_required(arrivals, 3600, 1, hours=hours, counted="elapsed", whole=False)

    assert working == pytest.approx(20 / 24)  # Friday's over Friday and Monday, Saturday's by Tuesday
    assert elapsed == pytest.approx(10 / 8)  # Friday's must be done on Friday, Saturday's on Monday


@given(week=weeks, staff=st.integers(0, 6), deadline=st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_the_backlog_is_that_of_a_queue_of_single_items(
    week: list[tuple[int, float]], staff: int, deadline: int
) -> None:
    arrivals, hours = [items for items, _ in week], [able for _, able in week]
    assume(any(hours))
    by = due(hours, deadline, "working")

    found = backlog(arrivals, staff, HANDLE_S, deadline, EFFICIENCY, hours)

    queue: deque[list[float]] = deque()
    in_time = [0.0] * len(hours)
    for now, (items, able) in enumerate(week):
        queue.extend([float(now), 1.0] for _ in range(items))
        budget = staff * able * EFFICIENCY / (HANDLE_S / 3600)
        while queue and budget > 1e-12:
            first = queue[0]
            part = min(first[1], budget)
            budget -= part
            first[1] -= part
            if now <= by[int(first[0])] < len(hours):
                in_time[int(first[0])] += part
            if first[1] < 1e-9:
                queue.popleft()
        row = found.intervals.iloc[now]
        assert row["backlog"] == pytest.approx(sum(item[1] for item in queue), abs=1e-6)
        assert row["oldest"] == (now - queue[0][0] if queue else 0)
    assert found.intervals["within"].tolist() == pytest.approx(in_time, abs=1e-6)
    assert found.left == pytest.approx(sum(item[1] for item in queue), abs=1e-6)
    assert found.done == pytest.approx(sum(arrivals) - found.left, abs=1e-6)


def test_idle_voice_time_takes_work_from_the_back_office() -> None:
    # standard.md 5.3: 17 agents on 13.33 erlangs are 78.4 % busy: 17 - 13.33 = 3.67 agents idle, 1.83 h a half hour
    busy = erlang_c(offered_load(100, 240), 17, 240).occupancy

    hours = idle_hours(17, busy)

    assert hours == pytest.approx((17 - 100 * 240 / 1800) * 0.5)
    assert idle_hours([17, 17], busy, usable=[0.5, 0]).tolist() == pytest.approx([hours / 2, 0])
    assert back_office_required([20], 360, 0, hours=0.5, free_hours=hours, whole=False) == pytest.approx(
        (2 - hours) / 0.5
    )


def test_the_index_of_a_series_is_kept_and_the_series_too() -> None:
    week = pd.Series([9.0, 3.0], index=pd.date_range("2026-03-02", periods=2))
    before = week.copy()

    people = back_office_required(week, 3600, 1, hours=7.5, level=False)

    assert people.index.equals(week.index) and backlog(week, 1, 3600, 1).intervals.index.equals(week.index)
    assert people.dtype == np.int64
    pd.testing.assert_series_equal(week, before)


def test_no_work_needs_nobody() -> None:
    assert back_office_required([0, 0], 600, 1) == 0
    assert back_office_required([5, 5], 600, 10**12) == 0  # due when the plan is over
    assert back_office_required([0, 0], 600, 1, level=False).tolist() == [0, 0]
    assert backlog([0, 0], 0, 600, 1).within_deadline == 1


@pytest.mark.parametrize(
    ("error", "call", "sentence"),
    [
        (
            ValueError,
            lambda: back_office_required([5, 5], 600, 0, hours=[1, 0], counted="elapsed"),
            "every deadline must leave an open interval, got none from interval 1 to 1",
        ),
        (
            ValueError,
            lambda: back_office_required([5, 5], 600, 1, hours=[1, 1, 1]),
            "hours must be one number or 2, one per interval, got 3",
        ),
        (
            ValueError,
            lambda: back_office_required([5], 600, 1, hours=0),
            "hours must be above 0 in at least one interval, got 0 in all",
        ),
        (
            ValueError,
            lambda: back_office_required([5], 600, 1, counted="days"),
            "counted must be one of working, elapsed, got 'days'",
        ),
        (
            ValueError,
            lambda: back_office_required([5], 600, 1, efficiency=85),
            "efficiency must be a share between 0 and 1, 0 excluded, got 85; write 0.85",
        ),
        (
            ValueError,
            lambda: back_office_required([5], 600, 1, level=False, free_hours=1),
            "free_hours goes with level=True, got level=False",
        ),
        (ValueError, lambda: backlog([5], -1, 600, 1), "staff must be 0 or more, got -1"),
        (TypeError, lambda: backlog([5], 1, 600, 1.5), "deadline must be a whole number, got 1.5"),  # type: ignore[arg-type]
        (ValueError, lambda: backlog([[5]], 1, 600, 1), "arrivals must be one row of intervals, got 2 dimensions"),
    ],
)
def test_work_that_cannot_be_is_refused_in_one_sentence(error: type[Exception], call: object, sentence: str) -> None:
    with pytest.raises(error) as raised:
        call()  # type: ignore[operator]

    assert str(raised.value) == sentence
