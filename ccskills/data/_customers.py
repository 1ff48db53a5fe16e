"""Complaints and customers of the generated centre: who is unhappy, who says so, who stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._backstage import Backstage
from ._people import DESKS
from ._voice import OPENS, OUTAGE

__all__ = ["CATEGORIES", "SEGMENTS", "complaints_table", "customers_table"]

# English and Chinese name, share, whether it is about one agent, share compensated, mean severity beyond 1
CATEGORIES = (
    ("slow repair", "故障修复慢", 0.23, False, 0.40, 0.9),
    ("fault comes back", "故障反复出现", 0.16, False, 0.45, 1.0),
    ("wrong bill", "账单有误", 0.18, False, 0.50, 0.7),
    ("promise not kept", "承诺未兑现", 0.12, True, 0.35, 0.9),
    ("wait on the hotline", "热线等待时间长", 0.10, False, 0.05, 0.4),
    ("attitude of an agent", "座席服务态度", 0.08, True, 0.10, 0.6),
    ("engineer did not come", "上门人员失约", 0.08, False, 0.35, 0.8),
    ("cancellation made difficult", "销户受阻", 0.05, True, 0.15, 1.1),
)
PER_CONTACT, OUTAGE_TIMES = 0.0042, 1.8
ACKNOWLEDGED, COMPENSATION_HELPS, HOUR_HURTS = 0.93, 1.0, -0.03
LEFT_CONTENT, LEFT_ANGRY = 0.05, 0.21
# English and Chinese name, share, mean monthly margin, monthly churn, contacts a year
SEGMENTS = (
    ("home", "家庭", 0.70, 26.0, 0.017, 2.6),
    ("home plus", "家庭尊享", 0.20, 52.0, 0.011, 2.1),
    ("small business", "小微企业", 0.10, 118.0, 0.008, 4.2),
)
CUSTOMERS = 4000
YOUNG_MONTHS, YOUNG_CHURN, TROUBLE_POWER = 6, 1.8, 0.6


def complaints_table(back: Backstage) -> pd.DataFrame:
    """Complaints in the order in which they were opened."""
    day = np.repeat(np.arange(back.days), back.rng(180).poisson(_complaints_a_day(back)))
    chance = back.rng(181).random((day.size, 12))
    kind = _kinds(back, day, chance[:, 0])
    likely = np.array([entry[5] for entry in CATEGORIES])[kind][:, None]
    severity = 1 + (chance[:, 1:3] < 0.5 * likely).sum(axis=1)
    desk = np.searchsorted([0.62, 0.84], chance[:, 3])
    opened = back.calendar[day] + pd.Timedelta(hours=OPENS) + pd.to_timedelta(np.floor(chance[:, 4] * 43_200), unit="s")
    about = np.array([entry[3] for entry in CATEGORIES])[kind]
    who = back.somebody(desk, day, chance[:, 7])
    columns = {
        "opened": opened,
        "category": np.array([entry[0] for entry in CATEGORIES])[kind],
        "category_zh": np.array([entry[1] for entry in CATEGORIES])[kind],
        "channel": np.array(DESKS)[desk],
        "severity": severity,
        "agent_id": pd.Series(np.where(about & (who >= 0), back.ids[who], None), dtype="str"),
        **_outcome(back, chance, opened, kind, severity),
    }
    table = pd.DataFrame(columns).sort_values("opened", kind="stable", ignore_index=True)
    table.insert(0, "complaint_id", np.arange(1, len(table) + 1))
    table.insert(2, "closed", table.pop("closed"))
    return table


def _outcome(back: Backstage, chance: Floats, opened: pd.DatetimeIndex, kind: Any, severity: Any) -> dict[str, Any]:
    """How each complaint was handled, and what the customer made of it."""
    time = back.rng(182).normal(0, 1, (kind.size, 2))
    response = np.round(np.exp(1.9 - 0.25 * (severity - 1) + 0.8 * time[:, 0]), 1)
    solved_days = np.exp(0.9 + 0.3 * (severity - 1) + 0.6 * time[:, 1]) + response / 24
    closed = opened + pd.to_timedelta(np.floor(solved_days * 86_400), unit="s")
    compensated = chance[:, 5] < np.array([entry[4] for entry in CATEGORIES])[kind]
    lift = 0.75 + HOUR_HURTS * response + COMPENSATION_HELPS * compensated - 0.55 * (severity - 1)
    satisfied = chance[:, 6] < 1 / (1 + np.exp(-lift))
    left = chance[:, 11] < np.where(satisfied, LEFT_CONTENT, LEFT_ANGRY)
    end = back.calendar[-1] + pd.Timedelta(days=1)
    return {
        "closed": closed.where(closed < end),
        "first_response_h": response,
        "acknowledged": chance[:, 8] < ACKNOWLEDGED,
        "compensated": compensated,
        "satisfied_after": _known(satisfied, closed < end),
        "repeat": chance[:, 9] < np.where(satisfied, 0.05, 0.24),
        "escalated": chance[:, 10] < 0.01 + 0.025 * (severity - 1) + 0.05 * ~satisfied,
        "customer_left_90d": _known(left, opened + pd.Timedelta(days=90) < end),
    }


def _known(value: Any, known: Any) -> pd.Series:
    """Yes or no where it is known, else missing."""
    return pd.Series(value, dtype="boolean").where(pd.Series(np.asarray(known)))


def _lost_by_day(back: Backstage) -> Floats:
    """Share of the calls of each day that hung up."""
    days = back.intervals[["offered", "abandoned"]].to_numpy().reshape(-1, 24, 2).sum(axis=1)
    return np.asarray(days[:, 1] / np.maximum(days[:, 0], 1))


def _complaints_a_day(back: Backstage) -> Floats:
    """Expected complaints: a share of the contacts handled, more when many hung up, and for days after the outage."""
    handled = (back.intervals["answered"], back.chat[0]["answered"], back.email[0]["handled"])
    contacts = sum(series.to_numpy().reshape(-1, 24).sum(axis=1) for series in handled)
    since = np.asarray((back.calendar - pd.Timestamp(OUTAGE[0]).normalize()).days)
    outage = np.where((since >= 0) & (since < 4), OUTAGE_TIMES, 1.0)
    return np.asarray(PER_CONTACT * contacts * (0.8 + 3 * _lost_by_day(back)) * outage)


def _kinds(back: Backstage, day: Any, chance: Any) -> Any:
    """Categories: waiting is complained of more on days on which many hung up."""
    shares = np.tile([entry[2] for entry in CATEGORIES], (back.days, 1))
    shares[:, 4] *= _lost_by_day(back) / 0.066
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    return (chance[:, None] > edges[day][:, :-1]).sum(axis=1)


def customers_table(back: Backstage) -> pd.DataFrame:
    """Four thousand customers as they stand on the last day; those who need help often leave sooner."""
    rng = back.rng(190)
    chance = rng.random((CUSTOMERS, 3))
    segment = np.searchsorted(np.cumsum([entry[2] for entry in SEGMENTS])[:-1], chance[:, 0])
    margin, churn, yearly = (np.array([entry[k] for entry in SEGMENTS])[segment] for k in (3, 4, 5))
    trouble = rng.gamma(2.5, 1 / 2.5, CUSTOMERS)
    # Months a customer stays: the first half year is the riskiest.
    need = rng.exponential(1.0, CUSTOMERS) / (churn * trouble**TROUBLE_POWER)
    early = YOUNG_MONTHS * YOUNG_CHURN
    stays = np.where(need < early, need / YOUNG_CHURN, YOUNG_MONTHS + need - early)
    joined = pd.Timestamp("2019-01-01") + pd.to_timedelta(np.floor(chance[:, 1] * 2921), unit="D")
    end = back.calendar[-1]
    age = np.asarray((end - joined).days) / 30.4
    months = np.minimum(stays, np.maximum(age, 0))
    contacts = rng.poisson(yearly * trouble * np.minimum(months, 12) / 12)
    gone = end - pd.to_timedelta(np.floor(np.maximum(age - stays, 0) * 30.4), unit="D")
    back_days = np.floor(chance[:, 2] ** np.maximum(contacts, 1) * np.minimum(months, 12) * 30.4)
    columns = {
        "customer_id": [f"C{number:05d}" for number in range(1, CUSTOMERS + 1)],
        "joined": joined,
        "segment": np.array([entry[0] for entry in SEGMENTS])[segment],
        "segment_zh": np.array([entry[1] for entry in SEGMENTS])[segment],
        "monthly_margin": np.round(margin * rng.lognormal(-0.06, 0.35, CUSTOMERS), 2),
        "months": np.round(months, 1),
        "contacts_12m": contacts,
        "last_contact": (gone - pd.to_timedelta(back_days, unit="D")).where(contacts > 0),
        "churned": stays < age,
    }
    return pd.DataFrame(columns)[joined <= end].reset_index(drop=True)
