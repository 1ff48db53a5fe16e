"""Costs and budget of the generated centre by month, from its people, hours and volumes; in your currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._backstage import Backstage
from ._people import SHIFT_HOURS, positions
from ._roster import WORK
from ._voice import HOLIDAYS, expected_calls, scheduled_voice

__all__ = ["CATEGORIES", "budget_table", "costs_table"]

CATEGORIES = (
    ("wages", "工资"),
    ("social insurance", "社会保险"),
    ("overtime", "加班费"),
    ("recruiting", "招聘"),
    ("training", "培训"),
    ("telecom", "通信费"),
    ("licences", "软件许可"),
    ("rent", "房租"),
    ("equipment depreciation", "设备折旧"),
    ("management", "管理费用"),
)
WAGE, PART_TIME, LEADERS, LEADER_WAGE = 5200.0, 0.6, 8, 8600.0
SOCIAL, HOURLY = 0.29, 30.0
HIRING, CLASS, REFRESHER = 1800.0, 2600.0, 45.0
MINUTE, LICENCE, RENT, DEPRECIATION, MANAGEMENT = 0.045, 180.0, 76_000.0, 15_000.0, 58_000.0
RAISE = ("2026-01-01", 1.04)


@dataclass(frozen=True)
class _Drivers:
    """What costs money, by day."""

    full: Floats
    """Full-time people on the payroll."""
    heads: Floats
    hired: Floats
    holiday_hours: Floats
    extra_hours: Floats
    minutes: Floats


def costs_table(back: Backstage) -> pd.DataFrame:
    """What each month cost; a month that the calendar holds in part has its part."""
    people, day = back.people, np.arange(back.days)
    employed = (people.hired[:, None] <= day) & (day < people.left[:, None])
    full = (employed * np.where(people.part_time, PART_TIME, 1.0)[:, None]).sum(axis=0)
    hired: Any = np.bincount(people.hired[(people.hired >= 0) & (people.hired < back.days)], minlength=back.days)
    worked = back.roster.status == WORK
    holiday_hours = SHIFT_HOURS * worked.sum(axis=0) * _holidays(back.calendar)
    extra_hours = SHIFT_HOURS * (back.roster.extra & worked).sum(axis=0)
    rows = back.intervals
    minutes = (rows["answered"] * rows["aht_s"].fillna(0)).to_numpy().reshape(-1, 24).sum(axis=1) / 60
    noise = np.exp(back.rng(200).normal(0, 0.015, (30, len(CATEGORIES))))
    drivers = _Drivers(full, employed.sum(axis=0), hired, holiday_hours, extra_hours, minutes)
    return _months(back.calendar, drivers, noise)


def budget_table(back: Backstage) -> pd.DataFrame:
    """What was planned the year before: planned volumes and people, usual attrition, few extra shifts."""
    calendar = back.calendar
    planned = [scheduled_voice(calendar), *back.scheduled[1:]]
    need = sum(pd.Series(positions(plan), index=calendar).rolling(7, min_periods=1).mean() * 7 / 5 for plan in planned)
    staff = np.asarray(need.rolling(90, min_periods=1).median()) * 1.05
    hires = staff * 0.26 / 365
    hours = SHIFT_HOURS * 0.88 * sum(positions(plan) for plan in planned)
    minutes = expected_calls(calendar).sum(axis=1) * 0.94 * 292 / 60
    drivers = _Drivers(staff * 0.97, staff, hires, hours * _holidays(calendar), 0.015 * hours, minutes)
    return _months(calendar, drivers, np.ones((30, len(CATEGORIES))))


def _holidays(calendar: pd.DatetimeIndex) -> Any:
    """Whether each day is a public holiday: work on it is paid three times."""
    return np.any([(calendar >= start) & (calendar <= end) for start, end, *_ in HOLIDAYS], axis=0)


def _months(calendar: pd.DatetimeIndex, day: _Drivers, noise: Floats) -> pd.DataFrame:
    """Money by day, summed by month and category."""
    part = 1 / np.asarray(calendar.days_in_month)
    raised = np.where(calendar >= RAISE[0], RAISE[1], 1.0)
    wages = raised * part * (day.full * WAGE + LEADERS * LEADER_WAGE)
    newer = np.where(calendar >= RAISE[0], 1.1, 1.0)
    daily = np.column_stack(
        [
            wages,
            SOCIAL * wages,
            raised * HOURLY * (2 * day.holiday_hours + 1.5 * day.extra_hours),
            HIRING * day.hired,
            CLASS * day.hired + REFRESHER * day.heads * part,
            MINUTE * day.minutes,
            LICENCE * day.heads * part,
            RENT * part,
            DEPRECIATION * part * newer,
            MANAGEMENT * part,
        ]
    )
    month = calendar.to_period("M")
    sums = pd.DataFrame(daily).groupby(np.asarray(month.astype("int64"))).sum().to_numpy()
    amounts = np.where(np.isin(np.arange(len(CATEGORIES)), [3, 4, 5, 9]), sums * noise[: len(sums)], sums)
    starts = month.unique().to_timestamp()
    return pd.DataFrame(
        {
            "month": np.repeat(starts, len(CATEGORIES)),
            "category": [name for name, _ in CATEGORIES] * len(starts),
            "category_zh": [name for _, name in CATEGORIES] * len(starts),
            "amount": np.round(amounts.ravel(), 2),
        }
    )
