"""Every effect that the generated centre holds, with its size, so that a teacher can check what a learner finds."""

from __future__ import annotations

import pandas as pd

from . import _channels as channels
from . import _customers as customers
from . import _floor as floor
from . import _money as money
from . import _people as people
from . import _quality as quality
from . import _records as records
from . import _surveys as surveys
from . import _voice as voice
from ._backstage import Backstage

__all__ = ["truth_table"]

Row = tuple[str, str, float, str, str]


# Effects in the volumes.
VOLUME: tuple[Row, ...] = (
    ("voice_trend", "intervals.offered", 0.06, "growth a year", "年增长率"),
    ("voice_monday", "intervals.offered", float(voice.WEEKDAY[0]), "Monday over the level", "周一相对基准的倍数"),
    ("voice_sunday", "intervals.offered", float(voice.WEEKDAY[6]), "Sunday over the level", "周日相对基准的倍数"),
    ("voice_month_end", "intervals.offered", 1.10, "last two days of a month, times", "月末两天的倍数"),
    ("voice_month_start", "intervals.offered", 1.06, "first three days of a month, times", "月初三天的倍数"),
    ("voice_after_holiday", "intervals.offered", 1.14, "first day after a holiday, times", "节后第一天的倍数"),
    ("voice_spring_festival", "intervals.offered", 0.48, "Spring Festival over a base day", "春节期间相对基准日"),
    ("voice_campaign", "intervals.offered", voice.CAMPAIGN[2], "campaign days, times", "活动期间的倍数"),
    ("voice_rush", "intervals.offered", 1.7, "rush after the outage, times", "故障恢复后高峰的倍数"),
    ("voice_rush_aht", "intervals.aht_s", 1.12, "handle time in the rush, times", "高峰期处理时长的倍数"),
    ("patience_mean", "calls", float(voice.PATIENCE_S), "mean patience [s]", "平均耐心时长（秒）"),
    ("chat_trend", "chat.offered", channels.CHAT.growth - 1, "growth a year", "年增长率"),
    ("chat_campaign", "chat.offered", channels.CHAT.campaign, "campaign days, times", "活动期间的倍数"),
    ("chat_outage", "chat.offered", channels.CHAT.silent, "while voice is silent, times", "语音中断期间的倍数"),
    ("chat_rush", "chat.offered", channels.CHAT.rush, "rush after the outage, times", "故障恢复后高峰的倍数"),
    (
        "chat_concurrency",
        "chat.aht_s",
        channels.CHAT_SLOWING,
        "longer handle time for each further session at once",
        "每多一个并发会话处理时长的增幅",
    ),
    ("email_trend", "email.received", channels.EMAIL.growth - 1, "growth a year", "年增长率"),
    ("email_campaign", "email.received", channels.EMAIL.campaign, "campaign days, times", "活动期间的倍数"),
)

# Effects in single calls and in the log.
FLOOR: tuple[Row, ...] = (
    (
        "learning_extra",
        "agents, calls",
        people.LEARNING_EXTRA,
        "extra handle time on the first day on the floor, as a share",
        "上线首日处理时长的额外比例",
    ),
    (
        "learning_months",
        "agents, calls",
        people.LEARNING_MONTHS,
        "months in which the extra falls to 1/e",
        "额外时长降至1/e所需月数",
    ),
    (
        "pace_spread",
        "agents, calls",
        people.PACE_SPREAD,
        "spread of experienced agents (log)",
        "熟手间差异（对数标准差）",
    ),
    (
        "handle_spread",
        "calls",
        records.HANDLE_SPREAD,
        "spread of handle time (log)",
        "单次处理时长离散（对数标准差）",
    ),
    ("repeat_solved", "calls.repeat_7d", records.REPEAT_SOLVED, "share if solved", "已解决者的重复来电率"),
    ("repeat_open", "calls.repeat_7d", records.REPEAT_OPEN, "share if not solved", "未解决者的重复来电率"),
    ("repeat_hung_up", "calls.repeat_7d", records.REPEAT_HUNG_UP, "share if abandoned", "放弃者的重复来电率"),
    ("late_starts", "activity", floor.LATE_SHARE, "share of starts that are late", "迟到上线的比例"),
    ("long_breaks", "activity", floor.LONG_SHARE, "share of breaks that run long", "超时小休的比例"),
)

# What moves satisfaction, on a scale on which the rest has the spread 1.
CAUSES: tuple[tuple[str, float, str, str], ...] = (
    ("csat_resolution", surveys.BY_RESOLUTION, "solved", "已解决"),
    ("csat_wait", surveys.BY_MINUTE_OF_WAIT, "each minute of wait up to 5", "每等待一分钟（最多五分钟）"),
    ("csat_transfer", surveys.BY_TRANSFER, "transferred", "被转接"),
    ("csat_fresh", surveys.BY_FRESH, "agent on the first day", "座席上线首日"),
    ("csat_agent", surveys.BY_CARE, "one standard deviation of the agents", "座席间一个标准差"),
)

