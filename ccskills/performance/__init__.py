"""What the floor delivered and how to judge it: metrics, targets, rankings, appraisals, incentives, fair comparison."""

from __future__ import annotations

from ._appraisal import absolute_grades, distribution_check, forced_grades, rater_adjustment
from ._funnel import funnel
from ._incentive import (
    BonusScheme,
    IncentiveRisk,
    gaming_gain,
    incentive,
    incentive_sensitivity,
    payout_share,
    simulate_incentive,
)
from ._metric_list import METRIC_GROUPS, METRICS, Metric
from ._metrics import DATA_QUALITY_QUESTIONS, compute, data_quality_check, dictionary, metric
from ._mix import mix_adjusted
from ._ranking import RANK_VERDICTS, pairwise_comparison, rank_with_uncertainty, shrink_rates
from ._scorecard import PERSPECTIVES, BalancedScorecard, attainment, balanced_scorecard, scorecard
from ._service_level import SERVICE_LEVEL_RULES, service_level

__all__ = [
    "DATA_QUALITY_QUESTIONS",
    "METRICS",
    "METRIC_GROUPS",
    "PERSPECTIVES",
    "RANK_VERDICTS",
    "SERVICE_LEVEL_RULES",
    "BalancedScorecard",
    "BonusScheme",
    "IncentiveRisk",
    "Metric",
    "absolute_grades",
    "attainment",
    "balanced_scorecard",
    "compute",
    "data_quality_check",
    "dictionary",
    "distribution_check",
    "forced_grades",
    "funnel",
    "gaming_gain",
    "incentive",
    "incentive_sensitivity",
    "metric",
    "mix_adjusted",
    "pairwise_comparison",
    "payout_share",
    "rank_with_uncertainty",
    "rater_adjustment",
    "scorecard",
    "service_level",
    "shrink_rates",
    "simulate_incentive",
]
