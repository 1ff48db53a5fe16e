"""Draws a person's learner record as a PDF in one language, for reading beside the signed file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..model import Bilingual, Framework, Scheme, digest
from ._typeset import typeset
from .facts import Issuer, refuse_blocked, texts_in
from .paper import day_text, qr
from .record import RECORD

__all__ = ["Line", "record_pdf"]

_WORDS = {
    "holder": Bilingual("Holder", "持证人"),
    "made": Bilingual("As of", "截至"),
    "number": Bilingual("Certificate number", "证书编号"),
    "issued": Bilingual("Issued on", "签发日期"),
    "until": Bilingual("Valid until", "有效期至"),
    "assessed": Bilingual("Assessed in the written exam", "笔试考查领域"),
}
_RUNG = Bilingual("Level {level} of {levels} · {title}", "第{level}级（共{levels}级）· {title}")
_SCORE = Bilingual("{points} of {maximum}, needed {cut}", "{points}分／满分{maximum}分，合格线{cut}分")
_SAMPLE = {
    "practice": Bilingual("For practice only: it certifies nobody", "仅供练习，不代表任何评价结果"),
    "demonstration": Bilingual(
        "A sample from a demonstration: it certifies nobody", "演示样本，不代表任何真实评价结果"
    ),
}
_FOOT = Bilingual(
    "{issuer} · {url} · The code holds the SHA-256 of the signed file that came with this paper: that file is what "
    "counts, and any program that reads Comprehensive Learner Record 2.0 can check it.",
    "{issuer} · {url} · 二维码内含随附签名文件的SHA-256摘要：以该文件为准，"
    "凡支持Comprehensive Learner Record 2.0的程序均可核验。",
)
_LEGEND = Bilingual(
    "States are those of the day above; whether something has changed since, the issuing body's status list says. "
    "Certificates that are suspended, withdrawn or reduced do not stand here. The mark on each bar is the score "
    "needed.",
    "状态以上列日期为准，此后有无变化，以签发机构的状态列表为准。已暂停、撤销或降级的证书不列入。竖线为合格线。",
)
_PAGE = Bilingual("Page {n} of {all}", "第{n}页，共{all}页")


@dataclass(frozen=True)
class Line:
    """A certificate of the record, with what the signed file of it does not say."""

    document: Mapping[str, Any]
    level: int
    purpose: str
    state: Bilingual
    holds: bool
    framework: Framework


def record_pdf(
    document: Mapping[str, Any],
    name: str,
    lines: Sequence[Line],
    issuer: Issuer,
    scheme: Scheme,
    made: datetime,
    language: str,
) -> bytes:
    """The paper that goes with the record ``document``, in ``en`` or ``zh``; the same input gives the same bytes.

    Raises RuleBroken when a word stands on it that may not.
    """
    content = _content(document, name, lines, issuer, scheme, made, language)
    ours = {key: part for key, part in content.items() if key not in ("name", "qr")}  # a person's name is the person's
    refuse_blocked("record", texts_in(ours), scheme.blocked_words)
    return typeset(f"the record of {name[:40]!r}", "record.typ", content)


def _content(
    document: Mapping[str, Any],
    name: str,
    lines: Sequence[Line],
    issuer: Issuer,
    scheme: Scheme,
    made: datetime,
    language: str,
) -> dict[str, Any]:
    return {
        "language": language,
        "title": RECORD.say(language),
        "scheme": scheme.title.say(language),
        "issuer": issuer.name.say(language),
        "name": name,
        "made": day_text(made.date(), language),
        "words": {word: text.say(language) for word, text in _WORDS.items()},
        "certificates": [_certificate(line, scheme, language) for line in lines],
        "legend": _LEGEND.say(language),
        "foot": _FOOT.say(language).format(issuer=issuer.name.say(language), url=issuer.url),
        "page": _PAGE.say(language),
        "qr": qr(f"RECORD\n{document['issuer']['id']}\nSHA-256 {digest(document)}"),
    }


def _certificate(line: Line, scheme: Scheme, language: str) -> dict[str, Any]:
    subject = line.document["credentialSubject"]
    codes = [target["targetCode"].rpartition("-")[0] for target in subject["achievement"]["alignment"]]
    domains = [domain.name.say(language) for domain in line.framework.domains if domain.code in codes]
    issued, until = (date.fromisoformat(line.document[part][:10]) for part in ("validFrom", "validUntil"))
    return {
        "level": line.framework.level(line.level).name.say(language),
        "rung": _RUNG.say(language).format(
            level=line.level, levels=len(line.framework.levels), title=scheme.certificate.say(language)
        ),
        "number": subject["licenseNumber"],
        "issued": day_text(issued, language),
        "until": day_text(until, language),
        "state": line.state.say(language),
        "holds": line.holds,
        "sample": _SAMPLE[line.purpose].say(language) if line.purpose in _SAMPLE else None,
        "scores": _scores(subject, language),
        "domains": ("、" if language == "zh" else " · ").join(domains),
    }


def _scores(subject: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    described = {one["id"]: one for one in subject["achievement"]["resultDescription"]}
    scores = []
    for result in subject["result"]:
        about = described[result["resultDescription"]]
        said = {"points": result["value"], "maximum": about["valueMax"], "cut": about["requiredValue"]}
        scores.append(
            {
                "name": about["name"].split(" · ")[language == "zh"],
                "said": _SCORE.say(language).format(**said),
                **{name: float(text) for name, text in said.items()},
            }
        )
    return scores
