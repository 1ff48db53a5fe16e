"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], suffix: str, write: Callable[[BinaryIO], object]) -> Path:
    """Let `write` fill a new file beside `path`, then put it in place; a failure leaves what was there before."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be a file name, got {type(path).__name__}")
    target = Path(path)
    if target.suffix.lower() != suffix:
        raise ValueError(f"path must end in {suffix}, got {target.name!r}")
    if not target.parent.is_dir():
        raise ValueError(f"path must lie in a folder that exists, got no folder {str(target.parent)!r}")
    if target.is_dir():
        raise ValueError(f"path must be a file, got the folder {str(target)!r}")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            write(file)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target
