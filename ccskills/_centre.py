"""A generated contact centre: a broadband service hotline, voice, open 08:00 to 20:00 every day from January 2025."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._checks import Floats
from .staffing import agents_required, erlang_a, offered_load

__all__ = ["Centre", "centre"]

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

UNITS = (
    ("intervals", "start", "local time", "start of the half hour", "半小时的开始时间"),
    ("intervals", "offered", "calls", "calls offered to agents", "来电量（转人工）"),
    ("intervals", "answered", "calls", "calls answered", "应答量"),
    ("intervals", "answered_within", "calls", "calls answered within 20 s", "20秒内应答量"),
    ("intervals", "abandoned", "calls", "calls abandoned in the queue", "放弃量"),
    ("intervals", "abandoned_within", "calls", "calls abandoned within 20 s", "20秒内放弃量"),
    ("intervals", "aht_s", "seconds", "average handle time with after-call work", "平均处理时长（含话后处理）"),
    ("intervals", "scheduled", "agents", "agents on the schedule (paid)", "排班人数（计薪）"),
    ("intervals", "staffed", "agents", "agents present and ready to take calls", "在岗可接听人数"),
    ("events", "start", "local time", "first moment of the event", "事件开始时间"),
    ("events", "end", "local time", "last moment of the event", "事件结束时间"),
    ("events", "kind", "word", "holiday, makeup_workday, campaign or outage", "类别：节假日、调休上班、营销活动、故障"),
    ("events", "en", "text", "name in English", "英文名称"),
    ("events", "zh", "text", "name in Chinese", "中文名称"),
    ("shrinkage", "day", "date", "day", "日期"),
    ("shrinkage", "paid", "hours", "paid hours on the schedule", "计薪工时"),
    ("shrinkage", "leave", "hours", "annual and other planned leave", "年假等计划内休假"),
    ("shrinkage", "sickness", "hours", "sickness and unplanned absence", "病假及计划外缺勤"),
    ("shrinkage", "breaks", "hours", "breaks and meals", "小休与用餐"),
    ("shrinkage", "training", "hours", "training and coaching", "培训与辅导"),
    ("shrinkage", "meetings", "hours", "team meetings", "班前班后会"),
    ("shrinkage", "system", "hours", "system faults and log-in time", "系统故障与登录"),
)


@dataclass(frozen=True)
class Centre:
    """The tables of a generated contact centre."""

    intervals: pd.DataFrame
    """One row per half hour: volumes, service, handle time, staff."""
    events: pd.DataFrame
    """One row per holiday, make-up workday, campaign and outage."""
    shrinkage: pd.DataFrame
    """One row per day: paid hours and the hours not available, by category."""
    units: pd.DataFrame
    """Every column of these tables with its unit and its meaning in English and Chinese."""


def centre(seed: int = 2026, days: int = 602) -> Centre:
    """A generated voice hotline of about 2,800 calls a day; the same seed and days give the same centre.

    Calls follow weekday, time of day, the turn of the month, a trend of 6 % a year, Chinese public holidays and
    make-up workdays, one campaign and one outage in which the line was silent and then rushed. Staff is planned for
    80 % within 20 s with 30 % shrinkage; what was answered follows from who came (Erlang A, mean patience 150 s).

    Parameters
    ----------
    seed : int, optional
        Any whole number of 0 or more.
    days : int, optional
        Days from Monday 6 January 2025 on, from 1 to 725 (31 December 2026, as far as the holidays are announced).

    Returns
    -------
    Centre

    Examples
    --------
    >>> ours = centre()
    >>> ours.intervals.shape, ours.intervals.index[-1].isoformat()
    ((14448, 8), '2026-08-30T19:30:00')
    >>> ours.events["kind"].value_counts().to_dict()
    {'holiday': 10, 'makeup_workday': 9, 'campaign': 1, 'outage': 1}
    """
    for name, value, least in (("seed", seed, 0), ("days", days, 1)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{name} must be a whole number, got {value!r}")
        if value < least:
            raise ValueError(f"{name} must be {least} or more, got {value}")
    calendar = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    if days > calendar.size:
        raise ValueError(f"days must be at most {calendar.size}, as far as the holidays are announced, got {days}")
    calendar = calendar[:days]
    expected = _expected_calls(calendar)
    # One stream for each kind of chance, drawn day by day: a longer centre begins like a shorter one.
    intervals, shrinkage = _floor([np.random.default_rng([seed, k]) for k in range(9)], calendar, expected)
    units = pd.DataFrame(UNITS, columns=["table", "column", "unit", "en", "zh"])
    return Centre(intervals, _events(calendar), shrinkage, units)


def _events(calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """The events that fall into the calendar, in order of time."""
    rows = [(start, f"{end} 23:59", "holiday", en, zh) for start, end, zh, en, _ in HOLIDAYS]
    rows += [(day, f"{day} 23:59", "makeup_workday", "Make-up workday", "调休上班日") for day in MAKE_UP_WORKDAYS]
    rows.append((CAMPAIGN[0], f"{CAMPAIGN[1]} 23:59", "campaign", "Upgrade campaign", "提速优惠活动"))
    rows.append((OUTAGE[0], OUTAGE[2], "outage", "Carrier line down, then a rush", "运营商线路中断及恢复后的高峰"))
    table = pd.DataFrame(rows, columns=["start", "end", "kind", "en", "zh"])
    table["start"], table["end"] = (pd.to_datetime(table[name], format="mixed") for name in ("start", "end"))
    inside = (table["start"] >= calendar[0]) & (table["start"].dt.normalize() <= calendar[-1])
    return table[inside].sort_values("start", ignore_index=True)


def _expected_calls(calendar: pd.DatetimeIndex) -> Floats:
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


def _planned(expected: Floats, calendar: pd.DatetimeIndex) -> Floats:
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


def _staff(rngs: list[np.random.Generator], plan: Floats) -> tuple[Any, Any, pd.DataFrame]:
    """Agents scheduled and agents there by half hour, and where the paid hours of each day went."""
    needed = agents_required(offered_load(plan, USUAL_AHT_S), USUAL_AHT_S, patience_s=PATIENCE_S)
    scheduled = np.ceil(needed / (1 - PLANNED_SHRINKAGE)).astype(np.int64)
    steadiness = np.array([60, 8, 300, 20, 40, 6])
    shares = np.array(list(SHRINKAGE.values())) * rngs[4].gamma(steadiness, 1 / steadiness, (len(plan), len(SHRINKAGE)))
    there = scheduled * (1 - np.minimum(shares.sum(axis=1), 0.5))[:, None]
    staffed = np.clip(np.rint(there + 0.25 * np.sqrt(there) * rngs[5].normal(0, 1, plan.shape)), 1, scheduled)
    lost = 0.5 * (scheduled - staffed).sum(axis=1)
    hours = np.floor(lost[:, None] * shares / shares.sum(axis=1, keepdims=True) * 2) / 2
    hours[:, 2] += lost - hours.sum(axis=1)
    table = pd.DataFrame(hours, columns=list(SHRINKAGE))
    table.insert(0, "paid", 0.5 * scheduled.sum(axis=1))
    return scheduled, staffed.astype(np.int64), table


def _floor(
    rngs: list[np.random.Generator], calendar: pd.DatetimeIndex, expected: Floats
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Calls come, staff comes or not, and the queue does what Erlang A says."""
    clock = pd.Timedelta(hours=OPENS) + np.arange(SLOTS) * pd.Timedelta(minutes=30)
    start = pd.DatetimeIndex((calendar.to_numpy()[:, None] + pd.TimedeltaIndex(clock).to_numpy()).ravel(), name="start")
    offered, aht = _demand(rngs, expected, start)
    scheduled, staffed, shrinkage = _staff(rngs, _planned(expected, calendar))
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
