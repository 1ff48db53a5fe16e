"""Targets become points: attainment, weights, gates, and the balanced scorecard by perspectives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import choice, number
from .._guards import one_share
from .._text import Text
from ._metric_list import METRICS

__all__ = ["PERSPECTIVES", "BalancedScorecard", "attainment", "balanced_scorecard", "scorecard"]

HAIR = 1e-9

PERSPECTIVES: dict[str, Text] = {
    "financial": Text("financial", "财务"),
    "customer": Text("customer", "客户"),
    "process": Text("internal process", "内部流程"),
    "people": Text("people and learning", "学习与成长"),
}
"""The four perspectives of the balanced scorecard."""

Target = float | tuple[float, float]


@dataclass(frozen=True)
class BalancedScorecard:
    """A scorecard whose metrics are gathered in perspectives."""

    metrics: pd.DataFrame
    """As from `scorecard`, with the perspective of each metric; the weight is that of the whole card."""
    perspectives: pd.DataFrame
    """One row per perspective: name, weight, points, attainment (points / (100 x weight))."""
    total: float
    """Points of the whole card, after the gates: 100 is all targets met."""


def attainment(value: float, target: Target, direction: str, baseline: float | None = None) -> float:
    """How much of a target was attained: 1 is met, whatever counts as better.

    Formulas: "up" value / target; "down" 2 - value / target; "range" 1 inside the target (low, high), else
    1 - distance from the nearer end / |that end|; with a baseline (value - baseline) / (target - baseline).

    Parameters
    ----------
    value : float
        What was measured.
    target : float or (low, high)
        What was agreed; a pair for the direction "range".
    direction : str
        "up", "down" or "range".
    baseline : float, optional
        Where attainment is 0, for "up" and "down". Give one where 0 is no natural zero, as for NPS, or where all
        values lie close together, as for service level: 0.78 of 0.80 is 97.5 % of the target, but from a baseline
        of 0.70 only 80 % of the way.

    Returns
    -------
    float
        May be below 0 or above 1; `scorecard` cuts it.

    Examples
    --------
    >>> attainment(0.78, 0.80, "up"), attainment(0.78, 0.80, "up", baseline=0.70)
    (0.975, 0.800)
    >>> attainment(330, 300, "down"), attainment(0.88, (0.75, 0.85), "range")
    (0.9, 0.9647)
    >>> attainment(30, 0, "up")
    Traceback (most recent call last):
    ValueError: target must be above 0 without a baseline, got 0
    """
    got = number("value", value)
    if choice("direction", direction, ("up", "down", "range")) == "range":
        if baseline is not None:
            raise ValueError(f"baseline must be left out for the direction range, got {baseline}")
        low, high = _range(target)
        end = low if got < low else high
        return 1.0 if low <= got <= high else 1 - abs(got - end) / abs(end)
    if isinstance(target, (tuple, list)):
        raise TypeError(f"target must be one number for the direction {direction}, got {target}")
    goal = number("target", target)
    if baseline is None:
        if goal <= 0:
            raise ValueError(f"target must be above 0 without a baseline, got {goal:g}")
        return got / goal if direction == "up" else 2 - got / goal
    start = number("baseline", baseline)
    if (goal - start) * (1 if direction == "up" else -1) <= 0:
        side = "below" if direction == "up" else "above"
        raise ValueError(f"baseline must be {side} the target {goal:g} for the direction {direction}, got {start:g}")
    return (got - start) / (goal - start)


def _range(target: Any) -> tuple[float, float]:
    """The two ends of a target range."""
    if not isinstance(target, (tuple, list)) or len(target) != 2:
        raise TypeError(f"target must be a pair (low, high) for the direction range, got {target!r}")
    low, high = number("the low end of target", target[0]), number("the high end of target", target[1])
    if low == 0 or high == 0:
        raise ValueError(f"target must be a pair (low, high) without 0, got ({low:g}, {high:g})")
    if high < low:
        raise ValueError(f"target must be a pair (low, high) with low <= high, got ({low:g}, {high:g})")
    return low, high


def _named(name: str, given: Any) -> dict[str, Any]:
    """A mapping metric -> something, also from a pandas Series."""
    if given is None:
        return {}
    if not isinstance(given, (Mapping, pd.Series)):
        raise TypeError(f"{name} must be a mapping with the metrics as keys, got {type(given).__name__}")
    return dict(given)


def _same(name: str, given: Mapping[str, Any], metrics: Sequence[str], exact: bool = True) -> None:
    """Refuse a mapping that misses a metric or has one that is not on the card."""
    missing = [metric for metric in metrics if metric not in given] if exact else []
    extra = [metric for metric in given if metric not in metrics]
    if missing or extra:
        what = f"no {missing[0]}" if missing else f"{extra[0]}, which has no value"
        raise ValueError(f"{name} must name the metrics of values ({', '.join(metrics)}), got {what}")


def _weights(name: str, weights: Mapping[str, float]) -> dict[str, float]:
    """Weights as shares that add up to 1."""
    checked = {key: one_share(f"the weight of {key}", w) for key, w in weights.items()}
    if abs(sum(checked.values()) - 1) > HAIR:
        raise ValueError(f"{name} must add up to 1, got {sum(checked.values()):g}")
    return checked


def scorecard(
    values: Mapping[str, float],
    targets: Mapping[str, Target],
    weights: Mapping[str, float],
    directions: Mapping[str, str] | None = None,
    *,
    baselines: Mapping[str, float] | None = None,
    floor: float = 0.0,
    cap: float = 1.2,
    near: float = 0.95,
    gates: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Metrics with target, attainment, weight, points and status; 100 points are all targets met.

    Formula: points = 100 x weight x attainment, the attainment cut to [floor, cap].

    Parameters
    ----------
    values : mapping
        Metric -> what was measured.
    targets : mapping
        Metric -> target, a pair (low, high) for the direction "range".
    weights : mapping
        Metric -> weight; the weights add up to 1. A pure gate has weight 0.
    directions : mapping, optional
        Metric -> "up", "down" or "range"; may be left out for keys of `METRICS`, which have their own.
    baselines : mapping, optional
        Metric -> value that earns nothing, see `attainment`.
    floor, cap : float, optional
        Lowest and highest attainment that earns points: a floor above 0 pays for nothing, no cap lets one metric buy
        off the others.
    near : float, optional
        Attainment from which a missed target counts as near.
    gates : mapping, optional
        Metric -> highest total [points] as long as this metric misses its target, as for compliance.

    Returns
    -------
    DataFrame
        Columns metric, value, target, attainment (as measured), weight, points, status ("met", "near", "missed"; a gate
        is met or missed, never near);
        ``attrs["total"]`` the points after the gates, ``attrs["closed_gates"]`` the metrics that held it down.

    Examples
    --------
    >>> card = scorecard(
    ...     values={"service_level": 0.82, "aht": 330, "csat": 0.81, "compliance_critical_accuracy": 0.97},
    ...     targets={"service_level": 0.80, "aht": (270, 320), "csat": 0.90, "compliance_critical_accuracy": 0.99},
    ...     weights={"service_level": 0.4, "aht": 0.2, "csat": 0.4, "compliance_critical_accuracy": 0.0},
    ...     gates={"compliance_critical_accuracy": 60},
    ... )
    >>> card[["metric", "attainment", "points", "status"]].round(3)
                             metric  attainment  points  status
    0                 service_level       1.025  41.000     met
    1                           aht       0.969  19.375    near
    2                          csat       0.900  36.000  missed
    3  compliance_critical_accuracy       0.980   0.000  missed
    >>> float(card["points"].sum()), card.attrs["total"], card.attrs["closed_gates"]
    (96.375, 60.0, ('compliance_critical_accuracy',))
    >>> scorecard({"csat": 0.81}, {"csat": 0.9}, {"csat": 0.8})
    Traceback (most recent call last):
    ValueError: weights must add up to 1, got 0.8
    """
    measured, goals, parts = _named("values", values), _named("targets", targets), _named("weights", weights)
    if not measured:
        raise ValueError("values must hold at least one metric, got none")
    ways, starts, limits = _named("directions", directions), _named("baselines", baselines), _named("gates", gates)
    metrics = list(measured)
    for name, given in (("targets", goals), ("weights", parts)):
        _same(name, given, metrics)
    for name, given in (("directions", ways), ("baselines", starts), ("gates", limits)):
        _same(name, given, metrics, exact=False)
    checked, (least, most) = _weights("weights", parts), _cuts(floor, cap)
    threshold = one_share("near", near)
    rows = []
    for metric in metrics:
        got = _attained(metric, measured[metric], goals[metric], _direction(metric, ways), starts.get(metric))
        close = got >= threshold - HAIR and metric not in limits  # a gate is met or missed
        status = "met" if got >= 1 - HAIR else "near" if close else "missed"
        points = 100 * checked[metric] * min(max(got, least), most)
        value = number(f"the value of {metric}", measured[metric])
        rows.append((metric, value, goals[metric], got, checked[metric], points, status))
    table = pd.DataFrame(rows, columns=["metric", "value", "target", "attainment", "weight", "points", "status"])
    shut = {
        m: number(f"the gate of {m}", limits[m], least=0)
        for m in limits
        if dict(zip(table["metric"], table["status"], strict=True))[m] != "met"
    }
    total = float(table["points"].sum())
    table.attrs["total"] = min([total, *shut.values()])
    table.attrs["closed_gates"] = tuple(metric for metric, limit in shut.items() if limit < total)
    return table


