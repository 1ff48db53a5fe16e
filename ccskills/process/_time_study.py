"""How long a process takes: observed, normal and standard time of its steps, and the flow through all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._checks import columns, number, numbers, share
from .._counts import sample_of, z_value
from .._guards import labels, one_share

__all__ = ["Flow", "flow", "observations_needed", "time_study"]


@dataclass(frozen=True)
class Flow:
    """A case on its way through all steps."""

    lead_time_s: float
    """From start to end: work and waiting [s]."""
    work_s: float
    """Time in which somebody works on it [s]."""
    value_share: float
    """Process cycle efficiency: work / lead time."""
    first_time_right: float
    """Rolled throughput yield: share of cases that pass every step without rework."""
    bottleneck: str
    """Step with the least capacity."""
    capacity_per_hour: float
    """Cases per hour that the bottleneck can pass."""


def time_study(observations: pd.DataFrame, allowance: float = 0.15) -> pd.DataFrame:
    """Observed, normal and standard time of each step of a process.

    Normal time = mean observed x performance rating; standard time = normal x (1 + allowance).

    Parameters
    ----------
    observations : DataFrame
        One row per observation: `step`, `observed_s` [s], and optionally `rating` (pace of the person, 1 is normal).
    allowance : float, optional
        Time for rest and disturbance as a share of the work time; where yours is a share of the whole day, give
        share / (1 - share).

    Returns
    -------
    DataFrame
        Indexed by step in order of first sight: `observations`, `mean_s`, `sd_s` (0 for a single one), `normal_s`,
        `standard_s`. `attrs["total_standard_s"]` is their sum.

    Examples
    --------
    >>> seen = pd.DataFrame({"step": ["verify", "verify", "solve"], "observed_s": [30, 34, 120], "rating": [1, 1, 0.9]})
    >>> time_study(seen)["standard_s"].round(1).to_dict()
    {'verify': 36.8, 'solve': 124.2}
    """
    table = columns("observations", observations, ["step", "observed_s"])
    labels(table, "step")
    if table["step"].isna().any():
        raise ValueError(f"step must be named in every row, got none in {table['step'].isna().sum()}")
    extra = number("allowance", allowance, least=0)
    if extra > 1:
        raise ValueError(f"allowance must be a share of the work time, at most 1, got {extra:g}; write {extra / 100:g}")
    seconds = numbers("observed_s", table["observed_s"].to_numpy(dtype=object), above=0)
    rating = table["rating"].to_numpy(dtype=object) if "rating" in table.columns else np.ones(len(table))
    normal = seconds * numbers("rating", rating, above=0)
    groups = pd.DataFrame({"step": table["step"].to_numpy(), "seconds": seconds, "normal": normal}).groupby(
        "step", sort=False
    )
    found = pd.DataFrame(
        {
            "observations": groups.size(),
            "mean_s": groups["seconds"].mean(),
            "sd_s": groups["seconds"].std().fillna(0.0),
            "normal_s": groups["normal"].mean(),
        }
    )
    found["standard_s"] = found["normal_s"] * (1 + extra)
    found.attrs["total_standard_s"] = float(found["standard_s"].sum())
    return found


def observations_needed(mean_s: float, sd_s: float, precision: float = 0.05, confidence: float = 0.95) -> int:
    """How often to observe a step so that its mean is known well enough: (z x sd / (precision x mean))^2, rounded up.

    Parameters
    ----------
    mean_s, sd_s : float
        Mean and standard deviation of a first sample [s].
    precision : float, optional
        Error allowed, as a share of the mean.
    confidence : float, optional
        Share of samples that keep within it.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> observations_needed(mean_s=3.0, sd_s=1.0)
    171
    """
    z = z_value(confidence)
    spread = number("sd_s", sd_s, least=0) / number("mean_s", mean_s, above=0)
    error = z * spread / one_share("precision", precision, zero=False)
    return sample_of(error * error, "precision and sd_s / mean_s")


def flow(steps: pd.DataFrame) -> Flow:
    """Lead time, share of work, yield and bottleneck of a process.

    Parameters
    ----------
    steps : DataFrame
        Indexed by step: `work_s` and `wait_s` [s per case, the wait before the step], `first_pass` (share of cases that
        need no rework there) and `people` (who do this step and no other).

    Returns
    -------
    Flow
        By Little's law the cases under way are cases per hour x lead time in hours.

    Examples
    --------
    >>> steps = pd.DataFrame(
    ...     {
    ...         "work_s": [300, 600, 240],
    ...         "wait_s": [0, 7200, 3600],
    ...         "first_pass": [0.95, 0.9, 0.98],
    ...         "people": [4, 6, 4],
    ...     },
    ...     index=["record", "investigate", "answer"],
    ... )
    >>> found = flow(steps)
    >>> found.bottleneck, found.capacity_per_hour, round(found.value_share, 3), round(found.first_time_right, 3)
    ('investigate', 36.0, 0.095, 0.838)
    """
    table = columns("steps", steps, ["work_s", "wait_s", "first_pass", "people"])
    work = numbers("work_s", table["work_s"].to_numpy(dtype=object), above=0)
    wait = numbers("wait_s", table["wait_s"].to_numpy(dtype=object), least=0)
    right = share("first_pass", table["first_pass"].to_numpy(dtype=object))
    capacity = numbers("people", table["people"].to_numpy(dtype=object), above=0) * 3600 / work
    lead = float((work + wait).sum())
    slowest = int(np.argmin(capacity))
    return Flow(
        lead_time_s=lead,
        work_s=float(work.sum()),
        value_share=float(work.sum()) / lead,
        first_time_right=float(np.prod(right)),
        bottleneck=str(table.index[slowest]),
        capacity_per_hour=float(capacity[slowest]),
    )
