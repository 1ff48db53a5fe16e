"""Widgets to play with in a notebook; the only module that imports ipywidgets."""

from __future__ import annotations

from ._explore_calibration import calibration
from ._explore_case import business_case
from ._explore_control import control_chart
from ._explore_day import simulation_day
from ._explore_forecast import forecast
from ._explore_scorecard import scorecard
from ._explore_shrinkage import shrinkage
from ._explore_staffing import staffing

__all__ = [
    "business_case",
    "calibration",
    "control_chart",
    "forecast",
    "scorecard",
    "shrinkage",
    "simulation_day",
    "staffing",
]
