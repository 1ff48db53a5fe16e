"""Marks of several raters on the same contacts, as lists and tables: what all measures of agreement ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._checks import Floats, numbers

__all__ = ["Objects", "mark_list", "mark_positions", "rating_grid", "same_kind", "score_grid"]

Objects = NDArray[np.object_]


def mark_list(name: str, value: Any) -> list[Any]:
    """The marks of one rater, none missing.

    >>> mark_list("first", [1, None])
    Traceback (most recent call last):
    ValueError: first must hold a mark for every contact, got None at position 1
    """
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name} must be a list of marks, one per contact, got {value!r}")
    marks = list(value)
    if not marks:
        raise ValueError("first and second must hold at least one mark, got none")
    for at, mark in enumerate(marks):
        if np.ndim(mark) == 0 and pd.isna(mark):
            raise ValueError(f"{name} must hold a mark for every contact, got {mark} at position {at}")
    return marks


def same_kind(name: str, marks: Sequence[Any]) -> bool:
    """True when all marks are words, False when all are numbers; a mixture is refused.

    >>> same_kind("the marks", [1, "pass"])
    Traceback (most recent call last):
    TypeError: the marks must be all numbers or all words, got 1 and 'pass'
    """
    seen: dict[bool, Any] = {}
    for mark in marks:
        if not isinstance(mark, (str, Real, np.bool_)):
            raise TypeError(f"{name} must be all numbers or all words, got {type(mark).__name__} {str(mark)[:40]!r}")
        seen.setdefault(isinstance(mark, str), mark)
    if len(seen) == 2:
        raise TypeError(f"{name} must be all numbers or all words, got {seen[False]!r} and {seen[True]!r}")
    return True in seen


def mark_positions(marks: Sequence[Any], order: Sequence[Any] | None, scaled: bool) -> tuple[list[Any], Floats]:
    """The different marks from lowest to highest, and where they lie on the scale; `scaled` words need an `order`."""
    kinds = sorted(set(marks))
    words = isinstance(kinds[0], str)
    if not words:
        if order is not None:
            raise ValueError("order is for marks that are words, got numbers, which have an order of their own")
        return kinds, numbers("the marks", kinds)
    if not scaled:
        return kinds, np.arange(len(kinds), dtype=np.float64)
    if order is None:
        raise ValueError(
            f"marks that are words need order=[lowest, ..., highest], got the words {', '.join(kinds)} and no order"
        )
    scale = mark_list("order", order)
    missing = [kind for kind in kinds if kind not in scale]
    if missing or len(set(scale)) != len(scale):
        raise ValueError(f"order must name each mark once, got {', '.join(map(str, scale))} for {', '.join(kinds)}")
    return scale, np.arange(len(scale), dtype=np.float64)


def rating_grid(name: str, value: Any, missing: bool = False) -> Objects:
    """`value` as a table of contacts by raters, None where a mark is missing."""
    if isinstance(value, pd.DataFrame):
        grid = value.to_numpy(dtype=object)
    else:
        rows = [] if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__") else list(value)
        if not rows or any(isinstance(row, (str, bytes)) or not hasattr(row, "__iter__") for row in rows):
            raise TypeError(f"{name} must be a table with a row per contact and a column per rater")
        lists = [list(row) for row in rows]
        if len({len(row) for row in lists}) > 1:
            wide = sorted({len(row) for row in lists})
            raise ValueError(f"{name} must have as many marks in every row, got {wide[0]} and {wide[-1]}")
        grid = np.empty((len(lists), len(lists[0])), dtype=object)
        grid[:] = lists
    if grid.shape[1] < 2:
        raise ValueError(f"{name} must have at least two raters (columns), got {grid.shape[1]}")
    gone = pd.isna(grid)
    if not missing:
        if grid.shape[0] < 2:
            raise ValueError(f"{name} must have at least two contacts (rows), got {grid.shape[0]}")
        if gone.any():
            row, column = (int(place) for place in np.argwhere(gone)[0])
            raise ValueError(f"{name} must hold a mark in every cell, got none in row {row}, column {column}")
        same_kind(name, list(grid.ravel()))
    marks: Objects = grid.copy()
    marks[gone] = None
    return marks


def score_grid(name: str, value: Any) -> Floats:
    """`value` as a table of numbers, at least two contacts by two raters.

    >>> score_grid("ratings", [[90], [80]])
    Traceback (most recent call last):
    ValueError: ratings must have at least two raters (columns), got 1
    """
    grid = numbers(name, value)
    if grid.ndim != 2:
        raise ValueError(
            f"{name} must be a table with a row per contact and a column per rater, got shape {grid.shape}"
        )
    if grid.shape[1] < 2:
        raise ValueError(f"{name} must have at least two raters (columns), got {grid.shape[1]}")
    if grid.shape[0] < 2:
        raise ValueError(f"{name} must have at least two contacts (rows), got {grid.shape[0]}")
    if (grid == grid.flat[0]).all():
        raise ValueError(f"{name} must differ, got only {grid.flat[0]:g}: reliability does not exist")
    return grid
