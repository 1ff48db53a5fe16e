"""From marks and the standard to a proposed decision; a person who had no part in it confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import sqrt

from .errors import RuleBroken
from .model import ComplianceRules, Decision, Form, Mark

__all__ = ["angoff_cut", "error_at", "propose"]

_SLACK = 1e-9
"""Points by which a score may miss the edge of the band through binary rounding."""


def angoff_cut(form: Form) -> float:
    """The written cut of a form by Angoff's rule, in points, rounded to a tenth.

    Angoff: the cut is the sum over items of the share of just-qualified candidates who would answer right, times the
    item's points. With the estimate of a single author instead of a panel's, the cut is provisional.

    References:
        W. H. Angoff, "Scales, norms, and equivalent scores", in R. L. Thorndike (ed.), *Educational Measurement*,
        2nd ed., 1971, p. 514-515.
    """
    return round(form.expected_points, 1)


def error_at(score: float, maximum: float, items: int) -> float:
    """Standard error of measurement of one ``score``, in points, from the number of items alone.

    Lord's binomial error, sqrt(x (n - x) / (n - 1)) for x right of n items, put on the scale of the points. It is the
    same for every form of a length and needs nobody's answers, so a seat's band does not depend on who else sat. On
    items with partial credit it is a little too large, which makes the band wider and never narrower.

    References:
        F. M. Lord, "Do tests of the same length have the same standard errors of measurement?", *Educational and
        Psychological Measurement* 17, 1957, 510-521.

    >>> round(error_at(30, 40, 40), 2), round(error_at(60, 80, 40), 2)
    (2.77, 5.55)
    """
    if items < 2 or not 0 < score < maximum:
        return 0.0
    per_item = maximum / items
    right = score / per_item
    return per_item * sqrt(right * (items - right) / (items - 1))


def propose(
    seat: str,
    written: Sequence[Mark],
    practical: Sequence[Mark],
    written_cut: float,
    practical_cut: float,
    decided_on: date,
    *,
    present: bool = True,
    compliance: ComplianceRules | None = None,
    review_sem: int = 0,
    cut_method: str = "",
) -> Decision:
    """The outcome that the marks and the cuts give.

    The written part is compensatory over its domains. Three hurdles stand each for itself: the written cut, the
    practical's cut, and the ``compliance`` set as soon as the form holds enough questions of it; the set's cut is its
    share of the written cut. Points are compared with a cut as they are, without rounding; a score on the cut passes.

    A written score within ``review_sem`` standard errors of its cut, whatever the outcome, is in the review band.
    Raises :class:`RuleBroken` while a mark is missing.
    """
    waiting = [mark.slot for mark in (*written, *practical) if mark.points is None]
    if waiting and present:
        raise RuleBroken(
            f"seat {seat} cannot be decided while a mark is missing for {', '.join(waiting)}; "
            "mark it blind (academy exam rate), or in formgrader and run `academy exam mark` again"
        )
    scores = {
        "written part": (*_total(written), written_cut),
        "practical": (*_total(practical), practical_cut),
    }
    points, most, cut = scores["written part"]
    if held := _compliance(written, compliance):
        scores["compliance set"] = (*_total(held), round(cut * sum(mark.max_points for mark in held) / most, 6))
    short = [
        f"{part} {got:g} of {of:g} points, {need:g} wanted" for part, (got, of, need) in scores.items() if got < need
    ]
    error = round(error_at(cut, most, len(written)), 6)
    return Decision(
        seat=seat,
        outcome="absent" if not present else "fail" if short else "pass",
        written_points=points,
        written_max=most,
        written_cut=cut,
        practical_points=scores["practical"][0],
        practical_max=scores["practical"][1],
        practical_cut=practical_cut,
        domains=_by_domain(written),
        reasons=tuple(short) if present else ("nothing was handed in",),
        decided_on=decided_on,
        error=error,
        in_band=present and review_sem > 0 and abs(points - cut) <= review_sem * error + _SLACK,
        compliance=scores.get("compliance set"),
        cut_method=cut_method,
    )


def _compliance(written: Sequence[Mark], rules: ComplianceRules | None) -> list[Mark]:
    """The marks of the compliance set; none while the form holds too few of them."""
    held = [mark for mark in written if rules and rules.holds(mark.statement)]
    return held if rules and len(held) >= rules.items else []


def _total(marks: Sequence[Mark]) -> tuple[float, float]:
    # Rounded so that thirds of a point do not add up to 12.999999999999998.
    return round(sum(mark.points or 0 for mark in marks), 6), sum(mark.max_points for mark in marks)


def _by_domain(marks: Sequence[Mark]) -> dict[str, tuple[float, float]]:
    domains: dict[str, tuple[float, float]] = {}
    for mark in marks:
        code = mark.statement.split("-")[0]
        points, most = domains.get(code, (0.0, 0.0))
        domains[code] = (round(points + (mark.points or 0), 6), most + mark.max_points)
    return domains
