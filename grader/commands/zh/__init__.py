"""What `academy` says, in Chinese: whole English sentences are the keys, and they stay where the code has them.

The catalogues beside this file (``*.po``, as gettext writes them, with holes as :mod:`._template` reads them) are
opened only when the reader wants Chinese. ``words.po`` holds single words of table cells and marked holes,
``metavars.po`` those of options; ``argparse.po`` is what argparse says itself, and no sentence of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from ._template import Found, Part, compiled, filled, firm, literal, read, variants

__all__ = ["Catalogue", "catalogue", "entries", "helped", "metavars", "pieces", "wide"]

FOLDER = Path(__file__).parent
_ENTRY = re.compile(r'^msgid "(.*)"\nmsgstr "(.*)"$', re.M)
_BEFORE = re.compile(r"\x1b\[K|\[ *\d+ s\] |!! |academy: |(?:\S+/)?\S+\.\w+:\d+: ")
_ESCAPE = re.compile(r"\\(.)")
_WORD = re.compile(r"(?<![\w\0])[A-Za-z][a-z]+(?![\w\0])")
_LEAST, _FIRM = 12, 20
"""Signs of its own that a template has at least: below the first its holes take single words only, as it could be any
line; below the second a first hole after a short beginning takes no colon, and one that it begins with never does."""
_JOINTS = (("; ", "；"), (" / ", "/"), (", and ", "、"), (", ", "、"))
_NAME = 4
"""Words that a member of a list has at most; what is longer is a sentence, and its commas are its own."""


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """The pairs of a catalogue file, English and Chinese."""
    for english, chinese in _ENTRY.findall(path.read_text("utf-8")):
        yield _unquoted(english), _unquoted(chinese)


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text) if "\\" in text else text


@cache
def catalogue() -> Catalogue:
    """The catalogue of the house, and what the room says in both languages itself."""
    from ...seats.sentences import pairs

    files = sorted(path for path in FOLDER.glob("*.po") if path.stem not in ("words", "metavars"))
    said = [pair for path in files for pair in entries(path)]
    return Catalogue([*said, *pairs()], dict(entries(FOLDER / "words.po")))


@cache
def metavars() -> Mapping[str, str]:
    """What an option's value is called in `--help`."""
    return dict(entries(FOLDER / "metavars.po"))


class Catalogue:
    """Templates by a word that few of them have, so that one sentence is held against a handful."""

    def __init__(self, pairs: Iterable[tuple[str, str]], words: Mapping[str, str]) -> None:
        self.words = words
        self.exact: dict[str, str] = {}
        forms: list[_Form] = []
        for english, chinese in pairs:
            if "{" in english or "}" in english:
                # A variant that is a hole and nothing else says nothing, and would fit everything.
                forms += [_Form(parts, chosen, chinese) for parts, chosen in variants(read(english)) if firm(parts) > 1]
            else:
                self.exact[english] = chinese
        often = Counter(word for form in forms for word in form.words)
        self._by_word: dict[str, list[_Form]] = defaultdict(list)
        for form in forms:
            rare = min(form.words, key=lambda word: (often[word], -len(word)), default="")
            self._by_word[rare].append(form)

    def sentence(self, text: str, least: int = 0, *, asked: bool = False) -> str | None:
        """The Chinese of a finished sentence; None when the catalogue has no template for it.

        Templates of a weight of ``least`` count. ``asked``: the text is surely one of ours, so that short ones may fit.
        """
        if (exact := self.exact.get(text)) is not None:
            return exact
        words = set(_WORD.findall(text))
        fitting = [one for key in ("", *words) for one in self._by_word.get(key, ())]
        # A pattern is tried where all words of its own are there: most lines are held against none.
        fitting = [one for one in fitting if one.weight >= least and one.words <= words]
        for one in sorted(fitting, key=lambda one: (-one.own, -one.weight)):
            found = one.match(text, asked)
            if found is not None:
                return filled(one.chinese, found, self._value)
        return None

    def said(self, text: str) -> str:
        """A line in Chinese as far as the catalogue knows it; what it does not know stays as it is."""
        core = text.strip()
        if core.endswith(":") and core not in self.exact:
            return self.said(text.rstrip()[:-1]) + "：" if self._line(core[:-1]) else text
        if not core:
            return text
        start = text[: len(text) - len(text.lstrip())]
        return start + (self._line(core) or core) + text[len(text.rstrip()) :]

    def _line(self, core: str) -> str | None:
        if before := _BEFORE.match(core):
            told = self._line(core[before.end() :])
            if told is not None:
                return before[0].replace(": ", "：") + told
        cells = re.split("  +", core)
        if len(cells) > 3 or (len(cells) > 1 and all(cell in self.words for cell in cells)):
            return self._cells(core)
        return self.sentence(core) or self._after_a_place(core) or self._together(core) or self._cells(core)

    def _thing(self, text: str) -> str | None:
        """One of several things told in a row: what stands before its colon is a name that an author gave."""
        return self.exact.get(text) or self._after_a_place(text) or self.sentence(text)

    def _after_a_place(self, text: str) -> str | None:
        """``people.csv, row 4: a name is wanted``: where, then a sentence that is known."""
        for found in re.finditer(": ", text):
            told, place = self.sentence(text[found.end() :]), text[: found.start()]
            if told is not None and "; " not in place:
                # One word is a name that an author gave.
                return f"{(self.sentence(place) if ' ' in place else None) or place}：{told}"
        return None

    def _together(self, text: str) -> str | None:
        """Sentences behind each other, when each of them is known."""
        parts = text.split("; ")
        told = [one if one.isdigit() else self._thing(one) for one in parts] if len(parts) > 1 else []
        known = [one for one in told if one is not None]
        return "；".join(known) if known and len(known) == len(told) else None

    def _cells(self, text: str) -> str | None:
        """A row of a table: each cell that is a known word or sentence, the columns where they were."""
        pieces = re.split(r"(  +)", text)
        told = [
            self.words.get(one) or (self._together(one) or self._thing(one) if " " in one else None)
            for one in pieces[::2]
        ]
        if not any(told) or (len(told) == 1 and not told[0]):
            return None
        row = ""
        for number, (cell, new) in enumerate(zip(pieces[::2], told, strict=True)):
            shown = new or cell
            gap = pieces[2 * number + 1] if 2 * number + 1 < len(pieces) else ""
            row += shown + (" " * max(wide(cell) + len(gap) - wide(shown), 2) if gap else "")
        return row

    def _value(self, value: str, mark: str) -> str:
        """A value of a hole: data stays; a sentence in it is told, and with ``*`` also single words and lists."""
        if mark == "、":
            return re.sub(", (?:and )?| and | or ", "、", value).replace("'", "")
        if mark != "*":
            told = self.sentence(value) or self._after_a_place(value) if " " in value else None
            return told or value
        least = _FIRM if "; " in value else _LEAST
        # Several sentences first: a hole of the first one would swallow the others.
        told = (
            self.exact.get(value)
            or self._together(value)
            or self.words.get(value)
            or self.sentence(value, least, asked=True)
            or self._after_a_place(value)
        )
        if told is not None:
            return told
        for cut, joint in _JOINTS:
            parts = value.split(cut)
            if len(parts) > 1 and (cut == "; " or all(len(one.split()) <= _NAME for one in parts)):
                return joint.join(self._value(one, "*") for one in parts)
        return self.sentence(value, asked=True) or self._pair(value) or self._after_a_name(value)

    def _after_a_name(self, value: str) -> str:
        """``赵敏 proposed it``: the rest of a name that came along, then what is known."""
        for space in re.finditer(" ", value):
            name, rest = value[: space.start()], value[space.end() :]
            if told := self.words.get(rest) or self.exact.get(rest):
                return f" {name}{told}"
        return value

    def _pair(self, value: str) -> str | None:
        for cut, joint in ((" and ", "、"), (" or ", "或")):
            if cut in value:
                return joint.join(self._value(one, "*") for one in value.split(cut))
        return None


