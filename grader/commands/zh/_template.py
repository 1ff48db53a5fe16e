"""Sentences with named holes: read from text, matched against what was said, filled again in another language.

::

    {name}            whatever stands there            {name!r}          the same, quoted
    {count#row|rows}  a number with its noun           {late?after|on}   one of several wordings, which may hold holes

The Chinese side names a hole again as ``{name}``, as ``{name*}`` when its words are to be said in Chinese too, or as
``{name、}`` when it is a list of data; a choice offers as many wordings as the English one, in the same order. ``{{``
and ``}}`` are braces of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = [
    "Choice",
    "Count",
    "Found",
    "Hole",
    "Part",
    "compiled",
    "filled",
    "firm",
    "holes",
    "literal",
    "read",
    "variants",
]


@dataclass(frozen=True)
class Hole:
    """A place for a value: ``mark`` is ``!r`` (quoted), ``*`` (to be told in Chinese), ``、`` (a list) or nothing."""

    name: str
    mark: str = ""


@dataclass(frozen=True)
class Count:
    """A number with its noun."""

    name: str
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One of several wordings."""

    name: str
    wordings: tuple[tuple[Part, ...], ...]


Part = str | Hole | Count | Choice


@dataclass
class Found:
    """What stood in the holes of a sentence, and which wordings it chose."""

    values: dict[str, str] = field(default_factory=dict)
    quoted: set[str] = field(default_factory=set)
    chosen: Mapping[str, int] = field(default_factory=dict)


# --- reading ---

_HEAD = re.compile(r"{(\w+?)(!r|\*|、)?(}|\?|#([^{}]*)})")


_PLAIN = {"": re.compile("[^{}]+"), "|}": re.compile("[^{}|]+")}
_NO_LETTER = re.compile("[^A-Za-z]+")


def read(text: str) -> tuple[Part, ...]:
    """The parts of a template; ValueError where its braces do not fit."""
    parts, at = _read(text, 0, "")
    if at != len(text):
        raise ValueError(f"the template has a }} too many at {at}: {text!r}")
    return parts


def _read(text: str, at: int, ends: str) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    plain = ""
    while at < len(text) and text[at] not in ends:
        if text[at] not in "{}":
            run = _PLAIN[ends].match(text, at)
            assert run is not None
            plain, at = plain + run[0], run.end()
        elif text[at : at + 2] in ("{{", "}}"):
            plain, at = plain + text[at], at + 2
        else:
            head = _HEAD.match(text, at)
            if head is None:
                raise ValueError(f"the template has no hole at {at}: {text!r}")
            part, at = _hole(text, head)
            parts, plain = [*parts, *([plain] if plain else []), part], ""
    return (*parts, *([plain] if plain else [])), at


def _hole(text: str, head: re.Match[str]) -> tuple[Part, int]:
    name, mark, end, nouns = head.groups()
    if end == "}":
        return Hole(name, mark or ""), head.end()
    if end != "?":
        return Count(name, tuple(nouns.split("|"))), head.end()
    wordings, at = [], head.end() - 1
    while text[at : at + 1] in ("?", "|"):
        wording, at = _read(text, at + 1, "|}")
        wordings.append(wording)
    if text[at : at + 1] != "}":
        raise ValueError(f"the choice {name} is not closed: {text!r}")
    return Choice(name, tuple(wordings)), at + 1


def holes(parts: Sequence[Part]) -> Iterator[tuple[str, int]]:
    """The names of every hole and count, and of every choice with the number of its wordings."""
    for part in parts:
        if isinstance(part, Choice):
            yield part.name, len(part.wordings)
            for wording in part.wordings:
                yield from holes(wording)
        elif not isinstance(part, str):
            yield part.name, 0


def literal(parts: Sequence[Part]) -> str:
    """The text that stands in every sentence of the template, holes as a zero byte."""
    return "".join(part if isinstance(part, str) else "\0" for part in parts)


def variants(parts: Sequence[Part]) -> Iterator[tuple[tuple[Part, ...], Mapping[str, int]]]:
    """The template without its choices, once for each way to choose, with what is chosen."""
    at = next((at for at, part in enumerate(parts) if isinstance(part, Choice)), None)
    if at is None:
        yield tuple(parts), {}
        return
    choice = parts[at]
    assert isinstance(choice, Choice)
    for number, wording in enumerate(choice.wordings):
        for rest, chosen in variants((*parts[:at], *wording, *parts[at + 1 :])):
            yield rest, {choice.name: number, **chosen}


def firm(parts: Sequence[Part]) -> int:
    """The letters of its own that every sentence of a variant has."""
    count = 0
    for part in parts:
        if isinstance(part, str):
            count += len(_NO_LETTER.sub("", part))
        elif isinstance(part, Count):
            count += min(map(len, part.nouns))
    return count


# --- matching ---


_CELL = r"(\S+(?: \S+)*)"
_QUOTED = r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[\[({].*?[\])}]|(?!['"])(?:(?!: ).)+?)"""
_HOLES = (r"(\S*?)", r"((?:(?!: ).)*?)", "(.*?)")


def compiled(parts: Sequence[Part], loose: int = 2) -> Callable[[str], Found | None]:
    """What finds the values of a variant in a finished sentence; it answers None for a sentence of another template.

    ``loose``: 2 when a value may be any text; 1 when the sentence begins with no colon inside its first value, 0 when
    values are single words.
    """
    groups: list[tuple[str, str]] = []
    columns = any("  " in part for part in parts if isinstance(part, str))
    first = _pattern(parts[:1], groups, _CELL if columns else _HOLES[loose])
    pattern = re.compile(first + _pattern(parts[1:], groups, _CELL if columns else _HOLES[loose and 2]), re.S)

    def match(sentence: str) -> Found | None:
        hit = pattern.fullmatch(sentence)
        if hit is None:
            return None
        found = Found()
        for (kind, name), value in zip(groups, hit.groups(), strict=True):
            if name not in found.values:
                found.values[name] = value
                found.quoted |= {name} if kind == "!r" else set()
        return found

    return match


def _pattern(parts: Sequence[Part], groups: list[tuple[str, str]], hole: str) -> str:
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += re.sub("(?:\\\\ ){2,}", " {2,}", re.escape(part))
        elif isinstance(part, Hole):
            groups.append((part.mark, part.name))
            text += _QUOTED if part.mark == "!r" else hole
        elif isinstance(part, Count):
            groups.append(("", part.name))
            nouns = sorted(part.nouns, key=len, reverse=True)
            text += rf"(-?[\d,]+) (?:{'|'.join(map(re.escape, nouns))})"
    return text


# --- filling ---


def filled(parts: Sequence[Part], found: Found, said: Callable[[str, str], str]) -> str:
    """The template with its values; ``said`` tells a value in Chinese, given the mark of its hole."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif isinstance(part, Choice):
            text += filled(part.wordings[found.chosen.get(part.name, 0)], found, said)
        else:
            text += _value(part.name, part.mark if isinstance(part, Hole) else "", found.values, found.quoted, said)
    return text


def _value(name: str, mark: str, values: Mapping[str, str], quoted: set[str], said: Callable[[str, str], str]) -> str:
    value = values.get(name, "")
    if name in quoted and len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return f"“{value[1:-1]}”"
    return said(value, mark)
