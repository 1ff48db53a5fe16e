"""What customers of the generated centre said after a contact: satisfaction follows from causes that are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._backstage import Backstage
from ._people import DESKS

__all__ = ["COMPLAIN", "RATER", "surveys_table"]

INVITED = 130  # contacts a day that get an invitation
# dimension, expectation, perception of a contact of average satisfaction, weight of satisfaction in it
RATER = (
    ("reliability", 6.3, 5.5, 0.75),
    ("assurance", 5.9, 5.7, 0.55),
    ("tangibles", 5.0, 5.1, 0.30),
    ("empathy", 5.5, 5.1, 0.60),
    ("responsiveness", 6.1, 5.2, 0.65),
)
SOLVED = np.array([0.74, 0.72, 0.68])  # share solved in the eyes of the customer, by desk
BY_RESOLUTION, BY_MINUTE_OF_WAIT, BY_TRANSFER, BY_CARE, BY_FRESH = 1.3, -0.5, -0.35, 0.15, -0.25
CSAT_STEPS = (-1.7, -1.05, -0.35, 0.55)
RESPONSE, RESPONSE_EXTREME = 0.17, 0.06  # extra where the customer is delighted or angry
COMPLAIN = (0.05, 0.02, 0.001, 0.0, 0.0)  # share who complain, by CSAT 1 to 5


@dataclass(frozen=True)
class _Contacts:
    """Contacts with an invitation."""

    day: Any
    desk: Any
    who: Any
    wait: Floats
    transferred: Any
    resolved: Any


def surveys_table(back: Backstage) -> pd.DataFrame:
    """The answers to 130 invitations a day."""
    contacts = _contacts(back)
    feeling = _feeling(back, contacts)
    csat = 1 + np.searchsorted(CSAT_STEPS, feeling)
    chance = back.rng(176).random((*csat.shape, 2))
    answer = chance[..., 0] < RESPONSE + RESPONSE_EXTREME * ((csat == 1) | (csat == 5))
    noise = back.rng(177).normal(0, 1, (*csat.shape, 2 + 2 * len(RATER)))
    columns = {
        "date": back.calendar[contacts.day[answer]],
        "channel": np.array(DESKS)[contacts.desk[answer]],
        "agent_id": back.ids[contacts.who[answer]],
        "wait_s": contacts.wait[answer].astype(np.int64),
        "transferred": contacts.transferred[answer],
        "resolved": contacts.resolved[answer],
        "csat": csat[answer],
        "nps": _whole(7.2 + 1.9 * feeling + 1.2 * noise[..., 0], 0, 10)[answer],
        "ces": _whole(5.0 + 1.0 * feeling - 0.6 * contacts.transferred + 0.8 * noise[..., 1], 1, 7)[answer],
    }
    for place, (name, wanted, given, weight) in enumerate(RATER):
        expected = wanted + 0.9 * noise[..., 2 + 2 * place]
        columns[f"{name}_expected"] = _whole(expected, 1, 7)[answer]
        columns[f"{name}_perceived"] = _whole(given + weight * feeling + 0.8 * noise[..., 3 + 2 * place], 1, 7)[answer]
    columns["complained"] = (chance[..., 1] < np.array(COMPLAIN)[csat - 1])[answer]
    table = pd.DataFrame(columns)
    table.insert(0, "survey_id", np.arange(1, len(table) + 1))
    return table


def _whole(values: Floats, low: int, high: int) -> Any:
    """Whole points on a scale."""
    return np.clip(np.rint(values), low, high).astype(np.int64)


def _contacts(back: Backstage) -> _Contacts:
    """A hundred and thirty answered contacts of each day, with what happened to them."""
    size = (back.days, INVITED)
    chance = back.rng(170).random((*size, 6))
    day = np.repeat(np.arange(back.days), INVITED).reshape(size)
    tables = (back.intervals, back.chat[0], back.email[0])
    volumes = np.stack([t["handled" if "handled" in t else "answered"].to_numpy().reshape(-1, 24) for t in tables])
    by_desk = np.cumsum(volumes.sum(axis=2) / volumes.sum(axis=(0, 2)), axis=0)
    desk = (chance[..., 0][..., None] > by_desk[:2].T[:, None, :]).sum(axis=-1)
    edges = np.cumsum(volumes, axis=2) / np.maximum(volumes.sum(axis=2, keepdims=True), 1)
    slot = np.minimum((chance[..., 1][..., None] > edges[desk, day]).sum(axis=-1), 23)
    who = back.somebody(desk, day, chance[..., 2])
    people = back.people
    fresh = np.exp(-np.maximum(day - people.floor[who], 0) / 90)
    transferred = chance[..., 3] < 0.05 + 0.08 * fresh
    solved = SOLVED[desk] + 0.03 * people.care[who] - 0.10 * fresh - 0.12 * transferred
    return _Contacts(day, desk, who, _waits(back, desk, day, slot), transferred, chance[..., 4] < solved)


def _waits(back: Backstage, desk: Any, day: Any, slot: Any) -> Floats:
    """Waits of voice and chat as in their half hours; a mail is answered after hours."""
    row = day * 24 + slot
    late = back.rng(172).exponential(1.0, (*day.shape, 2))
    chance = back.rng(173).random(day.shape)
    waits = np.rint(late[..., 0] * 9000 + 600)
    for number, (table, target) in enumerate(((back.intervals, 20), (back.chat[0], 60))):
        answered = np.maximum(table["answered"].to_numpy(), 1)
        over = 1 - table["answered_within"].to_numpy() / answered
        lost = table["abandoned"].to_numpy() / np.maximum(table["offered"].to_numpy(), 1)
        short = np.where(chance > 1.15 * (1 - over[row]), late[..., 0] * 8, 0.0)
        long = target + 1 + late[..., 1] * (20 + 400 * lost[row])
        mine = np.where(chance < over[row], long, np.minimum(short, target))
        waits = np.where(desk == number, np.rint(mine), waits)
    return np.asarray(waits)


def _feeling(back: Backstage, contacts: _Contacts) -> Floats:
    """Satisfaction on a scale with the spread of 1 that nothing explains."""
    people = back.people
    minutes = np.where(contacts.desk == 2, contacts.wait / 7200, np.minimum(contacts.wait, 300) / 60)
    fresh = np.exp(-np.maximum(contacts.day - people.floor[contacts.who], 0) / 90)
    causes = (
        BY_RESOLUTION * (contacts.resolved - 0.7)
        + BY_MINUTE_OF_WAIT * minutes
        + BY_TRANSFER * contacts.transferred
        + BY_CARE * people.care[contacts.who]
        + BY_FRESH * fresh
    )
    return np.asarray(0.55 + causes + back.rng(175).normal(0, 1, contacts.day.shape))
