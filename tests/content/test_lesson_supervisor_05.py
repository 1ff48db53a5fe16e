"""Shifts people can work: answers worked out by hand, usual mistakes, and a story that is in the data."""

import itertools

from ccskills import data, scheduling
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, text_of, worked

LESSON = "supervisor/05-shifts-people-can-work"

GOOD_ACTION = {
    "finding": "Breaks 9.5 % instead of 9.0 %, 56 hours in four weeks",
    "cause": "to be found: compare plan and log of 20 people",
    "owner": "Sun Mei",
    "due": "2026-09-14",
    "measure": "gap to plan under 0.2 points",
}

RIGHT = {
    "e1": {"need_1000": 55},  # by hand: 46 x 82.5 / 70 = 54.2
    "e2": {"rule_breakers": ["B", "D", "F"]},  # 10.5 h of night; 6 h a day; the meal after 5.5 h
    "e3": {"under_h": 52.0, "over_h": 35.5, "worst_time": "17:00"},  # these three by the planner: see below
    "e4": {"two_part": 8},
    "e5": {"newest_pct": 86.0, "mean_pct": 88.6},
    "e6a": {"saturday_h": 23.3, "breaks_h": 56.2},  # by hand: 65.5 - 0.035 x 1204.5 and 1070.5 - 0.09 x 11270.5
    "e6b": {"action": GOOD_ACTION},
}
MISTAKES = [
    ("e1", {"need_1000": 66}, "count both twice"),
    ("e1", {"need_1000": 53}, "how many hours is the base now"),
    ("e1", {"need_1000": 52}, "did you multiply"),
    ("e1", {"need_1000": 46}, "must be more people"),
    ("e1", {"need_1000": 54.2}, "whole people"),
    ("e1", {"need_1000": 56}, "hidden"),
    ("e2", {"rule_breakers": ["B", "D", "E", "F"]}, "not forbidden"),
    ("e2", {"rule_breakers": ["B", "C"]}, "Sunday is free"),
    ("e2", {"rule_breakers": ["A", "B"]}, "You have A"),
    ("e2", {"rule_breakers": ["D", "F"]}, "nights too"),
    ("e2", {"rule_breakers": ["B", "G"]}, "letters from A to F"),
    ("e2", {"rule_breakers": ["B", "D"]}, "hidden"),
    ("e3", {"under_h": 104.0, "over_h": 71.0, "worst_time": "17:00"}, "how many hours is one agent short"),
    ("e3", {"under_h": 32.0, "over_h": 39.5, "worst_time": "17:30"}, "with the part-timers"),
    ("e3", {"under_h": 16.5, "over_h": 0.0, "worst_time": "17:00"}, "they do not cancel"),
    ("e3", {"under_h": 35.5, "over_h": 52.0, "worst_time": "17:00"}, "swapped"),
    ("e3", {"under_h": -52.0, "over_h": 35.5, "worst_time": "17:00"}, "without a sign"),
    ("e3", {"under_h": 52.0, "over_h": 35.5, "worst_time": "21:00"}, "between 08:00 and 19:30"),
    ("e3", {"under_h": 52.0, "over_h": 35.5, "worst_time": "12:30"}, "nobody is missing"),
    ("e3", {"under_h": 52.0, "over_h": 35.5, "worst_time": "10:00"}, "hidden"),
    ("e4", {"two_part": 20}, "only eight people"),
    ("e4", {"two_part": 7}, "with six part-timers"),
    ("e4", {"two_part": 5}, "the overtime bridges 16"),
    ("e4", {"two_part": 0}, "twice what the overtime"),
    ("e4", {"two_part": 7.5}, "whole number"),
    ("e5", {"newest_pct": 0.86, "mean_pct": 88.6}, "Percent is wanted"),
    ("e5", {"newest_pct": 58.8, "mean_pct": 88.6}, "Which plan did by_tenure get"),
    ("e5", {"newest_pct": 89.6, "mean_pct": 88.6}, "longest service"),
    ("e5", {"newest_pct": 86.0, "mean_pct": 85.6}, "Ask the new plan"),
    ("e5", {"newest_pct": 88.6, "mean_pct": 88.6}, "hidden"),
    ("e6a", {"saturday_h": 65.5, "breaks_h": 56.2}, "all hours of the category"),
    ("e6a", {"saturday_h": 23.3, "breaks_h": 0.5}, "percentage points"),
    ("e6a", {"saturday_h": -1.0, "breaks_h": 56.2}, "all 28 days"),
    ("e6a", {"saturday_h": 23.3, "breaks_h": 9.6}, "Saturdays only"),
    ("e6a", {"saturday_h": 56.2, "breaks_h": 23.3}, "hidden"),
    ("e6b", {"action": {**GOOD_ACTION, "measure": ""}}, "lacks measure"),
    ("e6b", {"action": {**GOOD_ACTION, "owner": "all team leaders"}}, "is nobody"),
    ("e6b", {"action": {**GOOD_ACTION, "owner": "各班组长"}}, "is nobody"),
    ("e6b", {"action": "breaks 9.5 %"}, "keep the pattern"),
    ("e6b", {"action": {**GOOD_ACTION, "due": "soon"}}, "never comes"),
    ("e6b", {"action": {**GOOD_ACTION, "due": "2026-08-31"}}, "comes after it"),
    ("e6b", {"action": {**GOOD_ACTION, "measure": "better breaks"}}, "holds no number"),
    ("e6b", {"action": {**GOOD_ACTION, "finding": "breaks run over"}}, "no number yet"),
    ("e6b", {"action": {**GOOD_ACTION, "due": "2026-12-31"}}, "hidden"),
    ("e6b", {"action": {**GOOD_ACTION, "finding": "Saturday sickness 6.0 %"}}, "hidden"),
]


