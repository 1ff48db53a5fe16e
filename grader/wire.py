"""The strict codec by which plain values cross the wall between sandbox and judge: data, exact types, never pickle.

A value is written as a JSON list that begins with its kind. What is no plain value becomes a handle: a number that the
other side may call, and can do nothing else with. The module runs inside the sandbox too: it imports nothing of grader.
"""

from __future__ import annotations

import base64
import datetime
import math
import re
import sys
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["DEPTH", "WireError", "decode", "encode"]

DEPTH = 40
_DTYPE = re.compile(r"[<>|=]?([biufc]\d{1,2}|[mM]8(\[\d*\w{1,2}\])?|[SU]\d{1,6})\Z")
_EXTENSION = re.compile(r"(str|string|U?Int\d{1,2}|Float\d\d|boolean|datetime64\[\w\w?, [\w/+:-]{1,40}\])\Z")
_DIGITS = 4000

Handle = Callable[[Any], int]
"""Keeps an object and returns its number (encoding)."""
Stand = Callable[[int | None, str, bool], Any]
"""Makes what stands for a handle (number, type's name, is it a function), or for a module (None, its name, False)."""


class WireError(ValueError):
    """A value cannot cross the wall; the text says why."""


def encode(value: Any, keep: Handle, depth: int = 0) -> list[Any]:
    """``value`` as JSON; ``keep`` stores what cannot cross and returns its number.

    >>> encode((1, 2.5, "班"), keep=lambda value: 0)
    ['tuple', [['int', '1'], ['float', '2.5'], ['str', '班']]]
    """
    if depth > DEPTH:
        raise WireError(f"the value is nested deeper than {DEPTH} levels")
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        return [kind.__name__, [encode(item, keep, depth + 1) for item in value]]
    if kind is dict:
        return ["dict", [[encode(k, keep, depth + 1), encode(v, keep, depth + 1)] for k, v in value.items()]]
    plain = _encode_plain(value, kind)
    if plain is not None:
        return plain
    if kind is ModuleType:
        return ["module", str(value.__name__)]
    library = getattr(kind, "__module__", "")
    if library.startswith("numpy") and "numpy" in sys.modules:
        plain = _encode_numpy(value, kind, keep, depth)
    elif library.startswith("pandas") and "pandas" in sys.modules:
        plain = _encode_pandas(value, kind, keep, depth)
    if plain is not None:
        return plain
    function = kind in (FunctionType, BuiltinFunctionType, MethodType) or isinstance(value, type)
    return ["handle", keep(value), kind.__name__[:60], function]


def decode(wire: Any, stand: Stand, depth: int = 0) -> Any:
    """The value that ``wire`` describes; :class:`WireError` for anything that :func:`encode` would not have written."""
    if depth > DEPTH or not isinstance(wire, list) or not wire or not isinstance(wire[0], str):
        raise WireError("the value did not arrive in a known form")
    kind, *parts = wire
    try:
        if kind in _PLAIN:
            return _PLAIN[kind](*parts)
        if kind in _CONTAINERS:
            return _CONTAINERS[kind](decode(item, stand, depth + 1) for item in parts[0])
        if kind == "dict":
            return {decode(k, stand, depth + 1): decode(v, stand, depth + 1) for k, v in parts[0]}
        if kind == "handle":
            return stand(int(parts[0]), str(parts[1]), bool(parts[2]))
        if kind == "module":
            return stand(None, str(parts[0])[:200], False)
        if kind in ("array", "objects", "scalar"):
            return _decode_numpy(kind, parts, stand, depth)
        return _decode_pandas(kind, parts, stand, depth)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"the value did not arrive in a known form ({kind}: {error})") from None


# --- plain Python -----------------------------------------------------------------------------------------------------


def _encode_plain(value: Any, kind: type) -> list[Any] | None:
    if value is None or kind in (bool, str):
        return [kind.__name__, value]
    if kind is int:
        if value.bit_length() > _DIGITS * 3:
            raise WireError("the whole number is too long")
        return ["int", str(value)]
    if kind is float or kind is complex:
        return [kind.__name__, repr(value)]
    if kind is bytes:
        return ["bytes", base64.b64encode(value).decode()]
    if kind in (datetime.date, datetime.datetime, datetime.time):
        return [kind.__name__, value.isoformat()]
    if kind is datetime.timedelta:
        return ["timedelta", [value.days, value.seconds, value.microseconds]]
    return None


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise WireError(f"{kind.__name__} wanted, {type(value).__name__} came")
        return value

    return check


def _whole(text: Any) -> int:
    if not isinstance(text, str) or len(text) > _DIGITS:
        raise WireError("the whole number is too long")
    return int(text)


