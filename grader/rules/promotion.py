"""The table `promotion` of a scheme: how results, ability and potential are weighed for the next level."""

from __future__ import annotations

from ..model import PARTS, AppraisalRules, PromotionRules
from ._sheet import Table, called

__all__ = ["read_promotion"]

_WORD = "[a-z]{3,20}", "a word of 3 to 20 small letters"


def read_promotion(top: Table) -> PromotionRules | None:
    """The rules of the promotion view; None for a scheme that has none."""
    if "promotion" not in top.values:
        return None
    table = top.table("promotion", f"scale {' '.join(PARTS)}")
    scale = {}
    for row, line in table.rows("scale", "rating"):
        rating = Table(table.sheet, row, line, called("rating", row), "code en zh")
        scale[rating.code(*_WORD)] = rating.both()
    parts = {}
    for name in PARTS:
        part = table.table(name, "least months appraisers")
        parts[name] = AppraisalRules(
            part.one_of("least", tuple(scale)), part.whole("months", 1) or 1, part.whole("appraisers", 1, 9) or 1
        )
    return PromotionRules(scale, parts)
