"""Monday report before nine: answers worked out by hand, usual mistakes, and a story that is in the data."""

import pandas as pd

from ccskills import data, reporting
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import text_of, told

LESSON = "team-leader/04-monday-report-before-nine"

KIND = {"A": "trend", "B": "comparison", "C": "distribution", "D": "composition", "E": "trend", "F": "composition"}
PART = {"A": "fact", "B": "cause", "C": "action", "D": "none", "E": "none"}
BRIDGE = {"transferred": -210, "outage": -77, "double": 58, "rest": -7}  # by hand: 3,623 - 210 - 77 + 58 - 7 = 3,387
RIGHT = {
    "e1a": {"level_pct": 77.0, "abandon_pct": 7.2},  # by hand: 16,349 / 21,224 and 1,519 / 21,224
    "e1b": {"old_sheet": "R"},  # by hand: (16,349 + 632) / 21,224 = 0.800
    "e2": {"aht_s": 293.5, "solved_pct": 80.0},
    "e3": {"kind": KIND},
    "e4a": {"extra_day": "08-16", "missing_day": "08-23"},
    "e4b": {"bridge": BRIDGE},
    "e5a": {"staffed_pct": 62.6, "cause": "people"},  # by hand: 615 / 983
    "e5b": {"part": PART},
}
MISTAKES = [
    ("e1a", {"level_pct": 0.77}, "Percent is wanted"),
    ("e1a", {"level_pct": 83.2}, "the week before"),
    ("e1a", {"abandon_pct": 5.2}, "the week before"),
    ("e1a", {"level_pct": 77.2}, "mean of seven percentages"),
    ("e1a", {"level_pct": 83.0}, "divided by the answered calls"),
    ("e1a", {"level_pct": 80.0}, "as if they had been served"),
    ("e1a", {"level_pct": 79.4}, "quick hang-ups"),
    ("e1a", {"abandon_pct": 7.7}, "Of whom"),
    ("e1a", {"abandon_pct": 7.1}, "mean of seven percentages"),
    ("e1a", {"abandon_pct": 4.2}, "hidden"),
    ("e1b", {"old_sheet": "r"}, "in quotes"),
    ("e1b", {"old_sheet": "Q"}, "the centre's own formula"),
    ("e1b", {"old_sheet": "P"}, "83.0 %"),
    ("e1b", {"old_sheet": "S"}, "hidden"),
    ("e2", {"aht_s": 4.9}, "minutes"),
    ("e2", {"aht_s": 239.8}, "talk alone"),
    ("e2", {"aht_s": 251.4}, "after-call work is missing"),
    ("e2", {"aht_s": 291.9}, "agents' means"),
    ("e2", {"solved_pct": 0.8}, "percent is wanted"),
    ("e2", {"aht_s": 293.9}, "hidden"),
    ("e3", {"kind": KIND | {"D": "comparison"}}, "one whole is cut up"),
    ("e3", {"kind": KIND | {"C": "comparison"}}, "be seen in a mean"),
    ("e3", {"kind": KIND | {"E": "comparison"}}, "rising anyway"),
    ("e3", {"kind": KIND | {"B": "composition"}}, "Which rate"),
    ("e3", {"kind": {"A": "line"}}, "once each"),
    ("e3", {"kind": KIND | {"A": "comparison"}}, "hidden"),
    ("e4a", {"extra_day": "08-23", "missing_day": "08-16"}, "swapped"),
    ("e4a", {"extra_day": "16 August"}, "Days of the table"),
    ("e4a", {"extra_day": "08-23"}, "at once"),
    ("e4a", {"extra_day": "08-17"}, "hidden"),
    ("e4b", {"bridge": BRIDGE | {"transferred": 210}}, "Which sign"),
    ("e4b", {"bridge": BRIDGE | {"double": -58}}, "not fewer"),
    ("e4b", {"bridge": BRIDGE | {"double": 116}}, "too many"),
    ("e4b", {"bridge": {"transferred": -42, "outage": 0, "double": 8, "rest": 0}}, "Tuesday alone"),
    ("e4b", {"bridge": BRIDGE | {"outage": -86}}, "in the bridge twice: it ends at 3,378"),
    ("e4b", {"bridge": BRIDGE | {"outage": 0, "rest": -84}}, "one afternoon"),
    ("e4b", {"bridge": BRIDGE | {"rest": 0}}, "7 are still open"),
    ("e4b", {"bridge": {"transferred": -210}}, "exactly four parts"),
    ("e4b", {"bridge": BRIDGE | {"outage": -75, "rest": -9}}, "hidden"),
    ("e5a", {"staffed_pct": 0.626}, "percent is wanted"),
    ("e5a", {"staffed_pct": 70.5}, "the four Mondays before"),
    ("e5a", {"staffed_pct": 37.4}, "who was missing"),
    ("e5a", {"cause": "calls"}, "were there fewer"),
    ("e5a", {"cause": "handle_time"}, "27 July"),
    ("e5a", {"cause": "weather"}, "in quotes"),
    ("e5a", {"staffed_pct": 59.3}, "hidden"),
    ("e5b", {"part": PART | {"D": "cause"}}, "who was awake"),
    ("e5b", {"part": PART | {"E": "action"}}, "no owner"),
    ("e5b", {"part": PART | {"B": "fact"}}, "probably"),
    ("e5b", {"part": {"A": "fact"}}, "once each"),
    ("e5b", {"part": PART | {"A": "cause"}}, "hidden"),
]


