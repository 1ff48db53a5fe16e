"""The words of the HR reports in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Bilingual

__all__ = [
    "APPEALS",
    "ENTRY",
    "FACTS",
    "MONTHLY",
    "OUTCOMES",
    "PURPOSES",
    "READY",
    "SAMPLES",
    "SPOKEN",
    "STATES",
    "TOLD",
    "VALUES",
    "WORDS",
]

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

SAMPLES = {state: Bilingual(f"{text.en} (sample)", f"{text.zh}（样本）") for state, text in STATES.items()}
"""The same of a certificate or an exam that is a sample."""

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
    "no_rows": Bilingual("Nobody and nothing to list.", "没有符合条件的内容。"),
    "more_rows": Bilingual(
        "... and {0} more; --csv FILE or --json gives all", "……另有{0}行；用--csv FILE或--json可得全部"
    ),
    "samples": Bilingual(
        "Demonstration data: certificates and results marked “sample” certify nobody.",
        "演示数据：标有“样本”的证书和成绩不代表任何真实评价结果。",
    ),
    "sideways": Bilingual("more columns: scroll sideways →", "右侧还有列，请左右滚动→"),
    "n_sample": Bilingual("and {count} by a sample only", "另有{count}人仅有样本"),
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
        "level in force covers it; a sample counts for nothing.",
        "岗位等级取花名册中的岗位等级；未填时，岗位名称与等级名称一致的计入。持有更高等级的有效证书也算达到，样本不算。",
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
    "history": Bilingual("History", "记录"),
    "fact_date": Bilingual("Day", "日期"),
    "fact_what": Bilingual("What", "事项"),
    "fact_about": Bilingual("About", "对象"),
    "fact_level": Bilingual("Level", "等级"),
    "fact_said": Bilingual("Said", "内容"),
    "fact_by": Bilingual("By", "登记人"),
    "ready": Bilingual("Ready for the next level", "晋升准备情况"),
    "target_next": Bilingual("Level aimed at", "目标等级"),
    "results_part": Bilingual("Results", "业绩"),
    "ability": Bilingual("Ability", "能力"),
    "potential": Bilingual("Potential", "潜力"),
    "readiness": Bilingual("Readiness", "准备情况"),
    "missing": Bilingual("What is missing", "尚缺内容"),
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

FACTS = {
    "person.recorded": Bilingual("entered in the roster", "录入花名册"),
    "person.left": Bilingual("left", "离职"),
    "person.returned": Bilingual("returned", "复职"),
    "examiner.recorded": Bilingual("recorded as examiner", "登记为考评人员"),
    "conflict.declared": Bilingual("not impartial", "登记利害关系"),
    "teaching.recorded": Bilingual("taught", "登记授课"),
    "appraisal.recorded": Bilingual("appraised", "登记考核"),
    "credit.recorded": Bilingual("credit hours", "登记续证学时"),
    "credit.refused": Bilingual("credit refused", "续证学时未认可"),
    "credit.audited": Bilingual("credit looked at", "核查续证材料"),
    "seat.assigned": Bilingual("seat in an exam", "安排考位"),
    "seat.handed-in": Bilingual("handed in", "交卷"),
    "decision.proposed": Bilingual("decision proposed", "拟出评定"),
    "decision.confirmed": Bilingual("decision confirmed", "确认评定"),
    "result.published": Bilingual("result published", "公布成绩"),
    "certificate.issued": Bilingual("certificate issued", "签发证书"),
    "certificate.suspended": Bilingual("certificate suspended", "暂停证书"),
    "certificate.reinstated": Bilingual("certificate reinstated", "恢复证书"),
    "certificate.withdrawn": Bilingual("certificate withdrawn", "撤销证书"),
    "certificate.reduced": Bilingual("certificate reduced", "证书降级"),
    "measure.appealed": Bilingual("measure appealed against", "对处理提出申诉"),
    "measure.decided": Bilingual("appeal decided", "申诉裁定"),
    "notice.sent": Bilingual("notice sent", "发送通知"),
    "redacted": Bilingual("content was redacted", "内容已删除"),
}
"""What a line of somebody's history tells."""

