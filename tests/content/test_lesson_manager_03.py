"""Two sites, one yardstick: answers worked out by hand, usual mistakes, and a story that is in the data."""

import functools

import pandas as pd

from ccskills import data, performance, process
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, text_of

LESSON = "manager/03-two-sites-one-yardstick"

OWNER = {
    "service_level": "desk",
    "fault_repeats": "IT",
    "month_3_handle_time": "training",
    "compliance_accuracy": "quality",
    "site_handle_time": "none",
    "training_hours": "none",
}
PART = {"move": "work standard", "rescue": "record", "84": "appraisal standard", "payslip": "appraisal process"}
RIGHT = {
    "e1b": {"attrition_gap_pts": 5.3},  # by hand: 13 / 51.17 - 11 / 54.75
    "e3": {"owner": OWNER},
    "e4a": {"part": PART},
    "e5a": {"effect_s": -18.2, "extra_repeat_pts": 1.7},  # by hand: -22.8 + 4.6 and 1.8 - 0.1
    "e5b": {"net_yuan": -3356},  # by hand: 7,981.6 - 304.3 calls x 7.09 - 9,180
    "e5c": {"safe_weight": 0.2},  # by hand: 0.065 w < 0.02 (1 - w) as long as w < 0.235
}
MISTAKES = [
    ("e1b", {"attrition_gap_pts": 0.053}, "percentage points are wanted"),
    ("e1b", {"attrition_gap_pts": -20.1}, "August alone"),
    ("e1b", {"attrition_gap_pts": 2}, "gap in leavers"),
    ("e1b", {"attrition_gap_pts": 4.7}, "head count of August"),
    ("e1b", {"attrition_gap_pts": -5.3}, "turned round"),
    ("e1b", {"attrition_gap_pts": 6.0}, "hidden"),
    ("e3", {"owner": OWNER | {"service_level": "sites"}}, "queue of its own"),
    ("e3", {"owner": OWNER | {"service_level": "quality"}}, "hidden"),
    ("e3", {"owner": OWNER | {"fault_repeats": "training"}}, "Who changes the test"),
    ("e3", {"owner": OWNER | {"fault_repeats": "none"}}, "not in your centre"),
    ("e3", {"owner": OWNER | {"site_handle_time": "sites"}}, "mix of newcomers"),
    ("e3", {"owner": OWNER | {"training_hours": "training"}}, "film in the canteen"),
    ("e3", {"owner": OWNER | {"compliance_accuracy": "Deng Min"}}, "Owners to choose from"),
    ("e3", {"owner": {"service_level": "desk"}}, "these six keys"),
    ("e4a", {"part": PART | {"move": "appraisal standard", "84": "work standard"}}, "what 84 points are worth"),
    ("e4a", {"part": PART | {"rescue": "appraisal process", "payslip": "record"}}, "best appeal board"),
    ("e4a", {"part": PART | {"rescue": "work standard"}}, "occurs once"),
    ("e4a", {"part": PART | {"move": "appraisal process", "payslip": "work standard"}}, "hidden"),
    ("e5a", {"effect_s": -22.8}, "V5 alone"),
    ("e5a", {"effect_s": 18.2}, "below 0"),
    ("e5a", {"extra_repeat_pts": 1.8}, "V5 alone"),
    ("e5a", {"extra_repeat_pts": 4.4}, "the ticks"),
    ("e5a", {"effect_s": -20.0}, "hidden"),
    ("e5b", {"net_yuan": 5824}, "Who has to pay the 9,180"),
    ("e5b", {"net_yuan": -1198}, "customers who call again are not"),
    ("e5b", {"net_yuan": -1339}, "22.8 s"),
    ("e5b", {"net_yuan": -3186}, "cut short"),
    ("e5b", {"net_yuan": 467556}, "seconds or minutes"),
    ("e5b", {"net_yuan": -19319}, "a minus or a percent lost"),
    ("e5b", {"net_yuan": -217063}, "a minus or a percent lost"),
    ("e5b", {"net_yuan": 3356}, "hidden"),
    ("e5c", {"safe_weight": 20}, "between 0 and 1"),
    ("e5c", {"safe_weight": 0.7}, "everybody gains"),
    ("e5c", {"safe_weight": 0.3}, "hidden"),
    ("e5c", {"safe_weight": 0.1}, "hidden"),
]


