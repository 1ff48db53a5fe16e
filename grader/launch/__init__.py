"""`academy start` and `academy exam open`: JupyterLab on a centre, calm for a trainee, everything for a trainer."""

from __future__ import annotations

import os
import socket
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from .. import seats
from ..centre import Centre
from ..certify import Academy
from ..errors import InputError, RoomError
from .centre import furnish, furnish_desk
from .config import Setup, write_config, write_room_config

__all__ = ["open_room", "start"]


def start(root: Path, *, trainer: bool, language: str, port: int, browser: bool) -> NoReturn:
    """Make or refresh the centre in ``root`` and become its JupyterLab server."""
    with Academy(root) as academy:
        person = furnish(academy, language, trainer=trainer)
        desk = None if trainer else furnish_desk(academy, person, language)
        setup = write_config(academy.centre, desk, language)
    _become_lab(setup, port, browser)


def open_room(root: Path, *, language: str | None, port: int, browser: bool) -> NoReturn:
    """Become the server of the exam room in ``root``: candidates enter with seat and code, nothing else is shown.

    ``language`` is that of JupyterLab's menus around the practicals; None takes the one of most seats to come.
    """
    centre = Centre(root.resolve())
    _become_lab(write_room_config(centre, language or _most_seats(centre)), port, browser)


def _most_seats(centre: Centre) -> str:
    """The language of most seats whose sitting is not over; of as many, and of none, Chinese."""
    now = datetime.now(UTC)
    count = Counter[str]()
    for path in centre.room.glob("*/[!.]*/seat.json"):
        with suppress(RoomError):  # a damaged seat is told on the invigilator's page
            paper = seats.find(centre.room, path.parent.name).seat
            if seats.moment(paper["closes_at"]) > now:
                count[paper["language"]] += 1
    return "en" if count["en"] > count["zh"] else "zh"


def _become_lab(setup: Setup, port: int, browser: bool) -> NoReturn:
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={_free(port)}", "--ServerApp.port_retries=0"]
    if not browser:
        words.append("--no-browser")
    if os.geteuid() == 0:
        words.append("--allow-root")
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(setup.folder),
        "JUPYTER_RUNTIME_DIR": str(setup.folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(setup.folder / "lab" / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(setup.folder / "lab" / "workspaces"),
        # nbgrader calls `alembic` by its bare name; without it formgrader waits for ever.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    print("The address to open is printed below. End the server with Ctrl+C; what is saved is kept.", flush=True)
    os.chdir(setup.root)  # nbgrader looks for fetched assignments in the working directory
    os.execve(sys.executable, words, environment)


def _free(port: int) -> int:
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)) != 0:
                return candidate
    raise InputError(f"no port from {port} to {port + 49} is free; end another server or give --port")
