"""The words in which the history of a certificate is told, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Bilingual

__all__ = ["COMING", "LETTERS", "MEASURES", "MORE", "OUTCOMES", "PAST", "WAITING"]

MEASURES: Mapping[str, Bilingual] = {
    "suspend": Bilingual("suspend", "暂停"),
    "withdraw": Bilingual("withdraw", "撤销"),
    "reduce": Bilingual("reduce", "降级"),
    "reinstate": Bilingual("reinstate", "恢复"),
}
OUTCOMES: Mapping[str, Bilingual] = {
    "upheld": Bilingual("upheld", "成立"),
    "dismissed": Bilingual("dismissed", "不成立"),
}
PAST: Mapping[str, Bilingual] = {
    "certificate.issued": Bilingual(
        "issued by {by}, level {level}, from {issued_on} to {valid_until}{more}",
        "{by}签发，第{level}级，有效期{issued_on}至{valid_until}{more}",
    ),
    "certificate.reissued": Bilingual(
        "signed again with another key by {by} and {with}: {note}", "由{by}、{with}换密钥重新签名：{note}"
    ),
    "certificate.measure-proposed": Bilingual(
        "{by} proposed to {measure} it{ground}: {note}", "{by}提议{measure}{ground}：{note}"
    ),
    "certificate.measure-refused": Bilingual(
        "{by} turned down the proposal to {measure} it: {reason}", "{by}否决了{measure}的提议：{reason}"
    ),
    "certificate.suspended": Bilingual(
        "suspended by {people}{ground}: {note}; to be reinstated or withdrawn by {until}",
        "由{people}暂停{ground}：{note}；最迟于{until}恢复或撤销",
    ),
    "certificate.reinstated": Bilingual("reinstated by {people}{ground}: {note}", "由{people}恢复{ground}：{note}"),
    "certificate.withdrawn": Bilingual("withdrawn by {people}{ground}: {note}", "由{people}撤销{ground}：{note}"),
    "certificate.reduced": Bilingual(
        "reduced by {people}{ground}: {note}; {to} takes its place", "由{people}降级{ground}：{note}；由{to}替代"
    ),
    "measure.appealed": Bilingual(
        "the holder appealed: {text}; to be decided by {decide_by}", "持证人申诉：{text}；最迟于{decide_by}裁定"
    ),
    "measure.decided": Bilingual(
        "{by} decided the appeal: {outcome}: {reason}{more}", "{by}裁定申诉{outcome}：{reason}{more}"
    ),
    "notice.sent": Bilingual("letter sent to {to} by {how}: {letter}", "已向{to}发出通知（{how}）：{letter}"),
    "renewed": Bilingual("renewed by {by}: {new} holds from {begins} on", "{by}办理续证：{new}自{begins}起有效"),
    "redacted": Bilingual("(removed from the registry)", "（已从登记簿中删除）"),
}
"""What became of a certificate, by the kind of the fact."""
MORE: Mapping[str, Bilingual] = {
    "renews": Bilingual(", renewal of {}", "，续自{}"),
    "reduces": Bilingual(", reduced from {}", "，由{}降级换发"),
    "restores": Bilingual(", in the place of {}", "，替代{}"),
    "hours": Bilingual(" with {:g} hours of credit", "，计入{:g}学时"),
    "to": Bilingual("; {} takes its place", "；由{}替代"),
    "ground": Bilingual(" ({})", "（{}）"),
    "people": Bilingual("{} and {}", "{}、{}"),
    "replaced": Bilingual("another result after the appeal {}, another certificate", "经申诉{}重新裁定成绩，另发新证"),
    "withdrawn": Bilingual("not passed after the appeal {}", "经申诉{}重新裁定成绩，未通过"),
    "email": Bilingual("e-mail", "电子邮件"),
}
"""What a fact may say besides, by the name of its field."""
LETTERS: Mapping[str, Bilingual] = {
    "reminder": Bilingual("reminder, {} days before its end", "到期前{}天的提醒"),
    "end": Bilingual("reminder on its last day or after it", "到期提醒"),
    "suspended": Bilingual("suspended", "暂停"),
    "withdrawn": Bilingual("withdrawn", "撤销"),
    "reduced": Bilingual("reduced", "降级"),
    "reinstated": Bilingual("reinstated", "恢复"),
    "upheld": Bilingual("appeal upheld", "申诉成立"),
    "dismissed": Bilingual("appeal dismissed", "申诉不成立"),
}
COMING: Mapping[str, Bilingual] = {
    "begins": Bilingual("it begins", "生效"),
    "due": Bilingual("it may be renewed from this day on", "从这一天起可以续证"),
    "ends": Bilingual("its last day", "有效期最后一天"),
    "grace": Bilingual("last day for a renewal without a new examination", "免考续证的最后一天"),
    "appeal": Bilingual("last day for an appeal of the measure", "就该措施申诉的最后一天"),
    "suspension": Bilingual("by then it is reinstated or withdrawn", "最迟于这一天恢复或撤销"),
    "decision": Bilingual("by then the appeal is decided", "最迟于这一天裁定申诉"),
    "overdue": Bilingual(" (overdue)", "（已逾期）"),
    "proposal": Bilingual(
        "waits for a second person: {by} proposed to {measure} it", "待第二人确认：{by}提议{measure}"
    ),
    "renewal": Bilingual(
        "renewal: {hours:g} of {wanted} hours; {todo}", "续证：已计入{hours:g}学时，要求{wanted}学时；{todo}"
    ),
    "complete": Bilingual("nothing is missing: academy cert renew {number}", "条件已满足：academy cert renew {number}"),
    "lacking": Bilingual(
        "what is missing: academy hr credit list {person}", "还缺什么：academy hr credit list {person}"
    ),
}
"""What comes next."""
WAITING: Mapping[str, Bilingual] = {
    "proposal": Bilingual(
        "{by} proposed to {measure} it{ground}: academy cert confirm, or refuse",
        "{by}提议{measure}{ground}：academy cert confirm或refuse",
    ),
    "appeal": Bilingual(
        "an appeal is to be decided: academy cert appeal decide", "申诉待裁定：academy cert appeal decide"
    ),
    "suspension": Bilingual(
        "its suspension ends: academy cert reinstate, or withdraw", "暂停即将到期：academy cert reinstate或withdraw"
    ),
}
"""What waits for somebody."""
