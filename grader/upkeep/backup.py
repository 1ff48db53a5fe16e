"""One file that holds a whole centre as it was at one moment, and a centre made of such a file."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..centre import Centre
from ..errors import InputError, RegistryError
from ..model import canonical, digest
from ..store import Store, now

__all__ = ["MANIFEST", "Backup", "back_up", "restore"]

MANIFEST = "BACKUP.json"
"""The last file of a backup: when it was made, how far the registry had come, and the SHA-256 of every other file."""
_KEYS = "keys"
_FIRST = ("registry.db", "registry.anchors.jsonl")
_LEFT_OUT = ("jupyter/trainee-", "jupyter/trainer-", "jupyter/room/", "room/.cookie-secret")
"""What every start makes anew: configuration with the tokens of running servers, and what signs the room's cookies."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    files: int
    facts: int
    head: str
    """Hash of the registry's last fact."""
    with_keys: bool


def back_up(
    centre: Centre, target: Path, *, keys: bool = True, progress: Callable[[str], None] = lambda name: None
) -> Backup:
    """Write the whole centre into one ``.tar.gz``, also while people work; the file is there whole or not at all.

    The registry is copied first: files are written before the facts that name them, so every fact finds its file.
    Databases are copied through SQLite. Without ``keys`` the private keys stay out, and what is restored signs anew.

    Raises :class:`InputError` when the target cannot be written or lies in the centre.
    """
    target = target.resolve()
    if target.is_relative_to(centre.root):
        raise InputError(f"{target} lies in the centre itself; write the backup to another disk or folder")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            found = _write(centre, file, keys, progress)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        if error.filename and Path(error.filename).is_relative_to(centre.root):
            raise InputError(f"{error.filename} cannot be read ({error.strerror}), so nothing was backed up") from error
        raise InputError(f"{target} cannot be written ({error.strerror}); name a place with enough room") from error
    finally:
        part.unlink(missing_ok=True)
    return found


def _write(centre: Centre, file: io.BufferedWriter, keys: bool, progress: Callable[[str], None]) -> Backup:
    sums: dict[str, str] = {}
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        anchors = centre.root / "registry.anchors.jsonl"
        if anchors.exists():  # before the registry, so that none is newer than what it looks at
            _add(tar, anchors.name, anchors.read_bytes(), 0o600, sums)
        registry, (facts, head) = _registry(centre)
        _add(tar, centre.registry.name, registry, 0o600, sums)
        for path in _inside(centre.root, keys):
            name = path.relative_to(centre.root).as_posix()
            with suppress(FileNotFoundError):  # what its owner took away meanwhile
                mode = stat.S_IMODE(path.stat().st_mode)
                if path.is_dir():
                    _add_folder(tar, name, mode)
                else:
                    progress(name)
                    _add(tar, name, _content(path), mode, sums)
        made_at = now()
        about = {"backup": 1, "made_at": made_at, "facts": facts, "head": head, "keys": keys, "files": sums}
        _add(tar, MANIFEST, canonical(about).encode(), 0o600, {})
    return Backup(made_at, len(sums), facts, head, keys)


def _registry(centre: Centre) -> tuple[bytes, tuple[int, str]]:
    """A copy of the registry, and how far that copy comes."""
    copy = centre.root / f".registry.{os.getpid()}.copy"
    try:
        with Store(centre.registry) as store:
            store.copy(copy)
        with Store(copy) as copied:
            head = copied.head()
        return copy.read_bytes(), head
    finally:
        for name in (copy, *(copy.with_name(copy.name + end) for end in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)


def _inside(root: Path, keys: bool) -> Iterator[Path]:
    """Every file and folder that belongs to the centre, in the order of names; links and half-written files do not."""
    for path in _everything(root):
        name = path.relative_to(root).as_posix()
        passing = path.name.endswith((".part", ".copy", "-wal", "-shm")) or path.name == ".acting"
        if passing or name in _FIRST or name.startswith(_LEFT_OUT) or path.is_symlink():
            continue
        if (path.is_dir() or path.is_file()) and (keys or PurePosixPath(name).parts[0] != _KEYS):
            yield path


def _everything(root: Path) -> list[Path]:
    """All that lies below a folder; a folder that is closed to this account is a fault, and not left out silently."""

    def unread(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # what its owner took away meanwhile
            raise error

    return sorted(
        Path(folder, name) for folder, folders, names in os.walk(root, onerror=unread) for name in (*folders, *names)
    )


def _content(path: Path) -> bytes:
    """A file's bytes; a database's as SQLite gives them while others write."""
    if path.suffix != ".db":
        return path.read_bytes()
    copy = path.with_name(f".{path.name}.{os.getpid()}.copy")
    try:
        with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(copy)) as other:
            one.backup(other)
        return copy.read_bytes()
    except sqlite3.DatabaseError:  # no database, whatever it is called
        return path.read_bytes()
    finally:
        copy.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int, sums: dict[str, str]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))
    sums[name] = digest(content)


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


