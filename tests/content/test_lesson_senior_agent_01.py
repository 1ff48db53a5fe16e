"""My shift, my minutes: answers worked out by hand, usual mistakes, and a Monday that is in the records."""

import pandas as pd

from ccskills import data, forecasting, scheduling, staffing
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, text_of

LESSON = "senior-agent/01-my-shift-my-minutes"
ME, DAY = "A0109", "2026-08-17"

RIGHT = {
    "e1a": {"state_1050": "break", "work_min": 315, "worst_start": "10:30"},  # by hand: 390 - 3 * 15 - 30; 44 - 36
    "e1b": {"code_1": "phone", "code_2": "system_down", "code_3": "phone", "code_4": "coaching"},
    "e2a": {"out_min": 20.5, "adherence_pct": 94.7},  # by hand: the nine rows of the day; 369.5 / 390
    "e2b": {"worked_min": 305.7, "conformance_pct": 97.0},  # by hand: 305.7 / 315
    "e3": {"customer_min": 4.4, "fault_min": 9.2, "late_back_min": 7.0, "missing_work_min": 9.3, "why": "B"},
    "e5": {"event_reason": "change of plan", "heard": 4, "extra_calls": 35},  # by hand: 212 - 708 / 4
}
MISTAKES = [
    ("e1a", {"state_1050": "pause"}, "a code of the table"),
    ("e1a", {"state_1050": "phone"}, "hidden"),
    ("e1a", {"work_min": 390}, "the whole schedule"),
    ("e1a", {"work_min": 360}, "but not the breaks"),
    ("e1a", {"work_min": 345}, "but not the lunch"),
    ("e1a", {"worst_start": "10:30 to 11:00"}, "written as in the table"),
    ("e1a", {"worst_start": "09:00"}, "the fewest people"),
    ("e1a", {"worst_start": "10:00"}, "nearly all of them"),
    ("e1a", {"worst_start": "09:30"}, "hidden"),
    ("e1b", {"code_1": "after-call"}, "Codes of the table"),
    ("e1b", {"code_1": "break"}, "part of the call"),
    ("e1b", {"code_2": "break"}, "does not show anywhere"),
    ("e1b", {"code_3": "break"}, "on the line with the customer"),
    ("e1b", {"code_4": "training"}, "one to one"),
    ("e1b", {"code_1": "meeting"}, "hidden"),
    ("e2a", {"out_min": 23.0}, "after 12:00"),
    ("e2a", {"out_min": 11.3}, "left the fault out"),
    ("e2a", {"out_min": 4.4}, "waited for you"),
    ("e2a", {"out_min": 7.0}, "only the late returns"),
    ("e2a", {"adherence_pct": 0.947}, "percent is wanted"),
    ("e2a", {"adherence_pct": 5.3}, "share out of the plan"),
    ("e2a", {"adherence_pct": 93.5}, "divided by the minutes of work"),
    ("e2a", {"adherence_pct": 97.1}, "hidden"),
    ("e2b", {"worked_min": 382.8}, "Rest is rest"),
    ("e2b", {"worked_min": 315}, "what you were to work"),
    ("e2b", {"worked_min": 314.9}, "hold the fault"),
    ("e2b", {"worked_min": 303.2}, "whenever it was done"),
    ("e2b", {"conformance_pct": 0.97}, "percent is wanted"),
    ("e2b", {"conformance_pct": 78.4}, "all 390 minutes"),
    ("e2b", {"conformance_pct": 94.7}, "hidden"),
    ("e3", {"customer_min": 20.5, "late_back_min": 0.0}, "all minutes out of the plan"),
    ("e3", {"customer_min": 6.8}, "says off"),
    ("e3", {"late_back_min": 16.1}, "holds the fault"),
    ("e3", {"customer_min": 7.0, "late_back_min": 4.4}, "swapped"),
    ("e3", {"late_back_min": 2.6}, "together"),
    ("e3", {"missing_work_min": 20.5}, "in some of them you worked"),
    ("e3", {"missing_work_min": -9.3}, "scheduled less done"),
    ("e3", {"why": "because"}, "one letter"),
    ("e3", {"why": "C"}, "works off little"),
    ("e3", {"why": "D"}, "hidden"),
    ("e3", {"missing_work_min": 11.8}, "hidden"),
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


def spoken(minutes):
    seconds = round(60 * minutes)
    return f"{seconds // 60} min {seconds % 60} s"


def test_the_figures_of_the_slip_are_those_of_the_library_and_of_the_records():
    ours, text = data.centre(), text_of(LESSON)
    found = scheduling.adherence_table(of_me(ours.schedule(DAY)), of_me(ours.activity(DAY)))
    day, reasons = found.agents.loc[ME], found.reasons
    log = of_me(ours.activity(DAY))
    minutes = (log["end"] - log["start"]).dt.total_seconds().groupby(log["state"]).sum() / 60
    lost = reasons.groupby("actual")["minutes"].sum()
    late_back = lost["break"] + lost["lunch"] + lost["off"]
    own = late_back - lost["phone"]

    assert (day["scheduled_min"], round(100 * day["adherence"], 1)) == (390, 94.7)
    assert (round(minutes["phone"], 1), round(100 * minutes["phone"] / 315, 1)) == (305.7, 97.0)
    assert "Adherence **94.7 %**. Conformance **97.0 %**" in text
    assert "your 20 minutes and 29 seconds out of the plan" in text
    assert spoken(day["scheduled_min"] - day["adherent_min"]) == "20 min 29 s"
    assert f"{spoken(lost['system_down'])} were the fault" in text
    assert f"{spoken(lost['phone'])} went to customers" in text
    assert f"{spoken(lost['phone'])} more are the same three breaks" in text
    assert f"{spoken(own)} are really yours: {60 * lost['off']:.0f} seconds at log-in" in text
    assert f"ran over by {spoken(own - lost['off'])} together" in text
    assert f"the {spoken(lost['system_down'] + own + minutes['phone'] - 315)} that you stayed" in text
    assert f"{315 - minutes['phone']:.1f} minutes of work are missing" in text


def test_every_late_end_comes_in_the_second_in_which_a_call_was_done():
    ours = data.centre()
    plan, log, calls = (of_me(table) for table in (ours.schedule(DAY), ours.activity(DAY), ours.calls(DAY)))
    done = calls["start"] + pd.to_timedelta(calls[["wait_s", "talk_s", "hold_s", "acw_s"]].sum(axis=1), unit="s")
    ends = plan.loc[plan["state"] == "phone", "end"]
    late = [
        log.loc[(log["start"] <= moment) & (log["end"] > moment) & (log["state"] == "phone"), "end"].tolist()
        for moment in ends
    ]

    assert [f"{moment:%H:%M}" for moment in ends] == ["08:30", "09:45", "10:45", "12:00", "19:30"]
    assert [len(one) for one in late] == [1] * 5
    assert {one[0] for one in late} <= set(done)


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

    ten = foreseen.loc["2026-08-17 10:00", "mean"]
    told = [
        f"{board['offered']:.0f} calls in half an hour, {board['abandoned']:.0f} callers who gave up, "
        f"{100 * board['answered_within'] / board['offered']:.0f} % answered within 20 seconds",
        f"{board['offered']:.0f} of them called between 10:30 and 11:00, "
        f"and {evening['offered']:.0f} between 19:30 and 20:00",
        f"At 10:30 the plan had {plan.loc['2026-08-17 10:30', 'needed']} people needed and "
        f"{plan.loc['2026-08-17 10:30', 'planned']} on the phones",
        f"falls from {level_pct(19, 5, 270):.1f} % to {level_pct(19, 4, 270):.1f} %",
        f"asks for {plan.loc['2026-08-17 10:00', 'needed']} people; they keep {level_pct(ten, 45, 295):.1f} %, "
        f"and 44 keep {level_pct(ten, 44, 295):.1f} %",
        f"{rise[pd.Timestamp('2025-11-10 10:00')]} of these calls in the half hour from 10:00, "
        f"{rise[pd.Timestamp('2025-11-10 14:00')]} in the one from 14:00",
        f"{level_pct(20, 5, 270):.1f} % is not 80 %",
        f"{len(that):,} calls came on that day, {len(before):,} the Monday before; "
        f"{share[0]:.0f} % of them on a change of plan instead of {share[1]:.0f} %",
        f"({' + '.join(f'{calls:.0f}' for calls in first[:4])}) ÷ 4 is the usual first hour. "
        f"What came was {first[4]:.0f}",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    fault = ours.intervals.loc["2026-08-17 18:00"]
    assert f"from 18:00, {fault['abandoned']:.0f} of {fault['offered']:.0f} callers hung up" in text
    assert (plan["needed"] - plan["planned"]).idxmax() == pd.Timestamp("2026-08-17 10:30")
    assert plan["planned"].idxmin() == pd.Timestamp("2026-08-17 09:00")
    assert plan["needed"].idxmax() == pd.Timestamp("2026-08-17 10:00")
    assert (len(hers), (hers["reason"] == "change of plan").sum(), (hers["reason"] == "bill query").sum()) == (9, 4, 2)
    assert rise.nlargest(2).index.strftime("%H:%M").tolist() == ["14:00", "10:00"]
    assert 10.5 < 100 / share[1] < 11.5  # about one call in eleven
    assert f"{of_me(ours.schedule('2025-11-10'))['start'].min():%H:%M}" == "09:00"
    tonight = of_me(ours.schedule("2026-08-18")).set_index("start")["state"]
    assert tonight[pd.Timestamp("2026-08-18 18:30")] == "coaching"
