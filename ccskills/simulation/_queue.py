"""One queue, call by call: drawn arrivals, agents who come and go, customers who hang up and call again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from itertools import chain
from typing import Any

import numpy as np

from .._checks import Floats

__all__ = [
    "COUNTS",
    "DISTRIBUTIONS",
    "NEVER",
    "PATIENT",
    "Calls",
    "Model",
    "Times",
    "count",
    "draw",
    "replicate",
    "spread",
    "streams",
]

PATIENT = 1e200  # patience [s] of who never hangs up
NEVER = 1e300  # start [s] of a call that nobody takes; below infinity, so that no change of staff is waited for in vain
BLOCK = 2048  # calls
DISTRIBUTIONS = ("exponential", "lognormal", "deterministic", "given")
COUNTS = ("offered", "answered", "answered_within", "abandoned", "abandoned_within", "retrials", "wait_s", "busy_s")

Call = tuple[float, float, float]  # arrival, handle time, moment at which patience ends
Block = tuple[float, Iterable[Call]]  # arrival of the first call, and the calls


@dataclass(frozen=True)
class Times:
    """How handle times or patience scatter around their mean."""

    kind: str
    cv: float
    sample: Floats

    def draw(self, rng: np.random.Generator, mean: Floats) -> Floats:
        """One time for each mean; "given" draws from the sample whatever the mean."""
        if self.kind == "exponential":
            return np.asarray(rng.standard_exponential(mean.size) * mean)
        if self.kind == "lognormal":
            variance = np.log1p(self.cv**2)
            return np.asarray(rng.lognormal(-variance / 2, np.sqrt(variance), mean.size) * mean)
        if self.kind == "given":
            return np.asarray(rng.choice(self.sample, mean.size))
        return mean


@dataclass(frozen=True)
class Model:
    """A day to simulate: segments of time from `edges`; the first `warm` segments are not counted."""

    edges: Floats
    expected: Floats
    aht_s: Floats
    agents: Any
    patience_s: Floats | None
    within_s: float
    warm: int
    handle: Times
    patience: Times
    arrivals_s: Floats | None = None
    retry_share: float = 0.0
    retry_after_s: float = 600.0


@dataclass(frozen=True)
class Calls:
    """The calls of one replication in order of arrival, and the agents who stayed to finish (from, to)."""

    segment: Any
    arrival: Floats
    start: Floats
    handle: Floats
    patience: Floats
    retrial: Any
    stayed: list[tuple[float, float]]


def streams(seed: int, replication: int, queue: int = 0) -> list[np.random.Generator]:
    """Chance for arrivals, handle times, patience and retrials, apart: who changes one leaves the others alone."""
    parts = np.random.SeedSequence([seed, replication, queue]).spawn(4)
    return [np.random.default_rng(part) for part in parts]


def draw(model: Model, rngs: list[np.random.Generator]) -> tuple[Any, Floats, Floats, Floats]:
    """The calls of one replication: segment, arrival, handle time, patience, in order of arrival."""
    if model.arrivals_s is None:
        came = rngs[0].poisson(model.expected)
        segment = np.repeat(np.arange(came.size), came)
        arrival = np.repeat(np.diff(model.edges), came) * rngs[0].random(segment.size)
        arrival += np.repeat(model.edges[:-1], came)
        arrival.sort()
    else:
        arrival = model.arrivals_s
        segment = np.searchsorted(model.edges, arrival, side="right") - 1
    handle = model.handle.draw(rngs[1], model.aht_s[segment])
    if model.patience_s is None:
        return segment, arrival, handle, np.full(arrival.size, PATIENT)
    return segment, arrival, handle, model.patience.draw(rngs[2], model.patience_s[segment])


def replicate(model: Model, rngs: list[np.random.Generator]) -> Calls:
    """One replication of the day."""
    segment, arrival, handle, patience = draw(model, rngs)
    if model.retry_share == 0 or model.patience_s is None:
        starts, stayed = _serve(_in_order(model.edges, arrival, handle, arrival + patience), model, None)
        retrial = np.zeros(arrival.size, dtype=bool)
        return Calls(segment, arrival, starts, handle, patience, retrial, stayed)
    calls = chain.from_iterable(block for _, block in _in_order(model.edges, arrival, handle, arrival + patience))
    again = _Again(model, calls, rngs[3])
    starts, stayed = _serve(((call[0], [call]) for call in again), model, again.hung_up)
    table = np.array(again.came).reshape(-1, 3)
    segment = np.searchsorted(model.edges, table[:, 0], side="right") - 1
    patience = table[:, 2] - table[:, 0]
    return Calls(segment, table[:, 0], starts, table[:, 1], patience, np.array(again.repeated, dtype=bool), stayed)


def _in_order(edges: Floats, *columns: Floats) -> Iterator[Block]:
    """The calls as Python's numbers, block by block: few at a time stay in the processor's cache.

    No block goes past an edge: staff does not change between the first call of a block and the last.
    """
    size = columns[0].size
    ends = {*range(BLOCK, size, BLOCK), *np.searchsorted(columns[0], edges).tolist(), size}
    start = 0
    for end in sorted(ends - {0}):
        yield float(columns[0][start]), zip(*(column[start:end].tolist() for column in columns), strict=True)
        start = end


def _serve(
    blocks: Iterable[Block], model: Model, hung_up: Callable[[float], None] | None
) -> tuple[Floats, list[tuple[float, float]]]:
    """When each call is taken, first come first served, NEVER for who hangs up first; and who stayed to finish."""
    stayed: list[tuple[float, float]] = []
    return np.fromiter(_starts(blocks, model, hung_up, stayed), np.float64), stayed


def _starts(
    blocks: Iterable[Block],
    model: Model,
    hung_up: Callable[[float], None] | None,
    stayed: list[tuple[float, float]],
) -> Iterator[float]:
    """The start of each call; who stays to finish is noted on the way.

    The heap holds when each agent is free next: whoever of the idle takes the call, the rest of the day is the same.
    """
    staff = [int(n) for n in model.agents]
    changes = [(float(t), after - before) for t, before, after in zip(model.edges[1:], staff, staff[1:], strict=False)]
    coming = [(np.inf, 0), *(change for change in reversed(changes) if change[1])]
    free = [float(model.edges[0])] * staff[0] + [NEVER]
    for first, calls in blocks:
        change = _catch_up(free, coming, first, stayed)
        for arrival, handle, until in calls:
            start = free[0]
            if start <= arrival:
                heapreplace(free, arrival + handle)
                yield arrival
                continue
            if start >= change:
                change = _catch_up(free, coming, arrival, stayed)
                start = free[0]
            if start <= until:
                heapreplace(free, start + handle)
                yield start
            else:
                # NEVER is later than any patience ends, also than PATIENT.
                yield NEVER
                if hung_up is not None:
                    hung_up(until)
    _catch_up(free, coming, NEVER, stayed)


def _catch_up(
    free: list[float], coming: list[tuple[float, int]], arrival: float, stayed: list[tuple[float, float]]
) -> float:
    """Make the changes of staff that are due before a call that came at `arrival` starts; when the next one comes.

    Starts never go back in time. Who leaves is idle or the next to finish: the smallest of the heap.
    """
    while max(free[0], arrival) >= coming[-1][0]:
        _change(free, *coming.pop(), stayed)
    return coming[-1][0]


def _change(free: list[float], change: float, delta: int, stayed: list[tuple[float, float]]) -> None:
    """Agents come at once; agents leave as soon as they are free."""
    for _ in range(delta):
        heappush(free, change)
    for _ in range(-delta):
        until = heappop(free)
        if until > change:
            stayed.append((change, until))


class _Again:
    """First calls and calls of those who try again, in order of time; what came is kept as it comes."""

    def __init__(self, model: Model, first: Iterator[Call], rng: np.random.Generator) -> None:
        self._model, self._first, self._rng = model, first, rng
        self._retries: list[float] = []
        self.came: list[Call] = []
        self.repeated: list[bool] = []

    def __iter__(self) -> Iterator[Call]:
        for call in self._first:
            while self._retries and self._retries[0] < call[0]:
                yield self._note(self._repeat(heappop(self._retries)), True)
            yield self._note(call, False)
        while self._retries:
            yield self._note(self._repeat(heappop(self._retries)), True)

    def _note(self, call: Call, repeated: bool) -> Call:
        self.came.append(call)
        self.repeated.append(repeated)
        return call

    def _repeat(self, arrival: float) -> Call:
        """A new call of an old customer: handle time and patience are drawn anew."""
        segment = np.searchsorted(self._model.edges, [arrival], side="right") - 1
        handle = self._model.handle.draw(self._rng, self._model.aht_s[segment])
        patience = self._model.patience.draw(self._rng, np.asarray(self._model.patience_s)[segment])
        return arrival, float(handle[0]), arrival + float(patience[0])

    def hung_up(self, moment: float) -> None:
        """Some try again before the centre closes."""
        if self._rng.random() < self._model.retry_share:
            again = moment + self._rng.exponential(self._model.retry_after_s)
            if again < self._model.edges[-1]:
                heappush(self._retries, again)


def count(model: Model, calls: Calls) -> dict[str, Floats]:
    """COUNTS and the agents' time by interval, each call in the interval in which it came."""
    answered = calls.start < NEVER
    # Who is answered has waited less than the patience; NEVER is later.
    waited = np.minimum(calls.start - calls.arrival, calls.patience)
    within = waited <= model.within_s
    # Calls come in order: those of an interval are one stretch.
    stretch = np.searchsorted(calls.segment, np.arange(model.expected.size + 1))
    offered, taken, quick = np.diff(stretch), _sums(answered, stretch), _sums(answered & within, stretch)
    start = calls.start[answered]
    stayed = np.array(calls.stayed).reshape(-1, 2)
    tallies = (
        offered,
        taken,
        quick,
        offered - taken,
        _sums(within, stretch) - quick,
        _sums(calls.retrial, stretch),
        _sums(waited * answered, stretch),
        spread(model.edges, start, start + calls.handle[answered]),
    )
    present = np.asarray(model.agents) * np.diff(model.edges) + spread(model.edges, stayed[:, 0], stayed[:, 1])
    named = {**dict(zip(COUNTS, tallies, strict=True)), "present_s": present}
    return {name: np.asarray(values[model.warm :], dtype=np.float64) for name, values in named.items()}


