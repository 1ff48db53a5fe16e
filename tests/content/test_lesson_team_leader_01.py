"""The half hour that went wrong: answers worked out by hand, usual mistakes, and a story that is in the data."""

import pandas as pd

from ccskills import data, forecasting, scheduling, staffing
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import text_of

LESSON = "team-leader/01-the-half-hour-that-went-wrong"

RIGHT = {
    "e1": {"load_1400": 39.4, "work_hours": 19.7, "short_agents": 9.4},  # by hand: 70,896.2 s / 1,800 and / 3,600
    "e2": {"driver_1100": "volume", "driver_1630": "aht", "driver_1700": "staff", "volume_part_1100": 3.6},
    "e3a": {"steps": [("breaks", 2, 14), ("off_phone", 6, 8), ("overflow", 2, 6)]},
    "e3b": {"first_step": "off_phone"},
    "e4a": {"leave_for": "A0134"},
    "e4b": {"leave_for": "A0134", "swap_with": "A0059"},
    "e5": {"own_min": 84.2, "clean_pct": 99.0},  # by hand: 178.0 - 107.3 + 13.5, and 100 * (8,670 - 84.2) / 8,670
}
DRIVERS = ("driver_1100", "driver_1630", "driver_1700")
MISTAKES = [
    ("e1", {"load_1400": 43.6}, "load of 10:30"),
    ("e1", {"load_1400": 19.7}, "are hours of work"),
    ("e1", {"load_1400": 1181.6}, "fill a stadium"),
    ("e1", {"work_hours": 39.4}, "the load once more"),
    ("e1", {"short_agents": -9.4}, "people to spare"),
    ("e1", {"short_agents": 8.6}, "hidden"),
    ("e2", {"driver_1100": "calls"}, "in quotes"),
    ("e2", {"driver_1700": "volume"}, "Fewer calls cannot"),
    ("e2", {"driver_1100": "aht"}, "shorter than planned"),
    ("e2", dict.fromkeys(DRIVERS, "staff"), "Sun Mei's answer"),
    ("e2", {"volume_part_1100": 22}, "22 are calls"),
    ("e2", {"volume_part_1100": 37.9}, "all or the surplus"),
    ("e2", {"volume_part_1100": 2.1}, "hidden"),
    ("e2", {"driver_1630": "staff"}, "hidden"),
    ("e3a", {"steps": [("breaks", 2)]}, "list of lines"),
    ("e3a", {"steps": [("lunch", 2, 14)]}, "The steps are called"),
    ("e3a", {"steps": [("time_off", 2, 14)]}, "sends people home"),
    ("e3a", {"steps": [("breaks", 2, 14), ("off_phone", 6, 8), ("overflow", 2, 6), ("overtime", 6, 0)]}, "60 minutes"),
    ("e3a", {"steps": [("off_phone", 6, 10), ("breaks", 2, 8), ("overflow", 2, 6)]}, "order is not that"),
    ("e3a", {"steps": [("breaks", 5, 11), ("off_phone", 6, 5), ("overflow", 2, 3)]}, "more than half of 5.5"),
    ("e3a", {"steps": [("breaks", 3, 13), ("off_phone", 6, 7), ("overflow", 2, 5)]}, "more than half of 5.5"),
    ("e3a", {"steps": [("breaks", 2.75, 13.25)]}, "rounded down"),
    ("e3a", {"steps": [("breaks", 2, 14), ("off_phone", 6, 10), ("overflow", 2, 14)]}, "Before this step it was 14"),
    ("e3a", {"steps": [("breaks", 2, 14), ("off_phone", 6, 8)]}, "hidden"),
    ("e3a", {"steps": [("breaks", 2, 14), ("off_phone", 2, 12), ("overflow", 2, 10)]}, "hidden"),
    ("e3b", {"first_step": "home"}, "is one of"),
    ("e3b", {"first_step": "overtime"}, "3 too many"),
    ("e3b", {"first_step": "time_off"}, "hidden"),
    ("e4a", {"leave_for": ["A0134", "A0059"]}, "one place"),
    ("e4a", {"leave_for": "A0152"}, "four who asked"),
    ("e4a", {"leave_for": "A0074"}, "asked first"),
    ("e4a", {"leave_for": "A0143"}, "At noon"),
    ("e4a", {"leave_for": "A0059"}, "hidden"),
    ("e4b", {"swap_with": "A0143"}, "three who offered"),
    ("e4b", {"swap_with": "A0134"}, "whoever is not there"),
    ("e4b", {"swap_with": "A0027"}, "serve chat"),
    ("e5", {"own_min": 1025.8}, "all minutes"),
    ("e5", {"own_min": 605.8}, "system faults"),
    ("e5", {"own_min": 191.5}, "every late return"),
    ("e5", {"own_min": -57.2}, "other way round"),
    ("e5", {"clean_pct": 0.99}, "percent is wanted"),
    ("e5", {"clean_pct": 88.2}, "adherence of the chart"),
    ("e5", {"own_min": 70.7}, "hidden"),
]


