"""Linear programs with whole numbers, put together block by block and solved by HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._checks import Floats
from .._quiet import quiet

__all__ = ["Clock", "Ints", "Model", "OutOfTime", "Solved", "cheapest", "grain_of", "steps"]

Ints = NDArray[np.int64]


class OutOfTime(ValueError):
    """The time of a search ended before it found anything."""


@dataclass(frozen=True)
class Solved:
    """An answer of the solver."""

    values: Floats
    """One value for each variable."""
    objective: float
    """Cost of these values."""
    bound: float
    """Cost that no values can go below."""


class Model:
    """Variables with costs, added in blocks, and rows of coefficients between two limits."""

    def __init__(self) -> None:
        self.size = 0
        self._height = 0
        self._blocks: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = []
        self._entries: list[tuple[Ints, Ints, Floats]] = []
        self._limits: list[tuple[Floats, Floats]] = []

    def variables(
        self, count: int, cost: Any = 0.0, *, lower: Any = 0.0, upper: Any = np.inf, whole: bool = False
    ) -> Ints:
        """The numbers of `count` new variables between `lower` and `upper`."""
        block = [np.broadcast_to(np.asarray(value, dtype=np.float64), count) for value in (cost, lower, upper)]
        self._blocks.append((block[0], block[1], block[2], np.full(count, whole)))
        self.size += count
        return np.arange(self.size - count, self.size)

    def rows(self, count: int, entries: list[tuple[Any, Any, Any]], lower: Any, upper: Any) -> Ints:
        """The numbers of `count` new rows: lower <= sum of value x variable <= upper, from (row, variable, value)."""
        for row, variable, value in entries:
            self.extend(np.asarray(row) + self._height, variable, value)
        limits = [np.broadcast_to(np.asarray(limit, dtype=np.float64), count) for limit in (lower, upper)]
        self._limits.append((limits[0], limits[1]))
        self._height += count
        return np.arange(self._height - count, self._height)

    def extend(self, row: Any, variable: Any, value: Any) -> None:
        """More coefficients in rows that exist."""
        where, which, size = np.broadcast_arrays(row, variable, np.asarray(value, dtype=np.float64))
        self._entries.append((where.ravel(), which.ravel(), size.ravel()))

    def ends(self) -> tuple[Floats, Floats]:
        """The lower and upper ends of all variables."""
        return np.concatenate([block[1] for block in self._blocks]), np.concatenate(
            [block[2] for block in self._blocks]
        )

    def around(self, values: Floats, margin: int) -> tuple[Floats, Floats]:
        """The ends of all variables, drawn in to the whole numbers around `values` and `margin` more for whole ones."""
        least, most = self.ends()
        whole = np.concatenate([block[3] for block in self._blocks])
        least[whole] = np.maximum(np.floor(values + 1e-6) - margin, least)[whole]
        most[whole] = np.minimum(np.ceil(values - 1e-6) + margin, most)[whole]
        return least, most

    def fractions(self, values: Floats) -> NDArray[np.bool_]:
        """Which values should be whole and are not."""
        whole = np.concatenate([block[3] for block in self._blocks])
        return np.asarray(whole & (np.abs(values - np.rint(values)) > 1e-7))

    def solve(
        self,
        *,
        relaxed: bool = False,
        cost: Floats | None = None,
        least: Floats | None = None,
        most: Floats | None = None,
        loose: Ints | None = None,
        cap: tuple[Floats, float] | None = None,
        gap: float = 0.0,
        seconds: float = 10.0,
    ) -> Solved | None:
        """The cheapest values, or None when there are none; `cost`, `least` and `most` stand in for those given before.

        `loose` variables may be fractions in this answer, and so may all of them when it is `relaxed`; `cap` is one
        more row, coefficients of all variables and the most that they may sum to.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, vstack

        usual, lower, upper, whole = (np.concatenate(part) for part in zip(*self._blocks, strict=True))
        whole = np.zeros_like(whole) if relaxed else whole
        if loose is not None:
            whole[loose] = False
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = csr_array((value, (row, column)), shape=(self._height, self.size))
        matrix.eliminate_zeros()
        below, above = (np.concatenate(part) for part in zip(*self._limits, strict=True))
        if cap is not None:
            matrix = vstack([matrix, csr_array(cap[0][None, :])], format="csr")
            below, above = np.append(below, -np.inf), np.append(above, cap[1])
        timer = Clock(seconds)
        lower, upper = lower if least is None else least, upper if most is None else most
        for presolve in (True, False):
            with quiet():
                answer = milp(
                    usual if cost is None else cost,
                    integrality=whole.astype(np.int64),
                    bounds=Bounds(lower, upper),
                    constraints=LinearConstraint(matrix, below, above),
                    options={"mip_rel_gap": gap, "time_limit": max(timer.left(), 0.1), "presolve": presolve},
                )
            if answer.x is None or _holds(np.where(whole, np.rint(answer.x), answer.x), matrix, below, above):
                break
        if answer.x is None and answer.status == 1:
            raise OutOfTime("seconds must allow the search to find a first plan, got no plan within the time")
        if answer.x is None:
            return None
        bound = answer.fun if relaxed or answer.mip_dual_bound is None else answer.mip_dual_bound
        values = np.where(whole, np.rint(answer.x), answer.x)
        return Solved(values, float(answer.fun), float(bound))