def _sums(values: Any, stretch: Any) -> Floats:
    """Sum of each stretch of the values, from one place to before the next."""
    filled = stretch[:-1] < stretch[1:]
    sums = np.zeros(filled.size)
    if filled.any():
        # Marks are counted in whole numbers: much faster than turned into floats one by one.
        kind = np.int64 if values.dtype == np.bool_ else np.float64
        sums[filled] = np.add.reduceat(values, stretch[:-1][filled], dtype=kind)
    return sums


def spread(edges: Floats, start: Floats, end: Floats) -> Floats:
    """Seconds of the stretches from start to end that fall between each edge and the next."""
    place = np.searchsorted(edges, start)
    over = end > np.append(edges, np.inf)[place]
    inside = np.bincount(place, (end - start) * ~over, minlength=edges.size + 1)[1 : edges.size]
    start, end = start[over], end[over]
    # Sums of moments lose their last digits: rounded, so that no work is exactly 0.
    across = np.diff(_elapsed(edges, start) - _elapsed(edges, end)).round(6)
    return np.asarray(inside + np.maximum(across, 0.0))


def _elapsed(edges: Floats, moments: Floats) -> Floats:
    """For each edge, the sum over the moments before it of the time since then."""
    place = np.searchsorted(edges, moments)
    number = np.cumsum(np.bincount(place, minlength=edges.size + 1))[: edges.size]
    total = np.cumsum(np.bincount(place, moments, minlength=edges.size + 1))[: edges.size]
    return np.asarray(number * edges - total)
