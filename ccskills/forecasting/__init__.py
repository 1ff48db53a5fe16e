"""From call history to a forecast that has been measured: clean, profile, forecast, backtest, accuracy, reforecast."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .. import _grid
from .._checks import choice, whole
from .._grid import Grid
from .._guards import listing, one_share
from . import _methods
from ._accuracy import Accuracy, accuracy, accuracy_by
from ._calendar import WEEKDAYS, Event, read_events
from ._cleaning import Cleaned, clean
from ._events import Learnt, ahead_of, event_effects, foresee, learn, opening_days
from ._intraday import carry_over, reforecast
from ._limits import Trial, errors_of, limits, run_trials
from ._monthly import monthly

__all__ = [
    "METHODS",
    "Accuracy",
    "Cleaned",
    "accuracy",
    "accuracy_by",
    "backtest",
    "clean",
    "event_effects",
    "forecast",
    "monthly",
    "profile",
    "reforecast",
]

METHODS = tuple(_methods.METHODS)
"""Names of the forecasting methods, from the simplest on."""

TRAINING_WEEKS = 4
TRIALS = 10
# With fewer origins than this their WAPE is chance; on five to eight weeks of calls the ridge did best.
ENOUGH_TRIALS, WITHOUT_TRIALS = 4, "ridge_profile"


def profile(history: pd.Series, weeks: int = 8) -> pd.DataFrame:
    """Share of the day's volume that comes in each interval, by weekday.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex.
    weeks : int, optional
        How many of the last same weekdays to add up.

    Returns
    -------
    DataFrame
        One row per interval (`HH:MM`), one column per open weekday (`Mon` to `Sun`); every column sums to 1.
        Intervals in which a weekday is closed are missing.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> shares = profile(half_hours(load("bank_calls")))
    >>> float(shares["Mon"].sum()), shares["Mon"].idxmax()
    (1.0, '10:00')
    """
    grid = _grid.regular(_grid.read(history))
    whole("weeks", weeks, most=366)
    weekdays = sorted(set(grid.weekdays.tolist()))
    clock = [str(pd.Timestamp(0) + slot)[11:16] for slot in grid.slots]
    table = {WEEKDAYS[weekday]: _methods.shares(grid, weekday, weeks) for weekday in weekdays}
    return pd.DataFrame(table, index=pd.Index(clock, name="start"))


def forecast(
    history: pd.Series,
    horizon_days: int,
    method: str = "auto",
    *,
    coverage: float = 0.8,
    closed: Collection[Any] = (),
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Counts to expect in the intervals of the next open days.

    Weekdays and hours on which the history was closed stay closed. The methods:

    - `seasonal_naive` repeats the last same weekday;
    - `weekday_median` takes the median of the last eight same weekdays;
    - `weekday_weighted` takes their mean, each week back weighing less (half as much after three weeks);
    - `holt_winters` smooths the daily volume (level, damped trend, weekday factors) and spreads it by the weekday's
      profile;
    - `ridge_profile` foresees the daily volume by a ridge regression (weekday, part of the month, day after a closed
      day, trend, level of the last days) and spreads it by the weekday's profile;
    - `combination` is the mean of the last three;
    - `auto` takes the one with the lowest WAPE on the last weeks of the history, which are held out one after the
      other (of whole days when an interval brings fewer than 5); with fewer than four origins, `ridge_profile`.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex without gaps in the open hours (see `clean`); at least five open weeks. With
        `events`, the history as it came, not cleaned of them.
    horizon_days : int
        Open days to foresee.
    method : str, optional
        "auto" or one of `METHODS`.
    coverage : float, optional
        Share of the intervals whose actual shall lie between `lower` and `upper`.
    closed : collection of dates, optional
        Days to come on which the centre stays closed, such as public holidays.
    events : DataFrame, optional
        Events past and to come: `start`, `end` (both inside the event; written as dates, whole days) and `kind`, as
        in the `events` of `ccskills.data.centre`. Columns that may be there: `name` or `en`; `factor`, the volume of
        an event to come as a multiple of what is usual, instead of what the history tells (missing elsewhere);
        `weekday`, which weekday a make-up workday is like (`Wed` when missing). See Notes.

    Returns
    -------
    DataFrame
        `mean`, `lower`, `upper` [counts per interval]; `attrs["method"]` names the method used.

    Notes
    -----
    What past events did is learnt as in `event_effects`, and their days are replaced by typical ones before the
    method sees them. Days to come in an event are multiplied by its factor; a `holiday` is a multiple of the mean day
    of the week, with the time of day of a weekend; a `makeup_workday` is foreseen as the weekday that it imitates and
    is open whatever its own weekday; the day after a holiday counts as an event of its own kind. An event to come of
    a kind that the history has not seen needs a `factor`.

    The limits come from the errors of the method on the last ten weeks that were held out, with a correction for
    their number. Where the history is short or has just changed they are rather too wide than too narrow; an event's
    uncertainty widens them on its days.

    Examples
    --------
    >>> from ccskills.data import centre, half_hours, load
    >>> week = forecast(half_hours(load("bank_calls")), horizon_days=5)
    >>> week.attrs["method"], len(week), week.index[0].isoformat()
    ('ridge_profile', 140, '2003-10-27T07:00:00')

    Our hotline before the Spring Festival of 2026, calls a day, without and with what the last one has taught:

    >>> ours = centre()
    >>> history = ours.intervals["offered"][:"2026-02-14"]
    >>> for events in (None, ours.events):
    ...     week = forecast(history, 4, "ridge_profile", events=events)
    ...     week["mean"].resample("D").sum().round(-2).astype(int).tolist()
    [1900, 3500, 3200, 3000]
    [1500, 1500, 1500, 1500]
    >>> ours.intervals["offered"]["2026-02-15":"2026-02-18"].resample("D").sum().round(-2).tolist()
    [1500, 1500, 1500, 1400]
    """
    grid = _grid.read(history)
    whole("horizon_days", horizon_days, most=366)
    choice("method", method, ("auto", *METHODS))
    one_share("coverage", coverage, zero=False, one=False)
    listed = read_events(events)
    learnt = learn(grid, listed)
    trials = _trials(grid, learnt, listed, horizon_days, METHODS if method == "auto" else (method,))
    chosen = _choice(trials)
    days = _grid.next_days(learnt.grid, grid.days[-1], horizon_days, closed, opening_days(listed))
    ahead = ahead_of(days, listed)
    index, open_ = learnt.grid.index(ahead)
    found = foresee(learnt, _methods.METHODS[chosen], ahead, listed, strict=True)
    errors = errors_of(trials[chosen])
    mean = found.mean[open_]
    lower, upper = limits(mean, found.event_sd[open_], errors, coverage)
    table = pd.DataFrame({"mean": mean, "lower": lower, "upper": upper}, index=index)
    intraday = carry_over(grid, trials[chosen], errors)
    table.attrs |= {"method": chosen, "spread": errors.spread, "intraday": intraday}
    return table


