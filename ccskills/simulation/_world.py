"""The day of the flight simulator: the plan of a centre of about 100 agents and the surprises that the seed brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, choice, number, numbers, whole
from .._text import Text
from ..staffing import agents_required, offered_load
from ._levers import Roster
from ._model import agents_of, index_of, lengthen

__all__ = ["DIFFICULTIES", "Surprise", "World", "make"]

INTERVAL_MIN = 30
WITHIN_S, TARGET = 20.0, 0.8
RETRY_SHARE, RETRY_AFTER_S = 0.35, 1200.0
CALLS_A_DAY = 9000
# Shape of a working day of a service hotline, 08:00 to 20:00: two peaks, a dip at noon.
SHAPE = (30, 46, 70, 87, 94, 91, 81, 69, 55, 51, 57, 67, 78, 83, 81, 76, 70, 65, 58, 49, 42, 37, 32, 26)
PLANNED_ABSENCE = 0.03
USUAL_BREAK, MEAL_BREAK, MEALS = 0.06, 0.16, ((0.29, 0.45), (0.75, 0.87))
TRAINED = 0.06


@dataclass(frozen=True)
class Difficulty:
    """How far a day strays from its plan."""

    volume: float
    """Mean of the day's volume against the forecast, less 1."""
    spread: float
    absence: float
    """Share of the shift that is missing beside who was planned to be."""
    events: tuple[int, int]
    """Fewest and most events out of slow systems, campaign, outage."""


DIFFICULTIES = {
    "calm": Difficulty(-0.03, 0.03, 0.01, (0, 0)),
    "normal": Difficulty(0.01, 0.06, 0.03, (1, 2)),
    "rough": Difficulty(0.06, 0.07, 0.06, (2, 3)),
}


@dataclass(frozen=True)
class Surprise:
    """What the plan did not know, and the interval from which the floor knows it."""

    known: int
    text: Text


@dataclass(frozen=True)
class World:
    """The plan, and what the day makes of it whatever is decided."""

    index: pd.DatetimeIndex
    forecast: Floats
    planned_aht_s: float
    patience_s: float
    roster: Roster
    calls: Floats
    """First calls that come in each interval; repeat calls follow from who hangs up."""
    aht_s: Floats
    absent: Any
    surprises: tuple[Surprise, ...]


def make(
    seed: int,
    level: str,
    forecast: ArrayLike | None,
    aht_s: float,
    scheduled: ArrayLike | None,
    patience_s: float,
    budget: float,
) -> World:
    """The checked plan and its day."""
    difficulty = DIFFICULTIES[choice("level", level, DIFFICULTIES)]
    whole("seed", seed, least=0)
    shape = np.array(SHAPE, dtype=np.float64)
    expected = numbers("forecast", CALLS_A_DAY * shape / shape.sum() if forecast is None else forecast, least=0)
    if expected.ndim != 1 or expected.size < 6:
        raise ValueError(f"forecast must hold 6 half hours or more, got shape {expected.shape}")
    if expected.max() == 0:
        raise ValueError("forecast must have calls in some half hour, got 0 everywhere")
    index = index_of("forecast", forecast, INTERVAL_MIN)
    if index is None:
        index = pd.date_range("2026-03-02 08:00", periods=expected.size, freq="30min", name="start")
    aht, patience = number("aht_s", aht_s, least=30), number("patience_s", patience_s, least=30)
    people = None if scheduled is None else lengthen(expected.size, scheduled=agents_of("scheduled", scheduled))[0]
    if people is not None and people.max() == 0:
        raise ValueError("scheduled must have at least one agent in some half hour, got 0 everywhere")
    roster = _roster(expected, aht, patience, people, number("budget", budget, least=0))
    same = np.full(expected.size, aht)
    plan = World(index, expected, aht, patience, roster, expected, same, np.zeros(expected.size), ())
    return _surprise(seed, difficulty, plan)


def _roster(forecast: Floats, aht_s: float, patience_s: float, scheduled: Floats | None, budget: float) -> Roster:
    """Shifts by whole hours for 80 % in 20 s, with breaks, two training sessions and the usual absence."""
    size = forecast.size
    place = (np.arange(size) + 0.5) / size
    resting = np.full(size, USUAL_BREAK)
    for begin, end in MEALS:
        resting[(place > begin) & (place < end)] = MEAL_BREAK
    windows = [(round(0.42 * size), round(0.42 * size) + 2), (round(0.71 * size), round(0.71 * size) + 2)]
    if scheduled is None:
        need = agents_required(offered_load(forecast, aht_s, INTERVAL_MIN), aht_s, TARGET, WITHIN_S, patience_s)
        away = resting + PLANNED_ABSENCE
        for begin, end in windows:
            away[begin:end] += TRAINED
        scheduled = np.ceil(need / (1 - away))
        hours = np.arange(size) // 2
        scheduled = np.array([scheduled[hours == hour].max() for hour in hours])
    breaks = np.rint(resting * scheduled).astype(np.int64)
    trained = max(1, round(TRAINED * float(scheduled.max())))
    sessions = tuple((begin, end, trained) for begin, end in windows)
    return Roster(scheduled.astype(np.int64), breaks, sessions, budget)


