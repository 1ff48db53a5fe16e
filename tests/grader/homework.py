"""Homework of three tests and a written answer, handed in and graded behind cold walls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import nbcourse
from grader.sandbox import Limits
from tests.grader import in_process

__all__ = [
    "BANK",
    "ENGINE",
    "FULL",
    "HONEST",
    "NOTHING",
    "NOW",
    "POINTS",
    "QUICK",
    "SOURCE",
    "cell",
    "filled",
    "graded",
    "marks",
    "named",
    "notebook",
    "published",
    "released",
    "servers",
]


BANK = Path(__file__).parent.parent.parent / "question_bank"
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
QUICK = Limits(cell_s=10.0, total_s=30.0)
SOURCE = {
    "setup": "import numpy as np\n\ncalls = np.loadtxt('calls.csv')\n\n\n"
    "def close(a, b):\n    return abs(a - b) < 1e-9",
    "load": "### BEGIN SOLUTION\nload = calls.sum() * 240 / 1800\n### END SOLUTION",
    "t-load": "assert load > 0, 'load: a number above 0 is wanted'\n"
    "### BEGIN HIDDEN TESTS\nassert close(load, np.loadtxt('calls.csv').sum() * 240 / 1800)\n### END HIDDEN TESTS",
    "erlangs": "def erlangs(calls, aht_s):\n"
    "    ### BEGIN SOLUTION\n    return calls * aht_s / 1800\n    ### END SOLUTION",
    "t-erlangs": "assert erlangs(300, 240) == 40\n"
    "### BEGIN HIDDEN TESTS\nassert np.allclose([erlangs(n, 300) for n in (6, 12)], [1, 2])\n### END HIDDEN TESTS",
    "peaks": "### BEGIN SOLUTION\npeaks = {'07': 100, '08': 120, '09': 80}\n### END SOLUTION",
    "t-peaks": "right = {'07': 100, '08': 120, '09': 80}\nsum(1 for hour in right if peaks[hour] == right[hour])",
    "why": "because",
}
POINTS = {"t-load": 2, "t-erlangs": 3, "t-peaks": 3, "why": 4}
FULL = {"t-load": 2.0, "t-erlangs": 3.0, "t-peaks": 3.0}
NOTHING = dict.fromkeys(FULL, 0.0)
HONEST = {
    "load": "load = calls.sum() * 240 / 1800",
    "erlangs": "def erlangs(calls, aht_s):\n    return calls * aht_s / 1800",
    "peaks": "peaks = {'07': 100, '08': 120, '09': 80}",
    "why": "Since the load is what needs agents.",
}


def cell(name: str, source: str) -> dict[str, Any]:
    test, text = name in POINTS and name != "why", name == "why"
    words = {"grade_id": name, "grade": name in POINTS, "solution": not test and name != "setup", "task": False}
    words |= {"locked": test or name == "setup", "schema_version": 3}
    words |= {"points": POINTS[name]} if name in POINTS else {}
    kind: dict[str, Any] = {"cell_type": "markdown" if text else "code"}
    kind |= {} if text else {"outputs": [], "execution_count": None}
    return {**kind, "id": name, "source": source, "metadata": {"nbgrader": words}}


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


ENGINE = in_process.ColdEngine()
"""Every candidate is alone behind walls of his own, as where no warm sandbox can be made."""


def servers() -> Iterator[None]:
    """The fixture ``judges`` of a module of tests, which each of them needs."""
    with ENGINE:
        ENGINE.servers()
        yield


def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture ``course`` of a module of tests."""
    root = tmp_path_factory.mktemp("centre") / "course"
    nbcourse.create(root, course_id="cc", exchange=root.parent / "exchange")
    source = notebook([cell(name, text) for name, text in SOURCE.items()])
    nbcourse.publish(root, "hw", {"work.ipynb": source}, {"calls.csv": b"100\n120\n80\n"})
    return root


def released(course: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((course / "release" / "hw" / "work.ipynb").read_text("utf-8"))
    for one in found["cells"]:
        one["source"] = "".join(one["source"])
    return found


def filled(course: Path, **answers: str) -> dict[str, Any]:
    work = released(course)
    for one in work["cells"]:
        one["source"] = answers.get(one["id"], one["source"])
    return work


def named(work: dict[str, Any], name: str) -> Any:
    return next(one for one in work["cells"] if one["id"] == name)


def marks(course: Path, student: str) -> dict[str, float | None]:
    return {score.cell: score.auto for score in nbcourse.scores(course, "hw", student) if score.cell != "why"}


def graded(course: Path, student: str, files: dict[str, Any], limits: Limits = QUICK) -> dict[str, float | None]:
    nbcourse.submit(course, student, "hw", files, NOW)
    in_process.autograde(course, "hw", [student], limits=limits, engine=ENGINE)
    return marks(course, student)
