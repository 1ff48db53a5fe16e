"""A certificate says what it must, nobody can change it unseen, and a stranger's program agrees."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.ob3.did import resolve_did
from openbadgeslib.ob3.ldp import verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from grader.certificates import Verification, belongs_to, credential, did, verify
from grader.certificates import proof as proofs
from grader.errors import AcademyError
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts

GOOD = credential(facts(), ISSUER, KEY)


def check(document: Any, now: datetime = NOW, language: str = "en") -> Verification:
    return verify(document, now, did(KEY), language)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    change(document)
    return document


# --- the proof, against the standard's own vector ---------------------------------------------------------------------

# W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", 15 May 2025, appendix B.1, examples 7 to 17.
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
VECTOR_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
VECTOR_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VECTOR_DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
VECTOR_HASH = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
VECTOR_PROOF = "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"


def vector_loader(url: str, options: Any = None) -> dict[str, Any]:
    if url != EXAMPLES:
        return proofs.loader(url, options)
    context = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}


def test_the_proof_is_the_one_that_the_w3c_vector_prints() -> None:
    secret = base58.b58decode(VECTOR_SECRET.removeprefix("z")).removeprefix(b"\x80\x26")
    key = Ed25519PrivateKey.from_private_bytes(secret)

    signed = proofs.add_proof(VECTOR_DOCUMENT, key, "2023-02-24T23:36:38Z", vector_loader)

    assert did(key) == f"did:key:{VECTOR_PUBLIC}"
    assert hashlib.sha256(proofs.canonical_rdf(VECTOR_DOCUMENT, vector_loader).encode()).hexdigest() == VECTOR_HASH
    assert signed["proof"]["proofValue"] == VECTOR_PROOF
    assert proofs.proof_holds(signed, did(key), vector_loader)


def test_the_contexts_are_the_published_ones() -> None:
    folder = Path(proofs.__file__).parent / "contexts"
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in proofs.CONTEXTS.values()}

    # The first digest is printed in the appendix "Base Context" of the W3C Recommendation VC Data Model 2.0.
    assert digests == {
        "credentials-v2.jsonld": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "open-badges-3.0.3.jsonld": "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
        "clr-2.0.1.jsonld": "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    }


def test_an_unknown_context_is_refused_and_never_fetched() -> None:
    with pytest.raises(AcademyError, match="fetches none"):
        proofs.loader("https://evil.example/context.json")


def test_another_program_accepts_the_certificate_and_refuses_an_altered_one() -> None:
    public = resolve_did(did(KEY))

    verify_data_integrity_proof(GOOD, public)
    with pytest.raises(OB3VerificationError):
        verify_data_integrity_proof(changed(lambda c: c.update(validUntil="2039-11-20T23:59:59Z")), public)


def test_an_identity_is_hashed_as_open_badges_prints_it() -> None:
    # Open Badges 3.0 data model, derived type IdentityHash: 'a@example.com' salted with 'Kosher'.
    digest = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    entry = {"type": "IdentityObject", "hashed": True, "identityHash": digest, "salt": "Kosher"}
    document = {"credentialSubject": {"identifier": [{**entry, "identityType": "emailAddress"}]}}

    assert belongs_to(document, "emailAddress", "a@example.com")
    assert not belongs_to(document, "emailAddress", "b@example.com")


# --- what a certificate says ------------------------------------------------------------------------------------------


def test_a_good_certificate_is_whole_valid_and_says_so_in_both_languages() -> None:
    english, chinese = check(GOOD), check(json.dumps(GOOD), language="zh")

    assert english.ok and chinese.ok
    assert english.number == "L2-2026-000017" and english.issuer == did(KEY)
    assert english.sentences[1] == (
        "The certificate L2-2026-000017 is whole and signed by Riverside Training Centre · 滨河客服培训中心."
    )
    assert english.sentences[2] == "It was issued until 2029-11-20."
    assert chinese.sentences[2] == "证书载明的有效期至2029-11-20。"


def test_the_name_and_the_number_of_the_person_are_not_in_the_file_but_can_be_matched() -> None:
    text = json.dumps(GOOD, ensure_ascii=False)

    assert "陈晓敏" not in text and "P017" not in text
    assert belongs_to(GOOD, "systemId", "P017") and belongs_to(GOOD, "name", "陈晓敏")
    assert not belongs_to(GOOD, "name", "陈晓明")


def test_scores_cuts_form_scheme_and_alignment_are_stated() -> None:
    subject = GOOD["credentialSubject"]
    achievement = subject["achievement"]
    described = {part["id"]: (part["requiredValue"], part["valueMax"]) for part in achievement["resultDescription"]}
    scores = {result["value"]: described[result["resultDescription"]] for result in subject["result"]}

    assert scores == {"26.5": ("20.4", "34"), "8": ("6", "10")}
    assert "TL-2026-11-A" in achievement["criteria"]["narrative"]
    assert "modified Angoff" in achievement["criteria"]["narrative"]
    assert achievement["version"] == "scheme 2, framework 1"
    codes = [target["targetCode"] for target in achievement["alignment"]]
    assert codes[:2] == ["FC-2", "QA-2"] and codes[-3:] == ["FC-2.1", "FC-2.2", "QA-2.1"]


def test_the_same_facts_and_key_give_the_same_file() -> None:
    assert credential(facts(), ISSUER, KEY) == GOOD


@pytest.mark.parametrize(("purpose", "word"), [("demonstration", "演示样本"), ("practice", "练习")])
def test_a_sample_cannot_be_mistaken_for_a_certificate(purpose: str, word: str) -> None:
    sample = credential(facts(purpose=purpose), ISSUER, KEY)

    assert word in sample["name"] and "certifies nobody" in sample["description"]
    assert purpose.upper() in sample["credentialSubject"]["achievement"]["name"]
    assert sample["credentialSubject"]["achievement"]["achievementType"] == "Assessment"
    assert any("certifies nobody" in sentence for sentence in check(sample).sentences)
    assert not any("certifies nobody" in sentence for sentence in check(GOOD).sentences)


# --- altered, forged, foreign, late, broken ---------------------------------------------------------------------------


@pytest.mark.parametrize("field", [name for name in GOOD if name != "@context"])
def test_a_change_in_any_field_is_refused(field: str) -> None:
    value = GOOD[field]
    text = str(value).replace("2026-", "2025-").replace("2029-", "2039-").replace("urn:uuid:", "urn:uuid:0")
    other = {"x": 1} if isinstance(value, dict) else [] if isinstance(value, list) else text.replace("evel", "abel")
    other = f"{value}!" if other == value else other

    for document in (changed(lambda c: c.update({field: other})), changed(lambda c: c.pop(field))):
        result = check(document)
        assert not result.ok and len(result.sentences) == 1


ALTERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "score": lambda c: c["credentialSubject"]["result"][0].update(value="34"),
    "cut": lambda c: c["credentialSubject"]["achievement"]["resultDescription"][0].update(requiredValue="1"),
    "number": lambda c: c["credentialSubject"].update(licenseNumber="L2-2026-000018"),
    "person": lambda c: c["credentialSubject"]["identifier"][0].update(salt="00"),
    "longer": lambda c: c.update(validUntil="2039-11-20T23:59:59Z"),
    "signing time": lambda c: c["proof"].update(created="2027-01-01T00:00:00Z"),
    "evidence": lambda c: c["evidence"].clear(),
    # What JSON-LD would not see, so that the signature alone would let it pass:
    "undefined member": lambda c: c["credentialSubject"].update(grade="with distinction"),
    "empty member": lambda c: c["credentialSubject"].update(narrative=None),
    "result with a relative id": lambda c: c["credentialSubject"]["result"].append(
        {"id": "x", "type": ["Result"], "value": "100"}
    ),
    "unknown type": lambda c: c["type"].append("GeneralManagerCredential"),
    "inline context": lambda c: c["credentialSubject"].update({"@context": {"result": None}}),
    "included node": lambda c: c.update({"@included": [{"name": "General Manager"}]}),
    "member by its address": lambda c: c.update({"https://schema.org/name": "General Manager"}),
    "context": lambda c: c["@context"].append("https://evil.example/context.json"),
    "foreign proof of the same key": lambda c: c.update(proof=credential(facts(level=3), ISSUER, KEY)["proof"]),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_certificate_is_refused_in_one_sentence(what: str) -> None:
    result = check(changed(ALTERED[what]))

    assert not result.ok and len(result.sentences) == 1


def test_another_layout_of_the_same_file_is_no_alteration() -> None:
    turned = dict(reversed(list(GOOD.items())))

    assert check(json.dumps(turned, indent=4, ensure_ascii=False).encode()).ok


def test_a_certificate_signed_with_a_key_of_ones_own_is_foreign() -> None:
    forged = credential(facts(name="王五"), ISSUER, Ed25519PrivateKey.from_private_bytes(bytes(32)))

    result = check(forged)

    assert not result.ok and "not the one you trust" in result.sentences[0]


def test_without_an_issuer_to_trust_the_answer_names_the_key_that_signed() -> None:
    result = verify(GOOD, NOW)

    assert result.ok and any(did(KEY) in sentence for sentence in result.sentences)
    assert not any(did(KEY) in sentence for sentence in check(GOOD).sentences)


def test_a_certificate_that_names_our_key_but_is_signed_with_another_is_forged() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    text = json.dumps(credential(facts(name="王五"), ISSUER, other)).replace(did(other)[8:], did(KEY)[8:])

    assert check(text).sentences == ("The certificate was altered or forged: its signature does not fit what it says.",)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (datetime(2029, 11, 21, tzinfo=UTC), "The certificate expired: its last day was 2029-11-20."),
        (datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC), "The certificate is not valid before 2026-11-21."),
    ],
)
def test_a_certificate_holds_only_between_its_dates(day: datetime, sentence: str) -> None:
    assert check(GOOD, day) == Verification(
        False, (sentence,), "L2-2026-000017", did(KEY), datetime(2029, 11, 20, 23, 59, 59, tzinfo=UTC)
    )
    assert check(GOOD, datetime(2029, 11, 20, 23, 59, 59, tzinfo=UTC)).ok


GARBAGE: dict[str, Any] = {
    "empty": "",
    "text": "hello",
    "list": "[]",
    "number": "42",
    "empty object": {},
    "pdf": b"%PDF-1.7 ...",
    "binary": b"\x89PNG\r\n\x1a\n\xff",
    "nan": '{"a": NaN}',
    "deep": "[" * 100_000,
    "less deep": {**GOOD, "evidence": json.loads("[" * 900 + "]" * 900)},
    "huge": " " * 1_000_001,
    "member twice": '{"id": "a", "id": "b"}',
    "set": {"a": {1, 2}},
    "open badge of another issuer": {**VECTOR_DOCUMENT, "validUntil": "2030-01-01T00:00:00Z", "proof": {}},
    "issuer is text": {**GOOD, "issuer": did(KEY)},
    "did of another kind": {**GOOD, "issuer": {**GOOD["issuer"], "id": "did:web:training.example"}},
    "proof is a list": {**GOOD, "proof": [GOOD["proof"]]},
    "dates are numbers": {**GOOD, "validUntil": 2029},
    "type is a number": {**GOOD, "type": 5},
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_answered_with_one_sentence_in_each_language(what: str) -> None:
    for language in ("en", "zh"):
        result = check(GARBAGE[what], language=language)

        assert not result.ok and len(result.sentences) == 1 and "{" not in result.sentences[0]


def test_a_certificate_cut_anywhere_is_refused_with_the_place() -> None:
    text = json.dumps(GOOD, ensure_ascii=False)

    for length in range(1, len(text), 97):
        result = check(text[:length])
        assert not result.ok and "at line 1, column" in result.sentences[0]
