"""What every module asks of its input, in one place: each refusal is one sentence: what was wanted, what came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "broadcast", "choice", "collapse", "columns", "number", "numbers", "share", "timed", "whole"]

NUMBERS = "numbers (int, float, list, numpy array or pandas Series)"
Floats = NDArray[np.float64]


def _where(array: Floats, bad: NDArray[np.bool_]) -> str:
    """The first bad value, with its position when there is more than one value."""
    first = int(np.argmax(bad.ravel()))
    value = f"{array.ravel()[first]:g}"
    return value if array.ndim == 0 else f"{value} at position {first}"


def _short(value: Any) -> str:
    """The beginning of a value on one line, for a sentence."""
    return repr(" ".join(str(value).split())[:40])


def numbers(name: str, value: ArrayLike, *, above: float | None = None, least: float | None = None) -> Floats:
    """`value` as an array of finite floats, each above `above` or at least `least`.

    >>> numbers("calls", [100, -3], least=0)
    Traceback (most recent call last):
    ValueError: calls must be 0 or more, got -3 at position 1
    """
    if isinstance(value, (bool, str, bytes)) or value is None:
        raise TypeError(f"{name} must be {NUMBERS}, got {value!r}")
    try:
        plain = np.asarray(value)
        words = plain.dtype.kind == "O" and any(isinstance(one, (str, bytes, bool, np.bool_)) for one in plain.flat)
        if words or plain.dtype.kind not in "iufO":
            raise TypeError
        array = plain.astype(np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be {NUMBERS}, got {type(value).__name__} {_short(value)}") from None
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one value, got none")
    bad = ~np.isfinite(array)
    if bad.any():
        raise ValueError(f"{name} must be finite numbers, got {_where(array, bad)}")
    if above is not None and (bad := array <= above).any():
        raise ValueError(f"{name} must be above {above:g}, got {_where(array, bad)}")
    if least is not None and (bad := array < least).any():
        raise ValueError(f"{name} must be {least:g} or more, got {_where(array, bad)}")
    return array


def share(name: str, value: ArrayLike, *, zero: bool = True, one: bool = True) -> Floats:
    """`value` as shares between 0 and 1; a percentage is refused with the share to write instead.

    >>> share("service_level", 80)
    Traceback (most recent call last):
    ValueError: service_level must be a share between 0 and 1, got 80; write 0.8
    """
    array = numbers(name, value)
    bad = (array < 0) | (array > 1)
    if not zero:
        bad |= array == 0
    if not one:
        bad |= array == 1
    if bad.any():
        first = float(array.ravel()[int(np.argmax(bad.ravel()))])
        advice = f"; write {first / 100:g}" if 1 < first <= 100 else ""
        ends = {(0, 0): ", both excluded", (0, 1): ", 0 excluded", (1, 0): ", 1 excluded", (1, 1): ""}[zero, one]
        raise ValueError(f"{name} must be a share between 0 and 1{ends}, got {_where(array, bad)}{advice}")
    return array


def broadcast(**arrays: Floats) -> tuple[Floats, ...]:
    """The arrays in one shape.

    >>> broadcast(load=np.ones(2), agents=np.ones(3))
    Traceback (most recent call last):
    ValueError: load and agents must have shapes that go together, got (2,) and (3,)
    """
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        wide = {name: array.shape for name, array in arrays.items() if array.ndim}
        shapes = " and ".join(str(shape) for shape in wide.values())
        raise ValueError(f"{' and '.join(wide)} must have shapes that go together, got {shapes}") from None


def collapse(array: NDArray[Any]) -> Any:
    """A plain Python number when the array has no dimension, else the array."""
    return array.item() if array.ndim == 0 else array


def choice(name: str, value: object, allowed: Collection[str]) -> str:
    """`value` when it is one of the allowed words.

    >>> choice("rule", "offerd", ["offered", "answered"])
    Traceback (most recent call last):
    ValueError: rule must be one of offered, answered, got 'offerd'
    """
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
    return value


def number(name: str, value: Any, *, above: float | None = None, least: float | None = None) -> float:
    """`value` as one finite float, checked as `numbers` does; a list is refused.

    >>> number("rate", [0.1, 0.2])
    Traceback (most recent call last):
    TypeError: rate must be one number, got 2 values
    """
    array = numbers(name, value, above=above, least=least)
    if array.size != 1:
        raise TypeError(f"{name} must be one number, got {array.size} values")
    return float(array.item())


def whole(name: str, value: Any, *, least: int = 1, most: int | None = None) -> int:
    """`value` as one whole number from `least` to `most`.

    >>> whole("weeks", 2.5)
    Traceback (most recent call last):
    TypeError: weeks must be a whole number, got 2.5
    >>> whole("weeks", 0, most=52)
    Traceback (most recent call last):
    ValueError: weeks must be from 1 to 52, got 0
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        wanted = f"{least} or more" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {wanted}, got {value}")
    return int(value)


def columns(name: str, value: Any, wanted: Sequence[str]) -> pd.DataFrame:
    """`value` as a DataFrame that has rows and the wanted columns.

    >>> columns("surveys", pd.DataFrame({"csat": [5]}), ["csat", "nps"])
    Traceback (most recent call last):
    ValueError: surveys must have the columns csat, nps, got no nps
    """
    if not isinstance(value, pd.DataFrame):
        raise TypeError(f"{name} must be a pandas DataFrame, got {type(value).__name__}")
    missing = [column for column in wanted if column not in value.columns]
    if missing:
        raise ValueError(f"{name} must have the columns {', '.join(wanted)}, got no {' and no '.join(missing)}")
    if value.empty:
        raise ValueError(f"{name} must hold at least one row, got none")
    return value


def timed(name: str, value: Any) -> pd.Series:
    """`value` as a Series on a DatetimeIndex with at least one row.

    >>> timed("actual", [1, 2])
    Traceback (most recent call last):
    TypeError: actual must be a pandas Series on a DatetimeIndex, got list
    """
    if not isinstance(value, pd.Series) or not isinstance(value.index, pd.DatetimeIndex):
        raise TypeError(f"{name} must be a pandas Series on a DatetimeIndex, got {type(value).__name__}")
    if value.empty:
        raise ValueError(f"{name} must hold at least one interval, got none")
    return value
