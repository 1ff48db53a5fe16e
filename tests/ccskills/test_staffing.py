"""Staffing against published tables, fifty-digit arithmetic, a birth-death chain and the laws that any queue obeys."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.staffing import _erlang as _erlang
from ccskills.staffing import agents_required, erlang_a, erlang_b, erlang_c, offered_load

loads = st.floats(0.01, 2000)
headcounts = st.integers(0, 2500)
handle_times = st.floats(10, 2000)
patiences = st.floats(5, 3000)


def test_the_load_of_100_calls_of_240_seconds_in_half_an_hour_is_13_33_erlangs() -> None:
    # standard.md 5.3
    assert offered_load(100, 240) == pytest.approx(13.33, abs=0.005)
    assert offered_load(pd.Series([100, 50]), 240, 15).tolist() == pytest.approx([400 / 15, 200 / 15])


# Erlang B, printed traffic tables: lines N and the load that loses the given share.
# Source: the usual Erlang-B table as printed in textbooks of teletraffic (three digits of load): 1 % on 10 lines
# 4.46 erlangs, on 20 lines 12.0, on 50 lines 37.9, on 100 lines 84.1; 5 % on 10 lines 6.22, on 20 lines 15.2.
@pytest.mark.parametrize(
    ("lines", "load", "loss", "half_digit"),
    [
        (10, 4.46, 0.01, 0.005),
        (20, 12.0, 0.01, 0.05),
        (50, 37.9, 0.01, 0.05),
        (100, 84.1, 0.01, 0.05),
        (10, 6.22, 0.05, 0.005),
        (20, 15.2, 0.05, 0.05),
    ],
)
def test_erlang_b_reproduces_the_printed_tables(lines: int, load: float, loss: float, half_digit: float) -> None:
    assert erlang_b(load - half_digit, lines) <= loss <= erlang_b(load + half_digit, lines)


# mpmath 50 digits: recurrence B_k = a B_(k-1) / (k + a B_(k-1)) for whole agents,
# 1 / (e^a a^-n Gamma(n + 1, a)) for fractional ones.
@pytest.mark.parametrize(
    ("load", "agents", "loss"),
    [
        (0.1, 1, 0.090909090909090909),
        (13.3, 20, 0.021298836944943347),
        (300.0, 300, 0.044681481859942712),
        (1000.0, 1050, 0.0038131359845401547),
        (10000.0, 9000, 0.10088280763283782),
        (10000.0, 10100, 0.0028623572207360649),
        (13.5, 17.25, 0.067774899602160048),
        (100.0, 90.5, 0.14220101093995523),
        (5000.0, 5001.5, 0.0110102521595233),
        (50.0, 3.5, 0.9314403635304093),
    ],
)
def test_erlang_b_agrees_with_fifty_digit_arithmetic(load: float, agents: float, loss: float) -> None:
    assert erlang_b(load, agents) == pytest.approx(loss, rel=3e-12)


@given(load=loads, agents=st.integers(0, 300))
@settings(deadline=None)
def test_erlang_b_equals_the_textbook_recurrence(load: float, agents: int) -> None:
    expected = 1.0
    for k in range(1, agents + 1):
        expected = load * expected / (k + load * expected)

    assert erlang_b(load, agents) == pytest.approx(expected, rel=1e-9, abs=1e-250)


def test_erlang_c_reproduces_the_staffing_table_of_the_standard() -> None:
    # standard.md 5.3: 100 calls of 240 s in half an hour, target 20 s
    day = erlang_c(offered_load(100, 240), [14, 15, 16, 17, 18, 19], aht_s=240, within_s=20)

    assert day.wait_probability == pytest.approx([0.803, 0.566, 0.387, 0.257, 0.166, 0.103], abs=0.0005)
    assert day.service_level == pytest.approx([0.240, 0.508, 0.690, 0.810, 0.888, 0.936], abs=0.0005)
    assert day.asa_s == pytest.approx([289.2, 81.4, 34.8, 16.8, 8.5, 4.4], abs=0.05)
    assert day.occupancy == pytest.approx([0.952, 0.889, 0.833, 0.784, 0.741, 0.702], abs=0.0005)
    assert day.abandonment.tolist() == [0] * 6


# mpmath 50 digits: C = B / (1 - (a / n)(1 - B)) on the recurrence of B, SL = 1 - C exp(-(n - a) 20 / 240).
@pytest.mark.parametrize(
    ("load", "agents", "wait", "level"),
    [
        (13.3, 14, 0.79400014553349032, 0.25099151551354667),
        (300.0, 330, 0.055924706228186153, 0.9954094205662174),
        (1000.0, 1001, 0.96125820585249106, 0.11559975668881136),
        (10000.0, 10001, 0.98755687015654843, 0.091403817483651819),
    ],
)
def test_erlang_c_agrees_with_fifty_digit_arithmetic(load: float, agents: int, wait: float, level: float) -> None:
    found = erlang_c(load, agents, aht_s=240, within_s=20)

    assert found.wait_probability == pytest.approx(wait, rel=1e-11)
    assert found.service_level == pytest.approx(level, rel=1e-10)


# mpmath 50 digits: probability of waiting and abandonment from the sums of the birth-death chain, service level and
# mean wait of the answered by quadrature of the density exp(-n mu t + (lambda / theta)(1 - e^(-theta t))).
# Rows: load, agents, AHT, patience, target | Pw, answered within T / offered, abandoned, ASA of the answered.
ERLANG_A = [
    (40 / 3, 14, 240, 180, 20, 0.43541914972834128, 0.68027943599365676, 0.093448948950181856, 15.132171008062826),
    (298, 274, 180, 120, 20, 0.8710281541959395, 0.8026973899249313, 0.083994482258237889, 10.262746710121413),
    (298, 300, 180, 120, 480, 0.41652480447613663, 0.97784253964296968, 0.022157460357030317, 2.6022711722786547),
    (100, 50, 240, 60, 20, 0.99766921797945675, 0.059613326166324443, 0.50004419683345555, 39.234807792373478),
    (0.5, 1, 300, 15000, 20, 0.49113470207224833, 0.52553670930149059, 0.017730595855503331, 261.23840806106319),
    (1000, 1010, 300, 6, 20, 0.10043885939248487, 0.98350170331382731, 0.016498296686172691, 0.086849349370608508),
    (200, 100, 30, 600, 20, 1.0, 2.7204035782936388e-241, 0.5, 415.73832083596687),
]


@pytest.mark.parametrize("row", ERLANG_A, ids=lambda row: f"{row[0]:.4g} erlangs, {row[1]} agents")
def test_erlang_a_agrees_with_the_birth_death_chain_in_fifty_digits(row: tuple[float, ...]) -> None:
    load, agents, aht, patience, within, wait, level, lost, asa = row

    found = erlang_a(load, agents, aht, patience, within)

    assert found.wait_probability == pytest.approx(wait, abs=1e-11)
    assert found.service_level == pytest.approx(level, abs=1e-11)
    assert found.abandonment == pytest.approx(lost, abs=1e-11)
    assert found.asa_s == pytest.approx(asa, rel=1e-9)
    assert found.occupancy == pytest.approx(load * (1 - lost) / agents, rel=1e-10)


def test_erlang_a_loses_the_share_of_calls_that_the_standard_prints() -> None:
    # standard.md 5.3: mean patience 180 s -> 9.3 %, 6.5 % and 2.9 % abandon with 14, 15 and 17 agents
    day = erlang_a(offered_load(100, 240), [14, 15, 17], aht_s=240, patience_s=180)

    assert day.abandonment == pytest.approx([0.093, 0.065, 0.029], abs=0.0005)


@given(load=loads, agents=headcounts, aht=handle_times, patience=patiences, within=st.floats(0, 600))
@settings(deadline=None, max_examples=200)
def test_no_queue_delivers_a_share_outside_0_to_1_or_a_nan(
    load: float, agents: int, aht: float, patience: float, within: float
) -> None:
    for found in (erlang_c(load, agents, aht, within), erlang_a(load, agents, aht, patience, within)):
        shares = found.wait_probability, found.service_level, found.occupancy, found.abandonment
        assert all(0 <= value <= 1 for value in shares)
        assert found.asa_s >= 0


@given(load=loads, agents=st.integers(1, 2500), aht=handle_times, patience=patiences)
@settings(deadline=None, max_examples=200)
def test_one_more_agent_never_makes_the_service_worse(load: float, agents: int, aht: float, patience: float) -> None:
    for found in (erlang_c(load, [agents, agents + 1], aht), erlang_a(load, [agents, agents + 1], aht, patience)):
        assert found.service_level[1] >= found.service_level[0] - 1e-12
        assert found.wait_probability[1] <= found.wait_probability[0] + 1e-12
        assert found.abandonment[1] <= found.abandonment[0] + 1e-12
        assert found.occupancy[1] <= found.occupancy[0] + 1e-12


@given(load=st.floats(0.5, 500), spare=st.floats(0.5, 100), aht=handle_times)
@settings(deadline=None, max_examples=40)
def test_erlang_a_lies_between_erlang_b_and_erlang_c(load: float, spare: float, aht: float) -> None:
    agents = math.ceil(load + spare)

    endless = erlang_a(load, agents, aht, patience_s=1e7 * aht)
    none = erlang_a(load, agents, aht, patience_s=1e-6 * aht, within_s=0)
    some = erlang_a(load, agents, aht, patience_s=aht)

    limit = erlang_c(load, agents, aht)
    assert endless.service_level == pytest.approx(limit.service_level, abs=1e-4)
    assert none.abandonment == pytest.approx(erlang_b(load, agents), abs=1e-4)
    assert erlang_b(load, agents) - 1e-12 <= some.wait_probability <= limit.wait_probability + 1e-12


def test_overload_without_patience_grows_without_end_and_says_so() -> None:
    found = erlang_c([20, 20, 20], [19, 20, 0], aht_s=240)

    assert found.wait_probability.tolist() == [1, 1, 1]
    assert found.service_level.tolist() == [0, 0, 0]
    assert found.asa_s.tolist() == [math.inf] * 3
    assert found.occupancy.tolist() == [1, 1, 1]


def test_an_interval_without_calls_needs_nobody_and_keeps_its_service() -> None:
    for found in (erlang_c(0, 0, 240), erlang_c(0, 3, 240), erlang_a(0, 0, 240, 60), erlang_a(0, 3, 240, 60)):
        assert (found.wait_probability, found.service_level, found.asa_s, found.occupancy) == (0, 1, 0, 0)
    assert agents_required(0, 240) == 0
    assert agents_required([0, 0], 240).tolist() == [0, 0]


def test_nobody_answers_when_nobody_is_there() -> None:
    found = erlang_a(5, 0, 240, 60)

    assert (found.service_level, found.abandonment, found.asa_s) == (0, 1, math.inf)


def test_pooling_two_queues_saves_two_agents() -> None:
    # standard.md 5.3: 50 calls need 10 (66.7 % busy), 100 need 17 (78.4 %), 200 need 32 (83.3 %), twice 100 need 34
    load = offered_load([50, 100, 200], 240)

    agents = agents_required(load, aht_s=240)

    assert agents.tolist() == [10, 17, 32]
    assert erlang_c(load, agents, 240).occupancy == pytest.approx([0.667, 0.784, 0.833], abs=0.0005)


def test_shrinkage_divides_by_what_is_left() -> None:
    # standard.md 5.3: 17 / 0.70 = 24.3 -> 25; 17 x 1.30 is wrong
    load = offered_load(100, 240)

    assert agents_required(load, 240, shrinkage=0.30) == 25
    assert agents_required(load, 240, whole=False, shrinkage=0.30) == pytest.approx(
        agents_required(load, 240, whole=False) / 0.7
    )
    assert agents_required(load, 240, shrinkage=0.15) == 20  # 17 / 0.85 is exactly 20, whatever the floats say


def test_a_ceiling_on_occupancy_adds_agents() -> None:
    # 200 calls need 32 agents, 83.3 % busy; at most 80 % asks for 26.67 / 0.80 = 33.3 -> 34; at most 5/6 keeps the 32
    load = offered_load(200, 240)

    assert agents_required(load, 240, max_occupancy=0.80) == 34
    assert agents_required(load, 240, max_occupancy=5 / 6) == 32
    assert agents_required(load, 240, max_occupancy=0.80, whole=False) == pytest.approx(load / 0.80, rel=1e-6)


def test_impatient_customers_may_need_fewer_agents_than_the_load() -> None:
    # The birth-death chain (ERLANG_A above) gives 80.27 % with 274 agents; its own sums give 79.04 % with 273.
    assert agents_required(298, 180, patience_s=120) == 274


@given(load=loads, aht=handle_times, level=st.floats(0.05, 0.99), within=st.floats(0, 300))
@settings(deadline=None, max_examples=150)
def test_required_agents_are_the_fewest_that_reach_the_target(
    load: float, aht: float, level: float, within: float
) -> None:
    agents = agents_required(load, aht, level, within)

    assert erlang_c(load, agents, aht, within).service_level >= level - 1e-12
    assert erlang_c(load, agents - 1, aht, within).service_level < level + 1e-12
    assert agents - 1 - 1e-6 <= agents_required(load, aht, level, within, whole=False) <= agents


@given(load=loads, aht=handle_times, level=st.floats(0.05, 0.99), within=st.floats(0, 300), patience=patiences)
@settings(deadline=None, max_examples=150)
def test_required_agents_with_patience_are_the_fewest_that_reach_the_target(
    load: float, aht: float, level: float, within: float, patience: float
) -> None:
    agents = agents_required(load, aht, level, within, patience_s=patience)

    assert erlang_a(load, agents, aht, patience, within).service_level >= level - 1e-12
    assert erlang_a(load, agents - 1, aht, patience, within).service_level < level + 1e-12


def test_arrays_give_what_their_single_numbers_give() -> None:
    load = np.array([[0.0, 3.2, 13.3], [298.0, 1000.0, 9000.0]])

    together = agents_required(load, 240, patience_s=120, shrinkage=0.3)

    assert together.shape == load.shape
    assert together.ravel().tolist() == [agents_required(x, 240, patience_s=120, shrinkage=0.3) for x in load.ravel()]


def test_single_numbers_give_plain_python_numbers() -> None:
    assert type(agents_required(13.3, 240)) is int
    assert type(agents_required(13.3, 240, whole=False)) is float
    assert type(erlang_c(13.3, 17, 240).service_level) is float


def test_logarithms_take_over_where_the_incomplete_gamma_function_underflows() -> None:
    # mpmath 50 digits: log of gammainc(400, 0, 20, regularized=True), and the Poisson mass 400 of mean 20
    shape, x = np.array([400.0]), np.array([20.0])

    assert _erlang.log_lower(shape, x)[0] == pytest.approx(-822.15663336040943, rel=1e-13)


def test_the_lower_gamma_tail_is_right_where_scipy_stops_too_early() -> None:
    # mpmath 40 digits: Poisson mass times 1 + y/(s+1) + y^2/((s+1)(s+2)) + ..., summed term by term
    assert _erlang.log_lower(np.array([3e7]), np.array([3e7 - 30000]))[0] == pytest.approx(
        -17.660443156110246, abs=1e-11
    )


# mpmath 40 digits: 1/B by the recurrence, the incomplete gamma functions by their series summed term by term.
# Rows: load, agents, AHT / patience, target / AHT | Pw, answered within T / offered, abandoned.
@pytest.mark.parametrize(
    ("load", "agents", "impatience", "target", "wait", "level", "lost"),
    [
        (9000, 9100, 0.02, 0.001, 0.20138361052063557, 0.81811327818369017, 3.8935286919484204e-5),
        (9000, 9060, 0.02, 0.0005, 0.40271709393475884, 0.6097313625897475, 0.00012328024449725348),
        (9000, 9075, 0.003, 0.0005, 0.32018886475231303, 0.69165188494322357, 1.268695913586762e-5),
    ],
)
def test_erlang_a_holds_for_large_centres_with_very_patient_customers(
    load: float, agents: int, impatience: float, target: float, wait: float, level: float, lost: float
) -> None:
    found = erlang_a(load, agents, aht_s=300, patience_s=300 / impatience, within_s=300 * target)

    assert found.wait_probability == pytest.approx(wait, abs=1e-11)
    assert found.service_level == pytest.approx(level, abs=1e-11)
    assert found.abandonment == pytest.approx(lost, abs=1e-13)


def test_laws_hold_far_outside_what_a_floor_will_see() -> None:
    rng = np.random.default_rng(5)
    load, aht = 10 ** rng.uniform(-4, 5, 20_000), 10 ** rng.uniform(0, 4, 20_000)
    agents = np.rint(load * 10 ** rng.uniform(-1.5, 2.5, load.size))
    agents[::3] = np.rint(load[::3] + rng.normal(0, 3, load[::3].size) * np.sqrt(load[::3])).clip(0)
    patience, within = aht * 10 ** rng.uniform(-2.5, 3, load.size), aht * 10 ** rng.uniform(-4, 1.5, load.size)

    endless = [erlang_c(load, agents + more, aht, within) for more in (0, 1)]
    ending = [erlang_a(load, agents + more, aht, patience, within) for more in (0, 1)]

    for fewer, more in (endless, ending):
        for found in (fewer, more):
            shares = [found.wait_probability, found.service_level, found.occupancy, found.abandonment]
            assert np.isfinite(shares).all() and np.min(shares) >= 0 and np.max(shares) <= 1
            assert (found.asa_s >= 0).all()
        assert (more.service_level >= fewer.service_level - 1e-13).all()
        assert (more.wait_probability <= fewer.wait_probability + 1e-13).all()
        assert (more.abandonment <= fewer.abandonment + 1e-13).all()
        assert (more.occupancy <= fewer.occupancy + 1e-13).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: offered_load(-1, 240), "calls must be 0 or more, got -1"),
        (lambda: offered_load([1, float("nan")], 240), "calls must be finite numbers, got nan at position 1"),
        (lambda: offered_load([], 240), "calls must hold at least one value, got none"),
        (lambda: offered_load(1, 0), "aht_s must be above 0, got 0"),
        (lambda: erlang_b(10, -1), "agents must be 0 or more, got -1"),
        (
            lambda: erlang_c([1, 2], [1, 2, 3], 240),
            "load and agents must have shapes that go together, got (2,) and (3,)",
        ),
        (lambda: erlang_a(10, 10, 240, 0), "patience_s must be above 0, got 0"),
        (
            lambda: agents_required(10, 240, service_level=80),
            "service_level must be a share between 0 and 1, both excluded, got 80; write 0.8",
        ),
        (lambda: agents_required(10, 240, 1.0), "service_level must be a share between 0 and 1, both excluded, got 1"),
        (
            lambda: agents_required(10, 240, shrinkage=30),
            "shrinkage must be a share between 0 and 1, 1 excluded, got 30; write 0.3",
        ),
        (
            lambda: agents_required(10, 240, max_occupancy=85),
            "max_occupancy must be a share between 0 and 1, 0 excluded, got 85; write 0.85",
        ),
    ],
)
def test_bad_numbers_are_refused_in_one_sentence(call: object, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()  # type: ignore[operator]

    assert str(error.value) == sentence


@pytest.mark.parametrize("value", ["100", None, True, {"calls": 1}])
def test_what_is_not_a_number_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match="calls must be numbers"):
        offered_load(value, 240)  # type: ignore[arg-type]