def _surprise(seed: int, difficulty: Difficulty, plan: World) -> World:
    """The day that the seed brings; each kind of chance has a stream of its own."""
    chance = [np.random.default_rng(part) for part in np.random.SeedSequence([seed, 41]).spawn(7)]
    size = plan.forecast.size
    volume = float(np.exp(chance[0].normal(np.log1p(difficulty.volume), difficulty.spread)))
    calls = plan.forecast * volume * chance[1].gamma(900, 1 / 900, size)
    aht = plan.planned_aht_s * np.exp(chance[2].normal(0, 0.015, size))
    missing = PLANNED_ABSENCE + difficulty.absence * float(chance[3].gamma(9, 1 / 9))
    absent = np.rint(min(missing, 0.4) * plan.roster.scheduled)
    surprises = [_volume(volume, size), _absence(missing)]
    low, high = difficulty.events
    kinds = np.sort(chance[4].permutation(3)[: chance[4].integers(low, high + 1)])
    surprises += [(_slow, _campaign, _outage)[kind](chance[5], calls, aht) for kind in kinds]
    surprises.sort(key=lambda surprise: surprise.known)
    came = chance[6].poisson(calls).astype(np.float64)
    return replace(plan, calls=came, aht_s=aht, absent=absent, surprises=tuple(surprises))


def _volume(factor: float, size: int) -> Surprise:
    """What nobody says on the day: it has to be read from the calls."""
    off = round(100 * (factor - 1))
    if abs(off) < 2:
        return Surprise(size, Text("the day's volume was as forecast", "全天来电量与预测相符"))
    en, zh = ("above", "高于") if off > 0 else ("below", "低于")
    return Surprise(
        size, Text(f"the day's volume was {abs(off)} % {en} the forecast", f"全天来电量{zh}预测{abs(off)}%")
    )


def _absence(missing: float) -> Surprise:
    planned, found = round(100 * PLANNED_ABSENCE), round(100 * missing)
    return Surprise(
        0,
        Text(
            f"roll call: {found} % of the people on shift are absent, {planned} % were planned",
            f"点名：在班人员缺勤{found}%，计划为{planned}%",
        ),
    )


def _slow(rng: np.random.Generator, calls: Floats, aht: Floats) -> Surprise:
    """Slow systems from some time in the morning until closing: calls take longer."""
    begin, more = int(rng.integers(1, calls.size // 2)), float(rng.uniform(0.08, 0.18))
    aht[begin:] *= 1 + more
    en = f"the customer system is slow, calls take about {round(100 * more)} % longer"
    return Surprise(begin + 1, Text(en, f"客户系统缓慢，通话约延长{round(100 * more)}%"))


def _campaign(rng: np.random.Generator, calls: Floats, aht: Floats) -> Surprise:
    """A message to customers that nobody told the floor of: three hours of more calls."""
    begin, more = int(rng.integers(calls.size // 6, calls.size // 2)), float(rng.uniform(0.15, 0.35))
    calls[begin : begin + 6] *= 1 + more * np.array([1.0, 1.0, 0.9, 0.7, 0.5, 0.3])[: calls.size - begin]
    return Surprise(
        begin + 1,
        Text(
            "marketing confirms that a campaign message went out without notice",
            "市场部确认发出了未提前通知的营销短信",
        ),
    )


def _outage(rng: np.random.Generator, calls: Floats, aht: Floats) -> Surprise:
    """Two half hours in which hardly a call comes through, then all who could not call."""
    begin = int(rng.integers(calls.size // 6, calls.size // 2))
    silent = calls[begin : begin + 2] * 0.94
    calls[begin : begin + 2] -= silent
    rush = np.array([0.35, 0.25, 0.15, 0.05])[: calls.size - begin - 2]
    calls[begin + 2 : begin + 6] += silent.sum() * rush
    return Surprise(
        begin,
        Text(
            "the carrier line is down, for about an hour; a rush will follow",
            "运营商线路中断，预计约一小时，恢复后将出现来电高峰",
        ),
    )
