"""The counts of a report: its period, the period before, totals by interval and day, and measures from totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from .._checks import choice, columns, numbers
from ..performance import METRICS

__all__ = ["COUNTS", "Data", "Measure", "measures_of", "prepare", "voice_measures"]

COUNTS = ("offered", "answered", "answered_within", "abandoned", "abandoned_within")
STAFF = ("scheduled", "staffed")
STEP = {"daily": pd.DateOffset(days=1), "weekly": pd.DateOffset(days=7), "monthly": pd.DateOffset(months=1)}
BACK = {"daily": pd.DateOffset(days=7), "weekly": pd.DateOffset(days=7), "monthly": pd.DateOffset(months=1)}


@dataclass(frozen=True)
class Measure:
    """A measure of a period with the counts that it comes from."""

    key: str
    numerator: float
    denominator: float

    @property
    def value(self) -> float:
        """Numerator / denominator in the unit of the metric; nan when the denominator is 0."""
        return METRICS[self.key].factor * self.numerator / self.denominator if self.denominator > 0 else np.nan


@dataclass(frozen=True)
class Data:
    """The rows of a period and of the period before it, and what else the report was given."""

    kind: str
    first: pd.Timestamp
    end: pd.Timestamp
    everything: pd.DataFrame
    rows: pd.DataFrame
    before: pd.DataFrame
    interval_s: float
    rule: str
    within_s: float
    targets: Mapping[str, Any]
    events: pd.DataFrame | None
    forecast: pd.Series | None
    shrinkage: pd.DataFrame | None
    daily_totals: pd.DataFrame | None
    measures: pd.DataFrame | None

    @property
    def level(self) -> str:
        """Key of the service level by the rule of the report."""
        return "service_level" if self.rule == "offered" else f"service_level_{self.rule}"

    @property
    def days(self) -> pd.DatetimeIndex:
        """Every day of the period."""
        return pd.date_range(self.first, self.end, freq="D", inclusive="left")

    @property
    def staffed(self) -> bool:
        """Whether the intervals say who was there."""
        return "staffed" in self.rows


def prepare(
    intervals: pd.DataFrame, kind: str, period: object, rule: str, within_s: float, given: Mapping[str, Any]
) -> Data:
    """The rows of the period that contains the day `period`; the last whole one when no day is given."""
    table = _clean(intervals)
    starts = pd.DatetimeIndex(table.index)
    last_day = starts[-1].normalize()
    if period is None:
        first = _first(last_day, kind)
        if first + STEP[kind] > last_day + pd.DateOffset(days=1) and first - STEP[kind] >= starts[0].normalize():
            first = first - STEP[kind]
    else:
        first = _first(_day(period, starts), kind)
    end = first + STEP[kind]
    rows = table[(starts >= first) & (starts < end)]
    if rows.empty:
        span = f"{starts[0]:%Y-%m-%d} to {last_day:%Y-%m-%d}"
        raise ValueError(f"period must be a day of the intervals, {span}, got {period}")
    previous = first - BACK[kind]
    before = table[(starts >= previous) & (starts < previous + STEP[kind])]
    gaps = np.diff(starts.unique().to_numpy()).astype("timedelta64[s]").astype(np.int64)
    length = float(gaps.min()) if gaps.size else 1800.0
    return Data(kind, first, end, table, rows, before, length, rule, within_s, **given)


def _clean(intervals: pd.DataFrame) -> pd.DataFrame:
    """The intervals in order of time, every count checked."""
    columns("intervals", intervals, [*COUNTS, "aht_s"])
    if not isinstance(intervals.index, pd.DatetimeIndex):
        raise TypeError(f"intervals must have a DatetimeIndex, got {type(intervals.index).__name__}")
    if intervals.index.hasnans:
        raise ValueError("intervals must say when each interval starts, got an empty start")
    for name in (*COUNTS, *(name for name in STAFF if name in intervals)):
        numbers(name, intervals[name], least=0)
    return intervals.sort_index(kind="stable")


def _day(period: object, starts: pd.DatetimeIndex) -> pd.Timestamp:
    """A day in the time zone of the intervals."""
    try:
        day = pd.Timestamp(cast(Any, period))
    except (TypeError, ValueError):
        raise ValueError(f"period must be a day such as '2026-03-02', got {period!r}") from None
    if day is pd.NaT:
        raise ValueError(f"period must be a day such as '2026-03-02', got {period!r}")
    return day.tz_localize(starts.tz) if starts.tz is not None and day.tz is None else day


def _first(day: pd.Timestamp, kind: str) -> pd.Timestamp:
    """First day of the day, week (from Monday) or month."""
    start = day.normalize()
    if kind == "daily":
        return start
    return start - pd.DateOffset(days=start.day_of_week) if kind == "weekly" else start.replace(day=1)


def level_counts(rows: pd.DataFrame, rule: str) -> tuple[pd.Series, pd.Series]:
    """Numerator and denominator of the service level by one of the four rules, row by row."""
    within, taken, short, lost = (
        rows[name] for name in ("answered_within", "answered", "abandoned_within", "abandoned")
    )
    top = within + short if rule == "short_abandons_as_answered" else within
    bottom = {"answered": taken, "short_abandons_excluded": taken + lost - short}.get(rule, taken + lost)
    return top, bottom


def handling_s(rows: pd.DataFrame) -> tuple[float, float]:
    """Seconds of handling, and the answered contacts whose handle time is known."""
    known = rows["aht_s"].notna() & (rows["answered"] > 0)
    return float((rows["answered"] * rows["aht_s"])[known].sum()), float(rows["answered"][known].sum())


def voice_measures(rows: pd.DataFrame, data: Data) -> dict[str, Measure]:
    """The measures of the queue, each from the sum of its counts."""
    top, bottom = (float(part.sum()) for part in level_counts(rows, data.rule))
    taken, lost = float(rows["answered"].sum()), float(rows["abandoned"].sum())
    busy, known = handling_s(rows)
    found = [
        Measure(data.level, top, bottom),
        Measure("connection_rate", taken, taken + lost),
        Measure("abandonment", lost, taken + lost),
        Measure("aht", busy, known),
    ]
    if "staffed" in rows:
        found.append(Measure("occupancy", busy, float(rows["staffed"].sum()) * data.interval_s))
    return {measure.key: measure for measure in found}


def measures_of(data: Data, previous: bool = False) -> dict[str, Measure]:
    """Every measure that the report was given counts for, in the period or in the one before."""
    first, end = (data.first - BACK[data.kind], data.first) if previous else (data.first, data.end)
    if previous:
        end = first + STEP[data.kind]
    rows = data.before if previous else data.rows
    found = voice_measures(rows, data) if len(rows) else {}
    if data.shrinkage is not None:
        part = between(data.shrinkage, first, end)
        lost = part.drop(columns="paid").to_numpy(dtype=float).sum()
        found["shrinkage"] = Measure("shrinkage", float(lost), float(part["paid"].sum()))
    if data.forecast is not None and len(rows):
        found |= forecast_measures(rows, data.forecast)
    if data.measures is not None:
        when = pd.DatetimeIndex(data.measures["day"])
        inside = data.measures[(when >= first.tz_localize(None)) & (when < end.tz_localize(None))]
        for key, group in inside.groupby("metric", sort=False):
            found[str(key)] = Measure(str(key), float(group["numerator"].sum()), float(group["denominator"].sum()))
    return {key: measure for key, measure in found.items() if measure.denominator > 0 or not previous}


def forecast_measures(rows: pd.DataFrame, forecast: pd.Series) -> dict[str, Measure]:
    """WAPE and bias over the intervals that were both foreseen and counted."""
    both = rows["offered"].groupby(level=0).sum().to_frame().join(forecast.rename("forecast"), how="inner")
    error, actual = both["forecast"] - both["offered"], float(both["offered"].sum())
    return {
        "wape": Measure("wape", float(error.abs().sum()), actual),
        "forecast_bias": Measure("forecast_bias", float(error.sum()), actual),
    }


def between(table: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Rows of a table by day from `first` up to before `end`."""
    days = pd.DatetimeIndex(table.index)
    if days.tz is None:
        first, end = first.tz_localize(None), end.tz_localize(None)
    return table[(days >= first) & (days < end)]


