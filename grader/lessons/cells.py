"""The exercises of a lesson: code that runs in two processes, tests that the judge can use, prompts that survive."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.errors import Problem
from grader.notebooks import Notebook, NotebookCell

__all__ = ["check_exercises", "exercise_of", "kind"]

FLAGS = ("grade", "solution", "locked", "task")
KINDS = {  # grade, solution, locked, task
    (False, False, True, False): "read-only",
    (False, True, False, False): "answer",
    (True, False, True, False): "test",
    (True, True, False, False): "written",
}
ID = re.compile(r"[A-Za-z0-9_-]+")
MARKER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS)")
FEWEST, MOST = 3, 6
RUBRIC_ROW = re.compile(r"^\|\s*(\d+(?:\.\d+)?)\s*\|", re.M)

Fault = tuple[int, str]


def check_exercises(lesson: Notebook) -> list[Problem]:
    """What is wrong in code cells and in what nbgrader knows of each cell."""
    faults = [fault for check in (_code, _flags, _names, _markers, _order, _written) for fault in check(lesson.cells)]
    kinds = [kind(cell) for cell in lesson.cells]
    if not FEWEST <= kinds.count("answer") <= MOST:
        faults.append((1, f"a lesson must have {FEWEST} to {MOST} exercises, this one has {kinds.count('answer')}"))
    if not kinds.count("written"):
        faults.append((1, "a lesson must have one written task, a Markdown cell that is graded by hand; add it"))
    return [Problem(lesson.where(line), sentence) for line, sentence in faults]


def kind(cell: NotebookCell) -> str | None:
    """``answer``, ``test``, ``written`` or ``read-only``; None for any other cell, and for senseless flags."""
    mark = _mark(cell)
    flags = tuple(mark.get(name) for name in FLAGS)
    found = next((name for wanted, name in KINDS.items() if flags == wanted), None)
    wanted = {"answer": "code", "test": "code", "written": "markdown"}.get(found or "")
    return found if mark and wanted in (None, cell.kind) else None


def exercise_of(cell: NotebookCell) -> str:
    """The name of the exercise that an answer cell belongs to: ``e3`` of ``e3-answer``."""
    return str(_mark(cell).get("grade_id")).removesuffix("-answer")


def _mark(cell: NotebookCell) -> Mapping[str, Any]:
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def _code(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """Code that is no plain Python: the sandbox runs no magics."""
    for cell in cells:
        if cell.kind == "code":
            try:
                _parse(cell)
            except SyntaxError as error:
                line = cell.line + (error.lineno or 1) - 1
                yield line, f"code must be plain Python, without magics, and this is not: {error.msg}; mend it"


def _parse(cell: NotebookCell) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape is the business of the test that runs the lesson
        return ast.parse(cell.source)


def _flags(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for cell in cells:
        if "nbgrader" not in cell.metadata:
            continue
        mark = _mark(cell)
        if kind(cell) is None:
            wanted = "a code answer, a code test, a written Markdown answer or a read-only cell"
            todo = "set them in the Create Assignment panel"
            yield cell.line, f"the cell's nbgrader flags must make it {wanted}, got {dict(mark)}; {todo}"
            continue
        name, points = mark.get("grade_id"), mark.get("points")
        if not isinstance(name, str) or not ID.fullmatch(name):
            yield cell.line, f"`grade_id` must be letters, digits, - and _, got {name!r}; rename it"
        elif name in seen:
            yield cell.line, f"`grade_id` must be unique, and {name!r} stands in line {seen[name]} too; rename one"
        seen.setdefault(str(name), cell.line)
        if mark.get("schema_version") != 3:
            yield cell.line, f"`schema_version` must be 3, got {mark.get('schema_version')!r}"
        right = isinstance(points, int | float) and not isinstance(points, bool) and points > 0
        if mark["grade"] and not right:
            yield cell.line, f"a graded cell must have points above 0, got {points!r}; give them"
        if not mark["grade"] and points is not None:
            yield cell.line, f"only a graded cell has points, this one has {points!r}; take them out"
        if cell.language is not None:
            yield cell.line, "a cell that nbgrader knows must be the same in both languages; take its lang out"


def _names(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """Names in a test that the judge cannot know: it has the learner's plain values, and what the test imports."""
    given: set[str] = set()
    for cell in cells:
        try:
            tree = _parse(cell) if cell.kind == "code" else None
        except SyntaxError:
            tree = None
        if tree is None:
            continue
        stored, bound, used = _used(tree)
        if kind(cell) == "test":
            for name, line in used.items():
                if name not in stored | bound | given and not hasattr(builtins, name):
                    todo = "import it in the test cell, or let a cell before it assign it"
                    yield cell.line + line - 1, f"the test uses {name!r}, which the judge does not have; {todo}"
        else:
            given = (given | stored) - bound


