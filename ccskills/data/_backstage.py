"""What the tables of one generated centre share: its calendar, people, roster and desks, each made on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ._channels import chat_desk, email_desk
from ._people import People, agent_ids, people_of
from ._roster import WORK, Roster, roster_of
from ._voice import SLOTS

__all__ = ["Backstage"]


@dataclass(frozen=True)
class Backstage:
    """A centre behind its tables; holds copies of its own, so that a changed table changes nothing here."""

    seed: int
    calendar: pd.DatetimeIndex
    intervals: pd.DataFrame
    shrinkage: pd.DataFrame

    def rng(self, *stream: int) -> np.random.Generator:
        """The stream of chance with this number."""
        return np.random.default_rng([self.seed, *stream])

    @property
    def days(self) -> int:
        """Days of the calendar."""
        return len(self.calendar)

    @cached_property
    def people(self) -> People:
        """Everybody who works here in the two years."""
        return people_of(self.seed)

    @cached_property
    def ids(self) -> Any:
        """The agent ids in the order of `people`."""
        return agent_ids(self.people.hired.size)

    @cached_property
    def chat(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The chat desk and its lost hours."""
        return chat_desk(self.seed, self.calendar)

    @cached_property
    def email(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The e-mail desk and its lost hours."""
        return email_desk(self.seed, self.calendar)

    @cached_property
    def scheduled(self) -> list[Any]:
        """Agents on the schedule of voice, chat and e-mail by day and half hour."""
        tables = (self.intervals, self.chat[0], self.email[0])
        return [table["scheduled"].to_numpy().reshape(-1, SLOTS) for table in tables]

    @cached_property
    def staffed(self) -> list[Any]:
        """Agents there for customers on voice, chat and e-mail by day and half hour."""
        email = (self.email[0]["staffed_hours"] * 2).astype(np.int64)
        tables = (self.intervals["staffed"], self.chat[0]["staffed"], email)
        return [table.to_numpy().reshape(-1, SLOTS) for table in tables]

    @cached_property
    def lost(self) -> list[pd.DataFrame]:
        """Hours lost by day on voice, chat and e-mail."""
        return [self.shrinkage, self.chat[1], self.email[1]]

    @cached_property
    def roster(self) -> Roster:
        """Who is on the schedule of which day."""
        return roster_of(self.seed, self.people, self.scheduled, self.lost)

    @cached_property
    def at_work(self) -> list[tuple[Any, Any]]:
        """For voice, chat and e-mail: by day the agents, those at work first, and how many are at work."""
        day = np.arange(self.days)
        desks = np.where(self.people.moved[:, None] <= day, 1, self.people.desk[:, None])
        there = [((self.roster.status == WORK) & (desks == desk)).T for desk in range(3)]
        return [(np.argsort(~who, axis=1, kind="stable"), who.sum(axis=1)) for who in there]

    def somebody(self, desk: Any, day: Any, chance: Any) -> Any:
        """An agent at work on this desk and day for each of the chances between 0 and 1; -1 where nobody was."""
        who = np.full(np.shape(day), -1)
        for number, (order, count) in enumerate(self.at_work):
            rows = (desk == number) & (count[day] > 0)
            who[rows] = order[day[rows], (chance[rows] * count[day[rows]]).astype(np.int64)]
        return who
