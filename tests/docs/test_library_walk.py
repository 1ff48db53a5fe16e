"""The walk through the library runs, and is the same walk in both languages."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.S | re.M)


def test_the_walk_does_what_it_shows() -> None:
    code = "\n".join(blocks(DOCS / "library.md"))
    walk = doctest.DocTestParser().get_doctest(code, {}, "library.md", None, 0)

    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(walk)

    assert result.failed == 0
    assert result.attempted > 20


def test_both_languages_walk_the_same_way() -> None:
    assert blocks(DOCS / "library.md") == blocks(DOCS / "zh" / "library.md") != []
