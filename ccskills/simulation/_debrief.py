"""A day of the flight simulator told in words, in English and Chinese."""

from __future__ import annotations

from typing import Any

from .._text import Text
from ._levers import LEVERS, NAMES, SWITCHES
from ._score import Score
from ._world import World

__all__ = ["debrief"]

MOST = 3
HEAD = Text(
    "Score: {points:g} of 100 (0: no decision at all, 100: the best plan in hindsight).",
    "得分：{points:g}分（满分100分；0分相当于全天不作任何决策，100分为事后最优方案）。",
)
COST = Text(
    "The day cost {cost:,.0f}: {service:,.0f} for lost and late calls, {levers:,.0f} for levers. Without any decision "
    "it would have cost {nothing:,.0f}, with the best plan {best:,.0f}.",
    "当天总成本{cost:,.0f}：其中来电流失与超时{service:,.0f}，调度措施{levers:,.0f}。不作任何决策时为{nothing:,.0f}，采用最优方案时为{best:,.0f}。",
)
WORSE = Text(
    "The decisions made the day {loss:,.0f} dearer than doing nothing.", "这些决策使当天成本比不作决策高出{loss:,.0f}。"
)
BROUGHT = Text("What the day brought:", "当天实际情况：")
MATTERED = Text("Decisions that mattered most (undone one at a time):", "影响最大的决策（逐项撤销后重新模拟）：")
NONE = Text("No decision was taken.", "全天没有作出任何决策。")
GOOD = Text("it saved {amount:,.0f}", "节省{amount:,.0f}")
BAD = Text("the day would have been {amount:,.0f} cheaper without it", "不采取这项措施可少花{amount:,.0f}")
BEST = Text("What the best plan did:", "最优方案的做法：")
USE = Text(
    "{lever}: {best} in all, most at {time} ({most}); you used {mine}",
    "{lever}：共{best}，最多在{time}（{most}）；你使用了{mine}",
)
SWITCHED = Text("{lever}: at {times}; you used it {mine} times", "{lever}：{times}；你使用了{mine}次")
LINE = Text("{number}. {time} {lever} {amount}: {verdict}", "{number}. {time}，{lever}{amount}：{verdict}")
SWITCH_LINE = Text("{number}. {time} {lever}: {verdict}", "{number}. {time}，{lever}：{verdict}")
IDLE = Text("nothing: the plan of the day was right", "不采取任何措施：原计划已经合适")


def debrief(world: World, score: Score, mine: Any, language: str) -> str:
    """The score, what the day brought, the decisions that mattered most, what the best plan did."""
    lines = [
        HEAD.say(language).format(points=score.points),
        COST.say(language).format(
            cost=score.cost, service=score.service_cost, levers=score.lever_cost, nothing=score.nothing, best=score.best
        ),
    ]
    if score.saved < 0:
        lines.append(WORSE.say(language).format(loss=-score.saved))
    lines += ["", BROUGHT.say(language), *(f"- {item.text.say(language)}" for item in world.surprises)]
    lines += ["", MATTERED.say(language), *_mattered(score, language)]
    lines += ["", BEST.say(language), *_best(score, mine, language)]
    return "\n".join(lines)


def _mattered(score: Score, language: str) -> list[str]:
    """The first decisions of the score, numbered."""
    if score.decisions.empty:
        return [NONE.say(language)]
    lines = []
    for number, row in enumerate(score.decisions.head(MOST).itertuples(), start=1):
        line = SWITCH_LINE if row.lever in SWITCHES else LINE
        lines.append(
            line.say(language).format(
                number=number,
                time=f"{row.start:%H:%M}",
                lever=LEVERS[NAMES.index(row.lever)].text.say(language),
                amount=row.amount,
                verdict=(GOOD if row.saved >= 0 else BAD).say(language).format(amount=abs(row.saved)),
            )
        )
    return lines


def _best(score: Score, mine: Any, language: str) -> list[str]:
    """Each lever that the best plan used, beside what was used."""
    comma = Text(", ", "、").say(language)
    lines = []
    for place, lever in enumerate(LEVERS):
        used = score.best_plan[lever.name]
        if used.sum():
            words = (
                (SWITCHED if lever.name in SWITCHES else USE)
                .say(language)
                .format(
                    lever=lever.text.say(language),
                    best=used.sum(),
                    time=f"{used.idxmax():%H:%M}",
                    times=comma.join(f"{time:%H:%M}" for time in used.index[used > 0]),
                    most=used.max(),
                    mine=mine[:, place].sum(),
                )
            )
            lines.append(f"- {words}")
    return lines or [f"- {IDLE.say(language)}"]
