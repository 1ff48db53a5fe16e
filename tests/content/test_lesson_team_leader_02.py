"""Same call, two scores: answers worked out by hand, usual mistakes, and a story that is in the data."""

import numpy as np
import pandas as pd

from ccskills import data, quality
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import text_of

LESSON = "team-leader/02-same-call-two-scores"

# By hand: 5 + 10 + 12 + 18 + 8 + 4 + 0 = 57 points.
MARKS = {"greeting": 1, "listening": 1, "explanation": 1, "tone": 2, "hold_handling": 1, "closing": 1, "notes": 0}
HEARD = {"greeting": "00:02", "listening": "00:24", "explanation": "02:50", "closing": "03:36"}
DECISIONS = {4616: "late", 4657: "agree", 4674: "stands", 4682: "supervisor", 4717: "return"}
PLAN = {"item": "explanation", "contacts": 6, "review": "2026-10-13"}
FULL = {name: 1 if name in ("hold_handling", "notes") else 2 for name in MARKS}

RIGHT = {
    "e1": {"marks": MARKS, "critical_error": "none", "evidence": HEARD},
    "e2": {"mean_deviation": 6.7, "within_pct": 50, "my_item": "explanation"},  # by hand: 40 / 6, and 3 of 6
    "e3": {"excerpts": [2, 1, 0, 1]},
    "e4": {"meeting_item": "explanation", "share_id": 4552},
    "e5a": {"plan": PLAN},
    "e5b": {"raw_change": 22.4, "fair_change": 14.7, "verdict": "not yet"},
    "e6": {"decisions": DECISIONS},
}
MISTAKES = [
    ("e1", {"marks": {"greeting": 1}}, "seven items, each once"),
    ("e1", {"marks": MARKS | {"listening": 10}}, "Marks are not points"),
    ("e1", {"critical_error": "yes"}, 'is "none"'),
    ("e1", {"critical_error": "compliance"}, "checks the identity"),
    ("e1", {"critical_error": "customer"}, "name the wrong answer"),
    ("e1", {"marks": FULL}, "what it means"),
    ("e1", {"evidence": {"greeting": "00:02"}}, "without a time"),
    ("e1", {"evidence": HEARD | {"closing": "at the end"}}, "an opinion"),
    ("e1", {"marks": MARKS | {"tone": 1}, "evidence": HEARD | {"tone": "02:50"}}, "cold voice"),
    ("e1", {"marks": MARKS | {"explanation": 2}}, "hidden"),
    ("e1", {"marks": MARKS | {"notes": 1}}, "hidden"),
    ("e1", {"evidence": HEARD | {"listening": "03:20"}}, "hidden"),
    ("e2", {"mean_deviation": 10.0}, "Calls that you hit"),
    ("e2", {"mean_deviation": 12.0}, "Put all six in"),
    ("e2", {"mean_deviation": -6.7}, "would be strict"),
    ("e2", {"within_pct": 0.5}, "percent is wanted"),
    ("e2", {"within_pct": 33.3}, "hit exactly"),
    ("e2", {"my_item": "closing"}, "Where do the others come from"),
    ("e2", {"my_item": "me"}, "seven items"),
    ("e2", {"my_item": "tone"}, "hidden"),
    ("e3", {"excerpts": [2, 1, 0]}, "four marks"),
    ("e3", {"excerpts": [2, 1, 2, 1]}, "Polite is not explained"),
    ("e3", {"excerpts": [2, 2, 0, 2]}, "your ear of 20 August"),
    ("e3", {"excerpts": [2, 0, 0, 0]}, "too strict"),
    ("e3", {"excerpts": [2, 1, 1, 1]}, "hidden"),
    ("e4", {"meeting_item": "Wang Jiaxia"}, "no name of a person"),
    ("e4", {"meeting_item": "greeting"}, "longest"),
    ("e4", {"meeting_item": "notes"}, "hidden"),
    ("e4", {"share_id": 4657}, "number of one contact"),
    ("e4", {"share_id": 4546}, "wrong answer to the customer"),
    ("e4", {"share_id": 4731}, "Xie Jingping again"),
    ("e4", {"share_id": 4462}, "marked by Q4"),
    ("e5a", {"plan": {"item": "explanation"}}, "three entries"),
    ("e5a", {"plan": PLAN | {"item": ["explanation", "notes"]}}, "coaches nothing"),
    ("e5a", {"plan": PLAN | {"item": "notes"}}, "quickly ticked off"),
    ("e5a", {"plan": PLAN | {"contacts": 2}}, "one lucky call"),
    ("e5a", {"plan": PLAN | {"review": "2026-09-05"}}, "four to eight"),
    ("e5a", {"plan": PLAN | {"item": "tone"}}, "hidden"),
    ("e5b", {"raw_change": 19.6, "fair_change": 15.7}, "figures of Li Yuhan"),
    ("e5b", {"raw_change": -22.4}, "Below 0"),
    ("e5b", {"fair_change": 22.4}, "mild ear"),
    ("e5b", {"verdict": "maybe"}, 'is "yes"'),
    ("e5b", {"verdict": "yes"}, "without any coaching"),
    ("e5b", {"verdict": "no"}, "hidden"),
    ("e6", {"decisions": {4616: "late"}}, "needs the five contacts"),
    ("e6", {"decisions": DECISIONS | {4616: "no"}}, "the decision is one of"),
    ("e6", {"decisions": DECISIONS | {4682: "agree"}}, "critical error"),
    ("e6", {"decisions": DECISIONS | {4657: "late"}}, "calendar days"),
    ("e6", {"decisions": DECISIONS | {4657: "stands"}}, "within the tolerance"),
    ("e6", {"decisions": DECISIONS | {4674: "agree"}}, "differ by 4"),
    ("e6", {"decisions": DECISIONS | {4717: "late"}}, "the letter lack"),
    ("e6", {"decisions": DECISIONS | {4616: "return"}}, "hidden"),
]