def cheapest(model: Model, cost: Floats, grain: float, timer: Clock) -> Solved | None:
    """The answer of least cost, where costs are multiples of `grain` (0: of nothing known).

    Often the cost of the fractions, rounded up to the grain, is reached near them: looking there for anything at this
    cost, at the whole numbers around them and then up to one further, is much faster than a search for the best.
    """
    relaxed = model.solve(relaxed=True, cost=cost, seconds=timer.left())
    if relaxed is None or not model.fractions(relaxed.values).any():
        return relaxed
    target = max(np.ceil(relaxed.objective / grain - 1e-6) * grain, 0.0) if grain else 0.0
    nothing, cap = np.zeros(model.size), (cost, target + 1e-7)
    for margin in (0, 1) if grain else ():
        least, most = model.around(relaxed.values, margin)
        try:
            answer = model.solve(cost=nothing, least=least, most=most, cap=cap, seconds=0.1 * timer.left())
        except OutOfTime:
            continue
        if answer is not None:
            return Solved(answer.values, target, target)
    answer = model.solve(cost=cost, seconds=timer.left())
    return None if answer is None else Solved(answer.values, answer.objective, max(answer.bound, target))


def steps(count: int, entries: list[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
    """The entries of `count` rows as those of their differences, each row less the one before."""
    changes: list[tuple[Any, Any, Any]] = []
    for entry in entries:
        row, variable, value = (np.ravel(part) for part in np.broadcast_arrays(*entry))
        ends = row < count - 1
        changes += [(row, variable, value), (row[ends] + 1, variable[ends], -value[ends])]
    return changes


def grain_of(*numbers: Floats) -> float:
    """The largest number of which all are multiples, 0 when there is none among the parts of a minute or a cent.

    >>> grain_of(np.array([8.0, 5.5]))
    0.5
    """
    parts = np.concatenate([np.ravel(some) for some in numbers]) * 1200
    if (np.abs(parts - np.rint(parts)) > 1e-6).any():
        return 0.0
    return float(np.gcd.reduce(np.rint(parts).astype(np.int64)) / 1200)


def _holds(values: Floats, matrix: Any, below: Floats, above: Floats) -> bool:
    """Whether an answer keeps to its rows: HiGHS with presolve has given some that do not (scipy issue 24141)."""
    sums = matrix @ values
    return bool(((sums >= below - 1e-5) & (sums <= above + 1e-5)).all())


class Clock:
    """The seconds that a search has left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the end, never below 0."""
        return max(self._end - time.monotonic(), 0.0)
