"""Whether the room is open long enough for its seats, told when a sitting is scheduled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from .scheduling import Candidate

__all__ = ["tight"]


def tight(opens_at: datetime, closes_at: datetime, minutes: int, candidates: Sequence[Candidate]) -> list[str]:
    """What the office should know of a window that is too short, one sentence each; empty when it is long enough.

    A seat ends when its minutes are over or the room closes, whatever comes first; extra time and own breaks come on
    top of that, also beyond the closing time.
    """
    window = (closes_at - opens_at) / timedelta(minutes=1)
    if minutes > window:
        return [
            f"the room is open for {window:g} minutes and a seat has {minutes}: nobody gets the whole time; "
            f"give --hours {minutes / 60:.1f} or more"
        ]
    late = {one.person: one.extra_min + one.break_min for one in candidates}
    over = [person for person, more in late.items() if minutes + more > window]
    if not over:
        return []
    until = (closes_at + timedelta(minutes=max(late[person] for person in over))).astimezone()
    return [
        f"with extra time and breaks {', '.join(over)} may work longer than the room is planned to be open: "
        f"leave it open until {until:%H:%M %Z}, or give --hours {(minutes + max(late.values())) / 60:.1f} or more"
    ]
