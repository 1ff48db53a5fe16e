"""My figures and what moves them: answers worked out by hand, usual mistakes, and a story that is in the data."""

import math

import pandas as pd
import pytest

from ccskills import data, scheduling
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import missing

LESSON = "senior-agent/03-my-figures-and-what-moves-them"
ME, BUDDY = "A0109", "A0152"

RIGHT = {
    "e1a": {"aht_s": 281.7},  # by hand: 4,944.0 minutes are 296,640 s; 296,640 / 1,053
    "e1b": {"resolution_pct": 78.6, "repeat_pct": 15.1},  # by hand: 828 / 1,053 and 159 / 1,053
    "e2": {"habit_a": 1, "habit_b": 2, "habit_c": 4, "habit_d": 6, "habit_e": 5, "habit_f": 0},
    "e3a": {"minutes_saved": 40, "repeats_more": 2.73},  # by hand: 2,400 s; 7 x 0.39
    "e3b": {"per_solved_with": 362.5, "per_solved_without": 364.4},  # by hand: 290 / 0.80 and 266 / 0.73
    "e4": {"goal_a": "A", "goal_b": "T", "goal_c": "S", "goal_d": "ok", "goal_e": "R"},
    "e5": {"weeks_met": 2, "reached_week": "2026-08-24"},
}
MISTAKES = [
    ("e1a", {"aht_s": 4.7}, "looks like minutes"),
    ("e1a", {"aht_s": 229.2}, "talk alone"),
    ("e1a", {"aht_s": 241.0}, "after-call work is missing"),
    ("e1a", {"aht_s": 269.9}, "hold is missing"),
    ("e1a", {"aht_s": 293.7}, "is July"),
    ("e1a", {"aht_s": 358.3}, "divided by the solved calls"),
    ("e1a", {"aht_s": 287.7}, "hidden"),
    ("e1b", {"resolution_pct": 0.786}, "Percent is wanted"),
    ("e1b", {"resolution_pct": 15.1, "repeat_pct": 78.6}, "look swapped"),
    ("e1b", {"repeat_pct": 19.2}, "divided by the solved calls"),
    ("e1b", {"repeat_pct": 70.7}, "share of the unsolved calls"),
    ("e1b", {"repeat_pct": 12.7}, "figure of July"),
    ("e1b", {"resolution_pct": 79.2}, "hidden"),
    ("e2", {"habit_b": 1, "habit_a": 2}, "gets worse"),
    ("e2", {"habit_f": 1, "habit_a": 0}, "did you move it"),
    ("e2", {"habit_b": 3}, "a week later"),
    ("e2", {"habit_c": 2, "habit_b": 4}, "happens less"),
    ("e2", {"habit_a": 5, "habit_e": 1}, "What gets shorter"),
    ("e2", {"habit_d": 5}, "stands twice"),
    ("e2", {"habit_d": 7}, "number of a line"),
    ("e2", {"habit_d": 5, "habit_e": 6}, "hidden"),
    ("e3a", {"minutes_saved": 2400}, "are seconds"),
    ("e3a", {"minutes_saved": 24}, "what one call saves"),
    ("e3a", {"repeats_more": 7}, "stay silent"),
    ("e3a", {"repeats_more": 3.15}, "a few call again too"),
    ("e3a", {"repeats_more": 16.53}, "How many more"),
    ("e3a", {"repeats_more": 273}, "a share, not a percentage"),
    ("e3a", {"repeats_more": 2.4}, "hidden"),
    ("e3b", {"per_solved_with": 3.6}, "not by 80"),
    ("e3b", {"per_solved_with": 232.0}, "Divide, do not multiply"),
    ("e3b", {"per_solved_without": 332.5}, "the 80 of the other column"),
    ("e3b", {"per_solved_with": 364.4, "per_solved_without": 362.5}, "swapped"),
    ("e3b", {"per_solved_without": 366.0}, "hidden"),
    ("e4", {"goal_a": "attainable"}, "one letter of SMART"),
    ("e4", {"goal_b": "ok"}, "Exactly one is"),
    ("e4", {"goal_a": "M"}, "best colleague of V1"),
    ("e4", {"goal_b": "M"}, "New Year"),
    ("e4", {"goal_c": "M"}, "in the next call"),
    ("e4", {"goal_e": "M"}, "customer with the long case"),
    ("e4", {"goal_c": "R"}, "hidden"),
    ("e5", {"weeks_met": 3}, "300.5 is close"),
    ("e5", {"weeks_met": 7}, "only at the solved calls"),
    ("e5", {"reached_week": "2026-08-17"}, "when is the second one over"),
    ("e5", {"reached_week": "24 August"}, "the Monday of one"),
    ("e5", {"reached_week": "2026-08-10"}, "hidden"),
]


