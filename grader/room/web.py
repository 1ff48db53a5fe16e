"""What every address of the room has in common: login, headers, the size of a body, refusals as one sentence."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tornado.ioloop import IOLoop
from tornado.template import Loader
from tornado.web import HTTPError, RequestHandler, authenticated

from grader.errors import RoomError
from grader.room.room import Room
from grader.seats import SeatFolder, SittingFolder, find_sitting

__all__ = ["COOKIE_DAYS", "MAX_BODY_BYTES", "STATIC", "RoomHandler", "invigilator_pass", "seat_pass"]

T = TypeVar("T")

STATIC = Path(__file__).parent / "static"
MAX_BODY_BYTES = 100_000
COOKIE_DAYS = 2
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
    invigilates: Callable[[Any, str], bool]
    """Whether the host's logged-in user may invigilate a sitting."""
    json_errors = True
    most_bytes = MAX_BODY_BYTES
    """The largest body that this address takes."""
    public = False
    """Whether nobody has to log in: what every clone of the project shows may be shown to anybody."""

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
        if not self._finished and not self.public and not self.current_user:
            # A host may let strangers through to handlers that do not ask (Jupyter Server does by default).
            if self.json_errors:
                raise RoomError(
                    "Log in to the server first, then open the exam again.", 401, zh="请先登录服务器，再打开考试页面。"
                )
            authenticated(_nothing)(self)
        if not self._finished and len(self.request.body) > self.most_bytes:
            raise RoomError(
                f"That is too long: at most {self.most_bytes} bytes are taken at once.",
                413,
                zh=f"内容过长，一次最多接收{self.most_bytes}字节。",
            )

    async def at_the_disk(self, seat: SeatFolder, act: Callable[..., T], *words: Any) -> T:
        """Do what waits for the disk while others are answered; one thing at a time for a seat, in the order asked."""
        async with self.room.turn(seat.path.name):
            return await IOLoop.current().run_in_executor(self.room.threads, act, *words)

    def body(self) -> dict[str, Any]:
        """The request's JSON object."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise RoomError("The body of this request must be a JSON object.", 400, zh="请求内容格式不正确。")
        return body

    def seat(self, number: str) -> SeatFolder:
        """The seat with this number; where the host knows who is logged in, nobody else's."""
        return self.room.seat(number, self.person(self.current_user))

    def my_seat(self, number: str) -> SeatFolder:
        """The seat, for the browser that has shown its access code."""
        seat = self.seat(number)
        shown = self.get_signed_cookie(f"academy-seat-{number}", max_age_days=COOKIE_DAYS)
        if shown != seat_pass(seat):
            raise RoomError("Enter the access code of this seat first.", 403, zh="请先输入本考位的入场码。")
        return seat

    def let_in(self, seat: SeatFolder) -> None:
        """Set the seat's cookie for a browser that has shown the access code."""
        self.set_signed_cookie(
            f"academy-seat-{seat.seat['seat']}",
            seat_pass(seat),
            expires_days=COOKIE_DAYS,
            path=self.base,
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )

    def may_invigilate(self, sitting: str) -> bool:
        """Whether whoever is logged in may ask for the invigilator's page; the host says so, the code is wanted too."""
        return self.invigilates(self.current_user, sitting)

    def my_sitting(self, name: str) -> tuple[SittingFolder, str]:
        """The sitting and the invigilator's name, for the browser that has shown the invigilator's code."""
        sitting = self.sitting(name)
        shown = self.get_signed_cookie(f"academy-invigilator-{name}", max_age_days=COOKIE_DAYS)
        by = json.loads(shown)["by"] if shown else ""
        if shown != invigilator_pass(sitting, by):
            raise RoomError("Enter the invigilator's code of this sitting first.", 403, zh="请先输入本场次的监考码。")
        return sitting, by

    def sitting(self, name: str) -> SittingFolder:
        """The sitting with this name, for those who may invigilate it."""
        if not self.may_invigilate(name):
            raise RoomError("Your account may not invigilate this sitting.", 403, zh="您的账号不能监考本场次。")
        return find_sitting(self.room.root, name)

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
        if not isinstance(error, RoomError):
            known = isinstance(error, HTTPError) and error.log_message and status_code < 500
            error = RoomError(
                error.log_message if known else f"The room cannot answer this ({status_code}).", status_code
            )
        if self.json_errors:
            self.reply({"message": str(error), "zh": error.zh})
        else:
            self.finish(self.page("sorry.html", sentence=str(error), zh=error.zh, missing=status_code == 404))

    def page(self, name: str, **values: Any) -> bytes:
        """One of the room's pages, filled in."""
        # Reading the token sets its cookie: without that the first save would be refused.
        self.set_header("Content-Type", "text/html; charset=utf-8")
        return _PAGES.load(name).generate(base=self.base, xsrf=self.xsrf_token.decode(), **values)


_PAGES = Loader(str(STATIC), autoescape="xhtml_escape", whitespace="single")


def _nothing(handler: RequestHandler) -> None:
    """What is done once somebody is logged in: go on."""


def seat_pass(seat: SeatFolder) -> bytes:
    """What the cookie of a seat says; a new access code ends old cookies."""
    return f"{seat.seat['sitting']}/{seat.seat['seat']}/{seat.seat['code_sha256'][:16]}".encode()


def invigilator_pass(sitting: SittingFolder, by: str) -> bytes:
    """What the cookie of an invigilator says."""
    about = sitting.about
    return json.dumps({"sitting": about["sitting"], "code": about["code_sha256"][:16], "by": by}).encode()