POINTS = pd.Series(
    {"greeting": 10, "listening": 20, "explanation": 24, "tone": 18, "hold_handling": 8, "closing": 8, "notes": 12}
)


def team():
    agents = data.centre().agents.set_index("agent_id")
    return agents.index[(agents["team"] == "V1") & agents["left"].isna()]


def six_sessions():
    """Deviation from the reference by assessor over sessions 15 to 20."""
    marks = data.centre().calibration
    wide = marks[marks["session"] >= 15].pivot(index="contact", columns="assessor", values="score")
    return wide.sub(wide.pop("reference"), axis=0)


def test_the_call_with_two_scores_and_the_six_calls_of_august_are_in_the_data():
    text, marks = text_of(LESSON), data.centre().calibration
    third = marks[marks["contact"] == 111].set_index("assessor")["score"]
    august = marks[marks["assessor"] == "reference"].set_index("contact").loc[115:120]

    assert marks.loc[marks["contact"] == 111, "date"].unique() == [pd.Timestamp("2026-07-20")]
    assert f"Q4 gave {third['Q4']:.0f}, Q2 gave {third['Q2']:.0f}" in text
    assert f"The reference is {third['reference']:.0f}." in text
    for contact, yours in {115: 92, 116: 88, 117: 78, 118: 53, 119: 72, 120: 79}.items():
        assert f"| {contact} | {august.loc[contact, 'score']:.0f} | {yours} |" in text
    assert august.loc[[115, 116, 119], "explanation"].tolist() == [1, 1, 1]
    assert august.loc[117, "closing"] == 1
    assert august["date"].unique() == [pd.Timestamp("2026-08-20")]


def test_two_of_the_five_ears_are_off_on_average():
    text, gaps = text_of(LESSON), six_sessions()
    bias = quality.assessor_bias(gaps.melt(value_name="gap").assign(reference=50.0, score=lambda t: 50 + t["gap"]))

    assert len(gaps) == 36
    assert f"Q2 is {-gaps['Q2'].mean():.1f} points strict and Q4 {gaps['Q4'].mean():.1f} points mild" in text
    assert f"gains {gaps['Q4'].mean() - gaps['Q2'].mean():.0f} points for the same work" in text
    assert (gaps[["Q1", "Q3", "Q5"]].mean().abs() < 5).all()
    assert bias.loc["Q2", "upper"] < 0
    assert bias.loc["Q2", "lower"] < -5 < bias.loc["Q2", "upper"]
    assert bias.loc["Q4", "lower"] > 5


