"""The parts of a practical that a person marks: the task in both languages, its rubric, the model answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .. import marking
from ..model import LANGUAGES, Bilingual, Criterion

if TYPE_CHECKING:
    from ..exams import Practical
    from ..notebooks import NotebookCell

__all__ = ["criteria_of", "hand_tasks"]

TABLE = re.compile(r"(?:^\|.*\|[ \t]*\n?)+", re.M)


def hand_tasks(practical: Practical) -> dict[str, dict[str, Any]]:
    """For each graded answer cell ``question`` (en, zh), ``criteria`` and ``sample``, as the office keeps them."""
    cells, found = practical.source.cells, {}
    for number, cell in enumerate(cells):
        words = cell.metadata.get("nbgrader", {})
        if not words.get("grade") or not (words.get("solution") or words.get("task")):
            continue
        prompt, points = _prompt(cells[:number]), float(words["points"])
        rubric = marking.read_rubric(prompt.en, prompt.zh)
        told = sum(line.points for line in rubric) == points  # other tables begin with numbers too
        found[str(words["grade_id"])] = {
            "question": {name: _without_rubric(prompt.say(name)) if told else prompt.say(name) for name in LANGUAGES},
            "criteria": [asdict(line) for line in (rubric if told else marking.whole_rubric(points))],
            "sample": cell.source,
        }
    return found


def criteria_of(task: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """The rubric that :func:`hand_tasks` wrote."""
    return tuple(Criterion(line["id"], Bilingual(**line["text"]), line["points"]) for line in task["criteria"])


def _prompt(before: tuple[NotebookCell, ...]) -> Bilingual:
    """The text cells that stand directly before an answer cell."""
    prompt: list[NotebookCell] = []
    for cell in reversed(before):
        if cell.kind != "markdown" or cell.metadata.get("nbgrader"):
            break  # the answer of the part before it is a text cell too
        prompt.insert(0, cell)
    said = ["\n\n".join(cell.source for cell in prompt if cell.language in (None, language)) for language in LANGUAGES]
    return Bilingual(*said)


def _without_rubric(text: str) -> str:
    """The task without the table of its rubric, which stands beside the answer."""
    return TABLE.sub(lambda table: "" if marking.read_rubric(table[0], table[0]) else table[0], text).strip()
