"""What the floor delivered and how to judge it: metrics, targets, rankings, appraisals, incentives, fair comparison."""

from __future__ import annotations

from ._metric_list import METRIC_GROUPS, METRICS, Metric
from ._metrics import DATA_QUALITY_QUESTIONS, compute, data_quality_check, dictionary, metric
from ._service_level import SERVICE_LEVEL_RULES, service_level

__all__ = [
    "DATA_QUALITY_QUESTIONS",
    "METRICS",
    "METRIC_GROUPS",
    "SERVICE_LEVEL_RULES",
    "Metric",
    "compute",
    "data_quality_check",
    "dictionary",
    "metric",
    "service_level",
]
