"""The written part of an exam as a notebook with one graded cell a slot, so that nbgrader can keep its marks."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["WrittenSlot", "submitted_written", "written_notebook"]

# nbgrader puts this text in the place of a written solution, and reads it, unchanged, as "no response": 0 points.
_NO_ANSWER = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class WrittenSlot:
    """One slot of the written part; every seat has the same names and points, each its own question and answer."""

    name: str
    points: float
    by_hand: bool = False
    """A person marks it; otherwise the mark comes from :func:`grader.nbcourse.set_marks`."""
    question: str = ""
    """Plain Markdown of the exam office, shown to the marker."""
    answer: str = ""
    """The candidate's words, as typed; shown as plain text."""


def written_notebook(slots: Sequence[WrittenSlot]) -> dict[str, Any]:
    """The source of the written part: graded cells with neither questions nor answers."""
    return _notebook([_graded(slot, "") for slot in slots])


def submitted_written(slots: Sequence[WrittenSlot]) -> dict[str, Any]:
    """The written part of one seat: before each graded cell the question, and the answer that a machine marked."""
    cells = []
    for slot in slots:
        cells.append(_markdown(f"{slot.name}-question", f"**{slot.name}**\n\n{slot.question}"))
        if not slot.by_hand:
            cells.append(_markdown(f"{slot.name}-answer", _plain(slot.answer) or "*no answer / 未作答*"))
        cells.append(_graded(slot, slot.answer))
    return _notebook(cells)


def _graded(slot: WrittenSlot, answer: str) -> dict[str, Any]:
    words = {"grade_id": slot.name, "grade": True, "locked": not slot.by_hand, "solution": slot.by_hand}
    words |= {"points": slot.points, "schema_version": 3, "task": False}
    if slot.by_hand:
        said = _plain(answer)
        if said == _NO_ANSWER:  # typed by a candidate it is an answer
            said = f"&#{ord(said[0])};{said[1:]}"
        cell = _markdown(slot.name, said or _NO_ANSWER)
        words["cell_type"] = "markdown"
    else:
        text = f"# {slot.name}: the mark is worked out by the exam office."
        cell = {"cell_type": "code", "execution_count": None, "id": slot.name, "outputs": [], "source": text}
        words["cell_type"] = "code"
    return {**cell, "metadata": {"nbgrader": words}}


def _plain(text: str) -> str:
    """The candidate's words as Markdown that shows them unchanged: no tag of theirs may live in a trainer's browser."""
    lines = html.escape(text.strip(), quote=False).splitlines()
    return "  \n".join(line.translate({ord(mark): f"\\{mark}" for mark in "\\`*_[]#|$!"}) for line in lines)


def _markdown(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
