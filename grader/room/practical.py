"""The practical notebook: laid out in the candidate's folder, picked up at hand-in, trusting nothing found there."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from grader.errors import RoomError

__all__ = ["MAX_BYTES", "NAME", "lay_out", "pick_up"]

NAME = "practical.ipynb"
MAX_BYTES = 10_000_000


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
        raise RoomError(
            f"The practical cannot be put into {folder} ({error.strerror}). Call the invigilator.", 507
        ) from None


def _made(folder: Path, shared: bool) -> int:
    """The folder, made when it was not there, as an open directory."""
    with suppress(FileExistsError):
        folder.mkdir()
        if shared:
            folder.chmod(folder.stat().st_mode | 0o777)
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except NotADirectoryError:
        raise RoomError(
            f"{folder.name} is not an ordinary folder, so the practical cannot be put there.", 409
        ) from None


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
        raise RoomError(f"{folder.name} is closed to the room, so the practical cannot be handed in.", 409) from None
    except OSError:
        raise RoomError(
            f"{folder.name} is not an ordinary folder, so the practical cannot be handed in.", 409
        ) from None
    try:
        # O_NONBLOCK: opening a named pipe must not stop the room.
        fd = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=where)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise RoomError(f"{NAME} is closed to the room, so it cannot be handed in.", 409) from None
    except OSError:
        raise RoomError(f"{NAME} is not an ordinary file, so it cannot be handed in.", 409) from None
    finally:
        os.close(where)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise RoomError(f"{NAME} is not an ordinary file, so it cannot be handed in.", 409)
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RoomError(
            f"{NAME} is larger than 10 MB. Clear its outputs (Edit, Clear Outputs of All Cells), save, hand in again.",
            413,
        )
    return data
