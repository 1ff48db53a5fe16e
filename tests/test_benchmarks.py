"""The benchmarks still run: each task of ours, on a small amount of work."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


def tasks(topic: str) -> list[str]:
    """The tasks of a topic that need no peer."""
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location(f"benchmark_{topic}", FOLDER / f"{topic}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return [task for task in module.TASKS if task.startswith("ours")]


TASKS = [
    (topic, task)
    for topic in ("staffing", "simulation", "forecasting", "scheduling", "quality", "assembly", "bank", "registry")
    for task in tasks(topic)
]


@pytest.mark.parametrize(("topic", "task"), TASKS)
def test_a_task_of_ours_runs_and_says_what_it_found(topic: str, task: str) -> None:
    words = [sys.executable, str(FOLDER / f"{topic}.py"), task, "--small"]

    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert reply["units"] >= 1
    assert reply["found"] not in (None, [], {})


def test_the_results_were_written_by_the_program_for_every_topic() -> None:
    text = (FOLDER / "results.md").read_text("utf-8")

    assert "Written by `benchmarks/run.py`" in text
    for topic in ("staffing", "simulation", "forecasting", "scheduling", "quality", "importing"):
        assert f"## {topic}" in text
