"""The work product of a seat: files handed in over some weeks, each kept as it came, with a journal that proves it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import RoomError
from grader.model import digest
from grader.seats.journal import Journal, sync_folder, write_new
from grader.seats.paper import iso, moment

__all__ = ["HandedFile", "WorkFolder"]

_LOOKED_AT = ("docProps/", "xl/sharedStrings", "xl/comments", "xl/workbook", "xl/persons/")
"""Where Excel keeps the texts and the people of a workbook."""
_MOST_UNPACKED = 100_000_000
_SHORTEST_TRACE = 5
"""Bytes of a name or number from which on it is not found in a file by accident."""
_MOST_NAME = 200


@dataclass(frozen=True)
class HandedFile:
    """One file as it was handed in; ``n`` is the line of the journal that proves it."""

    n: int
    name: str
    """Its name in the task, e.g. ``capacity-plan``."""
    file: str
    """Its name on the candidate's machine."""
    format: str
    bytes: int
    sha256: str
    received_at: str
    """When it came: what counts."""
    recorded_at: str
    """When it was written down."""
    by: str
    source: str
    """``office`` or ``candidate``."""
    named: bool
    """Whether the candidate's name or number was found inside, which markers would see."""


@dataclass
class _Work:
    """What the lines of the journal add up to."""

    files: list[HandedFile] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)
    last_at: str = ""

    def apply(self, line: dict[str, Any]) -> None:
        """Take one line."""
        self.last_at = line["at"]
        if line["event"] == "extended":
            self.extensions.append(line)
        else:
            words = {name: line[name] for name in ("n", "name", "file", "format", "bytes", "sha256", "by", "source")}
            self.files.append(
                HandedFile(**words, named=line["named"], received_at=line["received_at"], recorded_at=line["at"])
            )


