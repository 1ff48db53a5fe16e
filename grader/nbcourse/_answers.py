"""What a submission says in the cells that a person marks, as nbgrader took it in."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["answer_texts"]


def answer_texts(course: Path, assignment: str, student: str) -> dict[str, dict[str, str]]:
    """The source of every graded answer cell of an autograded submission, by notebook and cell.

    The autograded copy is read, in which the cells have the names that the trainer gave them, whatever was handed in.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted((course / "autograded" / student / assignment).glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        flags = [(cell, cell["metadata"].get("nbgrader", {})) for cell in cells]
        found[path.stem] = {
            words["grade_id"]: "".join(cell["source"])
            for cell, words in flags
            if words.get("grade") and (words.get("solution") or words.get("task"))
        }
    return found
