"""What importing the library costs beyond numpy, scipy and pandas."""

from __future__ import annotations

import compileall
import resource
import subprocess
import sys

BASE = "import numpy, pandas, scipy, scipy.special"
ALL = "import ccskills\nfor name in ccskills.__all__:\n    name in ('explore', 'quiz') or getattr(ccskills, name)"
ROUNDS = 9


def seconds(codes: dict[str, str]) -> dict[str, float]:
    """Least time of the processor, its own and the system's, of fresh Pythons that run the codes in turn."""
    best = dict.fromkeys(codes, float("inf"))
    for _ in range(ROUNDS):
        for name, code in codes.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best[name] = min(best[name], spent)
    return best


def report() -> str:
    """The section of results.md."""
    from run import duration, table

    import ccskills

    # As `pip install` does: without it every module is compiled anew where bytecode is not written.
    compileall.compile_dir(ccskills.__path__[0], quiet=1)
    more = {"and `import ccskills`": "import ccskills", "and every module of it without widgets": ALL}
    alone = "numpy, scipy and pandas alone"
    found = seconds({alone: BASE, **{name: f"{BASE}\n{code}" for name, code in more.items()}})
    rows: list[list[object]] = [[name, duration(s), f"{1000 * (s - found[alone]):.0f} ms"] for name, s in found.items()]
    rows[0][2] = ""
    return table(["fresh Python with", "takes the processor", "more"], rows)
