"""The saved questions for Datasette are read-only SQL that the registry answers, and say which of them show names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.grader.hr_registry import fill

FILE = Path(__file__).parents[2] / "deploy" / "datasette" / "metadata.yml"
QUERIES: dict[str, dict[str, Any]] = YAML(typ="safe").load(FILE)["databases"]["registry-copy"]["queries"]


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_question_is_answered_and_names_people_only_when_it_says_so(name: str, tmp_path: Path) -> None:
    query = QUERIES[name]
    with fill(tmp_path / "registry.db") as store:
        rows = store.ask(query["sql"], {"days": 36500, "person": "P001"})

    assert name == "decisions-by-month" or rows
    found = {str(cell) for row in rows for cell in row}
    assert not found & {"陈晓敏", "P001", "李雯", "P010"} or "(names)" in query["title"]
    assert re.match(r"SELECT\b", query["sql"])
