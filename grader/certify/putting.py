"""Puts files into a folder that the user named: each of them whole, and a folder that cannot be written is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import InputError

__all__ = ["put"]


def put(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files by their names into ``folder``, which is made; :class:`InputError` when it cannot be written."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            part = path.with_name(f".{name}.part")
            part.write_bytes(data)
            part.replace(path)
            paths.append(path)
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); name a folder that you may write") from error
    return paths