@functools.cache
def august():
    ours = data.centre()
    calls = pd.concat([ours.calls(day) for day in pd.date_range("2026-08-01", "2026-08-30")], ignore_index=True)
    handled = calls[calls["outcome"] == "answered"].merge(ours.agents[["agent_id", "team", "site", "on_floor"]])
    handled["bare_s"] = handled["talk_s"] + handled["hold_s"]
    handled["handle_s"] = handled["bare_s"] + handled["acw_s"]
    handled["new"] = handled["start"] - handled["on_floor"] < pd.Timedelta(days=91)
    return handled


def test_the_gap_on_one_yardstick_is_judged_by_the_calls():
    mean = august().groupby("site")[["handle_s", "repeat_7d", "resolved"]].mean()
    gap = mean.loc["Yunshan"] - mean.loc["Binhe"]
    right = {"aht_gap_s": round(gap["handle_s"], 1), "solved_gap_pts": round(-100 * gap["repeat_7d"], 1)}

    assert right == {"aht_gap_s": -1.9, "solved_gap_pts": 0.2}
    assert judge(LESSON, "e1a", **right) is None
    assert judge(LESSON, "e1a", **right | {"aht_gap_s": -5.0}) == "hidden"
    assert judge(LESSON, "e1a", **right | {"solved_gap_pts": 0.4}) == "hidden"
    assert "after-call work in the figure" in judge(LESSON, "e1a", **right | {"aht_gap_s": -43.8})
    bare = august().groupby("site")["bare_s"].mean()
    agents = august().groupby(["site", "agent_id"])["handle_s"].mean().groupby("site").mean()
    for wrong in (bare, agents):
        for gap_s in (wrong["Yunshan"] - wrong["Binhe"], round(wrong["Yunshan"] - wrong["Binhe"], 1)):
            assert "agents' averages" in judge(LESSON, "e1a", **right | {"aht_gap_s": gap_s})
    assert "turned round" in judge(LESSON, "e1a", **right | {"aht_gap_s": 1.9})
    assert "stayed silent" in judge(LESSON, "e1a", **right | {"solved_gap_pts": -5.4})
    assert "gap of the ticks" in judge(LESSON, "e1a", **right | {"solved_gap_pts": round(100 * gap["resolved"], 1)})
    assert "percentage points" in judge(LESSON, "e1a", **right | {"solved_gap_pts": 0.002})


