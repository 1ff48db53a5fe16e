"""The error we will not tolerate: answers worked out by hand, usual mistakes, and a story that is in the data."""

import contextlib
import io

import pytest
from scipy.stats import binom, chi2, poisson

from ccskills import data, quality
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, missing, text_of, told

LESSON = "general-manager/02-the-error-we-will-not-tolerate"
STATUS = {"identity": "open", "charges": "kept", "answers": "open", "centre": "broken"}
CHARTER = {
    "quality reports to": "general manager",
    "sample drawn by": "system",
    "survey sent by": "system",
    "audited by": "internal audit",
}

RIGHT = {
    "e1": {"limit_pct": 0.8, "zero_pct": 0.03, "limit_if_5000_pct": 0.4},  # cumulated Poisson chances, see below
    "e2": {"business_limit_pct": 3.0, "limit_at_35_pct": 2.0},  # by hand, see below
    "e3a": {"status": STATUS},
    "e3b": {"clean_contacts": 375},  # by hand: 3 / 0.008
    "e4a": {"milder": "Q4", "gain_without": 1.4},
    "e4b": {"invest": ["C", "G", "B", "A"], "against_money": "G", "cases_from": 14},  # 22,000 / (5,000 x 0.32) = 13.75
    "e5": {"survey_team": "V5", "sample_team": "V6", "csat_fair_pct": 77.3},  # 0.6 x 91.25 + 0.4 x 56.38
    "e6": {"charter": CHARTER},
}
MISTAKES = [
    ("e1", {"limit_pct": 0}, "0 % is a wish"),
    ("e1", {"zero_pct": 0.0}, "0 % is a wish"),
    ("e1", {"limit_pct": 0.008}, "Take rates of the table"),
    ("e1", {"limit_pct": 1.5}, "An average is passed in many years"),
    ("e1", {"limit_pct": 9.3}, "What is usual is not a limit"),
    ("e1", {"zero_pct": 1.0}, "it needs the lower rate"),
    ("e1", {"limit_if_5000_pct": 0.8}, "twice the cases"),
    ("e1", {"limit_if_5000_pct": 2.0}, "you allow more errors"),
    ("e1", {"limit_pct": 1.0}, "hidden"),
    ("e1", {"zero_pct": 0.05}, "hidden"),
    ("e1", {"limit_if_5000_pct": 0.6}, "hidden"),
    ("e2", {"business_limit_pct": 0.5}, "the total counts"),
    ("e2", {"business_limit_pct": 5.0}, "nothing is prevented"),
    ("e2", {"business_limit_pct": 0.03}, "Percent is wanted"),
    ("e2", {"business_limit_pct": 2.87}, "Round up"),
    ("e2", {"business_limit_pct": 2.5}, "rounded down"),
    ("e2", {"limit_at_35_pct": 3.0}, "dearer by more than half"),
    ("e2", {"limit_at_35_pct": 5.0}, "tolerate more of them"),
    ("e2", {"limit_at_35_pct": 1.5}, "hidden"),
    ("e3a", {"status": {"identity": "open"}}, "needs the four rows"),
    ("e3a", {"status": STATUS | {"charges": "ok"}}, "The words are"),
    ("e3a", {"status": STATUS | {"identity": "kept"}}, "the newspaper"),
    ("e3a", {"status": STATUS | {"answers": "kept"}}, "the poster would say 6"),
    ("e3a", {"status": STATUS | {"centre": "open"}}, "ten times the limit"),
    ("e3a", {"status": STATUS | {"answers": "broken"}}, "not shown that it is broken"),
    ("e3a", {"status": STATUS | {"charges": "open"}}, "to_pct of that row"),
    ("e3a", {"status": STATUS | {"charges": "broken"}}, "hidden"),
    ("e3b", {"clean_contacts": 3.75}, "you divided by 0.8"),
    ("e3b", {"clean_contacts": 125}, "1 ÷ 0.008"),
    ("e3b", {"clean_contacts": 600}, "without any"),
    ("e3b", {"clean_contacts": 300}, "hidden"),
    ("e4a", {"milder": "Deng Min"}, "is one of"),
    ("e4a", {"milder": "Q2"}, "strict all the time"),
    ("e4a", {"gain_without": 3.0}, "all five"),
    ("e4a", {"gain_without": 9.7}, "this assessor alone"),
    ("e4a", {"milder": "Q5"}, "lie close together"),
    ("e4a", {"gain_without": 2.0}, "hidden"),
    ("e4b", {"invest": ["A", "X"]}, "list of letters"),
    ("e4b", {"invest": ["A", "B", "C", "F"]}, "mildness lifts"),
    ("e4b", {"invest": ["A", "B", "C", "E"]}, "outside nobody asks"),
    ("e4b", {"invest": ["A", "B", "G"]}, "pretends to be somebody else"),
    ("e4b", {"invest": ["A", "B", "C"]}, "First the limits"),
    ("e4b", {"against_money": "F"}, "letters that you approve"),
    ("e4b", {"against_money": "C"}, "costs 14,000"),
    ("e4b", {"cases_from": 5}, "G avoids only 80 %"),
    ("e4b", {"cases_from": 10}, "even less than now"),
    ("e4b", {"invest": ["B", "C", "G"]}, "hidden"),
    ("e4b", {"cases_from": 13}, "hidden"),
    ("e4b", {"against_money": "A"}, "hidden"),
    ("e5", {"survey_team": "V7"}, "Teams are"),
    ("e5", {"survey_team": "V4"}, "Do not accuse it"),
    ("e5", {"survey_team": "V6", "sample_team": "V5"}, "swapped"),
    ("e5", {"csat_fair_pct": 0.773}, "Percent is wanted"),
    ("e5", {"csat_fair_pct": 91.2}, "what the invited say"),
    ("e5", {"csat_fair_pct": 73.8}, "plain mean"),
    ("e5", {"csat_fair_pct": 70.3}, "hidden"),
    ("e6", {"charter": {"audited by": "internal audit"}}, "needs the four seats"),
    ("e6", {"charter": CHARTER | {"audited by": "the newspaper"}}, "Choose among"),
    ("e6", {"charter": CHARTER | {"quality reports to": "head of service"}}, "bring it past her"),
    ("e6", {"charter": CHARTER | {"quality reports to": "team leaders"}}, "direct those who mark it"),
    ("e6", {"charter": CHARTER | {"quality reports to": "internal audit"}}, "its own department"),
    ("e6", {"charter": CHARTER | {"sample drawn by": "internal audit"}}, "cannot check that"),
    ("e6", {"charter": CHARTER | {"survey sent by": "general manager"}}, "judged by this figure"),
    ("e6", {"charter": CHARTER | {"sample drawn by": "team leaders"}}, "V6 all over again"),
    ("e6", {"charter": CHARTER | {"sample drawn by": "quality"}}, "draws without hands"),
    ("e6", {"charter": CHARTER | {"survey sent by": "agents"}}, "fears the answer"),
    ("e6", {"charter": CHARTER | {"audited by": "general manager"}}, "Who tells the board"),
    ("e6", {"charter": CHARTER | {"audited by": "quality"}}, "Q4 would have been found"),
    ("e6", {"charter": CHARTER | {"audited by": "head of service"}}, "hidden"),
]


