"""What an item does along the ability scale: the share of its points that is earned there, and its information.

The model, plainly. The just-qualified candidate stands at 0 on the scale, in logits. The author says which share ``p``
of just-qualified candidates earns the item; until the item is calibrated it is a Rasch item (slope 1) that lies where
a candidate at 0 earns just that share: location ``-ln(p / (1 - p))``. A calibrated item brings its own slope and
location on the same scale. An item of ``w`` points counts as ``w`` such items of one point: its expected score is
``w P`` and its information ``slope^2 w P (1 - P)``. For a written answer, whose criteria hang together, that overstates
the information; every form of a set has the same number of written answers, so that forms are compared fairly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..model import FormPoint, Item

__all__ = ["TEXT_POINTS", "Curve", "curves_of", "form_points", "places", "values"]

Array = NDArray[np.float64]
TEXT_POINTS = 4
"""Points of a written answer; every other kind is worth 1."""
HALF = 0.5
"""Forms are matched at the cut and this many standard errors below and above it."""


@dataclass(frozen=True)
class Curve:
    """Slope and location of an item on the scale on which the just-qualified candidate stands at 0."""

    slope: float
    location: float


def curves_of(pool: Sequence[Item], calibrated: Mapping[str, Curve]) -> tuple[Array, Array, Array]:
    """Slope, location and points of every item: calibrated ones as they are, the others by their author's estimate."""
    slopes, locations = np.ones(len(pool)), np.zeros(len(pool))
    for place, item in enumerate(pool):
        if known := calibrated.get(item.id):
            if not (math.isfinite(known.location) and 0 < known.slope < math.inf):
                raise InputError(f"the curve of {item.id} needs a slope above 0 and a finite location, got {known}")
            slopes[place], locations[place] = known.slope, known.location
        elif 0 < item.difficulty < 1:
            locations[place] = -math.log(item.difficulty / (1 - item.difficulty))
        else:
            raise InputError(f"the difficulty of {item.id} must lie above 0 and below 1, got {item.difficulty:g}")
    return slopes, locations, np.array([TEXT_POINTS if item.kind == "text" else 1 for item in pool], float)


def values(curves: tuple[Array, Array, Array], thetas: Sequence[float]) -> Array:
    """For every item (columns): its expected score at each theta, then its information at each theta (rows)."""
    slopes, locations, points = curves
    share = 1 / (1 + np.exp(-slopes * (np.array(thetas)[:, None] - locations)))
    return np.vstack([points * share, slopes**2 * points * share * (1 - share)])


def places(information_at_cut: float) -> tuple[float, float, float]:
    """The cut and half a standard error below and above it."""
    step = HALF / math.sqrt(information_at_cut) if information_at_cut > 0 else HALF
    return (-step, 0.0, step)


def form_points(thetas: Sequence[float], sums: Array) -> tuple[FormPoint, ...]:
    """The sums of a form as the form keeps them."""
    count = len(thetas)
    return tuple(
        FormPoint(round(theta, 6), round(float(sums[place]), 6), round(float(sums[count + place]), 6))
        for place, theta in enumerate(thetas)
    )
