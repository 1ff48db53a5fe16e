"""The invigilator's page: seats, who is on, time left; extra time, pauses, incidents, each with a name and a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tornado.ioloop import IOLoop

from grader.errors import RoomError
from grader.room.room import Room
from grader.room.web import COOKIE_DAYS, RoomHandler, invigilator_pass
from grader.seats import SeatFolder, SittingFolder, sitting_state, watch

__all__ = ["ROUTES", "overview"]

_MAX_NAME = 60
Act = Callable[[SeatFolder, Mapping[str, Any], str, datetime], object]


def overview(room: Room, sitting: SittingFolder, now: datetime) -> dict[str, Any]:
    """What the page shows: the sitting, its seats and its log; never an answer, never a key."""
    name = str(sitting.about["sitting"])
    rows = watch(room.root, name, now, room.seat)
    log = [{"seat": None, **_plain(line)} for line in sitting.log()]
    for row in rows:
        if not row.problem:
            log += [{"seat": row.seat, **_plain(line)} for line in room.seat(row.seat).log()]
    return {
        **{key: sitting.about[key] for key in ("sitting", "titles", "opens_at", "closes_at")},
        "state": sitting_state(sitting.about["opens_at"], [row.status for row in rows], now),
        "now": now.isoformat(timespec="milliseconds"),
        "clock_off_s": round(room.steady.off_s),
        "seats": [{**vars(row), "on": row.status in ("running", "paused") and room.on(row.seat)} for row in rows],
        "log": sorted(log, key=lambda line: line["at"])[::-1],
    }


async def _overview(room: Room, sitting: SittingFolder) -> dict[str, Any]:
    """The same beside the candidates' requests: a thousand seats take a while to look at."""
    return await IOLoop.current().run_in_executor(room.threads, overview, room, sitting, room.now())


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in ("n", "prev", "hash")}


def _extra_time(seat: SeatFolder, words: Mapping[str, Any], by: str, now: datetime) -> None:
    minutes = words.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise RoomError("Extra time wants a number of minutes.", 400, zh="请填写延长的分钟数。")
    seat.grant(minutes, _text(words, "reason"), by, now, "room")


def _pause(seat: SeatFolder, words: Mapping[str, Any], by: str, now: datetime) -> None:
    seat.pause(_text(words, "reason"), by, now)


def _resume(seat: SeatFolder, words: Mapping[str, Any], by: str, now: datetime) -> None:
    seat.resume(by, now)


def _incident(seat: SeatFolder, words: Mapping[str, Any], by: str, now: datetime) -> None:
    seat.incident(_text(words, "reason"), by, now)


_ACTS: dict[str, Act] = {"extra-time": _extra_time, "pause": _pause, "resume": _resume, "incident": _incident}


def _text(words: Mapping[str, Any], name: str) -> str:
    text = words.get(name)
    return text if isinstance(text, str) else ""


class InvigilatorPage(RoomHandler):
    """GET academy/invigilate/TL-2026-12: the page; it asks for the code by itself."""

    json_errors = False

    def get(self, name: str) -> None:
        """The page."""
        self.finish(self.page("invigilate.html", sitting=self.sitting(name).about["sitting"]))


class EnterSittingApi(RoomHandler):
    """POST academy/api/sittings/TL-2026-12/enter {"code": ..., "name": ...}."""

    def post(self, name: str) -> None:
        """Set the invigilator's cookie, when the code is right and the name is given."""
        sitting, body = self.sitting(name), self.body()
        by, code = _text(body, "name").strip()[:_MAX_NAME], body.get("code")
        if not by:
            raise RoomError("Write your name: it stands on everything that you do here.", 400, zh="请填写您的姓名。")
        who = self.person(self.current_user)
        right = isinstance(code, str) and sitting.opens_with(code)
        self.room.try_code((f"sitting/{name}", who or self.request.remote_ip or ""), right)
        self.set_signed_cookie(
            f"academy-invigilator-{name}",
            invigilator_pass(sitting, f"{who} {by}" if who else by),
            expires_days=COOKIE_DAYS,
            path=self.base,
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )
        self.reply({"sitting": name, "by": by})


class SittingApi(RoomHandler):
    """GET academy/api/sittings/TL-2026-12: what the page asks every few seconds."""

    async def get(self, name: str) -> None:
        """Seats and log."""
        sitting, by = self.my_sitting(name)
        self.reply({**await _overview(self.room, sitting), "by": by, "xsrf": self.xsrf_token.decode()})


class ActApi(RoomHandler):
    """POST academy/api/sittings/TL-2026-12/pause {"seat": "A001" or null, "reason": ...} and its like."""

    async def post(self, name: str, what: str) -> None:
        """Do it to one seat, or to all seats of the sitting that are not over; an incident of all is the room's."""
        sitting, by = self.my_sitting(name)
        body, now = self.body(), self.room.now()
        wanted = body.get("seat")
        left_out: list[str] = []
        if wanted is not None:
            seat = self._of(name, str(wanted))
            await self.at_the_disk(seat, _ACTS[what], seat, body, by, now)
        elif what == "incident":
            sitting.incident(_text(body, "reason"), by, now)
        else:
            left_out = await self._all(name, what, body, by, now)
        self.reply({**await _overview(self.room, sitting), "by": by, "left_out": left_out})

    async def _all(self, name: str, what: str, body: Mapping[str, Any], by: str, now: datetime) -> list[str]:
        rows = watch(self.room.root, name, now, self.room.seat)
        at_work = [row for row in rows if row.status not in ("handed-in", "missed")]
        if what != "extra-time":  # pause those that are not paused, let the others go on
            paused = {row.seat for row in at_work if row.pause and not row.pause["break"]}
            at_work = [row for row in at_work if (row.seat in paused) == (what == "resume")]
        left_out = []
        for row in at_work:
            try:
                seat = self._of(name, row.seat)
                await self.at_the_disk(seat, _ACTS[what], seat, body, by, now)
            except RoomError as error:
                if error.status == 400:  # the words are wrong, so they are wrong for every seat
                    raise
                left_out.append(row.seat)
        return left_out

    def _of(self, name: str, number: str) -> SeatFolder:
        seat = self.room.seat(number)
        if seat.seat["sitting"] != name:
            raise RoomError(f"Seat {number} is not one of sitting {name}.", 404, zh=f"考位{number}不属于场次{name}。")
        return seat


ROUTES: list[tuple[str, type[RoomHandler]]] = [
    ("/invigilate/([^/]+)", InvigilatorPage),
    ("/api/sittings/([^/]+)", SittingApi),
    ("/api/sittings/([^/]+)/enter", EnterSittingApi),
    ("/api/sittings/([^/]+)/(extra-time|pause|resume|incident)", ActApi),
]
