"""Erlang C and A against forty-digit arithmetic over the whole range that the library promises, corners included."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from ccskills.staffing import agents_required, erlang_a, erlang_b, erlang_c

DIGITS = 40


def inverse_blocking(load: mp.mpf, agents: int) -> mp.mpf:
    """1/B by the recurrence that defines it."""
    inverse = mp.mpf(1)
    for k in range(1, agents + 1):
        inverse = 1 + inverse * k / load
    return inverse


def rising(x: mp.mpf, y: mp.mpf) -> mp.mpf:
    """1 + y/(x + 1) + y^2/((x + 1)(x + 2)) + ..., summed until nothing changes."""
    term = total = mp.mpf(1)
    j = 0
    while y > x + j or term > total * mp.mpf(10) ** -38:
        j += 1
        term *= y / (x + j)
        total += term
    return total


def true_erlang_a(load: float, agents: int, impatience: float, target: float) -> list[float]:
    """Waiting probability, service level, abandonment and ASA in handle times (Palm's formulas, the ASA by quadrature
    of the density of the wait that is offered)."""
    with mp.workdps(DIGITS):
        a, g, t, n = mp.mpf(load), mp.mpf(impatience), mp.mpf(target), mp.mpf(agents)
        x, y, rho = n / g, a / g, a / n
        first = rising(x, y)
        wait = first / (first + inverse_blocking(a, agents) - 1)
        lost = wait * (1 / (rho * first) + 1 - 1 / rho)

        def answered_after(t: mp.mpf) -> mp.mpf:
            z = y * mp.exp(-g * t)
            ratio = mp.exp((x + 1) * mp.log(z) - z - x * mp.log(y) + y) / (x + 1) * rising(x + 1, z) / first
            return wait * ratio / rho

        level = 1 - wait + answered_after(mp.mpf(0)) - answered_after(t)
        top = max(mp.log(y / (x + 1)), mp.mpf(0))
        width = 12 / mp.sqrt(x + 1) + 60 / (x + 1 - min(y, x + 1) + mp.sqrt(x + 1))
        ends = [max(top - width, 0) + (top + width - max(top - width, 0)) * i / 12 for i in range(13)]

        def density(v: mp.mpf) -> mp.mpf:
            return mp.exp(-(x + 1) * (v - top) - y * (mp.exp(-v) - mp.exp(-top)))

        with mp.workdps(18):
            mean = mp.quad(lambda v: v * density(v), ends) / mp.quad(density, ends)
        return [float(v) for v in (wait, level, lost, answered_after(mp.mpf(0)) * mean / g / (1 - lost))]


def sample() -> list[tuple[float, int, float, float]]:
    """Corners of load 0.1 to 10,000, rho 0.1 to 4 and AHT / patience 0.02 to 50, and loads between them."""
    corners = [(a, rho, g) for a in (0.1, 10.0, 100.0) for rho in (0.1, 1.0, 4.0) for g in (0.02, 1.0, 50.0)]
    rng = np.random.default_rng(7)
    inside = [(10 ** rng.uniform(-1, 2.5), 10 ** rng.uniform(-1, 0.6), 10 ** rng.uniform(-1.7, 1.7)) for _ in range(30)]
    near = [(a, 1 + rng.normal() / np.sqrt(a), 10 ** rng.uniform(-1.7, 1.7)) for a in 10 ** rng.uniform(0, 2.5, 20)]
    large = [(10_000.0, 1.0, 0.5), (10_000.0, 4.0, 50.0), (10_000.0, 0.97, 5.0)]
    rows = corners + inside + near + large
    return [(a, max(round(a / rho), 1), g, 10 ** rng.uniform(-3, 0.5)) for a, rho, g in rows]


def test_erlang_a_is_right_to_a_billionth_over_the_whole_range() -> None:
    rows = sample()
    load, agents, impatience, target = np.array(rows, dtype=float).T

    found = erlang_a(load, agents, aht_s=1, patience_s=1 / impatience, within_s=target)

    truth = np.array([true_erlang_a(*row) for row in rows]).T
    assert np.abs(found.wait_probability - truth[0]).max() < 1e-12
    assert np.abs(found.service_level - truth[1]).max() < 1e-12
    assert np.abs(found.abandonment - truth[2]).max() < 1e-12
    felt = truth[3] > 1e-200
    assert np.abs(found.asa_s[felt] / truth[3][felt] - 1).max() < 1e-9


def test_blocking_of_many_agents_is_right_on_both_sides_of_where_its_formula_changes() -> None:
    agents = np.repeat([200, 255, 256, 257, 400, 1500, 6000], 8)
    load = agents * np.tile(1 + np.array([-0.1501, -0.1499, -0.03, 0, 1e-9, 0.03, 0.1499, 0.1501]), 7)

    found = erlang_b(load, agents)

    with mp.workdps(DIGITS):
        truth = [inverse_blocking(mp.mpf(a), int(n)) for a, n in zip(load, agents, strict=True)]
        off = [abs(mp.mpf(b) * inverse - 1) for b, inverse in zip(found, truth, strict=True)]
    # What the last digit of the load is worth: 6,000 agents x 0.15 x 2^-53 is 1e-13.
    assert max(off) < 1e-13


def true_need(load: float, aht: float, level: float, within: float) -> int:
    """Agents of Erlang C, counted up one by one."""
    with mp.workdps(DIGITS):
        a, t, blocking, n = mp.mpf(load), mp.mpf(within) / mp.mpf(aht), mp.mpf(1), 0
        while True:
            n += 1
            blocking = a * blocking / (n + a * blocking)
            if n > a:
                wait = blocking / (1 - a / n * (1 - blocking))
                if 1 - wait * mp.exp(-(n - a) * t) >= mp.mpf(level):
                    return n


def test_agents_of_erlang_c_are_the_same_whole_numbers_as_in_forty_digits() -> None:
    rng = np.random.default_rng(11)
    load = np.append(10 ** rng.uniform(-2, 2.7, 150), [1e-6, 1, 100, 3000, 10_000])
    aht, within = rng.uniform(30, 900, load.size), rng.choice([0, 10, 20, 60, 300], load.size)
    level = rng.choice([0.3, 0.8, 0.9, 0.95, 0.999], load.size)

    found = agents_required(load, aht, level, within)

    assert found.tolist() == [true_need(*row) for row in zip(load, aht, level, within, strict=True)]


@pytest.mark.parametrize("load", [0.3, 13.3, 298.0, 4000.0, 10_000.0])
def test_the_asa_of_erlang_c_target_is_met_by_the_fewest_agents_in_forty_digits(load: float) -> None:
    agents = agents_required(load, 240, service_level=None, max_asa_s=10)

    with mp.workdps(DIGITS):
        a = mp.mpf(load)
        waits = []
        for n in (agents - 1, agents):
            blocking = 1 / inverse_blocking(a, n)
            waits.append(blocking / (1 - a / n * (1 - blocking)) * 240 / (n - a) if n > a else mp.inf)
    assert waits[1] <= 10 < waits[0]
    assert erlang_c(load, agents, 240).asa_s == pytest.approx(float(waits[1]), rel=1e-10)
