"""The voice hotline of the generated centre: its calendar, its calls, its staff, and what the queue made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ..staffing import agents_required, erlang_a, offered_load

__all__ = ["attendance", "events_of", "expected_calls", "half_hour_starts", "scheduled_voice", "voice_floor"]

FIRST_DAY = "2025-01-06"
LAST_DAY = "2026-12-31"
OPENS, SLOTS = 8, 24
WITHIN_S, PATIENCE_S = 20, 150
PLANNED_SHRINKAGE = 0.30
USUAL_AHT_S = 292.0

# Holidays and make-up workdays: the State Council's notices for 2025 and 2026 (the latter of 4 November 2025).
# start, end, Chinese and English name, volume as a share of an ordinary day
HOLIDAYS = (
    ("2025-01-28", "2025-02-04", "春节", "Spring Festival", 0.48),
    ("2025-04-04", "2025-04-06", "清明节", "Qingming Festival", 0.72),
    ("2025-05-01", "2025-05-05", "劳动节", "Labour Day", 0.66),
    ("2025-05-31", "2025-06-02", "端午节", "Dragon Boat Festival", 0.74),
    ("2025-10-01", "2025-10-08", "国庆节、中秋节", "National Day and Mid-Autumn Festival", 0.62),
    ("2026-01-01", "2026-01-03", "元旦", "New Year", 0.72),
    ("2026-02-15", "2026-02-23", "春节", "Spring Festival", 0.48),
    ("2026-04-04", "2026-04-06", "清明节", "Qingming Festival", 0.72),
    ("2026-05-01", "2026-05-05", "劳动节", "Labour Day", 0.66),
    ("2026-06-19", "2026-06-21", "端午节", "Dragon Boat Festival", 0.74),
    ("2026-09-25", "2026-09-27", "中秋节", "Mid-Autumn Festival", 0.74),
    ("2026-10-01", "2026-10-07", "国庆节", "National Day", 0.62),
)
MAKE_UP_WORKDAYS = (
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)
CAMPAIGN = ("2025-11-10", "2025-11-14", 1.32)
OUTAGE = ("2026-04-15 10:00", "2026-04-15 11:30", "2026-04-15 13:30")  # silent from, silent to (last interval), rush to

BASE_CALLS = 2900.0
WEEKDAY = np.array([1.16, 1.05, 1.00, 0.98, 1.02, 0.66, 0.56])
WORKDAY_SHAPE = np.array(
    [28, 44, 68, 86, 94, 92, 82, 70, 54, 50, 56, 66, 78, 84, 82, 76, 70, 66, 58, 48, 42, 38, 33, 26], dtype=np.float64
)
WEEKEND_SHAPE = np.array(
    [18, 28, 42, 56, 68, 74, 72, 66, 56, 52, 54, 58, 62, 64, 64, 62, 60, 58, 54, 50, 46, 42, 36, 28], dtype=np.float64
)
# Unplanned shares vary by day; planned ones are booked. They sum to about 0.30 of paid time.
SHRINKAGE = {"leave": 0.085, "sickness": 0.035, "breaks": 0.090, "training": 0.040, "meetings": 0.030, "system": 0.020}


def events_of(calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """The events that fall into the calendar, in order of time."""
    rows = [(start, f"{end} 23:59", "holiday", en, zh) for start, end, zh, en, _ in HOLIDAYS]
    rows += [(day, f"{day} 23:59", "makeup_workday", "Make-up workday", "调休上班日") for day in MAKE_UP_WORKDAYS]
    rows.append((CAMPAIGN[0], f"{CAMPAIGN[1]} 23:59", "campaign", "Upgrade campaign", "提速优惠活动"))
    rows.append((OUTAGE[0], OUTAGE[2], "outage", "Carrier line down, then a rush", "运营商线路中断及恢复后的高峰"))
    table = pd.DataFrame(rows, columns=["start", "end", "kind", "en", "zh"])
    table["start"], table["end"] = (pd.to_datetime(table[name], format="mixed") for name in ("start", "end"))
    inside = (table["start"] >= calendar[0]) & (table["start"].dt.normalize() <= calendar[-1])
    return table[inside].sort_values("start", ignore_index=True)


def expected_calls(calendar: pd.DatetimeIndex) -> Floats:
    """Expected calls by day and half hour, before chance."""
    weekday = np.array(calendar.day_of_week)
    weekday[calendar.isin(pd.DatetimeIndex(MAKE_UP_WORKDAYS))] = 3
    level = BASE_CALLS * WEEKDAY[weekday] * 1.06 ** (np.arange(calendar.size) / 365)
    level *= 1 + 0.05 * np.cos(2 * np.pi * (np.asarray(calendar.day_of_year) - 200) / 365)
    from_end = np.asarray(calendar.days_in_month - calendar.day)
    level *= np.select([from_end <= 1, np.asarray(calendar.day) <= 3], [1.10, 1.06], 1.0)
    restful = weekday >= 5
    for start, end, _, _, share in HOLIDAYS:
        inside = (calendar >= start) & (calendar <= end)
        level[inside] = BASE_CALLS * share
        level[calendar == pd.Timestamp(end) + pd.Timedelta(days=1)] *= 1.14
        restful = restful | inside
    level[(calendar >= CAMPAIGN[0]) & (calendar <= CAMPAIGN[1])] *= CAMPAIGN[2]
    shapes = np.array([WORKDAY_SHAPE / WORKDAY_SHAPE.sum(), WEEKEND_SHAPE / WEEKEND_SHAPE.sum()])
    return np.asarray(level[:, None] * shapes[restful.astype(int)])


def planned_calls(expected: Floats, calendar: pd.DatetimeIndex) -> Floats:
    """What the planners foresaw: marketing had told them of a third of the campaign, nobody of the outage."""
    inside = (calendar >= CAMPAIGN[0]) & (calendar <= CAMPAIGN[1])
    foreseen = (1 + (CAMPAIGN[2] - 1) / 3) / CAMPAIGN[2]
    return np.asarray(expected * np.where(inside, foreseen, 1.0)[:, None])


def _demand(rngs: list[np.random.Generator], expected: Floats, start: pd.DatetimeIndex) -> tuple[Any, Floats]:
    """Calls and handle time: days drift by 4 %, half of it lasts into the next; the outage silences, then rushes."""
    drift = np.zeros(len(expected))
    for day, shock in enumerate(rngs[0].normal(0, 0.035, len(expected))):
        drift[day] = 0.5 * drift[day - 1] * (day > 0) + shock
    silent = np.asarray((start >= OUTAGE[0]) & (start <= OUTAGE[1])).reshape(expected.shape)
    rush = np.asarray((start > OUTAGE[1]) & (start <= OUTAGE[2])).reshape(expected.shape)
    busy = np.where(silent, 0.0, np.where(rush, 1.7, 1.0)) * np.exp(drift)[:, None]
    offered = rngs[1].poisson(expected * busy * rngs[2].gamma(900, 1 / 900, expected.shape))
    usual = USUAL_AHT_S * (1 + 0.03 * np.sin(np.linspace(-1, 2.2, SLOTS))) * np.where(rush, 1.12, 1.0)
    # A day has its own mix of reasons; single calls scatter by about 60 % of the mean.
    chance = rngs[3].normal(0, 1, (len(expected), SLOTS + 1))
    aht = usual * np.exp(0.03 * chance[:, :1] + 0.6 * chance[:, 1:] / np.sqrt(np.maximum(offered, 4)))
    return offered, np.asarray(aht)


def scheduled_voice(calendar: pd.DatetimeIndex) -> Any:
    """Agents on the voice schedule by day and half hour: what the plan needs, grossed up for planned shrinkage."""
    plan = planned_calls(expected_calls(calendar), calendar)
    needed = agents_required(offered_load(plan, USUAL_AHT_S), USUAL_AHT_S, patience_s=PATIENCE_S)
    return np.ceil(needed / (1 - PLANNED_SHRINKAGE)).astype(np.int64)


def attendance(shares_rng: np.random.Generator, rng: np.random.Generator, scheduled: Any) -> tuple[Any, pd.DataFrame]:
    """Agents there by half hour, and where the paid hours of each day went."""
    steadiness = np.array([60, 8, 300, 20, 40, 6])
    size = (len(scheduled), len(SHRINKAGE))
    shares = np.array(list(SHRINKAGE.values())) * shares_rng.gamma(steadiness, 1 / steadiness, size)
    there = scheduled * (1 - np.minimum(shares.sum(axis=1), 0.5))[:, None]
    noise = rng.normal(0, 1, scheduled.shape)
    staffed = np.clip(np.rint(there + 0.25 * np.sqrt(there) * noise), np.minimum(scheduled, 1), scheduled)
    lost = 0.5 * (scheduled - staffed).sum(axis=1)
    hours = np.floor(lost[:, None] * shares / shares.sum(axis=1, keepdims=True) * 2) / 2
    hours[:, 2] += lost - hours.sum(axis=1)
    table = pd.DataFrame(hours, columns=list(SHRINKAGE))
    table.insert(0, "paid", 0.5 * scheduled.sum(axis=1))
    return staffed.astype(np.int64), table


def half_hour_starts(calendar: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The start of every open half hour of the calendar."""
    clock = pd.Timedelta(hours=OPENS) + np.arange(SLOTS) * pd.Timedelta(minutes=30)
    return pd.DatetimeIndex((calendar.to_numpy()[:, None] + pd.TimedeltaIndex(clock).to_numpy()).ravel(), name="start")


