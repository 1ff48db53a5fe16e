"""Charts and reports of a contact centre, in English or Chinese; the only module that draws."""

from __future__ import annotations

from ._chart_base import describe, use_language
from ._chart_plan import day_plan_chart, forecast_chart, history_chart, staffing_chart

__all__ = [
    "day_plan_chart",
    "describe",
    "forecast_chart",
    "history_chart",
    "staffing_chart",
    "use_language",
]
