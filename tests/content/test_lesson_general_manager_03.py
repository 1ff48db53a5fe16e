"""Bad numbers welcome: answers worked out by hand, usual mistakes, and a story that is in the data."""

import math

import numpy as np
import pandas as pd

from ccskills import data, staffing
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import code_cells, judge, text_of

LESSON = "general-manager/03-bad-numbers-welcome"

ANSWER = {"light": "thank", "swing": "leave", "slip": "correct", "mentors": "account", "folder": "hearing"}
RIGHT = {
    "e1a": {"contact_yuan": 9.83, "resolution_yuan": 13.37},  # by hand: 12,764,875 / 1,298,097, and that / 0.7356
    "e1b": {"handle_cut_pct": 21, "contact_change_yuan": 0.02, "saved_thousand": 276},
    "e2a": {"level_pct": 79.0, "trend_pts": 1.1, "comparison_pts": 1.4},
    "e2b": {"hours_short": 49},  # by hand: (1,098 - 778) / (778 / 119.5)
    "e3a": {"adjusted_change_pts": -16.6},
    "e3b": {"expected_pct": 25.9},  # by hand: (9 x 0.7995 + 21 x 0.4140 + 80 x 0.1580) / 110
    # by hand: 20 x (0.03 / 0.26 + 0.8 + 0.011 / 0.013 + 1.2 + 0.75), and offer 20 x 0.043 / 0.008 without a cap
    "e4a": {"winner_no_cap": "offer", "winner_cap": "repair", "repair_points": 74.2},
    "e4b": {"break_weight": 0.5},
    "e5a": {"told_before_pct": 90, "told_after_pct": 14},  # by hand: 26 / 29 and 3 / 22
    "e5b": {"late_hours": 2},  # by hand: 0.5 / 0.25
    "e5c": {"answer": ANSWER},
}
MISTAKES = [
    ("e1a", {"resolution_yuan": 7.23}, "cheaper than a contact"),
    ("e1a", {"resolution_yuan": 9.00}, "cannot cost less"),
    ("e1a", {"contact_yuan": 9.99}, "hidden"),
    ("e1b", {"handle_cut_pct": 0.21}, "percent are wanted"),
    ("e1b", {"handle_cut_pct": 12}, "wages rise"),
    ("e1b", {"handle_cut_pct": 20.6}, "whole number"),
    ("e1b", {"handle_cut_pct": 20}, "hidden"),
    ("e1b", {"contact_change_yuan": -0.80}, "cost per resolution"),
    ("e1b", {"contact_change_yuan": -0.02}, "hidden"),
    ("e1b", {"saved_thousand": 276_140}, "looks like yuan"),
    ("e1b", {"saved_thousand": 27.6}, "ten thousands"),
    ("e1b", {"saved_thousand": -276}, "the cost rises"),
    ("e2a", {"level_pct": 0.79}, "percent are wanted"),
    ("e2a", {"level_pct": 84.5}, "circle's formula"),
    ("e2a", {"level_pct": 79.4}, "fits best"),
    ("e2a", {"trend_pts": -1.1}, "turned round"),
    ("e2a", {"comparison_pts": -4.1}, "Who gave up"),
    ("e2a", {"comparison_pts": 0.5}, "hidden"),
    ("e2b", {"hours_short": 320}, "left lying"),
    ("e2b", {"hours_short": 169}, "what is missing"),
    ("e2b", {"hours_short": 5.5}, "on each day"),
    ("e2b", {"hours_short": 42}, "hidden"),
    ("e3a", {"adjusted_change_pts": -20.4}, "crude change"),
    ("e3a", {"adjusted_change_pts": -0.166}, "Percentage points"),
    ("e3a", {"adjusted_change_pts": 16.6}, "later minus earlier"),
    ("e3a", {"adjusted_change_pts": -3.8}, "hidden"),
    ("e3b", {"expected_pct": 0.259}, "Percent are wanted"),
    ("e3b", {"expected_pct": 45.7}, "plain mean"),
    ("e3b", {"expected_pct": 28.5}, "number of leavers"),
    ("e3b", {"expected_pct": 28.0}, "mix of the 20 months"),
    ("e3b", {"expected_pct": 17.0}, "lucky eight months"),
    ("e3b", {"expected_pct": 24.0}, "hidden"),
    ("e4a", {"winner_no_cap": "cheap"}, "one of"),
    ("e4a", {"winner_cap": "offer"}, "one long bar"),
    ("e4a", {"winner_cap": "lean"}, "hidden"),
    ("e4a", {"repair_points": 75.2}, "cap=10"),
    ("e4a", {"repair_points": 0.742}, "100 points"),
    ("e4a", {"winner_no_cap": "repair"}, "hidden"),
    ("e4b", {"break_weight": 50}, "between 0 and 1"),
    ("e4b", {"break_weight": 0.2}, "far ahead"),
    ("e4b", {"break_weight": 0.9}, "first step"),
    ("e4b", {"break_weight": 0.453}, "the two meet"),
    ("e4b", {"break_weight": 0.4}, "hidden"),
    ("e5a", {"told_before_pct": 0.9, "told_after_pct": 0.14}, "Percent are wanted"),
    ("e5a", {"told_before_pct": 58, "told_after_pct": 9}, "over all weeks"),
    ("e5a", {"told_before_pct": 87, "told_after_pct": 100}, "other way round"),
    ("e5a", {"told_before_pct": 14, "told_after_pct": 90}, "turned round"),
    ("e5a", {"told_before_pct": 93, "told_after_pct": 20}, "hidden"),
    ("e5b", {"late_hours": 24}, "old rule"),
    ("e5b", {"late_hours": 0.125}, "nobody lights"),
    ("e5b", {"late_hours": 0.5}, "sure miss"),
    ("e5b", {"late_hours": 6}, "what silence has to cost"),
    ("e5b", {"late_hours": 3}, "hidden"),
    ("e5c", {"answer": ANSWER | {"light": "hearing", "folder": "thank"}}, "the lights went out"),
    ("e5c", {"answer": ANSWER | {"folder": "leave", "swing": "hearing"}}, "those who hide"),
    ("e5c", {"answer": ANSWER | {"folder": "account", "mentors": "hearing"}}, "are heard"),
    ("e5c", {"answer": ANSWER | {"mentors": "leave", "swing": "account"}}, "target is paper"),
    ("e5c", {"answer": ANSWER | {"swing": "hearing", "folder": "correct", "slip": "leave"}}, "told a story"),
    ("e5c", {"answer": ANSWER | {"swing": "thank", "light": "leave"}}, "hidden"),
    ("e5c", {"answer": ANSWER | {"light": "leave"}}, "occurs once"),
    ("e5c", {"answer": ANSWER | {"light": "correct", "slip": "thank"}}, "hidden"),
]
SPANS = {
    "year": ("2025-09-01", "2026-08-30"),
    "2025": ("2025-01-06", "2025-08-30"),
    "2026": ("2026-01-06", "2026-08-30"),
}


