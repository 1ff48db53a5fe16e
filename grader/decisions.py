"""From marks and the standard to a proposed decision; a second person confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from .errors import RuleBroken
from .model import Decision, Form, Mark

__all__ = ["angoff_cut", "confirm", "propose"]


def angoff_cut(form: Form) -> float:
    """The written cut of a form by Angoff's rule, in points, rounded to a tenth.

    Angoff: the cut is the sum over items of the share of just-qualified candidates who would answer right, times the
    item's points. With the estimate of a single author instead of a panel's, the cut is provisional.

    References:
        W. H. Angoff, "Scales, norms, and equivalent scores", in R. L. Thorndike (ed.), *Educational Measurement*,
        2nd ed., 1971, p. 514-515.
    """
    return round(form.expected_points, 1)


def propose(
    seat: str,
    written: Sequence[Mark],
    practical: Sequence[Mark],
    written_cut: float,
    practical_cut: float,
    decided_on: date,
    *,
    present: bool = True,
) -> Decision:
    """The outcome that the marks and the cuts give: both the written part and the practical have to reach their cut.

    Points are compared with the cut as they are, without rounding; a score on the cut passes. Domain results take the
    written marks only. Raises :class:`RuleBroken` while a mark is missing.
    """
    waiting = [mark.slot for mark in (*written, *practical) if mark.points is None]
    if waiting and present:
        raise RuleBroken(
            f"seat {seat} cannot be decided while a mark is missing for {', '.join(waiting)}; "
            "mark in formgrader, then run `academy exam mark` again"
        )
    written_points, written_max = _total(written)
    practical_points, practical_max = _total(practical)
    reasons = []
    if not present:
        reasons.append("nothing was handed in")
    else:
        if written_points < written_cut:
            reasons.append(f"written part {written_points:g} of {written_max:g} points, {written_cut:g} wanted")
        if practical_points < practical_cut:
            reasons.append(f"practical {practical_points:g} of {practical_max:g} points, {practical_cut:g} wanted")
    return Decision(
        seat=seat,
        outcome="absent" if not present else "fail" if reasons else "pass",
        written_points=written_points,
        written_max=written_max,
        written_cut=written_cut,
        practical_points=practical_points,
        practical_max=practical_max,
        practical_cut=practical_cut,
        domains=_by_domain(written),
        reasons=tuple(reasons),
        decided_on=decided_on,
    )


def confirm(seat: str, candidate: str, proposed_by: str, confirmed_by: str, markers: Iterable[str]) -> None:
    """Refuse a confirmation by the candidate and by anybody who proposed the decision or marked the seat."""
    for people, did in (([candidate], "sat it"), ([proposed_by], "proposed it"), (markers, "marked the seat")):
        if confirmed_by in set(people):
            raise RuleBroken(
                f"the decision on seat {seat} wants a second person, and {confirmed_by} {did}; "
                "let somebody else confirm"
            )


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
