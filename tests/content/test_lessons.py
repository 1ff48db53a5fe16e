"""All lessons side by side: each has its test file, what is built is fresh, pages say what the headers say."""

import json
import re

import pytest
from ruamel.yaml import YAML

from ccskills.lesson._terms import TERMS
from grader import lessons
from grader.centre import PROJECT
from grader.lessons.glossary import load, misused
from grader.notebooks import choose, read

SOURCE, COURSES = PROJECT / "courses" / "source", PROJECT / "courses"
FILES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.glob("*/*.md"))
ITEMS = sorted((PROJECT / "question_bank" / "items").rglob("*.md"))
TESTS = PROJECT / "tests" / "content"


def test_every_lesson_has_its_test_file_and_every_test_file_its_lesson():
    said = {
        re.search(r'^LESSON = "(.+)"$', path.read_text("utf-8"), re.M)[1] + ".md"
        for path in TESTS.glob("test_lesson_*_*.py")
    }

    assert sorted(said) == FILES


def test_what_is_built_is_what_the_sources_build():
    assert lessons.stale(SOURCE, COURSES) == []


def test_every_page_made_of_headers_or_glossary_is_fresh():
    made = lessons.pages()
    old = [name for name, content in made.items() if (PROJECT / name).read_bytes() != content]

    assert len(made) >= 6
    assert old == [], "run `academy courses build`"


def test_the_syllabus_says_what_the_headers_say():
    syllabus = YAML(typ="safe").load(COURSES / "syllabus.yml")
    listed = {
        f"{level['folder']}/{lesson['slug']}.md": {"level": level["level"]} | lesson
        for level in syllabus["levels"]
        for lesson in level["lessons"]
    }

    assert sorted(listed) == FILES
    for file, entry in listed.items():
        header = read(SOURCE / file).header["lesson"]
        assert {key: entry[key] for key in ("title", "level", "minutes", "statements")} == {
            key: header[key] for key in ("title", "level", "minutes", "statements")
        }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_notebook_lies_beside_its_file_its_summary_and_the_home_notebook(language):
    for file in FILES:
        path = (COURSES / language / file).with_suffix(".ipynb")
        beside = json.loads(path.with_name(f"{path.stem}.lesson.json").read_text("utf-8"))

        assert beside["language"] == language
        assert beside["lesson"] == file.removesuffix(".md")
        assert path.with_name(f"{path.stem}-summary.html").is_file()
        assert path.with_name("00-home.ipynb").is_file()


# --- the words --------------------------------------------------------------------------------------------------------


def test_the_glossary_of_the_library_is_that_of_the_house():
    ours = [
        (term.name.en, term.name.zh, term.meaning.en, term.meaning.zh) for section in load() for term in section.terms
    ]

    assert [(one.term.en, one.term.zh, one.meaning.en, one.meaning.zh) for one in TERMS] == ours


@pytest.mark.parametrize("language", ["en", "zh"])
def test_items_use_the_words_of_the_glossary(language):
    found = []
    for path in ITEMS:
        text = " ".join(cell.source for cell in choose(read(path), language).cells if cell.kind == "markdown")
        found += [f"{path.name}: {word}, the glossary says {term}" for word, term in misused(text, language)]

    assert found == []


def test_a_chinese_heading_and_the_name_that_one_types_are_two_words() -> None:
    glued = re.compile(r'"([\u4e00-\u9fff（）%]{1,12}[a-z_]{3,})"|\bchinese \+ name\b')
    found = [
        f"{path.parent.name}/{path.stem}: {one[0]}"
        for path in sorted((PROJECT / "courses" / "source").rglob("*.md"))
        for one in glued.finditer(path.read_text("utf-8"))
    ]

    assert found == []