def voice_floor(seed: int, calendar: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Calls come, staff comes or not, and the queue does what Erlang A says."""
    # One stream for each kind of chance, drawn day by day: a longer centre begins like a shorter one.
    rngs = [np.random.default_rng([seed, k]) for k in range(9)]
    start = half_hour_starts(calendar)
    offered, aht = _demand(rngs, expected_calls(calendar), start)
    scheduled = scheduled_voice(calendar)
    staffed, shrinkage = attendance(rngs[4], rngs[5], scheduled)
    shrinkage.index = pd.DatetimeIndex(calendar, name="day")
    served = erlang_a(offered_load(offered, aht), staffed, aht, PATIENCE_S, WITHIN_S)
    capacity = np.floor(staffed * 1800 / aht).astype(np.int64)
    answered = np.minimum(rngs[6].binomial(offered, 1 - served.abandonment), capacity)
    within = np.clip(served.service_level / np.maximum(1 - served.abandonment, 1e-9), 0.0, 1.0)
    columns = {
        "offered": offered,
        "answered": answered,
        "answered_within": rngs[7].binomial(answered, within),
        "abandoned": offered - answered,
        "abandoned_within": rngs[8].binomial(offered - answered, 0.4),
        "aht_s": np.where(offered > 0, aht, np.nan).round(1),
        "scheduled": scheduled,
        "staffed": staffed,
    }
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=start), shrinkage