class _Form:
    """A template with its choices made, and its Chinese; made ready when it is first asked."""

    def __init__(self, english: tuple[Part, ...], chosen: Mapping[str, int], chinese: str) -> None:
        self._english, self._chosen, self._chinese = english, chosen, chinese
        # A word that a hole may lengthen is none.
        self.words = set(_WORD.findall(literal(english)))
        begins = english[0] if isinstance(english[0], str) else ""
        own = firm(english)
        self.own, self.weight = own, own + (10 if begins.strip() else 0)
        signs = len(re.sub(r"[\s\0]", "", literal(english).replace("  ", "-----")))
        known = ":" in begins or len(begins) > _LEAST / 2
        self._loose = 2 if known or (begins and signs >= _FIRM) else 1 if signs >= _LEAST else 0
        self._asked = max(self._loose, 1 if own >= _LEAST / 2 else 0)
        self._bare = literal(english).replace("\0", " ").split() in (["to"], ["of"], ["is"])
        self._columns = "  " in literal(english)
        self._match: dict[int, Callable[[str], Found | None]] = {}

    def match(self, text: str, asked: bool = False) -> Found | None:
        loose = self._asked if asked else self._loose
        if loose not in self._match:
            self._match[loose] = compiled(self._english, loose)
        found = self._match[loose](text)
        # A word such as "to" joins numbers ("1 to 40") in our sentences, and anything in what an author wrote.
        if found is None or (self._bare and not re.match(r"\S*\d|.*\d to \d", text)):
            return None
        if not self._columns and any("  " in value for name, value in found.values.items() if name not in found.quoted):
            return None
        found.chosen = self._chosen
        return found

    @property
    def chinese(self) -> tuple[Part, ...]:
        return read(self._chinese)


# --- texts of --help ---


def pieces(text: str) -> tuple[str, ...]:
    """A description as the catalogue has it: its first sentence as the list of steps says it, and the rest.

    >>> pieces("Close the room. What was saved is handed in.")
    ('close the room', 'What was saved is handed in.')
    """
    first, dot, rest = text.partition(". ")
    if not dot:
        first, dot, rest = text.removesuffix("."), text[-1:], ""
    return (first[:1].lower() + first[1:], *([rest] if rest else [])) if dot == "." or rest else (text,)


def helped(found: Catalogue, text: str) -> str | None:
    """A text of `--help` in Chinese; None when the catalogue has it neither whole nor in its pieces."""
    if text in found.exact:
        return found.exact[text]
    told = [found.exact.get(piece) for piece in pieces(text)]
    if None in told:
        return None
    return "".join(f"{one}。" if number == 0 else str(one) for number, one in enumerate(told))


# --- width ---


def wide(text: str) -> int:
    """The columns that a text takes on a terminal: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