TOLD = {
    "site": WORDS["site"], "team": WORDS["team"], "role": WORDS["role"], "job_level": WORDS["wanted"],
    "reason": Bilingual("reason", "原因"), "ground": Bilingual("ground", "依据"), "note": Bilingual("note", "说明"),
    "text": Bilingual("text", "内容"), "what": Bilingual("what", "事由"), "category": Bilingual("category", "类别"),
    "hours": Bilingual("hours", "学时"), "finding": Bilingual("finding", "结论"), "part": Bilingual("part", "项目"),
    "rating": Bilingual("rating", "评级"), "appraiser": Bilingual("appraiser", "考核人"),
    "evidence": Bilingual("evidence", "依据材料"), "trainer": Bilingual("trainer", "授课人"),
    "with": Bilingual("with", "涉及人员"), "sitting": WORDS["sitting"], "valid_until": WORDS["until"],
    "renews": Bilingual("renews", "接续证书"), "until": Bilingual("until", "截至"),
    "to": Bilingual("to", "至"), "outcome": Bilingual("outcome", "结果"),
    "days": Bilingual("days before the end", "到期前天数"), "how": Bilingual("how", "方式"),
    "appeal_until": Bilingual("appeal until", "申诉截止"),
}  # fmt: skip
"""Fields of a fact that somebody's history tells."""

VALUES: Mapping[str, Mapping[str, Bilingual]] = {
    "how": {
        "candidate": Bilingual("by the candidate", "考生交卷"),
        "clock": Bilingual("by the clock, at the end of the time", "到时自动交卷"),
        "never": Bilingual("never", "未交卷"),
        "email": Bilingual("e-mail", "电子邮件"),
        "letter": Bilingual("letter", "信函"),
    },
    "finding": {"stands": Bilingual("the evidence stands", "属实"), "fails": Bilingual("the evidence fails", "不属实")},
    "part": {"results": Bilingual("results", "业绩"), "potential": Bilingual("potential", "潜力")},
    "reason": {"related": Bilingual("related", "亲属关系")},
}
"""Codes that may stand in such a field, in words."""

APPEALS = {
    "upheld": Bilingual("upheld", "申诉成立"),
    "dismissed": Bilingual("dismissed", "申诉不成立"),
}
"""What became of an appeal."""

READY = {
    "ready": Bilingual("ready", "已具备"),
    "near": Bilingual("one part missing", "尚缺一项"),
    "not-yet": Bilingual("not yet", "尚未具备"),
    "results": Bilingual("results", "业绩"),
    "potential": Bilingual("potential", "潜力"),
    "is_met": Bilingual("met", "达到"),
    "is_not-met": Bilingual("not met", "未达到"),
    "is_below": Bilingual("below", "低于要求"),
    "is_few": Bilingual("too few appraisals", "考核人数不足"),
    "is_none": Bilingual("no appraisal", "无考核"),
    "below": Bilingual("{0}: rated {1}, at least {2} is wanted", "{0}：评级为{1}，要求至少{2}"),
    "few": Bilingual("{0}: appraised by {1} of {2} people", "{0}：已有{1}人考核，要求{2}人"),
    "old": Bilingual("{0}: no appraisal within {3} months", "{0}：近{3}个月内无考核"),
    "none": Bilingual("{0}: not appraised", "{0}：尚无考核"),
    "no_certificate": Bilingual("ability: no certificate of {0} in force ({1})", "能力：没有有效的{0}证书（{1}）"),
    "only_sample": Bilingual("ability: only a sample of {0}", "能力：{0}证书仅为样本"),
    "developing": Bilingual("developing in the newest result: {0}", "最近成绩中待提升：{0}"),
    "entry_later": Bilingual("may not sit for {0} yet", "尚不符合{0}报考条件"),
    "entry_unknown": Bilingual(
        "whether they may sit for {0} is not known: no date of hire", "缺入职日期，无法判断{0}报考条件"
    ),
}
"""The promotion view: what is met, what is missing."""

PURPOSES = {
    "certification": Bilingual("certification", "正式评价"),
    "practice": Bilingual("practice", "练习"),
    "demonstration": Bilingual("demonstration", "演示"),
}

