"""The room's own time: it follows the computer's clock, but not when that clock jumps."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["SteadyClock"]

FOLLOWS_S = 2.0
"""A difference up to this is the slow correction of a healthy clock, and is followed; a larger one is a jump."""


def _since_boot() -> float:
    # Counts on while the machine sleeps, and nobody can set it.
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SteadyClock:
    """Somebody who sets the computer's clock in the middle of an exam neither ends it nor makes it longer."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _since_boot) -> None:
        self._wall, self._steady = wall, steady
        self._begin_wall, self._begin_steady = wall(), steady()
        self.off_s = 0.0
        """By how many seconds the computer's clock is ahead of the room's time after a jump; 0 while both agree."""

    def now(self) -> datetime:
        """The room's time."""
        steady, wall = self._steady(), self._wall()
        room = self._begin_wall + steady - self._begin_steady
        if abs(wall - room) <= FOLLOWS_S:
            room, self.off_s = wall, 0.0
            self._begin_wall, self._begin_steady = wall, steady
        else:
            self.off_s = wall - room
        return datetime.fromtimestamp(room, UTC)
