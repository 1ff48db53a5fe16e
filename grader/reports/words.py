"""The words of the HR reports in both languages."""

from __future__ import annotations

from ..model import Bilingual

__all__ = ["OUTCOMES", "PURPOSES", "STATES", "WORDS"]

STATES = {
    "held": Bilingual("held", "有效"),
    "expiring": Bilingual("renew soon", "即将到期"),
    "passed": Bilingual("passed, not issued", "已通过，待发证"),
    "in-progress": Bilingual("in progress", "考试进行中"),
    "waiting": Bilingual("awaiting decision", "待评定"),
    "scheduled": Bilingual("scheduled", "已排考"),
    "failed": Bilingual("not passed", "未通过"),
    "absent": Bilingual("absent", "缺考"),
    "expired": Bilingual("expired", "已过期"),
    "suspended": Bilingual("suspended", "已暂停"),
    "withdrawn": Bilingual("withdrawn", "已撤销"),
    "none": Bilingual("none", "无"),
}

OUTCOMES = {
    "pass": Bilingual("pass", "通过"),
    "fail": Bilingual("not passed", "未通过"),
    "absent": Bilingual("absent", "缺考"),
}

WORDS = {
    "title": Bilingual("Levels and certificates", "等级与证书总览"),
    "as_of": Bilingual("As of {day}", "数据截至{day}"),
    "language": Bilingual("Language", "语言"),
    "sample": Bilingual("sample", "样本"),
    "samples": Bilingual(
        "Demonstration data: certificates and results marked “sample” certify nobody.",
        "演示数据：标有“样本”的证书和成绩不代表任何真实评价结果。",
    ),
    "n_people": Bilingual("people", "人员"),
    "n_held": Bilingual("hold a valid certificate", "持有有效证书"),
    "n_expiring": Bilingual("to renew within 180 days", "180天内到期"),
    "n_expired": Bilingual("expired, suspended or withdrawn", "已过期、暂停或撤销"),
    "n_open": Bilingual("exam scheduled or in progress", "已排考或考试中"),
    "n_gaps": Bilingual("without the level of their role", "未达到岗位等级"),
    "ending": Bilingual("Certificates to renew", "到期与续证"),
    "no_ending": Bilingual("No certificate ends within 180 days.", "180天内没有证书到期。"),
    "gaps": Bilingual("Gaps: role without its level", "缺口：岗位与等级不符"),
    "no_gaps": Bilingual("Everybody holds the level of their role.", "所有人员均已达到岗位对应等级。"),
    "gap_note": Bilingual("A role counts when it is called like one of the levels.", "岗位名称与等级名称一致时计入。"),
    "matrix": Bilingual("Who holds which level", "人员等级矩阵"),
    "results": Bilingual("Latest result of each person", "每人最近一次成绩"),
    "no_results": Bilingual("No decision is confirmed yet.", "尚无已确认的评定结果。"),
    "results_note": Bilingual(
        "Bands: ●○○ developing, below half of the points; ●●○ solid, half to three quarters; ●●● strong, three "
        "quarters and more. A domain has few questions: a band is a hint for coaching, no measure.",
        "分档：●○○待提升，得分不足一半；●●○扎实，得分为一半至四分之三；●●●突出，得分达四分之三及以上。各领域题量有限，"
        "分档仅供辅导参考，不作衡量依据。",
    ),
    "person": Bilingual("Person", "人员"),
    "number": Bilingual("Number", "工号"),
    "name": Bilingual("Name", "姓名"),
    "site": Bilingual("Site", "职场"),
    "team": Bilingual("Team", "班组"),
    "role": Bilingual("Role", "岗位"),
    "manager": Bilingual("Manager", "直接上级"),
    "level": Bilingual("Level", "等级"),
    "until": Bilingual("Valid until", "有效期至"),
    "days": Bilingual("Days left", "剩余天数"),
    "certificate": Bilingual("Certificate", "证书编号"),
    "state": Bilingual("State", "状态"),
    "issued": Bilingual("Issued on", "签发日期"),
    "purpose": Bilingual("Purpose", "用途"),
    "sitting": Bilingual("Sitting", "考试场次"),
    "date": Bilingual("Decided on", "评定日期"),
    "outcome": Bilingual("Outcome", "结果"),
    "written": Bilingual("Written", "笔试"),
    "practical": Bilingual("Practical", "实操"),
    "points": Bilingual("points", "得分"),
    "maximum": Bilingual("of", "满分"),
    "cut": Bilingual("needed", "合格线"),
    "proposed": Bilingual("Proposed by", "评定建议人"),
    "confirmed": Bilingual("Confirmed by", "评定确认人"),
    "all_sites": Bilingual("All sites", "全部职场"),
    "all_teams": Bilingual("All teams", "全部班组"),
    "all_levels": Bilingual("All levels", "全部等级"),
    "holds": Bilingual("holds {level}", "持有：{level}"),
    "holds_none": Bilingual("holds no level", "未持有任何等级"),
    "search": Bilingual("Search name, number, role", "搜索姓名、工号、岗位"),
    "shown": Bilingual("shown", "人"),
    "reset": Bilingual("Show all", "显示全部"),
    "print": Bilingual("Print", "打印"),
    "until_day": Bilingual("until {day}", "至{day}"),
    "left": Bilingual("{days} days left", "剩余{days}天"),
    "ago": Bilingual("{days} days ago", "已过期{days}天"),
    "on_day": Bilingual("{day}", "{day}"),
    "score": Bilingual("{points} of {maximum}", "{points}／{maximum}"),
    "score_cut": Bilingual("needed {cut}", "合格线{cut}"),
    "foot": Bilingual(
        "Drawn from the registry of certificates; every figure can be followed to its event there. Holds personal "
        "data: for HR and the people concerned only.",
        "数据取自证书登记簿，每项均可追溯到登记事件。本页含个人信息，仅限人力资源部门及本人查阅。",
    ),
}

PURPOSES = {
    "certification": Bilingual("certification", "正式评价"),
    "practice": Bilingual("practice", "练习"),
    "demonstration": Bilingual("demonstration", "演示"),
}