def _used(tree: ast.Module) -> tuple[set[str], set[str], dict[str, int]]:
    """Names that are assigned, names that are imported or defined, and names that are read with their line."""
    stored: set[str] = set()
    bound: set[str] = set()
    used: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                used.setdefault(node.id, node.lineno)
            else:
                stored.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            stored.add(node.arg)
    return stored, bound, used


def _markers(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """BEGIN and END of solutions and hidden tests; around the hidden tests, a check that the learner sees."""
    for cell in cells:
        found = [
            (cell.line + number, marker[1], marker[2])
            for number, line in enumerate(cell.source.split("\n"))
            if (marker := MARKER.search(line))
        ]
        wanted = {"answer": "SOLUTION", "test": "HIDDEN TESTS"}.get(kind(cell) or "")
        pairs = [part for _, word, part in found if word == "BEGIN"]
        ordered = [(word, part) for part in pairs for word in ("BEGIN", "END")]
        paired = [(word, part) for _, word, part in found] == ordered
        if not paired:
            yield found[0][0], "every ### BEGIN must have its ### END of the same kind after it; mend them"
        for line, _, part in found:
            if part != wanted and kind(cell) != "written":
                yield line, f"{part} stands in {'a test' if part == 'HIDDEN TESTS' else 'an answer'} cell only; move it"
        if wanted and wanted not in pairs:
            yield cell.line, f"the cell must have its lines between ### BEGIN {wanted} and ### END {wanted}; add these"
        elif wanted == "HIDDEN TESTS" and paired:
            yield from _visible(cell)


def _visible(cell: NotebookCell) -> Iterator[Fault]:
    hidden: list[str] = []
    shown: list[str] = []
    inside = False
    for line in cell.source.split("\n"):
        inside = (inside or "BEGIN HIDDEN" in line) and "END HIDDEN" not in line
        (hidden if inside else shown).append(line.strip())
    if not any(line.startswith("assert") for line in shown):
        yield cell.line, "before the hidden tests stands a check that the learner sees, and there is no assert; add one"
    if not any(line.startswith("assert") for line in hidden):
        yield cell.line, "the hidden tests must decide, and there is no assert in them; add one"


def _order(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """Every test follows its answer: between the two stand other tests and plain cells only."""
    last = None
    for cell in cells:
        found = kind(cell)
        if found == "test" and last not in ("answer", "test"):
            yield cell.line, "a test cell must come after the cell with its answer; move it or add the answer cell"
        if found == "answer" and last == "answer":
            yield cell.line, "the answer cell before this one has no test; add a graded test cell after it"
        last = found or last
    if last == "answer":
        yield cells[-1].line, "the last answer cell has no test; add a graded test cell after it"


def _written(cells: Sequence[NotebookCell]) -> Iterator[Fault]:
    """A written task: nbgrader replaces the whole text of its answer cell, so the prompt stands before it, locked."""
    for number, cell in enumerate(cells):
        if kind(cell) != "written":
            continue
        prompt: list[NotebookCell] = []
        while len(prompt) < number and cells[number - len(prompt) - 1].language is not None:
            prompt.append(cells[number - len(prompt) - 1])
        if re.search(r"^(#{1,6}\s|\|)", cell.source, re.M):
            yield cell.line, "nbgrader deletes the whole text of this answer cell: move the heading or table before it"
        if not prompt:
            yield cell.line, "the cells before a written answer hold its task and rubric, and there are none; add them"
            continue
        for part in prompt[:2]:
            if part.metadata.get("editable") is not False or part.metadata.get("deletable") is not False:
                flags = '"editable": false, "deletable": false'
                yield part.line, f"the task and rubric must be read-only; add {flags} to the +++ line"
            points = sum(float(row) for row in RUBRIC_ROW.findall(part.source))
            if points != (given := _mark(cell).get("points")):
                yield (
                    part.line,
                    f"the rubric's rows | points | ... must add up to the {given} of the cell, got {points:g}",
                )
