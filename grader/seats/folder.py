"""The folder of one seat: its paper, the journal that loses nothing, the invigilator's log, and what was handed in."""

from __future__ import annotations

import hmac
import json
import math
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import canonical, digest
from grader.seats import handed
from grader.seats.handed import HandedIn
from grader.seats.journal import Journal, sync_folder, write_new
from grader.seats.paper import SEAT_NUMBER, check_seat, check_value, code_sha256, iso, moment
from grader.seats.sentences import refusal
from grader.seats.state import Answers, Invigilation, SeatState, pause_words
from grader.seats.work import WorkFolder

__all__ = ["Saved", "SeatFolder", "create", "find", "seats"]

_NO_TIME = timedelta(0)
_MAX_WORDS = 1000


@dataclass(frozen=True)
class Saved:
    """The acknowledgement of one journal line: it is on the disk."""

    n: int
    saved_at: str


class SeatFolder:
    """One seat on the disk. Keep the object: reading again costs a look at two file sizes, not a replay.

    Every method that can be refused raises :class:`RoomError` with one sentence for the person at the page. The time of
    a seat never runs backwards: a ``now`` before the last line of its journal or log counts as the time of that line.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._journal = Journal(self.path / "journal.jsonl", Answers)
        try:
            self.seat: dict[str, Any] = json.loads((self.path / "seat.json").read_bytes())
            self.paper: dict[str, Any] = json.loads((self.path / "paper.json").read_bytes())
            check_seat(self.path.name, self.seat, self.paper)
        except FileNotFoundError:
            raise refusal("no seat", seat=self.path.name) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise refusal("damaged folder", seat=self.path.name) from None
        rules = self.seat.get("accommodations") or {}
        self._log = Journal(
            self.path / "invigilation.jsonl", partial(Invigilation, break_min=rules.get("break_min", 0.0))
        )
        self._opens, self._closes = moment(self.seat["opens_at"]), moment(self.seat["closes_at"])
        self._length = timedelta(minutes=self.seat["minutes"])
        self.slots: tuple[str, ...] = tuple(question["slot"] for question in self.paper["questions"])
        self._questions = {question["slot"]: question for question in self.paper["questions"]}

    # --- reading ------------------------------------------------------------------------------------------------------

    def state(self, now: datetime) -> SeatState:
        """Where the seat stands at ``now`` (an aware time)."""
        seen, log = self._journal.read(), self._log.read()
        last = max(seen.last_at, log.last_at)
        now = max(now, moment(last)) if last else now
        started = moment(seen.started_at) if seen.started_at else None
        pause = log.pause(now) if log.pauses else None
        deadline = self._deadline(log, started or now, now)
        if seen.receipt:
            status = "handed-in"
        elif started:
            status = "paused" if pause else "running"
        elif now < self._opens:
            status = "waiting"
        elif now >= self._closes + log.paused(self._opens, now):
            status = "missed"
        else:
            status = "paused" if pause else "open"
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
            extra_min=log.extra_min,
            pause=None if over else pause_words(pause),
            break_left_s=int(log.break_left(now).total_seconds()) if log.break_min else 0,
            writer=seen.writer,
        )

    def _deadline(self, log: Invigilation, started: datetime, now: datetime) -> datetime:
        """Pauses since the start move the end, pauses since the opening move the closing; extra time comes on top."""
        after, window = (log.paused(started, now), log.paused(self._opens, now)) if log.pauses else (_NO_TIME, _NO_TIME)
        end = min(started + self._length + after, self._closes + window)
        return end + timedelta(minutes=log.extra_min)

    def opens_with(self, code: str) -> bool:
        """Whether ``code`` is the access code of this seat; spaces, hyphens and the case of letters do not matter."""
        return hmac.compare_digest(code_sha256(code), str(self.seat["code_sha256"]))

    def question(self, slot: str) -> Mapping[str, Any]:
        """One question of the paper; ``RoomError`` (404) when there is none of this name."""
        if slot not in self._questions:
            raise refusal("no question", slot=slot)
        return self._questions[slot]  # type: ignore[no-any-return]

    def seal(self) -> str:
        """A digest of everything that the exam office wrote: whatever is changed in it later shows."""
        files = {name: digest(data) for name, data in self.practical().items()}
        return digest({"seat": self.seat, "paper": self.paper, "practical": files})

    def practical(self) -> dict[str, bytes]:
        """The seat's own practical files by name; empty when the exam has no practical."""
        folder = self.path / "practical"
        return {file.name: file.read_bytes() for file in sorted(folder.iterdir())} if folder.is_dir() else {}

    def work(self) -> WorkFolder | None:
        """The work product of the seat; None when its practical is none."""
        plan, candidate = self.seat.get("work"), self.seat["candidate"]
        return WorkFolder(self.path, plan, (str(candidate["name"]), str(candidate["id"]))) if plan else None

    def log(self) -> list[dict[str, Any]]:
        """What invigilators, the exam office and the candidate's breaks did to the clock, and incidents, in order."""
        return list(self._log.read().lines)

    def returns(self) -> int:
        """How often the candidate came back to the exam, e.g. after a crash or from another machine."""
        return self._journal.read().returns

    def handed_in(self) -> HandedIn | None:
        """What was handed in, or None while it was not."""
        seen = self._journal.read()
        if seen.receipt is None:
            return None
        handed.publish(self.path)
        return handed.read(self.path, seen.receipt)

    def mend_answers(self) -> str | None:
        """Write handed-in answers that are damaged anew from the journal; see :func:`grader.seats.handed.mend`."""
        seen = self._journal.read()
        if seen.receipt is None:
            return None
        handed.publish(self.path)
        return handed.mend(self.path, seen.receipt, self._answers(seen))

    def _answers(self, seen: Answers) -> dict[str, Any]:
        return {slot: seen.answers.get(slot) for slot in self.slots}

    def verify(self) -> list[str]:
        """Everything that is wrong with the folder, one sentence each; an empty list when all holds."""
        found = []
        try:
            for journal in (self._journal, self._log):
                journal.forget()
                if journal.torn():
                    found.append(f"{journal.path}: the last line is torn; it was never acknowledged.")
            seen, work = self._journal.read(), self.handed_in()
        except (RoomError, OSError, ValueError, KeyError) as error:
            return [f"{self.path}: {error}"]
        out = self.path / "handed-in"
        if work is None:
            return found + ([f"{out}: is there, but the journal holds no hand-in."] if out.exists() else [])
        # Of a mended journal an answer may be missing that was handed in: there the receipt alone proves the answers.
        if not seen.mended and work.answers != self._answers(seen):
            found.append(f"{out}/answers.jsonl: the answers are not those of the journal.")
        return found + handed.faults(self.path, work)

    # --- the candidate ------------------------------------------------------------------------------------------------

    def start(self, now: datetime, page: str | None = None, address: str = "") -> SeatState:
        """Start the clock; on a seat that runs already, note that the candidate came back.

        With ``page`` (a page's own name) only that page may write from now on, until another one starts.
        """
        with self._journal.locked() as fd:
            state = self.state(now)
            if state.status == "waiting":
                raise refusal("waiting", at=self.seat["opens_at"])
            if state.status == "missed":
                raise refusal("missed", at=self.seat["closes_at"])
            if state.status == "paused" and not state.started_at:
                raise refusal("paused")
            if state.status != "handed-in" and state.remaining_s:
                who = {"page": page, "address": address} if page else None
                self._append(fd, "start" if state.status == "open" else "resume", None, who, now)
        return self.state(now)

    def save(self, slot: str, value: Any, now: datetime, page: str | None = None) -> Saved:
        """Save an answer (None clears it); when this returns, it is on the disk."""
        question = self.question(slot)
        check_value(question, value)
        with self._journal.locked() as fd:
            self._must_run(now, page)
            return self._append(fd, "answer", slot, value, now)

    def flag(self, slot: str, on: bool, now: datetime, page: str | None = None) -> Saved:
        """Set or clear the candidate's own mark on a question."""
        self.question(slot)
        with self._journal.locked() as fd:
            self._must_run(now, page)
            return self._append(fd, "flag", slot, bool(on), now)

    def hand_in(
        self, now: datetime, how: str, practical: bytes | None, note: Mapping[str, str] | None = None,
        page: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Hand in once and for all and return the receipt; a second call returns the same receipt.

        ``how`` is ``candidate`` or ``clock``; after the deadline it is always the clock, at the deadline. ``note`` goes
        into the receipt in both languages, e.g. why there is no practical.
        """
        with self._journal.locked() as fd:
            state = self.state(now)
            if state.status == "paused":
                raise refusal("paused")
            if state.status not in ("running", "handed-in"):
                raise refusal("nothing to hand in")
            if state.status == "running":
                if state.remaining_s == 0:
                    now, how = moment(state.deadline or iso(now)), "clock"
                elif how == "candidate":
                    _must_write(state, page)
                receipt = self._prepare(iso(now), how, state.answers, practical, note)
                self._append(fd, "hand-in", None, receipt, now)  # from here on it is handed in
            handed.publish(self.path)
        return dict(self._journal.fold.receipt or {})

    def take_break(self, now: datetime) -> SeatState:
        """The candidate's own break: the clock stands until it is ended or used up."""
        with self._journal.locked(), self._log.locked() as fd:
            state = self.state(now)
            if state.status != "running" or not state.remaining_s:
                raise refusal("no break now")
            if not state.break_left_s:
                raise refusal("no break left")
            self._note(fd, "pause", now, "candidate", self.seat["candidate"]["id"], reason="own break")
        return self.state(now)

    def end_break(self, now: datetime) -> SeatState:
        """The candidate goes on; a pause by an invigilator cannot be ended so."""
        with self._journal.locked(), self._log.locked() as fd:
            pause = self.state(now).pause
            if pause and not pause["break"]:
                raise refusal("paused")
            if pause:
                self._note(fd, "resume", now, "candidate", self.seat["candidate"]["id"], reason="own break")
        return self.state(now)

    # --- invigilators and the exam office -----------------------------------------------------------------------------

    def grant(self, extra_min: float, reason: str, by: str, now: datetime, source: str = "office") -> float:
        """Give the seat more time (minutes) with a reason; returns all the extra time that it has now."""
        if not 0 < extra_min <= 24 * 60:
            raise refusal("extra time", minutes=f"{extra_min:g}")
        _check_words(reason, by)
        with self._journal.locked(), self._log.locked() as fd:
            if self._journal.read().receipt:
                raise refusal("extra time too late", seat=self.path.name)
            self._note(fd, "extra-time", now, source, by, minutes=extra_min, reason=reason.strip())
        return self._log.read().extra_min

    def pause(self, reason: str, by: str, now: datetime, source: str = "room") -> SeatState:
        """Stop the clock of the seat, with a reason; nothing is shown and nothing is saved until it goes on."""
        _check_words(reason, by)
        with self._journal.locked(), self._log.locked() as fd:
            state = self.state(now)
            if state.status in ("handed-in", "missed") or (state.status == "running" and not state.remaining_s):
                raise refusal("cannot pause", seat=self.path.name)
            if state.pause and not state.pause["break"]:
                raise refusal("paused already", seat=self.path.name)
            self._note(fd, "pause", now, source, by, reason=reason.strip())
        return self.state(now)

    def resume(self, by: str, now: datetime, source: str = "room") -> SeatState:
        """Let the clock of a paused seat go on."""
        _check_words("-", by)
        with self._journal.locked(), self._log.locked() as fd:
            if not self.state(now).pause:
                raise refusal("not paused", seat=self.path.name)
            self._note(fd, "resume", now, source, by, reason="")
        return self.state(now)

    def incident(self, text: str, by: str, now: datetime, source: str = "room") -> None:
        """Write down what happened at the seat; possible at any time, even when its journal is damaged."""
        _check_words(text, by)
        with self._log.locked() as fd:
            self._note(fd, "incident", now, source, by, text=text.strip())

    # --- inside -------------------------------------------------------------------------------------------------------

    def _must_run(self, now: datetime, page: str | None) -> None:
        state = self.state(now)
        if state.status == "handed-in":
            raise refusal("handed in")
        if state.status == "paused" and state.started_at:
            raise refusal("paused")
        if state.status != "running":
            raise refusal("not started")
        if state.remaining_s == 0:
            raise refusal("time over")
        _must_write(state, page)

    def _append(self, fd: int, event: str, slot: str | None, value: Any, now: datetime) -> Saved:
        at = max(iso(now), self._journal.read().last_at)  # a clock that was set back must not reorder the journal
        return Saved(self._journal.append(fd, at=at, event=event, slot=slot, value=value), at)

    def _note(self, fd: int, event: str, now: datetime, source: str, by: str, **words: Any) -> None:
        at = max(iso(now), self._log.read().last_at)
        self._log.append(fd, at=at, event=event, source=source, by=by.strip(), **words)

    def _prepare(
        self, at: str, how: str, answers: Mapping[str, Any], practical: bytes | None, note: Mapping[str, str] | None
    ) -> dict[str, Any]:
        mended = self._journal.read().mended
        notes = [one for one in (note, mended and mended["note"]) if one]
        both = {name: " ".join(one[name] for one in notes) for name in ("en", "zh")} if notes else None
        try:
            every = {slot: answers.get(slot) for slot in self.slots}
            return handed.prepare(self.path, at, how, every, practical, both)
        except OSError as error:
            raise refusal("cannot save", why=error.strerror) from None


def _check_words(reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise refusal("reason")
    if len(reason) > _MAX_WORDS or len(by) > _MAX_WORDS:
        raise refusal("too long", most=_MAX_WORDS)


def _must_write(state: SeatState, page: str | None) -> None:
    if state.writer is not None and page != state.writer:
        raise refusal("elsewhere")


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
    """The seat with this number; ``RoomError`` when the room has none, or two of them."""
    if re.fullmatch(SEAT_NUMBER, seat):
        found = sorted(Path(room_root).glob(f"[!.]*/{seat}/seat.json"))
        if len(found) > 1:
            where = " and ".join(path.parent.parent.name for path in found)
            raise refusal("two seats", seat=seat, where=where)
        if found:
            return SeatFolder(found[0].parent)
    raise refusal("no seat", seat=seat[:64])
