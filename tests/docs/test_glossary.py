"""The glossary: one term, one translation, and the same one as in the framework."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from grader.rules import load_framework

ROOT = Path(__file__).parents[2]
FRAMEWORK = load_framework(ROOT / "question_bank" / "framework.yml")
ROWS = [
    (english, chinese, meaning)
    for english, chinese, meaning in re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \|$", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.M
    )
    if english != "English"
]


def framework_terms() -> dict[str, str]:
    """Patterns of English and Chinese that tests/content holds the framework against."""
    path = ROOT / "tests" / "content" / "test_framework.py"
    spec = importlib.util.spec_from_file_location("framework_terms", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    terms: dict[str, str] = module.TERMS
    return terms


TERMS = framework_terms()


@pytest.mark.parametrize("english", TERMS)
def test_a_term_of_the_framework_is_explained_and_translated_alike(english: str) -> None:
    found = [row for row in ROWS if re.search(english, row[0], re.IGNORECASE)]

    assert found, f"the glossary has no row for {english}; write one"
    assert any(re.search(TERMS[english], row[1]) for row in found)


def test_a_term_has_one_translation_and_a_translation_one_term() -> None:
    for column in (0, 1):
        said = Counter(row[column].lower() for row in ROWS)
        assert [term for term, times in said.items() if times > 1] == []


def test_every_row_has_a_meaning_in_the_order_of_the_alphabet() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")

    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        terms = [english for english, *_ in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", section, re.M)]
        rows = terms[1:]
        assert rows
        if not section.startswith("Levels"):
            assert rows == sorted(rows, key=str.casefold)


def test_the_levels_are_called_as_in_the_framework() -> None:
    said = {english: chinese for english, chinese, _ in ROWS}

    for level in FRAMEWORK.levels:
        assert level.name.zh.startswith(said[level.name.en.lower()])
