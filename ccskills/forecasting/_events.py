"""What events do to the volume: learnt from the past as factors, applied to the days to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats
from .._counts import z_value
from .._grid import Ahead, Grid, expected_slots, read, regular
from ._calendar import AFTER, HOLIDAY, MAKEUP, Event, covered, days_after, read_events
from ._cleaning import typical_counts
from ._methods import pooled_shares

__all__ = ["Effect", "Foreseen", "Learnt", "ahead_of", "event_effects", "foresee", "learn", "opening_days"]

# Standard deviations of the logarithm: of a kind's factor around 1, of a name's around its kind, of one time around
# its name. They hold an effect back that was seen once, and widen the limits of a day whose event was.
KIND_SD, NAME_SD, TIME_SD = 0.5, 0.15, 0.05
LEAST_NOISE = 0.01


@dataclass(frozen=True)
class Effect:
    """What one kind of event, or one event by name, does to the volume."""

    kind: str
    name: str
    """ "" for the kind as a whole."""
    times: int
    days: int
    log_factor: float
    sd: float
    """Uncertainty of the logarithm for the next time."""


@dataclass(frozen=True)
class Learnt:
    """The ordinary history, and what was learnt from the rest of it."""

    grid: Grid
    effects: dict[tuple[str, str], Effect]
    rest_profile: Floats
    """Weight of each interval on a holiday; only the ratios count."""


@dataclass(frozen=True)
class Foreseen:
    """A forecast by day and interval, nan where closed."""

    mean: Floats
    event_sd: Floats
    """Uncertainty of the event's factor, as a share of the mean; 0 on ordinary intervals."""
    ordinary: Any
    """Which intervals lie in no event."""


def learn(grid: Grid, events: Sequence[Event]) -> Learnt:
    """Take the events out of the history and measure what each of them did."""
    listed = [*events, *days_after(events)]
    masks = [(event, covered(event, grid.days, grid.slots)) for event in listed]
    seen = [(event, mask & ~np.isnan(grid.counts)) for event, mask in masks if (mask & ~np.isnan(grid.counts)).any()]
    if not seen:
        return Learnt(regular(grid), {}, np.ones(grid.slots.size))
    touched = np.any([mask for _, mask in seen], axis=0)
    expected = expected_slots(grid)
    typical = typical_counts(grid, np.where(touched, np.nan, grid.counts))
    ordinary_weekdays = set(grid.weekdays[~touched.any(axis=1)].tolist()) or set(grid.weekdays.tolist())
    kept = np.isin(grid.weekdays, list(ordinary_weekdays))
    eventful = touched.any(axis=1)[:, None]
    filled = np.where((touched | (eventful & np.isnan(grid.counts))) & ~np.isnan(typical), typical, grid.counts)
    filled = np.where(eventful & ~expected, np.nan, filled)
    ordinary = regular(Grid(grid.days[kept], grid.slots, filled[kept], grid.name))
    usual = Grid(ordinary.days, grid.slots, np.where(np.isnan(typical), filled, typical)[kept], grid.name)
    noise = _noise(ordinary, usual, ~touched.any(axis=1)[kept])
    times = [(event, *_log_ratio(grid, usual, event, mask)) for event, mask in seen]
    return Learnt(ordinary, _effects(times, noise), _rest_profile(grid, ordinary, seen))


def _noise(ordinary: Grid, usual: Grid, quiet: Any) -> float:
    """How far ordinary days are from what is typical of them, as a standard deviation of the logarithm."""
    day, typical = (np.maximum(np.nansum(table.counts[quiet], axis=1), 0.5) for table in (ordinary, usual))
    off = np.abs(np.log(day / typical))
    return max(1.4826 * float(np.median(off)), LEAST_NOISE) if off.size else KIND_SD


def _log_ratio(grid: Grid, usual: Grid, event: Event, mask: Any) -> tuple[float, int]:
    """Logarithm of what came in the event over what is usual, and the days that it lasted."""
    rows = np.flatnonzero(mask.any(axis=1))
    came, reference = 0.0, 0.0
    for row in rows:
        came += float(grid.counts[row][mask[row]].sum())
        apart = np.abs(np.asarray((usual.days - grid.days[row]).days))
        if event.kind == MAKEUP:
            apart = np.where(usual.weekdays == event.imitates, apart, apart.max() + 1)
        likeness = usual.counts[int(np.argmin(apart))]
        volume = np.nansum(likeness)
        inside = float(np.nansum(likeness[mask[row]]))
        if event.kind == HOLIDAY and volume > 0:
            inside *= float(np.nansum(usual.counts[apart <= 3], axis=1).mean()) / volume if (apart <= 3).any() else 1.0
        reference += inside
    return float(np.log(max(came, 0.5) / max(reference, 0.5))), rows.size


