"""All forms of a set in one programme: slower, and only asked when one form after the other comes to no end."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy import sparse

from .programme import Programme
from .rules import Flags, Task
from .solve import COST_REPEAT, Setting, keep_apart, keep_sets, pick_anchors

__all__ = ["choose_together"]

MOST_COLUMNS = 6_000
SECONDS = 20.0


def choose_together(
    task: Task, setting: Setting, count: int, seed: int, anchors: int
) -> tuple[Flags, list[Flags]] | None:
    """The units of the anchors and of ``count`` forms that keep every rule, wherever their scores lie; or None.

    None too when the pool is so large that one programme for all forms would take too long.
    """
    units, limit = len(task.units), task.limits.overlap
    pairs = list(combinations(range(count), 2))
    if limit is None or units * (count + (len(pairs) if limit else 0)) > MOST_COLUMNS:
        return None
    rng, free, model = np.random.default_rng(seed), setting.free(task).astype(float), Programme()
    takes = [f"take {number}" for number in range(count)]
    for number, take in enumerate(takes):
        low = setting.fixed.astype(float)
        model.columns(take, rng.random(units) * task.size, free, low=low, whole=True)
        model.columns(f"repeat {number}", np.full(len(task.fair), COST_REPEAT), np.inf, whole=False)
        model.row(task.least, task.most, **{take: task.rows})
        model.row(-np.inf, task.fair, **{take: task.statements, f"repeat {number}": -np.eye(len(task.fair))})
        keep_apart(task, setting, model, take)
        keep_sets(task, model, take, f"set {number}")
        if task.sets and task.limits.case_sets:
            model.row(*task.limits.case_sets, **{f"set {number}": np.ones(len(task.sets))})
    one = sparse.eye(units)
    if anchors:
        pick_anchors(task, model, anchors)
        for take in takes:
            model.row(-np.inf, 0, **{"anchor": one, take: -one})
    shared = {"anchor": -one} if anchors else {}
    for number, (left, right) in enumerate(pairs):
        # An item of both forms is an anchor, or counts as overlap.
        common = f"common {number}"
        model.columns(common, np.zeros(units), np.where(setting.fixed, np.inf, 1.0 if limit else 0.0), whole=False)
        model.row(-np.inf, 1, **{takes[left]: one, takes[right]: one, common: -one}, **shared)
        model.row(0, limit, **{common: task.size * ~setting.fixed})
    found = model.solve(0.2, SECONDS)
    if found is None:
        return None
    return found["anchor"] > 0.5 if anchors else setting.fixed, [found[take] > 0.5 for take in takes]