def intervals(first, last):
    return data.centre().intervals.loc[first:last]


def mondays():
    """The five Mondays: counts, handle time, shares of paid time."""
    rows = data.centre().intervals
    rows = rows[rows.index.day_of_week == 0].loc["2026-07-20":"2026-08-17"]
    day = rows.index.normalize()
    table = rows.groupby(day)[["offered", "answered", "answered_within", "scheduled", "staffed"]].sum()
    table["aht_s"] = (rows["aht_s"] * rows["answered"]).groupby(day).sum() / table["answered"]
    away = data.centre().shrinkage.loc[table.index]
    return table.join(100 * away.drop(columns="paid").div(away["paid"], axis=0))


def test_the_week_and_its_four_service_levels_are_in_the_data():
    text, week = text_of(LESSON), intervals("2026-08-17", "2026-08-23").sum()
    before, bad = intervals("2026-08-10", "2026-08-16").sum(), data.centre().intervals.loc["2026-08-17 10:30"]
    within, offered, soon = week["answered_within"], week["offered"], week["abandoned_within"]
    four = [within / week["answered"], (within + soon) / offered, within / (offered - soon), within / offered]
    counted = told(LESSON)["week"].sum()

    assert f"{bad['answered_within'] / bad['offered']:.0%}".replace("%", " %") in text
    assert [f"{100 * one:.1f}" for one in four] == ["83.0", "80.0", "79.4", "77.0"]
    assert "The same week reads 83.0, 80.0, 79.4 or 77.0 %, by formula" in text
    assert f"and {soon:.0f} callers who gave up within 20 seconds" in text
    for column in ("offered", "answered", "answered_within", "abandoned", "abandoned_within"):
        assert counted[column] == week[column]
    assert (
        f"{100 * before['answered_within'] / before['offered']:.1f} % and "
        f"{100 * before['abandoned'] / before['offered']:.1f} %. And here are four ways" in text
    )
    assert f"Hotline: {offered:,.0f} calls offered" in text
    daily = intervals("2026-08-17", "2026-08-23")["offered"].resample("D").sum()
    assert (daily.iloc[0], daily.iloc[-1]) == (3832, 1864)


def test_the_figures_of_the_team_are_in_the_data():
    text, mine, before = text_of(LESSON), told(LESSON)["mine"], told(LESSON)["mine_before"]
    agents = mine.groupby("agent")["handle_s"]

    assert f"{mine['handle_s'].mean():.1f}" == "293.5" and f"{100 * mine['resolved'].mean():.1f}" == "80.0"
    assert f"{mine['talk_s'].mean():.1f}" == "239.8" and f"{(mine['talk_s'] + mine['hold_s']).mean():.1f}" == "251.4"
    assert f"{agents.mean().mean():.1f}" == "291.9" and len(agents) == 15
    assert (agents.size()["Liu Xinlan"], agents.size()["Gao Xinying"]) == (64, 377)
    assert (
        f"handled, handle time (talk, hold, after-call work) 293.5 s, week before {before['handle_s'].mean():.1f} s"
        in text
    )
    assert f"80.0 %, week before {100 * before['resolved'].mean():.1f} %" in text
    head = told(LESSON)["head"].round(1)
    assert head["week"].tolist() == [77.0, 7.2, 293.5, 80.0] and head["week_before"].tolist()[:2] == [83.2, 5.2]
    spread = sum(part["resolved"].var() / len(part) for part in (mine, before)) ** 0.5
    assert abs(mine["resolved"].mean() - before["resolved"].mean()) < 1.96 * spread  # "within chance"
    long = mine["handle_s"] > 600
    assert f"half of the calls are over after {mine['handle_s'].median():.0f}" in text
    assert f"{long.sum()} calls, {100 * long.mean():.1f} %, take more than ten minutes" in text
    assert f"the {len(mine):,} calls of V1" in text


