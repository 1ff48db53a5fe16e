"""One day of the generated centre in records: the schedule, the log of states, and every single call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from ._backstage import Backstage
from ._floor import Agent, Queue, go_home, late, queue_of, run_floor, segments
from ._people import learning
from ._roster import ABSENT
from ._shifts import BREAK, CONTACT, STATES, SYSTEM, fill, lines
from ._voice import CAMPAIGN, OPENS, OUTAGE, USUAL_AHT_S

__all__ = ["REASONS", "Day", "record_day"]

# English and Chinese name, share of calls, handle time over the mean, share solved in the call
REASONS = (
    ("no connection", "宽带无法上网", 0.17, 1.20, 0.76),
    ("slow connection", "网速慢", 0.13, 1.15, 0.72),
    ("bill query", "账单查询", 0.14, 0.80, 0.92),
    ("bill dispute", "账单争议", 0.07, 1.25, 0.70),
    ("payment and top-up", "缴费与充值", 0.08, 0.65, 0.96),
    ("change of plan", "套餐变更", 0.09, 1.10, 0.90),
    ("moving house", "移机", 0.05, 1.15, 0.84),
    ("installation appointment", "装机预约", 0.07, 0.90, 0.90),
    ("engineer visit", "上门维修进度", 0.08, 0.75, 0.74),
    ("router and Wi-Fi", "路由器与Wi-Fi设置", 0.07, 1.30, 0.82),
    ("cancellation", "拆机销户", 0.03, 1.35, 0.66),
    ("other products", "其他业务咨询", 0.02, 0.85, 0.88),
)
FAULT, CHANGE_OF_PLAN = 0, 5
HANDLE_SPREAD = 0.55
REPEAT_SOLVED, REPEAT_OPEN, REPEAT_HUNG_UP = 0.06, 0.45, 0.65


@dataclass(frozen=True)
class Day:
    """The records of a day."""

    schedule: pd.DataFrame
    activity: pd.DataFrame
    calls: pd.DataFrame


def record_day(back: Backstage, day: int) -> Day:
    """Shifts are drawn and filled desk by desk; then the voice floor takes its calls, and the log follows from them."""
    rng = back.rng(140, day)
    status, desks = back.roster.status[:, day], back.people.desk_on(day)
    plan: list[tuple[Any, ...]] = []
    log: list[tuple[Any, ...]] = []
    calls = pd.DataFrame()
    turn = back.rng(141, day // 7).random(status.size)  # who works early and who late changes by the week
    for desk, name in enumerate(("phone", "chat", "email")):
        who = np.flatnonzero((status > 0) & (desks == desk))
        who = who[np.argsort(turn[who])]
        work = lines(back.scheduled[desk][day], who.size)
        lost = back.lost[desk].iloc[day][["breaks", "training", "meetings", "system"]].to_numpy()
        state = fill(rng, work, status[who], back.staffed[desk][day], lost)
        speed = back.people.pace[who] * learning(day - back.people.floor[who])
        agents = [Agent(late(rng, segments(row)), pace) for row, pace in zip(state, speed.tolist(), strict=True)]
        if desk == 0:
            calls = _calls(back, rng, day, who, agents)
        else:
            for agent, overrun in zip(agents, rng.exponential(60, who.size).tolist(), strict=True):
                go_home(agent, 0.0, overrun)
        words = [name if word == "work" else word for word in STATES]
        for position, row in zip(who.tolist(), state, strict=True):
            plan += [(position, start, end, words[code]) for code, start, end in segments(_intended(row))]
        for position, agent in zip(who.tolist(), agents, strict=True):
            log += [(position, start, end, words[code]) for code, start, end in agent.log]
    return Day(_states(back, day, plan), _states(back, day, log), calls)


def _intended(row: Any) -> Any:
    """What the schedule knew: no absence and no fault, for the absent a break after every two hours."""
    row = np.where(row == SYSTEM, CONTACT, row)
    if (row == ABSENT).any():
        here = np.flatnonzero(row == ABSENT)
        row = np.where(row == ABSENT, CONTACT, row)
        row[here[8:-1:8]] = BREAK
    return row


def _states(back: Backstage, day: int, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """The rows as a table on the clock, in order of agent and time."""
    table = pd.DataFrame(sorted(rows), columns=["agent_id", "start", "end", "state"])
    opens = back.calendar[day] + pd.Timedelta(hours=OPENS)
    for name in ("start", "end"):
        table[name] = opens + pd.to_timedelta(np.floor(table[name]).astype(np.int64), unit="s")
    table["agent_id"] = back.ids[table["agent_id"].to_numpy()]
    return table[table["end"] > table["start"]].reset_index(drop=True)


def _calls(back: Backstage, rng: np.random.Generator, day: int, who: Any, agents: list[Agent]) -> pd.DataFrame:
    """The calls of the day in order of arrival."""
    rows = back.intervals.iloc[day * 24 : day * 24 + 24]
    counts = rows[["answered", "answered_within", "abandoned", "abandoned_within"]].to_numpy().T
    queue = queue_of(rng, counts)
    reason = _reasons(back, rng, day, queue)
    mean = np.array([entry[3] for entry in REASONS])[reason]
    work = mean * rng.lognormal(-(HANDLE_SPREAD**2) / 2, HANDLE_SPREAD, reason.size)
    took, start, begun, handle = run_floor(queue, work, agents, rows["aht_s"].fillna(USUAL_AHT_S).to_numpy())
    answered = queue.answered
    person = np.where(answered, who[took], -1)
    columns = {
        "start": back.calendar[day] + pd.Timedelta(hours=OPENS) + pd.to_timedelta(np.floor(start), unit="s"),
        "agent_id": pd.Series(np.where(answered, back.ids[person], None), dtype="str"),
        "reason": np.array([entry[0] for entry in REASONS])[reason],
        "reason_zh": np.array([entry[1] for entry in REASONS])[reason],
        "outcome": np.where(answered, "answered", "abandoned"),
        "wait_s": np.rint(np.where(answered, begun - start, queue.wait)).astype(np.int64),
        **_parts(rng, np.where(answered, np.floor(handle), np.nan)),
        **_ends(back, rng, day, person, reason),
    }
    return pd.DataFrame(columns).sort_values("start", kind="stable", ignore_index=True)


def _reasons(back: Backstage, rng: np.random.Generator, day: int, queue: Queue) -> Any:
    """Why customers call: faults after the outage, changes of plan in the campaign."""
    share = np.array([entry[2] for entry in REASONS])
    start = back.calendar[day] + pd.Timedelta(hours=OPENS) + pd.to_timedelta(np.arange(24) * 30, unit="min")
    shares = np.tile(share, (24, 1))
    shares[np.asarray((start > OUTAGE[1]) & (start <= OUTAGE[2])), FAULT] *= 6
    if CAMPAIGN[0] <= str(back.calendar[day].date()) <= CAMPAIGN[1]:
        shares[:, CHANGE_OF_PLAN] *= 4
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    return (rng.random((queue.slot.size, 1)) > edges[queue.slot][:, :-1]).sum(axis=1)


def _parts(rng: np.random.Generator, handle: Floats) -> dict[str, Floats]:
    """Handle time as talk, hold (in a quarter of the calls) and after-call work (about a seventh)."""
    after = np.rint(handle * rng.beta(3, 18, handle.size))
    hold = np.where(rng.random(handle.size) < 0.25, np.rint(handle * rng.beta(2, 10, handle.size)), 0.0)
    hold = np.where(np.isnan(handle), np.nan, hold)
    return {"talk_s": handle - after - hold, "hold_s": hold, "acw_s": after}


def _ends(back: Backstage, rng: np.random.Generator, day: int, person: Any, reason: Any) -> dict[str, Any]:
    """Whether the call was passed on, solved and followed by another within 7 days."""
    people = back.people
    fresh = np.exp(-np.maximum(day - people.floor[person], 0) / 90)
    chance = rng.random((3, reason.size))
    transferred = (person >= 0) & (chance[0] < 0.05 + 0.08 * fresh)
    solved = np.array([entry[4] for entry in REASONS])[reason] + 0.03 * people.care[person] - 0.10 * fresh
    resolved = (person >= 0) & (chance[1] < solved * np.where(transferred, 0.8, 1.0))
    again = np.where(person < 0, REPEAT_HUNG_UP, np.where(resolved, REPEAT_SOLVED, REPEAT_OPEN))
    return {"transferred": transferred, "repeat_7d": chance[2] < again, "resolved": resolved}
