"""The words of the HR reports in both languages."""

from __future__ import annotations

from ..model import Bilingual

__all__ = ["ENTRY", "OUTCOMES", "PURPOSES", "SPOKEN", "STATES", "WORDS"]

STATES = {
    "in force": Bilingual("in force", "有效"),
    "due": Bilingual("renew soon", "即将到期"),
    "coming": Bilingual("not begun", "尚未生效"),
    "passed": Bilingual("passed, not issued", "已通过，待发证"),
    "in-progress": Bilingual("in progress", "考试进行中"),
    "waiting": Bilingual("awaiting decision", "待评定"),
    "scheduled": Bilingual("scheduled", "已排考"),
    "failed": Bilingual("not passed", "未通过"),
    "absent": Bilingual("absent", "缺考"),
    "grace": Bilingual("ended, renewable", "已到期，可续证"),
    "lapsed": Bilingual("lapsed", "已失效"),
    "replaced": Bilingual("replaced", "已由新证接替"),
    "suspended": Bilingual("suspended", "已暂停"),
    "reduced": Bilingual("reduced", "已降级"),
    "withdrawn": Bilingual("withdrawn", "已撤销"),
    "none": Bilingual("none", "无"),
}
"""Where somebody may stand on a level: every state of a certificate in short words, and what comes before one."""

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
    "n_expiring": Bilingual("to renew within {days} days", "{days}天内到期"),
    "n_expired": Bilingual("lapsed, suspended or withdrawn", "已失效、暂停或撤销"),
    "n_open": Bilingual("exam scheduled or in progress", "已排考或考试中"),
    "n_gaps": Bilingual("without the level of their job", "未达到岗位等级"),
    "ending": Bilingual("Certificates to renew", "到期与续证"),
    "no_ending": Bilingual("No certificate is due for renewal.", "没有需要续证的证书。"),
    "gaps": Bilingual("Gaps: job without its level", "缺口：岗位与等级不符"),
    "no_gaps": Bilingual("Everybody holds the level of their job.", "所有人员均已达到岗位对应等级。"),
    "gap_note": Bilingual(
        "The level of a job is its job level in the roster; without one, a role called like a level counts. A higher "
        "level in force covers it.",
        "岗位等级取花名册中的岗位等级；未填时，岗位名称与等级名称一致的计入。持有更高等级的有效证书也算达到。",
    ),
    "matrix": Bilingual("Who holds which level", "人员等级矩阵"),
    "results": Bilingual("Latest result of each person", "每人最近一次成绩"),
    "no_results": Bilingual("No decision is confirmed yet.", "尚无已确认的评定结果。"),
    "no_people": Bilingual("Nobody is in the registry yet.", "登记簿中尚无人员。"),
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
    "wanted": Bilingual("Job asks for", "岗位要求等级"),
    "lacks": Bilingual("What is lacking", "欠缺内容"),
    "for": Bilingual("For", "针对"),
    "for_job": Bilingual("the job", "现岗位"),
    "for_next": Bilingual("the next level", "下一等级"),
    "target": Bilingual("Level lacking", "欠缺等级"),
    "developing": Bilingual("Domains developing", "待提升领域"),
    "unseen": Bilingual("Assessed at this level", "该等级是否评价过"),
    "unseen_yes": Bilingual("never", "从未"),
    "unseen_no": Bilingual("yes", "是"),
    "entry": Bilingual("May sit the exam", "报考条件"),
    "day": Bilingual("date", "日期"),
    "result_level": Bilingual("Newest result: level", "最近成绩：等级"),
    "result_on": Bilingual("Newest result: date", "最近成绩：日期"),
    "close": Bilingual("Close", "关闭"),
    "opening": Bilingual("Opening …", "正在打开……"),
    "no_script": Bilingual(
        "This page draws its tables with JavaScript; allow it for this file.",
        "本页表格由JavaScript绘制，请允许本文件运行脚本。",
    ),
    "too_old": Bilingual(
        "This browser cannot open the page: use one of 2023 or newer.",
        "浏览器版本过旧，请使用2023年及以后的版本打开本页。",
    ),
    "foot": Bilingual(
        "Drawn from the registry of certificates; every figure can be followed to its event there. Holds personal "
        "data: for HR and the people concerned only.",
        "数据取自证书登记簿，每项均可追溯到登记事件。本页含个人信息，仅限人力资源部门及本人查阅。",
    ),
}

ENTRY = {
    "open": Bilingual("entry rules met", "符合报考条件"),
    "later": Bilingual("not yet", "尚不符合"),
    "unknown": Bilingual("no date of hire", "缺入职日期"),
}
"""Whether somebody may sit for the exam of a level."""

PURPOSES = {
    "certification": Bilingual("certification", "正式评价"),
    "practice": Bilingual("practice", "练习"),
    "demonstration": Bilingual("demonstration", "演示"),
}

SPOKEN = {
    "until": Bilingual("until {0}", "至{0}"),
    "left": Bilingual("{0} days left", "剩余{0}天"),
    "ago": Bilingual("{0} days ago", "已过期{0}天"),
    "sample": WORDS["sample"],
    "score": Bilingual("{0} of {1}", "{0}／{1}"),
    "cut": Bilingual("needed {0}", "合格线{0}"),
    "holds": Bilingual("certificate of {0}", "{0}证书"),
    "developing": Bilingual("developing: {0}", "待提升：{0}"),
    "unseen": Bilingual("not assessed at this level", "该等级尚未参加评价"),
    "list": Bilingual(", ", "、"),
    "and": Bilingual("; ", "；"),
    "no_rows": Bilingual("Nobody fits the filters.", "没有符合筛选条件的人员。"),
    "printed": Bilingual(
        "On paper: the first {0} of {1} rows. Filter before you print.", "打印时只列前{0}行，共{1}行；请先筛选再打印。"
    ),
    "certificates": Bilingual("Certificates", "证书"),
    "no_certificates": Bilingual("No certificate.", "没有证书。"),
    "results": Bilingual("Results", "成绩"),
    "no_results": Bilingual("No decision is confirmed yet.", "尚无已确认的评定结果。"),
    "levels": Bilingual("Levels", "等级"),
    "job": Bilingual("For the level of the job, {0}", "岗位等级（{0}）"),
    "next": Bilingual("For the next level, {0}", "下一等级（{0}）"),
    "nothing": Bilingual("nothing is lacking", "无欠缺"),
    "open": Bilingual("Open the record of {0}", "查看{0}的记录"),
    "certificate": WORDS["certificate"], "level": WORDS["level"], "state": WORDS["state"],
    "begins": Bilingual("Valid from", "有效期自"), "ends": WORDS["until"],
    "date": WORDS["date"], "outcome": WORDS["outcome"], "written": WORDS["written"], "practical": WORDS["practical"],
    "domains": Bilingual("Domains", "领域"), "sitting": WORDS["sitting"],
    "site": WORDS["site"], "team": WORDS["team"], "role": WORDS["role"], "manager": WORDS["manager"],
}  # fmt: skip
"""What the page's script writes itself; a number in braces is the place of a value."""