def test_answers_from_the_planner_are_judged_by_a_plan_and_not_by_a_typed_key():
    scope = worked(LESSON)
    only_full = scheduling.cover_summary(scope["design"](0, 0).cover)
    least = next(n for n in range(9) if scheduling.cover_summary(scope["design"](n, 5).cover).under_h <= 16)
    turning = scheduling.assign(scope["chosen"].tours, scope["wishes"], seniority_weight=0)
    newest = 100 * float(scope["by_tenure"](turning).iloc[-1])

    worst = f"{only_full.worst:%H:%M}"
    assert judge(LESSON, "e3", under_h=only_full.under_h, over_h=only_full.over_h, worst_time=worst) is None
    assert judge(LESSON, "e4", two_part=least) is None
    assert judge(LESSON, "e5", newest_pct=newest, mean_pct=100 * turning.met) is None


def test_the_sheet_of_17_august_is_in_the_schedule():
    text, scope = text_of(LESSON), worked(LESSON)
    away = scope["on_leave"].sum()

    assert (len(scope["on_leave"]), away, len(scope["span_h"])) == (67, 7, 60)
    assert (scope["hole_h"] >= 2).sum() == 26 and "26 had a hole of two hours or more" in text
    assert scope["span_h"][scope["hole_h"] == 0].max() == 9
    assert (scope["span_h"] >= 11).sum() == 15 and "Fifteen of them had eleven hours or more" in text
    assert scope["people_of_day"]["paid_h"][scope["span_h"] >= 11].mean() < 7
    assert (data.centre().agents.loc[lambda table: table["agent_id"].isin(scope["evening"].index)]).shape[0] == 6


