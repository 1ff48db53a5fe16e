"""Where in a centre somebody's name and files lie, and where a name still stands when those are gone."""

from __future__ import annotations

import base64
import glob
import gzip
import html
import io
import json
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..centre import Centre
from .printed import printed

__all__ = ["certificate_files", "handed_over", "mentions", "needles", "seat_files"]

_PACKED = re.compile(rb'<script type="text/plain" id="data">([A-Za-z0-9+/=]+)</script>')
"""The data inside the HR page, as grader.reports packs it."""
_UNREAD = (".pdf", ".png")
"""Kinds in which a name cannot be looked for byte by byte; a paper of ours is read."""


def seat_files(centre: Centre, seat: str) -> list[Path]:
    """What the room, the office and the home page keep of one seat."""
    patterns = ((centre.room, f"*/{seat}"), (centre.results, f"*/{seat}.*"), (centre.home, f"*/{seat}"))
    found = [path for folder, pattern in patterns for path in folder.glob(pattern)]
    return sorted(found + [path for path in centre.office.glob(f"*/{seat}[-._]*") if path.is_file()])


def certificate_files(centre: Centre, number: str, *, bearing_the_name: bool = False) -> list[Path]:
    """The files of a certificate; all but the credential bear the holder's name, which that keeps as a hash only."""
    found = sorted(path for path in centre.certificates.glob(f"{number}*") if path.is_file())
    return [path for path in found if path.suffix != ".json"] if bearing_the_name else found


def handed_over(centre: Centre, person: str) -> list[Path]:
    """What lies in nbgrader's exchange under the person's number, not collected yet."""
    return sorted(centre.exchange.glob(f"*/inbound/{glob.escape(person)}+*"))


def needles(words: Sequence[str]) -> tuple[bytes, ...]:
    """Every way in which a file may write one of these words."""
    found: set[bytes] = set()
    for word in filter(None, words):
        ways = {
            word,
            "".join(word.split()),
            html.escape(word),
            json.dumps(word)[1:-1],
            urllib.parse.quote(word),
            urllib.parse.quote_plus(word),
        }
        found |= {way.encode() for way in ways} | {word.encode("utf-16-le")}
    return tuple(sorted(found))


def mentions(centre: Centre, wanted: Sequence[bytes]) -> Iterator[tuple[Path, str]]:
    """Every file of the centre that holds one of the wanted texts, also packed ones; or that nobody can look into."""
    for path in sorted(centre.root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix in _UNREAD and not path.is_relative_to(centre.reports):
            continue
        if path.suffix in _UNREAD and (path.suffix != ".pdf" or printed(path.read_bytes()) is None):
            yield path, "cannot be searched"
        elif any(needle in content for content in _contents(path) for needle in wanted):
            yield path, "holds the name"


def _contents(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    try:
        if data[:2] == b"\x1f\x8b":
            yield gzip.decompress(data)
        elif data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                for name in packed.namelist():
                    yield packed.read(name)
        elif data[:5] == b"%PDF-":
            yield (printed(data) or "").encode()
        elif found := _PACKED.search(data):
            yield zlib.decompress(base64.b64decode(found[1]))
    except (
        OSError,
        EOFError,
        ValueError,
        zlib.error,
        zipfile.BadZipFile,
        RuntimeError,
    ):  # not packed after all, or with a password
        return
