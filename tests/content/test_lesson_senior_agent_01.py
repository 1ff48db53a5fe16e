"""My shift, my minutes: answers worked out by hand, usual mistakes, and a Monday that is in the records."""

import pandas as pd

from ccskills import data, forecasting, scheduling, staffing
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, text_of

LESSON = "senior-agent/01-my-shift-my-minutes"
ME, DAY = "A0074", "2026-08-17"

RIGHT = {
    "e1a": {"state_1450": "meeting", "work_min": 420, "worst_start": "10:30"},  # by hand: 480 - 15 - 15 - 30; 44 - 36
    "e1b": {"code_1": "phone", "code_2": "system_down", "code_3": "phone", "code_4": "coaching"},
    "e2a": {"out_min": 35.7, "adherence_pct": 92.6},  # by hand: the ten rows of the day; 444.3 / 480
    "e2b": {"worked_min": 415.8, "conformance_pct": 99.0},  # by hand: 372.6 + 23.2 + 20.0; 415.8 / 420
    "e3": {"customer_min": 24.0, "late_back_min": 11.7, "missing_work_min": 4.2, "why": "B"},
    "e5": {"event_reason": "change of plan", "heard": 4, "extra_calls": 35},  # by hand: 212 - 708 / 4
}
MISTAKES = [
    ("e1a", {"state_1450": "team meeting"}, "a code of the table"),
    ("e1a", {"state_1450": "phone"}, "hidden"),
    ("e1a", {"work_min": 480}, "the whole schedule"),
    ("e1a", {"work_min": 450}, "but not both"),
    ("e1a", {"work_min": 360}, "the phones alone"),
    ("e1a", {"worst_start": "09:00"}, "the fewest people"),
    ("e1a", {"worst_start": "10:00"}, "nearly all of them"),
    ("e1a", {"worst_start": "09:30"}, "hidden"),
    ("e1b", {"code_1": "after-call"}, "Codes of the table"),
    ("e1b", {"code_1": "break"}, "part of the call"),
    ("e1b", {"code_2": "break"}, "does not show anywhere"),
    ("e1b", {"code_3": "meeting"}, "on the line with the customer"),
    ("e1b", {"code_4": "training"}, "one to one"),
    ("e1b", {"code_1": "meeting"}, "hidden"),
    ("e2a", {"out_min": 36.0}, "after 17:00"),
    ("e2a", {"out_min": 24.0}, "waited for you"),
    ("e2a", {"out_min": 11.7}, "only the late returns"),
    ("e2a", {"adherence_pct": 0.926}, "percent is wanted"),
    ("e2a", {"adherence_pct": 7.4}, "share out of the plan"),
    ("e2a", {"adherence_pct": 91.5}, "divided by the minutes of work"),
    ("e2a", {"adherence_pct": 95.0}, "hidden"),
    ("e2b", {"worked_min": 479.8}, "Rest is rest"),
    ("e2b", {"worked_min": 372.6}, "the phones alone"),
    ("e2b", {"worked_min": 420}, "what you were to work"),
    ("e2b", {"conformance_pct": 0.99}, "percent is wanted"),
    ("e2b", {"conformance_pct": 86.6}, "all 480 minutes"),
    ("e2b", {"conformance_pct": 92.6}, "hidden"),
    ("e3", {"customer_min": 35.7, "late_back_min": 0.0}, "all minutes out of the plan"),
    ("e3", {"customer_min": 24.3}, "16 seconds"),
    ("e3", {"customer_min": 11.7, "late_back_min": 24.0}, "swapped"),
    ("e3", {"late_back_min": 7.2}, "together"),
    ("e3", {"missing_work_min": 35.7}, "in most of them you worked"),
    ("e3", {"missing_work_min": -4.2}, "scheduled less done"),
    ("e3", {"why": "because"}, "one letter"),
    ("e3", {"why": "C"}, "works off half an hour"),
    ("e3", {"why": "D"}, "hidden"),
    ("e3", {"missing_work_min": 11.7}, "hidden"),
    ("e5", {"event_reason": "upgrade"}, "sorts by this code"),
    ("e5", {"event_reason": "bill query"}, "every morning"),
    ("e5", {"heard": 44}, "nine calls"),
    ("e5", {"extra_calls": 212}, "subtract the usual"),
    ("e5", {"extra_calls": 52}, "a quiet one"),
    ("e5", {"extra_calls": 94}, "stretches her nine calls"),
    ("e5", {"extra_calls": 15}, "hidden"),
    ("e5", {"heard": 3}, "hidden"),
]


