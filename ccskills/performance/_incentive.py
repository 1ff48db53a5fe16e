"""Incentives on paper before they are paid: what a bonus scheme costs, whom luck pays, and who gains from gaming it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, collapse, columns, number, numbers, share, whole
from .._guards import instance, labels, limited, listing, mapping, one_share, pair, same_rows

__all__ = [
    "BonusScheme",
    "IncentiveRisk",
    "gaming_gain",
    "incentive",
    "incentive_sensitivity",
    "payout_share",
    "simulate_incentive",
]

HAIR = 1e-9
MOST_PERIODS = 1_000_000
# An attainment of 96 is a percentage, not 96 times the target.
MOST = 10.0


@dataclass(frozen=True)
class BonusScheme:
    """The rules of a bonus for one period; `payout_share` draws the curve."""

    bonus: float
    """Bonus of an agent exactly on target [your currency per period]."""
    threshold: float = 0.8
    """Attainment below which nothing is paid."""
    at_threshold: float = 0.5
    """Share of the bonus paid at the threshold; from there it rises in a straight line to 1 at target."""
    accelerator: float = 1.0
    """Shares of the bonus added per unit of attainment above target; 2 pays 1.2 at an attainment of 1.1."""
    cap: float = 1.5
    """Highest share of the bonus, at least 1."""
    team_weight: float = 0.0
    """Weight of the team's attainment (mean of its members) beside the agent's own, from 0 to 1."""

    def __post_init__(self) -> None:
        number("bonus", self.bonus, least=0)
        one_share("threshold", self.threshold, one=False)
        one_share("at_threshold", self.at_threshold)
        number("accelerator", self.accelerator, least=0)
        if number("cap", self.cap, least=1) > MOST:
            raise ValueError(f"cap must be at most {MOST:g} times the bonus, got {self.cap:g}; 1.5 is 150 %")
        one_share("team_weight", self.team_weight)


@dataclass(frozen=True)
class IncentiveRisk:
    """What a scheme does when results are partly luck."""

    agents: pd.DataFrame
    """Indexed by agent: true attainment, expected payout, payout_sd, paid (share of the periods with a payout)."""
    cost: float
    """Expected total cost of a period [your currency]."""
    cost_lower: float
    """Lower end of the range of the total cost of a period."""
    cost_upper: float
    """Upper end of the range of the total cost of a period."""
    luck: float
    """Share of the variance of all payouts that luck makes: 0 pays for performance alone, 1 is a lottery."""


def payout_share(attainment: ArrayLike, scheme: BonusScheme) -> Any:
    """Share of the bonus that an attainment earns: nothing, a straight line to the target, an accelerator, a cap.

    Parameters
    ----------
    attainment : number or array
        1 is the target met; below 0 counts as 0.
    scheme : BonusScheme
        The rules; the team's weight plays no part here.

    Returns
    -------
    float or array
        Between 0 and the cap.

    Examples
    --------
    >>> payout_share([0.79, 0.80, 0.90, 1.00, 1.10, 2.00], BonusScheme(1000, accelerator=2))
    array([0. , 0.5 , 0.75, 1. , 1.2 , 1.5 ])
    """
    instance("scheme", scheme, BonusScheme, "BonusScheme(1000)")
    got = numbers("attainment", attainment)
    slope = (1 - scheme.at_threshold) / (1 - scheme.threshold)
    below = scheme.at_threshold + slope * (got - scheme.threshold)
    above = np.minimum(1 + scheme.accelerator * (got - 1), scheme.cap)
    paid = np.where(got >= 1 - HAIR, above, np.where(got >= scheme.threshold - HAIR, below, 0.0))
    return collapse(np.asarray(np.clip(paid, 0.0, scheme.cap)))


def _people(attainment: Any, scheme: BonusScheme, teams: Any, gate: Any) -> tuple[pd.Index, Floats, Any, Any]:
    """Names, attainments, team codes and gates of the agents."""
    instance("scheme", scheme, BonusScheme, "BonusScheme(1000)")
    same_rows(attainment=attainment, teams=teams, gate=gate)
    got = np.atleast_1d(numbers("attainment", attainment))
    if (got > MOST).any():
        raise ValueError(f"attainments must be 1 on target, at most {MOST:g}, got {float(got.max()):g}; 96 % is 0.96")
    if got.ndim != 1:
        raise ValueError(f"attainment must have one value per agent, got shape {got.shape}")
    index = attainment.index if isinstance(attainment, pd.Series) else pd.RangeIndex(got.size)
    passed = [True] * got.size if gate is None else listing("gate", gate)
    if len(passed) != got.size or not all(isinstance(one, (bool, np.bool_)) for one in passed):
        raise ValueError(f"gate must have True or False for each of the {got.size} agents, got {str(passed)[:40]}")
    names = pd.Series([0] * got.size if teams is None else listing("teams", teams), dtype=object)
    if names.shape != got.shape or names.isna().any():
        raise ValueError(f"teams must name the team of each of the {got.size} agents, got shape {names.shape}")
    labels(pd.DataFrame({"teams": names}), "teams")
    return index.rename("agent"), got, pd.factorize(names)[0], np.array(passed, dtype=np.bool_)


def _per_agent(name: str, values: Floats, agents: int) -> Floats:
    """One value per agent, from one for all or one each."""
    if values.shape not in ((), (agents,)):
        raise ValueError(f"{name} must be one number or one for each of the {agents} agents, got shape {values.shape}")
    return np.broadcast_to(values, (agents,))


def _blend(own: Floats, team: Any, weight: float) -> Floats:
    """Own attainment blended with the team's mean; the last axis holds the agents."""
    if weight == 0:
        return own
    member = np.eye(int(team.max()) + 1)[team]
    return np.asarray((1 - weight) * own + weight * ((own @ member) / member.sum(axis=0))[..., team])


