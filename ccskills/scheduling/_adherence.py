"""Whether people keep to the plan: minute lists, and whole tables of planned and logged segments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import columns
from ._cover import SEGMENT, micros
from ._model import Ints
from ._shifts import OFF

__all__ = ["Adherence", "adherence", "adherence_table", "conformance", "segment_table"]

MINUTE = 60_000_000


@dataclass(frozen=True)
class Adherence:
    """How a team kept to its plan."""

    agents: pd.DataFrame
    """One row per agent, index `agent_id`: `scheduled_min`, `adherent_min`, `logged_min` [min], `adherence`,
    `conformance`. An agent who was not scheduled has no row."""
    reasons: pd.DataFrame
    """Minutes out of adherence by `scheduled` and `actual` state, most first: `minutes` [min], `share` of them all."""
    deviations: pd.DataFrame
    """Every stretch out of adherence, longest first: `agent_id`, `start`, `end`, `scheduled`, `actual`, `minutes`."""


def adherence(scheduled: Sequence[str], actual: Sequence[str]) -> float:
    """Minutes in the right state / scheduled minutes: whether people do the planned thing at the planned time.

    Parameters
    ----------
    scheduled : sequence of str
        Planned state of each minute (or other equal slice) of the day: "phone", "break", "training", or "off".
    actual : sequence of str
        State of the same minutes as logged.

    Returns
    -------
    float
        Share of the scheduled minutes in which plan and log agree; minutes planned "off" do not count.

    Examples
    --------
    Starting a 60-minute shift 6 minutes late and leaving 6 minutes later costs adherence, not conformance:

    >>> plan = ["phone"] * 60 + ["off"] * 6
    >>> log = ["off"] * 6 + ["phone"] * 60
    >>> adherence(plan, log), conformance(plan, log)
    (0.9, 1.0)
    """
    plan, log = _states(scheduled, actual)
    due = plan != OFF
    return float((plan == log)[due].sum() / due.sum())


def conformance(scheduled: Sequence[str], actual: Sequence[str]) -> float:
    """Worked minutes / scheduled work minutes: whether people work as much as planned, at whatever time.

    Parameters
    ----------
    scheduled : sequence of str
        Planned state of each minute, "off" where nothing is planned.
    actual : sequence of str
        State of the same minutes as logged.

    Returns
    -------
    float
        Above 1 when more was worked than planned.

    Examples
    --------
    >>> conformance(["phone"] * 60 + ["off"] * 6, ["phone"] * 66)
    1.1
    """
    plan, log = _states(scheduled, actual)
    return float((log != OFF).sum() / (plan != OFF).sum())


def adherence_table(
    schedule: pd.DataFrame,
    activity: pd.DataFrame,
    matches: Mapping[str, Collection[str]] | None = None,
    away: Collection[str] = (OFF, "leave", "absent"),
) -> Adherence:
    """Adherence and conformance of every agent, from planned and logged segments.

    Parameters
    ----------
    schedule : DataFrame
        One row per planned segment: `agent_id`, `start`, `end`, `state`.
    activity : DataFrame
        One row per logged segment with the same columns.
    matches : mapping, optional
        Logged states that count as right for a planned state, such as {"phone": ["talk", "wrap", "available"]};
        a planned state that is not named wants its own name in the log.
    away : collection of str, optional
        States of who is not at work: planned, they are not scheduled time; logged, they are not worked.

    Returns
    -------
    Adherence

    Notes
    -----
    Rows may come in any order and run across midnight. Time without a row is "off". Where rows of an agent overlap,
    the one that started last holds, of two that started together the one further down. Agents who are only in the log
    are left out. Adherent and logged minutes are as in `adherence` and `conformance`: time logged outside the plan
    counts for conformance only.

    Examples
    --------
    >>> def rows(*pieces):
    ...     day = pd.Timestamp("2026-01-05")
    ...     table = [("A1", day + pd.Timedelta(a), day + pd.Timedelta(b), state) for a, b, state in pieces]
    ...     return pd.DataFrame(table, columns=["agent_id", "start", "end", "state"])
    >>> plan = rows(("9h", "12h", "phone"), ("12h", "13h", "lunch"), ("13h", "18h", "phone"))
    >>> log = rows(("9.1h", "12.2h", "talk"), ("12.2h", "13h", "lunch"), ("13h", "18h", "talk"))
    >>> result = adherence_table(plan, log, {"phone": ["talk"]})
    >>> result.agents.loc["A1"].round(3).to_dict()
    {'scheduled_min': 540.0, 'adherent_min': 522.0, 'logged_min': 534.0, 'adherence': 0.967, 'conformance': 0.989}
    >>> result.reasons.iloc[0].to_dict()
    {'scheduled': 'lunch', 'actual': 'talk', 'minutes': 12.0, 'share': 0.667}
    """
    plan, log = segment_table("schedule", schedule), segment_table("activity", activity)
    if isinstance(away, str) or not isinstance(away, Collection):
        raise TypeError(f"away must be a list of states, got {away!r}")
    gone = {OFF, *away}
    if plan["state"].isin(gone).all():
        raise ValueError(f"schedule must hold at least one segment at work, got only {', '.join(sorted(gone))}")
    if plan["start"].dt.tz != log["start"].dt.tz:
        raise ValueError(
            f"schedule and activity must be in one time zone, got {plan['start'].dt.tz} and {log['start'].dt.tz}"
        )
    allowed = {state: {state} for state in plan["state"].unique()} | {
        state: set(names) for state, names in _matches(matches).items()
    }
    logs = dict(list(log.groupby("agent_id")))
    parts = [_compare(agent, mine, logs.get(agent), allowed, gone) for agent, mine in plan.groupby("agent_id")]
    parts = [part for part in parts if part[0][1]]
    agents = pd.DataFrame(
        [part[0] for part in parts], columns=["agent_id", "scheduled_min", "adherent_min", "logged_min"]
    ).set_index("agent_id")
    agents["adherence"] = agents["adherent_min"] / agents["scheduled_min"]
    agents["conformance"] = agents["logged_min"] / agents["scheduled_min"]
    out = pd.DataFrame(
        [row for part in parts for row in part[1]],
        columns=["agent_id", "start", "end", "scheduled", "actual", "minutes"],
    )
    for name in ("start", "end"):
        times = pd.DatetimeIndex(pd.to_datetime(out[name].astype(np.int64), unit="us"))
        zone = plan["start"].dt.tz
        out[name] = times if zone is None else times.tz_localize("UTC").tz_convert(zone)
    out = out.sort_values(["minutes", "agent_id", "start"], ascending=[False, True, True], ignore_index=True)
    reasons = out.groupby(["scheduled", "actual"], as_index=False)["minutes"].sum()
    reasons = reasons.sort_values(["minutes", "scheduled", "actual"], ascending=[False, True, True], ignore_index=True)
    reasons["share"] = reasons["minutes"] / max(float(reasons["minutes"].sum()), 1e-12)
    return Adherence(agents, reasons, out)


def segment_table(name: str, value: Any) -> pd.DataFrame:
    """`value` as a table of segments: nothing missing, times in order, every segment longer than nothing."""
    table = columns(name, value, SEGMENT)[list(SEGMENT)].reset_index(drop=True)
    for column in SEGMENT:
        if table[column].isna().any():
            raise ValueError(f"{name} must have no empty {column}, got one in row {int(table[column].isna().argmax())}")
    for column in ("start", "end"):
        if not pd.api.types.is_datetime64_any_dtype(table[column]):
            raise TypeError(f"{column} of {name} must be times (datetime64), got {table[column].dtype}")
    if table["start"].dt.tz != table["end"].dt.tz:
        raise ValueError(f"start and end of {name} must be in one time zone, got two different ones")
    late = table["start"] >= table["end"]
    if late.any():
        row = table[late].iloc[0]
        raise ValueError(f"{name} must have segments that end after they start, got {row['start']} to {row['end']}")
    return table


def _matches(matches: Mapping[str, Collection[str]] | None) -> dict[str, Collection[str]]:
    """The mapping, with lists of states as values."""
    if matches is None:
        return {}
    if not isinstance(matches, Mapping):
        raise TypeError(f"matches must be a mapping from planned state to logged states, got {matches!r}")
    for state, names in matches.items():
        if isinstance(names, str) or not isinstance(names, Collection):
            raise TypeError(f"matches must give a list of logged states for {state!r}, got {names!r}")
    return dict(matches)


Summary = tuple[Any, float, float, float]
Stretch = tuple[Any, int, int, str, str, float]


def _compare(
    agent: Any, plan: pd.DataFrame, log: pd.DataFrame | None, allowed: Mapping[str, set[str]], gone: set[str]
) -> tuple[Summary, list[Stretch]]:
    """One agent: minutes planned, right and logged, and the stretches out of adherence."""
    frames = [plan] if log is None else [plan, log]
    edges = np.unique(np.concatenate([micros(pd.DatetimeIndex(f[name])) for f in frames for name in ("start", "end")]))
    length = np.diff(edges)
    due = _painted(plan, edges)
    real = _painted(log, edges) if log is not None else np.full(length.size, OFF, dtype=object)
    planned, logged = ~np.isin(due, list(gone)), ~np.isin(real, list(gone))
    right = np.array([real[at] in allowed.get(due[at], ()) for at in range(length.size)]) & planned
    stretches: list[Stretch] = []
    for at in np.flatnonzero(planned & ~right):
        start, end = int(edges[at]), int(edges[at + 1])
        last = stretches[-1] if stretches else None
        if last is not None and (last[2], last[3], last[4]) == (start, due[at], real[at]):
            start = last[1]
            stretches.pop()
        stretches.append((agent, start, end, due[at], real[at], (end - start) / MINUTE))
    minutes = [float(length[mask].sum() / MINUTE) for mask in (planned, right, logged)]
    return (agent, minutes[0], minutes[1], minutes[2]), stretches


def _painted(table: pd.DataFrame, edges: Ints) -> Any:
    """The state between each two edges; segments are laid one over the other in order of their start."""
    states = np.full(edges.size - 1, OFF, dtype=object)
    start, end = (micros(pd.DatetimeIndex(table[name])) for name in ("start", "end"))
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    names = table["state"].to_numpy()
    for row in np.argsort(start, kind="stable"):
        states[first[row] : last[row]] = names[row]
    return states


def _states(scheduled: Sequence[str], actual: Sequence[str]) -> tuple[Any, Any]:
    """Both lists as arrays of the same length with at least one scheduled slice."""
    if isinstance(scheduled, str) or isinstance(actual, str):
        raise TypeError("scheduled and actual must be lists with one state for each minute, got a single word")
    plan, log = np.array(list(scheduled), dtype=object), np.array(list(actual), dtype=object)
    if plan.size != log.size:
        raise ValueError(f"scheduled and actual must cover the same minutes, got {plan.size} and {log.size}")
    if not (plan != OFF).any():
        raise ValueError(f'scheduled must hold at least one slice that is not "{OFF}", got {plan.size} slices')
    return plan, log