def test_mix_and_chance_are_judged_by_the_calls_and_the_people():
    handled = august()
    mean = handled.groupby(["site", "new"])["handle_s"].mean().unstack()
    share = handled["new"].mean()
    fair = (1 - share) * mean[False] + share * mean[True]
    gap = round(fair["Yunshan"] - fair["Binhe"], 1)
    old = handled[~handled["new"]]
    people = old.groupby(["site", "agent_id"])["handle_s"].mean()
    found = process.compare_means(people["Binhe"], people["Yunshan"])
    calls = process.compare_means(*(old.loc[old["site"] == site, "handle_s"] for site in ("Binhe", "Yunshan")))

    assert gap == 2.4
    assert judge(LESSON, "e2a", adjusted_gap_s=gap) is None
    assert "turned round" in judge(LESSON, "e2a", adjusted_gap_s=-gap)
    assert judge(LESSON, "e2a", adjusted_gap_s=5.0) == "hidden"
    assert "crude gap" in judge(LESSON, "e2a", adjusted_gap_s=-1.9)
    assert "same weight" in judge(
        LESSON, "e2a", adjusted_gap_s=round((mean.loc["Yunshan"] - mean.loc["Binhe"]).mean(), 1)
    )
    assert "two sites" in judge(LESSON, "e2a", adjusted_gap_s=75.0)
    assert found.lower < 0 < found.upper
    assert calls.lower > 0  # calls taken for witnesses say that Yunshan is slower
    assert judge(LESSON, "e2b", gap_low_s=found.lower, gap_high_s=found.upper) is None
    assert "turned round" in judge(LESSON, "e2b", gap_low_s=-found.upper, gap_high_s=-found.lower)
    assert judge(LESSON, "e2b", gap_low_s=found.lower - 2, gap_high_s=found.upper + 2) == "hidden"
    assert "witness" in judge(LESSON, "e2b", gap_low_s=calls.lower, gap_high_s=calls.upper)
    everybody = handled.groupby(["site", "agent_id"])["handle_s"].mean()
    wide = process.compare_means(everybody["Binhe"], everybody["Yunshan"])
    assert "newcomers are among them" in judge(LESSON, "e2b", gap_low_s=wide.lower, gap_high_s=wide.upper)
    assert "lower limit" in judge(LESSON, "e2b", gap_low_s=found.upper, gap_high_s=found.lower)


def marks():
    ours = data.centre()
    agents = ours.agents[(ours.agents["on_floor"] < "2026-06-01") & ours.agents["left"].isna()]
    agents = agents[agents["team"].str.startswith("V")]
    count = ours.evaluations[ours.evaluations["date"] >= "2026-06-01"].groupby("agent_id").size()
    return count.reindex(agents["agent_id"], fill_value=0)


def test_the_records_behind_the_grades_are_judged_by_the_evaluations():
    count = marks()
    lacking = sum(max(0, 8 - one) for one in count)
    right = {"covered": int((count >= 8).sum()), "missing_marks": lacking}

    assert judge(LESSON, "e4b", **right) is None
    assert judge(LESSON, "e4b", **right | {"covered": right["covered"] + 1}) == "hidden"
    assert "exactly 8" in judge(LESSON, "e4b", **right | {"covered": int((count > 8).sum())})
    assert "do not reach 8" in judge(LESSON, "e4b", **right | {"covered": int((count < 8).sum())})
    assert "difference of the totals" in judge(
        LESSON, "e4b", **right | {"missing_marks": 8 * len(count) - int(count.sum())}
    )
    assert "number of people" in judge(LESSON, "e4b", **right | {"missing_marks": int((count < 8).sum())})
    assert "people are counted" in judge(LESSON, "e4b", **right | {"covered": 0.38})


def test_gaming_pays_at_every_weight_of_the_tick_and_up_to_a_fifth_never_where_customers_are_counted():
    each = august()[august()["team"] == "V5"].groupby("agent_id")[["handle_s", "resolved", "repeat_7d"]].mean()
    ticks = pd.DataFrame({"handle_time": 295 / each["handle_s"], "ticked": each["resolved"] / 0.80})
    effects, scheme = {"handle_time": 0.065, "ticked": 0.05}, performance.BonusScheme(600)
    text = text_of(LESSON)

    # the scheme that is told is the one that is computed
    assert f"{scheme.bonus} yuan a month for an agent who is on target" in text
    assert f"At {100 * scheme.threshold:.0f} % of the target half of it is paid" in text
    assert scheme.at_threshold == 0.5
    assert f"to {scheme.bonus * scheme.cap:.0f} yuan at most" in text
    assert "(target 295 seconds)" in text and "(target 80 %)" in text and "target 86.5 %" in text
    october = 17 * scheme.bonus * performance.payout_share(0.7 * 295 / 266.6 + 0.3 * 0.864 / 0.80, scheme)
    assert 0.75 < 9180 / october < 0.9  # what is paid lies below the curve by the days of absence

    for step in range(1, 10):
        weights = {"handle_time": step / 10, "ticked": 1 - step / 10}
        assert performance.gaming_gain(ticks, weights, effects, scheme).attrs["gainers"] == 1.0
    kept = pd.DataFrame({"handle_time": 295 / each["handle_s"], "no_repeat": (1 - each["repeat_7d"]) / 0.865})
    effects = {"handle_time": 0.065, "no_repeat": -0.02}
    for step in range(1, 10):
        weights = {"handle_time": step / 10, "no_repeat": 1 - step / 10}
        assert (performance.gaming_gain(kept, weights, effects, scheme).attrs["gainers"] == 0) == (step <= 2)
    assert f"What share of the {len(each)} agents" in text