def incentive(attainment: Any, scheme: BonusScheme, *, teams: Any = None, gate: Any = None) -> pd.DataFrame:
    """Payout of each agent under a scheme, and what it costs.

    Parameters
    ----------
    attainment : array or Series
        Attainment of each agent, 1 is on target: a scorecard's total / 100.
    scheme : BonusScheme
        The rules.
    teams : array or Series, optional
        Team of each agent; one team when left out.
    gate : array or Series of bool, optional
        False takes the whole payout, as for a compliance-critical error; the attainment still counts for the team.

    Returns
    -------
    DataFrame
        Indexed by agent: attainment, blended (with the team's), gate, share (of the bonus), payout [your currency].
        ``attrs["cost"]`` is the sum.

    Examples
    --------
    >>> result = incentive(pd.Series({"Chen": 1.1, "Liu": 0.9, "Wang": 0.7, "Zhao": 1.3}),
    ...                    BonusScheme(1000, team_weight=0.3), gate=[True, True, True, False])
    >>> result.round(3)
           attainment  blended   gate  share  payout
    agent
    Chen          1.1     1.07   True  1.070  1070.0
    Liu           0.9     0.93   True  0.825   825.0
    Wang          0.7     0.79   True  0.000     0.0
    Zhao          1.3     1.21  False  0.000     0.0
    >>> result.attrs["cost"]
    1895.0
    >>> BonusScheme(1000, threshold=80)
    Traceback (most recent call last):
    ValueError: threshold must be a share between 0 and 1, 1 excluded, got 80; write 0.8
    """
    index, own, team, passed = _people(attainment, scheme, teams, gate)
    blended = _blend(own, team, scheme.team_weight)
    earned = np.where(passed, payout_share(blended, scheme), 0.0)
    table = pd.DataFrame({"attainment": own, "blended": blended, "gate": passed, "share": earned}, index=index)
    table["payout"] = scheme.bonus * earned
    table.attrs["cost"] = float(table["payout"].sum())
    return table


