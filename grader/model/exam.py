"""Forms, marks, cuts and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from grader.model.bank import Question

__all__ = [
    "Blueprint",
    "Cut",
    "Decision",
    "Form",
    "FormPoint",
    "Mark",
    "ProofLine",
    "Slot",
]


@dataclass(frozen=True)
class Blueprint:
    """What a form must hold: exact counts by domain, wanted counts by cognitive level."""

    level: int
    length: int
    domains: Mapping[str, int]
    cognitive: Mapping[str, int]


@dataclass(frozen=True)
class ProofLine:
    """One constraint of a form: what was wanted and what the form has."""

    constraint: str
    wanted: str
    has: str
    holds: bool


@dataclass(frozen=True)
class Slot:
    """A place on a form: a drawn question and the order in which its options are shown.

    A paper shows option ``n`` (1, 2, ...) where ``order[n - 1]`` is the option's id in the source, so that nothing on
    the paper tells the source order; ``targets`` does the same for the right sides of a match.
    """

    name: str
    question: Question
    order: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormPoint:
    """What a form does at one place of the ability scale, on which the just-qualified candidate stands at 0."""

    theta: float
    """The place, in logits."""
    expected: float
    """Points that a candidate of this ability is expected to earn."""
    information: float
    """Fisher information of the form there; one over its root is the standard error of the ability."""


@dataclass(frozen=True)
class Form:
    """A frozen form with its proof; ``digest`` is the SHA-256 of everything else in it."""

    id: str
    level: int
    seed: int
    slots: tuple[Slot, ...]
    proof: tuple[ProofLine, ...]
    expected_points: float
    """Sum over slots of points times the item's difficulty: what a just-qualified candidate is expected to earn."""
    digest: str
    anchors: tuple[str, ...] = ()
    """Ids of the items that all forms of its set have in common."""
    minutes: float = 0.0
    """What the authors think that its items take together."""
    information: tuple[FormPoint, ...] = ()
    """Expected score and information half a standard error below the cut, at the cut and half a one above it."""
    pilot: tuple[str, ...] = ()
    """Ids of items that are tried out on this form: asked and marked like the others, and counted for nobody."""

    @property
    def scored(self) -> tuple[Slot, ...]:
        """The places that count: all but those of pilot items."""
        return tuple(slot for slot in self.slots if slot.question.item_id not in self.pilot)

    @property
    def max_points(self) -> float:
        """The most that the form can earn."""
        return sum(slot.question.points for slot in self.scored)


@dataclass(frozen=True)
class Mark:
    """What one answer earned, from whom, and why; ``points`` is None while a person has still to mark it."""

    slot: str
    item_id: str
    item_version: int
    statement: str
    points: float | None
    max_points: float
    marker: str
    note: str = ""


@dataclass(frozen=True)
class Cut:
    """The cut score of a form as a panel set it."""

    form_digest: str
    points: float
    se: float
    """Standard error of the cut, in points: how far another panel of this size would land from it."""
    method: str
    judges: tuple[str, ...]
    panel: str
    set_by: str
    at: str


@dataclass(frozen=True)
class Decision:
    """The proposed or confirmed outcome of a seat."""

    seat: str
    outcome: str
    """``pass``, ``fail`` or ``absent``."""
    written_points: float
    written_max: float
    written_cut: float
    practical_points: float
    practical_max: float
    practical_cut: float
    domains: Mapping[str, tuple[float, float]]
    """Points and maximum by domain code."""
    reasons: tuple[str, ...]
    decided_on: date
    error: float = 0.0
    """Standard error of measurement of the written part at its cut, in points."""
    in_band: bool = False
    """The written score lies so near its cut that somebody has to look at its marks again before it counts."""
    compliance: tuple[float, float, float] | None = None
    """Points, maximum and cut of the compliance set; None on a form with too few questions of it."""
    cut_method: str = ""
