"""The steps that a course's configuration names, sorted by who takes them: a worker with data, or the coordinator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor, ExecutePreprocessor
from nbgrader import plugins, preprocessors
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets import HasTraits
from traitlets.config.loader import Config
from traitlets.utils.importstring import import_item

from grader.errors import InputError
from grader.nbcourse._cells import flag_unjudged, normalise, restore_missing
from grader.nbcourse._convert import Preprocessor
from grader.nbcourse._steps import KNOWN

__all__ = ["EXECUTOR", "Pipeline", "check_words", "limits_of", "pipeline_of"]

EXECUTOR = "grader.autograde.execute"

Steps = Sequence[Any]
_NAMES = {
    step: step.__name__
    for step in (
        *(ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata),
        *(IgnorePattern, ClearMetadataPreprocessor, LimitOutput, normalise, restore_missing),
    )
}
_BOOKED = (SaveAutoGrades, flag_unjudged, AssignLatePenalties, CheckCellMetadata)


@dataclass(frozen=True)
class Pipeline:
    """nbgrader's two lists of steps around the executor."""

    config: Config
    before: Steps
    after: Steps
    """Between the executor and the first step that needs the gradebook."""
    booked: Steps
    """From there to the end."""

    @property
    def known(self) -> bool:
        """Whether a worker can sanitise: the course adds no step of its own before the executor."""
        return all(step in _NAMES for step in self.before)

    @property
    def plain(self) -> bool:
        """Whether the last steps are nbgrader's and ours, so that the coordinator may take them as one."""
        return SaveAutoGrades in self.booked and all(step in _BOOKED for step in self.booked)

    def as_data(self, steps: Steps) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The names of known steps with what the configuration sets for each."""
        return tuple((_NAMES[step], self._settings(step)) for step in steps)

    def made(self, step: Any) -> Preprocessor:
        """A step as nbconvert would make it."""
        made: Preprocessor = step(config=self.config) if isinstance(step, type) else step
        return made

    def made_known(self, step: Any) -> Preprocessor:
        """The same, but a known step works on data."""
        kind = KNOWN[_NAMES[step]] if step in _NAMES else step
        return self.made(kind)

    def late(self) -> Any:
        """nbgrader's step that finds late penalties, with the course's plugin; None when there is none."""
        step = self.made(AssignLatePenalties) if AssignLatePenalties in self.booked else None
        if step is None or not step.enabled:  # type: ignore[attr-defined]
            return None
        step.init_plugin()  # type: ignore[attr-defined]
        return step

    def _settings(self, step: Any) -> dict[str, Any]:
        if not isinstance(step, type) or not issubclass(step, HasTraits):
            return {}
        made: Any = self.made(step)
        return {name: getattr(made, name) for name in made.trait_names(config=True)}


def pipeline_of(converter: Autograde, config: Config) -> Pipeline:
    """The steps of a course; ours that keep tests and flags as published are added where the course leaves them out.

    Raises :class:`InputError` when a second step would run the candidate's code, or a step cannot be imported.
    """
    grading = [_found(step) for step in converter.autograde_preprocessors]
    at = _executor_at(converter.autograde_preprocessors, grading)
    before = [*map(_found, converter.sanitize_preprocessors), *grading[:at]]
    after = grading[at + 1 :]
    first_booked = next((n for n, step in enumerate(after) if step not in _NAMES), len(after))
    return Pipeline(config, _hardened(before), after[:first_booked], after[first_booked:])


def _executor_at(named: Steps, found: Steps) -> int:
    runs = [n for n, step in enumerate(found) if isinstance(step, type) and issubclass(step, ExecutePreprocessor)]
    ours = [n for n, step in enumerate(named) if step == EXECUTOR]
    if len(runs) + len(ours) > 1:
        extra = named[(runs + ours)[1]]
        raise InputError(
            f"the course's configuration runs submissions twice, the second time by {extra}: one step may, and ours "
            "takes its place; take the other out of Autograde.autograde_preprocessors"
        )
    return (ours + runs + [0])[0]


def _hardened(steps: list[Any]) -> list[Any]:
    """With flags put right before nbgrader looks at them, tests put back, and deleted ones too."""
    made = list(steps)
    if normalise not in made:
        places = [made.index(step) for step in (DeduplicateIds, OverwriteCells) if step in made]
        made.insert(min(places, default=len(made)), normalise)
    if OverwriteCells not in made:
        made.insert(made.index(normalise) + 1, OverwriteCells)
    if restore_missing not in made:
        made.insert(made.index(OverwriteCells) + 1, restore_missing)
    return made


def _found(step: Any) -> Any:
    if not isinstance(step, str):
        return step
    try:
        return import_item(step)
    except (ImportError, ValueError) as error:
        raise InputError(
            f"the course's configuration names the step {step}, which cannot be imported: {error}"
        ) from error


def limits_of(config: Config) -> dict[str, float]:
    """What the course says of time and memory: nbgrader's ``Execute.timeout``, and ``Limits.*`` of our own."""
    timeout = Execute(config=config).timeout
    found = {} if timeout is None or timeout < 0 else {"cell_s": float(timeout)}
    for name, value in config.get("Limits", {}).items():
        try:
            found[name] = float(value)
        except (TypeError, ValueError):
            raise InputError(f"Limits.{name} must be a number, got {str(value)!r}") from None
    return found


def check_words(words: Sequence[str], names: frozenset[str]) -> None:
    """Refuse a setting that nothing would read: nbgrader keeps silent about a mistyped one."""
    kinds = [Autograde, CourseDirectory, ClearMetadataPreprocessor, ExecutePreprocessor]
    for module in (preprocessors, plugins):
        kinds += [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, HasTraits)]
    known = {base.__name__: base for kind in kinds for base in kind.__mro__ if issubclass(base, HasTraits)}
    for word in words:
        section, _, name = word.partition("=")[0].partition(".")
        traits = (
            names
            if section == "Limits"
            else set(known[section].class_trait_names(config=True))
            if section in known
            else ()
        )
        if name not in traits:
            raise InputError(f"nothing reads the setting {section}.{name}; see nbgrader's configuration options")
