"""A source notebook as trainees get it, without a course around it: nbgrader's own steps, in its own order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nbgrader.nbgraderformat import reads
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from grader.errors import InputError

__all__ = ["released"]

# The hidden tests go last but for the checksums, as in nbgrader's GenerateAssignment.
_STEPS = (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, ClearHiddenTests, ComputeChecksums)


def released(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook without solutions, hidden tests and outputs; :class:`InputError` when nbgrader refuses it."""
    made = reads(json.dumps(notebook), as_version=4)
    resources: dict[str, Any] = {}
    for step in _STEPS:
        try:
            made, resources = step().preprocess(made, resources)
        except (RuntimeError, ValueError) as error:
            raise InputError(f"the notebook cannot be released: {' '.join(str(error).split())}") from error
    plain: dict[str, Any] = _plain(made)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, list) else value
