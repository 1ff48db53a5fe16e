"""One link of an audit: what it says, what is wrong with it, and who had a part in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .desk import Academy
from .examined import Part, qualifications

__all__ = ["Step"]


@dataclass
class Step:
    """One link of the chain: what it says, and what is wrong with it."""

    name: str
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything that could be computed again came out the same."""
        return not self.wrong

    def check(self, holds: bool, right: str, wrong: str) -> None:
        """Note what was computed again, and how it came out."""
        (self.said if holds else self.wrong).append(right if holds else wrong)

    def tell_parts(self, academy: Academy, parts: Iterable[Part], level: int) -> None:
        """Note the qualification that was recorded of everybody when they acted."""
        said, wrong = qualifications(academy, parts, level)
        self.said += said
        self.wrong += wrong
