"""What every topic shares: run the task that is named, time it, print one line of JSON."""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

Task = Callable[[bool], tuple[Callable[[], Any], float]]
"""Given whether to do a small amount of work: what to time, and how many units of work that is."""


def run(tasks: Mapping[str, Task], least_s: float = 0.2) -> None:
    """Run the task named on the command line until it has taken `least_s`, and print its best time."""
    words = argparse.ArgumentParser()
    words.add_argument("task", choices=list(tasks))
    words.add_argument("--small", action="store_true")
    given = words.parse_args()
    warnings.simplefilter("ignore")
    work, units = tasks[given.task](given.small)
    best, spent, found = float("inf"), 0.0, None
    while found is None or spent < least_s:
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
        spent += time.perf_counter() - began
        if given.small:
            break
    print(json.dumps({"seconds": best, "units": units, "found": found}))
