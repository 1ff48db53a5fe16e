"""Checks a copy of a credential without a network: form, signature, issuer, dates and status, in plain sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..model import Bilingual, digest
from ._reading import Refused, Shape, moment, read_signed
from .badge import unbaked
from .proof import CREDENTIAL_CONTEXTS
from .status import STATUS_PURPOSES, StatusList, read_list

__all__ = ["CREDENTIAL_TYPES", "Signed", "Verification", "verify"]

Signed = Mapping[str, Any] | str | bytes
"""A signed document as it comes: read already, or the text or the bytes of its file."""
CREDENTIAL_TYPES = frozenset((
    "VerifiableCredential", "OpenBadgeCredential", "Profile", "AchievementSubject", "IdentityObject", "Achievement",
    "Criteria", "Alignment", "ResultDescription", "Result", "Evidence", "DataIntegrityProof",
    "BitstringStatusListEntry",
))  # fmt: skip
_SHAPE = Shape(
    contexts=CREDENTIAL_CONTEXTS,
    context_name="Open Badges 3.0.3",
    types=CREDENTIAL_TYPES,
    required=("id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof"),
    ids="urn:uuid:[0-9a-f]|did:key:z",
    say={
        "garbage": Bilingual(
            "This is no certificate: wanted a JSON file as it was issued, {reason}.",
            "这不是证书：应为签发时的JSON文件，但{reason}。",
        ),
        "kind": Bilingual("This is no certificate of ours: {reason}.", "这不是本系统签发的证书：{reason}。"),
        "altered": Bilingual(
            "The certificate was altered or forged: its signature does not fit what it says.",
            "证书已被篡改或伪造：签名与内容不符。",
        ),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Verification:
    """What a check found: ``sentences`` for a person, the rest for a program that goes on to ask the registry."""

    ok: bool
    sentences: tuple[str, ...]
    number: str | None = None
    issuer: str | None = None
    valid_until: datetime | None = None
    status: str | None = None
    """``good``, ``suspended`` or ``withdrawn``, by the status lists that were given; None where they do not say."""
    expired: bool = field(default=False, compare=False)
    """Whether its last day has passed, and nothing else is wrong with it."""
    digest: str | None = field(default=None, compare=False)
    """SHA-256 of the file as it was issued, whatever its layout now."""
    unsettled: tuple[str, ...] = ()
    """Those of the sentences that say that its status is not known; whoever knows it leaves them out."""
    members: tuple[Verification, ...] = ()
    """Of a record, the certificates in it."""


_SAY = {
    "picture": Bilingual("This picture is no badge of ours: {reason}.", "这张图片不是本系统的徽章：{reason}。"),
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
    "unknown": Bilingual(
        "Whether certificate {number} still stands is not known: no status list says whether it was {what} since.",
        "证书{number}目前是否仍然有效，尚不清楚：没有状态列表说明签发后是否已被{what}。",
    ),
    "runs": Bilingual("It was issued until {day}.", "证书载明的有效期至{day}。"),
    "get": Bilingual(
        "Get the newest status lists of the issuer and check again with them: {lists}.",
        "请取得签发机构最新的状态列表，再核验一次：{lists}。",
    ),
    "withdrawn": Bilingual(
        "The certificate was withdrawn: so says the issuer's status list of {made}.",
        "证书已被撤销：以签发机构{made}的状态列表为准。",
    ),
    "suspended": Bilingual(
        "The certificate is suspended: so says the issuer's status list of {made}.",
        "证书现已暂停：以签发机构{made}的状态列表为准。",
    ),
    "good": Bilingual(
        "The issuer's status list of {made} says: not {what}.", "签发机构{made}的状态列表显示：未被{what}。"
    ),
    "stale": Bilingual(
        "The status list of {made} is stale, it was meant to serve until {ends}: get the newest one from the issuer.",
        "{made}的状态列表已过时，仅供使用至{ends}：请向签发机构索取最新列表。",
    ),
    "future": Bilingual(
        "The status list is dated {made}, which is still to come: look at the clock of this computer.",
        "状态列表的日期为{made}，尚未到来：请检查本机时钟。",
    ),
    "foreign list": Bilingual(
        "The status list is signed by {key}, which is neither the certificate's issuer nor a key that you trust.",
        "状态列表由{key}签名，该密钥既不是证书的签发者，也不是您信任的密钥。",
    ),
    "other list": Bilingual(
        "The status list {address} is not one of this certificate, which names {wanted}.",
        "状态列表{address}与本证书无关，本证书指定的是{wanted}。",
    ),
    "no list": Bilingual(
        "The certificate names no status list: only the issuer's register can say what became of it.",
        "本证书未指定状态列表：其现状须向签发机构的登记簿查询。",
    ),
    "no place": Bilingual(
        "The certificate's place {index} does not exist in the status list {address}.",
        "证书在状态列表中的位置{index}不存在（{address}）。",
    ),
}
_PICTURE = {
    "the picture carries no certificate": "其中没有证书",
    "the picture is damaged": "图片已损坏",
    "the picture defines entities of its own": "其中自行定义了实体",
    "the picture cannot be read as SVG": "无法按SVG读取",
}
_SAMPLES = {"practice": Bilingual("practice", "练习"), "demonstration": Bilingual("demonstration", "演示")}
_SET = dict(zip(STATUS_PURPOSES, ("withdrawn", "suspended"), strict=True))
_WHAT = {"withdrawn": Bilingual("withdrawn", "撤销"), "suspended": Bilingual("suspended", "暂停")}
_AND, _OR = Bilingual(" and not ", "或"), Bilingual(" or ", "或")
_COMMA = Bilingual(", ", "、")


def verify(
    document: Signed,
    now: datetime,
    issuer: str | Collection[str] | None = None,
    language: str = "en",
    lists: Sequence[Signed] = (),
) -> Verification:
    """Check a credential offline: form, signature, issuer, dates, status; ``ok`` only when all of them hold.

    ``issuer`` is the ``did:key`` that the reader trusts, or several of them: an issuer's keys change.  Without it the
    answer names the key that signed, for anybody can make a key.  ``lists`` are status lists of the issuer.  ``now`` is
    an aware datetime.  Whatever comes in, it answers with sentences and never raises.
    """
    trusted = None if issuer is None else frozenset([issuer] if isinstance(issuer, str) else issuer)
    try:
        credential, who = read_signed(_out_of_picture(document), _SHAPE)
        _check_subject(credential)
        read = [read_list(one) for one in lists]
    except Refused as refused:
        return Verification(False, (refused.sentence.say(language),))
    return _Judge(credential, who, now, trusted, language).judge(read)


def _out_of_picture(document: Signed) -> Signed:
    """The credential that a badge carries; what is no picture is left as it is."""
    if not isinstance(document, bytes):
        return document
    if document.startswith(b"%PDF"):
        english = "a PDF is for people; the .json file that came with it is what can be checked"
        raise Refused(_SHAPE.say["garbage"], english, "PDF是给人看的，可核验的是随附的.json文件")
    try:
        return unbaked(document)
    except ValueError as error:
        raise Refused(_SAY["picture"], str(error), _PICTURE.get(str(error), "其中没有一份完整的证书")) from error


def _check_subject(credential: Mapping[str, Any]) -> None:
    try:
        subject = credential["credentialSubject"]
        texts = (subject["licenseNumber"], subject["achievement"]["name"])
        entries = _entries(credential)
        fits = (
            all(isinstance(text, str) for text in texts)
            and isinstance(subject["achievement"].get("tag", []), list)
            and all(entry["statusPurpose"] in STATUS_PURPOSES for entry in entries)
            and all(entry["statusListIndex"].isascii() and entry["statusListIndex"].isdigit() for entry in entries)
            and all(len(entry["statusListIndex"]) < 10 and entry["statusListCredential"] for entry in entries)
        )
    except (KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise Refused(_SHAPE.say["kind"], "its subject or status is not as we write it", "主体或状态的格式不符")


def _entries(credential: Mapping[str, Any]) -> list[Mapping[str, str]]:
    found = credential.get("credentialStatus", [])
    return found if isinstance(found, list) else [found]


class _Judge:
    """A whole credential before its reader: what is said of it, in one language."""

    def __init__(
        self, credential: Mapping[str, Any], who: str, now: datetime, trusted: frozenset[str] | None, language: str
    ) -> None:
        self.credential, self.who, self.now, self.trusted, self.language = credential, who, now, trusted, language
        self.said: list[str] = []

    def say(self, code: str, **values: object) -> None:
        self.said.append(_SAY[code].say(self.language).format(**values))

    def judge(self, lists: Sequence[StatusList]) -> Verification:
        begins, ends = (moment(self.credential[name]) for name in ("validFrom", "validUntil"))
        if self.trusted is not None and self.who not in self.trusted:
            self.say("foreign", reason=self.who)
        clear, status = self._status(lists)
        late = self.now > ends and not self.said
        if self.now < begins:
            self.say("early", day=begins.date())
        if self.now > ends:
            self.say("expired", day=ends.date())
        subject = self.credential["credentialSubject"]
        ok, unsettled = not self.said, []
        if ok:
            unsettled = [] if status == "good" else self._unsettled(subject["licenseNumber"], clear)
            self.said += unsettled[:1]
            self.say("whole", number=subject["licenseNumber"], issuer=self.credential["issuer"]["name"])
            self.say("runs" if unsettled else "valid", day=ends.date())
            self.said += [*self._good(clear), *unsettled[1:]]
            if self.trusted is None:
                self.say("key", key=self.who)
        for tag in subject["achievement"].get("tag", ()):
            if tag in _SAMPLES:
                self.say("sample", purpose=_SAMPLES[tag].say(self.language))
        return Verification(
            ok, tuple(self.said), subject["licenseNumber"], self.who, ends, status, late, digest(self.credential),
            tuple(unsettled),
        )  # fmt: skip

    def _unsettled(self, number: str, clear: Sequence[StatusList]) -> list[str]:
        """What is not known of the status, and how to get to know it."""
        told = {one.purpose for one in clear}
        what = [_WHAT[_SET[purpose]].say(self.language) for purpose in STATUS_PURPOSES if purpose not in told]
        unknown = _SAY["unknown"].say(self.language).format(number=number, what=_OR.say(self.language).join(what))
        places = [one["statusListCredential"] for one in _entries(self.credential) if one["statusPurpose"] not in told]
        if not places:
            return [unknown, _SAY["no list"].say(self.language)]
        return [unknown, _SAY["get"].say(self.language).format(lists=_COMMA.say(self.language).join(places))]

    def _good(self, clear: Sequence[StatusList]) -> list[str]:
        """What the lists say of a certificate that they do not set."""
        if not clear:
            return []
        what = _AND.say(self.language).join(_WHAT[_SET[one.purpose]].say(self.language) for one in clear)
        oldest = min(clear, key=lambda one: one.made)
        return [_SAY["good"].say(self.language).format(made=_minute(oldest.made), what=what)]

    def _status(self, lists: Sequence[StatusList]) -> tuple[list[StatusList], str | None]:
        """The lists that do not set the certificate, and its status; what is wrong is said at once."""
        places = {entry["statusListCredential"]: entry for entry in _entries(self.credential)}
        clear: list[StatusList] = []
        fitting = [one for one in lists if places.get(one.address, {}).get("statusPurpose") == one.purpose]
        if lists and places and not fitting:
            self.say("other list", address=lists[0].address, wanted=", ".join(places))
        for one in fitting:
            if one.issuer != self.who and one.issuer not in (self.trusted or ()):
                self.say("foreign list", key=one.issuer)
            elif (found := self._place(one, int(places[one.address]["statusListIndex"]))) is not None:
                return [], found
            else:
                clear.append(one)
        good = {one.purpose for one in clear} == set(STATUS_PURPOSES) and not self.said
        return clear, "good" if good else None

    def _place(self, one: StatusList, index: int) -> str | None:
        """The status that a list of this certificate sets; what makes the list useless is said."""
        made = _minute(one.made)
        try:
            found = one.is_set(index)
        except IndexError:
            self.say("no place", index=index, address=one.address)
            return None
        # A withdrawal is final, so also an old list is believed in it.
        if found and (one.purpose == "revocation" or one.made <= self.now <= one.ends):
            self.say(_SET[one.purpose], made=made)
            return _SET[one.purpose]
        if self.now < one.made:
            self.say("future", made=made)
        elif self.now > one.ends:
            self.say("stale", made=made, ends=_minute(one.ends))
        return None


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
