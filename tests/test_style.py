"""The house's own rules that programs can check: types, spelling of code, layout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("words", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_a_checker_finds_nothing(words: list[str]) -> None:
    # mypy keeps what it knows of a file, by its digest, in .mypy_cache: all of it anew takes longer than most tests.
    cache = [] if words[0] == "mypy" else ["--no-cache"]

    done = subprocess.run(
        [sys.executable, "-m", *words, *cache], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
