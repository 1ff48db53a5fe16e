"""The house's own rules that programs can check: types, spelling of code, layout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = ("benchmarks", "ccskills", "courses", "docs", "grader", "tests")
MOST_LINES = 400


@pytest.mark.parametrize("words", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_a_checker_finds_nothing(words: list[str]) -> None:
    # mypy keeps what it knows of a file, by its digest, in .mypy_cache: all of it anew takes longer than most tests.
    cache = [] if words[0] == "mypy" else ["--no-cache"]

    done = subprocess.run(
        [sys.executable, "-m", *words, *cache], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_a_file_beyond_400_lines_says_why_at_its_top() -> None:
    found = [path for name in CODE for kind in ("*.py", "*.js") for path in (ROOT / name).rglob(kind)]
    files = [path for path in found if "node_modules" not in path.parts]  # those are somebody else's
    lines = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8").splitlines() for path in files}

    silent = [name for name, text in lines.items() if len(text) > MOST_LINES and not _says_why(text[:12])]

    assert len(files) > 500
    assert silent == []


def _says_why(top: list[str]) -> bool:
    return f"Beyond {MOST_LINES} lines, since " in " ".join(line.removeprefix("//").strip() for line in top)
