"""The exam room as a JupyterHub service: whoever is logged in at the Hub finds the own seats and nobody else's.

The Hub starts it with the words ``--room FOLDER --work FOLDER --secret FILE``, as deploy/jupyterhub_config.py shows.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import hashlib
import logging
import os
import pwd
import secrets
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler, HubOAuthenticated
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import Application, HTTPError, RedirectHandler, RequestHandler

from grader.errors import RoomError
from grader.room.handlers import routes
from grader.room.practical import NAME
from grader.room.room import Room

__all__ = ["INVIGILATE", "application", "main"]

INVIGILATE = "custom:exam:invigilate"
"""The Hub's scope of invigilators; the sitting's own code is wanted besides, and nobody invigilates an own exam."""

_TICK_MS = 1000
_PATIENCE_S = 5.0
_MOST_BYTES = 64_000_000  # larger ones are cut off; up to here the room answers with a sentence
_PAUSE_S = 0.5
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_log = logging.getLogger("academy.hub")


class HubHost(HubOAuthenticated, RequestHandler):  # type: ignore[misc]
    """The login of the Hub under the room's handlers. A candidate who is known stays known while the Hub is away."""

    hub_auth: HubOAuth
    public: bool
    _user: dict[str, Any] | None = None

    async def prepare(self) -> None:
        """Ask the Hub (or what it said a short time ago) who this is."""
        if os.environ.get("JUPYTERHUB_PUBLIC_URL", "").startswith("https:"):
            self.request.protocol = "https"  # a proxy in between may not say so; cookies are then for TLS only
        if self.public:
            return
        user = await self._asked()
        if user and not self.hub_auth.check_scopes(self.hub_auth.access_scopes, user):
            raise RoomError(
                "Your account may not use the exam room. Speak to the exam office.",
                403,
                zh="您的账号不能使用考场，请联系考务办公室。",
            )
        self._user = user

    def get_current_user(self) -> dict[str, Any] | None:
        """The Hub's words about who is logged in."""
        return self._user

    async def _asked(self) -> dict[str, Any] | None:
        auth, known = self.hub_auth, self.settings["known"]
        token = hashlib.sha256((auth.get_token(self) or "").encode()).hexdigest()
        try:
            user = await asyncio.wait_for(auth.get_user(self, sync=False), _PATIENCE_S)
        except (HTTPError, TimeoutError) as error:
            if token not in known or (isinstance(error, HTTPError) and error.status_code < 500):
                raise RoomError(
                    "The login of JupyterHub does not answer. Try again in a minute.",
                    503,
                    zh="JupyterHub登录服务没有响应，请一分钟后重试。",
                ) from None
            _log.warning("The Hub does not answer; %s stays logged in", known[token]["name"])
            auth.cache[f"token:{auth.get_session_id(self)}:{token}"] = known[token]
            return dict(known[token])
        if user and user.get("kind") == "user":
            known[token] = user
            return dict(user)
        known.pop(token, None)
        return None


def _person(user: dict[str, Any]) -> str:
    return str(user["name"])


def application(room: Room, auth: HubOAuth, secret: str) -> Application:
    """The room under the service's prefix, with the callback of the Hub's login."""
    base = auth.base_url.rstrip("/")

    def practical_url(seat: str) -> str:
        return f"{auth.hub_prefix}user-redirect/lab/tree/{seat}/{NAME}"

    def invigilates(user: dict[str, Any], sitting: str) -> bool:
        return INVIGILATE in user["scopes"] and not room.sits(_person(user), sitting)

    return Application(
        [
            # The cookies of the Hub's login are for what lies below the prefix, so the lobby must be there, too.
            (base, RedirectHandler, {"url": f"{base}/", "permanent": False}),
            (f"{base}/oauth_callback", HubOAuthCallbackHandler),
            *routes(room, base, HubHost, practical_url, _person, invigilates),
        ],
        cookie_secret=secret,
        xsrf_cookies=True,
        known={},
    )


def _kept_secret(path: Path) -> str:
    """What signs the cookies, made on first use: a room that starts again must not send everybody to the login."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(fd, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()


def _closed(room: Path) -> list[Path]:
    """What the room's account cannot work with: folders and journals to write, papers to read."""
    found = [path for path in (room, *room.glob("*/"), *room.glob("*/*/")) if not os.access(path, os.R_OK | os.W_OK)]
    found += [path for path in room.glob("*/*/*.json") if not os.access(path, os.R_OK)]
    return found + [path for path in room.glob("*/*/*.jsonl") if not os.access(path, os.R_OK | os.W_OK)]


async def _serve(room: Room, where: str, app: Application) -> None:
    address = urlparse(where)
    HTTPServer(app, xheaders=True, max_body_size=_MOST_BYTES).listen(
        address.port or 80, address.hostname or "127.0.0.1"
    )

    async def tick() -> None:
        await IOLoop.current().run_in_executor(room.threads, room.tick, room.now())

    PeriodicCallback(tick, _TICK_MS).start()
    _log.info("The exam room is open at %s with the seats of %s", where, room.root)
    await asyncio.Event().wait()


def _start_again_for_ever() -> None:
    """Return in a child; when it ends, in another one. The Hub itself would let half a minute pass."""
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, signal.SIG_DFL)
    while os.fork():
        _, how = os.wait()
        _log.error("The room ended (%s) and is started again", how)
        time.sleep(_PAUSE_S)
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)


def main() -> None:
    """Open the room; where, and what stands behind the login, the Hub says in the environment."""
    words = argparse.ArgumentParser(prog="python -m grader.room.hub", description="The exam room as a Hub service.")
    words.add_argument("--room", type=Path, required=True, help="the folder of all sittings and seats (centre/room)")
    words.add_argument("--work", type=Path, required=True, help="where practicals lie, a folder for each account")
    words.add_argument("--secret", type=Path, required=True, help="a file that signs cookies; made when it is missing")
    words.add_argument("--trust-s", type=int, default=300, help="how long what the Hub said holds [s] (default 300)")
    given = words.parse_args()
    where = os.environ.get("JUPYTERHUB_SERVICE_URL")
    if not where:
        words.error("this is started by JupyterHub, as deploy/jupyterhub_config.py shows")
    # The exam office works on the same seats as a member of the room's group; nobody else may.
    os.umask(0o007)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("tornado.access", "tornado.application"):  # the latter writes the login's cookies at INFO
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # What no new start can mend is told once, before there is a child that would be started again for ever.
    account = pwd.getpwuid(os.geteuid()).pw_name
    for path in _closed(given.room):
        told = f"{path} is closed to the account {account}: set owner and group as docs/operator.md says"
        if path == given.room:
            words.error(told)
        _log.error(told)  # of a sitting or a seat: the others go on
    try:
        secret = _kept_secret(given.secret)
    except OSError as error:
        words.error(f"{given.secret} cannot be read ({error.strerror}); remove it, and it is made anew")
    _start_again_for_ever()
    auth = HubOAuth.instance(cache_max_age=given.trust_s)
    room = Room(given.room.resolve(), given.work.resolve(), by_person=True)
    asyncio.run(_serve(room, where, application(room, auth, secret)))


if __name__ == "__main__":
    main()
