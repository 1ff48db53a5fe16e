"""The one glossary, ``courses/glossary.yml``: its pages, the terms of ``ccskills.lesson``, words not to be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from grader.centre import PROJECT
from grader.errors import LessonError
from grader.model import LANGUAGES, Bilingual

__all__ = ["Section", "Term", "load", "misused", "page", "terms_module"]


@dataclass(frozen=True)
class Term:
    """A term with its meaning, and other words for it that are not to be used."""

    name: Bilingual
    meaning: Bilingual
    instead: Bilingual
    """Words not to be used, separated by ``|``."""


@dataclass(frozen=True)
class Section:
    """Terms of one field."""

    title: Bilingual
    terms: tuple[Term, ...]


@cache
def load(path: Path = PROJECT / "courses" / "glossary.yml") -> tuple[Section, ...]:
    """The glossary; :class:`LessonError` when an entry lacks a language or the file cannot be read."""
    try:
        data = YAML(typ="safe").load(path.read_text("utf-8"))
        return tuple(
            Section(_both(section["title"]), tuple(_term(term) for term in section["terms"]))
            for section in data["sections"]
        )
    except (OSError, YAMLError, KeyError, TypeError, AttributeError) as error:
        raise LessonError(f"{path.name} cannot be used: {' '.join(str(error).split())[:200]}; mend it") from None


def _term(entry: Any) -> Term:
    other = entry.get("instead", {})
    instead = Bilingual(*("|".join(other.get(language, [])) for language in LANGUAGES))
    return Term(_both(entry), _both(entry["means"]), instead)


def _both(entry: Any) -> Bilingual:
    if not all(isinstance(entry[language], str) and entry[language].strip() for language in LANGUAGES):
        raise TypeError(f"an entry needs en and zh, got {entry!r}")
    return Bilingual(*(entry[language] for language in LANGUAGES))


def misused(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Words in ``text`` that the glossary replaces, each with its term.

    >>> list(misused("20名坐席", "zh"))
    [('坐席', '座席')]
    """
    for section in load():
        for term in section.terms:
            for word in term.instead.say(language).split("|"):
                if word and word.casefold() in text.casefold():
                    yield word, term.name.say(language)


_OPENINGS = Bilingual(
    "# Glossary 术语表\n\n[中文](zh/glossary.md)\n\n"
    "One term, one translation: lessons, items, pages and reports use the words of this table, and a test holds it "
    "against what the framework says. Formulas are those that\nthis house uses when nothing else is said; "
    "an item always states its own. Made from "
    '`courses/glossary.yml` by `academy courses build`; in a lesson, `lesson.glossary("occupancy")` shows an entry.\n',
    "# 术语表\n\n[English](../glossary.md)\n\n"
    "一个术语，一种译法：课程、试题、网页和报表都用这张表里的词，并有测试拿它与能力框架核对。"
    "公式是本体系在没有另行说明时采用的；试题一律写明自己的公式。"
    "本页由`academy courses build`根据`courses/glossary.yml`生成；"
    '在课程里运行`lesson.glossary("占用率")`，可以查看一条。\n',
)
_HEADS = Bilingual(
    "| English | 中文 | meaning, formula |\n|---|---|---|", "| 中文 | English | 含义、公式 |\n|---|---|---|"
)


def page(language: str) -> str:
    """The glossary as a page, ``language`` first."""
    other = next(one for one in LANGUAGES if one != language)
    lines = [_OPENINGS.say(language)]
    for section in load():
        title = section.title.say(language)
        lines += [f"## {title} {section.title.zh}" if language == "en" else f"## {title}", "", _HEADS.say(language)]
        for term in section.terms:
            lines.append(f"| {term.name.say(language)} | {term.name.say(other)} | {term.meaning.say(language)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def terms_module() -> str:
    """The Python module ``ccskills/lesson/_terms.py``."""
    rows = [
        "\t".join((term.name.en, term.name.zh, term.meaning.en, term.meaning.zh))
        for section in load()
        for term in section.terms
    ]
    return _MODULE.format(rows="\n".join(rows))


_MODULE = '''"""The terms of the glossary, made from courses/glossary.yml by `academy courses build`."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from .._text import Text

__all__ = ["TERMS", "Term"]


@dataclass(frozen=True)
class Term:
    """A term and its meaning in both languages."""

    term: Text
    meaning: Text


_ROWS = """\\
{rows}
"""

TERMS = tuple(Term(Text(*row.split("\\t")[:2]), Text(*row.split("\\t")[2:])) for row in _ROWS.strip().split("\\n"))
"""Every term, section by section."""
'''