def _cuts(floor: float, cap: float) -> tuple[float, float]:
    """Floor and cap in order."""
    least, most = number("floor", floor, least=0), number("cap", cap, least=1)
    if least > 1:
        raise ValueError(f"floor must be at most 1, got {least:g}")
    if most > 10:
        raise ValueError(f"cap must be at most 10 times the target, got {most:g}; 1.2 is 120 %")
    return least, most


def _direction(metric: str, directions: Mapping[str, str]) -> str:
    """The direction that was given for a metric, else that of the dictionary."""
    if metric in directions:
        return choice(f"the direction of {metric}", directions[metric], ("up", "down", "range"))
    if metric not in METRICS:
        raise ValueError(f'directions must say "up", "down" or "range" for {metric}, which is no key of METRICS')
    return METRICS[metric].direction


def _attained(metric: str, value: Any, target: Any, direction: str, baseline: Any) -> float:
    """`attainment`, with the metric named when something is wrong."""
    try:
        return attainment(value, target, direction, baseline)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{metric}: {error}") from None


def balanced_scorecard(
    values: Mapping[str, float],
    targets: Mapping[str, Target],
    weights: Mapping[str, float],
    perspectives: Mapping[str, str],
    perspective_weights: Mapping[str, float],
    directions: Mapping[str, str] | None = None,
    *,
    language: str = "en",
    **options: Any,
) -> BalancedScorecard:
    """A scorecard in the perspectives financial, customer, process and people.

    Formula: weight of a metric = its weight inside the perspective x the weight of the perspective.

    Parameters
    ----------
    values, targets : mapping
        As in `scorecard`.
    weights : mapping
        Metric -> weight inside its perspective; they add up to 1 in each.
    perspectives : mapping
        Metric -> "financial", "customer", "process" or "people".
    perspective_weights : mapping
        Perspective -> weight; they add up to 1.
    directions : mapping, optional
        As in `scorecard`.
    language : str, optional
        "en" or "zh", the language of the perspectives' names.
    **options
        baselines, floor, cap, near and gates as in `scorecard`.

    Returns
    -------
    BalancedScorecard

    Examples
    --------
    >>> card = balanced_scorecard(
    ...     {"cost_per_contact": 8.8, "csat": 0.86, "nps": 28, "adherence": 0.90, "attrition": 0.33},
    ...     {"cost_per_contact": 8.0, "csat": 0.85, "nps": 35, "adherence": 0.92, "attrition": 0.30},
    ...     {"cost_per_contact": 1, "csat": 0.6, "nps": 0.4, "adherence": 1, "attrition": 1},
    ...     {"cost_per_contact": "financial", "csat": "customer", "nps": "customer",
    ...      "adherence": "process", "attrition": "people"},
    ...     {"financial": 0.25, "customer": 0.35, "process": 0.2, "people": 0.2},
    ... )
    >>> card.total, card.perspectives["attainment"].round(3).to_dict()
    (92.51, {'financial': 0.9, 'customer': 0.927, 'process': 0.978, 'people': 0.9})

    References
    ----------
    R. S. Kaplan and D. P. Norton, The balanced scorecard: measures that drive performance, Harvard Business Review
    70(1), 1992, 71-79.
    """
    metrics, parts = list(_named("values", values)), _named("weights", weights)
    sides, outside = _named("perspectives", perspectives), _named("perspective_weights", perspective_weights)
    _same("perspectives", sides, metrics)
    _same("weights", parts, metrics)
    used = {metric: choice(f"the perspective of {metric}", sides[metric], PERSPECTIVES) for metric in metrics}
    present = [name for name in PERSPECTIVES if name in used.values()]
    if set(outside) != set(present):
        raise ValueError(
            f"perspective_weights must name the perspectives in use ({', '.join(present)}), "
            f"got {', '.join(outside) or 'none'}"
        )
    outer = _weights("perspective_weights", outside)
    for name in present:
        number(f"the weight of {name}", outer[name], above=0)
    for name in present:
        _weights(f"weights of the perspective {name}", {m: parts[m] for m in metrics if used[m] == name})
    inner = {metric: parts[metric] * outer[used[metric]] for metric in metrics}
    table = scorecard(values, targets, inner, directions, **options)
    table.insert(1, "perspective", [used[metric] for metric in table["metric"]])
    points = table.groupby("perspective")["points"].sum()
    summary = pd.DataFrame(
        {
            "name": [PERSPECTIVES[name].say(language) for name in present],
            "weight": [outer[name] for name in present],
            "points": [float(points[name]) for name in present],
        },
        index=pd.Index(present, name="perspective"),
    )
    summary["attainment"] = np.divide(summary["points"], 100 * summary["weight"])
    return BalancedScorecard(table, summary, table.attrs["total"])
