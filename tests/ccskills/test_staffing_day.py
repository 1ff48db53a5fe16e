"""A day table: every total is a sum over a sum, and overload without patience is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ccskills.staffing import deliver, erlang_a, erlang_c


def test_the_example_of_the_tutorial_on_call_centres_is_reproduced() -> None:
    # Gans, Koole and Mandelbaum, Telephone call centers, M&SOM 5 (2), 2003, after Garnett, Mandelbaum and Reiman 2002:
    # 48 calls a minute, handle time 1 minute, 50 agents. Nobody hangs up: ASA 20.8 s, 96 % busy. Patience 2 minutes:
    # 3.1 % hang up, 93 % busy.
    endless = deliver([48 * 30], aht_s=60, agents=50)
    patient = deliver([48 * 30], aht_s=60, agents=50, patience_s=120)

    assert endless.total["asa_s"] == pytest.approx(20.8, abs=0.05)
    assert endless.total["occupancy"] == pytest.approx(0.96, abs=0.005)
    assert patient.total["abandonment"] == pytest.approx(0.031, abs=0.0005)
    assert patient.total["occupancy"] == pytest.approx(0.93, abs=0.005)


def test_totals_are_weighted_by_volume_and_never_averaged() -> None:
    # standard.md 5.3: 17 agents answer 81.0 % of 100 calls in 20 s, ASA 16.8 s; and a quiet interval that is perfect
    day = deliver([100, 4], aht_s=240, agents=[17, 12])

    quiet = erlang_c(4 * 240 / 1800, 12, 240)
    assert day.total["service_level"] == pytest.approx((100 * 0.810 + 4 * quiet.service_level) / 104, abs=0.0005)
    assert day.total["asa_s"] == pytest.approx((100 * 16.8 + 4 * quiet.asa_s) / 104, abs=0.05)
    assert day.total["occupancy"] == pytest.approx((100 + 4) * 240 / ((17 + 12) * 1800), rel=1e-9)


def test_days_are_told_apart_by_their_date() -> None:
    start = pd.date_range("2026-03-02 09:00", periods=2, freq="30min").union(pd.DatetimeIndex(["2026-03-03 09:00"]))
    calls = pd.Series([100.0, 80.0, 60.0], index=start.rename("start"))

    day = deliver(calls, aht_s=240, agents=[16, 14, 9], patience_s=150)

    assert day.intervals.index.equals(calls.index)
    assert day.days.index.tolist() == [pd.Timestamp("2026-03-02"), pd.Timestamp("2026-03-03")]
    assert day.days["offered"].tolist() == [180, 60]
    assert day.days["abandoned"].sum() == pytest.approx(day.total["abandoned"])
    assert day.days["service_level"].iloc[1] == pytest.approx(erlang_a(8, 9, 240, 150).service_level)


def test_an_overloaded_interval_with_patience_answers_what_the_agents_can_take() -> None:
    # 40 erlangs on 20 agents: all are busy all the time, so 20 / 40 of the calls are answered
    day = deliver([300], aht_s=240, agents=20, patience_s=600)

    assert day.total["answered"] == pytest.approx(150, rel=1e-3)
    assert day.total["occupancy"] == pytest.approx(1, abs=1e-3)


def test_an_interval_with_nobody_answers_nothing_and_spoils_no_total() -> None:
    day = deliver([10, 10], aht_s=240, agents=[0, 5], patience_s=60)

    assert day.intervals["asa_s"].tolist()[0] == math.inf
    assert day.total["answered"] == pytest.approx(day.intervals["answered"].iloc[1])
    assert day.total["asa_s"] == pytest.approx(day.intervals["asa_s"].iloc[1])
    assert deliver([10], 240, 0, patience_s=60).total["asa_s"] == math.inf


def test_a_day_without_calls_keeps_its_service() -> None:
    total = deliver([0, 0], aht_s=240, agents=[2, 0]).total

    assert (total["service_level"], total["asa_s"], total["occupancy"], total["abandonment"]) == (1, 0, 0, 0)
    assert not total.isna().any()


def test_arguments_stay_as_they_were() -> None:
    calls = pd.Series([100.0, 50.0])
    before = calls.copy()

    deliver(calls, 240, np.array([17, 9]))

    pd.testing.assert_series_equal(calls, before)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: deliver(pd.Series([100.0], index=pd.DatetimeIndex(["2026-03-02 09:30"])), 240, 13),
            "agents must exceed the load where nobody hangs up, got 13 for 13.33 erlangs at 2026-03-02T09:30:00; "
            "give patience_s",
        ),
        (
            lambda: deliver(pd.Series([1.0, 2.0]), 240, pd.Series([1.0, 2.0], index=[1, 2])),
            "agents must be on the intervals of calls, got another index",
        ),
        (lambda: deliver([[1, 2]], 240, 5), "calls must be one row of intervals, got 2 dimensions"),
        (
            lambda: deliver([1, 2], 240, [1, 2, 3]),
            "calls and agents must have shapes that go together, got (2,) and (3,)",
        ),
        (lambda: deliver([1], 240, -1), "agents must be 0 or more, got -1"),
        (lambda: deliver([1], 240, 1, interval_min=0), "interval_min must be above 0, got 0"),
    ],
)
def test_days_that_cannot_be_are_refused_in_one_sentence(call: object, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()  # type: ignore[operator]

    assert str(error.value) == sentence
