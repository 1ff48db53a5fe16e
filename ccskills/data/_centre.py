"""A generated contact centre: a broadband service hotline, open 08:00 to 20:00 every day from January 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from .._checks import whole
from ._backstage import Backstage
from ._customers import complaints_table, customers_table
from ._money import budget_table, costs_table
from ._people import agents_table, movements_table
from ._quality import calibration_table, evaluations_table
from ._records import Day, record_day
from ._surveys import surveys_table
from ._truth import truth_table
from ._units import UNITS
from ._voice import FIRST_DAY, LAST_DAY, events_of, voice_floor

__all__ = ["Centre", "centre"]

KEPT_DAYS = 16


@dataclass(frozen=True)
class Centre:
    """A contact centre in tables, one story from hiring to cost.

    Lanting Broadband service hotline (岚汀宽带服务热线, made up) helps the homes and small firms of a province
    with faults, bills, moves and plans by telephone, chat and e-mail. It has two sites: Binhe (滨河) with the voice
    teams V1 to V3 and the online team O1, and Yunshan (云山) with V4 to V6 and O2; about 70 people are on voice and 25
    online, more every year. New agents spend three weeks in class and half a year on the learning curve. Five assessors
    mark their contacts, and not all of them alike. In November 2025 marketing promised more than it had announced, and
    on 15 April 2026 the carrier's line was down for two hours.

    `intervals`, `events`, `shrinkage` and `units` are there at once; the other tables are made on first use. Changing a
    table does not change the others.
    """

    intervals: pd.DataFrame
    """Voice, one row per half hour: volumes, service, handle time, staff."""
    events: pd.DataFrame
    """One row per holiday, make-up workday, campaign and outage."""
    shrinkage: pd.DataFrame
    """Voice, one row per day: paid hours and the hours not available, by category."""
    units: pd.DataFrame
    """Every column of all tables with its unit and its meaning in English and Chinese."""
    _back: Backstage = field(repr=False, compare=False)

    @cached_property
    def chat(self) -> pd.DataFrame:
        """Chat, one row per half hour: volumes, service, sessions at once, staff."""
        return self._back.chat[0].copy()

    @cached_property
    def email(self) -> pd.DataFrame:
        """E-mail, one row per half hour: received, handled, backlog, staff; the mails of the night come at 08:00."""
        return self._back.email[0].copy()

    @cached_property
    def agents(self) -> pd.DataFrame:
        """Everybody who ever worked here, as they stand on the last day."""
        return agents_table(self._back.people, self._back.days)

    @cached_property
    def movements(self) -> pd.DataFrame:
        """Hires, leavers and transfers, in order of time."""
        return movements_table(self._back.people, self._back.days)

    @cached_property
    def evaluations(self) -> pd.DataFrame:
        """Contacts marked by an assessor: three critical items, seven others, score."""
        return evaluations_table(self._back)

    @cached_property
    def calibration(self) -> pd.DataFrame:
        """Monthly sessions in which all assessors mark the same contacts, with the reference mark."""
        return calibration_table(self._back)

    @cached_property
    def surveys(self) -> pd.DataFrame:
        """Answers of customers after a contact: CSAT, NPS, CES and RATER."""
        return surveys_table(self._back)

    @cached_property
    def complaints(self) -> pd.DataFrame:
        """Complaints from opening to what became of the customer."""
        return complaints_table(self._back)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """A sample of customers as they stand on the last day."""
        return customers_table(self._back)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What each month cost by category; a month that the calendar holds in part has its part."""
        return costs_table(self._back)

    @cached_property
    def budget(self) -> pd.DataFrame:
        """What each month was planned to cost by category."""
        return budget_table(self._back)

    @cached_property
    def truth(self) -> pd.DataFrame:
        """Every effect that was put in, where it shows and how large it is."""
        return truth_table(self._back)

    def calls(self, day: Any) -> pd.DataFrame:
        """Every voice call of one day; the counts of each half hour are those of `intervals`.

        Parameters
        ----------
        day : str, date or Timestamp
            A day of the calendar.

        Returns
        -------
        DataFrame
            One row per call in order of arrival; columns as in `units`. All waits over all who hung up are about the
            mean patience of 150 s; in the first 20 s fewer hang up than that says, later more.

        Examples
        --------
        >>> calls = centre().calls("2026-04-20")
        >>> calls["outcome"].value_counts().to_dict()
        {'answered': 3351, 'abandoned': 118}
        >>> centre().calls("2027-01-01")
        Traceback (most recent call last):
        ValueError: day must be from 2025-01-06 to 2026-08-30, got 2027-01-01
        """
        return self._record(day).calls.copy()

    def schedule(self, day: Any) -> pd.DataFrame:
        """What everybody on the schedule of one day was to do.

        Parameters
        ----------
        day : str, date or Timestamp
            A day of the calendar.

        Returns
        -------
        DataFrame
            agent_id, start, end, state: phone, chat, email, break, lunch, training, coaching, meeting, leave.

        Examples
        --------
        >>> centre().schedule("2026-04-20")["state"].nunique()
        9
        """
        return self._record(day).schedule.copy()

    def activity(self, day: Any) -> pd.DataFrame:
        """What the log says that everybody did on one day; no two states of a person overlap, calls lie in `phone`.

        Parameters
        ----------
        day : str, date or Timestamp
            A day of the calendar.

        Returns
        -------
        DataFrame
            agent_id, start, end, state: those of `schedule`, and absent and system_down.

        Examples
        --------
        >>> centre().activity("2026-04-20")["state"].nunique()
        11
        """
        return self._record(day).activity.copy()

    def _record(self, day: Any) -> Day:
        """The records of a day; the last sixteen are kept."""
        number = _day_number(day, self._back.calendar)
        if number not in self._records:
            if len(self._records) >= KEPT_DAYS:
                self._records.pop(next(iter(self._records)))
            self._records[number] = record_day(self._back, number)
        return self._records[number]

    @cached_property
    def _records(self) -> dict[int, Day]:
        """Days that were asked for."""
        return {}