def simulate_incentive(
    attainment: Any,
    spread: ArrayLike,
    scheme: BonusScheme,
    *,
    teams: Any = None,
    gate_risk: ArrayLike = 0.0,
    confidence: float = 0.95,
    periods: int = 2000,
    seed: int = 0,
) -> IncentiveRisk:
    """The scheme over many periods in which agents stay as they are and only chance moves their results.

    Each period draws attainment + normal noise for every agent, and a failed gate with its probability.

    Parameters
    ----------
    attainment : array or Series
        True attainment of each agent.
    spread : number or array
        Standard deviation of an agent's measured attainment around the true one: small samples make it large.
    scheme : BonusScheme
        The rules.
    teams : array or Series, optional
        Team of each agent; one team when left out.
    gate_risk : number or array, optional
        Probability that an agent fails the gate in a period.
    confidence : float, optional
        Share of the periods between cost_lower and cost_upper.
    periods : int, optional
        Periods drawn, at least 100.
    seed : int, optional
        The same seed gives the same result.

    Returns
    -------
    IncentiveRisk

    Examples
    --------
    Ten equal agents, a steep scheme and results from five calls a month: the bonus is a lottery.

    >>> risk = simulate_incentive([1.0] * 10, 0.15, BonusScheme(1000, threshold=0.95, accelerator=3))
    >>> round(risk.luck, 2), round(float(risk.agents["paid"].mean()), 2)
    (1.0, 0.63)
    """
    index, own, team, _ = _people(attainment, scheme, teams, None)
    noise = _per_agent("spread", numbers("spread", spread, least=0), own.size)
    risk = _per_agent("gate_risk", share("gate_risk", gate_risk), own.size)
    middle = one_share("confidence", confidence, zero=False, one=False)
    rng, count = np.random.default_rng(whole("seed", seed, least=0)), limited("periods", periods, 100, MOST_PERIODS)
    drawn = own + noise * rng.standard_normal((count, own.size))
    open_gate = rng.random((count, own.size)) >= risk
    paid = scheme.bonus * np.where(open_gate, payout_share(_blend(drawn, team, scheme.team_weight), scheme), 0.0)
    cost = paid.sum(axis=1)
    within, overall = float(paid.var(axis=0).mean()), float(paid.var())
    low, high = np.quantile(cost, [(1 - middle) / 2, (1 + middle) / 2])
    agents = pd.DataFrame(
        {
            "attainment": own,
            "payout": paid.mean(axis=0),
            "payout_sd": paid.std(axis=0),
            "paid": (paid > 0).mean(axis=0),
        },
        index=index,
    )
    luck = min(within / overall, 1.0) if overall > 0 else 0.0
    return IncentiveRisk(agents, float(cost.mean()), float(low), float(high), luck)