def _effects(times: Sequence[tuple[Event, float, int]], noise: float) -> dict[tuple[str, str], Effect]:
    """Factors by kind and by name: a name leans on its kind and a kind on 1, the more the less often it was seen."""
    effects: dict[tuple[str, str], Effect] = {}
    once = noise**2 + TIME_SD**2
    for kind in dict.fromkeys(event.kind for event, _, _ in times):
        of_kind = [(event.name, ratio, days) for event, ratio, days in times if event.kind == kind]
        among = NAME_SD**2 if any(name for name, _, _ in of_kind) else 0.0
        mean, variance = _posterior([ratio for _, ratio, _ in of_kind], once + among, 0.0, KIND_SD**2)
        spread = variance + among
        days = sum(days for _, _, days in of_kind)
        effects[kind, ""] = Effect(kind, "", len(of_kind), days, mean, float(np.sqrt(spread + TIME_SD**2)))
        for name in dict.fromkeys(name for name, _, _ in of_kind if name):
            named = [(ratio, days) for found, ratio, days in of_kind if found == name]
            own, own_variance = _posterior([ratio for ratio, _ in named], once, mean, spread)
            days = sum(days for _, days in named)
            effects[kind, name] = Effect(kind, name, len(named), days, own, float(np.sqrt(own_variance + TIME_SD**2)))
    return effects


def _posterior(values: Sequence[float], variance: float, prior: float, prior_variance: float) -> tuple[float, float]:
    """Mean and variance of a normal mean after the values, each with the variance, were seen."""
    precision = len(values) / variance + 1 / prior_variance
    return (sum(values) / variance + prior / prior_variance) / precision, 1 / precision


def _rest_profile(grid: Grid, ordinary: Grid, seen: Sequence[tuple[Event, Any]]) -> Floats:
    """Intervals of a holiday: as on the quietest weekday, and as on past holidays the more of them there were."""
    volume = {
        w: float(np.nansum(ordinary.counts[ordinary.weekdays == w][-8:])) for w in set(ordinary.weekdays.tolist())
    }
    quietest = pooled_shares(ordinary, min(volume, key=lambda weekday: volume[weekday]))
    days = [grid.counts[mask.all(axis=1)] for event, mask in seen if event.kind == HOLIDAY]
    past = np.concatenate(days) if days else np.empty((0, grid.slots.size))
    one_day = max(volume.values()) / 8
    return np.asarray(np.nansum(past, axis=0) + one_day * np.nan_to_num(quietest) + 1e-9)


def opening_days(events: Sequence[Event]) -> set[pd.Timestamp]:
    """The make-up workdays: the centre opens on them whatever the weekday."""
    ranges = [pd.date_range(e.start.normalize(), e.end.normalize()) for e in events if e.kind == MAKEUP]
    return {day for days in ranges for day in days}


def ahead_of(days: pd.DatetimeIndex, events: Sequence[Event]) -> Ahead:
    """The days with the weekday that each is like."""
    weekdays = np.array(days.day_of_week)
    for event in events:
        if event.kind == MAKEUP:
            weekdays[(days >= event.start.normalize()) & (days <= event.end.normalize())] = event.imitates
    return Ahead(days, weekdays)


def foresee(
    learnt: Learnt, method: Callable[[Grid, Ahead], Floats], ahead: Ahead, events: Sequence[Event], *, strict: bool
) -> Foreseen:
    """The method's forecast of the ordinary days, with the events to come on top.

    A holiday is a multiple of the mean day of its week, since no weekday rules on it; every other event is a multiple
    of its own intervals. An event of a kind not seen before is refused when strict, else it counts as 1.
    """
    mean = method(learnt.grid, ahead)
    event_sd, ordinary = np.zeros(mean.shape), np.ones(mean.shape, dtype=bool)
    listed = [*events, *days_after(events)]
    coming = [(event, inside) for event in listed if (inside := covered(event, ahead.days, learnt.grid.slots)).any()]
    if any(event.kind == HOLIDAY for event, _ in coming):
        level = _week_level(learnt.grid, method, ahead)
        rest = np.where(np.isnan(mean), np.nan, learnt.rest_profile)
        resting = level[:, None] * rest / np.nansum(rest, axis=1, keepdims=True)
    for event, inside in sorted(coming, key=lambda pair: pair[0].kind != HOLIDAY):
        factor, sd = _factor(learnt, event, strict)
        mean[inside] = factor * (resting if event.kind == HOLIDAY else mean)[inside]
        event_sd[inside] = np.hypot(event_sd[inside], sd)
        ordinary[inside] = False
    return Foreseen(mean, event_sd, ordinary)