def _day_number(day: Any, calendar: pd.DatetimeIndex) -> int:
    """Position of the day in the calendar."""
    if isinstance(day, (bool, int, float)) or day is None:
        raise TypeError(f"day must be a date such as '2026-04-15', got {day!r}")
    try:
        moment = pd.Timestamp(day)
    except (TypeError, ValueError):
        raise ValueError(f"day must be a date such as '2026-04-15', got {day!r}") from None
    if moment is pd.NaT or moment.tzinfo is not None:
        raise ValueError(f"day must be a date without a time zone, got {day!r}")
    number = (moment.normalize() - calendar[0]).days
    if not 0 <= number < calendar.size:
        ends = f"from {calendar[0]:%Y-%m-%d} to {calendar[-1]:%Y-%m-%d}"
        raise ValueError(f"day must be {ends}, got {moment:%Y-%m-%d}")
    return int(number)


def centre(seed: int = 2026, days: int = 602) -> Centre:
    """A generated service hotline with about 2,800 calls a day; the same seed and days give the same centre.

    Calls follow weekday, time of day, the turn of the month, a trend of 6 % a year, Chinese public holidays and
    make-up workdays, one campaign and one outage in which the line was silent and then rushed. Staff is planned for
    80 % within 20 s with 30 % shrinkage; what was answered follows from who came (Erlang A, mean patience 150 s).
    Chat, e-mail, people, single calls, quality, surveys, complaints and money follow from the same days.

    Parameters
    ----------
    seed : int, optional
        Any whole number of 0 or more.
    days : int, optional
        Days from Monday 6 January 2025 on, from 1 to 725 (31 December 2026, as far as the holidays are announced).

    Returns
    -------
    Centre

    Notes
    -----
    A longer centre begins like a shorter one, but for what is only known at its end: tenure, who has left, complaints
    still open, customers, and the last month of costs.

    Examples
    --------
    >>> ours = centre()
    >>> ours.intervals.shape, ours.intervals.index[-1].isoformat()
    ((14448, 8), '2026-08-30T19:30:00')
    >>> ours.events["kind"].value_counts().to_dict()
    {'holiday': 10, 'makeup_workday': 9, 'campaign': 1, 'outage': 1}
    >>> float(ours.truth.set_index("effect").loc["patience_mean", "size"])
    150.0
    """
    seed = whole("seed", seed, least=0)
    calendar = pd.date_range(FIRST_DAY, LAST_DAY, freq="D")
    days = whole("days", days)
    if days > calendar.size:
        raise ValueError(f"days must be at most {calendar.size}, as far as the holidays are announced, got {days}")
    back = _backstage(seed, days)
    units = pd.DataFrame(UNITS, columns=["table", "column", "unit", "en", "zh"])
    return Centre(back.intervals.copy(), events_of(back.calendar), back.shrinkage.copy(), units, back)


@lru_cache(maxsize=2)
def _backstage(seed: int, days: int) -> Backstage:
    """What is behind the tables: made once, since each check of a lesson asks for the same centre again."""
    calendar = pd.date_range(FIRST_DAY, periods=days, freq="D")
    return Backstage(seed, calendar, *voice_floor(seed, calendar))
