"""Whom a form asks what: counts by domain and cognitive level, and the limits that hold beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import InputError
from ..model import KINDS, Blueprint, Framework, LevelRules

__all__ = ["Limits", "blueprint"]


@dataclass(frozen=True)
class Limits:
    """What a form has to keep beside its blueprint; what is left out limits nothing."""

    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Fewest and most items by kind. A pool with texts gives one text to a form unless this says otherwise."""
    minutes: tuple[float, float] | None = None
    """Least and most time that the items may take together, by their authors."""
    statements: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Fewest and most items by statement code, where some statement must or must not be asked."""
    case_sets: tuple[int, int] | None = None
    """Fewest and most case sets (items about one shared case)."""
    case_items: tuple[int, int] | None = None
    """Fewest and most items of a case set that is in; None takes a set whole or not at all."""
    anchors: int = 0
    """Items that all forms of the set have in common, spread over the domains, to link the forms."""
    overlap: int | None = None
    """Most items that two forms may have in common beside the anchors; None means as few as can be."""
    uses: int | None = None
    """Most uses that an item may have had before; None prefers fresh items and bars none."""

    def __post_init__(self) -> None:
        spans: list[tuple[str, tuple[float, float]]] = [(f"kind {kind}", span) for kind, span in self.kinds.items()]
        spans += [(f"statement {code}", span) for code, span in self.statements.items()]
        spans += [(name, span) for name in ("minutes", "case_sets", "case_items") if (span := getattr(self, name))]
        for name, (least, most) in spans:
            if not 0 <= least <= most:
                raise InputError(f"{name} wants a least and a most, 0 <= least <= most, got {least:g} and {most:g}")
        if strange := sorted(set(self.kinds) - set(KINDS)):
            raise InputError(f"kinds of items are {', '.join(KINDS)}, got {', '.join(strange)}")
        for name in ("anchors", "overlap", "uses"):
            if (value := getattr(self, name)) is not None and value < 0:
                raise InputError(f"{name} must be 0 or more, got {value}")


def blueprint(framework: Framework, rules: LevelRules, length: int) -> Blueprint:
    """Counts by domain and by cognitive level for a form of ``length`` items, shared out by largest remainder."""
    weights = {domain.code: domain.weights[rules.level - 1] for domain in framework.domains}
    if length < 1 or not any(weights.values()):
        raise InputError(f"a form holds one item or more of a level with weights, got length {length}")
    domains = {code: count for code, count in _share_out(weights, length).items() if count}
    return Blueprint(rules.level, length, domains, _share_out(rules.cognitive, length))


def _share_out(weights: Mapping[str, int], length: int) -> dict[str, int]:
    """Whole numbers in proportion to the weights that sum to ``length``; equal remainders go to the lighter weight."""
    total = sum(weights.values())
    exact = {name: Fraction(weight * length, total) for name, weight in weights.items()}
    counts = {name: int(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (counts[name] - exact[name], weights[name]))
    for name in rest[: length - sum(counts.values())]:
        counts[name] += 1
    return counts
