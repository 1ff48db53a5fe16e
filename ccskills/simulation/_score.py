"""What the decisions of a day were worth: against doing nothing, against the best in hindsight, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ._hindsight import best, evaluate, nothing
from ._levers import NAMES
from ._world import World

__all__ = ["Score", "judge"]

LEAST_GAIN = 100.0  # when even the best plan gains less than this, points are lost by this scale


@dataclass(frozen=True)
class Score:
    """What a day cost, and what it could have cost; all money in your currency."""

    points: float
    """100 x (1 - (cost - best) / (nothing - best)), to one decimal: 100 the best plan in hindsight, 0 no decision at
    all; a day that cost more than without decisions has 0 too, and its loss in `saved`. Where even the best plan gains
    less than 100 the divisor is 100: then leaving a good plan alone earns points."""
    cost: float
    """What the day cost: under-service and levers."""
    service_cost: float
    """Of this the calls that were lost or late."""
    lever_cost: float
    """Of this the levers, less what early leavers saved."""
    nothing: float
    """What the same day costs without any decision."""
    best: float
    """What it costs with the best plan that was found with knowledge of the day; never more than `cost`."""
    saved: float
    """nothing - cost; below 0 when the decisions made the day worse."""
    best_plan: pd.DataFrame
    """The decisions of that plan by half hour and lever."""
    decisions: pd.DataFrame
    """The decisions of the day: start, lever, amount, and saved: what the day would have cost more without this one
    and with all the others; the most important first."""


def judge(world: World, plan: Any) -> Score:
    """The score of a plan that is over."""
    mine, idle = evaluate(world, plan[None]), nothing(world)
    cost, without = float(mine.total[0]), float(evaluate(world, idle).total[0])
    hindsight = best(world, idle)
    lowest = float(evaluate(world, hindsight[None]).total[0])
    if cost < lowest:
        hindsight = best(world, plan[None])
        lowest = float(evaluate(world, hindsight[None]).total[0])
    points = 100 * (1 - (cost - lowest) / max(without - lowest, LEAST_GAIN))
    return Score(
        points=round(float(np.clip(points, 0, 100)), 1),
        cost=cost,
        service_cost=float(mine.service[0]),
        lever_cost=float(mine.levers[0]),
        nothing=without,
        best=lowest,
        saved=without - cost,
        best_plan=pd.DataFrame(hindsight, index=world.index, columns=list(NAMES)),
        decisions=_decisions(world, plan, cost),
    )


def _decisions(world: World, plan: Any, cost: float) -> pd.DataFrame:
    """Each decision undone alone, and the day run again with the same customers."""
    places = np.argwhere(plan > 0)
    undone = np.repeat(plan[None], len(places), axis=0)
    undone[np.arange(len(places)), places[:, 0], places[:, 1]] = 0
    saved = evaluate(world, undone).total - cost if len(places) else np.zeros(0)
    table = pd.DataFrame(
        {
            "start": world.index[places[:, 0]],
            "lever": [NAMES[k] for k in places[:, 1]],
            "amount": plan[places[:, 0], places[:, 1]],
            "saved": saved,
        }
    )
    return table.iloc[np.argsort(-np.abs(saved), kind="stable")].reset_index(drop=True)
