"""What `academy hr` answers on the registry of hr_registry.py, as of one day, and appraisals recorded through it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grader.commands import main
from grader.reports import Overview, overview
from grader.store import Store
from tests.grader.hr_registry import fill, framework, scheme

TODAY = date(2026, 11, 21)
Run = Callable[..., tuple[int, str]]


def fixtures() -> tuple[Any, Any, Any]:
    """The fixtures ``store``, ``shown`` and ``run`` of a module of tests."""

    @pytest.fixture
    def store(tmp_path: Path) -> Iterator[Store]:
        with fill(tmp_path / "centre" / "registry.db") as opened:
            yield opened

    @pytest.fixture
    def shown(store: Store) -> Overview:
        return overview(store, framework(), scheme(), TODAY)

    @pytest.fixture
    def run(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
        """`academy hr WORDS` on the test registry, as of TODAY: exit code and what was printed."""
        monkeypatch.setattr("grader.commands.hr_reports.today", lambda: TODAY)

        def run(*words: str) -> tuple[int, str]:
            capsys.readouterr()
            code = main(["hr", *words, "--centre", str(tmp_path / "centre")])
            said = capsys.readouterr()
            return code, said.out + said.err

        return run

    return store, shown, run


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    code, said = run(*words, "--json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(said)["rows"]
    return found


def appraise(run: Run, person: str, part: str, rating: str, appraiser: str, on: str = "2026-10-01") -> str:
    code, said = run("appraise", person, "--part", part, "--rating", rating, "--appraiser", appraiser,
                     "--on", on, "--evidence", "sheet 7", "--by", "hr")  # fmt: skip
    assert code == 0
    return said
