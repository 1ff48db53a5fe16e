"""What a week may look like: contracts, rest, days off; and the tours that keep to it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .._checks import choice, number, share, whole
from ._breaks import Groups
from ._model import Ints
from ._shifts import Grid, Shift, sequence

__all__ = ["DAYS", "WEEK", "Contract", "Crew", "Tours", "WeekRules", "tours_of", "weeks_of"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKENDS = ("any", "whole", "off")
WEEK = 7
FULL_DAY = Shift()


@dataclass(frozen=True)
class Contract:
    """A kind of employment: which shift on how many days of the week, for how many people."""

    name: str = "full-time"
    """Its name in plans."""
    shift: Shift = FULL_DAY
    """The shift worked on every day on."""
    days_on: int = 5
    """Days worked in each week."""
    start_band_h: float = 0.0
    """How far apart the starts of one person's week may lie [h]; 0: the same start every day."""
    min_heads: int = 0
    """At least so many people."""
    max_heads: int | None = None
    """At most so many people; None: as many as needed."""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name of a contract must be a word, got {self.name!r}")
        if not isinstance(self.shift, Shift):
            raise TypeError(f"shift of the contract {self.name} must be a Shift, got {self.shift!r}")
        whole(f"days_on of the contract {self.name}", self.days_on, most=WEEK)
        number(f"start_band_h of the contract {self.name}", self.start_band_h, least=0)
        whole(f"min_heads of the contract {self.name}", self.min_heads, least=0)
        if self.max_heads is not None:
            whole(f"max_heads of the contract {self.name}", self.max_heads, least=self.min_heads)

    @property
    def paid_h(self) -> float:
        """Paid time of one week [h]."""
        return self.days_on * self.shift.paid_h


@dataclass(frozen=True)
class WeekRules:
    """What every tour and the plan as a whole keep to; the week is taken to repeat.

    Examples
    --------
    >>> WeekRules().contracts[0].paid_h
    40.0
    >>> WeekRules((Contract(start_band_h=6),))
    Traceback (most recent call last):
    ValueError: start_band_h of the contract full-time must be at most 4 h, what 24 h leave after a shift of 9 h and
    11 h of rest, got 6
    """

    contracts: tuple[Contract, ...] = (Contract(),)
    """Whom the plan may use."""
    min_rest_h: float = 11.0
    """From the end of a shift to the start of the next [h]."""
    max_days_in_row: int = 6
    """Days worked one after the other, counted across the end of the week."""
    days_off_together: bool = False
    """Whether all days off of a week follow one another (Sunday and Monday do)."""
    weekend: str = "any"
    """"any": no rule; "whole": Saturday and Sunday both on or both off; "off": both off for everybody."""
    weekend_off_share: float = 0.0
    """At least this share of people has both Saturday and Sunday off."""
    max_heads: int | None = None
    """At most so many people in all."""
    under_penalty: float | None = None
    """Paid hours that one agent-hour short is worth; None: nobody may be short."""
    over_penalty: float = 0.0
    """Paid hours that one agent-hour too many costs on top of its pay."""

    def __post_init__(self) -> None:
        names = [contract.name for contract in sequence("contracts", self.contracts, Contract)]
        if len(set(names)) < len(names):
            raise ValueError(f"contracts must have different names, got {', '.join(names)}")
        number("min_rest_h", self.min_rest_h, least=0)
        whole("max_days_in_row", self.max_days_in_row, most=WEEK)
        choice("weekend", self.weekend, WEEKENDS)
        share("weekend_off_share", number("weekend_off_share", self.weekend_off_share))
        if self.under_penalty is not None:
            number("under_penalty", self.under_penalty, above=0)
        number("over_penalty", self.over_penalty, least=0)
        least = sum(contract.min_heads for contract in self.contracts)
        if self.max_heads is not None and whole("max_heads", self.max_heads) < least:
            raise ValueError(f"max_heads must be at least the min_heads of the contracts {least}, got {self.max_heads}")
        for contract in self.contracts:
            _rested(contract, self)
            if not patterns(contract.days_on, self):
                raise ValueError(
                    f"days_on of the contract {contract.name} must leave a week that the rules allow, got none with "
                    f"{contract.days_on} days on, at most {self.max_days_in_row} in a row, "
                    f"days_off_together {self.days_off_together} and weekend {self.weekend!r}"
                )


@dataclass(frozen=True)
class Crew:
    """People of one contract and one band of starts, who work the fixed days and pick the rest from the free ones."""

    contract: int
    band: int
    fixed: tuple[int, ...]
    """Days on for all of them, 0 for the first day of the plan."""
    free: tuple[int, ...]
    """Days of which everybody works `pick`."""
    pick: int


@dataclass(frozen=True)
class Tours:
    """What the rules and the opening hours allow: crews, and the starts that their bands offer on each day."""

    crews: list[Crew]
    groups: Groups
    """Contract and interval at which people may start."""
    start_band: Ints
    """For each start that a band offers on a day: the band,"""
    start_day: Ints
    """the day,"""
    start_group: Ints
    """and the group."""


