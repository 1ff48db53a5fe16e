"""Quality marks of the generated centre: five assessors, three of them with a fault that can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._backstage import Backstage
from ._people import DESKS, People
from ._roster import WORK

__all__ = ["ASSESSORS", "CRITICAL", "Faults", "calibration_table", "evaluations_table", "faults_of"]

ASSESSORS = ("Q1", "Q2", "Q3", "Q4", "Q5")
# column, points of 100, highest mark, share of the marks that an average agent earns
ITEMS = (
    ("greeting", 10, 2, 0.90),
    ("listening", 20, 2, 0.76),
    ("explanation", 24, 2, 0.72),
    ("tone", 18, 2, 0.80),
    ("hold_handling", 8, 1, 0.74),
    ("closing", 8, 2, 0.78),
    ("notes", 12, 1, 0.70),
)
CRITICAL = (("customer_critical", 0.06), ("business_critical", 0.045), ("compliance_critical", 0.08))
POINTS, MOST = np.array([item[1] for item in ITEMS]), np.array([item[2] for item in ITEMS])
PER_DAY = 0.13  # evaluations per agent and day at work
REMARK, MISS, FALSE_ALARM = 0.12, 0.08, 0.01
MILDER_A_MONTH, STRICTER, BLIND = 0.6, 5.0, 0.5
CONTACTS_A_SESSION, CHOSEN = 6, 3.0  # contacts are chosen so that there is something to find


@dataclass(frozen=True)
class Faults:
    """Which assessor (position in ASSESSORS) has which fault."""

    milder: int
    stricter: int
    blind: int


def faults_of(back: Backstage) -> Faults:
    """The faults lie with other assessors in another centre."""
    return Faults(*(int(one) for one in back.rng(150).permutation(len(ASSESSORS))[:3]))


def evaluations_table(back: Backstage) -> pd.DataFrame:
    """About three evaluations a month of everybody who is at work, each by one assessor drawn by lot."""
    people = back.people
    worked = (back.roster.status == WORK).T
    day, who = np.nonzero(worked & (back.rng(151).random(worked.shape) < PER_DAY))
    assessor = back.rng(152).integers(0, len(ASSESSORS), day.size)
    chance = _expected(people, day, who)
    marks, errors = _true(back, 153, chance, day, who)
    marks, errors = _seen(back, 155, chance, marks, errors, assessor, day)
    columns = {
        "evaluation_id": np.arange(1, day.size + 1),
        "date": back.calendar[day],
        "agent_id": back.ids[who],
        "assessor": np.array(ASSESSORS)[assessor],
        "channel": np.array(DESKS)[np.where(people.moved[who] <= day, 1, people.desk[who])],
        **_columns(marks, errors),
    }
    return pd.DataFrame(columns)


def calibration_table(back: Backstage) -> pd.DataFrame:
    """Once a month all five mark the same six contacts; the reference is what a panel agreed on.

    The contacts are chosen: critical errors are three times as frequent as in the evaluations.
    """
    people = back.people
    months = np.flatnonzero(np.asarray(back.calendar.day) == 20)
    day = np.repeat(months, CONTACTS_A_SESSION)
    pick = back.rng(160).random(day.size)
    here = [np.flatnonzero(back.roster.status[:, one] == WORK) for one in day.tolist()]
    who = np.array([at_work[int(share * at_work.size)] for at_work, share in zip(here, pick, strict=True)], dtype=int)
    chance = _expected(people, day, who)
    marks, errors = _true(back, 161, chance, day, who, CHOSEN)
    raters = len(ASSESSORS)
    rows = np.repeat(np.arange(day.size), raters)
    assessor = np.tile(np.arange(raters), day.size)
    seen, found = _seen(back, 163, chance[rows], marks[rows], errors[rows], assessor, day[rows])
    rows = np.append(rows, np.arange(day.size))
    columns = {
        "session": rows // CONTACTS_A_SESSION + 1,
        "date": back.calendar[day[rows]],
        "contact": rows + 1,
        "assessor": np.append(np.array(ASSESSORS)[assessor], np.repeat("reference", day.size)),
        **_columns(np.vstack([seen, marks]), np.vstack([found, errors])),
    }
    return pd.DataFrame(columns).sort_values(["contact", "assessor"], kind="stable", ignore_index=True)


def _fresh(people: People, day: Any, who: Any) -> Floats:
    """1 on the first day on the floor, a third after three months."""
    return np.asarray(np.exp(-np.maximum(day - people.floor[who], 0) / 90))


def _expected(people: People, day: Any, who: Any) -> Floats:
    """Share of the marks of each item that each contact is expected to earn."""
    share = np.array([item[3] for item in ITEMS])
    lift = 0.28 * people.care[who] - 0.5 * _fresh(people, day, who)
    return np.asarray(1 / (1 + np.exp(-np.log(share / (1 - share)) - lift[:, None])))


def _true(back: Backstage, stream: int, chance: Floats, day: Any, who: Any, often: float = 1.0) -> tuple[Any, Any]:
    """What the contacts deserve: marks of the items, and the critical errors in them, `often` times the usual."""
    people = back.people
    marks = (back.rng(stream).random((*chance.shape, 2)) < chance[..., None]) * _steps()
    rate = np.array([share for _, share in CRITICAL])
    risk = often * rate * np.exp(-0.3 * people.care[who] + 0.7 * _fresh(people, day, who))[:, None]
    errors = back.rng(stream + 1).random((day.size, len(CRITICAL))) < risk
    return marks.sum(axis=-1), errors


def _steps() -> Any:
    """Which of two possible steps an item has: 1 or 2."""
    return np.arange(2) < MOST[:, None]


def _seen(
    back: Backstage, stream: int, chance: Floats, marks: Any, errors: Any, assessor: Any, day: Any
) -> tuple[Any, Any]:
    """What the assessors wrote down: now and then another mark, and each fault as often as it takes.

    A missing step is given with probability drift / (100 - expected score), so that the score rises by the drift.
    """
    faults = faults_of(back)
    size = marks.shape
    again = ((back.rng(stream).random((*size, 2)) < chance[..., None]) * _steps()).sum(axis=-1)
    marks = np.where(back.rng(stream + 1).random(size) < REMARK, again, marks)
    usual = chance @ POINTS
    up = np.where(assessor == faults.milder, MILDER_A_MONTH * day / 30.4 / (100 - usual), 0.0)
    down = np.where(assessor == faults.stricter, STRICTER / usual, 0.0)
    move = back.rng(stream + 2).random((*size, 2))
    given = (move < up[:, None, None]) & (np.arange(2) < (MOST - marks)[..., None])
    taken = (move < down[:, None, None]) & (np.arange(2) < marks[..., None])
    marks = marks + given.sum(axis=-1) - taken.sum(axis=-1)
    miss = np.full((len(marks), len(CRITICAL)), MISS)
    miss[assessor == faults.blind, 2] = BLIND
    luck = back.rng(stream + 3).random(miss.shape)
    return marks, np.where(errors, luck >= miss, luck < FALSE_ALARM)


def _columns(marks: Any, errors: Any) -> dict[str, Any]:
    """One column per item, 1 = pass for the critical ones, and the score of the others."""
    columns = {name: 1 - errors[:, k].astype(np.int64) for k, (name, _) in enumerate(CRITICAL)}
    columns |= {item[0]: marks[:, k] for k, item in enumerate(ITEMS)}
    return columns | {"score": (marks / MOST) @ POINTS}
