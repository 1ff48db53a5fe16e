"""The paper of a certificate: one page, one language, no claim that is not ours, and a code that leads to the file."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import segno

from grader.certificates import (
    Score,
    check_wording,
    code_text,
    credential,
    credential_bytes,
    did,
    number_text,
    paper,
    pdf,
    verify,
)
from grader.errors import InputError, RuleBroken
from grader.model import Bilingual
from tests.grader.certificate_facts import ISSUER, KEY, facts

GOOD = credential(facts(), ISSUER, KEY)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in parts for text in texts(part)]


def words(language: str, **changes: Any) -> list[str]:
    content = paper._content(facts(**changes), ISSUER, GOOD, language)
    return [text for text in texts(content) if not text.startswith("<svg")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"purpose": "demonstration"},
        {"name": ("Maria del Carmen " * 19)[:300], "practical": None},
        {"name": "陈" * 300},
        {"name": "#panic() [x] *b* _i_ @ref \\u{41}"},
        {"proposed_by": "W" * 200, "domains": {"FC": (1, 2)}},
        {"origin": Bilingual("It renews certificate L2-202602-9D0D3D7A.", "本证书续自证书L2-202602-9D0D3D7A。")},
    ],
)
def test_the_paper_is_one_a4_page_on_its_side_and_the_same_bytes_twice(language: str, changes: dict[str, Any]) -> None:
    document = pdf(facts(**changes), ISSUER, GOOD, language)

    assert re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", document) == [(b"841.8898", b"595.2756")]
    assert document.startswith(b"%PDF-1.7") and f"/Lang({language}".encode() in document
    assert pdf(facts(**changes), ISSUER, GOOD, language) == document


@pytest.mark.parametrize(
    ("language", "origin", "label"),
    [("en", "It renews certificate L2-1.", "Valid from"), ("zh", "本证书续自证书L2-1。", "生效日期")],
)
def test_a_paper_that_continues_another_says_so_and_from_when_it_holds(language: str, origin: str, label: str) -> None:
    found = words(language, origin=Bilingual("It renews certificate L2-1.", "本证书续自证书L2-1。"))

    assert origin in found and label in found
    assert not {"Issued on", "签发日期"} & set(found)
    assert origin not in words(language) and label not in words(language)


def test_what_a_paper_continues_is_held_against_the_blocked_words() -> None:
    with pytest.raises(RuleBroken, match="holds 国家, which may not stand on a certificate"):
        pdf(facts(origin=Bilingual("It renews it.", "本证书续自国家证书。")), ISSUER, GOOD, "en")


def test_the_chinese_paper_is_wholly_chinese() -> None:
    # What is no word: numbers, the address, names of people, and two terms that have no Chinese name.
    allowed = r"L2-2026-000017|TL-2026-11(-A)?|https://training\.example/|SHA-256|Angoff|Li Wen|Zhao Min|zh"

    left = [text for text in words("zh") if re.search("[A-Za-z]", re.sub(allowed, "", text))]

    assert left == []
    assert "2026年11月21日" in words("zh")
    assert not any(mark in text for text in words("zh") for mark in ",;()!?")


def test_the_english_paper_is_wholly_english_but_for_the_name() -> None:
    assert [text for text in words("en") if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)] == ["陈晓敏"]
    assert "21 November 2026" in words("en")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("purpose", ["certification", "practice", "demonstration"])
def test_no_paper_uses_a_blocked_word(language: str, purpose: str) -> None:
    assert [check_wording(text) for text in words(language, purpose=purpose) if check_wording(text)] == []


def test_a_sample_says_so_on_the_paper_and_a_certificate_does_not() -> None:
    assert {"演示样本", "本件为演示样本，不代表任何真实评价结果"} <= set(words("zh", purpose="demonstration"))
    assert "DEMONSTRATION" in words("en", purpose="demonstration")
    assert not any("演示" in text for text in words("zh")) and not any("sample" in text for text in words("en"))


def test_the_code_leads_from_the_paper_to_the_file() -> None:
    file = credential_bytes(GOOD)

    number, issuer, summed = code_text("L2-2026-000017", GOOD).split("\n")

    assert number == "CERTIFICATE L2-2026-000017" and issuer == did(KEY)
    assert summed == f"SHA-256 {hashlib.sha256(file).hexdigest()}"
    assert verify(file, datetime(2026, 12, 1, tzinfo=UTC), did(KEY)).ok
    assert segno.make(code_text("L2-2026-000017", GOOD), error="m").version <= 12, "too fine to read from paper"


def test_results_and_bands_are_the_facts() -> None:
    content = paper._content(facts(), ISSUER, GOOD, "en")
    bands = {domain["name"]: domain["band"] for domain in content["domains"]}

    assert [score["said"] for score in content["scores"]] == ["26.5 of 34, needed 20.4", "8 of 10, needed 6"]
    # By hand: 3/4 = 75 % is the top band, 3/5 = 60 % the middle one, 0/1 the lowest.
    assert (bands["Forecasting & scheduling"], bands["People"], bands["Risk, security & law"]) == (3, 2, 1)
    assert number_text(20.0) == "20"


def test_a_paper_is_refused_where_a_credential_is() -> None:
    with pytest.raises(InputError, match="correct it in the roster"):
        pdf(facts(name="Anna 😀"), ISSUER, GOOD, "en")
    with pytest.raises(RuleBroken, match="there is no certificate"):
        pdf(facts(written=Score(1, 34, 20.4)), ISSUER, GOOD, "en")
