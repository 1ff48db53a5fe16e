"""Autograding of realistic submissions, against nbgrader's own: whole processes, every wall up, marks compared."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY, VERY_MANY, ROUNDS = 12, 240, 2000, 20
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.db_url = "sqlite:///{root}/gradebook.db"
c.CourseDirectory.root = "{root}"
c.Exchange.root = "{root}/exchange"
"""
SETUP = """import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

calls = pd.read_csv("calls.csv", parse_dates=["start"]).set_index("start")
"""
# Name, what a good answer says, what a common mistake says, the test, points.
TASKS = [
    (
        "daily",
        'daily = calls["offered"].resample("D").sum()',
        "daily = calls",
        "assert daily.sum() == 69240\nassert len(daily) == 20",
        2,
    ),
    (
        "level",
        'level = calls["within"].sum() / calls["offered"].sum()',
        'level = (calls["within"] / calls["offered"]).mean()',
        "assert abs(level - 0.8) < 1e-6",
        2,
    ),
    (
        "peak",
        'peak = calls.groupby(calls.index.time)["offered"].mean().idxmax()',
        'peak = calls["offered"].idxmax()',
        'assert str(peak) == "10:00:00"',
        1,
    ),
    (
        "load",
        "def load(calls, aht_s):\n    return calls * aht_s / 1800",
        "def load(calls, aht_s):\n    return calls * aht_s / 3600",
        "assert load(180, 300) == 30\nassert load(0, 300) == 0",
        2,
    ),
    ("gross", "gross = int(np.ceil(17 / (1 - 0.3)))", "gross = int(np.ceil(17 * 1.3))", "assert gross == 25", 1),
    (
        "table",
        "table = daily.groupby(daily.index.day_name()).mean()",
        "table = daily",
        'assert table["Monday"] > table["Sunday"]\nassert len(table) == 7',
        2,
    ),
]
PLOT = 'calls["offered"].iloc[:48].plot(title="Two days")\nplt.show()'


def cell(kind: str, name: str, source: str, points: float = 0) -> dict[str, Any]:
    """A code cell with nbgrader's words: "answer", "test" or none."""
    flags = {"answer": (False, True, False), "test": (True, False, True)}
    made: dict[str, Any] = {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": []}
    made["source"] = source
    if kind in flags:
        grade, solution, locked = flags[kind]
        words = {"schema_version": 3, "task": False, "grade": grade, "solution": solution, "locked": locked}
        made["metadata"]["nbgrader"] = {**words, "grade_id": name, **({"points": points} if grade else {})}
    return made


def notebook(answers: dict[str, str]) -> str:
    """The assignment with these answers, as JSON."""
    cells = [cell("", "setup", SETUP)]
    for name, _, _, test, points in TASKS:
        cells += [cell("answer", name, answers[name]), cell("test", f"test-{name}", test, points)]
    cells.append(cell("", "plot", PLOT))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def data() -> str:
    """Twenty days of half hours whose counts give the answers above."""
    rows, within = [["start", "offered", "within"]], 0
    for day in range(20):
        date = f"2026-03-{day + 2:02d}"
        for slot in range(24):
            offered = 100 + 150 * (slot == 4) + 2 * slot + (day % 7 < 5) * 20
            rows.append([f"{date} {8 + slot // 2:02d}:{30 * (slot % 2):02d}", str(offered), ""])
    total = sum(int(row[1]) for row in rows[1:])
    assert total == 69240, total
    for number, row in enumerate(rows[1:]):
        share = 0.95 if number % 4 else 0.35
        row[2] = str(int(int(row[1]) * share))
        within += int(row[2])
    rows[-1][2] = str(int(rows[-1][2]) + round(0.8 * total) - within)
    return "".join(f"{','.join(row)}\n" for row in rows)


def course(folder: Path, submissions: int) -> Path:
    """A plain nbgrader course with a released assignment and its submissions, one in three with mistakes."""
    source = folder / "source" / "ps1"
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=folder), "utf-8")
    (source / "ps1.ipynb").write_text(notebook({name: good for name, good, *_ in TASKS}), "utf-8")
    (source / "calls.csv").write_text(data(), "utf-8")
    nbgrader(folder, "generate_assignment", "ps1")
    for number in range(submissions):
        draw = random.Random(number)
        wrong = {name for name, *_ in TASKS if number % 3 == 0 and draw.random() < 0.5}
        answers = {name: bad if name in wrong else good for name, good, bad, *_ in TASKS}
        place = folder / "submitted" / f"s{number:04d}" / "ps1"
        place.mkdir(parents=True)
        (place / "ps1.ipynb").write_text(notebook(answers), "utf-8")
        shutil.copy(source / "calls.csv", place)
    return folder


