"""A badge is a picture that carries its certificate: other programs find it there, and nobody bends it unseen."""

from __future__ import annotations

import functools
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openbadgeslib import baking
from PIL import Image

from grader.__main__ import main
from grader.certificates import Look, badge, credential, credential_bytes, did, unbaked, verify
from grader.certificates.badge import bake_png, bake_svg
from grader.errors import RuleBroken
from grader.model import Bilingual
from tests.grader.certificate_centre import centre  # noqa: F401, the fixture of a centre with a certificate
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts

GOOD = credential(facts(), ISSUER, KEY)
LOOK = Look(2, 5, facts().rung.name, facts().scheme.certificate, ISSUER, "certification")


@functools.cache
def pictures() -> dict[str, bytes]:
    """The badge as both files: drawn when a test wants it, and not by every process that collects tests."""
    return badge(GOOD, LOOK)


def svg() -> bytes:
    return pictures()["svg"]


def png() -> bytes:
    return pictures()["png"]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def carrying(*texts: bytes) -> bytes:
    """The badge without what it carries, and with these chunks instead."""
    clean = BytesIO()
    Image.open(BytesIO(png())).save(clean, "PNG")
    plain = clean.getvalue()
    return plain[:33] + b"".join(chunk(b"iTXt", text) for text in texts) + plain[33:]


def test_another_program_finds_the_certificate_in_both_pictures() -> None:
    from_svg = baking.extract_svg(svg(), element=baking.SVG_ELEMENT_OB3, text_fallback=True)
    from_png = baking.extract_png(png(), keyword=baking.ITXT_KEYWORD_OB3)

    for found in (from_svg, from_png):
        assert found is not None
        text = found.decode() if isinstance(found, bytes) else found
        assert json.loads(text) == GOOD


@pytest.mark.parametrize("picture", ["svg", "png"])
def test_a_badge_is_checked_like_the_file_that_it_carries(picture: str) -> None:
    result = verify(pictures()[picture], NOW, did(KEY))

    assert unbaked(pictures()[picture]) == credential_bytes(GOOD)
    assert result == verify(GOOD, NOW, did(KEY)) and result.ok


def test_the_pictures_are_whole_square_and_the_same_twice() -> None:
    image = Image.open(BytesIO(png()))
    image.load()
    root = ElementTree.fromstring(svg())

    assert image.size == (1200, 1200) and image.getpixel((0, 0))[3] == 0, "clear corners"
    assert root[0].tag == "{https://purl.imsglobal.org/ob/v3p0}credential", "right behind the opening tag"
    assert root[1].tag.endswith("title") and "Team Leader · 班组长" in str(root[1].text)
    assert badge(GOOD, LOOK) == pictures()
    assert len(svg()) < 400_000 and len(png()) < 700_000


def test_neither_the_name_nor_the_number_of_the_person_is_in_the_picture() -> None:
    for picture in (svg(), png()):
        assert b"P017" not in picture and "陈晓敏".encode() not in picture


@pytest.mark.parametrize("level", range(1, 6))
def test_every_level_has_its_badge_and_a_sample_says_so(level: int) -> None:
    document = credential(facts(level=level, purpose="demonstration"), ISSUER, KEY)

    drawn = badge(document, replace(LOOK, level=level, name=facts(level=level).rung.name, purpose="demonstration"))

    assert "DEMONSTRATION · 演示样本" in drawn["svg"].decode() and verify(drawn["svg"], NOW, did(KEY)).ok
    assert drawn["png"] != png()


def test_a_blocked_word_does_not_get_onto_a_badge() -> None:
    with pytest.raises(RuleBroken, match="职业资格"):
        badge(GOOD, replace(LOOK, certificate=Bilingual("Certificate", "职业资格证书")))
    with pytest.raises(RuleBroken, match="Official"):
        badge(GOOD, replace(LOOK, certificate=Bilingual("Official paper", "能力评价证书")), ["Official"])


def test_what_a_certificate_says_cannot_break_out_of_its_element() -> None:
    sly = {**GOOD, "note": "]]></openbadges:credential><script>alert(1)</script>"}

    svg = bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', sly, '"><script>')
    root = ElementTree.fromstring(svg)

    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert json.loads(root[0].text or "") == sly


TEXT = credential_bytes(GOOD)
PACKED = b"openbadgecredential\0\1\0\0\0"
BAD: dict[str, Callable[[], bytes]] = {
    "altered svg": lambda: svg().replace(b"2029-11-20T", b"2039-11-20T"),
    "altered png": lambda: bake_png(carrying(), {**GOOD, "validUntil": "2039-11-20T23:59:59Z"}),
    "a flipped bit": lambda: png().replace(b"2029-11-20T", b"2039-11-20T"),
    "a png cut in the middle": lambda: png()[:20_000],
    "an svg cut in the middle": lambda: svg()[:20_000],
    "no certificate": lambda: carrying(),
    "two certificates": lambda: carrying(*2 * [b"openbadgecredential\0\0\0\0\0" + TEXT]),
    "two elements": lambda: svg().replace(b"<title>", b"<openbadges:credential>{}</openbadges:credential><title>", 1),
    "not unpacked": lambda: carrying(PACKED + b"nonsense"),
    "gigabytes": lambda: carrying(PACKED + zlib.compress(bytes(50_000_000))),
    "entities": lambda: svg().replace(b"<svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg', 1),
    "another encoding": lambda: b'<?xml version="1.0" encoding="utf-16"?>' + svg().decode().encode("utf-16-le"),
    "a plain picture": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "header alone": lambda: b"\x89PNG\r\n\x1a\n",
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_picture_that_is_not_right_is_refused_in_one_sentence_of_each_language(what: str) -> None:
    picture = BAD[what]()

    for language in ("en", "zh"):
        result = verify(picture, NOW, did(KEY), language)
        assert not result.ok and len(result.sentences) == 1 and "{" not in result.sentences[0]


def test_a_certificate_that_somebody_packed_is_read_too() -> None:
    assert verify(carrying(PACKED + zlib.compress(TEXT)), NOW, did(KEY)).ok


def test_the_office_draws_a_badge_and_anybody_checks_it(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["cert", "badge", "L2-2026-000017", "--folder", str(tmp_path / "out"), "--json", "--centre", str(centre)]

    assert main(words) == 0
    paths = [Path(name) for name in json.loads(capsys.readouterr().out)["files"]]

    assert sorted(path.name for path in paths) == ["L2-2026-000017.png", "L2-2026-000017.svg"]
    for path in paths:
        assert main(["cert", "verify", str(path), "--language", "en", "--centre", str(centre)]) == 0
        assert "is whole and signed by" in capsys.readouterr().out
    assert main(["cert", "badge", "L2-9", "--centre", str(centre)]) == 2
    assert "the registry has no certificate 'L2-9'" in capsys.readouterr().err
    (centre / "certificates" / "L2-2026-000017.json").unlink()
    assert main(["cert", "badge", "L2-2026-000017", "--centre", str(centre)]) == 2
    assert "restore it from a backup" in capsys.readouterr().err


def test_garbage_that_begins_like_a_picture_never_raises() -> None:
    rest: Any
    for rest in (b"", b"\0" * 40, b"\xff" * 40, b"<", b"<svg", b"<!--x--><svg/>"):
        assert not verify(b"\x89PNG\r\n\x1a\n" + rest, NOW).ok and not verify(b"<svg " + rest, NOW).ok
