"""The markers of the demo: two mark every answer blind, a third one those on which they lie apart."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from ..certify import Academy, booklet, rating
from ..certify.handwork import Handwork
from .cast import CAST

__all__ = ["MARKERS", "mark_blind"]

MARKERS = ("S1002 林涛", "S1005 郑凯", "S1006 何静")
SEVERE = ("A1010", "practical")
"""The answer of which the second marker thinks much less than the first."""


def mark_blind(academy: Academy, sitting: str, say: Callable[[str], None]) -> Path:
    """Play the markers until every answer is settled; returns the first one's booklet."""
    first = booklet.booklet(academy, sitting, MARKERS[0], "zh")
    path = academy.centre.office / sitting / "booklet.html"
    path.write_text(first.html, "utf-8")
    path.chmod(0o600)
    for marker in MARKERS:
        works, _ = rating.to_mark(academy, sitting, marker)
        marks = {work.place: {"criteria": _criteria(work, _points(work, marker)), "note": ""} for work in works}
        done = rating.take(academy, sitting, marker, marks)
        more = f"; {len(done.another)} want another marker" if done.another else ""
        say(f"{marker} marks {len(done.taken)} answers blind: {len(done.settled)} are settled{more}")
    found = rating.compare(academy, sitting)
    if found.overall and found.overall.kappa is not None and found.overall.icc is not None:
        say(f"the first two markers agree with weighted kappa {found.overall.kappa:.2f}, ICC {found.overall.icc:.2f}")
    return path


def _points(work: Handwork, marker: str) -> float:
    """What the part deserves, half a point more or less at times."""
    part = next(part for part in CAST if part.person == work.person)
    share = part.essay if work.part == "written" else part.plan
    deserved = round(2 * share * work.points) / 2
    if marker == MARKERS[1]:
        severe = (work.person, work.part) == SEVERE
        deserved += -2 if severe else random.Random(work.place).choice((-0.5, 0, 0, 0, 0.5))
    return min(work.points, max(0.0, deserved))


def _criteria(work: Handwork, points: float) -> dict[str, float]:
    """The points laid on the lines of the rubric from the top."""
    given = {}
    for line in work.rubric:
        given[line.id] = min(line.points, points)
        points -= given[line.id]
    return given
