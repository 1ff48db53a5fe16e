"""Measures `ccskills` against its peers and writes results.md: `.venv/bin/python benchmarks/run.py [TOPIC ...]`.

Each topic is a program of its own with tasks, ours and those of a peer. Ours run in the project's environment, the
peers' in an environment made here from peers.lock, since some of them want other versions than we do. Tasks that are
compared run one after the other, three times in turn; the ratio is that of the best times per unit of work.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".venv"
RESULTS = HERE / "results.md"
TOPICS = (
    *("staffing", "simulation", "forecasting", "scheduling", "quality", "importing"),
    *("grading", "assembly", "room", "bank", "lessons", "registry"),
)
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """The best time of one task, per unit of work, and what it found."""

    seconds: float
    units: float
    found: Any

    @property
    def each_s(self) -> float:
        """Seconds for one unit of work."""
        return self.seconds / self.units


def peers(base: str = "3.12") -> Path:
    """The Python of the peers' environment, made from Python `base` when it is missing or its lock has changed."""
    lock, stamp = HERE / "peers.lock", PEERS / "stamp"
    python = PEERS / "bin" / "python"
    if not stamp.exists() or stamp.read_text("utf-8") != lock.read_text("utf-8"):
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", base, str(PEERS)], check=True)
        words = ["pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(lock)]
        subprocess.run([*uv, *words], check=True)
        stamp.write_text(lock.read_text("utf-8"), "utf-8")
    return python


def task(topic: str, name: str, *, small: bool = False) -> Run:
    """Run one task in the environment that it belongs to."""
    python = sys.executable if name.startswith("ours") else str(peers())
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "2"}
    words = [python, str(HERE / f"{topic}.py"), name, *(["--small"] if small else [])]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{topic} {name} failed:\n{done.stderr[-3000:]}")
    reply = json.loads(done.stdout.strip().splitlines()[-1])
    return Run(reply["seconds"], reply["units"], reply["found"])


def versus(topic: str, ours: str, peer: str, *, small: bool = False, rounds: int = ROUNDS) -> tuple[Run, Run]:
    """Both tasks in turn, each at its best."""
    pairs = [(task(topic, ours, small=small), task(topic, peer, small=small)) for _ in range(rounds)]
    mine, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    return min(mine, key=lambda run: run.each_s), min(theirs, key=lambda run: run.each_s)


def table(head: list[str], rows: list[list[object]]) -> str:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def duration(seconds: float) -> str:
    """A time with a unit that fits and two digits that count."""
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds:.1g} s"


def main() -> None:
    """Run the topics asked for and put their sections into results.md."""
    words = argparse.ArgumentParser(description="Measure ccskills against its peers.")
    words.add_argument("topics", nargs="*", choices=[*TOPICS, []], help="default: all")
    words.add_argument("--python", default="3.12", help="Python 3.12 for the peers: a version or a path")
    given = words.parse_args()
    peers(given.python)
    chosen = given.topics or list(TOPICS)
    sections = {}
    if RESULTS.exists():
        for part in RESULTS.read_text("utf-8").split("\n## ")[1:]:
            sections[part.split("\n", 1)[0]] = part.split("\n", 1)[1].strip()
    for topic in chosen:
        sys.path.insert(0, str(HERE))
        module = __import__(topic)
        print(f"{topic} ...", flush=True)
        sections[topic] = f"Measured {date.today().isoformat()} on {machine()}.\n\n{module.report()}"
        write(sections)


def machine() -> str:
    """What the numbers were measured on."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def write(sections: dict[str, str]) -> None:
    """Write results.md with the sections in the order of the topics."""
    lines = ["# Results", "", "Written by `benchmarks/run.py`; do not edit. A ratio above 1 means that ours is faster."]
    for topic in TOPICS:
        if topic in sections:
            lines += ["", f"## {topic}", "", sections[topic]]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
