"""A queue in short steps without drawing calls: mean and variance of who is there, for many plans at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from .._checks import Floats

__all__ = ["Flows", "Rates", "State", "empty", "work"]

STEP_S = 120.0
ACCEPTED = 0.3  # share of those who would wait that take an offered call back
CALLED_BACK_AFTER_S = 3600.0  # mean time until the dialler tries, when somebody is free
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True)
class Rates:
    """What customers do in an interval: calls per second, handle time, patience, who calls again and when."""

    calls_s: float
    aht_s: float
    patience_s: float
    within_s: float
    retry_share: float
    retry_after_s: float


class State(NamedTuple):
    """Where each plan stands at a moment: arrays with one value for each plan."""

    present: Floats
    """Mean of the customers in service or waiting."""
    variance: Floats
    again: Floats
    """Customers who hung up and will call again."""
    promised: Floats
    """Call backs promised and not yet made."""
    agents: Floats
    """Agents of the interval before."""
    waiting: Floats
    """Mean of the customers in the queue."""


class Flows(NamedTuple):
    """What an interval brought: arrays with one value for each plan."""

    offered: Floats
    answered_within: Floats
    abandoned: Floats
    promised: Floats
    """Customers who took a call back instead of waiting."""
    wait_s: Floats
    """Seconds waited by all together."""
    busy_s: Floats
    staffed_s: Floats
    answered: Floats
    """offered - abandoned - promised - what the queue grew by."""


def empty(size: int) -> State:
    """Before opening."""
    return State(*np.zeros((6, size)))


def work(rates: Rates, agents: Floats, callback: Floats, state: State, minutes: int) -> tuple[State, Flows]:
    """Let `agents` work through `minutes`; `callback` is 1 where call backs are offered, 0 where not.

    The Gaussian closure of the M/M/N+M queue: the number present is taken as normal, so that the expected queue and
    the expected busy agents follow from mean and variance, whose differential equations Stein's lemma closes. Agents
    who leave finish their call first. A step of two minutes is linearly implicit.

    References
    ----------
    W. A. Massey, J. Pender, Gaussian skewness approximation for dynamic rate multi-server queues with abandonment,
    Queueing Systems 75, 2013, 243-277 (its starting point, the Gaussian variance approximation).
    """
    serve, leave = 1 / rates.aht_s, 1 / rates.patience_s
    # A queue of reach x agents is answered, or gone, within the target; of those who wait so long some hang up before.
    reach = np.expm1(leave * rates.within_s) * serve / leave
    stay = (1 + np.exp(-leave * rates.within_s)) / 2
    mean, variance, again, promised = state.present, state.variance, state.again, state.promised
    finishing = np.maximum(np.minimum(mean, state.agents) - agents, 0.0)
    accepting, fade = ACCEPTED * callback, np.exp(-serve * STEP_S)
    table = np.empty((round(minutes * 60 / STEP_S), 7, agents.size))
    for row in table:
        staff = agents + finishing
        spread, free, queue = _queue(mean, variance, staff)
        calls = rates.calls_s + again / rates.retry_after_s
        moved = calls * (accepting * (1 - free))
        called_back = promised / CALLED_BACK_AFTER_S * free
        busy = np.minimum(np.maximum(mean - queue, 0.0), staff)
        served, lost = serve * busy, leave * queue
        come = calls - moved + called_back
        slope = serve * free + leave * (1 - free)
        change = STEP_S * (come - served - lost) / (1 + STEP_S * slope)
        # What went in this step, shared between the two ways out.
        gone = np.maximum(STEP_S * come - change, 0.0) / STEP_S
        lost = gone * lost / np.maximum(served + lost, 1e-12)
        # Who calls in the middle of the step finds what is there then.
        middle = mean + change / 2
        at_once = ndtr((staff - 0.5 - middle) / spread)
        soon = ndtr((staff * (1 + reach) - 0.5 - middle) / spread)
        variance = (variance + STEP_S * (come + gone)) / (1 + 2 * STEP_S * slope)
        mean = np.maximum(mean + change, 0.0)
        again = again + STEP_S * (rates.retry_share * lost - again / rates.retry_after_s)
        promised = promised + STEP_S * (moved - called_back)
        finishing = finishing * fade
        quick = calls * at_once + (calls - moved) * (soon - at_once) * stay
        row[0], row[1], row[2], row[3], row[4], row[5], row[6] = calls, quick, lost, moved, queue, busy, staff
    queue = _queue(mean, variance, agents + finishing)[2]
    offered, within, abandoned, taken, waited, worked, staffed = STEP_S * table.sum(axis=0)
    answered = np.maximum(offered - abandoned - taken - (queue - state.waiting), 0.0)
    flows = Flows(offered, within, abandoned, taken, waited, worked, staffed, answered)
    return State(mean, variance, again, promised, agents, queue), flows


def _queue(mean: Floats, variance: Floats, staff: Floats) -> tuple[Floats, Floats, Floats]:
    """Standard deviation, probability that somebody is free, expected queue."""
    spread = np.sqrt(np.maximum(variance, LEAST_VARIANCE))
    z = (staff - mean) / spread
    free = ndtr(z)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return spread, free, np.maximum(spread * (density - z * (1 - free)), 0.0)
