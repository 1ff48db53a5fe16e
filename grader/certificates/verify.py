"""Checks a copy of a credential without a network: form, signature, issuer and dates, answered in plain sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyld.jsonld import JsonLdError

from ..errors import AcademyError
from ..model import Bilingual, canonical
from .proof import CONTEXTS, compacted, proof_holds, public_key

__all__ = ["Verification", "verify"]

_LIMIT = 1_000_000  # characters; a credential has about twenty thousand

# Every type that our credentials use; a document with any other is not one of them.
_TYPES = frozenset((
    "VerifiableCredential", "OpenBadgeCredential", "Profile", "AchievementSubject", "IdentityObject", "Achievement",
    "Criteria", "Alignment", "ResultDescription", "Result", "Evidence", "DataIntegrityProof",
))  # fmt: skip
_REQUIRED = ("id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Verification:
    """What a check found: ``sentences`` for a person, the rest for a program that goes on to ask the registry."""

    ok: bool
    sentences: tuple[str, ...]
    number: str | None = None
    issuer: str | None = None
    valid_until: datetime | None = None


_SAY = {
    "garbage": Bilingual(
        "This is no certificate: wanted a JSON file as it was issued, {reason}.",
        "这不是证书：应为签发时的JSON文件，但{reason}。",
    ),
    "kind": Bilingual(
        "This is no certificate of ours: {reason}.",
        "这不是本系统签发的证书：{reason}。",
    ),
    "altered": Bilingual(
        "The certificate was altered or forged: its signature does not fit what it says.",
        "证书已被篡改或伪造：签名与内容不符。",
    ),
    "foreign": Bilingual(
        "The signature is whole, but the key is not the one you trust, it is {reason}.",
        "签名完整，但签名密钥并非您信任的密钥，而是{reason}。",
    ),
    "early": Bilingual("The certificate is not valid before {day}.", "证书自{day}起才有效。"),
    "expired": Bilingual("The certificate expired: its last day was {day}.", "证书已过期，有效期至{day}。"),
    "whole": Bilingual(
        "The certificate {number} is whole and signed by {issuer}.", "证书{number}完整无误，由{issuer}签发。"
    ),
    "valid": Bilingual("It is valid until {day}.", "有效期至{day}。"),
    "key": Bilingual(
        "This check was not told whom to trust: compare the signing key {key} with the one that the issuer publishes.",
        "本次核验未指定可信的签发者：请将签名密钥{key}与签发机构公布的密钥核对。",
    ),
    "sample": Bilingual(
        "It is a sample for {purpose}: it certifies nobody.", "这是{purpose}用样本，不代表任何真实评价结果。"
    ),
    "ask": Bilingual(
        "Whether it was withdrawn or suspended since, only the issuer's register can say.",
        "签发后是否被撤销或暂停，须向签发机构的登记簿查询。",
    ),
}
_SAMPLES = {"practice": Bilingual("practice", "练习"), "demonstration": Bilingual("demonstration", "演示")}


class _Refused(Exception):
    def __init__(self, code: str, en: str = "", zh: str = "") -> None:
        super().__init__(code)
        self.sentence = Bilingual(_SAY[code].en.format(reason=en), _SAY[code].zh.format(reason=zh or en))


def verify(
    document: Mapping[str, Any] | str | bytes, now: datetime, issuer: str | None = None, language: str = "en"
) -> Verification:
    """Check a credential offline: form, signature, issuer and dates; ``ok`` only when all of them hold.

    ``issuer`` is the ``did:key`` that the reader trusts; without it the answer names the key that signed, for anybody
    can make a key. ``now`` is an aware datetime. Whatever comes in, it answers with sentences and never raises.
    """
    try:
        credential = _parse(document)
        who = _check_form(credential)
        _check_signature(credential, who)
    except _Refused as refused:
        return Verification(False, (refused.sentence.say(language),))
    except RecursionError:
        deep = _Refused("garbage", "it is nested too deeply", "它嵌套过深")
        return Verification(False, (deep.sentence.say(language),))
    return _judge(credential, who, now, issuer, language)


def _judge(credential: Mapping[str, Any], who: str, now: datetime, issuer: str | None, language: str) -> Verification:
    begins, ends = (_moment(credential[name]) for name in ("validFrom", "validUntil"))
    said = []

    def say(code: str, **values: str) -> None:
        said.append(_SAY[code].say(language).format(**values))

    if issuer is not None and who != issuer:
        say("foreign", reason=who)
    if now < begins:
        say("early", day=str(begins.date()))
    if now > ends:
        say("expired", day=str(ends.date()))
    ok = not said
    subject = credential["credentialSubject"]
    if ok:
        say("whole", number=subject["licenseNumber"], issuer=credential["issuer"]["name"])
        say("valid", day=str(ends.date()))
        if issuer is None:
            say("key", key=who)
    for tag in subject["achievement"].get("tag", ()):
        if tag in _SAMPLES:
            say("sample", purpose=_SAMPLES[tag].say(language))
    if ok:
        say("ask")
    return Verification(ok, tuple(said), subject["licenseNumber"], who, ends)


def _parse(document: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    try:
        text = document.decode("utf-8") if isinstance(document, bytes) else document
        # A mapping is written and read again, so that what is checked is JSON and nothing else.
        text = text if isinstance(text, str) else json.dumps(dict(text), ensure_ascii=False, allow_nan=False)
        if len(text) > _LIMIT:
            raise _Refused("garbage", f"it has {len(text)} characters", f"它有{len(text)}个字符")
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise _Refused("garbage", "it is not UTF-8 text", "它不是UTF-8文本") from error
    except json.JSONDecodeError as error:
        place = f"it breaks off or breaks the rules of JSON at line {error.lineno}, column {error.colno}"
        raise _Refused("garbage", place, f"第{error.lineno}行第{error.colno}列处中断或不合JSON语法") from error
    except (ValueError, TypeError) as error:
        raise _Refused("garbage", f"it is not plain JSON ({error})", f"它不是规范的JSON（{error}）") from error
    if not isinstance(value, dict):
        raise _Refused("garbage", "it holds no object", "其中没有JSON对象")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _check_form(credential: Mapping[str, Any]) -> str:
    """Refuse all that is not in the shape of our credentials; the issuer's ``did:key``."""
    absent = [name for name in _REQUIRED if name not in credential]
    if absent:
        raise _Refused("kind", f"it has no {absent[0]}", f"缺少{absent[0]}")
    if credential.get("@context") != list(CONTEXTS):
        raise _Refused("kind", "its @context is not that of Open Badges 3.0.3", "@context不是Open Badges 3.0.3")
    _check_members({name: value for name, value in credential.items() if name != "@context"})
    try:
        return _issuer_of(credential)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        english = "its issuer, subject, dates or proof are not as we write them"
        raise _Refused("kind", english, "签发者、主体、日期或签名的格式不符") from error


