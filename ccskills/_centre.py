"""A generated contact centre: a broadband service hotline, open 08:00 to 20:00 every day from January 2025."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ._centre_backstage import Backstage
from ._centre_units import UNITS
from ._centre_voice import FIRST_DAY, LAST_DAY, events_of, voice_floor

__all__ = ["Centre", "centre"]


@dataclass(frozen=True)
class Centre:
    """The tables of a generated contact centre."""

    intervals: pd.DataFrame
    """One row per half hour: volumes, service, handle time, staff."""
    events: pd.DataFrame
    """One row per holiday, make-up workday, campaign and outage."""
    shrinkage: pd.DataFrame
    """One row per day: paid hours and the hours not available, by category."""
    units: pd.DataFrame
    """Every column of these tables with its unit and its meaning in English and Chinese."""
    _back: Backstage = field(repr=False, compare=False)


def centre(seed: int = 2026, days: int = 602) -> Centre:
    """A generated voice hotline of about 2,800 calls a day; the same seed and days give the same centre.

    Calls follow weekday, time of day, the turn of the month, a trend of 6 % a year, Chinese public holidays and
    make-up workdays, one campaign and one outage in which the line was silent and then rushed. Staff is planned for
    80 % within 20 s with 30 % shrinkage; what was answered follows from who came (Erlang A, mean patience 150 s).

    Parameters
    ----------
    seed : int, optional
        Any whole number of 0 or more.
    days : int, optional
        Days from Monday 6 January 2025 on, from 1 to 725 (31 December 2026, as far as the holidays are announced).

    Returns
    -------
    Centre

    Examples
    --------
    >>> ours = centre()
    >>> ours.intervals.shape, ours.intervals.index[-1].isoformat()
    ((14448, 8), '2026-08-30T19:30:00')
    >>> ours.events["kind"].value_counts().to_dict()
    {'holiday': 10, 'makeup_workday': 9, 'campaign': 1, 'outage': 1}
    """
    for name, value, least in (("seed", seed, 0), ("days", days, 1)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{name} must be a whole number, got {value!r}")
        if value < least:
            raise ValueError(f"{name} must be {least} or more, got {value}")
    calendar = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    if days > calendar.size:
        raise ValueError(f"days must be at most {calendar.size}, as far as the holidays are announced, got {days}")
    calendar = calendar[:days]
    intervals, shrinkage = voice_floor(int(seed), calendar)
    back = Backstage(int(seed), calendar, intervals.copy(), shrinkage.copy())
    units = pd.DataFrame(UNITS, columns=["table", "column", "unit", "en", "zh"])
    return Centre(intervals, events_of(calendar), shrinkage, units, back)
