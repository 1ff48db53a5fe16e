"""Tries a notebook's own solutions against its tests, behind the walls, before anybody has to sit it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from grader.autograde._grade import Engine, grade
from grader.nbcourse import Work
from grader.sandbox import Limits

__all__ = ["unjudgeable"]

_NOBODY = Work("", "", "", {}, {}, frozenset(), {}, {})


def unjudgeable(notebook: Mapping[str, Any], engine: Engine | None = None) -> dict[str, str]:
    """Cells that fail though the notebook's own solutions are in it, by name, each with the reason.

    A test cell of that kind would give nobody its marks: it asks for something that cannot cross the wall, or it is
    wrong. Any other cell would stop a learner who has answered everything right; without a name of nbgrader's it is
    called by its first line.
    """
    tried: Any = copy.deepcopy(notebook)
    for cell in tried["cells"]:
        cell["source"] = "".join(cell["source"])  # a file may hold it line by line
    found = dict(grade(tried, _NOBODY, Limits(), engine))
    for cell in tried["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id") or cell["source"].strip().partition("\n")[0]
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                found.setdefault(name, f"{output['ename']}: {output['evalue']}")
    return found
