"""The practical of level 3 proves itself: model answers earn everything, empty and careless ones nothing."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccskills import staffing
from tests.content import practical_seat as seat

NAME = "supervisor"
PLANNING = ("outage_start", "outage_intervals", "typical", "wape_pct", "chosen", "bias_pct")
STAFFING = ("calls_forecast", "agents_needed", "agents_patience", "shrinkage_pct", "agents_rostered")
CALIBRATION = ("agreement_pct", "kappa", "drifting", "deviation_points", "unclear_item")
ANSWERS = (*PLANNING, *STAFFING, *CALIBRATION)
FULL = {
    **dict.fromkeys(("f1a", "f1b", "f1c", "f2a", "f2b", "f2c", "f2d"), 1), "f3": 2,
    **dict.fromkeys(("f4a", "f4b", "f4c", "f4d"), 1), **dict.fromkeys(("c1", "c2a", "c2b", "c2c", "c3", "c4", "c5"), 1),
}  # fmt: skip
SEEDS = range(8)
WAYS = ("seasonal_naive", "weekday_median")
NAMES = ("deng", "xu", "he")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def judged(answers: dict[str, Any], *only: str) -> dict[str, float]:
    return seat.judge(NAME, answers, *only)


def by_hand(calls: pd.Series) -> dict[str, pd.Series]:
    """Both forecasts of the last two weeks, by numpy alone."""
    days = calls.to_numpy(float).reshape(14, 6, 24)  # weeks, Monday to Saturday, half hours
    last, median = days[11], np.median(days[4:12], axis=0)
    index = calls.index[-288:]
    return {
        "seasonal_naive": pd.Series(np.tile(last.ravel(), 2), index),
        "weekday_median": pd.Series(np.tile(median.ravel(), 2), index),
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_answers_earn_every_point_silently(
    seed: int, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seat.lay(NAME, seed)

    assert judged(seat.solve(NAME, ANSWERS, language)) == FULL
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_untouched_notebook_earns_nothing(language: str) -> None:
    seat.lay(NAME, 1)
    for cell in seat.released(NAME, language).cells:
        if cell.cell_type == "code" and seat.flags(cell).get("solution"):
            with pytest.raises(NotImplementedError):
                exec(cell.source, {})

    assert judged({}) == dict.fromkeys(FULL, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_keys_are_those_of_another_way_to_compute_them(seed: int) -> None:
    files = seat.lay(NAME, seed)
    right = seat.solve(NAME, ANSWERS)
    chats, calls = (files[f"{name}.csv"].set_index("start")[name] for name in ("chats", "calls"))
    table, plan = files["calibration.csv"], files["plan.csv"].iloc[0]

    # The outage: the longest run of zeros before 18:30, and the median of the eight same half hours around it.
    zeros = chats[(chats == 0) & (chats.index.time < pd.Timestamp("18:30").time())]
    longest = zeros.groupby(zeros.index.date).size()
    day = longest.idxmax()
    start = zeros[zeros.index.date == day].index[0]
    around = [chats[start + pd.Timedelta(weeks=week)] for week in (-4, -3, -2, -1, 1, 2, 3, 4)]
    assert right["outage_start"] == f"{start:%Y-%m-%d %H:%M}" and right["outage_intervals"] == longest.max() >= 3
    assert right["typical"] == np.median(around)

    # WAPE and bias of both methods on the two weeks held out.
    came = calls[-288:]
    for way, foreseen in by_hand(calls).items():
        wape = 100 * float((foreseen - came).abs().sum() / came.sum())
        assert right["wape_pct"][way] == round(wape, 1)
        if way == right["chosen"]:
            assert right["bias_pct"] == round(100 * float((foreseen - came).sum() / came.sum()), 1)

    # Fewest agents by trying them one after the other.
    load = right["calls_forecast"] * float(plan["aht_s"]) / 1800
    enough = (
        n for n in range(1, 200) if n > load and staffing.erlang_c(load, n, float(plan["aht_s"])).service_level >= 0.8
    )
    assert right["agents_needed"] == next(enough)
    assert right["agents_patience"] < right["agents_needed"] < right["agents_rostered"]

    # Kappa from the four counts of a table of two by two.
    for name in NAMES:
        pairs = list(zip(table["reference"] == "met", table[name] == "met", strict=True))
        same = sum(one == two for one, two in pairs) / 120
        first, second = (sum(pair[side] for pair in pairs) / 120 for side in (0, 1))
        chance = first * second + (1 - first) * (1 - second)
        assert right["agreement_pct"][name] == round(100 * same, 1)
        assert right["kappa"][name] == round((same - chance) / (1 - chance), 2)
    assert abs(right["deviation_points"]) > 4


@pytest.mark.parametrize("seed", SEEDS)
def test_known_mistakes_earn_nothing(seed: int) -> None:
    files = seat.lay(NAME, seed)
    right = seat.solve(NAME, ANSWERS)
    other = next(way for way in WAYS if way != right["chosen"])
    share, net = right["shrinkage_pct"] / 100, right["agents_needed"]
    hours = files["shrinkage.csv"].set_index("category")["hours"]
    swapped = {WAYS[0]: right["wape_pct"][WAYS[1]], WAYS[1]: right["wape_pct"][WAYS[0]]}
    strictness = {name: right["agreement_pct"][name] for name in NAMES}

    wrong: list[tuple[str, Any, str]] = [
        ("outage_start", right["outage_start"][:10], "f1a"),
        ("outage_intervals", right["outage_intervals"] + 1, "f1b"),
        ("typical", 0.4, "f1c"),
        ("wape_pct", swapped, "f2a"),
        ("wape_pct", swapped, "f2b"),
        ("chosen", other, "f2c"),
        ("bias_pct", -right["bias_pct"], "f2d"),
        ("calls_forecast", right["calls_forecast"] + 2, "f3"),
        ("agents_needed", net + 1, "f4a"),
        ("agents_patience", net, "f4b"),
        ("shrinkage_pct", 100 * float(hours.drop("paid hours").sum() / (hours.sum())), "f4c"),
        ("shrinkage_pct", share, "f4c"),
        ("agents_rostered", math.ceil(net * (1 + share)), "f4d"),
        ("agents_rostered", math.floor(net / (1 - share)), "f4d"),
        ("agents_rostered", net, "f4d"),
        ("agreement_pct", {name: value / 100 for name, value in strictness.items()}, "c1"),
        ("kappa", {name: value / 100 for name, value in strictness.items()}, "c2a"),
        ("deviation_points", -right["deviation_points"], "c4"),
    ]

    for name, value, test in wrong:
        assert judged(right | {name: value}, test)[test] == 0, (name, value)
    for name in set(NAMES) - {right["drifting"]}:
        assert judged(right | {"drifting": name}, "c3")["c3"] == 0
    for item in {f"I{number}" for number in range(1, 7)} - {right["unclear_item"]}:
        assert judged(right | {"unclear_item": item}, "c5")["c5"] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_slip_is_not_punished_twice_and_a_made_up_chain_earns_nothing(seed: int) -> None:
    plan = seat.lay(NAME, seed)["plan.csv"].iloc[0]
    right = seat.solve(NAME, ANSWERS)
    calls, aht = right["calls_forecast"] + 9, float(plan["aht_s"])
    load = staffing.offered_load(calls, aht)
    net = int(staffing.agents_required(load, aht))
    slip = right | {"calls_forecast": calls, "agents_needed": net}
    slip["agents_patience"] = int(staffing.agents_required(load, aht, patience_s=float(plan["patience_s"])))
    slip["agents_rostered"] = math.ceil(net / (1 - right["shrinkage_pct"] / 100))

    points = judged(slip, "f3", "f4a", "f4b", "f4c", "f4d")
    made_up = judged(
        {"calls_forecast": 5, "agents_needed": 3, "agents_patience": 3, "shrinkage_pct": 1, "agents_rostered": 4}
    )

    assert [points[test] for test in ("f3", "f4a", "f4b", "f4c", "f4d")] == [0, 1, 1, 1, 1]
    assert sum(made_up.values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_took_the_other_method_loses_its_points_once(seed: int) -> None:
    files = seat.lay(NAME, seed)
    right = seat.solve(NAME, ANSWERS)
    other = next(way for way in WAYS if way != right["chosen"])
    days = files["calls.csv"]["calls"].to_numpy(float).reshape(14, 6, 24)
    at = (pd.Timestamp(files["plan.csv"]["target"][0]) - pd.Timestamp("2026-11-09 08:00")) // pd.Timedelta(minutes=30)
    foreseen = {"seasonal_naive": days[13, 0, at], "weekday_median": float(np.median(days[6:, 0, at]))}

    points = judged(right | {"chosen": other, "calls_forecast": round(foreseen[other])}, "f2c", "f3")

    assert (points["f2c"], points["f3"]) == (0, 2)


def test_the_visible_checks_help_with_the_form_and_do_not_tell_the_key() -> None:
    seat.lay(NAME, 2)
    wrong: dict[str, Any] = {
        "outage_start": "2026-07-06 10:00", "outage_intervals": 9, "typical": 3, "wape_pct": dict.fromkeys(WAYS, 55.5),
        "chosen": "seasonal_naive", "bias_pct": 77, "calls_forecast": 300, "agents_needed": 3, "agents_patience": 3,
        "shrinkage_pct": 61.0, "agents_rostered": 3, "agreement_pct": dict.fromkeys(NAMES, 50.0),
        "kappa": dict.fromkeys(NAMES, 0.0), "drifting": "xu", "deviation_points": 50, "unclear_item": "I1",
    }  # fmt: skip
    malformed: dict[str, Any] = {
        "outage_start": "Tuesday", "outage_intervals": 2.5, "typical": -3, "wape_pct": dict.fromkeys(WAYS, 0.123),
        "chosen": "naive", "bias_pct": 777, "calls_forecast": 88.4, "agents_needed": 17.4, "agents_patience": 16.2,
        "shrinkage_pct": 0.25, "agents_rostered": 24.3, "agreement_pct": dict.fromkeys(NAMES, 0.9),
        "kappa": dict.fromkeys(NAMES, 83), "drifting": "all", "deviation_points": 500, "unclear_item": "empathy",
    }  # fmt: skip

    checks = seat.visible_checks(NAME)
    assert len(checks) == len(FULL)
    for cell in checks:
        assert "HIDDEN" not in cell.source
        exec(cell.source, dict(wrong))
        with pytest.raises(AssertionError, match="wanted"):
            exec(cell.source, dict(malformed))
    assert judged(wrong) == dict.fromkeys(FULL, 0)


def test_both_languages_carry_the_same_graded_cells() -> None:
    def graded(language: str) -> list[dict[str, Any]]:
        return [seat.flags(cell) for cell in seat.cells_of(NAME, language) if seat.flags(cell)]

    identities = [entry["grade_id"] for entry in graded("en")]

    assert graded("en") == graded("zh")
    assert len(identities) == len(set(identities))
    assert sum(entry["points"] for entry in graded("en") if entry["grade"]) == 32


@pytest.mark.parametrize("task", ["w1", "w2"])
def test_the_prompt_and_the_rubric_survive_in_cells_that_cannot_be_edited(task: str) -> None:
    for language, points in (("en", "Points"), ("zh", "分值")):
        cells = seat.released(NAME, language).cells
        (answer,) = (place for place, cell in enumerate(cells) if seat.flags(cell).get("grade_id") == task)
        rubric = cells[answer - 1]

        assert cells[answer].source == "YOUR ANSWER HERE"
        assert points in rubric.source and rubric.metadata["editable"] is False
        assert rubric.source.count("\n| 1 |") == seat.flags(cells[answer])["points"] == 6


def test_every_seat_has_data_of_its_own() -> None:
    def drawn(seed: int) -> dict[str, str]:
        return {file: frame.to_csv(index=False) for file, frame in seat.seat_data(NAME, seed).items()}

    first = {seed: drawn(seed) for seed in (3, 41, 592, 6535)}

    assert first == {seed: drawn(seed) for seed in first}
    for file in ("chats.csv", "calls.csv", "shrinkage.csv", "calibration.csv"):
        assert len({files[file] for files in first.values()}) == len(first)


@pytest.mark.parametrize("seed", range(100, 116))
def test_the_centre_is_one_that_a_planner_would_believe(seed: int) -> None:
    files = seat.seat_data(NAME, seed)
    hours = files["shrinkage.csv"].set_index("category")["hours"]
    calls, marks = files["calls.csv"].set_index("start")["calls"], files["calibration.csv"]

    assert len(calls) == 14 * 6 * 24 and calls.min() >= 1 and calls.max() < 300
    assert 0.2 < hours.drop("paid hours").sum() / hours["paid hours"] < 0.36
    assert len(marks) == 120 and 0.6 < (marks["reference"] == "met").mean() < 0.85
    for name in NAMES:
        assert 0.6 < (marks[name] == marks["reference"]).mean() < 0.99