def present(table, agents, states, clock="10:30", day="2026-08-17"):
    """People of some agents in some states in one half hour."""
    starts = pd.date_range(f"{day} 08:00", periods=24, freq="30min", name="start")
    return scheduling.staffed(table[table["agent_id"].isin(agents)], starts, states)[f"{day} {clock}"]


def test_the_monday_is_the_one_of_the_story():
    text, ours = text_of(LESSON), data.centre()
    monday = ours.intervals.loc["2026-08-17"]
    level = 100 * monday["answered_within"] / monday["offered"]
    bad = monday.loc["2026-08-17 10:30"]
    replayed = staffing.erlang_a(staffing.offered_load(258, 304.3), [35, 43], 304.3, patience_s=150).service_level
    told = [
        f"{bad['offered']:.0f} calls, {bad['abandoned']:.0f} callers gave up, "
        f"{level.loc['2026-08-17 10:30']:.0f} % answered within 20 seconds",
        f"{(level < 80).sum()} of {len(level)} half hours missed the target",
        f"258 × {bad['aht_s']} ÷ 1,800 = {258 * bad['aht_s'] / 1800:.1f} erlangs",
        f"the desk wants some more: {staffing.agents_required(staffing.offered_load(258, 304.3), 304.3)} at 10:30",
        f"For 14:00 the desk needs {staffing.agents_required(staffing.offered_load(226, 313.7), 313.7)} people, "
        f"{monday.loc['2026-08-17 14:00', 'staffed']} will be on the phones",
        "{:.0f} % against {:.0f} %".format(*(100 * replayed)),
    ]

    assert level.idxmin() == pd.Timestamp("2026-08-17 14:00")
    assert [sentence for sentence in told if sentence not in text] == []


def test_staff_was_the_driver_of_the_day_and_the_roster_had_most_of_the_gap_on_paper():
    text, ours = text_of(LESSON), data.centre()
    monday = ours.intervals.loc["2026-08-17"]
    history = forecasting.clean(ours.intervals["offered"], ours.events).history
    foreseen = forecasting.forecast(history[:"2026-08-16"], 1, "ridge_profile")["mean"].round()
    before = ours.intervals.loc["2026-07-20":"2026-08-16"]
    planned = round((before["answered"] * before["aht_s"]).sum() / before["answered"].sum())
    parts = pd.DataFrame(
        {
            "volume": (monday["offered"] - foreseen) * planned / 1800,
            "aht": monday["offered"] * (monday["aht_s"] - planned) / 1800,
            "staff": (monday["scheduled"] * 0.70).round(1) - monday["staffed"],
        }
    )
    missed = parts[monday["answered_within"] / monday["offered"] < 0.8].idxmax(axis=1).value_counts()
    half = parts.loc["2026-08-17 10:30"]
    people = ours.agents.set_index("agent_id")
    voice, team = people.index[people["team"].str.startswith("V")], people.index[people["team"] == "V1"]
    roster, log = ours.schedule("2026-08-17"), ours.activity("2026-08-17")
    wanted, came = present(roster, voice, ["phone"]), present(log, voice, ["phone"])
    in_break = roster[
        roster["agent_id"].isin(team)
        & (roster["state"] == "break")
        & roster["start"].between("2026-08-17 10:30", "2026-08-17 10:59")
    ]

    assert planned == 294
    assert (parts["staff"] >= 0).all()
    assert f"the volume cost {half['volume']:.1f} people, the handle time {half['aht']:.1f}, and" in text
    assert f"{half['staff']:.1f} people were missing" in text
    assert missed.to_dict() == {"staff": 13, "volume": 3, "aht": 1}
    assert "13 had staff as the driver, 3 volume, 1 handle time" in text
    assert (wanted, round(came)) == (37, 35)
    assert f"{41.3 - wanted:.1f} were missing **on paper already**" in text
    assert present(roster, voice, ["break"]) == 15
    assert present(roster, voice, ["leave"]) == 7
    assert round(present(log, voice, ["absent"])) == 3
    assert present(roster, team, ["phone", "break"]) == 8
    assert in_break["agent_id"].nunique() == 5


