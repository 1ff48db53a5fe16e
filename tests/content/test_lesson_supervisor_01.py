"""From call history to a staffed day: answers worked out by hand, usual mistakes, and a story that is in the data."""

import ast
import contextlib
import io

from ccskills import data, forecasting, staffing
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import code_cells, judge, text_of

LESSON = "supervisor/01-call-history-to-staffed-day"

RIGHT = {
    "e1": {"outage_start": "2026-04-15 10:00", "outage_end": "2026-04-15 13:30"},
    "e2": {"wape_pct": 10.6, "bias_pct": 4.5},  # by hand: 35 / 330 and 15 / 330
    "e3a": {"best_method": "ridge_profile"},
    "e5a": {"rostered_1000": 68},  # by hand: 46 / 0.68 = 67.6
    "e5b": {"worst_category": "leave", "worst_hours": 12.7},  # by hand: 54.5 - 0.085 * 491.5
}
MISTAKES = [
    ("e1", {"outage_end": "2026-04-15 11:30"}, "Who are these callers"),
    ("e1", {"outage_end": "2026-04-15 12:30"}, "hidden"),
    ("e1", {"outage_start": "2026-04-15 10:30"}, "still outside"),
    ("e1", {"outage_start": "2026-04-14 10:00"}, "15 April"),
    ("e1", {"outage_end": "2026-04-15 13:59"}, "Half hours begin"),
    ("e1", {"outage_end": "2026-04-15 14:00"}, "hidden"),
    ("e2", {"wape_pct": 0.106}, "percent is wanted"),
    ("e2", {"wape_pct": 21.3}, "that is the MAPE"),
    ("e2", {"wape_pct": 10.1}, "divided by the forecast"),
    ("e2", {"bias_pct": 21.3}, "cannot be larger"),
    ("e2", {"bias_pct": -4.5}, "hidden"),
    ("e3a", {"best_method": "last Monday"}, "is one of"),
    ("e3a", {"best_method": "seasonal_naive"}, "last week over again"),
    ("e3a", {"best_method": "weekday_median"}, "hidden"),
    ("e5a", {"rostered_1000": 61}, "multiply by"),
    ("e5a", {"rostered_1000": 66}, "right for 30 %"),
    ("e5a", {"rostered_1000": 67.6}, "whole people"),
    ("e5a", {"rostered_1000": 46}, "more people"),
    ("e5a", {"rostered_1000": 67}, "hidden"),
    ("e5a", {"rostered_1000": 69}, "hidden"),
    ("e5b", {"worst_category": "holiday"}, "is one of"),
    ("e5b", {"worst_hours": 54.5}, "all hours of the category"),
    ("e5b", {"worst_hours": 2.6}, "percentage points"),
    ("e5b", {"worst_category": "breaks", "worst_hours": 8.3}, "hidden"),
]


def test_positions_and_service_levels_are_judged_by_the_formulas_and_not_by_a_typed_key():
    load, late = float(staffing.offered_load(242.7, 315)), float(staffing.offered_load(226, 313.7))
    agents = next(n for n in range(1, 99) if staffing.erlang_c(load, n, 315).service_level >= 0.8)
    level_a = 100 * float(staffing.erlang_a(late, 30, 313.7, patience_s=150).service_level)

    assert judge(LESSON, "e4a", agents_1000=agents) is None
    assert judge(LESSON, "e4a", agents_1000=agents + 1) == "hidden"
    assert "load rounded up" in judge(LESSON, "e4a", agents_1000=43)
    assert "295 seconds" in judge(LESSON, "e4a", agents_1000=46)
    assert "grows without end" in judge(LESSON, "e4a", agents_1000=42)
    assert judge(LESSON, "e4b", level_c_pct=0.0, level_a_pct=level_a) is None
    assert judge(LESSON, "e4b", level_c_pct=0.0, level_a_pct=30.1) == "hidden"
    assert "swapped" in judge(LESSON, "e4b", level_c_pct=level_a, level_a_pct=1.0)
    assert "percent is wanted" in judge(LESSON, "e4b", level_c_pct=0.0, level_a_pct=level_a / 100)


def test_the_bank_is_judged_by_a_backtest_of_the_bank():
    bank = forecasting.backtest(data.half_hours(data.load("bank_calls")), horizon_days=5, origins=8)
    best = 100 * bank.groupby("method")[["wape", "bias"]].mean().loc["ridge_profile"]

    assert judge(LESSON, "e3b", best_wape_pct=best["wape"], best_bias_pct=best["bias"]) is None
    assert judge(LESSON, "e3b", best_wape_pct=best["wape"] + 0.2, best_bias_pct=best["bias"]) == "hidden"
    assert "percent is wanted" in judge(LESSON, "e3b", best_wape_pct=best["wape"] / 100, best_bias_pct=0.0)
    assert "swapped" in judge(LESSON, "e3b", best_wape_pct=1.5, best_bias_pct=best["wape"])
    assert "our hotline" in judge(LESSON, "e3b", best_wape_pct=9.2, best_bias_pct=1.1)


