"""The practical notebook: laid out in the candidate's folder, picked up at hand-in, trusting nothing found there."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from grader.errors import RoomError

__all__ = ["MAX_BYTES", "NAME", "lay_out", "pick_up"]

NAME = "practical.ipynb"
MAX_BYTES = 10_000_000


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Put ``files`` into ``folder``, each whole or not at all; a file that is there already stays as it is."""
    if not files:
        return
    if folder.is_symlink():
        raise RoomError(f"{folder.name} is not an ordinary folder, so the practical cannot be put there.", 409)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            part = folder / f".{name}.part"
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(data)
            try:
                (folder / name).hardlink_to(part)  # unlike a rename, it never replaces the candidate's work
            except FileExistsError:
                pass
            finally:
                part.unlink()
    except OSError as error:
        raise RoomError(
            f"The practical cannot be put into {folder} ({error.strerror}). Call the invigilator.", 507
        ) from None


def pick_up(folder: Path) -> bytes | None:
    """The bytes of the practical in ``folder``, or None when it is not there.

    Links are not followed and only an ordinary file of at most 10 MB is taken; anything else is a ``RoomError``.
    """
    try:
        where = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError:
        raise RoomError(
            f"{folder.name} is not an ordinary folder, so the practical cannot be handed in.", 409
        ) from None
    try:
        # O_NONBLOCK: opening a named pipe must not stop the room.
        fd = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=where)
    except FileNotFoundError:
        return None
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
