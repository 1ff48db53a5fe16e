"""The words of a letter to the holder of a certificate, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..certificates import day_text
from ..model import Bilingual

__all__ = ["letter"]

_SUBJECTS: Mapping[str, Bilingual] = {
    "ending": Bilingual("Your certificate {number} ends on {ends}", "您的证书{number}将于{ends}到期"),
    "ends": Bilingual("Your certificate {number} ends today", "您的证书{number}今日到期"),
    "ended": Bilingual("Your certificate {number} has ended", "您的证书{number}已到期"),
    "suspended": Bilingual("Your certificate {number} is suspended", "您的证书{number}已暂停"),
    "withdrawn": Bilingual("Your certificate {number} is withdrawn", "您的证书{number}已撤销"),
    "reduced": Bilingual("Your certificate {number} is reduced to a lower level", "您的证书{number}已降级"),
    "reinstated": Bilingual("Your certificate {number} is in force again", "您的证书{number}已恢复"),
    "upheld": Bilingual("Your appeal about certificate {number} is upheld", "您就证书{number}提出的申诉成立"),
    "dismissed": Bilingual("Your appeal about certificate {number} is dismissed", "您就证书{number}提出的申诉不成立"),
}
_HOURS = Bilingual(
    "A renewal asks for {wanted} hours of credit; {hours} count so far.",
    "续证需要{wanted}学时，目前已计入{hours}学时。",
)
_MISSING = Bilingual("Please hand in your evidence to HR in good time.", "请尽早将相关证明材料交至人力资源部门。")
_ENOUGH = Bilingual("Nothing is missing: ask HR for the renewal.", "学时已满足要求，请联系人力资源部门办理续证。")
_WHY = Bilingual("Ground: {ground}. What happened: {note}", "依据：{ground}。情况说明：{note}")
_APPEAL = Bilingual(
    "You may appeal until {appeal_until}: tell HR why, in your own words. Somebody who had no part in it decides.",
    "如有异议，可在{appeal_until}（含当日）前向人力资源部门书面申诉，由未参与此事的人员裁定。",
)
_ANEW = Bilingual(
    "The certificate {to} takes the place of {number}, with the same level and the same days.",
    "证书{to}替代{number}，等级与有效期不变。",
)
_BODIES: Mapping[str, tuple[Bilingual, ...]] = {
    "ending": (
        Bilingual(
            "Your certificate {number}, {level}, holds until {ends}. You may renew it from {due} to {grace_ends}; "
            "whoever renews after {ends} holds no certificate for the days between.",
            "您的证书{number}（{level}）有效期至{ends}。可于{due}至{grace_ends}期间续证；{ends}之后续证的，间隔期间不视为持证。",
        ),
        _HOURS,
    ),
    "ended": (
        Bilingual(
            "The last day of your certificate {number}, {level}, was {ends}. You may still renew it until {grace_ends} "
            "without a new examination; the days between are not certified. After that only the examination is left.",
            "您的证书{number}（{level}）已于{ends}到期。{grace_ends}（含当日）前仍可续证，无须重新考试，间隔期间不视为持证；"
            "逾期须重新考试。",
        ),
        _HOURS,
    ),
    "suspended": (
        Bilingual(
            "From {on} on your certificate {number}, {level}, is suspended: it is not in force and may not be shown as "
            "such. By {until} at the latest it is reinstated or withdrawn.",
            "自{on}起，您的证书{number}（{level}）暂停使用：暂停期间证书无效，不得作为有效证书出示。最迟于{until}作出恢复或撤销的决定。",
        ),
        _WHY,
        _APPEAL,
    ),
    "withdrawn": (
        Bilingual(
            "On {on} your certificate {number}, {level}, was withdrawn. It may not be shown any more.",
            "您的证书{number}（{level}）已于{on}撤销，不得再出示。",
        ),
        _WHY,
        _APPEAL,
    ),
    "reduced": (
        Bilingual(
            "On {on} your certificate {number}, {level}, was reduced to a lower level. The certificate {to} takes its "
            "place; the old one may not be shown any more.",
            "您的证书{number}（{level}）已于{on}降级，由证书{to}替代，原证书不得再出示。",
        ),
        _WHY,
        _APPEAL,
    ),
    "reinstated": (
        Bilingual(
            "From {on} on your certificate {number}, {level}, is in force again, until {ends} as before. {note}",
            "自{on}起，您的证书{number}（{level}）恢复有效，有效期至{ends}不变。{note}",
        ),
    ),
    "upheld": (
        Bilingual(
            "On {on} your appeal was upheld; the measure is undone. Reason: {reason}",
            "您的申诉已于{on}裁定成立，原措施不再执行。理由：{reason}",
        ),
    ),
    "dismissed": (
        Bilingual(
            "On {on} your appeal was dismissed; the measure stays. Reason: {reason}",
            "您的申诉已于{on}裁定不成立，原决定维持不变。理由：{reason}",
        ),
    ),
}  # fmt: skip
_FRAME = Bilingual("Dear {name},\n\n{body}\n\n{issuer}\n{today}", "{name}，您好：\n\n{body}\n\n{issuer}\n{today}")


def letter(kind: str, language: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Subject and text of a letter; a ``date`` among the values is written as the language does.

    ``missing`` tells, of a letter about the end, whether hours are missing.
    """
    said = {
        name: day_text(value, language) if isinstance(value, date) else value.say(language)
        if isinstance(value, Bilingual) else value
        for name, value in values.items()
    }  # fmt: skip
    body = [text.say(language) for text in _BODIES["ending" if kind == "ends" else kind]]
    if "to" in values and kind == "upheld":
        body.append(_ANEW.say(language))
    if kind in ("ending", "ends", "ended"):
        body.append((_MISSING if values["missing"] else _ENOUGH).say(language))
    filled = "\n\n".join(part.format(**said) for part in body)
    return (
        _SUBJECTS[kind].say(language).format(**said),
        _FRAME.say(language).format(body=filled, **{name: said[name] for name in ("name", "issuer", "today")}),
    )
