"""The practical tasks of the bank: a supervised notebook with the seat's own data, or a work product of some weeks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import notebooks
from ..errors import ItemError
from ..model import LANGUAGES, Bilingual
from ..notebooks import Notebook

__all__ = ["FORMATS", "Interview", "Practical", "WorkFile", "WorkProduct", "read_practical", "seat_data"]

FORMATS = ("pdf", "xlsx")
"""Formats in which a file of a work product may be handed in; what each has to look like, the seat's store knows."""

_DATA_TAG = "seat-data"


@dataclass(frozen=True)
class WorkFile:
    """One file of a work product."""

    name: str
    """What the file is called, without its ending, e.g. ``capacity-plan``."""
    part: str
    """The graded part of the task to which it belongs."""
    formats: tuple[str, ...]
    megabytes: int
    title: Bilingual


@dataclass(frozen=True)
class Interview:
    """A board interview: its part of the task, how long it takes, and how many people of the panel give marks."""

    part: str
    minutes: int
    panel: int


@dataclass(frozen=True)
class WorkProduct:
    """What is handed in after some working days; how many, the scheme says."""

    files: tuple[WorkFile, ...]
    interview: Interview | None


@dataclass(frozen=True)
class Practical:
    """A practical task of the bank: its cells (with solutions and tests) and the draw of a seat's own data."""

    id: str
    level: int
    version: int
    minutes: int
    """Of a supervised practical; 0 for a work product, which takes nothing of the seat's time."""
    title: Bilingual
    source: Notebook
    """Without the cell that draws the data."""
    draw: str
    work: WorkProduct | None = None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == set(LANGUAGES) and all(map(_text, value.values()))


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _formats(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(one in FORMATS for one in value)


def _list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


_Rules = Mapping[str, tuple[str, Callable[[Any], bool]]]
_WHOLE = ("be a whole number from 1", _whole)
_HEADER: _Rules = {
    "id": ("be a text", _text),
    "level": _WHOLE,
    "version": _WHOLE,
    "title": ("hold a text in en and one in zh", _texts),
}
_SUPERVISED: _Rules = {"minutes": _WHOLE}
_WORK: _Rules = {"files": ("list the files to hand in", _list)}
_FILE: _Rules = {
    "name": (
        "be small letters, digits and hyphens",
        lambda value: isinstance(value, str) and bool(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", value)),
    ),
    "part": ("name a graded part", _text),
    "formats": (f"be some of {', '.join(FORMATS)}", _formats),
    "megabytes": ("be a whole number from 1 to 50", lambda value: _whole(value) and value <= 50),
    "title": ("hold a text in en and one in zh", _texts),
}
_INTERVIEW: _Rules = {"part": ("name a graded part", _text), "minutes": _WHOLE, "panel": _WHOLE}


def read_practical(path: Path, root: Path) -> Practical:
    """Read a practical task of the bank; :class:`ItemError` names the file and what is wrong.

    A header with ``files`` makes it a work product, one with ``minutes`` a supervised notebook.
    """
    source = notebooks.read(path, root)
    header = source.header.get("practical")
    is_work = isinstance(header, Mapping) and "files" in header
    _check(source, "practical", header, {**_HEADER, **(_WORK if is_work else _SUPERVISED)})
    assert isinstance(header, Mapping)  # _check refuses everything else
    for cell in source.cells:
        _check_cell(source.where(cell.line), cell.metadata.get("nbgrader", {}))
    drawing = [cell for cell in source.cells if _DATA_TAG in cell.metadata.get("tags", ())]
    if len(drawing) != (0 if is_work else 1):
        wanted = "a work product has no code cell" if is_work else "one code cell"
        raise ItemError(f"{source.where()}: {wanted} tagged {_DATA_TAG} is wanted, {len(drawing)} found")
    cells = tuple(cell for cell in source.cells if cell not in drawing)
    return Practical(
        id=header["id"],
        level=header["level"],
        version=header["version"],
        minutes=0 if is_work else header["minutes"],
        title=Bilingual(**header["title"]),
        source=Notebook(source.path, source.header, source.lines, cells),
        draw="" if is_work else drawing[0].source,
        work=_work(source, header) if is_work else None,
    )


def _check(source: Notebook, place: str, words: Any, rules: _Rules) -> None:
    """Refuse a table of the header that lacks something or holds something else than it should."""
    if not isinstance(words, Mapping) or any(name not in words for name in rules):
        entry = place.removeprefix("practical.")
        raise ItemError(f"{source.where(place)}: the header wants `{entry}:` with {', '.join(rules)}")
    for name, (wanted, right) in rules.items():
        if not right(words[name]):
            raise ItemError(f"{source.where(f'{place}.{name}')}: `{name}` must {wanted}, got {words[name]!r}")


def _work(source: Notebook, header: Mapping[str, Any]) -> WorkProduct:
    """The files and the interview, each of which belongs to a graded part, and every part to something."""
    for number, words in enumerate(header["files"]):
        _check(source, f"practical.files.{number}", words, _FILE)
    files = tuple(
        WorkFile(one["name"], one["part"], tuple(one["formats"]), one["megabytes"], Bilingual(**one["title"]))
        for one in header["files"]
    )
    interview = None
    if "interview" in header:
        _check(source, "practical.interview", header["interview"], _INTERVIEW)
        interview = Interview(**{name: header["interview"][name] for name in _INTERVIEW})
    parts = {str(words["grade_id"]) for words in _graded(source)}
    named = {one.part for one in files} | ({interview.part} if interview else set())
    if parts != named or len({one.name for one in files}) != len(files):
        raise ItemError(
            f"{source.where('practical.files')}: files and interview name each graded part "
            f"({', '.join(sorted(parts)) or 'none'}), and each file has a name of its own, "
            f"got {', '.join(sorted(named))}"
        )
    if interview and any(one.part == interview.part for one in files):
        raise ItemError(f"{source.where('practical.interview')}: the interview is a part of its own, without files")
    return WorkProduct(files, interview)


def _graded(source: Notebook) -> Iterable[Mapping[str, Any]]:
    return (cell.metadata["nbgrader"] for cell in source.cells if cell.metadata.get("nbgrader", {}).get("grade"))


def _check_cell(where: str, words: Any) -> None:
    """Refuse what nbgrader's flags of a cell may not be in an exam."""
    if not isinstance(words, Mapping):
        raise ItemError(f"{where}: `nbgrader` must hold the flags of the cell, got {words!r}")
    name, points = str(words.get("grade_id", "")), words.get("points")
    if re.fullmatch(r"q\d+", name):  # a mark is known by its seat and this name
        raise ItemError(f"{where}: {name} is the name of a slot of the written part; rename it")
    if words.get("grade") and (isinstance(points, bool) or not isinstance(points, int | float) or not points > 0):
        raise ItemError(f"{where}: a graded cell must have points above 0, got {points!r}")


def seat_data(practical: Practical, seed: int) -> dict[str, bytes]:
    """The data files of one seat, drawn by its seed: file name to CSV bytes, the same for the same seed."""
    names: dict[str, Any] = {}
    try:
        # The bank's own code, reviewed like its items; never a candidate's.
        exec(compile(practical.draw, f"{practical.source.path} ({_DATA_TAG})", "exec"), names)
        frames = names["data"](np.random.default_rng(seed))
    except Exception as error:
        raise ItemError(f"{practical.source.path}: data(rng) fails for seed {seed}: {error!r}") from error
    return {name: _csv(frame) for name, frame in frames.items()}


def _csv(frame: pd.DataFrame) -> bytes:
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()
