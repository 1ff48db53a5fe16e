"""The reality check of a panel's cut: where the share that would fail meets what the judges can answer for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .answers import Floats

__all__ = ["BACK", "Bounds", "Hofstee", "hofstee", "mean_bounds"]

BACK = "back to the panel"


@dataclass(frozen=True)
class Bounds:
    """What one judge, or the panel on average, can answer for: cuts as a share of the points, failures as a share."""

    cut_least: float
    cut_most: float
    fail_least: float
    fail_most: float

    def __post_init__(self) -> None:
        values = (self.cut_least, self.cut_most, self.fail_least, self.fail_most)
        if not all(0 <= value <= 1 for value in values):
            raise InputError("the lowest and highest cut and share of failures are shares from 0 to 1")
        if not (self.cut_least < self.cut_most and self.fail_least < self.fail_most):
            raise InputError("the lowest cut lies below the highest, and the lowest share of failures too")


@dataclass(frozen=True)
class Hofstee:
    """The compromise, or why there is none."""

    cut: float | None
    """In points; None when curve and line do not meet."""
    failing: float | None
    """Share that would fail at it."""
    verdict: str
    """One sentence; it begins with ``back to the panel`` when the lines do not meet."""

    @property
    def met(self) -> bool:
        """Whether curve and line meet."""
        return self.cut is not None


def mean_bounds(judges: Iterable[Bounds]) -> Bounds:
    """The panel's bounds: the means of the judges'."""
    rows = np.array([[one.cut_least, one.cut_most, one.fail_least, one.fail_most] for one in judges])
    if not len(rows):
        raise InputError("no judge has said which cuts and shares of failures are acceptable")
    return Bounds(*map(float, rows.mean(axis=0)))


def hofstee(totals: Floats, most: float, bounds: Bounds) -> Hofstee:
    """Where the failing curve (share of ``totals`` below a cut) meets the compromise line.

    The line leads from (lowest cut, most failures) to (highest cut, fewest failures). The curve is a staircase that
    jumps at each score; where the line passes through a jump, the cut is that score.

    References:
        W. K. B. Hofstee, "The case for compromise in educational selection and grading", in S. B. Anderson,
        J. S. Helmick (eds.), *On Educational Testing*, Jossey-Bass, 1983, 109-127.
    """
    if not len(totals):
        raise InputError("the check wants the scores of candidates, got none")
    low, high = bounds.cut_least * most, bounds.cut_most * most

    def failing(cut: float) -> float:
        return float((totals < cut - 1e-9).mean())

    if failing(low) > bounds.fail_most:
        return Hofstee(
            None, None,
            f"{BACK}: at the lowest acceptable cut {low:.1f} already {failing(low):.0%} fail, "
            f"and the judges accept {bounds.fail_most:.0%} at most",
        )  # fmt: skip
    if failing(high) < bounds.fail_least:
        return Hofstee(
            None, None,
            f"{BACK}: at the highest acceptable cut {high:.1f} only {failing(high):.0%} fail, "
            f"and the judges want {bounds.fail_least:.0%} at least",
        )  # fmt: skip
    slope = (bounds.fail_most - bounds.fail_least) / (high - low)
    start = low
    for stop in [*sorted({float(score) for score in totals if low <= score < high}), high]:
        share = failing(stop)  # the staircase's height on (start, stop]
        met = low + (bounds.fail_most - share) / slope
        if met <= stop:
            cut = max(met, start)
            return _met(cut, failing(cut))
        start = stop
    return _met(high, failing(high))


def _met(cut: float, failing: float) -> Hofstee:
    return Hofstee(cut, failing, f"the lines meet at {cut:.1f} points, where {failing:.0%} fail")