def _issuer_of(credential: Mapping[str, Any]) -> str:
    """The issuer's ``did:key``; ValueError (or what reading wrong JSON raises) when a part is not as we write it."""
    who, proof, subject = str(credential["issuer"]["id"]), credential["proof"], credential["credentialSubject"]
    public_key(who)
    texts = (
        subject["licenseNumber"],
        credential["issuer"]["name"],
        subject["achievement"]["name"],
        proof["proofValue"],
    )
    fits = (
        all(isinstance(text, str) for text in texts)
        and isinstance(subject["achievement"].get("tag", []), list)
        and _moment(credential["validFrom"]) < _moment(credential["validUntil"])
        and (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-rdfc-2022")
        and proof["proofPurpose"] == "assertionMethod"
        and re.fullmatch(r"z[1-9A-HJ-NP-Za-km-z]{60,100}", proof["proofValue"])
        and proof["verificationMethod"] == f"{who}#{who.removeprefix('did:key:')}"
    )
    if not fits:
        raise ValueError(who)
    return who


def _check_members(value: Any) -> None:
    # A proof covers the statements that JSON-LD reads out of the file, not its text: a relative id, an unknown type, an
    # inline @-word or an undefined member would be shown to a reader and yet be signed by nobody.
    if isinstance(value, list):
        for part in value:
            _check_members(part)
    if not isinstance(value, dict):
        return
    for name, part in value.items():
        if name.startswith("@") or ":" in name:
            raise _Refused("kind", f"it has a member {name[:40]!r}", f"含有成员{name[:40]!r}")
        if name == "id" and not (isinstance(part, str) and re.match(r"(urn:uuid:[0-9a-f]|did:key:z)", part)):
            raise _Refused("kind", f"it has an id {str(part)[:40]!r}", f"含有标识{str(part)[:40]!r}")
        if name == "type" and not _TYPES.issuperset(map(str, part if isinstance(part, list) else [part])):
            raise _Refused("kind", f"it has a type {str(part)[:60]}", f"含有类型{str(part)[:60]}")
        _check_members(part)


def _check_signature(credential: Mapping[str, Any], who: str) -> None:
    try:
        whole = _unordered(compacted(credential)) == _unordered(credential) and proof_holds(credential, who)
    except (JsonLdError, AcademyError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise _Refused("altered") from error
    if not whole:
        raise _Refused("altered")


def _unordered(value: Any) -> Any:
    """The value as JSON-LD understands it: a list is a set, and a set of one is the one."""
    if isinstance(value, Mapping):
        return {name: _unordered(part) for name, part in value.items()}
    if isinstance(value, list):
        parts = sorted((_unordered(part) for part in value), key=canonical)
        return parts[0] if len(parts) == 1 else parts
    return value


def _moment(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
