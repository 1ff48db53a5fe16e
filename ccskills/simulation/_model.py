"""What a simulation asks of its input, and the segments of time that it makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, choice, number, numbers, share, whole
from ._queue import DISTRIBUTIONS, Model, Times

__all__ = ["agents_of", "build", "index_of", "lengthen", "seeds", "times"]


def times(name: str, value: ArrayLike, kind: str, cv: float) -> tuple[Times, Floats]:
    """How `name`_s scatters, and its means by interval; observed times have their mean everywhere."""
    given = choice(name, kind, DISTRIBUTIONS) == "given"
    values = numbers(f"{name}_s" if name == "patience" else "aht_s", value, **({"least": 0} if given else {"above": 0}))
    scatter = Times(kind, number(f"{name}_cv", cv, least=0), np.atleast_1d(values) if given else np.empty(0))
    return scatter, np.array(values.mean()) if given else values


def agents_of(name: str, value: ArrayLike) -> Floats:
    """Whole agents, 0 or more."""
    agents = numbers(name, value, least=0)
    if (bad := agents != np.rint(agents)).any():
        raise ValueError(f"{name} must be whole, got {agents.ravel()[int(np.argmax(bad.ravel()))]:g}")
    return agents


def index_of(name: str, calls: Any, interval_min: float) -> pd.DatetimeIndex | None:
    """The times of the volume when it is a Series on times: one stretch without gaps."""
    if not isinstance(calls, pd.Series) or not isinstance(calls.index, pd.DatetimeIndex):
        return None
    steps = np.diff(calls.index.to_numpy()) / np.timedelta64(1, "s")
    if (bad := steps != 60 * interval_min).any():
        place = int(np.argmax(bad))
        raise ValueError(
            f"{name} must be one stretch of intervals of {interval_min:g} min, got a step of {steps[place] / 60:g} min "
            f"after {calls.index[place].isoformat(sep=' ')}; simulate one day at a time"
        )
    return calls.index.rename("start")


def lengthen(size: int | None, **arrays: Floats) -> list[Floats]:
    """The arrays as one value for each interval; how many there are is `size` or follows from the longest."""
    found = size or max(array.size for array in arrays.values())
    for name, array in arrays.items():
        if array.ndim > 1 or array.size not in (1, found):
            raise ValueError(f"{name} must hold 1 or {found} values, one for each interval, got shape {array.shape}")
    return [np.asarray(np.broadcast_to(array.ravel(), found), dtype=np.float64) for array in arrays.values()]


def seeds(replications: int, seed: int) -> range:
    """The numbers of the replications, once both are checked."""
    whole("seed", seed, least=0)
    return range(whole("replications", replications, least=2))


def build(
    calls: ArrayLike | None,
    aht_s: ArrayLike,
    agents: ArrayLike,
    patience_s: ArrayLike | None,
    within_s: float,
    interval_min: float,
    *,
    arrivals_s: ArrayLike | None = None,
    handle: tuple[str, float] = ("exponential", 1.0),
    patience: tuple[str, float] = ("exponential", 1.0),
    retry: tuple[float, float] = (0.0, 600.0),
    warm_up_min: float = 0.0,
    size: int | None = None,
) -> tuple[Model, pd.Index]:
    """The checked day with its index; `size` says how many intervals there are when others know."""
    length = 60 * number("interval_min", interval_min, above=0)
    warm = 60 * number("warm_up_min", warm_up_min, least=0)
    handles, aht = times("handle", aht_s, *handle)
    patiences, mean_patience = times("patience", 1.0 if patience_s is None else patience_s, *patience)
    staff = agents_of("agents", agents)
    moments = None
    if arrivals_s is None:
        if calls is None:
            raise TypeError("calls must be the expected calls of each interval, got None without arrivals_s")
        volume = numbers("calls", calls, least=0)
    else:
        moments, size = _moments(calls, arrivals_s, staff, length, warm)
        volume = np.zeros(size)
    volume, aht, staff, mean_patience = lengthen(size, calls=volume, aht_s=aht, agents=staff, patience_s=mean_patience)
    index = index_of("calls", calls, interval_min)
    edges: Floats = length * np.arange(volume.size + 1.0)
    if warm:
        edges = np.concatenate([[-warm], edges])
        volume = np.concatenate([volume[:1] * warm / length, volume])
        aht, staff, mean_patience = (np.concatenate([x[:1], x]) for x in (aht, staff, mean_patience))
    share("retry_share", number("retry_share", retry[0]), one=False)
    model = Model(
        edges=edges,
        expected=volume,
        aht_s=aht,
        agents=staff.astype(np.int64),
        patience_s=None if patience_s is None else mean_patience,
        within_s=number("within_s", within_s, least=0),
        warm=int(warm > 0),
        handle=handles,
        patience=patiences,
        arrivals_s=moments,
        retry_share=float(retry[0]),
        retry_after_s=number("retry_after_s", retry[1], above=0),
    )
    return model, pd.RangeIndex(volume.size - model.warm, name="interval") if index is None else index


def _moments(calls: Any, arrivals_s: ArrayLike, staff: Floats, length: float, warm: float) -> tuple[Floats, int]:
    """Given arrivals in order, and the intervals that hold them."""
    if calls is not None:
        raise ValueError("calls must be None when arrivals_s says when they come, got both")
    if warm:
        raise ValueError(f"warm_up_min must be 0 with arrivals_s, got {warm / 60:g}")
    moments = np.sort(np.atleast_1d(numbers("arrivals_s", arrivals_s, least=0)))
    size = staff.size if staff.size > 1 else int(moments[-1] // length) + 1
    if moments[-1] >= size * length:
        raise ValueError(
            f"arrivals_s must lie before the end of the last interval at {size * length:g} s, got {moments[-1]:g}"
        )
    return moments, size
