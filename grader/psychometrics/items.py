"""How each item did: facility, corrected discrimination, what they call for at this number of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..model import Quality
from .answers import Answers, Floats
from .gate import DESCRIPTIVE, gate
from .reliability import alpha

__all__ = ["ItemFigures", "alpha_without", "item_figures"]


@dataclass(frozen=True)
class ItemFigures:
    """One item over all the forms that hold it."""

    item: str
    answers: int
    """How many had the item before them; a blank counts as an answer that earned nothing."""
    forms: int
    facility: float | None
    """Mean share of its points that was earned; None without an answer."""
    discrimination: float | None
    """Correlation of the item with the rest of its form (so that it is not correlated with itself), pooled within
    forms; None when everybody earned the same."""
    stage: str
    """What may be concluded at this number of answers, see :mod:`.gate`."""
    flags: tuple[str, ...]
    """Why a person should look at the item again; empty below 30 answers, where figures only describe."""


def item_figures(groups: Sequence[Answers], quality: Quality) -> dict[str, ItemFigures]:
    """Facility and discrimination of every item, pooled over the forms ``groups``.

    Correlations are pooled by adding up the sums of squares and products *within* each form: forms of unequal
    difficulty then make no correlation of their own.
    """
    found: dict[str, list[tuple[Floats, Floats, float]]] = {}
    for group in groups:
        for column, item in enumerate(group.items):
            found.setdefault(item, []).append((group.points[:, column], group.rest(column), float(group.most[column])))
    return {item: _figures(item, parts, quality) for item, parts in found.items()}


def alpha_without(group: Answers) -> list[float | None]:
    """Alpha of the form without each item in turn: an item that raises it by leaving weakens the form."""
    core = group.counting
    without = {
        item: alpha(np.delete(core.points, column, axis=1)) for column, item in enumerate(core.items)
    }  # a pilot item is no part of the form's alpha
    return [without.get(item) for item in group.items]


def _figures(item: str, parts: Sequence[tuple[Floats, Floats, float]], quality: Quality) -> ItemFigures:
    shares = np.concatenate([points / most for points, _, most in parts])
    count = len(shares)
    facility = float(shares.mean()) if count else None
    discrimination = _pooled(parts)
    stage = gate(count)
    flags = () if stage.name == DESCRIPTIVE or facility is None else _flags(facility, discrimination, quality)
    return ItemFigures(item, count, len(parts), facility, discrimination, stage.name, flags)


def _pooled(parts: Sequence[tuple[Floats, Floats, float]]) -> float | None:
    cross = squares = rests = 0.0
    for points, rest, most in parts:
        if len(points) < 2:
            continue
        one, other = points / most - (points / most).mean(), rest - rest.mean()
        cross, squares, rests = cross + one @ other, squares + one @ one, rests + other @ other
    if squares < 1e-12 or rests < 1e-12:
        return None
    return float(cross / np.sqrt(squares * rests))


def _flags(facility: float, discrimination: float | None, quality: Quality) -> tuple[str, ...]:
    flags = []
    if facility > quality.facility_most:
        flags.append("easy")
    if facility < quality.facility_least:
        flags.append("hard")
    if discrimination is None:
        flags.append("everybody alike")
    elif discrimination < 0:
        flags.append("negative: look at the key")
    elif discrimination < quality.discrimination_least:
        flags.append("weak")
    return tuple(flags)
