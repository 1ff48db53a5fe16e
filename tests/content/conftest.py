"""One prepared process for all lessons that a worker of the tests runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fork_server import ForkServer


@pytest.fixture(scope="session")
def lesson_server() -> Iterator[ForkServer]:
    """Runs ``lesson_run.py``; warnings are errors, also while it is prepared."""
    here = Path(__file__).parent
    env = {
        "PYTHONPATH": f"{here.parents[1]}:{here}",
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with ForkServer(["lesson_run"], words=["-W", "error"], env=env, prepare="lesson_run.prepare()") as started:
        yield started
