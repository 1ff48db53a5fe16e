"""Checks of arguments that are no plain numbers: mappings, lists, column names, switches, rows that belong together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from ._checks import number, share, whole

__all__ = [
    "column_name",
    "instance",
    "labels",
    "limited",
    "listing",
    "mapping",
    "one_share",
    "pair",
    "same_rows",
    "switch",
]


def _shown(value: Any) -> str:
    """What came, in a few words on one line."""
    plain = value is None or isinstance(value, (bool, int, float, str))
    return repr(value)[:40] if plain else f"a {type(value).__name__}"


def mapping(name: str, value: Any) -> dict[Any, Any]:
    """`value` as a dict, from a mapping or a Series with each label once.

    >>> mapping("weights", None)
    Traceback (most recent call last):
    TypeError: weights must be a mapping such as a dict, got None
    """
    if isinstance(value, pd.Series) and value.index.is_unique:
        return {key: value[key] for key in value.index}
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping such as a dict, got {_shown(value)}")
    return dict(value)


def listing(name: str, value: Any) -> list[Any]:
    """`value` as a list; a single word or number is none.

    >>> listing("top", 5)
    Traceback (most recent call last):
    TypeError: top must be a list, got 5
    """
    if isinstance(value, (str, bytes, Mapping, pd.DataFrame)) or not isinstance(
        value, (Collection, np.ndarray, pd.Series, pd.Index)
    ):
        raise TypeError(f"{name} must be a list, got {_shown(value)}")
    return list(value)


def instance(name: str, value: Any, kind: type, such: str) -> None:
    """Refuse what is not of the class; `such` says where one comes from.

    >>> instance("scheme", None, dict, "BonusScheme(1000)")
    Traceback (most recent call last):
    TypeError: scheme must be a dict, such as BonusScheme(1000), got None
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, such as {such}, got {_shown(value)}")


def column_name(**given: Any) -> None:
    """Refuse what is not the name of a column.

    >>> column_name(group=["team"])
    Traceback (most recent call last):
    TypeError: group must be the name of a column, got a list
    """
    for name, value in given.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} must be the name of a column, got {_shown(value)}")


def switch(name: str, value: Any) -> bool:
    """`value` as True or False.

    >>> switch("whole", "no")
    Traceback (most recent call last):
    TypeError: whole must be True or False, got 'no'
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {_shown(value)}")
    return bool(value)


def one_share(name: str, value: Any, *, zero: bool = True, one: bool = True) -> float:
    """`value` as one share, checked as `share` does; a list is refused.

    >>> one_share("confidence", [0.9, 0.95])
    Traceback (most recent call last):
    TypeError: confidence must be one number, got 2 values
    """
    return float(share(name, number(name, value), zero=zero, one=one))


def limited(name: str, value: Any, least: int, most: int) -> int:
    """`value` as a whole number that a computer can bear: from `least` up to `most`.

    >>> limited("draws", 10**9, 100, 1_000_000)
    Traceback (most recent call last):
    ValueError: draws must be at most 1,000,000, got 1,000,000,000
    """
    if whole(name, value, least=least) > most:
        raise ValueError(f"{name} must be at most {most:,}, got {value:,}")
    return int(value)


def pair(name: str, value: Any) -> tuple[float, float]:
    """`value` as two numbers.

    >>> pair("scale", 7)
    Traceback (most recent call last):
    TypeError: scale must be a pair (low, high), got 7
    """
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (low, high), got {_shown(value)}")
    return number(f"the low end of {name}", value[0]), number(f"the high end of {name}", value[1])


def same_rows(**given: Any) -> None:
    """Series that go together row by row must have one index: labels are never dropped in silence.

    >>> same_rows(scores=pd.Series([1], ["Li"]), within=pd.Series(["north"], ["Wang"]))
    Traceback (most recent call last):
    ValueError: scores and within must have the same index, got two different ones
    """
    series = {name: value for name, value in given.items() if isinstance(value, pd.Series)}
    first = next(iter(series), "")
    for name, value in series.items():
        if not value.index.equals(series[first].index):
            raise ValueError(f"{first} and {name} must have the same index, got two different ones")


def labels(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse columns to group by whose cells are lists, or words beside numbers (1 and "1" are two agents).

    >>> labels(pd.DataFrame({"agent": [1, "1"]}), "agent")
    Traceback (most recent call last):
    TypeError: agent must hold one kind of label, got 1 and '1'
    """
    for column in columns:
        cells = frame[column]
        if cells.dtype != object:
            continue
        seen: dict[Any, Any] = {}
        for cell in cells:
            if isinstance(cell, (list, dict, set, np.ndarray)):
                raise TypeError(f"{column} must hold words, numbers or dates, got {_shown(cell)}")
            if not pd.isna(cell):
                seen.setdefault(Real if isinstance(cell, (Real, np.bool_)) else type(cell), cell)
        if len(seen) > 1:
            one, two = list(seen.values())[:2]
            raise TypeError(f"{column} must hold one kind of label, got {one!r} and {two!r}")
