"""A number that cannot be: answers worked out by hand, usual mistakes, and a story that is in the data."""

import pandas as pd
import pytest

from ccskills import data, forecasting, performance
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import missing, text_of

LESSON = "senior-agent/04-a-number-that-cannot-be"
FAULTS, OTHER = ["no connection", "slow connection"], "other products"

RIGHT = {
    "e1": {"gap_service": -15.4, "gap_asa": -4.9, "gap_calls": 56},  # by hand: 64.6 - 80, 15.1 - 20, 3,832 - 3,776
    "e2": {"unit_line": 10, "denominator_line": 7, "period_line": 13},
    "e3": {"aht_s": 296.5, "abandonment_pct": 11.6, "v1_calls": 563},  # by hand: 1,004,400 / 3,387; 445 / 3,832
    "e4": {"note_a": 1, "note_b": 2, "note_c": 4, "note_d": 3, "note_e": 9, "note_f": 11},
    "e5a": {"hidden_faults": 263.2},  # by hand: 10,527 / 40
    "e5b": {"change_pct": -7.3},  # by hand: (747 + 263.2 - 1,090) / 1,090
}
MISTAKES = [
    ("e1", {"gap_service": -19.2}, "we subtract and say points"),
    ("e1", {"gap_service": 80.75}, "we subtract and say points"),
    ("e1", {"gap_service": -0.154}, "percentage points are wanted"),
    ("e1", {"gap_service": -43.6}, "belongs to the half hour"),
    ("e1", {"gap_service": 15.4}, "Actual minus target"),
    ("e1", {"gap_asa": 4.9}, "longer than allowed"),
    ("e1", {"gap_calls": 1.5}, "is the percentage"),
    ("e1", {"gap_calls": -56}, "fewer came than foreseen"),
    ("e1", {"gap_calls": 65}, "hidden"),
    ("e2", {"unit_line": "10"}, "without quotes"),
    ("e2", {"unit_line": 7}, "stands twice"),
    ("e2", {"period_line": 5}, "terrible, not impossible"),
    ("e2", {"denominator_line": 12}, "more calls can come than were foreseen"),
    ("e2", {"period_line": 15}, "not over"),
    ("e2", {"unit_line": 8}, "those who hung up are not in it"),
    ("e2", {"denominator_line": 6}, "contradict each other"),
    ("e2", {"unit_line": 9}, "fits its neighbours"),
    ("e2", {"unit_line": 13, "period_line": 10}, "hidden"),
    ("e3", {"aht_s": 4.94}, "minutes or hours again"),
    ("e3", {"aht_s": 294}, "the rounded 4.9"),
    ("e3", {"aht_s": 262.1}, "divided by the calls offered"),
    ("e3", {"abandonment_pct": 0.116}, "percent is wanted"),
    ("e3", {"abandonment_pct": 13.1}, "the slip of the report again"),
    ("e3", {"v1_calls": 525}, "a Monday is not a mean"),
    ("e3", {"v1_calls": 564.5}, "the sixth part"),
    ("e3", {"v1_calls": 2824}, "sum of the other teams"),
    ("e3", {"v1_calls": 573}, "hidden"),
    ("e4", {"note_a": 10}, "looked at the router"),
    ("e4", {"note_b": 6}, "your idea"),
    ("e4", {"note_c": 12}, "not broadband"),
    ("e4", {"note_c": 3, "note_d": 4}, "does he say that it is wrong"),
    ("e4", {"note_d": 5}, "paid at the end"),
    ("e4", {"note_e": 1, "note_a": 9}, "today at noon"),
    ("e4", {"note_f": 7}, "takes the line along"),
    ("e4", {"note_f": 13}, "number of a reason"),
    ("e4", {"note_e": 8}, "hidden"),
    ("e5a", {"hidden_faults": 33}, "speaks for all 319"),
    ("e5a", {"hidden_faults": 319}, "seven of the 40"),
    ("e5a", {"hidden_faults": 0.825}, "is the share"),
    ("e5a", {"hidden_faults": 616.3}, "drawn from the 319"),
    ("e5a", {"hidden_faults": 266}, "hidden"),
    ("e5b", {"change_pct": -31.5}, "what page 2 says"),
    ("e5b", {"change_pct": -0.073}, "percent is wanted"),
    ("e5b", {"change_pct": 7.3}, "more faults than the week before"),
    ("e5b", {"change_pct": -7.9}, "divided by the new number"),
    ("e5b", {"change_pct": -99.9}, "hardly any faults"),
    ("e5b", {"change_pct": -8.7}, "hidden"),
]


@pytest.fixture(scope="module")
def ours():
    return data.centre()


@pytest.fixture(scope="module")
def handled(ours):
    """The answered calls of the Monday in order of arrival, with the team."""
    calls = ours.calls("2026-08-17").dropna(subset="agent_id").sort_values("start", kind="stable", ignore_index=True)
    return calls.assign(team=calls["agent_id"].map(ours.agents.set_index("agent_id")["team"]))


