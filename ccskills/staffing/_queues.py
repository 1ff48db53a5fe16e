"""Erlang B, C and A as users call them: checked input of any shape, and what the queue delivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, collapse, numbers
from . import _erlang

__all__ = ["Delivered", "erlang_a", "erlang_b", "erlang_c", "offered_load"]


@dataclass(frozen=True)
class Delivered:
    """What a queue delivers: floats for one interval, arrays for many."""

    wait_probability: Any
    """Share of offered contacts that do not get an agent at once."""
    service_level: Any
    """Share of offered contacts that are answered within the target (formula: answered within T / offered)."""
    asa_s: Any
    """Average speed of answer [s]: sum of waits of answered / answered contacts; inf when nobody is answered."""
    occupancy: Any
    """Handling time / (handling + available) time."""
    abandonment: Any
    """Share of offered contacts that hang up before an answer; 0 in Erlang C, where nobody does."""


def offered_load(calls: ArrayLike, aht_s: ArrayLike, interval_min: ArrayLike = 30) -> Any:
    """Offered load of an interval, calls x AHT / interval length [erlangs].

    Parameters
    ----------
    calls : number or array
        Contacts offered in the interval.
    aht_s : number or array
        Average handle time: talk, hold and after-call work [s].
    interval_min : number or array, optional
        Length of the interval [min].

    Returns
    -------
    float or array
        Load [erlangs]: the average number of agents busy when all are answered.

    Examples
    --------
    >>> offered_load(100, 240)
    13.33333
    >>> offered_load([50, 100, 200], 240).round(2)
    array([ 6.67, 13.33, 26.67])
    >>> offered_load(-5, 240)
    Traceback (most recent call last):
    ValueError: calls must be 0 or more, got -5
    """
    n, aht, length = broadcast(
        calls=numbers("calls", calls, least=0),
        aht_s=numbers("aht_s", aht_s, above=0),
        interval_min=numbers("interval_min", interval_min, above=0),
    )
    return collapse(n * aht / (60 * length))


def erlang_b(load: ArrayLike, agents: ArrayLike) -> Any:
    """Share of contacts lost when all agents (or lines) are busy and nobody can wait, B(N, A).

    Formula: (A^N / N!) / sum of A^k / k! for k = 0..N, computed as Poisson(N; A) / Q(N + 1, A) with Loader's saddle
    point, so that it holds at any size and for fractional agents.

    Parameters
    ----------
    load : number or array
        Offered load [erlangs].
    agents : number or array
        Agents or lines; may be fractional.

    Returns
    -------
    float or array
        Blocking probability; 0 when there is no load.

    Examples
    --------
    The classic entry of Erlang's table: 10 erlangs on 10 lines.

    >>> erlang_b(10, 10)
    0.214582
    >>> erlang_b(10_000, 10_000)
    0.007936

    References
    ----------
    A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone
    exchanges, 1917.
    """
    a, n, *_ = _queue(load, agents)
    busy = np.where(a > 0, a, 1.0)
    return collapse(np.where(a > 0, 1 / _erlang.inverse_blocking(busy, n), 0.0))


def erlang_c(load: ArrayLike, agents: ArrayLike, aht_s: ArrayLike, within_s: ArrayLike = 20) -> Delivered:
    """What `agents` deliver when nobody hangs up (Erlang C, M/M/N).

    With A the load, N the agents and T the target: service level = 1 - Pw exp(-(N - A) T / AHT),
    ASA = Pw AHT / (N - A), occupancy = A / N. At or above full load the queue grows without end:
    Pw 1, service level 0, ASA inf, occupancy 1.

    Parameters
    ----------
    load : number or array
        Offered load [erlangs], from `offered_load`.
    agents : number or array
        Agents present and ready to take contacts; may be fractional.
    aht_s : number or array
        Average handle time [s].
    within_s : number or array, optional
        Target wait T [s].

    Returns
    -------
    Delivered
        Without load: nobody waits and the service level is 1.

    Examples
    --------
    >>> day = erlang_c(offered_load(100, 240), [16, 17, 18], aht_s=240)
    >>> day.service_level.round(3)
    array([0.69 , 0.81 , 0.888])
    >>> day.asa_s.round(1)
    array([34.8, 16.8,  8.5])
    >>> erlang_c(20, 19, aht_s=240).asa_s
    inf
    """
    a, n, aht, within = _queue(load, agents, aht_s, within_s)
    wait = _waiting(a, n)
    spare = np.maximum(n - a, 0.0)
    level = np.where((n > a) | (a == 0), 1 - wait * np.exp(-spare * within / aht), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        asa = np.where(n > a, wait * aht / spare, np.where(a > 0, np.inf, 0.0))
    return Delivered(*(collapse(x) for x in (wait, level, asa, _occupancy(a, n), np.zeros_like(a))))


def erlang_a(
    load: ArrayLike, agents: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, within_s: ArrayLike = 20
) -> Delivered:
    """What `agents` deliver when waiting customers hang up (Erlang A, M/M/N+M).

    The service level counts contacts answered within T over all contacts offered: who hangs up, however soon, is a
    contact that was not answered. The ASA is the mean wait of those who are answered. Overload is
    allowed: customers who leave keep the queue finite.

    Parameters
    ----------
    load : number or array
        Offered load [erlangs], from `offered_load`.
    agents : number or array
        Agents present and ready to take contacts; may be fractional.
    aht_s : number or array
        Average handle time [s].
    patience_s : number or array
        Mean time that a customer is ready to wait [s]; it is longer than the mean wait of those who hung up.
    within_s : number or array, optional
        Target wait T [s].

    Returns
    -------
    Delivered
        Without load: nobody waits and the service level is 1.

    Examples
    --------
    >>> day = erlang_a(offered_load(100, 240), [14, 15, 17], aht_s=240, patience_s=180)
    >>> day.abandonment.round(3)
    array([0.093, 0.065, 0.029])
    >>> day.service_level.round(3)
    array([0.68 , 0.766, 0.89 ])

    References
    ----------
    O. Garnett, A. Mandelbaum, M. Reiman, Designing a call center with impatient customers, M&SOM 4 (3), 2002, 208-227.
    """
    a, n, aht, patience, within = _queue(load, agents, aht_s, within_s, numbers("patience_s", patience_s, above=0))
    busy = np.where(a > 0, a, 1.0)
    staffed = np.where(n > 0, n, 1.0)
    wait, level, lost, queued = _erlang.patient(busy, n, aht / patience, within / aht)
    sum_of_waits = queued * _erlang.answered_wait(busy, staffed, aht / patience)
    with np.errstate(divide="ignore"):
        asa = np.where(n > 0, aht * sum_of_waits / np.where(n > 0, 1 - lost, 1.0), np.inf)
    occupied = np.where(n > 0, _occupancy(a * (1 - lost), n), 1.0)
    found = ((wait, 0.0), (level, 1.0), (asa, 0.0), (occupied, 0.0), (lost, 0.0))
    return Delivered(*(collapse(np.where(a > 0, value, idle)) for value, idle in found))


def _queue(
    load: ArrayLike,
    agents: ArrayLike,
    aht_s: ArrayLike = 1.0,
    within_s: ArrayLike = 0.0,
    patience_s: ArrayLike | None = None,
) -> tuple[Floats, ...]:
    """The checked inputs of a queue in one shape: load, agents, and what else was given."""
    arrays = {
        "load": numbers("load", load, least=0),
        "agents": numbers("agents", agents, least=0),
        "aht_s": numbers("aht_s", aht_s, above=0),
    }
    if patience_s is not None:
        arrays["patience_s"] = numbers("patience_s", patience_s, above=0)
    arrays["within_s"] = numbers("within_s", within_s, least=0)
    return broadcast(**arrays)


def _waiting(load: Floats, agents: Floats) -> Floats:
    """Erlang C's probability of waiting, 0 where there is no load."""
    busy = np.where(load > 0, load, 1.0)
    return np.asarray(np.where(load > 0, _erlang.waiting(busy, agents), 0.0))


def _occupancy(handled: Floats, agents: Floats) -> Floats:
    """Erlangs handled per agent, never above 1; 0 without load, 1 when there is load and nobody to take it."""
    staffed = np.where(agents > 0, agents, 1.0)
    return np.asarray(np.where(agents > 0, np.minimum(handled / staffed, 1.0), np.where(handled > 0, 1.0, 0.0)))