def _trials(
    grid: Grid, learnt: Learnt, events: Sequence[Event], horizon: int, names: Sequence[str]
) -> dict[str, list[Trial]]:
    """Trials of the methods from up to ten origins one open week apart, each with four weeks to learn from."""
    week = len(set(learnt.grid.weekdays.tolist()))
    least = TRAINING_WEEKS * week
    if grid.days.size < least + week:
        raise ValueError(f"history must hold at least {least + week} open days (five weeks), got {grid.days.size}")
    days = min(max(horizon, week), 4 * week, grid.days.size - least)
    starts = [grid.days.size - days - week * k for k in range(TRIALS)]
    return run_trials(grid, events, names, [start for start in starts if start >= least], days)


def _choice(trials: dict[str, list[Trial]]) -> str:
    """The method with the lowest mean WAPE, when there are enough trials to tell."""
    if len(trials) > 1 and len(trials[WITHOUT_TRIALS]) < ENOUGH_TRIALS:
        return WITHOUT_TRIALS
    return min(trials, key=lambda name: float(np.mean([trial.wape for trial in trials[name]])))


def backtest(
    history: pd.Series,
    methods: Sequence[str] = METHODS,
    horizon_days: int = 20,
    origins: int = 5,
    *,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How the methods would have done: each forecasts from several past days what then came.

    Parameters
    ----------
    history : Series
        Counts on a regular DatetimeIndex without gaps in the open hours.
    methods : sequence of str, optional
        Names of `METHODS` to compare.
    horizon_days : int, optional
        Open days to foresee from each origin.
    origins : int, optional
        Number of origins, one open week apart, the last one `horizon_days` before the end.
    events : DataFrame, optional
        Events as for `forecast`. Of each event only what came before the origin is learnt; an event of a kind not
        seen before the origin counts as 1.

    Returns
    -------
    DataFrame
        One row per method and origin: `method`, `origin` (last day that the method has seen), `wape`, `bias`, `mape`,
        `mase` per interval (missing when no week differs from the one before), `wape_day` and `wape_week` for whole
        days and calendar weeks. Average over the origins before choosing.

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> table = backtest(half_hours(load("bank_calls")), ["seasonal_naive", "ridge_profile"])
    >>> table.groupby("method")["wape"].mean().round(3).to_dict()
    {'ridge_profile': 0.056, 'seasonal_naive': 0.088}
    """
    grid = _grid.read(history)
    whole("horizon_days", horizon_days, most=366)
    whole("origins", origins, most=366)
    listed = read_events(events)
    ordinary = learn(grid, listed).grid
    weekdays = set(ordinary.weekdays.tolist())
    week, season = len(weekdays), int(sum(ordinary.open_slots(weekday).sum() for weekday in weekdays))
    starts = [grid.days.size - horizon_days - week * k for k in reversed(range(origins))]
    if starts[0] < TRAINING_WEEKS * week:
        need = TRAINING_WEEKS * week + horizon_days + week * (origins - 1)
        raise ValueError(
            f"history must hold at least {need} open days for {origins} origins of {horizon_days} days, "
            f"got {grid.days.size}"
        )
    listed_names = [methods] if isinstance(methods, str) else listing("methods", methods)
    names = [choice("methods", name, METHODS) for name in listed_names]
    if not names:
        raise ValueError(f"methods must name at least one of {', '.join(METHODS)}, got none")
    trials = run_trials(grid, listed, names, starts, horizon_days)
    return pd.DataFrame([_tried(grid, season, name, trial) for name in names for trial in trials[name]])


def _tried(grid: Grid, season: int, name: str, trial: Trial) -> dict[str, Any]:
    """One row of the backtest."""
    actual, mean = trial.pairs
    past = grid.counts[: trial.start]
    seen = past[~np.isnan(past)]
    # Weeks that never differ have no step to compare with: then there is no MASE.
    steps = bool((seen[season:] != seen[:-season]).any())
    found = accuracy(actual, mean, seen if steps else None, season)
    open_ = ~np.isnan(trial.actual) & ~np.isnan(trial.foreseen.mean)
    days = grid.days[trial.start : trial.start + len(open_)].repeat(open_.sum(axis=1))
    by = accuracy_by(pd.Series(actual, days), pd.Series(mean, days))["wape"]
    row = {"method": name, "origin": grid.days[trial.start - 1], **vars(found)}
    return row | {"wape_day": by["day"], "wape_week": by["week"]}
