"""A person's learner record: their certificates in one signed file (Comprehensive Learner Record 2.0)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..model import Bilingual, digest
from ._reading import TIME, Refused, Shape, moment, read_signed
from .credential import hashed, urn
from .facts import Issuer, refuse_blocked, texts_in
from .proof import RECORD_CONTEXTS, add_proof, did, salt
from .verify import CREDENTIAL_TYPES, Signed, Verification, verify

__all__ = ["RECORD", "is_record", "record", "verify_record"]

RECORD = Bilingual("Record of assessed competence", "能力评价记录")
_MOST_MEMBERS = 200


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        return document
    rest = {name: value for name, value in subject.items() if name != "verifiableCredential"}
    return {**document, "credentialSubject": rest}


_SHAPE = Shape(
    contexts=RECORD_CONTEXTS,
    context_name="Comprehensive Learner Record 2.0",
    types=CREDENTIAL_TYPES | {"ClrCredential", "ClrSubject"},
    required=("id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof"),
    ids="urn:uuid:[0-9a-f]|did:key:z",
    say={
        "garbage": Bilingual(
            "This is no learner record: wanted a JSON file as it was issued, {reason}.",
            "这不是能力评价记录：应为签发时的JSON文件，但{reason}。",
        ),
        "kind": Bilingual("This is no learner record of ours: {reason}.", "这不是本系统签发的能力评价记录：{reason}。"),
        "altered": Bilingual(
            "The learner record was altered or forged: its signature does not fit what it says.",
            "能力评价记录已被篡改或伪造：签名与内容不符。",
        ),
    },
    limit=8_000_000,
    bare=_bare,
    # The context gives `identifier` a type that no node has, so that JSON-LD cannot compact it under its own name.
    members={
        "": frozenset(
            ("@context", "id", "type", "name", "description", "issuer", "validFrom", "validUntil", "credentialSubject",
             "proof")
        ),
        "issuer": frozenset(("id", "type", "name", "url")),
        "credentialSubject": frozenset(("type", "identifier")),
        "identifier": frozenset(("type", "hashed", "identityHash", "identityType", "salt")),
        "proof": frozenset(("type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue")),
    },
)  # fmt: skip
_SAY = {
    "foreign": Bilingual(
        "The record's signature is whole, but the key is not one that you trust, it is {key}.",
        "记录的签名完整，但签名密钥并非您信任的密钥，而是{key}。",
    ),
    "early": Bilingual("The record is dated {day}, which is still to come.", "记录的日期为{day}，尚未到来。"),
    "whole": Bilingual(
        "The record of {day} is whole and signed by {issuer}; certificates in it: {count}.",
        "{day}的记录完整无误，由{issuer}签发，内含证书{count}份。",
    ),
    "unknown": Bilingual(
        "Whether these certificates in the record still stand is not known: {numbers}.",
        "记录内下列证书目前是否仍然有效，尚不清楚：{numbers}。",
    ),
    "inside": Bilingual("{number}: {said}", "{number}：{said}"),
}


def record(
    person: str,
    name: str,
    members: Sequence[Mapping[str, Any]],
    issuer: Issuer,
    key: Ed25519PrivateKey,
    made: datetime,
    blocked: Collection[str] = (),
) -> dict[str, Any]:
    """The signed record of a person: ``members`` are the credentials, whole; the person stands in it as a hash only."""
    who, grain = did(key), salt(key, f"record {person}")
    document = {
        "@context": list(RECORD_CONTEXTS),
        "id": urn(who, "record", grain, made.strftime(TIME)),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"{RECORD.en} · {RECORD.zh}",
        "description": "The certificates that the issuer gave to one person, each signed for itself. "
        "签发机构颁发给同一人的证书，每份均单独签名。",
        "issuer": {
            "id": who,
            "type": ["Profile"],
            "name": f"{issuer.name.en} · {issuer.name.zh}",
            "url": issuer.url,
        },
        "validFrom": made.strftime(TIME),
        "validUntil": max(made.strftime("%Y-%m-%dT23:59:59Z"), *(str(one["validUntil"]) for one in members)),
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [hashed("systemId", person, grain), hashed("name", name, grain)],
            "verifiableCredential": [dict(one) for one in members],
        },
    }
    refuse_blocked("record", texts_in(document), blocked)
    return add_proof(document, key, made.strftime(TIME))


def is_record(document: Signed) -> bool:
    """Whether somebody who wants this checked means a learner record, and not a certificate."""
    try:
        found = json.loads(document) if isinstance(document, str | bytes) else document
        return "ClrCredential" in found["type"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def verify_record(
    document: Signed,
    now: datetime,
    issuer: str | Collection[str] | None = None,
    language: str = "en",
    lists: Sequence[Signed] = (),
) -> Verification:
    """Check a record and each certificate in it offline, with the same arguments and answers as :func:`verify`.

    A certificate that has expired is no fault of the record; one that is altered, foreign, suspended or withdrawn is.
    """
    trusted = None if issuer is None else frozenset([issuer] if isinstance(issuer, str) else issuer)
    try:
        found, who = read_signed(document, _SHAPE)
        members = _members(found)
    except Refused as refused:
        return Verification(False, (refused.sentence.say(language),))

    def say(code: str, **values: object) -> str:
        return _SAY[code].say(language).format(**values)

    begins, ends = (moment(found[name]) for name in ("validFrom", "validUntil"))
    said, good = [], True
    if trusted is not None and who not in trusted:
        said, good = [say("foreign", key=who)], False
    elif now < begins:
        said, good = [say("early", day=begins.date())], False
    else:
        said = [say("whole", day=begins.date(), issuer=found["issuer"]["name"], count=len(members))]
    inside = tuple(verify(one, now, issuer, language, lists) for one in members)
    for one in inside:
        good = good and (one.ok or one.expired)
        number = one.number or "?"
        settled = (sentence for sentence in one.sentences if sentence not in one.unsettled)
        said += [say("inside", number=number, said=sentence) for sentence in settled]
    unsettled = _unsettled(inside, say) if good else []
    said = [*unsettled[:1], *said, *unsettled[1:]]
    return Verification(
        good, tuple(said), None, who, ends, digest=digest(found), unsettled=tuple(unsettled), members=inside
    )


def _unsettled(inside: Sequence[Verification], say: Callable[..., str]) -> list[str]:
    """What is not known of the status of the certificates, and how to get to know it; each thing once."""
    open_ = [one for one in inside if one.unsettled]
    if not open_:
        return []
    more = dict.fromkeys(sentence for one in open_ for sentence in one.unsettled[1:])
    return [say("unknown", numbers=", ".join(one.number or "?" for one in open_)), *more]


def _members(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    members = found["credentialSubject"].get("verifiableCredential")
    members = members if isinstance(members, list) else [members]
    if not all(isinstance(one, dict) for one in members) or not 0 < len(members) <= _MOST_MEMBERS:
        raise Refused(_SHAPE.say["kind"], "it holds no certificates", "其中没有证书")
    return members