def by_group(data: Data, key: pd.Index) -> pd.DataFrame:
    """Counts and measures by interval, day or another grouping of the rows of the period."""
    rows = data.rows
    sums = rows[list(COUNTS)].groupby(key, sort=True).sum()
    top, bottom = (part.groupby(key, sort=True).sum() for part in level_counts(rows, data.rule))
    known = rows["aht_s"].notna() & (rows["answered"] > 0)
    busy = (rows["answered"] * rows["aht_s"]).where(known, 0.0).groupby(key, sort=True).sum()
    handled = rows["answered"].where(known, 0).groupby(key, sort=True).sum()
    sums["service_level"] = (top / bottom.where(bottom > 0)).astype(float)
    sums["aht_s"] = (busy / handled.where(handled > 0)).astype(float)
    sums["busy_s"] = busy
    for name in STAFF:
        if name in rows:
            sums[name] = rows[name].groupby(key, sort=True).sum()
    return sums


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """What a report may be given beside the intervals, each in its shape or refused."""
    for key in given["targets"]:
        choice("targets", key, METRICS)
    if given["events"] is not None and not given["events"].empty:
        columns("events", given["events"], ["start", "end", "kind"])
    if given["shrinkage"] is not None:
        table = columns("shrinkage", given["shrinkage"], ["paid"])
        if not isinstance(table.index, pd.DatetimeIndex):
            raise TypeError(f"shrinkage must have a DatetimeIndex of days, got {type(table.index).__name__}")
        for name in table.columns:
            numbers(name, table[name], least=0)
    if given["daily_totals"] is not None:
        table = given["daily_totals"]
        if not isinstance(table, pd.DataFrame) or not isinstance(table.index, pd.DatetimeIndex):
            raise TypeError(f"daily_totals must be a DataFrame on a DatetimeIndex of days, got {type(table).__name__}")
        known = [name for name in table.columns if name in (*COUNTS, "service_level")]
        if not known:
            raise ValueError(f"daily_totals must have a column of {', '.join(COUNTS)}, service_level, got none")
    if given["measures"] is not None:
        table = columns("measures", given["measures"], ["day", "metric", "numerator", "denominator"])
        for key in table["metric"].unique():
            choice("metric", key, METRICS)
        numbers("numerator", table["numerator"])
        numbers("denominator", table["denominator"], least=0)
    forecast = given["forecast"]
    if isinstance(forecast, pd.DataFrame):
        given["forecast"] = columns("forecast", forecast, ["mean"])["mean"]
    return given