def test_the_lines_of_the_report_are_those_of_that_monday(ours, handled):
    day = ours.intervals.loc["2026-08-17"]
    offered, answered, within, lost = day[["offered", "answered", "answered_within", "abandoned"]].sum()
    bad = day.loc["2026-08-17 10:30"]
    hours = (day["answered"] * day["aht_s"]).sum() / 3600
    away = ours.shrinkage.loc["2026-08-17"]
    mondays = [ours.intervals.loc[day] for day in ("2026-07-20", "2026-07-27", "2026-08-03", "2026-08-10")]
    gaps = [100 * one["answered_within"].sum() / one["offered"].sum() - 80 for one in mondays]
    calls = forecasting.clean(ours.intervals["offered"], ours.events).history
    foreseen = forecasting.forecast(calls[:"2026-08-16"], 1, "ridge_profile")["mean"].sum()

    assert (offered, answered, lost, round(foreseen)) == (3832, 3387, 445, 3776)
    assert round(100 * within / offered, 1) == 64.6
    assert round(handled["wait_s"].mean(), 1) == 15.1
    assert (round(hours, 1), round(60 * hours / answered, 1)) == (279.0, 4.9)
    assert (away.drop("paid").sum(), away["paid"]) == (184.0, 491.5)
    assert min(gaps[2:]) > 0
    assert not missing(
        LESSON,
        [
            f"missed the target as well, by {-gaps[0]:.1f} and by {-gaps[1]:.1f} points",
            f"actual {100 * answered / offered:.1f} %. Gap {100 * answered / offered:.1f} − 95 = "
            f"**−{95 - 100 * answered / offered:.1f} percentage points**",
            f"planned 30.0 %, actual {100 * away.drop('paid').sum() / away['paid']:.1f} %",
            f"of {bad['offered']:.0f} calls in that half hour {bad['answered_within']:.0f} were answered "
            f"within 20 seconds; {bad['answered_within']:.0f} ÷ {bad['offered']:.0f} = "
            f"{100 * bad['answered_within'] / bad['offered']:.1f} %",
            f"{bad['answered']:.0f} answered and {bad['abandoned']:.0f} abandoned make {bad['offered']:.0f}",
            f'abandonment "{100 * lost / answered:.1f} %": with line 6, {100 * answered / offered:.1f} %, that makes '
            f"{round(100 * lost / answered, 1) + round(100 * answered / offered, 1):.1f} %",
        ],
    )


def test_the_teams_are_those_of_that_monday(ours, handled):
    teams = handled["team"].value_counts()
    v1 = ours.agents.loc[ours.agents["team"] == "V1", "agent_id"]
    week = sum(ours.calls(day)["agent_id"].isin(v1).sum() for day in pd.date_range("2026-08-11", "2026-08-17"))
    each = handled.loc[handled["team"] == "V1", "agent_id"].value_counts()
    others = ", ".join(f"{team} {teams[team]}" for team in ("V2", "V3", "V4", "V5", "V6"))

    assert (teams["V1"], len(each)) == (563, 9)
    assert each.min() > 45 and each.max() < 80
    assert not missing(
        LESSON,
        [
            f"{others} calls",
            f"{week:,} calls over 9 agents are {week / 9:.0f} for each",
            f"{week / 9:.0f} calls last {round(week / 9) * 5 / 60:.0f} hours",
        ],
    )


def test_the_miscoding_does_what_the_story_says(ours, handled):
    before = ours.calls("2026-08-10").dropna(subset="agent_id")["reason"]
    fault = handled["reason"].isin(FAULTS)
    coded = handled["reason"].mask(fault & (fault.cumsum() % 4 == 0), OTHER)
    heard = handled.loc[coded == OTHER, "reason"].sample(40, random_state=1)
    was, now = before.isin(FAULTS).sum(), coded.isin(FAULTS).sum()

    assert (was, now, (coded == OTHER).sum(), heard.isin(FAULTS).sum()) == (1090, 747, 319, 33)
    assert 4 < (coded == OTHER).sum() / (before == OTHER).sum() < 5
    assert abs(747 + round(319 * 33 / 40) - fault.sum()) == 15
    assert not missing(
        LESSON,
        [
            f"Only {len(handled):,} calls were answered instead of {len(before):,} the Monday before, "
            f"{100 * (1 - len(handled) / len(before)):.1f} % fewer",
            f"by {100 * (1 - now / was):.1f} % but by some 7 %",
        ],
    )


def test_the_widget_starts_with_that_monday(ours):
    surveys = ours.surveys[(ours.surveys["channel"] == "voice") & (ours.surveys["date"] == "2026-08-17")]
    marked = ours.evaluations[(ours.evaluations["channel"] == "voice") & (ours.evaluations["date"] == "2026-08-17")]

    assert ((surveys["csat"] >= 4).sum(), len(surveys)) == (13, 17)
    assert (marked["compliance_critical"].sum(), len(marked)) == (7, 7)


def test_an_attainment_below_zero_is_explained_with_its_sum(language):
    attained = performance.attainment(0.116, 0.05, "down")
    minus, gap = {"en": ("−", " "), "zh": ("－", "")}[language]

    assert round(attained, 2) == -0.32
    assert f"{minus}{-100 * attained:.0f}{gap}%" in text_of(LESSON, language)
    assert f"{minus}{-attained:.2f}" in text_of(LESSON, language)
