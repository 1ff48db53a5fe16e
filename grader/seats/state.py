"""Where a seat stands: what the lines of its journal and of its invigilation log add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from grader.seats.paper import iso, moment

__all__ = ["Answers", "Invigilation", "Pause", "SeatState", "pause_words"]


@dataclass(frozen=True)
class SeatState:
    """Where a seat stands at one moment."""

    status: str
    """``waiting`` (not yet open), ``open`` (may start), ``running``, ``paused``, ``handed-in`` or ``missed``."""
    started_at: str | None
    deadline: str | None
    """When the clock hands in; before the start: when it would, if the candidate started now. None when missed."""
    remaining_s: int
    """Seconds until the deadline, rounded up; they stand while the seat is paused; 0 when handed in or missed."""
    answers: dict[str, Any]
    """The value saved last, by slot; a cleared answer is not in it."""
    times: dict[str, str]
    """When the slot was saved last, by slot, cleared ones included."""
    flags: set[str]
    handed_in_at: str | None
    how: str | None
    """``candidate`` or ``clock``."""
    saved_at: str | None
    """When an answer of the seat was saved last."""
    extra_min: float
    pause: dict[str, Any] | None
    """While paused: ``since``, ``reason``, ``break`` (the candidate's own) and ``until`` (when a break ends)."""
    break_left_s: int
    """What is left of the breaks that the candidate may take without asking."""
    writer: str | None
    """The page that may write; None: any page may."""


@dataclass
class Answers:
    """What the lines of a seat's journal add up to."""

    started_at: str | None = None
    saved_at: str | None = None
    last_at: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    receipt: dict[str, Any] | None = None
    writer: str | None = None
    returns: int = 0
    """How often the candidate came back to the exam."""
    mended: dict[str, Any] | None = None
    """The note of the exam office when the journal was damaged and its readable part kept."""

    def apply(self, line: Mapping[str, Any]) -> None:
        """Take one line."""
        self.last_at, event, slot, value = line["at"], line["event"], line["slot"], line["value"]
        if event == "answer":
            self.answers[slot] = value
            if value is None:
                del self.answers[slot]
            self.times[slot] = self.saved_at = self.last_at
        elif event == "flag":
            (self.flags.add if value else self.flags.discard)(slot)
        elif event in ("start", "resume"):
            self.started_at = self.started_at or self.last_at
            self.returns += event == "resume"
            self.writer = value["page"] if value else None
        elif event == "hand-in":
            self.receipt = value
        elif event == "mended":
            self.mended = value


@dataclass
class Pause:
    """A time in which the clock of a seat stands."""

    since: datetime
    reason: str
    cap: datetime | None
    """When a break of the candidate's own ends by itself; None: an invigilator ends the pause."""
    end: datetime | None = None

    def ends(self, now: datetime) -> datetime:
        """Its end, as far as it is known at ``now``."""
        return min(when for when in (self.end, self.cap, now) if when is not None)

    def length(self, since: datetime, now: datetime) -> timedelta:
        """How much of it lies between ``since`` and ``now``."""
        return max(timedelta(0), self.ends(now) - max(self.since, since))

    def on(self, now: datetime) -> bool:
        """Whether the clock stands at ``now``."""
        return self.end is None and (self.cap is None or now < self.cap)


@dataclass
class Invigilation:
    """What the lines of a seat's invigilation log add up to."""

    break_min: float = 0.0
    """Minutes that the candidate may pause without asking, over the whole exam."""
    extra_min: float = 0.0
    last_at: str = ""
    pauses: list[Pause] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, line: dict[str, Any]) -> None:
        """Take one line."""
        self.last_at = line["at"]
        self.lines.append(line)
        if line["event"] == "extra-time":
            self.extra_min += line["minutes"]
        elif line["event"] in ("pause", "resume"):
            at = moment(line["at"])
            if self.pauses and self.pauses[-1].end is None:
                self.pauses[-1].end = self.pauses[-1].ends(at)
            if line["event"] == "pause":
                own = line["source"] == "candidate"
                self.pauses.append(Pause(at, line["reason"], at + self.break_left(at) if own else None))

    def paused(self, since: datetime, now: datetime) -> timedelta:
        """For how long the clock stood between ``since`` and ``now``."""
        return sum((pause.length(since, now) for pause in self.pauses), timedelta(0))

    def pause(self, now: datetime) -> Pause | None:
        """The pause that is on at ``now``."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].on(now) else None

    def break_left(self, now: datetime) -> timedelta:
        """What is left of the candidate's own breaks."""
        used = sum((one.length(one.since, now) for one in self.pauses if one.cap is not None), timedelta(0))
        return timedelta(minutes=self.break_min) - used


def pause_words(pause: Pause | None) -> dict[str, Any] | None:
    """A pause as the candidate's page and the invigilator's read it."""
    if pause is None:
        return None
    until = iso(pause.cap) if pause.cap is not None else None
    return {"since": iso(pause.since), "reason": pause.reason, "break": pause.cap is not None, "until": until}
