"""Quality monitoring: forms and samples, agreement and calibration of assessors, control charts and capability."""

from __future__ import annotations

from ._agreement import Agreement, cohen_kappa, fleiss_kappa
from ._allocation import allocate, sampling_plan
from ._alpha import Alpha, krippendorff_alpha
from ._calibration import CalibrationReport, assessor_bias, calibration_report
from ._capability import Capability, capability, pareto
from ._control import RULES, ControlChart, np_chart, p_chart, u_chart, xmr_chart
from ._forms import CRITICAL_CLASSES, EvaluationForm, FormItem, form_report, score, standard_form
from ._reliability import Concordance, icc, kendall_w
from ._sampling import (
    Interval,
    acceptance_probability,
    critical_error_accuracy,
    sample_size,
    sample_size_change,
    wilson_interval,
)

__all__ = [
    "CRITICAL_CLASSES",
    "RULES",
    "Agreement",
    "Alpha",
    "CalibrationReport",
    "Capability",
    "Concordance",
    "ControlChart",
    "EvaluationForm",
    "FormItem",
    "Interval",
    "acceptance_probability",
    "allocate",
    "assessor_bias",
    "calibration_report",
    "capability",
    "cohen_kappa",
    "critical_error_accuracy",
    "fleiss_kappa",
    "form_report",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "np_chart",
    "p_chart",
    "pareto",
    "sample_size",
    "sample_size_change",
    "sampling_plan",
    "score",
    "standard_form",
    "u_chart",
    "wilson_interval",
    "xmr_chart",
]
