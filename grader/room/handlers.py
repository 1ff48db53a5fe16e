"""The exam room on the web: Tornado handlers that any host (Jupyter Server, a Hub service) can put its login under."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from tornado.template import Loader
from tornado.web import HTTPError, RequestHandler, authenticated

from grader.errors import RoomError
from grader.room.room import Room
from grader.seats import SeatFolder

__all__ = ["routes"]

STATIC = Path(__file__).parent / "static"
MAX_BODY_BYTES = 100_000
COOKIE_DAYS = 2
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class RoomHandler(RequestHandler):
    """What every address of the room has: headers, the seat's cookie, errors as one sentence."""

    room: Room
    base: str
    """The address of the room, e.g. ``/academy``."""
    practical_url: Callable[[str], str | None]
    """From a seat's number to where its practical is opened; None when the host cannot open it."""
    person: Callable[[Any], str | None]
    """From the host's logged-in user to the person of the roster; None where the host knows nobody (one machine)."""
    json_errors = True

    def set_default_headers(self) -> None:
        """Nothing is kept in a cache, nothing is loaded from elsewhere, no script stands in a page."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")

    async def prepare(self) -> None:
        """The host's own checks first (login, XSRF, origin), then the size of the body."""
        ready: Any = super().prepare()
        if inspect.isawaitable(ready):
            await ready
        if not self._finished and not self.current_user:
            # A host may let strangers through to handlers that do not ask (Jupyter Server does by default).
            if self.json_errors:
                raise RoomError("Log in to the server first, then open the exam again.", 401)
            authenticated(_nothing)(self)
        if not self._finished and len(self.request.body) > MAX_BODY_BYTES:
            raise RoomError(f"That is too long: at most {MAX_BODY_BYTES} bytes are taken at once.", 413)

    def body(self) -> dict[str, Any]:
        """The request's JSON object."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise RoomError("The body of this request must be a JSON object.", 400)
        return body

    def seat(self, number: str) -> SeatFolder:
        """The seat with this number; where the host knows who is logged in, nobody else's."""
        return self.room.seat(number, self.person(self.current_user))

    def my_seat(self, number: str) -> SeatFolder:
        """The seat, for the browser that has shown its access code."""
        seat = self.seat(number)
        shown = self.get_signed_cookie(f"academy-seat-{number}", max_age_days=COOKIE_DAYS)
        if shown != _pass(seat):
            raise RoomError("Enter the access code of this seat first.", 403)
        return seat

    def reply(self, value: Any) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(value, ensure_ascii=False))

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """A refusal is no failure of the room, so it leaves no traceback in its log."""
        if not isinstance(value, RoomError) or value.status >= 500:
            super().log_exception(typ, value, tb)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """A refusal of the room has its own status."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        super().send_error(error.status if isinstance(error, RoomError) else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One sentence: as JSON for the page's requests, as a small page for a person."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        sentence = str(error) if isinstance(error, RoomError) else f"The room cannot answer this ({status_code})."
        if isinstance(error, HTTPError) and error.log_message and status_code < 500:
            sentence = error.log_message
        if self.json_errors:
            self.reply({"message": sentence})
        else:
            self.finish(self._page("sorry.html", sentence=sentence, missing=status_code == 404))

    def _page(self, name: str, **values: Any) -> bytes:
        # Reading the token sets its cookie: without that the first save would be refused.
        self.set_header("Content-Type", "text/html; charset=utf-8")
        return _PAGES.load(name).generate(base=self.base, xsrf=self.xsrf_token.decode(), **values)


_PAGES = Loader(str(STATIC), autoescape="xhtml_escape", whitespace="single")


def _nothing(handler: RequestHandler) -> None:
    """What is done once somebody is logged in: go on."""


def _nobody(user: Any) -> None:
    """Who a user is where only one account works on the machine: not known."""


def _pass(seat: SeatFolder) -> bytes:
    """What the cookie of a seat says; a new access code ends old cookies."""
    return f"{seat.seat['sitting']}/{seat.seat['seat']}/{seat.seat['code_sha256'][:16]}".encode()


def _now() -> datetime:
    return datetime.now(UTC)


class LobbyPage(RoomHandler):
    """GET academy: the sittings and seats of this room."""

    json_errors = False

    def get(self) -> None:
        """The page."""
        self.finish(self._page("lobby.html"))


class SeatPage(RoomHandler):
    """GET academy/seats/A001: the exam page of one seat."""

    json_errors = False

    def get(self, number: str) -> None:
        """The page; it asks for the access code by itself."""
        seat = self.seat(number).seat
        self.finish(self._page("exam.html", seat=seat["seat"], language=seat["language"], title=seat["title"]))


class StaticFile(RoomHandler):
    """GET academy/static/exam.js and its like."""

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
        self.reply({"sittings": self.room.lobby(_now(), self.person(self.current_user))})


class EnterApi(RoomHandler):
    """POST academy/api/seats/A001/enter {"code": ...}."""

    def post(self, number: str) -> None:
        """Set the seat's cookie, when the code is right."""
        self.seat(number)
        who = self.person(self.current_user) or self.request.remote_ip or ""
        seat = self.room.enter(number, self.body().get("code"), who)
        self.set_signed_cookie(
            f"academy-seat-{number}",
            _pass(seat),
            expires_days=COOKIE_DAYS,
            path=self.base,
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )
        self.reply({"seat": number, "name": seat.seat["candidate"]["name"]})


