"""JupyterLab's configuration for a centre: calm for a trainee, everything for a trainer."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..centre import PROJECT, Centre
from .centre import COURSE, Desk
from .welcome import WELCOME, trainee_page, trainer_page

__all__ = ["Setup", "write_config", "write_room_config", "write_shelf_config"]

# Tried one by one in a browser: with these off a trainee meets neither a pop-up nor somebody else's tool, and no other
# plug-in complains.
_OFF = (
    "@jupyter/nbgrader:course-list",
    "@jupyter/nbgrader:create-assignment",
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:validate-assignment",  # a traceback, or a "success" that the marks may not bear out
    "@jupyter-notebook/lab-extension:interface-switcher",
    "@jupyter-notebook/lab-extension:launch-tree",
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension:plugin",
)
_OFF_FOR_ALL = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension:plugin",
)

# Our own plug-ins for JupyterLab, written by hand: no build.
_PLUGINS = {"LabApp": {"extra_labextensions_path": [str(Path(__file__).parent / "labextensions")]}}

# Who reads a notebook while it is saved gets the one before, not an empty one.
_FILES = "grader.contents.WholeFiles"

# Fifty notebooks on one machine: what nobody has used for three hours ends; what was saved is kept.
_SHELF_SERVER = {
    "ServerApp": {
        "contents_manager_class": _FILES,
        "terminals_enabled": False,
        "shutdown_no_activity_timeout": 3 * 3600,
        "jpserver_extensions": {
            f"nbgrader.server_extensions.{part}": False for part in ("course_list", "formgrader", "validate_assignment")
        },
    },
    "MappingKernelManager": {"cull_idle_timeout": 3 * 3600, "cull_connected": True},
}


@dataclass(frozen=True)
class Setup:
    """The folder with JupyterLab's configuration, and the folder that JupyterLab shows."""

    folder: Path
    root: Path


def write_config(centre: Centre, desk: Desk | None, language: str, base: str = "") -> Setup:
    """Write the configuration and the page that opens first: a trainee's with a desk, a trainer's without one.

    ``base`` is where the trainers' server stands behind a Hub.
    """
    trainer = desk is None
    folder = centre.root / "jupyter" / (f"trainer-{language}" if trainer else f"trainee-{language}")
    if desk is None:
        root = Path(os.path.commonpath([PROJECT, centre.root]))
        page, text = (
            centre.root / {"en": "Trainer.ipynb", "zh": "培训师.ipynb"}[language],
            trainer_page(root, language, base),
        )
    else:
        root = desk.home
        page, text = desk.home / WELCOME[language], trainee_page(desk, language)
    page.write_bytes(text)
    _write(
        folder,
        _server(centre, root, f"/lab/tree/{quote(page.relative_to(root).as_posix())}", trainer),
        trainer,
        language,
    )
    config = os.path.relpath(centre.course / "nbgrader_config.py", folder)
    # nbgrader would keep what was handed in below the user's home, where the submissions of all centres meet.
    (folder / "nbgrader_config.py").write_text(
        "from pathlib import Path\n\n"
        f"c = get_config()  # noqa: F821\nload_subconfig({config!r})  # noqa: F821\n"
        'c.Exchange.cache = str(Path(__file__).resolve().parents[1] / "handed-in")\n'
    )
    return Setup(folder, root)


def write_room_config(centre: Centre, language: str) -> Setup:
    """Write the configuration of the exam room alone: JupyterLab for the practicals, no course behind it."""
    folder, root = centre.root / "jupyter" / "room", centre.home
    root.mkdir(parents=True, exist_ok=True)
    server = _server(centre, root, "/academy", trainer=False)
    for part in ("assignment_list", "validate_assignment"):
        server["ServerApp"]["jpserver_extensions"][f"nbgrader.server_extensions.{part}"] = False
    _write(folder, server, trainer=False, language=language, more_off=("@jupyter/nbgrader",))
    return Setup(folder, root)


def write_shelf_config(folder: Path, exchange: Path, language: str) -> None:
    """Write what the servers of all trainees of a Hub read: as for a trainee alone, without a room or a course."""
    _write(folder, _SHELF_SERVER, trainer=False, language=language)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.course_id = {COURSE!r}\nc.Exchange.root = {str(exchange)!r}\n"
        'c.Exchange.timestamp_format = "%Y-%m-%d %H:%M:%S %Z"\n'
    )


def _write(folder: Path, server: dict[str, Any], trainer: bool, language: str, more_off: tuple[str, ...] = ()) -> None:
    off = dict.fromkeys(_OFF_FOR_ALL if trainer else (*_OFF, *more_off), True)
    _json(folder / "jupyter_server_config.json", server)
    _json(folder / "jupyter_lab_config.json", _PLUGINS)
    _json(folder / "labconfig" / "page_config.json", {"disabledExtensions": off})
    _json(folder / "labconfig" / "default_setting_overrides.json", _settings(trainer, language))


def _server(centre: Centre, root: Path, first: str, trainer: bool) -> dict[str, Any]:
    return {
        "ServerApp": {
            "root_dir": str(root),
            "contents_manager_class": _FILES,
            "default_url": first,
            "terminals_enabled": trainer,
            "jpserver_extensions": {
                "grader.room": not trainer,
                "nbgrader.server_extensions.formgrader": trainer,
                "nbgrader.server_extensions.course_list": trainer,
            },
        },
        "LabApp": {"default_url": first},
        "AcademyRoom": {"root": str(centre.room), "work": "exam"},
    }


def _settings(trainer: bool, language: str) -> dict[str, Any]:
    viewer = {"markdown": "Jupytext Notebook"} if trainer else {"markdown": "Markdown Preview"}
    return {
        "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10, "defaultViewers": viewer},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        # Who runs a cell before the kernel has answered would be asked to choose one.
        "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
        "@jupyterlab/translation-extension:plugin": {"locale": {"en": "en", "zh": "zh_CN"}[language]},
    }


def _json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False), "utf-8")
