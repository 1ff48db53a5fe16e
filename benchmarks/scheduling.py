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


# Kinds of full shifts: length, and the hours in which lunch of an hour may begin; and a short one without lunch.
LENGTHS, LUNCH, PART = (8, 8.5, 9, 9.5, 10), (3.0, 5.0), 4


def few() -> dict[str, list[int]]:
    """Ready patterns: nine hours with lunch after three, four or five, and four hours without, from every half hour."""
    found = {}
    for start in range(0, PERIODS - PART * HOUR + 1, 2):
        found[f"part {start}"] = pattern(start, PART)
        for lunch in (3, 4, 5) if start <= PERIODS - 9 * HOUR else ():
            found[f"full {start} {lunch}"] = pattern(start, 9, start + lunch * HOUR)
    return found


def many() -> dict[str, list[int]]:
    """Every start and every place of lunch of every kind of shift, as pyworkforce wants them written out."""
    found = {f"part {start}": pattern(start, PART) for start in range(PERIODS - PART * HOUR + 1)}
    for length in LENGTHS:
        for start in range(PERIODS - int(length * HOUR) + 1):
            for lunch in range(int(LUNCH[0] * HOUR), int(LUNCH[1] * HOUR) + 1):
                found[f"{length} {start} {lunch}"] = pattern(start, length, start + lunch)
    return found


def pattern(start: int, hours: float, lunch: int | None = None) -> list[int]:
    """One shift, quarter hour by quarter hour."""
    away = range(0) if lunch is None else range(lunch, lunch + HOUR)
    return [int(start <= q < start + hours * HOUR and q not in away) for q in range(PERIODS)]


def required_day() -> Any:
    import pandas as pd

    return pd.Series(need(), pd.date_range("2026-01-05", periods=PERIODS, freq="15min", name="start"), dtype=float)


def ours_heads(_: bool) -> tuple[Callable[[], Any], float]:
    import pandas as pd
    import scipy.optimize  # noqa: F401 - loaded once in a session, not in every plan

    from ccskills.scheduling import design_day

    required = required_day()
    table = pd.DataFrame(few(), index=required.index)
    return lambda: design_day(required, table, aim="heads").heads, 1.0


def ours_difference(_: bool) -> tuple[Callable[[], Any], float]:
    import scipy.optimize  # noqa: F401

    from ccskills.scheduling import Break, Shift, design_day

    required = required_day()
    kinds = [Shift(f"{hours:g} h", hours, (Break("lunch", 60, *LUNCH),)) for hours in LENGTHS]
    kinds.append(Shift("part", PART, ()))

    def work() -> float:
        cover = design_day(required, kinds, aim="difference").cover
        return float((cover["over"] + cover["under"]).sum())

    return work, 1.0


def pyworkforce_day(problem: str, shifts: Callable[[], dict[str, list[int]]]) -> Any:
    def prepare(_: bool) -> tuple[Callable[[], Any], float]:
        from pyworkforce import scheduling

        patterns = shifts()
        words = {"num_days": 1, "periods": PERIODS, "shifts_coverage": patterns, "required_resources": [need()]}
        words |= {"max_period_concurrency": 1000, "max_shift_concurrency": 1000}
        return lambda: float(getattr(scheduling, problem)(**words).solve()["cost"]), 1.0

    return prepare


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


TASKS = {
    "ours heads": ours_heads,
    "pyworkforce heads": pyworkforce_day("MinRequiredResources", few),
    "ours difference": ours_difference,
    "pyworkforce difference": pyworkforce_day("MinAbsDifference", many),
    "ours week": ours_week,
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task, versus

    rows: list[list[object]] = []
    for what, words in (
        ("heads", f"fewest heads, {len(few())} ready patterns"),
        ("difference", f"least over and under, {len(LENGTHS) + 1} kinds of shifts ({len(many()):,} patterns)"),
    ):
        mine, peer = versus("scheduling", f"ours {what}", f"pyworkforce {what}", rounds=1)
        times = [duration(mine.seconds), duration(peer.seconds), f"{peer.seconds / mine.seconds:,.1f}"]
        rows.append([words, *times, f"{mine.found:g}", f"{peer.found:g}"])
    day = table(["what", "ccskills", "pyworkforce", "ratio", "optimum, ccskills", "optimum, pyworkforce"], rows)
    weeks = [task("scheduling", "ours week") for _ in range(2)]
    week = min(weeks, key=lambda run: run.seconds)
    found = week.found
    return (
        f"One day of {PERIODS} quarter hours:\n\n{day}\n\n"
        f"One week of half hours, {OPENS}:00 to {CLOSES}:00, an hour of lunch: {found['heads']:.0f} people, "
        f"{found['paid_hours']:,.0f} paid hours in {duration(week.seconds)}, {found['gap']:.2%} above the bound of the "
        f"linear program ({found['bound']:,.0f} hours), nobody short (largest shortage {found['short']:g})."
    )


if __name__ == "__main__":
    run(TASKS)