def contacts(start, end):
    ours = data.centre()
    voice, chat, email = (table.loc[start:end] for table in (ours.intervals, ours.chat, ours.email))
    return voice["answered"].sum() + chat["answered"].sum() + email["handled"].sum()


def books():
    """Cost of the year by category, contacts handled, and the share that customers call solved."""
    ours = data.centre()
    cost = ours.costs[ours.costs["month"] >= "2025-09-01"].groupby("category")["amount"].sum()
    return cost, contacts(*SPANS["year"]), ours.surveys[ours.surveys["date"] >= "2025-09-01"]["resolved"].mean()


def year_3(cut=0.0, solved=None):
    """Cost and contacts of year 3, written down once more."""
    cost, handled, share = books()
    fixed = cost["rent"] + cost["equipment depreciation"] + cost["management"]
    number = handled * 1.08**3 * (1 - 0.40 * ((solved or share) - share))
    total = fixed + (cost.sum() - fixed) / handled * 1.04**3 * (1 - cut) * number
    return total, number


def leavers(start, end):
    """Leavers and person-years of the three bands of tenure, person by person."""
    agents, first, last = data.centre().agents, pd.Timestamp(start), pd.Timestamp(end)
    found = np.zeros((3, 2))
    for hired, left in zip(agents["hired"], agents["left"], strict=True):
        for band, (low, high) in enumerate([(0, 91), (91, 365), (365, 100_000)]):
            begin = max(first, hired + pd.Timedelta(days=low))
            stop = min(last + pd.Timedelta(days=1), left if pd.notna(left) else pd.Timestamp.max)
            stop = min(stop, hired + pd.Timedelta(days=min(high, 20_000)))
            found[band, 1] += max(0, (stop - begin).days) / 365
            found[band, 0] += pd.notna(left) and first <= left <= last and low <= (left - hired).days < high
    return found


