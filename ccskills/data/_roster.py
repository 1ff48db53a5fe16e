"""Who of the generated centre is on the schedule of which day, and who of them is on leave or does not come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._people import NEVER, People, positions

__all__ = ["ABSENT", "LEAVE", "OFF", "WORK", "Roster", "roster_of"]

OFF, WORK, LEAVE, ABSENT = 0, 1, 2, 3
LEAVE_ROOM = 0.65  # of the lost time, at most this part is leave and absence


@dataclass(frozen=True)
class Roster:
    """The standing of everybody on every day."""

    status: Any
    """OFF, WORK, LEAVE or ABSENT by agent and day."""
    extra: Any
    """Whether the day is beyond the contract: overtime, by agent and day."""


def roster_of(seed: int, people: People, scheduled: list[Any], lost: list[pd.DataFrame]) -> Roster:
    """Week by week: each day takes those with most contract days left, never a seventh day in a row.

    `scheduled` and `lost` hold the agents on the schedule by half hour and the hours lost by day of each desk.
    """
    days = len(scheduled[0])
    status = np.zeros((people.desk.size, days), dtype=np.int8)
    extra = np.zeros(status.shape, dtype=bool)
    streams = [np.random.default_rng([seed, 130 + desk]) for desk in range(3)]
    wanted = [positions(plan) for plan in scheduled]
    away = [table.div(table["paid"], axis=0).to_numpy() for table in lost]
    contract = np.where(people.part_time, 3, 5)
    run = np.zeros(people.desk.size, dtype=np.int64)
    for day in range(days):
        if day % 7 == 0:
            left = contract.copy()
            taste = [rng.random((2, people.desk.size)) for rng in streams]
        here, desks = people.here(day), people.desk_on(day)
        for desk, rng in enumerate(streams):
            fit = here & (desks == desk) & (run < 6) & (left > -1)
            order = np.argsort(np.where(fit, left + taste[desk][0], -NEVER), kind="stable")[::-1]
            chosen = order[: min(int(wanted[desk][day]), int(fit.sum()))]
            status[chosen, day] = _standing(rng, taste[desk][1], chosen, away[desk][day])
            extra[chosen, day] = left[chosen] < 1
            left[chosen] -= 1
        run = np.where(status[:, day] > 0, run + 1, 0)
    return Roster(status, extra)


def _standing(rng: np.random.Generator, taste: Any, chosen: Any, shares: Any) -> Any:
    """Work, leave or absence of the chosen: leave goes by the week, absence by the day.

    `shares` are paid (1), leave, sickness and the other losses; what is lost must leave room for breaks.
    """
    on_leave, missing = np.floor(shares[1:3] * chosen.size + rng.random(2)).astype(int)
    room = int(LEAVE_ROOM * shares[1:].sum() * chosen.size)
    on_leave = min(on_leave, room)
    missing = min(missing, room - on_leave)
    standing = np.full(chosen.size, WORK, dtype=np.int8)
    standing[np.argsort(taste[chosen])[:on_leave]] = LEAVE
    at_work = np.flatnonzero(standing == WORK)
    sick = rng.permutation(at_work.size)[:missing]
    standing[at_work[sick]] = ABSENT
    return standing
