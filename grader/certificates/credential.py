"""A confirmed decision becomes a signed Open Badges 3.0 credential."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..model import Bilingual, canonical
from .facts import Facts, Issuer, Score, check_facts, cut_words, number_text, refuse_blocked, texts_in
from .proof import CREDENTIAL_CONTEXTS, add_proof, did, salt
from .status import entries

__all__ = ["belongs_to", "credential", "credential_bytes", "hashed", "urn"]

_SAID_OF_PURPOSE = {
    "certification": Bilingual("", ""),
    "practice": Bilingual("PRACTICE", "练习"),
    "demonstration": Bilingual("DEMONSTRATION SAMPLE", "演示样本"),
}


def urn(issuer: str, *names: object) -> str:
    """An address that says nothing, the same whenever it is made of the same names."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '|'.join([issuer, *map(str, names)]))}"


def hashed(kind: str, identity: str, grain: str) -> dict[str, Any]:
    """An identity as a credential holds it: whoever knows it can match it, nobody can read it."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": "sha256$" + hashlib.sha256((identity + grain).encode()).hexdigest(),
        "identityType": kind,
        "salt": grain,
    }


def credential(facts: Facts, issuer: Issuer, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The signed credential; the same facts and key give the same bytes again.

    Raises InputError when something that a certificate must state is missing, RuleBroken when a rule forbids it.
    """
    check_facts(facts, issuer)
    who, grain = did(key), salt(key, facts.number)
    mark = _SAID_OF_PURPOSE[facts.purpose]
    title = f"{facts.rung.name.en} · {facts.rung.name.zh}"
    name = f"{title} · {facts.scheme.certificate.en} · {facts.scheme.certificate.zh}"
    document = {
        "@context": list(CREDENTIAL_CONTEXTS),
        "id": urn(who, facts.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"[{mark.en} · {mark.zh}] {name}" if mark.en else name,
        "description": _description(facts) + (f" {facts.origin.en} {facts.origin.zh}" if facts.origin else ""),
        "issuer": {
            "id": who,
            "type": ["Profile"],
            "name": f"{issuer.name.en} · {issuer.name.zh}",
            "url": issuer.url,
        },
        "validFrom": f"{facts.issued_on}T00:00:00Z",
        "validUntil": f"{facts.valid_until}T23:59:59Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "licenseNumber": facts.number,
            "identifier": [hashed("systemId", facts.person, grain), hashed("name", facts.name, grain)],
            "achievement": _achievement(facts, issuer, who, title),
            "result": _results(facts, who),
        },
        "evidence": [_evidence(facts)],
        **({"credentialStatus": entries(facts.status)} if facts.status else {}),
    }
    refuse_blocked(facts.number, texts_in(document), facts.scheme.blocked_words)
    return add_proof(document, key, f"{facts.signed_on or facts.issued_on}T00:00:00Z")


def credential_bytes(document: Mapping[str, Any]) -> bytes:
    """The file of a credential: its SHA-256 is ``digest(document)``, which the paper's code and the registry hold."""
    return canonical(document).encode()


def _description(facts: Facts) -> str:
    said = {
        "certification": "",
        "practice": "For practice only: it certifies nobody. 仅供练习，不代表任何评价结果。 ",
        "demonstration": "A demonstration sample: it certifies nobody. 演示样本，不代表任何真实评价结果。 ",
    }[facts.purpose]
    return (
        f"{said}{facts.scheme.title.en}, level {facts.level} of {len(facts.framework.levels)}. "
        f"{facts.scheme.title.zh}，第{facts.level}级，共{len(facts.framework.levels)}级。"
    )


