"""The folder of one sitting in the room: who may invigilate it, its log of incidents, and the table of its seats."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import canonical
from grader.seats.folder import SeatFolder
from grader.seats.journal import Journal, sync_folder, write_new
from grader.seats.paper import SEAT_NUMBER, code_sha256, iso, moment
from grader.seats.sentences import refusal

__all__ = ["SittingFolder", "Watched", "create_sitting", "find_sitting", "sitting_state", "watch"]

_SITTING = ("sitting", "opens_at", "closes_at", "titles", "code_sha256")
_MAX_WORDS = 1000


@dataclass(frozen=True)
class Watched:
    """One seat as an invigilator sees it: never an answer, never a key."""

    seat: str
    name: str
    person: str
    language: str
    status: str
    """As in :class:`~grader.seats.SeatState`, or ``damaged``."""
    answered: int
    questions: int
    saved_at: str | None
    started_at: str | None
    deadline: str | None
    remaining_s: int
    extra_min: float
    pause: dict[str, Any] | None
    handed_in_at: str | None
    how: str | None
    returns: int
    """How often the candidate came back, e.g. from another machine."""
    accommodations: Mapping[str, float]
    incidents: int
    problem: str = ""
    """What is wrong with the seat's record, if anything is."""


@dataclass
class _Incidents:
    lines: list[dict[str, Any]] = field(default_factory=list)
    last_at: str = ""

    def apply(self, line: dict[str, Any]) -> None:
        """Take one line."""
        self.lines.append(line)
        self.last_at = line["at"]


class SittingFolder:
    """One sitting in the room; made by the exam office, written by invigilators."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._log = Journal(self.path / "log.jsonl", _Incidents)
        try:
            self.about: dict[str, Any] = json.loads((self.path / "sitting.json").read_bytes())
            if not isinstance(self.about, dict) or any(name not in self.about for name in _SITTING):
                raise ValueError
        except (OSError, ValueError):
            raise refusal("no sitting", sitting=self.path.name[:64]) from None

    def opens_with(self, code: str) -> bool:
        """Whether ``code`` is the invigilator's access code of this sitting."""
        return hmac.compare_digest(code_sha256(code), str(self.about["code_sha256"]))

    def log(self) -> list[dict[str, Any]]:
        """Incidents of the room, in order."""
        return list(self._log.read().lines)

    def incident(self, text: str, by: str, now: datetime) -> None:
        """Write down what happened in the room."""
        if not text.strip() or not by.strip():
            raise refusal("reason")
        if len(text) > _MAX_WORDS or len(by) > _MAX_WORDS:
            raise refusal("too long", most=_MAX_WORDS)
        with self._log.locked() as fd:
            at = max(iso(now), self._log.read().last_at)
            self._log.append(fd, at=at, event="incident", source="room", by=by.strip(), text=text.strip())


def create_sitting(path: Path, about: Mapping[str, Any]) -> SittingFolder:
    """Make the sitting's own paper beside the folders of its seats: name, times, titles, hash of the access code."""
    path.mkdir(parents=True, exist_ok=True)
    part = path / ".sitting.part"
    part.unlink(missing_ok=True)
    write_new(part, canonical(dict(about)).encode())
    part.replace(path / "sitting.json")
    sync_folder(path)
    return SittingFolder(path)


def find_sitting(room_root: Path, sitting: str) -> SittingFolder:
    """The sitting with this name; ``RoomError`` (404) when the room has none that can be invigilated."""
    if not re.fullmatch(SEAT_NUMBER, sitting):
        raise refusal("no sitting", sitting=sitting[:64])
    return SittingFolder(room_root / sitting)


def watch(
    room_root: Path, sitting: str, now: datetime, open_seat: Callable[[str], SeatFolder] | None = None
) -> list[Watched]:
    """The invigilator's table of the seats of a sitting; ``open_seat`` gives a seat that is open already."""
    folder = room_root / sitting
    numbers = sorted(path.parent.name for path in folder.glob("[!.]*/seat.json"))
    return [_watched(number, open_seat or (lambda one: SeatFolder(folder / one)), now) for number in numbers]


def sitting_state(opens_at: str, statuses: Iterable[str], now: datetime) -> str:
    """``scheduled`` before it opens, ``closed`` once no seat may work any more, else ``open``."""
    if now < moment(opens_at):
        return "scheduled"
    return "open" if {"waiting", "open", "running", "paused"} & set(statuses) else "closed"


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("name", "person", "language"), ""),
    **dict.fromkeys(("saved_at", "started_at", "deadline", "pause", "handed_in_at", "how")),
    **dict.fromkeys(("answered", "questions", "remaining_s", "extra_min", "returns", "incidents"), 0),
    "accommodations": {},
}


def _watched(number: str, open_seat: Callable[[str], SeatFolder], now: datetime) -> Watched:
    about: dict[str, Any] = dict(_NOTHING)
    try:
        folder = open_seat(number)
        seat = folder.seat
        about |= {"name": seat["candidate"]["name"], "person": seat["candidate"]["id"], "language": seat["language"]}
        about |= {"questions": len(folder.slots), "accommodations": dict(seat.get("accommodations") or {})}
        state = folder.state(now)
        incidents = sum(line["event"] == "incident" for line in folder.log())
        returns = folder.returns()
    except RoomError as error:
        return Watched(seat=number, status="damaged", problem=str(error), **about)
    for name in ("saved_at", "started_at", "deadline", "pause", "handed_in_at", "how", "remaining_s", "extra_min"):
        about[name] = getattr(state, name)
    about |= {"answered": len(state.answers), "returns": returns, "incidents": incidents}
    return Watched(seat=number, status=state.status, **about)
