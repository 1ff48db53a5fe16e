"""Daily, weekly and monthly reports by audience, built with their own checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .._checks import choice, number
from .._text import Text
from ..performance import METRICS, SERVICE_LEVEL_RULES
from ._chart_base import language, listed, say
from ._data import Data, Measure, checked, measures_of, prepare
from ._findings import findings
from ._model import Report, Section
from ._results import course, summary
from ._sections import SECTIONS
from ._self_checks import make_checks

__all__ = ["AUDIENCES", "KINDS", "report"]

KINDS = {
    "daily": Text("Daily report", "运营日报"),
    "weekly": Text("Weekly report", "运营周报"),
    "monthly": Text("Monthly report", "运营月报"),
}
"""Reports by period."""

AUDIENCES = {
    "team_leader": Text("team leader", "班组长"),
    "supervisor": Text("supervisor and floor", "主管与现场"),
    "manager": Text("manager", "经理"),
    "client": Text("executives and client", "高管与上游客户"),
}
"""Who reads a report; clients see results, not staff."""

PARTS = {
    ("daily", "team_leader"): ("worst",),
    ("daily", "supervisor"): ("staffing", "forecast", "worst"),
    ("daily", "manager"): ("forecast", "shrinkage"),
    ("weekly", "team_leader"): ("worst",),
    ("weekly", "supervisor"): ("forecast", "worst", "pattern", "shrinkage"),
    ("weekly", "manager"): ("change", "forecast", "shrinkage"),
    ("monthly", "team_leader"): ("pattern",),
    ("monthly", "supervisor"): ("forecast", "worst", "pattern", "shrinkage"),
    ("monthly", "manager"): ("change", "pattern", "forecast", "shrinkage"),
    ("monthly", "client"): ("change",),
}
ARGUMENTS = {
    "targets['service_level']": Text("targets['service_level']", "服务水平目标"),
    "forecast": Text("forecast", "预测"),
    "shrinkage": Text("shrinkage", "缩减率"),
}
INTERNAL = ("occupancy", "utilisation", "shrinkage", "wape", "forecast_bias", "attrition")


def report(
    intervals: pd.DataFrame,
    kind: str = "daily",
    audience: str = "supervisor",
    period: object = None,
    *,
    name: str | None = None,
    targets: Mapping[str, Any] | None = None,
    rule: str = "offered",
    within_s: float = 20,
    events: pd.DataFrame | None = None,
    forecast: pd.Series | pd.DataFrame | None = None,
    shrinkage: pd.DataFrame | None = None,
    measures: pd.DataFrame | None = None,
    daily_totals: pd.DataFrame | None = None,
) -> Report:
    """A daily, weekly or monthly report in the language of the session, with the proof that its numbers hold.

    Every percentage is a sum of counts over a sum of counts. What the report checks of itself: days and intervals are
    there, none stands twice, offered = answered + abandoned, parts are not more than wholes, tables add up, the second
    source agrees, denominators are above 0, targets are given. A failed check stands on top of the report in plain
    words and makes `ok` False; the report is built all the same, so that the defect can be found.

    Parameters
    ----------
    intervals : DataFrame
        On the start of each interval: `offered`, `answered`, `answered_within`, `abandoned`, `abandoned_within`,
        `aht_s` [s] and, if known, `staffed` and `scheduled` [agents], as the `intervals` of `ccskills.data.centre`;
        also days before the period, with which it is compared.
    kind : str, optional
        "daily", "weekly" (from Monday) or "monthly".
    audience : str, optional
        "team_leader", "supervisor", "manager" or "client".
    period : str or Timestamp, optional
        A day of the period; the last whole period of the intervals when left out.
    name : str, optional
        Name of the centre or queue for the title.
    targets : mapping, optional
        Target by key of `ccskills.performance.METRICS`; a pair (low, high) where a range is best, as for occupancy.
    rule : str, optional
        Which of the four formulas of the service level, a name of `ccskills.performance.SERVICE_LEVEL_RULES`.
    within_s : float, optional
        The target time T of `answered_within` [s].
    events : DataFrame, optional
        `start`, `end`, `kind` and names in `en` and `zh`: holidays, campaigns, outages.
    forecast : Series or DataFrame, optional
        Contacts foreseen on the start of each interval (or the column `mean`).
    shrinkage : DataFrame, optional
        On the day: `paid` and hours not available by category [h].
    measures : DataFrame, optional
        Counts of other metrics, from evaluations, surveys or costs: `day`, `metric` (key of METRICS), `numerator`,
        `denominator`.
    daily_totals : DataFrame, optional
        A second source on the day, to reconcile with: any of the counts, `service_level` [share].

    Returns
    -------
    Report

    Examples
    --------
    >>> from ccskills.data import centre
    >>> from ccskills.reporting import report
    >>> ours = centre(days=28)
    >>> targets = {"service_level": 0.8, "abandonment": 0.05}
    >>> found = report(ours.intervals, "weekly", "manager", targets=targets, events=ours.events)
    >>> found.title, found.period, found.ok
    ('Weekly report · manager', '2025-01-27 – 2025-02-02', True)
    >>> found.findings[0]
    '11,895 contacts were offered, -36.6% against the week before (18,752); likely reason: Spring Festival in this
    period and Make-up workday in the one before.'

    A half hour that got lost is named:

    >>> broken = report(ours.intervals.drop(ours.intervals.index[-10]), targets=targets)
    >>> broken.ok, broken.checks["finding"][0]
    (False, 'Intervals missing: 1 (2025-02-02 15:00); their contacts are in no total of this report.')
    >>> report(ours.intervals, kind="yearly")
    Traceback (most recent call last):
    ValueError: kind must be one of daily, weekly, monthly, got 'yearly'
    """
    choice("kind", kind, KINDS)
    choice("audience", audience, AUDIENCES)
    choice("rule", rule, SERVICE_LEVEL_RULES)
    given = {
        "targets": dict(targets or {}),
        "events": events,
        "forecast": forecast,
        "shrinkage": shrinkage,
        "measures": measures,
        "daily_totals": daily_totals,
    }
    data = prepare(intervals, kind, period, rule, number("within_s", within_s, above=0), checked(given))
    now, before = measures_of(data), measures_of(data, previous=True)
    client = audience == "client"
    if client:
        now = {key: measure for key, measure in now.items() if key not in INTERNAL}
    sections, notes = _sections(data, now, before, audience)
    tables = {part.key: part.table for part in sections if part.key == "course"}
    title = " · ".join([*([name] if name else []), say(KINDS[kind]), say(AUDIENCES[audience])])
    last = data.end - pd.DateOffset(days=1)
    span = f"{data.first:%Y-%m-%d}" + ("" if kind == "daily" else f" – {last:%Y-%m-%d}")
    checks = make_checks(data, now, tables)
    words = findings(data, now, before)
    return Report(title, kind, audience, language(), span, words, sections, checks, _definitions(data, now), notes)


def _sections(
    data: Data, now: Mapping[str, Measure], before: Mapping[str, Measure], audience: str
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections of an audience, and what is left out for want of data."""
    client = audience == "client"
    made = [summary(data, now, before, client), course(data, not client)]
    lacking = []
    for key in PARTS.get((data.kind, audience), ()):
        make, argument = SECTIONS[key]
        found = make(data)
        if found is not None:
            made.append(found)
        elif argument:
            lacking.append(argument)
    notes = (
        [
            say(
                Text("Left out, because it was not given: {}.", "因未提供而未列：{}。"),
                listed([say(ARGUMENTS[name]) for name in lacking]),
            )
        ]
        if lacking
        else []
    )
    return tuple(made), tuple(notes)


def _definitions(data: Data, now: Mapping[str, Measure]) -> pd.DataFrame:
    """What each measure of the report counts, per what, and what to beware of."""
    from ..performance._metric_list import DIRECTIONS

    rows = []
    for key in now:
        metric = METRICS[key]
        formula = say(metric.formula)
        if key == data.level:
            formula += say(Text("; T = {:g} s", "；T = {:g}秒"), data.within_s)
        rows.append((say(metric.name), formula, say(DIRECTIONS[metric.direction]), say(metric.warning)))
    return pd.DataFrame(rows, columns=["measure", "formula", "better", "note"])
