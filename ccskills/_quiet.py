"""Keeps the solver HiGHS from writing to the terminal: some of its lines heed no option that switches them off."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["quiet"]

STDOUT = 1
_alone = Lock()  # Two threads that turn the output away at once would each bring back what the other had turned.


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that C code writes to standard output is seen; what Python prints elsewhere stays.

    >>> with quiet():
    ...     written = os.write(1, b"tmpSolver.run();")
    >>> written
    16
    """
    with _alone:
        try:
            kept = os.dup(STDOUT)
        except OSError:  # a program without a terminal
            yield
            return
        try:
            _flush()
            _point_at(os.open(os.devnull, os.O_WRONLY))
            try:
                yield
            finally:
                _flush()
        finally:
            _point_at(kept)


def _point_at(file: int) -> None:
    """Let standard output be this open file."""
    os.dup2(file, STDOUT)
    os.close(file)


def _flush() -> None:
    """Let go what C still holds back, so that it goes where the output goes now."""
    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
