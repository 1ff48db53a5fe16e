"""The desk of the flight simulator: the day so far, the levers that are left, the decisions that are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .._checks import whole
from ._fluid import Flows, State
from ._levers import BREAK, BREAK_LATER, LEVERS, NAMES, SWITCHES, TRAINING, Roster, spent, within_limits
from ._world import INTERVAL_MIN, World

__all__ = ["checked", "clock", "levers_left", "so_far"]

Passed = Sequence[tuple[Flows, State, float]]


def clock(world: World, i: int) -> pd.Timestamp:
    """Start of half hour `i`; closing time after the last."""
    return world.index[0] + pd.Timedelta(minutes=INTERVAL_MIN * i)


def so_far(world: World, passed: Passed) -> pd.DataFrame:
    """The half hours that are over, in whole calls that add up: cumulated counts are rounded, then taken apart."""
    offered, lost, promised, within, wait, busy, staffed = (
        np.array([getattr(flows, name).item() for flows, _, _ in passed])
        for name in ("offered", "abandoned", "promised", "answered_within", "wait_s", "busy_s", "staffed_s")
    )
    came, abandoned, callbacks = (np.diff(np.rint(np.cumsum(x)), prepend=0.0) for x in (offered, lost, promised))
    waiting = np.rint([state.waiting.item() for _, state, _ in passed])
    answered = np.maximum(came - abandoned - callbacks - np.diff(waiting, prepend=0.0), 0.0)
    soon = np.minimum(np.rint(within), np.minimum(came, answered))
    some = np.maximum(came, 1.0)
    counts = {
        "forecast": world.forecast[: len(passed)].round(),
        "offered": came,
        "answered": answered,
        "answered_within": soon,
        "abandoned": abandoned,
        "callbacks": callbacks,
        "waiting": waiting,
    }
    table = pd.DataFrame(counts, index=world.index[: len(passed)]).astype(np.int64)
    table["service_level"] = np.where(came > 0, soon / some, 1.0)
    table["abandonment"] = np.minimum(abandoned / some, 1.0)
    table["wait_s"] = wait / np.maximum(offered, 1e-9)
    table["occupancy"] = busy / np.maximum(staffed, 1e-9)
    table["agents"] = np.array([agents for _, _, agents in passed])
    return table


def levers_left(roster: Roster, plan: Any, i: int, language: str) -> pd.DataFrame:
    """By lever: name, most_now, left_today, cost, acts_after_min, lasts_min."""
    today = roster.a_day() - plan.sum(axis=0)
    now = np.zeros(len(LEVERS), dtype=np.int64)
    if i < len(plan):
        now = np.minimum(roster.at_once()[i], today)
        now[TRAINING] = _fits(roster, plan, i, TRAINING, 1)
    left = roster.budget - float(spent(plan[None])[0])
    rows = [
        {
            "name": lever.text.say(language),
            "most_now": min(int(most), int((left + 1e-9) // lever.cost)) if lever.cost > 0 else int(most),
            "left_today": int(rest),
            "cost": lever.cost,
            "acts_after_min": INTERVAL_MIN * lever.lead,
            "lasts_min": INTERVAL_MIN * lever.length,
        }
        for lever, most, rest in zip(LEVERS, now, today, strict=True)
    ]
    return pd.DataFrame(rows, index=pd.Index(NAMES, name="lever"))


def checked(world: World, plan: Any, i: int, wanted: Mapping[str, Any]) -> Any:
    """The decision as counts of levers, or a sentence why it cannot be."""
    counts = [
        _switch(name, value) if name in SWITCHES else whole(name, value, least=0) for name, value in wanted.items()
    ]
    roster, now = world.roster, clock(world, i)
    at_once, today = roster.at_once()[i], roster.a_day() - plan.sum(axis=0)
    closing = clock(world, len(plan))
    for place, (lever, count) in enumerate(zip(LEVERS, counts, strict=True)):
        effect = clock(world, i + (BREAK_LATER if place == BREAK else lever.lead))
        if count and effect >= closing:
            raise ValueError(
                f"{lever.name} at {now:%H:%M} comes too late: it would act at {effect:%H:%M}, when the centre closes"
            )
        if place == TRAINING:
            if count and not _fits(roster, plan, i, place, 1):
                raise ValueError(
                    f"cancel_training needs a session that begins at {effect:%H:%M} or later, got none left"
                )
        elif count > at_once[place]:
            reason = ", the breaks planned then" if place == BREAK else ""
            raise ValueError(f"{lever.name} must be from 0 to {at_once[place]} at {now:%H:%M}{reason}, got {count}")
        if count > today[place]:
            raise ValueError(f"{lever.name} has {today[place]} left today, got {count}")
    decided = plan.copy()
    decided[i] = counts
    before, after = float(spent(plan[None])[0]), float(spent(decided[None])[0])
    if after > roster.budget + 1e-9:
        left, more = roster.budget - before, after - before
        raise ValueError(f"the levers may cost {left:g} more today, got a decision of {more:g}")
    return decided[i]


def _switch(name: str, value: Any) -> int:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return int(value)


def _fits(roster: Roster, plan: Any, i: int, place: int, count: int) -> bool:
    """Whether the limits allow the lever at half hour `i` beside what is decided."""
    with_it = plan.copy()
    with_it[i, place] = count
    return bool(within_limits(roster, with_it[None])[0])
