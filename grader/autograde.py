"""The sandbox and the judge in the place of nbgrader's Execute: candidate cells run in one, test cells in the other."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import nbcourse
from grader.errors import GradingError
from grader.judge import Judge, Verdict
from grader.nbcourse import Outcome, Place
from grader.sandbox import Limits, Sandbox, check_tools

__all__ = ["autograde", "execute", "grade"]

_FILES_MB = 64


def execute(notebook: Any, resources: Any, limits: Limits | None = None) -> tuple[Any, Any]:
    """The preprocessor that a course names as its executor in ``nbgrader_config.py``."""
    return nbcourse.run_executor(lambda found, place: grade(found, place, limits), notebook, resources)


def autograde(
    course: Path,
    assignment: str,
    students: list[str] | None = None,
    *,
    limits: Limits | None = None,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Grade submissions of any nbgrader course with our executor; see :func:`grader.nbcourse.autograde`."""
    check_tools()

    def run(notebook: Any, resources: Any) -> tuple[Any, Any]:
        return execute(notebook, resources, limits)

    return nbcourse.autograde(course, assignment, students, execute=run, progress=progress)


def grade(notebook: Any, place: Place, limits: Limits | None = None) -> Mapping[str, str]:
    """Run one sanitised notebook and write outputs and marks into it; returns the cells that a person must judge.

    A passed test cell has no output, a failed one an error with the assertion's sentence, partial credit its number:
    what nbgrader's ``SaveAutoGrades`` reads. Marks that were worked out elsewhere (``place.marks``) are entered as they
    are. Raises :class:`GradingError` when the notebook or its marks cannot be used.
    """
    language = notebook["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise GradingError(f"the notebook is written in {language}, and only Python can be graded")
    marks, unjudged = _marks(place), {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        cell["outputs"] = []
    with ExitStack() as stack:
        pair = _Pair(place, limits, stack)
        for number, cell in enumerate(cells, start=1):
            name, points = _test(cell)
            if name is None:
                pair.run(cell, number)
                continue
            verdict = _given(name, marks[name], points) if name in marks else pair.check(cell["source"], points)
            cell["outputs"] = _shown(verdict)
            if verdict.state == "unjudged":
                unjudged[name] = verdict.sentence
    return unjudged


def _test(cell: Any) -> tuple[str | None, float]:
    """Name and points of a test cell; no name for any other cell."""
    words = cell["metadata"].get("nbgrader", {})
    test = words.get("grade") and not words.get("solution")
    return (words["grade_id"], float(words["points"])) if test else (None, 0.0)


@dataclass
class _Pair:
    """A submission's sandbox and judge; neither starts before it is needed, since a written part needs none."""

    place: Place
    limits: Limits | None
    stack: ExitStack
    _started: tuple[Sandbox, Judge] | None = field(default=None)

    def run(self, cell: Any, number: int) -> None:
        """Run a cell of the candidate's, and let the judge know what a read-only cell of the trainer's defines."""
        sandbox, judge = self._start()
        if cell["source"].strip():
            cell["outputs"] = sandbox.run(cell["source"])
        cell["execution_count"] = number
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            judge.give(cell["source"])

    def check(self, source: str, points: float) -> Verdict:
        """Judge a test cell at its place among the candidate's cells."""
        return self._start()[1].check(source, points)

    def _start(self) -> tuple[Sandbox, Judge]:
        if self._started is None:
            trusted = _files(self.place.source) | _files(self.place.data)
            sandbox = self.stack.enter_context(Sandbox(_files(self.place.submitted) | trusted, self.limits))
            folder = self.stack.enter_context(_folder(trusted))
            self._started = sandbox, self.stack.enter_context(Judge(folder, sandbox.request))
        return self._started


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder for the judge with data files of the trainer and of the exam office."""
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        for path, data in files.items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_bytes(data)
        yield Path(name)


def _files(folder: Path) -> dict[str, bytes]:
    """Plain files below ``folder`` that are no notebooks, by relative name; links are left out."""
    found, size = {}, 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        inside = path.relative_to(folder)
        linked = any((folder / part).is_symlink() for part in (inside, *inside.parents))
        if linked or not path.is_file() or path.suffix == ".ipynb" or ".ipynb_checkpoints" in inside.parts:
            continue
        size += path.stat().st_size
        if size > _FILES_MB * 1_000_000:
            raise GradingError(f"the files beside the notebook are larger than {_FILES_MB} MB together")
        found[str(inside)] = path.read_bytes()
    return found


def _marks(place: Place) -> dict[str, float]:
    """Marks worked out elsewhere, by cell."""
    if not place.marks.is_file():
        return {}
    try:
        marks = {str(name): float(mark) for name, mark in json.loads(place.marks.read_text(encoding="utf-8")).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise GradingError(f"the marks in {place.marks.name} of {place.student} cannot be read: {error}") from error
    return marks


def _given(name: str, mark: float, points: float) -> Verdict:
    if not (math.isfinite(mark) and 0 <= mark <= points):
        raise GradingError(f"the mark of {name} is {mark:g}, which is not between 0 and {points:g}")
    return Verdict("score", mark)


def _shown(verdict: Verdict) -> list[dict[str, Any]]:
    """The verdict as outputs of the test cell, as nbgrader reads them."""
    if verdict.state == "passed":
        return []
    if verdict.state == "score":
        data = {"text/plain": repr(verdict.score)}
        return [{"output_type": "execute_result", "data": data, "execution_count": None, "metadata": {}}]
    line = f"{verdict.ename}: {verdict.sentence}"
    return [{"output_type": "error", "ename": verdict.ename, "evalue": verdict.sentence, "traceback": [line]}]