def test_the_trend_has_two_days_that_were_worse():
    level = told(LESSON)["level"]
    worse = level.index[level < level.loc["2026-08-17"]]

    assert [f"{day:%m-%d}" for day in worse] == ["07-21", "07-29"]


def test_the_tickets_are_short_for_the_reasons_that_the_story_gives():
    text, matched, mine = text_of(LESSON), told(LESSON)["matched"], told(LESSON)["mine"]
    none, twice = matched[matched["tickets"] == 0], matched[matched["tickets"] == 2]
    moved = none["transferred"]
    paper = none["ticket_system_down"] & ~moved
    rest = none[~moved & ~paper]
    tuesday = matched[matched["day"] == "2026-08-18"]
    down = matched[matched["ticket_system_down"]]

    assert (len(mine), told(LESSON)["export"].sum()) == (3623, 3453)
    assert f"{len(mine) - told(LESSON)['export'].sum()} are missing" in text
    assert f"{len(matched) - matched['tickets'].sum()} tickets are missing, not 170" in text
    assert {
        "transferred": -moved.sum(),
        "outage": -paper.sum(),
        "double": len(twice),
        "rest": -len(rest),
    } == BRIDGE
    assert len(mine) + sum(BRIDGE.values()) == matched["tickets"].sum() == 3387
    assert (len(down), down["transferred"].sum()) == (86, 9)
    assert matched.loc[matched["transferred"], "tickets"].eq(0).all()
    assert (len(tuesday), tuesday["transferred"].sum(), (tuesday["tickets"] == 2).sum()) == (737, 42, 8)
    assert tuesday["tickets"].sum() == 703
    assert rest["agent"].unique().tolist() == ["Jiang Xinying"]
    assert rest["day"].unique().tolist() == [pd.Timestamp("2026-08-21")]
    assert f"{len(rest)} remain, {100 * len(rest) / len(mine):.1f} % of the calls" in text


def test_monday_lacked_people_and_nothing_else():
    text, table = text_of(LESSON), mondays()
    bad, usual = table.loc["2026-08-17"], table.drop(pd.Timestamp("2026-08-17"))

    assert bad["offered"] == 3832 and bad["offered"] < usual["offered"].min()
    assert (bad["staffed"], bad["scheduled"]) == (615, 983) and bad["staffed"] < usual["staffed"].min()
    assert bad["leave"] > usual["leave"].max() and bad["training"] > usual["training"].max()
    assert f"leave took {bad['leave']:.1f} % of the paid time and training {bad['training']:.1f} %" in text
    assert f"{bad['aht_s']:.0f} s, between {usual['aht_s'].min():.0f} and {usual['aht_s'].max():.0f}" in text
    july = usual.loc["2026-07-27"]
    assert july["aht_s"] > bad["aht_s"] and july["offered"] > bad["offered"]
    assert july["answered_within"] / july["offered"] > bad["answered_within"] / bad["offered"]
    assert (
        f"{usual['offered'].sum():,.0f} calls, {usual['scheduled'].sum():,.0f} half hours scheduled, "
        f"{usual['staffed'].sum():,.0f} staffed" in text
    )
    assert f"On 17 August {100 * bad['answered_within'] / bad['offered']:.1f} % of the offered calls" in text
    assert f"the four Mondays before {100 * usual['answered_within'].sum() / usual['offered'].sum():.1f} %" in text
    assert f"before {100 * usual['staffed'].sum() / usual['scheduled'].sum():.1f} %" in text
    assert bad["breaks"] > usual["breaks"].max() and bad["sickness"] > usual["sickness"].max()


def test_the_second_pair_of_eyes_agrees():
    second = told(LESSON)["second"]

    assert isinstance(second, reporting.Report) and second.ok
    assert "77.0%" in second.findings[1] and "7.2%" in second.findings[2]
