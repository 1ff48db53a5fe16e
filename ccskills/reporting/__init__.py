"""Charts and reports of a contact centre, in English or Chinese; the only module that draws."""

from __future__ import annotations

from ._build import AUDIENCES, KINDS, report
from ._chart_base import describe, use_language
from ._chart_compare import comparison_chart
from ._chart_day import adherence_chart, heat_map_chart, intraday_chart, simulation_day_chart
from ._chart_experience import importance_performance_chart, nps_chart
from ._chart_money import cash_flow_chart, risk_matrix_chart, tornado_chart, waterfall_chart
from ._chart_performance import maturity_chart, scorecard_chart, trend_chart
from ._chart_plan import day_plan_chart, forecast_chart, history_chart, staffing_chart
from ._chart_quality import assessor_bias_chart, control_chart, funnel_chart, histogram_chart, pareto_chart
from ._chart_timeline import timeline_chart
from ._excel import to_excel
from ._html import to_html
from ._model import Report, Section
from ._pdf import to_pdf

__all__ = [
    "AUDIENCES",
    "KINDS",
    "Report",
    "Section",
    "adherence_chart",
    "assessor_bias_chart",
    "cash_flow_chart",
    "comparison_chart",
    "control_chart",
    "day_plan_chart",
    "describe",
    "forecast_chart",
    "funnel_chart",
    "heat_map_chart",
    "histogram_chart",
    "history_chart",
    "importance_performance_chart",
    "intraday_chart",
    "maturity_chart",
    "nps_chart",
    "pareto_chart",
    "report",
    "risk_matrix_chart",
    "scorecard_chart",
    "simulation_day_chart",
    "staffing_chart",
    "timeline_chart",
    "to_excel",
    "to_html",
    "to_pdf",
    "tornado_chart",
    "trend_chart",
    "use_language",
    "waterfall_chart",
]
