"""The entries of the metric dictionary: what each KPI of a contact centre counts, per what, and what spoils it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from .._checks import choice
from .._text import Text
from ._service_level import SERVICE_LEVEL_RULES

__all__ = ["DIRECTIONS", "LEVELS", "METRICS", "METRIC_GROUPS", "UNITS", "Metric"]

METRIC_GROUPS = {
    "customer": Text("customer", "客户类"),
    "support": Text("operational support", "运营支撑类"),
    "financial": Text("financial", "财务类"),
}
"""The three classes of indicators: tied to the customer, letting the customer targets be reached, and money."""

DIRECTIONS = {
    "up": Text("higher is better", "越高越好"),
    "down": Text("lower is better", "越低越好"),
    "range": Text("best inside a range", "在合理区间内为好"),
    "none": Text("neither; read it with other metrics", "无所谓高低，须与其他指标一起看"),
}
"""What counts as better."""

LEVELS = {
    "agent": Text("agent", "座席"),
    "team": Text("team", "班组"),
    "centre": Text("centre", "中心"),
}
"""Where a metric may be used to judge."""

UNITS = {
    "share": Text("share from 0 to 1", "比例（0至1）"),
    "seconds": Text("seconds", "秒"),
    "points": Text("points", "分"),
    "money": Text("your currency", "货币金额"),
}
"""The units of the values."""


@dataclass(frozen=True)
class Metric:
    """One entry of the metric dictionary."""

    key: str
    """Its name in code and tables."""
    name: Text
    """Its name on the floor."""
    group: str
    """A key of `METRIC_GROUPS`: "customer", "support" or "financial"."""
    formula: Text
    """Numerator / denominator in words."""
    numerator: Text
    """What is counted or summed."""
    denominator: Text
    """Per what."""
    unit: str
    """A key of `UNITS`: "share", "seconds", "points" or "money"."""
    direction: str
    """A key of `DIRECTIONS`: "up", "down", "range" or "none"."""
    levels: tuple[str, ...]
    """Keys of `LEVELS`: where it may be used to judge; elsewhere it is information."""
    owner: Text
    """Who answers for definition and figure."""
    warning: Text
    """How it is misread or gamed."""
    bounds: tuple[float, float] = (0.0, 1.0)
    """Lowest and highest numerator / denominator that can be."""
    factor: float = 1.0
    """The value is factor x numerator / denominator: 100 where the field speaks of points."""


CENTRE, TEAMS, ALL = ("centre",), ("team", "centre"), ("agent", "team", "centre")
PLANNING = Text("workforce planning", "排班与现场管理")
QUALITY = Text("quality assurance", "质检")
LEADERS = Text("team leaders", "班组长")
EXPERIENCE = Text("customer experience", "客户体验管理")
HUMAN = Text("human resources", "人力资源")
FINANCE = Text("finance", "财务")
HANDLED = Text("contacts handled", "处理量")
OFFERED = Text("contacts offered (answered + abandoned)", "来电量（应答量 + 放弃量）")
MONITORED = Text("contacts monitored", "质检抽检量")
ANSWERS = Text("valid answers to the survey", "有效评价数")


def _bracket(words: Text) -> Text:
    """The words in brackets when they are an open sum."""
    is_sum = " + " in words.en.partition("(")[0]
    return Text(f"({words.en})", f"（{words.zh}）") if is_sum else words


def _metric(
    key: str, name: Text, group: str, numerator: Text, denominator: Text, direction: str, levels: tuple[str, ...],
    owner: Text, warning: Text, unit: str = "share", bounds: tuple[float, float] = (0.0, 1.0), factor: float = 1.0,
    formula: Text | None = None,
) -> Metric:  # fmt: skip
    """One entry, with its formula made from numerator and denominator unless it is written out."""
    top, bottom = _bracket(numerator), _bracket(denominator)
    for word, known in (
        (group, METRIC_GROUPS),
        (unit, UNITS),
        (direction, DIRECTIONS),
        *((level, LEVELS) for level in levels),
    ):
        choice(key, word, known)
    made = formula or Text(f"{top.en} / {bottom.en}", f"{top.zh} / {bottom.zh}")
    return Metric(
        key, name, group, made, numerator, denominator, unit, direction, levels, owner, warning, bounds, factor
    )


def _service_level(rule: str, name: Text, numerator: Text, denominator: Text, warning: Text) -> Metric:
    """Service level by one of the four rules."""
    key = "service_level" if rule == "offered" else f"service_level_{rule}"
    return _metric(
        key, name, "customer", numerator, denominator, "up", CENTRE, PLANNING, warning,
        formula=SERVICE_LEVEL_RULES[rule],
    )  # fmt: skip


def _critical(kind: str, name: Text, meaning: Text) -> Metric:
    """Accuracy of one class of critical errors."""
    clean = Text(f"contacts without a {kind}-critical error", f"无{name.zh.removesuffix('准确率')}的抽检量")
    warning = Text(
        f"{meaning.en}; never blend the three classes; five contacts a month support coaching, not dismissal",
        f"{meaning.zh}；三类不得合并成一个分数；每月抽五通只够辅导，不足以处分",
    )
    return _metric(f"{kind}_critical_accuracy", name, "customer", clean, MONITORED, "up", ALL, QUALITY, warning)


WITHIN = Text("answered within T", "T秒内应答量")
_ENTRIES = (
    _service_level(
        "offered", Text("service level", "服务水平"), WITHIN, OFFERED,
        Text("state T and the rule: the same day has four service levels", "须注明T和口径：同一天可以有四个服务水平"),
    ),
    _service_level(
        "answered", Text("service level of answered contacts", "服务水平（按应答量）"), WITHIN,
        Text("contacts answered", "应答量"),
        Text("looks better the more customers give up", "放弃的客户越多，数字反而越好看"),
    ),
    _service_level(
        "short_abandons_excluded", Text("service level without short abandons", "服务水平（剔除短时放弃）"), WITHIN,
        Text("answered + abandoned after T", "应答量 + T秒后放弃量"),
        Text("forgives every hang-up within T", "T秒内挂断的一概不计"),
    ),
    _service_level(
        "short_abandons_as_answered",
        Text("service level with short abandons as answered", "服务水平（短时放弃视同应答）"),
        Text("answered within T + abandoned within T", "T秒内应答量 + T秒内放弃量"), OFFERED,
        Text("counts customers who gave up as served", "把放弃的客户也算作已服务"),
    ),
    _metric(
        "connection_rate", Text("connection rate", "接通率"), "customer", Text("contacts answered", "应答量"),
        Text("contacts offered to agents", "转人工来电量"), "up", CENTRE, PLANNING,
        Text("say whether calls that end in the IVR are in", "须注明是否包含在IVR内结束的来电"),
    ),
    _metric(
        "asa", Text("average speed of answer (ASA)", "平均应答速度（ASA）"), "customer",
        Text("waiting seconds of answered contacts", "已应答来电的等待总秒数"), Text("contacts answered", "应答量"),
        "down", CENTRE, PLANNING, Text("leaves out those who gave up", "不含已放弃的来电"), "seconds", (0.0, inf),
    ),
    _metric(
        "abandonment", Text("abandonment", "放弃率"), "customer", Text("contacts abandoned", "放弃量"), OFFERED, "down",
        CENTRE, PLANNING, Text("state how short abandons count", "须注明短时放弃是否计入"),
    ),
    _metric(
        "aht", Text("average handle time (AHT)", "平均处理时长（AHT）"), "customer",
        Text("talk + hold + after-call work seconds", "通话 + 保持 + 话后处理总秒数"), HANDLED,
        "range", TEAMS, PLANNING,
        Text("never a target for one agent alone: it is met by cutting customers short",
             "不可单独用来考核座席：草草挂断就能“达标”"), "seconds", (0.0, inf),
    ),
    _metric(
        "occupancy", Text("occupancy", "占用率"), "support", Text("handling time", "处理时长"),
        Text("handling + available time", "处理时长 + 空闲待机时长"), "range", TEAMS, PLANNING,
        Text("a result of staffing, not of effort; above 0.85 for long wears people out",
             "由人力配置决定，不代表努力程度；长期高于0.85会把人拖垮"),
    ),
    _metric(
        "utilisation", Text("utilisation", "工时利用率"), "support", Text("handling time", "处理时长"),
        Text("paid time", "计薪工时"), "range", TEAMS, PLANNING,
        Text("the denominator differs by purpose; not the same as occupancy", "分母因用途而异；不等于占用率"),
    ),
    _metric(
        "shrinkage", Text("shrinkage", "缩减率"), "support", Text("paid time not available", "计薪但不可用的工时"),
        Text("paid time", "计薪工时"), "range", TEAMS, PLANNING,
        Text("keep planned and unplanned apart; divide the need by (1 - shrinkage); cutting training is no saving",
             "计划内与计划外分开统计；排班人数 = 需求 /（1 - 缩减率）；砍培训不算节省"),
    ),
    _metric(
        "adherence", Text("adherence", "排班遵从度"), "support",
        Text("minutes in the scheduled state", "处于排班规定状态的分钟数"), Text("scheduled minutes", "排班分钟数"),
        "up", ALL, LEADERS,
        Text("about when; allow for calls that run over the break", "看的是“准时”；通话延误了小休的应予豁免"),
    ),
    _metric(
        "conformance", Text("conformance", "工时符合度"), "support", Text("worked minutes", "实际工作分钟数"),
        Text("scheduled work minutes", "排班工作分钟数"), "range", ALL, LEADERS,
        Text("about how much; late start and late end cancel out", "看的是“够数”；迟到晚走会互相抵消"),
        "share", (0.0, inf),
    ),
    _metric(
        "wape", Text("weighted absolute percentage error (WAPE)", "加权绝对百分比误差（WAPE）"), "support",
        Text("sum of |forecast - actual|", "|预测 - 实际|之和"), Text("sum of actual", "实际量之和"), "down", CENTRE,
        PLANNING, Text("state horizon and granularity: a good month may hide bad intervals",
                       "须注明提前期和颗粒度：月度准不等于时段准"), "share", (0.0, inf),
    ),
    _metric(
        "forecast_bias", Text("forecast bias", "预测偏差"), "support",
        Text("sum of (forecast - actual)", "（预测 - 实际）之和"),
        Text("sum of actual", "实际量之和"), "range", CENTRE, PLANNING,
        Text("best near 0; opposite errors cancel, so report it beside WAPE",
             "越接近0越好；正负会抵消，须与WAPE一起报"),
        "share", (-inf, inf),
    ),
    _metric(
        "mape", Text("mean absolute percentage error (MAPE)", "平均绝对百分比误差（MAPE）"), "support",
        Text("sum of |forecast - actual| / actual over intervals", "各时段|预测 - 实际| / 实际之和"),
        Text("intervals", "时段数"), "down", CENTRE, PLANNING,
        Text("fails at zero volume and is ruled by the smallest intervals; prefer WAPE",
             "遇零无法计算，且受小话务量时段左右；宜用WAPE"), "share", (0.0, inf),
        formula=Text("mean of |forecast - actual| / actual", "各时段|预测 - 实际| / 实际的平均"),
    ),
    _metric(
        "first_contact_resolution", Text("first contact resolution (FCR)", "首次解决率（FCR）"), "customer",
        Text("issues solved in one contact", "一次联络即解决的问题数"), Text("issues", "问题总数"), "up",
        TEAMS, EXPERIENCE,
        Text("survey and internal measures differ; state the repeat window; much of it is decided by process",
             "客户评价口径与内部口径不同；须注明重复来电的窗口期；多半取决于流程而非个人"),
    ),
    _critical("customer", Text("customer-critical accuracy", "客户致命错误准确率"),
              Text("wrong answer, needless cost or repeat for the customer", "答错、让客户多花钱或再次来电")),
    _critical("business", Text("business-critical accuracy", "业务致命错误准确率"),
              Text("needless cost or lost revenue", "给企业造成不必要的成本或收入损失")),
    _critical("compliance", Text("compliance-critical accuracy", "合规致命错误准确率"),
              Text("breach of law or privacy", "违反法规或泄露隐私")),
    _metric(
        "csat", Text("customer satisfaction (CSAT)", "客户满意度（CSAT）"), "customer",
        Text("answers in the top boxes, 4-5 of 5", "满意评价数（5分制的4-5分）"), ANSWERS, "up", ALL, EXPERIENCE,
        Text("top boxes or mean: say which; who did not answer may think otherwise; agents choose whom to invite",
             "须注明是满意占比还是均分；没评价的客户可能另有看法；防止挑客户邀评"),
    ),
    _metric(
        "nps", Text("net promoter score (NPS)", "净推荐值（NPS）"), "customer",
        Text("promoters (9-10) - detractors (0-6)", "推荐者（9-10分） - 贬损者（0-6分）"), ANSWERS,
        "up", CENTRE, EXPERIENCE,
        Text("wide margin: 200 answers give about 11 points; judges the company, not the agent",
             "误差大：200份评价约有正负11分；反映的是企业而非座席"), "points", (-1.0, 1.0), 100.0,
        Text("100 x (promoters - detractors) / answers", "100 ×（推荐者 - 贬损者）/ 有效评价数"),
    ),
    _metric(
        "ces", Text("customer effort score (CES)", "客户费力度（CES）"), "customer",
        Text("sum of scores from 1 to 7, 7 = easy", "评分之和（1-7分，7为最省力）"), ANSWERS, "up", TEAMS, EXPERIENCE,
        Text("the direction of the scale differs between tools: say which end is easy",
             "各家量表方向不一：须注明哪一端代表省力"),
        "points", (1.0, 7.0),
    ),
    _metric(
        "cost_per_contact", Text("cost per contact", "单次联络成本"), "financial",
        Text("fully loaded cost of the period", "当期全部成本（含分摊）"), HANDLED, "down", CENTRE, FINANCE,
        Text("falls when customers must call again; read it with cost per resolution",
             "客户重复来电越多它越低；须与单次解决成本一起看"), "money", (0.0, inf),
    ),
    _metric(
        "cost_per_resolution", Text("cost per resolution", "单次解决成本"), "financial",
        Text("fully loaded cost of the period", "当期全部成本（含分摊）"), Text("issues solved", "已解决的问题数"),
        "down", CENTRE, FINANCE,
        Text("needs an honest count of issues solved", "前提是“已解决”如实统计"), "money", (0.0, inf),
    ),
    _metric(
        "attrition", Text("attrition, annual", "流失率（年化）"), "support", Text("leavers", "离职人数"),
        Text("person-years: mean headcount x months / 12", "人年数：平均在职人数 × 月数 / 12"), "down", TEAMS, HUMAN,
        Text("3 % a month is 36 % a year by this formula, but 30.6 % of one starting cohort",
             "月流失3%，按此公式年化为36%，但同一批入职者一年内走掉的是30.6%"), "share", (0.0, inf),
        formula=Text("leavers / (mean headcount x months / 12)", "离职人数 /（平均在职人数 × 月数 / 12）"),
    ),
    _metric(
        "attrition_cost", Text("cost per leaver", "人均流失成本"), "financial",
        Text("recruiting + onboarding + productivity lag", "招聘 + 上岗培训 + 爬坡期产能损失"),
        Text("leavers", "离职人数"), "down", CENTRE, HUMAN,
        Text("the productivity lag is the larger part and is usually left out",
             "爬坡期产能损失往往占大头，却常被漏算"), "money", (0.0, inf),
    ),
    _metric(
        "recruiting_accuracy", Text("recruiting accuracy", "招聘准确率"), "support",
        Text("people in seat and competent on the date", "按期到岗且合格的人数"),
        Text("people planned", "计划人数"), "up", CENTRE, HUMAN,
        Text("in seat is not competent: state the test and the date", "到岗不等于合格：须注明上岗考核标准和日期"),
        "share", (0.0, inf),
    ),
    _metric(
        "transfer_rate", Text("transfer rate", "转接率"), "support", Text("contacts transferred", "转接量"), HANDLED,
        "down", ALL, LEADERS,
        Text("wrong routing looks like a weak agent; a target of zero keeps wrong calls",
             "路由错了会错怪座席；压到零会逼人硬接不该接的电话"),
    ),
    _metric(
        "hold_rate", Text("hold rate", "保持率"), "support", Text("contacts put on hold", "使用保持的通话量"), HANDLED,
        "down", ALL, LEADERS,
        Text("points at missing knowledge or slow systems; muting instead hides it",
             "多反映知识库或系统的问题；用静音代替保持会掩盖它"),
    ),
    _metric(
        "repeat_rate", Text("repeat contact rate", "重复来电率"), "customer",
        Text("contacts on the same issue within the window", "窗口期内同一问题的再次来电量"), HANDLED,
        "down", TEAMS, EXPERIENCE,
        Text("state the window in days and how the same issue is known", "须注明窗口天数及“同一问题”的判定办法"),
    ),
    _metric(
        "complaint_rate", Text("complaint rate", "投诉率"), "customer", Text("complaints", "投诉量"), HANDLED,
        "down", TEAMS, EXPERIENCE,
        Text("few complaints may mean that complaining is hard; escalated complaints apart",
             "投诉少也可能是投诉无门；升级投诉单列"),
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {entry.key: entry for entry in _ENTRIES}
"""The metric dictionary by key."""
