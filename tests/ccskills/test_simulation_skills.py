"""Several queues with skills: against one queue, closed formulas, another simulator, and laws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.simulation import Group, Queue, SimulatedSkills, simulate, simulate_skills
from ccskills.staffing import erlang_c, offered_load


def inside(found: SimulatedSkills, queue: str, measure: str, expected: float) -> bool:
    row = found.queues.loc[(queue, measure)]
    return bool(row["lower_99"] <= expected <= row["upper_99"])


def test_one_queue_and_one_group_are_the_simulation_of_one_queue_call_by_call() -> None:
    calls, agents = [40, 70, 55, 20], [7, 12, 9, 4]

    alone = simulate(calls, 240, agents, 120, warm_up_min=20, handle="lognormal", replications=5, seed=3)
    skills = simulate_skills(
        [Queue("q", calls, 240, 120)], [Group("g", agents, ["q"])],
        warm_up_min=20, handle="lognormal", replications=5, seed=3,
    )  # fmt: skip

    expected = alone.intervals.drop(columns=["agents", "occupancy"])
    pd.testing.assert_frame_equal(skills.intervals.loc["q"], expected)
    assert skills.group_intervals.loc["g", "occupancy"].tolist() == pytest.approx(alone.intervals["occupancy"].tolist())
    assert skills.queues.loc[("q", "asa_s"), "upper_99"] == pytest.approx(alone.totals.loc["asa_s", "upper_99"])


@pytest.mark.parametrize("routing", ["longest_wait", "service_level"])
def test_fully_pooled_queues_are_one_erlang_c_queue(routing: str) -> None:
    # The order among customers of the same handle time does not change how many wait: the mean wait of all is that of
    # one queue; by longest wait also the service level.
    exact = erlang_c(offered_load(200, 240, 60), 15, 240)
    queues = [Queue("a", 1200, 240), Queue("b", 800, 240)]

    found = simulate_skills(
        queues, [Group("one", 8, ["a", "b"]), Group("two", 7, ["b", "a"])], routing,
        interval_min=600, warm_up_min=60, replications=40, seed=2,
    )  # fmt: skip

    table = found.queues["mean"].unstack()
    pooled = (table["asa_s"] * table["answered"]).sum() / table["answered"].sum()
    assert pooled == pytest.approx(exact.asa_s, rel=0.08)
    if routing == "longest_wait":
        assert inside(found, "a", "service_level", exact.service_level)
        assert inside(found, "b", "service_level", exact.service_level)


@pytest.mark.parametrize(("first", "second", "agents"), [(60, 60, 9), (100, 40, 11), (6, 6, 1)])
def test_non_preemptive_priority_gives_the_waits_of_cobham(first: int, second: int, agents: int) -> None:
    # A. Cobham, Priority assignment in waiting line problems, Operations Research 2, 1954, 70-76, with the correction
    # of 1955, for c servers and two classes of one exponential handle time:
    # W1 = Pw AHT / (c (1 - r1)), W2 = W1 / (1 - r), r = load per agent, r1 that of the first class.
    aht_s = 200.0
    load = offered_load(first + second, aht_s, 60)
    wait = erlang_c(load, agents, aht_s).wait_probability
    urgent = wait * aht_s / (agents * (1 - offered_load(first, aht_s, 60) / agents))
    other = urgent / (1 - load / agents)

    found = simulate_skills(
        [Queue("other", second * 10, aht_s, priority=2), Queue("urgent", first * 10, aht_s, priority=1)],
        [Group("all", agents, ["other", "urgent"])], "priority",
        interval_min=600, warm_up_min=120, replications=60, seed=4,
    )  # fmt: skip

    assert inside(found, "urgent", "asa_s", urgent)
    assert inside(found, "other", "asa_s", other)


# simpy 4.1.2, a model of our own written apart from the library: queue a 2.5 calls a minute, AHT 4 min, patience 3 min;
# queue b 2.0, 5 min, 4 min, all exponential; 40 runs of 11 hours, the first left out. (service level in 20 s,
# abandonment, ASA [s]) of a and of b, occupancy by group; half widths of the 99 % intervals about 0.02, 0.008, 1.5
# and 0.008.
ONE, TWO = Group("one", 8, ["a"]), Group("two", 12, ["a", "b"])
DESIGNS: list[tuple[Sequence[Group], str, str, list[float], list[float], list[float]]] = [
    ([ONE, TWO], "longest_wait", "longest_idle", [0.7301, 0.0741, 12.27], [0.476, 0.1411, 32.10], [0.8385, 0.9286]),
    ([ONE, TWO], "priority", "least_skilled", [0.7057, 0.0953, 14.78], [0.556, 0.1134, 25.56], [0.8756, 0.9042]),
    (
        [Group("s", 6, ["a"]), Group("both", 8, ["a", "b"], aht_factor={"a": 1.25}), Group("t", 6, ["b"])],
        "longest_wait",
        "least_skilled",
        [0.5448, 0.1406, 23.92],
        [0.5574, 0.1162, 25.44],
        [0.9183, 0.9127, 0.9138],
    ),
    (
        [Group("s", 10, ["a"]), Group("t", 11, ["b"], backup={"a": 30})],
        "longest_wait",
        "longest_idle",
        [0.7056, 0.0684, 11.51],
        [0.5749, 0.1215, 27.10],
        [0.846, 0.875],
    ),
]


@pytest.mark.parametrize(("groups", "routing", "agent_rule", "a", "b", "busy"), DESIGNS)
def test_skill_designs_agree_with_another_simulator(
    groups: Sequence[Group], routing: str, agent_rule: str, a: list[float], b: list[float], busy: list[float]
) -> None:
    queues = [Queue("a", 1500, 240, 180, priority=2), Queue("b", 1200, 300, 240, priority=1)]

    found = simulate_skills(
        queues, groups, routing, agent_rule, interval_min=600, warm_up_min=60, replications=40, seed=1
    )

    for queue, expected in (("a", a), ("b", b)):
        row = found.queues["mean"][queue][["service_level", "abandonment", "asa_s"]].to_numpy()
        assert (np.abs(row - expected) < [0.03, 0.01, 2.2]).all()
    occupancy = found.groups["mean"].unstack()["occupancy"]
    assert [occupancy[group.name] for group in groups] == pytest.approx(busy, abs=0.012)


def test_calls_overflow_only_to_a_group_that_is_free_and_only_after_the_delay() -> None:
    queues = [Queue("a", 60, 300, 600), Queue("b", 1, 60)]

    counts = [
        simulate_skills(
            queues, [Group("s", 5, ["a"]), Group("t", 4, ["b"], backup={"a": delay})], replications=20, seed=5
        ).routes.loc["t", "a"]
        for delay in (0, 60, 1e6)
    ]

    assert counts[0] > counts[1] > counts[2] == 0


def test_routing_by_service_level_evens_out_what_is_behind_the_targets() -> None:
    queues = [Queue("strict", 100, 240, 200, service_level=0.9), Queue("mild", 100, 240, 200, service_level=0.5)]
    groups = [Group("all", 26, ["strict", "mild"])]

    fair, unlike = (
        simulate_skills(queues, groups, rule, seed=6).queues["mean"] for rule in ("longest_wait", "service_level")
    )

    assert fair["strict"]["service_level"] == pytest.approx(fair["mild"]["service_level"], abs=0.03)
    assert unlike["strict"]["service_level"] > unlike["mild"]["service_level"] + 0.15


def test_specialists_first_keeps_generalists_free_for_the_queue_that_only_they_know() -> None:
    queues = [Queue("common", 150, 240), Queue("rare", 20, 240)]
    groups = [Group("specialists", 20, ["common"]), Group("generalists", 6, ["common", "rare"])]

    idle, least = (
        simulate_skills(queues, groups, agent_rule=rule, seed=7, replications=40).queues["mean"]["rare"]["asa_s"]
        for rule in ("longest_idle", "least_skilled")
    )

    assert least < idle


volumes = st.lists(st.floats(0, 30), min_size=2, max_size=3)


@settings(deadline=None, max_examples=50)
@given(
    volumes, volumes, st.integers(0, 6), st.integers(0, 6), st.none() | st.floats(5, 300),
    st.sampled_from(["longest_wait", "priority", "service_level"]),
    st.sampled_from(["longest_idle", "least_skilled"]), st.booleans(), st.integers(0, 50),
)  # fmt: skip
def test_laws_of_any_design(
    first: list[float], second: list[float], one: int, two: int, patience_s: float | None, routing: str,
    agent_rule: str, help_out: bool, seed: int,
) -> None:  # fmt: skip
    size = min(len(first), len(second))
    queues = [Queue("a", first[:size], 300, patience_s, 2), Queue("b", second[:size], 200, 60)]
    changing = [one, two, one][:size]
    groups = [Group("g", changing, ["a", "b"]), Group("h", two, ["b"], {"a": 20.0} if help_out else {}, {"b": 1.3})]

    found = simulate_skills(queues, groups, routing, agent_rule, replications=2, seed=seed)

    table = found.intervals
    assert np.allclose(table["offered"], table["answered"] + table["abandoned"])
    for name in ("service_level", "abandonment"):
        assert table[name].between(0, 1).all()
    assert (table["asa_s"] >= 0).all()
    assert found.group_intervals["occupancy"].between(0, 1).all()
    answered = found.queues["mean"].unstack()["answered"]
    assert found.routes.sum().to_numpy() == pytest.approx(answered[found.routes.columns].to_numpy())
    assert not table.isna().to_numpy().any() and not found.queues.isna().to_numpy().any()
    if not help_out:
        assert found.routes.loc["h", "a"] == 0


def test_a_series_gives_its_times_to_every_queue() -> None:
    start = pd.date_range("2026-03-02 08:00", periods=2, freq="30min", name="start")
    queues = [Queue("a", 30, 200), Queue("b", pd.Series([10.0, 20.0], index=start), 200)]

    found = simulate_skills(queues, [Group("g", [9, 10], ["a", "b"])], replications=2)

    assert found.intervals.loc["a"].index.equals(start)
    assert found.group_intervals["agents"].tolist() == [9, 10]
    assert found.intervals.index.names == ["queue", "start"]


A, G = Queue("a", 10, 200), Group("g", 3, ["a"])
BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"queues": []}, ValueError, "queues must hold at least one Queue, got none"),
    ({"groups": ()}, ValueError, "groups must hold at least one Group, got none"),
    ({"queues": A}, TypeError, "queues must be a list of Queue, got Queue"),
    ({"queues": [A, "b"]}, TypeError, "queues must be a list of Queue, got a list with str"),
    ({"queues": [A, A]}, ValueError, "queues must have names of their own, got a, a"),
    ({"groups": [Group("g", 3, ["b"])]}, ValueError, "skills of g must be names of queues (a), got 'b'"),
    ({"groups": [Group("g", 3, "a")]}, TypeError, "skills of g must be a list of names of queues, got 'a'"),
    ({"groups": [Group("g", 3, ["a"], {"b": 5})]}, ValueError, "backup of g must be names of queues (a), got 'b'"),
    ({"groups": [Group("g", 3, ["a"], {"a": -5})]}, ValueError, "backup of g for a must be 0 or more, got -5"),
    (
        {"groups": [Group("g", 3, ["a"], aht_factor={"a": 0})]},
        ValueError,
        "aht_factor of g for a must be above 0, got 0",
    ),
    ({"groups": [Group("g", -3, ["a"])]}, ValueError, "agents of g must be 0 or more, got -3"),
    ({"groups": [Group("g", 2.5, ["a"])]}, ValueError, "agents of g must be whole, got 2.5"),
    (
        {"queues": [Queue("a", [1, 2, 3], 200)], "groups": [Group("g", [3, 4], ["a"])]},
        ValueError,
        "agents of g must hold 1 or 3 values, one for each interval, got shape (2,)",
    ),
    ({"queues": [Queue("a", -1, 200)]}, ValueError, "queue a: calls must be 0 or more, got -1"),
    ({"queues": [Queue("a", 1, 200, priority=0)]}, ValueError, "priority of a must be 1 or more, got 0"),
    (
        {"queues": [Queue("a", 1, 200, service_level=80)]},
        ValueError,
        "service_level of a must be a share between 0 and 1, got 80; write 0.8",
    ),
    ({"routing": "fifo"}, ValueError, "routing must be one of longest_wait, priority, service_level, got 'fifo'"),
    ({"agent_rule": "best"}, ValueError, "agent_rule must be one of longest_idle, least_skilled, got 'best'"),
    (
        {"handle": "given"},
        ValueError,
        "handle must be exponential, lognormal or deterministic with several queues, got 'given'",
    ),
    ({"replications": 1}, ValueError, "replications must be 2 or more, got 1"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "kind", "sentence"), BAD)
def test_bad_input_is_refused_in_a_sentence(change: dict[str, Any], kind: type[Exception], sentence: str) -> None:
    arguments: dict[str, Any] = {"queues": [A], "groups": [G], **change}

    with pytest.raises(kind, match="^" + re.escape(sentence) + "$"):
        simulate_skills(**arguments)
