"""The practical notebook: laid out in the candidate's folder, picked up at hand-in, trusting nothing found there."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from grader.errors import RoomError

__all__ = ["MAX_BYTES", "NAME", "lay_out", "pick_up", "unchanged"]

NAME = "practical.ipynb"
MAX_BYTES = 10_000_000
_MOST_COMPARED = 1_000_000
_SENTENCES = {
    "cannot put": (
        507,
        "The practical cannot be put into {folder} ({why}). Call the invigilator.",
        "实操题无法放入{folder}（{why}），请联系监考人员。",
    ),
    "no folder to put into": (
        409,
        "{folder} is not an ordinary folder, so the practical cannot be put there.",
        "{folder}不是普通文件夹，实操题无法放入。",
    ),
    "closed folder": (
        409,
        "{folder} is closed to the room, so the practical cannot be handed in.",
        "考场打不开文件夹{folder}，实操题无法提交。",
    ),
    "no folder": (
        409,
        "{folder} is not an ordinary folder, so the practical cannot be handed in.",
        "{folder}不是普通文件夹，实操题无法提交。",
    ),
    "closed file": (
        409,
        "{name} is closed to the room, so it cannot be handed in.",
        "考场打不开{name}，无法提交。",
    ),
    "no file": (
        409,
        "{name} is not an ordinary file, so it cannot be handed in.",
        "{name}不是普通文件，无法提交。",
    ),
    "too large": (
        413,
        "{name} is larger than 10 MB. Clear its outputs (Edit, Clear Outputs of All Cells), save, hand in again.",
        "{name}超过10MB。请清除所有输出（编辑 → 清除所有单元格的输出），保存后重新交卷。",
    ),
}


def lay_out(files: Mapping[str, bytes], folder: Path, *, shared: bool = False) -> None:
    """Put ``files`` into ``folder``, each whole or not at all; a file that is there already stays as it is.

    ``shared``: the folder above is there and lets in the candidate's account and the room's alone, so what is put into
    it may be read and written by whoever gets there. No link is followed, not even one that is swapped in meanwhile.
    """
    if not files:
        return
    try:
        if not shared:
            folder.parent.mkdir(parents=True, exist_ok=True)
        where = _made(folder, shared)
        try:
            for name, data in files.items():
                _put(where, name, data, shared)
        finally:
            os.close(where)
    except OSError as error:
        raise _refusal("cannot put", folder=folder, why=error.strerror) from None


def _made(folder: Path, shared: bool) -> int:
    """The folder, made when it was not there, as an open directory."""
    try:
        folder.mkdir()
        fresh = True
    except FileExistsError:
        fresh = False
    try:
        where = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except NotADirectoryError:
        raise _refusal("no folder to put into", folder=folder.name) from None
    if shared and fresh:
        os.fchmod(where, stat.S_IMODE(os.fstat(where).st_mode) | 0o777)
    return where


def _put(where: int, name: str, data: bytes, shared: bool) -> None:
    part = f".{name}.part"
    with suppress(FileNotFoundError):
        os.unlink(part, dir_fd=where)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=where)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        if shared:
            os.fchmod(fd, 0o666)
    try:  # unlike a rename, a link never replaces the candidate's work
        os.link(part, name, src_dir_fd=where, dst_dir_fd=where, follow_symlinks=False)
    except FileExistsError:
        pass
    finally:
        os.unlink(part, dir_fd=where)


def pick_up(folder: Path) -> bytes | None:
    """The bytes of the practical in ``folder``, or None when it is not there.

    Links are not followed and only an ordinary file of at most 10 MB is taken; anything else is a ``RoomError``.
    """
    try:
        where = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _refusal("closed folder", folder=folder.name) from None
    except OSError:
        raise _refusal("no folder", folder=folder.name) from None
    try:
        # O_NONBLOCK: opening a named pipe must not stop the room.
        fd = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=where)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _refusal("closed file") from None
    except OSError:
        raise _refusal("no file") from None
    finally:
        os.close(where)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise _refusal("no file")
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _refusal("too large")
    return data


def unchanged(given: bytes | None, handed: bytes | None) -> bool:
    """Whether the cells of a notebook that was handed in are those that were given out.

    JupyterLab may write other metadata and outputs into a notebook that was only opened or run, so cells are compared
    and not bytes. What has grown large is taken as changed, since the room must not stand still over one file.
    """
    if given is None or handed is None or given == handed:
        return given is not None and given == handed
    if len(handed) > len(given) + _MOST_COMPARED:
        return False
    try:
        return _cells(given) == _cells(handed)
    except (ValueError, TypeError, KeyError, RecursionError):  # no notebook any more: then somebody changed it
        return False


def _cells(notebook: bytes) -> list[tuple[str, str]]:
    return [(str(cell["cell_type"]), "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]


def _refusal(which: str, **words: object) -> RoomError:
    status, en, zh = _SENTENCES[which]
    return RoomError(en.format(name=NAME, **words), status, zh=zh.format(name=NAME, **words))
