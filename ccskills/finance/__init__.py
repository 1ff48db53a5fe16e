"""What the centre costs and what it is worth: cost models, contacts, leavers, variances and business cases.

Money is in your currency, every amount in the same one. Rates and shares are between 0 and 1.
"""

from __future__ import annotations

from ._business_case import BusinessCase, Outlook, business_case, choose_projects, irr, npv, outlook, sensitivity
from ._costs import (
    DRIVERS,
    AttritionCost,
    Costs,
    HourCost,
    Variance,
    allocate,
    attrition_cost,
    cost_model,
    cost_per_contact,
    cost_per_resolution,
    hour_cost,
    variance,
)
from ._sourcing import compare_outsourcing, vendor_price

__all__ = [
    "DRIVERS",
    "AttritionCost",
    "BusinessCase",
    "Costs",
    "HourCost",
    "Outlook",
    "Variance",
    "allocate",
    "attrition_cost",
    "business_case",
    "choose_projects",
    "compare_outsourcing",
    "cost_model",
    "cost_per_contact",
    "cost_per_resolution",
    "hour_cost",
    "irr",
    "npv",
    "outlook",
    "sensitivity",
    "variance",
    "vendor_price",
]
