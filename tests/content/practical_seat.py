"""A candidate at a practical and the judge behind the wall, as the tests of every practical play them."""

from __future__ import annotations

import functools
import json
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd

from grader.notebooks import NotebookCell, choose, read, to_bytes

FOLDER = Path(__file__).parents[2] / "question_bank" / "practicals"


def flags(cell: Any) -> dict[str, Any]:
    """The nbgrader metadata of a cell, empty when it has none."""
    return dict(cell.metadata.get("nbgrader", {}))


@functools.cache
def cells_of(name: str, language: str) -> tuple[NotebookCell, ...]:
    """The cells of a practical in one language."""
    return choose(read(FOLDER / f"{name}.md"), language).cells


@functools.cache
def _drawer(name: str) -> dict[str, Any]:
    (cell,) = (cell for cell in cells_of(name, "en") if "seat-data" in cell.metadata.get("tags", []))
    namespace: dict[str, Any] = {}
    exec(cell.source, namespace)
    return namespace


def seat_data(name: str, seed: int) -> dict[str, pd.DataFrame]:
    """The files of the seat drawn by ``seed``."""
    found: dict[str, pd.DataFrame] = _drawer(name)["data"](np.random.default_rng(seed))
    return found


def lay(name: str, seed: int) -> dict[str, pd.DataFrame]:
    """Put the files of a seat into the current folder."""
    files = seat_data(name, seed)
    for file, frame in files.items():
        frame.to_csv(file, index=False)
    return files


def solve(name: str, answers: tuple[str, ...], language: str = "en") -> dict[str, Any]:
    """What the candidate's side holds after the model answers have run: the named answers, as plain data."""
    namespace: dict[str, Any] = {}
    for cell in cells_of(name, language):
        if cell.kind == "code" and "seat-data" not in cell.metadata.get("tags", []) and not flags(cell).get("grade"):
            exec(cell.source, namespace)
    plain: dict[str, Any] = json.loads(json.dumps({answer: namespace[answer] for answer in answers}))
    return plain


def judge(name: str, answers: Mapping[str, Any], *only: str) -> dict[str, float]:
    """The points of every test cell, or of some; like the judge, it knows the seat's files and the plain answers."""
    points = {}
    for cell in cells_of(name, "en"):
        if cell.kind == "code" and flags(cell).get("grade") and (not only or flags(cell)["grade_id"] in only):
            namespace = dict(answers)
            try:
                exec(_compiled(cell.source), namespace)
                points[flags(cell)["grade_id"]] = flags(cell)["points"]
            except (AssertionError, NameError, KeyError, TypeError, ValueError):
                points[flags(cell)["grade_id"]] = 0
    return points


@functools.cache
def _compiled(source: str) -> Any:
    return compile(source, "<test cell>", "exec")


@functools.cache
def released(name: str, language: str) -> Any:
    """The notebook as nbgrader would release it: no solutions, no hidden tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's imports warn about themselves
        from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
    whole = choose(read(FOLDER / f"{name}.md"), language)
    shown = tuple(cell for cell in whole.cells if "seat-data" not in cell.metadata.get("tags", []))
    notebook = nbformat.reads(to_bytes(replace(whole, cells=shown)).decode(), as_version=4)
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = step.preprocess(notebook, {})
    return notebook


def visible_checks(name: str) -> list[Any]:
    """The test cells as the candidate sees them."""
    return [cell for cell in released(name, "en").cells if cell.cell_type == "code" and flags(cell).get("grade")]