def test_every_number_that_the_story_tells_is_in_the_data():
    text = text_of(LESSON)
    ours = data.centre()
    offered, day = ours.intervals["offered"], ours.intervals.loc["2026-08-17"]
    board = day.loc["2026-08-17 10:30"]
    calls = forecasting.clean(offered, ours.events).history
    trial = 100 * forecasting.backtest(calls, horizon_days=7, origins=8).groupby("method")[["wape", "bias"]].mean()
    foreseen = forecasting.forecast(calls[:"2026-08-16"], 1, "ridge_profile")["mean"].sum()
    recent = ours.intervals.loc["2026-08-03":"2026-08-30"]
    aht_s = round((recent["answered"] * recent["aht_s"]).sum() / recent["answered"].sum())
    peak = forecasting.forecast(calls, 8, "ridge_profile").loc["2026-09-07 10:00", "mean"]
    load = float(staffing.offered_load(peak, aht_s))
    lost = [100 * float(staffing.erlang_a(load, n, aht_s, 150).abandonment) for n in (42, 46)]
    shrinkage = ours.shrinkage.loc["2026-08-17"]
    away = 100 * shrinkage.drop("paid").sum() / shrinkage["paid"]
    replayed = staffing.erlang_a(
        staffing.offered_load(board["offered"], board["aht_s"]), board["staffed"], board["aht_s"], 150
    )

    told = [
        f"{board['offered']:.0f} calls offered, {board['abandoned']:.0f} callers gone, "
        f"{100 * board['answered_within'] / board['offered']:.0f} % answered within 20 seconds",
        f"{board['scheduled']:.0f} people on the roster, {board['staffed']:.0f} on the phones",
        f"misplaces {trial.loc['seasonal_naive', 'wape']:.1f} % of the calls, "
        f"the median of eight weeks {trial.loc['weekday_median', 'wape']:.1f} %",
        f"And `ridge_profile`? {trial.loc['ridge_profile', 'wape']:.1f} %",
        f"on the whole it is {trial.loc['ridge_profile', 'bias']:.1f} % too high",
        f"where the median is {trial.loc['weekday_median', 'bias']:.1f} % too high",
        f"{day['offered'].sum():,} calls came, {foreseen:,.0f} were foreseen",
        f"that day was {100 * day['answered_within'].sum() / day['offered'].sum():.0f} %",
        f"{peak:.1f} × {aht_s} ÷ 1,800 = {load:.1f} erlangs",
        f"Erlang C wants {staffing.agents_required(load, aht_s)}, Erlang A with patience 150 only "
        f"{staffing.agents_required(load, aht_s, patience_s=150)}",
        f"with 42 about {lost[0]:.0f} % of the callers hang up, with 46 about {lost[1]:.0f} %",
        f"was bad, {100 * board['answered_within'] / board['offered']:.1f} %",
        f"Erlang A says {100 * replayed.service_level:.1f} %",
        f"On 17 August {away:.1f} % of the paid time was gone",
        f"planned 3.0 % of {shrinkage['paid']} paid hours, that is 0.030 × {shrinkage['paid']} = "
        f"{0.03 * shrinkage['paid']:.1f}",
    ]

    assert [sentence for sentence in told if sentence not in text] == []


def test_the_two_rosters_deliver_what_the_story_says():
    scope = {}
    for cell in code_cells(LESSON):
        mark = cell.metadata.get("nbgrader", {})
        if not mark:
            body = ast.parse(cell.source).body
            shown = body.pop().value if isinstance(body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module(body, []), "cell", "exec"), scope)
            if shown is not None and "paid_hours" in cell.source:
                table = eval(compile(ast.Expression(shown), "cell", "eval"), scope)
    text = text_of(LESSON)

    multiplied, divided = table.loc["multiplied"], table.loc["divided"]

    assert multiplied["level at 30 % shrinkage, %"] >= 80
    assert f"that roster delivers {multiplied['level at 37.4 % shrinkage, %']:.0f} %" in text
    assert f"The divided one holds {divided['level at 37.4 % shrinkage, %']:.0f} %" in text
    assert f"The price is {divided['paid hours'] - multiplied['paid hours']:.1f} paid hours" in text
