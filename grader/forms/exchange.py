"""The polish: one or two units of a form change places with others until it meets its target, every rule kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .rules import Array, Flags, Task
from .solve import COST_REPEAT, Setting

__all__ = ["error_of", "polish"]

Places = NDArray[np.int64]
COST_OUTSIDE, COST_ERROR = 20.0, 0.1
"""For each tolerance by which the form misses its target beyond the first, and for the miss itself."""
GOOD, FINE = 0.2, 0.5
"""Parts of the tolerance: nothing is left to mend; no new beginning is worth it."""
KICKS, KICKED = 12, 6
ROUNDS, MOVES, NEIGHBOURS, TRIED = 60, 40_000, 6, 400
EPSILON = 1e-9


def error_of(task: Task, chosen: Flags) -> float:
    """How far a form is from the target, in tolerances, at the worst of the six numbers."""
    return float(np.max(np.abs((task.values @ chosen - task.target) / task.scale)))


def polish(task: Task, setting: Setting, chosen: Flags, seed: int) -> Flags:
    """Exchange units while the form comes nearer to its target; anchors stay, no rule is broken on the way.

    Where that ends farther off than half the tolerance, some exchanges are made by chance and it begins again from
    there: two forms within half the tolerance of their target are within the tolerance of each other.
    """
    desk = _Desk(task, setting, np.random.default_rng(seed))
    best = desk.settle(chosen)
    for _ in range(KICKS):
        if error_of(task, best) <= FINE:
            break
        trial = desk.settle(desk.kick(best))
        if desk.cost(trial) < desk.cost(best):
            best = trial
    return best


@dataclass
class _Desk:
    task: Task
    setting: Setting
    rng: np.random.Generator

    def __post_init__(self) -> None:
        task, limit = self.task, self.task.limits.overlap
        self.reuse = self.setting.reuse(task)
        self.free = self.setting.free(task)
        shared = [taken * task.size for taken in self.setting.taken()] if limit else []
        self.rows = np.vstack([task.rows, *shared])
        self.least = np.concatenate([task.least, np.zeros(len(shared))]) - EPSILON
        self.most = np.concatenate([task.most, np.full(len(shared), limit or 0)]) + EPSILON
        self.scaled = task.values / task.scale[:, None]
        self.aim = task.target / task.scale

    def settle(self, chosen: Flags) -> Flags:
        """Exchange as long as it helps."""
        chosen = chosen.copy()
        for _ in range(ROUNDS):
            if error_of(self.task, chosen) <= GOOD:
                break
            step = self.single(chosen) or self.pair(chosen)
            if step is None:
                break
            outs, ins = step
            chosen[list(outs)], chosen[list(ins)] = False, True
        return chosen

    def kick(self, chosen: Flags) -> Flags:
        """A few exchanges by chance, of those that cost nothing but the distance from the target."""
        chosen = chosen.copy()
        for _ in range(KICKED):
            outs, ins = self._moves(chosen)
            even = np.flatnonzero(self._soft(chosen, outs, ins) <= EPSILON)
            if len(even):
                place = self.rng.choice(even)
                chosen[outs[place]], chosen[ins[place]] = False, True
        return chosen

    def cost(self, chosen: Flags) -> float:
        """What the form costs: repeats, reuse, and its distance from the target."""
        repeats = np.maximum(0, self.task.statements @ chosen - self.task.fair).sum()
        return float(COST_REPEAT * repeats + self.reuse @ chosen + _far(self.scaled @ chosen - self.aim))

    def single(self, chosen: Flags) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The best exchange of one unit for another, if any makes the form better."""
        outs, ins = self._moves(chosen)
        if not len(outs):
            return None
        off = self.scaled @ chosen - self.aim
        far = _far(off[:, None] + self.scaled[:, ins] - self.scaled[:, outs])
        cost = far + self._soft(chosen, outs, ins)
        best = int(np.argmin(cost))
        if cost[best] >= _far(off) - 1e-6:
            return None
        return (int(outs[best]),), (int(ins[best]),)

    def pair(self, chosen: Flags) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The best exchange of two units for two others: for each move the moves that undo what it leaves."""
        outs, ins = self._moves(chosen)
        soft = self._soft(chosen, outs, ins)
        # Moves that cost nothing else come first: within the tolerance they are the only ones worth it.
        return self._pair(chosen, outs, ins, soft, soft <= EPSILON) or self._pair(
            chosen, outs, ins, soft, soft > -np.inf
        )

    def _pair(
        self, chosen: Flags, outs: Places, ins: Places, soft: Array, among: Flags
    ) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        from scipy.spatial import cKDTree  # a quarter of a second that most commands do not need

        kept = np.flatnonzero(among)
        if len(kept) < 2:
            return None
        if len(kept) > MOVES:
            kept = self.rng.choice(kept, MOVES, replace=False)
        outs, ins, soft = outs[kept], ins[kept], soft[kept]
        off = self.scaled @ chosen - self.aim
        shift = (self.scaled[:, ins] - self.scaled[:, outs]).T
        near = min(NEIGHBOURS, len(outs))
        distance, other = cKDTree(shift).query(-off - shift, k=near, p=np.inf)
        firsts = np.repeat(np.arange(len(outs)), near)
        seconds, distance = other.ravel(), distance.ravel()
        guess = COST_OUTSIDE * np.maximum(0, distance - 1) + COST_ERROR * distance + soft[firsts] + soft[seconds]
        now = self.cost(chosen)
        best = None
        for place in np.argsort(guess)[:TRIED]:
            one, two = firsts[place], seconds[place]
            if outs[one] == outs[two] or ins[one] == ins[two]:
                continue
            trial = chosen.copy()
            trial[[outs[one], outs[two]]], trial[[ins[one], ins[two]]] = False, True
            cost = self.cost(trial)
            if cost < now - 1e-6 and self._keeps(trial):
                now, best = cost, ((int(outs[one]), int(outs[two])), (int(ins[one]), int(ins[two])))
        return best

    def _keeps(self, chosen: Flags) -> bool:
        sums = self.rows @ chosen
        if (sums < self.least).any() or (sums > self.most).any():
            return False
        return not (self.task.enemies @ chosen.astype(float))[chosen].any()

    def _moves(self, chosen: Flags) -> tuple[Places, Places]:
        """Every exchange of one for one that keeps all rules."""
        task = self.task
        out_all = np.flatnonzero(chosen & ~self.setting.fixed)
        in_all = np.flatnonzero(~chosen & self.free)
        pairs = [
            np.stack(np.meshgrid(out_all[task.kin[out_all] == kin], in_all[task.kin[in_all] == kin]), axis=-1).reshape(
                -1, 2
            )
            for kin in np.unique(task.kin[out_all])
        ]
        moves = np.concatenate(pairs) if pairs else np.zeros((0, 2), int)
        outs, ins = moves[:, 0], moves[:, 1]
        keeps = np.ones(len(outs), bool)
        sums = self.rows @ chosen
        for row, total, least, most in zip(self.rows, sums, self.least, self.most, strict=True):
            after = total + row[ins] - row[outs]
            keeps &= (after >= least) & (after <= most)
        met = np.asarray(task.enemies @ chosen.astype(float)).ravel()
        outs, ins = outs[keeps], ins[keeps]
        alone = met[ins] == 0
        for place in np.flatnonzero(~alone):  # an enemy may come in for the one whom it must not meet
            alone[place] = met[ins[place]] == task.enemies[ins[place], outs[place]]
        return outs[alone], ins[alone]

    def _soft(self, chosen: Flags, outs: Places, ins: Places) -> Array:
        """What each exchange adds to repeats and reuse."""
        task = self.task
        counts = (task.statements @ chosen)[:, None]
        fair = task.fair[:, None]
        after = np.maximum(0, counts + task.statements[:, ins] - task.statements[:, outs] - fair).sum(axis=0)
        repeats = after - np.maximum(0, counts - fair).sum()
        return np.asarray(COST_REPEAT * repeats + self.reuse[ins] - self.reuse[outs])


def _far(off: Array) -> Array:
    worst = np.max(np.abs(off), axis=0)
    return np.asarray(COST_OUTSIDE * np.maximum(0, worst - 1) + COST_ERROR * worst)