class SeatApi(RoomHandler):
    """GET academy/api/seats/A001."""

    def get(self, number: str) -> None:
        """The paper (questions only while the clock runs), the state, the receipt."""
        _view(self, self.my_seat(number))


class ClockApi(RoomHandler):
    """GET academy/api/seats/A001/clock: what the page asks every half minute."""

    def get(self, number: str) -> None:
        """How the seat stands and when it ends; extra time shows here."""
        self.reply(self.room.clock(self.my_seat(number), _now()))


class StartApi(RoomHandler):
    """POST academy/api/seats/A001/start."""

    def post(self, number: str) -> None:
        """Start the clock, or note that the candidate came back."""
        seat = self.my_seat(number)
        self.room.start(seat, _now())
        _view(self, seat)


class AnswerApi(RoomHandler):
    """PUT academy/api/seats/A001/answers/q01 {"value": ..., "flag": true or false}."""

    def put(self, number: str, slot: str) -> None:
        """Save; the answer to this request says that it is on the disk."""
        self.reply(self.room.save(self.my_seat(number), slot, self.body(), _now()))


class HandInApi(RoomHandler):
    """POST academy/api/seats/A001/hand-in."""

    def post(self, number: str) -> None:
        """Hand in and get the receipt; a second time the same receipt."""
        self.reply(self.room.hand_in(self.my_seat(number), _now()))


def _view(handler: RoomHandler, seat: SeatFolder) -> None:
    link = handler.practical_url(seat.seat["seat"]) if seat.paper.get("practical") else None
    view = handler.room.view(seat, _now())
    handler.reply({**view, "practical_url": link, "xsrf": handler.xsrf_token.decode()})


_ROUTES: list[tuple[str, type[RoomHandler]]] = [
    ("", LobbyPage),
    ("/seats/([^/]+)", SeatPage),
    ("/static/([a-z]+[.][a-z]+)", StaticFile),
    ("/api/seats", SeatsApi),
    ("/api/seats/([^/]+)", SeatApi),
    ("/api/seats/([^/]+)/enter", EnterApi),
    ("/api/seats/([^/]+)/clock", ClockApi),
    ("/api/seats/([^/]+)/start", StartApi),
    ("/api/seats/([^/]+)/answers/([^/]+)", AnswerApi),
    ("/api/seats/([^/]+)/hand-in", HandInApi),
]


def routes(
    room: Room,
    base: str,
    host: type[RequestHandler],
    practical_url: Callable[[str], str | None],
    person: Callable[[Any], str | None] = _nobody,
) -> list[tuple[str, type[RequestHandler]]]:
    """The room's addresses under ``base``, on top of the host's own handler class (which knows who is logged in)."""
    about = {
        "room": room, "base": base, "practical_url": staticmethod(practical_url), "person": staticmethod(person),
    }  # fmt: skip
    return [(base + path, type(handler.__name__, (handler, host), about)) for path, handler in _ROUTES]
