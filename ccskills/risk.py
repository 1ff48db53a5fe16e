"""What may go wrong, how much it may cost, whether a control pays, and whether the emergency plan would hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._checks import columns, number, numbers, whole
from ._guards import limited, one_share
from ._text import Text

__all__ = ["BANDS", "PLAN_CHECKS", "AnnualLoss", "annual_loss", "expected_loss", "matrix", "plan_check", "treatment"]

BANDS: dict[str, tuple[int, Text]] = {
    "low": (1, Text("low: accept and watch", "低：接受并关注")),
    "medium": (5, Text("medium: the owner reduces it within the year", "中：责任人一年内降低")),
    "high": (10, Text("high: a plan within a month, the manager decides", "高：一个月内有方案，经理决定")),
    "extreme": (17, Text("extreme: act at once, the general manager decides", "极高：立即处置，总经理决定")),
}
"""Bands of likelihood x impact: the lowest score of each and what it asks for; who may accept what is yours to set."""

PLAN_CHECKS: dict[str, Text] = {
    "owner": Text("a named owner of the plan", "预案有明确责任人"),
    "scenarios": Text(
        "at least five scenarios, among them loss of the site, systems, lines, people and a flood of contacts",
        "至少五种情景，含场地、系统、线路、人员失效与话务激增",
    ),
    "first_hour": Text("who does what in the first hour, for every scenario", "每种情景都写明第一小时谁做什么"),
    "deputies": Text("a deputy for every role", "每个角色都有代理人"),
    "contacts_age_days": Text("contact list checked within 90 days", "联络名单90天内核对过"),
    "drills": Text("two drills in the last twelve months", "近12个月演练两次"),
    "unannounced_drills": Text("one of them unannounced", "其中一次不预先通知"),
    "recovery": Text(
        "tested recovery time within the promised one, for every essential service",
        "每项关键服务的实测恢复时间不超过承诺时间",
    ),
    "message": Text("prepared words for customers and staff", "备有对客户与员工的口径"),
    "lessons_open": Text("no lesson of an earlier drill open", "以往演练的问题已全部关闭"),
}
"""What `plan_check` looks at."""

UNTESTED = Text("{}: never tested", "{}：从未测试")
TOO_LATE = Text("{}: {:g} min for {:g} min", "{}：实测{:g}分钟，承诺{:g}分钟")
SAID = {True: Text("yes", "是"), False: Text("no", "否")}
LEAST = {"scenarios": 5, "drills": 2, "unannounced_drills": 1}
WIDEST, MOST_EVENTS = 1e6, 100
MOST = {"contacts_age_days": 90, "lessons_open": 0}


@dataclass(frozen=True)
class AnnualLoss:
    """What a year may cost."""

    mean: float
    """Expected loss of a year: frequency x mean severity, exact."""
    sd: float
    """Standard deviation of the yearly loss, exact: sqrt(frequency x mean of squared severity)."""
    none_probability: float
    """Probability of a year without loss, exp(-frequency)."""
    quantiles: pd.Series
    """Loss that is not exceeded in the given share of years, from draws."""


def matrix(risks: pd.DataFrame) -> pd.DataFrame:
    """Risks by likelihood x impact, the worst first.

    Parameters
    ----------
    risks : DataFrame
        `risk` (name), `likelihood` and `impact` (1 to 5 each); further columns are kept.

    Returns
    -------
    DataFrame
        With `score` (likelihood x impact, an order and no measure of money) and `band` (a name of `BANDS`).

    Examples
    --------
    >>> risks = pd.DataFrame({"risk": ["carrier fails", "wrong tariff told"], "likelihood": [2, 4], "impact": [5, 3]})
    >>> matrix(risks)[["risk", "score", "band"]].values.tolist()
    [['wrong tariff told', 12, 'high'], ['carrier fails', 10, 'high']]
    """
    table = columns("risks", risks, ["risk", "likelihood", "impact"]).reset_index(drop=True)
    if table["risk"].isna().any():
        raise ValueError(f"risk must be named in every row, got none in {table['risk'].isna().sum()}")
    ratings = []
    for name in ("likelihood", "impact"):
        rated = numbers(name, table[name].to_numpy(dtype=object))
        bad = ~np.isin(rated, range(1, 6))
        if bad.any():
            at = int(np.argmax(bad))
            raise ValueError(f"{name} must be a whole number from 1 to 5, got {rated[at]:g} for {table['risk'][at]}")
        ratings.append(rated.astype(np.int64))
    score = ratings[0] * ratings[1]
    least = [start for start, _ in BANDS.values()]
    band = np.array(list(BANDS))[np.searchsorted(least, score, side="right") - 1]
    table = table.assign(likelihood=ratings[0], impact=ratings[1], score=score, band=band)
    return table.sort_values(["score", "impact"], ascending=False, kind="stable", ignore_index=True)


def expected_loss(per_year: float, value: float, exposure: float = 1.0) -> float:
    """Annual loss expectancy: occurrences a year x value at stake x share of it that is lost each time.

    Parameters
    ----------
    per_year : float
        Occurrences in a year; 0.1 is once in ten years.
    value : float
        What is at stake, in your currency.
    exposure : float, optional
        Share of the value lost in one occurrence.

    Returns
    -------
    float

    Examples
    --------
    >>> expected_loss(per_year=0.5, value=400_000, exposure=0.25)
    50000.0
    """
    often = number("per_year", per_year, least=0)
    return often * number("value", value, least=0) * one_share("exposure", exposure)


def annual_loss(
    per_year: float, median_loss: float, bad_loss: float, draws: int = 20_000, seed: int = 2026
) -> AnnualLoss:
    """The spread of a year's loss when events come at random and their sizes differ widely.

    Events follow a Poisson distribution; the size of one is log-normal, with half of all events above `median_loss` and
    one in twenty above `bad_loss`. The expectation alone hides the year that ruins.

    Parameters
    ----------
    per_year : float
        Mean number of events in a year.
    median_loss : float
        Loss that one event in two exceeds.
    bad_loss : float
        Loss that one event in twenty exceeds; above the median.
    draws : int, optional
        Years to draw, 1,000 or more.
    seed : int, optional
        The same seed gives the same years.

    Returns
    -------
    AnnualLoss

    Examples
    --------
    >>> year = annual_loss(per_year=0.5, median_loss=40_000, bad_loss=400_000)
    >>> round(year.mean), round(year.none_probability, 3), year.quantiles.round(-4).to_dict()
    (53280, 0.607, {0.5: 0.0, 0.8: 50000.0, 0.9: 140000.0, 0.95: 250000.0, 0.99: 710000.0})
    """
    often = number("per_year", per_year, above=0)
    middle, bad = number("median_loss", median_loss, above=0), number("bad_loss", bad_loss, above=0)
    if bad <= middle:
        raise ValueError(f"bad_loss must be above median_loss {middle:g}, got {bad:g}")
    if bad > WIDEST * middle:
        raise ValueError(f"bad_loss must be at most {WIDEST:,.0f} times median_loss {middle:g}, got {bad:g}")
    if often > MOST_EVENTS:
        raise ValueError(f"per_year must be at most {MOST_EVENTS:,} events, got {often:g}: that is a running cost")
    sigma = float(np.log(bad / middle)) / 1.6448536269514722
    rng = np.random.default_rng(whole("seed", seed, least=0))
    events = rng.poisson(often, limited("draws", draws, 1000, 100_000))
    sizes = middle * np.exp(sigma * rng.standard_normal(int(events.sum())))
    years = np.bincount(np.repeat(np.arange(events.size), events), weights=sizes, minlength=events.size)
    at = [0.5, 0.8, 0.9, 0.95, 0.99]
    return AnnualLoss(
        mean=often * middle * float(np.exp(sigma**2 / 2)),
        sd=float(np.sqrt(often)) * middle * float(np.exp(sigma**2)),
        none_probability=float(np.exp(-often)),
        quantiles=pd.Series(np.quantile(years, at), index=pd.Index(at, name="share_of_years"), name="loss"),
    )


def treatment(controls: pd.DataFrame) -> pd.DataFrame:
    """Whether controls pay: loss avoided in a year less what the control costs in a year, the best first.

    Parameters
    ----------
    controls : DataFrame
        Indexed by name; `loss_before` and `loss_after` (expected annual loss) and `cost` (per year).

    Returns
    -------
    DataFrame
        With `avoided`, `benefit` (avoided - cost), `per_cost` (avoided / cost; without cost inf, 0 or -inf, as the loss
        avoided is above, at or below 0) and `worth_it`. What the law demands is done whether it pays or not.

    Examples
    --------
    >>> controls = pd.DataFrame(
    ...     {"loss_before": [90_000, 20_000], "loss_after": [15_000, 16_000], "cost": [30_000, 9_000]},
    ...     index=["second carrier", "guard at night"],
    ... )
    >>> treatment(controls)["benefit"].to_dict()
    {'second carrier': 45000.0, 'guard at night': -5000.0}
    """
    names = ["loss_before", "loss_after", "cost"]
    table = columns("controls", controls, names)
    before, after, cost = (numbers(name, table[name].to_numpy(dtype=object), least=0) for name in names)
    avoided = before - after
    free = np.where(avoided == 0, 0.0, np.copysign(np.inf, avoided))
    ratio = np.divide(avoided, cost, out=free, where=cost > 0)
    found = table.assign(avoided=avoided, benefit=avoided - cost, per_cost=ratio, worth_it=avoided > cost)
    return found.sort_values("benefit", ascending=False, kind="stable")


def plan_check(plan: Mapping[str, Any], language: str = "en") -> pd.DataFrame:
    """Whether an emergency plan has what it must have and was tested, check by check.

    Parameters
    ----------
    plan : mapping
        One entry for each key of `PLAN_CHECKS`: `owner` (a name), `scenarios` (how many), `first_hour`, `deputies` and
        `message` (True or False), `contacts_age_days`, `drills`, `unannounced_drills` and `lessons_open` (numbers), and
        `recovery` (DataFrame indexed by service with `promised_min` and `tested_min` [min], empty where untested).
    language : str, optional
        "en" or "zh", for the words of the checks.

    Returns
    -------
    DataFrame
        Indexed by the key: `check` (in words), `found`, `ok`.

    Examples
    --------
    >>> recovery = pd.DataFrame({"promised_min": [30, 120], "tested_min": [25, 150]}, index=["voice", "e-mail"])
    >>> plan = {
    ...     **{"owner": "Li Wen", "scenarios": 6, "first_hour": True, "deputies": True, "contacts_age_days": 120},
    ...     **{"drills": 2, "unannounced_drills": 1, "recovery": recovery, "message": True, "lessons_open": 0},
    ... }
    >>> found = plan_check(plan)
    >>> found[~found["ok"]]["found"].to_dict()
    {'contacts_age_days': '120', 'recovery': 'e-mail: 150 min for 120 min'}
    """
    if not isinstance(plan, Mapping):
        raise TypeError(f"plan must be a mapping with the keys of PLAN_CHECKS, got {type(plan).__name__}")
    missing = [key for key in PLAN_CHECKS if key not in plan]
    foreign = [key for key in plan if key not in PLAN_CHECKS]
    if missing or foreign:
        got = f"no {missing[0]}" if missing else f"besides {foreign[0]}"
        raise ValueError(f"plan must have the keys {', '.join(PLAN_CHECKS)}, got {got}")
    rows = {key: (check.say(language), *_checked(key, plan[key], language)) for key, check in PLAN_CHECKS.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["check", "found", "ok"])


def _checked(key: str, value: Any, language: str) -> tuple[str, bool]:
    """What was found under one key, and whether it will do."""
    if key == "recovery":
        return _recovery(value, language)
    if key in LEAST or key in MOST:
        count = whole(key, value, least=0)
        return str(count), LEAST.get(key, 0) <= count <= MOST.get(key, count)
    if key == "owner":
        if not isinstance(value, str):
            raise TypeError(f"owner must be a name, got {value!r}")
        return value.strip(), bool(value.strip())
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{key} must be True or False, got {value!r}")
    return SAID[bool(value)].say(language), bool(value)


def _recovery(value: Any, language: str) -> tuple[str, bool]:
    """The services that were not tested or came back too late."""
    table = columns("recovery", value, ["promised_min", "tested_min"])
    late = []
    for service, row in table.iterrows():
        promised = number(f"promised_min of {service}", row["promised_min"], above=0)
        if pd.isna(row["tested_min"]):
            late.append(UNTESTED.say(language).format(service))
        elif (tested := number(f"tested_min of {service}", row["tested_min"], least=0)) > promised:
            late.append(TOO_LATE.say(language).format(service, tested, promised))
    return ("；" if language == "zh" else "; ").join(late), not late
