"""The people of the generated centre: who was hired, who left, who moved desk, and how fast each one works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._channels import scheduled_chat, scheduled_email
from ._names import draw_names
from ._voice import FIRST_DAY, LAST_DAY, scheduled_voice

__all__ = [
    "DESKS",
    "NEVER",
    "People",
    "agent_ids",
    "agents_table",
    "learning",
    "movements_table",
    "people_of",
    "positions",
]

DESKS = ("voice", "chat", "email")
NEVER = 100_000  # a day that does not come
CLASS_DAYS = 21  # from hiring to the floor
LEARNING_EXTRA, LEARNING_MONTHS = 0.6, 2.0
PACE_SPREAD = 0.09
SHIFT_HOURS = 7.4
SPARE = (1.0, 1.05, 1.2)  # people over the need: on a small desk one who leaves is missed at once
HAZARDS = (0.055, 0.032, 0.016)  # monthly attrition in the first three months, until a year, later
VOICE_TEAMS, ONLINE_TEAMS = ("V1", "V2", "V3", "V4", "V5", "V6"), ("O1", "O2")
SITES = {team: ("Binhe", "滨河") if team in ("V1", "V2", "V3", "O1") else ("Yunshan", "云山") for team in VOICE_TEAMS}
SITES |= {"O1": ("Binhe", "滨河"), "O2": ("Yunshan", "云山")}
SKILLS = {"voice": ("voice", "voice, chat"), "chat": ("chat, email", "chat"), "email": ("email, chat", "email")}
LEAVE_REASONS = (
    ("another job", "另谋职业", 0.34),
    ("shifts and weekends", "不适应排班", 0.22),
    ("pressure of the work", "工作压力", 0.16),
    ("family or moving away", "家庭原因或搬迁", 0.14),
    ("further study", "继续深造", 0.07),
    ("did not pass probation", "试用期未通过", 0.07),
)
HIRE_REASONS = (("replacement", "补充流失"), ("growth", "业务增长"))


@dataclass(frozen=True)
class People:
    """Everybody who ever worked here, by column; days count from the first day of the calendar."""

    name: list[str]
    name_zh: list[str]
    leaders: dict[str, tuple[str, str]]
    desk: Any
    """The desk before a transfer."""
    team: Any
    skill: Any
    part_time: Any
    hired: Any
    floor: Any
    """First day with customers, after the training class."""
    left: Any
    """First day no longer here, or NEVER."""
    moved: Any
    """Day of the transfer to chat, or NEVER."""
    growth: Any
    """Whether the hire was for growth, not for replacement."""
    leaving: Any
    """Position of the reason in LEAVE_REASONS."""
    pace: Floats
    """Handle time over that of the average experienced agent."""
    care: Floats
    """Quality over the average, in standard deviations."""

    def desk_on(self, day: int) -> Any:
        """Desk of everybody on a day."""
        return np.where(self.moved <= day, 1, self.desk)

    def team_on(self, day: int) -> Any:
        """Team of everybody on a day."""
        online = np.array(ONLINE_TEAMS)[np.arange(self.desk.size) % 2]
        return np.where(self.moved <= day, online, self.team)

    def here(self, day: int) -> Any:
        """Who is on the floor on a day: out of the class, not yet gone."""
        return (self.floor <= day) & (day < self.left)


def learning(days_on_floor: Any) -> Any:
    """Handle time over that of the same person when experienced: 1 + 0.6 exp(-months / 2)."""
    return 1 + LEARNING_EXTRA * np.exp(-np.maximum(days_on_floor, 0) / 30.4 / LEARNING_MONTHS)


def positions(scheduled: Any) -> Any:
    """People a day needs on its schedule: at least the peak, and shifts of about seven and a half hours."""
    return np.maximum(scheduled.max(axis=1), np.ceil(0.5 * scheduled.sum(axis=1) / SHIFT_HOURS)).astype(np.int64)


def people_of(seed: int) -> People:
    """The people of the whole calendar, month by month: some leave, a class is hired when it is worth one."""
    rng = np.random.default_rng([seed, 120])
    calendar = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    plans = (scheduled_voice(calendar), scheduled_chat(calendar), scheduled_email(calendar))
    needs = [spare * _need_by_month(plan, calendar) for spare, plan in zip(SPARE, plans, strict=True)]
    rows = [row for desk in range(3) for row in _founders(rng, desk, round(needs[desk][0]))]
    firsts = [int(day) for day in np.flatnonzero(calendar.day == 1)]
    for month, first in enumerate(firsts, start=1):
        length = calendar[first].days_in_month
        _some_leave(rng, rows, first, length)
        if month % 3 == 0:
            _one_moves(rng, rows, first)
        for desk, need in enumerate(needs):
            _hire(rng, rows, desk, first, need[min(month + 1, len(need) - 1)])
    return _columns(rng, rows)


def _need_by_month(scheduled: Any, calendar: pd.DatetimeIndex) -> Floats:
    """Full-time people that each month needs: its busier weeks, five days each."""
    weeks = pd.Series(positions(scheduled), index=calendar).resample("W").sum() / 5
    return np.asarray(weeks.groupby(weeks.index.to_period("M")).quantile(0.75))


def _founders(rng: np.random.Generator, desk: int, count: int) -> list[dict[str, Any]]:
    """Those who were there at the start; most for one to three years."""
    tenures = np.maximum(rng.exponential(620, count).astype(int), CLASS_DAYS)
    return [_person(rng, desk, -int(days), growth=False) for days in tenures]


def _person(rng: np.random.Generator, desk: int, hired: int, *, growth: bool) -> dict[str, Any]:
    """One new row."""
    return {
        "desk": desk,
        "skill": SKILLS[DESKS[desk]][int(rng.random() < (0.3 if desk == 0 else 0.4))],
        "part_time": bool(rng.random() < 0.1),
        "hired": hired,
        "floor": hired + CLASS_DAYS,
        "left": NEVER,
        "moved": NEVER,
        "growth": growth,
        "leaving": 0,
    }


def _some_leave(rng: np.random.Generator, rows: list[dict[str, Any]], first: int, length: int) -> None:
    """Of those here at the start of the month some leave in it: newcomers three times as often as old hands."""
    weights = np.array([weight for *_, weight in LEAVE_REASONS])
    for row in rows:
        if row["left"] < NEVER or row["hired"] >= first:
            continue
        months = (first - row["hired"]) / 30.4
        hazard = HAZARDS[0 if months < 3 else 1 if months < 12 else 2]
        if rng.random() < hazard:
            row["left"] = first + int(rng.integers(1, length))
            usable = weights * np.where(np.arange(weights.size) == 5, months < 6, 1.0)
            row["leaving"] = int(rng.choice(weights.size, p=usable / usable.sum()))


def _one_moves(rng: np.random.Generator, rows: list[dict[str, Any]], first: int) -> None:
    """Once a quarter an experienced voice agent who knows chat moves there."""
    fit = [
        row
        for row in rows
        if row["desk"] == 0 and "chat" in row["skill"] and row["moved"] == row["left"] == NEVER
        if first - row["hired"] > 240
    ]
    if fit:
        fit[int(rng.integers(len(fit)))]["moved"] = first


def _hire(rng: np.random.Generator, rows: list[dict[str, Any]], desk: int, first: int, need: float) -> None:
    """A class starts on the second Monday when at least three are missing, or one on the small e-mail desk."""
    here = [row for row in rows if (1 if row["moved"] <= first else row["desk"]) == desk and row["left"] > first + 30]
    missing = round(need - sum(0.6 if row["part_time"] else 1.0 for row in here))
    if missing >= (3, 2, 1)[desk]:
        monday = first + (7 - (first % 7)) % 7 + 7
        replaced = sum(first <= row["left"] < first + 30 and row["desk"] == desk for row in rows)
        rows += [_person(rng, desk, monday, growth=k >= replaced) for k in range(missing)]


def _columns(rng: np.random.Generator, rows: list[dict[str, Any]]) -> People:
    """The rows in order of hiring as columns, with names, teams, pace and care."""
    rows = sorted(rows, key=lambda row: int(row["hired"]))
    column = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    size = len(rows)
    pairs = draw_names(rng, size + len(SITES))
    leaders = dict(zip(SITES, pairs[size:], strict=True))
    turn = np.zeros(size, dtype=np.int64)
    for desk in range(3):
        turn[column["desk"] == desk] = np.arange((column["desk"] == desk).sum())
    voice, online = np.array(VOICE_TEAMS)[turn % 6], np.array(ONLINE_TEAMS)[turn % 2]
    return People(
        name=[name for name, _ in pairs[:size]],
        name_zh=[name for _, name in pairs[:size]],
        leaders=leaders,
        team=np.where(column["desk"] == 0, voice, online),
        pace=np.exp(rng.normal(0, PACE_SPREAD, size)),
        care=rng.normal(0, 1, size),
        **column,
    )


def agent_ids(size: int) -> Any:
    """The ids in order of hiring."""
    return np.array([f"A{number:04d}" for number in range(1, size + 1)])


def agents_table(people: People, days: int) -> pd.DataFrame:
    """Everybody hired before the end of the calendar, as they stand on its last day."""
    last = days - 1
    known = people.hired <= last
    first = pd.Timestamp(FIRST_DAY)
    team = people.team_on(last)
    tenure = (np.minimum(people.left, days) - people.hired) / 30.4
    skill = np.where(people.moved <= last, "chat, voice", people.skill)
    columns = {
        "agent_id": agent_ids(people.hired.size),
        "name": people.name,
        "name_zh": people.name_zh,
        "team": team,
        "team_leader": [people.leaders[name][0] for name in team],
        "team_leader_zh": [people.leaders[name][1] for name in team],
        "site": [SITES[name][0] for name in team],
        "site_zh": [SITES[name][1] for name in team],
        "skills": skill,
        "hired": first + pd.to_timedelta(people.hired, unit="D"),
        "on_floor": first + pd.to_timedelta(people.floor, unit="D"),
        "left": (first + pd.to_timedelta(people.left, unit="D")).where(people.left <= last),
        "contract_hours": np.where(people.part_time, 24, 40),
        "tenure_months": tenure.round(1),
    }
    return pd.DataFrame(columns)[known].reset_index(drop=True)


def movements_table(people: People, days: int) -> pd.DataFrame:
    """Hires, leavers and transfers inside the calendar, in order of time."""
    ids = agent_ids(people.hired.size)
    first = pd.Timestamp(FIRST_DAY)
    rows: list[tuple[Any, ...]] = []
    for who in range(ids.size):
        day = int(people.hired[who])
        if day >= 0:
            began = first + pd.Timedelta(days=day)
            rows.append((day, ids[who], "hire", *HIRE_REASONS[int(people.growth[who])], f"T{began:%Y-%m}"))
        if people.moved[who] < people.left[who]:
            rows.append((int(people.moved[who]), ids[who], "transfer", "voice to chat", "由语音转至在线客服", ""))
        if people.left[who] < NEVER:
            rows.append((int(people.left[who]), ids[who], "leave", *LEAVE_REASONS[int(people.leaving[who])][:2], ""))
    rows = sorted(row for row in rows if row[0] < days)
    table = pd.DataFrame(rows, columns=["date", "agent_id", "kind", "reason", "reason_zh", "training_class"])
    table["date"] = first + pd.to_timedelta(table["date"].astype("int64"), unit="D")
    return table
