"""Chat with concurrency, against the linear equations of the birth-death chain and the Erlang queues it contains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm

from ccskills.staffing import chat_delivered, chat_required, erlang_a, erlang_c, offered_load

FACTORS = [1, 1.25, 1.5]


def rates(aht: float, agents: int, factors: list[float], theta: float, states: int) -> NDArray[np.float64]:
    """What ends a second with 0, 1, ... chats: each agent counted on its own, chats dealt round like cards."""
    found = np.zeros(states)
    for chats in range(states):
        held = [0] * agents
        for card in range(min(chats, agents * len(factors))):
            held[card % agents] += 1
        found[chats] = sum(n / (aht * factors[n - 1]) for n in held if n)
        found[chats] += theta * max(chats - agents * len(factors), 0)
    return found


def solved(rate: float, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """The steady state by the linear equations, not by any recurrence."""
    generator = np.diag(np.full(ends.size - 1, rate), 1) + np.diag(ends[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    generator[:, 0] = 1
    return np.asarray(np.linalg.solve(generator.T, np.eye(ends.size)[0]))


@pytest.mark.parametrize(
    ("chats", "agents", "factors", "patience"),
    [
        (60, 10, FACTORS, 240.0),
        (60, 5, FACTORS, 240.0),
        (20, 4, [1, 1.1], 90.0),
        (9, 2, [1, 1.05, 1.3, 1.3], None),
        (30, 12, [1], 100.0),
        (12, 6, [1, 2.5], None),
    ],
)
def test_the_floor_is_the_solution_of_its_linear_equations(
    chats: float, agents: int, factors: list[float], patience: float | None
) -> None:
    rate, aht, within, places = chats / 1800, 600.0, 45.0, agents * len(factors)
    theta = 0.0 if patience is None else 1 / patience
    ends = rates(aht, agents, factors, theta, places + 400)
    share = solved(rate, ends)
    number = np.arange(share.size)

    found = chat_delivered(chats, aht, agents, len(factors), factors, within, patience)

    queue = np.maximum(number - places, 0)
    lost = float(theta * queue @ share / rate)
    busy, served = np.minimum(number, agents) @ share, np.minimum(number, places) @ share
    assert found.wait_probability == pytest.approx(share[places:].sum(), rel=1e-9)
    assert found.abandonment == pytest.approx(lost, abs=1e-12)
    assert found.occupancy == pytest.approx(busy / agents, rel=1e-9)
    assert found.chats_at_once == pytest.approx(served / busy, rel=1e-9)
    assert found.handle_s == pytest.approx(served / (rate * (1 - lost)), rel=1e-9)  # Little's law

    # A customer who finds q others in the queue moves up one place at each end and each departure before him; time
    # to the answer from the matrix exponential of that chain. Column 0 is the answer, the last one hanging up.
    places_ahead = 200
    chain = np.zeros((places_ahead + 2, places_ahead + 2))
    for ahead in range(places_ahead):
        here = ahead + 1
        chain[here, here - 1] = ends[places] + theta * ahead
        chain[here, -1] = theta
        chain[here, here] = -chain[here].sum()
    start = np.append(np.append(0.0, share[places : places + places_ahead]), 0.0)
    level = share[:places].sum() + (start @ expm(chain * within))[0]
    assert found.service_level == pytest.approx(level, abs=1e-9)
    waiting = np.linalg.solve(-chain[1:-1, 1:-1], np.eye(places_ahead))  # mean time in each place
    answered = waiting[:, 0] * chain[1, 0]
    # E[wait; answered] is the derivative of the Laplace transform: -G^-1 applied twice.
    wait_answered = start[1:-1] @ waiting @ answered
    assert found.asa_s == pytest.approx(wait_answered / (1 - lost), rel=1e-8)


@given(chats=st.floats(0.5, 400), agents=st.integers(1, 60), patience=st.floats(5, 2000), within=st.floats(0, 200))
@settings(deadline=None, max_examples=60)
def test_one_chat_at_a_time_is_erlang_a_and_erlang_c(chats: float, agents: int, patience: float, within: float) -> None:
    load = offered_load(chats, 300)

    impatient = chat_delivered(chats, 300, agents, 1, 0.4, within, patience)
    endless = chat_delivered(chats, 300, agents, 1, 0.4, within)

    for found, erlang in (
        (impatient, erlang_a(load, agents, 300, patience, within)),
        (endless, erlang_c(load, agents, 300, within)),
    ):
        assert found.wait_probability == pytest.approx(erlang.wait_probability, abs=1e-10)
        assert found.service_level == pytest.approx(erlang.service_level, abs=1e-10)
        assert found.asa_s == pytest.approx(erlang.asa_s, rel=1e-6)
        assert found.occupancy == pytest.approx(erlang.occupancy, rel=1e-8)
        assert found.abandonment == pytest.approx(erlang.abandonment, abs=1e-10)


@given(chats=st.floats(0.5, 200), agents=st.integers(1, 40), most=st.integers(1, 5), slowdown=st.floats(0, 0.9))
@settings(deadline=None, max_examples=60)
def test_one_more_agent_never_makes_chat_worse_and_shares_stay_shares(
    chats: float, agents: int, most: int, slowdown: float
) -> None:
    for patience in (None, 120.0):
        found = chat_delivered(chats, 500, [agents, agents + 1], most, slowdown, 30, patience)

        assert found.service_level[1] >= found.service_level[0] - 1e-12
        assert found.wait_probability[1] <= found.wait_probability[0] + 1e-12
        shares = [found.wait_probability, found.service_level, found.occupancy, found.abandonment]
        assert np.min(shares) >= 0 and np.max(shares) <= 1
        assert (found.chats_at_once >= 1 - 1e-12).all() and (found.chats_at_once <= most + 1e-12).all()


def test_concurrency_that_costs_nothing_is_worth_so_many_agents() -> None:
    # Without slowdown an agent with 3 places that are all taken works like 3 agents: in overload the answers are the
    # same as those of 3 n agents with one chat each, n x 3 / 600 a second.
    found = chat_delivered(600, aht_s=600, agents=10, concurrency=3, patience_s=300)

    assert (1 - found.abandonment) * 600 / 1800 == pytest.approx(30 / 600, rel=1e-6)


@given(chats=st.floats(1, 300), slowdown=st.floats(0, 0.6), level=st.floats(0.2, 0.98))
@settings(deadline=None, max_examples=40)
def test_chat_agents_are_the_fewest_that_reach_the_target(chats: float, slowdown: float, level: float) -> None:
    for patience in (None, 200.0):
        agents = chat_required(chats, 500, 3, slowdown, level, 30, patience)

        delivered = chat_delivered(chats, 500, [agents, agents - 1], 3, slowdown, 30, patience).service_level
        assert delivered[0] >= level > delivered[1]


def test_chat_agents_for_one_chat_at_a_time_are_those_of_erlang_c() -> None:
    # standard.md 5.3: 50, 100 and 200 calls of 240 s need 10, 17 and 32 agents for 80/20
    assert chat_required([50, 100, 200], 240, concurrency=1, within_s=20).tolist() == [10, 17, 32]
    assert chat_required(100, 240, concurrency=1, within_s=20, shrinkage=0.3) == 25


def test_no_chats_and_no_agents_are_said_plainly() -> None:
    idle, nobody = chat_delivered(0, 600, 4), chat_delivered(10, 600, 0)

    assert (idle.service_level, idle.wait_probability, idle.asa_s, idle.occupancy) == (1, 0, 0, 0)
    assert (nobody.service_level, nobody.asa_s, nobody.abandonment) == (0, math.inf, 0)
    assert chat_delivered(10, 600, 0, patience_s=60).abandonment == 1
    assert chat_delivered(600, 600, 4).asa_s == math.inf
    assert chat_delivered(1e18, 600, 4, patience_s=60).asa_s == math.inf
    assert chat_required([0, 0], 600).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("error", "call", "sentence"),
    [
        (
            ValueError,
            lambda: chat_delivered(10, 600, 3, 3, [1, 1.2]),
            "slowdown must be a number or 3 factors that start at 1 and never fall, got [1, 1.2]",
        ),
        (
            ValueError,
            lambda: chat_delivered(10, 600, 3, 2, [1.1, 1.2]),
            "slowdown must be a number or 2 factors that start at 1 and never fall, got [1.1, 1.2]",
        ),
        (ValueError, lambda: chat_delivered(10, 600, 2.5), "agents must be whole numbers, got 2.5"),
        (ValueError, lambda: chat_delivered(10, 600, 3, 0), "concurrency must be 1 or more, got 0"),
        (TypeError, lambda: chat_delivered(10, 600, 3, 2.5), "concurrency must be a whole number, got 2.5"),  # type: ignore[arg-type]
        (ValueError, lambda: chat_delivered(-1, 600, 3), "chats must be 0 or more, got -1"),
        (
            ValueError,
            lambda: chat_required(10, 600, service_level=80),
            "service_level must be a share between 0 and 1, both excluded, got 80; write 0.8",
        ),
    ],
)
def test_chat_that_cannot_be_is_refused_in_one_sentence(error: type[Exception], call: object, sentence: str) -> None:
    with pytest.raises(error) as raised:
        call()  # type: ignore[operator]

    assert str(raised.value) == sentence
