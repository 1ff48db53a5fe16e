"""Who is ready for the next level: results, ability and potential, each by a rule of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .words import Bilingual

__all__ = ["PARTS", "AppraisalRules", "PromotionRules"]

PARTS = ("results", "potential")
"""What appraisals speak of; ability is what the examination says."""


@dataclass(frozen=True)
class AppraisalRules:
    """When appraisals speak for somebody: enough of them, new enough, none below the least."""

    least: str
    """The lowest rating that counts for the person."""
    months: int
    """Months after which an appraisal says nothing any more."""
    appraisers: int
    """So many different people have to have appraised."""


@dataclass(frozen=True)
class PromotionRules:
    """The rules of the promotion view; no figure is made of the three."""

    scale: Mapping[str, Bilingual]
    """Ratings by code, lowest first."""
    parts: Mapping[str, AppraisalRules]
    """Rules by :data:`PARTS`."""

    def enough(self, rating: str, part: str) -> bool:
        """Whether a rating reaches the least that the part asks for."""
        order = list(self.scale)
        return order.index(rating) >= order.index(self.parts[part].least)