def test_every_number_that_the_story_tells_is_in_the_data():
    text, ours, handled = text_of(LESSON), data.centre(), august()
    site = handled.assign(kept=~handled["repeat_7d"], quick=handled["wait_s"] <= 20)
    mean = site.groupby("site")[["handle_s", "bare_s", "kept", "resolved", "quick", "new"]].mean()
    binhe, yunshan = mean.loc["Binhe"], mean.loc["Yunshan"]
    answers = ours.surveys[ours.surveys["date"] >= "2026-08-01"].merge(ours.agents[["agent_id", "site"]])
    csat = answers.groupby("site")["csat"]
    four, three, sample = csat.apply(lambda c: (c >= 4).sum()), csat.apply(lambda c: (c >= 3).sum()), csat.size()
    satisfied = process.compare_shares(four["Binhe"], sample["Binhe"], four["Yunshan"], sample["Yunshan"])
    calls = answers[answers["channel"] == "voice"].groupby("site")["csat"]
    four_voice, sample_voice = calls.apply(lambda c: (c >= 4).sum()), calls.size()
    on_calls = process.compare_shares(
        four_voice["Binhe"], sample_voice["Binhe"], four_voice["Yunshan"], sample_voice["Yunshan"]
    )
    gone = ours.agents[ours.agents["left"] >= "2025-09-01"]
    left = gone.groupby("site").size()
    left_voice = gone[gone["team"].str.startswith("V")].groupby("site").size()
    days = pd.date_range("2025-09-01", "2026-08-01", freq="MS")
    heads = pd.Series(
        {
            name: sum(((team["hired"] <= day) & ~(team["left"] <= day)).sum() for day in days) / 12
            for name, team in ours.agents.groupby("site")
        }
    )
    attrition = 100 * left / heads
    new = handled.groupby(["site", "new"])["handle_s"].mean().unstack()
    old = handled[~handled["new"]]
    people = old.groupby(["site", "agent_id"])["handle_s"].mean()
    found = process.compare_means(people["Binhe"], people["Yunshan"])
    repeats = handled[handled["repeat_7d"]]
    faults = repeats["reason"].isin(["no connection", "slow connection"]).mean()
    v5, others = handled[handled["team"] == "V5"], handled[handled["team"].isin(["V4", "V6"])]
    month = ours.costs[ours.costs["month"] == "2026-08-01"].set_index("category")["amount"]
    voice, chat, email = (table.loc["2026-08-01":] for table in (ours.intervals, ours.chat, ours.email))
    seconds = (voice["answered"] * voice["aht_s"]).sum() + (email["handled"] * email["aht_s"]).sum()
    seconds += (chat["answered"] * chat["aht_s"] / chat["concurrency"].clip(lower=1)).sum()
    minute = 60 * month[["wages", "social insurance", "overtime"]].sum() / seconds
    count = marks()

    told = [
        f"| handle time | {binhe['handle_s']:.0f} s | {yunshan['bare_s']:.0f} s |",
        f"| solved in the first contact | {100 * binhe['kept']:.1f} % | {100 * yunshan['resolved']:.1f} % |",
        f"| satisfied customers | {100 * four['Binhe'] / sample['Binhe']:.1f} % | "
        f"{100 * three['Yunshan'] / sample['Yunshan']:.1f} % |",
        f"| attrition, annual | {attrition['Binhe']:.1f} % | 0.0 % |",
        f"| answered within 20 s | {100 * binhe['quick']:.1f} % | {100 * yunshan['quick']:.1f} % |",
        f"{round(binhe['handle_s']) - round(yunshan['bare_s'])} seconds faster",
        f"still {100 * satisfied.difference:.1f} points ahead",
        f"but on {sample['Binhe']} and {sample['Yunshan']} answers",
        f"to {100 * satisfied.upper:.0f} points",
        f"on calls alone it is {100 * on_calls.difference:.1f} points",
        f"({left['Yunshan']} leavers against {left['Binhe']}; on the voice teams alone it is "
        f"{left_voice['Yunshan']} against {left_voice['Binhe']}.",
        f"{left['Yunshan']} people against {left['Binhe']}.",
        f"{100 * binhe['new']:.1f} % of Binhe's calls are taken by newcomers",
        f"{100 * yunshan['new']:.1f} % of Yunshan's",
        f"{len(people['Binhe'])} people of Binhe",
        f"the {len(people['Yunshan'])} of Yunshan",
        f"{round(len(old), -3):,} calls of experienced people",
        f"make {100 * faults:.1f} % of all repeat calls",
        f"{v5['handle_s'].mean():.1f} to 266.6, 22.8 seconds",
        f"V4+V6 went from {others['handle_s'].mean():.1f} to 293.1",
        f'ticks "solved" {86.4 - round(100 * v5["resolved"].mean(), 1):.1f} points more often',
        f"{minute:.2f} yuan a minute",
        f"Solved in the first contact is {100 * yunshan['kept']:.1f} % against {100 * binhe['kept']:.1f} %",
        f"Yunshan's attrition is {attrition['Yunshan']:.1f} %, Binhe's {attrition['Binhe']:.1f} %",
        f"between {-found.lower:.1f} seconds less and {found.upper:.1f} more",
        f"taken by {len(people)} people",
        f"{(count >= 8).sum()} of {len(count)} voice agents have them",
        f"{(8 - count).clip(lower=0).sum()} marks are missing",
        f"({100 * four['Yunshan'] / sample['Yunshan']:.1f} against {100 * four['Binhe'] / sample['Binhe']:.1f} %)",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert not (ours.agents["left"].between("2026-08-01", "2026-08-31")).any()  # a month without leavers
    assert -0.01 < satisfied.lower < 0 < on_calls.lower < 0.01  # a hair below zero, a hair above
    assert set(ours.agents.loc[ours.agents["team"] == "O1", "site"]) == {"Binhe"}
    last = ours.agents["hired"].le("2026-08-01") & ~ours.agents["left"].le("2026-08-01")
    by_august = 100 * left / ours.agents[last].groupby("site").size()
    wrong = by_august["Yunshan"] - by_august["Binhe"]
    assert "head count of August" in judge(LESSON, "e1b", attrition_gap_pts=wrong)
    assert left["Yunshan"] - left["Binhe"] == 2  # what the check calls the gap in leavers
    reasons = handled.groupby("site")["reason"].value_counts(normalize=True).unstack(0)
    assert (reasons["Binhe"] - reasons["Yunshan"]).abs().max() < 0.01  # both get the same kinds of calls
    assert handled[handled["new"]].groupby("site")["agent_id"].nunique().to_dict() == {"Binhe": 5, "Yunshan": 3}
    assert (site.groupby("site")["acw_s"].mean().round() == 42).all()
    assert 75 < (new[True] - new[False]).mean() < 87
    assert round(100 * v5["repeat_7d"].mean(), 1) == 13.2
    assert round(100 * others["repeat_7d"].mean(), 1) == 13.6
