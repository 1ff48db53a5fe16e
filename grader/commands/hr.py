"""`academy hr`: people in, reports out; the steps stand in the modules beside this one."""

from __future__ import annotations

from . import hr_consent, hr_credits, hr_examiners, hr_people, hr_reports
from ._options import Nouns

__all__ = ["words"]

PARTS = (hr_people, hr_examiners, hr_credits, hr_consent, hr_reports)
"""The parts in the order in which `academy hr --help` tells them; `words` of each enters its steps."""


def words(nouns: Nouns) -> None:
    """Enter the steps of every part."""
    steps = nouns.add_parser("hr", help="people, examiners, who is near whom, and reports").add_subparsers(
        required=True, metavar="STEP"
    )
    for part in PARTS:
        part.words(steps)
