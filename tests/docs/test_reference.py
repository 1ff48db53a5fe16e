"""The generated parts of docs/reference are what the code says today, and every command stands in a tutorial."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import ccskills

ROOT = Path(__file__).parents[2]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = load(ROOT / "docs" / "make_reference.py")
PAGES = sorted(REFERENCE.REFERENCE.rglob("*.md"))
COMMANDS = [words for words, _, _ in REFERENCE.commands()]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_of_the_reference_is_fresh(page: Path) -> None:
    text = page.read_text("utf-8")

    assert REFERENCE.fresh(text) == text, f"{page.relative_to(ROOT)} is stale; run {REFERENCE.COMMAND}"


def test_every_generated_part_stands_on_exactly_one_page() -> None:
    found = [part for page in PAGES for part in re.findall(r"<!-- made: ([\w -]+) -->", page.read_text("utf-8"))]

    assert sorted(found) == sorted(REFERENCE.parts())


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_stands_in_a_tutorial(words: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]

    assert any(re.search(rf"\./academy {words}\b", page.read_text("utf-8")) for page in pages), (
        f"no tutorial shows ./academy {words}; write a line into the page of the role that uses it"
    )


def test_every_public_name_of_the_library_is_in_its_reference() -> None:
    text = "\n".join(page.read_text("utf-8") for page in (REFERENCE.REFERENCE / "ccskills").glob("*.md"))
    wanted = [
        f"## `{name}.{public}`"
        for name in ccskills.__all__
        if name != "__version__"
        for public in getattr(ccskills, name).__all__
    ]

    assert wanted
    assert [heading for heading in wanted if f"{heading}\n" not in text] == []


def test_the_reference_tells_nothing_of_the_machine_that_wrote_it() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        assert str(ROOT) not in text and str(Path.home()) not in text, page.name