def _rested(contract: Contract, rules: WeekRules) -> None:
    """Two days in a row leave the rest even when the first starts latest and the second earliest in the band."""
    spare = 24 - contract.shift.hours - rules.min_rest_h
    if contract.days_on == 1 or rules.max_days_in_row == 1:
        return
    if spare < 0:
        raise ValueError(
            f"min_rest_h must be at most {24 - contract.shift.hours:g} h, what a shift of {contract.shift.hours:g} h "
            f"leaves of 24, got {rules.min_rest_h:g}"
        )
    if contract.start_band_h > spare:
        raise ValueError(
            f"start_band_h of the contract {contract.name} must be at most {spare:g} h, what 24 h leave after a shift "
            f"of {contract.shift.hours:g} h and {rules.min_rest_h:g} h of rest, got {contract.start_band_h:g}"
        )


def patterns(days_on: int, rules: WeekRules, monday: int = 0) -> list[tuple[int, ...]]:
    """Sets of days on that the rules allow, as places in a week whose place `monday` is a Monday."""
    saturday, sunday = (monday + 5) % WEEK, (monday + 6) % WEEK
    found = []
    for days in combinations(range(WEEK), days_on):
        works = np.isin(np.arange(WEEK), days)
        # A week next to itself: runs of days that cross its end are seen whole.
        row = "".join("1" if on else "0" for on in (*works, *works))
        longest = WEEK if works.all() else max(len(run) for run in row.split("0"))
        breaks = int((works != np.roll(works, 1)).sum())
        weekend = works[[saturday, sunday]]
        fits = rules.weekend == "any" or not weekend.any() or (rules.weekend == "whole" and bool(weekend.all()))
        if longest <= rules.max_days_in_row and (breaks <= 2 or not rules.days_off_together) and fits:
            found.append(days)
    return found


Family = tuple[tuple[int, ...], tuple[int, ...], int]
"""Weeks written short: the days on for all, the days to pick from, how many to pick."""


def families(days_on: int, rules: WeekRules, monday: int) -> list[Family]:
    """The allowed weeks in as few families as can be; a week by itself is a family without free days."""
    weekend = tuple(sorted({(monday + 5) % WEEK, (monday + 6) % WEEK}))
    workdays = tuple(day for day in range(WEEK) if day not in weekend)
    free: list[Family] = [((), workdays, days_on)]
    if rules.weekend == "whole":
        free.append((weekend, workdays, days_on - 2))
    elif rules.weekend == "any":
        free = [((), tuple(range(WEEK)), days_on), *(free if rules.weekend_off_share else [])]
    free = [family for family in free if 0 <= family[2] <= len(family[1])]
    allowed = patterns(days_on, rules, monday)
    if {days for family in free for days in weeks_of(family)} == set(allowed):
        return free
    return [(days, (), 0) for days in allowed]


def weeks_of(family: Family) -> list[tuple[int, ...]]:
    """The weeks of a family, each as its days on.

    >>> weeks_of(((5, 6), (0, 1, 2), 1))
    [(0, 5, 6), (1, 5, 6), (2, 5, 6)]
    """
    fixed, free, pick = family
    return [tuple(sorted((*fixed, *days))) for days in combinations(free, pick)]


def tours_of(grid: Grid, rules: WeekRules) -> Tours:
    """All crews; a band of starts whose every start lies in another band is left out."""
    per_day = grid.need.size // WEEK
    monday = (-grid.origin.day_of_week) % WEEK
    places = [grid.places(contract.shift) for contract in rules.contracts]
    first = np.cumsum([0, *(place.size for place in places)])
    kind = np.repeat(np.arange(len(places)), [place.size for place in places])
    groups = Groups(tuple(contract.shift for contract in rules.contracts), kind, np.concatenate(places))
    crews: list[Crew] = []
    starts: list[tuple[int, int, int]] = []
    band = 0
    for number_, contract in enumerate(rules.contracts):
        width = grid.slots(f"start_band_h of the contract {contract.name}", contract.start_band_h)
        day, clock = np.divmod(places[number_], per_day)
        for earliest in _bands(clock, width):
            inside = np.flatnonzero((clock >= earliest) & (clock <= earliest + width))
            offered = set(day[inside].tolist())
            for fixed, free, pick in families(contract.days_on, rules, monday):
                there = tuple(sorted(offered & set(free)))
                if set(fixed) <= offered and len(there) >= pick:
                    crews.append(Crew(number_, band, fixed, there, pick))
            starts += [(band, int(day[at]), int(first[number_] + at)) for at in inside]
            band += 1
    used = {crew.band for crew in crews}
    table = np.array([start for start in starts if start[0] in used], dtype=np.int64).reshape(-1, 3)
    return Tours(crews, groups, *table.T)


def _bands(clock: Ints, width: int) -> list[int]:
    """First starts of the bands: those that reach a later start than the band before."""
    times = np.unique(clock)
    last, first = -1, []
    for time in times:
        reach = int(times[times <= time + width].max())
        if reach > last:
            first.append(int(time))
            last = reach
    return first