@pytest.fixture(scope="module")
def ours():
    return data.centre()


@pytest.fixture(scope="module")
def team_calls(ours):
    """The calls of V1 in July and August."""
    calls = pd.concat([ours.calls(day) for day in pd.date_range("2026-07-01", "2026-08-30")]).dropna(subset="agent_id")
    calls = calls[calls["agent_id"].isin(ours.agents.loc[ours.agents["team"] == "V1", "agent_id"])]
    return calls.assign(
        handle_s=calls["talk_s"] + calls["hold_s"] + calls["acw_s"],
        month=calls["start"].dt.month,
        week=calls["start"].dt.to_period("W").dt.start_time,
    )


def test_the_totals_of_the_checks_and_of_july_are_those_of_the_data(team_calls):
    july, august = (team_calls[(team_calls["agent_id"] == ME) & (team_calls["month"] == month)] for month in (7, 8))
    minutes = (july[["talk_s", "hold_s", "acw_s"]].sum() / 60).round(1)

    assert (august[["talk_s", "hold_s", "acw_s"]].sum() / 60).round(1).tolist() == [4022.1, 207.5, 714.4]
    assert (len(august), august["resolved"].sum(), august["repeat_7d"].sum()) == (1053, 828, 159)
    assert not missing(
        LESSON,
        [
            f"{minutes['talk_s']:,.1f} + {minutes['hold_s']:.1f} + {minutes['acw_s']:.1f} = {minutes.sum():,.1f} "
            "minutes",
            f"for {len(july)} calls: 217,014 ÷ {len(july)} = **{july['handle_s'].mean():.1f} s**",
            f"{july['resolved'].sum()} ÷ {len(july)} = **{100 * july['resolved'].mean():.1f} %**",
            f"{july['repeat_7d'].sum()} ÷ {len(july)} = **{100 * july['repeat_7d'].mean():.1f} %**",
            f"{july['transferred'].sum()} ÷ {len(july)} = **{100 * july['transferred'].mean():.1f} %**",
            "225 were not solved; chance alone moves such a count by about its square root, "
            f"**{math.isqrt(225)} calls**",
        ],
    )
    assert len(august) - august["resolved"].sum() == 225
    assert round(july["handle_s"].mean() - august["handle_s"].mean()) == 12


def test_what_the_story_says_about_weeks_and_reasons_is_in_the_data(team_calls):
    mine = team_calls[team_calls["agent_id"] == ME]
    weeks = mine[mine["week"] >= "2026-07-06"].groupby("week")[["handle_s", "repeat_7d"]].mean()
    usual = mine["reason"].map(team_calls.groupby("reason")["handle_s"].mean()).groupby(mine["month"]).mean()
    faults = team_calls[team_calls["reason"].isin(["no connection", "slow connection"])]
    solved = faults.groupby("agent_id")["resolved"].agg(["size", "mean"]).sort_values("mean").iloc[-1]
    swings = weeks["handle_s"].diff().abs()
    told = weeks.loc[["2026-08-17", "2026-08-24", "2026-08-10", "2026-07-20"]]

    drawn = mine[mine["reason"].isin(["payment and top-up", "bill query", "no connection", "router and Wi-Fi"])]
    bars = drawn.groupby(["reason", "month"])["handle_s"].agg(["size", "mean"]).unstack()
    apart = (bars["mean"][7] - bars["mean"][8]).abs()
    calls = bars["size"].stack()
    seconds = f"by {apart.min():.0f} to {apart.max():.0f} seconds"
    assert not missing(LESSON, [f"{seconds}, but each stands on {calls.min()} to {calls.max()} calls only"])
    assert "2026-07-27" not in weeks.index
    assert weeks["handle_s"].nsmallest(2).index.strftime("%m-%d").tolist() == ["08-24", "08-17"]
    assert weeks["handle_s"].idxmax() == pd.Timestamp("2026-08-10")
    assert swings.max() < 26 and swings.min() < 5
    assert not missing(
        LESSON,
        [
            f"would have been {usual[7] - usual[8]:.1f} seconds faster",
            f"from 17 and 24 August, {told['handle_s'].iloc[0]:.0f} and {told['handle_s'].iloc[1]:.0f} seconds: "
            f"{100 * told['repeat_7d'].iloc[0]:.1f} % and {100 * told['repeat_7d'].iloc[1]:.1f} % called again",
            f"from 10 August, {told['handle_s'].iloc[2]:.0f} seconds: {100 * told['repeat_7d'].iloc[2]:.1f} %",
            f"from 20 July, {100 * told['repeat_7d'].iloc[3]:.1f} %: {told['handle_s'].iloc[3]:.0f} seconds",
            f"They are {(faults['agent_id'] == ME).sum()} of your {len(mine):,} calls, and "
            f"{100 * faults.loc[faults['agent_id'] == ME, 'resolved'].mean():.1f} % of them were solved; "
            f"in all of V1 it is {100 * faults['resolved'].mean():.1f} %, "
            f"and the best colleague with {solved['size']:.0f} such calls reached "
            f"{100 * solved['mean']:.1f} %",
        ],
    )
    wobble = mine.groupby("month")["handle_s"].sem()
    assert wobble.round().tolist() == [7, 6]
    assert 0.13 < (mine["handle_s"] < 120).mean() < 0.15  # "a seventh" of the calls is under two minutes


