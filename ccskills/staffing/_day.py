"""What a staffed day delivers, interval by interval and in total, every total weighted by what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, number, numbers
from ._queues import erlang_a, erlang_c, offered_load

__all__ = ["DeliveredDay", "deliver"]


@dataclass(frozen=True)
class DeliveredDay:
    """What given agents deliver over many intervals."""

    intervals: pd.DataFrame
    """One row per interval: what was given (offered, aht_s, agents), load, the figures of `Delivered`, and the expected
    contacts answered, answered_within and abandoned."""
    days: pd.DataFrame
    """The same figures per calendar day, load and agents as means; a single row without dates."""
    total: pd.Series
    """The same figures over all intervals."""


def deliver(
    calls: ArrayLike,
    aht_s: ArrayLike,
    agents: ArrayLike,
    within_s: ArrayLike = 20,
    patience_s: ArrayLike | None = None,
    interval_min: float = 30,
) -> DeliveredDay:
    """What a given number of agents delivers in every interval, and over the day.

    Shares of a day are sums over sums: the service level is answered within T / offered, the ASA is waits of answered
    / answered, the occupancy is handling time / staffed time. A mean of interval percentages is never taken.

    Parameters
    ----------
    calls : array or Series
        Contacts offered per interval; the index of a Series is kept.
    aht_s : number or array
        Average handle time [s].
    agents : number or array
        Agents present and ready to take contacts, per interval.
    within_s : number or array, optional
        Target wait T [s].
    patience_s : number or array, optional
        Mean patience [s]: Erlang A, where overload is allowed. None: Erlang C, where it is refused.
    interval_min : number, optional
        Length of every interval [min].

    Returns
    -------
    DeliveredDay

    Notes
    -----
    Every interval is a steady state of its own: no queue is carried into the next one. With patience that is close as
    long as intervals are much longer than waits. Without patience a queue at or above full load grows without end, so
    an overloaded interval has no figure that holds: it is refused.

    Examples
    --------
    >>> day = deliver([100, 60], aht_s=240, agents=[17, 9], patience_s=180)
    >>> day.intervals[["offered", "agents", "service_level", "abandoned"]].round(3)
       offered  agents  service_level  abandoned
    0    100.0    17.0          0.890      2.868
    1     60.0     9.0          0.702      5.817
    >>> float(day.total["service_level"])
    0.8196
    >>> deliver([100, 120], aht_s=240, agents=14)
    Traceback (most recent call last):
    ValueError: agents must exceed the load where nobody hangs up, got 14 for 16 erlangs at position 1; give patience_s
    """
    _same_intervals(calls=calls, aht_s=aht_s, agents=agents, within_s=within_s, patience_s=patience_s)
    length = number("interval_min", interval_min, above=0)
    n, aht, staff, within, patience = broadcast(
        calls=np.atleast_1d(numbers("calls", calls, least=0)),
        aht_s=numbers("aht_s", aht_s, above=0),
        agents=numbers("agents", agents, least=0),
        within_s=numbers("within_s", within_s, least=0),
        patience_s=np.array(1.0) if patience_s is None else numbers("patience_s", patience_s, above=0),
    )
    if n.ndim != 1:
        raise ValueError(f"calls must be one row of intervals, got {n.ndim} dimensions")
    load = offered_load(n, aht, length)
    index = calls.index if isinstance(calls, pd.Series) and calls.size == n.size else pd.RangeIndex(n.size)
    if patience_s is None:
        _refuse_overload(load, staff, index)
        found = erlang_c(load, staff, aht, within)
    else:
        found = erlang_a(load, staff, aht, patience, within)
    table = pd.DataFrame({"offered": n, "aht_s": aht, "load": load, "agents": staff}, index=index)
    for name in ("wait_probability", "service_level", "asa_s", "occupancy", "abandonment"):
        table[name] = getattr(found, name)
    table["abandoned"] = n * found.abandonment
    table["answered"] = n - table["abandoned"]
    table["answered_within"] = n * found.service_level
    day = index.normalize() if isinstance(index, pd.DatetimeIndex) else pd.Index(np.zeros(n.size, dtype=np.int64))
    days = _sums(table, day)
    return DeliveredDay(table, days, _sums(table, np.zeros(n.size, dtype=np.int64)).iloc[0].rename("total"))


def _sums(table: pd.DataFrame, by: Any) -> pd.DataFrame:
    """The figures of the interval table over groups of intervals; without contacts nobody waits."""
    sums = pd.DataFrame(
        {
            "offered": table["offered"],
            "handling": table["load"] * (1 - table["abandonment"]) * (table["agents"] > 0),
            "work": table["offered"] * table["aht_s"],
            "load": table["load"],
            "agents": table["agents"],
            "waiting": table["offered"] * table["wait_probability"],
            "waits": np.where(table["answered"] > 0, table["asa_s"], 0.0) * table["answered"],
            "abandoned": table["abandoned"],
            "answered": table["answered"],
            "answered_within": table["answered_within"],
        }
    ).groupby(by)
    total, means = sums.sum(), sums.mean()

    def over(top: str, bottom: str, none: float) -> Any:
        return (total[top] / total[bottom].where(total[bottom] > 0)).fillna(none)

    unanswered = (total["offered"] > 0) & (total["answered"] <= 0)
    return pd.DataFrame(
        {
            "offered": total["offered"],
            "aht_s": over("work", "offered", 0.0),
            "load": means["load"],
            "agents": means["agents"],
            "wait_probability": over("waiting", "offered", 0.0),
            "service_level": over("answered_within", "offered", 1.0),
            "asa_s": over("waits", "answered", 0.0).mask(unanswered, np.inf),
            "occupancy": over("handling", "agents", 0.0).clip(upper=1.0),
            "abandonment": over("abandoned", "offered", 0.0),
            "abandoned": total["abandoned"],
            "answered": total["answered"],
            "answered_within": total["answered_within"],
        }
    )


def _same_intervals(**given: object) -> None:
    """Series must be on one index: pandas labels are never dropped in silence."""
    series = {name: value for name, value in given.items() if isinstance(value, pd.Series)}
    first = next(iter(series), "")
    for name, value in series.items():
        if not value.index.equals(series[first].index):
            raise ValueError(f"{name} must be on the intervals of {first}, got another index")


def _refuse_overload(load: Floats, agents: Floats, index: Any) -> None:
    over = (load >= agents) & (load > 0)
    if over.any():
        first = int(np.argmax(over))
        place = index[first].isoformat() if isinstance(index, pd.DatetimeIndex) else f"position {first}"
        raise ValueError(
            f"agents must exceed the load where nobody hangs up, "
            f"got {agents[first]:g} for {load[first]:.4g} erlangs at {place}; give patience_s"
        )