def _achievement(facts: Facts, issuer: Issuer, who: str, title: str) -> dict[str, Any]:
    mark = _SAID_OF_PURPOSE[facts.purpose].en
    return {
        "id": urn(who, "achievement", *_edition(facts)),
        "type": ["Achievement"],
        # A sample is an exercise to every wallet, whatever it shows of the name.
        "achievementType": "Certificate" if facts.purpose == "certification" else "Assessment",
        "name": f"[{mark}] {title}" if mark else title,
        "description": _description(facts),
        "humanCode": facts.rung.code,
        "version": f"scheme {facts.scheme.version}, framework {facts.framework.version}",
        "criteria": {"narrative": _criteria(facts)},
        "alignment": _alignment(facts, issuer),
        "resultDescription": [_describe(facts, who, part, score) for part, score in _scores(facts)],
        **({"tag": [facts.purpose]} if mark else {}),
    }


def _criteria(facts: Facts) -> str:
    practical = facts.scheme.level(facts.exam_level or facts.level).practical
    if facts.practical is None:
        return (
            f"Written exam, form {facts.form}; it must reach its cut score, set by: {cut_words(facts).en}. "
            f"笔试（试卷{facts.form}）须达到合格线（{cut_words(facts).zh}）。"
        )
    return (
        f"Written exam, form {facts.form}, and practical: {practical.en}. Both must reach their cut score, set by: "
        f"{cut_words(facts).en}. 笔试（试卷{facts.form}）与实操均须达到各自的合格线（{cut_words(facts).zh}）；"
        f"实操：{practical.zh}。"
    )


def _alignment(facts: Facts, issuer: Issuer) -> list[dict[str, Any]]:
    targets = [(f"{domain.code}-{facts.exam_level or facts.level}", domain.name) for domain in facts.assessed]
    targets += [(code, facts.framework.statement(code).text) for code in facts.statements]
    return [
        {
            "type": ["Alignment"],
            "targetName": f"{text.en} · {text.zh}",
            "targetUrl": f"{issuer.url.rstrip('/')}/framework#{code}",
            "targetCode": code,
            "targetFramework": f"{facts.scheme.title.en}, framework {facts.framework.version}",
        }
        for code, text in targets
    ]


def _scores(facts: Facts) -> list[tuple[Bilingual, Score]]:
    parts = [(Bilingual("Written exam", "笔试"), facts.written)]
    if facts.practical is not None:
        parts.append((Bilingual("Practical", "实操"), facts.practical))
    return parts


def _edition(facts: Facts) -> tuple[object, ...]:
    # Whoever passed the same form at the same cut, under the same rules, has the same achievement.
    cuts = [number_text(score.cut) for _, score in _scores(facts)]
    return (facts.scheme.version, facts.framework.version, facts.level, facts.form_digest, *cuts, facts.purpose)


def _result_id(facts: Facts, who: str, part: Bilingual) -> str:
    return urn(who, "result", *_edition(facts), part.en)


def _describe(facts: Facts, who: str, part: Bilingual, score: Score) -> dict[str, Any]:
    return {
        "id": _result_id(facts, who, part),
        "type": ["ResultDescription"],
        "name": f"{part.en} · {part.zh}",
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": number_text(score.maximum),
        "requiredValue": number_text(score.cut),
    }


def _results(facts: Facts, who: str) -> list[dict[str, Any]]:
    return [
        {
            "type": ["Result"],
            "resultDescription": _result_id(facts, who, part),
            "value": number_text(score.points),
            "status": "Completed",
        }
        for part, score in _scores(facts)
    ]


def _evidence(facts: Facts) -> dict[str, Any]:
    return {
        "type": ["Evidence"],
        "name": f"Sitting {facts.sitting}, seat {facts.seat}",
        "description": f"Form {facts.form} (SHA-256 {facts.form_digest}); decided on {facts.decided_on}.",
        "genre": "Examination",
    }


def belongs_to(document: Mapping[str, Any], kind: str, identity: str) -> bool:
    """Whether a checked credential is that of this person: ``kind`` is ``systemId`` (roster number) or ``name``."""
    return any(entry == hashed(kind, identity, entry["salt"]) for entry in document["credentialSubject"]["identifier"])
