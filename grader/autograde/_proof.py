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
    """Test cells that the notebook's own solutions do not pass in sandbox and judge, by name, each with the reason.

    Such a cell would give nobody its marks: it asks for something that cannot cross the wall, or it is wrong.
    """
    tried: Any = copy.deepcopy(notebook)
    for cell in tried["cells"]:
        cell["source"] = "".join(cell["source"])  # a file may hold it line by line
    found = dict(grade(tried, _NOBODY, Limits(), engine))
    for cell in tried["cells"]:
        words = cell["metadata"].get("nbgrader", {})
        if words.get("grade") and not words.get("solution"):
            for output in cell["outputs"]:
                if output["output_type"] == "error":
                    found.setdefault(words["grade_id"], f"{output['ename']}: {output['evalue']}")
    return found