def _week_level(grid: Grid, method: Callable[[Grid, Ahead], Floats], ahead: Ahead) -> Floats:
    """The mean ordinary day of the seven around each day, or of the first seven of the forecast."""
    around = pd.date_range(ahead.days[0], ahead.days[-1] + pd.Timedelta(days=7))
    week = around[np.isin(around.day_of_week, grid.weekdays)]
    volume = np.nansum(method(grid, Ahead.plain(week)), axis=1)
    level = np.empty(ahead.days.size)
    for row, day in enumerate(ahead.days):
        first = max(day - pd.Timedelta(days=3), around[0])
        level[row] = volume[(week >= first) & (week < first + pd.Timedelta(days=7))].mean()
    return level


def _factor(learnt: Learnt, event: Event, strict: bool) -> tuple[float, float]:
    """The factor of an event to come and its uncertainty: said by the planner, else learnt by name, else by kind."""
    if event.factor is not None:
        return event.factor, 0.0
    effect = learnt.effects.get((event.kind, event.name)) or learnt.effects.get((event.kind, ""))
    if effect is not None:
        return float(np.exp(effect.log_factor)), effect.sd
    if strict and event.kind not in (MAKEUP, AFTER):
        what = f"{event.kind} {event.name}".strip()
        raise ValueError(
            f"events must give a factor for a kind that the history has not seen, got {what} on {event.start:%Y-%m-%d}"
        )
    return 1.0, 0.0 if event.kind in (MAKEUP, AFTER) else KIND_SD


def event_effects(history: pd.Series, events: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """What past events did to the volume, as factors of what is usual.

    A factor of 0.6 is 40 % fewer contacts. Usual is the median of the same intervals on the four same weekdays before
    and after, themselves without events; for a `holiday` the mean day of the seven around it, since no weekday rules
    on a holiday; for a `makeup_workday` the weekday that it imitates. The day after a holiday has a kind of its own,
    `after_holiday`. An effect that was seen once is held back: a name leans on its kind, a kind on 1.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex, as they came.
    events : DataFrame
        Events as for `forecast`; those outside the history are passed over.
    confidence : float, optional
        Probability that the factor of the next time lies between `lower` and `upper`.

    Returns
    -------
    DataFrame
        One row per kind (`name` "") and per named event: `kind`, `name`, `times`, `days`, `factor`, `lower`, `upper`.

    Notes
    -----
    The logarithm of a factor has a normal prior: standard deviation 0.5 around 1 for a kind, 0.15 around its kind for
    a name; one time scatters by 0.05 and by what ordinary days scatter.

    Examples
    --------
    >>> from ccskills.data import centre
    >>> ours = centre()
    >>> effects = event_effects(ours.intervals["offered"], ours.events).set_index(["kind", "name"])
    >>> effects.loc[("holiday", "Spring Festival"), ["times", "days"]].tolist()
    [2, 17]
    >>> effects.loc[[("holiday", "Spring Festival"), ("holiday", "New Year"), ("after_holiday", "")], "factor"].round(1)
    kind           name
    holiday        Spring Festival    0.5
                   New Year           0.8
    after_holiday                     1.1
    Name: factor, dtype: float64
    """
    grid = read(history)
    far = z_value(confidence)
    effects = sorted(learn(grid, read_events(events)).effects.values(), key=lambda effect: (effect.kind, effect.name))
    rows = [
        (e.kind, e.name, e.times, e.days, *np.exp(e.log_factor + far * e.sd * np.array([0, -1, 1]))) for e in effects
    ]
    return pd.DataFrame(rows, columns=["kind", "name", "times", "days", "factor", "lower", "upper"])
