"""A small course with two notebooks in one assignment, answers of many kinds, and its marks as plain rows."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader import nbcourse

DUE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)

WORK = {
    "setup": "import numpy as np\n\ncalls = np.loadtxt('calls.csv')",
    "load": "### BEGIN SOLUTION\nload = float(calls.sum()) * 240 / 1800\n### END SOLUTION",
    "t-load": "assert load > 0, 'load: a number above 0 is wanted'\n"
    "### BEGIN HIDDEN TESTS\nassert abs(load - np.loadtxt('calls.csv').sum() * 240 / 1800) < 1e-9\n"
    "### END HIDDEN TESTS",
    "peaks": "### BEGIN SOLUTION\npeaks = {'07': 100, '08': 120, '09': 80}\n### END SOLUTION",
    "t-peaks": "right = {'07': 100, '08': 120, '09': 80}\nsum(1 for hour in right if peaks[hour] == right[hour])",
    "why": "because",
}
PLAN = {
    "own": "### BEGIN SOLUTION\nprint('mine')\n### END SOLUTION",
    "task": "Write a plan.\n\n### BEGIN MARK SCHEME\nx\n",
}
PLAN["task"] += "### END MARK SCHEME"
POINTS = {"t-load": 2, "t-peaks": 3, "why": 4, "own": 5, "task": 6}
ANSWERS = {
    "load": "load = float(calls.sum()) * 240 / 1800\nprint('load', load)",
    "peaks": "peaks = {'07': 100, '08': 120, '09': 80}",
    "why": "Since the load is what needs agents.",
    "own": "print('my own work')",
}


def cell(name: str, source: str) -> dict[str, Any]:
    """A cell with nbgrader's flags, by the kind that its name says."""
    test, by_hand, task = name.startswith("t-"), name in ("why", "own"), name == "task"
    given = name == "setup"
    words = {"grade_id": name, "grade": test or by_hand, "solution": not (test or given or task), "task": task}
    words |= {"locked": test or given or task, "schema_version": 3}
    words |= {"points": POINTS[name]} if name in POINTS else {}
    kind: dict[str, Any] = {"cell_type": "markdown" if name in ("why", "task") else "code"}
    kind |= {"outputs": [], "execution_count": None} if kind["cell_type"] == "code" else {}
    return {**kind, "id": name, "source": source, "metadata": {"nbgrader": words}}


def notebook(cells: list[dict[str, Any]], language: str = "python") -> dict[str, Any]:
    """A notebook of these cells."""
    kernel = {"display_name": language, "language": language, "name": "python3" if language == "python" else "ir"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def make(root: Path) -> Path:
    """A course of a centre with its assignment ``hw`` released."""
    nbcourse.create(root, course_id="cc", exchange=root.parent / "exchange")
    release(root)
    return root


def release(root: Path) -> None:
    """Publish ``hw``."""
    notebooks = {
        "work.ipynb": notebook([cell(name, text) for name, text in WORK.items()]),
        "plan.ipynb": notebook([cell(name, text) for name, text in PLAN.items()]),
    }
    nbcourse.publish(root, "hw", notebooks, {"calls.csv": b"100\n120\n80\n"})


def filled(root: Path, name: str, without: str = "", **answers: str) -> dict[str, Any]:
    """The released notebook with these answers in the place of the right ones."""
    work: dict[str, Any] = json.loads((root / "release" / "hw" / f"{name}.ipynb").read_text("utf-8"))
    answers = {**ANSWERS, **answers}
    for one in work["cells"]:
        one["source"] = answers.get(one["id"], "".join(one["source"]))
    work["cells"] = [one for one in work["cells"] if one["id"] != without]
    return work


def hand_in(
    root: Path, student: str, late_min: float = -30, files: dict[str, bytes] | None = None, **words: str
) -> None:
    """Hand in both notebooks."""
    notebooks = {f"{name}.ipynb": filled(root, name, **words) for name in ("work", "plan")}
    nbcourse.submit(root, student, "hw", {**notebooks, **(files or {})}, DUE + timedelta(minutes=late_min))


def copied(root: Path, to: Path) -> Path:
    """Another course of the same content at another place."""
    shutil.copytree(root, to)
    return to


def tree(root: Path, step: str = "autograded") -> dict[str, tuple[int, bytes]]:
    """Every file below a step's folder, with its mode."""
    paths = sorted(path for path in (root / step).rglob("*") if path.is_file())
    return {str(path.relative_to(root)): (path.stat().st_mode & 0o777, path.read_bytes()) for path in paths}


def rows(root: Path, book: str = "gradebook.db") -> dict[str, list[tuple[Any, ...]]]:
    """What the gradebook holds of submissions, without its random ids."""
    joined = (
        "FROM submitted_assignment s JOIN submitted_notebook n ON n.assignment_id = s.id "
        "JOIN notebook b ON b.id = n.notebook_id"
    )
    queries = {
        "students": "SELECT id, first_name, last_name, email FROM student ORDER BY 1",
        "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment ORDER BY 1",
        "notebooks": f"SELECT s.student_id, b.name, n.flagged, n.late_submission_penalty {joined} ORDER BY 1, 2",
        "grades": "SELECT s.student_id, b.name, c.name, g.auto_score, g.manual_score, g.extra_credit, "
        f"g.needs_manual_grade {joined} JOIN grade g ON g.notebook_id = n.id JOIN base_cell c ON c.id = g.cell_id "
        "ORDER BY 1, 2, 3",
        "comments": "SELECT s.student_id, b.name, c.name, m.auto_comment, m.manual_comment "
        f"{joined} JOIN comment m ON m.notebook_id = n.id JOIN base_cell c ON c.id = m.cell_id ORDER BY 1, 2, 3",
    }
    with closing(sqlite3.connect(root / book)) as db:
        return {name: db.execute(query).fetchall() for name, query in queries.items()}


def run_sql(root: Path, statement: str) -> None:
    """Change the gradebook as somebody else would."""
    with closing(sqlite3.connect(root / "gradebook.db")) as db:
        db.execute(statement)
        db.commit()
