"""nbgrader's steps from a submitted notebook to a graded one: the same classes, on data, without the gradebook."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.api import MissingEntry
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from grader.errors import AcademyError, GradingError
from grader.nbcourse._cells import as_nodes, normalise, restore_missing
from grader.nbcourse._convert import Preprocessor, quiet
from grader.nbcourse._plan import Graded, Handed, NotebookPlan, Plan, make_work

__all__ = ["KNOWN", "grade_handed", "run_steps", "trust_schemas"]


class _OverwriteCells(OverwriteCells):  # type: ignore[misc]
    """nbgrader's own, with the plan in the place of the gradebook."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        words = resources["nbgrader"]
        self.notebook_id, self.assignment_id = words["notebook"], words["assignment"]
        self.gradebook = _Kept(words["plan"])
        for number, cell in enumerate(notebook.cells):
            notebook.cells[number], resources = self.preprocess_cell(cell, resources, number)
        if self.add_missing_cells:
            notebook, resources = self.add_missing_grade_cells(notebook, resources)
            notebook, resources = self.add_missing_task_cells(notebook, resources)
        return notebook, resources


class _OverwriteKernelspec(OverwriteKernelspec):  # type: ignore[misc]
    """nbgrader's own, with the plan in the place of the gradebook."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        kernel = resources["nbgrader"]["plan"].kernelspec
        if kernel:
            notebook.metadata["kernelspec"] = as_nodes(kernel, type(notebook.metadata))
        return notebook, resources


class _Kept:
    """The part of nbgrader's gradebook that its ``OverwriteCells`` asks."""

    def __init__(self, plan: NotebookPlan) -> None:
        self._plan = plan
        cells = {name: SimpleNamespace(name=name, **words) for name, words in plan.cells.items()}
        for cell in cells.values():
            cell.max_score = getattr(cell, "points", None)
        self._cells = cells

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SimpleNamespace:
        if name not in self._cells:
            raise MissingEntry(f"No such source cell: {assignment}/{notebook}/{name}")
        return self._cells[name]

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> SimpleNamespace:
        cell = self.find_source_cell(name, notebook, assignment)
        if not (cell.grade or cell.task):
            raise MissingEntry(f"No such graded cell: {assignment}/{notebook}/{name}")
        return cell

    def find_notebook(self, notebook: str, assignment: str) -> SimpleNamespace:
        cells = list(self._cells.values())
        kinds = {
            f"{kind}_cells": [cell for cell in cells if getattr(cell, kind)] for kind in ("grade", "solution", "task")
        }
        return SimpleNamespace(source_cells=cells, **kinds)


KNOWN: dict[str, Any] = {
    "ClearOutput": ClearOutput,
    "DeduplicateIds": DeduplicateIds,
    "OverwriteKernelspec": _OverwriteKernelspec,
    "OverwriteCells": _OverwriteCells,
    "CheckCellMetadata": CheckCellMetadata,
    "IgnorePattern": IgnorePattern,
    "ClearMetadataPreprocessor": ClearMetadataPreprocessor,
    "LimitOutput": LimitOutput,
    "normalise": normalise,
    "restore_missing": restore_missing,
}
"""Steps that need no gradebook, by the name of nbgrader's or our own."""


def trust_schemas() -> None:
    """Spare this process the proof of nbgrader's own schema, which jsonschema would give anew for every cell.

    Cells are held against the schema as before.
    """
    validator_for(MetadataValidator().schema).check_schema = classmethod(lambda kind, schema, *_, **__: None)


def grade_handed(plan: Plan, handed: Handed, execute: Preprocessor) -> dict[str, Graded | str]:
    """Every notebook of a submission, graded, or the sentence that says why it could not be.

    ``execute`` runs the cells, as nbgrader's ``Execute`` would. Only what would stop every submission is raised.
    """
    results: dict[str, Graded | str] = {}
    for name, content in handed.notebooks.items():
        if name not in handed.wrong:
            results[name] = _grade(plan, handed, name, content, execute)
    return results


def _grade(plan: Plan, handed: Handed, name: str, content: bytes, execute: Preprocessor) -> Graded | str:
    began = time.monotonic()
    words = {"student": handed.student, "assignment": plan.assignment, "notebook": name, "db_url": ""}
    work = make_work(words, handed.files, plan.files, handed.data, plan.own, handed.marks, plan.limits, plan.hidden)
    resources = {"nbgrader": {**words, "plan": plan.notebooks[name]}, "metadata": {"name": name}, "work": work}
    results: list[Graded] = []

    def settle(notebook: Any, resources: Any) -> tuple[Any, Any]:
        results.append(_settled(notebook, resources.get("unjudged", {})))
        return notebook, resources

    try:
        steps = [*_made(plan.before), execute, *_made(plan.after), settle]
        text = run_steps(steps, content.decode("utf-8"), resources)
        return replace(results[0], text=text, seconds=time.monotonic() - began)
    except GradingError as error:
        return str(error)
    except AcademyError:
        raise  # a missing tool stops the batch: no submission could be graded
    except Exception as error:
        return f"the notebook cannot be graded: {_short(error)}"


def run_steps(steps: Sequence[Preprocessor], text: str, resources: Any) -> str:
    """Take a notebook through the steps as nbconvert does, but hold it against the format once, at the end."""
    exporter = NotebookExporter(default_preprocessors=[], optimistic_validation=True)  # type: ignore[no-untyped-call]
    for step in steps:
        exporter.register_preprocessor(step)  # type: ignore[no-untyped-call]
    with quiet():
        made, _ = exporter.from_file(io.StringIO(text), resources=resources)
    return str(made).encode(errors="replace").decode()  # half of a character cannot be written


def _settled(notebook: Any, unjudged: Mapping[str, str]) -> Graded:
    """Marks and comments of an executed notebook, by the rules of nbgrader's ``SaveAutoGrades``."""
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook.cells:
        if is_grade(cell):
            name = cell.metadata.nbgrader["grade_id"]
            scores[name] = None if name in unjudged else determine_grade(cell)[0]
        if is_solution(cell) or is_task(cell):
            same = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
            comments[cell.metadata.nbgrader["grade_id"]] = "No response." if same else None
    return Graded("", scores, comments, dict(unjudged), 0.0)


def _made(steps: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Preprocessor]:
    return [KNOWN[name](**settings) if isinstance(KNOWN[name], type) else KNOWN[name] for name, settings in steps]


def _short(error: Exception) -> str:
    lines = str(error).encode(errors="replace").decode().strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
