"""Better processes: records of PDCA and DMAIC projects, time study, flow, before and after, and changes that arrive."""

from __future__ import annotations

from ._compare import Difference, compare_means, compare_shares
from ._improvement import CYCLES, Phase, project_gate, readiness
from ._time_study import Flow, flow, observations_needed, time_study

__all__ = [
    "CYCLES",
    "Difference",
    "Flow",
    "Phase",
    "compare_means",
    "compare_shares",
    "flow",
    "observations_needed",
    "project_gate",
    "readiness",
    "time_study",
]
