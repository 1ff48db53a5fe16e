"""What a learner has done: one local file, one line an event, so that several notebooks may write at once."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._text import Text
from ..quiz._file import append_progress

__all__ = ["EVENTS", "Done", "keep", "place", "recall"]

EVENTS = ("tried", "passed", "hint", "solution")


@dataclass(frozen=True)
class Done:
    """What was done with one exercise."""

    tried: int = 0
    """Checks of it that did not pass."""
    passed: frozenset[str] = frozenset()
    """Checks of it that passed, at any time."""
    hints: int = 0
    """How many hints were opened."""


def place() -> Path:
    """The progress file: in ``$XDG_DATA_HOME``, else where the system keeps a user's data."""
    base = os.environ.get("XDG_DATA_HOME")
    if not base and sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    return Path(base or Path.home() / ".local" / "share") / "ccskills" / "progress.jsonl"


def keep(event: str, lesson: str, exercise: str, check: str) -> Text | None:
    """Add one event; None, or the sentence that says why it could not be kept."""
    path = place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        append_progress(path, {"event": event, "lesson": lesson, "exercise": exercise, "check": check})
    except OSError as error:
        return Text(
            f"Your progress cannot be kept in {path}: {error.strerror}. You can go on; only the tick is lost.",
            f"学习进度写不进{path}：{error.strerror}。可以接着学，只是这一步不会记下来。",
        )
    return None


def recall() -> tuple[dict[str, dict[str, Done]], Text | None]:
    """By lesson and exercise, what was done; and a sentence when the file was broken and has been set aside."""
    path = place()
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, Text(
            f"Your progress in {path} cannot be read: {error.strerror}.", f"无法读取学习进度{path}：{error.strerror}。"
        )
    entries = [_entry(line) for line in lines if line.strip()]
    good = [entry for entry in entries if entry is not None]
    said = _set_aside(path, good) if entries[:-1].count(None) else None  # the last line may be torn by a power cut
    found: dict[str, dict[str, Done]] = {}
    for entry in good:
        lesson = found.setdefault(entry["lesson"], {})
        lesson[entry["exercise"]] = _after(lesson.get(entry["exercise"], Done()), entry)
    return found, said


def _entry(line: bytes) -> Mapping[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    words = ("lesson", "exercise", "check")
    right = isinstance(entry, dict) and entry.get("event") in EVENTS
    return entry if right and all(isinstance(entry.get(word), str) for word in words) else None


def _after(done: Done, entry: Mapping[str, Any]) -> Done:
    passed = done.passed | {entry["check"]} if entry["event"] == "passed" else done.passed
    return Done(done.tried + (entry["event"] == "tried"), passed, done.hints + (entry["event"] == "hint"))


def _set_aside(path: Path, good: list[Mapping[str, Any]]) -> Text:
    """Keep a broken file under another name, and what could be read of it under the old one."""
    number = 1
    while (aside := path.with_name(f"progress.broken-{number}.jsonl")).exists():
        number += 1
    try:
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".progress.")
        with os.fdopen(handle, "wb") as file:
            file.writelines(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in good)
        shutil.copyfile(path, aside)
        Path(fresh).replace(path)
    except OSError:  # a disk that is full or cannot be written: what can be read is used all the same
        return Text(
            f"Some lines of your progress in {path} are damaged; the others count.",
            f"学习进度文件{path}有几行已损坏，其余照常计入。",
        )
    return Text(
        f"Some lines of your progress were damaged. The file as it was is kept as {aside.name}; "
        f"{len(good)} good lines were taken over.",
        f"学习进度文件有几行已损坏，原文件另存为{aside.name}，其余{len(good)}行已保留。",
    )
