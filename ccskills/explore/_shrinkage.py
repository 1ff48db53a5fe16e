"""Why the roster must be larger than the need: an explorer of shrinkage by category and of the way to gross up."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

import pandas as pd

from .. import reporting
from .. import staffing as _staffing
from .._checks import whole
from .._text import Text
from ..staffing._shrinkage import HAIR
from ._parts import View, explorer, menu, said, slider

__all__ = ["shrinkage", "shrinkage_view"]

PLANNED = {
    "leave": (Text("leave", "休假"), 0.08),
    "training": (Text("training", "培训"), 0.04),
    "meetings": (Text("meetings", "会议"), 0.02),
    "breaks": (Text("breaks", "小休"), 0.10),
}
UNPLANNED = {"sickness": (Text("sickness", "病假"), 0.04), "lateness": (Text("lateness", "迟到"), 0.02)}
CATEGORY = Text("{name} [% of paid time], {kind}", "{name}（占付薪时间%），{kind}")
KINDS = {"planned": Text("planned", "计划内"), "unplanned": Text("on the day", "计划外")}
NEED = Text("Needed on the phones", "线上需求人数")
WAY = Text("Roster", "班表人数的算法")
WAYS = {
    "divide": Text("need ÷ (1 − shrinkage)", "需求÷（1－缩减率）"),
    "multiply": Text("need × (1 + shrinkage)", "需求×（1＋缩减率）"),
}
NOBODY = Text(
    "The categories together are {total:.0%} of paid time: nobody would be left to work.",
    "各类缩减合计占付薪时间的{total:.0%}：没有人能上线。",
)
NOBODY_ASK = Text("Bring the total below 100%.", "请把合计降到100%以下。")
NONE = Text(
    "Without shrinkage everybody on the roster is on the phones: {agents} for {agents}.",
    "没有缩减时，班表上的人全部在线：需求{agents}人，排班{agents}人。",
)
NONE_ASK = Text(
    "Raise one category. Which is the largest in your own centre?", "提高其中一类。你所在的中心哪一类最大？"
)
AWAY = Text(
    "{total:.0%} of paid time is away from the phones: {planned:.0%} planned, {unplanned:.0%} on the day. ",
    "付薪时间的{total:.0%}不在线上：计划内{planned:.0%}，计划外{unplanned:.0%}。",
)
RIGHT = Text(
    "Dividing, {right} on the roster leave {left:.1f} on the phones for the {agents} that are needed. ",
    "用除法排{right}人，线上剩{left:.1f}人，需求{agents}人。",
)
WRONG = Text(
    "Multiplying gives a roster of {wrong}: {rest:.1f} remain, {short:.1f} too few.",
    "用乘法只排{wrong}人，线上剩{rest:.1f}人，少{short:.1f}人。",
)
SAME = Text(
    "Multiplying gives {wrong}, too: with so little shrinkage the error hides in the rounding.",
    "用乘法也是{wrong}人：缩减率这么小时，误差藏在进位里。",
)
ASK_WAY = Text(
    "Choose “need × (1 + shrinkage)” and follow the bars down: where do the people go missing?",
    "选择“需求×（1＋缩减率）”，顺着柱子往下看：人少在哪里？",
)
ASK_MORE = Text(
    "Raise leave by 7 points: how many more does the right way roster, how many the wrong one? The gap grows faster "
    "than the shrinkage.",
    "把休假提高7个百分点：除法多排几人，乘法多排几人？差距比缩减率涨得更快。",
)
TITLE = Text("From the roster to the phones", "从班表到线上")
ENDS = (Text("on the roster", "班表"), Text("on the phones", "线上"))


def shrinkage(
    language: str = "en",
    agents: int = 100,
    planned: Mapping[str, float] | None = None,
    unplanned: Mapping[str, float] | None = None,
) -> Any:
    """Move the categories of shrinkage, and see how many must be on the roster and what the wrong sum costs.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    agents : int, optional
        Agents needed on the phones.
    planned : mapping of names to shares, optional
        Categories booked ahead, as shares of paid time; leave, training, meetings and breaks when nothing is said.
    unplanned : mapping of names to shares, optional
        Categories known on the day only; sickness and lateness when nothing is said.

    Returns
    -------
    VBox
        Sliders, sentences and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = shrinkage(agents=100)
    >>> box.children[-2].value[:82]
    '<p>30% of paid time is away from the phones: 24% planned, 6% on the day. Dividing,'
    >>> shrinkage(planned={"leave": 8})
    Traceback (most recent call last):
    ValueError: leave must be a share between 0 and 1, got 8; write 0.08
    """
    whole("agents", agents)
    booked = _named(PLANNED, language) if planned is None else dict(planned)
    sudden = _named(UNPLANNED, language) if unplanned is None else dict(unplanned)
    _staffing.shrinkage(booked, sudden)
    controls = {
        "agents": slider(NEED.say(language), agents, 1, 300),
        "way": menu(WAY.say(language), [(text.say(language), way) for way, text in WAYS.items()], "divide"),
    }
    for kind, shares in (("planned", booked), ("unplanned", sudden)):
        for name, value in shares.items():
            label = said(CATEGORY, language, name=name, kind=KINDS[kind].say(language))
            controls[f"{kind}:{name}"] = slider(label, round(100 * value), 0, 30)

    def show(agents: int, way: str, language: str, **percents: int) -> View:
        by_kind = {
            kind: {key.split(":", 1)[1]: part / 100 for key, part in percents.items() if key.startswith(f"{kind}:")}
            for kind in KINDS
        }
        return shrinkage_view(agents, way, by_kind["planned"], by_kind["unplanned"], language)

    return explorer(controls, show, language)


def shrinkage_view(
    agents: int, way: str, planned: Mapping[str, float], unplanned: Mapping[str, float], language: str
) -> View:
    """What the categories, shares of paid time, mean for a roster by division or by multiplication."""
    total = sum(planned.values()) + sum(unplanned.values())
    if total >= 1 - HAIR:
        return View(said(NOBODY, language, total=total), NOBODY_ASK.say(language))
    if total == 0:
        return View(said(NONE, language, agents=agents), NONE_ASK.say(language))
    away = _staffing.shrinkage(planned, unplanned)
    right = _staffing.agents_scheduled(agents, away.total)
    wrong = ceil(agents * (1 + away.total) - HAIR * agents)
    facts = {"agents": agents, "total": away.total, "planned": away.planned, "unplanned": away.unplanned}
    facts |= {"right": right, "left": right * (1 - away.total), "wrong": wrong, "rest": wrong * (1 - away.total)}
    words = said(AWAY, language, **facts) + said(RIGHT, language, **facts)
    words += said(SAME if wrong == right else WRONG, language, **facts, short=agents - facts["rest"])
    roster = right if way == "divide" else wrong
    parts = pd.Series({name: -part * roster for name, part in {**planned, **unplanned}.items() if part})
    chart = reporting.waterfall_chart(
        parts,
        roster,
        f"{TITLE.say(language)}: {WAYS[way].say(language)}",
        (ENDS[0].say(language), ENDS[1].say(language)),
    )
    return View(words, (ASK_WAY if way == "divide" else ASK_MORE).say(language), [chart])


def _named(categories: Mapping[str, tuple[Text, float]], language: str) -> dict[str, float]:
    return {text.say(language): value for text, value in categories.values()}
