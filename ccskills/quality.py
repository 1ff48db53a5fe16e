"""Quality monitoring: forms and samples, agreement and calibration of assessors, control charts and capability."""

from __future__ import annotations

from ._agreement import Agreement, Alpha, cohen_kappa, fleiss_kappa, krippendorff_alpha
from ._reliability import Concordance, icc, kendall_w
from ._sampling import (
    Interval,
    acceptance_probability,
    allocate,
    critical_error_accuracy,
    sample_size,
    sample_size_change,
    sampling_plan,
    wilson_interval,
)

__all__ = [
    "Agreement",
    "Alpha",
    "Concordance",
    "Interval",
    "acceptance_probability",
    "allocate",
    "cohen_kappa",
    "critical_error_accuracy",
    "fleiss_kappa",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "sample_size",
    "sample_size_change",
    "sampling_plan",
    "wilson_interval",
]
