"""One simulated queue against Erlang's formulas, a queue worked by hand and the laws that any queue obeys."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.performance import SERVICE_LEVEL_RULES
from ccskills.simulation import simulate
from ccskills.staffing import erlang_a, erlang_c, offered_load


# calls per hour, AHT, agents, patience; load from 40 to 120 % of the agents. The formulas of `staffing` are themselves
# proved against 50-digit arithmetic in test_staffing.py.
@pytest.mark.parametrize(
    ("calls", "aht_s", "agents", "patience_s"),
    [(600, 300, 50, 150), (600, 300, 45, 60), (300, 240, 22, 300), (60, 200, 4, 200), (900, 180, 38, 500)],
)
def test_erlang_a_lies_in_the_99_percent_interval(calls: int, aht_s: int, agents: int, patience_s: int) -> None:
    exact = erlang_a(offered_load(calls, aht_s, 60), agents, aht_s, patience_s)

    found = simulate(calls * 4, aht_s, agents, patience_s, interval_min=240, warm_up_min=60, replications=40, seed=5)

    for name in ("service_level", "asa_s", "occupancy", "abandonment"):
        row = found.totals.loc[name]
        assert row["lower_99"] <= getattr(exact, name) <= row["upper_99"], name


@pytest.mark.parametrize(("calls", "aht_s", "agents"), [(100, 240, 9), (400, 300, 38), (30, 200, 3)])
def test_erlang_c_lies_in_the_99_percent_interval_when_nobody_hangs_up(calls: int, aht_s: int, agents: int) -> None:
    exact = erlang_c(offered_load(calls, aht_s, 60), agents, aht_s)

    found = simulate(calls * 10, aht_s, agents, interval_min=600, warm_up_min=120, replications=60, seed=3)

    for name in ("service_level", "asa_s", "occupancy"):
        row = found.totals.loc[name]
        assert row["lower_99"] <= getattr(exact, name) <= row["upper_99"], name
    assert found.totals.loc["abandoned", "mean"] == 0


def test_constant_handle_times_halve_the_wait_of_a_single_agent() -> None:
    # Pollaczek and Khinchine: mean wait of M/G/1 = rho / (1 - rho) x AHT x (1 + cv^2) / 2 (Kleinrock, Queueing Systems
    # I, 1975, 5.63). rho 0.7, AHT 60 s: 70 s for constant times, 105 s for cv 1/sqrt(2), 140 s for exponential ones.
    waits = {}
    for kind, cv, expected in (("deterministic", 0, 70.0), ("lognormal", 0.5**0.5, 105.0), ("exponential", 1, 140.0)):
        waits[kind] = simulate(
            4200, 60, 1, interval_min=6000, warm_up_min=600, handle=kind, handle_cv=cv, replications=20, seed=7
        ).totals.loc["asa_s"]
        assert waits[kind]["lower_99"] <= expected <= waits[kind]["upper_99"]


def test_a_queue_worked_by_hand_is_met_to_the_second() -> None:
    # Two agents, 100 s a call, patience 60 s. Calls at 0, 10, 20, 50, 90 s: the first two are taken at once until 100
    # and 110; the third leaves at 80; the fourth waits 50 s, the fifth 20 s.
    found = simulate(
        None, 100, 2, 60, within_s=20, arrivals_s=[0, 10, 20, 50, 90], handle="deterministic",
        patience="deterministic", interval_min=5, replications=2,
    )  # fmt: skip

    assert found.calls["wait_s"].tolist() == [0, 0, 60, 50, 20]
    assert found.calls["answered"].tolist() == [True, True, False, True, True]
    row = found.intervals.iloc[0]
    assert (row["answered_within"], row["abandoned"], row["asa_s"]) == (3, 1, 17.5)
    assert row["service_level"] == pytest.approx(3 / 5)
    assert row["occupancy"] == pytest.approx(400 / 600)


def test_who_leaves_is_idle_or_the_next_to_finish_and_finishes_the_call() -> None:
    # Three agents to 60 s, then one. Calls at 0 (200 s), 10 (80 s), 65 s and 70 s, all of given length by order: the
    # idle agent goes at 60, the one on the short call at 90; the call of 65 s waits for the long call to end at 200.
    found = simulate(
        None, [200, 80, 30], [3, 1], arrivals_s=[0, 10, 65], handle="given", interval_min=1, replications=40, seed=1
    )

    first = found.calls
    ends = first["arrival_s"] + first["wait_s"] + first["handle_s"]
    assert first["wait_s"].iloc[2] == max(0.0, max(ends.iloc[0], ends.iloc[1]) - 65)
    assert (found.intervals["occupancy"] <= 1).all()


def test_agents_who_come_take_what_waits_at_the_start_of_their_interval() -> None:
    found = simulate(None, 30, [0, 2], arrivals_s=[10, 20, 50], handle="deterministic", interval_min=1, replications=2)

    assert found.calls["wait_s"].tolist() == [50, 40, 40]
    assert found.intervals["offered"].tolist() == [3, 0]


def test_who_still_waits_when_nobody_comes_any_more_counts_as_abandoned() -> None:
    found = simulate(None, 30, [1, 0], arrivals_s=[0, 5, 70], handle="deterministic", interval_min=1, replications=2)

    assert found.intervals["abandoned"].tolist() == [0, 1]
    assert found.intervals["service_level"].tolist() == [0.5, 0.0]
    assert found.intervals["asa_s"].tolist() == [12.5, np.inf]


def test_those_who_call_again_make_the_volume_that_a_geometric_series_gives() -> None:
    # No agent: every call hangs up and half of them call again, so that each customer makes 1 / (1 - 0.5) = 2 calls.
    found = simulate(1000, 60, 0, 5, interval_min=1000, retry_share=0.5, retry_after_s=10, replications=20, seed=2)

    row = found.totals.loc["offered"]
    assert row["lower_99"] <= 2000 <= row["upper_99"]
    again = found.totals.loc["retrials"]
    assert again["lower_99"] <= 1000 <= again["upper_99"]


def test_an_interval_without_calls_has_values_that_the_docstring_names() -> None:
    found = simulate([0, 5], 60, [2, 0], 30, replications=3)

    quiet, unstaffed = found.intervals.iloc[0], found.intervals.iloc[1]
    assert (quiet["service_level"], quiet["asa_s"], quiet["occupancy"], quiet["abandonment"]) == (1, 0, 0, 0)
    assert (unstaffed["service_level"], unstaffed["asa_s"], unstaffed["abandonment"]) == (0, np.inf, 1)
    assert not found.intervals.isna().to_numpy().any()
    assert not found.totals.isna().to_numpy().any()


@pytest.mark.parametrize("rule", SERVICE_LEVEL_RULES)
def test_every_rule_of_the_service_level_stays_a_share(rule: str) -> None:
    found = simulate([0, 60, 1], 300, [0, 6, 1], 20, rule=rule, replications=5, seed=9)

    assert found.rule == rule
    assert found.intervals["service_level"].between(0, 1).all()
    assert found.intervals["service_level"].iloc[0] == 1


def test_the_rules_differ_as_their_formulas_say() -> None:
    found = {rule: simulate(200, 300, 28, 60, rule=rule, seed=4).intervals.iloc[0] for rule in SERVICE_LEVEL_RULES}

    row = found["offered"]
    within, short, lost = row["answered_within"], row["abandoned_within"], row["abandoned"]
    assert found["answered"]["service_level"] == pytest.approx(within / row["answered"])
    assert found["short_abandons_excluded"]["service_level"] == pytest.approx(within / (row["answered"] + lost - short))
    assert found["short_abandons_as_answered"]["service_level"] == pytest.approx((within + short) / row["offered"])


def test_the_same_seed_gives_the_same_day_and_leaves_the_input_alone() -> None:
    start = pd.date_range("2026-03-02 08:00", periods=3, freq="30min", name="start")
    calls = pd.Series([60.0, 90.0, 70.0], index=start)
    before = calls.copy()

    one, two, other = (simulate(calls, 240, 12, 120, seed=seed, replications=3) for seed in (8, 8, 9))

    pd.testing.assert_frame_equal(one.intervals, two.intervals)
    pd.testing.assert_series_equal(calls, before)
    assert one.intervals.index.equals(start)
    assert one.totals.loc["offered", "mean"] != other.totals.loc["offered", "mean"]


def test_the_confidence_interval_of_a_count_is_students() -> None:
    found = simulate(50, 240, 8, 120, replications=5, seed=6)

    runs = found.replications["answered"].to_numpy()
    # 2.776 and 4.604: Student's t with 4 degrees of freedom, any printed table.
    half = runs.std(ddof=1) / 5**0.5
    row = found.totals.loc["answered"]
    assert row["mean"] == pytest.approx(runs.mean())
    assert row["upper_95"] - row["mean"] == pytest.approx(2.776 * half, rel=1e-3)
    assert row["upper_99"] - row["mean"] == pytest.approx(4.604 * half, rel=1e-3)


days = st.lists(st.tuples(st.floats(0, 40), st.integers(0, 9)), min_size=1, max_size=5)
kinds = st.sampled_from(["exponential", "lognormal", "deterministic"])


@settings(deadline=None, max_examples=60)
@given(days, st.floats(5, 900), st.none() | st.floats(1, 600), kinds, st.sampled_from([0.0, 0.6]), st.integers(0, 99))
def test_laws_of_any_day(
    day: list[tuple[float, int]], aht_s: float, patience_s: float | None, kind: str, retry: float, seed: int
) -> None:
    calls, agents = zip(*day, strict=True)

    found = simulate(
        calls, aht_s, agents, patience_s, handle=kind, patience=kind, retry_share=retry, replications=2, seed=seed
    )

    table = found.intervals
    assert np.allclose(table["offered"], table["answered"] + table["abandoned"])
    assert (table["answered_within"] <= table["answered"]).all()
    for name in ("service_level", "occupancy", "abandonment"):
        assert table[name].between(0, 1).all()
    assert (found.calls["wait_s"] >= 0).all()
    assert found.calls["arrival_s"].is_monotonic_increasing
    assert len(found.calls) == found.replications["offered"].iloc[0]


@settings(deadline=None, max_examples=60)
@given(days, st.floats(5, 900), st.integers(0, 8), st.integers(0, 99))
def test_one_agent_more_in_every_interval_lets_nobody_wait_longer_when_nobody_hangs_up(
    day: list[tuple[float, int]], aht_s: float, place: int, seed: int
) -> None:
    # Calls taken in order of arrival by more agents start no later, call by call; with impatient customers a call that
    # is saved can take the place of another, so the law is about patient ones.
    calls, agents = zip(*day, strict=True)

    fewer = simulate(calls, aht_s, np.array(agents) + 1, replications=2, seed=seed)
    more = simulate(calls, aht_s, np.array(agents) + 2, replications=2, seed=seed)

    assert (more.calls["wait_s"] <= fewer.calls["wait_s"] + 1e-6).all()
    level = "service_level"
    assert more.totals.loc[level, "mean"] >= fewer.totals.loc[level, "mean"] - 1e-12


def test_every_agent_more_raises_the_mean_service_level_of_impatient_customers() -> None:
    levels = [
        simulate([80, 160, 120], 300, [k, 2 * k, int(1.5 * k)], 120, retry_share=0.3, seed=3).totals["mean"]
        for k in range(8, 20, 2)
    ]

    found = [row["service_level"] for row in levels]
    assert found == sorted(found)
    assert [row["abandonment"] for row in levels] == sorted((row["abandonment"] for row in levels), reverse=True)


BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"calls": [-1, 2]}, ValueError, "calls must be 0 or more, got -1 at position 0"),
    ({"calls": [np.nan]}, ValueError, "calls must be finite numbers, got nan at position 0"),
    ({"calls": []}, ValueError, "calls must hold at least one value, got none"),
    ({"calls": "60"}, TypeError, "calls must be numbers (int, float, list, numpy array or pandas Series), got '60'"),
    ({"calls": None}, TypeError, "calls must be the expected calls of each interval, got None without arrivals_s"),
    ({"agents": -1}, ValueError, "agents must be 0 or more, got -1"),
    ({"agents": 2.5}, ValueError, "agents must be whole, got 2.5"),
    (
        {"agents": [1, 2, 3]},
        ValueError,
        "calls must hold 1 or 3 values, one for each interval, got shape (2,)",
    ),
    ({"aht_s": 0}, ValueError, "aht_s must be above 0, got 0"),
    ({"patience_s": 0}, ValueError, "patience_s must be above 0, got 0"),
    ({"within_s": -1}, ValueError, "within_s must be 0 or more, got -1"),
    ({"interval_min": 0}, ValueError, "interval_min must be above 0, got 0"),
    ({"replications": 1}, ValueError, "replications must be 2 or more, got 1"),
    ({"seed": -1}, ValueError, "seed must be 0 or more, got -1"),
    ({"seed": 1.5}, TypeError, "seed must be a whole number, got 1.5"),
    ({"retry_share": 30}, ValueError, "retry_share must be a share between 0 and 1, 1 excluded, got 30; write 0.3"),
    ({"retry_after_s": 0}, ValueError, "retry_after_s must be above 0, got 0"),
    ({"warm_up_min": -5}, ValueError, "warm_up_min must be 0 or more, got -5"),
    ({"handle_cv": -1}, ValueError, "handle_cv must be 0 or more, got -1"),
    (
        {"handle": "erlang"},
        ValueError,
        "handle must be one of exponential, lognormal, deterministic, given, got 'erlang'",
    ),
    (
        {"rule": "all"},
        ValueError,
        "rule must be one of offered, answered, short_abandons_excluded, short_abandons_as_answered, got 'all'",
    ),
    ({"arrivals_s": [1, 2]}, ValueError, "calls must be None when arrivals_s says when they come, got both"),
    (
        {"calls": None, "arrivals_s": [5], "warm_up_min": 5},
        ValueError,
        "warm_up_min must be 0 with arrivals_s, got 5",
    ),
    (
        {"calls": None, "arrivals_s": [5, 4000], "agents": [1, 2]},
        ValueError,
        "arrivals_s must lie before the end of the last interval at 3600 s, got 4000",
    ),
    (
        {"calls": pd.Series([1, 2], index=pd.DatetimeIndex(["2026-03-02 19:30", "2026-03-03 08:00"]))},
        ValueError,
        "calls must be one stretch of intervals of 30 min, got a step of 750 min after "
        "2026-03-02 19:30:00; simulate one day at a time",
    ),
]


@pytest.mark.parametrize(("change", "kind", "sentence"), BAD)
def test_bad_input_is_refused_in_a_sentence(change: dict[str, Any], kind: type[Exception], sentence: str) -> None:
    arguments = {"calls": [10, 20], "aht_s": 240, "agents": 5, "patience_s": 100, **change}

    with pytest.raises(kind, match="^" + re.escape(sentence) + "$"):
        simulate(**arguments)
