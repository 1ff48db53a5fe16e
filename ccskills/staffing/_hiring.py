"""How a workforce leaves, learns and is hired anew, month by month; `_capacity` checks the input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._checks import Floats
from .._quiet import quiet

__all__ = ["Workforce"]

# The solver keeps its promises to about 1e-6 of a person: a gap below this is none.
CLOSE = 1e-5
# Hire-months that one FTE of shortage in one month weighs: so many that no hire is ever saved for it.
SHORT = 1e4


@dataclass(frozen=True)
class Workforce:
    """The requirement by month, and how people leave and learn."""

    need: Floats
    """FTE required."""
    start: float
    """People at the start, all experienced."""
    leave: Floats
    """Share of the opening headcount that leaves."""
    training: int
    """Months without contacts."""
    skill: Floats
    """Productivity by month on the books, training included; 1 after it."""
    overtime: Floats
    """Most overtime, as a share of productive FTE."""
    accuracy: float
    """Share of a class that joins."""

    def stays(self) -> Floats:
        """Share of those hired in month s (row) who are there in month t (column)."""
        kept = np.zeros((self.need.size, self.need.size))
        for first in range(self.need.size):
            kept[first, first:] = self.accuracy * np.cumprod(np.append(1.0, 1 - self.leave[first + 1 :]))
        return kept

    def by_tenure(self, values: Floats) -> Floats:
        """A value of each month on the books, laid out by hiring month (row) and month (column)."""
        months = np.arange(self.need.size)
        tenure = months[None, :] - months[:, None]
        return np.asarray(np.where(tenure >= 0, values[np.clip(tenure, 0, values.size - 1)], 0.0))

    def yields(self) -> Floats:
        """Productive FTE in month t (column) of one person of the class of month s (row)."""
        return self.stays() * self.by_tenure(np.append(self.skill, 1.0))

    def plan(self, lead: int, smallest: int, largest: float) -> Floats:
        """Classes with the least shortage and, among these, the fewest hire-months, by a mixed-integer programme."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        months = self.need.size
        useful = self.yields() * (1 + self.overtime)
        missing = self.need - self.start * np.cumprod(1 - self.leave) * (1 + self.overtime)
        largest_useful = self._enough(useful, lead, smallest, largest)
        # Unknowns: the class of each month, whether there is one, and the shortage of each month.
        one, none = np.eye(months), np.zeros((months, months))
        limits = [
            LinearConstraint(np.hstack([useful.T, none, one]), lb=missing),
            LinearConstraint(np.hstack([one, -np.diag(largest_useful), none]), ub=0.0),
            LinearConstraint(np.hstack([one, -smallest * one, none]), lb=0.0),
        ]
        whole = np.repeat([1, 1, 0], months)
        bounds = Bounds(0.0, np.concatenate([largest_useful, np.ones(months), np.full(months, np.inf)]))
        cost = np.concatenate([np.arange(months, 0, -1), np.zeros(months), np.full(months, SHORT)])
        with quiet():
            found = milp(cost, integrality=whole, bounds=bounds, constraints=limits, options={"mip_rel_gap": 0.0})
        return np.asarray(np.rint(found.x[:months]))

    def _enough(self, useful: Floats, lead: int, smallest: int, largest: float) -> Floats:
        """The largest class worth starting in each month: it covers every later month alone."""
        helps = useful > 0
        alone = np.where(helps, self.need / np.where(helps, useful, 1.0), 0.0).max(axis=1)
        enough = np.where(helps.any(axis=1), np.maximum(np.ceil(alone), smallest), 0.0)
        enough[:lead] = 0.0
        return np.minimum(enough, largest)

    def table(self, classes: Floats, lead: int) -> pd.DataFrame:
        """The months when these classes are hired; requisitions go out `lead` months before a class."""
        joined = classes * self.accuracy
        headcount = np.zeros(self.need.size)
        opening = np.zeros(self.need.size)
        people = self.start
        for month, (leave, new) in enumerate(zip(self.leave, joined, strict=True)):
            opening[month] = people
            people = people * (1 - leave) + new
            headcount[month] = people
        learning = np.repeat([1.0, 0.0], [self.training, 1])
        climbing = np.repeat([0.0, 1.0, 0.0], [self.training, self.skill.size - self.training, 1])
        productive = self.start * np.cumprod(1 - self.leave) + classes @ self.yields()
        extra = np.clip(self.need - productive, 0.0, self.overtime * productive)
        gap = productive + extra - self.need
        return pd.DataFrame(
            {
                "required": self.need,
                "opening": opening,
                "leavers": opening * self.leave,
                "hires": classes,
                "joined": joined,
                "headcount": headcount,
                "training": classes @ (self.stays() * self.by_tenure(learning)),
                "ramping": classes @ (self.stays() * self.by_tenure(climbing)),
                "productive": productive,
                "overtime": extra,
                "gap": np.where(np.abs(gap) < CLOSE, 0.0, gap),
                "requisitions": np.append(classes[lead:], np.zeros(min(lead, classes.size))),
            }
        )
