"""One form by integer programming: the units that keep every rule at the least cost, near the target."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .programme import Programme
from .rules import Array, Flags, Task

__all__ = ["COST_REPEAT", "COST_USED", "Setting", "choose", "keep_apart", "keep_sets", "pick_anchors"]

COST_REPEAT, COST_USED, COST_CHANCE, COST_ANCHOR = 4.0, 1.0, 0.3, 0.5
COST_EXPECTED, COST_INFORMATION = 3.0, 3.0
"""For each point of expected score, and each hundredth of the information, beyond the band."""
EXPECTED_BAND, INFORMATION_BAND = 0.25, 0.01
"""How far the search may leave the target before it costs; the exchange afterwards mends the rest."""
SAMPLE = 10
"""Of a large pool the search looks at this many units for each item that a domain wants, drawn by the seed."""
PLENTY = 4
"""With so many times the items that the set still wants, nobody need care for the forms to come."""


@dataclass(frozen=True)
class Setting:
    """Where a form stands in its set: what it must share, what others took, how many are still to come."""

    fixed: Flags
    """Units of the anchors."""
    others: tuple[Flags, ...] = ()
    """Units of each other form, anchors among them."""
    ahead: int = 0
    """Forms of the set that are made after this one and must find enough left."""

    def taken(self) -> tuple[Flags, ...]:
        """Units of each other form beside the anchors."""
        return tuple(other & ~self.fixed for other in self.others)

    def free(self, task: Task) -> Flags:
        """Units that this form may take."""
        free = task.usable | self.fixed
        if task.limits.overlap == 0:
            for taken in self.taken():
                free = free & ~taken
        return free

    def reuse(self, task: Task) -> Array:
        """What taking each unit costs because it was used before."""
        cost = task.uses.copy()
        if task.limits.overlap is None:
            for taken in self.taken():
                cost += taken * task.size
        return COST_USED * np.where(self.fixed, 0.0, cost)


def choose(task: Task, setting: Setting, seed: int, anchors: int = 0) -> tuple[Flags, Flags] | None:
    """The units of one form and, when ``anchors`` are wanted, those among them that the set is to share; or None.

    A large pool is searched by a sample first; only when that gives no form, all of it is.
    """
    rng = np.random.default_rng(seed)
    free = setting.free(task)
    sample = _sample(task, setting, free, rng)
    found = _choose(task, setting, sample, rng, anchors)
    if found is None and not (sample == free).all():
        found = _choose(task, setting, free, rng, anchors)
    return found


def _sample(task: Task, setting: Setting, free: Flags, rng: np.random.Generator) -> Flags:
    """Of every domain so many units as the search needs; fresh ones before used ones."""
    order = np.lexsort((rng.random(len(free)), setting.reuse(task)))
    kept = setting.fixed.copy()
    for rule, row in zip(task.rules, task.rows, strict=True):
        if rule.name.startswith(("domain ", "statement ")):
            members = order[(free & (row > 0))[order]]
            kept[members[: max(4 * SAMPLE, int(SAMPLE * rule.least))]] = True
    whole = np.zeros_like(kept)
    for units in task.sets:  # a case set is seen in full, or its fewest items might not be there
        if kept[list(units)].any():
            whole[list(units)] = True
    return (kept | whole) & free


def _choose(
    task: Task, setting: Setting, free: Flags, rng: np.random.Generator, anchors: int
) -> tuple[Flags, Flags] | None:
    count = len(task.units)
    model = Programme()
    cost = setting.reuse(task) + COST_CHANCE * rng.random(count) * task.size
    model.columns("take", cost, free.astype(float), low=setting.fixed.astype(float), whole=True)
    model.columns("repeat", np.full(len(task.fair), COST_REPEAT), np.inf, whole=False)
    model.columns("far", np.array([COST_EXPECTED, COST_INFORMATION]), np.inf, whole=False)
    model.row(task.least, task.most, take=task.rows)
    model.row(-np.inf, task.fair, take=task.statements, repeat=-np.eye(len(task.fair)))
    _near(task, model)
    keep_apart(task, setting, model)
    keep_sets(task, model)
    if task.sets and task.limits.case_sets:
        model.row(*task.limits.case_sets, set=np.ones(len(task.sets)))
    if anchors:
        pick_anchors(task, model, anchors)
        model.row(-np.inf, 0, anchor=sparse.eye(count), take=-sparse.eye(count))
    plenty = float(task.size @ setting.free(task)) > PLENTY * (setting.ahead + 1) * task.plan.length
    if setting.ahead and task.limits.overlap == 0 and not plenty:
        _ahead(task, setting, model, anchors)
    found = model.solve(0.01)
    if found is None:
        return None
    return found["take"] > 0.5, found["anchor"] > 0.5 if anchors else setting.fixed


def _near(task: Task, model: Programme) -> None:
    """Expected score and information within a band of the target, or at a cost."""
    half = len(task.thetas)
    step = np.concatenate([np.ones(half), 0.01 * np.maximum(task.target[half:], 1e-9)])
    band = np.concatenate([np.full(half, EXPECTED_BAND), INFORMATION_BAND / 0.01 * np.ones(half)])
    far = np.repeat(np.eye(2), half, axis=0)
    for sign in (1, -1):
        rows = sign * task.values / step[:, None]
        model.row(-np.inf, sign * task.target / step + band, take=rows, far=-far)


def keep_apart(task: Task, setting: Setting, model: Programme, take: str = "take") -> None:
    """No enemies together, and no more in common with another form than is allowed."""
    pairs = sparse.triu(task.enemies).tocoo()
    if pairs.nnz:
        count = np.arange(pairs.nnz)
        shape = (pairs.nnz, len(task.units))
        rows = sparse.csr_matrix(
            (np.ones(2 * pairs.nnz), (np.tile(count, 2), np.r_[pairs.row, pairs.col])), shape=shape
        )
        model.row(0, 1, **{take: rows})
    if task.limits.overlap:
        for taken in setting.taken():
            model.row(0, task.limits.overlap, **{take: task.size * taken})


def keep_sets(task: Task, model: Programme, take: str = "take", sets: str = "set", *, whole: bool = True) -> None:
    """Case sets that come in part: out, or in with so many items as the limits say."""
    if not task.sets or task.limits.case_items is None:
        return
    least, most = task.limits.case_items
    count = len(task.sets)
    member = np.zeros((count, len(task.units)))
    for number, units in enumerate(task.sets):
        member[number, list(units)] = 1
    model.columns(sets, np.zeros(count), 1.0, whole=whole)
    model.row(0, np.inf, **{take: member, sets: -max(least, 1) * np.eye(count)})
    model.row(-np.inf, 0, **{take: member, sets: -most * np.eye(count)})


def pick_anchors(task: Task, model: Programme, anchors: int, *, whole: bool = True) -> None:
    """So many items for all forms, spread over the domains as a form is, near the cut, without texts."""
    count, slack = len(task.units), float(task.size.max(initial=1)) - 1
    barred = np.zeros(count, bool)
    for units in task.sets:
        barred[list(units)] = True
    text = [row for rule, row in zip(task.rules, task.rows, strict=True) if rule.name == "kind text"]
    barred |= sum(text, np.zeros(count)) > 0
    near = task.locations / max(float(task.locations.max(initial=0)), 1e-9)
    model.columns("anchor", COST_ANCHOR * near, (~barred).astype(float), whole=whole)
    model.row(anchors, anchors + slack, anchor=task.size)
    for rule, row in zip(task.rules, task.rows, strict=True):
        if rule.name.startswith(("domain ", "cognitive ")):
            share = anchors * (rule.least + rule.most) / 2 / task.plan.length
            wide = slack if rule.name.startswith("domain ") else slack + 1
            model.row(max(0, math.floor(share) - wide), math.ceil(share) + wide, anchor=row)


def _ahead(task: Task, setting: Setting, model: Programme, anchors: int) -> None:
    """The forms still to come, as one sum: what is left must serve them too (van der Linden's shadow form).

    Single items may be split in it, which keeps it quick; case sets that come whole may not.
    """
    count, more = len(task.units), setting.ahead
    free = setting.free(task) & ~setting.fixed
    model.columns("left", np.zeros(count), free.astype(float), whole=task.size > 1)
    shared = {"anchor": more * task.rows} if anchors else {}
    given = more * (task.rows @ setting.fixed)
    model.row(more * task.least - given, more * task.most - given, left=task.rows, **shared)
    model.row(-np.inf, 1, take=sparse.eye(count), left=sparse.eye(count))