def test_what_happens_today_is_as_told():
    scope = told(LESSON)
    today, contacts = scope["today"], scope["contacts"]
    errors = contacts * today.loc["compliance", "rate_pct"] / 100
    low, high = chi2.ppf(0.025, 24) / 2, chi2.ppf(0.975, 26) / 2  # exact limits of a count of 12 (Garwood)
    chart = quality.p_chart(scope["months"].sum(), scope["months"].size())

    assert today["rate_pct"].round(1).to_dict() == {"compliance": 9.3, "business": 4.8, "customer": 7.1}
    assert len(chart.signals) == 0
    assert 9_900 < errors / 12 < 10_100
    assert (int(low), int(high) + 1) == (6, 21)
    sentences = [
        f"because only {today.loc['compliance', 'heard']:,.0f} and {len(scope['marked']):,} contacts were heard "
        f"and {contacts:,} were handled",
        f"out of {errors:,.0f} such contacts",
        f"our assessors hear {len(scope['marked']):,} a year",
        f"We deliver {100 - today.loc['customer', 'rate_pct']:.1f}, and that is known to within a point: "
        f"{100 - today.loc['customer', 'to_pct']:.1f} to {100 - today.loc['customer', 'from_pct']:.1f}",
    ]
    assert missing(LESSON, sentences) == []