def test_the_team_and_wang_jiaxia_lose_most_points_in_explanation_and_notes_is_missed_most_often():
    text, seen = text_of(LESSON), data.centre().evaluations
    summer = seen[seen["agent_id"].isin(team()) & (seen["date"] >= "2026-07-01")]
    lost = POINTS - summer[POINTS.index] / pd.Series(FULL) * POINTS
    explained = lost["explanation"].groupby(summer["agent_id"]).sum()
    one = summer["agent_id"] == "A0109"
    fit = summer[
        (summer["score"] >= 95)
        & (summer["date"] >= "2026-08-01")
        & (summer["explanation"] == 2)
        & (summer[["customer_critical", "business_critical", "compliance_critical"]] == 1).all(axis=1)
        & ~summer["assessor"].isin(["Q2", "Q4"])
        & (summer["agent_id"] != "A0059")
    ]

    assert f"was marked {len(summer)} times" in text
    assert lost.sum().idxmax() == "explanation"
    assert (len(explained), (explained == 0).sum()) == (15, 1)
    assert f"has {one.sum()} marked contacts" in text
    assert f"{summer.loc[one, 'score'].mean():.0f} points on average" in text
    assert lost[one].sum().idxmax() == "explanation"
    assert (lost[one] > 0).sum().drop("explanation").idxmax() == "notes"
    assert (summer.loc[one, "notes"] == 0).sum() == 5
    assert sorted(fit["evaluation_id"]) == [4552, 4583]
    assert (summer.loc[summer["score"] >= 95, "business_critical"] == 1).all()
    assert summer.set_index("evaluation_id").loc[4583, ["agent_id", "score"]].tolist() == ["A0011", 100]
    assert summer[(summer["agent_id"] == "A0011") & (summer["date"] == "2026-07-02")]["score"].tolist() == [41]


def test_the_coached_and_the_uncoached_colleague_rose_alike_by_a_straight_ruler():
    text, seen, bias = text_of(LESSON), data.centre().evaluations, six_sessions().mean()
    seen = seen[seen["date"] >= "2026-05-01"].assign(fair=lambda table: table["score"] - table["assessor"].map(bias))

    def means(agent, column):
        mine = seen[seen["agent_id"] == agent]
        return mine[column].groupby(mine["date"] >= "2026-07-01").mean()

    jianan = seen[seen["agent_id"] == "A0152"]
    raw, fair = means("A0152", "score"), means("A0152", "fair")

    assert f"{raw[False]:.0f} points before, {raw[True]:.0f} after" in text
    assert round(raw.diff()[True], 1) == 22.4
    assert round(fair.diff()[True], 1) == 14.7
    assert round(means("A0143", "score").diff()[True], 1) == 19.6
    assert round(means("A0143", "fair").diff()[True], 1) == 15.7
    assert (jianan["date"] < "2026-07-01").sum() == 2
    assert (jianan.loc[jianan["date"] >= "2026-07-01", "assessor"] == "Q4").sum() == 3
    assert f"of {raw.diff()[True]:.0f} points {raw.diff()[True] - fair.diff()[True]:.0f} were the ruler" in text


def test_the_appeals_are_contacts_of_the_team_and_their_days_are_counted_right():
    cases = data.centre().evaluations.set_index("evaluation_id").loc[list(DECISIONS)]
    appealed = ["2026-08-26", "2026-08-27", "2026-08-28", "2026-08-28", "2026-08-31"]
    published = np.busday_offset(cases["date"].to_numpy().astype("datetime64[D]"), 1, roll="backward")

    days = np.busday_count(published, np.array(appealed, "datetime64[D]"))

    assert cases["agent_id"].isin(team()).all()
    assert cases["score"].tolist() == [73, 55, 68, 70, 45]
    assert cases["assessor"].tolist() == ["Q2", "Q2", "Q5", "Q3", "Q5"]
    assert cases["customer_critical"].tolist() == [1, 1, 1, 0, 1]
    assert days.tolist() == [7, 4, 3, 2, 0]
    assert cases.loc[4657, ["explanation", "tone", "notes"]].tolist() == [0, 1, 0]
