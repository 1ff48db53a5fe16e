"""How files of a course are written: whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import InputError

__all__ = ["check_name", "notebook_bytes", "replace_folder", "write"]

_NAME = re.compile(r"\w[\w.-]*\Z")


def check_name(what: str, name: str) -> None:
    """Refuse a name that would mean something to a path or to nbgrader's patterns."""
    if not _NAME.match(name):
        raise InputError(f"{what} must be letters, digits, '.', '-', '_', the first a letter or digit, got {name!r}")


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """The notebook as the text of an ``.ipynb`` file."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write(path: Path, data: bytes) -> None:
    """Write a file beside ``path``, then put it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(data)
    temporary.replace(path)


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` beside ``folder``, then put them in its place: a reader never sees half of them."""
    for name in files:
        if Path(name).is_absolute() or ".." in Path(name).parts or not name:
            raise InputError(f"a file of {folder.name!r} must have a plain relative name, got {name!r}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    fresh.chmod(0o755)
    try:
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
