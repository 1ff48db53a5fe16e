"""Evaluation forms, assessors' bias and calibration sessions, with figures worked out by hand or by other methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ccskills import data
from ccskills._text import Text
from ccskills.quality import (
    EvaluationForm,
    FormItem,
    assessor_bias,
    calibration_report,
    cohen_kappa,
    form_report,
    score,
    standard_form,
    wilson_interval,
)

NAME = Text("name", "名称")
SHORT = EvaluationForm(
    NAME,
    (
        FormItem("tone", NAME, 50),
        FormItem("record", NAME, 30),
        FormItem("closing", NAME, 20),
        FormItem("answer", NAME, critical="customer"),
        FormItem("identity", NAME, critical="compliance"),
    ),
)


def contacts(*rows: str) -> pd.DataFrame:
    """Marks of contacts in the order of the short form: m met, p partly, x not met, - not applicable."""
    words = {"m": "met", "p": "partly", "x": "not met", "-": "n/a"}
    return pd.DataFrame([[words[mark] for mark in row] for row in rows], columns=[item.key for item in SHORT.items])


# --- forms --------------------------------------------------------------------------------------------------------


def test_points_are_weighted_and_what_does_not_apply_counts_neither_way() -> None:
    found = score(SHORT, contacts("mmmmm", "mpxmm", "m-xmm", "xx-mm"))

    # By hand: 100; (50 + 15) / 100; 50 / 70; 0 / 80
    assert found["score"].tolist() == pytest.approx([100, 65, 100 * 50 / 70, 0])
    assert found["passed"].tolist() == [True, False, False, False]


def test_a_critical_error_leaves_the_score_and_fails_the_contact() -> None:
    found = score(SHORT, contacts("mmmxm", "mmmxx", "mmm--"))

    assert found["score"].tolist() == [100, 100, 100]
    assert found[["customer", "compliance"]].to_numpy().tolist() == [[1, 0], [1, 1], [0, 0]]
    assert found["passed"].tolist() == [False, False, True]
    assert "business" not in found


def test_marks_may_be_the_numbers_of_a_paper_form() -> None:
    marks = pd.DataFrame({"tone": [1], "record": [2], "closing": ["n/a"], "answer": [True], "identity": [0]})

    found = score(SHORT, marks)

    assert found["score"].tolist() == pytest.approx([100 * (25 + 30) / 80])
    assert found["compliance"].tolist() == [1]


def test_an_item_may_have_steps_of_its_own() -> None:
    item = FormItem("tone", NAME, 10, options=(("A", 1.0), ("B", 0.8), ("C", 0.0)))

    assert score(EvaluationForm(NAME, (item,)), pd.DataFrame({"tone": ["A", "B"]}))["score"].tolist() == [100, 80]


def test_the_standard_form_marks_the_generated_centre_as_its_table_says() -> None:
    evaluations = data.centre().evaluations

    found = score(standard_form(), evaluations)

    assert found["score"].to_numpy() == pytest.approx(evaluations["score"].to_numpy())
    for kind in ("customer", "business", "compliance"):
        assert (found[kind] == 1 - evaluations[f"{kind}_critical"]).all()


def test_the_generated_sessions_of_calibration_can_be_reported() -> None:
    session = data.centre().calibration.query("session == 1")
    reference = session["assessor"] == "reference"

    report = calibration_report(standard_form(), session[~reference], session[reference])

    # The table holds the scores itself
    scores = session.pivot(index="contact", columns="assessor", values="score")
    by_hand = scores.sub(scores["reference"], axis=0).drop(columns="reference").mean()
    assert report.assessors["bias"].to_dict() == pytest.approx(by_hand.to_dict())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("mpx-", min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_score_is_between_0_and_100_and_better_marks_never_lower_it(rows: list[str]) -> None:
    rows = [row if set(row) != {"-"} else "m--" for row in rows]

    found = score(SHORT, contacts(*[row + "mm" for row in rows]))["score"]
    better = score(SHORT, contacts(*[row.replace("p", "m").replace("x", "p") + "mm" for row in rows]))["score"]

    assert found.between(0, 100).all()
    assert (better >= found - 1e-9).all()


def test_the_standard_form_asks_for_all_three_classes_and_speaks_both_languages() -> None:
    form = standard_form()

    assert len(form.items) == 10
    assert sum(item.weight for item in form.items) == 100
    assert [item.critical for item in form.items if item.critical] == ["customer", "business", "compliance"]
    assert all(item.name.en and item.name.zh for item in form.items)


def test_each_class_has_its_own_accuracy_with_wilsons_limits_for_every_agent() -> None:
    marks = contacts("mmmmm", "mmmxm", "mmmmm", "mmmmx", "mmmxm").assign(agent_id=["A", "A", "A", "B", "B"])

    report = form_report(SHORT, marks, by="agent_id")

    assert report["contacts"].tolist() == [3, 2]
    assert report["customer"].tolist() == pytest.approx([2 / 3, 1 / 2])
    assert report["compliance"].tolist() == pytest.approx([1, 1 / 2])
    limits = wilson_interval(2, 3)
    assert report.loc["A", ["customer_lower", "customer_upper"]].tolist() == pytest.approx([limits.lower, limits.upper])
    assert report["passed"].tolist() == pytest.approx([2 / 3, 0])


def test_a_report_may_cover_everybody_or_several_columns() -> None:
    marks = contacts("mmmmm", "mmmxm", "mmmmm").assign(team=["N", "N", "S"], channel=["chat", "voice", "voice"])

    assert form_report(SHORT, marks)["contacts"].tolist() == [3]
    both = form_report(SHORT, marks, by=["team", "channel"])
    assert both.index.tolist() == [("N", "chat"), ("N", "voice"), ("S", "voice")]
    assert both["contacts"].sum() == 3


# --- assessors ----------------------------------------------------------------------------------------------------


def evaluated(assessors: str, gaps: list[float], dates: Any = None) -> pd.DataFrame:
    table = pd.DataFrame({"assessor": list(assessors), "reference": 80.0, "score": 80.0 + np.array(gaps)})
    return table if dates is None else table.assign(date=pd.to_datetime(dates))


def test_bias_and_its_interval_are_those_of_the_t_test() -> None:
    gaps = [2.0, 5.0, -1.0, 4.0, -6.0, -9.0, -7.0]

    found = assessor_bias(evaluated("AAAABBB", gaps), tolerance=5)

    # Another implementation: scipy.stats.ttest_1samp
    for assessor, part in (("A", gaps[:4]), ("B", gaps[4:])):
        limits = stats.ttest_1samp(part, 0).confidence_interval(0.95)
        row = found.loc[assessor]
        assert [row["bias"], row["lower"], row["upper"]] == pytest.approx([np.mean(part), limits.low, limits.high])
        assert row["sd"] == pytest.approx(np.std(part, ddof=1))
    assert found["within_tolerance"].tolist() == [1.0, 0.0]
    assert "drift_per_month" not in found


def test_drift_is_the_slope_over_time_with_its_interval() -> None:
    dates = ["2026-01-05", "2026-01-20", "2026-02-10", "2026-03-15", "2026-04-01"]
    gaps = [0.0, 1.0, 1.5, 4.0, 3.5]

    row = assessor_bias(evaluated("AAAAA", gaps, dates)).loc["A"]

    # Another implementation: scipy.stats.linregress on months of 365.25 / 12 days
    months = (pd.to_datetime(dates) - pd.Timestamp("2026-01-05")).days.to_numpy() / (365.25 / 12)
    line = stats.linregress(months, gaps)
    half = stats.t.ppf(0.975, 3) * line.stderr
    assert [row["drift_per_month"], row["drift_lower"], row["drift_upper"]] == pytest.approx(
        [line.slope, line.slope - half, line.slope + half]
    )


def test_no_drift_is_claimed_from_one_date() -> None:
    found = assessor_bias(evaluated("AAABBB", [1.0, 2.0, 3.0, 1.0, 2.0, 4.0], ["2026-01-05"] * 3 + [
        "2026-01-05", "2026-02-05", "2026-03-05"
    ]))  # fmt: skip

    assert found["drift_per_month"].isna().tolist() == [True, False]
    assert (found.filter(like="drift").dtypes == np.float64).all()


# --- calibration --------------------------------------------------------------------------------------------------


def session(reference: list[str], **raters: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    labels = [f"c{number}" for number in range(1, len(reference) + 1)]
    marks = [contacts(*rows).assign(assessor=rater, contact=labels) for rater, rows in raters.items()]
    return pd.concat(marks, ignore_index=True), contacts(*reference).assign(contact=labels)


REFERENCE = ["mmmmm", "mpmxm", "xmmmx", "mmmmm", "mmxxm", "mmmmx"]


def test_raters_who_mark_as_the_reference_pass() -> None:
    marks, reference = session(REFERENCE, Li=REFERENCE, Wang=REFERENCE, Zhao=REFERENCE)

    report = calibration_report(SHORT, marks, reference)

    assert report.passed
    assert report.items[["between_raters", "agreement"]].to_numpy().tolist() == [[1, 1]] * 5
    assert report.items["kappa"].tolist() == pytest.approx([1] * 5)
    assert report.missed["missed"].sum() == 0
    assert report.icc == pytest.approx(1)
    assert report.say("zh").splitlines()[0] == "本次校准合格：3项标准全部达到。"


def test_a_missed_critical_error_a_low_kappa_and_a_mild_rater_are_named() -> None:
    mild = ["mmmmm", "mmmxm", "mmmmm", "mmmmm", "mmmmm", "mmmmx"]
    marks, reference = session(REFERENCE, Li=REFERENCE, Wang=REFERENCE, Zhao=mild)

    report = calibration_report(SHORT, marks, reference)

    # By hand: Zhao forgives 15, 50 and 20 points in 6 contacts: +14.2; misses c5 answer and c3 identity
    assert not report.passed
    assert report.assessors["bias"].to_dict() == pytest.approx({"Li": 0, "Wang": 0, "Zhao": 85 / 6})
    assert report.assessors["missed"].to_dict() == {"Li": 0, "Wang": 0, "Zhao": 2}
    lost = report.missed[report.missed["missed"] > 0]
    assert lost[["contact", "item", "critical", "missed"]].to_numpy().tolist() == [
        ["c5", "answer", "customer", 1],
        ["c3", "identity", "compliance", 1],
    ]
    assert report.say().splitlines() == [
        "The session does not pass: 2 of 3 thresholds are missed.",
        "Mean deviation: beyond 5 points of the reference: Zhao (+14.2).",
        "Critical items: none has a kappa below 0.7.",
        "Critical errors missed by more than 10% of raters: answer in contact c5 (1 of 3), "
        "identity in contact c3 (1 of 3).",
        "Raters differ most on tone (89% of pairs agree): look at its wording first.",
    ]
    assert report.say("zh").splitlines()[1] == "平均偏差超出标准分±5分：Zhao（+14.2）。"


def test_kappa_of_an_item_is_that_of_all_marks_with_the_reference() -> None:
    other = ["mmmmm", "mpmmm", "xmmmx", "mmmxm", "mmxxm", "mmmmm"]
    marks, reference = session(REFERENCE, Li=REFERENCE, Wang=other)

    report = calibration_report(SHORT, marks, reference)

    right = [row[3] for row in REFERENCE]
    given = right + [row[3] for row in other]
    assert report.items.loc["answer", "kappa"] == pytest.approx(cohen_kappa(given, right * 2).kappa)
    assert report.items.loc["answer", "between_raters"] == pytest.approx(4 / 6)
    assert report.items.index[0] == "answer"
    assert "kappa below 0.7: answer" in report.say()


def test_a_session_without_a_critical_error_says_that_it_tested_none() -> None:
    calm = ["mmmmm", "mpmmm", "xmmmm"]
    marks, reference = session(calm, Li=calm, Wang=["mmmmm", "mpmmx", "xmmmm"])

    report = calibration_report(SHORT, marks, reference)

    assert report.items.loc[["answer", "identity"], "kappa"].isna().all()
    assert "not tested, for lack of such an error: identity, answer" in report.say()
    assert report.missed.empty


# --- bad input ----------------------------------------------------------------------------------------------------

MARKS, RIGHT = session(REFERENCE, Li=REFERENCE, Wang=REFERENCE)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: FormItem("tone", NAME),
            "weight must be above 0, got 0",
        ),
        (
            lambda: FormItem("identity", NAME, critical="legal"),
            "critical must be one of customer, business, compliance, got 'legal'",
        ),
        (
            lambda: FormItem("identity", NAME, critical="business", options=(("half", 0.5),)),
            "a critical item is met or not, got options 0.5 for 'identity'",
        ),
        (
            lambda: EvaluationForm(NAME, (SHORT.items[0], SHORT.items[0])),
            "items must have different keys, got tone, tone",
        ),
        (
            lambda: EvaluationForm(NAME, SHORT.items[3:]),
            "a form must have at least one item that is not critical, got 2 critical items",
        ),
        (lambda: EvaluationForm(NAME, SHORT.items, 101), "pass_score must be at most 100 points, got 101"),
        (
            lambda: score(SHORT, contacts("mmmmm").drop(columns="tone")),
            "evaluations must have the columns tone, record, closing, answer, identity, got no tone",
        ),
        (
            lambda: score(SHORT, contacts("mmmpm")),
            "marks of item 'answer' must be one of met, not met, n/a, 1, 0, got 'partly' in row 0",
        ),
        (
            lambda: score(SHORT, contacts("mmmmm").assign(tone=[np.nan])),
            "marks of item 'tone' must be one of met, partly, not met, n/a, 2, 1, 0, got nan in row 0",
        ),
        (
            lambda: score(SHORT, contacts("mmmmm", "---mm")),
            "at least one item with points must apply to every contact, got none in row 1",
        ),
        (
            lambda: form_report(SHORT, contacts("mmmmm").assign(team=[None]), by="team"),
            "evaluations must have a team in every row, got none in 1",
        ),
        (
            lambda: assessor_bias(evaluated("AAB", [1, 2, 3])),
            "each assessor must have at least two contacts with a reference, got 1 for B",
        ),
        (lambda: assessor_bias(evaluated("AA", [1, 25])), "score must be at most 100 points, got 105"),
        (lambda: assessor_bias(evaluated("AA", [1, np.nan])), "score must be finite numbers, got nan at position 1"),
        (
            lambda: calibration_report(SHORT, MARKS[MARKS["assessor"] == "Li"], RIGHT),
            "a session needs at least two raters, got 1",
        ),
        (lambda: calibration_report(SHORT, MARKS, RIGHT.head(1)), "a session needs at least two contacts, got 1"),
        (
            lambda: calibration_report(SHORT, MARKS.drop(index=7), RIGHT),
            "every rater must mark every contact of the reference, got no c2 by Wang",
        ),
        (
            lambda: calibration_report(SHORT, pd.concat([MARKS, MARKS.tail(1)]), RIGHT),
            "each rater must mark each contact once, got Wang twice on c6",
        ),
        (
            lambda: calibration_report(SHORT, MARKS, RIGHT.head(5)),
            "marks must be of contacts of the reference, got c6, which is not in it",
        ),
        (
            lambda: calibration_report(SHORT, MARKS, pd.concat([RIGHT, RIGHT.head(1)])),
            "reference must hold each contact once, got c1 twice",
        ),
        (
            lambda: calibration_report(SHORT, MARKS, RIGHT, most_missed=10),
            "most_missed must be a share between 0 and 1, got 10; write 0.1",
        ),
    ],
)
def test_marks_and_forms_that_do_not_fit_are_refused(call: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        call()

    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: assessor_bias(evaluated("AA", [1, 2]).assign(date=["May", "June"])),
            "date must be a column of dates, got str",
        ),
        (
            lambda: score("form", contacts("mmmmm")),  # type: ignore[arg-type]
            "form must be an EvaluationForm, such as standard_form(), got str",
        ),
        (
            lambda: calibration_report(None, MARKS, RIGHT),  # type: ignore[arg-type]
            "form must be an EvaluationForm, such as standard_form(), got NoneType",
        ),
        (
            lambda: FormItem("tone", "tone", 5),  # type: ignore[arg-type]
            "an item needs a key and a Text as name, got 'tone' and 'tone'",
        ),
        (
            lambda: FormItem("tone", NAME, 5, options=("good", "bad")),  # type: ignore[arg-type]
            "options must be pairs of a mark and its share or None, got \"('good', 'bad')\"",
        ),
        (
            lambda: EvaluationForm(NAME, "tone"),  # type: ignore[arg-type]
            "items must be a tuple of FormItem, got 'tone'",
        ),
        (
            lambda: form_report(SHORT, contacts("mmmmm"), by=[1]),  # type: ignore[list-item]
            "by must be the name of a column or a list of names, got '[1]'",
        ),
    ],
)
def test_things_of_the_wrong_kind_are_refused(call: Any, sentence: str) -> None:
    with pytest.raises(TypeError) as error:
        call()

    assert str(error.value) == sentence
