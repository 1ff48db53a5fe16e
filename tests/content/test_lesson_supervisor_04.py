"""The truth behind a number: answers worked out by hand, usual mistakes, and a story that is in the data."""

from ccskills import data, performance
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import text_of, worked

LESSON = "supervisor/04-the-truth-behind-a-number"

RIGHT = {
    "e1a": {"unfit": ["B", "C", "E"]},
    "e1b": {"steps": "LNPOKM"},
    "e2": {"csat_pct": 77.2},  # by hand: 12,162 / 15,746
    "e3": {"bad_monday_pct": 19.5, "usual_pct": 15.7},  # by hand: 746 / 3,832 and 1,818 / 11,553
    "e4": {"stayed_change_s": -3.5, "newcomers_add_s": 8.6},  # by hand: 287.6 - 291.1 and 296.2 - 287.6
    # by hand with the bands of all 3,822: (769 x 291/441 + 416 x 40/109 + 696 x 49/106 + 1,941 x 100/354) / 3,822
    # and (769 x 242/328 + 416 x 160/307 + 696 x 307/590 + 1,941 x 548/1,587) / 3,822
    "e5a": {"never_pct": 40.0, "contacted_pct": 47.5},
    "e5b": {"may_say": "B"},
    "e6a": {"failed": ["intervals", "duplicates", "balance"]},
    "e6b": {"level_pct": 83.5},
}
MISTAKES = [
    ("e1a", {"unfit": ["B", "D"]}, "the client's own system"),
    ("e1a", {"unfit": ["A", "C"]}, "You have A"),
    ("e1a", {"unfit": ["E"]}, "Look at the owners too"),
    ("e1a", {"unfit": ["B", "F"]}, "letters from A to E"),
    ("e1a", {"unfit": ["B", "C"]}, "hidden"),
    ("e1b", {"steps": "NLPOKM"}, "for which decision"),
    ("e1b", {"steps": "LNOPKM"}, "what counts as handle time"),
    ("e1b", {"steps": "LNPOMK"}, "not yet a report"),
    ("e1b", {"steps": "LNPO"}, "each of the letters"),
    ("e1b", {"steps": "LNPKOM"}, "hidden"),
    ("e2", {"csat_pct": 71.2}, "mean of three percentages"),
    ("e2", {"csat_pct": 78.4}, "without e-mail"),
    ("e2", {"csat_pct": 0.772}, "percent is wanted"),
    ("e2", {"csat_pct": 77.7}, "hidden"),
    ("e3", {"bad_monday_pct": 13.5}, "who got through"),
    ("e3", {"bad_monday_pct": 39.3}, "do not weigh the same"),
    ("e3", {"bad_monday_pct": 65.2}, "who hung up only"),
    ("e3", {"bad_monday_pct": 0.195}, "Percent is wanted"),
    ("e3", {"usual_pct": 13.6}, "Compare like with like"),
    ("e3", {"usual_pct": 15.9}, "hidden"),
    ("e4", {"stayed_change_s": 4.1}, "newcomers included"),
    ("e4", {"stayed_change_s": 3.5}, "August minus July"),
    ("e4", {"newcomers_add_s": 134.0}, "only 6 of 100 calls"),
    ("e4", {"newcomers_add_s": 4.1}, "Stay within August"),
    ("e4", {"newcomers_add_s": 5.1}, "hidden"),
    ("e5a", {"never_pct": 47.5, "contacted_pct": 44.7}, "crude shares"),
    ("e5a", {"never_pct": 47.5, "contacted_pct": 40.0}, "Swapped"),
    ("e5a", {"never_pct": 0.4, "contacted_pct": 0.475}, "Percent is wanted"),
    ("e5a", {"never_pct": 44.3, "contacted_pct": 53.1}, "plain means"),
    ("e5a", {"never_pct": 40.0, "contacted_pct": 44.7}, "hidden"),
    ("e5b", {"may_say": "A"}, "the contact is the cause"),
    ("e5b", {"may_say": "C"}, "a forecast"),
    ("e5b", {"may_say": "D"}, "not nothing"),
    ("e5b", {"may_say": "E"}, "one letter"),
    ("e6a", {"failed": ["intervals"]}, "Does one check see them all"),
    ("e6a", {"failed": ["days", "intervals"]}, "its row says"),
    ("e6a", {"failed": ["balance", "gaps"]}, "is not there"),
    ("e6a", {"failed": ["intervals", "duplicates"]}, "hidden"),
    ("e6b", {"level_pct": 74.5}, "damaged export"),
    ("e6b", {"level_pct": 79.6}, "says the week"),
    ("e6b", {"level_pct": 77.0}, "says the week"),
    ("e6b", {"level_pct": 83.7}, "mean of the half hours"),
    ("e6b", {"level_pct": 0.835}, "percent is wanted"),
    ("e6b", {"level_pct": 84.5}, "hidden"),
]


def test_the_four_sentences_are_in_the_data_as_their_authors_found_them():
    text, scope = text_of(LESSON), worked(LESSON)
    crude, total = scope["crude"], scope["total"]

    assert f"service level **{100 * scope['rate'].mean():.1f} %**" in text
    assert f"the week is {scope['whole']:.1f} %" in text
    assert f"{total.iloc[1]:.0f} seconds in August after {total.iloc[0]:.0f} in July" in text
    assert f"repeat rate **{scope['after_drop']['08-17']:.1f} %**" in text
    assert scope["after_drop"].between(13, 14).all()
    never, contacted = (100 * crude.loc[group, "share_left"] for group in ("never", "contacted"))
    assert f"**{never:.1f} % against {contacted:.1f} %**" in text


