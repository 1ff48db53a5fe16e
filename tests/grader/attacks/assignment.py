"""One realistic assignment: a table, a chart, a function, partial credit, hidden tests, a data file, a hidden file."""

from __future__ import annotations

import base64
from typing import Any

__all__ = ["DATA", "FULL", "HIDDEN", "HIDDEN_FILE", "NOTHING", "PNG", "RIGHT", "SECRETS", "source"]

NAME = "practical"
DATA = b"day,calls,aht_s\n" + b"".join(
    f"2026-11-{day:02d},{calls},{aht}\n".encode()
    for day, calls, aht in [(2, 310, 250), (3, 290, 245), (4, 305, 240), (5, 320, 260), (6, 275, 255), (7, 120, 230)]
)
HIDDEN_FILE = b"""'''A file of the trainer's that is not released: what the hidden tests compare with.'''

SENTENCE = 'what only the trainer knows: sesame-file'
STAFFED = {(300, 240): 40.0, (6, 300): 1.0, (90, 20): 1.0}
"""
SECRETS = ("sesame-file", "sesame-test", "sesame-solution", "sesame-other", "sesame-environment", "root:x:0:0")
"""What no output of a candidate's and no page may ever show."""

_CELLS = {
    "imports": "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
    "given": "TOLERANCE = 1e-6\n\n\ndef near(a, b):\n    return abs(a - b) <= TOLERANCE * max(1.0, abs(b))",
    "table": "### BEGIN SOLUTION\n# sesame-solution\ncalls = pd.read_csv('data/calls.csv', parse_dates=['day'])\n"
    "calls['load'] = calls['calls'] * calls['aht_s'] / 1800\n### END SOLUTION",
    "t-table": "assert list(calls.columns) == ['day', 'calls', 'aht_s', 'load'], 'four columns are wanted'\n"
    "### BEGIN HIDDEN TESTS\nright = pd.read_csv('data/calls.csv', parse_dates=['day'])\n"
    "right['load'] = right['calls'] * right['aht_s'] / 1800  # sesame-test\n"
    "pd.testing.assert_frame_equal(calls, right)\n### END HIDDEN TESTS",
    "mean": "### BEGIN SOLUTION\nmean_calls = float(calls['calls'].mean())\n### END SOLUTION",
    "t-mean": "assert mean_calls > 0, 'a number above 0 is wanted'\n"
    "### BEGIN HIDDEN TESTS\nassert near(mean_calls, 270), 'sesame-test 270'\n### END HIDDEN TESTS",
    "erlangs": "def erlangs(calls, aht_s):\n    ### BEGIN SOLUTION\n"
    "    return calls * aht_s / 1800\n    ### END SOLUTION",
    "t-erlangs": "def agrees(got, wanted):\n    return abs(got - wanted) < 1e-9\n\n\n"
    "assert agrees(erlangs(360, 200), 40)\n"
    "### BEGIN HIDDEN TESTS\nfrom hidden_checks import STAFFED\n\n"
    "for (n, aht), wanted in STAFFED.items():\n    assert agrees(erlangs(n, aht), wanted), 'sesame-test erlangs'\n"
    "### END HIDDEN TESTS",
    "growth": "### BEGIN SOLUTION\ngrowth = np.array([1.02, 1.05, 0.97])\n### END SOLUTION",
    "t-growth": "assert len(growth) == 3\n"
    "### BEGIN HIDDEN TESTS\nassert np.allclose(np.log(growth), [0.0198026, 0.0487902, -0.0304592], atol=1e-6)\n"
    "### END HIDDEN TESTS",
    "peaks": "### BEGIN SOLUTION\npeaks = {'09': 41, '10': 44, '11': 43, '12': 40}\n### END SOLUTION",
    "t-peaks": "### BEGIN HIDDEN TESTS\nright_peaks = {'09': 41, '10': 44, '11': 43, '12': 40}  # sesame-test\n"
    "### END HIDDEN TESTS\nsum(1 for hour in right_peaks if peaks.get(hour) == right_peaks[hour])",
    "chart": "### BEGIN SOLUTION\nfig, ax = plt.subplots()\n"
    "ax.bar(calls['day'].dt.day_name(), calls['calls'])\nplt.show()\n"
    "shares = (calls.set_index('day')['calls'] / calls['calls'].sum()).rename('share')\n### END SOLUTION",
    "t-chart": "assert agrees(shares.sum(), 1)\n"
    "### BEGIN HIDDEN TESTS\nwanted = [0.191358, 0.179012, 0.188272, 0.197531, 0.169753, 0.074074]\n"
    "assert all(agrees(round(float(got), 6), right) for got, right in zip(shares, wanted, strict=True)),"
    " 'sesame-test'\n"
    "### END HIDDEN TESTS",
}
POINTS = {"t-table": 2, "t-mean": 1, "t-erlangs": 3, "t-growth": 2, "t-peaks": 4, "t-chart": 2}
FULL = {cell: float(points) for cell, points in POINTS.items()}
NOTHING = dict.fromkeys(POINTS, 0.0)
HIDDEN = "hidden_checks.py"
RIGHT = {
    name: "\n".join(line for line in text.splitlines() if "###" not in line and "sesame" not in line)
    for name, text in _CELLS.items()
    if "BEGIN SOLUTION" in text
}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def source() -> dict[str, Any]:
    """The trainer's version, solutions and hidden tests included."""
    cells = [{"cell_type": "markdown", "id": "intro", "source": "# Calls of a week", "metadata": {}}]
    cells += [_cell(name, text) for name, text in _CELLS.items()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, text: str) -> dict[str, Any]:
    test, given = name in POINTS, name == "given"
    words = {"grade_id": name, "grade": test, "solution": name in RIGHT, "locked": test or given, "task": False}
    words |= {"schema_version": 3} | ({"points": POINTS[name]} if test else {})
    cell = {"cell_type": "code", "id": name, "source": text, "outputs": [], "execution_count": None}
    return {**cell, "metadata": {} if name == "imports" else {"nbgrader": words}}
