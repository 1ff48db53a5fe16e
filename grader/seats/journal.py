"""An append-only journal of hash-chained lines on the disk: what is acknowledged is never lost, what is torn is cut."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from grader.model import canonical, digest
from grader.seats.sentences import refusal

__all__ = ["Fold", "Journal", "append_line", "file_mark", "sync_folder", "write_new"]


class Fold(Protocol):
    """What the lines add up to."""

    def apply(self, line: dict[str, Any]) -> None:
        """Take one line."""


F = TypeVar("F", bound=Fold)


class Journal(Generic[F]):
    """One journal file and what its lines add up to, kept in memory and read on only when the file has changed.

    A line is ``{"n", ..., "prev", "hash"}``: its number, its content, the hash of the line before it and the hash of
    itself. Two threads wait for each other; two objects or processes are kept apart by a lock on the file.
    """

    def __init__(self, path: Path, empty: Callable[[], F]) -> None:
        self.path = path
        self._empty = empty
        self._one_at_a_time = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Drop what is in memory, so that the next reading starts at the first line."""
        self.fold, self.n, self.head, self.end = self._empty(), 0, "", 0
        self._seen: tuple[int, ...] = ()

    def read(self) -> F:
        """What all whole lines add up to; a torn last line is left alone. ``RoomError`` when the chain is broken."""
        with self._one_at_a_time:
            return self._read()

    def _read(self) -> F:
        mark = file_mark(self.path)
        if mark == self._seen:
            return self.fold
        if mark[:1] != self._seen[:1] or mark[1] < self.end:
            self.forget()
        if mark:
            with self.path.open("rb") as file:
                file.seek(self.end)
                self._take(file.read().split(b"\n")[:-1])
        self._seen = mark
        return self.fold

    def torn(self) -> bool:
        """Whether there are bytes behind the last whole line."""
        self.read()
        return self.path.exists() and self.path.stat().st_size > self.end

    @contextmanager
    def locked(self) -> Iterator[int]:
        """The file, open for appending and locked against every other writer."""
        with self._one_at_a_time, self._locked() as fd:
            yield fd

    @contextmanager
    def _locked(self) -> Iterator[int]:
        fd = self._open()
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            while os.fstat(fd).st_ino != self.path.stat().st_ino:  # the exam office mended it while we waited
                os.close(fd)
                fd = self._open()
                fcntl.flock(fd, fcntl.LOCK_EX)
            yield fd
        finally:
            os.close(fd)

    def _open(self) -> int:
        try:
            fresh = not self.path.exists()
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o660)
            if fresh:
                sync_folder(self.path.parent)
            return fd
        except OSError as error:
            raise refusal("cannot save", why=error.strerror) from None

    def append(self, fd: int, **content: Any) -> int:
        """Write one line, wait until it is on the disk, and return its number. Call it with the file locked."""
        self.read()
        line = {"n": self.n + 1, **content, "prev": self.head}
        line["hash"] = digest(line)
        size = append_line(fd, self.end, canonical(line))
        self._accept(line, size)
        self._seen = file_mark(self.path)
        return self.n

    def _take(self, whole: list[bytes]) -> None:
        for number, raw in enumerate(whole, start=1):
            try:
                line = dict(json.loads(raw).items())
            except (ValueError, AttributeError):
                if number == len(whole):
                    return  # a power cut can leave a last line of wrong bytes; it was never acknowledged
                line = {}
            try:
                told = digest({name: value for name, value in line.items() if name != "hash"})
                if (line.get("hash"), line.get("prev"), line.get("n")) != (told, self.head, self.n + 1):
                    raise ValueError
                self._accept(line, len(raw) + 1)
            except (ValueError, KeyError, TypeError):
                broken = self.n + 1
                self.forget()
                raise refusal(
                    "damaged record", line=broken, file=self.path.name, folder=self.path.parent.name
                ) from None

    def _accept(self, line: dict[str, Any], size: int) -> None:
        self.fold.apply(line)
        self.n, self.head, self.end = line["n"], line["hash"], self.end + size


def append_line(fd: int, end: int, text: str) -> int:
    """Cut the file at ``end``, append one line, wait for the disk; returns its size in bytes."""
    data = text.encode() + b"\n"
    try:
        if os.fstat(fd).st_size > end:
            os.ftruncate(fd, end)
        written = os.write(fd, data)
        os.fsync(fd)
    except OSError as error:
        _cut_back(fd, end)
        raise refusal("cannot save", why=error.strerror) from None
    if written != len(data):
        _cut_back(fd, end)
        raise refusal("cannot save", why="the disk is full")
    return len(data)


def _cut_back(fd: int, end: int) -> None:
    try:
        os.ftruncate(fd, end)
    except OSError:
        return  # the next writer cuts it; the caller already reports the first error


def file_mark(path: Path) -> tuple[int, ...]:
    """Inode, size and time of a file, or nothing when it is not there: equal marks mean that nothing was written."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return ()
    return (seen.st_ino, seen.st_size, seen.st_mtime_ns)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that nobody reads yet and wait until it is on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
