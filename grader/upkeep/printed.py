"""The words on a paper that this program has drawn, read out of its PDF; nothing where one of them might be missed."""

from __future__ import annotations

import re
import zlib

__all__ = ["printed"]

_DRAWN_BY = b"/Creator(Typst "
_OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\s")
_STREAM = re.compile(rb"stream\r?\n")
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_PAIR = re.compile(r"<([0-9A-F]{4})> <([0-9A-F]+)>")
_HEX = re.compile(rb"<FEFF([0-9A-F]*)>")
_TOKEN = re.compile(rb"\s+|<<|>>|[\[\]]|<([0-9A-Fa-f\s]*)>|(/[^\s()<>\[\]/%]*)|([^\s()<>\[\]/%]+)")
_NUMBER = re.compile(rb"[-+.\d]+")
_INSIDE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|([()])|[^\\()]+", re.S)
_OTHER_WAYS = (b"'", b'"', b"BI", b"Do")
"""Operators by which a page shows text in ways of which this program's papers make no use, or a picture."""
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}


def printed(data: bytes) -> str | None:
    """All words of the document and of its properties without spaces, line by line as they were set.

    None for a PDF of another program, one with pictures, or one with a sign that stands for no known letter.
    """
    if _DRAWN_BY not in data or b"/Subtype/Image" in data:
        return None
    parts = _parts(data)
    told = [bytes.fromhex(found.decode()).decode("utf-16-be") for found in _HEX.findall(data)]
    try:
        letters = _letters(parts)
        told += [_said(stream, letters) for _, stream in parts.values() if b"BT" in stream and b" Tf" in stream]
    except (KeyError, ValueError, zlib.error):
        return None
    return "".join("".join(told).split())


def _parts(data: bytes) -> dict[bytes, tuple[bytes, bytes]]:
    """Every object by its number: what it says of itself, and its stream unpacked."""
    found = {}
    starts = list(_OBJECT.finditer(data))
    ends = [*(one.start() for one in starts[1:]), len(data)]
    for this, end in zip(starts, ends, strict=True):
        body = data[this.end() : end]
        head, stream = body, b""
        if at := _STREAM.search(body):
            head, stream = body[: at.start()], body[at.end() :]
            if b"/FlateDecode" in head:
                stream = zlib.decompressobj().decompress(stream)
        found[this[1]] = (head, stream)
    return found


def _letters(parts: dict[bytes, tuple[bytes, bytes]]) -> dict[bytes, dict[int, str]]:
    """By the name of a font, the letters of its signs; ValueError where one name means two fonts."""
    fonts: dict[bytes, bytes] = {}
    for head, _ in parts.values():
        for block in re.findall(rb"/Font<<(.*?)>>", head):
            for name, number in _FONT.findall(block):
                if fonts.setdefault(name, number) != number:
                    raise ValueError(name)
    found = {}
    for name, number in fonts.items():
        head, _ = parts[number]
        at = re.search(rb"/ToUnicode (\d+) 0 R", head)
        if at is None:
            raise ValueError(name)
        pairs = _PAIR.findall(parts[at[1]][1].decode("latin-1"))
        found[name] = {int(sign, 16): bytes.fromhex(text).decode("utf-16-be") for sign, text in pairs}
    return found


def _said(stream: bytes, letters: dict[bytes, dict[int, str]]) -> str:
    """The text of a page; KeyError or ValueError where some of it cannot be read."""
    said, font, at = "", b"", 0
    last = b""
    strings: list[bytes] = []
    while at < len(stream):
        if stream[at : at + 1] == b"(":
            string, at = _string(stream, at + 1)
            strings.append(string)
            continue
        token = _TOKEN.match(stream, at)
        if token is None:
            raise ValueError(stream[at : at + 20])
        at = token.end()
        coded, name, word = token.groups()
        if coded is not None:
            strings.append(bytes.fromhex(coded.decode()))
        elif name is not None:
            last = name[1:]
        elif word == b"Tf":
            font = last
        elif word in (b"TJ", b"Tj"):
            said += "".join(_text(string, letters[font]) for string in strings)
        elif word in _OTHER_WAYS:
            raise ValueError(word)
        if word is not None and not _NUMBER.fullmatch(word):
            strings.clear()
    return said


def _string(stream: bytes, at: int) -> tuple[bytes, int]:
    """The string that begins at a place, and the place after it; brackets in pairs stand in it as they are."""
    found, depth = b"", 1
    while depth:
        part = _INSIDE.match(stream, at)
        if part is None:
            raise ValueError(stream[at : at + 20])
        at = part.end()
        code, bracket = part.groups()
        depth += {None: 0, b"(": 1, b")": -1}[bracket]
        if code is not None:
            found += bytes([int(code, 8) & 255]) if code.isdigit() else _LETTERS.get(code, code)
        elif depth:
            found += part[0]
    return found, at


def _text(string: bytes, letters: dict[int, str]) -> str:
    if len(string) % 2:
        raise ValueError(string)
    return "".join(letters[int.from_bytes(string[at : at + 2])] for at in range(0, len(string), 2))
