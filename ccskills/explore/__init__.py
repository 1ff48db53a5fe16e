"""Widgets to play with in a notebook; the only module that imports ipywidgets."""

from __future__ import annotations

from ._calibration import calibration
from ._case import business_case
from ._control import control_chart
from ._day import simulation_day
from ._forecast import forecast
from ._scorecard import scorecard
from ._shrinkage import shrinkage
from ._staffing import staffing

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
