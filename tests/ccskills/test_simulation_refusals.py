"""What the flight simulator refuses, each in one sentence: wrong decisions, bad plans, logs and forecasts with gaps."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from ccskills.simulation import Day
from tests.ccskills.simulated_day import LEVERS, idle

REFUSED: list[tuple[int, dict[str, Any], type[Exception], str]] = [
    (0, {"overtime": -1}, ValueError, "overtime must be 0 or more, got -1"),
    (0, {"overtime": 2.5}, TypeError, "overtime must be a whole number, got 2.5"),
    (0, {"overtime": 14}, ValueError, "overtime must be from 0 to 13 at 08:00, got 14"),
    (0, {"move_break": 9}, ValueError, "move_break must be from 0 to 3 at 08:00, the breaks planned then, got 9"),
    (0, {"callback": 1}, TypeError, "callback must be True or False, got 1"),
    (
        23,
        {"overtime": 1},
        ValueError,
        "overtime at 19:30 comes too late: it would act at 20:00, when the centre closes",
    ),
    (
        22,
        {"move_break": 1},
        ValueError,
        "move_break at 19:00 comes too late: it would act at 20:00, when the centre closes",
    ),
    (
        17,
        {"cancel_training": True},
        ValueError,
        "cancel_training needs a session that begins at 17:00 or later, got none left",
    ),
]


@pytest.mark.parametrize(("steps", "decision", "kind", "sentence"), REFUSED)
def test_a_wrong_decision_is_refused_in_a_sentence_and_costs_no_time(
    steps: int, decision: dict[str, Any], kind: type[Exception], sentence: str
) -> None:
    day = Day(seed=7)
    for _ in range(steps):
        day.step()
    before = day.situation()

    with pytest.raises(kind, match="^" + re.escape(sentence) + "$"):
        day.step(**decision)

    assert day.situation().now == before.now
    assert day.situation().budget_left == before.budget_left


def test_levers_that_are_used_up_are_refused() -> None:
    day = Day(seed=7, budget=900)
    day.step(early_leave=10)
    day.step(early_leave=10)

    with pytest.raises(ValueError, match=r"^early_leave has 1 left today, got 2$"):
        day.step(early_leave=2)
    with pytest.raises(ValueError, match=r"^the levers may cost 900 more today, got a decision of 960$"):
        day.step(overtime=13, borrow=2)


def test_a_day_is_scored_when_it_is_over_and_then_takes_no_step() -> None:
    day = Day(seed=7)

    with pytest.raises(ValueError, match=r"^the day must be over before it is scored, got 0 of 24 half hours$"):
        day.score()
    idle(day)
    with pytest.raises(ValueError, match=r"^the day is over since 20:00; make a new Day for another try$"):
        day.step()


BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"seed": -1}, ValueError, "seed must be 0 or more, got -1"),
    ({"level": "hard"}, ValueError, "level must be one of calm, normal, rough, got 'hard'"),
    ({"forecast": [10, 20]}, ValueError, "forecast must hold 6 half hours or more, got shape (2,)"),
    ({"forecast": [-1] * 8}, ValueError, "forecast must be 0 or more, got -1 at position 0"),
    ({"forecast": [0] * 8}, ValueError, "forecast must have calls in some half hour, got 0 everywhere"),
    ({"aht_s": 5}, ValueError, "aht_s must be 30 or more, got 5"),
    ({"patience_s": 1}, ValueError, "patience_s must be 30 or more, got 1"),
    ({"budget": -5}, ValueError, "budget must be 0 or more, got -5"),
    ({"scheduled": 7.5}, ValueError, "scheduled must be whole, got 7.5"),
    ({"scheduled": 0}, ValueError, "scheduled must have at least one agent in some half hour, got 0 everywhere"),
    (
        {"scheduled": [5, 6]},
        ValueError,
        "scheduled must hold 1 or 24 values, one for each interval, got shape (2,)",
    ),
]


@pytest.mark.parametrize(("change", "kind", "sentence"), BAD)
def test_bad_plans_are_refused_in_a_sentence(change: dict[str, Any], kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match="^" + re.escape(sentence) + "$"):
        Day(**change)


def test_a_log_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^log must have the columns overtime, .* got no borrow$"):
        Day.replay(7, pd.DataFrame({name: [0] for name in LEVERS[:-1]}))


def test_a_forecast_with_a_gap_is_refused() -> None:
    start = pd.date_range("2026-06-18 09:00", periods=7, freq="30min").delete(3)

    with pytest.raises(ValueError, match=r"^forecast must be one stretch of intervals of 30 min, got a step of 60 min"):
        Day(forecast=pd.Series(50.0, index=start))