# --- back -------------------------------------------------------------------------------------------------------------


def restore(backup: Path, root: Path, by: str) -> Backup:
    """Make a centre of a backup in a folder that is not there or empty: whole and verified, or not at all.

    The registry gets the fact ``registry.restored``, with when the backup was made and who restored it.

    Raises :class:`InputError` when the file is no backup or not whole, or the folder holds something already, and
    :class:`RegistryError` when the chain of its registry is broken.
    """
    root = root.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise InputError(f"{root} holds something already; name a new folder, and nothing will be overwritten")
    making = root.with_name(f".{root.name}.{os.getpid()}.restoring")
    try:
        making.mkdir(parents=True, mode=0o700)
        found = _unpack(backup, making)
        with Store(making / "registry.db") as store:
            if broken := store.verify():
                raise RegistryError(f"the registry in {backup.name} is broken: {broken[0]}; take an earlier backup")
            if store.head() != (found.facts, found.head):
                raise RegistryError(f"the registry in {backup.name} is not the one that was backed up")
            note = {"made_at": found.made_at, "facts": found.facts, "head": found.head}
            store.append("registry.restored", "registry", note, by)
        if root.exists():
            root.rmdir()
        making.replace(root)
    except OSError as error:
        raise InputError(f"{root} cannot be made ({error.strerror}); name a folder that you may write") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return found


def _unpack(backup: Path, target: Path) -> Backup:
    sums: dict[str, str] = {}
    manifest = b""
    modes: list[tuple[Path, int]] = []
    try:
        with tarfile.open(backup, mode="r:gz") as tar:
            for entry in tar:
                path = _place(target, entry, backup)
                if entry.isdir():
                    path.mkdir(parents=True, exist_ok=True)
                    modes.append((path, entry.mode))
                    continue
                file = tar.extractfile(entry)
                content = file.read() if file else b""
                if entry.name == MANIFEST:
                    manifest = content
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(entry.mode)
                sums[entry.name] = digest(content)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError) as error:
        if isinstance(error, OSError) and error.filename not in (None, str(backup)):
            raise
        raise InputError(f"{backup} cannot be read as a backup ({error}); take another copy of it") from error
    for path, mode in reversed(modes):
        path.chmod(mode)
    return _held(backup, manifest, sums)


def _place(target: Path, entry: tarfile.TarInfo, backup: Path) -> Path:
    parts = PurePosixPath(entry.name).parts
    if not (entry.isfile() or entry.isdir()) or ".." in parts or entry.name.startswith("/"):
        raise InputError(f"{backup.name} holds {entry.name!r}, which no backup of a centre does; it was not unpacked")
    return target.joinpath(*parts)


def _held(backup: Path, manifest: bytes, sums: dict[str, str]) -> Backup:
    """What the manifest says, when the files are those that it names."""
    if not manifest:
        raise InputError(f"{backup.name} has no {MANIFEST} at its end: it is no backup of a centre, or was cut off")
    about = json.loads(manifest)
    if about.get("backup") != 1:
        raise InputError(f"{backup.name} was made by a newer program; use that one to restore it")
    if wrong := sorted(name for name in {*about["files"], *sums} if about["files"].get(name) != sums.get(name)):
        raise InputError(f"{backup.name} is not whole: {wrong[0]} is missing or altered; take another copy of it")
    return Backup(about["made_at"], len(sums), about["facts"], about["head"], about["keys"])