# Causes of satisfaction, complaints and churn.
EXPERIENCE: tuple[Row, ...] = (
    *(
        (k, "surveys", size, f"{en} (latent satisfaction, spread 1)", f"{zh}（潜在满意度，标准差为1）")
        for k, size, en, zh in CAUSES
    ),
    ("response", "surveys", surveys.RESPONSE, "response rate at CSAT 2 to 4", "满意度2至4分者的回复率"),
    ("response_extreme", "surveys", surveys.RESPONSE_EXTREME, "more at CSAT 1 or 5", "满意度1或5分者回复率的增量"),
    (
        "complain_1",
        "surveys.complained",
        surveys.COMPLAIN[0],
        "share at CSAT 1 who complain",
        "满意度1分者投诉比例",
    ),
    (
        "complain_2",
        "surveys.complained",
        surveys.COMPLAIN[1],
        "share at CSAT 2 who complain",
        "满意度2分者投诉比例",
    ),
    (
        "complaints_outage",
        "complaints",
        customers.OUTAGE_TIMES,
        "four days from the outage, times",
        "故障起四天内的倍数",
    ),
    (
        "recovery_compensation",
        "complaints.satisfied_after",
        customers.COMPENSATION_HELPS,
        "compensation (log odds)",
        "补偿的作用（对数优势）",
    ),
    (
        "recovery_hour",
        "complaints.satisfied_after",
        customers.HOUR_HURTS,
        "each hour until the first response (log odds)",
        "首次响应每推迟一小时（对数优势）",
    ),
    (
        "left_content",
        "complaints.customer_left_90d",
        customers.LEFT_CONTENT,
        "share who leave if satisfied after",
        "处理后满意者的流失比例",
    ),
    (
        "left_angry",
        "complaints.customer_left_90d",
        customers.LEFT_ANGRY,
        "share who leave if not satisfied after",
        "处理后不满意者的流失比例",
    ),
    (
        "churn_young",
        "customers",
        customers.YOUNG_CHURN,
        "churn in the first six months, times",
        "入网半年内流失率的倍数",
    ),
    (
        "churn_trouble",
        "customers",
        customers.TROUBLE_POWER,
        "k times the contacts of the segment: k to this power times the churn",
        "联络次数为客群k倍者，流失率为k的该次幂倍",
    ),
    *(
        (f"churn_{en.replace(' ', '_')}", "customers", churn, f"monthly churn, {en}", f"月流失率（{zh}）")
        for en, zh, _, _, churn, _ in customers.SEGMENTS
    ),
)

# Attrition and pay.
PEOPLE: tuple[Row, ...] = (
    ("attrition_new", "movements", people.HAZARDS[0], "monthly, in the first three months", "入职三个月内的月流失率"),
    ("attrition_young", "movements", people.HAZARDS[1], "monthly, until a year", "入职三个月至一年的月流失率"),
    ("attrition_old", "movements", people.HAZARDS[2], "monthly, after a year", "入职一年以上的月流失率"),
    ("raise_2026", "costs", money.RAISE[1], "pay from January 2026, times", "2026年1月起工资的倍数"),
)


def truth_table(back: Backstage) -> pd.DataFrame:
    """One row per effect: where it shows, its size, what it means in English and Chinese."""
    rows = [*VOLUME, *FLOOR, *_quality(back), *EXPERIENCE, *PEOPLE]
    return pd.DataFrame(rows, columns=["effect", "where", "size", "en", "zh"])


def _quality(back: Backstage) -> list[Row]:
    """Faults of the assessors."""
    faults = quality.faults_of(back)
    milder, stricter, blind = (quality.ASSESSORS[who] for who in (faults.milder, faults.stricter, faults.blind))
    return [
        (
            "assessor_milder",
            f"evaluations.score, {milder}",
            quality.MILDER_A_MONTH,
            f"{milder} becomes milder, points a month",
            f"{milder}逐月放宽（分/月）",
        ),
        (
            "assessor_stricter",
            f"evaluations.score, {stricter}",
            -quality.STRICTER,
            f"{stricter} is stricter, points",
            f"{stricter}偏严（分）",
        ),
        (
            "assessor_blind",
            f"evaluations.compliance_critical, {blind}",
            quality.BLIND,
            f"share of compliance errors that {blind} overlooks",
            f"{blind}漏判合规致命错误的比例",
        ),
        (
            "assessor_miss",
            "evaluations",
            quality.MISS,
            "share of critical errors others overlook",
            "其他漏判致命错误的比例",
        ),
        (
            "assessor_false_alarm",
            "evaluations",
            quality.FALSE_ALARM,
            "share of false critical errors",
            "误判致命错误的比例",
        ),
        ("assessor_noise", "evaluations", quality.REMARK, "share of items marked by chance", "随机打分的评分项比例"),
    ]
