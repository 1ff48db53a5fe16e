"""Erlang C and A for many intervals, against pyworkforce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _task import run

AHT_S, WITHIN_S, LEVEL, PATIENCE_S = 180.0, 20.0, 0.8, 120.0
RANGES = {"5 to 300": (5.0, 300.0), "500 to 5,000": (500.0, 5000.0)}
INTERVALS = 10_000
SMALL, LARGE = RANGES
PEER_INTERVALS = {("c", SMALL): 10_000, ("c", LARGE): 400, ("a", SMALL): 60, ("a", LARGE): 8}


def loads(where: str, count: int) -> Any:
    """Loads of many intervals [erlangs]; a shorter list is the beginning of a longer one."""
    return np.random.default_rng(1).uniform(*RANGES[where], INTERVALS)[:count]


def ours(kind: str, where: str) -> Any:
    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from ccskills.staffing import agents_required

        a = loads(where, 20 if small else INTERVALS)
        patience = PATIENCE_S if kind == "a" else None
        shown = PEER_INTERVALS[kind, where]
        return lambda: agents_required(a, AHT_S, LEVEL, WITHIN_S, patience).tolist()[:shown], float(a.size)

    return prepare


def pyworkforce(kind: str, where: str) -> Any:
    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from pyworkforce.queuing import ErlangA, ErlangC

        a = loads(where, 3 if small else PEER_INTERVALS[kind, where])

        def work() -> list[int]:
            found = []
            for load in a.tolist():
                # minutes throughout, as its documentation does; its `asa` is the target wait
                words = {"transactions": load * 30 / (AHT_S / 60), "aht": AHT_S / 60, "asa": WITHIN_S / 60}
                words["interval"] = 30
                queue = ErlangC(**words) if kind == "c" else ErlangA(**words, patience=PATIENCE_S / 60)
                found.append(int(queue.required_positions(service_level=LEVEL)["raw_positions"]))
            return found

        return work, float(a.size)

    return prepare


def figures(small: bool) -> tuple[Callable[[], Any], float]:
    """All figures of Erlang A for given agents."""
    from ccskills.staffing import erlang_a

    a = loads("5 to 300", 20 if small else INTERVALS)
    agents = np.ceil(a * 1.02)
    return lambda: erlang_a(a, agents, AHT_S, PATIENCE_S, WITHIN_S).service_level.tolist()[:60], float(a.size)


def peer_figures(small: bool) -> tuple[Callable[[], Any], float]:
    """The same from pyworkforce, where it ends."""
    from pyworkforce.queuing import ErlangA

    a = loads("5 to 300", 3 if small else 60)

    def work() -> list[float]:
        found = []
        for load in a.tolist():
            queue = ErlangA(load * 30 / 3, 3.0, WITHIN_S / 60, 30, PATIENCE_S / 60)
            found.append(float(queue.service_level(positions=int(np.ceil(load * 1.02)))))
        return found

    return work, float(a.size)


TASKS = {
    **{f"ours required {kind} {where}": ours(kind, where) for kind, where in PEER_INTERVALS},
    **{f"pyworkforce required {kind} {where}": pyworkforce(kind, where) for kind, where in PEER_INTERVALS},
    "ours figures a": figures,
    "pyworkforce figures a": peer_figures,
}


def exact_erlang_a(load: float, agents: int) -> float:
    """Service level of Erlang A by its birth-death chain, in 40 digits.

    Who finds j waiting needs j + 1 departures at rates n + j g, ..., n; with U = exp(-g W) the wait W is a Beta(n / g,
    j + 1), and being served within t with patience of rate g has the probability E[U; U >= exp(-g t)].
    """
    import mpmath

    with mpmath.workdps(40):
        g = mpmath.mpf(AHT_S) / PATIENCE_S
        weights, k = [mpmath.mpf(1)], 0
        while k < agents or weights[-1] > mpmath.mpf(10) ** -25 * max(weights):
            k += 1
            weights.append(weights[-1] * load / (min(k, agents) + max(k - agents, 0) * g))
        x, edge = agents / g, mpmath.e ** (-g * WITHIN_S / AHT_S)
        waited = mpmath.fsum(
            weight * x / (x + ahead + 1) * mpmath.betainc(x + 1, ahead + 1, edge, 1, regularized=True)
            for ahead, weight in enumerate(weights[agents:])
        )
        return float((mpmath.fsum(weights[:agents]) + waited) / mpmath.fsum(weights))


def report() -> str:
    """The section of results.md."""
    from run import duration, table, versus

    names = {"c": "Erlang C", "a": "Erlang A"}
    rows: list[list[object]] = []
    for kind, where in PEER_INTERVALS:
        task = f"required {kind} {where}"
        mine, peer = versus("staffing", f"ours {task}", f"pyworkforce {task}", rounds=2)
        same = sum(one == other for one, other in zip(mine.found, peer.found, strict=True))
        rows.append(
            [
                f"agents required, {names[kind]}, {where} erlangs",
                f"{duration(mine.seconds)} for {mine.units:,.0f}",
                f"{duration(peer.seconds)} for {peer.units:,.0f}",
                f"{peer.each_s / mine.each_s:,.0f}",
                f"{same} of {len(peer.found)} the same",
            ]
        )
    mine, peer = versus("staffing", "ours figures a", "pyworkforce figures a", rounds=2)
    exact = [exact_erlang_a(load, int(np.ceil(load * 1.02))) for load in loads("5 to 300", 20).tolist()]
    off = [max(abs(a - b) for a, b in zip(found, exact, strict=False)) for found in (mine.found, peer.found)]
    rows.append(
        [
            "service level of given agents, Erlang A, 5 to 300 erlangs",
            f"{duration(mine.seconds)} for {mine.units:,.0f} (all figures)",
            f"{duration(peer.seconds)} for {peer.units:,.0f}",
            f"{peer.each_s / mine.each_s:,.0f}",
            f"furthest from 40 digits: ours {off[0]:.0e}, pyworkforce {off[1]:.0e}",
        ]
    )
    head = ["what", "ccskills", "pyworkforce", "ratio per interval", "answers"]
    return (
        f"AHT {AHT_S:g} s, target {LEVEL:.0%} within {WITHIN_S:g} s, patience {PATIENCE_S:g} s in Erlang A.\n\n"
        f"{table(head, rows)}\n\n"
        "Where the answers differ pyworkforce is high in Erlang A: it never looks below the load."
    )


if __name__ == "__main__":
    run(TASKS)
