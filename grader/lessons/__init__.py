"""Lessons: ``courses/source`` (one bilingual text each) to ``courses/en`` and ``courses/zh``, as trainees get them.

``check`` names every fault of a lesson with file and line; ``source`` is the nbgrader notebook of one language, with
its solutions and hidden tests; ``built`` is the same without them; ``build`` and ``stale`` do it for the whole folder,
with the file that ``ccskills.lesson`` reads, the summary for printing and the home notebook of each level. ``release``
puts a lesson into a course of nbgrader, ``new`` begins one.
"""

from __future__ import annotations

from grader.lessons.building import (
    BuildResult,
    assignment,
    build,
    built,
    handout,
    home,
    pages,
    release,
    source,
    stale,
)
from grader.lessons.checking import check, find, hints, lessons_in, line_of
from grader.lessons.template import new

__all__ = [
    "BuildResult",
    "assignment",
    "build",
    "built",
    "check",
    "find",
    "handout",
    "hints",
    "home",
    "lessons_in",
    "line_of",
    "new",
    "pages",
    "release",
    "source",
    "stale",
]
