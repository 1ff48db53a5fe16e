"""Chat: agents who serve several customers at once, each more slowly, and a queue when every place is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._checks import Floats, broadcast, collapse, numbers, share
from .._guards import limited, one_share
from . import _erlang
from ._shrinkage import gross_up

__all__ = ["ChatDelivered", "chat_delivered", "chat_required"]


# The chain has a state for every place of every agent.
MOST_AGENTS, MOST_CHATS = 10_000, 50


@dataclass(frozen=True)
class ChatDelivered:
    """What chat agents deliver: floats for one interval, arrays for many."""

    wait_probability: Any
    """Share of offered chats that find every place taken."""
    service_level: Any
    """Share of offered chats that are taken within the target (formula: taken within T / offered)."""
    asa_s: Any
    """Average speed of answer [s]: sum of waits of taken chats / taken chats; inf when nobody is answered."""
    occupancy: Any
    """Share of agent time with at least one chat."""
    abandonment: Any
    """Share of offered chats that leave before they are taken."""
    chats_at_once: Any
    """Mean number of chats of an agent who has any; 0 without chats."""
    handle_s: Any
    """Mean handle time of a chat as it comes out, lengthened by the chats beside it [s]; 0 without chats."""


def chat_delivered(
    chats: ArrayLike,
    aht_s: ArrayLike,
    agents: ArrayLike,
    concurrency: int = 3,
    slowdown: float | Sequence[float] = 0.0,
    within_s: ArrayLike = 60,
    patience_s: ArrayLike | None = None,
    interval_min: ArrayLike = 30,
) -> ChatDelivered:
    """What agents deliver who take up to `concurrency` chats at once.

    A chat beside j - 1 others takes aht_s x f(j), so an agent with j chats ends j / (aht_s f(j)) of them a second. New
    chats go to the agent with the fewest, chats stay spread evenly, and customers wait when every place is taken: a
    birth-death chain over the number of chats, solved exactly. With concurrency 1 it is Erlang C or A.

    Parameters
    ----------
    chats : number or array
        Chats offered in the interval.
    aht_s : number or array
        Average handle time of a chat that is handled alone [s].
    agents : whole number or array
        Agents present and ready to take chats.
    concurrency : int, optional
        Most chats of one agent at once.
    slowdown : number or list, optional
        By how much each chat more lengthens every one beside it: 0.15 makes f = 1, 1.15, 1.30. A list gives f itself:
        `concurrency` factors, the first 1, never falling.
    within_s : number or array, optional
        Target wait T [s].
    patience_s : number or array, optional
        Mean patience in the queue [s]. None: nobody leaves, and overload gives waits without end.
    interval_min : number or array, optional
        Length of the interval [min].

    Returns
    -------
    ChatDelivered

    Notes
    -----
    Measure the slowdown from your own records: without one, an agent with three chats looks like three agents. Handle
    times and patience are exponential.

    Examples
    --------
    >>> one = chat_delivered(60, aht_s=600, agents=10, slowdown=0.25, patience_s=240)
    >>> one.service_level, one.handle_s, one.chats_at_once
    (0.8164, 851.4, 2.609)
    >>> chat_delivered(60, aht_s=600, agents=10, slowdown=[1, 1.25], patience_s=240)
    Traceback (most recent call last):
    ValueError: slowdown must be a number or 3 factors that start at 1 and never fall, got [1, 1.25]
    """
    floor = _Floor(_factors(slowdown, limited("concurrency", concurrency, 1, MOST_CHATS)), patience_s is not None)
    arrays = _inputs(chats, aht_s, within_s, patience_s, interval_min, agents=numbers("agents", agents, least=0))
    if (arrays[-1] > MOST_AGENTS).any():
        raise ValueError(f"agents must be at most {MOST_AGENTS:,}, got {float(arrays[-1].max()):g}")
    part = arrays[-1] % 1
    if part.any():
        raise ValueError(f"agents must be whole numbers, got {float(arrays[-1][part > 0].ravel()[0]):g}")
    rows = [floor.deliver(*row) for row in zip(*(x.ravel() for x in arrays), strict=True)]
    columns = np.array(rows).T.reshape(7, *part.shape)
    return ChatDelivered(*(collapse(column) for column in columns))


def chat_required(
    chats: ArrayLike,
    aht_s: ArrayLike,
    concurrency: int = 3,
    slowdown: float | Sequence[float] = 0.0,
    service_level: float = 0.8,
    within_s: ArrayLike = 60,
    patience_s: ArrayLike | None = None,
    shrinkage: ArrayLike = 0.0,
    interval_min: ArrayLike = 30,
) -> Any:
    """Fewest agents, up to `concurrency` chats each, that reach the service level; the model of `chat_delivered`.

    Parameters
    ----------
    chats : number or array
        Chats offered in the interval.
    aht_s : number or array
        Average handle time of a chat that is handled alone [s].
    concurrency : int, optional
        Most chats of one agent at once.
    slowdown : number or list, optional
        By how much each chat more lengthens every one beside it, or the factors themselves, as in `chat_delivered`.
    service_level : float, optional
        Share of offered chats to take within `within_s`, between 0 and 1, both excluded.
    within_s : number or array, optional
        Target wait [s].
    patience_s : number or array, optional
        Mean patience in the queue [s]. None: nobody leaves.
    shrinkage : number or array, optional
        Share of paid time in which people are not available, below 1.
    interval_min : number or array, optional
        Length of the interval [min].

    Returns
    -------
    int or array
        Agents to schedule; with shrinkage 0 the positions to fill. 0 when there is no load.

    Examples
    --------
    Three chats at once do not make a third of the agents, because each takes longer:

    >>> [chat_required(60, aht_s=600, concurrency=k, slowdown=0.25) for k in (1, 2, 3)]
    [24, 15, 12]
    >>> chat_required([30, 60], aht_s=600, slowdown=0.25, patience_s=240, shrinkage=0.3)
    array([ 9, 15])
    """
    floor = _Floor(_factors(slowdown, limited("concurrency", concurrency, 1, MOST_CHATS)), patience_s is not None)
    level = one_share("service_level", service_level, zero=False, one=False)
    away = share("shrinkage", shrinkage, one=False)
    arrays = _inputs(chats, aht_s, within_s, patience_s, interval_min, shrinkage=away)
    shrink = arrays[-1]
    if (most := float((arrays[0] * arrays[1]).max()) * float(floor.factors[-1])) > MOST_AGENTS:
        raise ValueError(f"chats must be the work of at most {MOST_AGENTS:,} agents, got {most:.4g} erlangs")
    agents = [floor.fewest(level, *row[:4]) for row in zip(*(x.ravel() for x in arrays), strict=True)]
    return collapse(gross_up(np.array(agents, dtype=np.float64).reshape(shrink.shape), shrink, True))


def _inputs(
    chats: ArrayLike,
    aht_s: ArrayLike,
    within_s: ArrayLike,
    patience_s: ArrayLike | None,
    interval_min: ArrayLike,
    **last: Floats,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Arrivals a second, handle time, target, patience and one more, in one shape."""
    n, aht, within, patience, length, other = broadcast(
        chats=numbers("chats", chats, least=0),
        aht_s=numbers("aht_s", aht_s, above=0),
        within_s=numbers("within_s", within_s, least=0),
        patience_s=np.array(1.0) if patience_s is None else numbers("patience_s", patience_s, above=0),
        interval_min=numbers("interval_min", interval_min, above=0),
        **last,
    )
    return n / (60 * length), aht, within, patience, other


