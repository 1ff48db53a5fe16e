"""The floor in a computer: queues simulated call by call, and a day that is managed interval by interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import choice
from ..performance import SERVICE_LEVEL_RULES
from ._centre import Group, Queue
from ._day import Day, Situation
from ._model import build, seeds
from ._queue import COUNTS, NEVER, PATIENT, Calls, Model, count, replicate, streams
from ._score import Score
from ._skills import SimulatedSkills, simulate_skills
from ._totals import confidence, measures

__all__ = [
    "Day",
    "Group",
    "Queue",
    "Score",
    "Simulated",
    "SimulatedSkills",
    "Situation",
    "simulate",
    "simulate_skills",
]


@dataclass(frozen=True)
class Simulated:
    """A simulated stretch of time: what came, what was answered and how sure that is."""

    intervals: pd.DataFrame
    """By interval, mean over replications: agents, offered, answered, answered_within, abandoned, abandoned_within,
    retrials (those of the offered who call again), service_level, asa_s, occupancy, abandonment. A call counts in the
    interval in which it came, work in the interval in which it was done."""
    totals: pd.DataFrame
    """By measure over all intervals: mean, lower_95, upper_95, lower_99, upper_99 over replications (Student's t).
    Shares and times are those of the summed counts, their intervals by the jackknife."""
    replications: pd.DataFrame
    """The measures of each replication, from which the confidence intervals come."""
    calls: pd.DataFrame
    """Every call of the first replication: interval, arrival_s from the start of the first interval, wait_s (until the
    answer or until the customer hung up), answered, handle_s (0 when not answered), retrial."""
    rule: str
    """The rule of the service level, a name of `performance.SERVICE_LEVEL_RULES`."""


def simulate(
    calls: ArrayLike | None,
    aht_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike | None = None,
    within_s: float = 20,
    interval_min: float = 30,
    *,
    arrivals_s: ArrayLike | None = None,
    handle: str = "exponential",
    handle_cv: float = 1.0,
    patience: str = "exponential",
    patience_cv: float = 1.0,
    retry_share: float = 0.0,
    retry_after_s: float = 600,
    warm_up_min: float = 0,
    rule: str = "offered",
    replications: int = 20,
    seed: int = 2026,
) -> Simulated:
    """One queue, first come first served, through intervals with their own volume, handle time and staff.

    Calls come as a Poisson process with the rate of the interval. What waits at the end of an interval waits on in the
    next. Agents come at the start of an interval; when fewer are planned, idle agents leave first and then those whose
    call ends first, each after finishing that call. The agents of the last interval stay until the queue is empty;
    when it has none, who still waits counts as abandoned.

    Parameters
    ----------
    calls : number, array, Series or None
        Expected calls of each interval; a Series on a DatetimeIndex gives its times to the result. None with
        `arrivals_s`.
    aht_s : number or array
        Mean handle time, by interval of arrival [s]; with handle="given" observed handle times to draw from.
    agents : number or array
        Whole agents in each interval.
    patience_s : number or array, optional
        Mean patience [s], by interval of arrival; with patience="given" observed patience to draw from. None: nobody
        hangs up.
    within_s : number, optional
        Target wait [s].
    interval_min : number, optional
        Length of an interval [min].
    arrivals_s : array, optional
        Moments of the calls from the start of the first interval [s], the same in each replication, instead of `calls`.
    handle, patience : str, optional
        "exponential", "lognormal", "deterministic" or "given".
    handle_cv, patience_cv : number, optional
        Coefficient of variation of "lognormal".
    retry_share : number, optional
        Share of those who hang up that call again, below 1; they may hang up again.
    retry_after_s : number, optional
        Mean time until then, exponential [s].
    warm_up_min : number, optional
        Time before the first interval, with its volume and staff, that is simulated and not counted [min]; without it
        the centre opens empty.
    rule : str, optional
        Rule of the service level, a name of `performance.SERVICE_LEVEL_RULES`.
    replications : int, optional
        Independent repetitions, 2 or more.
    seed : int, optional
        0 or more. Arrivals, handle times, patience and retrials have chance of their own, so that two staffings with
        the same seed meet the same customers.

    Returns
    -------
    Simulated
        Nothing is nan: an interval without calls has service level 1, ASA 0 and abandonment 0; without agents the
        occupancy is 0; the ASA is inf when calls came and none was answered.

    Notes
    -----
    A few hours that open empty are not in balance: compare with Erlang's formulas after a warm-up.

    Examples
    --------
    >>> day = simulate([60, 120, 90], aht_s=240, agents=[9, 17, 14], patience_s=180, replications=200, seed=1)
    >>> day.intervals[["agents", "offered", "service_level", "abandonment"]].round(2)
              agents  offered  service_level  abandonment
    interval
    0              9    59.10           0.79         0.07
    1             17   119.38           0.79         0.06
    2             14    89.59           0.76         0.07

    Erlang A lies inside the interval when the queue is in balance:

    >>> hour = simulate(200, 240, 14, patience_s=180, interval_min=60, warm_up_min=60, replications=400, seed=1)
    >>> hour.totals.loc["service_level", ["lower_99", "mean", "upper_99"]].round(3).tolist()
    [0.666, 0.684, 0.702]
    >>> from ccskills.staffing import erlang_a, offered_load
    >>> erlang_a(offered_load(200, 240, 60), 14, 240, 180).service_level
    0.680
    >>> simulate([60, 120, 90], 240, [9, 17, 14], replications=1)
    Traceback (most recent call last):
    ValueError: replications must be 2 or more, got 1

    References
    ----------
    A. M. Law, Simulation Modeling and Analysis, 5th ed., McGraw-Hill 2015, 9.4 (replications and Student's t).
    """
    choice("rule", rule, SERVICE_LEVEL_RULES)
    model, index = build(
        calls,
        aht_s,
        agents,
        patience_s,
        within_s,
        interval_min,
        arrivals_s=arrivals_s,
        handle=(handle, handle_cv),
        patience=(patience, patience_cv),
        retry=(retry_share, retry_after_s),
        warm_up_min=warm_up_min,
    )
    numbered = seeds(replications, seed)
    table = _calls(model, first := replicate(model, streams(seed, 0)))
    runs = [count(model, first)] + [count(model, replicate(model, streams(seed, k))) for k in numbered[1:]]
    summed = {name: np.sum([run[name] for run in runs], axis=0) for name in runs[0]}
    intervals = pd.DataFrame({"agents": model.agents[model.warm :], **measures(summed, rule)}, index=index)
    intervals[list(COUNTS[:6])] /= len(runs)
    days = [{name: values.sum() for name, values in run.items()} for run in runs]
    each = {name: np.array([day[name] for day in days]) for name in runs[0]}
    table_of_days = pd.DataFrame(measures(each, rule)).rename_axis("replication")
    return Simulated(intervals, confidence(days, rule), table_of_days, table, rule)


def _calls(model: Model, came: Calls) -> pd.DataFrame:
    """The table of calls, without those of the warm-up."""
    kept = came.segment >= model.warm
    answered = came.start[kept] < NEVER
    wait = np.where(answered, came.start[kept] - came.arrival[kept], came.patience[kept])
    columns = {
        "interval": came.segment[kept] - model.warm,
        "arrival_s": came.arrival[kept],
        "wait_s": np.where(wait < PATIENT, wait, np.inf),
        "answered": answered,
        "handle_s": np.where(answered, came.handle[kept], 0.0),
        "retrial": came.retrial[kept],
    }
    return pd.DataFrame(columns).rename_axis("call")
