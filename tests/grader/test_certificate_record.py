"""A person's record holds every certificate that stands, signed as a whole and each for itself."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.ob3.clr import bundled_clr_contexts
from openbadgeslib.ob3.did import resolve_did
from openbadgeslib.ob3.ldp import verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from grader.__main__ import main
from grader.certificates import (
    Line,
    StatusEntry,
    belongs_to,
    credential,
    did,
    is_record,
    record,
    record_paper,
    record_pdf,
    status_list,
    verify_record,
)
from grader.certify import Academy
from grader.errors import RuleBroken
from grader.ladder import STATES
from grader.model import Bilingual
from tests.grader import outside_verifier
from tests.grader.certificate_centre import centre, hold  # noqa: F401, the fixture of a centre with a certificate
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts

MEMBERS = [
    credential(facts(status=StatusEntry(ISSUER.url, 1, 5)), ISSUER, KEY),
    credential(facts(number="L3-2026-000018", level=3, status=StatusEntry(ISSUER.url, 1, 6)), ISSUER, KEY),
]
GOOD = record("P017", "陈晓敏", MEMBERS, ISSUER, KEY, NOW)


def check(document: Any, language: str = "en", now: datetime = NOW, lists: Any = ()) -> Any:
    return verify_record(document, now, did(KEY), language, lists)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    change(document)
    return document


def inside(document: dict[str, Any]) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = document["credentialSubject"]["verifiableCredential"]
    return members


def test_two_programs_of_others_accept_the_record_and_refuse_an_altered_one() -> None:
    bent = changed(lambda c: inside(c)[1].update(validUntil="2039-11-20T23:59:59Z"))
    fewer = changed(lambda c: inside(c).pop())
    public = resolve_did(did(KEY))

    said = outside_verifier.answers(
        {"good": GOOD, "bent": bent, "fewer": fewer}, "2026-12-01T09:00:00Z", contexts=bundled_clr_contexts()
    )
    verify_data_integrity_proof(GOOD, public, extra_contexts=bundled_clr_contexts())

    assert {name for name, one in said.items() if one["verified"]} == {"good"}
    with pytest.raises(OB3VerificationError):
        verify_data_integrity_proof(bent, public, extra_contexts=bundled_clr_contexts())


def test_a_good_record_tells_of_itself_and_of_each_certificate_in_both_languages() -> None:
    english, chinese = check(GOOD), check(json.dumps(GOOD), "zh")

    assert english.ok and chinese.ok
    assert english.sentences[0] == (
        "Whether these certificates in the record still stand is not known: L2-2026-000017, L3-2026-000018."
    )
    assert english.sentences[1] == (
        "The record of 2026-12-01 is whole and signed by Riverside Training Centre · 滨河客服培训中心; "
        "certificates in it: 2."
    )
    assert "L3-2026-000018: It was issued until 2029-11-20." in english.sentences
    assert [one for one in english.sentences if "status list" in one] == [english.sentences[-1]], "said once"
    assert all(sentence.endswith("。") for sentence in chinese.sentences)
    assert is_record(json.dumps(GOOD).encode()) and not is_record(MEMBERS[0]) and not is_record(b"\x89PNG")


def test_the_person_is_in_it_as_a_hash_only() -> None:
    text = json.dumps(GOOD, ensure_ascii=False)

    assert "陈晓敏" not in text and "P017" not in text
    assert belongs_to(GOOD, "systemId", "P017") and belongs_to(GOOD, "name", "陈晓敏")
    assert not belongs_to(GOOD, "systemId", "P018")


ALTERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a certificate less": lambda c: inside(c).pop(),
    "a certificate twice": lambda c: inside(c).append(
        credential(facts(number="L4-1000", level=4), ISSUER, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    ),
    "certificates gone": lambda c: c["credentialSubject"].pop("verifiableCredential"),
    "a score": lambda c: inside(c)[0]["credentialSubject"]["result"][0].update(value="34"),
    "an unknown member inside": lambda c: inside(c)[0].update(honours="first class"),
    "an unknown member": lambda c: c.update(honours="first class"),
    "a known member elsewhere": lambda c: c.update(hashed=True),
    "an empty member": lambda c: c.update(description=None),
    "a member of the subject": lambda c: c["credentialSubject"].update(achievement=[{"type": ["Achievement"]}]),
    "an object in place of a text": lambda c: c.update(name={"en": "x"}),
    "the person": lambda c: c["credentialSubject"]["identifier"][0].update(salt="00"),
    "the day": lambda c: c.update(validFrom="2025-12-01T09:00:00Z"),
    "no proof": lambda c: c.pop("proof"),
    "a subject that is a text": lambda c: c.update(credentialSubject="did:key:z"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_record_is_refused(what: str) -> None:
    for language in ("en", "zh"):
        result = check(changed(ALTERED[what]), language)

        assert not result.ok and not any("{" in sentence for sentence in result.sentences)


def test_a_record_of_a_key_that_is_not_trusted_is_told_so() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))

    result = check(record("P017", "陈晓敏", MEMBERS, ISSUER, other, NOW))

    assert not result.ok and "not one that you trust" in result.sentences[0]


def test_a_certificate_that_ended_is_no_fault_of_the_record_but_a_withdrawn_one_is() -> None:
    late = check(GOOD, now=datetime(2030, 1, 1, tzinfo=UTC))
    lists = [
        status_list(f"https://training.example/status/{purpose}-1.json", purpose, places, ISSUER, KEY, NOW,
                    NOW + timedelta(days=7))
        for purpose, places in (("revocation", [6]), ("suspension", []))
    ]  # fmt: skip
    withdrawn = check(GOOD, lists=lists)

    assert late.ok and "L2-2026-000017: The certificate expired: its last day was 2029-11-20." in late.sentences
    assert not withdrawn.ok and any(
        "L3-2026-000018: The certificate was withdrawn" in one for one in withdrawn.sentences
    )
    assert any("L2-2026-000017: The issuer's status list" in one for one in withdrawn.sentences)


# --- on paper ---------------------------------------------------------------------------------------------------------

LINES = [
    Line(MEMBERS[0], 2, "certification", STATES["in force"], True, facts().framework),
    Line(MEMBERS[1], 3, "demonstration", STATES["lapsed"], False, facts().framework),
]


def paper(language: str, **changes: Any) -> bytes:
    scheme = changes.get("scheme", facts().scheme)
    return record_pdf(GOOD, changes.get("name", "陈晓敏"), LINES, ISSUER, scheme, NOW, language)


def shown(language: str) -> str:
    content = record_paper._content(GOOD, "陈晓敏", LINES, ISSUER, facts().scheme, NOW, language)
    return json.dumps({name: part for name, part in content.items() if name != "qr"}, ensure_ascii=False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_is_an_a4_page_and_the_same_bytes_twice(language: str) -> None:
    drawn = paper(language)

    assert re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", drawn) == [(b"595.2756", b"841.8898")]
    assert f"/Lang({language}".encode() in drawn and paper(language) == drawn
    assert paper(language, name="#panic() [x] *b* " + "W" * 270).startswith(b"%PDF")


def test_the_paper_says_what_the_signed_file_says() -> None:
    for words in ("Team Leader", "L2-2026-000017", "21 November 2026", "20 November 2029", "26.5 of 34, needed 20.4",
                  "in force", "lapsed", "A sample from a demonstration", "1 December 2026"):  # fmt: skip
        assert words in shown("en")
    for words in ("班组长", "L3-2026-000018", "2029年11月20日", "合格线20.4分", "有效", "已失效", "陈晓敏"):
        assert words in shown("zh")
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", shown("en").replace("陈晓敏", ""))


def test_a_blocked_word_stops_the_paper_and_the_file() -> None:
    scheme = replace(facts().scheme, title=Bilingual("Ladder", "全国能力阶梯"))

    with pytest.raises(RuleBroken, match="may not stand on a certificate"):
        paper("zh", scheme=scheme)
    with pytest.raises(RuleBroken, match="may not stand on a certificate"):
        record("P017", "x", MEMBERS, replace(ISSUER, name=Bilingual("National", "国家中心")), KEY, NOW)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(centre: Path) -> Path:  # noqa: F811
    with Academy(centre) as academy:
        academy.store.append("person.recorded", "P017", {"name": "陈晓敏", "site": "Hefei"}, "S1001")
    return centre


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_person_gets_the_record_and_anybody_checks_it(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Academy(office) as academy:
        hold(academy, "L2-2026-000018")
        academy.store.append("certificate.withdrawn", "L2-2026-000018", {"ground": "fraud", "note": "x"}, "S1001")

    code, _ = run(capsys, "cert", "transcript", "P017", "--folder", tmp_path / "out", "--centre", office)

    assert code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["record-P017-en.pdf", "record-P017-zh.pdf", "record-P017.json"]
    file = tmp_path / "out" / "record-P017.json"
    numbers = [one["credentialSubject"]["licenseNumber"] for one in inside(json.loads(file.read_text("utf-8")))]
    assert numbers == ["L2-2026-000017"], "what was withdrawn is not in it"
    code, said = run(capsys, "cert", "verify", file, "--language", "en", "--centre", office)
    assert code == 0 and said.startswith("L2-2026-000017: This centre's registry says: in force.\nThe record of ")
    with Academy(office) as academy:
        academy.store.append("certificate.withdrawn", "L2-2026-000017", {"ground": "fraud", "note": "x"}, "S1001")
    code, said = run(capsys, "cert", "verify", file, "--language", "en", "--centre", office)
    assert code == 1 and said.startswith("L2-2026-000017: This centre's registry says: withdrawn.\n")
    with Academy(office) as academy:
        (fact,) = academy.store.events("record.issued", "P017")
    assert fact.data["certificates"] == numbers


def test_who_has_no_certificate_gets_no_record(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, "cert", "transcript", "P099", "--folder", tmp_path, "--centre", office)
    assert code == 2 and "person 'P099' is not in the registry" in said
    with Academy(office) as academy:
        academy.store.append("certificate.suspended", "L2-2026-000017", {"ground": "fees", "note": "x"}, "S1001")
    code, said = run(capsys, "cert", "transcript", "P017", "--folder", tmp_path, "--centre", office)
    assert code == 2 and "P017 has no certificate that stands" in said
    assert not list(tmp_path.glob("record-*"))
