"""What was put into quality, experience and money of the generated centre can be found in it again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import ndtr

from ccskills.data import Centre, centre

POINTS = {"greeting": 10, "listening": 20, "explanation": 24, "tone": 18, "hold_handling": 8, "closing": 8, "notes": 12}
MOST = {"greeting": 2, "listening": 2, "explanation": 2, "tone": 2, "hold_handling": 1, "closing": 2, "notes": 1}
CRITICAL = ["customer_critical", "business_critical", "compliance_critical"]


@pytest.fixture(scope="module")
def ours() -> Centre:
    return centre(days=725)


@pytest.fixture(scope="module")
def truth(ours: Centre) -> pd.DataFrame:
    return ours.truth.set_index("effect")


def assessor(truth: pd.DataFrame, effect: str) -> str:
    return str(truth.loc[effect, "where"]).split(", ")[1]


def slope(x: pd.Series, y: pd.Series) -> tuple[float, float]:
    """Slope of a regression line and its standard error."""
    dx = x - x.mean()
    b = float((dx * y).sum() / (dx**2).sum())
    left = y - y.mean() - b * dx
    return b, float(np.sqrt((left**2).sum() / (len(x) - 2) / (dx**2).sum()))


def test_a_score_is_the_sum_of_its_items(ours: Centre) -> None:
    for table in (ours.evaluations, ours.calibration):
        score = sum(table[item] / MOST[item] * points for item, points in POINTS.items())

        assert score.to_numpy() == pytest.approx(table["score"].to_numpy())
        assert all(table[item].between(0, most).all() for item, most in MOST.items())
        assert table[CRITICAL].isin([0, 1]).all().all()


def test_evaluated_people_were_at_work_in_that_channel(ours: Centre) -> None:
    evaluations = ours.evaluations
    agents = ours.agents.set_index("agent_id").loc[evaluations["agent_id"]].reset_index(drop=True)

    assert (agents["on_floor"] <= evaluations["date"]).all()
    assert not (agents["left"] <= evaluations["date"]).any()
    day = pd.Timestamp("2026-03-10")
    that_day = evaluations[evaluations["date"] == day]
    states = ours.activity(day)
    for agent, channel in zip(that_day["agent_id"], that_day["channel"], strict=True):
        own = states[states["agent_id"] == agent]["state"]
        assert {"voice": "phone"}.get(channel, channel) in set(own)


@pytest.mark.parametrize("seed", [2026, 5])
def test_the_drift_of_one_assessor_is_found_by_regression_and_the_others_have_none(seed: int) -> None:
    other = centre(seed, 725)
    truth, rows = other.truth.set_index("effect"), other.evaluations
    months = (rows["date"] - rows["date"].min()).dt.days / 30.4

    for name, group in rows.groupby("assessor"):
        found, error = slope(months[group.index], group["score"])
        there = truth.loc["assessor_milder", "size"] if name == assessor(truth, "assessor_milder") else 0.0

        assert abs(found - there) < 3.3 * error


def test_one_assessor_is_five_points_stricter(ours: Centre, truth: pd.DataFrame) -> None:
    rows = ours.evaluations[ours.evaluations["assessor"] != assessor(truth, "assessor_milder")]
    strict = rows["assessor"] == assessor(truth, "assessor_stricter")

    difference = rows.loc[strict, "score"].mean() - rows.loc[~strict, "score"].mean()

    error = rows["score"].std() * np.sqrt(1 / strict.sum() + 1 / (~strict).sum())
    assert abs(difference - truth.loc["assessor_stricter", "size"]) < 3 * error


def test_one_assessor_overlooks_half_of_the_compliance_errors(ours: Centre, truth: pd.DataFrame) -> None:
    marks = ours.calibration.pivot(index="contact", columns="assessor", values="compliance_critical")
    wrong = marks[marks["reference"] == 0].drop(columns="reference")
    blind = assessor(truth, "assessor_blind")

    missed = wrong.mean()

    assert len(wrong) > 20
    assert abs(missed[blind] - 0.5) < 3 * np.sqrt(0.25 / len(wrong))
    assert missed.drop(blind).max() < missed[blind]
    rates = 1 - ours.evaluations.groupby("assessor")["compliance_critical"].mean()
    assert rates.idxmin() == blind


def test_all_assessors_mark_the_same_contacts_in_a_calibration(ours: Centre) -> None:
    calibration = ours.calibration

    assert calibration.groupby("contact")["assessor"].nunique().eq(6).all()
    assert len(calibration) == calibration["contact"].nunique() * 6
    assert calibration.groupby("session")["date"].nunique().eq(1).all()
    errors = calibration.pivot(index="contact", columns="assessor", values="score")
    gaps = errors.sub(errors["reference"], axis=0).drop(columns="reference")
    assert gaps.abs().mean().between(1, 15).all()


def test_the_causes_of_satisfaction_are_found_by_an_ordered_probit(ours: Centre, truth: pd.DataFrame) -> None:
    rows = ours.surveys[ours.surveys["channel"] == "voice"]
    causes = np.column_stack([rows["resolved"], rows["wait_s"].clip(upper=300) / 60, rows["transferred"]]).astype(float)
    csat = rows["csat"].to_numpy()

    def loss(values: np.ndarray) -> float:
        edges = np.concatenate([[-np.inf], np.cumsum([values[0], *np.exp(values[1:4])]), [np.inf]])
        level = causes @ values[4:]
        return float(-np.log(ndtr(edges[csat] - level) - ndtr(edges[csat - 1] - level) + 1e-12).sum())

    found = minimize(loss, [-2.0, -0.5, -0.3, 0.0, 1.0, 0.0, 0.0], method="BFGS").x[4:]

    assert found == pytest.approx(
        truth.loc[["csat_resolution", "csat_wait", "csat_transfer"], "size"].astype(float), abs=0.15
    )
    weights = np.abs(found) * causes.std(axis=0)
    assert weights[0] > weights[1] > weights[2]


def test_survey_answers_stay_on_their_scales_and_go_together(ours: Centre) -> None:
    rows = ours.surveys

    for column, low, high in (("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)):
        assert rows[column].between(low, high).all() and rows[column].nunique() == high - low + 1
    rater = [column for column in rows if column.endswith(("_expected", "_perceived"))]
    assert len(rater) == 10 and rows[rater].stack().between(1, 7).all()
    together = rows[["csat", "nps", "ces"]].corr().to_numpy()
    assert (together > 0.4).all()
    assert rows["reliability_perceived"].mean() < rows["reliability_expected"].mean()
    known = set(ours.agents["agent_id"])
    assert set(rows["agent_id"]) <= known


def test_waits_of_the_surveys_are_those_of_the_half_hours(ours: Centre) -> None:
    for channel, table, target in (("voice", ours.intervals, 20), ("chat", ours.chat, 60)):
        share = table["answered_within"].sum() / table["answered"].sum()

        waits = ours.surveys.loc[ours.surveys["channel"] == channel, "wait_s"]

        assert (waits <= target).mean() == pytest.approx(share, abs=0.03)


def test_many_who_are_dissatisfied_never_complain(ours: Centre, truth: pd.DataFrame) -> None:
    rows = ours.surveys
    unhappy = rows["csat"] <= 2

    assert 0.01 < rows.loc[unhappy, "complained"].mean() < 0.06
    assert rows.loc[~unhappy, "complained"].mean() < 0.002
    contacts = ours.intervals["answered"].sum() + ours.chat["answered"].sum() + ours.email["handled"].sum()
    told = sum(truth.loc[f"complain_{csat}", "size"] * (rows["csat"] == csat).mean() for csat in (1, 2))
    assert len(ours.complaints) / contacts == pytest.approx(told, rel=0.35)


def test_complaints_run_in_order_and_what_is_open_has_no_end(ours: Centre) -> None:
    rows = ours.complaints
    end = ours.intervals.index[-1].normalize() + pd.Timedelta(days=1)

    assert rows["opened"].is_monotonic_increasing
    assert (rows["closed"].dropna() > rows.loc[rows["closed"].notna(), "opened"]).all()
    assert (rows["closed"].isna() == rows["satisfied_after"].isna()).all()
    hours = (rows["closed"] - rows["opened"]).dt.total_seconds() / 3600
    assert (hours.dropna() >= rows.loc[hours.notna(), "first_response_h"] - 0.1).all()
    assert (rows["customer_left_90d"].isna() == (rows["opened"] + pd.Timedelta(days=90) >= end)).all()
    named = rows["agent_id"].notna()
    assert set(rows.loc[named, "category"]) == {
        "promise not kept",
        "attitude of an agent",
        "cancellation made difficult",
    }


def test_recovery_keeps_customers_and_the_outage_brings_complaints(ours: Centre, truth: pd.DataFrame) -> None:
    rows = ours.complaints.dropna(subset=["satisfied_after", "customer_left_90d"])
    days = ours.complaints.groupby(ours.complaints["opened"].dt.normalize()).size()

    for effect, content in (("left_content", True), ("left_angry", False)):
        left = rows.loc[rows["satisfied_after"] == content, "customer_left_90d"].astype(float)
        size = truth.loc[effect, "size"]
        assert abs(left.mean() - size) < 3.3 * np.sqrt(size * (1 - size) / len(left))
    paid = rows.groupby("compensated")["satisfied_after"].mean()
    assert paid[True] > paid[False] + 0.1
    slow = rows.groupby(rows["first_response_h"] > 12)["satisfied_after"].mean()
    assert slow[True] < slow[False] - 0.05
    assert days["2026-04-15":"2026-04-18"].mean() > 1.3 * days["2026-04-06":"2026-04-14"].mean()


def test_customers_leave_at_the_rates_of_their_segment(ours: Centre, truth: pd.DataFrame) -> None:
    rows = ours.customers
    end = ours.intervals.index[-1].normalize()

    for segment, group in rows.groupby("segment"):
        rate = group["churned"].sum() / group["months"].sum()
        assert rate == pytest.approx(truth.loc[f"churn_{segment.replace(' ', '_')}", "size"], rel=0.25)
    assert (rows["last_contact"].isna() == (rows["contacts_12m"] == 0)).all()
    asked = rows[rows["last_contact"].notna()]
    assert (asked["last_contact"] >= asked["joined"]).all() and (asked["last_contact"] <= end).all()
    stayed = rows[~rows["churned"]]
    assert stayed["months"].to_numpy() == pytest.approx(((end - stayed["joined"]).dt.days / 30.4).round(1).to_numpy())
    busy = rows["contacts_12m"] / rows["months"].clip(1, 12) > 0.5
    rates = rows.groupby(busy)[["churned", "months"]].sum()
    assert (
        rates.loc[True, "churned"] / rates.loc[True, "months"]
        > rates.loc[False, "churned"] / rates.loc[False, "months"]
    )


def test_costs_follow_people_and_hours(ours: Centre, truth: pd.DataFrame) -> None:
    costs = ours.costs.pivot(index="month", columns="category", values="amount")
    agents = ours.agents
    middles = costs.index + pd.Timedelta(days=14)
    heads = np.array([((agents["hired"] <= day) & ~(agents["left"] <= day)).sum() for day in middles])

    assert len(ours.costs) == 24 * 10 and (ours.costs["amount"] >= 0).all()
    full = slice(1, None)  # January 2025 begins on the 6th
    per_head = (costs["wages"] / heads).to_numpy()[full]
    before, after = per_head[:11].mean(), per_head[11:].mean()
    assert after / before == pytest.approx(truth.loc["raise_2026", "size"], abs=0.02)
    hires = ours.movements[ours.movements["kind"] == "hire"]["date"].dt.to_period("M").value_counts()
    assert ((costs["recruiting"] > 0) == costs.index.to_period("M").isin(hires.index)).all()
    volume = ours.intervals["answered"].resample("MS").sum()
    assert np.corrcoef(volume[full], costs["telecom"][full])[0, 1] > 0.9
    assert costs["overtime"].nlargest(4).index.month.isin([2, 5, 10]).all()  # holidays are paid three times


def test_the_budget_is_near_the_costs_and_has_the_same_shape(ours: Centre) -> None:
    costs, budget = (
        table.pivot(index="month", columns="category", values="amount") for table in (ours.costs, ours.budget)
    )

    assert costs.index.equals(budget.index) and costs.columns.equals(budget.columns)
    assert (budget > 0).all().all()
    ratio = costs.sum(axis=1) / budget.sum(axis=1)
    assert ratio.between(0.9, 1.1).all()
    assert ratio.nunique() == len(ratio)


def test_a_part_of_a_month_has_its_part_of_the_costs() -> None:
    part, whole = (centre(days=days).costs.set_index(["month", "category"])["amount"] for days in (66, 85))

    march = pd.Timestamp("2025-03-01")
    assert part[march, "rent"] == pytest.approx(whole[march, "rent"] * 12 / 31, rel=1e-4)
    february = pd.Timestamp("2025-02-01")
    assert part[february].equals(whole[february])
