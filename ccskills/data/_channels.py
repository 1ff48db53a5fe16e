"""Chat and e-mail of the generated centre: two desks that grow faster than the telephone and follow their own clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ..staffing import agents_required, erlang_a, offered_load
from ._voice import (
    CAMPAIGN,
    HOLIDAYS,
    MAKE_UP_WORKDAYS,
    OUTAGE,
    PLANNED_SHRINKAGE,
    SLOTS,
    attendance,
    half_hour_starts,
)

__all__ = ["chat_desk", "email_desk", "scheduled_chat", "scheduled_email"]


@dataclass(frozen=True)
class Desk:
    """What makes the volume of a desk."""

    base: float
    growth: float
    """Volume after a year over volume before it."""
    weekday: Floats
    workday_shape: Floats
    weekend_shape: Floats
    holiday_depth: float
    """How much of the fall of voice on holidays this desk shares."""
    month_end: float
    campaign: float
    silent: float
    """Volume while voice is silent, over the usual."""
    rush: float


CHAT = Desk(
    base=560.0,
    growth=1.28,
    weekday=np.array([1.07, 1.03, 1.00, 1.00, 1.02, 0.92, 0.88]),
    workday_shape=np.array(
        [20, 30, 42, 52, 60, 62, 58, 54, 58, 60, 56, 58, 62, 66, 66, 64, 62, 60, 64, 70, 76, 78, 70, 56],
        dtype=np.float64,
    ),
    weekend_shape=np.array(
        [14, 22, 34, 46, 56, 62, 62, 58, 60, 62, 60, 60, 62, 64, 64, 62, 62, 62, 66, 74, 80, 82, 74, 60],
        dtype=np.float64,
    ),
    holiday_depth=0.6,
    month_end=1.05,
    campaign=1.45,
    silent=3.2,
    rush=1.5,
)
# The mails of the night lie in the first half hour.
EMAIL = Desk(
    base=190.0,
    growth=1.14,
    weekday=np.array([1.25, 1.08, 1.00, 0.98, 0.98, 0.42, 0.36]),
    workday_shape=np.array(
        [90, 30, 34, 40, 44, 42, 38, 32, 24, 22, 28, 34, 38, 40, 38, 36, 34, 30, 24, 20, 18, 18, 18, 16],
        dtype=np.float64,
    ),
    weekend_shape=np.array(
        [80, 16, 18, 20, 22, 24, 24, 22, 20, 18, 20, 22, 22, 22, 22, 22, 20, 20, 20, 22, 24, 24, 22, 20],
        dtype=np.float64,
    ),
    holiday_depth=0.9,
    month_end=1.12,
    campaign=1.15,
    silent=1.8,
    rush=1.8,
)
CHAT_WITHIN_S, CHAT_PATIENCE_S = 60, 240
CHAT_ALONE_S, CHAT_SLOWING = 430.0, 0.12  # handle time with one session, and what each further session adds
CHAT_PLANNED, CHAT_MOST = 2.2, 2.7  # sessions at once: planned, and what an agent can really hold
EMAIL_AHT_S, EMAIL_EFFICIENCY = 420.0, 0.85
EMAIL_ROSTER = (0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0)  # 08:30 to 18:00


def _expected(desk: Desk, calendar: pd.DatetimeIndex) -> Floats:
    """Expected contacts by day and half hour, before chance and before the outage."""
    weekday = np.array(calendar.day_of_week)
    weekday[calendar.isin(pd.DatetimeIndex(MAKE_UP_WORKDAYS))] = 3
    level = desk.base * desk.weekday[weekday] * desk.growth ** (np.arange(calendar.size) / 365)
    level[np.asarray(calendar.days_in_month - calendar.day) <= 1] *= desk.month_end
    restful = weekday >= 5
    for start, end, _, _, voice in HOLIDAYS:
        inside = np.asarray((calendar >= start) & (calendar <= end))
        level[inside] *= (1 - desk.holiday_depth * (1 - voice)) / desk.weekday[weekday[inside]]
        restful = restful | inside
    level[(calendar >= CAMPAIGN[0]) & (calendar <= CAMPAIGN[1])] *= desk.campaign
    shapes = np.array([shape / shape.sum() for shape in (desk.workday_shape, desk.weekend_shape)])
    return np.asarray(level[:, None] * shapes[restful.astype(int)])


def _offered(desk: Desk, rng: np.random.Generator, drift_rng: np.random.Generator, calendar: pd.DatetimeIndex) -> Any:
    """Contacts that came: the outage of voice drives people to the other desks."""
    start = half_hour_starts(calendar)
    silent = np.asarray((start >= OUTAGE[0]) & (start <= OUTAGE[1])).reshape(-1, SLOTS)
    rush = np.asarray((start > OUTAGE[1]) & (start <= OUTAGE[2])).reshape(-1, SLOTS)
    busy = np.where(silent, desk.silent, np.where(rush, desk.rush, 1.0))
    drift = np.exp(drift_rng.normal(0, 0.04, calendar.size))[:, None]
    return rng.poisson(_expected(desk, calendar) * busy * drift)


def scheduled_chat(calendar: pd.DatetimeIndex) -> Any:
    """Agents on the chat schedule: 80 % within 60 s with 2.2 sessions each; marketing told of no campaign."""
    campaign = np.asarray((calendar >= CAMPAIGN[0]) & (calendar <= CAMPAIGN[1]))[:, None]
    plan = _expected(CHAT, calendar) / np.where(campaign, CHAT.campaign, 1.0)
    aht = CHAT_ALONE_S * (1 + CHAT_SLOWING * (CHAT_PLANNED - 1))
    sessions = agents_required(offered_load(plan, aht), aht, within_s=CHAT_WITHIN_S, patience_s=CHAT_PATIENCE_S)
    return np.ceil(np.maximum(sessions / CHAT_PLANNED, 2) / (1 - PLANNED_SHRINKAGE)).astype(np.int64)


def scheduled_email(calendar: pd.DatetimeIndex) -> Any:
    """Agents on the e-mail schedule: the month's work spread over office hours, a third of that on days of rest."""
    expected = _expected(EMAIL, calendar).sum(axis=1)
    restful = expected < 0.6 * EMAIL.base * EMAIL.growth ** (np.arange(calendar.size) / 365)
    level = EMAIL.base * EMAIL.growth ** (np.arange(calendar.size) / 365) * np.where(restful, 0.35, 1.12)
    hours = level * EMAIL_AHT_S / 3600 / EMAIL_EFFICIENCY / (1 - PLANNED_SHRINKAGE)
    return np.ceil(hours / (0.5 * sum(EMAIL_ROSTER)))[:, None].astype(np.int64) * np.array(EMAIL_ROSTER)


