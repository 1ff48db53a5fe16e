"""The exam room on the web: Tornado handlers that any host (Jupyter Server, a Hub service) can put its login under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tornado.web import RequestHandler

from grader.errors import RoomError
from grader.room import invigilate, work
from grader.room.room import Room, page_of
from grader.room.web import STATIC, RoomHandler
from grader.seats import SeatFolder

__all__ = ["routes"]

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class LobbyPage(RoomHandler):
    """GET academy: the sittings and seats of this room."""

    json_errors = False

    def get(self) -> None:
        """The page."""
        self.finish(self.page("lobby.html"))


class SeatPage(RoomHandler):
    """GET academy/seats/A001: the exam page of one seat."""

    json_errors = False

    def get(self, number: str) -> None:
        """The page; it asks for the access code by itself."""
        seat = self.seat(number).seat
        self.finish(self.page("exam.html", seat=seat["seat"], language=seat["language"], title=seat["title"]))


class StaticFile(RoomHandler):
    """GET academy/static/exam.js and its like."""

    public = True

    def get(self, name: str) -> None:
        """One file of the page."""
        path = STATIC / name
        if path.suffix not in _TYPES or not path.is_file():
            raise RoomError(f"The room has no file {name}.", 404)
        self.set_header("Content-Type", f"{_TYPES[path.suffix]}; charset=utf-8")
        self.finish(path.read_bytes())


class SeatsApi(RoomHandler):
    """GET academy/api/seats: what the lobby shows."""

    def get(self) -> None:
        """Sittings, seats, and how each stands."""
        sittings = self.room.lobby(self.room.now(), self.person(self.current_user))
        watched = [one for one in self.room.sittings() if self.may_invigilate(one["sitting"])]
        self.reply({"sittings": sittings, "invigilate": watched})


class EnterApi(RoomHandler):
    """POST academy/api/seats/A001/enter {"code": ...}."""

    def post(self, number: str) -> None:
        """Set the seat's cookie, when the code is right."""
        self.seat(number)
        who = self.person(self.current_user) or self.request.remote_ip or ""
        seat = self.room.enter(number, self.body().get("code"), who)
        self.let_in(seat)
        self.reply({"seat": number, "name": seat.seat["candidate"]["name"]})


class SeatApi(RoomHandler):
    """GET academy/api/seats/A001?page=..."""

    def get(self, number: str) -> None:
        """The paper (questions only while the clock runs), the state, the receipt."""
        _view(self, self.my_seat(number), self.get_query_argument("page", None))


class ClockApi(RoomHandler):
    """GET academy/api/seats/A001/clock?page=...: what the page asks every quarter of a minute."""

    def get(self, number: str) -> None:
        """How the seat stands and when it ends; extra time shows here."""
        self.reply(self.room.clock(self.my_seat(number), self.room.now(), self.get_query_argument("page", None)))


class StartApi(RoomHandler):
    """POST academy/api/seats/A001/start {"page": ...}: from now on only this page writes."""

    async def post(self, number: str) -> None:
        """Start the clock, or note that the candidate came back."""
        seat, page = self.my_seat(number), page_of(self.body())
        who = self.request.remote_ip or ""
        await self.at_the_disk(seat, self.room.start, seat, self.room.now(), page, who)
        _view(self, seat, page)


class LeaveApi(RoomHandler):
    """POST academy/api/seats/A001/leave {"page": ...}: what a page says as it is closed."""

    def post(self, number: str) -> None:
        """Forget that the page is there."""
        self.room.leave(self.my_seat(number), page_of(self.body()))
        self.reply({})


class AnswerApi(RoomHandler):
    """PUT academy/api/seats/A001/answers/q01 {"value": ..., "flag": true or false}."""

    async def put(self, number: str, slot: str) -> None:
        """Save; the answer to this request says that it is on the disk."""
        seat, body = self.my_seat(number), self.body()
        self.reply(await self.at_the_disk(seat, self.room.save, seat, slot, body, self.room.now()))


class BreakApi(RoomHandler):
    """POST academy/api/seats/A001/break {"on": true or false, "page": ...}."""

    async def post(self, number: str) -> None:
        """The candidate's own break, where one is arranged: the clock stands, or goes on."""
        seat, body = self.my_seat(number), self.body()
        await self.at_the_disk(seat, seat.take_break if body.get("on") else seat.end_break, self.room.now())
        _view(self, seat, page_of(body))


class HandInApi(RoomHandler):
    """POST academy/api/seats/A001/hand-in {"page": ...}."""

    async def post(self, number: str) -> None:
        """Hand in and get the receipt; a second time the same receipt."""
        seat, page = self.my_seat(number), page_of(self.body())
        self.reply(await self.at_the_disk(seat, self.room.hand_in, seat, self.room.now(), page))


def _view(handler: RoomHandler, seat: SeatFolder, page: str | None) -> None:
    link = handler.practical_url(seat.seat["seat"]) if seat.paper.get("practical") else None
    view = handler.room.view(seat, handler.room.now(), page)
    handler.reply({**view, "practical_url": link, "xsrf": handler.xsrf_token.decode()})


_ROUTES: list[tuple[str, type[RoomHandler]]] = [
    ("/?", LobbyPage),
    ("/seats/([^/]+)", SeatPage),
    ("/static/([a-z]+[.][a-z]+)", StaticFile),
    ("/api/seats", SeatsApi),
    ("/api/seats/([^/]+)", SeatApi),
    ("/api/seats/([^/]+)/enter", EnterApi),
    ("/api/seats/([^/]+)/clock", ClockApi),
    ("/api/seats/([^/]+)/start", StartApi),
    ("/api/seats/([^/]+)/leave", LeaveApi),
    ("/api/seats/([^/]+)/answers/([^/]+)", AnswerApi),
    ("/api/seats/([^/]+)/break", BreakApi),
    ("/api/seats/([^/]+)/hand-in", HandInApi),
    *work.ROUTES,
    *invigilate.ROUTES,
]


def _nobody(user: Any) -> None:
    """Who a user is where only one account works on the machine: not known."""


def _anybody(user: Any, sitting: str) -> bool:
    """Who may ask for the invigilator's page where only one account works on the machine: whoever has the code."""
    return True


def routes(
    room: Room,
    base: str,
    host: type[RequestHandler],
    practical_url: Callable[[str], str | None],
    person: Callable[[Any], str | None] = _nobody,
    invigilates: Callable[[Any, str], bool] = _anybody,
) -> list[tuple[str, type[RequestHandler]]]:
    """The room's addresses under ``base``, on top of the host's own handler class (which knows who is logged in)."""
    about = {
        "room": room, "base": base, "practical_url": staticmethod(practical_url), "person": staticmethod(person),
        "invigilates": staticmethod(invigilates),
    }  # fmt: skip
    return [(base + path, type(handler.__name__, (handler, host), about)) for path, handler in _ROUTES]
