"""Shift design for a day against pyworkforce, and a week of about 300 agents against its own lower bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _task import run

PERIODS, HOUR = 96, 4  # quarter hours
OPENS, CLOSES, HEADS = 7, 22, 300


def need() -> list[int]:
    """Agents required in the quarter hours of one day, with two peaks."""
    hour = np.arange(PERIODS) / HOUR
    curve = 4 + 64 * np.exp(-(((hour - 10.5) / 2.8) ** 2)) + 46 * np.exp(-(((hour - 16.5) / 3.0) ** 2))
    return [int(x) for x in np.ceil(curve)]


def patterns() -> dict[str, list[int]]:
    """Nine hours with an hour of lunch after three, four or five, and four hours without, from every half hour."""
    found = {}
    for start in range(0, PERIODS - 4 * HOUR + 1, 2):
        found[f"part {start}"] = [int(start <= q < start + 4 * HOUR) for q in range(PERIODS)]
        for lunch in (3, 4, 5) if start <= PERIODS - 9 * HOUR else ():
            rest = range(start + lunch * HOUR, start + (lunch + 1) * HOUR)
            found[f"full {start} {lunch}"] = [
                int(start <= q < start + 9 * HOUR and q not in rest) for q in range(PERIODS)
            ]
    return found


def ours_day(_: bool) -> tuple[Callable[[], Any], float]:
    import pandas as pd

    from ccskills.scheduling import design_day

    required = pd.Series(need(), pd.date_range("2026-01-05", periods=PERIODS, freq="15min", name="start"), dtype=float)
    table = pd.DataFrame(patterns(), index=required.index)
    return lambda: design_day(required, table, aim="heads").heads, 1.0


def pyworkforce_day(_: bool) -> tuple[Callable[[], Any], float]:
    from pyworkforce.scheduling import MinRequiredResources

    def work() -> int:
        problem = MinRequiredResources(
            num_days=1,
            periods=PERIODS,
            shifts_coverage=patterns(),
            required_resources=[need()],
            max_period_concurrency=1000,
            max_shift_concurrency=1000,
        )
        return int(problem.solve()["cost"])

    return work, 1.0


def required_week() -> Any:
    """Half hours of a week that about 300 people on 40 hours cover."""
    import pandas as pd

    from ccskills.staffing import agents_required, offered_load

    index = pd.date_range("2026-01-05", periods=7 * 48, freq="30min", name="start")
    index = index[(index.hour >= OPENS) & (index.hour < CLOSES)]
    hour = index.hour.to_numpy() + index.minute.to_numpy() / 60
    shape = 0.35 + np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.75 * np.exp(-(((hour - 15.5) / 2.6) ** 2))
    day = np.array([1.15, 1.05, 1.0, 0.98, 1.02, 0.72, 0.62])[index.day_of_week.to_numpy()]
    calls = shape * day * HEADS * 3.2
    return pd.Series(agents_required(offered_load(calls, 240), 240, patience_s=150), index).astype(float)


def ours_week(small: bool) -> tuple[Callable[[], Any], float]:
    from ccskills.scheduling import design_week

    required = required_week()
    if small:
        required = (required / 20).round()

    def work() -> dict[str, float]:
        plan = design_week(required)
        short = float(plan.cover["under"].max())
        return {
            "heads": plan.heads,
            "paid_hours": plan.paid_hours,
            "bound": plan.bound,
            "gap": plan.gap,
            "short": short,
        }

    return work, 1.0


TASKS = {"ours day": ours_day, "pyworkforce day": pyworkforce_day, "ours week": ours_week}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task, versus

    mine, peer = versus("scheduling", "ours day", "pyworkforce day")
    row = [
        duration(mine.seconds),
        duration(peer.seconds),
        f"{peer.seconds / mine.seconds:,.0f}",
        mine.found,
        peer.found,
    ]
    day = table(["ccskills", "pyworkforce", "ratio", "heads, ccskills", "heads, pyworkforce"], [row])
    weeks = [task("scheduling", "ours week") for _ in range(2)]
    week = min(weeks, key=lambda run: run.seconds)
    found = week.found
    return (
        f"One day of {PERIODS} quarter hours, {len(patterns())} shifts, fewest heads:\n\n{day}\n\n"
        f"One week of half hours, {OPENS}:00 to {CLOSES}:00, an hour of lunch: {found['heads']:.0f} people, "
        f"{found['paid_hours']:,.0f} paid hours in {duration(week.seconds)}, {found['gap']:.2%} above the bound of the "
        f"linear program ({found['bound']:,.0f} hours), nobody short (largest shortage {found['short']:g})."
    )


if __name__ == "__main__":
    run(TASKS)