def test_the_levers_of_two_o_clock_and_of_tuesday_are_in_the_plan():
    ours = data.centre()
    people = ours.agents.set_index("agent_id")
    voice = people.index[people["team"].str.startswith("V")]
    chat = people.index[people["team"].str.startswith("O") & people["skills"].str.contains("voice")]
    roster = ours.schedule("2026-08-17")
    tuesday = ours.intervals.loc["2026-08-18 15:00"]
    load = staffing.offered_load(tuesday["offered"], tuesday["aht_s"])

    levers = [present(roster, voice, [state], "14:00") for state in ("break", "meeting", "training", "coaching")]

    assert levers == [5.5, 2.5, 3.5, 0]
    assert present(roster, chat, ["chat"], "14:00") == 2
    assert present(roster, chat, ["chat"], "10:30") == 1.5
    assert present(roster, voice, ["meeting", "coaching", "training"], "10:30") == 0
    assert (staffing.agents_required(load, tuesday["aht_s"]), tuesday["staffed"]) == (31, 34)


def test_the_low_adherence_of_the_four_is_sickness_and_the_rest_is_chance():
    text, ours = text_of(LESSON), data.centre()
    people = ours.agents.set_index("agent_id")
    team = people.index[(people["team"] == "V1") & people["left"].isna()]
    days = pd.date_range("2026-07-20", "2026-08-16")
    plan, log = (pd.concat([read(day) for day in days]) for read in (ours.schedule, ours.activity))
    kept = scheduling.adherence_table(plan[plan["agent_id"].isin(team)], log[log["agent_id"].isin(team)])
    seen, out = kept.agents["adherence"], kept.deviations

    def minutes(mask):
        return out[mask].groupby("agent_id")["minutes"].sum().reindex(kept.agents.index, fill_value=0)

    absent, system = minutes(out["actual"] == "absent"), minutes(out["actual"] == "system_down")
    call = (out["actual"] == "phone") & out["scheduled"].isin(["break", "lunch"])
    meeting = (out["actual"] == "phone") & out["scheduled"].isin(["meeting", "coaching", "training"])
    late = (out["scheduled"] == "phone") & out["actual"].isin(["break", "lunch", "meeting"])
    own = minutes(late) - minutes(call) + minutes(out["actual"] == "off")
    scheduled = kept.agents["scheduled_min"]
    healthy, clean = kept.agents["adherent_min"] / (scheduled - absent), 1 - own / scheduled

    assert len(seen) == 15
    assert (seen < 0.90).sum() == 4
    assert (absent[seen < 0.90] > 0).all()
    assert healthy.min() > 0.92
    assert f"{100 * clean.min():.1f} % and {100 * clean.max():.1f} %" in text
    assert f"stands at {100 * seen['A0134']:.1f} %" in text
    assert (
        f"Of the {minutes(out['minutes'] > 0)['A0134']:,.0f} minutes behind it {absent['A0134']:.0f} are your sick day"
    ) in text
    assert f"{system['A0134']:.0f} the system that was down" in text
    assert f"{(minutes(call) + minutes(meeting))['A0134']:.0f} calls that ran on" in text
    assert abs(own["A0134"] - 84.2) < 0.1


def test_the_late_lunch_was_mostly_a_call_and_two_breaks_ran_long():
    ours = data.centre()
    days = pd.date_range("2026-07-20", "2026-08-16")
    plan, log = (pd.concat([read(day) for day in days]) for read in (ours.schedule, ours.activity))
    rests = [
        table[(table["agent_id"] == "A0134") & table["state"].isin(["break", "lunch"])].sort_values("start")
        for table in (plan, log)
    ]
    found = pd.merge_asof(
        rests[0],
        rests[1].assign(began=rests[1]["start"])[["began", "start", "end", "state"]],
        left_on="start",
        right_on="began",
        by="state",
        direction="forward",
        tolerance=pd.Timedelta("30min"),
    ).dropna()
    found["over"] = ((found["end_y"] - found["began"]) - (found["end_x"] - found["start_x"])).dt.total_seconds() / 60
    found["call"] = (found["began"] - found["start_x"]).dt.total_seconds() / 60
    late = found.set_index("start_x")

    lunch, breaks = late.loc["2026-07-22 11:30"], late.loc[["2026-08-14 16:30", "2026-07-30 10:30"], "over"]

    assert len(found) == 44
    assert (found["over"] > 5).sum() == 2
    assert breaks.round(1).tolist() == [12.9, 8.0]
    assert [round(lunch["call"], 1), round(lunch["over"], 1), round(lunch["call"] + lunch["over"], 1)] == [
        10.5,
        3.1,
        13.6,
    ]