def test_holes_outliers_and_satisfaction_are_as_told():
    text, scope = text_of(LESSON), worked(LESSON)
    share, outage = scope["share"], scope["outage"]
    ways = [100 * value for value in (share.fillna(0).mean(), share.fillna(1).mean(), share.mean())]
    handle = scope["august"].assign(place=0)["handle_s"]  # Binhe and Yunshan
    surveys = data.centre().surveys
    answers = surveys.assign(good=surveys["csat"] >= 4).groupby("channel")["good"].agg(["size", "sum", "mean"])

    assert (outage["offered"] == 0).sum() == 4 and f"{outage.index[outage['offered'] == 0][0]:%H:%M}" == "10:00"
    assert f"Four answers from {min(ways):.0f} to {max(ways):.0f} %" in text
    assert f"*{100 * outage['answered_within'].sum() / outage['offered'].sum():.1f} %;" in text
    assert f"The longest of the {len(handle):,} answered calls of August took {handle.max():,.0f} seconds" in text
    trimmed = handle[handle <= handle.quantile(0.99)].mean()
    assert f"would make us {handle.mean() - trimmed:.0f} seconds faster on paper" in text
    for channel, name in (("voice", "voice"), ("chat", "chat"), ("email", "e-mail")):
        assert f"| {name} | {answers.loc[channel, 'size']:,} | {answers.loc[channel, 'sum']:,} |" in text
    assert f"A colleague reports {100 * answers['mean'].mean():.1f} %" in text
    assert round(answers.loc["voice", "size"] / answers.loc["email", "size"]) == 15


def test_the_tables_that_the_checks_hold_are_those_of_the_lesson():
    scope = worked(LESSON)
    counts = {(day, outcome): tuple(row) for (day, outcome), row in scope["counts"].iterrows()}
    groups, total = scope["by_group"], scope["total"]

    assert counts == {
        ("08-03", "abandoned"): (199, 118), ("08-03", "answered"): (3846, 525),
        ("08-10", "abandoned"): (163, 105), ("08-10", "answered"): (3688, 486),
        ("08-17", "abandoned"): (445, 290), ("08-17", "answered"): (3387, 456),
        ("08-24", "abandoned"): (153, 98), ("08-24", "answered"): (3504, 486),
    }  # fmt: skip
    assert groups["handle_s"].loc["there in both months"].round(1).tolist() == [291.1, 287.6]
    assert total.round(1).tolist() == [292.1, 296.2]
    assert groups["handle_s"].loc["joined in August"].round(1).tolist()[1] == 421.6
    assert round(100 * groups["calls"].loc["joined in August"].iloc[1] / groups["calls"].sum().iloc[1]) == 6
    assert (scope["months_there"] == 2).sum() == 36
    assert scope["binhe"].loc[scope["joined"], "agent_id"].nunique() == 3
    assert set(scope["empty"]["outcome"]) == {"abandoned"}


def test_the_paradox_and_the_drivers_are_as_told():
    text, scope = text_of(LESSON), worked(LESSON)
    table, shares = scope["table"], scope["shares"]
    repeats = scope["august"].groupby("reason")["repeat_7d"].agg(["sum", "mean"]).sort_values("sum", ascending=False)
    fair = performance.mix_adjusted(table.reset_index(), "contact", "band", "left", "customers")

    assert (shares["contacted"] > shares["never"]).all() and fair.attrs["simpson"] == [("never", "contacted")]
    assert repeats.index[:2].tolist() == ["no connection", "slow connection"]
    assert f"*slow connection*: {100 * repeats['sum'].iloc[:2].sum() / repeats['sum'].sum():.0f} % of all" in text
    assert repeats["mean"].idxmax() == "cancellation" and f"{100 * repeats['mean'].max():.1f} % of its calls" in text
    young = table.xs("up to 6 months", level="band")["customers"]
    assert f"{young['never']} of the 1,010 who never contacted us" in text
    assert f"of the 2,812 others only {young['contacted']}" in text
    assert tuple(table.loc[("never", "6 to 12")]) == (40, 109) and tuple(table.loc[("contacted", "6 to 12")]) == (
        160,
        307,
    )
    assert scope["few"].upper < scope["many"].lower


def test_the_damaged_export_looks_like_a_bad_week():
    scope = worked(LESSON)
    table = scope["damaged"].section("summary").table.set_index("measure")["value"]

    assert not scope["damaged"].ok and scope["good"].ok and len(scope["damaged"].checks) == 11
    assert round(100 * table["service level"], 1) == 74.5


def test_what_lies_behind_the_curtain_is_told_as_it_is():
    text, size = text_of(LESSON), data.centre().truth.set_index("effect")["size"]

    assert f"needs {100 * size['learning_extra']:.0f} % more time" in text
    assert f"Of those who hang up {100 * size['repeat_hung_up']:.0f} % call again" in text
    assert f"leave {size['churn_young']:.1f} times as often" in text
    assert round(2 ** size["churn_trouble"], 1) == 1.5
