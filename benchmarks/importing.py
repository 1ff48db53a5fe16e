"""What importing the library costs beyond numpy, scipy and pandas."""

from __future__ import annotations

import subprocess
import sys
import time

BASE = "import numpy, pandas, scipy, scipy.special"
ALL = "import ccskills\nfor name in ccskills.__all__:\n    name in ('explore', 'quiz') or getattr(ccskills, name)"
ROUNDS = 9


def seconds(code: str) -> float:
    """Best wall clock of a fresh Python that runs the code."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        best = min(best, time.perf_counter() - began)
    return best


def report() -> str:
    """The section of results.md."""
    from run import duration, table

    base = seconds(BASE)
    rows: list[list[object]] = [["numpy, scipy and pandas alone", duration(base), ""]]
    for name, code in (("and `import ccskills`", "import ccskills"), ("and every module of it without widgets", ALL)):
        found = seconds(f"{BASE}\n{code}")
        rows.append([name, duration(found), f"{1000 * (found - base):.0f} ms"])
    return table(["fresh Python with", "takes", "more"], rows)