def of_me(table):
    return table[table["agent_id"] == ME]


def level_pct(calls, people, aht_s):
    return 100 * float(staffing.erlang_c(staffing.offered_load(calls, aht_s), people, aht_s).service_level)


def test_the_small_line_is_judged_by_the_formula_and_not_by_a_typed_key():
    five, four = level_pct(20, 5, 260), level_pct(20, 4, 260)
    right = {"level_five_pct": five, "level_four_pct": four, "more_late": 20 * (five - four) / 100}

    assert judge(LESSON, "e4", **right) is None
    assert "70.0 and not 0.7" in judge(LESSON, "e4", **right | {"level_four_pct": four / 100})
    assert "19 calls" in judge(LESSON, "e4", **right | {"level_five_pct": 82.9})
    assert "four fifths" in judge(LESSON, "e4", **right | {"level_four_pct": 0.8 * five})
    assert "cannot be the same" in judge(LESSON, "e4", **right | {"level_four_pct": five})
    assert "points that the service level falls" in judge(LESSON, "e4", **right | {"more_late": five - four})
    assert "With five some wait" in judge(LESSON, "e4", **right | {"more_late": 20 - four / 5})
    assert "taken herself" in judge(LESSON, "e4", **right | {"more_late": 4.0})
    assert judge(LESSON, "e4", **right | {"more_late": 7.0}) == "hidden"
    assert judge(LESSON, "e4", **right | {"level_four_pct": four - 2}) == "hidden"


def test_the_figures_of_the_slip_are_those_of_the_library_and_of_the_records():
    ours = data.centre()
    found = scheduling.adherence_table(of_me(ours.schedule(DAY)), of_me(ours.activity(DAY)))
    day, reasons = found.agents.loc[ME], found.reasons
    rest = of_me(ours.activity(DAY)).query("state in ('break', 'lunch')")
    rested = (rest["end"] - rest["start"]).dt.total_seconds().sum() / 60
    out = day["scheduled_min"] - day["adherent_min"]
    customers = reasons.loc[(reasons["actual"] == "phone"), "minutes"].sum()
    text = text_of(LESSON)

    assert (day["scheduled_min"], round(100 * day["adherence"], 1)) == (480, 92.6)
    assert round(100 * (day["logged_min"] - rested) / (480 - 60), 1) == 99.0
    assert f"of the 35.7 minutes {customers:.1f} went to customers" in text
    assert abs(out - 35.65) < 0.01 and abs(out - customers - 11.65) < 0.01
    moved = reasons.query("scheduled in ('break', 'lunch') and actual == 'phone'")["minutes"].sum()
    assert f"{moved:.1f} are the same breaks moved along" in text
    assert round(60 * reasons.query("actual == 'off'")["minutes"].sum()) == 28
    assert abs(rested - 60 - 4) < 0.05