def weeks():
    voice = data.centre().intervals
    cell = next(cell.source for cell in code_cells(LESSON) if cell.source.startswith("lights = "))
    lights = cell.split('"')[1]
    ends = pd.Grouper(freq="W-SUN")
    whole = voice[["offered", "answered_within"]].groupby(ends).sum()
    early = voice[voice.index.day_of_week < 3][["offered", "answered_within"]].groupby(ends).sum()
    table = pd.DataFrame(
        {name: t["answered_within"] / t["offered"] for name, t in {"all": whole, "early": early}.items()}
    )
    return table.assign(red=[light == "R" for light in lights], after=table.index > "2026-01-05")


def test_calls_alone_and_calls_offered_are_named_as_the_wrong_denominator():
    cost, _, solved = books()
    voice, chat, email = (
        t.loc["2025-09-01":] for t in (data.centre().intervals, data.centre().chat, data.centre().email)
    )
    came = voice["offered"].sum() + chat["offered"].sum() + email["received"].sum()

    for below, says in ((voice["answered"].sum(), "calls alone"), (came, "hung up")):
        wrong = round(cost.sum() / below, 2)
        assert says in judge(LESSON, "e1a", contact_yuan=wrong, resolution_yuan=round(wrong / solved, 2))


def test_a_cheaper_contact_takes_a_fifth_of_its_time_and_a_better_service_makes_it_dearer():
    total, number = year_3()
    better, fewer = year_3(solved=0.78)

    assert round(0.88 * books()[0].sum() / books()[1], 2) == 8.65
    assert year_3(0.21)[0] / year_3(0.21)[1] <= 8.65 < year_3(0.20)[0] / year_3(0.20)[1]
    assert round(better / fewer - total / number, 2) == 0.02
    assert round((total - better) / 1000) == 276
    assert round(better / fewer / 0.78, 2) == 13.62
    assert round(round(total / number / books()[2], 2) - 13.62, 2) == 0.80


def test_attrition_halves_by_mix_and_luck():
    two = {year: leavers(*SPANS[year]) for year in ("2025", "2026")}
    both = two["2025"] + two["2026"]
    share = both[:, 1] / both[:, 1].sum()
    adjusted = {year: 100 * (share * found[:, 0] / found[:, 1]).sum() for year, found in two.items()}
    crude = {year: 100 * found[:, 0].sum() / found[:, 1].sum() for year, found in two.items()}
    long = leavers("2025-01-06", "2026-08-30")
    expected = (np.array([9, 21, 80]) * long[:, 0] / long[:, 1]).sum()

    assert (round(crude["2025"], 1), round(crude["2026"], 1)) == (37.4, 17.0)
    assert round(adjusted["2026"] - adjusted["2025"], 1) == -16.6
    assert (two["2025"][:, 0].sum(), two["2026"][:, 0].sum()) == (24, 12)
    assert (round(two["2025"][:, 1].sum(), 1), round(two["2026"][:, 1].sum(), 1)) == (64.2, 70.6)
    assert round(100 * long[:, 0].sum() / long[:, 1].sum(), 1) == 28.0
    assert round(100 * long[0, 0] / long[0, 1], 1) == 79.9
    assert (round(expected, 1), round(100 * expected / 110, 1)) == (28.5, 25.9)
    first = (two["2025"][:, 1] * both[:, 0] / both[:, 1]).sum() / 36
    assert round(100 * first) == 51
    odds = sum(math.comb(36, k) * first**k * (1 - first) ** (36 - k) for k in range(24, 37))
    assert 0.04 < odds < 0.06  # one world in twenty
    for wrong, says in ((100 * expected / 110 + 19.8, "plain mean"), (expected, "number of leavers")):
        assert says in judge(LESSON, "e3b", expected_pct=round(wrong, 1))
    assert round((100 * long[:, 0] / long[:, 1]).mean(), 1) == 45.7
    truth = data.centre().truth.set_index("effect")["size"]
    assert truth["attrition_new"] > truth["attrition_young"] > truth["attrition_old"]  # and none by year


