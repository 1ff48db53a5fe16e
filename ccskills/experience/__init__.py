"""What customers say and do: satisfaction with margins, service gaps, drivers, complaints, what a customer is worth."""

from __future__ import annotations

from ._complaints import (
    COMPLAINT_STEPS,
    Resolution,
    ValueAtRisk,
    complaint_funnel,
    contacts_per_solved_issue,
    first_contact_resolution,
    recovery_paradox,
    value_at_risk,
)
from ._customers import (
    RFM_SEGMENTS,
    cohort_table,
    customer_lifetime_value,
    margin_multiple,
    retention_curve,
    rfm,
    value_by_segment,
)
from ._drivers import QUADRANTS, driver_importance, importance_performance
from ._gaps import FIVE_GAPS, RATER, five_gaps, rater
from ._survey import Ces, Csat, Nps, ces, csat, nps, nps_by
from ._survey_compare import Change, NonResponse, compare_periods, nonresponse, nps_sample_size

__all__ = [
    "COMPLAINT_STEPS",
    "FIVE_GAPS",
    "QUADRANTS",
    "RATER",
    "RFM_SEGMENTS",
    "Ces",
    "Change",
    "Csat",
    "NonResponse",
    "Nps",
    "Resolution",
    "ValueAtRisk",
    "ces",
    "cohort_table",
    "compare_periods",
    "complaint_funnel",
    "contacts_per_solved_issue",
    "csat",
    "customer_lifetime_value",
    "driver_importance",
    "first_contact_resolution",
    "five_gaps",
    "importance_performance",
    "margin_multiple",
    "nonresponse",
    "nps",
    "nps_by",
    "nps_sample_size",
    "rater",
    "recovery_paradox",
    "retention_curve",
    "rfm",
    "value_at_risk",
    "value_by_segment",
]
