"""What blind markers add up to: the settled mark of every answer of a part, or that another marker is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

__all__ = ["Standing", "settle"]


@dataclass(frozen=True)
class Standing:
    """Where the marks of one answer stand."""

    points: float | None
    """The settled mark; None while another marker is wanted."""
    wanted: int
    """How many more marks the answer needs."""
    why: str


def settle(
    marks: Mapping[str, Sequence[float]],
    markers: int,
    difference: float,
    *,
    fixed: float | None = None,
    cut: float | None = None,
    again: Mapping[str, int] | None = None,
    apart: Mapping[str, float] | None = None,
) -> dict[str, Standing]:
    """Settle the answers of one part of a seat by the marks that blind markers gave, in the order of their coming.

    - With fewer than ``markers`` marks on any answer of the part, nothing of it is settled yet.
    - Marks that differ by at most ``difference`` settle on their mean; others want one more mark.
    - When the lowest marks leave the part below its ``cut`` and the highest do not, every answer whose marks differ
      wants one more. ``fixed`` are the points of the part that no marker gave; None, while one of them is missing.
    - A mark beyond these settles on the mean of itself and of the earlier mark that lies nearest to it, or on itself
      when two earlier ones are equally near to both sides.

    ``again`` says of an answer that is marked once more how many marks it had when that was ordered. ``apart`` says of
    an answer with a long rubric how far its first marks differ on the line on which they differ most; that, and not the
    difference of the sums, is then held against ``difference``.

    >>> settle({"q24": [3, 3.5]}, 2, 1)
    {'q24': Standing(points=3.25, wanted=0, why='the markers gave 3 and 3.5: their mean')}
    >>> settle({"q24": [1, 3]}, 2, 1)["q24"].why
    'the markers gave 1 and 3, more than 1 apart: another marks'
    >>> settle({"q24": [1, 3, 2.5]}, 2, 1)["q24"].points
    2.75
    """
    least = {slot: max(markers, (again or {}).get(slot, 0) + 1) for slot in marks}
    if any(len(given) < least[slot] for slot, given in marks.items()):
        return {slot: _short(len(given), least[slot]) for slot, given in marks.items()}
    standings = {slot: _one(given, markers, difference, (apart or {}).get(slot)) for slot, given in marks.items()}
    if fixed is not None and cut is not None:
        ranges = [_range(standings[slot], given) for slot, given in marks.items()]
        low, high = (round(fixed + sum(one[end] for one in ranges), 6) for end in (0, 1))
        if low < cut <= high:
            for slot, given in marks.items():
                if len(given) <= max(markers, 2) and max(given) > min(given):
                    why = f"the markers gave {_list(given)}, on both sides of the cut of the part: another marks"
                    standings[slot] = replace(standings[slot], points=None, wanted=1, why=why)
    return standings


def _short(has: int, least: int) -> Standing:
    if has >= least:
        return Standing(None, 0, "waits for the other answers of its part")
    return Standing(None, least - has, f"has {has} of {least} marks")


def _one(given: Sequence[float], markers: int, difference: float, apart: float | None = None) -> Standing:
    if len(given) == 1:
        return Standing(given[0], 0, f"the marker gave {given[0]:g}")
    if len(given) <= max(markers, 2):
        if (max(given) - min(given) if apart is None else apart) <= difference:
            mean = round(sum(given) / len(given), 6)
            return Standing(mean, 0, f"the markers gave {_list(given)}: their mean")
        where = "" if apart is None else " on a line of the rubric"
        why = f"the markers gave {_list(given)}, more than {difference:g} apart{where}: another marks"
        return Standing(None, 1, why)
    newest, earlier = given[-1], given[:-1]
    nearest = sorted({mark for mark in earlier if abs(mark - newest) == min(abs(one - newest) for one in earlier)})
    settled = round((newest + sum(nearest) / len(nearest)) / 2, 6)
    return Standing(settled, 0, f"after {_list(earlier)} another marker gave {newest:g}: its mean with the nearest")


def _range(standing: Standing, given: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest that an answer can still be worth; a mark beyond the first ones has settled it."""
    if len(given) > 2 and standing.points is not None:
        return standing.points, standing.points
    return min(given), max(given)


def _list(given: Sequence[float]) -> str:
    said = [f"{mark:g}" for mark in given]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
