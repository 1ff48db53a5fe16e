"""Which numbers of a table may be shown: none of one to four, and none from which such a number could be worked out."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FEWEST", "Hidden", "hide", "small", "total"]

FEWEST = 5
"""A group of fewer people is not shown: what it says would be said of somebody."""

Hidden = list[list[int | None]]
"""A table in which None stands where a number is not shown."""


def small(value: int) -> bool:
    """Whether a number would be said of a few people; nobody is nobody's secret."""
    return 0 < value < FEWEST


def hide(rows: Sequence[Sequence[int]]) -> Hidden:
    """The table without its small numbers, when the sum of all of it is known from elsewhere.

    Whoever knows that sum and what is shown knows the sum of what is not, and that each hidden number is at least 1.
    Further numbers are hidden, the smallest first, until each of them might be five or more for all that this tells;
    numbers of nobody are hidden last, and then a hidden number may be 0, too.

    >>> hide([[40, 12, 1], [30, 9, 0]])
    [[40, 12, None], [30, None, 0]]
    >>> hide([[40, 12, 0]]), hide([[1, 1, 0]])
    ([[40, 12, 0]], [[None, None, None]])
    """
    cells = {(at, place): value for at, row in enumerate(rows) for place, value in enumerate(row)}
    hidden = {cell for cell, value in cells.items() if small(value)}
    others = sorted(cells.keys() - hidden, key=lambda cell: (cells[cell] == 0, cells[cell], cell))
    while hidden and others and _tell([cells[cell] for cell in hidden]):
        hidden.add(others.pop(0))
    return [
        [None if (at, place) in hidden else value for place, value in enumerate(row)] for at, row in enumerate(rows)
    ]


def _tell(hidden: Sequence[int]) -> bool:
    """Whether the sum of hidden numbers tells of one of them that it is below five."""
    least = 0 if 0 in hidden else 1
    return sum(hidden) - least * (len(hidden) - 1) < FEWEST


def total(row: Sequence[int | None]) -> int | None:
    """The sum of the numbers that are shown; None where none but nobody's is, and something is hidden."""
    seen = sum(value for value in row if value is not None)
    return None if None in row and not seen else seen
