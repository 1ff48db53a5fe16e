"""XML of strangers: no document type, no entities, UTF-8 only, limits on size and depth, a line for each element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from grader.errors import InputError, Problem

__all__ = ["MOST_BYTES", "Element", "refuse", "tree"]

MOST_BYTES = 50_000_000
MOST_DEPTH = 100


@dataclass
class Element:
    """An element without its namespace: attributes, children and texts in their order, and its line."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list[Element | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Its children with this tag."""
        return [child for child in self.content if isinstance(child, Element) and child.tag == tag]

    def first(self, tag: str) -> Element | None:
        """Its first child with this tag."""
        return next(iter(self.all(tag)), None)

    def below(self, *tags: str) -> Iterator[Element]:
        """Every element at any depth with one of these tags, in the order of the file."""
        for child in self.content:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                yield from child.below(*tags)

    @property
    def text(self) -> str:
        """All its text at any depth."""
        return "".join(child if isinstance(child, str) else child.text for child in self.content)


def refuse(name: str, line: int, sentence: str) -> NoReturn:
    """Raise the one problem that stops a file."""
    raise InputError(Problem(f"{name}:{line}", sentence))


def tree(data: bytes, name: str) -> Element:
    """The root element of an XML file.

    Raises :class:`InputError` whose only argument is a :class:`Problem`: broken XML, a document type (entities can make
    a few lines as large as the memory, or read files), an encoding other than UTF-8, too large, too deep.
    """
    if len(data) > MOST_BYTES:
        refuse(name, 1, f"the file must be smaller than {MOST_BYTES // 1_000_000} MB, it has {len(data) / 1e6:.0f} MB")
    _check_encoding(data, name)
    reader = _Reader(name)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        said = expat.errors.messages.get(error.code, str(error))
        refuse(name, error.lineno, f"the file is not well-formed XML: {said} at column {error.offset + 1}")
    assert reader.root is not None  # expat refuses a file without an element
    return reader.root


def _check_encoding(data: bytes, name: str) -> None:
    declared = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.\-]+)""", data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        refuse(name, 1, f"the file must be UTF-8, it says encoding {declared[1].decode()!r}; save it as UTF-8")
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        refuse(name, line, "the file must be UTF-8 text, this line is not; save it as UTF-8")


class _Reader:
    """Builds the tree from expat's calls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MOST_DEPTH:
            refuse(self.name, self.parser.CurrentLineNumber, f"elements stand more than {MOST_DEPTH} deep")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(tag.rpartition(" ")[2], plain, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].content.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].content.append(text)

    def doctype(self, *_: object) -> None:
        refuse(
            self.name,
            self.parser.CurrentLineNumber,
            "a document type (<!DOCTYPE ...>) and its entities are refused; delete it and write characters as they are",
        )
