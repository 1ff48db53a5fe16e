"""The folder of one seat: its paper, the journal that loses nothing, extra time, and what was handed in."""

from __future__ import annotations

import hmac
import json
import math
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import canonical, digest
from grader.seats.journal import Journal, append_line, file_mark, sync_folder, whole_lines, write_new
from grader.seats.paper import SEAT_NUMBER, check_seat, check_value, code_sha256, iso, moment

__all__ = ["HandedIn", "Saved", "SeatFolder", "SeatState", "create", "find", "seats"]


@dataclass(frozen=True)
class SeatState:
    """Where a seat stands at one moment."""

    status: str
    """``waiting`` (not yet open), ``open`` (may start), ``running``, ``handed-in`` or ``missed`` (never started)."""
    started_at: str | None
    deadline: str | None
    """When the clock hands in; before the start: when it would, if the candidate started now. None when missed."""
    remaining_s: int
    """Seconds until the deadline, rounded up; 0 when handed in or missed."""
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


@dataclass(frozen=True)
class Saved:
    """The acknowledgement of one journal line: it is on the disk."""

    n: int
    saved_at: str


@dataclass(frozen=True)
class HandedIn:
    """What a seat handed in; ``answers`` holds a value (or None) for every slot of the paper."""

    receipt: dict[str, Any]
    answers: dict[str, Any]
    practical: bytes | None


@dataclass
class _Replay:
    """What the lines of a seat's journal add up to."""

    started_at: str | None = None
    saved_at: str | None = None
    last_at: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    receipt: dict[str, Any] | None = None

    def apply(self, line: Mapping[str, Any]) -> None:
        """Take one line."""
        self.last_at, event, slot, value = line["at"], line["event"], line["slot"], line["value"]
        if event == "start":
            self.started_at = self.last_at
        elif event == "answer":
            self.answers[slot] = value
            if value is None:
                del self.answers[slot]
            self.times[slot] = self.saved_at = self.last_at
        elif event == "flag":
            (self.flags.add if value else self.flags.discard)(slot)
        elif event == "hand-in":
            self.receipt = value