def test_the_limits_follow_from_the_chances_of_cases():
    years, contacts = told(LESSON)["years"], told(LESSON)["contacts"]

    for per_case in (10_000, 5_000):
        table = years(per_case)
        mean = table.index.to_numpy() / 100 * contacts / per_case
        assert table["at_most_two"].to_numpy() == pytest.approx(poisson.cdf(2, mean))
        assert table["no_case"].to_numpy() == pytest.approx(poisson.pmf(0, mean))
    table = years(10_000)
    assert table.index[table["at_most_two"] >= 0.9].max() == 0.8
    assert table.index[table["no_case"] >= 0.95].max() == 0.03
    assert years(5_000).index[years(5_000)["at_most_two"] >= 0.9].max() == 0.4
    assert 0.85 < table.loc[1.0, "at_most_two"] < 0.865
    assert 0.28 < 1 - table.loc[1.5, "at_most_two"] < 0.32  # three of ten years have more
    assert table.loc[9.3, "at_most_two"] < 0.001 and 11.5 < table.loc[9.3, "cases_in_an_average_year"] < 12.5
    assert round(3 / 0.0003) == 10_000


def test_the_cheapest_step_is_as_told():
    steps, month = told(LESSON)["steps"], told(LESSON)["contacts"] / 12

    def cheapest(price):
        return (steps["prevention_yuan"] + steps["rate_pct"] / 100 * month * price).idxmin()

    assert [cheapest(price) for price in (22, 27.5, 28, 35)] == ["second look", "second look", *["+ daily match"] * 2]
    assert steps["rate_pct"].iloc[0] == pytest.approx(told(LESSON)["today"].loc["business", "rate_pct"], abs=0.005)
    assert steps["rate_pct"].iloc[1] == pytest.approx(0.6 * steps["rate_pct"].iloc[0], abs=0.005)


def test_the_pilot_and_the_rule_of_three_are_as_told():
    pilot = told(LESSON)["pilot"]
    for name, upper in (("identity", "1.21 %"), ("answers", "7.2 %"), ("centre", "8.2 %")):
        end = "from_pct" if name == "centre" else "to_pct"
        assert f"{pilot.loc[name, end]:.{len(upper) - 4}f} %" == upper
    assert pilot.loc["charges", "to_pct"] < 3 < 6 < pilot.loc["answers", "to_pct"]
    assert binom.pmf(0, 375, 0.008) < 0.05 < binom.pmf(0, 372, 0.008)


def test_the_score_rises_alone_and_by_one_assessor():
    scope = told(LESSON)
    score, sides, by_assessor = scope["score"], scope["sides"], scope["by_assessor"]
    ours = data.centre()
    handled = [ours.intervals["answered"], ours.chat["answered"], ours.email["handled"]]
    volume = sum(one.groupby(one.index.to_period("Q")).sum() for one in handled)
    rate = 1e4 * ours.complaints.groupby(ours.complaints["opened"].dt.to_period("Q")).size() / volume
    rest = scope["evaluations"].query("assessor != 'Q4'")
    groups = rest.groupby(rest["date"].dt.to_period("Q"))["score"].agg(["var", "size"]).iloc[[0, -1]]
    margin = 1.96 * (groups["var"] / groups["size"]).sum() ** 0.5
    rise = by_assessor.iloc[-1] - by_assessor.iloc[0]

    assert (round(score.iloc[0]), round(score.iloc[-1])) == (74, 77)
    counts = [scope["evaluations"], scope["surveys"], scope["surveys"]]
    for name, table in zip(sides, counts, strict=True):  # two shares, first and last quarter: within chance
        sizes = table.groupby(table["date"].dt.to_period("Q")).size().iloc[[0, -1]].to_numpy()
        first, last = sides[name].iloc[[0, -1]]
        spread = (first * (1 - first) / sizes[0] + last * (1 - last) / sizes[1]) ** 0.5
        assert abs(last - first) < 1.96 * spread
    assert (sides.max() - sides.min()).max() < 0.035
    assert f"between {rate.min():.1f} and {rate.max():.1f} of 10,000 contacts" in text_of(LESSON)
    assert round(scope["gain"]("nobody"), 1) == 3.0 and round(scope["gain"]("Q4"), 1) == 1.4
    assert round(margin, 1) == 1.8
    assert rise.idxmax() == "Q4" and round(rise["Q4"], 1) == 9.7
    assert data.centre().truth.set_index("effect")["size"]["assessor_milder"] == 0.6  # points a month, the truth


