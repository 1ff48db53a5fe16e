"""A student leaves a course for good: folders, marks and name, and what SQLite would have kept of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text

from grader.nbcourse._convert import gradebook
from grader.nbcourse._files import check_name

__all__ = ["folders_of", "forget"]

_STEPS = ("submitted", "autograded", "feedback", "marks", "data")
"""Folders of a course that have a folder for each student in them."""


def folders_of(course: Path, student: str, assignment: str = "*") -> list[Path]:
    """The folders that hold what a student handed in, and what came of it."""
    check_name("student id", student)
    return [path for step in _STEPS for path in sorted((course / step / student).glob(assignment)) if path.is_dir()]


def forget(course: Path, student: str) -> None:
    """Remove a student, with every folder and mark; nothing happens where the course does not know the student."""
    check_name("student id", student)
    if not (course / "gradebook.db").is_file():
        return
    for step in _STEPS:
        shutil.rmtree(course / step / student, ignore_errors=True)
    with gradebook(course) as book:
        if any(one.id == student for one in book.students):
            book.db.execute(text("PRAGMA secure_delete = ON"))
            book.remove_student(student)
        book.db.commit()
        book.db.execute(text("VACUUM"))  # what was removed before the setting leaves the free pages too