class WorkFolder:
    """The work product of one seat on the disk; ``plan`` is ``work`` of its ``seat.json``.

    A file may be handed in again until the end: every version is kept, and of those in time the newest counts.
    """

    def __init__(self, seat: Path, plan: Mapping[str, Any], traces: Collection[str]) -> None:
        self.path, self.plan = seat / "work", plan
        self._traces = [trace for trace in traces if len(trace.encode()) >= _SHORTEST_TRACE]
        self._journal = Journal(seat / "work.jsonl", _Work)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Names of the files that the task asks for."""
        return tuple(one["name"] for one in self.plan["files"])

    @property
    def ends_at(self) -> str:
        """Until when files count, the days that were given afterwards included."""
        extensions = self._journal.read().extensions
        return str(extensions[-1]["ends_at"] if extensions else self.plan["ends_at"])

    def over(self, now: datetime) -> bool:
        """Whether the time is over."""
        return now >= moment(self.ends_at)

    def every(self) -> list[HandedFile]:
        """Every file that ever came, in order, late ones too."""
        return list(self._journal.read().files)

    def extensions(self) -> list[dict[str, Any]]:
        """The days that were given beyond the plan: ``days``, ``ends_at``, ``reason``, ``by``, ``at``, ``n``."""
        return list(self._journal.read().extensions)

    def late(self, one: HandedFile) -> bool:
        """Whether a file came after the end."""
        return moment(one.received_at) >= moment(self.ends_at)

    def counting(self) -> dict[str, HandedFile]:
        """The file that counts, by its name in the task: the newest that came in time."""
        in_time = [one for one in self.every() if not self.late(one)]
        return {one.name: one for one in sorted(in_time, key=lambda one: (moment(one.received_at), one.n))}

    def data(self, one: HandedFile) -> bytes:
        """The bytes of a file; refused when they are not those that were handed in."""
        path = self.path / _stored(one.sha256, one.name, one.format)
        try:
            data = path.read_bytes()
        except OSError:
            data = b""
        if digest(data) != one.sha256:
            raise RoomError(f"{path} is not what was handed in; restore it from a backup.", 500)
        return data

    def verify(self) -> list[str]:
        """Everything that is wrong with the journal and the files, one sentence each."""
        found = []
        try:
            for one in self.every():
                try:
                    self.data(one)
                except RoomError as error:
                    found.append(str(error))
        except RoomError as error:
            found.append(f"{self._journal.path}: {error}")
        return found

    def look(self, file: str, data: bytes, came: datetime) -> tuple[str, str]:
        """Name and format of a file, which is known by its name: ``capacity-plan.xlsx``.

        Raises :class:`RoomError` for a file that the task does not ask for, or that markers could not open.
        """
        if came < moment(self.plan["opens_at"]):
            raise _refuse(
                f"The work product is handed in from {self.plan['opens_at']} on.",
                f"工作成果从{self.plan['opens_at']}起提交。",
            )
        name, format_ = self._known(file)
        self._check(file, name, format_, data)
        return name, format_

    def hand_in(
        self, file: str, data: bytes, by: str, now: datetime, *, received_at: datetime | None = None,
        source: str = "office",
    ) -> HandedFile:  # fmt: skip
        """Keep a file; when this returns, it is on the disk. ``received_at`` is when it came, if that was earlier.

        A late one is kept too, and :meth:`late` says so. Refused like :meth:`look`.
        """
        came = min(received_at or now, now)
        name, format_ = self.look(file, data, came)
        sha = digest(data)
        words = {
            "name": name, "file": Path(file).name[:_MOST_NAME], "format": format_, "bytes": len(data), "sha256": sha,
            "received_at": iso(came), "named": any(_holds(data, trace) for trace in self._traces),
        }  # fmt: skip
        with self._journal.locked() as fd:
            self._keep(_stored(sha, name, format_), data)
            at = max(iso(now), self._journal.read().last_at)
            self._journal.append(fd, at=at, event="handed-in", by=by, source=source, **words)
        return self.every()[-1]

    def extend(self, days: int, ends_at: str, reason: str, by: str, now: datetime) -> None:
        """Give more working days; the new end is stated, not computed here."""
        with self._journal.locked() as fd:
            at = max(iso(now), self._journal.read().last_at)
            self._journal.append(fd, at=at, event="extended", by=by, days=days, ends_at=ends_at, reason=reason)

    def _known(self, file: str) -> tuple[str, str]:
        path = Path(file)
        name, format_ = path.stem.lower(), path.suffix.lower().lstrip(".")
        wanted = next((one for one in self.plan["files"] if one["name"] == name), None)
        if wanted is None or format_ not in wanted["formats"]:
            names = [f"{one['name']}.{' / .'.join(one['formats'])}" for one in self.plan["files"]]
            raise _refuse(
                f"The task asks for {', '.join(names)}, got {path.name!r}; rename or save the file so.",
                f"本任务要求提交{'、'.join(names)}，收到的是{path.name}；请按此改名或另存。",
            )
        return name, format_

    def _check(self, file: str, name: str, format_: str, data: bytes) -> None:
        most = next(one["megabytes"] for one in self.plan["files"] if one["name"] == name)
        if len(data) > most * 1_000_000:
            raise _refuse(
                f"{Path(file).name} has {len(data) / 1e6:.1f} MB, at most {most} MB are taken.",
                f"{Path(file).name}有{len(data) / 1e6:.1f}MB，最多{most}MB。",
            )
        if wrong := _FORMATS[format_](data):
            raise _refuse(*(text.format(file=Path(file).name) for text in wrong))

    def _keep(self, name: str, data: bytes) -> None:
        """The bytes on the disk before the line that acknowledges them; the same bytes are kept once."""
        try:
            self.path.mkdir(exist_ok=True)
            if not (self.path / name).exists():
                part = self.path / f".{name}.part"
                part.unlink(missing_ok=True)
                write_new(part, data)
                part.replace(self.path / name)
                sync_folder(self.path)
        except OSError as error:
            raise _refuse(
                f"The file cannot be kept ({error.strerror}); nothing was taken.", "文件无法保存，未接收。"
            ) from None


def _stored(sha: str, name: str, format_: str) -> str:
    return f"{sha[:16]}-{name}.{format_}"


def _refuse(en: str, zh: str) -> RoomError:
    return RoomError(en, 400, zh=zh)


# --- what a file has to look like -------------------------------------------------------------------------------------

_Wrong = tuple[str, str] | None


def _pdf(data: bytes) -> _Wrong:
    if b"%PDF-" not in data[:1024] or b"%%EOF" not in data[-4096:]:
        return "{file} is no whole PDF; save it as PDF again.", "{file}不是完整的PDF文件，请重新另存为PDF。"
    if b"/Encrypt" in data:
        return "{file} is locked; save it without a password.", "{file}设了密码，请取消密码后重新保存。"
    return None


def _xlsx(data: bytes) -> _Wrong:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
                raise zipfile.BadZipFile
            if "xl/workbook.xml" not in names or packed.testzip() is not None:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return (
            "{file} is no Excel workbook, or it is locked; save it as .xlsx without a password.",
            "{file}不是Excel工作簿，或设了密码；请不设密码另存为.xlsx。",
        )
    if any("vbaProject" in name for name in names):
        return "{file} holds macros; save it as .xlsx without them.", "{file}含有宏，请另存为不含宏的.xlsx。"
    return None


_FORMATS = {"pdf": _pdf, "xlsx": _xlsx}


def _holds(data: bytes, trace: str) -> bool:
    """Whether a text can be found in a file, as far as a program sees: in plain bytes, and in what a workbook packs."""
    ways = [trace.encode(), trace.encode("utf-16-be"), trace.encode("utf-16-le")]
    ways += [trace.encode("utf-16-be").hex().encode(), trace.encode("utf-16-be").hex().upper().encode()]
    return any(way in part for part in _parts(data) for way in ways)


def _parts(data: bytes) -> Iterator[bytes]:
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                if name.startswith(_LOOKED_AT):
                    yield packed.read(name)