def test_the_lights_and_what_the_desk_knew():
    table = weeks()
    missed, known = table["all"] < 0.80, table["early"] < 0.80
    before = ~table["after"]

    def lit(which):
        return int(table.loc[which, "red"].sum()), int(which.sum())

    assert lit(before) == (30, 52)
    assert lit(table["after"]) == (3, 34)
    assert lit(before & missed) == (26, 29)
    assert lit(table["after"] & missed) == (3, 22)
    assert lit(before & known) == (25, 27)
    assert lit(table["after"] & known) == (3, 15)
    assert lit(before & ~missed)[0] == 4
    assert lit(table["after"] & ~missed)[0] == 0
    bad = table.loc["2026-08-23"]
    assert (round(100 * bad["early"], 1), round(100 * bad["all"], 1), bool(bad["red"])) == (75.3, 77.0, False)
    half_hour = data.centre().intervals.loc["2026-08-17 10:30"]
    assert half_hour["abandoned"] == 58


def test_two_people_less_on_the_phones_cost_ten_points_and_the_card_holds_against_every_doubled_weight():
    week = data.centre().intervals.loc["2026-08-24":"2026-08-30"]

    def service(people, seconds):
        aht_s = week["aht_s"] + seconds
        load = week["offered"] * aht_s / 1800
        level = staffing.erlang_a(load, week["staffed"] + people, aht_s, patience_s=150).service_level
        return 100 * (level * week["offered"]).sum() / week["offered"].sum()

    lean, offer = service(-2, 0) - service(0, 0), service(0, 12) - service(0, 0)
    cost, handled, solved = books()
    fixed = cost["rent"] + cost["equipment depreciation"] + cost["management"]
    number = handled * 1.08
    total = fixed + (cost.sum() - fixed) * 1.08 * 1.04
    better = (total - fixed) * (1 - 0.40 * 0.015) + fixed + 250_000
    days = pd.date_range(*SPANS["year"])
    agents = data.centre().agents
    heads = sum(((agents["hired"] <= day) & ~(agents["left"] <= day)).sum() for day in days) / len(days)

    assert (round(79.0 + lean, 1), round(79.0 + offer, 1)) == (68.8, 74.7)
    assert round(total / number / solved, 2) == 13.69
    assert round((total - 6 * 89_500) / number / solved, 2) == 13.17
    assert abs((fixed + (total - fixed) * (1 + 12 / 295)) / number / solved - 14.17) < 0.01
    assert round(better / (number * (1 - 0.40 * 0.015)) / (solved + 0.015), 2) == 13.66
    assert round((cost["wages"] + cost["social insurance"]) / heads, -2) == 89_500
    fewer = number * (1 - 0.40 * 0.015)
    assert round((better - 250_000) / fewer / (solved + 0.015), 2) == 13.43  # the line that the board signs
    way = {
        "lean": [0.52 / 0.26, 0, 0, 0, 0],
        "offer": [0, 0, 0, 0, 43 / 8],
        "repair": [3 / 26, 0.8, 11 / 13, 1.25, 0.75],
    }
    for doubled in range(5):
        weights = np.full(5, 1 / 6)
        weights[doubled] = 1 / 3
        points = {name: weights @ np.minimum(got, 1.2) for name, got in way.items()}
        assert max(points, key=points.get) == "repair"


