"""Working days: which count for a work product, and the moment at which its time is over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ..errors import InputError
from ..seats import iso

__all__ = ["CALENDAR", "Window", "more_days", "window"]

CALENDAR = "calendar.json"
"""A centre's days off and made-up working days: ``{"days_off": ["2026-10-01"], "working_days": ["2026-10-10"]}``."""


@dataclass(frozen=True)
class Window:
    """The time for a work product: it begins when the task is given out and ends with the last working day."""

    given_on: date
    """The day on which the task is given out; it does not count."""
    days: tuple[date, ...]
    """The working days that count."""

    @property
    def opens_at(self) -> str:
        """Midnight at the beginning of the day on which the task is given out, by this computer's time zone."""
        return iso(_midnight(self.given_on))

    @property
    def ends_at(self) -> str:
        """Midnight at the end of the last working day."""
        return iso(_midnight(self.days[-1] + timedelta(days=1)))


def window(centre: Path, days: int, given_on: date) -> Window:
    """The next ``days`` working days after the task is given out: Monday to Friday, and what the calendar says."""
    return Window(given_on, tuple(_first(centre, days, given_on)))


def more_days(centre: Path, days: int, ends_at: str) -> str:
    """The end after so many more working days."""
    last = datetime.fromisoformat(ends_at).astimezone().date() - timedelta(days=1)
    return iso(_midnight(_first(centre, days, last)[-1] + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def _first(centre: Path, days: int, after: date) -> list[date]:
    off, on = _calendar(centre)
    found: list[date] = []
    for day in _days_after(after):
        if day in on or (day.weekday() < 5 and day not in off):
            found.append(day)
        if len(found) == days:
            return found
    raise InputError(f"{CALENDAR} leaves fewer than {days} working days after {after}; mend its days off")


def _days_after(day: date) -> Iterator[date]:
    for number in range(1, 2000):
        yield day + timedelta(days=number)


def _calendar(centre: Path) -> tuple[set[date], set[date]]:
    """Days off and made-up working days; none without a calendar."""
    path = centre / CALENDAR
    if not path.exists():
        return set(), set()
    try:
        content = json.loads(path.read_text("utf-8"))
        off, on = ({date.fromisoformat(day) for day in content.get(name, [])} for name in ("days_off", "working_days"))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f'{path} must hold {{"days_off": ["2026-10-01"], "working_days": ["2026-10-10"]}}, and it cannot be read '
            f"so ({error})"
        ) from error
    if off & on:
        raise InputError(f"{path} says of {min(off & on)} that it is a day off and a working day; take one of them out")
    return off, on
