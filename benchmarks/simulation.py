"""A queue with impatient customers, simulated call by call, against simpy and ciw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from _task import run

LOAD, AGENTS, AHT_S, PATIENCE_S, WITHIN_S = 100.0, 100, 180.0, 120.0, 20.0
CALLS = {"ours": 1_000_000, "simpy": 60_000, "ciw": 20_000}
RATE = LOAD / AHT_S  # calls per second


def seconds_for(calls: float) -> float:
    """How long the simulated time must be for that many calls."""
    return calls / RATE


def ours(small: bool) -> tuple[Callable[[], Any], float]:
    """One replication after the other in one call, as a user would ask for them."""
    from ccskills.simulation import simulate

    calls = 5_000 if small else CALLS["ours"]
    length_min = seconds_for(calls / 20) / 60

    def work() -> dict[str, float]:
        found = simulate(
            [RATE * 60 * length_min], AHT_S, AGENTS, PATIENCE_S, WITHIN_S, length_min, warm_up_min=30, replications=20
        )
        row = found.totals.loc["service_level"]
        return {"service_level": row["mean"], "lower": row["lower_99"], "upper": row["upper_99"]}

    return work, float(calls)


def simpy_queue(small: bool) -> tuple[Callable[[], Any], float]:
    """The same queue as simpy's documentation builds one: a process per call, a resource of agents, a timeout."""
    import random

    import simpy

    calls = 500 if small else CALLS["simpy"]

    def work() -> dict[str, float]:
        draw, environment = random.Random(1), simpy.Environment()
        agents = simpy.Resource(environment, AGENTS)
        tally = {"offered": 0, "within": 0}

        def call() -> Any:
            tally["offered"] += 1
            came = environment.now
            with agents.request() as turn:
                result = yield turn | environment.timeout(draw.expovariate(1 / PATIENCE_S))
                if turn in result:
                    tally["within"] += environment.now - came <= WITHIN_S
                    yield environment.timeout(draw.expovariate(1 / AHT_S))

        def line() -> Any:
            for _ in range(calls):
                yield environment.timeout(draw.expovariate(RATE))
                environment.process(call())

        environment.process(line())
        environment.run()
        return {"service_level": tally["within"] / tally["offered"]}

    return work, float(calls)


def ciw_queue(small: bool) -> tuple[Callable[[], Any], float]:
    """The same queue in ciw, which has reneging of its own."""
    import ciw

    calls = 500 if small else CALLS["ciw"]

    def work() -> dict[str, float]:
        ciw.seed(1)
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
            service_distributions=[ciw.dists.Exponential(rate=1 / AHT_S)],
            reneging_time_distributions=[ciw.dists.Exponential(rate=1 / PATIENCE_S)],
            number_of_servers=[AGENTS],
        )
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(seconds_for(calls))
        records = simulation.get_all_records()
        within = sum(r.record_type == "service" and r.waiting_time <= WITHIN_S for r in records)
        return {"service_level": within / len(records)}

    return work, float(calls)


TASKS = {"ours": ours, "simpy": simpy_queue, "ciw": ciw_queue}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, versus

    from ccskills.staffing import erlang_a

    exact = erlang_a(LOAD, AGENTS, AHT_S, PATIENCE_S, WITHIN_S).service_level
    rows: list[list[object]] = []
    for peer_name in ("simpy", "ciw"):
        mine, peer = versus("simulation", "ours", peer_name, rounds=2)
        rows.append(
            [
                peer_name,
                f"{duration(mine.seconds)} for {mine.units:,.0f} calls",
                f"{duration(peer.seconds)} for {peer.units:,.0f} calls",
                f"{peer.each_s / mine.each_s:,.0f}",
                f"{peer.found['service_level']:.4f}",
            ]
        )
    found = mine.found
    inside = "inside" if found["lower"] <= exact <= found["upper"] else "OUTSIDE"
    return (
        f"M/M/{AGENTS}+M, {LOAD:g} erlangs, AHT {AHT_S:g} s, patience {PATIENCE_S:g} s, {WITHIN_S:g} s.\n\n"
        f"{table(['peer', 'ccskills', 'peer takes', 'ratio per call', 'its service level'], rows)}\n\n"
        f"Ours gives a service level of {found['service_level']:.4f}, 99 % interval {found['lower']:.4f} to "
        f"{found['upper']:.4f}; Erlang A, exactly, is {exact:.4f}: {inside}."
    )


if __name__ == "__main__":
    run(TASKS, least_s=2.0)  # the first run of a process pays for memory that later runs find
