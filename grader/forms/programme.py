"""A mixed-integer programme put together from named columns, and solved by HiGHS through scipy."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from .rules import Array, Flags

__all__ = ["Programme"]

NODES, TIME_S = 20_000, 60.0
"""A search that needs more has found nothing by then, either."""


@dataclass
class Programme:
    """Columns by name and rows over them, put together at the end."""

    width: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[dict[str, sparse.spmatrix], Array, Array]] = field(default_factory=list)
    cost: dict[str, Array] = field(default_factory=dict)
    low: dict[str, Array] = field(default_factory=dict)
    high: dict[str, Array] = field(default_factory=dict)
    whole: dict[str, Flags | bool] = field(default_factory=dict)
    impossible: bool = False
    """Whether the last search proved that there is nothing to find."""
    proved: bool = False
    """Whether it proved that nothing better is to be found."""

    def columns(
        self, name: str, cost: Array, high: Array | float, *, low: Array | float = 0.0, whole: Flags | bool
    ) -> None:
        """Add columns under a name, with their cost and bounds; ``whole`` ones take whole numbers only."""
        count = len(cost)
        self.width[name], self.cost[name], self.whole[name] = count, cost, whole
        self.low[name], self.high[name] = np.broadcast_to(low, count), np.broadcast_to(high, count)

    def row(self, least: Array | float, most: Array | float, **parts: Array | sparse.spmatrix) -> None:
        """Add rows: for each name of columns its part of them; what is not named has none."""
        blocks = {
            name: sparse.csr_matrix(np.atleast_2d(part) if isinstance(part, np.ndarray) else part)
            for name, part in parts.items()
        }
        count = next(iter(blocks.values())).shape[0]
        self.rows.append((blocks, np.broadcast_to(least, count), np.broadcast_to(most, count)))

    def solve(self, gap: float, seconds: float = TIME_S) -> dict[str, Array] | None:
        """The best values by the names of their columns, or None when none were found."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # a third of a second that most commands do not need

        matrix = sparse.vstack(
            [
                sparse.hstack(
                    [blocks.get(name, sparse.csr_matrix((len(least), width))) for name, width in self.width.items()]
                )
                for blocks, least, _ in self.rows
            ],
            format="csr",
        )
        found = milp(
            np.concatenate(list(self.cost.values())),
            integrality=np.concatenate(
                [np.broadcast_to(self.whole[name], width) for name, width in self.width.items()]
            ),
            bounds=Bounds(np.concatenate(list(self.low.values())), np.concatenate(list(self.high.values()))),
            constraints=LinearConstraint(
                matrix,
                np.concatenate([least for _, least, _ in self.rows]),
                np.concatenate([most for _, _, most in self.rows]),
            ),
            options={"mip_rel_gap": gap, "node_limit": NODES, "time_limit": seconds},
        )
        self.impossible, self.proved = found.status == 2, found.status == 0
        if found.x is None:
            return None
        ends = np.cumsum(list(self.width.values()))[:-1]
        return dict(zip(self.width, np.split(found.x, ends), strict=True))
