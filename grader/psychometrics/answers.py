"""The points of everybody who sat one form, as a checked table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

__all__ = ["Answers", "Floats", "answers"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Points on one form: a row for each seat, a column for each item; a blank answer has earned 0."""

    seats: tuple[str, ...]
    items: tuple[str, ...]
    most: Floats
    """The most that each item can earn."""
    points: Floats
    pilot: frozenset[str] = frozenset()
    """Items that are tried out: they count in no total."""

    @cached_property
    def counting(self) -> Answers:
        """The same table without its pilot items."""
        if not self.pilot:
            return self
        keep = [column for column, item in enumerate(self.items) if item not in self.pilot]
        items = tuple(self.items[column] for column in keep)
        return Answers(self.seats, items, self.most[keep], self.points[:, keep])

    @property
    def totals(self) -> Floats:
        """What each seat earned."""
        sums: Floats = self.counting.points.sum(axis=1)
        return sums

    @property
    def max_points(self) -> float:
        """The most that the form can earn."""
        return float(self.counting.most.sum())

    def rest(self, item: int) -> Floats:
        """What each seat earned on all other items that count."""
        return self.totals if self.items[item] in self.pilot else self.totals - self.points[:, item]

    def facility(self, item: str) -> float:
        """The mean share of its points that an item earned."""
        column = self.items.index(item)
        return float(self.points[:, column].mean() / self.most[column])


def answers(
    seats: Sequence[str],
    items: Sequence[str],
    most: Sequence[float],
    points: Sequence[Sequence[float]] | Floats,
    pilot: Sequence[str] = (),
) -> Answers:
    """The table, refused with one sentence when it is no complete one or when an item earned more than it can."""
    grid = np.array(points, dtype=float).reshape(len(seats), -1) if len(seats) else np.zeros((0, len(items)))
    top = np.array(most, dtype=float)
    if len(items) < 2 or grid.shape != (len(seats), len(items)) or top.shape != (len(items),):
        raise InputError(
            f"a table of answers has two items or more and one column each, got {len(items)} items and "
            f"{grid.shape[1]} columns"
        )
    if len(set(items)) < len(items):
        raise InputError("an item stands twice in the table of answers; name every item once")
    if not np.isfinite(grid).all():
        raise InputError("a table of answers holds no gap; an answer that was not given has earned 0")
    if not ((top > 0).all() and (grid >= 0).all() and (grid <= top + 1e-9).all()):
        raise InputError("points lie between 0 and the most that the item can earn")
    return Answers(tuple(seats), tuple(items), top, grid, frozenset(pilot))