def chat_desk(seed: int, calendar: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The chat table, and where the paid hours of its agents went by day."""
    rngs = [np.random.default_rng([seed, 100 + k]) for k in range(7)]
    offered = _offered(CHAT, rngs[0], rngs[1], calendar)
    scheduled = scheduled_chat(calendar)
    staffed, lost = attendance(rngs[2], rngs[3], scheduled)
    # With c sessions at once a session takes (1 + s (c - 1)) times as long: c = load (1 - s) / (agents - load s).
    load = offered_load(offered, CHAT_ALONE_S)
    spare = np.maximum(staffed - CHAT_SLOWING * load, 1e-9)
    sessions = np.clip((1 - CHAT_SLOWING) * load / spare, 1.0, CHAT_MOST)
    noise = np.exp(0.5 * rngs[4].normal(0, 1, offered.shape) / np.sqrt(np.maximum(offered, 4)))
    aht = CHAT_ALONE_S * (1 + CHAT_SLOWING * (sessions - 1)) * noise
    served = erlang_a(offered_load(offered, aht), staffed * CHAT_MOST, aht, CHAT_PATIENCE_S, CHAT_WITHIN_S)
    room = np.floor(staffed * CHAT_MOST * 1800 / aht).astype(np.int64)
    answered = np.minimum(rngs[5].binomial(offered, 1 - served.abandonment), room)
    within = np.clip(served.service_level / np.maximum(1 - served.abandonment, 1e-9), 0.0, 1.0)
    columns = {
        "offered": offered,
        "answered": answered,
        "answered_within": rngs[6].binomial(answered, within),
        "abandoned": offered - answered,
        "aht_s": np.where(offered > 0, aht, np.nan).round(1),
        "concurrency": sessions.round(2),
        "scheduled": scheduled,
        "staffed": staffed,
    }
    return _table(columns, calendar), lost


def email_desk(seed: int, calendar: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The e-mail table, first come, first served, and where the paid hours of its agents went by day."""
    rngs = [np.random.default_rng([seed, 110 + k]) for k in range(5)]
    received = _offered(EMAIL, rngs[0], rngs[1], calendar)
    scheduled = scheduled_email(calendar)
    staffed, lost = attendance(rngs[2], rngs[3], scheduled)
    aht = EMAIL_AHT_S * np.exp(rngs[4].normal(0, 0.05, received.shape))
    room = np.floor(staffed * 1800 * EMAIL_EFFICIENCY / aht)
    handled = np.zeros(received.size, dtype=np.int64)
    backlog = np.zeros(received.size, dtype=np.int64)
    waiting = 0
    for slot, (came, most) in enumerate(zip(received.ravel().tolist(), room.ravel().tolist(), strict=True)):
        handled[slot] = min(waiting + came, int(most))
        waiting += came - int(handled[slot])
        backlog[slot] = waiting
    in_day, in_four_hours = _in_time(received.ravel(), handled)
    columns = {
        "received": received,
        "handled": handled,
        "handled_within_24h": in_day,
        "handled_within_4h": in_four_hours,
        "backlog": backlog,
        "aht_s": np.where(handled > 0, aht.ravel(), np.nan).round(1),
        "scheduled": scheduled,
        "staffed_hours": staffed * 0.5,
    }
    return _table(columns, calendar), lost


def _in_time(received: Any, handled: Any) -> tuple[Any, Any]:
    """Of the mails handled in each half hour, those received at most 24 hours and 4 working hours before."""
    came = np.repeat(np.arange(received.size), received)[: handled.sum()]
    done = np.repeat(np.arange(handled.size), handled)
    age = done - came
    # 24 hours on the clock are one open day of half hours, as the centre opens every day at the same time.
    in_day, in_four_hours = (np.bincount(done[age <= most], minlength=handled.size) for most in (SLOTS, 8))
    return in_day, in_four_hours


def _table(columns: dict[str, Any], calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """Day by half-hour arrays as one table."""
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=half_hour_starts(calendar))