def _factors(slowdown: float | Sequence[float], concurrency: int) -> Floats:
    """How much longer a chat takes beside 0, 1, ... others."""
    given = numbers("slowdown", slowdown, least=0)
    factors = 1 + given * np.arange(concurrency) if given.ndim == 0 else given
    if factors.shape != (concurrency,) or factors[0] != 1 or (np.diff(factors) < 0).any():
        raise ValueError(
            f"slowdown must be a number or {concurrency} factors that start at 1 and never fall, got {slowdown}"
        )
    return factors


@dataclass(frozen=True)
class _Floor:
    """The rules of a chat floor: how much longer a chat takes beside 0, 1, ... others, and whether customers leave."""

    factors: Floats
    patient: bool

    def deliver(self, rate: float, aht: float, within: float, patience: float, agents: float) -> tuple[float, ...]:
        """The fields of `ChatDelivered` for one interval; `rate` in chats a second."""
        most = self.factors.size
        if rate == 0:
            return 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
        if agents == 0:
            return 1.0, 0.0, np.inf, 1.0, float(self.patient), 0.0, 0.0
        weights = self._weights(rate, aht, int(agents))
        full = agents * most / (aht * self.factors[-1])
        if not self.patient and rate >= full:
            return 1.0, 0.0, np.inf, 1.0, 0.0, float(most), float(aht * self.factors[-1])
        wait, level, asa, lost = self._queue(rate, full, within, patience, weights)
        below = np.exp(weights[:-1] - weights[:-1].max())
        below *= (1 - wait) / below.sum()
        held = np.arange(below.size)
        busy = float(below @ np.minimum(held, agents)) + wait * agents
        served = float(below @ held) + wait * agents * most
        taken = rate * (1 - lost)
        return wait, level, asa, min(busy / agents, 1.0), lost, served / busy, served / taken if taken > 0 else 0.0

    def _weights(self, rate: float, aht: float, agents: int) -> Floats:
        """log of the probabilities of 0, 1, ... chats against that of all places taken, nobody queueing."""
        most = self.factors.size
        speeds = np.append(0.0, np.arange(1, most + 1) / self.factors) / aht
        each, more = np.divmod(np.arange(1, agents * most + 1), agents)
        ends = (agents - more) * speeds[each] + more * speeds[np.minimum(each + 1, most)]
        return np.append(np.cumsum((np.log(ends) - np.log(rate))[::-1])[::-1], 0.0)

    def _queue(
        self, rate: float, full: float, within: float, patience: float, weights: Floats
    ) -> tuple[float, float, float, float]:
        """Wait probability, service level, ASA, abandonment: with every place taken, chats end at the rate `full`.

        That is the queue of Erlang A or C with one agent who ends `full` chats a second; only what goes before is
        another, and the sum of the weights stands for 1/B.
        """
        with np.errstate(over="ignore"):
            inverse = np.exp(weights).sum(keepdims=True)
        if not self.patient:
            wait = float(1 / (1 + (1 - rate / full) * (inverse[0] - 1)))
            return wait, float(1 - wait * np.exp(-(full - rate) * within)), wait / (full - rate), 0.0
        load, one, impatience = np.array([rate / full]), np.ones(1), np.array([1 / (full * patience)])
        found = _erlang.patient(load, one, impatience, np.array([within * full]), inverse)
        wait, level, lost, queued = (float(x[0]) for x in found)
        each = float(_erlang.answered_wait(load, one, impatience)[0]) / full
        return wait, level, queued * each / (1 - lost) if lost < 1 else np.inf, lost

    def fewest(self, level: float, rate: float, aht: float, within: float, patience: float) -> int:
        """Fewest agents of one interval: doubling steps up from one, then halving."""
        low, high = 0, int(rate > 0)
        while high and self.deliver(rate, aht, within, patience, high)[1] < level:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            good = self.deliver(rate, aht, within, patience, middle)[1] >= level
            low, high = (low, middle) if good else (middle, high)
        return high
