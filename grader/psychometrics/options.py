"""Who chose which option: the table by which a wrong key or an idle distractor shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .answers import Floats
from .gate import DESCRIPTIVE, gate

__all__ = ["IDLE", "NO_ANSWER", "RIVAL", "OptionFigures", "option_table"]

NO_ANSWER = "(none)"
IDLE = "nobody chose it"
RIVAL = "the best chose it rather than the key"


@dataclass(frozen=True)
class OptionFigures:
    """One option: how many chose it, and how good they were on the rest of the form."""

    option: str
    right: bool
    chosen: int
    share: float
    """Of all who had the item before them."""
    low: float
    """Share of the lower third, by the score on the rest of the form, that chose it."""
    middle: float
    high: float
    correlation: float | None
    """Of choosing it with the rest of the form; None when all or none chose it."""
    flags: tuple[str, ...] = ()


def option_table(chosen: Sequence[Collection[str]], right: Mapping[str, bool], rest: Floats) -> list[OptionFigures]:
    """A row for each option in ``right`` (option to whether it is right), and one for no answer.

    ``chosen`` holds the options that each candidate ticked (one for a choice, some for a multi, none for a blank),
    ``rest`` what the candidate earned on the other items. Thirds go by rank; candidates with the same score stay
    together, so that thirds can be of unequal size. Flags need 30 answers.
    """
    if len(chosen) != len(rest):
        raise InputError(f"every candidate has one answer and one score, got {len(chosen)} and {len(rest)}")
    if strange := sorted({option for ticks in chosen for option in ticks} - set(right)):
        raise InputError(f"the item has the options {', '.join(right)}, an answer names {', '.join(strange)}")
    if not len(chosen):
        return []
    ticked = {option: np.array([option in ticks for ticks in chosen], dtype=float) for option in right}
    ticked[NO_ANSWER] = np.array([not ticks for ticks in chosen], dtype=float)
    low, high = rest <= np.quantile(rest, 1 / 3), rest >= np.quantile(rest, 2 / 3)
    if (low & high).any():  # so many alike that the thirds meet: nobody can be told apart
        low, high = rest < rest.max(), rest >= rest.max()
    thirds = (low, ~low & ~high, high)
    rows = [_row(option, right.get(option, False), ticks, thirds, rest) for option, ticks in ticked.items()]
    if gate(len(chosen)).name == DESCRIPTIVE:
        return rows
    weakest_key = min((row.high for row in rows if row.right), default=0.0)
    return [_flagged(row, weakest_key) for row in rows]


def _row(
    option: str, right: bool, ticks: Floats, thirds: tuple[np.ndarray, np.ndarray, np.ndarray], rest: Floats
) -> OptionFigures:
    low, middle, high = (float(ticks[third].mean()) if third.any() else 0.0 for third in thirds)
    alike = np.ptp(ticks) == 0 or np.ptp(rest) < 1e-12
    correlation = None if alike else float(np.corrcoef(ticks, rest)[0, 1])
    return OptionFigures(option, right, int(ticks.sum()), float(ticks.mean()), low, middle, high, correlation)


def _flagged(row: OptionFigures, weakest_key: float) -> OptionFigures:
    flags = []
    if not row.right and row.option != NO_ANSWER:
        if row.chosen == 0:
            flags.append(IDLE)
        elif row.high > weakest_key:
            flags.append(RIVAL)
    return OptionFigures(**{**row.__dict__, "flags": tuple(flags)})