def test_the_requests_are_as_told():
    scope = told(LESSON)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        table = scope["requests"](12)
        later = [scope["requests"](cases).loc["G", "saves_yuan"] for cases in (13, 14)]
    ours = data.centre()
    surveys = ours.surveys.query("date >= '2025-09-01'")
    complaints = ours.complaints.query("opened >= '2025-09-01'")

    assert table.loc["G", "costs_yuan"] - table.loc["G", "saves_yuan"] == 2_800
    assert table.loc["C", "saves_yuan"] == 36_000
    assert later[0] < 22_000 <= later[1]
    assert table.loc["G", "rate_after_pct"] <= 0.8 < table.loc["C", "rate_after_pct"]
    assert table.loc["B", "rate_after_pct"] <= 3 and table.loc["A", "rate_after_pct"] <= 6
    assert (table.loc[["A", "B", "C"], "saves_yuan"] > table.loc[["A", "B", "C"], "costs_yuan"]).all()
    assert table["costs_yuan"].sum() == 61_000
    assert "4,1" in said.getvalue() or "4,2" in said.getvalue()
    assert round(100 * (1 - surveys["resolved"].mean())) == 26
    assert round(100 * (complaints["category"] == "wrong bill").mean()) == 18
    assert round(table.loc[["C", "G"], "saves_yuan"].sum() * 12, -3) == 662_000
    assert table.loc[["C", "G"], "costs_yuan"].sum() * 12 == 432_000


def test_the_audit_is_as_told():
    audit, asked = told(LESSON)["audit"], told(LESSON)["asked"]
    again = audit.groupby(["team", "invited"])["repeat_7d"].mean().unstack()
    length = audit.groupby(["team", "assessed"])["handle_s"].mean().unstack()
    everybody = 100 * audit.query("team == 'V5'")["satisfied"].mean()
    centre = 100 * (data.centre().surveys.query("date >= '2025-09-01'")["csat"] >= 4).mean()

    assert again.loc["V5", False] > 3 * again.loc["V5", True]
    assert (again.loc[["V4", "V6"], False] - again.loc[["V4", "V6"], True]).abs().max() < 0.02
    assert (length.loc[["V4", "V5"], False] - length.loc[["V4", "V5"], True]).abs().max() < 25
    assert round(everybody, 1) == 77.3 and round(centre) == 77
    assert round(100 * asked["mean"].iloc[0]) == 91
    assert (
        missing(LESSON, [f"{length.loc['V6', True]:.0f} seconds on average, the others {length.loc['V6', False]:.0f}"])
        == []
    )


def test_letters_and_names_in_small_print_pass_too():
    assert judge(LESSON, "e4a", milder="q4", gain_without=1.4) is None
    assert judge(LESSON, "e4b", invest=["a", "b", "c", "g"], against_money=" g", cases_from=14) is None
    assert judge(LESSON, "e5", survey_team="v5", sample_team="v6", csat_fair_pct=77.3) is None


def test_the_rise_belongs_to_one_assessor_and_the_other_lines_begin_and_end_alike():
    by_assessor = told(LESSON)["by_assessor"]
    rise = (by_assessor.iloc[-1] - by_assessor.iloc[0]).abs()
    assert rise.drop("Q4").max() < 3 < rise["Q4"]