def test_every_number_that_the_story_tells_is_in_the_data():
    text, ours = text_of(LESSON), data.centre()
    cost, handled, solved = books()
    columns = ["offered", "answered", "answered_within", "abandoned"]
    counts = {name: ours.intervals.loc[start:end, columns].sum() for name, (start, end) in SPANS.items()}
    level = {name: 100 * c["answered_within"] / c["offered"] for name, c in counts.items()}
    gone = {name: 100 * c["abandoned"] / c["offered"] for name, c in counts.items()}
    year = counts["year"]
    grown = 100 * (contacts(*SPANS["2026"]) / contacts(*SPANS["2025"]) - 1)
    months = ours.intervals[["offered", "answered_within"]].groupby(ours.intervals.index.to_period("M")).sum()
    month = 100 * months["answered_within"] / months["offered"]
    email = ours.email.loc["2025-09-01":]
    weekly = email[["handled", "handled_within_24h"]].groupby(pd.Grouper(freq="W-SUN")).sum()
    weekly = 100 * weekly["handled_within_24h"] / weekly["handled"]
    festival = email.loc["2026-02-15":"2026-02-23"].sum(numeric_only=True)
    calls = pd.concat([ours.calls(day) for day in pd.date_range("2026-08-10", "2026-08-16")])
    again = calls[calls["outcome"] == "answered"].groupby("resolved")["repeat_7d"].mean()
    customers = ours.customers
    left = customers["joined"] + pd.to_timedelta(customers["months"] * 30.4375, unit="D")
    there = (customers["joined"] <= "2025-09-01") & ~(customers["churned"] & (left <= "2025-09-01"))
    lost = there & customers["churned"] & (left <= "2026-08-30")
    kept = 100 * (1 - customers.loc[lost, "monthly_margin"].sum() / customers.loc[there, "monthly_margin"].sum())
    answers = ours.surveys[ours.surveys["date"] >= "2025-09-01"]
    marked = ours.evaluations[ours.evaluations["date"] >= "2025-09-01"]
    right = marked.loc[marked["assessor"] != "Q1", "compliance_critical"].mean()
    voice = ours.intervals.loc["2025-09-01":]
    total, number = year_3()

    told = [
        f"A contact costs {cost.sum() / handled:.2f} yuan",
        f"a contact costs {total / number:.2f} yuan in year 3",
        f"{grown:.1f} % more from January to August",
        f"{cost.sum() / handled / solved:.2f} yuan today",
        f"Abandonment: level {gone['year']:.1f} %",
        f"trend −{gone['2025'] - gone['2026']:.1f} points, comparison +{gone['year'] - 6.2:.1f} points",
        f"service level was {level['year']:.1f} %",
        f"at {100 * year['answered_within'] / year['answered']:.1f} against 83.1 %",
        f"between {month.min():.1f} and {month.max():.1f} %",
        f"the level is {100 * email['handled_within_24h'].sum() / email['handled'].sum():.1f} %",
        f"the week to 22 February 2026 with {weekly.loc['2026-02-22']:.1f} %",
        f"satisfied: answers of 4 or 5 ÷ answers | {100 * (answers['csat'] >= 4).mean():.1f} %",
        f"of the customers at the start | {kept:.1f} %",
        f"without assessor Q1, as in the quality policy), today {100 * right:.1f} %",
        f"lasts {(voice['answered'] * voice['aht_s']).sum() / voice['answered'].sum():.0f} seconds",
        f"with {100 - 100 * right:.1f} % of contacts",
        f"{festival['received'] / 9:.0f} a day against {email['received'].sum() / 364:.0f} over the year",
        f"its {festival['staffed_hours'] / 9:.0f} hours a day did {festival['handled'] / 9:.0f}",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert abs(level["2026"] - level["2025"] - 1.05) < 0.05
    assert (festival["received"], festival["handled"], festival["staffed_hours"]) == (1098, 778, 119.5)
    assert (weekly.loc["2025-11-16":"2025-12-21"] < 95).all()
    assert weekly.loc["2025-11-09"] == weekly.loc["2025-12-28"] == 100  # six weeks
    hours = email["staffed_hours"].groupby(email.index.normalize()).sum()
    assert hours[hours.index.day_of_week > 4].median() == hours["2026-02-15":"2026-02-23"].median() == 13
    assert hours["2025-10-01":"2025-10-08"].min() > hours.mean()  # National Day had its ordinary hours
    assert weekly["2025-10-05":"2025-10-12"].min() == 100
    assert abs(1.96 * month.std() * (2 / 8) ** 0.5 - 1.8) < 0.1  # means of eight months differ by a point by chance
    before = ours.email.loc["2025-02-03":"2025-02-09"]
    assert before["handled_within_24h"].sum() / before["handled"].sum() < 0.8  # the festival of 2025
    assert round(100 * (again[False] - again[True])) == 40
    assert round(100 * (cost["wages"] + cost["social insurance"]) / cost.sum()) == 75
    assert 50 < len(marked) / 52 < 60
    assert 60 < 0.21 * 295 < 64
