"""The exam room as a Jupyter Server extension: ``--ServerApp.jpserver_extensions="{'grader.room': True}"``."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from tornado.ioloop import IOLoop, PeriodicCallback
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from grader.room.handlers import routes
from grader.room.practical import NAME
from grader.room.room import Room

__all__ = ["AcademyRoom", "load_jupyter_server_extension"]

_TICK_MS = 1000


class AcademyRoom(LoggingConfigurable):
    """Where the room finds its seats; set it in ``jupyter_server_config.py``."""

    root = Unicode("centre/room", help="The folder of all sittings and seats (centre/room).").tag(config=True)
    work = Unicode("exam", help="The folder under the server's root_dir where practicals are laid out.").tag(
        config=True
    )


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grader.room"}]


def load_jupyter_server_extension(server: Any) -> None:
    """Put the room under ``academy`` on a running Jupyter server and start its clock."""
    from jupyter_server.base.handlers import JupyterHandler  # here, so that a Hub service needs no Jupyter Server

    settings = AcademyRoom(parent=server)
    home = Path(server.root_dir).resolve()
    work = home / settings.work
    room = Room(Path(settings.root).expanduser().resolve(), work)
    base_url = str(server.web_app.settings["base_url"])

    def practical_url(seat: str) -> str | None:
        path = work / seat / NAME
        if not path.is_relative_to(home):
            return None
        # A workspace of the seat's own: JupyterLab would bring back the tabs of whoever sat at this server before.
        return f"{base_url}lab/workspaces/{quote(seat)}/tree/{quote(path.relative_to(home).as_posix())}"

    server.web_app.add_handlers(".*$", routes(room, base_url + "academy", JupyterHandler, practical_url))

    async def tick() -> None:
        await IOLoop.current().run_in_executor(room.threads, room.tick, room.now())

    PeriodicCallback(tick, _TICK_MS).start()
    server.log.info("The exam room is open at %sacademy with the seats of %s", base_url, room.root)


_load_jupyter_server_extension = load_jupyter_server_extension