def test_every_number_of_the_plan_that_the_story_tells_is_in_the_plan():
    text, scope = text_of(LESSON), worked(LESSON)
    plan, plain, chosen = scope["plan"], scope["plain"], scope["chosen"]
    summary, picked = scheduling.cover_summary(plain.cover), scheduling.cover_summary(chosen.cover)
    six = scheduling.cover_summary(scope["design"](6).cover).under_h
    positions = plan["positions"].set_axis(plan.index.strftime("%H:%M"))
    level = scope["level_by_half_hour"](plain.cover)
    day = 100 * (level.to_numpy() * plan["calls"]).sum() / plan["calls"].sum()
    full = chosen.tours[chosen.tours["contract"] == "full"]
    tries = scope["tries"].iloc[:, 0]

    told = [
        f"{positions['10:00']} positions at 10:00, {positions['12:30']} at 12:30, {positions['14:30']} again at 14:30",
        f"at 19:30 {positions['19:30']} positions are still wanted",
        f"{scope['at_work_h']:.0f} hours for {scope['need'].sum() / 2:.1f}",
        f"The sum says {plain.cover['difference'].sum() / 2:.1f} hours to spare, "
        f"the floor is {summary.under_h:.0f} hours short",
        f"{day:.1f} % over the day",
        f"at {level.idxmin()} {100 * level.min():.0f} % of the customers are answered in time",
        f"With six {six:.2f} agent-hours are short",
        f"with seven it is {picked.under_h:.1f}",
        f"Short are {picked.under_h:.1f} agent-hours",
        f"too many are {picked.over_h:.2f}",
        f"{full['heads'].sum()} shifts of eight hours from {', '.join(full['start'][:-1])} and 12:00",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert (plan["roster"] * 7 // 10 == plan["positions"]).all()  # of the roster 70 % are exactly the positions
    assert plain.gap < 0.001 and (scope["wishes"]["start"] == "08:00").sum() == 30
    for monday in ("2026-08-03", "2026-08-10", "2026-08-17", "2026-08-24"):
        assert not data.centre().schedule(monday)["agent_id"].isin(scope["evening"].index).any()
    assert picked.worst_under == 6 and f"{picked.worst:%H:%M}" == "10:00"
    assert all(2 <= (before - after) / 2 < 3 for before, after in itertools.pairwise(tries[:6]))
    twenty = scheduling.cover_summary(scope["design"](20).cover).under_h
    assert tries["12"] == 5 and (5 - twenty) / 8 < 2
    assert scope["fixed_h"] - scope["free_h"] == 6 and "Six agent-hours for nothing" in text
    assert 14 < picked.under_h - twenty < 16  # twenty would save another 15 hours


def test_the_rules_for_wishes_do_what_the_story_says():
    text, scope = text_of(LESSON), worked(LESSON)
    rule, wishes = scope["by_seniority"], scope["wishes"]
    turning = scheduling.assign(scope["chosen"].tours, wishes, seniority_weight=0)
    longest, _, newest = scope["by_tenure"](rule)
    unlucky = wishes.index[(wishes["met"] == 0) & (wishes["contract"] == "full")]

    assert f"The longest-serving get {100 * longest:.0f} % of their wishes, the newest {100 * newest:.0f} %" in text
    assert ((rule.people["met"] == 0).sum(), (rule.people["met"] < 0.5).sum()) == (3, 7)
    assert ((turning.people["met"] == 0).sum(), (turning.people["met"] < 0.5).sum()) == (0, 2)
    assert len(unlucky) == 16 and (turning.people.loc[unlucky, "met"] >= 0.5).all()
    assert round(100 * rule.met, 1) == 85.6 and round(100 * newest, 1) == 58.8  # the check of exercise 5 names both


def test_the_review_tells_what_the_data_hold():
    text, scope = text_of(LESSON), worked(LESSON)
    review, saturdays, by_week = scope["review"].iloc[5], scope["saturdays"], scope["by_week"]
    sick = saturdays["sickness"] / saturdays["paid"]
    saturday = data.centre().shrinkage.loc["2026-08-29"]

    assert f"{review['level_pct']:.1f} %, the lowest of the week, sickness {review['sickness_pct']:.1f} %" in text
    assert scope["review"]["level_pct"].min() == review["level_pct"]
    assert f"The forecast of this Saturday was {-review['forecast_off_pct']:.1f} % too low as well" in text
    assert ((sick > 0.035).sum(), (sick.tail(4) > 0.035).sum()) == (10, 3)
    assert len(sick) == 26 and f"{100 * sick.mean():.1f} % in the mean" in text
    assert round(saturday["sickness"] - 0.035 * saturday["paid"], 9) == 7.5 and round(saturday["paid"] / 8) == 38
    assert ((by_week["breaks"] / by_week["paid"] > 0.09).sum(), len(by_week)) == (24, 26)
    below = scope["review"]["level_pct"] < 80
    assert [f"{day:%A}" for day in scope["review"].index[below]] == ["Tuesday", "Friday", "Saturday"]
    assert round(scope["review"]["aht_s"].iloc[4] - 295) == 9
    tuesday, expected = data.centre().intervals.loc["2026-08-25"], scope["foreseen"].loc["2026-08-25"]
    half_past_one, half_past_three = "2026-08-25 13:30", "2026-08-25 15:30"
    assert f"at 13:30 {tuesday.loc[half_past_one, 'offered']} calls came where {expected[half_past_one]:.0f}" in text
    away = 100 * (1 - tuesday.loc[half_past_three, "staffed"] / tuesday.loc[half_past_three, "scheduled"])
    assert f"at 15:30 {away:.1f} % of the roster were away" in text
    monday = data.centre().shrinkage.loc["2026-08-24"]
    assert f"24 August, before the action: {100 * monday['training'] / monday['paid']:.1f}&nbsp;%" in text
    assert round(scope["saturday_h"] / 8) == 3 and 2 < scope["breaks_h"] / scope["saturday_h"] < 3
    offered, calls = data.centre().intervals["offered"], scope["calls"]
    misses = []
    for sunday, day in (("2026-08-02", "2026-08-08"), ("2026-08-09", "2026-08-15"), ("2026-08-16", "2026-08-22")):
        foreseen = scope["forecasting"].forecast(calls[:sunday], 7, "ridge_profile")["mean"]
        misses.append(100 * (foreseen.loc[day].sum() / offered.loc[day].sum() - 1))
    assert [miss > 0 for miss in misses] == [True, True, False] and max(map(abs, misses)) < 4