def nbgrader(folder: Path, *words: str) -> None:
    """Run one of nbgrader's commands in a course."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "PATH": path})


def academy(folder: Path, *words: str) -> tuple[float, float]:
    """Grade a course with our command; seconds, and the largest memory of one of its processes [MB]."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "grader", "autograde", str(folder), "ps1", *words]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def marks(folder: Path) -> dict[tuple[str, str], float]:
    """Automatic marks by student and test cell, as they stand in the gradebook."""
    query = """select s.student_id, b.name, g.auto_score from grade g join base_cell b on g.cell_id = b.id
        join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id"""
    with sqlite3.connect(folder / "gradebook.db") as book:
        return {(student, name): score for student, name, score in book.execute(query)}


def own() -> float:
    """Seconds that the candidate's cells of one submission take in a warm process without any wall."""
    from grader.sandbox import _forks

    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        (Path(name) / "calls.csv").write_text(data(), "utf-8")
        os.chdir(name)
        cells = _forks.warm()
        sources = [SETUP, *(good for _, good, *_ in TASKS), PLOT]
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for source in sources:
                cells.run(source)
            times.append(time.perf_counter() - began)
        return statistics.median(times)


def walls() -> dict[str, float]:
    """Seconds of each wall, measured inside a sandbox of its own by `_walls.py`."""
    from grader.sandbox import Limits, _bubblewrap
    from grader.sandbox._seccomp import program

    _bubblewrap._ENGINE = (*_bubblewrap._ENGINE, Path(__file__).with_name("_walls.py"))
    process, control = _bubblewrap.start("_walls.py", Limits(), forks=True)
    control.send(program())
    control.settimeout(120)
    try:
        found: dict[str, float] = json.loads(control.recv(1 << 16))
    finally:
        process.kill()
        process.wait()
    return found


def here(word: str) -> Any:
    """Run one of the two measurements above in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, __file__, word]
    read, write = os.pipe()
    with os.fdopen(read) as answer:
        subprocess.run([*command, str(write)], check=True, pass_fds=[write], env=environment)
        os.close(write)
        return json.load(answer)


def report() -> str:
    """The section of results.md."""
    from run import duration, table

    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        theirs = course(Path(name) / "theirs", FEW)
        began = time.perf_counter()
        nbgrader(theirs, "autograde", "ps1")
        plain_s = (time.perf_counter() - began) / FEW
        ours = course(Path(name) / "ours", MANY)
        one_s, _ = academy(ours, "--student", "s0001")
        many_s, memory = academy(ours)
        expected, found = marks(theirs), marks(ours)
        same = sum(found[key] == mark for key, mark in expected.items())
        large = course(Path(name) / "large", VERY_MANY)
        large_s, large_memory = academy(large)
    own_s, each = here("own"), here("walls")

    def row(number: int, seconds: float, most: float) -> list[object]:
        each_s = seconds / number
        words = [duration(each_s), f"{plain_s / each_s:.0f}", f"{most:.0f}"]
        return ["academy autograde, two workers", f"{number:,}", *words]

    rows: list[list[object]] = [["nbgrader autograde", f"{FEW}", duration(plain_s), "1", ""]]
    rows += [row(MANY - 1, many_s, memory), row(VERY_MANY, large_s, large_memory)]
    head = ["command", "submissions", "each", "ratio", "largest process [MB]"]
    cores = os.cpu_count() or 1
    return (
        "Submissions with pandas, a plot and six test cells, one in three wrong; whole processes from call to end.\n\n"
        f"{table(head, rows)}\n\nOne submission alone, from call to end: {duration(one_s)}. "
        f"Marks of the {FEW} graded by both: {same} of {len(expected)} test cells the same.\n\n"
        f"The candidate's own cells alone, in a warm process without any wall, take {duration(own_s)}: with {cores} "
        f"cores nothing that runs them can be more than {plain_s * cores / own_s:.0f} times as fast as nbgrader here."
        "\n\n"
        "What each wall costs a submission:\n\n"
        f"{table(['wall', 'takes'], [[wall, duration(seconds)] for wall, seconds in each.items()])}"
    )


if __name__ == "__main__":
    answer = {"own": own, "walls": walls}[sys.argv[1]]()
    os.write(int(sys.argv[2]), json.dumps(answer).encode())
