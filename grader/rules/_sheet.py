"""One YAML file read by hand: each key is taken with its line, and every fault is noted before any is raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError

from ..errors import Problem, RulesError
from ..model import Bilingual

__all__ = ["Sheet", "Table", "called", "joined", "show"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_MISSING = object()


class Sheet:
    """One file: its content, the faults found so far, the codes met and the texts that people will read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[tuple[int, str]] = []
        self.codes: dict[str, int] = {}
        self.said: list[tuple[int, str]] = []
        self.root = self._load(self._text())

    def fault(self, line: int, sentence: str) -> None:
        """Note a fault; reading goes on, so that one look at the file mends them all."""
        self.faults.append((line, sentence))

    def finish(self) -> None:
        """Raise what was noted, in the order of the file."""
        if self.faults:
            raise RulesError("\n".join(str(Problem(f"{self.path}:{at}", why)) for at, why in sorted(self.faults)))

    def _text(self) -> str:
        try:
            data = self.path.read_bytes()
        except OSError as error:
            wanted = f"wanted a YAML file that can be read, got {error.strerror}; restore it or name another"
            raise RulesError(f"{self.path}: {wanted}") from None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            sentence = "wanted UTF-8 text, got other bytes; save the file as UTF-8"
            raise RulesError(f"{self.path}:{line}: {sentence}") from None

    def _load(self, text: str) -> Any:
        try:
            return _parsed(text)
        except DuplicateKeyError as error:
            found = re.search(r'duplicate key "(.+?)"', str(error.problem))
            line, sentence = _line_of_mark(error), "wanted each key once, got one twice; keep one of the two"
            if found:
                sentence = f"wanted the key {found[1]} once, got it twice; keep one of the two"
        except MarkedYAMLError as error:
            why = " ".join((error.problem or error.context or "something else").split())
            line = _line_of_mark(error)
            sentence = f"wanted YAML, got a fault ({why}); look at indents, quotes and colons around here"
        except Exception as error:  # the reader itself stumbles over odd tags, dates, keys and depths in many ways
            line = text[: getattr(error, "position", 0)].count("\n") + 1
            why = getattr(error, "reason", None) or str(error).partition("\n")[0]
            sentence = f"wanted YAML, got something that cannot be read ({why}); mend it or put it in quotes"
        raise RulesError(f"{self.path}:{line}: {sentence}")


