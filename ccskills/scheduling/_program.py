"""The integer program behind a week: crews and their starts, and the people that its numbers stand for."""

from __future__ import annotations

import numpy as np

from .._checks import Floats
from ._breaks import add_breaks, cover_entries, options_of
from ._model import Clock, Ints, Model, OutOfTime, Solved
from ._shifts import Grid, Shift, clock
from ._tours import WEEK, Tours, WeekRules, weeks_of

__all__ = ["Person", "Program", "people_of", "weekend_days"]

# The search stops this near to its bound, and takes a first answer this near to the linear program.
GAP, NEAR = 0.005, 0.01

Person = tuple[int, str, tuple[int, ...], tuple[int, ...]]
"""Contract, starts, days on and the groups of these days: what a person of the plan works."""


class Program:
    """Variables by meaning: people of each crew, of them at work on each free day, and people at each start.

    People who pick their days freely need no variable for each set of days: any numbers by day that sum to the days
    of all, none above the people, can be dealt out to them.
    """

    def __init__(self, week: Grid, rules: WeekRules, tours: Tours) -> None:
        self.week, self.rules, self.tours = week, rules, tours
        contracts = [rules.contracts[crew.contract] for crew in tours.crews]
        self.model = Model()
        self.people = self.model.variables(len(contracts), [contract.paid_h for contract in contracts], whole=True)
        self.crew = np.array([at for at, crew in enumerate(tours.crews) for _ in crew.free], dtype=np.int64)
        self.day = np.array([day for crew in tours.crews for day in crew.free], dtype=np.int64)
        self.on = self.model.variables(self.crew.size, whole=True)
        self.starts = self.model.variables(tours.start_group.size, whole=True)
        self._link_days()
        self._cover()
        self._limit_heads()

    def _link_days(self) -> None:
        """Everybody picks the right number of days, and on each day a band's starts are its people on."""
        model, tours = self.model, self.tours
        every = np.arange(self.people.size)
        pick = np.array([crew.pick for crew in tours.crews])
        picks = np.array([bool(crew.free) for crew in tours.crews])
        model.rows(every.size, [(self.crew, self.on, 1.0), (every[picks], self.people[picks], -pick[picks])], 0.0, 0.0)
        pair = np.arange(self.on.size)
        model.rows(pair.size, [(pair, self.on, 1.0), (pair, self.people[self.crew], -1.0)], -np.inf, 0.0)
        band = np.array([crew.band for crew in tours.crews])
        fixed = np.array([(at, day) for at, crew in enumerate(tours.crews) for day in crew.fixed], dtype=np.int64)
        always, on_day = fixed.reshape(-1, 2).T
        key = tours.start_band * WEEK + tours.start_day
        entries = [
            (band[always] * WEEK + on_day, self.people[always], 1.0),
            (band[self.crew] * WEEK + self.day, self.on, 1.0),
            (key, self.starts, -1.0),
        ]
        model.rows(int(key.max()) + 1, entries, 0.0, 0.0)

    def _cover(self) -> None:
        """Staffed agents meet the need, or what is short and to spare has its price; breaks may be fractions."""
        week, rules, model, groups = self.week, self.rules, self.model, self.tours.groups
        members = (self.tours.start_group, self.starts)
        options = options_of(week, groups)
        self.taken = add_breaks(model, options, members, whole=True)
        entries = cover_entries(week, groups, options, members, self.taken)
        row, need = np.arange(week.rows.size), week.need[week.rows]
        self.reached = np.unique(np.concatenate([row[value > 0] for row, _, value in entries]))
        self.short = model.variables(row.size, (rules.under_penalty or 0.0) * week.hours)
        entries.append((row, self.short, np.ones(row.size)))
        if rules.over_penalty:
            spare = model.variables(row.size, rules.over_penalty * week.hours)
            model.rows(row.size, [*entries, (row, spare, -1.0)], need, need)
        else:
            model.rows(row.size, entries, need, np.inf)

    def _limit_heads(self) -> None:
        """Heads by contract and in all, and weekends off."""
        rules, crews, model = self.rules, self.tours.crews, self.model
        least = [contract.min_heads for contract in rules.contracts]
        most = [np.inf if contract.max_heads is None else contract.max_heads for contract in rules.contracts]
        model.rows(len(least), [([crew.contract for crew in crews], self.people, 1.0)], least, most)
        row = np.zeros(self.people.size, dtype=np.int64)
        if rules.max_heads is not None:
            model.rows(1, [(row, self.people, 1.0)], 0.0, rules.max_heads)
        if rules.weekend_off_share:
            off = np.array([weekend_days(self.week, (*crew.fixed, *crew.free)) == 0 for crew in crews])
            model.rows(1, [(row, self.people, off - rules.weekend_off_share)], 0.0, np.inf)

    def best(self, timer: Clock) -> tuple[Floats, float]:
        """The values of the best answer found, and the bound."""
        hard = self.rules.under_penalty is None
        if hard:
            self._refuse_unreached()
        most = np.full(self.model.size, np.inf)
        most[self.short] = 0.0 if hard else np.inf
        relaxed = self.model.solve(relaxed=True, most=most, seconds=timer.left())
        if relaxed is None:
            raise ValueError(self._why(timer))
        # Most people are clear from the fractions: search what is left first, and everything when that is not near.
        near = np.zeros(self.model.size)
        near[self.people] = np.floor(relaxed.values[self.people] + 1e-6)
        near[self.on] = np.maximum(np.floor(relaxed.values[self.on] + 1e-6) - 1, 0)
        first, _ = self._search(near, most, 0.45 * timer.left())
        if first is not None and first.objective <= relaxed.objective * (1 + NEAR) + 1e-9:
            return first.values, relaxed.objective
        second, late = self._search(np.zeros(self.model.size), most, 0.8 * timer.left())
        found = [answer for answer in (first, second) if answer is not None]
        if found:
            bound = max(relaxed.objective, relaxed.objective if second is None else second.bound)
            return min(found, key=lambda answer: answer.objective).values, bound
        if not late:
            raise ValueError(self._why(timer))
        return self._rounded_up(relaxed.values, most, timer), relaxed.objective

    def _search(self, least: Floats, most: Floats, seconds: float) -> tuple[Solved | None, bool]:
        """The best whole people between two limits if there are any, and whether time ended first."""
        try:
            return self.model.solve(least=least, most=most, loose=self.taken, gap=GAP, seconds=seconds), False
        except OutOfTime:
            return None, True

    def _rounded_up(self, values: Floats, most: Floats, timer: Clock) -> Floats:
        """Enough whole people for these fractions: what is left when the time was too short for a search.

        A limit of heads that rounding up passes is lowered by the excess for other fractions, once.
        """
        result = self._ceiling(values)
        for people, limit in self._limits():
            excess = result[people].sum() - limit
            if excess > 0:
                row = np.zeros(self.model.size)
                row[people] = 1.0
                cap = (row, values[people].sum() - excess)
                lower = self.model.solve(relaxed=True, most=most, cap=cap, seconds=max(timer.left(), 2.0))
                result = result if lower is None else self._ceiling(lower.values)
        if self._kept(result):
            return result
        raise OutOfTime("seconds must allow the search to find a first plan, got no plan within the time")

    def _limits(self) -> list[tuple[Ints, float]]:
        """Sets of crews with the most heads that they may have."""
        contract = np.array([crew.contract for crew in self.tours.crews])
        limits = [
            (self.people[contract == number], float(kind.max_heads))
            for number, kind in enumerate(self.rules.contracts)
            if kind.max_heads is not None
        ]
        return limits + ([(self.people, float(self.rules.max_heads))] if self.rules.max_heads is not None else [])

    def _kept(self, values: Floats) -> bool:
        """Whether people keep to the limits of heads and to the share of weekends off."""
        off = np.array([weekend_days(self.week, (*crew.fixed, *crew.free)) == 0 for crew in self.tours.crews])
        people = values[self.people]
        within = all(values[ids].sum() <= limit for ids, limit in self._limits())
        return within and bool(people[off].sum() >= self.rules.weekend_off_share * people.sum())

    def _ceiling(self, values: Floats) -> Floats:
        """People and days rounded up, and starts in proportion to the fractions."""
        tours = self.tours
        result = np.zeros(self.model.size)
        result[self.people] = np.ceil(values[self.people] - 1e-6)
        result[self.on] = np.ceil(values[self.on] - 1e-6)
        for at, crew in enumerate(tours.crews):
            days = self.on[self.crew == at]
            heads = result[self.people[at]]
            if crew.pick:
                heads = max(heads, np.ceil(result[days].sum() / crew.pick), result[days].max())
            result[self.people[at]] = heads
            while result[days].sum() < heads * crew.pick:
                result[days[int(np.argmin(result[days]))]] += 1
        band = np.array([crew.band for crew in tours.crews])
        for key in np.unique(tours.start_band * WEEK + tours.start_day):
            mine = np.flatnonzero(tours.start_band * WEEK + tours.start_day == key)
            crews = np.flatnonzero(band == key // WEEK)
            always = [at for at in crews if key % WEEK in tours.crews[at].fixed]
            picked = np.isin(self.crew, crews) & (self.day == key % WEEK)
            total = result[self.people[always]].sum() + result[self.on[picked]].sum()
            # People go where the fractions have them: between two sums of fractions, in proportion.
            sums = np.cumsum(values[self.starts[mine]])
            spread = sums * total / sums[-1] if sums[-1] > 1e-9 else np.full(mine.size, total)
            result[self.starts[mine]] = np.diff(np.rint(spread), prepend=0.0)
        return result

    def mended(self, values: Floats, days: list[int], seconds: float) -> Floats:
        """The same people with other days off for some on these days, so that breaks in whole people leave no gap."""
        least, most = np.zeros(self.model.size), np.full(self.model.size, np.inf)
        room = np.where(np.isin(self.day, days), 1.0, 0.0)
        least[self.people] = most[self.people] = values[self.people]
        least[self.on] = np.maximum(values[self.on] - room, 0)
        most[self.on] = values[self.on] + room
        most[self.short] = 0.0
        try:
            answer = self.model.solve(least=least, most=most, gap=GAP, seconds=seconds)
        except OutOfTime:
            return values
        return values if answer is None else answer.values

    def grown(self, values: Floats, slot: int, days: list[int]) -> Floats:
        """One person more, who is not on a break at `slot`; `days` come first when days on are picked."""
        tours, week, rules = self.tours, self.week, self.rules
        total = values[self.people].sum()
        each = np.bincount([crew.contract for crew in tours.crews], values[self.people], len(rules.contracts))
        for number, crew in enumerate(tours.crews):
            contract = rules.contracts[crew.contract]
            full = total == rules.max_heads or each[crew.contract] == contract.max_heads
            mine = np.flatnonzero(tours.start_band == crew.band)
            past = (slot - tours.groups.slot[tours.start_group[mine]]) % week.need.size * week.hours
            there = mine[past < contract.shift.hours]
            there = there[[not _resting(contract.shift, hour) for hour in past[past < contract.shift.hours]]]
            there = there[np.isin(tours.start_day[there], (*crew.fixed, *crew.free))]
            if full or not there.size:
                continue
            day = int(tours.start_day[there[0]])
            order = [day, *(other for other in days if other != day)]
            picked = sorted((other for other in crew.free), key=order.index)[: crew.pick]
            if day not in (*crew.fixed, *picked):
                continue
            more = values.copy()
            more[self.people[number]] += 1
            more[self.on[(self.crew == number) & np.isin(self.day, picked)]] += 1
            for other in (*crew.fixed, *picked):
                start = there[0] if other == day else mine[tours.start_day[mine] == other][0]
                more[self.starts[start]] += 1
            return more
        return values

    def _refuse_unreached(self) -> None:
        """Every interval that needs people can have somebody."""
        week = self.week
        need = week.need[week.rows]
        need[self.reached] = 0.0
        if need.any():
            at = int(np.argmax(need > 0))
            raise ValueError(
                f"required needs {need[at]:g} agents at {week.label(week.rows[at])}, where none of the shifts can be"
            )

    def _why(self, timer: Clock) -> str:
        """What cannot be covered, found by letting every interval be short."""
        cost = np.zeros(self.model.size)
        cost[self.short] = self.week.hours
        answer = self.model.solve(cost=cost, relaxed=True, seconds=timer.left())
        if answer is None:
            return "rules must agree with each other, got min_heads, max_heads and weekend_off_share that no plan keeps"
        try:
            whole = self.model.solve(cost=cost, loose=self.taken, gap=GAP, seconds=timer.left())
        except OutOfTime:
            whole = None
        # A search that was cut short tells less than the fractions.
        if whole is not None and whole.objective <= 1.2 * answer.objective + self.week.hours:
            answer = whole
        short = answer.values[self.short]
        at = int(np.argmax(short))
        slot = self.week.rows[at]
        return (
            f"required cannot be covered within the rules: at best {short.sum() * self.week.hours:.4g} agent-hours "
            f"of the week stay short, most at {self.week.label(slot)}, "
            f"{short[at]:.4g} of {self.week.need[slot]:.4g} agents"
        )


def weekend_days(week: Grid, days: tuple[int, ...]) -> int:
    """How many of the days on are a Saturday or Sunday."""
    return sum((week.origin.day_of_week + day) % WEEK >= 5 for day in days)


def people_of(program: Program, values: Floats) -> list[Person]:
    """Every person of the answer; inside a band, who comes first in the list starts first on each day."""
    week, tours = program.week, program.tours
    starts = np.rint(values[program.starts]).astype(np.int64)
    dealt = _days_of(program, values)
    group_of: list[dict[int, int]] = [{} for _ in dealt]
    band_of = np.array([tours.crews[crew].band for crew, _ in dealt])
    for band in np.unique(band_of):
        members = np.flatnonzero(band_of == band)
        for day in range(WEEK):
            mine = np.flatnonzero((tours.start_band == band) & (tours.start_day == day))
            groups = np.repeat(tours.start_group[mine], starts[mine])
            on = [person for person in members if day in dealt[person][1]]
            for person, group in zip(on, groups, strict=True):
                group_of[person][day] = int(group)
    people = []
    per_day = week.need.size // WEEK
    for (crew, days), starting in zip(dealt, group_of, strict=True):
        worked = tuple(starting[day] for day in days)
        times = [clock(int(tours.groups.slot[group]) % per_day * week.interval_min) for group in worked]
        text = times[0] if len(set(times)) == 1 else " ".join(times)
        people.append((tours.crews[crew].contract, text, days, worked))
    return people


def _days_of(program: Program, values: Floats) -> list[tuple[int, tuple[int, ...]]]:
    """Crew and days on of every person: numbers by day dealt out so that days off lie together where they can."""
    crews = program.tours.crews
    people = np.rint(values[program.people]).astype(np.int64)
    on = np.rint(values[program.on]).astype(np.int64)
    weeks = [
        (int(at), days)
        for at in np.flatnonzero(people)
        for days in weeks_of((crews[at].fixed, crews[at].free, crews[at].pick))
    ]
    if not weeks:
        return []
    model = Model()
    count = model.variables(len(weeks), [_blocks(days) for _, days in weeks], whole=True)
    crew = np.array([at for at, _ in weeks], dtype=np.int64)
    model.rows(people.size, [(crew, count, 1.0)], people, people)
    for day in range(WEEK):
        picked = np.flatnonzero(program.day == day)
        wanted = np.full(people.size, np.inf)
        wanted[program.crew[picked]] = on[picked]
        works = np.array([day in days for _, days in weeks])
        model.rows(people.size, [(crew[works], count[works], 1.0)], np.where(np.isinf(wanted), 0.0, wanted), wanted)
    answer = model.solve()
    assert answer is not None
    return [weeks[at] for at in np.repeat(np.arange(len(weeks)), answer.values[count].astype(np.int64))]


def _resting(shift: Shift, hour: float) -> bool:
    """Whether somebody may be on a break so long after the start of the shift [h]."""
    return any(rest.earliest_h <= hour < rest.latest_h + rest.minutes / 60 for rest in shift.breaks)


def _blocks(days: tuple[int, ...]) -> int:
    """How many blocks of days off a repeating week has."""
    works = np.isin(np.arange(WEEK), days)
    return int((works & ~np.roll(works, -1)).sum())
