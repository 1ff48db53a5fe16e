"""What a submission of the corpus is: what it tries, how it is made, and the marks that it deserves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.grader.attacks.assignment import FULL, NOTHING, RIGHT

__all__ = ["FLAGS", "FULL", "NOTHING", "NOT_GRADED", "RIGHT", "Case", "Work", "but", "cheat", "honest"]

NOT_GRADED: dict[str, float | None] = dict.fromkeys(FULL)
FLAGS = {"grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}


@dataclass
class Work:
    """A submission in the making: the released notebook and the files beside it."""

    notebook: Any
    course: Path
    """Where the course lies on the machine: a candidate may know it."""
    files: dict[str, bytes] = field(default_factory=dict)
    after: list[Callable[[Path], object]] = field(default_factory=list)
    """What is done to the folder of the submission once it is written: links, pipes."""

    def cell(self, name: str) -> Any:
        return next(cell for cell in self.notebook["cells"] if cell["id"] == name)

    def words(self, name: str) -> Any:
        return self.cell(name)["metadata"]["nbgrader"]

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            self.cell(name)["source"] = dedent(text).strip("\n").replace("{course}", str(self.course))

    def add(self, text: str, name: str = "extra", *, at: int | None = None, **words: object) -> dict[str, Any]:
        """A code cell more, at the end or where it is told."""
        metadata = {"nbgrader": {**FLAGS, **words}} if words else {}
        cell = {
            "cell_type": "code",
            "id": name,
            "source": dedent(text).strip("\n"),
            "outputs": [],
            "execution_count": None,
        }
        cell |= {"metadata": metadata}
        self.notebook["cells"].insert(len(self.notebook["cells"]) if at is None else at, cell)
        return cell

    def move(self, name: str, to: int) -> None:
        cell = self.cell(name)
        self.notebook["cells"].remove(cell)
        self.notebook["cells"].insert(to, cell)

    def raw(self, content: bytes) -> None:
        """Hand in these bytes as the notebook."""
        self.files["work.ipynb"] = content

    def content(self) -> dict[str, bytes]:
        return {"work.ipynb": json.dumps(self.notebook).encode(), **self.files}


@dataclass(frozen=True)
class Case:
    """One submission."""

    tries: str
    make: Callable[[Work], object]
    marks: Mapping[str, float | None] = field(default_factory=lambda: NOTHING)
    """The automatic mark that every test cell deserves; None: it waits for a person."""
    state: str = "graded"


def cheat(tries: str, **texts: str) -> Case:
    """Code in some of the candidate's cells, nothing in the others: it deserves no mark."""
    return Case(tries, lambda work: work.write(**texts))


def honest(tries: str, marks: Mapping[str, float | None] = FULL, state: str = "graded", **texts: str) -> Case:
    """The right answers with some cells put otherwise: what is right keeps its marks."""
    return Case(tries, lambda work: work.write(**{**RIGHT, **texts}), marks, state)


def but(*lost: str) -> dict[str, float | None]:
    """Full marks but for these test cells."""
    return {cell: 0.0 if cell in lost else points for cell, points in FULL.items()}
