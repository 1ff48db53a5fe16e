"""The pictures of the tutorials: made in both languages, small, each on a page, and told to who cannot see them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
PICTURES = sorted(FOLDER.iterdir())
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TUTORIALS = ("trainee", "trainer", "hr", "invigilator", "self-study")
LARGEST, LARGEST_OF_ALL = 150_000, 5_000_000


def shown(page: Path) -> list[tuple[str, Path]]:
    """Alternative text and file of every picture on a page; what stands there as code is an example."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.S | re.M)
    found = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text)
    return [(words, (page.parent / target).resolve()) for words, target in found]


def names(page: Path) -> list[str]:
    return [path.name[:-7] for _, path in shown(page)]


SHOWN = [(page, *one) for page in PAGES for one in shown(page)]


def test_there_are_pictures_and_every_one_is_on_a_page() -> None:
    assert PICTURES
    assert set(PICTURES) == {path for _, _, path in SHOWN}


def test_every_picture_is_there_in_both_languages() -> None:
    by_language = [{path.name[:-7] for path in PICTURES if path.name.endswith(end)} for end in ("-en.png", "-zh.png")]

    assert by_language[0] == by_language[1]
    assert 2 * len(by_language[0]) == len(PICTURES)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_as_wide_as_a_page(path: Path) -> None:
    with Image.open(path) as image:
        assert (image.format, image.width) == ("PNG", 1200)
    assert path.stat().st_size < LARGEST


def test_the_pictures_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES) < LARGEST_OF_ALL


@pytest.mark.parametrize(("page", "words", "path"), SHOWN, ids=[f"{p.name}: {path.name}" for p, _, path in SHOWN])
def test_a_page_shows_pictures_of_its_language_and_says_in_it_what_is_seen(page: Path, words: str, path: Path) -> None:
    chinese = page.parent.name == "zh" or "zh-CN" in page.name

    assert path.is_file()
    assert path.name.endswith("-zh.png" if chinese else "-en.png")
    assert len(words) >= (10 if chinese else 30)
    assert bool(re.search(r"[\u4e00-\u9fff]", words)) == chinese


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_a_tutorial_shows_the_same_pictures_in_both_languages(tutorial: str) -> None:
    english, chinese = (names(ROOT / "docs" / place / f"{tutorial}.md") for place in (".", "zh"))

    assert english == chinese != []


def test_the_readme_shows_the_journey_in_both_languages() -> None:
    assert names(ROOT / "README.md") == names(ROOT / "README.zh-CN.md") == ["journey"]
