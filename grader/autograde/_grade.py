"""Grades one sanitised notebook: the candidate's cells run in the sandbox, the test cells in the judge."""

from __future__ import annotations

import ast
import math
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from grader.errors import GradingError, InputError
from grader.judge import Judge, JudgeServer, Verdict
from grader.nbcourse import Work
from grader.sandbox import Limits, Sandbox, SandboxServer

__all__ = ["Engine", "grade", "limits_of"]


class Engine:
    """The servers of this process: of judges at once, of warm sandboxes when a second notebook shows their worth."""

    def __init__(self, *, warm: bool = False) -> None:
        self._warm, self._stack = warm, ExitStack()
        self._sandboxes: SandboxServer | None = None
        self._judges: JudgeServer | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def cold(self) -> str | None:
        """Why this machine starts every sandbox cold; None when it does not, or no server was needed yet."""
        return self._sandboxes.cold if self._sandboxes else None

    def servers(self) -> tuple[SandboxServer | None, JudgeServer]:
        """The two servers; none of sandboxes for a first notebook, which a cold start serves sooner."""
        if self._sandboxes is None and self._warm:
            self._sandboxes = self._stack.enter_context(SandboxServer())
        if self._judges is None:
            self._judges = self._stack.enter_context(JudgeServer())
        self._warm = True
        return self._sandboxes, self._judges


def grade(notebook: Any, work: Work, limits: Limits | None = None, engine: Engine | None = None) -> Mapping[str, str]:
    """Run one sanitised notebook and write outputs and marks into it; returns the cells that a person must judge.

    A passed test cell has no output, a failed one an error with the assertion's sentence, partial credit its number:
    what nbgrader's ``SaveAutoGrades`` reads. Marks that were worked out elsewhere (``work.marks``) are entered as they
    are. Raises :class:`GradingError` when the notebook or its marks cannot be used.
    """
    language = notebook["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise GradingError(f"the notebook is written in {language}, and only Python can be graded")
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        name, points = _test(cell)
        if name is not None and name in work.marks:
            _given(name, work.marks[name], points)
    try:
        return _run(cells, work, limits, engine)
    except GradingError:  # a server ended that carried it; nothing of that run is kept
        return _run(cells, work, limits, engine)


def _run(cells: list[Any], work: Work, limits: Limits | None, engine: Engine | None) -> dict[str, str]:
    """Run the cells one after the other in a fresh sandbox with a fresh judge."""
    unjudged = {}
    for cell in cells:
        cell["outputs"] = []
    with ExitStack() as stack:
        engine = engine or stack.enter_context(Engine())
        pair = _Pair(work, limits or limits_of(work.limits), engine, stack)
        # Before the first cell, wherever the candidate put them; the first of two that define a name comes last.
        pair.given = [cell["source"] for cell in reversed(cells) if _locked(cell) and _test(cell)[0] is None]
        for number, cell in enumerate(cells, start=1):
            name, points = _test(cell)
            if name is None:
                pair.run(cell, number)
                continue
            given = work.marks.get(name)
            verdict = pair.check(cell["source"], points) if given is None else _given(name, given, points)
            cell["outputs"] = _shown(verdict)
            if verdict.state == "unjudged":
                unjudged[name] = verdict.sentence
    return unjudged


def _locked(cell: Any) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("locked"))


def _test(cell: Any) -> tuple[str | None, float]:
    """Name and points of a test cell; no name for any other cell."""
    words = cell["metadata"].get("nbgrader", {})
    test = words.get("grade") and not words.get("solution")
    return (words["grade_id"], float(words["points"])) if test else (None, 0.0)


@dataclass
class _Pair:
    """A submission's sandbox and judge; neither starts before it is needed, since a written part needs none."""

    work: Work
    limits: Limits
    engine: Engine
    stack: ExitStack
    given: list[str] = field(default_factory=list)
    """Read-only cells of the trainer's."""
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
        if _locked(cell):
            judge.give(cell["source"])

    def check(self, source: str, points: float) -> Verdict:
        """Judge a test cell at its place among the candidate's cells."""
        if theirs := sorted(_imported(source) & {Path(name).stem for name in self.work.own}):
            why = f"the test imports {theirs[0]}, a file that candidates may change: it cannot be judged by program"
            return Verdict("unjudged", None, "CannotCross", why)
        return self._start()[1].check(source, points)

    def _start(self) -> tuple[Sandbox, Judge]:
        if self._started is None:
            boxes, judges = self.engine.servers()
            sandbox = self.stack.enter_context(Sandbox(self.work.files, self.limits, server=boxes))
            folder = self.stack.enter_context(_folder(self.work.trusted))
            limit_s = 2 * self.limits.cell_s  # of a test's own work, beside what it asks of the sandbox
            judge = self.stack.enter_context(Judge(folder, sandbox.request, limit_s, server=judges))
            for source in self.given:
                judge.give(source)
            self._started = sandbox, judge
        return self._started


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder for the judge with data files of the trainer and of the exam office."""
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        for path, data in files.items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_bytes(data)
        yield Path(name)


def _imported(source: str) -> set[str]:
    """Modules that a cell imports; none for a cell that is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def limits_of(words: Mapping[str, float]) -> Limits:
    """The sandbox's limits with what the course's configuration says."""
    names = {one.name: one.type for one in fields(Limits)}
    for name, value in words.items():
        if name not in names:
            raise InputError(f"Limits.{name} is no limit; there are {', '.join(names)}")
        if not 0 < value < math.inf:
            raise InputError(f"Limits.{name} must be above 0, got {value:g}")
    return Limits(**{name: int(value) if names[name] == "int" else value for name, value in words.items()})  # type: ignore[arg-type]


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
