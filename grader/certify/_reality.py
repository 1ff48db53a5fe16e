"""What candidates say of a panel's cut: Hofstee's check, and whether the judges know which items are hard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import psychometrics
from ..model import Form
from ..psychometrics import DESCRIPTIVE, AngoffCut, Bounds, Hofstee
from ._answers import answers_of
from .desk import Academy

__all__ = ["OUTSIDE", "Reality", "reality"]

OUTSIDE = "the cut lies outside of what the judges can answer for"


@dataclass(frozen=True)
class Reality:
    """The panel beside the candidates of its form; all but their number is None below 30 of them."""

    candidates: int
    check: Hofstee | None = None
    inside: bool | None = None
    """Whether the cut, and the failures at it, lie within the panel's own bounds."""
    agreement: float | None = None
    """Correlation over the items of the panel's mean rating with what candidates earned."""

    @property
    def against(self) -> str:
        """What stands against the cut, in one sentence; empty when nothing does."""
        if self.check is None or self.inside:
            return ""
        if not self.check.met:
            return self.check.verdict
        return f"{OUTSIDE} ({self.check.verdict}); talk again, or set it with a reason"


def reality(academy: Academy, form: Form, bounds: Bounds | None, cut: AngoffCut | None) -> Reality:
    """Hold a cut and the bounds of its judges against the scores on the form, as soon as thirty people have sat it."""
    group = answers_of(academy, form.digest)
    candidates = 0 if group is None else len(group.seats)
    if group is None or bounds is None or cut is None or psychometrics.gate(candidates).name == DESCRIPTIVE:
        return Reality(candidates)
    check = psychometrics.hofstee(group.totals, form.max_points, bounds)
    points = round(cut.points, 1)
    share, failing = points / form.max_points, float((group.totals < points - 1e-9).mean())
    inside = bounds.cut_least <= share <= bounds.cut_most and bounds.fail_least <= failing <= bounds.fail_most
    rated, earned = (
        np.array([item.mean for item in cut.items]),
        np.array([group.facility(item.item) for item in cut.items]),
    )
    alike = np.ptp(rated) < 1e-12 or np.ptp(earned) < 1e-12
    return Reality(candidates, check, check.met and inside, None if alike else float(np.corrcoef(rated, earned)[0, 1]))