SPOKEN = {
    "until": Bilingual("until {0}", "至{0}"),
    "left": Bilingual("{0} days left", "剩余{0}天"),
    "left_none": Bilingual("ends today", "今天到期"),
    "ago": Bilingual("{0} days ago", "已过期{0}天"),
    "left_one": Bilingual("{0} day left", "剩余{0}天"),
    "ago_one": Bilingual("{0} day ago", "已过期{0}天"),
    "sample": WORDS["sample"],
    "score": Bilingual("{0} of {1}", "{0}／{1}"),
    "cut": Bilingual("needed {0}", "合格线{0}"),
    "holds": Bilingual("certificate of {0}", "{0}证书"),
    "only_sample": Bilingual("certificate of {0} (only a sample so far)", "{0}证书（目前只有样本）"),
    "developing": Bilingual("developing: {0}", "待提升：{0}"),
    "unseen": Bilingual("not assessed at this level", "该等级尚未参加评价"),
    "fact": Bilingual("{0}: {1}", "{0}：{1}"),
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

MONTHLY = {
    "title": Bilingual("Levels and certificates, {month}", "等级与证书月报（{month}）"),
    "as_of": Bilingual("As of the end of {day}", "数据截至{day}"),
    "notice": Bilingual(
        "Demonstration data: these certificates and results certify nobody.",
        "演示数据：所列证书和成绩不代表任何真实评价结果。",
    ),
    "foot": Bilingual("Counts only, no personal data", "仅含汇总数据，不含个人信息"),
    "tile_people": Bilingual("people", "人员"),
    "tile_sample": Bilingual(", samples counted", "（含样本）"),
    "tile_holders": Bilingual("people with a certificate in force", "持有有效证书人数"),
    "tile_certificates": Bilingual("certificates in force", "有效证书"),
    "tile_wanting": Bilingual("without the level of their job", "未达到岗位等级人数"),
    "tile_began": Bilingual("began this month", "本月生效"),
    "tile_ended": Bilingual("ended this month, not renewed", "本月到期未续"),
    "tile_taken": Bilingual("suspended, reduced or withdrawn this month", "本月暂停、降级或撤销"),
    "tile_ending_soon": Bilingual("end in the next 180 days", "未来180天内到期"),
    "in_force": Bilingual("Certificates in force by site and level", "各职场、各等级有效证书"),
    "site": Bilingual("Site", "职场"),
    "no_site": Bilingual("no site given", "未填职场"),
    "others": Bilingual("all other sites", "其他职场"),
    "total": Bilingual("Total", "合计"),
    "total_shown": Bilingual("Total of the groups shown", "合计（仅含已列示组）"),
    "sum_shown": Bilingual("Shown", "已列示"),
    "hidden_note": Bilingual(
        "*: fewer than {few}, or left out so that such a number cannot be worked out; not in the totals.",
        "*：不足{few}，或为防止由其他数推算出此类数而不列示；均不计入合计。",
    ),
    "nothing": Bilingual("Nothing to show.", "暂无数据。"),
    "moves": Bilingual("Twelve months: what came and what went", "近12个月变动"),
    "began": Bilingual("began", "生效"),
    "ended": Bilingual("ended, not renewed", "到期未续"),
    "taken": Bilingual("suspended, reduced or withdrawn", "暂停、降级或撤销"),
    "moves_note": Bilingual(
        "A renewal counts as a certificate that began. A month that is not over counts up to the day of the report. Of "
        "fewer than {few} the number is not shown, and their bars have one height.",
        "续证计入生效。未结束的月份统计至报告日。不足{few}的只标“<{few}”，柱高相同。",
    ),
    "ending": Bilingual("Certificates that end in the next 180 days", "未来180天内到期的证书"),
    "days": Bilingual("Days from now", "距今天数"),
    "span": Bilingual("{low} to {high} days", "{low}至{high}天"),
    "passed": Bilingual("Who passed", "考试通过情况"),
    "hidden": Bilingual("not shown", "不列示"),
    "level": Bilingual("Level", "等级"),
    "candidates_month": Bilingual("Sat this month", "本月应考人数"),
    "rate_month": Bilingual("Passed", "通过率"),
    "candidates_year": Bilingual("Sat in 12 months", "近12个月应考人数"),
    "rate_year": Bilingual("Passed", "通过率"),
    "passed_note": Bilingual(
        "Of those who sat and whose decision is confirmed; who was absent is not counted. Groups of fewer than {few} "
        "are not shown and not in the totals, nor is a month that would tell such a group beside the twelve months. "
        "Rates of small groups move much by chance.",
        "仅统计实际应考且评定已确认的人员，缺考不计。不足{few}人的组不列示，也不计入合计；本月数与近12个月数相减会露出这样的组时，本月数也不列示。小组的通过率受偶然因素影响较大。",
    ),
    "ready": Bilingual("Ready for the next level", "晋升准备情况"),
    "towards": Bilingual("to {level}", "晋升{level}"),
    "ready_note": Bilingual(
        "People by the level above their job. Ready: results, ability and potential are each met by the rules of the "
        "scheme; they are not added up. Groups of fewer than {few} are not shown. Figures: ready / one part missing / "
        "not yet.",
        "按岗位的上一等级统计。业绩、能力、潜力三项均按方案规则达到要求为“已具备”，三项不加总。不足{few}人的组不列示。"
        "数字依次为：已具备／尚缺一项／尚未具备。",
    ),
    "how": Bilingual("How it was counted", "统计口径"),
    "how_text": Bilingual(
        "All figures come from the registry of certificates. A certificate is in force from its first to its last day "
        "unless it was suspended, reduced, withdrawn or replaced. Sites are those of the roster of today. Whoever has "
        "left counts with the certificates that are in force, and not among the people.",
        "全部数据取自证书登记簿。证书在有效期内且未被暂停、降级、撤销或接替的，计为有效。职场以当前花名册为准。"
        "离职人员不计入人员数，其有效证书仍计入。",
    ),
}
"""The report of a month."""