_PLAIN: dict[str, Callable[..., Any]] = {
    "NoneType": _exactly(type(None)),
    "bool": _exactly(bool),
    "str": _exactly(str),
    "int": _whole,
    "float": lambda text: float(_exactly(str)(text)),
    "complex": lambda text: complex(_exactly(str)(text)),
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda parts: datetime.timedelta(*(int(part) for part in parts)),
}
_CONTAINERS: dict[str, Callable[..., Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


# --- numpy and pandas -------------------------------------------------------------------------------------------------


def _encode_numpy(value: Any, kind: type, keep: Handle, depth: int) -> list[Any] | None:
    import numpy as np

    if kind is np.ndarray and value.dtype == object:
        return ["objects", list(value.shape), [encode(item, keep, depth + 1) for item in value.ravel().tolist()]]
    if kind is np.ndarray and _DTYPE.match(value.dtype.str):
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return ["array", value.dtype.str, list(value.shape), data]
    if isinstance(value, np.generic) and kind is value.dtype.type and _DTYPE.match(value.dtype.str):
        return ["scalar", value.dtype.str, base64.b64encode(value.tobytes()).decode()]
    return None


def _decode_numpy(kind: str, parts: list[Any], stand: Stand, depth: int) -> Any:
    import numpy as np

    if kind == "objects":
        found = np.empty(len(parts[1]), dtype=object)
        found[:] = [decode(item, stand, depth + 1) for item in parts[1]]
        return found.reshape([int(size) for size in parts[0]])
    if not _DTYPE.match(parts[0]):
        raise WireError(f"an array of {parts[0]!r} cannot cross")
    dtype, data = np.dtype(parts[0]), base64.b64decode(parts[-1], validate=True)
    shape = [1] if kind == "scalar" else [int(size) for size in parts[1]]
    if math.prod(shape) * dtype.itemsize != len(data) or any(size < 0 for size in shape):
        raise WireError("an array came with less or more data than its shape says")
    found = np.frombuffer(data, dtype=dtype).reshape(shape).copy() if data else np.empty(shape, dtype=dtype)
    return found[0] if kind == "scalar" else found


def _encode_pandas(value: Any, kind: type, keep: Handle, depth: int) -> list[Any] | None:
    import pandas as pd

    if depth > DEPTH:
        raise WireError(f"the value is nested deeper than {DEPTH} levels")

    def inner(item: Any) -> list[Any]:
        return encode(item, keep, depth + 1)

    if value is pd.NA or value is pd.NaT:
        return ["missing", "NA" if value is pd.NA else "NaT"]
    if kind in (pd.Timestamp, pd.Timedelta):
        return [kind.__name__, value.isoformat(), value.unit, str(value.tz) if getattr(value, "tz", None) else None]
    if kind is pd.DataFrame:
        columns = [_encode_column(value.iloc[:, place], inner) for place in range(value.shape[1])]
        return ["DataFrame", inner(value.columns), inner(value.index), columns]
    if kind is pd.Series:
        return ["Series", inner(value.name), inner(value.index), _encode_column(value, inner)]
    if kind is pd.RangeIndex:
        return ["RangeIndex", inner(value.name), value.start, value.stop, value.step]
    if kind is pd.MultiIndex:
        levels = [inner(value.get_level_values(place).rename(None)) for place in range(value.nlevels)]
        return ["MultiIndex", inner(list(value.names)), levels]
    if kind in (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex):
        return ["Index", inner(value.name), _encode_column(value, inner), getattr(value, "freqstr", None)]
    return None


def _encode_column(column: Any, inner: Callable[[Any], list[Any]]) -> list[Any]:
    """The values of a Series or of an Index."""
    import numpy as np

    if isinstance(column.dtype, np.dtype):
        return inner(np.asarray(column))
    array = column.array
    if str(array.dtype) == "category":
        return ["category", inner(list(array.categories)), inner(array.codes.tolist()), bool(array.ordered)]
    if not _EXTENSION.match(str(array.dtype)):
        raise WireError(f"a column of {array.dtype} cannot cross")
    return ["extension", str(array.dtype), [inner(item) for item in array]]


def _decode_column(wire: Any, stand: Stand, depth: int) -> Any:
    import pandas as pd

    if wire[0] == "category":
        categories, codes = decode(wire[1], stand, depth + 1), decode(wire[2], stand, depth + 1)
        return pd.Categorical.from_codes(codes, categories=categories, ordered=bool(wire[3]))
    if wire[0] == "extension":
        if not _EXTENSION.match(wire[1]):
            raise WireError(f"a column of {wire[1]!r} cannot cross")
        return pd.array([decode(item, stand, depth + 1) for item in wire[2]], dtype=wire[1])
    return decode(wire, stand, depth + 1)


def _decode_pandas(kind: str, parts: list[Any], stand: Stand, depth: int) -> Any:
    import pandas as pd

    def inner(item: Any) -> Any:
        return decode(item, stand, depth + 1)

    if kind == "missing":
        return pd.NA if parts[0] == "NA" else pd.NaT
    if kind == "Timestamp":
        moment = pd.Timestamp(parts[0]).as_unit(parts[1])
        return moment if parts[2] is None else moment.tz_convert(parts[2])
    if kind == "Timedelta":
        return pd.Timedelta(parts[0]).as_unit(parts[1])
    if kind == "RangeIndex":
        return pd.RangeIndex(*(int(part) for part in parts[1:]), name=inner(parts[0]))
    if kind == "MultiIndex":
        return pd.MultiIndex.from_arrays([inner(level) for level in parts[1]], names=inner(parts[0]))
    if kind == "Index":
        values = _decode_column(parts[1], stand, depth)
        found = pd.Index(values, dtype=values.dtype, name=inner(parts[0]))
        if parts[2] is not None and isinstance(found, (pd.DatetimeIndex, pd.TimedeltaIndex)):
            found.freq = parts[2]
        return found
    if kind == "Series":
        column = _decode_column(parts[2], stand, depth)
        return pd.Series(column, index=inner(parts[1]), dtype=column.dtype, name=inner(parts[0]))
    if kind == "DataFrame":
        names, index = inner(parts[0]), inner(parts[1])
        if not isinstance(names, pd.Index) or not isinstance(index, pd.Index):
            raise WireError("a table with an index of this kind cannot cross")
        arrays = [_decode_column(wire, stand, depth) for wire in parts[2]]
        columns = {n: pd.Series(array, index=index, dtype=array.dtype) for n, array in enumerate(arrays)}
        frame = pd.DataFrame(columns, index=index)
        frame.columns = names
        return frame
    raise WireError(f"{kind!r} is no kind of value that crosses")