class SeatFolder:
    """One seat on the disk. Keep the object: reading again costs a look at two file sizes, not a replay.

    Every method that can be refused raises :class:`RoomError` with one sentence for the candidate.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._journal = Journal(self.path / "journal.jsonl", _Replay)
        self._grants = self.path / "grants.jsonl"
        self._out = self.path / "handed-in"
        try:
            self.seat: dict[str, Any] = json.loads((self.path / "seat.json").read_bytes())
            self.paper: dict[str, Any] = json.loads((self.path / "paper.json").read_bytes())
            check_seat(self.path.name, self.seat, self.paper)
        except FileNotFoundError:
            raise RoomError(f"There is no seat {self.path.name} in this room.", 404) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise RoomError(f"The folder of seat {self.path.name} is damaged. Call the invigilator.", 500) from None
        self.slots: tuple[str, ...] = tuple(question["slot"] for question in self.paper["questions"])
        self._questions = {question["slot"]: question for question in self.paper["questions"]}
        self._extra: tuple[tuple[int, ...], float] = ((), 0.0)

    # --- reading ------------------------------------------------------------------------------------------------------

    def state(self, now: datetime) -> SeatState:
        """Where the seat stands at ``now`` (an aware time)."""
        seen, extra_min = self._journal.read(), self._extra_min()
        opens, closes = moment(self.seat["opens_at"]), moment(self.seat["closes_at"])
        started = moment(seen.started_at) if seen.started_at else None
        deadline = min((started or now) + timedelta(minutes=self.seat["minutes"]), closes) + timedelta(
            minutes=extra_min
        )
        if seen.receipt:
            status = "handed-in"
        elif started:
            status = "running"
        else:
            status = "waiting" if now < opens else "open" if now < closes else "missed"
        over = status in ("handed-in", "missed")
        return SeatState(
            status=status,
            started_at=seen.started_at,
            deadline=None if status == "missed" else iso(deadline),
            remaining_s=0 if over else max(0, math.ceil((deadline - now).total_seconds())),
            answers=dict(seen.answers),
            times=dict(seen.times),
            flags=set(seen.flags),
            handed_in_at=seen.receipt["at"] if seen.receipt else None,
            how=seen.receipt["how"] if seen.receipt else None,
            saved_at=seen.saved_at,
            extra_min=extra_min,
        )

    def opens_with(self, code: str) -> bool:
        """Whether ``code`` is the access code of this seat; spaces, hyphens and the case of letters do not matter."""
        return hmac.compare_digest(code_sha256(code), str(self.seat["code_sha256"]))

    def practical(self) -> dict[str, bytes]:
        """The seat's own practical files by name; empty when the exam has no practical."""
        folder = self.path / "practical"
        return {file.name: file.read_bytes() for file in sorted(folder.iterdir())} if folder.is_dir() else {}

    def handed_in(self) -> HandedIn | None:
        """What was handed in, or None while it was not."""
        seen = self._journal.read()
        if seen.receipt is None:
            return None
        self._publish()
        lines = (self._out / "answers.jsonl").read_text(encoding="utf-8").splitlines()
        work = self._out / "practical.ipynb"
        answers = {line["slot"]: line["value"] for line in map(json.loads, lines)}
        return HandedIn(dict(seen.receipt), answers, work.read_bytes() if work.exists() else None)

    def verify(self) -> list[str]:
        """Everything that is wrong with the folder, one sentence each; an empty list when all holds."""
        try:
            self._journal.forget()
            seen, found = self._journal.read(), []
            if self._journal.torn():
                found.append(f"{self._journal.path}: the last line is torn; it was never acknowledged.")
            handed = self.handed_in()
        except (RoomError, OSError, ValueError, KeyError) as error:
            return [f"{self.path}: {error}"]
        if handed is None:
            return found + ([f"{self._out}: is there, but the journal holds no hand-in."] if self._out.exists() else [])
        wanted = {slot: seen.answers.get(slot) for slot in self.slots}
        if handed.answers != wanted:
            found.append(f"{self._out}/answers.jsonl: the answers are not those of the journal.")
        if _sha(handed.practical) != handed.receipt["practical"]:
            found.append(f"{self._out}/practical.ipynb: the practical is not the one that was handed in.")
        if json.loads((self._out / "receipt.json").read_bytes()) != handed.receipt:
            found.append(f"{self._out}/receipt.json: the receipt is not the one in the journal.")
        if _receipt_digest(handed.receipt, wanted) != handed.receipt["digest"]:
            found.append(f"{self._journal.path}: the receipt does not belong to these answers.")
        return found

    # --- writing ------------------------------------------------------------------------------------------------------

    def start(self, now: datetime) -> SeatState:
        """Start the clock; on a seat that runs already, note that the candidate came back."""
        with self._journal.locked() as fd:
            state = self.state(now)
            if state.status == "waiting":
                raise RoomError(f"This exam opens at {self.seat['opens_at']}. Please wait.", 409)
            if state.status == "missed":
                raise RoomError(f"This exam closed at {self.seat['closes_at']}. Speak to the exam office.", 409)
            if state.status != "handed-in" and state.remaining_s:
                self._append(fd, "start" if state.status == "open" else "resume", None, None, now)
        return self.state(now)

    def save(self, slot: str, value: Any, now: datetime) -> Saved:
        """Save an answer (None clears it); when this returns, it is on the disk."""
        question = self._question(slot)
        check_value(question, value)
        with self._journal.locked() as fd:
            self._must_run(now)
            return self._append(fd, "answer", slot, value, now)

    def flag(self, slot: str, on: bool, now: datetime) -> Saved:
        """Set or clear the candidate's own mark on a question."""
        self._question(slot)
        with self._journal.locked() as fd:
            self._must_run(now)
            return self._append(fd, "flag", slot, bool(on), now)

    def hand_in(self, now: datetime, how: str, practical: bytes | None, note: str | None = None) -> dict[str, Any]:
        """Hand in once and for all and return the receipt; a second call returns the same receipt.

        ``how`` is ``candidate`` or ``clock``; after the deadline it is always the clock, at the deadline. ``note`` goes
        into the receipt, e.g. why there is no practical.
        """
        with self._journal.locked() as fd:
            state = self.state(now)
            if state.status not in ("running", "handed-in"):
                raise RoomError("This exam was not started, so there is nothing to hand in.", 409)
            if state.status == "running":
                if state.remaining_s == 0:
                    now, how = moment(state.deadline or iso(now)), "clock"
                try:
                    receipt = self._prepare(iso(now), how, state.answers, practical, note)
                except OSError as error:
                    raise RoomError(f"The room cannot save ({error.strerror}). Call the invigilator.", 507) from None
                self._append(fd, "hand-in", None, receipt, now)  # from here on it is handed in
            self._publish()
        return dict(self._journal.fold.receipt or {})

    def grant(self, extra_min: float, reason: str, by: str, now: datetime) -> float:
        """Give the seat more time (minutes) with a reason; returns all the extra time that it has now."""
        if not 0 < extra_min <= 24 * 60:
            raise RoomError(f"Extra time must lie between 0 and 1440 minutes, got {extra_min:g}.", 400)
        if not reason.strip() or not by.strip():
            raise RoomError("Extra time needs a reason and the name of who grants it.", 400)
        with self._journal.locked():
            if self._journal.read().receipt:
                raise RoomError(f"Seat {self.path.name} is handed in already; extra time would change nothing.", 409)
            line = {"at": iso(now), "extra_min": extra_min, "reason": reason.strip(), "by": by.strip()}
            fd = os.open(self._grants, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
            try:
                append_line(fd, whole_lines(self._grants), canonical(line))
            finally:
                os.close(fd)
        return self._extra_min()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _question(self, slot: str) -> Mapping[str, Any]:
        if slot not in self._questions:
            raise RoomError(f"There is no question {slot} on this paper.", 404)
        return self._questions[slot]  # type: ignore[no-any-return]

    def _must_run(self, now: datetime) -> None:
        state = self.state(now)
        if state.status == "handed-in":
            raise RoomError("This exam is handed in; answers can no longer be changed.", 409)
        if state.status != "running":
            raise RoomError("This exam has not been started.", 409)
        if state.remaining_s == 0:
            raise RoomError("The time is over; everything saved before the end counts.", 409)

    def _extra_min(self) -> float:
        mark = file_mark(self._grants)
        if mark != self._extra[0]:
            lines = self._grants.read_bytes()[: whole_lines(self._grants)].splitlines()
            self._extra = (mark, sum(json.loads(line)["extra_min"] for line in lines))
        return self._extra[1]

    def _append(self, fd: int, event: str, slot: str | None, value: Any, now: datetime) -> Saved:
        at = max(iso(now), self._journal.read().last_at)  # a clock that was set back must not reorder the journal
        return Saved(self._journal.append(fd, at=at, event=event, slot=slot, value=value), at)

    def _prepare(
        self, at: str, how: str, answers: Mapping[str, Any], practical: bytes | None, note: str | None
    ) -> dict[str, Any]:
        """Write everything that is handed in beside its place; only the journal line makes it valid."""
        every = {slot: answers.get(slot) for slot in self.slots}
        missing = [slot for slot, value in every.items() if value is None]
        receipt: dict[str, Any] = {
            "seat": self.seat["seat"], "at": at, "how": how, "answered": len(every) - len(missing),
            "unanswered": missing, "practical": _sha(practical), "note": note,
        }  # fmt: skip
        receipt["digest"] = _receipt_digest(receipt, every)
        part = self.path / "handed-in.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        lines = [canonical({"slot": slot, "value": value}) + "\n" for slot, value in every.items()]
        write_new(part / "answers.jsonl", "".join(lines).encode())
        if practical is not None:
            write_new(part / "practical.ipynb", practical)
        write_new(part / "receipt.json", canonical(receipt).encode())
        sync_folder(part)
        return receipt

    def _publish(self) -> None:
        """Put what was handed in into its place; after a crash between journal line and here, the next call does it."""
        if not self._out.exists():
            try:
                (self.path / "handed-in.part").replace(self._out)
            except FileNotFoundError:
                if not self._out.exists():  # else another process was a moment faster
                    raise RoomError(
                        f"What seat {self.path.name} handed in is missing. Call the exam office.", 500
                    ) from None
            sync_folder(self.path)


def create(
    path: Path | str, seat: Mapping[str, Any], paper: Mapping[str, Any], practical: Mapping[str, bytes]
) -> SeatFolder:
    """Make the folder of a seat, whole or not at all.

    ``seat`` is the content of ``seat.json``; ``practical`` maps file names to bytes and may be empty. ``RoomError``
    when the folder exists, a field is missing or wrong, or the paper holds anything that a candidate must not see.
    """
    path = Path(path)
    check_seat(path.name, seat, paper)
    if path.exists():
        raise RoomError(f"Seat {path.name} exists already; a seat is written once.", 409)
    part = path.with_name(f".{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    write_new(part / "seat.json", canonical(dict(seat)).encode())
    write_new(part / "paper.json", canonical(dict(paper)).encode())
    if practical:
        (part / "practical").mkdir()
    for name, data in practical.items():
        if Path(name).name != name or name.startswith("."):
            raise RoomError(f"A practical's file needs a plain name such as practical.ipynb, got {name!r}.", 500)
        write_new(part / "practical" / name, data)
    part.rename(path)
    sync_folder(path.parent)
    return SeatFolder(path)


def seats(room_root: Path | str) -> Iterator[SeatFolder]:
    """All seats of a room, by sitting and seat number."""
    for path in sorted(Path(room_root).glob("[!.]*/[!.]*/seat.json")):
        yield SeatFolder(path.parent)


def find(room_root: Path | str, seat: str) -> SeatFolder:
    """The seat with this number; ``RoomError`` (404) when the room has none."""
    if re.fullmatch(SEAT_NUMBER, seat):
        for path in sorted(Path(room_root).glob(f"[!.]*/{seat}/seat.json")):
            return SeatFolder(path.parent)
    raise RoomError(f"There is no seat {seat[:64]} in this room.", 404)


def _sha(data: bytes | None) -> str | None:
    return None if data is None else digest(data)


def _receipt_digest(receipt: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The hash that the candidate writes down: over the receipt, every answer and the practical."""
    return digest({**{name: value for name, value in receipt.items() if name != "digest"}, "answers": dict(answers)})
