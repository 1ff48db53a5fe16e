"""The rules of the exam room, without any web: who may sit down, starting, saving, handing in, the clock's hand-in."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import AcademyError, RoomError
from grader.marking import number_hint
from grader.room.clock import SteadyClock
from grader.room.practical import NAME, lay_out, pick_up, unchanged
from grader.room.roll import Roll
from grader.seats import SeatFolder, SeatState, find, find_sitting, iso

__all__ = ["Room", "page_of"]

_TRIES = 5
_WAIT_S = 30.0
_ON_S = 40.0
"""A page that was not heard from for longer is not on any more; pages ask for the clock every 15 seconds."""
_LOOK_S = 15.0
"""So often the clock looks at a seat whose time is not over: another process may have started or paused it."""
_MAX_PAGE = 64
_THREADS = 16
"""So many answers wait for the disk at the same time; it writes them together."""
_NO_NOTEBOOK = {"en": "The practical notebook was not there.", "zh": "没有找到实操题的笔记本。"}
_log = logging.getLogger("academy.room")


class Room:
    """All seats of a centre, kept open. One object per server process; it holds no key and runs no candidate's code.

    Practicals lie in ``work``, in a folder for each seat; with ``by_person`` in a folder of the person that was made
    beforehand and that only this person and the room can enter, so that several accounts can work on one machine.
    """

    def __init__(self, root: Path, work: Path, *, by_person: bool = False, steady: SteadyClock | None = None) -> None:
        self.root, self.work, self.by_person = root, work, by_person
        self.steady = steady or SteadyClock()
        self._seats: dict[str, SeatFolder] = {}
        self._tries: dict[tuple[str, str], tuple[int, float]] = {}
        self._heard: dict[str, tuple[str | None, float]] = {}
        self._newest: dict[tuple[str, str], tuple[str, float]] = {}
        self._roll = Roll(root)
        self._look: dict[str, float] = {}
        self._settled = 0
        self._turns: dict[str, asyncio.Lock] = {}
        self.threads = ThreadPoolExecutor(_THREADS, "room")
        self._told: set[tuple[str, str]] = set()

    def turn(self, number: str) -> asyncio.Lock:
        """What one request for a seat holds while it waits for the disk."""
        return self._turns.setdefault(number, asyncio.Lock())

    def now(self) -> datetime:
        """The room's time, which no jump of the computer's clock moves."""
        return self.steady.now()

    def seat(self, number: str, person: str | None = None) -> SeatFolder:
        """The seat with this number; ``RoomError`` (404) when there is none, or none of this person."""
        if number not in self._seats or not self._seats[number].path.is_dir():
            self._seats[number] = find(self.root, number)
        if not _is_of(self._seats[number], person):
            number = number[:64]
            raise RoomError(f"There is no seat {number} in this room.", 404, zh=f"本考场没有考位{number}。")
        return self._seats[number]

    def lobby(self, now: datetime, person: str | None = None) -> list[dict[str, Any]]:
        """Sittings with their seats (of one person, or all) and how each stands; no names and no papers."""
        sittings: dict[str, dict[str, Any]] = {}
        for seat in self._every():
            if not _is_of(seat, person):
                continue
            about = sittings.setdefault(
                seat.seat["sitting"],
                {name: seat.seat[name] for name in ("sitting", "opens_at", "closes_at")} | {"titles": {}, "seats": []},
            )
            about["titles"][seat.seat["language"]] = seat.seat["title"]
            about["seats"].append({"seat": seat.seat["seat"], "status": self._status(seat, now)})
        return list(sittings.values())

    def sits(self, person: str, sitting: str) -> bool:
        """Whether a person has a seat in a sitting."""
        return any(_is_of(seat, person) and seat.seat["sitting"] == sitting for seat in self._every())

    def sittings(self) -> list[dict[str, Any]]:
        """The sittings that can be invigilated; a folder that an older program made cannot."""
        found = []
        for path in sorted(self.root.glob("[!.]*/sitting.json")):
            try:
                about = find_sitting(self.root, path.parent.name).about
            except RoomError as error:
                self._tell("A sitting is left out", error)
            else:
                if about.get("purpose") != "practice":  # who practises alone needs no invigilator's door
                    found.append({name: about[name] for name in ("sitting", "titles", "opens_at", "closes_at")})
        return found

    def _status(self, seat: SeatFolder, now: datetime) -> str:
        try:
            return seat.state(now).status
        except RoomError:
            return "damaged"

    def enter(self, number: str, code: object, address: str) -> SeatFolder:
        """The seat, when ``code`` is its access code. Five wrong codes from one address: wait 30 seconds."""
        seat = self.seat(number)
        self.try_code((number, address), isinstance(code, str) and seat.opens_with(code))
        return seat

    def try_code(self, key: tuple[str, str], right: bool) -> None:
        """Refuse a wrong code, and after five of them any code for 30 seconds."""
        wrong, until = self._tries.get(key, (0, 0.0))
        if (left_s := until - time.monotonic()) > 0:
            wait = int(left_s) + 1
            raise RoomError(
                f"Too many wrong codes. Wait {wait} seconds, then try again.",
                429,
                zh=f"输错次数过多，请等待{wait}秒后再试。",
            )
        if not right:
            wrong += 1
            self._tries[key] = (0, time.monotonic() + _WAIT_S) if wrong >= _TRIES else (wrong, 0.0)
            raise RoomError(
                "That is not the access code of this seat. Check your admission slip and try again.",
                403,
                zh="入场码不正确，请核对准考单后重试。",
            )
        self._tries.pop(key, None)

    # --- pages: who is on, and who may write --------------------------------------------------------------------------

    def hear(self, seat: SeatFolder, page: str | None) -> None:
        """Note that a page of the seat is there."""
        self._heard[seat.path.name] = (page, time.monotonic())

    def leave(self, seat: SeatFolder, page: str | None) -> None:
        """Note that a page of the seat was closed: the next one that opens need not ask whether to take over."""
        if self._is_heard(seat, page):
            del self._heard[seat.path.name]

    def _is_heard(self, seat: SeatFolder, page: str | None) -> bool:
        return seat.path.name in self._heard and self._heard[seat.path.name][0] == page

    def on(self, number: str) -> bool:
        """Whether a page of the seat was heard from lately."""
        return time.monotonic() - self._heard.get(number, (None, -_ON_S))[1] < _ON_S

    def _elsewhere(self, seat: SeatFolder, state: SeatState, page: str | None) -> bool:
        """Whether another page than ``page`` writes this seat and is on."""
        writes = state.writer is not None and state.writer != page
        return writes and self._is_heard(seat, state.writer) and self.on(seat.path.name)

    def view(self, seat: SeatFolder, now: datetime, page: str | None = None) -> dict[str, Any]:
        """What the candidate's page needs. Questions are on it only while the clock runs."""
        state = seat.state(now)
        paper = dict(seat.paper)
        paper["count"] = len(paper["questions"])
        paper["points"] = sum(question["points"] for question in paper["questions"])
        if state.status != "running":
            paper["questions"] = []
        if page is not None and page == state.writer:
            self.hear(seat, page)
        handed = seat.handed_in() if state.status == "handed-in" else None
        return {
            "paper": paper,
            "state": _plain(state, now),
            "receipt": handed.receipt if handed else None,
            "practical_unchanged": bool(handed and unchanged(seat.practical().get(NAME), handed.practical)),
            "opens_at": seat.seat["opens_at"],
            "closes_at": seat.seat["closes_at"],
            "accommodations": dict(seat.seat.get("accommodations") or {}),
            "elsewhere": self._elsewhere(seat, state, page),
            "mine": state.writer in (None, page),
            "hints": {
                question["slot"]: hint
                for question in paper["questions"]
                if (hint := _hint(question, state.answers.get(question["slot"]), seat.seat["language"]))
            },
        }

    def clock(self, seat: SeatFolder, now: datetime, page: str | None = None) -> dict[str, Any]:
        """The part of the state that a waiting page asks for again and again; ``mine``: whether ``page`` may write."""
        wanted = ("status", "deadline", "remaining_s", "extra_min", "pause", "break_left_s", "now")
        state = seat.state(now)
        mine = state.writer in (None, page)
        if mine:
            self.hear(seat, page)
        plain = _plain(state, now)
        return {name: plain[name] for name in wanted} | {"mine": mine}

    def start(self, seat: SeatFolder, now: datetime, page: str | None = None, address: str = "") -> None:
        """Start the clock, or come back; lay out the practical without touching anything that is there already."""
        state = seat.start(now, page, address)
        self._look.pop(seat.path.name, None)
        self.hear(seat, page)
        if state.status == "running":
            lay_out(seat.practical(), self._place(seat), shared=self.by_person)

    def save(self, seat: SeatFolder, slot: str, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Save what ``body`` holds: ``value``, ``flag``, or both.

        ``page`` and ``turn`` (a page's own name and a rising number) are optional: with them, a request that was
        overtaken by a newer one from the same page is acknowledged but not written over the newer answer.
        """
        if not {"value", "flag"} & set(body):
            raise RoomError('Saving wants {"value": ...} or {"flag": true or false}.', 400)
        key = (seat.seat["seat"], slot)
        turn = body.get("turn")
        page = page_of(body)
        known = page is not None and isinstance(turn, int | float)
        newest = self._newest.get(key, ("", 0.0))
        if known and newest[0] == page and newest[1] > turn:  # type: ignore[operator]
            state = seat.state(now)
            return {"saved_at": state.times.get(slot, iso(now)), "n": None, "overtaken": True}
        if "value" in body:
            saved = seat.save(slot, body["value"], now, page)
        if "flag" in body:
            saved = seat.flag(slot, bool(body["flag"]), now, page)
        if self._is_heard(seat, page):  # the last answer of a page that was closed may come after its farewell
            self.hear(seat, page)
        if known:
            self._newest[key] = (str(page), float(turn or 0))
        hint = _hint(seat.question(slot), body.get("value"), seat.seat["language"])
        return {"saved_at": saved.saved_at, "n": saved.n} | ({"hint": hint} if hint else {})

    def hand_in(self, seat: SeatFolder, now: datetime, page: str | None = None) -> dict[str, Any]:
        """The candidate hands in; a practical that cannot be taken is refused with a reason, and can be mended."""
        practical = self._practical(seat) if seat.state(now).status == "running" else None
        note = _NO_NOTEBOOK if practical is None and seat.paper.get("practical") else None
        return seat.hand_in(now, "candidate", practical, note, page)

    def tick(self, now: datetime) -> list[str]:
        """Hand in every seat whose time is over; called once a second. Returns the numbers of these seats.

        A seat is looked at when its time may be over, and now and then in between.
        """
        if off_s := round(self.steady.off_s):
            why = f"was set by {off_s:+d} s while the room is open; the room goes on by its own time"
            self._tell("The clock of this machine", RoomError(why))
        ended, at = [], now.timestamp()
        for number in [path.name for path in self._roll.folders()]:
            if self._look.get(number, 0.0) > at:
                continue
            seat = self._whole(number)
            if seat is None:
                continue
            try:
                state = seat.state(now)
                if state.status == "running" and state.remaining_s == 0:
                    self._hand_in_by_clock(seat, now)
                    ended.append(number)
                over = state.status in ("handed-in", "missed") or number in ended
                # Not all in the same second, or else this comes at once for a thousand of them.
                self._look[number] = math.inf if over else at + min(state.remaining_s, random.uniform(0.5, 1) * _LOOK_S)
            except (AcademyError, OSError) as error:  # it must not stop the clock of the others, and is tried again
                self._tell(f"Seat {number}", error)
        if len(self._seats) > self._settled:
            # Papers stay for the whole exam. Looking through a thousand of them takes the collector 0.2 s, every time.
            gc.freeze()
            self._settled = len(self._seats)
        return ended

    def _hand_in_by_clock(self, seat: SeatFolder, now: datetime) -> None:
        note = None
        try:
            practical = self._practical(seat)
        except RoomError as error:
            practical, note = None, {"en": str(error), "zh": error.zh}
        if practical is None and note is None and seat.paper.get("practical"):
            note = _NO_NOTEBOOK
        seat.hand_in(now, "clock", practical, note)

    def _practical(self, seat: SeatFolder) -> bytes | None:
        return pick_up(self._place(seat)) if seat.practical() else None

    def _place(self, seat: SeatFolder) -> Path:
        number, person = str(seat.seat["seat"]), str(seat.seat["candidate"]["id"])
        return self.work / person.lower() / number if self.by_person else self.work / number

    def _every(self) -> Iterator[SeatFolder]:
        """Every seat; one whose folder cannot be read is named in the log and left out."""
        for path in self._roll.folders():
            seat = self._whole(path.name)
            if seat is not None:
                yield seat

    def _whole(self, number: str) -> SeatFolder | None:
        try:
            return self.seat(number)
        except RoomError as error:
            self._tell("A seat is left out", error)
            return None

    def _tell(self, whose: str, error: Exception) -> None:
        """Log what is wrong, once."""
        if (whose, str(error)) not in self._told:
            self._told.add((whose, str(error)))
            _log.error("%s: %s", whose, error)


def _is_of(seat: SeatFolder, person: str | None) -> bool:
    """Whether the seat is this person's, or nobody asks. Accounts are in small letters, staff numbers often not."""
    return person is None or str(seat.seat["candidate"]["id"]).lower() == person.lower()


def page_of(words: Mapping[str, Any]) -> str | None:
    """The name that a page gives itself, if it gives one."""
    page = words.get("page")
    return page if isinstance(page, str) and 0 < len(page) <= _MAX_PAGE else None


def _hint(question: Mapping[str, Any], value: object, language: str) -> str | None:
    """How a number is read, when that may not be what its writer means; nothing of the key is in it."""
    if question["kind"] != "number" or not isinstance(value, str):
        return None
    return number_hint(value, question.get("unit"), language)


def _plain(state: SeatState, now: datetime) -> dict[str, Any]:
    plain = {name: value for name, value in vars(state).items() if name != "writer"}
    plain["flags"] = sorted(state.flags)
    # To the millisecond: the page's clock must not be a second off.
    plain["now"] = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return plain
