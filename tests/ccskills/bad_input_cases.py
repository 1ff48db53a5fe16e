"""Valid arguments for every public function of the modules that take data: what `test_bad_input` spoils one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ccskills import data, experience, finance, forecasting, maturity, performance, process, quality, risk, staffing
from ccskills._text import Text

MODULES = (data, experience, finance, forecasting, maturity, performance, process, quality, risk, staffing)

DAYS = pd.date_range("2026-01-05", periods=42, freq="D")
HISTORY = pd.Series(
    [20.0 + day % 7 + 5 * hour for day in range(42) for hour in range(3)],
    index=pd.DatetimeIndex([day + pd.Timedelta(hours=9 + hour) for day in DAYS for hour in range(3)], name="start"),
    name="calls",
)
LONG = pd.Series(
    [50.0 + day.day_of_week for day in pd.date_range("2026-01-05", periods=98, freq="D")],
    index=pd.date_range("2026-01-05 09:00", periods=98, freq="D"),
)
EVENTS = pd.DataFrame(
    {
        "start": ["2026-01-20", "2026-02-18"],
        "end": ["2026-01-20", "2026-02-18"],
        "kind": ["campaign", "campaign"],
        "factor": [1.2, 1.3],
    }
)
PLAN = forecasting.forecast(HISTORY, 2, "weekday_median")
MORNING = HISTORY.iloc[:1].set_axis(PLAN.index[:1])
FORM = quality.EvaluationForm(
    Text("short form", "简表"),
    (
        quality.FormItem("tone", Text("is polite", "礼貌"), 60),
        quality.FormItem("record", Text("leaves a record", "有记录"), 40),
        quality.FormItem("identity", Text("checks identity", "核实身份"), critical="compliance"),
    ),
)
MARKED = pd.DataFrame(
    {
        "agent_id": ["A", "A", "B", "B"],
        "tone": ["met", "partly", "met", "met"],
        "record": ["met", "met", "n/a", "met"],
        "identity": ["met", "met", "not met", "met"],
    }
)
REFERENCE = MARKED.drop(columns="agent_id").assign(contact=[1, 2, 3, 4])
SESSION = pd.concat([REFERENCE.assign(assessor=name) for name in ("Li", "Wang")], ignore_index=True)
SHEET = maturity.points("park").assign(level=3, evidence="seen")
ASSESSED = maturity.assess(SHEET, "park")
SCHEME = performance.BonusScheme(1000.0, team_weight=0.3)
RATED = {"reliability": [6.0, 5.0, 7.0], "assurance": [6.0, 6.0, 7.0], "tangibles": [5.0, 6.0, 6.0]}
RATED |= {"empathy": [6.0, 6.0, 5.0], "responsiveness": [7.0, 6.0, 6.0]}
MOMENTS = pd.to_datetime(["2026-03-01", "2026-03-03", "2026-03-02", "2026-03-30"])
RECOVERY = pd.DataFrame({"promised_min": [30, 120], "tested_min": [25.0, 110.0]}, index=["voice", "e-mail"])


def saving(calls: float, wage: float) -> float:
    """A case for `sensitivity` and `outlook`."""
    return calls * wage


CASES: dict[Callable[..., Any], dict[str, Any]] = {
    data.load: {"name": "bank_calls"},
    data.half_hours: {
        "history": pd.Series(range(8), index=pd.date_range("2026-03-02 09:00", periods=8, freq="15min")),
        "interval_min": 30,
    },
    data.centre: {"seed": 1, "days": 2},
    # forecasting
    forecasting.profile: {"history": HISTORY, "weeks": 4},
    forecasting.forecast: {
        "history": HISTORY, "horizon_days": 2, "method": "weekday_median", "coverage": 0.8,
        "closed": ["2026-02-16"], "events": EVENTS,
    },
    forecasting.backtest: {
        "history": HISTORY, "methods": ["seasonal_naive"], "horizon_days": 5, "origins": 2, "events": EVENTS,
    },
    forecasting.clean: {"history": HISTORY, "events": EVENTS, "spikes": 6.0},
    forecasting.event_effects: {"history": HISTORY, "events": EVENTS, "confidence": 0.9},
    forecasting.monthly: {
        "history": LONG, "months": 2, "events": EVENTS.iloc[:1], "closed": ["2026-04-20"], "coverage": 0.8,
    },
    forecasting.accuracy: {"actual": [10, 200, 230], "forecast": [12, 190, 240], "history": [9, 8, 6, 9], "season": 2},
    forecasting.accuracy_by: {"actual": HISTORY, "forecast": HISTORY + 1, "by": "hour"},
    forecasting.reforecast: {"forecast": PLAN, "actual_so_far": MORNING},
    # staffing
    staffing.offered_load: {"calls": [100, 50], "aht_s": 240, "interval_min": 30},
    staffing.erlang_b: {"load": [10.0, 5.0], "agents": [10, 8]},
    staffing.erlang_c: {"load": [10.0, 5.0], "agents": [12, 8], "aht_s": 240, "within_s": 20},
    staffing.erlang_a: {"load": [10.0, 5.0], "agents": [12, 8], "aht_s": 240, "patience_s": 120, "within_s": 20},
    staffing.agents_required: {
        "load": [10.0, 5.0], "aht_s": 240, "service_level": 0.8, "within_s": 20, "patience_s": 120,
        "max_occupancy": 0.85, "shrinkage": 0.3, "whole": True, "max_asa_s": 60, "max_abandonment": 0.05,
    },
    staffing.agents_scheduled: {"agents": [10, 12], "shrinkage": 0.3, "whole": True},
    staffing.shrinkage: {
        "planned": {"leave": 32, "breaks": 40}, "unplanned": {"sickness": 8}, "paid_hours": 400, "of_present": [],
    },
    staffing.deliver: {
        "calls": [100, 60], "aht_s": 240, "agents": [17, 12], "within_s": 20, "patience_s": 180, "interval_min": 30,
    },
    staffing.chat_delivered: {
        "chats": [20, 10], "aht_s": 600, "agents": 10, "concurrency": 3, "slowdown": 0.2, "within_s": 60,
        "patience_s": 240, "interval_min": 30,
    },
    staffing.chat_required: {
        "chats": [20, 10], "aht_s": 600, "concurrency": 3, "slowdown": 0.2, "service_level": 0.8, "within_s": 60,
        "patience_s": 240, "shrinkage": 0.3, "interval_min": 30,
    },
    staffing.back_office_required: {
        "arrivals": [900, 400, 350], "handle_s": 600, "deadline": 1, "efficiency": 0.85, "hours": 7.5,
        "counted": "working", "level": True, "free_hours": [1.0, 0.0, 2.0], "whole": True,
    },
    staffing.backlog: {
        "arrivals": [900, 400, 350], "staff": 14, "handle_s": 600, "deadline": 1, "efficiency": 0.85, "hours": 7.5,
        "counted": "working", "free_hours": 0.0,
    },
    staffing.idle_hours: {"agents": [17, 12], "occupancy": 0.8, "hours": 0.5, "usable": 0.5},
    staffing.estimate_patience: {"wait_s": [10, 20, 90], "abandoned": [False, True, True], "level": 0.95},
    staffing.patience_curve: {"wait_s": [10, 20, 90], "abandoned": [False, True, True], "level": 0.95},
    staffing.fte: {"scheduled_hours": [100.0, 200.0], "hours_per_fte": 160},
    staffing.annual_attrition: {"monthly": [0.03, 0.02], "method": "sum"},
    staffing.monthly_attrition: {"annual": [0.36, 0.2], "method": "cohort"},
    staffing.capacity_plan: {
        "required_fte": [50, 50, 52], "start_headcount": 53, "attrition": 0.03, "training_months": 1,
        "ramp": [0.5, 0.75], "lead_months": 1, "hires": None, "class_min": 1, "class_max": 20, "overtime": 0.05,
        "recruiting_accuracy": 0.9,
    },
    # quality
    quality.acceptance_probability: {"error_share": [0.01, 0.05], "sample": 89, "accept": 2},
    quality.allocate: {"sizes": [6000, 3000], "total": 25, "method": "neyman", "error_shares": [0.02, 0.3]},
    quality.assessor_bias: {
        "evaluations": pd.DataFrame(
            {
                "assessor": ["Li", "Li", "Li", "Wang", "Wang"],
                "score": [88.0, 92.0, 79.0, 70.0, 81.0],
                "reference": [87.0, 90.0, 80.0, 80.0, 90.0],
                "date": pd.date_range("2026-01-01", periods=5),
            }
        ),
        "tolerance": 5.0, "confidence": 0.95,
    },
    quality.calibration_report: {
        "form": FORM, "marks": SESSION, "reference": REFERENCE, "tolerance": 5.0, "least_kappa": 0.7,
        "most_missed": 0.1,
    },
    quality.capability: {
        "values": [301.0, 296.0, 305.0, 299.0], "lower": 270.0, "upper": 330.0, "target": 300.0, "confidence": 0.95,
    },
    quality.cohen_kappa: {
        "first": [1, 2, 3, 3], "second": [1, 3, 3, 2], "weights": "linear", "order": None, "confidence": 0.95,
    },
    quality.critical_error_accuracy: {"errors": [0, 1, 0], "confidence": 0.95},
    quality.fleiss_kappa: {"ratings": [[3, 0], [0, 3], [2, 1]], "counts": True, "confidence": 0.95},
    quality.form_report: {"form": FORM, "evaluations": MARKED, "by": "agent_id", "confidence": 0.95},
    quality.icc: {"ratings": [[9, 2, 5], [6, 1, 3], [8, 4, 6]], "confidence": 0.95},
    quality.kendall_w: {"ratings": [[1, 1, 3], [2, 3, 2], [3, 2, 1]]},
    quality.krippendorff_alpha: {
        "ratings": [[1, 1, None], [2, 2, 3], [3, 3, 3]], "level": "ordinal", "order": None, "resamples": 10,
        "confidence": 0.95, "seed": 0,
    },
    quality.np_chart: {"defectives": [12, 15, 8], "sample": 50, "base": 2, "rules": ["limit", "run"]},
    quality.p_chart: {"defectives": [12, 15, 8], "sample": [50, 60, 50], "base": 2, "rules": ["limit", "run"]},
    quality.u_chart: {"errors": [14, 12, 20], "units": [10, 8.5, 13], "base": 2, "rules": ["limit", "trend"]},
    quality.xmr_chart: {"values": [49.6, 47.6, 49.9], "base": [True, True, False], "rules": ["limit"]},
    quality.pareto: {"causes": ["policy", "billing"], "counts": [20, 50]},
    quality.sample_size: {"share": 0.9, "margin": 0.05, "confidence": 0.95, "population": 300},
    quality.sample_size_change: {"before": 0.9, "after": 0.95, "power": 0.8, "confidence": 0.95},
    quality.sampling_plan: {
        "contacts": MARKED, "total": 2, "per_agent": None, "strata": "agent_id", "method": "proportional",
        "error_shares": None, "agent": "agent_id", "seed": 1,
    },
    quality.score: {"form": FORM, "evaluations": MARKED},
    quality.wilson_interval: {"hits": 4, "sample": 5, "confidence": 0.95},
    quality.FormItem: {"key": "tone", "name": Text("tone", "语气"), "weight": 10.0, "critical": None, "options": None},
    quality.EvaluationForm: {"name": Text("form", "表"), "items": FORM.items, "pass_score": 80.0},
    # performance
    performance.absolute_grades: {"scores": [96, 94, 80], "cuts": {"good": 85, "poor": 0}},
    performance.attainment: {"value": 0.78, "target": 0.8, "direction": "up", "baseline": 0.7},
    performance.balanced_scorecard: {
        "values": {"csat": 0.86, "nps": 28}, "targets": {"csat": 0.85, "nps": 35}, "weights": {"csat": 0.6, "nps": 0.4},
        "perspectives": {"csat": "customer", "nps": "customer"}, "perspective_weights": {"customer": 1.0},
        "directions": {"csat": "up"}, "language": "en",
    },
    performance.compute: {"key": "service_level", "numerator": [5, 90], "denominator": [10, 100]},
    performance.data_quality_check: {"key": "csat", "answers": {"collected": True}, "language": "en"},
    performance.dictionary: {"language": "zh"},
    performance.distribution_check: {
        "grades": list("AABBAB"), "teams": list("nnnsss"), "confidence": 0.95, "draws": 200, "seed": 0,
    },
    performance.forced_grades: {
        "scores": [96, 94, 92, 91], "shares": {"good": 0.5, "poor": 0.5}, "within": list("1122"),
    },
    performance.funnel: {"events": [4, 30], "opportunities": [12, 180], "target": 0.2, "limits": "overdispersed"},
    performance.gaming_gain: {
        "attainments": pd.DataFrame({"aht": [0.9, 1.0], "csat": [1.0, 0.95]}), "weights": {"aht": 0.5, "csat": 0.5},
        "effects": {"aht": 0.2, "csat": -0.08}, "scheme": SCHEME, "teams": ["a", "b"],
    },
    performance.incentive: {"attainment": [1.1, 0.9], "scheme": SCHEME, "teams": ["a", "b"], "gate": [True, False]},
    performance.incentive_sensitivity: {
        "attainment": [1.1, 0.9], "scheme": SCHEME, "changes": {"threshold": (0.7, 0.9)}, "teams": ["a", "b"],
    },
    performance.simulate_incentive: {
        "attainment": [1.0, 0.9], "spread": 0.1, "scheme": SCHEME, "teams": ["a", "b"], "gate_risk": 0.1,
        "confidence": 0.9, "periods": 100, "seed": 0,
    },
    performance.payout_share: {"attainment": [0.8, 1.1], "scheme": SCHEME},
    performance.BonusScheme: {
        "bonus": 1000.0, "threshold": 0.8, "at_threshold": 0.5, "accelerator": 1.0, "cap": 1.5, "team_weight": 0.3,
    },
    performance.metric: {"key": "aht"},
    performance.mix_adjusted: {
        "table": pd.DataFrame(
            {"site": list("aabb"), "kind": list("xyxy"), "solved": [81, 192, 234, 55], "issues": [87, 263, 270, 80]}
        ),
        "group": "site", "mix": "kind", "numerator": "solved", "denominator": "issues", "standard": "pooled",
        "method": "direct",
    },
    performance.pairwise_comparison: {
        "events": [56, 48], "opportunities": [70, 80], "confidence": 0.95, "adjust": True,
    },
    performance.rank_with_uncertainty: {
        "events": [19, 18, 12], "opportunities": [20, 20, 20], "higher_is_better": True, "shrink": False,
        "confidence": 0.95, "draws": 100, "seed": 0, "language": "en",
    },
    performance.rater_adjustment: {
        "table": pd.DataFrame(
            {"person": ["Liu", "Liu", "Wang", "Wang"], "rater": list("abbc"), "score": [78, 84, 82, 88]}
        ),
        "person": "person", "rater": "rater", "score": "score", "method": "linked",
    },
    performance.scorecard: {
        "values": {"csat": 0.86, "nps": 28}, "targets": {"csat": 0.85, "nps": 35}, "weights": {"csat": 0.6, "nps": 0.4},
        "directions": {"csat": "up"}, "baselines": {"nps": 10}, "floor": 0.0, "cap": 1.2, "near": 0.95,
        "gates": {"csat": 60},
    },
    performance.service_level: {
        "answered_within": [800, 80], "answered": [930, 90], "abandoned_within": [25, 2], "abandoned": [70, 5],
        "rule": "offered",
    },
    performance.shrink_rates: {"events": [3, 172, 130], "opportunities": [3, 200, 200], "confidence": 0.95},
    # experience
    experience.csat: {"scores": [5, 4, 3, 1], "top": [4, 5], "scale": (1, 5), "confidence": 0.95},
    experience.nps: {"scores": [10, 8, 3], "confidence": 0.95},
    experience.nps_by: {
        "table": pd.DataFrame({"channel": ["voice", "voice", "chat"], "nps": [10, 9, 2]}), "group": "channel",
        "score": "nps", "confidence": 0.95,
    },
    experience.ces: {"scores": [7, 6, 2], "scale": (1, 7), "easy": "high", "confidence": 0.95},
    experience.compare_periods: {"before": [5, 4, 1], "after": [5, 5, 2], "measure": "csat", "confidence": 0.95},
    experience.nps_sample_size: {"margin": 5.0, "promoters": 0.5, "detractors": 0.2, "confidence": 0.95},
    experience.nonresponse: {"invited": 1000, "answered": 120, "hits": 102},
    experience.rater: {
        "expectations": pd.DataFrame(RATED), "perceptions": pd.DataFrame(RATED) - 1,
        "weights": dict.fromkeys(RATED, 0.2), "scale": (1, 7), "confidence": 0.95, "language": "zh",
    },
    experience.five_gaps: {"language": "zh"},
    experience.driver_importance: {
        "drivers": pd.DataFrame({"solved": [1.0, 2.0, 3.0, 5.0, 4.0], "wait": [2.0, 1.0, 4.0, 3.0, 5.0]}),
        "outcome": [1.0, 2.0, 3.0, 4.0, 5.5],
    },
    experience.importance_performance: {
        "importance": pd.Series({"solved": 0.3, "wait": 0.2}), "performance": pd.Series({"solved": 3.6, "wait": 4.1}),
        "language": "en",
    },
    experience.complaint_funnel: {
        "dissatisfied": 800, "complained": 240, "resolved": 204, "satisfied": 150, "stayed": 138, "confidence": 0.95,
        "language": "zh",
    },
    experience.recovery_paradox: {
        "recovered_loyal": 46, "recovered": 50, "untroubled_loyal": 880, "untroubled": 1000, "confidence": 0.95,
    },
    experience.value_at_risk: {
        "customers": 100_000, "problem": 0.2, "complain": 0.3,
        "outcomes": {"satisfied": 0.5, "mollified": 0.3, "dissatisfied": 0.2},
        "stay": {"silent": 0.7, "satisfied": 0.93, "mollified": 0.75, "dissatisfied": 0.4},
        "stay_without_problem": 0.95, "customer_value": 800, "language": "zh",
    },
    experience.contacts_per_solved_issue: {"fcr": [0.7, 0.8]},
    experience.first_contact_resolution: {
        "contacts": pd.DataFrame({"customer": [1, 1, 2, 3], "start": MOMENTS, "why": list("abab")}),
        "customer": "customer", "start": "start", "reason": "why", "window_days": 7,
    },
    experience.margin_multiple: {"retention": [0.6, 0.9], "discount": 0.12},
    experience.customer_lifetime_value: {
        "margin": [100.0, 90.0], "retention": 0.8, "discount": 0.12, "periods": 3, "acquisition_cost": 20.0,
        "pays_at_once": True,
    },
    experience.value_by_segment: {
        "table": pd.DataFrame({"plan": ["h", "h", "o"], "margin": [90.0, 80.0, 300.0], "stayed": [True, False, True]}),
        "segment": "plan", "margin": "margin", "stayed": "stayed", "discount": 0.1,
    },
    experience.rfm: {
        "recency_days": [3, 200, 15], "frequency": [12, 1, 4], "monetary": [900, 40, 300], "groups": 5,
        "language": "en",
    },
    experience.retention_curve: {"periods": [2, 5, 5], "left": [True, True, False], "confidence": 0.95},
    experience.cohort_table: {
        "activity": pd.DataFrame({"customer": list("aabc"), "day": MOMENTS}), "customer": "customer", "day": "day",
    },
    # finance
    finance.allocate: {"shared_cost": 90_000.0, "driver": {"voice": 6000.0, "chat": 2000.0}},
    finance.attrition_cost: {
        "leavers": 30, "recruiting": 3000.0, "training": 9000.0, "monthly_cost": 8000.0, "productivity": [0.5, 0.75],
        "vacancy_weeks": 6, "vacancy_premium": 0.5,
    },
    finance.business_case: {"investment": 300_000, "benefits": [120_000, 180_000], "costs": 30_000, "rate": 0.1},
    finance.choose_projects: {"names": ["a", "b"], "cost": [40, 60], "value": [60, 80], "budget": 80},
    finance.compare_outsourcing: {
        "contacts": [20_000, 60_000], "own_fixed": 250_000, "own_per_contact": 6.0, "vendor_per_contact": 9.5,
        "vendor_minimum": 1000.0, "client_fixed": 40_000, "transition": 1000.0, "periods": 12, "own_resolution": 0.8,
        "vendor_resolution": 0.7,
    },
    finance.cost_model: {
        "lines": pd.DataFrame(
            {"driver": ["fixed", "step", "hour"], "rate": [90_000.0, 12_000.0, 45.0], "per": [None, 15.0, None]},
            index=["rent", "leaders", "wages"],
        ),
        "agents": 100, "paid_hours": 17_400, "contacts": 88_000,
    },
    finance.cost_per_contact: {"cost": [480_000, 90_000], "contacts": [60_000, 15_000]},
    finance.cost_per_resolution: {"cost_per_contact": [3.0, 6.0], "resolution": [0.25, 0.7]},
    finance.hour_cost: {
        "monthly_pay": 6000, "paid_hours": 174, "aht_s": 300, "on_cost": 0.35, "shrinkage": 0.3, "occupancy": 0.8,
    },
    finance.irr: {"flows": [-100, 39, 59, 55]},
    finance.npv: {"rate": 0.08, "flows": [-100, 39, 59, 55]},
    finance.outlook: {
        "value": saving, "ranges": {"calls": (1, 2, 3), "wage": (40, 50, 60)}, "draws": 100, "seed": 1,
    },
    finance.sensitivity: {
        "value": saving, "base": {"calls": 60_000, "wage": 50}, "ranges": {"wage": (45, 55)},
    },
    finance.variance: {
        "budget_contacts": 100_000, "actual_contacts": 110_000, "budget_hours": 20_000, "actual_hours": 21_450,
        "budget_cost": 900_000, "actual_cost": 976_000,
    },
    finance.vendor_price: {
        "paid_hour_cost": 45, "aht_s": 300, "shrinkage": 0.3, "occupancy": 0.8, "overhead": 0.4, "margin": 0.12,
    },
    # maturity
    maturity.assess: {"ratings": SHEET, "key": "park"},
    maturity.combine: {"ratings": [SHEET, SHEET.assign(level=2)], "key": "park"},
    maturity.gaps: {"assessment": ASSESSED, "target": {"1": 4, "2.1": 5}},
    maturity.points: {"key": "park", "language": "zh"},
    maturity.progress: {"before": ASSESSED, "after": ASSESSED},
    maturity.roadmap: {"assessment": ASSESSED, "target": 4, "steps_per_quarter": 20, "value": {"4": 2.0}},
    maturity.scheme: {"key": "park"},
    # process
    process.compare_means: {"before": [310, 295, 330], "after": [280, 290, 275], "confidence": 0.95},
    process.compare_shares: {
        "hits_before": 48, "sample_before": 80, "hits_after": 56, "sample_after": 70, "confidence": 0.95,
    },
    process.flow: {
        "steps": pd.DataFrame(
            {"work_s": [300, 600], "wait_s": [0, 7200], "first_pass": [0.95, 0.9], "people": [4, 6]}, index=["a", "b"]
        ),
    },
    process.observations_needed: {"mean_s": 3.0, "sd_s": 1.0, "precision": 0.05, "confidence": 0.95},
    process.project_gate: {"cycle": "PDCA", "record": {"plan": {"problem": "calls come back"}}, "language": "zh"},
    process.readiness: {
        "people": pd.DataFrame(
            {"team": list("AAB"), "told": ["2026-03-02", None, "2026-03-03"], "passed": [True, False, True]}
        ),
        "effective": "2026-03-09", "needed": 0.95,
    },
    process.time_study: {
        "observations": pd.DataFrame({"step": list("aab"), "observed_s": [30.0, 34.0, 120.0], "rating": [1, 1, 0.9]}),
        "allowance": 0.15,
    },
    # risk
    risk.annual_loss: {"per_year": 0.5, "median_loss": 40_000, "bad_loss": 400_000, "draws": 1000, "seed": 1},
    risk.expected_loss: {"per_year": 0.5, "value": 400_000, "exposure": 0.25},
    risk.matrix: {"risks": pd.DataFrame({"risk": ["a", "b"], "likelihood": [2, 4], "impact": [5, 3]})},
    risk.plan_check: {
        "plan": {
            "owner": "Li Wen", "scenarios": 6, "first_hour": True, "deputies": True, "contacts_age_days": 120,
            "drills": 2, "unannounced_drills": 1, "recovery": RECOVERY, "message": True, "lessons_open": 0,
        },
        "language": "zh",
    },
    risk.treatment: {
        "controls": pd.DataFrame({"loss_before": [90_000, 20_000], "loss_after": [15_000, 16_000], "cost": [1, 9_000]}),
    },
}  # fmt: skip
