"""What survey scores allow to say: two periods compared, answers needed, and the customers who stayed silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from .._checks import choice, number, whole
from .._counts import difference_limits, sample_of, z_value
from .._guards import one_share
from .._text import Text
from ._survey import ces, csat, nps

__all__ = ["Change", "NonResponse", "change_of", "compare_periods", "nonresponse", "nps_sample_size"]


@dataclass(frozen=True)
class Change:
    """The difference of two periods or groups."""

    before: float
    """Figure of the first."""
    after: float
    """Figure of the second."""
    difference: float
    """after - before."""
    lower: float
    """Lower limit of the difference."""
    upper: float
    """Upper limit of the difference."""
    clear: bool
    """Whether the limits exclude 0: otherwise the two cannot be told apart."""


@dataclass(frozen=True)
class NonResponse:
    """What those who did not answer could do to a share."""

    response_rate: float
    """Answers / invitations."""
    observed: float
    """Share among those who answered."""
    lowest: float
    """The share of all invited if nobody of the silent had the property."""
    highest: float
    """The share of all invited if all of the silent had it."""
    note: Text
    """The sentence that belongs under the figure."""


def compare_periods(
    before: ArrayLike, after: ArrayLike, measure: str = "csat", *, confidence: float = 0.95, **options: Any
) -> Change:
    """The change of CSAT, NPS or CES from one period or group to another, with its interval.

    The limits of the two figures are joined by the square-and-add rule, which for shares is Newcombe's interval.

    Parameters
    ----------
    before, after : array
        The scores of the two periods, from different answers.
    measure : str, optional
        "csat" (shares), "nps" (points) or "ces" (points of the scale).
    confidence : float, optional
        Share of such intervals that hold the true difference.
    **options
        What `csat` and `ces` take: top, scale, easy.

    Returns
    -------
    Change

    Examples
    --------
    Five points more NPS from 200 answers each is no news:

    >>> compare_periods([10] * 100 + [8] * 60 + [3] * 40, [10] * 105 + [8] * 60 + [3] * 35, "nps")
    Change(before=30.0, after=35.0, difference=5.0, lower=-10.06, upper=19.95, clear=False)

    References
    ----------
    G. Y. Zou and A. Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008,
    1693-1702.
    """
    measures: dict[str, Any] = {"csat": csat, "nps": nps, "ces": ces}
    work = measures[choice("measure", measure, measures)]
    z_value(confidence)
    one, two = (
        _figure(name, work, scores, confidence, options) for name, scores in (("before", before), ("after", after))
    )
    return change_of((one.value, one.lower, one.upper), (two.value, two.lower, two.upper))


def _figure(name: str, work: Any, scores: Any, confidence: float, options: dict[str, Any]) -> Any:
    """The figure of one period, with the period named when something is wrong."""
    try:
        return work(scores, confidence=confidence, **options)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def change_of(one: tuple[float, float, float], two: tuple[float, float, float]) -> Change:
    """The difference of two figures (value, lower, upper) by the square-and-add rule."""
    gap, low, high = (float(part) for part in difference_limits(one, two))
    return Change(one[0], two[0], gap, low, high, low > 0 or high < 0)


def nps_sample_size(margin: float, promoters: float = 0.5, detractors: float = 0.5, *, confidence: float = 0.95) -> int:
    """Answers that an NPS needs for a margin, z^2 (p + d - (p - d)^2) / margin^2.

    Parameters
    ----------
    margin : float
        Wanted half width [points], above 0.
    promoters, detractors : float, optional
        Expected shares; half and half is the worst case and the default.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    int
        Answers, not invitations: divide by the response rate.

    Examples
    --------
    >>> nps_sample_size(5), nps_sample_size(5, 0.5, 0.2)
    (1537, 938)
    """
    wanted, z = number("margin", margin, above=0) / 100, z_value(confidence)
    p, d = (one_share(n, v) for n, v in (("promoters", promoters), ("detractors", detractors)))
    if p + d > 1 + 1e-9:
        raise ValueError(f"promoters and detractors must not exceed 1 together, got {p + d:g}")
    return sample_of((z / wanted) * (z / wanted) * (p + d - (p - d) ** 2), "margin")


def nonresponse(invited: int, answered: int, hits: int) -> NonResponse:
    """How far those who did not answer could move a share, and the note that says so.

    Parameters
    ----------
    invited : int
        Customers asked.
    answered : int
        Customers who answered.
    hits : int
        Answers with the property, as satisfied ones.

    Returns
    -------
    NonResponse
        A margin of error covers chance in the sample only; these bounds cover silence.

    Examples
    --------
    >>> silent = nonresponse(invited=1000, answered=120, hits=102)
    >>> silent.response_rate, silent.observed, silent.lowest, silent.highest
    (0.12, 0.85, 0.102, 0.982)
    >>> print(silent.note.say("en"))
    12% of those invited answered; 85% of them are satisfied. Of all invited it is something from 10% to 98%; compare
    early with late answers and known facts of both groups before speaking for all.
    """
    n = whole("invited", invited)
    k = whole("answered", answered, most=n)
    good = whole("hits", hits, least=0, most=k)
    rate, observed, low, high = k / n, good / k, good / n, (good + n - k) / n
    note = Text(
        f"{rate:.0%} of those invited answered; {observed:.0%} of them are satisfied. Of all invited it is something "
        f"from {low:.0%} to {high:.0%}; compare early with late answers and known facts of both groups before "
        "speaking for all.",
        f"参评率{rate:.0%}，参评客户中满意的占{observed:.0%}。就全部受邀客户而言，满意占比可能在{low:.0%}至{high:.0%}之间；"
        "先比较较早与较晚参评、参评与未参评客户的已知特征，再推及全体。",
    )
    return NonResponse(rate, observed, low, high, note)