def test_the_prices_of_the_trade_off_are_measured(ours, team_calls):
    again = team_calls.groupby("resolved")["repeat_7d"].mean()
    answers = ours.surveys[(ours.surveys["channel"] == "voice") & (ours.surveys["date"] >= "2026-07-01")]
    satisfied = (answers["csat"] >= 4).groupby(answers["resolved"]).mean()
    truth = ours.truth.set_index("effect")["size"]

    assert [round(100 * again[one]) for one in (True, False)] == [6, 45]
    assert [100 * truth["repeat_solved"], 100 * truth["repeat_open"]] == [6, 45]
    assert not missing(
        LESSON,
        [
            f"only {100 * satisfied[False]:.0f} of 100 are satisfied, of those with one {100 * satisfied[True]:.0f}",
            f"even with the repeat calls, {40 - 7 * 0.39 * 266 / 60:.0f} of the 40 minutes".capitalize(),
            f"24 of 290 is {100 * 24 / 290:.1f} %; so of 80 solutions you may lose at most {80 * 24 / 290:.1f}",
            f"takes {266 / 0.73:.1f} seconds instead of {290 / 0.80:.1f}",
        ],
    )


def test_quality_and_adherence_are_as_told(ours):
    marked = ours.evaluations[(ours.evaluations["agent_id"] == ME) & (ours.evaluations["date"] >= "2026-07-01")]
    august = marked[marked["date"] >= "2026-08-01"]
    explanation, notes = 24 * (1 - marked["explanation"] / 2).sum(), 12 * (1 - marked["notes"]).sum()
    days = [(ours.schedule(day), ours.activity(day)) for day in pd.date_range("2026-08-01", "2026-08-30")]
    plan, log = (pd.concat([one[one["agent_id"] == ME] for one in part]) for part in zip(*days, strict=True))
    kept = scheduling.adherence_table(plan, log).agents

    assert (len(marked), len(august)) == (8, 4)
    assert not missing(
        LESSON,
        [
            f"{explanation:.0f} of {800 - marked['score'].sum():.0f} points",
            f"Second come the notes, {notes:.0f} points",
            f"{august['score'].mean() + 1e-9:.1f} points from four calls",
        ],
    )
    assert 0.85 < kept["adherence"].iloc[0] < 0.90  # a little below the target of the card


def test_the_record_of_the_newcomer_is_in_the_data(ours, team_calls):
    hers = team_calls[(team_calls["agent_id"] == BUDDY) & (team_calls["week"] >= "2026-07-06")]
    weeks = hers.groupby("week")[["handle_s", "resolved"]].mean()
    met = weeks.index[(weeks["handle_s"] <= 300.0) & (weeks["resolved"] >= 0.70)]

    assert ours.agents.set_index("agent_id").loc[BUDDY, ["name", "name_zh"]].tolist() == ["Wang Jianan", "王佳楠"]
    assert ours.agents.set_index("agent_id").loc[BUDDY, "on_floor"] == pd.Timestamp("2026-06-01")
    assert met.strftime("%Y-%m-%d").tolist() == ["2026-08-17", "2026-08-24"]
    assert (len(weeks), (weeks["resolved"] >= 0.70).sum()) == (8, 7)
    assert round(weeks.loc["2026-08-03", "handle_s"], 1) == 300.5
    assert not missing(
        LESSON,
        [
            f"from {weeks['handle_s'].iloc[0]:.0f} to {weeks['handle_s'].iloc[-1]:.0f} seconds, "
            f"{weeks['handle_s'].iloc[0] - weeks['handle_s'].iloc[-1]:.0f} seconds",
        ],
    )
