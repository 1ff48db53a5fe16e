"""The flight simulator: its queue against the call-by-call one, its levers by hand, its judge against brute force."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.simulation import Day, simulate
from ccskills.simulation import _hindsight as _sim_hindsight
from ccskills.simulation import _levers as _sim_levers
from ccskills.simulation import _world as _sim_world
from ccskills.simulation._fluid import Rates, empty, work
from ccskills.staffing import erlang_a, offered_load
from tests.ccskills.simulated_day import LEVERS, idle

# A short day is judged faster than one of 24 half hours.
SHORT = [60.0, 120, 160, 150, 120, 100, 80, 50]


def play(day: Day, chance: np.random.Generator) -> Day:
    """A learner who pulls levers at random, never more than the desk says."""
    while not day.over:
        most = day.situation().levers["most_now"]
        name = str(chance.choice(LEVERS))
        amount = int(chance.integers(0, most[name] + 1))
        if name in ("cancel_training", "callback"):
            day.step(**{name: bool(amount)})
        else:
            day.step(**{name: amount})  # type: ignore[arg-type]
    return day


# calls per half hour, agents, patience: load at 65, 92 and 120 % of the agents.
@pytest.mark.parametrize(("calls", "agents", "patience_s"), [(200, 51, 180), (500, 90, 150), (600, 83, 300)])
def test_a_day_in_balance_is_erlang_a(calls: int, agents: int, patience_s: int) -> None:
    exact = erlang_a(offered_load(calls, 300), agents, 300, patience_s)
    rates = Rates(calls / 1800, 300, patience_s, 20, 0, 1200)
    state, here = empty(1), np.array([float(agents)])

    for _ in range(10):
        state, flows = work(rates, here, np.zeros(1), state, 30)

    assert flows.answered_within.item() / calls == pytest.approx(exact.service_level, abs=0.03)
    assert flows.abandoned.item() / calls == pytest.approx(exact.abandonment, abs=0.006)
    assert flows.busy_s.item() / flows.staffed_s.item() == pytest.approx(exact.occupancy, abs=0.006)


def test_a_rising_and_falling_day_is_that_of_the_simulation_call_by_call() -> None:
    calls = [150, 230, 360, 450, 490, 540, 700, 800, 500, 300, 150]
    agents = [30, 45, 66, 78, 85, 90, 95, 92, 88, 70, 40]
    state, rows = empty(1), []

    exact = simulate(calls, 300, agents, 180, retry_share=0.35, retry_after_s=1200, replications=100, seed=4).intervals
    for volume, staff in zip(calls, agents, strict=True):
        rates = Rates(volume / 1800, 300, 180, 20, 0.35, 1200)
        state, flows = work(rates, np.array([float(staff)]), np.zeros(1), state, 30)
        rows.append([x.item() for x in (flows.offered, flows.abandoned, flows.answered_within)])

    table = np.array(rows)
    assert table[:, 0] == pytest.approx(exact["offered"].to_numpy(), rel=0.02)
    assert table[:, 1].sum() == pytest.approx(exact["abandoned"].sum(), rel=0.10)
    assert table[:, 2].sum() / table[:, 0].sum() == pytest.approx(
        exact["answered_within"].sum() / exact["offered"].sum(), abs=0.02
    )
    # Worst in the half hours that work off a queue: there the number present is no normal variable.
    apart = np.abs(table[:, 2] / table[:, 0] - exact["service_level"].to_numpy())
    assert np.median(apart) < 0.04
    assert apart.max() < 0.09


def test_each_lever_changes_the_agents_by_its_lead_its_length_and_its_effect() -> None:
    roster = _sim_levers.Roster(np.full(10, 20), np.full(10, 3), ((4, 6, 2), (8, 9, 2)), 5000.0)
    absent = np.ones(10)
    bare = np.array([16, 16, 16, 16, 14, 14, 16, 16, 14, 16.0])

    def on(i: int, lever: int, count: int) -> list[float]:
        plan = np.zeros((1, 10, 6), dtype=np.int64)
        plan[0, i, lever] = count
        return [round(float(x), 6) for x in _sim_levers.agents_on(roster, absent, plan)[0] - bare]

    assert on(0, 0, 2) == [0, 2, 2, 0, 0, 0, 0, 0, 0, 0]  # overtime: an hour from the next half hour on
    assert on(2, 1, 1) == [0, 0, 0, -1, -1, -1, -1, 0, 0, 0]  # early leave: two hours
    assert on(8, 1, 1) == [0, 0, 0, 0, 0, 0, 0, 0, 0, -1]  # or what is left of the day
    assert on(3, 2, 3) == [0, 0, 0, 3, 0, -3, 0, 0, 0, 0]  # breaks an hour later
    assert on(3, 3, 1) == [0, 0, 0, 0, 2, 2, 0, 0, 0, 0]  # the next session
    assert on(4, 3, 1) == [0, 0, 0, 0, 0, 0, 0, 0, 2, 0]  # a session that begins now goes on
    assert on(1, 4, 1) == [0.0] * 10  # call backs change no head count
    assert on(1, 5, 5) == [0, 0, 4, 4, 4, 4, 0, 0, 0, 0]  # borrowed people at 80 %


def test_levers_cost_what_the_desk_says() -> None:
    plan = np.zeros((1, 10, 6), dtype=np.int64)
    plan[0, 0] = [2, 3, 4, 1, 1, 2]
    plan[0, 8, 1] = 1

    cost = _sim_levers.costs(plan)[0]

    assert cost[0].tolist() == [120, -150, 16, 150, 60, 180]
    assert cost[8, 1] == -12.5  # half an hour of the two is left
    assert _sim_levers.spent(plan)[0] == 120 + 16 + 150 + 60 + 180


def test_the_same_seed_and_the_same_decisions_give_the_same_day() -> None:
    one = play(Day(11, "rough", forecast=SHORT), np.random.default_rng(1))
    two = play(Day(11, "rough", forecast=SHORT), np.random.default_rng(1))
    again = Day.replay(11, one.log, "rough", forecast=SHORT)

    pd.testing.assert_frame_equal(one.situation().so_far, two.situation().so_far)
    pd.testing.assert_frame_equal(one.log, again.log)
    assert one.score().points == again.score().points
    assert one.score().cost == pytest.approx(again.score().cost, rel=1e-12)


def test_decisions_change_nothing_before_they_act() -> None:
    with_it, without = Day(seed=5), Day(seed=5)

    first = with_it.step(overtime=10), without.step()
    second = with_it.step(), without.step()

    pd.testing.assert_series_equal(*first)
    assert second[0]["agents"] == second[1]["agents"] + 10


def test_no_decision_has_0_points_and_the_best_plan_has_100() -> None:
    nothing = idle(Day(seed=2, forecast=SHORT)).score()
    log = nothing.best_plan.astype({"cancel_training": bool, "callback": bool})
    best = Day.replay(2, log, forecast=SHORT).score()

    assert (nothing.points, nothing.saved) == (0, 0)
    assert nothing.decisions.empty
    assert best.points == 100
    assert best.cost == pytest.approx(nothing.best)
    assert best.nothing == nothing.nothing


def test_a_day_that_is_worse_than_no_decision_has_0_points_and_its_loss_is_said() -> None:
    day = Day(seed=1, level="rough", forecast=SHORT)
    for _ in range(2):
        day.step(early_leave=2)

    score = idle(day).score()

    assert score.points == 0
    assert score.saved < 0
    assert "dearer than doing nothing" in day.report()
    assert "高出" in day.report("zh")


@pytest.mark.parametrize("level", ["calm", "normal", "rough"])
def test_hindsight_is_no_worse_than_random_plans(level: str) -> None:
    world = _sim_world.make(6, level, None, 300, None, 180, 3000)
    chance = np.random.default_rng(3)
    plans = _sim_hindsight.nothing(world, 4000)
    top = world.roster.at_once()
    # From a few decisions to many.
    for row, plan in enumerate(plans):
        for _ in range(1 + row % 40):
            i, k = chance.integers(0, len(top)), chance.integers(0, 6)
            plan[i, k] = chance.integers(0, top[i, k] + 1)
    plans = plans[_sim_levers.allowed(world.roster, plans)]

    found = _sim_hindsight.best(world, _sim_hindsight.nothing(world))

    assert len(plans) > 500
    assert _sim_levers.allowed(world.roster, found[None])[0]
    lowest = _sim_hindsight.evaluate(world, plans).total.min()
    assert _sim_hindsight.evaluate(world, found[None]).total[0] <= lowest


@pytest.mark.parametrize("seed", range(6))
def test_hindsight_finds_the_optimum_of_a_small_day_by_brute_force(seed: int) -> None:
    # Six half hours, about ten agents, no breaks and no training: every plan within the budget is run.
    world = _sim_world.make(seed, "rough", [30, 40, 45, 40, 35, 25], 300, [8, 8, 10, 10, 8, 8], 180, 200)
    world = replace(world, roster=replace(world.roster, breaks=np.zeros(6, dtype=np.int64), sessions=()))
    top, day = world.roster.at_once(), world.roster.a_day()
    by_lever = []
    for k in range(6):
        counts = itertools.product(*(range(top[i, k] + 1) for i in range(6)))
        by_lever.append(np.array([c for c in counts if sum(c) <= min(day[k], 3 if k in (0, 4, 5) else 9)]))
    places = np.array(list(itertools.product(*(range(len(options)) for options in by_lever))))
    plans = np.stack([options[places[:, k]] for k, options in enumerate(by_lever)], axis=2)
    plans = plans[_sim_levers.allowed(world.roster, plans)]

    found = _sim_hindsight.best(world, _sim_hindsight.nothing(world))

    optimum = _sim_hindsight.evaluate(world, plans).total.min()
    assert len(plans) > 4000
    # The search stops at gains under 0.04 %.
    assert _sim_hindsight.evaluate(world, found[None]).total[0] == pytest.approx(optimum, rel=4e-4)


def test_the_best_is_never_dearer_than_the_day_that_was_played() -> None:
    for seed in range(3):
        score = play(Day(seed, forecast=SHORT), np.random.default_rng(seed)).score()

        assert score.best <= score.cost
        assert 0 <= score.points <= 100


def test_what_a_decision_saved_is_the_day_run_again_without_it() -> None:
    day = play(Day(seed=9, forecast=SHORT), np.random.default_rng(8))
    first = day.score().decisions.iloc[0]

    log = day.log.copy()
    log.loc[first["start"], first["lever"]] = 0 if first["lever"] not in ("cancel_training", "callback") else False
    without = Day.replay(9, log, forecast=SHORT).score()

    assert first["saved"] == pytest.approx(without.cost - day.score().cost)
    assert day.score().decisions["saved"].abs().is_monotonic_decreasing
    assert day.score().cost == pytest.approx(day.score().service_cost + day.score().lever_cost)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 500), st.sampled_from(["calm", "normal", "rough"]), st.integers(0, 99))
def test_laws_of_any_day(seed: int, level: str, chance: int) -> None:
    # `play` takes what the desk offers: none of it may be refused.
    day = play(Day(seed, level), np.random.default_rng(chance))

    table = day.situation().so_far
    grown = table["waiting"].diff().fillna(table["waiting"])
    came = table["answered"] + table["abandoned"] + table["callbacks"] + grown
    assert (table["offered"] == came).all()
    for name in ("service_level", "abandonment", "occupancy"):
        assert table[name].between(0, 1).all()
    assert (table[["answered", "answered_within", "abandoned", "callbacks", "waiting"]] >= 0).all().all()
    assert (table["answered_within"] <= table["answered"]).all()
    assert not table.isna().to_numpy().any()
    assert table["waiting"].iloc[-1] == 0


def test_the_floor_is_that_of_about_100_agents() -> None:
    now = Day(seed=4).situation()

    assert 95 <= now.ahead["scheduled"].max() <= 110
    assert now.ahead["forecast"].sum() == pytest.approx(9000)
    assert now.ahead["training"].gt(0).sum() == 4
    assert (now.ahead["breaks"] > 0).all()


def test_a_day_as_planned_meets_its_target_and_rougher_days_cost_more() -> None:
    costs = {}
    for level in ("calm", "normal", "rough"):
        worlds = [_sim_world.make(seed, level, None, 300, None, 180, 3000) for seed in range(20)]
        costs[level] = np.mean([_sim_hindsight.evaluate(w, _sim_hindsight.nothing(w)).total[0] for w in worlds])
    calm = idle(Day(1, "calm")).situation().so_far

    assert 0.7 <= calm["answered_within"].sum() / calm["offered"].sum() <= 0.95
    assert costs["calm"] < costs["normal"] / 2 < costs["rough"] / 3


def test_news_come_when_the_floor_can_know_them_and_volume_never_does() -> None:
    day = Day(seed=1)
    seen = [len(day.situation().news)]
    while not day.over:
        assert not any("forecast" in item for item in day.situation().news)
        day.step()
        seen.append(len(day.situation().news))

    assert seen == sorted(seen)
    assert seen[0] >= 1
    assert any("forecast" in item for item in day.situation().news)


def test_the_situation_shows_what_was_decided_and_what_is_left() -> None:
    day = Day(seed=7)
    before = day.situation()

    day.step(overtime=4, early_leave=2)

    after = day.situation("zh")
    assert after.now == before.now + pd.Timedelta(minutes=30)
    assert after.ahead["levers"].iloc[0] == 2
    assert after.budget_left == before.budget_left - 4 * 60
    assert after.levers.loc["overtime", "left_today"] == before.levers.loc["overtime", "left_today"] - 4
    assert after.levers.loc["callback", "name"] == "开启预约回拨半小时"
    assert len(after.so_far) == 1
    assert len(before.so_far) == 0


def test_a_plan_of_ones_own_keeps_its_times() -> None:
    start = pd.date_range("2026-06-18 09:00", periods=8, freq="30min", name="start")
    forecast = pd.Series([40.0, 60, 80, 80, 70, 60, 50, 40], index=start)

    day = idle(Day(3, "calm", forecast=forecast, aht_s=200, scheduled=14, patience_s=90, budget=500))

    assert day.log.index.equals(start)
    assert day.situation().now == pd.Timestamp("2026-06-18 13:00")
    assert forecast.tolist() == [40, 60, 80, 80, 70, 60, 50, 40]


def test_the_report_tells_the_day_in_both_languages() -> None:
    day = Day(seed=1, forecast=SHORT)
    day.step(overtime=3)
    day.step(callback=True, move_break=2)
    idle(day)

    english, chinese = day.report(), day.report("zh")

    assert re.search(r"^Score: [\d.]+ of 100", english)
    assert re.search(r"^得分：[\d.]+分", chinese)
    numbered = [line for line in english.splitlines() if re.match(r"\d\. ", line)]
    assert len(numbered) == 3
    assert sum(bool(re.match(r"\d\. ", line)) for line in chinese.splitlines()) == 3
    assert "What the best plan did:" in english
    assert not re.search(r"[A-Za-z]", chinese)
    quiet = Day(seed=1, forecast=SHORT)
    assert "全天没有作出任何决策。" in idle(quiet).report("zh")
