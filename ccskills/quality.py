"""Quality monitoring: forms and samples, agreement and calibration of assessors, control charts and capability."""

from __future__ import annotations

from ._agreement import Agreement, Alpha, cohen_kappa, fleiss_kappa, krippendorff_alpha
from ._allocation import allocate, sampling_plan
from ._capability import Capability, capability, pareto
from ._control import RULES, ControlChart, np_chart, p_chart, u_chart, xmr_chart
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
    "RULES",
    "Agreement",
    "Alpha",
    "Capability",
    "Concordance",
    "ControlChart",
    "Interval",
    "acceptance_probability",
    "allocate",
    "capability",
    "cohen_kappa",
    "critical_error_accuracy",
    "fleiss_kappa",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "np_chart",
    "p_chart",
    "pareto",
    "sample_size",
    "sample_size_change",
    "sampling_plan",
    "u_chart",
    "wilson_interval",
    "xmr_chart",
]
