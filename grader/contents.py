"""A notebook server that writes a file whole: who reads it meanwhile gets the file as it was, never an empty one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

__all__ = ["WholeFiles"]

# Every copy of a learner's folder leaves this one out, so nobody copies a file that is gone a moment later.
_ASIDE = ".ipynb_checkpoints"


class WholeFiles(AsyncLargeFileManager):
    """Jupyter's own, but for its writing, which empties a file first and fills it in a second step.

    *Submit* of nbgrader copies in between what it finds, and a server that is killed there leaves an empty notebook.
    """

    @contextmanager
    def atomic_writing(self, os_path: str, *words: Any, **options: Any) -> Iterator[IO[Any]]:
        """Write aside and put the new file into the place of the old one in one step."""
        target = Path(os_path).resolve()
        with self.perm_to_403(os_path):
            if _may_replace(target):
                with _aside(target, *words, **options) as file:
                    yield file
            else:
                with super().atomic_writing(os_path, *words, **options) as file:
                    yield file


def _may_replace(target: Path) -> bool:
    """Whether there is a file of our own that may be written, its folder too: another's would change its owner."""
    writable = os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)
    return target.is_file() and writable and target.stat().st_uid == os.geteuid()


@contextmanager
def _aside(target: Path, text: bool = True, encoding: str = "utf-8") -> Iterator[IO[Any]]:
    folder = target.parent / _ASIDE
    folder.mkdir(exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f"{target.name}.", dir=folder)
    unfinished = Path(name)
    how: dict[str, Any] = {"mode": "w", "encoding": encoding, "newline": "\n"} if text else {"mode": "wb"}
    try:
        with os.fdopen(number, **how) as file:
            yield file
            file.flush()
            os.fsync(number)
        with suppress(PermissionError):  # a group that the account is no longer in
            os.chown(unfinished, -1, target.stat().st_gid)
        shutil.copymode(target, unfinished)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
