"""A form before its questions are drawn: the chosen items with their proof."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import FormPoint, Item, ProofLine

__all__ = ["Draft"]


@dataclass(frozen=True)
class Draft:
    """The items of one form of a set; :func:`grader.forms.freeze` makes a form of it."""

    level: int
    items: tuple[Item, ...]
    anchors: tuple[str, ...]
    """Ids of the items that it shares with every other form of its set."""
    information: tuple[FormPoint, ...]
    proof: tuple[ProofLine, ...]

    @property
    def broken(self) -> tuple[ProofLine, ...]:
        """Lines of the proof that do not hold: a pool that is too small to match forms closely leaves some."""
        return tuple(line for line in self.proof if not line.holds)