def test_every_late_change_ends_in_the_second_in_which_a_call_was_done():
    ours = data.centre()
    calls = of_me(ours.calls(DAY))
    done = calls["start"] + pd.to_timedelta(calls[["wait_s", "talk_s", "hold_s", "acw_s"]].sum(axis=1), unit="s")
    late = scheduling.adherence_table(of_me(ours.schedule(DAY)), of_me(ours.activity(DAY))).deviations
    late = late[(late["actual"] == "phone") & (late["scheduled"] != "off")]

    assert len(late) == 6
    assert set(late["end"]) <= set(done)
    last = calls.loc[done[done == late["end"].max()].index[0]]
    assert (last["reason"], f"{last['start'] + pd.Timedelta(seconds=last['wait_s']):%H:%M:%S}") == (
        "no connection",
        "16:14:20",
    )


def test_every_number_that_the_story_tells_is_in_the_data():
    text, ours = text_of(LESSON), data.centre()
    board, evening = ours.intervals.loc["2026-08-17 10:30"], ours.intervals.loc["2026-08-17 19:30"]
    foreseen = forecasting.forecast(
        forecasting.clean(ours.intervals["offered"], ours.events).history[:"2026-08-16"], 1, "ridge_profile"
    )
    needed = staffing.agents_required(staffing.offered_load(foreseen["mean"], 295), 295)
    phones = ours.schedule(DAY).query("state == 'phone'")
    planned = [int(((phones["start"] <= t) & (phones["end"] > t)).sum()) for t in foreseen.index]
    plan = pd.DataFrame({"needed": needed, "planned": planned}, foreseen.index).loc[
        "2026-08-17 09:00":"2026-08-17 11:30"
    ]
    before, that = ours.calls("2025-11-03"), ours.calls("2025-11-10")
    hers = that[(that["agent_id"] == "A0051") & (that["start"] < "2025-11-10 09:00")]
    share = [100 * (day["reason"] == "change of plan").mean() for day in (that, before)]
    rise = that.loc[that["reason"] == "change of plan", "start"].dt.floor("30min").value_counts()
    first = [
        ours.intervals.loc[f"{day:%Y-%m-%d}", "offered"].iloc[:2].sum()
        for day in pd.date_range("2025-10-13", periods=5, freq="7D")
    ]

    told = [
        f"{board['offered']:.0f} calls in half an hour, {board['abandoned']:.0f} callers who gave up, "
        f"{100 * board['answered_within'] / board['offered']:.0f} % answered within 20 seconds",
        f"{board['offered']:.0f} of them called between 10:30 and 11:00, "
        f"and {evening['offered']:.0f} between 19:30 and 20:00",
        f"At 10:30 the plan had {plan.loc['2026-08-17 10:30', 'needed']} people needed and "
        f"{plan.loc['2026-08-17 10:30', 'planned']} on the phones",
        f"falls from {level_pct(19, 5, 270):.1f} % to {level_pct(19, 4, 270):.1f} %",
        f"46 people keep {level_pct(242.7, 46, 295):.1f} % and 45 keep {level_pct(242.7, 45, 295):.1f} %",
        f"{level_pct(20, 5, 270):.1f} % is not 80 %",
        f"{len(that):,} calls came on that day, {len(before):,} the Monday before; "
        f"{share[0]:.0f} % of them on a change of plan instead of {share[1]:.0f} %",
        f"({' + '.join(f'{calls:.0f}' for calls in first[:4])}) ÷ 4 is the usual first hour. "
        f"What came was {first[4]:.0f}",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert (plan["needed"] - plan["planned"]).idxmax() == pd.Timestamp("2026-08-17 10:30")
    assert plan["planned"].idxmin() == pd.Timestamp("2026-08-17 09:00")
    assert plan["needed"].idxmax() == pd.Timestamp("2026-08-17 10:00")
    assert (len(hers), (hers["reason"] == "change of plan").sum(), (hers["reason"] == "bill query").sum()) == (9, 4, 2)
    assert rise.idxmax() == pd.Timestamp("2025-11-10 14:00")
    assert 10.5 < 100 / share[1] < 11.5  # about one call in eleven
    assert set(ours.schedule("2025-11-10").pipe(of_me)["state"]) == {"leave"}
