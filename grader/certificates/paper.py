"""Draws the paper of a certificate as a PDF in one language, with a code that leads back to the signed file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..model import Bilingual, digest
from ._typeset import typeset
from .facts import BANDS, Facts, Issuer, Score, band, check_facts, cut_words, number_text, refuse_blocked, texts_in

__all__ = ["code_text", "day_text", "pdf"]


_WORDS = {
    "opening": Bilingual("This paper records that", "兹证明"),
    "middle": Bilingual(
        "was assessed against our standard and reached the level of", "经本方案评价，达到以下等级的能力要求"
    ),
    "rung": Bilingual("Level {level} of {levels}", "第{level}级（共{levels}级）"),
    "assessed": Bilingual("Assessed in the written exam", "笔试考查领域"),
    "results": Bilingual("Results", "成绩"),
    "cut": Bilingual(
        "The mark on each bar is the score needed. Domain bands rest on few questions: read them as hints.",
        "竖线为合格线。各领域题量有限，分档仅供参考。",
    ),
    "written": Bilingual("Written exam", "笔试"),
    "practical": Bilingual("Practical", "实操"),
    "score": Bilingual("{points} of {maximum}, needed {cut}", "{points}分／满分{maximum}分，合格线{cut}分"),
    "number": Bilingual("Certificate number", "证书编号"),
    "issued": Bilingual("Issued on", "签发日期"),
    "from": Bilingual("Valid from", "生效日期"),
    "until": Bilingual("Valid until", "有效期至"),
    "proposed": Bilingual("Decision proposed by", "评定建议人"),
    "confirmed": Bilingual("Decision confirmed by", "评定确认人"),
    "seal": Bilingual("Issuing body (seal)", "签发机构（盖章）"),
}
_LEGEND = (
    Bilingual("below half of the points", "得分不足一半"),
    Bilingual("half to three quarters", "得分为一半至四分之三"),
    Bilingual("three quarters and more", "得分达四分之三及以上"),
)
_SMALL = (
    Bilingual(
        "{issuer} · {url} · scheme version {scheme}, framework version {framework} · sitting {sitting} · form {form} · "
        "cut score set by {cut}",
        "{issuer} · {url} · 方案版本{scheme}，能力框架版本{framework} · 考试场次{sitting} · 试卷{form} · "
        "合格线确定方法：{cut}",
    ),
    Bilingual(
        "Issued under the issuing body's own scheme; it states the result of this assessment and nothing else. Whether "
        "it was withdrawn or suspended since, the issuing body's status lists say.",
        "本证书依据签发机构自有的评价方案签发，仅说明本次评价的结果；签发后是否被撤销或暂停，以签发机构的状态列表为准。",
    ),
    Bilingual(
        "The code holds the number and the SHA-256 of the signed file that came with this paper, so both can be "
        "compared without a network.",
        "二维码内含证书编号及随附签名文件的SHA-256摘要，无须联网即可核对。",
    ),
)
_COLON = Bilingual(": ", "：")
_BAND = {
    "practice": Bilingual("PRACTICE", "练习专用"),
    "demonstration": Bilingual("DEMONSTRATION", "演示样本"),
}
_BAND_NOTE = {
    "practice": Bilingual("For practice only: it certifies nobody", "仅供练习，不代表任何评价结果"),
    "demonstration": Bilingual(
        "A sample from a demonstration: it certifies nobody", "本件为演示样本，不代表任何真实评价结果"
    ),
}


def code_text(number: str, document: Mapping[str, Any]) -> str:
    """What the QR code holds: certificate number, issuer and digest of the credential, one to a line."""
    return f"CERTIFICATE {number}\n{document['issuer']['id']}\nSHA-256 {digest(document)}"


def pdf(facts: Facts, issuer: Issuer, document: Mapping[str, Any], language: str) -> bytes:
    """The paper that goes with the credential ``document``, in ``en`` or ``zh``; the same input gives the same bytes.

    Raises what :func:`credential` raises for facts that no certificate may be made of.
    """
    check_facts(facts, issuer)
    content = _content(facts, issuer, document, language)
    # The names of people are their own; all else on the paper is ours.
    ours = {key: part for key, part in content.items() if key not in ("name", "signatures", "qr")}
    refuse_blocked(facts.number, texts_in(ours), facts.scheme.blocked_words)
    return typeset(f"certificate {facts.number}: the paper", "certificate.typ", content)


def day_text(day: date, language: str) -> str:
    """A day in words."""
    """A day as a paper writes it.

    >>> day_text(date(2027, 2, 28), "en"), day_text(date(2027, 2, 28), "zh")
    ('28 February 2027', '2027年2月28日')
    """
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def qr(text: str) -> str:
    """The QR code of a text, as an SVG."""
    import segno

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", border=0, dark="#1d2b3a", xmldecl=False)
    return picture.getvalue().decode()


def _content(facts: Facts, issuer: Issuer, document: Mapping[str, Any], language: str) -> dict[str, Any]:
    def say(word: str, **values: object) -> str:
        return _WORDS[word].say(language).format(**values)

    rung, levels = facts.rung, len(facts.framework.levels)
    return {
        "language": language,
        "title": facts.scheme.certificate.say(language),
        "scheme": facts.scheme.title.say(language),
        "issuer": issuer.name.say(language),
        "name": facts.name,
        "level": rung.name.say(language),
        "opening": say("opening"),
        "middle": say("middle"),
        "rung": say("rung", level=facts.level, levels=levels),
        "words": {word: say(word) for word in ("assessed", "results", "cut")},
        "domains": [
            {"name": domain.name.say(language), "band": band(*facts.domains[domain.code])} for domain in facts.assessed
        ],
        "legend": [
            {
                "band": number,
                "name": BANDS[number].say(language) + _COLON.say(language) + text.say(language),
            }
            for number, text in enumerate(_LEGEND, start=1)
        ],
        "scores": [
            _score(say(part), score, say)
            for part, score in (("written", facts.written), ("practical", facts.practical))
            if score is not None
        ],
        "fields": [
            (say("number"), facts.number),
            (say("from" if facts.origin else "issued"), day_text(facts.issued_on, language)),
            (say("until"), day_text(facts.valid_until, language)),
        ],
        "signatures": [
            {"name": facts.proposed_by, "role": say("proposed")},
            {"name": facts.confirmed_by, "role": say("confirmed")},
            {"name": issuer.name.say(language), "role": say("seal")},
        ],
        "qr": qr(code_text(facts.number, document)),
        "small": [text.say(language).format(**_small(facts, issuer, language)) for text in _SMALL],
        "origin": facts.origin.say(language) if facts.origin else None,
        "band": _BAND[facts.purpose].say(language) if facts.purpose in _BAND else None,
        "band_note": _BAND_NOTE[facts.purpose].say(language) if facts.purpose in _BAND else None,
    }


def _score(name: str, score: Score, say: Any) -> dict[str, Any]:
    figures = {"points": score.points, "maximum": score.maximum, "cut": score.cut}
    return {
        "name": name,
        "said": say("score", **{key: number_text(value) for key, value in figures.items()}),
        **figures,
    }


def _small(facts: Facts, issuer: Issuer, language: str) -> dict[str, str]:
    return {
        "issuer": issuer.name.say(language),
        "url": issuer.url,
        "scheme": facts.scheme.version,
        "framework": facts.framework.version,
        "sitting": facts.sitting,
        "form": facts.form,
        "cut": cut_words(facts).say(language),
    }
