"""Survey scores with what the number of answers supports: CSAT, NPS and CES."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import Floats, choice, columns, numbers, whole
from .._counts import wilson, z_value
from .._guards import column_name, labels, listing, one_share, pair

__all__ = [
    "Ces",
    "Csat",
    "Nps",
    "ces",
    "csat",
    "nps",
    "nps_by",
]

PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True)
class Csat:
    """Customer satisfaction: the share of the top boxes."""

    value: float
    """Share of the answers in the top boxes."""
    lower: float
    """Lower limit of the share (Wilson)."""
    upper: float
    """Upper limit of the share (Wilson)."""
    margin: float
    """Half the width between the limits."""
    mean: float
    """Mean score, in points of the scale; some tools report this one."""
    answers: int
    """Number of answers."""


@dataclass(frozen=True)
class Nps:
    """Net promoter score in points from -100 to 100."""

    value: float
    """100 x (promoters - detractors) [points]."""
    lower: float
    """Lower limit [points]; never below -100."""
    upper: float
    """Upper limit [points]; never above 100."""
    margin: float
    """Half width of the usual interval, z x 100 x sqrt((p + d - (p - d)^2) / n) [points]."""
    promoters: float
    """Share of the answers from 9 to 10."""
    passives: float
    """Share of the answers from 7 to 8."""
    detractors: float
    """Share of the answers from 0 to 6."""
    answers: int
    """Number of answers."""


@dataclass(frozen=True)
class Ces:
    """Customer effort score, turned so that a high score is always easy."""

    value: float
    """Mean score [points of the scale], high = easy."""
    lower: float
    """Lower limit of the mean (Student's t), inside the scale."""
    upper: float
    """Upper limit of the mean (Student's t), inside the scale."""
    margin: float
    """Half width of the interval [points of the scale]."""
    easy: float
    """Share of the answers above the middle of the scale, on its easy side."""
    answers: int
    """Number of answers."""


def _on_scale(scores: ArrayLike, scale: tuple[int, int]) -> Floats:
    """Whole scores on the scale."""
    pair("scale", scale)
    if whole("the low end of scale", scale[0], least=0) >= whole("the high end of scale", scale[1]):
        raise ValueError(f"scale must be a pair (low, high) with low < high, got {scale}")
    given = np.atleast_1d(numbers("scores", scores)).ravel()
    bad = (given < scale[0]) | (given > scale[1]) | (given != np.floor(given))
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(
            f"scores must be whole points from {scale[0]} to {scale[1]}, got {given[at]:g} at position {at}"
        )
    return given


def csat(
    scores: ArrayLike, top: Collection[int] = (4, 5), *, scale: tuple[int, int] = (1, 5), confidence: float = 0.95
) -> Csat:
    """Customer satisfaction: answers in the top boxes / answers, with its margin.

    Parameters
    ----------
    scores : array
        One whole score per answer.
    top : collection of int, optional
        The scores that count as satisfied.
    scale : (low, high), optional
        Ends of the scale; high is satisfied.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Csat

    Examples
    --------
    >>> csat([5] * 60 + [4] * 25 + [3] * 10 + [1] * 5)
    Csat(value=0.85, lower=0.767, upper=0.907, margin=0.070, mean=4.35, answers=100)
    >>> csat([5, 4, 0])
    Traceback (most recent call last):
    ValueError: scores must be whole points from 1 to 5, got 0 at position 2
    """
    given, boxes = _on_scale(scores, scale), listing("top", top)
    for box in boxes:
        whole("a top box", box, least=scale[0], most=scale[1])
    if not 0 < len(set(boxes)) < scale[1] - scale[0] + 1:
        raise ValueError(f"top must name some scores of the scale, not all, got {tuple(boxes)}")
    hits = int(np.isin(given, boxes).sum())
    low, high = (float(end) for end in wilson(hits, given.size, z_value(confidence)))
    return Csat(hits / given.size, low, high, (high - low) / 2, float(given.mean()), given.size)


def nps(scores: ArrayLike, *, confidence: float = 0.95) -> Nps:
    """Net promoter score, 100 x (share of 9-10 - share of 0-6), with its margin [points].

    Parameters
    ----------
    scores : array
        One whole score from 0 to 10 per answer to "would you recommend us".
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    Nps
        The limits are those of a score interval, which stays inside -100 and 100 and does not shrink to nothing when
        five customers out of five are promoters; with many answers they are value +- margin.

    Examples
    --------
    200 answers, half of them promoters, a fifth detractors: 30 points, give or take 11.

    >>> nps([10] * 100 + [8] * 60 + [3] * 40)
    Nps(value=30.0, lower=18.6, upper=40.2, margin=10.8, promoters=0.5, passives=0.3, detractors=0.2, answers=200)
    >>> five = nps([9] * 5)
    >>> five.value, five.margin, round(five.lower)
    (100.0, 0.0, 13)

    References
    ----------
    W. L. May and W. D. Johnson, Confidence intervals for differences in correlated binary proportions, Statistics in
    Medicine 16, 1997, 2127-2136 (the interval, for the difference of two shares of one sample).
    """
    given, z = _on_scale(scores, (0, 10)), z_value(confidence)
    n, p, d = given.size, float((given >= PROMOTER).mean()), float((given <= DETRACTOR).mean())
    margin = z * float(np.sqrt(max(p + d - (p - d) ** 2, 0.0) / n))
    low, high = _net_limits(p - d, max(p + d, 1 / (n + 1)), n, z)
    return Nps(100 * (p - d), 100 * low, 100 * high, 100 * margin, p, 1 - p - d, d, n)


def _net_limits(net: float, decided: float, n: int, z: float) -> tuple[float, float]:
    """All true nets t with (net - t)^2 <= z^2 (decided - t^2) / n, where decided = promoters + detractors."""
    scale = 1 + z * z / n
    half = float(np.sqrt(max(net * net - scale * (net * net - z * z * decided / n), 0.0)))
    return max((net - half) / scale, -1.0), min((net + half) / scale, 1.0)


def nps_by(table: pd.DataFrame, group: str, score: str = "nps", *, confidence: float = 0.95) -> pd.DataFrame:
    """Net promoter score of each channel, team or month, with margins.

    Parameters
    ----------
    table : DataFrame
        One row per answer.
    group, score : str
        Columns with the group and the score from 0 to 10.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    DataFrame
        Indexed by group: answers, nps, lower, upper, margin [points].

    Examples
    --------
    >>> answers = pd.DataFrame({"channel": ["voice"] * 6 + ["chat"] * 4, "nps": [10, 9, 9, 8, 7, 2, 9, 10, 6, 5]})
    >>> nps_by(answers, "channel").round(1)
             answers   nps  lower  upper  margin
    channel
    chat           4   0.0  -70.0   70.0    98.0
    voice          6  33.3  -28.0   68.7    59.6
    """
    column_name(group=group, score=score)
    frame = columns("table", table, [group, score])
    labels(frame, group)
    if frame[group].isna().any():
        raise ValueError(f"{group} must be filled in every row, got an empty cell")
    found = {name: nps(part, confidence=confidence) for name, part in frame.groupby(group, observed=True)[score]}
    rows = [(each.answers, each.value, each.lower, each.upper, each.margin) for each in found.values()]
    index = pd.Index(list(found), name=group)
    return pd.DataFrame(rows, index=index, columns=["answers", "nps", "lower", "upper", "margin"])


def ces(scores: ArrayLike, *, scale: tuple[int, int] = (1, 7), easy: str = "high", confidence: float = 0.95) -> Ces:
    """Customer effort score: mean and share of easy answers, with the direction of the scale said aloud.

    Parameters
    ----------
    scores : array
        One whole score per answer, at least two.
    scale : (low, high), optional
        Ends of the scale.
    easy : str, optional
        Which end means easy: "high" ("it was easy": 7 = agree) or "low" ("how much effort": 1 = little). With "low" the
        scores are turned round first.
    confidence : float, optional
        Share of such intervals that hold the true mean.

    Returns
    -------
    Ces

    Examples
    --------
    >>> ces([7, 6, 6, 5, 5, 4, 2, 7])
    Ces(value=5.25, lower=3.86, upper=6.64, margin=1.39, easy=0.75, answers=8)
    >>> ces([1, 2, 2, 3, 3, 4, 6, 1], easy="low").value
    5.25
    """
    given = _on_scale(scores, scale)
    if choice("easy", easy, ("high", "low")) == "low":
        given = scale[0] + scale[1] - given
    mean, margin = _mean_margin("scores", given, confidence)
    middle = (scale[0] + scale[1]) / 2
    low, high = max(mean - margin, float(scale[0])), min(mean + margin, float(scale[1]))
    return Ces(mean, low, high, margin, float((given > middle).mean()), given.size)


def _mean_margin(name: str, values: Floats, confidence: float) -> tuple[float, float]:
    """Mean and half width of its interval by Student's t."""
    from scipy.special import stdtrit

    if values.size < 2:
        raise ValueError(f"{name} must hold at least two answers, got {values.size}")
    middle = one_share("confidence", confidence, zero=False, one=False)
    t = float(stdtrit(values.size - 1, (1 + middle) / 2))
    return float(values.mean()), t * float(values.std(ddof=1)) / values.size**0.5