def gaming_gain(
    attainments: pd.DataFrame,
    weights: Mapping[str, float],
    effects: Mapping[str, float],
    scheme: BonusScheme,
    *,
    teams: Any = None,
) -> pd.DataFrame:
    """Who would be paid more for playing the figures, one agent at a time.

    Each agent in turn changes the attainments of her metrics by `effects` while the others stay honest.

    Parameters
    ----------
    attainments : DataFrame
        One row per agent, one column per metric: honest attainments.
    weights : mapping
        Metric -> weight in the bonus; they add up to 1.
    effects : mapping
        Metric -> change of its attainment when it is gamed: cutting calls short gives
        ``{"aht": 0.20, "first_contact_resolution": -0.08}``.
    scheme : BonusScheme
        The rules.
    teams : array or Series, optional
        Team of each agent; one team when left out.

    Returns
    -------
    DataFrame
        Indexed by agent: honest and gamed payout, gain. ``attrs["gainers"]`` is the share of agents whom gaming pays:
        above 0 the weights buy what nobody wants.

    Examples
    --------
    >>> agents = pd.DataFrame({"aht": [0.9, 1.0, 1.1], "first_contact_resolution": [1.0, 0.95, 0.9]},
    ...                       index=["Chen", "Liu", "Wang"])
    >>> short_calls = {"aht": 0.20, "first_contact_resolution": -0.08}
    >>> scheme = BonusScheme(1000)
    >>> gaming_gain(agents, {"aht": 0.5, "first_contact_resolution": 0.5}, short_calls, scheme).attrs["gainers"]
    1.0
    >>> fair = {"aht": 0.2, "first_contact_resolution": 0.8}
    >>> gaming_gain(agents, fair, short_calls, scheme)["gain"].round(1).tolist()
    [-60.0, -60.0, -60.0]
    """
    parts, gained = mapping("weights", weights), mapping("effects", effects)
    metrics = list(map(str, parts))
    if not metrics:
        raise ValueError("weights must name at least one metric, got none")
    frame = columns("attainments", attainments, metrics)
    values = np.column_stack([numbers(f"attainments of {metric}", frame[metric]) for metric in metrics])
    checked = np.array([one_share(f"the weight of {m}", w) for m, w in parts.items()])
    if abs(float(checked.sum()) - 1) > HAIR:
        raise ValueError(f"weights must add up to 1, got {float(checked.sum()):g}")
    for name in gained:
        if name not in parts:
            raise ValueError(f"effects must name metrics of weights ({', '.join(metrics)}), got {name}")
    change = np.array([number(f"the effect on {m}", gained.get(m, 0.0)) for m in parts])
    index, own, team, _ = _people(pd.Series(values @ checked, index=frame.index), scheme, teams, None)
    honest = scheme.bonus * payout_share(_blend(own, team, scheme.team_weight), scheme)
    # What one agent gains by herself counts in full for her own part, and shared by the team for the team's.
    felt = 1 - scheme.team_weight + scheme.team_weight / np.bincount(team)[team]
    alone = _blend(own, team, scheme.team_weight) + float(change @ checked) * felt
    gamed = scheme.bonus * payout_share(alone, scheme)
    table = pd.DataFrame({"honest": honest, "gamed": gamed, "gain": gamed - honest}, index=index)
    table.attrs["gainers"] = float((table["gain"] > HAIR).mean())
    return table


def incentive_sensitivity(
    attainment: Any, scheme: BonusScheme, changes: Mapping[str, tuple[float, float]], *, teams: Any = None
) -> pd.DataFrame:
    """What the scheme costs when one rule, or everybody's attainment, is lower or higher.

    Parameters
    ----------
    attainment : array or Series
        Attainment of each agent.
    scheme : BonusScheme
        The rules to vary.
    changes : mapping
        A field of `BonusScheme` -> (low, high); "attainment" -> (low, high) is added to everybody.
    teams : array or Series, optional
        Team of each agent; one team when left out.

    Returns
    -------
    DataFrame
        Columns parameter, low, high, cost_low, cost_high, swing; widest swing first. ``attrs["cost"]`` is the cost
        of the scheme as it is.

    Examples
    --------
    >>> table = incentive_sensitivity([0.85, 0.95, 1.05, 1.15], BonusScheme(1000),
    ...                               {"threshold": (0.7, 0.9), "attainment": (-0.1, 0.1)})
    >>> table.round(1)
        parameter  low  high  cost_low  cost_high   swing
    0  attainment -0.1   0.1    2550.0     4325.0  1775.0
    1   threshold  0.7   0.9    3866.7     2950.0   916.7
    """
    fields, rows = ("bonus", "threshold", "at_threshold", "accelerator", "cap", "team_weight"), []
    base = np.atleast_1d(numbers("attainment", attainment))
    instance("scheme", scheme, BonusScheme, "BonusScheme(1000)")
    for name, ends in mapping("changes", changes).items():
        if name not in (*fields, "attainment"):
            raise ValueError(f"changes must name attainment or a rule ({', '.join(fields)}), got {name}")
        low, high = pair(f"the change of {name}", ends)
        if name == "attainment":
            costs = [incentive(base + shift, scheme, teams=teams).attrs["cost"] for shift in (low, high)]
        else:
            costs = [incentive(base, replace(scheme, **{name: end}), teams=teams).attrs["cost"] for end in (low, high)]
        rows.append((name, low, high, *costs, abs(costs[1] - costs[0])))
    if not rows:
        raise ValueError("changes must name at least one parameter, got none")
    table = pd.DataFrame(rows, columns=["parameter", "low", "high", "cost_low", "cost_high", "swing"])
    table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    table.attrs["cost"] = incentive(base, scheme, teams=teams).attrs["cost"]
    return table
