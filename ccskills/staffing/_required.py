"""The fewest agents that meet every target at once: over all intervals together, never by trying agents one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfcx

from .._checks import Floats, broadcast, collapse, numbers, share
from .._guards import switch
from . import _erlang
from ._shrinkage import HAIR, gross_up

__all__ = ["agents_required"]

# A target that was computed from a head count must give this head count back, whatever the last digits say.
SLACK = 1e-12
LARGEST = 1e7


def agents_required(
    load: ArrayLike,
    aht_s: ArrayLike,
    service_level: ArrayLike | None = 0.8,
    within_s: ArrayLike = 20,
    patience_s: ArrayLike | None = None,
    max_occupancy: ArrayLike | None = None,
    shrinkage: ArrayLike = 0.0,
    whole: bool = True,
    *,
    max_asa_s: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
) -> Any:
    """Fewest agents that meet every target given, grossed up for shrinkage by dividing by (1 - shrinkage).

    Parameters
    ----------
    load : number or array
        Offered load [erlangs], from `offered_load`.
    aht_s : number or array
        Average handle time [s].
    service_level : number or array, optional
        Share of offered contacts to answer within `within_s`, between 0 and 1, both excluded. None: no such target.
    within_s : number or array, optional
        Target wait [s].
    patience_s : number or array, optional
        Mean patience [s]: Erlang A, which may need fewer agents than the load. None: Erlang C, nobody hangs up.
    max_occupancy : number or array, optional
        Highest occupancy allowed, as a share; adds agents where the other targets leave them too busy.
    shrinkage : number or array, optional
        Share of paid time in which people are not available, below 1; from `shrinkage`.
    whole : bool, optional
        True: whole people, rounded up before and after shrinkage. False: fractional agents, to be summed over queues.
    max_asa_s : number or array, optional
        Longest average speed of answer allowed [s].
    max_abandonment : number or array, optional
        Largest share of offered contacts that may hang up; needs `patience_s`.

    Returns
    -------
    int, float or array
        Agents to schedule; with shrinkage 0 the positions to fill. 0 when there is no load.

    Examples
    --------
    >>> from ccskills.staffing import offered_load
    >>> load = offered_load(100, 240)
    >>> agents_required(load, aht_s=240)
    17
    >>> agents_required(load, aht_s=240, shrinkage=0.30)
    25
    >>> agents_required(load, aht_s=240, patience_s=180)
    16
    >>> agents_required(load, aht_s=240, whole=False)
    16.894

    Other targets, alone or together; all of them hold:

    >>> agents_required(load, aht_s=240, service_level=None, max_asa_s=10)
    18
    >>> agents_required(load, aht_s=240, service_level=None, patience_s=180, max_abandonment=0.05)
    16
    >>> agents_required(load, aht_s=240, max_occupancy=0.75)
    18

    Large queues are cheap: two queues of 100 calls need 34 agents, one of 200 needs 32 (economy of scale).

    >>> agents_required(offered_load([50, 100, 200], 240), aht_s=240)
    array([10, 17, 32])
    >>> agents_required(load, aht_s=240, service_level=80)
    Traceback (most recent call last):
    ValueError: service_level must be a share between 0 and 1, both excluded, got 80; write 0.8
    """
    switch("whole", whole)
    if service_level is None and max_occupancy is None and max_asa_s is None and max_abandonment is None:
        raise ValueError("agents_required needs a target: service_level, max_occupancy, max_asa_s or max_abandonment")
    if max_abandonment is not None and patience_s is None:
        raise ValueError("max_abandonment needs patience_s: without it nobody hangs up, got None")
    a, aht, level, within, patience, busiest, shrink, asa, lost = broadcast(
        load=numbers("load", load, least=0),
        aht_s=numbers("aht_s", aht_s, above=0),
        service_level=_open_share("service_level", service_level, 0.0),
        within_s=numbers("within_s", within_s, least=0),
        patience_s=np.array(1.0) if patience_s is None else numbers("patience_s", patience_s, above=0),
        max_occupancy=np.array(1.0) if max_occupancy is None else share("max_occupancy", max_occupancy, zero=False),
        shrinkage=share("shrinkage", shrinkage, one=False),
        max_asa_s=np.array(np.inf) if max_asa_s is None else numbers("max_asa_s", max_asa_s, above=0),
        max_abandonment=_open_share("max_abandonment", max_abandonment, 1.0),
    )
    if (a > LARGEST).any():
        raise ValueError(f"load must be at most {LARGEST:,.0f} erlangs, got {float(a.max()):g}")
    if (a > LARGEST * busiest).any():
        raise ValueError(f"max_occupancy must leave at most {LARGEST:,.0f} agents, got {float(busiest.min()):g}")
    busy = a > 0
    rows = ... if busy.all() else busy
    flat = [x[rows].ravel() for x in (a, level, within / aht, busiest, asa / aht, lost, aht / patience)]
    goal = _Goal(patience_s is not None, service_level is not None, max_asa_s is not None, *flat)
    agents = np.zeros(a.shape)
    if busy.any():
        found = goal.leap() if goal.patient else goal.walk()
        agents[busy] = found if whole else goal.divide(found)
    return collapse(gross_up(agents, shrink, whole))


def _open_share(name: str, value: ArrayLike | None, none: float) -> Floats:
    """A share between 0 and 1, both excluded, or `none` where there is no such target."""
    return np.array(none) if value is None else share(name, value, zero=False, one=False)


@dataclass(frozen=True)
class _Goal:
    """What every interval must reach: flat arrays, loads above 0, times in AHTs; a target not given is always met."""

    patient: bool
    served: bool
    timed: bool
    load: Floats
    level: Floats
    target: Floats
    busiest: Floats
    asa: Floats
    lost: Floats
    impatience: Floats

    def met(self, agents: Floats, rows: Any) -> Any:
        """Whether `agents` reach all targets in the chosen rows."""
        if not self.patient:
            return self.met_endless(agents, _erlang.inverse_blocking(self.load[rows], agents), rows)
        a, impatience = self.load[rows], self.impatience[rows]
        _, level, lost, queued = _erlang.patient(a, agents, impatience, self.target[rows])
        good = (level >= self.level[rows] - SLACK) & (lost <= self.lost[rows] + SLACK)
        good &= a * (1 - lost) <= self.busiest[rows] * (1 + HAIR) * agents
        if self.timed:
            # Nobody answered: no agents, or so few that the share answered is lost in rounding.
            staffed, answered = np.maximum(agents, 1e-9), 1 - lost
            waits = queued * _erlang.answered_wait(a, staffed, impatience)
            good &= (answered > 0) & (waits <= self.asa[rows] * (1 + HAIR) * answered)
        return good

    def met_endless(self, agents: Floats, inverse: Floats, rows: Any) -> Any:
        """`met` where nobody hangs up, from 1/B."""
        a = self.load[rows]
        good = a <= self.busiest[rows] * (1 + HAIR) * agents
        if not (self.served or self.timed):
            return good
        spare = agents - a
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            wait = agents / (spare * inverse + a)
            good &= (spare > 0) & (1 - wait * np.exp(-spare * self.target[rows]) >= self.level[rows] - SLACK)
            if self.timed:
                good &= wait <= self.asa[rows] * (1 + HAIR) * spare
        return good

    def walk(self) -> Floats:
        """Fewest whole agents without abandonment: from a close seed, the recurrence of 1/B up or down to the edge."""
        agents = np.maximum(self._seed_endless(), 1.0)
        rows = np.arange(agents.size)
        inverse = _erlang.inverse_blocking(self.load, agents)
        good = self.met_endless(agents, inverse, rows)
        down, up = rows[good], rows[~good]
        while up.size:
            agents[up] += 1
            with np.errstate(over="ignore"):
                inverse[up] = 1 + inverse[up] * agents[up] / self.load[up]
            up = up[~self.met_endless(agents[up], inverse[up], up)]
        while down.size:
            # Where 1/B has left the floats, the seed is that of the occupancy: one agent fewer already breaks it.
            with np.errstate(over="ignore"):
                inverse[down] = (inverse[down] - 1) * self.load[down] / agents[down]
            fits = (agents[down] > 1) & self.met_endless(agents[down] - 1, inverse[down], down)
            down = down[fits]
            agents[down] -= 1
        return agents

    def _seed_endless(self) -> Floats:
        """The square-root rule of Halfin and Whitt, load + beta sqrt(load), solved for beta by Newton's method."""
        root = np.sqrt(self.load)
        beta = np.zeros_like(root)
        if self.served:
            steep, bar = root * self.target, np.log1p(-self.level)
            # The first step is known: at 0 the log is 0 and its slope -sqrt(pi/2).
            beta = -bar / (np.sqrt(np.pi / 2) + steep)
            for _ in range(5):
                log_wait, slope = _halfin_whitt(beta)
                step = (log_wait - beta * steep - bar) / (slope - steep)
                beta -= step
                if (np.abs(step) * root).max() < 1:
                    break
        if self.timed:
            slow = np.minimum(1.0, 1 / (root * self.asa))
            for _ in range(8):
                log_wait, slope = _halfin_whitt(slow)
                off = log_wait - np.log(slow * root * self.asa)
                slow = np.clip(slow * np.exp(off / (1 - slow * slope)), 1e-12, 25.0)
            beta = np.maximum(beta, slow)
        return np.asarray(np.ceil(np.maximum(self.load + beta * root, self.load / self.busiest * (1 - HAIR))))

    def leap(self) -> Floats:
        """Fewest whole agents with patience: leap from the fluid limit until they are bracketed, then halve."""
        everywhere = np.arange(self.load.size)
        stay = np.maximum(self.level, np.exp(-self.target * self.impatience)) if self.served else self.level
        high = np.maximum(np.ceil(self.load * np.maximum(stay, 1 - self.lost)), 1.0)
        good = np.asarray(self.met(high, everywhere))
        low = np.where(good, high - 1, high)
        self._bracket(everywhere[~good], low, high, up=True)
        self._bracket(everywhere[good], low, high, up=False)
        rows = everywhere[high - low > 1]
        while rows.size:
            middle = np.floor((low[rows] + high[rows]) / 2)
            fits = self.met(middle, rows)
            high[rows], low[rows] = np.where(fits, middle, high[rows]), np.where(fits, low[rows], middle)
            rows = rows[high[rows] - low[rows] > 1]
        return high

    def _bracket(self, rows: Any, low: Floats, high: Floats, *, up: bool) -> None:
        """Move `low` and `high` in the chosen rows, in doubling steps, until low fails (0 does) and high meets."""
        step = np.ceil(np.sqrt(self.load) / 4)
        while rows.size:
            if up:
                high[rows] = low[rows] + step[rows]
                fits = self.met(high[rows], rows)
                low[rows] = np.where(fits, low[rows], high[rows])
                rows = rows[~fits]
            else:
                rows = rows[high[rows] > 1]
                low[rows] = np.maximum(high[rows] - step[rows], 0.0)
                fits = self.met(low[rows], rows) & (low[rows] > 0)
                high[rows] = np.where(fits, low[rows], high[rows])
                rows = rows[fits]
            step = step * 2

    def divide(self, high: Floats) -> Floats:
        """Fewest fractional agents: the last whole agent is halved until 1e-9 of it is left."""
        low = np.maximum(high - 1, 0.0)
        rows = np.arange(high.size)
        for _ in range(30):
            middle = (low + high) / 2
            fits = self.met(middle, rows)
            low, high = np.where(fits, low, middle), np.where(fits, middle, high)
        return np.asarray(high)


def _halfin_whitt(beta: Floats) -> tuple[Floats, Floats]:
    """log of the limit 1 / (1 + beta h) of the waiting probability, h = Phi/phi, and its slope in beta."""
    h = np.sqrt(np.pi / 2) * erfcx(-beta / np.sqrt(2))
    wait = 1 / (1 + beta * h)
    return np.log(wait), -wait * (h + beta + beta * beta * h)
