"""Draws the badge of a certificate and bakes the signed credential into the picture, as Open Badges 3.0 says.

An SVG carries it in an element ``openbadges:credential`` right behind its opening tag, a PNG in an iTXt chunk
``openbadgecredential``; both as JSON, since the proof is embedded.  Whoever has the picture has the certificate.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree

from ..model import Bilingual, canonical
from ._typeset import typeset
from .facts import Issuer, refuse_blocked, texts_in

__all__ = ["Look", "badge", "bake_png", "bake_svg", "unbaked"]

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
KEYWORD = b"openbadgecredential"
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST = 4_000_000
_PIXELS_PER_INCH = 254.0  # 1200 pixels
_BANDS = {
    "practice": "PRACTICE · 练习专用",
    "demonstration": "DEMONSTRATION · 演示样本",
}


@dataclass(frozen=True)
class Look:
    """What is drawn beside what the credential itself says."""

    level: int
    levels: int
    name: Bilingual
    certificate: Bilingual
    issuer: Issuer
    purpose: str


def badge(document: Mapping[str, Any], look: Look, blocked: Collection[str] = ()) -> dict[str, bytes]:
    """The badge as ``svg`` and ``png`` with the credential ``document`` in it; the same input gives the same bytes.

    Raises RuleBroken when a word stands on it that may not.
    """
    content = _content(document, look)
    refuse_blocked(content["number"], texts_in(content), blocked)
    what = f"badge {content['number']}: it"
    svg = typeset(what, "badge.typ", content, "svg")
    png = typeset(what, "badge.typ", content, "png", ppi=_PIXELS_PER_INCH)
    return {"svg": bake_svg(svg, document, _title(content)), "png": bake_png(png, document)}


def _content(document: Mapping[str, Any], look: Look) -> dict[str, Any]:
    return {
        "level": look.level,
        "levels": look.levels,
        "level_en": look.name.en,
        "level_zh": look.name.zh,
        "certificate_en": look.certificate.en,
        "certificate_zh": look.certificate.zh,
        "rung": f"Level {look.level} of {look.levels} · 第{look.level}级",
        "issuer_en": look.issuer.name.en,
        "issuer_zh": look.issuer.name.zh,
        "until": f"Valid until · 有效期至 {document['validUntil'][:10]}",
        "number": document["credentialSubject"]["licenseNumber"],
        "band": _BANDS.get(look.purpose),
    }


def _title(content: Mapping[str, Any]) -> str:
    parts = [content["band"], content["level_en"], content["level_zh"], content["certificate_en"], content["issuer_en"]]
    return " · ".join(part for part in (*parts, content["number"]) if part)


# --- into the picture -------------------------------------------------------------------------------------------------


def bake_svg(svg: bytes, document: Mapping[str, Any], title: str = "") -> bytes:
    """The SVG with the credential in it, and with a title that a screen reader says."""
    text = svg.decode()
    start = text.index("<svg")
    end = text.index(">", start)
    data = canonical(document).replace("]]>", "]]]]><![CDATA[>")
    return (
        f'{text[:end]} xmlns:openbadges="{NAMESPACE}" role="img">'
        f"<openbadges:credential><![CDATA[{data}]]></openbadges:credential>"
        f"<title>{escape(title)}</title>{text[end + 1 :]}"
    ).encode()


def bake_png(png: bytes, document: Mapping[str, Any]) -> bytes:
    """The PNG with the credential in it, not compressed."""
    text = KEYWORD + b"\0\0\0\0\0" + canonical(document).encode()
    chunks = list(_chunks(png))
    return _PNG + b"".join(_chunk(kind, data) for kind, data in [chunks[0], (b"iTXt", text), *chunks[1:]])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# --- out of the picture -----------------------------------------------------------------------------------------------


def unbaked(data: bytes) -> bytes:
    """The credential that a picture carries, and anything else as it is.

    Raises ValueError, in words that go behind "but", when a picture carries none, or more than one.
    """
    if data.startswith(_PNG):
        found = [text for text in map(_text, _chunks(data)) if text is not None]
    elif data.lstrip()[:5].lower() in (b"<?xml", b"<svg ") or data.lstrip()[:4] == b"<!--":
        found = _in_svg(data)
    else:
        return data
    if len(found) != 1:
        raise ValueError(f"the picture carries {len(found) or 'no'} certificate{'s' if found else ''}")
    return found[0]


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if png[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(kind + data)):
            raise ValueError("the picture is damaged")
        yield kind, data
        at += 12 + length


def _text(chunk: tuple[bytes, bytes]) -> bytes | None:
    kind, data = chunk
    keyword, _, rest = data.partition(b"\0")
    if kind != b"iTXt" or keyword != KEYWORD or len(rest) < 2:
        return None
    packed, text = rest[0], rest[2:].split(b"\0", 2)[-1]
    if not packed:
        return text
    try:
        unpack = zlib.decompressobj()
        found = unpack.decompress(text, _MOST)
    except zlib.error as error:
        raise ValueError("the certificate in the picture cannot be unpacked") from error
    if not unpack.eof:
        raise ValueError("the certificate in the picture cannot be unpacked")
    return found


def _in_svg(data: bytes) -> list[bytes]:
    try:
        text = data.decode("utf-8")  # whatever encoding it claims: what is looked through is what is read
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("the picture defines entities of its own")
        root = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ValueError("the picture cannot be read as SVG") from error
    return [(one.text or "").strip().encode() for one in root.iter(f"{{{NAMESPACE}}}credential")]
