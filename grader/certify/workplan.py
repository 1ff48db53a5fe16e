"""What is fixed of a work product when a sitting is scheduled: its working days, its files, its end."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import workdays
from .desk import Academy
from .workdays import Window

if TYPE_CHECKING:
    from ..exams import Practical

__all__ = ["window_of", "words"]


def window_of(academy: Academy, practical: Practical, given_on: date) -> Window | None:
    """The working days of a work product; None for a supervised practical. Task and scheme must be of one kind."""
    days = academy.scheme.level(practical.level).practical_days
    if (days is None) is not (practical.work is None):
        kinds = ("supervised minutes", "working days")
        wanted, got = kinds if days is None else reversed(kinds)
        raise InputError(
            f"the scheme gives the practical of level {practical.level} {wanted}, and the task {practical.id} is made "
            f"for {got}; mend scheme.yml or question_bank/practicals"
        )
    return None if days is None else workdays.window(academy.centre.root, days, given_on)


def words(practical: Practical, window: Window) -> dict[str, Any]:
    """The work product as its seats know it: files and window."""
    assert practical.work is not None  # window_of has seen to it
    return {
        "task": practical.id,
        "version": practical.version,
        "opens_at": window.opens_at,
        "ends_at": window.ends_at,
        "days": [day.isoformat() for day in window.days],
        "files": [asdict(one) for one in practical.work.files],
    }