class Table:
    """A mapping of the sheet: its keys are checked at once and read one by one; a reader never raises, it notes."""

    def __init__(self, sheet: Sheet, value: Any, line: int, name: str, keys: str, may: str = "") -> None:
        self.sheet, self.line, self.name = sheet, line, name
        self.sound = isinstance(value, CommentedMap)
        self.values = value if self.sound else CommentedMap()
        wanted, known = keys.split(), [*keys.split(), *may.split()]
        if not self.sound and value is not _MISSING:
            keys = f"keys {', '.join(known)}" if known else "keys, each with a value"
            sheet.fault(line, f"{name}: wanted {keys}, got {show(value)}; write them as key: value")
        for key in wanted:
            if self.sound and key not in self.values:
                sheet.fault(line, f"{name}: wanted the key {key}, got none; add it")
        for key in self.values:
            if known and key not in known:
                self.fault(key, f"only the keys {', '.join(known)}", show(key), "take it out or mend its name")

    def line_of(self, key: Any) -> int:
        """The line of a key, or of the table when the key is not there (or merged in from elsewhere)."""
        place = (self.values.lc.data or {}).get(key) if isinstance(key, str | int | float | None) else None
        return place[0] + 1 if place else self.line

    def fault(self, key: Any, wanted: str, got: str, todo: str) -> None:
        """Note what is wrong with a key."""
        name = key if self.name == "the file" else f"{self.name}, {key}"
        self.sheet.fault(self.line_of(key), f"{name}: wanted {wanted}, got {got}; {todo}")

    def text(self, key: str, wanted: str = "text") -> str:
        """A text that is not empty."""
        value = self.values.get(key, _MISSING)
        if isinstance(value, str) and value.strip():
            return str(value).strip()
        if value is not _MISSING:
            todo = "write it" if value is None or isinstance(value, str) else "put it in quotes if it is meant as text"
            self.fault(key, wanted, show(value), todo)
        return ""

    def code(self, pattern: str, wanted: str) -> str:
        """The table's ``code``; empty unless it is well formed and met for the first time in the sheet."""
        code = self.text("code", wanted)
        if not code:
            return ""
        if not re.fullmatch(pattern, code):
            self.fault("code", wanted, code, "mend the code or move the entry to where it belongs")
            return ""
        if code in self.sheet.codes:
            wanted = f"a code of its own, {code} stands in line {self.sheet.codes[code]} already"
            self.fault("code", wanted, f"{code} again", "take the next number that was never used")
            return ""
        self.sheet.codes[code] = self.line_of("code")
        return code

    def both(self) -> Bilingual:
        """``en`` without and ``zh`` with Chinese characters."""
        en, zh = self.text("en", "English text"), self.text("zh", "Chinese text")
        if _CHINESE.search(en):
            self.fault("en", "English text", show(en), "put Chinese characters and signs into zh")
        if zh and not _HAN.search(zh):
            self.fault("zh", "Chinese text", show(zh), "write it in Chinese")
        self.sheet.said += [(self.line_of("en"), en), (self.line_of("zh"), zh)]
        return Bilingual(en, zh)

    def whole(self, key: str, low: int, high: int | None = None) -> int | None:
        """A whole number in its range, or None when it is not there or is wrong."""
        value = self.values.get(key, _MISSING)
        if value is _MISSING:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value and (high is None or value <= high):
            return int(value)
        wanted = f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high}"
        self.fault(key, wanted, show(value), "write such a number in digits, without quotes")
        return None

    def number(self, key: str, low: float, high: float) -> float:
        """A number in its range, or 0 when it is not there or is wrong."""
        value = self.values.get(key, _MISSING)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        if value is not _MISSING:
            todo = "write such a number in digits, without quotes"
            self.fault(key, f"a number from {low:g} to {high:g}", show(value), todo)
        return 0.0

    def percent(self, key: str) -> float:
        """A number above 0 and up to 100."""
        value = self.values.get(key, _MISSING)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100:
            return float(value)
        if value is not _MISSING:
            self.fault(key, "a percentage above 0 and up to 100", show(value), "write the number alone, such as 60")
        return 0.0

    def yes(self, key: str) -> bool:
        """A ``true`` or ``false``."""
        value = self.values.get(key, _MISSING)
        if value is not _MISSING and not isinstance(value, bool):
            self.fault(key, "true or false", show(value), "write one of the two, without quotes")
        return value is True

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        """One of a few words."""
        word = self.text(key, " or ".join(words))
        if word and word not in words:
            self.fault(key, " or ".join(words), show(word), "choose from these")
        return word

    def table(self, key: str, keys: str, may: str = "") -> Table:
        """The mapping under a key."""
        name = key if self.name == "the file" else f"{self.name}, {key}"
        return Table(self.sheet, self.values.get(key, _MISSING), self.line_of(key), name, keys, may)

    def rows(self, key: str, what: str) -> list[tuple[Any, int]]:
        """The entries of the list under a key with their lines; there has to be at least one."""
        value = self.values.get(key, _MISSING)
        if isinstance(value, CommentedSeq) and len(value):
            places = value.lc.data or {}
            return [(row, places[i][0] + 1 if i in places else self.line_of(key)) for i, row in enumerate(value)]
        if value is not _MISSING:
            got = "an empty list" if isinstance(value, CommentedSeq) else show(value)
            self.fault(key, f"a list of at least one {what}", got, f"add a {what}")
        return []

    def texts(self, key: str, what: str, right: Callable[[str], bool] = bool, wanted: str = "text") -> Iterator[str]:
        """The texts of the list under a key, each once and each ``right``."""
        name, met = key if self.name == "the file" else f"{self.name}, {key}", set[str]()
        for value, line in self.rows(key, what):
            if not isinstance(value, str) or not right(value.strip()):
                sentence = f"wanted {wanted}, got {show(value)}; mend it or take it out"
                self.sheet.fault(line, f"{name}: {sentence}")
            elif value.strip() in met:
                sentence = f"wanted each {what} once, got {show(value)} twice; take one out"
                self.sheet.fault(line, f"{name}: {sentence}")
            else:
                met.add(value.strip())
                yield value.strip()


@lru_cache(maxsize=8)
def _parsed(text: str) -> Any:
    """What a text holds, with its lines: a process asks for the same few files often, and none of them is changed."""
    return YAML(typ="rt").load(text)


def _line_of_mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def show(value: Any) -> str:
    """A value of the file in a few plain words."""
    if value is None or value is _MISSING:
        return "nothing"
    if isinstance(value, CommentedMap):
        return "keys and values"
    if isinstance(value, CommentedSeq):
        return "a list"
    if not isinstance(value, str | int | float | date):
        return "a value with a tag"
    text = " ".join(str(value).split())
    text = f'"{text}"' if isinstance(value, str) else text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 60 else text[:57] + "..."


def called(what: str, row: Any) -> str:
    """What messages call an entry: by its code where it has one."""
    code = row.get("code") if isinstance(row, CommentedMap) else None
    return f"{what} {code}" if isinstance(code, str) else f"a {what}"


def joined(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values) or "nothing"
