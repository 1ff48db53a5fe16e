"""Two versions of an item side by side: entries of the header, words by language, key and code."""

from __future__ import annotations

import difflib
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.shelf import Shelf
from grader.bank import load_one
from grader.bank.proofs import parts
from grader.errors import InputError, ItemError, MissingToolError
from grader.model import LANGUAGES, Item

__all__ = ["Change", "compare", "needs_version", "old_version", "other_file"]

HEADER = (
    *("version", "kind", "statement", "cognitive", "minutes", "use", "status"),
    *("difficulty", "variants", "enemies", "sources", "case"),
)
QUIET = ("status", "difficulty", "use", "enemies", "sources", "cognitive", "minutes", "version")
"""Entries that no candidate sees; any other change asks for a higher version."""
WORDS = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9_.,%']+|\s+|.", re.S)


@dataclass(frozen=True)
class Change:
    """One thing that differs: its place, how it was and how it is; ``marked`` shows words as -old- and +new+."""

    place: str
    old: str
    new: str
    marked: str
    seen: bool
    """Whether a candidate could notice it."""


def compare(old: Item, new: Item) -> list[Change]:
    """Every difference, header first; the history of an item is no difference."""
    changes = [*_header(old, new), *_texts(old, new)]
    for name in ("key", "unit", "code"):
        before, after = getattr(old.body["question"], name), getattr(new.body["question"], name)
        if before != after:
            changes.append(_change(name, _said(before), _said(after), True))
    if old.body["draw"] != new.body["draw"]:
        changes.append(_change("draw", old.body["draw"] or "", new.body["draw"] or "", True))
    return changes


def needs_version(old: Item, new: Item, changes: list[Change]) -> bool:
    """Whether a candidate could notice a change and the version is not yet raised."""
    return any(change.seen for change in changes) and new.version <= old.version


def _header(old: Item, new: Item) -> Iterator[Change]:
    for name in HEADER:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _change(name, _said(before), _said(after), name not in QUIET)


def _texts(old: Item, new: Item) -> Iterator[Change]:
    befores, afters = dict(_places(old)), dict(_places(new))
    for place in dict.fromkeys([*befores, *afters]):
        before, after = befores.get(place, ""), afters.get(place, "")
        if before != after:
            yield _change(place, before, after, not place.endswith(("reason", "sample")) and "rubric" not in place)


def _places(item: Item) -> Iterator[tuple[str, str]]:
    for place, text in parts(item.body["question"]):
        for language in LANGUAGES:
            yield f"{language} {place or 'stem'}", text.say(language)
    for language in LANGUAGES:
        for number, (points, said) in enumerate(item.body["samples"][language], start=1):
            yield f"{language} {number} sample", f"({points:g}) {said}"


def _change(place: str, old: str, new: str, seen: bool) -> Change:
    return Change(place, old, new, _marked(old, new), seen)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else "" if value is None else str(value)


def _marked(old: str, new: str) -> str:
    """The new text with what went as [-word-] and what came as {+word+}.

    >>> _marked("20 calls wait", "30 calls wait")
    '[-20-]{+30+} calls wait'
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    out = []
    for step, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            out.append("".join(after[c:d]))
        else:
            out.append(f"[-{''.join(before[a:b])}-]" if b > a else "")
            out.append(f"{{+{''.join(after[c:d])}+}}" if d > c else "")
    return "".join(out)


# --- where old versions come from -------------------------------------------------------------------------------------


def old_version(shelf: Shelf, item_id: str, revision: str) -> Item:
    """The item as it was in a revision of git (``HEAD``, ``v1.2``, ``3f2c1a9``), or at a version number (``1``).

    Raises :class:`ItemError` when there was none.
    """
    path = shelf.path(item_id)
    if not re.fullmatch(r"[\w@][\w./~^@{}-]*", revision):
        raise ItemError(f"a revision is written as HEAD~1, v1.2 or 3f2c1a9, or as the item's version, got {revision!r}")
    if re.fullmatch(r"\d{1,4}", revision):
        found = _commit_of(path, int(revision))
        if found is None:
            raise ItemError(
                f"git knows no version {revision} of {item_id}; `git log -- {path.name}` shows what it knows"
            )
        revision = found
    return _loaded(shelf, item_id, _git(path, "show", f"{revision}:./{path.name}"), f"at {revision}")


def other_file(shelf: Shelf, path: Path) -> Item:
    """An item of another bank or an exported copy; its id must be one of ours."""
    try:
        return _loaded(shelf, path.stem, path.read_bytes(), f"in {path.name}")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of an item") from error


def _loaded(shelf: Shelf, item_id: str, data: bytes, where: str) -> Item:
    """The item of some bytes, read beside the cases of the bank as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        there = Shelf(Path(folder))
        (there.folder / "cases").symlink_to((shelf.folder / "cases").resolve())
        path = there.path(item_id)
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        item, problems = load_one(there.folder, path, shelf.framework)
    if item is None:
        raise ItemError(f"{item_id} {where} cannot be used: {problems[0]}")
    return item


def _commit_of(path: Path, version: int) -> str | None:
    """The last commit in which the item had this version."""
    for commit in _git(path, "log", "--format=%H", "--", path.name).decode().split():
        try:
            text = _git(path, "show", f"{commit}:./{path.name}").decode("utf-8", "replace")
        except ItemError:
            continue  # the commit that deleted it
        if re.search(rf"^\s+version:\s*{version}\s*(#.*)?$", text, re.M):
            return commit
    return None


def _git(path: Path, *words: str) -> bytes:
    folder = path.parent if path.parent.is_dir() else Path.cwd()
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=True, timeout=60)
    except FileNotFoundError as error:
        raise MissingToolError("git keeps the versions of items and is not installed: apt-get install git") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise ItemError(f"git has no such version of {path.stem}: {said}") from error
    return done.stdout
